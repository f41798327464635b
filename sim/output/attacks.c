/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attacks.c - see attacks.h.
 */
#include "sim/output/attacks.h"

#include <math.h>
#include <string.h>

#include "sim/format/csv.h"
#include "sim/format/table.h"
#include "sim/measure/statistics.h"

enum { TITLE, METHOD, OUTCOME, STATUS, REASON, TEXTS };
static const char *const text_columns[TEXTS] = {"title", "method", "outcome", "status", "reason"};

/* The price; a header and the factor to what it is shown in. */
enum { SENT, REPLIES, ASTRAY_TIME, ASTRAY_OCTETS, VICTIM_OCTETS, AMPLIFICATION, STATE, DEFENCE, NUMBERS };
static const struct {
    const char *column, *header;
    double scale;
    int decimals;
} numbers[NUMBERS] = {
    [SENT] = {"sent_messages", "packets\nsent", 1, 0},
    [REPLIES] = {"replies", "replies\nof others", 1, 0},
    [ASTRAY_TIME] = {"astray_time", "astray\n(s)", 1, 3},
    [ASTRAY_OCTETS] = {"astray_octets", "octets\nastray", 1, 0},
    [VICTIM_OCTETS] = {"victim_octets", "octets at\nthe victim", 1, 0},
    [AMPLIFICATION] = {"amplification", "ampli-\nfication", 1, 2},
    [STATE] = {"state_created", "bindings\nmade", 1, 0},
    [DEFENCE] = {"defence_messages", "honest\nmessages", 1, 0},
};

struct tally {
    char *outcome;
    size_t count;
};

/* An attack under one method. */
struct cell {
    char *title, *method;
    GArray *tallies; /* struct tally, as they come */
    struct statistics prices[NUMBERS];
};

struct attacks {
    GPtrArray *cells;   /* struct cell */
    GPtrArray *titles;  /* char *, in order of appearance */
    GPtrArray *methods; /* char *, sorted */
};

static void tally_clear(gpointer data)
{
    g_free(((struct tally *)data)->outcome);
}

static void cell_free(gpointer data)
{
    struct cell *cell = data;
    g_free(cell->title);
    g_free(cell->method);
    g_array_free(cell->tallies, TRUE);
    g_free(cell);
}

struct attacks *attacks_new(void)
{
    struct attacks *attacks = g_new0(struct attacks, 1);
    attacks->cells = g_ptr_array_new_with_free_func(cell_free);
    attacks->titles = g_ptr_array_new_with_free_func(g_free);
    attacks->methods = g_ptr_array_new_with_free_func(g_free);
    return attacks;
}

void attacks_free(struct attacks *attacks)
{
    if (!attacks)
        return;
    g_ptr_array_free(attacks->cells, TRUE);
    g_ptr_array_free(attacks->titles, TRUE);
    g_ptr_array_free(attacks->methods, TRUE);
    g_free(attacks);
}

bool attacks_any(const struct attacks *attacks)
{
    return attacks->cells->len > 0;
}

static void remember(GPtrArray *names, const char *name)
{
    for (guint i = 0; i < names->len; i++)
        if (strcmp(names->pdata[i], name) == 0)
            return;
    g_ptr_array_add(names, g_strdup(name));
}

static struct cell *find_cell(const struct attacks *attacks, const char *title, const char *method)
{
    for (guint i = 0; i < attacks->cells->len; i++) {
        struct cell *cell = attacks->cells->pdata[i];
        if (strcmp(cell->title, title) == 0 && strcmp(cell->method, method) == 0)
            return cell;
    }
    return NULL;
}

static struct cell *cell_of(struct attacks *attacks, const char *title, const char *method)
{
    struct cell *cell = find_cell(attacks, title, method);
    if (cell)
        return cell;
    cell = g_new0(struct cell, 1);
    cell->title = g_strdup(title);
    cell->method = g_strdup(method);
    cell->tallies = g_array_new(FALSE, FALSE, sizeof(struct tally));
    g_array_set_clear_func(cell->tallies, tally_clear);
    g_ptr_array_add(attacks->cells, cell);
    remember(attacks->titles, title);
    remember(attacks->methods, method);
    return cell;
}

/* "rejected 135", "discarded: no authorization data", "accepted" */
static char *outcome_text(const char *outcome, const char *status, const char *reason)
{
    if (strcmp(outcome, "rejected") == 0 && *status)
        return g_strdup_printf("%s %s", outcome, status);
    if (strcmp(outcome, "discarded") == 0 && *reason)
        return g_strdup_printf("%s: %s", outcome, reason);
    return g_strdup(outcome);
}

static void count_outcome(struct cell *cell, char *outcome)
{
    for (guint i = 0; i < cell->tallies->len; i++) {
        struct tally *tally = &g_array_index(cell->tallies, struct tally, i);
        if (strcmp(tally->outcome, outcome) == 0) {
            tally->count++;
            g_free(outcome);
            return;
        }
    }
    struct tally tally = {outcome, 1};
    g_array_append_val(cell->tallies, tally);
}

static bool add_row(struct attacks *attacks, const struct csv_table *csv, size_t row, const unsigned *texts,
                    const unsigned *columns, GError **error)
{
    const char *text[TEXTS];
    for (unsigned i = 0; i < TEXTS; i++)
        text[i] = csv_table_text(csv, row, texts[i]);
    struct cell *cell = cell_of(attacks, text[TITLE], text[METHOD]);
    count_outcome(cell, outcome_text(text[OUTCOME], text[STATUS], text[REASON]));
    for (unsigned i = 0; i < NUMBERS; i++) {
        double number;
        if (!csv_table_number(csv, row, columns[i], &number, error))
            return false;
        if (!isnan(number))
            statistics_add(&cell->prices[i], number);
    }
    return true;
}

static bool add_rows(struct attacks *attacks, const struct csv_table *csv, GError **error)
{
    unsigned texts[TEXTS], columns[NUMBERS];
    for (unsigned i = 0; i < TEXTS; i++)
        if (!csv_table_find_column(csv, text_columns[i], &texts[i], error))
            return false;
    for (unsigned i = 0; i < NUMBERS; i++)
        if (!csv_table_find_column(csv, numbers[i].column, &columns[i], error))
            return false;
    for (size_t row = 0; row < csv->row_count; row++)
        if (!add_row(attacks, csv, row, texts, columns, error))
            return false;
    return true;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool attacks_add(struct attacks *attacks, const char *directory, GError **error)
{
    char *path = g_build_filename(directory, "attacks.csv", NULL);
    bool there = g_file_test(path, G_FILE_TEST_EXISTS);
    struct csv_table *csv = there ? csv_table_read(path, error) : NULL;
    g_free(path);
    if (!csv)
        return !there;
    bool good = add_rows(attacks, csv, error);
    g_ptr_array_sort(attacks->methods, compare_names);
    csv_table_free(csv);
    return good;
}

/* The outcome, or each with the number of its runs. */
static void add_outcome(struct table *table, const struct cell *cell)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; cell && i < cell->tallies->len; i++) {
        const struct tally *tally = &g_array_index(cell->tallies, struct tally, i);
        g_string_append_printf(text, "%s%s", i ? "; " : "", tally->outcome);
        if (cell->tallies->len > 1)
            g_string_append_printf(text, " (%zu)", tally->count);
    }
    table_add_cell(table, text->str);
    g_string_free(text, TRUE);
}

void attacks_append_matrix(const struct attacks *attacks, GString *text)
{
    struct table *table = table_new();
    table_add_column(table, "attack", TABLE_LEFT);
    for (guint m = 0; m < attacks->methods->len; m++)
        table_add_column(table, attacks->methods->pdata[m], TABLE_LEFT);
    for (guint t = 0; t < attacks->titles->len; t++) {
        table_add_cell(table, attacks->titles->pdata[t]);
        for (guint m = 0; m < attacks->methods->len; m++)
            add_outcome(table, find_cell(attacks, attacks->titles->pdata[t], attacks->methods->pdata[m]));
    }
    table_to_text(table, text);
    table_free(table);
}

static void add_prices(struct table *table, const struct cell *cell)
{
    for (unsigned i = 0; i < NUMBERS; i++)
        if (cell->prices[i].count == 0)
            table_add_cell(table, NULL);
        else
            table_add_cell_printf(table, "%.*f", numbers[i].decimals,
                                  statistics_mean(&cell->prices[i]) * numbers[i].scale);
}

void attacks_append_prices(const struct attacks *attacks, GString *text)
{
    struct table *table = table_new();
    table_add_column(table, "attack", TABLE_LEFT);
    table_add_column(table, "method", TABLE_LEFT);
    table_add_column(table, "outcome", TABLE_LEFT);
    for (unsigned i = 0; i < NUMBERS; i++)
        table_add_column(table, numbers[i].header, TABLE_RIGHT);
    for (guint t = 0; t < attacks->titles->len; t++)
        for (guint m = 0; m < attacks->methods->len; m++) {
            const struct cell *cell =
                find_cell(attacks, attacks->titles->pdata[t], attacks->methods->pdata[m]);
            if (!cell)
                continue;
            table_add_cell(table, cell->title);
            table_add_cell(table, cell->method);
            add_outcome(table, cell);
            add_prices(table, cell);
        }
    table_to_text(table, text);
    table_free(table);
}
