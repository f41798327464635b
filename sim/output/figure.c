/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure.c - see figure.h: which figures there are, the results that they are of, their files, and gnuplot.
 */
#include "sim/output/figure.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "sim/experiment/result_csv.h"
#include "sim/output/figure_plan.h"
#include "sim/output/observations.h"

/* -- which figures there are -- */

static const struct figure figures[] = {
    {"latency", true,
     "binding latency and outage, or what --measure says, against a swept axis, with bands of 95 %\n"
     "confidence; panels side by side for a second axis",
     "Means against what was swept, with bands of 95 % confidence.", figure_latency},
    {"outage-cdf", true, "the share of handovers whose outage, or what --measure says, is at most so much",
     "Empirical distribution: the share that is at most so much.", figure_outage_cdf},
    {"phases", false,
     "handovers taken apart: link-layer handover, movement detection, address configuration, home\n"
     "registration, return routability, correspondent registration",
     "Handovers taken apart along their critical path: means.", figure_phases},
    {"handover", false,
     "around one handover: the delay of each packet by the way it took, and those that were lost; a panel\n"
     "for each method. The scenario's [output] packets names the flow",
     "The delay of each packet around one handover, by the way it took; crosses are packets lost.",
     figure_handover},
    {"bars", true,
     "messages and octets, or what --measure says, by method for the values of the axis that was\n"
     "swept first, with 95 % confidence intervals; panels side by side for a second axis",
     "Means by method, with 95 % confidence intervals.", figure_bars},
    {"heat-map", true,
     "outage, or what --measure says, over two swept axes, a panel for each method, and their\n"
     "difference where there are two",
     "Means over two swept axes.", figure_heat_map},
    {"outage-offset", false,
     "outage of each mobile node against a swept offset between two moves (a duration that is negative\n"
     "in part), with bands of 95 % confidence",
     "Outage against the offset between two moves, with bands of 95 % confidence.", figure_outage_offset},
    {"acceptance", false,
     "the share of attacks accepted against a swept duration, such as the age of what is replayed",
     "The share of attacks that are accepted.", figure_acceptance},
    {"astray", false, "what attacks misdirected, as time goes by",
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
    static const char *const names[FIGURE_FORMAT_COUNT] = {"svg", "png", "pdf"};

    return names[format];
}

/* -- results -- */

/* Rows of a table that is not that of handovers, in groups. */
struct grouped {
    struct observations *observations;
    GPtrArray *dimensions, *groups;
    struct figure_rows rows;
};

struct figure_results {
    char *name;
    struct handovers *handovers;
    struct figure_rows rows;               /* the handovers' */
    struct csv_table *tables[TABLE_COUNT]; /* NULL: not read, or not there */
    struct grouped *grouped[TABLE_COUNT];
};

struct figure_results *figure_results_open(const char *name, GError **error)
{
    struct handovers *handovers = handovers_read(name, error);

    if (handovers == NULL)
        return NULL;
    struct figure_results *results = g_new0(struct figure_results, 1);
    results->name = g_strdup(name);
    results->handovers = handovers;
    results->rows = (struct figure_rows){handovers->csv, handovers->numbers[COLUMN_REPLICATION],
                                         handovers->dimensions, handovers->groups};
    return results;
}

static void grouped_free(struct grouped *grouped)
{
    if (grouped == NULL)
        return;
    g_ptr_array_unref(grouped->dimensions);
    g_ptr_array_unref(grouped->groups);
    observations_free(grouped->observations);
    g_free(grouped);
}

void figure_results_close(struct figure_results *results)
{
    if (results == NULL)
        return;
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        csv_table_free(results->tables[i]);
        grouped_free(results->grouped[i]);
    }
    handovers_free(results->handovers);
    g_free(results->name);
    g_free(results);
}

const struct handovers *figure_results_handovers(const struct figure_results *results)
{
    return results->handovers;
}

/* That there is none is no error. */
static void pass_on(GError *why, GError **error)
{
    if (g_error_matches(why, CSV_ERROR, CSV_ERROR_ABSENT))
        g_clear_error(&why);
    if (why != NULL)
        g_propagate_error(error, why);
}

const struct csv_table *figure_results_table(struct figure_results *results, enum result_table table,
                                             GError **error)
{
    GError *why = NULL;

    if (table == TABLE_HANDOVERS)
        return results->handovers->csv;
    if (results->tables[table] == NULL)
        results->tables[table] = result_csv_read(results->name, table, &why);
    pass_on(why, error);
    return results->tables[table];
}

/* An axis of the sweep, the method (an axis, too, where the sweep has set it), or what else tells rows apart.
 */
static enum dimension_kind kind_of_factor(const struct factor *factor)
{
    bool methods = true;

    for (guint i = 0; i < factor->levels->len; i++) {
        const char *level = factor->levels->pdata[i];
        methods = methods && (strcmp(level, "return-routability") == 0 || strcmp(level, "static-key") == 0);
    }
    return methods ? DIMENSION_METHOD : strstr(factor->name, " / ") != NULL ? DIMENSION_AXIS : DIMENSION_MOVE;
}

static void free_dimension(void *data)
{
    struct dimension *dimension = data;

    g_free(dimension->name);
    g_ptr_array_unref(dimension->levels);
    g_free(dimension);
}

static void free_group(void *data)
{
    struct group *group = data;

    g_array_unref(group->rows);
    g_free(group->levels);
    g_free(group);
}

static struct grouped *group_rows(struct observations *observations)
{
    struct grouped *grouped = g_new0(struct grouped, 1);
    GPtrArray *groups = observations_groups(observations);

    grouped->observations = observations;
    grouped->dimensions = g_ptr_array_new_with_free_func(free_dimension);
    grouped->groups = g_ptr_array_new_with_free_func(free_group);
    for (guint i = 0; i < observations->factors->len; i++) {
        const struct factor *factor = observations->factors->pdata[i];
        struct dimension *dimension = g_new0(struct dimension, 1);
        dimension->kind = kind_of_factor(factor);
        dimension->name = g_strdup(factor->name);
        dimension->levels = g_ptr_array_ref(factor->levels);
        g_ptr_array_add(grouped->dimensions, dimension);
    }
    for (guint i = 0; i < groups->len; i++) {
        const struct row_group *of = groups->pdata[i];
        struct group *group = g_new0(struct group, 1);
        group->levels = g_memdup2(of->levels, sizeof(*of->levels) * (observations->factors->len + 1));
        group->rows = g_array_ref(of->rows);
        g_ptr_array_add(grouped->groups, group);
    }
    g_ptr_array_unref(groups);
    grouped->rows = (struct figure_rows){observations->csv, observations->replications, grouped->dimensions,
                                         grouped->groups};
    return grouped;
}

const struct figure_rows *figure_results_rows(struct figure_results *results, enum result_table table,
                                              GError **error)
{
    GError *why = NULL;

    if (table == TABLE_HANDOVERS)
        return &results->rows;
    if (results->grouped[table] == NULL) {
        struct observations *observations = observations_read(results->name, table, &why);
        if (observations == NULL) {
            pass_on(why, error);
            return NULL;
        }
        results->grouped[table] = group_rows(observations);
    }
    return &results->grouped[table]->rows;
}

const char *figure_rows_noun(enum result_table table)
{
    return result_tables[table].name;
}

double *figure_rows_values(const struct figure_rows *rows, const char *column, GError **error)
{
    unsigned index;
    if (!csv_table_find_column(rows->csv, column, &index, error))
        return NULL;
    double *values = g_new(double, rows->csv->row_count + 1);
    for (size_t row = 0; row < rows->csv->row_count; row++)
        if (!csv_table_number(rows->csv, row, index, &values[row], error)) {
            g_free(values);
            return NULL;
        }
    return values;
}

bool figure_task_measures(struct figure_task *task, const char *own,
                          struct measure_name measures[FIGURE_MEASURES_MAX], unsigned *count,
                          const struct figure_rows **rows, GError **error)
{
    const struct figure_options *options = task->options;
    GError *why = NULL;
    char **names = g_strsplit(own, ",", FIGURE_MEASURES_MAX);

    *count = 0;
    if (options->measure_count > 0) {
        memcpy(measures, options->measures, sizeof(options->measures));
        *count = options->measure_count;
    }
    for (char **name = names; options->measure_count == 0 && *name != NULL; name++)
        if (!measure_name_parse(*name, &measures[(*count)++], error)) {
            g_strfreev(names);
            return false;
        }
    g_strfreev(names);
    *rows = figure_results_rows(task->results, measures[0].table, &why);
    if (why != NULL)
        g_propagate_error(error, why);
    else if (*rows == NULL || (*rows)->csv->row_count == 0)
        g_string_append_printf(task->note, "there are no %s in these results\n",
                               figure_rows_noun(measures[0].table));
    return why == NULL && *rows != NULL && (*rows)->csv->row_count > 0;
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

bool figure_write(const struct figure *figure, struct figure_results *results,
                  const struct figure_options *options, const char *directory, GString *note, GError **error)
{
    struct figure_canvas canvas;
    struct figure_task task = {figure, results, options, &canvas, note};

    canvas_init(&canvas, figure->name, options);
    bool good = figure->fill(&task, error);
    if (!good) {
        figure_remove(figure, directory);
    } else {
        GString *script = canvas_complete(&canvas, options);
        good = write_file(figure, directory, "dat", canvas.data, error) &&
               write_file(figure, directory, "gp", script, error);
        g_string_free(script, TRUE);
    }
    canvas_clear(&canvas);
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

/* The only thing in a PDF of gnuplot's (cairo's) that differs from one time to the next is when it was made.
 */
static void settle_date(const struct figure *figure, const char *directory)
{
    static const char key[] = "/CreationDate (D:", date[] = "20000101000000";
    const gsize length = sizeof key - 1, digits = sizeof date - 1;
    char *path = figure_path(figure, directory, "pdf"), *octets;
    gsize size;

    if (g_file_get_contents(path, &octets, &size, NULL)) {
        gsize at = 0;
        while (at + length + digits <= size && memcmp(octets + at, key, length) != 0)
            at++;
        if (at + length + digits <= size) {
            memcpy(octets + at + length, date, digits);
            g_file_set_contents(path, octets, (gssize)size, NULL);
        }
        g_free(octets);
    }
    g_free(path);
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
    if (good && options->formats[FIGURE_PDF])
        settle_date(figure, directory);
    for (unsigned i = 0; good && i < FIGURE_FORMAT_COUNT; i++)
        good = !options->formats[i] ||
               picture_is_there(figure, directory, figure_format_name((enum figure_format)i), error);
    g_free(words);
    g_free(arguments[0]);
    g_free(arguments[1]);
    g_free(script);
    return good;
}
