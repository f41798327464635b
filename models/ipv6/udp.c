/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * udp.c - UDP (RFC 768) as RFC 8200, 8.1 wants it: always with a checksum, and none that is zero.
 *
 * The ports in use are one small hash per node, chained through the applications themselves, which ICMPv6
 * echo shares: an echo identifier is a port of another protocol. A host has one or two; a correspondent of
 * ten thousand mobile nodes may have as many, and still finds one in constant time.
 */
#include "models/ipv6/udp.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/node.h"

#define BUCKETS_LEAST 4

struct udp_ports {
    uint32_t count;
    uint32_t mask; /* number of buckets - 1; a power of two */
    struct application *buckets[];
};

/* -- ports -- */

static struct udp_ports *ports_new(uint32_t buckets)
{
    struct udp_ports *ports = calloc(1, sizeof(*ports) + buckets * sizeof(ports->buckets[0]));
    if (ports)
        ports->mask = buckets - 1;
    return ports;
}

/* Ports of flows count up from somewhere: the low bits spread them evenly. */
static struct application **bucket_of(struct udp_ports *ports, uint8_t protocol, uint16_t port)
{
    return &ports->buckets[(port ^ (protocol == NEXT_HEADER_UDP ? 0u : 1u)) & ports->mask];
}

static void ports_insert(struct udp_ports *ports, struct application *application)
{
    struct application **bucket = bucket_of(ports, application->protocol, application->port);
    application->next = *bucket;
    *bucket = application;
    ports->count++;
}

static int ports_grow(struct node *node)
{
    struct udp_ports *old = node->ports;
    struct udp_ports *ports = ports_new(old ? 2 * (old->mask + 1) : BUCKETS_LEAST);
    if (!ports)
        return ERROR_MEMORY;
    for (uint32_t i = 0; old && i <= old->mask; i++) {
        for (struct application *application = old->buckets[i], *next; application; application = next) {
            next = application->next;
            ports_insert(ports, application);
        }
    }
    free(old);
    node->ports = ports;
    return 0;
}

struct application *ports_find(const struct node *node, uint8_t protocol, uint16_t port)
{
    if (!node->ports)
        return NULL;
    struct application *application = *bucket_of(node->ports, protocol, port);
    while (application && (application->port != port || application->protocol != protocol))
        application = application->next;
    return application;
}

int ports_bind(struct node *node, struct application *application, uint8_t protocol, uint16_t port)
{
    if (ports_find(node, protocol, port))
        return ERROR_EXISTS;
    if ((!node->ports || node->ports->count > node->ports->mask) && ports_grow(node) != 0)
        return ERROR_MEMORY;
    application->protocol = protocol;
    application->port = port;
    ports_insert(node->ports, application);
    return 0;
}

void ports_unbind(struct node *node, struct application *application)
{
    if (!node->ports)
        return;
    struct application **link = bucket_of(node->ports, application->protocol, application->port);
    while (*link && *link != application)
        link = &(*link)->next;
    if (!*link)
        return;
    *link = application->next;
    application->next = NULL;
    node->ports->count--;
}

void udp_free(struct node *node)
{
    free(node->ports);
    node->ports = NULL;
}

int udp_bind(struct node *node, struct application *application, uint16_t port)
{
    return ports_bind(node, application, NEXT_HEADER_UDP, port);
}

void udp_unbind(struct node *node, struct application *application)
{
    ports_unbind(node, application);
}

/* -- datagrams -- */

int udp_send(struct node *node, struct outbound *out, uint16_t source_port, uint16_t destination_port,
             time_ns now)
{
    out->packet = packet_with_headroom(out->packet, UDP_HEADER_LENGTH);
    uint8_t *header = packet_prepend(out->packet, UDP_HEADER_LENGTH);
    uint32_t length = out->packet->length; /* what does not fit in 16 bits is refused by ipv6_send */
    header[0] = (uint8_t)(source_port >> 8);
    header[1] = (uint8_t)source_port;
    header[2] = (uint8_t)(destination_port >> 8);
    header[3] = (uint8_t)destination_port;
    header[4] = (uint8_t)(length >> 8);
    header[5] = (uint8_t)length;
    header[6] = 0;
    header[7] = 0;
    out->next_header = NEXT_HEADER_UDP;
    return ipv6_send(node, out, now);
}

static void deliver(struct node *node, struct inbound *in, struct application *application,
                    uint16_t source_port, size_t length, time_ns now)
{
    /* The callback may unbind, or send; the packet stays until both have seen it. */
    application->receive(application, node, in, source_port, inbound_payload(in) + UDP_HEADER_LENGTH,
                         length - UDP_HEADER_LENGTH, now);
    if (node->extension && node->extension->delivered)
        node->extension->delivered(node, in, now);
    packet_release(in->packet);
    in->packet = NULL;
}

void udp_receive(struct node *node, struct inbound *in, time_ns now)
{
    size_t available = inbound_payload_length(in);
    if (available < UDP_HEADER_LENGTH) {
        inbound_discard(node, in, DISCARD_HEADER_TRUNCATED, now);
        return;
    }
    const uint8_t *header = inbound_payload(in);
    uint16_t source_port = (uint16_t)(header[0] << 8 | header[1]);
    uint16_t port = (uint16_t)(header[2] << 8 | header[3]);
    size_t length = (size_t)(header[4] << 8 | header[5]);
    if (length < UDP_HEADER_LENGTH || length > available) {
        inbound_discard(node, in, DISCARD_LENGTH, now);
        return;
    }
    bool has_checksum = (header[6] | header[7]) != 0;
    if (!has_checksum || ipv6_checksum(&in->source, &in->destination, NEXT_HEADER_UDP, header, length) != 0) {
        inbound_discard(node, in, DISCARD_CHECKSUM, now);
        return;
    }
    struct application *application = ports_find(node, NEXT_HEADER_UDP, port);
    if (!application) {
        icmpv6_send_error(node, inbound_link(in), in->packet, ICMPV6_DESTINATION_UNREACHABLE,
                          UNREACHABLE_PORT, 0, in->link_layer_multicast, now);
        inbound_discard(node, in, DISCARD_PORT_UNREACHABLE, now);
        return;
    }
    deliver(node, in, application, source_port, length, now);
}

enum packet_path inbound_path(const struct inbound *in)
{
    if (in->has_home_address_option || in->has_type_2_routing)
        return PATH_ROUTE_OPTIMIZED;
    return in->tunnel_depth > 0 ? PATH_TUNNELLED : PATH_DIRECT;
}
