/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_parameters.c - [parameters]: names for values, to be written ${NAME} in the values of other sections
 * and in the times and keys of [at].
 *
 * A parameter is a key as any other, so it is swept over and set on the command line as any other; that gives
 * an axis to what no single key says: the time of an action, one quantity in two places. It is put in as text
 * before anything is judged.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/value.h"

static const struct scenario_view *parameters_view(const struct builder *builder)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++)
        if (builder->storage->views[i].kind == SECTION_PARAMETERS)
            return &builder->storage->views[i];
    return NULL;
}

static void tell_unknown(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const struct scenario_view *parameters,
                         const char *name)
{
    GPtrArray *names = g_ptr_array_new();
    for (unsigned i = 0; parameters && i < parameters->entry_count; i++)
        g_ptr_array_add(names, (gpointer)parameters->entries[i].key);
    g_ptr_array_add(names, NULL);
    const char *meant = scenario_probably_meant(name, (const char *const *)names->pdata);
    if (meant)
        build_error_at(builder, view, entry, "there is no parameter \"%s\"; did you mean \"${%s}\"?", name,
                       meant);
    else
        build_error_at(builder, view, entry, "there is no parameter \"%s\" in [parameters]", name);
    g_ptr_array_free(names, TRUE);
}

/* The text with values for names; NULL and an error told. */
static const char *put_in(struct builder *builder, const struct scenario_view *view,
                          const struct scenario_entry *entry, const char *text)
{
    const struct scenario_view *parameters = parameters_view(builder);
    GString *done = g_string_new(NULL);
    bool good = true;
    const char *dollar;
    for (; good && (dollar = strstr(text, "${")); text = strchr(dollar, '}') + 1) {
        const char *end = strchr(dollar, '}');
        g_string_append_len(done, text, dollar - text);
        if (!end) {
            build_error_at(builder, view, entry, "\"%s\" lacks its \"}\"", dollar);
            good = false;
            break;
        }
        char *name = g_strstrip(g_strndup(dollar + 2, (size_t)(end - dollar - 2)));
        const struct scenario_entry *parameter = parameters ? build_entry(parameters, name) : NULL;
        if (parameter)
            g_string_append(done, parameter->value);
        else
            tell_unknown(builder, view, entry, parameters, name);
        good = parameter != NULL;
        g_free(name);
    }
    if (good)
        g_string_append(done, text);
    const char *kept = good ? g_string_chunk_insert(builder->storage->strings, done->str) : NULL;
    g_string_free(done, TRUE);
    return kept;
}

static void check_parameters(struct builder *builder, const struct scenario_view *view)
{
    for (unsigned i = 0; i < view->entry_count; i++) {
        const struct scenario_entry *entry = &view->entries[i];
        GError *error = NULL;
        if (!value_check_name(entry->key, &error)) {
            build_error_at(builder, view, entry, "%s", error->message);
            g_error_free(error);
        } else if (entry->value[0] == '\0') {
            build_error_at(builder, view, entry, "it has no value");
        } else if (strstr(entry->value, "${")) {
            build_error_at(builder, view, entry, "the value of a parameter cannot have another in it");
        }
    }
}

/* Who does something in [at]. Two names for one node are noticed here: the file has them once each. */
static void put_into_key(struct builder *builder, const struct scenario_view *view,
                         struct scenario_entry *entry)
{
    const char *key = put_in(builder, view, entry, entry->key);
    const struct scenario_entry *there = key ? build_entry(view, key) : NULL;
    if (there)
        build_error_at(builder, view, entry, "\"%s\" is there already, in line %u", key, there->place.line);
    else if (key)
        entry->key = key;
}

bool build_parameters(struct builder *builder)
{
    unsigned told = scenario_messages_told(builder->messages);
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        struct scenario_view *view = &builder->storage->views[i];
        if (view->kind == SECTION_PARAMETERS)
            check_parameters(builder, view);
        if (view->kind == SECTION_PARAMETERS || view->kind == SECTION_SWEEP || view->kind == SECTION_KINDS)
            continue;
        view->title = view->section->name;
        if (view->kind == SECTION_AT && strstr(view->title, "${"))
            view->title = put_in(builder, view, NULL, view->title);
        for (unsigned j = 0; j < view->entry_count; j++) {
            struct scenario_entry *entry = &view->entries[j];
            if (view->kind == SECTION_AT && strstr(entry->key, "${"))
                put_into_key(builder, view, entry);
            if (strstr(entry->value, "${"))
                entry->value = put_in(builder, view, entry, entry->value);
        }
    }
    return scenario_messages_told(builder->messages) == told;
}
