/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_flow.c - sources and the sink: instants, octets, what is reported and delivered
 * (models/traffic/flow.h). */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"
#include "models/ipv6/routing_table.h"
#include "models/traffic/flow.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

#define OWN       "2001:db8:1::1"
#define PEER      "2001:db8:2::2"
#define ELSEWHERE "2001:db8:9::9"

static struct recording_environment recorder;
static struct node node;
static struct flow_source source;
static struct flow_sink sink;

static void setup(void)
{
    recording_environment_init(&recorder, NULL);
    ck_assert_int_eq(node_init(&node, &recorder.environment, &node_configuration_default_host, 1), 0);
    node_configure_interface(&node, 0, INTERFACE_POINT_TO_POINT, NULL, 1500);
    struct ipv6_address own = address_from(OWN);
    struct ipv6_address peer = address_from(PEER);
    ck_assert_int_eq(address_add(&node, 0, &own, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    node.routes = routing_table_new();
    struct route route = {.prefix = ipv6_prefix_of(&peer, 64), .prefix_length = 64};
    ck_assert_int_eq(routing_table_add(node.routes, &route), 0);
    recording_link(&recorder, &node, 0, true, 0);
    recording_run(&recorder, &node, SECONDS(30)); /* routers are solicited, in vain */
    recording_environment_clear(&recorder);
    source = (struct flow_source){.node = NULL};
    sink = (struct flow_sink){.datagrams = 0};
}

static void teardown(void)
{
    flow_source_stop(&source);
    flow_sink_stop(&sink, &node);
    node_free(&node);
    recording_environment_free(&recorder);
}

static void start(const struct flow_configuration *configuration, const char *destination, time_ns first,
                  time_ns stop)
{
    source = (struct flow_source){.configuration = configuration,
                                  .destination = address_from(destination),
                                  .flow = 7,
                                  .start = first,
                                  .stop = stop};
    ck_assert_int_eq(flow_source_start(&source, &node, recorder.now), 0);
}

static const uint8_t *frame_octets(unsigned index, size_t *length)
{
    const struct packet *packet = recording_frame(&recorder, index)->packet;
    *length = packet->length;
    return packet_octets(packet);
}

static time_ns frame_time(unsigned index)
{
    return recording_frame(&recorder, index)->time;
}

/* -- sources -- */

/* What was due while the node was off is not sent, and the next datagram has the next number; what follows is
 * what would have followed. */
START_TEST(suspended_and_resumed)
{
    static const struct flow_configuration configurations[] = {
        {.pattern = FLOW_CONSTANT, .interval = MILLISECONDS(20), .payload = 160},
        {.pattern = FLOW_POISSON, .interval = MILLISECONDS(20), .payload = 160},
    };
    time_ns times[2][512];
    unsigned counts[2];
    for (unsigned broken = 0; broken < 2; broken++) {
        teardown();
        setup();
        start(&configurations[_i], PEER, SECONDS(32), SECONDS(36));
        recording_run(&recorder, &node, SECONDS(33) + 1);
        unsigned sent = source.sequence;
        if (broken) {
            flow_source_suspend(&source);
            flow_source_suspend(&source); /* a second failure before the first is over */
            recording_run(&recorder, &node, SECONDS(34) + MILLISECONDS(7));
            ck_assert_uint_eq(source.sequence, sent);
            flow_source_resume(&source, recorder.now);
            flow_source_resume(&source, recorder.now);
        }
        recording_run(&recorder, &node, SECONDS(40));
        counts[broken] = recording_frame_count(&recorder);
        ck_assert_uint_eq(source.sequence, counts[broken]);
        for (unsigned i = 0; i < counts[broken]; i++)
            times[broken][i] = frame_time(i);
    }
    unsigned at = 0;
    for (unsigned i = 0; i < counts[0]; i++)
        if (times[0][i] <= SECONDS(33) + 1 || times[0][i] >= SECONDS(34) + MILLISECONDS(7))
            ck_assert_int_eq(times[1][at++], times[0][i]);
    ck_assert_uint_eq(at, counts[1]);
    /* One that has ended stays so. */
    flow_source_suspend(&source);
    flow_source_resume(&source, recorder.now);
    ck_assert(!timer_is_armed(&source.timer));
}
END_TEST

START_TEST(constant_keeps_its_pace)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(20), .payload = 160};
    start(&configuration, PEER, SECONDS(32), SECONDS(33));
    ck_assert_int_eq(node_deadline(&node), SECONDS(32));
    recording_run(&recorder, &node, SECONDS(40));
    ck_assert_uint_eq(recording_frame_count(&recorder), 50); /* none at 33 s */
    for (unsigned i = 0; i < 50; i++)
        ck_assert_int_eq(frame_time(i), SECONDS(32) + i * MILLISECONDS(20));
    ck_assert_uint_eq(source.sequence, 50);
    ck_assert_uint_eq(source.refused, 0);
    ck_assert_uint_eq(recorder.drawn[RANDOM_TRAFFIC], 0);
}
END_TEST

START_TEST(late_wake_does_not_slow_it)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(20), .payload = 16};
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recorder.now = SECONDS(32) + MILLISECONDS(3);
    node_wake(&node, recorder.now);
    ck_assert_int_eq(node_deadline(&node), SECONDS(32) + MILLISECONDS(20));
}
END_TEST

START_TEST(stops_after_so_many)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(1), .payload = 16, .packets = 3};
    start(&configuration, PEER, SECONDS(1), TIME_NEVER); /* has passed: now */
    ck_assert_int_eq(node_deadline(&node), recorder.now);
    recording_run(&recorder, &node, SECONDS(40));
    ck_assert_uint_eq(recording_frame_count(&recorder), 3);
    ck_assert_int_eq(frame_time(0), SECONDS(30));
    ck_assert_int_eq(node_deadline(&node), TIME_NEVER);
}
END_TEST

START_TEST(nothing_when_it_stops_before_it_starts)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(1), .payload = 16};
    start(&configuration, PEER, SECONDS(32), SECONDS(32));
    ck_assert_int_eq(node_deadline(&node), TIME_NEVER);
}
END_TEST

START_TEST(stop_is_at_once)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(1), .payload = 16};
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    flow_source_stop(&source);
    ck_assert_int_eq(node_deadline(&node), TIME_NEVER);
    flow_source_stop(&source);
}
END_TEST

START_TEST(datagram_octets)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = SECONDS(1), .payload = 24, .packets = 2};
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(40));
    size_t length;
    const uint8_t *octets = frame_octets(1, &length);
    uint8_t expected[24];
    octets_from("00000007 00000001 00000007aef40a00 0000000000000000", expected, sizeof(expected)); /* 33 s */
    ck_assert_uint_eq(length, 40 + 8 + 24);
    ck_assert_uint_eq(octets[6], 17);
    ck_assert_uint_eq(octets[40] << 8 | octets[41], FLOW_SOURCE_PORT + 7);
    ck_assert_uint_eq(octets[42] << 8 | octets[43], FLOW_PORT);
    ck_assert_mem_eq(octets + 48, expected, sizeof(expected));
    struct ipv6_address own = address_from(OWN);
    struct ipv6_address peer = address_from(PEER);
    ck_assert_mem_eq(octets + 8, own.octets, 16);
    ck_assert_mem_eq(octets + 24, peer.octets, 16);
    ck_assert_uint_eq(ipv6_checksum(&own, &peer, 17, octets + 40, length - 40), 0);
    uint32_t flow;
    uint32_t sequence;
    time_ns sent;
    ck_assert(flow_payload_read(octets + 48, 24, &flow, &sequence, &sent));
    ck_assert_uint_eq(flow, 7);
    ck_assert_uint_eq(sequence, 1);
    ck_assert_int_eq(sent, SECONDS(33));
    ck_assert(!flow_payload_read(octets + 48, 15, &flow, &sequence, &sent));
}
END_TEST

START_TEST(sent_is_reported)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = SECONDS(1), .payload = 160, .packets = 2};
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(40));
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_APPLICATION_SENT), 2);
    const struct protocol_event *event = recording_last_event(&recorder, EVENT_APPLICATION_SENT);
    struct ipv6_address own = address_from(OWN);
    ck_assert_int_eq(event->time, SECONDS(33));
    ck_assert_uint_eq(event->flow, 7);
    ck_assert_uint_eq(event->flow_sequence, 1);
    ck_assert_uint_eq(event->octets, 208);
    ck_assert_int_eq(event->path, PATH_DIRECT);
    ck_assert(ipv6_address_equal(event->source, &own));
}
END_TEST

START_TEST(silent_when_not_watched)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = SECONDS(1), .payload = 160, .packets = 1};
    recorder.environment.watch = 0;
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(40));
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(recording_event_count(&recorder), 0);
}
END_TEST

START_TEST(refused_is_counted_and_reported)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = SECONDS(1), .payload = 160, .packets = 3};
    start(&configuration, ELSEWHERE, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(40));
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
    ck_assert_uint_eq(source.refused, 3);
    ck_assert_uint_eq(source.sequence, 3);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_APPLICATION_SENT), 3);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_NO_ROUTE);
}
END_TEST

static void script(const char *hexadecimal)
{
    uint8_t octets[256];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    recording_environment_script(&recorder, RANDOM_TRAFFIC, octets, length);
}

/* Draws that descend once, then rise: a fraction. Twice, then rise: another mean first. */
#define HALF     "8000000000000000 ffffffffffffffff"
#define ONE_HALF "8000000000000000 4000000000000000 ffffffffffffffff 8000000000000000 ffffffffffffffff"
#define QUARTER  "4000000000000000 4000000000000000" /* an equal one ends the descent */

START_TEST(poisson_gaps_from_known_draws)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_POISSON, .interval = MILLISECONDS(100), .payload = 16, .packets = 4};
    script(HALF ONE_HALF QUARTER);
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(60));
    ck_assert_int_eq(frame_time(0), SECONDS(32));
    ck_assert_int_eq(frame_time(1) - frame_time(0), MILLISECONDS(50));
    ck_assert_int_eq(frame_time(2) - frame_time(1), MILLISECONDS(150));
    ck_assert_int_eq(frame_time(3) - frame_time(2), MILLISECONDS(25));
}
END_TEST

START_TEST(poisson_gaps_are_exponential)
{
    enum { DATAGRAMS = 40001 };
    static const struct flow_configuration configuration = {
        .pattern = FLOW_POISSON, .interval = MILLISECONDS(10), .payload = 16, .packets = DATAGRAMS};
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(3600));
    ck_assert_uint_eq(recording_frame_count(&recorder), DATAGRAMS);
    double sum = 0;
    double squares = 0;
    unsigned longer[5] = {0};
    for (unsigned i = 1; i < DATAGRAMS; i++) {
        double gap = (double)(frame_time(i) - frame_time(i - 1)) / 1e7;
        sum += gap;
        squares += gap * gap;
        for (unsigned k = 0; k < 5; k++)
            longer[k] += gap > (k + 1) * 0.5;
    }
    double n = DATAGRAMS - 1;
    ck_assert_double_eq_tol(sum / n, 1.0, 4 / sqrt(n));
    ck_assert_double_eq_tol(squares / n, 2.0, 4 * sqrt(20 / n));
    for (unsigned k = 0; k < 5; k++) {
        double p = exp(-0.5 * (k + 1));
        ck_assert_double_eq_tol(longer[k] / n, p, 4 * sqrt(p * (1 - p) / n));
    }
}
END_TEST

START_TEST(the_same_draws_scale_with_the_mean)
{
    static const struct flow_configuration fast = {
        .pattern = FLOW_POISSON, .interval = MICROSECONDS(1000), .payload = 16, .packets = 100};
    static const struct flow_configuration slow = {
        .pattern = FLOW_POISSON, .interval = MICROSECONDS(2000), .payload = 16, .packets = 100};
    start(&fast, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(40));
    time_ns first[100];
    for (unsigned i = 0; i < 100; i++)
        first[i] = frame_time(i) - SECONDS(32);
    teardown();
    setup();
    start(&slow, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(40));
    for (unsigned i = 0; i < 100; i++) {
        time_ns difference = frame_time(i) - SECONDS(32) - 2 * first[i];
        ck_assert(difference >= 0 && difference <= i); /* a fraction of a nanosecond a gap */
    }
}
END_TEST

START_TEST(on_and_off)
{
    static const struct flow_configuration configuration = {.pattern = FLOW_ON_OFF,
                                                            .interval = MILLISECONDS(20),
                                                            .payload = 16,
                                                            .packets = 8,
                                                            .on_mean = MILLISECONDS(100),
                                                            .off_mean = SECONDS(1)};
    script(HALF HALF ONE_HALF QUARTER HALF); /* on 50 ms, off 500 ms, on 150 ms */
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(60));
    static const int expected[] = {0, 20, 40, 550, 570, 590, 610, 630};
    ck_assert_uint_eq(recording_frame_count(&recorder), 8);
    for (unsigned i = 0; i < 8; i++)
        ck_assert_int_eq(frame_time(i), SECONDS(32) + MILLISECONDS(expected[i]));
}
END_TEST

START_TEST(wrong_configurations)
{
    static const struct flow_configuration wrong[] = {
        {.pattern = FLOW_CONSTANT, .interval = 0, .payload = 16},
        {.pattern = FLOW_CONSTANT, .interval = 1, .payload = 15},
        {.pattern = FLOW_CONSTANT, .interval = 1, .payload = 65001},
        {.pattern = FLOW_ON_OFF, .interval = 1, .payload = 16, .on_mean = 0, .off_mean = 1},
        {.pattern = FLOW_ON_OFF, .interval = 1, .payload = 16, .on_mean = 1, .off_mean = -1},
    };
    source = (struct flow_source){
        .configuration = &wrong[_i], .destination = address_from(PEER), .stop = TIME_NEVER};
    ck_assert_int_eq(flow_source_start(&source, &node, recorder.now), ERROR_ARGUMENT);
    ck_assert_int_eq(node_deadline(&node), TIME_NEVER);
}
END_TEST

/* -- the sink -- */

/* A datagram from the peer. */
static void receive_datagram(unsigned source_port, const char *payload, time_ns now)
{
    struct ipv6_address own = address_from(OWN);
    struct ipv6_address peer = address_from(PEER);
    uint8_t packet[256] = {0x60, [6] = 17, [7] = 61};
    size_t length = 8 + octets_from(payload, packet + 48, sizeof(packet) - 48);
    packet[5] = (uint8_t)length;
    memcpy(packet + 8, peer.octets, 16);
    memcpy(packet + 24, own.octets, 16);
    uint8_t *udp = packet + 40;
    udp[0] = (uint8_t)(source_port >> 8);
    udp[1] = (uint8_t)source_port;
    udp[2] = FLOW_PORT >> 8;
    udp[3] = FLOW_PORT & 0xff;
    udp[5] = (uint8_t)length;
    uint16_t checksum = ipv6_checksum(&peer, &own, 17, udp, length);
    memcpy(udp + 6, &(uint8_t[2]){(uint8_t)(checksum >> 8), (uint8_t)checksum}, 2);
    recording_receive(&recorder, &node, 0, packet, 40 + length, now);
}

#define PAYLOAD "00000009 00000003 0000000773594000 aabbcc" /* flow 9, number 3, sent at 32 s */

START_TEST(sink_delivers)
{
    ck_assert_int_eq(flow_sink_start(&sink, &node), 0);
    receive_datagram(FLOW_SOURCE_PORT + 9, PAYLOAD, SECONDS(33));
    ck_assert_uint_eq(recorder.deliveries->len, 1);
    const struct delivery *delivery = &g_array_index(recorder.deliveries, struct delivery, 0);
    struct ipv6_address peer = address_from(PEER);
    struct ipv6_address own = address_from(OWN);
    ck_assert_int_eq(delivery->time, SECONDS(33));
    ck_assert_int_eq(delivery->sent, SECONDS(32));
    ck_assert_uint_eq(delivery->flow, 9);
    ck_assert_uint_eq(delivery->sequence, 3);
    ck_assert_uint_eq(delivery->octets, 19);
    ck_assert_uint_eq(delivery->hop_limit, 61);
    ck_assert_int_eq(delivery->path, PATH_DIRECT);
    ck_assert(ipv6_address_equal(&delivery->source, &peer));
    ck_assert(ipv6_address_equal(&delivery->destination, &own));
    ck_assert_uint_eq(sink.datagrams, 1);
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
}
END_TEST

START_TEST(sink_counts_what_is_not_a_flow)
{
    ck_assert_int_eq(flow_sink_start(&sink, &node), 0);
    receive_datagram(FLOW_SOURCE_PORT, "000000090000000300000007773594", SECONDS(33));
    receive_datagram(FLOW_ECHO_SOURCE_PORT, "", SECONDS(33));
    ck_assert_uint_eq(recorder.deliveries->len, 0);
    ck_assert_uint_eq(sink.malformed, 2);
    ck_assert_uint_eq(sink.datagrams, 0);
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
}
END_TEST

START_TEST(echo_comes_back_and_is_delivered_once)
{
    ck_assert_int_eq(flow_sink_start(&sink, &node), 0);
    receive_datagram(FLOW_ECHO_SOURCE_PORT + 9, PAYLOAD, SECONDS(33));
    ck_assert_uint_eq(recorder.deliveries->len, 0);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    size_t length;
    const uint8_t *octets = frame_octets(0, &length);
    uint8_t payload[64];
    size_t payload_length = octets_from(PAYLOAD, payload, sizeof(payload));
    struct ipv6_address peer = address_from(PEER);
    struct ipv6_address own = address_from(OWN);
    ck_assert_uint_eq(length, 48 + payload_length);
    ck_assert_mem_eq(octets + 8, own.octets, 16);
    ck_assert_mem_eq(octets + 24, peer.octets, 16);
    ck_assert_uint_eq(octets[40] << 8 | octets[41], FLOW_PORT);
    ck_assert_uint_eq(octets[42] << 8 | octets[43], FLOW_PORT);
    ck_assert_mem_eq(octets + 48, payload, payload_length);
    /* and at the flow's source: */
    receive_datagram(FLOW_PORT, PAYLOAD, SECONDS(34));
    ck_assert_uint_eq(recorder.deliveries->len, 1);
    ck_assert_int_eq(g_array_index(recorder.deliveries, struct delivery, 0).sent, SECONDS(32));
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(sink.datagrams, 2);
}
END_TEST

START_TEST(echo_is_asked_for_by_the_port)
{
    static const struct flow_configuration configuration = {
        .pattern = FLOW_CONSTANT, .interval = SECONDS(1), .payload = 16, .packets = 1, .echo = true};
    start(&configuration, PEER, SECONDS(32), TIME_NEVER);
    recording_run(&recorder, &node, SECONDS(40));
    size_t length;
    const uint8_t *octets = frame_octets(0, &length);
    ck_assert_uint_eq(octets[40] << 8 | octets[41], FLOW_ECHO_SOURCE_PORT + 7);
}
END_TEST

START_TEST(one_sink_a_node)
{
    struct flow_sink other;
    ck_assert_int_eq(flow_sink_start(&sink, &node), 0);
    ck_assert_int_eq(flow_sink_start(&other, &node), ERROR_EXISTS);
    flow_sink_stop(&sink, &node);
    receive_datagram(FLOW_SOURCE_PORT, PAYLOAD, SECONDS(33));
    ck_assert_uint_eq(recorder.deliveries->len, 0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_PORT_UNREACHABLE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("flow");
    TCase *sources = tcase_create("sources");
    tcase_add_checked_fixture(sources, setup, teardown);
    tcase_add_test(sources, constant_keeps_its_pace);
    tcase_add_loop_test(sources, suspended_and_resumed, 0, 2);
    tcase_add_test(sources, late_wake_does_not_slow_it);
    tcase_add_test(sources, stops_after_so_many);
    tcase_add_test(sources, nothing_when_it_stops_before_it_starts);
    tcase_add_test(sources, stop_is_at_once);
    tcase_add_test(sources, datagram_octets);
    tcase_add_test(sources, sent_is_reported);
    tcase_add_test(sources, silent_when_not_watched);
    tcase_add_test(sources, refused_is_counted_and_reported);
    tcase_add_test(sources, poisson_gaps_from_known_draws);
    tcase_add_test(sources, poisson_gaps_are_exponential);
    tcase_add_test(sources, the_same_draws_scale_with_the_mean);
    tcase_add_test(sources, on_and_off);
    tcase_add_loop_test(sources, wrong_configurations, 0, 5);
    suite_add_tcase(suite, sources);
    TCase *sinks = tcase_create("sink");
    tcase_add_checked_fixture(sinks, setup, teardown);
    tcase_add_test(sinks, sink_delivers);
    tcase_add_test(sinks, sink_counts_what_is_not_a_flow);
    tcase_add_test(sinks, echo_comes_back_and_is_delivered_once);
    tcase_add_test(sinks, echo_is_asked_for_by_the_port);
    tcase_add_test(sinks, one_sink_a_node);
    suite_add_tcase(suite, sinks);
    return run_suite(suite);
}
