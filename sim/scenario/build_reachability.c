/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_reachability.c - whether packets can get from one node or link to another.
 *
 * Reachability is judged on links: a node that forwards makes all its links one component (union-find); two
 * nodes can exchange packets if they have links of one component. A group is one node for this, since its
 * nodes are alike.
 */
#include "sim/scenario/build.h"

static uint32_t component_of(const struct builder *builder, uint32_t link)
{
    while (builder->components[link] != link)
        link = builder->components[link] = builder->components[builder->components[link]];
    return link;
}

void build_components(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    builder->components = build_memory(builder, scenario->link_count, sizeof *builder->components);
    builder->routed = build_memory(builder, scenario->link_count, sizeof *builder->routed);
    for (uint32_t i = 0; i < scenario->link_count; i++)
        builder->components[i] = i;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        for (uint32_t j = 0; node->ipv6.forwarding && j < node->interface_count; j++) {
            uint32_t link = node->interfaces[j].link;
            builder->components[component_of(builder, link)] =
                component_of(builder, node->interfaces[0].link);
            builder->routed[link] = true;
        }
    }
}

bool build_connected(const struct builder *builder, uint32_t link_a, uint32_t link_b)
{
    return component_of(builder, link_a) == component_of(builder, link_b);
}

/* Of a node that forwards all links are of one component, so that the first will do. */
static uint32_t links_to_try(const struct scenario_node *node)
{
    return node->ipv6.forwarding ? MIN(node->interface_count, 1) : node->interface_count;
}

/* A node (a mobile node: at home). */
static bool reaches_link(const struct builder *builder, uint32_t node, uint32_t link)
{
    const struct scenario_node *record = &builder->scenario->nodes[node];
    if (record->kind == SCENARIO_MOBILE_NODE)
        return record->home_link == SCENARIO_NONE || build_connected(builder, record->home_link, link);
    for (uint32_t i = 0; i < links_to_try(record); i++)
        if (build_connected(builder, record->interfaces[i].link, link))
            return true;
    /* Attached to nothing that could be made out: told already. */
    return record->interface_count == 0;
}

static bool reaches_node(const struct builder *builder, uint32_t a, uint32_t b)
{
    const struct scenario_node *record = &builder->scenario->nodes[a];
    if (record->kind == SCENARIO_MOBILE_NODE)
        return record->home_link == SCENARIO_NONE || reaches_link(builder, b, record->home_link);
    for (uint32_t i = 0; i < links_to_try(record); i++)
        if (reaches_link(builder, b, record->interfaces[i].link))
            return true;
    return record->interface_count == 0;
}

bool build_reaches_party(const struct builder *builder, const struct scenario_reference *a,
                         const struct scenario_reference *b)
{
    const struct scenario *scenario = builder->scenario;
    struct scenario_home home_of_a = scenario_home(scenario, &scenario->nodes[a->node], a->home);
    struct scenario_home home_of_b = scenario_home(scenario, &scenario->nodes[b->node], b->home);
    if (a->home > 0 && b->home > 0)
        return home_of_a.home_link == SCENARIO_NONE || home_of_b.home_link == SCENARIO_NONE ||
               build_connected(builder, home_of_a.home_link, home_of_b.home_link);
    if (a->home > 0)
        return home_of_a.home_link == SCENARIO_NONE ||
               reaches_link(builder, b->node, home_of_a.home_link);
    if (b->home > 0)
        return home_of_b.home_link == SCENARIO_NONE ||
               reaches_link(builder, a->node, home_of_b.home_link);
    return reaches_node(builder, a->node, b->node);
}

void build_check_visitable(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, uint32_t link)
{
    const struct scenario_link *record = &builder->scenario->links[link];
    if (!builder->routed[link])
        build_error_at(builder, view, entry, "the LAN \"%s\" has no router: add one with \"attached = %s\"",
                       record->name, record->name);
    else if (!record->advertisements.enabled)
        build_error_at(
            builder, view, entry,
            "the LAN \"%s\" has router-advertisements = no: a mobile node cannot find its way there",
            record->name);
}

void build_check_move(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, uint32_t node, uint32_t link)
{
    const struct scenario_node *record = &builder->scenario->nodes[node];
    if (builder->topology_broken)
        return;
    build_check_visitable(builder, view, entry, link);
    for (uint32_t i = 0; i < record->home_count; i++) {
        struct scenario_home home = scenario_home(builder->scenario, record, i);
        if (home.home_link != SCENARIO_NONE && !build_connected(builder, home.home_link, link))
            build_error_at(builder, view, entry, "no routers lead from \"%s\" to the home agent of \"%s\"",
                           builder->scenario->links[link].name, home.name);
    }
}
