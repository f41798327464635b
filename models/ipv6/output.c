/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.c - a packet goes out: source address, mobility's detour, headers, fragments, next hop.
 *
 * RFC 8200, 4.1 (order of headers), 4.5 and 5 (fragmentation at the source, path MTU), 8.1 (checksum over the
 * final addresses); RFC 6275, 6.3 and 6.4 (where the Home Address option and the type 2 routing header
 * stand). The result is
 *
 *     IPv6 | type 2 routing header (24) | destination options with Home Address option (24) | upper layer
 *
 * where either header in the middle may be missing, and both stand in front of a fragment header. The
 * checksum covers the addresses that upper layers see; it is computed once, here, when both are known.
 * Then, where the policy demands it, ESP takes the upper layer's place (RFC 6275, 11.3.2).
 *
 * A packet that no route fits is reported with the headers it would have had.
 */
#include <string.h>

#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/fragment.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/loopback.h"
#include "models/ipv6/next_hop.h"
#include "models/ipv6/node.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/tunnel.h"

static const uint8_t version_6[4] = {0x60};

/* -- headers -- */

static void prepend_ipv6(struct packet *packet, uint8_t next_header, uint8_t hop_limit,
                         const struct ipv6_address *source, const struct ipv6_address *destination)
{
    uint32_t payload = packet->length;
    uint8_t *header = packet_prepend(packet, IPV6_HEADER_LENGTH);
    memcpy(header, version_6, sizeof(version_6));
    header[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)(payload >> 8);
    header[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)payload;
    header[IPV6_AT_NEXT_HEADER] = next_header;
    header[IPV6_AT_HOP_LIMIT] = hop_limit;
    memcpy(header + IPV6_AT_SOURCE, source->octets, 16);
    memcpy(header + IPV6_AT_DESTINATION, destination->octets, 16);
}

/* RFC 6275, 6.3: the option is aligned to 8n + 6, so four octets of PadN come first. */
static void prepend_home_address(struct packet *packet, uint8_t next_header,
                                 const struct ipv6_address *home_address)
{
    uint8_t *header = packet_prepend(packet, HOME_ADDRESS_HEADER_LENGTH);
    const uint8_t front[8] = {
        next_header, HOME_ADDRESS_HEADER_LENGTH / 8 - 1, OPTION_PADN, 2, 0, 0, OPTION_HOME_ADDRESS, 16};
    memcpy(header, front, sizeof(front));
    memcpy(header + sizeof(front), home_address->octets, 16);
}

/* RFC 6275, 6.4.1 */
static void prepend_type_2_routing(struct packet *packet, uint8_t next_header,
                                   const struct ipv6_address *home_address)
{
    uint8_t *header = packet_prepend(packet, TYPE_2_ROUTING_HEADER_LENGTH);
    const uint8_t front[8] = {next_header, TYPE_2_ROUTING_HEADER_LENGTH / 8 - 1, 2, 1};
    memcpy(header, front, sizeof(front));
    memcpy(header + sizeof(front), home_address->octets, 16);
}

static void fill_checksum(struct packet *packet, const struct outbound *out)
{
    int offset = ipv6_checksum_offset(out->next_header);
    if (offset < 0 || packet->length < (uint32_t)offset + 2)
        return;
    uint8_t *upper = packet_octets(packet);
    uint16_t checksum =
        ipv6_checksum(&out->source, &out->destination, out->next_header, upper, packet->length);
    if (checksum == 0 && out->next_header == NEXT_HEADER_UDP)
        checksum = 0xffff;
    upper[offset] = (uint8_t)(checksum >> 8);
    upper[offset + 1] = (uint8_t)checksum;
}

/* The complete packet, and where a fragment header would go. */
struct assembled {
    struct packet *packet;
    uint32_t unfragmentable;
    uint32_t next_header_at;
};

/* The upper-layer packet is complete. False: the policy forbids that it goes. */
static bool finish_upper_layer(struct node *node, struct outbound *out, enum discard_reason *reason)
{
    out->packet = packet_with_headroom(
        out->packet, IPV6_HEADER_LENGTH + HOME_ADDRESS_HEADER_LENGTH + TYPE_2_ROUTING_HEADER_LENGTH);
    fill_checksum(out->packet, out);
    return !node->ipsec || ipsec_send(node, out, reason);
}

static struct assembled assemble(const struct node *node, const struct outbound *out)
{
    struct assembled assembled = {.unfragmentable = IPV6_HEADER_LENGTH,
                                  .next_header_at = IPV6_AT_NEXT_HEADER};
    struct packet *packet = out->packet;
    uint8_t next_header = out->next_header;
    if (out->home_address_option) {
        prepend_home_address(packet, next_header, &out->source);
        next_header = NEXT_HEADER_DESTINATION_OPTIONS;
    }
    if (out->type_2_routing) {
        prepend_type_2_routing(packet, next_header, &out->destination);
        next_header = NEXT_HEADER_ROUTING;
        assembled.next_header_at = assembled.unfragmentable;
        assembled.unfragmentable += TYPE_2_ROUTING_HEADER_LENGTH;
    }
    if (out->home_address_option) {
        assembled.next_header_at = assembled.unfragmentable;
        assembled.unfragmentable += HOME_ADDRESS_HEADER_LENGTH;
    }
    prepend_ipv6(packet, next_header, out->hop_limit ? out->hop_limit : node->configuration->hop_limit,
                 out->home_address_option ? &out->wire_source : &out->source,
                 out->type_2_routing ? &out->wire_destination : &out->destination);
    assembled.packet = packet;
    return assembled;
}

/* -- on its way -- */

static int discard(struct node *node, struct interface *interface, struct packet *packet,
                   enum discard_reason reason, int error, time_ns now)
{
    node_discard(node, interface, packet, reason, now);
    return error;
}

/* Is the packet for this node itself? */
static bool is_for_self(const struct node *node, struct interface *out,
                        const struct ipv6_address *destination)
{
    if (ipv6_address_is_multicast(destination))
        return false;
    if (!out && node->interface_count == 1)
        out = &node->interfaces[0];
    return ipv6_is_own_address(node, out, destination);
}

static int emit_to_next_hop(struct node *node, struct packet *fragment, void *context, time_ns now)
{
    next_hop_send(node, context, fragment, now);
    return 0;
}

static bool find_next_hop(struct node *node, const struct outbound *out,
                          const struct ipv6_address *destination, struct next_hop *next_hop)
{
    if (out->interface && (out->next_hop || out->link_layer_destination)) {
        *next_hop = (struct next_hop){
            .interface = out->interface,
            .address = out->next_hop ? out->next_hop : destination,
            .station = out->link_layer_destination,
        };
        return true;
    }
    return next_hop_find(node, destination, out->interface, next_hop);
}

static int send_directly(struct node *node, const struct outbound *out, const struct assembled *assembled,
                         time_ns now)
{
    struct packet *packet = assembled->packet;
    const struct ipv6_address *destination = out->type_2_routing ? &out->wire_destination : &out->destination;
    struct next_hop next_hop;
    if (!out->next_hop && is_for_self(node, out->interface, destination)) {
        loopback_send(node, packet, now);
        return 0;
    }
    if (!find_next_hop(node, out, destination, &next_hop))
        return discard(node, out->interface, packet, DISCARD_NO_ROUTE, ERROR_NO_ROUTE, now);
    /* what the link's routers have advertised (RFC 4861, 6.3.4), else the configured one */
    if (!out->hop_limit)
        packet_octets(packet)[IPV6_AT_HOP_LIMIT] = next_hop.interface->hop_limit;
    uint16_t mtu = path_mtu_lookup(node, destination, next_hop.interface->mtu, now);
    if (packet->length > mtu)
        return fragment_send(node, packet, assembled->unfragmentable, assembled->next_header_at, mtu,
                             emit_to_next_hop, &next_hop, now);
    next_hop_send(node, &next_hop, packet, now);
    return 0;
}

static int emit_to_tunnel(struct node *node, struct packet *fragment, void *context, time_ns now)
{
    const struct outbound *out = context;
    return tunnel_send(node, fragment, &out->tunnel_source, &out->tunnel_destination, out->tunnel_hop_limit,
                       now);
}

static int send_through_tunnel(struct node *node, struct outbound *out, const struct assembled *assembled,
                               time_ns now)
{
    struct ipv6_address destination =
        ipv6_address_read(packet_octets(assembled->packet) + IPV6_AT_DESTINATION);
    /* The tunnel is the packet's first link, and behind it the path may be narrower (RFC 2473, 7). */
    uint16_t mtu = path_mtu_lookup(
        node, &destination,
        tunnel_mtu(node, assembled->packet, &out->tunnel_source, &out->tunnel_destination, now), now);
    if (assembled->packet->length > mtu)
        return fragment_send(node, assembled->packet, assembled->unfragmentable, assembled->next_header_at,
                             mtu, emit_to_tunnel, out, now);
    return emit_to_tunnel(node, assembled->packet, out, now);
}

/* -- what mobility decides -- */

static bool choose_source(struct node *node, struct outbound *out, time_ns now)
{
    if (out->source_fixed || !ipv6_address_is_unspecified(&out->source))
        return true;
    const struct node_extension *extension = node->extension;
    if (extension && extension->choose_source &&
        extension->choose_source(node, &out->destination, &out->source, now))
        return true;
    return ipv6_choose_source(node, &out->destination, out->interface, &out->source, now);
}

/* Neighbor Discovery is never routed by way of a care-of address (RFC 6275, 9.3.2), nor is what stays on the
 * link, nor what has no source. */
static bool may_be_rerouted(const struct outbound *out)
{
    if (out->routed || ipv6_address_is_unspecified(&out->source) ||
        ipv6_address_is_link_local(&out->destination) ||
        ipv6_address_is_link_scope_multicast(&out->destination))
        return false;
    if (out->next_header != NEXT_HEADER_ICMPV6 || out->packet->length == 0)
        return true;
    uint8_t type = packet_octets(out->packet)[0];
    return type < ICMPV6_ROUTER_SOLICITATION || type > ICMPV6_REDIRECT;
}

static int ask_route_hook(struct node *node, struct outbound *out, time_ns now)
{
    const struct node_extension *extension = node->extension;
    if (!extension || !extension->route || !may_be_rerouted(out))
        return 0;
    return extension->route(node, out, now);
}

static enum packet_path path_of(const struct outbound *out)
{
    if (out->home_address_option || out->type_2_routing)
        return PATH_ROUTE_OPTIMIZED;
    return out->tunnel ? PATH_TUNNELLED : PATH_DIRECT;
}

int ipv6_send(struct node *node, struct outbound *out, time_ns now)
{
    bool has_source = choose_source(node, out, now);
    int error = has_source ? ask_route_hook(node, out, now) : 0;
    if (error) {
        packet_release(out->packet);
        out->packet = NULL;
        return error;
    }
    bool fits = out->packet->length <= UINT16_MAX;
    if (!fits) {
        /* No header can say so much: what is reported is the packet without its payload. */
        packet_release(out->packet);
        out->packet = packet_new(node->environment->packets, PACKET_HEADROOM, 0);
    }
    enum discard_reason reason = DISCARD_NO_ADDRESS;
    bool allowed = finish_upper_layer(node, out, &reason) && has_source;
    struct assembled assembled = assemble(node, out);
    out->packet = NULL;
    out->path = path_of(out);
    out->octets = assembled.packet->length;
    if (!allowed)
        return discard(node, out->interface, assembled.packet, reason, ERROR_NO_ROUTE, now);
    if (out->tunnel)
        out->octets += tunnel_overhead(node, assembled.packet, &out->tunnel_source, &out->tunnel_destination,
                                       &out->protected_by_esp);
    if (!fits || assembled.packet->length > PACKET_LENGTH_MAX)
        return discard(node, out->interface, assembled.packet, DISCARD_TOO_BIG, ERROR_TOO_BIG, now);
    return out->tunnel ? send_through_tunnel(node, out, &assembled, now)
                       : send_directly(node, out, &assembled, now);
}

int ipv6_output(struct node *node, struct packet *packet, time_ns now)
{
    struct ipv6_address destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION);
    struct next_hop next_hop;
    if (is_for_self(node, NULL, &destination)) {
        loopback_send(node, packet, now);
        return 0;
    }
    if (!next_hop_find(node, &destination, NULL, &next_hop))
        return discard(node, NULL, packet, DISCARD_NO_ROUTE, ERROR_NO_ROUTE, now);
    if (packet->length > path_mtu_lookup(node, &destination, next_hop.interface->mtu, now))
        return discard(node, next_hop.interface, packet, DISCARD_TOO_BIG, ERROR_TOO_BIG, now);
    next_hop_send(node, &next_hop, packet, now);
    return 0;
}
