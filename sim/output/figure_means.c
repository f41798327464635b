/* SPDX-License-Identifier: GPL-2.0-or-later */
/* figure_means.c - see figure_means.h. */
#include "sim/output/figure_means.h"

#include <math.h>
#include <string.h>

#define MARGIN_RIGHT 14
#define COLUMN_GAP   18

/* -- means -- */

const struct mean *mean_grid_at(const struct mean_grid *grid, const struct mean_row *row, unsigned column,
                                unsigned series, unsigned x)
{
    return &row->cells[((size_t)column * grid->plan->series->len + series) * grid->x_count + x];
}

bool mean_grid_has_any(const struct mean_grid *grid, const struct mean_row *row, unsigned column,
                       unsigned series, bool with_interval)
{
    for (unsigned x = 0; x < grid->x_count; x++)
        if (mean_grid_at(grid, row, column, series, x)->count > (with_interval ? 1 : 0))
            return true;
    return false;
}

static void observe(struct mean_grid *grid, struct mean_row *row, const double *values)
{
    const struct figure_plan *plan = grid->plan;
    struct mean *cell = row->cells;

    row->low = INFINITY;
    row->top = -INFINITY;
    for (unsigned column = 0; column < grid->columns; column++)
        for (guint s = 0; s < plan->series->len; s++)
            for (unsigned x = 0; x < grid->x_count; x++, cell++) {
                const struct group *group =
                    figure_plan_group(plan, plan->series->pdata[s], grid->x[x], grid->panels[column]);
                struct statistics statistics = {0};
                if (group != NULL)
                    rows_observe(plan->rows->replications, values, (const void *)group->rows->data,
                                 group->rows->len, &statistics);
                *cell =
                    (struct mean){statistics_mean(&statistics),
                                  statistics_half_width(&statistics, FIGURE_CONFIDENCE), statistics.count};
                double reach = isnan(cell->half_width) ? 0 : cell->half_width;
                if (cell->count > 0) {
                    row->low = fmin(row->low, cell->mean);
                    row->top = fmax(row->top, cell->mean + reach);
                }
            }
}

/* Seconds become milliseconds, and the axis says so. */
static void set_unit(const struct mean_grid *grid, struct mean_row *row, const struct measure_name *measure)
{
    char *name = measure_name_label(measure);

    row->scale = 1;
    row->unit = "";
    if (measure->column->kind == CELL_TIME)
        row->unit = figure_duration_unit(fmax(row->top, -row->low), &row->scale);
    row->label = figure_label_with_unit(name, row->unit);
    size_t cells = (size_t)grid->columns * grid->plan->series->len * grid->x_count;
    for (size_t i = 0; i < cells; i++) {
        row->cells[i].mean *= row->scale;
        row->cells[i].half_width *= row->scale;
    }
    row->low *= row->scale;
    row->top *= row->scale;
    g_free(name);
}

static void add_row(struct figure_task *task, struct mean_grid *grid, const struct measure_name *measure,
                    const double *values)
{
    struct mean_row *row = &grid->rows[grid->row_count];

    row->column = measure->column->name;
    row->cells = g_new0(struct mean, (size_t)grid->columns * (grid->plan->series->len + 1) * grid->x_count);
    observe(grid, row, values);
    if (row->top < row->low) {
        g_string_append_printf(task->note, "no %s was measured: it is left out\n", row->column);
        g_free(row->cells);
        row->cells = NULL;
        return;
    }
    set_unit(grid, row, measure);
    grid->row_count++;
}

static void note_picked(GString *note, const struct figure_axis *axis, unsigned shown)
{
    if (axis != NULL && shown < axis->count)
        g_string_append_printf(note, "of the %u values of %s, %u are shown\n", axis->count, axis->label,
                               shown);
}

struct mean_grid *mean_grid_new(struct figure_task *task, struct figure_plan *plan,
                                const struct measure_name *measures, unsigned measure_count,
                                unsigned most_across, unsigned most_panels, GError **error)
{
    double *values[FIGURE_MEASURES_MAX] = {NULL};
    bool good = true;

    for (unsigned i = 0; good && i < measure_count; i++) {
        values[i] = figure_rows_values(plan->rows, measures[i].column->name, error);
        good = values[i] != NULL;
    }
    struct mean_grid *grid = g_new0(struct mean_grid, 1);
    if (good) {
        unsigned panels = plan->panels == NULL ? 1 : plan->panels->count,
                 count = plan->x == NULL ? 1 : plan->x->count;
        figure_plan_select(plan, values, measure_count);
        grid->plan = plan;
        grid->panels = g_new0(unsigned, panels);
        grid->columns = figure_pick(panels, most_panels, grid->panels);
        grid->x = g_new0(unsigned, count);
        grid->x_count = figure_pick(count, most_across, grid->x);
        for (unsigned i = 0; i < measure_count; i++)
            add_row(task, grid, &measures[i], values[i]);
    }
    for (unsigned i = 0; i < measure_count; i++)
        g_free(values[i]);
    if (grid->row_count == 0) {
        mean_grid_free(grid);
        return NULL;
    }
    note_picked(task->note, plan->x, grid->x_count);
    note_picked(task->note, plan->panels, grid->columns);
    return grid;
}

void mean_grid_free(struct mean_grid *grid)
{
    for (unsigned i = 0; i < grid->row_count; i++) {
        g_free(grid->rows[i].cells);
        g_free(grid->rows[i].label);
    }
    g_free(grid->panels);
    g_free(grid->x);
    g_free(grid);
}

/* -- numbers -- */

static double place(const struct mean_grid *grid, enum mean_places places, unsigned x)
{
    const struct figure_axis *axis = grid->plan->x;

    return axis == NULL || places == MEANS_AT_RANKS || axis->kind == SCALE_CATEGORY
               ? x + 1.0
               : axis->values[grid->x[x]];
}

static void write_block(struct figure_canvas *canvas, const struct mean_grid *grid,
                        const struct mean_row *row, unsigned column, unsigned series, enum mean_places places)
{
    const struct figure_plan *plan = grid->plan;
    const struct figure_axis *x = plan->x;
    const struct figure_series *of = plan->series->pdata[series];
    char *what =
        g_strdup_printf("%s%s%s: %s%s%s%s%s", row->column, *row->unit == '\0' ? "" : " in ", row->unit,
                        of->name, plan->panels == NULL ? "" : ": ",
                        plan->panels == NULL ? "" : plan->panels->label, plan->panels == NULL ? "" : " ",
                        plan->panels == NULL ? "" : plan->panels->texts[grid->panels[column]]);
    bool ranks = x == NULL || places == MEANS_AT_RANKS || x->kind == SCALE_CATEGORY, empty = true;
    char *across = x == NULL ? g_strdup("place")
                   : ranks   ? g_strdup_printf("place of %s", x->label)
                             : figure_label_with_unit(x->label, x->unit);

    data_begin(canvas, what);
    g_string_append(canvas->data, "# ");
    data_append_remark(canvas, across);
    g_string_append(canvas->data,
                    ", mean, lower and upper end of its 95 % confidence interval, observations\n");
    for (unsigned i = 0; i < grid->x_count; i++) {
        const struct mean *mean = mean_grid_at(grid, row, column, series, i);
        if (mean->count == 0)
            continue;
        empty = false;
        g_string_append_printf(canvas->data, "%.10g %.10g ", place(grid, places, i), mean->mean);
        if (isnan(mean->half_width))
            g_string_append(canvas->data, "? ? ");
        else
            g_string_append_printf(canvas->data, "%.10g %.10g ", mean->mean - mean->half_width,
                                   mean->mean + mean->half_width);
        g_string_append_printf(canvas->data, "%zu\n", mean->count);
    }
    if (empty) /* a block counts only if there is a line in it */
        g_string_append(canvas->data, "? ? ? ? ?\n");
    g_free(across);
    g_free(what);
}

/* -- drawing -- */

/* From 0, with some room above. */
static double row_high(const struct mean_row *row)
{
    return row->top > 0 ? row->top * 1.08 : 1;
}

static double row_low(const struct mean_row *row)
{
    return row->low < 0 && row->low < -0.02 * row_high(row) ? row->low * 1.08 : 0;
}

static double row_step(const struct mean_row *row, const struct panel_grid *panels)
{
    return script_tic_step(row_high(row) - row_low(row), panels->panel_height < 110 ? 4 : 6);
}

/* What stands below the n-th place, where places are ranks. */
static char *rank_text(const struct mean_grid *grid, unsigned i)
{
    const struct figure_axis *x = grid->plan->x;

    return x->kind == SCALE_CATEGORY ? g_strdup(x->texts[grid->x[i]])
                                     : g_strdup_printf("%.10g", x->values[grid->x[i]]);
}

#define NAME_LONGEST 150 /* of names below an axis */
#define UPRIGHT_MOST 96
#define SLANT_LEAST  30 /* between names that stand aslant */

/* How names stand below an axis. */
struct names {
    int angle;      /* degrees */
    double longest; /* the first; what does not fit is shortened */
    double more;    /* the one after it may be so much longer */
    double room;    /* below */
};

/* Side by side; or aslant; or, where they are too close for that, upright. */
static struct names place_names(const struct mean_grid *grid, double left, double panel_width,
                                enum mean_places places)
{
    const struct figure_axis *x = grid->plan->x;
    double widest = 0, each = panel_width / grid->x_count;

    if (x == NULL || (x->kind != SCALE_CATEGORY && places == MEANS_AT_VALUES))
        return (struct names){0, NAME_LONGEST, 0, 0};
    for (unsigned i = 0; i < grid->x_count; i++) {
        char *text = rank_text(grid, i);
        widest = fmax(widest, text_width(text));
        g_free(text);
    }
    if (widest + 8 <= each)
        return (struct names){0, NAME_LONGEST, 0, 0};
    if (each < SLANT_LEAST)
        return (struct names){90, UPRIGHT_MOST, 0, fmin(widest, UPRIGHT_MOST) - 8};
    return (struct names){30, (left + each / 2) / cos(G_PI / 6), each / cos(G_PI / 6),
                          fmin(widest, NAME_LONGEST) * sin(G_PI / 6)};
}

static void put_ranks(struct figure_canvas *canvas, const struct mean_grid *grid, const struct names *names,
                      double panel_width, bool with_texts)
{
    unsigned step = (unsigned)ceil(FIGURE_FONT_SIZE * grid->x_count / panel_width);

    script_append(canvas, "set xrange [0.4:%u.6]", grid->x_count);
    if (grid->plan->x == NULL) {
        script_append(canvas, "unset xtics");
        return;
    }
    g_string_append(canvas->script, "    set xtics out nomirror scale tic_scale offset 0,tic_shift ");
    if (names->angle == 0)
        g_string_append(canvas->script, "norotate (");
    else
        g_string_append_printf(canvas->script, "rotate by %d right (", names->angle);
    for (unsigned i = 0; i < grid->x_count; i += MAX(step, 1)) {
        char *text = rank_text(grid, i);
        g_string_append(canvas->script, i == 0 ? "" : ", ");
        script_append_tic(canvas->script, with_texts ? text : "",
                          fmin(names->longest + i * names->more, NAME_LONGEST));
        g_string_append_printf(canvas->script, " %u", i + 1);
        g_free(text);
    }
    g_string_append(canvas->script, ")\n");
}

/* Is each value about as many times the one before, over more than a decade (1, 2, 5, 10, 20, ...)? */
static bool is_geometric(const struct figure_axis *x)
{
    double low = x->values[0], high = x->values[x->count - 1];
    if (x->count < 4 || low <= 0 || high < 20 * low)
        return false;
    double step = log(high / low) / (x->count - 1);
    for (unsigned i = 1; i < x->count; i++)
        if (fabs(log(x->values[i] / x->values[i - 1]) - step) > 0.35 * step)
            return false;
    return true;
}

/* Their numbers stand at the values, as many as there is room for. */
static void put_logarithmic_axis(struct figure_canvas *canvas, const struct figure_axis *x,
                                 double panel_width, bool with_numbers)
{
    double low = x->values[0], high = x->values[x->count - 1], beyond = pow(high / low, 0.05);
    unsigned across = script_tics_across(panel_width, round(high));
    unsigned step = (x->count - 1) / MAX(across, 1) + 1;

    script_append(canvas, "set logscale x; set xrange [%.10g:%.10g]", low / beyond, high * beyond);
    g_string_append(canvas->script, "    set xtics out nomirror scale tic_scale ");
    g_string_append(canvas->script, "offset 0,tic_shift norotate (");
    for (unsigned i = 0; i < x->count; i += step) {
        char text[32] = "";
        if (with_numbers)
            g_snprintf(text, sizeof text, x->values[i] < 100 ? "%.3g" : "%.0f", x->values[i]);
        g_string_append(canvas->script, i == 0 ? "" : ", ");
        script_append_tic(canvas->script, text, NAME_LONGEST);
        g_string_append_printf(canvas->script, " %.10g", x->values[i]);
    }
    g_string_append(canvas->script, ")\n");
}

static void put_x_axis(struct figure_canvas *canvas, const struct mean_grid *grid, enum mean_places places,
                       const struct names *names, double panel_width, bool with_numbers)
{
    const struct figure_axis *x = grid->plan->x;

    if (x == NULL || x->kind == SCALE_CATEGORY || places == MEANS_AT_RANKS) {
        put_ranks(canvas, grid, names, panel_width, with_numbers);
        return;
    }
    if (is_geometric(x)) {
        put_logarithmic_axis(canvas, x, panel_width, with_numbers);
        return;
    }
    double low = x->values[0], high = x->values[x->count - 1];
    /* 0 is shown if it is not far from what is. */
    if (low > 0 && low < 0.34 * high)
        low = 0;
    script_append(canvas, "set xrange [%.10g:%.10g]", low - 0.05 * (high - low), high + 0.05 * (high - low));
    script_append(
        canvas, "set xtics out nomirror norotate scale tic_scale offset 0,tic_shift %.10g; set format x '%s'",
        script_tic_step(high - low, script_tics_across(panel_width, high)), with_numbers ? "%g" : "");
}

/* How far the last number below an axis may reach beyond it. */
static double x_overhang(const struct mean_grid *grid, enum mean_places places)
{
    const struct figure_axis *x = grid->plan->x;

    return x == NULL || x->kind == SCALE_CATEGORY || places == MEANS_AT_RANKS
               ? 0
               : script_number_width(x->values[x->count - 1]) / 2 + 2;
}

static void put_texts(struct figure_canvas *canvas, const struct mean_grid *grid,
                      const struct panel_grid *panels)
{
    const struct figure_plan *plan = grid->plan;
    double right = canvas->width - panels->right, middle = (panels->left + right) / 2;
    double top = panel_grid_top(canvas, panels, 0);

    if (plan->x != NULL) {
        char *label = figure_label_with_unit(plan->x->label, plan->x->unit);
        script_put_text(canvas, label, middle, 11);
        g_free(label);
    }
    if (plan->panels == NULL)
        return;
    script_put_text(canvas, plan->panels->label, middle, top + 30);
    for (unsigned column = 0; column < grid->columns; column++)
        script_put_fitting(canvas, plan->panels->texts[grid->panels[column]],
                           panel_grid_left(panels, column) + panels->panel_width / 2, top + 12,
                           panels->panel_width + panels->column_gap - 6);
}

static void lay_out(struct figure_canvas *canvas, const struct mean_grid *grid, struct panel_grid *panels,
                    enum mean_places places, struct names *names)
{
    double numbers = 0, aspect = grid->columns == 1 ? 0.52 : 0.85;

    panels->left = panels->bottom = 0;
    /* The margin on the left depends on how far apart marks are, and so on itself: twice is enough. */
    for (unsigned round = 0; round < 2; round++) {
        double height = canvas->height;
        bool long_label = false;
        panels->left = 24 + numbers + 12;
        *names = place_names(grid, panels->left,
                             (canvas->width - panels->left) / grid->columns - panels->column_gap, places);
        panels->bottom = (grid->plan->x == NULL ? 16 : 54) + names->room;
        canvas_lay_out(canvas, panels, aspect);
        for (unsigned r = 0; r < grid->row_count; r++) {
            const struct mean_row *row = &grid->rows[r];
            numbers = fmax(numbers, script_tic_width(row_low(row), row_high(row), row_step(row, panels)));
            long_label |= script_side_text_is_long(row->label, panels->panel_height + panels->row_gap);
        }
        panels->left = 24 + numbers + 12 + (long_label ? FIGURE_LINE_HEIGHT : 0);
        canvas->height = height;
    }
    canvas_lay_out(canvas, panels, aspect);
}

void mean_grid_draw(struct figure_canvas *canvas, struct mean_grid *grid, enum mean_places places,
                    enum legend_sample sample, mean_panel_function *panel)
{
    const struct figure_plan *plan = grid->plan;
    struct legend_entry *legend = figure_plan_legend(plan, sample);
    unsigned series = plan->series->len;
    double overhang = x_overhang(grid, places);
    struct panel_grid panels = {.columns = grid->columns,
                                .rows = grid->row_count,
                                .right = fmax(MARGIN_RIGHT, overhang),
                                .column_gap = fmax(COLUMN_GAP, overhang + 6),
                                .row_gap = 20};
    struct names names;

    canvas_widen_for_legend(canvas, legend, series);
    panels.top = script_legend_height(canvas, legend, series) + (plan->panels == NULL ? 6 : 44);
    lay_out(canvas, grid, &panels, places, &names);
    script_define_styles(canvas, series);
    script_put_legend(canvas, legend, series);
    g_free(legend);
    put_texts(canvas, grid, &panels);
    script_append(canvas, "set border 3 lw 0.8; set grid ytics lt 1 lc rgb '#dddddd' lw 0.6; set grid back");
    for (unsigned r = 0; r < grid->row_count; r++) {
        struct mean_row *row = &grid->rows[r];
        row->first_block = canvas->blocks;
        for (unsigned column = 0; column < grid->columns; column++)
            for (unsigned s = 0; s < series; s++)
                write_block(canvas, grid, row, column, s, places);
        script_put_side_text(canvas, row->label, 11,
                             panel_grid_top(canvas, &panels, r) - panels.panel_height / 2,
                             panels.panel_height + panels.row_gap);
        for (unsigned column = 0; column < grid->columns; column++) {
            panel_grid_enter(canvas, &panels, r, column);
            put_x_axis(canvas, grid, places, &names, panels.panel_width, r + 1 == grid->row_count);
            script_append(canvas, "set yrange [%.10g:%.10g]", row_low(row), row_high(row));
            script_append(canvas, "set ytics out nomirror scale tic_scale %.10g; set format y '%s'",
                          row_step(row, &panels), column == 0 ? "%g" : "");
            panel(canvas, grid, row, column);
            script_append(canvas, "unset label");
        }
    }
}
