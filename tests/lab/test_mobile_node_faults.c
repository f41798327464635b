/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mobile_node_faults.c - a mobile node among nodes that forget, refuse, or do not understand (RFC 6275,
 * 9.3.3, 9.5.1, 11.3.5, 11.3.6, 11.5.5, 11.7.3; RFC 4449).
 */
#include <check.h>
#include <stdlib.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/router_discovery.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

static int status_since(struct world *world, const char *message, time_ns from)
{
    const struct protocol_event *event =
        lab_find_message(world->lab, world->mobile, EVENT_MESSAGE_RECEIVED, message, from);
    ck_assert_ptr_nonnull(event);
    return event->status;
}

/* -- a correspondent that forgets -- */

/* The home token is reused though the correspondent has lost its nonces: 136, a new home test, and the update
 * again. */
START_TEST(test_home_nonce_expired)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    lab_at(world.lab, SECONDS(19), forget_nonces, &world);
    lab_run(world.lab, SECONDS(40));
    time_ns a = ordinary.a[1], b = ordinary.b, c = ordinary.c[1];
    ck_assert_int_eq(
        status_since(&world, "Binding Acknowledgement", SECONDS(21) + MILLISECONDS(50) + 2 * a + 1),
        BINDING_EXPIRED_HOME_NONCE);
    ck_assert_int_eq(latency_since(&world, SECONDS(20)), 2 * a + 2 * c + 2 * c + 2 * (a + b) + c);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Care-of Test Init", SECONDS(20)), 1);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", SECONDS(20)), 1);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* Its nonces go while the update is on its way: both tokens are void (138). */
START_TEST(test_both_nonces_expired)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.reuse_tokens = false;
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    time_ns late = SECONDS(21) + MILLISECONDS(50) + world_full_latency(&ordinary, 1) - MILLISECONDS(1);
    lab_at(world.lab, late, forget_nonces, &world);
    lab_run(world.lab, SECONDS(40));
    time_ns a = ordinary.a[1], b = ordinary.b, c = ordinary.c[1];
    ck_assert_int_eq(status_since(&world, "Binding Acknowledgement", late), BINDING_EXPIRED_NONCES);
    ck_assert_int_eq(latency_since(&world, SECONDS(20)),
                     world_full_latency(&ordinary, 1) + c + most(2 * (a + b), 2 * c) + c);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

static void forget_binding(struct lab *lab, void *context)
{
    struct world *world = context;
    struct node *node = lab_node(lab, world->correspondent);
    struct binding *binding = binding_of(world);
    ck_assert_ptr_nonnull(binding);
    binding_cache_remove(&node->mobility->bindings, &node->timers, binding);
}

/* A packet with a Home Address option meets no binding: Binding Error 1, and the node registers anew
 * (11.3.6). */
START_TEST(test_binding_error)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    struct node *mobile = world_node(&world, world.mobile);
    struct flow_source up = {.configuration = &leisurely,
                             .destination = world.correspondent_address,
                             .start = SECONDS(15),
                             .stop = SECONDS(25)};
    world_start_visited(&world, NULL);
    lab_at(world.lab, SECONDS(20) + 1, forget_binding, &world);
    lab_run(world.lab, SECONDS(14));
    ck_assert_int_eq(flow_source_start(&up, mobile, SECONDS(14)), 0);
    lab_run(world.lab, SECONDS(30));
    time_ns c = ordinary.c[0];
    const struct protocol_event *error =
        lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_RECEIVED, "Binding Error", 0);
    ck_assert_int_eq(time_of(error), SECONDS(20) + 2 * c); /* the datagram of 20 s arrives after the loss */
    ck_assert_int_eq(error->status, BINDING_ERROR_UNKNOWN_BINDING);
    /* Both tokens are fresh: the update goes at once. */
    ck_assert_int_eq(
        time_of(lab_find_event(world.lab, world.correspondent, EVENT_BINDING_CREATED, SECONDS(19))),
        error->time + c);
    ck_assert_optimized(&world);
    flow_source_stop(&up);
    tear_down(&world);
}
END_TEST

/* The same, seen from packets that come through the tunnel although a binding is believed to exist. */
START_TEST(test_binding_lost_seen_by_tunnel)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    struct node *mobile = world_node(&world, world.mobile),
                *correspondent = world_node(&world, world.correspondent);
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    struct flow_source down = {.configuration = &leisurely,
                               .destination = world.home_address,
                               .start = SECONDS(15),
                               .stop = SECONDS(25)};
    world_start_visited(&world, NULL);
    lab_at(world.lab, SECONDS(20) + 1, forget_binding, &world);
    lab_run(world.lab, SECONDS(14));
    ck_assert_int_eq(flow_source_start(&down, correspondent, SECONDS(14)), 0);
    lab_run(world.lab, SECONDS(30));
    ck_assert_int_eq(
        time_of(lab_find_event(world.lab, world.correspondent, EVENT_BINDING_CREATED, SECONDS(19))),
        SECONDS(20) + MILLISECONDS(100) + ordinary.b + ordinary.a[0] + ordinary.c[0]);
    ck_assert_optimized(&world);
    flow_source_stop(&down);
    flow_sink_stop(&world.sinks[0], mobile);
    tear_down(&world);
}
END_TEST

/* -- one that refuses, or does not understand -- */

/* The mobile node's number is behind the correspondent's: 135 with the last accepted one, and the update
 * again (11.7.3). */
START_TEST(test_sequence_number_out_of_window)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    if (_i == 1)
        use_static_key(&world, ORDER_AFTER_HOME_ACKNOWLEDGEMENT);
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    lab_run(world.lab, SECONDS(19));
    uint16_t accepted = entry_of(&world)->sequence;
    entry_of(&world)->sequence = (uint16_t)(accepted - 1000);
    mobile_home_registration(&mobile_of(&world)->home)->sequence -= 1000;
    lab_run(world.lab, SECONDS(40));
    time_ns a = ordinary.a[1], c = ordinary.c[1];
    ck_assert_int_eq(latency_since(&world, SECONDS(20)), 4 * a + (_i == 1 ? 0 : 2 * c) + 3 * c);
    ck_assert_uint_eq(entry_of(&world)->sequence, (uint16_t)(accepted + 1));
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* A node without the Mobility Header answers with a Parameter Problem: no more is tried for ten minutes,
 * packets are tunnelled. */
START_TEST(test_plain_correspondent)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.correspondent_configuration.route_optimization = false;
    build(&world, &ordinary);
    /* The home agent shares the configuration, but its role keeps the Mobility Header alive there. */
    struct node *mobile = world_node(&world, world.mobile),
                *correspondent = world_node(&world, world.correspondent);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    struct flow_source up = {.configuration = &leisurely,
                             .destination = world.correspondent_address,
                             .start = SECONDS(15),
                             .stop = SECONDS(20)};
    world_start_visited(&world, NULL);
    lab_run(world.lab, SECONDS(14));
    ck_assert_int_eq(flow_source_start(&up, mobile, SECONDS(14)), 0);
    lab_run(world.lab, SECONDS(500));
    ck_assert(entry_of(&world)->unsupported);
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_FAILED);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Care-of Test Init", 0), 1);
    ck_assert_uint_eq(lab_recorder(world.lab, world.correspondent)->deliveries->len, 50);
    lab_run(world.lab, SECONDS(700));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Care-of Test Init", 0), 2);
    flow_source_stop(&up);
    flow_sink_stop(&world.sinks[1], correspondent);
    tear_down(&world);
}
END_TEST

/* A correspondent with another key: the update is silently discarded, sent again at 1, 2, 4, ... 32 s, and
 * never by another method. */
START_TEST(test_wrong_static_key)
{
    static const int waits[] = {1, 2, 4, 8, 16, 32, 32};
    struct world world = {.lab = NULL};
    make_policy(&world);
    use_static_key(&world, ORDER_AFTER_HOME_ACKNOWLEDGEMENT);
    build(&world, &ordinary);
    struct static_key other = world.key;
    other.kcn[0] ^= 1;
    struct correspondent_policy policy = world.policy;
    policy.static_key = &other;
    entry_of(&world)->policy = &policy;
    world_start_visited(&world, NULL);
    lab_run(world.lab, SECONDS(150));
    time_ns sent = time_of(lab_find_event(world.lab, world.mobile, EVENT_HOME_REGISTERED, 0));
    for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        const struct protocol_event *next =
            lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Binding Update", sent + 1);
        ck_assert_int_eq(time_of(next), sent + SECONDS(waits[i]));
        sent = next->time;
    }
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Care-of Test Init", 0), 0);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", 0), 0);
    ck_assert_ptr_null(binding_of(&world));
    tear_down(&world);
}
END_TEST

/* Somebody on the home link has the home address: 134, and it is not asked for again (11.7.1). */
START_TEST(test_home_address_taken)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    unsigned squatter = lab_add_node(world.lab, &world.host, 1);
    ck_assert_int_eq(address_add(world_node(&world, squatter), 0, &world.home_address, 64, ADDRESS_CONFIGURED,
                                 false, true, 0),
                     0);
    lab_attach(world.lab, world.home_lan, squatter, 0);
    world_start_visited(&world, attach_visited_1);
    lab_run(world.lab, SECONDS(200));
    ck_assert_int_eq(status_since(&world, "Binding Acknowledgement", 0), BINDING_DUPLICATE_DETECTION_FAILED);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Binding Update", 0), 1);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", 0), 0);
    tear_down(&world);
}
END_TEST

/* A home agent that refuses is asked again after 32 s. */
START_TEST(test_home_agent_full)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.home_agent_configuration.lifetime_limit = 0;
    build(&world, &ordinary);
    world.home_agent_configuration.binding_limit = 1;
    world_node(&world, world.home_agent)->mobility->home_agent->registrations = 1; /* somebody else's */
    world_start_visited(&world, NULL);
    lab_run(world.lab, SECONDS(20));
    ck_assert_int_eq(status_since(&world, "Binding Acknowledgement", 0), BINDING_INSUFFICIENT_RESOURCES);
    time_ns refused = time_of(lab_find_event(world.lab, world.mobile, EVENT_REGISTRATION_FAILED, 0));
    world_node(&world, world.home_agent)->mobility->home_agent->registrations = 0;
    lab_run(world.lab, SECONDS(50));
    ck_assert_int_eq(time_of(lab_find_event(world.lab, world.mobile, EVENT_HOME_REGISTERED, 0)),
                     refused + SECONDS(32) + H + 2 * ordinary.a[0]);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* -- acknowledgements not asked for -- */

START_TEST(test_without_acknowledgement)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.acknowledge = false;
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    move(&world, attach_home, SECONDS(40));
    lab_run(world.lab, SECONDS(39));
    ck_assert_optimized(&world);
    ck_assert_int_eq(registered_since(&world, SECONDS(20)) + ordinary.c[1],
                     latency_since(&world, SECONDS(20)));
    lab_run(world.lab, SECONDS(60));
    ck_assert_ptr_null(binding_of(&world));
    ck_assert_ptr_null(
        lab_find_message(world.lab, world.correspondent, EVENT_MESSAGE_SENT, "Binding Acknowledgement", 0));
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_IDLE);
    tear_down(&world);
}
END_TEST

/* A refusal comes though no acknowledgement was asked for (9.5.4): the update was not accepted, whatever had
 * been assumed, and a new home test follows. */
START_TEST(test_refused_without_acknowledgement)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.acknowledge = false;
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    lab_at(world.lab, SECONDS(19), forget_nonces, &world);
    lab_run(world.lab, SECONDS(39));
    const struct protocol_event *refusal = lab_find_message(
        world.lab, world.correspondent, EVENT_MESSAGE_SENT, "Binding Acknowledgement", SECONDS(20));
    ck_assert_ptr_nonnull(refusal);
    ck_assert_int_eq(refusal->status, BINDING_EXPIRED_HOME_NONCE);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* -- a home address that is tested too early -- */

static void forget_registration(struct lab *lab, void *context)
{
    struct world *world = context;
    (void)lab;
    mobile_of(world)->home.entries->may_exist_until = 0; /* as if the binding were over */
}

/* On coming home the node believes that the home agent has no binding, tests the home address, and finds the
 * home agent (11.5.5). At home it tests again, when the home agent's binding may be over; away the home
 * agent, which accepts the registration, keeps the address for the node (10.3.1). */
START_TEST(test_home_agent_taken_for_a_duplicate)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.home_agent_configuration.lifetime_limit = 5; /* 20 s */
    world.configuration.link_local_compatibility = false;
    build(&world, &ordinary);
    world_start_visited(&world, NULL);
    lab_at(world.lab, SECONDS(20) - 1, forget_registration, &world);
    move(&world, attach_home, SECONDS(20));
    lab_run(world.lab, SECONDS(25));
    struct node *mobile = world_node(&world, world.mobile);
    ck_assert_int_eq(address_find(mobile, &world.home_address)->state, ADDRESS_DUPLICATE);
    if (_i == 0) {
        lab_run(world.lab, SECONDS(60));
        ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    } else {
        move(&world, attach_visited_1, SECONDS(26));
        lab_run(world.lab, SECONDS(45));
        ck_assert_optimized(&world);
    }
    ck_assert(address_is_usable(address_find(mobile, &world.home_address)));
    tear_down(&world);
}
END_TEST

static TCase *new_case(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);
    tcase_set_timeout(tests, 60);
    suite_add_tcase(suite, tests);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("mobile node: faults");
    TCase *tests = new_case(suite, "correspondents");
    tcase_add_test(tests, test_home_nonce_expired);
    tcase_add_test(tests, test_both_nonces_expired);
    tcase_add_test(tests, test_binding_error);
    tcase_add_test(tests, test_binding_lost_seen_by_tunnel);
    tcase_add_loop_test(tests, test_sequence_number_out_of_window, 0, 2);
    tcase_add_test(tests, test_plain_correspondent);
    tcase_add_test(tests, test_wrong_static_key);
    tcase_add_test(tests, test_without_acknowledgement);
    tcase_add_test(tests, test_refused_without_acknowledgement);
    tcase_add_loop_test(tests, test_home_agent_taken_for_a_duplicate, 0, 2);
    tests = new_case(suite, "home agent");
    tcase_add_test(tests, test_home_address_taken);
    tcase_add_test(tests, test_home_agent_full);
    return run_suite(suite);
}
