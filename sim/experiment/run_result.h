/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_result.h - what one run has to tell, as rows of tables.
 *
 * Rows are made in the run's own thread. They know nothing of files and databases: result_directory.h writes
 * them as CSV, result_store.h keeps them in a database.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RUN_RESULT_H
#define MIP6SIM_SIM_EXPERIMENT_RUN_RESULT_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/experiment/rows.h"
#include "sim/measure/recorder.h"
#include "sim/network/simulation.h"

enum result_table {
    TABLE_HANDOVERS,
    TABLE_FLOWS,
    TABLE_MESSAGES,
    TABLE_EXPECTATIONS,
    TABLE_FAULTS,
    TABLE_ATTACKS,
    TABLE_ATTACK_TIMES,
    TABLE_PACKETS,
    TABLE_COUNT
};

struct result_table_description {
    const char *name;
    bool axes; /* rows of a file say what the sweep has set */
    const struct column *columns;
    unsigned column_count;
    int since; /* number of the database's schema that has it first */
};
extern const struct result_table_description result_tables[TABLE_COUNT];

/* Which run: a point of the sweep, and which replication. */
struct run_key {
    uint32_t point;
    uint32_t replication;
};

struct run_result {
    struct run_key key;
    struct rows rows[TABLE_COUNT];
    GString *log;       /* NULL: none */
    GString *reference; /* its part of a reference; NULL: not wanted */
    uint64_t events, packet_hops, handover_count;
    uint64_t discards[DISCARD_REASON_COUNT];
    GError *error; /* the run could not be made */
};

/* What a finished run has to tell. Takes the recorder's log. */
struct run_result *run_result_new(struct recorder *recorder, const struct simulation *simulation,
                                  struct run_key key);
struct run_result *run_result_empty(struct run_key key);
void run_result_free(struct run_result *result); /* NULL is harmless */

#endif
