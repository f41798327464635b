/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure_summary.c - see measure_summary.h. The same results give the same intervals: the bootstrap draws
 * from a stream that is keyed by measure and group.
 */
#include "sim/output/measure_summary.h"

#include <string.h>

#include "sim/engine/random.h"

#define BOOTSTRAP_SEED    1
#define BOOTSTRAP_PURPOSE 1

static const double fractions[] = {
#define X(name, fraction, column, header) fraction,
    SUMMARY_QUANTILES(X)
#undef X
};

/* -- statistics -- */

static void find_quantiles(struct group_statistics *statistics, const struct summary_options *options,
                           uint32_t number, uint32_t group)
{
    size_t count = statistics->statistics.count;
    struct random_stream stream;
    for (unsigned i = 0; i < QUANTILE_COUNT; i++)
        statistics->quantiles[i] = samples_quantile(statistics->sorted, count, fractions[i]);
    if (options->resamples > 0) {
        random_stream_init(&stream, BOOTSTRAP_SEED, number, group, BOOTSTRAP_PURPOSE);
        samples_bootstrap(statistics->sorted, count, fractions, QUANTILE_COUNT, options->confidence,
                          options->bootstrap, options->resamples, &stream, statistics->quantile_intervals);
        return;
    }
    for (unsigned i = 0; i < QUANTILE_COUNT; i++)
        statistics->quantile_intervals[i] =
            samples_quantile_interval(statistics->sorted, count, fractions[i], options->confidence);
}

static void add_group(struct measure_summary *summary, const double *values, uint32_t number, guint index)
{
    const struct row_group *group = summary->groups->pdata[index];
    struct group_statistics statistics = {.group = group};
    struct sample sample;
    sample_take(&sample, summary->observations, group, values, group->each, false, NULL);
    statistics.absent = sample.absent;
    for (guint i = 0; i < sample.values->len; i++)
        statistics_add(&statistics.statistics, g_array_index(sample.values, double, i));
    double mean = statistics_mean(&statistics.statistics);
    double half_width = statistics_half_width(&statistics.statistics, summary->options.confidence);
    statistics.mean_interval = (struct interval){mean - half_width, mean + half_width};
    statistics.sorted = g_memdup2(sample.values->data, sample.values->len * sizeof(double));
    samples_sort(statistics.sorted, sample.values->len);
    find_quantiles(&statistics, &summary->options, number, index);
    g_array_append_val(summary->statistics, statistics);
    sample_clear(&sample);
}

/* -- comparisons -- */

/* Observations by key: index + 1. */
static GHashTable *sample_index(const struct sample *sample)
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < sample->values->len; i++)
        g_hash_table_insert(index, sample->keys->pdata[i], GUINT_TO_POINTER(i + 1));
    return index;
}

static void compare_samples(const struct sample *first, const struct sample *second, double confidence,
                            struct group_comparison *comparison)
{
    GHashTable *of_first = sample_index(first);
    GArray *a = g_array_new(FALSE, FALSE, sizeof(double)), *b = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < second->values->len; i++) {
        guint partner = GPOINTER_TO_UINT(g_hash_table_lookup(of_first, second->keys->pdata[i]));
        if (partner == 0)
            continue;
        g_array_append_val(a, g_array_index(first->values, double, partner - 1));
        g_array_append_val(b, g_array_index(second->values, double, i));
        comparison->rows += g_array_index(first->rows, size_t, partner - 1);
        comparison->rows += g_array_index(second->rows, size_t, i);
    }
    paired_compare((const double *)(const void *)a->data, (const double *)(const void *)b->data, a->len,
                   confidence, &comparison->paired);
    g_array_unref(a);
    g_array_unref(b);
    g_hash_table_destroy(of_first);
}

/* matched: room for a value of each row. What is left out of it is told by a comparison without that. */
static void compare_groups(struct measure_summary *summary, const double *values, double *matched,
                           const struct row_group *first, const struct row_group *second)
{
    const struct observations *observations = summary->observations;
    const struct factor *factor = observations->factors->pdata[summary->compared];
    struct group_comparison comparison = {.first = first, .second = second}, all = {0};
    bool each = first->each && second->each;
    struct sample samples[2];
    sample_take(&samples[0], observations, first, values, each, true, factor->name);
    sample_take(&samples[1], observations, second, values, each, true, factor->name);
    compare_samples(&samples[0], &samples[1], summary->options.confidence, &all);
    size_t observed = (size_t)samples[0].values->len + samples[1].values->len;
    sample_clear(&samples[0]);
    sample_clear(&samples[1]);
    observations_match(observations, first, second, (guint)summary->compared, values, matched);
    sample_take(&samples[0], observations, first, matched, each, true, factor->name);
    sample_take(&samples[1], observations, second, matched, each, true, factor->name);
    compare_samples(&samples[0], &samples[1], summary->options.confidence, &comparison);
    comparison.alone = observed - 2 * comparison.paired.count;
    comparison.rows_alone = all.rows - comparison.rows;
    g_array_append_val(summary->comparisons, comparison);
    sample_clear(&samples[0]);
    sample_clear(&samples[1]);
}

/* All but the compared factor, and what follows it, is the same. */
static bool is_counterpart(const struct measure_summary *summary, const bool *follows,
                           const struct row_group *first, const struct row_group *second)
{
    guint count = summary->observations->factors->len;
    for (guint i = 0; i < count; i++)
        if (!follows[i] && first->levels[i] != second->levels[i])
            return false;
    return first->levels[summary->compared] == 0 && second->levels[summary->compared] != 0;
}

static void compare_all(struct measure_summary *summary, const double *values)
{
    guint count = summary->observations->factors->len, of = (guint)summary->compared;
    bool *follows = g_new0(bool, count + 1);
    for (guint i = 0; i < count; i++)
        follows[i] = i == of || observations_follows(summary->observations, i, of);
    bool *met = g_new0(bool, summary->groups->len + 1);
    double *matched = g_new(double, summary->observations->csv->row_count + 1);
    for (guint i = 0; i < summary->groups->len; i++)
        for (guint k = 0; k < summary->groups->len; k++)
            if (is_counterpart(summary, follows, summary->groups->pdata[i], summary->groups->pdata[k])) {
                compare_groups(summary, values, matched, summary->groups->pdata[i],
                               summary->groups->pdata[k]);
                met[i] = met[k] = true;
            }
    for (guint i = 0; i < summary->groups->len; i++)
        summary->groups_alone += !met[i];
    g_free(matched);
    g_free(met);
    g_free(follows);
}

/* -- life -- */

static void statistics_clear(void *data)
{
    struct group_statistics *statistics = data;
    g_free(statistics->sorted);
}

struct measure_summary *measure_summary_new(const struct observations *observations, const char *name,
                                            bool is_time, const struct summary_options *options, int compared,
                                            uint32_t number, GError **error)
{
    double *values = observations_values(observations, name, error);
    if (!values)
        return NULL;
    struct measure_summary *summary = g_new0(struct measure_summary, 1);
    summary->observations = observations;
    summary->name = g_strdup(name);
    summary->is_time = is_time;
    summary->options = *options;
    summary->compared = compared;
    summary->groups = observations_groups(observations);
    summary->statistics = g_array_new(FALSE, FALSE, sizeof(struct group_statistics));
    g_array_set_clear_func(summary->statistics, statistics_clear);
    summary->comparisons = g_array_new(FALSE, FALSE, sizeof(struct group_comparison));
    for (guint i = 0; i < summary->groups->len; i++)
        add_group(summary, values, number, i);
    if (compared >= 0)
        compare_all(summary, values);
    g_free(values);
    return summary;
}

void measure_summary_free(struct measure_summary *summary)
{
    if (!summary)
        return;
    g_array_unref(summary->comparisons);
    g_array_unref(summary->statistics);
    g_ptr_array_unref(summary->groups);
    g_free(summary->name);
    g_free(summary);
}

size_t measure_summary_alone(const struct measure_summary *summary, size_t *rows)
{
    size_t alone = 0;
    *rows = 0;
    for (guint i = 0; i < summary->comparisons->len; i++) {
        const struct group_comparison *comparison =
            &g_array_index(summary->comparisons, struct group_comparison, i);
        alone += comparison->alone;
        *rows += comparison->rows_alone;
    }
    return alone;
}
