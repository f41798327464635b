/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * experiment.c - see experiment.h. One lock for all; a thread lets go of it for the time of a run, and for
 * the time in the sink, where one is at a time. Who is far ahead waits, so that memory is bounded however
 * long one run takes.
 */
#include "sim/experiment/experiment.h"

#include <stdio.h>

#include "sim/experiment/runner.h"

/* So many results per thread may always wait for their turn; more while they are small. */
#define AHEAD_PER_JOB 8
#define AHEAD_OCTETS  ((size_t)64 << 20)
#define RESULT_OCTETS 2048 /* a result without rows, at most */
/* Runs in a row that a thread takes at once where the order matters: those behind wait for them. */
#define IN_A_ROW 8

struct work {
    const struct experiment *experiment;
    const struct experiment_sink *sink;
    GMutex lock;
    GCond changed;
    unsigned waiting;         /* threads at `changed` */
    struct run_result **done; /* finished and not taken: by job, or as they came if any order will do */
    size_t octets;            /* in all of them */
    uint64_t next;            /* job to hand out */
    uint64_t arrived;         /* results in `done`, ever */
    uint64_t taken;           /* of them, by the sink */
    bool entering;            /* a thread is in the sink */
    bool stop;                /* nothing more is handed out */
    bool closed;              /* nothing more goes into the sink */
    GError *error;            /* the first */
    gint64 started, shown;
};

/* Jobs that a thread has taken and not begun. */
struct span {
    uint64_t next, end;
};

/* -- progress, where a person watches -- */

static void show_progress(struct work *work)
{
    uint64_t done = work->taken, total = work->experiment->run_count;
    gint64 now = g_get_monotonic_time();
    if (done < total && now - work->shown < 100000)
        return;
    work->shown = now;
    double elapsed = (double)(now - work->started) / 1e6;
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

/* -- results: all below holds the lock, but for the time in the sink and in a run -- */

static size_t octets_of(const struct run_result *result)
{
    size_t octets = RESULT_OCTETS;
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        octets += result->rows[i].octets->len;
    octets += result->log ? result->log->len : 0;
    return octets + (result->reference ? result->reference->len : 0);
}

static void hand_in(struct work *work, uint64_t job, struct run_result *result)
{
    work->done[work->sink->any_order ? work->arrived : job] = result;
    work->arrived++;
    work->octets += octets_of(result);
}

static bool can_enter(const struct work *work)
{
    return !work->entering && !work->closed && work->taken < work->experiment->run_count &&
           work->done[work->taken];
}

static void fail(struct work *work, GError *error)
{
    work->stop = true;
    if (work->error)
        g_clear_error(&error);
    else
        work->error = error;
}

/* Takes the result that is next. Where the order does not matter, what has finished beside a run that could
 * not be made is entered. */
static void enter_next(struct work *work)
{
    struct run_result *result = g_steal_pointer(&work->done[work->taken]);
    work->octets -= octets_of(result);
    if (result->error) {
        fail(work, g_steal_pointer(&result->error));
        work->closed = !work->sink->any_order;
        work->taken++;
        run_result_free(result);
        return;
    }
    GError *error = NULL;
    work->entering = true;
    g_mutex_unlock(&work->lock);
    print_log(work, result);
    bool good = work->sink->enter(work->sink->context, result, &error);
    run_result_free(result);
    g_mutex_lock(&work->lock);
    work->entering = false;
    work->taken++;
    if (!good) {
        fail(work, error);
        work->closed = true;
    } else if (work->experiment->progress) {
        show_progress(work);
    }
}

/* -- jobs -- */

/*
 * Runs of a point follow each other in the list, and a thread that is at a point goes on there, so that few
 * threads build the same scenario. At the end of the list shares get small, for the threads to end at one
 * time.
 */
static void take_span(struct work *work, struct span *span)
{
    const struct experiment *experiment = work->experiment;
    uint64_t share = (experiment->run_count - work->next) / (4 * (uint64_t)experiment->jobs);
    uint64_t most = work->sink->any_order ? MAX(1, share) : CLAMP(share, 1, IN_A_ROW);
    span->next = span->end = work->next;
    while (span->end < experiment->run_count && span->end - span->next < most &&
           experiment->runs[span->end].point == experiment->runs[span->next].point)
        span->end++;
    work->next = span->end;
}

/* May this thread begin a run? One that is far ahead of the sink waits. */
static bool can_start(struct work *work, struct span *span)
{
    const struct experiment *experiment = work->experiment;
    if (experiment->interrupted && atomic_load(experiment->interrupted))
        work->stop = true;
    if (work->stop)
        return false;
    if (span->next == span->end)
        take_span(work, span);
    uint64_t ahead = work->sink->any_order ? work->arrived : span->next;
    return span->next < span->end &&
           (work->octets < AHEAD_OCTETS || ahead < work->taken + (uint64_t)AHEAD_PER_JOB * experiment->jobs);
}

/* Each of the threads makes runs, and enters what is ready if no other does: there are never more of them at
 * work than wanted, and none only writes. */
static gpointer work_main(gpointer data)
{
    struct work *work = data;
    struct runner *runner = runner_new(work->experiment);
    struct span span = {0, 0};
    g_mutex_lock(&work->lock);
    for (;;) {
        if (can_enter(work)) {
            enter_next(work);
        } else if (can_start(work, &span)) {
            uint64_t job = span.next++;
            g_mutex_unlock(&work->lock);
            struct run_result *result = runner_run(runner, work->experiment->runs[job]);
            g_mutex_lock(&work->lock);
            hand_in(work, job, result);
        } else if (work->stop || span.next == span.end) {
            g_cond_broadcast(&work->changed);
            break;
        } else {
            work->waiting++;
            g_cond_wait(&work->changed, &work->lock);
            work->waiting--;
            continue; /* has changed nothing: threads that wait would keep each other awake */
        }
        if (work->waiting > 0)
            g_cond_broadcast(&work->changed);
    }
    g_mutex_unlock(&work->lock);
    runner_free(runner);
    return NULL;
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
    struct work work = {.experiment = experiment, .sink = sink, .started = g_get_monotonic_time()};
    work.done = g_new0(struct run_result *, experiment->run_count + 1);
    g_mutex_init(&work.lock);
    g_cond_init(&work.changed);
    unsigned wanted = (unsigned)MIN((uint64_t)experiment->jobs, MAX(experiment->run_count, 1)) - 1;
    unsigned others = 0;
    GThread **threads = g_new0(GThread *, wanted + 1);
    /* If the system has no room for so many, those that there are do the work. */
    while (others < wanted && (threads[others] = g_thread_try_new("run", work_main, &work, NULL)))
        others++;
    work_main(&work);
    for (unsigned i = 0; i < others; i++)
        g_thread_join(threads[i]);
    for (uint64_t job = 0; job < experiment->run_count; job++)
        run_result_free(work.done[job]);
    g_free(threads);
    g_free(work.done);
    g_mutex_clear(&work.lock);
    g_cond_clear(&work.changed);
    if (work.error)
        g_propagate_error(error, work.error);
    return !work.error;
}
