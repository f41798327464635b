/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_attackers.c - what an attacker sits on and what it has been given: taps, and the keys of others.
 *
 * A tap is on one link, not on all links of a group: somebody who can be everywhere is not interesting.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/value.h"

/* ---- taps ---- */

static bool is_at(const struct scenario_node *node, uint32_t link)
{
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].link == link)
            return true;
    return false;
}

static void add_tap(struct builder *builder, const struct scenario_view *view,
                    const struct scenario_entry *entry, struct scenario_node *node, const char *name)
{
    uint32_t index = build_find_link(builder, view, entry, name, false);
    if (index == SCENARIO_NONE)
        return;
    const struct scenario_link *link = &builder->scenario->links[index];
    for (uint32_t i = 0; i < node->tap_count; i++)
        if (node->taps[i] == index) {
            build_error_at(builder, view, entry, "\"%s\" is named twice", name);
            return;
        }
    if (link->kind != SCENARIO_POINT_TO_POINT)
        build_error_at(builder, view, entry, "\"%s\" is a LAN, where \"attached\" lets it hear everything",
                       name);
    else if (is_at(node, index))
        build_error_at(builder, view, entry, "\"%s\" ends at \"%s\" itself, which hears it without a tap",
                       name, node->name);
    else if (link->count > 1)
        build_error_at(builder, view, entry, "\"%s\" are %u links; a tap is on one", name, link->count);
    else
        node->taps[node->tap_count++] = index;
}

void build_taps(struct builder *builder)
{
    for (uint32_t i = 0; i < builder->scenario->node_count; i++) {
        struct scenario_node *node = &builder->scenario->nodes[i];
        const struct scenario_view *view = builder->node_views[i];
        const struct scenario_entry *entry =
            node->kind == SCENARIO_ATTACKER ? build_entry(view, "taps") : NULL;
        if (!entry || entry->value[0] == '\0')
            continue;
        char **names = value_split(entry->value, ',');
        node->taps = build_memory(builder, g_strv_length(names), sizeof *node->taps);
        for (unsigned k = 0; names[k]; k++)
            add_tap(builder, view, entry, node, names[k]);
        g_strfreev(names);
    }
}

/* ---- keys ---- */

static bool has_section(const struct scenario *scenario, const struct scenario_reference *mobile_node,
                        const struct scenario_reference *correspondent)
{
    for (uint32_t i = 0; i < scenario->peers_count; i++)
        if (scenario->peers[i].mobile_node.node == mobile_node->node &&
            scenario->peers[i].correspondent.node == correspondent->node)
            return true;
    return false;
}

static void add_key(struct builder *builder, const struct scenario_view *view,
                    const struct scenario_entry *entry, struct scenario_knowledge *knowledge, char **words)
{
    struct scenario_known_key key;
    bool found = build_find_node(builder, view, entry, words[0], KIND(SCENARIO_MOBILE_NODE), "a mobile node",
                                 &key.mobile_node);
    found &= build_find_node(builder, view, entry, words[1], KINDS_ANY_NODE, "a node", &key.correspondent);
    if (!found)
        return;
    if (has_section(builder->scenario, &key.mobile_node, &key.correspondent))
        knowledge->keys[knowledge->key_count++] = key;
    else
        build_error_at(builder, view, entry, "there is no section [peers %s %s], whose key it could know",
                       words[0], words[1]);
}

static void add_knowledge(struct builder *builder, const struct scenario_view *view,
                          const struct scenario_entry *entry, struct scenario_knowledge *knowledge,
                          const char *text)
{
    char **words = g_strsplit_set(text, " \t", -1);
    unsigned count = 0;
    for (unsigned i = 0; words[i]; i++) { /* several blanks are one */
        char *word = words[i];
        if (word[0])
            words[count++] = word;
        else
            g_free(word);
    }
    words[count] = NULL;
    struct scenario_reference mobile_node;
    if (count == 2 && strcmp(words[0], "esp") == 0) {
        if (build_find_node(builder, view, entry, words[1], KIND(SCENARIO_MOBILE_NODE), "a mobile node",
                            &mobile_node))
            knowledge->associations[knowledge->association_count++] = mobile_node;
    } else if (count == 2) {
        add_key(builder, view, entry, knowledge, words);
    } else {
        build_error_at(builder, view, entry, "\"%s\": expected MOBILE-NODE CORRESPONDENT, or esp MOBILE-NODE",
                       text);
    }
    g_strfreev(words);
}

void build_knowledge(struct builder *builder)
{
    for (uint32_t i = 0; i < builder->scenario->node_count; i++) {
        struct scenario_node *node = &builder->scenario->nodes[i];
        const struct scenario_view *view = builder->node_views[i];
        const struct scenario_entry *entry =
            node->kind == SCENARIO_ATTACKER ? build_entry(view, "knows") : NULL;
        if (!entry || entry->value[0] == '\0')
            continue;
        char **parts = value_split(entry->value, ',');
        unsigned count = g_strv_length(parts);
        node->knowledge.keys = build_memory(builder, count, sizeof *node->knowledge.keys);
        node->knowledge.associations = build_memory(builder, count, sizeof *node->knowledge.associations);
        for (unsigned k = 0; parts[k]; k++)
            add_knowledge(builder, view, entry, &node->knowledge, parts[k]);
        g_strfreev(parts);
    }
}
