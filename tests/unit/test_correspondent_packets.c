/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_correspondent_packets.c - what a correspondent node does with packets to and from mobile nodes (RFC
 * 6275, 9.3, 9.5.5), and what its operator can forbid: octets in, octets out, on virtual time.
 */
#include <string.h>

#include "models/ipv6/icmpv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/udp.h"
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

/* ---- 9.3.1, 9.3.3: packets with a Home Address option ---- */

static void hears_echo_request(const struct ipv6_address *source, bool option)
{
    const uint8_t request[12] = {ICMPV6_ECHO_REQUEST, 0, 0, 0, 1, 2, 3, 4, 'p', 'i', 'n', 'g'};
    correspondent_hears(&f, source, option, NEXT_HEADER_ICMPV6, request, sizeof(request));
}

START_TEST(option_of_the_bound_care_of_address_is_believed)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
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
    correspondent_register(&f, &tokens, 1, 105);
    hears_echo_request(&f.other_care_of, true);
    expect_binding_error(&f.other_care_of, &f.home, BINDING_ERROR_UNKNOWN_BINDING);
    /* The error goes to the wire's source, and nothing has changed. */
    correspondent_expect_route(&f, &f.care_of);
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
    correspondent_register(&f, &tokens, 1, 1);
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

/* What authenticates itself is let through without a binding (9.3.1): here it is nothing that the node
 * knows. */
START_TEST(option_before_an_authentication_header)
{
    static const uint8_t header[16] = {NEXT_HEADER_NONE, 2};
    correspondent_hears(&f, &f.care_of, true, NEXT_HEADER_AH, header, sizeof(header));
    struct carried error = correspondent_take(&f);
    ck_assert_uint_eq(error.next_header, NEXT_HEADER_ICMPV6);
    ck_assert_uint_eq(error.payload[0], ICMPV6_PARAMETER_PROBLEM);
    ck_assert_uint_eq(error.payload[1], PARAMETER_UNRECOGNIZED_NEXT_HEADER);
}
END_TEST

/* ---- Mobility Headers for nobody in particular ---- */

static void is_told_by_group(struct mobility_message *message, bool option, enum discard_reason reason)
{
    struct ipv6_address own = f.correspondent;
    f.correspondent = ipv6_all_nodes;
    correspondent_hears_message(&f, option ? &f.care_of : &f.home, option, message);
    correspondent_expect_silence(&f, reason);
    f.correspondent = own;
}

/* A test or a binding is between two nodes: nobody answers what was sent to a group. */
START_TEST(messages_to_a_group)
{
    struct mobility_message message = {.type = MOBILITY_HOME_TEST_INIT};
    ck_assert_int_eq(group_join(&f.node, &f.node.interfaces[0], &ipv6_all_nodes), 0);
    is_told_by_group(&message, false, DISCARD_DESTINATION_ADDRESS);
    message.type = MOBILITY_CARE_OF_TEST_INIT;
    is_told_by_group(&message, false, DISCARD_DESTINATION_ADDRESS);
    message = (struct mobility_message){.type = MOBILITY_BINDING_UPDATE,
                                        .update = {.sequence = 1, .acknowledge = true, .lifetime = 100}};
    is_told_by_group(&message, true, DISCARD_DESTINATION_ADDRESS);
    ck_assert_uint_eq(f.node.mobility->bindings.count, 0);
}
END_TEST

/* 9.4.1, 9.4.2: a token is for an address that packets can be routed to. */
START_TEST(tests_of_link_local_addresses)
{
    struct ipv6_address link_local = address_from("fe80::7");
    struct mobility_message message = {.type = MOBILITY_HOME_TEST_INIT};
    correspondent_hears_message(&f, &link_local, false, &message);
    correspondent_expect_silence(&f, DISCARD_HOME_ADDRESS_NOT_ROUTABLE);
    message.type = MOBILITY_CARE_OF_TEST_INIT;
    correspondent_hears_message(&f, &link_local, false, &message);
    correspondent_expect_silence(&f, DISCARD_CARE_OF_ADDRESS);
}
END_TEST

/* ---- 9.3.2, 9.3.4 ---- */

START_TEST(care_of_address_itself_is_reached_plainly)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
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
    correspondent_register(&f, &tokens, 1, 105);
    for (int i = 0; i < 10; i++) { /* a second of it is a handover */
        hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
        f.now += MILLISECONDS(100);
    }
    ck_assert_ptr_nonnull(correspondent_binding(&f));
    f.now += SECONDS(4);
    hears_unreachable(UNREACHABLE_PORT, &f.care_of);          /* it got there */
    hears_unreachable(UNREACHABLE_ADDRESS, &f.other_care_of); /* not of this binding */
    ck_assert_ptr_nonnull(correspondent_binding(&f));
    hears_unreachable(UNREACHABLE_NO_ROUTE, &f.care_of);
    ck_assert_ptr_null(correspondent_binding(&f));
    ck_assert_uint_eq(recording_count_events(&f.recorder, EVENT_BINDING_DELETED), 1);
    correspondent_expect_route(&f, NULL);
}
END_TEST

START_TEST(update_forgives_unreachability)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    for (int i = 0; i < 3; i++)
        hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
    f.now += SECONDS(4);
    struct update_spec spec = {.sequence = 2, .lifetime = 105, .tokens = &tokens};
    correspondent_hears_update(&f, &spec);
    correspondent_take_acknowledgement(&f, &spec, BINDING_ACCEPTED, 2);
    hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
    ck_assert_ptr_nonnull(correspondent_binding(&f));
}
END_TEST

START_TEST(errors_far_apart_are_not_persistent)
{
    struct tokens tokens;
    correspondent_register(&f, &tokens, 1, 105);
    for (int i = 0; i < 10; i++) {
        hears_unreachable(UNREACHABLE_ADDRESS, &f.care_of);
        correspondent_wait(&f, f.now + SECONDS(25));
    }
    ck_assert_ptr_nonnull(correspondent_binding(&f));
}
END_TEST

/* ---- 9.5.5 ---- */

START_TEST(binding_in_use_is_asked_to_be_refreshed)
{
    struct tokens tokens;
    f.configuration.binding_refresh_requests = true;
    correspondent_register(&f, &tokens, 1, 20); /* 80 s: looks at 60, 66.67 and 73.33 s */
    time_ns begin = f.now;
    correspondent_wait(&f, begin + SECONDS(60) - 1);
    ck_assert_uint_eq(correspondent_sent(&f), 0);
    correspondent_wait(&f, begin + SECONDS(65));
    ck_assert_uint_eq(correspondent_sent(&f), 0); /* not in use */
    correspondent_expect_route(&f, &f.care_of);
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
    correspondent_expect_route(&f, &f.care_of);
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
    correspondent_test_both(&f, &tokens);
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

int main(void)
{
    const TTest *const tests[] = {
        option_of_the_bound_care_of_address_is_believed,
        option_without_binding_is_a_binding_error,
        option_of_another_care_of_address_is_a_binding_error,
        option_equal_to_the_source_is_a_binding_error,
        option_after_the_binding_ended,
        binding_errors_are_rate_limited,
        home_address_that_is_not_routable,
        option_before_an_authentication_header,
        messages_to_a_group,
        tests_of_link_local_addresses,
        care_of_address_itself_is_reached_plainly,
        persistent_unreachability_deletes_the_binding,
        update_forgives_unreachability,
        errors_far_apart_are_not_persistent,
        binding_in_use_is_asked_to_be_refreshed,
        node_without_return_routability,
        node_without_route_optimization_is_a_plain_node,
    };
    Suite *suite = suite_create("packets of a correspondent node");
    TCase *tcase = tcase_create("packets");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 60); /* under valgrind */
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
