/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routing_table.c - longest prefix match by one hash for all prefixes.
 *
 * The prefix lengths in use are kept in descending order, each with its mask and the number of routes that
 * have it. A lookup masks the destination with one length after another and asks the hash for (prefix,
 * length). A tree would need as many steps as prefixes share bits; here there are as many as there are
 * different lengths, two or three in practice, each one probe into an array that is at most half full.
 * Removal shifts followers back, so nothing decays.
 */
#include "models/ipv6/routing_table.h"

#include <stdbool.h>
#include <stdlib.h>

#include "models/base/error.h"

#define SLOTS_LEAST   8
#define LENGTHS_LEAST 2
#define FREE          0xff /* prefix_length of a free slot */

struct length_in_use {
    struct ipv6_address mask;
    uint32_t count;
    uint8_t length;
};

struct routing_table {
    struct route *slots;
    uint32_t mask; /* number of slots - 1; a power of two */
    uint32_t used;
    unsigned length_count;
    unsigned length_capacity;
    struct length_in_use *lengths; /* longest first */
};

static struct route *slots_new(uint32_t count)
{
    struct route *slots = malloc(count * sizeof(*slots));
    for (uint32_t i = 0; slots && i < count; i++)
        slots[i].prefix_length = FREE;
    return slots;
}

struct routing_table *routing_table_new(void)
{
    struct routing_table *table = calloc(1, sizeof(*table));
    if (!table)
        return NULL;
    table->slots = slots_new(SLOTS_LEAST);
    table->lengths = malloc(LENGTHS_LEAST * sizeof(*table->lengths));
    if (!table->slots || !table->lengths) {
        routing_table_free(table);
        return NULL;
    }
    table->mask = SLOTS_LEAST - 1;
    table->length_capacity = LENGTHS_LEAST;
    return table;
}

void routing_table_free(struct routing_table *table)
{
    if (!table)
        return;
    free(table->slots);
    free(table->lengths);
    free(table);
}

static inline uint32_t home_of(const struct routing_table *table, const struct ipv6_address *prefix,
                               unsigned length)
{
    return ((uint32_t)ipv6_address_hash(prefix) + length) & table->mask;
}

static inline struct route *find(const struct routing_table *table, const struct ipv6_address *prefix,
                                 unsigned length)
{
    for (uint32_t i = home_of(table, prefix, length);; i = (i + 1) & table->mask) {
        struct route *slot = &table->slots[i];
        if (slot->prefix_length == FREE)
            return NULL;
        if (slot->prefix_length == length && ipv6_address_equal(&slot->prefix, prefix))
            return slot;
    }
}

static void place(struct routing_table *table, const struct route *route)
{
    uint32_t i = home_of(table, &route->prefix, route->prefix_length);
    while (table->slots[i].prefix_length != FREE)
        i = (i + 1) & table->mask;
    table->slots[i] = *route;
}

static int grow(struct routing_table *table)
{
    struct route *old = table->slots;
    uint32_t old_count = table->mask + 1;
    struct route *slots = slots_new(2 * old_count);
    if (!slots)
        return ERROR_MEMORY;
    table->slots = slots;
    table->mask = 2 * old_count - 1;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].prefix_length != FREE)
            place(table, &old[i]);
    free(old);
    return 0;
}

/* -- the lengths in use -- */

/* Room for one length more. */
static int make_length_room(struct routing_table *table)
{
    if (table->length_count < table->length_capacity)
        return 0;
    unsigned capacity = 2 * table->length_capacity;
    struct length_in_use *lengths = realloc(table->lengths, capacity * sizeof(*lengths));
    if (!lengths)
        return ERROR_MEMORY;
    table->lengths = lengths;
    table->length_capacity = capacity;
    return 0;
}

static void count_length(struct routing_table *table, unsigned length)
{
    unsigned at = 0;
    while (at < table->length_count && table->lengths[at].length > length)
        at++;
    if (at == table->length_count || table->lengths[at].length != length) {
        static const struct ipv6_address ones = {.words = {UINT64_MAX, UINT64_MAX}};
        memmove(&table->lengths[at + 1], &table->lengths[at],
                (table->length_count - at) * sizeof(table->lengths[0]));
        table->lengths[at] =
            (struct length_in_use){.mask = ipv6_prefix_of(&ones, length), .length = (uint8_t)length};
        table->length_count++;
    }
    table->lengths[at].count++;
}

static void discount_length(struct routing_table *table, unsigned length)
{
    unsigned at = 0;
    while (table->lengths[at].length != length)
        at++;
    if (--table->lengths[at].count > 0)
        return;
    table->length_count--;
    memmove(&table->lengths[at], &table->lengths[at + 1],
            (table->length_count - at) * sizeof(table->lengths[0]));
}

/* -- routes -- */

int routing_table_add(struct routing_table *table, const struct route *route)
{
    if (route->prefix_length > 128)
        return ERROR_ARGUMENT;
    struct route masked = *route;
    masked.prefix = ipv6_prefix_of(&route->prefix, route->prefix_length);
    struct route *present = find(table, &masked.prefix, masked.prefix_length);
    if (present) {
        *present = masked;
        return 0;
    }
    if (make_length_room(table) != 0)
        return ERROR_MEMORY;
    if (2 * (table->used + 1) > table->mask + 1 && grow(table) != 0)
        return ERROR_MEMORY;
    place(table, &masked);
    table->used++;
    count_length(table, masked.prefix_length);
    return 0;
}

int routing_table_remove(struct routing_table *table, const struct ipv6_address *prefix,
                         unsigned prefix_length)
{
    if (prefix_length > 128)
        return ERROR_ARGUMENT;
    struct ipv6_address masked = ipv6_prefix_of(prefix, prefix_length);
    struct route *route = find(table, &masked, prefix_length);
    if (!route)
        return ERROR_NOT_FOUND;
    /* Each follower whose way to its slot led across the gap moves into it. */
    uint32_t gap = (uint32_t)(route - table->slots);
    for (uint32_t i = (gap + 1) & table->mask; table->slots[i].prefix_length != FREE;
         i = (i + 1) & table->mask) {
        uint32_t home = home_of(table, &table->slots[i].prefix, table->slots[i].prefix_length);
        if (((i - home) & table->mask) >= ((i - gap) & table->mask)) {
            table->slots[gap] = table->slots[i];
            gap = i;
        }
    }
    table->slots[gap].prefix_length = FREE;
    table->used--;
    discount_length(table, prefix_length);
    return 0;
}

const struct route *routing_table_lookup(const struct routing_table *table,
                                         const struct ipv6_address *destination)
{
    if (!table)
        return NULL;
    for (unsigned i = 0; i < table->length_count; i++) {
        const struct length_in_use *in_use = &table->lengths[i];
        struct ipv6_address prefix = {.words = {destination->words[0] & in_use->mask.words[0],
                                                destination->words[1] & in_use->mask.words[1]}};
        const struct route *route = find(table, &prefix, in_use->length);
        if (route)
            return route;
    }
    return NULL;
}
