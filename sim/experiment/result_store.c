/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_store.c - see result_store.h; the tables are told to people in doc/result-store.md.
 *
 * The journal is a write-ahead log: a transaction is whole or not there after the process was killed at any
 * moment, and costs no wait for the disk but at a checkpoint. Who writes holds SQLite's exclusive lock for as
 * long as the store is open, so that two sweeps do not share a database by mistake.
 *
 * A transaction writes each page it has touched, and a run's rows come to lie beside each other but in the
 * indexes: while many runs are entered there are none of these, and they are made when the store is closed.
 *
 * Times are whole nanoseconds, as in the simulation: nothing is rounded on the way in and out.
 */
#include "sim/experiment/result_store_private.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/value.h"

#define APPLICATION_ID 0x4d495036 /* "MIP6" */

/* Pages of the journal between checkpoints, each of which waits for the disk twice. */
#define CHECKPOINT_PAGES "4000"
/* Indexes of so many runs are made anew at the price of keeping them up for one. */
#define INDEX_REBUILD_SHARE 8

GQuark result_store_error_quark(void)
{
    return g_quark_from_static_string("mip6sim-result-store-error");
}

/* -- errors -- */

static enum result_store_error kind_of(int code)
{
    switch (code & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return RESULT_STORE_ERROR_FOREIGN;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return RESULT_STORE_ERROR_BUSY;
    case SQLITE_ERROR: /* of a question: our own statements are right */
        return RESULT_STORE_ERROR_QUESTION;
    default:
        return RESULT_STORE_ERROR_WRITE;
    }
}

bool result_store_error_is_input(const GError *error)
{
    return error->domain == RESULT_STORE_ERROR && error->code != RESULT_STORE_ERROR_WRITE &&
           error->code != RESULT_STORE_ERROR_BUSY;
}

static bool has_journal(const struct result_store *store)
{
    char *journal = g_strconcat(store->path, "-wal", NULL);
    bool has = g_file_test(journal, G_FILE_TEST_EXISTS);
    g_free(journal);
    return has;
}

/* What SQLite's words leave open. */
static const char *hint_of(const struct result_store *store, int code)
{
    int number = sqlite3_system_errno(store->database);
    switch (code & 0xff) {
    case SQLITE_BUSY:
        return "another process is writing into it";
    case SQLITE_FULL:
        return "what was finished is kept: make room, and the same command goes on";
    case SQLITE_CORRUPT:
        return "it is damaged, or has lost its end";
    case SQLITE_CANTOPEN:
        if (has_journal(store))
            return "a writer that was killed has left a journal beside it, "
                   "which wants a directory that may be written";
        /* fall through */
    case SQLITE_IOERR:
        return number != 0 ? g_strerror(number) : NULL;
    default:
        return NULL;
    }
}

bool store_fail(const struct result_store *store, GError **error)
{
    int code = sqlite3_errcode(store->database);
    const char *hint = hint_of(store, code);
    g_set_error(error, RESULT_STORE_ERROR, (int)kind_of(code), "%s: %s%s%s", store->path,
                sqlite3_errmsg(store->database), hint ? "; " : "", hint ? hint : "");
    return false;
}

bool store_execute(const struct result_store *store, const char *sql, GError **error)
{
    return sqlite3_exec(store->database, sql, NULL, NULL, NULL) == SQLITE_OK || store_fail(store, error);
}

bool store_prepare(const struct result_store *store, const char *sql, sqlite3_stmt **statement,
                   GError **error)
{
    return sqlite3_prepare_v2(store->database, sql, -1, statement, NULL) == SQLITE_OK ||
           store_fail(store, error);
}

/* Runs a statement that gives no rows, and makes it ready for the next time. */
bool store_step(const struct result_store *store, sqlite3_stmt *statement, GError **error)
{
    bool good = sqlite3_step(statement) == SQLITE_DONE || store_fail(store, error);
    sqlite3_reset(statement);
    return good;
}

/* -- the schema -- */

static const char *const column_types[] = {
    [CELL_TEXT] = "TEXT",
    [CELL_COUNT] = "INTEGER",
    [CELL_TIME] = "INTEGER",
    [CELL_NUMBER] = "REAL",
};

static const char fixed_schema[] =
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE axes(axis INTEGER PRIMARY KEY, section TEXT NOT NULL, key TEXT NOT NULL);"
    "CREATE TABLE parameters(point INTEGER NOT NULL, axis INTEGER NOT NULL, text TEXT NOT NULL, number REAL,"
    " PRIMARY KEY(point, axis)) WITHOUT ROWID;"
    "CREATE TABLE runs(point INTEGER NOT NULL, replication INTEGER NOT NULL, events INTEGER NOT NULL,"
    " packet_hops INTEGER NOT NULL, handovers INTEGER NOT NULL, PRIMARY KEY(point, replication)) WITHOUT "
    "ROWID;"
    "CREATE TABLE discards(point INTEGER NOT NULL, replication INTEGER NOT NULL, reason TEXT NOT NULL,"
    " count INTEGER NOT NULL, PRIMARY KEY(point, replication, reason)) WITHOUT ROWID;";

/* What people look for. */
static const char *const indexes[][2] = {
    {"handovers_by_node", "handovers(node, handover)"},
    {"flows_by_flow", "flows(flow)"},
    {"messages_by_message", "messages(message, action)"},
    {"parameters_by_value", "parameters(axis, text)"},
    {"packets_by_flow", "packets(flow, sequence)"},
};

static void append_table(GString *sql, const struct result_table_description *table)
{
    g_string_append_printf(sql,
                           "CREATE TABLE %s(point INTEGER NOT NULL, replication INTEGER NOT NULL,"
                           " row INTEGER NOT NULL",
                           table->name);
    for (unsigned i = 0; i < table->column_count; i++)
        g_string_append_printf(sql, ", \"%s\" %s", table->columns[i].name,
                               column_types[table->columns[i].kind]);
    g_string_append(sql, ", PRIMARY KEY(point, replication, row)) WITHOUT ROWID;");
}

static void append_identifier(GString *sql, const char *name)
{
    g_string_append_c(sql, '"');
    for (; *name; name++)
        g_string_append_printf(sql, *name == '"' ? "\"\"" : "%c", *name);
    g_string_append_c(sql, '"');
}

/* A view `points` with a column for each axis. */
static void append_points_view(GString *sql, const struct study *study)
{
    g_string_append(sql, "CREATE VIEW points AS SELECT point");
    for (uint32_t i = 0; i < study->axis_count; i++) {
        char *name = study_axis_name(study, i);
        g_string_append_printf(sql, ", max(CASE axis WHEN %u THEN text END) AS ", i);
        append_identifier(sql, name);
        g_free(name);
    }
    g_string_append(sql,
                    study->axis_count ? " FROM parameters GROUP BY point;" : " FROM (SELECT 0 AS point);");
}

static bool put_meta(const struct result_store *store, const char *key, const char *value, GError **error)
{
    sqlite3_stmt *insert;
    if (!store_prepare(store, "INSERT OR REPLACE INTO meta VALUES(?, ?)", &insert, error))
        return false;
    sqlite3_bind_text(insert, 1, key, -1, SQLITE_STATIC);
    sqlite3_bind_text(insert, 2, value, -1, SQLITE_STATIC);
    bool good = store_step(store, insert, error);
    sqlite3_finalize(insert);
    return good;
}

static bool put_axes(const struct result_store *store, const struct study *study, GError **error)
{
    sqlite3_stmt *insert;
    if (!store_prepare(store, "INSERT INTO axes VALUES(?, ?, ?)", &insert, error))
        return false;
    bool good = true;
    for (uint32_t i = 0; good && i < study->axis_count; i++) {
        sqlite3_bind_int64(insert, 1, i);
        sqlite3_bind_text(insert, 2, study->axes[i].section, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 3, study->axes[i].key, -1, SQLITE_STATIC);
        good = store_step(store, insert, error);
    }
    sqlite3_finalize(insert);
    return good;
}

static bool put_parameters(const struct result_store *store, const struct study *study, GError **error)
{
    sqlite3_stmt *insert;
    if (!store_prepare(store, "INSERT INTO parameters VALUES(?, ?, ?, ?)", &insert, error))
        return false;
    bool good = true;
    for (uint32_t point = 0; point < study->point_count; point++)
        for (uint32_t i = 0; good && i < study->axis_count; i++) {
            const char *text = study_value(study, point, i);
            double number;
            sqlite3_bind_int64(insert, 1, point);
            sqlite3_bind_int64(insert, 2, i);
            sqlite3_bind_text(insert, 3, text, -1, SQLITE_STATIC);
            if (value_number(text, &number))
                sqlite3_bind_double(insert, 4, number);
            else
                sqlite3_bind_null(insert, 4);
            good = store_step(store, insert, error);
        }
    sqlite3_finalize(insert);
    return good;
}

/* What may be said in another way without the results being others. */
static bool put_description(const struct result_store *store, const struct study *study, GError **error)
{
    GString *wanted = g_string_new(NULL);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        if (study->table_wanted[i])
            g_string_append_printf(wanted, "%s%s", wanted->len ? " " : "", result_tables[i].name);
    bool good = put_meta(store, "title", study->title, error) &&
                put_meta(store, "parameters", study->json, error) &&
                put_meta(store, "tables", wanted->str, error);
    g_string_free(wanted, TRUE);
    return good;
}

static bool put_study(const struct result_store *store, const struct study *study, GError **error)
{
    char *seed = g_strdup_printf("%" G_GUINT64_FORMAT, study->seed);
    bool good =
        put_meta(store, "program", "mip6sim", error) && put_meta(store, "version", study->version, error) &&
        put_meta(store, "scenario", study->digest, error) && put_meta(store, "file", study->file, error) &&
        put_meta(store, "seed", seed, error) && put_description(store, study, error) &&
        put_axes(store, study, error) && put_parameters(store, study, error);
    g_free(seed);
    return good;
}

static bool create(const struct result_store *store, const struct study *study, GError **error)
{
    GString *sql = g_string_new(fixed_schema);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        append_table(sql, &result_tables[i]);
    append_points_view(sql, study);
    g_string_append_printf(sql, "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION_ID,
                           RESULT_STORE_SCHEMA);
    bool good = store_execute(store, "BEGIN IMMEDIATE", error) && store_execute(store, sql->str, error) &&
                put_study(store, study, error) && store_execute(store, "COMMIT", error);
    if (!good)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    g_string_free(sql, TRUE);
    return good;
}

/* -- what it was made from -- */

static bool read_number(const struct result_store *store, const char *sql, int64_t *number, GError **error)
{
    sqlite3_stmt *query;
    if (!store_prepare(store, sql, &query, error))
        return false;
    bool good = sqlite3_step(query) == SQLITE_ROW;
    if (good)
        *number = sqlite3_column_int64(query, 0);
    else
        store_fail(store, error);
    sqlite3_finalize(query);
    return good;
}

/* Ends a query that has given what it has, or has failed; returns true if it came to its end. */
bool store_finish(const struct result_store *store, sqlite3_stmt *query, int code, GError **error)
{
    bool good = code == SQLITE_DONE || store_fail(store, error);
    sqlite3_finalize(query);
    return good;
}

/* What is not there is "". Returns NULL if the database cannot be read. */
static char *read_meta(const struct result_store *store, const char *key, GError **error)
{
    sqlite3_stmt *query;
    if (!store_prepare(store, "SELECT value FROM meta WHERE key = ?", &query, error))
        return NULL;
    sqlite3_bind_text(query, 1, key, -1, SQLITE_STATIC);
    char *value = NULL;
    int code;
    while ((code = sqlite3_step(query)) == SQLITE_ROW && !value)
        value = g_strdup((const char *)sqlite3_column_text(query, 0));
    if (!store_finish(store, query, code, error)) {
        g_free(value);
        return NULL;
    }
    return value ? value : g_strdup("");
}

static char *column_text(sqlite3_stmt *query, int column)
{
    const unsigned char *text = sqlite3_column_text(query, column);
    return g_strdup(text ? (const char *)text : "");
}

static bool read_axes(struct result_store *store, struct study *study, GError **error)
{
    int64_t axes, points, parameters;
    sqlite3_stmt *query;
    int code;
    if (!read_number(store, "SELECT count(*) FROM axes", &axes, error) ||
        !read_number(store, "SELECT ifnull(max(point), 0) + 1 FROM parameters", &points, error) ||
        !read_number(store, "SELECT count(*) FROM parameters", &parameters, error))
        return false;
    if (axes > UINT32_MAX || points > UINT32_MAX || axes * points != parameters) {
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_FOREIGN,
                    "%s: damaged: its points and the axes of its sweep do not fit each other", store->path);
        return false;
    }
    if (!store_prepare(store, "SELECT axis, section, key FROM axes", &query, error))
        return false;
    study->axis_count = (uint32_t)axes;
    study->point_count = (uint32_t)points;
    study->axes = g_new0(struct study_axis, study->axis_count + 1);
    study->values = g_new0(char *, (size_t)study->point_count * study->axis_count + 1);
    while ((code = sqlite3_step(query)) == SQLITE_ROW) {
        int64_t axis = sqlite3_column_int64(query, 0);
        if (axis < 0 || axis >= axes || study->axes[axis].section)
            continue;
        study->axes[axis] = (struct study_axis){column_text(query, 1), column_text(query, 2)};
    }
    if (!store_finish(store, query, code, error) ||
        !store_prepare(store, "SELECT point, axis, text FROM parameters", &query, error))
        return false;
    while ((code = sqlite3_step(query)) == SQLITE_ROW) {
        int64_t point = sqlite3_column_int64(query, 0), axis = sqlite3_column_int64(query, 1);
        if (point < 0 || point >= points || axis < 0 || axis >= axes)
            continue;
        char **value = &study->values[(size_t)point * study->axis_count + (size_t)axis];
        g_free(*value);
        *value = column_text(query, 2);
    }
    if (!store_finish(store, query, code, error))
        return false;
    for (size_t i = 0; i < study->axis_count; i++)
        if (!study->axes[i].section)
            study->axes[i] = (struct study_axis){g_strdup(""), g_strdup("")};
    for (size_t i = 0; i < (size_t)study->point_count * study->axis_count; i++)
        if (!study->values[i])
            study->values[i] = g_strdup("");
    return true;
}

static bool read_study(struct result_store *store, GError **error)
{
    struct study *study = store->study = g_new0(struct study, 1);
    char *seed = NULL, *tables = NULL;
    bool good = (study->version = read_meta(store, "version", error)) &&
                (study->digest = read_meta(store, "scenario", error)) &&
                (study->title = read_meta(store, "title", error)) &&
                (study->file = read_meta(store, "file", error)) &&
                (study->json = read_meta(store, "parameters", error)) &&
                (seed = read_meta(store, "seed", error)) && (tables = read_meta(store, "tables", error));
    if (good) {
        char **wanted = g_strsplit(tables, " ", -1);
        study->seed = g_ascii_strtoull(seed, NULL, 10);
        for (unsigned i = 0; i < TABLE_COUNT; i++)
            study->table_wanted[i] =
                g_strv_contains((const char *const *)wanted, result_tables[i].name);
        g_strfreev(wanted);
    }
    g_free(tables);
    g_free(seed);
    return good && read_axes(store, study, error);
}

static bool check_schema(struct result_store *store, GError **error)
{
    int64_t id = 0, version = 0, tables = 0;
    if (!read_number(store, "PRAGMA application_id", &id, error) ||
        !read_number(store, "PRAGMA user_version", &version, error))
        return false;
    if (id == 0 && !read_number(store, "SELECT count(*) FROM sqlite_master", &tables, error))
        return false;
    if (id == 0 && tables == 0) {
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_FOREIGN,
                    "%s: an empty database: the sweep that was making it ended before its first run",
                    store->path);
        return false;
    }
    if (id != APPLICATION_ID) {
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_FOREIGN,
                    "%s: a database, but not one of mip6sim's", store->path);
        return false;
    }
    if (version > RESULT_STORE_SCHEMA) {
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_NEWER,
                    "%s: its schema is number %" G_GINT64_FORMAT
                    ", made by a newer mip6sim; this one knows up to %d",
                    store->path, version, RESULT_STORE_SCHEMA);
        return false;
    }
    store->schema = (int)version;
    return true;
}

/* Adds what the present schema has more than the database's. */
static bool upgrade(struct result_store *store, GError **error)
{
    if (store->schema == RESULT_STORE_SCHEMA)
        return true;
    GString *sql = g_string_new("BEGIN IMMEDIATE;");
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        if (result_tables[i].since > store->schema)
            append_table(sql, &result_tables[i]);
    g_string_append_printf(sql, "PRAGMA user_version = %d; COMMIT", RESULT_STORE_SCHEMA);
    bool good = store_execute(store, sql->str, error);
    if (good)
        store->schema = RESULT_STORE_SCHEMA;
    else
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    g_string_free(sql, TRUE);
    return good;
}

static bool check_study(const struct result_store *store, const struct study *study, bool regardless,
                        GError **error)
{
    const char *what = study_difference(store->study, study);
    bool same_points = study_same_points(store->study, study);
    if (!what || (regardless && same_points))
        return true;
    g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_DIFFERENT,
                "%s holds results %s; take another directory (--out)%s", store->path, what,
                same_points ? ", or --force to go on all the same" : "");
    return false;
}

/* The same study, told anew: its title, what it expects. */
static bool take_description(const struct result_store *store, const struct study *study, GError **error)
{
    struct study *known = store->study;
    if (study_difference(known, study) ||
        (strcmp(known->title, study->title) == 0 && strcmp(known->json, study->json) == 0 &&
         memcmp(known->table_wanted, study->table_wanted, sizeof(known->table_wanted)) == 0))
        return true;
    g_free(known->title);
    g_free(known->json);
    known->title = g_strdup(study->title);
    known->json = g_strdup(study->json);
    memcpy(known->table_wanted, study->table_wanted, sizeof(known->table_wanted));
    bool good = store_execute(store, "BEGIN IMMEDIATE", error) && put_description(store, study, error) &&
                store_execute(store, "COMMIT", error);
    if (!good)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    return good;
}

/* -- indexes -- */

/* All of them, or none. */
static bool make_indexes(const struct result_store *store, GError **error)
{
    GString *sql = g_string_new("BEGIN;");
    for (unsigned i = 0; i < G_N_ELEMENTS(indexes); i++)
        g_string_append_printf(sql, "CREATE INDEX IF NOT EXISTS %s ON %s;", indexes[i][0], indexes[i][1]);
    g_string_append(sql, "COMMIT");
    bool good = store_execute(store, sql->str, error);
    if (!good)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    g_string_free(sql, TRUE);
    return good;
}

bool result_store_expect(struct result_store *store, uint64_t runs, GError **error)
{
    int64_t there;
    if (!read_number(store, "SELECT count(*) FROM runs", &there, error))
        return false;
    if (runs < (uint64_t)there / INDEX_REBUILD_SHARE)
        return true;
    GString *sql = g_string_new("BEGIN;");
    for (unsigned i = 0; i < G_N_ELEMENTS(indexes); i++)
        g_string_append_printf(sql, "DROP INDEX IF EXISTS %s;", indexes[i][0]);
    g_string_append(sql, "COMMIT");
    bool good = store_execute(store, sql->str, error);
    if (!good)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    g_string_free(sql, TRUE);
    return good;
}

/* -- life -- */

static bool prepare_insert(struct result_store *store, enum result_table table, GError **error)
{
    const struct result_table_description *description = &result_tables[table];
    GString *sql = g_string_new(NULL);
    g_string_append_printf(sql, "INSERT INTO %s VALUES(?, ?, ?", description->name);
    for (unsigned i = 0; i < description->column_count; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    bool good = store_prepare(store, sql->str, &store->insert[table], error);
    g_string_free(sql, TRUE);
    return good;
}

static bool prepare_statements(struct result_store *store, GError **error)
{
    for (unsigned i = 0; store->writable && i < TABLE_COUNT; i++)
        if (!prepare_insert(store, (enum result_table)i, error))
            return false;
    return (!store->writable ||
            (store_prepare(store, "BEGIN", &store->begin, error) &&
             store_prepare(store, "COMMIT", &store->commit, error) &&
             store_prepare(store, "INSERT INTO runs VALUES(?, ?, ?, ?, ?)", &store->insert_run, error) &&
             store_prepare(store, "INSERT INTO discards VALUES(?, ?, ?, ?)", &store->insert_discard,
                           error))) &&
           store_prepare(store, "SELECT 1 FROM runs WHERE point = ? AND replication = ?", &store->has, error);
}

static bool check_place(const char *path, GError **error)
{
    char *directory = g_path_get_dirname(path);
    bool good = access(directory, W_OK | X_OK) == 0;
    if (!good)
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_WRITE, "%s: cannot be made: %s", path,
                    g_strerror(errno));
    g_free(directory);
    return good;
}

/* SQLite only says that it cannot open it. */
static bool check_file(const char *path, bool writable, GError **error)
{
    struct stat status;
    bool there = stat(path, &status) == 0;
    if (!there && errno == ENOENT && writable)
        return check_place(path, error);
    if (!there && errno == ENOENT)
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_MISSING, "%s: there is no such database",
                    path);
    else if (!there || access(path, R_OK) != 0)
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_MISSING, "%s: cannot be read: %s", path,
                    g_strerror(errno));
    else if (!S_ISREG(status.st_mode))
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_FOREIGN, "%s: not a database, but %s", path,
                    S_ISDIR(status.st_mode) ? "a directory" : "no file at all");
    else if (writable && access(path, W_OK) != 0)
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_WRITE, "%s: cannot be written: %s", path,
                    g_strerror(errno));
    else
        return true;
    return false;
}

static struct result_store *open_database(const char *path, int flags, GError **error)
{
    if (!check_file(path, (flags & SQLITE_OPEN_READWRITE) != 0, error))
        return NULL;
    /* Nobody asks how much memory SQLite has in use, and to know it is a lock with each piece. For a second
     * store it is too late, and does nothing. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    struct result_store *store = g_new0(struct result_store, 1);
    store->path = g_strdup(path);
    store->writable = (flags & SQLITE_OPEN_READWRITE) != 0;
    if (sqlite3_open_v2(path, &store->database, flags | SQLITE_OPEN_NOMUTEX, NULL) == SQLITE_OK) {
        sqlite3_extended_result_codes(store->database, 1);
        return store;
    }
    store_fail(store, error);
    result_store_close(store, NULL);
    return NULL;
}

/* One that has not even a schema was being made when its maker was killed. */
static bool is_empty(const struct result_store *store, bool *empty, GError **error)
{
    int64_t tables;
    if (!read_number(store, "SELECT count(*) FROM sqlite_master", &tables, error))
        return false;
    *empty = tables == 0;
    return true;
}

struct result_store *result_store_open(const char *path, const struct study *study, bool regardless,
                                       GError **error)
{
    struct result_store *store = open_database(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, error);
    bool empty = false;
    if (!store)
        return NULL;
    bool good = store_execute(store,
                              "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                        "PRAGMA synchronous = NORMAL; PRAGMA cache_size = -16384;"
                        "PRAGMA wal_autocheckpoint = " CHECKPOINT_PAGES,
                        error) &&
                store_execute(store, "BEGIN EXCLUSIVE; COMMIT", error) && is_empty(store, &empty, error) &&
                (!empty || create(store, study, error)) && check_schema(store, error) &&
                read_study(store, error) && check_study(store, study, regardless, error) &&
                upgrade(store, error) && take_description(store, study, error) &&
                prepare_statements(store, error);
    if (good)
        return store;
    result_store_close(store, NULL);
    return NULL;
}

struct result_store *result_store_open_existing(const char *path, GError **error)
{
    struct result_store *store = open_database(path, SQLITE_OPEN_READONLY, error);
    if (!store)
        return NULL;
    if (check_schema(store, error) && read_study(store, error) && prepare_statements(store, error))
        return store;
    result_store_close(store, NULL);
    return NULL;
}

bool result_store_close(struct result_store *store, GError **error)
{
    if (!store)
        return true;
    /* Not in one that was refused. */
    bool good = !store->writable || !store->has || make_indexes(store, error);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        sqlite3_finalize(store->insert[i]);
    sqlite3_finalize(store->begin);
    sqlite3_finalize(store->commit);
    sqlite3_finalize(store->insert_run);
    sqlite3_finalize(store->insert_discard);
    sqlite3_finalize(store->has);
    /* All into the one file, which then can be copied and read where nobody may write. */
    if (store->writable && store->study)
        good &= store_execute(store, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE",
                              good ? error : NULL);
    sqlite3_close(store->database);
    study_free(store->study);
    g_free(store->path);
    g_free(store);
    return good;
}

const struct study *result_store_study(const struct result_store *store)
{
    return store->study;
}

/* -- runs -- */

bool result_store_has(struct result_store *store, struct run_key key)
{
    sqlite3_bind_int64(store->has, 1, key.point);
    sqlite3_bind_int64(store->has, 2, key.replication);
    bool has = sqlite3_step(store->has) == SQLITE_ROW;
    sqlite3_reset(store->has);
    return has;
}

static void bind_cell(sqlite3_stmt *statement, int at, const struct cell *cell)
{
    if (cell->empty)
        sqlite3_bind_null(statement, at);
    else if (cell->kind == CELL_TEXT)
        sqlite3_bind_text(statement, at, cell->text, (int)cell->text_length, SQLITE_STATIC);
    else if (cell->kind == CELL_NUMBER)
        sqlite3_bind_double(statement, at, cell->number);
    else
        sqlite3_bind_int64(statement, at, cell->integer);
}

static bool enter_table(const struct result_store *store, enum result_table table,
                        const struct run_result *result, GError **error)
{
    sqlite3_stmt *insert = store->insert[table];
    struct rows_reader reader;
    struct cell cell;
    rows_read(&reader, &result->rows[table]);
    for (int64_t row = 0; rows_next_row(&reader); row++) {
        sqlite3_bind_int64(insert, 1, result->key.point);
        sqlite3_bind_int64(insert, 2, result->key.replication);
        sqlite3_bind_int64(insert, 3, row);
        for (int at = 4; rows_next_cell(&reader, &cell); at++)
            bind_cell(insert, at, &cell);
        if (!store_step(store, insert, error))
            return false;
    }
    return true;
}

static bool enter_discards(const struct result_store *store, const struct run_result *result, GError **error)
{
    for (unsigned i = 1; i < DISCARD_REASON_COUNT; i++) {
        if (!result->discards[i])
            continue;
        sqlite3_bind_int64(store->insert_discard, 1, result->key.point);
        sqlite3_bind_int64(store->insert_discard, 2, result->key.replication);
        sqlite3_bind_text(store->insert_discard, 3, discard_reason_text((enum discard_reason)i), -1,
                          SQLITE_STATIC);
        sqlite3_bind_int64(store->insert_discard, 4, (sqlite3_int64)result->discards[i]);
        if (!store_step(store, store->insert_discard, error))
            return false;
    }
    return true;
}

static bool enter_run(const struct result_store *store, const struct run_result *result, GError **error)
{
    sqlite3_bind_int64(store->insert_run, 1, result->key.point);
    sqlite3_bind_int64(store->insert_run, 2, result->key.replication);
    sqlite3_bind_int64(store->insert_run, 3, (sqlite3_int64)result->events);
    sqlite3_bind_int64(store->insert_run, 4, (sqlite3_int64)result->packet_hops);
    sqlite3_bind_int64(store->insert_run, 5, (sqlite3_int64)result->handover_count);
    return store_step(store, store->insert_run, error);
}

bool result_store_enter(struct result_store *store, const struct run_result *result, GError **error)
{
    bool good = store_step(store, store->begin, error);
    for (unsigned i = 0; good && i < TABLE_COUNT; i++)
        good = enter_table(store, (enum result_table)i, result, error);
    good = good && enter_discards(store, result, error) && enter_run(store, result, error) &&
           store_step(store, store->commit, error);
    if (!good)
        sqlite3_exec(store->database, "ROLLBACK", NULL, NULL, NULL);
    return good;
}

GArray *result_store_runs(struct result_store *store, GError **error)
{
    sqlite3_stmt *query;
    if (!store_prepare(store, "SELECT point, replication FROM runs ORDER BY point, replication", &query,
                       error))
        return NULL;
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(struct run_key));
    int code;
    while ((code = sqlite3_step(query)) == SQLITE_ROW) {
        struct run_key key = {(uint32_t)sqlite3_column_int64(query, 0),
                              (uint32_t)sqlite3_column_int64(query, 1)};
        g_array_append_val(runs, key);
    }
    if (code != SQLITE_DONE) {
        store_fail(store, error);
        g_array_unref(runs);
        runs = NULL;
    }
    sqlite3_finalize(query);
    return runs;
}
