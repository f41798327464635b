/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * input.c - a packet comes in: is it ours, and what do its extension headers ask for?
 *
 * RFC 8200, 3 and 4 (header, extension headers in the order in which they come, options by their action
 * bits), RFC 5095 (type 0 routing headers are unrecognized), RFC 6275, 6.3 and 9.3.1 (Home Address option),
 * 6.4 and 11.3.3 (type 2 routing header).
 *
 * What goes on to another node leaves this file after the address lookup and before anything else is read:
 * forwarding looks at no extension header, a hop-by-hop header included (RFC 8200, 4.3). For what is ours,
 * the headers are executed in place: no octet of the packet is changed, so that an ICMPv6 error can quote it
 * as it arrived. Where RFC 6275 says that addresses are swapped, it is `source` and `destination` of struct
 * inbound that change.
 *
 * A Home Address option is believed only when all headers have been read, ESP included, because the rule
 * depends on the upper-layer protocol (9.3.1): until then the packet has the care-of address as its source.
 */
#include "models/base/cursor.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/address_table.h"
#include "models/ipv6/fragment.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/node.h"
#include "models/ipv6/tunnel.h"
#include "models/ipv6/udp.h"

#define ROUTING_TYPE_2 2

enum option_action { ACTION_SKIP, ACTION_DISCARD, ACTION_REPORT, ACTION_REPORT_UNICAST };

/* -- is it ours? -- */

/* The entry for a unicast address of the node's (whatever its state) or an anycast address. Every packet
 * comes this way, so it is one probe of the table for both. */
static inline const struct address_entry *own_entry(const struct node *node, unsigned interface,
                                                    const struct ipv6_address *address)
{
    const struct address_table *table = node->addresses;
    if (!table)
        return NULL;
    bool scoped = ipv6_address_is_link_local(address);
    for (uint32_t at = address_table_home(table, address);; at = address_table_after(table, at)) {
        const struct address_entry *entry = &table->entries[at];
        if (entry->kind == ADDRESS_ENTRY_FREE)
            return NULL;
        if (entry->kind <= ADDRESS_ENTRY_ANYCAST && ipv6_address_equal(&entry->address, address) &&
            (!scoped || entry->interface == interface))
            return entry;
    }
}

static inline bool entry_is_usable(const struct address_entry *entry)
{
    return entry->kind != ADDRESS_ENTRY_UNICAST || address_is_usable(entry->value);
}

bool ipv6_is_own_address(const struct node *node, const struct interface *interface,
                         const struct ipv6_address *address)
{
    if (ipv6_address_is_multicast(address))
        return interface && group_is_joined(node, interface, address);
    const struct address_entry *entry =
        own_entry(node, interface ? interface->index : ADDRESS_TABLE_ANY_INTERFACE, address);
    return entry && entry_is_usable(entry);
}

/* -- refusing a packet -- */

static void refuse(struct node *node, struct inbound *in, enum discard_reason reason, uint8_t code,
                   size_t pointer, time_ns now)
{
    icmpv6_send_error(node, inbound_link(in), in->packet, ICMPV6_PARAMETER_PROBLEM, code, (uint32_t)pointer,
                      in->link_layer_multicast, now);
    inbound_discard(node, in, reason, now);
}

/* -- options -- */

/* An option that this node does not know (RFC 8200, 4.2). False: the packet is gone. */
static bool unrecognized_option(struct node *node, struct inbound *in, uint8_t type, size_t at, time_ns now)
{
    switch ((enum option_action)(type >> 6)) {
    case ACTION_SKIP:
        return true;
    case ACTION_REPORT_UNICAST:
        if (ipv6_address_is_multicast(&in->wire_destination))
            break;
        __attribute__((fallthrough));
    case ACTION_REPORT:
        refuse(node, in, DISCARD_OPTION, PARAMETER_UNRECOGNIZED_OPTION, at, now);
        return false;
    case ACTION_DISCARD:
        break;
    }
    inbound_discard(node, in, DISCARD_OPTION, now);
    return false;
}

/* RFC 6275, 6.3: exactly 16 octets, at most once, not behind a fragment header or what protects the
 * packet. */
static bool home_address_option(struct node *node, struct inbound *in, size_t at, const uint8_t *data,
                                size_t length, bool too_late, time_ns now)
{
    if (length != 16) {
        refuse(node, in, DISCARD_EXTENSION_HEADER, PARAMETER_ERRONEOUS_FIELD, at + 1, now);
        return false;
    }
    if (in->has_home_address_option || too_late) {
        refuse(node, in, DISCARD_HOME_ADDRESS_FORBIDDEN, PARAMETER_ERRONEOUS_FIELD, at, now);
        return false;
    }
    in->has_home_address_option = true;
    in->home_address = ipv6_address_read(data);
    in->home_address_at = (uint32_t)at;
    return true;
}

static bool process_options(struct node *node, struct inbound *in, size_t header_at, size_t header_length,
                            bool destination, bool too_late, time_ns now)
{
    bool knows_home_address = destination && node->extension && node->extension->accept_home_address;
    size_t options_at = header_at + 2;
    struct cursor c = cursor_over(packet_octets(in->packet) + options_at, header_length - 2);
    while (cursor_left(&c) > 0) {
        size_t at = options_at + cursor_offset(&c);
        uint8_t type = cursor_get8(&c);
        if (type == OPTION_PAD1)
            continue;
        uint8_t length = cursor_get8(&c);
        const uint8_t *data = cursor_take(&c, length);
        if (c.failed) {
            refuse(node, in, DISCARD_EXTENSION_HEADER, PARAMETER_ERRONEOUS_FIELD, at + 1, now);
            return false;
        }
        if (type == OPTION_PADN)
            continue;
        bool go_on = type == OPTION_HOME_ADDRESS && knows_home_address
                         ? home_address_option(node, in, at, data, length, too_late, now)
                         : unrecognized_option(node, in, type, at, now);
        if (!go_on)
            return false;
    }
    return true;
}

/* -- the routing header -- */

/* RFC 6275, 11.3.3: whatever is wrong with it, the packet goes without a word. */
static bool type_2_routing_header(struct node *node, struct inbound *in, const uint8_t *header, time_ns now)
{
    struct ipv6_address home_address = ipv6_address_read(header + 8);
    bool well_formed = header[1] == 2 && header[3] == 1 && !in->has_type_2_routing &&
                       !ipv6_address_is_multicast(&in->wire_destination) &&
                       ipv6_address_is_unicast_routable(&home_address);
    if (!well_formed || !node->extension->accept_type_2_routing(node, in, &home_address, now)) {
        inbound_discard(node, in, DISCARD_TYPE_2_ROUTING_HEADER, now);
        return false;
    }
    in->has_type_2_routing = true;
    in->destination = home_address;
    return true;
}

static bool routing_header(struct node *node, struct inbound *in, size_t header_length, time_ns now)
{
    const uint8_t *header = packet_octets(in->packet) + in->offset;
    if (in->has_home_address_option) {
        /* The option must come after the routing header (RFC 6275, 6.3). */
        refuse(node, in, DISCARD_HOME_ADDRESS_FORBIDDEN, PARAMETER_ERRONEOUS_FIELD, in->home_address_at, now);
        return false;
    }
    if (header[2] == ROUTING_TYPE_2 && node->extension && node->extension->accept_type_2_routing) {
        if (header_length >= TYPE_2_ROUTING_HEADER_LENGTH)
            return type_2_routing_header(node, in, header, now);
        inbound_discard(node, in, DISCARD_TYPE_2_ROUTING_HEADER, now);
        return false;
    }
    if (header[3] == 0)
        return true;
    refuse(node, in, DISCARD_ROUTING_TYPE, PARAMETER_ERRONEOUS_FIELD, in->offset + 2, now);
    return false;
}

/* -- the chain -- */

/* The length of the extension header at in->offset, all of it there; 0: the packet is gone. */
static size_t extension_header_length(struct node *node, struct inbound *in, time_ns now)
{
    size_t left = inbound_payload_length(in);
    if (left < 8) {
        inbound_discard(node, in, DISCARD_HEADER_TRUNCATED, now);
        return 0;
    }
    size_t length = ((size_t)inbound_payload(in)[1] + 1) * 8;
    if (length > left) {
        refuse(node, in, DISCARD_EXTENSION_HEADER, PARAMETER_ERRONEOUS_FIELD, in->offset + 1, now);
        return 0;
    }
    return length;
}

static void step_over(struct inbound *in, size_t length)
{
    in->next_header = inbound_payload(in)[0];
    in->next_header_at = in->offset;
    in->offset += (uint32_t)length;
}

/* All headers have been read: the Home Address option, if there is one, is believed or not (RFC 6275,
 * 9.3.1). */
static bool settle_source(struct node *node, struct inbound *in, time_ns now)
{
    bool settled = ipv6_address_equal(&in->source, &in->home_address) &&
                   !ipv6_address_equal(&in->source, &in->wire_source);
    if (!in->has_home_address_option || settled)
        return true;
    if (!node->extension->accept_home_address(node, in, now)) {
        packet_release(in->packet);
        in->packet = NULL;
        return false;
    }
    if (!ipv6_address_is_unicast_routable(&in->home_address)) {
        inbound_discard(node, in, DISCARD_HOME_ADDRESS_NOT_ROUTABLE, now);
        return false;
    }
    in->source = in->home_address;
    return true;
}

static void receive_upper_layer(struct node *node, struct inbound *in, time_ns now)
{
    if (in->next_header == NEXT_HEADER_ESP && node->ipsec) {
        ipsec_receive(node, in, now);
        return;
    }
    if (in->next_header != NEXT_HEADER_ESP && !settle_source(node, in, now))
        return;
    switch (in->next_header) {
    case NEXT_HEADER_ICMPV6:
        if (node->ipsec && !ipsec_accepts(node, in)) {
            inbound_discard(node, in, DISCARD_IPSEC_POLICY, now);
            return;
        }
        icmpv6_receive(node, in, now);
        return;
    case NEXT_HEADER_UDP:
        udp_receive(node, in, now);
        return;
    case NEXT_HEADER_NONE:
        packet_release(in->packet); /* nothing to do, and nothing wrong (RFC 8200, 4.7) */
        return;
    case NEXT_HEADER_IPV6:
        if (node->extension && node->extension->accept_tunnelled) {
            tunnel_receive(node, in, now);
            return;
        }
        break;
    default:
        if (node->extension && node->extension->receive && node->extension->receive(node, in, now))
            return;
        break;
    }
    refuse(node, in, DISCARD_NEXT_HEADER, PARAMETER_UNRECOGNIZED_NEXT_HEADER, in->next_header_at, now);
}

/* too_late: a header has been passed that a Home Address option must not follow. */
static void receive_headers(struct node *node, struct inbound *in, bool too_late, time_ns now)
{
    for (;;) {
        size_t length;
        switch (in->next_header) {
        case NEXT_HEADER_HOP_BY_HOP:
            if (in->next_header_at != IPV6_AT_NEXT_HEADER) {
                refuse(node, in, DISCARD_NEXT_HEADER, PARAMETER_UNRECOGNIZED_NEXT_HEADER, in->next_header_at,
                       now);
                return;
            }
            __attribute__((fallthrough));
        case NEXT_HEADER_DESTINATION_OPTIONS:
            length = extension_header_length(node, in, now);
            if (length == 0 ||
                !process_options(node, in, in->offset, length,
                                 in->next_header == NEXT_HEADER_DESTINATION_OPTIONS, too_late, now))
                return;
            break;
        case NEXT_HEADER_ROUTING:
            length = extension_header_length(node, in, now);
            if (length == 0 || !routing_header(node, in, length, now))
                return;
            break;
        case NEXT_HEADER_FRAGMENT:
            if (!fragment_receive(node, in, now))
                return;
            too_late = true;
            continue;
        default:
            receive_upper_layer(node, in, now);
            return;
        }
        step_over(in, length);
    }
}

void ipv6_receive_header(struct node *node, struct inbound *in, time_ns now)
{
    receive_headers(node, in, true, now);
}

/* -- entry -- */

static void receive_own(struct node *node, struct interface *interface, struct packet *packet,
                        bool link_layer_multicast, const struct inbound *from, time_ns now)
{
    const uint8_t *header = packet_octets(packet);
    struct ipv6_address source = ipv6_address_read(header + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(header + IPV6_AT_DESTINATION);
    /* Every member is named: what is left out has the compiler clear the structure first, which takes longer
     * than all the rest. */
    struct inbound in = {
        .packet = packet,
        .interface = interface,
        .source = source,
        .destination = destination,
        .wire_source = source,
        .wire_destination = destination,
        .has_home_address_option = false,
        .has_type_2_routing = false,
        .home_address = ipv6_unspecified,
        .home_address_at = 0,
        .link_layer_multicast = link_layer_multicast,
        .tunnel_depth = from ? from->tunnel_depth : 0,
        .tunnel_source = from ? from->tunnel_source : ipv6_unspecified,
        .tunnel_destination = from ? from->tunnel_destination : ipv6_unspecified,
        .association = NULL,
        .esp_octets = from ? from->esp_octets : 0,
        .next_header = header[IPV6_AT_NEXT_HEADER],
        .next_header_at = IPV6_AT_NEXT_HEADER,
        .offset = IPV6_HEADER_LENGTH,
        .hop_limit = header[IPV6_AT_HOP_LIMIT],
    };
    receive_headers(node, &in, false, now);
}

/* A host that is not the destination: only an extension may want it, for a mobile node that it stands in
 * for. */
static void receive_foreign(struct node *node, struct interface *interface, struct packet *packet,
                            bool via_tunnel, time_ns now)
{
    if (node->extension && node->extension->intercept && packet_octets(packet)[IPV6_AT_HOP_LIMIT] > 1) {
        packet = packet_writable(packet);
        packet_octets(packet)[IPV6_AT_HOP_LIMIT]--;
        if (node->extension->intercept(node, interface, packet, via_tunnel, now))
            return;
        packet_octets(packet)[IPV6_AT_HOP_LIMIT]++;
    }
    node_discard(node, interface, packet, DISCARD_NOT_OURS, now);
}

/* A solicitation to an address that this node is proxy for is the proxy's to answer (RFC 6275, 10.4.1): a
 * neighbor that verifies that the address is reachable sends it to the address itself (RFC 4861, 7.3.3). */
static inline bool is_for_proxy(const struct node *node, const struct interface *interface,
                                const struct packet *packet, const struct ipv6_address *destination)
{
    const uint8_t *header = packet_octets(packet);
    return __builtin_expect(header[IPV6_AT_HOP_LIMIT] == 255, 0) &&
           header[IPV6_AT_NEXT_HEADER] == NEXT_HEADER_ICMPV6 && packet->length > IPV6_HEADER_LENGTH &&
           header[IPV6_HEADER_LENGTH] == ICMPV6_NEIGHBOR_SOLICITATION &&
           proxy_serves(node, interface, destination);
}

/* Addresses that no packet on a link may carry: :: and ::1 begin with eight octets of zero, so this is seldom
 * asked. */
static bool is_null_or_loopback(const struct ipv6_address *address)
{
    return ipv6_address_is_unspecified(address) || ipv6_address_is_loopback(address);
}

void ipv6_receive(struct node *node, struct interface *interface, struct packet *packet,
                  bool link_layer_multicast, const struct inbound *from, time_ns now)
{
    if (__builtin_expect(packet->length < IPV6_HEADER_LENGTH, 0)) {
        node_discard(node, interface, packet, DISCARD_HEADER_TRUNCATED, now);
        return;
    }
    const uint8_t *header = packet_octets(packet);
    if (__builtin_expect(header[0] >> 4 != 6, 0)) {
        node_discard(node, interface, packet, DISCARD_VERSION, now);
        return;
    }
    uint32_t length = IPV6_HEADER_LENGTH +
                      (uint32_t)(header[IPV6_AT_PAYLOAD_LENGTH] << 8 | header[IPV6_AT_PAYLOAD_LENGTH + 1]);
    if (__builtin_expect(packet->length != length, 0)) {
        if (packet->length < length) {
            node_discard(node, interface, packet, DISCARD_LENGTH, now);
            return;
        }
        packet = packet_writable(packet); /* octets behind the packet are the link layer's padding */
        packet_truncate(packet, length);
        header = packet_octets(packet);
    }
    struct ipv6_address source = ipv6_address_read(header + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(header + IPV6_AT_DESTINATION);
    if (ipv6_address_is_multicast(&source) || (source.words[0] == 0 && ipv6_address_is_loopback(&source))) {
        node_discard(node, interface, packet, DISCARD_SOURCE_ADDRESS, now);
        return;
    }
    if (destination.words[0] == 0 && is_null_or_loopback(&destination)) {
        node_discard(node, interface, packet, DISCARD_DESTINATION_ADDRESS, now);
        return;
    }
    bool multicast = ipv6_address_is_multicast(&destination);
    const struct address_entry *entry = multicast ? NULL : own_entry(node, interface->index, &destination);
    bool ours = multicast ? group_is_joined(node, interface, &destination) : entry && entry_is_usable(entry);
    if (ours || (!from && is_for_proxy(node, interface, packet, &destination)))
        receive_own(node, interface, packet, link_layer_multicast, from, now);
    else if (entry || link_layer_multicast || multicast)
        node_discard(node, interface, packet, DISCARD_NOT_OURS, now);
    else if (node->configuration->forwarding)
        ipv6_forward(node, from ? NULL : interface, packet, now);
    else
        receive_foreign(node, interface, packet, from != NULL, now);
}
