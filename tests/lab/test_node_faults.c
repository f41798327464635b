/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_node_faults.c - what may befall nodes, whole runs from a scenario's text: clocks that drift.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/faulty.h"

#define WIRE(a, b)                                                                                           \
    "[scenario]\nduration = 21s\n[host a]\nclock-drift = " a "\n[host b]\nclock-drift = " b "\n"             \
    "[point-to-point wire]\nbetween = a, b\ndelay = 10ms\n"                                                  \
    "[flow f]\nfrom = a\nto = b\ninterval = 10ms\nstart = 1s\nstop = 20s\n"

/* The sender's interval is by its own clock, from 1 s to 20 s of the network's; what is measured is not. */
START_TEST(a_fast_sender)
{
    struct faulty f;
    faulty_run(&f, WIRE("100000ppm", "-100000ppm"));
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_eq(flow->sent, 2090);
    ck_assert_uint_eq(flow->received, 2090);
    ck_assert_int_ge(flow->delay_minimum, MILLISECONDS(10));
    ck_assert_int_le(flow->delay_maximum, MILLISECONDS(10) + 1); /* a nanosecond is what clocks can tell */
    ck_assert_int_le(flow->longest_gap, 9090910);
    faulty_free(&f);
}
END_TEST

START_TEST(a_slow_sender)
{
    struct faulty f;
    faulty_run(&f, WIRE("-100000ppm", "0ppm"));
    ck_assert_uint_eq(faulty_flow(&f)->sent, 1710);
    ck_assert_int_ge(faulty_flow(&f)->delay_minimum, MILLISECONDS(10));
    ck_assert_int_le(faulty_flow(&f)->delay_maximum, MILLISECONDS(10) + 2);
    faulty_free(&f);
}
END_TEST

#define VISIT "[at 10s]\nmn = attach visited\n"

/* The mobile node's second of duplicate detection (RFC 4862) is by its own clock; the records have the
 * network's time. */
START_TEST(durations_by_the_node)
{
    static const char *const fast[] = {"mobile-node mn / clock-drift = 100000ppm",
                                       "access-lan visited / router-advertisement-start = 9s", NULL};
    struct faulty f;
    faulty_run_world_with(&f, VISIT, fast);
    const struct handover *handover = f.recorder.handovers.first;
    const time_ns *at = handover->instants;
    ck_assert_int_eq(at[INSTANT_LINK_DOWN], SECONDS(10));
    ck_assert_int_eq(at[INSTANT_LINK_UP], SECONDS(10) + MILLISECONDS(50));
    time_ns detection = at[INSTANT_CARE_OF_ADDRESS_USABLE] - at[INSTANT_ADDRESS_TENTATIVE];
    ck_assert_int_ge(detection, 909090908);
    ck_assert_int_le(detection, 909090910);
    faulty_free(&f);
}
END_TEST

#define FIRST(f, message, action, node) faulty_message_time(&f, message, action, node, 1)

/* A binding of 40 s lasts 36.4 s where the clock is fast by a tenth. */
START_TEST(bindings_by_the_correspondent)
{
    static const char *const set[] = {"scenario / duration = 120s", "peers mn cn / lifetime = 40s",
                                      "correspondent-node cn / clock-drift = 100000ppm", NULL};
    struct faulty f;
    faulty_run_world_with(&f, VISIT "[at 15s]\nmn = detach\n", set);
    time_ns bound = FIRST(f, "Binding Update", SIGNALLING_RECEIVED, "cn");
    const char *expired = strstr(f.recorder.log->str, "cn       binding expired");
    ck_assert_ptr_nonnull(expired);
    while (expired[-1] != '\n')
        expired--;
    double lasted = g_ascii_strtod(expired, NULL) - (double)bound / 1e9;
    ck_assert_double_eq_tol(lasted, 40 / 1.1, 1);
    faulty_free(&f);
}
END_TEST

/* Clocks as they are built: all nodes within 100 ppm, each its own. Nothing but a few microseconds changes. */
START_TEST(ordinary_clocks)
{
    static const char *const set[] = {"mobile-node mn / clock-drift = uniform(-100ppm, 100ppm)",
                                      "correspondent-node cn / clock-drift = uniform(-100ppm, 100ppm)",
                                      "home-agent ha / clock-drift = uniform(-100ppm, 100ppm)",
                                      "router access / clock-drift = uniform(-100ppm, 100ppm)", NULL};
    struct faulty right, drifting;
    faulty_run_world(&right, VISIT);
    faulty_run_world_with(&drifting, VISIT, set);
    const struct network *network = drifting.simulation->network;
    for (uint32_t i = 0; i < network->node_count; i++)
        for (uint32_t j = 0; j < i; j++)
            ck_assert_int_ne(network->nodes[i].clock_drift, network->nodes[j].clock_drift);
    time_ns difference = FIRST(drifting, "Binding Acknowledgement", SIGNALLING_SENT, "cn") -
                         FIRST(right, "Binding Acknowledgement", SIGNALLING_SENT, "cn");
    ck_assert_int_ne(difference, 0);
    ck_assert_int_lt(difference < 0 ? -difference : difference, MILLISECONDS(1));
    ck_assert_uint_eq(drifting.recorder.signalling.rows->len, right.recorder.signalling.rows->len);
    faulty_free(&right);
    faulty_free(&drifting);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("node faults");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, a_fast_sender);
    tcase_add_test(tests, a_slow_sender);
    tcase_add_test(tests, durations_by_the_node);
    tcase_add_test(tests, bindings_by_the_correspondent);
    tcase_add_test(tests, ordinary_clocks);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
