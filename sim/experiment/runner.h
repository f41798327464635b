/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner.h - makes single runs of an experiment, one after the other, in one thread or one process.
 *
 * It keeps the scenario of the point it was at: runs of a point follow each other.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RUNNER_H
#define MIP6SIM_SIM_EXPERIMENT_RUNNER_H

#include "sim/experiment/experiment.h"

struct runner;

struct runner *runner_new(const struct experiment *experiment); /* borrows */
void runner_free(struct runner *runner);                        /* NULL is harmless */
/* Never NULL; with `error` if the run could not be made. Free with run_result_free. */
struct run_result *runner_run(struct runner *runner, struct run_key key);

#endif
