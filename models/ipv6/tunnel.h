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
 * Encapsulates a complete packet (the inner hop limit has been decremented already if the packet was
 * forwarded into the tunnel, RFC 2473, 3.1) and routes it. A packet that would exceed the tunnel MTU:
 * Packet Too Big to its source when the inner packet exceeds 1280 octets, otherwise the outer packet is
 * fragmented (RFC 2473, 7.1). Where the node's IPsec policy demands it the inner packet goes under ESP in
 * tunnel mode. Reports EVENT_PACKET_TUNNELLED. hop_limit 0: the node's. Takes the packet. 0 or an error
 * (reported).
 */
int tunnel_send(struct node *node, struct packet *inner, const struct ipv6_address *entry,
                const struct ipv6_address *exit, uint8_t hop_limit, time_ns now);

/* The largest packet of the node's own, of the kind of this one, that enters a tunnel to this exit without
 * being fragmented first: what the path to it carries less the tunnel header, and less ESP if packets of
 * this kind are protected there, but at least what every link carries (RFC 2473, 6.7 and 7.1). Borrows. */
uint16_t tunnel_mtu(const struct node *node, const struct packet *inner, const struct ipv6_address *entry,
                    const struct ipv6_address *exit, time_ns now);

/* Octets that this tunnel adds to the packet, unfragmented: its header, and ESP. Borrows. */
uint32_t tunnel_overhead(const struct node *node, const struct packet *inner,
                         const struct ipv6_address *entry, const struct ipv6_address *exit,
                         bool *protected_by_esp);

/* An ICMPv6 error came back about a packet that this node had encapsulated: tells the source of the packet
 * inside (RFC 2473, 8). original: the tunnel packet's octets; inner_at: the offset of the packet inside.
 * Borrows. */
void tunnel_relay_error(struct node *node, const uint8_t *original, size_t length, size_t inner_at,
                        uint8_t type, uint8_t code, uint32_t parameter, time_ns now);

/* The packet at in->offset is an inner packet and the extension accepts it, and so does the IPsec policy:
 * strips the outer headers and feeds the inner packet to ipv6_receive. Takes in->packet. Called by the IPv6
 * layer for next header 41. */
void tunnel_receive(struct node *node, struct inbound *in, time_ns now);

#endif
