/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statistics.h - what a sample of measurements says: mean and its confidence interval, percentiles,
 * distribution.
 *
 * Mean and variance are accumulated by Welford's method, which loses no digits where the spread is small
 * beside the mean (instants of a long run). Values are finite; what did not happen is not added. NAN says
 * that something cannot be told: the mean of nothing, the deviation or the interval of fewer than two
 * values.
 */
#ifndef MIP6SIM_SIM_MEASURE_STATISTICS_H
#define MIP6SIM_SIM_MEASURE_STATISTICS_H

#include <stddef.h>

/* Zero it to begin with. */
struct statistics {
    size_t count;
    double sum_of_squares; /* of the deviations from the mean; private, as the next one */
    double running_mean;
    double minimum, maximum; /* 0 while count is 0 */
};

void statistics_add(struct statistics *statistics, double value);

double statistics_mean(const struct statistics *statistics);
/* Of the sample (divided by count - 1). */
double statistics_standard_deviation(const struct statistics *statistics);
/*
 * Half the width of the confidence interval of the mean, by Student's t distribution with count - 1
 * degrees of freedom: the interval is mean - half width to mean + half width. confidence: 0 < confidence <
 * 1, such as 0.95. Exact if the values are independent and normal, good for the mean of many that are not.
 */
double statistics_half_width(const struct statistics *statistics, double confidence);

/* Sorts values in place, ascending, as what follows wants them. */
void samples_sort(double *values, size_t count);

/*
 * The fraction's (0..1) quantile of sorted values: linear between the order statistics around position
 * (count - 1) * fraction, counted from 0 (type 7 of Hyndman and Fan, 1996; the default of R and NumPy).
 * 0.5 is the median.
 */
double samples_quantile(const double *sorted, size_t count, double fraction);

/* A step of an empirical distribution function: `share` (0..1] of the sample is at or below `value`. */
struct cdf_step {
    double value;
    double share;
};

/* Writes the steps, one for each distinct value, ascending; the last share is 1. Returns how many: at most
 * count. */
size_t samples_cdf(const double *sorted, size_t count, struct cdf_step *steps);

#endif
