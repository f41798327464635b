/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_router_discovery.c - what a host learns from routers, and how it asks (RFC 4861, 6.1.2, 6.3; RFC 6275,
 * 7). Frames are scapy's.
 */
#include "tests/unit/discovery.h"

/* ---- soliciting (6.3.7) ---- */

START_TEST(asks_three_times)
{
    struct world world;
    world_open(&world, plain_configuration(false), NODE_STATION);
    world_link(&world, true, 0);
    world_run(&world, SECONDS(30));
    expect_frame_at(&world, DETECTION_LINK_LOCAL, 0);
    expect_frame_at(&world, ROUTER_SOLICITATION_ANONYMOUS, 0); /* the address is tentative */
    expect_frame_at(&world, ROUTER_SOLICITATION, SECONDS(4));
    expect_frame_at(&world, ROUTER_SOLICITATION, SECONDS(8));
    expect_no_more_frames(&world);
    ck_assert_ptr_null(world.interface->solicitor);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
    world_close(&world);
}
END_TEST

START_TEST(delays_the_first_question_at_random)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    router_solicit(&world.node, world.interface, true, SECONDS(1));
    time_ns first = node_deadline(&world.node);
    ck_assert_int_gt(first, SECONDS(1));
    ck_assert_int_le(first, SECONDS(2));
    world_run(&world, SECONDS(2));
    expect_frame_at(&world, ROUTER_SOLICITATION, first);
    world_close(&world);
}
END_TEST

START_TEST(two_wishes_are_one_question)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    router_solicit(&world.node, world.interface, true, SECONDS(1));
    router_solicit(&world.node, world.interface, false, SECONDS(1));
    world_run(&world, SECONDS(3));
    expect_frame_at(&world, ROUTER_SOLICITATION, SECONDS(1));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(stops_asking_when_a_router_answers)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    router_solicit(&world.node, world.interface, false, SECONDS(1));
    world_run(&world, SECONDS(1));
    expect_frame(&world, ROUTER_SOLICITATION);
    world_receive(&world, ADVERTISEMENT_WITHDRAWN, SECONDS(2)); /* not a default router: go on */
    ck_assert_ptr_nonnull(world.interface->solicitor);
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(3));
    ck_assert_ptr_null(world.interface->solicitor);
    world_run(&world, SECONDS(30));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(asks_once_even_if_it_has_heard)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    router_solicit(&world.node, world.interface, true, SECONDS(1));
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(1));
    ck_assert_ptr_nonnull(world.interface->solicitor);
    world_run(&world, SECONDS(30));
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 1);
    ck_assert_ptr_null(world.interface->solicitor);
    world_close(&world);
}
END_TEST

START_TEST(routers_do_not_ask)
{
    struct world world;
    world_open_quiet(&world, true, ROUTER_STATION);
    router_solicit(&world.node, world.interface, false, 1);
    ck_assert_ptr_null(world.interface->solicitor);
    world_close(&world);
}
END_TEST

START_TEST(does_not_ask_while_down)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    router_solicit(&world.node, world.interface, false, 1);
    world_link(&world, false, 1);
    ck_assert_ptr_null(world.interface->solicitor);
    world_run(&world, SECONDS(30));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* An optimistic source must not have its link-layer address told (RFC 4429, 3.2). */
START_TEST(optimistic_hosts_do_not_tell_their_station)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    configuration.optimistic_duplicate_detection = true;
    world_open(&world, configuration, NODE_STATION);
    world_link(&world, true, 0);
    world_run(&world, SECONDS(2));
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(2));
    world_run(&world, SECONDS(5));
    forget_frames(&world);
    struct ethernet_address station = ROUTER_STATION;
    struct ipv6_address router = address_from(ROUTER_LOCAL), local = address_from(NODE_LOCAL);
    /* The link-local address made anew, while the router's station is known. */
    ck_assert_ptr_nonnull(neighbor_learn(&world.node, world.interface, &router, &station, true, SECONDS(5)));
    ck_assert_int_eq(address_remove(&world.node, &local, SECONDS(5)), 0);
    ck_assert_int_eq(address_add(&world.node, 0, &local, 64, ADDRESS_LINK_LOCAL, true, true, SECONDS(5)), 0);
    ck_assert_int_eq(world_address(&world, NODE_LOCAL)->state, ADDRESS_OPTIMISTIC);
    router_solicit(&world.node, world.interface, false, SECONDS(5));
    world_run(&world, SECONDS(5));
    expect_frame(&world, DETECTION_LINK_LOCAL);
    expect_frame(&world, ROUTER_SOLICITATION_OPTIMISTIC);
    world_close(&world);
}
END_TEST

/* ---- learning (6.3.4) ---- */

START_TEST(learns_all_there_is)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    world_receive(&world, ADVERTISEMENT_MOBILE, SECONDS(1));
    struct ipv6_address router = address_from(ROUTER_LOCAL), near = address_from("2001:db8:1::77");
    struct default_router *known = default_router_find(world.interface, &router);
    ck_assert_ptr_nonnull(known);
    ck_assert_ptr_eq(default_router_select(&world.node, NULL), known);
    ck_assert_ptr_eq(default_router_select(&world.node, world.interface), known);
    ck_assert_int_eq(known->expires, SECONDS(1801));
    ck_assert_uint_eq(known->advertisement_interval_ms, 90);
    ck_assert_uint_eq(world.interface->hop_limit, 64);
    ck_assert_uint_eq(world.interface->mtu, 1400);
    ck_assert_uint_eq(world.interface->retransmission_ms, 500);
    ck_assert_uint_eq(world.interface->base_reachable_time_ms, 20000);
    ck_assert_uint_ge(world.interface->reachable_time_ms, 10000);
    ck_assert_uint_le(world.interface->reachable_time_ms, 30000);
    ck_assert(prefix_is_on_link(world.interface, &near));
    ck_assert(world_neighbor(&world, ROUTER_LOCAL)->is_router);
    ck_assert_int_eq(world_neighbor(&world, ROUTER_LOCAL)->state, NEIGHBOR_STALE);
    ck_assert_int_eq(world_address(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    ck_assert_int_eq(world_address(&world, NODE_GLOBAL)->valid_until, SECONDS(2592001));
    world_close(&world);
}
END_TEST

START_TEST(unspecified_values_change_nothing)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    world.interface->hop_limit = 33;
    world_receive(&world, ADVERTISEMENT_SHORT, SECONDS(1));
    ck_assert_uint_eq(world.interface->hop_limit, 33);
    ck_assert_uint_eq(world.interface->mtu, 1500);
    ck_assert_uint_eq(world.interface->retransmission_ms, RETRANS_TIMER_MS);
    ck_assert_uint_eq(world.interface->base_reachable_time_ms, REACHABLE_TIME_MS);
    world_close(&world);
}
END_TEST

START_TEST(what_is_not_repeated_ends)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    struct ipv6_address near = address_from("2001:db8:1::77");
    world_receive(&world, ADVERTISEMENT_SHORT, SECONDS(1));
    world_receive(&world, ADVERTISEMENT_SHORT, SECONDS(31));
    world_run(&world, SECONDS(91) - 1);
    ck_assert(prefix_is_on_link(world.interface, &near));
    ck_assert_int_eq(world_address(&world, NODE_GLOBAL)->state, ADDRESS_DEPRECATED);
    world_run(&world, SECONDS(91));
    ck_assert(!prefix_is_on_link(world.interface, &near));
    ck_assert_ptr_null(world_address(&world, NODE_GLOBAL));
    world_run(&world, SECONDS(1831) - 1);
    ck_assert_ptr_nonnull(world.interface->default_routers);
    world_run(&world, SECONDS(1831));
    ck_assert_ptr_null(world.interface->default_routers);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
    world_close(&world);
}
END_TEST

START_TEST(lifetime_zero_ends_at_once)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(1));
    world_receive(&world, ADVERTISEMENT_WITHDRAWN, SECONDS(2));
    ck_assert_ptr_null(world.interface->default_routers);
    ck_assert_ptr_null(world.interface->prefixes);
    ck_assert_int_eq(world_address(&world, NODE_GLOBAL)->state, ADDRESS_DEPRECATED);
    ck_assert_int_eq(world_address(&world, NODE_GLOBAL)->valid_until, SECONDS(7202));
    world_close(&world);
}
END_TEST

START_TEST(repetition_costs_no_timer)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(1));
    time_ns deadline = node_deadline(&world.node);
    uint32_t armed = world.node.timers.armed;
    for (int i = 0; i < 100; i++)
        world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(2) + MILLISECONDS(50 * i));
    ck_assert_uint_eq(world.node.timers.armed, armed);
    ck_assert_int_eq(node_deadline(&world.node), deadline);
    world_run(&world, SECONDS(1802)); /* a wake in vain */
    ck_assert_ptr_nonnull(world.interface->default_routers);
    world_close(&world);
}
END_TEST

START_TEST(autoconfiguration_can_be_off)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    configuration.stateless_autoconfiguration = false;
    world_open(&world, configuration, NODE_STATION);
    world_link(&world, true, 0);
    world_receive(&world, ADVERTISEMENT_PLAIN, 1);
    ck_assert_ptr_null(world_address(&world, NODE_GLOBAL));
    ck_assert_ptr_nonnull(world.interface->prefixes);
    world_close(&world);
}
END_TEST

START_TEST(routers_learn_only_the_neighbor)
{
    struct world world;
    world_open_quiet(&world, true, NODE_STATION);
    world_receive(&world, ADVERTISEMENT_MOBILE, 1);
    ck_assert_ptr_null(world.interface->default_routers);
    ck_assert_ptr_null(world.interface->prefixes);
    ck_assert_ptr_null(world_address(&world, NODE_GLOBAL));
    ck_assert_uint_eq(world.interface->mtu, 1500);
    ck_assert(world_neighbor(&world, ROUTER_LOCAL)->is_router);
    world_close(&world);
}
END_TEST

/* ---- checks (6.1.2) ---- */

/* ADVERTISEMENT_PLAIN but for one octet and, if not 0, its length. Returns that. */
static size_t changed_advertisement(uint8_t octets[256], unsigned at, uint8_t octet, size_t length)
{
    size_t whole = octets_from(ADVERTISEMENT_PLAIN, octets, 256);
    const size_t message = ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH;
    octets[at] = octet;
    if (length == 0)
        length = whole;
    octets[ETHERNET_HEADER_LENGTH + 5] = (uint8_t)(length - message);
    octets[message + 2] = octets[message + 3] = 0;
    struct ipv6_address source = ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE);
    uint16_t checksum =
        ipv6_checksum(&source, &ipv6_all_nodes, NEXT_HEADER_ICMPV6, octets + message, length - message);
    octets[message + 2] = (uint8_t)(checksum >> 8);
    octets[message + 3] = (uint8_t)checksum;
    return length;
}

static void refused(struct world *world, unsigned at, uint8_t octet, size_t length)
{
    uint8_t octets[256];
    length = changed_advertisement(octets, at, octet, length);
    uint32_t before = world->node.discards;
    recording_receive(&world->recorder, &world->node, 0, octets, length, 1);
    ck_assert_uint_eq(world->node.discards, before + 1);
    ck_assert_int_eq(recording_last_discard(&world->recorder), DISCARD_NEIGHBOR_DISCOVERY);
    ck_assert_ptr_null(world->interface->default_routers);
    ck_assert_uint_eq(world->interface->neighbors.count, 0);
}

START_TEST(refuses_invalid_advertisements)
{
    struct world world;
    const unsigned message = ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH;
    world_open_quiet(&world, false, NODE_STATION);
    refused(&world, ETHERNET_HEADER_LENGTH + IPV6_AT_HOP_LIMIT, 254, 0);
    refused(&world, ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE, 0x20, 0); /* not link-local */
    refused(&world, message + 1, 1, 0);                                /* code */
    refused(&world, message, 134, message + 15);                       /* short */
    refused(&world, message + 17, 0, 0);                               /* option of length 0 */
    refused(&world, message + 25, 5, 0);                               /* option beyond the end */
    world_close(&world);
}
END_TEST

/* What the last one said is kept, in case that the next has the same octets. */
START_TEST(heeds_each_advertisement)
{
    struct world world;
    uint8_t octets[256];
    const unsigned message = ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH;
    struct ipv6_address router = address_from(ROUTER_LOCAL);
    world_open_quiet(&world, false, NODE_STATION);
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(1));
    struct default_router *known = default_router_find(world.interface, &router);
    ck_assert_int_eq(known->expires, SECONDS(1801));
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(2));
    ck_assert_int_eq(known->expires, SECONDS(1802));
    size_t length = changed_advertisement(octets, message + 7, 0x09, 0); /* lifetime 0x0709 for 0x0708 */
    recording_receive(&world.recorder, &world.node, 0, octets, length, SECONDS(3));
    ck_assert_int_eq(known->expires, SECONDS(1804));
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(4));
    ck_assert_int_eq(known->expires, SECONDS(1804));
    length = changed_advertisement(octets, ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE + 15, 0x77, 0);
    recording_receive(&world.recorder, &world.node, 0, octets, length, SECONDS(5));
    ck_assert_ptr_nonnull(known->next); /* another router */
    ck_assert_int_eq(known->next->expires, SECONDS(1805));
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(6));
    uint32_t before = world.node.discards;
    length = changed_advertisement(octets, ETHERNET_HEADER_LENGTH + IPV6_AT_HOP_LIMIT, 254, 0);
    recording_receive(&world.recorder, &world.node, 0, octets, length, SECONDS(7));
    ck_assert_uint_eq(world.node.discards, before + 1); /* the same octets, from elsewhere */
    ck_assert_int_eq(known->expires, SECONDS(1806));
    world_close(&world);
}
END_TEST

/* ---- choosing (6.3.6) ---- */

static struct received_router_advertisement *heard;
static bool obey;
static unsigned processed;

static bool hears(struct node *node, struct interface *interface,
                  const struct received_router_advertisement *advertisement, time_ns now)
{
    (void)node;
    (void)now;
    ck_assert_ptr_null(interface->default_routers);
    *heard = *advertisement;
    return obey;
}

static void has_processed(struct node *node, struct interface *interface,
                          const struct received_router_advertisement *advertisement, time_ns now)
{
    (void)node;
    (void)now;
    (void)advertisement;
    ck_assert_ptr_nonnull(interface->default_routers);
    ck_assert_ptr_nonnull(interface->prefixes);
    processed++;
}

static const struct node_extension listens = {
    .router_advertisement = hears,
    .router_advertisement_processed = has_processed,
};

START_TEST(the_extension_hears_first_and_may_refuse)
{
    struct world world;
    struct received_router_advertisement advertisement;
    world_open_quiet(&world, false, NODE_STATION);
    heard = &advertisement;
    processed = 0;
    obey = false;
    world.node.extension = &listens;
    world_receive(&world, ADVERTISEMENT_MOBILE, 1);
    ck_assert_ptr_null(world.interface->default_routers);
    ck_assert_uint_eq(processed, 0);
    struct ipv6_address router = address_from(ROUTER_LOCAL), global = address_from(ROUTER_GLOBAL);
    struct ethernet_address station = ROUTER_STATION;
    ck_assert(ipv6_address_equal(&advertisement.router, &router));
    ck_assert(advertisement.has_link_layer_address);
    ck_assert(ethernet_address_equal(&advertisement.link_layer_address, &station));
    ck_assert(advertisement.home_agent);
    ck_assert_uint_eq(advertisement.router_lifetime, 1800);
    ck_assert_uint_eq(advertisement.advertisement_interval_ms, 90);
    ck_assert(advertisement.has_home_agent_information);
    ck_assert_uint_eq(advertisement.home_agent_preference, 9);
    ck_assert_uint_eq(advertisement.home_agent_lifetime, 600);
    ck_assert_uint_eq(advertisement.mtu, 1400);
    ck_assert_uint_eq(advertisement.prefix_count, 1);
    ck_assert(advertisement.prefixes[0].router_address);
    ck_assert(ipv6_address_equal(&advertisement.prefixes[0].prefix, &global));
    obey = true;
    world_receive(&world, ADVERTISEMENT_MOBILE, 2);
    ck_assert_uint_eq(processed, 1);
    world_close(&world);
}
END_TEST

static void hear_router(struct world *world, uint8_t number, time_ns now)
{
    uint8_t octets[256];
    size_t length = octets_from(ADVERTISEMENT_PLAIN, octets, sizeof(octets));
    const size_t message = ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH;
    octets[ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE + 15] = number;
    octets[message + 16 + 7] = number; /* its station */
    octets[message + 2] = octets[message + 3] = 0;
    struct ipv6_address source = ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE);
    uint16_t checksum =
        ipv6_checksum(&source, &ipv6_all_nodes, NEXT_HEADER_ICMPV6, octets + message, length - message);
    octets[message + 2] = (uint8_t)(checksum >> 8);
    octets[message + 3] = (uint8_t)checksum;
    recording_receive(&world->recorder, &world->node, 0, octets, length, now);
}

static unsigned selected(const struct world *world)
{
    const struct default_router *router = default_router_select(&world->node, NULL);
    return router == NULL ? 0 : router->address.octets[15];
}

START_TEST(takes_another_router_when_one_fails)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    hear_router(&world, 1, 0);
    hear_router(&world, 2, 0);
    hear_router(&world, 3, 0);
    ck_assert_uint_eq(selected(&world), 1);
    for (uint8_t failing = 1; failing <= 3; failing++) {
        struct ipv6_address router = address_from("fe80::ff:fe00:0");
        router.octets[15] = failing;
        ck_assert_uint_eq(selected(&world), failing);
        neighbor_probe(&world.node, world.interface, &router, world.recorder.now);
        world_run(&world, world.recorder.now + SECONDS(3));
    }
    ck_assert_uint_eq(selected(&world), 1); /* all have failed: round again */
    hear_router(&world, 2, world.recorder.now);
    ck_assert_uint_eq(selected(&world), 2);
    world_close(&world);
}
END_TEST

START_TEST(lists_are_bounded)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    for (uint8_t i = 1; i < 100; i++)
        hear_router(&world, i, 0);
    unsigned routers = 0, prefixes = 0;
    for (const struct default_router *router = world.interface->default_routers; router;
         router = router->next)
        routers++;
    ck_assert_uint_eq(routers, 16);
    ck_assert_uint_eq(selected(&world), 1);
    struct ipv6_address prefix = address_from("2001:db8::");
    for (uint8_t i = 1; i < 100; i++) {
        prefix.octets[5] = i;
        int error = prefix_add(&world.node, world.interface, &prefix, 64, SECONDS(i), 0);
        ck_assert(error == 0 || error == ERROR_CAPACITY);
    }
    for (const struct on_link_prefix *known = world.interface->prefixes; known; known = known->next)
        prefixes++;
    ck_assert_uint_eq(prefixes, 64);
    ck_assert_int_eq(prefix_add(&world.node, world.interface, &prefix, 129, SECONDS(1), 0), ERROR_ARGUMENT);
    world_close(&world);
}
END_TEST

START_TEST(prefixes_of_any_length)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    struct ipv6_address prefix = address_from("2001:db8:1:2:fff0::");
    struct ipv6_address inside = address_from("2001:db8:1:2:ffff::1"),
                        outside = address_from("2001:db8:1:2:ffe0::1");
    ck_assert_int_eq(prefix_add(&world.node, world.interface, &prefix, 76, TIME_NEVER, 0), 0);
    ck_assert(prefix_is_on_link(world.interface, &inside));
    ck_assert(!prefix_is_on_link(world.interface, &outside));
    struct ipv6_address local = address_from("fe80::99");
    ck_assert(prefix_is_on_link(world.interface, &local));
    ck_assert_int_eq(prefix_add(&world.node, world.interface, &prefix, 76, 0, 0), 0); /* over */
    ck_assert(!prefix_is_on_link(world.interface, &inside));
    world_close(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("router discovery");
    TCase *tests = tcase_create("soliciting");
    tcase_add_test(tests, asks_three_times);
    tcase_add_test(tests, delays_the_first_question_at_random);
    tcase_add_test(tests, two_wishes_are_one_question);
    tcase_add_test(tests, stops_asking_when_a_router_answers);
    tcase_add_test(tests, asks_once_even_if_it_has_heard);
    tcase_add_test(tests, routers_do_not_ask);
    tcase_add_test(tests, does_not_ask_while_down);
    tcase_add_test(tests, optimistic_hosts_do_not_tell_their_station);
    suite_add_tcase(suite, tests);
    tests = tcase_create("learning");
    tcase_add_test(tests, learns_all_there_is);
    tcase_add_test(tests, heeds_each_advertisement);
    tcase_add_test(tests, unspecified_values_change_nothing);
    tcase_add_test(tests, what_is_not_repeated_ends);
    tcase_add_test(tests, lifetime_zero_ends_at_once);
    tcase_add_test(tests, repetition_costs_no_timer);
    tcase_add_test(tests, autoconfiguration_can_be_off);
    tcase_add_test(tests, routers_learn_only_the_neighbor);
    tcase_add_test(tests, refuses_invalid_advertisements);
    tcase_add_test(tests, the_extension_hears_first_and_may_refuse);
    tcase_add_test(tests, takes_another_router_when_one_fails);
    tcase_add_test(tests, lists_are_bounded);
    tcase_add_test(tests, prefixes_of_any_length);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
