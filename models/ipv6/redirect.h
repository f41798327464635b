/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redirect.h - Redirects (RFC 4861, 8): a router tells a host of a better first hop on its link, or that a
 * destination is on the link; a host remembers it.
 */
#ifndef MIP6SIM_MODELS_IPV6_REDIRECT_H
#define MIP6SIM_MODELS_IPV6_REDIRECT_H

#include <stdbool.h>

#include "models/base/packet.h"
#include "models/base/time.h"
#include "models/ipv6/address.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/nd_option.h"
#include "models/ipv6/next_hop.h"

#define REDIRECTS_MAX        16           /* a host remembers; the one that would end first gives way */
#define REDIRECT_LIFETIME    SECONDS(600) /* then the default router is asked again */
#define REDIRECTS_PER_SECOND 10           /* a router sends, on average (8.2 wants a limit and names none) */
#define REDIRECT_BURST       10           /* and at once */

/* -- router -- */

/*
 * The packet, as it came, came from a neighbor on the interface and goes out there again, to `next_hop`:
 * sends a Redirect to its source, within the limit of rate (8.2). None if the destination is a group, if the
 * packet would go back to who sent it, or if the next hop is a router whose link-local address is not known.
 * Borrows.
 */
void redirect_send(struct node *node, struct interface *interface, const struct packet *packet,
                   const struct ipv6_address *next_hop, time_ns now);

/* -- host -- */

/* 8.1, but for what all messages of Neighbor Discovery must pass. */
bool redirect_is_valid(const struct node *node, const struct inbound *in, const struct nd_message *message);
/* A valid one. Takes in->packet. */
void redirect_receive(struct node *node, struct inbound *in, const struct nd_message *message, time_ns now);

/* The way to a destination that a Redirect has told of, by `out` if that is not NULL; false: none has.
 * node->redirects is not NULL. */
bool redirect_find(const struct node *node, const struct ipv6_address *destination,
                   const struct interface *out, struct next_hop *next_hop);

/* The neighbor does not answer (7.3.3), or is a router no longer (7.2.5): what was to go by it goes by the
 * default router again. router_only: destinations that are neighbors themselves stay. */
void redirect_forget(struct node *node, const struct interface *interface, const struct ipv6_address *target,
                     bool router_only);
/* All of the interface's: the link is another. */
void redirects_flush(struct node *node, const struct interface *interface);

#endif
