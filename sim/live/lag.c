/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lag.c - see lag.h. The first two times LAG_PARTS buckets are a nanosecond wide each; then every LAG_PARTS
 * buckets the width doubles.
 */
#include "sim/live/lag.h"

#include <glib.h>

static unsigned bucket_of(time_ns value)
{
    uint64_t number = (uint64_t)value;
    if (number < 2 * LAG_PARTS)
        return (unsigned)number;
    unsigned shift =
        63 - (unsigned)__builtin_clzll(number) - 6; /* number >> shift: LAG_PARTS .. 2 * LAG_PARTS - 1 */
    unsigned bucket = shift * LAG_PARTS + (unsigned)(number >> shift);
    return MIN(bucket, LAG_BUCKETS - 1);
}

/* The greatest value that goes into the bucket. */
static time_ns end_of(unsigned bucket)
{
    if (bucket < 2 * LAG_PARTS)
        return (time_ns)bucket;
    unsigned shift = bucket / LAG_PARTS - 1;
    uint64_t part = bucket - shift * LAG_PARTS;
    return (time_ns)((part + 1) << shift) - 1;
}

void lag_enter(struct lag *lag, time_ns value, time_ns limit)
{
    lag->count++;
    lag->overruns += value > limit;
    lag->most = MAX(lag->most, value);
    lag->buckets[bucket_of(value)]++;
}

time_ns lag_quantile(const struct lag *lag, double part)
{
    uint64_t below = 0;
    double wanted = part * (double)lag->count;
    for (unsigned i = 0; i < LAG_BUCKETS && lag->count; i++) {
        below += lag->buckets[i];
        if ((double)below >= wanted && below > 0)
            return MIN(end_of(i), lag->most);
    }
    return lag->most;
}
