/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * next_hop.h - where a packet goes next (RFC 8200 leaves it to routing; RFC 4861, 5.2 is what a host does).
 *
 * Internal to models/ipv6 and models/attack.
 */
#ifndef MIP6SIM_MODELS_IPV6_NEXT_HOP_H
#define MIP6SIM_MODELS_IPV6_NEXT_HOP_H

#include <stdbool.h>

#include "models/base/packet.h"
#include "models/base/time.h"
#include "models/ipv6/ipv6.h"

struct next_hop {
    struct interface *interface;
    const struct ipv6_address *address;     /* the neighbor; borrowed from the routing table, a redirect, a
                                             * router, or the asker */
    const struct ethernet_address *station; /* NULL: to be resolved */
};

/*
 * Finds the way to a destination, which must stay where it is as long as the result is used. What a Redirect
 * has told about it; the longest match among static routes that are not default routes; a prefix that is
 * on-link; a static default route; a default router. `out` not NULL: by this interface, if it has a way at
 * all. Link-local and multicast destinations need it, unless the node has but one interface. False: no route.
 */
bool next_hop_find(const struct node *node, const struct ipv6_address *destination, struct interface *out,
                   struct next_hop *next_hop);

/* Hands a complete packet to the link layer. Takes the packet. */
void next_hop_send(struct node *node, const struct next_hop *next_hop, struct packet *packet, time_ns now);

/* An address of a neighbor whose interface is not known: the interface on whose link it has been heard; NULL:
 * cannot tell. */
struct interface *next_hop_link_of(const struct node *node, const struct ipv6_address *neighbor);

#endif
