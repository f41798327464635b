/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lag.h - how late things happen: a histogram of times, of 64 buckets for each doubling, so that a quantile
 * is told to within 1.6 %. Entering costs some nanoseconds and no memory.
 */
#ifndef MIP6SIM_SIM_LIVE_LAG_H
#define MIP6SIM_SIM_LIVE_LAG_H

#include <stdint.h>

#include "models/base/time.h"

#define LAG_PARTS   64u
#define LAG_BUCKETS (LAG_PARTS * 40u) /* beyond nine hours all is one */

/* Zeroed: nothing has been entered. */
struct lag {
    uint64_t count;
    uint64_t overruns; /* of those entered, more than the limit that lag_enter was told */
    time_ns most;
    uint64_t buckets[LAG_BUCKETS];
};

/* lag >= 0. */
void lag_enter(struct lag *lag, time_ns value, time_ns limit);
/* The least time that this part (0..1) of all is within, rounded up to its bucket's end; 0 if there is
 * nothing. */
time_ns lag_quantile(const struct lag *lag, double part);

#endif
