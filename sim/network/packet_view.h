/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_view.h - what a frame carries, in the end: through Ethernet, tunnels, extension headers and ESP.
 *
 * The operator looks at a frame as Wireshark would with the keys at hand. Nothing of it is checked: a
 * checksum or an authenticator may be wrong, and the message is what it says it is.
 */
#ifndef MIP6SIM_SIM_NETWORK_PACKET_VIEW_H
#define MIP6SIM_SIM_NETWORK_PACKET_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/ipv6/address.h"
#include "sim/scenario/message_kind.h"

#define PACKET_VIEW_FLOW_NONE UINT32_MAX

/* Of the innermost packet. Where it has a Home Address option or a type 2 routing header, source and
 * destination are the home addresses and wire_* are what the header has. */
struct packet_view {
    enum message_kind kind;
    uint32_t flow; /* of a flow's datagram; PACKET_VIEW_FLOW_NONE: not one */
    uint32_t flow_sequence;
    struct ipv6_address source, destination;
    struct ipv6_address wire_source, wire_destination;
    struct ipv6_address outer_source, outer_destination; /* of the outermost header; no tunnel: wire_* */
    unsigned tunnels;                                    /* headers around it */
    bool home_address_option, type_2_routing;            /* the innermost packet has one */
};

/* Opens ESP: `length` octets from its header on; payload has room for as many. False: it cannot. */
typedef bool packet_view_opener(void *context, const uint8_t *esp, size_t length, uint8_t *payload,
                                size_t *payload_length, uint8_t *next_header);

/* False: no IPv6 packet. opener may be NULL. */
bool packet_view_read(struct packet_view *view, const uint8_t *frame, size_t length, bool ethernet,
                      packet_view_opener *opener, void *context);

#endif
