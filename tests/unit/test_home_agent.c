/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_home_agent.c - the bindings of a home agent (RFC 6275, 10.3, 10.4.1): Binding Updates in,
 * acknowledgements and advertisements out, octet by octet against what scapy builds
 * (tests/vectors/home_agent.h).
 *
 * Interface 0 is on the home link, interface 1 leads everywhere else. The mobile node 2001:db8:1::100 is at
 * 2001:db8:2::100.
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "tests/runner.h"
#include "tests/unit/home_agent_fixture.h"
#include "tests/vectors/home_agent.h"

static struct home_agent_fixture agent;

#define HEAR_UPDATE(now, ...) agent_hears_update(&agent, &(struct agent_update){__VA_ARGS__}, now)

static void setup(void)
{
    home_agent_fixture_prepare(&agent);
    agent.operator_says.duplicate_detection = true;
    home_agent_fixture_open(&agent);
}

/* Detection off: most tests are about something else. */
static void setup_without_detection(void)
{
    home_agent_fixture_prepare(&agent);
    home_agent_fixture_open(&agent);
}

static void teardown(void)
{
    home_agent_fixture_close(&agent);
}

/* -- the first registration -- */

START_TEST(first_registration)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    ck_assert_ptr_null(agent_acknowledgement(&agent));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_MESSAGE_RECEIVED), 1);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(1) - 1);
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_SOLICITATION), 1);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    ck_assert(!agent_is_bound_to(&agent, CARE_OF));
    ck_assert(!agent_is_proxied(&agent, HOME_ADDRESS));

    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(1));
    ck_assert(agent_is_bound_to(&agent, CARE_OF));
    ck_assert(agent_is_proxied(&agent, HOME_ADDRESS));
    ck_assert(!agent_is_proxied(&agent, HOME_LINK_LOCAL));
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT, SETTLED + SECONDS(1));
    agent_expect_sent(&agent, HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, SETTLED + SECONDS(1));
    const struct protocol_event *created = recording_last_event(&agent.recorder, EVENT_BINDING_CREATED);
    ck_assert_int_eq(created->time, SETTLED + SECONDS(1));
    ck_assert_int_eq(created->sequence, 16);
    ck_assert_int_eq(created->lifetime, 40);

    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(9));
    time_ns last;
    ck_assert_uint_eq(agent_count_frames(&agent, HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, &last),
                      MAX_NEIGHBOR_ADVERTISEMENT);
    ck_assert_int_eq(last, SETTLED + SECONDS(3));
}
END_TEST

START_TEST(acknowledged_at_once_without_detection)
{
    agent.operator_says.duplicate_detection = _i == 1;
    if (_i == 1)
        agent.router.duplicate_detection_transmits = 0;
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT, SETTLED);
    agent_expect_sent(&agent, HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, SETTLED);
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_SOLICITATION), 0);
    ck_assert_uint_eq(agent_acknowledgement(&agent)->octets, 80);
}
END_TEST

/* Nobody else can be on a point-to-point link with the home address. */
START_TEST(no_detection_without_neighbors)
{
    node_configure_interface(&agent.node, HOME_LINK, INTERFACE_POINT_TO_POINT, &agent_station, 1500);
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT, SETTLED);
    ck_assert(agent_is_bound_to(&agent, CARE_OF));
}
END_TEST

START_TEST(link_local_address_is_tested_and_proxied_too)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE_LINK_LOCAL, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(1));
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_SOLICITATION), 2);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 17, SETTLED + SECONDS(1));
    agent_expect_sent(&agent, HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, SETTLED + SECONDS(1));
    agent_expect_sent(&agent, HOME_LINK, ADVERTISEMENT_LINK_LOCAL, SETTLED + SECONDS(1));
    ck_assert(agent_is_proxied(&agent, HOME_LINK_LOCAL));
}
END_TEST

/* Neighbor Advertisement from 02:00:00:00:00:aa, who owns the address. */
#define OWNER_OF_HOME_ADDRESS                                                                                \
    "333300000001 0200000000aa 86dd 6000000000203aff 20010db8000100000000000000000100 "                      \
    "ff020000000000000000000000000001 8800f77f20000000 20010db8000100000000000000000100 02010200000000aa"

/* The test of another node that is about to use the address: a solicitation from the unspecified address. */
#define TEST_OF_LINK_LOCAL                                                                                   \
    "3333ff000100 0200000000aa 86dd 6000000000183aff 00000000000000000000000000000000 "                      \
    "ff0200000000000000000001ff000100 8700799800000000 fe800000000000000000000000000100"

START_TEST(somebody_owns_the_home_address)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(10));
    agent_hears_icmpv6(&agent, OWNER_OF_HOME_ADDRESS, SETTLED + MILLISECONDS(10));
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT_DUPLICATE, SETTLED + MILLISECONDS(10));
    ck_assert_ptr_null(agent_entry(&agent));
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 0);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(9));
    ck_assert(!agent_is_proxied(&agent, HOME_ADDRESS));
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_ADVERTISEMENT), 0);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 0);
}
END_TEST

START_TEST(somebody_tests_the_link_local_address)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE_LINK_LOCAL, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(10));
    agent_hears_icmpv6(&agent, TEST_OF_LINK_LOCAL, SETTLED + MILLISECONDS(10));
    agent_expect_acknowledged(&agent, BINDING_DUPLICATE_DETECTION_FAILED, 17, SETTLED + MILLISECONDS(10));
    ck_assert_ptr_null(agent_entry(&agent));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(9));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 0);
}
END_TEST

START_TEST(without_the_l_bit_the_link_local_address_is_nobodys)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(10));
    agent_hears_icmpv6(&agent, TEST_OF_LINK_LOCAL, SETTLED + MILLISECONDS(10));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(1));
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT, SETTLED + SECONDS(1));
}
END_TEST

START_TEST(retransmission_while_pending)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(500));
    HEAR_UPDATE(SETTLED + MILLISECONDS(500), .care_of = CARE_OF_2, .sequence = 17, .lifetime = 20);
    ck_assert_ptr_null(agent_acknowledgement(&agent));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(4));
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_SOLICITATION), 1);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_MESSAGE_SENT) -
                          agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_SOLICITATION) -
                          agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_ADVERTISEMENT),
                      1);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 17, SETTLED + SECONDS(1));
    ck_assert_int_eq(agent_acknowledgement(&agent)->lifetime, 80);
    ck_assert(agent_is_bound_to(&agent, CARE_OF_2));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 1);
}
END_TEST

START_TEST(the_l_bit_arrives_while_pending)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(500));
    HEAR_UPDATE(SETTLED + MILLISECONDS(500), .sequence = 17, .lifetime = 20, .link_local = true);
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(1499));
    ck_assert_ptr_null(agent_acknowledgement(&agent));
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(1500));
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 17, SETTLED + MILLISECONDS(1500));
    ck_assert(agent_is_proxied(&agent, HOME_LINK_LOCAL));
}
END_TEST

/* The mobile node changes its mind twice: what is being tested is not tested anew. */
START_TEST(the_l_bit_comes_and_goes_while_pending)
{
    for (unsigned i = 0; i <= 4; i++) {
        HEAR_UPDATE(SETTLED + i, .sequence = 16 + i, .lifetime = 10, .link_local = i % 2 == 0);
        recording_run(&agent.recorder, &agent.node, SETTLED + i);
    }
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(2));
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_SOLICITATION), 2);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 20, SETTLED + SECONDS(1));
    ck_assert(agent_is_bound_to(&agent, CARE_OF));
    ck_assert(agent_is_proxied(&agent, HOME_ADDRESS) && agent_is_proxied(&agent, HOME_LINK_LOCAL));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 1);
}
END_TEST

START_TEST(deregistration_while_pending)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + MILLISECONDS(500));
    agent_hears(&agent, OUTSIDE, DEREGISTRATION_FROM_AWAY, SETTLED + MILLISECONDS(500));
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT_DEREGISTERED_AWAY, SETTLED + MILLISECONDS(500));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(5));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 0);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_DELETED), 0);
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 0);
    ck_assert(!agent_is_proxied(&agent, HOME_ADDRESS));
}
END_TEST

/* -- refreshing -- */

START_TEST(refresh_is_acknowledged_at_once)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(30));
    recording_environment_clear(&agent.recorder);
    HEAR_UPDATE(SETTLED + SECONDS(30), .care_of = CARE_OF_2, .alternate = CARE_OF_2, .sequence = 17,
                .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 17, SETTLED + SECONDS(30));
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_UPDATED), 1);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 0);
    ck_assert(agent_is_bound_to(&agent, CARE_OF_2));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(70) - 1);
    ck_assert(agent_is_bound_to(&agent, CARE_OF_2));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(70));
    ck_assert(!agent_is_bound_to(&agent, CARE_OF_2));
}
END_TEST

START_TEST(the_l_bit_changes)
{
    HEAR_UPDATE(SETTLED, .sequence = 1, .lifetime = 10);
    HEAR_UPDATE(SETTLED, .sequence = 2, .lifetime = 10, .link_local = true);
    ck_assert(agent_is_proxied(&agent, HOME_LINK_LOCAL));
    HEAR_UPDATE(SETTLED, .sequence = 3, .lifetime = 10);
    ck_assert(!agent_is_proxied(&agent, HOME_LINK_LOCAL));
    ck_assert(agent_is_proxied(&agent, HOME_ADDRESS));
}
END_TEST

START_TEST(alternate_care_of_address_is_bound_and_the_source_answered)
{
    HEAR_UPDATE(SETTLED, .alternate = CARE_OF_2, .sequence = 1, .lifetime = 10);
    struct ipv6_address source = address_from(CARE_OF);
    ck_assert(agent_is_bound_to(&agent, CARE_OF_2));
    ck_assert(ipv6_address_equal(agent_acknowledgement(&agent)->wire_destination, &source));
}
END_TEST

START_TEST(lifetime_is_bounded)
{
    agent.operator_says.lifetime_limit = 5;
    HEAR_UPDATE(SETTLED, .sequence = 1, .lifetime = 0xffff);
    ck_assert_int_eq(agent_acknowledgement(&agent)->lifetime, 20);
    agent.operator_says.lifetime_limit = 0;
    HEAR_UPDATE(SETTLED, .sequence = 2, .lifetime = 0xffff);
    ck_assert_int_eq(agent_acknowledgement(&agent)->lifetime, 262140);
    ck_assert_int_eq(agent_entry(&agent)->expires, SETTLED + SECONDS(262140));
}
END_TEST

START_TEST(refresh_advice)
{
    agent.operator_says.refresh_advice = 5;
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT_WITH_ADVICE, SETTLED);
    agent.operator_says.refresh_advice = 10; /* not less than the lifetime: omitted */
    recording_environment_clear(&agent.recorder);
    HEAR_UPDATE(SETTLED, .sequence = 17, .lifetime = 10);
    agent.operator_says.refresh_advice = 0;
    HEAR_UPDATE(SETTLED, .sequence = 18, .lifetime = 10);
    ck_assert_uint_eq(recording_frame(&agent.recorder, 0)->packet->length, 80);
    ck_assert_uint_eq(packet_octets(recording_frame(&agent.recorder, 0)->packet)[76], 1); /* PadN */
}
END_TEST

START_TEST(the_k_bit_is_never_granted)
{
    HEAR_UPDATE(SETTLED, .sequence = 1, .lifetime = 10, .key_management = true);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 1, SETTLED);
    const struct recorded_frame *frame =
        recording_frame(&agent.recorder, recording_frame_count(&agent.recorder) - 1);
    ck_assert_uint_eq(packet_octets(frame->packet)[71], 0);
}
END_TEST

START_TEST(expiry)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(40) - 1);
    ck_assert(agent_is_bound_to(&agent, CARE_OF));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(40));
    ck_assert_ptr_null(agent_entry(&agent));
    ck_assert(!agent_is_proxied(&agent, HOME_ADDRESS));
    const struct protocol_event *expired = recording_last_event(&agent.recorder, EVENT_BINDING_EXPIRED);
    ck_assert_int_eq(expired->time, SETTLED + SECONDS(40));
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 0);
}
END_TEST

/* -- refusals -- */

START_TEST(not_home_subnet)
{
    HEAR_UPDATE(SETTLED, .home = "2001:db8:7::100", .sequence = 5, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_NOT_HOME_SUBNET, 5, SETTLED);
    ck_assert_uint_eq(agent.node.mobility->bindings.count, 0);
}
END_TEST

START_TEST(not_home_agent_for_this_node)
{
    agent.operator_says.anyone = false;
    HEAR_UPDATE(SETTLED, .sequence = 5, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_NOT_HOME_AGENT, 5, SETTLED);
    ck_assert_uint_eq(agent.node.mobility->bindings.count, 0);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_int_eq(home_agent_serve(&agent.node, &home), 0);
    HEAR_UPDATE(SETTLED, .sequence = 6, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 6, SETTLED);
}
END_TEST

START_TEST(insufficient_resources)
{
    agent.operator_says.binding_limit = 1;
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1::200", .sequence = 5, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 5, SETTLED);
    HEAR_UPDATE(SETTLED, .sequence = 7, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_INSUFFICIENT_RESOURCES, 7, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_BINDING_LIMIT);
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1::200", .sequence = 6, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 6, SETTLED);
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1::200", .sequence = 7, .lifetime = 0);
    HEAR_UPDATE(SETTLED, .sequence = 8, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 8, SETTLED);
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1::200", .sequence = 8,
                .lifetime = 10); /* its closed entry is no place kept */
    agent_expect_acknowledged(&agent, BINDING_INSUFFICIENT_RESOURCES, 8, SETTLED);
}
END_TEST

START_TEST(the_binding_cache_is_full)
{
    agent.node.mobility->bindings.limit = 1;
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1::200", .sequence = 5, .lifetime = 10);
    HEAR_UPDATE(SETTLED, .sequence = 7, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_INSUFFICIENT_RESOURCES, 7, SETTLED);
    ck_assert_ptr_null(agent_entry(&agent));
}
END_TEST

START_TEST(sequence_number_out_of_window)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    static const unsigned sequences[] = {16, 15, 0, 65535, 32784, 17};
    HEAR_UPDATE(SETTLED, .sequence = sequences[_i], .lifetime = 10);
    if (_i == 5) {
        agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 17, SETTLED);
        return;
    }
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT_OUT_OF_WINDOW, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_SEQUENCE_NUMBER);
    ck_assert_uint_eq(agent_entry(&agent)->sequence, 16);
}
END_TEST

START_TEST(sequence_number_wraps)
{
    HEAR_UPDATE(SETTLED, .sequence = 65535, .lifetime = 10);
    HEAR_UPDATE(SETTLED, .sequence = 0, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 0, SETTLED);
}
END_TEST

static void never(struct node *n, struct timer *timer, time_ns now)
{
    (void)n, (void)timer, (void)now;
}

START_TEST(registration_type_change)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    struct binding *binding = binding_cache_add(&agent.node.mobility->bindings, &home, never);
    binding->sequence = 4;
    HEAR_UPDATE(SETTLED, .sequence = 5, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_REGISTRATION_TYPE_CHANGE, 5, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_REGISTRATION_TYPE);
    ck_assert_ptr_null(agent_entry(&agent)->home);
    HEAR_UPDATE(SETTLED, .sequence = 4, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_SEQUENCE_OUT_OF_WINDOW, 4, SETTLED);
    /* Deleted by the mobile node, kept for its nonces: no binding. */
    binding->deleted = true;
    HEAR_UPDATE(SETTLED, .sequence = 3, .lifetime = 0);
    agent_expect_acknowledged(&agent, BINDING_NOT_HOME_AGENT, 3, SETTLED);
    HEAR_UPDATE(SETTLED, .sequence = 3, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 3, SETTLED);
    ck_assert_ptr_nonnull(agent_entry(&agent)->home);
}
END_TEST

START_TEST(care_of_address_that_leads_back)
{
    HEAR_UPDATE(SETTLED, .alternate = HOME_AGENT, .sequence = 5, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_INVALID_CARE_OF_ADDRESS, 5, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_CARE_OF_ADDRESS);
    ck_assert_ptr_null(agent_entry(&agent));
}
END_TEST

/* RFC 3775, 9.5.1: whatever its lifetime. */
START_TEST(home_address_as_care_of_address_deregisters)
{
    HEAR_UPDATE(SETTLED, .alternate = HOME_ADDRESS, .sequence = 5, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_NOT_HOME_AGENT, 5, SETTLED);
    ck_assert_ptr_null(agent_entry(&agent));
}
END_TEST

START_TEST(the_home_agents_own_address_is_no_home_address)
{
    HEAR_UPDATE(SETTLED, .home = HOME_AGENT, .sequence = 5, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_DUPLICATE_DETECTION_FAILED, 5, SETTLED);
}
END_TEST

START_TEST(silently_discarded)
{
    static const struct {
        struct agent_update update;
        enum discard_reason reason;
    } cases[] = {
        {{.home = "fe80::100", .sequence = 5, .lifetime = 10}, DISCARD_HOME_ADDRESS_NOT_ROUTABLE},
        {{.alternate = "fe80::7", .sequence = 5, .lifetime = 10}, DISCARD_CARE_OF_ADDRESS},
        {{.alternate = "ff0e::7", .sequence = 5, .lifetime = 10}, DISCARD_CARE_OF_ADDRESS},
        {{.alternate = "::", .sequence = 5, .lifetime = 10}, DISCARD_CARE_OF_ADDRESS},
        {{.nonce_indices = true, .sequence = 5, .lifetime = 10}, DISCARD_MOBILITY_OPTION},
        {{.from_home = true, .alternate = CARE_OF, .sequence = 5, .lifetime = 10},
         DISCARD_HOME_ADDRESS_OPTION},
        {{.alternate = "fe80::7", .sequence = 5, .lifetime = 0}, DISCARD_CARE_OF_ADDRESS},
        /* No answer could come from there: a group, the home agents' and the subnet's anycast address. */
        {{.to = "ff02::1", .sequence = 5, .lifetime = 10}, DISCARD_DESTINATION_ADDRESS},
        {{.to = "2001:db8:1:0:fdff:ffff:ffff:fffe", .sequence = 5, .lifetime = 10},
         DISCARD_DESTINATION_ADDRESS},
        {{.to = "2001:db8:1::", .sequence = 5, .lifetime = 10}, DISCARD_DESTINATION_ADDRESS},
        {{.to = "ff02::1", .home = "2001:db8:7::100", .sequence = 5, .lifetime = 10},
         DISCARD_DESTINATION_ADDRESS},
    };
    agent_hears_update(&agent, &cases[_i].update, SETTLED);
    ck_assert_ptr_null(agent_acknowledgement(&agent));
    ck_assert_uint_eq(agent.node.mobility->bindings.count, 0);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 0);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), cases[_i].reason);
}
END_TEST

/* A silent fault is not answered even if the sequence number is wrong as well. */
START_TEST(silence_comes_first)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    HEAR_UPDATE(SETTLED, .alternate = "fe80::7", .sequence = 5, .lifetime = 10);
    ck_assert_ptr_null(agent_acknowledgement(&agent));
}
END_TEST

/* -- deregistration -- */

START_TEST(deregistration_from_home)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    agent_knows_mobile_node(&agent);
    agent_hears_on_home_link(&agent, DEREGISTRATION_FROM_HOME, SETTLED + MILLISECONDS(100));
    ck_assert(!agent_is_bound_to(&agent, CARE_OF));
    ck_assert(!agent_is_proxied(&agent, HOME_ADDRESS));
    ck_assert_int_eq(recording_last_event(&agent.recorder, EVENT_BINDING_DELETED)->time,
                     SETTLED + MILLISECONDS(100));
    agent_expect_sent(&agent, HOME_LINK, "020000000064 020000000001 86dd" ACKNOWLEDGEMENT_DEREGISTERED_HOME,
                      SETTLED + MILLISECONDS(100));
    /* It no longer speaks for the mobile node: no repetition of its advertisement. */
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(9));
    ck_assert_uint_eq(agent_count_frames(&agent, HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, NULL), 0);
}
END_TEST

START_TEST(deregistration_from_home_asks_for_the_station)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    agent_hears_on_home_link(&agent, DEREGISTRATION_FROM_HOME, SETTLED);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_SOLICITATION), 1);
    agent_hears_icmpv6(
        &agent,
        "020000000001 020000000064 86dd 6000000000203aff 20010db8000100000000000000000100 "
        "20010db8000100000000000000000001 8800000060000000 20010db8000100000000000000000100 0201020000000064",
        SETTLED + 5);
    agent_expect_sent(&agent, HOME_LINK, "020000000064 020000000001 86dd" ACKNOWLEDGEMENT_DEREGISTERED_HOME,
                      SETTLED + 5);
}
END_TEST

/* Refused while the home agent is still the proxy: straight to the mobile node all the same (10.3.2). */
START_TEST(refused_deregistration_from_home)
{
    HEAR_UPDATE(SETTLED, .sequence = 30, .lifetime = 10);
    recording_environment_clear(&agent.recorder);
    agent_knows_mobile_node(&agent);
    agent_hears_on_home_link(&agent, DEREGISTRATION_FROM_HOME, SETTLED);
    agent_expect_acknowledged(&agent, BINDING_SEQUENCE_OUT_OF_WINDOW, 30, SETTLED);
    ck_assert(agent_is_proxied(&agent, HOME_ADDRESS));
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    const struct recorded_frame *frame = recording_frame(&agent.recorder, 0);
    ck_assert_uint_eq(frame->interface, HOME_LINK);
    ck_assert_mem_eq(packet_octets(frame->packet), mobile_station.octets, 6);
    ck_assert_uint_eq(frame->packet->length, 14 + 56);
}
END_TEST

START_TEST(deregistration_from_away)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    agent_hears(&agent, OUTSIDE, DEREGISTRATION_FROM_AWAY, SETTLED);
    agent_expect_sent(&agent, OUTSIDE, ACKNOWLEDGEMENT_DEREGISTERED_AWAY, SETTLED);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_DELETED), 1);
    ck_assert(!agent_is_bound_to(&agent, CARE_OF));
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 0);
}
END_TEST

/* 10.3.2: a Binding Update delayed on its way must not revive the binding. */
START_TEST(closed_entry_remembers_the_sequence_number)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    agent_hears(&agent, OUTSIDE, DEREGISTRATION_FROM_AWAY, SETTLED);
    HEAR_UPDATE(SETTLED + SECONDS(1), .sequence = 20, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_SEQUENCE_OUT_OF_WINDOW, 21, SETTLED + SECONDS(1));
    HEAR_UPDATE(SETTLED + SECONDS(2), .sequence = 22, .lifetime = 0); /* its acknowledgement was lost */
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 22, SETTLED + SECONDS(2));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_DELETED), 1);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(12) - 1);
    ck_assert_ptr_nonnull(agent_entry(&agent));
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(12));
    ck_assert_ptr_null(agent_entry(&agent));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_EXPIRED), 0);
    HEAR_UPDATE(SETTLED + SECONDS(13), .sequence = 23, .lifetime = 0);
    agent_expect_acknowledged(&agent, BINDING_NOT_HOME_AGENT, 23, SETTLED + SECONDS(13));
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_NO_BINDING);
    HEAR_UPDATE(SETTLED + SECONDS(14), .sequence = 3, .lifetime = 10); /* any number will do now */
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 3, SETTLED + SECONDS(14));
}
END_TEST

START_TEST(away_again_is_tested_again)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(5));
    agent_hears(&agent, OUTSIDE, DEREGISTRATION_FROM_AWAY, SETTLED + SECONDS(5));
    HEAR_UPDATE(SETTLED + SECONDS(6), .sequence = 22, .lifetime = 10);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(20));
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 22, SETTLED + SECONDS(7));
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 2);
    ck_assert(agent_is_bound_to(&agent, CARE_OF));
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 1);
}
END_TEST

/* -- clients -- */

START_TEST(clients)
{
    agent.operator_says.anyone = false;
    struct ipv6_address address = address_from("2001:db8:1::");
    for (uint32_t i = 1; i <= 100000; i++) {
        for (unsigned k = 0; k < 4; k++)
            address.octets[12 + k] = (uint8_t)(i >> 8 * (3 - k));
        address.octets[9] = 0x40;
        ck_assert_int_eq(home_agent_serve(&agent.node, &address), 0);
    }
    ck_assert_int_eq(home_agent_serve(&agent.node, &address), ERROR_EXISTS);
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1:0:40::1", .sequence = 1, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 1, SETTLED);
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1:0:40:0:1:86a0", .sequence = 2, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_ACCEPTED, 2, SETTLED);
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1:0:40:0:1:86a1", .sequence = 3, .lifetime = 10);
    agent_expect_acknowledged(&agent, BINDING_NOT_HOME_AGENT, 3, SETTLED);
}
END_TEST

START_TEST(wrong_clients)
{
    static const char *const wrong[] = {"2001:db8:2::1", "fe80::1", "::", "ff02::1"};
    struct ipv6_address address = address_from(wrong[_i]);
    ck_assert_int_eq(home_agent_serve(&agent.node, &address), ERROR_ARGUMENT);
    ck_assert_ptr_null(agent.node.mobility->home_agent->clients);
}
END_TEST

/* A thousand bindings: as many proxies, each packet to its own care-of address, all gone at their time. */
START_TEST(many_mobile_nodes)
{
    char home[40];
    for (unsigned i = 1; i <= 1000; i++) {
        g_snprintf(home, sizeof(home), "2001:db8:1::%x", 0x1000 + i);
        HEAR_UPDATE(SETTLED + i, .home = home, .sequence = i, .lifetime = 10);
    }
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 1000);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_CREATED), 1000);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(40) + 500);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_BINDING_EXPIRED), 500);
    recording_run(&agent.recorder, &agent.node, SETTLED + SECONDS(41));
    ck_assert_uint_eq(agent.node.mobility->home_agent->registrations, 0);
    ck_assert_uint_eq(agent.node.mobility->bindings.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("home agent");
    TCase *detection = tcase_create("duplicate detection");
    tcase_add_checked_fixture(detection, setup, teardown);
    tcase_add_test(detection, first_registration);
    tcase_add_loop_test(detection, acknowledged_at_once_without_detection, 0, 2);
    tcase_add_test(detection, no_detection_without_neighbors);
    tcase_add_test(detection, link_local_address_is_tested_and_proxied_too);
    tcase_add_test(detection, somebody_owns_the_home_address);
    tcase_add_test(detection, somebody_tests_the_link_local_address);
    tcase_add_test(detection, without_the_l_bit_the_link_local_address_is_nobodys);
    tcase_add_test(detection, retransmission_while_pending);
    tcase_add_test(detection, the_l_bit_arrives_while_pending);
    tcase_add_test(detection, the_l_bit_comes_and_goes_while_pending);
    tcase_add_test(detection, deregistration_while_pending);
    tcase_add_test(detection, away_again_is_tested_again);
    suite_add_tcase(suite, detection);
    TCase *bindings = tcase_create("bindings");
    tcase_add_checked_fixture(bindings, setup_without_detection, teardown);
    tcase_add_test(bindings, refresh_is_acknowledged_at_once);
    tcase_add_test(bindings, the_l_bit_changes);
    tcase_add_test(bindings, alternate_care_of_address_is_bound_and_the_source_answered);
    tcase_add_test(bindings, lifetime_is_bounded);
    tcase_add_test(bindings, refresh_advice);
    tcase_add_test(bindings, the_k_bit_is_never_granted);
    tcase_add_test(bindings, expiry);
    tcase_add_test(bindings, deregistration_from_home);
    tcase_add_test(bindings, deregistration_from_home_asks_for_the_station);
    tcase_add_test(bindings, refused_deregistration_from_home);
    tcase_add_test(bindings, deregistration_from_away);
    tcase_add_test(bindings, closed_entry_remembers_the_sequence_number);
    tcase_add_test(bindings, many_mobile_nodes);
    suite_add_tcase(suite, bindings);
    TCase *refusals = tcase_create("refusals");
    tcase_add_checked_fixture(refusals, setup_without_detection, teardown);
    tcase_add_test(refusals, not_home_subnet);
    tcase_add_test(refusals, not_home_agent_for_this_node);
    tcase_add_test(refusals, insufficient_resources);
    tcase_add_test(refusals, the_binding_cache_is_full);
    tcase_add_loop_test(refusals, sequence_number_out_of_window, 0, 6);
    tcase_add_test(refusals, sequence_number_wraps);
    tcase_add_test(refusals, registration_type_change);
    tcase_add_test(refusals, care_of_address_that_leads_back);
    tcase_add_test(refusals, home_address_as_care_of_address_deregisters);
    tcase_add_test(refusals, the_home_agents_own_address_is_no_home_address);
    tcase_add_loop_test(refusals, silently_discarded, 0, 11);
    tcase_add_test(refusals, silence_comes_first);
    tcase_add_test(refusals, clients);
    tcase_add_loop_test(refusals, wrong_clients, 0, 4);
    suite_add_tcase(suite, refusals);
    return run_suite(suite);
}
