/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.h - what nodes know now, as a table for people or as JSON; what goes through TAPs, and how late we
 * wake, in the lines that a live run ends with. It looks, and changes nothing.
 */
#ifndef MIP6SIM_SIM_LIVE_SHOW_H
#define MIP6SIM_SIM_LIVE_SHOW_H

#include <glib.h>
#include <stdbool.h>

#include "sim/live/live.h"
#include "sim/network/simulation.h"

/* What can be shown; NULL-terminated. */
extern const char *const show_topics[];

/*
 * Appends it: a table or lines, or (json) an array with an object for each row. Values of JSON are numbers
 * (times in seconds), booleans, or texts; null where there is nothing, and for ever. False: there is no such
 * topic.
 */
bool show_append(const struct live *live, struct simulation *simulation, const char *topic, bool json,
                 GString *text);

/* A line; a line for each TAP. */
void show_append_lag(const struct live *live, GString *text);
void show_append_taps(const struct live *live, const struct scenario *scenario, GString *text);

#endif
