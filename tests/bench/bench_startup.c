/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_startup.c - the program from exec to exit on the smallest scenario: wall time, CPU time and peak
 * memory, medians of 31 runs. MIP6SIM and srcdir say where the program and the scenarios are (make bench sets
 * them).
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
#include <time.h>
#include <unistd.h>

enum { RUNS = 31 };

extern char **environ;

static double wall(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, RUNS, sizeof *values, ascending);
    return values[RUNS / 2];
}

/* Runs the program once, its output thrown away. False: it could not be run, or failed. */
static bool run(char *const *argv, double *time, struct rusage *usage)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    double start = wall();
    pid_t child;
    int status = 1;
    bool good = posix_spawn(&child, argv[0], &actions, NULL, argv, environ) == 0 &&
                wait4(child, &status, 0, usage) == child && status == 0;
    *time = wall() - start;
    posix_spawn_file_actions_destroy(&actions);
    return good;
}

static void remove_results(const char *directory)
{
    static const char *const names[] = {"handovers.csv", "flows.csv", "messages.csv", "run.json"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        char *path = g_build_filename(directory, names[i], NULL);
        g_unlink(path);
        g_free(path);
    }
    g_rmdir(directory);
}

int main(void)
{
    const char *program = g_getenv("MIP6SIM"), *source = g_getenv("srcdir");
    char *directory = g_dir_make_tmp("mip6sim-bench-XXXXXX", NULL);
    if (!directory)
        return 1;
    char *scenario = g_build_filename(source ? source : ".", "scenarios", "first-handover.ini", NULL);
    char *path = g_strdup(program ? program : "./mip6sim");
    char word_run[] = "run", word_out[] = "--out";
    char *argv[] = {path, word_run, scenario, word_out, directory, NULL};
    double walls[RUNS], cpus[RUNS], peaks[RUNS];
    for (unsigned i = 0; i < RUNS; i++) {
        struct rusage usage;
        if (!run(argv, &walls[i], &usage)) {
            fprintf(stderr, "bench_startup: %s run %s does not work\n", path, scenario);
            return 1;
        }
        cpus[i] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
        peaks[i] = (double)usage.ru_maxrss / 1024;
    }
    printf("%-58s %12.6g %s\n", "first-handover.ini, exec to exit: wall", 1e3 * median(walls), "ms");
    printf("%-58s %12.6g %s\n", "first-handover.ini, exec to exit: CPU", 1e3 * median(cpus), "ms");
    printf("%-58s %12.6g %s\n", "first-handover.ini: peak resident", median(peaks), "MiB");
    remove_results(directory);
    g_free(path);
    g_free(scenario);
    g_free(directory);
    return 0;
}
