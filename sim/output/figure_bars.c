/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_bars.c - means as bars with their confidence intervals: a bar for each method, in a bundle for each
 * value of the axis that was swept first. Where nothing was swept there is one bundle. Intervals are drawn as
 * vectors: gnuplot's error bars erase what is around their middle.
 */
#include "sim/output/figure_means.h"

#include <math.h>

#define BUNDLES_MOST 12
#define BUNDLE_WIDTH 0.8 /* of the distance between two */

static void draw_panel(struct figure_canvas *canvas, const struct mean_grid *grid, const struct mean_row *row,
                       unsigned column)
{
    guint count = grid->plan->series->len;
    unsigned block = row->first_block + column * count;
    double width = (grid->plan->x == NULL ? 0.6 : BUNDLE_WIDTH) / count;
    bool first = true;

    for (guint s = 0; s < count; s++) {
        double shift = (s + 0.5 - count / 2.0) * width;
        if (!mean_grid_has_any(grid, row, column, s, false))
            continue;
        g_string_append_printf(canvas->script,
                               "%s'%s.dat' index %u using ($1%+.5g):2:(%.5g) with boxes %s lw 0.6 notitle",
                               first ? "    plot " : ", \\\n        ", canvas->name, block + s, shift,
                               0.9 * width, script_fill_of_series(s));
        first = false;
    }
    for (guint s = 0; s < count; s++)
        if (mean_grid_has_any(grid, row, column, s, true))
            g_string_append_printf(
                canvas->script,
                ", \\\n        '%s.dat' index %u using ($1%+.5g):3:(0):($4-$3) with vectors heads "
                "size %.5g,90 lc rgb 'black' lw 1 notitle",
                canvas->name, block + s, (s + 0.5 - count / 2.0) * width, 0.2 * width);
    g_string_append(canvas->script, first ? "    plot NaN notitle\n" : "\n");
}

bool figure_bars(struct figure_task *task, GError **error)
{
    struct measure_name measures[FIGURE_MEASURES_MAX];
    const struct figure_rows *rows;
    unsigned count;

    if (!figure_task_measures(task, "mobile_messages,mobile_octets", measures, &count, &rows, error))
        return false;
    struct figure_plan *plan = figure_plan_new(rows, PLAN_FIRST, task->options);
    canvas_choose_width(task->canvas, plan->panels == NULL ? 1 : plan->panels->count);
    struct mean_grid *grid =
        mean_grid_new(task, plan, measures, count, BUNDLES_MOST, canvas_panels_fitting(task->canvas), error);
    if (grid != NULL) {
        mean_grid_draw(task->canvas, grid, MEANS_AT_RANKS, LEGEND_BOX, draw_panel);
        mean_grid_free(grid);
        figure_plan_note(plan, task->note);
    }
    figure_plan_free(plan);
    return grid != NULL;
}
