/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home_agent_fixture.c - see home_agent_fixture.h. */
#include "tests/unit/home_agent_fixture.h"

#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/routing_table.h"
#include "tests/unit/expect_octets.h"

const struct ethernet_address agent_station = {{2, 0, 0, 0, 0, 1}};
const struct ethernet_address mobile_station = {{2, 0, 0, 0, 0, 0x64}};

void home_agent_fixture_prepare(struct home_agent_fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    fixture->router = node_configuration_default_router;
    fixture->router.delay_duplicate_detection = false;
    fixture->operator_says = home_agent_configuration_default;
    fixture->operator_says.anyone = true;
    fixture->operator_says.duplicate_detection = false;
}

void home_agent_fixture_open(struct home_agent_fixture *fixture)
{
    struct ipv6_address address = address_from("2001:db8:1::1"), prefix = address_from("2001:db8:1::");
    struct node *node = &fixture->node;
    recording_environment_init(&fixture->recorder, NULL);
    ck_assert_int_eq(node_init(node, &fixture->recorder.environment, &fixture->router, 2), 0);
    node_configure_interface(node, HOME_LINK, INTERFACE_ETHERNET, &agent_station, 1500);
    node_configure_interface(node, OUTSIDE, INTERFACE_POINT_TO_POINT, NULL, 1500);
    ck_assert_int_eq(address_add(node, HOME_LINK, &address, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    node->routes = routing_table_new();
    struct route on_link = {.prefix = prefix, .prefix_length = 64, .interface = HOME_LINK};
    struct route anywhere = {.prefix_length = 0, .interface = OUTSIDE};
    ck_assert_int_eq(routing_table_add(node->routes, &on_link), 0);
    ck_assert_int_eq(routing_table_add(node->routes, &anywhere), 0);
    ck_assert_int_eq(mobility_enable(node, &correspondent_node_configuration_default, 0), 0);
    ck_assert_int_eq(
        mobility_add_home_agent(node, &fixture->operator_says, HOME_LINK, &address, &prefix, 64, 0), 0);
    recording_link(&fixture->recorder, node, HOME_LINK, true, 0);
    recording_link(&fixture->recorder, node, OUTSIDE, true, 0);
    recording_run(&fixture->recorder, node, SETTLED);
    recording_environment_clear(&fixture->recorder);
    fixture->seen = 0;
}

void home_agent_fixture_close(struct home_agent_fixture *fixture)
{
    mobility_free(&fixture->node);
    node_free(&fixture->node);
    recording_environment_free(&fixture->recorder);
}

void home_agent_fixture_receive(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns now)
{
    uint8_t octets[1600];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    recording_receive(&fixture->recorder, &fixture->node, OUTSIDE, octets, length, now);
}

void home_agent_fixture_update(struct home_agent_fixture *fixture, unsigned sequence, unsigned lifetime,
                               time_ns now)
{
    static const uint8_t options[] = {NEXT_HEADER_MOBILITY, 2, 1, 2, 0, 0, 0xc9, 16};
    uint8_t packet[256] = {0x60, [6] = NEXT_HEADER_DESTINATION_OPTIONS, [7] = 64};
    struct ipv6_address home = address_from("2001:db8:1::100"), care_of = address_from("2001:db8:2::100");
    struct ipv6_address agent = address_from("2001:db8:1::1");
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    message.update.sequence = (uint16_t)sequence;
    message.update.lifetime = (uint16_t)lifetime;
    message.update.acknowledge = message.update.home_registration = true;
    memcpy(packet + IPV6_AT_SOURCE, care_of.octets, 16);
    memcpy(packet + IPV6_AT_DESTINATION, agent.octets, 16);
    memcpy(packet + 40, options, sizeof(options));
    memcpy(packet + 48, home.octets, 16);
    size_t length = mobility_message_write(&message, packet + 64, sizeof(packet) - 64);
    uint16_t checksum = ipv6_checksum(&home, &agent, NEXT_HEADER_MOBILITY, packet + 64, length);
    packet[68] = (uint8_t)(checksum >> 8);
    packet[69] = (uint8_t)checksum;
    packet[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)(24 + length);
    recording_receive(&fixture->recorder, &fixture->node, OUTSIDE, packet, 64 + length, now);
}

static const struct recorded_frame *next_packet(struct home_agent_fixture *fixture)
{
    while (fixture->seen < recording_frame_count(&fixture->recorder)) {
        const struct recorded_frame *frame = recording_frame(&fixture->recorder, fixture->seen++);
        if (frame->interface == OUTSIDE)
            return frame;
    }
    return NULL;
}

void home_agent_fixture_expect(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns time)
{
    const struct recorded_frame *frame = next_packet(fixture);
    ck_assert_ptr_nonnull(frame);
    expect_octets(frame->packet, hexadecimal);
    ck_assert_int_eq(frame->time, time);
}

unsigned home_agent_fixture_acknowledged(struct home_agent_fixture *fixture, unsigned *lifetime)
{
    const struct recorded_frame *frame = next_packet(fixture);
    ck_assert_ptr_nonnull(frame);
    const uint8_t *message = packet_octets(frame->packet) + IPV6_HEADER_LENGTH + TYPE_2_ROUTING_HEADER_LENGTH;
    ck_assert_uint_eq(message[2], MOBILITY_BINDING_ACKNOWLEDGEMENT);
    *lifetime = (unsigned)(message[10] << 8 | message[11]);
    return message[6];
}

void home_agent_fixture_expect_nothing(struct home_agent_fixture *fixture)
{
    ck_assert_ptr_null(next_packet(fixture));
}

/* -- for tests that look at all that has been sent -- */

void agent_hears(struct home_agent_fixture *fixture, unsigned interface, const char *hexadecimal, time_ns now)
{
    uint8_t octets[512];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    recording_receive(&fixture->recorder, &fixture->node, interface, octets, length, now);
}

/* The same on the home link, in a frame for the home agent. */
void agent_hears_on_home_link(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns now)
{
    char frame[1024];
    g_snprintf(frame, sizeof(frame), "020000000001 020000000064 86dd %s", hexadecimal);
    agent_hears(fixture, HOME_LINK, frame, now);
}

static void put_address(uint8_t *at, const struct ipv6_address *address)
{
    memcpy(at, address->octets, 16);
}

void agent_hears_update(struct home_agent_fixture *fixture, const struct agent_update *update, time_ns now)
{
    uint8_t packet[256] = {0x60, [7] = 60};
    struct ipv6_address home = address_from(update->home ? update->home : HOME_ADDRESS);
    struct ipv6_address care_of = address_from(update->care_of ? update->care_of : CARE_OF);
    struct ipv6_address agent = address_from(update->to ? update->to : HOME_AGENT);
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
    recording_receive(&fixture->recorder, &fixture->node, OUTSIDE, packet, at + length, now);
}

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

void agent_hears_icmpv6(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns now)
{
    uint8_t frame[256];
    size_t length = octets_from(hexadecimal, frame, sizeof(frame));
    fix_icmpv6_checksum(frame, length);
    recording_receive(&fixture->recorder, &fixture->node, HOME_LINK, frame, length, now);
}

void agent_knows_mobile_node(struct home_agent_fixture *fixture)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    neighbor_learn(&fixture->node, &fixture->node.interfaces[HOME_LINK], &home, &mobile_station, false,
                   fixture->recorder.now);
}

/* -- what came out -- */

const uint8_t *agent_octets(const struct recorded_frame *frame, size_t *length)
{
    *length = frame->packet->length;
    return packet_octets(frame->packet);
}

/* The frames of these octets on the interface, and the time of the last. */
unsigned agent_count_frames(const struct home_agent_fixture *fixture, unsigned interface,
                            const char *hexadecimal, time_ns *last)
{
    uint8_t expected[512];
    size_t expected_length = octets_from(hexadecimal, expected, sizeof(expected));
    unsigned count = 0;
    for (unsigned i = 0; i < recording_frame_count(&fixture->recorder); i++) {
        const struct recorded_frame *frame = recording_frame(&fixture->recorder, i);
        size_t length;
        const uint8_t *octets = agent_octets(frame, &length);
        if (frame->interface != interface || length != expected_length ||
            memcmp(octets, expected, length) != 0)
            continue;
        count++;
        if (last)
            *last = frame->time;
    }
    return count;
}

void agent_expect_sent(const struct home_agent_fixture *fixture, unsigned interface, const char *hexadecimal,
                       time_ns when)
{
    time_ns last = 0;
    ck_assert_uint_eq(agent_count_frames(fixture, interface, hexadecimal, &last), 1);
    ck_assert_int_eq(last, when);
}

/* Frames on the home link of this ICMPv6 type. */
unsigned agent_count_icmpv6(const struct home_agent_fixture *fixture, unsigned type)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recording_frame_count(&fixture->recorder); i++) {
        size_t length;
        const uint8_t *octets = agent_octets(recording_frame(&fixture->recorder, i), &length);
        count += recording_frame(&fixture->recorder, i)->interface == HOME_LINK && length > 54 &&
                 octets[20] == 58 && octets[54] == type;
    }
    return count;
}

const struct protocol_event *agent_acknowledgement(const struct home_agent_fixture *fixture)
{
    for (unsigned i = recording_event_count(&fixture->recorder); i-- > 0;) {
        const struct protocol_event *event = recording_event(&fixture->recorder, i);
        if (event->kind == EVENT_MESSAGE_SENT && strcmp(event->message, "Binding Acknowledgement") == 0)
            return event;
    }
    return NULL;
}

void agent_expect_acknowledged(const struct home_agent_fixture *fixture, int status, int sequence,
                               time_ns when)
{
    const struct protocol_event *event = agent_acknowledgement(fixture);
    ck_assert_ptr_nonnull(event);
    ck_assert_int_eq(event->status, status);
    ck_assert_int_eq(event->sequence, sequence);
    ck_assert_int_eq(event->time, when);
}

struct binding *agent_entry(const struct home_agent_fixture *fixture)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    return binding_cache_find(&fixture->node.mobility->bindings, &home);
}

bool agent_is_bound_to(const struct home_agent_fixture *fixture, const char *care_of)
{
    struct ipv6_address home = address_from(HOME_ADDRESS);
    struct ipv6_address address = address_from(care_of);
    const struct binding *binding = binding_cache_lookup(&fixture->node.mobility->bindings, &home);
    return binding && ipv6_address_equal(&binding->care_of_address, &address);
}

bool agent_is_proxied(const struct home_agent_fixture *fixture, const char *text)
{
    struct ipv6_address address = address_from(text);
    return proxy_serves(&fixture->node, &fixture->node.interfaces[HOME_LINK], &address);
}
