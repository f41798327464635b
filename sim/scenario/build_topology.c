/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_topology.c - who is joined to whom: the interfaces of nodes, the ends of links, the home links of
 * home agents and mobile nodes, where mobile nodes start.
 *
 * build_topology is also the order of all the steps that make a network of links and nodes. Names come first,
 * since everything else is said by name; interfaces next, since prefixes and addresses are given to them; the
 * home links before addresses, since a home address is one of the home link's; what routers connect after
 * that, since whether a home agent forwards depends on its interfaces; and last what needs all of it, whether
 * mobile nodes can start where they are to.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/value.h"

#define INTERFACES_MAX 65535    /* of one node: they are numbered in 16 bits */
#define TOTAL_MAX      10000000 /* nodes, links of one scenario */

/* ---- interfaces ---- */

static void add_interface(struct builder *builder, uint32_t node, uint32_t link, uint32_t count, uint8_t end)
{
    struct scenario_node *record = &builder->scenario->nodes[node];
    /* Room grows by doubling, within memory that the scenario owns. */
    if ((record->interface_count & (record->interface_count - 1)) == 0) {
        uint32_t room = MAX(record->interface_count * 2, 2);
        struct scenario_interface *more = build_memory(builder, room, sizeof *more);
        if (record->interface_count)
            memcpy(more, record->interfaces, record->interface_count * sizeof *more);
        record->interfaces = more;
    }
    record->interfaces[record->interface_count++] =
        (struct scenario_interface){.link = link, .count = count, .end = end};
}

static void attach_to_lans(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "attached");
    if (!entry || view->kind == SECTION_MOBILE_NODE)
        return;
    const struct scenario_node *record = &builder->scenario->nodes[node];
    char **names = value_split(entry->value, ',');
    for (unsigned i = 0; names[i]; i++) {
        uint32_t link = build_find_link(builder, view, entry, names[i], true);
        bool twice = false;
        for (uint32_t j = 0; j < record->interface_count; j++)
            twice |= record->interfaces[j].link == link;
        if (link != SCENARIO_NONE && twice)
            build_error_at(builder, view, entry, "\"%s\" is named twice", names[i]);
        else if (link != SCENARIO_NONE)
            add_interface(builder, node, link, 1, 0);
    }
    g_strfreev(names);
}

/* The ends that a point-to-point link names, as whole groups. */
static bool find_ends(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, struct scenario_reference ends[2])
{
    static const unsigned stationary = ~KIND(SCENARIO_MOBILE_NODE);
    char **names = value_split(entry->value, ',');
    bool good = g_strv_length(names) == 2;
    if (!good)
        build_error_at(builder, view, entry, "\"%s\" are not two nodes; expected A, B", entry->value);
    for (unsigned i = 0; i < 2 && good; i++) {
        bool found = build_find_node(builder, view, entry, names[i], stationary,
                                     "a router, host, home agent or correspondent node", &ends[i]);
        if (found && ends[i].count != builder->scenario->nodes[ends[i].node].count) {
            build_error_at(builder, view, entry, "\"%s\" is one of a group; name the group", names[i]);
            found = false;
        }
        if (!found && i == 0) /* tell about the second too */
            build_find_node(builder, view, entry, names[1], stationary,
                            "a router, host, home agent or correspondent node", &ends[1]);
        good = found;
    }
    if (good && ends[0].node == ends[1].node) {
        build_error_at(builder, view, entry, "both ends are \"%s\"", names[0]);
        good = false;
    }
    g_strfreev(names);
    return good;
}

static void join_ends(struct builder *builder, uint32_t index)
{
    const struct scenario_view *view = builder->link_views[index];
    const struct scenario_entry *entry = build_entry(view, "between");
    struct scenario_link *link = &builder->scenario->links[index];
    struct scenario_reference ends[2];
    if (!entry || entry->value[0] == '\0') {
        builder->topology_broken = true; /* told as a key that is missing */
        return;
    }
    if (!find_ends(builder, view, entry, ends))
        return;
    uint32_t pairs = build_pairs(builder, view, entry, &ends[0], &ends[1]);
    if (pairs == 0)
        return;
    link->count = pairs;
    for (uint8_t end = 0; end < 2; end++) {
        link->ends[end] = ends[end].node;
        add_interface(builder, ends[end].node, index, ends[end].count == 1 ? pairs : 1, end);
    }
    if (pairs > 1 && link->prefix_length != 0 && link->prefix_length != 64)
        build_error(builder, view, "prefix",
                    "there are %u such links, with prefixes one after the other: expected 64 bits, not %u",
                    pairs, link->prefix_length);
}

static void check_interfaces(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    struct scenario_node *record = &builder->scenario->nodes[node];
    uint64_t total = 0;
    for (uint32_t i = 0; i < record->interface_count; i++)
        total += record->interfaces[i].count;
    if (total > INTERFACES_MAX)
        build_error(builder, view, NULL, "it has %" G_GUINT64_FORMAT " interfaces; a node can have %d", total,
                    INTERFACES_MAX);
    if (record->kind == SCENARIO_HOME_AGENT && !build_entry(view, "forwarding"))
        record->ipv6.forwarding = total > 1;
    if (total == 0 && record->kind == SCENARIO_ATTACKER && !build_entry(view, "attached") &&
        !build_entry(view, "taps"))
        build_error(builder, view, NULL,
                    "it is nowhere: neither \"attached\" nor \"taps\" nor a point-to-point link names a link "
                    "for it");
    else if (total == 0 && record->kind != SCENARIO_MOBILE_NODE && !build_entry(view, "attached") &&
             record->kind != SCENARIO_ATTACKER)
        build_error(
            builder, view, NULL,
            "it is attached to nothing: neither \"attached\" nor a point-to-point link names a link for it");
}

/* ---- links ---- */

/* No jitter is to cost no draw. */
static void finish_direction(struct scenario_direction *direction)
{
    if (direction->jitter && distribution_is_constant(direction->jitter) &&
        distribution_minimum(direction->jitter) == 0)
        direction->jitter = NULL;
}

/* Defaults that depend on other keys, and what keys must have to do with each other. */
static void finish_lan(struct builder *builder, uint32_t index)
{
    const struct scenario_view *view = builder->link_views[index];
    struct scenario_link *link = &builder->scenario->links[index];
    struct scenario_advertisements *advertisements = &link->advertisements;
    char *complaint;
    link->backward = link->forward;
    if (link->kind == SCENARIO_LAN)
        link->handover_delay = build_constant(builder, 0);
    advertisements->gap_given = build_entry(view, "router-advertisement-gap") != NULL;
    advertisements->lifetime_given = build_entry(view, "router-lifetime") != NULL;
    scenario_advertisements_settle(advertisements);
    const char *wrong = scenario_advertisements_judge(advertisements, &complaint);
    if (wrong)
        build_error(builder, view, wrong, "%s", complaint);
    g_free(complaint);
    link->has_position = build_entry(view, "position") != NULL;
    if (link->has_position != (build_entry(view, "range") != NULL))
        build_error(builder, view, link->has_position ? "position" : "range",
                    "a cell has both a position and a range");
}

/* ---- home agents and mobile nodes ---- */

static const struct scenario_interface *interface_on(const struct scenario_node *node, uint32_t link)
{
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].link == link)
            return &node->interfaces[i];
    return NULL;
}

static void find_home_link_of_agent(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "home-link");
    struct scenario_node *record = &builder->scenario->nodes[node];
    if (entry && entry->value[0]) {
        uint32_t link = build_find_link(builder, view, entry, entry->value, true);
        if (link != SCENARIO_NONE && !interface_on(record, link))
            build_error_at(builder, view, entry, "\"%s\" is not attached to \"%s\"", record->name,
                           entry->value);
        else
            record->home_link = link;
        return;
    }
    for (uint32_t i = 0; i < record->interface_count && record->home_link == SCENARIO_NONE; i++)
        if (builder->scenario->links[record->interfaces[i].link].kind != SCENARIO_POINT_TO_POINT)
            record->home_link = record->interfaces[i].link;
    if (record->home_link == SCENARIO_NONE && !build_entry(view, "attached"))
        build_error(builder, view, "attached", "this key is missing: a home agent serves a LAN");
}

static bool is_served(const struct scenario *scenario, uint32_t link)
{
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (scenario->nodes[i].kind == SCENARIO_HOME_AGENT && scenario->nodes[i].home_link == link)
            return true;
    return false;
}

/* The mobile node will find its home agent by itself. */
static void find_home_by_link(struct builder *builder, uint32_t node, const struct scenario_entry *entry,
                              uint32_t link)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *link_entry = build_entry(view, "home-link");
    struct scenario_node *record = &builder->scenario->nodes[node];
    record->mobile.discover_home_agents = true;
    if (!link_entry)
        build_error_at(builder, view, entry, "on which link? Give home-link as well");
    else if (link != SCENARIO_NONE && !is_served(builder->scenario, link) && !builder->topology_broken)
        build_error_at(builder, view, link_entry, "no home agent serves \"%s\"", link_entry->value);
    else
        record->home_link = link;
}

static void find_home_of_mobile_node(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "home-agent");
    const struct scenario_entry *link_entry = build_entry(view, "home-link");
    struct scenario_node *record = &builder->scenario->nodes[node];
    struct scenario_reference agent;
    if ((entry && entry->value[0] == '\0') || (link_entry && link_entry->value[0] == '\0'))
        return; /* told */
    uint32_t link =
        link_entry ? build_find_link(builder, view, link_entry, link_entry->value, true) : SCENARIO_NONE;
    if (entry ? strcmp(entry->value, "discover") == 0 : link_entry != NULL) {
        find_home_by_link(builder, node, entry, link);
        return;
    }
    if (!entry) {
        build_error(builder, view, "home-agent", "this key is missing (name of a home agent)");
        return;
    }
    if (!build_find_node(builder, view, entry, entry->value, KIND(SCENARIO_HOME_AGENT), "a home agent",
                         &agent))
        return;
    record->home_agent_node = agent.node;
    record->home_link = builder->scenario->nodes[agent.node].home_link;
    if (link != SCENARIO_NONE && link != record->home_link && record->home_link != SCENARIO_NONE)
        build_error_at(builder, view, link_entry, "its home agent \"%s\" serves \"%s\"", entry->value,
                       builder->scenario->links[record->home_link].name);
}

static void find_start_of_mobile_node(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_entry *entry = build_entry(view, "start");
    struct scenario_node *record = &builder->scenario->nodes[node];
    if (!entry || entry->value[0] == '\0')
        record->start_link = record->home_link;
    else if (strcmp(entry->value, "none") != 0)
        record->start_link = build_find_link(builder, view, entry, entry->value, true);
    add_interface(builder, node, record->start_link, 1, 0);
    if (record->start_link != SCENARIO_NONE)
        record->interfaces[0].prefix_length = builder->scenario->links[record->start_link].prefix_length;
}

static void finish_home_agents(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        struct scenario_node *node = &scenario->nodes[i];
        const struct scenario_interface *interface =
            node->kind == SCENARIO_HOME_AGENT && node->home_link != SCENARIO_NONE
                ? interface_on(node, node->home_link)
                : NULL;
        if (interface)
            node->home_agent_address = interface->address;
    }
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        struct scenario_node *node = &scenario->nodes[i];
        if (node->home_agent_node != SCENARIO_NONE)
            node->home_agent_address = scenario->nodes[node->home_agent_node].home_agent_address;
    }
    for (uint32_t i = 0; i < scenario->home_count; i++) {
        struct scenario_home *home = &scenario->homes[i];
        if (home->home_agent_node != SCENARIO_NONE)
            home->home_agent_address = scenario->nodes[home->home_agent_node].home_agent_address;
    }
}

/* ---- what is asked of mobile nodes ---- */

/* Who has the keys of a home address can speak for it: they are one mobile node's (RFC 3776, 4.2). */
static void check_ipsec_key_is_own(struct builder *builder, uint32_t node)
{
    const struct scenario_ipsec *ipsec = &builder->scenario->nodes[node].ipsec;
    for (uint32_t i = 0; i < node; i++) {
        const struct scenario_ipsec *other = &builder->scenario->nodes[i].ipsec;
        if (other->integrity_key_length == ipsec->integrity_key_length &&
            memcmp(other->integrity_key, ipsec->integrity_key, ipsec->integrity_key_length) == 0) {
            build_error(builder, builder->node_views[node], "ipsec-integrity-key", "\"%s\" has the same key",
                        builder->scenario->nodes[i].name);
            return;
        }
    }
}

static void check_ipsec(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_node *record = &builder->scenario->nodes[node];
    const struct scenario_ipsec *ipsec = &record->ipsec;
    unsigned encryption = scenario_encryption_key_length(ipsec->encryption);
    unsigned integrity = esp_integrity_key_length((enum esp_integrity)ipsec->integrity);
    if (ipsec->encryption_key_length && ipsec->encryption_key_length != encryption)
        build_error(builder, view, "ipsec-encryption-key", "the algorithm's key has %u octets, this one %u",
                    encryption, ipsec->encryption_key_length);
    if (ipsec->integrity_key_length && ipsec->integrity_key_length != integrity)
        build_error(builder, view, "ipsec-integrity-key", "the algorithm's key has %u octets, this one %u",
                    integrity, ipsec->integrity_key_length);
    if (ipsec->integrity_key_length && record->count > 1)
        build_error(builder, view, "ipsec-integrity-key",
                    "%u mobile nodes cannot have the same key (RFC 3776, 4.2); leave it out, and each gets "
                    "its own",
                    record->count);
    else if (ipsec->integrity_key_length)
        check_ipsec_key_is_own(builder, node);
}

/* Of a further home address: the node that starts is away as this one, or at home. */
static void check_home(struct builder *builder, const struct scenario_home *home)
{
    const struct scenario *scenario = builder->scenario;
    uint32_t start = home->node == SCENARIO_NONE ? SCENARIO_NONE : scenario->nodes[home->node].start_link;
    if (start != SCENARIO_NONE && home->home_link != SCENARIO_NONE && !builder->topology_broken &&
        !build_connected(builder, start, home->home_link))
        build_error(builder, builder->home_views[home - scenario->homes], "home-agent",
                    "no routers lead from \"%s\", where \"%s\" starts, to its home link \"%s\"",
                    scenario->links[start].name, scenario->nodes[home->node].name,
                    scenario->links[home->home_link].name);
}

static void check_mobile_node(struct builder *builder, uint32_t node)
{
    const struct scenario_view *view = builder->node_views[node];
    const struct scenario_node *record = &builder->scenario->nodes[node];
    if (record->home_link != SCENARIO_NONE && record->start_link != SCENARIO_NONE &&
        !builder->topology_broken) {
        const struct scenario_entry *entry = build_entry(view, "start");
        bool named = record->home_agent_node != SCENARIO_NONE;
        build_check_visitable(builder, view,
                              entry ? entry : build_entry(view, named ? "home-agent" : "home-link"),
                              record->start_link);
        if (!build_connected(builder, record->start_link, record->home_link))
            build_error_at(builder, view, entry, "no routers lead from \"%s\" to its home %s \"%s\"",
                           builder->scenario->links[record->start_link].name, named ? "agent" : "link",
                           named ? builder->scenario->nodes[record->home_agent_node].name
                                 : builder->scenario->links[record->home_link].name);
    }
}

/* ---- all together ---- */

static void count_all(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    uint64_t nodes = 0, links = 0;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        scenario->nodes[i].first = (uint32_t)MIN(nodes, UINT32_MAX);
        nodes += scenario->nodes[i].count;
        if (nodes > TOTAL_MAX && nodes - scenario->nodes[i].count <= TOTAL_MAX)
            build_error(builder, builder->node_views[i], "count",
                        "with these the scenario has more than %d nodes", TOTAL_MAX);
    }
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        links += scenario->links[i].count;
        if (links > TOTAL_MAX && links - scenario->links[i].count <= TOTAL_MAX)
            build_error(builder, builder->link_views[i], NULL,
                        "with these the scenario has more than %d links", TOTAL_MAX);
    }
    scenario->node_total = (uint32_t)MIN(nodes, UINT32_MAX);
    scenario->link_total = (uint32_t)MIN(links, UINT32_MAX);
}

void build_topology(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    unsigned told = scenario_messages_told(builder->messages);
    build_names(builder);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        attach_to_lans(builder, i);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        finish_direction(&scenario->links[i].forward);
        finish_direction(&scenario->links[i].backward);
        if (scenario->links[i].kind == SCENARIO_POINT_TO_POINT)
            join_ends(builder, i);
        else
            finish_lan(builder, i);
    }
    for (uint32_t i = 0; i < scenario->node_count; i++)
        check_interfaces(builder, i);
    build_taps(builder);
    build_external(builder);
    builder->topology_broken |= scenario_messages_told(builder->messages) != told;
    build_prefixes(builder);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (scenario->nodes[i].kind == SCENARIO_HOME_AGENT)
            find_home_link_of_agent(builder, i);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        if (scenario->nodes[i].kind == SCENARIO_MOBILE_NODE)
            find_home_of_mobile_node(builder, i);
    build_homes(builder);
    build_addresses(builder);
    finish_home_agents(builder);
    build_components(builder);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        if (scenario->nodes[i].kind != SCENARIO_MOBILE_NODE)
            continue;
        find_start_of_mobile_node(builder, i);
        check_mobile_node(builder, i);
        check_ipsec(builder, i);
    }
    for (uint32_t i = 0; i < scenario->home_count; i++)
        check_home(builder, &scenario->homes[i]);
    count_all(builder);
}
