/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_csv.c - see result_csv.h.
 *
 * A table of a database is written as CSV into memory and read from there: whoever reads results knows one
 * form of them, and a number is the same whichever way it came.
 */
#include "sim/experiment/result_csv.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/experiment/result_store.h"

/* -- writing -- */

void result_csv_append_header(GString *csv, const struct study *study, enum result_table table)
{
    const struct result_table_description *description = &result_tables[table];
    csv_append_text(csv, "point");
    csv_append_text(csv, "replication");
    for (uint32_t i = 0; description->axes && i < study->axis_count; i++) {
        char *name = study_axis_name(study, i);
        csv_append_text(csv, name);
        g_free(name);
    }
    for (unsigned i = 0; i < description->column_count; i++)
        csv_append_text(csv, description->columns[i].name);
    csv_end_row(csv);
}

void result_csv_append_rows(GString *csv, const struct study *study, enum result_table table,
                            struct run_key key, const struct rows *rows)
{
    struct rows_reader reader;
    struct cell cell;
    rows_read(&reader, rows);
    while (rows_next_row(&reader)) {
        csv_append_count(csv, key.point);
        csv_append_count(csv, key.replication);
        for (uint32_t i = 0; result_tables[table].axes && i < study->axis_count; i++)
            csv_append_text(csv, study_value(study, key.point, i));
        while (rows_next_cell(&reader, &cell))
            rows_cell_to_csv(csv, &cell);
        csv_end_row(csv);
    }
}

/* -- reading -- */

struct text_of_table {
    GString *csv;
    const struct study *study;
    enum result_table table;
};

static void append_row(void *context, struct run_key key, const struct rows *row)
{
    struct text_of_table *text = context;
    if (key.point < text->study->point_count) /* a database that somebody has written into may say anything */
        result_csv_append_rows(text->csv, text->study, text->table, key, row);
}

static struct csv_table *read_store(const char *path, enum result_table table, GError **error)
{
    struct result_store *store = result_store_open_existing(path, error);
    if (!store)
        return NULL;
    const struct study *study = result_store_study(store);
    struct text_of_table text = {g_string_new(NULL), study, table};
    bool good = study->table_wanted[table];
    if (good) {
        result_csv_append_header(text.csv, study, table);
        good = result_store_read_table(store, table, append_row, &text, error);
    } else {
        g_set_error(error, CSV_ERROR, CSV_ERROR_ABSENT, "%s: the scenario has nothing for the table %s", path,
                    result_tables[table].name);
    }
    result_store_close(store, NULL);
    size_t length = text.csv->len;
    char *octets = g_string_free(text.csv, FALSE);
    if (good)
        return csv_table_parse(path, octets, length, error);
    g_free(octets);
    return NULL;
}

static struct csv_table *read_file(const char *directory, enum result_table table, GError **error)
{
    char *file = g_strconcat(result_tables[table].name, ".csv", NULL);
    char *path = g_build_filename(directory, file, NULL);
    char *handovers = g_build_filename(directory, "handovers.csv", NULL);
    struct csv_table *csv = NULL;
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        csv = csv_table_read(path, error);
    else if (g_file_test(handovers, G_FILE_TEST_EXISTS))
        g_set_error(error, CSV_ERROR, CSV_ERROR_ABSENT, "%s: there is no %s: the scenario has nothing for it",
                    directory, file);
    else
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE,
                    "%s: no results in here: there is no %s, which 'mip6sim run' writes, and no "
                    "%s, which 'mip6sim sweep' makes",
                    directory, file, RESULT_STORE_FILE);
    g_free(handovers);
    g_free(path);
    g_free(file);
    return csv;
}

/* Nanoseconds since 1970; -1: there is none. */
static gint64 last_written(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return -1;
    return (gint64)status.st_mtim.tv_sec * 1000000000 + status.st_mtim.tv_nsec;
}

/* Than the database and its journal, where a sweep that goes on writes first. */
static bool file_is_newer(const char *directory, enum result_table table, const char *store)
{
    char *file = g_strconcat(result_tables[table].name, ".csv", NULL);
    char *path = g_build_filename(directory, file, NULL);
    char *journal = g_strconcat(store, "-wal", NULL);
    gint64 written = last_written(path);
    bool newer = written > last_written(store) && written > last_written(journal);
    g_free(journal);
    g_free(path);
    g_free(file);
    return newer;
}

char *result_csv_store(const char *name, enum result_table table)
{
    if (!g_file_test(name, G_FILE_TEST_IS_DIR)) {
        bool database = g_str_has_suffix(name, ".sqlite") && g_file_test(name, G_FILE_TEST_EXISTS);
        return database ? g_strdup(name) : NULL;
    }
    char *path = g_build_filename(name, RESULT_STORE_FILE, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !file_is_newer(name, table, path))
        return path;
    g_free(path);
    return NULL;
}

struct csv_table *result_csv_read(const char *name, enum result_table table, GError **error)
{
    if (!g_file_test(name, G_FILE_TEST_EXISTS)) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE, "%s: no such directory", name);
        return NULL;
    }
    if (g_file_test(name, G_FILE_TEST_IS_DIR) && access(name, R_OK | X_OK) != 0) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE, "%s: cannot be read: %s", name, g_strerror(errno));
        return NULL;
    }
    char *store = result_csv_store(name, table);
    struct csv_table *csv = NULL;
    if (store)
        csv = read_store(store, table, error);
    else if (g_file_test(name, G_FILE_TEST_IS_DIR))
        csv = read_file(name, table, error);
    else
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE, "%s: not a directory", name);
    g_free(store);
    return csv;
}
