/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure_name.c - see measure_name.h. Columns whose names do not say on their own what they are have a label
 * here.
 */
#include "sim/output/measure_name.h"

#include <string.h>

#include "sim/format/csv.h"
#include "sim/output/observations.h"
#include "sim/scenario/message.h"

static const struct column *find_column(enum result_table table, const char *name)
{
    const struct result_table_description *description = &result_tables[table];
    for (unsigned i = 0; i < description->column_count; i++)
        if (strcmp(description->columns[i].name, name) == 0)
            return &description->columns[i];
    return NULL;
}

static bool refuse(enum result_table table, const char *name, GError **error)
{
    const struct result_table_description *description = &result_tables[table];
    if (find_column(table, name)) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                    "'%s' of %s.csv is text: no statistics are made of it", name, description->name);
        return false;
    }
    const char **names = g_new0(const char *, description->column_count + 1);
    unsigned count = 0;
    for (unsigned i = 0; i < description->column_count; i++)
        if (description->columns[i].kind != CELL_TEXT)
            names[count++] = description->columns[i].name;
    const char *meant = scenario_probably_meant(name, names);
    char *all = g_strjoinv(", ", (char **)names);
    g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                meant ? "%s.csv has no measure '%s'; did you mean '%s'?"
                      : "%s.csv has no measure '%s'; it has %s",
                description->name, name, meant ? meant : all);
    g_free(all);
    g_free(names);
    return false;
}

bool measure_name_parse(const char *text, struct measure_name *measure, GError **error)
{
    const char *name = text, *dot = strchr(text, '.');
    measure->table = TABLE_HANDOVERS;
    if (dot) {
        bool found = false;
        for (unsigned i = 0; i < TABLE_COUNT; i++) {
            const char *table = result_tables[i].name;
            if (!observations_has((enum result_table)i) || strlen(table) != (size_t)(dot - text) ||
                strncmp(table, text, strlen(table)) != 0)
                continue;
            measure->table = (enum result_table)i;
            found = true;
        }
        if (!found) {
            g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                        "'%s': measures are of handovers, flows, attacks or packets, such as "
                        "flows.delay_mean",
                        text);
            return false;
        }
        name = dot + 1;
    }
    measure->column = find_column(measure->table, name);
    return (measure->column && measure->column->kind != CELL_TEXT) || refuse(measure->table, name, error);
}

char *measure_name_label(const struct measure_name *measure)
{
    static const struct {
        const char *column, *label;
    } labels[] = {
        {"link_handover", "Link-layer handover"},
        {"correspondent_registration", "Corresp. registration"},
        {"mobile_messages", "Messages, mobile node"},
        {"mobile_octets", "Octets, mobile node"},
        {"correspondent_messages", "Messages, correspondent"},
        {"correspondent_octets", "Octets, correspondent"},
        {"delay_mean", "Mean delay"},
        {"delay_minimum", "Least delay"},
        {"delay_maximum", "Greatest delay"},
        {"sent", "Packets sent"},
        {"received", "Packets received"},
        {"lost", "Packets lost"},
        {"duplicated", "Packets duplicated"},
        {"reordered", "Packets reordered"},
        {"direct", "Packets direct"},
        {"tunnelled", "Packets tunnelled"},
        {"optimized", "Packets optimized"},
        {"misdirected", "Packets misdirected"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++)
        if (strcmp(measure->column->name, labels[i].column) == 0)
            return g_strdup(labels[i].label);
    char *label = g_strdelimit(g_strdup(measure->column->name), "_", ' ');
    label[0] = g_ascii_toupper(label[0]);
    return label;
}
