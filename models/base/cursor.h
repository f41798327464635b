/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cursor.h - bounds-checked reading and writing of octets in network order, with a sticky error.
 *
 * A cursor never touches an octet outside [start, end). The first operation that would sets
 * `failed`; from then on reads give zeros and writes do nothing, so a parser checks once, at the
 * end, whether everything it read was there. One type serves both directions.
 */
#ifndef MIP6SIM_MODELS_BASE_CURSOR_H
#define MIP6SIM_MODELS_BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
    uint8_t *start;
    uint8_t *position;
    uint8_t *end;
    bool failed;
};

static inline struct cursor cursor_over(const void *octets, size_t length)
{
    /* A cursor over octets that must not be written is only read from; C has no way to say so twice. */
    uint8_t *start = (uint8_t *)(uintptr_t)octets;
    return (struct cursor){.start = start, .position = start, .end = start + length, .failed = false};
}

static inline size_t cursor_left(const struct cursor *c)
{
    return c->failed ? 0 : (size_t)(c->end - c->position);
}

static inline size_t cursor_offset(const struct cursor *c)
{
    return (size_t)(c->position - c->start);
}

/* The next n octets, or NULL; the cursor moves past them. */
static inline uint8_t *cursor_take(struct cursor *c, size_t n)
{
    if (c->failed || (size_t)(c->end - c->position) < n) {
        c->failed = true;
        return NULL;
    }
    uint8_t *at = c->position;
    c->position += n;
    return at;
}

static inline void cursor_skip(struct cursor *c, size_t n)
{
    (void)cursor_take(c, n);
}

static inline uint8_t cursor_get8(struct cursor *c)
{
    const uint8_t *p = cursor_take(c, 1);
    return p ? p[0] : 0;
}

static inline uint16_t cursor_get16(struct cursor *c)
{
    const uint8_t *p = cursor_take(c, 2);
    return p ? (uint16_t)((unsigned)p[0] << 8 | p[1]) : 0;
}

static inline uint32_t cursor_get32(struct cursor *c)
{
    const uint8_t *p = cursor_take(c, 4);
    return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

static inline uint64_t cursor_get64(struct cursor *c)
{
    uint64_t high = cursor_get32(c);
    return high << 32 | cursor_get32(c);
}

/* Copies n octets out; zeros if they are not there. */
static inline void cursor_get(struct cursor *c, void *octets, size_t n)
{
    const uint8_t *p = cursor_take(c, n);
    if (p)
        memcpy(octets, p, n);
    else
        memset(octets, 0, n);
}

static inline void cursor_put8(struct cursor *c, uint8_t value)
{
    uint8_t *p = cursor_take(c, 1);
    if (p)
        p[0] = value;
}

static inline void cursor_put16(struct cursor *c, uint16_t value)
{
    uint8_t *p = cursor_take(c, 2);
    if (p) {
        p[0] = (uint8_t)(value >> 8);
        p[1] = (uint8_t)value;
    }
}

static inline void cursor_put32(struct cursor *c, uint32_t value)
{
    cursor_put16(c, (uint16_t)(value >> 16));
    cursor_put16(c, (uint16_t)value);
}

static inline void cursor_put64(struct cursor *c, uint64_t value)
{
    cursor_put32(c, (uint32_t)(value >> 32));
    cursor_put32(c, (uint32_t)value);
}

static inline void cursor_put(struct cursor *c, const void *octets, size_t n)
{
    uint8_t *p = cursor_take(c, n);
    if (p)
        memcpy(p, octets, n);
}

static inline void cursor_zero(struct cursor *c, size_t n)
{
    uint8_t *p = cursor_take(c, n);
    if (p)
        memset(p, 0, n);
}

#endif
