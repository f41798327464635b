/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_sweep.c - the axes of the sweep: which keys, and the values of each, written out one by one.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/range.h"
#include "sim/scenario/value.h"

#define POINTS_MAX 1000000

/* "SECTION / KEY" with the section there and the key one of its kind. */
bool build_check_axis(struct builder *builder, const struct scenario_view *view,
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
    if (kind == SECTION_SWEEP || kind == SECTION_EXPECT || kind == SECTION_OUTPUT ||
        (kind == SECTION_SCENARIO &&
         (strcmp(key_name, "extends") == 0 || strcmp(key_name, "replications") == 0))) {
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

/* Is it the beginning of a range, where no value has two dots in it? */
static bool lacks_step(const struct scenario_axis *axis, const char *part)
{
    const struct scenario_key *key = scenario_key_find(scenario_section_kind(axis->section), axis->key);
    if (!key || !strstr(part, "..") || strchr(part, '('))
        return false;
    return key->type == VALUE_INTEGER || key->type == VALUE_SIZE || key->type == VALUE_RATE ||
           key->type == VALUE_DURATION || key->type == VALUE_DISTRIBUTION || key->type == VALUE_PROBABILITY ||
           key->type == VALUE_LENGTH || key->type == VALUE_SPEED;
}

/* The values that a part of the list stands for: itself, or those of a range. Free with g_ptr_array_free. */
static bool add_values(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const struct scenario_axis *axis, const char *part,
                       GPtrArray *values)
{
    GError *error = NULL;
    if (!range_is(part) && lacks_step(axis, part)) {
        char *range = g_strdup(part);
        if (g_str_has_suffix(range, " step") || g_str_has_suffix(range, " log"))
            *strrchr(range, ' ') = '\0';
        build_error_at(builder, view, entry, "in what steps? Expected %s step VALUE, or %s log COUNT", range,
                       range);
        g_free(range);
        return false;
    }
    if (!range_is(part)) {
        g_ptr_array_add(values, g_strdup(part));
    } else if (!range_expand(part, values, &error)) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        return false;
    }
    return true;
}

/* several: the line has more keys, so that a value may come again with others beside it. */
static bool read_values(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, const char *list, bool several,
                        struct scenario_axis *axis)
{
    char **parts = value_split(list, ';');
    unsigned part_count = g_strv_length(parts);
    if (part_count > 1 && parts[part_count - 1][0] == '\0')
        part_count--; /* a list may end with its separator, as in GLib's key files */
    GPtrArray *texts = g_ptr_array_new_with_free_func(g_free);
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool good = true;
    for (unsigned i = 0; i < part_count; i++)
        good &= add_values(builder, view, entry, axis, parts[i], texts);
    const char **values = build_memory(builder, texts->len, sizeof *values);
    for (unsigned i = 0; i < texts->len; i++) {
        const char *text = g_ptr_array_index(texts, i);
        if (text[0] == '\0') {
            build_error_at(builder, view, entry,
                           part_count == 1 ? "no values to sweep over; expected VALUE; VALUE; ..."
                                           : "one of the values is empty");
            good = false;
        } else if (!several && g_hash_table_contains(seen, text)) {
            build_error_at(builder, view, entry, "the value \"%s\" is there twice", text);
            good = false;
        }
        g_hash_table_add(seen, (gpointer)text);
        values[i] = g_string_chunk_insert(builder->storage->strings, text);
    }
    axis->values = values;
    axis->value_count = texts->len;
    g_hash_table_destroy(seen);
    g_ptr_array_free(texts, TRUE);
    g_strfreev(parts);
    return good;
}

/* Two lines may name a key: alone, and with others that go along with it. */
static bool check_swept_once(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_entry *entry, const struct scenario_axis *axis)
{
    for (const struct scenario_axis *other = builder->scenario->axes; other < axis; other++)
        if (strcmp(other->section, axis->section) == 0 && strcmp(other->key, axis->key) == 0) {
            build_error_at(builder, view, entry, "\"%s / %s\" is swept over already, in %s:%u", axis->section,
                           axis->key, other->place.file ? other->place.file : "--set", other->place.line);
            return false;
        }
    return true;
}

static bool build_axis(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const char *name, const char *values, bool several,
                       struct scenario_axis *axis)
{
    const char *slash = strstr(name, " / ");
    axis->place = entry->place;
    if (!slash) {
        build_error_at(builder, view, entry, "expected SECTION / KEY = VALUE; VALUE; ...");
        return false;
    }
    char *section = g_strndup(name, (size_t)(slash - name));
    axis->section = g_string_chunk_insert(builder->storage->strings, section);
    axis->key = g_string_chunk_insert(builder->storage->strings, slash + 3);
    g_free(section);
    bool good = build_check_axis(builder, view, entry, axis->section, axis->key) &&
                check_swept_once(builder, view, entry, axis);
    return read_values(builder, view, entry, values, several, axis) && good;
}

/* The axes of a line go along with its first. */
static bool build_axes(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, char *const *names, char *const *values,
                       struct scenario_axis *axes)
{
    for (unsigned i = 0; names[i]; i++) {
        axes[i].zipped = i > 0;
        if (!build_axis(builder, view, entry, names[i], values[i], names[1] != NULL, &axes[i]))
            return false;
        if (axes[i].value_count == axes[0].value_count)
            continue;
        build_error_at(
            builder, view, entry,
            "keys that go along with each other have as many values: %u of the first, %u of \"%s\"",
            axes[0].value_count, axes[i].value_count, names[i]);
        return false;
    }
    return true;
}

/* SECTION / KEY = VALUE; ..., or several keys that go along with each other: A / X & B / Y = 1; 2 & 10; 20 */
static void build_line(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry)
{
    struct scenario *scenario = builder->scenario;
    char **names = g_strsplit(entry->key, " & ", -1);
    unsigned count = g_strv_length(names);
    char **values = count > 1 ? value_split(entry->value, '&') : g_new0(char *, 2);
    if (count == 1)
        values[0] = g_strdup(entry->value);
    if (g_strv_length(values) != count)
        build_error_at(builder, view, entry, "%u keys, and %u lists of values; expected %s", count,
                       g_strv_length(values), "A / X & B / Y = VALUE; VALUE & VALUE; VALUE");
    else if (build_axes(builder, view, entry, names, values, &scenario->axes[scenario->axis_count]))
        scenario->axis_count += count;
    g_strfreev(names);
    g_strfreev(values);
}

/* How many keys the section's lines have. */
static unsigned count_axes(const struct scenario_view *view)
{
    unsigned count = 0;
    for (unsigned i = 0; i < view->entry_count; i++) {
        count++;
        for (const char *at = view->entries[i].key; (at = strstr(at, " & ")); at++)
            count++;
    }
    return count;
}

void build_sweep(struct builder *builder)
{
    if (builder->swept) {
        builder->scenario->axes = builder->swept->axes;
        builder->scenario->axis_count = builder->swept->axis_count;
        return;
    }
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_SWEEP)
            continue;
        struct scenario *scenario = builder->scenario;
        scenario->axes = build_memory(builder, count_axes(view), sizeof *scenario->axes);
        const struct scenario_entry *except = NULL;
        unsigned told = scenario_messages_told(builder->messages);
        for (unsigned j = 0; j < view->entry_count; j++)
            if (strcmp(view->entries[j].key, "except") == 0)
                except = &view->entries[j];
            else
                build_line(builder, view, &view->entries[j]);
        uint64_t points = 1;
        for (uint32_t j = 0; j < scenario->axis_count && points <= POINTS_MAX; j++)
            points *= scenario->axes[j].zipped ? 1 : scenario->axes[j].value_count;
        if (points > POINTS_MAX)
            build_error(builder, view, NULL, "the sweep has more than %d points", POINTS_MAX);
        else if (except && scenario_messages_told(builder->messages) == told)
            build_except(builder, view, except);
    }
}
