/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_offset.c - outage against the offset between two moves: a swept duration that is negative in part.
 *
 * A panel for each mobile node, one above the other, so that both directions of what the two say to each
 * other are seen at the same offset; a line for each method, and a band where its mean probably is. Moves are
 * not told apart: each node has its own.
 */
#include "sim/output/figure_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CONFIDENCE 0.95
#define NODES_MOST 3 /* of more the nodes are thrown together */

struct panels {
    const struct handovers *handovers;
    GPtrArray *nodes; /* const char *; NULL: all of them */
    double scale;     /* of the outages */
    double top;
    const char *unit;
};

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *find_nodes(const struct handovers *handovers)
{
    GPtrArray *nodes = g_ptr_array_new();
    for (size_t row = 0; row < handovers->count && nodes->len <= NODES_MOST; row++) {
        const char *node = handovers_text(handovers, row, COLUMN_NODE);
        if (!isnan(handovers->numbers[COLUMN_OUTAGE][row]) &&
            !g_ptr_array_find_with_equal_func(nodes, node, g_str_equal, NULL))
            g_ptr_array_add(nodes, (gpointer)node);
    }
    g_ptr_array_sort(nodes, compare_names);
    if (nodes->len > NODES_MOST) {
        g_ptr_array_set_size(nodes, 0);
        g_ptr_array_add(nodes, NULL);
    }
    return nodes;
}

static int compare_rows(const void *a, const void *b)
{
    size_t left = *(const size_t *)a, right = *(const size_t *)b;
    return (left > right) - (left < right);
}

static struct statistics observe(const struct figure_plan *plan, const struct figure_series *series,
                                 unsigned x, const struct panels *panels, const char *node)
{
    struct statistics statistics = {0};
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(size_t));
    figure_plan_rows(plan, series, x, rows);
    guint kept = 0;
    for (guint i = 0; i < rows->len; i++) {
        size_t row = g_array_index(rows, size_t, i);
        if (!node || strcmp(handovers_text(panels->handovers, row, COLUMN_NODE), node) == 0)
            g_array_index(rows, size_t, kept++) = row;
    }
    g_array_set_size(rows, kept);
    g_array_sort(rows, compare_rows);
    handovers_observe(panels->handovers, (const void *)rows->data, rows->len, COLUMN_OUTAGE, &statistics);
    g_array_free(rows, TRUE);
    return statistics;
}

static double find_top(const struct figure_plan *plan, const struct panels *panels)
{
    double top = -1;
    for (guint p = 0; p < panels->nodes->len; p++)
        for (guint s = 0; s < plan->series->len; s++)
            for (unsigned x = 0; x < plan->x->count; x++) {
                struct statistics statistics =
                    observe(plan, plan->series->pdata[s], x, panels, panels->nodes->pdata[p]);
                double half_width = statistics_half_width(&statistics, CONFIDENCE);
                if (statistics.count > 0)
                    top = fmax(top, statistics_mean(&statistics) + (isnan(half_width) ? 0 : half_width));
            }
    return top;
}

/* A block of numbers; whether it has any, and whether there is a band around its line. */
static unsigned write_block(struct figure_canvas *canvas, const struct figure_plan *plan,
                            const struct figure_series *series, const char *node, const struct panels *panels,
                            bool *line, bool *band)
{
    char *what = g_strdup_printf("outage of what is sent to %s, in %s: %s", node ? node : "mobile nodes",
                                 panels->unit, series->name);
    unsigned block = data_begin(canvas, what);
    g_free(what);
    g_string_append(canvas->data, "# ");
    data_append_remark(canvas, plan->x->label);
    g_string_append_printf(
        canvas->data, " in %s, mean, lower and upper end of its 95 %% confidence interval, observations\n",
        plan->x->unit);
    *line = *band = false;
    for (unsigned x = 0; x < plan->x->count; x++) {
        struct statistics statistics = observe(plan, series, x, panels, node);
        double mean = statistics_mean(&statistics) * panels->scale;
        double half_width = statistics_half_width(&statistics, CONFIDENCE) * panels->scale;
        if (statistics.count == 0)
            continue;
        g_string_append_printf(canvas->data, "%.10g %.10g ", plan->x->values[x], mean);
        if (isnan(half_width))
            g_string_append(canvas->data, "? ? ");
        else
            g_string_append_printf(canvas->data, "%.10g %.10g ", fmax(mean - half_width, 0),
                                   mean + half_width);
        g_string_append_printf(canvas->data, "%zu\n", statistics.count);
        *line = true;
        *band |= !isnan(half_width);
    }
    if (!*line) /* a block counts only if there is a line in it */
        g_string_append(canvas->data, "? ? ? ? ?\n");
    return block;
}

static void put_lines(struct figure_canvas *canvas, const struct figure_plan *plan,
                      const struct panels *panels, const char *node)
{
    GString *bands = g_string_new(NULL), *lines = g_string_new(NULL);
    for (guint s = 0; s < plan->series->len; s++) {
        bool line, band;
        unsigned block = write_block(canvas, plan, plan->series->pdata[s], node, panels, &line, &band);
        if (band)
            g_string_append_printf(bands,
                                   "%s'%s.dat' index %u using 1:3:4 with filledcurves ls %u fs "
                                   "transparent solid 0.2 noborder notitle",
                                   bands->len ? ", \\\n        " : "", canvas->name, block, s + 1);
        if (line)
            g_string_append_printf(lines, "%s'%s.dat' index %u using 1:2 with lines ls %u notitle",
                                   lines->len ? ", \\\n        " : "", canvas->name, block, s + 1);
    }
    g_string_append_printf(canvas->script, "    plot %s%s%s\n", bands->str,
                           bands->len && lines->len ? ", \\\n        " : "",
                           lines->len ? lines->str : "NaN notitle");
    g_string_free(bands, TRUE);
    g_string_free(lines, TRUE);
}

static void draw(struct figure_canvas *canvas, const struct figure_plan *plan, const struct panels *panels)
{
    const struct figure_axis *x = plan->x;
    double low = x->values[0], high = x->values[x->count - 1];
    guint count = panels->nodes->len;
    struct legend_entry *legend = figure_plan_legend(plan, LEGEND_LINE);
    canvas_widen_for_legend(canvas, legend, plan->series->len);
    double step = script_tic_step(panels->top, 5);
    struct panel_grid grid = {.columns = 1,
                              .rows = count,
                              .left = 24 + script_tic_width(0, panels->top, step) + 12,
                              .right = 24,
                              .bottom = 54,
                              .top = script_legend_height(canvas, legend, plan->series->len) + 24,
                              .row_gap = 32};

    canvas_lay_out(canvas, &grid, count == 1 ? 0.52 : 0.36);
    double middle = grid.left + grid.panel_width / 2;
    script_define_styles(canvas, plan->series->len);
    script_put_legend(canvas, legend, plan->series->len);
    g_free(legend);
    char *label = figure_label_with_unit(x->label, x->unit);
    script_put_text(canvas, label, middle, 11);
    g_free(label);
    label = figure_label_with_unit("Outage", panels->unit);
    script_put_side_text(canvas, label, 11, (grid.bottom + canvas->height - grid.top) / 2, canvas->height);
    g_free(label);
    script_append(canvas, "set border 3 lw 0.8; set grid ytics lt 1 lc rgb '#dddddd' lw 0.6; set grid back");
    script_append(canvas, "set xrange [%.10g:%.10g]; set yrange [0:%.10g]", low, high, panels->top);
    script_append(canvas, "set ytics out nomirror scale tic_scale %.10g; set format y '%%g'", step);
    script_append(canvas,
                  "set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb '#888888' lw 0.8 dt (4,4) back");
    for (guint p = 0; p < count; p++) {
        const char *node = panels->nodes->pdata[p];
        panel_grid_enter(canvas, &grid, p, 0);
        script_append(canvas,
                      "set xtics out nomirror scale tic_scale offset 0,tic_shift %.10g; set format x '%s'",
                      script_tic_step(high - low, script_tics_across(grid.panel_width, high - low)),
                      p + 1 == count ? "%g" : "");
        label = node ? g_strdup_printf("What is sent to %s", node) : g_strdup("What is sent to mobile nodes");
        script_put_text(canvas, label, middle, panel_grid_top(canvas, &grid, p) + 11);
        g_free(label);
        put_lines(canvas, plan, panels, node);
        script_append(canvas, "unset label");
    }
    script_append(canvas, "unset arrow 1");
}

static bool fill(const struct handovers *handovers, const struct figure_plan *plan,
                 struct figure_canvas *canvas, GString *note)
{
    struct panels panels = {.handovers = handovers, .nodes = find_nodes(handovers)};
    double top = find_top(plan, &panels);
    bool good = panels.nodes->len > 0 && top >= 0;
    if (good) {
        panels.unit = figure_duration_unit(top, &panels.scale);
        panels.top = top > 0 ? top * panels.scale * 1.08 : 1;
        draw(canvas, plan, &panels);
        figure_plan_note(plan, note);
    } else {
        g_string_append(note,
                        "no outage was measured: no flow delivered packets to the mobile node before and "
                        "after a move\n");
    }
    g_ptr_array_free(panels.nodes, TRUE);
    return good;
}

bool figure_outage_offset(struct figure_task *task, GError **error)
{
    const struct figure_rows *rows = figure_results_rows(task->results, TABLE_HANDOVERS, error);
    struct figure_plan *plan = figure_plan_new(rows, PLAN_OFFSET, task->options);

    if (!plan) {
        g_string_append(task->note, "no offset was swept: a duration that is negative in part\n");
        return false;
    }
    const struct handovers *handovers = figure_results_handovers(task->results);
    figure_plan_select(plan, &handovers->numbers[COLUMN_OUTAGE], 1);
    bool good = fill(handovers, plan, task->canvas, task->note);
    figure_plan_free(plan);
    return good;
}
