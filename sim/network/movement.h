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

/* -- what the models share -- */

struct cells;

/* The event is for this instant, unless that is past the movement's stop. */
void movement_schedule(struct simulation *simulation, const struct scenario_movement *movement,
                       struct event *event, time_ns time);
/* The node goes to the link (SCENARIO_NONE: to none) from the one where it was sent last, *at; keep: if it
 * was on any, it stays there for so long besides. */
void movement_send(struct simulation *simulation, struct network_node *node, uint32_t *at, uint32_t link,
                   time_ns keep);
/* When the way of the movement's member begins, which is this node. */
time_ns movement_origin(const struct simulation *simulation, const struct scenario_movement *movement,
                        uint32_t member, uint32_t node);

/* movement_cells.c: the LANs that have a position, and those who walk among them. */
struct cells *movement_cells_new(const struct simulation *simulation, uint32_t *count);
void movement_plan_walkers(struct simulation *simulation, const struct scenario_movement *movement,
                           struct cells *cells, uint32_t cell_count);

#endif
