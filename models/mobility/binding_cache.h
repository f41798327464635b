/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binding_cache.h - the Binding Cache of a correspondent node or home agent (RFC 6275, 9.1, 9.6, 10.1),
 * hashed by home address.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_BINDING_CACHE_H
#define MIP6SIM_MODELS_MOBILITY_BINDING_CACHE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/timer.h"
#include "models/ipv6/address.h"

struct authorization_method;
struct home_registration; /* home_agent.h: what only a home registration needs */

struct binding {
    struct binding *next; /* in the bucket */
    struct ipv6_address home_address;
    struct ipv6_address care_of_address;
    struct timer timer; /* lifetime, and what its owner does before it ends */
    time_ns expires;
    time_ns last_used;                         /* a packet was sent by it */
    time_ns unreachable_since;                 /* the first of `unreachable` */
    const struct authorization_method *method; /* correspondent registration; NULL for a home registration */
    struct home_registration *home; /* NULL: correspondent registration. Owned by the home agent's code. */
    uint16_t sequence;              /* last accepted */
    uint16_t lifetime;              /* granted, units of 4 s */
    uint16_t home_nonce_index;      /* that authorized it (5.2.8) */
    uint16_t care_of_nonce_index;
    uint8_t unreachable;            /* ICMPv6 errors in a row about the care-of address (9.3.4) */
    uint8_t refreshments;           /* times it was considered whether to ask for a refreshment (9.5.5) */
    bool deleted; /* kept for its sequence number and nonces only (5.2.8, 9.5.3); never used for routing */
};

struct binding_cache {
    struct binding **buckets;
    uint32_t bucket_count; /* power of two; 0 while empty */
    uint32_t count;        /* entries, deleted ones included */
    uint32_t limit;        /* of entries; 0: none */
    uint32_t of_correspondent; /* entries that are correspondent registrations, deleted ones included */
};

/* Frees the entries too. What a home registration holds must have been freed by its owner. */
void binding_cache_free(struct binding_cache *cache, struct timer_queue *timers);
/* Any entry for the home address, deleted ones included; NULL. */
struct binding *binding_cache_find(const struct binding_cache *cache,
                                   const struct ipv6_address *home_address);
/* The binding to route by: not deleted; NULL. */
struct binding *binding_cache_lookup(const struct binding_cache *cache,
                                     const struct ipv6_address *home_address);
/* A new entry, zero but for the home address, timer not armed; NULL at the limit or without memory. */
struct binding *binding_cache_add(struct binding_cache *cache, const struct ipv6_address *home_address,
                                  timer_expired *expired);
void binding_cache_remove(struct binding_cache *cache, struct timer_queue *timers, struct binding *binding);
/* Calls visit for each entry; it may remove that entry. */
void binding_cache_each(struct binding_cache *cache, void (*visit)(struct binding *binding, void *context),
                        void *context);

/* a is less than or equal to b modulo 2^16 with the window of 9.5.1: in the range of b and the preceding
 * 32768 values. */
static inline bool sequence_not_greater(uint16_t a, uint16_t b)
{
    return (uint16_t)(b - a) <= 32768;
}

#endif
