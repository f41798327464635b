/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pool.c - records of one size.
 *
 * Chunks double up to a limit, so a small run stays small and a big one makes few requests. A record never
 * taken is carved off the newest chunk and not linked into the list beforehand: memory is touched only when
 * it is used.
 */
#include "sim/engine/pool.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define POOL_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define POOL_SANITIZED 1
#endif
#endif

#ifdef POOL_SANITIZED
#include <sanitizer/asan_interface.h>
#define POOL_FORBID(memory, size) ASAN_POISON_MEMORY_REGION(memory, size)
#define POOL_ALLOW(memory, size)  ASAN_UNPOISON_MEMORY_REGION(memory, size)
#else
#define POOL_FORBID(memory, size) ((void)(memory), (void)(size))
#define POOL_ALLOW(memory, size)  ((void)(memory), (void)(size))
#endif

#define ALIGNMENT     64 /* of chunks: records of a multiple of 64 octets never share a cache line */
#define LEAST_RECORDS 16
#define MOST_OCTETS   ((size_t)1 << 20) /* of a chunk, unless LEAST_RECORDS take more */

struct pool_chunk {
    struct pool_chunk *next;
    size_t size; /* octets, this header included */
};

void pool_init(struct pool *pool, size_t record_size)
{
    *pool = (struct pool){.record_size = (record_size + 15) & ~(size_t)15};
}

void pool_free(struct pool *pool)
{
    for (struct pool_chunk *next, *chunk = pool->chunks; chunk; chunk = next) {
        next = chunk->next;
        POOL_ALLOW(chunk, chunk->size);
        free(chunk);
    }
    *pool = (struct pool){.record_size = pool->record_size};
}

static void pool_grow(struct pool *pool)
{
    size_t records = pool->capacity < LEAST_RECORDS ? LEAST_RECORDS : pool->capacity;
    if (records > LEAST_RECORDS && records * pool->record_size > MOST_OCTETS)
        records = MOST_OCTETS / pool->record_size;
    if (records < LEAST_RECORDS)
        records = LEAST_RECORDS;
    size_t size = (ALIGNMENT + records * pool->record_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    struct pool_chunk *chunk = aligned_alloc(ALIGNMENT, size);
    if (!chunk)
        abort();
    *chunk = (struct pool_chunk){pool->chunks, size};
    pool->chunks = chunk;
    pool->capacity += records;
    pool->fresh = (char *)chunk + ALIGNMENT;
    pool->fresh_count = records;
    POOL_FORBID(pool->fresh, records * pool->record_size);
}

void *pool_take(struct pool *pool)
{
    void *record = pool->free;
    if (record) {
        POOL_ALLOW(record, pool->record_size);
        memcpy(&pool->free, record, sizeof pool->free);
    } else {
        if (pool->fresh_count == 0)
            pool_grow(pool);
        record = pool->fresh;
        pool->fresh += pool->record_size;
        pool->fresh_count--;
        POOL_ALLOW(record, pool->record_size);
    }
    pool->in_use++;
    return record;
}

void pool_return(struct pool *pool, void *record)
{
    if (!record)
        return;
    memcpy(record, &pool->free, sizeof pool->free);
    pool->free = record;
    pool->in_use--;
    POOL_FORBID(record, pool->record_size);
}
