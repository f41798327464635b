/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_json.c - see run_json.h. A database knows all that run.json says, so whoever reads results need not
 * care that nothing has been exported: the same text is made of it.
 */
#include "sim/experiment/run_json.h"

#include <string.h>

#include "sim/experiment/result_csv.h"
#include "sim/experiment/result_store.h"
#include "sim/format/csv.h"
#include "sim/format/json_text.h"

/* -- writing -- */

static void append_axes_json(GString *json, const struct study *study)
{
    g_string_append(json, "  \"axes\": [");
    for (uint32_t i = 0; i < study->axis_count; i++) {
        char *name = study_axis_name(study, i);
        g_string_append(json, i ? ", " : "");
        json_append_text(json, name);
        g_free(name);
    }
    g_string_append(json, "],\n  \"points\": [");
    for (uint32_t point = 0; point < study->point_count; point++) {
        g_string_append(json, point ? ",\n    [" : "\n    [");
        for (uint32_t i = 0; i < study->axis_count; i++) {
            g_string_append(json, i ? ", " : "");
            json_append_text(json, study_value(study, point, i));
        }
        g_string_append_c(json, ']');
    }
    g_string_append(json, "\n  ],\n");
}

GString *run_json_new(const struct study *study, const struct run_counts *counts, uint32_t first_replication,
                      uint32_t replication_count)
{
    GString *json = g_string_new("{\n  \"program\": \"mip6sim\",\n  \"version\": ");
    json_append_text(json, study->version);
    g_string_append(json, ",\n  \"title\": ");
    json_append_text(json, study->title);
    g_string_append(json, ",\n  \"file\": ");
    json_append_text(json, study->file);
    g_string_append_printf(json,
                           ",\n  \"seed\": %" G_GUINT64_FORMAT
                           ",\n  \"first_replication\": %u,\n  \"replications\": %u,\n",
                           study->seed, first_replication, replication_count);
    append_axes_json(json, study);
    g_string_append_printf(json,
                           "  \"counts\": {\"runs\": %" G_GUINT64_FORMAT ", \"events\": %" G_GUINT64_FORMAT
                           ", \"packet_hops\": %" G_GUINT64_FORMAT ", \"handovers\": %" G_GUINT64_FORMAT
                           "},\n  \"discards\": {",
                           counts->runs, counts->events, counts->packet_hops, counts->handover_count);
    bool first = true;
    for (unsigned i = 1; i < DISCARD_REASON_COUNT; i++) {
        if (!counts->discards[i])
            continue;
        g_string_append(json, first ? "" : ", ");
        json_append_text(json, discard_reason_text((enum discard_reason)i));
        g_string_append_printf(json, ": %" G_GUINT64_FORMAT, counts->discards[i]);
        first = false;
    }
    g_string_append_printf(json, "},\n  \"scenario\": %s\n}\n", study->json);
    return json;
}

/* -- reading -- */

struct answer {
    unsigned rows; /* the first has the columns' names */
    struct run_counts *counts;
    uint32_t replications;
};

static uint64_t number(const char *text)
{
    return text ? g_ascii_strtoull(text, NULL, 10) : 0;
}

static void take_counts(void *context, int columns, const char *const *values)
{
    struct answer *answer = context;
    if (answer->rows++ == 0 || columns != 5)
        return;
    answer->counts->runs = number(values[0]);
    answer->counts->events = number(values[1]);
    answer->counts->packet_hops = number(values[2]);
    answer->counts->handover_count = number(values[3]);
    answer->replications = (uint32_t)number(values[4]);
}

static void take_discards(void *context, int columns, const char *const *values)
{
    struct answer *answer = context;
    if (answer->rows++ == 0 || columns != 2 || !values[0])
        return;
    for (unsigned i = 1; i < DISCARD_REASON_COUNT; i++)
        if (strcmp(discard_reason_text((enum discard_reason)i), values[0]) == 0)
            answer->counts->discards[i] = number(values[1]);
}

static struct json_value *read_store(const char *path, GError **error)
{
    struct result_store *store = result_store_open_existing(path, error);
    struct run_counts counts = {0};
    struct answer answer = {.counts = &counts}, discards = {.counts = &counts};
    if (!store)
        return NULL;
    struct json_value *value = NULL;
    if (result_store_query(store,
                           "SELECT count(*), sum(events), sum(packet_hops), sum(handovers), "
                           "max(replication) + 1 FROM runs",
                           take_counts, &answer, error) &&
        result_store_query(store, "SELECT reason, sum(count) FROM discards GROUP BY reason", take_discards,
                           &discards, error)) {
        GString *json = run_json_new(result_store_study(store), &counts, 0, answer.replications);
        value = json_value_parse(path, json->str, json->len, error);
        g_string_free(json, TRUE);
    }
    result_store_close(store, NULL);
    return value;
}

struct json_value *run_json_read(const char *name, GError **error)
{
    char *store = result_csv_store(name, TABLE_HANDOVERS);
    if (store) {
        struct json_value *value = read_store(store, error);
        g_free(store);
        return value;
    }
    char *path = g_build_filename(name, "run.json", NULL);
    struct json_value *value = NULL;
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        value = json_value_read(path, error);
    else
        g_set_error(error, CSV_ERROR, CSV_ERROR_ABSENT,
                    "%s: there is no run.json, which 'mip6sim run --out' writes", name);
    g_free(path);
    return value;
}
