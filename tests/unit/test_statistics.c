/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statistics against published numbers: NIST StRD (univariate, certified to 15 digits), Student's table, and
 * what R prints for quantile().
 */
#include <check.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "sim/measure/statistics.h"
#include "tests/runner.h"

static struct statistics statistics_of(const double *values, size_t count)
{
    struct statistics statistics = {0};

    for (size_t i = 0; i < count; i++)
        statistics_add(&statistics, values[i]);
    return statistics;
}

START_TEST(nothing_and_one)
{
    struct statistics statistics = {0};

    ck_assert(isnan(statistics_mean(&statistics)));
    ck_assert(isnan(statistics_standard_deviation(&statistics)));
    ck_assert(isnan(statistics_half_width(&statistics, 0.95)));
    statistics_add(&statistics, -4.5);
    ck_assert_uint_eq(statistics.count, 1);
    ck_assert_double_eq(statistics_mean(&statistics), -4.5);
    ck_assert_double_eq(statistics.minimum, -4.5);
    ck_assert_double_eq(statistics.maximum, -4.5);
    ck_assert(isnan(statistics_standard_deviation(&statistics)));
    ck_assert(isnan(statistics_half_width(&statistics, 0.95)));
}
END_TEST

/* NIST StRD NumAcc1: 10000001, 10000003, 10000002: mean 10000002, standard deviation 1. */
START_TEST(nist_numacc1)
{
    static const double values[] = {10000001, 10000003, 10000002};
    struct statistics statistics = statistics_of(values, 3);

    ck_assert_double_eq(statistics_mean(&statistics), 10000002);
    ck_assert_double_eq_tol(statistics_standard_deviation(&statistics), 1, 1e-12);
    ck_assert_double_eq(statistics.minimum, 10000001);
    ck_assert_double_eq(statistics.maximum, 10000003);
}
END_TEST

/* NIST StRD NumAcc4: 10000000.2, then 500 times 10000000.1 and 10000000.3: mean 10000000.2, standard
 * deviation 0.1. */
START_TEST(nist_numacc4)
{
    struct statistics statistics = {0};

    statistics_add(&statistics, 10000000.2);
    for (unsigned i = 0; i < 500; i++) {
        statistics_add(&statistics, 10000000.1);
        statistics_add(&statistics, 10000000.3);
    }
    ck_assert_double_eq_tol(statistics_mean(&statistics), 10000000.2, 1e-8);
    ck_assert_double_eq_tol(statistics_standard_deviation(&statistics), 0.1, 1e-8);
}
END_TEST

/* Student's sleep data (Biometrika 6, 1908), differences of the two drugs: R's t.test gives mean 1.58, 95
 * percent confidence interval 0.7001142 2.4598858. */
START_TEST(student_sleep)
{
    static const double values[] = {1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4};
    struct statistics statistics = statistics_of(values, 10);
    double half_width = statistics_half_width(&statistics, 0.95);

    ck_assert_double_eq_tol(statistics_mean(&statistics), 1.58, 1e-12);
    ck_assert_double_eq_tol(statistics_mean(&statistics) - half_width, 0.7001142, 5e-8);
    ck_assert_double_eq_tol(statistics_mean(&statistics) + half_width, 2.4598858, 5e-8);
}
END_TEST

/* The printed table of t: two-sided, degrees of freedom 1, 2, 29 at 95 % and 10 at 99 %. */
START_TEST(student_table)
{
    static const struct {
        size_t count;
        double confidence, t;
    } rows[] = {{2, 0.95, 12.706}, {3, 0.95, 4.303}, {30, 0.95, 2.045}, {11, 0.99, 3.169}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct statistics statistics = {0};
        for (size_t n = 0; n < rows[i].count; n++)
            statistics_add(&statistics, n % 3 == 0 ? 7 : -2);
        double t = statistics_half_width(&statistics, rows[i].confidence) * sqrt((double)rows[i].count) /
                   statistics_standard_deviation(&statistics);
        ck_assert_double_eq_tol(t, rows[i].t, 6e-4);
    }
}
END_TEST

START_TEST(constant_sample)
{
    static const double values[] = {0.1, 0.1, 0.1, 0.1};
    struct statistics statistics = statistics_of(values, 4);

    ck_assert_double_eq(statistics_standard_deviation(&statistics), 0);
    ck_assert_double_eq(statistics_half_width(&statistics, 0.95), 0);
}
END_TEST

/* R: quantile(c(3,1,4,1,5,9,2,6), c(0,.1,.25,.5,.9,1)) gives 1.0 1.0 1.75 3.5 6.9 9.0. */
START_TEST(quantiles)
{
    double values[] = {3, 1, 4, 1, 5, 9, 2, 6};

    samples_sort(values, 8);
    ck_assert_double_eq_tol(samples_quantile(values, 8, 0), 1, 1e-12);
    ck_assert_double_eq_tol(samples_quantile(values, 8, 0.1), 1, 1e-12);
    ck_assert_double_eq_tol(samples_quantile(values, 8, 0.25), 1.75, 1e-12);
    ck_assert_double_eq_tol(samples_quantile(values, 8, 0.5), 3.5, 1e-12);
    ck_assert_double_eq_tol(samples_quantile(values, 8, 0.9), 6.9, 1e-12);
    ck_assert_double_eq_tol(samples_quantile(values, 8, 1), 9, 1e-12);
    ck_assert_double_eq(samples_quantile(values, 1, 0.5), 1);
    ck_assert(isnan(samples_quantile(values, 0, 0.5)));
}
END_TEST

START_TEST(distribution_function)
{
    double values[] = {2, 1, 2, 4, 2};
    struct cdf_step steps[5];

    samples_sort(values, 5);
    ck_assert_uint_eq(samples_cdf(values, 5, steps), 3);
    ck_assert_double_eq(steps[0].value, 1);
    ck_assert_double_eq_tol(steps[0].share, 0.2, 1e-15);
    ck_assert_double_eq(steps[1].value, 2);
    ck_assert_double_eq_tol(steps[1].share, 0.8, 1e-15);
    ck_assert_double_eq(steps[2].value, 4);
    ck_assert_double_eq(steps[2].share, 1);
    ck_assert_uint_eq(samples_cdf(values, 0, steps), 0);
    /* sqrt(ln 40 / 10) */
    ck_assert_double_eq_tol(samples_cdf_half_width(5, 0.95), 0.60736, 1e-5);
    ck_assert(isnan(samples_cdf_half_width(0, 0.95)));
    struct interval band = cdf_band(&steps[1], samples_cdf_half_width(5, 0.95));
    ck_assert_double_eq_tol(band.low, 0.19264, 1e-5);
    ck_assert_double_eq(band.high, 1);
}
END_TEST

/* W. J. Conover, Practical Nonparametric Statistics, 3rd ed., 1999, 3.2: ranks from the binomial
 * distribution. Of n = 16, p = 3/4: P(B <= 8) = 0.0271 > 0.025, P(B <= 7) = 0.0075, P(B <= 14) = 0.9365, P(B
 * <= 15) = 0.9900. The median of 20 values lies between the 6th and the 15th (95.86 %), of 6 between first
 * and last (96.88 %). */
START_TEST(quantile_intervals)
{
    double values[400];
    struct interval interval;

    for (unsigned i = 0; i < 400; i++)
        values[i] = i + 1;
    interval = samples_quantile_interval(values, 16, 0.75, 0.95);
    ck_assert_double_eq(interval.low, 8);
    ck_assert_double_eq(interval.high, 16);
    interval = samples_quantile_interval(values, 20, 0.5, 0.95);
    ck_assert_double_eq(interval.low, 6);
    ck_assert_double_eq(interval.high, 15);
    interval = samples_quantile_interval(values, 6, 0.5, 0.95);
    ck_assert_double_eq(interval.low, 1);
    ck_assert_double_eq(interval.high, 6);
    interval = samples_quantile_interval(values, 5, 0.5, 0.95); /* 1/32 > 0.025 */
    ck_assert(isnan(interval.low) && isnan(interval.high));
    interval = samples_quantile_interval(values, 368, 0.99, 0.95); /* 0.99^368 < 0.025 < 0.99^367 */
    ck_assert_double_eq(interval.high, 368);
    interval = samples_quantile_interval(values, 367, 0.99, 0.95);
    ck_assert(isnan(interval.high) && !isnan(interval.low));
    interval = samples_quantile_interval(values, 0, 0.5, 0.95);
    ck_assert(isnan(interval.low) && isnan(interval.high));
}
END_TEST

/* Two independent standard normal numbers (Box and Muller, 1958). */
static void draw_normal(struct random_stream *stream, double *a, double *b)
{
    double radius = sqrt(-2 * log(random_unit_open(stream))), angle = 2 * G_PI * random_unit(stream);

    *a = radius * cos(angle);
    *b = radius * sin(angle);
}

enum { EXPERIMENTS = 1000, REPLICATIONS = 12 };

/* So many of 1,000 experiments with 95 % intervals, give or take 3.3 standard deviations: one time in a
 * thousand it is more; but the seed is fixed. */
static void assert_covers(unsigned covered)
{
    ck_assert_uint_ge(covered, 927);
    ck_assert_uint_le(covered, 973);
}

/* The methods' means are 10 and 7; what both have in common, the replication's luck, has deviation 2, what
 * each has for itself 0.5. */
START_TEST(paired_intervals_cover)
{
    struct random_stream stream;
    unsigned difference = 0, ratio = 0, width = 0;

    random_stream_init(&stream, 11, 0, 0, 1);
    for (unsigned i = 0; i < EXPERIMENTS; i++) {
        double first[REPLICATIONS], second[REPLICATIONS];
        struct statistics alone = {0};
        for (unsigned k = 0; k < REPLICATIONS; k++) {
            double common, a, b, unused;
            draw_normal(&stream, &a, &b);
            draw_normal(&stream, &common, &unused);
            first[k] = 10 + 2 * common + 0.5 * a;
            second[k] = 7 + 2 * common + 0.5 * b;
            statistics_add(&alone, second[k]);
        }
        struct paired_comparison paired;
        paired_compare(first, second, REPLICATIONS, 0.95, &paired);
        ck_assert_uint_eq(paired.count, REPLICATIONS);
        difference += paired.difference_interval.low <= -3 && -3 <= paired.difference_interval.high;
        ratio += paired.ratio_interval.low <= 0.7 && 0.7 <= paired.ratio_interval.high;
        width += paired.difference_interval.high - paired.difference_interval.low <
                 2 * statistics_half_width(&alone, 0.95);
    }
    assert_covers(difference);
    assert_covers(ratio);
    ck_assert_uint_gt(width, 990); /* what pairs are for: narrower than the interval of one mean alone */
}
END_TEST

/* The median of an exponential distribution is ln 2; order statistics cover it at least as often as they say,
 * the bootstrap's percentiles about as often, corrected or not. */
START_TEST(quantile_intervals_cover)
{
    static const double half[] = {0.5};
    struct random_stream stream, resampling;
    unsigned exact = 0, bootstrap = 0, corrected = 0;

    random_stream_init(&stream, 12, 0, 0, 1);
    random_stream_init(&resampling, 12, 0, 0, 2);
    for (unsigned i = 0; i < EXPERIMENTS; i++) {
        double values[40];
        for (unsigned k = 0; k < 40; k++)
            values[k] = -log(random_unit_open(&stream));
        samples_sort(values, 40);
        struct interval interval = samples_quantile_interval(values, 40, 0.5, 0.95);
        exact += interval.low <= G_LN2 && G_LN2 <= interval.high;
        samples_bootstrap(values, 40, half, 1, 0.95, BOOTSTRAP_PERCENTILE, 200, &resampling, &interval);
        bootstrap += interval.low <= G_LN2 && G_LN2 <= interval.high;
        samples_bootstrap(values, 40, half, 1, 0.95, BOOTSTRAP_BCA, 200, &resampling, &interval);
        corrected += interval.low <= G_LN2 && G_LN2 <= interval.high;
    }
    ck_assert_uint_ge(exact, 940); /* 14th to 27th of 40: 96.2 % */
    ck_assert_uint_ge(bootstrap, 910);
    ck_assert_uint_le(bootstrap, 975);
    ck_assert_uint_ge(corrected, 910);
    ck_assert_uint_le(corrected, 975);
}
END_TEST

/* Without any one value the median is the same: no skewness (An Introduction to the Bootstrap, 14.3: a is 0),
 * wherever the values lie. Of five, three draws or more are the lowest with a probability of 0.058, and so
 * much is more than a twentieth and less than what a rounding error taken for skewness would ask for. */
START_TEST(bca_of_ties)
{
    static const double places[] = {0, 0.9, 1.7, 1.8, 3.4, 7.2};
    const double half = 0.5;

    for (unsigned i = 0; i < G_N_ELEMENTS(places); i++) {
        double at = places[i], values[] = {at - 7, at, at, at, at + 5};
        struct random_stream stream;
        struct interval interval;
        random_stream_init(&stream, 15, 0, 0, 2);
        samples_bootstrap(values, 5, &half, 1, 0.9, BOOTSTRAP_BCA, 20000, &stream, &interval);
        ck_assert_double_eq(interval.low, values[0]);
        ck_assert_double_eq(interval.high, values[4]);
    }
}
END_TEST

/* Of the uniform distribution, at all values at once: never further than the band from what it is, on either
 * side of a step. */
START_TEST(band_covers)
{
    struct random_stream stream;
    unsigned covered = 0;

    random_stream_init(&stream, 13, 0, 0, 1);
    for (unsigned i = 0; i < EXPERIMENTS; i++) {
        double values[60], furthest = 0;
        for (unsigned k = 0; k < 60; k++)
            values[k] = random_unit_open(&stream);
        samples_sort(values, 60);
        for (unsigned k = 0; k < 60; k++)
            furthest = fmax(furthest, fmax((k + 1) / 60.0 - values[k], values[k] - k / 60.0));
        covered += furthest <= samples_cdf_half_width(60, 0.9);
    }
    ck_assert_uint_ge(covered, 880);
    ck_assert_uint_le(covered, 945);
}
END_TEST

/* Student's sleep data again: t.test(paired = TRUE) of R says -1.58, -2.4598858 .. -0.7001142. Fieller's
 * limits are the ratios r for which the interval of the mean of one - r * two ends at 0. */
START_TEST(paired_sleep)
{
    static const double one[] = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
    static const double two[] = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
    struct paired_comparison paired;

    paired_compare(two, one, 10, 0.95, &paired);
    ck_assert_double_eq_tol(paired.difference, -1.58, 1e-12);
    ck_assert_double_eq_tol(paired.difference_interval.low, -2.4598858, 5e-8);
    ck_assert_double_eq_tol(paired.difference_interval.high, -0.7001142, 5e-8);
    ck_assert_double_eq_tol(paired.ratio, 0.75 / 2.33, 1e-12);
    const double ends[] = {paired.ratio_interval.low, paired.ratio_interval.high};
    for (unsigned i = 0; i < 2; i++) {
        struct statistics rest = {0};
        for (unsigned k = 0; k < 10; k++)
            statistics_add(&rest, one[k] - ends[i] * two[k]);
        ck_assert_double_eq_tol(fabs(statistics_mean(&rest)), statistics_half_width(&rest, 0.95), 1e-12);
    }
    /* The first drug's mean does not differ from 0: there is no bounded interval. */
    paired_compare(one, two, 10, 0.95, &paired);
    ck_assert(isnan(paired.ratio_interval.low) && isnan(paired.ratio_interval.high));
    ck_assert_double_eq_tol(paired.ratio, 2.33 / 0.75, 1e-12);
}
END_TEST

START_TEST(few_pairs)
{
    static const double zero[] = {0, 0, 0}, one[] = {1, 1, 1};
    struct paired_comparison paired;

    paired_compare(NULL, NULL, 0, 0.95, &paired);
    ck_assert(isnan(paired.difference) && isnan(paired.ratio) && isnan(paired.ratio_interval.low));
    paired_compare(one, one, 1, 0.95, &paired);
    ck_assert_double_eq(paired.difference, 0);
    ck_assert(isnan(paired.difference_interval.low));
    paired_compare(zero, one, 3, 0.95, &paired);
    ck_assert(isnan(paired.ratio) && isnan(paired.ratio_interval.low));
    ck_assert_double_eq(paired.difference_interval.low, 1);
    paired_compare(one, zero, 3, 0.95, &paired);
    ck_assert_double_eq(paired.ratio, 0);
    ck_assert_double_eq(paired.ratio_interval.high, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("statistics");
    TCase *tests = tcase_create("statistics");

    tcase_add_test(tests, nothing_and_one);
    tcase_add_test(tests, nist_numacc1);
    tcase_add_test(tests, nist_numacc4);
    tcase_add_test(tests, student_sleep);
    tcase_add_test(tests, student_table);
    tcase_add_test(tests, constant_sample);
    tcase_add_test(tests, quantiles);
    tcase_add_test(tests, distribution_function);
    tcase_add_test(tests, bca_of_ties);
    tcase_add_test(tests, band_covers);
    tcase_add_test(tests, quantile_intervals);
    tcase_add_test(tests, quantile_intervals_cover);
    tcase_add_test(tests, paired_intervals_cover);
    tcase_add_test(tests, paired_sleep);
    tcase_add_test(tests, few_pairs);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
