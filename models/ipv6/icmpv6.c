/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * icmpv6.c - ICMPv6 (RFC 4443): errors sent and received, echo, and the way to the modules of the other
 * messages.
 *
 * An error leaves from the address that the offending packet was sent to, when that is the node's (2.2 a),
 * quotes as much of it as fits in 1280 octets (2.4 c), never answers what 2.4 (e) forbids, and is held to a
 * rate by a token bucket (2.4 f). It goes out by ipv6_send like any packet, so a mobile node's errors find
 * their way home.
 *
 * An error received is believed only if the packet it quotes has one of this node's addresses as its source.
 * Then a Packet Too Big narrows the path, an error about a tunnel is told on (RFC 2473, 8), and the extension
 * hears of it.
 */
#include "models/ipv6/icmpv6.h"

#include <stdlib.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/extension_header.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/next_hop.h"
#include "models/ipv6/node.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/redirect.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/router_discovery.h"
#include "models/ipv6/tunnel.h"
#include "models/ipv6/udp.h"

#define NANOSECONDS_PER_SECOND INT64_C(1000000000)

/* An address to answer from: not a group, nor an anycast address (2.2). */
static bool is_own_unicast(const struct node *node, const struct interface *interface,
                           const struct ipv6_address *address)
{
    return !ipv6_address_is_multicast(address) && ipv6_is_own_address(node, interface, address) &&
           address_find(node, address);
}

/* -- sending errors -- */

/* The bucket fills by one token each 1/rate seconds. */
bool token_bucket_take(struct token_bucket *bucket, unsigned per_second, unsigned most, time_ns now)
{
    time_ns rate = per_second, burst = most, elapsed = now - bucket->filled;
    if (elapsed >= burst * NANOSECONDS_PER_SECOND / rate) {
        bucket->tokens = most;
        bucket->filled = now;
    } else {
        time_ns fresh = elapsed * rate / NANOSECONDS_PER_SECOND;
        time_ns tokens = fresh + bucket->tokens;
        bucket->tokens = (uint32_t)(tokens < burst ? tokens : burst);
        bucket->filled += fresh * NANOSECONDS_PER_SECOND / rate;
    }
    if (bucket->tokens == 0)
        return false;
    bucket->tokens--;
    return true;
}

struct rate_limits *icmpv6_limits(struct node *node)
{
    if (node->limits)
        return node->limits;
    node->limits = calloc(1, sizeof(*node->limits));
    if (node->limits) {
        node->limits->errors.tokens = node->configuration->icmp_error_burst;
        node->limits->redirects.tokens = REDIRECT_BURST;
    }
    return node->limits;
}

static bool take_token(struct node *node, time_ns now)
{
    const struct node_configuration *configuration = node->configuration;
    if (configuration->icmp_errors_per_second == 0)
        return true;
    struct rate_limits *limits = icmpv6_limits(node);
    return limits && token_bucket_take(&limits->errors, configuration->icmp_errors_per_second,
                                       configuration->icmp_error_burst, now);
}

/* RFC 4443, 2.4 (e.1) and (e.2). A packet whose upper layer is out of reach may be an error: it gets no
 * answer, but for what is wrong with its headers: that must be told of fragments (RFC 8200, 4.5), and no
 * error is so long that it comes in those. */
static bool is_error_or_redirect(const struct packet *packet, bool about_headers)
{
    const uint8_t *octets = packet_octets(packet);
    struct extension_chain chain = extension_chain_of_packet(octets, packet->length);
    if (chain.fragmented)
        return chain.next_header == NEXT_HEADER_ICMPV6 && !about_headers;
    if (!chain.complete || chain.next_header != NEXT_HEADER_ICMPV6)
        return false;
    if (chain.offset >= packet->length)
        return !(chain.more_fragments && about_headers);
    uint8_t type = octets[chain.offset];
    return icmpv6_type_is_error(type) || type == ICMPV6_REDIRECT;
}

static bool error_is_forbidden(const struct packet *offending, uint8_t type, uint8_t code,
                               bool link_layer_multicast)
{
    if (offending->length < IPV6_HEADER_LENGTH)
        return true;
    struct ipv6_address source = ipv6_address_read(packet_octets(offending) + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(packet_octets(offending) + IPV6_AT_DESTINATION);
    if (ipv6_address_is_unspecified(&source) || ipv6_address_is_multicast(&source) ||
        ipv6_address_is_loopback(&source))
        return true;
    bool multicast_allowed = type == ICMPV6_PACKET_TOO_BIG ||
                             (type == ICMPV6_PARAMETER_PROBLEM && code == PARAMETER_UNRECOGNIZED_OPTION);
    if (!multicast_allowed && (link_layer_multicast || ipv6_address_is_multicast(&destination)))
        return true;
    return is_error_or_redirect(offending, type == ICMPV6_PARAMETER_PROBLEM);
}

void icmpv6_send_error(struct node *node, struct interface *arrived, const struct packet *offending,
                       uint8_t type, uint8_t code, uint32_t parameter, bool link_layer_multicast, time_ns now)
{
    if (error_is_forbidden(offending, type, code, link_layer_multicast) || !take_token(node, now))
        return;
    struct outbound out = OUTBOUND_INITIALIZER;
    struct ipv6_address destination = ipv6_address_read(packet_octets(offending) + IPV6_AT_DESTINATION);
    out.destination = ipv6_address_read(packet_octets(offending) + IPV6_AT_SOURCE);
    out.next_header = NEXT_HEADER_ICMPV6;
    if (ipv6_address_is_link_local(&out.destination)) {
        out.interface = arrived ? arrived : next_hop_link_of(node, &out.destination);
        if (!out.interface)
            return;
    }
    if (is_own_unicast(node, out.interface, &destination))
        out.source = destination;

    uint32_t quoted = IPV6_MTU_MINIMUM - IPV6_HEADER_LENGTH - ICMPV6_ERROR_HEADER_LENGTH;
    if (quoted > offending->length)
        quoted = offending->length;
    out.packet = packet_new(node->environment->packets, PACKET_HEADROOM, ICMPV6_ERROR_HEADER_LENGTH + quoted);
    uint8_t *message = packet_octets(out.packet);
    const uint8_t header[ICMPV6_ERROR_HEADER_LENGTH] = {
        type,
        code,
        0,
        0,
        (uint8_t)(parameter >> 24),
        (uint8_t)(parameter >> 16),
        (uint8_t)(parameter >> 8),
        (uint8_t)parameter,
    };
    memcpy(message, header, sizeof(header));
    memcpy(message + sizeof(header), packet_octets(offending), quoted);
    ipv6_send(node, &out, now);
}

/* -- receiving errors -- */

static void receive_error(struct node *node, struct inbound *in, time_ns now)
{
    const uint8_t *message = inbound_payload(in);
    size_t length = inbound_payload_length(in);
    if (length < ICMPV6_ERROR_HEADER_LENGTH + IPV6_HEADER_LENGTH) {
        inbound_discard(node, in, DISCARD_ICMPV6, now);
        return;
    }
    uint8_t type = message[0], code = message[1];
    uint32_t parameter =
        (uint32_t)message[4] << 24 | (uint32_t)message[5] << 16 | (uint32_t)message[6] << 8 | message[7];
    const uint8_t *original = message + ICMPV6_ERROR_HEADER_LENGTH;
    length -= ICMPV6_ERROR_HEADER_LENGTH;
    struct ipv6_address source = ipv6_address_read(original + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(original + IPV6_AT_DESTINATION);
    if (original[0] >> 4 != 6 || ipv6_address_is_multicast(&source) ||
        !ipv6_is_own_address(node, in->interface, &source)) {
        inbound_discard(node, in, DISCARD_ICMPV6, now);
        return;
    }
    if (type == ICMPV6_PACKET_TOO_BIG)
        path_mtu_learn(node, &destination, parameter, now);
    struct extension_chain chain = extension_chain_of_packet(original, length);
    if (chain.complete && chain.next_header == NEXT_HEADER_IPV6)
        tunnel_relay_error(node, original, length, chain.offset, type, code, parameter, now);
    if (node->extension && node->extension->icmp_error)
        node->extension->icmp_error(node, in, type, code, parameter, original, length, now);
    packet_release(in->packet);
    in->packet = NULL;
}

/* -- echo -- */

/* The reply is the request with another type: the same packet goes back, its headers cut off. */
static void answer_echo(struct node *node, struct inbound *in, time_ns now)
{
    if (ipv6_address_is_unspecified(&in->source)) { /* nobody can be sent to (RFC 4291, 2.5.2) */
        inbound_discard(node, in, DISCARD_SOURCE_ADDRESS, now);
        return;
    }
    if (node->extension && node->extension->delivered)
        node->extension->delivered(node, in, now);
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = packet_writable(in->packet);
    in->packet = NULL;
    packet_remove_front(out.packet, in->offset);
    uint8_t *message = packet_octets(out.packet);
    message[0] = ICMPV6_ECHO_REPLY;
    message[2] = 0;
    message[3] = 0;
    out.next_header = NEXT_HEADER_ICMPV6;
    out.destination = in->source;
    if (ipv6_address_is_link_local(&in->source) || ipv6_address_is_multicast(&in->destination))
        out.interface = in->interface;
    if (is_own_unicast(node, in->interface, &in->destination))
        out.source = in->destination;
    ipv6_send(node, &out, now);
}

static void receive_echo_reply(struct node *node, struct inbound *in, time_ns now)
{
    const uint8_t *message = inbound_payload(in);
    struct application *application =
        ports_find(node, NEXT_HEADER_ICMPV6, (uint16_t)(message[4] << 8 | message[5]));
    if (!application) {
        inbound_discard(node, in, DISCARD_ICMPV6, now);
        return;
    }
    application->receive(application, node, in, (uint16_t)(message[6] << 8 | message[7]),
                         message + ICMPV6_ECHO_HEADER_LENGTH,
                         inbound_payload_length(in) - ICMPV6_ECHO_HEADER_LENGTH, now);
    if (node->extension && node->extension->delivered)
        node->extension->delivered(node, in, now);
    packet_release(in->packet);
    in->packet = NULL;
}

int icmpv6_echo_bind(struct node *node, struct application *application, uint16_t identifier)
{
    return ports_bind(node, application, NEXT_HEADER_ICMPV6, identifier);
}

void icmpv6_echo_unbind(struct node *node, struct application *application)
{
    ports_unbind(node, application);
}

int icmpv6_echo_send(struct node *node, struct outbound *out, uint16_t identifier, uint16_t sequence,
                     time_ns now)
{
    out->packet = packet_with_headroom(out->packet, ICMPV6_ECHO_HEADER_LENGTH);
    const uint8_t header[ICMPV6_ECHO_HEADER_LENGTH] = {
        ICMPV6_ECHO_REQUEST,
        0,
        0,
        0,
        (uint8_t)(identifier >> 8),
        (uint8_t)identifier,
        (uint8_t)(sequence >> 8),
        (uint8_t)sequence,
    };
    memcpy(packet_prepend(out->packet, sizeof(header)), header, sizeof(header));
    out->next_header = NEXT_HEADER_ICMPV6;
    return ipv6_send(node, out, now);
}

/* -- dispatch -- */

/* A message this node does not know goes to the extension; an informational one that it does not know either
 * is discarded without a word (RFC 4443, 2.4 b). */
static void receive_other(struct node *node, struct inbound *in, time_ns now)
{
    if (!node->extension || !node->extension->receive || !node->extension->receive(node, in, now))
        inbound_discard(node, in, DISCARD_ICMPV6, now);
}

static void receive_message(struct node *node, struct inbound *in, uint8_t type, time_ns now)
{
    switch (type) {
    case ICMPV6_ECHO_REQUEST:
        answer_echo(node, in, now);
        break;
    case ICMPV6_ECHO_REPLY:
        receive_echo_reply(node, in, now);
        break;
    case ICMPV6_ROUTER_SOLICITATION:
        router_solicitation_receive(node, in, now);
        break;
    case ICMPV6_ROUTER_ADVERTISEMENT:
        router_advertisement_receive(node, in, now);
        break;
    case ICMPV6_NEIGHBOR_SOLICITATION:
    case ICMPV6_NEIGHBOR_ADVERTISEMENT:
    case ICMPV6_REDIRECT:
        neighbor_discovery_receive(node, in, type, now);
        break;
    default:
        if (icmpv6_type_is_error(type))
            receive_error(node, in, now);
        else
            receive_other(node, in, now);
        break;
    }
}

void icmpv6_receive(struct node *node, struct inbound *in, time_ns now)
{
    size_t length = inbound_payload_length(in);
    if (length < ICMPV6_ECHO_HEADER_LENGTH) { /* no message is shorter */
        inbound_discard(node, in, DISCARD_ICMPV6, now);
        return;
    }
    if (ipv6_checksum(&in->source, &in->destination, NEXT_HEADER_ICMPV6, inbound_payload(in), length) != 0) {
        inbound_discard(node, in, DISCARD_CHECKSUM, now);
        return;
    }
    receive_message(node, in, inbound_payload(in)[0], now);
}
