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

struct scenario_orders {
    const struct scenario_source *source;
    const struct scenario_setting *settings;
    unsigned setting_count;
    GPtrArray *given; /* of struct scenario_order */
};

static const char place_of_orders[] = "command";

static struct scenario_section *section_of(unsigned number, time_ns time, const char *key, const char *value)
{
    char text[DURATION_TEXT_SIZE];
    struct scenario_section *section = g_new0(struct scenario_section, 1);
    struct scenario_entry *entry = g_new0(struct scenario_entry, 1);
    section->name = g_strconcat("at ", duration_format(time, text), NULL);
    section->place = (struct scenario_place){place_of_orders, 0, G_MAXUINT - number};
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

static void order_free(gpointer data)
{
    struct scenario_order *order = data;
    scenario_free(order->scenario);
    g_free(order->actions);
    g_free(order->faults);
    g_ptr_array_free(order->source->sections, TRUE);
    g_free(order->source);
    section_free(order->section);
    g_free(order);
}

struct scenario_orders *scenario_orders_new(const struct scenario_source *source,
                                            const struct scenario_setting *settings, unsigned setting_count)
{
    struct scenario_orders *orders = g_new0(struct scenario_orders, 1);
    orders->source = source;
    orders->settings = settings;
    orders->setting_count = setting_count;
    orders->given = g_ptr_array_new_with_free_func(order_free);
    return orders;
}

void scenario_orders_free(struct scenario_orders *orders)
{
    if (!orders)
        return;
    g_ptr_array_free(orders->given, TRUE);
    g_free(orders);
}

/* The same source, with the sections of all orders behind its own; strings stay the first one's. */
static struct scenario_source *source_with(const struct scenario_orders *orders,
                                           struct scenario_section *section)
{
    struct scenario_source *with = g_new(struct scenario_source, 1);
    const GPtrArray *sections = orders->source->sections;
    *with = *orders->source;
    with->sections = g_ptr_array_new();
    for (guint i = 0; i < sections->len; i++)
        g_ptr_array_add(with->sections, g_ptr_array_index(sections, i));
    for (guint i = 0; i < orders->given->len; i++)
        g_ptr_array_add(with->sections,
                        ((struct scenario_order *)g_ptr_array_index(orders->given, i))->section);
    g_ptr_array_add(with->sections, section);
    return with;
}

static bool is_of(const struct scenario_order *order, const struct scenario_place *place)
{
    return place->file == place_of_orders && place->order == order->section->place.order;
}

static void find_contents(struct scenario_order *order)
{
    const struct scenario *scenario = order->scenario;
    order->actions = g_new0(const struct scenario_action *, scenario->action_count + 1);
    order->faults = g_new0(const struct scenario_fault *, scenario->fault_count + 1);
    for (uint32_t i = 0; i < scenario->action_count; i++)
        if (is_of(order, &scenario->actions[i].place))
            order->actions[order->action_count++] = &scenario->actions[i];
    for (uint32_t i = 0; i < scenario->fault_count; i++)
        if (is_of(order, &scenario->faults[i].place))
            order->faults[order->fault_count++] = &scenario->faults[i];
}

const struct scenario_order *scenario_orders_add(struct scenario_orders *orders, time_ns time,
                                                 const char *key, const char *value,
                                                 struct scenario_messages *messages)
{
    struct scenario_order *order = g_new0(struct scenario_order, 1);
    order->section = section_of(orders->given->len, time, key, value);
    order->source = source_with(orders, order->section);
    order->scenario = scenario_build(order->source, orders->settings, orders->setting_count, messages);
    if (!order->scenario) {
        order_free(order);
        return NULL;
    }
    find_contents(order);
    g_ptr_array_add(orders->given, order);
    return order;
}

void scenario_orders_take_back(struct scenario_orders *orders)
{
    g_ptr_array_remove_index(orders->given, orders->given->len - 1);
}

/* -- settings -- */

static const char *is_there(const char *meant)
{
    return meant ? meant : "";
}

/* Where a key cannot be changed, but there is another way to the same end. */
static char *tell_unchangeable(enum section_kind kind, const char *section, const char *name)
{
    static const struct {
        const char *key, *instead;
    } ways[] = {
        {"prefix", "a LAN gets another prefix by: LAN prefix PREFIX"},
        {"address", "a node gets another address by: NODE add address ADDRESS"},
        {"attached", "a mobile node moves by: attach NODE LAN"},
        {"kcn", "peers get another key by: rekey MOBILE-NODE CORRESPONDENT"},
        {"ipsec", "security associations are changed by: MOBILE-NODE ipsec rekey, off, on"},
        {"start", "a mobile node moves by: attach NODE LAN"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(ways); i++)
        if (g_str_has_prefix(name, ways[i].key))
            return g_strdup_printf("%s / %s cannot be set while it runs; %s", section, name, ways[i].instead);
    if (kind == SECTION_FAULT)
        return g_strdup_printf(
            "%s / %s cannot be set while it runs; a fault ends and begins by: fault NAME off, on", section,
            name);
    return g_strdup_printf(
        "%s / %s cannot be changed while it runs; what can be is marked [at] by: mip6sim keys %s", section,
        name, kind == SECTION_KINDS ? "" : scenario_section_kinds[kind].name);
}

/* The section of a name that stands alone: "home" is lan home, "mn cn" are peers. NULL: there is none. */
static char *section_named(const struct scenario_source *source, const char *name)
{
    for (guint i = 0; i < source->sections->len; i++) {
        const struct scenario_section *section = g_ptr_array_index(source->sections, i);
        enum section_kind kind = scenario_section_kind(section->name);
        bool is_meant = kind == SECTION_LAN || kind == SECTION_ACCESS_LAN || kind == SECTION_POINT_TO_POINT ||
                        (kind >= SECTION_ROUTER && kind <= SECTION_ATTACKER) || kind == SECTION_PEERS;
        const char *rest = strchr(section->name, ' ');
        if (is_meant && rest && strcmp(rest + 1, name) == 0)
            return g_strdup(section->name);
    }
    return NULL;
}

static char *find_complaint(const struct scenario_source *source, const char *section, enum section_kind kind,
                            const char *name)
{
    const char *meant;
    if (!scenario_source_section(source, section)) {
        meant = scenario_probably_meant_section(source, section);
        if (meant && strcmp(meant, section) == 0)
            return g_strdup_printf("[%s] which? Expected [%s %s]", section, section,
                                   scenario_section_kinds[kind].arguments);
        return g_strdup_printf("there is no section [%s]%s%s%s", section, meant ? "; did you mean [" : "",
                               is_there(meant), meant ? "]?" : "");
    }
    const struct scenario_key *key = scenario_key_find(kind, name);
    if (!key) {
        meant = scenario_probably_meant_key(kind, name);
        return g_strdup_printf("[%s] has no key %s%s%s%s", section, name, meant ? "; did you mean " : "",
                               is_there(meant), meant ? "?" : "");
    }
    return key->changeable ? NULL : tell_unchangeable(kind, section, name);
}

bool scenario_order_of_setting(const struct scenario_source *source, const char *setting, char **key,
                               char **value, char **complaint)
{
    const char *equals = strchr(setting, '='), *slash = NULL;
    for (const char *p = setting; equals && p < equals; p++)
        if (*p == '/')
            slash = p;
    if (!slash) {
        *complaint =
            g_strdup("expected set SECTION / KEY = VALUE, as in: set lan home / router-lifetime = 60s");
        return false;
    }
    char *part = g_strndup(setting, (gsize)(slash - setting));
    char *section = scenario_normalized(part);
    g_free(part);
    char *named = section_named(source, section);
    if (named) {
        g_free(section);
        section = named;
    }
    part = g_strndup(slash + 1, (gsize)(equals - slash - 1));
    char *name = scenario_normalized(part);
    g_free(part);
    *complaint = find_complaint(source, section, scenario_section_kind(section), name);
    if (!*complaint) {
        char *text = scenario_normalized(equals + 1);
        *key = g_strdup(strchr(section, ' ') + 1);
        *value = g_strconcat(name, " ", text, NULL);
        g_free(text);
    }
    g_free(section);
    g_free(name);
    return *complaint == NULL;
}
