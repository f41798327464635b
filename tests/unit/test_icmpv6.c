/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_icmpv6.c - echo, errors sent and held back (RFC 4443, 2.4), errors received.
 */
#include "models/ipv6/icmpv6.h"

#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/udp.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/ipv6_vectors.h"

/* -- echo -- */

START_TEST(echo_request_is_answered)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    fixture_receive(&fixture, vector_echo_request, sizeof(vector_echo_request));
    fixture_expect_sent(&fixture, vector_echo_reply, sizeof(vector_echo_reply));
    fixture_free(&fixture);
}
END_TEST

START_TEST(echo_to_a_group_is_answered_from_a_unicast_address)
{
    uint8_t packet[128];
    struct fixture fixture;
    struct ipv6_address group = address_from("ff05::5"), a = address_from(ADDRESS_A),
                        b = address_from(ADDRESS_B);
    fixture_host(&fixture, ADDRESS_B);
    group_join(&fixture.node, &fixture.node.interfaces[0], &group);
    uint8_t message[] = {128, 0, 0, 0, 1, 2, 3, 4};
    uint16_t checksum = ipv6_checksum(&a, &group, NEXT_HEADER_ICMPV6, message, sizeof(message));
    message[2] = (uint8_t)(checksum >> 8);
    message[3] = (uint8_t)checksum;
    size_t length =
        packet_between(packet, ADDRESS_A, "ff05::5", NEXT_HEADER_ICMPV6, message, sizeof(message));
    ck_assert(checksum_verifies(packet, length, 40, NEXT_HEADER_ICMPV6, &a, &group));
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1);
    const struct packet *reply = recording_frame(&fixture.recorder, 0)->packet;
    ck_assert_mem_eq(packet_octets(reply) + 8, b.octets, 16);
    ck_assert(checksum_verifies(packet_octets(reply), reply->length, 40, NEXT_HEADER_ICMPV6, &b, &a));
    group_leave(&fixture.node, &fixture.node.interfaces[0], &group);
    fixture_free(&fixture);
}
END_TEST

static unsigned replies;

static void hear_reply(struct application *application, struct node *node, const struct inbound *in,
                       uint16_t sequence, const uint8_t *data, size_t length, time_ns now)
{
    (void)node;
    (void)in;
    (void)now;
    ck_assert_uint_eq(application->port, 0x1234);
    ck_assert_uint_eq(sequence, 7);
    ck_assert_uint_eq(length, 18);
    ck_assert_mem_eq(data, "return routability", 18);
    replies++;
}

START_TEST(echo_reply_reaches_who_asked)
{
    struct fixture fixture;
    struct application application = {.receive = hear_reply};
    replies = 0;
    fixture_host(&fixture, ADDRESS_A);
    ck_assert_int_eq(icmpv6_echo_bind(&fixture.node, &application, 0x1234), 0);
    struct outbound out = {.destination = address_from(ADDRESS_B)};
    out.packet = recording_packet(&fixture.recorder, "return routability", 18);
    ck_assert_int_eq(icmpv6_echo_send(&fixture.node, &out, 0x1234, 7, 0), 0);
    fixture_expect_sent(&fixture, vector_echo_request, sizeof(vector_echo_request));
    fixture_receive(&fixture, vector_echo_reply, sizeof(vector_echo_reply));
    ck_assert_uint_eq(replies, 1);
    icmpv6_echo_unbind(&fixture.node, &application);
    fixture_receive(&fixture, vector_echo_reply, sizeof(vector_echo_reply));
    ck_assert_uint_eq(replies, 1);
    fixture_expect_discard(&fixture, DISCARD_ICMPV6);
    fixture_free(&fixture);
}
END_TEST

START_TEST(every_flipped_bit_is_noticed)
{
    uint8_t packet[sizeof(vector_echo_request)];
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    for (size_t at = 40; at < sizeof(packet); at++) {
        memcpy(packet, vector_echo_request, sizeof(packet));
        packet[at] ^= 0x10;
        fixture_receive(&fixture, packet, sizeof(packet));
        fixture_expect_discard(&fixture, DISCARD_CHECKSUM);
        fixture_expect_nothing_sent(&fixture);
    }
    fixture_free(&fixture);
}
END_TEST

/* -- errors sent -- */

START_TEST(errors_are_what_scapy_builds)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    fixture_receive(&fixture, vector_udp, sizeof(vector_udp));
    fixture_expect_sent(&fixture, vector_port_unreachable, sizeof(vector_port_unreachable));
    fixture_receive(&fixture, vector_unknown_option, sizeof(vector_unknown_option));
    fixture_expect_sent(&fixture, vector_parameter_problem, sizeof(vector_parameter_problem));
    fixture_free(&fixture);
}
END_TEST

/* RFC 4443, 2.4 (e): what gets no answer, whatever is wrong with it. */
static const struct {
    const char *what, *source, *destination;
    uint8_t next_header;
    const char *payload;
    uint8_t type, code;
    bool link_layer_multicast, sent;
} suppressed[] = {
    {"less than a header", NULL, NULL, 0, "", 1, 3, false, false},
    {"an ordinary packet", ADDRESS_A, ADDRESS_B, 253, "00", 1, 3, false, true},
    {"an error", ADDRESS_A, ADDRESS_B, 58, "0100000000000000", 1, 3, false, false},
    {"an unknown error", ADDRESS_A, ADDRESS_B, 58, "7f00000000000000", 1, 3, false, false},
    {"an error behind options", ADDRESS_A, ADDRESS_B, 60, "3a000104000000000300000000000000", 1, 3, false,
     false},
    {"a redirect", ADDRESS_A, ADDRESS_B, 58, "8900000000000000", 1, 3, false, false},
    {"ICMPv6 cut off before its type", ADDRESS_A, ADDRESS_B, 58, "", 1, 3, false, false},
    {"a later fragment of an ICMPv6 message", ADDRESS_A, ADDRESS_B, 44, "3a000008000000010300000000000000", 1,
     3, false, false},
    {"a later fragment of an ICMPv6 message whose headers are wrong", ADDRESS_A, ADDRESS_B, 44,
     "3a000008000000010300000000000000", 4, 0, false, true},
    {"a first fragment that ends before the ICMPv6 message", ADDRESS_A, ADDRESS_B, 44, "3a00000100000001", 4,
     3, false, true},
    {"a later fragment of a datagram", ADDRESS_A, ADDRESS_B, 44, "11000008000000010300000000000000", 1, 3,
     false, true},
    {"an echo request", ADDRESS_A, ADDRESS_B, 58, "8000000000000000", 1, 3, false, true},
    {"a packet to a group", ADDRESS_A, "ff05::1", 253, "00", 1, 3, false, false},
    {"a packet in a frame to a group", ADDRESS_A, ADDRESS_B, 253, "00", 1, 3, true, false},
    {"Packet Too Big, to a group", ADDRESS_A, "ff05::1", 253, "00", 2, 0, true, true},
    {"unknown option, to a group", ADDRESS_A, "ff05::1", 253, "00", 4, 2, true, true},
    {"unknown header, to a group", ADDRESS_A, "ff05::1", 253, "00", 4, 1, false, false},
    {"no source", "::", ADDRESS_B, 253, "00", 1, 3, false, false},
    {"a group as source", "ff05::1", ADDRESS_B, 253, "00", 1, 3, false, false},
    {"loopback as source", "::1", ADDRESS_B, 253, "00", 1, 3, false, false},
};

START_TEST(some_packets_get_no_error)
{
    uint8_t payload[64], octets[128];
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    size_t length = octets_from(suppressed[_i].payload, payload, sizeof(payload));
    memset(octets, 0, sizeof(octets));
    length = !suppressed[_i].source
                 ? IPV6_HEADER_LENGTH - 1
                 : packet_between(octets, suppressed[_i].source, suppressed[_i].destination,
                                  suppressed[_i].next_header, payload, length);
    struct packet *offending = recording_packet(&fixture.recorder, octets, length);
    icmpv6_send_error(&fixture.node, NULL, offending, suppressed[_i].type, suppressed[_i].code, 0,
                      suppressed[_i].link_layer_multicast, fixture.recorder.now);
    packet_release(offending);
    ck_assert_msg((recording_frame_count(&fixture.recorder) == 1) == suppressed[_i].sent, "%s",
                  suppressed[_i].what);
    fixture_free(&fixture);
}
END_TEST

static unsigned errors_to(struct fixture *fixture, unsigned packets, time_ns now)
{
    recording_environment_clear(&fixture->recorder);
    for (unsigned i = 0; i < packets; i++)
        recording_receive(&fixture->recorder, &fixture->node, 0, vector_udp, sizeof(vector_udp), now);
    return recording_frame_count(&fixture->recorder);
}

START_TEST(errors_are_limited_in_rate)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    fixture.configuration.icmp_errors_per_second = 10;
    fixture.configuration.icmp_error_burst = 10;
    ck_assert_uint_eq(errors_to(&fixture, 50, SECONDS(100)), 10);
    ck_assert_uint_eq(errors_to(&fixture, 5, SECONDS(100) + MILLISECONDS(99)), 0);
    ck_assert_uint_eq(errors_to(&fixture, 5, SECONDS(100) + MILLISECONDS(100)), 1);
    /* the half token is not lost */
    ck_assert_uint_eq(errors_to(&fixture, 5, SECONDS(100) + MILLISECONDS(350)), 2);
    ck_assert_uint_eq(errors_to(&fixture, 5, SECONDS(100) + MILLISECONDS(400)), 1);
    ck_assert_uint_eq(errors_to(&fixture, 50, SECONDS(3600)), 10);
    fixture.configuration.icmp_errors_per_second = 0; /* no limit */
    ck_assert_uint_eq(errors_to(&fixture, 50, SECONDS(3600)), 50);
    fixture_free(&fixture);
}
END_TEST

/* -- errors received -- */

static struct {
    unsigned count;
    uint8_t type, code;
    uint32_t parameter;
    uint8_t original[64];
    size_t length;
} heard;

static void icmp_error(struct node *node, struct inbound *in, uint8_t type, uint8_t code, uint32_t parameter,
                       const uint8_t *original, size_t length, time_ns now)
{
    (void)node;
    (void)in;
    (void)now;
    heard.count++;
    heard.type = type;
    heard.code = code;
    heard.parameter = parameter;
    heard.length = length;
    memcpy(heard.original, original, length < sizeof(heard.original) ? length : sizeof(heard.original));
}

static const struct node_extension listener = {.icmp_error = icmp_error};

START_TEST(errors_reach_the_extension)
{
    struct fixture fixture;
    memset(&heard, 0, sizeof(heard));
    fixture_host(&fixture, ADDRESS_A);
    fixture.node.extension = &listener;
    fixture_receive(&fixture, vector_parameter_problem, sizeof(vector_parameter_problem));
    ck_assert_uint_eq(heard.count, 1);
    ck_assert_uint_eq(heard.type, ICMPV6_PARAMETER_PROBLEM);
    ck_assert_uint_eq(heard.code, PARAMETER_UNRECOGNIZED_OPTION);
    ck_assert_uint_eq(heard.parameter, 42);
    ck_assert_uint_eq(heard.length, sizeof(vector_unknown_option));
    ck_assert_mem_eq(heard.original, vector_unknown_option, sizeof(vector_unknown_option));
    fixture_expect_nothing_sent(&fixture);
    fixture_free(&fixture);
}
END_TEST

/* What has reached somebody here is told to the extension: an echo request, and a reply (RFC 6275, 11.7.2: a
 * mobile node learns so of those who do not know where it is). */
static unsigned told;

static void delivered(struct node *node, const struct inbound *in, time_ns now)
{
    (void)node, (void)now;
    ck_assert_uint_eq(in->next_header, NEXT_HEADER_ICMPV6);
    told++;
}

static const struct node_extension watcher = {.delivered = delivered};

START_TEST(echoes_are_told_to_the_extension)
{
    struct fixture fixture;
    told = 0;
    fixture_host(&fixture, ADDRESS_B);
    fixture.node.extension = &watcher;
    fixture_receive(&fixture, vector_echo_request, sizeof(vector_echo_request));
    ck_assert_uint_eq(told, 1);
    fixture_expect_sent(&fixture, vector_echo_reply, sizeof(vector_echo_reply));
    fixture_free(&fixture);
}
END_TEST

/* An error that quotes somebody else's packet is not believed. */
START_TEST(errors_about_others_are_discarded)
{
    uint8_t packet[512];
    struct fixture fixture;
    struct ipv6_address b = address_from(ADDRESS_B), a = address_from(ADDRESS_A);
    memset(&heard, 0, sizeof(heard));
    fixture_host(&fixture, ADDRESS_A);
    fixture.node.extension = &listener;
    memcpy(packet, vector_packet_too_big, 512);
    for (unsigned quoted = 0; quoted < 2; quoted++) {
        size_t message = quoted == 0 ? 8 + 39 : 8 + 100; /* too little quoted; or a foreign source */
        uint8_t octets[256];
        memcpy(octets, vector_packet_too_big + 40, message);
        octets[8 + 8 + 15] = 0x99;
        octets[2] = octets[3] = 0;
        uint16_t checksum = ipv6_checksum(&b, &a, NEXT_HEADER_ICMPV6, octets, message);
        octets[2] = (uint8_t)(checksum >> 8);
        octets[3] = (uint8_t)checksum;
        size_t length = packet_between(packet, ADDRESS_B, ADDRESS_A, NEXT_HEADER_ICMPV6, octets, message);
        fixture_receive(&fixture, packet, length);
        fixture_expect_discard(&fixture, DISCARD_ICMPV6);
    }
    ck_assert_uint_eq(heard.count, 0);
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1500, 0), 1500);
    fixture_free(&fixture);
}
END_TEST

START_TEST(packet_too_big_narrows_the_path)
{
    struct fixture fixture;
    struct ipv6_address b = address_from(ADDRESS_B);
    fixture_host(&fixture, ADDRESS_A);
    fixture_receive(&fixture, vector_packet_too_big, sizeof(vector_packet_too_big));
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1500, fixture.recorder.now), 1400);
    /* The next packet of that size leaves in two fragments that fit. */
    recording_environment_clear(&fixture.recorder);
    struct outbound out = {.destination = b,
                           .packet = packet_new(fixture.recorder.packets, PACKET_HEADROOM, 1450)};
    memset(packet_octets(out.packet), 0, 1450);
    ck_assert_int_eq(udp_send(&fixture.node, &out, 1, 2, fixture.recorder.now), 0);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 2);
    for (unsigned i = 0; i < 2; i++) {
        const struct packet *fragment = recording_frame(&fixture.recorder, i)->packet;
        ck_assert_uint_le(fragment->length, 1400);
        ck_assert_uint_eq(packet_octets(fragment)[6], NEXT_HEADER_FRAGMENT);
    }
    fixture_free(&fixture);
}
END_TEST

START_TEST(unknown_informational_messages_are_silent)
{
    uint8_t message[8] = {200}, packet[64];
    struct fixture fixture;
    struct ipv6_address a = address_from(ADDRESS_A), b = address_from(ADDRESS_B);
    fixture_host(&fixture, ADDRESS_B);
    uint16_t checksum = ipv6_checksum(&a, &b, NEXT_HEADER_ICMPV6, message, sizeof(message));
    message[2] = (uint8_t)(checksum >> 8);
    message[3] = (uint8_t)checksum;
    size_t length =
        packet_between(packet, ADDRESS_A, ADDRESS_B, NEXT_HEADER_ICMPV6, message, sizeof(message));
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, DISCARD_ICMPV6);
    fixture_expect_nothing_sent(&fixture);
    fixture_free(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("icmpv6");
    TCase *tests = tcase_create("icmpv6");
    tcase_add_test(tests, echo_request_is_answered);
    tcase_add_test(tests, echo_to_a_group_is_answered_from_a_unicast_address);
    tcase_add_test(tests, echo_reply_reaches_who_asked);
    tcase_add_test(tests, every_flipped_bit_is_noticed);
    tcase_add_test(tests, errors_are_what_scapy_builds);
    tcase_add_loop_test(tests, some_packets_get_no_error, 0, G_N_ELEMENTS(suppressed));
    tcase_add_test(tests, errors_are_limited_in_rate);
    tcase_add_test(tests, errors_reach_the_extension);
    tcase_add_test(tests, echoes_are_told_to_the_extension);
    tcase_add_test(tests, errors_about_others_are_discarded);
    tcase_add_test(tests, packet_too_big_narrows_the_path);
    tcase_add_test(tests, unknown_informational_messages_are_silent);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
