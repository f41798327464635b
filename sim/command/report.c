/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.c - mip6sim report: all that a directory of results tells, as one page.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/output/report.h"

static const char summary[] =
    "Writes one HTML file that needs nothing else: what was run and the command that repeats it, the\n"
    "topology, means over handovers, expectations with verdicts, attacks, figures, message sequence charts\n"
    "of typical handovers and every parameter. Readable on a telephone, on a screen and on paper.";

static const char description[] =
    "DIRECTORY is what 'mip6sim run --out' or 'mip6sim sweep --out' has filled, or a sweep's database.\n"
    "gnuplot draws the figures and Graphviz the topology; where they are not there, the report is made\n"
    "without. The environment variable GNUPLOT names the gnuplot to use.\n"
    "\n"
    "Examples:\n"
    "  mip6sim report results/rr-vs-kbm\n"
    "  mip6sim report results/rr-vs-kbm -o rr-vs-kbm.html\n"
    "\n"
    "Exit status: 0 written; 1 a tool failed or the file cannot be written; 2 there are no results, or the\n"
    "command line is wrong.";

static void print_notes(const GString *notes)
{
    char **lines = g_strsplit(notes->str, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line)
            command_complain("report", "%s", *line);
    g_strfreev(lines);
}

static int fail(GError *error)
{
    bool failed = error->domain == G_FILE_ERROR || error->domain == G_SPAWN_ERROR;
    command_complain("report", "%s", error->message);
    g_error_free(error);
    return failed ? STATUS_FAILED : STATUS_INPUT;
}

static int write_report(const char *directory, const char *out)
{
    const char *named = g_getenv("GNUPLOT");
    char *gnuplot = g_find_program_in_path(named && *named ? named : "gnuplot"),
         *neato = g_find_program_in_path("neato");
    struct report_tools tools = {gnuplot, neato};
    char *beside =
        g_file_test(directory, G_FILE_TEST_IS_DIR) ? g_strdup(directory) : g_path_get_dirname(directory);
    char *path = out ? g_strdup(out) : g_build_filename(beside, "report.html", NULL);
    GString *notes = g_string_new(NULL);
    GError *error = NULL;
    GString *html = report_new(directory, &tools, notes, &error);
    print_notes(notes);
    if (html && strcmp(path, "-") == 0)
        fwrite(html->str, 1, html->len, stdout);
    else if (html && g_file_set_contents(path, html->str, (gssize)html->len, &error))
        puts(path);
    if (html)
        g_string_free(html, TRUE);
    g_string_free(notes, TRUE);
    g_free(path);
    g_free(beside);
    g_free(neato);
    g_free(gnuplot);
    return error ? fail(error) : STATUS_GOOD;
}

int command_report(int argc, char **argv)
{
    char *out = NULL, **directories = NULL;
    const GOptionEntry entries[] = {
        {"output", 'o', 0, G_OPTION_ARG_FILENAME, &out,
         "write it there (default: report.html in the directory; '-': standard output)", "FILE"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &directories, NULL, "DIRECTORY"},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("report", command_options(summary, description, entries), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && (!directories || directories[1])) {
        command_complain("report", "%s (see: mip6sim report --help)",
                         directories ? "one directory at a time" : "a directory of results is wanted");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD)
        status = write_report(directories[0], out);
    g_strfreev(directories);
    g_free(out);
    return status;
}
