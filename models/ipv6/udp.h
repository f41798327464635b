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

/* One bound UDP port. Embedded in what uses it; the node borrows it until udp_unbind. */
struct application {
    struct application *next;
    /* The datagram's payload; borrowed. in tells addresses and path (inbound_path). */
    void (*receive)(struct application *application, struct node *node, const struct inbound *in, uint16_t source_port,
                    const uint8_t *payload, size_t length, time_ns now);
    uint16_t port;
};

int udp_bind(struct node *node, struct application *application, uint16_t port); /* ERROR_EXISTS */
void udp_unbind(struct node *node, struct application *application);

/* Puts a UDP header in front of out->packet (the payload) and sends it. Takes the packet. Result as ipv6_send. */
int udp_send(struct node *node, struct outbound *out, uint16_t source_port, uint16_t destination_port, time_ns now);

void udp_receive(struct node *node, struct inbound *in, time_ns now); /* called by the IPv6 layer; takes in->packet */

/* How a received packet travelled, as this end can tell. */
enum packet_path inbound_path(const struct inbound *in);

#endif
