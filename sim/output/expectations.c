/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expectations.c - see expectations.h.
 */
#include "sim/output/expectations.h"

#include <math.h>
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/format/csv.h"
#include "sim/format/table.h"
#include "sim/scenario/expectation.h"

#define WORDS_SHOWN 4
#define WHERE_SHOWN 60 /* characters */

/* One line of [expect] over all runs. The texts are the csv's. */
struct expected {
    const char *file, *section, *key, *condition, *unit;
    unsigned line;
    size_t runs, failed;
    const char *first_point, *first_replication; /* that failed */
    bool any;
    double least, most;
    GPtrArray *words;
};

enum {
    FILE_NAME,
    LINE,
    SECTION,
    KEY,
    CONDITION,
    VERDICT,
    UNIT,
    LEAST,
    MOST,
    SEEN,
    POINT,
    REPLICATION,
    COLUMNS
};
static const char *const columns[COLUMNS] = {"file",      "line",    "section", "expectation",
                                             "condition", "verdict", "unit",    "seen_least",
                                             "seen_most", "seen",    "point",   "replication"};

static void expected_free(gpointer data)
{
    struct expected *expected = data;
    g_ptr_array_free(expected->words, TRUE);
    g_free(expected);
}

static bool find_columns(const struct csv_table *csv, unsigned indices[COLUMNS], GError **error)
{
    for (unsigned i = 0; i < COLUMNS; i++)
        if (!csv_table_find_column(csv, columns[i], &indices[i], error))
            return false;
    return true;
}

/* Words of one run are separated by semicolons. */
static void add_words(struct expected *expected, const char *text)
{
    char **words = g_strsplit(text, "; ", -1);
    for (unsigned i = 0; words[i]; i++) {
        bool known = words[i][0] == '\0';
        for (guint k = 0; k < expected->words->len && !known; k++)
            known = strcmp(expected->words->pdata[k], words[i]) == 0;
        if (!known)
            g_ptr_array_add(expected->words, g_strdup(words[i]));
    }
    g_strfreev(words);
}

static struct expected *expected_of_row(GPtrArray *all, GHashTable *known, const struct csv_table *csv,
                                        size_t row, const unsigned *indices)
{
    const char *section = csv_table_text(csv, row, indices[SECTION]);
    const char *key = csv_table_text(csv, row, indices[KEY]);
    char *name = g_strconcat(section, "\n", key, NULL);
    struct expected *expected = g_hash_table_lookup(known, name);
    if (expected) {
        g_free(name);
        return expected;
    }
    expected = g_new0(struct expected, 1);
    expected->words = g_ptr_array_new_with_free_func(g_free);
    expected->file = csv_table_text(csv, row, indices[FILE_NAME]);
    expected->line = (unsigned)g_ascii_strtoull(csv_table_text(csv, row, indices[LINE]), NULL, 10);
    expected->section = section;
    expected->key = key;
    expected->condition = csv_table_text(csv, row, indices[CONDITION]);
    expected->unit = csv_table_text(csv, row, indices[UNIT]);
    g_hash_table_insert(known, name, expected);
    g_ptr_array_add(all, expected);
    return expected;
}

static bool add_row(struct expected *expected, const struct csv_table *csv, size_t row,
                    const unsigned *indices, GError **error)
{
    double least, most;
    if (!csv_table_number(csv, row, indices[LEAST], &least, error) ||
        !csv_table_number(csv, row, indices[MOST], &most, error))
        return false;
    if (!isnan(least)) {
        expected->least = expected->any ? fmin(expected->least, least) : least;
        expected->most = expected->any ? fmax(expected->most, most) : most;
        expected->any = true;
    }
    add_words(expected, csv_table_text(csv, row, indices[SEEN]));
    expected->runs++;
    if (strcmp(csv_table_text(csv, row, indices[VERDICT]), "met") != 0 && expected->failed++ == 0) {
        expected->first_point = csv_table_text(csv, row, indices[POINT]);
        expected->first_replication = csv_table_text(csv, row, indices[REPLICATION]);
    }
    return true;
}

/* Results of a sweep may have been made before the scenario expected what it does now. */
static bool is_expected(const struct scenario *scenario, const struct csv_table *csv, size_t row,
                        const unsigned *indices)
{
    for (uint32_t i = 0; i < scenario->expectation_count; i++) {
        const struct scenario_expectation *expectation = &scenario->expectations[i];
        if (strcmp(csv_table_text(csv, row, indices[KEY]), expectation->key) == 0 &&
            strcmp(csv_table_text(csv, row, indices[CONDITION]), expectation->condition.text) == 0 &&
            strcmp(csv_table_text(csv, row, indices[SECTION]), expectation->section) == 0)
            return true;
    }
    return false;
}

bool expectations_count_rows(const struct csv_table *csv, const struct scenario *scenario, GHashTable *counts,
                             GError **error)
{
    unsigned indices[COLUMNS];
    if (!find_columns(csv, indices, error))
        return false;
    for (size_t row = 0; row < csv->row_count; row++) {
        if (!is_expected(scenario, csv, row, indices))
            continue;
        char *run = g_strconcat(csv_table_text(csv, row, indices[POINT]), " ",
                                csv_table_text(csv, row, indices[REPLICATION]), NULL);
        guint known = GPOINTER_TO_UINT(g_hash_table_lookup(counts, run));
        g_hash_table_insert(counts, run, GUINT_TO_POINTER(known + 1));
    }
    return true;
}

/* Times to the microsecond. */
static void append_number(GString *text, const char *unit, double number)
{
    char duration[DURATION_TEXT_SIZE];
    if (strcmp(unit, "s") == 0)
        g_string_append(text, duration_format(MICROSECONDS((time_ns)llround(number * 1e6)), duration));
    else if (strcmp(unit, "ratio") == 0)
        g_string_append_printf(text, "%.2f%%", number * 100);
    else if (strcmp(unit, "factor") == 0)
        g_string_append_printf(text, "%.3f", number);
    else
        g_string_append_printf(text, "%.0f", number);
}

/* "55.1ms..57ms, never" */
static char *seen_text(const struct expected *expected)
{
    GString *text = g_string_new(NULL);
    if (expected->any) {
        append_number(text, expected->unit, expected->least);
        if (expected->most > expected->least) {
            g_string_append(text, "..");
            append_number(text, expected->unit, expected->most);
        }
    }
    for (guint i = 0; i < expected->words->len && i < WORDS_SHOWN; i++)
        g_string_append_printf(text, "%s%s", text->len ? ", " : "", (const char *)expected->words->pdata[i]);
    if (expected->words->len > WORDS_SHOWN)
        g_string_append_printf(text, ", and %u more", expected->words->len - WORDS_SHOWN);
    return g_string_free(text, FALSE);
}

/* As it is written, without a sign that says nothing: "outage mn < 2s", "lost voice = 0". */
static char *expectation_text(const struct expected *expected)
{
    bool sign =
        expected->condition[0] == '<' || expected->condition[0] == '>' || expected->condition[0] == '!';
    return g_strdup_printf("%s %s%s", expected->key, sign ? "" : "= ", expected->condition);
}

/* "authorization = static-key, delay = 5ms" of "expect peers mn cn / authorization = static-key and ...": the
 * table has no room for more, and the file and line are known. Free with g_free. */
static char *where_text(const char *section)
{
    if (!g_str_has_prefix(section, "expect "))
        return g_strdup("");
    char **conditions = g_strsplit(section + strlen("expect "), " and ", -1);
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; conditions[i]; i++) {
        const char *slash = strstr(conditions[i], " / ");
        g_string_append_printf(text, "%s%s", i ? ", " : "", slash ? slash + 3 : conditions[i]);
    }
    g_strfreev(conditions);
    if (g_utf8_strlen(text->str, -1) > WHERE_SHOWN) {
        g_string_truncate(text, (gsize)(g_utf8_offset_to_pointer(text->str, WHERE_SHOWN - 1) - text->str));
        g_string_append(text, "…");
    }
    return g_string_free(text, FALSE);
}

static void append_table(const GPtrArray *all, GString *text)
{
    struct table *table = table_new();
    bool conditional = false;
    for (guint i = 0; i < all->len; i++) {
        const struct expected *expected = all->pdata[i];
        conditional |= strcmp(expected->section, "expect") != 0;
    }
    table_add_column(table, "expected", TABLE_LEFT);
    if (conditional)
        table_add_column(table, "where", TABLE_LEFT);
    table_add_column(table, "seen", TABLE_LEFT);
    table_add_column(table, "runs", TABLE_RIGHT);
    table_add_column(table, "verdict", TABLE_LEFT);
    for (guint i = 0; i < all->len; i++) {
        const struct expected *expected = all->pdata[i];
        char *what = expectation_text(expected), *seen = seen_text(expected);
        char *where = where_text(expected->section);
        table_add_cell(table, what);
        if (conditional)
            table_add_cell(table, where);
        g_free(where);
        table_add_cell(table, seen);
        table_add_cell_printf(table, "%zu", expected->runs);
        if (expected->failed == 0)
            table_add_cell(table, "met");
        else if (expected->failed == expected->runs)
            table_add_cell(table, "FAILED");
        else
            table_add_cell_printf(table, "FAILED in %zu", expected->failed);
        g_free(what);
        g_free(seen);
    }
    table_to_text(table, text);
    table_free(table);
}

/* The file as the scenario was read by it, or as the results have it. */
static const char *path_of(const struct expected *expected, const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->expectation_count; i++) {
        const struct scenario_expectation *known = &scenario->expectations[i];
        if (known->place.file && strcmp(known->section, expected->section) == 0 &&
            strcmp(known->key, expected->key) == 0)
            return known->place.file;
    }
    return expected->file;
}

static void complain(const struct expected *expected, const struct scenario *scenario, GString *complaints)
{
    char *what = expectation_text(expected), *seen = seen_text(expected);
    g_string_append(complaints, path_of(expected, scenario));
    if (expected->line)
        g_string_append_printf(complaints, ":%u", expected->line);
    g_string_append_printf(complaints, ": %s: %s: does not hold: seen %s", expected->section, what, seen);
    if (expected->runs > 1)
        g_string_append_printf(complaints, "; failed in %zu of %zu runs, first at point %s, replication %s",
                               expected->failed, expected->runs, expected->first_point,
                               expected->first_replication);
    g_string_append_c(complaints, '\n');
    g_free(what);
    g_free(seen);
}

bool expectations_append_table(const struct csv_table *csv, const struct scenario *scenario, GString *text,
                               GString *complaints, struct expectations_tally *tally, GError **error)
{
    unsigned indices[COLUMNS];
    if (!find_columns(csv, indices, error))
        return false;
    GPtrArray *all = g_ptr_array_new_with_free_func(expected_free);
    GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool good = true;
    for (size_t row = 0; good && row < csv->row_count; row++)
        if (is_expected(scenario, csv, row, indices))
            good = add_row(expected_of_row(all, known, csv, row, indices), csv, row, indices, error);
    if (good && all->len > 0) {
        append_table(all, text);
        for (guint i = 0; i < all->len; i++) {
            const struct expected *expected = all->pdata[i];
            tally->met += expected->failed == 0;
            tally->failed += expected->failed > 0;
            if (expected->failed > 0)
                complain(expected, scenario, complaints);
        }
    }
    g_hash_table_destroy(known);
    g_ptr_array_free(all, TRUE);
    return good;
}

bool expectations_append(const char *directory, const struct scenario *scenario, GString *text,
                         GString *complaints, struct expectations_tally *tally, GError **error)
{
    char *path = g_build_filename(directory, "expectations.csv", NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    struct csv_table *csv = there ? csv_table_read(path, error) : NULL;
    g_free(path);
    if (!csv)
        return !there;
    bool good = expectations_append_table(csv, scenario, text, complaints, tally, error);
    csv_table_free(csv);
    return good;
}
