/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart.c - mip6sim chart: the message sequence chart of one handover.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/output/chart.h"

static const char summary[] =
    "Draws who sent which mobility message to whom during a handover, when it arrived and what became of\n"
    "it, from the directory that 'mip6sim run --out' has filled (or 'mip6sim export', after a sweep). On\n"
    "the terminal, in $COLUMNS columns or 100; with --svg FILE as a picture.";

static const char description[] =
    "A cross marks a message that was lost on the way, or discarded where it arrived, with the reason.\n"
    "Times are in milliseconds since the link went down. The chart ends when the handover is complete; if\n"
    "it never was, or with --all, when the next one begins.\n"
    "\n"
    "Examples:\n"
    "  mip6sim chart results/rr-vs-kbm\n"
    "  mip6sim chart results/ten-handovers --node mn --handover 3\n"
    "  mip6sim chart results/rr-vs-kbm --point 7 --replication 2 --svg handover.svg\n"
    "\n"
    "Exit status: 0 drawn; 1 a file cannot be written; 2 there is no such handover, or the command line is\n"
    "wrong.";

struct options {
    char *node, *handover, *point, *replication, *correspondent, *svg;
    gboolean everything;
    char **directories;
};

static bool parse_number(const char *name, const char *text, int64_t *number)
{
    char *end;
    if (!text)
        return true;
    guint64 value = g_ascii_strtoull(text, &end, 10);
    if (!g_ascii_isdigit(*text) || *end || value > G_MAXUINT32) {
        command_complain("chart", "--%s: '%s' is not a whole number", name, text);
        return false;
    }
    *number = (int64_t)value;
    return true;
}

/* What the environment says, what the terminal has, or 100. */
static unsigned terminal_columns(void)
{
    const char *said = g_getenv("COLUMNS");
    struct winsize size;
    unsigned long columns = said ? strtoul(said, NULL, 10) : 0;
    if (columns >= 40 && columns <= 1000)
        return (unsigned)columns;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40)
        return MAX(size.ws_col, 72);
    return 100;
}

static int fail(GError *error, enum exit_status status)
{
    command_complain("chart", "%s", error->message);
    g_error_free(error);
    return status;
}

static int show(const struct chart *chart, const char *svg)
{
    GError *error = NULL;
    char *text = svg ? chart_to_svg(chart, true) : chart_to_text(chart, terminal_columns());
    bool good = true;
    if (!svg)
        fputs(text, stdout);
    else if (strcmp(svg, "-") == 0)
        fputs(text, stdout);
    else
        good = g_file_set_contents(svg, text, -1, &error);
    g_free(text);
    return good ? STATUS_GOOD : fail(error, STATUS_FAILED);
}

static int draw(const struct options *options)
{
    struct chart_request request = {.node = options->node,
                                    .point = -1,
                                    .replication = -1,
                                    .correspondent = options->correspondent,
                                    .everything = options->everything};
    int64_t handover = 1;
    GError *error = NULL;
    if (!parse_number("handover", options->handover, &handover) ||
        !parse_number("point", options->point, &request.point) ||
        !parse_number("replication", options->replication, &request.replication))
        return STATUS_INPUT;
    request.handover = (uint64_t)handover;
    struct chart_source *source = chart_source_open(options->directories[0], &error);
    struct chart *chart = source ? chart_new(source, &request, &error) : NULL;
    int status = chart ? show(chart, options->svg) : fail(error, STATUS_INPUT);
    chart_free(chart);
    chart_source_free(source);
    return status;
}

int command_chart(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"node", 0, 0, G_OPTION_ARG_STRING, &options.node, "the mobile node (default: the first that moved)",
         "NAME"},
        {"handover", 0, 0, G_OPTION_ARG_STRING, &options.handover, "which of its handovers (default: 1)",
         "N"},
        {"point", 0, 0, G_OPTION_ARG_STRING, &options.point, "which point of the sweep (default: the first)",
         "P"},
        {"replication", 0, 0, G_OPTION_ARG_STRING, &options.replication,
         "which replication (default: the first)", "R"},
        {"correspondent", 0, 0, G_OPTION_ARG_STRING, &options.correspondent,
         "leave out what is exchanged with other correspondents", "NAME"},
        {"all", 0, 0, G_OPTION_ARG_NONE, &options.everything, "everything until the next handover", NULL},
        {"svg", 0, 0, G_OPTION_ARG_FILENAME, &options.svg,
         "draw it into this file instead ('-': standard output)", "FILE"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.directories, NULL, "DIRECTORY"},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("chart", command_options(summary, description, entries), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && (!options.directories || options.directories[1])) {
        command_complain("chart", "%s (see: mip6sim chart --help)",
                         options.directories ? "one directory at a time"
                                             : "a directory of results is wanted");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD)
        status = draw(&options);
    g_free(options.node);
    g_free(options.handover);
    g_free(options.point);
    g_free(options.replication);
    g_free(options.correspondent);
    g_free(options.svg);
    g_strfreev(options.directories);
    return status;
}
