/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_optimistic.c - addresses used before their test is over (RFC 4429). Frames are scapy's. */
#include "tests/unit/discovery.h"

static struct interface_address *known(const struct world *world, const char *address)
{
    struct interface_address *found = world_address(world, address);
    ck_assert_ptr_nonnull(found);
    return found;
}

static int add(struct world *world, const char *address, enum address_origin origin, bool detect)
{
    struct ipv6_address added = address_from(address);
    return address_add(&world->node, 0, &added, 64, origin, detect, true, world->recorder.now);
}

static struct node_configuration optimistic_configuration(void)
{
    struct node_configuration configuration = plain_configuration(false);
    configuration.optimistic_duplicate_detection = true;
    configuration.delay_duplicate_detection = true; /* which an optimistic node does not do */
    return configuration;
}

/* An optimistic global address since 3 s, from an advertisement. */
static void open_optimistic(struct world *world)
{
    world_open(world, optimistic_configuration(), NODE_STATION);
    world_link(world, true, 0);
    router_solicit_stop(&world->node, world->interface);
    world_run(world, SECONDS(3));
    forget_frames(world);
    world_receive(world, ADVERTISEMENT_PLAIN, SECONDS(3));
    ck_assert_int_eq(known(world, NODE_GLOBAL)->state, ADDRESS_OPTIMISTIC);
    world_run(world, SECONDS(3));
    expect_frame_at(world, DETECTION_GLOBAL, SECONDS(3));
}

START_TEST(optimistic_is_usable_at_once)
{
    struct world world;
    open_optimistic(&world);
    ck_assert_int_eq(recording_last_event(&world.recorder, EVENT_ADDRESS_USABLE)->time, SECONDS(3));
    world_receive(&world, SOLICITATION_TO_NODE, SECONDS(3) + 5);
    expect_frame(&world, OPTIMISTIC_ANSWER);
    world_run(&world, SECONDS(4));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_USABLE), 1);
    world_receive(&world, SOLICITATION_TO_NODE, SECONDS(4) + 5);
    expect_frame(&world, ANSWER_TO_NEIGHBOR);
    world_close(&world);
}
END_TEST

/* RFC 4429, 3.1: what somebody has typed in is not likely enough to be unique. */
START_TEST(optimistic_is_not_for_the_operators_addresses)
{
    struct world world;
    open_optimistic(&world);
    ck_assert_int_eq(add(&world, "2001:db8:1::9", ADDRESS_CONFIGURED, true), 0);
    ck_assert_int_eq(known(&world, "2001:db8:1::9")->state, ADDRESS_TENTATIVE);
    world_close(&world);
}
END_TEST

/* RFC 4429, 2.1, 3.3: as good as a deprecated one, until its test is over. */
START_TEST(optimistic_is_not_preferred_as_source)
{
    struct world world;
    open_optimistic(&world);
    world_add(&world, "2001:db8:9::9");
    struct ipv6_address near = address_from("2001:db8:1::77"), source;
    ck_assert(ipv6_choose_source(&world.node, &near, NULL, &source, world.recorder.now));
    ck_assert(ipv6_address_equal(&source, &known(&world, "2001:db8:9::9")->address));
    world_run(&world, SECONDS(4));
    ck_assert(ipv6_choose_source(&world.node, &near, NULL, &source, world.recorder.now));
    ck_assert(ipv6_address_equal(&source, &known(&world, NODE_GLOBAL)->address));
    world_close(&world);
}
END_TEST

START_TEST(optimistic_yields_to_duplicates)
{
    struct world world;
    open_optimistic(&world);
    world_receive(&world, RIVAL_DETECTION, SECONDS(3) + 5);
    expect_no_more_frames(&world); /* not defended */
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DUPLICATE);
    world_close(&world);
}
END_TEST

START_TEST(optimistic_does_not_resolve)
{
    struct world world;
    open_optimistic(&world);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1),
                   &neighbor, SECONDS(3));
    expect_numbered(&world, 1, ROUTER_STATION); /* by the default router */
    ck_assert_ptr_null(world_neighbor(&world, NEIGHBOR_GLOBAL));
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_LOCAL, NEIGHBOR_GLOBAL, 2),
                   &neighbor, SECONDS(3));
    expect_frame(&world, SOLICITATION_FROM_LINK_LOCAL);
    world_close(&world);
}
END_TEST

START_TEST(optimistic_packets_wait_without_a_router)
{
    struct world world;
    open_optimistic(&world);
    router_discovery_flush(&world.node, world.interface);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1),
                   &neighbor, SECONDS(3));
    expect_no_more_frames(&world);
    world_run(&world, SECONDS(4)); /* the test is over: now it is resolved */
    expect_frame_at(&world, SOLICITATION_FROM_NODE, SECONDS(4));
    world_receive(&world, ANSWER_FROM_NEIGHBOR, SECONDS(4) + 5);
    expect_numbered(&world, 1, NEIGHBOR_STATION);
    world_close(&world);
}
END_TEST

START_TEST(not_optimistic_without_the_routers_station)
{
    struct world world;
    world_open(&world, optimistic_configuration(), NODE_STATION);
    world_link(&world, true, 0);
    ck_assert_int_eq(known(&world, NODE_LOCAL)->state, ADDRESS_TENTATIVE);
    world_run(&world, SECONDS(3));
    world_receive(&world, ADVERTISEMENT_WITHOUT_STATION, SECONDS(3));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_TENTATIVE);
    ck_assert_int_eq(add(&world, HOME_ADDRESS, ADDRESS_CONFIGURED, true), 0);
    ck_assert_int_eq(known(&world, HOME_ADDRESS)->state, ADDRESS_TENTATIVE);
    world_close(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("optimistic addresses");
    TCase *tests = tcase_create("optimistic addresses");
    tcase_add_test(tests, optimistic_is_usable_at_once);
    tcase_add_test(tests, optimistic_is_not_for_the_operators_addresses);
    tcase_add_test(tests, optimistic_is_not_preferred_as_source);
    tcase_add_test(tests, optimistic_yields_to_duplicates);
    tcase_add_test(tests, optimistic_does_not_resolve);
    tcase_add_test(tests, optimistic_packets_wait_without_a_router);
    tcase_add_test(tests, not_optimistic_without_the_routers_station);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
