/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_movement.c - how mobile nodes move by themselves: whom a section moves, where to, and whether the
 * keys that it has go with its model.
 *
 * A key of another model would have no effect, and its author would wonder why; so it is a mistake. That a
 * node is moved by [at] sections besides is none: the timeline may take it somewhere at a chosen instant.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/engine/length.h"
#include "sim/scenario/value.h"

#define MODEL(model)    (1u << (model))
#define WALKS           (MODEL(SCENARIO_RANDOM_WAYPOINT) | MODEL(SCENARIO_ROAD))
#define WEIGHT_MOST     1000000
#define SPEED_LEAST     (METRES_PER_SECOND(1) / 1000)
#define RESIDENCE_LEAST MILLISECONDS(1) /* on average, or a run would be nothing but moves */

/* Keys that go with some models only, and which they are. */
static const struct {
    const char *key;
    unsigned models;
    bool required;
} model_keys[] = {
    {"together", MODEL(SCENARIO_RESIDENCE) | WALKS, false},
    {"wave", MODEL(SCENARIO_RESIDENCE) | WALKS, false},
    {"spread", MODEL(SCENARIO_RESIDENCE) | WALKS, false},
    {"residence", MODEL(SCENARIO_RESIDENCE), true},
    {"links", MODEL(SCENARIO_RESIDENCE), true},
    {"order", MODEL(SCENARIO_RESIDENCE), false},
    {"weights", MODEL(SCENARIO_RESIDENCE), false},
    {"file", MODEL(SCENARIO_TRACE), true},
    {"speed", WALKS, true},
    {"hysteresis", WALKS, false},
    {"area", MODEL(SCENARIO_RANDOM_WAYPOINT), true},
    {"pause", MODEL(SCENARIO_RANDOM_WAYPOINT), false},
    {"from", MODEL(SCENARIO_ROAD), true},
    {"to", MODEL(SCENARIO_ROAD), true},
    {"at-end", MODEL(SCENARIO_ROAD), false},
};

static void check_keys_of_model(struct builder *builder, const struct scenario_view *view,
                                const struct scenario_movement *movement)
{
    const char *const *models = scenario_key_find(SECTION_MOVEMENT, "model")->words;
    for (unsigned i = 0; i < G_N_ELEMENTS(model_keys); i++) {
        const char *key = model_keys[i].key;
        const struct scenario_entry *entry = build_entry(view, key);
        if (model_keys[i].models & MODEL(movement->model)) {
            if (model_keys[i].required && !entry)
                build_error(builder, view, key, "this key is missing: model = %s needs it",
                            models[movement->model]);
        } else if (entry) {
            GString *those = g_string_new(NULL);
            for (unsigned model = 0; models[model]; model++)
                if (model_keys[i].models & MODEL(model))
                    g_string_append_printf(those, "%s%s", those->len ? ", " : "", models[model]);
            build_error_at(builder, view, entry, "it means nothing for model = %s (but for %s)",
                           models[movement->model], those->str);
            g_string_free(those, TRUE);
        }
    }
}

static void check_times(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_movement *movement)
{
    time_ns duration = builder->scenario->duration;
    char text[2][DURATION_TEXT_SIZE];
    if (duration > 0 && movement->start >= duration)
        build_error(builder, view, "start", "%s is not before the end of the scenario (%s)",
                    duration_format(movement->start, text[0]), duration_format(duration, text[1]));
    if (movement->stop <= movement->start)
        build_error(builder, view, "stop", "%s is not after the start (%s)",
                    duration_format(movement->stop, text[1]), duration_format(movement->start, text[0]));
}

/* ---- residence ---- */

static void read_stops(struct builder *builder, const struct scenario_view *view,
                       struct scenario_movement *movement)
{
    const struct scenario_entry *entry = build_entry(view, "links");
    char **names = value_split(entry->value, ',');
    unsigned count = g_strv_length(names);
    movement->stops = build_memory(builder, count, sizeof *movement->stops);
    for (unsigned i = 0; i < count; i++) {
        uint32_t link = SCENARIO_NONE;
        if (names[i][0] == '\0') {
            build_error_at(builder, view, entry, "one of the names is empty");
        } else if (strcmp(names[i], "none") != 0) {
            link = build_find_link(builder, view, entry, names[i], true);
            if (link == SCENARIO_NONE)
                continue; /* told */
            build_check_move(builder, view, entry, movement->who.node, link);
        }
        movement->stops[movement->stop_count++] = link;
    }
    if (count < 2)
        build_error_at(builder, view, entry, "to move takes two links at least");
    g_strfreev(names);
}

static const char *stop_name(const struct builder *builder, uint32_t stop)
{
    return stop == SCENARIO_NONE ? "none" : builder->scenario->links[stop].name;
}

/* From each stop the next is another one. */
static void check_stops(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_movement *movement)
{
    const uint32_t *stops = movement->stops;
    for (uint32_t i = 0; i < movement->stop_count; i++) {
        uint32_t from = i + 1;
        uint32_t to =
            movement->order == SCENARIO_RANDOM ? movement->stop_count : MIN(i + 2, movement->stop_count);
        for (uint32_t j = from; j < to; j++) {
            if (stops[i] != stops[j])
                continue;
            build_error(builder, view, "links",
                        movement->order == SCENARIO_RANDOM
                            ? "\"%s\" is there twice; for what is more likely there are weights"
                            : "\"%s\" is there twice in a row",
                        stop_name(builder, stops[i]));
            return;
        }
    }
    if (movement->order == SCENARIO_CYCLE && movement->stop_count > 1 &&
        stops[0] == stops[movement->stop_count - 1])
        build_error(builder, view, "links", "\"%s\" comes last, and first again: twice in a row",
                    stop_name(builder, stops[0]));
}

static void read_weights(struct builder *builder, const struct scenario_view *view,
                         struct scenario_movement *movement)
{
    const struct scenario_entry *entry = build_entry(view, "weights");
    movement->weights = build_memory(builder, movement->stop_count, sizeof *movement->weights);
    for (uint32_t i = 0; i < movement->stop_count; i++)
        movement->weights[i] = 1;
    if (!entry)
        return;
    if (movement->order != SCENARIO_RANDOM) {
        build_error_at(builder, view, entry, "there is nothing to choose: weights go with order = random");
        return;
    }
    char **parts = value_split(entry->value, ',');
    unsigned count = g_strv_length(parts), likely = 0;
    bool good = count == movement->stop_count;
    if (!good)
        build_error_at(builder, view, entry, "%u weights for %u links", count, movement->stop_count);
    for (unsigned i = 0; i < count && good; i++) {
        uint64_t weight;
        GError *error = NULL;
        good = value_parse_integer(parts[i], 0, WEIGHT_MOST, &weight, &error);
        if (!good) {
            build_error_at(builder, view, entry, "%s", error->message);
            g_error_free(error);
            break;
        }
        movement->weights[i] = (uint32_t)weight;
        likely += weight != 0;
    }
    if (good && likely < 2)
        build_error_at(builder, view, entry, "two links at least must have a weight that is not 0");
    g_strfreev(parts);
}

static void build_residence(struct builder *builder, const struct scenario_view *view,
                            struct scenario_movement *movement)
{
    const struct scenario_entry *entry = build_entry(view, "residence"), *links = build_entry(view, "links");
    unsigned told = scenario_messages_told(builder->messages);
    if (movement->residence && distribution_mean(movement->residence) < (double)RESIDENCE_LEAST)
        build_error_at(builder, view, entry, "the mean of \"%s\" is less than 1ms", entry->value);
    if (!links || links->value[0] == '\0')
        return;
    read_stops(builder, view, movement);
    if (scenario_messages_told(builder->messages) != told)
        return;
    check_stops(builder, view, movement);
    read_weights(builder, view, movement);
}

/* ---- random waypoint, road ---- */

/* LANs with a position are cells, which need a range; any cell may be walked into. */
static void check_cells(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_movement *movement)
{
    bool any = false;
    for (uint32_t i = 0; i < builder->scenario->link_count; i++) {
        if (!builder->scenario->links[i].has_position)
            continue;
        any = true;
        build_check_move(builder, view, NULL, movement->who.node, i);
    }
    if (!any)
        build_error(builder, view, NULL, "no LAN has a position and a range: there is no cell to walk into");
}

static void build_walk(struct builder *builder, const struct scenario_view *view,
                       struct scenario_movement *movement)
{
    const struct scenario_entry *area = build_entry(view, "area");
    GError *error = NULL;
    check_cells(builder, view, movement);
    if (movement->speed && distribution_mean(movement->speed) < (double)SPEED_LEAST)
        build_error(builder, view, "speed", "on average it is less than 0.001m/s");
    if (movement->model == SCENARIO_RANDOM_WAYPOINT && area && area->value[0] &&
        !value_parse_area(area->value, movement->area, &error)) {
        build_error_at(builder, view, area, "%s", error->message);
        g_error_free(error);
    }
    if (movement->model == SCENARIO_ROAD && build_entry(view, "from") && build_entry(view, "to") &&
        movement->from.x == movement->to.x && movement->from.y == movement->to.y)
        build_error(builder, view, "to", "the road leads from a point to the same point");
}

/* ---- all of them ---- */

/* Who is moved by which section: a whole group, or one of it. */
struct movers {
    GHashTable *groups;  /* scenario node + 1 -> view of a section for all of it */
    GHashTable *partly;  /* scenario node + 1 -> view of the first section for one of it */
    GHashTable *members; /* node's running number + 1 -> view */
};

static void claim(struct builder *builder, const struct scenario_view *view,
                  const struct scenario_movement *movement, struct movers *movers)
{
    const struct scenario_node *node = &builder->scenario->nodes[movement->who.node];
    bool whole = movement->who.count == node->count;
    gpointer group = GUINT_TO_POINTER(movement->who.node + 1);
    gpointer member = GUINT_TO_POINTER(node->first + movement->who.first + 1);
    const struct scenario_view *other = g_hash_table_lookup(movers->groups, group);
    if (!other)
        other =
            whole ? g_hash_table_lookup(movers->partly, group) : g_hash_table_lookup(movers->members, member);
    if (other)
        build_error(builder, view, NULL, "[%s] (%s:%u) moves %s already", other->section->name,
                    other->section->place.file, other->section->place.line,
                    whole && node->count > 1 ? "nodes of the group" : "the node");
    if (whole)
        g_hash_table_insert(movers->groups, group, (gpointer)view);
    else
        g_hash_table_insert(movers->members, member, (gpointer)view);
    if (!whole && !g_hash_table_contains(movers->partly, group))
        g_hash_table_insert(movers->partly, group, (gpointer)view);
}

static void build_movement(struct builder *builder, const struct scenario_view *view,
                           struct scenario_movement *movement, struct movers *movers)
{
    const struct scenario_entry *model = build_entry(view, "model");
    GError *ignored = NULL;
    unsigned index;
    if (!build_find_node(builder, view, NULL, view->words[0], KIND(SCENARIO_MOBILE_NODE), "a mobile node",
                         &movement->who))
        return;
    if (builder->scenario->nodes[movement->who.node].external) {
        build_error(builder, view, NULL, "\"%s\" is external: what it does is done outside", view->words[0]);
        return;
    }
    claim(builder, view, movement, movers);
    if (!model || !value_parse_word(model->value, scenario_key_find(SECTION_MOVEMENT, "model")->words, &index,
                                    &ignored)) {
        g_clear_error(&ignored);
        return; /* told */
    }
    check_keys_of_model(builder, view, movement);
    check_times(builder, view, movement);
    builder->scenario->nodes[movement->who.node].overlaps |= movement->keep != 0;
    switch ((enum scenario_movement_model)movement->model) {
    case SCENARIO_RESIDENCE:
        build_residence(builder, view, movement);
        break;
    case SCENARIO_TRACE:
        build_trace(builder, view, movement);
        break;
    case SCENARIO_RANDOM_WAYPOINT:
    case SCENARIO_ROAD:
        build_walk(builder, view, movement);
        break;
    }
}

void build_movements(struct builder *builder)
{
    struct movers movers = {g_hash_table_new(NULL, NULL), g_hash_table_new(NULL, NULL),
                            g_hash_table_new(NULL, NULL)};
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind == SECTION_MOVEMENT)
            build_movement(builder, view, view->record, &movers);
    }
    g_hash_table_destroy(movers.groups);
    g_hash_table_destroy(movers.partly);
    g_hash_table_destroy(movers.members);
}
