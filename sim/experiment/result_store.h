/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_store.h - the results of an experiment in one SQLite database (SCHEMA below; doc/result-store.md
 * tells it to people).
 *
 * A run is entered in one transaction, so whatever kills the program, a run is there as a whole or not at
 * all, and what is there says what is still to be done. The database remembers what it was made from: the
 * scenario (by a digest of what its files say), the seed, the version of the program. Another scenario does
 * not go into it.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RESULT_STORE_H
#define MIP6SIM_SIM_EXPERIMENT_RESULT_STORE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/experiment/run_result.h"
#include "sim/experiment/study.h"

/*
 * The schema's number. 2 has the table packets besides; a database of schema 1 is read as one without it, and
 * becomes one of schema 2 when it is written into.
 */
#define RESULT_STORE_SCHEMA 2
/* The database in a directory of results. */
#define RESULT_STORE_FILE "results.sqlite"

#define RESULT_STORE_ERROR result_store_error_quark()
GQuark result_store_error_quark(void);

enum result_store_error {
    RESULT_STORE_ERROR_MISSING,   /* there is none, or it may not be read */
    RESULT_STORE_ERROR_FOREIGN,   /* no database of ours, or damaged */
    RESULT_STORE_ERROR_NEWER,     /* its schema is newer than this program */
    RESULT_STORE_ERROR_DIFFERENT, /* made from another scenario, seed or version */
    RESULT_STORE_ERROR_BUSY,      /* somebody else is writing into it */
    RESULT_STORE_ERROR_QUESTION,  /* SQLite does not understand it */
    RESULT_STORE_ERROR_WRITE,     /* disk full, ... */
};

struct result_store;

/* Is it what has been named that is wrong, and not the machine? Of any error. */
bool result_store_error_is_input(const GError *error);

/*
 * Opens the database for writing; makes it if there is none. An existing one must have been made from the
 * same study; regardless: only its axes and points must be the same. One process at a time writes (BUSY).
 * NULL and error.
 */
struct result_store *result_store_open(const char *path, const struct study *study, bool regardless,
                                       GError **error);
/* For reading only. */
struct result_store *result_store_open_existing(const char *path, GError **error);
/* NULL is harmless. Writing: everything is on the disk, and can be found by its indexes, when it returns
 * true. */
bool result_store_close(struct result_store *store, GError **error);

/* What it was made from; valid as long as the store. */
const struct study *result_store_study(const struct result_store *store);

/* About so many runs are going to be entered: with many, indexes are put off until the store is closed (and
 * those of a writer that was killed until the next is). May be left out. */
bool result_store_expect(struct result_store *store, uint64_t runs, GError **error);

/* Has this run been entered? */
bool result_store_has(struct result_store *store, struct run_key key);
/* One transaction. False and error: nothing of it is there. */
bool result_store_enter(struct result_store *store, const struct run_result *result, GError **error);
/* The runs that are there, in order, of struct run_key. Free with g_array_unref. */
GArray *result_store_runs(struct result_store *store, GError **error);
/* A run as it was entered. Free with run_result_free. */
struct run_result *result_store_load(struct result_store *store, struct run_key key, GError **error);

/* Takes a row of a table: `row` has it and nothing else; borrows. */
typedef void result_store_table_function(void *context, struct run_key key, const struct rows *row);
/* All rows of a table, by point, replication, and as they were entered. */
bool result_store_read_table(struct result_store *store, enum result_table table,
                             result_store_table_function *take, void *context, GError **error);

/* All runs of `from` that `store` has not; both of one study. *merged: how many. */
bool result_store_merge(struct result_store *store, struct result_store *from, uint64_t *merged,
                        GError **error);

/* A row of an answer; NULL values are NULL. */
typedef void result_store_row_function(void *context, int columns, const char *const *values);
/* Asks in one SQL statement that changes nothing. The first row has the columns' names. False and error:
 * SQLite's own words. */
bool result_store_query(struct result_store *store, const char *sql, result_store_row_function *row,
                        void *context, GError **error);

#endif
