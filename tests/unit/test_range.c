/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_range.c - ranges of values for the sweep: exact steps in every unit, logarithmic ranges, and the sums
 * of durations that parameters are put into.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/range.h"
#include "sim/scenario/value.h"
#include "tests/runner.h"

static void assert_values(const char *range, const char *expected)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    GError *error = NULL;
    ck_assert(range_is(range));
    ck_assert_msg(range_expand(range, values, &error), "%s: %s", range, error ? error->message : "");
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i < values->len; i++)
        g_string_append_printf(joined, "%s%s", i ? " " : "", (const char *)g_ptr_array_index(values, i));
    ck_assert_str_eq(joined->str, expected);
    g_string_free(joined, TRUE);
    g_ptr_array_free(values, TRUE);
}

static void assert_refused(const char *range, const char *reason)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(g_free);
    GError *error = NULL;
    ck_assert(range_is(range));
    ck_assert(!range_expand(range, values, &error));
    ck_assert_str_eq(error->message, reason);
    ck_assert_uint_eq(values->len, 0);
    g_error_free(error);
    g_ptr_array_free(values, TRUE);
}

START_TEST(steps)
{
    assert_values("1ms..21ms step 5ms", "1ms 6ms 11ms 16ms 21ms");
    assert_values("1ms..20ms step 5ms", "1ms 6ms 11ms 16ms");
    assert_values("-100ms..100ms step 50ms", "-100ms -50ms 0s 50ms 100ms");
    assert_values(" 999ms .. 1.001s step 1000us ", "999ms 1s 1.001s");
    assert_values("0..1s step 500ms", "0s 500ms 1s");
    assert_values("1..5 step 1", "1 2 3 4 5");
    assert_values("-1..1 step 1", "-1 0 1");
    assert_values("0..0.3 step 0.1", "0 0.1 0.2 0.3");
    assert_values("0.5%..2% step 0.5%", "0.5% 1% 1.5% 2%");
    assert_values("1.5Mbit/s..3Mbit/s step 0.75Mbit/s", "1.5Mbit/s 2.25Mbit/s 3Mbit/s");
    assert_values("0..100m step 50m", "0m 50m 100m");
    assert_values("10 km/h..30 km/h step 10 km/h", "10km/h 20km/h 30km/h");
    assert_values("7..7 step 1", "7");
}
END_TEST

START_TEST(logarithms)
{
    assert_values("1ms..1s log 4", "1ms 10ms 100ms 1s");
    assert_values("1ms..10ms log 4", "1ms 2.154ms 4.642ms 10ms");
    assert_values("1..1000 log 4", "1 10 100 1000");
    assert_values("1..10 log 10", "1 2 3 4 5 6 8 10"); /* what is whole stays so, and is there once */
    assert_values("0.001..0.1 log 3", "0.001 0.01 0.1");
    assert_values("0.1%..10% log 5", "0.1% 0.3162% 1% 3.162% 10%");
    assert_values("64kbit/s..1024kbit/s log 3", "64kbit/s 256kbit/s 1024kbit/s");
    assert_values("3s..5s log 2", "3s 5s");
}
END_TEST

START_TEST(refused)
{
    ck_assert(!range_is("30ms..70ms"));
    ck_assert(!range_is("1ms"));
    ck_assert(!range_is("uniform(1ms, 2ms) step 1"));
    ck_assert(!range_is("one step back"));
    assert_refused("1ms..2ms step 0ms", "the step must be more than 0");
    assert_refused("1ms..2ms step -1ms", "the step must be more than 0");
    assert_refused("2ms..1ms step 1ms", "\"2ms..1ms\" ends before it begins; did you mean \"1ms..2ms\"?");
    assert_refused("1..10% step 1%", "\"1\" is not in % as the rest of the range is");
    assert_refused("a..b step c", "\"a\" is not a number with its unit");
    assert_refused("1..1000002 step 1", "a range has 1000000 values at most");
    assert_refused("-9s..9s log 3", "a logarithmic range begins with more than 0");
    assert_refused("1s..1s log 3", "\"1s..1s\" does not end after it begins");
    assert_refused("1s..9s log 1", "\"log 1\": how many values? Expected a whole number, 2 at least");
    assert_refused("1s..9s log 2.5", "\"log 2.5\": how many values? Expected a whole number, 2 at least");
    assert_refused("1..99999999999999999999 step 1",
                   "\"99999999999999999999\" is not a number with its unit");
}
END_TEST

static void assert_sum(const char *text, time_ns expected)
{
    time_ns sum = -1;
    GError *error = NULL;
    ck_assert_msg(value_parse_duration(text, &sum, &error), "%s: %s", text, error ? error->message : "");
    ck_assert_int_eq(sum, expected);
}

static void assert_no_sum(const char *text, const char *reason)
{
    time_ns sum = 7;
    GError *error = NULL;
    ck_assert(!value_parse_duration(text, &sum, &error));
    ck_assert_str_eq(error->message, reason);
    ck_assert_int_eq(sum, 7);
    g_error_free(error);
}

START_TEST(sums)
{
    assert_sum("20s", SECONDS(20));
    assert_sum("20s + 500ms", MILLISECONDS(20500));
    assert_sum("20s + -2s", SECONDS(18));
    assert_sum("20s - 2s", SECONDS(18));
    assert_sum("20s - -2s", SECONDS(22));
    assert_sum("-1s + 2s", SECONDS(1));
    assert_sum("1s + 1s + 1s - 3s", 0);
    assert_no_sum("1s - 2s", "\"1s - 2s\" is -1s, and negative");
    assert_no_sum("-1s", "'-1s' is negative: a duration is 0 or more");
    assert_no_sum("1s + ", "'1s +' has the unknown unit 's +': known are ns, us, ms, s, min, h");
    assert_no_sum("1s + 1", "'1' has no unit: 1ms, or another of ns, us, ms, s, min, h?");
    assert_no_sum("1s + --1s", "'--1s' is negative: a duration is 0 or more");
    assert_no_sum("2000000h + 2000000h", "the sum is longer than 292 years");
    time_ns least = 0, most = 0;
    ck_assert(value_parse_duration_range("10s + -1s..20s + 1s", &least, &most, NULL));
    ck_assert(least == SECONDS(9) && most == SECONDS(21));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("range");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, steps);
    tcase_add_test(tcase, logarithms);
    tcase_add_test(tcase, refused);
    tcase_add_test(tcase, sums);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
