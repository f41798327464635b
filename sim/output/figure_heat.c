/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_heat.c - means over two swept axes as a map of colours: a panel for each method, on one scale, and
 * one of the difference where there are two methods, on a scale of its own around 0.
 *
 * Cells stand at ranks, one beside the other, each with its value's name: so axes of any distances and of no
 * numbers are told right. Values stand in the cells where they fit. The colours are those of viridis, which
 * grow evenly lighter and which the colour-blind tell apart; and, about 0, from blue over white to vermilion.
 */
#include "sim/output/figure_means.h"

#include <math.h>
#include <string.h>

#define CELLS_MOST   80 /* across or up */
#define BOX_WIDTH    9  /* of the scale of colours */
#define BOX_GAP      7
#define PANEL_GAP    16
#define PANEL_LEAST  110
#define NAME_LONGEST 110
#define SLANT_LEAST  30 /* between names that stand aslant */
#define MAPS_MOST    FIGURE_PANELS_MAX

static const char viridis[] = "set palette defined (0 '#440154', 1 '#482878', 2 '#3E4989', 3 '#31688E', 4 "
                              "'#26828E', 5 '#1F9E89', 6 '#35B779', "
                              "7 '#6ECE58', 8 '#B5DE2B', 9 '#FDE725')";
static const char around_zero[] = "set palette defined (-1 '#0072B2', 0 '#FFFFFF', 1 '#D55E00')";

struct map {
    char *title;
    bool difference;
    bool flat;        /* all values are the same */
    guint series;     /* of the grid; the first of two, of a difference */
    double low, high; /* of its colours */
    int digits;       /* behind the point, of the numbers in its cells */
    double widest;    /* of these */
};

struct maps {
    struct mean_grid *grid;
    const struct mean_row *row;
    unsigned count;
    struct map maps[MAPS_MOST];
};

struct places {
    struct panel_grid panels; /* column_gap without scales */
    bool wrapped;             /* each map has its scale */
    double scale_width;       /* of colours, with its numbers */
    int angle;                /* of names below */
};

/* -- values -- */

/* The cell's value; NAN: there is none. */
static double value_at(const struct maps *maps, const struct map *map, unsigned x, unsigned y)
{
    const struct mean *mean = mean_grid_at(maps->grid, maps->row, y, map->series, x);

    if (!map->difference)
        return mean->count == 0 ? NAN : mean->mean;
    const struct mean *other = mean_grid_at(maps->grid, maps->row, y, map->series + 1, x);
    return mean->count == 0 || other->count == 0 ? NAN : other->mean - mean->mean;
}

static void find_range(const struct maps *maps, struct map *map)
{
    map->low = INFINITY;
    map->high = -INFINITY;
    for (unsigned y = 0; y < maps->grid->columns; y++)
        for (unsigned x = 0; x < maps->grid->x_count; x++) {
            double value = value_at(maps, map, x, y);
            if (!isnan(value)) {
                map->low = fmin(map->low, value);
                map->high = fmax(map->high, value);
            }
        }
}

/* As many digits as tell values of this size apart in three. */
static void find_digits(const struct maps *maps, struct map *map, double most)
{
    bool whole = true;

    for (unsigned y = 0; y < maps->grid->columns; y++)
        for (unsigned x = 0; x < maps->grid->x_count; x++) {
            double value = value_at(maps, map, x, y);
            whole = whole && (isnan(value) || fabs(value - round(value)) < 1e-9);
        }
    map->digits = whole || most >= 100 ? 0 : most >= 10 ? 1 : most >= 0.1 ? 2 : 4;
    map->widest = 0;
    for (unsigned y = 0; y < maps->grid->columns; y++)
        for (unsigned x = 0; x < maps->grid->x_count; x++) {
            char text[48];
            double value = value_at(maps, map, x, y);
            g_snprintf(text, sizeof text, "%.*f", map->digits, value);
            map->widest = isnan(value) ? map->widest : fmax(map->widest, text_width(text));
        }
}

/* One scale for all methods. */
static void find_maps(struct maps *maps)
{
    const struct figure_plan *plan = maps->grid->plan;
    unsigned methods = MIN(plan->series->len, MAPS_MOST);
    double low = INFINITY, high = -INFINITY;

    maps->count = methods;
    for (unsigned i = 0; i < methods; i++) {
        const struct figure_series *series = plan->series->pdata[i];
        maps->maps[i] = (struct map){.title = g_strdup(series->name), .series = i};
        find_range(maps, &maps->maps[i]);
        low = fmin(low, maps->maps[i].low);
        high = fmax(high, maps->maps[i].high);
    }
    for (unsigned i = 0; i < methods; i++) {
        maps->maps[i].low = low;
        maps->maps[i].high = high > low ? high : low + 1;
        maps->maps[i].flat = !(high > low);
        find_digits(maps, &maps->maps[i], fmax(fabs(low), fabs(high)));
    }
    if (methods != 2)
        return;
    struct map *difference = &maps->maps[2];
    char *first = figure_short_name(maps->maps[0].title), *second = figure_short_name(maps->maps[1].title);
    *difference = (struct map){.title = g_strdup_printf("%s − %s", second, first), .difference = true};
    g_free(first);
    g_free(second);
    find_range(maps, difference);
    if (difference->low > difference->high) {
        g_free(difference->title);
        return;
    }
    double most = fmax(fabs(difference->low), fabs(difference->high));
    difference->high = most > 0 ? most : 1;
    difference->low = -difference->high;
    find_digits(maps, difference, most);
    maps->count = 3;
}

static void write_map(struct figure_canvas *canvas, const struct maps *maps, const struct map *map)
{
    const struct figure_plan *plan = maps->grid->plan;
    char *what = g_strdup_printf("%s%s%s: %s", maps->row->column, *maps->row->unit == '\0' ? "" : " in ",
                                 maps->row->unit, map->title);

    data_begin(canvas, what);
    g_free(what);
    g_string_append(canvas->data,
                    "# place across, place up, left, right, lower, upper edge, mean, what it is of\n");
    bool empty = true;
    for (unsigned y = 0; y < maps->grid->columns; y++)
        for (unsigned x = 0; x < maps->grid->x_count; x++) {
            double value = value_at(maps, map, x, y);
            if (isnan(value))
                continue;
            char *of = g_strdup_printf("%s, %s", plan->x->texts[maps->grid->x[x]],
                                       plan->panels->texts[maps->grid->panels[y]]);
            g_string_append_printf(canvas->data, "%u %u %u.5 %u.5 %u.5 %u.5 %.10g # ", x + 1, y + 1, x, x + 1,
                                   y, y + 1, value);
            data_append_remark(canvas, of);
            g_string_append_c(canvas->data, '\n');
            g_free(of);
            empty = false;
        }
    if (empty)
        g_string_append(canvas->data, "? ? ? ? ? ? ?\n");
}

/* -- places -- */

static double widest_name(const struct figure_axis *axis, const unsigned *picked, unsigned count)
{
    double widest = 0;

    for (unsigned i = 0; i < count; i++) {
        char *number = axis->kind == SCALE_CATEGORY ? g_strdup(axis->texts[picked[i]])
                                                    : g_strdup_printf("%.10g", axis->values[picked[i]]);
        widest = fmax(widest, text_width(number));
        g_free(number);
    }
    return fmin(widest, NAME_LONGEST);
}

static double scale_width(const struct maps *maps)
{
    double widest = 0;

    for (unsigned i = 0; i < maps->count; i++) {
        const struct map *map = &maps->maps[i];
        double step = script_tic_step(map->high - map->low, 5);
        widest = fmax(widest, fmax(script_tic_width(map->low, map->high, step), text_width("100")));
    }
    return BOX_GAP + BOX_WIDTH + 12 + widest;
}

/* Scales behind the methods' last map and behind the difference; or behind each, where maps stand in several
 * rows. */
static bool has_scale(const struct maps *maps, const struct places *places, unsigned map)
{
    return places->wrapped || map + 1 == maps->count || maps->maps[map + 1].difference;
}

static double map_left(const struct maps *maps, const struct places *places, unsigned map)
{
    unsigned column = map % places->panels.columns;
    double left = places->panels.left;

    for (unsigned i = 0; i < column; i++)
        left += places->panels.panel_width + places->panels.column_gap +
                (has_scale(maps, places, map - column + i) ? places->scale_width : 0);
    return left;
}

static double maps_middle(const struct maps *maps, const struct places *places)
{
    unsigned last = MIN(places->panels.columns, maps->count) - 1;

    return (places->panels.left + map_left(maps, places, last) + places->panels.panel_width) / 2;
}

/* In one row if they fit, or else in several with a scale behind each. */
static void place_maps(struct figure_canvas *canvas, const struct maps *maps, unsigned measures,
                       struct places *places, double left)
{
    const struct figure_plan *plan = maps->grid->plan;
    unsigned scales = maps->count == 3 && maps->maps[2].difference ? 2 : 1, columns = maps->count;
    double room = canvas->width - left - 4, below = widest_name(plan->x, maps->grid->x, maps->grid->x_count);
    double beside = (room - scales * places->scale_width - (columns - 1) * PANEL_GAP) / columns;

    places->wrapped = beside < PANEL_LEAST;
    if (places->wrapped) {
        columns =
            (unsigned)fmax(floor((room + PANEL_GAP) / (PANEL_LEAST + places->scale_width + PANEL_GAP)), 1);
        columns = MIN(columns, maps->count);
        scales = columns;
    }
    double extra = scales * places->scale_width;
    double each = (room - extra - (columns - 1) * PANEL_GAP) / columns / maps->grid->x_count;
    places->angle = plan->x->kind != SCALE_CATEGORY || below + 6 <= each ? 0 : each < SLANT_LEAST ? 90 : 30;
    places->panels = (struct panel_grid){.columns = columns,
                                         .rows = (maps->count + columns - 1) / columns * measures,
                                         .left = left,
                                         .right = 4 + extra,
                                         .bottom = 54 + below * sin(places->angle * G_PI / 180),
                                         .top = 46,
                                         .column_gap = PANEL_GAP,
                                         .row_gap = 30 + (measures > 1 ? 20 : 0)};
    canvas_lay_out(canvas, &places->panels, columns == 1 ? 0.55 : 0.85);
}

/* How long the label on the left may be. */
static double side_length(const struct figure_canvas *canvas, const struct places *places)
{
    return canvas->height - places->panels.bottom;
}

static void find_places(struct figure_canvas *canvas, const struct maps *maps, unsigned measures,
                        const char *side, struct places *places)
{
    const struct mean_grid *grid = maps->grid;
    double names = widest_name(grid->plan->panels, grid->panels, grid->columns), left = 22 + names + 10;

    *places = (struct places){.scale_width = scale_width(maps)};
    for (unsigned round = 0; round < 2; round++) {
        canvas_choose_width(canvas, maps->count);
        place_maps(canvas, maps, measures, places, left);
        if (round == 0 && script_side_text_is_long(side, side_length(canvas, places)))
            left += FIGURE_LINE_HEIGHT;
    }
}

/* -- drawing -- */

/* Names at every so-many-th place, so that they do not run into each other. */
static void put_names(struct figure_canvas *canvas, const char *command, const struct figure_axis *axis,
                      const unsigned *picked, unsigned count, unsigned step, bool with_texts)
{
    bool first = true;

    g_string_append_printf(canvas->script, "    %s (", command);
    for (unsigned i = 0; i < count; i += step) {
        char *text = axis->kind == SCALE_CATEGORY ? g_strdup(axis->texts[picked[i]])
                                                  : g_strdup_printf("%.10g", axis->values[picked[i]]);
        g_string_append(canvas->script, first ? "" : ", ");
        script_append_tic(canvas->script, with_texts ? text : "", NAME_LONGEST);
        g_string_append_printf(canvas->script, " %u", i + 1);
        g_free(text);
        first = false;
    }
    g_string_append(canvas->script, ")\n");
}

static unsigned every(double each, unsigned count, double length)
{
    return (unsigned)fmax(ceil(each * count / length), 1);
}

static void put_axes(struct figure_canvas *canvas, const struct maps *maps, const struct places *places,
                     bool leftmost, bool lowest)
{
    const struct mean_grid *grid = maps->grid;
    const struct figure_axis *x = grid->plan->x, *y = grid->plan->panels;
    double width = places->panels.panel_width, height = places->panels.panel_height;
    double below = widest_name(x, grid->x, grid->x_count);

    script_append(canvas, "set xrange [0.5:%u.5]; set yrange [0.5:%u.5]", grid->x_count, grid->columns);
    char *command = places->angle
                        ? g_strdup_printf("set xtics scale 0 nomirror rotate by %d right", places->angle)
                        : g_strdup("set xtics scale 0 nomirror norotate");
    put_names(canvas, command, x, grid->x, grid->x_count,
              every(places->angle > 0 ? FIGURE_LINE_HEIGHT : below + 6, grid->x_count, width), lowest);
    g_free(command);
    put_names(canvas, "set ytics scale 0 nomirror", y, grid->panels, grid->columns,
              every(FIGURE_LINE_HEIGHT, grid->columns, height), leftmost);
}

/* Dark numbers on light cells and light ones on dark. */
static void put_numbers(struct figure_canvas *canvas, const struct map *map, unsigned block)
{
    char *dark = map->difference ? g_strdup_printf("abs($7) <= %.10g", 0.6 * map->high)
                                 : g_strdup_printf("$7 >= %.10g", map->low + 0.55 * (map->high - map->low));

    g_string_append_printf(
        canvas->script,
        ", \\\n        '%s.dat' index %u using 1:(%s ? $2 : NaN):(sprintf('%%.%df', $7)) with labels "
        "tc rgb 'black' notitle",
        canvas->name, block, dark, map->digits);
    g_string_append_printf(
        canvas->script,
        ", \\\n        '%s.dat' index %u using 1:(%s ? NaN : $2):(sprintf('%%.%df', $7)) with labels "
        "tc rgb 'white' notitle",
        canvas->name, block, dark, map->digits);
    g_free(dark);
}

static void put_scale(struct figure_canvas *canvas, const struct map *map, double left, double bottom,
                      double height)
{
    script_append(canvas,
                  "set colorbox user vertical origin screen %.5f, screen %.5f size screen %.5f, screen %.5f",
                  (left + BOX_GAP) / canvas->width, bottom / canvas->height, BOX_WIDTH / canvas->width,
                  height / canvas->height);
    double step = script_tic_step(map->high - map->low, height < 110 ? 3 : 5);
    if (map->flat)
        script_append(canvas, "set cbtics scale 0.4 (%.10g); set format cb '%%g'", map->low);
    else
        script_append(canvas, "set cbtics scale 0.4 autofreq %.10g; set format cb '%%g'", step);
}

/* Short for all methods where one does not fit. Free with g_free. */
static char *map_title(const struct maps *maps, unsigned index, double room)
{
    const struct map *map = &maps->maps[index];
    bool fits = true;

    if (map->difference)
        return g_strdup(text_width(map->title) <= room ? map->title : "Second − first");
    for (unsigned i = 0; i < maps->count; i++)
        fits = fits && (maps->maps[i].difference || text_width(maps->maps[i].title) <= room);
    return fits ? g_strdup(map->title) : figure_short_name(map->title);
}

static void put_map(struct figure_canvas *canvas, const struct maps *maps, const struct places *places,
                    unsigned index, unsigned first_row)
{
    const struct map *map = &maps->maps[index];
    const struct panel_grid *panels = &places->panels;
    unsigned columns = panels->columns, row = first_row + index / columns;
    double left = map_left(maps, places, index), top = panel_grid_top(canvas, panels, row);
    double width = panels->panel_width, height = panels->panel_height;
    double cell_width = width / maps->grid->x_count, cell_height = height / maps->grid->columns;
    unsigned block = canvas->blocks;

    write_map(canvas, maps, map);
    char *title = map_title(maps, index, width + PANEL_GAP - 4);
    script_put_fitting(canvas, title, left + width / 2, top + 11, width + PANEL_GAP - 4);
    g_free(title);
    script_set_margins(canvas, left, left + width, top - height, top);
    put_axes(canvas, maps, places, index % columns == 0, index + columns >= maps->count);
    script_append(canvas, "%s; set cbrange [%.10g:%.10g]", map->difference ? around_zero : viridis, map->low,
                  map->high);
    if (has_scale(maps, places, index))
        put_scale(canvas, map, left + width, top - height, height);
    else
        script_append(canvas, "unset colorbox");
    script_append(canvas, "set object 1 rectangle from graph 0, graph 0 to graph 1, graph 1 fs solid 1 "
                          "noborder fc rgb '#E8E8E8' behind");
    bool numbers = map->widest + 5 <= cell_width && cell_height >= FIGURE_LINE_HEIGHT;
    /* Where cells are small there are no lines between them, and each goes a little below the next ones: no
     * seams. */
    bool apart = cell_width > 8 && cell_height > 8;
    g_string_append_printf(
        canvas->script,
        "    plot '%s.dat' index %u using 1:2:3:%s:7 with boxxyerror lc palette fs solid 1 %s notitle",
        canvas->name, block, apart ? "4:5:6" : "($4+0.1):5:($6+0.1)",
        apart ? "border lc rgb 'white'" : "noborder");
    if (numbers)
        put_numbers(canvas, map, block);
    g_string_append_c(canvas->script, '\n');
    script_append(canvas, "unset label; unset object 1");
}

static void draw(struct figure_canvas *canvas, struct maps *maps, unsigned measures, unsigned measure,
                 struct places *places)
{
    const struct figure_plan *plan = maps->grid->plan;

    if (measure == 0) {
        char *label = figure_label_with_unit(plan->x->label, plan->x->unit),
             *side = figure_label_with_unit(plan->panels->label, plan->panels->unit);
        find_places(canvas, maps, measures, side, places);
        double length = side_length(canvas, places);
        script_append(canvas, "unset key; set border 0; unset grid");
        script_put_text(canvas, label, maps_middle(maps, places), 11);
        script_put_side_text(canvas, side, 11, places->panels.bottom + length / 2, length);
        g_free(side);
        g_free(label);
    }
    unsigned rows = places->panels.rows / measures;
    double top = panel_grid_top(canvas, &places->panels, measure * rows);
    script_put_text(canvas, maps->row->label, maps_middle(maps, places), top + 33);
    for (unsigned i = 0; i < maps->count; i++)
        put_map(canvas, maps, places, i, measure * rows);
}

bool figure_heat_map(struct figure_task *task, GError **error)
{
    struct measure_name measures[FIGURE_MEASURES_MAX];
    const struct figure_rows *rows;
    unsigned count;

    if (!figure_task_measures(task, "outage", measures, &count, &rows, error))
        return false;
    struct figure_plan *plan = figure_plan_new(rows, PLAN_PLANE, task->options);
    struct mean_grid *grid = NULL;
    if (plan->x == NULL || plan->panels == NULL)
        g_string_append(task->note, "two axes must have been swept besides the method\n");
    else
        grid = mean_grid_new(task, plan, measures, count, CELLS_MOST, CELLS_MOST, error);
    struct places places;
    for (unsigned i = 0; grid != NULL && i < grid->row_count; i++) {
        struct maps maps = {.grid = grid, .row = &grid->rows[i]};
        find_maps(&maps);
        draw(task->canvas, &maps, grid->row_count, i, &places);
        for (unsigned k = 0; k < maps.count; k++)
            g_free(maps.maps[k].title);
    }
    if (grid != NULL) {
        if (plan->series->len > MAPS_MOST)
            g_string_append_printf(task->note, "%u of %u panels are left out\n",
                                   plan->series->len - MAPS_MOST, plan->series->len);
        figure_plan_note(plan, task->note);
        mean_grid_free(grid);
    }
    figure_plan_free(plan);
    return grid != NULL;
}
