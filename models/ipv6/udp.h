/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * udp.h - UDP (RFC 768 over RFC 8200, 8.1) and the applications of a node.
 */
#ifndef MIP6SIM_MODELS_IPV6_UDP_H
#define MIP6SIM_MODELS_IPV6_UDP_H

#include <stdint.h>

#include "models/base/time.h"
#include "models/ipv6/ipv6.h"

#define UDP_HEADER_LENGTH 8

struct node;

/* One bound UDP port, or one identifier of ICMPv6 echo (icmpv6.h). Embedded in what uses it; the node borrows
 * it until udp_unbind or icmpv6_echo_unbind. The callback may bind and unbind. */
struct application {
    struct application *next;
    /* The datagram's payload; borrowed. in tells addresses and path (inbound_path). Of an echo reply: the
     * sequence number in place of source_port, and the data. */
    void (*receive)(struct application *application, struct node *node, const struct inbound *in,
                    uint16_t source_port, const uint8_t *payload, size_t length, time_ns now);
    uint16_t port;      /* or echo identifier */
    uint8_t protocol;   /* NEXT_HEADER_UDP or NEXT_HEADER_ICMPV6; set by binding */
};

int udp_bind(struct node *node, struct application *application, uint16_t port); /* ERROR_EXISTS */
void udp_unbind(struct node *node, struct application *application);

/* Puts a UDP header in front of out->packet (the payload) and sends it. Takes the packet. Result as
 * ipv6_send. */
int udp_send(struct node *node, struct outbound *out, uint16_t source_port, uint16_t destination_port,
             time_ns now);

void udp_receive(struct node *node, struct inbound *in, time_ns now); /* called by the IPv6 layer; takes
                                                                       * in->packet */

void udp_free(struct node *node); /* forgets every port, UDP and echo; the applications are their owners' */

/* The table that UDP ports and echo identifiers share. ERROR_EXISTS, ERROR_MEMORY. */
int ports_bind(struct node *node, struct application *application, uint8_t protocol, uint16_t port);
void ports_unbind(struct node *node, struct application *application); /* harmless when not bound */
/* NULL: not in use */
struct application *ports_find(const struct node *node, uint8_t protocol, uint16_t port);

/* How a received packet travelled, as this end can tell. */
enum packet_path inbound_path(const struct inbound *in);

#endif
