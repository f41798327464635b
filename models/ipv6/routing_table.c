/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routing_table.c - longest prefix match by one hash for all prefixes.
 *
 * The routes stand in one array without gaps, in no order. Up to FEW of them are simply looked through, and
 * that is all there is to a host's default route or to a router at the edge. When there are more, there is
 * an index beside the array: a hash of the routes' numbers, at most half full, and the prefix lengths in use
 * in descending order, each with its mask and the number of routes that have it. A lookup then masks the
 * destination with one length after another and asks the hash for (prefix, length). A tree would need as
 * many steps as prefixes share bits; here there are as many as there are different lengths, two or three in
 * practice. Numbers take a tenth of the room of routes, so that the slack of the hash costs little. Removal
 * shifts followers back, so nothing decays.
 */
#include "models/ipv6/routing_table.h"

#include <stdbool.h>
#include <stdlib.h>

#include "models/base/error.h"

#define FEW           8
#define SLOTS_LEAST   32 /* a power of two, and room for more than FEW at half full */
#define LENGTHS_LEAST 4
#define FREE          UINT32_MAX

struct length_in_use {
    struct ipv6_address mask;
    uint32_t count;
    uint8_t length;
};

struct route_index {
    uint32_t *slots; /* numbers of routes, or FREE */
    uint32_t mask;   /* number of slots - 1; a power of two */
    unsigned length_count;
    unsigned length_capacity;
    struct length_in_use *lengths; /* longest first */
};

struct routing_table {
    struct route *routes;
    uint32_t count;
    uint32_t capacity;
    struct route_index *index; /* NULL: there have never been more than FEW */
};

struct routing_table *routing_table_new(void)
{
    return calloc(1, sizeof(struct routing_table));
}

static void index_free(struct route_index *index)
{
    if (!index)
        return;
    free(index->slots);
    free(index->lengths);
    free(index);
}

void routing_table_free(struct routing_table *table)
{
    if (!table)
        return;
    free(table->routes);
    index_free(table->index);
    free(table);
}

static inline bool is_to(const struct route *route, const struct ipv6_address *prefix, unsigned length)
{
    return route->prefix_length == length && ipv6_address_equal(&route->prefix, prefix);
}

/* -- the hash of numbers -- */

static inline uint32_t home_of(const struct route_index *index, const struct ipv6_address *prefix,
                               unsigned length)
{
    return ((uint32_t)ipv6_address_hash(prefix) + length) & index->mask;
}

/* The slot that has the number of the route to the prefix, or the free one where it would stand. */
static inline uint32_t slot_of(const struct routing_table *table, const struct ipv6_address *prefix,
                               unsigned length)
{
    const struct route_index *index = table->index;
    uint32_t at = home_of(index, prefix, length);
    while (index->slots[at] != FREE && !is_to(&table->routes[index->slots[at]], prefix, length))
        at = (at + 1) & index->mask;
    return at;
}

static uint32_t slot_of_route(const struct routing_table *table, uint32_t number)
{
    const struct route *route = &table->routes[number];
    return slot_of(table, &route->prefix, route->prefix_length);
}

static int slots_grow(struct routing_table *table)
{
    struct route_index *index = table->index;
    uint32_t size = index->slots ? 2 * (index->mask + 1) : SLOTS_LEAST;
    uint32_t *slots = malloc(size * sizeof(*slots));
    if (!slots)
        return ERROR_MEMORY;
    free(index->slots);
    index->slots = slots;
    index->mask = size - 1;
    for (uint32_t i = 0; i < size; i++)
        slots[i] = FREE;
    for (uint32_t number = 0; number < table->count; number++)
        slots[slot_of_route(table, number)] = number;
    return 0;
}

/* Each follower whose way to its slot led across the gap moves into it. */
static void slot_remove(const struct routing_table *table, uint32_t gap)
{
    struct route_index *index = table->index;
    for (uint32_t at = (gap + 1) & index->mask; index->slots[at] != FREE; at = (at + 1) & index->mask) {
        const struct route *route = &table->routes[index->slots[at]];
        uint32_t home = home_of(index, &route->prefix, route->prefix_length);
        if (((at - home) & index->mask) >= ((at - gap) & index->mask)) {
            index->slots[gap] = index->slots[at];
            gap = at;
        }
    }
    index->slots[gap] = FREE;
}

/* -- the lengths in use -- */

/* Room for one length more. */
static int make_length_room(struct route_index *index)
{
    if (index->length_count < index->length_capacity)
        return 0;
    unsigned capacity = index->length_capacity ? 2 * index->length_capacity : LENGTHS_LEAST;
    struct length_in_use *lengths = realloc(index->lengths, capacity * sizeof(*lengths));
    if (!lengths)
        return ERROR_MEMORY;
    index->lengths = lengths;
    index->length_capacity = capacity;
    return 0;
}

static int count_length(struct route_index *index, unsigned length)
{
    unsigned at = 0;
    while (at < index->length_count && index->lengths[at].length > length)
        at++;
    if (at == index->length_count || index->lengths[at].length != length) {
        static const struct ipv6_address ones = {.words = {UINT64_MAX, UINT64_MAX}};
        if (make_length_room(index) != 0)
            return ERROR_MEMORY;
        memmove(&index->lengths[at + 1], &index->lengths[at],
                (index->length_count - at) * sizeof(index->lengths[0]));
        index->lengths[at] =
            (struct length_in_use){.mask = ipv6_prefix_of(&ones, length), .length = (uint8_t)length};
        index->length_count++;
    }
    index->lengths[at].count++;
    return 0;
}

static void discount_length(struct route_index *index, unsigned length)
{
    unsigned at = 0;
    while (index->lengths[at].length != length)
        at++;
    if (--index->lengths[at].count > 0)
        return;
    index->length_count--;
    memmove(&index->lengths[at], &index->lengths[at + 1],
            (index->length_count - at) * sizeof(index->lengths[0]));
}

/* -- the index, once there are many -- */

static int index_build(struct routing_table *table)
{
    struct route_index *index = calloc(1, sizeof(*index));
    table->index = index;
    int error = index ? slots_grow(table) : ERROR_MEMORY;
    for (uint32_t number = 0; error == 0 && number < table->count; number++)
        error = count_length(index, table->routes[number].prefix_length);
    if (error != 0) {
        index_free(index);
        table->index = NULL;
    }
    return error;
}

/* Enters the route that is about to become the last of the array. */
static int index_add(struct routing_table *table, const struct route *route)
{
    struct route_index *index = table->index;
    if (2 * (table->count + 1) > index->mask + 1 && slots_grow(table) != 0)
        return ERROR_MEMORY;
    if (count_length(index, route->prefix_length) != 0)
        return ERROR_MEMORY;
    index->slots[slot_of(table, &route->prefix, route->prefix_length)] = table->count;
    return 0;
}

/* -- routes -- */

static struct route *find(const struct routing_table *table, const struct ipv6_address *prefix,
                          unsigned length)
{
    if (table->index) {
        uint32_t number = table->index->slots[slot_of(table, prefix, length)];
        return number == FREE ? NULL : &table->routes[number];
    }
    for (uint32_t number = 0; number < table->count; number++)
        if (is_to(&table->routes[number], prefix, length))
            return &table->routes[number];
    return NULL;
}

/* By a quarter: most of the memory of a router with many interfaces is here. */
static int make_room(struct routing_table *table)
{
    if (table->count < table->capacity)
        return 0;
    uint32_t capacity = table->capacity + table->capacity / 4 + 1;
    struct route *routes = realloc(table->routes, capacity * sizeof(*routes));
    if (!routes)
        return ERROR_MEMORY;
    table->routes = routes;
    table->capacity = capacity;
    return 0;
}

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
    if (make_room(table) != 0)
        return ERROR_MEMORY;
    if (!table->index && table->count == FEW && index_build(table) != 0)
        return ERROR_MEMORY;
    if (table->index && index_add(table, &masked) != 0)
        return ERROR_MEMORY;
    table->routes[table->count++] = masked;
    return 0;
}

/* The last route takes the place of the one that goes. */
int routing_table_remove(struct routing_table *table, const struct ipv6_address *prefix,
                         unsigned prefix_length)
{
    if (prefix_length > 128)
        return ERROR_ARGUMENT;
    struct ipv6_address masked = ipv6_prefix_of(prefix, prefix_length);
    struct route *route = find(table, &masked, prefix_length);
    if (!route)
        return ERROR_NOT_FOUND;
    uint32_t number = (uint32_t)(route - table->routes), last = table->count - 1;
    uint32_t gap = table->index ? slot_of_route(table, number) : 0;
    if (table->index)
        table->index->slots[slot_of_route(table, last)] = number;
    table->routes[number] = table->routes[last];
    table->count = last;
    if (table->index) {
        slot_remove(table, gap);
        discount_length(table->index, prefix_length);
    }
    return 0;
}

const struct route *routing_table_at(const struct routing_table *table, unsigned number)
{
    return table && number < table->count ? &table->routes[number] : NULL;
}

static const struct route *look_through(const struct routing_table *table,
                                        const struct ipv6_address *destination)
{
    const struct route *best = NULL;
    const struct route *end = table->routes + table->count;
    for (const struct route *route = table->routes; route != end; route++)
        if (ipv6_prefix_match(&route->prefix, destination, route->prefix_length) &&
            (!best || route->prefix_length > best->prefix_length))
            best = route;
    return best;
}

const struct route *routing_table_lookup(const struct routing_table *table,
                                         const struct ipv6_address *destination)
{
    if (!table)
        return NULL;
    const struct route_index *index = table->index;
    if (!index)
        return look_through(table, destination);
    for (unsigned i = 0; i < index->length_count; i++) {
        const struct length_in_use *in_use = &index->lengths[i];
        struct ipv6_address prefix = {.words = {destination->words[0] & in_use->mask.words[0],
                                                destination->words[1] & in_use->mask.words[1]}};
        uint32_t number = index->slots[slot_of(table, &prefix, in_use->length)];
        if (number != FREE)
            return &table->routes[number];
    }
    return NULL;
}
