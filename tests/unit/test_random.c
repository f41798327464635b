/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_random.c - random streams: the generator against the known answers that its authors published,
 * streams against each other, and what is made from the bits against the distribution it claims (fixed
 * seeds, so no test can fail by chance).
 */
#include <check.h>
#include <stdint.h>
#include <string.h>

#include "sim/engine/random.h"
#include "tests/runner.h"

/* Random123 1.x, tests/kat_vectors, philox4x32 with 10 rounds: counter, key, output. */
static const struct {
    uint32_t counter[4];
    uint32_t key[2];
    uint32_t output[4];
} known_answers[] = {
    {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}},
    {{0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff},
     {0xffffffff, 0xffffffff},
     {0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}},
    {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
     {0xa4093822, 0x299f31d0},
     {0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}},
};

START_TEST(test_known_answers)
{
    for (size_t i = 0; i < sizeof known_answers / sizeof known_answers[0]; i++) {
        uint32_t output[4];
        random_philox(output, known_answers[i].counter, known_answers[i].key);
        ck_assert_mem_eq(output, known_answers[i].output, sizeof output);
    }
}
END_TEST

/* The third known answer, reached through a stream's name: word 1 of the counter is purpose and position. */
START_TEST(test_layout_of_the_input)
{
    struct random_stream stream;
    random_stream_init(&stream, UINT64_C(0x299f31d0a4093822), 0x03707344, 0x13198a2e, 0x85a3);
    random_skip(&stream, UINT64_C(0x08d3243f6a88));
    struct random_stream again = stream;
    ck_assert_uint_eq(random_bits(&stream), UINT64_C(0x94fdccebd16cfe09));
    uint8_t octets[16];
    static const uint8_t expected[16] = {0x09, 0xfe, 0x6c, 0xd1, 0xeb, 0xcc, 0xfd, 0x94,
                                         0x20, 0xe4, 0x01, 0x50, 0xa1, 0x6e, 0x12, 0x24};
    random_octets(&again, octets, sizeof octets);
    ck_assert_mem_eq(octets, expected, sizeof octets);
}
END_TEST

START_TEST(test_streams_differ)
{
    struct random_stream stream[6];
    uint64_t first[6];
    random_stream_init(&stream[0], 1, 2, 3, 4);
    random_stream_init(&stream[1], UINT64_C(0x100000001), 2, 3, 4);
    random_stream_init(&stream[2], 1, 3, 3, 4);
    random_stream_init(&stream[3], 1, 2, 4, 4);
    random_stream_init(&stream[4], 1, 2, 3, 5);
    random_stream_init(&stream[5], 1, 3, 2, 4);
    for (int i = 0; i < 6; i++) {
        first[i] = random_bits(&stream[i]);
        for (int k = 0; k < i; k++)
            ck_assert_uint_ne(first[i], first[k]);
    }
    ck_assert_uint_ne(random_bits(&stream[0]), first[0]);
    random_stream_init(&stream[0], 1, 2, 3, 4);
    ck_assert_uint_eq(random_bits(&stream[0]), first[0]);
}
END_TEST

/* The n-th draw is the same whatever the draws before it were of. */
START_TEST(test_one_step_each)
{
    struct random_stream bits;
    struct random_stream mixed;
    uint8_t octets[40];
    random_stream_init(&bits, 7, 1, 1, 1);
    random_stream_init(&mixed, 7, 1, 1, 1);
    random_unit(&mixed);
    random_unit_open(&mixed);
    random_below(&mixed, 1000);
    random_time(&mixed, 0, TIME_NEVER);
    random_octets(&mixed, octets, 40); /* three blocks of 16 */
    random_octets(&mixed, octets, 0);  /* none */
    for (int i = 0; i < 7; i++)
        random_bits(&bits);
    ck_assert_uint_eq(random_bits(&mixed), random_bits(&bits));
    random_stream_init(&bits, 7, 1, 1, 1);
    random_skip(&bits, 8);
    ck_assert_mem_eq(&bits, &mixed, sizeof bits);
}
END_TEST

START_TEST(test_octets_are_a_prefix)
{
    struct random_stream stream;
    uint8_t whole[64];
    for (size_t length = 0; length <= 64; length++) {
        uint8_t part[66];
        memset(part, 0xaa, sizeof part);
        random_stream_init(&stream, 9, 9, 9, 9);
        random_octets(&stream, whole, 64);
        random_stream_init(&stream, 9, 9, 9, 9);
        random_octets(&stream, part + 1, length);
        ck_assert_mem_eq(part + 1, whole, length);
        ck_assert_uint_eq(part[0], 0xaa);
        ck_assert_uint_eq(part[length + 1], 0xaa);
    }
}
END_TEST

/* The position never runs over into the purpose. */
START_TEST(test_position_wraps)
{
    struct random_stream stream;
    random_stream_init(&stream, 1, 1, 1, 0xffff);
    uint64_t first = random_bits(&stream);
    random_skip(&stream, (UINT64_C(1) << 48) - 1);
    ck_assert_uint_eq(random_bits(&stream), first);
}
END_TEST

START_TEST(test_unit_bounds_and_moments)
{
    enum { COUNT = 1000000 };
    struct random_stream stream;
    double sum = 0;
    double squares = 0;
    double least = 1;
    double most = 0;
    random_stream_init(&stream, 2026, 0, 0, 0);
    for (int i = 0; i < COUNT; i++) {
        double unit = i % 2 ? random_unit(&stream) : random_unit_open(&stream);
        least = unit < least ? unit : least;
        most = unit > most ? unit : most;
        sum += unit;
        squares += unit * unit;
    }
    ck_assert(least > 0 && least < 1e-5);
    ck_assert(most < 1 && most > 1 - 1e-5);
    /* five standard errors */
    ck_assert_double_eq_tol(sum / COUNT, 0.5, 5 * 0.2886751 / 1000);
    ck_assert_double_eq_tol(squares / COUNT, 1.0 / 3, 5 * 0.2981424 / 1000);
}
END_TEST

/*
 * Chi-square over the cells of a small bound, and the lower third of a bound of 3 * 2^62, which a careless
 * remainder would give half of the time.
 */
START_TEST(test_below_is_unbiased)
{
    struct random_stream stream;
    unsigned cell[10] = {0};
    double square = 0;
    random_stream_init(&stream, 5, 5, 5, 5);
    for (int i = 0; i < 100000; i++) {
        uint64_t value = random_below(&stream, 10);
        if (value >= 10)
            ck_abort_msg("out of bounds");
        cell[value]++;
    }
    for (int i = 0; i < 10; i++)
        square += ((double)cell[i] - 10000) * ((double)cell[i] - 10000) / 10000;
    ck_assert_double_lt(square, 27.88); /* 9 degrees of freedom, 0.1 % */
    unsigned lower = 0;
    for (int i = 0; i < 30000; i++) {
        uint64_t value = random_below(&stream, UINT64_C(3) << 62);
        if (value >= UINT64_C(3) << 62)
            ck_abort_msg("out of bounds");
        lower += value < UINT64_C(1) << 62;
    }
    ck_assert_double_eq_tol(lower, 10000, 5 * 81.65);
    ck_assert_uint_eq(random_below(&stream, 1), 0);
}
END_TEST

START_TEST(test_time_covers_its_interval)
{
    struct random_stream stream;
    unsigned seen = 0;
    random_stream_init(&stream, 1, 1, 1, 1);
    for (int i = 0; i < 200; i++) {
        time_ns time = random_time(&stream, 100, 104);
        if (time < 100 || time > 104)
            ck_abort_msg("out of bounds");
        seen |= 1u << (time - 100);
    }
    ck_assert_uint_eq(seen, 0x1f);
    ck_assert_int_eq(random_time(&stream, 42, 42), 42);
    for (int i = 0; i < 100; i++)
        ck_assert_int_ge(random_time(&stream, 0, TIME_NEVER), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random");
    TCase *tests = tcase_create("random");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_known_answers);
    tcase_add_test(tests, test_layout_of_the_input);
    tcase_add_test(tests, test_streams_differ);
    tcase_add_test(tests, test_one_step_each);
    tcase_add_test(tests, test_octets_are_a_prefix);
    tcase_add_test(tests, test_position_wraps);
    tcase_add_test(tests, test_unit_bounds_and_moments);
    tcase_add_test(tests, test_below_is_unbiased);
    tcase_add_test(tests, test_time_covers_its_interval);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
