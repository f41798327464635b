/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_tunnel.c - IPv6 in IPv6: entry, exit, sizes, nesting, and errors from inside (RFC 2473).
 */
#include "models/ipv6/tunnel.h"

#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/ipv6_vectors.h"

#define ENTRY "2001:db8:1::fe" /* the fixture's router */
#define EXIT  "2001:db8:9::77"

/* -- an extension at the exit -- */

static struct {
    bool accept;
    unsigned asked, received;
    struct inbound last;
} exit_hooks;

static bool accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason, time_ns now)
{
    (void)node;
    (void)in;
    (void)now;
    exit_hooks.asked++;
    if (!exit_hooks.accept)
        *reason = DISCARD_NO_BINDING;
    return exit_hooks.accept;
}

static bool receive(struct node *node, struct inbound *in, time_ns now)
{
    (void)node;
    (void)now;
    if (in->next_header != 253)
        return false;
    exit_hooks.received++;
    exit_hooks.last = *in;
    packet_release(in->packet);
    return true;
}

static const struct node_extension at_exit = {.accept_tunnelled = accept_tunnelled, .receive = receive};

static int enter(struct fixture *fixture, const void *inner, size_t length)
{
    struct ipv6_address entry = address_from(ENTRY), exit = address_from(EXIT);
    recording_environment_clear(&fixture->recorder);
    return tunnel_send(&fixture->node, recording_packet(&fixture->recorder, inner, length), &entry, &exit, 0,
                       fixture->recorder.now);
}

static const uint8_t *sent(struct fixture *fixture, unsigned index, size_t *length)
{
    const struct packet *packet = recording_frame(&fixture->recorder, index)->packet;
    if (length)
        *length = packet->length;
    return packet_octets(packet);
}

START_TEST(entry_puts_a_header_in_front)
{
    struct fixture fixture;
    size_t length;
    fixture_router(&fixture, 1500);
    ck_assert_int_eq(enter(&fixture, vector_udp, sizeof(vector_udp)), 0);
    const uint8_t *outer = sent(&fixture, 0, &length);
    struct ipv6_address entry = address_from(ENTRY), exit = address_from(EXIT);
    ck_assert_uint_eq(length, sizeof(vector_udp) + 40);
    ck_assert_mem_eq(outer, "\x60\0\0\0\0\x36\x29\x40", 8);
    ck_assert_mem_eq(outer + 8, entry.octets, 16);
    ck_assert_mem_eq(outer + 24, exit.octets, 16);
    ck_assert_mem_eq(outer + 40, vector_udp, sizeof(vector_udp));
    const struct protocol_event *event = recording_last_event(&fixture.recorder, EVENT_PACKET_TUNNELLED);
    ck_assert_ptr_nonnull(event);
    ck_assert_uint_eq(event->octets, sizeof(vector_udp) + 40);
    ck_assert_mem_eq(event->source->octets, vector_udp + 8, 16);
    ck_assert_mem_eq(event->wire_destination->octets, exit.octets, 16);
    fixture_free(&fixture);
}
END_TEST

START_TEST(exit_takes_it_off)
{
    uint8_t inner[64], packet[256];
    struct fixture fixture;
    memset(&exit_hooks, 0, sizeof(exit_hooks));
    exit_hooks.accept = true;
    fixture_host(&fixture, ADDRESS_B);
    fixture.node.extension = &at_exit;
    size_t length = packet_between(inner, ADDRESS_A, ADDRESS_B, 253, "12345678", 8);
    length = packet_between(packet, "2001:db8:7::7", ADDRESS_B, NEXT_HEADER_IPV6, inner, length);
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(exit_hooks.received, 1);
    struct ipv6_address a = address_from(ADDRESS_A), seven = address_from("2001:db8:7::7");
    ck_assert(ipv6_address_equal(&exit_hooks.last.source, &a));
    ck_assert_uint_eq(exit_hooks.last.tunnel_depth, 1);
    ck_assert(ipv6_address_equal(&exit_hooks.last.tunnel_source, &seven));
    ck_assert_int_eq(inbound_path(&exit_hooks.last), PATH_TUNNELLED);

    exit_hooks.accept = false;
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(exit_hooks.received, 1);
    fixture_expect_discard(&fixture, DISCARD_NO_BINDING);
    fixture_expect_nothing_sent(&fixture);

    length = packet_between(packet, "2001:db8:7::7", ADDRESS_B, NEXT_HEADER_IPV6, inner, 39);
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, DISCARD_HEADER_TRUNCATED);
    /* A host passes nothing on, wherever it came out. */
    exit_hooks.accept = true;
    length = packet_between(inner, ADDRESS_A, "2001:db8:3::3", 253, "12345678", 8);
    length = packet_between(packet, "2001:db8:7::7", ADDRESS_B, NEXT_HEADER_IPV6, inner, length);
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, DISCARD_NOT_OURS);
    fixture_free(&fixture);
}
END_TEST

START_TEST(a_router_forwards_what_comes_out)
{
    uint8_t packet[256], expected[sizeof(vector_udp)];
    struct fixture fixture;
    memset(&exit_hooks, 0, sizeof(exit_hooks));
    exit_hooks.accept = true;
    fixture_router(&fixture, 1500);
    fixture.node.extension = &at_exit;
    size_t length = packet_between(packet, EXIT, ENTRY, NEXT_HEADER_IPV6, vector_udp, sizeof(vector_udp));
    fixture_receive(&fixture, packet, length);
    memcpy(expected, vector_udp, sizeof(expected));
    expected[7]--;
    fixture_expect_sent(&fixture, expected, sizeof(expected));
    fixture_free(&fixture);
}
END_TEST

START_TEST(nesting_is_bounded)
{
    uint8_t packet[1024], wrapped[1024];
    struct fixture fixture;
    memset(&exit_hooks, 0, sizeof(exit_hooks));
    exit_hooks.accept = true;
    fixture_host(&fixture, ADDRESS_B);
    fixture.node.extension = &at_exit;
    size_t length = packet_between(packet, ADDRESS_A, ADDRESS_B, 253, "12345678", 8);
    for (unsigned depth = 1; depth <= TUNNEL_DEPTH_MAX + 1; depth++) {
        memcpy(wrapped, packet, length);
        length = packet_between(packet, ADDRESS_A, ADDRESS_B, NEXT_HEADER_IPV6, wrapped, length);
        fixture_receive(&fixture, packet, length);
        fixture_expect_discard(&fixture, depth > TUNNEL_DEPTH_MAX ? DISCARD_TUNNEL_LIMIT : DISCARD_NONE);
        ck_assert_uint_eq(exit_hooks.received, MIN(depth, TUNNEL_DEPTH_MAX));
    }
    fixture_free(&fixture);
    fixture_router(&fixture, 1500);
    ck_assert_int_eq(enter(&fixture, packet, length), ERROR_CAPACITY);
    fixture_expect_discard(&fixture, DISCARD_TUNNEL_LIMIT);
    fixture_free(&fixture);
}
END_TEST

/* RFC 2473, 4.1.1 */
START_TEST(encapsulation_limit)
{
    uint8_t payload[64], packet[128];
    struct fixture fixture;
    size_t length;
    fixture_router(&fixture, 1500);
    length = octets_from("fd00010004010300", payload, sizeof(payload));
    length = packet_between(packet, ADDRESS_A, ADDRESS_B, NEXT_HEADER_DESTINATION_OPTIONS, payload, length);
    ck_assert_int_eq(enter(&fixture, packet, length), 0);
    size_t outer_length;
    const uint8_t *outer = sent(&fixture, 0, &outer_length);
    ck_assert_uint_eq(outer_length, length + 48);
    ck_assert_uint_eq(outer[6], NEXT_HEADER_DESTINATION_OPTIONS);
    ck_assert_mem_eq(outer + 40, "\x29\0\4\1\2\1\1\0", 8);
    ck_assert_mem_eq(outer + 48, packet, length);

    packet[46] = 0; /* no further tunnel allowed */
    ck_assert_int_eq(enter(&fixture, packet, length), ERROR_CAPACITY);
    fixture_expect_discard(&fixture, DISCARD_TUNNEL_LIMIT);
    const uint8_t *error = sent(&fixture, 0, NULL);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1);
    ck_assert_mem_eq(error + 40, "\4\0", 2);
    ck_assert_mem_eq(error + 44, "\0\0\0\x2e", 4);
    fixture_free(&fixture);
}
END_TEST

/* RFC 2473, 7.1: over 1280 octets the source is told, up to there the tunnel packet is cut. */
START_TEST(sizes)
{
    uint8_t packet[1500];
    struct fixture fixture;
    size_t length;
    fixture_router(&fixture, 1400);
    packet_between(packet, ADDRESS_A, ADDRESS_B, 253, vector_big, 1360 - 40);
    ck_assert_int_eq(enter(&fixture, packet, 1360), 0);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1);
    packet_between(packet, ADDRESS_A, ADDRESS_B, 253, vector_big, 1361 - 40);
    ck_assert_int_eq(enter(&fixture, packet, 1361), ERROR_TOO_BIG);
    const uint8_t *error = sent(&fixture, 0, NULL);
    ck_assert_mem_eq(error + 40, "\2\0", 2);
    ck_assert_uint_eq((unsigned)(error[46] << 8 | error[47]), 1360);

    struct ipv6_address exit = address_from(EXIT);
    path_mtu_learn(&fixture.node, &exit, 1280, fixture.recorder.now);
    struct ipv6_address entry = address_from(ENTRY);
    struct packet *inner = recording_packet(&fixture.recorder, packet, 1361);
    ck_assert_uint_eq(tunnel_mtu(&fixture.node, inner, &entry, &exit, fixture.recorder.now), 1280);
    packet_release(inner);
    packet_between(packet, ADDRESS_A, ADDRESS_B, 253, vector_big, 1280 - 40);
    ck_assert_int_eq(enter(&fixture, packet, 1280), 0);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 2);
    size_t total = 0;
    for (unsigned i = 0; i < 2; i++) {
        const uint8_t *fragment = sent(&fixture, i, &length);
        ck_assert_uint_le(length, 1280);
        ck_assert_uint_eq(fragment[6], NEXT_HEADER_FRAGMENT);
        ck_assert_uint_eq(fragment[40], NEXT_HEADER_IPV6);
        total += length - 48;
    }
    ck_assert_uint_eq(total, 1280);
    packet_between(packet, ADDRESS_A, ADDRESS_B, 253, vector_big, 1281 - 40);
    ck_assert_int_eq(enter(&fixture, packet, 1281), ERROR_TOO_BIG);
    error = sent(&fixture, 0, NULL);
    ck_assert_uint_eq((unsigned)(error[46] << 8 | error[47]), 1280);
    fixture_free(&fixture);
}
END_TEST

START_TEST(no_way_to_the_exit)
{
    struct fixture fixture;
    struct ipv6_address prefix = address_from("2001:db8:9::");
    fixture_router(&fixture, 1500);
    ck_assert_int_eq(routing_table_remove(fixture.node.routes, &prefix, 64), 0);
    ck_assert_int_eq(enter(&fixture, vector_udp, sizeof(vector_udp)), ERROR_NO_ROUTE);
    const uint8_t *error = sent(&fixture, 0, NULL);
    ck_assert_mem_eq(error + 40, "\1\3", 2);
    fixture_expect_discard(&fixture, DISCARD_NO_ROUTE);
    fixture_free(&fixture);
}
END_TEST

/* -- errors from inside (RFC 2473, 8) -- */

static size_t error_about_tunnel(uint8_t *packet, uint8_t type, uint8_t code, uint32_t parameter,
                                 const uint8_t *inner, size_t inner_length, size_t options)
{
    static uint8_t message[2048], tunnel[2048], inside[2048];
    struct ipv6_address reporter = address_from("2001:db8:2::ff"), entry = address_from(ENTRY);
    if (options)
        octets_from("2900040100010100", inside, sizeof(inside));
    memcpy(inside + options, inner, inner_length);
    size_t length =
        packet_between(tunnel, ENTRY, EXIT, options ? NEXT_HEADER_DESTINATION_OPTIONS : NEXT_HEADER_IPV6,
                       inside, options + inner_length);
    length = MIN(length, 1280 - 48);
    const uint8_t front[8] = {type, code, 0, 0, 0, 0, (uint8_t)(parameter >> 8), (uint8_t)parameter};
    memcpy(message, front, 8);
    memcpy(message + 8, tunnel, length);
    uint16_t checksum = ipv6_checksum(&reporter, &entry, NEXT_HEADER_ICMPV6, message, 8 + length);
    message[2] = (uint8_t)(checksum >> 8);
    message[3] = (uint8_t)checksum;
    return packet_between(packet, "2001:db8:2::ff", ENTRY, NEXT_HEADER_ICMPV6, message, 8 + length);
}

START_TEST(errors_are_relayed)
{
    static const struct {
        uint8_t type, code;
        uint32_t parameter;
        size_t options;
        int relayed_type, relayed_code;
    } errors[] = {
        {ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_NO_ROUTE, 0, 0, 1, 3},
        {ICMPV6_TIME_EXCEEDED, 0, 0, 0, 1, 3},
        {ICMPV6_PARAMETER_PROBLEM, 0, 6, 0, -1, -1},
        {ICMPV6_PARAMETER_PROBLEM, 0, 44, 8, 1, 3}, /* the limit ran out in a tunnel inside this one */
        {ICMPV6_PARAMETER_PROBLEM, 0, 40, 8, -1, -1},
        {ICMPV6_PARAMETER_PROBLEM, 0, 41, 8, -1, -1},
        {127, 0, 0, 0, -1, -1},                      /* an error that nobody knows */
        {ICMPV6_PACKET_TOO_BIG, 0, 1300, 0, -1, -1}, /* 54 octets inside: the entry's own business */
    };
    uint8_t packet[1500];
    struct fixture fixture;
    fixture_router(&fixture, 1500);
    for (unsigned i = 0; i < G_N_ELEMENTS(errors); i++) {
        size_t length = error_about_tunnel(packet, errors[i].type, errors[i].code, errors[i].parameter,
                                           vector_udp, sizeof(vector_udp), errors[i].options);
        fixture_receive(&fixture, packet, length);
        if (errors[i].relayed_type < 0) {
            fixture_expect_nothing_sent(&fixture);
            continue;
        }
        ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1);
        const uint8_t *relayed = sent(&fixture, 0, &length);
        ck_assert_int_eq(relayed[40], errors[i].relayed_type);
        ck_assert_int_eq(relayed[41], errors[i].relayed_code);
        ck_assert_mem_eq(relayed + 24, vector_udp + 8, 16);
        ck_assert_mem_eq(relayed + 48, vector_udp, sizeof(vector_udp));
        ck_assert_uint_eq(length, 48 + sizeof(vector_udp));
    }
    size_t length =
        error_about_tunnel(packet, ICMPV6_PACKET_TOO_BIG, 0, 1400, vector_big, sizeof(vector_big), 0);
    fixture_receive(&fixture, packet, length);
    const uint8_t *relayed = sent(&fixture, 0, &length);
    ck_assert_uint_le(length, 1280);
    ck_assert_mem_eq(relayed + 40, "\2\0", 2);
    ck_assert_uint_eq((unsigned)(relayed[46] << 8 | relayed[47]), 1360);
    struct ipv6_address exit = address_from(EXIT);
    /* the first one's */
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &exit, 1500, fixture.recorder.now), 1300);
    fixture_free(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tunnel");
    TCase *tests = tcase_create("tunnel");
    tcase_add_test(tests, entry_puts_a_header_in_front);
    tcase_add_test(tests, exit_takes_it_off);
    tcase_add_test(tests, a_router_forwards_what_comes_out);
    tcase_add_test(tests, nesting_is_bounded);
    tcase_add_test(tests, encapsulation_limit);
    tcase_add_test(tests, sizes);
    tcase_add_test(tests, no_way_to_the_exit);
    tcase_add_test(tests, errors_are_relayed);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
