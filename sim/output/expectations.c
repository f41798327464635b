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

/* One line of [expect] over all runs. */
struct expected {
    char *name; /* section and key: what it is known by */
    char *file, *section, *key, *condition, *unit;
    unsigned line;
    size_t runs, failed;
    uint32_t first_point, first_replication; /* that failed */
    bool any;
    double least, most;
    GPtrArray *words;
};

struct expectations {
    const struct scenario *scenario;
    GPtrArray *all;    /* struct expected *, as they came */
    GHashTable *known; /* by name */
    GString *name;     /* room for one */
};

static void expected_free(gpointer data)
{
    struct expected *expected = data;
    char *const texts[] = {expected->name, expected->file,      expected->section,
                           expected->key,  expected->condition, expected->unit};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_ptr_array_free(expected->words, TRUE);
    g_free(expected);
}

struct expectations *expectations_new(const struct scenario *scenario)
{
    struct expectations *expectations = g_new0(struct expectations, 1);
    expectations->scenario = scenario;
    expectations->all = g_ptr_array_new_with_free_func(expected_free);
    expectations->known = g_hash_table_new(g_str_hash, g_str_equal);
    expectations->name = g_string_new(NULL);
    return expectations;
}

void expectations_free(struct expectations *expectations)
{
    g_string_free(expectations->name, TRUE);
    g_hash_table_destroy(expectations->known);
    g_ptr_array_free(expectations->all, TRUE);
    g_free(expectations);
}

/* -- rows -- */

/* Words of one run are separated by semicolons. */
static void add_words(struct expected *expected, const char *text)
{
    if (*text == '\0')
        return;
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

/* Results of a sweep may have been made before the scenario expected what it does now. */
static bool is_expected(const struct scenario *scenario, const struct expectation_row *row)
{
    for (uint32_t i = 0; i < scenario->expectation_count; i++) {
        const struct scenario_expectation *expectation = &scenario->expectations[i];
        if (strcmp(row->key, expectation->key) == 0 &&
            strcmp(row->condition, expectation->condition.text) == 0 &&
            strcmp(row->section, expectation->section) == 0)
            return true;
    }
    return false;
}

/* NULL: nothing of the kind is expected. */
static struct expected *expected_of_row(struct expectations *expectations, const struct expectation_row *row)
{
    g_string_assign(expectations->name, row->section);
    g_string_append_c(expectations->name, '\n');
    g_string_append(expectations->name, row->key);
    struct expected *expected = g_hash_table_lookup(expectations->known, expectations->name->str);
    if (expected)
        return strcmp(expected->condition, row->condition) == 0 ? expected : NULL;
    if (!is_expected(expectations->scenario, row))
        return NULL;
    expected = g_new0(struct expected, 1);
    *expected = (struct expected){
        .name = g_strdup(expectations->name->str),
        .words = g_ptr_array_new_with_free_func(g_free),
        .file = g_strdup(row->file),
        .line = row->line,
        .section = g_strdup(row->section),
        .key = g_strdup(row->key),
        .condition = g_strdup(row->condition),
        .unit = g_strdup(row->unit),
    };
    g_hash_table_insert(expectations->known, expected->name, expected);
    g_ptr_array_add(expectations->all, expected);
    return expected;
}

bool expectations_add(struct expectations *expectations, const struct expectation_row *row)
{
    struct expected *expected = expected_of_row(expectations, row);
    if (!expected)
        return false;
    if (!isnan(row->least)) {
        expected->least = expected->any ? fmin(expected->least, row->least) : row->least;
        expected->most = expected->any ? fmax(expected->most, row->most) : row->most;
        expected->any = true;
    }
    add_words(expected, row->seen);
    expected->runs++;
    if (strcmp(row->verdict, "met") != 0 && expected->failed++ == 0) {
        expected->first_point = row->point;
        expected->first_replication = row->replication;
    }
    return true;
}

/* -- what came of it -- */

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
        g_string_append_printf(complaints, "; failed in %zu of %zu runs, first at point %u, replication %u",
                               expected->failed, expected->runs, expected->first_point,
                               expected->first_replication);
    g_string_append_c(complaints, '\n');
    g_free(what);
    g_free(seen);
}

void expectations_tell(const struct expectations *expectations, GString *text, GString *complaints,
                       struct expectations_tally *tally)
{
    if (expectations->all->len == 0)
        return;
    append_table(expectations->all, text);
    for (guint i = 0; i < expectations->all->len; i++) {
        const struct expected *expected = expectations->all->pdata[i];
        tally->met += expected->failed == 0;
        tally->failed += expected->failed > 0;
        if (expected->failed > 0)
            complain(expected, expectations->scenario, complaints);
    }
}

/* -- a file -- */

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

static bool add_rows(struct expectations *expectations, const struct csv_table *csv, GError **error)
{
    unsigned at[COLUMNS];
    for (unsigned i = 0; i < COLUMNS; i++)
        if (!csv_table_find_column(csv, columns[i], &at[i], error))
            return false;
    for (size_t i = 0; i < csv->row_count; i++) {
        const char *texts[COLUMNS];
        for (unsigned k = 0; k < COLUMNS; k++)
            texts[k] = csv_table_text(csv, i, at[k]);
        struct expectation_row row = {
            .file = texts[FILE_NAME],
            .section = texts[SECTION],
            .key = texts[KEY],
            .condition = texts[CONDITION],
            .verdict = texts[VERDICT],
            .unit = texts[UNIT],
            .seen = texts[SEEN],
            .line = (unsigned)g_ascii_strtoull(texts[LINE], NULL, 10),
            .point = (uint32_t)g_ascii_strtoull(texts[POINT], NULL, 10),
            .replication = (uint32_t)g_ascii_strtoull(texts[REPLICATION], NULL, 10),
        };
        if (!csv_table_number(csv, i, at[LEAST], &row.least, error) ||
            !csv_table_number(csv, i, at[MOST], &row.most, error))
            return false;
        expectations_add(expectations, &row);
    }
    return true;
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
    struct expectations *expectations = expectations_new(scenario);
    bool good = add_rows(expectations, csv, error);
    if (good)
        expectations_tell(expectations, text, complaints, tally);
    expectations_free(expectations);
    csv_table_free(csv);
    return good;
}
