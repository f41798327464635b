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
    uint32_t expectations = scenario->expectation_count;
    printf("%s: good: %u node%s, %u link%s, %u flow%s, %u point%s, %u replication%s", path,
           scenario->node_total, scenario->node_total == 1 ? "" : "s", scenario->link_total,
           scenario->link_total == 1 ? "" : "s", scenario->flow_total, scenario->flow_total == 1 ? "" : "s",
           points, points == 1 ? "" : "s", scenario->replications, scenario->replications == 1 ? "" : "s");
    if (expectations)
        printf(", %u expectation%s", expectations, expectations == 1 ? "" : "s");
    putchar('\n');
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
    char **set = NULL, **paths = NULL;
    gboolean quiet = FALSE;
    const GOptionEntry options[] = {
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &set, "Check with this key set; may be repeated",
         "'SECTION / KEY = VALUE'"},
        {"quiet", 'q', 0, G_OPTION_ARG_NONE, &quiet, "Say nothing of scenarios that are right", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &paths, NULL, "SCENARIO..."},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("check", command_options(summary, description, options), argc, argv);
    if (good && !paths) {
        command_complain("check", "which scenario? (see: mip6sim check --help)");
        good = false;
    }
    if (good) /* one that is wrong does not keep the others from being told */
        for (unsigned i = 0; paths[i]; i++)
            good = check_file(paths[i], (const char *const *)set, quiet) && good;
    g_strfreev(paths);
    g_strfreev(set);
    return good ? STATUS_GOOD : STATUS_INPUT;
}
