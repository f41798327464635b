/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * statistics.c - see statistics.h. B. P. Welford, "Note on a Method for Calculating Corrected Sums of
 * Squares and Products", Technometrics 4 (1962); R. J. Hyndman, Y. Fan, "Sample Quantiles in Statistical
 * Packages", The American Statistician 50 (1996).
 */
#include "sim/measure/statistics.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

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
