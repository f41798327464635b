/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_latency.c - means and their confidence intervals against a swept axis.
 *
 * A grid: a row for each measure, a column for each value of the second axis. The panels of a row share
 * their scale, which begins at 0, so that lengths on paper compare as the durations do.
 */
#include "sim/output/figure_plan.h"

#include <math.h>
#include <string.h>

#define CONFIDENCE      0.95
#define MARGIN_LEFT     78
#define MARGIN_RIGHT    20
#define MARGIN_BOTTOM   58
#define ROW_HEIGHT      160
#define ROW_GAP         22
#define COLUMN_GAP      22
#define CHARACTER_WIDTH 7.2

struct measure {
    enum number_column number;
    const char *name;
    bool is_duration;
};

/* What can be shown, as an axis is labelled. */
static const struct measure measures[] = {
    {COLUMN_BINDING_LATENCY, "Binding latency", true},
    {COLUMN_HANDOVER_LATENCY, "Handover latency", true},
    {COLUMN_OUTAGE, "Outage", true},
    {COLUMN_LINK_HANDOVER, "Link-layer handover", true},
    {COLUMN_MOVEMENT_DETECTION, "Movement detection", true},
    {COLUMN_ADDRESS_CONFIGURATION, "Address configuration", true},
    {COLUMN_HOME_REGISTRATION, "Home registration", true},
    {COLUMN_RETURN_ROUTABILITY, "Return routability", true},
    {COLUMN_CORRESPONDENT_REGISTRATION, "Corresp. registration", true},
    {COLUMN_PACKETS_LOST, "Packets lost", false},
    {COLUMN_PACKETS_TUNNELLED, "Packets tunnelled", false},
    {COLUMN_PACKETS_OPTIMIZED, "Packets optimized", false},
    {COLUMN_PACKETS_MISDIRECTED, "Packets misdirected", false},
    {COLUMN_MOBILE_MESSAGES, "Messages, mobile node", false},
    {COLUMN_MOBILE_OCTETS, "Octets, mobile node", false},
    {COLUMN_CORRESPONDENT_MESSAGES, "Messages, correspondent", false},
    {COLUMN_CORRESPONDENT_OCTETS, "Octets, correspondent", false},
};

bool figure_measure_find(const char *name, enum number_column *measure)
{
    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        if (strcmp(name, number_column_name(measures[i].number)) == 0) {
            *measure = measures[i].number;
            return true;
        }
    return false;
}

char **figure_measure_names(void)
{
    char **names = g_new0(char *, G_N_ELEMENTS(measures) + 1);

    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        names[i] = g_strdup(number_column_name(measures[i].number));
    return names;
}

static const struct measure *measure_of(enum number_column number)
{
    for (size_t i = 0; i < G_N_ELEMENTS(measures); i++)
        if (measures[i].number == number)
            return &measures[i];
    return NULL;
}

/* A row of panels: its numbers are in blocks `first_block`.., series by series within column by column. */
struct row {
    const struct measure *measure;
    double scale; /* of the numbers */
    double top;   /* of the vertical axis */
    const char *unit;
    unsigned first_block;
};

struct grid {
    unsigned columns;
    double slant; /* room below for names of categories too wide to stand side by side; 0: they are not */
    unsigned panels[FIGURE_PANELS_MAX]; /* which values of the second axis */
    unsigned row_count;
    struct row rows[FIGURE_MEASURES_MAX];
};

static struct statistics observe(const struct figure_plan *plan, const struct figure_series *series,
                                 unsigned x, unsigned panel, enum number_column number)
{
    const struct group *group = figure_plan_group(plan, series, x, panel);
    struct statistics statistics = {0};

    if (group != NULL)
        handovers_observe(plan->handovers, (const void *)group->rows->data, group->rows->len, number,
                          &statistics);
    return statistics;
}

/* The highest that is to be shown, in seconds or pieces; negative: nothing is. */
static double row_top(const struct figure_plan *plan, const struct grid *grid, enum number_column number)
{
    double top = -1;

    for (unsigned column = 0; column < grid->columns; column++)
        for (guint s = 0; s < plan->series->len; s++)
            for (unsigned x = 0; x < plan->x->count; x++) {
                struct statistics statistics =
                    observe(plan, plan->series->pdata[s], x, grid->panels[column], number);
                double half_width = statistics_half_width(&statistics, CONFIDENCE);
                if (statistics.count > 0)
                    top = fmax(top, statistics_mean(&statistics) + (isnan(half_width) ? 0 : half_width));
            }
    return top;
}

static void write_block(struct figure_canvas *canvas, const struct figure_plan *plan,
                        const struct figure_series *series, unsigned panel, const struct row *row)
{
    char *what = g_strdup_printf(
        "%s%s%s: %s: %s%s%s", number_column_name(row->measure->number), *row->unit == '\0' ? "" : " in ",
        row->unit, series->name, plan->panels == NULL ? "" : plan->panels->label,
        plan->panels == NULL ? "" : " ", plan->panels == NULL ? "" : plan->panels->texts[panel]);

    data_begin(canvas, what);
    g_free(what);
    g_string_append_printf(
        canvas->data, "# %s%s%s, mean, lower and upper end of its 95 %% confidence interval, observations\n",
        plan->x->label, *plan->x->unit == '\0' ? "" : " in ", plan->x->unit);
    bool empty = true;
    for (unsigned x = 0; x < plan->x->count; x++) {
        struct statistics statistics = observe(plan, series, x, panel, row->measure->number);
        double mean = statistics_mean(&statistics) * row->scale;
        double half_width = statistics_half_width(&statistics, CONFIDENCE) * row->scale;
        if (statistics.count == 0)
            continue;
        empty = false;
        g_string_append_printf(canvas->data, "%.10g %.10g ", plan->x->values[x], mean);
        if (isnan(half_width))
            g_string_append(canvas->data, "? ? ");
        else
            g_string_append_printf(canvas->data, "%.10g %.10g ", mean - half_width, mean + half_width);
        g_string_append_printf(canvas->data, "%zu\n", statistics.count);
    }
    if (empty) /* a block counts only if there is a line in it */
        g_string_append(canvas->data, "? ? ? ? ?\n");
}

static void find_rows(const struct figure_plan *plan, const struct figure_options *options,
                      struct figure_canvas *canvas, struct grid *grid, GString *note)
{
    static const enum number_column own[] = {COLUMN_BINDING_LATENCY, COLUMN_OUTAGE};
    bool asked = options->measure_count > 0;
    const enum number_column *shown = asked ? options->measures : own;
    unsigned count = asked ? options->measure_count : G_N_ELEMENTS(own);

    for (unsigned i = 0; i < count && grid->row_count < FIGURE_MEASURES_MAX; i++) {
        struct row *row = &grid->rows[grid->row_count];
        double top = row_top(plan, grid, shown[i]);
        row->measure = measure_of(shown[i]);
        if (top < 0) {
            g_string_append_printf(note, "no %s was measured: it is left out\n",
                                   number_column_name(shown[i]));
            continue;
        }
        row->scale = !row->measure->is_duration ? 1 : top >= 10 ? 1 : 1000;
        row->unit = !row->measure->is_duration ? "" : top >= 10 ? "s" : "ms";
        row->top = top > 0 ? top * row->scale * 1.08 : 1;
        row->first_block = canvas->blocks;
        for (unsigned column = 0; column < grid->columns; column++)
            for (guint s = 0; s < plan->series->len; s++)
                write_block(canvas, plan, plan->series->pdata[s], grid->panels[column], row);
        grid->row_count++;
    }
}

/* -- drawing -- */

static void put_x_axis(struct figure_canvas *canvas, const struct figure_plan *plan, double slant,
                       bool grid_is_narrow, bool with_numbers)
{
    const struct figure_axis *x = plan->x;
    double low = x->values[0], high = x->values[x->count - 1];

    if (x->kind != SCALE_CATEGORY) {
        /* 0 is shown if it is not far from what is. */
        if (low > 0 && low < 0.34 * high)
            low = 0;
        script_append(canvas, "set xrange [%.10g:%.10g]", low - 0.05 * (high - low),
                      high + 0.05 * (high - low));
        script_append(canvas, "set xtics out nomirror scale 0.6 %.10g; set format x '%s'",
                      script_tic_step(high - low, grid_is_narrow ? 4 : 6), with_numbers ? "%g" : "");
        return;
    }
    script_append(canvas, "set xrange [0.5:%u.5]", x->count);
    g_string_append_printf(canvas->script, "    set xtics out nomirror scale 0.6 %s (",
                           slant > 0 ? "rotate by 25 right" : "norotate");
    for (unsigned i = 0; i < x->count; i++) {
        script_append_string(canvas->script, with_numbers ? x->texts[i] : "");
        g_string_append_printf(canvas->script, " %u%s", i + 1, i + 1 < x->count ? ", " : ")\n");
    }
}

static void put_row_label(struct figure_canvas *canvas, const struct row *row, double y)
{
    char *label = *row->unit == '\0' ? g_strdup(row->measure->name)
                                     : g_strdup_printf("%s (%s)", row->measure->name, row->unit);

    script_put_side_text(canvas, label, 14, y);
    g_free(label);
}

/* gnuplot complains of blocks in which there is nothing that it could draw. */
static bool has_points(const struct figure_plan *plan, const struct figure_series *series, unsigned panel,
                       const struct row *row, bool with_interval)
{
    for (unsigned x = 0; x < plan->x->count; x++)
        if (observe(plan, series, x, panel, row->measure->number).count > (with_interval ? 1 : 0))
            return true;
    return false;
}

static void put_panel(struct figure_canvas *canvas, const struct figure_plan *plan, const struct grid *grid,
                      unsigned r, unsigned column)
{
    const struct row *row = &grid->rows[r];
    unsigned block = row->first_block + column * plan->series->len;
    const char *style = plan->x->kind == SCALE_CATEGORY ? "points" : "linespoints";

    put_x_axis(canvas, plan, grid->slant, grid->columns > 3, r + 1 == grid->row_count);
    script_append(canvas, "set yrange [0:%.10g]", row->top);
    script_append(canvas, "set ytics out nomirror scale 0.6 %.10g; set format y '%s'",
                  script_tic_step(row->top, 6), column == 0 ? "%g" : "");
    /* All intervals first: what is drawn later must not cut holes into the points. */
    bool first = true;
    for (guint s = 0; s < plan->series->len; s++)
        if (has_points(plan, plan->series->pdata[s], grid->panels[column], row, true)) {
            g_string_append_printf(
                canvas->script,
                "%s'latency.dat' index %u using 1:2:3:4 with yerrorbars ls %u lw 1.5 dt 1 pt 0 notitle",
                first ? "    plot " : ", \\\n        ", block + s, s + 1);
            first = false;
        }
    for (guint s = 0; s < plan->series->len; s++)
        if (has_points(plan, plan->series->pdata[s], grid->panels[column], row, false)) {
            g_string_append_printf(canvas->script, "%s'latency.dat' index %u using 1:2 with %s ls %u notitle",
                                   first ? "    plot " : ", \\\n        ", block + s, style, s + 1);
            first = false;
        }
    g_string_append(canvas->script, first ? "    plot NaN notitle\n" : "\n");
    script_append(canvas, "unset label");
}

/* Sine of the angle at which long names stand, times their width. */
static double category_slant(const struct figure_axis *x, double column_width)
{
    double widest = 0;

    for (unsigned i = 0; x->kind == SCALE_CATEGORY && i < x->count; i++)
        widest = fmax(widest, CHARACTER_WIDTH * (double)g_utf8_strlen(x->texts[i], -1));
    return widest * x->count <= column_width ? 0 : 0.43 * widest;
}

static void draw_grid(struct figure_canvas *canvas, const struct figure_plan *plan, struct grid *grid)
{
    double column_width = grid->columns == 1   ? 400
                          : grid->columns == 2 ? 270
                          : grid->columns == 3 ? 210
                                               : 172;
    double heading = plan->panels == NULL ? 8 : 48;

    grid->slant = category_slant(plan->x, column_width);

    canvas->width =
        (unsigned)(MARGIN_LEFT + grid->columns * (column_width + COLUMN_GAP) - COLUMN_GAP + MARGIN_RIGHT);
    script_widen_for_legend(canvas, plan);
    double legend = script_series_legend_height(plan, canvas);
    canvas->height = (unsigned)(legend + heading + grid->row_count * (ROW_HEIGHT + ROW_GAP) - ROW_GAP +
                                MARGIN_BOTTOM + grid->slant);
    double top = canvas->height - legend - heading;
    double middle = (MARGIN_LEFT + canvas->width - MARGIN_RIGHT) / 2.0;

    script_define_styles(canvas, plan);
    script_put_series_legend(canvas, plan, canvas->height, plan->x != NULL);
    char *label = g_strdup_printf(*plan->x->unit == '\0' ? "%s" : "%s (%s)", plan->x->label, plan->x->unit);
    script_put_text(canvas, label, middle, 16);
    g_free(label);
    if (plan->panels != NULL)
        script_put_text(canvas, plan->panels->label, middle, top + 36);
    script_append(canvas,
                  "set border 3 lw 0.8; set grid ytics lc rgb '#cccccc' lw 0.6 dt 1; set errorbars 0.8");
    for (unsigned r = 0; r < grid->row_count; r++)
        for (unsigned column = 0; column < grid->columns; column++) {
            double left = MARGIN_LEFT + column * (column_width + COLUMN_GAP);
            double upper = top - r * (ROW_HEIGHT + ROW_GAP);
            script_set_margins(canvas, left, left + column_width, upper - ROW_HEIGHT, upper);
            if (r == 0 && plan->panels != NULL)
                script_put_text(canvas, plan->panels->texts[grid->panels[column]], left + column_width / 2,
                                upper + 14);
            if (column == 0)
                put_row_label(canvas, &grid->rows[r], upper - ROW_HEIGHT / 2.0);
            put_panel(canvas, plan, grid, r, column);
        }
}

static bool fill(const struct figure_plan *plan, const struct figure_options *options,
                 struct figure_canvas *canvas, GString *note)
{
    struct grid grid = {.columns = 1};

    if (plan->x == NULL) {
        g_string_append(note, "nothing was swept that latency could be drawn against\n");
        return false;
    }
    if (plan->panels != NULL)
        grid.columns = figure_pick(plan->panels->count, FIGURE_PANELS_MAX, grid.panels);
    find_rows(plan, options, canvas, &grid, note);
    if (grid.row_count == 0)
        return false;
    if (plan->panels != NULL && grid.columns < plan->panels->count)
        g_string_append_printf(note, "of the %u values of %s, %u are shown\n", plan->panels->count,
                               plan->panels->label, grid.columns);
    draw_grid(canvas, plan, &grid);
    return true;
}

bool figure_latency(struct figure_task *task, GError **error)
{
    (void)error;
    struct figure_plan *plan = figure_plan_new(figure_results_handovers(task->results), task->options);
    bool good = fill(plan, task->options, task->canvas, task->note);
    if (good)
        figure_plan_note(plan, task->note);
    figure_plan_free(plan);
    return good;
}
