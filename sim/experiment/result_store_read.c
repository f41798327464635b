/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_store_read.c - what is in a result store: a run's rows as they were entered, those of other stores
 * taken over, and people's questions in SQL.
 */
#include "sim/experiment/result_store_private.h"

#include <string.h>

/* -- reading a run back -- */

static void load_cell(struct rows *rows, sqlite3_stmt *query, int column, enum cell_kind kind)
{
    if (sqlite3_column_type(query, column) == SQLITE_NULL)
        rows_text(rows, NULL);
    else if (kind == CELL_TEXT)
        rows_text(rows, (const char *)sqlite3_column_text(query, column));
    else if (kind == CELL_NUMBER)
        rows_number(rows, sqlite3_column_double(query, column));
    else if (kind == CELL_TIME)
        rows_time(rows, sqlite3_column_int64(query, column));
    else
        rows_count(rows, (uint64_t)sqlite3_column_int64(query, column));
}

static bool query_run(const struct result_store *store, const char *columns, const char *table,
                      const char *order, struct run_key key, sqlite3_stmt **query, GError **error)
{
    char *sql = g_strdup_printf("SELECT %s FROM %s WHERE point = ? AND replication = ? ORDER BY %s", columns,
                                table, order);
    bool good = store_prepare(store, sql, query, error);
    g_free(sql);
    if (!good)
        return false;
    sqlite3_bind_int64(*query, 1, key.point);
    sqlite3_bind_int64(*query, 2, key.replication);
    return true;
}

/* The columns of a table as SELECT wants them. Free with g_free. */
static char *column_list(const struct result_table_description *description)
{
    GString *columns = g_string_new(NULL);
    for (unsigned i = 0; i < description->column_count; i++)
        g_string_append_printf(columns, "%s\"%s\"", i ? ", " : "", description->columns[i].name);
    return g_string_free(columns, FALSE);
}

static void load_row(struct rows *rows, sqlite3_stmt *query, int first,
                     const struct result_table_description *description)
{
    for (unsigned i = 0; i < description->column_count; i++)
        load_cell(rows, query, first + (int)i, description->columns[i].kind);
    rows_end(rows);
}

static bool load_table(const struct result_store *store, enum result_table table, struct run_result *result,
                       GError **error)
{
    const struct result_table_description *description = &result_tables[table];
    if (description->since > store->schema)
        return true;
    char *columns = column_list(description);
    sqlite3_stmt *query;
    bool good = query_run(store, columns, description->name, "row", result->key, &query, error);
    g_free(columns);
    if (!good)
        return false;
    int code;
    while ((code = sqlite3_step(query)) == SQLITE_ROW)
        load_row(&result->rows[table], query, 0, description);
    return store_finish(store, query, code, error);
}

bool result_store_read_table(struct result_store *store, enum result_table table,
                             result_store_table_function *take, void *context, GError **error)
{
    const struct result_table_description *description = &result_tables[table];
    if (description->since > store->schema)
        return true;
    char *columns = column_list(description);
    char *sql = g_strdup_printf("SELECT point, replication, %s FROM %s ORDER BY point, replication, row",
                                columns, description->name);
    sqlite3_stmt *query;
    bool good = store_prepare(store, sql, &query, error);
    g_free(columns);
    g_free(sql);
    int code = SQLITE_DONE;
    struct rows row;
    rows_init(&row);
    while (good && (code = sqlite3_step(query)) == SQLITE_ROW) {
        struct run_key key = {(uint32_t)sqlite3_column_int64(query, 0),
                              (uint32_t)sqlite3_column_int64(query, 1)};
        load_row(&row, query, 2, description);
        take(context, key, &row);
        rows_empty(&row);
    }
    rows_clear(&row);
    return good && store_finish(store, query, code, error);
}

static bool load_discards(const struct result_store *store, struct run_result *result, GError **error)
{
    sqlite3_stmt *query;
    if (!query_run(store, "reason, count", "discards", "reason", result->key, &query, error))
        return false;
    int code;
    while ((code = sqlite3_step(query)) == SQLITE_ROW)
        for (unsigned i = 1; i < DISCARD_REASON_COUNT; i++)
            if (g_strcmp0((const char *)sqlite3_column_text(query, 0),
                          discard_reason_text((enum discard_reason)i)) == 0)
                result->discards[i] = (uint64_t)sqlite3_column_int64(query, 1);
    return store_finish(store, query, code, error);
}

static bool load_counts(const struct result_store *store, struct run_result *result, GError **error)
{
    sqlite3_stmt *query;
    if (!query_run(store, "events, packet_hops, handovers", "runs", "point", result->key, &query, error))
        return false;
    int code = sqlite3_step(query);
    bool good = code == SQLITE_ROW;
    if (good) {
        result->events = (uint64_t)sqlite3_column_int64(query, 0);
        result->packet_hops = (uint64_t)sqlite3_column_int64(query, 1);
        result->handover_count = (uint64_t)sqlite3_column_int64(query, 2);
    } else if (code != SQLITE_DONE) {
        store_fail(store, error);
    } else {
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_MISSING,
                    "%s: point %u, replication %u is not there", store->path, result->key.point,
                    result->key.replication);
    }
    sqlite3_finalize(query);
    return good;
}

struct run_result *result_store_load(struct result_store *store, struct run_key key, GError **error)
{
    struct run_result *result = run_result_empty(key);
    bool good = load_counts(store, result, error) && load_discards(store, result, error);
    for (unsigned i = 0; good && i < TABLE_COUNT; i++)
        good = load_table(store, (enum result_table)i, result, error);
    if (good)
        return result;
    run_result_free(result);
    return NULL;
}

bool result_store_merge(struct result_store *store, struct result_store *from, uint64_t *merged,
                        GError **error)
{
    GArray *runs = result_store_runs(from, error);
    bool good = runs && result_store_expect(store, runs->len, error);
    *merged = 0;
    for (guint i = 0; good && i < runs->len; i++) {
        struct run_key key = g_array_index(runs, struct run_key, i);
        if (result_store_has(store, key))
            continue;
        struct run_result *result = result_store_load(from, key, error);
        good = result && result_store_enter(store, result, error);
        run_result_free(result);
        *merged += good;
    }
    if (runs)
        g_array_unref(runs);
    return good;
}

/* -- questions -- */

static void give_row(sqlite3_stmt *query, bool names, result_store_row_function *row, void *context)
{
    int count = sqlite3_column_count(query);
    const char **values = g_new0(const char *, (gsize)count + 1);
    for (int i = 0; i < count; i++)
        values[i] = names ? sqlite3_column_name(query, i) : (const char *)sqlite3_column_text(query, i);
    row(context, count, values);
    g_free(values);
}

static bool check_query(const struct result_store *store, sqlite3_stmt *query, const char *rest,
                        GError **error)
{
    const char *what = !query                         ? "no SQL statement"
                       : rest[strspn(rest, " \t\n;")] ? "one SQL statement at a time"
                       : !sqlite3_stmt_readonly(query)
                           ? "this would change the results; only questions are answered"
                       : sqlite3_column_count(query) == 0 ? "this gives no rows"
                                                          : NULL;
    if (what)
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_QUESTION, "%s: %s", store->path, what);
    return !what;
}

bool result_store_query(struct result_store *store, const char *sql, result_store_row_function *row,
                        void *context, GError **error)
{
    sqlite3_stmt *query = NULL;
    const char *rest = "";
    if (sqlite3_prepare_v2(store->database, sql, -1, &query, &rest) != SQLITE_OK)
        return store_fail(store, error);
    bool good = check_query(store, query, rest, error);
    if (good) {
        give_row(query, true, row, context);
        int code;
        while ((code = sqlite3_step(query)) == SQLITE_ROW)
            give_row(query, false, row, context);
        good = code == SQLITE_DONE || store_fail(store, error);
    }
    sqlite3_finalize(query);
    return good;
}
