/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - mip6sim run: runs a scenario, writes its results, prints the table.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/experiment/experiment.h"
#include "sim/experiment/result_directory.h"
#include "sim/output/summary.h"
#include "sim/scenario/scenario.h"

struct options {
    char **set;
    char *seed;
    char *run;
    char *out;
    char *log;
    char *jobs;
    bool capture;
    char *capture_links; /* comma-separated; NULL: all */
};

/* --pcap, --pcap=all, --pcap=LINK,...; given twice, the lists add up. */
static gboolean parse_capture(const gchar *name, const gchar *value, gpointer data, GError **error)
{
    (void)name;
    struct options *options = data;
    if (value && *value == '\0') {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "--pcap=: which link? Expected --pcap=LINK,... or --pcap for all");
        return FALSE;
    }
    bool all = options->capture && !options->capture_links;
    options->capture = true;
    if (!value || all || strcmp(value, "all") == 0) {
        g_clear_pointer(&options->capture_links, g_free);
    } else {
        char *list =
            options->capture_links ? g_strconcat(options->capture_links, ",", value, NULL) : g_strdup(value);
        g_free(options->capture_links);
        options->capture_links = list;
    }
    return TRUE;
}

static const char description[] =
    "Every point of the scenario's [sweep] is run with every replication, -j of them at a time; what is "
    "written does not\n"
    "depend on -j. The directory of results holds\n"
    "  handovers.csv  a row for each handover and correspondent: instants and durations, in seconds\n"
    "  flows.csv      a row for each flow: packets sent, received, lost, their delay\n"
    "  messages.csv   a row for each mobility message at each node\n"
    "  run.json       the scenario with all its parameters, seed, version, counts\n"
    "and the captures (--pcap), which Wireshark opens.\n"
    "\n"
    "Examples:\n"
    "  mip6sim run scenarios/first-handover.ini --log=info\n"
    "  mip6sim run scenarios/rr-vs-kbm.ini --out results/rr-vs-kbm && mip6sim plot results/rr-vs-kbm\n"
    "  mip6sim run scenarios/first-handover.ini --set 'peers mn cn / authorization = static-key'\n"
    "\n"
    "Exit status: 0 done, 1 the run failed or its results could not be written, 2 something in the input is "
    "wrong.";

/* A copy in which "-j2", which make has taught everybody and GOption does not know, is "--jobs=2". */
static char **copy_arguments(int argc, char **argv)
{
    char **arguments = g_new0(char *, (gsize)argc + 1);
    for (int i = 0; i < argc; i++) {
        bool attached = g_str_has_prefix(argv[i], "-j") && g_ascii_isdigit(argv[i][2]);
        arguments[i] = attached ? g_strconcat("--jobs=", argv[i] + 2, NULL) : g_strdup(argv[i]);
    }
    return arguments;
}

static bool parse_options(char ***arguments, struct options *options, GError **error)
{
    GOptionEntry entries[] = {
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options->set,
         "replace a key of the scenario; may be repeated", "'SECTION / KEY = VALUE'"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options->seed,
         "seed of all random draws, instead of the scenario's", "N"},
        {"run", 0, 0, G_OPTION_ARG_STRING, &options->run,
         "only this replication (from 0; may be beyond the scenario's)", "N"},
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &options->out,
         "directory of results (results/NAME, after the scenario's file)", "DIR"},
        {"pcap", 0, G_OPTION_FLAG_OPTIONAL_ARG, G_OPTION_ARG_CALLBACK, (gpointer)(guintptr)parse_capture,
         "capture these links, or all, into the directory", "LINK,..."},
        {"log", 0, 0, G_OPTION_ARG_STRING, &options->log,
         "tell each protocol step on standard error: info (mobility), debug (also Neighbor Discovery), trace "
         "(also packets)",
         "LEVEL"},
        {"jobs", 'j', 0, G_OPTION_ARG_STRING, &options->jobs,
         "runs at a time (as many as there are processors)", "N"},
        {0},
    };
    GOptionContext *context = g_option_context_new("SCENARIO - run a scenario and print what came of it");
    GOptionGroup *group = g_option_group_new("run", "", "", options, NULL);
    g_option_group_add_entries(group, entries);
    g_option_context_set_main_group(context, group);
    g_option_context_set_description(context, description);
    bool good = g_option_context_parse_strv(context, arguments, error);
    g_option_context_free(context);
    return good;
}

static void options_clear(struct options *options)
{
    g_strfreev(options->set);
    g_free(options->seed);
    g_free(options->run);
    g_free(options->out);
    g_free(options->log);
    g_free(options->jobs);
    g_free(options->capture_links);
}

/* A whole number from least to most, or a complaint. */
static bool parse_number(const char *option, const char *text, guint64 least, guint64 most, guint64 *number)
{
    GError *error = NULL;
    if (g_ascii_string_to_unsigned(text, 10, least, most, number, &error))
        return true;
    g_printerr("mip6sim run: --%s: %s\n", option, error->message);
    g_error_free(error);
    return false;
}

static bool parse_capture_links(const struct scenario *scenario, const struct options *options, bool *links)
{
    bool all = scenario->capture_all || (options->capture && !options->capture_links);
    for (uint32_t i = 0; i < scenario->link_count; i++)
        links[i] = all || scenario->links[i].capture;
    if (!options->capture_links)
        return true;
    char **names = g_strsplit(options->capture_links, ",", -1);
    const char **known = g_new0(const char *, scenario->link_count + 1);
    for (uint32_t i = 0; i < scenario->link_count; i++)
        known[i] = scenario->links[i].name;
    bool good = true;
    for (char **name = names; *name; name++) {
        uint32_t i = 0;
        while (i < scenario->link_count && strcmp(known[i], g_strstrip(*name)) != 0)
            i++;
        if (i < scenario->link_count) {
            links[i] = true;
            continue;
        }
        const char *meant = scenario_probably_meant(*name, known);
        g_printerr("mip6sim run: --pcap: there is no link '%s'%s%s%s\n", *name,
                   meant ? "; did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
        good = false;
    }
    g_free(known);
    g_strfreev(names);
    return good;
}

static char *default_directory(const char *path)
{
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    char *directory = g_build_filename("results", name, NULL);
    g_free(name);
    return directory;
}

static bool any(const bool *flags, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (flags[i])
            return true;
    return false;
}

static int run_failed(GError *error)
{
    g_printerr("mip6sim run: %s\n", error ? error->message : "failed");
    g_clear_error(&error);
    return STATUS_FAILED;
}

static int run_experiment(const struct experiment *experiment, const char *directory)
{
    GError *error = NULL;
    struct result_directory *results = result_directory_open(directory, experiment->scenario, &error);
    if (!results)
        return run_failed(error);
    const struct experiment_sink sink = {results, result_directory_enter};
    if (!experiment_run(experiment, &sink, &error)) {
        result_directory_abandon(results);
        return run_failed(error);
    }
    if (!result_directory_close(results, experiment->seed, experiment->first_replication,
                                experiment->replication_count, &error))
        return run_failed(error);
    if (!summary_print(directory, stdout, &error))
        return run_failed(error);
    printf("Results: %s\n", directory);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        g_printerr("mip6sim run: cannot write to standard output\n");
        return STATUS_FAILED;
    }
    return STATUS_GOOD;
}

/* What the options say about the runs; false: they are wrong, and that has been said. */
static bool plan_experiment(const struct options *options, const struct scenario *scenario,
                            struct experiment *experiment)
{
    guint64 number = scenario->seed;
    if (options->seed && !parse_number("seed", options->seed, 0, G_MAXUINT64, &number))
        return false;
    experiment->seed = number;
    experiment->replication_count = scenario->replications;
    if (options->run) {
        if (!parse_number("run", options->run, 0, G_MAXUINT32 - 1, &number))
            return false;
        experiment->first_replication = (uint32_t)number;
        experiment->replication_count = 1;
    }
    number = g_get_num_processors();
    if (options->jobs && !parse_number("jobs", options->jobs, 1, 1024, &number))
        return false;
    experiment->jobs = (unsigned)number;
    if (options->log && !log_level_parse(options->log, &experiment->level)) {
        g_printerr("mip6sim run: --log: '%s' is not one of none, info, debug, trace\n", options->log);
        return false;
    }
    experiment->progress = isatty(STDERR_FILENO) && experiment->level == LOG_NONE;
    return true;
}

static int run_scenario(const struct options *options, const char *path)
{
    if (options->out && !*options->out) {
        g_printerr("mip6sim run: --out: which directory?\n");
        return STATUS_INPUT;
    }
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source = NULL;
    struct scenario *scenario = scenario_read(path, (const char *const *)options->set, &source, messages);
    if (!scenario) {
        char *text = scenario_messages_to_string(messages);
        g_printerr("%s", text);
        g_free(text);
        scenario_messages_free(messages);
        return STATUS_INPUT;
    }
    scenario_messages_free(messages);
    struct experiment experiment = {.source = source, .scenario = scenario};
    bool *links = g_new0(bool, scenario->link_count + 1);
    char *directory = options->out ? g_strdup(options->out) : default_directory(path);
    int status = STATUS_INPUT;
    if (plan_experiment(options, scenario, &experiment) && parse_capture_links(scenario, options, links)) {
        if (any(links, scenario->link_count)) {
            experiment.capture_directory = directory;
            experiment.capture_links = links;
        }
        status = run_experiment(&experiment, directory);
    }
    g_free(directory);
    g_free(links);
    scenario_free(scenario);
    scenario_source_free(source);
    return status;
}

int command_run(int argc, char **argv)
{
    struct options options = {0};
    GError *error = NULL;
    int status = STATUS_INPUT;
    char **arguments = copy_arguments(argc, argv); /* parsing leaves the program and the scenario */
    if (!parse_options(&arguments, &options, &error)) {
        g_printerr("mip6sim run: %s\nTry 'mip6sim run --help'.\n", error->message);
        g_error_free(error);
    } else if (g_strv_length(arguments) != 2) {
        g_printerr("mip6sim run: %s\nTry 'mip6sim run --help'.\n",
                   g_strv_length(arguments) < 2 ? "which scenario?" : "one scenario at a time");
    } else {
        status = run_scenario(&options, arguments[1]);
    }
    g_strfreev(arguments);
    options_clear(&options);
    return status;
}
