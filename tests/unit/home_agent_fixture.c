/* SPDX-License-Identifier: GPL-2.0-or-later */
/* home_agent_fixture.c - see home_agent_fixture.h. */
#include "tests/unit/home_agent_fixture.h"

#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/routing_table.h"

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
    static const struct ethernet_address station = {{2, 0, 0, 0, 0, 1}};
    struct ipv6_address address = address_from("2001:db8:1::1"), prefix = address_from("2001:db8:1::");
    struct node *node = &fixture->node;
    recording_environment_init(&fixture->recorder, NULL);
    ck_assert_int_eq(node_init(node, &fixture->recorder.environment, &fixture->router, 2), 0);
    node_configure_interface(node, HOME_LINK, INTERFACE_ETHERNET, &station, 1500);
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
    uint8_t octets[1600];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    const struct recorded_frame *frame = next_packet(fixture);
    ck_assert_ptr_nonnull(frame);
    ck_assert_uint_eq(frame->packet->length, length);
    ck_assert_mem_eq(packet_octets(frame->packet), octets, length);
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
