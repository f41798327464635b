/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure.c - see figure.h: what all figures have in common, the files and gnuplot.
 *
 * A figure is laid out in points of a canvas, every plot's margins at given places, so that nothing
 * depends on how wide gnuplot believes a text to be. The same commands draw the SVG and, with everything
 * twice as large, the PNG: they stand in a loop over the two. Inside of it gnuplot counts braces, in
 * strings as well; so there are none in our strings.
 */
#include "sim/output/figure.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "sim/experiment/result_csv.h"
#include "sim/output/figure_plan.h"

/* 14 points of the canvas. Fonts of the SVG are measured in those; of the PNG in points of 1/72 inch, of
 * 96 in an inch. */
#define SVG_FONT            "Arial,14"
#define PNG_FONT            "Arial,10.5"
#define LEGEND_ROW_HEIGHT   22
#define LEGEND_SAMPLE_WIDTH 70  /* with the blanks around the text */
#define CHARACTER_WIDTH     7.4 /* of the font, on average, with some room */

/* -- which figures there are -- */

static const struct figure figures[] = {
    {"latency",
     "binding latency and outage, or what --measure says, against a swept delay, with 95 % confidence\n"
     "intervals; panels side by side for a second swept delay",
     "Binding latency and outage against the swept delay, with 95 % confidence intervals.", figure_latency},
    {"outage-cdf", "the share of handovers whose outage is at most so long",
     "The share of handovers whose outage is at most so long.", figure_outage_cdf},
    {"phases",
     "handovers taken apart: link-layer handover, movement detection, address configuration, home\n"
     "registration, return routability, correspondent registration",
     "Handovers taken apart along their critical path: means.", figure_phases},
    {"handover",
     "around one handover: the delay of each packet by the way it took, and those that were lost; a panel\n"
     "for each method. The scenario's [output] packets names the flow",
     "The delay of each packet around one handover, by the way it took; crosses are packets lost.",
     figure_handover},
    {"outage-offset",
     "outage of each mobile node against a swept offset between two moves (a duration that is negative\n"
     "in part), with 95 % confidence bands",
     "Outage against the offset between two moves, with 95 % confidence bands.", figure_outage_offset},
    {"acceptance",
     "the share of attacks accepted against a swept duration, such as the age of what is replayed",
     "The share of attacks that are accepted.", figure_acceptance},
    {"astray", "what attacks misdirected, as time goes by",
     "What attacks misdirected, as time goes by.", figure_astray},
};

const struct figure *figure_at(unsigned index)
{
    return index < G_N_ELEMENTS(figures) ? &figures[index] : NULL;
}

const struct figure *figure_find(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(figures); i++)
        if (strcmp(figures[i].name, name) == 0)
            return &figures[i];
    return NULL;
}

char *figure_names(void)
{
    GString *names = g_string_new(NULL);

    for (unsigned i = 0; i < G_N_ELEMENTS(figures); i++)
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", figures[i].name);
    return g_string_free(names, FALSE);
}

const char *figure_format_name(enum figure_format format)
{
    static const char *const names[FIGURE_FORMAT_COUNT] = {"svg", "png"};

    return names[format];
}

/* -- results -- */

struct figure_results {
    char *name;
    struct handovers *handovers;
    struct csv_table *tables[TABLE_COUNT]; /* NULL: not read, or not there */
};

struct figure_results *figure_results_open(const char *name, GError **error)
{
    struct handovers *handovers = handovers_read(name, error);

    if (handovers == NULL)
        return NULL;
    struct figure_results *results = g_new0(struct figure_results, 1);
    results->name = g_strdup(name);
    results->handovers = handovers;
    return results;
}

void figure_results_close(struct figure_results *results)
{
    if (results == NULL)
        return;
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        csv_table_free(results->tables[i]);
    handovers_free(results->handovers);
    g_free(results->name);
    g_free(results);
}

const struct handovers *figure_results_handovers(const struct figure_results *results)
{
    return results->handovers;
}

const struct csv_table *figure_results_table(struct figure_results *results, enum result_table table,
                                             GError **error)
{
    GError *why = NULL;

    if (table == TABLE_HANDOVERS)
        return results->handovers->csv;
    if (results->tables[table] == NULL)
        results->tables[table] = result_csv_read(results->name, table, &why);
    if (g_error_matches(why, CSV_ERROR, CSV_ERROR_ABSENT))
        g_clear_error(&why);
    if (why != NULL)
        g_propagate_error(error, why);
    return results->tables[table];
}

/* -- scripts -- */

void script_append_string(GString *script, const char *text)
{
    g_string_append_c(script, '\'');
    for (; *text != '\0'; text++) {
        char c = *text;
        if (c == '\'')
            g_string_append_c(script, c);
        g_string_append_c(script, c == '{' ? '(' : c == '}' ? ')' : g_ascii_iscntrl(c) ? ' ' : c);
    }
    g_string_append_c(script, '\'');
}

void script_append(struct figure_canvas *canvas, const char *format, ...)
{
    va_list arguments;

    g_string_append(canvas->script, "    ");
    va_start(arguments, format);
    g_string_append_vprintf(canvas->script, format, arguments);
    va_end(arguments);
    g_string_append_c(canvas->script, '\n');
}

void script_set_margins(struct figure_canvas *canvas, double left, double right, double bottom, double top)
{
    script_append(canvas, "set lmargin at screen %.4f; set rmargin at screen %.4f", left / canvas->width,
                  right / canvas->width);
    script_append(canvas, "set bmargin at screen %.4f; set tmargin at screen %.4f", bottom / canvas->height,
                  top / canvas->height);
}

void script_put_text(struct figure_canvas *canvas, const char *text, double x, double y)
{
    GString *quoted = g_string_new(NULL);

    script_append_string(quoted, text);
    script_append(canvas, "set label %s at screen %.4f, screen %.4f center front", quoted->str,
                  x / canvas->width, y / canvas->height);
    g_string_free(quoted, TRUE);
}

void script_put_side_text(struct figure_canvas *canvas, const char *text, double x, double y)
{
    GString *quoted = g_string_new(NULL);

    script_append_string(quoted, text);
    script_append(canvas, "set label %s at screen %.4f, screen %.4f center rotate by 90 front", quoted->str,
                  x / canvas->width, y / canvas->height);
    g_string_free(quoted, TRUE);
}

double script_tic_step(double range, unsigned most)
{
    double step = pow(10, floor(log10(range / most)));

    if (range / step <= most)
        return step;
    if (range / (2 * step) <= most)
        return 2 * step;
    return range / (5 * step) <= most ? 5 * step : 10 * step;
}

/* Thin above thick, dashed above solid: curves that coincide are both seen. */
void script_define_styles(struct figure_canvas *canvas, const struct figure_plan *plan)
{
    static const struct {
        const char *color, *dashes;
        double width, size;
        unsigned point;
    } styles[FIGURE_SERIES_MAX] = {
        {"#0072B2", "1", 3.5, 1.0, 7},      {"#D55E00", "(9,5)", 2, 0.85, 9},
        {"#009E73", "(3,4)", 2.5, 0.8, 5},  {"#CC79A7", "(12,4,3,4)", 2, 0.9, 13},
        {"#E69F00", "(6,3)", 2.5, 0.9, 11}, {"#56B4E9", "(3,3,9,3)", 2, 0.8, 6},
        {"#000000", "(2,3)", 1.5, 0.8, 8},  {"#7F7F7F", "(15,5)", 1.5, 0.8, 4},
    };

    for (guint i = 0; i < plan->series->len; i++)
        script_append(canvas, "set style line %u lc rgb '%s' lw %g dt %s pt %u ps %g", i + 1, styles[i].color,
                      styles[i].width, styles[i].dashes, styles[i].point, styles[i].size);
}

/* -- the legend of the series -- */

static double legend_widest(const struct figure_plan *plan)
{
    double widest = 1;

    for (guint i = 0; i < plan->series->len; i++) {
        const struct figure_series *series = plan->series->pdata[i];
        widest =
            fmax(widest, LEGEND_SAMPLE_WIDTH + CHARACTER_WIDTH * (double)g_utf8_strlen(series->name, -1));
    }
    return widest;
}

void script_widen_for_legend(struct figure_canvas *canvas, const struct figure_plan *plan)
{
    /* gnuplot reckons with letters that are wider than these, and complains. */
    double width = 1.35 * legend_widest(plan);
    if (canvas->width < width)
        canvas->width = (unsigned)width;
}

static unsigned legend_columns(const struct figure_plan *plan, const struct figure_canvas *canvas)
{
    double fitting = floor(canvas->width / legend_widest(plan));
    return fitting < 1 ? 1 : fitting > plan->series->len ? plan->series->len : (unsigned)fitting;
}

double script_series_legend_height(const struct figure_plan *plan, const struct figure_canvas *canvas)
{
    unsigned columns = legend_columns(plan, canvas);

    return LEGEND_ROW_HEIGHT * ((plan->series->len + columns - 1) / columns) + 8;
}

void script_put_series_legend(struct figure_canvas *canvas, const struct figure_plan *plan, double top,
                              bool points)
{
    script_set_margins(canvas, 5, canvas->width - 5, top - script_series_legend_height(plan, canvas), top);
    script_append(canvas, "unset border; unset xtics; unset ytics; unset grid");
    script_append(canvas, "set key center center horizontal Left reverse samplen 3.5 maxcols %u",
                  legend_columns(plan, canvas));
    g_string_append(canvas->script, "    plot [0:1][0:1] ");
    for (guint i = 0; i < plan->series->len; i++) {
        const struct figure_series *series = plan->series->pdata[i];
        g_string_append_printf(canvas->script, "%sNaN with %s ls %u title ", i == 0 ? "" : ", \\\n        ",
                               points ? "linespoints" : "lines", i + 1);
        script_append_string(canvas->script, series->name);
    }
    g_string_append(canvas->script, "\n    unset key\n");
}

/* -- numbers -- */

unsigned data_begin(struct figure_canvas *canvas, const char *what)
{
    char *line = g_strdup(what);

    for (char *c = line; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
    g_string_append_printf(canvas->data, "%s# index %u: %s\n", canvas->blocks == 0 ? "" : "\n\n",
                           canvas->blocks, line);
    g_free(line);
    return canvas->blocks++;
}

/* -- files -- */

static char *figure_path(const struct figure *figure, const char *directory, const char *ending)
{
    char *file = g_strconcat(figure->name, ".", ending, NULL);
    char *path = g_build_filename(directory, file, NULL);

    g_free(file);
    return path;
}

static void remove_file(const struct figure *figure, const char *directory, const char *ending)
{
    char *path = figure_path(figure, directory, ending);

    g_unlink(path);
    g_free(path);
}

static void remove_pictures(const struct figure *figure, const char *directory)
{
    for (unsigned i = 0; i < FIGURE_FORMAT_COUNT; i++)
        remove_file(figure, directory, figure_format_name((enum figure_format)i));
}

/* A picture of other results would be taken for one of these. */
void figure_remove(const struct figure *figure, const char *directory)
{
    remove_file(figure, directory, "gp");
    remove_file(figure, directory, "dat");
    remove_pictures(figure, directory);
}

static bool write_file(const struct figure *figure, const char *directory, const char *ending,
                       const GString *text, GError **error)
{
    char *path = figure_path(figure, directory, ending);
    bool good = g_file_set_contents(path, text->str, (gssize)text->len, error);

    g_free(path);
    return good;
}

static GString *complete_script(const struct figure *figure, const struct figure_options *options,
                                const struct figure_canvas *canvas)
{
    GString *text = g_string_new(NULL);

    g_string_append_printf(text,
                           "# Drawn by gnuplot 5.4 or later: cd to this directory, gnuplot %s.gp\n"
                           "# The numbers are in %s.dat. Both are written by mip6sim plot.\n"
                           "set encoding utf8\n"
                           "set datafile missing '?'\n"
                           "do for [format in '",
                           figure->name, figure->name);
    bool first = true;
    for (unsigned i = 0; i < FIGURE_FORMAT_COUNT; i++)
        if (options->formats[i]) {
            g_string_append_printf(text, "%s%s", first ? "" : " ", figure_format_name((enum figure_format)i));
            first = false;
        }
    g_string_append(text, "'] {\n");
    g_string_append_printf(
        text,
        "    if (format eq 'svg') {\n"
        "        set terminal svg size %u,%u font '" SVG_FONT "' noenhanced background rgb 'white'\n"
        "    } else {\n"
        "        set terminal pngcairo size %u,%u font '" PNG_FONT "' fontscale 2 linewidth 2 "
        "pointscale 2 noenhanced background rgb 'white'\n"
        "    }\n"
        "    set output '%s.' . format\n"
        "    set multiplot\n",
        canvas->width, canvas->height, 2 * canvas->width, 2 * canvas->height, figure->name);
    g_string_append_len(text, canvas->script->str, (gssize)canvas->script->len);
    g_string_append(text, "    unset multiplot\n    unset output\n}\n");
    return text;
}

bool figure_write(const struct figure *figure, struct figure_results *results,
                  const struct figure_options *options, const char *directory, GString *note, GError **error)
{
    struct figure_canvas canvas = {.script = g_string_new(NULL), .data = g_string_new(NULL)};
    struct figure_task task = {figure, results, options, &canvas, note};
    bool good = figure->fill(&task, error);

    if (!good) {
        figure_remove(figure, directory);
    } else {
        GString *script = complete_script(figure, options, &canvas);
        good = write_file(figure, directory, "dat", canvas.data, error) &&
               write_file(figure, directory, "gp", script, error);
        g_string_free(script, TRUE);
    }
    g_string_free(canvas.script, TRUE);
    g_string_free(canvas.data, TRUE);
    return good;
}

/* -- gnuplot -- */

static bool picture_is_there(const struct figure *figure, const char *directory, const char *ending,
                             GError **error)
{
    char *path = figure_path(figure, directory, ending);
    GStatBuf status;
    bool there = g_stat(path, &status) == 0 && status.st_size > 0;

    if (!there)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: gnuplot did not make it", path);
    g_free(path);
    return there;
}

bool figure_draw(const struct figure *figure, const struct figure_options *options, const char *gnuplot,
                 const char *directory, GError **error)
{
    char *script = g_strconcat(figure->name, ".gp", NULL);
    /* -d: not the user's own settings. */
    char *arguments[] = {g_strdup(gnuplot), g_strdup("-d"), script, NULL};
    char *words = NULL;
    int status;
    GError *why = NULL;

    remove_pictures(figure, directory);
    bool good = g_spawn_sync(directory, arguments, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_SEARCH_PATH,
                             NULL, NULL, NULL, &words, &status, error);
    if (good && !g_spawn_check_wait_status(status, &why)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: %s: %s", gnuplot, why->message,
                    words == NULL ? "" : g_strstrip(words));
        g_clear_error(&why);
        good = false;
    }
    for (unsigned i = 0; good && i < FIGURE_FORMAT_COUNT; i++)
        good = !options->formats[i] ||
               picture_is_there(figure, directory, figure_format_name((enum figure_format)i), error);
    g_free(words);
    g_free(arguments[0]);
    g_free(arguments[1]);
    g_free(script);
    return good;
}
