/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_events.c - what goes on between the nodes: peers and flows; and what is to be tried and written.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "models/mobility/static_key.h"
#include "sim/engine/duration.h"
#include "sim/scenario/value.h"

#define FLOWS_MAX  10000000

/* ---- peers ---- */

static bool find_peers(struct builder *builder, const struct scenario_view *view,
                       struct scenario_peers *peers)
{
    struct scenario_reference first, second;
    unsigned told = scenario_messages_told(builder->messages);
    bool found =
        build_find_party(builder, view, NULL, view->words[0], KINDS_ANY_NODE, "a mobile node", &first);
    found &= build_find_party(builder, view, NULL, view->words[1], KINDS_ANY_NODE, "a node", &second);
    if (!found)
        return false;
    const struct scenario_node *nodes = builder->scenario->nodes;
    if (nodes[first.node].kind != SCENARIO_MOBILE_NODE) {
        const char *kind = build_node_kind_text(nodes[first.node].kind);
        if (nodes[second.node].kind == SCENARIO_MOBILE_NODE)
            build_error(builder, view, NULL, "\"%s\" is %s; the mobile node comes first: [peers %s %s]",
                        view->words[0], kind, view->words[1], view->words[0]);
        else
            build_error(builder, view, NULL, "\"%s\" is %s; expected a mobile node", view->words[0], kind);
    }
    if (first.node == second.node)
        build_error(builder, view, NULL, "\"%s\" cannot be a correspondent of itself", view->words[0]);
    peers->mobile_node = first;
    peers->correspondent = second;
    peers->pairs = build_pairs(builder, view, NULL, &first, &second);
    return scenario_messages_told(builder->messages) == told;
}

static void check_static_key(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_peers *peers)
{
    const struct scenario_node *correspondent = &builder->scenario->nodes[peers->correspondent.node];
    if (peers->authorization == SCENARIO_STATIC_KEY && !correspondent->mobility)
        build_error(builder, view, "authorization",
                    "\"%s\" is %s, which knows no Binding Updates; make it a correspondent-node",
                    correspondent->name, build_node_kind_text(correspondent->kind));
    if (peers->key.kcn_length && peers->pairs > 1)
        build_error(builder, view, "kcn",
                    "%u pairs cannot have the same key (RFC 4449, 4); leave it out, and each gets its own",
                    peers->pairs);
}

static bool peers_overlap(const struct scenario_peers *one, const struct scenario_peers *other)
{
    if (one->mobile_node.node != other->mobile_node.node ||
        one->mobile_node.home != other->mobile_node.home ||
        one->correspondent.node != other->correspondent.node ||
        one->correspondent.home != other->correspondent.home)
        return false;
    for (uint32_t pair = 0; pair < one->pairs; pair++) {
        uint32_t a, b;
        scenario_pair(&one->mobile_node, &one->correspondent, pair, &a, &b);
        if (scenario_peers_have(other, a, b))
            return true;
    }
    return false;
}

/* Zeros at the end make no other key (static_key.h). */
static guint hash_of_key(gconstpointer data)
{
    const struct static_key *key = data;
    guint hash = 5381;
    for (unsigned i = 0; i < NODE_KEY_LENGTH; i++)
        hash = hash * 33 + key->kcn[i];
    return hash;
}

static gboolean same_key(gconstpointer a, gconstpointer b)
{
    return static_key_same_kcn(a, b);
}

static guint hash_of_nodes(gconstpointer data)
{
    const struct scenario_peers *peers = data;
    return peers->mobile_node.node * 2654435761u ^ peers->correspondent.node;
}

static gboolean same_nodes(gconstpointer a, gconstpointer b)
{
    const struct scenario_peers *left = a, *right = b;
    return left->mobile_node.node == right->mobile_node.node &&
           left->correspondent.node == right->correspondent.node;
}

/* A key is for one home address (RFC 4449, 4). */
static void check_key_of_one(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_peers *peers)
{
    const struct scenario *scenario = builder->scenario;
    const struct scenario_node *node = &scenario->nodes[peers->mobile_node.node];
    uint32_t concerned = 0;
    for (uint32_t home = 0; home < node->home_count; home++)
        concerned += scenario_peers_concern(scenario, peers, home, peers->mobile_node.first,
                                            peers->correspondent.first);
    if (concerned > 1)
        build_error(
            builder, view, "kcn",
            "%u home addresses of \"%s\" cannot have the same key (RFC 4449, 4); leave it out, and each "
            "gets its own, or give each a [peers] section",
            concerned, node->name);
}

/* No pair is told of twice, and no two pairs have the same key (RFC 4449, 4). */
static void check_peers_unique(struct builder *builder, const struct scenario_view **views)
{
    GHashTable *keys = g_hash_table_new(hash_of_key, same_key);
    GHashTable *nodes = g_hash_table_new(hash_of_nodes, same_nodes); /* -> list of peers of these two nodes */
    for (uint32_t i = 0; i < builder->scenario->peers_count; i++) {
        struct scenario_peers *peers = &builder->scenario->peers[i];
        if (peers->pairs == 0)
            continue;
        if (peers->key.kcn_length)
            check_key_of_one(builder, views[i], peers);
        if (peers->key.kcn_length) {
            const struct static_key *other = g_hash_table_lookup(keys, &peers->key);
            if (other) {
                const struct scenario_peers *owner =
                    (const void *)((const char *)other - offsetof(struct scenario_peers, key));
                build_error(builder, views[i], "kcn",
                            "[%s] has the same key (%s:%u); every pair needs its own (RFC 4449, 4)",
                            views[owner - builder->scenario->peers]->section->name, owner->place.file,
                            owner->place.line);
            } else {
                g_hash_table_add(keys, &peers->key);
            }
        }
        GSList *others = g_hash_table_lookup(nodes, peers);
        for (const GSList *item = others; item; item = item->next) {
            const struct scenario_peers *other = item->data;
            if (!peers_overlap(other, peers))
                continue;
            build_error(builder, views[i], NULL, "[%s] (%s:%u) is about the same pair",
                        views[other - builder->scenario->peers]->section->name, other->place.file,
                        other->place.line);
            break;
        }
        g_hash_table_replace(nodes, peers, g_slist_prepend(others, peers));
    }
    GHashTableIter iterator;
    gpointer list;
    g_hash_table_iter_init(&iterator, nodes);
    while (g_hash_table_iter_next(&iterator, NULL, &list))
        g_slist_free(list);
    g_hash_table_destroy(nodes);
    g_hash_table_destroy(keys);
}

static void build_all_peers(struct builder *builder)
{
    const struct scenario_view **views =
        g_new0(const struct scenario_view *, builder->scenario->peers_count + 1);
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_PEERS)
            continue;
        struct scenario_peers *peers = view->record;
        views[peers - builder->scenario->peers] = view;
        peers->mobile_node.node = peers->correspondent.node = SCENARIO_NONE;
        if (!find_peers(builder, view, peers)) {
            peers->pairs = 0;
            continue;
        }
        check_static_key(builder, view, peers);
        if (!builder->topology_broken &&
            !build_reaches_party(builder, &peers->mobile_node, &peers->correspondent))
            build_error(builder, view, NULL, "no routers lead from \"%s\" to \"%s\"", view->words[0],
                        view->words[1]);
    }
    check_peers_unique(builder, views);
    g_free(views);
}

/* ---- flows ---- */

static bool find_flow_end(struct builder *builder, const struct scenario_view *view, const char *key,
                          struct scenario_reference *reference)
{
    const struct scenario_entry *entry = build_entry(view, key);
    return entry && entry->value[0] &&
           build_find_party(builder, view, entry, entry->value, KINDS_ANY_NODE, "a node", reference);
}

static void check_flow_times(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_flow *flow)
{
    time_ns duration = builder->scenario->duration;
    time_ns start = flow->start ? distribution_minimum(flow->start) : 0;
    char text[2][DURATION_TEXT_SIZE];
    duration_format(start, text[0]);
    if (duration > 0 && start >= duration)
        build_error(builder, view, "start", "%s is not before the end of the scenario (%s)", text[0],
                    duration_format(duration, text[1]));
    if (flow->stop <= start)
        build_error(builder, view, "stop", "%s is not after the start (%s)",
                    duration_format(flow->stop, text[1]), text[0]);
}

static void build_all_flows(struct builder *builder)
{
    uint64_t total = 0;
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_FLOW)
            continue;
        struct scenario_flow *flow = view->record;
        flow->from.node = flow->to.node = SCENARIO_NONE;
        bool found = find_flow_end(builder, view, "from", &flow->from);
        found &= find_flow_end(builder, view, "to", &flow->to);
        check_flow_times(builder, view, flow);
        if (!found)
            continue;
        flow->pairs = build_pairs(builder, view, build_entry(view, "to"), &flow->from, &flow->to);
        flow->first = (uint32_t)total;
        total += flow->pairs;
        if (flow->from.node == flow->to.node)
            build_error(builder, view, "to", "the flow goes from \"%s\" to itself",
                        builder->scenario->nodes[flow->to.node].name);
        else if (!builder->topology_broken && !build_reaches_party(builder, &flow->from, &flow->to))
            build_error(builder, view, "to", "no routers lead from \"%s\" to \"%s\"",
                        builder->scenario->nodes[flow->from.node].name,
                        builder->scenario->nodes[flow->to.node].name);
        if (total > FLOWS_MAX) {
            build_error(builder, view, NULL, "with these the scenario has more than %d flows", FLOWS_MAX);
            break;
        }
    }
    builder->scenario->flow_total = (uint32_t)MIN(total, UINT32_MAX);
}

/* ---- [output] ---- */

static void build_captures(struct builder *builder)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        const struct scenario_entry *entry =
            view->kind == SECTION_OUTPUT ? build_entry(view, "captures") : NULL;
        if (!entry || entry->value[0] == '\0' || strcmp(entry->value, "none") == 0)
            continue;
        if (strcmp(entry->value, "all") == 0) {
            builder->scenario->capture_all = true;
            for (uint32_t j = 0; j < builder->scenario->link_count; j++)
                builder->scenario->links[j].capture = true;
            continue;
        }
        char **names = value_split(entry->value, ',');
        for (unsigned j = 0; names[j]; j++) {
            uint32_t link = build_find_link(builder, view, entry, names[j], false);
            if (link != SCENARIO_NONE)
                builder->scenario->links[link].capture = true;
        }
        g_strfreev(names);
    }
}

static const char *probably_meant_flow(const struct builder *builder, const char *name)
{
    const char **names = g_new0(const char *, builder->scenario->flow_count + 1);
    for (uint32_t i = 0; i < builder->scenario->flow_count; i++)
        names[i] = builder->scenario->flows[i].name;
    const char *meant = scenario_probably_meant(name, names);
    g_free(names);
    return meant;
}

/* "voice", all pairs of it, or "voice-3", one of several unless a flow is called that. False: told. */
static bool find_flows(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const char *name,
                       struct scenario_flow_range *range)
{
    for (uint32_t i = 0; i < builder->scenario->flow_count; i++) {
        const struct scenario_flow *flow = &builder->scenario->flows[i];
        if (strcmp(flow->name, name) == 0) {
            *range = (struct scenario_flow_range){flow->first, flow->pairs};
            return true;
        }
    }
    for (uint32_t i = 0; i < builder->scenario->flow_count; i++) {
        const struct scenario_flow *flow = &builder->scenario->flows[i];
        size_t length = strlen(flow->name);
        if (flow->pairs < 2 || strncmp(flow->name, name, length) != 0 || name[length] != '-' ||
            !g_ascii_isdigit(name[length + 1]))
            continue;
        char *end;
        guint64 pair = g_ascii_strtoull(name + length + 1, &end, 10);
        if (*end || name[length + 1] == '0')
            continue;
        if (pair > flow->pairs) {
            build_error_at(builder, view, entry, "there is no flow \"%s\"; [flow %s] has %u pairs", name,
                           flow->name, flow->pairs);
            return false;
        }
        *range = (struct scenario_flow_range){flow->first + (uint32_t)pair - 1, 1};
        return true;
    }
    const char *meant = probably_meant_flow(builder, name);
    if (meant)
        build_error_at(builder, view, entry, "there is no flow \"%s\"; did you mean \"%s\"?", name, meant);
    else
        build_error_at(builder, view, entry, "there is no flow \"%s\"", name);
    return false;
}

static void build_packets(struct builder *builder)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        const struct scenario_entry *entry =
            view->kind == SECTION_OUTPUT ? build_entry(view, "packets") : NULL;
        if (!entry || entry->value[0] == '\0' || strcmp(entry->value, "none") == 0)
            continue;
        bool all = strcmp(entry->value, "all") == 0;
        char **names = value_split(entry->value, ',');
        struct scenario_flow_range *ranges = build_memory(builder, g_strv_length(names), sizeof *ranges);
        uint32_t count = 0;
        if (all)
            ranges[count++] = (struct scenario_flow_range){0, builder->scenario->flow_total};
        for (unsigned j = 0; !all && names[j]; j++)
            count += find_flows(builder, view, entry, names[j], &ranges[count]);
        if (all && builder->scenario->flow_total == 0)
            build_error_at(builder, view, entry, "there is no [flow]");
        builder->scenario->packet_flows = ranges;
        builder->scenario->packet_flow_count = count;
        g_strfreev(names);
    }
}

/* A run that is over before anything is counted is a mistake. */
static void check_warm_up(struct builder *builder)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind == SECTION_SCENARIO && builder->scenario->warm_up > 0 &&
            builder->scenario->duration > 0 && builder->scenario->warm_up >= builder->scenario->duration)
            build_error(builder, view, "warm-up", "the run is over by then, and nothing is counted");
    }
}

void build_events(struct builder *builder)
{
    check_warm_up(builder);
    build_all_peers(builder);
    build_all_flows(builder);
    build_attacks(builder);
    build_timeline(builder);
    build_sweep(builder);
    build_captures(builder);
    build_packets(builder);
    build_tolerances(builder);
}
