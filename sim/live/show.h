/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.h - what nodes know now, as a table for people or as JSON. It looks, and changes nothing.
 */
#ifndef MIP6SIM_SIM_LIVE_SHOW_H
#define MIP6SIM_SIM_LIVE_SHOW_H

#include <glib.h>
#include <stdbool.h>

#include "sim/network/simulation.h"

/* What can be shown; NULL-terminated. */
extern const char *const show_topics[];

/* Appends it: a table, or (json) an array with an object for each row. False: there is no such topic. */
bool show_append(struct simulation *simulation, const char *topic, bool json, GString *text);

#endif
