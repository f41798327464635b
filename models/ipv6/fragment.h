/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fragment.h - fragmentation at the source and reassembly at the destination (RFC 8200, 4.5; RFC 5722:
 * overlaps are refused).
 */
#ifndef MIP6SIM_MODELS_IPV6_FRAGMENT_H
#define MIP6SIM_MODELS_IPV6_FRAGMENT_H

#include "models/ipv6/ipv6.h"

#define FRAGMENT_HEADER_LENGTH 8
#define REASSEMBLIES_MAX 16 /* per node; the oldest gives way */

#define FRAGMENTS_MAX 256    /* per reassembly; more is an attack, and the reassembly is abandoned */
#define REASSEMBLY_TIMEOUT SECONDS(60)

/* What to do with each fragment, a complete packet. Takes it. 0 or an error. */
typedef int fragment_emit(struct node *node, struct packet *fragment, void *context, time_ns now);

/*
 * Splits a complete packet into fragments of at most mtu octets (which must leave room for 8 octets of data
 * behind the headers) and hands each to `emit`. unfragmentable: octets of IPv6 and per-fragment headers in
 * front, next_header_at: offset of the octet in them that names the first header behind them. Takes the
 * packet. 0, ERROR_TOO_BIG, or emit's first error.
 */
int fragment_send(struct node *node, struct packet *packet, uint32_t unfragmentable, uint32_t next_header_at,
                  uint16_t mtu, fragment_emit *emit, void *context, time_ns now);

/* A fragment header stands at in->offset. Takes in->packet. True: a whole packet is in in->packet, the
 * fragment header gone, and `in` tells what stands at in->offset; what its other headers said is that of the
 * first fragment. False: not yet, or discarded; in->packet is NULL. */
bool fragment_receive(struct node *node, struct inbound *in, time_ns now);

void fragment_free(struct node *node); /* releases all that is under way */

#endif
