/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_plan.h - which dimension of the results goes where in a figure. Private to the figures.
 *
 * The axis across is the swept axis with the most values that are durations, or else numbers, or else
 * anything (then as categories); or the first that was swept. A second axis gives panels. Every other
 * dimension, the method first of all, tells series apart: one series for each combination of levels that
 * occurs. Numbers may have a unit, the same in all values ("36km/h", "5%"). An axis that changes only with
 * the one across, or with the panels', tells nothing (a zipped one).
 */
#ifndef MIP6SIM_SIM_OUTPUT_FIGURE_PLAN_H
#define MIP6SIM_SIM_OUTPUT_FIGURE_PLAN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/output/figure.h"
#include "sim/output/figure_canvas.h"
#include "sim/output/handovers.h"

enum scale_kind {
    SCALE_CATEGORY,
    SCALE_NUMBER,
    SCALE_DURATION,
};

/* Rows of a table of results, in groups. */
struct figure_rows {
    const struct csv_table *csv;
    const double *replications;  /* by row */
    const GPtrArray *dimensions; /* struct dimension * */
    const GPtrArray *groups;     /* struct group * */
};

/* The rows of a table of measurements; borrowed. NULL without `error`: the scenario has nothing for it.
 */
const struct figure_rows *figure_results_rows(struct figure_results *results, enum result_table table,
                                              GError **error);
/* "handovers", "flows": what the rows are. */
const char *figure_rows_noun(enum result_table table);
/* A measure's numbers by row; NAN: empty. NULL and `error`: damaged. Free with g_free. */
double *figure_rows_values(const struct figure_rows *rows, const char *column, GError **error);

struct figure_axis {
    unsigned dimension; /* index */
    enum scale_kind kind;
    unsigned count; /* values, ascending; categories as they appear */
    uint32_t *levels;
    double *values; /* in the unit; categories 1, 2, ... */
    char **texts;   /* "10 ms" */
    char *label;    /* "Delay of ha-core" */
    char *unit;     /* "ms"; "" */
};

struct figure_series {
    uint32_t *levels; /* by dimension; of x and panels meaningless */
    char *name;
};

struct figure_plan {
    const struct figure_rows *rows;
    const struct figure_options *options;
    struct figure_axis *x, *panels; /* NULL: none */
    bool *ignored;                  /* by dimension: it does not tell series apart */
    GPtrArray *series;              /* struct figure_series *: all, and once selected those that are drawn */
    unsigned series_left_out;
    const struct dimension *together; /* told no series apart, for there were too many; NULL */
    GPtrArray *groups;  /* struct group *: the rows', put together where they differ by what is ignored */
    GHashTable *by_key; /* private: the same */
};

enum plan_kind {
    PLAN_LONGEST, /* across: the axis with the most values; panels: of durations or numbers */
    PLAN_FIRST,   /* across: the axis that was swept first; panels: any */
    PLAN_PLANE,   /* as PLAN_LONGEST, but panels: any */
    PLAN_OFFSET,  /* across: a swept duration that is negative in part; no panels; moves are not told apart */
};

/* `rows` and `options` are borrowed. NULL: there is no offset (PLAN_OFFSET). */
struct figure_plan *figure_plan_new(const struct figure_rows *rows, enum plan_kind kind,
                                    const struct figure_options *options);
/*
 * Leaves out series whose rows have none of these values (by row; NAN: none). If there are more than can be
 * told apart, moves (flows, attacks) are put together; and if there are still, only the first stay.
 */
void figure_plan_select(struct figure_plan *plan, double *const *values, unsigned count);
/* Nothing across, no panels, no series yet: for figures that group rows in their own way. */
struct figure_plan *figure_plan_new_empty(void);
void figure_plan_free(struct figure_plan *plan);
/* Tells in `note` which series are left out, if any. */
void figure_plan_note(const struct figure_plan *plan, GString *note);

/*
 * The rows of a series at the x-th value across in a panel (ignored where the plan has no such axis).
 * NULL: there are none.
 */
const struct group *figure_plan_group(const struct figure_plan *plan, const struct figure_series *series,
                                      unsigned x, unsigned panel);

/* Appends the rows (size_t) of a series at the x-th value across, in whatever panel; not sorted. */
void figure_plan_rows(const struct figure_plan *plan, const struct figure_series *series, unsigned x,
                      GArray *rows);

/* The series as entries of a legend; borrows the names. Free with g_free. */
struct legend_entry *figure_plan_legend(const struct figure_plan *plan, enum legend_sample sample);

/* What a level of the sweep is: seconds, a plain number or per cent, or nothing of the kind. */
enum scale_kind figure_level_value(const char *level, double *value);
/* What to call an axis: as options say, or made of its name. Free with g_free. */
char *figure_axis_label(const char *name, const struct figure_options *options);
/* "Static key (RFC 4449)" */
const char *figure_method_name(const char *method);
/* "Delay of ha-core (ms)". Free with g_free. */
char *figure_label_with_unit(const char *label, const char *unit);

/* Makes a label fit for the middle of a sentence, unless it begins with an abbreviation. */
void figure_label_lower(char *label);

/* Picks at most `most` of `count` things, evenly, the first and the last among them, into `picked`.
 * Returns how many. */
unsigned figure_pick(unsigned count, unsigned most, unsigned *picked);

/* The unit in which durations up to `most` seconds are shown: "ms", or "s" from 10 s; their scale. */
const char *figure_duration_unit(double most, double *scale);

/* What a figure_function is to do. */
struct figure_task {
    const struct figure *figure;
    struct figure_results *results;
    const struct figure_options *options;
    struct figure_canvas *canvas; /* as wide as a column, nothing in it */
    GString *note;
};

figure_function figure_latency, figure_outage_cdf, figure_phases, figure_bars, figure_heat_map,
    figure_handover, figure_outage_offset, figure_acceptance, figure_astray;

/* The measures that a figure shows, as asked for or else its own, and the rows that they are of. False: there
 * is no such table, which is noted, or error. */
bool figure_task_measures(struct figure_task *task, const char *own,
                          struct measure_name measures[FIGURE_MEASURES_MAX], unsigned *count,
                          const struct figure_rows **rows, GError **error);

#endif
