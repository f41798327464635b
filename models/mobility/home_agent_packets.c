/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent_packets.c - the home agent's packets (RFC 6275, 10.4): interception, tunnels, routing headers.
 *
 * A binding makes packets go three ways: what others send to the home address is tunnelled to the care-of
 * address, what comes back through the tunnel is forwarded from there on, and what the home agent itself
 * sends to the mobile node has a type 2 routing header.
 *
 * The home agent is asked for every packet that passes through the node or reaches it without being its own,
 * so interception costs one probe of the Binding Cache, and nothing while nobody is registered. That the
 * packets reach it at all is the proxy's doing (10.4.1), which begins and ends with the binding.
 *
 * Multicast is left alone: the optional membership control of 10.4.3 is not offered, which 10.4.2 makes a
 * condition of tunnelling it.
 */
#include "models/mobility/home_agent.h"

#include "models/ipv6/icmpv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/node.h"
#include "models/ipv6/tunnel.h"
#include "models/mobility/mobility.h"

/* The home registration that packets to this home address go by; NULL: none. */
static struct binding *bound_to(const struct node *node, const struct ipv6_address *home_address)
{
    const struct mobility *mobility = node->mobility;
    if (!mobility || !mobility->home_agent || mobility->home_agent->registrations == 0)
        return NULL;
    struct binding *binding = binding_cache_lookup(&mobility->bindings, home_address);
    return binding && binding->home ? binding : NULL;
}

/* Discards with an ICMPv6 error to the source. */
static void refuse_packet(struct node *node, struct interface *interface, struct packet *packet, uint8_t code,
                          enum discard_reason reason, time_ns now)
{
    icmpv6_send_error(node, interface, packet, ICMPV6_DESTINATION_UNREACHABLE, code, 0, false, now);
    node_discard(node, interface, packet, reason, now);
}

/* A mobile node's link-local address is defended, but nothing goes to it through the tunnel (10.4.2). */
static bool intercept_link_local(struct node *node, struct interface *interface, struct packet *packet,
                                 const struct ipv6_address *destination, time_ns now)
{
    const struct mobility *mobility = node->mobility;
    if (!mobility || !mobility->home_agent || mobility->home_agent->registrations == 0 ||
        interface != mobility->home_agent->home_interface || !proxy_serves(node, interface, destination))
        return false;
    refuse_packet(node, interface, packet, UNREACHABLE_ADDRESS, DISCARD_ADDRESS_UNREACHABLE, now);
    return true;
}

/* A home agent that is no router, having one link, forwards what comes through the tunnels to it (10.4.5). */
static bool forward_reverse_tunnelled(struct node *node, struct interface *interface, struct packet *packet,
                                      time_ns now)
{
    struct ipv6_address source = ipv6_address_read(packet_octets(packet) + IPV6_AT_SOURCE);
    if (node->configuration->forwarding || !bound_to(node, &source))
        return false;
    uint16_t mtu = node->mobility->home_agent->home_interface->mtu;
    if (packet->length > mtu) {
        icmpv6_send_error(node, NULL, packet, ICMPV6_PACKET_TOO_BIG, 0, mtu, false, now);
        node_discard(node, interface, packet, DISCARD_TOO_BIG, now);
    } else {
        (void)ipv6_output(node, packet, now); /* a refusal has been reported */
    }
    return true;
}

bool home_agent_intercept(struct node *node, struct interface *interface, struct packet *packet,
                          bool via_tunnel, time_ns now)
{
    struct ipv6_address destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION);
    if (ipv6_address_is_link_local(&destination))
        return !via_tunnel && intercept_link_local(node, interface, packet, &destination, now);
    struct binding *binding = bound_to(node, &destination);
    if (!binding)
        return via_tunnel && forward_reverse_tunnelled(node, interface, packet, now);
    struct ipv6_address source = ipv6_address_read(packet_octets(packet) + IPV6_AT_SOURCE);
    if (ipv6_address_is_link_local(&source)) {
        refuse_packet(node, interface, packet, UNREACHABLE_BEYOND_SCOPE, DISCARD_SCOPE, now);
        return true;
    }
    binding->last_used = now;
    /* From the address that the mobile node has registered with, by which it knows the tunnel. */
    (void)tunnel_send(node, packet, &binding->home->reply_from, &binding->care_of_address, 0, now);
    return true;
}

bool home_agent_accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason,
                                 time_ns now)
{
    (void)now;
    *reason = DISCARD_TUNNEL_SOURCE;
    struct ipv6_address source = ipv6_address_read(inbound_payload(in) + IPV6_AT_SOURCE);
    if (node_is_unsafe(node, NO_TUNNEL_CHECK))
        return true;
    struct binding *binding = bound_to(node, &source);
    return binding && ipv6_address_equal(&binding->care_of_address, &in->wire_source);
}

/* Never by way of a care-of address (9.3.2). */
static bool is_neighbor_discovery(const struct outbound *out)
{
    if (out->next_header != NEXT_HEADER_ICMPV6 || out->packet->length == 0)
        return false;
    uint8_t type = packet_octets(out->packet)[0];
    return type >= ICMPV6_ROUTER_SOLICITATION && type <= ICMPV6_REDIRECT;
}

void home_agent_route(struct node *node, struct outbound *out, time_ns now)
{
    if (out->next_hop || out->type_2_routing || out->tunnel || ipv6_address_is_link_local(&out->source))
        return;
    struct binding *binding = bound_to(node, &out->destination);
    if (!binding || is_neighbor_discovery(out))
        return;
    binding->last_used = now;
    /* Of the Mobility Header's messages only an acknowledgement may have a routing header (6.1), and that is
     * `routed`. A Home Test must come by the way that passes the home agent (5.2.5). */
    if (out->next_header == NEXT_HEADER_MOBILITY) {
        out->tunnel = true;
        out->tunnel_source = binding->home->reply_from;
        out->tunnel_destination = binding->care_of_address;
    } else {
        out->type_2_routing = true;
        out->wire_destination = binding->care_of_address;
    }
}
