/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_home_agent.c - the home agent alone (RFC 6275, 10): Binding Updates and packets in, acknowledgements,
 * advertisements and tunnelled packets out, octet by octet against what scapy builds
 * (tests/vectors/home_agent.h).
 *
 * Interface 0 is on the home link, interface 1 leads everywhere else. The mobile node 2001:db8:1::100 is at
 * 2001:db8:2::100.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "models/mobility/mobility.h"
#include "tests/unit/recording_environment.h"
#include "tests/vectors/home_agent.h"

#define HOME_AGENT      "2001:db8:1::1"
#define HOME_ADDRESS    "2001:db8:1::100"
#define HOME_LINK_LOCAL "fe80::100"
#define CARE_OF         "2001:db8:2::100"
#define CARE_OF_2       "2001:db8:3::100"
#define CORRESPONDENT   "2001:db8:9::9"

#define HOME_LINK 0
#define OUTSIDE   1

#define T0 SECONDS(10) /* the node has settled */

static const struct ethernet_address own_station = {{2, 0, 0, 0, 0, 1}};
static const struct ethernet_address mobile_station = {{2, 0, 0, 0, 0, 0x64}};

static struct recording_environment recorder;
static struct node node;
static struct node_configuration router;
static struct home_agent_configuration operator_says;

static void start(void)
{
    struct ipv6_address address = address_from(HOME_AGENT);
    struct ipv6_address prefix = ipv6_prefix_of(&address, 64);
    recording_environment_init(&recorder, NULL);
    ck_assert_int_eq(node_init(&node, &recorder.environment, &router, 2), 0);
    node_configure_interface(&node, HOME_LINK, INTERFACE_ETHERNET, &own_station, 1500);
    node_configure_interface(&node, OUTSIDE, INTERFACE_POINT_TO_POINT, NULL, 1500);
    ck_assert_int_eq(address_add(&node, HOME_LINK, &address, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    node.routes = routing_table_new();
    struct route on_link = {.prefix = prefix, .prefix_length = 64, .interface = HOME_LINK};
    struct route anywhere = {.prefix_length = 0, .interface = OUTSIDE};
    ck_assert_int_eq(routing_table_add(node.routes, &on_link), 0);
    ck_assert_int_eq(routing_table_add(node.routes, &anywhere), 0);
    ck_assert_int_eq(mobility_enable(&node, &correspondent_node_configuration_default, 0), 0);
    ck_assert_int_eq(mobility_add_home_agent(&node, &operator_says, HOME_LINK, &address, &prefix, 64, 0), 0);
    recording_link(&recorder, &node, HOME_LINK, true, 0);
    recording_link(&recorder, &node, OUTSIDE, true, 0);
    recording_run(&recorder, &node, T0);
    recording_environment_clear(&recorder);
}

static void setup(void)
{
    router = node_configuration_default_router;
    router.delay_duplicate_detection = false;
    operator_says = home_agent_configuration_default;
    operator_says.anyone = true;
    start();
}

/* Detection off: most tests are about something else. */
static void setup_without_detection(void)
{
    setup();
    operator_says.duplicate_detection = false;
}

/* A host: only what proxy Neighbor Discovery brings, and what comes through the tunnel, passes through it. */
static void setup_host(void)
{
    setup_without_detection();
    router.forwarding = false;
}

static void teardown(void)
{
    mobility_free(&node);
    node_free(&node);
    recording_environment_free(&recorder);
}

/* -- packets in -- */

static void receive_hex(unsigned interface, const char *hexadecimal, time_ns now)
{
    uint8_t octets[512];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    recording_receive(&recorder, &node, interface, octets, length, now);
}

/* The same on the home link, in a frame for the home agent. */
static void receive_hex_on_home_link(const char *hexadecimal, time_ns now)
{
    char frame[1024];
    g_snprintf(frame, sizeof(frame), "020000000001 020000000064 86dd %s", hexadecimal);
    receive_hex(HOME_LINK, frame, now);
}

struct update {
    const char *care_of;   /* NULL: CARE_OF */
    const char *home;      /* NULL: HOME_ADDRESS */
    const char *alternate; /* NULL: no such option */
    unsigned sequence;
    unsigned lifetime;
    bool from_home; /* no Home Address option, the home address as source */
    bool link_local, key_management, nonce_indices;
};

static void put_address(uint8_t *at, const struct ipv6_address *address)
{
    memcpy(at, address->octets, 16);
}

static void receive_update(const struct update *update, time_ns now)
{
    uint8_t packet[256] = {0x60, [7] = 60};
    struct ipv6_address home = address_from(update->home ? update->home : HOME_ADDRESS);
    struct ipv6_address care_of = address_from(update->care_of ? update->care_of : CARE_OF);
    struct ipv6_address agent = address_from(HOME_AGENT);
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    size_t at = 40;
    message.update.sequence = (uint16_t)update->sequence;
    message.update.lifetime = (uint16_t)update->lifetime;
    message.update.acknowledge = true;
    message.update.home_registration = true;
    message.update.link_local = update->link_local;
    message.update.key_management = update->key_management;
    message.has_nonce_indices = update->nonce_indices;
    message.has_alternate_care_of_address = update->alternate != NULL;
    if (update->alternate)
        message.alternate_care_of_address = address_from(update->alternate);
    packet[6] = 135;
    put_address(packet + 8, update->from_home ? &home : &care_of);
    put_address(packet + 24, &agent);
    if (!update->from_home) {
        static const uint8_t options[] = {135, 2, 1, 2, 0, 0, 0xc9, 16};
        packet[6] = 60;
        memcpy(packet + at, options, 8);
        put_address(packet + at + 8, &home);
        at += 24;
    }
    size_t length = mobility_message_write(&message, packet + at, sizeof(packet) - at);
    uint16_t checksum = ipv6_checksum(&home, &agent, 135, packet + at, length);
    packet[at + 4] = (uint8_t)(checksum >> 8);
    packet[at + 5] = (uint8_t)checksum;
    packet[5] = (uint8_t)(at + length - 40);
    recording_receive(&recorder, &node, OUTSIDE, packet, at + length, now);
}

#define RECEIVE_UPDATE(now, ...) receive_update(&(struct update){__VA_ARGS__}, now)

/* -- what came out -- */

static const uint8_t *octets_of(const struct recorded_frame *frame, size_t *length)
{
    *length = frame->packet->length;
    return packet_octets(frame->packet);
}

/* The frames of these octets on the interface, and the time of the last. */
static unsigned count_frames(unsigned interface, const char *hexadecimal, time_ns *last)
{
    uint8_t expected[512];
    size_t expected_length = octets_from(hexadecimal, expected, sizeof(expected));
    unsigned count = 0;
    for (unsigned i = 0; i < recording_frame_count(&recorder); i++) {
        const struct recorded_frame *frame = recording_frame(&recorder, i);
        size_t length;
        const uint8_t *octets = octets_of(frame, &length);
        if (frame->interface != interface || length != expected_length ||
            memcmp(octets, expected, length) != 0)
            continue;
        count++;
        if (last)
            *last = frame->time;
    }
    return count;
}

static void assert_sent(unsigned interface, const char *hexadecimal, time_ns when)
{
    time_ns last = 0;
    ck_assert_uint_eq(count_frames(interface, hexadecimal, &last), 1);
    ck_assert_int_eq(last, when);
}

/* Frames on the home link of this ICMPv6 type. */
static unsigned count_home_icmpv6(unsigned type)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recording_frame_count(&recorder); i++) {
        size_t length;
        const uint8_t *octets = octets_of(recording_frame(&recorder, i), &length);
        count += recording_frame(&recorder, i)->interface == HOME_LINK && length > 54 && octets[20] == 58 &&
                 octets[54] == type;
    }
    return count;
}

static const struct protocol_event *last_acknowledgement(void)
{
    for (unsigned i = recording_event_count(&recorder); i-- > 0;) {
        const struct protocol_event *event = recording_event(&recorder, i);
        if (event->kind == EVENT_MESSAGE_SENT && strcmp(event->message, "Binding Acknowledgement") == 0)
            return event;
    }
    return NULL;
}

static void assert_acknowledged(int status, int sequence, time_ns when)
{
    const struct protocol_event *event = last_acknowledgement();
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->status, status);
    ck_assert_int_eq(event->sequence, sequence);
    ck_assert_int_eq(event->time, when);
}

static struct binding *entry(void)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    return binding_cache_find(&node.mobility->bindings, &home);
}

static bool is_bound_to(const char *care_of)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    struct ipv6_address address = address_from(care_of);
    const struct binding *binding = binding_cache_lookup(&node.mobility->bindings, &home);
    return binding && ipv6_address_equal(&binding->care_of_address, &address);
}

static bool is_proxied(const char *text)
{
    struct ipv6_address address = address_from(text);
    return proxy_serves(&node, &node.interfaces[HOME_LINK], &address);
}

/* -- the first registration -- */

START_TEST(first_registration)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    ck_assert_ptr_null(last_acknowledgement());
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_MESSAGE_RECEIVED), 1);
    recording_run(&recorder, &node, T0 + SECONDS(1) - 1);
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_SOLICITATION), 1);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert(!is_bound_to(CARE_OF));
    ck_assert(!is_proxied(HOME_ADDRESS));

    recording_run(&recorder, &node, T0 + SECONDS(1));
    ck_assert(is_bound_to(CARE_OF));
    ck_assert(is_proxied(HOME_ADDRESS));
    ck_assert(!is_proxied(HOME_LINK_LOCAL));
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT, T0 + SECONDS(1));
    assert_sent(HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, T0 + SECONDS(1));
    const struct protocol_event *created = recording_last_event(&recorder, EVENT_BINDING_CREATED);
    ck_assert_int_eq(created->time, T0 + SECONDS(1));
    ck_assert_int_eq(created->sequence, 16);
    ck_assert_int_eq(created->lifetime, 40);

    recording_run(&recorder, &node, T0 + SECONDS(9));
    time_ns last;
    ck_assert_uint_eq(count_frames(HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, &last), MAX_NEIGHBOR_ADVERTISEMENT);
    ck_assert_int_eq(last, T0 + SECONDS(3));
}
END_TEST

START_TEST(acknowledged_at_once_without_detection)
{
    operator_says.duplicate_detection = _i == 1;
    if (_i == 1)
        router.duplicate_detection_transmits = 0;
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT, T0);
    assert_sent(HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, T0);
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_SOLICITATION), 0);
    ck_assert_uint_eq(last_acknowledgement()->octets, 80);
}
END_TEST

START_TEST(link_local_address_is_tested_and_proxied_too)
{
    receive_hex(OUTSIDE, BINDING_UPDATE_LINK_LOCAL, T0);
    recording_run(&recorder, &node, T0 + SECONDS(1));
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_SOLICITATION), 2);
    assert_acknowledged(BINDING_ACCEPTED, 17, T0 + SECONDS(1));
    assert_sent(HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, T0 + SECONDS(1));
    assert_sent(HOME_LINK, ADVERTISEMENT_LINK_LOCAL, T0 + SECONDS(1));
    ck_assert(is_proxied(HOME_LINK_LOCAL));
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

static void fix_icmpv6_checksum(uint8_t *frame, size_t length)
{
    struct ipv6_address source = ipv6_address_read(frame + 22);
    struct ipv6_address destination = ipv6_address_read(frame + 38);
    frame[56] = 0;
    frame[57] = 0;
    uint16_t checksum = ipv6_checksum(&source, &destination, 58, frame + 54, length - 54);
    frame[56] = (uint8_t)(checksum >> 8);
    frame[57] = (uint8_t)checksum;
}

static void receive_icmpv6_frame(const char *hexadecimal, time_ns now)
{
    uint8_t frame[256];
    size_t length = octets_from(hexadecimal, frame, sizeof(frame));
    fix_icmpv6_checksum(frame, length);
    recording_receive(&recorder, &node, HOME_LINK, frame, length, now);
}

START_TEST(somebody_owns_the_home_address)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + MILLISECONDS(10));
    receive_icmpv6_frame(OWNER_OF_HOME_ADDRESS, T0 + MILLISECONDS(10));
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT_DUPLICATE, T0 + MILLISECONDS(10));
    ck_assert_ptr_null(entry());
    ck_assert_uint_eq(node.mobility->home_agent->registrations, 0);
    recording_run(&recorder, &node, T0 + SECONDS(9));
    ck_assert(!is_proxied(HOME_ADDRESS));
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_ADVERTISEMENT), 0);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 0);
}
END_TEST

START_TEST(somebody_tests_the_link_local_address)
{
    receive_hex(OUTSIDE, BINDING_UPDATE_LINK_LOCAL, T0);
    recording_run(&recorder, &node, T0 + MILLISECONDS(10));
    receive_icmpv6_frame(TEST_OF_LINK_LOCAL, T0 + MILLISECONDS(10));
    assert_acknowledged(BINDING_DUPLICATE_DETECTION_FAILED, 17, T0 + MILLISECONDS(10));
    ck_assert_ptr_null(entry());
    recording_run(&recorder, &node, T0 + SECONDS(9));
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 0);
}
END_TEST

START_TEST(without_the_l_bit_the_link_local_address_is_nobodys)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + MILLISECONDS(10));
    receive_icmpv6_frame(TEST_OF_LINK_LOCAL, T0 + MILLISECONDS(10));
    recording_run(&recorder, &node, T0 + SECONDS(1));
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT, T0 + SECONDS(1));
}
END_TEST

START_TEST(retransmission_while_pending)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + MILLISECONDS(500));
    RECEIVE_UPDATE(T0 + MILLISECONDS(500), .care_of = CARE_OF_2, .sequence = 17, .lifetime = 20);
    ck_assert_ptr_null(last_acknowledgement());
    recording_run(&recorder, &node, T0 + SECONDS(4));
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_SOLICITATION), 1);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_MESSAGE_SENT) -
                          count_home_icmpv6(ICMPV6_NEIGHBOR_SOLICITATION) -
                          count_home_icmpv6(ICMPV6_NEIGHBOR_ADVERTISEMENT),
                      1);
    assert_acknowledged(BINDING_ACCEPTED, 17, T0 + SECONDS(1));
    ck_assert_int_eq(last_acknowledgement()->lifetime, 80);
    ck_assert(is_bound_to(CARE_OF_2));
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 1);
}
END_TEST

START_TEST(the_l_bit_arrives_while_pending)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + MILLISECONDS(500));
    RECEIVE_UPDATE(T0 + MILLISECONDS(500), .sequence = 17, .lifetime = 20, .link_local = true);
    recording_run(&recorder, &node, T0 + MILLISECONDS(1499));
    ck_assert_ptr_null(last_acknowledgement());
    recording_run(&recorder, &node, T0 + MILLISECONDS(1500));
    assert_acknowledged(BINDING_ACCEPTED, 17, T0 + MILLISECONDS(1500));
    ck_assert(is_proxied(HOME_LINK_LOCAL));
}
END_TEST

/* The mobile node changes its mind twice: what is being tested is not tested anew. */
START_TEST(the_l_bit_comes_and_goes_while_pending)
{
    for (unsigned i = 0; i <= 4; i++) {
        RECEIVE_UPDATE(T0 + i, .sequence = 16 + i, .lifetime = 10, .link_local = i % 2 == 0);
        recording_run(&recorder, &node, T0 + i);
    }
    recording_run(&recorder, &node, T0 + SECONDS(2));
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_SOLICITATION), 2);
    assert_acknowledged(BINDING_ACCEPTED, 20, T0 + SECONDS(1));
    ck_assert(is_bound_to(CARE_OF));
    ck_assert(is_proxied(HOME_ADDRESS) && is_proxied(HOME_LINK_LOCAL));
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 1);
}
END_TEST

START_TEST(deregistration_while_pending)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + MILLISECONDS(500));
    receive_hex(OUTSIDE, DEREGISTRATION_FROM_AWAY, T0 + MILLISECONDS(500));
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT_DEREGISTERED_AWAY, T0 + MILLISECONDS(500));
    recording_run(&recorder, &node, T0 + SECONDS(5));
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 0);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_DELETED), 0);
    ck_assert_uint_eq(node.mobility->home_agent->registrations, 0);
    ck_assert(!is_proxied(HOME_ADDRESS));
}
END_TEST

/* -- refreshing -- */

START_TEST(refresh_is_acknowledged_at_once)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + SECONDS(30));
    recording_environment_clear(&recorder);
    RECEIVE_UPDATE(T0 + SECONDS(30), .care_of = CARE_OF_2, .alternate = CARE_OF_2, .sequence = 17,
                   .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 17, T0 + SECONDS(30));
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_UPDATED), 1);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 0);
    ck_assert(is_bound_to(CARE_OF_2));
    recording_run(&recorder, &node, T0 + SECONDS(70) - 1);
    ck_assert(is_bound_to(CARE_OF_2));
    recording_run(&recorder, &node, T0 + SECONDS(70));
    ck_assert(!is_bound_to(CARE_OF_2));
}
END_TEST

START_TEST(the_l_bit_changes)
{
    RECEIVE_UPDATE(T0, .sequence = 1, .lifetime = 10);
    RECEIVE_UPDATE(T0, .sequence = 2, .lifetime = 10, .link_local = true);
    ck_assert(is_proxied(HOME_LINK_LOCAL));
    RECEIVE_UPDATE(T0, .sequence = 3, .lifetime = 10);
    ck_assert(!is_proxied(HOME_LINK_LOCAL));
    ck_assert(is_proxied(HOME_ADDRESS));
}
END_TEST

START_TEST(alternate_care_of_address_is_bound_and_the_source_answered)
{
    RECEIVE_UPDATE(T0, .alternate = CARE_OF_2, .sequence = 1, .lifetime = 10);
    struct ipv6_address source = address_from(CARE_OF);
    ck_assert(is_bound_to(CARE_OF_2));
    ck_assert(ipv6_address_equal(last_acknowledgement()->wire_destination, &source));
}
END_TEST

START_TEST(lifetime_is_bounded)
{
    operator_says.lifetime_limit = 5;
    RECEIVE_UPDATE(T0, .sequence = 1, .lifetime = 0xffff);
    ck_assert_int_eq(last_acknowledgement()->lifetime, 20);
    operator_says.lifetime_limit = 0;
    RECEIVE_UPDATE(T0, .sequence = 2, .lifetime = 0xffff);
    ck_assert_int_eq(last_acknowledgement()->lifetime, 262140);
    ck_assert_int_eq(entry()->expires, T0 + SECONDS(262140));
}
END_TEST

START_TEST(refresh_advice)
{
    operator_says.refresh_advice = 5;
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT_WITH_ADVICE, T0);
    operator_says.refresh_advice = 10; /* not less than the lifetime: omitted */
    recording_environment_clear(&recorder);
    RECEIVE_UPDATE(T0, .sequence = 17, .lifetime = 10);
    operator_says.refresh_advice = 0;
    RECEIVE_UPDATE(T0, .sequence = 18, .lifetime = 10);
    ck_assert_uint_eq(recording_frame(&recorder, 0)->packet->length, 80);
    ck_assert_uint_eq(packet_octets(recording_frame(&recorder, 0)->packet)[76], 1); /* PadN */
}
END_TEST

START_TEST(the_k_bit_is_never_granted)
{
    RECEIVE_UPDATE(T0, .sequence = 1, .lifetime = 10, .key_management = true);
    assert_acknowledged(BINDING_ACCEPTED, 1, T0);
    const struct recorded_frame *frame = recording_frame(&recorder, recording_frame_count(&recorder) - 1);
    ck_assert_uint_eq(packet_octets(frame->packet)[71], 0);
}
END_TEST

START_TEST(expiry)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + SECONDS(40) - 1);
    ck_assert(is_bound_to(CARE_OF));
    recording_run(&recorder, &node, T0 + SECONDS(40));
    ck_assert_ptr_null(entry());
    ck_assert(!is_proxied(HOME_ADDRESS));
    const struct protocol_event *expired = recording_last_event(&recorder, EVENT_BINDING_EXPIRED);
    ck_assert_int_eq(expired->time, T0 + SECONDS(40));
    ck_assert_uint_eq(node.mobility->home_agent->registrations, 0);
}
END_TEST

/* -- refusals -- */

START_TEST(not_home_subnet)
{
    RECEIVE_UPDATE(T0, .home = "2001:db8:7::100", .sequence = 5, .lifetime = 10);
    assert_acknowledged(BINDING_NOT_HOME_SUBNET, 5, T0);
    ck_assert_uint_eq(node.mobility->bindings.count, 0);
}
END_TEST

START_TEST(not_home_agent_for_this_node)
{
    operator_says.anyone = false;
    RECEIVE_UPDATE(T0, .sequence = 5, .lifetime = 10);
    assert_acknowledged(BINDING_NOT_HOME_AGENT, 5, T0);
    ck_assert_uint_eq(node.mobility->bindings.count, 0);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_int_eq(home_agent_serve(&node, &home), 0);
    RECEIVE_UPDATE(T0, .sequence = 6, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 6, T0);
}
END_TEST

START_TEST(insufficient_resources)
{
    operator_says.binding_limit = 1;
    RECEIVE_UPDATE(T0, .home = "2001:db8:1::200", .sequence = 5, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 5, T0);
    RECEIVE_UPDATE(T0, .sequence = 7, .lifetime = 10);
    assert_acknowledged(BINDING_INSUFFICIENT_RESOURCES, 7, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_BINDING_LIMIT);
    RECEIVE_UPDATE(T0, .home = "2001:db8:1::200", .sequence = 6, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 6, T0);
    RECEIVE_UPDATE(T0, .home = "2001:db8:1::200", .sequence = 7, .lifetime = 0);
    RECEIVE_UPDATE(T0, .sequence = 8, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 8, T0);
    RECEIVE_UPDATE(T0, .home = "2001:db8:1::200", .sequence = 8,
                   .lifetime = 10); /* its closed entry is no place kept */
    assert_acknowledged(BINDING_INSUFFICIENT_RESOURCES, 8, T0);
}
END_TEST

START_TEST(the_binding_cache_is_full)
{
    node.mobility->bindings.limit = 1;
    RECEIVE_UPDATE(T0, .home = "2001:db8:1::200", .sequence = 5, .lifetime = 10);
    RECEIVE_UPDATE(T0, .sequence = 7, .lifetime = 10);
    assert_acknowledged(BINDING_INSUFFICIENT_RESOURCES, 7, T0);
    ck_assert_ptr_null(entry());
}
END_TEST

START_TEST(sequence_number_out_of_window)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    static const unsigned sequences[] = {16, 15, 0, 65535, 32784, 17};
    RECEIVE_UPDATE(T0, .sequence = sequences[_i], .lifetime = 10);
    if (_i == 5) {
        assert_acknowledged(BINDING_ACCEPTED, 17, T0);
        return;
    }
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT_OUT_OF_WINDOW, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_SEQUENCE_NUMBER);
    ck_assert_uint_eq(entry()->sequence, 16);
}
END_TEST

START_TEST(sequence_number_wraps)
{
    RECEIVE_UPDATE(T0, .sequence = 65535, .lifetime = 10);
    RECEIVE_UPDATE(T0, .sequence = 0, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 0, T0);
}
END_TEST

static void never(struct node *n, struct timer *timer, time_ns now)
{
    (void)n, (void)timer, (void)now;
}

START_TEST(registration_type_change)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    struct binding *binding = binding_cache_add(&node.mobility->bindings, &home, never);
    binding->sequence = 4;
    RECEIVE_UPDATE(T0, .sequence = 5, .lifetime = 10);
    assert_acknowledged(BINDING_REGISTRATION_TYPE_CHANGE, 5, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_REGISTRATION_TYPE);
    ck_assert_ptr_null(entry()->home);
    RECEIVE_UPDATE(T0, .sequence = 4, .lifetime = 10);
    assert_acknowledged(BINDING_SEQUENCE_OUT_OF_WINDOW, 4, T0);
    /* Deleted by the mobile node, kept for its nonces: no binding. */
    binding->deleted = true;
    RECEIVE_UPDATE(T0, .sequence = 3, .lifetime = 0);
    assert_acknowledged(BINDING_NOT_HOME_AGENT, 3, T0);
    RECEIVE_UPDATE(T0, .sequence = 3, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 3, T0);
    ck_assert_ptr_nonnull(entry()->home);
}
END_TEST

START_TEST(care_of_address_that_leads_back)
{
    static const char *const addresses[] = {HOME_ADDRESS, HOME_AGENT};
    RECEIVE_UPDATE(T0, .alternate = addresses[_i], .sequence = 5, .lifetime = 10);
    assert_acknowledged(BINDING_INVALID_CARE_OF_ADDRESS, 5, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_CARE_OF_ADDRESS);
    ck_assert_ptr_null(entry());
}
END_TEST

START_TEST(the_home_agents_own_address_is_no_home_address)
{
    RECEIVE_UPDATE(T0, .home = HOME_AGENT, .sequence = 5, .lifetime = 10);
    assert_acknowledged(BINDING_DUPLICATE_DETECTION_FAILED, 5, T0);
}
END_TEST

START_TEST(silently_discarded)
{
    static const struct {
        struct update update;
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
    };
    receive_update(&cases[_i].update, T0);
    ck_assert_ptr_null(last_acknowledgement());
    ck_assert_uint_eq(node.mobility->bindings.count, 0);
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
    ck_assert_int_eq(recording_last_discard(&recorder), cases[_i].reason);
}
END_TEST

/* A silent fault is not answered even if the sequence number is wrong as well. */
START_TEST(silence_comes_first)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    RECEIVE_UPDATE(T0, .alternate = "fe80::7", .sequence = 5, .lifetime = 10);
    ck_assert_ptr_null(last_acknowledgement());
}
END_TEST

/* -- deregistration -- */

/* The mobile node's station, as the home agent would learn it by solicitation. */
static void know_mobile_node(void)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    neighbor_learn(&node, &node.interfaces[HOME_LINK], &home, &mobile_station, false, recorder.now);
}

START_TEST(deregistration_from_home)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    know_mobile_node();
    receive_hex_on_home_link(DEREGISTRATION_FROM_HOME, T0 + MILLISECONDS(100));
    ck_assert(!is_bound_to(CARE_OF));
    ck_assert(!is_proxied(HOME_ADDRESS));
    ck_assert_int_eq(recording_last_event(&recorder, EVENT_BINDING_DELETED)->time, T0 + MILLISECONDS(100));
    assert_sent(HOME_LINK, "020000000064 020000000001 86dd" ACKNOWLEDGEMENT_DEREGISTERED_HOME,
                T0 + MILLISECONDS(100));
    /* It no longer speaks for the mobile node: no repetition of its advertisement. */
    recording_run(&recorder, &node, T0 + SECONDS(9));
    ck_assert_uint_eq(count_frames(HOME_LINK, ADVERTISEMENT_HOME_ADDRESS, NULL), 0);
}
END_TEST

START_TEST(deregistration_from_home_asks_for_the_station)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    receive_hex_on_home_link(DEREGISTRATION_FROM_HOME, T0);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_SOLICITATION), 1);
    receive_icmpv6_frame(
        "020000000001 020000000064 86dd 6000000000203aff 20010db8000100000000000000000100 "
        "20010db8000100000000000000000001 8800000060000000 20010db8000100000000000000000100 0201020000000064",
        T0 + 5);
    assert_sent(HOME_LINK, "020000000064 020000000001 86dd" ACKNOWLEDGEMENT_DEREGISTERED_HOME, T0 + 5);
}
END_TEST

/* Refused while the home agent is still the proxy: straight to the mobile node all the same (10.3.2). */
START_TEST(refused_deregistration_from_home)
{
    RECEIVE_UPDATE(T0, .sequence = 30, .lifetime = 10);
    recording_environment_clear(&recorder);
    know_mobile_node();
    receive_hex_on_home_link(DEREGISTRATION_FROM_HOME, T0);
    assert_acknowledged(BINDING_SEQUENCE_OUT_OF_WINDOW, 30, T0);
    ck_assert(is_proxied(HOME_ADDRESS));
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    const struct recorded_frame *frame = recording_frame(&recorder, 0);
    ck_assert_uint_eq(frame->interface, HOME_LINK);
    ck_assert_mem_eq(packet_octets(frame->packet), mobile_station.octets, 6);
    ck_assert_uint_eq(frame->packet->length, 14 + 56);
}
END_TEST

START_TEST(deregistration_from_away)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    receive_hex(OUTSIDE, DEREGISTRATION_FROM_AWAY, T0);
    assert_sent(OUTSIDE, ACKNOWLEDGEMENT_DEREGISTERED_AWAY, T0);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_DELETED), 1);
    ck_assert(!is_bound_to(CARE_OF));
    ck_assert_uint_eq(node.mobility->home_agent->registrations, 0);
}
END_TEST

/* 10.3.2: a Binding Update delayed on its way must not revive the binding. */
START_TEST(closed_entry_remembers_the_sequence_number)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    receive_hex(OUTSIDE, DEREGISTRATION_FROM_AWAY, T0);
    RECEIVE_UPDATE(T0 + SECONDS(1), .sequence = 20, .lifetime = 10);
    assert_acknowledged(BINDING_SEQUENCE_OUT_OF_WINDOW, 21, T0 + SECONDS(1));
    RECEIVE_UPDATE(T0 + SECONDS(2), .sequence = 22, .lifetime = 0); /* its acknowledgement was lost */
    assert_acknowledged(BINDING_ACCEPTED, 22, T0 + SECONDS(2));
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_DELETED), 1);
    recording_run(&recorder, &node, T0 + SECONDS(12) - 1);
    ck_assert_ptr_nonnull(entry());
    recording_run(&recorder, &node, T0 + SECONDS(12));
    ck_assert_ptr_null(entry());
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_EXPIRED), 0);
    RECEIVE_UPDATE(T0 + SECONDS(13), .sequence = 23, .lifetime = 0);
    assert_acknowledged(BINDING_NOT_HOME_AGENT, 23, T0 + SECONDS(13));
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_NO_BINDING);
    RECEIVE_UPDATE(T0 + SECONDS(14), .sequence = 3, .lifetime = 10); /* any number will do now */
    assert_acknowledged(BINDING_ACCEPTED, 3, T0 + SECONDS(14));
}
END_TEST

START_TEST(away_again_is_tested_again)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_run(&recorder, &node, T0 + SECONDS(5));
    receive_hex(OUTSIDE, DEREGISTRATION_FROM_AWAY, T0 + SECONDS(5));
    RECEIVE_UPDATE(T0 + SECONDS(6), .sequence = 22, .lifetime = 10);
    recording_run(&recorder, &node, T0 + SECONDS(20));
    assert_acknowledged(BINDING_ACCEPTED, 22, T0 + SECONDS(7));
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 2);
    ck_assert(is_bound_to(CARE_OF));
    ck_assert_uint_eq(node.mobility->home_agent->registrations, 1);
}
END_TEST

/* -- packets -- */

START_TEST(intercepted_packet_is_tunnelled)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    if (_i == 0)
        receive_hex(OUTSIDE, DATA, T0 + 5);
    else
        receive_hex_on_home_link(DATA, T0 + 5);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    assert_sent(OUTSIDE, DATA_TUNNELLED, T0 + 5);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_PACKET_TUNNELLED), 1);
    ck_assert_int_eq(entry()->last_used, T0 + 5);
}
END_TEST

START_TEST(nothing_is_intercepted_without_a_binding)
{
    know_mobile_node();
    receive_hex(OUTSIDE, DATA, T0);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(recording_frame(&recorder, 0)->interface, HOME_LINK);
    RECEIVE_UPDATE(T0, .sequence = 1, .lifetime = 10);
    RECEIVE_UPDATE(T0, .sequence = 2, .lifetime = 0);
    recording_environment_clear(&recorder);
    receive_hex(OUTSIDE, DATA, T0);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(recording_frame(&recorder, 0)->interface, HOME_LINK);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_PACKET_TUNNELLED), 0);
}
END_TEST

START_TEST(hop_limit_ends_at_the_tunnel)
{
    char dying[] = DATA;
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    memcpy(dying + 14, "01", 2);
    receive_hex(OUTSIDE, dying, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_HOP_LIMIT);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(packet_octets(recording_frame(&recorder, 0)->packet)[40], ICMPV6_TIME_EXCEEDED);
}
END_TEST

START_TEST(reverse_tunnelled_packet_is_forwarded)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    receive_hex(OUTSIDE, REVERSE_TUNNELLED, T0 + 5);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    assert_sent(OUTSIDE, REVERSE_FORWARDED, T0 + 5);
}
END_TEST

START_TEST(reverse_tunnel_from_elsewhere)
{
    if (_i == 0)
        RECEIVE_UPDATE(T0, .care_of = CARE_OF_2, .sequence = 1, .lifetime = 10);
    else if (_i == 1)
        RECEIVE_UPDATE(T0, .home = "2001:db8:1::200", .sequence = 1, .lifetime = 10);
    else if (_i == 2)
        RECEIVE_UPDATE(T0, .sequence = 1, .lifetime = 10);
    if (_i == 2)
        RECEIVE_UPDATE(T0, .sequence = 2, .lifetime = 0);
    recording_environment_clear(&recorder);
    receive_hex(OUTSIDE, REVERSE_TUNNELLED, T0 + 5);
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_TUNNEL_SOURCE);
}
END_TEST

START_TEST(from_one_mobile_node_to_another)
{
    char inner[] = REVERSE_TUNNELLED;
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    RECEIVE_UPDATE(T0, .home = "2001:db8:1::200", .care_of = CARE_OF_2, .sequence = 1, .lifetime = 10);
    recording_environment_clear(&recorder);
    memcpy(inner + 128, "20010db8000100000000000000000200", 32); /* inner destination */
    receive_hex(OUTSIDE, inner, T0 + 5);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    const uint8_t *octets = packet_octets(recording_frame(&recorder, 0)->packet);
    struct ipv6_address agent = address_from(HOME_AGENT);
    struct ipv6_address care_of = address_from(CARE_OF_2);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_mem_eq(octets + 8, agent.octets, 16);
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
    receive_hex(OUTSIDE, BINDING_UPDATE_LINK_LOCAL, T0);
    recording_environment_clear(&recorder);
    neighbor_learn(&node, &node.interfaces[HOME_LINK], &neighbor,
                   &(struct ethernet_address){{2, 0, 0, 0, 0, 0xaa}}, false, T0);
    receive_hex(HOME_LINK, TO_LINK_LOCAL, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_ADDRESS_UNREACHABLE);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    size_t length;
    const uint8_t *octets = octets_of(recording_frame(&recorder, 0), &length);
    ck_assert_uint_eq(recording_frame(&recorder, 0)->interface, HOME_LINK);
    ck_assert_uint_eq(octets[54], ICMPV6_DESTINATION_UNREACHABLE);
    ck_assert_uint_eq(octets[55], UNREACHABLE_ADDRESS);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_PACKET_TUNNELLED), 0);
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
    receive_hex(OUTSIDE, BINDING_UPDATE_LINK_LOCAL, T0);
    recording_environment_clear(&recorder);
    receive_icmpv6_frame(solicitations[_i], T0);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_ADVERTISEMENT), 1);
    size_t length;
    const uint8_t *octets = octets_of(recording_frame(&recorder, 0), &length);
    ck_assert_uint_eq(octets[58], 0x40); /* R 0, S 1, O 0 */
    ck_assert_uint_eq(length, 14 + 40 + 32);
    ck_assert_mem_eq(octets + 80, own_station.octets, 6);
}
END_TEST

/* The mobile node itself, come home, asks whether its home address is free: the home agent still defends it
 * (10.4.1). */
START_TEST(proxy_defends_against_duplicate_detection)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    receive_icmpv6_frame("3333ff000100 020000000064 86dd 6000000000183aff 00000000000000000000000000000000 "
                         "ff0200000000000000000001ff000100 8700000000000000 20010db8000100000000000000000100",
                         T0);
    ck_assert_uint_eq(count_home_icmpv6(ICMPV6_NEIGHBOR_ADVERTISEMENT), 1);
    size_t length;
    const uint8_t *octets = octets_of(recording_frame(&recorder, 0), &length);
    ck_assert_mem_eq(octets, ((uint8_t[]){0x33, 0x33, 0, 0, 0, 1}), 6);
    ck_assert_uint_eq(octets[58], 0);
}
END_TEST

START_TEST(host_forwards_for_its_mobile_nodes_alone)
{
    receive_hex(HOME_LINK, "020000000001 0200000000aa 86dd" REVERSE_FORWARDED, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_NOT_OURS);
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    receive_hex(HOME_LINK, "020000000001 0200000000aa 86dd" REVERSE_FORWARDED, T0);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_NOT_OURS);
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
    receive_hex(OUTSIDE, REVERSE_TUNNELLED, T0);
    assert_sent(OUTSIDE, REVERSE_FORWARDED, T0);
    receive_hex_on_home_link(DATA, T0);
    assert_sent(OUTSIDE, DATA_TUNNELLED, T0);
}
END_TEST

START_TEST(host_tells_what_it_cannot_forward)
{
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    if (_i == 0)
        node.interfaces[HOME_LINK].mtu = 64;
    else
        routing_table_remove(node.routes, &ipv6_unspecified, 0);
    receive_hex(OUTSIDE, REVERSE_TUNNELLED, T0);
    ck_assert_uint_eq(count_frames(OUTSIDE, REVERSE_FORWARDED, NULL), 0);
    enum discard_reason reason = DISCARD_NONE;
    for (unsigned i = 0; i < recording_event_count(&recorder) && reason == DISCARD_NONE; i++)
        if (recording_event(&recorder, i)->kind == EVENT_PACKET_DISCARDED)
            reason = recording_event(&recorder, i)->reason;
    ck_assert(reason == (_i == 0 ? DISCARD_TOO_BIG : DISCARD_NO_ROUTE));
}
END_TEST

/* -- the home agent's own packets (10.4.2, 9.3.2) -- */

static void send_own(uint8_t next_header, const char *upper, struct outbound *out)
{
    uint8_t octets[64];
    size_t length = octets_from(upper, octets, sizeof(octets));
    *out =
        (struct outbound){.next_header = next_header, .packet = recording_packet(&recorder, octets, length)};
    out->source = address_from(HOME_AGENT);
    out->destination = address_from(HOME_ADDRESS);
    ck_assert_int_eq(ipv6_send(&node, out, recorder.now), 0);
}

START_TEST(own_packets_have_a_routing_header)
{
    struct outbound out;
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    send_own(17, "03e8 07d0 000a 0000 aabb", &out);
    ck_assert_int_eq(out.path, PATH_ROUTE_OPTIMIZED);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    const uint8_t *octets = packet_octets(recording_frame(&recorder, 0)->packet);
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
    receive_hex(OUTSIDE, BINDING_UPDATE, T0);
    recording_environment_clear(&recorder);
    send_own(135, "3b020300 00000001 0102030405060708 1112131415161718", &out);
    ck_assert_int_eq(out.path, PATH_TUNNELLED);
    ck_assert_uint_eq(recording_frame_count(&recorder), 1);
    const uint8_t *octets = packet_octets(recording_frame(&recorder, 0)->packet);
    struct ipv6_address care_of = address_from(CARE_OF);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_uint_eq(recording_frame(&recorder, 0)->packet->length, 104);
    ck_assert_uint_eq(octets[6], 41);
    ck_assert_mem_eq(octets + 24, care_of.octets, 16);
    ck_assert_mem_eq(octets + 64, home.octets, 16);
}
END_TEST

START_TEST(own_packets_to_nobody_registered_are_plain)
{
    struct outbound out;
    know_mobile_node();
    send_own(17, "03e8 07d0 000a 0000 aabb", &out);
    ck_assert_int_eq(out.path, PATH_DIRECT);
    ck_assert_uint_eq(recording_frame(&recorder, 0)->interface, HOME_LINK);
}
END_TEST

/* -- clients -- */

START_TEST(clients)
{
    operator_says.anyone = false;
    struct ipv6_address address = address_from("2001:db8:1::");
    for (uint32_t i = 1; i <= 100000; i++) {
        for (unsigned k = 0; k < 4; k++)
            address.octets[12 + k] = (uint8_t)(i >> 8 * (3 - k));
        address.octets[9] = 0x40;
        ck_assert_int_eq(home_agent_serve(&node, &address), 0);
    }
    ck_assert_int_eq(home_agent_serve(&node, &address), ERROR_EXISTS);
    RECEIVE_UPDATE(T0, .home = "2001:db8:1:0:40::1", .sequence = 1, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 1, T0);
    RECEIVE_UPDATE(T0, .home = "2001:db8:1:0:40:0:1:86a0", .sequence = 2, .lifetime = 10);
    assert_acknowledged(BINDING_ACCEPTED, 2, T0);
    RECEIVE_UPDATE(T0, .home = "2001:db8:1:0:40:0:1:86a1", .sequence = 3, .lifetime = 10);
    assert_acknowledged(BINDING_NOT_HOME_AGENT, 3, T0);
}
END_TEST

START_TEST(wrong_clients)
{
    static const char *const wrong[] = {"2001:db8:2::1", "fe80::1", "::", "ff02::1"};
    struct ipv6_address address = address_from(wrong[_i]);
    ck_assert_int_eq(home_agent_serve(&node, &address), ERROR_ARGUMENT);
    ck_assert_ptr_null(node.mobility->home_agent->clients);
}
END_TEST

/* A thousand bindings: as many proxies, each packet to its own care-of address, all gone at their time. */
START_TEST(many_mobile_nodes)
{
    char home[40];
    for (unsigned i = 1; i <= 1000; i++) {
        g_snprintf(home, sizeof(home), "2001:db8:1::%x", 0x1000 + i);
        RECEIVE_UPDATE(T0 + i, .home = home, .sequence = i, .lifetime = 10);
    }
    ck_assert_uint_eq(node.mobility->home_agent->registrations, 1000);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_CREATED), 1000);
    recording_run(&recorder, &node, T0 + SECONDS(40) + 500);
    ck_assert_uint_eq(recording_count_events(&recorder, EVENT_BINDING_EXPIRED), 500);
    recording_run(&recorder, &node, T0 + SECONDS(41));
    ck_assert_uint_eq(node.mobility->home_agent->registrations, 0);
    ck_assert_uint_eq(node.mobility->bindings.count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("home agent");
    TCase *detection = tcase_create("duplicate detection");
    tcase_add_checked_fixture(detection, setup, teardown);
    tcase_add_test(detection, first_registration);
    tcase_add_loop_test(detection, acknowledged_at_once_without_detection, 0, 2);
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
    tcase_add_loop_test(refusals, care_of_address_that_leads_back, 0, 2);
    tcase_add_test(refusals, the_home_agents_own_address_is_no_home_address);
    tcase_add_loop_test(refusals, silently_discarded, 0, 7);
    tcase_add_test(refusals, silence_comes_first);
    tcase_add_test(refusals, clients);
    tcase_add_loop_test(refusals, wrong_clients, 0, 4);
    suite_add_tcase(suite, refusals);
    TCase *packets = tcase_create("packets");
    tcase_add_checked_fixture(packets, setup_without_detection, teardown);
    tcase_add_loop_test(packets, intercepted_packet_is_tunnelled, 0, 2);
    tcase_add_test(packets, nothing_is_intercepted_without_a_binding);
    tcase_add_test(packets, hop_limit_ends_at_the_tunnel);
    tcase_add_test(packets, reverse_tunnelled_packet_is_forwarded);
    tcase_add_loop_test(packets, reverse_tunnel_from_elsewhere, 0, 4);
    tcase_add_test(packets, from_one_mobile_node_to_another);
    tcase_add_test(packets, link_local_packet_is_refused);
    tcase_add_loop_test(packets, proxy_answers_solicitations, 0, 3);
    tcase_add_test(packets, proxy_defends_against_duplicate_detection);
    tcase_add_test(packets, own_packets_have_a_routing_header);
    tcase_add_test(packets, own_home_test_goes_through_the_tunnel);
    tcase_add_test(packets, own_packets_to_nobody_registered_are_plain);
    suite_add_tcase(suite, packets);
    TCase *hosts = tcase_create("a host");
    tcase_add_checked_fixture(hosts, setup_host, teardown);
    tcase_add_test(hosts, host_forwards_for_its_mobile_nodes_alone);
    tcase_add_loop_test(hosts, host_tells_what_it_cannot_forward, 0, 2);
    tcase_add_test(hosts, link_local_packet_is_refused);
    tcase_add_loop_test(hosts, proxy_answers_solicitations, 0, 3);
    suite_add_tcase(suite, hosts);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? 1 : 0;
}
