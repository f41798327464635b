/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot.c - mip6sim plot: draws the results in a directory.
 *
 * Pictures, their gnuplot scripts and their numbers go beside the results. A figure that has nothing to
 * show is left out, and that is said; so it is an error only if none has.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/output/figure.h"

struct options {
    char *formats;
    char *measures;
    char **labels;
};

static const char description[] =
    "Draws with gnuplot, into the directory that 'mip6sim run --out' has filled:\n"
    "  latency     binding latency and outage against a swept delay, with 95 % confidence intervals;\n"
    "              panels side by side for a second swept delay\n"
    "  outage-cdf  the share of handovers whose outage is at most so long\n"
    "  phases      handovers taken apart: link-layer handover, movement detection, address configuration,\n"
    "              home registration, return routability, correspondent registration\n"
    "  outage-offset  outage of each mobile node against a swept offset between two moves (a duration that is\n"
    "              negative in part), with 95 % confidence bands\n"
    "  acceptance  the share of attacks accepted against a swept duration, such as the age of what is replayed\n"
    "  astray      what attacks misdirected, as time goes by\n"
    "For each, NAME.svg and NAME.png, the script NAME.gp that draws them and its numbers, NAME.dat.\n"
    "\n"
    "Examples:\n"
    "  mip6sim plot results/rr-vs-kbm\n"
    "  mip6sim plot results/rr-vs-kbm --measure packets_lost,mobile_messages --format svg\n"
    "  mip6sim plot results/rr-vs-kbm --label 'point-to-point ha-core / delay=MN–HA delay, one way'\n"
    "\n"
    "The environment variable GNUPLOT names the gnuplot to use.\n"
    "Exit status: 0 drawn, 1 gnuplot is missing or failed or a file cannot be written, 2 there is nothing to "
    "draw or the\n"
    "command line is wrong.";

static bool parse_formats(const char *text, struct figure_options *figures)
{
    char **formats = g_strsplit(text, ",", -1);
    bool good = *formats != NULL;

    for (char **format = formats; good && *format != NULL; format++) {
        g_strstrip(*format);
        if (strcmp(*format, "svg") == 0) {
            figures->svg = true;
        } else if (strcmp(*format, "png") == 0) {
            figures->png = true;
        } else {
            g_printerr("mip6sim plot: --format: '%s' is neither svg nor png\n", *format);
            g_strfreev(formats);
            return false;
        }
    }
    g_strfreev(formats);
    if (!good)
        g_printerr("mip6sim plot: --format: svg, png, or both are meant: svg,png\n");
    return good;
}

static bool refuse_measure(const char *name)
{
    char **names = figure_measure_names();
    char *all = g_strjoinv(", ", names);

    g_printerr("mip6sim plot: --measure: '%s' cannot be drawn; what can is\n  %s\n", name, all);
    g_free(all);
    g_strfreev(names);
    return false;
}

static bool parse_measures(const char *text, enum number_column measures[FIGURE_MEASURES_MAX],
                           unsigned *count)
{
    char **names = g_strsplit(text, ",", -1);
    bool good = true;

    if (g_strv_length(names) > FIGURE_MEASURES_MAX) {
        g_printerr("mip6sim plot: --measure: at most %d in one picture\n", FIGURE_MEASURES_MAX);
        good = false;
    }
    for (char **name = names; good && *name != NULL; name++) {
        g_strstrip(*name);
        good = figure_measure_find(*name, &measures[(*count)++]) || refuse_measure(*name);
    }
    g_strfreev(names);
    if (good && *count == 0)
        return refuse_measure("");
    return good;
}

/* 'section / key=text' */
static bool parse_labels(char *const *texts, GHashTable *labels)
{
    for (; texts != NULL && *texts != NULL; texts++) {
        char *equals = strchr(*texts, '=');
        if (equals == NULL) {
            g_printerr("mip6sim plot: --label: '%s' is not of the form 'section / key=text'\n", *texts);
            return false;
        }
        char *axis = g_strstrip(g_strndup(*texts, (gsize)(equals - *texts)));
        g_hash_table_replace(labels, axis, g_strstrip(g_strdup(equals + 1)));
    }
    return true;
}

/* Said, but no reason to stop: it may be a figure's name that was mistyped, or a label for another sweep. */
static void warn_of_unused_labels(GHashTable *labels, const struct handovers *handovers)
{
    GHashTableIter iterator;
    void *axis;

    g_hash_table_iter_init(&iterator, labels);
    while (g_hash_table_iter_next(&iterator, &axis, NULL)) {
        bool used = false;
        for (guint i = 0; i < handovers->dimensions->len; i++) {
            const struct dimension *dimension = handovers->dimensions->pdata[i];
            used = used || strcmp(dimension->name, axis) == 0;
        }
        if (!used)
            g_printerr("mip6sim plot: --label: the results have no axis '%s'\n", (const char *)axis);
    }
}

/* A path or a name; NULL: none. Free with g_free. */
static char *find_gnuplot(void)
{
    const char *named = g_getenv("GNUPLOT");

    return g_find_program_in_path(named == NULL || *named == '\0' ? "gnuplot" : named);
}

static int fail(GError *error)
{
    g_printerr("mip6sim plot: %s\n", error->message);
    g_error_free(error);
    return STATUS_FAILED;
}

static void print_notes(const char *name, const GString *notes)
{
    char **lines = g_strsplit(notes->str, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        if (**line != '\0')
            g_printerr("mip6sim plot: %s: %s\n", name, *line);
    g_strfreev(lines);
}

/* Writes one figure and draws it, if there is a gnuplot. *written: there is something to draw. */
static int plot_figure(enum figure_kind kind, const struct handovers *handovers,
                       const struct figure_options *figures, const char *gnuplot, const char *directory,
                       bool *written)
{
    static const char *const endings[] = {"svg", "png"};
    GString *notes = g_string_new(NULL);
    GError *error = NULL;

    *written = figure_write(kind, handovers, figures, directory, notes, &error);
    /* Most results have no offset, and nobody misses its figure. */
    if (!*written && error == NULL && (kind < FIGURE_OUTAGE_OFFSET || notes->len > 0))
        g_string_append(notes, "not drawn\n");
    print_notes(figure_name(kind), notes);
    g_string_free(notes, TRUE);
    if (error == NULL && *written && gnuplot != NULL &&
        figure_draw(kind, figures, gnuplot, directory, &error))
        for (unsigned i = 0; i < G_N_ELEMENTS(endings); i++)
            if (i == 0 ? figures->svg : figures->png) {
                char *path = g_strdup_printf("%s/%s.%s", directory, figure_name(kind), endings[i]);
                puts(path);
                g_free(path);
            }
    return error == NULL ? STATUS_GOOD : fail(error);
}

static int plot_figures(const struct handovers *handovers, const struct figure_options *figures,
                        const char *directory)
{
    char *gnuplot = find_gnuplot();
    int status = STATUS_GOOD;
    unsigned written_count = 0;

    for (enum figure_kind kind = 0; status == STATUS_GOOD && kind < FIGURE_COUNT; kind++) {
        bool written = false;
        if (figure_is_of_handovers(kind) && handovers->count == 0)
            continue;
        status = plot_figure(kind, handovers, figures, gnuplot, directory, &written);
        written_count += written;
    }
    if (status == STATUS_GOOD && written_count == 0) {
        g_printerr("mip6sim plot: %s: nothing in these results can be drawn\n", directory);
        status = STATUS_INPUT;
    } else if (status == STATUS_GOOD && gnuplot == NULL) {
        g_printerr("mip6sim plot: there is no gnuplot (Debian package gnuplot-nox): the scripts and their "
                   "numbers, *.gp and "
                   "*.dat, are in %s\n",
                   directory);
        status = STATUS_FAILED;
    }
    g_free(gnuplot);
    return status;
}

static bool has_attacks(const char *directory)
{
    char *path = g_build_filename(directory, "attacks.csv", NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    g_free(path);
    return there;
}

static int plot_directory(const char *directory, const struct figure_options *figures)
{
    GError *error = NULL;
    struct handovers *handovers = handovers_read(directory, &error);

    if (handovers == NULL) {
        fail(error);
        return STATUS_INPUT;
    }
    int status = STATUS_INPUT;
    warn_of_unused_labels(figures->labels, handovers);
    if (handovers->count > 0 || has_attacks(directory))
        status = plot_figures(handovers, figures, directory);
    else
        g_printerr("mip6sim plot: %s: no mobile node moved: there is nothing to draw\n", directory);
    handovers_free(handovers);
    return status;
}

static int plot(int argc, char **argv, const struct options *options)
{
    enum number_column measures[FIGURE_MEASURES_MAX];
    struct figure_options figures = {.measures = measures};
    int status = STATUS_INPUT;

    if (argc != 2) {
        g_printerr("mip6sim plot: %s; see mip6sim plot --help\n",
                   argc < 2 ? "a directory of results is wanted" : "one directory at a time");
        return STATUS_INPUT;
    }
    figures.labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (parse_formats(options->formats == NULL ? "svg,png" : options->formats, &figures) &&
        parse_measures(options->measures == NULL ? "binding_latency,outage" : options->measures, measures,
                       &figures.measure_count) &&
        parse_labels(options->labels, figures.labels))
        status = plot_directory(argv[1], &figures);
    g_hash_table_destroy(figures.labels);
    return status;
}

int command_plot(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_STRING, &options.formats, "svg, png, or both: svg,png (the default)",
         "FORMAT,…"},
        {"measure", 0, 0, G_OPTION_ARG_STRING, &options.measures,
         "columns of handovers.csv that 'latency' shows (binding_latency,outage)", "COLUMN,…"},
        {"label", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.labels,
         "what to call an axis of the sweep; may be repeated", "'SECTION / KEY=TEXT'"},
        G_OPTION_ENTRY_NULL,
    };
    GOptionContext *context = g_option_context_new("DIRECTORY - draw the results that a run has left there");
    GError *error = NULL;
    int status = STATUS_INPUT;

    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_set_description(context, description);
    if (g_option_context_parse(context, &argc, &argv, &error)) {
        status = plot(argc, argv, &options);
    } else {
        g_printerr("mip6sim plot: %s; see mip6sim plot --help\n", error->message);
        g_error_free(error);
    }
    g_option_context_free(context);
    g_free(options.formats);
    g_free(options.measures);
    g_strfreev(options.labels);
    return status;
}
