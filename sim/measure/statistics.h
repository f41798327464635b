/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statistics.h - what a sample of measurements says: mean and its confidence interval, percentiles and
 * theirs, distribution; and how two samples compare, pair by pair.
 *
 * Mean and variance are accumulated by Welford's method, which loses no digits where the spread is small
 * beside the mean (instants of a long run). Values are finite; what did not happen is not added. NAN says
 * that something cannot be told: the mean of nothing, the deviation or the interval of fewer than two
 * values.
 */
#ifndef MIP6SIM_SIM_MEASURE_STATISTICS_H
#define MIP6SIM_SIM_MEASURE_STATISTICS_H

#include <stddef.h>

#include "sim/engine/random.h"

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

/* NAN: an end that the sample cannot give. */
struct interval {
    double low, high;
};

/*
 * A confidence interval for the fraction's (0 < fraction < 1) quantile of the distribution from which the
 * sorted values are a sample, whatever that distribution is: its ends are order statistics. The number of
 * values below the quantile is binomial (count, fraction), so the l-th value is above it with probability
 * P(B < l), the u-th below it with P(B >= u); l is the largest and u the smallest for which each is at most
 * (1 - confidence) / 2 (H. A. David, H. N. Nagaraja, Order Statistics, 3rd ed., 2003, 7.1; G. J. Hahn, W.
 * Q. Meeker, Statistical Intervals, 1991, 5.2). It covers the quantile at least as often as it says; where
 * the sample is too small for that (fewer than 6 values for the median at 95 %, 368 for the 99th
 * percentile) an end is missing.
 */
struct interval samples_quantile_interval(const double *sorted, size_t count, double fraction,
                                          double confidence);

enum bootstrap {
    BOOTSTRAP_PERCENTILE,
    BOOTSTRAP_BCA,
};

/*
 * The same for several quantiles at a time by the bootstrap (B. Efron, "Bootstrap Methods: Another Look at
 * the Jackknife", Annals of Statistics 7, 1979; B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap,
 * 1993): `resamples` times as many values are drawn with replacement, and the interval is what is in the
 * middle of the quantiles that are found (13.3). BCA, bias-corrected and accelerated (14.3): not in the very
 * middle, but where the share of them below the sample's own quantile (ties are halved), and the skewness of
 * the quantiles of the sample without one value each (the jackknife), say that it is. Always there, and
 * approximate: never wider than the sample, too narrow for a quantile near its ends. Draws from the stream;
 * two values at least, else NAN; NAN also if by BCA none or all of what is found is below, or the skewness is
 * such that a point of the correction lies beyond its pole.
 */
void samples_bootstrap(const double *sorted, size_t count, const double *fractions, unsigned fraction_count,
                       double confidence, enum bootstrap method, unsigned resamples,
                       struct random_stream *stream, struct interval *intervals);

/*
 * Two methods that have met the same random numbers: value i of each comes from the same replication. NAN as
 * above: fewer than two pairs have no interval.
 */
struct paired_comparison {
    size_t count; /* pairs */
    double first_mean, second_mean;
    double difference; /* second - first, of the means */
    struct interval difference_interval;
    double ratio; /* second_mean / first_mean; NAN: the first is 0 */
    struct interval ratio_interval;
};

/*
 * The interval of the difference is Student's, of the pairs' differences (A. M. Law, Simulation Modeling
 * and Analysis, 5th ed., 2015, 10.2.1: the paired-t interval): what both have in common cancels out. That
 * of the ratio is E. C. Fieller's ("Some Problems in Interval Estimation", Journal of the Royal Statistical
 * Society B 16, 1954): the ratios r for which the mean of second - r * first does not differ from 0; exact
 * for normal pairs, and bounded only where first_mean does differ from 0, else NAN.
 */
void paired_compare(const double *first, const double *second, size_t count, double confidence,
                    struct paired_comparison *comparison);

/* A step of an empirical distribution function: `share` (0..1] of the sample is at or below `value`. */
struct cdf_step {
    double value;
    double share;
};

/* Writes the steps, one for each distinct value, ascending; the last share is 1. Returns how many: at most
 * count. */
size_t samples_cdf(const double *sorted, size_t count, struct cdf_step *steps);

/*
 * A confidence band for the distribution function, whatever it is: with the confidence it is, at all values
 * at once, nowhere further than this from the share in a sample of independent values; sqrt(ln(2 / (1 -
 * confidence)) / 2 count) (A. Dvoretzky, J. Kiefer, J. Wolfowitz, "Asymptotic Minimax Character of the Sample
 * Distribution Function", Annals of Mathematical Statistics 27, 1956; with the constant of P. Massart, "The
 * Tight Constant in the Dvoretzky-Kiefer-Wolfowitz Inequality", Annals of Probability 18, 1990). NAN: no
 * values.
 */
double samples_cdf_half_width(size_t count, double confidence);
/* The band at a step, within 0..1. */
struct interval cdf_band(const struct cdf_step *step, double half_width);

#endif
