/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plot.c - mip6sim plot: draws the results in a directory.
 *
 * Pictures, their gnuplot scripts and their numbers go beside the results. Without names each figure is drawn
 * that has something to show, and of the others nothing is said; a figure that was named and cannot be drawn
 * is an error.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/experiment/result_store.h"
#include "sim/output/figure.h"

struct options {
    char **arguments;
    char *formats, *measures, *style, *columns;
    char **labels;
    char *node, *flow, *handover, *point, *replication;
};

/* One of these is about a figure of a single handover. */
static bool selects(const struct options *options)
{
    return options->node || options->flow || options->handover || options->point || options->replication;
}

struct plotting {
    const char *name;   /* of the results */
    char *directory;    /* where pictures go */
    GPtrArray *figures; /* const struct figure * */
    bool named;         /* by the user */
    struct figure_options options;
    struct figure_results *results;
    char *gnuplot;
};

static const char summary[] =
    "Draws results with gnuplot: the figures that are named, or else all that have something to show.";

static const char description[] =
    "DIR is what 'mip6sim run --out' or 'mip6sim sweep --out' has filled, or a sweep's database. For each "
    "figure\n"
    "there are then, beside the results, its pictures, NAME.svg and NAME.png, the script NAME.gp that draws "
    "them\n"
    "(cd DIR && gnuplot NAME.gp) and its numbers, NAME.dat. A picture in another format that\n"
    "was drawn before is removed, as it may be of other numbers: --format svg,pdf draws both.\n"
    "Measures are those of 'mip6sim summarize': numbers of handovers.csv; flows.NAME, attacks.NAME,\n"
    "packets.NAME. On paper letters are of 8 points and a picture is 88 mm wide, or 181 mm over two "
    "columns;\n"
    "a slide is 16:9 with letters of 18 points. A PDF has its fonts in it.\n"
    "\n"
    "Examples:\n"
    "  mip6sim plot results/rr-vs-kbm\n"
    "  mip6sim plot results/rr-vs-kbm latency --measure packets_lost,mobile_messages --format svg\n"
    "  mip6sim plot results/handover-packets --node mn --handover 2\n"
    "  mip6sim plot results/rr-vs-kbm heat-map --measure binding_latency --format pdf --style slide\n"
    "  mip6sim plot results/rr-vs-kbm --label 'point-to-point ha-core / delay=MN–HA delay, one way'\n"
    "\n"
    "The environment variable GNUPLOT names the gnuplot to use.\n"
    "Exit status: 0 drawn, 1 gnuplot is missing or failed or a file cannot be written, 2 there is nothing to "
    "draw or the\n"
    "command line is wrong.";

#define wrong(...) command_complain("plot", __VA_ARGS__)

/* -- the command line -- */

static bool parse_format(const char *name, struct figure_options *options)
{
    for (unsigned i = 0; i < FIGURE_FORMAT_COUNT; i++)
        if (strcmp(name, figure_format_name((enum figure_format)i)) == 0) {
            options->formats[i] = true;
            return true;
        }
    return wrong("--format: '%s' is none of svg, png, pdf", name);
}

static bool parse_formats(const char *text, struct figure_options *options)
{
    char **formats = g_strsplit(text, ",", -1);
    bool good = *formats != NULL || wrong("--format: which of svg, png, pdf?");

    for (char **format = formats; good && *format != NULL; format++)
        good = parse_format(g_strstrip(*format), options);
    g_strfreev(formats);
    return good;
}

static bool parse_measures(const char *text, struct figure_options *options)
{
    char **names = g_strsplit(text, ",", -1);
    unsigned count = g_strv_length(names);
    GError *error = NULL;
    bool good =
        (count > 0 || wrong("--measure: which?")) &&
        (count <= FIGURE_MEASURES_MAX || wrong("--measure: at most %d in one picture", FIGURE_MEASURES_MAX));

    for (unsigned i = 0; good && i < count; i++) {
        good = measure_name_parse(g_strstrip(names[i]), &options->measures[i], &error);
        if (!good) {
            wrong("--measure: %s", error->message);
            g_error_free(error);
        } else if (options->measures[i].table != options->measures[0].table) {
            good = wrong(
                "--measure: those of one picture are of one table, but %s is of %s.csv and %s of %s.csv",
                options->measures[0].column->name, result_tables[options->measures[0].table].name,
                options->measures[i].column->name, result_tables[options->measures[i].table].name);
        }
    }
    options->measure_count = count;
    g_strfreev(names);
    return good;
}

static bool parse_style(const char *text, struct figure_options *options)
{
    if (strcmp(text, "paper") != 0 && strcmp(text, "slide") != 0)
        return wrong("--style: '%s' is neither paper nor slide", text);
    options->style = *text == 's' ? FIGURE_STYLE_SLIDE : FIGURE_STYLE_PAPER;
    return true;
}

static bool parse_columns(const char *text, struct figure_options *options)
{
    if (strcmp(text, "1") != 0 && strcmp(text, "2") != 0)
        return wrong("--columns: '%s' is neither 1 nor 2", text);
    if (options->style == FIGURE_STYLE_SLIDE)
        return wrong("--columns: a slide has none");
    options->columns = *text == '1' ? 1 : 2;
    return true;
}

/* 'section / key=text' */
static bool parse_labels(char *const *texts, GHashTable *labels)
{
    for (; texts != NULL && *texts != NULL; texts++) {
        char *equals = strchr(*texts, '=');
        if (equals == NULL)
            return wrong("--label: '%s' is not of the form 'section / key=text'", *texts);
        char *axis = g_strstrip(g_strndup(*texts, (gsize)(equals - *texts)));
        g_hash_table_replace(labels, axis, g_strstrip(g_strdup(equals + 1)));
    }
    return true;
}

static bool parse_number(const char *name, const char *text, int64_t *number)
{
    char *end;

    if (text == NULL)
        return true;
    guint64 value = g_ascii_strtoull(text, &end, 10);
    if (!g_ascii_isdigit(*text) || *end != '\0' || value > G_MAXUINT32)
        return wrong("--%s: '%s' is not a whole number", name, text);
    *number = (int64_t)value;
    return true;
}

static bool parse_selection(const struct options *options, struct figure_options *figures)
{
    figures->node = options->node;
    figures->flow = options->flow;
    return parse_number("handover", options->handover, &figures->handover) &&
           parse_number("point", options->point, &figures->point) &&
           parse_number("replication", options->replication, &figures->replication);
}

/* one: the options ask for a handover, whose figure is meant if none is named. */
static bool parse_figures(char *const *names, bool one, struct plotting *plotting)
{
    char handover[] = "handover";
    char *const alone[] = {handover, NULL};

    if (one && *names == NULL)
        names = alone;
    plotting->named = *names != NULL;
    for (; *names != NULL; names++) {
        const struct figure *figure = figure_find(*names);
        if (figure == NULL) {
            char *all = figure_names();
            wrong("there is no figure '%s'; there are %s", *names, all);
            g_free(all);
            return false;
        }
        if (!g_ptr_array_find(plotting->figures, figure, NULL))
            g_ptr_array_add(plotting->figures, (void *)(uintptr_t)figure);
    }
    for (unsigned i = 0; !plotting->named && figure_at(i) != NULL; i++)
        g_ptr_array_add(plotting->figures, (void *)(uintptr_t)figure_at(i));
    return true;
}

/* Said, but no reason to stop: it may be an axis' name that was mistyped, or a label for another sweep. */
static void warn_of_unused_labels(GHashTable *labels, const struct handovers *handovers)
{
    GHashTableIter iterator;
    void *axis;

    g_hash_table_iter_init(&iterator, labels);
    while (g_hash_table_iter_next(&iterator, &axis, NULL)) {
        if (strstr(axis, " / ") == NULL || csv_table_column(handovers->csv, axis) < 0)
            wrong("--label: the results have no axis '%s'", (const char *)axis);
    }
}

/* -- drawing -- */

/* A path or a name; NULL: none. Free with g_free. */
static char *find_gnuplot(void)
{
    const char *named = g_getenv("GNUPLOT");

    return g_find_program_in_path(named == NULL || *named == '\0' ? "gnuplot" : named);
}

static int fail(GError *error)
{
    bool input = error->domain == CSV_ERROR || error->domain == RESULT_STORE_ERROR;

    wrong("%s", error->message);
    g_error_free(error);
    return input ? STATUS_INPUT : STATUS_FAILED;
}

static void print_notes(const char *name, const GString *notes)
{
    char **lines = g_strsplit(notes->str, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        if (**line != '\0')
            wrong("%s: %s", name, *line);
    g_strfreev(lines);
}

static void print_pictures(const struct plotting *plotting, const struct figure *figure)
{
    for (unsigned i = 0; i < FIGURE_FORMAT_COUNT; i++)
        if (plotting->options.formats[i])
            printf("%s/%s.%s\n", plotting->directory, figure->name,
                   figure_format_name((enum figure_format)i));
}

/*
 * Writes one figure and draws it, if there is a gnuplot. *written: there is something to draw. `reasons`: of
 * what is not drawn and was not named, why.
 */
static int plot_figure(const struct plotting *plotting, const struct figure *figure, GString *reasons,
                       bool *written)
{
    GString *notes = g_string_new(NULL);
    GError *error = NULL;
    int status = STATUS_GOOD;

    *written =
        figure_write(figure, plotting->results, &plotting->options, plotting->directory, notes, &error);
    if (error != NULL) {
        status = fail(error);
    } else if (*written || plotting->named) {
        print_notes(figure->name, notes);
        if (!*written)
            status = STATUS_INPUT;
        else if (plotting->gnuplot != NULL) {
            if (figure_draw(figure, &plotting->options, plotting->gnuplot, plotting->directory, &error))
                print_pictures(plotting, figure);
            else
                status = fail(error);
        }
    } else {
        g_string_append_printf(reasons, "  %s: %s", figure->name, notes->len > 0 ? notes->str : "\n");
    }
    g_string_free(notes, TRUE);
    return status;
}

static int plot_figures(const struct plotting *plotting)
{
    GString *reasons = g_string_new(NULL);
    int status = STATUS_GOOD;
    unsigned written_count = 0;

    for (guint i = 0; status != STATUS_FAILED && i < plotting->figures->len; i++) {
        bool written = false;
        int result = plot_figure(plotting, plotting->figures->pdata[i], reasons, &written);
        status = result == STATUS_GOOD ? status : result;
        written_count += written;
    }
    if (status == STATUS_GOOD && written_count == 0) {
        wrong("%s: nothing in these results can be drawn:\n%.*s", plotting->name,
              reasons->len > 0 ? (int)reasons->len - 1 : 0, reasons->str);
        status = STATUS_INPUT;
    } else if (status != STATUS_FAILED && written_count > 0 && plotting->gnuplot == NULL) {
        wrong("there is no gnuplot (Debian package gnuplot-nox): the scripts and their numbers, *.gp and "
              "*.dat, "
              "are in %s",
              plotting->directory);
        status = STATUS_FAILED;
    }
    g_string_free(reasons, TRUE);
    return status;
}

static int plot_results(struct plotting *plotting)
{
    GError *error = NULL;

    plotting->results = figure_results_open(plotting->name, &error);
    if (plotting->results == NULL) {
        bool busy = g_error_matches(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_BUSY);
        fail(error);
        return busy ? STATUS_FAILED : STATUS_INPUT;
    }
    plotting->directory = g_file_test(plotting->name, G_FILE_TEST_IS_DIR)
                              ? g_strdup(plotting->name)
                              : g_path_get_dirname(plotting->name);
    plotting->gnuplot = find_gnuplot();
    warn_of_unused_labels(plotting->options.labels, figure_results_handovers(plotting->results));
    int status = plot_figures(plotting);
    figure_results_close(plotting->results);
    g_free(plotting->gnuplot);
    g_free(plotting->directory);
    return status;
}

static int plot(const struct options *options)
{
    struct plotting plotting = {
        .name = options->arguments[0], .figures = g_ptr_array_new(), .options = FIGURE_OPTIONS_INITIALIZER};
    int status = STATUS_INPUT;

    plotting.options.labels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (parse_figures(options->arguments + 1, selects(options), &plotting) &&
        parse_selection(options, &plotting.options) &&
        parse_formats(options->formats == NULL ? "svg,png" : options->formats, &plotting.options) &&
        (options->measures == NULL || parse_measures(options->measures, &plotting.options)) &&
        (options->style == NULL || parse_style(options->style, &plotting.options)) &&
        (options->columns == NULL || parse_columns(options->columns, &plotting.options)) &&
        parse_labels(options->labels, plotting.options.labels))
        status = plot_results(&plotting);
    g_hash_table_destroy(plotting.options.labels);
    g_ptr_array_unref(plotting.figures);
    return status;
}

/* The figures with what they show, and then the rest. Free with g_free. */
static char *describe(void)
{
    GString *text = g_string_new("Figures:\n");

    for (unsigned i = 0; figure_at(i) != NULL; i++) {
        char **lines = g_strsplit(figure_at(i)->about, "\n", -1);
        for (char **line = lines; *line != NULL; line++)
            g_string_append_printf(text, "  %-13s  %s\n", line == lines ? figure_at(i)->name : "", *line);
        g_strfreev(lines);
    }
    g_string_append_printf(text, "\n%s", description);
    return g_string_free(text, FALSE);
}

int command_plot(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"format", 0, 0, G_OPTION_ARG_STRING, &options.formats, "svg, png, pdf (svg,png)", "FORMAT,…"},
        {"style", 0, 0, G_OPTION_ARG_STRING, &options.style,
         "for a column of a paper (the default), or a slide", "paper|slide"},
        {"columns", 0, 0, G_OPTION_ARG_STRING, &options.columns,
         "columns of the paper that a picture is as wide as (1, and 2 for three panels or more side by side)",
         "1|2"},
        {"measure", 0, 0, G_OPTION_ARG_STRING, &options.measures,
         "what latency, outage-cdf, bars and heat-map show, such as outage or flows.delay_mean", "NAME,…"},
        {"label", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.labels,
         "what to call an axis of the sweep; may be repeated", "'SECTION / KEY=TEXT'"},
        {"node", 0, 0, G_OPTION_ARG_STRING, &options.node,
         "'handover' of this mobile node (default: the first that moved)", "NAME"},
        {"handover", 0, 0, G_OPTION_ARG_STRING, &options.handover, "which of its handovers (default: 1)",
         "N"},
        {"flow", 0, 0, G_OPTION_ARG_STRING, &options.flow,
         "the packets of this flow (default: the first to the node)", "NAME"},
        {"point", 0, 0, G_OPTION_ARG_STRING, &options.point,
         "at this point of the sweep (default: the first), and where it differs by the method alone", "P"},
        {"replication", 0, 0, G_OPTION_ARG_STRING, &options.replication,
         "which replication (default: the first)", "R"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.arguments, NULL, "DIR [FIGURE…]"},
        G_OPTION_ENTRY_NULL,
    };
    char *text = describe();
    bool good = command_parse("plot", command_options(summary, text, entries), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && options.arguments == NULL) {
        wrong("which directory of results? (see: mip6sim plot --help)");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD)
        status = plot(&options);
    g_free(text);
    g_strfreev(options.arguments);
    g_free(options.formats);
    g_free(options.measures);
    g_free(options.node);
    g_free(options.flow);
    g_free(options.handover);
    g_free(options.point);
    g_free(options.replication);
    g_free(options.style);
    g_free(options.columns);
    g_strfreev(options.labels);
    return status;
}
