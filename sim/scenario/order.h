/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.h - a line of the timeline that is given while the scenario runs: read and judged as any line of an
 * [at] section, by the same code, against the whole scenario.
 */
#ifndef MIP6SIM_SIM_SCENARIO_ORDER_H
#define MIP6SIM_SIM_SCENARIO_ORDER_H

#include "sim/scenario/scenario.h"

struct scenario_order {
    /* The scenario with the line in it: indices are as in the scenario without, and what `actions` point at
     * is its. */
    struct scenario *scenario;
    const struct scenario_action **actions; /* as the line says, at their times */
    unsigned count;
    struct scenario_section *section; /* private */
    struct scenario_source *source;   /* private */
};

/*
 * What "KEY = VALUE" in a section [at TIME] means, in the source's scenario with these settings. NULL, and an
 * error added to messages. A fault (drop, duplicate) cannot be ordered so. The source must outlive it.
 */
struct scenario_order *scenario_order_new(const struct scenario_source *source,
                                          const struct scenario_setting *settings, unsigned setting_count,
                                          time_ns time, const char *key, const char *value,
                                          struct scenario_messages *messages);
void scenario_order_free(struct scenario_order *order); /* NULL is harmless */

/* "core-ha = delay 20ms" from "point-to-point core-ha / delay = 20ms": what can be set while it runs are the
 * parameters of links that the timeline can change. False: *complaint says why not (g_free). */
bool scenario_order_of_setting(const struct scenario_source *source, const char *setting, char **key,
                               char **value, char **complaint);

#endif
