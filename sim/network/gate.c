/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gate.c - see gate.h.
 *
 * A gate has a node so that its port is a port as any other, with a place in the engine's order behind all
 * nodes and random streams of its own. The node has no machine; it is off for good, which is where links look
 * before they hand over a frame, so that to have gates costs the others nothing.
 */
#include "sim/network/gate.h"

#include <string.h>

#include "sim/network/lan.h"

struct gate *gate_new(struct network *network, struct link *lan, gate_emit *emit, void *context)
{
    g_assert(lan->kind == LINK_LAN);
    struct gate *gate = g_new0(struct gate, 1);
    gate->emit = emit;
    gate->context = context;
    gate->node.network = network;
    gate->node.index = network->node_count + network->gate_count++;
    gate->node.source.index = gate->node.index + 1;
    gate->node.off = true;
    gate->node.group = UINT32_MAX; /* it is none of the scenario's nodes */
    gate->node.gate = gate;
    gate->node.ports = &gate->port;
    gate->port.node = &gate->node;
    gate->port.link = lan;
    gate->next = lan->lan->gates;
    lan->lan->gates = gate;
    return gate;
}

void gate_free(struct gate *gate)
{
    g_free(gate->port.queue);
    g_free(gate->port.chances);
    g_free(gate);
}

void gate_inject(struct gate *gate, const void *octets, size_t length)
{
    struct packet *frame = packet_new(gate->node.network->packets, PACKET_HEADROOM, length);
    memcpy(packet_octets(frame), octets, length);
    if (length >= 2 * ETHERNET_ADDRESS_LENGTH)
        lan_learn(gate->port.link->lan, gate, packet_octets(frame) + ETHERNET_ADDRESS_LENGTH);
    link_transmit(&gate->port, frame);
}
