/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * orders.h - an order from outside, read, judged and carried out: by a live run when it is given, and by its
 * replay when it was.
 */
#ifndef MIP6SIM_SIM_LIVE_ORDERS_H
#define MIP6SIM_SIM_LIVE_ORDERS_H

#include "sim/network/simulation.h"
#include "sim/scenario/order.h"

/* "KEY = VALUE", now: its actions are due at once. NULL: *complaint says why not (g_free), and nothing has
 * changed. */
const struct scenario_order *orders_give(struct scenario_orders *orders, struct simulation *simulation,
                                         const char *key, const char *value, char **complaint);

#endif
