/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * check.c - `mip6sim check SCENARIO...`: are these scenarios right? Nothing is run and nothing is written but
 * what is wrong.
 */
#include <stdio.h>

#include <glib.h>

#include "sim/command/command.h"
#include "sim/scenario/scenario.h"

static const char summary[] = "Reads each scenario with all that it extends, tries every point of its sweep, "
                              "and tells all mistakes at once, each with\n"
                              "its file and line. Nothing is run.";

static const char description[] =
    "Examples:\n"
    "  mip6sim check scenarios/*.ini\n"
    "  mip6sim check --set 'scenario / duration = 20s' scenarios/first-handover.ini\n"
    "\n"
    "Exit status: 0 all scenarios are right; 2 something is wrong, and the standard error says what.\n"
    "What a scenario can say: mip6sim keys";

static void tell(const struct scenario *scenario, const char *path)
{
    uint32_t points = scenario_point_count(scenario);
    printf("%s: good: %u node%s, %u link%s, %u flow%s, %u point%s, %u replication%s\n", path,
           scenario->node_total, scenario->node_total == 1 ? "" : "s", scenario->link_total,
           scenario->link_total == 1 ? "" : "s", scenario->flow_total, scenario->flow_total == 1 ? "" : "s",
           points, points == 1 ? "" : "s", scenario->replications, scenario->replications == 1 ? "" : "s");
}

static bool check_file(const char *path, const char *const *set, bool quiet)
{
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source;
    struct scenario *scenario = scenario_read(path, set, &source, messages);
    bool good = scenario != NULL;
    if (good && !quiet)
        tell(scenario, path);
    char *text = scenario_messages_to_string(messages);
    fflush(stdout); /* the order of what is said is that of the files, also into one pipe */
    fputs(text, stderr);
    g_free(text);
    scenario_free(scenario);
    scenario_source_free(source);
    scenario_messages_free(messages);
    return good;
}

int command_check(int argc, char **argv)
{
    char **set = NULL, **arguments, **paths = NULL;
    gboolean quiet = FALSE;
    const GOptionEntry options[] = {
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &set, "Check with this key set; may be repeated",
         "'SECTION / KEY = VALUE'"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say nothing of scenarios that are right", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "SCENARIO..."},
        G_OPTION_ENTRY_NULL,
    };
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    g_option_context_add_main_entries(context, options, NULL);

    GError *error = NULL;
    int status = STATUS_GOOD;
    arguments = g_new0(char *, (gsize)argc + 1);
    arguments[0] = g_strdup("mip6sim check");
    for (int i = 1; i < argc; i++)
        arguments[i] = g_strdup(argv[i]);
    if (!g_option_context_parse_strv(context, &arguments, &error)) {
        fprintf(stderr, "mip6sim check: %s (see: mip6sim check --help)\n", error->message);
        g_error_free(error);
        status = STATUS_INPUT;
    } else if (!paths) {
        fputs("mip6sim check: which scenario? (see: mip6sim check --help)\n", stderr);
        status = STATUS_INPUT;
    }
    for (unsigned i = 0; status != STATUS_INPUT && paths[i]; i++) {
        if (!check_file(paths[i], (const char *const *)set, quiet))
            status = -1; /* go on with the others */
        if (status == -1 && !paths[i + 1])
            status = STATUS_INPUT;
    }
    g_option_context_free(context);
    g_strfreev(arguments);
    g_strfreev(paths);
    g_strfreev(set);
    return status;
}
