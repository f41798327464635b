/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path_mtu.h - what Packet Too Big messages have taught about the paths to destinations (RFC 8200, 5; RFC
 * 4443, 3.2).
 */
#ifndef MIP6SIM_MODELS_IPV6_PATH_MTU_H
#define MIP6SIM_MODELS_IPV6_PATH_MTU_H

#include <stdint.h>

#include "models/base/time.h"
#include "models/ipv6/address.h"

struct node;

#define PATH_MTUS_MAX 32                /* per node; the one that ends first gives way */
#define PATH_MTU_LIFETIME SECONDS(600)  /* then the larger size is tried again */

/* A Packet Too Big about a packet to `destination` said `mtu`. Less than IPV6_MTU_MINIMUM is no valid report,
 * and a path's MTU only ever shrinks while it is remembered. */
void path_mtu_learn(struct node *node, const struct ipv6_address *destination, uint32_t mtu, time_ns now);

/* The smaller of `link_mtu` and what is known of the path. */
uint16_t path_mtu_lookup(const struct node *node, const struct ipv6_address *destination, uint16_t link_mtu,
                         time_ns now);

void path_mtu_free(struct node *node);

#endif
