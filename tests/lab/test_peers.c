/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_peers.c - packets of a mobile node while it has nowhere to send them from, and whom it remembers:
 * peers that nobody has configured come with their traffic and go when nothing is left to be known of them
 * (RFC 6275, 11.1, 11.3.1, 11.7.2, 11.8).
 */
#include <check.h>

#include "models/ipv6/address_configuration.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

/* -- packets while there is nowhere to send them from, and who is remembered -- */

START_TEST(test_packets_without_address)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    struct node *mobile = world_node(&world, world.mobile),
                *correspondent = world_node(&world, world.correspondent);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    struct flow_source up = {.configuration = &leisurely,
                             .destination = world.correspondent_address,
                             .start = SECONDS(15) + 1,
                             .stop = SECONDS(25)};
    world_start_visited(&world, attach_visited_1);
    lab_run(world.lab, SECONDS(14));
    ck_assert_int_eq(flow_source_start(&up, mobile, SECONDS(14)), 0);
    lab_run(world.lab, SECONDS(30));
    const GArray *arrived = lab_recorder(world.lab, world.correspondent)->deliveries;
    time_ns usable =
        time_of(lab_find_event(world.lab, world.mobile, EVENT_CARE_OF_ADDRESS_USABLE, SECONDS(20)));
    time_ns bound = usable + registered_since(&world, SECONDS(20));
    unsigned tunnelled = 0;
    for (unsigned i = 0; i < arrived->len; i++) {
        const struct delivery *delivery = &g_array_index(arrived, struct delivery, i);
        ck_assert(delivery->sent < SECONDS(20) || delivery->sent > usable);
        bool through_tunnel = delivery->sent > usable && delivery->sent < bound;
        tunnelled += through_tunnel;
        ck_assert_int_eq(delivery->time - delivery->sent,
                         through_tunnel ? ordinary.a[1] + ordinary.b : ordinary.c[delivery->sent > usable]);
    }
    /* From 20 s to the address, 1050 ms, eleven datagrams were refused; none was lost on the way. */
    ck_assert_uint_eq(up.refused, 11);
    ck_assert_uint_eq(arrived->len + up.refused, up.sequence);
    ck_assert_uint_gt(tunnelled, 0);
    flow_source_stop(&up);
    flow_sink_stop(&world.sinks[1], correspondent);
    tear_down(&world);
}
END_TEST

/* At home from the start, and again without ever having been registered: no datagram leaves while the home
 * address is being tested (RFC 4862, 5.4). */
START_TEST(test_packets_while_home_address_is_tested)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    struct node *mobile = world_node(&world, world.mobile),
                *correspondent = world_node(&world, world.correspondent);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    struct flow_source up = {.configuration = &leisurely,
                             .destination = world.correspondent_address,
                             .start = MILLISECONDS(150),
                             .stop = SECONDS(25)};
    lab_at(world.lab, MILLISECONDS(100), attach_home, &world);
    move(&world, attach_visited_0, SECONDS(20));
    move(&world, attach_home, SECONDS(20) + MILLISECONDS(250));
    ck_assert_int_eq(flow_source_start(&up, mobile, 0), 0);
    lab_run(world.lab, SECONDS(30));
    const GArray *arrived = lab_recorder(world.lab, world.correspondent)->deliveries;
    time_ns first =
        time_of(lab_find_event(world.lab, world.mobile, EVENT_ADDRESS_USABLE, MILLISECONDS(1100) + 1));
    time_ns second = time_of(lab_find_event(world.lab, world.mobile, EVENT_ADDRESS_USABLE, SECONDS(21)));
    for (unsigned i = 0; i < arrived->len; i++) {
        time_ns sent = g_array_index(arrived, struct delivery, i).sent;
        ck_assert((sent >= first && sent < SECONDS(20)) || sent >= second);
    }
    ck_assert_uint_eq(arrived->len + up.refused, up.sequence);
    ck_assert_uint_gt(arrived->len, 200);
    flow_source_stop(&up);
    flow_sink_stop(&world.sinks[1], correspondent);
    tear_down(&world);
}
END_TEST

/* A correspondent met by the default policy is forgotten when its binding has ended without use, and at home.
 * */
START_TEST(test_default_policy_entries)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.trigger =
        TRIGGER_NEVER; /* or the correspondent, one node with several addresses, would have a binding */
    build(&world, &ordinary);
    struct node *mobile = world_node(&world, world.mobile),
                *correspondent = world_node(&world, world.correspondent);
    struct ipv6_address second = address_from("2001:db8:c::2"), third = address_from("2001:db8:c::3");
    ck_assert_int_eq(address_add(correspondent, 0, &second, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    ck_assert_int_eq(address_add(correspondent, 0, &third, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    struct flow_source from_second = {.configuration = &leisurely,
                                      .destination = world.home_address,
                                      .source = second,
                                      .start = SECONDS(10),
                                      .stop = SECONDS(12)};
    struct flow_source from_third = {.configuration = &leisurely,
                                     .destination = world.home_address,
                                     .source = third,
                                     .start = SECONDS(790),
                                     .stop = SECONDS(792)};
    world_start_visited(&world, NULL);
    lab_run(world.lab, SECONDS(9));
    ck_assert_int_eq(flow_source_start(&from_second, correspondent, SECONDS(9)), 0);
    ck_assert_int_eq(flow_source_start(&from_third, correspondent, SECONDS(9)), 0);
    ck_assert_ptr_null(entry_with(mobile, &second));
    lab_run(world.lab, SECONDS(13));
    ck_assert_int_eq(entry_with(mobile, &second)->state, UPDATE_BOUND);
    lab_run(world.lab, SECONDS(780));
    ck_assert_ptr_null(entry_with(mobile, &second)); /* it was refreshed once, then not used */
    move(&world, attach_home, SECONDS(800));
    lab_run(world.lab, SECONDS(795));
    ck_assert_int_eq(entry_with(mobile, &third)->state, UPDATE_BOUND);
    lab_run(world.lab, SECONDS(1100));
    ck_assert_ptr_null(entry_with(mobile, &third));
    ck_assert_uint_eq(correspondent->mobility->bindings.count, 0);
    flow_source_stop(&from_second);
    flow_source_stop(&from_third);
    flow_sink_stop(&world.sinks[0], mobile);
    tear_down(&world);
}
END_TEST

/* A correspondent that holds an old care-of address will send nothing through the tunnel that could begin a
 * registration: it is tried again by itself after the tests have failed. */
START_TEST(test_tests_fail_while_bound_elsewhere)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.trigger = TRIGGER_NEVER;
    build(&world, &ordinary);
    struct node *mobile = world_node(&world, world.mobile),
                *correspondent = world_node(&world, world.correspondent);
    struct ipv6_address second = address_from("2001:db8:c::2");
    ck_assert_int_eq(address_add(correspondent, 0, &second, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    struct flow_source from_second = {.configuration = &leisurely,
                                      .destination = world.home_address,
                                      .source = second,
                                      .start = SECONDS(10),
                                      .stop = SECONDS(15)};
    struct dropper dropper = {MOBILITY_CARE_OF_TEST_INIT, false, SECONDS(20), 1 + MAX_RO_FAILURE,
                              world.home_agent_address};
    lab_set_hook(world.lab, world.visited[1], drop_some, &dropper);
    world_start_visited(&world, attach_visited_1);
    lab_run(world.lab, SECONDS(9));
    ck_assert_int_eq(flow_source_start(&from_second, correspondent, SECONDS(9)), 0);
    lab_run(world.lab, SECONDS(40));
    ck_assert_int_eq(entry_with(mobile, &second)->state, UPDATE_FAILED);
    lab_run(world.lab, SECONDS(120));
    const struct binding_update_entry *entry = entry_with(mobile, &second);
    ck_assert_ptr_nonnull(entry);
    ck_assert_int_eq(entry->state, UPDATE_BOUND);
    ck_assert(ipv6_address_equal(&entry->bound_address, &mobile_of(&world)->care_of_address));
    flow_source_stop(&from_second);
    flow_sink_stop(&world.sinks[0], mobile);
    tear_down(&world);
}
END_TEST

/* Tokens do not last as long as the way to the mobile node and back. */
static void be_impatient(struct lab *lab, void *context)
{
    struct world *world = context;
    struct nonce_table *nonces = &correspondent_node_memory(lab_node(lab, world->correspondent))->nonces;
    nonce_table_free(nonces);
    nonce_table_init(nonces, MILLISECONDS(1), lab_now(lab));
}

/* A correspondent refuses every update (138) and goes on to send to an old address: it is asked again after
 * 8, 16, 32, 32 s, until the binding for the old address must be over; when it accepts at last all is as
 * before. */
START_TEST(test_refused_while_bound_elsewhere)
{
    static const int waits[] = {8, 16, 32, 32};
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    lab_at(world.lab, SECONDS(19), be_impatient, &world);
    lab_at(world.lab, SECONDS(115), forget_nonces, &world);
    lab_run(world.lab, SECONDS(150));
    time_ns since = SECONDS(20);
    for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        time_ns failed =
            time_of(lab_find_event(world.lab, world.mobile, EVENT_REGISTRATION_FAILED, since + 1));
        const struct protocol_event *next =
            lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Care-of Test Init", failed + 1);
        ck_assert_int_eq(time_of(next), failed + SECONDS(waits[i]));
        since = next->time;
    }
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_BOUND);
    ck_assert_uint_eq(entry_of(&world)->retries, 0);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* -- peers that are not configured -- */

/* A correspondent's second address, under the default policy. */
struct unconfigured {
    struct world world;
    struct ipv6_address peer;
    struct flow_source source;
    struct dropper dropper;
};

/* Datagrams of the peer from `start` on, one a second. */
static void open_unconfigured(struct unconfigured *u, time_ns start, time_ns stop)
{
    static const struct flow_configuration slow = {
        .pattern = FLOW_CONSTANT, .interval = SECONDS(1), .payload = 32};
    struct world *world = &u->world;
    *u = (struct unconfigured){.peer = address_from("2001:db8:c::2")};
    make_policy(world);
    world->policy.trigger = TRIGGER_NEVER;
    world->configuration.default_policy.lifetime = 10;
    world->configuration.default_policy.reuse_tokens = false;
    build(world, &ordinary);
    struct node *correspondent = world_node(world, world->correspondent);
    ck_assert_int_eq(address_add(correspondent, 0, &u->peer, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    ck_assert_int_eq(flow_sink_start(&world->sinks[0], world_node(world, world->mobile)), 0);
    u->source = (struct flow_source){.configuration = &slow,
                                     .destination = world->home_address,
                                     .source = u->peer,
                                     .start = start,
                                     .stop = stop};
    ck_assert_int_eq(flow_source_start(&u->source, correspondent, 0), 0);
    world_start_visited(world, NULL);
}

static void close_unconfigured(struct unconfigured *u)
{
    flow_source_stop(&u->source);
    flow_sink_stop(&u->world.sinks[0], world_node(&u->world, u->world.mobile));
    tear_down(&u->world);
}

static struct binding_update_entry *entry_with_peer(struct unconfigured *u)
{
    return entry_with(world_node(&u->world, u->world.mobile), &u->peer);
}

/* The messages of this type that are not the home agent's get lost from then on, `count` of them. */
static void lose(struct unconfigured *u, unsigned type, time_ns from, unsigned count)
{
    u->dropper = (struct dropper){
        .type = type, .from = from, .left = count, .home_agent = u->world.home_agent_address};
    lab_set_hook(u->world.lab, u->world.link_b, drop_some, &u->dropper);
    for (unsigned i = 0; i < 2; i++)
        lab_set_hook(u->world.lab, u->world.link_c[i], drop_some, &u->dropper);
}

static unsigned bindings_of_correspondent(struct unconfigured *u)
{
    return world_node(&u->world, u->world.correspondent)->mobility->bindings.count;
}

/* Home before the tests have been answered: there is no binding to delete, and nobody to remember. */
START_TEST(test_home_before_there_was_a_binding)
{
    struct unconfigured u;
    open_unconfigured(&u, SECONDS(10), SECONDS(11));
    lose(&u, MOBILITY_CARE_OF_TEST, 0, 100);
    lab_run(u.world.lab, SECONDS(12));
    ck_assert_int_eq(entry_with_peer(&u)->state, UPDATE_AUTHORIZING);
    move(&u.world, attach_home, SECONDS(12));
    lab_run(u.world.lab, SECONDS(60));
    ck_assert_int_eq(mobile_of(&u.world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert_ptr_null(entry_with_peer(&u));
    ck_assert_uint_eq(bindings_of_correspondent(&u), 0);
    close_unconfigured(&u);
}
END_TEST

/* Its tests fail, the peer falls silent: at the next attempt it is forgotten instead, and begins anew when it
 * speaks again. */
START_TEST(test_forgotten_after_failure)
{
    struct unconfigured u;
    open_unconfigured(&u, SECONDS(10), SECONDS(12));
    lose(&u, MOBILITY_CARE_OF_TEST, 0, 4);
    lab_run(u.world.lab, SECONDS(40));
    ck_assert_int_eq(entry_with_peer(&u)->state, UPDATE_FAILED);
    time_ns again = entry_with_peer(&u)->timer.deadline;
    lab_run(u.world.lab, again);
    ck_assert_ptr_null(entry_with_peer(&u));
    struct flow_source once = u.source;
    once.timer = (struct timer){.deadline = 0};
    once.sequence = 0;
    once.start = again + SECONDS(1);
    once.stop = again + SECONDS(2);
    ck_assert_int_eq(flow_source_start(&once, world_node(&u.world, u.world.correspondent), again), 0);
    lab_run(u.world.lab, again + SECONDS(10));
    ck_assert_int_eq(entry_with_peer(&u)->state, UPDATE_BOUND);
    flow_source_stop(&once);
    close_unconfigured(&u);
}
END_TEST

/* At home, the tests for the deletion fail: it is tried again, until the binding is gone or its lifetime
 * over. */
START_TEST(test_deletion_fails_at_home)
{
    struct unconfigured u;
    open_unconfigured(&u, SECONDS(10), SECONDS(14));
    u.world.configuration.default_policy.lifetime = 100;
    lab_run(u.world.lab, SECONDS(15));
    ck_assert_int_eq(entry_with_peer(&u)->state, UPDATE_BOUND);
    lose(&u, MOBILITY_HOME_TEST, SECONDS(15), 4);
    move(&u.world, attach_home, SECONDS(20));
    lab_run(u.world.lab, SECONDS(40));
    ck_assert_int_eq(mobile_of(&u.world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(entry_with_peer(&u)->state, UPDATE_FAILED);
    ck_assert_uint_eq(bindings_of_correspondent(&u), 1);
    ck_assert_int_eq(entry_with_peer(&u)->timer.deadline - SECONDS(36) < MAX_BINDACK_TIMEOUT, 1);
    lab_run(u.world.lab, SECONDS(80));
    const struct binding *binding = binding_cache_lookup(
        &world_node(&u.world, u.world.correspondent)->mobility->bindings, &u.world.home_address);
    ck_assert_ptr_null(binding);
    lab_run(u.world.lab, SECONDS(400));
    ck_assert_ptr_null(entry_with_peer(&u));
    ck_assert_uint_eq(bindings_of_correspondent(&u), 0);
    close_unconfigured(&u);
}
END_TEST

/* The deletion never arrives; the node is away again when the binding's lifetime is over: nothing is left to
 * be known of the peer. */
START_TEST(test_forgotten_on_the_next_link)
{
    struct unconfigured u;
    open_unconfigured(&u, SECONDS(10), SECONDS(14));
    lab_run(u.world.lab, SECONDS(15));
    ck_assert_int_eq(entry_with_peer(&u)->state, UPDATE_BOUND);
    lose(&u, MOBILITY_HOME_TEST, SECONDS(15), 1000);
    move(&u.world, attach_home, SECONDS(20));
    lab_run(u.world.lab, SECONDS(59));
    ck_assert_ptr_nonnull(entry_with_peer(&u));
    move(&u.world, attach_visited_1, SECONDS(60));
    lab_run(u.world.lab, SECONDS(65));
    ck_assert_int_eq(mobile_of(&u.world)->home.state, MOBILE_NODE_REGISTERED);
    ck_assert_ptr_null(entry_with_peer(&u));
    close_unconfigured(&u);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("peers of a mobile node");
    TCase *tests = tcase_create("packets and entries");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_packets_without_address);
    tcase_add_test(tests, test_packets_while_home_address_is_tested);
    tcase_add_test(tests, test_default_policy_entries);
    tcase_add_test(tests, test_tests_fail_while_bound_elsewhere);
    tcase_add_test(tests, test_refused_while_bound_elsewhere);
    suite_add_tcase(suite, tests);
    TCase *unconfigured = tcase_create("not configured");
    tcase_set_timeout(unconfigured, 60);
    tcase_add_test(unconfigured, test_home_before_there_was_a_binding);
    tcase_add_test(unconfigured, test_forgotten_after_failure);
    tcase_add_test(unconfigured, test_deletion_fails_at_home);
    tcase_add_test(unconfigured, test_forgotten_on_the_next_link);
    suite_add_tcase(suite, unconfigured);
    return run_suite(suite);
}
