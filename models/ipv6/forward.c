/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forward.c - a router passes a packet on (RFC 8200, 3; RFC 4291, 2.5; RFC 4443, 3).
 *
 * The way of nearly every packet in a simulation, so it is short: a few tests of the fixed header, the hop
 * limit, one route lookup, the link. Nothing is copied unless the packet is shared. The hop limit is
 * decremented before the intercept hook is asked, because entering a tunnel is forwarding (RFC 2473, 3.1); an
 * error quotes the packet with the hop limit it came with.
 */
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/next_hop.h"
#include "models/ipv6/node.h"
#include "models/ipv6/redirect.h"
#include "models/ipv6/router_discovery.h"

static void refuse(struct node *node, struct interface *in_interface, struct packet *packet,
                   enum discard_reason reason, uint8_t type, uint8_t code, uint32_t parameter, time_ns now)
{
    icmpv6_send_error(node, in_interface, packet, type, code, parameter, false, now);
    node_discard(node, in_interface, packet, reason, now);
}

/* The same after the hop limit has been decremented. */
static void refuse_decremented(struct node *node, struct interface *in_interface, struct packet *packet,
                               enum discard_reason reason, uint8_t type, uint8_t code, uint32_t parameter,
                               time_ns now)
{
    packet_octets(packet)[IPV6_AT_HOP_LIMIT]++;
    refuse(node, in_interface, packet, reason, type, code, parameter, now);
}

/* Does the source belong to the link that the packet came from (BCP 38)? */
static bool source_belongs(const struct interface *interface, const struct ipv6_address *source)
{
    if (prefix_is_on_link(interface, source))
        return true;
    for (const struct interface_address *own = interface->addresses; own; own = own->next)
        if (own->origin != ADDRESS_LINK_LOCAL && ipv6_prefix_match(&own->address, source, own->prefix_length))
            return true;
    return false;
}

static bool fails_ingress_filter(const struct node *node, const struct interface *in_interface,
                                 const struct ipv6_address *source)
{
    return node->configuration->ingress_filtering && in_interface &&
           in_interface->kind == INTERFACE_ETHERNET && !source_belongs(in_interface, source);
}

static void report_forwarded(struct node *node, const struct next_hop *next_hop, const struct packet *packet,
                             const struct ipv6_address *source, const struct ipv6_address *destination,
                             time_ns now)
{
    struct protocol_event event = {
        .kind = EVENT_PACKET_FORWARDED,
        .interface = next_hop->interface->index,
        .time = now,
        .source = source,
        .destination = destination,
        .packet = packet,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
        .octets = packet->length,
    };
    node->environment->operations->report(node->environment, &event);
}

/* Addresses that keep a packet on its link, or off any (RFC 4291, 2.5.2, 2.5.6). True: the packet is gone. */
static bool refuse_scope(struct node *node, struct interface *in_interface, struct packet *packet,
                         const struct ipv6_address *source, const struct ipv6_address *destination,
                         time_ns now)
{
    if (ipv6_address_is_unspecified(source)) {
        node_discard(node, in_interface, packet, DISCARD_SOURCE_ADDRESS, now);
        return true;
    }
    if (ipv6_address_is_link_local(destination)) {
        /* A proxied one is refused by who made it a proxied one (RFC 6275, 10.4.2). */
        if (in_interface && node->extension && node->extension->intercept &&
            node->extension->intercept(node, in_interface, packet, false, now))
            return true;
        node_discard(node, in_interface, packet, DISCARD_SCOPE, now);
        return true;
    }
    if (ipv6_address_is_link_local(source)) {
        refuse(node, in_interface, packet, DISCARD_SCOPE, ICMPV6_DESTINATION_UNREACHABLE,
               UNREACHABLE_BEYOND_SCOPE, 0, now);
        return true;
    }
    return false;
}

/* It leaves by the link that it came from: a neighbor could have sent it to where it goes (RFC 4861, 8.2). */
static void redirect(struct node *node, struct interface *interface, struct packet *packet,
                     const struct ipv6_address *next_hop, const struct ipv6_address *source, time_ns now)
{
    if (interface->kind != INTERFACE_ETHERNET || !source_belongs(interface, source))
        return;
    packet_octets(packet)[IPV6_AT_HOP_LIMIT]++;
    redirect_send(node, interface, packet, next_hop, now);
    packet_octets(packet)[IPV6_AT_HOP_LIMIT]--;
}

void ipv6_forward(struct node *node, struct interface *in_interface, struct packet *packet, time_ns now)
{
    struct ipv6_address source = ipv6_address_read(packet_octets(packet) + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION);
    if (refuse_scope(node, in_interface, packet, &source, &destination, now))
        return;
    if (fails_ingress_filter(node, in_interface, &source)) {
        /* its source would get an answer not meant for it */
        node_discard(node, in_interface, packet, DISCARD_INGRESS_FILTER, now);
        return;
    }
    if (packet_octets(packet)[IPV6_AT_HOP_LIMIT] <= 1) {
        refuse(node, in_interface, packet, DISCARD_HOP_LIMIT, ICMPV6_TIME_EXCEEDED, TIME_EXCEEDED_HOP_LIMIT,
               0, now);
        return;
    }
    packet = packet_writable(packet);
    packet_octets(packet)[IPV6_AT_HOP_LIMIT]--;
    if (node->extension && node->extension->intercept &&
        node->extension->intercept(node, in_interface ? in_interface : &node->interfaces[0], packet,
                                   !in_interface, now))
        return;

    struct next_hop next_hop;
    if (!next_hop_find(node, &destination, NULL, &next_hop)) {
        refuse_decremented(node, in_interface, packet, DISCARD_NO_ROUTE, ICMPV6_DESTINATION_UNREACHABLE,
                           UNREACHABLE_NO_ROUTE, 0, now);
        return;
    }
    if (next_hop.interface == in_interface && next_hop.address == &destination &&
        in_interface->kind == INTERFACE_POINT_TO_POINT) {
        /* It must not go back to where it came from (RFC 4443, 3.1). */
        refuse_decremented(node, in_interface, packet, DISCARD_ADDRESS_UNREACHABLE,
                           ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_ADDRESS, 0, now);
        return;
    }
    if (packet->length > next_hop.interface->mtu) {
        refuse_decremented(node, in_interface, packet, DISCARD_TOO_BIG, ICMPV6_PACKET_TOO_BIG, 0,
                           next_hop.interface->mtu, now);
        return;
    }
    if (environment_watches(node->environment, EVENT_PACKET_FORWARDED))
        report_forwarded(node, &next_hop, packet, &source, &destination, now);
    if (next_hop.interface == in_interface)
        redirect(node, in_interface, packet, next_hop.address, &source, now);
    interface_send(node, next_hop.interface, packet, next_hop.address, now);
}
