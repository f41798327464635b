/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.c - mip6sim replay: a recorded live run again, under the virtual clock.
 */
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/engine/duration.h"
#include "sim/live/replay.h"

static const char summary[] =
    "Feeds the frames that came in through TAPs, at their recorded times, to the scenario under the virtual\n"
    "clock, and holds what it sends against what was captured.";

static const char description[] =
    "A capture is one that mip6sim live --record has made, or tcpdump's of the same interface (nanosecond\n"
    "times: tcpdump --nano). Of a run with several TAPs name all, each with its LAN (--tap). The journal "
    "(live\n"
    "--record-random) has the random octets and orders of the run; a run with --reproducible and without\n"
    "orders needs none. The scenario and --set are to be those of the run.\n"
    "\n"
    "Exit status: 0 identical, 1 it cannot be replayed, 2 something in the input is wrong, 4 something\n"
    "differs.\n"
    "\n"
    "Examples:\n"
    "  mip6sim live scenarios/live/home.ini --tap home=tap0 --record home=home.pcap --record-random journal\n"
    "  mip6sim replay home.pcap scenarios/live/home.ini --random journal\n"
    "  mip6sim replay scenarios/live/routers.ini --tap left=left.pcap --tap right=right.pcap --random "
    "journal";

struct options {
    char **set;
    char **taps; /* LAN=CAPTURE */
    char **paths;
    char *random;
    char *lan;
    char *seed;
    char *duration;
};

/* name NULL: the first. SCENARIO_NONE: told. */
static uint32_t find_lan(const struct scenario *scenario, const char *option, const char *name)
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
    if (found == SCENARIO_NONE && name) {
        const char *meant = scenario_probably_meant(name, known);
        command_complain("replay", "--%s: there is no LAN '%s'%s%s%s", option, name,
                         meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
    } else if (found == SCENARIO_NONE) {
        command_complain("replay", "the scenario has no LAN");
    }
    g_free(known);
    return found;
}

/* Of struct replay_tap. False: told. */
static bool find_taps(const struct options *options, const struct scenario *scenario, GArray *taps)
{
    bool good = true;
    if (!options->taps) {
        const struct replay_tap tap = {.capture = options->paths[0],
                                       .lan = find_lan(scenario, "lan", options->lan)};
        g_array_append_val(taps, tap);
        return tap.lan != SCENARIO_NONE;
    }
    for (char **each = options->taps; *each; each++) {
        const char *equals = strchr(*each, '=');
        if (!equals || equals == *each || !equals[1]) {
            command_complain("replay", "--tap: '%s' is not LAN=CAPTURE", *each);
            good = false;
            continue;
        }
        char *name = g_strndup(*each, (gsize)(equals - *each));
        const struct replay_tap tap = {.capture = equals + 1, .lan = find_lan(scenario, "tap", name)};
        for (guint i = 0; i < taps->len && tap.lan != SCENARIO_NONE; i++)
            if (g_array_index(taps, struct replay_tap, i).lan == tap.lan) {
                command_complain("replay", "--tap: the LAN '%s' is named twice", name);
                good = false;
            }
        good &= tap.lan != SCENARIO_NONE;
        g_array_append_val(taps, tap);
        g_free(name);
    }
    return good;
}

/* True: something differs. */
static bool tell_tap(const struct scenario *scenario, struct replay_tap *tap, bool missing, bool several)
{
    bool differs = tap->difference || missing;
    printf("%s%s%s: %" G_GUINT64_FORMAT " frames fed, %" G_GUINT64_FORMAT " emitted, %" G_GUINT64_FORMAT
           " captured: %s\n",
           several ? scenario->links[tap->lan].name : "", several ? ", " : "", tap->capture, tap->fed,
           tap->emitted, tap->captured, differs ? "different" : "identical");
    if (tap->difference)
        printf("%s\n", tap->difference);
    g_free(tap->difference);
    return differs;
}

static int run_taps(const struct replay_run *run, GArray *taps)
{
    GError *error = NULL;
    uint64_t missing;
    struct replay_tap *all = &g_array_index(taps, struct replay_tap, 0);
    if (!replay(run, all, taps->len, &missing, &error)) {
        command_complain("replay", "%s", error->message);
        g_error_free(error);
        return STATUS_FAILED;
    }
    bool differs = false;
    if (missing)
        printf("%" G_GUINT64_FORMAT " random draws are not in the journal\n", missing);
    for (guint i = 0; i < taps->len; i++)
        differs |= tell_tap(run->scenario, &all[i], missing != 0, taps->len > 1);
    return differs ? STATUS_DIFFERENT : STATUS_GOOD;
}

static int run(const struct options *options, const struct scenario *scenario,
               const struct scenario_source *source, struct journal *journal)
{
    uint64_t seed = scenario->seed;
    if (options->seed && !command_parse_number("replay", "seed", options->seed, 0, UINT64_MAX, &seed))
        return STATUS_INPUT;
    struct scenario_setting *settings = g_new0(struct scenario_setting, scenario->axis_count + 1);
    scenario_point(scenario, 0, settings);
    const struct replay_run again = {scenario, source, settings, scenario->axis_count, seed, journal};
    GArray *taps = g_array_new(FALSE, FALSE, sizeof(struct replay_tap));
    int status = find_taps(options, scenario, taps) ? run_taps(&again, taps) : STATUS_INPUT;
    g_array_free(taps, TRUE);
    g_free(settings);
    return status;
}

/* NULL: told. */
static struct scenario *read_scenario(const struct options *options, const char *duration,
                                      struct scenario_source **source)
{
    struct scenario_messages *messages = scenario_messages_new();
    GPtrArray *set = g_ptr_array_new_with_free_func(g_free);
    for (char **each = options->set; each && *each; each++)
        g_ptr_array_add(set, g_strdup(*each));
    if (duration)
        g_ptr_array_add(set, g_strdup_printf("scenario / duration = %s", duration));
    g_ptr_array_add(set, NULL);
    const char *path = options->paths[options->taps ? 0 : 1];
    struct scenario *scenario = scenario_read(path, (const char *const *)set->pdata, source, messages);
    char *text = scenario_messages_to_string(messages);
    g_printerr("%s", text);
    g_free(text);
    scenario_messages_free(messages);
    g_ptr_array_free(set, TRUE);
    return scenario;
}

/* How long the run has gone on, as far as the journal tells. */
static time_ns last_instant(const struct journal *journal)
{
    time_ns last = journal->end == TIME_NEVER ? 0 : journal->end;
    if (journal->orders->len > 0)
        last = MAX(last, g_array_index(journal->orders, struct journal_order, journal->orders->len - 1).time);
    return last;
}

static int read_and_run(const struct options *options, struct journal *journal)
{
    struct scenario_source *source = NULL;
    struct scenario *scenario = read_scenario(options, options->duration, &source);
    if (scenario && journal && !options->duration && last_instant(journal) > scenario->duration) {
        char longer[DURATION_TEXT_SIZE]; /* live had been told a duration beyond the scenario's */
        scenario_free(scenario);
        scenario_source_free(source);
        source = NULL;
        scenario = read_scenario(options, duration_format(last_instant(journal), longer), &source);
    }
    int status = scenario ? run(options, scenario, source, journal) : STATUS_INPUT;
    scenario_free(scenario);
    scenario_source_free(source);
    return status;
}

static int read_all_and_run(const struct options *options)
{
    GError *error = NULL;
    struct journal *journal = options->random ? journal_read(options->random, &error) : NULL;
    if (error) {
        command_complain("replay", "%s", error->message);
        g_error_free(error);
        return STATUS_INPUT;
    }
    int status = read_and_run(options, journal);
    journal_free(journal);
    return status;
}

/* False: told. */
static bool check_paths(const struct options *options)
{
    guint count = options->paths ? g_strv_length(options->paths) : 0;
    if (options->taps && options->lan)
        command_complain("replay", "--lan is of a capture that has no --tap");
    else if (count != (options->taps ? 1 : 2))
        command_complain("replay", "expected %s (see: mip6sim replay --help)",
                         options->taps ? "SCENARIO behind --tap LAN=CAPTURE" : "CAPTURE SCENARIO");
    else
        return true;
    return false;
}

int command_replay(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"tap", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.taps,
         "The capture of the TAP that this LAN was joined to; may be repeated", "LAN=CAPTURE"},
        {"random", 0, 0, G_OPTION_ARG_FILENAME, &options.random, "The run's journal (live --record-random)",
         "FILE"},
        {"lan", 0, 0, G_OPTION_ARG_STRING, &options.lan,
         "The LAN that the TAP was joined to (the scenario's first)", "LAN"},
        {"duration", 0, 0, G_OPTION_ARG_STRING, &options.duration,
         "The scenario's duration, if live was told one that is longer and there is no journal", "TIME"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed,
         "The run's, if it was given one and there is no journal", "N"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
         "Replace a key of the scenario; may be repeated", "'SECTION / KEY = VALUE'"},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths, NULL, "[CAPTURE] SCENARIO"},
        G_OPTION_ENTRY_NULL,
    };
    int status = STATUS_INPUT;
    if (command_parse("replay", command_options(summary, description, entries), argc, argv) &&
        check_paths(&options))
        status = read_all_and_run(&options);
    g_strfreev(options.set);
    g_strfreev(options.taps);
    g_strfreev(options.paths);
    g_free(options.random);
    g_free(options.lan);
    g_free(options.seed);
    g_free(options.duration);
    return status;
}
