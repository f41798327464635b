/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_verdict.c - see sweep_verdict.h.
 *
 * A study stays the same when other things are expected of it, so that results of days are not lost to an
 * edit. But a run is judged while it is made, and what nobody has judged does not pass: how many rows a run
 * should have is how many expectations are in force at its point.
 */
#include "sim/command/sweep_verdict.h"

#include <stdio.h>

#include "sim/command/command.h"
#include "sim/experiment/result_csv.h"
#include "sim/experiment/result_store.h"
#include "sim/output/expectations.h"

static guint in_force(const struct scenario_source *source, const struct scenario *scenario, uint32_t point)
{
    struct scenario_setting *settings = g_new0(struct scenario_setting, scenario->axis_count + 1);
    struct scenario_messages *messages = scenario_messages_new();
    guint count = 0;
    scenario_point(scenario, point, settings);
    struct scenario *there = scenario_build_point(source, scenario, settings, messages);
    for (uint32_t i = 0; there && i < there->expectation_count; i++)
        count += there->expectations[i].in_force;
    scenario_free(there);
    scenario_messages_free(messages);
    g_free(settings);
    return count;
}

/* Runs with fewer verdicts than expectations. Runs come in order of their points. */
static unsigned count_unjudged(const GArray *runs, GHashTable *counts, const struct scenario_source *source,
                               const struct scenario *scenario)
{
    uint32_t point = UINT32_MAX;
    guint wanted = 0;
    unsigned unjudged = 0;
    for (guint i = 0; i < runs->len; i++) {
        const struct run_key *key = &g_array_index(runs, struct run_key, i);
        if (key->point != point)
            wanted = in_force(source, scenario, key->point);
        point = key->point;
        char *name = g_strdup_printf("%u %u", key->point, key->replication);
        unjudged += GPOINTER_TO_UINT(g_hash_table_lookup(counts, name)) < wanted;
        g_free(name);
    }
    return unjudged;
}

static GArray *read_runs(const char *database, GError **error)
{
    struct result_store *store = result_store_open_existing(database, error);
    GArray *runs = store ? result_store_runs(store, error) : NULL;
    result_store_close(store, NULL);
    return runs;
}

static bool judge(const char *database, const struct scenario_source *source, const struct scenario *scenario,
                  GString *text, GString *complaints, struct expectations_tally *tally, GError **error)
{
    struct csv_table *csv = result_csv_read(database, TABLE_EXPECTATIONS, error);
    if (!csv)
        return false;
    GArray *runs = read_runs(database, error);
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool good = runs && expectations_append_table(csv, scenario, text, complaints, tally, error) &&
                expectations_count_rows(csv, scenario, counts, error);
    unsigned unjudged = good ? count_unjudged(runs, counts, source, scenario) : 0;
    if (unjudged > 0) {
        tally->failed++;
        g_string_append_printf(complaints,
                               "%s: %u of %u runs were made before the scenario expected what it does now, "
                               "and are not judged by it; another directory (--out) has all judged\n",
                               scenario->path, unjudged, runs->len);
    }
    g_hash_table_destroy(counts);
    if (runs)
        g_array_unref(runs);
    csv_table_free(csv);
    return good;
}

int sweep_tell_verdict(const char *database, const struct scenario_source *source,
                       const struct scenario *scenario)
{
    if (scenario->expectation_count == 0)
        return STATUS_GOOD;
    GError *error = NULL;
    struct expectations_tally tally = {0};
    GString *text = g_string_new("\n"), *complaints = g_string_new(NULL);
    bool good = judge(database, source, scenario, text, complaints, &tally, &error);
    if (text->len > 1)
        fputs(text->str, stdout);
    fflush(stdout);
    fputs(complaints->str, stderr);
    g_string_free(text, TRUE);
    g_string_free(complaints, TRUE);
    if (good)
        return tally.failed > 0 ? STATUS_EXPECTATION : STATUS_GOOD;
    command_complain("sweep", "%s", error->message);
    g_error_free(error);
    return STATUS_FAILED;
}
