/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_directory.h - what a directory of results holds: handovers.csv, flows.csv, messages.csv,
 * expectations.csv where the scenario expects anything, run.json.
 *
 * A run's rows are made in its own thread (run_result_new) and entered in order (result_directory_enter). The
 * files appear under their names when everything has been written to them (result_directory_close); until
 * then they end in ".part", so that what stands there complete from an earlier experiment is not lost to one
 * that fails.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RESULT_DIRECTORY_H
#define MIP6SIM_SIM_EXPERIMENT_RESULT_DIRECTORY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/measure/recorder.h"
#include "sim/network/simulation.h"
#include "sim/scenario/scenario.h"

enum result_table { TABLE_HANDOVERS, TABLE_FLOWS, TABLE_MESSAGES, TABLE_EXPECTATIONS, TABLE_COUNT };

/* One run's contribution. */
struct run_result {
    GString *rows[TABLE_COUNT];
    GString *log; /* NULL: none */
    GString *reference; /* its part of a reference; NULL: not wanted */
    uint64_t events, packet_hops, handover_count;
    uint64_t discards[DISCARD_REASON_COUNT];
    GError *error; /* the run could not be made */
};

/* The rows of a finished run. settings: of its point, axis_count of them. Takes the recorder's log. */
struct run_result *run_result_new(struct recorder *recorder, const struct simulation *simulation,
                                  const struct scenario_setting *settings, uint32_t axis_count,
                                  uint32_t point, uint32_t replication);
void run_result_free(struct run_result *result); /* NULL is harmless */

struct result_directory;

/* Makes the directory if need be and the files in it. NULL and error. */
struct result_directory *result_directory_open(const char *directory, const struct scenario *scenario,
                                               GError **error);
/* results: a struct result_directory, as an experiment's sink has it. Borrows. */
void result_directory_enter(void *results, const struct run_result *result);
/* Writes run.json, puts the files under their names, frees. False and error: something could not be written.
 */
bool result_directory_close(struct result_directory *results, uint64_t seed, uint32_t first_replication,
                            uint32_t replication_count, GError **error);
/* Gives up: removes the unfinished files, frees. NULL is harmless. */
void result_directory_abandon(struct result_directory *results);

#endif
