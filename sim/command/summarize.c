/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summarize.c - mip6sim summarize: statistics of the results in a directory, by axis of the sweep, and one
 * method against the other.
 *
 * A measure is a number of handovers.csv, flows.csv, attacks.csv or packets.csv. What is asked for is judged
 * before anything is printed.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/command/command.h"
#include "sim/engine/duration.h"
#include "sim/experiment/result_store.h"
#include "sim/output/measure_name.h"
#include "sim/output/measure_summary.h"
#include "sim/scenario/value.h"

static const char summary_text[] =
    "Prints statistics of what a run or a sweep has measured, for each point (or what --by names): number of "
    "observations,\n"
    "mean with Student's t interval, deviation, median and percentiles with distribution-free intervals, "
    "extremes; and the\n"
    "methods compared pair by pair under common random numbers: difference and ratio of the means with "
    "intervals.";

static const char description_text[] =
    "Each replication is one observation: the mean of its rows. Where there is only one, or with --each, "
    "each "
    "row is one.\n"
    "Measures are the numbers of handovers.csv; flows.NAME, attacks.NAME and packets.NAME are those of "
    "flows.csv,\n"
    "attacks.csv and packets.csv.\n"
    "Times are milliseconds in the tables, seconds in CSV and JSON.\n"
    "A comparison takes of each replication what both sides have: points that only one has, and handovers "
    "that one never\n"
    "completed, are left out, and counted in a warning.\n"
    "\n"
    "Intervals: of the mean, and of a difference, Student's t; of a percentile, order statistics "
    "(binomial), or the\n"
    "bootstrap's percentiles (with --bca corrected for bias and skewness: Efron's BCa); of a ratio, "
    "Fieller's. The band\n"
    "of --cdf is Dvoretzky's, Kiefer's and Wolfowitz's with Massart's constant, valid at all values at "
    "once. An end that\n"
    "the sample is too small for is left out (–). Several intervals are not valid together: of twenty at "
    "95 % one is\n"
    "expected to miss.\n"
    "\n"
    "Examples:\n"
    "  mip6sim summarize results/study\n"
    "  mip6sim summarize results/study --measure outage,packets_lost --by 'peers mn cn / authorization'\n"
    "  mip6sim summarize results/study --measure flows.delay_mean --confidence 99% --csv\n"
    "  mip6sim summarize results/study --compare 'peers mn cn / authorization' --measure binding_latency "
    "--csv\n"
    "  mip6sim summarize results/study --measure outage --bootstrap 10000 --bca\n"
    "  mip6sim summarize results/study --cdf outage --each\n"
    "\n"
    "Exit status: 0 done; 1 a sweep is writing these results; 2 there are no such results, or the command "
    "line is "
    "wrong.";

#define MEASURES_UNASKED "binding_latency,outage,packets_lost,mobile_messages"
#define RESAMPLES_MOST   1000000

struct options {
    char **paths;
    char *measures, *by, *confidence, *bootstrap, *cdf, *compare, *warm_up;
    gboolean csv, json, each, bca;
};

struct summarizing {
    const struct options *options;
    const char *name; /* directory of results */
    struct summary_options intervals;
    time_ns warm_up;
    int status;                                     /* if it cannot be done */
    GArray *requests;                               /* struct measure_name */
    struct observations *observations[TABLE_COUNT]; /* read as they are needed */
    int compared[TABLE_COUNT];
    GPtrArray *summaries; /* struct measure_summary * */
};

#define wrong(...) command_complain("summarize", __VA_ARGS__)

static bool failed(GError *error)
{
    wrong("%s", error->message);
    g_error_free(error);
    return false;
}

/* -- what is asked for -- */

static bool add_request(struct summarizing *summarizing, const char *text)
{
    struct measure_name request;
    GError *error = NULL;
    if (!measure_name_parse(text, &request, &error))
        return failed(error);
    g_array_append_val(summarizing->requests, request);
    return true;
}

static bool add_requests(struct summarizing *summarizing, const char *list)
{
    char **names = g_strsplit(list, ",", -1);
    bool good = true;
    for (unsigned i = 0; good && names[i]; i++)
        good = add_request(summarizing, g_strstrip(names[i]));
    g_strfreev(names);
    return good && (summarizing->requests->len > 0 || wrong("--measure: which?"));
}

static bool parse_intervals(struct summarizing *summarizing)
{
    const struct options *options = summarizing->options;
    GError *error = NULL;
    guint64 resamples = 0;
    double confidence = 0.95;
    if (options->confidence && (!value_parse_probability(options->confidence, &confidence, NULL) ||
                                confidence <= 0 || confidence >= 1))
        return wrong("--confidence: '%s' is not between 0 %% and 100 %%, such as 95%%", options->confidence);
    if (options->bootstrap &&
        !g_ascii_string_to_unsigned(options->bootstrap, 10, 100, RESAMPLES_MOST, &resamples, &error)) {
        wrong("--bootstrap: %s", error->message);
        g_error_free(error);
        return false;
    }
    if (options->bca && !options->bootstrap)
        return wrong("--bca goes with --bootstrap");
    summarizing->intervals = (struct summary_options){
        .confidence = confidence,
        .resamples = (unsigned)resamples,
        .bootstrap = options->bca ? BOOTSTRAP_BCA : BOOTSTRAP_PERCENTILE,
    };
    return true;
}

static bool parse_warm_up(struct summarizing *summarizing)
{
    const struct options *options = summarizing->options;
    GError *error = NULL;
    if (!options->warm_up)
        return true;
    if (!duration_parse(options->warm_up, &summarizing->warm_up, &error)) {
        wrong("--warm-up: %s", error->message);
        g_error_free(error);
        return false;
    }
    for (guint i = 0; i < summarizing->requests->len; i++)
        if (g_array_index(summarizing->requests, struct measure_name, i).table != TABLE_HANDOVERS)
            return wrong(
                "--warm-up leaves out handovers; what flows count from is the scenario's: [scenario] "
                "warm-up");
    return true;
}

static bool plan(struct summarizing *summarizing)
{
    const struct options *options = summarizing->options;
    if (options->cdf && options->json)
        return wrong("--cdf prints CSV");
    if (options->csv && options->json)
        return wrong("either --csv or --json");
    if (options->cdf && options->measures)
        return wrong("--cdf names its measure itself");
    if (options->cdf && options->compare)
        return wrong("either --cdf or --compare");
    return parse_intervals(summarizing) &&
           add_requests(summarizing, options->cdf        ? options->cdf
                                     : options->measures ? options->measures
                                                         : MEASURES_UNASKED) &&
           parse_warm_up(summarizing);
}

/* -- reading -- */

static bool apply_by(struct observations *observations, const char *list)
{
    GError *error = NULL;
    char **names = g_strsplit(list, ",", -1);
    for (unsigned i = 0; names[i]; i++)
        g_strstrip(names[i]);
    bool good = observations_by(observations, (const char *const *)names, &error) || failed(error);
    g_strfreev(names);
    return good;
}

static bool choose_compared(struct summarizing *summarizing, struct observations *observations, int *compared)
{
    const char *name = summarizing->options->compare;
    GError *error = NULL;
    *compared = summarizing->options->cdf ? -1 : observations_method(observations);
    if (!name)
        return true;
    *compared = observations_factor(observations, name, &error);
    if (*compared < 0)
        return failed(error);
    const struct factor *factor = observations->factors->pdata[*compared];
    return factor->levels->len > 1 || wrong("--compare: '%s' is the same in all rows: '%s'", factor->name,
                                            (const char *)factor->levels->pdata[0]);
}

static bool leave_out(const struct summarizing *summarizing, struct observations *observations)
{
    if (!summarizing->options->warm_up)
        return true;
    size_t left = observations_leave_out_before(observations, (double)summarizing->warm_up / 1e9);
    return left > 0 ||
           wrong("%s: no handover begins at %s or later", summarizing->name, summarizing->options->warm_up);
}

static bool read_table(struct summarizing *summarizing, enum result_table table)
{
    GError *error = NULL;
    if (summarizing->observations[table])
        return true;
    struct observations *observations = observations_read(summarizing->name, table, &error);
    if (!observations) {
        if (error->domain == RESULT_STORE_ERROR && error->code == RESULT_STORE_ERROR_BUSY)
            summarizing->status = STATUS_FAILED;
        return failed(error);
    }
    summarizing->observations[table] = observations;
    observations->each = summarizing->options->each;
    if (observations->csv->row_count == 0)
        return wrong("%s: no data: it has no rows", observations->csv->path);
    return (!summarizing->options->by || apply_by(observations, summarizing->options->by)) &&
           choose_compared(summarizing, observations, &summarizing->compared[table]) &&
           leave_out(summarizing, observations);
}

static bool summarize_all(struct summarizing *summarizing)
{
    for (guint i = 0; i < summarizing->requests->len; i++)
        if (!read_table(summarizing, g_array_index(summarizing->requests, struct measure_name, i).table))
            return false;
    for (guint i = 0; i < summarizing->requests->len; i++) {
        const struct measure_name *request = &g_array_index(summarizing->requests, struct measure_name, i);
        GError *error = NULL;
        struct measure_summary *summary =
            measure_summary_new(summarizing->observations[request->table], request->column->name,
                                request->column->kind == CELL_TIME, &summarizing->intervals,
                                summarizing->compared[request->table], i, &error);
        if (!summary)
            return failed(error);
        g_ptr_array_add(summarizing->summaries, summary);
    }
    return true;
}

/* -- printing -- */

/* What is not there is told, since the means of the rest may be others. */
static void warn(const struct measure_summary *summary)
{
    size_t rows, alone = measure_summary_alone(summary, &rows);
    if (rows > 0)
        fprintf(stderr,
                "mip6sim summarize: warning: %s: %zu row%s that the other side has nothing like, left out of "
                "the comparison\n",
                summary->name, rows, rows == 1 ? "" : "s");
    if (alone > 0)
        fprintf(stderr,
                "mip6sim summarize: warning: %s: %zu observation%s without a partner, left out of the "
                "comparison\n",
                summary->name, alone, alone == 1 ? "" : "s");
    if (summary->groups_alone > 0)
        command_complain("summarize", "warning: %s: %u group%s with nothing to be compared with",
                         summary->name, summary->groups_alone, summary->groups_alone == 1 ? "" : "s");
}

/* Replications that are means of different points are not alike. */
static void warn_of_unbalanced(const struct measure_summary *summary)
{
    guint unbalanced = 0;
    for (guint i = 0; i < summary->groups->len; i++) {
        const struct row_group *group = summary->groups->pdata[i];
        unbalanced += !group->each && !observations_balanced(summary->observations, group);
    }
    if (unbalanced > 0)
        fprintf(stderr,
                "mip6sim summarize: warning: %s: in %u group%s some replications lack points that others "
                "have, so their "
                "means are not of the same; name more axes in --by\n",
                result_tables[summary->observations->table].name, unbalanced, unbalanced == 1 ? "" : "s");
}

static void print(const struct summarizing *summarizing)
{
    const struct options *options = summarizing->options;
    GString *text = g_string_new(NULL);
    if (options->cdf)
        measure_summaries_append_distribution_csv(summarizing->summaries, text);
    else if (options->json)
        measure_summaries_append_json(summarizing->summaries, text);
    else if (options->csv && options->compare)
        measure_summaries_append_comparisons_csv(summarizing->summaries, text);
    else if (options->csv)
        measure_summaries_append_csv(summarizing->summaries, text);
    for (guint i = 0; i < summarizing->summaries->len; i++) {
        const struct measure_summary *summary = summarizing->summaries->pdata[i];
        if (!options->cdf && !options->json && !options->csv)
            measure_summary_append_text(summary, text);
        if (!options->cdf && (!options->csv || options->compare))
            warn(summary);
        if (i == 0)
            warn_of_unbalanced(summary);
    }
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
}

static void free_summary(void *summary)
{
    measure_summary_free(summary);
}

static int summarize(const struct options *options, const char *name)
{
    struct summarizing summarizing = {
        .options = options,
        .name = name,
        .status = STATUS_INPUT,
        .requests = g_array_new(FALSE, FALSE, sizeof(struct measure_name)),
        .summaries = g_ptr_array_new_with_free_func(free_summary),
    };
    bool good = plan(&summarizing) && summarize_all(&summarizing);
    if (good)
        print(&summarizing);
    g_ptr_array_unref(summarizing.summaries);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        observations_free(summarizing.observations[i]);
    g_array_unref(summarizing.requests);
    return good ? STATUS_GOOD : summarizing.status;
}

static void free_options(struct options *options)
{
    char *const texts[] = {options->measures, options->by,      options->confidence, options->bootstrap,
                           options->cdf,      options->compare, options->warm_up};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_strfreev(options->paths);
}

int command_summarize(int argc, char **argv)
{
    struct options options = {0};
    const GOptionEntry entries[] = {
        {"measure", 0, 0, G_OPTION_ARG_STRING, &options.measures, "what to summarize (" MEASURES_UNASKED ")",
         "NAME,…"},
        {"by", 0, 0, G_OPTION_ARG_STRING, &options.by,
         "axes ('section / key', or the key alone) and columns that tell groups apart (each axis, the "
         "method, the "
         "move, …)",
         "AXIS,…"},
        {"confidence", 0, 0, G_OPTION_ARG_STRING, &options.confidence, "level of all intervals (95%)", "P%"},
        {"bootstrap", 0, 0, G_OPTION_ARG_STRING, &options.bootstrap,
         "intervals of percentiles from so many resamples, not from order statistics", "N"},
        {"bca", 0, 0, G_OPTION_ARG_NONE, &options.bca,
         "with --bootstrap: bias-corrected and accelerated, not the plain percentiles of the resamples",
         NULL},
        {"compare", 0, 0, G_OPTION_ARG_STRING, &options.compare,
         "axis whose values are compared with its first, pair by pair (the method)", "AXIS"},
        {"cdf", 0, 0, G_OPTION_ARG_STRING, &options.cdf,
         "print the empirical distribution function of a measure, step by step, with its confidence band, as "
         "CSV",
         "NAME"},
        {"warm-up", 0, 0, G_OPTION_ARG_STRING, &options.warm_up, "leave out handovers that began before then",
         "TIME"},
        {"each", 0, 0, G_OPTION_ARG_NONE, &options.each,
         "each row is an observation; intervals then take rows of a replication for independent", NULL},
        {"csv", 0, 0, G_OPTION_ARG_NONE, &options.csv,
         "print comma-separated values: the statistics, or, with --compare, the comparisons", NULL},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "print JSON", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options.paths, NULL, "DIR"},
        G_OPTION_ENTRY_NULL,
    };
    bool good =
        command_parse("summarize", command_options(summary_text, description_text, entries), argc, argv);
    int status = good ? STATUS_GOOD : STATUS_INPUT;
    if (status == STATUS_GOOD && (!options.paths || options.paths[1])) {
        wrong("%s (see: mip6sim summarize --help)",
              options.paths ? "one directory at a time" : "which directory of results?");
        status = STATUS_INPUT;
    }
    if (status == STATUS_GOOD)
        status = summarize(&options, options.paths[0]);
    free_options(&options);
    return status;
}
