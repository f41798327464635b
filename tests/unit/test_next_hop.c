/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_next_hop.c - next-hop determination on a node with several interfaces (RFC 4861, 5.2; RFC 4007, 6):
 * what needs to be told its interface, what prefers one, and what finds its way by itself.
 *
 * Interfaces 0 and 1 are on LANs, where 2001:db8:a::/64 and 2001:db8:b::/64 are on-link and fe80::a, fe80::b
 * are routers; interface 2 is a point-to-point link.
 */
#include <check.h>

#include "models/ipv6/ethernet.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/next_hop.h"
#include "models/ipv6/router_discovery.h"
#include "models/ipv6/routing_table.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

static struct recording_environment recorder;
static struct node_configuration configuration;
static struct node node;

static void set_up(void)
{
    configuration = node_configuration_default_host;
    configuration.delay_router_solicitation = false;
    configuration.duplicate_detection_transmits = 0;
    recording_environment_init(&recorder, NULL);
    ck_assert_int_eq(node_init(&node, &recorder.environment, &configuration, 3), 0);
    for (unsigned i = 0; i < 3; i++) {
        struct ethernet_address station = {{2, 0, 0, 0, 0, (uint8_t)i}};
        node_configure_interface(&node, i, i < 2 ? INTERFACE_ETHERNET : INTERFACE_POINT_TO_POINT, &station,
                                 ETHERNET_MTU);
        recording_link(&recorder, &node, i, true, 0);
    }
    for (unsigned i = 0; i < 2; i++) {
        struct ipv6_address prefix = address_from(i == 0 ? "2001:db8:a::" : "2001:db8:b::");
        ck_assert_int_eq(prefix_add(&node, &node.interfaces[i], &prefix, 64, TIME_NEVER, 0), 0);
    }
}

static void tear_down(void)
{
    node_free(&node);
    recording_environment_free(&recorder);
}

static void hear_router(unsigned interface)
{
    uint8_t octets[512];
    struct ipv6_address source = address_from(interface == 0 ? "fe80::a" : "fe80::b");
    size_t length =
        octets_from("333300000001 020000000099 86dd 6000000000183aff fe800000000000000000000000000000 "
                    "ff020000000000000000000000000001 86000000 40000708 00000000 00000000 0101020000000099",
                    octets, sizeof(octets));
    octets[37] = source.octets[15];
    struct ipv6_address group = ipv6_all_nodes;
    uint16_t checksum = ipv6_checksum(&source, &group, NEXT_HEADER_ICMPV6, octets + 54, length - 54);
    octets[56] = (uint8_t)(checksum >> 8);
    octets[57] = (uint8_t)checksum;
    recording_receive(&recorder, &node, interface, octets, length, recorder.now);
}

#define NOWHERE UINT32_MAX

/* The interface the destination is reached by, and by whom. */
static unsigned way_to(const char *destination, unsigned out, const char *next_hop)
{
    struct ipv6_address address = address_from(destination);
    struct next_hop found;
    if (!next_hop_find(&node, &address, out == NOWHERE ? NULL : &node.interfaces[out], &found))
        return NOWHERE;
    struct ipv6_address expected = address_from(next_hop ? next_hop : destination);
    ck_assert(ipv6_address_equal(found.address, &expected));
    return found.interface->index;
}

/* A link-local address is on every link: which, must be told. */
START_TEST(link_scope_must_be_told)
{
    ck_assert_uint_eq(way_to("fe80::77", NOWHERE, NULL), NOWHERE);
    ck_assert_uint_eq(way_to("ff02::1", NOWHERE, NULL), NOWHERE);
    ck_assert_uint_eq(way_to("ff01::1", NOWHERE, NULL), NOWHERE);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(way_to("fe80::77", i, NULL), i);
        ck_assert_uint_eq(way_to("ff02::1", i, NULL), i);
    }
}
END_TEST

/* A group of wider scope leaves by the first interface that is up and may be left by. */
START_TEST(wider_groups_leave_by_the_first)
{
    ck_assert_uint_eq(way_to("ff05::1", NOWHERE, NULL), 0);
    node.interfaces[0].standby = true;
    ck_assert_uint_eq(way_to("ff05::1", NOWHERE, NULL), 1);
    recording_link(&recorder, &node, 1, false, 0);
    ck_assert_uint_eq(way_to("ff0e::1", NOWHERE, NULL), 2);
    recording_link(&recorder, &node, 2, false, 0);
    ck_assert_uint_eq(way_to("ff0e::1", NOWHERE, NULL), NOWHERE);
    ck_assert_uint_eq(way_to("ff0e::1", 0, NULL), 0); /* unless it is told */
}
END_TEST

START_TEST(neighbors_are_where_their_prefix_is)
{
    ck_assert_uint_eq(way_to("2001:db8:a::7", NOWHERE, NULL), 0);
    ck_assert_uint_eq(way_to("2001:db8:b::7", NOWHERE, NULL), 1);
    ck_assert_uint_eq(way_to("2001:db8:b::7", 1, NULL), 1);
    ck_assert_uint_eq(way_to("2001:db8:b::7", 0, NULL), 1); /* what this one cannot reach, the other may */
    node.interfaces[1].standby = true;
    ck_assert_uint_eq(way_to("2001:db8:b::7", NOWHERE, NULL), NOWHERE);
    ck_assert_uint_eq(way_to("2001:db8:b::7", 1, NULL), 1);
    ck_assert_uint_eq(way_to("2001:db8:9::7", NOWHERE, NULL), NOWHERE); /* nobody to send it to */
    ck_assert_uint_eq(way_to("2001:db8:9::7", 0, NULL), NOWHERE);
}
END_TEST

START_TEST(strangers_are_behind_a_router)
{
    hear_router(1);
    ck_assert_uint_eq(way_to("2001:db8:9::7", NOWHERE, "fe80::b"), 1);
    ck_assert_uint_eq(way_to("2001:db8:9::7", 0, "fe80::b"), 1); /* none on this link */
    hear_router(0);
    ck_assert_uint_eq(way_to("2001:db8:9::7", 0, "fe80::a"), 0);
    ck_assert_uint_eq(way_to("2001:db8:9::7", 1, "fe80::b"), 1);
    ck_assert_uint_eq(way_to("2001:db8:b::7", 0, "fe80::a"), 0); /* by the router, if this is the way to go */
}
END_TEST

/* A static route is stronger than what has been advertised, its default route is not stronger than a
 * prefix. */
START_TEST(static_routes)
{
    node.routes = routing_table_new();
    struct route wide = {.interface = 2};
    struct route narrow = {.prefix = address_from("2001:db8:b::"),
                           .prefix_length = 64,
                           .interface = 2,
                           .next_hop = address_from("fe80::2")};
    ck_assert_int_eq(routing_table_add(node.routes, &wide), 0);
    ck_assert_uint_eq(way_to("2001:db8:9::7", NOWHERE, NULL), 2);
    ck_assert_uint_eq(way_to("2001:db8:b::7", NOWHERE, NULL), 1);
    ck_assert_uint_eq(way_to("2001:db8:9::7", 2, NULL), 2);
    ck_assert_uint_eq(way_to("2001:db8:9::7", 0, NULL), 2); /* no way by the one it was told */
    hear_router(0);
    ck_assert_uint_eq(way_to("2001:db8:9::7", 0, "fe80::a"), 0);
    ck_assert_uint_eq(way_to("2001:db8:9::7", NOWHERE, NULL), 2);
    ck_assert_int_eq(routing_table_add(node.routes, &narrow), 0);
    ck_assert_uint_eq(way_to("2001:db8:b::7", NOWHERE, "fe80::2"), 2);
    ck_assert_uint_eq(way_to("2001:db8:b::7", 1, NULL), 1);
}
END_TEST

/* Whoever has been heard on a link is on it; the one point-to-point link there is has the others. */
START_TEST(the_link_of_a_neighbor)
{
    struct ipv6_address neighbor = address_from("fe80::77");
    struct ethernet_address station = {{2, 0, 0, 0, 0, 0x77}};
    ck_assert_ptr_eq(next_hop_link_of(&node, &neighbor), &node.interfaces[2]);
    neighbor_learn(&node, &node.interfaces[1], &neighbor, &station, false, 0);
    ck_assert_ptr_eq(next_hop_link_of(&node, &neighbor), &node.interfaces[1]);
    neighbor_forget(&node, &node.interfaces[1], &neighbor);
    node_configure_interface(&node, 0, INTERFACE_POINT_TO_POINT, &station, 1500);
    ck_assert_ptr_null(next_hop_link_of(&node, &neighbor)); /* either */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("next hop");
    TCase *tests = tcase_create("several interfaces");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, link_scope_must_be_told);
    tcase_add_test(tests, wider_groups_leave_by_the_first);
    tcase_add_test(tests, neighbors_are_where_their_prefix_is);
    tcase_add_test(tests, strangers_are_behind_a_router);
    tcase_add_test(tests, static_routes);
    tcase_add_test(tests, the_link_of_a_neighbor);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
