/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_distribution.c - durations as text, and the distributions: what is read and what is refused with
 * which words, samples against the distribution functions (Kolmogorov-Smirnov, fixed seeds) and moments, one
 * step a sample.
 */
#include <check.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/distribution.h"
#include "sim/engine/duration.h"
#include "tests/runner.h"

/* ---- durations ---- */

static const struct {
    const char *text;
    time_ns value;
    const char *formatted;
} durations[] = {
    {"40ms", MILLISECONDS(40), "40ms"},
    {"1.5s", MILLISECONDS(1500), "1.5s"},
    {"250us", MICROSECONDS(250), "250us"},
    {"250\xc2\xb5s", MICROSECONDS(250), "250us"},
    {"10ns", 10, "10ns"},
    {"2min", SECONDS(120), "120s"},
    {"1h", SECONDS(3600), "3600s"},
    {"  7 ms\t", MILLISECONDS(7), "7ms"},
    {"0", 0, "0s"},
    {"0.000", 0, "0s"},
    {"0ms", 0, "0s"},
    {"0.1s", 100000000, "100ms"},
    {"0.3s", 300000000, "300ms"},
    {"0.000000001s", 1, "1ns"},
    {"1.000000001s", 1000000001, "1.000000001s"},
    {"1.0000000010000000000000000000000s", 1000000001, "1.000000001s"},
    {"123.456789ms", 123456789, "123.456789ms"},
    {"1.234us", 1234, "1.234us"},
    {"0.00000000025h", 900, "900ns"},
    {"0.5min", SECONDS(30), "30s"},
    {"00012ms", MILLISECONDS(12), "12ms"},
    {"9223372036854775806ns", INT64_MAX - 1, "9223372036.854775806s"},
    {"9223372036.854775806s", INT64_MAX - 1, "9223372036.854775806s"},
    {"2562047h", SECONDS(INT64_C(2562047) * 3600), "9223369200s"},
};

START_TEST(test_duration_values)
{
    char text[DURATION_TEXT_SIZE];
    for (size_t i = 0; i < G_N_ELEMENTS(durations); i++) {
        GError *error = NULL;
        time_ns value = -1;
        ck_assert_msg(duration_parse(durations[i].text, &value, &error), "%s", durations[i].text);
        ck_assert_ptr_null(error);
        ck_assert_int_eq(value, durations[i].value);
        ck_assert_str_eq(duration_format(value, text), durations[i].formatted);
        time_ns again = -1;
        ck_assert(duration_parse(text, &again, NULL));
        ck_assert_int_eq(again, value);
    }
    ck_assert_str_eq(duration_format(TIME_NEVER, text), "never");
    ck_assert_str_eq(duration_format(-MILLISECONDS(1500), text), "-1.5s");
    ck_assert_uint_lt(strlen(duration_format(INT64_MIN, text)), DURATION_TEXT_SIZE);
}
END_TEST

/* What is refused, and a part of what the message has to say. */
static const struct {
    const char *text;
    enum value_error code;
    const char *message;
} bad_durations[] = {
    {"", VALUE_ERROR_SYNTAX, "missing"},
    {"   ", VALUE_ERROR_SYNTAX, "missing"},
    {"40", VALUE_ERROR_UNIT, "'40' has no unit: 40ms, or another of ns, us, ms, s, min, h?"},
    {"0.5", VALUE_ERROR_UNIT, "no unit"},
    {"-5ms", VALUE_ERROR_RANGE, "negative"},
    {"4sec", VALUE_ERROR_UNIT, "did you mean 's'?"},
    {"4 Seconds", VALUE_ERROR_UNIT, "did you mean 's'?"},
    {"4MS", VALUE_ERROR_UNIT, "did you mean 'ms'?"},
    {"4m", VALUE_ERROR_UNIT, "ms (milliseconds) or min (minutes)?"},
    {"4parsec", VALUE_ERROR_UNIT, "known are ns, us, ms, s, min, h"},
    {"1e3ms", VALUE_ERROR_UNIT, "unknown unit 'e3ms'"},
    {"1,5s", VALUE_ERROR_SYNTAX, "decimal point"},
    {"1.s", VALUE_ERROR_SYNTAX, "not a duration"},
    {".5s", VALUE_ERROR_SYNTAX, "not a duration"},
    {"+5s", VALUE_ERROR_SYNTAX, "not a duration"},
    {"ms", VALUE_ERROR_SYNTAX, "not a duration"},
    {"soon", VALUE_ERROR_SYNTAX, "such as 40ms"},
    {"5ms 3", VALUE_ERROR_UNIT, "unknown unit 'ms 3'"},
    {"0x10ms", VALUE_ERROR_UNIT, "unknown unit 'x10ms'"},
    {"0.5ns", VALUE_ERROR_RANGE, "whole number of nanoseconds"},
    {"0.0000000001s", VALUE_ERROR_RANGE, "whole number of nanoseconds"},
    {"0.00000000000000000000000000000000000001h", VALUE_ERROR_RANGE, "whole number of nanoseconds"},
    {"9223372036854775807ns", VALUE_ERROR_RANGE, "292 years"},
    {"9223372036854775808ns", VALUE_ERROR_RANGE, "292 years"},
    {"2562048h", VALUE_ERROR_RANGE, "292 years"},
    {"99999999999999999999999999999999999999999999s", VALUE_ERROR_RANGE, "292 years"},
    {"\xff\xfe\x01", VALUE_ERROR_SYNTAX, "not a duration"},
};

START_TEST(test_bad_durations)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad_durations); i++) {
        GError *error = NULL;
        time_ns value = -1;
        ck_assert_msg(!duration_parse(bad_durations[i].text, &value, &error), "%s", bad_durations[i].text);
        ck_assert_int_eq(value, -1);
        ck_assert_msg(g_error_matches(error, VALUE_ERROR, (int)bad_durations[i].code), "%s", error->message);
        ck_assert_msg(strstr(error->message, bad_durations[i].message) != NULL, "%s", error->message);
        ck_assert(g_utf8_validate(error->message, -1, NULL));
        g_error_free(error);
        ck_assert(!duration_parse(bad_durations[i].text, &value, NULL));
    }
    char *long_text = g_strnfill(1000000, 'x');
    GError *error = NULL;
    time_ns value;
    ck_assert(!duration_parse(long_text, &value, &error));
    ck_assert_uint_lt(strlen(error->message), 300);
    g_error_free(error);
    g_free(long_text);
}
END_TEST

START_TEST(test_default_unit)
{
    time_ns value;
    ck_assert(duration_parse_with_default("12.5", "ms", &value, NULL));
    ck_assert_int_eq(value, MICROSECONDS(12500));
    ck_assert(duration_parse_with_default("12.5us", "ms", &value, NULL));
    ck_assert_int_eq(value, 12500);
}
END_TEST

/* ---- reading distributions ---- */

static struct distribution *must_parse(const char *text, const char *directory)
{
    GError *error = NULL;
    struct distribution *distribution = distribution_parse(text, directory, &error);
    if (!distribution)
        ck_abort_msg("%s: %s", text, error->message);
    return distribution;
}

static const struct {
    const char *text;
    const char *written;
    double mean;
    time_ns minimum;
    bool constant;
} forms[] = {
    {"40ms", "40ms", 40e6, MILLISECONDS(40), true},
    {"0", "0s", 0, 0, true},
    {"constant(40ms)", "40ms", 40e6, MILLISECONDS(40), true},
    {" uniform ( 40ms , 0.08s ) ", "uniform(40ms, 80ms)", 60e6, MILLISECONDS(40), false},
    {"uniform(5ms,5ms)", "uniform(5ms, 5ms)", 5e6, MILLISECONDS(5), true},
    {"exponential(1min)", "exponential(60s)", 60e9, 0, false},
    {"normal(50ms, 0s)", "normal(50ms, 0s)", 50e6, MILLISECONDS(50), true},
    {"normal(50ms, 1ms)", "normal(50ms, 1ms)", 50e6, 0, false},
    {"normal(0, 1s)", "normal(0s, 1s)", 797884560.8, 0, false}, /* half normal: sqrt(2 / pi) */
    {"lognormal(50ms, 10ms)", "lognormal(50ms, 10ms)", 50e6, 0, false},
    {"lognormal(50ms, 0ms)", "lognormal(50ms, 0s)", 50e6, MILLISECONDS(50), true},
};

START_TEST(test_forms)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        struct distribution *distribution = must_parse(forms[i].text, NULL);
        ck_assert_double_eq_tol(distribution_mean(distribution), forms[i].mean, 1e-9 * forms[i].mean + 0.1);
        ck_assert_int_eq(distribution_minimum(distribution), forms[i].minimum);
        ck_assert(distribution_is_constant(distribution) == forms[i].constant);
        char *written = distribution_to_string(distribution);
        ck_assert_str_eq(written, forms[i].written);
        struct distribution *again = must_parse(written, NULL);
        char *written_again = distribution_to_string(again);
        ck_assert_str_eq(written_again, written);
        g_free(written_again);
        g_free(written);
        distribution_free(again);
        distribution_free(distribution);
    }
    distribution_free(NULL);
}
END_TEST

static const struct {
    const char *text;
    const char *message;
} bad_forms[] = {
    {"", "missing"},
    {"40", "'40' has no unit"},
    {"-1ms", "negative"},
    {"uniform", "uniform takes its parameters in parentheses: uniform(40ms, 80ms)"},
    {"uniform(", "lacks its ')'"},
    {"uniform(40ms, 80ms", "lacks its ')'"},
    {"uniform(40ms, 80ms) x", "goes on after its ')'"},
    {"uniform()", "uniform takes 2 durations, not 0: uniform(40ms, 80ms)"},
    {"uniform(40ms)", "uniform takes 2 durations, not 1"},
    {"uniform(40ms, 80ms, 90ms)", "not 3"},
    {"uniform(40ms,)", "uniform: highest: "},
    {"uniform(80ms, 40ms)", "uniform(40ms, 80ms)?"},
    {"uniform(40, 80ms)", "uniform: lowest: '40' has no unit"},
    {"exponential(0s)", "more than 0"},
    {"exponential(1s, 2s)", "exponential takes 1 duration, not 2"},
    {"lognormal(0s, 1s)", "more than 0"},
    {"normal(-1ms, 1ms)", "normal: mean: '-1ms' is negative"},
    {"normal(1ms, -1ms)", "normal: deviation: "},
    {"exponential(100000000min)", "146 years"},
    {"40ms..80ms", "did you mean uniform(40ms, 80ms)?"},
    {"Uniform(40ms, 80ms)", "did you mean uniform("},
    {"unifrom(40ms, 80ms)", "did you mean uniform("},
    {"uniforme(40ms, 80ms)", "did you mean uniform("},
    {"exponental(20ms)", "did you mean exponential("},
    {"gauss(1ms, 2ms)", "did you mean normal("},
    {"exp(1ms)", "did you mean exponential("},
    {"log-normal(1ms, 2ms)", "did you mean lognormal("},
    {"pareto(1ms, 2)", "known are constant, uniform, exponential, normal, lognormal, empirical"},
    {"(1ms)", "unknown distribution ''"},
    {"soon", "unknown distribution 'soon'"},
    {"empirical()", "the name of a file is missing"},
    {"empirical( , ms)", "the name of a file is missing"},
    {"empirical(x.txt, parsecs)", "unknown unit 'parsecs'"},
    {"empirical(no-such-file.txt)", "no-such-file.txt: No such file"},
    {"empirical(/dev/zero)", "not a file of values"},
    {"empirical(/)", "not a file of values"},
};

START_TEST(test_bad_forms)
{
    for (size_t i = 0; i < G_N_ELEMENTS(bad_forms); i++) {
        GError *error = NULL;
        ck_assert_msg(!distribution_parse(bad_forms[i].text, NULL, &error), "%s", bad_forms[i].text);
        ck_assert_msg(error != NULL && error->domain == VALUE_ERROR, "%s", bad_forms[i].text);
        ck_assert_msg(strstr(error->message, bad_forms[i].message) != NULL, "%s: %s", bad_forms[i].text,
                      error->message);
        g_error_free(error);
        ck_assert_ptr_null(distribution_parse(bad_forms[i].text, NULL, NULL));
    }
}
END_TEST

/* ---- files ---- */

struct place {
    char *directory;
    char *path;
};

static struct place write_file(const char *content, gssize length)
{
    struct place place = {.directory = g_dir_make_tmp("mip6sim-XXXXXX", NULL)};
    ck_assert_ptr_nonnull(place.directory);
    place.path = g_build_filename(place.directory, "delays.txt", NULL);
    ck_assert(g_file_set_contents(place.path, content, length, NULL));
    return place;
}

static void remove_file(struct place place)
{
    g_remove(place.path);
    g_rmdir(place.directory);
    g_free(place.path);
    g_free(place.directory);
}

START_TEST(test_empirical)
{
    struct place place = write_file("# measured\n40ms\n\n 10ms # fast\r\n20 \n1s", -1);
    struct distribution *distribution = must_parse("empirical( delays.txt , ms )", place.directory);
    struct random_stream stream;
    unsigned seen[4] = {0};
    ck_assert_int_eq(distribution_minimum(distribution), MILLISECONDS(10));
    ck_assert(!distribution_is_constant(distribution));
    ck_assert_double_eq_tol(distribution_mean(distribution), 267.5e6, 1);
    random_stream_init(&stream, 1, 2, 3, 4);
    for (int i = 0; i < 40000; i++) {
        time_ns sample = distribution_sample(distribution, &stream);
        seen[sample == MILLISECONDS(10)   ? 0
             : sample == MILLISECONDS(20) ? 1
             : sample == MILLISECONDS(40) ? 2
                                          : 3]++;
        if (sample != MILLISECONDS(10) && sample != MILLISECONDS(20) && sample != MILLISECONDS(40) &&
            sample != SECONDS(1))
            ck_abort_msg("not a value of the file");
    }
    for (int i = 0; i < 4; i++)
        ck_assert_double_eq_tol(seen[i], 10000, 5 * 86.6);
    char *written = distribution_to_string(distribution);
    ck_assert_str_eq(written, "empirical(delays.txt, ms)");
    g_free(written);
    distribution_free(distribution);
    char *absolute = g_strdup_printf("empirical(%s, s)", place.path);
    distribution = must_parse(absolute, "/nowhere");
    ck_assert_int_eq(distribution_minimum(distribution), MILLISECONDS(10));
    distribution_free(distribution);
    g_free(absolute);
    remove_file(place);
}
END_TEST

static void check_bad_file(const char *content, gssize length, const char *message)
{
    struct place place = write_file(content, length);
    GError *error = NULL;
    ck_assert_ptr_null(distribution_parse("empirical(delays.txt)", place.directory, &error));
    ck_assert_msg(error->code == VALUE_ERROR_FILE && strstr(error->message, message) != NULL, "%s",
                  error->message);
    g_error_free(error);
    remove_file(place);
}

START_TEST(test_bad_files)
{
    check_bad_file("", 0, "delays.txt: holds no value");
    check_bad_file("# nothing\n\n", -1, "holds no value");
    check_bad_file("1ms\n2ms\n\nthree\n", -1, "delays.txt:4: 'three' is not a duration");
    check_bad_file("1ms\n2\n", -1, "delays.txt:2: '2' has no unit");
    check_bad_file("1ms\n2\n", -1, "empirical(file, ms)");
    check_bad_file("1ms\n-2ms\n", -1, "delays.txt:2: '-2ms' is negative");
    check_bad_file("1ms\n9223372036854775806ns\n", -1, "delays.txt:2: durations may be at most 146 years");
    check_bad_file("1ms\n\0\1\2", 8, "not a text file");
}
END_TEST

/* ---- samples ---- */

enum { SAMPLES = 50000 };

static double *sorted_samples(const struct distribution *distribution, uint64_t seed)
{
    double *samples = g_new(double, SAMPLES);
    struct random_stream stream;
    random_stream_init(&stream, seed, 0, 0, 0);
    for (int i = 0; i < SAMPLES; i++) {
        time_ns sample = distribution_sample(distribution, &stream);
        if (sample < 0)
            ck_abort_msg("negative sample");
        samples[i] = (double)sample;
    }
    ck_assert_uint_eq(stream.position, SAMPLES);
    return samples;
}

static int compare_doubles(const void *a, const void *b)
{
    double first = *(const double *)a;
    double second = *(const double *)b;
    return (first > second) - (first < second);
}

static double uniform_cdf(double x)
{
    return (x - 40e6) / 40e6;
}

static double exponential_cdf(double x)
{
    return gsl_cdf_exponential_P(x, 20e6);
}

static double normal_cdf(double x)
{
    return gsl_cdf_gaussian_P(x - 50e6, 10e6);
}

/* Mean 10 ms, deviation 20 ms: nearly a third is drawn again. */
static double truncated_cdf(double x)
{
    double below = gsl_cdf_gaussian_P(-10e6, 20e6);
    return (gsl_cdf_gaussian_P(x - 10e6, 20e6) - below) / (1 - below);
}

static double lognormal_cdf(double x)
{
    double variance = log(1 + 0.2 * 0.2);
    return gsl_cdf_lognormal_P(x, log(50e6) - variance / 2, sqrt(variance));
}

static const struct {
    const char *text;
    double (*cdf)(double x);
    double deviation; /* of the samples */
} sampled[] = {
    {"uniform(40ms, 80ms)", uniform_cdf, 40e6 / 3.4641016},
    {"exponential(20ms)", exponential_cdf, 20e6},
    {"normal(50ms, 10ms)", normal_cdf, 10e6},
    {"normal(10ms, 20ms)", truncated_cdf, 14.1e6},
    {"lognormal(50ms, 10ms)", lognormal_cdf, 10e6},
};

START_TEST(test_samples_follow_their_distribution)
{
    struct distribution *distribution = must_parse(sampled[_i].text, NULL);
    double *samples = sorted_samples(distribution, 77);
    double distance = 0;
    double sum = 0;
    double squares = 0;
    qsort(samples, SAMPLES, sizeof *samples, compare_doubles);
    for (int i = 0; i < SAMPLES; i++) {
        double below = sampled[_i].cdf(samples[i]);
        distance = fmax(distance, fmax((i + 1.0) / SAMPLES - below, below - (double)i / SAMPLES));
        sum += samples[i];
    }
    double mean = sum / SAMPLES;
    for (int i = 0; i < SAMPLES; i++)
        squares += (samples[i] - mean) * (samples[i] - mean);
    ck_assert_double_lt(distance * sqrt(SAMPLES), 1.95); /* Kolmogorov-Smirnov, 0.1 % */
    ck_assert_double_eq_tol(mean, distribution_mean(distribution), 5 * sampled[_i].deviation / sqrt(SAMPLES));
    ck_assert_double_eq_tol(sqrt(squares / SAMPLES), sampled[_i].deviation, 0.03 * sampled[_i].deviation);
    g_free(samples);
    distribution_free(distribution);
}
END_TEST

/* With one stream, a larger parameter never gives a smaller sample, and every kind rises with its number. */
START_TEST(test_common_random_numbers)
{
    static const char *const pairs[][2] = {
        {"uniform(40ms, 80ms)", "uniform(40ms, 90ms)"}, {"exponential(20ms)", "exponential(21ms)"},
        {"normal(50ms, 10ms)", "normal(51ms, 10ms)"},   {"lognormal(50ms, 10ms)", "lognormal(55ms, 11ms)"},
        {"uniform(40ms, 80ms)", "uniform(41ms, 81ms)"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        struct distribution *small = must_parse(pairs[i][0], NULL);
        struct distribution *large = must_parse(pairs[i][1], NULL);
        struct distribution *constant = distribution_new_constant(5);
        struct random_stream one;
        struct random_stream other;
        random_stream_init(&one, 3, 3, 3, 3);
        other = one;
        for (int k = 0; k < 10000; k++)
            if (distribution_sample(small, &one) > distribution_sample(large, &other))
                ck_abort_msg("%s gave more than %s", pairs[i][0], pairs[i][1]);
        ck_assert_int_eq(distribution_sample(constant, &one), 5);
        ck_assert_uint_eq(one.position, other.position + 1);
        distribution_free(constant);
        distribution_free(large);
        distribution_free(small);
    }
}
END_TEST

/* Absurd parameters give absurd samples, but never one that is no duration. */
START_TEST(test_extremes)
{
    static const char *const texts[] = {"lognormal(1ns, 1000000h)", "lognormal(1000000h, 1ns)",
                                        "normal(0, 1280000h)",      "exponential(1280000h)",
                                        "uniform(0, 1280000h)",     "exponential(1ns)",
                                        "normal(1h, 1ns)"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        struct distribution *distribution = must_parse(texts[i], NULL);
        struct random_stream stream;
        random_stream_init(&stream, 11, 0, 0, 0);
        for (int k = 0; k < 10000; k++) {
            time_ns sample = distribution_sample(distribution, &stream);
            if (sample < 0 || sample > (time_ns)1 << 62)
                ck_abort_msg("%s: out of range", texts[i]);
        }
        distribution_free(distribution);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("distribution");
    TCase *tests = tcase_create("distribution");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_duration_values);
    tcase_add_test(tests, test_bad_durations);
    tcase_add_test(tests, test_default_unit);
    tcase_add_test(tests, test_forms);
    tcase_add_test(tests, test_bad_forms);
    tcase_add_test(tests, test_empirical);
    tcase_add_test(tests, test_bad_files);
    tcase_add_loop_test(tests, test_samples_follow_their_distribution, 0, G_N_ELEMENTS(sampled));
    tcase_add_test(tests, test_common_random_numbers);
    tcase_add_test(tests, test_extremes);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
