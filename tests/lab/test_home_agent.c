/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_home_agent.c - a home agent on a home link with neighbors, and a mobile node that leaves and comes
 * back (RFC 6275, 10).
 *
 *     home link: home agent, gateway, neighbor
 *     gateway --10 ms-- core, visited router --5 ms-- core, correspondent --7 ms-- core
 *     visited link: visited router
 *
 * Each test runs with the home agent as the home link's router (then it is the gateway), as a router beside
 * the gateway, and as a host beside the gateway, where nothing but proxy Neighbor Discovery brings it the
 * mobile node's packets.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/routing_table.h"
#include "models/mobility/mobility.h"
#include "models/traffic/flow.h"
#include "tests/lab/lab.h"
#include "tests/runner.h"

enum arrangement { AGENT_IS_GATEWAY, AGENT_IS_ROUTER, AGENT_IS_HOST, ARRANGEMENTS };

#define HOME_PREFIX    "2001:db8:1::"
#define VISITED_PREFIX "2001:db8:2::"
#define AGENT          "2001:db8:1::1"
#define GATEWAY        "2001:db8:1::fe"
#define NEIGHBOR       "2001:db8:1::50"
#define VISITED_ROUTER "2001:db8:2::1"
#define CORRESPONDENT  "2001:db8:9::9"

#define LAN_DELAY           MICROSECONDS(10)
#define HOME_DELAY          MILLISECONDS(10)
#define VISITED_DELAY       MILLISECONDS(5)
#define CORRESPONDENT_DELAY MILLISECONDS(7)

static struct lab *lab;
static unsigned mobile_node, agent, gateway, neighbor, core, visited_router, correspondent;
static unsigned home_lan, visited_lan;
static struct ipv6_address home_address;
static struct node_configuration host, router;
static struct home_agent_configuration operator_says;
static struct mobile_node_configuration owner_says;
static struct correspondent_node_configuration plain;
static struct router_prefix home_prefix, visited_prefix;
static struct router_advertisement_configuration home_advertisement, visited_advertisement;
static struct flow_sink sinks[3];
static struct flow_source sources[8];
static unsigned source_count;

static struct ipv6_address of(const char *text)
{
    return address_from(text);
}

static void configure(unsigned node, unsigned interface, const char *text)
{
    struct ipv6_address address = of(text);
    ck_assert_int_eq(
        address_add(lab_node(lab, node), interface, &address, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
}

/* next_hop NULL: on-link. */
static void route(unsigned node, const char *prefix, unsigned length, unsigned interface,
                  const char *next_hop)
{
    struct node *n = lab_node(lab, node);
    struct route entry = {
        .prefix = of(prefix), .prefix_length = (uint8_t)length, .interface = (uint16_t)interface};
    if (next_hop)
        entry.next_hop = of(next_hop);
    if (!n->routes)
        n->routes = routing_table_new();
    ck_assert_int_eq(routing_table_add(n->routes, &entry), 0);
}

static void set_defaults(void)
{
    host = node_configuration_default_host;
    host.delay_duplicate_detection = false;
    host.delay_router_solicitation = false;
    router = node_configuration_default_router;
    router.delay_duplicate_detection = false;
    operator_says = home_agent_configuration_default;
    operator_says.anyone = true;
    owner_says = mobile_node_configuration_default;
    owner_says.default_policy.trigger = TRIGGER_NEVER;
    plain = correspondent_node_configuration_default;
    home_prefix = (struct router_prefix){.prefix = of(HOME_PREFIX),
                                         .valid_lifetime = 86400,
                                         .preferred_lifetime = 86400,
                                         .length = 64,
                                         .on_link = true,
                                         .autonomous = true};
    visited_prefix = home_prefix;
    visited_prefix.prefix = of(VISITED_PREFIX);
    home_advertisement = (struct router_advertisement_configuration){.min_interval = MILLISECONDS(50),
                                                                     .max_interval = MILLISECONDS(50),
                                                                     .min_delay_between = MILLISECONDS(30),
                                                                     .router_lifetime = 1800,
                                                                     .prefix_count = 1,
                                                                     .prefixes = &home_prefix};
    visited_advertisement = home_advertisement;
    visited_advertisement.prefixes = &visited_prefix;
}

static void build_home_link(enum arrangement arrangement)
{
    struct ipv6_address address = of(AGENT);
    struct ipv6_address prefix = of(HOME_PREFIX);
    configure(agent, 0, AGENT);
    route(agent, HOME_PREFIX, 64, 0, NULL);
    if (arrangement == AGENT_IS_GATEWAY) {
        route(agent, "::", 0, 1, NULL);
    } else {
        configure(gateway, 0, GATEWAY);
        route(gateway, HOME_PREFIX, 64, 0, NULL);
        route(gateway, "::", 0, 1, NULL);
        route(agent, "::", 0, 0, GATEWAY);
    }
    configure(neighbor, 0, NEIGHBOR);
    ck_assert_int_eq(mobility_enable(lab_node(lab, agent), &plain, 0), 0);
    ck_assert_int_eq(
        mobility_add_home_agent(lab_node(lab, agent), &operator_says, 0, &address, &prefix, 64, 0), 0);
    struct node *n = lab_node(lab, gateway);
    ck_assert_int_eq(router_advertiser_start(n, &n->interfaces[0], &home_advertisement, 0), 0);
}

static void build_world(void)
{
    route(core, HOME_PREFIX, 64, 0, NULL);
    route(core, VISITED_PREFIX, 64, 1, NULL);
    route(core, CORRESPONDENT, 128, 2, NULL);
    configure(visited_router, 0, VISITED_ROUTER);
    route(visited_router, VISITED_PREFIX, 64, 0, NULL);
    route(visited_router, "::", 0, 1, NULL);
    configure(correspondent, 0, CORRESPONDENT);
    route(correspondent, "::", 0, 0, NULL);
    struct node *n = lab_node(lab, visited_router);
    ck_assert_int_eq(router_advertiser_start(n, &n->interfaces[0], &visited_advertisement, 0), 0);
}

static void build_mobile_node(void)
{
    struct ethernet_address station = lab_station_address(mobile_node, 0);
    struct ipv6_address prefix = of(HOME_PREFIX);
    struct ipv6_address identifier = ipv6_eui64_from(&station);
    struct ipv6_address agent_address = of(AGENT);
    home_address = ipv6_address_join(&prefix, &identifier);
    ck_assert_int_eq(mobility_enable(lab_node(lab, mobile_node), &plain, 0), 0);
    ck_assert_int_eq(mobility_add_mobile_node(lab_node(lab, mobile_node), &owner_says, 0, &home_address, 64,
                                              &agent_address, 0),
                     0);
}

static void build(enum arrangement arrangement)
{
    lab = lab_new();
    mobile_node = lab_add_node(lab, &host, 1);
    agent = lab_add_node(lab, arrangement == AGENT_IS_HOST ? &host : &router,
                         arrangement == AGENT_IS_GATEWAY ? 2 : 1);
    gateway = arrangement == AGENT_IS_GATEWAY ? agent : lab_add_node(lab, &router, 2);
    neighbor = lab_add_node(lab, &host, 1);
    core = lab_add_node(lab, &router, 3);
    visited_router = lab_add_node(lab, &router, 2);
    correspondent = lab_add_node(lab, &host, 1);
    home_lan = lab_add_lan(lab, LAN_DELAY);
    visited_lan = lab_add_lan(lab, LAN_DELAY);
    lab_add_point_to_point(lab, gateway, 1, core, 0, HOME_DELAY, 1500);
    lab_add_point_to_point(lab, visited_router, 1, core, 1, VISITED_DELAY, 1500);
    lab_add_point_to_point(lab, correspondent, 0, core, 2, CORRESPONDENT_DELAY, 1500);
    build_home_link(arrangement);
    build_world();
    build_mobile_node();
    const unsigned with_sink[] = {mobile_node, neighbor, correspondent};
    for (unsigned i = 0; i < 3; i++)
        ck_assert_int_eq(flow_sink_start(&sinks[i], lab_node(lab, with_sink[i])), 0);
    source_count = 0;
    lab_start(lab);
    lab_attach(lab, home_lan, agent, 0);
    if (gateway != agent)
        lab_attach(lab, home_lan, gateway, 0);
    lab_attach(lab, home_lan, neighbor, 0);
    lab_attach(lab, visited_lan, visited_router, 0);
    lab_run(lab, SECONDS(3));
}

static void teardown(void)
{
    for (unsigned i = 0; i < source_count; i++)
        flow_source_stop(&sources[i]);
    mobility_free(lab_node(lab, mobile_node));
    mobility_free(lab_node(lab, agent));
    lab_free(lab);
}

/* From MN to HA and back. */
static time_ns one_way(enum arrangement arrangement)
{
    return LAN_DELAY + VISITED_DELAY + HOME_DELAY + (arrangement == AGENT_IS_GATEWAY ? 0 : LAN_DELAY);
}

static void start_flow(unsigned from, const struct ipv6_address *to, time_ns first, time_ns stop)
{
    static const struct flow_configuration ten_a_second = {
        .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(100), .payload = 100};
    sources[source_count] = (struct flow_source){.configuration = &ten_a_second,
                                                 .destination = *to,
                                                 .flow = source_count,
                                                 .start = first,
                                                 .stop = stop};
    ck_assert_int_eq(flow_source_start(&sources[source_count], lab_node(lab, from), lab_now(lab)), 0);
    source_count++;
}

static unsigned count_deliveries(unsigned node, unsigned flow, enum packet_path path)
{
    unsigned count = 0;
    const GArray *deliveries = lab_recorder(lab, node)->deliveries;
    for (unsigned i = 0; i < deliveries->len; i++) {
        const struct delivery *delivery = &g_array_index(deliveries, struct delivery, i);
        count += delivery->flow == flow && delivery->path == path;
    }
    return count;
}

static const struct binding *binding(void)
{
    return binding_cache_lookup(&lab_node(lab, agent)->mobility->bindings, &home_address);
}

/* Leaves for the visited link at 3 s and is registered there when this returns, at 6 s. */
static void leave_home(void)
{
    lab_attach(lab, visited_lan, mobile_node, 0);
    lab_run(lab, SECONDS(6));
}

/* -- tests -- */

START_TEST(registration_takes_one_round_trip_and_the_test)
{
    set_defaults();
    operator_says.duplicate_detection = _i < ARRANGEMENTS;
    enum arrangement arrangement = (enum arrangement)(_i % ARRANGEMENTS);
    build(arrangement);
    leave_home();
    const struct protocol_event *update =
        lab_find_message(lab, mobile_node, EVENT_MESSAGE_SENT, "Binding Update", 0);
    const struct protocol_event *received =
        lab_find_message(lab, agent, EVENT_MESSAGE_RECEIVED, "Binding Update", 0);
    const struct protocol_event *created = lab_find_event(lab, agent, EVENT_BINDING_CREATED, 0);
    const struct protocol_event *registered = lab_find_event(lab, mobile_node, EVENT_HOME_REGISTERED, 0);
    ck_assert_ptr_nonnull(update);
    ck_assert_ptr_nonnull(received);
    ck_assert_ptr_nonnull(created);
    ck_assert_ptr_nonnull(registered);
    time_ns home_agents_own = operator_says.duplicate_detection ? SECONDS(1) : 0;
    /* The first packets resolve addresses on the way: gateway and home agent on the home link, each on its
     * own. */
    ck_assert_int_eq(created->time - received->time, home_agents_own);
    ck_assert_int_ge(received->time - update->time, one_way(arrangement));
    ck_assert_int_lt(received->time - update->time, one_way(arrangement) + MILLISECONDS(1));
    ck_assert_int_ge(registered->time - created->time, one_way(arrangement));
    ck_assert_int_lt(registered->time - created->time, one_way(arrangement) + MILLISECONDS(1));
    ck_assert_ptr_nonnull(binding());
    ck_assert_uint_eq(update->octets, 96);
    ck_assert_uint_eq(lab_find_message(lab, agent, EVENT_MESSAGE_SENT, "Binding Acknowledgement", 0)->octets,
                      80);
}
END_TEST

START_TEST(both_tunnels)
{
    set_defaults();
    build((enum arrangement)_i);
    leave_home();
    struct ipv6_address correspondent_address = of(CORRESPONDENT);
    struct ipv6_address neighbor_address = of(NEIGHBOR);
    start_flow(correspondent, &home_address, SECONDS(6), SECONDS(8));
    start_flow(neighbor, &home_address, SECONDS(6), SECONDS(8));
    start_flow(mobile_node, &correspondent_address, SECONDS(6), SECONDS(8));
    start_flow(mobile_node, &neighbor_address, SECONDS(6), SECONDS(8));
    lab_run(lab, SECONDS(9));
    ck_assert_uint_eq(count_deliveries(mobile_node, 0, PATH_TUNNELLED), 20);
    ck_assert_uint_eq(count_deliveries(mobile_node, 1, PATH_TUNNELLED), 20);
    ck_assert_uint_eq(count_deliveries(correspondent, 2, PATH_DIRECT), 20);
    ck_assert_uint_eq(count_deliveries(neighbor, 3, PATH_DIRECT), 20);
    const GArray *deliveries = lab_recorder(lab, correspondent)->deliveries;
    for (unsigned i = 0; i < deliveries->len; i++)
        ck_assert(ipv6_address_equal(&g_array_index(deliveries, struct delivery, i).source, &home_address));
    /* Delay: to the home agent, and on from there. */
    deliveries = lab_recorder(lab, mobile_node)->deliveries;
    const struct delivery *last = &g_array_index(deliveries, struct delivery, deliveries->len - 1);
    time_ns to_agent = last->flow == 1
                           ? LAN_DELAY
                           : CORRESPONDENT_DELAY + HOME_DELAY + (_i == AGENT_IS_GATEWAY ? 0 : LAN_DELAY);
    ck_assert_int_eq(last->time - last->sent, to_agent + one_way((enum arrangement)_i));
}
END_TEST

/* The owner of the address is a host that has been on the home link all the time. */
START_TEST(somebody_else_has_the_home_address)
{
    set_defaults();
    build((enum arrangement)_i);
    unsigned other = lab_add_node(lab, &host, 1);
    struct flow_sink sink;
    ck_assert_int_eq(address_add(lab_node(lab, other), 0, &home_address, 64, ADDRESS_CONFIGURED, false, true,
                                 lab_now(lab)),
                     0);
    ck_assert_int_eq(flow_sink_start(&sink, lab_node(lab, other)), 0);
    lab_attach(lab, home_lan, other, 0);
    leave_home();
    const struct protocol_event *refusal =
        lab_find_message(lab, agent, EVENT_MESSAGE_SENT, "Binding Acknowledgement", 0);
    ck_assert_ptr_nonnull(refusal);
    ck_assert_int_eq(refusal->status, BINDING_DUPLICATE_DETECTION_FAILED);
    ck_assert_int_eq(refusal->time -
                         lab_find_message(lab, agent, EVENT_MESSAGE_RECEIVED, "Binding Update", 0)->time,
                     2 * LAN_DELAY);
    ck_assert_ptr_null(binding());
    ck_assert_uint_eq(lab_count_events(lab, agent, EVENT_BINDING_CREATED), 0);
    ck_assert_uint_eq(lab_count_events(lab, mobile_node, EVENT_HOME_REGISTERED), 0);
    start_flow(neighbor, &home_address, SECONDS(6), SECONDS(7));
    lab_run(lab, SECONDS(9));
    ck_assert_uint_eq(count_deliveries(other, 0, PATH_DIRECT), 10);
    ck_assert_uint_eq(count_deliveries(mobile_node, 0, PATH_TUNNELLED), 0);
}
END_TEST

START_TEST(binding_expires)
{
    set_defaults();
    operator_says.lifetime_limit = 5; /* 20 s */
    build((enum arrangement)_i);
    leave_home();
    lab_detach(lab, mobile_node, 0);
    time_ns created = lab_find_event(lab, agent, EVENT_BINDING_CREATED, 0)->time;
    start_flow(neighbor, &home_address, SECONDS(7), SECONDS(40));
    lab_run(lab, SECONDS(40));
    const struct protocol_event *expired = lab_find_event(lab, agent, EVENT_BINDING_EXPIRED, 0);
    ck_assert_ptr_nonnull(expired);
    ck_assert_int_eq(expired->time - created, SECONDS(20));
    ck_assert_uint_gt(lab_count_events(lab, agent, EVENT_PACKET_TUNNELLED), 100);
    for (unsigned i = 0; i < lab_event_count(lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(lab, i, &node);
        ck_assert(node != agent || event->kind != EVENT_PACKET_TUNNELLED || event->time < expired->time);
    }
    /* The neighbor has found out by itself that nobody is there. */
    const struct protocol_event *unreachable = NULL;
    for (unsigned i = 0; i < lab_event_count(lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(lab, i, &node);
        if (node == neighbor && event->kind == EVENT_PACKET_DISCARDED &&
            event->reason == DISCARD_ADDRESS_UNREACHABLE)
            unreachable = event;
    }
    ck_assert_ptr_nonnull(unreachable);
    ck_assert_int_gt(unreachable->time, expired->time);
}
END_TEST

START_TEST(comes_home)
{
    set_defaults();
    build((enum arrangement)_i);
    leave_home();
    start_flow(neighbor, &home_address, SECONDS(6), SECONDS(20));
    lab_run(lab, SECONDS(10));
    lab_detach(lab, mobile_node, 0);
    lab_attach(lab, home_lan, mobile_node, 0);
    lab_run(lab, SECONDS(30));
    const struct protocol_event *deleted = lab_find_event(lab, agent, EVENT_BINDING_DELETED, SECONDS(10));
    const struct protocol_event *deregistered =
        lab_find_event(lab, mobile_node, EVENT_HOME_DEREGISTERED, SECONDS(10));
    const struct protocol_event *update =
        lab_find_message(lab, agent, EVENT_MESSAGE_RECEIVED, "Binding Update", SECONDS(10));
    const struct protocol_event *acknowledgement =
        lab_find_message(lab, agent, EVENT_MESSAGE_SENT, "Binding Acknowledgement", SECONDS(10));
    ck_assert_ptr_nonnull(deleted);
    ck_assert_ptr_nonnull(deregistered);
    ck_assert_int_eq(deleted->time, update->time);
    ck_assert_int_eq(acknowledgement->time, update->time);
    ck_assert_int_eq(acknowledgement->status, BINDING_ACCEPTED);
    ck_assert_uint_eq(acknowledgement->octets, 56); /* no routing header */
    ck_assert_ptr_null(binding());
    /* Tunnelled before, direct after, and nothing is lost once it is home. */
    ck_assert_uint_ge(count_deliveries(mobile_node, 0, PATH_TUNNELLED), 39);
    const GArray *deliveries = lab_recorder(lab, mobile_node)->deliveries;
    unsigned late = 0;
    for (unsigned i = 0; i < deliveries->len; i++) {
        const struct delivery *delivery = &g_array_index(deliveries, struct delivery, i);
        ck_assert(delivery->time <= deleted->time || delivery->path == PATH_DIRECT);
        late += delivery->sent > deregistered->time;
    }
    ck_assert_uint_eq(late, (unsigned)((SECONDS(20) - 1 - deregistered->time) / MILLISECONDS(100)));
    ck_assert_ptr_null(binding_cache_find(&lab_node(lab, agent)->mobility->bindings, &home_address));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("home agent in a network");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, NULL, teardown);
    tcase_set_timeout(all, 60);
    tcase_add_loop_test(all, registration_takes_one_round_trip_and_the_test, 0, 2 * ARRANGEMENTS);
    tcase_add_loop_test(all, both_tunnels, 0, ARRANGEMENTS);
    tcase_add_loop_test(all, somebody_else_has_the_home_address, 0, ARRANGEMENTS);
    tcase_add_loop_test(all, binding_expires, 0, ARRANGEMENTS);
    tcase_add_loop_test(all, comes_home, 0, ARRANGEMENTS);
    suite_add_tcase(suite, all);
    return run_suite(suite);
}
