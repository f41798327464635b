/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nonce.h - a correspondent's node keys and nonces (RFC 6275, 5.2.1, 5.2.2, 5.2.7).
 *
 * Time is divided into intervals of 30 s, numbered from the node's start. A new nonce and a new Kcn belong to
 * each interval; they are drawn when first used in it, so an idle node draws none and needs no timer. Nonces
 * of the last eight intervals are valid: a token lives between MAX_TOKEN_LIFETIME (210 s) and
 * MAX_NONCE_LIFETIME (240 s).
 *
 * Within an interval the current nonce may be replaced before its time (nonce_supersede): after a binding's
 * deletion its nonces must not be used again with the same addresses (9.5.3), and a mobile node that comes
 * back at once shall not have to wait for the next interval. What was issued before stays valid as long as it
 * would have. An interval has NONCES_AN_INTERVAL at most, so that whoever makes and deletes bindings does not
 * push others' nonces out.
 *
 * Indices count the nonces drawn, from a random start, modulo 2^16.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_NONCE_H
#define MIP6SIM_MODELS_MOBILITY_NONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "models/mobility/keygen.h"

#define NONCES_VALID       8 /* intervals */
#define NONCES_AN_INTERVAL 8
#define MAX_TOKEN_LIFETIME SECONDS(210)
#define MAX_NONCE_LIFETIME SECONDS(240)

struct environment;

struct nonce {
    struct hmac_key kcn;
    uint8_t value[NONCE_LENGTH];
    int64_t interval; /* number since the node's start; -1: empty */
    uint16_t index;
};

struct nonce_table {
    struct nonce *entries; /* a ring, allocated at first use: a node that is never asked stays small */
    time_ns started;
    time_ns length;  /* of an interval */
    uint16_t places; /* in the ring */
    uint16_t newest; /* index of the nonce drawn last */
    uint8_t drawn;   /* in the newest's interval */
    bool superseded; /* the newest shall not be issued any more */
};

void nonce_table_init(struct nonce_table *table, time_ns interval, time_ns now); /* interval > 0 */
void nonce_table_free(struct nonce_table *table);
/* The nonce of the current interval, drawn now if need be, and its index. NULL without memory. */
const struct nonce *nonce_current(struct nonce_table *table, struct environment *environment, uint16_t *index,
                                  time_ns now);
/* The nonce of this index if it was used and is still valid; NULL: expired or unknown. */
const struct nonce *nonce_find(struct nonce_table *table, uint16_t index, time_ns now);
/* From now on nonce_current gives a nonce with another index than this one, if this can be had in this
 * interval. */
void nonce_supersede(struct nonce_table *table, uint16_t index, time_ns now);
/* The instant at which every nonce issued up to now has expired. */
time_ns nonce_horizon(const struct nonce_table *table, time_ns now);

#endif
