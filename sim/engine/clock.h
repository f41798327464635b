/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * clock.h - a node's own clock, which runs faster or slower than the network's time by a constant factor.
 *
 * The two agree at time 0. Integer arithmetic: what a node's clock shows is the exact product rounded down,
 * which never goes back; and the first instant of the network at which it shows a time or a later one is
 * exact as well, so that a node is never woken early.
 */
#ifndef MIP6SIM_SIM_ENGINE_CLOCK_H
#define MIP6SIM_SIM_ENGINE_CLOCK_H

#include <stdint.h>

#include "models/base/time.h"

#define CLOCK_UNIT      INT64_C(1000000000)
#define CLOCK_DRIFT_MAX 100000000 /* a tenth, either way */

/* drift: parts in 10^9 by which the clock is fast; slow, if negative. */

static inline time_ns clock_shows(int32_t drift, time_ns network_time)
{
    if (__builtin_expect(drift == 0, 1) || network_time == TIME_NEVER)
        return network_time;
    __int128 shown = (__int128)network_time * (CLOCK_UNIT + drift) / CLOCK_UNIT;
    return shown >= TIME_NEVER ? TIME_NEVER : (time_ns)shown;
}

/* The first instant of the network at which the clock shows this time or a later one. */
static inline time_ns clock_reaches(int32_t drift, time_ns shown)
{
    if (__builtin_expect(drift == 0, 1) || shown == TIME_NEVER)
        return shown;
    __int128 rate = CLOCK_UNIT + drift;
    __int128 instant = ((__int128)shown * CLOCK_UNIT + rate - 1) / rate;
    return instant >= TIME_NEVER ? TIME_NEVER : (time_ns)instant;
}

#endif
