/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ethernet.h - IPv6 packets in Ethernet II frames (RFC 2464).
 *
 * A frame is destination (6 octets), source (6), type 0x86dd, the packet; no frame check sequence, no
 * padding.
 */
#ifndef MIP6SIM_MODELS_IPV6_ETHERNET_H
#define MIP6SIM_MODELS_IPV6_ETHERNET_H

#include "models/base/packet.h"
#include "models/base/time.h"
#include "models/ipv6/address.h"
#include "models/ipv6/node.h"

#define ETHERNET_HEADER_LENGTH 14
#define ETHERNET_TYPE_IPV6     0x86dd
#define ETHERNET_MTU           1500 /* RFC 2464, 2 */

/* A frame arrives on an Ethernet interface that is up. Frames to another station, of another type, or too
 * short are discarded (reported); the packet goes to ipv6_receive. Takes the frame. */
void ethernet_receive(struct node *node, struct interface *interface, struct packet *frame, time_ns now);

/* Frames the packet from the interface's own address and transmits it. The interface is up. Takes the
 * packet. */
void ethernet_send(struct node *node, struct interface *interface, struct packet *packet,
                   const struct ethernet_address *destination);

#endif
