/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/experiment/experiment.h"

#include <stdio.h>

#include "sim/experiment/runner.h"

/* Results may wait for their turn so many deep per thread. */
#define AHEAD_PER_JOB 8

struct work {
    const struct experiment *experiment;
    GMutex lock;
    GCond changed;
    struct run_result **done; /* by job; those before `taken` are gone */
    uint64_t next;            /* job to hand out */
    uint64_t taken;           /* results entered */
    bool stop;
};

/* -- the threads -- */

static gpointer worker_main(gpointer data)
{
    struct work *work = data;
    const struct experiment *experiment = work->experiment;
    struct runner *runner = runner_new(experiment);
    g_mutex_lock(&work->lock);
    for (;;) {
        while (!work->stop && work->next < work->experiment->run_count &&
               work->next >= work->taken + (uint64_t)AHEAD_PER_JOB * experiment->jobs)
            g_cond_wait(&work->changed, &work->lock);
        if (work->stop || work->next == work->experiment->run_count)
            break;
        uint64_t job = work->next++;
        g_mutex_unlock(&work->lock);
        struct run_result *result = runner_run(runner, experiment->runs[job]);
        g_mutex_lock(&work->lock);
        work->done[job] = result;
        g_cond_broadcast(&work->changed);
    }
    g_mutex_unlock(&work->lock);
    runner_free(runner);
    return NULL;
}

/* -- progress, where a person watches -- */

static void show_progress(uint64_t done, uint64_t total, gint64 started, gint64 *shown)
{
    gint64 now = g_get_monotonic_time();
    if (done < total && now - *shown < 100000)
        return;
    *shown = now;
    double elapsed = (double)(now - started) / 1e6;
    double left = done ? elapsed / (double)done * (double)(total - done) : 0;
    fprintf(stderr, "\r%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " runs, %.0f s left \033[K", done, total,
            left);
    if (done == total)
        fputs("\r\033[K", stderr);
    fflush(stderr);
}

static void print_log(const struct work *work, const struct run_result *result)
{
    if (!result->log)
        return;
    if (work->experiment->run_count > 1)
        fprintf(stderr, "# point %u replication %u\n", result->key.point, result->key.replication);
    fwrite(result->log->str, 1, result->log->len, stderr);
}

static void stop(struct work *work)
{
    g_mutex_lock(&work->lock);
    work->stop = true;
    g_cond_broadcast(&work->changed);
    g_mutex_unlock(&work->lock);
}

/* Takes results in order until all are there or one has failed. */
static bool collect(struct work *work, const struct experiment_sink *sink, GError **error)
{
    gint64 started = g_get_monotonic_time(), shown = 0;
    for (uint64_t job = 0; job < work->experiment->run_count; job++) {
        g_mutex_lock(&work->lock);
        while (!work->done[job])
            g_cond_wait(&work->changed, &work->lock);
        struct run_result *result = g_steal_pointer(&work->done[job]);
        work->taken = job + 1;
        if (result->error)
            work->stop = true;
        g_cond_broadcast(&work->changed);
        g_mutex_unlock(&work->lock);
        if (result->error) {
            g_propagate_error(error, g_steal_pointer(&result->error));
            run_result_free(result);
            return false;
        }
        print_log(work, result);
        bool taken = sink->enter(sink->context, result, error);
        run_result_free(result);
        if (!taken) {
            stop(work);
            return false;
        }
        if (work->experiment->progress)
            show_progress(job + 1, work->experiment->run_count, started, &shown);
    }
    return true;
}

struct run_key *experiment_all_runs(const struct scenario *scenario, uint32_t first, uint32_t count,
                                    uint64_t *run_count)
{
    uint32_t points = scenario_point_count(scenario);
    *run_count = (uint64_t)points * count;
    struct run_key *runs = g_new(struct run_key, *run_count + 1);
    for (uint64_t i = 0; i < *run_count; i++)
        runs[i] = (struct run_key){(uint32_t)(i / count), first + (uint32_t)(i % count)};
    return runs;
}

bool experiment_run(const struct experiment *experiment, const struct experiment_sink *sink, GError **error)
{
    struct work work = {.experiment = experiment};
    work.done = g_new0(struct run_result *, experiment->run_count);
    g_mutex_init(&work.lock);
    g_cond_init(&work.changed);
    unsigned count = (unsigned)MIN((uint64_t)experiment->jobs, experiment->run_count);
    GThread **threads = g_new0(GThread *, count);
    for (unsigned i = 0; i < count; i++)
        threads[i] = g_thread_new("run", worker_main, &work);
    bool good = collect(&work, sink, error);
    for (unsigned i = 0; i < count; i++)
        g_thread_join(threads[i]);
    for (uint64_t job = 0; job < experiment->run_count; job++)
        run_result_free(work.done[job]);
    g_free(threads);
    g_free(work.done);
    g_mutex_clear(&work.lock);
    g_cond_clear(&work.changed);
    return good;
}
