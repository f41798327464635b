/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool.h - records of one size, for what comes and goes by the million (packets in flight).
 *
 * Taking and returning are O(1) and touch nothing but the record; memory is asked for in chunks that double
 * in size, so that the steady state allocates nothing, and is given back as a whole. The record returned
 * last is taken first: it is still in the cache. Under AddressSanitizer a returned record is poisoned, so
 * that its use is reported.
 */
#ifndef MIP6SIM_SIM_ENGINE_POOL_H
#define MIP6SIM_SIM_ENGINE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool_chunk;

struct pool {
    void *free;         /* list of returned records, linked through their first octets */
    char *fresh;        /* never yet taken */
    size_t fresh_count; /* records from there on */
    size_t record_size; /* octets, rounded up to a multiple of 16 */
    size_t in_use;      /* records taken and not returned */
    size_t capacity;    /* records in all chunks */
    struct pool_chunk *chunks;
};

/* For records of `record_size` octets (> 0), aligned to 16. */
void pool_init(struct pool *pool, size_t record_size);

/* Gives all memory back, that of records still taken included. The pool may be used again. */
void pool_free(struct pool *pool);

/* A record with undefined content. Memory that cannot be had is fatal (abort). */
void *pool_take(struct pool *pool);

/* The record must come from this pool; NULL is harmless. */
void pool_return(struct pool *pool, void *record);

#endif
