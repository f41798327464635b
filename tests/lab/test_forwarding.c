/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_forwarding.c - two hosts on LANs at the ends of a chain of three routers: delays to the nanosecond,
 * hop limits, path MTU discovery, an echo, losses, a routing loop.
 *
 *     host a --lan-- r1 ==== r2 ==== r3 --lan-- host b
 */
#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "tests/lab/lab.h"
#include "tests/unit/ipv6_fixture.h"

#define A "2001:db8:a::a"
#define B "2001:db8:b::b"
#define LAN_DELAY MICROSECONDS(10)
#define LINK_DELAY MILLISECONDS(5)

static struct node_configuration host_configuration, router_configuration;

struct chain {
    struct lab *lab;
    unsigned a, b, router[3], lan_a, lan_b, link[2];
};

static void add_address(struct lab *lab, unsigned node, unsigned interface, const char *text)
{
    struct ipv6_address address = address_from(text);
    ck_assert_int_eq(
        address_add(lab_node(lab, node), interface, &address, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
}

static void add_route(struct lab *lab, unsigned node, const char *prefix, unsigned length, unsigned interface,
                      const char *next_hop)
{
    struct node *where = lab_node(lab, node);
    if (!where->routes)
        where->routes = routing_table_new();
    struct route route = {
        .prefix = address_from(prefix), .prefix_length = (uint8_t)length, .interface = (uint16_t)interface};
    if (next_hop)
        route.next_hop = address_from(next_hop);
    ck_assert_int_eq(routing_table_add(where->routes, &route), 0);
}

static struct chain chain_new(uint16_t mtu)
{
    struct chain chain = {.lab = lab_new()};
    host_configuration = node_configuration_default_host;
    host_configuration.stateless_autoconfiguration = false;
    router_configuration = node_configuration_default_router;
    chain.a = lab_add_node(chain.lab, &host_configuration, 1);
    chain.b = lab_add_node(chain.lab, &host_configuration, 1);
    for (unsigned i = 0; i < 3; i++)
        chain.router[i] = lab_add_node(chain.lab, &router_configuration, 2);
    chain.lan_a = lab_add_lan(chain.lab, LAN_DELAY);
    chain.lan_b = lab_add_lan(chain.lab, LAN_DELAY);
    chain.link[0] =
        lab_add_point_to_point(chain.lab, chain.router[0], 1, chain.router[1], 0, LINK_DELAY, 1500);
    chain.link[1] =
        lab_add_point_to_point(chain.lab, chain.router[1], 1, chain.router[2], 0, LINK_DELAY, mtu);
    add_address(chain.lab, chain.a, 0, A);
    add_address(chain.lab, chain.b, 0, B);
    add_address(chain.lab, chain.router[0], 0, "2001:db8:a::1");
    add_address(chain.lab, chain.router[1], 0, "2001:db8:c::1");
    add_address(chain.lab, chain.router[2], 1, "2001:db8:b::1");
    add_route(chain.lab, chain.a, "2001:db8:a::", 64, 0, NULL);
    add_route(chain.lab, chain.a, "::", 0, 0, "2001:db8:a::1");
    add_route(chain.lab, chain.b, "2001:db8:b::", 64, 0, NULL);
    add_route(chain.lab, chain.b, "::", 0, 0, "2001:db8:b::1");
    add_route(chain.lab, chain.router[0], "2001:db8:a::", 64, 0, NULL);
    add_route(chain.lab, chain.router[0], "::", 0, 1, NULL);
    add_route(chain.lab, chain.router[1], "2001:db8:a::", 64, 0, NULL);
    add_route(chain.lab, chain.router[1], "2001:db8:b::", 64, 1, NULL);
    add_route(chain.lab, chain.router[1], "2001:db8:e::", 64, 0, NULL);
    add_route(chain.lab, chain.router[2], "2001:db8:b::", 64, 1, NULL);
    add_route(chain.lab, chain.router[2], "::", 0, 0, NULL);
    lab_attach(chain.lab, chain.lan_a, chain.a, 0);
    lab_attach(chain.lab, chain.lan_a, chain.router[0], 0);
    lab_attach(chain.lab, chain.lan_b, chain.b, 0);
    lab_attach(chain.lab, chain.lan_b, chain.router[2], 1);
    lab_start(chain.lab);
    lab_run(chain.lab, SECONDS(10));
    return chain;
}

static struct {
    unsigned count;
    time_ns last;
    uint8_t hop_limit;
    size_t length;
} heard;

static void hear(struct application *application, struct node *node, const struct inbound *in,
                 uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    (void)application;
    (void)node;
    (void)source_port;
    (void)payload;
    heard.count++;
    heard.last = now;
    heard.hop_limit = in->hop_limit;
    heard.length = length;
}

static int send_to(struct chain *chain, const char *destination, size_t length, uint8_t hop_limit)
{
    struct outbound out = {.destination = address_from(destination), .hop_limit = hop_limit};
    out.packet = packet_new(lab_node(chain->lab, chain->a)->environment->packets, PACKET_HEADROOM, length);
    memset(packet_octets(out.packet), 0x42, length);
    return udp_send(lab_node(chain->lab, chain->a), &out, 1000, 2000, lab_now(chain->lab));
}

START_TEST(delays_add_up)
{
    struct chain chain = chain_new(1500);
    struct application sink = {.receive = hear};
    memset(&heard, 0, sizeof(heard));
    ck_assert_int_eq(udp_bind(lab_node(chain.lab, chain.b), &sink, 2000), 0);
    ck_assert_int_eq(send_to(&chain, B, 100, 0), 0);
    lab_run(chain.lab, SECONDS(11));
    ck_assert_uint_eq(heard.count, 1);
    ck_assert_uint_eq(heard.hop_limit, 61);
    /* The first packet waits for address resolution on both LANs: one exchange each. */
    ck_assert_int_eq(heard.last - SECONDS(10), 2 * LINK_DELAY + 6 * LAN_DELAY);
    ck_assert_int_eq(send_to(&chain, B, 100, 0), 0);
    lab_run(chain.lab, SECONDS(12));
    ck_assert_uint_eq(heard.count, 2);
    ck_assert_int_eq(heard.last - SECONDS(11), 2 * LINK_DELAY + 2 * LAN_DELAY);
    ck_assert_uint_eq(lab_count_events(chain.lab, LAB_ANY_NODE, EVENT_PACKET_FORWARDED), 6);
    lab_free(chain.lab);
}
END_TEST

START_TEST(a_lost_frame_is_lost_for_good)
{
    struct chain chain = chain_new(1500);
    struct application sink = {.receive = hear};
    memset(&heard, 0, sizeof(heard));
    ck_assert_int_eq(udp_bind(lab_node(chain.lab, chain.b), &sink, 2000), 0);
    ck_assert_int_eq(send_to(&chain, B, 10, 0), 0);
    lab_run(chain.lab, SECONDS(11));
    lab_drop(chain.lab, chain.link[1], 1 << 0 | 1 << 2);
    for (unsigned i = 0; i < 4; i++)
        ck_assert_int_eq(send_to(&chain, B, 10, 0), 0);
    lab_run(chain.lab, SECONDS(12));
    ck_assert_uint_eq(heard.count, 3);
    lab_free(chain.lab);
}
END_TEST

START_TEST(path_mtu_is_discovered)
{
    struct chain chain = chain_new(1400);
    struct application sink = {.receive = hear};
    struct ipv6_address b = address_from(B);
    memset(&heard, 0, sizeof(heard));
    ck_assert_int_eq(udp_bind(lab_node(chain.lab, chain.b), &sink, 2000), 0);
    ck_assert_int_eq(send_to(&chain, B, 1452, 0), 0); /* fills the LAN's 1500 */
    lab_run(chain.lab, SECONDS(11));
    ck_assert_uint_eq(heard.count, 0);
    ck_assert_ptr_nonnull(lab_find_event(chain.lab, chain.router[1], EVENT_PACKET_DISCARDED, 0));
    ck_assert_uint_eq(path_mtu_lookup(lab_node(chain.lab, chain.a), &b, 1500, lab_now(chain.lab)), 1400);
    ck_assert_int_eq(send_to(&chain, B, 1452, 0), 0);
    lab_run(chain.lab, SECONDS(12));
    ck_assert_uint_eq(heard.count, 1);
    ck_assert_uint_eq(heard.length, 1452);
    lab_free(chain.lab);
}
END_TEST

static uint8_t error_type, error_code;

static void note_error(struct node *node, struct inbound *in, uint8_t type, uint8_t code, uint32_t parameter,
                       const uint8_t *original, size_t length, time_ns now)
{
    (void)node;
    (void)in;
    (void)parameter;
    (void)original;
    (void)length;
    (void)now;
    error_type = type;
    error_code = code;
}

static const struct node_extension note_errors = {.icmp_error = note_error};

START_TEST(errors_come_back)
{
    static const struct {
        const char *destination;
        uint8_t hop_limit, type, code;
    } cases[] = {
        {B, 1, ICMPV6_TIME_EXCEEDED, 0},
        {B, 3, ICMPV6_TIME_EXCEEDED, 0},
        {B, 64, ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_PORT},
        {"2001:db8:b::bad", 64, ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_ADDRESS},
        {"2001:db8:d::1", 64, ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_NO_ROUTE},
        /* back where it came from: not done */
        {"2001:db8:e::1", 63, ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_ADDRESS},
    };
    struct chain chain = chain_new(1500);
    lab_node(chain.lab, chain.a)->extension = &note_errors;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        error_type = error_code = 0xff;
        ck_assert_int_eq(send_to(&chain, cases[i].destination, 10, cases[i].hop_limit), 0);
        lab_run(chain.lab, lab_now(chain.lab) + SECONDS(10));
        ck_assert_msg(error_type == cases[i].type && error_code == cases[i].code,
                      "%s, hop limit %u: type %u code %u", cases[i].destination, cases[i].hop_limit,
                      error_type, error_code);
    }
    lab_free(chain.lab);
}
END_TEST

static unsigned replies;
static time_ns reply_time;

static void hear_reply(struct application *application, struct node *node, const struct inbound *in,
                       uint16_t sequence, const uint8_t *payload, size_t length, time_ns now)
{
    (void)application;
    (void)node;
    (void)in;
    (void)payload;
    ck_assert_uint_eq(sequence, 3);
    ck_assert_uint_eq(length, 4000); /* there and back in fragments */
    replies++;
    reply_time = now;
}

START_TEST(echo_there_and_back)
{
    struct chain chain = chain_new(1500);
    struct node *a = lab_node(chain.lab, chain.a);
    struct application pinger = {.receive = hear_reply};
    replies = 0;
    ck_assert_int_eq(icmpv6_echo_bind(a, &pinger, 77), 0);
    struct outbound out = {.destination = address_from(B)};
    out.packet = packet_new(a->environment->packets, PACKET_HEADROOM, 4000);
    memset(packet_octets(out.packet), 0x42, 4000);
    ck_assert_int_eq(icmpv6_echo_send(a, &out, 77, 3, lab_now(chain.lab)), 0);
    lab_run(chain.lab, SECONDS(15));
    ck_assert_uint_eq(replies, 1);
    ck_assert_int_ge(reply_time - SECONDS(10), 4 * LINK_DELAY + 4 * LAN_DELAY);
    lab_free(chain.lab);
}
END_TEST

/* BCP 38: r1 passes on from its LAN only what has a source of that LAN; between routers nobody asks. */
START_TEST(foreign_sources_are_filtered)
{
    struct chain chain = chain_new(1500);
    struct application sink = {.receive = hear};
    struct node *a = lab_node(chain.lab, chain.a);
    memset(&heard, 0, sizeof(heard));
    ck_assert_int_eq(udp_bind(lab_node(chain.lab, chain.b), &sink, 2000), 0);
    for (unsigned filtering = 0; filtering < 2; filtering++) {
        router_configuration.ingress_filtering = filtering;
        for (unsigned honest = 0; honest < 2; honest++) {
            struct outbound out = {.destination = address_from(B), .source_fixed = true};
            out.source = address_from(honest ? A : "2001:db8:dead::1");
            out.packet = lab_packet(chain.lab, "x", 1);
            ck_assert_int_eq(udp_send(a, &out, 1000, 2000, lab_now(chain.lab)), 0);
            lab_run(chain.lab, lab_now(chain.lab) + SECONDS(1));
        }
    }
    ck_assert_uint_eq(heard.count, 3);
    const struct protocol_event *event =
        lab_find_event(chain.lab, chain.router[0], EVENT_PACKET_DISCARDED, 0);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->reason, DISCARD_INGRESS_FILTER);
    lab_free(chain.lab);
}
END_TEST

/* Two routers that each think the other is nearer: the hop limit ends it. */
START_TEST(a_loop_ends)
{
    struct chain chain = chain_new(1500);
    lab_node(chain.lab, chain.a)->extension = &note_errors;
    add_route(chain.lab, chain.router[0], "2001:db8:f::", 64, 1, "2001:db8:c::1");
    add_route(chain.lab, chain.router[1], "2001:db8:f::", 64, 0, "2001:db8:c::2");
    error_type = 0xff;
    ck_assert_int_eq(send_to(&chain, "2001:db8:f::1", 10, 40), 0);
    lab_run(chain.lab, SECONDS(12));
    ck_assert_uint_eq(error_type, ICMPV6_TIME_EXCEEDED);
    lab_free(chain.lab);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("forwarding");
    TCase *tests = tcase_create("forwarding");
    tcase_add_test(tests, delays_add_up);
    tcase_add_test(tests, a_lost_frame_is_lost_for_good);
    tcase_add_test(tests, path_mtu_is_discovered);
    tcase_add_test(tests, errors_come_back);
    tcase_add_test(tests, echo_there_and_back);
    tcase_add_test(tests, foreign_sources_are_filtered);
    tcase_add_test(tests, a_loop_ends);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
