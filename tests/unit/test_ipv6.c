/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ipv6.c - receiving by the letter of RFC 8200 and RFC 6275, 6.3 and 6.4; sending against scapy's
 * octets.
 *
 * The table: what stands behind the IPv6 header of a packet from A to B, and what becomes of it: delivered,
 * or discarded for this reason and, maybe, answered with a Parameter Problem of this code and pointer.
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/address_table.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/ipv6_vectors.h"

#define GROUP "ff05::1234"
#define HOME "20010db8000100000000000000000001"         /* 2001:db8:1::1 */
#define LINK_LOCAL "fe800000000000000000000000000001"

/* -- an extension that accepts what it is told to -- */

static struct {
    bool accept_home_address, accept_type_2;
    unsigned asked_home_address, asked_type_2, received;
    struct inbound last;
} hooks;

static bool accept_home_address(struct node *node, struct inbound *in, time_ns now)
{
    (void)node;
    (void)now;
    hooks.asked_home_address++;
    hooks.last = *in;
    return hooks.accept_home_address;
}

static bool accept_type_2(struct node *node, struct inbound *in, const struct ipv6_address *home_address,
                          time_ns now)
{
    (void)node;
    (void)in;
    (void)home_address;
    (void)now;
    hooks.asked_type_2++;
    return hooks.accept_type_2;
}

/* Protocol 253 stands for one that the extension knows. */
static bool receive(struct node *node, struct inbound *in, time_ns now)
{
    (void)node;
    (void)now;
    if (in->next_header != 253)
        return false;
    hooks.received++;
    hooks.last = *in;
    packet_release(in->packet);
    in->packet = NULL;
    return true;
}

static const struct node_extension extension = {
    .accept_home_address = accept_home_address, .accept_type_2_routing = accept_type_2, .receive = receive,
};
static const struct node_extension receiver_only = {.receive = receive};

/* -- the chain of headers -- */

#define NO_ERROR -1
#define DELIVERED DISCARD_NONE

static const struct {
    const char *name;
    uint8_t first;            /* next header of the IPv6 header */
    const char *payload;      /* hexadecimal */
    enum discard_reason reason;
    int code;                 /* of a Parameter Problem; NO_ERROR: nothing is sent */
    uint32_t pointer;
    bool plain;               /* the extension has no hooks for mobility */
} chains[] = {
    {"upper layer at once", 253, "0102030405060708", DELIVERED, NO_ERROR, 0, false},
    {"unknown protocol", 254, "00", DISCARD_NEXT_HEADER, 1, 6, false},
    {"no next header", 59, "00112233", DELIVERED, NO_ERROR, 0, false},
    {"no next header behind options", 60, "3b00010400000000", DELIVERED, NO_ERROR, 0, false},
    {"unknown protocol behind options", 60, "fe00010400000000", DISCARD_NEXT_HEADER, 1, 40, false},
    {"IPv6 in IPv6 where there is no tunnel", 41, "60000000", DISCARD_NEXT_HEADER, 1, 6, false},
    {"ESP where there is no IPsec", 50, "0000000100000001", DISCARD_NEXT_HEADER, 1, 6, false},
    {"AH where there is no IPsec", 51, "fd04000000000001", DISCARD_NEXT_HEADER, 1, 6, false},

    {"hop-by-hop first", 0, "fd00010400000000", DELIVERED, NO_ERROR, 0, false},
    {"hop-by-hop twice", 0, "0000010400000000fd00010400000000", DISCARD_NEXT_HEADER, 1, 40, false},
    {"hop-by-hop after destination options", 60, "0000010400000000fd00010400000000", DISCARD_NEXT_HEADER, 1,
     40, false},
    {"all headers there are", 0,
     "3c00010400000000"
     "2b00010400000000"
     "2c00000000000000"
     "3c00000000000000"
     "fd00010400000000",
     DELIVERED, NO_ERROR, 0, false},
    {"destination options twice", 60, "3c00010400000000fd00010400000000", DELIVERED, NO_ERROR, 0, false},

    {"Pad1 six times", 60, "fd00000000000000", DELIVERED, NO_ERROR, 0, false},
    {"PadN of no data", 60, "fd00010001000100", DELIVERED, NO_ERROR, 0, false},
    {"encapsulation limit cut off", 0, "fd00050200000401fd000104",
     DISCARD_EXTENSION_HEADER, 0, 47, false},
    {"router alert", 0, "fd00050200000100", DELIVERED, NO_ERROR, 0, false},
    {"encapsulation limit", 60, "fd00040104010100", DELIVERED, NO_ERROR, 0, false},
    {"unknown option, skip", 60, "fd001e0400000000", DELIVERED, NO_ERROR, 0, false},
    {"unknown option, discard", 60, "fd005e0400000000", DISCARD_OPTION, NO_ERROR, 0, false},
    {"unknown option, report", 60, "fd009e0400000000", DISCARD_OPTION, 2, 42, false},
    {"unknown option, report if unicast", 60, "fd00de0400000000", DISCARD_OPTION, 2, 42, false},
    {"unknown option behind others", 60, "fd000001009e0100", DISCARD_OPTION, 2, 45, false},
    {"unknown hop-by-hop option, report", 0, "fd009e0400000000", DISCARD_OPTION, 2, 42, false},
    {"options are taken in order", 60, "fd005e009e000100", DISCARD_OPTION, NO_ERROR, 0, false},
    {"option longer than its header", 60,
     "fd00010500000000"
     "00",
     DISCARD_EXTENSION_HEADER, 0, 43, false},
    {"option without a length", 60, "fd0001030000001e", DISCARD_EXTENSION_HEADER, 0, 48, false},
    {"header longer than the packet", 60, "fd01010400000000", DISCARD_EXTENSION_HEADER, 0, 41, false},
    {"header cut off", 60, "fd000104", DISCARD_HEADER_TRUNCATED, NO_ERROR, 0, false},
    {"nothing behind the header that promises more", 60, "", DISCARD_HEADER_TRUNCATED, NO_ERROR, 0, false},

    {"type 0 with no segments left is ignored", 43, "fd02000000000000" HOME, DELIVERED, NO_ERROR, 0, false},
    {"type 0 with segments left", 43, "fd02000100000000" HOME, DISCARD_ROUTING_TYPE, 0, 42, false},
    {"unknown type, none left", 43, "fd00090000000000", DELIVERED, NO_ERROR, 0, false},
    {"unknown type, some left", 43, "fd00090300000000", DISCARD_ROUTING_TYPE, 0, 42, false},
    {"type 2 on a plain node", 43, "fd02020100000000" HOME, DISCARD_ROUTING_TYPE, 0, 42, true},
    {"type 2 on a plain node, none left", 43, "fd02020000000000" HOME, DELIVERED, NO_ERROR, 0, true},
    {"type 2", 43, "fd02020100000000" HOME, DELIVERED, NO_ERROR, 0, false},
    {"type 2 behind an ignored header", 43,
     "2b00090000000000"
     "fd02020100000000" HOME,
     DELIVERED, NO_ERROR, 0, false},
    {"type 2, none left", 43, "fd02020000000000" HOME, DISCARD_TYPE_2_ROUTING_HEADER, NO_ERROR, 0, false},
    {"type 2, two left", 43, "fd02020200000000" HOME, DISCARD_TYPE_2_ROUTING_HEADER, NO_ERROR, 0, false},
    {"type 2, too long", 43, "fd04020100000000" HOME HOME, DISCARD_TYPE_2_ROUTING_HEADER, NO_ERROR, 0, false},
    {"type 2, too short", 43, "fd00020100000000", DISCARD_TYPE_2_ROUTING_HEADER, NO_ERROR, 0, false},
    {"type 2, twice", 43, "2b02020100000000" HOME "fd02020100000000" HOME, DISCARD_TYPE_2_ROUTING_HEADER,
     NO_ERROR, 0, false},
    {"type 2 with a link-local address", 43, "fd02020100000000" LINK_LOCAL, DISCARD_TYPE_2_ROUTING_HEADER,
     NO_ERROR, 0, false},

    {"Home Address", 60, "fd0201020000c910" HOME, DELIVERED, NO_ERROR, 0, false},
    {"Home Address on a plain node", 60, "fd0201020000c910" HOME, DISCARD_OPTION, 2, 46, true},
    {"Home Address behind a routing header", 43, "3c02020100000000" HOME "fd0201020000c910" HOME, DELIVERED,
     NO_ERROR, 0, false},
    {"Home Address in front of a routing header", 60, "2b0201020000c910" HOME "fd00090000000000",
     DISCARD_HOME_ADDRESS_FORBIDDEN, 0, 46, false},
    {"Home Address in a hop-by-hop header", 0, "fd0201020000c910" HOME, DISCARD_OPTION, 2, 46, false},
    {"Home Address twice", 60, "3c0201020000c910" HOME "fd0201020000c910" HOME,
     DISCARD_HOME_ADDRESS_FORBIDDEN, 0, 70, false},
    {"Home Address behind a fragment header", 44,
     "3c00000000000000"
     "fd0201020000c910" HOME,
     DISCARD_HOME_ADDRESS_FORBIDDEN, 0, 38 + 8, false},
    {"Home Address in front of a fragment header", 60, "2c0201020000c910" HOME "fd00000000000000", DELIVERED,
     NO_ERROR, 0, false},
    {"Home Address of 15 octets", 60,
     "fd0201030000 00c90f"
     "20010db80001000000000000000000",
     DISCARD_EXTENSION_HEADER, 0, 48, false},
    {"Home Address that cannot be routed", 60, "fd0201020000c910" LINK_LOCAL,
     DISCARD_HOME_ADDRESS_NOT_ROUTABLE, NO_ERROR, 0, false},

    {"fragment header cut off", 44, "fd000000", DISCARD_HEADER_TRUNCATED, NO_ERROR, 0, false},
    {"ICMPv6 of four octets", 58, "80000000", DISCARD_ICMPV6, NO_ERROR, 0, false},
    {"ICMPv6 with a wrong checksum", 58, "8000123400000000", DISCARD_CHECKSUM, NO_ERROR, 0, false},
    {"UDP of seven octets", 17, "0fa01388000812", DISCARD_HEADER_TRUNCATED, NO_ERROR, 0, false},
    {"UDP without a checksum", 17, "0fa0138800080000", DISCARD_CHECKSUM, NO_ERROR, 0, false},
    {"UDP longer than the packet", 17, "0fa0138800091234", DISCARD_LENGTH, NO_ERROR, 0, false},
};

static void reset_hooks(bool accept)
{
    memset(&hooks, 0, sizeof(hooks));
    hooks.accept_home_address = accept;
    hooks.accept_type_2 = accept;
}

START_TEST(extension_headers)
{
    uint8_t payload[256], packet[512];
    struct fixture fixture;
    reset_hooks(true);
    fixture_host(&fixture, ADDRESS_B);
    fixture.node.extension = chains[_i].plain ? &receiver_only : &extension;
    size_t length = octets_from(chains[_i].payload, payload, sizeof(payload));
    length = packet_between(packet, ADDRESS_A, ADDRESS_B, chains[_i].first, payload, length);
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, chains[_i].reason);
    if (chains[_i].code == NO_ERROR) {
        fixture_expect_nothing_sent(&fixture);
    } else {
        ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 1);
        const uint8_t *sent = packet_octets(recording_frame(&fixture.recorder, 0)->packet);
        ck_assert_uint_eq(sent[40], ICMPV6_PARAMETER_PROBLEM);
        ck_assert_int_eq(sent[41], chains[_i].code);
        ck_assert_uint_eq((uint32_t)sent[44] << 24 | (uint32_t)sent[45] << 16 | (uint32_t)sent[46] << 8 |
                              sent[47],
                          chains[_i].pointer);
        if (chains[_i].first != NEXT_HEADER_FRAGMENT) /* else without its fragment header */
            ck_assert_mem_eq(sent + 48, packet, length); /* quoted as it arrived */
    }
    fixture_free(&fixture);
}
END_TEST

/* To a group, of the three ways to complain only "report" stays. */
START_TEST(options_to_a_group)
{
    static const char *const payloads[] = {"fd005e0400000000", "fd009e0400000000", "fd00de0400000000",
                                           "fe00010400000000"};
    uint8_t payload[64], packet[128];
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    struct ipv6_address group = address_from(GROUP);
    group_join(&fixture.node, &fixture.node.interfaces[0], &group);
    for (unsigned i = 0; i < G_N_ELEMENTS(payloads); i++) {
        size_t length = octets_from(payloads[i], payload, sizeof(payload));
        length = packet_between(packet, ADDRESS_A, GROUP, NEXT_HEADER_DESTINATION_OPTIONS, payload, length);
        fixture_receive(&fixture, packet, length);
        ck_assert_uint_eq(recording_frame_count(&fixture.recorder), i == 1 ? 1 : 0);
    }
    group_leave(&fixture.node, &fixture.node.interfaces[0], &group);
    fixture_free(&fixture);
}
END_TEST

START_TEST(upper_layers_see_home_addresses)
{
    uint8_t payload[256], packet[512];
    struct fixture fixture;
    struct ipv6_address home = address_from("2001:db8:1::1"), other = address_from("2001:db8:7::7");
    struct ipv6_address wire_source = address_from("2001:db8:9::9"),
                        wire_destination = address_from(ADDRESS_B);
    reset_hooks(true);
    fixture_host(&fixture, ADDRESS_B);
    fixture.node.extension = &extension;
    size_t length = octets_from("3c02020100000000"
                                "20010db8000700000000000000000007"
                                "fd0201020000c910" HOME "0000",
                                payload, sizeof(payload));
    length = packet_between(packet, "2001:db8:9::9", ADDRESS_B, NEXT_HEADER_ROUTING, payload, length);
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(hooks.received, 1);
    ck_assert_uint_eq(hooks.asked_home_address, 1);
    ck_assert_uint_eq(hooks.asked_type_2, 1);
    ck_assert(ipv6_address_equal(&hooks.last.source, &home));
    ck_assert(ipv6_address_equal(&hooks.last.destination, &other));
    ck_assert(ipv6_address_equal(&hooks.last.wire_source, &wire_source));
    ck_assert(ipv6_address_equal(&hooks.last.wire_destination, &wire_destination));
    ck_assert_uint_eq(hooks.last.home_address_at, 40 + 24 + 6);
    ck_assert_uint_eq(hooks.last.offset, 40 + 48);
    ck_assert_uint_eq(hooks.last.next_header_at, 64);
    ck_assert_int_eq(inbound_path(&hooks.last), PATH_ROUTE_OPTIMIZED);

    reset_hooks(false); /* the hook has answered and reported: nothing more happens */
    length = octets_from("fd0201020000c910" HOME "0000", payload, sizeof(payload));
    length =
        packet_between(packet, "2001:db8:9::9", ADDRESS_B, NEXT_HEADER_DESTINATION_OPTIONS, payload, length);
    fixture_receive(&fixture, packet, length);
    ck_assert_uint_eq(hooks.asked_home_address, 1);
    ck_assert_uint_eq(hooks.received, 0);
    fixture_expect_nothing_sent(&fixture);
    fixture_expect_discard(&fixture, DISCARD_NONE);
    fixture_free(&fixture);
}
END_TEST

/* -- the fixed header -- */

START_TEST(fixed_header)
{
    static const struct {
        const char *source, *destination;
        enum discard_reason reason;
    } addresses[] = {
        {"ff02::1", ADDRESS_B, DISCARD_SOURCE_ADDRESS},
        {"::1", ADDRESS_B, DISCARD_SOURCE_ADDRESS},
        {ADDRESS_A, "::", DISCARD_DESTINATION_ADDRESS},
        {ADDRESS_A, "::1", DISCARD_DESTINATION_ADDRESS},
        {ADDRESS_A, "2001:db8:2::3", DISCARD_NOT_OURS},
        {ADDRESS_A, "ff05::9", DISCARD_NOT_OURS},
        {ADDRESS_A, ADDRESS_B, DISCARD_NONE},
        {"::", ADDRESS_B, DISCARD_NONE},
    };
    uint8_t packet[128];
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    for (unsigned i = 0; i < G_N_ELEMENTS(addresses); i++) {
        size_t length =
            packet_between(packet, addresses[i].source, addresses[i].destination, NEXT_HEADER_NONE, "", 0);
        fixture_receive(&fixture, packet, length);
        fixture_expect_discard(&fixture, addresses[i].reason);
        fixture_expect_nothing_sent(&fixture);
    }
    size_t length = packet_between(packet, ADDRESS_A, ADDRESS_B, NEXT_HEADER_NONE, "12345678", 8);
    for (size_t cut = 0; cut < 40; cut++) {
        fixture_receive(&fixture, packet, cut);
        fixture_expect_discard(&fixture, DISCARD_HEADER_TRUNCATED);
    }
    fixture_receive(&fixture, packet, length - 1);
    fixture_expect_discard(&fixture, DISCARD_LENGTH);
    fixture_receive(&fixture, packet, length + 20); /* padding of the link */
    fixture_expect_discard(&fixture, DISCARD_NONE);
    packet[0] = 0x40;
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, DISCARD_VERSION);
    recording_link(&fixture.recorder, &fixture.node, 0, false, SECONDS(30));
    fixture_receive(&fixture, packet, length);
    fixture_expect_discard(&fixture, DISCARD_INTERFACE_DOWN);
    fixture_free(&fixture);
}
END_TEST

/* -- sending -- */

static int send_udp(struct fixture *fixture, struct outbound *out, const char *payload)
{
    recording_environment_clear(&fixture->recorder);
    out->packet = recording_packet(&fixture->recorder, payload, strlen(payload));
    return udp_send(&fixture->node, out, 4000, 5000, fixture->recorder.now);
}

/* RFC 4861, 6.3.4; RFC 2473, 6.3: what the link's routers have advertised, unless the sender says
 * otherwise. */
START_TEST(hop_limit_is_the_links)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    fixture.node.interfaces[0].hop_limit = 17;
    struct outbound plain = {.destination = address_from(ADDRESS_B)};
    struct outbound own = {.destination = address_from(ADDRESS_B), .hop_limit = 5};
    struct outbound tunnelled = {
        .destination = address_from(ADDRESS_B), .routed = true, .tunnel = true,
        .tunnel_source = address_from("2001:db8:9::77"), .tunnel_destination = address_from(ADDRESS_ROUTER),
    };
    ck_assert_int_eq(send_udp(&fixture, &plain, "mobile"), 0);
    ck_assert_uint_eq(packet_octets(recording_frame(&fixture.recorder, 0)->packet)[IPV6_AT_HOP_LIMIT], 17);
    ck_assert_int_eq(send_udp(&fixture, &own, "mobile"), 0);
    ck_assert_uint_eq(packet_octets(recording_frame(&fixture.recorder, 0)->packet)[IPV6_AT_HOP_LIMIT], 5);
    ck_assert_int_eq(send_udp(&fixture, &tunnelled, "mobile"), 0);
    ck_assert_uint_eq(packet_octets(recording_frame(&fixture.recorder, 0)->packet)[IPV6_AT_HOP_LIMIT], 17);
    fixture_free(&fixture);
}
END_TEST

START_TEST(sent_packets_are_what_scapy_builds)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    struct outbound plain = {.destination = address_from(ADDRESS_B)};
    ck_assert_int_eq(send_udp(&fixture, &plain, "mobile"), 0);
    fixture_expect_sent(&fixture, vector_udp, sizeof(vector_udp));
    ck_assert_uint_eq(plain.octets, sizeof(vector_udp));
    ck_assert_int_eq(plain.path, PATH_DIRECT);

    struct outbound zero = {.destination = address_from(ADDRESS_B)};
    char payload[3] = {(char)vector_udp_zero[48], (char)vector_udp_zero[49], 0};
    ck_assert_int_eq(send_udp(&fixture, &zero, payload), 0);
    fixture_expect_sent(&fixture, vector_udp_zero, sizeof(vector_udp_zero));

    struct outbound home_address = {
        .destination = address_from(ADDRESS_B),
        .source = address_from(ADDRESS_A),
        .routed = true,
        .home_address_option = true,
        .wire_source = address_from("2001:db8:9::77"),
    };
    ck_assert_int_eq(send_udp(&fixture, &home_address, "mobile"), 0);
    fixture_expect_sent(&fixture, vector_home_address, sizeof(vector_home_address));
    ck_assert_int_eq(home_address.path, PATH_ROUTE_OPTIMIZED);

    struct outbound type_2 = {
        .destination = address_from(ADDRESS_B), .routed = true, .type_2_routing = true,
        .wire_destination = address_from("2001:db8:8::88"),
    };
    ck_assert_int_eq(send_udp(&fixture, &type_2, "mobile"), 0);
    fixture_expect_sent(&fixture, vector_type_2, sizeof(vector_type_2));

    struct outbound both = {
        .destination = address_from(ADDRESS_B),
        .source = address_from(ADDRESS_A),
        .routed = true,
        .home_address_option = true,
        .wire_source = address_from("2001:db8:9::77"),
        .type_2_routing = true,
        .wire_destination = address_from("2001:db8:8::88"),
    };
    ck_assert_int_eq(send_udp(&fixture, &both, "mobile"), 0);
    fixture_expect_sent(&fixture, vector_both_away, sizeof(vector_both_away));

    struct outbound tunnelled = {
        .destination = address_from(ADDRESS_B), .routed = true, .tunnel = true,
        .tunnel_source = address_from("2001:db8:9::77"), .tunnel_destination = address_from(ADDRESS_ROUTER),
    };
    ck_assert_int_eq(send_udp(&fixture, &tunnelled, "mobile"), 0);
    fixture_expect_sent(&fixture, vector_tunnelled, sizeof(vector_tunnelled));
    ck_assert_uint_eq(tunnelled.octets, sizeof(vector_tunnelled));
    ck_assert_int_eq(tunnelled.path, PATH_TUNNELLED);
    ck_assert_uint_eq(recording_count_events(&fixture.recorder, EVENT_PACKET_TUNNELLED), 1);
    fixture_free(&fixture);
}
END_TEST

/* -- what the extension decides about packets sent -- */

static struct {
    unsigned asked;
    int answer;
    bool reroute;
} route_hook;

static int route(struct node *node, struct outbound *out, time_ns now)
{
    (void)node;
    (void)now;
    route_hook.asked++;
    if (route_hook.reroute) {
        out->type_2_routing = true;
        out->wire_destination = address_from("2001:db8:8::88");
    }
    return route_hook.answer;
}

static bool choose_source(struct node *node, const struct ipv6_address *destination,
                          struct ipv6_address *source, time_ns now)
{
    (void)node;
    (void)now;
    if (destination->octets[15] == 9)
        return false;
    *source = address_from("2001:db8:1::5555");
    return true;
}

static const struct node_extension sender = {.route = route, .choose_source = choose_source};

START_TEST(extension_routes_and_chooses_the_source)
{
    struct fixture fixture;
    memset(&route_hook, 0, sizeof(route_hook));
    fixture_host(&fixture, ADDRESS_A);
    fixture.node.extension = &sender;
    route_hook.reroute = true;
    struct outbound fixed = {.destination = address_from(ADDRESS_B), .source = address_from(ADDRESS_A)};
    ck_assert_int_eq(send_udp(&fixture, &fixed, "mobile"), 0);
    fixture_expect_sent(&fixture, vector_type_2, sizeof(vector_type_2));
    ck_assert_uint_eq(route_hook.asked, 1);
    route_hook.reroute = false;

    static const char *const destinations[] = {ADDRESS_B, "2001:db8:2::9"};
    static const char *const sources[] = {"2001:db8:1::5555", ADDRESS_A};
    for (unsigned i = 0; i < 2; i++) {
        struct outbound chosen = {.destination = address_from(destinations[i])};
        struct ipv6_address source = address_from(sources[i]);
        ck_assert_int_eq(send_udp(&fixture, &chosen, "x"), 0);
        ck_assert_mem_eq(packet_octets(recording_frame(&fixture.recorder, 0)->packet) + 8, source.octets, 16);
    }
    route_hook.answer = ERROR_NO_ROUTE; /* the hook has reported; the packet is gone */
    struct outbound refused = {.destination = address_from(ADDRESS_B)};
    ck_assert_int_eq(send_udp(&fixture, &refused, "x"), ERROR_NO_ROUTE);
    ck_assert_ptr_null(refused.packet);
    fixture_expect_nothing_sent(&fixture);
    fixture_expect_discard(&fixture, DISCARD_NONE);
    fixture_free(&fixture);
}
END_TEST

/* Neighbor Discovery, what stays on the link, what has no source, and what is final already. */
START_TEST(some_packets_are_never_rerouted)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    fixture.node.extension = &sender;
    static const struct {
        const char *destination;
        uint8_t next_header, type;
        bool no_source, routed, asked;
    } cases[] = {
        {ADDRESS_B, NEXT_HEADER_ICMPV6, 128, false, false, true},
        {ADDRESS_B, NEXT_HEADER_ICMPV6, 135, false, false, false},
        {ADDRESS_B, NEXT_HEADER_ICMPV6, 146, false, false, true},
        {ADDRESS_B, 253, 135, false, false, true},
        {ADDRESS_B, 253, 0, true, false, false},
        {ADDRESS_B, 253, 0, false, true, false},
        {"fe80::9", 253, 0, false, false, false},
        {"ff02::9", 253, 0, false, false, false},
        {"ff0e::8", 253, 0, false, false, true},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t payload[8] = {cases[i].type};
        struct outbound out = {
            .destination = address_from(cases[i].destination), .next_header = cases[i].next_header,
            .source_fixed = cases[i].no_source, .routed = cases[i].routed,
        };
        memset(&route_hook, 0, sizeof(route_hook));
        out.packet = recording_packet(&fixture.recorder, payload, sizeof(payload));
        ck_assert_int_eq(ipv6_send(&fixture.node, &out, fixture.recorder.now), 0);
        ck_assert_uint_eq(route_hook.asked, cases[i].asked);
    }
    fixture_free(&fixture);
}
END_TEST

/* A packet of the node's own that does not fit its tunnel is cut before it enters (RFC 2473, 7.1 lets nothing
 * else be). */
START_TEST(own_packets_fit_their_tunnel)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    struct outbound out = {
        .destination = address_from(ADDRESS_B), .routed = true, .tunnel = true,
        .tunnel_source = address_from(ADDRESS_A), .tunnel_destination = address_from(ADDRESS_ROUTER),
    };
    out.packet = packet_new(fixture.recorder.packets, PACKET_HEADROOM, 2000);
    memset(packet_octets(out.packet), 0, 2000);
    ck_assert_int_eq(udp_send(&fixture.node, &out, 1, 2, fixture.recorder.now), 0);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 2);
    for (unsigned i = 0; i < 2; i++) {
        const struct packet *packet = recording_frame(&fixture.recorder, i)->packet;
        ck_assert_uint_le(packet->length, 1500);
        ck_assert_uint_eq(packet_octets(packet)[6], NEXT_HEADER_IPV6);
        ck_assert_uint_eq(packet_octets(packet)[46], NEXT_HEADER_FRAGMENT);
    }
    fixture_free(&fixture);
}
END_TEST

/* Behind the tunnel the path is narrower than the tunnel is, which a router there has told (RFC 8200, 5). */
START_TEST(own_packets_fit_the_path_behind_their_tunnel)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    struct outbound out = {
        .destination = address_from(ADDRESS_B), .routed = true, .tunnel = true,
        .tunnel_source = address_from(ADDRESS_A), .tunnel_destination = address_from(ADDRESS_ROUTER),
    };
    path_mtu_learn(&fixture.node, &out.destination, 1336, fixture.recorder.now);
    out.packet = packet_new(fixture.recorder.packets, PACKET_HEADROOM, 1400);
    memset(packet_octets(out.packet), 0, 1400);
    ck_assert_int_eq(udp_send(&fixture.node, &out, 1, 2, fixture.recorder.now), 0);
    ck_assert_uint_eq(recording_frame_count(&fixture.recorder), 2);
    const struct packet *first = recording_frame(&fixture.recorder, 0)->packet;
    ck_assert_uint_eq(packet_octets(first)[46], NEXT_HEADER_FRAGMENT);
    ck_assert_uint_eq(first->length, 40 + 1336);
    fixture_free(&fixture);
}
END_TEST

/* A complete packet of the node's own making. */
START_TEST(output_routes_as_it_is)
{
    struct fixture fixture;
    struct ipv6_address all = ipv6_unspecified;
    fixture_host(&fixture, ADDRESS_A);
    ck_assert_int_eq(
        ipv6_output(&fixture.node, recording_packet(&fixture.recorder, vector_udp, sizeof(vector_udp)), 0),
        0);
    fixture_expect_sent(&fixture, vector_udp, sizeof(vector_udp));
    recording_environment_clear(&fixture.recorder);
    fixture.node.interfaces[0].mtu = 1400;
    ck_assert_int_eq(
        ipv6_output(&fixture.node, recording_packet(&fixture.recorder, vector_big, sizeof(vector_big)), 0),
        ERROR_TOO_BIG);
    fixture_expect_discard(&fixture, DISCARD_TOO_BIG);
    routing_table_remove(fixture.node.routes, &all, 0);
    ck_assert_int_eq(
        ipv6_output(&fixture.node, recording_packet(&fixture.recorder, vector_udp, sizeof(vector_udp)), 0),
        ERROR_NO_ROUTE);
    fixture_expect_discard(&fixture, DISCARD_NO_ROUTE);
    fixture_expect_nothing_sent(&fixture);
    fixture_free(&fixture);
}
END_TEST

START_TEST(sending_fails_and_says_so)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_A);
    struct ipv6_address all = ipv6_unspecified, own = address_from(ADDRESS_A);
    recording_environment_clear(&fixture.recorder);
    struct outbound large = {.destination = address_from(ADDRESS_B),
                             .packet = packet_new(fixture.recorder.packets, 0, 65528)};
    memset(packet_octets(large.packet), 0, large.packet->length);
    ck_assert_int_eq(udp_send(&fixture.node, &large, 1, 2, 0), ERROR_TOO_BIG);
    fixture_expect_discard(&fixture, DISCARD_TOO_BIG);
    ck_assert_ptr_null(large.packet);

    routing_table_remove(fixture.node.routes, &all, 0);
    struct outbound lost = {.destination = address_from("2001:db8:5::1")};
    ck_assert_int_eq(send_udp(&fixture, &lost, "x"), ERROR_NO_ROUTE);
    fixture_expect_discard(&fixture, DISCARD_NO_ROUTE);
    fixture_expect_nothing_sent(&fixture);

    ck_assert_int_eq(address_remove(&fixture.node, &own, 0), 0);
    while (fixture.node.interfaces[0].addresses)
        address_remove(&fixture.node, &fixture.node.interfaces[0].addresses->address, 0);
    struct outbound nameless = {.destination = address_from(ADDRESS_B)};
    ck_assert_int_eq(send_udp(&fixture, &nameless, "x"), ERROR_NO_ROUTE);
    fixture_expect_discard(&fixture, DISCARD_NO_ADDRESS);
    fixture_free(&fixture);
}
END_TEST

static unsigned heard_from_self;

static void hear(struct application *application, struct node *node, const struct inbound *in,
                 uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    (void)application;
    (void)node;
    (void)now;
    ck_assert(ipv6_address_equal(&in->source, &in->destination));
    ck_assert_uint_eq(source_port, 4000);
    ck_assert_uint_eq(length, 2);
    ck_assert_mem_eq(payload, "me", 2);
    heard_from_self++;
}

START_TEST(packets_to_oneself_wait_their_turn)
{
    struct fixture fixture;
    struct application application = {.receive = hear};
    heard_from_self = 0;
    fixture_host(&fixture, ADDRESS_A);
    ck_assert_int_eq(udp_bind(&fixture.node, &application, 5000), 0);
    for (unsigned i = 0; i < 40; i++) { /* 32 wait at once, the rest is too much */
        struct outbound out = {.destination = address_from(ADDRESS_A)};
        ck_assert_int_eq(send_udp(&fixture, &out, "me"), 0);
    }
    ck_assert_uint_eq(heard_from_self, 0);
    ck_assert_int_eq(node_deadline(&fixture.node), fixture.recorder.now);
    recording_run(&fixture.recorder, &fixture.node, fixture.recorder.now);
    ck_assert_uint_eq(heard_from_self, 32);
    fixture_expect_nothing_sent(&fixture);
    struct outbound out = {.destination = address_from(ADDRESS_A)};
    ck_assert_int_eq(send_udp(&fixture, &out, "me"), 0); /* and is released with the node */
    fixture_free(&fixture);
}
END_TEST

/* -- source addresses -- */

START_TEST(source_address_selection)
{
    struct fixture fixture;
    struct ipv6_address source, destination;
    fixture_router(&fixture, 1500);
    fixture_address(&fixture, 1, "2001:db8:9::1");
    fixture_address(&fixture, 1, "2001:db8:2:1::1");
    static const struct {
        const char *destination, *source;
    } expected[] = {
        {"2001:db8:1::5", ADDRESS_ROUTER},        /* outgoing interface 0 */
        {"2001:db8:2::5", "2001:db8:2::fe"},      /* interface 1, longest prefix */
        {"2001:db8:9::5", "2001:db8:9::1"},
        {"2001:db8:9::1", "2001:db8:9::1"},       /* the same address */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(expected); i++) {
        struct ipv6_address should = address_from(expected[i].source);
        destination = address_from(expected[i].destination);
        ck_assert(ipv6_choose_source(&fixture.node, &destination, NULL, &source, 0));
        ck_assert_mem_eq(source.octets, should.octets, 16);
    }
    destination = address_from("2001:db8:9::5");
    struct ipv6_address nine = address_from("2001:db8:9::1"), two = address_from("2001:db8:2::fe");
    struct ipv6_address two_one = address_from("2001:db8:2:1::1");
    address_find(&fixture.node, &nine)->state = ADDRESS_DEPRECATED;
    address_find(&fixture.node, &two_one)->state = ADDRESS_TENTATIVE;
    ck_assert(ipv6_choose_source(&fixture.node, &destination, NULL, &source, 0));
    ck_assert_mem_eq(source.octets, two.octets, 16);
    /* An address in another state is not the node's yet. */
    ck_assert(ipv6_is_own_address(&fixture.node, NULL, &nine));
    ck_assert(!ipv6_is_own_address(&fixture.node, NULL, &two_one));
    /* A link-local destination gets a link-local source, of that link. */
    destination = address_from("fe80::99");
    fixture_address(&fixture, 0, "fe80::1");
    fixture_address(&fixture, 1, "fe80::2");
    ck_assert(ipv6_choose_source(&fixture.node, &destination, &fixture.node.interfaces[1], &source, 0));
    ck_assert(ipv6_address_is_link_local(&source));
    ck_assert_uint_eq(address_find(&fixture.node, &source)->interface, 1);
    fixture_free(&fixture);
}
END_TEST

/* -- path MTUs -- */

START_TEST(path_mtu_is_learnt_and_forgotten)
{
    struct fixture fixture;
    struct ipv6_address b = address_from(ADDRESS_B), other = address_from("2001:db8:2::3");
    fixture_host(&fixture, ADDRESS_A);
    fixture.node.interfaces[0].mtu = 1500;
    path_mtu_learn(&fixture.node, &b, 1279, 0); /* less than any link carries: not believed */
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1500, 0), 1500);
    path_mtu_learn(&fixture.node, &b, 1400, 0);
    path_mtu_learn(&fixture.node, &b, 1450, 1); /* never up */
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1500, SECONDS(599)), 1400);
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1300, 0), 1300);
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &other, 1500, 0), 1500);
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1500, SECONDS(600)), 1500);
    path_mtu_learn(&fixture.node, &b, 1450, SECONDS(600));
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1500, SECONDS(601)), 1450);
    for (unsigned i = 0; i < 100; i++) {
        other.octets[15] = (uint8_t)(100 + i);
        path_mtu_learn(&fixture.node, &other, 1300, SECONDS(700 + i));
    }
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &other, 1500, SECONDS(801)), 1300);
    ck_assert_uint_eq(path_mtu_lookup(&fixture.node, &b, 1500, SECONDS(801)), 1500); /* had to give way */
    fixture_free(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ipv6");
    TCase *tests = tcase_create("ipv6");
    tcase_add_loop_test(tests, extension_headers, 0, G_N_ELEMENTS(chains));
    tcase_add_test(tests, options_to_a_group);
    tcase_add_test(tests, upper_layers_see_home_addresses);
    tcase_add_test(tests, fixed_header);
    tcase_add_test(tests, hop_limit_is_the_links);
    tcase_add_test(tests, sent_packets_are_what_scapy_builds);
    tcase_add_test(tests, extension_routes_and_chooses_the_source);
    tcase_add_test(tests, some_packets_are_never_rerouted);
    tcase_add_test(tests, own_packets_fit_their_tunnel);
    tcase_add_test(tests, own_packets_fit_the_path_behind_their_tunnel);
    tcase_add_test(tests, output_routes_as_it_is);
    tcase_add_test(tests, sending_fails_and_says_so);
    tcase_add_test(tests, packets_to_oneself_wait_their_turn);
    tcase_add_test(tests, source_address_selection);
    tcase_add_test(tests, path_mtu_is_learnt_and_forgotten);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
