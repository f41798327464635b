/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_verdict.h - what a sweep's database says about what its scenario expects. Private to sim/command/.
 */
#ifndef MIP6SIM_SIM_COMMAND_SWEEP_VERDICT_H
#define MIP6SIM_SIM_COMMAND_SWEEP_VERDICT_H

#include "sim/scenario/scenario.h"

/*
 * Prints a table of the expectations over all runs that are there, and complains of those that do not hold.
 * The exit status: STATUS_GOOD; STATUS_EXPECTATION, also when there are runs that were made before the
 * scenario expected what it does now, and so are not judged by it; STATUS_FAILED.
 */
int sweep_tell_verdict(const char *database, const struct scenario_source *source,
                       const struct scenario *scenario);

#endif
