/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cells.h - the geometry of handovers: discs on a plane, and when somebody who goes straight at a constant
 * speed changes from one to another.
 *
 * A node is in a cell while its distance from the centre is at most the range. It is attached to the nearest
 * cell that it is in (the strongest, where power falls with distance), but holds on to its present one until
 * another is nearer by more than the hysteresis, or until it is out of its range.
 *
 * Positions are whole micrometres. Instants come out of the equations of the line and the curves, not of
 * looking every so often: out of range where the line leaves the disc, nearer where it crosses a branch of
 * the hyperbola whose foci are the two centres (without hysteresis, their bisector); each is rounded to the
 * nearest nanosecond. Only + - * / and sqrt are used, which IEEE 754 rounds the same everywhere.
 */
#ifndef MIP6SIM_SIM_NETWORK_CELLS_H
#define MIP6SIM_SIM_NETWORK_CELLS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "sim/scenario/scenario.h"

#define CELL_NONE UINT32_MAX

struct cell {
    struct scenario_point centre;
    int64_t range; /* micrometres */
    uint32_t link; /* the caller's */
};

/* From one point straight to another, at constant speed. from == to: it stands still until `end`, which may
 * be TIME_NEVER; a leg that leads somewhere has start < end. */
struct leg {
    struct scenario_point from, to;
    time_ns start, end;
};

struct cells;

/* `cell` is copied. Free with cells_free. Not to be shared by threads: it holds room to work in. */
struct cells *cells_new(const struct cell *cell, uint32_t count);
void cells_free(struct cells *cells);
const struct cell *cells_get(const struct cells *cells, uint32_t index);

/*
 * To which cell a node on the leg is attached from the instant `since` on (leg->start <= since <=
 * leg->end), if it has been attached to `present` so far (CELL_NONE: to none). CELL_NONE: it is in no cell.
 */
uint32_t cells_choose(struct cells *cells, const struct leg *leg, time_ns since, uint32_t present,
                      int64_t hysteresis);

/*
 * The first change after `since` and before the end of the leg of a node that is attached to `present` from
 * `since` on: true, when, and to which cell. False: there is none.
 */
bool cells_next_change(struct cells *cells, const struct leg *leg, time_ns since, uint32_t present,
                       int64_t hysteresis, time_ns *when, uint32_t *next);

/* When a node that is in the cell leaves it, after `since`; TIME_NEVER: not on this leg. */
time_ns cells_exit(const struct cell *cell, const struct leg *leg, time_ns since);

/* Whether it is in the cell right after the instant. */
bool cells_covers(const struct cell *cell, const struct leg *leg, time_ns since);

/* How long the way takes at this speed (micrometres an hour, more than 0), 1 ns at least. */
time_ns cells_travel_time(const struct scenario_point *from, const struct scenario_point *to, int64_t speed);

#endif
