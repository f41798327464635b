/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_mobility.c - roles, and the checks that every Mobility Header passes (RFC 6275, 6.1, 9.2, 9.3.3).
 */
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/node.h"
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

/* ---- roles ---- */

START_TEST(enabling)
{
    ck_assert_int_eq(mobility_enable(&f.node, &f.configuration, 0), ERROR_EXISTS);
    mobility_free(&f.node);
    ck_assert_ptr_null(f.node.mobility);
    ck_assert_ptr_null(f.node.extension);
    mobility_free(&f.node); /* harmless */
    ck_assert_int_eq(mobility_enable(&f.node, NULL, 0), ERROR_ARGUMENT);
    struct correspondent_node_configuration configuration = f.configuration;
    configuration.nonce_interval = 0;
    ck_assert_int_eq(mobility_enable(&f.node, &configuration, 0), ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_enable(&f.node, &f.configuration, 0), 0);
}
END_TEST

START_TEST(home_agent_role)
{
    struct ipv6_address prefix = address_from("2001:db8:3::"), link_local = address_from("fe80::1");
    const struct home_agent_configuration *configuration = &home_agent_configuration_default;
    ck_assert_int_eq(mobility_add_home_agent(&f.node, configuration, 1, &f.correspondent, &prefix, 64, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_agent(&f.node, configuration, 0, &f.correspondent, &prefix, 129, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_agent(&f.node, configuration, 0, &link_local, &prefix, 64, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_agent(&f.node, NULL, 0, &f.correspondent, &prefix, 64, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_agent(&f.node, configuration, 0, &f.correspondent, &prefix, 64, 0), 0);
    ck_assert_int_eq(mobility_add_home_agent(&f.node, configuration, 0, &f.correspondent, &prefix, 64, 0),
                     ERROR_EXISTS);
    ck_assert_ptr_eq(f.node.mobility->home_agent->home_interface, &f.node.interfaces[0]);
}
END_TEST

START_TEST(mobile_node_role)
{
    const struct mobile_node_configuration *configuration = &mobile_node_configuration_default;
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, configuration, 3, &f.home, 64, &f.home_agent, f.now),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(
        mobility_add_mobile_node(&f.node, configuration, 0, &ipv6_unspecified, 64, &f.home_agent, f.now),
        ERROR_ARGUMENT);
    ck_assert_int_eq(
        mobility_add_mobile_node(&f.node, configuration, 0, &f.home, 64, &ipv6_unspecified, f.now),
        ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, configuration, 0, &f.home, 64, &f.home_agent, f.now),
                     0);
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, configuration, 0, &f.home, 64, &f.home_agent, f.now),
                     ERROR_EXISTS);
    const struct interface_address *address = address_find(&f.node, &f.home);
    ck_assert_ptr_nonnull(address);
    ck_assert_uint_eq(address->origin, ADDRESS_HOME);
    ck_assert(!address->defended);
}
END_TEST

/* What cannot be, and roles for a node that knows nothing of mobility. */
START_TEST(roles_refused)
{
    const struct mobile_node_configuration *mobile = &mobile_node_configuration_default;
    struct ipv6_address prefix = address_from("2001:db8:3::"), other = address_from("2001:db8:3::77");
    struct router_prefix told = {
        .prefix = prefix, .length = 64, .valid_lifetime = 100, .preferred_lifetime = 100};
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, NULL, 0, &f.home, 64, &f.home_agent, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, mobile, 0, &f.home, 129, &f.home_agent, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_address(&f.node, &other, 64, &f.home_agent, 0), ERROR_ARGUMENT);
    ck_assert_int_eq(home_agent_set_prefixes(&f.node, &told, 1, 0), ERROR_ARGUMENT);
    ck_assert_int_eq(home_agent_serve(&f.node, &f.home), ERROR_ARGUMENT);
    struct mobility *mobility = f.node.mobility;
    f.node.mobility = NULL;
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, mobile, 0, &f.home, 64, &f.home_agent, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_agent(&f.node, &home_agent_configuration_default, 0, &f.correspondent,
                                             &prefix, 64, 0),
                     ERROR_ARGUMENT);
    ck_assert_int_eq(mobility_add_home_address(&f.node, &other, 64, &f.home_agent, 0), ERROR_ARGUMENT);
    ck_assert_int_eq(home_agent_set_prefixes(&f.node, &told, 1, 0), ERROR_ARGUMENT);
    ck_assert_int_eq(home_agent_serve(&f.node, &f.home), ERROR_ARGUMENT);
    f.node.mobility = mobility;
    ck_assert_ptr_null(address_find(&f.node, &f.home));
}
END_TEST

/* As many home addresses as there are numbers for, and not one more. */
START_TEST(home_addresses_are_bounded)
{
    struct ipv6_address address = address_from("2001:db8:3::100");
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, &mobile_node_configuration_default, 0, &f.home, 64,
                                              &f.home_agent, f.now),
                     0);
    for (unsigned i = 1; i < MOBILE_HOMES_MAX; i++) {
        address.octets[15] = (uint8_t)i;
        address.octets[14] = (uint8_t)(i >> 8) | 0x10;
        ck_assert_int_eq(mobility_add_home_address(&f.node, &address, 64, &f.home_agent, f.now), 0);
    }
    address.octets[13] = 1;
    ck_assert_int_eq(mobility_add_home_address(&f.node, &address, 64, &f.home_agent, f.now), ERROR_CAPACITY);
    ck_assert_ptr_null(address_find(&f.node, &address));
}
END_TEST

/* ---- 9.2 ---- */

static void hears_octets(const char *hexadecimal, bool option)
{
    uint8_t octets[256];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    correspondent_hears(&f, &f.care_of, option, NEXT_HEADER_MOBILITY, octets, length);
}

START_TEST(bad_checksum_is_silence)
{
    uint8_t packet[56] = {0x60, 0, 0, 0, 0, 16, NEXT_HEADER_MOBILITY, 60};
    memcpy(packet + 8, f.care_of.octets, 16);
    memcpy(packet + 24, f.correspondent.octets, 16);
    memcpy(packet + 40, "\x3b\1\2\0\x12\x34\0\0cookie!!", 16);
    recording_receive(&f.recorder, &f.node, 0, packet, sizeof(packet), f.now);
    correspondent_expect_silence(&f, DISCARD_CHECKSUM);
    const struct protocol_event *event = recording_last_event(&f.recorder, EVENT_MESSAGE_DISCARDED);
    ck_assert_str_eq(event->message, "Care-of Test Init");
    ck_assert_uint_eq(f.node.discards, 1);
}
END_TEST

/* With a Home Address option the checksum covers the home address (6.1.1): the fixture makes it so. */
START_TEST(unknown_type_is_a_binding_error)
{
    hears_octets("3b 00 09 00 0000 0000", _i);
    struct carried error = correspondent_take_message(&f, MOBILITY_BINDING_ERROR);
    ck_assert_uint_eq(error.message.error.status, BINDING_ERROR_UNRECOGNIZED_TYPE);
    ck_assert_mem_eq(&error.message.error.home_address, _i ? &f.home : &ipv6_unspecified, 16);
    ck_assert_mem_eq(&error.destination, &f.care_of, 16);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_MOBILITY_TYPE);
    hears_octets("3b 00 fe 00 0000 0000", _i); /* rate limited like all Binding Errors */
    ck_assert_uint_eq(correspondent_sent(&f), 0);
}
END_TEST

static void expect_parameter_problem(uint32_t pointer)
{
    struct carried error = correspondent_take(&f);
    ck_assert_uint_eq(error.next_header, NEXT_HEADER_ICMPV6);
    ck_assert_uint_eq(error.payload[0], ICMPV6_PARAMETER_PROBLEM);
    ck_assert_uint_eq(error.payload[1], PARAMETER_ERRONEOUS_FIELD);
    ck_assert_uint_eq(error.payload[7], pointer);
    ck_assert_mem_eq(&error.destination, &f.care_of, 16);
    ck_assert(!error.has_type_2_routing);
}

START_TEST(payload_protocol_points_at_itself)
{
    hears_octets("11 01 02 00 0000 0000 0102030405060708", _i);
    expect_parameter_problem(_i ? 64 : 40);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_MOBILITY_PAYLOAD_PROTOCOL);
}
END_TEST

START_TEST(short_header_points_at_its_length)
{
    hears_octets("3b 00 02 00 0000 0000", _i);
    expect_parameter_problem(_i ? 65 : 41);
    ck_assert_int_eq(recording_last_discard(&f.recorder), DISCARD_MOBILITY_LENGTH);
}
END_TEST

START_TEST(truncated_headers_are_silence)
{
    hears_octets("3b", false);
    correspondent_expect_silence(&f, DISCARD_HEADER_TRUNCATED);
    hears_octets("3b 02 02 00 0000 0000 0102030405060708", false);
    correspondent_expect_silence(&f, DISCARD_HEADER_TRUNCATED);
}
END_TEST

START_TEST(malformed_option_is_silence)
{
    hears_octets("3b 02 02 00 0000 0000 0102030405060708 0403 000000 00 0000", false);
    correspondent_expect_silence(&f, DISCARD_MOBILITY_OPTION);
}
END_TEST

START_TEST(octets_behind_the_header_do_not_count)
{
    /* "no next header": what follows is ignored, by the checksum too (6.1.1: the length of the Mobility
     * Header) */
    uint8_t packet[40 + 16 + 5] = {0x60, 0, 0, 0, 0, 16 + 5, NEXT_HEADER_MOBILITY, 60};
    memcpy(packet + 8, f.care_of.octets, 16);
    memcpy(packet + 24, f.correspondent.octets, 16);
    memcpy(packet + 40, "\x3b\1\2\0\0\0\0\0cookie!!extra", 21);
    uint16_t sum = ipv6_checksum(&f.care_of, &f.correspondent, NEXT_HEADER_MOBILITY, packet + 40, 16);
    packet[44] = (uint8_t)(sum >> 8);
    packet[45] = (uint8_t)sum;
    recording_receive(&f.recorder, &f.node, 0, packet, sizeof(packet), f.now);
    correspondent_take_message(&f, MOBILITY_CARE_OF_TEST);
}
END_TEST

/* ---- 6.1: who takes what, and with which headers ---- */

START_TEST(messages_for_a_mobile_node_are_not_for_others)
{
    static const unsigned types[] = {MOBILITY_BINDING_REFRESH_REQUEST, MOBILITY_HOME_TEST,
                                     MOBILITY_CARE_OF_TEST, MOBILITY_BINDING_ACKNOWLEDGEMENT,
                                     MOBILITY_BINDING_ERROR};
    struct mobility_message message = {.type = (uint8_t)types[_i]};
    correspondent_hears_message(&f, &f.care_of, false, &message);
    correspondent_expect_silence(&f, DISCARD_MOBILITY_ROLE);
    recording_environment_clear(&f.recorder);
    correspondent_hears_message(&f, &f.care_of, true, &message);
    correspondent_expect_silence(&f, DISCARD_HOME_ADDRESS_FORBIDDEN);
}
END_TEST

START_TEST(home_registration_is_not_for_a_correspondent)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    message.update.acknowledge = message.update.home_registration = true;
    message.update.sequence = 77;
    message.update.lifetime = 100;
    correspondent_hears_message(&f, &f.care_of, true, &message);
    struct carried acknowledgement = correspondent_take_message(&f, MOBILITY_BINDING_ACKNOWLEDGEMENT);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.status,
                      BINDING_HOME_REGISTRATION_NOT_SUPPORTED);
    ck_assert_uint_eq(acknowledgement.message.acknowledgement.sequence, 77);
    ck_assert(acknowledgement.has_type_2_routing);
    ck_assert_mem_eq(&acknowledgement.destination, &f.care_of, 16);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
}
END_TEST

START_TEST(type_2_routing_header_is_not_for_a_correspondent)
{
    uint8_t packet[40 + 24 + 16] = {0x60, 0, 0, 0, 0, 40, NEXT_HEADER_ROUTING, 60};
    memcpy(packet + 8, f.care_of.octets, 16);
    memcpy(packet + 24, f.correspondent.octets, 16);
    packet[40] = NEXT_HEADER_MOBILITY;
    packet[41] = 2;
    packet[42] = 2;
    packet[43] = 1;
    memcpy(packet + 48, f.home.octets, 16);
    recording_receive(&f.recorder, &f.node, 0, packet, sizeof(packet), f.now);
    correspondent_expect_silence(&f, DISCARD_TYPE_2_ROUTING_HEADER); /* 8.2 */
}
END_TEST

/* At a mobile node the header itself is in order, but only an acknowledgement may come with it (6.1). */
START_TEST(type_2_routing_header_is_for_acknowledgements)
{
    static const unsigned types[] = {MOBILITY_CARE_OF_TEST, MOBILITY_HOME_TEST,
                                     MOBILITY_BINDING_REFRESH_REQUEST, MOBILITY_BINDING_UPDATE,
                                     MOBILITY_BINDING_ACKNOWLEDGEMENT};
    struct mobility_message message = {.type = (uint8_t)types[_i]};
    uint8_t packet[40 + 24 + 64] = {0x60, 0, 0, 0, 0, 0, NEXT_HEADER_ROUTING, 60}, *header = packet + 64;
    ck_assert_int_eq(mobility_add_mobile_node(&f.node, &mobile_node_configuration_default, 0, &f.home, 64,
                                              &f.home_agent, f.now),
                     0);
    size_t length = mobility_message_write(&message, header, 64);
    packet[5] = (uint8_t)(24 + length);
    memcpy(packet + 8, f.care_of.octets, 16);
    memcpy(packet + 24, f.correspondent.octets, 16);
    memcpy(packet + 40, "\x87\2\2\1", 4);
    memcpy(packet + 48, f.home.octets, 16);
    uint16_t sum = ipv6_checksum(&f.care_of, &f.home, NEXT_HEADER_MOBILITY, header, length);
    header[4] = (uint8_t)(sum >> 8);
    header[5] = (uint8_t)sum;
    recording_receive(&f.recorder, &f.node, 0, packet, 64 + length, f.now);
    bool allowed = types[_i] == MOBILITY_BINDING_ACKNOWLEDGEMENT;
    correspondent_expect_silence(&f, allowed ? DISCARD_UNSOLICITED : DISCARD_TYPE_2_ROUTING_HEADER);
}
END_TEST

START_TEST(registration_type_cannot_change)
{
    /* The correspondent has a home registration of the mobile node: 139 to an update without the H bit. */
    struct tokens tokens;
    struct home_registration home = {.binding = NULL};
    correspondent_test_home(&f, &tokens);
    correspondent_test_care_of(&f, &f.care_of, &tokens);
    struct binding *binding = binding_cache_add(&f.node.mobility->bindings, &f.home, NULL);
    binding->home = &home;
    binding->care_of_address = f.other_care_of;
    binding->sequence = 5;
    struct update_spec spec = {.sequence = 5, .lifetime = 100, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_SEQUENCE_OUT_OF_WINDOW, 5);
    spec.sequence = 6;
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_REGISTRATION_TYPE_CHANGE, 6);
    ck_assert_ptr_eq(binding->home, &home);
    ck_assert_mem_eq(&binding->care_of_address, &f.other_care_of, 16);
    binding_cache_remove(&f.node.mobility->bindings, &f.node.timers, binding);
}
END_TEST

START_TEST(sending_says_what_was_sent)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    struct outbound out = OUTBOUND_INITIALIZER;
    const uint8_t kbm[KBM_LENGTH] = "twenty octets of Kbm";
    out.source = f.correspondent;
    out.source_fixed = true;
    out.destination = f.home;
    out.routed = true;
    message.update.sequence = 3;
    message.update.lifetime = 0xffff;
    ck_assert_int_eq(mobility_send(&f.node, &out, &message, kbm, &f.care_of, &f.home, f.now), 0);
    struct carried carried = correspondent_take_message(&f, MOBILITY_BINDING_UPDATE);
    ck_assert(mobility_authenticator_verifies(&carried.message, carried.payload, kbm, &f.care_of, &f.home));
    ck_assert(
        !mobility_authenticator_verifies(&carried.message, carried.payload, kbm, &f.care_of, &f.care_of));
    carried.message.has_authorization_data = false;
    ck_assert(!mobility_authenticator_verifies(&carried.message, carried.payload, kbm, &f.care_of, &f.home));
    const struct protocol_event *event = recording_last_event(&f.recorder, EVENT_MESSAGE_SENT);
    ck_assert_int_eq(event->sequence, 3);
    ck_assert_int_eq(event->lifetime, 0xffff * 4);
    ck_assert_uint_eq(event->octets, 72);
    ck_assert_mem_eq(event->care_of_address, &f.care_of, 16);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mobility");
    TCase *roles = tcase_create("roles");
    tcase_add_checked_fixture(roles, setup, teardown);
    tcase_add_test(roles, enabling);
    tcase_add_test(roles, home_agent_role);
    tcase_add_test(roles, mobile_node_role);
    tcase_add_test(roles, roles_refused);
    tcase_add_test(roles, home_addresses_are_bounded);
    suite_add_tcase(suite, roles);
    TCase *headers = tcase_create("Mobility Headers");
    tcase_add_checked_fixture(headers, setup, teardown);
    tcase_add_test(headers, bad_checksum_is_silence);
    tcase_add_loop_test(headers, unknown_type_is_a_binding_error, 0, 2);
    tcase_add_loop_test(headers, payload_protocol_points_at_itself, 0, 2);
    tcase_add_loop_test(headers, short_header_points_at_its_length, 0, 2);
    tcase_add_test(headers, truncated_headers_are_silence);
    tcase_add_test(headers, malformed_option_is_silence);
    tcase_add_test(headers, octets_behind_the_header_do_not_count);
    tcase_add_loop_test(headers, messages_for_a_mobile_node_are_not_for_others, 0, 5);
    tcase_add_test(headers, home_registration_is_not_for_a_correspondent);
    tcase_add_test(headers, type_2_routing_header_is_not_for_a_correspondent);
    tcase_add_loop_test(headers, type_2_routing_header_is_for_acknowledgements, 0, 5);
    tcase_add_test(headers, registration_type_cannot_change);
    tcase_add_test(headers, sending_says_what_was_sent);
    suite_add_tcase(suite, headers);
    return run_suite(suite);
}
