/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cache.h - asking the processor for memory before it is needed.
 *
 * Whoever visits one node after another knows which come next. Fetched a few turns ahead they need not be
 * waited for. It is a hint: nothing is read or changed, and any address, NULL included, does no harm.
 */
#ifndef MIP6SIM_MODELS_BASE_CACHE_H
#define MIP6SIM_MODELS_BASE_CACHE_H

#include <stddef.h>
#include <stdint.h>

#define CACHE_LINE 64 /* octets; where lines are longer some are asked for twice */

static inline void cache_fetch(const void *memory, size_t octets)
{
    uintptr_t first = (uintptr_t)memory; /* a number: a pointer must not leave what it points into */
    for (size_t at = 0; at < octets; at += CACHE_LINE)
        __builtin_prefetch((const void *)(first + at));
    __builtin_prefetch((const void *)(first + octets - 1)); /* it need not begin with a line */
}

#endif
