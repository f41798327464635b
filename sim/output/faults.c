/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults.c - see faults.h. The table has a row for each fault and run; a fault is idle if it has happened in
 * none of them.
 */
#include "sim/output/faults.h"

#include <stdlib.h>
#include <string.h>

#include "sim/format/csv.h"

/* Over all rows of the fault, which its name and line tell from others. */
static void add_up(const struct csv_table *csv, const struct scenario_fault *fault, const unsigned columns[4],
                   double *matched, double *done)
{
    for (size_t row = 0; row < csv->row_count; row++) {
        double number;
        if (strcmp(csv_table_text(csv, row, columns[0]), fault->name) != 0 ||
            strtoul(csv_table_text(csv, row, columns[1]), NULL, 10) != fault->place.line)
            continue;
        if (csv_table_number(csv, row, columns[2], &number, NULL))
            *matched += number;
        if (csv_table_number(csv, row, columns[3], &number, NULL))
            *done += number;
    }
}

/* Of one line of a section that is repeated. */
static bool is_same_line(const struct scenario_fault *a, const struct scenario_fault *b)
{
    return a->place.line == b->place.line && strcmp(a->name, b->name) == 0;
}

static void append_idle(GString *text, const struct scenario_fault *fault, double matched)
{
    g_string_append_printf(text, "%s:%u: fault %s: it never happened: ",
                           fault->place.file ? fault->place.file : "--set", fault->place.line, fault->name);
    if (matched > 0)
        g_string_append_printf(text, "of %.0f such packets none was the one that it is about\n", matched);
    else
        g_string_append(text, "there was no such packet\n");
}

bool faults_append_idle(const char *directory, const struct scenario *scenario, GString *text, GError **error)
{
    static const char *const names[] = {"fault", "line", "matched", "done"};
    char *path = g_build_filename(directory, "faults.csv", NULL);
    struct csv_table *csv = csv_table_read(path, error);
    unsigned columns[G_N_ELEMENTS(names)];
    bool good = csv != NULL;
    for (unsigned i = 0; good && i < G_N_ELEMENTS(names); i++)
        good = csv_table_find_column(csv, names[i], &columns[i], error);
    for (uint32_t i = 0; good && i < scenario->fault_count; i++) {
        double matched = 0, done = 0;
        bool told = false;
        for (uint32_t k = 0; k < i && !told; k++)
            told = is_same_line(&scenario->faults[k], &scenario->faults[i]);
        add_up(csv, &scenario->faults[i], columns, &matched, &done);
        if (done <= 0 && !told)
            append_idle(text, &scenario->faults[i], matched);
    }
    csv_table_free(csv);
    g_free(path);
    return good;
}
