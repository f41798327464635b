/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_link_faults.c - what may befall a link, whole runs from a scenario's text: losses in bursts,
 * duplicates, packets that are late, spikes of the delay, parameters that change while time goes by; and that
 * none of it moves another's random numbers.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/faulty.h"
#include "tests/runner.h"

/* From a host to a host over one wire with these keys, a packet each 10 ms from 1 s on. */
#define WIRE(keys)                                                                                           \
    "[scenario]\nduration = 21s\n[host a]\n[host b]\n[point-to-point wire]\nbetween = a, b\n" keys           \
    "[flow f]\nfrom = a\nto = b\ninterval = 10ms\nstart = 1s\nstop = 20s\n"
#define SENT 1900

START_TEST(nothing_befalls)
{
    struct faulty f;
    faulty_run(&f, WIRE("delay = 10ms\n"));
    ck_assert_uint_eq(faulty_flow(&f)->sent, SENT);
    ck_assert_uint_eq(faulty_flow(&f)->received, SENT);
    ck_assert_int_eq(faulty_flow(&f)->delay_maximum, MILLISECONDS(10));
    ck_assert_ptr_null(f.simulation->network->ports[0].chances);
    faulty_free(&f);
}
END_TEST

/* Bad for a sixth of the packets, all lost there. */
START_TEST(bursts_by_packets)
{
    struct faulty f;
    faulty_run(&f, WIRE("delay = 10ms\nloss = gilbert-elliott(2%, 10%)\n"));
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_eq(flow->received + flow->lost, SENT);
    ck_assert_uint_eq(f.recorder.discards[DISCARD_LINK_LOSS], flow->lost);
    ck_assert_uint_gt(flow->lost, SENT / 12);
    ck_assert_uint_lt(flow->lost, SENT / 4);
    ck_assert_int_ge(flow->longest_gap, MILLISECONDS(150)); /* they come together: ten at a time on average */
    faulty_free(&f);
}
END_TEST

/* One direction only, and states that last for a while: the answers of echoed packets are lost. */
START_TEST(bursts_by_time_one_way)
{
    struct faulty f;
    faulty_run(&f, WIRE("reverse-loss = gilbert-elliott(500ms, 500ms)\n") "echo = yes\n");
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_eq(flow->sent, SENT);
    ck_assert_uint_gt(flow->received, SENT / 5);
    ck_assert_uint_lt(flow->received, SENT * 4 / 5);
    ck_assert_ptr_null(f.simulation->network->ports[0].chances);
    ck_assert_ptr_nonnull(f.simulation->network->ports[1].chances);
    faulty_free(&f);
}
END_TEST

START_TEST(duplicates)
{
    struct faulty f;
    faulty_run(&f, WIRE("delay = 10ms\nduplication = 5%\n"));
    ck_assert_uint_eq(faulty_flow(&f)->received, SENT);
    ck_assert_uint_gt(faulty_flow(&f)->duplicated, SENT / 40);
    ck_assert_uint_lt(faulty_flow(&f)->duplicated, SENT / 10);
    faulty_free(&f);
}
END_TEST

/* A packet that is 25 ms late is overtaken; the others come when they would. */
START_TEST(late_packets)
{
    struct faulty f;
    faulty_run(&f, WIRE("delay = 10ms\nreordering = 5% 25ms\n"));
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_eq(flow->received, SENT);
    ck_assert_int_eq(flow->delay_maximum, MILLISECONDS(35));
    ck_assert_uint_gt(flow->reordered, SENT / 40);
    ck_assert_uint_lt(flow->reordered, SENT / 10);
    ck_assert_int_eq((flow->delay_sum - (int64_t)SENT * MILLISECONDS(10)) % MILLISECONDS(25), 0);
    ck_assert_uint_ge((uint64_t)(flow->delay_sum / MILLISECONDS(25)), flow->reordered);
    faulty_free(&f);
}
END_TEST

/* What is behind a packet of more delay waits for it, and none is overtaken. */
START_TEST(spikes)
{
    struct faulty f;
    faulty_run(&f, WIRE("delay = 10ms\ndelay-spikes = 1% 200ms\n"));
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_eq(flow->received, SENT);
    ck_assert_uint_eq(flow->reordered, 0);
    ck_assert_int_eq(flow->delay_maximum, MILLISECONDS(210));
    ck_assert_int_gt(flow->longest_gap, MILLISECONDS(150));
    faulty_free(&f);
}
END_TEST

/* Each kind of chance has numbers of its own: the same packets are late whether or not others are doubled. */
START_TEST(chances_are_apart)
{
    struct faulty without, with;
    faulty_run(&without, WIRE("delay = uniform(10ms, 20ms)\nreordering = 5% 25ms\n"));
    faulty_run(&with, WIRE("delay = uniform(10ms, 20ms)\nreordering = 5% 25ms\nduplication = 10%\n"));
    ck_assert_uint_gt(faulty_flow(&with)->duplicated, 0);
    ck_assert_int_eq(faulty_flow(&with)->delay_sum, faulty_flow(&without)->delay_sum);
    ck_assert_uint_eq(faulty_flow(&with)->reordered, faulty_flow(&without)->reordered);
    faulty_free(&without);
    faulty_free(&with);
}
END_TEST

/* A lossy second makes no delay different for those that arrive. */
START_TEST(loss_moves_no_delay)
{
    struct faulty without, with;
    faulty_run(&without, WIRE("delay = uniform(10ms, 15ms)\n"));
    faulty_run(&with, WIRE("delay = uniform(10ms, 15ms)\n") "[at 5s]\nwire = loss 100% for 1s\n");
    ck_assert_uint_eq(faulty_flow(&with)->lost, 100);
    ck_assert_int_eq(faulty_flow(&with)->delay_minimum, faulty_flow(&without)->delay_minimum);
    ck_assert_int_eq(faulty_flow(&with)->delay_maximum, faulty_flow(&without)->delay_maximum);
    faulty_free(&without);
    faulty_free(&with);
}
END_TEST

/* For a while and for good, one direction and both, one over another: echoes tell the sum of both ways. */
START_TEST(changes)
{
    struct faulty f;
    static const char scenario[] =
        WIRE("delay = 10ms\n") "echo = yes\n"
        "[at 3s]\nwire = delay 50ms\n"                     /* 100 ms there and back */
        "[at 5s]\nwire = reverse-delay 150ms for 2s\n"     /* 200 ms until 7 s */
        "[at 6s]\nwire = delay 100ms for 3s, loss 0\n"     /* 200 ms until 9 s: over what was before */
        "[at 8s]\nwire = reverse-delay 200ms for 500ms\n"; /* 300 ms */
    faulty_run(&f, scenario);
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_eq(flow->received, SENT);
    ck_assert_int_eq(flow->delay_minimum, MILLISECONDS(20));
    ck_assert_int_eq(flow->delay_maximum, MILLISECONDS(300));
    const struct link *link = simulation_link(f.simulation, 0, 0);
    ck_assert_int_eq(link->channel[0]->fixed_delay, MILLISECONDS(50)); /* what was for good is left */
    ck_assert_int_eq(link->channel[1]->fixed_delay, MILLISECONDS(50));
    faulty_free(&f);
}
END_TEST

/* A rate that changes, and a link that is down for a second. */
START_TEST(rate_and_down)
{
    struct faulty f;
    faulty_run(&f, WIRE("rate = 1Mbit/s\n") "[at 5s]\nwire = rate 100kbit/s\n[at 10s]\nwire = down for 1s\n");
    const struct flow_record *flow = faulty_flow(&f);
    /* 160 octets, UDP 8, IPv6 40: 1.664 ms at 1 Mbit/s; 16.64 ms at 100 kbit/s, more than come */
    ck_assert_int_eq(flow->delay_minimum, 1664000);
    ck_assert_int_gt(flow->delay_maximum, MILLISECONDS(1000));
    ck_assert_uint_ge(f.recorder.discards[DISCARD_LINK_DOWN], 100);
    faulty_free(&f);
}
END_TEST

/* Outages may overlap, and "up" does not end them: nothing from 5 s to 9 s, and from 12 s to 13 s. */
START_TEST(outages)
{
    struct faulty f;
    faulty_run(&f,
               WIRE("delay = 10ms\n") "[at 5s]\nwire = down for 4s\n[at 6s..7s step 1s]\nwire = down for 1s\n"
                                      "[at 6500ms]\nwire = up\n[at 12s]\nwire = down\n[at 13s]\nwire = up\n");
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_ge(flow->lost, 500);
    ck_assert_uint_le(flow->lost, 502); /* and what is under way when it begins */
    ck_assert_int_ge(flow->longest_gap, SECONDS(4));
    faulty_free(&f);
}
END_TEST

/* On a LAN as well: to each that listens its own loss, in bursts the sender's. */
START_TEST(lan)
{
    struct faulty f;
    faulty_run(
        &f,
        "[scenario]\nduration = 21s\n[lan lan]\nprefix = 2001:db8::/64\nrouter-advertisement-interval = "
        "1s\nloss = gilbert-elliott(1s, 1s)\n"
        "duplication = 10%\n[router r]\nattached = lan\n[host a]\nattached = lan\n[host b]\nattached = lan\n"
        "[flow f]\nfrom = a\nto = b\ninterval = 10ms\nstart = 1s\nstop = 20s\n"
        "[at 15s]\nlan = loss 0\n");
    const struct flow_record *flow = faulty_flow(&f);
    ck_assert_uint_gt(flow->lost, SENT / 5);
    ck_assert_uint_lt(flow->lost, SENT * 3 / 4);
    ck_assert_uint_gt(flow->duplicated, 20);
    faulty_free(&f);
}
END_TEST

static unsigned advertisements_used(const struct faulty *f)
{
    unsigned count = 0;
    for (const char *p = f->recorder.log->str; (p = strstr(p, "movement detected")) != NULL; p++)
        count++;
    return count;
}

/* A router that has fallen silent is no help to who comes; one that says so is let go at once, and one that
 * begins again is found (RFC 4861, 6.2.5, 6.3.4). */
START_TEST(silent_router)
{
    struct faulty f;
    faulty_run_world(&f, "[at 5s]\naccess = silent\n[at 10s]\nmn = attach visited\n");
    ck_assert_uint_eq(advertisements_used(&f), 0);
    ck_assert_uint_eq(faulty_messages(&f, "Binding Update", SIGNALLING_SENT, "mn", -1, 0), 0);
    faulty_free(&f);
    faulty_run_world(&f, "[at 5s]\naccess = silent visited\n[at 10s]\nmn = attach visited\n"
                         "[at 20s]\naccess = advertise\n");
    ck_assert_uint_eq(advertisements_used(&f), 1);
    time_ns update = faulty_message_time(&f, "Binding Update", SIGNALLING_SENT, "mn", 1);
    ck_assert_int_gt(update, SECONDS(20));
    ck_assert_int_lt(update, SECONDS(22));
    faulty_free(&f);
}
END_TEST

/* The handover to a link takes longer for a while. */
START_TEST(slow_access)
{
    static const struct {
        const char *change;
        time_ns handover;
    } cases[] = {
        {"", MILLISECONDS(50)},
        {"[at 9s]\nvisited = handover-delay 300ms for 2s\n", MILLISECONDS(300)},
        {"[at 9s]\nvisited = handover-delay 300ms for 500ms\n", MILLISECONDS(50)},
        {"[at 9s]\nvisited = handover-delay 20ms, loss 0\n", MILLISECONDS(20)},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct faulty f;
        char *more = g_strconcat("[at 10s]\nmn = attach visited\n", cases[i].change, NULL);
        faulty_run_world(&f, more);
        const struct handover *handover = f.recorder.handovers.first;
        ck_assert_int_eq(handover_instant(handover, &handover->with[0], INSTANT_LINK_UP),
                         SECONDS(10) + cases[i].handover);
        faulty_free(&f);
        g_free(more);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("link faults");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, nothing_befalls);
    tcase_add_test(tests, bursts_by_packets);
    tcase_add_test(tests, bursts_by_time_one_way);
    tcase_add_test(tests, duplicates);
    tcase_add_test(tests, late_packets);
    tcase_add_test(tests, spikes);
    tcase_add_test(tests, chances_are_apart);
    tcase_add_test(tests, loss_moves_no_delay);
    tcase_add_test(tests, changes);
    tcase_add_test(tests, rate_and_down);
    tcase_add_test(tests, lan);
    tcase_add_test(tests, silent_router);
    tcase_add_test(tests, slow_access);
    tcase_add_test(tests, outages);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
