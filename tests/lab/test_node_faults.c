/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_node_faults.c - what may befall nodes, whole runs from a scenario's text: clocks that drift, an
 * address that is taken (RFC 4862, 5.4.5), nonces that expire (RFC 6275, 5.2.2, 9.5.1).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/faulty.h"
#include "tests/runner.h"

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
    const struct correspondence *with = &handover->with[0];
    ck_assert_int_eq(handover_instant(handover, with, INSTANT_LINK_DOWN), SECONDS(10));
    ck_assert_int_eq(handover_instant(handover, with, INSTANT_LINK_UP), SECONDS(10) + MILLISECONDS(50));
    time_ns detection = handover_instant(handover, with, INSTANT_CARE_OF_ADDRESS_USABLE) -
                        handover_instant(handover, with, INSTANT_ADDRESS_TENTATIVE);
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

/* Clocks as they are built: all nodes within 100 ppm, each its own. Nothing but a few microseconds
 * changes. */
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

#define THIEF "[host thief]\nattached = visited\naddress = care-of mn\n"

static const struct signalling_row *first_update(const struct faulty *f)
{
    for (guint i = 0; i < f->recorder.signalling.rows->len; i++) {
        const struct signalling_row *row =
            &g_array_index(f->recorder.signalling.rows, struct signalling_row, i);
        if (strcmp(row->message, "Binding Update") == 0 && row->action == SIGNALLING_SENT)
            return row;
    }
    return NULL;
}

/* The host has the very address that the mobile node forms: seen where nobody looks for duplicates. */
START_TEST(the_address_it_will_form)
{
    static const char *const blind[] = {"mobile-node mn / dad-transmits = 0", NULL};
    struct faulty f;
    faulty_run_world_with(&f, THIEF VISIT, blind);
    const struct signalling_row *update = first_update(&f);
    const struct scenario_node *thief = &f.scenario->nodes[f.scenario->node_count - 1];
    ck_assert_str_eq(thief->name, "thief");
    ck_assert_ptr_nonnull(update);
    ck_assert(ipv6_address_equal(&update->care_of_address, &thief->interfaces[0].address));
    faulty_free(&f);
}
END_TEST

START_TEST(the_address_is_taken)
{
    struct faulty f;
    faulty_run_world(&f,
                     THIEF VISIT "[at 20s]\nmn = attach home\n[at 30s]\nthief = down\nmn = attach visited\n");
    const struct signalling_row *update = first_update(&f);
    ck_assert_ptr_nonnull(strstr(f.recorder.log->str, "address duplicate"));
    ck_assert_ptr_nonnull(update); /* when the other is gone */
    ck_assert_int_gt(update->time, SECONDS(31));
    faulty_free(&f);
}
END_TEST

/* Twelve seconds are more than eight nonces of a second each: what was kept is expired, of the home test
 * alone or, if the Binding Update is late, of both; or of the care-of test alone, where it waits for the
 * other. */
START_TEST(nonces_expire)
{
    static const char *const fast[] = {"correspondent-node cn / nonce-interval = 1s",
                                       "peers mn cn / reuse-tokens = yes", NULL};
    static const char *const faster[] = {"correspondent-node cn / nonce-interval = 500ms", NULL};
    struct faulty f;
    faulty_run_world_with(&f,
                          VISIT
                          "[lan other]\nprefix = 2001:db8:9::/64\n[router access2]\nattached = other\n"
                          "[point-to-point ha-access2]\nbetween = ha, access2\n[at 24s]\nmn = attach other\n",
                          fast);
    ck_assert_uint_eq(faulty_messages(&f, "Binding Acknowledgement", SIGNALLING_RECEIVED, "mn", 136, 0), 1);
    ck_assert_uint_eq(faulty_messages(&f, "Home Test", SIGNALLING_RECEIVED, "mn", -1, SECONDS(24)), 1);
    faulty_free(&f);
    faulty_run_world_with(&f, VISIT "[fault f]\naction = delay 10s\nmessage = BU\nto = cn\nnth = 1\n", fast);
    ck_assert_uint_eq(faulty_messages(&f, "Binding Acknowledgement", SIGNALLING_SENT, "cn", 138, 0), 1);
    faulty_free(&f);
    faulty_run_world_with(&f, VISIT "[fault f]\naction = drop\nmessage = HoT\nnth = 1..3\n", faster);
    ck_assert_uint_eq(faulty_messages(&f, "Binding Acknowledgement", SIGNALLING_SENT, "cn", 137, 0), 1);
    faulty_free(&f);
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
    tcase_add_test(tests, the_address_it_will_form);
    tcase_add_test(tests, the_address_is_taken);
    tcase_add_test(tests, nonces_expire);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
