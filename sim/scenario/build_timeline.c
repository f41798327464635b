/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_timeline.c - what the operator does as time goes by: the [at] sections, a line an action.
 *
 * A repeated section is written out, one record for each time, so that whoever carries actions out knows
 * nothing of repetition. Each verb has a reader of its own, which judges all of its words.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/value.h"

#define ACTIONS_MAX 1000000

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

/* [for TIME] [without-storage] behind "reboot". False: told. */
static bool read_reboot(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, char **words, struct scenario_action *action)
{
    static const char *const options[] = {"for", "without-storage", NULL};
    bool given[2] = {false, false};
    action->verb = SCENARIO_REBOOT;
    for (unsigned i = 0; words[i]; i++) {
        unsigned option;
        GError *error = NULL;
        if (!value_parse_word(words[i], options, &option, &error) ||
            (option == 0 && words[i + 1] && !duration_parse(words[i + 1], &action->off, &error))) {
            build_error_at(builder, view, entry, "%s", error->message);
            g_error_free(error);
            return false;
        }
        if (given[option] || (option == 0 && !words[++i])) {
            build_error_at(builder, view, entry, "expected reboot [for TIME] [without-storage]");
            return false;
        }
        given[option] = true;
    }
    action->without_storage = given[1];
    return true;
}

static bool read_node_verb(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, struct scenario_action *action)
{
    static const char *const verbs[] = {"attach", "detach", "reboot", NULL};
    char **words = g_strsplit_set(entry->value, " \t", 2);
    bool good = false;
    unsigned verb;
    GError *error = NULL;
    if (!words[0] || !value_parse_word(words[0], verbs, &verb, &error)) {
        build_error_at(builder, view, entry, "%s",
                       error ? error->message : "expected attach LAN, detach, or reboot");
        g_clear_error(&error);
    } else if (verb == 2) {
        char **options = split_words(words[1] ? words[1] : "");
        good = read_reboot(builder, view, entry, options, action);
        g_strfreev(options);
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
    static const char *const verbs[] = {"down", "up", "reboot", NULL};
    char **words = split_words(entry->value);
    unsigned verb;
    bool good = false;
    GError *error = NULL;
    if (!value_parse_word(words[0] ? words[0] : "", verbs, &verb, &error)) {
        build_error_at(builder, view, entry, "%s; only a mobile node moves", error->message);
        g_error_free(error);
    } else if (verb == 2) {
        good = read_reboot(builder, view, entry, words + 1, action);
    } else if (words[1]) {
        build_error_at(builder, view, entry, "\"%s\" after %s: a node goes as a whole", words[1], words[0]);
    } else {
        action->verb = verb == 0 ? SCENARIO_NODE_DOWN : SCENARIO_NODE_UP;
        good = true;
    }
    g_strfreev(words);
    return good;
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
    if (action->verb == SCENARIO_ATTACH)
        build_check_move(builder, view, entry, action->who.node, action->link);
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

void build_timeline(struct builder *builder)
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
