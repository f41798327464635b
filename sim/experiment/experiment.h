/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * experiment.h - all the runs of a scenario: every point of its sweep times its replications, on several
 * threads.
 *
 * Runs are independent. They are handed out in order (point, then replication) and their results are taken in
 * the same order, so that what is written does not depend on the number of threads; a thread that is far
 * ahead waits.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_EXPERIMENT_H
#define MIP6SIM_SIM_EXPERIMENT_EXPERIMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/experiment/result_directory.h"
#include "sim/measure/protocol_log.h"
#include "sim/scenario/scenario.h"

struct experiment {
    const struct scenario_source *source;
    const struct scenario *scenario; /* its first point */
    uint64_t seed;                   /* in place of the scenario's */
    uint32_t first_replication;      /* replications first .. first + count - 1 of each point */
    uint32_t replication_count;
    unsigned jobs; /* threads, at least 1 */
    enum log_level level;
    const char *capture_directory; /* NULL: no captures. Several runs: each in its own point-P-replication-R
                                      below it. */
    const bool *capture_links;     /* by scenario link */
    bool progress;                 /* a line on standard error */
    bool reference;                /* run_result.reference is wanted (output/reference.h) */
};

/* Where results go. */
struct experiment_sink {
    void *context;
    void (*enter)(void *context, const struct run_result *result); /* in order; borrows */
};

/*
 * Runs it all into the sink. False and error: a run could not be made or its captures not be written; what was
 * finished before it, in order, has been entered. Log lines go to standard error as each run's turn comes.
 */
bool experiment_run(const struct experiment *experiment, const struct experiment_sink *sink, GError **error);

#endif
