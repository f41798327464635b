/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep.c - mip6sim sweep: every combination of a scenario's axes with all replications, into one database
 * that survives a crash.
 *
 * What the database already has is not run again, so the same command goes on where it stopped. A shard is
 * every n-th of all runs, so that points of different cost are spread evenly.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/command/sweep_verdict.h"
#include "sim/experiment/cluster.h"
#include "sim/experiment/experiment.h"
#include "sim/experiment/precision.h"
#include "sim/experiment/result_store.h"
#include "sim/format/output_directory.h"
#include "sim/scenario/scenario.h"

static const char summary[] = "Runs every combination of the scenario's [sweep] with all replications into "
                              "one SQLite database, DIR/" RESULT_STORE_FILE ".\n"
                              "Each finished run is one transaction: whatever ends the program, kill -9 and "
                              "a full disk included, nothing finished "
                              "is lost,\n"
                              "and the same command goes on where it stopped. Results do not depend on -j.";

static const char description[] =
    "Across machines without MPI, each works on a share of its own, and merge puts them together:\n"
    "  mip6sim sweep study.ini --shard 1/4 --out part-1        (and so on, to 4/4)\n"
    "  mip6sim merge whole part-1 part-2 part-3 part-4\n"
    "\n"
    "Under MPI the same command is shared out to all processes that mpirun starts, on one machine or many; "
    "the first\n"
    "hands out runs and writes, so there is one more process than runs at a time:\n"
    "  mpirun -n 65 mip6sim sweep study.ini\n"
    "\n"
    "--until runs more replications, at least the scenario's, until the 95 % confidence interval of a "
    "measure's mean (a\n"
    "column of handovers.csv) is narrow enough at every point:\n"
    "  mip6sim sweep study.ini --until outage=2% --at-most 1000\n"
    "\n"
    "Then:\n"
    "  mip6sim summarize DIR        means, intervals, percentiles by axis\n"
    "  mip6sim export DIR           the CSV files that run writes; plot draws them\n"
    "  mip6sim query DIR 'SELECT …' any question in SQL\n"
    "\n"
    "Exit status: 0 done; 1 a run failed or the database could not be written; 2 the scenario or the command "
    "line is\n"
    "wrong, or DIR has results of another study; 3 what the scenario expects ([expect]) does not hold in "
    "some "
    "run that is\n"
    "there, or was not expected yet when it was made; 130 interrupted (Ctrl-C): what was finished is kept.";

struct options {
    char **set, **paths;
    char *out, *jobs, *seed, *shard, *until, *at_most;
    gboolean force;
};

/* A share of the runs: those whose number is k modulo n. */
struct shard {
    uint64_t number, of;
};

struct sweep {
    const struct options *options;
    struct scenario_source *source;
    struct scenario *scenario;
    struct study *study;
    struct result_store *store;
    struct experiment experiment;
    struct shard shard;
    struct precision precision; /* until when; .measure NULL: the scenario's replications */
    uint32_t most_replications;
    bool cluster; /* started by mpirun: there are others that make the runs */
    bool terminal; /* a person watches */
    char *directory;
    uint64_t entered, total;
    gint64 started, told;
};

static atomic_bool interrupted; /* no lock: a signal may set it in any thread */

/* The next signal of the kind ends the program at once: what is entered is safe. */
static void interrupt(int signal)
{
    static const char words[] = "\nmip6sim sweep: interrupted; the runs that are being made are finished "
                                "(once more: ends at once)\n";
    int error = errno; /* of whom it interrupts */
    (void)signal;
    atomic_store(&interrupted, true);
    ssize_t written = write(STDERR_FILENO, words, sizeof words - 1);
    (void)written;
    errno = error;
}

static int failed(int status, GError *error)
{
    fflush(stdout);
    command_complain("sweep", "%s", error->message);
    g_error_free(error);
    return status;
}

static int status_of(const GError *error)
{
    bool input = result_store_error_is_input(error) || output_directory_is_misnamed(error);
    return input ? STATUS_INPUT : STATUS_FAILED;
}

/* -- progress: one line that changes on a terminal, else one each minute -- */

static void show_progress(struct sweep *sweep)
{
    bool terminal = sweep->terminal;
    gint64 now = g_get_monotonic_time(), pause = terminal ? G_USEC_PER_SEC / 5 : 60 * G_USEC_PER_SEC;
    if (now - sweep->told < pause)
        return;
    sweep->told = now;
    double elapsed = (double)(now - sweep->started) / G_USEC_PER_SEC;
    double left = elapsed / (double)sweep->entered * (double)(sweep->total - sweep->entered);
    fprintf(stderr, "%s%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs, %.0f min %02.0f s left%s",
            terminal ? "\r" : "", sweep->entered, sweep->total, (double)((int)left / 60),
            (double)((int)left % 60), terminal ? " \033[K" : "\n");
    fflush(stderr);
}

static void end_progress(const struct sweep *sweep)
{
    if (sweep->terminal)
        fputs("\r\033[K", stderr);
}

static bool enter(void *context, const struct run_result *result, GError **error)
{
    struct sweep *sweep = context;
    if (!result_store_enter(sweep->store, result, error))
        return false;
    sweep->entered++;
    show_progress(sweep);
    return true;
}

/* Not by an error: has all been done that was to be done? */
static bool check_interrupted(GError **error)
{
    if (interrupted)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INTR,
                    "interrupted; the same command goes on from here");
    return !interrupted;
}

/* -- which runs -- */

static bool is_before(struct run_key a, struct run_key b)
{
    return a.point != b.point ? a.point < b.point : a.replication < b.replication;
}

/* Is the run there? Asked for in order; *next is how far the list of those that are there has been gone
 * through. */
static bool is_there(const GArray *there, guint *next, struct run_key key)
{
    while (*next < there->len && is_before(g_array_index(there, struct run_key, *next), key))
        ++*next;
    return *next < there->len && !is_before(key, g_array_index(there, struct run_key, *next));
}

/* Replications `from` to `to` - 1 of the points that want them, as far as they are this shard's and not
 * there. */
static GArray *missing_runs(const struct sweep *sweep, const bool *wanted, uint32_t from, uint32_t to,
                            GError **error)
{
    const struct shard *shard = &sweep->shard;
    GArray *there = result_store_runs(sweep->store, error);
    if (!there)
        return NULL;
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(struct run_key));
    guint next = 0;
    for (uint32_t point = 0; point < sweep->study->point_count; point++)
        for (uint32_t replication = from; (!wanted || wanted[point]) && replication < to; replication++) {
            struct run_key key = {point, replication};
            uint64_t number = (uint64_t)point * sweep->most_replications + replication;
            if (number % shard->of == shard->number && !is_there(there, &next, key))
                g_array_append_val(runs, key);
        }
    g_array_unref(there);
    return runs;
}

static bool run_missing(struct sweep *sweep, const bool *wanted, uint32_t from, uint32_t to, GError **error)
{
    GArray *runs = missing_runs(sweep, wanted, from, to, error);
    if (!runs)
        return false;
    const struct experiment_sink sink = {.context = sweep, .enter = enter, .any_order = true};
    sweep->experiment.runs = (const struct run_key *)(const void *)runs->data;
    sweep->experiment.run_count = runs->len;
    sweep->total += runs->len;
    bool good = true;
    if (runs->len > 0)
        good = result_store_expect(sweep->store, runs->len, error) &&
               (sweep->cluster ? cluster_run(&sweep->experiment, &sink, error)
                               : experiment_run(&sweep->experiment, &sink, error));
    end_progress(sweep);
    g_array_unref(runs);
    return good && check_interrupted(error);
}

/* Rounds: each adds half as many replications as there are, to the points that are not precise enough. */
static bool run_until_precise(struct sweep *sweep, GError **error)
{
    uint32_t count = MIN(MAX(sweep->scenario->replications, PRECISION_LEAST), sweep->most_replications);
    bool *wanted = g_new(bool, sweep->study->point_count);
    bool good = true, done = false;
    memset(wanted, true, sweep->study->point_count * sizeof(bool));
    for (uint32_t from = 0; good && !done; count = MIN(count + MAX(count / 2, 1), sweep->most_replications)) {
        good = run_missing(sweep, wanted, from, count, error);
        from = count;
        if (!good)
            break;
        uint32_t never = 0, left = precision_wanting(&sweep->precision, sweep->store,
                                                     sweep->study->point_count, wanted, &never, error);
        good = left != UINT32_MAX;
        done = left == 0 || count >= sweep->most_replications;
        if (good && done && left > 0)
            printf("%u point%s not as precise as wanted after %u replications (--at-most)\n", left,
                   left == 1 ? " is" : "s are", count);
        if (good && done && never > 0)
            printf("%u point%s no %s in any replication\n", never, never == 1 ? " has" : "s have",
                   sweep->precision.measure);
    }
    g_free(wanted);
    return good;
}

/* -- options -- */

#define wrong(...) command_complain("sweep", __VA_ARGS__)

static bool parse_shard(const char *text, struct shard *shard)
{
    char **parts = g_strsplit(text, "/", 2);
    guint64 number = 0, of = 0;
    bool good = parts[0] && parts[1] && g_ascii_string_to_unsigned(parts[1], 10, 1, G_MAXUINT32, &of, NULL) &&
                g_ascii_string_to_unsigned(parts[0], 10, 1, of, &number, NULL);
    g_strfreev(parts);
    *shard = (struct shard){number - 1, of};
    return good || wrong("--shard: '%s' is not K/N, such as 1/4", text);
}

static bool plan(struct sweep *sweep)
{
    const struct options *options = sweep->options;
    uint64_t seed = sweep->scenario->seed, jobs = g_get_num_processors(), most = 1000;
    sweep->shard = (struct shard){0, 1};
    if ((options->seed && !command_parse_number("sweep", "seed", options->seed, 0, UINT64_MAX, &seed)) ||
        (options->jobs && !command_parse_number("sweep", "jobs", options->jobs, 1, 1024, &jobs)) ||
        (options->at_most &&
         !command_parse_number("sweep", "at-most", options->at_most, 1, 1000000, &most)) ||
        (options->shard && !parse_shard(options->shard, &sweep->shard)))
        return false;
    if (options->until && options->shard)
        return wrong("--until needs all of a point's runs, and --shard has a part of them");
    if (options->at_most && !options->until)
        return wrong("--at-most goes with --until");
    char *complaint = NULL;
    if (options->until && !precision_parse(options->until, &sweep->precision, &complaint)) {
        wrong("--until: %s", complaint);
        g_free(complaint);
        return false;
    }
    sweep->most_replications = options->until ? (uint32_t)most : sweep->scenario->replications;
    sweep->experiment = (struct experiment){
        .source = sweep->source,
        .scenario = sweep->scenario,
        .seed = seed,
        .jobs = (unsigned)jobs,
        .interrupted = &interrupted,
    };
    return true;
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

/* -- the sweep -- */

static void tell(const struct sweep *sweep, uint64_t before)
{
    double elapsed = (double)(g_get_monotonic_time() - sweep->started) / G_USEC_PER_SEC;
    printf("%" G_GUINT64_FORMAT " run%s in %.1f s", sweep->entered, sweep->entered == 1 ? "" : "s", elapsed);
    if (before > 0)
        printf(", %" G_GUINT64_FORMAT " were there", before);
    printf(". Results: %s\n", sweep->directory);
}

static char *database_path(const struct sweep *sweep)
{
    return g_build_filename(sweep->directory, RESULT_STORE_FILE, NULL);
}

static bool open_store(struct sweep *sweep, GError **error)
{
    if (!output_directory_make(sweep->directory, error))
        return false;
    char *path = database_path(sweep);
    sweep->store = result_store_open(path, sweep->study, sweep->options->force, error);
    g_free(path);
    return sweep->store != NULL;
}

static int run(struct sweep *sweep)
{
    GError *error = NULL;
    if (!open_store(sweep, &error))
        return failed(status_of(error), error);
    GArray *there = result_store_runs(sweep->store, &error);
    uint64_t before = there ? there->len : 0;
    sweep->started = sweep->told = g_get_monotonic_time();
    bool good = there && (sweep->precision.measure
                              ? run_until_precise(sweep, &error)
                              : run_missing(sweep, NULL, 0, sweep->scenario->replications, &error));
    if (there)
        g_array_unref(there);
    good = result_store_close(g_steal_pointer(&sweep->store), good ? &error : NULL) && good;
    if (good || interrupted)
        tell(sweep, before);
    if (!good)
        return failed(interrupted ? STATUS_INTERRUPTED : STATUS_FAILED, error);
    char *path = database_path(sweep);
    int status = sweep_tell_verdict(path, sweep->source, sweep->scenario);
    g_free(path);
    return status;
}

static int sweep_scenario(const struct options *options, const char *path, bool cluster)
{
    struct sweep sweep = {.options = options, .terminal = isatty(STDERR_FILENO) != 0};
    struct scenario_messages *messages = scenario_messages_new();
    sweep.scenario = scenario_read(path, (const char *const *)options->set, &sweep.source, messages);
    char *text = scenario_messages_to_string(messages);
    fputs(text, stderr);
    g_free(text);
    scenario_messages_free(messages);
    int status = STATUS_INPUT;
    if (sweep.scenario && plan(&sweep)) {
        sweep.directory = options->out ? g_strdup(options->out) : default_directory(path);
        sweep.study = study_new(sweep.source, sweep.scenario, sweep.experiment.seed);
        sweep.cluster = cluster;
        if (cluster && !cluster_is_writer()) {
            cluster_serve(&sweep.experiment);
            status = STATUS_GOOD;
        } else {
            status = run(&sweep);
        }
    }
    study_free(sweep.study);
    precision_clear(&sweep.precision);
    g_free(sweep.directory);
    scenario_free(sweep.scenario);
    scenario_source_free(sweep.source);
    return status;
}

/* What is wrong with the input is said once, by the first process; what happens to a run in another is sent
 * to it. */
static int sweep_over_cluster(const struct options *options, const char *path)
{
    bool cluster = cluster_begin();
    if (cluster && !cluster_is_writer() && !freopen("/dev/null", "w", stderr))
        return STATUS_FAILED;
    int status = sweep_scenario(options, path, cluster);
    if (cluster)
        cluster_end();
    return status;
}

static void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int command_sweep(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &options.out,
         "directory of results (results/NAME, after the scenario's file)", "DIR"},
        {"jobs", 'j', 0, G_OPTION_ARG_STRING, &options.jobs,
         "runs at a time (as many as there are processors)", "N"},
        {"set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &options.set,
         "replace a key of the scenario; may be repeated", "'SECTION / KEY = VALUE'"},
        {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed,
         "seed of all random draws, instead of the scenario's", "N"},
        {"shard", 0, 0, G_OPTION_ARG_STRING, &options.shard, "only the K-th of N shares of the runs", "K/N"},
        {"until", 0, 0, G_OPTION_ARG_STRING, &options.until,
         "replicate until the interval of the measure's mean is within so many per cent of it, either way",
         "MEASURE=P%"},
        {"at-most", 0, 0, G_OPTION_ARG_STRING, &options.at_most, "replications with --until (1000)", "N"},
        {"force", 0, 0, G_OPTION_ARG_NONE, &options.force,
         "go on though the scenario, the seed or the version has changed", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths, NULL, "SCENARIO"},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("sweep", command_options(summary, description, entries), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && (!options.paths || options.paths[1])) {
        command_complain("sweep", "%s (see: mip6sim sweep --help)",
                         options.paths ? "one scenario at a time" : "which scenario?");
        status = STATUS_INPUT;
    }
    catch_interrupts();
    if (status == STATUS_GOOD)
        status = sweep_over_cluster(&options, options.paths[0]);
    g_strfreev(options.set);
    g_strfreev(options.paths);
    g_free(options.out);
    g_free(options.jobs);
    g_free(options.seed);
    g_free(options.shard);
    g_free(options.until);
    g_free(options.at_most);
    return status;
}
