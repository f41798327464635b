/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_scenario.c - the scenario language, fed with any octets as the text of a file.
 *
 * The input up to an octet 0 is the file, what follows is one --set. Whatever it is, it is either refused
 * with a message, or makes a scenario whose first points can be built, told back, and whose groups can be
 * counted through.
 */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sim/scenario/scenario.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define POINTS 4

/* Indices point where they say, groups' ends have addresses. */
static void walk(const struct scenario *scenario)
{
    uint32_t first = 0, a, b;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        g_assert(node->first == first && node->count >= 1);
        first += node->count;
        g_assert(node->interface_count >= 1);
        scenario_node_address(scenario, node, node->count - 1);
        for (uint32_t j = 0; j < node->interface_count; j++)
            g_assert(node->interfaces[j].link < scenario->link_count || node->kind == SCENARIO_MOBILE_NODE);
        g_assert(node->kind != SCENARIO_MOBILE_NODE || node->home_link < scenario->link_count);
    }
    g_assert(first == scenario->node_total);
    for (uint32_t i = 0; i < scenario->link_count; i++) {
        const struct scenario_link *link = &scenario->links[i];
        g_assert(link->forward.delay && link->backward.delay && link->prefix_length >= 64);
        for (unsigned end = 0; link->kind == SCENARIO_POINT_TO_POINT && end < 2; end++)
            g_assert(scenario->nodes[link->ends[end]].count == 1 ||
                     scenario->nodes[link->ends[end]].count == link->count);
    }
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *peers = &scenario->peers[i];
        scenario_pair(&peers->mobile_node, &peers->correspondent, peers->pairs - 1, &a, &b);
        g_assert(a < scenario->nodes[peers->mobile_node.node].count &&
                 b < scenario->nodes[peers->correspondent.node].count);
    }
    for (uint32_t i = 1; i < scenario->action_count; i++)
        g_assert(scenario->actions[i - 1].time <= scenario->actions[i].time);
    g_assert(scenario->action_count == 0 ||
             scenario->actions[scenario->action_count - 1].time <= scenario->duration);
}

static void try_points(const struct scenario_source *source, const struct scenario *scenario,
                       struct scenario_messages *messages)
{
    struct scenario_setting *settings = g_new(struct scenario_setting, scenario->axis_count + 1);
    uint32_t points = scenario_point_count(scenario);
    for (uint32_t point = 0; point < MIN(points, POINTS); point++) {
        scenario_point(scenario, point, settings);
        struct scenario *built = scenario_build(source, settings, scenario->axis_count, messages);
        if (built)
            walk(built);
        scenario_free(built);
    }
    g_free(settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = memchr(data, '\0', size);
    size_t length = end ? (size_t)(end - data) : size;
    char *text = g_strndup((const char *)data, length);
    char *set_text = end ? g_strndup((const char *)end + 1, size - length - 1) : NULL;
    const char *const set[] = {set_text, NULL};
    struct scenario_messages *messages = scenario_messages_new();
    /* A directory that is not there: no file that an input names is read, unless by its full path. */
    struct scenario_source *source =
        scenario_source_read_text("nowhere/fuzz.ini", text, length, set, messages);
    struct scenario *scenario = source ? scenario_build(source, NULL, 0, messages) : NULL;
    g_assert(scenario || scenario_messages_count(messages) > 0);
    if (scenario) {
        walk(scenario);
        try_points(source, scenario, messages);
        GString *json = g_string_new(NULL);
        scenario_to_json(scenario, json);
        g_assert(g_utf8_validate(json->str, (gssize)json->len, NULL));
        g_string_free(json, TRUE);
    }
    char *told = scenario_messages_to_string(messages);
    g_assert(g_utf8_validate(told, -1, NULL));
    g_free(told);
    scenario_free(scenario);
    scenario_source_free(source);
    scenario_messages_free(messages);
    g_free(set_text);
    g_free(text);
    return 0;
}
