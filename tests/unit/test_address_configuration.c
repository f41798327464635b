/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_address_configuration.c - addresses added, tested, autoconfigured, aged, moved (RFC 4862, 5;
 * RFC 6275, 10.3.1, 11.5). Frames are scapy's.
 */
#include "tests/unit/discovery.h"

#define FOR_EVER TIME_NEVER

static struct interface_address *known(const struct world *world, const char *address)
{
    struct interface_address *found = world_address(world, address);
    ck_assert_ptr_nonnull(found);
    return found;
}

/* Up at 0, LL address tested, no solicitations to come. */
static void open_settled(struct world *world, struct node_configuration configuration)
{
    world_open(world, configuration, NODE_STATION);
    world_link(world, true, 0);
    router_solicit_stop(&world->node, world->interface);
    world_run(world, SECONDS(2));
    ck_assert_int_eq(known(world, NODE_LOCAL)->state, ADDRESS_PREFERRED);
    forget_frames(world);
}

static int add(struct world *world, const char *address, enum address_origin origin, bool detect)
{
    struct ipv6_address added = address_from(address);
    return address_add(&world->node, 0, &added, 64, origin, detect, true, world->recorder.now);
}

/* ---- detection (RFC 4862, 5.4) ---- */

START_TEST(tests_its_link_local_address)
{
    struct world world;
    world_open(&world, plain_configuration(false), NODE_STATION);
    world_link(&world, true, 0);
    router_solicit_stop(&world.node, world.interface);
    expect_no_more_frames(&world); /* probes leave from a timer */
    world_run(&world, 0);
    expect_frame_at(&world, DETECTION_LINK_LOCAL, 0);
    ck_assert_int_eq(known(&world, NODE_LOCAL)->state, ADDRESS_TENTATIVE);
    world_run(&world, SECONDS(1) - 1);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_USABLE), 0);
    world_run(&world, SECONDS(1));
    ck_assert_int_eq(known(&world, NODE_LOCAL)->state, ADDRESS_PREFERRED);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_TENTATIVE), 1);
    const struct protocol_event *usable = recording_last_event(&world.recorder, EVENT_ADDRESS_USABLE);
    ck_assert_int_eq(usable->time, SECONDS(1));
    struct ipv6_address expected = address_from(NODE_LOCAL);
    ck_assert(ipv6_address_equal(usable->care_of_address, &expected));
    expect_no_more_frames(&world);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
    world_close(&world);
}
END_TEST

START_TEST(sends_as_many_probes_as_told)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    configuration.duplicate_detection_transmits = 3;
    open_settled(&world, plain_configuration(false));
    world.configuration = configuration;
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, true), 0);
    world_run(&world, SECONDS(20));
    for (int i = 0; i < 3; i++)
        expect_frame_at(&world, DETECTION_GLOBAL, SECONDS(2 + i));
    ck_assert_int_eq(recording_last_event(&world.recorder, EVENT_ADDRESS_USABLE)->time, SECONDS(5));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(delays_the_first_probe_at_random)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    configuration.delay_duplicate_detection = true;
    world_open(&world, configuration, NODE_STATION);
    world_link(&world, true, 0);
    router_solicit_stop(&world.node, world.interface);
    time_ns first = node_deadline(&world.node);
    ck_assert_int_gt(first, 0);
    ck_assert_int_le(first, MAX_RTR_SOLICITATION_DELAY);
    world_run(&world, SECONDS(3));
    expect_frame_at(&world, DETECTION_LINK_LOCAL, first);
    ck_assert_int_eq(recording_last_event(&world.recorder, EVENT_ADDRESS_USABLE)->time, first + SECONDS(1));
    world_close(&world);
}
END_TEST

START_TEST(skips_the_test_when_told)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    open_settled(&world, configuration);
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, false), 0);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    world.configuration.duplicate_detection_transmits = 0;
    ck_assert_int_eq(add(&world, HOME_ADDRESS, ADDRESS_CONFIGURED, true), 0);
    ck_assert_int_eq(known(&world, HOME_ADDRESS)->state, ADDRESS_PREFERRED);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(point_to_point_addresses_are_not_tested)
{
    struct world world;
    world_open(&world, plain_configuration(false), NODE_STATION);
    node_configure_interface(&world.node, 0, INTERFACE_POINT_TO_POINT, NULL, 1500);
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, true), 0);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    world_link(&world, true, 1);
    world_run(&world, SECONDS(10));
    expect_no_more_frames(&world);
    ck_assert_ptr_null(address_link_local(world.interface));
    world_close(&world);
}
END_TEST

/* What tells that a tentative address is a duplicate (5.4.3, 5.4.4), and what does not. */
static const struct {
    const char *frame;
    bool duplicate;
} heard[] = {
    {RIVAL_DETECTION, true},
    {RIVAL_DEFENCE, true},
    {SOLICITATION_TO_NODE, false},       /* somebody resolves it: ignored, and not answered */
    {RIVAL_DETECTION_LINK_LOCAL, false}, /* another address */
};

START_TEST(hears_of_duplicates)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, true), 0);
    world_run(&world, SECONDS(2));
    expect_frame(&world, DETECTION_GLOBAL);
    world_receive(&world, heard[_i].frame, SECONDS(2) + 5);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state,
                     heard[_i].duplicate ? ADDRESS_DUPLICATE : ADDRESS_TENTATIVE);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_DUPLICATE), heard[_i].duplicate);
    world_run(&world, SECONDS(5));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state,
                     heard[_i].duplicate ? ADDRESS_DUPLICATE : ADDRESS_PREFERRED);
    ck_assert(!world.interface->disabled);
    world_close(&world);
}
END_TEST

START_TEST(a_solicitation_before_its_own_is_a_duplicate)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    open_settled(&world, configuration);
    world.configuration.delay_duplicate_detection = true;
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, true), 0);
    world_receive(&world, RIVAL_DETECTION, SECONDS(2)); /* the group is joined during the delay */
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DUPLICATE);
    world_run(&world, SECONDS(10));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(duplicate_hardware_address_disables_the_interface)
{
    struct world world;
    world_open(&world, plain_configuration(false), NODE_STATION);
    world_link(&world, true, 0);
    world_run(&world, 0);
    ck_assert_int_eq(add(&world, HOME_ADDRESS, ADDRESS_CONFIGURED, true), 0);
    world_receive(&world, RIVAL_DETECTION_LINK_LOCAL, MILLISECONDS(5));
    ck_assert_int_eq(known(&world, NODE_LOCAL)->state, ADDRESS_DUPLICATE);
    ck_assert(world.interface->disabled);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
    forget_frames(&world);
    world_receive(&world, ADVERTISEMENT_PLAIN, MILLISECONDS(6));
    world_run(&world, SECONDS(20));
    expect_no_more_frames(&world);
    ck_assert_ptr_null(world.interface->default_routers);
    ck_assert_int_eq(known(&world, HOME_ADDRESS)->state, ADDRESS_TENTATIVE); /* its test cannot end */
    world_link(&world, false, SECONDS(21));                                  /* a new start */
    world_link(&world, true, SECONDS(22));
    world_run(&world, SECONDS(23));
    ck_assert_int_eq(known(&world, NODE_LOCAL)->state, ADDRESS_PREFERRED);
    world_close(&world);
}
END_TEST

START_TEST(a_link_that_comes_back_is_tested_again)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, true), 0);
    ck_assert_int_eq(add(&world, HOME_ADDRESS, ADDRESS_HOME, true), 0);
    world_link(&world, false, SECONDS(2) + 1); /* in the middle of the test */
    world_run(&world, SECONDS(10));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_TENTATIVE);
    expect_no_more_frames(&world);
    world_link(&world, true, SECONDS(10));
    router_solicit_stop(&world.node, world.interface);
    world_run(&world, SECONDS(10));
    expect_frame(&world, DETECTION_LINK_LOCAL);
    expect_frame(&world, DETECTION_GLOBAL);
    ck_assert_uint_eq(recording_frame_count(&world.recorder),
                      3); /* the home address had not been tested yet */
    world_run(&world, SECONDS(11));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    ck_assert_int_eq(known(&world, HOME_ADDRESS)->state, ADDRESS_PREFERRED);
    forget_frames(&world);
    world_link(&world, false, SECONDS(12));
    world_link(&world, true, SECONDS(13));
    router_solicit_stop(&world.node, world.interface);
    world_run(&world, SECONDS(13));
    ck_assert_int_eq(known(&world, HOME_ADDRESS)->state, ADDRESS_PREFERRED); /* RFC 6275, 11.5.5 */
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 2);
    world_close(&world);
}
END_TEST

START_TEST(hints_may_be_ignored)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    configuration.ignore_link_hints = true;
    open_settled(&world, configuration);
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(2));
    world_run(&world, SECONDS(4));
    forget_frames(&world);
    world_link(&world, false, SECONDS(4));
    world_link(&world, true, SECONDS(5));
    world_run(&world, SECONDS(10));
    expect_no_more_frames(&world);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    ck_assert_ptr_nonnull(world_neighbor(&world, ROUTER_LOCAL));
    world_close(&world);
}
END_TEST

/* ---- adding and removing ---- */

START_TEST(refuses_what_is_no_address)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    ck_assert_int_eq(add(&world, "::", ADDRESS_CONFIGURED, false), ERROR_ARGUMENT);
    ck_assert_int_eq(add(&world, "ff02::1", ADDRESS_CONFIGURED, false), ERROR_ARGUMENT);
    ck_assert_int_eq(add(&world, NODE_LOCAL, ADDRESS_LINK_LOCAL, false), ERROR_EXISTS);
    struct ipv6_address address = address_from(NODE_GLOBAL);
    ck_assert_int_eq(address_add(&world.node, 1, &address, 64, ADDRESS_CONFIGURED, false, true, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(address_add(&world.node, 0, &address, 129, ADDRESS_CONFIGURED, false, true, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(address_remove(&world.node, &address, 0), ERROR_NOT_FOUND);
    world_close(&world);
}
END_TEST

START_TEST(joins_and_leaves_solicited_node_groups)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    struct ipv6_address local = address_from(NODE_LOCAL), global = address_from(NODE_GLOBAL);
    struct ipv6_address group = ipv6_solicited_node(&local);
    struct ethernet_address station = ethernet_multicast_of(&group);
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, false), 0); /* the same group */
    ck_assert_int_eq(address_remove(&world.node, &local, SECONDS(2)), 0);
    ck_assert(recording_listens(&world.recorder, 0, &station));
    ck_assert_int_eq(address_remove(&world.node, &global, SECONDS(2)), 0);
    ck_assert(!recording_listens(&world.recorder, 0, &station));
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_REMOVED), 2);
    ck_assert_ptr_null(world.interface->addresses);
    world_close(&world);
}
END_TEST

START_TEST(link_local_comes_first)
{
    struct world world;
    world_open(&world, plain_configuration(false), NODE_STATION);
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, false), 0);
    ck_assert_int_eq(add(&world, HOME_ADDRESS, ADDRESS_HOME, false), 0);
    ck_assert_ptr_null(address_link_local(world.interface));
    ck_assert_int_eq(add(&world, "fe80::1234", ADDRESS_LINK_LOCAL, false), 0);
    ck_assert_ptr_eq(world.interface->addresses, known(&world, "fe80::1234"));
    ck_assert_ptr_eq(world.interface->addresses->next, known(&world, NODE_GLOBAL));
    world_link(&world, true, 0);
    ck_assert_ptr_null(world_address(&world, NODE_LOCAL)); /* it has one: none is formed */
    world_close(&world);
}
END_TEST

START_TEST(leaving_home_ends_a_test)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_HOME, true), 0);
    world_run(&world, SECONDS(2));
    expect_frame(&world, DETECTION_GLOBAL);
    ck_assert_int_eq(address_set_defended(&world.node, known(&world, NODE_GLOBAL), false), 0);
    world_receive(&world, RIVAL_DETECTION, SECONDS(2) + 1); /* on another link: of no concern */
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_TENTATIVE);
    world_run(&world, SECONDS(3));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* ---- autoconfiguration (5.5.3) ---- */

static void autoconfigure(struct world *world, const char *prefix, unsigned length, time_ns preferred,
                          time_ns valid)
{
    struct ipv6_address bits = address_from(prefix);
    address_autoconfigure(&world->node, world->interface, &bits, length, preferred, valid,
                          world->recorder.now);
}

START_TEST(forms_an_address)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    autoconfigure(&world, "2001:db8:1::", 64, SECONDS(100), SECONDS(200));
    const struct interface_address *address = known(&world, NODE_GLOBAL);
    ck_assert_int_eq(address->state, ADDRESS_TENTATIVE);
    ck_assert_int_eq(address->origin, ADDRESS_AUTOCONFIGURED);
    ck_assert_int_eq(address->valid_until, SECONDS(202));
    world_run(&world, SECONDS(3));
    expect_frame_at(&world, DETECTION_GLOBAL, SECONDS(2));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    world_run(&world, SECONDS(102) - 1);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    world_run(&world, SECONDS(102));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DEPRECATED);
    world_run(&world, SECONDS(202) - 1);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DEPRECATED);
    world_run(&world, SECONDS(202));
    ck_assert_ptr_null(world_address(&world, NODE_GLOBAL));
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_USABLE), 1);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_REMOVED), 1);
    world_close(&world);
}
END_TEST

START_TEST(ignores_prefixes_it_should)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    autoconfigure(&world, "fe80::", 64, SECONDS(100), SECONDS(200));
    autoconfigure(&world, "2001:db8:1::", 64, SECONDS(201), SECONDS(200));
    autoconfigure(&world, "2001:db8:1::", 63, SECONDS(100), SECONDS(200));
    autoconfigure(&world, "2001:db8:1::", 64, 0, 0);
    ck_assert_ptr_null(world.interface->addresses->next);
    world_close(&world);
}
END_TEST

/* 5.5.3 e: remaining valid lifetime, advertised one, what becomes of it (s from now). */
static const struct {
    int64_t remaining, advertised, result;
} lifetimes[] = {
    {1000, 2000, 2000},                                   /* longer than what is left */
    {10000, 7201, 7201},                                  /* longer than two hours */
    {10000, 60, 7200},                                    /* short: two hours */
    {10000, 0, 7200},                                     /* withdrawn: two hours */
    {7200, 60, 7200},                                     /* two hours or less are left: ignored */
    {100, 60, 100},      {100, 101, 101}, {-1, 60, 7200}, /* for ever */
};

START_TEST(keeps_to_the_rule_of_two_hours)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    int64_t remaining = lifetimes[_i].remaining;
    autoconfigure(&world, "2001:db8:1::", 64, 0, remaining < 0 ? FOR_EVER : SECONDS(remaining) + SECONDS(3));
    world_run(&world, SECONDS(5));
    autoconfigure(&world, "2001:db8:1::", 64, 0, SECONDS(lifetimes[_i].advertised));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->valid_until, SECONDS(5) + SECONDS(lifetimes[_i].result));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DEPRECATED);
    world_run(&world, SECONDS(5 + lifetimes[_i].result) - 1);
    ck_assert_ptr_nonnull(world_address(&world, NODE_GLOBAL));
    world_run(&world, SECONDS(5 + lifetimes[_i].result));
    ck_assert_ptr_null(world_address(&world, NODE_GLOBAL));
    world_close(&world);
}
END_TEST

START_TEST(preferred_again_when_advertised_again)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    autoconfigure(&world, "2001:db8:1::", 64, SECONDS(10), SECONDS(9000));
    world_run(&world, SECONDS(20));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DEPRECATED);
    autoconfigure(&world, "2001:db8:1::", 64, SECONDS(10), SECONDS(9000));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    world_run(&world, SECONDS(30));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DEPRECATED);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_ADDRESS_USABLE), 1);
    world_close(&world);
}
END_TEST

START_TEST(does_not_form_a_duplicate_again)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    autoconfigure(&world, "2001:db8:1::", 64, FOR_EVER, FOR_EVER);
    world_receive(&world, RIVAL_DEFENCE, SECONDS(2) + 5);
    autoconfigure(&world, "2001:db8:1::", 64, FOR_EVER, FOR_EVER);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_DUPLICATE);
    world_close(&world);
}
END_TEST

START_TEST(leaves_the_operators_address_alone)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_HOME, false), 0);
    autoconfigure(&world, "2001:db8:1::", 64, SECONDS(10), SECONDS(20));
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->origin, ADDRESS_HOME);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->valid_until, TIME_NEVER);
    world_close(&world);
}
END_TEST

/* ---- on behalf of others (RFC 6275, 10.3.1) ---- */

struct outcome {
    struct duplicate_probe probe;
    unsigned calls;
    bool duplicate;
    time_ns time;
};

static void outcome_known(struct node *node, struct duplicate_probe *probe, bool duplicate, time_ns now)
{
    struct outcome *outcome = (struct outcome *)probe;
    (void)node;
    outcome->calls++;
    outcome->duplicate = duplicate;
    outcome->time = now;
}

static void open_home_agent(struct world *world)
{
    struct node_configuration configuration = plain_configuration(true);
    world_open(world, configuration, ROUTER_STATION);
    struct ipv6_address global = address_from(ROUTER_GLOBAL);
    ck_assert_int_eq(address_add(&world->node, 0, &global, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    world_link(world, true, 0);
    world_run(world, SECONDS(2));
    forget_frames(world);
}

START_TEST(finds_a_home_address_unique)
{
    struct world world;
    struct outcome outcome = {.calls = 0};
    struct ipv6_address home = address_from(HOME_ADDRESS);
    open_home_agent(&world);
    ck_assert_int_eq(duplicate_probe_start(&world.node, &outcome.probe, world.interface, &home, outcome_known,
                                           SECONDS(2)),
                     0);
    world_run(&world, SECONDS(3) - 1);
    expect_frame_at(&world, DETECTION_OF_HOME, SECONDS(2));
    ck_assert_uint_eq(outcome.calls, 0);
    world_run(&world, SECONDS(10));
    ck_assert_uint_eq(outcome.calls, 1);
    ck_assert(!outcome.duplicate);
    ck_assert_int_eq(outcome.time, SECONDS(3));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(finds_a_home_address_taken)
{
    struct world world;
    struct outcome outcome = {.calls = 0};
    struct ipv6_address home = address_from(HOME_ADDRESS);
    struct ipv6_address group = ipv6_solicited_node(&home);
    open_home_agent(&world);
    ck_assert_int_eq(duplicate_probe_start(&world.node, &outcome.probe, world.interface, &home, outcome_known,
                                           SECONDS(2)),
                     0);
    ck_assert(group_is_joined(&world.node, world.interface, &group));
    world_receive(&world, RIVAL_DETECTION_OF_HOME, SECONDS(2) + 5);
    ck_assert_uint_eq(outcome.calls, 1);
    ck_assert(outcome.duplicate);
    ck_assert(!group_is_joined(&world.node, world.interface, &group));
    world_run(&world, SECONDS(10));
    ck_assert_uint_eq(outcome.calls, 1);
    world_close(&world);
}
END_TEST

START_TEST(probes_can_be_cancelled)
{
    struct world world;
    struct outcome outcome = {.calls = 0};
    struct ipv6_address home = address_from(HOME_ADDRESS);
    open_home_agent(&world);
    ck_assert_int_eq(duplicate_probe_start(&world.node, &outcome.probe, world.interface, &home, outcome_known,
                                           SECONDS(2)),
                     0);
    duplicate_probe_cancel(&world.node, &outcome.probe);
    duplicate_probe_cancel(&world.node, &outcome.probe);
    world_receive(&world, RIVAL_DETECTION_OF_HOME, SECONDS(2) + 5);
    world_run(&world, SECONDS(10));
    ck_assert_uint_eq(outcome.calls, 0);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(probes_without_detection_say_unique)
{
    struct world world;
    struct outcome outcome = {.calls = 0};
    struct ipv6_address home = address_from(HOME_ADDRESS);
    open_home_agent(&world);
    world.configuration.duplicate_detection_transmits = 0;
    ck_assert_int_eq(duplicate_probe_start(&world.node, &outcome.probe, world.interface, &home, outcome_known,
                                           SECONDS(2)),
                     0);
    ck_assert_uint_eq(outcome.calls, 0); /* not from within */
    world_run(&world, SECONDS(2));
    ck_assert_uint_eq(outcome.calls, 1);
    ck_assert(!outcome.duplicate);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* ---- moving (RFC 6275, 11.5.1) ---- */

static void open_moved(struct world *world, bool keep)
{
    open_settled(world, plain_configuration(false));
    ck_assert_int_eq(add(world, HOME_ADDRESS, ADDRESS_HOME, false), 0);
    world_receive(world, ADVERTISEMENT_MOBILE, SECONDS(2));
    world_run(world, SECONDS(5));
    ck_assert_uint_eq(world->interface->mtu, 1400);
    ck_assert_int_eq(known(world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    forget_frames(world);
    interface_forget_link(&world->node, world->interface, keep, SECONDS(5));
}

START_TEST(forgets_the_old_link)
{
    struct world world;
    open_moved(&world, false);
    ck_assert_ptr_null(world_address(&world, NODE_GLOBAL));
    ck_assert_ptr_null(world.interface->default_routers);
    ck_assert_ptr_null(world.interface->prefixes);
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
    ck_assert_uint_eq(world.interface->mtu, 1500);
    ck_assert_uint_eq(world.interface->retransmission_ms, RETRANS_TIMER_MS);
    ck_assert_int_eq(known(&world, HOME_ADDRESS)->state, ADDRESS_PREFERRED);
    ck_assert_int_eq(known(&world, NODE_LOCAL)->state, ADDRESS_TENTATIVE);
    interface_forget_link(&world.node, world.interface, false,
                          SECONDS(5)); /* once more: one test, one probe */
    world_run(&world, SECONDS(5));
    interface_forget_link(&world.node, world.interface, false, SECONDS(5));
    world_run(&world, SECONDS(6));
    expect_frame_at(&world, DETECTION_LINK_LOCAL, SECONDS(5));
    expect_no_more_frames(&world);
    ck_assert_int_eq(known(&world, NODE_LOCAL)->state, ADDRESS_PREFERRED);
    world_close(&world);
}
END_TEST

START_TEST(keeps_addresses_if_told)
{
    struct world world;
    open_moved(&world, true);
    ck_assert_int_eq(known(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    ck_assert_ptr_null(world.interface->default_routers);
    world_close(&world);
}
END_TEST

START_TEST(a_test_on_the_old_link_starts_anew)
{
    struct world world;
    world_open(&world, plain_configuration(false), NODE_STATION);
    world_link(&world, true, 0);
    router_solicit_stop(&world.node, world.interface);
    world_run(&world, MILLISECONDS(500));
    interface_forget_link(&world.node, world.interface, false, MILLISECONDS(500));
    world_run(&world, SECONDS(3));
    expect_frame_at(&world, DETECTION_LINK_LOCAL, 0);
    expect_frame_at(&world, DETECTION_LINK_LOCAL, MILLISECONDS(500));
    ck_assert_int_eq(recording_last_event(&world.recorder, EVENT_ADDRESS_USABLE)->time, MILLISECONDS(1500));
    world_close(&world);
}
END_TEST

/* A mobile node's extension hears of the link after this module, and may undo what it began before a frame
 * leaves. */
static void forgets_at_once(struct node *node, struct interface *interface, bool up, time_ns now)
{
    if (up)
        interface_forget_link(node, interface, false, now);
}

static const struct node_extension mobile = {.link_changed = forgets_at_once};

START_TEST(extension_comes_before_the_first_probe)
{
    struct world world;
    open_settled(&world, plain_configuration(false));
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(2));
    world_run(&world, SECONDS(4));
    forget_frames(&world);
    world.node.extension = &mobile;
    world_link(&world, false, SECONDS(5));
    ck_assert_ptr_nonnull(world_neighbor(&world, ROUTER_LOCAL)); /* it may still be the same link */
    world_link(&world, true, SECONDS(6));
    router_solicit_stop(&world.node, world.interface);
    world_run(&world, SECONDS(8));
    expect_frame_at(&world, DETECTION_LINK_LOCAL, SECONDS(6));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* A hook that removes the address it is told of, in every state. */
static void removes(struct node *node, struct interface_address *address, bool removed, time_ns now)
{
    struct ipv6_address gone = address->address;
    if (!removed)
        (void)address_remove(node, &gone, now);
}

static const struct node_extension destructive = {.address_changed = removes};

START_TEST(hooks_may_remove)
{
    struct world world;
    world_open(&world, plain_configuration(false), NODE_STATION);
    ck_assert_int_eq(add(&world, NODE_GLOBAL, ADDRESS_CONFIGURED, true), 0);
    ck_assert_int_eq(add(&world, HOME_ADDRESS, ADDRESS_CONFIGURED, true), 0);
    world.node.extension = &destructive;
    world_link(&world, true, 0);
    world_receive(&world, ADVERTISEMENT_PLAIN, 1);
    world_run(&world, SECONDS(10));
    ck_assert_ptr_null(world.interface->addresses);
    world_close(&world);
}
END_TEST

static TCase *detection_tests(void)
{
    TCase *tests = tcase_create("detection");
    tcase_add_test(tests, tests_its_link_local_address);
    tcase_add_test(tests, sends_as_many_probes_as_told);
    tcase_add_test(tests, delays_the_first_probe_at_random);
    tcase_add_test(tests, skips_the_test_when_told);
    tcase_add_test(tests, point_to_point_addresses_are_not_tested);
    tcase_add_loop_test(tests, hears_of_duplicates, 0, (int)(sizeof(heard) / sizeof(heard[0])));
    tcase_add_test(tests, a_solicitation_before_its_own_is_a_duplicate);
    tcase_add_test(tests, duplicate_hardware_address_disables_the_interface);
    tcase_add_test(tests, a_link_that_comes_back_is_tested_again);
    tcase_add_test(tests, hints_may_be_ignored);
    tcase_add_test(tests, finds_a_home_address_unique);
    tcase_add_test(tests, finds_a_home_address_taken);
    tcase_add_test(tests, probes_can_be_cancelled);
    tcase_add_test(tests, probes_without_detection_say_unique);
    return tests;
}

static TCase *address_tests(void)
{
    TCase *tests = tcase_create("addresses");
    tcase_add_test(tests, refuses_what_is_no_address);
    tcase_add_test(tests, joins_and_leaves_solicited_node_groups);
    tcase_add_test(tests, link_local_comes_first);
    tcase_add_test(tests, leaving_home_ends_a_test);
    tcase_add_test(tests, forms_an_address);
    tcase_add_test(tests, ignores_prefixes_it_should);
    tcase_add_loop_test(tests, keeps_to_the_rule_of_two_hours, 0,
                        (int)(sizeof(lifetimes) / sizeof(lifetimes[0])));
    tcase_add_test(tests, preferred_again_when_advertised_again);
    tcase_add_test(tests, does_not_form_a_duplicate_again);
    tcase_add_test(tests, leaves_the_operators_address_alone);
    tcase_add_test(tests, forgets_the_old_link);
    tcase_add_test(tests, keeps_addresses_if_told);
    tcase_add_test(tests, a_test_on_the_old_link_starts_anew);
    tcase_add_test(tests, extension_comes_before_the_first_probe);
    tcase_add_test(tests, hooks_may_remove);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("address configuration");
    suite_add_tcase(suite, detection_tests());
    suite_add_tcase(suite, address_tests());
    return run_suite(suite);
}
