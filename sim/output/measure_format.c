/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure_format.c - summaries of measures (measure_summary.h) as tables for people, CSV and JSON.
 *
 * Numbers for programs have 15 significant digits, which every double keeps; what there is none of is an
 * empty field, or null.
 */
#include <math.h>
#include <string.h>

#include "sim/format/json_text.h"
#include "sim/format/table.h"
#include "sim/output/measure_summary.h"

static const char *const quantile_columns[] = {
#define X(name, fraction, column, header) column,
    SUMMARY_QUANTILES(X)
#undef X
};

static const char *const quantile_headers[] = {
#define X(name, fraction, column, header) header,
    SUMMARY_QUANTILES(X)
#undef X
};

static const struct factor *factor_at(const struct measure_summary *summary, guint index)
{
    return summary->observations->factors->pdata[index];
}

static const char *level_of(const struct measure_summary *summary, const struct row_group *group,
                            guint factor)
{
    return factor_at(summary, factor)->levels->pdata[group->levels[factor]];
}

static const struct group_statistics *statistics_at(const struct measure_summary *summary, guint index)
{
    return &g_array_index(summary->statistics, struct group_statistics, index);
}

static const struct group_comparison *comparison_at(const struct measure_summary *summary, guint index)
{
    return &g_array_index(summary->comparisons, struct group_comparison, index);
}

/* -- for people -- */

struct writer {
    struct table *table;
    double scale;
    int decimals;
};

/* As many decimals down a table as its largest number leaves room for. */
static int decimals_of(const struct measure_summary *summary, double scale)
{
    double largest = 0;
    for (guint i = 0; i < summary->statistics->len; i++) {
        const struct statistics *statistics = &statistics_at(summary, i)->statistics;
        if (statistics->count > 0)
            largest = fmax(largest, fmax(fabs(statistics->minimum), fabs(statistics->maximum)) * scale);
    }
    return largest >= 10000 ? 1 : largest >= 100 ? 2 : largest >= 10 ? 3 : 4;
}

static void add_number(const struct writer *writer, double number)
{
    if (isnan(number))
        table_add_cell(writer->table, "–");
    else
        table_add_cell_printf(writer->table, "%.*f", writer->decimals, number * writer->scale);
}

static void append_end(GString *text, const struct writer *writer, double number)
{
    if (isnan(number))
        g_string_append(text, "–");
    else
        g_string_append_printf(text, "%.*f", writer->decimals, number * writer->scale);
}

/* "12.3 [11.0, 13.9]" */
static void add_estimate(const struct writer *writer, double number, struct interval interval)
{
    GString *text = g_string_new(NULL);
    append_end(text, writer, number);
    if (!isnan(interval.low) || !isnan(interval.high)) {
        g_string_append(text, " [");
        append_end(text, writer, interval.low);
        g_string_append(text, ", ");
        append_end(text, writer, interval.high);
        g_string_append(text, "]");
    }
    table_add_cell(writer->table, text->str);
    g_string_free(text, TRUE);
}

/* 'section / key' in two lines. */
static void add_factor_column(const struct writer *writer, const struct factor *factor)
{
    char **parts = g_strsplit(factor->name, " / ", 2);
    char *header = g_strjoinv("\n", parts);
    table_add_column(writer->table, header, TABLE_LEFT);
    g_free(header);
    g_strfreev(parts);
}

static void add_factor_columns(const struct writer *writer, const struct measure_summary *summary)
{
    for (guint i = 0; i < summary->observations->factors->len; i++)
        add_factor_column(writer, factor_at(summary, i));
}

static void add_levels(const struct writer *writer, const struct measure_summary *summary,
                       const struct row_group *group)
{
    for (guint i = 0; i < summary->observations->factors->len; i++)
        table_add_cell(writer->table, level_of(summary, group, i));
}

static void end_table(struct writer *writer, GString *text)
{
    table_to_text(writer->table, text);
    table_free(writer->table);
    g_string_append_c(text, '\n');
}

static void append_means(const struct measure_summary *summary, struct writer *writer, GString *text)
{
    static const char *const headers[] = {"n", "absent", "mean", "deviation", "median", "minimum", "maximum"};
    writer->table = table_new();
    add_factor_columns(writer, summary);
    for (unsigned i = 0; i < G_N_ELEMENTS(headers); i++)
        table_add_column(writer->table, headers[i], TABLE_RIGHT);
    for (guint i = 0; i < summary->statistics->len; i++) {
        const struct group_statistics *group = statistics_at(summary, i);
        const struct statistics *statistics = &group->statistics;
        bool any = statistics->count > 0;
        add_levels(writer, summary, group->group);
        table_add_cell_printf(writer->table, "%zu", statistics->count);
        table_add_cell_printf(writer->table, "%zu", group->absent);
        add_estimate(writer, statistics_mean(statistics), group->mean_interval);
        add_number(writer, statistics_standard_deviation(statistics));
        add_estimate(writer, group->quantiles[QUANTILE_MEDIAN], group->quantile_intervals[QUANTILE_MEDIAN]);
        add_number(writer, any ? statistics->minimum : NAN);
        add_number(writer, any ? statistics->maximum : NAN);
    }
    end_table(writer, text);
}

static void append_quantiles(const struct measure_summary *summary, struct writer *writer, GString *text)
{
    writer->table = table_new();
    add_factor_columns(writer, summary);
    for (unsigned k = 0; k < QUANTILE_COUNT; k++)
        if (k != QUANTILE_MEDIAN)
            table_add_column(writer->table, quantile_headers[k], TABLE_RIGHT);
    for (guint i = 0; i < summary->statistics->len; i++) {
        const struct group_statistics *group = statistics_at(summary, i);
        add_levels(writer, summary, group->group);
        for (unsigned k = 0; k < QUANTILE_COUNT; k++)
            if (k != QUANTILE_MEDIAN)
                add_estimate(writer, group->quantiles[k], group->quantile_intervals[k]);
    }
    end_table(writer, text);
}

/* Is the factor worth a column beside the compared one? */
static bool is_beside(const struct measure_summary *summary, guint factor)
{
    return factor != (guint)summary->compared &&
           !observations_follows(summary->observations, factor, (guint)summary->compared);
}

static void append_comparisons(const struct measure_summary *summary, struct writer *writer, GString *text)
{
    const struct factor *compared = factor_at(summary, (guint)summary->compared);
    struct writer ratio = {.scale = 1, .decimals = 4};
    guint count = summary->observations->factors->len;
    bool *beside = g_new0(bool, count + 1);
    ratio.table = writer->table = table_new();
    for (guint i = 0; i < count; i++) {
        beside[i] = is_beside(summary, i);
        if (beside[i])
            add_factor_column(writer, factor_at(summary, i));
    }
    add_factor_column(writer, compared);
    table_add_column(writer->table, "pairs", TABLE_RIGHT);
    table_add_column(writer->table, "its mean", TABLE_RIGHT);
    table_add_column(writer->table, "difference", TABLE_RIGHT);
    table_add_column(writer->table, "ratio", TABLE_RIGHT);
    for (guint i = 0; i < summary->comparisons->len; i++) {
        const struct group_comparison *comparison = comparison_at(summary, i);
        const struct paired_comparison *paired = &comparison->paired;
        for (guint k = 0; k < count; k++)
            if (beside[k])
                table_add_cell(writer->table, level_of(summary, comparison->second, k));
        table_add_cell(writer->table, level_of(summary, comparison->second, (guint)summary->compared));
        table_add_cell_printf(writer->table, "%zu", paired->count);
        add_number(writer, paired->second_mean);
        add_estimate(writer, paired->difference, paired->difference_interval);
        add_estimate(&ratio, paired->ratio, paired->ratio_interval);
    }
    g_string_append_printf(text, "Against %s, pair by pair:\n\n", (const char *)compared->levels->pdata[0]);
    end_table(writer, text);
    g_free(beside);
}

static const char *observations_text(const struct measure_summary *summary)
{
    bool each = false, means = false;
    for (guint i = 0; i < summary->groups->len; i++) {
        const struct row_group *group = summary->groups->pdata[i];
        each |= group->each;
        means |= !group->each;
    }
    return each && means ? "replications; single rows where there is only one"
           : each        ? "single rows"
                         : "replications";
}

static const char *const by_bootstrap[] = {
    [BOOTSTRAP_PERCENTILE] = ", percentiles' by bootstrap",
    [BOOTSTRAP_BCA] = ", percentiles' by bootstrap (BCa)",
};

void measure_summary_append_text(const struct measure_summary *summary, GString *text)
{
    struct writer writer = {.scale = summary->is_time ? 1000 : 1};
    writer.decimals = decimals_of(summary, writer.scale);
    g_string_append_printf(text, "%s.%s%s. Observations: %s. Intervals: %g %%%s.\n\n",
                           result_tables[summary->observations->table].name, summary->name,
                           summary->is_time ? " (ms)" : "", observations_text(summary),
                           summary->options.confidence * 100,
                           summary->options.resamples > 0 ? by_bootstrap[summary->options.bootstrap] : "");
    append_means(summary, &writer, text);
    append_quantiles(summary, &writer, text);
    if (summary->comparisons->len > 0)
        append_comparisons(summary, &writer, text);
}

/* -- CSV -- */

static void append_csv_number(GString *csv, double number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    csv_append_text(csv, isnan(number) ? "" : g_ascii_formatd(digits, sizeof(digits), "%.15g", number));
}

static void append_csv_interval(GString *csv, struct interval interval)
{
    append_csv_number(csv, interval.low);
    append_csv_number(csv, interval.high);
}

/* Names of the factors of all summaries, each once. */
static GPtrArray *all_factors(const GPtrArray *summaries)
{
    GPtrArray *names = g_ptr_array_new();
    for (guint i = 0; i < summaries->len; i++) {
        const struct measure_summary *summary = summaries->pdata[i];
        for (guint k = 0; k < summary->observations->factors->len; k++) {
            char *name = factor_at(summary, k)->name;
            if (!g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
                g_ptr_array_add(names, name);
        }
    }
    return names;
}

static void append_csv_header(GString *csv, const GPtrArray *names, const char *const *columns)
{
    static const char *const first[] = {"table", "measure", "unit"};
    for (unsigned i = 0; i < G_N_ELEMENTS(first); i++)
        csv_append_text(csv, first[i]);
    for (guint i = 0; i < names->len; i++)
        csv_append_text(csv, names->pdata[i]);
    for (; *columns; columns++)
        csv_append_text(csv, *columns);
}

static void append_csv_place(GString *csv, const struct measure_summary *summary, const GPtrArray *names,
                             const struct row_group *group)
{
    csv_append_text(csv, result_tables[summary->observations->table].name);
    csv_append_text(csv, summary->name);
    csv_append_text(csv, summary->is_time ? "s" : "");
    for (guint i = 0; i < names->len; i++) {
        const char *level = "";
        for (guint k = 0; k < summary->observations->factors->len; k++)
            if (strcmp(factor_at(summary, k)->name, names->pdata[i]) == 0)
                level = level_of(summary, group, k);
        csv_append_text(csv, level);
    }
}

static void append_csv_statistics(GString *csv, const struct group_statistics *group)
{
    const struct statistics *statistics = &group->statistics;
    bool any = statistics->count > 0;
    csv_append_count(csv, statistics->count);
    csv_append_count(csv, group->absent);
    append_csv_number(csv, statistics_mean(statistics));
    append_csv_interval(csv, group->mean_interval);
    append_csv_number(csv, statistics_standard_deviation(statistics));
    append_csv_number(csv, any ? statistics->minimum : NAN);
    for (unsigned i = 0; i < QUANTILE_COUNT; i++) {
        append_csv_number(csv, group->quantiles[i]);
        append_csv_interval(csv, group->quantile_intervals[i]);
    }
    append_csv_number(csv, any ? statistics->maximum : NAN);
    csv_end_row(csv);
}

void measure_summaries_append_csv(const GPtrArray *summaries, GString *csv)
{
    static const char *const columns[] = {"n",         "absent",    "mean",    "mean_low",
                                          "mean_high", "deviation", "minimum", NULL};
    GPtrArray *names = all_factors(summaries);
    append_csv_header(csv, names, columns);
    for (unsigned i = 0; i < QUANTILE_COUNT; i++) {
        static const char *const ends[] = {"", "_low", "_high"};
        for (unsigned k = 0; k < G_N_ELEMENTS(ends); k++) {
            char *name = g_strconcat(quantile_columns[i], ends[k], NULL);
            csv_append_text(csv, name);
            g_free(name);
        }
    }
    csv_append_text(csv, "maximum");
    csv_end_row(csv);
    for (guint i = 0; i < summaries->len; i++) {
        const struct measure_summary *summary = summaries->pdata[i];
        for (guint k = 0; k < summary->statistics->len; k++) {
            append_csv_place(csv, summary, names, statistics_at(summary, k)->group);
            append_csv_statistics(csv, statistics_at(summary, k));
        }
    }
    g_ptr_array_unref(names);
}

void measure_summaries_append_comparisons_csv(const GPtrArray *summaries, GString *csv)
{
    static const char *const columns[] = {
        "compared",   "against",        "pairs",           "alone", "mean",      "against_mean",
        "difference", "difference_low", "difference_high", "ratio", "ratio_low", "ratio_high",
        NULL};
    GPtrArray *names = all_factors(summaries);
    append_csv_header(csv, names, columns);
    csv_end_row(csv);
    for (guint i = 0; i < summaries->len; i++) {
        const struct measure_summary *summary = summaries->pdata[i];
        for (guint k = 0; k < summary->comparisons->len; k++) {
            const struct group_comparison *comparison = comparison_at(summary, k);
            const struct paired_comparison *paired = &comparison->paired;
            append_csv_place(csv, summary, names, comparison->second);
            csv_append_text(csv, factor_at(summary, (guint)summary->compared)->name);
            csv_append_text(csv, level_of(summary, comparison->first, (guint)summary->compared));
            csv_append_count(csv, paired->count);
            csv_append_count(csv, comparison->alone);
            append_csv_number(csv, paired->second_mean);
            append_csv_number(csv, paired->first_mean);
            append_csv_number(csv, paired->difference);
            append_csv_interval(csv, paired->difference_interval);
            append_csv_number(csv, paired->ratio);
            append_csv_interval(csv, paired->ratio_interval);
            csv_end_row(csv);
        }
    }
    g_ptr_array_unref(names);
}

void measure_summaries_append_distribution_csv(const GPtrArray *summaries, GString *csv)
{
    static const char *const columns[] = {"value", "share", "share_low", "share_high", NULL};
    GPtrArray *names = all_factors(summaries);
    append_csv_header(csv, names, columns);
    csv_end_row(csv);
    for (guint i = 0; i < summaries->len; i++) {
        const struct measure_summary *summary = summaries->pdata[i];
        for (guint k = 0; k < summary->statistics->len; k++) {
            const struct group_statistics *group = statistics_at(summary, k);
            struct cdf_step *steps = g_new(struct cdf_step, group->statistics.count + 1);
            double half_width =
                samples_cdf_half_width(group->statistics.count, summary->options.confidence);
            size_t count = samples_cdf(group->sorted, group->statistics.count, steps);
            for (size_t step = 0; step < count; step++) {
                append_csv_place(csv, summary, names, group->group);
                append_csv_number(csv, steps[step].value);
                append_csv_number(csv, steps[step].share);
                struct interval band = cdf_band(&steps[step], half_width);
                append_csv_number(csv, band.low);
                append_csv_number(csv, band.high);
                csv_end_row(csv);
            }
            g_free(steps);
        }
    }
    g_ptr_array_unref(names);
}

/* -- JSON -- */

static void append_json_number(GString *json, const char *name, double number)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(json, ", \"%s\": %s", name,
                           isnan(number) ? "null" : g_ascii_formatd(digits, sizeof(digits), "%.15g", number));
}

/* As NAME_low and NAME_high, so that names are those of the CSV columns. */
static void append_json_estimate(GString *json, const char *name, double number, struct interval interval)
{
    char *low = g_strconcat(name, "_low", NULL), *high = g_strconcat(name, "_high", NULL);
    append_json_number(json, name, number);
    append_json_number(json, low, interval.low);
    append_json_number(json, high, interval.high);
    g_free(low);
    g_free(high);
}

static void append_json_place(GString *json, const struct measure_summary *summary,
                              const struct row_group *group)
{
    g_string_append_printf(json, "{\"table\": \"%s\", \"measure\": \"%s\", \"unit\": \"%s\", \"where\": {",
                           result_tables[summary->observations->table].name, summary->name,
                           summary->is_time ? "s" : "");
    for (guint i = 0; i < summary->observations->factors->len; i++) {
        g_string_append(json, i ? ", " : "");
        json_append_text(json, factor_at(summary, i)->name);
        g_string_append(json, ": ");
        json_append_text(json, level_of(summary, group, i));
    }
    g_string_append_c(json, '}');
}

static void append_json_statistics(GString *json, const struct measure_summary *summary,
                                   const struct group_statistics *group)
{
    const struct statistics *statistics = &group->statistics;
    bool any = statistics->count > 0;
    append_json_place(json, summary, group->group);
    g_string_append_printf(json, ", \"observations\": \"%s\", \"n\": %zu, \"absent\": %zu",
                           group->group->each ? "rows" : "replications", statistics->count, group->absent);
    append_json_estimate(json, "mean", statistics_mean(statistics), group->mean_interval);
    append_json_number(json, "deviation", statistics_standard_deviation(statistics));
    append_json_number(json, "minimum", any ? statistics->minimum : NAN);
    for (unsigned i = 0; i < QUANTILE_COUNT; i++)
        append_json_estimate(json, quantile_columns[i], group->quantiles[i], group->quantile_intervals[i]);
    append_json_number(json, "maximum", any ? statistics->maximum : NAN);
    g_string_append_c(json, '}');
}

static void append_json_comparison(GString *json, const struct measure_summary *summary,
                                   const struct group_comparison *comparison)
{
    const struct paired_comparison *paired = &comparison->paired;
    append_json_place(json, summary, comparison->second);
    g_string_append(json, ", \"compared\": ");
    json_append_text(json, factor_at(summary, (guint)summary->compared)->name);
    g_string_append(json, ", \"against\": ");
    json_append_text(json, level_of(summary, comparison->first, (guint)summary->compared));
    g_string_append_printf(json, ", \"pairs\": %zu, \"alone\": %zu", paired->count, comparison->alone);
    append_json_number(json, "mean", paired->second_mean);
    append_json_number(json, "against_mean", paired->first_mean);
    append_json_estimate(json, "difference", paired->difference, paired->difference_interval);
    append_json_estimate(json, "ratio", paired->ratio, paired->ratio_interval);
    g_string_append_c(json, '}');
}

void measure_summaries_append_json(const GPtrArray *summaries, GString *json)
{
    const struct measure_summary *any = summaries->pdata[0];
    unsigned count = 0;
    g_string_append(json, "{\"source\": ");
    json_append_text(json, any->observations->csv->path);
    append_json_number(json, "confidence", any->options.confidence);
    g_string_append(json, ",\n \"statistics\": [");
    for (guint i = 0; i < summaries->len; i++) {
        const struct measure_summary *summary = summaries->pdata[i];
        for (guint k = 0; k < summary->statistics->len; k++) {
            g_string_append(json, count++ ? ",\n  " : "\n  ");
            append_json_statistics(json, summary, statistics_at(summary, k));
        }
    }
    count = 0;
    g_string_append(json, "\n ],\n \"comparisons\": [");
    for (guint i = 0; i < summaries->len; i++) {
        const struct measure_summary *summary = summaries->pdata[i];
        for (guint k = 0; k < summary->comparisons->len; k++) {
            g_string_append(json, count++ ? ",\n  " : "\n  ");
            append_json_comparison(json, summary, comparison_at(summary, k));
        }
    }
    g_string_append(json, "\n ]}\n");
}
