/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * precision.c - see precision.h. The means of the replications are asked of the database, so that runs from
 * before a sweep was interrupted count like those made now.
 */
#include "sim/experiment/precision.h"

#include <math.h>
#include <string.h>

#include "sim/measure/statistics.h"
#include "sim/scenario/message.h"
#include "sim/scenario/value.h"

#define CONFIDENCE 0.95

/* Columns that are durations, instants or counts. */
static char *complain(const char *name)
{
    const struct result_table_description *table = &result_tables[TABLE_HANDOVERS];
    const char **names = g_new0(const char *, table->column_count + 1);
    unsigned count = 0;
    bool found = false;
    for (unsigned i = 0; i < table->column_count; i++) {
        if (table->columns[i].kind == CELL_TEXT)
            continue;
        names[count++] = table->columns[i].name;
        found = found || strcmp(table->columns[i].name, name) == 0;
    }
    const char *meant = found ? NULL : scenario_probably_meant(name, names);
    char *text =
        found   ? NULL
        : meant ? g_strdup_printf("there is no measure '%s'; did you mean '%s'?", name, meant)
                : g_strdup_printf("there is no measure '%s'; any number of handovers.csv will do, such as "
                                  "outage",
                                  name);
    g_free(names);
    return text;
}

bool precision_parse(const char *text, struct precision *precision, char **complaint)
{
    char **parts = g_strsplit(text, "=", 2);
    double part = 0;
    *complaint = NULL;
    if (!parts[0] || !parts[1] || !value_parse_probability(parts[1], &part, NULL) || part <= 0)
        *complaint = g_strdup_printf("'%s' is not MEASURE=P%%, such as outage=2%%", text);
    else
        *complaint = complain(g_strstrip(parts[0]));
    if (!*complaint)
        *precision = (struct precision){g_strdup(parts[0]), part};
    g_strfreev(parts);
    return !*complaint;
}

void precision_clear(struct precision *precision)
{
    g_free(precision->measure);
    *precision = (struct precision){0};
}

struct points {
    struct statistics *statistics;
    uint32_t count;
    bool header;
};

/* point, mean of the measure over the handovers of a replication */
static void add_row(void *context, int columns, const char *const *values)
{
    struct points *points = context;
    bool header = points->header;
    points->header = false;
    if (header || columns != 2 || !values[0] || !values[1])
        return;
    guint64 point = g_ascii_strtoull(values[0], NULL, 10);
    if (point < points->count)
        statistics_add(&points->statistics[point], g_ascii_strtod(values[1], NULL));
}

static bool is_narrow(const struct precision *precision, const struct statistics *statistics)
{
    if (statistics->count == 0)
        return true;
    if (statistics->count < PRECISION_LEAST)
        return false;
    return statistics_half_width(statistics, CONFIDENCE) <=
           precision->relative_half_width * fabs(statistics_mean(statistics));
}

uint32_t precision_wanting(const struct precision *precision, struct result_store *store, uint32_t count,
                           bool *wanting, uint32_t *never, GError **error)
{
    struct points points = {g_new0(struct statistics, count), count, true};
    char *sql = g_strdup_printf("SELECT point, avg(\"%s\") FROM handovers GROUP BY point, replication",
                                precision->measure);
    uint32_t wanted = UINT32_MAX;
    if (result_store_query(store, sql, add_row, &points, error)) {
        wanted = *never = 0;
        for (uint32_t i = 0; i < count; i++) {
            wanted += wanting[i] = !is_narrow(precision, &points.statistics[i]);
            *never += points.statistics[i].count == 0;
        }
    }
    g_free(sql);
    g_free(points.statistics);
    return wanted;
}
