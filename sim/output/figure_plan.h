/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_plan.h - which dimension of the results goes where in a figure; and what scripts are written
 * with. Private to the figures.
 *
 * The axis across is the swept axis with the most values that are durations, or else numbers, or else
 * anything (then as categories). A second axis of durations or numbers gives panels. Every other
 * dimension, the method first of all, tells series apart: one series for each combination of levels that
 * occurs.
 */
#ifndef MIP6SIM_SIM_OUTPUT_FIGURE_PLAN_H
#define MIP6SIM_SIM_OUTPUT_FIGURE_PLAN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/output/figure.h"
#include "sim/output/handovers.h"

#define FIGURE_SERIES_MAX 8 /* more cannot be told apart */
#define FIGURE_PANELS_MAX 5 /* beside each other */

enum scale_kind {
    SCALE_CATEGORY,
    SCALE_NUMBER,
    SCALE_DURATION,
};

struct figure_axis {
    unsigned dimension; /* index */
    enum scale_kind kind;
    unsigned count; /* values, ascending; categories as they appear */
    uint32_t *levels;
    double *values;   /* in the unit; categories 1, 2, ... */
    char **texts;     /* "10 ms" */
    char *label;      /* "Delay of ha-core" */
    const char *unit; /* "ms"; "" */
};

struct figure_series {
    uint32_t *levels; /* by dimension; of x and panels meaningless */
    char *name;
};

struct figure_plan {
    const struct handovers *handovers;
    struct figure_axis *x, *panels; /* NULL: none */
    GPtrArray *series;              /* struct figure_series *: those that are drawn */
    unsigned series_left_out;
    bool any_move; /* the moves are not told apart by series */
};

/* `options` and `handovers` are borrowed. */
struct figure_plan *figure_plan_new(const struct handovers *handovers, const struct figure_options *options);
/* Across goes a swept duration of which some values are negative: an offset. NULL: there is none. */
struct figure_plan *figure_plan_new_offset(const struct handovers *handovers,
                                           const struct figure_options *options);
/* Nothing across, no panels, no series yet: for figures that are not about handovers. */
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

/* What a level of the sweep is: seconds, a plain number or per cent, or nothing of the kind. */
enum scale_kind figure_level_value(const char *level, double *value);
/* What to call an axis: as options say, or made of its name. Free with g_free. */
char *figure_axis_label(const char *name, const struct figure_options *options);
/* "Static key (RFC 4449)" */
const char *figure_method_name(const char *method);

/* Makes a label fit for the middle of a sentence, unless it begins with an abbreviation. */
void figure_label_lower(char *label);

/* Picks at most `most` of `count` things, evenly, the first and the last among them, into `picked`.
 * Returns how many. */
unsigned figure_pick(unsigned count, unsigned most, unsigned *picked);

/* -- figures -- */

/* Points of the screen, before the PNG is made twice as fine. */
struct figure_canvas {
    unsigned width, height;
    GString *script; /* what draws it, between set multiplot and unset multiplot */
    GString *data;
    unsigned blocks; /* of data so far: the next one's index for gnuplot */
};

/* What a figure_function is to do. */
struct figure_task {
    const struct figure *figure;
    struct figure_results *results;
    const struct figure_options *options;
    struct figure_canvas *canvas; /* empty */
    GString *note;
};

figure_function figure_latency, figure_outage_cdf, figure_phases, figure_handover, figure_outage_offset,
    figure_acceptance, figure_astray;

/* -- scripts -- */

/* Appends the text as a gnuplot string, quotes included. */
void script_append_string(GString *script, const char *text);
/* Appends a line; %s as it is. */
G_GNUC_PRINTF(2, 3)
void script_append(struct figure_canvas *canvas, const char *format, ...);

/* A rectangle of the canvas, in its points, from the lower left: what the next plot's axes enclose. */
void script_set_margins(struct figure_canvas *canvas, double left, double right, double bottom, double top);
/* Text centred at a place of the canvas. */
void script_put_text(struct figure_canvas *canvas, const char *text, double x, double y);
/* The same, turned to be read from below upwards. */
void script_put_side_text(struct figure_canvas *canvas, const char *text, double x, double y);
/* Between the marks of an axis, so that there are about `most` at most: 1, 2 or 5 times a power of ten. */
double script_tic_step(double range, unsigned most);
/* The legend of the series, in a plot of its own at `top`, `rows` rows of `script_legend_row_height` each. */
void script_put_series_legend(struct figure_canvas *canvas, const struct figure_plan *plan, double top,
                              bool points);
/* The canvas gets wide enough for the legend's longest name. */
void script_widen_for_legend(struct figure_canvas *canvas, const struct figure_plan *plan);
double script_series_legend_height(const struct figure_plan *plan, const struct figure_canvas *canvas);
/* Line styles 1.. for the series. */
void script_define_styles(struct figure_canvas *canvas, const struct figure_plan *plan);

/* Begins a block of numbers with what it is; returns its index. */
unsigned data_begin(struct figure_canvas *canvas, const char *what);

#endif
