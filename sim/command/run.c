/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run.c - mip6sim run: runs scenarios, writes their results, prints tables, and says whether what they
 * expect holds.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/experiment/experiment.h"
#include "sim/experiment/result_directory.h"
#include "sim/format/output_directory.h"
#include "sim/output/attacks.h"
#include "sim/output/expectations.h"
#include "sim/output/faults.h"
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
    "  faults.csv     a row for each fault in each run: packets that matched, to how many it happened\n"
    "  attacks.csv    a row for each attack: its outcome and its price; attack_times.csv: what went astray "
    "when\n"
    "  expectations.csv  a row for each line of [expect] in each run: what was seen, met or failed\n"
    "  run.json       the scenario with all its parameters, seed, version, counts\n"
    "and the captures (--pcap), which Wireshark opens. Of several scenarios each has a directory of its own, "
    "below --out; "
    "none\n"
    "is run if anything is wrong with one of them.\n"
    "\n"
    "Examples:\n"
    "  mip6sim run scenarios/first-handover.ini --log=info\n"
    "  mip6sim run scenarios/rr-vs-kbm.ini --out results/rr-vs-kbm && mip6sim plot results/rr-vs-kbm\n"
    "  mip6sim run scenarios/first-handover.ini --set 'peers mn cn / authorization = static-key'\n"
    "\n"
    "Exit status: 0 done, 1 a run failed or its results could not be written, 2 something in the input is "
    "wrong, 3 "
    "all\n"
    "is done, but something that a scenario expects ([expect]) does not hold.";

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
         "directory of results (results/NAME, after the scenario's file); of several scenarios: of their "
         "directories",
         "DIR"},
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
    GOptionContext *context = g_option_context_new("SCENARIO... - run scenarios and print what came of them");
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
        command_complain("run", "--pcap: there is no link '%s'%s%s%s", *name, meant ? "; did you mean '" : "",
                         meant ? meant : "", meant ? "'?" : "");
        good = false;
    }
    g_free(known);
    g_strfreev(names);
    return good;
}

/* --out, or results/NAME; of several scenarios each has its NAME below --out. */
static char *result_path(const struct options *options, const char *path, bool several)
{
    if (options->out && !several)
        return g_strdup(options->out);
    char *name = g_path_get_basename(path);
    char *dot = strrchr(name, '.');
    if (dot && dot != name)
        *dot = '\0';
    char *directory = g_build_filename(options->out ? options->out : "results", name, NULL);
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
    command_complain("run", "%s", error ? error->message : "failed");
    bool input = output_directory_is_misnamed(error);
    g_clear_error(&error);
    return input ? STATUS_INPUT : STATUS_FAILED;
}

/* A scenario and what is to be done with it. */
struct job {
    const char *path;
    char *directory;
    struct scenario_source *source;
    struct scenario *scenario;
    bool *links; /* to capture */
    struct study *study;
    struct run_key *runs;
    uint32_t first_replication, replication_count;
    struct experiment experiment;
};

/* What the options say about the runs; false: they are wrong, and that has been said. */
static bool plan_experiment(const struct options *options, struct job *job)
{
    const struct scenario *scenario = job->scenario;
    struct experiment *experiment = &job->experiment;
    uint64_t number = scenario->seed;
    if (options->seed && !command_parse_number("run", "seed", options->seed, 0, UINT64_MAX, &number))
        return false;
    experiment->seed = number;
    job->replication_count = scenario->replications;
    if (options->run) {
        if (!command_parse_number("run", "run", options->run, 0, UINT32_MAX - 1, &number))
            return false;
        job->first_replication = (uint32_t)number;
        job->replication_count = 1;
    }
    number = g_get_num_processors();
    if (options->jobs && !command_parse_number("run", "jobs", options->jobs, 1, 1024, &number))
        return false;
    experiment->jobs = (unsigned)number;
    if (options->log && !log_level_parse(options->log, &experiment->level)) {
        command_complain("run", "--log: '%s' is not one of none, info, debug, trace", options->log);
        return false;
    }
    experiment->progress = isatty(STDERR_FILENO) && experiment->level == LOG_NONE;
    return true;
}

/* What came of all scenarios together. */
struct totals {
    struct expectations_tally tally;
    struct attacks *attacks;
};

static bool tell_attacks(const struct job *job, struct totals *totals, GString *text, GError **error)
{
    if (job->scenario->attack_total == 0)
        return true;
    struct attacks *attacks = attacks_new();
    bool good = attacks_add(attacks, job->directory, error) &&
                attacks_add(totals->attacks, job->directory, error);
    if (good) {
        g_string_append_c(text, '\n');
        attacks_append_prices(attacks, text);
    }
    attacks_free(attacks);
    return good;
}

/* What came of it, on standard output; what does not hold, on standard error. */
static int tell(const struct job *job, struct totals *totals)
{
    struct expectations_tally *tally = &totals->tally;
    GError *error = NULL;
    GString *text = g_string_new(NULL), *complaints = g_string_new(NULL);
    unsigned failed = tally->failed;
    bool good = summary_append(job->directory, text, &error) && tell_attacks(job, totals, text, &error);
    if (good && job->scenario->fault_count)
        good = faults_append_idle(job->directory, job->scenario, complaints, &error);
    if (good && job->scenario->expectation_count) {
        g_string_append_c(text, '\n');
        good = expectations_append(job->directory, job->scenario, text, complaints, tally, &error);
    }
    fputs(text->str, stdout);
    if (good)
        printf("Results: %s\n", job->directory);
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    g_printerr("%s", complaints->str);
    g_string_free(text, TRUE);
    g_string_free(complaints, TRUE);
    if (!good)
        return run_failed(error);
    if (!written) {
        command_complain("run", "cannot write to standard output");
        return STATUS_FAILED;
    }
    return tally->failed > failed ? STATUS_EXPECTATION : STATUS_GOOD;
}

static int run_job(const struct job *job, struct totals *totals)
{
    GError *error = NULL;
    const struct experiment *experiment = &job->experiment;
    struct result_directory *results = result_directory_open(job->directory, job->study, &error);
    if (!results)
        return run_failed(error);
    const struct experiment_sink sink = {.context = results, .enter = result_directory_enter};
    if (!experiment_run(experiment, &sink, &error)) {
        result_directory_abandon(results);
        return run_failed(error);
    }
    if (!result_directory_close(results, job->first_replication, job->replication_count, &error))
        return run_failed(error);
    return tell(job, totals);
}

/* False: something is wrong, and that has been said. */
static bool prepare(struct job *job, const struct options *options, bool several)
{
    struct scenario_messages *messages = scenario_messages_new();
    job->scenario = scenario_read(job->path, (const char *const *)options->set, &job->source, messages);
    char *text = scenario_messages_to_string(messages);
    g_printerr("%s", text);
    g_free(text);
    scenario_messages_free(messages);
    if (!job->scenario)
        return false;
    job->directory = result_path(options, job->path, several);
    job->experiment = (struct experiment){.source = job->source, .scenario = job->scenario};
    job->links = g_new0(bool, job->scenario->link_count + 1);
    if (!plan_experiment(options, job) || !parse_capture_links(job->scenario, options, job->links))
        return false;
    job->study = study_new(job->source, job->scenario, job->experiment.seed);
    job->runs = experiment_all_runs(job->scenario, job->first_replication, job->replication_count,
                                    &job->experiment.run_count);
    job->experiment.runs = job->runs;
    if (any(job->links, job->scenario->link_count)) {
        job->experiment.capture_directory = job->directory;
        job->experiment.capture_links = job->links;
    }
    return true;
}

static void job_clear(gpointer data)
{
    struct job *job = data;
    g_free(job->directory);
    g_free(job->links);
    g_free(job->runs);
    study_free(job->study);
    scenario_free(job->scenario);
    scenario_source_free(job->source);
}

/* Each scenario's results are its own. */
static bool check_directories(const GArray *jobs)
{
    GHashTable *owners = g_hash_table_new(g_str_hash, g_str_equal);
    bool good = true;
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        const char *other = g_hash_table_lookup(owners, job->directory);
        if (other) {
            command_complain("run", "the results of %s and of %s would both go into %s", other, job->path,
                             job->directory);
            good = false;
        }
        g_hash_table_insert(owners, job->directory, (gpointer)job->path);
    }
    g_hash_table_destroy(owners);
    return good;
}

/* Failures weigh more than expectations that do not hold. */
static int worse(int a, int b)
{
    return a == STATUS_FAILED || b == STATUS_FAILED ? STATUS_FAILED : MAX(a, b);
}

/* The table of attacks and methods; how many expectations are met. */
static void tell_totals(const struct totals *totals)
{
    unsigned met = totals->tally.met, all = met + totals->tally.failed;
    if (attacks_any(totals->attacks)) {
        GString *text = g_string_new(NULL);
        attacks_append_matrix(totals->attacks, text);
        printf("\n=== Attacks and methods\n\n%s", text->str);
        g_string_free(text, TRUE);
    }
    if (all > 0)
        printf("\n%u of %u expectations are met.\n", met, all);
}

static int run_jobs(const GArray *jobs)
{
    struct totals totals = {.attacks = attacks_new()};
    int status = STATUS_GOOD;
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        if (jobs->len > 1)
            printf("%s=== %s: %s\n\n", i ? "\n" : "", job->path, job->scenario->title);
        if (jobs->len > 1 && job->experiment.level != LOG_NONE) {
            fflush(stdout);
            g_printerr("# %s\n", job->path);
        }
        status = worse(status, run_job(job, &totals));
    }
    if (jobs->len > 1)
        tell_totals(&totals);
    attacks_free(totals.attacks);
    return status;
}

/* Nothing is run before all has been judged. */
static int run_scenarios(const struct options *options, char *const *paths)
{
    if (options->out && !*options->out) {
        command_complain("run", "--out: which directory?");
        return STATUS_INPUT;
    }
    GArray *jobs = g_array_new(FALSE, TRUE, sizeof(struct job));
    g_array_set_clear_func(jobs, job_clear);
    bool several = paths[1] != NULL, good = true;
    for (; *paths; paths++) {
        struct job job = {.path = *paths};
        good &= prepare(&job, options, several);
        g_array_append_val(jobs, job);
    }
    int status = good && check_directories(jobs) ? run_jobs(jobs) : STATUS_INPUT;
    g_array_free(jobs, TRUE);
    return status;
}

int command_run(int argc, char **argv)
{
    struct options options = {0};
    GError *error = NULL;
    int status = STATUS_INPUT;
    char **arguments = command_copy_arguments(argc, argv); /* parsing leaves the program and the scenarios */
    if (!parse_options(&arguments, &options, &error)) {
        command_complain("run", "%s\nTry 'mip6sim run --help'.", error->message);
        g_error_free(error);
    } else if (g_strv_length(arguments) < 2) {
        command_complain("run", "which scenario?\nTry 'mip6sim run --help'.");
    } else {
        status = run_scenarios(&options, arguments + 1);
    }
    g_strfreev(arguments);
    options_clear(&options);
    return status;
}
