/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * orders.c - see orders.h. What the scenario can tell is judged by its builder; what only the network knows
 * that is there, such as the addresses that a node has by now, by those who carry it out.
 */
#include "sim/live/orders.h"

#include <string.h>

#include "sim/network/fault.h"
#include "sim/scenario/message.h"

/* What is said of the order, without where it stands: "command: at 3.2s: home: ..." has no reader. */
static char *complaint_of(struct scenario_messages *messages)
{
    GString *text = g_string_new(NULL);
    char *all = scenario_messages_to_string(messages);
    char **lines = g_strsplit(g_strchomp(all), "\n", -1);
    for (char **line = lines; *line; line++) {
        const char *behind =
            g_str_has_prefix(*line, "command: at ") ? strstr(*line + strlen("command: at "), ": ") : NULL;
        g_string_append_printf(text, "%s%s", text->len ? "\n" : "", behind ? behind + 2 : *line);
    }
    g_strfreev(lines);
    g_free(all);
    return g_string_free(text, FALSE);
}

const struct scenario_order *orders_give(struct scenario_orders *orders, struct simulation *simulation,
                                         const char *key, const char *value, char **complaint)
{
    struct scenario_messages *messages = scenario_messages_new();
    const struct scenario_order *order =
        scenario_orders_add(orders, network_now(simulation->network), key, value, messages);
    *complaint = order ? NULL : complaint_of(messages);
    scenario_messages_free(messages);
    for (unsigned i = 0; order && i < order->action_count && !*complaint; i++)
        *complaint = simulation_objection(simulation, order->actions[i]);
    if (*complaint) {
        if (order)
            scenario_orders_take_back(orders);
        return NULL;
    }
    for (unsigned i = 0; i < order->action_count; i++)
        simulation_order(simulation, order->actions[i]);
    for (unsigned i = 0; i < order->fault_count; i++)
        faults_order(simulation, order->faults[i]);
    return order;
}
