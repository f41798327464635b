/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * redirect.c - Redirects, sent by routers and obeyed by hosts (RFC 4861, 4.5, 8; RFC 4429, 2.3).
 *
 * What a host remembers is its Destination Cache (5.1) as far as it does not follow from next-hop
 * determination: a destination, and the neighbor that packets to it are sent to. Few hosts have any, and then
 * the question costs one test of a pointer. An entry ends when REDIRECT_LIFETIME is over (the RFC has no
 * number for it), when its neighbor does not answer, when its router ceases to be one, and when the link is
 * another.
 *
 * A router names the next router by its link-local address, as 8.2 demands. Its static routes may name it by
 * another; then the link-local address is that of the router which has advertised itself from the same
 * station.
 *
 * The packet in the Redirected Header option is as it came, and cut at a multiple of 8 octets, the option's
 * unit: no octets are made up behind it.
 */
#include "models/ipv6/redirect.h"

#include <stdlib.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/nd_message.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/node.h"
#include "models/ipv6/router_discovery.h"

struct redirect {
    struct redirect *next;
    const struct interface *interface;
    struct ipv6_address destination;
    struct ipv6_address target;
    struct timer timer;
};

/* ---- routers (8.2) ---- */

/* The address that the target goes by in a Redirect. */
static bool target_address(const struct interface *interface, const struct ipv6_address *next_hop,
                           const struct ipv6_address *destination, struct ipv6_address *target)
{
    *target = *next_hop;
    if (ipv6_address_equal(next_hop, destination) || ipv6_address_is_link_local(next_hop))
        return true;
    const struct neighbor *known = neighbor_lookup(interface, next_hop);
    if (known == NULL || known->state == NEIGHBOR_INCOMPLETE)
        return false;
    const struct neighbor *router = neighbor_find_router(interface, &known->link_layer_address);
    if (router != NULL)
        *target = router->address;
    return router != NULL;
}

static void quote(struct nd_message *message, const struct packet *packet)
{
    size_t room = IPV6_MTU_MINIMUM - IPV6_HEADER_LENGTH - nd_message_length(message) - ND_REDIRECTED_HEADER;
    size_t length = packet->length < room ? packet->length : room;
    message->redirected = packet_octets(packet);
    message->redirected_length = (uint16_t)(length / 8 * 8);
}

void redirect_send(struct node *node, struct interface *interface, const struct packet *packet,
                   const struct ipv6_address *next_hop, time_ns now)
{
    struct ipv6_address source = ipv6_address_read(packet_octets(packet) + IPV6_AT_SOURCE);
    struct nd_message message = {
        .type = ICMPV6_REDIRECT,
        .destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION),
    };
    const struct interface_address *own = address_link_local(interface);
    if (own == NULL || !address_is_usable(own) || ipv6_address_is_multicast(&message.destination) ||
        address_find(node, &source) != NULL ||
        !target_address(interface, next_hop, &message.destination, &message.target) ||
        ipv6_address_equal(next_hop, &source))
        return;
    struct rate_limits *limits = icmpv6_limits(node);
    if (limits == NULL || !token_bucket_take(&limits->redirects, REDIRECTS_PER_SECOND, REDIRECT_BURST, now))
        return;
    const struct neighbor *target = neighbor_lookup(interface, &message.target);
    if (target != NULL && target->state != NEIGHBOR_INCOMPLETE) {
        message.present = ND_HAS(ND_OPTION_TARGET_LINK_LAYER_ADDRESS);
        message.target_link_layer_address = target->link_layer_address;
    }
    quote(&message, packet);
    nd_message_send(node, interface, &message, &own->address, &source, NULL, now);
}

/* ---- hosts: what is remembered ---- */

static struct redirect *find(const struct node *node, const struct ipv6_address *destination)
{
    struct redirect *redirect = node->redirects;
    while (redirect != NULL && !ipv6_address_equal(&redirect->destination, destination))
        redirect = redirect->next;
    return redirect;
}

bool redirect_find(const struct node *node, const struct ipv6_address *destination,
                   const struct interface *out, struct next_hop *next_hop)
{
    const struct redirect *redirect = find(node, destination);
    if (redirect == NULL || (out != NULL && redirect->interface != out))
        return false;
    if (out == NULL && (redirect->interface->standby || !redirect->interface->up))
        return false;
    *next_hop = (struct next_hop){
        .interface = &node->interfaces[redirect->interface->index],
        .address = &redirect->target,
    };
    return true;
}

static void delete(struct node *node, struct redirect *redirect)
{
    struct redirect **link = &node->redirects;
    while (*link != redirect)
        link = &(*link)->next;
    *link = redirect->next;
    node_disarm(node, &redirect->timer);
    free(redirect);
}

static void expired(struct node *node, struct timer *timer, time_ns now)
{
    (void)now;
    delete(node, timer_owner(timer, struct redirect, timer));
}

static void make_room(struct node *node)
{
    struct redirect *first_to_end = node->redirects;
    unsigned count = 0;
    for (struct redirect *redirect = node->redirects; redirect != NULL; redirect = redirect->next, count++)
        if (redirect->timer.deadline < first_to_end->timer.deadline)
            first_to_end = redirect;
    if (count >= REDIRECTS_MAX)
        delete(node, first_to_end);
}

static void remember(struct node *node, const struct interface *interface, const struct nd_message *message,
                     time_ns now)
{
    struct redirect *redirect = find(node, &message->destination);
    if (redirect == NULL) {
        make_room(node);
        redirect = calloc(1, sizeof(*redirect));
        if (redirect == NULL)
            return; /* it goes by the router, and is told again */
        redirect->destination = message->destination;
        timer_init(&redirect->timer, expired);
        redirect->next = node->redirects;
        node->redirects = redirect;
    }
    redirect->interface = interface;
    redirect->target = message->target;
    node_arm(node, &redirect->timer, time_add(now, REDIRECT_LIFETIME));
}

void redirect_forget(struct node *node, const struct interface *interface, const struct ipv6_address *target,
                     bool router_only)
{
    for (struct redirect *redirect = node->redirects, *next; redirect != NULL; redirect = next) {
        next = redirect->next;
        bool to_neighbor = ipv6_address_equal(&redirect->target, &redirect->destination);
        if (redirect->interface == interface && ipv6_address_equal(&redirect->target, target) &&
            !(router_only && to_neighbor))
            delete(node, redirect);
    }
}

void redirects_flush(struct node *node, const struct interface *interface)
{
    for (struct redirect *redirect = node->redirects, *next; redirect != NULL; redirect = next) {
        next = redirect->next;
        if (redirect->interface == interface)
            delete(node, redirect);
    }
}

/* ---- hosts: messages (8.1, 8.3) ---- */

static bool has_optimistic_address(const struct interface *interface)
{
    for (const struct interface_address *address = interface->addresses; address != NULL;
         address = address->next)
        if (address->state == ADDRESS_OPTIMISTIC)
            return true;
    return false;
}

/* Is the source of the message where packets to the destination go? With an optimistic address they go to a
 * router until the neighbor's station is known (RFC 4429, 2.3, 3.2). */
static bool comes_from_first_hop(const struct node *node, const struct inbound *in,
                                 const struct ipv6_address *destination)
{
    struct next_hop next_hop;
    if (!next_hop_find(node, destination, in->interface, &next_hop) || next_hop.interface != in->interface)
        return false;
    if (ipv6_address_equal(next_hop.address, &in->source))
        return true;
    const struct neighbor *neighbor = neighbor_lookup(in->interface, destination);
    const struct default_router *router = default_router_select(node, in->interface);
    return has_optimistic_address(in->interface) && ipv6_address_equal(next_hop.address, destination) &&
           (neighbor == NULL || neighbor->state == NEIGHBOR_INCOMPLETE) && router != NULL &&
           ipv6_address_equal(&router->address, &in->source);
}

bool redirect_is_valid(const struct node *node, const struct inbound *in, const struct nd_message *message)
{
    return !node->configuration->forwarding && ipv6_address_is_link_local(&in->source) &&
           !ipv6_address_is_multicast(&message->destination) &&
           (ipv6_address_is_link_local(&message->target) ||
            ipv6_address_equal(&message->target, &message->destination)) &&
           comes_from_first_hop(node, in, &message->destination);
}

void redirect_receive(struct node *node, struct inbound *in, const struct nd_message *message, time_ns now)
{
    nd_message_report_received(node, in, message, now);
    bool to_neighbor = ipv6_address_equal(&message->target, &message->destination);
    struct neighbor *target = neighbor_lookup(in->interface, &message->target);
    if ((message->present & ND_HAS(ND_OPTION_TARGET_LINK_LAYER_ADDRESS)) != 0)
        neighbor_learn(node, in->interface, &message->target, &message->target_link_layer_address,
                       !to_neighbor, now);
    else if (target != NULL && !to_neighbor)
        target->is_router = true;
    if (!(to_neighbor && prefix_is_on_link(in->interface, &message->destination)))
        remember(node, in->interface, message, now);
    nd_message_done(in);
}
