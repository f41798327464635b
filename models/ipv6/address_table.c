/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_table.c - the hash of address_table.h.
 *
 * Nothing depends on the order of entries but the time a search takes.
 */
#include "models/ipv6/address_table.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_LEAST 2
#define SMALL          8

struct address_entry *address_table_find(const struct address_table *table,
                                         const struct ipv6_address *address, unsigned interface,
                                         enum address_entry_kind kind)
{
    if (table == NULL)
        return NULL;
    for (uint32_t at = address_table_home(table, address);; at = address_table_after(table, at)) {
        const struct address_entry *entry = &table->entries[at];
        if (entry->kind == ADDRESS_ENTRY_FREE)
            return NULL;
        if (entry->kind == kind &&
            (interface == ADDRESS_TABLE_ANY_INTERFACE || entry->interface == interface) &&
            ipv6_address_equal(&entry->address, address))
            return (struct address_entry *)(uintptr_t)entry;
    }
}

static struct address_table *table_new(uint32_t capacity)
{
    struct address_table *table = calloc(1, sizeof(*table) + capacity * sizeof(table->entries[0]));
    if (table != NULL)
        table->capacity = capacity;
    return table;
}

static struct address_entry *place(struct address_table *table, const struct ipv6_address *address)
{
    uint32_t at = address_table_home(table, address);
    while (table->entries[at].kind != ADDRESS_ENTRY_FREE)
        at = address_table_after(table, at);
    table->count++;
    return &table->entries[at];
}

static uint32_t most_entries(const struct address_table *table)
{
    return table->capacity <= SMALL ? table->capacity - 1 : table->capacity - table->capacity / 4;
}

/* Room for one more. */
static bool make_room(struct address_table **table)
{
    struct address_table *old = *table;
    if (old != NULL && old->count < most_entries(old))
        return true;
    struct address_table *grown = table_new(old == NULL ? CAPACITY_LEAST : old->capacity + old->capacity / 2);
    if (grown == NULL)
        return false;
    for (uint32_t i = 0; old != NULL && i < old->capacity; i++)
        if (old->entries[i].kind != ADDRESS_ENTRY_FREE)
            *place(grown, &old->entries[i].address) = old->entries[i];
    free(old);
    *table = grown;
    return true;
}

struct address_entry *address_table_add(struct address_table **table, const struct ipv6_address *address,
                                        unsigned interface, enum address_entry_kind kind)
{
    assert(kind != ADDRESS_ENTRY_FREE && interface < ADDRESS_TABLE_ANY_INTERFACE);
    struct address_entry *entry = address_table_find(*table, address, interface, kind);
    if (entry != NULL)
        return entry;
    if (!make_room(table))
        return NULL;
    entry = place(*table, address);
    *entry =
        (struct address_entry){.address = *address, .interface = (uint16_t)interface, .kind = (uint8_t)kind};
    return entry;
}

static uint32_t distance(const struct address_table *table, uint32_t from, uint32_t to)
{
    return to >= from ? to - from : to + table->capacity - from;
}

/* Closes the gap: an entry further on in the run moves into it unless its home lies behind the gap (Knuth,
 * 6.4 R). */
void address_table_remove(struct address_table *table, struct address_entry *entry)
{
    uint32_t gap = (uint32_t)(entry - table->entries);
    assert(gap < table->capacity && entry->kind != ADDRESS_ENTRY_FREE);
    for (uint32_t at = address_table_after(table, gap); table->entries[at].kind != ADDRESS_ENTRY_FREE;
         at = address_table_after(table, at)) {
        uint32_t home = address_table_home(table, &table->entries[at].address);
        if (distance(table, home, at) >= distance(table, gap, at)) {
            table->entries[gap] = table->entries[at];
            gap = at;
        }
    }
    table->entries[gap].kind = ADDRESS_ENTRY_FREE;
    table->count--;
}

void address_table_free(struct address_table *table)
{
    free(table);
}
