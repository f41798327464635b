/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/experiment/experiment.h"

#include <errno.h>
#include <stdio.h>

#include "sim/network/security.h"
#include "sim/output/reference.h"

/* Results may wait for their turn so many deep per thread. */
#define AHEAD_PER_JOB 8

struct work {
    const struct experiment *experiment;
    GMutex lock;
    GCond changed;
    struct run_result **done; /* by job; those before `taken` are gone */
    uint64_t job_count;
    uint64_t next;  /* job to hand out */
    uint64_t taken; /* results entered */
    bool stop;
};

/* -- one run -- */

static char *capture_directory(const struct experiment *experiment, uint64_t job_count, uint32_t point,
                               uint32_t replication)
{
    if (job_count == 1)
        return g_strdup(experiment->capture_directory);
    return g_strdup_printf("%s/point-%u-replication-%u", experiment->capture_directory, point, replication);
}

static bool start_captures(const struct experiment *experiment, struct simulation *simulation,
                           uint64_t job_count, uint32_t point, uint32_t replication, GError **error)
{
    if (!experiment->capture_directory)
        return true;
    char *directory = capture_directory(experiment, job_count, point, replication);
    bool good = g_mkdir_with_parents(directory, 0777) == 0;
    if (!good)
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
                    "%s: cannot make this directory: %s", directory, g_strerror(errno));
    for (uint32_t i = 0; good && i < simulation->scenario->link_count; i++)
        if (experiment->capture_links[i])
            good = simulation_capture(simulation, i, directory, error);
    good = good && security_write_keys(simulation, directory, error);
    g_free(directory);
    return good;
}

static struct run_result *run_once(const struct work *work, const struct scenario *scenario,
                                   const struct scenario_setting *settings, uint32_t point,
                                   uint32_t replication)
{
    const struct experiment *experiment = work->experiment;
    GError *error = NULL;
    struct run_result *result = NULL;
    struct recorder recorder;
    recorder_init(&recorder, scenario, experiment->level);
    if (experiment->reference)
        recorder_take_fingerprint(&recorder);
    struct network_observer observer = recorder_observer(&recorder);
    struct simulation *simulation =
        simulation_new(scenario, experiment->seed, replication, &observer, &error);
    if (simulation && start_captures(experiment, simulation, work->job_count, point, replication, &error)) {
        simulation_run(simulation);
        if (simulation_finish_captures(simulation, &error))
            result = run_result_new(&recorder, simulation, settings, experiment->scenario->axis_count, point,
                                    replication);
    }
    if (result && experiment->reference) {
        result->reference = g_string_new(NULL);
        reference_append_run(result->reference, &recorder, settings, experiment->scenario->axis_count, point,
                             replication);
    }
    if (!result) {
        result = g_new0(struct run_result, 1);
        result->error = error;
    }
    simulation_free(simulation);
    recorder_free(&recorder);
    return result;
}

/* -- the threads -- */

/* A thread keeps the scenario of the point it was at: jobs of a point follow each other. */
struct worker {
    struct work *work;
    struct scenario *scenario;
    struct scenario_setting *settings;
    uint32_t point;
};

static struct run_result *do_job(struct worker *worker, uint64_t job)
{
    const struct experiment *experiment = worker->work->experiment;
    uint32_t point = (uint32_t)(job / experiment->replication_count);
    uint32_t replication = experiment->first_replication + (uint32_t)(job % experiment->replication_count);
    if (!worker->scenario || worker->point != point) {
        scenario_free(worker->scenario);
        struct scenario_messages *messages = scenario_messages_new();
        scenario_point(experiment->scenario, point, worker->settings);
        worker->scenario =
            scenario_build(experiment->source, worker->settings, experiment->scenario->axis_count, messages);
        worker->point = point;
        if (!worker->scenario) {
            struct run_result *failed = g_new0(struct run_result, 1);
            char *text = scenario_messages_to_string(messages);
            failed->error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_FAILED, "point %u: %s", point, text);
            g_free(text);
            scenario_messages_free(messages);
            return failed;
        }
        scenario_messages_free(messages);
    }
    return run_once(worker->work, worker->scenario, worker->settings, point, replication);
}

static gpointer worker_main(gpointer data)
{
    struct work *work = data;
    const struct experiment *experiment = work->experiment;
    struct worker worker = {.work = work};
    worker.settings = g_new0(struct scenario_setting, experiment->scenario->axis_count + 1);
    g_mutex_lock(&work->lock);
    for (;;) {
        while (!work->stop && work->next < work->job_count &&
               work->next >= work->taken + (uint64_t)AHEAD_PER_JOB * experiment->jobs)
            g_cond_wait(&work->changed, &work->lock);
        if (work->stop || work->next == work->job_count)
            break;
        uint64_t job = work->next++;
        g_mutex_unlock(&work->lock);
        struct run_result *result = do_job(&worker, job);
        g_mutex_lock(&work->lock);
        work->done[job] = result;
        g_cond_broadcast(&work->changed);
    }
    g_mutex_unlock(&work->lock);
    scenario_free(worker.scenario);
    g_free(worker.settings);
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

static void print_log(const struct work *work, const struct run_result *result, uint64_t job)
{
    if (!result->log)
        return;
    if (work->job_count > 1)
        fprintf(stderr, "# point %" G_GUINT64_FORMAT " replication %" G_GUINT64_FORMAT "\n",
                job / work->experiment->replication_count,
                work->experiment->first_replication + job % work->experiment->replication_count);
    fwrite(result->log->str, 1, result->log->len, stderr);
}

/* Takes results in order until all are there or one has failed. */
static bool collect(struct work *work, const struct experiment_sink *sink, GError **error)
{
    gint64 started = g_get_monotonic_time(), shown = 0;
    for (uint64_t job = 0; job < work->job_count; job++) {
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
        print_log(work, result, job);
        sink->enter(sink->context, result);
        run_result_free(result);
        if (work->experiment->progress)
            show_progress(job + 1, work->job_count, started, &shown);
    }
    return true;
}

bool experiment_run(const struct experiment *experiment, const struct experiment_sink *sink, GError **error)
{
    struct work work = {.experiment = experiment};
    work.job_count = (uint64_t)scenario_point_count(experiment->scenario) * experiment->replication_count;
    work.done = g_new0(struct run_result *, work.job_count);
    g_mutex_init(&work.lock);
    g_cond_init(&work.changed);
    unsigned count = (unsigned)MIN((uint64_t)experiment->jobs, work.job_count);
    GThread **threads = g_new0(GThread *, count);
    for (unsigned i = 0; i < count; i++)
        threads[i] = g_thread_new("run", worker_main, &work);
    bool good = collect(&work, sink, error);
    for (unsigned i = 0; i < count; i++)
        g_thread_join(threads[i]);
    for (uint64_t job = 0; job < work.job_count; job++)
        run_result_free(work.done[job]);
    g_free(threads);
    g_free(work.done);
    g_mutex_clear(&work.lock);
    g_cond_clear(&work.changed);
    return good;
}
