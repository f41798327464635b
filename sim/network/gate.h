/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate.h - a gate of a LAN: a station behind which there is the world outside, with any number of Ethernet
 * addresses.
 *
 * To the LAN a gate is a station like others: what comes in through it has the delay, rate, loss and queue of
 * whatever a station sends, and is captured. What leaves by it is what a switch would send to such a port:
 * frames to groups, to addresses that have been heard from behind it, and to addresses that nobody here has.
 */
#ifndef MIP6SIM_SIM_NETWORK_GATE_H
#define MIP6SIM_SIM_NETWORK_GATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/network/link.h"

/* Addresses that a gate remembers to be behind it; frames to others go out all the same. */
#define GATE_ADDRESSES_MAX 4096

/* A frame leaves by the gate; borrowed. It must not enter the network from within. */
typedef void gate_emit(void *context, const struct packet *frame, time_ns now);

struct gate {
    struct network_node node; /* a station without a protocol machine */
    struct port port;
    struct gate *next; /* of the LAN */
    gate_emit *emit;
    void *context;
    uint32_t learnt;
};

/* A gate of the LAN, which owns it. */
struct gate *gate_new(struct network *network, struct link *lan, gate_emit *emit, void *context);
void gate_free(struct gate *gate); /* for the LAN */

/* A frame (Ethernet II) comes in now: the octets are copied. Shorter than its header: it is lost. */
void gate_inject(struct gate *gate, const void *octets, size_t length);

#endif
