/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_fragment.c - fragmentation at the source and reassembly (RFC 8200, 4.5; RFC 5722).
 */
#include "models/ipv6/fragment.h"

#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/udp.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/ipv6_vectors.h"

#define DATA_LENGTH 4000

static uint8_t data[DATA_LENGTH + 8]; /* a UDP datagram */

static struct {
    unsigned count;
    size_t length;
    bool right;
    struct inbound last;
} heard;

static void hear(struct application *application, struct node *node, const struct inbound *in,
                 uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    (void)application;
    (void)node;
    (void)source_port;
    (void)now;
    heard.count++;
    heard.length = length;
    heard.right = memcmp(payload, data + 8, length) == 0;
    heard.last = *in;
}

static struct application application = {.receive = hear};

static void begin(struct fixture *fixture)
{
    struct ipv6_address a = address_from(ADDRESS_A), b = address_from(ADDRESS_B);
    memset(&heard, 0, sizeof(heard));
    for (unsigned i = 8; i < sizeof(data); i++)
        data[i] = (uint8_t)(i * 31 + i / 256);
    const uint8_t header[8] = {0x0f, 0xa0, 0x13, 0x88, (uint8_t)(sizeof(data) >> 8), (uint8_t)sizeof(data)};
    memcpy(data, header, 8);
    uint16_t checksum = ipv6_checksum(&a, &b, NEXT_HEADER_UDP, data, sizeof(data));
    data[6] = (uint8_t)(checksum >> 8);
    data[7] = (uint8_t)checksum;
    fixture_host(fixture, ADDRESS_B);
    ck_assert_int_eq(udp_bind(&fixture->node, &application, 5000), 0);
}

/* Receives the piece [from, to) of the datagram as a fragment. */
static void piece(struct fixture *fixture, uint32_t identification, uint32_t from, uint32_t to, bool more)
{
    static uint8_t payload[70000], packet[70000];
    uint16_t field = (uint16_t)(from | more);
    const uint8_t header[8] = {NEXT_HEADER_UDP,
                               0,
                               (uint8_t)(field >> 8),
                               (uint8_t)field,
                               0,
                               0,
                               (uint8_t)(identification >> 8),
                               (uint8_t)identification};
    memcpy(payload, header, 8);
    for (uint32_t i = from; i < to; i++)
        payload[8 + i - from] = i < sizeof(data) ? data[i] : 0;
    size_t length =
        packet_between(packet, ADDRESS_A, ADDRESS_B, NEXT_HEADER_FRAGMENT, payload, 8 + to - from);
    recording_receive(&fixture->recorder, &fixture->node, 0, packet, length, fixture->recorder.now);
}

/* -- sending -- */

START_TEST(fragments_are_what_scapy_builds)
{
    struct fixture fixture;
    struct ipv6_address b = address_from(ADDRESS_B);
    fixture_host(&fixture, ADDRESS_A);
    path_mtu_learn(&fixture.node, &b, 1280, fixture.recorder.now);
    struct outbound out = {.destination = b};
    out.packet = recording_packet(&fixture.recorder, vector_big + 48, sizeof(vector_big) - 48);
    ck_assert_int_eq(udp_send(&fixture.node, &out, 4000, 5000, fixture.recorder.now), 0);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 2);
    const struct packet *first = recording_frame(&fixture.recorder, 0)->packet,
                        *second = recording_frame(&fixture.recorder, 1)->packet;
    ck_assert_uint_eq(first->length, sizeof(vector_fragment_1));
    ck_assert_mem_eq(packet_octets(first), vector_fragment_1, sizeof(vector_fragment_1));
    ck_assert_uint_eq(second->length, sizeof(vector_fragment_2));
    ck_assert_mem_eq(packet_octets(second), vector_fragment_2, sizeof(vector_fragment_2));
    fixture_free(&fixture);
}
END_TEST

/* Mobility's headers stand in every fragment, in front of the fragment header (RFC 6275, 6.3). */
START_TEST(mobility_headers_are_not_fragmented)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    struct outbound out = {
        .destination = address_from(ADDRESS_B),
        .source = address_from(ADDRESS_A),
        .routed = true,
        .home_address_option = true,
        .wire_source = address_from("2001:db8:9::77"),
        .type_2_routing = true,
        .wire_destination = address_from("2001:db8:8::88"),
    };
    out.packet = packet_new(fixture.recorder.packets, PACKET_HEADROOM, 3000);
    memset(packet_octets(out.packet), 0x11, 3000);
    ck_assert_int_eq(udp_send(&fixture.node, &out, 4000, 5000, fixture.recorder.now), 0);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 3);
    for (unsigned i = 0; i < 3; i++) {
        const struct packet *fragment = recording_frame(&fixture.recorder, i)->packet;
        const uint8_t *octets = packet_octets(fragment);
        ck_assert_uint_le(fragment->length, 1500);
        ck_assert_uint_eq((unsigned)(octets[4] << 8 | octets[5]) + 40, fragment->length);
        ck_assert_uint_eq(octets[6], NEXT_HEADER_ROUTING);
        ck_assert_uint_eq(octets[40], NEXT_HEADER_DESTINATION_OPTIONS);
        ck_assert_uint_eq(octets[64], NEXT_HEADER_FRAGMENT);
        ck_assert_uint_eq(octets[88], NEXT_HEADER_UDP);
    }
    fixture_free(&fixture);
}
END_TEST

/* -- reassembly -- */

START_TEST(every_order_of_four_pieces)
{
    static const uint32_t cut[] = {0, 1000, 2400, 2408, DATA_LENGTH + 8};
    struct fixture fixture;
    begin(&fixture);
    unsigned expected = 0;
    for (unsigned order = 0; order < 256; order++) {
        unsigned at[4] = {order & 3, order >> 2 & 3, order >> 4 & 3, order >> 6};
        if ((1u << at[0] | 1u << at[1] | 1u << at[2] | 1u << at[3]) != 15)
            continue;
        for (unsigned i = 0; i < 4; i++) {
            ck_assert_uint_eq(heard.count, expected);
            piece(&fixture, order, cut[at[i]], cut[at[i] + 1], at[i] != 3);
            if (i == 1) /* an exact duplicate does no harm */
                piece(&fixture, order, cut[at[0]], cut[at[0] + 1], at[0] != 3);
        }
        ck_assert_uint_eq(heard.count, ++expected);
        ck_assert_uint_eq(heard.length, DATA_LENGTH);
        ck_assert(heard.right);
        ck_assert_uint_eq(heard.last.offset, 40);
        ck_assert_uint_eq(heard.last.next_header, NEXT_HEADER_UDP);
        ck_assert_uint_eq(heard.last.packet->length, 40 + DATA_LENGTH + 8);
        ck_assert_ptr_null(fixture.node.reassembly);
    }
    ck_assert_uint_eq(expected, 24);
    fixture_expect_nothing_sent(&fixture);
    fixture_free(&fixture);
}
END_TEST

START_TEST(overlaps_end_the_reassembly)
{
    static const struct {
        uint32_t from, to;
        bool more;
    } bad[] = {
        {992, 2000, true},               /* into the piece before */
        {1000, 2008, true},              /* into the piece behind */
        {0, 1008, true},                 /* over the first, longer */
        {2000, 2400, true},              /* inside the last */
        {2000, 2400, false},             /* another end */
        {3000, DATA_LENGTH + 16, false}, /* a later end */
        {4008, 4016, true},              /* behind the end */
    };
    struct fixture fixture;
    begin(&fixture);
    for (unsigned i = 0; i < G_N_ELEMENTS(bad); i++) {
        recording_environment_clear(&fixture.recorder);
        piece(&fixture, i, 0, 1000, true);
        piece(&fixture, i, 2000, DATA_LENGTH + 8, false);
        ck_assert_ptr_nonnull(fixture.node.reassembly);
        piece(&fixture, i, bad[i].from, bad[i].to, bad[i].more);
        ck_assert_ptr_null(fixture.node.reassembly);
        fixture_expect_discard(&fixture, DISCARD_FRAGMENT);
        ck_assert_uint_eq(recording_count_events(&fixture.recorder, EVENT_PACKET_DISCARDED), 3);
        fixture_expect_nothing_sent(&fixture);
        ck_assert_uint_eq(heard.count, 0);
    }
    fixture_free(&fixture);
}
END_TEST

START_TEST(malformed_fragments_are_answered)
{
    struct fixture fixture;
    begin(&fixture);
    piece(&fixture, 1, 0, 1001, true); /* not a multiple of 8 */
    fixture_expect_discard(&fixture, DISCARD_FRAGMENT);
    const uint8_t *error = packet_octets(recording_frame(&fixture.recorder, 0)->packet);
    ck_assert_mem_eq(error + 40, "\4\0", 2);
    ck_assert_mem_eq(error + 44, "\0\0\0\4", 4);
    recording_environment_clear(&fixture.recorder);
    piece(&fixture, 2, 65528, 65536, false); /* the whole would be longer than 65535 octets */
    error = packet_octets(recording_frame(&fixture.recorder, 0)->packet);
    ck_assert_mem_eq(error + 40, "\4\0", 2);
    ck_assert_mem_eq(error + 44, "\0\0\0\x2a", 4);
    recording_environment_clear(&fixture.recorder);
    piece(&fixture, 3, 65520, 65528, true);
    fixture_expect_nothing_sent(&fixture);

    /* The first fragment ends before the upper layer's header does. */
    uint8_t payload[64], packet[128];
    recording_environment_clear(&fixture.recorder);
    size_t length = octets_from("3c000001 00000009 11000104 00000000", payload, sizeof(payload));
    length = packet_between(packet, ADDRESS_A, ADDRESS_B, NEXT_HEADER_FRAGMENT, payload, length);
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, DISCARD_FRAGMENT);
    error = packet_octets(recording_frame(&fixture.recorder, 0)->packet);
    ck_assert_mem_eq(error + 40, "\4\3", 2);
    ck_assert_mem_eq(error + 44, "\0\0\0\0", 4);
    fixture_free(&fixture);
}
END_TEST

/* How much a first fragment must hold depends on the upper layer (RFC 8200, 4.5; RFC 7112). */
START_TEST(first_fragments_hold_the_whole_header)
{
    static const struct {
        uint8_t next_header;
        size_t least;
    } layers[] = {
        {NEXT_HEADER_UDP, 8},
        {NEXT_HEADER_TCP, 24},
        {NEXT_HEADER_IPV6, 40},
        {NEXT_HEADER_NONE, 8},
    };
    uint8_t payload[64], packet[128];
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    for (size_t length = 8; length <= 40; length += 8) {
        memset(payload, 0, sizeof(payload));
        payload[0] = layers[_i].next_header;
        payload[3] = 1; /* more follow */
        payload[7] = (uint8_t)length;
        size_t whole =
            packet_between(packet, ADDRESS_A, ADDRESS_B, NEXT_HEADER_FRAGMENT, payload, 8 + length);
        fixture_receive(&fixture, packet, whole);
        if (length < layers[_i].least) {
            fixture_expect_discard(&fixture, DISCARD_FRAGMENT);
            const uint8_t *error = packet_octets(recording_frame(&fixture.recorder, 0)->packet);
            ck_assert_mem_eq(error + 40, "\4\3", 2);
        } else {
            fixture_expect_discard(&fixture, DISCARD_NONE);
            fixture_expect_nothing_sent(&fixture);
        }
    }
    fixture_free(&fixture);
}
END_TEST

/* One identification is one packet only between one pair of addresses. */
START_TEST(reassemblies_of_two_sources_are_apart)
{
    struct fixture fixture;
    uint8_t payload[64] = {NEXT_HEADER_UDP, 0, 0, 1, 0, 0, 0, 7}, packet[128];
    begin(&fixture);
    piece(&fixture, 7, 0, 1000, true);
    for (unsigned i = 0; i < 2; i++) {
        size_t length = packet_between(packet, i == 0 ? "2001:db8:1::99" : ADDRESS_A,
                                       i == 0 ? ADDRESS_B : "ff02::1", NEXT_HEADER_FRAGMENT, payload, 24);
        recording_receive(&fixture.recorder, &fixture.node, 0, packet, length, fixture.recorder.now);
    }
    piece(&fixture, 7, 1000, DATA_LENGTH + 8, false);
    ck_assert_uint_eq(heard.count, 1);
    ck_assert(heard.right);
    ck_assert_ptr_nonnull(fixture.node.reassembly); /* the others wait for more */
    fixture_free(&fixture);
}
END_TEST

/* The last fragment once more, as one that is not the last: it contradicts, and ends the reassembly. */
START_TEST(a_last_fragment_that_is_not)
{
    struct fixture fixture;
    begin(&fixture);
    piece(&fixture, 7, 1000, DATA_LENGTH + 8, false);
    piece(&fixture, 7, 1000, DATA_LENGTH + 8, true);
    fixture_expect_discard(&fixture, DISCARD_FRAGMENT);
    ck_assert_ptr_null(fixture.node.reassembly);
    piece(&fixture, 8, 1000, 2000, true);
    piece(&fixture, 8, 16, 800, false); /* a last one in front of what is there */
    ck_assert_uint_eq(heard.count, 0);
    ck_assert_ptr_null(fixture.node.reassembly);
    fixture_free(&fixture);
}
END_TEST

/* Headers that fill the link leave no room for a piece of what is behind them. */
START_TEST(headers_as_long_as_the_link)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    struct outbound out = {
        .destination = address_from(ADDRESS_B),
        .source = address_from(ADDRESS_A),
        .routed = true,
        .home_address_option = true,
        .wire_source = address_from("2001:db8:9::77"),
        .type_2_routing = true,
        .wire_destination = address_from("2001:db8:8::88"),
    };
    fixture.node.interfaces[0].mtu = 100; /* 40 + 24 + 24 + 8, and 4 */
    out.packet = packet_new(fixture.recorder.packets, PACKET_HEADROOM, 300);
    memset(packet_octets(out.packet), 0x11, 300);
    ck_assert_int_eq(udp_send(&fixture.node, &out, 4000, 5000, fixture.recorder.now), ERROR_TOO_BIG);
    fixture_expect_discard(&fixture, DISCARD_TOO_BIG);
    fixture_expect_nothing_sent(&fixture);
    fixture_free(&fixture);
}
END_TEST

START_TEST(whole_packets_in_a_fragment_stand_alone)
{
    struct fixture fixture;
    begin(&fixture);
    piece(&fixture, 7, 0, 1000, true);
    piece(&fixture, 7, 0, DATA_LENGTH + 8, false);
    ck_assert_uint_eq(heard.count, 1);
    ck_assert(heard.right);
    piece(&fixture, 7, 1000, DATA_LENGTH + 8, false);
    ck_assert_uint_eq(heard.count, 2);
    ck_assert(heard.right);
    fixture_free(&fixture);
}
END_TEST

START_TEST(time_runs_out)
{
    struct fixture fixture;
    begin(&fixture);
    time_ns start = fixture.recorder.now;
    piece(&fixture, 1, 0, 1000, true);
    piece(&fixture, 2, 1000, 2000, true);
    recording_run(&fixture.recorder, &fixture.node, start + SECONDS(60) - 1);
    fixture_expect_nothing_sent(&fixture);
    recording_run(&fixture.recorder, &fixture.node, start + SECONDS(60));
    fixture_expect_discard(&fixture, DISCARD_REASSEMBLY_TIMEOUT);
    ck_assert_ptr_null(fixture.node.reassembly);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1); /* about the one whose first fragment has
                                                                     * come */
    const uint8_t *error = packet_octets(recording_frame(&fixture.recorder, 0)->packet);
    ck_assert_mem_eq(error + 40, "\3\1", 2);
    ck_assert_uint_eq(error[48 + 40 + 7], 1);
    fixture_free(&fixture);
}
END_TEST

START_TEST(memory_is_bounded)
{
    struct fixture fixture;
    begin(&fixture);
    for (unsigned i = 0; i < 100; i++)
        piece(&fixture, i, 0, 1000, true);
    unsigned under_way = 0;
    ck_assert_uint_eq(packet_pool_outstanding(fixture.recorder.packets) -
                          recording_count_events(&fixture.recorder, EVENT_PACKET_DISCARDED),
                      REASSEMBLIES_MAX);
    piece(&fixture, 99, 1000, DATA_LENGTH + 8, false); /* the newest are kept */
    ck_assert_uint_eq(heard.count, 1);
    recording_environment_clear(&fixture.recorder);
    for (uint32_t i = 0; i <= FRAGMENTS_MAX; i++, under_way++)
        piece(&fixture, 500, 8 * i, 8 * i + 8, true);
    fixture_expect_discard(&fixture, DISCARD_FRAGMENT);
    ck_assert_uint_eq(under_way, FRAGMENTS_MAX + 1);
    fixture_free(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("fragment");
    TCase *tests = tcase_create("fragment");
    tcase_add_test(tests, fragments_are_what_scapy_builds);
    tcase_add_test(tests, mobility_headers_are_not_fragmented);
    tcase_add_test(tests, every_order_of_four_pieces);
    tcase_add_test(tests, overlaps_end_the_reassembly);
    tcase_add_test(tests, malformed_fragments_are_answered);
    tcase_add_loop_test(tests, first_fragments_hold_the_whole_header, 0, 4);
    tcase_add_test(tests, reassemblies_of_two_sources_are_apart);
    tcase_add_test(tests, a_last_fragment_that_is_not);
    tcase_add_test(tests, headers_as_long_as_the_link);
    tcase_add_test(tests, whole_packets_in_a_fragment_stand_alone);
    tcase_add_test(tests, time_runs_out);
    tcase_add_test(tests, memory_is_bounded);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
