/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_sweep.c - what a sweep costs besides its simulations: 10,000 short runs (one handover, or as many
 * runs as MIP6SIM_BENCH_RUNS says) simulated one after the other with nobody watching, and the same by
 * `mip6sim sweep`, which watches, makes rows and enters them into its database: with one thread, and with
 * one for each processor. The overhead of a run is the processor time that the sweep takes more, by the
 * number of runs: a machine that has other things to do does not count. MIP6SIM and srcdir say where the
 * program and the scenarios are (make bench sets them).
 */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/network/simulation.h"
#include "sim/scenario/scenario.h"

extern char **environ;

static void report(const char *what, double value, const char *unit)
{
    printf("%-58s %12.6g %s\n", what, value, unit);
    fflush(stdout);
}

/* Seconds by the clock on the wall, and of all processors. */
struct cost {
    double wall, processor;
};

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* Now, for this process or its children. */
static struct cost cost_now(int whose)
{
    struct rusage usage;
    getrusage(whose, &usage);
    return (struct cost){(double)g_get_monotonic_time() / G_USEC_PER_SEC,
                         seconds(usage.ru_utime) + seconds(usage.ru_stime)};
}

static struct cost cost_since(struct cost start, int whose)
{
    struct cost now = cost_now(whose);
    return (struct cost){now.wall - start.wall, now.processor - start.processor};
}

/* The simulations alone. False: it has been told why there are none. */
static bool simulate(const char *path, unsigned runs, struct cost *cost)
{
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source;
    struct scenario *scenario = scenario_read(path, NULL, &source, messages);
    if (!scenario) {
        fprintf(stderr, "bench_sweep: %s cannot be read\n", path);
        scenario_messages_free(messages);
        return false;
    }
    struct cost start = cost_now(RUSAGE_SELF);
    for (unsigned i = 0; i < runs; i++) {
        struct simulation *simulation = simulation_new(scenario, scenario->seed, i, NULL, NULL);
        if (simulation)
            simulation_run(simulation);
        simulation_free(simulation);
    }
    *cost = cost_since(start, RUSAGE_SELF);
    scenario_free(scenario);
    scenario_source_free(source);
    scenario_messages_free(messages);
    return true;
}

static bool execute(char *const *arguments)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t child;
    int status = 1;
    bool good = posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ) == 0 &&
                waitpid(child, &status, 0) == child && status == 0;
    posix_spawn_file_actions_destroy(&actions);
    return good;
}

/* The whole command. False: it does not work. */
static bool sweep(const char *path, unsigned runs, unsigned jobs, struct cost *cost)
{
    const char *program = g_getenv("MIP6SIM");
    char *directory = g_dir_make_tmp("mip6sim-bench-XXXXXX", NULL);
    if (!directory)
        return false;
    char *argv[] = {g_strdup(program ? program : "./mip6sim"),
                    g_strdup("sweep"),
                    g_strdup(path),
                    g_strdup("--out"),
                    g_strdup(directory),
                    g_strdup_printf("--jobs=%u", jobs),
                    g_strdup("--set"),
                    g_strdup_printf("scenario / replications = %u", runs),
                    NULL};
    struct cost start = cost_now(RUSAGE_CHILDREN);
    bool good = execute(argv);
    *cost = cost_since(start, RUSAGE_CHILDREN);
    char *database = g_build_filename(directory, "results.sqlite", NULL);
    g_unlink(database);
    g_rmdir(directory);
    g_free(database);
    g_free(directory);
    for (unsigned i = 0; i < G_N_ELEMENTS(argv); i++)
        g_free(argv[i]);
    if (!good)
        fprintf(stderr, "bench_sweep: mip6sim sweep %s does not work\n", path);
    return good;
}

int main(void)
{
    const char *source = g_getenv("srcdir"), *wanted = g_getenv("MIP6SIM_BENCH_RUNS");
    unsigned runs = wanted ? (unsigned)MAX(1, atoi(wanted)) : 10000, processors = g_get_num_processors();
    char *path = g_build_filename(source ? source : ".", "scenarios", "first-handover.ini", NULL);
    struct cost bare, one, all;
    bool good =
        simulate(path, runs, &bare) && sweep(path, runs, 1, &one) && sweep(path, runs, processors, &all);
    g_free(path);
    if (!good)
        return 1;
    char *many = g_strdup_printf("the same on %u thread%s", processors, processors == 1 ? "" : "s");
    char *speed_up =
        g_strdup_printf("speed-up of %u thread%s over one", processors, processors == 1 ? "" : "s");
    report("first-handover.ini, simulated alone", runs / bare.wall, "runs/s");
    report("first-handover.ini, mip6sim sweep on one thread", runs / one.wall, "runs/s");
    report("a run simulated alone: CPU", bare.processor / runs * 1e3, "ms");
    report("overhead of a run in the sweep: CPU", (one.processor - bare.processor) / runs * 1e3, "ms");
    report(many, runs / all.wall, "runs/s");
    report(speed_up, one.wall / all.wall, "times");
    g_free(speed_up);
    g_free(many);
    return 0;
}
