/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * precision.h - when are there replications enough? When the confidence interval of a measure's mean is
 * narrow in proportion to the mean, at every point.
 *
 * Each replication counts once, with the mean of its handovers. Looking at the interval again and again and
 * stopping at the first one that is narrow makes it cover the true mean a little less often than its level
 * says (Law and Kelton, Simulation Modeling and Analysis, on sequential procedures); it is not looked at
 * before PRECISION_LEAST replications, and the number grows by half between looks.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_PRECISION_H
#define MIP6SIM_SIM_EXPERIMENT_PRECISION_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/experiment/result_store.h"

#define PRECISION_LEAST 5

struct precision {
    char *measure;              /* a column of handovers.csv; NULL: none */
    double relative_half_width; /* of the 95 % interval, as a part of the mean */
};

/* "outage=2%". False: *complaint says what is wrong with it (g_free). */
bool precision_parse(const char *text, struct precision *precision, char **complaint);
void precision_clear(struct precision *precision);

/* Says of each point whether it wants more replications. How many do; UINT32_MAX and error. A point where the
 * measure never happens wants none; *never says how many those are. */
uint32_t precision_wanting(const struct precision *precision, struct result_store *store, uint32_t points,
                           bool *wanting, uint32_t *never, GError **error);

#endif
