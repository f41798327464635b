/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_outage.c - the empirical distribution function of the outage or another measure: a curve for each
 * method.
 *
 * Handovers at different places of the sweep are different experiments, so they are not thrown together:
 * there is a panel for each of some values of the axis across, and a second axis is held at the value in
 * its middle. Here each row counts, not the mean of a replication. A row of panels for each measure.
 */
#include "sim/output/figure_plan.h"

#include <math.h>
#include <string.h>

#define PANELS_MOST 4

struct cdf_row {
    const struct measure_name *measure;
    double *values;          /* by row of the table */
    double scale, low, high; /* what is shown, in the unit */
    const char *unit;
};

struct cdf {
    const struct figure_plan *plan;
    unsigned count, x[PANELS_MOST];
    unsigned held; /* value of the second axis */
    unsigned row_count;
    struct cdf_row rows[FIGURE_MEASURES_MAX];
};

/* The sorted values of one curve, as the table has them. NULL: none. Free with g_free. */
static double *collect(const struct cdf *cdf, const struct cdf_row *row, guint series, unsigned panel,
                       size_t *count)
{
    const struct group *group =
        figure_plan_group(cdf->plan, cdf->plan->series->pdata[series], cdf->x[panel], cdf->held);

    *count = 0;
    if (group == NULL)
        return NULL;
    double *values = g_new(double, group->rows->len);
    for (guint i = 0; i < group->rows->len; i++) {
        double value = row->values[g_array_index(group->rows, size_t, i)];
        if (!isnan(value))
            values[(*count)++] = value;
    }
    samples_sort(values, *count);
    return values;
}

/* The range of all curves; false if there are none. */
static bool find_range(const struct cdf *cdf, struct cdf_row *row)
{
    double low = INFINITY, high = -INFINITY;

    for (unsigned i = 0; i < cdf->count; i++)
        for (guint s = 0; s < cdf->plan->series->len; s++) {
            size_t count;
            double *values = collect(cdf, row, s, i, &count);
            if (count > 0) {
                low = fmin(low, values[0]);
                high = fmax(high, values[count - 1]);
            }
            g_free(values);
        }
    if (!isfinite(low))
        return false;
    row->scale = 1;
    row->unit = "";
    if (row->measure->column->kind == CELL_TIME)
        row->unit = figure_duration_unit(high, &row->scale);
    double room = fmax(0.04 * (high - low), 0.01 * fabs(high)) * row->scale;
    row->low = low >= 0 ? fmax(low * row->scale - room, 0) : low * row->scale - room;
    row->high = high * row->scale + room;
    if (row->high <= row->low)
        row->high = row->low + 1;
    return true;
}

/* A curve begins at the left edge at 0 and ends at the right one at 1. */
static void write_curve(struct figure_canvas *canvas, const struct cdf_row *row, const double *values,
                        size_t count)
{
    struct cdf_step *steps = g_new(struct cdf_step, count);
    size_t step_count = samples_cdf(values, count, steps);

    g_string_append_printf(canvas->data, "%.10g 0\n", row->low);
    for (size_t i = 0; i < step_count; i++)
        g_string_append_printf(canvas->data, "%.10g %.10g\n", steps[i].value * row->scale, steps[i].share);
    g_string_append_printf(canvas->data, "%.10g 1\n", row->high);
    g_free(steps);
}

static void put_curves(struct figure_canvas *canvas, const struct cdf *cdf, const struct cdf_row *row,
                       unsigned panel)
{
    const struct figure_plan *plan = cdf->plan;
    bool first = true;

    for (guint s = 0; s < plan->series->len; s++) {
        const struct figure_series *series = plan->series->pdata[s];
        size_t count;
        double *values = collect(cdf, row, s, panel, &count);
        if (count > 0) {
            char *what = g_strdup_printf(
                "%s%s%s, share of %zu %s: %s%s%s%s%s", row->measure->column->name,
                *row->unit == '\0' ? "" : " in ", row->unit, count, figure_rows_noun(row->measure->table),
                series->name, plan->x == NULL ? "" : ": ", plan->x == NULL ? "" : plan->x->label,
                plan->x == NULL ? "" : " ", plan->x == NULL ? "" : plan->x->texts[cdf->x[panel]]);
            unsigned block = data_begin(canvas, what);
            g_free(what);
            write_curve(canvas, row, values, count);
            g_string_append_printf(canvas->script, "%s'%s.dat' index %u using 1:2 with steps ls %u notitle",
                                   first ? "    plot " : ", \\\n        ", canvas->name, block, s + 1);
            first = false;
        }
        g_free(values);
    }
    g_string_append(canvas->script, first ? "    plot NaN notitle\n" : "\n");
}

static void put_headings(struct figure_canvas *canvas, const struct cdf *cdf, const struct panel_grid *panels)
{
    const struct figure_plan *plan = cdf->plan;
    GString *heading = g_string_new(NULL);
    double top = panel_grid_top(canvas, panels, 0), right = canvas->width - panels->right;

    if (plan->x != NULL)
        g_string_append(heading, plan->x->label);
    if (plan->panels != NULL) {
        char *label = g_strdup(plan->panels->label);
        figure_label_lower(label);
        g_string_append_printf(heading, "; %s: %s", label, plan->panels->texts[cdf->held]);
        g_free(label);
    }
    if (plan->x != NULL)
        script_put_text(canvas, heading->str, (panels->left + right) / 2, top + 30);
    for (unsigned i = 0; plan->x != NULL && i < cdf->count; i++)
        script_put_fitting(canvas, plan->x->texts[cdf->x[i]],
                           panel_grid_left(panels, i) + panels->panel_width / 2, top + 12,
                           panels->panel_width + panels->column_gap - 6);
    g_string_free(heading, TRUE);
}

static void put_row(struct figure_canvas *canvas, const struct cdf *cdf, const struct panel_grid *panels,
                    unsigned r)
{
    const struct cdf_row *row = &cdf->rows[r];
    double top = panel_grid_top(canvas, panels, r), bottom = top - panels->panel_height;
    char *name = measure_name_label(row->measure), *label = figure_label_with_unit(name, row->unit),
         *side = g_strdup_printf("Share of %s", figure_rows_noun(row->measure->table));

    script_put_text(canvas, label, (panels->left + canvas->width - panels->right) / 2, bottom - 43);
    script_put_side_text(canvas, side, 11, (top + bottom) / 2, panels->panel_height + panels->row_gap);
    script_append(canvas, "set xrange [%.10g:%.10g]; set yrange [0:1.02]", row->low, row->high);
    script_append(canvas,
                  "set xtics out nomirror scale tic_scale offset 0,tic_shift %.10g; set format x '%%g'",
                  script_tic_step(row->high - row->low, script_tics_across(panels->panel_width, row->high)));
    script_append(canvas, "set ytics out nomirror scale tic_scale 0.25; set format y '%%g'");
    for (unsigned i = 0; i < cdf->count; i++) {
        panel_grid_enter(canvas, panels, r, i);
        put_curves(canvas, cdf, row, i);
        script_append(canvas, "unset label; set format y ''");
    }
    g_free(side);
    g_free(label);
    g_free(name);
}

static void draw(struct figure_canvas *canvas, const struct cdf *cdf)
{
    const struct figure_plan *plan = cdf->plan;
    struct legend_entry *legend = figure_plan_legend(plan, LEGEND_LINE);
    canvas_widen_for_legend(canvas, legend, plan->series->len);
    double overhang = 0;
    for (unsigned r = 0; r < cdf->row_count; r++)
        overhang = fmax(overhang, script_number_width(cdf->rows[r].high) / 2);
    struct panel_grid panels = {.columns = cdf->count,
                                .rows = cdf->row_count,
                                .left = 24 + text_width("0.75") + 12,
                                .right = fmax(18, overhang),
                                .bottom = 54,
                                .top = script_legend_height(canvas, legend, plan->series->len) +
                                       (plan->x == NULL ? 6 : 44),
                                .column_gap = fmax(20, overhang + 6),
                                .row_gap = 68};

    canvas_lay_out(canvas, &panels, cdf->count == 1 ? 0.52 : 0.95);
    script_define_styles(canvas, plan->series->len);
    script_put_legend(canvas, legend, plan->series->len);
    g_free(legend);
    put_headings(canvas, cdf, &panels);
    script_append(canvas, "set border 3 lw 0.8; set grid ytics lt 1 lc rgb '#dddddd' lw 0.6; set grid back");
    for (unsigned r = 0; r < cdf->row_count; r++)
        put_row(canvas, cdf, &panels, r);
}

/* Takes the values of measures that were measured at all. */
static void find_rows(struct figure_task *task, struct cdf *cdf, const struct measure_name *measures,
                      double **values, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        struct cdf_row *row = &cdf->rows[cdf->row_count];
        row->measure = &measures[i];
        row->values = values[i];
        if (find_range(cdf, row)) {
            cdf->row_count++;
            values[i] = NULL;
            continue;
        }
        g_string_append_printf(task->note, "no %s was measured%s\n", measures[i].column->name,
                               strcmp(measures[i].column->name, "outage") == 0
                                   ? ": no flow delivered packets to the mobile node before and after a move"
                                   : "");
    }
}

bool figure_outage_cdf(struct figure_task *task, GError **error)
{
    struct measure_name measures[FIGURE_MEASURES_MAX];
    const struct figure_rows *rows;
    unsigned count;

    if (!figure_task_measures(task, "outage", measures, &count, &rows, error))
        return false;
    struct figure_plan *plan = figure_plan_new(rows, PLAN_LONGEST, task->options);
    struct cdf cdf = {.plan = plan, .count = 1};
    if (plan->x != NULL) {
        canvas_choose_width(task->canvas, plan->x->count);
        cdf.count = figure_pick(plan->x->count, MIN(PANELS_MOST, canvas_panels_fitting(task->canvas)), cdf.x);
    }
    if (plan->panels != NULL)
        cdf.held = plan->panels->count / 2;
    double *values[FIGURE_MEASURES_MAX] = {NULL};
    bool good = true;
    for (unsigned i = 0; good && i < count; i++) {
        values[i] = figure_rows_values(rows, measures[i].column->name, error);
        good = values[i] != NULL;
    }
    if (good) {
        figure_plan_select(plan, values, count);
        find_rows(task, &cdf, measures, values, count);
    }
    good = good && cdf.row_count > 0;
    if (good) {
        draw(task->canvas, &cdf);
        figure_plan_note(plan, task->note);
    }
    for (unsigned i = 0; i < cdf.row_count; i++)
        g_free(cdf.rows[i].values);
    for (unsigned i = 0; i < count; i++)
        g_free(values[i]);
    figure_plan_free(plan);
    return good;
}
