/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.c - see order.h. The scenario is built anew with one more section; that takes well under a
 * millisecond, and there is no second reader of actions that could differ from the first.
 */
#include "sim/scenario/order.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/keys.h"
#include "sim/scenario/source.h"

static struct scenario_section *section_of(time_ns time, const char *key, const char *value)
{
    static const char place[] = "command";
    char text[DURATION_TEXT_SIZE];
    struct scenario_section *section = g_new0(struct scenario_section, 1);
    struct scenario_entry *entry = g_new0(struct scenario_entry, 1);
    section->name = g_strconcat("at ", duration_format(time, text), NULL);
    section->place = (struct scenario_place){place, 0, G_MAXUINT};
    section->entries = g_ptr_array_new();
    section->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    *entry = (struct scenario_entry){g_strdup(key), g_strdup(value), section->place};
    g_ptr_array_add(section->entries, entry);
    g_hash_table_insert(section->by_key, (gpointer)entry->key, entry);
    return section;
}

static void section_free(struct scenario_section *section)
{
    struct scenario_entry *entry = g_ptr_array_index(section->entries, 0);
    g_free((char *)entry->key);
    g_free((char *)entry->value);
    g_free(entry);
    g_ptr_array_free(section->entries, TRUE);
    g_hash_table_destroy(section->by_key);
    g_free((char *)section->name);
    g_free(section);
}

/* The same source, with the section behind all others; strings stay the first one's. */
static struct scenario_source *source_with(const struct scenario_source *source,
                                           struct scenario_section *section)
{
    struct scenario_source *with = g_new(struct scenario_source, 1);
    *with = *source;
    with->sections = g_ptr_array_new();
    for (unsigned i = 0; i < source->sections->len; i++)
        g_ptr_array_add(with->sections, g_ptr_array_index(source->sections, i));
    g_ptr_array_add(with->sections, section);
    return with;
}

static void find_actions(struct scenario_order *order)
{
    const struct scenario *scenario = order->scenario;
    order->actions = g_new0(const struct scenario_action *, scenario->action_count + 1);
    for (uint32_t i = 0; i < scenario->action_count; i++)
        if (scenario->actions[i].place.file == order->section->place.file)
            order->actions[order->count++] = &scenario->actions[i];
}

struct scenario_order *scenario_order_new(const struct scenario_source *source,
                                          const struct scenario_setting *settings, unsigned setting_count,
                                          time_ns time, const char *key, const char *value,
                                          struct scenario_messages *messages)
{
    struct scenario_order *order = g_new0(struct scenario_order, 1);
    order->section = section_of(time, key, value);
    order->source = source_with(source, order->section);
    order->scenario = scenario_build(order->source, settings, setting_count, messages);
    if (order->scenario)
        find_actions(order);
    if (order->count > 0)
        return order;
    if (order->scenario)
        scenario_error(messages, &order->section->place, order->section->name, key,
                       "a fault cannot be ordered while it runs; say it in the scenario");
    scenario_order_free(order);
    return NULL;
}

void scenario_order_free(struct scenario_order *order)
{
    if (!order)
        return;
    scenario_free(order->scenario);
    g_free(order->actions);
    g_ptr_array_free(order->source->sections, TRUE);
    g_free(order->source);
    section_free(order->section);
    g_free(order);
}

/* -- settings -- */

static bool refuse(char **complaint, char *text)
{
    *complaint = text;
    return false;
}

bool scenario_order_of_setting(const struct scenario_source *source, const char *setting, char **key,
                               char **value, char **complaint)
{
    const char *slash = strstr(setting, "/"), *equals = slash ? strchr(slash, '=') : NULL;
    if (!equals)
        return refuse(complaint, g_strdup("expected set SECTION / KEY = VALUE"));
    char *part = g_strndup(setting, (gsize)(slash - setting));
    char *section = scenario_normalized(part);
    g_free(part);
    part = g_strndup(slash + 1, (gsize)(equals - slash - 1));
    char *name = scenario_normalized(part);
    g_free(part);
    enum section_kind kind = scenario_section_kind(section);
    const char *meant = NULL;
    *complaint = NULL;
    if (!scenario_source_section(source, section)) {
        meant = scenario_probably_meant_section(source, section);
        *complaint = g_strdup_printf("there is no section [%s]%s%s%s", section,
                                     meant ? "; did you mean [" : "", meant ? meant : "", meant ? "]?" : "");
    } else if (!scenario_key_find(kind, name)) {
        meant = scenario_probably_meant_key(kind, name);
        *complaint = g_strdup_printf("[%s] has no key %s%s%s%s", section, name,
                                     meant ? "; did you mean " : "", meant ? meant : "", meant ? "?" : "");
    } else if (kind != SECTION_LAN && kind != SECTION_ACCESS_LAN && kind != SECTION_POINT_TO_POINT) {
        *complaint = g_strdup_printf("%s / %s cannot be changed while it runs; the parameters of links can",
                                     section, name);
    } else {
        char *text = scenario_normalized(equals + 1);
        *key = g_strdup(strchr(section, ' ') + 1);
        *value = g_strconcat(name, " ", text, NULL);
        g_free(text);
    }
    g_free(section);
    g_free(name);
    return *complaint == NULL;
}
