/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * next_hop.c - next-hop determination (RFC 4861, 5.2) over static routes, on-link prefixes and default
 * routers.
 *
 * Routers and configured nodes live by their static routes, and find their answer in the first lookup. A host
 * has none and lives by what Router Advertisements have taught it, and first of all by what Redirects have.
 * Between the two, the longer prefix wins: an on-link prefix beats a default route, and nothing else is
 * shorter.
 */
#include "models/ipv6/next_hop.h"

#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/node.h"
#include "models/ipv6/redirect.h"
#include "models/ipv6/router_discovery.h"
#include "models/ipv6/routing_table.h"

static void set_next_hop(struct next_hop *next_hop, struct interface *interface,
                         const struct ipv6_address *address)
{
    *next_hop = (struct next_hop){.interface = interface, .address = address};
}

static void set_route(const struct node *node, struct next_hop *next_hop, const struct route *route,
                      const struct ipv6_address *destination)
{
    const struct ipv6_address *address =
        ipv6_address_is_unspecified(&route->next_hop) ? destination : &route->next_hop;
    set_next_hop(next_hop, &node->interfaces[route->interface], address);
}

/* The interface that a destination without a place in the topology leaves by: the only one there is, or, for
 * a group of wider scope, the first that is up. */
static struct interface *interface_for_scoped(const struct node *node, const struct ipv6_address *destination)
{
    if (node->interface_count == 1)
        return &node->interfaces[0];
    if (ipv6_address_is_link_local(destination) || ipv6_address_is_link_scope_multicast(destination))
        return NULL;
    for (unsigned i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].up && !node->interfaces[i].standby)
            return &node->interfaces[i];
    return NULL;
}

static struct interface *interface_on_link(const struct node *node, const struct ipv6_address *destination,
                                           struct interface *out)
{
    if (out)
        return prefix_is_on_link(out, destination) ? out : NULL;
    for (unsigned i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].prefixes && !node->interfaces[i].standby &&
            prefix_is_on_link(&node->interfaces[i], destination))
            return &node->interfaces[i];
    return NULL;
}

bool next_hop_find(const struct node *node, const struct ipv6_address *destination, struct interface *out,
                   struct next_hop *next_hop)
{
    if (ipv6_address_is_multicast(destination) || ipv6_address_is_link_local(destination)) {
        struct interface *interface = out ? out : interface_for_scoped(node, destination);
        set_next_hop(next_hop, interface, destination);
        return interface != NULL;
    }
    if (node->redirects != NULL && redirect_find(node, destination, out, next_hop))
        return true;
    const struct route *route = routing_table_lookup(node->routes, destination);
    if (route && out && out->index != route->interface)
        route = NULL;
    if (route && route->prefix_length > 0) {
        set_route(node, next_hop, route, destination);
        return true;
    }
    struct interface *on_link = interface_on_link(node, destination, out);
    if (on_link) {
        set_next_hop(next_hop, on_link, destination);
        return true;
    }
    if (route) {
        set_route(node, next_hop, route, destination);
        return true;
    }
    struct default_router *router = default_router_select(node, out);
    if (router) {
        set_next_hop(next_hop, router->interface, &router->address);
        return true;
    }
    /* What the asker's interface cannot reach, another one may. */
    return out && next_hop_find(node, destination, NULL, next_hop);
}

void next_hop_send(struct node *node, const struct next_hop *next_hop, struct packet *packet, time_ns now)
{
    if (next_hop->station)
        interface_send_to(node, next_hop->interface, packet, next_hop->station, now);
    else
        interface_send(node, next_hop->interface, packet, next_hop->address, now);
}

struct interface *next_hop_link_of(const struct node *node, const struct ipv6_address *neighbor)
{
    struct interface *point_to_point = NULL;
    if (node->interface_count == 1)
        return &node->interfaces[0];
    for (unsigned i = 0; i < node->interface_count; i++) {
        struct interface *interface = &node->interfaces[i];
        if (interface->kind == INTERFACE_POINT_TO_POINT)
            point_to_point = point_to_point ? NULL : interface;
        else if (neighbor_lookup(interface, neighbor))
            return interface;
    }
    return point_to_point;
}
