/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_correspondent_static_key.c - bindings at a correspondent node under a static key (RFC 4449): octets
 * in, octets out, on virtual time.
 */
#include <string.h>

#include "models/base/error.h"
#include "tests/runner.h"
#include "tests/unit/correspondent_fixture.h"

static struct correspondent_fixture f;

static void setup(void)
{
    correspondent_prepare(&f);
    correspondent_start(&f);
}

static void teardown(void)
{
    correspondent_end(&f);
}

/* ---- static key (RFC 4449) ---- */

static const struct static_key static_key = {
    .kcn = "a key of twenty octets",
    .kcn_length = 22,
    .home_nonce = "home",
    .home_nonce_length = 4,
    .care_of_nonce = "away",
    .care_of_nonce_length = 4,
};

static void use_static_key(void)
{
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &f.home, &static_key), 0);
}

START_TEST(static_registration_needs_no_tests_and_has_no_limit)
{
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 0xffff, .key = &static_key};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 0xffff);
    time_ns begin = f.now; /* all ones is a number like others (RFC 6275, 6.1.7): three days */
    correspondent_wait(&f, begin + SECONDS(262140) - 1);
    correspondent_expect_route(&f, &f.care_of);
    correspondent_wait(&f, begin + SECONDS(262140));
    correspondent_expect_route(&f, NULL);
    ck_assert_uint_eq(f.recorder.drawn[RANDOM_NODE_KEY], 0);
}
END_TEST

/* A key is for a home address that can be one, and for a node that takes Binding Updates at all. */
START_TEST(static_keys_that_cannot_be)
{
    static const char *const addresses[] = {"fe80::1", "ff0e::1", "::"};
    struct ipv6_address home = address_from("2001:db8:1::77");
    struct static_key key = static_key;
    for (unsigned i = 0; i < 3; i++) {
        struct ipv6_address address = address_from(addresses[i]);
        ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &address, &static_key), ERROR_ARGUMENT);
    }
    key.kcn_length = NODE_KEY_LENGTH - 1;
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &home, &key), ERROR_ARGUMENT);
    key = static_key;
    key.home_nonce_length = 0;
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &home, &key), ERROR_ARGUMENT);
    key.home_nonce_length = STATIC_NONCE_LENGTH_MAX + 1;
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &home, &key), ERROR_ARGUMENT);
    key = static_key;
    key.care_of_nonce_length = STATIC_NONCE_LENGTH_MAX + 1;
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &home, &key), ERROR_ARGUMENT);
    struct mobility *mobility = f.node.mobility;
    f.node.mobility = NULL;
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &home, &static_key), ERROR_ARGUMENT);
    ck_assert_ptr_null(correspondent_node_static_key(&f.node, &home));
    f.node.mobility = mobility;
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &home, &static_key), 0);
}
END_TEST

START_TEST(static_lifetime_counts_down)
{
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 1000, .key = &static_key};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    time_ns begin = f.now;
    correspondent_wait(&f, begin + SECONDS(4000) - 1);
    correspondent_expect_route(&f, &f.care_of);
    correspondent_wait(&f, begin + SECONDS(4000));
    correspondent_expect_route(&f, NULL);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
}
END_TEST

START_TEST(static_key_is_not_bid_down)
{
    struct tokens tokens;
    struct mobility_message init = {.type = MOBILITY_HOME_TEST_INIT};
    correspondent_test_both(&f, &tokens);
    use_static_key();
    struct update_spec by_tests = {.sequence = 5, .lifetime = 100, .tokens = &tokens};
    correspondent_hears_update(&f, &by_tests);
    correspondent_expect_silence(&f, DISCARD_AUTHORIZATION_METHOD);
    correspondent_hears_message(&f, &f.home, false, &init);
    correspondent_expect_silence(&f, DISCARD_AUTHORIZATION_METHOD);
    correspondent_test_care_of(&f, &f.care_of, &tokens); /* belongs to no home address, so it is answered */
    ck_assert_ptr_null(correspondent_binding(&f));
}
END_TEST

START_TEST(nonce_indices_under_a_static_key_are_ignored)
{
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .key = &static_key, .nonce_indices = true};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    correspondent_expect_route(&f, &f.care_of);
}
END_TEST

START_TEST(wrong_static_key_is_silence)
{
    struct static_key wrong = static_key;
    wrong.kcn[0] ^= 1;
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .key = &wrong};
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_AUTHENTICATOR);
}
END_TEST

START_TEST(static_sequence_number_outlives_the_binding)
{
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 1, .key = &static_key}, first = spec;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    struct update_spec deletion = {
        .sequence = 6, .lifetime = 0, .key = &static_key, .no_home_address_option = true};
    correspondent_hears_update(&f, &deletion);
    correspondent_take_acknowledgement(&f, &deletion, BINDING_ACCEPTED, 6);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
    correspondent_hears_update(&f, &first);
    correspondent_take_acknowledgement(&f, &first, BINDING_SEQUENCE_OUT_OF_WINDOW, 6);
    spec.sequence = 7;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 7);
    correspondent_wait(&f, f.now + SECONDS(100)); /* expired */
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 7);
}
END_TEST

START_TEST(static_sequence_number_outlives_a_reboot)
{
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .key = &static_key};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    mobility_free(&f.node);
    node_free(&f.node);
    correspondent_start(&f);
    use_static_key();
    correspondent_expect_route(&f, NULL);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 5);
    spec.sequence = 6;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 6);
}
END_TEST

/* What cannot be remembered is not accepted. */
START_TEST(static_update_without_stable_storage_is_refused)
{
    use_static_key();
    f.recorder.storage_fails = true;
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .key = &static_key};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_INSUFFICIENT_RESOURCES, 5);
    ck_assert_ptr_null(correspondent_binding(&f));
    f.recorder.storage_fails = false;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
}
END_TEST

START_TEST(worn_out_static_key_accepts_nothing_more)
{
    use_static_key();
    struct update_spec spec = {.sequence = 60000, .lifetime = 100, .key = &static_key};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 60000);
    spec.sequence = (uint16_t)(60000 + 28671);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_STATIC_KEY_WORN), 0);
    spec.sequence++;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_STATIC_KEY_WORN), 1);
    ck_assert_int_eq(recording_last_event(&f.recorder, EVENT_STATIC_KEY_WORN)->sequence, spec.sequence);
    spec.sequence++; /* not each time */
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_STATIC_KEY_WORN), 1);
    spec.sequence = (uint16_t)(60000 + 32767);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_STATIC_KEY_WORN), 2);
    spec.sequence++; /* the first, 60000, is now 32768 back: the last that is refused as old */
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    spec.sequence++;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ADMINISTRATIVELY_PROHIBITED, spec.sequence);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_STATIC_KEY_EXHAUSTED);
    spec.sequence = 60000;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, (uint16_t)(60000 + 32768));
    correspondent_expect_route(&f, &f.care_of); /* the binding in use stays */
}
END_TEST

/* The operator gives the two a new key: a sequence space of its own, which wears out in its turn. */
START_TEST(new_static_key_for_a_worn_one)
{
    static const struct static_key next = {.kcn = "another key of twenty and more octets",
                                           .kcn_length = 37,
                                           .home_nonce = "home",
                                           .home_nonce_length = 4,
                                           .care_of_nonce = "away",
                                           .care_of_nonce_length = 4};
    use_static_key();
    struct update_spec spec = {.sequence = 60000, .lifetime = 100, .key = &static_key};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 60000);
    spec.sequence = (uint16_t)(60000 + 20000);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    spec.sequence = (uint16_t)(60000 + 32768);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    spec.sequence++;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ADMINISTRATIVELY_PROHIBITED, spec.sequence);
    unsigned warned = recording_count_events(&f.recorder, EVENT_STATIC_KEY_WORN);
    ck_assert_int_eq(correspondent_node_replace_static_key(&f.node, &f.home, &next), 0);
    correspondent_expect_route(&f, &f.care_of); /* the binding made under the old key stays in force */
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_AUTHENTICATOR); /* an update in flight under the old one */
    spec.key = &next;
    spec.sequence = 1; /* far behind the binding's own, which is another key's */
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 1);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 1);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_STATIC_KEY_WORN), warned);
    spec.sequence = 1 + 28672;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_STATIC_KEY_WORN), warned + 1);
    spec.sequence = 1 + 32768;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, spec.sequence);
    spec.sequence++;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ADMINISTRATIVELY_PROHIBITED, spec.sequence);
}
END_TEST

START_TEST(new_static_key_is_refused)
{
    struct static_key shorter = static_key;
    shorter.kcn_length = 19;
    ck_assert_int_eq(correspondent_node_replace_static_key(&f.node, &f.home, &static_key), ERROR_NOT_FOUND);
    use_static_key();
    ck_assert_int_eq(correspondent_node_replace_static_key(&f.node, &f.home, &shorter), ERROR_ARGUMENT);
    ck_assert_int_eq(correspondent_node_replace_static_key(&f.node, &f.home, &static_key), ERROR_EXISTS);
    ck_assert_ptr_eq(correspondent_node_static_key(&f.node, &f.home), &static_key);
}
END_TEST

/* Without its stable storage it takes again what it has taken before: the replay that RFC 4449, 3 is
 * about. */
START_TEST(reboot_without_stable_storage_forgets_the_numbers)
{
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .key = &static_key};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    mobility_free(&f.node);
    node_free(&f.node);
    g_hash_table_remove_all(f.recorder.storage);
    correspondent_start(&f);
    use_static_key();
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        static_registration_needs_no_tests_and_has_no_limit,
        static_keys_that_cannot_be,
        static_lifetime_counts_down,
        static_key_is_not_bid_down,
        nonce_indices_under_a_static_key_are_ignored,
        wrong_static_key_is_silence,
        static_sequence_number_outlives_the_binding,
        static_sequence_number_outlives_a_reboot,
        static_update_without_stable_storage_is_refused,
        worn_out_static_key_accepts_nothing_more,
        new_static_key_for_a_worn_one,
        new_static_key_is_refused,
        reboot_without_stable_storage_forgets_the_numbers,
    };
    Suite *suite = suite_create("static key at a correspondent node");
    TCase *tcase = tcase_create("static key");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* under valgrind */
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
