/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_forward.c - what a router passes on, what it refuses and says, what an extension intercepts (RFC 8200;
 * RFC 4443, 3). Packets are scapy's. */
#include <check.h>
#include <string.h>

#include "models/ipv6/icmpv6.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/ipv6_vectors.h"

START_TEST(router_passes_packets_on)
{
    uint8_t packet[sizeof(vector_udp)];
    struct fixture fixture;
    fixture_router(&fixture, 1500);
    fixture_receive(&fixture, vector_udp, sizeof(vector_udp));
    memcpy(packet, vector_udp, sizeof(packet));
    packet[7]--;
    fixture_expect_sent(&fixture, packet, sizeof(packet));
    ck_assert_uint_eq(recording_frame(&fixture.recorder, 0)->interface, 1);
    ck_assert_uint_eq(recording_count_events(&fixture.recorder, EVENT_PACKET_FORWARDED), 1);

    fixture_receive(&fixture, vector_dying, sizeof(vector_dying));
    fixture_expect_sent(&fixture, vector_time_exceeded, sizeof(vector_time_exceeded));
    fixture_expect_discard(&fixture, DISCARD_HOP_LIMIT);
    fixture_free(&fixture);
}
END_TEST

START_TEST(router_refuses_what_does_not_fit)
{
    struct fixture fixture;
    fixture_router(&fixture, 1400);
    fixture_receive(&fixture, vector_big, sizeof(vector_big));
    fixture_expect_sent(&fixture, vector_packet_too_big, sizeof(vector_packet_too_big));
    fixture_expect_discard(&fixture, DISCARD_TOO_BIG);
    fixture_free(&fixture);
}
END_TEST

static const struct {
    const char *source, *destination;
    enum discard_reason reason;
    int type, code; /* of the error; -1: none */
} unroutable[] = {
    {ADDRESS_A, "2001:db8:5::1", DISCARD_NO_ROUTE, ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_NO_ROUTE},
    {ADDRESS_A, "2001:db8:1::9", DISCARD_ADDRESS_UNREACHABLE, ICMPV6_DESTINATION_UNREACHABLE,
     UNREACHABLE_ADDRESS},
    {ADDRESS_A, "fe80::1:2", DISCARD_SCOPE, -1, -1},
    {"::", ADDRESS_B, DISCARD_SOURCE_ADDRESS, -1, -1},
    {"::1", ADDRESS_B, DISCARD_SOURCE_ADDRESS, -1, -1},
    {ADDRESS_A, "ff0e::1", DISCARD_NOT_OURS, -1, -1},
};

START_TEST(router_refuses_what_has_no_way)
{
    uint8_t packet[64];
    struct fixture fixture;
    fixture_router(&fixture, 1500);
    size_t length =
        packet_between(packet, unroutable[_i].source, unroutable[_i].destination, 253, "12345678", 8);
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, unroutable[_i].reason);
    if (unroutable[_i].type < 0) {
        fixture_expect_nothing_sent(&fixture);
    } else {
        const uint8_t *sent = packet_octets(recording_frame(&fixture.recorder, 0)->packet);
        ck_assert_int_eq(sent[40], unroutable[_i].type);
        ck_assert_int_eq(sent[41], unroutable[_i].code);
        ck_assert_mem_eq(sent + 48, packet, length); /* with the hop limit it came with */
        ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1);
    }
    fixture_free(&fixture);
}
END_TEST

/* -- who intercepts -- */

static unsigned intercepted;
static uint8_t intercepted_hop_limit;

static bool intercept(struct node *node, struct interface *interface, struct packet *packet, bool via_tunnel,
                      time_ns now)
{
    (void)node;
    (void)interface;
    (void)now;
    ck_assert(!via_tunnel);
    intercepted_hop_limit = packet_octets(packet)[7];
    if (packet_octets(packet)[39] != 0x77)
        return false;
    intercepted++;
    packet_release(packet);
    return true;
}

static const struct node_extension interceptor = {.intercept = intercept};

START_TEST(extension_intercepts)
{
    uint8_t packet[64];
    struct fixture fixture;
    size_t length = packet_between(packet, ADDRESS_A, "2001:db8:2::77", 253, "12345678", 8);
    intercepted = 0;
    fixture_router(&fixture, 1500);
    fixture.node.extension = &interceptor;
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(intercepted, 1);
    ck_assert_uint_eq(intercepted_hop_limit, 63);
    fixture_receive(&fixture, vector_udp, sizeof(vector_udp));
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1);
    ck_assert_uint_eq(packet_octets(recording_frame(&fixture.recorder, 0)->packet)[7], 63);
    fixture_free(&fixture);

    fixture_host(&fixture, ADDRESS_B);
    fixture.node.extension = &interceptor;
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(intercepted, 2);
    ck_assert_uint_eq(intercepted_hop_limit, 63);
    length = packet_between(packet, ADDRESS_A, "2001:db8:2::78", 253, "12345678", 8);
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(intercepted, 2);
    fixture_expect_discard(&fixture, DISCARD_NOT_OURS);
    ck_assert_mem_eq(packet_octets(recording_last_event(&fixture.recorder, EVENT_PACKET_DISCARDED)->packet),
                     packet, length);
    fixture_free(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forward");
    TCase *tests = tcase_create("forward");
    tcase_add_test(tests, router_passes_packets_on);
    tcase_add_test(tests, router_refuses_what_does_not_fit);
    tcase_add_loop_test(tests, router_refuses_what_has_no_way, 0, G_N_ELEMENTS(unroutable));
    tcase_add_test(tests, extension_intercepts);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
