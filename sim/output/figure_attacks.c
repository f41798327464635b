/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_attacks.c - what came of attacks: the share of runs in which each was accepted, against what was
 * swept (the age of a replayed message, a lifetime, a rate); and the octets that it misdirected as time went
 * by.
 *
 * Curves are told apart by attack, method, and the values of those axes of the sweep that are not the one
 * across and say more than the method.
 */
#include "sim/output/figure_plan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/measure/attack.h"

/* A table of results with what all of them have: the columns between these two are the sweep's. */
struct results {
    const struct csv_table *csv; /* borrowed */
    unsigned first_axis, axis_end;
    int attack, title, method; /* columns; title -1: not there */
};

struct point {
    double x, sum;
    size_t count;
};

struct curve {
    GArray *points; /* struct point */
    size_t runs;
};

static void curve_free(gpointer data)
{
    struct curve *curve = data;
    g_array_free(curve->points, TRUE);
    g_free(curve);
}

/* -- reading -- */

/* False without error: there is no such table. */
static bool open_results(struct figure_results *source, enum result_table table, struct results *results,
                         GError **error)
{
    results->csv = figure_results_table(source, table, error);
    if (!results->csv)
        return false;
    int replication = csv_table_column(results->csv, "replication");
    results->attack = csv_table_column(results->csv, "attack");
    results->method = csv_table_column(results->csv, "method");
    results->title = csv_table_column(results->csv, "title");
    if (replication >= 0 && results->attack > replication && results->method >= 0) {
        results->first_axis = (unsigned)replication + 1;
        results->axis_end = (unsigned)results->attack;
        return true;
    }
    g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:1: this is not what mip6sim run writes",
                results->csv->path);
    return false;
}

static const char *text_at(const struct results *results, size_t row, unsigned column)
{
    return csv_table_text(results->csv, row, column);
}

/* The attack's title, which attacks.csv knows. */
static const char *title_of(const struct results *attacks, const char *attack)
{
    for (size_t row = 0; row < attacks->csv->row_count; row++)
        if (strcmp(text_at(attacks, row, (unsigned)attacks->attack), attack) == 0)
            return text_at(attacks, row, (unsigned)attacks->title);
    return attack;
}

static bool title_tells(const struct results *attacks)
{
    for (size_t row = 1; row < attacks->csv->row_count; row++)
        if (strcmp(text_at(attacks, row, (unsigned)attacks->title),
                   text_at(attacks, 0, (unsigned)attacks->title)) != 0)
            return true;
    return false;
}

/* Does each value of one column come with one of the other? */
static bool column_follows(const struct results *results, unsigned column, unsigned of)
{
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool follows = true;
    for (size_t row = 0; follows && row < results->csv->row_count; row++) {
        const char *leader = text_at(results, row, of), *value = text_at(results, row, column);
        const char *known = g_hash_table_lookup(seen, leader);
        follows = !known || strcmp(known, value) == 0;
        g_hash_table_insert(seen, (gpointer)(uintptr_t)leader, (gpointer)(uintptr_t)value);
    }
    g_hash_table_destroy(seen);
    return follows;
}

/* Does the axis tell more than the method, and is it not always the same? */
static bool axis_tells(const struct results *results, unsigned axis)
{
    unsigned method = (unsigned)results->method;
    bool varies = false;
    for (size_t row = 0; !varies && row < results->csv->row_count; row++)
        varies = strcmp(text_at(results, row, axis), text_at(results, 0, axis)) != 0;
    return varies && !(column_follows(results, axis, method) && column_follows(results, method, axis));
}

/* across: the axis that is not part of the name; -1: none. Free with g_free. */
static char *curve_name(const struct results *results, const struct results *attacks, size_t row, int across,
                        const struct figure_options *options)
{
    GString *name = g_string_new(NULL);
    if (title_tells(attacks))
        g_string_append_printf(name,
                               "%s: ", title_of(attacks, text_at(results, row, (unsigned)results->attack)));
    g_string_append(name, figure_method_name(text_at(results, row, (unsigned)results->method)));
    for (unsigned axis = results->first_axis; axis < results->axis_end; axis++) {
        if ((int)axis == across || !axis_tells(attacks, axis))
            continue;
        char *label = figure_axis_label(csv_table_header(results->csv, axis), options);
        figure_label_lower(label);
        g_string_append_printf(name, ", %s %s", label, text_at(results, row, axis));
        g_free(label);
    }
    return g_string_free(name, FALSE);
}

/* The curve of this name, which the plan's series tell. Takes the name. */
static struct curve *curve_of(struct figure_plan *plan, GPtrArray *curves, char *name)
{
    for (guint i = 0; i < plan->series->len; i++) {
        const struct figure_series *series = plan->series->pdata[i];
        if (strcmp(series->name, name) == 0) {
            g_free(name);
            return curves->pdata[i];
        }
    }
    struct figure_series *series = g_new0(struct figure_series, 1);
    series->name = name;
    g_ptr_array_add(plan->series, series);
    struct curve *curve = g_new0(struct curve, 1);
    curve->points = g_array_new(FALSE, FALSE, sizeof(struct point));
    g_ptr_array_add(curves, curve);
    return curve;
}

/* More than can be told apart are left out. */
static void trim(struct figure_plan *plan, GPtrArray *curves)
{
    if (plan->series->len <= FIGURE_SERIES_MAX)
        return;
    plan->series_left_out = plan->series->len - FIGURE_SERIES_MAX;
    g_ptr_array_set_size(plan->series, FIGURE_SERIES_MAX);
    g_ptr_array_set_size(curves, FIGURE_SERIES_MAX);
}

static void add_to_point(struct curve *curve, double x, double value)
{
    for (guint i = 0; i < curve->points->len; i++) {
        struct point *point = &g_array_index(curve->points, struct point, i);
        if (!(point->x < x) && !(point->x > x)) {
            point->sum += value;
            point->count++;
            return;
        }
    }
    struct point point = {x, value, 1};
    g_array_append_val(curve->points, point);
}

static int compare_points(gconstpointer a, gconstpointer b)
{
    const struct point *left = a, *right = b;
    return (left->x > right->x) - (left->x < right->x);
}

/* -- drawing -- */

static void put_curves(struct figure_canvas *canvas, const GPtrArray *curves, const char *style)
{
    for (guint i = 0; i < curves->len; i++)
        g_string_append_printf(canvas->script, "%s'%s.dat' index %u using 1:2 with %s ls %u notitle",
                               i == 0 ? "    plot " : ", \\\n        ", canvas->name, i, style, i + 1);
    g_string_append(canvas->script, "\n");
}

/* The one plot of the figure, below its legend. */
static void draw(struct figure_canvas *canvas, const struct figure_plan *plan, const GPtrArray *curves,
                 const char *style, const char *x_label, const char *y_label, double x_end, double y_end)
{
    bool points = strstr(style, "points") != NULL;
    struct legend_entry *legend = figure_plan_legend(plan, points ? LEGEND_LINE_POINTS : LEGEND_LINE);
    canvas_widen_for_legend(canvas, legend, plan->series->len);
    double step = script_tic_step(y_end, 5);
    struct panel_grid grid = {.columns = 1,
                              .rows = 1,
                              .left = 24 + script_tic_width(0, y_end, step) + 12,
                              .right = fmax(18, script_number_width(x_end) / 2),
                              .bottom = 54,
                              .top = script_legend_height(canvas, legend, plan->series->len) + 8};
    canvas_lay_out(canvas, &grid, 0.52);
    script_define_styles(canvas, plan->series->len);
    script_put_legend(canvas, legend, plan->series->len);
    g_free(legend);
    script_put_text(canvas, x_label, grid.left + grid.panel_width / 2, 11);
    script_put_side_text(canvas, y_label, 11, grid.bottom + grid.panel_height / 2, canvas->height);
    script_append(canvas, "set border 3 lw 0.8; set grid ytics lt 1 lc rgb '#dddddd' lw 0.6; set grid back");
    script_append(canvas, "set xrange [0:%.10g]; set yrange [0:%.10g]", x_end, y_end * 1.04);
    script_append(canvas,
                  "set xtics out nomirror scale tic_scale offset 0,tic_shift %.10g; set format x '%%g'",
                  script_tic_step(x_end, script_tics_across(grid.panel_width, x_end)));
    script_append(canvas, "set ytics out nomirror scale tic_scale %.10g; set format y '%%g'", step);
    panel_grid_enter(canvas, &grid, 0, 0);
    put_curves(canvas, curves, style);
}

/* -- acceptance -- */

/* Durations before numbers, and of these the axis with the most different values; -1: none. */
static int axis_across(const struct results *results, enum scale_kind *kind)
{
    int best = -1;
    guint best_count = 1;
    *kind = SCALE_CATEGORY;
    for (unsigned axis = results->first_axis; axis < results->axis_end; axis++) {
        GHashTable *values = g_hash_table_new(g_str_hash, g_str_equal);
        enum scale_kind least = SCALE_DURATION;
        double value;
        for (size_t row = 0; row < results->csv->row_count; row++) {
            const char *text = text_at(results, row, axis);
            enum scale_kind scale = figure_level_value(text, &value);
            g_hash_table_add(values, (gpointer)text);
            if (!(scale == SCALE_NUMBER && value <= 0)) /* 0 goes with durations */
                least = MIN(least, scale);
        }
        guint count = g_hash_table_size(values);
        if (least > SCALE_CATEGORY && count > 1 &&
            (least > *kind || (least == *kind && count > best_count))) {
            best = (int)axis;
            best_count = count;
            *kind = least;
        }
        g_hash_table_destroy(values);
    }
    return best;
}

static double write_shares(struct figure_canvas *canvas, const struct figure_plan *plan, GPtrArray *curves)
{
    double end = 0;
    for (guint i = 0; i < curves->len; i++) {
        struct curve *curve = curves->pdata[i];
        const struct figure_series *series = plan->series->pdata[i];
        data_begin(canvas, series->name);
        g_array_sort(curve->points, compare_points);
        for (guint k = 0; k < curve->points->len; k++) {
            const struct point *point = &g_array_index(curve->points, struct point, k);
            g_string_append_printf(canvas->data, "%.10g %.10g\n", point->x,
                                   point->sum / (double)point->count);
            end = fmax(end, point->x);
        }
    }
    return end;
}

/* "After of replay" says little of [attack replay] after = 30s. */
static char *across_label(const char *name, const struct figure_options *options)
{
    bool named = options->labels && g_hash_table_contains(options->labels, name);
    if (!named && g_str_has_prefix(name, "attack ") && g_str_has_suffix(name, " / after"))
        return g_strdup("Age of what is replayed");
    return figure_axis_label(name, options);
}

static void draw_acceptance(const struct results *attacks, int across, enum scale_kind kind,
                            const struct figure_options *options, struct figure_plan *plan,
                            struct figure_canvas *canvas)
{
    GPtrArray *curves = g_ptr_array_new_with_free_func(curve_free);
    int outcome = csv_table_column(attacks->csv, "outcome");
    for (size_t row = 0; row < attacks->csv->row_count; row++) {
        double x = 0;
        struct curve *curve = curve_of(plan, curves, curve_name(attacks, attacks, row, across, options));
        (void)figure_level_value(text_at(attacks, row, (unsigned)across), &x);
        add_to_point(curve, x, strcmp(text_at(attacks, row, (unsigned)outcome), "accepted") == 0);
    }
    trim(plan, curves);
    double end = write_shares(canvas, plan, curves);
    char *label = across_label(csv_table_header(attacks->csv, (unsigned)across), options);
    char *x_label = figure_label_with_unit(label, kind == SCALE_DURATION ? "s" : "");
    draw(canvas, plan, curves, "linespoints", x_label, "Share of attacks accepted", end > 0 ? end * 1.03 : 1,
         1);
    g_free(x_label);
    g_free(label);
    g_ptr_array_free(curves, TRUE);
}

bool figure_acceptance(struct figure_task *task, GError **error)
{
    struct results attacks;
    enum scale_kind kind;
    GError *why = NULL;
    if (!open_results(task->results, TABLE_ATTACKS, &attacks, &why)) {
        if (why)
            g_propagate_error(error, why);
        else
            g_string_append(task->note, "the scenario has no attacks\n");
        return false;
    }
    int across = csv_table_column(attacks.csv, "outcome") < 0 ? -1 : axis_across(&attacks, &kind);
    if (across < 0) {
        g_string_append(task->note,
                        "no duration or number was swept, to draw the attacks' acceptance against\n");
        return false;
    }
    struct figure_plan *plan = figure_plan_new_empty();
    draw_acceptance(&attacks, across, kind, task->options, plan, task->canvas);
    figure_plan_note(plan, task->note);
    figure_plan_free(plan);
    return true;
}

/* -- astray -- */

static bool number_at(const struct results *results, size_t row, const char *column, double *number,
                      GError **error)
{
    unsigned index;
    return csv_table_find_column(results->csv, column, &index, error) &&
           csv_table_number(results->csv, row, index, number, error);
}

/* Rates of a curve's intervals, and 0 before and behind each until the end. kB/s; returns the greatest. */
static double write_rates(struct figure_canvas *canvas, struct curve *curve, double width, double end)
{
    double greatest = 0, behind = 0;
    g_array_sort(curve->points, compare_points);
    g_string_append(canvas->data, "0 0\n");
    for (guint i = 0; i < curve->points->len; i++) {
        const struct point *point = &g_array_index(curve->points, struct point, i);
        double rate = point->sum / (double)MAX(curve->runs, 1) / width / 1000;
        if (point->x > behind + width / 2)
            g_string_append_printf(canvas->data, "%.10g 0\n%.10g 0\n", behind, point->x);
        g_string_append_printf(canvas->data, "%.10g %.10g\n%.10g %.10g\n", point->x, rate, point->x + width,
                               rate);
        behind = point->x + width;
        greatest = fmax(greatest, rate);
    }
    g_string_append_printf(canvas->data, "%.10g 0\n%.10g 0\n", behind, fmax(behind, end));
    return greatest;
}

/* Adds up what all runs of a curve have misdirected, interval by interval. */
static bool collect_times(const struct results *times, const struct results *attacks,
                          struct figure_plan *plan, GPtrArray *curves, const struct figure_options *options,
                          double *width, GError **error)
{
    for (size_t row = 0; row < times->csv->row_count; row++) {
        double from, to, astray, victim;
        if (!number_at(times, row, "from", &from, error) || !number_at(times, row, "to", &to, error) ||
            !number_at(times, row, "astray_octets", &astray, error) ||
            !number_at(times, row, "victim_octets", &victim, error))
            return false;
        struct curve *curve = curve_of(plan, curves, curve_name(times, attacks, row, -1, options));
        add_to_point(curve, from, astray + victim);
        *width = to - from;
    }
    for (size_t row = 0; row < attacks->csv->row_count; row++) {
        char *name = curve_name(attacks, attacks, row, -1, options);
        if (curves->len > 0 && curves->len < FIGURE_SERIES_MAX) /* also where nothing is misdirected */
            (void)curve_of(plan, curves, g_strdup(name));
        for (guint i = 0; i < plan->series->len; i++) {
            const struct figure_series *series = plan->series->pdata[i];
            if (strcmp(series->name, name) == 0)
                ((struct curve *)curves->pdata[i])->runs++;
        }
        g_free(name);
    }
    return true;
}

static bool draw_astray(const struct results *times, const struct results *attacks,
                        const struct figure_options *options, struct figure_plan *plan,
                        struct figure_canvas *canvas, GString *note, GError **error)
{
    GPtrArray *curves = g_ptr_array_new_with_free_func(curve_free);
    double width = 1, greatest = 0;
    bool good = collect_times(times, attacks, plan, curves, options, &width, error);
    if (good && curves->len == 0)
        g_string_append(note, "no octet was misdirected\n");
    if (good && curves->len > 0) {
        double end = width * ATTACK_BINS; /* of the run */
        trim(plan, curves);
        for (guint i = 0; i < curves->len; i++) {
            const struct figure_series *series = plan->series->pdata[i];
            data_begin(canvas, series->name);
            greatest = fmax(greatest, write_rates(canvas, curves->pdata[i], width, end));
        }
        draw(canvas, plan, curves, "lines", "Time (s)", "Misdirected (kB/s)", end, greatest);
    }
    good = good && curves->len > 0;
    g_ptr_array_free(curves, TRUE);
    return good;
}

bool figure_astray(struct figure_task *task, GError **error)
{
    struct results attacks, times;
    GError *why = NULL;
    if (!open_results(task->results, TABLE_ATTACKS, &attacks, &why) ||
        !open_results(task->results, TABLE_ATTACK_TIMES, &times, &why)) {
        if (why)
            g_propagate_error(error, why);
        else
            g_string_append(task->note, "the scenario has no attacks\n");
        return false;
    }
    struct figure_plan *plan = figure_plan_new_empty();
    bool good = draw_astray(&times, &attacks, task->options, plan, task->canvas, task->note, error);
    if (good)
        figure_plan_note(plan, task->note);
    figure_plan_free(plan);
    return good;
}
