/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_handover.c - a mobile node, its home agent, a correspondent and two visited links, from the first registration to the return
 * home: instants to the nanosecond, losses one at a time, tokens used again, static keys (RFC 6275, 5.2, 9, 10, 11; RFC 4449).
 *
 * The five nodes are joined each with each, so that the one-way delays are free: a between a visited link and the home agent, b between
 * home agent and correspondent, c between a visited link and the correspondent. LANs cost nothing. H is the home agent's duplicate
 * detection, one RetransTimer. From "care-of address usable" to "binding updated at the correspondent":
 *
 *     tests after the home acknowledgement         H + 2a + max(2(a + b), 2c) + c
 *     tests in parallel, the home agent has a binding  max(2a, 2(a + b), 2c) + c
 *     home token fresh, after / in parallel        H + 2a + 2c + c,  max(H + 2a, 2c) + c
 *     static key, after / at once                  H + 2a + c,  c
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "models/mobility/mobility.h"
#include "models/traffic/flow.h"
#include "tests/lab/lab.h"

#define H SECONDS(1)

struct delays {
    time_ns a[2], b, c[2];
};

struct world {
    struct lab *lab;
    unsigned mobile, home_agent, correspondent, access[2];
    unsigned home_lan, visited[2];
    unsigned link_a[2], link_b, link_c[2];
    bool beside_router;      /* the home agent is a host on the home link; what else was its is a router's */
    unsigned home_router;    /* the home agent itself, unless beside_router */
    struct ipv6_address home_address, home_agent_address, correspondent_address;
    struct node_configuration host;
    struct mobile_node_configuration configuration;
    struct correspondent_policy policy;
    struct static_key key;
    struct correspondent_node_configuration correspondent_configuration;
    struct home_agent_configuration home_agent_configuration;
    struct router_prefix prefixes[3];
    struct router_advertisement_configuration advertised[3];
    struct flow_sink sinks[2];
};

/* -- the world -- */

static void add_route(struct world *world, unsigned node, const char *prefix, unsigned length, unsigned interface)
{
    struct node *at = lab_node(world->lab, node);
    struct route route = {.prefix = address_from(prefix), .interface = (uint16_t)interface, .prefix_length = (uint8_t)length};
    if (!at->routes)
        at->routes = routing_table_new();
    ck_assert_int_eq(routing_table_add(at->routes, &route), 0);
}

static void add_address(struct world *world, unsigned node, unsigned interface, const char *text)
{
    struct ipv6_address address = address_from(text);
    ck_assert_int_eq(
        address_add(lab_node(world->lab, node), interface, &address, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
}

static void advertise(struct world *world, unsigned which, unsigned node, const char *address)
{
    world->prefixes[which] = (struct router_prefix){
        .prefix = address_from(address), .valid_lifetime = 86400, .preferred_lifetime = 86400, .length = 64, .on_link = true,
        .autonomous = true, .router_address = true,
    };
    world->advertised[which] = (struct router_advertisement_configuration){
        .min_interval = SECONDS(3), .max_interval = SECONDS(4), .min_delay_between = MOBILE_MIN_DELAY_BETWEEN_RAS,
        .router_lifetime = 1800, .hop_limit = 64, .home_agent = which == 2, .home_agent_lifetime = 1800, .prefix_count = 1,
        .prefixes = &world->prefixes[which],
    };
    struct node *at = lab_node(world->lab, node);
    ck_assert_int_eq(router_advertiser_start(at, &at->interfaces[0], &world->advertised[which], 0), 0);
}

static void make_policy(struct world *world)
{
    world->host = node_configuration_default_host;
    world->host.delay_duplicate_detection = false;
    world->host.delay_router_solicitation = false;
    world->configuration = mobile_node_configuration_default;
    world->policy = mobile_node_configuration_default.default_policy;
    world->policy.trigger = TRIGGER_ALWAYS;
    world->correspondent_configuration = correspondent_node_configuration_default;
    world->home_agent_configuration = home_agent_configuration_default;
    world->key = (struct static_key){.kcn_length = 20, .home_nonce_length = 8, .care_of_nonce_length = 8};
    memset(world->key.kcn, 0x11, 20);
    memset(world->key.home_nonce, 0x22, 8);
    memset(world->key.care_of_nonce, 0x33, 8);
}

static void use_static_key(struct world *world, enum correspondent_order order)
{
    world->policy.method = &authorization_static_key;
    world->policy.static_key = &world->key;
    world->policy.order = order;
}

static void join_nodes(struct world *world, const struct delays *delays)
{
    struct lab *lab = world->lab;
    world->mobile = lab_add_node(lab, &world->host, 1);
    world->home_router = lab_add_node(lab, &node_configuration_default_router, 4);
    world->correspondent = lab_add_node(lab, &world->host, 3);
    world->home_lan = lab_add_lan(lab, 0);
    world->link_b = lab_add_point_to_point(lab, world->home_router, 1, world->correspondent, 0, delays->b, 1500);
    for (unsigned i = 0; i < 2; i++) {
        world->visited[i] = lab_add_lan(lab, 0);
        world->access[i] = lab_add_node(lab, &node_configuration_default_router, 3);
        world->link_a[i] = lab_add_point_to_point(lab, world->home_router, 2 + i, world->access[i], 1, delays->a[i], 1500);
        world->link_c[i] = lab_add_point_to_point(lab, world->correspondent, 1 + i, world->access[i], 2, delays->c[i], 1500);
    }
    world->home_agent = world->beside_router ? lab_add_node(lab, &world->host, 1) : world->home_router;
}

static void configure_nodes(struct world *world)
{
    static const char *const prefixes[] = {"2001:db8:a::", "2001:db8:b::"};
    static const char *const routers[] = {"2001:db8:a::1", "2001:db8:b::1"};
    const char *home_router = world->beside_router ? "2001:db8:1::2" : "2001:db8:1::1";
    add_address(world, world->home_router, 0, home_router);
    if (world->beside_router)
        add_address(world, world->home_agent, 0, "2001:db8:1::1");
    add_address(world, world->correspondent, 0, "2001:db8:c::1");
    add_route(world, world->home_router, "2001:db8:1::", 64, 0);
    add_route(world, world->home_router, "2001:db8:c::", 64, 1);
    add_route(world, world->correspondent, "2001:db8:1::", 64, 0);
    for (unsigned i = 0; i < 2; i++) {
        add_address(world, world->access[i], 0, routers[i]);
        add_route(world, world->access[i], prefixes[i], 64, 0);
        add_route(world, world->access[i], "2001:db8:c::", 64, 2);
        add_route(world, world->access[i], "::", 0, 1);
        add_route(world, world->home_router, prefixes[i], 64, 2 + i);
        add_route(world, world->correspondent, prefixes[i], 64, 1 + i);
        advertise(world, i, world->access[i], routers[i]);
    }
    advertise(world, 2, world->home_router, home_router);
}

static void give_roles(struct world *world)
{
    struct node *mobile = lab_node(world->lab, world->mobile), *agent = lab_node(world->lab, world->home_agent);
    struct node *correspondent = lab_node(world->lab, world->correspondent);
    struct ethernet_address station = lab_station_address(world->mobile, 0);
    struct ipv6_address prefix = address_from("2001:db8:1::"), identifier = ipv6_eui64_from(&station);
    world->home_address = ipv6_address_join(&prefix, &identifier);
    world->home_agent_address = address_from("2001:db8:1::1");
    world->correspondent_address = address_from("2001:db8:c::1");
    ck_assert_int_eq(mobility_enable(mobile, &world->correspondent_configuration, 0), 0);
    ck_assert_int_eq(mobility_enable(agent, &world->correspondent_configuration, 0), 0);
    ck_assert_int_eq(mobility_enable(correspondent, &world->correspondent_configuration, 0), 0);
    ck_assert_int_eq(mobility_add_home_agent(agent, &world->home_agent_configuration, 0, &world->home_agent_address, &prefix, 64, 0),
                     0);
    ck_assert_int_eq(home_agent_serve(agent, &world->home_address), 0);
    ck_assert_int_eq(mobility_add_mobile_node(mobile, &world->configuration, 0, &world->home_address, 64,
                                              &world->home_agent_address, 0),
                     0);
    ck_assert_int_eq(mobile_node_set_policy(mobile, &world->correspondent_address, &world->policy), 0);
    if (world->policy.static_key)
        ck_assert_int_eq(correspondent_node_add_static_key(correspondent, &world->home_address, world->policy.static_key), 0);
}

/* The policy and the configurations have been made by make_policy, and changed as the test wants them. */
static void build(struct world *world, const struct delays *delays)
{
    world->lab = lab_new();
    join_nodes(world, delays);
    configure_nodes(world);
    give_roles(world);
    lab_start(world->lab);
    for (unsigned i = 0; i < 2; i++)
        lab_attach(world->lab, world->visited[i], world->access[i], 0);
    lab_attach(world->lab, world->home_lan, world->home_router, 0);
    if (world->beside_router)
        lab_attach(world->lab, world->home_lan, world->home_agent, 0);
}

static void tear_down(struct world *world)
{
    for (unsigned i = 0; i < lab_node_count(world->lab); i++)
        mobility_free(lab_node(world->lab, i));
    lab_free(world->lab);
}

static void attach_visited_0(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_attach(lab, world->visited[0], world->mobile, 0);
}

static void attach_visited_1(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_attach(lab, world->visited[1], world->mobile, 0);
}

static void attach_home(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_attach(lab, world->home_lan, world->mobile, 0);
}

static void detach(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_detach(lab, world->mobile, 0);
}

/* A handover of 50 ms. */
static void move(struct world *world, lab_action *attach, time_ns when)
{
    lab_at(world->lab, when, detach, world);
    lab_at(world->lab, when + MILLISECONDS(50), attach, world);
}

/* -- what is looked at -- */

static time_ns time_of(const struct protocol_event *event)
{
    ck_assert_ptr_nonnull(event);
    return event->time;
}

/* The correspondent's binding came to name the care-of address so much later than the address was usable. */
static time_ns latency_since(struct world *world, time_ns from)
{
    const struct protocol_event *usable = lab_find_event(world->lab, world->mobile, EVENT_CARE_OF_ADDRESS_USABLE, from);
    time_ns start = time_of(usable);
    const struct protocol_event *created = lab_find_event(world->lab, world->correspondent, EVENT_BINDING_CREATED, start);
    const struct protocol_event *updated = lab_find_event(world->lab, world->correspondent, EVENT_BINDING_UPDATED, start);
    const struct protocol_event *bound = !created || (updated && updated->time < created->time) ? updated : created;
    time_ns end = time_of(bound);
    ck_assert(ipv6_address_equal(bound->care_of_address, usable->care_of_address));
    ck_assert(ipv6_address_equal(bound->home_address, &world->home_address));
    return end - start;
}

static struct binding_update_entry *entry_of(struct world *world)
{
    return mobile_node_find_entry(lab_node(world->lab, world->mobile), &world->correspondent_address);
}

static struct mobile_node *mobile_of(struct world *world)
{
    return lab_node(world->lab, world->mobile)->mobility->mobile_node;
}

static unsigned sent_since(struct world *world, unsigned node, const char *message, time_ns from)
{
    unsigned count = 0;
    for (const struct protocol_event *event; (event = lab_find_message(world->lab, node, EVENT_MESSAGE_SENT, message, from));) {
        /* All of one instant at once: messages of one type are sent one an instant here. */
        count++;
        from = event->time + 1;
    }
    return count;
}

/* Both ends agree that the binding is for the care-of address in use. */
static void ck_assert_optimized(struct world *world)
{
    const struct binding_update_entry *entry = entry_of(world);
    const struct binding *binding =
        binding_cache_lookup(&lab_node(world->lab, world->correspondent)->mobility->bindings, &world->home_address);
    ck_assert_int_eq(mobile_of(world)->state, MOBILE_NODE_REGISTERED);
    ck_assert_int_eq(entry->state, UPDATE_BOUND);
    ck_assert_ptr_nonnull(binding);
    ck_assert(ipv6_address_equal(&binding->care_of_address, &mobile_of(world)->care_of_address));
    ck_assert(ipv6_address_equal(&entry->bound_address, &mobile_of(world)->care_of_address));
}

static void ck_assert_no_discards(struct world *world)
{
    for (unsigned i = 0; i < lab_event_count(world->lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(world->lab, i, &node);
        if (event->kind == EVENT_MESSAGE_DISCARDED)
            ck_abort_msg("node %u discarded %s: %s", node, event->message, discard_reason_text(event->reason));
    }
}

/* -- closed forms -- */

static time_ns most(time_ns x, time_ns y)
{
    return x > y ? x : y;
}

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

/* A home token from before, and the home agent's duplicate detection under way: the binding there has ended meanwhile. */
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

static const struct delays ordinary = {{MILLISECONDS(10), MILLISECONDS(14)}, MILLISECONDS(20), {MILLISECONDS(25), MILLISECONDS(31)}};

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
    /* The home token from 18 s before is still fresh: the deletion is on its way at once. */
    ck_assert_int_eq(time_of(lab_find_event(lab, world.correspondent, EVENT_BINDING_DELETED, 0)), returned + MILLISECONDS(20));
    ck_assert_int_eq(mobile_of(&world)->state, MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_IDLE);
    ck_assert(ipv6_address_is_unspecified(&entry_of(&world)->bound_address));
    ck_assert_int_eq(sent_since(&world, world.mobile, "Home Test Init", SECONDS(20)), 0);
    struct interface_address *home = address_find(lab_node(lab, world.mobile), &world.home_address);
    ck_assert(home->defended);
    ck_assert_int_eq(home->state, ADDRESS_PREFERRED);
    ck_assert(!proxy_serves(lab_node(lab, world.home_agent), &lab_node(lab, world.home_agent)->interfaces[0], &world.home_address));
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
    const struct protocol_event *init = lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Home Test Init", returned);
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
    ck_assert_int_eq(mobile_of(&world)->state, MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(address_find(lab_node(world.lab, world.mobile), &world.home_address)->state, ADDRESS_PREFERRED);
    ck_assert_int_eq(sent_since(&world, world.mobile, "Binding Update", 0), 0);
    ck_assert_int_eq(lab_count_events(world.lab, world.mobile, EVENT_MOVED), 0);
    ck_assert_int_eq(lab_count_events(world.lab, world.mobile, EVENT_RETURNED_HOME), 0);
    lab_run(world.lab, SECONDS(20));
    ck_assert_int_eq(latency_since(&world, SECONDS(10)),
                     H + MILLISECONDS(20) + most(2 * MILLISECONDS(30), 2 * MILLISECONDS(25)) + MILLISECONDS(25));
    ck_assert(!address_find(lab_node(world.lab, world.mobile), &world.home_address)->defended);
    ck_assert_optimized(&world);
    tear_down(&world);
}
END_TEST

/* -- losses -- */

struct loss {
    const char *message;    /* as the RFC names it */
    unsigned type;          /* of Mobility Header */
    bool home;              /* to or from the home agent */
    time_ns timeout;        /* so much later everything comes than without loss */
};

struct dropper {
    unsigned type;
    bool home;
    time_ns from;
    unsigned left;
    struct ipv6_address home_agent;
};

/* Finds the Mobility Header behind any of the headers these packets have. */
static const uint8_t *mobility_header(const uint8_t *octets, size_t length, struct ipv6_address *source,
                                      struct ipv6_address *destination)
{
    size_t at = IPV6_HEADER_LENGTH;
    unsigned next = octets[IPV6_AT_NEXT_HEADER];
    *source = ipv6_address_read(octets + IPV6_AT_SOURCE);
    *destination = ipv6_address_read(octets + IPV6_AT_DESTINATION);
    while (at + 8 <= length) {
        if (next == NEXT_HEADER_MOBILITY)
            return octets + at;
        if (next == NEXT_HEADER_IPV6)
            return mobility_header(octets + at, length - at, source, destination);
        if (next != NEXT_HEADER_DESTINATION_OPTIONS && next != NEXT_HEADER_ROUTING)
            return NULL;
        next = octets[at];
        at += (octets[at + 1] + 1u) * 8;
    }
    return NULL;
}

static void drop_once(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment, void *context)
{
    struct dropper *dropper = context;
    struct ipv6_address source, destination;
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(lab, frame, &length);
    const uint8_t *header = mobility_header(octets, length, &source, &destination);
    if (!header || header[2] != dropper->type || frame->time < dropper->from || dropper->left == 0)
        return;
    bool home = ipv6_address_equal(&source, &dropper->home_agent) || ipv6_address_equal(&destination, &dropper->home_agent);
    if (home != dropper->home)
        return;
    dropper->left--;
    treatment->drop = true;
}

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

/* Where the mobile node hears of the outcome. */
static time_ns registered_since(struct world *world, time_ns from)
{
    time_ns start = time_of(lab_find_event(world->lab, world->mobile, EVENT_CARE_OF_ADDRESS_USABLE, from));
    return time_of(lab_find_event(world->lab, world->mobile, EVENT_CORRESPONDENT_REGISTERED, start)) - start;
}

static void hook_access_links(struct world *world, unsigned at, struct dropper *dropper)
{
    lab_set_hook(world->lab, world->visited[at], drop_once, dropper);
}

/* The i-th message of the move is lost once on the mobile node's link; what follows is as in a world without loss, one timeout
 * later. Only a Care-of Test that would not have been the last to come costs less. */
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
    time_ns slower = loss->type == MOBILITY_CARE_OF_TEST_INIT || loss->type == MOBILITY_CARE_OF_TEST ? 2 * c : 2 * (a + b);
    bool tests = loss->type >= MOBILITY_HOME_TEST_INIT && loss->type <= MOBILITY_CARE_OF_TEST;
    time_ns test_time = tests ? loss->timeout + slower : most(2 * (a + b), 2 * c);
    time_ns rest = tests ? 0 : loss->timeout;
    ck_assert_int_eq(registered_since(&world, SECONDS(20)), 2 * a + test_time + rest + 2 * c);
    ck_assert_optimized(&world);
    /* Nothing is retransmitted that was not lost. */
    unsigned bound = loss->type == MOBILITY_BINDING_UPDATE || loss->type == MOBILITY_BINDING_ACKNOWLEDGEMENT ? 3 : 2;
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
    ck_assert_int_eq(time_of(lab_find_event(world.lab, world.mobile, EVENT_REGISTRATION_FAILED, 0)), registered + SECONDS(15));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Care-of Test Init", 0), 4);
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", 0), 1);
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_FAILED);
    lab_run(world.lab, SECONDS(90));
    ck_assert_uint_eq(sent_since(&world, world.mobile, "Home Test Init", 0), 1); /* the token is still fresh */
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

/* The same link again, within a token's life: nothing needs to be said (11.5.1, "may or may not imply L3 movement"). */
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
    const struct protocol_event *second = lab_find_event(world.lab, world.mobile, EVENT_HOME_REGISTERED, first->time + 1);
    time_ns a = ordinary.a[0];
    ck_assert_int_eq(time_of(second), first->time - H - 2 * a + SECONDS(640) + 2 * a);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* -- traffic -- */

static const struct flow_configuration steady = {.pattern = FLOW_CONSTANT, .interval = MILLISECONDS(20), .payload = 100};

/* The binding is made because of a packet through the tunnel (11.7.2), and packets go directly both ways afterwards. */
START_TEST(test_traffic_triggers)
{
    struct world world = {.lab = NULL};
    make_policy(&world);
    world.policy.trigger = TRIGGER_TRAFFIC;
    build(&world, &ordinary);
    struct node *mobile = lab_node(world.lab, world.mobile), *correspondent = lab_node(world.lab, world.correspondent);
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    struct flow_source down = {.configuration = &steady, .destination = world.home_address, .start = SECONDS(10), .stop = SECONDS(12)};
    struct flow_source up = {
        .configuration = &steady, .destination = world.correspondent_address, .start = SECONDS(10), .stop = SECONDS(12), .flow = 1};
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
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
