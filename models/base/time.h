/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * time.h - virtual time.
 *
 * Instants and durations are signed 64-bit nanoseconds: 292 years, exact sums, no rounding
 * between machines. An instant counts from the start of the run.
 */
#ifndef MIP6SIM_MODELS_BASE_TIME_H
#define MIP6SIM_MODELS_BASE_TIME_H

#include <stdint.h>

typedef int64_t time_ns;

#define TIME_NEVER INT64_MAX
#define MICROSECONDS(n) ((time_ns)(n) * 1000)
#define MILLISECONDS(n) ((time_ns)(n) * 1000000)
#define SECONDS(n) ((time_ns)(n) * 1000000000)

/* instant + duration, saturating at TIME_NEVER; both must be >= 0. */
static inline time_ns time_add(time_ns instant, time_ns duration)
{
    return instant > TIME_NEVER - duration ? TIME_NEVER : instant + duration;
}

#endif
