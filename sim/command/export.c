/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * export.c - mip6sim export, query, merge: what becomes of a sweep's database.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/experiment/result_directory.h"
#include "sim/experiment/result_store.h"
#include "sim/format/csv.h"
#include "sim/format/json_text.h"
#include "sim/format/output_directory.h"
#include "sim/format/table.h"

static int failed(const char *command, GError *error)
{
    bool input = result_store_error_is_input(error) || output_directory_is_misnamed(error);
    fflush(stdout);
    command_complain(command, "%s", error->message);
    g_error_free(error);
    return input ? STATUS_INPUT : STATUS_FAILED;
}

/* DIR stands for DIR/results.sqlite; a file may be named itself. */
static struct result_store *open_results(const char *name, GError **error)
{
    if (!g_file_test(name, G_FILE_TEST_EXISTS)) {
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_MISSING,
                    "%s: there is no such directory of results", name);
        return NULL;
    }
    if (!g_file_test(name, G_FILE_TEST_IS_DIR))
        return result_store_open_existing(name, error);
    if (access(name, R_OK | X_OK) != 0) {
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_MISSING, "%s: cannot be read: %s", name,
                    g_strerror(errno));
        return NULL;
    }
    char *path = g_build_filename(name, RESULT_STORE_FILE, NULL);
    struct result_store *store = NULL;
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        store = result_store_open_existing(path, error);
    else
        g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_MISSING,
                    "%s: no " RESULT_STORE_FILE " there; mip6sim sweep makes one", name);
    g_free(path);
    return store;
}

/* The arguments that are not options, `least` to `most` of them; NULL, and it has been said. */
static char **parse(const char *command, int argc, char **argv, const char *arguments, const char *summary,
                    const char *description, const GOptionEntry *entries, unsigned least, unsigned most)
{
    char **rest = NULL;
    const GOptionEntry remaining[] = {
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &rest, NULL, arguments},
        G_OPTION_ENTRY_NULL,
    };
    GOptionContext *context = command_options(summary, description, remaining);
    if (entries)
        g_option_context_add_main_entries(context, entries, NULL);
    if (!command_parse(command, context, argc, argv)) {
        g_strfreev(rest);
        return NULL;
    }
    unsigned count = rest ? g_strv_length(rest) : 0;
    if (count >= least && count <= most)
        return rest ? rest : g_new0(char *, 1);
    command_complain(command, "expected %s (see: mip6sim %s --help)", arguments, command);
    g_strfreev(rest);
    return NULL;
}

/* ---- export ---- */

static bool export_csv(struct result_store *store, const char *directory, GError **error)
{
    GArray *runs = result_store_runs(store, error);
    struct result_directory *results =
        runs ? result_directory_open(directory, result_store_study(store), error) : NULL;
    bool good = results != NULL;
    uint32_t most = 0;
    for (guint i = 0; good && i < runs->len; i++) {
        struct run_key key = g_array_index(runs, struct run_key, i);
        struct run_result *result = result_store_load(store, key, error);
        good = result && result_directory_enter(results, result, error);
        run_result_free(result);
        most = MAX(most, key.replication + 1);
    }
    if (runs)
        g_array_unref(runs);
    if (!good) {
        result_directory_abandon(results);
        return false;
    }
    return result_directory_close(results, 0, most, error);
}

static void append_json_name(GString *json, const char *name)
{
    g_string_append(json, json->len > 1 ? ", " : "");
    json_append_text(json, name);
    g_string_append(json, ": ");
}

/* What did not happen is left out. Numbers are written as in the CSV files. */
static void append_json_cell(GString *json, const char *name, const struct cell *cell)
{
    if (cell->empty)
        return;
    append_json_name(json, name);
    if (cell->kind == CELL_TEXT) {
        json_append_text_length(json, cell->text, cell->text_length);
        return;
    }
    rows_cell_to_csv(json, cell);
    g_string_truncate(json, json->len - 1); /* its comma */
}

static void write_json_rows(FILE *stream, const struct study *study, enum result_table table,
                            const struct run_result *result)
{
    const struct result_table_description *description = &result_tables[table];
    struct rows_reader reader;
    struct cell cell;
    rows_read(&reader, &result->rows[table]);
    while (rows_next_row(&reader)) {
        GString *json = g_string_new("{");
        g_string_append_printf(json, "\"point\": %u, \"replication\": %u", result->key.point,
                               result->key.replication);
        for (uint32_t i = 0; description->axes && i < study->axis_count; i++) {
            const char *value = study_value(study, result->key.point, i);
            char *name = study_axis_name(study, i);
            append_json_name(json, name);
            json_append_text(json, value);
            g_free(name);
        }
        for (unsigned i = 0; rows_next_cell(&reader, &cell); i++)
            if (i < description->column_count)
                append_json_cell(json, description->columns[i].name, &cell);
        fprintf(stream, "%s}\n", json->str);
        g_string_free(json, TRUE);
    }
}

static bool export_json(struct result_store *store, enum result_table table, GError **error)
{
    GArray *runs = result_store_runs(store, error);
    bool good = runs != NULL;
    for (guint i = 0; good && i < runs->len; i++) {
        struct run_result *result = result_store_load(store, g_array_index(runs, struct run_key, i), error);
        good = result != NULL;
        if (good)
            write_json_rows(stdout, result_store_study(store), table, result);
        run_result_free(result);
    }
    if (runs)
        g_array_unref(runs);
    return good;
}

static bool find_table(const char *name, enum result_table *table)
{
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        if (strcmp(result_tables[i].name, name) == 0) {
            *table = (enum result_table)i;
            return true;
        }
    fprintf(stderr, "mip6sim export: there is no table '%s':", name);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        fprintf(stderr, " %s", result_tables[i].name);
    fputc('\n', stderr);
    return false;
}

static int export_store(const char *name, const char *out, const char *table_name)
{
    enum result_table table = TABLE_HANDOVERS;
    if (table_name && !find_table(table_name, &table))
        return STATUS_INPUT;
    GError *error = NULL;
    struct result_store *store = open_results(name, &error);
    if (!store)
        return failed("export", error);
    char *directory = out                                     ? g_strdup(out)
                      : g_file_test(name, G_FILE_TEST_IS_DIR) ? g_strdup(name)
                                                              : g_path_get_dirname(name);
    bool good = table_name ? export_json(store, table, &error) : export_csv(store, directory, &error);
    if (good && !table_name)
        printf("Exported to %s\n", directory);
    g_free(directory);
    result_store_close(store, NULL);
    return good ? STATUS_GOOD : failed("export", error);
}

int command_export(int argc, char **argv)
{
    static const char summary[] =
        "Writes what a sweep's database holds as the CSV files that run writes, with run.json.\n"
        "With --json a table as JSON Lines, to standard output.";
    static const char description[] =
        "Tables: handovers, flows, messages, expectations, faults, attacks, attack_times. What did not\n"
        "happen is left out of a JSON object, and an empty field in CSV. Times are seconds.\n"
        "\n"
        "Examples:\n"
        "  mip6sim export results/study --out results/study-csv\n"
        "  mip6sim export --json handovers results/study | jq .outage\n"
        "\n"
        "Exit status: 0 done; 1 it could not be written; 2 there are no such results.";
    char *out = NULL, *table = NULL;
    const GOptionEntry entries[] = {
        {"out", 0, 0, G_OPTION_ARG_FILENAME, &out, "directory of the CSV files (that of the results)", "DIR"},
        {"json", 0, 0, G_OPTION_ARG_STRING, &table,
         "print this table (handovers, flows, messages, ...), a JSON object a line", "TABLE"},
        G_OPTION_ENTRY_NULL,
    };
    char **names = parse("export", argc, argv, "DIR", summary, description, entries, 1, 1);
    int status = names ? export_store(names[0], out, table) : STATUS_INPUT;
    g_strfreev(names);
    g_free(out);
    g_free(table);
    return status;
}

/* ---- query ---- */

static void take_row(void *context, int columns, const char *const *values)
{
    GPtrArray *rows = context;
    char **row = g_new0(char *, (gsize)columns + 1);
    for (int i = 0; i < columns; i++)
        row[i] = g_strdup(values[i] ? values[i] : "");
    g_ptr_array_add(rows, row);
}

static bool is_number(const char *text)
{
    char *end;
    g_ascii_strtod(text, &end);
    return *text == '\0' || (end != text && *end == '\0');
}

static void print_table(const GPtrArray *rows)
{
    char **names = g_ptr_array_index(rows, 0);
    unsigned columns = g_strv_length(names);
    struct table *table = table_new();
    for (unsigned i = 0; i < columns; i++) {
        bool numbers = rows->len > 1;
        for (guint k = 1; numbers && k < rows->len; k++)
            numbers = is_number(((char **)g_ptr_array_index(rows, k))[i]);
        table_add_column(table, names[i], numbers ? TABLE_RIGHT : TABLE_LEFT);
    }
    for (guint k = 1; k < rows->len; k++)
        for (unsigned i = 0; i < columns; i++)
            table_add_cell(table, ((char **)g_ptr_array_index(rows, k))[i]);
    GString *text = g_string_new(NULL);
    table_to_text(table, text);
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
    table_free(table);
}

static void print_csv(const GPtrArray *rows)
{
    for (guint k = 0; k < rows->len; k++) {
        GString *line = g_string_new(NULL);
        for (char **value = g_ptr_array_index(rows, k); *value; value++)
            csv_append_text(line, *value);
        csv_end_row(line);
        fputs(line->str, stdout);
        g_string_free(line, TRUE);
    }
}

static int query(const char *name, const char *sql, bool csv)
{
    GError *error = NULL;
    struct result_store *store = open_results(name, &error);
    if (!store)
        return failed("query", error);
    GPtrArray *rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    bool good = result_store_query(store, sql, take_row, rows, &error);
    if (good && csv)
        print_csv(rows);
    else if (good)
        print_table(rows);
    g_ptr_array_unref(rows);
    result_store_close(store, NULL);
    return good ? STATUS_GOOD : failed("query", error);
}

int command_query(int argc, char **argv)
{
    static const char summary[] =
        "Asks a sweep's database a question in SQL and prints the answer as a table. Nothing can be changed.";
    static const char description[] =
        "Tables: handovers, flows, messages, expectations, faults, attacks, attack_times (point,\n"
        "replication, row, and the columns of the CSV files), runs, discards, parameters (point, axis,\n"
        "text, number), axes, meta; and the view points, with a column for each axis. Times are whole\n"
        "nanoseconds.\n"
        "\n"
        "Examples:\n"
        "  mip6sim query results/study 'SELECT authorization, avg(outage) / 1e6 AS ms FROM handovers GROUP "
        "BY 1'\n"
        "  mip6sim query results/study 'SELECT * FROM points JOIN runs USING (point)'\n"
        "\n"
        "Exit status: 0 done; 1 the database could not be read; 2 there is none, or SQLite does not "
        "understand the "
        "question.";
    gboolean csv = FALSE;
    const GOptionEntry entries[] = {
        {"csv", 0, 0, G_OPTION_ARG_NONE, &csv, "print comma-separated values", NULL},
        G_OPTION_ENTRY_NULL,
    };
    char **arguments = parse("query", argc, argv, "DIR SQL", summary, description, entries, 2, 2);
    int status = arguments ? query(arguments[0], arguments[1], csv) : STATUS_INPUT;
    g_strfreev(arguments);
    return status;
}

/* ---- merge ---- */

static bool merge_one(struct result_store *into, const char *name, uint64_t *merged, GError **error)
{
    struct result_store *from = open_results(name, error);
    bool good = from && result_store_merge(into, from, merged, error);
    result_store_close(from, NULL);
    return good;
}

static struct result_store *open_target(const char *directory, const char *first, GError **error)
{
    struct result_store *like = open_results(first, error);
    if (!like)
        return NULL;
    struct result_store *into = NULL;
    if (output_directory_make(directory, error)) {
        char *path = g_build_filename(directory, RESULT_STORE_FILE, NULL);
        into = result_store_open(path, result_store_study(like), false, error);
        g_free(path);
    }
    result_store_close(like, NULL);
    return into;
}

/* All parts are of one study, or nothing is made of them. */
static bool check_parts(char *const *names, GError **error)
{
    struct result_store *first = open_results(names[0], error);
    bool good = first != NULL;
    for (char *const *name = names + 1; good && *name; name++) {
        struct result_store *other = open_results(*name, error);
        const char *difference =
            other ? study_difference(result_store_study(other), result_store_study(first)) : NULL;
        if (difference)
            g_set_error(error, RESULT_STORE_ERROR, RESULT_STORE_ERROR_DIFFERENT,
                        "%s holds results %s than %s", *name, difference, names[0]);
        good = other && !difference;
        result_store_close(other, NULL);
    }
    result_store_close(first, NULL);
    return good;
}

static bool are_same(const char *one, const char *other)
{
    GStatBuf a, b;
    return g_stat(one, &a) == 0 && g_stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int merge(char *const *names)
{
    GError *error = NULL;
    for (char *const *name = names + 1; *name; name++)
        if (are_same(names[0], *name)) {
            command_complain("merge", "%s: cannot be put into itself", *name);
            return STATUS_INPUT;
        }
    struct result_store *into = NULL;
    if (check_parts(names + 1, &error))
        into = open_target(names[0], names[1], &error);
    bool good = into != NULL;
    for (char *const *name = names + 1; good && *name; name++) {
        uint64_t merged = 0;
        good = merge_one(into, *name, &merged, &error);
        if (good)
            printf("%s: %" G_GUINT64_FORMAT " run%s\n", *name, merged, merged == 1 ? "" : "s");
    }
    good = result_store_close(into, good ? &error : NULL) && good;
    return good ? STATUS_GOOD : failed("merge", error);
}

int command_merge(int argc, char **argv)
{
    static const char summary[] =
        "Puts the databases of a sweep's shards into one. What is there already stays.";
    static const char description[] =
        "Example:\n"
        "  mip6sim merge results/whole part-1 part-2 part-3\n"
        "\n"
        "Exit status: 0 done; 1 it could not be written; 2 a part is not there, or is of another study.";
    char **names = parse("merge", argc, argv, "INTO-DIR DIR...", summary, description, NULL, 2, G_MAXUINT);
    int status = names ? merge(names) : STATUS_INPUT;
    g_strfreev(names);
    return status;
}
