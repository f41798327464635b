/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * result_directory.c - see result_directory.h. The tables grow line by line as results come; run.json, which
 * tells the sums over all runs, is written last.
 */
#include "sim/experiment/result_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim/experiment/result_csv.h"
#include "sim/experiment/run_json.h"
#include "sim/format/csv.h"
#include "sim/format/output_directory.h"

struct result_directory {
    int lock; /* the directory, held against other runs; -1: not held */
    char *directory;
    const struct study *study;
    GString *line; /* scratch */
    struct csv_file *files[TABLE_COUNT];
    struct run_counts counts;
};

/* -- files -- */

static char *path_of(const struct result_directory *results, const char *name, bool unfinished)
{
    char *file = g_strconcat(name, unfinished ? ".part" : "", NULL);
    char *path = g_build_filename(results->directory, file, NULL);
    g_free(file);
    return path;
}

static char *table_path(const struct result_directory *results, enum result_table table, bool unfinished)
{
    char *name = g_strconcat(result_tables[table].name, ".csv", NULL);
    char *path = path_of(results, name, unfinished);
    g_free(name);
    return path;
}

static void write_header(const struct result_directory *results, enum result_table table)
{
    g_string_truncate(results->line, 0);
    result_csv_append_header(results->line, results->study, table);
    csv_file_write(results->files[table], results->line->str, results->line->len);
}

/* One run at a time writes into a directory; the lock goes with the process, however it ends. */
static bool lock_directory(struct result_directory *results, GError **error)
{
    results->lock = open(results->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (results->lock >= 0 && (flock(results->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK))
        return true; /* a file system without locks is no reason not to run */
    if (results->lock < 0)
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", results->directory,
                    g_strerror(errno));
    else
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "%s: another run is writing here; wait for it, or choose another directory with --out",
                    results->directory);
    return false;
}

static void close_directory(struct result_directory *results)
{
    if (results->lock >= 0)
        close(results->lock);
    if (results->line)
        g_string_free(results->line, TRUE);
    g_free(results->directory);
    g_free(results);
}

struct result_directory *result_directory_open(const char *directory, const struct study *study,
                                               GError **error)
{
    if (!output_directory_make(directory, error))
        return NULL;
    struct result_directory *results = g_new0(struct result_directory, 1);
    results->directory = g_strdup(directory);
    results->study = study;
    results->line = g_string_new(NULL);
    if (!lock_directory(results, error)) {
        close_directory(results);
        return NULL;
    }
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        if (!study->table_wanted[i])
            continue;
        char *path = table_path(results, (enum result_table)i, true);
        results->files[i] = csv_file_create(path, error);
        g_free(path);
        if (!results->files[i]) {
            result_directory_abandon(results);
            return NULL;
        }
        write_header(results, (enum result_table)i);
    }
    return results;
}

static void write_rows(const struct result_directory *results, enum result_table table,
                       const struct run_result *result)
{
    g_string_truncate(results->line, 0);
    result_csv_append_rows(results->line, results->study, table, result->key, &result->rows[table]);
    csv_file_write(results->files[table], results->line->str, results->line->len);
}

bool result_directory_enter(void *context, const struct run_result *result, GError **error)
{
    (void)error; /* what could not be written is told by result_directory_close */
    struct result_directory *results = context;
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        if (results->files[i])
            write_rows(results, (enum result_table)i, result);
    struct run_counts *counts = &results->counts;
    counts->runs++;
    counts->events += result->events;
    counts->packet_hops += result->packet_hops;
    counts->handover_count += result->handover_count;
    for (unsigned i = 0; i < DISCARD_REASON_COUNT; i++)
        counts->discards[i] += result->discards[i];
    return true;
}

/* What an earlier run left of a table that this one does not have would be taken for its own. */
static void remove_table(const struct result_directory *results, enum result_table table)
{
    char *path = table_path(results, table, false);
    g_unlink(path);
    g_free(path);
}

static bool finish_table(const struct result_directory *results, enum result_table table, GError **error)
{
    char *from = table_path(results, table, true);
    char *to = table_path(results, table, false);
    bool good = g_rename(from, to) == 0;
    if (!good)
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: cannot rename to %s: %s",
                    from, to, g_strerror(errno));
    g_free(from);
    g_free(to);
    return good;
}

bool result_directory_close(struct result_directory *results, uint32_t first_replication,
                            uint32_t replication_count, GError **error)
{
    bool good = true;
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        good = csv_file_close(g_steal_pointer(&results->files[i]), good ? error : NULL) && good;
    }
    for (unsigned i = 0; good && i < TABLE_COUNT; i++)
        if (results->study->table_wanted[i])
            good = finish_table(results, (enum result_table)i, error);
        else
            remove_table(results, (enum result_table)i);
    if (good) {
        GString *json = run_json_new(results->study, &results->counts, first_replication, replication_count);
        char *path = path_of(results, "run.json", false);
        good =
            g_file_set_contents(path, json->str, (gssize)json->len, error); /* writes beside it and renames */
        g_free(path);
        g_string_free(json, TRUE);
    }
    result_directory_abandon(results);
    return good;
}

void result_directory_abandon(struct result_directory *results)
{
    if (!results)
        return;
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        if (results->files[i])
            csv_file_close(results->files[i], NULL);
        char *path = table_path(results, (enum result_table)i, true);
        g_unlink(path);
        g_free(path);
    }
    close_directory(results);
}
