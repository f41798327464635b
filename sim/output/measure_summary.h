/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure_summary.h - what the results of an experiment say about a measure: statistics of each group of
 * observations (observations.h), and one method against another under common random numbers.
 *
 * Times are seconds everywhere but in text for people, where they are milliseconds.
 */
#ifndef MIP6SIM_SIM_OUTPUT_MEASURE_SUMMARY_H
#define MIP6SIM_SIM_OUTPUT_MEASURE_SUMMARY_H

#include <glib.h>
#include <stdbool.h>

#include "sim/measure/statistics.h"
#include "sim/output/observations.h"

/* X(NAME, fraction, column, header) */
#define SUMMARY_QUANTILES(X)                                                                                 \
    X(P5, 0.05, "p5", "5 %")                                                                                 \
    X(P25, 0.25, "p25", "25 %")                                                                              \
    X(MEDIAN, 0.5, "median", "median")                                                                       \
    X(P75, 0.75, "p75", "75 %")                                                                              \
    X(P90, 0.9, "p90", "90 %")                                                                               \
    X(P95, 0.95, "p95", "95 %")                                                                              \
    X(P99, 0.99, "p99", "99 %")

enum summary_quantile {
#define X(name, fraction, column, header) QUANTILE_##name,
    SUMMARY_QUANTILES(X)
#undef X
        QUANTILE_COUNT
};

struct group_statistics {
    const struct row_group *group;
    size_t absent; /* rows in which it did not happen */
    struct statistics statistics;
    struct interval mean_interval; /* Student's */
    double quantiles[QUANTILE_COUNT];
    struct interval quantile_intervals[QUANTILE_COUNT]; /* order statistics', or the bootstrap's */
    double *sorted;                                     /* the observations */
};

/* A level of the compared factor against its first, all else being equal. */
struct group_comparison {
    const struct row_group *first, *second;
    struct paired_comparison paired;
    size_t alone;      /* observations of either that are in no pair */
    size_t rows;       /* of those that are */
    size_t rows_alone; /* left out of them: the other has nothing like them (observations_match) */
};

struct summary_options {
    double confidence;
    unsigned resamples; /* of the bootstrap; 0: order statistics */
    enum bootstrap bootstrap;
};

struct measure_summary {
    const struct observations *observations;
    char *name;
    bool is_time;
    struct summary_options options;
    GPtrArray *groups;   /* struct row_group * */
    GArray *statistics;  /* struct group_statistics, one for each group */
    int compared;        /* factor; -1: nothing is compared */
    GArray *comparisons; /* struct group_comparison */
    guint groups_alone;  /* that have nothing to be compared with */
};

/* number: keeps the random numbers of one measure's bootstrap from those of another. NULL and error. The
 * observations must outlive it. Free with measure_summary_free. */
struct measure_summary *measure_summary_new(const struct observations *observations, const char *name,
                                            bool is_time, const struct summary_options *options, int compared,
                                            uint32_t number, GError **error);
void measure_summary_free(struct measure_summary *summary); /* NULL is harmless */

/* Observations that have no partner, in all comparisons; and rows left out of those that have one. */
size_t measure_summary_alone(const struct measure_summary *summary, size_t *rows);

/* Tables for people. */
void measure_summary_append_text(const struct measure_summary *summary, GString *text);
/* Summaries (struct measure_summary *) with a header: statistics, comparisons, or the steps of the empirical
 * distribution function. Columns of factors are those of all of them. */
void measure_summaries_append_csv(const GPtrArray *summaries, GString *csv);
void measure_summaries_append_comparisons_csv(const GPtrArray *summaries, GString *csv);
void measure_summaries_append_distribution_csv(const GPtrArray *summaries, GString *csv);
/* One object with everything. */
void measure_summaries_append_json(const GPtrArray *summaries, GString *json);

#endif
