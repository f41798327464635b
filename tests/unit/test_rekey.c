/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_rekey.c - the mobile node's side of a static key that does not last for ever (RFC 4449, 3, 4): one Kcn
 * for one correspondent, its own sequence numbers over a reboot, a new key, another home address. Octets are
 * scapy's (tests/vectors/mobile_node.py).
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "tests/unit/mobile_node_fixture.h"
#include "tests/vectors/mobile_node.h"

#define ASKED  (VISITED + MILLISECONDS(10))
#define REBOOT SECONDS(20)

static struct fixture fixture;
static struct static_key next_key;
static struct correspondent_policy next_policy;

static void setup(void)
{
    fixture_prepare(&fixture);
    fixture.policy.method = &authorization_static_key;
    fixture.policy.static_key = &fixture.key;
    next_key = fixture.key;
    memset(next_key.kcn, 0x44, 20);
    next_policy = fixture.policy;
    next_policy.static_key = &next_key;
}

static void teardown(void)
{
    fixture_close(&fixture);
}

/* The first update has been sent. */
static void open_and_update(void)
{
    fixture_visit(&fixture);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT, ASKED);
    expect_frame_at(&fixture, STATIC_BINDING_UPDATE, ASKED);
}

static int replace(time_ns now)
{
    fixture.recorder.now = now;
    return mobile_home_replace_policy(&fixture.node, &fixture_mobile(&fixture)->home, &fixture.peer,
                                      &next_policy, now);
}

/* -- one Kcn, one correspondent -- */

START_TEST(each_correspondent_has_its_own_kcn)
{
    struct ipv6_address other = address_from("2001:db8:9::a"), third = address_from("2001:db8:9::b");
    struct static_key same = fixture.key, shorter = fixture.key, padded = fixture.key;
    struct correspondent_policy policy = fixture.policy;
    memset(same.home_nonce, 0x55, 8);
    shorter.kcn_length = 19;
    padded.kcn_length = 40; /* zeros at the end: to HMAC it is the same key */
    fixture_open(&fixture);
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &other, &fixture.policy), ERROR_ARGUMENT);
    policy.static_key = &same;
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &other, &policy), ERROR_ARGUMENT);
    policy.static_key = &padded;
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &other, &policy), ERROR_ARGUMENT);
    policy.static_key = &shorter;
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &other, &policy), ERROR_ARGUMENT);
    struct mobile_home *home = &fixture_mobile(&fixture)->home;
    ck_assert_ptr_null(mobile_home_find_entry(home, &other));
    ck_assert_int_eq(mobile_node_set_policy(&fixture.node, &other, &next_policy), 0);
    /* Nor is one replaced by another's. */
    ck_assert_int_eq(replace(0), ERROR_ARGUMENT);
    ck_assert_ptr_eq(fixture_entry(&fixture)->policy, &fixture.policy);
    ck_assert_int_eq(mobile_home_replace_policy(&fixture.node, home, &third, &next_policy, 0),
                     ERROR_NOT_FOUND);
    policy = next_policy;
    policy.method = &authorization_return_routability;
    ck_assert_int_eq(mobile_home_replace_policy(&fixture.node, home, &other, &policy, 0), ERROR_ARGUMENT);
}
END_TEST

/* -- numbers over a reboot -- */

static void reboot_and_register(bool storage)
{
    open_and_update();
    fixture_receive(&fixture, STATIC_ACKNOWLEDGEMENT, ASKED + 1);
    fixture_run(&fixture, REBOOT);
    fixture_reboot(&fixture, storage);
    fixture_receive(&fixture, ROUTER_ADVERTISEMENT, REBOOT + 1);
    expect_frame_at(&fixture, HOME_BINDING_UPDATE, REBOOT + 1);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT, REBOOT + 2);
}

START_TEST(numbers_go_on_after_a_reboot)
{
    reboot_and_register(true);
    expect_frame_at(&fixture, STATIC_BINDING_UPDATE_2, REBOOT + 2);
}
END_TEST

/* It begins at 1 again, which is never good, and is told the last one; but only by who holds the key. */
START_TEST(numbers_are_learnt_from_status_135)
{
    reboot_and_register(false);
    expect_frame_at(&fixture, STATIC_BINDING_UPDATE, REBOOT + 2);
    expect_discard(&fixture, STATIC_OUT_OF_WINDOW_BARE, DISCARD_AUTHORIZATION_MISSING, REBOOT + 3);
    fixture_receive(&fixture, STATIC_OUT_OF_WINDOW, REBOOT + 4);
    expect_frame_at(&fixture, STATIC_BINDING_UPDATE_7001, REBOOT + 4);
}
END_TEST

/* What cannot be stored is learnt from the correspondent when it comes to that. */
START_TEST(storage_that_fails_stops_nothing)
{
    fixture_open(&fixture);
    fixture.recorder.storage_fails = true;
    fixture_receive(&fixture, ROUTER_ADVERTISEMENT, VISITED);
    expect_frame_at(&fixture, HOME_BINDING_UPDATE, VISITED);
    fixture_receive(&fixture, HOME_ACKNOWLEDGEMENT, ASKED);
    expect_frame_at(&fixture, STATIC_BINDING_UPDATE, ASKED);
}
END_TEST

/* -- a new key -- */

/* An update is in flight: what is answered under the old key is not believed, and it is sent again under the
 * new one, whose numbers begin at 1. */
START_TEST(rekeyed_in_flight)
{
    open_and_update();
    ck_assert_int_eq(replace(ASKED + 1), 0);
    expect_no_frame(&fixture);
    expect_discard(&fixture, STATIC_ACKNOWLEDGEMENT, DISCARD_AUTHENTICATOR, ASKED + 2);
    expect_discard(&fixture, STATIC_OUT_OF_WINDOW, DISCARD_AUTHENTICATOR, ASKED + 3);
    fixture_run(&fixture, ASKED + SECONDS(1));
    expect_frame_at(&fixture, REKEYED_BINDING_UPDATE, ASKED + SECONDS(1));
    fixture_receive(&fixture, REKEYED_ACKNOWLEDGEMENT, ASKED + SECONDS(1) + 1);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
}
END_TEST

/* A binding in force stays, and packets go by it. */
START_TEST(rekeyed_while_bound)
{
    open_and_update();
    fixture_receive(&fixture, STATIC_ACKNOWLEDGEMENT, ASKED + 1);
    ck_assert_int_eq(replace(ASKED + 2), 0);
    expect_no_frame(&fixture);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
    ck_assert(binding_update_entry_is_usable(fixture_mobile(&fixture), fixture_entry(&fixture), ASKED + 2));
    /* The one that comes back goes on where it was. */
    next_policy.static_key = &fixture.key;
    ck_assert_int_eq(replace(ASKED + 3), 0);
    ck_assert_uint_eq(fixture_entry(&fixture)->sequence, 1);
}
END_TEST

/* A worn key has been refused (129), and is not tried for a minute; a new one is tried at once. */
START_TEST(rekeyed_after_a_refusal)
{
    open_and_update();
    fixture_receive(&fixture, STATIC_PROHIBITED, ASKED + 1);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_FAILED);
    fixture_run(&fixture, ASKED + SECONDS(5));
    unsigned failed = recording_count_events(&fixture.recorder, EVENT_REGISTRATION_FAILED);
    ck_assert_int_eq(replace(ASKED + SECONDS(5)), 0);
    expect_frame_at(&fixture, REKEYED_BINDING_UPDATE, ASKED + SECONDS(5));
    fixture_receive(&fixture, REKEYED_ACKNOWLEDGEMENT, ASKED + SECONDS(5) + 1);
    ck_assert_int_eq(fixture_entry(&fixture)->state, UPDATE_BOUND);
    ck_assert_uint_eq(recording_count_events(&fixture.recorder, EVENT_REGISTRATION_FAILED), failed);
}
END_TEST

/* -- another home address -- */

/* "The preconfigured data is associated to the mobile node's home address" (RFC 4449, 3): under another one
 * nothing is sent, by this method or any other, until there is a key for it. */
START_TEST(a_key_is_for_one_home_address)
{
    struct ipv6_address renumbered = address_from("2001:db8:7::100");
    const struct authorization_method *method = &authorization_static_key;
    open_and_update();
    fixture_receive(&fixture, STATIC_ACKNOWLEDGEMENT, ASKED + 1);
    binding_update_list_change_home_address(&fixture.node, &fixture_mobile(&fixture)->home, &renumbered,
                                            &ipv6_unspecified, ASKED + 2);
    struct binding_update_entry *entry = fixture_entry(&fixture);
    ck_assert(!method->prepare(&fixture.node, entry, false, ASKED + 2));
    ck_assert_int_eq(replace(ASKED + 3), 0);
    ck_assert(method->prepare(&fixture.node, entry, false, ASKED + 3));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rekey");
    TCase *tests = tcase_create("rekey");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, each_correspondent_has_its_own_kcn);
    tcase_add_test(tests, numbers_go_on_after_a_reboot);
    tcase_add_test(tests, numbers_are_learnt_from_status_135);
    tcase_add_test(tests, storage_that_fails_stops_nothing);
    tcase_add_test(tests, rekeyed_in_flight);
    tcase_add_test(tests, rekeyed_while_bound);
    tcase_add_test(tests, rekeyed_after_a_refusal);
    tcase_add_test(tests, a_key_is_for_one_home_address);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
