/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nd_message.h - what the parts of Neighbor Discovery share: sending one of its messages, the checks that all
 * of them must pass, their reports, and the notices that the parts give each other. Internal to models/ipv6.
 */
#ifndef MIP6SIM_MODELS_IPV6_ND_MESSAGE_H
#define MIP6SIM_MODELS_IPV6_ND_MESSAGE_H

#include <stdbool.h>

#include "models/ipv6/ipv6.h"
#include "models/ipv6/nd_option.h"
#include "models/ipv6/node.h"

#define MIN_RANDOM_FACTOR_PERCENT 50 /* RFC 4861, 10 */
#define MAX_RANDOM_FACTOR_PERCENT 150

/* Sends the message with hop limit 255, and reports it. station NULL: resolved as for any packet. */
void nd_message_send(struct node *node, struct interface *interface, const struct nd_message *message,
                     const struct ipv6_address *source, const struct ipv6_address *destination,
                     const struct ethernet_address *station, time_ns now);

/*
 * The checks common to all (RFC 4861, 6.1, 7.1, 8.1): hop limit 255, and the message as nd_message_read wants
 * it. A message that came out of a tunnel, or that claims a home address as its source, was not sent by a
 * neighbor: it fails as well. False: discarded, in->packet released.
 */
bool nd_message_accept(struct node *node, struct inbound *in, uint8_t type, struct nd_message *message,
                       time_ns now);
/* The part of them that is not about the message's own octets. */
bool nd_message_is_neighbors(const struct inbound *in);

/* The message has passed every check. */
void nd_message_report_received(struct node *node, const struct inbound *in, const struct nd_message *message,
                                time_ns now);

/* Reports EVENT_MESSAGE_DISCARDED, counts, releases in->packet. */
void nd_message_discard(struct node *node, struct inbound *in, uint8_t type, enum discard_reason reason,
                        time_ns now);

/* Done with it: releases in->packet. */
void nd_message_done(struct inbound *in);

/* An address of the interface from which a solicitation may be sent: in use and tested (so not optimistic,
 * RFC 4429, 3.2), defended (so not a home address that the home agent still answers for, RFC 6275,
 * 11.5.5); wanted if it is one, else the link-local address, else any. NULL: none. */
const struct interface_address *nd_source_address(const struct node *node, const struct interface *interface,
                                                  const struct ipv6_address *wanted);

/* -- notices between the parts -- */

/* The interface has a link-layer address that messages carry. */
static inline bool interface_has_link_layer_address(const struct interface *interface)
{
    return interface->kind == INTERFACE_ETHERNET;
}

/* A Neighbor Advertisement for the target (RFC 4861, 7.2.5). station NULL: no Target Link-Layer Address
 * option. */
void neighbor_advertised(struct node *node, struct interface *interface, const struct nd_message *message,
                         const struct ethernet_address *station, time_ns now);
/* A new random ReachableTime (6.3.2). */
void interface_draw_reachable_time(struct node *node, struct interface *interface);
/* Repetitions of an unsolicited advertisement for the address end. */
void neighbor_advertise_cancel(struct node *node, struct interface *interface,
                               const struct ipv6_address *target);
void neighbor_advertise_free_all(struct node *node, struct interface *interface);
/* The neighbor is a router no longer (7.2.5), or does not answer (7.3.3). */
void default_router_forget(struct node *node, struct interface *interface, const struct ipv6_address *router);
void default_router_failed(struct node *node, struct interface *interface, const struct ipv6_address *router,
                           time_ns now);
/* The interface is up and its link-local address usable: an advertiser begins (6.2.2); harmless otherwise. */
void router_advertiser_ready(struct node *node, struct interface *interface, time_ns now);
void router_advertiser_pause(struct node *node, struct interface *interface);
/* Another router has advertised on the advertiser's link: reports what they say differently (6.2.7). */
void router_advertiser_compare(struct node *node, struct interface *interface,
                               const struct received_router_advertisement *advertisement, time_ns now);

#endif
