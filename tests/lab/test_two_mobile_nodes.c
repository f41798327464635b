/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_two_mobile_nodes.c - a correspondent that is a mobile node itself, both away from home, each
 * registered with the other (RFC 6275, 5.2.9, 6.1, 8.2, 9.5.4, 11.3.1): signalling bypasses Binding Cache and
 * Binding Update List and goes to and from home addresses; data goes from care-of address to care-of address,
 * with a Home Address option and a type 2 routing header.
 */
#include <check.h>
#include <string.h>

#include "models/ipv6/ipv6.h"
#include "models/ipv6/udp.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

#define SECOND_SPI 0x100 /* its associations' numbers are so much greater than the first one's */

static struct world world;
static unsigned second; /* node: the other mobile node */
static struct ipv6_address second_home;
static struct correspondent_policy first_policy, second_policy; /* towards each other */
static struct static_key first_key, second_key;                  /* no peer has another's (RFC 4449, 4) */

static struct mobile_node *mobile(unsigned node)
{
    return lab_node(world.lab, node)->mobility->mobile_node;
}

static void add_second(void)
{
    struct ipv6_address prefix = address_from("2001:db8:1::");
    second = lab_add_node(world.lab, &world.host, 1);
    struct ethernet_address station = lab_station_address(second, 0);
    struct ipv6_address identifier = ipv6_eui64_from(&station);
    struct node *node = lab_node(world.lab, second), *first = lab_node(world.lab, world.mobile);
    second_home = ipv6_address_join(&prefix, &identifier);
    ck_assert_int_eq(mobility_enable(node, &world.correspondent_configuration, 0), 0);
    ck_assert_int_eq(home_agent_serve(lab_node(world.lab, world.home_agent), &second_home), 0);
    ck_assert_int_eq(mobility_add_mobile_node(node, &world.configuration, 0, &second_home, 64,
                                              &world.home_agent_address, 0),
                     0);
    struct ipsec_configuration keys = world_ipsec(&world, IPSEC_MOBILE_NODE);
    keys.home_address = second_home;
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        keys.associations[i].spi += SECOND_SPI;
        keys.associations[i].integrity_key[0] ^= 1;
    }
    ck_assert_int_eq(ipsec_protect(node, &keys), 0);
    keys.role = IPSEC_HOME_AGENT;
    ck_assert_int_eq(ipsec_protect(lab_node(world.lab, world.home_agent), &keys), 0);
    ck_assert_int_eq(mobile_node_set_policy(node, &world.home_address, &second_policy), 0);
    ck_assert_int_eq(mobile_node_set_policy(first, &second_home, &first_policy), 0);
}

static void configure_return_routability(void)
{
    first_policy = second_policy = world.policy;
}

/* Each has a key for the other's Binding Updates. */
static void configure_static_keys(void)
{
    use_static_key(&world, ORDER_AFTER_HOME_ACKNOWLEDGEMENT);
    first_key = second_key = world.key;
    first_key.kcn[0] ^= 2;
    second_key.kcn[0] ^= 1;
    first_policy = second_policy = world.policy;
    first_policy.static_key = &first_key;
    second_policy.static_key = &second_key;
}

static void exchange_static_keys(void)
{
    struct node *first = lab_node(world.lab, world.mobile), *other = lab_node(world.lab, second);
    ck_assert_int_eq(correspondent_node_add_static_key(other, &world.home_address, &first_key), 0);
    ck_assert_int_eq(correspondent_node_add_static_key(first, &second_home, &second_key), 0);
}

/* What binding `at` holds for the home address; it must be there. */
static const struct binding *binding_at(unsigned at, const struct ipv6_address *home_address)
{
    const struct mobility *mobility = lab_node(world.lab, at)->mobility;
    const struct binding *binding = binding_cache_lookup(&mobility->bindings, home_address);
    ck_assert_ptr_nonnull(binding);
    return binding;
}

static void ck_assert_each_knows_the_other(void)
{
    ck_assert(ipv6_address_equal(&binding_at(second, &world.home_address)->care_of_address,
                                 &mobile(world.mobile)->care_of_address));
    ck_assert(ipv6_address_equal(&binding_at(world.mobile, &second_home)->care_of_address,
                                 &mobile(second)->care_of_address));
}

struct headers {
    bool home_address_option, type_2_routing;
    uint8_t upper;
    uint8_t mobility_type;
    struct ipv6_address source, destination;
};

/* The innermost packet of a frame, which may be in a tunnel. */
static struct headers headers_of(const uint8_t *octets)
{
    struct headers headers = {.upper = octets[IPV6_AT_NEXT_HEADER]};
    if (headers.upper == NEXT_HEADER_IPV6)
        return headers_of(octets + IPV6_HEADER_LENGTH);
    headers.source = ipv6_address_read(octets + IPV6_AT_SOURCE);
    headers.destination = ipv6_address_read(octets + IPV6_AT_DESTINATION);
    const uint8_t *at = octets + IPV6_HEADER_LENGTH;
    while (headers.upper == NEXT_HEADER_ROUTING || headers.upper == NEXT_HEADER_DESTINATION_OPTIONS) {
        headers.type_2_routing = headers.type_2_routing || headers.upper == NEXT_HEADER_ROUTING;
        headers.home_address_option =
            headers.home_address_option || headers.upper == NEXT_HEADER_DESTINATION_OPTIONS;
        headers.upper = at[0];
        at += (at[1] + 1) * 8;
    }
    headers.mobility_type = at[2];
    return headers;
}

/* 6.1: a type 2 routing header with nothing but acknowledgements, a Home Address option with nothing but
 * updates. */
static void ck_assert_signalling_bypasses(void)
{
    unsigned messages = 0;
    for (unsigned i = 0; i < lab_frame_count(world.lab); i++) {
        size_t length;
        struct headers headers = headers_of(lab_frame_ipv6(world.lab, lab_frame(world.lab, i), &length));
        if (headers.upper != NEXT_HEADER_MOBILITY)
            continue;
        messages++;
        ck_assert(!headers.type_2_routing || headers.mobility_type == MOBILITY_BINDING_ACKNOWLEDGEMENT);
        ck_assert(!headers.home_address_option || headers.mobility_type == MOBILITY_BINDING_UPDATE);
    }
    ck_assert_uint_gt(messages, 20);
}

static unsigned received;
static struct ipv6_address received_from;

static void receive(struct application *application, struct node *node, const struct inbound *in,
                    uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    (void)application, (void)node, (void)source_port, (void)payload, (void)length, (void)now;
    received++;
    received_from = in->source;
    ck_assert_int_eq(inbound_path(in), PATH_ROUTE_OPTIMIZED);
}

static void speak(struct lab *lab, void *context)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    (void)context;
    out.packet = lab_packet(lab, "data", 4);
    out.destination = second_home;
    ck_assert_int_eq(udp_send(lab_node(lab, world.mobile), &out, 4000, 5000, lab_now(lab)), 0);
    ck_assert(out.home_address_option && out.type_2_routing && !out.tunnel);
    ck_assert_uint_eq(out.octets, 40 + 24 + 24 + 8 + 4);
}

static void attach_second(struct lab *lab, void *context)
{
    lab_attach(lab, *(unsigned *)context, second, 0);
}

static void detach_second(struct lab *lab, void *context)
{
    (void)context;
    lab_detach(lab, second, 0);
}

static void ck_assert_data_goes_directly(time_ns when)
{
    struct application application = {.receive = receive};
    received = 0;
    ck_assert_int_eq(udp_bind(lab_node(world.lab, second), &application, 5000), 0);
    lab_at(world.lab, when, speak, NULL);
    lab_run(world.lab, when + MILLISECONDS(200));
    ck_assert_uint_eq(received, 1);
    ck_assert_mem_eq(&received_from, &world.home_address, 16);
    udp_unbind(lab_node(world.lab, second), &application);
}

static void start(void)
{
    build(&world, &ordinary);
    add_second();
}

static void both_register_and_talk(void)
{
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(1), attach_second, &world.visited[1]);
    lab_run(world.lab, SECONDS(12));
    ck_assert_each_knows_the_other();
    ck_assert_data_goes_directly(SECONDS(13));
    /* Both move, at the same instant, to each other's link (5.2.9). */
    move(&world, attach_visited_1, SECONDS(15));
    lab_at(world.lab, SECONDS(15), detach_second, NULL);
    lab_at(world.lab, SECONDS(15) + MILLISECONDS(50), attach_second, &world.visited[0]);
    lab_run(world.lab, SECONDS(27));
    ck_assert_each_knows_the_other();
    ck_assert_data_goes_directly(SECONDS(28));
    ck_assert_signalling_bypasses();
}

START_TEST(under_return_routability)
{
    make_policy(&world);
    configure_return_routability();
    start();
    both_register_and_talk();
    tear_down(&world);
}
END_TEST

START_TEST(under_static_keys)
{
    make_policy(&world);
    configure_static_keys();
    start();
    exchange_static_keys();
    both_register_and_talk();
    ck_assert_ptr_null(lab_find_message(world.lab, second, EVENT_MESSAGE_SENT, "Home Test Init", 0));
    ck_assert_ptr_null(lab_find_message(world.lab, second, EVENT_MESSAGE_SENT, "Home Test", 0));
    tear_down(&world);
}
END_TEST

/* The one at home is a plain correspondent to the other, and deregisters with it. */
START_TEST(one_returns_home)
{
    make_policy(&world);
    configure_return_routability();
    start();
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(1), attach_second, &world.visited[1]);
    lab_run(world.lab, SECONDS(12));
    ck_assert_each_knows_the_other();
    lab_at(world.lab, SECONDS(15), detach_second, NULL);
    lab_at(world.lab, SECONDS(15) + MILLISECONDS(50), attach_second, &world.home_lan);
    lab_run(world.lab, SECONDS(27));
    ck_assert_int_eq(mobile(second)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert(ipv6_address_equal(&binding_at(second, &world.home_address)->care_of_address,
                                 &mobile(world.mobile)->care_of_address));
    ck_assert_ptr_null(
        binding_cache_lookup(&lab_node(world.lab, world.mobile)->mobility->bindings, &second_home));
    tear_down(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("two mobile nodes");
    TCase *tcase = tcase_create("two mobile nodes");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, under_return_routability);
    tcase_add_test(tcase, under_static_keys);
    tcase_add_test(tcase, one_returns_home);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
