/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loopback.h - packets that a node sends to one of its own addresses.
 *
 * They are not received on the spot, from within whatever is sending: they wait for the node's next turn at
 * the same instant.
 */
#ifndef MIP6SIM_MODELS_IPV6_LOOPBACK_H
#define MIP6SIM_MODELS_IPV6_LOOPBACK_H

#include "models/base/packet.h"
#include "models/base/time.h"

struct node;

#define LOOPBACK_QUEUE_MAX 32 /* waiting at once; what is more is discarded */

/* Takes the packet. */
void loopback_send(struct node *node, struct packet *packet, time_ns now);

void loopback_free(struct node *node); /* releases what waits */

#endif
