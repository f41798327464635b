/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_latency.c - means against a swept axis, with bands where they probably are; error bars where the
 * axis has no order.
 */
#include "sim/output/figure_means.h"

#include <math.h>

#define POINTS_MOST 16 /* on a curve; of more values only some have one */

static void draw_panel(struct figure_canvas *canvas, const struct mean_grid *grid, const struct mean_row *row,
                       unsigned column)
{
    guint count = grid->plan->series->len;
    unsigned block = row->first_block + column * count;
    bool ordered = grid->plan->x->kind != SCALE_CATEGORY, first = true;

    /* All intervals first: what is drawn later must not cut holes into the points. */
    for (guint s = 0; s < count; s++) {
        if (!mean_grid_has_any(grid, row, column, s, true))
            continue;
        g_string_append_printf(canvas->script,
                               first ? "    plot '%s.dat' index %u using "
                                     : ", \\\n        '%s.dat' index %u using ",
                               canvas->name, block + s);
        if (ordered)
            g_string_append_printf(canvas->script,
                                   "1:3:4 with filledcurves ls %u fs transparent solid 0.2 noborder notitle",
                                   s + 1);
        else
            g_string_append_printf(
                canvas->script, "1:3:(0):($4-$3) with vectors heads size 0.05,90 ls %u lw 1.2 dt 1 notitle",
                s + 1);
        first = false;
    }
    for (guint s = 0; s < count; s++)
        if (mean_grid_has_any(grid, row, column, s, false)) {
            g_string_append_printf(
                canvas->script, "%s'%s.dat' index %u using 1:2 with %s ls %u pi %u notitle",
                first ? "    plot " : ", \\\n        ", canvas->name, block + s,
                ordered ? "linespoints" : "points", s + 1, ordered ? 1 + grid->x_count / POINTS_MOST : 1);
            first = false;
        }
    g_string_append(canvas->script, first ? "    plot NaN notitle\n" : "\n");
}

static bool draw(struct figure_task *task, struct figure_plan *plan, const struct measure_name *measures,
                 unsigned count, GError **error)
{
    if (plan->x == NULL) {
        g_string_append(task->note, "nothing was swept that could be drawn across\n");
        return false;
    }
    canvas_choose_width(task->canvas, plan->panels == NULL ? 1 : plan->panels->count);
    struct mean_grid *grid =
        mean_grid_new(task, plan, measures, count, G_MAXUINT, canvas_panels_fitting(task->canvas), error);
    if (grid == NULL)
        return false;
    mean_grid_draw(task->canvas, grid, MEANS_AT_VALUES,
                   plan->x->kind == SCALE_CATEGORY ? LEGEND_POINTS : LEGEND_LINE_POINTS, draw_panel);
    mean_grid_free(grid);
    figure_plan_note(plan, task->note);
    return true;
}

bool figure_latency(struct figure_task *task, GError **error)
{
    struct measure_name measures[FIGURE_MEASURES_MAX];
    const struct figure_rows *rows;
    unsigned count;

    if (!figure_task_measures(task, "binding_latency,outage", measures, &count, &rows, error))
        return false;
    struct figure_plan *plan = figure_plan_new(rows, PLAN_LONGEST, task->options);
    bool good = draw(task, plan, measures, count, error);
    figure_plan_free(plan);
    return good;
}
