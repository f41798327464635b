/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_correspondent_node.c - the correspondent node (RFC 6275, 9) from outside: octets in, octets out, on
 * virtual time.
 */
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/udp.h"
#include "models/mobility/static_key.h"
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

static void both_tests(struct tokens *tokens)
{
    correspondent_test_home(&f, tokens);
    correspondent_test_care_of(&f, &f.care_of, tokens);
}

/* Registers f.care_of under return routability with this sequence number. */
static void register_binding(struct tokens *tokens, uint16_t sequence, uint16_t lifetime)
{
    both_tests(tokens);
    struct update_spec spec = {.sequence = sequence, .lifetime = lifetime, .tokens = tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, sequence);
}

static const struct binding *binding(void)
{
    return binding_cache_lookup(&f.node.mobility->bindings, &f.home);
}

/* How the correspondent's next packet to the home address travels. */
static void expect_route(const struct ipv6_address *care_of)
{
    correspondent_speaks(&f, &f.home);
    struct carried packet = correspondent_take(&f);
    ck_assert_uint_eq(packet.next_header, NEXT_HEADER_UDP);
    ck_assert_int_eq(packet.has_type_2_routing, care_of != NULL);
    ck_assert_mem_eq(&packet.destination, care_of ? care_of : &f.home, 16);
    ck_assert_uint_eq(packet.packet_length, 40 + 8 + 4 + (care_of ? 24u : 0u));
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
    both_tests(&a);
    both_tests(&b);
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

START_TEST(test_goes_to_the_home_address_whatever_the_binding_says)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    correspondent_test_home(&f, &tokens); /* checks: destination the home address, no routing header (6.1) */
}
END_TEST

/* ---- a registration ---- */

START_TEST(registration_under_return_routability)
{
    struct tokens tokens;
    both_tests(&tokens);
    expect_route(NULL);
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
    expect_route(&f.care_of);
}
END_TEST

START_TEST(reports_tell_what_a_table_of_messages_needs)
{
    struct tokens tokens;
    register_binding(&tokens, 7, 50);
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
    both_tests(&tokens);
    struct update_spec spec = {.sequence = 1, .lifetime = 10, .tokens = &tokens, .silent = true};
    correspondent_hears_update(&f, &spec);
    ck_assert_uint_eq(correspondent_sent(&f), 0);
    expect_route(&f.care_of);
}
END_TEST

START_TEST(binding_ends_with_its_lifetime_to_the_nanosecond)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 10);
    time_ns end = f.now + SECONDS(40);
    correspondent_wait(&f, end - 1);
    expect_route(&f.care_of);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_EXPIRED), 0);
    correspondent_wait(&f, end);
    const struct protocol_event *event = recording_last_event(&f.recorder, EVENT_BINDING_EXPIRED);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->time, end);
    expect_route(NULL);
}
END_TEST

START_TEST(operators_limit_of_lifetime)
{
    struct tokens tokens;
    f.configuration.lifetime_limit = 5;
    register_binding(&tokens, 1, 10);
    ck_assert_uint_eq(binding()->lifetime, 5);
    struct update_spec spec = {.sequence = 2, .lifetime = 3, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 3); /* never more than asked for */
}
END_TEST

START_TEST(movement_updates_the_binding)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    correspondent_test_care_of(&f, &f.other_care_of, &tokens);
    struct update_spec spec = {.source = &f.other_care_of, .sequence = 2, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_CREATED), 1);
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_UPDATED), 1);
    expect_route(&f.other_care_of);
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
    expect_route(&f.other_care_of);
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
    both_tests(&tokens);
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
    both_tests(&tokens);
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
    both_tests(&tokens);
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
    register_binding(&tokens, 1, 105);
    tokens.care_of_index = (uint16_t)(tokens.care_of_index + 1000);
    struct update_spec spec = {
        .sequence = 2, .lifetime = 0, .tokens = &tokens, .no_home_address_option = true};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 0);
    const struct protocol_event *event = recording_last_event(&f.recorder, EVENT_BINDING_DELETED);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->sequence, 2);
    expect_route(NULL);
}
END_TEST

/* ---- sequence numbers ---- */

START_TEST(old_sequence_numbers_are_refused_with_the_last)
{
    struct tokens tokens;
    register_binding(&tokens, 15, 105);
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
    register_binding(&tokens, 15, 105);
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
    register_binding(&tokens, 1, 105);
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
    expect_route(&f.other_care_of);
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
    register_binding(&tokens, 1, 105);
    delete_binding(&tokens, 2);
    ck_assert_ptr_null(binding());
    struct update_spec spec = {.sequence = 1, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec); /* a replay of the first update */
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 2);
    spec.sequence = 3; /* the same nonces and addresses with a new number */
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_NONCES, 3);
    ck_assert_ptr_null(binding());
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
        register_binding(&tokens, (uint16_t)(2 * i + 1), 105);
        delete_binding(&tokens, (uint16_t)(2 * i + 2));
    }
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_CREATED), NONCES_AN_INTERVAL);
}
END_TEST

START_TEST(another_care_of_address_may_use_them)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
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
    register_binding(&tokens, 1, 105);
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
    register_binding(&tokens, 1, 105);
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
    register_binding(&tokens, 100, 105);
    correspondent_wait(&f, SECONDS(20));
    delete_binding(&tokens, 101);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 1);
    correspondent_wait(&f, 8 * INTERVAL - 1);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 1);
    correspondent_wait(&f, 8 * INTERVAL);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
    ck_assert_int_eq(node_deadline(&f.node), TIME_NEVER);
    register_binding(&tokens, 5, 105); /* no entry: any number (9.5.1) */
}
END_TEST

START_TEST(expired_binding_keeps_its_number_while_its_nonces_live)
{
    struct tokens tokens;
    register_binding(&tokens, 100, 1);
    correspondent_wait(&f, SECONDS(10));
    ck_assert_ptr_null(binding());
    struct update_spec spec = {.sequence = 100, .lifetime = 1, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 100);
}
END_TEST

START_TEST(deletion_of_nothing_creates_nothing)
{
    struct tokens tokens;
    both_tests(&tokens);
    delete_binding(&tokens, 9);
    ck_assert_ptr_null(binding());
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_DELETED), 0);
}
END_TEST

/* The update that it should have deleted comes after it: too late (5.2.8). With its nonces it is forgotten. */
START_TEST(deletion_overtakes_the_update)
{
    struct tokens tokens;
    both_tests(&tokens);
    delete_binding(&tokens, 9);
    struct update_spec spec = {.sequence = 8, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 9);
    ck_assert_ptr_null(binding());
    correspondent_wait(&f, MAX_NONCE_LIFETIME);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
    register_binding(&tokens, 8, 105);
    ck_assert_ptr_nonnull(binding());
}
END_TEST

START_TEST(care_of_address_equal_to_home_address_deletes)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    struct update_spec spec = {
        .sequence = 2, .lifetime = 105, .tokens = &tokens, .no_home_address_option = true};
    correspondent_hears_update(&f, &spec);
    struct carried acknowledgement = correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.lifetime, 0);
    expect_route(NULL);
}
END_TEST

START_TEST(deletion_from_away_by_lifetime_zero)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    struct update_spec spec = {.sequence = 2, .lifetime = 0, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2); /* to the care-of address */
    expect_route(NULL);
}
END_TEST

/* ---- resources ---- */

START_TEST(full_cache_refuses)
{
    struct tokens tokens;
    struct ipv6_address first = f.home, second = address_from("2001:db8:1::101");
    f.configuration.binding_limit = 1;
    register_binding(&tokens, 1, 105);
    f.home = second;
    both_tests(&tokens);
    struct update_spec spec = {.sequence = 1, .lifetime = 105, .tokens = &tokens, .silent = true};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_INSUFFICIENT_RESOURCES, 1);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_BINDING_LIMIT);
    expect_route(NULL);
    f.home = first;
    expect_route(&f.care_of);
    /* When the first has run out and been forgotten there is room. */
    correspondent_wait(&f, SECONDS(1000));
    f.home = second;
    register_binding(&tokens, 2, 105);
}
END_TEST

START_TEST(many_bindings)
{
    struct tokens tokens;
    for (unsigned i = 0; i < 300; i++) {
        f.home.octets[15] = (uint8_t)i;
        f.home.octets[14] = (uint8_t)(i >> 8);
        register_binding(&tokens, 1, 100);
    }
    for (unsigned i = 0; i < 300; i++) {
        f.home.octets[15] = (uint8_t)i;
        f.home.octets[14] = (uint8_t)(i >> 8);
        expect_route(&f.care_of);
    }
    correspondent_wait(&f, f.now + SECONDS(400));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_EXPIRED), 300);
}
END_TEST

/* ---- 9.3.1, 9.3.3: packets with a Home Address option ---- */

static void hears_echo_request(const struct ipv6_address *source, bool option)
{
    const uint8_t request[12] = {ICMPV6_ECHO_REQUEST, 0, 0, 0, 1, 2, 3, 4, 'p', 'i', 'n', 'g'};
    correspondent_hears(&f, source, option, NEXT_HEADER_ICMPV6, request, sizeof(request));
}

START_TEST(option_of_the_bound_care_of_address_is_believed)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    hears_echo_request(&f.care_of, true);
    struct carried reply = correspondent_take(&f);
    ck_assert_uint_eq(reply.payload[0], ICMPV6_ECHO_REPLY);
    ck_assert(reply.has_type_2_routing);
    ck_assert_mem_eq(&reply.destination, &f.care_of, 16);
    ck_assert_mem_eq(&reply.home_address, &f.home, 16);
}
END_TEST

static void expect_binding_error(const struct ipv6_address *to, const struct ipv6_address *home_address,
                                 unsigned status)
{
    struct carried error = correspondent_take_message(&f, MOBILITY_BINDING_ERROR);
    ck_assert_mem_eq(&error.destination, to, 16);
    ck_assert(!error.has_type_2_routing);
    ck_assert_uint_eq(error.message.error.status, status);
    ck_assert_mem_eq(&error.message.error.home_address, home_address, 16);
    ck_assert_uint_eq(error.packet_length, 64);
}

START_TEST(option_without_binding_is_a_binding_error)
{
    hears_echo_request(&f.care_of, true);
    expect_binding_error(&f.care_of, &f.home, BINDING_ERROR_UNKNOWN_BINDING);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_HOME_ADDRESS_OPTION);
}
END_TEST

START_TEST(option_of_another_care_of_address_is_a_binding_error)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    hears_echo_request(&f.other_care_of, true);
    expect_binding_error(&f.other_care_of, &f.home, BINDING_ERROR_UNKNOWN_BINDING);
    /* The error goes to the wire's source, and nothing has changed. */
    expect_route(&f.care_of);
}
END_TEST

/* An option that changes nothing is none the less one that needs a binding. */
START_TEST(option_equal_to_the_source_is_a_binding_error)
{
    hears_echo_request(&f.home, true);
    expect_binding_error(&f.home, &f.home, BINDING_ERROR_UNKNOWN_BINDING);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_HOME_ADDRESS_OPTION);
}
END_TEST

START_TEST(option_after_the_binding_ended)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 1);
    correspondent_wait(&f, f.now + SECONDS(4));
    hears_echo_request(&f.care_of, true);
    expect_binding_error(&f.care_of, &f.home, BINDING_ERROR_UNKNOWN_BINDING);
}
END_TEST

START_TEST(binding_errors_are_rate_limited)
{
    hears_echo_request(&f.care_of, true);
    expect_binding_error(&f.care_of, &f.home, 1);
    f.now += f.configuration.binding_error_interval - 1;
    hears_echo_request(&f.care_of, true);
    correspondent_expect_silence(&f, DISCARD_HOME_ADDRESS_OPTION);
    f.now += 1;
    hears_echo_request(&f.care_of, true);
    expect_binding_error(&f.care_of, &f.home, 1);
}
END_TEST

START_TEST(home_address_that_is_not_routable)
{
    f.home = address_from("fe80::1");
    hears_echo_request(&f.care_of, true);
    expect_binding_error(&f.care_of, &f.home, 1);
    f.home = address_from("ff0e::1");
    struct update_spec spec = {.sequence = 1, .lifetime = 1};
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_HOME_ADDRESS_NOT_ROUTABLE);
}
END_TEST

/* ---- 9.3.2, 9.3.4 ---- */

START_TEST(care_of_address_itself_is_reached_plainly)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    correspondent_speaks(&f, &f.care_of);
    struct carried packet = correspondent_take(&f);
    ck_assert(!packet.has_type_2_routing);
}
END_TEST

/* An ICMPv6 Destination Unreachable from a router about a packet that went to the care-of address. */
static void hears_unreachable(uint8_t code, const struct ipv6_address *care_of)
{
    struct ipv6_address router = address_from("2001:db8:5::1");
    uint8_t error[8 + 40 + 24 + 12] = {ICMPV6_DESTINATION_UNREACHABLE, code};
    uint8_t *original = error + 8;
    original[0] = 0x60;
    original[5] = 24 + 12;
    original[6] = NEXT_HEADER_ROUTING;
    original[7] = 60;
    memcpy(original + 8, f.correspondent.octets, 16);
    memcpy(original + 24, care_of->octets, 16);
    original[40] = NEXT_HEADER_UDP;
    original[41] = 2;
    original[42] = 2;
    original[43] = 1;
    memcpy(original + 48, f.home.octets, 16);
    correspondent_hears(&f, &router, false, NEXT_HEADER_ICMPV6, error, sizeof(error));
}

START_TEST(persistent_unreachability_deletes_the_binding)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    for (int i = 0; i < 10; i++) { /* a second of it is a handover */
        hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
        f.now += MILLISECONDS(100);
    }
    ck_assert_ptr_nonnull(binding());
    f.now += SECONDS(4);
    hears_unreachable(UNREACHABLE_PORT, &f.care_of);          /* it got there */
    hears_unreachable(UNREACHABLE_ADDRESS, &f.other_care_of); /* not of this binding */
    ck_assert_ptr_nonnull(binding());
    hears_unreachable(UNREACHABLE_NO_ROUTE, &f.care_of);
    ck_assert_ptr_null(binding());
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_DELETED), 1);
    expect_route(NULL);
}
END_TEST

START_TEST(update_forgives_unreachability)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    for (int i = 0; i < 3; i++)
        hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
    f.now += SECONDS(4);
    struct update_spec spec = {.sequence = 2, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
    ck_assert_ptr_nonnull(binding());
}
END_TEST

START_TEST(errors_far_apart_are_not_persistent)
{
    struct tokens tokens;
    register_binding(&tokens, 1, 105);
    for (int i = 0; i < 10; i++) {
        hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
        correspondent_wait(&f, f.now + SECONDS(25));
    }
    ck_assert_ptr_nonnull(binding());
}
END_TEST

/* ---- 9.5.5 ---- */

START_TEST(binding_in_use_is_asked_to_be_refreshed)
{
    struct tokens tokens;
    f.configuration.binding_refresh_requests = true;
    register_binding(&tokens, 1, 20); /* 80 s: looks at 60, 66.67 and 73.33 s */
    time_ns begin = f.now;
    correspondent_wait(&f, begin + SECONDS(60) - 1);
    ck_assert_uint_eq(correspondent_sent(&f), 0);
    correspondent_wait(&f, begin + SECONDS(65));
    ck_assert_uint_eq(correspondent_sent(&f), 0); /* not in use */
    expect_route(&f.care_of);
    correspondent_wait(&f, begin + SECONDS(67));
    struct carried request = correspondent_take_message(&f, MOBILITY_BINDING_REFRESH_REQUEST);
    ck_assert_mem_eq(&request.destination, &f.home, 16);
    ck_assert(!request.has_type_2_routing);
    ck_assert_uint_eq(request.packet_length, 48);
    correspondent_wait(&f, begin + SECONDS(70));
    struct update_spec spec = {.sequence = 2, .lifetime = 20, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    correspondent_wait(&f, begin + SECONDS(70 + 59)); /* it stops with the update */
    ck_assert_uint_eq(correspondent_sent(&f), 0);
    /* and begins again at the end of the new lifetime */
    expect_route(&f.care_of);
    correspondent_wait(&f, begin + SECONDS(70 + 61));
    correspondent_take_message(&f, MOBILITY_BINDING_REFRESH_REQUEST);
    correspondent_wait(&f, begin + SECONDS(70 + 80));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_EXPIRED), 1);
}
END_TEST

/* ---- administration ---- */

START_TEST(node_without_return_routability)
{
    struct tokens tokens;
    struct mobility_message init = {.type = MOBILITY_CARE_OF_TEST_INIT};
    both_tests(&tokens);
    f.configuration.return_routability = false;
    correspondent_hears_message(&f, &f.care_of, false, &init);
    correspondent_expect_silence(&f, DISCARD_MOBILITY_ROLE);
    struct update_spec spec = {.sequence = 1, .lifetime = 100, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_expect_silence(&f, DISCARD_AUTHORIZATION_METHOD);
}
END_TEST

START_TEST(node_without_route_optimization_is_a_plain_node)
{
    struct mobility_message init = {.type = MOBILITY_CARE_OF_TEST_INIT};
    f.configuration.route_optimization = false;
    correspondent_hears_message(&f, &f.care_of, false, &init);
    struct carried error = correspondent_take(&f);
    ck_assert_uint_eq(error.next_header, NEXT_HEADER_ICMPV6);
    ck_assert_uint_eq(error.payload[0], ICMPV6_PARAMETER_PROBLEM);
    ck_assert_uint_eq(error.payload[1], PARAMETER_UNRECOGNIZED_NEXT_HEADER);
    hears_echo_request(&f.care_of, true);
    error = correspondent_take(&f);
    ck_assert_uint_eq(error.payload[0], ICMPV6_PARAMETER_PROBLEM);
    ck_assert_uint_eq(error.payload[1], PARAMETER_UNRECOGNIZED_OPTION);
    ck_assert_uint_eq(error.payload[7], 40 + 6); /* points at the option's type */
    ck_assert_mem_eq(&error.destination, &f.care_of, 16);
}
END_TEST

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
    expect_route(&f.care_of);
    correspondent_wait(&f, begin + SECONDS(262140));
    expect_route(NULL);
    ck_assert_uint_eq(f.recorder.drawn[RANDOM_NODE_KEY], 0);
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
    expect_route(&f.care_of);
    correspondent_wait(&f, begin + SECONDS(4000));
    expect_route(NULL);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
}
END_TEST

START_TEST(static_key_is_not_bid_down)
{
    struct tokens tokens;
    struct mobility_message init = {.type = MOBILITY_HOME_TEST_INIT};
    both_tests(&tokens);
    use_static_key();
    struct update_spec by_tests = {.sequence = 5, .lifetime = 100, .tokens = &tokens};
    correspondent_hears_update(&f, &by_tests);
    correspondent_expect_silence(&f, DISCARD_AUTHORIZATION_METHOD);
    correspondent_hears_message(&f, &f.home, false, &init);
    correspondent_expect_silence(&f, DISCARD_AUTHORIZATION_METHOD);
    correspondent_test_care_of(&f, &f.care_of, &tokens); /* belongs to no home address, so it is answered */
    ck_assert_ptr_null(binding());
}
END_TEST

START_TEST(nonce_indices_under_a_static_key_are_ignored)
{
    use_static_key();
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .key = &static_key, .nonce_indices = true};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    expect_route(&f.care_of);
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
    expect_route(NULL);
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
    ck_assert_ptr_null(binding());
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
    expect_route(&f.care_of); /* the binding in use stays */
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
    expect_route(&f.care_of); /* the binding made under the old key stays in force */
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

/* Without its stable storage it takes again what it has taken before: the replay that RFC 4449, 3 is about. */
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

/* Its node key and nonces are of its new life: what earlier tokens authorize is answered by 138 (RFC 6275, 5.2.7),
 * and new tests go on from there. */
START_TEST(tokens_of_before_a_reboot)
{
    struct tokens before, after;
    both_tests(&before);
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .tokens = &before};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    mobility_free(&f.node);
    node_free(&f.node);
    correspondent_start(&f);
    expect_route(NULL);
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_EXPIRED_NONCES, 5);
    both_tests(&after);
    ck_assert_mem_ne(&before, &after, sizeof(before));
    spec.tokens = &after;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 5);
    expect_route(&f.care_of);
}
END_TEST

static void add_many(TCase *tcase, const TTest *const *tests, size_t count)
{
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
}

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
        option_of_the_bound_care_of_address_is_believed,
        option_without_binding_is_a_binding_error,
        option_of_another_care_of_address_is_a_binding_error,
        option_equal_to_the_source_is_a_binding_error,
        option_after_the_binding_ended,
        binding_errors_are_rate_limited,
        home_address_that_is_not_routable,
        care_of_address_itself_is_reached_plainly,
        persistent_unreachability_deletes_the_binding,
        update_forgives_unreachability,
        errors_far_apart_are_not_persistent,
        binding_in_use_is_asked_to_be_refreshed,
        tokens_of_before_a_reboot,
        node_without_return_routability,
        node_without_route_optimization_is_a_plain_node,
    };
    const TTest *const static_tests[] = {
        static_registration_needs_no_tests_and_has_no_limit,
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
    Suite *suite = suite_create("correspondent node");
    TCase *tcase = tcase_create("return routability");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* under valgrind */
    tcase_add_loop_test(tcase, test_init_with_home_address_option_is_ignored, 0, 2);
    add_many(tcase, tests, sizeof(tests) / sizeof(tests[0]));
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("static key");
    tcase_add_checked_fixture(tcase, setup, teardown);
    add_many(tcase, static_tests, sizeof(static_tests) / sizeof(static_tests[0]));
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failures = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failures != 0;
}
