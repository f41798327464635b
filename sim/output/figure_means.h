/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_means.h - means and their 95 % confidence intervals in a grid of panels: a row for each measure, a
 * column for each value of the second axis. Private to the figures that show them (curves, bars).
 *
 * The panels of a row share their scale, which begins at 0, so that lengths on paper compare as the values
 * do.
 */
#ifndef MIP6SIM_SIM_OUTPUT_FIGURE_MEANS_H
#define MIP6SIM_SIM_OUTPUT_FIGURE_MEANS_H

#include "sim/output/figure_plan.h"

#define FIGURE_CONFIDENCE 0.95

struct mean {
    double mean, half_width; /* in the row's unit; half_width NAN: there is no interval */
    size_t count;            /* observations; 0: no mean */
};

struct mean_row {
    const char *column; /* of the table */
    char *label;        /* "Outage (ms)" */
    const char *unit;   /* "" */
    double scale;       /* from seconds, or pieces */
    double low, top;    /* the least mean, the highest end of an interval */
    struct mean *cells;
    unsigned first_block; /* of the numbers, series by series within column by column */
};

struct mean_grid {
    const struct figure_plan *plan;
    unsigned columns, *panels; /* which values of the second axis; 1 where there is none */
    unsigned x_count, *x;      /* which values across; 1 where there is no axis */
    unsigned row_count;
    struct mean_row rows[FIGURE_MEASURES_MAX];
};

/*
 * Selects the plan's series. Of at most so many values across and in panels, evenly picked. What was left out
 * is noted. NULL: nothing was measured (noted), or error. Free with mean_grid_free.
 */
struct mean_grid *mean_grid_new(struct figure_task *task, struct figure_plan *plan,
                                const struct measure_name *measures, unsigned measure_count,
                                unsigned most_across, unsigned most_panels, GError **error);
void mean_grid_free(struct mean_grid *grid);
/* x: place among those picked. */
const struct mean *mean_grid_at(const struct mean_grid *grid, const struct mean_row *row, unsigned column,
                                unsigned series, unsigned x);

/* Has the series a mean, or one with an interval, in the panel? gnuplot complains of blocks in which there is
 * nothing that it could draw. */
bool mean_grid_has_any(const struct mean_grid *grid, const struct mean_row *row, unsigned column,
                       unsigned series, bool with_interval);

/* Appends to the script one panel's commands; the axes have been set but for xtics, xrange. */
typedef void mean_panel_function(struct figure_canvas *canvas, const struct mean_grid *grid,
                                 const struct mean_row *row, unsigned column);

/* How the values across stand on the axis. */
enum mean_places {
    MEANS_AT_VALUES, /* categories: 1, 2, ... */
    MEANS_AT_RANKS,  /* always 1, 2, ... */
};

/* Writes the numbers: value across, mean, lower end, upper end, observations; lays out and draws. */
void mean_grid_draw(struct figure_canvas *canvas, struct mean_grid *grid, enum mean_places places,
                    enum legend_sample sample, mean_panel_function *panel);

#endif
