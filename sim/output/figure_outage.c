/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_outage.c - the empirical distribution function of the outage: a curve for each method.
 *
 * Handovers at different places of the sweep are different experiments, so they are not thrown together:
 * there is a panel for each of some values of the axis across, and a second axis is held at the value in
 * its middle. Here each handover counts, not the mean of a replication.
 */
#include "sim/output/figure_plan.h"

#include <math.h>

#define PANELS_MOST   4
#define MARGIN_LEFT   75
#define MARGIN_RIGHT  25
#define MARGIN_BOTTOM 64
#define PANEL_HEIGHT  220
#define COLUMN_GAP    26

struct panels {
    unsigned count;
    unsigned x[PANELS_MOST];
    unsigned held;    /* value of the second axis */
    double low, high; /* what is shown, in the unit */
    double scale;
    const char *unit;
};

/* The sorted outages, in seconds, of one curve. Free with g_free. */
static double *collect(const struct figure_plan *plan, const struct figure_series *series, unsigned x,
                       unsigned held, size_t *count)
{
    const struct group *group = figure_plan_group(plan, series, x, held);

    *count = 0;
    if (group == NULL)
        return NULL;
    double *values = g_new(double, group->rows->len);
    for (guint i = 0; i < group->rows->len; i++) {
        double outage = plan->handovers->numbers[COLUMN_OUTAGE][g_array_index(group->rows, size_t, i)];
        if (!isnan(outage))
            values[(*count)++] = outage;
    }
    samples_sort(values, *count);
    return values;
}

/* The range of all curves; false if there are none. */
static bool find_range(const struct figure_plan *plan, struct panels *panels)
{
    double low = INFINITY, high = -INFINITY;

    for (unsigned i = 0; i < panels->count; i++)
        for (guint s = 0; s < plan->series->len; s++) {
            size_t count;
            double *values = collect(plan, plan->series->pdata[s], panels->x[i], panels->held, &count);
            if (count > 0) {
                low = fmin(low, values[0]);
                high = fmax(high, values[count - 1]);
            }
            g_free(values);
        }
    if (!isfinite(low))
        return false;
    panels->scale = high >= 10 ? 1 : 1000;
    panels->unit = high >= 10 ? "s" : "ms";
    double room = fmax(0.04 * (high - low), 0.01 * high) * panels->scale;
    panels->low = fmax(low * panels->scale - room, 0);
    panels->high = high * panels->scale + room;
    if (panels->high <= panels->low)
        panels->high = panels->low + 1;
    return true;
}

/* A curve begins at the left edge at 0 and ends at the right one at 1. */
static void write_curve(struct figure_canvas *canvas, const struct panels *panels, const double *values,
                        size_t count)
{
    struct cdf_step *steps = g_new(struct cdf_step, count);
    size_t step_count = samples_cdf(values, count, steps);

    g_string_append_printf(canvas->data, "%.10g 0\n", panels->low);
    for (size_t i = 0; i < step_count; i++)
        g_string_append_printf(canvas->data, "%.10g %.10g\n", steps[i].value * panels->scale, steps[i].share);
    g_string_append_printf(canvas->data, "%.10g 1\n", panels->high);
    g_free(steps);
}

static void put_curves(struct figure_canvas *canvas, const struct figure_plan *plan,
                       const struct panels *panels, unsigned panel)
{
    bool first = true;

    for (guint s = 0; s < plan->series->len; s++) {
        const struct figure_series *series = plan->series->pdata[s];
        size_t count;
        double *values = collect(plan, series, panels->x[panel], panels->held, &count);
        if (count > 0) {
            char *what = g_strdup_printf("outage in %s, share of %zu handovers: %s: %s %s", panels->unit,
                                         count, series->name, plan->x == NULL ? "" : plan->x->label,
                                         plan->x == NULL ? "" : plan->x->texts[panels->x[panel]]);
            unsigned block = data_begin(canvas, what);
            g_free(what);
            write_curve(canvas, panels, values, count);
            g_string_append_printf(canvas->script,
                                   "%s'outage-cdf.dat' index %u using 1:2 with steps ls %u notitle",
                                   first ? "    plot " : ", \\\n        ", block, s + 1);
            first = false;
        }
        g_free(values);
    }
    g_string_append(canvas->script, first ? "    plot NaN notitle\n" : "\n");
}

static void put_heading(struct figure_canvas *canvas, const struct figure_plan *plan,
                        const struct panels *panels, double y)
{
    GString *heading = g_string_new(NULL);

    if (plan->x != NULL && panels->count > 0)
        g_string_append(heading, plan->x->label);
    if (plan->panels != NULL) {
        char *label = g_strdup(plan->panels->label);
        figure_label_lower(label);
        g_string_append_printf(heading, "; %s: %s", label, plan->panels->texts[panels->held]);
        g_free(label);
    }
    script_put_text(canvas, heading->str, (MARGIN_LEFT + canvas->width - MARGIN_RIGHT) / 2.0, y);
    g_string_free(heading, TRUE);
}

static void draw_panels(struct figure_canvas *canvas, const struct figure_plan *plan,
                        const struct panels *panels)
{
    double width = panels->count == 1 ? 400 : panels->count == 2 ? 270 : panels->count == 3 ? 210 : 172;
    double heading = plan->x == NULL ? 12 : 52;

    canvas->width =
        (unsigned)(MARGIN_LEFT + panels->count * (width + COLUMN_GAP) - COLUMN_GAP + MARGIN_RIGHT);
    script_widen_for_legend(canvas, plan);
    double legend = script_series_legend_height(plan, canvas);
    canvas->height = (unsigned)(legend + heading + PANEL_HEIGHT + MARGIN_BOTTOM);
    double top = canvas->height - legend - heading;

    script_define_styles(canvas, plan);
    script_put_series_legend(canvas, plan, canvas->height, false);
    if (plan->x != NULL)
        put_heading(canvas, plan, panels, top + 38);
    char *label = g_strdup_printf("Outage (%s)", panels->unit);
    script_put_text(canvas, label, (MARGIN_LEFT + canvas->width - MARGIN_RIGHT) / 2.0, 16);
    g_free(label);
    script_append(canvas, "set border 3 lw 0.8; set grid ytics lc rgb '#cccccc' lw 0.6 dt 1");
    script_append(canvas, "set xrange [%.10g:%.10g]; set yrange [0:1.02]", panels->low, panels->high);
    script_append(canvas, "set xtics out nomirror scale 0.6 %.10g; set format x '%%g'",
                  script_tic_step(panels->high - panels->low, width > 300 ? 8 : 4));
    script_append(canvas, "set ytics out nomirror scale 0.6 0.25; set format y '%%g'");
    script_put_side_text(canvas, "Share of handovers", 14, MARGIN_BOTTOM + PANEL_HEIGHT / 2.0);
    for (unsigned i = 0; i < panels->count; i++) {
        double left = MARGIN_LEFT + i * (width + COLUMN_GAP);
        script_set_margins(canvas, left, left + width, MARGIN_BOTTOM, top);
        if (plan->x != NULL)
            script_put_text(canvas, plan->x->texts[panels->x[i]], left + width / 2, top + 14);
        put_curves(canvas, plan, panels, i);
        script_append(canvas, "unset label; set format y ''");
    }
}

static bool fill(const struct figure_plan *plan, struct figure_canvas *canvas, GString *note)
{
    struct panels panels = {.count = 1};

    if (plan->x != NULL)
        panels.count = figure_pick(plan->x->count, PANELS_MOST, panels.x);
    if (plan->panels != NULL)
        panels.held = plan->panels->count / 2;
    if (!find_range(plan, &panels)) {
        g_string_append(
            note,
            "no outage was measured: no flow delivered packets to the mobile node before and after a move\n");
        return false;
    }
    draw_panels(canvas, plan, &panels);
    return true;
}

bool figure_outage_cdf(struct figure_task *task, GError **error)
{
    (void)error;
    struct figure_plan *plan = figure_plan_new(figure_results_handovers(task->results), task->options);
    bool good = fill(plan, task->canvas, task->note);
    if (good)
        figure_plan_note(plan, task->note);
    figure_plan_free(plan);
    return good;
}
