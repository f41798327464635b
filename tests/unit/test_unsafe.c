/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_unsafe.c - each defence of the correspondent node that can be switched off (models/unsafe.h): what it
 * stops, and that it is this defence that stops it.
 *
 * Every test runs twice, with the defence (_i 0) and without it (_i 1).
 */
#include <string.h>

#include "models/mobility/static_key.h"
#include "tests/runner.h"
#include "tests/unit/correspondent_fixture.h"

static struct correspondent_fixture f;
static struct node_configuration open_node;

static const struct static_key key = {
    .kcn = "twenty octets of key",
    .home_nonce = "home nonce",
    .care_of_nonce = "care of",
    .kcn_length = 20,
    .home_nonce_length = 10,
    .care_of_nonce_length = 7,
};

static void start(bool off, uint32_t bit)
{
    correspondent_start(&f);
    open_node = *f.node.configuration;
    open_node.unsafe = off ? bit : 0;
    f.node.configuration = &open_node;
}

static void setup(void)
{
    correspondent_prepare(&f);
}

static void teardown(void)
{
    correspondent_end(&f);
}

static void both_tests(struct tokens *tokens)
{
    correspondent_test_home(&f, tokens);
    correspondent_test_care_of(&f, &f.care_of, tokens);
}

static bool is_bound(void)
{
    return binding_cache_lookup(&f.node.mobility->bindings, &f.home) != NULL;
}

/* An update whose authenticator is made by Kbm of `tokens`' one token, as for a deletion; lifetime not 0. */
static void hears_update_of_one_token(const struct tokens *tokens, bool home)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    uint8_t octets[256], kbm[KBM_LENGTH], authenticator[AUTHENTICATOR_LENGTH];
    message.update.sequence = 1;
    message.update.lifetime = 100;
    message.has_nonce_indices = true;
    message.home_nonce_index = home ? tokens->home_index : 0;
    message.care_of_nonce_index = home ? 0 : tokens->care_of_index;
    message.has_authorization_data = true;
    keygen_kbm(home ? tokens->home : tokens->care_of, NULL, kbm);
    size_t length = mobility_message_write(&message, octets, sizeof(octets));
    keygen_authenticator(kbm, &f.care_of, &f.correspondent, octets, message.authenticator_at, authenticator);
    memcpy(octets + message.authenticator_at, authenticator, sizeof(authenticator));
    correspondent_hears(&f, &f.care_of, true, NEXT_HEADER_MOBILITY, octets, length);
}

static void hears(const struct update_spec *spec)
{
    correspondent_hears_update(&f, spec);
    while (correspondent_sent(&f) > 0)
        correspondent_take(&f);
}

/* Deleted from away: the tokens' home half authorizes it. */
static void hears_deletion(const struct tokens *tokens, const struct static_key *with, uint16_t sequence)
{
    struct update_spec spec = {.sequence = sequence, .tokens = tokens, .key = with};
    hears(&spec);
    ck_assert(!is_bound());
}

START_TEST(any_authenticator)
{
    struct tokens tokens;
    start(_i, UNSAFE_BIT(NO_AUTHENTICATOR_CHECK));
    both_tests(&tokens);
    struct update_spec spec = {
        .sequence = 1, .lifetime = 100, .tokens = &tokens, .wrong_authenticator = true};
    hears(&spec);
    ck_assert_int_eq(is_bound(), _i);
}
END_TEST

START_TEST(home_token_alone)
{
    struct tokens tokens;
    start(_i, UNSAFE_BIT(NO_CARE_OF_TEST));
    correspondent_test_home(&f, &tokens);
    hears_update_of_one_token(&tokens, true);
    ck_assert_int_eq(is_bound(), _i);
}
END_TEST

START_TEST(care_of_token_alone)
{
    struct tokens tokens;
    start(_i, UNSAFE_BIT(NO_HOME_TEST));
    correspondent_test_care_of(&f, &f.care_of, &tokens);
    hears_update_of_one_token(&tokens, false);
    ck_assert_int_eq(is_bound(), _i);
}
END_TEST

/* The other defence does not stand in for the one that is off, nor does its switch open it. */
START_TEST(one_switch_opens_one_door)
{
    struct tokens tokens;
    start(true, _i ? UNSAFE_BIT(NO_HOME_TEST) : UNSAFE_BIT(NO_CARE_OF_TEST));
    both_tests(&tokens);
    hears_update_of_one_token(&tokens, _i);
    ck_assert(!is_bound());
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .tokens = &tokens};
    hears(&spec);
    ck_assert(is_bound());
}
END_TEST

START_TEST(replay_while_the_binding_lives)
{
    struct tokens tokens;
    start(_i, UNSAFE_BIT(NO_SEQUENCE_CHECK));
    both_tests(&tokens);
    struct update_spec old = {.sequence = 1, .lifetime = 100, .tokens = &tokens};
    hears(&old);
    correspondent_test_care_of(&f, &f.other_care_of, &tokens);
    struct update_spec moved = {
        .source = &f.other_care_of, .sequence = 2, .lifetime = 100, .tokens = &tokens};
    hears(&moved);
    correspondent_test_care_of(&f, &f.care_of, &tokens);
    hears(&old);
    const struct binding *binding = binding_cache_lookup(&f.node.mobility->bindings, &f.home);
    ck_assert_mem_eq(&binding->care_of_address, _i ? &f.care_of : &f.other_care_of, 16);
}
END_TEST

START_TEST(replay_after_deletion)
{
    struct tokens tokens;
    start(_i, UNSAFE_BIT(FORGET_DELETED_BINDINGS));
    both_tests(&tokens);
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .tokens = &tokens};
    hears(&spec);
    hears_deletion(&tokens, NULL, 2);
    hears(&spec);
    ck_assert_int_eq(is_bound(), _i);
}
END_TEST

START_TEST(replay_after_deletion_under_a_static_key)
{
    start(_i, UNSAFE_BIT(FORGET_DELETED_BINDINGS));
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &f.home, &key), 0);
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .key = &key};
    hears(&spec);
    hears_deletion(NULL, &key, 2);
    hears(&spec);
    ck_assert_int_eq(is_bound(), _i);
}
END_TEST

START_TEST(sequence_number_in_stable_storage)
{
    start(_i, UNSAFE_BIT(NO_SEQUENCE_STORAGE));
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &f.home, &key), 0);
    struct update_spec spec = {.sequence = 7, .lifetime = 100, .key = &key};
    hears(&spec);
    struct static_key_table *after_reboot = NULL;
    ck_assert_int_eq(static_key_table_add(&after_reboot, f.node.environment, &f.home, &key), 0);
    ck_assert_int_eq(static_key_find(after_reboot, &f.home)->used, !_i);
    static_key_table_free(after_reboot);
}
END_TEST

START_TEST(worn_out_key)
{
    start(_i, UNSAFE_BIT(NO_KEY_WEAR));
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &f.home, &key), 0);
    struct update_spec first = {.sequence = 1, .lifetime = 100, .key = &key};
    hears(&first);
    for (unsigned step = 1; step <= 32; step++) {
        struct update_spec later = {.sequence = (uint16_t)(1 + step * 1024), .lifetime = 100, .key = &key};
        hears(&later);
    }
    struct update_spec beyond = {
        .source = &f.other_care_of, .sequence = 32770, .lifetime = 100, .key = &key};
    hears(&beyond);
    hears(&first); /* the first number again: 32,769 numbers have passed */
    const struct binding *binding = binding_cache_lookup(&f.node.mobility->bindings, &f.home);
    ck_assert_uint_eq(binding->sequence, _i ? 1 : 32769);
}
END_TEST

START_TEST(bidding_down)
{
    struct tokens tokens;
    start(_i, UNSAFE_BIT(BIDDING_DOWN));
    both_tests(&tokens); /* before it has the key */
    ck_assert_int_eq(correspondent_node_add_static_key(&f.node, &f.home, &key), 0);
    struct mobility_message init = {.type = MOBILITY_HOME_TEST_INIT};
    correspondent_hears_message(&f, &f.home, false, &init);
    ck_assert_uint_eq(correspondent_sent(&f), _i ? 1 : 0);
    if (_i)
        correspondent_take_message(&f, MOBILITY_HOME_TEST);
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .tokens = &tokens};
    hears(&spec);
    ck_assert_int_eq(is_bound(), _i);
}
END_TEST

/* Ten strangers ask, with room for five. */
START_TEST(state_for_tests)
{
    f.configuration.binding_limit = 5;
    start(_i, UNSAFE_BIT(STATEFUL_TESTS));
    struct ipv6_address stranger = f.other_care_of;
    unsigned answered = 0;
    for (unsigned i = 0; i < 10; i++) {
        struct mobility_message init = {.type = MOBILITY_CARE_OF_TEST_INIT};
        stranger.octets[15] = (uint8_t)(0x80 + i);
        correspondent_hears_message(&f, &stranger, false, &init);
        for (; correspondent_sent(&f) > 0; answered++)
            correspondent_take_message(&f, MOBILITY_CARE_OF_TEST);
    }
    ck_assert_uint_eq(answered, _i ? 5 : 10);
    ck_assert_uint_eq(correspondent_node_pending_tests(&f.node), _i ? 5 : 0);
    if (_i) {
        correspondent_wait(&f, f.now + MAX_NONCE_LIFETIME);
        struct tokens tokens;
        correspondent_test_home(&f, &tokens); /* the old ones have made room */
        ck_assert_uint_eq(correspondent_node_pending_tests(&f.node), 1);
    }
}
END_TEST

START_TEST(lifetime_limit)
{
    struct tokens tokens;
    start(_i, UNSAFE_BIT(NO_LIFETIME_LIMIT));
    both_tests(&tokens);
    struct update_spec spec = {.sequence = 1, .lifetime = 1000, .tokens = &tokens};
    hears(&spec);
    ck_assert_uint_eq(binding_cache_lookup(&f.node.mobility->bindings, &f.home)->lifetime, _i ? 1000 : 105);
}
END_TEST

START_TEST(home_address_option)
{
    start(_i, UNSAFE_BIT(NO_HOME_ADDRESS_CHECK));
    correspondent_hears(&f, &f.care_of, true, NEXT_HEADER_NONE, (const uint8_t *)"", 0);
    ck_assert_uint_eq(correspondent_sent(&f), _i ? 0 : 1);
    if (!_i)
        correspondent_take_message(&f, MOBILITY_BINDING_ERROR);
}
END_TEST

START_TEST(rate_of_binding_errors)
{
    start(_i, UNSAFE_BIT(NO_RATE_LIMIT));
    for (unsigned i = 0; i < 3; i++)
        correspondent_hears(&f, &f.care_of, true, NEXT_HEADER_NONE, (const uint8_t *)"", 0);
    ck_assert_uint_eq(correspondent_sent(&f), _i ? 3 : 1);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        any_authenticator,
        home_token_alone,
        care_of_token_alone,
        one_switch_opens_one_door,
        replay_while_the_binding_lives,
        replay_after_deletion,
        replay_after_deletion_under_a_static_key,
        sequence_number_in_stable_storage,
        worn_out_key,
        bidding_down,
        state_for_tests,
        lifetime_limit,
        home_address_option,
        rate_of_binding_errors,
    };
    Suite *suite = suite_create("defences that are off");
    TCase *tcase = tcase_create("correspondent node");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* under valgrind */
    for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_loop_test(tcase, tests[i], 0, 2);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
