/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.h - lines of the timeline that are given while the scenario runs: read and judged as any line of an
 * [at] section, by the same code, against the whole scenario with all that has been ordered before.
 */
#ifndef MIP6SIM_SIM_SCENARIO_ORDER_H
#define MIP6SIM_SIM_SCENARIO_ORDER_H

#include "sim/scenario/scenario.h"

struct scenario_orders; /* all that have been given */

/* Settings are those of the point that runs. All is borrowed, and must outlive it. */
struct scenario_orders *scenario_orders_new(const struct scenario_source *source,
                                            const struct scenario_setting *settings, unsigned setting_count);
void scenario_orders_free(struct scenario_orders *orders); /* NULL is harmless */

struct scenario_order {
    /* The scenario with the line in it: indices are as in the scenario without, and what `actions` and
     * `faults` point at is its. */
    struct scenario *scenario;
    const struct scenario_action **actions; /* as the line says, at their times */
    unsigned action_count;
    const struct scenario_fault **faults;
    unsigned fault_count;
    struct scenario_section *section; /* private */
    struct scenario_source *source;   /* private */
};

/* What "KEY = VALUE" in a section [at TIME] means; times never go back. It lives as long as all of them.
 * NULL, and an error added to messages: it is no order, and nothing has changed. */
const struct scenario_order *scenario_orders_add(struct scenario_orders *orders, time_ns time,
                                                 const char *key, const char *value,
                                                 struct scenario_messages *messages);
/* The last one, which nobody has carried out, has not been given. */
void scenario_orders_take_back(struct scenario_orders *orders);

/* "core-ha = delay 20ms" from "point-to-point core-ha / delay = 20ms": what can be set while it runs are the
 * keys of links, nodes and peers that the timeline can change. False: *complaint says why not (g_free). */
bool scenario_order_of_setting(const struct scenario_source *source, const char *setting, char **key,
                               char **value, char **complaint);

#endif
