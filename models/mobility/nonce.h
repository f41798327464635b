/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nonce.h - a correspondent's node keys and nonces (RFC 6275, 5.2.1, 5.2.2, 5.2.7).
 *
 * A new nonce and a new Kcn belong to each interval of 30 s, numbered from the node's start; they are drawn when first used in
 * that interval, so an idle node draws none and needs no timer. The last eight intervals are valid: a token lives between
 * MAX_TOKEN_LIFETIME (210 s) and MAX_NONCE_LIFETIME (240 s). The index is the interval's number plus a random start, modulo 2^16.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_NONCE_H
#define MIP6SIM_MODELS_MOBILITY_NONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "models/mobility/keygen.h"

#define NONCES_VALID 8
#define MAX_TOKEN_LIFETIME SECONDS(210)
#define MAX_NONCE_LIFETIME SECONDS(240)

struct environment;

struct nonce {
    struct hmac_key kcn;
    uint8_t value[NONCE_LENGTH];
    int64_t interval; /* number since the node's start; -1: empty */
};

struct nonce_table {
    struct nonce *entries;  /* NONCES_VALID, allocated at first use: a node that is never asked stays small */
    time_ns started;
    time_ns length;         /* of an interval */
    uint16_t first_index;
};

void nonce_table_init(struct nonce_table *table, time_ns interval, time_ns now);
void nonce_table_free(struct nonce_table *table);
/* The nonce of the current interval, drawn now if need be, and its index. NULL without memory. */
const struct nonce *nonce_current(struct nonce_table *table, struct environment *environment, uint16_t *index, time_ns now);
/* The nonce of this index if it was used and is still valid; NULL: expired or unknown. */
const struct nonce *nonce_find(struct nonce_table *table, uint16_t index, time_ns now);

#endif
