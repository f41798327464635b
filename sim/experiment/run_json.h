/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_json.h - what was run and what was counted, as run.json has it: every parameter of the scenario, the
 * points of the sweep, seed and version.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RUN_JSON_H
#define MIP6SIM_SIM_EXPERIMENT_RUN_JSON_H

#include <glib.h>
#include <stdint.h>

#include "sim/experiment/run_result.h"
#include "sim/experiment/study.h"
#include "sim/format/json_value.h"

/* Over all runs. */
struct run_counts {
    uint64_t runs, events, packet_hops, handover_count;
    uint64_t discards[DISCARD_REASON_COUNT];
};

/* The text. Free with g_string_free. */
GString *run_json_new(const struct study *study, const struct run_counts *counts, uint32_t first_replication,
                      uint32_t replication_count);

/*
 * That of results, wherever they are kept: run.json of a directory, or what a sweep's database knows; where
 * there are both, by what result_csv_read chooses. NULL and `error`: there is none (CSV_ERROR_ABSENT), or it
 * is damaged (CSV_ERROR_CONTENT, RESULT_STORE_ERROR). Free with json_value_free.
 */
struct json_value *run_json_read(const char *name, GError **error);

#endif
