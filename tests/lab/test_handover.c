/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_handover.c - a mobile node, its home agent, a correspondent and two visited links, from the first
 * registration to the return home: instants to the nanosecond, losses one at a time, tokens used again,
 * static keys (RFC 6275, 5.2, 9, 10, 11; RFC 4449).
 *
 * From "care-of address usable" to "binding updated at the correspondent", with the delays of world.h:
 *
 *     tests after the home acknowledgement         H + 2a + max(2(a + b), 2c) + c
 *     tests in parallel, the home agent has a binding  max(2a, 2(a + b), 2c) + c
 *     home token fresh, after / in parallel        H + 2a + 2c + c,  max(H + 2a, 2c) + c
 *     static key, after / at once                  H + 2a + c,  c
 */
#include <check.h>
#include <stdlib.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

/* -- closed forms -- */

/* A small generator: what it gives is in the test, not in the machine. */
static time_ns draw(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (time_ns)(*state >> 33) % MILLISECONDS(240) + 1;
}

static struct delays draw_delays(uint64_t *state)
{
    struct delays delays = {.b = draw(state)};
    for (unsigned i = 0; i < 2; i++) {
        delays.a[i] = draw(state);
        delays.c[i] = draw(state);
    }
    return delays;
}

struct mode {
    const char *name;
    bool static_key, reuse;
    enum correspondent_order order;
};

static time_ns expected(const struct mode *mode, const struct delays *delays, unsigned at, time_ns h)
{
    time_ns a = delays->a[at], b = delays->b, c = delays->c[at];
    bool first = h > 0, token = mode->reuse && !first;
    if (mode->static_key)
        return mode->order == ORDER_AT_ONCE ? c : h + 2 * a + c;
    if (mode->order == ORDER_PARALLEL_TESTS && !first)
        return most(most(2 * a, token ? 0 : 2 * (a + b)), 2 * c) + c;
    return h + 2 * a + most(token ? 0 : 2 * (a + b), 2 * c) + c;
}

static const struct mode modes[] = {
    {"tests after", false, false, ORDER_AFTER_HOME_ACKNOWLEDGEMENT},
    {"tests in parallel", false, false, ORDER_PARALLEL_TESTS},
    {"fresh home token, after", false, true, ORDER_AFTER_HOME_ACKNOWLEDGEMENT},
    {"fresh home token, in parallel", false, true, ORDER_PARALLEL_TESTS},
    {"static key, after", true, false, ORDER_AFTER_HOME_ACKNOWLEDGEMENT},
    {"static key, at once", true, false, ORDER_AT_ONCE},
};

static void prepare_mode(struct world *world, const struct mode *mode)
{
    make_policy(world);
    world->policy.order = mode->order;
    world->policy.reuse_tokens = mode->reuse;
    if (mode->static_key)
        use_static_key(world, mode->order);
}

START_TEST(test_closed_forms)
{
    /* With the home agent on the home link's router, and beside it. */
    const struct mode *mode = &modes[_i];
    uint64_t state = (uint64_t)_i + 1;
    for (unsigned round = 0; round < 12; round++) {
        struct delays delays = draw_delays(&state);
        struct world world = {.beside_router = round % 2 == 1};
        prepare_mode(&world, mode);
        build(&world, &delays);
        lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
        move(&world, attach_visited_1, SECONDS(20));
        move(&world, attach_visited_0, SECONDS(40));
        lab_run(world.lab, SECONDS(60));
        ck_assert_int_eq(latency_since(&world, 0), expected(mode, &delays, 0, H));
        ck_assert_int_eq(latency_since(&world, SECONDS(20)), expected(mode, &delays, 1, 0));
        ck_assert_int_eq(latency_since(&world, SECONDS(40)), expected(mode, &delays, 0, 0));
        ck_assert_optimized(&world);
        ck_assert_no_discards(&world);
        tear_down(&world);
    }
}
END_TEST

/* A home token from before, and the home agent's duplicate detection under way: the binding there has ended
 * meanwhile. */
START_TEST(test_closed_form_fresh_token_first_registration)
{
    uint64_t state = 99;
    for (unsigned round = 0; round < 12; round++) {
        struct delays delays = draw_delays(&state);
        struct world world = {.lab = NULL};
        make_policy(&world);
        world.policy.order = ORDER_PARALLEL_TESTS;
        build(&world, &delays);
        lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
        move(&world, attach_home, SECONDS(20));
        move(&world, attach_visited_1, SECONDS(60));
        lab_run(world.lab, SECONDS(80));
        time_ns a = delays.a[1], c = delays.c[1];
        ck_assert_int_eq(latency_since(&world, SECONDS(60)), most(H + 2 * a, 2 * c) + c);
        ck_assert_optimized(&world);
        tear_down(&world);
    }
}
END_TEST

/* -- coming home -- */

START_TEST(test_return_home)
{
    struct world world = {.beside_router = _i == 1};
    make_policy(&world);
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    move(&world, attach_home, SECONDS(20));
    lab_run(world.lab, SECONDS(40));
    struct lab *lab = world.lab;
    time_ns returned = time_of(lab_find_event(lab, world.mobile, EVENT_RETURNED_HOME, SECONDS(20)));
    ck_assert_int_eq(returned, SECONDS(20) + MILLISECONDS(50));
    /* The home link costs nothing: all of it happens in one instant. */
    ck_assert_int_eq(time_of(lab_find_event(lab, world.mobile, EVENT_HOME_DEREGISTERED, 0)), returned);
    ck_assert_int_eq(time_of(lab_find_event(lab, world.home_agent, EVENT_BINDING_DELETED, 0)), returned);
    /* Nobody has told the station of a home agent beside the router: it is asked for as by a test of the home
     * address (11.5.5). */
    const struct protocol_event *solicitation =
        lab_find_message(lab, world.mobile, EVENT_MESSAGE_SENT, "Neighbor Solicitation", returned);
    ck_assert(!world.beside_router || ipv6_address_is_unspecified(solicitation->source));
    /* The home token from 18 s before is still fresh: the deletion is on its way at once. */
    ck_assert_int_eq(time_of(lab_find_event(lab, world.correspondent, EVENT_BINDING_DELETED, 0)),
                     returned + MILLISECONDS(20));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_IDLE);
    ck_assert(ipv6_address_is_unspecified(&entry_of(&world)->bound_address));
    ck_assert_int_eq(sent_since(&world, world.mobile, "Home Test Init", SECONDS(20)), 0);
    struct interface_address *home = address_find(lab_node(lab, world.mobile), &world.home_address);
    ck_assert(home->defended);
    ck_assert_int_eq(home->state, ADDRESS_PREFERRED);
    ck_assert(!proxy_serves(lab_node(lab, world.home_agent), &lab_node(lab, world.home_agent)->interfaces[0],
                            &world.home_address));
    ck_assert_no_discards(&world);
    ck_assert_int_eq(lab_count_events(lab, world.mobile, EVENT_ADDRESS_DUPLICATE), 0);
    tear_down(&world);
}
END_TEST

/* Without a home token the deletion needs a test, plainly from home, and no care-of test (5.2.5, 11.6.1). */
START_TEST(test_return_home_without_token)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.reuse_tokens = false;
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    move(&world, attach_home, SECONDS(20));
    lab_run(world.lab, SECONDS(40));
    time_ns returned = time_of(lab_find_event(world.lab, world.mobile, EVENT_RETURNED_HOME, SECONDS(20)));
    const struct protocol_event *init =
        lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Home Test Init", returned);
    ck_assert_int_eq(time_of(init), returned);
    ck_assert(!init->tunnelled);
    ck_assert_int_eq(sent_since(&world, world.mobile, "Care-of Test Init", returned), 0);
    ck_assert_int_eq(time_of(lab_find_event(world.lab, world.correspondent, EVENT_BINDING_DELETED, 0)),
                     returned + 3 * MILLISECONDS(20));
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* Boots at home: nothing registered, the home address tested as any other; leaves, registers. */
START_TEST(test_start_at_home)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_home, &world);
    move(&world, attach_visited_0, SECONDS(10));
    lab_run(world.lab, SECONDS(9));
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(address_find(lab_node(world.lab, world.mobile), &world.home_address)->state,
                     ADDRESS_PREFERRED);
    /* No home agent has kept the address unique: the node has tested it (11.5.5). */
    unsigned tests_of_home_address = 0;
    for (unsigned i = 0; i < lab_event_count(world.lab); i++) {
        const struct protocol_event *event = lab_event(world.lab, i, NULL);
        tests_of_home_address += event->kind == EVENT_ADDRESS_TENTATIVE &&
                                 ipv6_address_equal(event->care_of_address, &world.home_address);
    }
    ck_assert_uint_eq(tests_of_home_address, 1);
    ck_assert_int_eq(sent_since(&world, world.mobile, "Binding Update", 0), 0);
    ck_assert_int_eq(lab_count_events(world.lab, world.mobile, EVENT_MOVED), 0);
    ck_assert_int_eq(lab_count_events(world.lab, world.mobile, EVENT_RETURNED_HOME), 0);
    lab_run(world.lab, SECONDS(20));
    ck_assert_int_eq(latency_since(&world, SECONDS(10)),
                     H + MILLISECONDS(20) + most(2 * MILLISECONDS(30), 2 * MILLISECONDS(25)) +
                         MILLISECONDS(25));
    ck_assert(!address_find(lab_node(world.lab, world.mobile), &world.home_address)->defended);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* -- losses -- */

struct loss {
    const char *message; /* as the RFC names it */
    unsigned type;       /* of Mobility Header */
    bool home;           /* to or from the home agent */
    time_ns timeout;     /* so much later everything comes than without loss */
};

static const struct loss losses[] = {
    {"home Binding Update", MOBILITY_BINDING_UPDATE, true, INITIAL_BINDACK_TIMEOUT},
    {"home Binding Acknowledgement", MOBILITY_BINDING_ACKNOWLEDGEMENT, true, INITIAL_BINDACK_TIMEOUT},
    {"Home Test Init", MOBILITY_HOME_TEST_INIT, false, INITIAL_BINDACK_TIMEOUT},
    {"Home Test", MOBILITY_HOME_TEST, false, INITIAL_BINDACK_TIMEOUT},
    {"Care-of Test Init", MOBILITY_CARE_OF_TEST_INIT, false, INITIAL_BINDACK_TIMEOUT},
    {"Care-of Test", MOBILITY_CARE_OF_TEST, false, INITIAL_BINDACK_TIMEOUT},
    {"Binding Update", MOBILITY_BINDING_UPDATE, false, INITIAL_BINDACK_TIMEOUT},
    {"Binding Acknowledgement", MOBILITY_BINDING_ACKNOWLEDGEMENT, false, INITIAL_BINDACK_TIMEOUT},
};

static void hook_access_links(struct world *world, unsigned at, struct dropper *dropper)
{
    lab_set_hook(world->lab, world->visited[at], drop_some, dropper);
}

/* The i-th message of the move is lost once on the mobile node's link; what follows is as in a world without
 * loss, one timeout later. Only a Care-of Test that would not have been the last to come costs less. */
START_TEST(test_single_loss)
{
    const struct loss *loss = &losses[_i];
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.reuse_tokens = false;
    build(&world, &ordinary);
    struct dropper dropper = {loss->type, loss->home, SECONDS(20), 1, world.home_agent_address};
    hook_access_links(&world, 1, &dropper);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    move(&world, attach_visited_1, SECONDS(20));
    lab_run(world.lab, SECONDS(40));
    ck_assert_uint_eq(dropper.left, 0);
    time_ns a = ordinary.a[1], b = ordinary.b, c = ordinary.c[1];
    time_ns slower =
        loss->type == MOBILITY_CARE_OF_TEST_INIT || loss->type == MOBILITY_CARE_OF_TEST ? 2 * c : 2 * (a + b);
    bool tests = loss->type >= MOBILITY_HOME_TEST_INIT && loss->type <= MOBILITY_CARE_OF_TEST;
    time_ns test_time = tests ? loss->timeout + slower : most(2 * (a + b), 2 * c);
    time_ns rest = tests ? 0 : loss->timeout;
    ck_assert_int_eq(registered_since(&world, SECONDS(20)), 2 * a + test_time + rest + 2 * c);
    ck_assert_optimized(&world);
    /* Nothing is retransmitted that was not lost. */
    unsigned bound =
        loss->type == MOBILITY_BINDING_UPDATE || loss->type == MOBILITY_BINDING_ACKNOWLEDGEMENT ? 3 : 2;
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Binding Update", SECONDS(20)), bound);
    tear_down(&world);
}
END_TEST

/* The first home Binding Update is given 1.5 s, so that duplicate detection can end (11.8). */
START_TEST(test_first_home_update_lost)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    struct dropper dropper = {MOBILITY_BINDING_UPDATE, true, 0, 1, world.home_agent_address};
    hook_access_links(&world, 0, &dropper);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(20));
    time_ns a = ordinary.a[0];
    time_ns usable = time_of(lab_find_event(world.lab, world.mobile, EVENT_CARE_OF_ADDRESS_USABLE, 0));
    ck_assert_int_eq(time_of(lab_find_event(world.lab, world.mobile, EVENT_HOME_REGISTERED, 0)),
                     usable + MILLISECONDS(1500) + H + 2 * a);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* Tests never answered: 1 + 2 + 4 + 8 s, then the tunnel; after a minute it is tried again (5.2.9). */
START_TEST(test_tests_time_out)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    struct dropper dropper = {MOBILITY_CARE_OF_TEST, false, 0, 4, world.home_agent_address};
    hook_access_links(&world, 0, &dropper);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(30));
    time_ns registered = time_of(lab_find_event(world.lab, world.mobile, EVENT_HOME_REGISTERED, 0));
    ck_assert_int_eq(time_of(lab_find_event(world.lab, world.mobile, EVENT_REGISTRATION_FAILED, 0)),
                     registered + SECONDS(15));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Care-of Test Init", 0), 4);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", 0), 1);
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_FAILED);
    lab_run(world.lab, SECONDS(90));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", 0),
                      1); /* the token is still fresh */
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* -- tokens -- */

START_TEST(test_home_token_expires)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    move(&world, attach_visited_1, SECONDS(100));
    move(&world, attach_visited_0, SECONDS(250));
    lab_run(world.lab, SECONDS(260));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", SECONDS(50)), 1);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", SECONDS(240)), 1);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Care-of Test Init", SECONDS(50)), 2);
    ck_assert_optimized(&world);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* The same link again, within a token's life: nothing needs to be said (11.5.1, "may or may not imply L3
 * movement"). */
START_TEST(test_same_link_again)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    move(&world, attach_visited_0, SECONDS(20));
    lab_run(world.lab, SECONDS(30));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Binding Update", SECONDS(20)), 0);
    ck_assert_ptr_null(lab_find_event(world.lab, world.mobile, EVENT_MOVED, SECONDS(20)));
    ck_assert_ptr_null(lab_find_event(world.lab, world.mobile, EVENT_CARE_OF_ADDRESS_USABLE, SECONDS(20)));
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* Bindings outlive their lifetimes: refreshed at four fifths, with new tests when the tokens are too old. */
START_TEST(test_refresh)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.configuration.home_lifetime = 200;
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(2000));
    ck_assert_optimized(&world);
    ck_assert_uint_eq(lab_count_events(world.lab, world.correspondent, EVENT_BINDING_EXPIRED), 0);
    ck_assert_uint_eq(lab_count_events(world.lab, world.home_agent, EVENT_BINDING_EXPIRED), 0);
    const struct protocol_event *first = lab_find_event(world.lab, world.mobile, EVENT_HOME_REGISTERED, 0);
    const struct protocol_event *second =
        lab_find_event(world.lab, world.mobile, EVENT_HOME_REGISTERED, first->time + 1);
    time_ns a = ordinary.a[0];
    ck_assert_int_eq(time_of(second), first->time - H - 2 * a + SECONDS(640) + 2 * a);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* -- traffic -- */

static const struct flow_configuration steady = {
    .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(20), .payload = 100};

/* The binding is made because of a packet through the tunnel (11.7.2), and packets go directly both ways
 * afterwards. */
START_TEST(test_traffic_triggers)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.trigger = TRIGGER_TRAFFIC;
    build(&world, &ordinary);
    struct node *mobile = lab_node(world.lab, world.mobile),
                *correspondent = lab_node(world.lab, world.correspondent);
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    struct flow_source down = {.configuration = &steady,
                               .destination = world.home_address,
                               .start = SECONDS(10),
                               .stop = SECONDS(12)};
    struct flow_source up = {.configuration = &steady,
                             .destination = world.correspondent_address,
                             .start = SECONDS(10),
                             .stop = SECONDS(12),
                             .flow = 1};
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(9));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", 0), 0);
    ck_assert_int_eq(flow_source_start(&down, correspondent, SECONDS(9)), 0);
    ck_assert_int_eq(flow_source_start(&up, mobile, SECONDS(9)), 0);
    lab_run(world.lab, SECONDS(20));
    time_ns a = ordinary.a[0], b = ordinary.b, c = ordinary.c[0];
    /* First datagram at 10 s, b and a under way. */
    time_ns bound = time_of(lab_find_event(world.lab, world.correspondent, EVENT_BINDING_CREATED, 0));
    ck_assert_int_eq(bound, SECONDS(10) + b + a + most(2 * (a + b), 2 * c) + c);
    const GArray *arrived = lab_recorder(world.lab, world.mobile)->deliveries;
    ck_assert_uint_eq(arrived->len, 100);
    for (unsigned i = 0; i < arrived->len; i++) {
        const struct delivery *delivery = &g_array_index(arrived, struct delivery, i);
        ck_assert_int_eq(delivery->path, delivery->sent < bound ? PATH_TUNNELLED : PATH_ROUTE_OPTIMIZED);
        ck_assert(ipv6_address_equal(&delivery->destination, &world.home_address));
        ck_assert_int_eq(delivery->time - delivery->sent, delivery->sent < bound ? a + b : c);
    }
    arrived = lab_recorder(world.lab, world.correspondent)->deliveries;
    ck_assert_uint_eq(arrived->len, 100);
    for (unsigned i = 0; i < arrived->len; i++) {
        const struct delivery *delivery = &g_array_index(arrived, struct delivery, i);
        ck_assert(ipv6_address_equal(&delivery->source, &world.home_address));
        ck_assert_int_eq(delivery->time - delivery->sent, delivery->sent < bound + c ? a + b : c);
    }
    flow_source_stop(&down);
    flow_source_stop(&up);
    flow_sink_stop(&world.sinks[0], mobile);
    flow_sink_stop(&world.sinks[1], correspondent);
    tear_down(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("handover");
    TCase *forms = tcase_create("closed forms");
    tcase_set_timeout(forms, 60);
    tcase_add_loop_test(forms, test_closed_forms, 0, (int)(sizeof(modes) / sizeof(modes[0])));
    tcase_add_test(forms, test_closed_form_fresh_token_first_registration);
    suite_add_tcase(suite, forms);
    TCase *home = tcase_create("home");
    tcase_add_loop_test(home, test_return_home, 0, 2);
    tcase_add_test(home, test_return_home_without_token);
    tcase_add_test(home, test_start_at_home);
    suite_add_tcase(suite, home);
    TCase *loss = tcase_create("losses");
    tcase_add_loop_test(loss, test_single_loss, 0, (int)(sizeof(losses) / sizeof(losses[0])));
    tcase_add_test(loss, test_first_home_update_lost);
    tcase_add_test(loss, test_tests_time_out);
    suite_add_tcase(suite, loss);
    TCase *others = tcase_create("tokens, refresh, traffic");
    tcase_add_test(others, test_home_token_expires);
    tcase_add_test(others, test_same_link_again);
    tcase_add_test(others, test_refresh);
    tcase_add_test(others, test_traffic_triggers);
    suite_add_tcase(suite, others);
    return run_suite(suite);
}
