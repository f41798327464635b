/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_directory.h - what a directory of results holds: handovers.csv, flows.csv, messages.csv,
 * expectations.csv where the scenario expects anything, faults.csv where it has faults, run.json.
 *
 * A run's rows (run_result.h) are entered in order (result_directory_enter). The files appear under their
 * names when everything has been written to them (result_directory_close); until then they end in ".part", so
 * that what stands there complete from an earlier experiment is not lost to one that fails.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RESULT_DIRECTORY_H
#define MIP6SIM_SIM_EXPERIMENT_RESULT_DIRECTORY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/experiment/run_result.h"
#include "sim/experiment/study.h"

struct result_directory;

/* Makes the directory if need be and the files in it. study is borrowed. NULL and error. */
struct result_directory *result_directory_open(const char *directory, const struct study *study,
                                               GError **error);
/* An experiment's sink; results: a struct result_directory. True: what cannot be written is told at the end.
 */
bool result_directory_enter(void *results, const struct run_result *result, GError **error);
/* Writes run.json, puts the files under their names, frees. False and error: something could not be written.
 */
bool result_directory_close(struct result_directory *results, uint32_t first_replication,
                            uint32_t replication_count, GError **error);
/* Gives up: removes the unfinished files, frees. NULL is harmless. */
void result_directory_abandon(struct result_directory *results);

#endif
