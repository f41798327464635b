/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_several_home_addresses.c - one mobile node with several home addresses, on one home link or on two
 * (RFC 6275, 5.2.7, 11.1, 11.6.1, 11.7.1, 11.8): each has its registrations, all share the care-of keygen
 * token, and the node can be at home as one and away as another.
 *
 * The second home agent is the router of the second visited link, which is thereby a home link. The first
 * home address is the one that autoconfiguration gives on its home link, so that there is no other address
 * there.
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/udp.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

#define MOST 5

static struct world world;
static struct ipv6_address second_home, second_agent;
static struct static_key second_key;
static struct correspondent_policy second_policy;

/* ---- the node ---- */

static struct node *mobile_node(void)
{
    return lab_node(world.lab, world.mobile);
}

static struct mobile_home *home_with(const struct ipv6_address *home_address)
{
    struct mobile_home *home = mobile_node_find_home(mobile_node(), home_address);
    ck_assert_ptr_nonnull(home);
    return home;
}

static enum mobile_node_state state_of(const struct ipv6_address *home_address)
{
    return home_with(home_address)->state;
}

static void add_home_address(const struct ipv6_address *home_address, unsigned agent,
                             const struct ipv6_address *agent_address,
                             const struct correspondent_policy *policy)
{
    struct node *node = mobile_node();
    ck_assert_int_eq(home_agent_serve(lab_node(world.lab, agent), home_address), 0);
    ck_assert_int_eq(mobility_add_home_address(node, home_address, 64, agent_address, 0), 0);
    ck_assert_int_eq(
        mobile_home_set_policy(node, home_with(home_address), &world.correspondent_address, policy), 0);
}

/* The second home address is at home on the second visited link. */
static void add_second_home_link(void)
{
    struct node *agent = lab_node(world.lab, world.access[1]);
    struct ipv6_address prefix = address_from("2001:db8:b::");
    second_home = address_from("2001:db8:b::200");
    second_agent = address_from("2001:db8:b::1");
    ck_assert_int_eq(mobility_enable(agent, &world.correspondent_configuration, 0), 0);
    ck_assert_int_eq(
        mobility_add_home_agent(agent, &world.home_agent_configuration, 0, &second_agent, &prefix, 64, 0), 0);
    add_home_address(&second_home, world.access[1], &second_agent, &second_policy);
}

static void two_home_links(void)
{
    second_policy = world.policy;
    build(&world, &ordinary);
    add_second_home_link();
}

/* Further home addresses on the first home link, with the same home agent. */
static struct ipv6_address further(unsigned number)
{
    struct ipv6_address address = address_from("2001:db8:1::200");
    address.octets[15] = (uint8_t)number;
    return address;
}

static void one_home_link(unsigned count)
{
    build(&world, &ordinary);
    for (unsigned i = 1; i < count; i++) {
        struct ipv6_address address = further(i);
        add_home_address(&address, world.home_agent, &world.home_agent_address, &world.policy);
    }
}

/* ---- what is looked at ---- */

static unsigned count_sent(const char *message, const struct ipv6_address *destination, time_ns from,
                           time_ns until)
{
    unsigned count = 0;
    for (unsigned i = 0; i < lab_event_count(world.lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(world.lab, i, &node);
        if (node == world.mobile && event->kind == EVENT_MESSAGE_SENT && event->time >= from &&
            event->time < until && strcmp(event->message, message) == 0 &&
            ipv6_address_equal(event->destination, destination))
            count++;
    }
    return count;
}

static unsigned tests_sent(const char *message, time_ns from)
{
    return count_sent(message, &world.correspondent_address, from, TIME_NEVER);
}

static const struct binding *binding_at(unsigned node, const struct ipv6_address *home_address)
{
    return binding_cache_lookup(&lab_node(world.lab, node)->mobility->bindings, home_address);
}

static void ck_assert_bound(unsigned node, const struct ipv6_address *home_address)
{
    const struct binding *binding = binding_at(node, home_address);
    ck_assert_ptr_nonnull(binding);
    ck_assert_mem_eq(&binding->care_of_address, &mobile_of(&world)->care_of_address, 16);
}

/* A packet from the home address to the correspondent, and one back: how each travels. */
struct talk {
    struct application mobile, correspondent;
    struct ipv6_address home_address;
    unsigned heard, answered;
    enum packet_path up, down;
};

static void send_data(unsigned node, const struct ipv6_address *source,
                      const struct ipv6_address *destination, uint16_t port)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = lab_packet(world.lab, "data", 4);
    out.source = *source;
    out.source_fixed = true;
    out.destination = *destination;
    ck_assert_int_eq(udp_send(lab_node(world.lab, node), &out, 4000, port, lab_now(world.lab)), 0);
}

static void hear(struct application *application, struct node *node, const struct inbound *in,
                 uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    struct talk *talk = (void *)((char *)application - offsetof(struct talk, correspondent));
    (void)node, (void)source_port, (void)payload, (void)length, (void)now;
    ck_assert_mem_eq(&in->source, &talk->home_address, 16);
    talk->heard++;
    talk->up = inbound_path(in);
}

static void be_answered(struct application *application, struct node *node, const struct inbound *in,
                        uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    struct talk *talk = (void *)((char *)application - offsetof(struct talk, mobile));
    (void)node, (void)source_port, (void)payload, (void)length, (void)now;
    ck_assert_mem_eq(&in->destination, &talk->home_address, 16);
    talk->answered++;
    talk->down = inbound_path(in);
}

static void speak(struct lab *lab, void *context)
{
    const struct talk *talk = context;
    (void)lab;
    send_data(world.mobile, &talk->home_address, &world.correspondent_address, 5000);
}

static void answer(struct lab *lab, void *context)
{
    const struct talk *talk = context;
    (void)lab;
    send_data(world.correspondent, &world.correspondent_address, &talk->home_address, 5001);
}

static void ck_assert_talk(const struct ipv6_address *home_address, enum packet_path down)
{
    time_ns now = lab_now(world.lab);
    struct talk talk = {.mobile = {.receive = be_answered},
                        .correspondent = {.receive = hear},
                        .home_address = *home_address};
    ck_assert_int_eq(udp_bind(mobile_node(), &talk.mobile, 5001), 0);
    ck_assert_int_eq(udp_bind(lab_node(world.lab, world.correspondent), &talk.correspondent, 5000), 0);
    lab_at(world.lab, now + MILLISECONDS(1), speak, &talk);
    lab_at(world.lab, now + MILLISECONDS(1), answer, &talk);
    lab_run(world.lab, now + MILLISECONDS(200));
    ck_assert_uint_eq(talk.heard, 1);
    ck_assert_uint_eq(talk.answered, 1);
    ck_assert_int_eq(talk.down, down);
    if (down == PATH_ROUTE_OPTIMIZED)
        ck_assert_int_eq(talk.up, PATH_ROUTE_OPTIMIZED);
    udp_unbind(mobile_node(), &talk.mobile);
    udp_unbind(lab_node(world.lab, world.correspondent), &talk.correspondent);
}

static void ck_assert_away_as_both(void)
{
    ck_assert_int_eq(state_of(&world.home_address), MOBILE_NODE_REGISTERED);
    ck_assert_int_eq(state_of(&second_home), MOBILE_NODE_REGISTERED);
    ck_assert_bound(world.home_agent, &world.home_address);
    ck_assert_bound(world.access[1], &second_home);
    ck_assert_bound(world.correspondent, &world.home_address);
    ck_assert_bound(world.correspondent, &second_home);
    ck_assert_ptr_null(binding_at(world.home_agent, &second_home));
    ck_assert_ptr_null(binding_at(world.access[1], &world.home_address));
}

/* ---- two home links ---- */

/* One Care-of Test serves both, wherever the node goes (5.2.7); each has a Home Test of its own. */
START_TEST(one_care_of_test)
{
    make_policy(&world);
    two_home_links();
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(8));
    ck_assert_away_as_both();
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0), 1);
    ck_assert_uint_eq(tests_sent("Home Test Init", 0), 2);
    ck_assert_uint_eq(tests_sent("Binding Update", 0), 2);
    ck_assert_talk(&world.home_address, PATH_ROUTE_OPTIMIZED);
    ck_assert_talk(&second_home, PATH_ROUTE_OPTIMIZED);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* visited -> home of the second -> home of the first -> visited */
static void visit_both_homes(void)
{
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(8));
    ck_assert_away_as_both();
    move(&world, attach_visited_1, SECONDS(10));
    lab_run(world.lab, SECONDS(20));
    ck_assert_int_eq(state_of(&second_home), MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(state_of(&world.home_address), MOBILE_NODE_REGISTERED);
    ck_assert_ptr_null(binding_at(world.access[1], &second_home));
    ck_assert_ptr_null(binding_at(world.correspondent, &second_home));
    ck_assert_bound(world.home_agent, &world.home_address);
    ck_assert_bound(world.correspondent, &world.home_address);
    ck_assert_talk(&world.home_address, PATH_ROUTE_OPTIMIZED);
    ck_assert_talk(&second_home, PATH_DIRECT);
    move(&world, attach_home, SECONDS(30));
    lab_run(world.lab, SECONDS(40));
    ck_assert_int_eq(state_of(&world.home_address), MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(state_of(&second_home), MOBILE_NODE_REGISTERED);
    ck_assert_ptr_null(binding_at(world.home_agent, &world.home_address));
    ck_assert_ptr_null(binding_at(world.correspondent, &world.home_address));
    /* The link gives no address but the one that is the node's already. */
    ck_assert_mem_eq(&mobile_of(&world)->care_of_address, &world.home_address, 16);
    ck_assert_bound(world.access[1], &second_home);
    ck_assert_bound(world.correspondent, &second_home);
    ck_assert_talk(&world.home_address, PATH_DIRECT);
    ck_assert_talk(&second_home, PATH_ROUTE_OPTIMIZED);
    move(&world, attach_visited_0, SECONDS(50));
    lab_run(world.lab, SECONDS(60));
    ck_assert_away_as_both();
    ck_assert_talk(&world.home_address, PATH_ROUTE_OPTIMIZED);
    ck_assert_talk(&second_home, PATH_ROUTE_OPTIMIZED);
}

START_TEST(at_home_as_one)
{
    make_policy(&world);
    two_home_links();
    visit_both_homes();
    ck_assert_uint_eq(lab_count_events(world.lab, world.mobile, EVENT_RETURNED_HOME), 2);
    ck_assert_uint_eq(lab_count_events(world.lab, world.mobile, EVENT_HOME_DEREGISTERED), 2);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* Switched on at home as the first: it is away as the second from the beginning. */
START_TEST(switched_on_at_one_home)
{
    make_policy(&world);
    world.policy.trigger = TRIGGER_NEVER;
    two_home_links();
    lab_at(world.lab, SECONDS(1), attach_home, &world);
    lab_run(world.lab, SECONDS(10));
    ck_assert_int_eq(state_of(&world.home_address), MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(state_of(&second_home), MOBILE_NODE_REGISTERED);
    ck_assert_ptr_null(lab_find_event(world.lab, world.mobile, EVENT_RETURNED_HOME, 0));
    /* Both directions through the tunnel, which ends at an address that is at home. */
    ck_assert_talk(&second_home, PATH_TUNNELLED);
    ck_assert_talk(&world.home_address, PATH_DIRECT);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* Under a static key for each home address (RFC 4449). */
START_TEST(static_keys)
{
    make_policy(&world);
    use_static_key(&world, ORDER_AFTER_HOME_ACKNOWLEDGEMENT);
    second_policy = world.policy;
    second_key = world.key;
    second_key.kcn[0] ^= 1;
    build(&world, &ordinary);
    second_policy.static_key = &second_key;
    add_second_home_link();
    ck_assert_int_eq(correspondent_node_add_static_key(lab_node(world.lab, world.correspondent), &second_home,
                                                       &second_key),
                     0);
    visit_both_homes();
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0) + tests_sent("Home Test Init", 0), 0);
    tear_down(&world);
}
END_TEST

/* Security associations for each home address, all else as without. */
START_TEST(under_esp)
{
    make_policy(&world);
    world.ipsec = true;
    two_home_links();
    struct ipsec_configuration mobile = world_ipsec(&world, IPSEC_MOBILE_NODE);
    mobile.home_address = second_home;
    mobile.home_agent = second_agent;
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        mobile.associations[i].spi += ASSOCIATION_USES;
        mobile.associations[i].integrity_key[0] ^= 1;
    }
    struct ipsec_configuration agent = mobile;
    agent.role = IPSEC_HOME_AGENT;
    ck_assert_int_eq(ipsec_protect(mobile_node(), &mobile), 0);
    ck_assert_int_eq(ipsec_protect(lab_node(world.lab, world.access[1]), &agent), 0);
    visit_both_homes();
    for (unsigned i = 0; i < lab_event_count(world.lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(world.lab, i, &node);
        bool home_registration = event->kind == EVENT_MESSAGE_SENT && node == world.mobile &&
                                 strcmp(event->message, "Binding Update") == 0 &&
                                 !ipv6_address_equal(event->destination, &world.correspondent_address);
        ck_assert(!home_registration || event->protected_by_esp);
    }
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* What comes through another home address's tunnel is not taken. */
static void misdirect(struct lab *lab, void *context)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    (void)context;
    out.packet = lab_packet(lab, "data", 4);
    out.source = world.correspondent_address;
    out.source_fixed = true;
    out.destination = second_home;
    out.tunnel = true;
    out.tunnel_source = world.home_agent_address;
    out.tunnel_destination = mobile_of(&world)->care_of_address;
    (void)udp_send(lab_node(lab, world.home_agent), &out, 4000, 5001, lab_now(lab));
}

START_TEST(tunnel_of_the_other_home_agent)
{
    make_policy(&world);
    two_home_links();
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(8), misdirect, NULL);
    lab_run(world.lab, SECONDS(9));
    const struct protocol_event *refused =
        lab_find_event(world.lab, world.mobile, EVENT_PACKET_DISCARDED, SECONDS(8));
    ck_assert_ptr_nonnull(refused);
    ck_assert_int_eq(refused->reason, DISCARD_TUNNEL_SOURCE);
    tear_down(&world);
}
END_TEST

/* ---- the care-of keygen token ---- */

/* A registration that begins later has the token already, as long as it is fresh. */
START_TEST(token_serves_later)
{
    make_policy(&world);
    two_home_links();
    second_policy.trigger = TRIGGER_TRAFFIC;
    home_with(&second_home)->entries->wanted = false; /* as if the policy had said so from the beginning */
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(60));
    ck_assert_bound(world.correspondent, &world.home_address);
    ck_assert_ptr_null(binding_at(world.correspondent, &second_home));
    ck_assert_talk(&second_home, PATH_TUNNELLED);
    lab_run(world.lab, SECONDS(62));
    ck_assert_bound(world.correspondent, &second_home);
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0), 1);
    ck_assert_uint_eq(tests_sent("Home Test Init", 0), 2);
    tear_down(&world);
}
END_TEST

/* ... and not longer. */
START_TEST(token_grows_old)
{
    make_policy(&world);
    two_home_links();
    second_policy.trigger = TRIGGER_TRAFFIC;
    home_with(&second_home)->entries->wanted = false;
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(1) + MAX_TOKEN_LIFETIME + SECONDS(4));
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0), 1);
    ck_assert_talk(&second_home, PATH_TUNNELLED);
    lab_run(world.lab, lab_now(world.lab) + SECONDS(1));
    ck_assert_bound(world.correspondent, &second_home);
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0), 2);
    tear_down(&world);
}
END_TEST

/* The registration that asked is no more: the other takes over its question, and asks again in its turn. */
static void forget_first(struct lab *lab, void *context)
{
    (void)context;
    mobile_node_remove_entry(lab_node(lab, world.mobile), entry_of(&world), lab_now(lab));
}

static void lose_care_of_tests(struct lab *lab, const struct lab_frame *frame,
                               struct lab_treatment *treatment, void *context)
{
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(lab, frame, &length);
    const time_ns *until = context;
    treatment->drop = frame->time < *until && octets[IPV6_AT_NEXT_HEADER] == NEXT_HEADER_MOBILITY &&
                      octets[IPV6_HEADER_LENGTH + 2] == MOBILITY_CARE_OF_TEST;
}

START_TEST(question_is_taken_over)
{
    time_ns until = SECONDS(5);
    make_policy(&world);
    two_home_links();
    lab_set_hook(world.lab, world.link_c[0], lose_care_of_tests, &until);
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(4), forget_first, NULL);
    lab_run(world.lab, SECONDS(12));
    ck_assert_ptr_null(binding_at(world.correspondent, &world.home_address));
    ck_assert_bound(world.correspondent, &second_home);
    /* Never two questions at a time: the back-off went on. */
    time_ns last = 0;
    for (const struct protocol_event *event;
         (event =
              lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Care-of Test Init", last + 1));
         last = event->time)
        ck_assert(last == 0 || event->time - last >= SECONDS(1));
    ck_assert_uint_ge(tests_sent("Care-of Test Init", SECONDS(4)), 1);
    tear_down(&world);
}
END_TEST

/* Nobody answers: all registrations that wait for it fail together, and are tried again together. */
START_TEST(nobody_answers)
{
    time_ns until = TIME_NEVER;
    make_policy(&world);
    two_home_links();
    lab_set_hook(world.lab, world.link_c[0], lose_care_of_tests, &until);
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(25));
    ck_assert_int_eq(entry_of(&world)->state, UPDATE_FAILED);
    ck_assert_int_eq(mobile_home_find_entry(home_with(&second_home), &world.correspondent_address)->state,
                     UPDATE_FAILED);
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0), 1 + MAX_RO_FAILURE);
    ck_assert_talk(&second_home, PATH_TUNNELLED);
    tear_down(&world);
}
END_TEST

/* ---- one home link ---- */

START_TEST(same_home_agent)
{
    make_policy(&world);
    one_home_link(2);
    second_home = further(1);
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(8));
    ck_assert_bound(world.home_agent, &world.home_address);
    ck_assert_bound(world.home_agent, &second_home);
    ck_assert_bound(world.correspondent, &world.home_address);
    ck_assert_bound(world.correspondent, &second_home);
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0), 1);
    ck_assert_talk(&second_home, PATH_ROUTE_OPTIMIZED);
    move(&world, attach_home, SECONDS(10));
    lab_run(world.lab, SECONDS(20));
    ck_assert_int_eq(state_of(&world.home_address), MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(state_of(&second_home), MOBILE_NODE_AT_HOME);
    ck_assert_ptr_null(binding_at(world.home_agent, &world.home_address));
    ck_assert_ptr_null(binding_at(world.home_agent, &second_home));
    ck_assert_ptr_null(binding_at(world.correspondent, &world.home_address));
    ck_assert_ptr_null(binding_at(world.correspondent, &second_home));
    ck_assert(ipv6_address_is_unspecified(&mobile_of(&world)->care_of_address));
    ck_assert_talk(&world.home_address, PATH_DIRECT);
    ck_assert_talk(&second_home, PATH_DIRECT);
    ck_assert_no_discards(&world);
    tear_down(&world);
}
END_TEST

/* 11.8: no more than three messages of a type to one node within a second, whatever they are for. */
START_TEST(rate_of_messages)
{
    static const char *const messages[] = {"Binding Update", "Home Test Init", "Care-of Test Init"};
    make_policy(&world);
    one_home_link(MOST);
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    move(&world, attach_visited_1, SECONDS(10));
    lab_run(world.lab, SECONDS(25));
    for (unsigned i = 1; i < MOST; i++) {
        struct ipv6_address address = further(i);
        ck_assert_bound(world.home_agent, &address);
        ck_assert_bound(world.correspondent, &address);
    }
    for (unsigned i = 0; i < lab_event_count(world.lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(world.lab, i, &node);
        if (node != world.mobile || event->kind != EVENT_MESSAGE_SENT)
            continue;
        for (unsigned type = 0; type < G_N_ELEMENTS(messages); type++) {
            time_ns until = event->time + SECONDS(1);
            ck_assert_uint_le(count_sent(messages[type], &world.home_agent_address, event->time, until),
                              MAX_UPDATE_RATE);
            ck_assert_uint_le(count_sent(messages[type], &world.correspondent_address, event->time, until),
                              MAX_UPDATE_RATE);
        }
    }
    ck_assert_uint_eq(tests_sent("Care-of Test Init", 0), 2);
    tear_down(&world);
}
END_TEST

/* A Binding Error about one home address is about that one. */
static void forget_binding_of_second(struct lab *lab, void *context)
{
    struct node *node = lab_node(lab, world.correspondent);
    struct binding *binding = binding_cache_lookup(&node->mobility->bindings, &second_home);
    (void)context;
    node->mobility->bindings.of_correspondent--;
    binding_cache_remove(&node->mobility->bindings, &node->timers, binding);
}

START_TEST(binding_error_about_one)
{
    make_policy(&world);
    one_home_link(2);
    second_home = further(1);
    struct talk talk = {.home_address = second_home};
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(8), forget_binding_of_second, NULL);
    lab_at(world.lab, SECONDS(9), speak, &talk);
    lab_run(world.lab, SECONDS(12));
    ck_assert_bound(world.correspondent, &second_home);
    ck_assert_uint_eq(tests_sent("Binding Update", SECONDS(8)), 1);
    const struct protocol_event *update =
        lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Binding Update", SECONDS(8));
    ck_assert_mem_eq(update->home_address, &second_home, 16);
    tear_down(&world);
}
END_TEST

/* An application that goes by a home address which the node no longer has sends nothing. */
START_TEST(source_that_has_ended)
{
    struct ipv6_address other = address_from("2001:db8:b::201");
    make_policy(&world);
    two_home_links();
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(8));
    struct node *node = mobile_node();
    binding_update_list_change_home_address(node, home_with(&second_home), &other, &second_agent,
                                            lab_now(world.lab));
    ck_assert_int_eq(address_remove(node, &second_home, lab_now(world.lab)), 0);
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = lab_packet(world.lab, "data", 4);
    out.source = second_home;
    out.source_fixed = true;
    out.destination = world.correspondent_address;
    ck_assert_int_ne(udp_send(node, &out, 4000, 5000, lab_now(world.lab)), 0);
    const struct protocol_event *refused =
        lab_find_event(world.lab, world.mobile, EVENT_PACKET_DISCARDED, SECONDS(8));
    ck_assert_ptr_nonnull(refused);
    ck_assert_int_eq(refused->reason, DISCARD_NO_ADDRESS);
    tear_down(&world);
}
END_TEST

/* Two prefixes on one link, each told by its own home agent: the second home address comes home when its
 * prefix is heard, and the first stays. */
START_TEST(two_prefixes_on_one_link)
{
    make_policy(&world);
    two_home_links();
    lab_detach(world.lab, world.access[1], 0);
    lab_attach(world.lab, world.home_lan, world.access[1], 0);
    lab_at(world.lab, SECONDS(1), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(8));
    ck_assert_away_as_both();
    move(&world, attach_home, SECONDS(10));
    lab_run(world.lab, SECONDS(40));
    ck_assert_int_eq(state_of(&world.home_address), MOBILE_NODE_AT_HOME);
    ck_assert_int_eq(state_of(&second_home), MOBILE_NODE_AT_HOME);
    ck_assert_ptr_null(binding_at(world.home_agent, &world.home_address));
    ck_assert_ptr_null(binding_at(world.access[1], &second_home));
    ck_assert_ptr_null(binding_at(world.correspondent, &world.home_address));
    ck_assert_ptr_null(binding_at(world.correspondent, &second_home));
    ck_assert_uint_eq(lab_count_events(world.lab, world.mobile, EVENT_RETURNED_HOME), 2);
    ck_assert_talk(&world.home_address, PATH_DIRECT);
    tear_down(&world);
}
END_TEST

START_TEST(added_wrongly)
{
    make_policy(&world);
    build(&world, &ordinary);
    struct ipv6_address group = address_from("ff0e::1"), another = address_from("2001:db8:1::300");
    struct node *node = mobile_node(), *plain = lab_node(world.lab, world.correspondent);
    ck_assert_int_eq(mobility_add_home_address(node, &group, 64, &world.home_agent_address, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_address(node, &another, 64, &ipv6_unspecified, 0), ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_address(node, &another, 129, &world.home_agent_address, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_address(plain, &another, 64, &world.home_agent_address, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_address(node, &world.home_address, 64, &world.home_agent_address, 0),
                     ERROR_EXISTS);
    ck_assert_ptr_null(mobile_of(&world)->home.next);
    ck_assert_ptr_null(mobile_node_find_home(node, &another));
    tear_down(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("several home addresses");
    TCase *tcase = tcase_create("several home addresses");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, one_care_of_test);
    tcase_add_test(tcase, at_home_as_one);
    tcase_add_test(tcase, switched_on_at_one_home);
    tcase_add_test(tcase, static_keys);
    tcase_add_test(tcase, under_esp);
    tcase_add_test(tcase, tunnel_of_the_other_home_agent);
    tcase_add_test(tcase, token_serves_later);
    tcase_add_test(tcase, token_grows_old);
    tcase_add_test(tcase, question_is_taken_over);
    tcase_add_test(tcase, nobody_answers);
    tcase_add_test(tcase, same_home_agent);
    tcase_add_test(tcase, rate_of_messages);
    tcase_add_test(tcase, binding_error_about_one);
    tcase_add_test(tcase, two_prefixes_on_one_link);
    tcase_add_test(tcase, source_that_has_ended);
    tcase_add_test(tcase, added_wrongly);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
