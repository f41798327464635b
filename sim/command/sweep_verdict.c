/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sweep_verdict.c - see sweep_verdict.h.
 *
 * A study stays the same when other things are expected of it, so that results of days are not lost to an
 * edit. But a run is judged while it is made, and what nobody has judged does not pass: how many rows a run
 * should have is how many expectations are in force at its point.
 */
#include "sim/command/sweep_verdict.h"

#include <math.h>
#include <stdio.h>

#include "sim/command/command.h"
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

struct judging {
    struct expectations *expectations;
    GArray *runs;  /* struct run_key, in order */
    guint *counts; /* verdicts of each */
    guint at;      /* the run that rows have come to */
    bool begun;    /* the names of columns have come */
};

static struct run_key run_at(const struct judging *judging, guint i)
{
    return g_array_index(judging->runs, struct run_key, i);
}

/* Runs with fewer verdicts than expectations. */
static unsigned count_unjudged(const struct judging *judging, const struct scenario_source *source,
                               const struct scenario *scenario)
{
    guint wanted = 0;
    unsigned unjudged = 0;
    for (guint i = 0; i < judging->runs->len; i++) {
        uint32_t point = run_at(judging, i).point;
        if (i == 0 || point != run_at(judging, i - 1).point)
            wanted = in_force(source, scenario, point);
        unjudged += judging->counts[i] < wanted;
    }
    return unjudged;
}

static const char rows_sql[] =
    "SELECT file, section, expectation, condition, verdict, unit, seen, line, seen_least, seen_most, point, "
    "replication FROM expectations ORDER BY point, replication, row";

static double number_of(const char *text)
{
    return text && *text ? g_ascii_strtod(text, NULL) : NAN;
}

static uint32_t whole_of(const char *text)
{
    return text ? (uint32_t)g_ascii_strtoull(text, NULL, 10) : 0;
}

static void take_row(void *context, int columns, const char *const *values)
{
    struct judging *judging = context;
    const char *texts[7];
    if (!judging->begun || columns != 12) {
        judging->begun = true;
        return;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        texts[i] = values[i] ? values[i] : "";
    const struct expectation_row row = {
        .file = texts[0],
        .section = texts[1],
        .key = texts[2],
        .condition = texts[3],
        .verdict = texts[4],
        .unit = texts[5],
        .seen = texts[6],
        .line = whole_of(values[7]),
        .least = number_of(values[8]),
        .most = number_of(values[9]),
        .point = whole_of(values[10]),
        .replication = whole_of(values[11]),
    };
    struct run_key of;
    while (judging->at < judging->runs->len &&
           ((of = run_at(judging, judging->at)).point < row.point ||
            (of.point == row.point && of.replication < row.replication)))
        judging->at++;
    if (expectations_add(judging->expectations, &row) && judging->at < judging->runs->len)
        judging->counts[judging->at]++;
}

static bool judge(const char *database, const struct scenario_source *source, const struct scenario *scenario,
                  GString *text, GString *complaints, struct expectations_tally *tally, GError **error)
{
    struct result_store *store = result_store_open_existing(database, error);
    struct judging judging = {.expectations = expectations_new(scenario)};
    judging.runs = store ? result_store_runs(store, error) : NULL;
    judging.counts = g_new0(guint, judging.runs ? judging.runs->len + 1 : 1);
    bool good = judging.runs && result_store_query(store, rows_sql, take_row, &judging, error);
    if (good)
        expectations_tell(judging.expectations, text, complaints, tally);
    unsigned unjudged = good ? count_unjudged(&judging, source, scenario) : 0;
    if (unjudged > 0) {
        tally->failed++;
        g_string_append_printf(complaints,
                               "%s: %u of %u runs were made before the scenario expected what it does now, "
                               "and are not judged by it; another directory (--out) has all judged\n",
                               scenario->path, unjudged, judging.runs->len);
    }
    result_store_close(store, NULL);
    if (judging.runs)
        g_array_unref(judging.runs);
    g_free(judging.counts);
    expectations_free(judging.expectations);
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
