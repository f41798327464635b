/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * describe.c - mip6sim describe: what is in this scenario? Nothing is run.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/output/filter.h"
#include "sim/output/filter.h"
#include "sim/scenario/scenario.h"

static const char summary[] =
    "Lists the scenario's nodes with the addresses that they will have, its links, flows and timeline, with "
    "all "
    "that it extends.\n"
    "With --dot the topology as a graph, which Graphviz draws; with --svg FILE drawn already.";

static const char description[] =
    "Examples:\n"
    "  mip6sim describe scenarios/rr-vs-kbm.ini\n"
    "  mip6sim describe --svg topology.svg scenarios/rr-vs-kbm.ini\n"
    "  mip6sim describe --dot scenarios/rr-vs-kbm.ini | neato -Tpdf -o topology.pdf\n"
    "\n"
    "Exit status: 0 done; 1 Graphviz is not there or failed; 2 the scenario or the "
    "command line is wrong.";

static int failed(const char *what)
{
    command_complain("describe", "%s", what);
    return STATUS_FAILED;
}

/* Graphviz reads the graph and writes the file. */
static int draw(const GString *graph, const char *path)
{
    GError *error = NULL;
    char *neato = g_find_program_in_path("neato");
    if (!neato)
        return failed("neato is not there; install graphviz, or take --dot");
    char type[] = "-Tsvg", into[] = "-o", *file = g_strdup(path);
    char *arguments[] = {neato, type, into, file, NULL};
    bool good = filter_run(arguments, graph->str, NULL, &error);
    int status = good ? STATUS_GOOD : failed(error->message);
    g_clear_error(&error);
    g_free(file);
    g_free(neato);
    return status;
}

static int describe(const char *path, const char *const *set, bool dot, const char *svg)
{
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source = NULL;
    struct scenario *scenario = scenario_read(path, set, &source, messages);
    char *told = scenario_messages_to_string(messages);
    fputs(told, stderr);
    g_free(told);
    scenario_messages_free(messages);
    if (!scenario)
        return STATUS_INPUT;
    GString *text = g_string_new(NULL);
    int status = STATUS_GOOD;
    if (svg) {
        scenario_describe_graph(scenario, text);
        status = draw(text, svg);
    } else {
        if (dot)
            scenario_describe_graph(scenario, text);
        else
            scenario_describe_text(scenario, text);
        fwrite(text->str, 1, text->len, stdout);
    }
    g_string_free(text, TRUE);
    scenario_free(scenario);
    scenario_source_free(source);
    return status;
}

int command_describe(int argc, char **argv)
{
    char **set = NULL, **paths = NULL, *svg = NULL;
    gboolean dot = FALSE;
    const GOptionEntry options[] = {
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &set, "describe it with this key set; may be repeated",
         "'SECTION / KEY = VALUE'"},
        {"dot", 0, 0, G_OPTION_ARG_NONE, &dot, "print the topology in Graphviz's language", NULL},
        {"svg", 0, 0, G_OPTION_ARG_FILENAME, &svg, "draw the topology into this file (with Graphviz)",
         "FILE"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "SCENARIO"},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("describe", command_options(summary, description, options), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && (!paths || paths[1])) {
        command_complain("describe", "%s (see: mip6sim describe --help)",
                         paths ? "one scenario at a time" : "which scenario?");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD)
        status = describe(paths[0], (const char *const *)set, dot, svg);
    g_strfreev(paths);
    g_strfreev(set);
    g_free(svg);
    return status;
}
