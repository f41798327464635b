/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_store_private.h - what the files of the result store share: the open database, and SQLite's calls
 * with their failures put into words.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_RESULT_STORE_PRIVATE_H
#define MIP6SIM_SIM_EXPERIMENT_RESULT_STORE_PRIVATE_H

#include <sqlite3.h>

#include "sim/experiment/result_store.h"

struct result_store {
    sqlite3 *database;
    char *path;
    struct study *study;
    int schema; /* of the database: tables since then are not there */
    sqlite3_stmt *insert[TABLE_COUNT];
    sqlite3_stmt *begin, *commit, *insert_run, *insert_discard, *has;
    bool writable;
};

/* False: `error` says what SQLite complained of last (RESULT_STORE_ERROR), the path, and what to do. */
bool store_fail(const struct result_store *store, GError **error);
bool store_execute(const struct result_store *store, const char *sql, GError **error);
bool store_prepare(const struct result_store *store, const char *sql, sqlite3_stmt **statement,
                   GError **error);
/* Runs a statement that gives no rows, and makes it ready for the next time. */
bool store_step(const struct result_store *store, sqlite3_stmt *statement, GError **error);
/* Ends a query that has given what it has, or has failed; returns true if it came to its end. */
bool store_finish(const struct result_store *store, sqlite3_stmt *query, int code, GError **error);

#endif
