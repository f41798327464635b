/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_overlapping_links.c - a mobile node on two links at a time (RFC 6275, 11.5.4): the new care-of address
 * is configured and registered while packets come by the old link, packets are accepted at the previous
 * care-of address until that link is gone, and then its addresses are no more.
 */
#include <check.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/router_discovery.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

static struct world world;

/* The correspondent is farther from home than from the visited links: what is under way with a Home Address
 * option arrives before the update that deletes its binding. */
static const struct delays distances = {
    {MILLISECONDS(10), MILLISECONDS(14)}, MILLISECONDS(40), {MILLISECONDS(25), MILLISECONDS(31)}};

static void attach_other_visited_0(struct lab *lab, void *context)
{
    (void)context;
    lab_attach(lab, world.visited[0], world.mobile, 1);
}

static void attach_other_visited_1(struct lab *lab, void *context)
{
    (void)context;
    lab_attach(lab, world.visited[1], world.mobile, 1);
}

static void attach_other_home(struct lab *lab, void *context)
{
    (void)context;
    lab_attach(lab, world.home_lan, world.mobile, 1);
}

static void detach_other(struct lab *lab, void *context)
{
    (void)context;
    lab_detach(lab, world.mobile, 1);
}

static struct node *mobile(void)
{
    return lab_node(world.lab, world.mobile);
}

static void start(lab_action *attach)
{
    make_policy(&world);
    world.two_interfaces = true;
    build(&world, &distances);
    lab_at(world.lab, SECONDS(1), attach, &world);
    lab_run(world.lab, SECONDS(12));
}

static bool is_usable_on(const struct ipv6_address *address, unsigned interface)
{
    const struct interface_address *found = address_find(mobile(), address);
    return found && found->interface == interface && address_is_usable(found);
}

/* -- traffic both ways, from 12 s to `end`: how many got lost -- */

static const struct flow_configuration steady = {.interval = MILLISECONDS(10), .payload = 160};
static struct flow_source down, up;

static void begin_traffic(time_ns end)
{
    struct node *correspondent = lab_node(world.lab, world.correspondent);
    world.sinks[0] = world.sinks[1] = (struct flow_sink){.datagrams = 0};
    down = (struct flow_source){.configuration = &steady,
                                .destination = world.home_address,
                                .start = SECONDS(12),
                                .stop = end};
    up = (struct flow_source){.configuration = &steady,
                              .destination = world.correspondent_address,
                              .start = SECONDS(12),
                              .stop = end,
                              .flow = 1};
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile()), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    ck_assert_int_eq(flow_source_start(&down, correspondent, SECONDS(12)), 0);
    ck_assert_int_eq(flow_source_start(&up, mobile(), SECONDS(12)), 0);
}

static void end_traffic(void)
{
    flow_source_stop(&down);
    flow_source_stop(&up);
    flow_sink_stop(&world.sinks[0], mobile());
    flow_sink_stop(&world.sinks[1], lab_node(world.lab, world.correspondent));
}

static void ck_assert_nothing_lost(void)
{
    ck_assert_uint_gt(down.sequence, 100);
    ck_assert_uint_eq(world.sinks[0].datagrams, down.sequence);
    ck_assert_uint_eq(world.sinks[1].datagrams, up.sequence);
    ck_assert_uint_eq(up.refused, 0);
}

static void drop_all(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment,
                     void *context)
{
    (void)lab, (void)frame, (void)context;
    treatment->drop = true;
}

/* -- tests -- */

START_TEST(nothing_is_lost_between_visited_links)
{
    start(attach_visited_0);
    ck_assert_optimized(&world);
    struct ipv6_address previous = mobile_of(&world)->care_of_address;
    begin_traffic(SECONDS(24));
    lab_at(world.lab, SECONDS(15), attach_other_visited_1, NULL);
    lab_at(world.lab, SECONDS(20), detach, &world);
    /* While the new address is being tested, the old one is the primary one. */
    lab_run(world.lab, SECONDS(15) + MILLISECONDS(900));
    ck_assert(ipv6_address_equal(&mobile_of(&world)->care_of_address, &previous));
    ck_assert_ptr_eq(default_router_select(mobile(), NULL)->interface, &mobile()->interfaces[0]);
    lab_run(world.lab, SECONDS(19));
    ck_assert_optimized(&world);
    ck_assert(is_usable_on(&mobile_of(&world)->care_of_address, 1));
    ck_assert(is_usable_on(&previous, 0));
    /* The primary care-of address has a prefix that the current default router advertises. */
    ck_assert_ptr_eq(default_router_select(mobile(), NULL)->interface, &mobile()->interfaces[1]);
    lab_run(world.lab, SECONDS(25));
    ck_assert_optimized(&world);
    ck_assert_ptr_null(address_find(mobile(), &previous));
    ck_assert_nothing_lost();
    end_traffic();
    tear_down(&world);
}
END_TEST

/* A home address comes home by the other interface, and what is left of its lifetimes with it (RFC 4862,
 * 5.5.4). */
START_TEST(home_address_keeps_its_lifetimes)
{
    start(attach_visited_0);
    struct interface_address *home = address_find(mobile(), &world.home_address);
    time_ns now = lab_now(world.lab), preferred = _i == 0 ? SECONDS(500) : _i == 1 ? 0 : TIME_NEVER;
    address_set_lifetimes(mobile(), home, preferred, SECONDS(1000), now);
    lab_at(world.lab, SECONDS(15), attach_other_home, NULL);
    lab_at(world.lab, SECONDS(20), detach, &world);
    lab_run(world.lab, SECONDS(25));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    home = address_find(mobile(), &world.home_address);
    ck_assert_uint_eq(home->interface, 1);
    ck_assert_int_eq(home->valid_until, now + SECONDS(1000));
    ck_assert_int_eq(home->state, _i == 1 ? ADDRESS_DEPRECATED : ADDRESS_PREFERRED);
    if (_i == 0)
        ck_assert_int_eq(home->preferred_until, now + SECONDS(500));
    lab_run(world.lab, now + SECONDS(1000));
    ck_assert_ptr_null(address_find(mobile(), &world.home_address));
    tear_down(&world);
}
END_TEST

/* Back and forth: the interface left behind is the one that moves next. */
START_TEST(interfaces_take_turns)
{
    start(attach_visited_0);
    begin_traffic(SECONDS(28));
    lab_at(world.lab, SECONDS(13), attach_other_visited_1, NULL);
    lab_at(world.lab, SECONDS(17), detach, &world);
    lab_at(world.lab, SECONDS(20), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(24), detach_other, NULL);
    lab_run(world.lab, SECONDS(29));
    ck_assert_optimized(&world);
    ck_assert(is_usable_on(&mobile_of(&world)->care_of_address, 0));
    ck_assert_nothing_lost();
    end_traffic();
    tear_down(&world);
}
END_TEST

/* The old link goes before the new address can be used: an outage, and all is well when it can. When the old
 * interface comes up elsewhere, nothing is left of what it was. */
START_TEST(old_link_goes_too_early)
{
    start(attach_visited_0);
    lab_at(world.lab, SECONDS(15), attach_other_visited_1, NULL);
    lab_at(world.lab, SECONDS(15) + MILLISECONDS(300), detach, &world);
    lab_run(world.lab, SECONDS(15) + MILLISECONDS(500));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_UNATTACHED);
    lab_run(world.lab, SECONDS(25));
    ck_assert_optimized(&world);
    ck_assert(is_usable_on(&mobile_of(&world)->care_of_address, 1));
    lab_at(world.lab, SECONDS(26), attach_visited_1, &world);
    lab_run(world.lab, SECONDS(26) + MILLISECONDS(500));
    ck_assert(is_usable_on(&mobile_of(&world)->care_of_address, 1));
    lab_run(world.lab, SECONDS(36));
    ck_assert_optimized(&world);
    struct ipv6_address prefix = address_from("2001:db8:b::");
    ck_assert(ipv6_prefix_match(&prefix, &mobile_of(&world)->care_of_address, 64));
    ck_assert(is_usable_on(&mobile_of(&world)->care_of_address, 0));
    tear_down(&world);
}
END_TEST

/* The new link is lost again while the old one lasts: back to the address that is still there. */
START_TEST(new_link_is_lost)
{
    start(attach_visited_0);
    struct ipv6_address previous = mobile_of(&world)->care_of_address;
    lab_at(world.lab, SECONDS(15), attach_other_visited_1, NULL);
    lab_at(world.lab, SECONDS(20), detach_other, NULL);
    lab_run(world.lab, SECONDS(28));
    ck_assert_optimized(&world);
    ck_assert(ipv6_address_equal(&mobile_of(&world)->care_of_address, &previous));
    ck_assert(is_usable_on(&previous, 0));
    tear_down(&world);
}
END_TEST

/* 11.5.5 by the other interface: the home address is defended there, and the home agent finds the node by
 * it. */
START_TEST(returns_home_by_the_other_interface)
{
    start(attach_visited_0);
    begin_traffic(SECONDS(24));
    lab_at(world.lab, SECONDS(15), attach_other_home, NULL);
    lab_at(world.lab, SECONDS(20), detach, &world);
    lab_run(world.lab, SECONDS(25));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert(is_usable_on(&world.home_address, 1));
    ck_assert(address_find(mobile(), &world.home_address)->defended);
    ck_assert_ptr_null(binding_of(&world));
    ck_assert_nothing_lost();
    end_traffic();
    tear_down(&world);
}
END_TEST

/* From home, and home again by the interface that has not been there: its station is not the one that the
 * home agent knew (10.4.1). */
START_TEST(leaves_home_and_returns)
{
    start(attach_home);
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    begin_traffic(SECONDS(38));
    lab_at(world.lab, SECONDS(13), attach_other_visited_0, NULL);
    lab_at(world.lab, SECONDS(18), detach, &world);
    lab_at(world.lab, SECONDS(20), attach_visited_1, &world);
    lab_at(world.lab, SECONDS(25), detach_other, NULL);
    lab_run(world.lab, SECONDS(29));
    ck_assert_optimized(&world);
    lab_at(world.lab, SECONDS(30), attach_other_home, NULL);
    lab_at(world.lab, SECONDS(35), detach, &world);
    lab_run(world.lab, SECONDS(39));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert(is_usable_on(&world.home_address, 1));
    ck_assert_ptr_null(binding_of(&world));
    ck_assert_uint_gt(world.sinks[0].datagrams, 1000);
    end_traffic();
    tear_down(&world);
}
END_TEST

/* At home by one interface, away by the other, and this one comes home: the home address comes with it
 * (11.5.5), wherever it was defended before. */
START_TEST(comes_home_by_the_interface_it_left_by)
{
    start(attach_home);
    lab_at(world.lab, SECONDS(13), attach_other_visited_0, NULL);
    lab_at(world.lab, SECONDS(18), detach, &world);
    lab_at(world.lab, SECONDS(20), detach_other, NULL);
    lab_at(world.lab, SECONDS(20) + MILLISECONDS(50), attach_other_home, NULL);
    lab_run(world.lab, SECONDS(30));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert(is_usable_on(&world.home_address, 1));
    ck_assert(address_find(mobile(), &world.home_address)->defended);
    begin_traffic(SECONDS(32));
    lab_run(world.lab, SECONDS(33));
    ck_assert_nothing_lost();
    end_traffic();
    tear_down(&world);
}
END_TEST

/* The primary link goes, its interface comes up on another link, and before that one has been heard the home
 * link is found by the other interface: nothing is left of the first link's address, whose prefix is not
 * where the interface is. */
START_TEST(moves_on_from_a_link_that_has_gone)
{
    start(attach_visited_0);
    struct ipv6_address gone = mobile_of(&world)->care_of_address;
    lab_set_hook(world.lab, world.visited[1], drop_all, NULL);
    lab_at(world.lab, SECONDS(13), detach, &world);
    lab_at(world.lab, SECONDS(13) + 1, attach_visited_1, &world);
    lab_at(world.lab, SECONDS(13) + 2, attach_other_home, NULL);
    lab_run(world.lab, SECONDS(20));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert_ptr_null(address_find(mobile(), &gone));
    lab_set_hook(world.lab, world.visited[1], NULL, NULL);
    lab_at(world.lab, SECONDS(21), detach_other, NULL);
    lab_run(world.lab, SECONDS(35));
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("overlapping links");
    TCase *tcase = tcase_create("overlapping links");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, nothing_is_lost_between_visited_links);
    tcase_add_loop_test(tcase, home_address_keeps_its_lifetimes, 0, 3);
    tcase_add_test(tcase, interfaces_take_turns);
    tcase_add_test(tcase, old_link_goes_too_early);
    tcase_add_test(tcase, new_link_is_lost);
    tcase_add_test(tcase, returns_home_by_the_other_interface);
    tcase_add_test(tcase, leaves_home_and_returns);
    tcase_add_test(tcase, comes_home_by_the_interface_it_left_by);
    tcase_add_test(tcase, moves_on_from_a_link_that_has_gone);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
