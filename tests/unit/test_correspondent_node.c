/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_correspondent_node.c - bindings at a correspondent node under return routability (RFC 6275, 9.4, 9.5)
 * from outside: octets in, octets out, on virtual time.
 */
#include <string.h>

#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/udp.h"
#include "tests/runner.h"
#include "tests/unit/correspondent_fixture.h"

#define INTERVAL SECONDS(30)

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

/* ---- 9.4 ---- */

START_TEST(tests_are_answered_without_state)
{
    struct tokens a, b;
    uint8_t kcn[NODE_KEY_LENGTH], value[NONCE_LENGTH] = "nonce!!", start[2] = {0x12, 0x33}, expected[8];
    struct hmac_key keyed;
    memset(kcn, 0x77, sizeof(kcn));
    recording_environment_script(&f.recorder, RANDOM_NODE_KEY, kcn, sizeof(kcn));
    recording_environment_script(&f.recorder, RANDOM_NONCE, start, 2);
    recording_environment_script(&f.recorder, RANDOM_NONCE, value, NONCE_LENGTH);
    correspondent_test_both(&f, &a);
    correspondent_test_both(&f, &b);
    ck_assert_mem_eq(&a, &b, sizeof(a)); /* made anew, and the same */
    ck_assert_uint_eq(a.home_index, 0x1234);
    ck_assert_uint_eq(a.care_of_index, 0x1234);
    hmac_key_set(&keyed, kcn, sizeof(kcn));
    keygen_token(&keyed, &f.home, value, NONCE_LENGTH, KEYGEN_HOME, expected);
    ck_assert_mem_eq(a.home, expected, 8);
    keygen_token(&keyed, &f.care_of, value, NONCE_LENGTH, KEYGEN_CARE_OF, expected);
    ck_assert_mem_eq(a.care_of, expected, 8);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
    ck_assert_int_eq(node_deadline(&f.node), TIME_NEVER);
}
END_TEST

START_TEST(test_init_with_home_address_option_is_ignored)
{
    struct mobility_message message = {
        .type = (uint8_t)(_i ? MOBILITY_HOME_TEST_INIT : MOBILITY_CARE_OF_TEST_INIT)};
    correspondent_hears_message(&f, &f.care_of, true, &message);
    correspondent_expect_silence(&f, DISCARD_HOME_ADDRESS_FORBIDDEN);
}
END_TEST

/* What is sent to a group, or to an anycast address of the node's: no answer could come from there. */
START_TEST(groups_and_anycast_addresses_answer_nothing)
{
    struct ipv6_address to = address_from(_i ? "2001:db8:c::" : "ff02::1");
    struct mobility_message home = {.type = MOBILITY_HOME_TEST_INIT},
                            care_of = {.type = MOBILITY_CARE_OF_TEST_INIT};
    static const uint8_t unknown_octets[8] = {NEXT_HEADER_NONE, 0, 9};
    struct tokens tokens;
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .tokens = &tokens};
    correspondent_test_both(&f, &tokens);
    if (_i)
        ck_assert_int_eq(anycast_add(&f.node, &f.node.interfaces[0], &to), 0);
    f.correspondent = to;
    recording_environment_clear(&f.recorder);
    correspondent_hears_message(&f, &f.home, false, &home);
    correspondent_expect_silence(&f, DISCARD_DESTINATION_ADDRESS);
    correspondent_hears_message(&f, &f.care_of, false, &care_of);
    correspondent_expect_silence(&f, DISCARD_DESTINATION_ADDRESS);
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_DESTINATION_ADDRESS);
    correspondent_hears(&f, &f.care_of, false, NEXT_HEADER_MOBILITY, unknown_octets, sizeof(unknown_octets));
    correspondent_expect_silence(&f, DISCARD_MOBILITY_TYPE);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
}
END_TEST

START_TEST(test_goes_to_the_home_address_whatever_the_binding_says)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    correspondent_test_home(&f, &tokens); /* checks: destination the home address, no routing header (6.1) */
}
END_TEST

/* ---- a registration ---- */

START_TEST(registration_under_return_routability)
{
    struct tokens tokens;
    correspondent_test_both(&f, &tokens);
    correspondent_expect_route(&f, NULL);
    struct update_spec spec = {.sequence = 40000, .lifetime = 1000, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 40000);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 105); /* MAX_RR_BINDING_LIFETIME */
    const struct protocol_event *event = recording_last_event(&f.recorder, EVENT_BINDING_CREATED);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->time, f.now);
    ck_assert_mem_eq(event->home_address, &f.home, 16);
    ck_assert_mem_eq(event->care_of_address, &f.care_of, 16);
    ck_assert_int_eq(event->sequence, 40000);
    ck_assert_int_eq(event->lifetime, 420);
    correspondent_expect_route(&f, &f.care_of);
}
END_TEST

START_TEST(reports_tell_what_a_table_of_messages_needs)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 7, 50);
    const struct protocol_event *received = recording_last_event(&f.recorder, EVENT_MESSAGE_RECEIVED);
    ck_assert_str_eq(received->message, "Binding Update");
    ck_assert_mem_eq(received->source, &f.home, 16);
    ck_assert_mem_eq(received->wire_source, &f.care_of, 16);
    ck_assert_mem_eq(received->home_address, &f.home, 16);
    ck_assert_mem_eq(received->care_of_address, &f.care_of, 16);
    ck_assert_int_eq(received->sequence, 7);
    ck_assert_int_eq(received->lifetime, 200);
    ck_assert_uint_eq(received->octets, 96);
    const struct protocol_event *sent = recording_last_event(&f.recorder, EVENT_MESSAGE_SENT);
    ck_assert_str_eq(sent->message, "Binding Acknowledgement");
    ck_assert_mem_eq(sent->destination, &f.home, 16);
    ck_assert_mem_eq(sent->wire_destination, &f.care_of, 16);
    ck_assert_int_eq(sent->status, 0);
    ck_assert_int_eq(sent->lifetime, 200);
    ck_assert_uint_eq(sent->octets, 96);
    /* HoTI, CoTI, HoT, CoT, BU and BA, each once */
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MESSAGE_RECEIVED), 3);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MESSAGE_SENT), 3);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_MESSAGE_DISCARDED), 0);
}
END_TEST

START_TEST(silent_update_is_not_acknowledged)
{
    struct tokens tokens;
    correspondent_test_both(&f, &tokens);
    struct update_spec spec = {.sequence = 1, .lifetime = 10, .tokens = &tokens, .silent = true};
    correspondent_hears_update(&f, &spec);
    ck_assert_uint_eq(correspondent_sent(&f), 0);
    correspondent_expect_route(&f, &f.care_of);
}
END_TEST

START_TEST(binding_ends_with_its_lifetime_to_the_nanosecond)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 10);
    time_ns end = f.now + SECONDS(40);
    correspondent_wait(&f, end - 1);
    correspondent_expect_route(&f, &f.care_of);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_EXPIRED), 0);
    correspondent_wait(&f, end);
    const struct protocol_event *event = recording_last_event(&f.recorder, EVENT_BINDING_EXPIRED);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->time, end);
    correspondent_expect_route(&f, NULL);
}
END_TEST

START_TEST(operators_limit_of_lifetime)
{
    struct tokens tokens;
    f.configuration.lifetime_limit = 5;
    correspondent_register(&f, &tokens, 1, 10);
    ck_assert_uint_eq(correspondent_binding(&f)->lifetime, 5);
    struct update_spec spec = {.sequence = 2, .lifetime = 3, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 3); /* never more than asked for */
}
END_TEST

START_TEST(movement_updates_the_binding)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    correspondent_test_care_of(&f, &f.other_care_of, &tokens);
    struct update_spec spec = {.source = &f.other_care_of, .sequence = 2, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_CREATED), 1);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_UPDATED), 1);
    correspondent_expect_route(&f, &f.other_care_of);
}
END_TEST

START_TEST(alternate_care_of_address_is_the_one_tested_and_bound)
{
    struct tokens tokens;
    correspondent_test_home(&f, &tokens);
    correspondent_test_care_of(&f, &f.other_care_of, &tokens);
    struct update_spec spec = {
        .alternate = &f.other_care_of, .sequence = 2, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2); /* to f.care_of, the source */
    correspondent_expect_route(&f, &f.other_care_of);
    /* Tokens of the source address authorize nothing for another. */
    correspondent_test_care_of(&f, &f.care_of, &tokens);
    spec.sequence = 3;
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_AUTHENTICATOR);
}
END_TEST

/* ---- 9.5.1: what is silently discarded ---- */

START_TEST(updates_that_are_silently_discarded)
{
    static const struct ipv6_address link_local = {.octets = {0xfe, 0x80, [15] = 9}};
    static const struct ipv6_address group = {.octets = {0xff, 0x0e, [15] = 9}};
    struct tokens tokens;
    correspondent_test_both(&f, &tokens);
    const struct {
        struct update_spec spec;
        enum discard_reason reason;
    } cases[] = {
        {{.tokens = &tokens, .wrong_authenticator = true}, DISCARD_AUTHENTICATOR},
        {{.tokens = NULL}, DISCARD_AUTHORIZATION_MISSING},
        {{.tokens = NULL, .nonce_indices = true}, DISCARD_AUTHORIZATION_MISSING},
        {{.tokens = &tokens, .alternate = &link_local}, DISCARD_CARE_OF_ADDRESS},
        {{.tokens = &tokens, .alternate = &group}, DISCARD_CARE_OF_ADDRESS},
        {{.tokens = &tokens, .alternate = &ipv6_unspecified}, DISCARD_CARE_OF_ADDRESS},
        {{.tokens = &tokens, .alternate = &f.correspondent}, DISCARD_CARE_OF_ADDRESS},
        {{.tokens = &tokens, .source = &link_local}, DISCARD_SOURCE_ADDRESS},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct update_spec spec = cases[i].spec;
        spec.sequence = 1;
        spec.lifetime = 100;
        recording_environment_clear(&f.recorder);
        correspondent_hears_update(&f, &spec);
        correspondent_expect_silence(&f, cases[i].reason);
        ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
    }
}
END_TEST

START_TEST(authorization_without_nonce_indices_is_discarded)
{
    struct static_key key = {.kcn_length = 20, .home_nonce_length = 1, .care_of_nonce_length = 1};
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .key = &key};
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_NONCE_INDICES);
}
END_TEST

START_TEST(authorization_data_followed_by_padding_is_discarded)
{
    struct tokens tokens;
    uint8_t octets[64], kbm[KBM_LENGTH];
    struct mobility_message message = {
        .type = MOBILITY_BINDING_UPDATE, .has_nonce_indices = true, .has_authorization_data = true};
    correspondent_test_both(&f, &tokens);
    message.update.lifetime = 10;
    message.home_nonce_index = tokens.home_index;
    message.care_of_nonce_index = tokens.care_of_index;
    size_t length = mobility_message_write(&message, octets, sizeof(octets));
    memcpy(octets + length, "\1\6\0\0\0\0\0\0", 8);
    octets[1]++;
    keygen_kbm(tokens.home, tokens.care_of, kbm);
    keygen_authenticator(kbm, &f.care_of, &f.correspondent, octets, message.authenticator_at,
                         octets + message.authenticator_at);
    correspondent_hears(&f, &f.care_of, true, NEXT_HEADER_MOBILITY, octets, length + 8);
    correspondent_expect_silence(&f, DISCARD_AUTHORIZATION_MISSING);
}
END_TEST

START_TEST(tokens_of_another_home_address_do_not_authorize)
{
    struct tokens tokens;
    correspondent_test_both(&f, &tokens);
    struct ipv6_address other = address_from("2001:db8:1::101"), home = f.home;
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .tokens = &tokens};
    f.home = other;
    correspondent_hears_update(&f, &spec);
    f.home = home;
    correspondent_expect_silence(&f, DISCARD_AUTHENTICATOR);
}
END_TEST

/* ---- nonces run out ---- */

START_TEST(expired_nonces_are_told)
{
    /* The home token of interval 0, the care-of token of interval 3. */
    struct tokens tokens, unknown;
    correspondent_test_home(&f, &tokens);
    correspondent_wait(&f, 3 * INTERVAL);
    correspondent_test_care_of(&f, &f.care_of, &tokens);
    struct update_spec spec = {.sequence = 1, .lifetime = 105, .tokens = &tokens};

    correspondent_wait(&f, 8 * INTERVAL - 1);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 1);
    correspondent_wait(&f, 8 * INTERVAL);
    spec.sequence = 2;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_HOME_NONCE, 2);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_NONCE_EXPIRED);
    correspondent_wait(&f, 11 * INTERVAL - 1);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_HOME_NONCE, 2);
    correspondent_wait(&f, 11 * INTERVAL);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_NONCES, 2);

    correspondent_test_home(&f, &tokens);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_CARE_OF_NONCE, 2);
    /* Whether or not an acknowledgement was asked for (9.5.4). */
    spec.silent = true;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_CARE_OF_NONCE, 2);
    /* An index that never was. */
    unknown = tokens;
    unknown.home_index = (uint16_t)(tokens.home_index + 1);
    unknown.care_of_index = (uint16_t)(tokens.home_index + 100);
    spec.tokens = &unknown;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_NONCES, 2);
}
END_TEST

START_TEST(deletion_does_not_look_at_the_care_of_nonce)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    tokens.care_of_index = (uint16_t)(tokens.care_of_index + 1000);
    struct update_spec spec = {
        .sequence = 2, .lifetime = 0, .tokens = &tokens, .no_home_address_option = true};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 0);
    const struct protocol_event *event = recording_last_event(&f.recorder, EVENT_BINDING_DELETED);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->sequence, 2);
    correspondent_expect_route(&f, NULL);
}
END_TEST

/* Its node key and nonces are of its new life: what earlier tokens authorize is answered by 138 (RFC 6275,
 * 5.2.7), and new tests go on from there. */
START_TEST(tokens_of_before_a_reboot)
{
    struct tokens before, after;
    correspondent_test_both(&f, &before);
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .tokens = &before};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    mobility_free(&f.node);
    node_free(&f.node);
    correspondent_start(&f);
    correspondent_expect_route(&f, NULL);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_NONCES, 5);
    correspondent_test_both(&f, &after);
    ck_assert_mem_ne(&before, &after, sizeof(before));
    spec.tokens = &after;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    correspondent_expect_route(&f, &f.care_of);
}
END_TEST

/* ---- sequence numbers ---- */

START_TEST(old_sequence_numbers_are_refused_with_the_last)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 15, 105);
    static const uint16_t old[] = {15, 14, 0, 65535, 32783};
    for (size_t i = 0; i < sizeof(old) / sizeof(old[0]); i++) {
        struct update_spec spec = {.sequence = old[i], .lifetime = 105, .tokens = &tokens, .silent = i % 2};
        correspondent_hears_update(&f, &spec);
        struct carried acknowledgement =
            correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 15);
        ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 0);
        ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_SEQUENCE_NUMBER);
    }
    struct update_spec spec = {.sequence = 32782, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 32782);
}
END_TEST

/* Nobody without Kbm learns the number, or makes the correspondent send. */
START_TEST(old_sequence_number_with_wrong_authenticator_is_silence)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 15, 105);
    struct update_spec spec = {
        .sequence = 3, .lifetime = 105, .tokens = &tokens, .wrong_authenticator = true};
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_AUTHENTICATOR);
    spec = (struct update_spec){.sequence = 3, .lifetime = 105, .nonce_indices = true};
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_AUTHORIZATION_MISSING);
}
END_TEST

START_TEST(replayed_update_is_refused)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    correspondent_test_care_of(&f, &f.other_care_of, &tokens);
    struct tokens first = tokens;
    struct update_spec moved = {
        .source = &f.other_care_of, .sequence = 2, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &moved);
    correspondent_take_acknowledgement(&f, &moved, BINDING_ACCEPTED, 2);
    correspondent_test_care_of(&f, &f.care_of, &first);
    struct update_spec replayed = {.sequence = 1, .lifetime = 105, .tokens = &first};
    correspondent_hears_update(&f, &replayed);
    correspondent_take_acknowledgement(&f, &replayed, BINDING_SEQUENCE_OUT_OF_WINDOW, 2);
    correspondent_expect_route(&f, &f.other_care_of);
}
END_TEST

/* ---- deletion and what is remembered of it (5.2.8, 9.5.3) ---- */

static void delete_binding(const struct tokens *tokens, uint16_t sequence)
{
    struct update_spec spec = {
        .sequence = sequence, .lifetime = 0, .tokens = tokens, .no_home_address_option = true};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, sequence);
}

START_TEST(nonces_of_a_deleted_binding_are_not_used_again)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    delete_binding(&tokens, 2);
    ck_assert_ptr_null(correspondent_binding(&f));
    struct update_spec spec = {.sequence = 1, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec); /* a replay of the first update */
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 2);
    spec.sequence = 3; /* the same nonces and addresses with a new number */
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_NONCES, 3);
    ck_assert_ptr_null(correspondent_binding(&f));
    /* A new care-of test, in the same interval, gives another nonce, and that will do. */
    struct tokens fresh = tokens;
    correspondent_test_care_of(&f, &f.care_of, &fresh);
    ck_assert_uint_ne(fresh.care_of_index, tokens.care_of_index);
    spec.tokens = &fresh;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 3);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_CREATED), 2);
}
END_TEST

/* Who goes home and comes back several times within one interval is served each time. */
START_TEST(comings_and_goings_within_an_interval)
{
    struct tokens tokens;
    for (uint16_t i = 0; i < NONCES_AN_INTERVAL; i++) {
        correspondent_register(&f, &tokens, (uint16_t)(2 * i + 1), 105);
        delete_binding(&tokens, (uint16_t)(2 * i + 2));
    }
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_CREATED), NONCES_AN_INTERVAL);
}
END_TEST

START_TEST(another_care_of_address_may_use_them)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    struct tokens other = tokens;
    correspondent_test_care_of(&f, &f.other_care_of, &other);
    ck_assert_uint_eq(other.care_of_index, tokens.care_of_index);
    delete_binding(&tokens, 2);
    struct update_spec spec = {.source = &f.other_care_of, .sequence = 3, .lifetime = 105, .tokens = &other};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 3);
}
END_TEST

START_TEST(another_home_nonce_may_be_used_with_the_care_of_nonce)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    delete_binding(&tokens, 2);
    correspondent_test_home(&f, &tokens);
    struct update_spec spec = {.sequence = 3, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 3);
}
END_TEST

START_TEST(deleting_again_is_accepted_and_counts)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    delete_binding(&tokens, 2);
    delete_binding(&tokens, 3);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_DELETED), 1);
    /* So does a deletion that names the very nonces and the care-of address. */
    struct update_spec spec = {.sequence = 4, .lifetime = 0, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 4);
    spec = (struct update_spec){.sequence = 4, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 4);
}
END_TEST

START_TEST(deleted_binding_is_forgotten_when_its_nonces_are)
{
    struct tokens tokens;
    correspondent_wait(&f, SECONDS(10));
    correspondent_register(&f, &tokens, 100, 105);
    correspondent_wait(&f, SECONDS(20));
    delete_binding(&tokens, 101);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 1);
    correspondent_wait(&f, 8 * INTERVAL - 1);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 1);
    correspondent_wait(&f, 8 * INTERVAL);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
    ck_assert_int_eq(node_deadline(&f.node), TIME_NEVER);
    correspondent_register(&f, &tokens, 5, 105); /* no entry: any number (9.5.1) */
}
END_TEST

START_TEST(expired_binding_keeps_its_number_while_its_nonces_live)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 100, 1);
    correspondent_wait(&f, SECONDS(10));
    ck_assert_ptr_null(correspondent_binding(&f));
    struct update_spec spec = {.sequence = 100, .lifetime = 1, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 100);
}
END_TEST

START_TEST(deletion_of_nothing_creates_nothing)
{
    struct tokens tokens;
    correspondent_test_both(&f, &tokens);
    delete_binding(&tokens, 9);
    ck_assert_ptr_null(correspondent_binding(&f));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_DELETED), 0);
}
END_TEST

/* The update that it should have deleted comes after it: too late (5.2.8). With its nonces it is
 * forgotten. */
START_TEST(deletion_overtakes_the_update)
{
    struct tokens tokens;
    correspondent_test_both(&f, &tokens);
    delete_binding(&tokens, 9);
    struct update_spec spec = {.sequence = 8, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 9);
    ck_assert_ptr_null(correspondent_binding(&f));
    correspondent_wait(&f, MAX_NONCE_LIFETIME);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
    correspondent_register(&f, &tokens, 8, 105);
    ck_assert_ptr_nonnull(correspondent_binding(&f));
}
END_TEST

START_TEST(care_of_address_equal_to_home_address_deletes)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    struct update_spec spec = {
        .sequence = 2, .lifetime = 105, .tokens = &tokens, .no_home_address_option = true};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 0);
    correspondent_expect_route(&f, NULL);
}
END_TEST

START_TEST(deletion_from_away_by_lifetime_zero)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    struct update_spec spec = {.sequence = 2, .lifetime = 0, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2); /* to the care-of address */
    correspondent_expect_route(&f, NULL);
}
END_TEST

/* ---- resources ---- */

START_TEST(full_cache_refuses)
{
    struct tokens tokens;
    struct ipv6_address first = f.home, second = address_from("2001:db8:1::101");
    f.configuration.binding_limit = 1;
    correspondent_register(&f, &tokens, 1, 105);
    f.home = second;
    correspondent_test_both(&f, &tokens);
    struct update_spec spec = {.sequence = 1, .lifetime = 105, .tokens = &tokens, .silent = true};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_INSUFFICIENT_RESOURCES, 1);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_BINDING_LIMIT);
    correspondent_expect_route(&f, NULL);
    f.home = first;
    correspondent_expect_route(&f, &f.care_of);
    /* When the first has run out and been forgotten there is room. */
    correspondent_wait(&f, SECONDS(1000));
    f.home = second;
    correspondent_register(&f, &tokens, 2, 105);
}
END_TEST

START_TEST(many_bindings)
{
    struct tokens tokens;
    for (unsigned i = 0; i < 300; i++) {
        f.home.octets[15] = (uint8_t)i;
        f.home.octets[14] = (uint8_t)(i >> 8);
        correspondent_register(&f, &tokens, 1, 100);
    }
    for (unsigned i = 0; i < 300; i++) {
        f.home.octets[15] = (uint8_t)i;
        f.home.octets[14] = (uint8_t)(i >> 8);
        correspondent_expect_route(&f, &f.care_of);
    }
    correspondent_wait(&f, f.now + SECONDS(400));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_EXPIRED), 300);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        tests_are_answered_without_state,
        test_goes_to_the_home_address_whatever_the_binding_says,
        registration_under_return_routability,
        reports_tell_what_a_table_of_messages_needs,
        silent_update_is_not_acknowledged,
        binding_ends_with_its_lifetime_to_the_nanosecond,
        operators_limit_of_lifetime,
        movement_updates_the_binding,
        alternate_care_of_address_is_the_one_tested_and_bound,
        updates_that_are_silently_discarded,
        authorization_without_nonce_indices_is_discarded,
        authorization_data_followed_by_padding_is_discarded,
        tokens_of_another_home_address_do_not_authorize,
        expired_nonces_are_told,
        deletion_does_not_look_at_the_care_of_nonce,
        old_sequence_numbers_are_refused_with_the_last,
        old_sequence_number_with_wrong_authenticator_is_silence,
        replayed_update_is_refused,
        nonces_of_a_deleted_binding_are_not_used_again,
        comings_and_goings_within_an_interval,
        another_care_of_address_may_use_them,
        another_home_nonce_may_be_used_with_the_care_of_nonce,
        deleting_again_is_accepted_and_counts,
        deleted_binding_is_forgotten_when_its_nonces_are,
        expired_binding_keeps_its_number_while_its_nonces_live,
        deletion_of_nothing_creates_nothing,
        deletion_overtakes_the_update,
        care_of_address_equal_to_home_address_deletes,
        deletion_from_away_by_lifetime_zero,
        full_cache_refuses,
        many_bindings,
        tokens_of_before_a_reboot,
    };
    Suite *suite = suite_create("correspondent node");
    TCase *tcase = tcase_create("return routability");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* under valgrind */
    tcase_add_loop_test(tcase, test_init_with_home_address_option_is_ignored, 0, 2);
    tcase_add_loop_test(tcase, groups_and_anycast_addresses_answer_nothing, 0, 2);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
