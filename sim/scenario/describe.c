/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * describe.c - a scenario told to people: who is where under which addresses and what happens when, as text;
 * and the topology as a graph in Graphviz's language.
 */
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/build.h"
#include "sim/scenario/value.h"

static const char *const node_kinds[] = {
    [SCENARIO_ROUTER] = "router",           [SCENARIO_HOST] = "host",
    [SCENARIO_HOME_AGENT] = "home agent",   [SCENARIO_CORRESPONDENT_NODE] = "correspondent node",
    [SCENARIO_MOBILE_NODE] = "mobile node",
};

static const char *const link_kinds[] = {
    [SCENARIO_LAN] = "LAN",
    [SCENARIO_ACCESS_LAN] = "access LAN",
    [SCENARIO_POINT_TO_POINT] = "point-to-point link",
};

static const char *node_kind(const struct scenario_node *node)
{
    return (size_t)node->kind < G_N_ELEMENTS(node_kinds) && node_kinds[node->kind] ? node_kinds[node->kind]
                                                                                   : "node";
}

static void append_owned(GString *text, char *owned)
{
    g_string_append(text, owned);
    g_free(owned);
}

static void append_duration(GString *text, time_ns duration)
{
    char digits[DURATION_TEXT_SIZE];
    g_string_append(text, duration_format(duration, digits));
}

/* "mn", or "mn-1 to mn-100" */
static void append_names(GString *text, const char *name, uint32_t count)
{
    if (count == 1)
        g_string_append(text, name);
    else
        g_string_append_printf(text, "%s-1 to %s-%u", name, name, count);
}

static void append_prefix(GString *text, const struct ipv6_address *prefix, unsigned length)
{
    append_owned(text, value_format_address(prefix));
    g_string_append_printf(text, "/%u", length);
}

/* -- text -- */

static void append_address(GString *text, const struct ipv6_address *address, uint32_t count,
                           const char *where)
{
    append_owned(text, value_format_address(address));
    g_string_append_printf(text, "%s%s%s", count > 1 ? " and following" : "", *where ? " on " : "", where);
}

static void append_home(GString *text, const struct scenario *scenario, const struct scenario_node *node,
                        uint32_t number)
{
    struct scenario_home home = scenario_home(scenario, node, number);
    g_string_append(text, number ? ", home address " : "home address ");
    append_address(text, &home.home_address, node->count,
                   home.home_link == SCENARIO_NONE ? "" : scenario->links[home.home_link].name);
}

static void append_home_agent(GString *text, const struct scenario *scenario,
                              const struct scenario_node *node, uint32_t number)
{
    struct scenario_home home = scenario_home(scenario, node, number);
    if (home.home_agent_node != SCENARIO_NONE)
        g_string_append_printf(text, ", home agent %s", scenario->nodes[home.home_agent_node].name);
}

static void append_node(GString *text, const struct scenario *scenario, const struct scenario_node *node)
{
    g_string_append(text, "  ");
    append_names(text, node->name, node->count);
    g_string_append_printf(text, ", %s%s: ", node_kind(node), node->external ? ", played from outside" : "");
    if (node->kind == SCENARIO_MOBILE_NODE) {
        append_home(text, scenario, node, 0);
        if (node->start_link != SCENARIO_NONE && node->start_link != node->home_link)
            g_string_append_printf(text, ", starts on %s", scenario->links[node->start_link].name);
        append_home_agent(text, scenario, node, 0);
        for (uint32_t i = 1; i < node->home_count; i++) {
            append_home(text, scenario, node, i);
            append_home_agent(text, scenario, node, i);
        }
    } else {
        for (uint32_t i = 0; i < node->interface_count; i++) {
            const struct scenario_interface *interface = &node->interfaces[i];
            g_string_append(text, i ? ", " : "");
            append_address(text, &interface->address, node->count * interface->count,
                           scenario->links[interface->link].name);
        }
        if (node->interface_count == 0)
            g_string_append(text, "on no link");
    }
    g_string_append_c(text, '\n');
}

static void append_delay(GString *text, const struct distribution *delay)
{
    if (!delay)
        return;
    g_string_append(text, ", delay ");
    append_owned(text, distribution_to_string(delay));
}

static void append_link(GString *text, const struct scenario *scenario, const struct scenario_link *link)
{
    g_string_append(text, "  ");
    append_names(text, link->name, link->count);
    g_string_append_printf(text, ", %s", link_kinds[link->kind]);
    if (link->kind == SCENARIO_POINT_TO_POINT && link->ends[0] != SCENARIO_NONE &&
        link->ends[1] != SCENARIO_NONE)
        g_string_append_printf(text, " from %s to %s", scenario->nodes[link->ends[0]].name,
                               scenario->nodes[link->ends[1]].name);
    g_string_append(text, ": ");
    append_prefix(text, &link->prefix, link->prefix_length);
    append_delay(text, link->forward.delay);
    if (link->forward.rate) {
        g_string_append(text, ", rate ");
        append_owned(text, value_format_rate(link->forward.rate));
    }
    g_string_append_c(text, '\n');
}

static void append_reference(GString *text, const struct scenario *scenario,
                             const struct scenario_reference *reference)
{
    const struct scenario_node *node = &scenario->nodes[reference->node];
    if (reference->count == node->count)
        append_names(text, node->name, node->count);
    else
        append_owned(text, scenario_node_name(node, reference->first));
}

static void append_flow(GString *text, const struct scenario *scenario, const struct scenario_flow *flow)
{
    g_string_append_printf(text, "  %s: ", flow->name);
    append_reference(text, scenario, &flow->from);
    g_string_append(text, " to ");
    append_reference(text, scenario, &flow->to);
    g_string_append(text, ", every ");
    append_duration(text, flow->configuration.interval);
    g_string_append_printf(text, ", %u octets\n", flow->configuration.payload);
}

/* Sections that say what happens, as they are written. */
static bool tells_what_happens(const struct scenario_view *view)
{
    static const char *const kinds[] = {"at", "movement", "fault", "attack", "sweep", "peers"};
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(scenario_section_kinds[view->kind].name, kinds[i]) == 0)
            return true;
    return false;
}

static void append_happenings(GString *text, const struct scenario *scenario)
{
    bool any = false;
    for (unsigned i = 0; i < scenario->storage->view_count; i++) {
        const struct scenario_view *view = &scenario->storage->views[i];
        if (!tells_what_happens(view))
            continue;
        if (!any)
            g_string_append(text, "\nWhat happens\n");
        any = true;
        g_string_append_printf(text, "  [%s]\n", view->section->name);
        for (unsigned k = 0; k < view->entry_count; k++)
            g_string_append_printf(text, "    %s = %s\n", view->entries[k].key, view->entries[k].value);
    }
}

void scenario_describe_text(const struct scenario *scenario, GString *text)
{
    g_string_append_printf(text, "%s\n", scenario->title);
    append_duration(text, scenario->duration);
    g_string_append_printf(text, ", %u point%s, %u replication%s each, seed %" G_GUINT64_FORMAT "\n",
                           scenario_point_count(scenario), scenario_point_count(scenario) == 1 ? "" : "s",
                           scenario->replications, scenario->replications == 1 ? "" : "s", scenario->seed);
    g_string_append(text, "\nNodes\n");
    for (uint32_t i = 0; i < scenario->node_count; i++)
        append_node(text, scenario, &scenario->nodes[i]);
    g_string_append(text, "\nLinks\n");
    for (uint32_t i = 0; i < scenario->link_count; i++)
        append_link(text, scenario, &scenario->links[i]);
    if (scenario->flow_count > 0)
        g_string_append(text, "\nFlows\n");
    for (uint32_t i = 0; i < scenario->flow_count; i++)
        append_flow(text, scenario, &scenario->flows[i]);
    append_happenings(text, scenario);
}

/* -- a graph -- */

static void append_quoted(GString *dot, const char *text)
{
    g_string_append_c(dot, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(dot, '\\');
        g_string_append_c(dot, *text);
    }
    g_string_append_c(dot, '"');
}

/* Nodes and links have names of their own each: "n mn", "l home". */
static void append_graph_name(GString *dot, char kind, const char *name)
{
    char *text = g_strdup_printf("%c %s", kind, name);
    append_quoted(dot, text);
    g_free(text);
}

static void append_graph_node(GString *dot, const struct scenario_node *node)
{
    GString *label = g_string_new(NULL);
    append_names(label, node->name, node->count);
    g_string_append_printf(label, "\n%s%s", node_kind(node), node->external ? "\nplayed from outside" : "");
    append_graph_name(dot, 'n', node->name);
    g_string_append(dot, " [shape=");
    g_string_append(dot, node->kind == SCENARIO_MOBILE_NODE ? "box, style=\"rounded,dashed\""
                         : node->kind == SCENARIO_ROUTER    ? "box"
                                                            : "box, style=rounded");
    g_string_append(dot, ", label=");
    append_quoted(dot, label->str);
    g_string_append(dot, "];\n");
    g_string_free(label, TRUE);
}

static void append_graph_lan(GString *dot, const struct scenario_link *link)
{
    GString *label = g_string_new(link->name);
    g_string_append_c(label, '\n');
    append_prefix(label, &link->prefix, link->prefix_length);
    append_graph_name(dot, 'l', link->name);
    g_string_append(dot, " [shape=ellipse, label=");
    append_quoted(dot, label->str);
    g_string_append(dot, "];\n");
    g_string_free(label, TRUE);
}

static void append_edge(GString *dot, const char *node, const char *link, bool start)
{
    append_graph_name(dot, 'n', node);
    g_string_append(dot, " -- ");
    append_graph_name(dot, 'l', link);
    g_string_append(dot, start ? " [style=dashed];\n" : ";\n");
}

static void append_graph_wire(GString *dot, const struct scenario *scenario, const struct scenario_link *link)
{
    if (link->ends[0] == SCENARIO_NONE || link->ends[1] == SCENARIO_NONE)
        return;
    GString *label = g_string_new(link->name);
    if (link->forward.delay) {
        g_string_append_c(label, '\n');
        append_owned(label, distribution_to_string(link->forward.delay));
    }
    append_graph_name(dot, 'n', scenario->nodes[link->ends[0]].name);
    g_string_append(dot, " -- ");
    append_graph_name(dot, 'n', scenario->nodes[link->ends[1]].name);
    g_string_append(dot, " [label=");
    append_quoted(dot, label->str);
    g_string_append(dot, "];\n");
    g_string_free(label, TRUE);
}

static void append_graph_attachments(GString *dot, const struct scenario *scenario,
                                     const struct scenario_node *node)
{
    if (node->kind == SCENARIO_MOBILE_NODE) {
        if (node->start_link != SCENARIO_NONE)
            append_edge(dot, node->name, scenario->links[node->start_link].name, true);
        return;
    }
    for (uint32_t i = 0; i < node->interface_count; i++) {
        const struct scenario_link *link = &scenario->links[node->interfaces[i].link];
        if (link->kind != SCENARIO_POINT_TO_POINT)
            append_edge(dot, node->name, link->name, false);
    }
}

void scenario_describe_graph(const struct scenario *scenario, GString *dot)
{
    g_string_append(dot, "graph ");
    append_quoted(dot, scenario->title);
    g_string_append(dot, " {\nlayout=neato;\noverlap=false;\nsplines=true;\nlabelloc=t;\nlabel=");
    append_quoted(dot, scenario->title);
    g_string_append(dot, ";\nfontname=\"sans-serif\";\nnode [fontname=\"sans-serif\", fontsize=11];\n"
                         "edge [fontname=\"sans-serif\", fontsize=9, len=1.6];\n");
    for (uint32_t i = 0; i < scenario->node_count; i++)
        append_graph_node(dot, &scenario->nodes[i]);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        if (scenario->links[i].kind == SCENARIO_POINT_TO_POINT)
            append_graph_wire(dot, scenario, &scenario->links[i]);
        else
            append_graph_lan(dot, &scenario->links[i]);
    }
    for (uint32_t i = 0; i < scenario->node_count; i++)
        append_graph_attachments(dot, scenario, &scenario->nodes[i]);
    g_string_append(dot, "}\n");
}
