/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * diff.c - mip6sim diff: what differs between two results?
 *
 * From cause to effect: first the parameters, then the first message that is not the same, then each table,
 * row by row and column by column. Rows are matched by their place among the rows of their run, which is the
 * same in two runs that do the same.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/experiment/result_csv.h"
#include "sim/experiment/result_store.h"
#include "sim/experiment/run_json.h"
#include "sim/format/json_value.h"

#define LINES_TOLD 20 /* of parameters, and of columns of a table, unless --all */

static const char summary[] = "Says what differs between two directories of results: the parameters; the "
                              "first mobility message that is not "
                              "the same; and\n"
                              "in each table which columns, in how many rows, and by how much at most.";

static const char description[] =
    "Examples:\n"
    "  mip6sim diff results/before results/after\n"
    "  mip6sim run study.ini --out a; mip6sim run study.ini --seed 2 --out b; mip6sim diff a b\n"
    "\n"
    "Exit status: 0 the same; 1 something could not be read; 2 there are no such results, or the command "
    "line is "
    "wrong; 4 they\n"
    "differ.";

struct comparison {
    const char *names[2];
    bool all;
    unsigned told; /* lines of what is compared now */
    unsigned left_out;
    bool differ;
};

G_GNUC_PRINTF(2, 3)
static void tell(struct comparison *comparison, const char *format, ...)
{
    va_list arguments;
    comparison->differ = true;
    if (!comparison->all && comparison->told >= LINES_TOLD) {
        comparison->left_out++;
        return;
    }
    va_start(arguments, format);
    char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    printf("  %s\n", line);
    g_free(line);
    comparison->told++;
}

static void begin_part(struct comparison *comparison)
{
    comparison->told = comparison->left_out = 0;
}

static void end_part(const struct comparison *comparison)
{
    if (comparison->left_out > 0)
        printf("  and %u more (--all)\n", comparison->left_out);
}

/* -- parameters -- */

static char *text_of(const struct json_value *value)
{
    if (!value || value->kind == JSON_NULL)
        return g_strdup("nothing");
    return g_strdup(value->members ? "..." : json_value_text(value));
}

static void compare_values(struct comparison *comparison, const char *name, const struct json_value *a,
                           const struct json_value *b);

/* Members of either, those of the first in their order. */
static void compare_members(struct comparison *comparison, const char *name, const struct json_value *a,
                            const struct json_value *b, bool second_only)
{
    for (unsigned i = 0; i < json_value_count(a); i++) {
        const char *member = a->kind == JSON_OBJECT ? json_value_name_at(a, i) : NULL;
        const struct json_value *other = member                    ? json_value_member(b, member)
                                         : i < json_value_count(b) ? json_value_at(b, i)
                                                                   : NULL;
        if (second_only && other)
            continue;
        char *full = !member ? g_strdup_printf("%s %u", name, i + 1)
                     : *name ? g_strdup_printf("%s / %s", name, member)
                             : g_strdup(member);
        if (second_only)
            compare_values(comparison, full, NULL, json_value_at(a, i));
        else
            compare_values(comparison, full, json_value_at(a, i), other);
        g_free(full);
    }
}

static void compare_values(struct comparison *comparison, const char *name, const struct json_value *a,
                           const struct json_value *b)
{
    if (a && b && a->members && b->members && a->kind == b->kind) {
        compare_members(comparison, name, a, b, false);
        compare_members(comparison, name, b, a, true);
        return;
    }
    char *before = text_of(a), *now = text_of(b);
    if (strcmp(before, now) != 0)
        tell(comparison, "%s: %s, %s", name, before, now);
    g_free(before);
    g_free(now);
}

static void compare_parameters(struct comparison *comparison)
{
    static const char *const members[] = {"version",           "title",        "seed",
                                          "first_replication", "replications", "axes"};
    struct json_value *a = run_json_read(comparison->names[0], NULL),
                      *b = run_json_read(comparison->names[1], NULL);
    printf("Parameters (%s, %s)\n", comparison->names[0], comparison->names[1]);
    begin_part(comparison);
    bool before = comparison->differ;
    comparison->differ = false;
    if (a && b) {
        for (unsigned i = 0; i < G_N_ELEMENTS(members); i++)
            compare_values(comparison, members[i], json_value_member(a, members[i]),
                           json_value_member(b, members[i]));
        compare_values(comparison, "", json_value_member(json_value_member(a, "scenario"), "sections"),
                       json_value_member(json_value_member(b, "scenario"), "sections"));
        if (!comparison->differ)
            puts("  the same");
    } else {
        printf("  not compared: no run.json in %s\n", a ? comparison->names[1] : comparison->names[0]);
    }
    end_part(comparison);
    comparison->differ = comparison->differ || before;
    json_value_free(a);
    json_value_free(b);
}

/* -- tables -- */

struct pair {
    struct csv_table *a, *b;
    int *other; /* by column of a: that of b; -1: it has none */
};

static void find_columns(struct pair *pair)
{
    pair->other = g_new(int, pair->a->column_count);
    for (unsigned i = 0; i < pair->a->column_count; i++)
        pair->other[i] = csv_table_column(pair->b, csv_table_header(pair->a, i));
}

static void tell_columns(struct comparison *comparison, const struct pair *pair)
{
    for (unsigned i = 0; i < pair->a->column_count; i++)
        if (pair->other[i] < 0)
            tell(comparison, "column '%s' is in %s alone", csv_table_header(pair->a, i),
                 comparison->names[0]);
    for (unsigned i = 0; i < pair->b->column_count; i++)
        if (csv_table_column(pair->a, csv_table_header(pair->b, i)) < 0)
            tell(comparison, "column '%s' is in %s alone", csv_table_header(pair->b, i),
                 comparison->names[1]);
}

static bool row_differs(const struct pair *pair, size_t row_a, size_t row_b)
{
    for (unsigned i = 0; i < pair->a->column_count; i++)
        if (pair->other[i] >= 0 && strcmp(csv_table_text(pair->a, row_a, i),
                                          csv_table_text(pair->b, row_b, (unsigned)pair->other[i])) != 0)
            return true;
    return false;
}

static void print_message(const char *name, const struct csv_table *table, size_t row)
{
    if (row >= table->row_count) {
        printf("  %s: none\n", name);
        return;
    }
    printf("  %s: point %s, replication %s, %s s: %s %s %s, %s to %s", name, csv_field(table, row, "point"),
           csv_field(table, row, "replication"), csv_field(table, row, "time"), csv_field(table, row, "node"),
           csv_field(table, row, "action"), csv_field(table, row, "message"), csv_field(table, row, "source"),
           csv_field(table, row, "destination"));
    static const char *const more[] = {"reason", "sequence", "status", "lifetime", "octets"};
    for (unsigned i = 0; i < G_N_ELEMENTS(more); i++)
        if (*csv_field(table, row, more[i]))
            printf(", %s %s", more[i], csv_field(table, row, more[i]));
    putchar('\n');
}

static void compare_messages(struct comparison *comparison, const struct pair *pair)
{
    size_t rows = MAX(pair->a->row_count, pair->b->row_count), row = 0;
    size_t both = MIN(pair->a->row_count, pair->b->row_count);
    while (row < both && !row_differs(pair, row, row))
        row++;
    if (row == rows) {
        printf("Messages: %" G_GSIZE_FORMAT ", all the same\n", rows);
        return;
    }
    printf("Messages: number %" G_GSIZE_FORMAT " is the first that differs\n", row + 1);
    print_message(comparison->names[0], pair->a, row);
    print_message(comparison->names[1], pair->b, row);
    comparison->differ = true;
}

/* The rows of a run follow each other; where the runs are not the same ones, the next rows that can be
 * matched. */
static int compare_runs(const struct pair *pair, size_t row_a, size_t row_b)
{
    static const char *const keys[] = {"point", "replication"};
    for (unsigned i = 0; i < G_N_ELEMENTS(keys); i++) {
        guint64 a = g_ascii_strtoull(csv_field(pair->a, row_a, keys[i]), NULL, 10);
        guint64 b = g_ascii_strtoull(csv_field(pair->b, row_b, keys[i]), NULL, 10);
        if (a != b)
            return a < b ? -1 : 1;
    }
    return 0;
}

struct column_difference {
    size_t rows;  /* that differ */
    double most;  /* in numbers; NAN: not numbers */
    size_t first; /* row of a, and of b */
    size_t first_b;
};

static void enter(struct column_difference *difference, const char *a, const char *b, size_t row_a,
                  size_t row_b)
{
    char *end_a, *end_b;
    double from = g_ascii_strtod(a, &end_a), to = g_ascii_strtod(b, &end_b);
    bool numbers = *a && *b && *end_a == '\0' && *end_b == '\0';
    if (difference->rows++ == 0) {
        difference->first = row_a;
        difference->first_b = row_b;
    }
    if (numbers && !(fabs(to - from) <= fabs(difference->most)))
        difference->most = to - from;
}

static void tell_column(struct comparison *comparison, const struct pair *pair, unsigned column,
                        const struct column_difference *difference)
{
    const char *a = csv_table_text(pair->a, difference->first, column);
    const char *b = csv_table_text(pair->b, difference->first_b, (unsigned)pair->other[column]);
    GString *most = g_string_new(NULL);
    if (difference->most != 0)
        g_string_append_printf(most, "; at most %+.9g", difference->most);
    tell(comparison, "%s: %" G_GSIZE_FORMAT " row%s%s; first at point %s, replication %s%s%s: %s, %s",
         csv_table_header(pair->a, column), difference->rows, difference->rows == 1 ? "" : "s", most->str,
         csv_field(pair->a, difference->first, "point"), csv_field(pair->a, difference->first, "replication"),
         *csv_field(pair->a, difference->first, "node") ? ", " : "",
         csv_field(pair->a, difference->first, "node"), *a ? a : "nothing", *b ? b : "nothing");
    g_string_free(most, TRUE);
}

static void compare_rows(struct comparison *comparison, const struct pair *pair)
{
    struct column_difference *columns = g_new0(struct column_difference, pair->a->column_count);
    size_t only_a = 0, only_b = 0, differing = 0, a = 0, b = 0;
    while (a < pair->a->row_count || b < pair->b->row_count) {
        int order = a == pair->a->row_count ? 1 : b == pair->b->row_count ? -1 : compare_runs(pair, a, b);
        only_a += order < 0;
        only_b += order > 0;
        if (order == 0 && row_differs(pair, a, b)) {
            differing++;
            for (unsigned i = 0; i < pair->a->column_count; i++) {
                if (pair->other[i] < 0)
                    continue;
                const char *from = csv_table_text(pair->a, a, i);
                const char *to = csv_table_text(pair->b, b, (unsigned)pair->other[i]);
                if (strcmp(from, to) != 0)
                    enter(&columns[i], from, to, a, b);
            }
        }
        a += order <= 0;
        b += order >= 0;
    }
    if (differing == 0 && only_a == 0 && only_b == 0)
        printf(": %" G_GSIZE_FORMAT " row%s, all the same\n", pair->a->row_count,
               pair->a->row_count == 1 ? "" : "s");
    else
        printf(": %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows differ\n", differing,
               MAX(pair->a->row_count, pair->b->row_count));
    tell_columns(comparison, pair);
    if (only_a > 0)
        tell(comparison, "%" G_GSIZE_FORMAT " rows in %s alone", only_a, comparison->names[0]);
    if (only_b > 0)
        tell(comparison, "%" G_GSIZE_FORMAT " rows in %s alone", only_b, comparison->names[1]);
    for (unsigned i = 0; i < pair->a->column_count; i++)
        if (columns[i].rows > 0)
            tell_column(comparison, pair, i, &columns[i]);
    g_free(columns);
}

static void compare_table(struct comparison *comparison, enum result_table table, struct pair *pair)
{
    begin_part(comparison);
    find_columns(pair);
    if (table == TABLE_MESSAGES) {
        compare_messages(comparison, pair);
    } else {
        printf("Table %s", result_tables[table].name);
        compare_rows(comparison, pair);
    }
    end_part(comparison);
    g_free(pair->other);
}

/* Every result has these; the others only where their scenario has what they tell of. */
static bool is_always_there(enum result_table table)
{
    return table == TABLE_HANDOVERS || table == TABLE_FLOWS || table == TABLE_MESSAGES;
}

/* False: something that must be there cannot be read. */
static bool compare_results(struct comparison *comparison, enum result_table table, GError **error)
{
    struct pair pair = {0};
    GError *why[2] = {NULL, NULL};
    pair.a = result_csv_read(comparison->names[0], table, &why[0]);
    pair.b = result_csv_read(comparison->names[1], table, &why[1]);
    bool good = true;
    if (pair.a && pair.b) {
        compare_table(comparison, table, &pair);
    } else if (is_always_there(table)) {
        unsigned first = why[0] ? 0 : 1;
        g_propagate_error(error, g_steal_pointer(&why[first]));
        good = false;
    } else if (pair.a || pair.b) {
        printf("Table %s: in %s alone\n", result_tables[table].name, comparison->names[pair.a ? 0 : 1]);
        comparison->differ = true;
    }
    g_clear_error(&why[0]);
    g_clear_error(&why[1]);
    csv_table_free(pair.a);
    csv_table_free(pair.b);
    return good;
}

static bool is_input_error(const GError *error)
{
    return (error->domain == CSV_ERROR && error->code == CSV_ERROR_CONTENT) ||
           result_store_error_is_input(error) ||
           error->domain == CSV_ERROR;
}

static int compare(const char *first, const char *second, bool all)
{
    struct comparison comparison = {.names = {first, second}, .all = all};
    GError *error = NULL;
    for (unsigned i = 0; i < 2; i++) { /* before anything is said of either */
        struct csv_table *table = result_csv_read(comparison.names[i], TABLE_HANDOVERS, &error);
        csv_table_free(table);
        if (!table)
            break;
    }
    if (!error)
        compare_parameters(&comparison);
    bool good = !error && compare_results(&comparison, TABLE_MESSAGES, &error);
    for (unsigned i = 0; good && i < TABLE_COUNT; i++)
        if (i != TABLE_MESSAGES)
            good = compare_results(&comparison, (enum result_table)i, &error);
    if (good)
        return comparison.differ ? STATUS_DIFFERENT : STATUS_GOOD;
    fflush(stdout);
    command_complain("diff", "%s", error->message);
    int status = is_input_error(error) ? STATUS_INPUT : STATUS_FAILED;
    g_error_free(error);
    return status;
}

int command_diff(int argc, char **argv)
{
    char **names = NULL;
    gboolean all = FALSE;
    const GOptionEntry options[] = {
        {"all", 0, 0, G_OPTION_ARG_NONE, &all, "tell every difference, however many there are", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &names, NULL, "DIR DIR"},
        G_OPTION_ENTRY_NULL,
    };
    bool good = command_parse("diff", command_options(summary, description, options), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && (!names || g_strv_length(names) != 2)) {
        command_complain("diff", "expected two directories of results (see: mip6sim diff --help)");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD)
        status = compare(names[0], names[1], all);
    g_strfreev(names);
    return status;
}
