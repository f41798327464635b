/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - mip6sim replay: a recorded live run again, under the virtual clock.
 */
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/live/replay.h"

static const char summary[] =
    "Feeds the frames that came in through a TAP, at their recorded times, to the scenario under the virtual clock, and\n"
    "holds what it sends against what was captured.";

static const char description[] =
    "The capture is the one that mip6sim live --record has made, or tcpdump's of the same interface (nanosecond times:\n"
    "tcpdump --nano). The journal (live --record-random) has the random octets and orders of the run; a run\n"
    "with --reproducible and without orders needs none. The scenario and --set are to be those of the run.\n"
    "\n"
    "Exit status: 0 identical, 1 it cannot be replayed, 2 something in the input is wrong, 4 something differs.\n"
    "\n"
    "Example:\n"
    "  mip6sim live scenarios/live/home.ini --tap home=tap0 --record home=home.pcap --record-random journal\n"
    "  mip6sim replay home.pcap scenarios/live/home.ini --random journal";

struct options {
    char **set;
    char **paths;
    char *random;
    char *lan;
    char *seed;
    char *duration;
};

static uint32_t find_lan(const struct scenario *scenario, const char *name)
{
    uint32_t found = SCENARIO_NONE, count = 0;
    const char **known = g_new0(const char *, scenario->link_count + 1);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        if (scenario->links[i].kind == SCENARIO_POINT_TO_POINT)
            continue;
        known[count++] = scenario->links[i].name;
        if (name ? strcmp(scenario->links[i].name, name) == 0 : count == 1)
            found = i;
    }
    if (found == SCENARIO_NONE) {
        const char *meant = name ? scenario_probably_meant(name, known) : NULL;
        g_printerr("mip6sim replay: --lan: there is no LAN '%s'%s%s%s\n", name ? name : "", meant ? "; did you mean '" : "",
                   meant ? meant : "", meant ? "'?" : "");
    }
    g_free(known);
    return found;
}

static int tell(const struct options *options, struct replay_outcome *outcome)
{
    printf("%s: %" G_GUINT64_FORMAT " frames fed, %" G_GUINT64_FORMAT " emitted, %" G_GUINT64_FORMAT " captured: %s\n",
           options->paths[0], outcome->fed, outcome->emitted, outcome->captured,
           outcome->difference || outcome->missing ? "different" : "identical");
    if (outcome->missing)
        printf("%" G_GUINT64_FORMAT " random draws are not in the journal\n", outcome->missing);
    if (outcome->difference)
        printf("%s\n", outcome->difference);
    bool differs = outcome->difference || outcome->missing;
    g_free(outcome->difference);
    return differs ? STATUS_DIFFERENT : STATUS_GOOD;
}

static int run(const struct options *options, const struct scenario *scenario, const struct scenario_source *source)
{
    GError *error = NULL;
    struct replay_outcome outcome;
    uint64_t seed = scenario->seed;
    uint32_t lan = find_lan(scenario, options->lan);
    if (lan == SCENARIO_NONE)
        return STATUS_INPUT;
    if (options->seed && !command_parse_number("replay", "seed", options->seed, 0, UINT64_MAX, &seed))
        return STATUS_INPUT;
    struct journal *journal = options->random ? journal_read(options->random, &error) : NULL;
    if (error) {
        g_printerr("mip6sim replay: %s\n", error->message);
        g_error_free(error);
        return STATUS_INPUT;
    }
    struct scenario_setting *settings = g_new0(struct scenario_setting, scenario->axis_count + 1);
    scenario_point(scenario, 0, settings);
    bool good = replay(options->paths[0], scenario, source, settings, scenario->axis_count, lan, seed, journal,
                       &outcome, &error);
    int status = good ? tell(options, &outcome) : STATUS_FAILED;
    if (!good) {
        g_printerr("mip6sim replay: %s\n", error->message);
        g_error_free(error);
    }
    g_free(settings);
    journal_free(journal);
    return status;
}

static int read_and_run(const struct options *options)
{
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source = NULL;
    GPtrArray *set = g_ptr_array_new_with_free_func(g_free);
    for (char **each = options->set; each && *each; each++)
        g_ptr_array_add(set, g_strdup(*each));
    if (options->duration)
        g_ptr_array_add(set, g_strdup_printf("scenario / duration = %s", options->duration));
    g_ptr_array_add(set, NULL);
    struct scenario *scenario = scenario_read(options->paths[1], (const char *const *)set->pdata, &source, messages);
    char *text = scenario_messages_to_string(messages);
    g_printerr("%s", text);
    g_free(text);
    scenario_messages_free(messages);
    g_ptr_array_free(set, TRUE);
    int status = scenario ? run(options, scenario, source) : STATUS_INPUT;
    scenario_free(scenario);
    scenario_source_free(source);
    return status;
}

int command_replay(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"random", 0, 0, G_OPTION_ARG_FILENAME, &options.random, "The run's journal (live --record-random)", "FILE"},
        {"lan", 0, 0, G_OPTION_ARG_STRING, &options.lan, "The LAN that the TAP was joined to (the scenario's first)",
         "LAN"},
        {"duration", 0, 0, G_OPTION_ARG_STRING, &options.duration,
         "The scenario's duration, if live was told one that is longer", "TIME"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed, "The run's, if it was given one and there is no journal", "N"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set, "Replace a key of the scenario; may be repeated",
         "'SECTION / KEY = VALUE'"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths, NULL, "CAPTURE SCENARIO"},
        G_OPTION_ENTRY_NULL,
    };
    int status = STATUS_INPUT;
    if (!command_parse("replay", command_options(summary, description, entries), argc, argv))
        ; /* told */
    else if (!options.paths || g_strv_length(options.paths) != 2)
        g_printerr("mip6sim replay: expected CAPTURE SCENARIO (see: mip6sim replay --help)\n");
    else
        status = read_and_run(&options);
    g_strfreev(options.set);
    g_strfreev(options.paths);
    g_free(options.random);
    g_free(options.lan);
    g_free(options.seed);
    g_free(options.duration);
    return status;
}
