/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * range.h - many values in a few words, for the axes of a sweep:
 *
 *     1ms..100ms step 5ms      1ms, 6ms, ..., 96ms
 *     -2s..2s step 50ms        what can be negative can be so here (a parameter)
 *     1..10 step 1             numbers without a unit
 *     0.5%..5% step 0.5%       any unit, if the three are of the same; durations may be of different ones
 *     1ms..1s log 10           ten values, each as many times the one before: both ends, between them rounded
 *                              to four digits
 */
#ifndef MIP6SIM_SIM_SCENARIO_RANGE_H
#define MIP6SIM_SIM_SCENARIO_RANGE_H

#include <glib.h>
#include <stdbool.h>

#define RANGE_VALUES_MAX 1000000

/* Is it meant as such a range? "30ms..70ms" is not: it is one value. */
bool range_is(const char *text);

/* Appends the values, as a scenario would write them, to `values` (char *, each to be freed with g_free).
 * False and `error` (VALUE_ERROR), nothing appended: it is no range. */
bool range_expand(const char *text, GPtrArray *values, GError **error);

#endif
