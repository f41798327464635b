/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * experiment.h - all the runs of a scenario: every point of its sweep times its replications, on several
 * threads.
 *
 * Runs are independent. They are handed out in the order of the list, and their results are taken in the same
 * order unless the sink has no need of it, so that what is written does not depend on the number of threads;
 * a thread that is far ahead waits. There are as many threads as wanted, the caller's among them: one that
 * has finished a run enters its result, and those that have come meanwhile, if no other is at it, and makes
 * the next. None only writes, for it would be one more at work than wanted, and idle while runs are long.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_EXPERIMENT_H
#define MIP6SIM_SIM_EXPERIMENT_EXPERIMENT_H

#include <glib.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/experiment/run_result.h"
#include "sim/measure/protocol_log.h"
#include "sim/scenario/scenario.h"

struct experiment {
    const struct scenario_source *source;
    const struct scenario *scenario; /* its first point */
    uint64_t seed;                   /* in place of the scenario's */
    const struct run_key *runs;      /* what to run, in the order in which results are wanted */
    uint64_t run_count;
    unsigned jobs; /* threads, at least 1 */
    enum log_level level;
    const char *capture_directory; /* NULL: no captures. Several runs: each in its own point-P-replication-R
                                      below it. */
    const bool *capture_links;     /* by scenario link */
    bool progress;                 /* a line on standard error */
    bool reference;                /* run_result.reference is wanted (reference.h) */
    /* NULL, or may be set at any time: nothing more is begun, and what has finished is entered. */
    const atomic_bool *interrupted;
};

/* Where results go. */
struct experiment_sink {
    void *context;
    /* Borrows. One at a time, in any of the threads. False and error: no more can be taken, and the
     * experiment ends. */
    bool (*enter)(void *context, const struct run_result *result, GError **error);
    /* Results are taken as they are ready, and none that has finished waits for one before it. */
    bool any_order;
};

/* Every point with replications first .. first + count - 1. Free with g_free. */
struct run_key *experiment_all_runs(const struct scenario *scenario, uint32_t first, uint32_t count,
                                    uint64_t *run_count);

/*
 * Runs it all into the sink, or as much as is finished when *interrupted is set. False and error: a run could
 * not be made or its captures not be written; what was finished before it, in order (or at all), has been
 * entered. Log lines go to standard error as each run's turn comes.
 */
bool experiment_run(const struct experiment *experiment, const struct experiment_sink *sink, GError **error);

#endif
