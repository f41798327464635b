/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_packet_faults.c - what happens to chosen packets, whole runs from a scenario's text: which are chosen,
 * through tunnels and ESP, where they are counted, and that what follows is what RFC 6275 wants (a
 * retransmission after a second, 11.8; status 135 for a Binding Update that comes twice, 9.5.1).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/network/fault.h"
#include "tests/lab/faulty.h"
#include "tests/runner.h"

#define VISIT "[at 10s]\nmn = attach visited\n"

static struct standing_fault counted(const struct faulty *f, uint32_t fault)
{
    return *faults_at(f->simulation, fault);
}

static time_ns bound(const struct faulty *f)
{
    time_ns received = faulty_message_time(f, "Binding Update", SIGNALLING_RECEIVED, "cn", 1);
    ck_assert_int_ne(received, TIME_NEVER);
    return received;
}

static time_ns bound_with(const char *faults)
{
    struct faulty f;
    char *more = g_strconcat(VISIT, faults, NULL);
    faulty_run_world(&f, more);
    time_ns at = bound(&f);
    faulty_free(&f);
    g_free(more);
    return at;
}

/* Each message that the registration needs, lost once: a second later it is sent again (RFC 6275, 11.8). The
 * care-of test takes 20 ms and the home test 40 ms, which is what a second care-of test is ahead. */
START_TEST(one_lost)
{
    static const struct {
        const char *fault;
        time_ns later;
    } cases[] = {
        {"message = HoTI\nnth = 1\n", SECONDS(1)},
        {"message = HoT\nnth = 1\n", SECONDS(1)},
        {"message = CoTI\nnth = 1\n", SECONDS(1) - MILLISECONDS(20)},
        {"message = Care-of Test\nnth = 1\n", SECONDS(1) - MILLISECONDS(20)},
        {"message = home test\nnth = 1..2\n", SECONDS(3)}, /* after one second, and two more */
        {"message = BU\nto = cn\nnth = 1\n", SECONDS(1)},
    };
    time_ns right = bound_with("");
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *fault = g_strconcat("[fault f]\naction = drop\n", cases[i].fault, NULL);
        ck_assert_int_eq(bound_with(fault) - right, cases[i].later);
        g_free(fault);
    }
}
END_TEST

/* The second of all runs' Home Tests, that of the second handover. */
START_TEST(the_second_home_test)
{
    struct faulty f;
    faulty_run_world(
        &f, "[access-lan visited2]\nprefix = 2001:db8:4::/64\n[router access2]\nattached = visited2\n"
            "[point-to-point ha-access2]\nbetween = ha, access2\ndelay = 10ms\n" VISIT
            "[at 20s]\nmn = attach visited2\n[fault f]\naction = drop\nmessage = HoT\nnth = 2\n");
    ck_assert_uint_eq(faulty_messages(&f, "Home Test", SIGNALLING_SENT, "cn", -1, 0), 3);
    ck_assert_uint_eq(faulty_messages(&f, "Home Test", SIGNALLING_RECEIVED, "mn", -1, 0), 2);
    ck_assert_int_gt(faulty_message_time(&f, "Home Test", SIGNALLING_RECEIVED, "mn", 2), SECONDS(22));
    ck_assert_uint_eq(counted(&f, 0).done, 1);
    ck_assert_uint_eq(counted(&f, 0).matched, 2); /* what comes later is not looked at any more */
    ck_assert_uint_eq(f.recorder.discards[DISCARD_LINK_FAULT], 1);
    ck_assert_ptr_nonnull(strstr(f.recorder.log->str, "cn       fault f drops Home Test 2"));
    faulty_free(&f);
}
END_TEST

#define COUNT(name, more) "[fault " name "]\naction = duplicate\nprobability = 0\n" more

/* Without a link a packet counts once, where it begins; with one, where it crosses that, in the tunnel and
 * under ESP as well. */
START_TEST(counted_where)
{
    struct faulty f;
    faulty_run_world(
        &f,
        VISIT COUNT("a", "message = HoTI, HoT\n") COUNT("b", "message = HoTI\nlink = ha-access\n")
            COUNT("c", "message = HoT\nlink = ha-access\n") COUNT("d", "message = HoT\nlink = ha-edge\n")
                COUNT("e", "message = HoT\nlink = access-edge\n")
                    COUNT("f", "message = HoT\nfrom = cn\nto = mn\n") COUNT("g", "message = HoT\nfrom = mn\n")
                        COUNT("h", "message = BU, BA\nto = ha\n") COUNT("i", "message = BA\nfrom = ha\n")
                            COUNT("j", "message = BU\nfrom = mn\nto = cn\nlink = visited\n")
                                COUNT("k", "message = CoT\nto = mn\nlink = visited\n")
                                    COUNT("l", "message = BA\nto = mn\n")
                                        COUNT("m", "message = NS\nfrom = mn\nlink = visited\n")
                                            COUNT("n", "message = BRR, BE, MPA\n"));
    static const uint32_t expected[] = {2, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 2};
    for (uint32_t i = 0; i < G_N_ELEMENTS(expected); i++)
        ck_assert_msg(counted(&f, i).matched == expected[i], "fault %s: %u, not %u",
                      f.scenario->faults[i].name, counted(&f, i).matched, expected[i]);
    ck_assert_uint_ge(counted(&f, 12).matched, 2); /* for its link-local and its care-of address */
    ck_assert_uint_eq(counted(&f, 13).matched, 0);
    faulty_free(&f);
}
END_TEST

/* Without ESP, under other algorithms, with the whole tunnel protected: it is the same. */
START_TEST(whatever_protects)
{
    static const char *const ways[][4] = {
        {"mobile-node mn / ipsec = no", NULL},
        {"mobile-node mn / ipsec-tunnel = all", "mobile-node mn / ipsec-encryption = 3des-cbc",
         "mobile-node mn / ipsec-integrity = hmac-sha-256-128", NULL},
        {"mobile-node mn / ipsec-encryption = null", NULL},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++) {
        struct faulty f;
        faulty_run_world_with(&f,
                              VISIT COUNT("a", "message = HoTI\nlink = ha-access\n")
                                  COUNT("b", "message = HoT\nlink = visited\n")
                                      COUNT("c", "message = BU\nto = ha\n"),
                              ways[i]);
        for (uint32_t k = 0; k < 3; k++)
            ck_assert_uint_eq(counted(&f, k).matched, 1);
        ck_assert_uint_eq(f.recorder.discards[DISCARD_IPSEC_REPLAY], 0); /* who looks changes nothing */
        faulty_free(&f);
    }
}
END_TEST

START_TEST(twice)
{
    struct faulty f;
    faulty_run_world(&f, VISIT "[fault f]\naction = duplicate\nmessage = BU\nto = cn\n"
                               "[fault g]\naction = duplicate\nmessage = BU\nto = ha\n");
    ck_assert_uint_eq(faulty_messages(&f, "Binding Acknowledgement", SIGNALLING_SENT, "cn", 135, 0), 1);
    ck_assert_uint_eq(faulty_messages(&f, "Binding Acknowledgement", SIGNALLING_RECEIVED, "mn", 0, 0), 2);
    ck_assert_uint_eq(f.recorder.discards[DISCARD_IPSEC_REPLAY], 1); /* the home agent's copy is a replay */
    faulty_free(&f);
}
END_TEST

START_TEST(corrupted)
{
    struct faulty f;
    faulty_run_world(&f, VISIT "[fault f]\naction = corrupt\nmessage = BU\nto = cn\nnth = 1\n"
                               "[fault g]\naction = corrupt\nmessage = BU\nto = ha\nnth = 1\n");
    ck_assert_uint_eq(f.recorder.discards[DISCARD_CHECKSUM], 1);
    ck_assert_uint_eq(f.recorder.discards[DISCARD_IPSEC_INTEGRITY], 1);
    ck_assert_uint_eq(faulty_messages(&f, "Binding Acknowledgement", SIGNALLING_RECEIVED, "mn", 0, 0), 2);
    faulty_free(&f);
}
END_TEST

START_TEST(later)
{
    time_ns right = bound_with("");
    ck_assert_int_eq(bound_with("[fault f]\naction = delay 300ms\nmessage = BU\nto = cn\n") - right,
                     MILLISECONDS(300));
    /* what is sent again does not wait for the first */
    ck_assert_int_eq(bound_with("[fault f]\naction = hold until 30s\nmessage = BU\nto = cn\nnth = 1\n") -
                         right,
                     SECONDS(1));
    ck_assert_int_eq(bound_with("[fault f]\naction = hold until 30s\nmessage = BU\nto = cn\n"),
                     SECONDS(30) + MILLISECONDS(10));
    ck_assert_int_eq(bound_with("[fault f]\naction = hold until 5s\nmessage = any\n"), right);
}
END_TEST

#define WIRE                                                                                                 \
    "[scenario]\nduration = 21s\n[host a]\n[host b]\n[point-to-point wire]\nbetween = a, b\ndelay = 10ms\n"  \
    "[flow f]\nfrom = a\nto = b\ninterval = 10ms\nstart = 1s\nstop = 20s\n"
#define SENT 1900

START_TEST(some_of_a_flow)
{
    static const struct {
        const char *fault;
        unsigned lost_least, lost_most;
    } cases[] = {
        {"message = f\nnth = every 10\n", 190, 190},
        {"message = UDP\nnth = 11..20\n", 10, 10},
        {"message = f\nbetween = 5s..6s\n", 100, 100},
        {"message = f\nbetween = 5s..6s\nnth = every 3\n", 33, 33},
        {"message = f\nprobability = 50%\n", 850, 1050},
        {"message = f\nfrom = b\n", 0, 0},
        {"message = f\nto = b\nlink = wire\n", SENT, SENT},
        {"message = Home Test\n", 0, 0},
        {"", SENT, SENT},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct faulty f;
        char *text = g_strconcat(WIRE "[fault x]\naction = drop\n", cases[i].fault, NULL);
        faulty_run(&f, text);
        ck_assert_uint_eq(faulty_flow(&f)->sent, SENT);
        ck_assert_uint_ge(faulty_flow(&f)->lost, cases[i].lost_least);
        ck_assert_uint_le(faulty_flow(&f)->lost, cases[i].lost_most);
        faulty_free(&f);
        g_free(text);
    }
}
END_TEST

/* What chance makes of a fault moves nothing else. */
START_TEST(own_numbers)
{
    struct faulty without, with;
    static const char lossy[] = WIRE "[fault x]\naction = duplicate\nprobability = 0\n";
    faulty_run(&without, lossy);
    faulty_run(&with, WIRE "[fault x]\naction = delay uniform(1ms, 2ms)\nprobability = 10%\n");
    ck_assert_uint_eq(faulty_flow(&without)->lost, 0);
    ck_assert_uint_gt(counted(&with, 0).done, 100);
    ck_assert_uint_lt(counted(&with, 0).done, 280);
    ck_assert_int_le(faulty_flow(&with)->delay_maximum, MILLISECONDS(12));
    faulty_free(&without);
    faulty_free(&with);
}
END_TEST

/* The timeline's words: the next two on the link, each time. */
START_TEST(timeline)
{
    struct faulty f;
    faulty_run(&f, WIRE
               "[at 5s..15s step 5s]\nwire = drop 2 f, duplicate UDP\n[at 12s]\nwire = drop Home Test\n");
    ck_assert_uint_eq(f.scenario->fault_count, 7);
    ck_assert_uint_eq(faulty_flow(&f)->lost, 6);
    faulty_free(&f);
    faulty_run(&f,
               WIRE "[at 5s]\nwire = drop the 3rd f, drop 2nd UDP\n[fault x]\naction = drop\nnth = 10th\n");
    ck_assert_uint_eq(f.scenario->fault_count, 3);
    ck_assert_uint_eq(f.scenario->faults[1].first, 3);
    ck_assert_uint_eq(f.scenario->faults[1].last, 3);
    ck_assert_uint_eq(faulty_flow(&f)->lost, 3);
    faulty_free(&f);
}
END_TEST

/* One of two mobile nodes on a LAN does not hear the router for a while. */
START_TEST(for_one_station)
{
    struct faulty f;
    faulty_run_world(
        &f, "[mobile-node other]\nhome-agent = ha\n[at 10s]\nmn = attach visited\nother = attach visited\n"
            "[fault deaf]\naction = drop\nmessage = RA\nto = mn\nlink = visited\nbetween = 10s..15s\n"
            "[fault late]\naction = delay 2s\nmessage = Router Advertisement\nto = other\nlink = visited\n"
            "between = 9s..10500ms\n");
    time_ns mn = faulty_message_time(&f, "Binding Update", SIGNALLING_SENT, "mn", 1);
    time_ns other = faulty_message_time(&f, "Binding Update", SIGNALLING_SENT, "other", 1);
    ck_assert_int_gt(mn, SECONDS(16));
    ck_assert_int_lt(mn, SECONDS(17));
    ck_assert_int_gt(other, SECONDS(11) + MILLISECONDS(500));
    ck_assert_int_lt(other, SECONDS(12));
    ck_assert_uint_gt(counted(&f, 0).done, 50);
    faulty_free(&f);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("packet faults");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, one_lost);
    tcase_add_test(tests, the_second_home_test);
    tcase_add_test(tests, counted_where);
    tcase_add_test(tests, whatever_protects);
    tcase_add_test(tests, twice);
    tcase_add_test(tests, corrupted);
    tcase_add_test(tests, later);
    tcase_add_test(tests, some_of_a_flow);
    tcase_add_test(tests, own_numbers);
    tcase_add_test(tests, timeline);
    tcase_add_test(tests, for_one_station);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
