/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_events.c - what goes on between the nodes: peers, flows, the timeline; and what is to be tried and
 * written.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/value.h"

#define ACTIONS_MAX 1000000
#define POINTS_MAX  1000000
#define FLOWS_MAX   10000000

/* ---- peers ---- */

static bool find_peers(struct builder *builder, const struct scenario_view *view,
                       struct scenario_peers *peers)
{
    struct scenario_reference first, second;
    unsigned told = scenario_messages_told(builder->messages);
    bool found =
        build_find_node(builder, view, NULL, view->words[0], KINDS_ANY_NODE, "a mobile node", &first);
    found &= build_find_node(builder, view, NULL, view->words[1], KINDS_ANY_NODE, "a node", &second);
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

/* Is the pair of these two numbers one of the section's pairs? */
static bool has_pair(const struct scenario_peers *peers, uint32_t mobile_node, uint32_t correspondent)
{
    const struct scenario_reference *a = &peers->mobile_node, *b = &peers->correspondent;
    if (mobile_node < a->first || mobile_node - a->first >= a->count || correspondent < b->first ||
        correspondent - b->first >= b->count)
        return false;
    return a->count == 1 || b->count == 1 || mobile_node - a->first == correspondent - b->first;
}

static bool peers_overlap(const struct scenario_peers *one, const struct scenario_peers *other)
{
    if (one->mobile_node.node != other->mobile_node.node ||
        one->correspondent.node != other->correspondent.node)
        return false;
    for (uint32_t pair = 0; pair < one->pairs; pair++) {
        uint32_t a, b;
        scenario_pair(&one->mobile_node, &one->correspondent, pair, &a, &b);
        if (has_pair(other, a, b))
            return true;
    }
    return false;
}

static guint hash_of_key(gconstpointer data)
{
    const struct static_key *key = data;
    guint hash = 5381;
    for (unsigned i = 0; i < key->kcn_length; i++)
        hash = hash * 33 + key->kcn[i];
    return hash;
}

static gboolean same_key(gconstpointer a, gconstpointer b)
{
    const struct static_key *left = a, *right = b;
    return left->kcn_length == right->kcn_length && memcmp(left->kcn, right->kcn, left->kcn_length) == 0;
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

/* No pair is told of twice, and no two pairs have the same key (RFC 4449, 4). */
static void check_peers_unique(struct builder *builder, const struct scenario_view **views)
{
    GHashTable *keys = g_hash_table_new(hash_of_key, same_key);
    GHashTable *nodes = g_hash_table_new(hash_of_nodes, same_nodes); /* -> list of peers of these two nodes */
    for (uint32_t i = 0; i < builder->scenario->peers_count; i++) {
        struct scenario_peers *peers = &builder->scenario->peers[i];
        if (peers->pairs == 0)
            continue;
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
            !build_reaches_node(builder, peers->mobile_node.node, peers->correspondent.node))
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
           build_find_node(builder, view, entry, entry->value, KINDS_ANY_NODE, "a node", reference);
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
        else if (!builder->topology_broken && !build_reaches_node(builder, flow->from.node, flow->to.node))
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

/* ---- the timeline ---- */

/* at TIME[..TIME step TIME] [spread DISTRIBUTION] */
struct schedule {
    time_ns from, to, step;
    const struct distribution *spread;
};

/* The text behind the word, which is cut off it with the word; NULL if the word is not there. */
static char *cut_at_word(char *text, const char *word)
{
    char *found = strstr(text, word);
    if (!found)
        return NULL;
    *found = '\0';
    return found + strlen(word);
}

static bool read_schedule(struct builder *builder, const struct scenario_view *view,
                          struct schedule *schedule)
{
    static const char *const form =
        "[at TIME] or [at TIME..TIME step TIME], with or without \"spread DISTRIBUTION\" behind it";
    const char *name = view->section->name;
    char *text = g_strdup(strchr(name, ' ') ? strchr(name, ' ') + 1 : "");
    char *spread = cut_at_word(text, " spread ");
    char *step = cut_at_word(text, " step ");
    bool range = strstr(text, "..") != NULL;
    GError *error = NULL;
    bool good = true;
    if (text[0] == '\0' || (range != (step != NULL))) {
        build_error(builder, view, NULL, "%s (expected %s)",
                    text[0] == '\0' ? "no time is given"
                    : range         ? "times without a step"
                                    : "a step without a last time",
                    form);
        good = false;
    } else if (!value_parse_duration_range(text, &schedule->from, &schedule->to, &error) ||
               (step && !duration_parse(step, &schedule->step, &error))) {
        build_error(builder, view, NULL, "%s (expected %s)", error->message, form);
        g_error_free(error);
        good = false;
    } else if (step && schedule->step == 0) {
        build_error(builder, view, NULL, "the step must be more than 0");
        good = false;
    }
    if (good && spread)
        good = (schedule->spread = build_distribution(builder, view, NULL, spread)) != NULL;
    g_free(text);
    if (good && builder->scenario->duration > 0 && schedule->to > builder->scenario->duration) {
        char late[DURATION_TEXT_SIZE], end[DURATION_TEXT_SIZE];
        build_error(builder, view, NULL, "%s is after the end of the scenario (duration = %s)",
                    duration_format(schedule->to, late), duration_format(builder->scenario->duration, end));
        good = false;
    }
    return good;
}

/* LAN [keep TIME] behind "attach". False: told. */
static bool read_attach(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, char *text, struct scenario_action *action)
{
    char *keep = cut_at_word(text, " keep ");
    GError *error = NULL;
    if ((keep && *g_strstrip(keep) == '\0') || g_str_has_suffix(g_strstrip(text), " keep")) {
        build_error_at(builder, view, entry, "keep the old link for how long? Expected attach LAN keep TIME");
        return false;
    }
    if (keep && (!duration_parse(g_strstrip(keep), &action->keep, &error) || action->keep == 0)) {
        build_error_at(builder, view, entry, "%s",
                       error ? error->message : "the old link must be kept for more than 0s");
        g_clear_error(&error);
        return false;
    }
    action->link = build_find_link(builder, view, entry, g_strstrip(text), true);
    return action->link != SCENARIO_NONE;
}

static bool read_node_verb(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, struct scenario_action *action)
{
    static const char *const verbs[] = {"attach", "detach", NULL};
    char **words = g_strsplit_set(entry->value, " \t", 2);
    bool good = false;
    unsigned verb;
    GError *error = NULL;
    if (!words[0] || !value_parse_word(words[0], verbs, &verb, &error)) {
        build_error_at(builder, view, entry, "%s", error ? error->message : "expected attach LAN, or detach");
        g_clear_error(&error);
    } else if (verb == 0 && !words[1]) {
        build_error_at(builder, view, entry, "attach to which LAN? Expected attach LAN");
    } else if (verb == 1 && words[1]) {
        build_error_at(builder, view, entry, "\"%s\" after detach: a node leaves the link it is on",
                       words[1]);
    } else {
        action->verb = verb == 0 ? SCENARIO_ATTACH : SCENARIO_DETACH;
        action->link = SCENARIO_NONE;
        good = verb == 1 || read_attach(builder, view, entry, words[1], action);
    }
    g_strfreev(words);
    return good;
}

static void check_attach(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const struct scenario_action *action)
{
    const struct scenario_node *node = &builder->scenario->nodes[action->who.node];
    if (action->verb != SCENARIO_ATTACH || builder->topology_broken)
        return;
    build_check_visitable(builder, view, entry, action->link);
    if (node->home_link != SCENARIO_NONE && !build_connected(builder, node->home_link, action->link))
        build_error_at(builder, view, entry, "no routers lead from \"%s\" to the home agent of \"%s\"",
                       builder->scenario->links[action->link].name, node->name);
}

/* What blanks separate. Free with g_strfreev. */
static char **split_words(const char *text)
{
    char **parts = g_strsplit_set(text, " \t", -1);
    unsigned kept = 0;
    for (unsigned i = 0; parts[i]; i++) {
        if (parts[i][0])
            parts[kept++] = parts[i];
        else
            g_free(parts[i]);
    }
    parts[kept] = NULL;
    return parts;
}

/* Words behind the verb: NAME TIME, each name at most once. False: told. */
static bool read_lifetimes(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, char **words, bool deprecate,
                           struct scenario_action *action)
{
    static const char *const names[] = {"valid", "preferred", NULL};
    bool given[2] = {false, false};
    for (unsigned i = 0; words[i]; i += 2) {
        unsigned name;
        time_ns value = 0;
        GError *error = NULL;
        bool infinite = words[i + 1] && strcmp(words[i + 1], "infinite") == 0;
        if (!value_parse_word(words[i], names, &name, &error) ||
            (words[i + 1] && !infinite && !duration_parse(words[i + 1], &value, &error))) {
            build_error_at(builder, view, entry, "%s", error->message);
            g_error_free(error);
            return false;
        }
        if (!words[i + 1] || given[name] || (deprecate && name == 1)) {
            build_error_at(builder, view, entry,
                           deprecate ? "expected deprecate PREFIX [valid TIME]"
                                     : "expected prefix PREFIX [valid TIME] [preferred TIME]");
            return false;
        }
        if (value % SECONDS(1) != 0 || value / SECONDS(1) >= UINT32_MAX) {
            build_error_at(builder, view, entry, "%s: lifetimes of prefixes are whole seconds, below 2^32",
                           words[i + 1]);
            return false;
        }
        given[name] = true;
        *(name == 0 ? &action->valid_lifetime : &action->preferred_lifetime) =
            infinite ? UINT32_MAX : (uint32_t)(value / SECONDS(1));
    }
    action->has_valid_lifetime = given[0];
    if (!deprecate && !given[1] && action->preferred_lifetime > action->valid_lifetime)
        action->preferred_lifetime = action->valid_lifetime;
    if (!deprecate && action->preferred_lifetime > action->valid_lifetime) {
        build_error_at(builder, view, entry, "preferred for longer than valid (RFC 4861, 6.2.1)");
        return false;
    }
    return true;
}

/* Another link's prefix, or a part of it. */
static const struct scenario_link *owner_of_prefix(const struct scenario *scenario, uint32_t but,
                                                   const struct ipv6_address *prefix)
{
    for (uint32_t i = 0; i < scenario->link_count; i++)
        for (uint32_t number = 0; i != but && number < scenario->links[i].count; number++) {
            struct ipv6_address other = scenario_link_prefix(&scenario->links[i], number);
            if (scenario->links[i].prefix_length && ipv6_prefix_match(&other, prefix, 64))
                return &scenario->links[i];
        }
    return NULL;
}

/* prefix PREFIX [valid TIME] [preferred TIME], deprecate PREFIX [valid TIME] */
static bool read_prefix_verb(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_entry *entry, uint32_t index, char **words,
                             struct scenario_action *action)
{
    const struct scenario_link *link = &builder->scenario->links[index];
    bool deprecate = strcmp(words[0], "deprecate") == 0;
    unsigned length;
    GError *error = NULL;
    action->verb = deprecate ? SCENARIO_DEPRECATE : SCENARIO_PREFIX;
    action->valid_lifetime = link->advertisements.prefix_valid_lifetime;
    action->preferred_lifetime = link->advertisements.prefix_preferred_lifetime;
    if (link->kind == SCENARIO_POINT_TO_POINT) {
        build_error_at(builder, view, entry, "\"%s\" is a point-to-point link; only a LAN is renumbered",
                       link->name);
        return false;
    }
    if (!words[1]) {
        build_error_at(builder, view, entry, "which prefix? Expected %s PREFIX", words[0]);
        return false;
    }
    if (!value_parse_prefix(words[1], 64, 64, &action->prefix, &length, &error)) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        return false;
    }
    const struct scenario_link *owner = owner_of_prefix(builder->scenario, index, &action->prefix);
    if (owner) {
        build_error_at(builder, view, entry, "%s is of the link \"%s\"", words[1], owner->name);
        return false;
    }
    return read_lifetimes(builder, view, entry, words + 2, deprecate, action);
}

static bool read_link_verb(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, uint32_t link, struct scenario_action *action)
{
    static const char *const verbs[] = {"down", "up", "prefix", "deprecate", NULL};
    static const enum scenario_verb meanings[] = {SCENARIO_LINK_DOWN, SCENARIO_LINK_UP, SCENARIO_PREFIX,
                                                  SCENARIO_DEPRECATE};
    char **words = split_words(entry->value);
    unsigned verb;
    bool good = true;
    GError *error = NULL;
    action->link = link;
    if (!words[0] || !value_parse_word(words[0], verbs, &verb, &error)) {
        build_error_at(builder, view, entry, "%s",
                       error ? error->message : "expected down, up, prefix or deprecate");
        g_clear_error(&error);
        g_strfreev(words);
        return false;
    }
    action->verb = meanings[verb];
    if (action->spread)
        build_error_at(builder, view, entry, "a link goes %s at once: the spread is for nodes", words[0]);
    if (verb >= 2) {
        good = read_prefix_verb(builder, view, entry, link, words, action);
    } else if (words[1]) {
        build_error_at(builder, view, entry, "\"%s\" after %s: a link goes as a whole", words[1], words[0]);
        good = false;
    }
    g_strfreev(words);
    return good;
}

static bool read_stationary_verb(struct builder *builder, const struct scenario_view *view,
                                 const struct scenario_entry *entry, struct scenario_action *action)
{
    static const char *const verbs[] = {"down", "up", NULL};
    unsigned verb;
    GError *error = NULL;
    if (!value_parse_word(entry->value, verbs, &verb, &error)) {
        build_error_at(builder, view, entry, "%s; only a mobile node moves", error->message);
        g_error_free(error);
        return false;
    }
    action->verb = verb == 0 ? SCENARIO_NODE_DOWN : SCENARIO_NODE_UP;
    return true;
}

static bool read_action(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, struct scenario_action *action)
{
    const struct scenario_named *named = g_hash_table_lookup(builder->names, entry->key);
    action->place = entry->place;
    action->who = (struct scenario_reference){SCENARIO_NONE, 0, 0};
    action->link = SCENARIO_NONE;
    if (named && named->is_link)
        return read_link_verb(builder, view, entry, named->index, action);
    bool known =
        build_find_node(builder, view, entry, entry->key, KINDS_ANY_NODE, "a node, or a link", &action->who);
    if (known && builder->scenario->nodes[action->who.node].kind != SCENARIO_MOBILE_NODE)
        return read_stationary_verb(builder, view, entry, action);
    if (!read_node_verb(builder, view, entry, action) || !known)
        return false;
    check_attach(builder, view, entry, action);
    builder->scenario->nodes[action->who.node].overlaps |= action->keep != 0;
    return true;
}

static int compare_actions(gconstpointer a, gconstpointer b)
{
    const struct scenario_action *left = a, *right = b;
    return left->time < right->time ? -1 : left->time > right->time;
}

static void add_actions(struct builder *builder, const struct scenario_view *view,
                        const struct schedule *schedule, GArray *actions)
{
    uint64_t times = 1 + (schedule->step ? (uint64_t)((schedule->to - schedule->from) / schedule->step) : 0);
    for (unsigned i = 0; i < view->entry_count; i++) {
        struct scenario_action action = {.spread = schedule->spread};
        if (!read_action(builder, view, &view->entries[i], &action))
            continue;
        if (actions->len + times > ACTIONS_MAX) {
            build_error(builder, view, NULL, "with these the scenario has more than %d actions", ACTIONS_MAX);
            return;
        }
        for (uint64_t n = 0; n < times; n++) {
            action.time = schedule->from + (time_ns)n * schedule->step;
            g_array_append_val(actions, action);
        }
    }
}

static void build_timeline(struct builder *builder)
{
    GArray *actions = g_array_new(FALSE, FALSE, sizeof(struct scenario_action));
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        struct schedule schedule = {0, 0, 0, NULL};
        if (view->kind != SECTION_AT)
            continue;
        read_schedule(builder, view, &schedule);
        if (view->entry_count == 0)
            build_error(builder, view, NULL, "nothing happens: expected NODE = attach LAN, or the like");
        add_actions(builder, view, &schedule, actions);
    }
    g_array_sort(actions, compare_actions); /* stable */
    struct scenario *scenario = builder->scenario;
    scenario->action_count = actions->len;
    scenario->actions = build_memory(builder, actions->len, sizeof *scenario->actions);
    if (actions->len)
        memcpy(scenario->actions, actions->data, actions->len * sizeof *scenario->actions);
    g_array_free(actions, TRUE);
}

/* ---- the sweep ---- */

/* "SECTION / KEY" with the section there and the key one of its kind. */
static bool check_axis_key(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, const char *section_name, const char *key_name)
{
    const struct scenario_section *section = scenario_source_section(builder->source, section_name);
    enum section_kind kind = scenario_section_kind(section_name);
    if (!section) {
        const char *meant = scenario_probably_meant_section(builder->source, section_name);
        if (meant)
            build_error_at(builder, view, entry,
                           "there is no section [%s] to sweep over; did you mean \"%s / %s\"?", section_name,
                           meant, key_name);
        else
            build_error_at(builder, view, entry, "there is no section [%s] to sweep over", section_name);
        return false;
    }
    if (kind == SECTION_SWEEP || (kind == SECTION_SCENARIO && (strcmp(key_name, "extends") == 0 ||
                                                               strcmp(key_name, "replications") == 0))) {
        build_error_at(builder, view, entry, "this cannot be swept over: it is the same for all points");
        return false;
    }
    if (kind != SECTION_KINDS && !scenario_key_find(kind, key_name)) {
        const char *meant = scenario_probably_meant_key(kind, key_name);
        if (meant)
            build_error_at(builder, view, entry,
                           "[%s] has no key \"%s\" to sweep over; did you mean \"%s / %s\"?", section_name,
                           key_name, section_name, meant);
        else
            build_error_at(builder, view, entry, "[%s] has no key \"%s\" to sweep over", section_name,
                           key_name);
        return false;
    }
    return kind != SECTION_KINDS;
}

static bool read_values(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, struct scenario_axis *axis)
{
    char **parts = value_split(entry->value, ';');
    unsigned count = g_strv_length(parts);
    if (count > 1 && parts[count - 1][0] == '\0')
        count--; /* a list may end with its separator, as in GLib's key files */
    const char **values = build_memory(builder, count, sizeof *values);
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool good = true;
    for (unsigned i = 0; i < count; i++) {
        if (parts[i][0] == '\0') {
            build_error_at(builder, view, entry,
                           count == 1 ? "no values to sweep over; expected VALUE; VALUE; ..."
                                      : "one of the values is empty");
            good = false;
        } else if (g_hash_table_contains(seen, parts[i])) {
            build_error_at(builder, view, entry, "the value \"%s\" is there twice", parts[i]);
            good = false;
        }
        g_hash_table_add(seen, parts[i]);
        values[i] = g_string_chunk_insert(builder->storage->strings, parts[i]);
    }
    g_hash_table_destroy(seen);
    g_strfreev(parts);
    axis->values = values;
    axis->value_count = count;
    return good;
}

static void build_axis(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry)
{
    const char *slash = strstr(entry->key, " / ");
    struct scenario_axis axis = {.place = entry->place};
    if (!slash) {
        build_error_at(builder, view, entry, "expected SECTION / KEY = VALUE; VALUE; ...");
        return;
    }
    char *section = g_strndup(entry->key, (size_t)(slash - entry->key));
    axis.section = g_string_chunk_insert(builder->storage->strings, section);
    axis.key = g_string_chunk_insert(builder->storage->strings, slash + 3);
    g_free(section);
    bool good = check_axis_key(builder, view, entry, axis.section, axis.key);
    good &= read_values(builder, view, entry, &axis);
    if (good)
        builder->scenario->axes[builder->scenario->axis_count++] = axis;
}

static void build_sweep(struct builder *builder)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_SWEEP)
            continue;
        struct scenario *scenario = builder->scenario;
        scenario->axes = build_memory(builder, view->entry_count, sizeof *scenario->axes);
        for (unsigned j = 0; j < view->entry_count; j++)
            build_axis(builder, view, &view->entries[j]);
        uint64_t points = 1;
        for (uint32_t j = 0; j < scenario->axis_count && points <= POINTS_MAX; j++)
            points *= scenario->axes[j].value_count;
        if (points > POINTS_MAX)
            build_error(builder, view, NULL, "the sweep has more than %d points", POINTS_MAX);
    }
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

void build_events(struct builder *builder)
{
    build_all_peers(builder);
    build_all_flows(builder);
    build_timeline(builder);
    build_sweep(builder);
    build_captures(builder);
}
