/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lan.h - a LAN: a full-duplex switch that knows where each Ethernet address is and who listens to which
 * group.
 *
 * Interfaces filter as real ones do: a frame to a group goes only to stations that listen to it, so that a
 * solicitation on a LAN of thousands is not thousands of events.
 */
#ifndef MIP6SIM_SIM_NETWORK_LAN_H
#define MIP6SIM_SIM_NETWORK_LAN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/network/link.h"

struct gate;
struct station_table;

struct lan {
    struct network *network;
    const struct distribution *handover_delay; /* access LAN; NULL: none */
    struct port **stations;
    struct station_table *table; /* stations and groups, by Ethernet address */
    struct gate *gates;          /* NULL: none */
    uint32_t count;
    uint32_t capacity;
};

struct lan *lan_new(struct network *network);
void lan_free(struct lan *lan);

/* The port becomes a station of the LAN, or stops being one. The caller tells the node. */
void lan_attach(struct link *link, struct port *port);
void lan_detach(struct port *port);

/* The environment's operation: the port's interface shall, or shall no longer, take frames to this group. */
void lan_listen(struct port *port, const struct ethernet_address *group, bool on);
/* It takes no frames to groups any more. */
void lan_listen_to_none(struct port *port);
void lan_listening_free(struct port *port);

/* A frame with this source address (six octets) has come in by the gate: that is where it will be found,
 * unless it is a station's here. */
void lan_learn(struct lan *lan, struct gate *gate, const uint8_t *source);

/* A frame has crossed the LAN: to the station it is for, or a copy to each that listens. Takes it. */
void lan_arrive(struct link *link, struct port *from, struct packet *frame, time_ns now);

#endif
