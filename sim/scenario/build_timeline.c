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

/* What a section says, without its times. */
struct said {
    GArray *actions; /* of struct scenario_action, at their time after the section's */
    GArray *faults;  /* of struct scenario_fault */
};

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
    const char *name = view->title;
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

char **build_words(const char *text)
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

/* A verb that nodes of this kind do not have: a parameter's name, perhaps. True: told. */
static bool tell_parameter(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, const char *word, const char *const *verbs,
                           const struct scenario_action *action)
{
    enum section_kind kind = builder->node_views[action->who.node]->kind;
    if (scenario_probably_meant(word, verbs))
        return false;
    if (scenario_key_find(kind, word)) {
        build_error_at(builder, view, entry, "%s stays as it is: it cannot be changed as time goes by", word);
        return true;
    }
    static const char *const none[] = {"add", "remove", "ipsec", NULL};
    const char *meant = build_probably_meant_change(none, IN(kind), word);
    if (meant)
        build_error_at(builder, view, entry, "unknown word \"%s\"; did you mean \"%s\"?", word, meant);
    return meant != NULL;
}

static bool read_node_verb(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, struct scenario_action *action)
{
    static const char *const verbs[] = {"attach", "detach", "reboot", NULL};
    char **words = g_strsplit_set(entry->value, " \t", 2);
    bool good = false;
    unsigned verb;
    GError *error = NULL;
    if (words[0] && action->who.node != SCENARIO_NONE &&
        tell_parameter(builder, view, entry, words[0], verbs, action)) {
        /* told */
    } else if (!words[0] || !value_parse_word(words[0], verbs, &verb, &error)) {
        build_error_at(builder, view, entry, "%s",
                       error ? error->message : "expected attach LAN, detach, or reboot");
        g_clear_error(&error);
    } else if (verb == 2) {
        char **options = build_words(words[1] ? words[1] : "");
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

/* -- prefixes -- */

/* Words behind the verb: NAME TIME, each name at most once. False: told. */
static bool read_lifetimes(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, char **words, bool deprecate,
                           struct scenario_action *action)
{
    static const char *const names[] = {"valid", "preferred", "on-link", "autonomous", NULL};
    bool given[4] = {false, false, false, false};
    for (unsigned i = 0; words[i]; i += 2) {
        unsigned name;
        bool flag = false;
        time_ns value = 0;
        GError *error = NULL;
        bool infinite = words[i + 1] && strcmp(words[i + 1], "infinite") == 0;
        if (!value_parse_word(words[i], names, &name, &error) ||
            (words[i + 1] && (name >= 2 ? !value_parse_boolean(words[i + 1], &flag, &error)
                                        : !infinite && !duration_parse(words[i + 1], &value, &error)))) {
            build_error_at(builder, view, entry, "%s", error->message);
            g_error_free(error);
            return false;
        }
        if (!words[i + 1] || given[name] || (deprecate && name >= 1)) {
            build_error_at(builder, view, entry,
                           deprecate
                               ? "expected deprecate PREFIX [valid TIME]"
                               : "expected prefix PREFIX [valid TIME] [preferred TIME] [on-link yes|no] "
                                 "[autonomous yes|no]");
            return false;
        }
        given[name] = true;
        if (name >= 2) {
            *(name == 2 ? &action->on_link : &action->autonomous) = flag;
            continue;
        }
        if (value % SECONDS(1) != 0 || value / SECONDS(1) >= UINT32_MAX) {
            build_error_at(builder, view, entry, "%s: lifetimes of prefixes are whole seconds, below 2^32",
                           words[i + 1]);
            return false;
        }
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

/* prefix PREFIX [valid TIME] [preferred TIME] [on-link yes|no] [autonomous yes|no], deprecate PREFIX [valid
 * TIME], withdraw PREFIX */
static bool read_prefix_verb(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_entry *entry, uint32_t index, char **words,
                             struct scenario_action *action)
{
    const struct scenario_link *link = &builder->scenario->links[index];
    bool deprecate = strcmp(words[0], "deprecate") == 0;
    unsigned length;
    GError *error = NULL;
    bool withdraw = strcmp(words[0], "withdraw") == 0;
    action->verb = deprecate ? SCENARIO_DEPRECATE : withdraw ? SCENARIO_WITHDRAW : SCENARIO_PREFIX;
    action->on_link = link->advertisements.on_link;
    action->autonomous = link->advertisements.autonomous;
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
    if (withdraw && words[2])
        build_error_at(builder, view, entry, "\"%s\" after the prefix: expected withdraw PREFIX", words[2]);
    return withdraw ? !words[2] : read_lifetimes(builder, view, entry, words + 2, deprecate, action);
}

/* -- links -- */

/* What a link can be told, in this order; besides, its parameters, named as their keys. */
enum link_word {
    LINK_DOWN,
    LINK_UP,
    LINK_PREFIX,
    LINK_DEPRECATE,
    LINK_WITHDRAW,
    LINK_MEND,
    LINK_DROP,
    LINK_DUPLICATE,
    LINK_CORRUPT,
    LINK_HOLD_BACK,
    LINK_PARAMETER
};
static const char *const link_words[] = {
    "down", "up",        "prefix",  "deprecate", "withdraw", "mend",
    "drop", "duplicate", "corrupt", "hold-back", NULL,
};

static bool find_link_word(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, const char *name, unsigned *word)
{
    static const char *const expected = "down, up, prefix, deprecate, withdraw, drop, duplicate, corrupt, "
                                        "hold-back, mend, or a parameter of the link with its value";
    const unsigned links = IN(SECTION_LAN) | IN(SECTION_ACCESS_LAN) | IN(SECTION_POINT_TO_POINT);
    for (*word = 0; link_words[*word]; ++*word)
        if (strcmp(name, link_words[*word]) == 0)
            return true;
    if (build_is_changeable(SECTION_LAN, name) || build_is_changeable(SECTION_ACCESS_LAN, name) ||
        build_is_changeable(SECTION_POINT_TO_POINT, name))
        return true;
    const char *meant = build_probably_meant_change(link_words, links, name);
    if (!name[0])
        build_error_at(builder, view, entry, "nothing is said; expected %s", expected);
    else if (scenario_key_find(SECTION_LAN, name) || scenario_key_find(SECTION_POINT_TO_POINT, name))
        build_error_at(builder, view, entry, "%s stays as it is: it cannot be changed as time goes by", name);
    else if (meant)
        build_error_at(builder, view, entry, "unknown word \"%s\"; did you mean \"%s\"?", name, meant);
    else
        build_error_at(builder, view, entry, "unknown word \"%s\" (one of %s)", name, expected);
    return false;
}

/* "... for TIME", which is cut off the text. False: told. */
static bool read_lasts(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, char *text, time_ns *lasts)
{
    GError *error = NULL;
    *lasts = TIME_NEVER;
    char *duration = cut_at_word(text, " for ");
    if (!duration && !g_str_has_suffix(text, " for"))
        return true;
    if (!duration || !duration_parse(duration, lasts, &error) || *lasts == 0) {
        build_error_at(builder, view, entry, "for how long? %s (expected ... for TIME)",
                       error      ? error->message
                       : duration ? "it must be more than 0s"
                                  : "no time is given");
        g_clear_error(&error);
        return false;
    }
    return true;
}

/* [N | the Nth | every N | all] behind drop and the like: the next N, or the Nth from now on, ...; *what
 * moves behind it. */
static bool read_which(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const char *verb, const char **what,
                       struct scenario_fault *fault)
{
    uint64_t number;
    bool ordinal, every = g_str_has_prefix(*what, "every ");
    GError *error = NULL;
    if (g_str_has_prefix(*what, "all ")) {
        *what += strlen("all ") + strspn(*what + strlen("all "), " \t");
        fault->last = UINT32_MAX;
        return true;
    }
    if (g_str_has_prefix(*what, "the ") || every)
        *what = strchr(*what, ' ') + strspn(strchr(*what, ' '), " \t");
    if (!g_ascii_isdigit(**what) && !every)
        return true;
    size_t length = strcspn(*what, " \t");
    char *word = g_strndup(*what, length);
    bool good = build_number(word, &number, &ordinal, &error);
    g_free(word);
    if (!good) {
        build_error_at(builder, view, entry, "%s: %s", verb, error->message);
        g_error_free(error);
        return false;
    }
    fault->first = ordinal || every ? (uint32_t)number : 1;
    fault->last = every ? UINT32_MAX : (uint32_t)number;
    fault->every = every ? (uint32_t)number : 1;
    *what += length + strspn(*what + length, " \t");
    return true;
}

/* MESSAGE [from NODE] [to NODE] [probability P]; text is cut up. */
static bool read_chosen(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, char *text, struct scenario_fault *fault)
{
    char *probability = cut_at_word(text, " probability ");
    char *to = cut_at_word(text, " to ");
    char *from = cut_at_word(text, " from ");
    GError *error = NULL;
    if (probability && !value_parse_probability(probability, &fault->probability, &error)) {
        build_error_at(builder, view, entry, "probability: %s", error->message);
        g_error_free(error);
        return false;
    }
    return (!from || build_find_node(builder, view, entry, g_strstrip(from), KINDS_ANY_NODE, "a node",
                                     &fault->from)) &&
           (!to ||
            build_find_node(builder, view, entry, g_strstrip(to), KINDS_ANY_NODE, "a node", &fault->to)) &&
           build_fault_message(builder, view, entry, g_strstrip(text), fault);
}

/* Behind hold-back: how long, which may have blanks in parentheses; *what moves behind it. */
static bool read_hold(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, const char **what, struct scenario_fault *fault)
{
    int depth = 0;
    const char *end = *what;
    for (; *end && (depth > 0 || !g_ascii_isspace(*end)); end++)
        depth += (*end == '(') - (*end == ')');
    char *text = g_strndup(*what, (gsize)(end - *what));
    fault->delay = text[0] ? build_distribution(builder, view, entry, text) : NULL;
    if (!text[0])
        build_error_at(builder, view, entry, "for how long? Expected hold-back TIME [N] MESSAGE");
    g_free(text);
    *what = end + strspn(end, " \t");
    return fault->delay != NULL;
}

/* drop [N | the Nth | every N | all] MESSAGE ...: of these that cross the link; one, if no number is given.
 * */
static bool read_fault(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, unsigned word, const char *what,
                       const struct scenario_action *action, GArray *faults)
{
    static const enum scenario_fault_action actions[] = {
        [LINK_DROP] = SCENARIO_DROP,
        [LINK_DUPLICATE] = SCENARIO_DUPLICATE,
        [LINK_CORRUPT] = SCENARIO_CORRUPT,
        [LINK_HOLD_BACK] = SCENARIO_DELAY,
    };
    const char *verb = link_words[word];
    struct scenario_fault fault = {
        .name = view->section->name,
        .place = entry->place,
        .action = actions[word],
        .first = 1,
        .last = 1,
        .every = 1,
        .link = action->link,
        .from = {SCENARIO_NONE, 0, 0, 0},
        .to = {SCENARIO_NONE, 0, 0, 0},
        .end = action->lasts, /* after the beginning */
        .probability = 1,
    };
    if ((word == LINK_HOLD_BACK && !read_hold(builder, view, entry, &what, &fault)) ||
        !read_which(builder, view, entry, verb, &what, &fault))
        return false;
    if (!what[0]) {
        build_error_at(builder, view, entry, "%s what? Expected %s [N] MESSAGE, or %s the 2nd MESSAGE", verb,
                       verb, verb);
        return false;
    }
    char *text = g_strdup(what);
    bool good = read_chosen(builder, view, entry, text, &fault);
    g_free(text);
    if (good)
        g_array_append_val(faults, fault);
    return good;
}

/* One of the things that a line tells a link; text is cut up. */
static bool read_link_verb(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, char *text, struct scenario_action *action,
                           GArray *faults)
{
    unsigned word;
    if (!read_lasts(builder, view, entry, text, &action->lasts))
        return false;
    size_t length = strcspn(text, " \t");
    char *name = g_strndup(text, length);
    const char *rest = text + length + strspn(text + length, " \t");
    bool good = find_link_word(builder, view, entry, name, &word);
    bool fault = good && word >= LINK_DROP && word < LINK_PARAMETER;
    if (!good) {
        /* told */
    } else if (word == LINK_PARAMETER) {
        good = build_link_change(builder, view, entry, name, rest, action);
    } else if (action->lasts != TIME_NEVER && word != LINK_DOWN && !fault) {
        build_error_at(builder, view, entry,
                       "\"for\" after %s: only \"down\" and a parameter end by themselves", name);
        good = false;
    } else if (fault) {
        good = read_fault(builder, view, entry, word, rest, action, faults);
    } else if (word == LINK_PREFIX || word == LINK_DEPRECATE || word == LINK_WITHDRAW) {
        char **words = build_words(text);
        good = read_prefix_verb(builder, view, entry, action->link, words, action);
        g_strfreev(words);
    } else if (rest[0]) {
        build_error_at(builder, view, entry, "\"%s\" after %s: a link goes as a whole", rest, name);
        good = false;
    } else {
        action->verb = word == LINK_MEND   ? SCENARIO_MEND
                       : word == LINK_DOWN ? SCENARIO_LINK_DOWN
                                           : SCENARIO_LINK_UP;
    }
    if (good && action->spread) {
        build_error_at(builder, view, entry, "a link %s%s at once: the spread is for nodes",
                       word == LINK_PARAMETER                 ? "changes its "
                       : fault                                ? "begins to "
                       : word == LINK_UP || word == LINK_DOWN ? "goes "
                                                              : "takes ",
                       name);
        good = false;
    }
    g_free(name);
    return good;
}

/* What ends by itself, and is undone by a verb of its own then. */
static void add_end(const struct scenario_action *action, GArray *actions)
{
    if (action->lasts == TIME_NEVER || action->verb == SCENARIO_CHANGE)
        return;
    struct scenario_action end = *action;
    end.verb = action->verb == SCENARIO_LINK_DOWN ? SCENARIO_LINK_UP : SCENARIO_NODE_UP;
    end.time = action->lasts; /* after the beginning */
    g_array_append_val(actions, end);
}

static void read_link_actions(struct builder *builder, const struct scenario_view *view,
                              const struct scenario_entry *entry, struct scenario_action action,
                              struct said *said)
{
    char **parts = value_split(entry->value, ',');
    for (unsigned i = 0; parts[i]; i++) {
        struct scenario_action each = action;
        guint faults = said->faults->len;
        if (!read_link_verb(builder, view, entry, parts[i], &each, said->faults) ||
            said->faults->len > faults)
            continue;
        g_array_append_val(said->actions, each);
        add_end(&each, said->actions);
    }
    g_strfreev(parts);
}

/* -- nodes -- */

/* silent, cease, advertise: on one LAN, or on all where it does. */
static bool read_advertising(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_entry *entry, const char *verb, char **words,
                             struct scenario_action *action)
{
    const char *lan = words[0] ? words[0] : "";
    const struct scenario_node *node = &builder->scenario->nodes[action->who.node];
    bool there = false;
    if (node->kind != SCENARIO_ROUTER && node->kind != SCENARIO_HOME_AGENT) {
        build_error_at(builder, view, entry, "\"%s\" is %s; only a router or a home agent advertises",
                       entry->key, build_node_kind_text(node->kind));
        return false;
    }
    if (words[0] && words[1]) {
        build_error_at(builder, view, entry, "\"%s\" after %s %s: expected %s [LAN]", words[1], verb, lan,
                       verb);
        return false;
    }
    if (lan[0]) {
        action->link = build_find_link(builder, view, entry, lan, true);
        if (action->link == SCENARIO_NONE)
            return false;
    }
    if (builder->topology_broken)
        return true;
    for (uint32_t i = 0; i < node->interface_count; i++) {
        const struct scenario_interface *interface = &node->interfaces[i];
        const struct scenario_link *link = &builder->scenario->links[interface->link];
        there |= (action->link == SCENARIO_NONE || action->link == interface->link) &&
                 link->kind != SCENARIO_POINT_TO_POINT && link->advertisements.enabled &&
                 (node->ipv6.forwarding || interface->link == node->home_link);
    }
    if (!there)
        build_error_at(builder, view, entry, "%s: \"%s\" does not advertise %s%s", verb, entry->key,
                       lan[0] ? "on " : "anywhere", lan);
    return there;
}

/* down and up take the node as a whole; down may end by itself. */
static bool read_power(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const char *verb, char **words,
                       struct scenario_action *action)
{
    GError *error = NULL;
    if (words[0] && strcmp(words[0], "for") == 0 && action->verb == SCENARIO_NODE_DOWN) {
        if (!words[1] || words[2] || !duration_parse(words[1], &action->lasts, &error) ||
            action->lasts == 0) {
            build_error_at(builder, view, entry, "for how long? %s (expected down for TIME)",
                           error       ? error->message
                           : !words[1] ? "no time is given"
                           : words[2]  ? "a number and its unit are written together"
                                       : "it must be more than 0s");
            g_clear_error(&error);
            return false;
        }
        if (action->spread)
            build_error_at(builder, view, entry,
                           "down for a time cannot have a spread: say \"down\" and \"up\"");
        return !action->spread;
    }
    if (words[0])
        build_error_at(builder, view, entry, "\"%s\" after %s: a node goes as a whole", words[0], verb);
    return !words[0];
}

/* An attacker goes to one of its LANs, or leaves it; it has them all at the start. */
static bool read_plug(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, char **words, struct scenario_action *action)
{
    const struct scenario_node *node = &builder->scenario->nodes[action->who.node];
    bool in = strcmp(words[0], "attach") == 0;
    if (!words[1] || words[2]) {
        build_error_at(builder, view, entry, "%s which LAN? Expected %s LAN",
                       in ? "attach to" : "detach from", words[0]);
        return false;
    }
    action->verb = in ? SCENARIO_PLUG_IN : SCENARIO_PULL_OUT;
    action->link = build_find_link(builder, view, entry, words[1], true);
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].link == action->link)
            return action->link != SCENARIO_NONE;
    if (action->link != SCENARIO_NONE)
        build_error_at(builder, view, entry, "\"%s\" has no interface for \"%s\": name it in attached",
                       node->name, words[1]);
    return false;
}

static bool read_stationary_verb(struct builder *builder, const struct scenario_view *view,
                                 const struct scenario_entry *entry, struct scenario_action *action)
{
    static const char *const verbs[] = {"down", "up", "reboot", "silent", "cease", "advertise", NULL};
    static const enum scenario_verb meanings[] = {SCENARIO_NODE_DOWN, SCENARIO_NODE_UP, SCENARIO_REBOOT,
                                                  SCENARIO_SILENT,    SCENARIO_CEASE,   SCENARIO_ADVERTISE};
    char **words = build_words(entry->value);
    unsigned verb;
    bool good = false;
    GError *error = NULL;
    bool attacker = builder->scenario->nodes[action->who.node].kind == SCENARIO_ATTACKER;
    if (attacker && words[0] && (strcmp(words[0], "attach") == 0 || strcmp(words[0], "detach") == 0)) {
        good = read_plug(builder, view, entry, words, action);
    } else if (attacker && words[0] && strcmp(words[0], "reboot") == 0) {
        build_error_at(builder, view, entry, "an attacker does not reboot; say \"down\" and \"up\"");
    } else if (words[0] && strcmp(words[0], "attach") != 0 && strcmp(words[0], "detach") != 0 &&
               tell_parameter(builder, view, entry, words[0], verbs, action)) {
        /* told */
    } else if (!value_parse_word(words[0] ? words[0] : "", verbs, &verb, &error)) {
        build_error_at(builder, view, entry, "%s; only a mobile node moves", error->message);
        g_error_free(error);
    } else {
        action->verb = meanings[verb];
        good = action->verb == SCENARIO_REBOOT ? read_reboot(builder, view, entry, words + 1, action)
               : verb < 2                      ? read_power(builder, view, entry, words[0], words + 1, action)
                          : read_advertising(builder, view, entry, words[0], words + 1, action);
    }
    g_strfreev(words);
    return good;
}

/* -- configuring -- */

/* fault NAME = off, or on. */
static bool read_fault_switch(struct builder *builder, const struct scenario_view *view,
                              const struct scenario_entry *entry, struct scenario_action *action)
{
    static const char *const states[] = {"off", "on", NULL};
    const struct scenario *scenario = builder->scenario;
    const char *name = entry->key + strlen("fault ");
    const char **known = g_new0(const char *, scenario->fault_count + 1);
    unsigned state;
    GError *error = NULL;
    action->fault = SCENARIO_NONE;
    for (uint32_t i = 0; i < scenario->fault_count; i++) {
        known[i] = scenario->faults[i].name;
        if (strcmp(known[i], name) == 0)
            action->fault = i;
    }
    const char *meant = scenario_probably_meant(name, known);
    bool found = action->fault != SCENARIO_NONE, good = found;
    if (!found)
        build_error_at(builder, view, entry, "there is no section [fault %s]%s%s%s", name,
                       meant ? "; did you mean \"" : "", meant ? meant : "", meant ? "\"?" : "");
    else if (action->spread)
        build_error_at(builder, view, entry, "there is no spread: a fault goes off or on at once");
    good = good && !action->spread;
    if (good && !value_parse_word(entry->value, states, &state, &error)) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        good = false;
    } else if (good) {
        action->verb = state == 0 ? SCENARIO_FAULT_OFF : SCENARIO_FAULT_ON;
    }
    g_free(known);
    return good;
}

static bool is_configuration(const struct builder *builder, const struct scenario_entry *entry,
                             const struct scenario_action *action)
{
    char *word = g_strndup(entry->value, strcspn(entry->value, " \t"));
    bool is = strcmp(word, "add") == 0 || strcmp(word, "remove") == 0 || strcmp(word, "ipsec") == 0 ||
              build_is_changeable(builder->node_views[action->who.node]->kind, word);
    g_free(word);
    return is;
}

static bool read_configuration(struct builder *builder, const struct scenario_view *view,
                               const struct scenario_entry *entry, struct scenario_action *action)
{
    char **words = build_words(entry->value);
    bool good;
    if (strcmp(words[0], "ipsec") == 0)
        good = build_associations(builder, view, entry, words, action);
    else if (strcmp(words[0], "add") == 0 || strcmp(words[0], "remove") == 0)
        good = build_installation(builder, view, entry, words, action);
    else
        good = build_node_change(builder, view, entry, action);
    g_strfreev(words);
    return good;
}

/* What one entry says, for each time of its section. */
static void read_actions(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const struct schedule *schedule,
                         struct said *said)
{
    const struct scenario_named *named = g_hash_table_lookup(builder->names, entry->key);
    struct scenario_action action = {
        .place = entry->place,
        .spread = schedule->spread,
        .who = {SCENARIO_NONE, 0, 0},
        .link = SCENARIO_NONE,
        .lasts = TIME_NEVER,
    };
    if (named && named->is_link) {
        action.link = named->index;
        read_link_actions(builder, view, entry, action, said);
        return;
    }
    if (!named && g_str_has_prefix(entry->key, "fault ") && !g_hash_table_contains(builder->names, "fault")) {
        if (read_fault_switch(builder, view, entry, &action))
            g_array_append_val(said->actions, action);
        return;
    }
    if (!named && strpbrk(entry->key, " \t")) {
        if (build_rekey(builder, view, entry, schedule->step != 0, &action))
            g_array_append_val(said->actions, action);
        return;
    }
    if (!build_find_node(builder, view, entry, entry->key, KINDS_ANY_NODE, "a node, or a link", &action.who))
        return;
    if (builder->scenario->nodes[action.who.node].external) {
        build_error_at(builder, view, entry, "\"%s\" is external: what it does is done outside", entry->key);
        return;
    }
    if (is_configuration(builder, entry, &action)) {
        if (read_configuration(builder, view, entry, &action))
            g_array_append_val(said->actions, action);
        return;
    }
    if (builder->scenario->nodes[action.who.node].kind != SCENARIO_MOBILE_NODE) {
        if (read_stationary_verb(builder, view, entry, &action)) {
            g_array_append_val(said->actions, action);
            add_end(&action, said->actions);
        }
        return;
    }
    if (!read_node_verb(builder, view, entry, &action))
        return;
    if (action.verb == SCENARIO_ATTACH)
        build_check_move(builder, view, entry, action.who.node, action.link);
    builder->scenario->nodes[action.who.node].overlaps |= action.keep != 0;
    g_array_append_val(said->actions, action);
}

static int compare_actions(gconstpointer a, gconstpointer b)
{
    const struct scenario_action *left = a, *right = b;
    return left->time < right->time ? -1 : left->time > right->time;
}

/* All that the section says, at one of its times. */
static void add_at(struct builder *builder, const struct said *said, time_ns time, GArray *actions)
{
    for (guint i = 0; i < said->actions->len; i++) {
        struct scenario_action action = g_array_index(said->actions, struct scenario_action, i);
        action.time = time_add(time, action.time);
        g_array_append_val(actions, action);
    }
    for (guint i = 0; i < said->faults->len; i++) {
        struct scenario_fault fault = g_array_index(said->faults, struct scenario_fault, i);
        fault.start = time;
        if (fault.end != TIME_NEVER)
            fault.end = time_add(time, fault.end);
        g_array_append_val(builder->timeline_faults, fault);
    }
}

static void add_actions(struct builder *builder, const struct scenario_view *view,
                        const struct schedule *schedule, GArray *actions)
{
    uint64_t times = 1 + (schedule->step ? (uint64_t)((schedule->to - schedule->from) / schedule->step) : 0);
    struct said said = {g_array_new(FALSE, FALSE, sizeof(struct scenario_action)),
                        g_array_new(FALSE, FALSE, sizeof(struct scenario_fault))};
    for (unsigned i = 0; i < view->entry_count; i++)
        read_actions(builder, view, &view->entries[i], schedule, &said);
    if (actions->len + (said.actions->len + said.faults->len) * times > ACTIONS_MAX)
        build_error(builder, view, NULL, "with these the scenario has more than %d actions", ACTIONS_MAX);
    else
        for (uint64_t n = 0; n < times; n++)
            add_at(builder, &said, schedule->from + (time_ns)n * schedule->step, actions);
    g_array_free(said.actions, TRUE);
    g_array_free(said.faults, TRUE);
}

void build_timeline(struct builder *builder)
{
    GArray *actions = g_array_new(FALSE, FALSE, sizeof(struct scenario_action));
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        struct schedule schedule = {0, 0, 0, NULL};
        if (view->kind != SECTION_AT || (view->entry_count == 0 && view->section->taken_back))
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
    build_check_changes(builder);
}
