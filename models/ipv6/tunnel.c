/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel.c - IPv6 in IPv6 (RFC 2473): entry (3.1, 4.1.1, 7.1), exit (3.3), and errors from inside (8).
 *
 * Who may use a tunnel is not decided here: whoever calls tunnel_send has decided it, and at the exit the
 * extension's accept_tunnelled hook does. A node has no tunnel interfaces; a tunnel is a pair of addresses.
 *
 * A Tunnel Encapsulation Limit is honoured in packets that carry one (4.1.1 a to c); no limit of the node's
 * own is added (d), so the tunnel header is 40 octets. Against tunnels into themselves there is a bound on
 * headers found one inside another.
 */
#include "models/ipv6/tunnel.h"

#include <string.h>

#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/extension_header.h"
#include "models/ipv6/fragment.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/next_hop.h"
#include "models/ipv6/node.h"
#include "models/ipv6/path_mtu.h"

#define ENCAPSULATION_LIMIT_HEADER_LENGTH 8

static uint16_t path_mtu_to(const struct node *node, const struct ipv6_address *exit, time_ns now)
{
    struct next_hop next_hop;
    if (!next_hop_find(node, exit, NULL, &next_hop))
        return IPV6_MTU_MINIMUM;
    return path_mtu_lookup(node, exit, next_hop.interface->mtu, now);
}

static uint16_t at_least_minimum(uint32_t mtu)
{
    return (uint16_t)(mtu > IPV6_MTU_MINIMUM ? mtu : IPV6_MTU_MINIMUM);
}

/* -- under ESP or not -- */

static enum policy_action security_of(const struct node *node, const struct packet *inner,
                                      const struct ipv6_address *entry, const struct ipv6_address *exit,
                                      struct security_association **association)
{
    *association = NULL;
    return node->ipsec ? ipsec_tunnel_policy(node, inner, entry, exit, association) : POLICY_BYPASS;
}

/* The longest packet that, under ESP if there is an association, is no longer than `room`. */
static uint32_t longest_within(const struct security_association *association, uint32_t room)
{
    return association ? (uint32_t)esp_payload_most(association, room) : room;
}

uint16_t tunnel_mtu(const struct node *node, const struct packet *inner, const struct ipv6_address *entry,
                    const struct ipv6_address *exit, time_ns now)
{
    struct security_association *association;
    security_of(node, inner, entry, exit, &association);
    uint32_t room = (uint32_t)path_mtu_to(node, exit, now) - IPV6_HEADER_LENGTH;
    return at_least_minimum(longest_within(association, room));
}

uint32_t tunnel_overhead(const struct node *node, const struct packet *inner,
                         const struct ipv6_address *entry, const struct ipv6_address *exit,
                         bool *protected_by_esp)
{
    struct security_association *association;
    security_of(node, inner, entry, exit, &association);
    *protected_by_esp = association != NULL;
    uint32_t esp = association ? (uint32_t)(esp_length(association, inner->length) - inner->length) : 0;
    return IPV6_HEADER_LENGTH + esp;
}

/* -- entry -- */

/* IPv6 headers one directly inside another, the packet's own included. */
static unsigned count_nested(const struct packet *packet)
{
    const uint8_t *octets = packet_octets(packet);
    unsigned count = 1;
    for (size_t at = 0; at + 2 * IPV6_HEADER_LENGTH <= packet->length &&
                        octets[at + IPV6_AT_NEXT_HEADER] == NEXT_HEADER_IPV6;
         at += IPV6_HEADER_LENGTH)
        count++;
    return count;
}

static bool source_is_own(const struct node *node, const struct packet *packet)
{
    struct ipv6_address source = ipv6_address_read(packet_octets(packet) + IPV6_AT_SOURCE);
    return ipv6_is_own_address(node, NULL, &source);
}

static int drop(struct node *node, struct packet *inner, enum discard_reason reason, int error, time_ns now)
{
    node_discard(node, NULL, inner, reason, now);
    return error;
}

/* The packet cannot enter. Its source is told, unless that is this node: then the caller is. */
static int refuse(struct node *node, struct packet *inner, enum discard_reason reason, int error,
                  uint8_t type, uint8_t code, uint32_t parameter, time_ns now)
{
    if (!source_is_own(node, inner))
        icmpv6_send_error(node, NULL, inner, type, code, parameter, false, now);
    node_discard(node, NULL, inner, reason, now);
    return error;
}

/* RFC 2473, 4.1.1 (c): a limit inside is passed on, one less. */
static void prepend_encapsulation_limit(struct packet *packet, uint8_t next_header, uint8_t limit)
{
    uint8_t *header = packet_prepend(packet, ENCAPSULATION_LIMIT_HEADER_LENGTH);
    const uint8_t octets[ENCAPSULATION_LIMIT_HEADER_LENGTH] = {
        next_header, 0, OPTION_TUNNEL_ENCAPSULATION_LIMIT, 1, limit, OPTION_PADN, 1, 0,
    };
    memcpy(header, octets, sizeof(octets));
}

static void prepend_tunnel_header(struct packet *packet, uint8_t next_header, uint8_t hop_limit,
                                  const struct ipv6_address *entry, const struct ipv6_address *exit)
{
    uint32_t payload = packet->length;
    uint8_t *header = packet_prepend(packet, IPV6_HEADER_LENGTH);
    const uint8_t front[8] = {0x60,        0,        0, 0, (uint8_t)(payload >> 8), (uint8_t)payload,
                              next_header, hop_limit};
    memcpy(header, front, sizeof(front));
    memcpy(header + IPV6_AT_SOURCE, entry->octets, 16);
    memcpy(header + IPV6_AT_DESTINATION, exit->octets, 16);
}

static void report_tunnelled(struct node *node, const struct packet *outer, const struct ipv6_address *source,
                             const struct ipv6_address *destination, const struct ipv6_address *entry,
                             const struct ipv6_address *exit, bool protected_by_esp, time_ns now)
{
    struct protocol_event event = {
        .kind = EVENT_PACKET_TUNNELLED,
        .time = now,
        .packet = outer,
        .source = source,
        .destination = destination,
        .wire_source = entry,
        .wire_destination = exit,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
        .octets = outer->length,
        .tunnelled = true,
        .protected_by_esp = protected_by_esp,
        .path = PATH_TUNNELLED,
    };
    node->environment->operations->report(node->environment, &event);
}

static int emit_fragment(struct node *node, struct packet *fragment, void *context, time_ns now)
{
    next_hop_send(node, context, fragment, now);
    return 0;
}

int tunnel_send(struct node *node, struct packet *inner, const struct ipv6_address *entry,
                const struct ipv6_address *exit, uint8_t hop_limit, time_ns now)
{
    struct security_association *association;
    enum discard_reason reason = DISCARD_IPSEC_POLICY;
    if (security_of(node, inner, entry, exit, &association) == POLICY_DISCARD)
        return drop(node, inner, reason, ERROR_NO_ROUTE, now);
    struct extension_chain chain = extension_chain_of_packet(packet_octets(inner), inner->length);
    size_t limit_at = chain.encapsulation_limit_at;
    uint8_t limit = limit_at ? packet_octets(inner)[limit_at] : 0;
    if (limit_at && limit == 0)
        return refuse(node, inner, DISCARD_TUNNEL_LIMIT, ERROR_CAPACITY, ICMPV6_PARAMETER_PROBLEM,
                      PARAMETER_ERRONEOUS_FIELD, (uint32_t)limit_at, now);
    uint32_t headers = IPV6_HEADER_LENGTH + (limit_at ? ENCAPSULATION_LIMIT_HEADER_LENGTH : 0);
    if (count_nested(inner) > TUNNEL_DEPTH_MAX ||
        inner->length > longest_within(association, PACKET_LENGTH_MAX - headers))
        return drop(node, inner, DISCARD_TUNNEL_LIMIT, ERROR_CAPACITY, now);
    struct next_hop next_hop = {.interface = NULL}; /* stays so if the exit is here too */
    if (!ipv6_is_own_address(node, NULL, exit) && !next_hop_find(node, exit, NULL, &next_hop))
        return refuse(node, inner, DISCARD_NO_ROUTE, ERROR_NO_ROUTE, ICMPV6_DESTINATION_UNREACHABLE,
                      UNREACHABLE_ADDRESS, 0, now);
    uint16_t path_mtu =
        next_hop.interface ? path_mtu_lookup(node, exit, next_hop.interface->mtu, now) : UINT16_MAX;
    uint32_t longest = longest_within(association, (uint32_t)path_mtu - headers);
    if (inner->length > IPV6_MTU_MINIMUM && inner->length > longest)
        return refuse(node, inner, DISCARD_TOO_BIG, ERROR_TOO_BIG, ICMPV6_PACKET_TOO_BIG, 0,
                      at_least_minimum(longest), now);

    struct ipv6_address source = ipv6_address_read(packet_octets(inner) + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(packet_octets(inner) + IPV6_AT_DESTINATION);
    if (association && !ipsec_protect_tunnelled(node, association, &inner, &reason))
        return drop(node, inner, reason, ERROR_NO_ROUTE, now);
    uint8_t next_header = association ? NEXT_HEADER_ESP : NEXT_HEADER_IPV6;
    struct packet *outer = packet_with_headroom(inner, headers);
    if (limit_at)
        prepend_encapsulation_limit(outer, next_header, (uint8_t)(limit - 1));
    if (!hop_limit) /* RFC 2473, 6.3: a host's is the advertised one */
        hop_limit = next_hop.interface ? next_hop.interface->hop_limit : node->configuration->hop_limit;
    prepend_tunnel_header(outer, limit_at ? NEXT_HEADER_DESTINATION_OPTIONS : next_header, hop_limit,
                          entry, exit);
    if (environment_watches(node->environment, EVENT_PACKET_TUNNELLED))
        report_tunnelled(node, outer, &source, &destination, entry, exit, association != NULL, now);
    if (!next_hop.interface)
        return ipv6_output(node, outer, now);
    if (outer->length > path_mtu)
        return fragment_send(node, outer, IPV6_HEADER_LENGTH, IPV6_AT_NEXT_HEADER, path_mtu, emit_fragment,
                             &next_hop, now);
    next_hop_send(node, &next_hop, outer, now);
    return 0;
}

/* -- exit -- */

void tunnel_receive(struct node *node, struct inbound *in, time_ns now)
{
    enum discard_reason reason = DISCARD_TUNNEL_SOURCE;
    if (in->tunnel_depth >= TUNNEL_DEPTH_MAX) {
        inbound_discard(node, in, DISCARD_TUNNEL_LIMIT, now);
        return;
    }
    if (inbound_payload_length(in) < IPV6_HEADER_LENGTH) {
        inbound_discard(node, in, DISCARD_HEADER_TRUNCATED, now);
        return;
    }
    if (!node->extension->accept_tunnelled(node, in, &reason, now)) {
        inbound_discard(node, in, reason, now);
        return;
    }
    if (node->ipsec && !ipsec_accepts_tunnelled(node, in)) {
        inbound_discard(node, in, DISCARD_IPSEC_POLICY, now);
        return;
    }
    struct inbound from = *in;
    from.tunnel_depth++;
    from.tunnel_source = in->source;
    from.tunnel_destination = in->destination;
    struct packet *inner = packet_writable(in->packet);
    in->packet = NULL;
    packet_remove_front(inner, in->offset);
    ipv6_receive(node, in->interface, inner, false, &from, now);
}

/* -- errors from inside -- */

/* What the source of the packet inside is told (RFC 2473, 8.2). False: nothing. */
static bool translate_error(const uint8_t *original, size_t inner_at, size_t inner_length, uint8_t *type,
                            uint8_t *code, uint32_t *parameter)
{
    size_t limit_at;
    switch (*type) {
    case ICMPV6_PACKET_TOO_BIG:
        /* It must fit what is left for it, unless every link must carry it: then the entry fragments
         * (7.1). */
        *parameter = at_least_minimum(*parameter > inner_at ? *parameter - (uint32_t)inner_at : 0);
        return inner_length > IPV6_MTU_MINIMUM;
    case ICMPV6_PARAMETER_PROBLEM:
        limit_at = extension_chain_of_packet(original, inner_at).encapsulation_limit_at;
        if (limit_at == 0 || limit_at != *parameter || original[limit_at] != 0)
            return false; /* our own header was wrong; the source can do nothing about it */
        break;
    case ICMPV6_DESTINATION_UNREACHABLE:
    case ICMPV6_TIME_EXCEEDED:
        break;
    default:
        return false;
    }
    *type = ICMPV6_DESTINATION_UNREACHABLE;
    *code = UNREACHABLE_ADDRESS;
    *parameter = 0;
    return true;
}

void tunnel_relay_error(struct node *node, const uint8_t *original, size_t length, size_t inner_at,
                        uint8_t type, uint8_t code, uint32_t parameter, time_ns now)
{
    if (length < inner_at + IPV6_HEADER_LENGTH || original[inner_at] >> 4 != 6)
        return;
    const uint8_t *inner = original + inner_at;
    /* As long as the packet was, which need not all have come back. */
    size_t inner_length =
        IPV6_HEADER_LENGTH + (size_t)(inner[IPV6_AT_PAYLOAD_LENGTH] << 8 | inner[IPV6_AT_PAYLOAD_LENGTH + 1]);
    struct ipv6_address source = ipv6_address_read(inner + IPV6_AT_SOURCE);
    if (ipv6_is_own_address(node, NULL, &source))
        return; /* this node's own: its extension and its path MTUs have been told */
    if (!translate_error(original, inner_at, inner_length, &type, &code, &parameter))
        return;
    struct packet *quoted = packet_new(node->environment->packets, 0, length - inner_at);
    memcpy(packet_octets(quoted), inner, length - inner_at);
    icmpv6_send_error(node, NULL, quoted, type, code, parameter, false, now);
    packet_release(quoted);
}
