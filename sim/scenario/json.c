/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json.c - a scenario told back, for run.json: every key of every section as it is in force, from the records
 * themselves, and where the nodes are.
 *
 * Values are written as a scenario file would write them (text), so that what is told can be pasted back;
 * only plain numbers and yes/no are JSON's own.
 */
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/engine/length.h"
#include "sim/format/json_text.h"
#include "sim/scenario/build.h"
#include "sim/scenario/value.h"

static void append_owned(GString *json, char *text)
{
    json_append_text(json, text);
    g_free(text);
}

static uint64_t load_unsigned(const void *record, const struct scenario_key *key)
{
    const void *field = (const char *)record + key->offset;
    switch (key->size) {
    case 1:
        return *(const uint8_t *)field;
    case 2:
        return *(const uint16_t *)field;
    case 4:
        return *(const uint32_t *)field;
    default:
        return *(const uint64_t *)field;
    }
}

static void append_duration(GString *json, time_ns value)
{
    char text[DURATION_TEXT_SIZE];
    json_append_text(json, duration_format(value, text));
}

static void append_length(GString *json, int64_t value)
{
    char text[DURATION_TEXT_SIZE];
    json_append_text(json, length_format(value, text));
}

static void append_range(GString *json, const time_ns *range)
{
    char least[DURATION_TEXT_SIZE], most[DURATION_TEXT_SIZE];
    append_owned(
        json, g_strdup_printf("%s..%s", duration_format(range[0], least), duration_format(range[1], most)));
}

static void append_prefix(GString *json, const struct ipv6_address *prefix, unsigned length)
{
    char *text = value_format_address(prefix);
    append_owned(json, g_strdup_printf("%s/%u", text, length));
    g_free(text);
}

static void append_octets(GString *json, const uint8_t *octets, unsigned length)
{
    if (length == 0) {
        g_string_append(json, "null");
        return;
    }
    g_string_append_c(json, '"');
    for (unsigned i = 0; i < length; i++)
        g_string_append_printf(json, "%02x", octets[i]);
    g_string_append_c(json, '"');
}

static void append_loss(GString *json, const struct loss_model *model)
{
    char *text = value_format_loss(model);
    if (loss_model_has_bursts(model))
        json_append_text(json, text);
    else
        g_string_append(json, text);
    g_free(text);
}

static void append_chance(GString *json, const struct scenario_chance *chance, const char *none)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (!chance->delay) {
        json_append_text(json, none);
        return;
    }
    char *delay = distribution_to_string(chance->delay);
    append_owned(json,
                 g_strdup_printf("%s %s", g_ascii_dtostr(digits, sizeof digits, chance->probability), delay));
    g_free(delay);
}

static void append_reordering(GString *json, const struct scenario_reordering *reordering)
{
    if (reordering->late.delay)
        append_chance(json, &reordering->late, NULL);
    else
        g_string_append(json, reordering->overtake ? "true" : "false");
}

static void append_drift(GString *json, const struct scenario_clock_drift *drift)
{
    append_owned(json, value_format_drift(drift->least, drift->most));
}

/* What is not stored is told as it is written, or null. */
static void append_written(GString *json, const struct scenario_view *view, const struct scenario_key *key)
{
    const struct scenario_entry *entry = build_entry(view, key->name);
    if (entry || key->initial)
        json_append_text(json, entry ? entry->value : key->initial);
    else
        g_string_append(json, "null");
}

static void append_words(GString *json, const char *const *words, uint64_t bits)
{
    GString *list = g_string_new(NULL);
    for (unsigned i = 0; words[i]; i++)
        if (bits >> i & 1)
            g_string_append_printf(list, "%s%s", list->len ? ", " : "", words[i]);
    append_owned(json, g_string_free(list, FALSE));
}

static void append_value(GString *json, const struct scenario_view *view, const struct scenario_key *key)
{
    const void *field = (const char *)view->record + key->offset;
    const uint8_t *second = (const uint8_t *)view->record + key->second_offset;
    uint64_t number;
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (!view->record || key->size == 0) {
        append_written(json, view, key);
        return;
    }
    switch (key->type) {
    case VALUE_TEXT:
        json_append_text(json, *(const char *const *)field);
        return;
    case VALUE_POINT:
        append_written(json, view, key);
        return;
    case VALUE_LENGTH:
        if (*(const int64_t *)field || key->initial)
            append_length(json, *(const int64_t *)field);
        else
            g_string_append(json, "null");
        return;
    case VALUE_DISTRIBUTION:
    case VALUE_SPEED:
        if (*(const struct distribution *const *)field)
            append_owned(json, distribution_to_string(*(const struct distribution *const *)field));
        else if (key->initial || key->as)
            json_append_text(json, "0s"); /* no jitter is not kept */
        else
            g_string_append(json, "null");
        return;
    case VALUE_PROBABILITY:
        g_string_append(json, g_ascii_dtostr(digits, sizeof digits, *(const double *)field));
        return;
    case VALUE_LOSS:
        append_loss(json, field);
        return;
    case VALUE_CHANCE:
        append_chance(json, field, "none");
        return;
    case VALUE_CLOCK_DRIFT:
        append_drift(json, field);
        return;
    case VALUE_REORDERING:
        append_reordering(json, field);
        return;
    case VALUE_DURATION_RANGE:
        append_range(json, field);
        return;
    case VALUE_PREFIX:
        append_prefix(json, field, *second);
        return;
    case VALUE_OCTETS:
        append_octets(json, field, *second);
        return;
    default:
        break;
    }
    number = load_unsigned(view->record, key);
    if (key->special && number == key->special_value)
        json_append_text(json, key->special);
    else if (key->type == VALUE_BOOLEAN)
        g_string_append(json, (number != 0) != key->inverted ? "true" : "false");
    else if (key->type == VALUE_WORD)
        json_append_text(json, key->words[number]);
    else if (key->type == VALUE_WORDS)
        append_words(json, key->words, number);
    else if (key->type == VALUE_DURATION)
        append_duration(json, (time_ns)(number * (key->scale ? key->scale : 1)));
    else if (key->type == VALUE_RATE)
        append_owned(json, value_format_rate(number));
    else
        g_string_append_printf(json, "%" G_GUINT64_FORMAT, number);
}

static void append_section(GString *json, const struct scenario_view *view)
{
    const char *separator = "";
    json_append_text(json, view->section->name);
    g_string_append(json, ": {");
    if (view->kind == SECTION_PARAMETERS || view->kind == SECTION_AT || view->kind == SECTION_SWEEP ||
        view->kind == SECTION_EXPECT || view->kind == SECTION_VERIFY) {
        for (unsigned i = 0; i < view->entry_count; i++, separator = ", ") {
            g_string_append(json, separator);
            json_append_text(json, view->entries[i].key);
            g_string_append(json, ": ");
            json_append_text(json, view->entries[i].value);
        }
        g_string_append_c(json, '}');
        return;
    }
    for (const struct scenario_key *key = NULL; (key = scenario_key_next(view->kind, key));) {
        if (key->type == VALUE_FILE && !build_entry(view, key->name))
            continue;
        g_string_append(json, separator);
        json_append_text(json, key->name);
        g_string_append(json, ": ");
        append_value(json, view, key);
        separator = ", ";
    }
    g_string_append_c(json, '}');
}

/* Where nodes are: of a group the first and how many. */
static void append_node(GString *json, const struct scenario *scenario, const struct scenario_node *node)
{
    json_append_text(json, node->name);
    g_string_append_printf(json, ": {\"count\": %u, \"addresses\": [", node->count);
    if (node->kind == SCENARIO_MOBILE_NODE)
        for (uint32_t i = 0; i < node->home_count; i++) {
            struct scenario_home home = scenario_home(scenario, node, i);
            g_string_append(json, i ? ", " : "");
            append_owned(json, value_format_address(&home.home_address));
        }
    for (uint32_t i = 0; node->kind != SCENARIO_MOBILE_NODE && i < node->interface_count; i++) {
        const struct scenario_interface *interface = &node->interfaces[i];
        g_string_append(json, i ? ", {\"link\": " : "{\"link\": ");
        json_append_text(json, scenario->links[interface->link].name);
        g_string_append(json, ", \"address\": ");
        append_prefix(json, &interface->address, interface->prefix_length);
        g_string_append_c(json, '}');
    }
    g_string_append(json, "]}");
}

void scenario_to_json(const struct scenario *scenario, GString *json)
{
    const struct scenario_storage *storage = scenario->storage;
    g_string_append(json, "{\"sections\": {");
    for (unsigned i = 0; i < storage->view_count; i++) {
        g_string_append(json, i ? ",\n  " : "\n  ");
        append_section(json, &storage->views[i]);
    }
    g_string_append(json, "\n}, \"nodes\": {");
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        g_string_append(json, i ? ",\n  " : "\n  ");
        append_node(json, scenario, &scenario->nodes[i]);
    }
    g_string_append(json, "\n}}");
}
