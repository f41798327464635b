/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_home_agent_discovery.c - Dynamic Home Agent Address Discovery, each end alone (RFC 6275, 10.5,
 * 11.4.1): messages in and out against scapy's (tests/vectors/discovery.h).
 */
#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/mobility/home_agent_discovery.h"
#include "tests/unit/home_agent_fixture.h"
#include "tests/unit/mobile_node_fixture.h"
#include "tests/vectors/discovery.h"

/* -- the codec -- */

static bool reads(struct discovery_message *message, const char *hexadecimal)
{
    uint8_t octets[256];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    return discovery_message_read(message, octets, length);
}

START_TEST(test_codec)
{
    struct discovery_message message;
    /* Reserved fields are ignored. */
    ck_assert(reads(&message, "9000 0000 1234 ffff"));
    ck_assert_uint_eq(message.identifier, 0x1234);
    ck_assert(!reads(&message, "9001 0000 1234 0000")); /* code 1 */
    ck_assert(!reads(&message, "9000 0000 1234 00"));
    ck_assert(!reads(&message, "8f00 0000 1234 0000"));
    ck_assert(reads(&message, "9100 0000 1234 0000 20010db8000100000000000000000001"));
    ck_assert_uint_eq(message.home_agent_count, 1);
    ck_assert(!reads(&message, "9100 0000 1234 0000 20010db80001000000000000000000"));
    ck_assert(!reads(&message, "9200 0000 1234 0000 c800 000000000000")); /* an option of length 0 */
    ck_assert(
        !reads(&message, "9200 0000 1234 0000 c802 000000000000")); /* one that ends behind the message */
    ck_assert(reads(&message, "9200 0000 1234 0000 c801 000000000000"));
    ck_assert(reads(&message, "9300 0000 1234 c000 c801 000000000000"));
    ck_assert(message.managed && message.other && message.prefix_count == 0);
    ck_assert(reads(&message,
                    "9300 0000 1234 0000 0301 40e000000000")); /* of a length that is not its own: skipped */
    ck_assert_uint_eq(message.prefix_count, 0);
    /* A prefix of 129 bits is none. */
    ck_assert(
        reads(&message,
              "9300 0000 1234 0000 0304 81e0 00000001 00000001 00000000 20010db8000100000000000000000000"));
    ck_assert_uint_eq(message.prefix_count, 0);
    ck_assert_ptr_null(discovery_message_name(143));
}
END_TEST

/* -- the home agent -- */

static struct home_agent_fixture agent;

static void open_agent(void)
{
    home_agent_fixture_prepare(&agent);
    agent.operator_says.preference = 10;
    home_agent_fixture_open(&agent);
}

static void close_agent(void)
{
    home_agent_fixture_close(&agent);
}

static void hear_other(uint16_t preference, time_ns now)
{
    struct received_router_advertisement advertisement = {
        .router = address_from("fe80::2"),
        .home_agent = true,
        .has_home_agent_information = true,
        .home_agent_preference = preference,
        .home_agent_lifetime = 20,
        .prefix_count = 1,
        .prefixes = {{.prefix = address_from("2001:db8:1::2"),
                      .valid_lifetime = UINT32_MAX,
                      .preferred_lifetime = UINT32_MAX,
                      .length = 64,
                      .on_link = true,
                      .router_address = true}},
    };
    home_agent_router_advertisement(&agent.node, &agent.node.interfaces[HOME_LINK], &advertisement, now);
}

START_TEST(test_answers_for_itself)
{
    home_agent_fixture_receive(&agent, REQUEST, SETTLED);
    home_agent_fixture_expect(&agent, REPLY_ALONE, SETTLED);
    home_agent_fixture_expect_nothing(&agent);
    const struct protocol_event *sent = recording_last_event(&agent.recorder, EVENT_MESSAGE_SENT);
    ck_assert_str_eq(sent->message, "Home Agent Address Discovery Reply");
    ck_assert_int_eq(sent->sequence, 0x1234);
}
END_TEST

START_TEST(test_answers_for_others)
{
    hear_other(11, SETTLED);
    home_agent_fixture_receive(&agent, REQUEST, SETTLED);
    home_agent_fixture_expect(&agent, REPLY_OTHER_FIRST, SETTLED);
    /* Silent for its lifetime, it is not named any more. */
    home_agent_fixture_receive(&agent, REQUEST, SETTLED + SECONDS(20));
    home_agent_fixture_expect(&agent, REPLY_ALONE, SETTLED + SECONDS(20));
}
END_TEST

/* Neighbors find it by the anycast address: an advertisement with the override bit clear (RFC 4861, 7.2.4).
 * */
START_TEST(test_answers_solicitations_for_anycast)
{
    struct ipv6_address prefix = address_from("2001:db8:1::");
    struct ipv6_address anycast = ipv6_home_agents_anycast(&prefix), group = ipv6_solicited_node(&anycast);
    struct ipv6_address expected = address_from("2001:db8:1:0:fdff:ffff:ffff:fffe");
    struct ethernet_address station = ethernet_multicast_of(&group);
    ck_assert(ipv6_address_equal(&anycast, &expected));
    ck_assert(recording_listens(&agent.recorder, HOME_LINK, &station));
    struct router_prefix other = {.prefix = address_from("2001:db8:9::1"),
                                  .valid_lifetime = 100,
                                  .preferred_lifetime = 100,
                                  .length = 64,
                                  .router_address = true};
    ck_assert_int_eq(home_agent_set_prefixes(&agent.node, &other, 1, SETTLED), 0);
    ck_assert(!ipv6_is_own_address(&agent.node, NULL, &anycast)); /* it goes with the prefix */
    struct ipv6_address of_other = ipv6_home_agents_anycast(&other.prefix);
    ck_assert(ipv6_is_own_address(&agent.node, NULL, &of_other));
}
END_TEST

START_TEST(test_malformed_request)
{
    uint32_t before = agent.node.discards;
    uint8_t octets[64];
    size_t length = octets_from(REQUEST, octets, sizeof(octets));
    octets[41] = 1; /* the code, and the checksum with it */
    octets[43] = (uint8_t)(octets[43] - 1);
    recording_receive(&agent.recorder, &agent.node, OUTSIDE, octets, length, SETTLED);
    ck_assert_uint_eq(agent.node.discards, before + 1);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_ICMPV6);
    home_agent_fixture_expect_nothing(&agent);
}
END_TEST

/* RFC 2526 has reserved addresses of 64-bit identifiers for prefixes of 64 bits: others have none here. */
START_TEST(test_prefixes_without_anycast)
{
    struct router_prefix prefix = {.prefix = address_from("2001:db8:9::1"),
                                   .valid_lifetime = 100,
                                   .preferred_lifetime = 100,
                                   .length = 48,
                                   .on_link = true,
                                   .router_address = true};
    struct ipv6_address anycast = ipv6_home_agents_anycast(&prefix.prefix);
    ck_assert_int_eq(home_agent_set_prefixes(&agent.node, &prefix, 1, SETTLED), 0);
    ck_assert(!ipv6_is_own_address(&agent.node, NULL, &anycast));
    prefix.length = 64;
    ck_assert_int_eq(home_agent_set_prefixes(&agent.node, &prefix, 1, SETTLED), 0);
    ck_assert(ipv6_is_own_address(&agent.node, NULL, &anycast));
}
END_TEST

/* Messages for mobile nodes are nothing to a home agent: informational ones that it does not know (RFC 4443,
 * 2.4 b). */
START_TEST(test_messages_of_the_other_role)
{
    static const char *const messages[] = {"9100 0000 1234 0000 20010db8000100000000000000000001",
                                           "9300 0000 1234 0000"};
    char frame[512];
    for (unsigned i = 0; i < 2; i++) {
        g_snprintf(frame, sizeof(frame),
                   "020000000001 0200000000aa 86dd 60000000 00%02x 3a40 20010db8000100000000000000000077 "
                   "20010db8000100000000000000000001 %s",
                   i == 0 ? 24 : 8, messages[i]);
        recording_environment_clear(&agent.recorder);
        agent_hears_icmpv6(&agent, frame, SETTLED + 1);
        ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_ICMPV6);
        ck_assert_uint_eq(recording_frame_count(&agent.recorder), 0);
    }
}
END_TEST

/* -- the mobile node -- */

static struct fixture mobile;

static void open_mobile(void)
{
    static const uint8_t identifier[] = {0, 0, 0, 0, 0, 0, 0x12, 0x34};
    fixture_prepare(&mobile);
    mobile.configuration.discover_home_agents = true;
    mobile.policy.trigger = TRIGGER_NEVER;
    fixture_open(&mobile);
    fixture_mobile(&mobile)->home.home_agent = ipv6_unspecified;
    recording_environment_script(&mobile.recorder, RANDOM_HOME_AGENT_DISCOVERY, identifier,
                                 sizeof(identifier));
}

static void close_mobile(void)
{
    fixture_close(&mobile);
}

static void visit(void)
{
    struct ipv6_address router = address_from("fe80::ff:fe00:1");
    fixture_receive(&mobile, ROUTER_ADVERTISEMENT, VISITED);
    neighbor_confirm(&mobile.node, &mobile.node.interfaces[0], &router, VISITED);
    neighbor_lookup(&mobile.node.interfaces[0], &router)->reachable_until = TIME_NEVER;
}

/* The frame that was sent at this time, the only one then. */
static void expect_request(unsigned which, time_ns time)
{
    uint8_t octets[128];
    size_t length = octets_from(MOBILE_REQUEST, octets, sizeof(octets));
    unsigned found = 0;
    for (unsigned i = 0; i < recording_frame_count(&mobile.recorder); i++) {
        const struct recorded_frame *frame = recording_frame(&mobile.recorder, i);
        if (frame->packet->length != length || memcmp(packet_octets(frame->packet), octets, length) != 0)
            continue;
        if (found++ == which)
            ck_assert_int_eq(frame->time, time);
    }
    ck_assert_uint_gt(found, which);
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

static const struct protocol_event *last_sent(const char *message)
{
    const struct protocol_event *found = NULL;
    for (unsigned i = 0; i < recording_event_count(&mobile.recorder); i++) {
        const struct protocol_event *event = recording_event(&mobile.recorder, i);
        if (event->kind == EVENT_MESSAGE_SENT && strcmp(event->message, message) == 0)
            found = event;
    }
    ck_assert_ptr_nonnull(found);
    return found;
}

static void ck_assert_last_update(const char *to, time_ns time)
{
    struct ipv6_address address = address_from(to);
    const struct protocol_event *update = last_sent("Binding Update");
    ck_assert(ipv6_address_equal(update->destination, &address));
    ck_assert_int_eq(update->time, time);
}

/* DHAAD_RETRIES, each after twice the time; then a new request. */
START_TEST(test_requests)
{
    static const unsigned seconds[] = {0, 3, 9, 21, 45};
    visit();
    fixture_run(&mobile, VISITED + SECONDS(93) - 1);
    for (unsigned i = 0; i < 5; i++)
        expect_request(i, VISITED + SECONDS(seconds[i]));
    ck_assert_uint_eq(count_sent("Home Agent Address Discovery Request"), 5);
    fixture_run(&mobile, VISITED + SECONDS(93));
    ck_assert_uint_eq(count_sent("Home Agent Address Discovery Request"), 6);
    ck_assert_int_ne(last_sent("Home Agent Address Discovery Request")->sequence, 0x1234);
    ck_assert_uint_eq(count_sent("Binding Update"), 0);
    ck_assert_int_eq(fixture_mobile(&mobile)->home.state, MOBILE_NODE_REGISTERING);
}
END_TEST

START_TEST(test_reply)
{
    visit();
    expect_discard(&mobile, MOBILE_REPLY_WRONG_IDENTIFIER, DISCARD_IDENTIFIER, VISITED + 1);
    expect_discard(&mobile, MOBILE_REPLY_EMPTY, DISCARD_ICMPV6, VISITED + 2);
    ck_assert_uint_eq(count_sent("Binding Update"), 0);
    fixture_receive(&mobile, MOBILE_REPLY, VISITED + SECONDS(1));
    ck_assert_last_update("2001:db8:1::1", VISITED + SECONDS(1));
    fixture_receive(&mobile, MOBILE_REPLY, VISITED + SECONDS(1) + 1); /* the same identifier once only */
    ck_assert_int_eq(recording_last_discard(&mobile.recorder), DISCARD_IDENTIFIER);
    fixture_run(&mobile, VISITED + SECONDS(5));
    ck_assert_uint_eq(count_sent("Home Agent Address Discovery Request"), 1);
}
END_TEST

/* Three updates without an answer; the next home agent; and when there is no other, the question again. */
START_TEST(test_silent_home_agents)
{
    time_ns start = VISITED + SECONDS(1), next = start + MILLISECONDS(1500 + 3000 + 6000);
    visit();
    fixture_receive(&mobile, MOBILE_REPLY, start);
    fixture_run(&mobile, next - 1);
    ck_assert_uint_eq(count_sent("Binding Update"), 3);
    ck_assert_last_update("2001:db8:1::1", start + MILLISECONDS(4500));
    fixture_run(&mobile, next);
    ck_assert_last_update("2001:db8:1::2", next);
    /* 10.5 s later all have been tried, but it is not yet MAX_BINDACK_TIMEOUT since the reply. */
    fixture_run(&mobile, start + MAX_BINDACK_TIMEOUT - 1);
    ck_assert_uint_eq(count_sent("Binding Update"), 6);
    ck_assert_uint_eq(count_sent("Home Agent Address Discovery Request"), 1);
    fixture_run(&mobile, start + MAX_BINDACK_TIMEOUT);
    ck_assert_uint_eq(count_sent("Home Agent Address Discovery Request"), 2);
    ck_assert(ipv6_address_is_unspecified(&fixture_mobile(&mobile)->home.home_agent));
}
END_TEST

START_TEST(test_refusal)
{
    visit();
    fixture_receive(&mobile, MOBILE_REPLY, VISITED);
    uint8_t octets[512];
    size_t length = octets_from(HOME_ACKNOWLEDGEMENT_PROHIBITED, octets, sizeof(octets));
    recording_receive(&mobile.recorder, &mobile.node, 0, octets, length, VISITED + MILLISECONDS(10));
    ck_assert_last_update("2001:db8:1::2", VISITED + MILLISECONDS(10));
    ck_assert_int_eq(fixture_mobile(&mobile)->home.state, MOBILE_NODE_REGISTERING);
}
END_TEST

/* The present home agent finds the home address to be a duplicate (11.7.1). */
static void refuse_as_duplicate(time_ns now)
{
    uint8_t octets[512];
    size_t length = octets_from(HOME_ACKNOWLEDGEMENT_PROHIBITED, octets, sizeof(octets));
    uint8_t *packet = octets + 14, *message = packet + 40 + 24;
    const struct ipv6_address *from = &fixture_mobile(&mobile)->home.home_agent;
    uint16_t sequence = fixture_home(&mobile)->sequence;
    memcpy(packet + 8, from->octets, 16);
    message[6] = BINDING_DUPLICATE_DETECTION_FAILED;
    message[8] = (uint8_t)(sequence >> 8);
    message[9] = (uint8_t)sequence;
    message[4] = message[5] = 0;
    uint16_t checksum = ipv6_checksum(from, &mobile.home, NEXT_HEADER_MOBILITY, message,
                                      length - (size_t)(message - octets));
    message[4] = (uint8_t)(checksum >> 8);
    message[5] = (uint8_t)checksum;
    recording_receive(&mobile.recorder, &mobile.node, 0, octets, length, now);
}

/* The home agent before, which may have a binding, is who has the address: another one is looked for. But
 * when that binding must be over the address is really somebody else's. */
START_TEST(test_duplicate_at_the_home_agent_before)
{
    time_ns second = VISITED + MILLISECONDS(1500 + 3000 + 6000);
    visit();
    fixture_receive(&mobile, MOBILE_REPLY, VISITED);
    fixture_run(&mobile, second);
    ck_assert_last_update("2001:db8:1::2", second);
    if (_i == 1)
        fixture_mobile(&mobile)->home.elsewhere_until = second;
    refuse_as_duplicate(second + MILLISECONDS(10));
    ck_assert_int_eq(ipv6_address_is_unspecified(&fixture_mobile(&mobile)->home.home_agent), _i == 0);
    ck_assert_int_eq(fixture_home(&mobile) && fixture_home(&mobile)->unsupported, _i == 1);
    fixture_run(&mobile, VISITED + MAX_BINDACK_TIMEOUT);
    ck_assert_uint_eq(count_sent("Home Agent Address Discovery Request"), _i == 0 ? 2 : 1);
}
END_TEST

/* A node without discovery knows its one home agent and stays with it, and takes no reply. */
START_TEST(test_no_discovery)
{
    struct fixture fixed;
    fixture_prepare(&fixed);
    fixture_visit(&fixed);
    fixture_run(&fixed, VISITED + SECONDS(100));
    ck_assert_ptr_null(fixture_mobile(&fixed)->home.search);
    fixture_receive(&fixed, MOBILE_REPLY, VISITED + SECONDS(100));
    ck_assert_int_eq(recording_last_discard(&fixed.recorder), DISCARD_IDENTIFIER);
    fixture_close(&fixed);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("home agent discovery");
    TCase *codec = tcase_create("codec");
    tcase_add_test(codec, test_codec);
    suite_add_tcase(suite, codec);
    TCase *answers = tcase_create("home agent");
    tcase_add_checked_fixture(answers, open_agent, close_agent);
    tcase_add_test(answers, test_answers_for_itself);
    tcase_add_test(answers, test_answers_for_others);
    tcase_add_test(answers, test_answers_solicitations_for_anycast);
    tcase_add_test(answers, test_malformed_request);
    tcase_add_test(answers, test_prefixes_without_anycast);
    tcase_add_test(answers, test_messages_of_the_other_role);
    suite_add_tcase(suite, answers);
    TCase *search = tcase_create("mobile node");
    tcase_add_checked_fixture(search, open_mobile, close_mobile);
    tcase_add_test(search, test_requests);
    tcase_add_test(search, test_reply);
    tcase_add_test(search, test_silent_home_agents);
    tcase_add_test(search, test_refusal);
    tcase_add_loop_test(search, test_duplicate_at_the_home_agent_before, 0, 2);
    suite_add_tcase(suite, search);
    TCase *fixed = tcase_create("without discovery");
    tcase_add_test(fixed, test_no_discovery);
    suite_add_tcase(suite, fixed);
    return run_suite(suite);
}
