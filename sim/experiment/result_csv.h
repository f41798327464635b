/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_csv.h - tables of results as comma-separated values (format/csv.h), and the one reader of results,
 * wherever they are kept: in the CSV files that `run` and `export` write, or in a sweep's database.
 *
 * Point and replication come first, then a column for each axis of the sweep, where the table has them, then
 * the table's own.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RESULT_CSV_H
#define MIP6SIM_SIM_EXPERIMENT_RESULT_CSV_H

#include <glib.h>

#include "sim/experiment/run_result.h"
#include "sim/experiment/study.h"
#include "sim/format/csv.h"

void result_csv_append_header(GString *csv, const struct study *study, enum result_table table);
/* The rows of one run. */
void result_csv_append_rows(GString *csv, const struct study *study, enum result_table table,
                            struct run_key key, const struct rows *rows);

/*
 * A table of the results in a directory, from its CSV file or the database: where there are both, from what
 * was written last (`export` after `sweep`, a sweep that went on after `export`, `run` after either). A
 * database may be named itself. csv->path says what was read. NULL and `error` (CSV_ERROR,
 * RESULT_STORE_ERROR): no such directory, no results in it, none of this table, or damaged. Having no rows
 * is no error. Free with csv_table_free.
 */
struct csv_table *result_csv_read(const char *name, enum result_table table, GError **error);
/* The database that the table is read from; NULL: it is read from files. Free with g_free. */
char *result_csv_store(const char *name, enum result_table table);

#endif
