/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * study.h - what an experiment is made from: a scenario, its sweep, a seed, a version of the program. All
 * that its results need to be read without the scenario's files.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_STUDY_H
#define MIP6SIM_SIM_EXPERIMENT_STUDY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/experiment/run_result.h"
#include "sim/scenario/scenario.h"

/* An axis of the sweep. */
struct study_axis {
    char *section;
    char *key;
};

struct study {
    char *version; /* of the program */
    char *digest;  /* of what the scenario's files say (scenario_source_digest) */
    char *title;
    char *file; /* the scenario's name without its directory */
    char *json; /* all its parameters, as in run.json */
    uint64_t seed;
    uint32_t axis_count;
    uint32_t point_count;
    struct study_axis *axes;
    char **values;                  /* point * axis_count + axis */
    bool table_wanted[TABLE_COUNT]; /* a table that can have no rows is not written */
};

struct study *study_new(const struct scenario_source *source, const struct scenario *scenario, uint64_t seed);
void study_free(struct study *study); /* NULL is harmless */

/* The same axes with the same values? */
bool study_same_points(const struct study *a, const struct study *b);
/* What keeps the results of one from being those of the other: "of another seed", ...; NULL: nothing. */
const char *study_difference(const struct study *a, const struct study *b);

/* 'section / key'. Free with g_free. */
char *study_axis_name(const struct study *study, uint32_t axis);
static inline const char *study_value(const struct study *study, uint32_t point, uint32_t axis)
{
    return study->values[(size_t)point * study->axis_count + axis];
}

#endif
