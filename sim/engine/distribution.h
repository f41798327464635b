/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * distribution.h - the distributions of durations that the scenario language offers.
 *
 *     40ms, constant(40ms)         always this
 *     uniform(40ms, 80ms)          every nanosecond from 40 ms to 80 ms alike, both included
 *     exponential(20ms)            of this mean
 *     normal(50ms, 10ms)           mean and standard deviation of a normal distribution; what falls below
 *                                  zero is drawn again, so that the mean of the draws is higher
 *     lognormal(50ms, 10ms)        mean and standard deviation of the value itself, not of its logarithm
 *     empirical(file)              the values of a file, one a line with its unit, each as likely as any
 *     empirical(file, ms)          other; # begins a comment; with the second form, ms where no unit is given
 *
 * The same forms of speeds, such as uniform(1m/s, 10m/s), give whole micrometres an hour (length.h).
 *
 * Each sample takes exactly one step of its stream and is the inverse of the distribution function at that
 * step's uniform number (a larger number gives no smaller duration), so that common random numbers stay
 * common when a parameter or even the kind of the distribution changes. Samples are whole nanoseconds,
 * rounded to nearest, never negative, at most 2^62 ns.
 *
 * Portability: constant, uniform and empirical samples are the same on every machine. The others go through
 * log, exp and the inverse normal distribution function in binary64, whose last bit may differ between C
 * libraries and between processors; a sample would differ by 1 ns only if that bit straddles a rounding
 * boundary, about once in 10^7 samples at a scale of one second, less below.
 */
#ifndef MIP6SIM_SIM_ENGINE_DISTRIBUTION_H
#define MIP6SIM_SIM_ENGINE_DISTRIBUTION_H

#include <glib.h>
#include <stdbool.h>

#include "models/base/time.h"
#include "sim/engine/duration.h"
#include "sim/engine/random.h"

/* Never changes after it was made: one may be shared by nodes, runs and threads. */
struct distribution;

/*
 * Reads one of the forms above. A file name is relative to `directory` (NULL: the present one). Returns NULL
 * and sets `error` (VALUE_ERROR) with what is wrong and what was probably meant. Free with
 * distribution_free.
 */
struct distribution *distribution_parse(const char *text, const char *directory, GError **error);

/* The same for a distribution of speeds. */
struct distribution *distribution_parse_speed(const char *text, const char *directory, GError **error);

struct distribution *distribution_new_constant(time_ns value); /* value >= 0 */
void distribution_free(struct distribution *distribution);     /* NULL is harmless */

time_ns distribution_sample(const struct distribution *distribution, struct random_stream *stream);

/* The mean of the samples, in nanoseconds (speeds: micrometres an hour). */
double distribution_mean(const struct distribution *distribution);

/* The least duration a sample can have. */
time_ns distribution_minimum(const struct distribution *distribution);

/* Whether every sample is the same; it is then distribution_minimum. */
bool distribution_is_constant(const struct distribution *distribution);

/* One of the forms above; distribution_parse gives the same distribution again. Free with g_free. */
char *distribution_to_string(const struct distribution *distribution);

#endif
