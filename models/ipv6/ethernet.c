/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ethernet.c - Ethernet II framing (RFC 2464).
 *
 * The check for the destination comes before anything that would copy the octets: a LAN shares one packet
 * among all stations that a group address reaches.
 */
#include "models/ipv6/ethernet.h"

#include "models/ipv6/ipv6.h"

static void discard(struct node *node, struct interface *interface, struct packet *frame,
                    enum discard_reason reason, time_ns now)
{
    /* Reports are about packets: what stands behind the frame's header. */
    frame = packet_writable(frame);
    packet_remove_front(frame,
                        frame->length < ETHERNET_HEADER_LENGTH ? frame->length : ETHERNET_HEADER_LENGTH);
    node_discard(node, interface, frame, reason, now);
}

void ethernet_receive(struct node *node, struct interface *interface, struct packet *frame, time_ns now)
{
    if (frame->length < ETHERNET_HEADER_LENGTH) {
        discard(node, interface, frame, DISCARD_FRAME_TOO_SHORT, now);
        return;
    }
    const uint8_t *header = packet_octets(frame);
    bool multicast = (header[0] & 1) != 0;
    if (!multicast && memcmp(header, interface->link_layer_address.octets, ETHERNET_ADDRESS_LENGTH) != 0) {
        discard(node, interface, frame, DISCARD_FRAME_NOT_FOR_US, now);
        return;
    }
    if (header[12] != ETHERNET_TYPE_IPV6 >> 8 || header[13] != (ETHERNET_TYPE_IPV6 & 0xff)) {
        discard(node, interface, frame, DISCARD_FRAME_TYPE, now);
        return;
    }
    if (interface->disabled) {
        discard(node, interface, frame, DISCARD_DUPLICATE_ADDRESS, now);
        return;
    }
    frame = packet_writable(frame);
    packet_remove_front(frame, ETHERNET_HEADER_LENGTH);
    ipv6_receive(node, interface, frame, multicast, NULL, now);
}

void ethernet_send(struct node *node, struct interface *interface, struct packet *packet,
                   const struct ethernet_address *destination)
{
    packet = packet_with_headroom(packet, ETHERNET_HEADER_LENGTH);
    uint8_t *header = packet_prepend(packet, ETHERNET_HEADER_LENGTH);
    memcpy(header, destination->octets, ETHERNET_ADDRESS_LENGTH);
    memcpy(header + ETHERNET_ADDRESS_LENGTH, interface->link_layer_address.octets, ETHERNET_ADDRESS_LENGTH);
    header[12] = ETHERNET_TYPE_IPV6 >> 8;
    header[13] = ETHERNET_TYPE_IPV6 & 0xff;
    node->environment->operations->transmit(node->environment, interface->index, packet);
}
