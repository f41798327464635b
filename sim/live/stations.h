/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stations.h - the Ethernet addresses of the nodes that are here, to tell who else sends from one of them: a
 * tester, or a bridge that brings a frame back.
 */
#ifndef MIP6SIM_SIM_LIVE_STATIONS_H
#define MIP6SIM_SIM_LIVE_STATIONS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/network/simulation.h"

/* Of all nodes but those played from outside. Free with g_hash_table_destroy. */
GHashTable *stations_new(const struct simulation *simulation);
/* Is the frame's source one of them? A frame without an Ethernet header has none. */
bool stations_have_sent(GHashTable *stations, const uint8_t *frame, size_t length);

#endif
