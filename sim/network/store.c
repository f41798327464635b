/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.c - see store.h.
 *
 * A mobile node has one or two records, and there may be a million of it; a correspondent or a home agent may
 * have a record for each of them. So a record is one block, a few records are a chain, and only many have a
 * hash table.
 */
#include "sim/network/store.h"

#include <glib.h>
#include <string.h>

#define CHAIN_MOST 8

struct store_record {
    struct store_record *next;
    uint16_t name_length;
    uint16_t length;
    uint8_t octets[]; /* name, value */
};

/* FNV-1a */
static uint32_t hash_of(const uint8_t *name, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ name[i]) * 16777619u;
    return hash ^ hash >> 16;
}

/* Where the chain that the name belongs to begins. */
static struct store_record **chain_of(struct store *store, const void *name, size_t length)
{
    if (store->bucket_count == 0)
        return &store->records;
    return &store->buckets[hash_of(name, length) & (store->bucket_count - 1)];
}

/* The place that points at the record, or at nothing. */
static struct store_record **find(struct store *store, const void *name, size_t length)
{
    struct store_record **at = chain_of(store, name, length);
    while (*at && ((*at)->name_length != length || memcmp((*at)->octets, name, length) != 0))
        at = &(*at)->next;
    return at;
}

static void move_chain(struct store *to, struct store_record *record)
{
    while (record) {
        struct store_record *next = record->next;
        struct store_record **chain = chain_of(to, record->octets, record->name_length);
        record->next = *chain;
        *chain = record;
        record = next;
    }
}

static void grow(struct store *store)
{
    if (store->count < MAX(store->bucket_count, CHAIN_MOST))
        return;
    struct store wider = {.bucket_count = store->bucket_count ? 2 * store->bucket_count : 2 * CHAIN_MOST,
                          .count = store->count};
    wider.buckets = g_new0(struct store_record *, wider.bucket_count);
    if (store->bucket_count == 0)
        move_chain(&wider, store->records);
    for (uint32_t i = 0; i < store->bucket_count; i++)
        move_chain(&wider, store->buckets[i]);
    if (store->bucket_count)
        g_free(store->buckets);
    *store = wider;
}

void store_put(struct store *store, const void *name, size_t name_length, const void *value, size_t length)
{
    g_assert(name_length <= UINT16_MAX && length <= UINT16_MAX);
    struct store_record **at = find(store, name, name_length);
    if (*at && (*at)->length == length) {
        memcpy((*at)->octets + name_length, value, length);
        return;
    }
    struct store_record *record = g_malloc(sizeof *record + name_length + length);
    *record = (struct store_record){.name_length = (uint16_t)name_length, .length = (uint16_t)length};
    memcpy(record->octets, name, name_length);
    memcpy(record->octets + name_length, value, length);
    if (*at) {
        record->next = (*at)->next;
        g_free(*at);
    } else {
        grow(store);
        at = chain_of(store, name, name_length);
        record->next = *at;
        store->count++;
    }
    *at = record;
}

int store_get(const struct store *store, const void *name, size_t name_length, void *value, size_t size)
{
    struct store copy = *store;
    const struct store_record *record = *find(&copy, name, name_length);
    if (!record)
        return -1;
    if (size > 0 && record->length > 0)
        memcpy(value, record->octets + name_length, MIN(size, record->length));
    return record->length;
}

void store_each(const struct store *store,
                void (*visit)(void *context, const void *name, size_t name_length, const void *value,
                              size_t length),
                void *context)
{
    for (uint32_t i = 0; i < MAX(store->bucket_count, 1); i++)
        for (const struct store_record *record = store->bucket_count ? store->buckets[i] : store->records;
             record; record = record->next)
            visit(context, record->octets, record->name_length, record->octets + record->name_length,
                  record->length);
}

static void free_chain(struct store_record *record)
{
    while (record) {
        struct store_record *next = record->next;
        g_free(record);
        record = next;
    }
}

void store_clear(struct store *store)
{
    if (store->bucket_count == 0)
        free_chain(store->records);
    for (uint32_t i = 0; i < store->bucket_count; i++)
        free_chain(store->buckets[i]);
    if (store->bucket_count)
        g_free(store->buckets);
    *store = (struct store){.count = 0};
}
