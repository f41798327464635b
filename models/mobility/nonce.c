/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nonce.c - node keys and nonces (RFC 6275, 5.2.1, 5.2.2, 5.2.7).
 *
 * A ring, the nonce's place being its index modulo the number of places. Sixteen will do while no more than
 * two nonces are drawn in an interval, for eight intervals are valid; before the third the ring is made as
 * large as it can ever have to be. So a place is taken again only after what it holds has expired. Expiry
 * needs no timer: each nonce knows the interval it was drawn in, and is valid while that is one of the last
 * eight. No interval without a request has a nonce: none is made up when a Binding Update names it.
 *
 * Nonce and Kcn come of random streams of their own (environment.h), each drawn in the order of use.
 */
#include "models/mobility/nonce.h"

#include <stdlib.h>

#include "models/environment.h"

#define INTERVAL_NONE   (-1)
#define DRAWN_AT_FIRST  2 /* in an interval, for which there is room in the ring at first */
#define PLACES_AT_FIRST (DRAWN_AT_FIRST * NONCES_VALID)
#define PLACES_MOST     (NONCES_AN_INTERVAL * NONCES_VALID)

void nonce_table_init(struct nonce_table *table, time_ns interval, time_ns now)
{
    *table = (struct nonce_table){.started = now, .length = interval};
}

void nonce_table_free(struct nonce_table *table)
{
    free(table->entries);
    table->entries = NULL;
}

static int64_t interval_at(const struct nonce_table *table, time_ns now)
{
    return (now - table->started) / table->length;
}

static struct nonce *place_of(const struct nonce_table *table, uint16_t index)
{
    return &table->entries[index % table->places];
}

static struct nonce *ring_new(unsigned places)
{
    struct nonce *entries = calloc(places, sizeof(struct nonce));
    for (unsigned i = 0; entries && i < places; i++)
        entries[i].interval = INTERVAL_NONE;
    return entries;
}

/* The start of the indices is random, so that an index tells nothing of how long the node has been up. */
static bool allocate(struct nonce_table *table, struct environment *environment)
{
    uint8_t first[2];
    table->entries = ring_new(PLACES_AT_FIRST);
    if (!table->entries)
        return false;
    table->places = PLACES_AT_FIRST;
    environment->operations->random(environment, RANDOM_NONCE, first, sizeof(first));
    table->newest = (uint16_t)(first[0] << 8 | first[1]);
    return true;
}

static bool grow(struct nonce_table *table)
{
    struct nonce_table wider = *table;
    wider.places = PLACES_MOST;
    wider.entries = ring_new(PLACES_MOST);
    if (!wider.entries)
        return false;
    for (unsigned i = 0; i < table->places; i++) {
        if (table->entries[i].interval != INTERVAL_NONE)
            *place_of(&wider, table->entries[i].index) = table->entries[i];
    }
    free(table->entries);
    *table = wider;
    return true;
}

static void draw(struct nonce_table *table, struct environment *environment, int64_t interval)
{
    uint8_t kcn[NODE_KEY_LENGTH];
    table->drawn = place_of(table, table->newest)->interval == interval ? (uint8_t)(table->drawn + 1) : 1;
    table->superseded = false;
    table->newest++;
    struct nonce *nonce = place_of(table, table->newest);
    environment->operations->random(environment, RANDOM_NODE_KEY, kcn, sizeof(kcn));
    environment->operations->random(environment, RANDOM_NONCE, nonce->value, sizeof(nonce->value));
    hmac_key_set(&nonce->kcn, kcn, sizeof(kcn));
    nonce->interval = interval;
    nonce->index = table->newest;
}

const struct nonce *nonce_current(struct nonce_table *table, struct environment *environment, uint16_t *index,
                                  time_ns now)
{
    if (!table->entries && !allocate(table, environment))
        return NULL;
    int64_t interval = interval_at(table, now);
    if (place_of(table, table->newest)->interval != interval || table->superseded)
        draw(table, environment, interval);
    *index = table->newest;
    return place_of(table, table->newest);
}

const struct nonce *nonce_find(struct nonce_table *table, uint16_t index, time_ns now)
{
    if (!table->entries)
        return NULL;
    const struct nonce *nonce = place_of(table, index);
    bool valid = nonce->index == index && nonce->interval != INTERVAL_NONE &&
                 nonce->interval > interval_at(table, now) - NONCES_VALID;
    return valid ? nonce : NULL;
}

/* One more may be drawn in this interval, and has a place. */
static bool has_room(struct nonce_table *table)
{
    if (table->drawn < DRAWN_AT_FIRST)
        return true;
    return table->drawn < NONCES_AN_INTERVAL && (table->places == PLACES_MOST || grow(table));
}

void nonce_supersede(struct nonce_table *table, uint16_t index, time_ns now)
{
    if (table->entries && index == table->newest &&
        place_of(table, index)->interval == interval_at(table, now) && has_room(table))
        table->superseded = true;
}

time_ns nonce_horizon(const struct nonce_table *table, time_ns now)
{
    return table->started + (interval_at(table, now) + NONCES_VALID) * table->length;
}
