/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mobile_node.c - the mobile node by itself: the Binding Update List as a collection, home registration
 * and its acknowledgements, correspondents' acknowledgements and errors, packets to and from a node that is
 * away (RFC 6275, 11.1, 11.3, 11.7, 11.8). Frames are scapy's (tests/vectors/mobile_node.py).
 */
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/udp.h"
#include "tests/unit/mobile_node_fixture.h"

#define ACKNOWLEDGED (VISITED + MILLISECONDS(10))
#define BOUND        (VISITED + MILLISECONDS(30))

/* -- configuration and collection -- */

START_TEST(test_defaults)
{
    const struct mobile_node_configuration *configuration = &mobile_node_configuration_default;
    ck_assert_int_eq(configuration->first_registration_timeout, MILLISECONDS(1500)); /* 13 */
    ck_assert_uint_eq(configuration->default_policy.lifetime, 105);                  /* 420 s */
    ck_assert_ptr_eq(configuration->default_policy.method,
                     &authorization_return_routability); /* RFC 4449, 4: the default */
    ck_assert_int_eq(configuration->default_policy.order, ORDER_AFTER_HOME_ACKNOWLEDGEMENT);
}
END_TEST

START_TEST(test_set_policy)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_open(&fixture);
    struct ipv6_address home_agent = address_from("2001:db8:1::1"), group = address_from("ff0e::1");
    struct ipv6_address link_local = address_from("fe80::9");
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &fixture.peer, &fixture.policy), ERROR_EXISTS);
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &home_agent, &fixture.policy), ERROR_ARGUMENT);
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &group, &fixture.policy), ERROR_ARGUMENT);
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &link_local, &fixture.policy), ERROR_ARGUMENT);
    fixture_close(&fixture);
}
END_TEST

static struct ipv6_address numbered(unsigned i)
{
    struct ipv6_address address = address_from("2001:db8:77::");
    address.octets[14] = (uint8_t)(i >> 8);
    address.octets[15] = (uint8_t)i;
    return address;
}

/* Hundreds are found as quickly as two, and leave in any order. */
START_TEST(test_many_entries)
{
    enum { MANY = 500 };
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture.policy.trigger = TRIGGER_TRAFFIC;
    fixture_visit(&fixture);
    for (unsigned i = 0; i < MANY; i++) {
        struct ipv6_address address = numbered(i);
        ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &address, &fixture.policy), 0);
    }
    struct mobile_node *mobile = fixture_mobile(&fixture);
    ck_assert_ptr_nonnull(mobile->home.index);
    ck_assert(mobile->home.entries->home_registration);
    for (unsigned i = 0; i < MANY; i += 2) {
        struct ipv6_address address = numbered(i);
        mobile_node_remove_entry(&fixture.node, mobile_home_find_entry(&mobile->home, &address), VISITED);
    }
    for (unsigned i = 0; i < MANY; i++) {
        struct ipv6_address address = numbered(i);
        const struct binding_update_entry *entry = mobile_home_find_entry(&mobile->home, &address);
        ck_assert((entry != NULL) == (i % 2 == 1));
        ck_assert(!entry || ipv6_address_equal(&entry->peer, &address));
    }
    unsigned chained = 0;
    for (const struct binding_update_entry *entry = mobile->home.entries; entry; entry = entry->next)
        chained++;
    ck_assert_uint_eq(chained, MANY / 2 + 2);
    fixture_close(&fixture);
}
END_TEST

/* Never more than three in any second, and the instant that is named is one at which it is allowed again. */
START_TEST(test_update_rate)
{
    static const time_ns starts[] = {0, 1, 999999, 1000000, SECONDS(3) + 123456, SECONDS(4294967) + 5};
    time_ns at = starts[_i], when = 0;
    struct update_rate rate = {{0}};
    ck_assert(update_rate_allows(&rate, &when, at));
    ck_assert(update_rate_allows(&rate, &when, at));
    ck_assert(update_rate_allows(&rate, &when, at + MILLISECONDS(400)));
    ck_assert(!update_rate_allows(&rate, &when, at + MILLISECONDS(400)));
    ck_assert_int_ge(when, at + SECONDS(1));
    ck_assert_int_le(when, at + SECONDS(1) + MILLISECONDS(2));
    ck_assert(!update_rate_allows(&rate, &when, at + SECONDS(1) - 1));
    ck_assert(update_rate_allows(&rate, &when, when));
    ck_assert(update_rate_allows(&rate, &when, when));
    ck_assert(!update_rate_allows(&rate, &when, when));
    ck_assert_int_ge(when, at + MILLISECONDS(1400));
    ck_assert(update_rate_allows(&rate, &when, at + SECONDS(5000000)));
}
END_TEST

/* -- home registration (11.7.1) -- */

static uint16_t sequence_of(const uint8_t *header)
{
    return (uint16_t)(header[6] << 8 | header[7]);
}

/* 1.5, 3, 6, 12, 24, 32, 32 s, each with a greater number (11.8). */
START_TEST(test_home_retransmission)
{
    static const time_ns waits[] = {1500, 3000, 6000, 12000, 24000, 32000, 32000};
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    fixture_run(&fixture, VISITED + SECONDS(111));
    time_ns when = VISITED;
    for (unsigned i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        when += MILLISECONDS(waits[i]);
        ck_assert_uint_eq(sequence_of(expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, when)),
                          0x1001 + i);
    }
    expect_no_frame(&fixture);
    ck_assert_int_eq(fixture_mobile(&fixture)->home.state, MOBILE_NODE_REGISTERING);
    fixture_close(&fixture);
}
END_TEST

START_TEST(test_home_retransmitted_octets)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    fixture_run(&fixture, VISITED + MILLISECONDS(1500));
    expect_frame_at(&fixture, HOME_BINDING_UPDATE_AGAIN, VISITED + MILLISECONDS(1500));
    expect_discard(&fixture, HOME_ACKNOWLEDGEMENT, DISCARD_SEQUENCE_NUMBER,
                   VISITED + MILLISECONDS(1500)); /* of the first */
    fixture_close(&fixture);
}
END_TEST

START_TEST(test_home_acknowledgement)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    expect_discard(&fixture, HOME_ACKNOWLEDGEMENT_SEQUENCE, DISCARD_SEQUENCE_NUMBER, ACKNOWLEDGED);
    ck_assert_int_eq(fixture_mobile(&fixture)->home.state, MOBILE_NODE_REGISTERING);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT, ACKNOWLEDGED);
    ck_assert_int_eq(fixture_mobile(&fixture)->home.state, MOBILE_NODE_REGISTERED);
    ck_assert_int_eq(fixture_home(&fixture)->expires,
                     VISITED + SECONDS(3600)); /* from when the update was sent (11.7.3) */
    expect_frame_at(&fixture, HOME_TEST_INIT, ACKNOWLEDGED);
    expect_frame_at(&fixture, CARE_OF_TEST_INIT, ACKNOWLEDGED);
    expect_discard(&fixture, HOME_ACKNOWLEDGEMENT, DISCARD_UNSOLICITED, ACKNOWLEDGED + 1);
    fixture_close(&fixture);
}
END_TEST

/* The refresh comes at four fifths of what was granted, or when the home agent advises it (6.2.4). */
START_TEST(test_home_refresh)
{
    static const char *const acknowledgements[] = {HOME_ACKNOWLEDGEMENT, HOME_ACKNOWLEDGEMENT_SHORT,
                                                   HOME_ACKNOWLEDGEMENT_ADVICE};
    static const time_ns refreshes[] = {VISITED + SECONDS(2880), VISITED + SECONDS(320),
                                        ACKNOWLEDGED + SECONDS(200)};
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture.policy.trigger = TRIGGER_NEVER;
    fixture_visit(&fixture);
    fixture_receive(&fixture, acknowledgements[_i], ACKNOWLEDGED);
    fixture_run(&fixture, refreshes[_i] - 2);
    fixture_receive(&fixture, ROUTER_ADVERTISEMENT, refreshes[_i] - 1); /* the router is still there */
    expect_no_frame(&fixture);
    fixture_run(&fixture, refreshes[_i] + SECONDS(1));
    expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, refreshes[_i]);
    expect_message_at(&fixture, MOBILITY_BINDING_UPDATE,
                      refreshes[_i] + SECONDS(1)); /* not 1.5 s: there is a binding */
    ck_assert_int_eq(fixture_mobile(&fixture)->home.state, MOBILE_NODE_REGISTERED);
    fixture_close(&fixture);
}
END_TEST

START_TEST(test_home_out_of_window)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT_OUT_OF_WINDOW, ACKNOWLEDGED);
    expect_frame_at(&fixture, HOME_BINDING_UPDATE_RENUMBERED, ACKNOWLEDGED);
    /* Once more, late: the number sent since is good, and none is used twice (11.7.2). */
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT_OUT_OF_WINDOW, ACKNOWLEDGED + 1);
    expect_no_frame(&fixture);
    fixture_run(&fixture, ACKNOWLEDGED + MILLISECONDS(1500));
    ck_assert_uint_eq(
        sequence_of(expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, ACKNOWLEDGED + MILLISECONDS(1500))),
        0x7002);
    fixture_close(&fixture);
}
END_TEST

/* A refusal, or a lifetime of nothing: again after 32 s. */
START_TEST(test_home_refused)
{
    static const char *const acknowledgements[] = {HOME_ACKNOWLEDGEMENT_PROHIBITED,
                                                   HOME_ACKNOWLEDGEMENT_ZERO};
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    fixture_receive(&fixture, acknowledgements[_i], ACKNOWLEDGED);
    expect_no_frame(&fixture);
    ck_assert_ptr_nonnull(recording_last_event(&fixture.recorder, EVENT_REGISTRATION_FAILED));
    fixture_run(&fixture, ACKNOWLEDGED + SECONDS(32));
    expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, ACKNOWLEDGED + SECONDS(32));
    expect_no_frame(&fixture);
    fixture_close(&fixture);
}
END_TEST

/* -- correspondents' acknowledgements (11.7.3) -- */

static void fixture_update_sent(struct fixture *fixture)
{
    fixture_register(fixture);
    fixture_receive(fixture, CARE_OF_TEST, VISITED + MILLISECONDS(20));
    fixture_receive(fixture, HOME_TEST, VISITED + MILLISECONDS(20));
    expect_frame_at(fixture, BINDING_UPDATE, VISITED + MILLISECONDS(20));
}

START_TEST(test_acknowledgement_checks)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_update_sent(&fixture);
    expect_discard(&fixture, ACKNOWLEDGEMENT_BARE, DISCARD_AUTHORIZATION_MISSING, BOUND);
    expect_discard(&fixture, ACKNOWLEDGEMENT_FORGED, DISCARD_AUTHENTICATOR, BOUND);
    expect_discard(&fixture, ACKNOWLEDGEMENT_SEQUENCE, DISCARD_SEQUENCE_NUMBER, BOUND);
    expect_discard(&fixture, ACKNOWLEDGEMENT_OUT_OF_WINDOW_BARE, DISCARD_AUTHORIZATION_MISSING, BOUND);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_SENT);
    fixture_receive(&fixture, ACKNOWLEDGEMENT, BOUND);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
    ck_assert_int_eq(fixture_entry(&fixture)->expires, VISITED + MILLISECONDS(20) + SECONDS(420));
    expect_discard(&fixture, ACKNOWLEDGEMENT, DISCARD_UNSOLICITED, BOUND + 1);
    fixture_close(&fixture);
}
END_TEST

START_TEST(test_update_retransmitted)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_update_sent(&fixture);
    time_ns sent = VISITED + MILLISECONDS(20);
    fixture_run(&fixture, sent + SECONDS(3));
    expect_frame_at(&fixture, BINDING_UPDATE_AGAIN, sent + SECONDS(1));
    expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, sent + SECONDS(3));
    expect_no_frame(&fixture);
    fixture_close(&fixture);
}
END_TEST

START_TEST(test_out_of_window)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_update_sent(&fixture);
    fixture_receive(&fixture, ACKNOWLEDGEMENT_OUT_OF_WINDOW, BOUND);
    expect_frame_at(&fixture, BINDING_UPDATE_RENUMBERED, BOUND);
    fixture_close(&fixture);
}
END_TEST

/* 130: tunnel for a minute, then ask again. */
START_TEST(test_no_resources)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_update_sent(&fixture);
    fixture_receive(&fixture, ACKNOWLEDGEMENT_NO_RESOURCES, BOUND);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_FAILED);
    ck_assert_int_eq(recording_last_event(&fixture.recorder, EVENT_REGISTRATION_FAILED)->status,
                     BINDING_INSUFFICIENT_RESOURCES);
    fixture_run(&fixture, BOUND + SECONDS(60));
    expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, BOUND + SECONDS(60)); /* the tokens are fresh */
    fixture_close(&fixture);
}
END_TEST

/* No longer than the home registration has left, 400 s less 20 ms in units of 4 s (11.7.2). */
START_TEST(test_lifetime_limits)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT_SHORT, ACKNOWLEDGED);
    expect_frame_at(&fixture, HOME_TEST_INIT, ACKNOWLEDGED);
    expect_frame_at(&fixture, CARE_OF_TEST_INIT, ACKNOWLEDGED);
    fixture_receive(&fixture, CARE_OF_TEST, VISITED + MILLISECONDS(20));
    fixture_receive(&fixture, HOME_TEST, VISITED + MILLISECONDS(20));
    const uint8_t *update = expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, VISITED + MILLISECONDS(20));
    ck_assert_uint_eq(update[10] << 8 | update[11], 99);
    fixture_close(&fixture);
}
END_TEST

/* -- requests and errors -- */

START_TEST(test_refresh_request)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_register(&fixture);
    expect_discard(&fixture, REFRESH_REQUEST, DISCARD_UNSOLICITED, ACKNOWLEDGED + 1); /* nothing to refresh */
    fixture_close(&fixture);
    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    fixture_receive(&fixture, REFRESH_REQUEST, BOUND + SECONDS(20));
    ck_assert_uint_eq(sequence_of(expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, BOUND + SECONDS(20))),
                      0x0102); /* tokens are fresh */
    expect_no_frame(&fixture);
    fixture_close(&fixture);
}
END_TEST

START_TEST(test_binding_error)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    expect_discard(&fixture, BINDING_ERROR_ANOTHERS, DISCARD_UNSOLICITED, BOUND + 1);
    expect_discard(&fixture, BINDING_ERROR_TYPE, DISCARD_UNSOLICITED, BOUND + 1); /* no answer is expected */
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
    fixture_receive(&fixture, BINDING_ERROR_BINDING, BOUND + 2);
    ck_assert(ipv6_address_is_unspecified(&fixture_entry(&fixture)->bound_address));
    expect_message_at(&fixture, MOBILITY_BINDING_UPDATE, BOUND + 2);
    fixture_close(&fixture);
}
END_TEST

/* Both ways to say "I do not know the Mobility Header". */
START_TEST(test_unsupported)
{
    static const char *const frames[] = {BINDING_ERROR_TYPE, PARAMETER_PROBLEM};
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_register(&fixture);
    fixture_receive(&fixture, frames[_i], ACKNOWLEDGED + 1);
    ck_assert(fixture_entry(&fixture)->unsupported);
    fixture_run(&fixture, ACKNOWLEDGED + SECONDS(600));
    expect_no_frame(&fixture);
    fixture_run(&fixture, ACKNOWLEDGED + SECONDS(601));
    expect_message_at(&fixture, MOBILITY_HOME_TEST_INIT, ACKNOWLEDGED + 1 + SECONDS(600));
    fixture_close(&fixture);
}
END_TEST

/* Such a message creates no entry, and does not stop what is bound (11.3.5). */
START_TEST(test_parameter_problem_late)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    fixture_receive(&fixture, PARAMETER_PROBLEM, BOUND + 1);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
    fixture_close(&fixture);
}
END_TEST

/* -- packets (11.3) -- */

START_TEST(test_packets_sent)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_open(&fixture);
    ck_assert_int_eq(fixture_send_data(&fixture, NULL, 0), ERROR_NO_ROUTE);
    ck_assert_int_eq(recording_last_discard(&fixture.recorder), DISCARD_NO_ADDRESS);
    fixture_close(&fixture);

    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    ck_assert_int_eq(fixture_send_data(&fixture, NULL, VISITED + 1), ERROR_NO_ROUTE);
    ck_assert_int_eq(recording_last_discard(&fixture.recorder),
                     DISCARD_NO_BINDING); /* the tunnel is not open yet */
    ck_assert_int_eq(fixture_send_data(&fixture, &fixture.care_of, VISITED + 1), 0);
    expect_frame_at(&fixture, DATA_CARE_OF, VISITED + 1);
    fixture_close(&fixture);

    fixture_prepare(&fixture);
    fixture_register(&fixture);
    ck_assert_int_eq(fixture_send_data(&fixture, NULL, ACKNOWLEDGED + 1), 0);
    expect_frame_at(&fixture, DATA_TUNNELLED, ACKNOWLEDGED + 1);
    fixture_close(&fixture);

    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    ck_assert_int_eq(fixture_send_data(&fixture, NULL, BOUND + 1), 0);
    expect_frame_at(&fixture, DATA_OPTIMIZED, BOUND + 1);
    /* The binding's lifetime is over: the tunnel again. */
    fixture_entry(&fixture)->expires = BOUND + 2;
    ck_assert_int_eq(fixture_send_data(&fixture, NULL, BOUND + 2), 0);
    expect_frame_at(&fixture, DATA_TUNNELLED, BOUND + 2);
    fixture_close(&fixture);
}
END_TEST

static void count(struct application *application, struct node *node, const struct inbound *in,
                  uint16_t source_port, const uint8_t *payload, size_t length, time_ns now);

struct counter {
    struct application application;
    struct ipv6_address home;
    unsigned datagrams;
    enum packet_path path;
};

static void count(struct application *application, struct node *node, const struct inbound *in,
                  uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    struct counter *counter = (struct counter *)(void *)application;
    (void)node, (void)source_port, (void)now;
    ck_assert_uint_eq(length, 5);
    ck_assert_mem_eq(payload, "hello", 5);
    ck_assert(ipv6_address_equal(&in->destination, &counter->home));
    counter->datagrams++;
    counter->path = inbound_path(in);
}

START_TEST(test_packets_received)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    struct counter counter = {.application = {.receive = count}, .home = fixture.home};
    ck_assert_int_eq(udp_bind(&fixture.node, &counter.application, 2000), 0);
    fixture_receive(&fixture, DATA_FROM_TUNNEL, BOUND + 1);
    ck_assert_uint_eq(counter.datagrams, 1);
    ck_assert_int_eq(counter.path, PATH_TUNNELLED);
    fixture_receive(&fixture, DATA_TYPE_2, BOUND + 1);
    ck_assert_uint_eq(counter.datagrams, 2);
    ck_assert_int_eq(counter.path, PATH_ROUTE_OPTIMIZED);
    expect_discard(&fixture, DATA_FROM_OTHER_TUNNEL, DISCARD_TUNNEL_SOURCE, BOUND + 1);
    expect_discard(&fixture, DATA_FROM_TUNNEL_ELSEWHERE, DISCARD_NOT_OURS, BOUND + 1);
    expect_discard(&fixture, DATA_TYPE_2_ELSEWHERE, DISCARD_TYPE_2_ROUTING_HEADER, BOUND + 1);
    ck_assert_uint_eq(counter.datagrams, 2);
    udp_unbind(&fixture.node, &counter.application);
    fixture_close(&fixture);
}
END_TEST

/* A packet through the tunnel begins a registration where the policy says so, once (11.7.2). */
START_TEST(test_trigger)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture.policy.trigger = _i == 0 ? TRIGGER_TRAFFIC : TRIGGER_NEVER;
    fixture_visit(&fixture);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT, ACKNOWLEDGED);
    expect_no_frame(&fixture);
    struct counter counter = {.application = {.receive = count}, .home = fixture.home};
    ck_assert_int_eq(udp_bind(&fixture.node, &counter.application, 2000), 0);
    fixture_receive(&fixture, DATA_FROM_TUNNEL, ACKNOWLEDGED + 1);
    if (_i == 0) {
        expect_frame_at(&fixture, HOME_TEST_INIT, ACKNOWLEDGED + 1);
        expect_frame_at(&fixture, CARE_OF_TEST_INIT, ACKNOWLEDGED + 1);
    }
    fixture_receive(&fixture, DATA_FROM_TUNNEL, ACKNOWLEDGED + 2);
    expect_no_frame(&fixture);
    udp_unbind(&fixture.node, &counter.application);
    fixture_close(&fixture);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mobile node");
    TCase *tests = tcase_create("collection");
    tcase_add_test(tests, test_defaults);
    tcase_add_test(tests, test_set_policy);
    tcase_add_test(tests, test_many_entries);
    tcase_add_loop_test(tests, test_update_rate, 0, 6);
    suite_add_tcase(suite, tests);
    tests = tcase_create("home registration");
    tcase_add_test(tests, test_home_retransmission);
    tcase_add_test(tests, test_home_retransmitted_octets);
    tcase_add_test(tests, test_home_acknowledgement);
    tcase_add_loop_test(tests, test_home_refresh, 0, 3);
    tcase_add_test(tests, test_home_out_of_window);
    tcase_add_loop_test(tests, test_home_refused, 0, 2);
    suite_add_tcase(suite, tests);
    tests = tcase_create("correspondents");
    tcase_add_test(tests, test_acknowledgement_checks);
    tcase_add_test(tests, test_update_retransmitted);
    tcase_add_test(tests, test_out_of_window);
    tcase_add_test(tests, test_no_resources);
    tcase_add_test(tests, test_lifetime_limits);
    tcase_add_test(tests, test_refresh_request);
    tcase_add_test(tests, test_binding_error);
    tcase_add_loop_test(tests, test_unsupported, 0, 2);
    tcase_add_test(tests, test_parameter_problem_late);
    suite_add_tcase(suite, tests);
    tests = tcase_create("packets");
    tcase_add_test(tests, test_packets_sent);
    tcase_add_test(tests, test_packets_received);
    tcase_add_loop_test(tests, test_trigger, 0, 2);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
