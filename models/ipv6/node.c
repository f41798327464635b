/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.c - the life of a node, its entries, and what it does with a packet it does not want.
 *
 * node_receive leaves the link-layer header to ethernet.c (there is none on a point-to-point link), from
 * where the IPv6 packet comes to ipv6_receive. The table of a node's own addresses, its timers and its
 * interfaces are made here; what lives on an interface (addresses, neighbors, routers, prefixes) belongs to
 * the modules named after it, and is given back through them.
 */
#include "models/ipv6/node.h"

#include <stdlib.h>

#include "models/base/cache.h"
#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/address_table.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/fragment.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/loopback.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/path_mtu.h"
#include "models/ipv6/redirect.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/router_discovery.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"

const struct node_configuration node_configuration_default_host = {
    .stateless_autoconfiguration = true,
    .duplicate_detection_transmits = 1,
    .hop_limit = 64,
    .delay_duplicate_detection = true,
    .delay_router_solicitation = true,
    .icmp_errors_per_second = 10, /* RFC 4443, 2.4 (f) */
    .icmp_error_burst = 10,
};

const struct node_configuration node_configuration_default_router = {
    .forwarding = true,
    .duplicate_detection_transmits = 1,
    .hop_limit = 64,
    .delay_duplicate_detection = true,
    .icmp_errors_per_second = 100,
    .icmp_error_burst = 50,
};

/* -- life -- */

int node_init(struct node *node, struct environment *environment,
              const struct node_configuration *configuration, unsigned interface_count)
{
    *node = (struct node){
        .environment = environment,
        .configuration = configuration,
        .interface_count = interface_count,
    };
    node->interfaces = &node->only_interface;
    if (interface_count > 1)
        node->interfaces = calloc(interface_count, sizeof(*node->interfaces));
    if (!node->interfaces)
        return ERROR_MEMORY;
    for (unsigned i = 0; i < interface_count; i++) {
        struct interface *interface = &node->interfaces[i];
        interface->index = (uint16_t)i;
        interface->reachable_time_ms = REACHABLE_TIME_MS;
        interface->base_reachable_time_ms = REACHABLE_TIME_MS;
        interface->retransmission_ms = RETRANS_TIMER_MS;
        interface->hop_limit = configuration->hop_limit;
    }
    return 0;
}

void node_configure_interface(struct node *node, unsigned index, enum interface_kind kind,
                              const struct ethernet_address *link_layer_address, uint16_t mtu)
{
    struct interface *interface = &node->interfaces[index];
    interface->kind = (uint8_t)kind;
    if (link_layer_address)
        interface->link_layer_address = *link_layer_address;
    interface->mtu = mtu;
}

static void interface_free(struct node *node, struct interface *interface)
{
    router_advertiser_stop(node, interface, false, 0);
    router_solicit_stop(node, interface);
    router_discovery_flush(node, interface);
    neighbors_flush(node, interface);
    address_configuration_free(node, interface);
}

/* What a router has advertised stays (RFC 4861, 6.3.4). */
void node_reconfigure(struct node *node, const struct node_configuration *configuration)
{
    for (unsigned i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].hop_limit == node->configuration->hop_limit)
            node->interfaces[i].hop_limit = configuration->hop_limit;
    node->configuration = configuration;
}

/* Nobody hears of the end: neither the extension, which its owner has freed by now, nor who watches the
 * environment. */
void node_free(struct node *node)
{
    uint64_t watch = node->environment->watch;
    node->environment->watch = 0;
    node->extension = NULL;
    for (unsigned i = 0; i < node->interface_count; i++)
        interface_free(node, &node->interfaces[i]);
    ipsec_free(node);
    loopback_free(node);
    fragment_free(node);
    path_mtu_free(node);
    free(node->limits);
    udp_free(node);
    routing_table_free(node->routes);
    address_table_free(node->addresses);
    timer_queue_free(&node->timers);
    node->environment->watch = watch;
    if (node->interfaces != &node->only_interface)
        free(node->interfaces);
    *node = (struct node){.environment = NULL};
}

/* -- discarding -- */

static void report_discard(struct node *node, const struct interface *interface, const struct packet *packet,
                           enum discard_reason reason, time_ns now)
{
    struct protocol_event event = {
        .kind = EVENT_PACKET_DISCARDED,
        .reason = reason,
        .time = now,
        .packet = packet,
        .interface = interface ? interface->index : 0,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
        .octets = packet->length,
    };
    struct ipv6_address source, destination;
    if (packet->length >= IPV6_HEADER_LENGTH) {
        source = ipv6_address_read(packet_octets(packet) + IPV6_AT_SOURCE);
        destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION);
        event.source = &source;
        event.destination = &destination;
    }
    node->environment->operations->report(node->environment, &event);
}

void node_discard(struct node *node, struct interface *interface, struct packet *packet,
                  enum discard_reason reason, time_ns now)
{
    if (!packet)
        return;
    node->discards++;
    if (environment_watches(node->environment, EVENT_PACKET_DISCARDED))
        report_discard(node, interface, packet, reason, now);
    packet_release(packet);
}

void inbound_discard(struct node *node, struct inbound *in, enum discard_reason reason, time_ns now)
{
    node_discard(node, in->interface, in->packet, reason, now);
    in->packet = NULL;
}

/* -- entries -- */

void node_receive(struct node *node, unsigned index, struct packet *frame, time_ns now)
{
    struct interface *interface = &node->interfaces[index];
    if (!interface->up)
        node_discard(node, interface, frame, DISCARD_INTERFACE_DOWN, now);
    else if (interface->kind == INTERFACE_POINT_TO_POINT)
        ipv6_receive(node, interface, frame, false, NULL, now);
    else
        ethernet_receive(node, interface, frame, now);
}

void node_link_changed(struct node *node, unsigned index, bool up, time_ns now)
{
    struct interface *interface = &node->interfaces[index];
    enum protocol_event_kind kind = up ? EVENT_LINK_UP : EVENT_LINK_DOWN;
    interface->up = up;
    if (environment_watches(node->environment, kind)) {
        struct protocol_event event = {
            .kind = kind,
            .interface = index,
            .time = now,
            .sequence = -1,
            .status = -1,
            .lifetime = -1,
        };
        node->environment->operations->report(node->environment, &event);
    }
    address_configuration_link_changed(node, interface, up, now);
    router_discovery_link_changed(node, interface, up, now);
    if (node->extension && node->extension->link_changed)
        node->extension->link_changed(node, interface, up, now);
}

void node_wake(struct node *node, time_ns now)
{
    timer_queue_run(&node->timers, node, now);
}

/* -- fetching -- */

#define TABLE_OCTETS    200 /* of the table of addresses, for a host on a LAN */
#define MOBILITY_OCTETS 232 /* of a mobile node, with what stands in front of it */
#define ITEM_OCTETS     72  /* of the first item of a list: most lists have one */

void node_fetch_parts(const struct node *node, unsigned index)
{
    if (index < node->interface_count)
        cache_fetch(&node->interfaces[index], sizeof(node->interfaces[index]));
    cache_fetch(node->addresses, TABLE_OCTETS);
    cache_fetch(node->mobility, MOBILITY_OCTETS);
    if (node->timers.capacity > 0)
        cache_fetch(node->timers.heap, sizeof(node->timers.heap[0]));
}

void node_fetch_lists(const struct node *node, unsigned index)
{
    if (index >= node->interface_count)
        return; /* somebody without a machine: who stands for the outside */
    const struct interface *interface = &node->interfaces[index];
    cache_fetch(interface->addresses, ITEM_OCTETS);
    cache_fetch(interface->default_routers, ITEM_OCTETS);
    cache_fetch(interface->prefixes, ITEM_OCTETS);
    cache_fetch(interface->neighbors.only, ITEM_OCTETS); /* the neighbor, or the first buckets */
    if (node->timers.count > 0)
        cache_fetch(timer_queue_first(&node->timers), sizeof(struct timer));
}
