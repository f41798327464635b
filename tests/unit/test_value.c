/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_value.c - the values of the scenario language, read exactly, and refused with a word of help.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/message.h"
#include "sim/scenario/value.h"
#include "tests/runner.h"

/* The error's text holds this; the error is freed. */
static void assert_error(GError *error, const char *text)
{
    ck_assert_ptr_nonnull(error);
    ck_assert_msg(strstr(error->message, text) != NULL, "\"%s\" does not say \"%s\"", error->message, text);
    g_error_free(error);
}

static void assert_rate(const char *text, uint64_t expected)
{
    uint64_t rate = 0;
    GError *error = NULL;
    ck_assert_msg(value_parse_rate(text, &rate, &error), "%s: %s", text, error ? error->message : "");
    ck_assert_uint_eq(rate, expected);
}

START_TEST(rates)
{
    assert_rate("9600bit/s", 9600);
    assert_rate(" 1 Gbit/s ", 1000000000);
    assert_rate("1.5Mbit/s", 1500000);
    assert_rate("0.001kbit/s", 1);
    assert_rate("2.50000000Tbit/s", 2500000000000);
    assert_rate("1000Tbit/s", 1000000000000000);
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"1000", "no unit"},
        {"1Gbps", "did you mean \"1Gbit/s\""},
        {"10mbit/s", "did you mean \"10Mbit/s\""},
        {"-1bit/s", "negative"},
        {"0bit/s", "out of range"},
        {"0.5bit/s", "finer"},
        {"1.bit/s", "is not a rate"},
        {".5Mbit/s", "is not a rate"},
        {"99999999999999999999bit/s", "too large"},
        {"1001Tbit/s", "out of range"},
        {"", "is not a rate"},
        {"fast", "is not a rate"},
        {"1Mbit/s!", "unknown unit"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        uint64_t rate = 17;
        GError *error = NULL;
        ck_assert_msg(!value_parse_rate(wrong[i].text, &rate, &error), "%s is read", wrong[i].text);
        ck_assert_uint_eq(rate, 17);
        assert_error(error, wrong[i].message);
    }
}
END_TEST

START_TEST(rates_are_written_as_they_are_read)
{
    static const uint64_t values[] = {1, 999, 1000, 1500, 64000, 1000000, 1500000, 1000000000, 1234567890123};
    for (unsigned i = 0; i < G_N_ELEMENTS(values); i++) {
        char *text = value_format_rate(values[i]);
        assert_rate(text, values[i]);
        g_free(text);
    }
    char *text = value_format_rate(1500000);
    ck_assert_str_eq(text, "1500kbit/s");
    g_free(text);
}
END_TEST

START_TEST(sizes)
{
    static const struct {
        const char *text;
        uint64_t octets;
    } good[] = {{"160B", 160},   {"1.5kB", 1500},  {"1KiB", 1024},
                {"0.5KiB", 512}, {"1MB", 1000000}, {"1 MiB", 1048576}};
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++) {
        uint64_t octets = 0;
        ck_assert(value_parse_size(good[i].text, 0, UINT64_MAX, &octets, NULL));
        ck_assert_uint_eq(octets, good[i].octets);
    }
    uint64_t octets;
    GError *error = NULL;
    ck_assert(!value_parse_size("15B", 16, 65000, &octets, &error));
    assert_error(error, "from 16B to 65000B");
    error = NULL;
    ck_assert(!value_parse_size("160", 16, 65000, &octets, &error));
    assert_error(error, "no unit");
    error = NULL;
    ck_assert(!value_parse_size("0.1KiB", 0, 65000, &octets, &error));
    assert_error(error, "finer");
}
END_TEST

START_TEST(integers)
{
    uint64_t value = 0;
    GError *error = NULL;
    ck_assert(value_parse_integer(" 42 ", 1, 100, &value, NULL));
    ck_assert_uint_eq(value, 42);
    ck_assert(value_parse_integer("18446744073709551615", 0, UINT64_MAX, &value, NULL));
    ck_assert_uint_eq(value, UINT64_MAX);
    static const struct {
        const char *text, *message;
    } wrong[] = {
        {"18446744073709551616", "out of range"},
        {"-1", "negative"},
        {"1e3", "not a whole number"},
        {"0x10", "not a whole number"},
        {"", "not a whole"},
        {"1 2", "not a whole number"},
        {"101", "from 1 to 100"},
        {"0", "from 1 to 100"},
        {"+5", "not a whole number"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++, error = NULL) {
        ck_assert(!value_parse_integer(wrong[i].text, 1, 100, &value, &error));
        assert_error(error, wrong[i].message);
    }
}
END_TEST

START_TEST(probabilities)
{
    static const struct {
        const char *text;
        double value;
    } good[] = {{"0", 0},     {"1", 1},         {"0.25", 0.25}, {"100%", 1},
                {"1%", 0.01}, {"0.5 %", 0.005}, {" 1.0 ", 1}};
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++) {
        double value = -1;
        ck_assert(value_parse_probability(good[i].text, &value, NULL));
        ck_assert_double_eq_tol(value, good[i].value, 1e-15);
    }
    static const char *const wrong[] = {"",     "-0.1", "1.1", "101%", "nan", "inf",
                                        "0.1x", "1%%",  "0x1", "1e-3", ".5"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        double value;
        GError *error = NULL;
        ck_assert_msg(!value_parse_probability(wrong[i], &value, &error), "%s is read", wrong[i]);
        assert_error(error, "from 0 to 1");
    }
}
END_TEST

START_TEST(booleans_and_words)
{
    static const char *const words[] = {"return-routability", "static-key", NULL};
    bool flag = false;
    unsigned index = 9;
    GError *error = NULL;
    ck_assert(value_parse_boolean("yes", &flag, NULL) && flag);
    ck_assert(value_parse_boolean("off", &flag, NULL) && !flag);
    ck_assert(value_parse_boolean(" true", &flag, NULL) && flag);
    ck_assert(!value_parse_boolean("Yes", &flag, &error));
    assert_error(error, "neither yes nor no");
    error = NULL;
    ck_assert(!value_parse_boolean("flase", &flag, &error));
    assert_error(error, "did you mean \"false\"?");
    error = NULL;
    ck_assert(value_parse_word("static-key", words, &index, NULL));
    ck_assert_uint_eq(index, 1);
    ck_assert(!value_parse_word("statickey", words, &index, &error));
    assert_error(error, "did you mean \"static-key\"?");
    error = NULL;
    ck_assert(!value_parse_word("cga", words, &index, &error));
    assert_error(error, "one of return-routability, static-key");
}
END_TEST

START_TEST(duration_ranges)
{
    time_ns least = 0, most = 0;
    GError *error = NULL;
    ck_assert(value_parse_duration_range("30ms..70ms", &least, &most, NULL));
    ck_assert_int_eq(least, MILLISECONDS(30));
    ck_assert_int_eq(most, MILLISECONDS(70));
    ck_assert(value_parse_duration_range("0.5s .. 1s", &least, &most, NULL));
    ck_assert_int_eq(least, MILLISECONDS(500));
    ck_assert(value_parse_duration_range("50ms", &least, &most, NULL));
    ck_assert(least == most && least == MILLISECONDS(50));
    ck_assert(!value_parse_duration_range("70ms..30ms", &least, &most, &error));
    assert_error(error, "did you mean \"30ms..70ms\"?");
    error = NULL;
    ck_assert(!value_parse_duration_range("30..70ms", &least, &most, &error));
    assert_error(error, "30");
    error = NULL;
    ck_assert(!value_parse_duration_range("..", &least, &most, &error));
    g_error_free(error);
}
END_TEST

START_TEST(addresses_and_prefixes)
{
    static const uint8_t expected[16] = {0x20, 1, 0xd, 0xb8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    struct ipv6_address address;
    unsigned length = 0;
    GError *error = NULL;
    ck_assert(value_parse_address(" 2001:db8:1::1", &address, NULL));
    ck_assert_mem_eq(address.octets, expected, 16);
    char *text = value_format_address(&address);
    ck_assert_str_eq(text, "2001:db8:1::1");
    g_free(text);
    static const char *const wrong[] = {"",        "2001:db8:1", "192.0.2.1", "2001:db8::1/64", "::", "::1",
                                        "fe80::1", "ff02::1",    "1"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        ck_assert_msg(!value_parse_address(wrong[i], &address, NULL), "%s is read", wrong[i]);
    }
    ck_assert(value_parse_prefix("2001:db8:1::/64", 64, 64, &address, &length, NULL));
    ck_assert_uint_eq(length, 64);
    ck_assert(value_parse_prefix("2001:db8:1::2/127", 64, 127, &address, &length, NULL));
    ck_assert_uint_eq(length, 127);
    ck_assert(!value_parse_prefix("2001:db8:1::1/64", 64, 64, &address, &length, &error));
    assert_error(error, "did you mean \"2001:db8:1::/64\"?");
    error = NULL;
    ck_assert(!value_parse_prefix("2001:db8:1::/48", 64, 64, &address, &length, &error));
    assert_error(error, "64 bits, not 48");
    error = NULL;
    ck_assert(!value_parse_prefix("2001:db8:1::/129", 64, 127, &address, &length, &error));
    assert_error(error, "is not a prefix length");
    error = NULL;
    ck_assert(!value_parse_prefix("2001:db8:1::", 64, 64, &address, &length, &error));
    assert_error(error, "did you mean \"2001:db8:1::/64\"?");
}
END_TEST

START_TEST(octets)
{
    uint8_t read[4] = {0};
    size_t length = 0;
    static const uint8_t expected[] = {0x00, 0xfF, 0x1a};
    ck_assert(value_parse_octets("00fF1a", 1, 4, read, &length, NULL));
    ck_assert_uint_eq(length, 3);
    ck_assert_mem_eq(read, expected, 3);
    ck_assert(value_parse_octets("0x00", 1, 4, read, &length, NULL));
    ck_assert_uint_eq(length, 1);
    static const char *const wrong[] = {"", "0x", "0", "000", "0g", "00 11", "0011223344"};
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++)
        ck_assert_msg(!value_parse_octets(wrong[i], 1, 4, read, &length, NULL), "%s is read", wrong[i]);
}
END_TEST

START_TEST(names)
{
    static const char *const good[] = {"mn", "ha-core", "a.b_c", "2nd"};
    static const char *const wrong[] = {"", "-mn", "a b", "a,b", "a/b", "é", "all", "none", "a=b"};
    for (unsigned i = 0; i < G_N_ELEMENTS(good); i++)
        ck_assert_msg(value_check_name(good[i], NULL), "%s is refused", good[i]);
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++)
        ck_assert_msg(!value_check_name(wrong[i], NULL), "%s is a name", wrong[i]);
}
END_TEST

START_TEST(lists)
{
    char **parts = value_split(" 1ms; uniform(1ms; 2ms) ;3ms", ';');
    ck_assert_uint_eq(g_strv_length(parts), 3);
    ck_assert_str_eq(parts[0], "1ms");
    ck_assert_str_eq(parts[1], "uniform(1ms; 2ms)");
    ck_assert_str_eq(parts[2], "3ms");
    g_strfreev(parts);
    parts = value_split("", ',');
    ck_assert_uint_eq(g_strv_length(parts), 1);
    ck_assert_str_eq(parts[0], "");
    g_strfreev(parts);
    parts = value_split("a,,)b(,c", ',');
    ck_assert_uint_eq(g_strv_length(parts), 3);
    g_strfreev(parts);
}
END_TEST

START_TEST(guesses)
{
    static const char *const words[] = {"delay", "handover-delay", "rate", "loss", "mn", "cn", NULL};
    ck_assert_str_eq(scenario_probably_meant("dealy", words), "delay"); /* neighbors exchanged: one step */
    ck_assert_str_eq(scenario_probably_meant("Delay", words), "delay");
    ck_assert_str_eq(scenario_probably_meant("handover", words), "handover-delay");
    ck_assert_str_eq(scenario_probably_meant("handoverdelay", words), "handover-delay");
    ck_assert_str_eq(scenario_probably_meant("rat", words), "rate");
    ck_assert_str_eq(scenario_probably_meant("nm", words), "mn");
    ck_assert_ptr_null(scenario_probably_meant("banana", words));
    ck_assert_ptr_null(scenario_probably_meant("", words));
    ck_assert_ptr_null(scenario_probably_meant("x", words));
    char long_word[300];
    memset(long_word, 'a', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    ck_assert_ptr_null(scenario_probably_meant(long_word, words));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("value");
    TCase *tests = tcase_create("value");
    tcase_add_test(tests, rates);
    tcase_add_test(tests, rates_are_written_as_they_are_read);
    tcase_add_test(tests, sizes);
    tcase_add_test(tests, integers);
    tcase_add_test(tests, probabilities);
    tcase_add_test(tests, booleans_and_words);
    tcase_add_test(tests, duration_ranges);
    tcase_add_test(tests, addresses_and_prefixes);
    tcase_add_test(tests, octets);
    tcase_add_test(tests, names);
    tcase_add_test(tests, lists);
    tcase_add_test(tests, guesses);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
