/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_homes.c - further home addresses of mobile nodes: whose each is, and which home agent serves it.
 *
 * A mobile node's own section tells of its first home address. Of a group each node has one address of such a
 * section, as it has one of its own.
 */
#include "sim/scenario/build.h"

/* The whole node or group that the section names. */
static uint32_t find_owner(struct builder *builder, const struct scenario_view *view)
{
    const struct scenario_entry *entry = build_entry(view, "of");
    struct scenario_reference owner;
    if (!entry || entry->value[0] == '\0')
        return SCENARIO_NONE; /* told as a key that is missing */
    if (!build_find_node(builder, view, entry, entry->value, KIND(SCENARIO_MOBILE_NODE), "a mobile node",
                         &owner))
        return SCENARIO_NONE;
    if (owner.count == builder->scenario->nodes[owner.node].count)
        return owner.node;
    build_error_at(builder, view, entry, "\"%s\" is one of a group; name the group", entry->value);
    return SCENARIO_NONE;
}

static void find_home_agent(struct builder *builder, const struct scenario_view *view,
                            struct scenario_home *home)
{
    const struct scenario_entry *entry = build_entry(view, "home-agent");
    const struct scenario_node *node = &builder->scenario->nodes[home->node];
    struct scenario_reference agent;
    home->home_agent_node = node->home_agent_node;
    home->home_link = node->home_link;
    if (!entry)
        return;
    home->home_agent_node = home->home_link = SCENARIO_NONE;
    if (entry->value[0] == '\0' || !build_find_node(builder, view, entry, entry->value,
                                                    KIND(SCENARIO_HOME_AGENT), "a home agent", &agent))
        return;
    home->home_agent_node = agent.node;
    home->home_link = builder->scenario->nodes[agent.node].home_link;
}

void build_homes(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    for (uint32_t i = 0; i < scenario->home_count; i++) {
        struct scenario_home *home = &scenario->homes[i];
        const struct scenario_view *view = builder->home_views[i];
        home->node = find_owner(builder, view);
        if (home->node == SCENARIO_NONE)
            continue;
        struct scenario_node *node = &scenario->nodes[home->node];
        if (node->home_count == MOBILE_HOMES_MAX)
            build_error(builder, view, NULL, "\"%s\" has more than %d home addresses", node->name,
                        MOBILE_HOMES_MAX);
        else
            home->number = node->home_count++;
        find_home_agent(builder, view, home);
    }
}
