/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_faults.c - chosen packets that something happens to: [fault] sections, and what the timeline says of
 * links in the same words.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/message_kind.h"
#include "sim/scenario/value.h"

#define FAULTS_MAX 10000

/* ---- messages ---- */

static void add_flow(struct builder *builder, struct scenario_fault *fault, uint32_t flow)
{
    uint32_t *more = build_memory(builder, fault->flow_count + 1, sizeof *more);
    if (fault->flow_count)
        memcpy(more, fault->flows, fault->flow_count * sizeof *more);
    more[fault->flow_count++] = flow;
    fault->flows = more;
}

static const char *probably_meant_message(const struct builder *builder, const char *name)
{
    GPtrArray *words = g_ptr_array_new();
    for (unsigned i = 0; message_kind_words[i]; i++)
        g_ptr_array_add(words, (gpointer)message_kind_words[i]);
    for (uint32_t i = 0; i < builder->scenario->flow_count; i++)
        g_ptr_array_add(words, (gpointer)builder->scenario->flows[i].name);
    g_ptr_array_add(words, NULL);
    const char *meant = scenario_probably_meant(name, (const char *const *)words->pdata);
    g_ptr_array_free(words, TRUE);
    return meant;
}

bool build_fault_message(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const char *name, struct scenario_fault *fault)
{
    enum message_kind kind = message_kind_find(name);
    if (kind != MESSAGE_KIND_COUNT) {
        fault->messages |= MESSAGE_BIT(kind);
        return true;
    }
    if (g_ascii_strcasecmp(name, "any") == 0) {
        fault->messages = MESSAGE_ANY;
        return true;
    }
    for (uint32_t i = 0; i < builder->scenario->flow_count; i++)
        if (strcmp(builder->scenario->flows[i].name, name) == 0) {
            add_flow(builder, fault, i);
            return true;
        }
    const char *meant = probably_meant_message(builder, name);
    if (meant)
        build_error_at(builder, view, entry, "there is no message or flow \"%s\"; did you mean \"%s\"?", name,
                       meant);
    else
        build_error_at(builder, view, entry,
                       "there is no message or flow \"%s\" (any, or a name such as Home Test or HoT, Binding "
                       "Update or BU, Router Advertisement or RA)",
                       name);
    return false;
}

static void read_messages(struct builder *builder, const struct scenario_view *view,
                          struct scenario_fault *fault)
{
    const struct scenario_entry *entry = build_entry(view, "message");
    if (!entry || entry->value[0] == '\0') {
        fault->messages = MESSAGE_ANY;
        return;
    }
    char **names = value_split(entry->value, ',');
    for (unsigned i = 0; names[i]; i++)
        build_fault_message(builder, view, entry, names[i], fault);
    g_strfreev(names);
}

/* ---- what happens, to which of them ---- */

static const char *const action_words[] = {"drop", "duplicate", "corrupt", "delay", "hold", NULL};
G_STATIC_ASSERT(SCENARIO_DROP == 0 && SCENARIO_DUPLICATE == 1 && SCENARIO_CORRUPT == 2 &&
                SCENARIO_DELAY == 3 && SCENARIO_HOLD == 4);

static void read_action(struct builder *builder, const struct scenario_view *view,
                        struct scenario_fault *fault)
{
    const struct scenario_entry *entry = build_entry(view, "action");
    if (!entry || entry->value[0] == '\0')
        return; /* told */
    size_t length = strcspn(entry->value, " \t");
    const char *rest = entry->value + length + strspn(entry->value + length, " \t");
    char *word = g_strndup(entry->value, length);
    unsigned action;
    GError *error = NULL;
    if (!value_parse_word(word, action_words, &action, &error)) {
        build_error_at(builder, view, entry, "%s", error->message);
    } else if (action < SCENARIO_DELAY && rest[0]) {
        build_error_at(builder, view, entry, "\"%s\" after %s: nothing is expected there", rest, word);
    } else if (action == SCENARIO_DELAY) {
        if (!rest[0])
            build_error_at(builder, view, entry, "by how much? Expected delay DISTRIBUTION");
        else
            fault->delay = build_distribution(builder, view, entry, rest);
    } else if (action == SCENARIO_HOLD) {
        if (!g_str_has_prefix(rest, "until ") ||
            !duration_parse(rest + strlen("until "), &fault->until, &error))
            build_error_at(builder, view, entry, "%s%sexpected hold until TIME", error ? error->message : "",
                           error ? "; " : "");
    }
    fault->action = (enum scenario_fault_action)action;
    g_clear_error(&error);
    g_free(word);
}

bool build_number(const char *text, uint64_t *number, bool *ordinal, GError **error)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    size_t digits = strspn(text, "0123456789");
    *ordinal = false;
    for (unsigned i = 0; digits > 0 && i < G_N_ELEMENTS(endings); i++)
        *ordinal |= strcmp(text + digits, endings[i]) == 0;
    char *plain = g_strndup(text, *ordinal ? digits : strlen(text));
    bool good = value_parse_integer(plain, 1, UINT32_MAX, number, error);
    g_free(plain);
    return good;
}

/* all, N, N..M, every N */
static void read_nth(struct builder *builder, const struct scenario_view *view, struct scenario_fault *fault)
{
    const struct scenario_entry *entry = build_entry(view, "nth");
    uint64_t first = 1, last = UINT32_MAX, every = 1;
    GError *error = NULL;
    bool good = true, ordinal;
    fault->last = UINT32_MAX;
    fault->first = fault->every = 1;
    if (!entry || entry->value[0] == '\0' || strcmp(entry->value, "all") == 0)
        return;
    char **ends = g_strsplit(entry->value, "..", 2);
    if (g_str_has_prefix(entry->value, "every ")) {
        good = build_number(entry->value + strlen("every "), &every, &ordinal, &error);
        first = every;
    } else if (ends[1]) {
        good = build_number(g_strstrip(ends[0]), &first, &ordinal, &error) &&
               build_number(g_strstrip(ends[1]), &last, &ordinal, &error);
    } else {
        good = build_number(entry->value, &first, &ordinal, &error);
        last = first;
    }
    if (!good) {
        build_error_at(builder, view, entry, "%s (expected all, N, N..M, or every N)", error->message);
        g_error_free(error);
    } else if (first > last) {
        build_error_at(builder, view, entry, "%s..%s: the first is behind the last", ends[0], ends[1]);
    }
    fault->first = (uint32_t)first;
    fault->last = (uint32_t)last;
    fault->every = (uint32_t)every;
    g_strfreev(ends);
}

/* ---- where and when ---- */

static void read_places(struct builder *builder, const struct scenario_view *view,
                        struct scenario_fault *fault)
{
    const struct scenario_entry *link = build_entry(view, "link");
    const struct scenario_entry *from = build_entry(view, "from"), *to = build_entry(view, "to");
    fault->link = SCENARIO_NONE;
    fault->from = fault->to = (struct scenario_reference){.node = SCENARIO_NONE};
    if (link && link->value[0] && strcmp(link->value, "any") != 0)
        fault->link = build_find_link(builder, view, link, link->value, false);
    if (from && from->value[0])
        build_find_node(builder, view, from, from->value, KINDS_ANY_NODE, "a node", &fault->from);
    if (to && to->value[0])
        build_find_node(builder, view, to, to->value, KINDS_ANY_NODE, "a node", &fault->to);
}

static void read_times(struct builder *builder, const struct scenario_view *view,
                       struct scenario_fault *fault)
{
    const struct scenario_entry *entry = build_entry(view, "between");
    time_ns duration = builder->scenario->duration;
    char late[DURATION_TEXT_SIZE], end[DURATION_TEXT_SIZE];
    if (!entry) {
        fault->end = TIME_NEVER;
        return;
    }
    if (fault->start == fault->end && fault->end > 0)
        build_error_at(builder, view, entry, "nothing is between; expected TIME..TIME");
    else if (duration > 0 && fault->start >= duration)
        build_error_at(builder, view, entry, "%s is not before the end of the scenario (%s)",
                       duration_format(fault->start, late), duration_format(duration, end));
}

void build_faults(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_FAULT)
            continue;
        struct scenario_fault *fault = view->record;
        read_action(builder, view, fault);
        read_messages(builder, view, fault);
        read_nth(builder, view, fault);
        read_places(builder, view, fault);
        read_times(builder, view, fault);
    }
    /* Those of the timeline behind those of sections. */
    GArray *more = builder->timeline_faults;
    struct scenario_fault *all = build_memory(builder, scenario->fault_count + more->len, sizeof *all);
    if (scenario->fault_count)
        memcpy(all, scenario->faults, scenario->fault_count * sizeof *all);
    if (more->len)
        memcpy(all + scenario->fault_count, more->data, more->len * sizeof *all);
    scenario->faults = all;
    scenario->fault_count += more->len;
    if (scenario->fault_count > FAULTS_MAX) {
        struct scenario_place place = all[FAULTS_MAX].place;
        scenario_error(builder->messages, &place, NULL, NULL,
                       "with this the scenario has more than %d faults", FAULTS_MAX);
    }
}
