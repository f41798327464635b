/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_neighbor_cache.c - what the Neighbor Cache gives up when it is full, and the interfaces that have none
 * (RFC 4861, 5.1, 7.3.3; RFC 4429, 3.2). The states of its entries are test_neighbor_discovery.c's.
 */
#include "tests/unit/discovery.h"

static struct world world;

static void set_up(void)
{
    world_open_quiet(&world, false, NODE_STATION);
    world_add(&world, NODE_GLOBAL);
    forget_frames(&world);
}

static void tear_down(void)
{
    world_close(&world);
}

static struct ipv6_address neighbor_number(uint32_t number)
{
    struct ipv6_address address = address_from("2001:db8:1:0:1::");
    for (unsigned i = 0; i < 4; i++)
        address.octets[12 + i] = (uint8_t)(number >> 8 * (3 - i));
    return address;
}

enum kind { ROUTER, REACHABLE, STALE, INCOMPLETE, KINDS };

static void make(enum kind kind, uint32_t number, time_ns now)
{
    struct ethernet_address station = NEIGHBOR_STATION;
    struct ipv6_address address = neighbor_number(number);
    if (kind == INCOMPLETE) {
        neighbor_probe(&world.node, world.interface, &address, now);
        return;
    }
    neighbor_learn(&world.node, world.interface, &address, &station, kind == ROUTER, now);
    if (kind == REACHABLE)
        neighbor_confirm(&world.node, world.interface, &address, now);
}

static enum kind kind_of(const struct neighbor *neighbor, time_ns now)
{
    if (neighbor->is_router)
        return ROUTER;
    switch (neighbor_state_at(neighbor, now)) {
    case NEIGHBOR_REACHABLE:
        return REACHABLE;
    case NEIGHBOR_INCOMPLETE:
        return INCOMPLETE;
    default:
        return STALE;
    }
}

static void count(unsigned counts[KINDS], time_ns now)
{
    memset(counts, 0, KINDS * sizeof(counts[0]));
    for (uint32_t i = 0; i < NEIGHBORS_MAX; i++) {
        struct ipv6_address address = neighbor_number(i);
        const struct neighbor *neighbor = neighbor_lookup(world.interface, &address);
        if (neighbor)
            counts[kind_of(neighbor, now)]++;
    }
}

/* A quarter of each kind but the first `spared`, then a hundred more: who goes is of the least attached
 * kind. */
START_TEST(the_least_attached_gives_way)
{
    static const enum kind order[] = {STALE, INCOMPLETE, REACHABLE, ROUTER}; /* as they go */
    unsigned kinds = KINDS - (unsigned)_i, before[KINDS], after[KINDS];
    world.recorder.environment.watch = 0;
    for (uint32_t i = 0; i < NEIGHBORS_MAX; i++)
        make(order[(unsigned)_i + i % kinds], i, 0);
    ck_assert_uint_eq(world.interface->neighbors.count, NEIGHBORS_MAX);
    count(before, 1);
    struct ethernet_address station = NEIGHBOR_STATION;
    for (uint32_t i = 0; i < 100; i++) {
        struct ipv6_address address = neighbor_number(NEIGHBORS_MAX + i);
        ck_assert_ptr_nonnull(neighbor_learn(&world.node, world.interface, &address, &station, true, 1));
    }
    ck_assert_uint_eq(world.interface->neighbors.count, NEIGHBORS_MAX);
    count(after, 1);
    /* The newcomers are routers, so they do not make room for each other. */
    for (unsigned i = 0; i < KINDS; i++)
        ck_assert_uint_eq(before[order[i]] - after[order[i]], i == (unsigned)_i && i < 3 ? 100
                                                              : i == 3 && _i == 3
                                                                  ? before[ROUTER] - after[ROUTER]
                                                                  : 0);
}
END_TEST

/* Who waits for a neighbor that is given up is told (7.2.2 tells of a queue that overflows). */
START_TEST(what_waited_for_it_is_told_lost)
{
    world.recorder.environment.watch = UINT64_C(1) << EVENT_PACKET_DISCARDED;
    for (uint32_t i = 0; i < NEIGHBORS_MAX; i++) {
        struct ipv6_address address = neighbor_number(i);
        for (uint8_t j = 0; j < 2; j++)
            interface_send(&world.node, world.interface,
                           numbered_packet(&world, NODE_GLOBAL, "2001:db8:1::1", j), &address, 0);
    }
    forget_frames(&world);
    struct ethernet_address station = NEIGHBOR_STATION;
    struct ipv6_address newcomer = neighbor_number(NEIGHBORS_MAX);
    ck_assert_ptr_nonnull(neighbor_learn(&world.node, world.interface, &newcomer, &station, false, 0));
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_PACKET_DISCARDED), 2);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_RESOLUTION_QUEUE);
    ck_assert_uint_eq(world.interface->neighbors.count, NEIGHBORS_MAX);
}
END_TEST

/* Packets to addresses that nobody has: entries, packets and timers stay bounded, and all go away. */
START_TEST(unanswered_floods_pass)
{
    world.recorder.environment.watch = 0;
    for (uint32_t i = 0; i < 1000; i++) {
        struct ipv6_address address = neighbor_number(i);
        for (uint8_t j = 0; j < 5; j++)
            interface_send(&world.node, world.interface,
                           numbered_packet(&world, NODE_GLOBAL, "2001:db8:1::1", j), &address, 0);
    }
    ck_assert_uint_eq(world.interface->neighbors.count, 1000);
    ck_assert_uint_eq(world.node.discards, 2000);
    world_run(&world, SECONDS(3));
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
    ck_assert_uint_eq(world.node.discards, 5000);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
}
END_TEST

START_TEST(flushing_counts_what_waited)
{
    struct ipv6_address address = neighbor_number(1);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, "2001:db8:1::1", 1),
                   &address, 0);
    neighbors_flush(&world.node, world.interface);
    ck_assert_uint_eq(world.node.discards, 1);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
}
END_TEST

/* Reachability is of a neighbor whose station is known. */
START_TEST(an_unresolved_neighbor_is_not_confirmed)
{
    struct ipv6_address address = neighbor_number(1);
    make(INCOMPLETE, 1, 0);
    neighbor_confirm(&world.node, world.interface, &address, 0);
    ck_assert_int_eq(neighbor_lookup(world.interface, &address)->state, NEIGHBOR_INCOMPLETE);
    neighbor_forget(&world.node, world.interface, &address); /* nor forgotten: packets wait */
    ck_assert_ptr_nonnull(neighbor_lookup(world.interface, &address));
    address = neighbor_number(2);
    neighbor_confirm(&world.node, world.interface, &address, 0);
    neighbor_forget(&world.node, world.interface, &address);
    ck_assert_ptr_null(neighbor_lookup(world.interface, &address));
}
END_TEST

/* A station that is a group is no neighbor's. */
START_TEST(a_group_is_nobodys_station)
{
    struct ethernet_address group = {{0x33, 0x33, 0, 0, 0, 1}};
    struct ipv6_address address = neighbor_number(1);
    ck_assert_ptr_null(neighbor_learn(&world.node, world.interface, &address, &group, false, 0));
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
}
END_TEST

/* ---- interfaces that cannot send ---- */

static enum discard_reason try_both_ways(void)
{
    struct ethernet_address station = NEIGHBOR_STATION;
    struct ipv6_address address = neighbor_number(1);
    forget_frames(&world);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1),
                   &address, 0);
    enum discard_reason resolved = recording_last_discard(&world.recorder);
    interface_send_to(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2),
                      &station, 0);
    ck_assert_int_eq(recording_last_discard(&world.recorder), resolved);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_PACKET_DISCARDED), 2);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 0);
    return resolved;
}

/* RFC 4862, 5.4.5: an interface whose link-local address is somebody else's is silent. */
START_TEST(an_interface_that_is_off_sends_nothing)
{
    world.interface->disabled = true;
    ck_assert_int_eq(try_both_ways(), DISCARD_DUPLICATE_ADDRESS);
    world_link(&world, false, 0);
    ck_assert_int_eq(try_both_ways(), DISCARD_INTERFACE_DOWN);
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
}
END_TEST

/* There is nothing to resolve where there is only one other end. */
START_TEST(a_point_to_point_link_has_no_neighbors)
{
    struct ethernet_address station = NEIGHBOR_STATION;
    struct ipv6_address address = address_from(NEIGHBOR_GLOBAL);
    node_configure_interface(&world.node, 0, INTERFACE_POINT_TO_POINT, &station, 1500);
    ck_assert_ptr_null(neighbor_learn(&world.node, world.interface, &address, &station, false, 0));
    neighbor_probe(&world.node, world.interface, &address, 0);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 0);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1),
                   &address, 0);
    interface_send_to(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2),
                      &station, 0);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 2);
    for (unsigned i = 0; i < 2; i++)
        ck_assert_uint_eq(recording_frame(&world.recorder, i)->packet->length, IPV6_HEADER_LENGTH);
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
}
END_TEST

/* ---- addresses being tested (RFC 4429) ---- */

/* From an optimistic address nobody is solicited; a router whose station is not known is of no help, and the
 * packet waits until the address has been tested. */
START_TEST(an_optimistic_packet_waits_without_a_router)
{
    world.configuration.duplicate_detection_transmits = 1;
    world.configuration.optimistic_duplicate_detection = true;
    struct ipv6_address optimistic = address_from("2001:db8:1::77"), router = address_from(ROUTER_LOCAL);
    world_receive(&world, ADVERTISEMENT_PLAIN, 0);
    ck_assert_ptr_nonnull(default_router_select(&world.node, world.interface));
    ck_assert_int_eq(address_add(&world.node, 0, &optimistic, 64, ADDRESS_AUTOCONFIGURED, true, true, 0), 0);
    ck_assert_int_eq(address_find(&world.node, &optimistic)->state, ADDRESS_OPTIMISTIC);
    if (_i == 0)
        neighbor_forget(&world.node, world.interface, &router);
    world_run(&world, 0);
    forget_frames(&world);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    interface_send(&world.node, world.interface,
                   numbered_packet(&world, "2001:db8:1::77", NEIGHBOR_GLOBAL, 1), &neighbor, 0);
    if (_i == 0) {
        expect_no_more_frames(&world);
        ck_assert_int_eq(neighbor_lookup(world.interface, &neighbor)->state, NEIGHBOR_INCOMPLETE);
    } else {
        expect_numbered(&world, 1, ROUTER_STATION);
        ck_assert_ptr_null(neighbor_lookup(world.interface, &neighbor));
    }
    ck_assert_uint_eq(world.node.discards, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("neighbor cache");
    TCase *bounds = tcase_create("bounds");
    tcase_add_checked_fixture(bounds, set_up, tear_down);
    tcase_add_loop_test(bounds, the_least_attached_gives_way, 0, KINDS);
    tcase_add_test(bounds, what_waited_for_it_is_told_lost);
    tcase_add_test(bounds, unanswered_floods_pass);
    tcase_add_test(bounds, flushing_counts_what_waited);
    suite_add_tcase(suite, bounds);
    TCase *interfaces = tcase_create("neighbors and interfaces");
    tcase_add_checked_fixture(interfaces, set_up, tear_down);
    tcase_add_test(interfaces, an_unresolved_neighbor_is_not_confirmed);
    tcase_add_test(interfaces, a_group_is_nobodys_station);
    tcase_add_test(interfaces, an_interface_that_is_off_sends_nothing);
    tcase_add_test(interfaces, a_point_to_point_link_has_no_neighbors);
    tcase_add_loop_test(interfaces, an_optimistic_packet_waits_without_a_router, 0, 2);
    suite_add_tcase(suite, interfaces);
    return run_suite(suite);
}
