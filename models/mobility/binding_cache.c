/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binding_cache.c - the Binding Cache (RFC 6275, 9.1, 9.6, 10.1): a chained hash by home address, doubled
 * when full.
 *
 * It is looked into for every packet that a node sends, and nearly always in vain; so an empty cache costs
 * one test, and a miss one probe. Entries never move, for timers and home registrations point into them. The
 * table never shrinks: a node that once had many bindings will have them again. The order of
 * binding_cache_each is the hash's and must not show in a result.
 */
#include "models/mobility/binding_cache.h"

#include <stdlib.h>

#define BUCKETS_AT_FIRST 4

static struct binding **bucket_of(const struct binding_cache *cache, const struct ipv6_address *home_address)
{
    return &cache->buckets[(uint32_t)ipv6_address_hash(home_address) & (cache->bucket_count - 1)];
}

struct binding *binding_cache_find(const struct binding_cache *cache, const struct ipv6_address *home_address)
{
    if (cache->count == 0)
        return NULL;
    for (struct binding *binding = *bucket_of(cache, home_address); binding; binding = binding->next) {
        if (ipv6_address_equal(&binding->home_address, home_address))
            return binding;
    }
    return NULL;
}

struct binding *binding_cache_lookup(const struct binding_cache *cache,
                                     const struct ipv6_address *home_address)
{
    struct binding *binding = binding_cache_find(cache, home_address);
    return binding && !binding->deleted ? binding : NULL;
}

/* Twice the buckets. Without memory the chains grow instead, unless there is no bucket at all. */
static bool cache_grow(struct binding_cache *cache)
{
    struct binding_cache wider = {.bucket_count =
                                      cache->bucket_count ? cache->bucket_count * 2 : BUCKETS_AT_FIRST};
    wider.buckets = calloc(wider.bucket_count, sizeof(struct binding *));
    if (!wider.buckets)
        return cache->bucket_count != 0;
    for (uint32_t i = 0; i < cache->bucket_count; i++) {
        for (struct binding *binding = cache->buckets[i], *next; binding; binding = next) {
            next = binding->next;
            struct binding **bucket = bucket_of(&wider, &binding->home_address);
            binding->next = *bucket;
            *bucket = binding;
        }
    }
    free(cache->buckets);
    cache->buckets = wider.buckets;
    cache->bucket_count = wider.bucket_count;
    return true;
}

struct binding *binding_cache_add(struct binding_cache *cache, const struct ipv6_address *home_address,
                                  timer_expired *expired)
{
    if (cache->limit && cache->count >= cache->limit)
        return NULL;
    if (cache->count >= cache->bucket_count && !cache_grow(cache))
        return NULL;
    struct binding *binding = calloc(1, sizeof(struct binding));
    if (!binding)
        return NULL;
    binding->home_address = *home_address;
    timer_init(&binding->timer, expired);
    struct binding **bucket = bucket_of(cache, home_address);
    binding->next = *bucket;
    *bucket = binding;
    cache->count++;
    return binding;
}

void binding_cache_remove(struct binding_cache *cache, struct timer_queue *timers, struct binding *binding)
{
    struct binding **at = bucket_of(cache, &binding->home_address);
    while (*at != binding)
        at = &(*at)->next;
    *at = binding->next;
    cache->count--;
    timer_cancel(timers, &binding->timer);
    free(binding);
}

void binding_cache_each(struct binding_cache *cache, void (*visit)(struct binding *binding, void *context),
                        void *context)
{
    for (uint32_t i = 0; i < cache->bucket_count; i++) {
        for (struct binding *binding = cache->buckets[i], *next; binding; binding = next) {
            next = binding->next;
            visit(binding, context);
        }
    }
}

void binding_cache_free(struct binding_cache *cache, struct timer_queue *timers)
{
    for (uint32_t i = 0; i < cache->bucket_count; i++) {
        while (cache->buckets[i])
            binding_cache_remove(cache, timers, cache->buckets[i]);
    }
    free(cache->buckets);
    *cache = (struct binding_cache){.limit = cache->limit};
}
