/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipv6_fixture.c - see ipv6_fixture.h.
 */
#include "tests/unit/ipv6_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/routing_table.h"

static void begin(struct fixture *fixture, const struct node_configuration *configuration,
                  unsigned interfaces, uint16_t mtu)
{
    recording_environment_init(&fixture->recorder, NULL);
    fixture->configuration = *configuration;
    fixture->configuration.stateless_autoconfiguration = false;
    fixture->configuration.duplicate_detection_transmits = 0;
    ck_assert_int_eq(
        node_init(&fixture->node, &fixture->recorder.environment, &fixture->configuration, interfaces), 0);
    fixture->node.routes = routing_table_new();
    for (unsigned i = 0; i < interfaces; i++) {
        struct ethernet_address station = {.octets = {0x02, 0, 0, 0, 0, (uint8_t)i}};
        node_configure_interface(&fixture->node, i, INTERFACE_POINT_TO_POINT, &station, i == 0 ? 1500 : mtu);
    }
}

static void bring_up(struct fixture *fixture)
{
    for (unsigned i = 0; i < fixture->node.interface_count; i++)
        recording_link(&fixture->recorder, &fixture->node, i, true, 0);
    recording_run(&fixture->recorder, &fixture->node, SECONDS(20));
    recording_environment_clear(&fixture->recorder);
}

void fixture_route(struct fixture *fixture, const char *prefix, unsigned length, unsigned interface,
                   const char *next_hop)
{
    struct route route = {
        .prefix = address_from(prefix),
        .prefix_length = (uint8_t)length,
        .interface = (uint16_t)interface,
        .next_hop = next_hop ? address_from(next_hop) : ipv6_unspecified,
    };
    ck_assert_int_eq(routing_table_add(fixture->node.routes, &route), 0);
}

void fixture_address(struct fixture *fixture, unsigned interface, const char *text)
{
    struct ipv6_address address = address_from(text);
    ck_assert_int_eq(
        address_add(&fixture->node, interface, &address, 64, ADDRESS_CONFIGURED, false, false, 0), 0);
}

void fixture_host(struct fixture *fixture, const char *address)
{
    begin(fixture, &node_configuration_default_host, 1, 1500);
    fixture_address(fixture, 0, address);
    fixture_route(fixture, "::", 0, 0, NULL);
    bring_up(fixture);
}

void fixture_router(struct fixture *fixture, uint16_t mtu)
{
    begin(fixture, &node_configuration_default_router, 2, mtu);
    fixture_address(fixture, 0, ADDRESS_ROUTER);
    fixture_address(fixture, 1, "2001:db8:2::fe");
    fixture_route(fixture, "2001:db8:1::", 64, 0, NULL);
    fixture_route(fixture, "2001:db8:2::", 64, 1, NULL);
    fixture_route(fixture, "2001:db8:9::", 64, 1, "2001:db8:2::ff");
    bring_up(fixture);
}

void fixture_free(struct fixture *fixture)
{
    node_free(&fixture->node);
    recording_environment_free(&fixture->recorder);
}

void fixture_receive(struct fixture *fixture, const void *octets, size_t length)
{
    recording_environment_clear(&fixture->recorder);
    recording_receive(&fixture->recorder, &fixture->node, 0, octets, length, fixture->recorder.now);
}

void fixture_expect_sent(struct fixture *fixture, const void *octets, size_t length)
{
    ck_assert_uint_eq(recording_frame_count(&fixture->recorder), 1);
    const struct packet *packet = recording_frame(&fixture->recorder, 0)->packet;
    ck_assert_uint_eq(packet->length, length);
    ck_assert_mem_eq(packet_octets(packet), octets, length);
}

void fixture_expect_nothing_sent(struct fixture *fixture)
{
    ck_assert_uint_eq(recording_frame_count(&fixture->recorder), 0);
}

void fixture_expect_discard(struct fixture *fixture, enum discard_reason reason)
{
    ck_assert_str_eq(discard_reason_text(recording_last_discard(&fixture->recorder)),
                     discard_reason_text(reason));
}

size_t packet_between(uint8_t *octets, const char *source, const char *destination, uint8_t next_header,
                      const void *payload, size_t length)
{
    struct ipv6_address from = address_from(source), to = address_from(destination);
    const uint8_t front[8] = {0x60, 0, 0, 0, (uint8_t)(length >> 8), (uint8_t)length, next_header, 64};
    memcpy(octets, front, sizeof(front));
    memcpy(octets + IPV6_AT_SOURCE, from.octets, 16);
    memcpy(octets + IPV6_AT_DESTINATION, to.octets, 16);
    if (length > 0)
        memcpy(octets + IPV6_HEADER_LENGTH, payload, length);
    return IPV6_HEADER_LENGTH + length;
}

bool checksum_verifies(const uint8_t *packet, size_t length, size_t offset, uint8_t protocol,
                       const struct ipv6_address *source, const struct ipv6_address *destination)
{
    /* Word by word, as RFC 1071 describes it: not the way the library does it. */
    uint32_t sum = (uint32_t)(length - offset) + protocol;
    for (unsigned i = 0; i < 16; i += 2)
        sum += (uint32_t)(source->octets[i] << 8 | source->octets[i + 1]) +
               (uint32_t)(destination->octets[i] << 8 | destination->octets[i + 1]);
    for (size_t i = offset; i < length; i += 2)
        sum += (uint32_t)(packet[i] << 8) + (i + 1 < length ? packet[i + 1] : 0);
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum == 0xffff;
}
