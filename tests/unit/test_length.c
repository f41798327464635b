/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_length.c - lengths and speeds, and distributions of speeds: what is read and written exactly, and what
 * is refused in which words.
 */
#include <check.h>
#include <stdlib.h>

#include "sim/engine/distribution.h"
#include "sim/engine/length.h"
#include "tests/runner.h"

static void assert_length(const char *text, int64_t micrometres, const char *again)
{
    int64_t length = -1;
    char written[DURATION_TEXT_SIZE];
    ck_assert_msg(length_parse(text, &length, NULL), "%s", text);
    ck_assert_int_eq(length, micrometres);
    ck_assert_str_eq(length_format(length, written), again);
    ck_assert(length_parse(written, &length, NULL));
    ck_assert_int_eq(length, micrometres);
}

START_TEST(lengths)
{
    assert_length("150m", 150000000, "150m");
    assert_length("1.5 km", INT64_C(1500000000), "1500m");
    assert_length(" -0.25m ", -250000, "-0.25m");
    assert_length("3cm", 30000, "0.03m");
    assert_length("1mm", 1000, "0.001m");
    assert_length("0.001mm", 1, "0.000001m");
    assert_length("0", 0, "0m");
    assert_length("1.50000000000m", 1500000, "1.5m");
    assert_length("1000000km", LENGTH_MOST, "1000000000m");
    assert_length("0000000000000000000000000000000000001m", 1000000, "1m");
}
END_TEST

static void assert_speed(const char *text, int64_t value, const char *again)
{
    int64_t speed = -1;
    char written[DURATION_TEXT_SIZE];
    ck_assert_msg(speed_parse_with_default(text, NULL, &speed, NULL), "%s", text);
    ck_assert_int_eq(speed, value);
    ck_assert_str_eq(speed_format(speed, written), again);
    ck_assert(speed_parse_with_default(written, NULL, &speed, NULL));
    ck_assert_int_eq(speed, value);
}

START_TEST(speeds)
{
    assert_speed("10m/s", METRES_PER_SECOND(10), "10m/s");
    assert_speed("36km/h", METRES_PER_SECOND(10), "10m/s");
    assert_speed("90 km/h", METRES_PER_SECOND(25), "25m/s");
    assert_speed("100km/h", INT64_C(100000000000), "100km/h");
    assert_speed("0.1km/h", INT64_C(100000000), "0.1km/h");
    assert_speed("1.5m/s", INT64_C(5400000000), "1.5m/s");
    assert_speed("0.0000000025m/s", 9, "0.0000000025m/s");
    assert_speed("1000000m/s", SPEED_MOST, "1000000m/s");
}
END_TEST

static void assert_refused(const char *text, bool speed, const char *reason)
{
    GError *error = NULL;
    int64_t value = 7;
    ck_assert(
        !(speed ? speed_parse_with_default(text, NULL, &value, &error) : length_parse(text, &value, &error)));
    ck_assert_int_eq(value, 7);
    ck_assert_str_eq(error->message, reason);
    g_error_free(error);
}

START_TEST(refused)
{
    assert_refused("", false, "a length such as 150m is missing");
    assert_refused("100", false, "'100' has no unit: one of mm, cm, m, km");
    assert_refused("100ms", false, "'100ms' has the unknown unit 'ms': known are mm, cm, m, km");
    assert_refused("far", false, "'far' is not a length: write a number and its unit, such as 150m");
    assert_refused("1.m", false, "'1.m' is not a length: write a number and its unit, such as 150m");
    assert_refused("1.5.2m", false, "'1.5.2m' is not a length: write a number and its unit, such as 150m");
    assert_refused("-", false, "'-' is not a length: write a number and its unit, such as 150m");
    assert_refused("0.0001mm", false, "'0.0001mm' is not a whole number of micrometres");
    assert_refused("1000001km", false, "'1000001km' is more than a million kilometres");
    assert_refused("99999999999999999999999999999999999999km", false,
                   "'99999999999999999999999999999999999999km' is more than a million kilometres");
    assert_refused("10", true, "'10' has no unit: one of m/s, km/h");
    assert_refused("10mph", true, "'10mph' has the unknown unit 'mph': known are m/s, km/h");
    assert_refused("-1m/s", true, "'-1m/s' is negative: a speed is 0 or more");
    assert_refused("1000001m/s", true, "'1000001m/s' is more than a million metres a second");
}
END_TEST

START_TEST(distributions)
{
    struct random_stream stream;
    random_stream_init(&stream, 1, 0, 0, 0);
    GError *error = NULL;
    struct distribution *uniform = distribution_parse_speed("uniform(1m/s, 36km/h)", NULL, &error);
    ck_assert_ptr_nonnull(uniform);
    for (int i = 0; i < 1000; i++) {
        int64_t speed = distribution_sample(uniform, &stream);
        ck_assert(speed >= METRES_PER_SECOND(1) && speed <= METRES_PER_SECOND(10));
    }
    char *text = distribution_to_string(uniform);
    ck_assert_str_eq(text, "uniform(1m/s, 10m/s)");
    g_free(text);
    distribution_free(uniform);

    ck_assert_ptr_null(distribution_parse_speed("uniform(1s, 2s)", NULL, &error));
    ck_assert_str_eq(error->message, "uniform: lowest: '1s' has the unknown unit 's': known are m/s, km/h");
    g_clear_error(&error);
    ck_assert_ptr_null(distribution_parse_speed("exp(1m/s)", NULL, &error));
    ck_assert_str_eq(error->message, "unknown distribution 'exp': did you mean exponential(10m/s)?");
    g_clear_error(&error);
    ck_assert_ptr_null(distribution_parse_speed("1m/s..2m/s", NULL, &error));
    ck_assert_str_eq(error->message, "'1m/s..2m/s' is a range: did you mean uniform(1m/s, 2m/s)?");
    g_clear_error(&error);
    ck_assert_ptr_null(distribution_parse_speed("uniform(1m/s)", NULL, &error));
    ck_assert_str_eq(error->message, "uniform takes 2 speeds, not 1: uniform(1m/s, 10m/s)");
    g_clear_error(&error);
    /* A duration is still no speed. */
    ck_assert_ptr_null(distribution_parse("10m/s", NULL, &error));
    g_clear_error(&error);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("length");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, lengths);
    tcase_add_test(tcase, speeds);
    tcase_add_test(tcase, refused);
    tcase_add_test(tcase, distributions);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
