/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forged_packet.c - see forged_packet.h. From the inside out: the upper-layer message with its checksum over
 * the addresses that upper layers will see, ESP if asked for, then the headers in front of it in the order of
 * RFC 6275, 6.3 and 6.4: type 2 routing header, destination options.
 */
#include "models/attack/forged_packet.h"

#include <string.h>

#include "models/base/cursor.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/udp.h"

#define HOP_LIMIT 64

/* -- upper layers -- */

static struct packet *make_mobility(struct environment *environment, struct forged_packet *forged)
{
    uint8_t octets[MOBILITY_MESSAGE_LENGTH_MAX];
    struct mobility_message *message = &forged->message;
    message->type = forged->kind;
    size_t length = mobility_message_write(message, octets, sizeof(octets));
    if (length == 0)
        return NULL;
    if (forged->kbm && message->has_authorization_data)
        keygen_authenticator(forged->kbm, &forged->care_of_address, &forged->correspondent, octets,
                             message->authenticator_at, octets + message->authenticator_at);
    struct packet *packet = packet_new(environment->packets, PACKET_HEADROOM, length);
    memcpy(packet_octets(packet), octets, length);
    return packet;
}

/* Ones: not to be taken for a datagram of a flow (models/traffic/flow.h). */
static void fill(struct cursor *c, size_t length)
{
    uint8_t *octets = cursor_take(c, length);
    if (octets)
        memset(octets, 0xff, length);
}

static struct packet *make_datagram(struct environment *environment, const struct forged_packet *forged)
{
    size_t length = UDP_HEADER_LENGTH + (size_t)forged->payload;
    struct packet *packet = packet_new(environment->packets, PACKET_HEADROOM, length);
    struct cursor c = cursor_over(packet_octets(packet), length);
    cursor_put16(&c, forged->source_port);
    cursor_put16(&c, forged->destination_port);
    cursor_put16(&c, (uint16_t)length);
    cursor_put16(&c, 0);
    fill(&c, forged->payload);
    return packet;
}

static struct packet *make_echo_request(struct environment *environment, const struct forged_packet *forged)
{
    size_t length = ICMPV6_ECHO_HEADER_LENGTH + (size_t)forged->payload;
    struct packet *packet = packet_new(environment->packets, PACKET_HEADROOM, length);
    struct cursor c = cursor_over(packet_octets(packet), length);
    cursor_put8(&c, ICMPV6_ECHO_REQUEST);
    cursor_zero(&c, 3); /* code, checksum */
    cursor_put16(&c, forged->source_port);
    cursor_put16(&c, forged->destination_port);
    fill(&c, forged->payload);
    return packet;
}

static struct packet *make_icmp_error(struct environment *environment, const struct forged_packet *forged)
{
    size_t quoted = forged->quoted_length < FORGED_QUOTE_MAX ? forged->quoted_length : FORGED_QUOTE_MAX;
    size_t length = ICMPV6_ERROR_HEADER_LENGTH + quoted;
    struct packet *packet = packet_new(environment->packets, PACKET_HEADROOM, length);
    struct cursor c = cursor_over(packet_octets(packet), length);
    cursor_put8(&c, forged->icmp_type);
    cursor_put8(&c, forged->icmp_code);
    cursor_put16(&c, 0);
    /* the pointer of a Parameter Problem: the first octet that names a header (RFC 4443, 3.4) */
    cursor_put32(&c, forged->icmp_type == ICMPV6_PARAMETER_PROBLEM ? IPV6_AT_NEXT_HEADER : 0);
    if (quoted > 0)
        cursor_put(&c, forged->quoted, quoted);
    return packet;
}

static struct packet *make_upper(struct environment *environment, struct forged_packet *forged,
                                 uint8_t *next_header)
{
    *next_header = NEXT_HEADER_ICMPV6;
    switch (forged->kind) {
    case ATTACK_UDP:
        *next_header = NEXT_HEADER_UDP;
        return make_datagram(environment, forged);
    case ATTACK_ECHO_REQUEST:
        return make_echo_request(environment, forged);
    case ATTACK_ICMP_ERROR:
        return make_icmp_error(environment, forged);
    case ATTACK_ESP:
    case ATTACK_OTHER:
        return NULL;
    default:
        *next_header = NEXT_HEADER_MOBILITY;
        return make_mobility(environment, forged);
    }
}

static void fill_checksum(const struct forged_packet *forged, struct packet *packet, uint8_t next_header)
{
    const struct ipv6_address *source = forged->home_address_option ? &forged->home_address : &forged->source;
    const struct ipv6_address *destination =
        forged->type_2_routing ? &forged->routing_address : &forged->destination;
    int at = ipv6_checksum_offset(next_header);
    uint8_t *octets = packet_octets(packet);
    uint16_t checksum = ipv6_checksum(source, destination, next_header, octets, packet->length);
    if (checksum == 0 && next_header == NEXT_HEADER_UDP)
        checksum = 0xffff;
    octets[at] = (uint8_t)(checksum >> 8);
    octets[at + 1] = (uint8_t)checksum;
}

/* -- headers -- */

static bool protect(struct environment *environment, const struct forged_packet *forged,
                    struct packet **packet, uint8_t *next_header)
{
    uint8_t iv[ESP_IV_MAX];
    environment->operations->random(environment, RANDOM_ATTACK, iv, esp_iv_length(forged->association));
    if (esp_encapsulate(forged->engine, forged->association, iv, packet, *next_header) != 0)
        return false;
    *next_header = NEXT_HEADER_ESP;
    return true;
}

static void prepend_address(struct packet *packet, const uint8_t front[8], const struct ipv6_address *address)
{
    uint8_t *header = packet_prepend(packet, 24);
    memcpy(header, front, 8);
    memcpy(header + 8, address->octets, 16);
}

static void prepend_headers(const struct forged_packet *forged, struct packet *packet, uint8_t next_header)
{
    if (forged->home_address_option) {
        const uint8_t front[8] = {
            next_header, HOME_ADDRESS_HEADER_LENGTH / 8 - 1, OPTION_PADN, 2, 0, 0, OPTION_HOME_ADDRESS, 16};
        prepend_address(packet, front, &forged->home_address);
        next_header = NEXT_HEADER_DESTINATION_OPTIONS;
    }
    if (forged->type_2_routing) {
        const uint8_t front[8] = {next_header, TYPE_2_ROUTING_HEADER_LENGTH / 8 - 1, 2, 1};
        prepend_address(packet, front, &forged->routing_address);
        next_header = NEXT_HEADER_ROUTING;
    }
    size_t payload = packet->length;
    struct cursor c = cursor_over(packet_prepend(packet, IPV6_HEADER_LENGTH), IPV6_HEADER_LENGTH);
    cursor_put32(&c, 0x60000000);
    cursor_put16(&c, (uint16_t)payload);
    cursor_put8(&c, next_header);
    cursor_put8(&c, HOP_LIMIT);
    cursor_put(&c, forged->source.octets, 16);
    cursor_put(&c, forged->destination.octets, 16);
}

struct packet *forged_packet_make(struct environment *environment, struct forged_packet *forged)
{
    uint8_t next_header;
    struct packet *packet = make_upper(environment, forged, &next_header);
    if (!packet)
        return NULL;
    fill_checksum(forged, packet, next_header);
    if (forged->engine && !protect(environment, forged, &packet, &next_header)) {
        packet_release(packet);
        return NULL;
    }
    prepend_headers(forged, packet, next_header);
    return packet;
}
