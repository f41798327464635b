/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mobile_node_moves.c - a mobile node on links that hint at nothing, in a hurry, and one of several (RFC
 * 6275, 11.5, 11.8; RFC 4429); and whatever chance does to it, its bindings come right in the end.
 */
#include <check.h>
#include <stdlib.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/router_discovery.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

/* -- links that hint at nothing, and optimism -- */

static void advertise_often(struct world *world)
{
    for (unsigned i = 0; i < 3; i++) {
        world->advertised[i].min_interval = MILLISECONDS(50);
        world->advertised[i].max_interval = MILLISECONDS(50);
        world->advertised[i].advertisement_interval_option = true;
    }
}

/* The first advertisement of the new link tells. */
START_TEST(test_no_hints_eager)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.host.ignore_link_hints = true;
    advertise_often(&world);
    build(&world, &ordinary);
    advertise_often(&world);
    world_start_visited(&world, attach_visited_1);
    move(&world, attach_home, SECONDS(40));
    lab_run(world.lab, SECONDS(30));
    const struct protocol_event *heard =
        lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_RECEIVED, "Router Advertisement",
                         SECONDS(20) + MILLISECONDS(50));
    ck_assert_int_eq(time_of(lab_find_event(world.lab, world.mobile, EVENT_MOVED, SECONDS(20))),
                     time_of(heard));
    ck_assert_ptr_null(
        lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Router Solicitation", SECONDS(20)));
    ck_assert_optimized(&world);
    lab_run(world.lab, SECONDS(60));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    tear_down(&world);
}
END_TEST

/* Three intervals of silence are an indication; routers are solicited, though nobody is there, and the new
 * link's is found. */
START_TEST(test_advertisements_missed)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.host.ignore_link_hints = true;
    build(&world, &ordinary);
    advertise_often(&world);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(20), detach, &world);
    lab_at(world.lab, SECONDS(22), attach_visited_1, &world);
    lab_run(world.lab, SECONDS(30));
    ck_assert(!mobile_of(&world)->uncertain);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* A foreign router is heard on the same link as the own. Lazy: the own answers, and the node stays. With
 * hints, of which none has come: the prefix is one more of this link. Eager, without hints: the newest
 * advertisement is right. */
START_TEST(test_foreign_router)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.configuration.lazy = _i == 0;
    world.host.ignore_link_hints = _i != 1;
    build(&world, &ordinary);
    /* The second access router comes to the first link as well. */
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(10));
    lab_detach(world.lab, world.access[1], 0);
    lab_attach(world.lab, world.visited[0], world.access[1], 0);
    lab_run(world.lab, SECONDS(20));
    const struct protocol_event *moved = lab_find_event(world.lab, world.mobile, EVENT_MOVED, SECONDS(10));
    ck_assert((moved != NULL) == (_i == 2));
    if (_i < 2)
        ck_assert_optimized(&world);
    struct ipv6_address second = address_from("2001:db8:b::");
    ck_assert(prefix_is_on_link(&world_node(&world, world.mobile)->interfaces[0], &second) == (_i == 1));
    tear_down(&world);
}
END_TEST

/* Lazy, no hints, and the old router is gone: three solicitations, then the next advertisement moves the
 * node. */
START_TEST(test_lazy_moves)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.configuration.lazy = true;
    world.host.ignore_link_hints = true;
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    lab_run(world.lab, SECONDS(40));
    time_ns moved = time_of(lab_find_event(world.lab, world.mobile, EVENT_MOVED, SECONDS(20)));
    ck_assert_int_gt(moved, SECONDS(23));
    ck_assert_int_lt(moved, SECONDS(28));
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* Optimistic: the address serves at once, and the closed form holds from there (RFC 4429). */
START_TEST(test_optimistic)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.reuse_tokens = false;
    world.host.optimistic_duplicate_detection = true;
    build(&world, &ordinary);
    world_start_visited(&world, attach_visited_1);
    lab_run(world.lab, SECONDS(40));
    ck_assert_int_eq(
        time_of(lab_find_event(world.lab, world.mobile, EVENT_CARE_OF_ADDRESS_USABLE, SECONDS(20))),
        SECONDS(20) + MILLISECONDS(50));
    ck_assert_int_eq(latency_since(&world, SECONDS(20)), world_full_latency(&ordinary, 1));
    ck_assert_optimized(&world);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* -- in a hurry -- */

/* The node goes on before anything is done; what counts is the last link. */
START_TEST(test_moves_in_the_middle)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.order = (enum correspondent_order)(_i % 2);
    world.host.duplicate_detection_transmits = 0;
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(5000), attach_visited_0, &world);
    /* Steps of 7 ms through home registration, tests and correspondent registration. */
    time_ns when = SECONDS(10);
    for (int i = 0; i < 16; i++) {
        lab_at(world.lab, when, detach, &world);
        lab_at(world.lab, when + MILLISECONDS(1), i % 2 == 0 ? attach_visited_1 : attach_visited_0, &world);
        when += MILLISECONDS(7 * (i + 1) + _i);
    }
    lab_run(world.lab, SECONDS(30));
    ck_assert_optimized(&world);
    ck_assert(ipv6_prefix_match(&mobile_of(&world)->care_of_address, &world.prefixes[0].prefix, 64));
    tear_down(&world);
}
END_TEST

static unsigned most_in_a_second(struct world *world, const char *message, const struct ipv6_address *peer)
{
    unsigned best = 0;
    for (unsigned i = 0; i < lab_event_count(world->lab); i++) {
        unsigned count = 0, node;
        const struct protocol_event *first = lab_event(world->lab, i, &node);
        for (unsigned j = i; j < lab_event_count(world->lab); j++) {
            const struct protocol_event *event = lab_event(world->lab, j, &node);
            if (event->time >= first->time + SECONDS(1))
                break;
            count += node == world->mobile && event->kind == EVENT_MESSAGE_SENT &&
                     strcmp(event->message, message) == 0 && ipv6_address_equal(event->destination, peer);
        }
        best = count > best ? count : best;
    }
    return best;
}

/* MAX_UPDATE_RATE, per type and peer (11.8), though the node moves twenty times in two seconds. */
START_TEST(test_update_rate)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.reuse_tokens = false;
    world.policy.order = ORDER_AT_ONCE;
    world.host.duplicate_detection_transmits = 0;
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(5000), attach_visited_0, &world);
    for (int i = 0; i < 20; i++) {
        lab_at(world.lab, SECONDS(10) + MILLISECONDS(100 * i) + 333, detach, &world);
        lab_at(world.lab, SECONDS(10) + MILLISECONDS(100 * i + 1) + 333,
               i % 2 ? attach_visited_0 : attach_visited_1, &world);
    }
    lab_run(world.lab, SECONDS(30));
    ck_assert_uint_eq(most_in_a_second(&world, "Binding Update", &world.home_agent_address), MAX_UPDATE_RATE);
    ck_assert_uint_le(most_in_a_second(&world, "Binding Update", &world.correspondent_address),
                      MAX_UPDATE_RATE);
    ck_assert_uint_eq(most_in_a_second(&world, "Care-of Test Init", &world.correspondent_address),
                      MAX_UPDATE_RATE);
    ck_assert_uint_eq(most_in_a_second(&world, "Home Test Init", &world.correspondent_address),
                      MAX_UPDATE_RATE);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* Home, and away again before the deregistration is acknowledged, each message of it lost in turn. */
START_TEST(test_home_and_away_again)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    struct dropper dropper = {_i == 0 ? MOBILITY_BINDING_UPDATE : MOBILITY_BINDING_ACKNOWLEDGEMENT, true,
                              SECONDS(20), 1, world.home_agent_address};
    lab_set_hook(world.lab, world.home_lan, drop_some, &dropper);
    world_start_visited(&world, attach_home);
    move(&world, attach_visited_1, SECONDS(20) + MILLISECONDS(500));
    lab_run(world.lab, SECONDS(40));
    ck_assert_uint_eq(dropper.left, 0);
    ck_assert_ptr_null(lab_find_event(world.lab, world.mobile, EVENT_HOME_DEREGISTERED, 0));
    ck_assert_optimized(&world);
    ck_assert(!address_find(world_node(&world, world.mobile), &world.home_address)->defended);
    tear_down(&world);
}
END_TEST

/* The deregistration, or its acknowledgement, lost: again after a second (11.5.5, 11.8). */
START_TEST(test_deregistration_lost)
{
    struct world world = {.beside_router = _i >= 2};
    make_policy(&world);
    build(&world, &ordinary);
    struct dropper dropper = {_i % 2 == 0 ? MOBILITY_BINDING_UPDATE : MOBILITY_BINDING_ACKNOWLEDGEMENT, true,
                              SECONDS(20), 1, world.home_agent_address};
    lab_set_hook(world.lab, world.home_lan, drop_some, &dropper);
    world_start_visited(&world, attach_home);
    lab_run(world.lab, SECONDS(40));
    ck_assert_uint_eq(dropper.left, 0);
    ck_assert_int_eq(time_of(lab_find_event(world.lab, world.mobile, EVENT_HOME_DEREGISTERED, 0)),
                     SECONDS(21) + MILLISECONDS(50));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert_ptr_null(binding_of(&world));
    tear_down(&world);
}
END_TEST

/* -- several -- */

/* Two mobile nodes, each the other's correspondent: signalling goes to home addresses (5.2.9), data straight
 * from care-of address to care-of address, and both may move at once. */
START_TEST(test_two_mobile_nodes)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    unsigned other = lab_add_node(world.lab, &world.host, 1);
    struct node *mobile = world_node(&world, world.mobile), *second = world_node(&world, other);
    struct ipv6_address second_home = address_from("2001:db8:1::2222");
    ck_assert_int_eq(mobility_enable(second, &world.correspondent_configuration, 0), 0);
    ck_assert_int_eq(mobility_add_mobile_node(second, &world.configuration, 0, &second_home, 64,
                                              &world.home_agent_address, 0),
                     0);
    ck_assert_int_eq(home_agent_serve(world_node(&world, world.home_agent), &second_home), 0);
    ck_assert_int_eq(mobile_node_set_policy(second, &world.home_address, &world.policy), 0);
    ck_assert_int_eq(mobile_node_set_policy(mobile, &second_home, &world.policy), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], second), 0);
    struct flow_source there = {
        .configuration = &leisurely, .destination = second_home, .start = SECONDS(15), .stop = SECONDS(16)};
    struct flow_source back = {.configuration = &leisurely,
                               .destination = world.home_address,
                               .start = SECONDS(35),
                               .stop = SECONDS(36),
                               .flow = 1};
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, MILLISECONDS(200));
    lab_attach(world.lab, world.visited[1], other, 0);
    ck_assert_int_eq(flow_source_start(&there, mobile, lab_now(world.lab)), 0);
    ck_assert_int_eq(flow_source_start(&back, second, lab_now(world.lab)), 0);
    lab_run(world.lab, SECONDS(20));
    /* They change places at one instant. */
    lab_detach(world.lab, world.mobile, 0);
    lab_detach(world.lab, other, 0);
    lab_attach(world.lab, world.visited[1], world.mobile, 0);
    lab_attach(world.lab, world.visited[0], other, 0);
    lab_run(world.lab, SECONDS(40));
    ck_assert_int_eq(entry_with(mobile, &second_home)->state, UPDATE_BOUND);
    ck_assert_int_eq(entry_with(second, &world.home_address)->state, UPDATE_BOUND);
    for (unsigned i = 0; i < 2; i++) {
        const GArray *arrived = lab_recorder(world.lab, i == 0 ? other : world.mobile)->deliveries;
        ck_assert_uint_eq(arrived->len, 10);
        for (unsigned j = 0; j < arrived->len; j++) {
            const struct delivery *delivery = &g_array_index(arrived, struct delivery, j);
            ck_assert_int_eq(delivery->path, PATH_ROUTE_OPTIMIZED);
            ck_assert(ipv6_address_equal(&delivery->source, i == 0 ? &world.home_address : &second_home));
            ck_assert_int_eq(delivery->time - delivery->sent,
                             ordinary.a[0] + ordinary.a[1]); /* by the home agent's router */
        }
    }
    flow_source_stop(&there);
    flow_source_stop(&back);
    flow_sink_stop(&world.sinks[0], mobile);
    flow_sink_stop(&world.sinks[1], second);
    tear_down(&world);
}
END_TEST

/* -- everything at once -- */

#define CHAOS 60 /* runs */

struct chaos {
    struct world *world;
    uint64_t state;
    time_ns until; /* losses until then */
};

static unsigned chance(struct chaos *chaos, unsigned of)
{
    chaos->state = chaos->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(chaos->state >> 40) % of;
}

/* A fifth of all frames is lost, a tenth comes twice, some come late and out of order. */
static void disturb(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment,
                    void *context)
{
    struct chaos *chaos = context;
    (void)frame;
    if (lab_now(lab) >= chaos->until)
        return;
    treatment->drop = chance(chaos, 5) == 0;
    treatment->copies = chance(chaos, 10) == 0;
    treatment->delay = chance(chaos, 4) == 0 ? MILLISECONDS(chance(chaos, 300)) : 0;
}

/* Ninety seconds of moves and losses, in one of several configurations; then peace, and everything must be in
 * order within the time of the slowest retransmission and retry. */
START_TEST(test_chaos)
{
    static lab_action *const attach[] = {attach_visited_0, attach_visited_1, attach_home};
    struct world world = {.beside_router = _i % 3 == 0};
    struct chaos chaos = {.world = &world, .state = (uint64_t)_i * 7919 + 1, .until = SECONDS(90)};
    make_policy(&world);
    world.policy.order = (enum correspondent_order)(_i % 3);
    world.policy.reuse_tokens = _i % 2 == 0;
    if (_i % 4 == 3)
        use_static_key(&world, world.policy.order);
    if (_i % 8 == 5)
        world.policy.trigger = TRIGGER_TRAFFIC;
    world.host.optimistic_duplicate_detection = _i % 5 == 0;
    world.host.ignore_link_hints = _i % 7 >= 5;
    world.configuration.lazy = _i % 7 == 6;
    build(&world, &ordinary);
    struct node *mobile = world_node(&world, world.mobile),
                *correspondent = world_node(&world, world.correspondent);
    struct flow_source down = {
        .configuration = &leisurely, .destination = world.home_address, .stop = SECONDS(240)};
    struct flow_source up = {.configuration = &leisurely,
                             .destination = world.correspondent_address,
                             .stop = SECONDS(240),
                             .flow = 1};
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    ck_assert_int_eq(flow_source_start(&down, correspondent, 0), 0);
    ck_assert_int_eq(flow_source_start(&up, mobile, 0), 0);
    for (unsigned link = 0; link < 8; link++)
        lab_set_hook(world.lab, link, disturb, &chaos);
    time_ns when = MILLISECONDS(100);
    unsigned last = 0;
    lab_at(world.lab, when, attach[0], &world);
    while (when < SECONDS(85)) {
        when += MILLISECONDS(100 + chance(&chaos, 9000));
        last = chance(&chaos, 3);
        lab_at(world.lab, when, detach, &world);
        when += MILLISECONDS(chance(&chaos, 200));
        lab_at(world.lab, when, attach[last], &world);
    }
    lab_run(world.lab, SECONDS(239));
    uint64_t before[2] = {world.sinks[0].datagrams, world.sinks[1].datagrams};
    lab_run(world.lab, SECONDS(250));
    ck_assert_uint_eq(world.sinks[0].datagrams - before[0], 10);
    ck_assert_uint_eq(world.sinks[1].datagrams - before[1], 10);
    if (last < 2) {
        ck_assert_optimized(&world);
    } else {
        ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
        ck_assert_ptr_null(binding_of(&world));
        ck_assert_ptr_null(binding_cache_lookup(&world_node(&world, world.home_agent)->mobility->bindings,
                                                &world.home_address));
        ck_assert_int_eq(address_find(world_node(&world, world.mobile), &world.home_address)->state,
                         ADDRESS_PREFERRED);
        ck_assert(address_find(world_node(&world, world.mobile), &world.home_address)->defended);
    }
    flow_source_stop(&down);
    flow_source_stop(&up);
    flow_sink_stop(&world.sinks[0], mobile);
    flow_sink_stop(&world.sinks[1], correspondent);
    tear_down(&world);
}
END_TEST

/* The state of a handover dies with its node at any moment: nothing leaks, nothing is touched afterwards. */
START_TEST(test_torn_down_at_any_time)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    world_start_visited(&world, attach_home);
    lab_run(world.lab, SECONDS(6) + MILLISECONDS(40 * _i));
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
    Suite *suite = suite_create("mobile node: moves");
    TCase *tests = new_case(suite, "movement");
    tcase_add_test(tests, test_no_hints_eager);
    tcase_add_test(tests, test_advertisements_missed);
    tcase_add_loop_test(tests, test_foreign_router, 0, 3);
    tcase_add_test(tests, test_lazy_moves);
    tcase_add_test(tests, test_optimistic);
    tcase_add_loop_test(tests, test_moves_in_the_middle, 0, 6);
    tcase_add_test(tests, test_update_rate);
    tcase_add_loop_test(tests, test_home_and_away_again, 0, 2);
    tcase_add_loop_test(tests, test_deregistration_lost, 0, 4);
    tests = new_case(suite, "several");
    tcase_add_test(tests, test_two_mobile_nodes);
    tcase_add_loop_test(tests, test_torn_down_at_any_time, 0, 10);
    tests = new_case(suite, "everything at once");
    tcase_add_loop_test(tests, test_chaos, 0, CHAOS);
    return run_suite(suite);
}
