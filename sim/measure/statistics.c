/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statistics.c - see statistics.h. B. P. Welford, "Note on a Method for Calculating Corrected Sums of
 * Squares and Products", Technometrics 4 (1962); R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical
 * Packages", The American Statistician 50 (1996).
 */
#include "sim/measure/statistics.h"

#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

void statistics_add(struct statistics *statistics, double value)
{
    statistics->minimum = statistics->count == 0 ? value : fmin(statistics->minimum, value);
    statistics->maximum = statistics->count == 0 ? value : fmax(statistics->maximum, value);
    statistics->count++;
    double deviation = value - statistics->running_mean;
    statistics->running_mean += deviation / (double)statistics->count;
    statistics->sum_of_squares += deviation * (value - statistics->running_mean);
}

double statistics_mean(const struct statistics *statistics)
{
    return statistics->count == 0 ? NAN : statistics->running_mean;
}

double statistics_standard_deviation(const struct statistics *statistics)
{
    if (statistics->count < 2)
        return NAN;
    return sqrt(fmax(statistics->sum_of_squares, 0) / (double)(statistics->count - 1));
}

double statistics_half_width(const struct statistics *statistics, double confidence)
{
    if (statistics->count < 2)
        return NAN;
    double t = gsl_cdf_tdist_Pinv(0.5 + confidence / 2, (double)(statistics->count - 1));
    return t * statistics_standard_deviation(statistics) / sqrt((double)statistics->count);
}

static int compare_values(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;

    return (first > second) - (first < second);
}

void samples_sort(double *values, size_t count)
{
    if (count > 1)
        qsort(values, count, sizeof(*values), compare_values);
}

double samples_quantile(const double *sorted, size_t count, double fraction)
{
    if (count == 0)
        return NAN;
    double position = (double)(count - 1) * fmin(fmax(fraction, 0), 1);
    size_t below = (size_t)position;
    if (below + 1 >= count)
        return sorted[count - 1];
    return sorted[below] + (position - (double)below) * (sorted[below + 1] - sorted[below]);
}

size_t samples_cdf(const double *sorted, size_t count, struct cdf_step *steps)
{
    size_t step_count = 0;

    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && sorted[i + 1] <= sorted[i])
            continue;
        steps[step_count++] = (struct cdf_step){.value = sorted[i], .share = (double)(i + 1) / (double)count};
    }
    return step_count;
}

double samples_cdf_half_width(size_t count, double confidence)
{
    return count == 0 ? NAN : sqrt(log(2 / (1 - confidence)) / (2 * (double)count));
}

struct interval cdf_band(const struct cdf_step *step, double half_width)
{
    return (struct interval){fmax(step->share - half_width, 0), fmin(step->share + half_width, 1)};
}

/* -- intervals of quantiles -- */

/* P(B < k), B binomial (count, fraction). */
static double below(size_t k, double fraction, size_t count)
{
    return k == 0 ? 0 : gsl_cdf_binomial_P((unsigned)(k - 1), fraction, (unsigned)count);
}

/* The largest k in 0..count with P(B < k) <= tail: it grows with k, so halves are enough. */
static size_t lower_rank(size_t count, double fraction, double tail)
{
    size_t good = 0, bad = count + 1;
    while (bad - good > 1) {
        size_t middle = good + (bad - good) / 2;
        if (below(middle, fraction, count) <= tail)
            good = middle;
        else
            bad = middle;
    }
    return good;
}

/* The smallest k in 1..count + 1 with P(B >= k) <= tail; P(B >= count + 1) is 0. */
static size_t upper_rank(size_t count, double fraction, double tail)
{
    size_t bad = 0, good = count + 1;
    while (good - bad > 1) {
        size_t middle = bad + (good - bad) / 2;
        if (gsl_cdf_binomial_Q((unsigned)(middle - 1), fraction, (unsigned)count) <= tail)
            good = middle;
        else
            bad = middle;
    }
    return good;
}

struct interval samples_quantile_interval(const double *sorted, size_t count, double fraction,
                                          double confidence)
{
    double tail = (1 - confidence) / 2;
    size_t low = lower_rank(count, fraction, tail), high = upper_rank(count, fraction, tail);

    return (struct interval){
        .low = low == 0 ? NAN : sorted[low - 1],
        .high = high > count ? NAN : sorted[high - 1],
    };
}

/* The values that are drawn, in order: each as often as its number is. */
static void draw_sorted(const double *sorted, size_t count, size_t *times, double *drawn,
                        struct random_stream *stream)
{
    size_t next = 0;

    memset(times, 0, count * sizeof(*times));
    for (size_t i = 0; i < count; i++)
        times[random_below(stream, count)]++;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < times[i]; k++)
            drawn[next++] = sorted[i];
}

/* The quantile of the values without the one at `left_out`. */
static double quantile_without(const double *sorted, size_t count, double fraction, size_t left_out)
{
    double position = (double)(count - 2) * fraction;
    size_t at = (size_t)position, next = at + 1 < count - 1 ? at + 1 : at;
    double here = sorted[at + (at >= left_out)], there = sorted[next + (next >= left_out)];
    return here + (position - (double)at) * (there - here);
}

/* A sixth of the skewness of what is found without one value each; 0: all the same. Counted from the first
 * of them, so that what is the same differs by 0, and not by what a mean is rounded by. */
static double acceleration(const double *sorted, size_t count, double fraction)
{
    double first = quantile_without(sorted, count, fraction, 0), mean = 0, squares = 0, cubes = 0;
    for (size_t i = 0; i < count; i++)
        mean += (quantile_without(sorted, count, fraction, i) - first) / (double)count;
    for (size_t i = 0; i < count; i++) {
        double deviation = mean - (quantile_without(sorted, count, fraction, i) - first);
        squares += deviation * deviation;
        cubes += deviation * deviation * deviation;
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

/* The share of `found` below the sample's own, as a normal quantile. */
static double bias(const double *found, unsigned resamples, double own)
{
    unsigned lower = 0, equal = 0;
    for (unsigned i = 0; i < resamples; i++) {
        lower += found[i] < own;
        equal += !(found[i] < own) && !(found[i] > own);
    }
    return gsl_cdf_ugaussian_Pinv((lower + 0.5 * equal) / resamples);
}

static struct interval middle_of(const double *found, unsigned resamples, double low, double high)
{
    return (struct interval){samples_quantile(found, resamples, low),
                             samples_quantile(found, resamples, high)};
}

/* found: sorted. */
static struct interval corrected(const double *found, unsigned resamples, const double *sorted, size_t count,
                                 double fraction, double confidence)
{
    double z = bias(found, resamples, samples_quantile(sorted, count, fraction));
    double a = acceleration(sorted, count, fraction), normal = gsl_cdf_ugaussian_Pinv((1 + confidence) / 2);
    if (!isfinite(z) || a * (z - normal) >= 1 || a * (z + normal) >= 1)
        return (struct interval){NAN, NAN};
    double low = z + (z - normal) / (1 - a * (z - normal)), high = z + (z + normal) / (1 - a * (z + normal));
    return middle_of(found, resamples, gsl_cdf_ugaussian_P(low), gsl_cdf_ugaussian_P(high));
}

void samples_bootstrap(const double *sorted, size_t count, const double *fractions, unsigned fraction_count,
                       double confidence, enum bootstrap method, unsigned resamples,
                       struct random_stream *stream, struct interval *intervals)
{
    size_t *times = g_new(size_t, count + 1);
    double *drawn = g_new(double, count + 1);
    double *found = g_new(double, (size_t)resamples *fraction_count + 1);
    bool enough = count >= 2 && resamples > 0;

    for (unsigned i = 0; enough && i < resamples; i++) {
        draw_sorted(sorted, count, times, drawn, stream);
        for (unsigned k = 0; k < fraction_count; k++)
            found[(size_t)k * resamples + i] = samples_quantile(drawn, count, fractions[k]);
    }
    for (unsigned k = 0; k < fraction_count; k++) {
        double *of_fraction = found + (size_t)k * resamples;
        intervals[k] = (struct interval){NAN, NAN};
        if (!enough)
            continue;
        samples_sort(of_fraction, resamples);
        if (method == BOOTSTRAP_BCA)
            intervals[k] = corrected(of_fraction, resamples, sorted, count, fractions[k], confidence);
        else
            intervals[k] = middle_of(of_fraction, resamples, (1 - confidence) / 2, (1 + confidence) / 2);
    }
    g_free(found);
    g_free(drawn);
    g_free(times);
}

/* -- pairs -- */

/* a r^2 - 2 b r + c <= 0, where a, b, c are the squares and the product of the means less t^2 times the
 * variances and the covariance of the means. */
static struct interval fieller(double first, double second, double first_variance, double second_variance,
                               double covariance, double t)
{
    double a = first * first - t * t * first_variance;
    double b = first * second - t * t * covariance;
    double c = second * second - t * t * second_variance;
    double root = sqrt(fmax(b * b - a * c, 0)); /* never less where a > 0, but for rounding */

    if (a <= 0)
        return (struct interval){NAN, NAN};
    return (struct interval){(b - root) / a, (b + root) / a};
}

void paired_compare(const double *first, const double *second, size_t count, double confidence,
                    struct paired_comparison *comparison)
{
    struct statistics differences = {0};

    *comparison = (struct paired_comparison){
        .count = count,
        .first_mean = count == 0 ? NAN : gsl_stats_mean(first, 1, count),
        .second_mean = count == 0 ? NAN : gsl_stats_mean(second, 1, count),
        .difference_interval = {NAN, NAN},
        .ratio = NAN,
        .ratio_interval = {NAN, NAN},
    };
    for (size_t i = 0; i < count; i++)
        statistics_add(&differences, second[i] - first[i]);
    comparison->difference = statistics_mean(&differences);
    if (fabs(comparison->first_mean) > 0)
        comparison->ratio = comparison->second_mean / comparison->first_mean;
    if (count < 2)
        return;
    double n = (double)count, half_width = statistics_half_width(&differences, confidence);
    comparison->difference_interval.low = comparison->difference - half_width;
    comparison->difference_interval.high = comparison->difference + half_width;
    comparison->ratio_interval = fieller(
        comparison->first_mean, comparison->second_mean,
        gsl_stats_variance_m(first, 1, count, comparison->first_mean) / n,
        gsl_stats_variance_m(second, 1, count, comparison->second_mean) / n,
        gsl_stats_covariance_m(first, 1, second, 1, count, comparison->first_mean, comparison->second_mean) /
            n,
        gsl_cdf_tdist_Pinv(0.5 + confidence / 2, n - 1));
}
