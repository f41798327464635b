/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_live.c - the parts of sim/live/ that need no clock: the histogram of lags, what a TAP lets in, the
 * journal; and a gate among stations, and what is seen of it.
 */
#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "models/traffic/flow.h"
#include "sim/live/journal.h"
#include "sim/live/lag.h"
#include "sim/live/tap.h"
#include "sim/measure/recorder.h"
#include "sim/network/gate.h"
#include "sim/network/simulation.h"

START_TEST(test_lag_quantiles)
{
    struct lag *lag = g_new0(struct lag, 1);
    ck_assert_int_eq(lag_quantile(lag, 0.999), 0);
    for (time_ns i = 1; i <= 100000; i++)
        lag_enter(lag, i * 1000, MILLISECONDS(99));
    ck_assert_uint_eq(lag->count, 100000);
    ck_assert_uint_eq(lag->overruns, 1000); /* 99.001 ms to 100 ms */
    ck_assert_int_eq(lag->most, MILLISECONDS(100));
    for (double part = 0.001; part < 1; part += 0.001) {
        double exact = part * 1e8, told = (double)lag_quantile(lag, part);
        ck_assert_msg(told >= exact * 0.999 - 1000 && told <= exact * 1.02 + 1000, "%g: %g, told %g", part,
                      exact, told);
    }
    ck_assert_int_eq(lag_quantile(lag, 1), MILLISECONDS(100));
    lag_enter(lag, INT64_MAX, 0); /* the last bucket takes all */
    ck_assert_int_eq(lag->most, INT64_MAX);
    g_free(lag);
}
END_TEST

START_TEST(test_lag_small)
{
    struct lag *lag = g_new0(struct lag, 1);
    for (time_ns i = 0; i < 1000; i++)
        lag_enter(lag, i == 999 ? 77 : 0, 10);
    ck_assert_int_eq(lag_quantile(lag, 0.998), 0);
    ck_assert_int_eq(lag_quantile(lag, 0.9999), 77);
    ck_assert_uint_eq(lag->overruns, 1);
    g_free(lag);
}
END_TEST

START_TEST(test_tap_judges)
{
    uint8_t frame[2000] = {0};
    frame[12] = 0x86;
    frame[13] = 0xdd;
    frame[14] = 0x60;
    ck_assert_int_eq(tap_judge(frame, 13, 1500), TAP_FRAME_RUNT);
    ck_assert_int_eq(tap_judge(frame, 14, 1500), TAP_FRAME_GOOD); /* for the node to refuse */
    ck_assert_int_eq(tap_judge(frame, 1514, 1500), TAP_FRAME_GOOD);
    ck_assert_int_eq(tap_judge(frame, 1515, 1500), TAP_FRAME_GIANT);
    frame[14 + 40] = 58; /* hop-by-hop options, then ICMPv6: */
    static const uint8_t listeners[] = {130, 131, 132, 143}, others[] = {1, 128, 133, 135, 144};
    for (size_t i = 0; i < sizeof listeners; i++) {
        frame[14 + 48] = listeners[i];
        ck_assert_int_eq(tap_judge(frame, 90, 1500), TAP_FRAME_LISTENER);
    }
    for (size_t i = 0; i < sizeof others; i++) {
        frame[14 + 48] = others[i];
        ck_assert_int_eq(tap_judge(frame, 90, 1500), TAP_FRAME_GOOD);
    }
    static const uint16_t noise[] = {0x0800, 0x0806, 0x88cc, 0x8100, 60};
    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        frame[12] = (uint8_t)(noise[i] >> 8);
        frame[13] = (uint8_t)noise[i];
        ck_assert_int_eq(tap_judge(frame, 60, 1500), TAP_FRAME_NOISE);
    }
}
END_TEST

START_TEST(test_journal)
{
    GError *error = NULL;
    char *path = NULL;
    int file = g_file_open_tmp("mip6sim-journal.XXXXXX", &path, NULL);
    ck_assert_int_ge(file, 0);
    close(file);
    struct journal_writer *writer = journal_create(path, UINT64_MAX, &error);
    ck_assert_ptr_nonnull(writer);
    journal_begun(writer, 1700000000123456789);
    journal_draw(writer, 3, RANDOM_COOKIE, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    journal_draw(writer, 3, RANDOM_NONCE, "\xff\xfe", 2);
    journal_draw(writer, 3, RANDOM_COOKIE, "\x11\x12", 2);
    journal_order(writer, SECONDS(2), "core", "delay 20ms");
    journal_back(writer, SECONDS(3), 7);
    ck_assert(journal_close(writer, SECONDS(9), &error));
    struct journal *journal = journal_read(path, &error);
    ck_assert_ptr_nonnull(journal);
    ck_assert_uint_eq(journal->seed, UINT64_MAX);
    ck_assert_int_eq(journal->begun, 1700000000123456789);
    ck_assert_int_eq(journal->end, SECONDS(9));
    ck_assert_uint_eq(journal->orders->len, 1);
    const struct journal_order *order = &g_array_index(journal->orders, struct journal_order, 0);
    ck_assert_int_eq(order->time, SECONDS(2));
    ck_assert_str_eq(order->key, "core");
    ck_assert_str_eq(order->value, "delay 20ms");
    ck_assert_uint_eq(journal->back->len, 1);
    ck_assert_int_eq(g_array_index(journal->back, struct journal_back, 0).time, SECONDS(3));
    ck_assert_uint_eq(g_array_index(journal->back, struct journal_back, 0).link, 7);
    uint8_t octets[8];
    ck_assert(journal_next_draw(journal, 3, RANDOM_COOKIE, octets, 8));
    ck_assert_mem_eq(octets, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
    ck_assert(journal_next_draw(journal, 3, RANDOM_COOKIE, octets, 2));
    ck_assert_mem_eq(octets, "\x11\x12", 2);
    ck_assert(!journal_next_draw(journal, 3, RANDOM_COOKIE, octets, 1));
    ck_assert(!journal_next_draw(journal, 4, RANDOM_NONCE, octets, 2));
    ck_assert_uint_eq(journal->missing, 2);
    uint8_t others[8]; /* who draws again gets something else */
    ck_assert(!journal_next_draw(journal, 4, RANDOM_NONCE, octets, 8));
    ck_assert(!journal_next_draw(journal, 4, RANDOM_NONCE, others, 8));
    ck_assert_mem_ne(octets, others, 8);
    journal_free(journal);
    ck_assert(g_file_set_contents(path, "mip6sim journal 1\nback 1\n", -1, NULL));
    ck_assert_ptr_null(journal_read(path, &error));
    g_clear_error(&error);
    ck_assert(g_file_set_contents(path, "mip6sim journal 1\ndraw 1 9999 00\n", -1, NULL));
    ck_assert_ptr_null(journal_read(path, &error));
    g_clear_error(&error);
    g_unlink(path);
    g_free(path);
}
END_TEST

static void count_frame(void *context, const struct packet *frame, time_ns now)
{
    unsigned *count = context;
    (void)frame, (void)now;
    ++*count;
}

/* Frames to groups go to stations and, last, to the gate, which has no machine that could be looked at
 * ahead. */
START_TEST(test_gate_among_stations)
{
    static const char text[] =
        "[scenario]\nduration = 10s\n"
        "[lan home]\nprefix = 2001:db8:1::/64\nrouter-advertisement-interval = 1s..2s\n"
        "[home-agent ha]\nattached = home\nforwarding = yes\n"
        "[mobile-node mn]\nhome-agent = ha\ncount = 12\n";
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source =
        scenario_source_read_text("test.ini", text, strlen(text), NULL, messages);
    struct scenario *scenario = source ? scenario_build(source, NULL, 0, messages) : NULL;
    ck_assert_ptr_nonnull(scenario);
    scenario_messages_free(messages);
    struct simulation *simulation = simulation_new(scenario, 1, 0, NULL, NULL);
    ck_assert_ptr_nonnull(simulation);
    unsigned count = 0;
    gate_new(simulation->network, simulation_link(simulation, 0, 0), count_frame, &count);
    simulation_run(simulation);
    ck_assert_uint_ge(count, 12 + 5); /* everybody's probe, and advertisements */
    simulation_free(simulation);
    scenario_free(scenario);
    scenario_source_free(source);
}
END_TEST

static void take_seen(void *context, const struct packet_row *row)
{
    unsigned *seen = context;
    *seen += row->seen && row->end->link == 0;
}

/* A datagram of a flow from outside is seen on the LAN, though a gate has no interface to tell what a frame
 * of its is. */
START_TEST(test_gate_is_traced)
{
    static const char text[] = "[scenario]\nduration = 10s\n"
                               "[lan home]\nprefix = 2001:db8:1::/64\n"
                               "[router r]\nattached = home\n"
                               "[host a]\nattached = home\n[host b]\nattached = home\n"
                               "[flow voice]\nfrom = a\nto = b\nstart = 9s\n"
                               "[output]\npackets = voice\n";
    uint8_t frame[14 + 40 + 8 + 16] = {
        [6] = 0x02, [11] = 0x77, [12] = 0x86, 0xdd, 0x60, [19] = 8 + 16, 17, 64};
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source =
        scenario_source_read_text("test.ini", text, strlen(text), NULL, messages);
    struct scenario *scenario = source ? scenario_build(source, NULL, 0, messages) : NULL;
    ck_assert_ptr_nonnull(scenario);
    scenario_messages_free(messages);
    struct recorder recorder;
    recorder_init(&recorder, scenario, LOG_NONE);
    struct network_observer observer = recorder_observer(&recorder);
    struct simulation *simulation = simulation_new(scenario, 1, 0, &observer, NULL);
    ck_assert_ptr_nonnull(simulation);
    unsigned count = 0, seen = 0;
    struct gate *gate = gate_new(simulation->network, simulation_link(simulation, 0, 0), count_frame, &count);
    network_run(simulation->network, SECONDS(5));
    memcpy(frame, simulation->network->nodes[2].node.interfaces[0].link_layer_address.octets, 6);
    memset(frame + 14 + 8, 0x20, 2 * 16); /* anybody's: nobody looks at them here */
    frame[14 + 40] = 0xc0;                /* the port of flow 0 */
    frame[14 + 40 + 2] = FLOW_PORT >> 8;
    frame[14 + 40 + 3] = FLOW_PORT & 0xff;
    frame[14 + 40 + 5] = 8 + 16;
    gate_inject(gate, frame, sizeof frame);
    network_run(simulation->network, SECONDS(6));
    packet_trace_each(recorder.packets, take_seen, &seen);
    ck_assert_uint_eq(seen, 1);
    simulation_free(simulation);
    recorder_free(&recorder);
    scenario_free(scenario);
    scenario_source_free(source);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("live");
    TCase *cases = tcase_create("parts");
    tcase_add_test(cases, test_lag_quantiles);
    tcase_add_test(cases, test_lag_small);
    tcase_add_test(cases, test_tap_judges);
    tcase_add_test(cases, test_journal);
    tcase_add_test(cases, test_gate_among_stations);
    tcase_add_test(cases, test_gate_is_traced);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
