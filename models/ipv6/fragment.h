/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fragment.h - fragmentation at the source and reassembly at the destination (RFC 8200, 4.5; RFC 5722: overlaps are refused).
 */
#ifndef MIP6SIM_MODELS_IPV6_FRAGMENT_H
#define MIP6SIM_MODELS_IPV6_FRAGMENT_H

#include "models/ipv6/ipv6.h"

#define FRAGMENT_HEADER_LENGTH 8
#define REASSEMBLIES_MAX 16 /* per node; the oldest gives way */

/*
 * Splits a complete packet into fragments of at most mtu octets and sends each by ipv6_output. unfragmentable: octets of
 * IPv6 and per-hop headers in front, next_header_at: offset of the octet in them that names the first fragmentable header.
 * Takes the packet.
 */
int fragment_send(struct node *node, struct packet *packet, uint32_t unfragmentable, uint32_t next_header_at, uint16_t mtu,
                  time_ns now);

/* A fragment header stands at in->offset. Takes in->packet; returns the whole packet, the fragment header gone (NULL: not yet). */
struct packet *fragment_receive(struct node *node, struct inbound *in, time_ns now);

void fragment_free(struct node *node); /* releases all that is under way */

#endif
