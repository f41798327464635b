/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_prefix_discovery.c - Mobile Prefix Solicitations and Advertisements, each end alone (RFC 6275, 10.3.1, 10.6,
 * 11.4.2, 11.4.3): messages in and out against scapy's (tests/vectors/discovery.h).
 */
#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/mobility/prefix_advertisement.h"
#include "models/mobility/prefix_discovery.h"
#include "tests/unit/home_agent_fixture.h"
#include "tests/unit/mobile_node_fixture.h"
#include "tests/vectors/discovery.h"

/* -- the home agent -- */

static struct home_agent_fixture agent;

/* RAND_ADV_DELAY is 5 s: MinMobPfxAdvInterval and MaxMobPfxAdvInterval are equal. */
static void open_agent(void)
{
    unsigned lifetime;
    home_agent_fixture_prepare(&agent);
    agent.operator_says.prefix_interval_least = SECONDS(5);
    agent.operator_says.prefix_interval_most = SECONDS(5);
    home_agent_fixture_open(&agent);
    home_agent_fixture_update(&agent, 16, 105, SETTLED);
    ck_assert_uint_eq(home_agent_fixture_acknowledged(&agent, &lifetime), BINDING_ACCEPTED);
    ck_assert_uint_eq(lifetime, 105);
}

static void close_agent(void)
{
    home_agent_fixture_close(&agent);
}

static void run_agent(time_ns until)
{
    recording_run(&agent.recorder, &agent.node, until);
}

START_TEST(test_solicited)
{
    home_agent_fixture_receive(&agent, SOLICITATION, SETTLED + 1);
    home_agent_fixture_expect(&agent, ADVERTISEMENT, SETTLED + 1);
    /* No more than one a second (6.8): the answer to the next one waits. */
    home_agent_fixture_receive(&agent, SOLICITATION_AGAIN, SETTLED + MILLISECONDS(200));
    home_agent_fixture_expect_nothing(&agent);
    run_agent(SETTLED + SECONDS(2));
    home_agent_fixture_expect(&agent, ADVERTISEMENT_AGAIN, SETTLED + 1 + SECONDS(1));
    home_agent_fixture_expect_nothing(&agent);
}
END_TEST

START_TEST(test_solicitation_needs_home_address)
{
    home_agent_fixture_receive(&agent, SOLICITATION_WITHOUT_OPTION, SETTLED + 1);
    home_agent_fixture_expect_nothing(&agent);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_NO_BINDING);
}
END_TEST

/* After 5 s; then after 3, 6 and 12 s more; then no more, until the mobile node is heard of again. */
START_TEST(test_unsolicited)
{
    time_ns first = SETTLED + SECONDS(5);
    agent.operator_says.prefix_interval_most = SECONDS(5);
    run_agent(first + SECONDS(9));
    home_agent_fixture_expect(&agent, ADVERTISEMENT_UNSOLICITED, first);
    home_agent_fixture_expect(&agent, ADVERTISEMENT_UNSOLICITED, first + SECONDS(3));
    home_agent_fixture_expect(&agent, ADVERTISEMENT_UNSOLICITED, first + SECONDS(9));
    agent.operator_says.prefix_interval_most = SECONDS(1000); /* what follows is not to be mixed up */
    run_agent(first + SECONDS(100));
    home_agent_fixture_expect(&agent, ADVERTISEMENT_UNSOLICITED, first + SECONDS(21));
    home_agent_fixture_expect_nothing(&agent);
    unsigned lifetime;
    home_agent_fixture_update(&agent, 17, 105, first + SECONDS(100));
    ck_assert_uint_eq(home_agent_fixture_acknowledged(&agent, &lifetime), BINDING_ACCEPTED);
    home_agent_fixture_expect(&agent, ADVERTISEMENT_UNSOLICITED, first + SECONDS(100));
    home_agent_fixture_receive(&agent, SOLICITATION, first + SECONDS(102));
    home_agent_fixture_expect(&agent, ADVERTISEMENT, first + SECONDS(102));
    run_agent(first + SECONDS(200)); /* acknowledged */
    home_agent_fixture_expect_nothing(&agent);
}
END_TEST

static struct router_prefix own(const char *address, uint32_t valid, uint32_t preferred)
{
    return (struct router_prefix){.prefix = address_from(address),
                                  .valid_lifetime = valid,
                                  .preferred_lifetime = preferred,
                                  .length = 64,
                                  .on_link = true,
                                  .autonomous = true,
                                  .router_address = true};
}

START_TEST(test_a_new_prefix_is_told)
{
    home_agent_fixture_receive(&agent, SOLICITATION, SETTLED + 1);
    home_agent_fixture_expect(&agent, ADVERTISEMENT, SETTLED + 1);
    struct router_prefix prefixes[] = {own("2001:db8:1::1", UINT32_MAX, UINT32_MAX),
                                       own("2001:db8:9::1", 86400, 14400)};
    ck_assert_int_eq(home_agent_set_prefixes(&agent.node, prefixes, 2, SETTLED + SECONDS(2)), 0);
    run_agent(SETTLED + SECONDS(7));
    home_agent_fixture_expect(&agent, ADVERTISEMENT_TWO, SETTLED + SECONDS(7));
    home_agent_fixture_expect_nothing(&agent);
}
END_TEST

/* A registration that ends takes what is scheduled with it. */
START_TEST(test_deregistration_cancels)
{
    unsigned lifetime;
    home_agent_fixture_update(&agent, 17, 0, SETTLED + SECONDS(1));
    ck_assert_uint_eq(home_agent_fixture_acknowledged(&agent, &lifetime), BINDING_ACCEPTED);
    run_agent(SETTLED + SECONDS(100));
    home_agent_fixture_expect_nothing(&agent);
}
END_TEST

START_TEST(test_switched_off)
{
    struct home_agent_fixture silent;
    unsigned lifetime;
    home_agent_fixture_prepare(&silent);
    silent.operator_says.prefix_advertisements = false;
    home_agent_fixture_open(&silent);
    home_agent_fixture_update(&silent, 16, 105, SETTLED);
    (void)home_agent_fixture_acknowledged(&silent, &lifetime);
    home_agent_fixture_receive(&silent, SOLICITATION, SETTLED + 1);
    home_agent_fixture_expect_nothing(&silent);
    ck_assert_int_eq(recording_last_discard(&silent.recorder), DISCARD_MOBILITY_ROLE);
    home_agent_fixture_close(&silent);
}
END_TEST

/* 10.3.1: status 1, and the bound. Lifetimes in units of 4 s, rounded down. */
START_TEST(test_status_and_bound)
{
    static const struct {
        uint32_t valid, preferred;
        unsigned asked, status, granted;
    } cases[] = {
        {1000, 1000, 105, BINDING_ACCEPTED, 105},
        {1000, 420, 105, BINDING_ACCEPTED, 105},
        {1000, 419, 105, BINDING_ACCEPTED_PREFIX_DISCOVERY, 105}, /* becomes deprecated meanwhile */
        {1000, 0, 105, BINDING_ACCEPTED_PREFIX_DISCOVERY, 105},   /* is deprecated */
        {423, 423, 105, BINDING_ACCEPTED_PREFIX_DISCOVERY, 105},  /* becomes invalid at the end */
        {103, 103, 105, BINDING_ACCEPTED_PREFIX_DISCOVERY, 25},   /* and before */
        {3, 3, 105, BINDING_NOT_HOME_SUBNET, 0},
    };
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct router_prefix prefix = own("2001:db8:1::1", cases[i].valid, cases[i].preferred);
        unsigned lifetime;
        time_ns now = SETTLED + MILLISECONDS(i + 1);
        ck_assert_int_eq(home_agent_set_prefixes(&agent.node, &prefix, 1, now), 0);
        home_agent_fixture_update(&agent, 17 + i, cases[i].asked, now);
        ck_assert_uint_eq(home_agent_fixture_acknowledged(&agent, &lifetime), cases[i].status);
        ck_assert_uint_eq(lifetime, cases[i].granted);
    }
}
END_TEST

/* "MUST remove a binding when the valid lifetime of the prefix associated with it expires" (10.3.1). */
START_TEST(test_the_binding_ends_with_the_prefix)
{
    struct ipv6_address home = address_from("2001:db8:1::100");
    struct router_prefix prefix = own("2001:db8:1::1", 30, 0);
    prefix.valid_until = SETTLED + SECONDS(31);
    ck_assert_int_eq(home_agent_set_prefixes(&agent.node, &prefix, 1, SETTLED + SECONDS(1)), 0);
    run_agent(SETTLED + SECONDS(31) - 1);
    ck_assert_ptr_nonnull(binding_cache_lookup(&agent.node.mobility->bindings, &home));
    run_agent(SETTLED + SECONDS(31));
    ck_assert_ptr_null(binding_cache_lookup(&agent.node.mobility->bindings, &home));
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 0);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_EXPIRED), 1);
}
END_TEST

/* -- the mobile node -- */

static struct fixture mobile;

#define REGISTERED (VISITED + MILLISECONDS(10))

static void open_mobile(void)
{
    static const uint8_t identifier[] = {0, 0, 0, 0, 0, 0, 0x12, 0x33};
    fixture_prepare(&mobile);
    mobile.configuration.default_policy.trigger = TRIGGER_NEVER;
    fixture_register(&mobile);
    recording_environment_script(&mobile.recorder, RANDOM_PREFIX_DISCOVERY, identifier, sizeof(identifier));
}

static void close_mobile(void)
{
    fixture_close(&mobile);
}

static unsigned count_sent(const char *message)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recording_event_count(&mobile.recorder); i++) {
        const struct protocol_event *event = recording_event(&mobile.recorder, i);
        count += event->kind == EVENT_MESSAGE_SENT && strcmp(event->message, message) == 0;
    }
    return count;
}

static void expect_solicitation(time_ns time)
{
    uint8_t octets[256];
    size_t length = octets_from(MOBILE_SOLICITATION, octets, sizeof(octets));
    const struct recorded_frame *frame =
        recording_frame(&mobile.recorder, recording_frame_count(&mobile.recorder) - 1);
    ck_assert_int_eq(frame->time, time);
    ck_assert_uint_eq(frame->packet->length, length);
    ck_assert_mem_eq(packet_octets(frame->packet), octets, length);
}

/* 3 s, doubling to 32 s, and on at that rate; every time with another identifier. */
START_TEST(test_solicits)
{
    static const unsigned seconds[] = {3, 9, 21, 45, 77, 109};
    prefix_discovery_solicit(&mobile.node, &fixture_mobile(&mobile)->home, REGISTERED);
    expect_solicitation(REGISTERED);
    for (unsigned i = 0; i < 6; i++) {
        fixture_run(&mobile, REGISTERED + SECONDS(seconds[i]) - 1);
        ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), i + 1);
        fixture_run(&mobile, REGISTERED + SECONDS(seconds[i]));
        ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), i + 2);
    }
    /* it is under way */
    prefix_discovery_solicit(&mobile.node, &fixture_mobile(&mobile)->home, REGISTERED + SECONDS(109));
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), 7);
}
END_TEST

START_TEST(test_status_1_asks)
{
    prefix_discovery_registered(&mobile.node, &fixture_mobile(&mobile)->home, BINDING_ACCEPTED, REGISTERED);
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), 0);
    prefix_discovery_registered(&mobile.node, &fixture_mobile(&mobile)->home,
                                BINDING_ACCEPTED_PREFIX_DISCOVERY, REGISTERED);
    expect_solicitation(REGISTERED);
}
END_TEST

/* 11.4.3: from the home agent, with a routing header, solicited. */
START_TEST(test_checks)
{
    struct ipv6_address formed = address_from("2001:db8:9::100");
    expect_discard(&mobile, MOBILE_ADVERTISEMENT_FROM_ANOTHER, DISCARD_NOT_FROM_PEER, REGISTERED + 1);
    expect_discard(&mobile, MOBILE_ADVERTISEMENT_PLAIN, DISCARD_TYPE_2_ROUTING_HEADER, REGISTERED + 2);
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), 0);
    fixture_receive(&mobile, MOBILE_ADVERTISEMENT_UNSOLICITED, REGISTERED + 3);
    ck_assert_int_eq(recording_last_discard(&mobile.recorder), DISCARD_IDENTIFIER);
    expect_solicitation(REGISTERED + 3); /* in its stead */
    ck_assert_ptr_null(address_find(&mobile.node, &formed));
    fixture_receive(&mobile, MOBILE_ADVERTISEMENT, REGISTERED + 4);
    ck_assert_ptr_nonnull(address_find(&mobile.node, &formed));
    fixture_receive(&mobile, MOBILE_ADVERTISEMENT, REGISTERED + 5); /* the same identifier once only */
    ck_assert_int_eq(recording_last_discard(&mobile.recorder), DISCARD_IDENTIFIER);
}
END_TEST

/* The new prefix gives a second home address, which is taken into use when the old one ends. */
START_TEST(test_renumbering)
{
    struct ipv6_address old = address_from("2001:db8:1::100"), formed = address_from("2001:db8:9::100");
    struct ipv6_address new_agent = address_from("2001:db8:9::1");
    prefix_discovery_solicit(&mobile.node, &fixture_mobile(&mobile)->home, REGISTERED);
    fixture_receive(&mobile, MOBILE_ADVERTISEMENT, REGISTERED);
    const struct interface_address *address = address_find(&mobile.node, &formed);
    ck_assert_ptr_nonnull(address);
    ck_assert_uint_eq(address->origin, ADDRESS_HOME);
    ck_assert_uint_eq(address->state, ADDRESS_PREFERRED);
    ck_assert(!address->defended);
    ck_assert_int_eq(address->valid_until, REGISTERED + SECONDS(86400));
    address = address_find(&mobile.node, &old);
    ck_assert_uint_eq(address->state, ADDRESS_DEPRECATED);
    ck_assert_int_eq(address->valid_until, REGISTERED + SECONDS(100));
    /* The registration with the home agent was for longer: it is shortened at once (11.4.2). */
    const struct protocol_event *update = recording_last_event(&mobile.recorder, EVENT_MESSAGE_SENT);
    ck_assert_str_eq(update->message, "Binding Update");
    ck_assert_int_eq(update->lifetime, 100);
    ck_assert(ipv6_address_equal(update->source, &old));
    ck_assert(ipv6_address_equal(&fixture_mobile(&mobile)->home.home_address, &old));
    fixture_run(&mobile, REGISTERED + SECONDS(100) - 1);
    ck_assert(ipv6_address_equal(&fixture_mobile(&mobile)->home.home_address, &old));
    recording_environment_clear(&mobile.recorder);
    fixture_run(&mobile, REGISTERED + SECONDS(100));
    ck_assert_ptr_null(address_find(&mobile.node, &old));
    ck_assert(ipv6_address_equal(&fixture_mobile(&mobile)->home.home_address, &formed));
    update = recording_last_event(&mobile.recorder, EVENT_MESSAGE_SENT);
    ck_assert_str_eq(update->message, "Binding Update");
    ck_assert_int_eq(update->time, REGISTERED + SECONDS(100));
    ck_assert(ipv6_address_equal(update->source, &formed));
    ck_assert(ipv6_address_equal(update->destination, &new_agent)); /* the R bit told it */
    ck_assert_int_eq(fixture_mobile(&mobile)->home.state, MOBILE_NODE_REGISTERING);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("prefix discovery");
    TCase *advertising = tcase_create("home agent");
    tcase_add_checked_fixture(advertising, open_agent, close_agent);
    tcase_add_test(advertising, test_solicited);
    tcase_add_test(advertising, test_solicitation_needs_home_address);
    tcase_add_test(advertising, test_unsolicited);
    tcase_add_test(advertising, test_a_new_prefix_is_told);
    tcase_add_test(advertising, test_deregistration_cancels);
    tcase_add_test(advertising, test_switched_off);
    tcase_add_test(advertising, test_status_and_bound);
    tcase_add_test(advertising, test_the_binding_ends_with_the_prefix);
    suite_add_tcase(suite, advertising);
    TCase *asking = tcase_create("mobile node");
    tcase_add_checked_fixture(asking, open_mobile, close_mobile);
    tcase_add_test(asking, test_solicits);
    tcase_add_test(asking, test_status_1_asks);
    tcase_add_test(asking, test_checks);
    tcase_add_test(asking, test_renumbering);
    suite_add_tcase(suite, asking);
    return run_suite(suite);
}
