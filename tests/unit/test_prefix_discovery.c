/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_prefix_discovery.c - Mobile Prefix Solicitations and Advertisements, each end alone (RFC 6275, 10.3.1,
 * 10.6, 11.4.2, 11.4.3): messages in and out against scapy's (tests/vectors/discovery.h).
 */
#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/icmpv6.h"
#include "models/mobility/prefix_advertisement.h"
#include "models/mobility/prefix_discovery.h"
#include "tests/unit/expect_octets.h"
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
    const struct recorded_frame *frame =
        recording_frame(&mobile.recorder, recording_frame_count(&mobile.recorder) - 1);
    ck_assert_int_eq(frame->time, time);
    expect_octets(frame->packet, MOBILE_SOLICITATION);
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

/* -- any advertisement, in answer to the last solicitation -- */

static uint16_t last_identifier(void)
{
    for (unsigned i = recording_frame_count(&mobile.recorder); i-- > 0;) {
        const uint8_t *octets = packet_octets(recording_frame(&mobile.recorder, i)->packet);
        const uint8_t *message =
            octets + ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + HOME_ADDRESS_HEADER_LENGTH;
        if (octets[ETHERNET_HEADER_LENGTH + IPV6_AT_NEXT_HEADER] == NEXT_HEADER_DESTINATION_OPTIONS &&
            message[0] == ICMPV6_MOBILE_PREFIX_SOLICITATION)
            return (uint16_t)(message[4] << 8 | message[5]);
    }
    ck_abort_msg("nothing has been asked");
    return 0;
}

static void answer(const struct advertised_prefix *prefixes, unsigned count, time_ns now)
{
    struct discovery_message message = {
        .type = ICMPV6_MOBILE_PREFIX_ADVERTISEMENT, .identifier = last_identifier(), .prefix_count = count};
    uint8_t octets[1500] = {2, 0, 0, 0, 0, 0x0a, 2, 0, 0, 0, 0, 1, 0x86, 0xdd, 0x60};
    uint8_t *ipv6 = octets + ETHERNET_HEADER_LENGTH, *routing = ipv6 + IPV6_HEADER_LENGTH;
    uint8_t *upper = routing + TYPE_2_ROUTING_HEADER_LENGTH;
    struct ipv6_address source = address_from("2001:db8:1::1");
    memcpy(message.prefixes, prefixes, count * sizeof(prefixes[0]));
    size_t length = discovery_message_length(&message);
    discovery_message_write(&message, upper, length);
    uint16_t sum = ipv6_checksum(&source, &mobile.home, NEXT_HEADER_ICMPV6, upper, length);
    upper[2] = (uint8_t)(sum >> 8);
    upper[3] = (uint8_t)sum;
    memcpy(routing, (const uint8_t[]){NEXT_HEADER_ICMPV6, 2, 2, 1}, 4);
    memcpy(routing + 8, mobile.home.octets, 16);
    ipv6[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)((length + TYPE_2_ROUTING_HEADER_LENGTH) >> 8);
    ipv6[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)(length + TYPE_2_ROUTING_HEADER_LENGTH);
    ipv6[IPV6_AT_NEXT_HEADER] = NEXT_HEADER_ROUTING;
    ipv6[IPV6_AT_HOP_LIMIT] = 64;
    memcpy(ipv6 + IPV6_AT_SOURCE, source.octets, 16);
    memcpy(ipv6 + IPV6_AT_DESTINATION, mobile.care_of.octets, 16);
    uint32_t discards = mobile.node.discards;
    recording_receive(&mobile.recorder, &mobile.node, 0, octets, (size_t)(upper + length - octets), now);
    ck_assert_uint_eq(mobile.node.discards, discards);
}

static struct advertised_prefix told(const char *prefix, uint32_t preferred, uint32_t valid)
{
    return (struct advertised_prefix){
        .prefix = address_from(prefix),
        .length = 64,
        .on_link = true,
        .autonomous = true,
        .preferred_lifetime = preferred,
        .valid_lifetime = valid,
    };
}

static const struct interface_address *home_address_under(const char *text)
{
    struct ipv6_address address = address_from(text);
    const struct interface_address *found = address_find(&mobile.node, &address);
    return found && found->origin == ADDRESS_HOME ? found : NULL;
}

static void ask(time_ns now)
{
    mobile.recorder.now = now;
    prefix_discovery_solicit(&mobile.node, &fixture_mobile(&mobile)->home, now);
}

/* RFC 4862, 5.5.3, which 11.4.3 refers to: what forms no address here forms none there. */
START_TEST(test_prefixes_that_form_no_home_address)
{
    struct ipv6_address taken = address_from("2001:db8:8::100");
    struct advertised_prefix prefixes[] = {
        told("2001:db8:3::", 100, 100), told("2001:db8:4::", 100, 100), told("2001:db8:5::", 101, 100),
        told("fe80::", 100, 100),       told("2001:db8:7::", 0, 0),     told("2001:db8:8::", 100, 100),
        told("2001:db8:9::", 99, 100),
    };
    prefixes[0].autonomous = false;
    prefixes[1].length = 63;
    ck_assert_int_eq(address_add(&mobile.node, 0, &taken, 64, ADDRESS_CONFIGURED, false, true, REGISTERED),
                     0);
    ask(REGISTERED);
    answer(prefixes, 7, REGISTERED + 1);
    static const char *const none[] = {"2001:db8:3::100", "2001:db8:4::100", "2001:db8:5::100",
                                       "fe80::100",       "2001:db8:7::100", "2001:db8:8::100"};
    for (unsigned i = 0; i < 6; i++)
        ck_assert_ptr_null(home_address_under(none[i]));
    ck_assert_ptr_nonnull(home_address_under("2001:db8:9::100"));
    ck_assert_int_eq(home_address_under("2001:db8:9::100")->preferred_until, REGISTERED + 1 + SECONDS(99));
}
END_TEST

/* What lasts for ever is not asked about again. */
START_TEST(test_infinite_lifetimes)
{
    struct advertised_prefix prefix = told("2001:db8:1::", UINT32_MAX, UINT32_MAX);
    ask(REGISTERED);
    answer(&prefix, 1, REGISTERED + 1);
    ck_assert_int_eq(home_address_under("2001:db8:1::100")->valid_until, TIME_NEVER);
    unsigned asked = count_sent("Mobile Prefix Solicitation");
    fixture_run(&mobile, REGISTERED + SECONDS(2000));
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), asked);
}
END_TEST

/* 11.4.2: asked again well before the end, at four fifths of what it is preferred for, or valid when it is
 * preferred no longer. An end that is near is let come. */
START_TEST(test_asks_before_the_end)
{
    static const struct {
        uint32_t preferred, valid;
        time_ns again; /* after the answer; 0: not */
    } cases[] = {{1000, 2000, SECONDS(800)}, {12, 12, 0}, {13, 2000, MILLISECONDS(10400)}};
    struct advertised_prefix prefix = told("2001:db8:1::", cases[_i].preferred, cases[_i].valid);
    ask(REGISTERED);
    answer(&prefix, 1, REGISTERED + 1);
    unsigned asked = count_sent("Mobile Prefix Solicitation");
    time_ns again = REGISTERED + 1 + (cases[_i].again ? cases[_i].again : SECONDS(11));
    fixture_run(&mobile, again - 1);
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), asked);
    fixture_run(&mobile, again);
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), asked + (cases[_i].again ? 1 : 0));
}
END_TEST

/* The home address ends. Of the others one that is preferred follows it, else one that is at least valid;
 * nobody, when there is none. Who is its home agent has to be told with the R bit, or stays who it was. */
START_TEST(test_who_follows)
{
    struct advertised_prefix prefixes[] = {
        told("2001:db8:1::", 20, 20),
        told("2001:db8:2:1::", 10, 5000),
        told("2001:db8:2:2::", 5000, 5000),
    };
    static const char *const follows[] = {"2001:db8:2:2::100", "2001:db8:2:1::100", "2001:db8:1::100"};
    struct ipv6_address expected = address_from(follows[_i]), agent_before = address_from("2001:db8:1::1");
    ask(REGISTERED);
    answer(prefixes, (unsigned)(3 - _i), REGISTERED + 1);
    fixture_run(&mobile, REGISTERED + SECONDS(21));
    ck_assert(ipv6_address_equal(&fixture_mobile(&mobile)->home.home_address, &expected));
    ck_assert(ipv6_address_equal(&fixture_mobile(&mobile)->home.home_agent, &agent_before));
    ck_assert_ptr_null(home_address_under("2001:db8:1::100"));
    if (_i == 2)
        ck_assert_int_ne(fixture_send_data(&mobile, NULL, REGISTERED + SECONDS(22)), 0);
}
END_TEST

/* More home addresses than there is room to remember: the first ones count. */
START_TEST(test_more_than_there_is_room_for)
{
    struct advertised_prefix prefixes[HOME_PREFIXES_MAX];
    char text[64];
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < HOME_PREFIXES_MAX; i++) {
            g_snprintf(text, sizeof(text), "2001:db8:%x::", 0x100 * (round + 1) + i);
            prefixes[i] = told(text, 5000, 5000);
        }
        ask(REGISTERED + round);
        answer(prefixes, HOME_PREFIXES_MAX, REGISTERED + round);
    }
    struct advertised_prefix present = told("2001:db8:1::", 1, 1);
    ask(REGISTERED + 2);
    answer(&present, 1, REGISTERED + 2);
    fixture_run(&mobile, REGISTERED + SECONDS(2));
    struct ipv6_address first = address_from("2001:db8:100::100");
    ck_assert(ipv6_address_equal(&fixture_mobile(&mobile)->home.home_address, &first));
}
END_TEST

/* 11.4.2: with a home agent that has no binding for it, the node cannot ask; it does as soon as it can. */
START_TEST(test_asks_once_registered)
{
    recording_link(&mobile.recorder, &mobile.node, 0, false, REGISTERED + 1);
    ask(REGISTERED + 2);
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), 0);
    recording_link(&mobile.recorder, &mobile.node, 0, true, REGISTERED + 3);
    fixture_receive(&mobile, ROUTER_ADVERTISEMENT, REGISTERED + 4);
    prefix_discovery_registered(&mobile.node, &fixture_mobile(&mobile)->home, BINDING_ACCEPTED,
                                REGISTERED + 5);
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), 1);
    /* The link goes while it waits for the answer: it asks again afterwards. */
    recording_link(&mobile.recorder, &mobile.node, 0, false, REGISTERED + 6);
    fixture_run(&mobile, REGISTERED + SECONDS(60));
    ck_assert_uint_eq(count_sent("Mobile Prefix Solicitation"), 1);
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
    tcase_add_test(asking, test_prefixes_that_form_no_home_address);
    tcase_add_test(asking, test_infinite_lifetimes);
    tcase_add_loop_test(asking, test_asks_before_the_end, 0, 3);
    tcase_add_loop_test(asking, test_who_follows, 0, 3);
    tcase_add_test(asking, test_more_than_there_is_room_for);
    tcase_add_test(asking, test_asks_once_registered);
    suite_add_tcase(suite, asking);
    return run_suite(suite);
}
