/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * movement.h - mobile nodes that move by themselves, as the scenario's [movement] sections say.
 *
 * Whoever moves has a mover: its next move is one event, and when that has been made the one after it is
 * found. So the memory is that of the nodes, whatever the number of moves, and a move that nobody lives to
 * see is never computed. A trace is one mover for all its nodes, which walks the lines.
 *
 * Random numbers come from streams of the node (with `together`: of the first of its group), a step for each
 * draw, whose number is that of the stay: what the protocol does, and how, moves no draw. Movers act as the
 * operator does, before the nodes at the same instant.
 */
#ifndef MIP6SIM_SIM_NETWORK_MOVEMENT_H
#define MIP6SIM_SIM_NETWORK_MOVEMENT_H

#include "sim/network/simulation.h"

/* Plans the first move of everybody whom a [movement] section moves: once, before time begins. */
void movement_plan(struct simulation *simulation);

#endif
