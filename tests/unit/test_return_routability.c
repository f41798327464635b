/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_return_routability.c - the method at the mobile node: Test Inits, Tests, cookies, tokens and their age
 * (RFC 6275, 5.2.7, 5.2.9, 11.6, 11.8); and at the correspondent: Kbm from nonce indices (9.5.1). Frames are
 * scapy's.
 */
#include <string.h>

#include "tests/unit/mobile_node_fixture.h"

#define ASKED (VISITED + MILLISECONDS(10))

/* -- the mobile node -- */

/* Octet for octet: the home Binding Update, both Test Inits at one instant, the update with its
 * authenticator. */
START_TEST(test_exchange)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    ck_assert(ipv6_address_equal(&fixture_entry(&fixture)->bound_address, &fixture.care_of));
    const struct protocol_event *event =
        recording_last_event(&fixture.recorder, EVENT_CORRESPONDENT_REGISTERED);
    ck_assert_int_eq(event->sequence, 0x0101);
    ck_assert_int_eq(event->lifetime, 420);
    ck_assert_int_eq(event->status, 0);
    fixture_close(&fixture);
}
END_TEST

/* Whichever comes last completes it. */
START_TEST(test_either_order)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_register(&fixture);
    fixture_receive(&fixture, HOME_TEST, ASKED + 1);
    expect_no_frame(&fixture);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_AUTHORIZING);
    fixture_receive(&fixture, CARE_OF_TEST, ASKED + 2);
    expect_frame_at(&fixture, BINDING_UPDATE, ASKED + 2);
    fixture_close(&fixture);
}
END_TEST

/* 11.6.2, each condition by itself. */
START_TEST(test_ignored_tests)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_register(&fixture);
    expect_discard(&fixture, HOME_TEST_COOKIE, DISCARD_COOKIE, ASKED + 1);
    expect_discard(&fixture, CARE_OF_TEST_COOKIE, DISCARD_COOKIE, ASKED + 1);
    expect_discard(&fixture, HOME_TEST_DIRECT, DISCARD_NOT_FROM_PEER, ASKED + 1);
    expect_discard(&fixture, HOME_TEST_OTHER_TUNNEL, DISCARD_TUNNEL_SOURCE, ASKED + 1);
    expect_discard(&fixture, HOME_TEST_STRANGER, DISCARD_UNSOLICITED, ASKED + 1);
    expect_discard(&fixture, CARE_OF_TEST_TUNNELLED, DISCARD_NOT_OURS, ASKED + 1);
    fixture_receive(&fixture, HOME_TEST, ASKED + 2);
    expect_discard(&fixture, HOME_TEST, DISCARD_UNSOLICITED, ASKED + 3); /* the token has been received */
    fixture_receive(&fixture, CARE_OF_TEST, ASKED + 4);
    expect_frame_at(&fixture, BINDING_UPDATE, ASKED + 4);
    expect_discard(&fixture, CARE_OF_TEST, DISCARD_UNSOLICITED, ASKED + 5);
    fixture_close(&fixture);
}
END_TEST

/* Before anything was asked. */
START_TEST(test_unasked)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_visit(&fixture);
    expect_discard(&fixture, CARE_OF_TEST, DISCARD_UNSOLICITED, VISITED + 1);
    fixture_close(&fixture);
}
END_TEST

/* A static key asks for no tests, and takes none (RFC 4449, 4: no other mechanism). */
START_TEST(test_static_key)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture.policy.method = &authorization_static_key;
    fixture.policy.static_key = &fixture.key;
    fixture_visit(&fixture);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT, ASKED);
    expect_frame_at(&fixture, STATIC_BINDING_UPDATE, ASKED);
    expect_discard(&fixture, HOME_TEST, DISCARD_UNSOLICITED, ASKED + 1);
    expect_discard(&fixture, CARE_OF_TEST, DISCARD_UNSOLICITED, ASKED + 1);
    expect_discard(&fixture, ACKNOWLEDGEMENT, DISCARD_AUTHENTICATOR, ASKED + 1);
    expect_discard(&fixture, ACKNOWLEDGEMENT_HOME_NONCE, DISCARD_AUTHORIZATION_MISSING, ASKED + 1);
    fixture_receive(&fixture, STATIC_ACKNOWLEDGEMENT, ASKED + 2);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
    fixture_close(&fixture);
}
END_TEST

/* The update does not wait for the home agent, if the scenario wants it so. */
START_TEST(test_static_key_at_once)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture.policy.method = &authorization_static_key;
    fixture.policy.static_key = &fixture.key;
    fixture.policy.order = ORDER_AT_ONCE;
    fixture_open(&fixture);
    fixture_receive(&fixture, ROUTER_ADVERTISEMENT, VISITED);
    expect_frame_at(&fixture, HOME_BINDING_UPDATE, VISITED);
    expect_frame_at(&fixture, STATIC_BINDING_UPDATE, VISITED);
    fixture_close(&fixture);
}
END_TEST

/* Each test has its own back-off, and a new cookie each time (11.8); after MAX_RO_FAILURE retries the method
 * gives up (5.2.9). */
START_TEST(test_retransmission)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_register(&fixture);
    fixture_receive(&fixture, CARE_OF_TEST, ASKED + 1);
    uint8_t cookies[4][MOBILITY_COOKIE_LENGTH];
    time_ns when = ASKED;
    fixture_run(&fixture, ASKED + SECONDS(20));
    for (unsigned i = 1; i <= 3; i++) {
        when += SECONDS(1) << (i - 1);
        memcpy(cookies[i], expect_message_at(&fixture, MOBILITY_HOME_TEST_INIT, when) + 8,
               MOBILITY_COOKIE_LENGTH);
        if (i > 1)
            ck_assert_mem_ne(cookies[i], cookies[i - 1], MOBILITY_COOKIE_LENGTH);
    }
    expect_no_frame(&fixture);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_FAILED);
    ck_assert_int_eq(recording_last_event(&fixture.recorder, EVENT_REGISTRATION_FAILED)->time,
                     when + SECONDS(8));
    /* The answer to an old cookie is worth nothing any more. */
    expect_discard(&fixture, HOME_TEST, DISCARD_UNSOLICITED, ASKED + SECONDS(20));
    /* A minute later: the care-of token serves again, the home token is asked for. */
    fixture_run(&fixture, when + SECONDS(68));
    expect_message_at(&fixture, MOBILITY_HOME_TEST_INIT, when + SECONDS(68));
    expect_no_frame(&fixture);
    fixture_close(&fixture);
}
END_TEST

/* Two home addresses: registrations and home tests of their own, one care-of test for both (5.2.7,
 * 11.6.1). */
static void open_with_two_homes(struct fixture *fixture, const struct ipv6_address *second)
{
    /* Behind the fixture's: the second home agent's comes last. */
    static const uint8_t sequences[] = {0x0f, 0xff, 0x1f, 0xff};
    static const uint8_t cookie[] = {0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37};
    struct ipv6_address home_agent = address_from("2001:db8:5::1");
    struct node *node = &fixture->node;
    fixture_prepare(fixture);
    fixture_open(fixture);
    recording_environment_script(&fixture->recorder, RANDOM_SEQUENCE, sequences, sizeof(sequences));
    recording_environment_script(&fixture->recorder, RANDOM_COOKIE, cookie, sizeof(cookie));
    ck_assert_int_eq(mobility_add_home_address(node, second, 64, &home_agent, 0), 0);
    ck_assert_int_eq(
        mobile_home_set_policy(node, mobile_node_find_home(node, second), &fixture->peer, &fixture->policy),
        0);
}

START_TEST(test_two_home_addresses)
{
    struct ipv6_address second = address_from("2001:db8:5::100");
    struct fixture fixture;
    open_with_two_homes(&fixture, &second);
    fixture_receive(&fixture, ROUTER_ADVERTISEMENT, VISITED);
    expect_frame_at(&fixture, HOME_BINDING_UPDATE, VISITED);
    expect_frame_at(&fixture, SECOND_HOME_BINDING_UPDATE, VISITED);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT, ASKED);
    expect_frame_at(&fixture, HOME_TEST_INIT, ASKED);
    expect_frame_at(&fixture, CARE_OF_TEST_INIT, ASKED);
    /* It has to come to its own home address; and then nothing is asked twice. */
    expect_discard(&fixture, SECOND_HOME_ACKNOWLEDGEMENT_FIRST, DISCARD_UNSOLICITED, ASKED + 1);
    fixture_receive(&fixture, SECOND_HOME_ACKNOWLEDGEMENT, ASKED + 2);
    expect_frame_at(&fixture, SECOND_HOME_TEST_INIT, ASKED + 2);
    expect_no_frame(&fixture);
    ck_assert_int_eq(fixture_send_data(&fixture, &second, ASKED + 3), 0);
    expect_frame_at(&fixture, SECOND_DATA_TUNNELLED, ASKED + 3);
    expect_discard(&fixture, SECOND_HOME_TEST_OTHER_TUNNEL, DISCARD_TUNNEL_SOURCE, ASKED + 4);
    fixture_receive(&fixture, SECOND_HOME_TEST, ASKED + 5);
    expect_no_frame(&fixture);
    fixture_receive(&fixture, CARE_OF_TEST, ASKED + 6);
    expect_frame_at(&fixture, SECOND_BINDING_UPDATE, ASKED + 6);
    fixture_receive(&fixture, HOME_TEST, ASKED + 7);
    expect_frame_at(&fixture, BINDING_UPDATE, ASKED + 7);
    fixture_receive(&fixture, ACKNOWLEDGEMENT, ASKED + 8);
    fixture_receive(&fixture, SECOND_ACKNOWLEDGEMENT, ASKED + 9);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
    ck_assert_int_eq(
        mobile_home_find_entry(mobile_node_find_home(&fixture.node, &second), &fixture.peer)->state,
        UPDATE_BOUND);
    ck_assert_int_eq(fixture_send_data(&fixture, &second, ASKED + 10), 0);
    expect_frame_at(&fixture, SECOND_DATA_OPTIMIZED, ASKED + 10);
    ck_assert_int_eq(fixture_send_data(&fixture, NULL, ASKED + 11), 0); /* the first, if nobody chooses */
    expect_frame_at(&fixture, DATA_OPTIMIZED, ASKED + 11);
    expect_no_frame(&fixture);
    fixture_close(&fixture);
}
END_TEST

/* An old cookie does not match after a retransmission. */
START_TEST(test_old_cookie)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_register(&fixture);
    fixture_run(&fixture, ASKED + SECONDS(1));
    expect_message_at(&fixture, MOBILITY_HOME_TEST_INIT, ASKED + SECONDS(1));
    expect_message_at(&fixture, MOBILITY_CARE_OF_TEST_INIT, ASKED + SECONDS(1));
    expect_discard(&fixture, HOME_TEST, DISCARD_COOKIE, ASKED + SECONDS(1));
    expect_discard(&fixture, CARE_OF_TEST, DISCARD_COOKIE, ASKED + SECONDS(1));
    fixture_close(&fixture);
}
END_TEST

/* 136: the home token goes; 137: the care-of token; 138: both (11.7.3, 9.5.1). */
START_TEST(test_expired_nonces)
{
    static const char *const refusals[] = {ACKNOWLEDGEMENT_HOME_NONCE, ACKNOWLEDGEMENT_CARE_OF_NONCE,
                                           ACKNOWLEDGEMENT_NONCES};
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_register(&fixture);
    fixture_receive(&fixture, CARE_OF_TEST, ASKED + 1);
    fixture_receive(&fixture, HOME_TEST, ASKED + 1);
    expect_frame_at(&fixture, BINDING_UPDATE, ASKED + 1);
    fixture_receive(&fixture, refusals[_i], ASKED + 2);
    if (_i != 1)
        expect_message_at(&fixture, MOBILITY_HOME_TEST_INIT, ASKED + 2);
    if (_i != 0)
        expect_message_at(&fixture, MOBILITY_CARE_OF_TEST_INIT, ASKED + 2);
    expect_no_frame(&fixture);
    fixture_close(&fixture);
}
END_TEST

/* A token serves until MAX_TOKEN_LIFETIME after it was received, not a nanosecond longer. */
START_TEST(test_token_age)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    time_ns received = VISITED + MILLISECONDS(20);
    struct binding_update_entry *entry = fixture_entry(&fixture);
    const struct authorization_method *method = &authorization_return_routability;
    ck_assert(method->prepare(&fixture.node, entry, false, received + MAX_TOKEN_LIFETIME - 1));
    expect_no_frame(&fixture);
    fixture.recorder.now = received + MAX_TOKEN_LIFETIME;
    ck_assert(!method->prepare(&fixture.node, entry, false, received + MAX_TOKEN_LIFETIME));
    expect_message_at(&fixture, MOBILITY_HOME_TEST_INIT, received + MAX_TOKEN_LIFETIME);
    expect_message_at(&fixture, MOBILITY_CARE_OF_TEST_INIT, received + MAX_TOKEN_LIFETIME);
    fixture_close(&fixture);
}
END_TEST

/* The care-of token is for one address; the home token for all; a deletion needs the latter alone, and so
 * does its Kbm. */
START_TEST(test_token_scope)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture_bind(&fixture);
    struct binding_update_entry *entry = fixture_entry(&fixture);
    const struct authorization_method *method = &authorization_return_routability;
    time_ns now = VISITED + SECONDS(10);
    fixture_run(&fixture, now);
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    uint8_t kbm[KBM_LENGTH], expected[KBM_LENGTH];
    static const uint8_t home_token[] = {0x9e, 0xdd, 0x7c, 0xaa, 0x1a, 0x4e, 0x9f, 0x1c};
    entry->care_of_address = fixture.home;
    ck_assert(method->prepare(&fixture.node, entry, true, now));
    method->authorize(&fixture.node, entry, true, &message, kbm, now);
    keygen_kbm(home_token, NULL, expected);
    ck_assert_mem_eq(kbm, expected, KBM_LENGTH);
    ck_assert(message.has_nonce_indices);
    ck_assert_uint_eq(message.home_nonce_index, 0x0123);
    ck_assert_uint_eq(message.care_of_nonce_index, 0);
    entry->care_of_address = address_from("2001:db8:2::77");
    ck_assert(!method->prepare(&fixture.node, entry, false, now));
    expect_message_at(&fixture, MOBILITY_CARE_OF_TEST_INIT, now);
    expect_no_frame(&fixture);
    fixture_close(&fixture);
}
END_TEST

/* Without reuse a registration begins with no tokens. */
START_TEST(test_no_reuse)
{
    struct fixture fixture;
    fixture_prepare(&fixture);
    fixture.policy.reuse_tokens = false;
    fixture_bind(&fixture);
    time_ns now = VISITED + SECONDS(10);
    fixture_run(&fixture, now);
    correspondent_registration_start(&fixture.node, fixture_entry(&fixture), false, now);
    expect_message_at(&fixture, MOBILITY_HOME_TEST_INIT, now);
    expect_message_at(&fixture, MOBILITY_CARE_OF_TEST_INIT, now);
    fixture_close(&fixture);
}
END_TEST

/* -- the correspondent -- */

struct correspondent {
    struct recording_environment recorder;
    struct correspondent_node_configuration configuration;
    struct node node;
    struct ipv6_address home, care_of;
    uint16_t home_index, care_of_index;
    uint8_t home_token[KEYGEN_TOKEN_LENGTH], care_of_token[KEYGEN_TOKEN_LENGTH];
};

/* Tokens as the correspondent would have given them out: the home one at 0, the care-of one in the next
 * interval. */
static void correspondent_open(struct correspondent *at)
{
    recording_environment_init(&at->recorder, NULL);
    at->configuration = correspondent_node_configuration_default;
    ck_assert_int_eq(node_init(&at->node, &at->recorder.environment, &node_configuration_default_host, 1), 0);
    ck_assert_int_eq(mobility_enable(&at->node, &at->configuration, 0), 0);
    at->home = address_from("2001:db8:1::100");
    at->care_of = address_from("2001:db8:2::ff:fe00:a");
    struct nonce_table *nonces = &correspondent_node_memory(&at->node)->nonces;
    const struct nonce *nonce = nonce_current(nonces, at->node.environment, &at->home_index, 0);
    keygen_token(&nonce->kcn, &at->home, nonce->value, NONCE_LENGTH, KEYGEN_HOME, at->home_token);
    nonce = nonce_current(nonces, at->node.environment, &at->care_of_index, SECONDS(30));
    keygen_token(&nonce->kcn, &at->care_of, nonce->value, NONCE_LENGTH, KEYGEN_CARE_OF, at->care_of_token);
}

static void correspondent_close(struct correspondent *at)
{
    mobility_free(&at->node);
    node_free(&at->node);
    recording_environment_free(&at->recorder);
}

static int kbm_at(struct correspondent *at, bool deletion, const struct mobility_message *message,
                  uint8_t *kbm, time_ns now)
{
    struct update_to_authorize update = {
        .message = message, .home_address = &at->home, .care_of_address = &at->care_of, .deletion = deletion};
    return authorization_return_routability.kbm_of_update(&at->node, &update, kbm, now);
}

START_TEST(test_kbm_of_update)
{
    struct correspondent at = {.home_index = 0};
    correspondent_open(&at);
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE,
                                       .has_nonce_indices = true,
                                       .home_nonce_index = at.home_index,
                                       .care_of_nonce_index = at.care_of_index};
    uint8_t kbm[KBM_LENGTH], expected[KBM_LENGTH];
    keygen_kbm(at.home_token, at.care_of_token, expected);
    ck_assert_int_eq(kbm_at(&at, false, &message, kbm, SECONDS(40)), 0);
    ck_assert_mem_eq(kbm, expected, KBM_LENGTH);
    /* A deletion's care-of nonce index is not looked at (9.5.1). */
    message.care_of_nonce_index = (uint16_t)(at.home_index + 999);
    keygen_kbm(at.home_token, NULL, expected);
    ck_assert_int_eq(kbm_at(&at, true, &message, kbm, SECONDS(40)), 0);
    ck_assert_mem_eq(kbm, expected, KBM_LENGTH);
    correspondent_close(&at);
}
END_TEST

START_TEST(test_kbm_refused)
{
    struct correspondent at = {.home_index = 0};
    correspondent_open(&at);
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE,
                                       .has_nonce_indices = true,
                                       .home_nonce_index = at.home_index,
                                       .care_of_nonce_index = at.care_of_index};
    uint8_t kbm[KBM_LENGTH];
    /* Eight intervals of 30 s: the home nonce's is over at 240 s, the care-of nonce's at 270 s. */
    ck_assert_int_eq(kbm_at(&at, false, &message, kbm, SECONDS(240) - 1), 0);
    ck_assert_int_eq(kbm_at(&at, false, &message, kbm, SECONDS(240)), BINDING_EXPIRED_HOME_NONCE);
    ck_assert_int_eq(kbm_at(&at, true, &message, kbm, SECONDS(240)), BINDING_EXPIRED_HOME_NONCE);
    ck_assert_int_eq(kbm_at(&at, false, &message, kbm, SECONDS(270)), BINDING_EXPIRED_NONCES);
    message.home_nonce_index = at.care_of_index;
    message.care_of_nonce_index = at.home_index;
    ck_assert_int_eq(kbm_at(&at, false, &message, kbm, SECONDS(240)), BINDING_EXPIRED_CARE_OF_NONCE);
    message.has_nonce_indices = false;
    ck_assert_int_eq(kbm_at(&at, false, &message, kbm, SECONDS(40)), -DISCARD_NONCE_INDICES);
    at.configuration.return_routability = false;
    ck_assert_int_eq(kbm_at(&at, false, &message, kbm, SECONDS(40)), -DISCARD_AUTHORIZATION_METHOD);
    correspondent_close(&at);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("return routability");
    TCase *mobile = tcase_create("mobile node");
    tcase_add_test(mobile, test_exchange);
    tcase_add_test(mobile, test_either_order);
    tcase_add_test(mobile, test_ignored_tests);
    tcase_add_test(mobile, test_unasked);
    tcase_add_test(mobile, test_static_key);
    tcase_add_test(mobile, test_static_key_at_once);
    tcase_add_test(mobile, test_retransmission);
    tcase_add_test(mobile, test_two_home_addresses);
    tcase_add_test(mobile, test_old_cookie);
    tcase_add_loop_test(mobile, test_expired_nonces, 0, 3);
    tcase_add_test(mobile, test_token_age);
    tcase_add_test(mobile, test_token_scope);
    tcase_add_test(mobile, test_no_reuse);
    suite_add_tcase(suite, mobile);
    TCase *correspondent = tcase_create("correspondent");
    tcase_add_test(correspondent, test_kbm_of_update);
    tcase_add_test(correspondent, test_kbm_refused);
    suite_add_tcase(suite, correspondent);
    return run_suite(suite);
}
