/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attackers.h - adversaries in a simulation: their places, what the operator of a scenario has given them,
 * and how frames reach them and leave them (models/attack/attacker.h).
 *
 * Whoever is not for sale hears what is for them. An ear is a port that hears every frame of a link at the
 * instant of its arrival, whoever it is for: an attacker's on its LANs and point-to-point links, and on links
 * that it taps. To hear costs a frame nothing, neither time nor loss. What is sent at a tap goes through the
 * transmitter, queue, delay and loss of the end that would have sent it.
 */
#ifndef MIP6SIM_SIM_NETWORK_ATTACKERS_H
#define MIP6SIM_SIM_NETWORK_ATTACKERS_H

#include <stdbool.h>

#include "sim/network/simulation.h"

/* -- for the network -- */

/* The port hears all of the link from now on, or no more; called where ports are joined to links. Harmless
 * for ports of other nodes. */
void ears_add(struct link *link, struct port *port);
void ears_remove(struct link *link, struct port *port);
/* A frame from `from` arrives: all ears of the link hear it. Borrows it. */
void ears_hear(struct link *link, const struct port *from, const struct packet *frame);
/* Sends the packet into the link of a tap, in the direction that leads to its destination. Takes it. */
void tap_transmit(struct port *tap, struct packet *packet);

/* -- for the simulation -- */

/* The node, which has just been given its ports, becomes an attacker with ports for its taps. 0 or
 * ERROR_MEMORY. */
int attackers_make(struct simulation *simulation, struct network_node *node);
/* How many ports a node of the group has for taps. */
uint32_t attackers_tap_count(const struct scenario_node *from);
/* Attackers get their attacks and keys; peers and security associations have been built. 0 or
 * ERROR_MEMORY. */
int attackers_build(struct simulation *simulation);
void attackers_start(struct simulation *simulation);
/* The operator plugs an attacker into one of its LANs, or pulls it out. */
void attackers_plug(struct simulation *simulation, struct network_node *node, uint32_t link, bool in);
/* Its power, besides its interfaces'. Harmless for other nodes. */
void attackers_set_on(struct network_node *node, bool on);

#endif
