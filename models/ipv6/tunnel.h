/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tunnel.h - IPv6-in-IPv6 (RFC 2473): encapsulation at the entry, decapsulation at the exit.
 */
#ifndef MIP6SIM_MODELS_IPV6_TUNNEL_H
#define MIP6SIM_MODELS_IPV6_TUNNEL_H

#include "models/base/packet.h"
#include "models/base/time.h"
#include "models/ipv6/address.h"
#include "models/ipv6/ipv6.h"

#define TUNNEL_DEPTH_MAX 4

/*
 * Encapsulates a complete packet (the inner hop limit has been decremented already if the packet was forwarded into the
 * tunnel, RFC 2473, 3.1) and routes it. A packet that would exceed the tunnel MTU: Packet Too Big to its source when the
 * inner packet exceeds 1280 octets, otherwise the outer packet is fragmented (RFC 2473, 7.1). Reports EVENT_PACKET_TUNNELLED.
 * hop_limit 0: the node's. Takes the packet. 0 or an error (reported).
 */
int tunnel_send(struct node *node, struct packet *inner, const struct ipv6_address *entry, const struct ipv6_address *exit,
                uint8_t hop_limit, time_ns now);

/* The packet at in->offset is an inner packet and the extension accepts it: strips the outer headers and feeds the inner
 * packet to ipv6_receive. Takes in->packet. Called by the IPv6 layer for next header 41. */
void tunnel_receive(struct node *node, struct inbound *in, time_ns now);

#endif
