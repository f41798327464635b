/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_movement_detection.c - what a mobile node makes of Router Advertisements, one by one (RFC 6275, 11.5.1
 * to 11.5.5): which prefixes say what link this is, which address becomes the care-of address, and when it is
 * one no longer.
 */
#include <string.h>

#include "models/base/cursor.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/nd_option.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_discovery.h"
#include "tests/unit/mobile_node_fixture.h"

static struct fixture f;

static void set_up(void)
{
    fixture_prepare(&f);
}

static void tear_down(void)
{
    fixture_close(&f);
}

/* -- advertisements -- */

static struct advertised_prefix prefix_of(const char *address, uint8_t length)
{
    return (struct advertised_prefix){
        .prefix = address_from(address),
        .length = length,
        .on_link = true,
        .autonomous = true,
        .valid_lifetime = 86400,
        .preferred_lifetime = 86400,
    };
}

/* From a router with this number: fe80::number, with its link-layer address unless it is 0x80 or more. */
static void advertise_by(uint8_t number, const struct advertised_prefix *prefixes, unsigned count,
                         time_ns now)
{
    struct nd_message message = {
        .type = ICMPV6_ROUTER_ADVERTISEMENT, .hop_limit = 64, .router_lifetime = 1800};
    uint8_t octets[512] = {0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, number, 0x86, 0xdd, 0x60};
    struct ipv6_address source = address_from("fe80::");
    source.octets[15] = number;
    if (number < 0x80) {
        message.present = ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS);
        message.source_link_layer_address = (struct ethernet_address){{2, 0, 0, 0, 0, number}};
    }
    for (unsigned i = 0; i < count; i++)
        message.prefixes[message.prefix_count++] = prefixes[i];
    uint8_t *ipv6 = octets + ETHERNET_HEADER_LENGTH, *upper = ipv6 + IPV6_HEADER_LENGTH;
    size_t length = nd_message_length(&message);
    nd_message_write(&message, upper, length);
    ipv6[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)length;
    ipv6[IPV6_AT_NEXT_HEADER] = NEXT_HEADER_ICMPV6;
    ipv6[IPV6_AT_HOP_LIMIT] = 255;
    memcpy(ipv6 + IPV6_AT_SOURCE, source.octets, 16);
    memcpy(ipv6 + IPV6_AT_DESTINATION, ipv6_all_nodes.octets, 16);
    uint16_t sum = ipv6_checksum(&source, &ipv6_all_nodes, NEXT_HEADER_ICMPV6, upper, length);
    upper[2] = (uint8_t)(sum >> 8);
    upper[3] = (uint8_t)sum;
    recording_receive(&f.recorder, &f.node, 0, octets, ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + length,
                      now);
}

static void advertise(struct advertised_prefix prefix, time_ns now)
{
    advertise_by(1, &prefix, 1, now);
}

static unsigned count_sent(const char *message)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recording_event_count(&f.recorder); i++) {
        const struct protocol_event *event = recording_event(&f.recorder, i);
        count += event->kind == EVENT_MESSAGE_SENT && strcmp(event->message, message) == 0;
    }
    return count;
}

static enum mobile_node_state state(void)
{
    return (enum mobile_node_state)fixture_mobile(&f)->home.state;
}

static bool care_of_is(const char *address)
{
    struct ipv6_address expected = address_from(address);
    return ipv6_address_equal(&fixture_mobile(&f)->care_of_address, &expected);
}

#define CARE_OF   "2001:db8:2::ff:fe00:a"
#define CARE_OF_3 "2001:db8:3::ff:fe00:a"

/* -- which link -- */

/* A prefix that is neither on-link nor for addresses, one that covers everything, a link-local one, none at
 * all: they do not say where the node is (11.5.1). */
START_TEST(prefixes_that_do_not_name_the_link)
{
    struct advertised_prefix prefixes[] = {
        prefix_of("2001:db8:2::", 64),
        prefix_of("::", 0),
        prefix_of("fe80::", 64),
    };
    prefixes[0].on_link = prefixes[0].autonomous = false;
    fixture_open(&f);
    advertise_by(1, prefixes, 0, VISITED);
    ck_assert_int_eq(state(), MOBILE_NODE_UNATTACHED);
    advertise_by(1, prefixes, 3, VISITED + 1);
    ck_assert_int_eq(state(), MOBILE_NODE_UNATTACHED);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MOVED), 0);
    prefixes[0].on_link = true; /* enough to name it, not to have an address on it */
    advertise_by(1, prefixes, 3, VISITED + 2);
    ck_assert_int_eq(state(), MOBILE_NODE_CONFIGURING);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MOVED), 1);
    advertise_by(1, prefixes, 0, VISITED + 3);
    ck_assert_int_eq(state(), MOBILE_NODE_CONFIGURING);
    prefixes[0].autonomous = true;
    advertise_by(1, prefixes, 3, VISITED + 4);
    ck_assert(care_of_is(CARE_OF));
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERING);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MOVED), 1);
}
END_TEST

/* The home link's prefix has its length: a longer or shorter one is another link's (11.5.2). */
START_TEST(the_home_prefix_has_its_length)
{
    struct advertised_prefix prefix = prefix_of("2001:db8:1::", _i == 0 ? 63 : _i == 1 ? 65 : 64);
    fixture_open(&f);
    advertise(prefix, VISITED);
    ck_assert_int_eq(state(), _i == 2 ? MOBILE_NODE_AT_HOME : MOBILE_NODE_CONFIGURING);
}
END_TEST

/* A second router of the same link says so by one prefix; another prefix is this link's too (6.2.7), unless
 * hints are to be ignored: then only what is advertised tells. */
START_TEST(two_routers_of_one_link)
{
    struct advertised_prefix both[] = {prefix_of("2001:db8:3::", 64), prefix_of("2001:db8:2::", 64)};
    f.host.ignore_link_hints = _i > 0;
    fixture_open(&f);
    advertise(both[1], VISITED);
    ck_assert(care_of_is(CARE_OF));
    advertise_by(2, both, 2, VISITED + 1);
    ck_assert(care_of_is(CARE_OF));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MOVED), 1);
    struct advertised_prefix other = prefix_of("2001:db8:4::", 64);
    advertise_by(3, &other, 1, VISITED + 2);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MOVED), _i == 0 ? 1 : 2);
    ck_assert(care_of_is(_i == 0 ? CARE_OF : "2001:db8:4::ff:fe00:a"));
}
END_TEST

/* Lazy: the router that there was is asked before another one is believed; if there is none left to ask, the
 * new one is (11.5.1). */
START_TEST(nobody_left_to_ask)
{
    struct advertised_prefix other = prefix_of("2001:db8:4::", 64);
    f.host.ignore_link_hints = true;
    f.configuration.lazy = true;
    fixture_open(&f);
    advertise(prefix_of("2001:db8:2::", 64), VISITED);
    advertise_by(2, &other, 1, VISITED + 1);
    ck_assert(care_of_is(CARE_OF)); /* fe80::1 is being probed */
    if (_i == 0)
        fixture_run(&f, VISITED + SECONDS(10)); /* and is silent */
    else
        f.node.interfaces[0].default_routers->unreachable = true;
    advertise_by(2, &other, 1, VISITED + SECONDS(10));
    ck_assert(care_of_is("2001:db8:4::ff:fe00:a"));
}
END_TEST

/* -- which address -- */

/* One that is deprecated serves until there is a better one, and no longer (RFC 4862, 5.5.4). */
START_TEST(deprecated_addresses_serve_for_want_of_others)
{
    struct advertised_prefix old = prefix_of("2001:db8:2::", 64), fresh = prefix_of("2001:db8:3::", 64);
    fixture_open(&f);
    advertise(old, VISITED);
    ck_assert(care_of_is(CARE_OF));
    old.preferred_lifetime = 0;
    advertise(old, VISITED + 1);
    ck_assert(care_of_is(CARE_OF));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_CARE_OF_ADDRESS_USABLE), 1);
    advertise(fresh, VISITED + 2);
    ck_assert(care_of_is(CARE_OF_3));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_CARE_OF_ADDRESS_USABLE), 2);
}
END_TEST

/* When the last one ends there is none, and the home agent is not told of what is not there. */
START_TEST(the_care_of_address_ends)
{
    struct advertised_prefix prefix = prefix_of("2001:db8:2::", 64);
    prefix.valid_lifetime = prefix.preferred_lifetime = 10;
    fixture_open(&f);
    advertise(prefix, VISITED);
    ck_assert(care_of_is(CARE_OF));
    fixture_run(&f, VISITED + SECONDS(10) - 1);
    ck_assert(care_of_is(CARE_OF));
    recording_environment_clear(&f.recorder);
    fixture_run(&f, VISITED + SECONDS(200));
    ck_assert(care_of_is("::"));
    ck_assert_int_eq(state(), MOBILE_NODE_CONFIGURING);
    ck_assert_uint_eq(count_sent("Binding Update"), 0);
    prefix.valid_lifetime = prefix.preferred_lifetime = 1000;
    advertise(prefix, VISITED + SECONDS(201));
    ck_assert(care_of_is(CARE_OF));
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERING);
}
END_TEST

/* An address that the operator has given is a care-of address on the link whose prefix it has (11.5.4). */
START_TEST(addresses_given_by_the_operator)
{
    struct ipv6_address given = address_from("2001:db8:3::77");
    struct advertised_prefix here = prefix_of("2001:db8:2::", 64), there = prefix_of("2001:db8:3::", 64);
    here.autonomous = there.autonomous = false;
    fixture_open(&f);
    ck_assert_int_eq(address_add(&f.node, 0, &given, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    advertise(here, VISITED);
    ck_assert_int_eq(state(), MOBILE_NODE_CONFIGURING);
    ck_assert(care_of_is("::"));
    recording_link(&f.recorder, &f.node, 0, false, VISITED + 1);
    recording_link(&f.recorder, &f.node, 0, true, VISITED + 2);
    advertise_by(2, &there, 1, VISITED + 3);
    ck_assert(care_of_is("2001:db8:3::77"));
    ck_assert_int_eq(state(), MOBILE_NODE_REGISTERING);
}
END_TEST

/* -- coming home -- */

static struct ethernet_address station_of_home_agent(void)
{
    return fixture_mobile(&f)->home.home_agent_station;
}

/* The home agent's station may be told by its advertisement (11.5.5), or not. */
START_TEST(advertisements_of_the_home_agent)
{
    struct advertised_prefix prefix = prefix_of(_i == 2 ? "2001:db8:1::" : "2001:db8:1::1", 64);
    struct ethernet_address expected = {{2, 0, 0, 0, 0, 1}};
    prefix.router_address = true;
    fixture_open(&f);
    advertise_by(_i == 1 ? 0x81 : 1, &prefix, 1, VISITED);
    ck_assert_int_eq(state(), MOBILE_NODE_AT_HOME);
    ck_assert(fixture_mobile(&f)->home.station_known == (_i == 0));
    struct ethernet_address station = station_of_home_agent();
    if (_i == 0)
        ck_assert(ethernet_address_equal(&station, &expected));
}
END_TEST

/* -- asking -- */

/* A node that has moved asks at once, although its host part would wait a random time (RFC 6275, 11.5.1: the
 * delay of 6.3.7 does not serve it). */
START_TEST(solicits_without_delay)
{
    f.host.delay_router_solicitation = true;
    fixture_open(&f);
    fixture_run(&f, 0);
    ck_assert_uint_eq(count_sent("Router Solicitation"), 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("movement detection");
    TCase *tests = tcase_create("Router Advertisements");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, prefixes_that_do_not_name_the_link);
    tcase_add_loop_test(tests, the_home_prefix_has_its_length, 0, 3);
    tcase_add_loop_test(tests, two_routers_of_one_link, 0, 2);
    tcase_add_loop_test(tests, nobody_left_to_ask, 0, 2);
    tcase_add_test(tests, deprecated_addresses_serve_for_want_of_others);
    tcase_add_test(tests, the_care_of_address_ends);
    tcase_add_test(tests, addresses_given_by_the_operator);
    tcase_add_loop_test(tests, advertisements_of_the_home_agent, 0, 3);
    tcase_add_test(tests, solicits_without_delay);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
