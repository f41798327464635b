/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_out_of_memory.c - what an operator sets up, with no memory for it: every function that may return
 * ERROR_MEMORY returns it, whichever of its allocations fails, has done nothing then, and succeeds when
 * called again. Tables that cannot grow go on as they are, where they can. At the end nothing is left behind.
 *
 * And the two that end the program on purpose: packets (packet.h) and timers (timer.h).
 */
#include <check.h>
#include <stdio.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "models/mobility/mobility.h"
#include "models/mobility/nonce.h"
#include "tests/runner.h"
#include "tests/unit/home_agent_fixture.h"
#include "tests/unit/recording_environment.h"
#include "tests/unit/scarce_memory.h"

#define MANY 70 /* beyond the first sizes of every table */

static struct {
    struct recording_environment recorder;
    struct node_configuration configuration;
    struct node node;
    size_t blocks;
    unsigned failed; /* allocations */
} world;

static void nothing_due(struct node *node, struct timer *timer, time_ns now)
{
    (void)node, (void)timer, (void)now;
}

/* Timers are vital (below): here there is room for all that will be. */
static void provide_timers(void)
{
    static struct timer many[4 * MANY];
    for (unsigned i = 0; i < 4 * MANY; i++) {
        timer_init(&many[i], nothing_due);
        node_arm(&world.node, &many[i], SECONDS(1));
    }
    for (unsigned i = 0; i < 4 * MANY; i++)
        node_disarm(&world.node, &many[i]);
}

static void set_up(void)
{
    world.blocks = scarce_memory_blocks();
    world.failed = 0;
    world.configuration = node_configuration_default_host;
    recording_environment_init(&world.recorder, NULL);
    ck_assert_int_eq(node_init(&world.node, &world.recorder.environment, &world.configuration, 1), 0);
    struct ethernet_address station = {{2, 0, 0, 0, 0, 0x0a}};
    node_configure_interface(&world.node, 0, INTERFACE_ETHERNET, &station, ETHERNET_MTU);
}

static void tear_down(void)
{
    mobility_free(&world.node);
    node_free(&world.node);
    recording_environment_free(&world.recorder);
    ck_assert_uint_eq(scarce_memory_blocks(), world.blocks);
}

static struct ipv6_address numbered(const char *prefix, unsigned number)
{
    struct ipv6_address address = address_from(prefix);
    address.octets[14] = (uint8_t)(number >> 8);
    address.octets[15] = (uint8_t)number;
    return address;
}

/* Does the step, whose first, second, ... allocation fails, until none of it does. A step that asserts
 * something ends the scarcity before: libcheck wants memory too. */
typedef int step(unsigned number);

static void insist(step *take, unsigned number)
{
    for (unsigned nth = 1;; nth++) {
        scarce_memory_fail(nth, 1);
        int error = take(number);
        unsigned failures = scarce_memory_failures();
        scarce_memory_plenty();
        world.failed += failures;
        if (error == 0)
            return;
        ck_assert_int_eq(error, ERROR_MEMORY);
        ck_assert_uint_eq(failures, 1);
        ck_assert_uint_lt(nth, 10);
    }
}

/* -- nodes and addresses -- */

static int init_node(unsigned number)
{
    static struct node node;
    int error = node_init(&node, &world.recorder.environment, &world.configuration, number);
    if (error == 0)
        node_free(&node);
    return error;
}

START_TEST(nodes)
{
    insist(init_node, 3);
    insist(init_node, 0);
    ck_assert_uint_eq(world.failed, 1); /* up to one interface needs no memory */
}
END_TEST

static int add_address(unsigned number)
{
    struct ipv6_address address = numbered("2001:db8:1::", number);
    int error = address_add(&world.node, 0, &address, 64, ADDRESS_CONFIGURED, false, number % 2 == 0, 0);
    scarce_memory_plenty();
    ck_assert((error == 0) == (address_find(&world.node, &address) != NULL));
    return error;
}

/* The group of an address must not stay when the address is not there (RFC 4291, 2.8). */
START_TEST(addresses)
{
    for (unsigned i = 1; i <= MANY; i++) {
        struct ipv6_address address = numbered("2001:db8:1::", i), group = ipv6_solicited_node(&address);
        insist(add_address, i);
        ck_assert(group_is_joined(&world.node, &world.node.interfaces[0], &group) == (i % 2 == 0));
    }
    ck_assert_uint_gt(world.failed, MANY);
}
END_TEST

static int add_proxy(unsigned number)
{
    struct ipv6_address address = numbered("2001:db8:1::", number), group = ipv6_solicited_node(&address);
    struct interface *interface = &world.node.interfaces[0];
    int error = proxy_add(&world.node, interface, &address);
    scarce_memory_plenty();
    ck_assert((error == 0) == proxy_serves(&world.node, interface, &address));
    ck_assert((error == 0) == group_is_joined(&world.node, interface, &group));
    return error;
}

static int add_anycast(unsigned number)
{
    struct ipv6_address address = numbered("2001:db8:2::1:0", number), group = ipv6_solicited_node(&address);
    int error = anycast_add(&world.node, &world.node.interfaces[0], &address);
    scarce_memory_plenty();
    ck_assert((error == 0) == group_is_joined(&world.node, &world.node.interfaces[0], &group));
    return error;
}

START_TEST(addresses_of_others)
{
    for (unsigned i = 1; i <= MANY; i++) {
        insist(add_proxy, i);
        insist(add_anycast, MANY + i);
    }
    ck_assert_uint_gt(world.failed, 4);
}
END_TEST

static struct duplicate_probe probes[MANY];

static void probed(struct node *node, struct duplicate_probe *probe, bool duplicate, time_ns now)
{
    (void)node, (void)probe, (void)duplicate, (void)now;
    ck_abort_msg("no time has passed");
}

static int start_probe(unsigned number)
{
    struct ipv6_address address = numbered("2001:db8:3::", number), group = ipv6_solicited_node(&address);
    struct interface *interface = &world.node.interfaces[0];
    int error = duplicate_probe_start(&world.node, &probes[number], interface, &address, probed, 0);
    scarce_memory_plenty();
    ck_assert((error == 0) == probes[number].active);
    ck_assert((error == 0) == group_is_joined(&world.node, interface, &group));
    if (error != 0)
        duplicate_probe_cancel(&world.node, &probes[number]); /* harmless */
    return error;
}

static int start_advertiser(unsigned number)
{
    static const struct router_advertisement_configuration configuration = {
        .min_interval = SECONDS(3), .max_interval = SECONDS(4), .router_lifetime = 1800, .hop_limit = 64};
    (void)number;
    int error = router_advertiser_start(&world.node, &world.node.interfaces[0], &configuration, 0);
    scarce_memory_plenty();
    ck_assert((error == 0) == (world.node.interfaces[0].advertiser != NULL));
    return error;
}

START_TEST(advertiser)
{
    insist(start_advertiser, 0);
    ck_assert_uint_ge(world.failed, 1);
}
END_TEST

/* -- routes -- */

/* Lengths of all kinds, and none covers another. */
static struct ipv6_address destination_number(unsigned number)
{
    struct ipv6_address destination = numbered("2001:db8::", number);
    destination.octets[5] = (uint8_t)number;
    return destination;
}

static int add_route(unsigned number)
{
    if (!world.node.routes)
        world.node.routes = routing_table_new();
    if (!world.node.routes)
        return ERROR_MEMORY;
    struct route route = {.prefix = destination_number(number),
                          .prefix_length = (uint8_t)(48 + number),
                          .interface = (uint16_t)number};
    int error = routing_table_add(world.node.routes, &route);
    scarce_memory_plenty();
    for (unsigned i = 1; i < number; i++) { /* the others are as they were */
        struct ipv6_address destination = destination_number(i);
        ck_assert_ptr_nonnull(routing_table_lookup(world.node.routes, &destination));
        ck_assert_uint_eq(routing_table_lookup(world.node.routes, &destination)->interface, i);
    }
    return error;
}

START_TEST(routes)
{
    for (unsigned i = 1; i <= MANY; i++)
        insist(add_route, i);
    ck_assert_uint_gt(world.failed, 10);
}
END_TEST

/* -- applications -- */

static struct application applications[MANY];

static int bind_port(unsigned number)
{
    int error = udp_bind(&world.node, &applications[number], (uint16_t)(5000 + number));
    scarce_memory_plenty();
    ck_assert((error == 0) ==
              (ports_find(&world.node, NEXT_HEADER_UDP, (uint16_t)(5000 + number)) == &applications[number]));
    return error;
}

START_TEST(ports)
{
    for (unsigned i = 0; i < MANY; i++)
        insist(bind_port, i);
    ck_assert_uint_gt(world.failed, 3);
}
END_TEST

/* -- mobility -- */

static int enable_mobility(unsigned number)
{
    (void)number;
    return mobility_enable(&world.node, &correspondent_node_configuration_default, 0);
}

static int add_home_agent(unsigned number)
{
    struct ipv6_address address = address_from("2001:db8:1::1"), prefix = address_from("2001:db8:1::");
    (void)number;
    int error =
        mobility_add_home_agent(&world.node, &home_agent_configuration_default, 0, &address, &prefix, 64, 0);
    scarce_memory_plenty();
    ck_assert((error == 0) == (world.node.mobility->home_agent != NULL));
    return error;
}

static int serve(unsigned number)
{
    struct ipv6_address address = numbered("2001:db8:1::", number);
    return home_agent_serve(&world.node, &address);
}

START_TEST(home_agent)
{
    insist(add_address, 1);
    insist(enable_mobility, 0);
    insist(add_home_agent, 0);
    for (unsigned i = 0; i < MANY; i++)
        insist(serve, 100 + i);
    ck_assert_uint_gt(world.failed, 8);
}
END_TEST

static int add_mobile_node(unsigned number)
{
    struct ipv6_address home_address = address_from("2001:db8:1::100"), agent = address_from("2001:db8:1::1");
    (void)number;
    int error = mobility_add_mobile_node(&world.node, &mobile_node_configuration_default, 0, &home_address,
                                         64, &agent, 0);
    scarce_memory_plenty();
    ck_assert((error == 0) == (world.node.mobility->mobile_node != NULL));
    ck_assert((error == 0) == (address_find(&world.node, &home_address) != NULL));
    return error;
}

static int set_policy(unsigned number)
{
    struct ipv6_address peer = numbered("2001:db8:c::", number);
    int error = mobile_node_set_policy(&world.node, &peer, &mobile_node_configuration_default.default_policy);
    scarce_memory_plenty();
    ck_assert((error == 0) ==
              (mobile_home_find_entry(&world.node.mobility->mobile_node->home, &peer) != NULL));
    return error;
}

START_TEST(mobile_node)
{
    insist(enable_mobility, 0);
    insist(add_mobile_node, 0);
    for (unsigned i = 0; i < MANY; i++)
        insist(set_policy, i);
    for (unsigned i = 0; i < MANY; i++) {
        struct ipv6_address peer = numbered("2001:db8:c::", i);
        ck_assert_ptr_nonnull(mobile_home_find_entry(&world.node.mobility->mobile_node->home, &peer));
    }
    ck_assert_uint_gt(world.failed, MANY);
}
END_TEST

static struct static_key keys[MANY];

static int add_key(unsigned number)
{
    struct ipv6_address home_address = numbered("2001:db8:1::", number);
    keys[number] = (struct static_key){.kcn_length = 20, .home_nonce_length = 8, .care_of_nonce_length = 8};
    keys[number].kcn[0] = (uint8_t)number;
    keys[number].kcn[19] = 1;
    int error = correspondent_node_add_static_key(&world.node, &home_address, &keys[number]);
    scarce_memory_plenty();
    ck_assert_ptr_eq(correspondent_node_static_key(&world.node, &home_address),
                     error == 0 ? &keys[number] : NULL);
    return error;
}

START_TEST(static_keys)
{
    insist(enable_mobility, 0);
    for (unsigned i = 0; i < MANY; i++)
        insist(add_key, i);
    ck_assert_uint_gt(world.failed, MANY);
}
END_TEST

static struct binding_cache cache;

static int add_binding(unsigned number)
{
    struct ipv6_address home_address = numbered("2001:db8:1::", number);
    struct binding *binding = binding_cache_add(&cache, &home_address, nothing_due);
    scarce_memory_plenty();
    ck_assert_ptr_eq(binding_cache_find(&cache, &home_address), binding);
    return binding ? 0 : ERROR_MEMORY;
}

/* With buckets, it makes do with those it has. */
START_TEST(bindings)
{
    cache = (struct binding_cache){.count = 0};
    for (unsigned i = 0; i < MANY; i++)
        insist(add_binding, i);
    for (unsigned i = 0; i < MANY; i++) {
        struct ipv6_address home_address = numbered("2001:db8:1::", i);
        ck_assert_ptr_nonnull(binding_cache_find(&cache, &home_address));
    }
    ck_assert_uint_gt(world.failed, MANY / 2);
    binding_cache_free(&cache, &world.node.timers);
}
END_TEST

/* A correspondent without a nonce does not answer; one without room for another keeps that it has (5.2.8). */
START_TEST(nonces)
{
    struct nonce_table table;
    uint16_t index, same;
    nonce_table_init(&table, SECONDS(30), 0);
    scarce_memory_fail(1, 1);
    const struct nonce *nonce = nonce_current(&table, &world.recorder.environment, &index, 0);
    scarce_memory_plenty();
    ck_assert_ptr_null(nonce);
    ck_assert_ptr_nonnull(nonce_current(&table, &world.recorder.environment, &index, 0));
    for (unsigned i = 0; i < 16; i++) {
        scarce_memory_fail(1, 1);
        nonce_supersede(&table, index, 0);
        scarce_memory_plenty();
        ck_assert_ptr_nonnull(nonce_current(&table, &world.recorder.environment, &same, 0));
        if (scarce_memory_failures() > 0)
            ck_assert_uint_eq(same, index);
        else
            ck_assert_uint_ne(same, index);
        index = same;
    }
    ck_assert_uint_eq(scarce_memory_failures(), 1);
    nonce_table_free(&table);
}
END_TEST

/* -- IPsec -- */

static struct esp_engine *engine;

static int protect(unsigned number)
{
    struct ipsec_configuration configuration = {
        .engine = engine,
        .home_address = numbered("2001:db8:1::", number + 1),
        .home_agent = address_from("2001:db8:1::ffff"),
        .role = IPSEC_HOME_AGENT,
        .encryption = ESP_AES_CBC,
        .integrity = ESP_HMAC_SHA1_96,
        .encryption_key_length = 16,
    };
    for (unsigned i = 0; i < ASSOCIATION_USES; i++)
        configuration.associations[i].spi = 0x1000 + number * ASSOCIATION_USES + i;
    return ipsec_protect(&world.node, &configuration);
}

START_TEST(protections)
{
    engine = esp_engine_new();
    for (unsigned i = 0; i < MANY; i++)
        insist(protect, i);
    ck_assert_uint_gt(world.failed, MANY);
    scarce_memory_fail(1, 1);
    struct esp_engine *none = esp_engine_new();
    scarce_memory_plenty();
    ck_assert_ptr_null(none);
    ipsec_free(&world.node);
    esp_engine_free(engine);
    esp_engine_free(NULL);
}
END_TEST

/* -- neighbors: the entry is not made, and the packet that needed it is told lost -- */

START_TEST(neighbors)
{
    struct ipv6_address from = address_from("2001:db8:1::1");
    recording_link(&world.recorder, &world.node, 0, true, 0);
    ck_assert_int_eq(address_add(&world.node, 0, &from, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    recording_run(&world.recorder, &world.node, SECONDS(3));
    for (unsigned i = 0; i < MANY; i++) {
        for (unsigned nth = 1;; nth++) {
            recording_environment_clear(&world.recorder);
            struct outbound out = OUTBOUND_INITIALIZER;
            out.source = from;
            out.destination = numbered("2001:db8:1::", 0x100 + i);
            out.packet = recording_packet(&world.recorder, "data", 4);
            out.interface = &world.node.interfaces[0];
            out.next_hop = &out.destination;
            scarce_memory_fail(nth, 1);
            (void)udp_send(&world.node, &out, 1, 2, SECONDS(3));
            unsigned failures = scarce_memory_failures();
            scarce_memory_plenty();
            world.failed += failures;
            if (failures == 0)
                break;
            if (neighbor_lookup(&world.node.interfaces[0], &out.destination) == NULL)
                ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_RESOLUTION_QUEUE);
            else
                break; /* the cache has not grown, and the chain has */
        }
    }
    ck_assert_uint_gt(world.failed, MANY / 2);
}
END_TEST

/* -- a home registration, with the home address and the link-local one to be defended -- */

static struct home_agent_fixture agent;

static void open_agent(bool detection)
{
    world.blocks = scarce_memory_blocks();
    home_agent_fixture_prepare(&agent);
    agent.operator_says.duplicate_detection = detection;
    home_agent_fixture_open(&agent);
    scarce_memory_spare("realloc"); /* timers are vital */
}

/* RFC 6275, 9.5.1: 130, and nothing of it is left; or all of it. */
START_TEST(home_registrations)
{
    unsigned refused = 0;
    open_agent(_i == 1);
    time_ns now = SETTLED;
    for (unsigned nth = 1;; nth++, now += SECONDS(10)) {
        const struct agent_update update = {.sequence = 16 + nth, .lifetime = 1000, .link_local = true};
        scarce_memory_fail(nth, 1);
        agent_hears_update(&agent, &update, now);
        recording_run(&agent.recorder, &agent.node, now + SECONDS(2));
        unsigned failures = scarce_memory_failures();
        scarce_memory_plenty();
        const struct protocol_event *acknowledgement = agent_acknowledgement(&agent);
        ck_assert_ptr_nonnull(acknowledgement);
        if (acknowledgement->status == BINDING_ACCEPTED) {
            ck_assert(agent_is_bound_to(&agent, CARE_OF));
            ck_assert(agent_is_proxied(&agent, HOME_ADDRESS) && agent_is_proxied(&agent, HOME_LINK_LOCAL));
            if (failures == 0)
                break;
            const struct agent_update deletion = {.sequence = 1016 + nth};
            agent_hears_update(&agent, &deletion, now + SECONDS(3));
            recording_run(&agent.recorder, &agent.node, now + SECONDS(20)); /* all forgotten */
            now += SECONDS(15);
        } else {
            ck_assert_int_eq(acknowledgement->status, BINDING_INSUFFICIENT_RESOURCES);
            ck_assert_ptr_null(agent_entry(&agent));
            ck_assert(!agent_is_proxied(&agent, HOME_ADDRESS) && !agent_is_proxied(&agent, HOME_LINK_LOCAL));
            ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 0);
            refused++;
        }
        recording_environment_clear(&agent.recorder);
        ck_assert_uint_lt(nth, 60);
    }
    ck_assert_uint_ge(refused, 3);
    home_agent_fixture_close(&agent);
    ck_assert_uint_eq(scarce_memory_blocks(), world.blocks);
}
END_TEST

/* -- on purpose -- */

START_TEST(no_packet_pool)
{
    scarce_memory_fail(1, 1);
    struct packet_pool *pool = packet_pool_new();
    scarce_memory_plenty();
    ck_assert_ptr_null(pool);
    packet_pool_free(NULL);
}
END_TEST

START_TEST(a_packet_is_vital)
{
    static struct packet_pool *pool;
    pool = packet_pool_new();
    scarce_memory_fail_packets();
    if (!SCARCE_MEMORY_ABORTS()) {
        packet_new(pool, PACKET_HEADROOM, 100);
        ck_abort_msg("a packet from nowhere");
    }
    scarce_memory_plenty();
    if (!SCARCE_MEMORY_ABORTS()) {
        packet_new(pool, PACKET_HEADROOM, 10 * PACKET_LENGTH_MAX);
        ck_abort_msg("a packet beyond any size");
    }
    ck_assert_uint_eq(packet_pool_outstanding(pool), 0);
    packet_pool_free(pool);
}
END_TEST

static struct timer timers[2];

START_TEST(a_timer_is_vital)
{
    for (unsigned i = 0; i < 2; i++)
        timer_init(&timers[i], nothing_due);
    node_arm(&world.node, &timers[0], SECONDS(1)); /* needs no memory */
    scarce_memory_fail(1, 1);
    if (!SCARCE_MEMORY_ABORTS()) {
        node_arm(&world.node, &timers[1], SECONDS(2));
        ck_abort_msg("a timer that is not armed");
    }
    scarce_memory_plenty();
    ck_assert_int_eq(node_deadline(&world.node), SECONDS(1)); /* and is as it was */
    node_arm(&world.node, &timers[1], MILLISECONDS(500));
    ck_assert_int_eq(node_deadline(&world.node), MILLISECONDS(500));
}
END_TEST

START_TEST(probes_of_others)
{
    for (unsigned i = 1; i < MANY; i++)
        insist(start_probe, i);
    ck_assert_uint_gt(world.failed, 4);
    for (unsigned i = 1; i < MANY; i++)
        duplicate_probe_cancel(&world.node, &probes[i]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("out of memory");
    TCase *setting_up = tcase_create("set up");
    tcase_add_checked_fixture(setting_up, set_up, tear_down);
    tcase_add_checked_fixture(setting_up, provide_timers, NULL);
    tcase_add_test(setting_up, nodes);
    tcase_add_test(setting_up, addresses);
    tcase_add_test(setting_up, addresses_of_others);
    tcase_add_test(setting_up, probes_of_others);
    tcase_add_test(setting_up, advertiser);
    tcase_add_test(setting_up, routes);
    tcase_add_test(setting_up, ports);
    tcase_add_test(setting_up, home_agent);
    tcase_add_test(setting_up, mobile_node);
    tcase_add_test(setting_up, static_keys);
    tcase_add_test(setting_up, bindings);
    tcase_add_test(setting_up, nonces);
    tcase_add_test(setting_up, protections);
    tcase_add_test(setting_up, neighbors);
    suite_add_tcase(suite, setting_up);
    TCase *registration = tcase_create("home registration");
    tcase_add_loop_test(registration, home_registrations, 0, 2);
    suite_add_tcase(suite, registration);
    TCase *purpose = tcase_create("on purpose");
    tcase_add_checked_fixture(purpose, set_up, tear_down);
    tcase_add_test(purpose, no_packet_pool);
    tcase_add_test(purpose, a_packet_is_vital);
    tcase_add_test(purpose, a_timer_is_vital);
    suite_add_tcase(suite, purpose);
    return run_suite(suite);
}
