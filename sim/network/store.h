/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - a node's stable storage: records by name, both octet strings. In a simulation it is memory that
 * outlives the node's power.
 */
#ifndef MIP6SIM_SIM_NETWORK_STORE_H
#define MIP6SIM_SIM_NETWORK_STORE_H

#include <stddef.h>
#include <stdint.h>

struct store_record;

/* Zeroed: empty. */
struct store {
    union {
        struct store_record **buckets;
        struct store_record *records; /* bucket_count 0: a chain, there are few */
    };
    uint32_t bucket_count; /* power of two */
    uint32_t count;
};

/* Name and value of at most UINT16_MAX octets each. A record of this name is replaced. */
void store_put(struct store *store, const void *name, size_t name_length, const void *value, size_t length);
/* The value's length, of which at most `size` octets are copied; negative: there is no such record. */
int store_get(const struct store *store, const void *name, size_t name_length, void *value, size_t size);
/* Each record, in no particular order. */
void store_each(const struct store *store,
                void (*visit)(void *context, const void *name, size_t name_length, const void *value,
                              size_t length),
                void *context);
void store_clear(struct store *store); /* empty again */

#endif
