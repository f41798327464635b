/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_scope.c - where the lines of a section [expect SECTION / KEY = VALUE] are in force: at the points
 * of the sweep, or with the settings, that give the key one of the values.
 *
 * The conditions are judged as strictly as a setting would be: an expectation that a slip of the pen keeps
 * from ever being judged would be taken for one that holds.
 */
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/build_expectations.h"
#include "sim/scenario/value.h"

/* The value that a key has at this point, as written; its default; NULL. */
static const char *value_in_force(const struct builder *builder, const char *section,
                                  const struct scenario_key *key, const char *name)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (strcmp(view->section->name, section) != 0)
            continue;
        const struct scenario_entry *entry = build_entry(view, name);
        return entry ? entry->value : key ? key->initial : NULL;
    }
    return NULL;
}

bool build_same_value(const char *a, const char *b)
{
    time_ns first, second;
    char *left = scenario_normalized(a), *right = scenario_normalized(b);
    bool same = strcmp(left, right) == 0 || (duration_parse(left, &first, NULL) &&
                                             duration_parse(right, &second, NULL) && first == second);
    g_free(left);
    g_free(right);
    return same;
}

static const struct scenario_axis *axis_of(const struct scenario *scenario, const char *section,
                                           const char *key)
{
    for (uint32_t i = 0; i < scenario->axis_count; i++)
        if (strcmp(scenario->axes[i].section, section) == 0 && strcmp(scenario->axes[i].key, key) == 0)
            return &scenario->axes[i];
    return NULL;
}

/* Could the key have this value? A slip of the pen would make an expectation that is never judged. */
static bool check_value(struct builder *builder, const struct scenario_view *view, const char *section,
                        const char *key_name, const struct scenario_key *key, const char *value)
{
    const struct scenario_axis *axis = axis_of(builder->scenario, section, key_name);
    GError *error = NULL;
    unsigned index;
    bool flag;
    time_ns time;
    if (axis && builder->swept) /* judged at the first point */
        return true;
    for (uint32_t i = 0; axis && i < axis->value_count; i++)
        if (build_same_value(axis->values[i], value))
            return true;
    if (axis && strcmp(axis->place.file ? axis->place.file : "", view->section->place.file) == 0) {
        build_error(builder, view, NULL, "the sweep over \"%s / %s\" has no value \"%s\"", section, key_name,
                    value);
        return false;
    }
    if (key->type == VALUE_WORD)
        value_parse_word(value, key->words, &index, &error);
    else if (key->type == VALUE_BOOLEAN)
        value_parse_boolean(value, &flag, &error);
    else if (key->type == VALUE_DURATION && !(key->special && strcmp(key->special, value) == 0))
        duration_parse(value, &time, &error);
    if (!error)
        return true;
    build_error(builder, view, NULL, "%s / %s: %s", section, key_name, error->message);
    g_error_free(error);
    return false;
}

static const struct scenario_key *check_key(struct builder *builder, const struct scenario_view *view,
                                            const char *section, const char *name)
{
    if (!scenario_source_section(builder->source, section)) {
        const char *meant = scenario_probably_meant_section(builder->source, section);
        if (meant)
            build_error(builder, view, NULL, "there is no section [%s]; did you mean \"%s / %s\"?", section,
                        meant, name);
        else
            build_error(builder, view, NULL, "there is no section [%s]", section);
        return NULL;
    }
    enum section_kind kind = scenario_section_kind(section);
    const struct scenario_key *key = scenario_key_find(kind, name);
    if (!key && kind != SECTION_KINDS) {
        const char *meant = scenario_probably_meant_key(kind, name);
        if (meant)
            build_error(builder, view, NULL, "[%s] has no key \"%s\"; did you mean \"%s / %s\"?", section,
                        name, section, meant);
        else
            build_error(builder, view, NULL, "[%s] has no key \"%s\"", section, name);
    }
    return key;
}

/* SECTION / KEY = VALUE; VALUE; ...: does it hold at this point? */
static bool holds(struct builder *builder, const struct scenario_view *view, const char *text)
{
    char *copy = g_strdup(text);
    char *equals = strchr(copy, '='), *slash = strstr(copy, " / ");
    bool result = false;
    if (!equals || !slash || slash > equals) {
        build_error(builder, view, NULL,
                    "the section is to be written [expect], or [expect SECTION / KEY = VALUE] for where this "
                    "is in force");
        g_free(copy);
        return false;
    }
    *slash = *equals = '\0';
    const char *section = g_strstrip(copy), *name = g_strstrip(slash + 3);
    const struct scenario_key *key = check_key(builder, view, section, name);
    const char *value = key ? value_in_force(builder, section, key, name) : NULL;
    char **wanted = value_split(equals + 1, ';');
    for (unsigned i = 0; key && wanted[i]; i++)
        if (check_value(builder, view, section, name, key, wanted[i]) && value &&
            build_same_value(value, wanted[i]))
            result = true;
    g_strfreev(wanted);
    g_free(copy);
    return result;
}

/* All conditions of the section's name, joined by "and". */
bool expectation_section_in_force(struct builder *builder, const struct scenario_view *view)
{
    const char *name = view->section->name + strlen("expect");
    if (*name == '\0')
        return true;
    char **conditions = g_strsplit(name + 1, " and ", -1);
    bool in_force = true;
    for (unsigned i = 0; conditions[i]; i++)
        in_force &= holds(builder, view, conditions[i]);
    g_strfreev(conditions);
    return in_force;
}
