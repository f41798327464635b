/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Statistics against published numbers: NIST StRD (univariate, certified to 15 digits), Student's table, and what R
 * prints for quantile().
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "sim/measure/statistics.h"

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

/* NIST StRD NumAcc4: 10000000.2, then 500 times 10000000.1 and 10000000.3: mean 10000000.2, standard deviation 0.1. */
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

/* Student's sleep data (Biometrika 6, 1908), differences of the two drugs: R's t.test gives mean 1.58, 95 percent
 * confidence interval 0.7001142 2.4598858. */
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
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
