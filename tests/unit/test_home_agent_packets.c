/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_home_agent_packets.c - what a home agent does with packets for its mobile nodes, from them, and of its
 * own (RFC 6275, 10.4): intercepted, tunnelled, forwarded or refused, octet by octet against what scapy
 * builds (tests/vectors/home_agent.h).
 *
 * Interface 0 is on the home link, interface 1 leads everywhere else. The mobile node 2001:db8:1::100 is at
 * 2001:db8:2::100.
 */
#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/routing_table.h"
#include "tests/runner.h"
#include "tests/unit/home_agent_fixture.h"
#include "tests/vectors/home_agent.h"

static struct home_agent_fixture agent;

#define HEAR_UPDATE(now, ...) agent_hears_update(&agent, &(struct agent_update){__VA_ARGS__}, now)

static void setup(void)
{
    home_agent_fixture_prepare(&agent);
    home_agent_fixture_open(&agent);
}

/* A host: only what proxy Neighbor Discovery brings, and what comes through the tunnel, passes through it. */
static void setup_host(void)
{
    setup();
    agent.router.forwarding = false;
}

static void teardown(void)
{
    home_agent_fixture_close(&agent);
}

START_TEST(intercepted_packet_is_tunnelled)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    if (_i == 0)
        agent_hears(&agent, OUTSIDE, DATA, SETTLED + 5);
    else
        agent_hears_on_home_link(&agent, DATA, SETTLED + 5);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    agent_expect_sent(&agent, OUTSIDE, DATA_TUNNELLED, SETTLED + 5);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_PACKET_TUNNELLED), 1);
    ck_assert_int_eq(agent_entry(&agent)->last_used, SETTLED + 5);
}
END_TEST

START_TEST(nothing_is_intercepted_without_a_binding)
{
    agent_knows_mobile_node(&agent);
    agent_hears(&agent, OUTSIDE, DATA, SETTLED);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    ck_assert_uint_eq(recording_frame(&agent.recorder, 0)->interface, HOME_LINK);
    HEAR_UPDATE(SETTLED, .sequence = 1, .lifetime = 10);
    HEAR_UPDATE(SETTLED, .sequence = 2, .lifetime = 0);
    recording_environment_clear(&agent.recorder);
    agent_hears(&agent, OUTSIDE, DATA, SETTLED);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    ck_assert_uint_eq(recording_frame(&agent.recorder, 0)->interface, HOME_LINK);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_PACKET_TUNNELLED), 0);
}
END_TEST

START_TEST(hop_limit_ends_at_the_tunnel)
{
    char dying[] = DATA;
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    memcpy(dying + 14, "01", 2);
    agent_hears(&agent, OUTSIDE, dying, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_HOP_LIMIT);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    ck_assert_uint_eq(packet_octets(recording_frame(&agent.recorder, 0)->packet)[40], ICMPV6_TIME_EXCEEDED);
}
END_TEST

START_TEST(reverse_tunnelled_packet_is_forwarded)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    agent_hears(&agent, OUTSIDE, REVERSE_TUNNELLED, SETTLED + 5);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    agent_expect_sent(&agent, OUTSIDE, REVERSE_FORWARDED, SETTLED + 5);
}
END_TEST

START_TEST(reverse_tunnel_from_elsewhere)
{
    if (_i == 0)
        HEAR_UPDATE(SETTLED, .care_of = CARE_OF_2, .sequence = 1, .lifetime = 10);
    else if (_i == 1)
        HEAR_UPDATE(SETTLED, .home = "2001:db8:1::200", .sequence = 1, .lifetime = 10);
    else if (_i == 2)
        HEAR_UPDATE(SETTLED, .sequence = 1, .lifetime = 10);
    if (_i == 2)
        HEAR_UPDATE(SETTLED, .sequence = 2, .lifetime = 0);
    recording_environment_clear(&agent.recorder);
    agent_hears(&agent, OUTSIDE, REVERSE_TUNNELLED, SETTLED + 5);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 0);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_TUNNEL_SOURCE);
}
END_TEST

START_TEST(from_one_mobile_node_to_another)
{
    char inner[] = REVERSE_TUNNELLED;
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    HEAR_UPDATE(SETTLED, .home = "2001:db8:1::200", .care_of = CARE_OF_2, .sequence = 1, .lifetime = 10);
    recording_environment_clear(&agent.recorder);
    memcpy(inner + 128, "20010db8000100000000000000000200", 32); /* inner destination */
    agent_hears(&agent, OUTSIDE, inner, SETTLED + 5);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    const uint8_t *octets = packet_octets(recording_frame(&agent.recorder, 0)->packet);
    struct ipv6_address own = address_from(HOME_AGENT);
    struct ipv6_address care_of = address_from(CARE_OF_2);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_mem_eq(octets + 8, own.octets, 16);
    ck_assert_mem_eq(octets + 24, care_of.octets, 16);
    ck_assert_mem_eq(octets + 48, home.octets, 16);
    ck_assert_uint_eq(octets[47], 63);
}
END_TEST

#define TO_LINK_LOCAL                                                                                        \
    "020000000001 0200000000aa 86dd 6000000000083b40 fe8000000000000000000000000000aa "                      \
    "fe800000000000000000000000000100 0000000000000000"

START_TEST(link_local_packet_is_refused)
{
    struct ipv6_address neighbor = address_from("fe80::aa");
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE_LINK_LOCAL, SETTLED);
    recording_environment_clear(&agent.recorder);
    neighbor_learn(&agent.node, &agent.node.interfaces[HOME_LINK], &neighbor,
                   &(struct ethernet_address){{2, 0, 0, 0, 0, 0xaa}}, false, SETTLED);
    agent_hears(&agent, HOME_LINK, TO_LINK_LOCAL, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_ADDRESS_UNREACHABLE);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    size_t length;
    const uint8_t *octets = agent_octets(recording_frame(&agent.recorder, 0), &length);
    ck_assert_uint_eq(recording_frame(&agent.recorder, 0)->interface, HOME_LINK);
    ck_assert_uint_eq(octets[54], ICMPV6_DESTINATION_UNREACHABLE);
    ck_assert_uint_eq(octets[55], UNREACHABLE_ADDRESS);
    ck_assert_uint_eq(recording_count_events(&agent.recorder, EVENT_PACKET_TUNNELLED), 0);
}
END_TEST

/* Nothing with a link-local address leaves the link, the tunnel included (10.4.2; RFC 4443, 3.1). */
START_TEST(packet_of_a_link_local_source_is_refused)
{
    struct ipv6_address neighbor = address_from("fe80::aa");
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    neighbor_learn(&agent.node, &agent.node.interfaces[HOME_LINK], &neighbor,
                   &(struct ethernet_address){{2, 0, 0, 0, 0, 0xaa}}, false, SETTLED);
    agent_hears(&agent, HOME_LINK,
                "020000000001 0200000000aa 86dd 6000000000083b40 fe8000000000000000000000000000aa "
                "20010db8000100000000000000000100 0000000000000000",
                SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_SCOPE);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    size_t length;
    const uint8_t *octets = agent_octets(recording_frame(&agent.recorder, 0), &length);
    ck_assert_uint_eq(recording_frame(&agent.recorder, 0)->interface, HOME_LINK);
    ck_assert_uint_eq(octets[54], ICMPV6_DESTINATION_UNREACHABLE);
    ck_assert_uint_eq(octets[55], UNREACHABLE_BEYOND_SCOPE);
}
END_TEST

/* A neighbor verifies that the home address is still reachable: a solicitation to the address itself (RFC
 * 4861, 7.3.3). */
START_TEST(proxy_answers_solicitations)
{
    static const char *const solicitations[] = {
        "020000000001 0200000000aa 86dd 6000000000203aff fe8000000000000000000000000000aa "
        "20010db8000100000000000000000100 8700000000000000 20010db8000100000000000000000100 01010200000000aa",
        "3333ff000100 0200000000aa 86dd 6000000000203aff fe8000000000000000000000000000aa "
        "ff0200000000000000000001ff000100 8700000000000000 20010db8000100000000000000000100 01010200000000aa",
        "020000000001 0200000000aa 86dd 6000000000203aff fe8000000000000000000000000000aa "
        "fe800000000000000000000000000100 8700000000000000 fe800000000000000000000000000100 01010200000000aa",
    };
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE_LINK_LOCAL, SETTLED);
    recording_environment_clear(&agent.recorder);
    agent_hears_icmpv6(&agent, solicitations[_i], SETTLED);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_ADVERTISEMENT), 1);
    size_t length;
    const uint8_t *octets = agent_octets(recording_frame(&agent.recorder, 0), &length);
    ck_assert_uint_eq(octets[58], 0x40); /* R 0, S 1, O 0 */
    ck_assert_uint_eq(length, 14 + 40 + 32);
    ck_assert_mem_eq(octets + 80, agent_station.octets, 6);
}
END_TEST

/* The mobile node itself, come home, asks whether its home address is free: the home agent still defends it
 * (10.4.1). */
START_TEST(proxy_defends_against_duplicate_detection)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    agent_hears_icmpv6(&agent,
                       "3333ff000100 020000000064 86dd 6000000000183aff 00000000000000000000000000000000 "
                       "ff0200000000000000000001ff000100 8700000000000000 20010db8000100000000000000000100",
                       SETTLED);
    ck_assert_uint_eq(agent_count_icmpv6(&agent, ICMPV6_NEIGHBOR_ADVERTISEMENT), 1);
    size_t length;
    const uint8_t *octets = agent_octets(recording_frame(&agent.recorder, 0), &length);
    ck_assert_mem_eq(octets, ((uint8_t[]){0x33, 0x33, 0, 0, 0, 1}), 6);
    ck_assert_uint_eq(octets[58], 0);
}
END_TEST

START_TEST(host_forwards_for_its_mobile_nodes_alone)
{
    agent_hears(&agent, HOME_LINK, "020000000001 0200000000aa 86dd" REVERSE_FORWARDED, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_NOT_OURS);
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    agent_hears(&agent, HOME_LINK, "020000000001 0200000000aa 86dd" REVERSE_FORWARDED, SETTLED);
    ck_assert_int_eq(recording_last_discard(&agent.recorder), DISCARD_NOT_OURS);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 0);
    agent_hears(&agent, OUTSIDE, REVERSE_TUNNELLED, SETTLED);
    agent_expect_sent(&agent, OUTSIDE, REVERSE_FORWARDED, SETTLED);
    agent_hears_on_home_link(&agent, DATA, SETTLED);
    agent_expect_sent(&agent, OUTSIDE, DATA_TUNNELLED, SETTLED);
}
END_TEST

START_TEST(host_tells_what_it_cannot_forward)
{
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    if (_i == 0)
        agent.node.interfaces[HOME_LINK].mtu = 64;
    else
        routing_table_remove(agent.node.routes, &ipv6_unspecified, 0);
    agent_hears(&agent, OUTSIDE, REVERSE_TUNNELLED, SETTLED);
    ck_assert_uint_eq(agent_count_frames(&agent, OUTSIDE, REVERSE_FORWARDED, NULL), 0);
    enum discard_reason reason = DISCARD_NONE;
    for (unsigned i = 0; i < recording_event_count(&agent.recorder) && reason == DISCARD_NONE; i++)
        if (recording_event(&agent.recorder, i)->kind == EVENT_PACKET_DISCARDED)
            reason = recording_event(&agent.recorder, i)->reason;
    ck_assert(reason == (_i == 0 ? DISCARD_TOO_BIG : DISCARD_NO_ROUTE));
}
END_TEST

/* -- the home agent's own packets (10.4.2, 9.3.2) -- */

static void send_own(uint8_t next_header, const char *upper, struct outbound *out)
{
    uint8_t octets[64];
    size_t length = octets_from(upper, octets, sizeof(octets));
    *out = (struct outbound){.next_header = next_header,
                             .packet = recording_packet(&agent.recorder, octets, length)};
    out->source = address_from(HOME_AGENT);
    out->destination = address_from(HOME_ADDRESS);
    ck_assert_int_eq(ipv6_send(&agent.node, out, agent.recorder.now), 0);
}

START_TEST(own_packets_have_a_routing_header)
{
    struct outbound out;
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    send_own(17, "03e8 07d0 000a 0000 aabb", &out);
    ck_assert_int_eq(out.path, PATH_ROUTE_OPTIMIZED);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    const uint8_t *octets = packet_octets(recording_frame(&agent.recorder, 0)->packet);
    struct ipv6_address care_of = address_from(CARE_OF);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_uint_eq(octets[6], 43);
    ck_assert_mem_eq(octets + 24, care_of.octets, 16);
    ck_assert_uint_eq(octets[42], 2);
    ck_assert_mem_eq(octets + 48, home.octets, 16);
}
END_TEST

START_TEST(own_home_test_goes_through_the_tunnel)
{
    struct outbound out;
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    send_own(135, "3b020300 00000001 0102030405060708 1112131415161718", &out);
    ck_assert_int_eq(out.path, PATH_TUNNELLED);
    ck_assert_uint_eq(recording_frame_count(&agent.recorder), 1);
    const uint8_t *octets = packet_octets(recording_frame(&agent.recorder, 0)->packet);
    struct ipv6_address care_of = address_from(CARE_OF);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_uint_eq(recording_frame(&agent.recorder, 0)->packet->length, 104);
    ck_assert_uint_eq(octets[6], 41);
    ck_assert_mem_eq(octets + 24, care_of.octets, 16);
    ck_assert_mem_eq(octets + 64, home.octets, 16);
}
END_TEST

/* What the home agent says on its link stays there: Neighbor Discovery, and packets of its link-local
 * address. */
START_TEST(own_packets_of_the_link_stay_on_it)
{
    struct outbound out;
    agent_hears(&agent, OUTSIDE, BINDING_UPDATE, SETTLED);
    recording_environment_clear(&agent.recorder);
    static const char *const messages[] = {"88000000 00000000 20010db8000100000000000000000001",
                                           "8000 0000 0001 0001", "9300 0000 0000 0000", "01000000 00000000"};
    static const enum packet_path paths[] = {PATH_DIRECT, PATH_ROUTE_OPTIMIZED, PATH_ROUTE_OPTIMIZED,
                                             PATH_ROUTE_OPTIMIZED};
    for (unsigned i = 0; i < 4; i++) {
        send_own(58, messages[i], &out);
        ck_assert_int_eq(out.path, paths[i]);
    }
    struct outbound local = {.next_header = 59, .packet = recording_packet(&agent.recorder, "", 0)};
    local.source = address_link_local(&agent.node.interfaces[HOME_LINK])->address;
    local.destination = address_from(HOME_ADDRESS);
    local.interface = &agent.node.interfaces[HOME_LINK];
    (void)ipv6_send(&agent.node, &local, agent.recorder.now);
    ck_assert_int_eq(local.path, PATH_DIRECT);
    struct outbound empty = {.next_header = 58, .packet = recording_packet(&agent.recorder, "", 0)};
    empty.source = address_from(HOME_AGENT);
    empty.destination = address_from(HOME_ADDRESS);
    (void)ipv6_send(&agent.node, &empty, agent.recorder.now); /* too short to be told what it is */
    ck_assert_int_ne(empty.path, PATH_TUNNELLED);
}
END_TEST

START_TEST(own_packets_to_nobody_registered_are_plain)
{
    struct outbound out;
    agent_knows_mobile_node(&agent);
    send_own(17, "03e8 07d0 000a 0000 aabb", &out);
    ck_assert_int_eq(out.path, PATH_DIRECT);
    ck_assert_uint_eq(recording_frame(&agent.recorder, 0)->interface, HOME_LINK);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("packets of a home agent");
    TCase *packets = tcase_create("packets");
    tcase_add_checked_fixture(packets, setup, teardown);
    tcase_add_loop_test(packets, intercepted_packet_is_tunnelled, 0, 2);
    tcase_add_test(packets, nothing_is_intercepted_without_a_binding);
    tcase_add_test(packets, hop_limit_ends_at_the_tunnel);
    tcase_add_test(packets, reverse_tunnelled_packet_is_forwarded);
    tcase_add_loop_test(packets, reverse_tunnel_from_elsewhere, 0, 4);
    tcase_add_test(packets, from_one_mobile_node_to_another);
    tcase_add_test(packets, link_local_packet_is_refused);
    tcase_add_test(packets, packet_of_a_link_local_source_is_refused);
    tcase_add_loop_test(packets, proxy_answers_solicitations, 0, 3);
    tcase_add_test(packets, proxy_defends_against_duplicate_detection);
    tcase_add_test(packets, own_packets_have_a_routing_header);
    tcase_add_test(packets, own_home_test_goes_through_the_tunnel);
    tcase_add_test(packets, own_packets_of_the_link_stay_on_it);
    tcase_add_test(packets, own_packets_to_nobody_registered_are_plain);
    suite_add_tcase(suite, packets);
    TCase *hosts = tcase_create("a host");
    tcase_add_checked_fixture(hosts, setup_host, teardown);
    tcase_add_test(hosts, host_forwards_for_its_mobile_nodes_alone);
    tcase_add_loop_test(hosts, host_tells_what_it_cannot_forward, 0, 2);
    tcase_add_test(hosts, link_local_packet_is_refused);
    tcase_add_loop_test(hosts, proxy_answers_solicitations, 0, 3);
    suite_add_tcase(suite, hosts);
    return run_suite(suite);
}
