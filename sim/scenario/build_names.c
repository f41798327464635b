/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_names.c - what a name in a scenario stands for: a link, a node, a group of nodes, one of a group; or
 * a further home address of such.
 *
 * All share one space of names, so that one name is never two things. The nodes of a group "mn"
 * are "mn-1", "mn-2" and so on; they are in no table, a group having up to SCENARIO_COUNT_MAX of them: such a
 * name is taken apart when it is looked up, and no other node may have it.
 *
 * A name that is nobody's is mostly a slip of the pen, so the error says which one is probably meant.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/value.h"

const char *build_node_kind_text(enum scenario_node_kind kind)
{
    static const char *const texts[] = {
        [SCENARIO_ROUTER] = "a router",           [SCENARIO_HOST] = "a host",
        [SCENARIO_HOME_AGENT] = "a home agent",   [SCENARIO_CORRESPONDENT_NODE] = "a correspondent node",
        [SCENARIO_MOBILE_NODE] = "a mobile node", [SCENARIO_ATTACKER] = "an attacker",
    };
    return texts[kind];
}

static const struct scenario_view *view_of(const struct builder *builder, const struct scenario_named *named)
{
    return named->is_link   ? builder->link_views[named->index]
           : named->is_home ? builder->home_views[named->index]
                            : builder->node_views[named->index];
}

static void register_name(struct builder *builder, struct scenario_named what)
{
    struct scenario_named *named = g_new(struct scenario_named, 1);
    *named = what;
    const struct scenario_view *view = view_of(builder, named);
    const char *name = view->words[0];
    const struct scenario_named *other = g_hash_table_lookup(builder->names, name);
    if (other) {
        const struct scenario_section *section = view_of(builder, other)->section;
        build_error(builder, view, NULL, "the name \"%s\" is that of [%s] already (%s:%u); names are unique",
                    name, section->name, section->place.file, section->place.line);
        g_free(named);
        return;
    }
    g_hash_table_insert(builder->names, (gpointer)name, named);
    g_ptr_array_add(what.is_link ? builder->link_names : builder->node_names, (gpointer)name);
}

/* "mn-3" of a group "mn" of at least three: its number from 0. The same of a group's home addresses. */
static bool member_of_group(const struct builder *builder, const char *name, uint32_t *node, uint32_t *number,
                            uint32_t *home)
{
    const char *dash = strrchr(name, '-');
    uint64_t value;
    if (!dash || dash[1] == '0' || !value_parse_integer(dash + 1, 1, SCENARIO_COUNT_MAX, &value, NULL))
        return false;
    char *group = g_strndup(name, (size_t)(dash - name));
    const struct scenario_named *named = g_hash_table_lookup(builder->names, group);
    g_free(group);
    if (!named || named->is_link)
        return false;
    const struct scenario *scenario = builder->scenario;
    *node = named->is_home ? scenario->homes[named->index].node : named->index;
    *home = named->is_home ? scenario->homes[named->index].number : 0;
    if (*node == SCENARIO_NONE || scenario->nodes[*node].count == 1 || value > scenario->nodes[*node].count)
        return false;
    *number = (uint32_t)value - 1;
    return true;
}

void build_names(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    for (uint32_t i = 0; i < scenario->link_count; i++)
        register_name(builder, (struct scenario_named){.is_link = true, .index = i});
    for (uint32_t i = 0; i < scenario->node_count; i++)
        register_name(builder, (struct scenario_named){.index = i});
    for (uint32_t i = 0; i < scenario->home_count; i++)
        register_name(builder, (struct scenario_named){.is_home = true, .index = i});
    g_ptr_array_add(builder->link_names, NULL);
    g_ptr_array_add(builder->node_names, NULL);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        uint32_t group, number, home;
        if (member_of_group(builder, scenario->nodes[i].name, &group, &number, &home))
            build_error(builder, builder->node_views[i], NULL,
                        "\"%s\" is the name of a node of the group [%s]", scenario->nodes[i].name,
                        builder->node_views[group]->section->name);
    }
    for (uint32_t i = 0; i < scenario->home_count; i++) {
        uint32_t group, number, home;
        if (member_of_group(builder, scenario->homes[i].name, &group, &number, &home))
            build_error(builder, builder->home_views[i], NULL,
                        "\"%s\" is the name of a node of the group [%s]", scenario->homes[i].name,
                        builder->node_views[group]->section->name);
    }
}

static const char *probably_meant_name(const struct builder *builder, const char *name, bool link_first)
{
    if (scenario_messages_told(builder->messages) > SCENARIO_MESSAGES_KEPT)
        return NULL; /* nobody will read the guess */
    const GPtrArray *first = link_first ? builder->link_names : builder->node_names;
    return scenario_probably_meant(name, (const char *const *)first->pdata);
}

/* The reference that a name is; false: it is no node's, and no home address's. */
static bool look_up(const struct builder *builder, const char *name, struct scenario_reference *reference)
{
    const struct scenario *scenario = builder->scenario;
    const struct scenario_named *named = g_hash_table_lookup(builder->names, name);
    *reference = (struct scenario_reference){.node = SCENARIO_NONE};
    if (!named) {
        reference->count = 1;
        return member_of_group(builder, name, &reference->node, &reference->first, &reference->home);
    }
    reference->node = named->is_home ? scenario->homes[named->index].node : named->index;
    reference->home = named->is_home ? scenario->homes[named->index].number : 0;
    if (reference->node != SCENARIO_NONE)
        reference->count = scenario->nodes[reference->node].count;
    return true;
}

bool build_find_party(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, const char *name, unsigned kinds,
                      const char *expected, struct scenario_reference *reference)
{
    const struct scenario_named *named = g_hash_table_lookup(builder->names, name);
    if (named && named->is_link) {
        *reference = (struct scenario_reference){.node = SCENARIO_NONE};
        build_error_at(builder, view, entry, "\"%s\" is a link; expected %s", name, expected);
        return false;
    }
    if (!look_up(builder, name, reference)) {
        *reference = (struct scenario_reference){.node = SCENARIO_NONE};
        const char *meant = probably_meant_name(builder, name, false);
        if (meant)
            build_error_at(builder, view, entry, "there is no node \"%s\"; did you mean \"%s\"?", name,
                           meant);
        else
            build_error_at(builder, view, entry, "there is no node \"%s\" (expected %s)", name, expected);
        return false;
    }
    if (reference->node == SCENARIO_NONE)
        return false; /* a home address whose mobile node could not be made out: told */
    enum scenario_node_kind kind = builder->scenario->nodes[reference->node].kind;
    if (!(kinds & KIND(kind))) {
        build_error_at(builder, view, entry, "\"%s\" is %s; expected %s", name, build_node_kind_text(kind),
                       expected);
        return false;
    }
    return true;
}

bool build_find_node(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, const char *name, unsigned kinds,
                     const char *expected, struct scenario_reference *reference)
{
    const struct scenario_named *named = g_hash_table_lookup(builder->names, name);
    bool home = (named && named->is_home) || (!named && look_up(builder, name, reference) && reference->home);
    if (!home)
        return build_find_party(builder, view, entry, name, kinds, expected, reference);
    *reference = (struct scenario_reference){.node = SCENARIO_NONE};
    build_error_at(builder, view, entry, "\"%s\" is a home address; expected %s", name, expected);
    return false;
}

uint32_t build_find_link(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const char *name, bool lan)
{
    const struct scenario_named *named = g_hash_table_lookup(builder->names, name);
    const char *expected = lan ? "a LAN" : "a link";
    if (!named) {
        const char *meant = probably_meant_name(builder, name, true);
        if (meant)
            build_error_at(builder, view, entry, "there is no link \"%s\"; did you mean \"%s\"?", name,
                           meant);
        else
            build_error_at(builder, view, entry, "there is no link \"%s\" (expected %s)", name, expected);
        return SCENARIO_NONE;
    }
    if (named->is_home) {
        build_error_at(builder, view, entry, "\"%s\" is a home address; expected %s", name, expected);
        return SCENARIO_NONE;
    }
    if (!named->is_link) {
        build_error_at(builder, view, entry, "\"%s\" is %s; expected %s", name,
                       build_node_kind_text(builder->scenario->nodes[named->index].kind), expected);
        return SCENARIO_NONE;
    }
    if (lan && builder->scenario->links[named->index].kind == SCENARIO_POINT_TO_POINT) {
        build_error_at(builder, view, entry, "\"%s\" is a point-to-point link; expected a LAN", name);
        return SCENARIO_NONE;
    }
    return named->index;
}

uint32_t build_pairs(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, const struct scenario_reference *a,
                     const struct scenario_reference *b)
{
    if (a->count == 0 || b->count == 0)
        return 0;
    if (a->count != b->count && a->count != 1 && b->count != 1) {
        const struct scenario_node *nodes = builder->scenario->nodes;
        build_error_at(
            builder, view, entry,
            "\"%s\" are %u nodes and \"%s\" are %u: groups meet pairwise, or one with each of many",
            nodes[a->node].name, a->count, nodes[b->node].name, b->count);
        return 0;
    }
    return MAX(a->count, b->count);
}
