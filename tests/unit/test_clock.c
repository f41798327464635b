/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_clock.c - clocks that run fast or slow: what they show, when they show it, and the drifts that a
 * scenario may give.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/clock.h"
#include "sim/engine/random.h"
#include "sim/scenario/value.h"
#include "tests/runner.h"

START_TEST(shows)
{
    ck_assert_int_eq(clock_shows(0, 123456789), 123456789);
    ck_assert_int_eq(clock_shows(1000, SECONDS(1)), SECONDS(1) + 1000); /* 1 ppm: a microsecond a second */
    ck_assert_int_eq(clock_shows(-1000, SECONDS(1)), SECONDS(1) - 1000);
    ck_assert_int_eq(clock_shows(1, SECONDS(1) - 1), SECONDS(1) - 1); /* rounded down */
    ck_assert_int_eq(clock_shows(-1, 1), 0);
    ck_assert_int_eq(clock_shows(CLOCK_DRIFT_MAX, SECONDS(10)), SECONDS(11));
    ck_assert_int_eq(clock_shows(5, TIME_NEVER), TIME_NEVER);
    ck_assert_int_eq(clock_shows(CLOCK_DRIFT_MAX, TIME_NEVER - 1), TIME_NEVER);
}
END_TEST

START_TEST(reaches)
{
    ck_assert_int_eq(clock_reaches(0, 5), 5);
    ck_assert_int_eq(clock_reaches(1000, SECONDS(1) + 1000), SECONDS(1));
    ck_assert_int_eq(clock_reaches(-1000, SECONDS(1) - 1000), SECONDS(1));
    ck_assert_int_eq(clock_reaches(CLOCK_DRIFT_MAX, SECONDS(11)), SECONDS(10));
    ck_assert_int_eq(clock_reaches(-7, TIME_NEVER), TIME_NEVER);
    ck_assert_int_eq(clock_reaches(-CLOCK_DRIFT_MAX, TIME_NEVER - 1), TIME_NEVER);
    ck_assert_int_eq(clock_reaches(-5, 0), 0);
}
END_TEST

/* It never goes back, and the first instant that shows a time is the first. */
START_TEST(exactly_the_first)
{
    struct random_stream stream;
    random_stream_init(&stream, 1, 0, 0, 1);
    for (unsigned i = 0; i < 100000; i++) {
        int32_t drift = (int32_t)random_below(&stream, 2 * CLOCK_DRIFT_MAX + 1) - CLOCK_DRIFT_MAX;
        time_ns time = random_time(&stream, 1, i % 2 ? SECONDS(1000) : 1000);
        ck_assert_int_ge(clock_shows(drift, time), clock_shows(drift, time - 1));
        time_ns instant = clock_reaches(drift, time);
        ck_assert_int_ge(clock_shows(drift, instant), time);
        ck_assert_int_lt(clock_shows(drift, instant - 1), time);
    }
}
END_TEST

START_TEST(drifts)
{
    static const struct {
        const char *text;
        int32_t low, high;
        const char *written;
    } cases[] = {
        {"50ppm", 50000, 50000, "50ppm"},
        {" -20.5 ppm", -20500, -20500, "-20500ppb"},
        {"300ppb", 300, 300, "300ppb"},
        {"uniform(-100ppm, 100ppm)", -100000, 100000, "uniform(-100ppm, 100ppm)"},
        {"0ppm", 0, 0, "0ppm"},
    };
    static const struct {
        const char *text, *said;
    } wrong[] = {
        {"50", "has no unit"},
        {"fast", "is not a drift"},
        {"200000ppm", "out of range: from -100000ppm to 100000ppm"},
        {"uniform(1ppm)", "uniform takes two drifts"},
        {"uniform(1ppm, -1ppm)", "the lowest, 1ppm, exceeds -1ppm"},
        {"1%", "unknown unit \"%\""},
    };
    int32_t low, high;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        ck_assert_msg(value_parse_drift(cases[i].text, CLOCK_DRIFT_MAX, &low, &high, NULL), "%s",
                      cases[i].text);
        ck_assert_int_eq(low, cases[i].low);
        ck_assert_int_eq(high, cases[i].high);
        char *written = value_format_drift(low, high);
        ck_assert_str_eq(written, cases[i].written);
        g_free(written);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        GError *error = NULL;
        ck_assert_msg(!value_parse_drift(wrong[i].text, CLOCK_DRIFT_MAX, &low, &high, &error), "%s",
                      wrong[i].text);
        ck_assert_msg(strstr(error->message, wrong[i].said) != NULL, "%s", error->message);
        g_error_free(error);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("clock");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, shows);
    tcase_add_test(tests, reaches);
    tcase_add_test(tests, exactly_the_first);
    tcase_add_test(tests, drifts);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
