/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build.c - from sections and keys to records: the generic part, driven by the table of keys.
 *
 * Each section becomes a view with the settings of the point laid over it; each view of a link, node, peers
 * or flow has its record in the scenario's arrays, and every key of the table is stored into the record's
 * field, from the file or from its default. What the table cannot know is done by build_topology.c and
 * build_events.c.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/clock.h"
#include "sim/engine/duration.h"
#include "sim/engine/length.h"
#include "sim/scenario/value.h"

/* ---- memory and messages ---- */

void *build_memory(struct builder *builder, size_t count, size_t size)
{
    void *block = g_malloc0_n(MAX(count, 1), size);
    g_ptr_array_add(builder->storage->blocks, block);
    return block;
}

const struct scenario_entry *build_entry(const struct scenario_view *view, const char *key)
{
    for (unsigned i = 0; i < view->entry_count; i++)
        if (strcmp(view->entries[i].key, key) == 0)
            return &view->entries[i];
    return NULL;
}

void build_error(struct builder *builder, const struct scenario_view *view, const char *key,
                 const char *format, ...)
{
    const struct scenario_entry *entry = key ? build_entry(view, key) : NULL;
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    scenario_error(builder->messages, entry ? &entry->place : &view->section->place, view->section->name, key,
                   "%s", text);
    g_free(text);
}

void build_error_at(struct builder *builder, const struct scenario_view *view,
                    const struct scenario_entry *entry, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    scenario_error(builder->messages, entry ? &entry->place : &view->section->place, view->section->name,
                   entry ? entry->key : NULL, "%s", text);
    g_free(text);
}

static const struct distribution *keep_distribution(struct builder *builder,
                                                    struct distribution *distribution)
{
    g_ptr_array_add(builder->storage->distributions, distribution);
    return distribution;
}

const struct distribution *build_constant(struct builder *builder, time_ns value)
{
    return keep_distribution(builder, distribution_new_constant(value));
}

typedef struct distribution *parse_distribution(const char *text, const char *directory, GError **error);

static const struct distribution *read_distribution(struct builder *builder, const struct scenario_view *view,
                                                    const struct scenario_entry *entry, const char *text,
                                                    parse_distribution *parse)
{
    /* A file of values is looked for beside the file that names it. */
    char *directory = entry && entry->place.line ? g_path_get_dirname(entry->place.file)
                                                 : g_strdup(builder->source->directory);
    GError *error = NULL;
    struct distribution *distribution = parse(text, directory, &error);
    g_free(directory);
    if (!distribution) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        return NULL;
    }
    return keep_distribution(builder, distribution);
}

const struct distribution *build_distribution(struct builder *builder, const struct scenario_view *view,
                                              const struct scenario_entry *entry, const char *text)
{
    return read_distribution(builder, view, entry, text, distribution_parse);
}

static const struct distribution *build_speed(struct builder *builder, const struct scenario_view *view,
                                              const struct scenario_entry *entry, const char *text)
{
    return read_distribution(builder, view, entry, text, distribution_parse_speed);
}

/* ---- views ---- */

/* Where a setting comes from: the line of [sweep] that has it. */
static struct scenario_place setting_place(const struct builder *builder,
                                           const struct scenario_setting *setting)
{
    const struct scenario_section *sweep = scenario_source_section(builder->source, "sweep");
    char *name = g_strdup_printf("%s / %s", setting->section, setting->key);
    const struct scenario_entry *axis = sweep ? scenario_section_axis(sweep, name) : NULL;
    g_free(name);
    return axis ? axis->place : (struct scenario_place){NULL, 0, 0};
}

static void view_entries(struct builder *builder, struct scenario_view *view)
{
    const struct scenario_section *section = view->section;
    view->entries =
        build_memory(builder, section->entries->len + builder->setting_count, sizeof *view->entries);
    for (unsigned i = 0; i < section->entries->len; i++)
        view->entries[view->entry_count++] =
            *(const struct scenario_entry *)g_ptr_array_index(section->entries, i);
    for (unsigned i = 0; i < builder->setting_count; i++) {
        const struct scenario_setting *setting = &builder->settings[i];
        if (strcmp(setting->section, section->name) != 0)
            continue;
        struct scenario_entry *entry = (struct scenario_entry *)build_entry(view, setting->key);
        if (!entry)
            entry = &view->entries[view->entry_count++];
        entry->key = g_string_chunk_insert(builder->storage->strings, setting->key);
        entry->value = g_string_chunk_insert(builder->storage->strings, setting->value);
        entry->place = setting_place(builder, setting);
    }
}

/* The section's name: its kind, and as many words as the kind wants. */
static void view_kind(struct builder *builder, struct scenario_view *view)
{
    const char *name = view->section->name;
    view->kind = scenario_section_kind(name);
    if (view->kind == SECTION_KINDS) {
        const char *words[SECTION_KINDS + 1];
        for (unsigned i = 0; i < SECTION_KINDS; i++)
            words[i] = scenario_section_kinds[i].name;
        words[SECTION_KINDS] = NULL;
        char *first = g_strndup(name, strcspn(name, " "));
        const char *meant = scenario_probably_meant(first, words);
        const char *rest = name + strlen(first);
        if (meant)
            build_error(builder, view, NULL, "there is no such kind of section; did you mean \"%s%s\"?",
                        meant, rest);
        else
            build_error(builder, view, NULL, "there is no such kind of section (see: mip6sim keys)");
        g_free(first);
        return;
    }
    const struct scenario_section_kind *kind = &scenario_section_kinds[view->kind];
    const char *rest = name + strlen(kind->name);
    view->words = g_strsplit(*rest ? rest + 1 : "", " ", -1);
    if (view->kind != SECTION_AT && view->kind != SECTION_EXPECT &&
        g_strv_length(view->words) != kind->words) {
        build_error(builder, view, NULL, "the section is to be written [%s%s%s]", kind->name,
                    kind->arguments[0] ? " " : "", kind->arguments);
        view->kind = SECTION_KINDS;
        return;
    }
    GError *error = NULL;
    if (kind->words == 1 && !value_check_name(view->words[0], &error)) {
        build_error(builder, view, NULL, "%s", error->message);
        g_error_free(error);
    }
}

static void make_views(struct builder *builder)
{
    struct scenario_storage *storage = builder->storage;
    storage->view_count = builder->source->sections->len;
    storage->views = build_memory(builder, storage->view_count, sizeof *storage->views);
    for (unsigned i = 0; i < storage->view_count; i++) {
        struct scenario_view *view = &storage->views[i];
        view->section = g_ptr_array_index(builder->source->sections, i);
        view_entries(builder, view);
        view_kind(builder, view);
    }
}

/* ---- records ---- */

static bool kind_is_link(enum section_kind kind)
{
    return kind == SECTION_LAN || kind == SECTION_ACCESS_LAN || kind == SECTION_POINT_TO_POINT;
}

static bool kind_is_node(enum section_kind kind)
{
    return kind >= SECTION_ROUTER && kind <= SECTION_ATTACKER;
}

static void begin_link(struct builder *builder, struct scenario_view *view)
{
    static const enum scenario_link_kind kinds[SECTION_KINDS] = {
        [SECTION_LAN] = SCENARIO_LAN,
        [SECTION_ACCESS_LAN] = SCENARIO_ACCESS_LAN,
        [SECTION_POINT_TO_POINT] = SCENARIO_POINT_TO_POINT,
    };
    struct scenario_link *link = &builder->scenario->links[builder->scenario->link_count];
    builder->link_views[builder->scenario->link_count++] = view;
    link->kind = kinds[view->kind];
    link->name = view->words[0];
    link->place = view->section->place;
    link->count = 1;
    link->ends[0] = link->ends[1] = SCENARIO_NONE;
    view->record = link;
}

static void begin_node(struct builder *builder, struct scenario_view *view)
{
    static const enum scenario_node_kind kinds[SECTION_KINDS] = {
        [SECTION_ROUTER] = SCENARIO_ROUTER,
        [SECTION_HOST] = SCENARIO_HOST,
        [SECTION_HOME_AGENT] = SCENARIO_HOME_AGENT,
        [SECTION_CORRESPONDENT_NODE] = SCENARIO_CORRESPONDENT_NODE,
        [SECTION_MOBILE_NODE] = SCENARIO_MOBILE_NODE,
        [SECTION_ATTACKER] = SCENARIO_ATTACKER,
    };
    struct scenario_node *node = &builder->scenario->nodes[builder->scenario->node_count];
    builder->node_views[builder->scenario->node_count++] = view;
    node->kind = kinds[view->kind];
    node->name = view->words[0];
    node->place = view->section->place;
    node->count = node->home_count = 1;
    node->home_link = node->home_agent_node = node->start_link = SCENARIO_NONE;
    node->mobility = node->kind == SCENARIO_HOME_AGENT || node->kind == SCENARIO_CORRESPONDENT_NODE ||
                     node->kind == SCENARIO_MOBILE_NODE;
    node->ipv6.forwarding = node->kind == SCENARIO_ROUTER;
    node->ipv6.stateless_autoconfiguration = node->kind == SCENARIO_MOBILE_NODE;
    /* What a mobile node does with correspondents of which the file says nothing; the trigger is a key. */
    node->mobile.default_policy = (struct correspondent_policy){
        .order = ORDER_AFTER_HOME_ACKNOWLEDGEMENT,
        .lifetime = MAX_RR_BINDING_LIFETIME / 4,
        .acknowledge = true,
    };
    view->record = node;
}

static void begin_home(struct builder *builder, struct scenario_view *view)
{
    struct scenario *scenario = builder->scenario;
    struct scenario_home *home = &scenario->homes[scenario->home_count];
    builder->home_views[scenario->home_count++] = view;
    home->name = view->words[0];
    home->place = view->section->place;
    home->node = home->home_link = home->home_agent_node = SCENARIO_NONE;
    view->record = home;
}

static void begin_records(struct builder *builder)
{
    struct scenario_storage *storage = builder->storage;
    struct scenario *scenario = builder->scenario;
    unsigned links = 0, nodes = 0, homes = 0, peers = 0, flows = 0, movements = 0, attacks = 0, faults = 0;
    for (unsigned i = 0; i < storage->view_count; i++) {
        enum section_kind kind = storage->views[i].kind;
        links += kind_is_link(kind);
        nodes += kind_is_node(kind);
        homes += kind == SECTION_HOME_ADDRESS;
        peers += kind == SECTION_PEERS;
        flows += kind == SECTION_FLOW;
        movements += kind == SECTION_MOVEMENT;
        attacks += kind == SECTION_ATTACK;
        faults += kind == SECTION_FAULT;
    }
    scenario->links = build_memory(builder, links, sizeof *scenario->links);
    scenario->nodes = build_memory(builder, nodes, sizeof *scenario->nodes);
    scenario->homes = build_memory(builder, homes, sizeof *scenario->homes);
    scenario->peers = build_memory(builder, peers, sizeof *scenario->peers);
    scenario->flows = build_memory(builder, flows, sizeof *scenario->flows);
    scenario->movements = build_memory(builder, movements, sizeof *scenario->movements);
    scenario->attacks = build_memory(builder, attacks, sizeof *scenario->attacks);
    scenario->faults = build_memory(builder, faults, sizeof *scenario->faults);
    builder->link_views = build_memory(builder, links, sizeof *builder->link_views);
    builder->node_views = build_memory(builder, nodes, sizeof *builder->node_views);
    builder->home_views = build_memory(builder, homes, sizeof *builder->home_views);
    for (unsigned i = 0; i < storage->view_count; i++) {
        struct scenario_view *view = &storage->views[i];
        if (kind_is_link(view->kind)) {
            begin_link(builder, view);
        } else if (kind_is_node(view->kind)) {
            begin_node(builder, view);
        } else if (view->kind == SECTION_HOME_ADDRESS) {
            begin_home(builder, view);
        } else if (view->kind == SECTION_PEERS) {
            view->record = &scenario->peers[scenario->peers_count++];
            ((struct scenario_peers *)view->record)->place = view->section->place;
        } else if (view->kind == SECTION_FLOW) {
            struct scenario_flow *flow = &scenario->flows[scenario->flow_count++];
            flow->name = view->words[0];
            flow->place = view->section->place;
            view->record = flow;
        } else if (view->kind == SECTION_MOVEMENT) {
            struct scenario_movement *movement = &scenario->movements[scenario->movement_count++];
            movement->place = view->section->place;
            view->record = movement;
        } else if (view->kind == SECTION_ATTACK) {
            struct scenario_attack *attack = &scenario->attacks[scenario->attack_count++];
            attack->name = attack->title = view->words[0];
            attack->place = view->section->place;
            view->record = attack;
        } else if (view->kind == SECTION_FAULT) {
            struct scenario_fault *fault = &scenario->faults[scenario->fault_count++];
            fault->name = view->words[0];
            fault->place = view->section->place;
            view->record = fault;
        } else if (view->kind == SECTION_SCENARIO) {
            view->record = scenario;
        }
    }
}

/* ---- keys ---- */

static void store_unsigned(void *record, const struct scenario_key *key, uint64_t value)
{
    void *field = (char *)record + key->offset;
    switch (key->size) {
    case 1:
        *(uint8_t *)field = (uint8_t)value;
        break;
    case 2:
        *(uint16_t *)field = (uint16_t)value;
        break;
    case 4:
        *(uint32_t *)field = (uint32_t)value;
        break;
    case 8:
        *(uint64_t *)field = value;
        break;
    default:
        g_assert_not_reached();
    }
}

static bool check_duration(const struct scenario_key *key, time_ns value, GError **error)
{
    char text[3][DURATION_TEXT_SIZE];
    duration_format(value, text[0]);
    if ((uint64_t)value < key->least || (uint64_t)value > key->most) {
        if (key->least == 1 && value == 0)
            g_set_error(error, VALUE_ERROR, VALUE_ERROR_RANGE, "must be more than 0");
        else
            g_set_error(error, VALUE_ERROR, VALUE_ERROR_RANGE, "%s is out of range: from %s to %s", text[0],
                        duration_format((time_ns)key->least, text[1]),
                        duration_format((time_ns)key->most, text[2]));
        return false;
    }
    if (key->scale && (uint64_t)value % key->scale) {
        g_set_error(error, VALUE_ERROR, VALUE_ERROR_RANGE, "%s is not a multiple of %s", text[0],
                    duration_format((time_ns)key->scale, text[1]));
        return false;
    }
    return true;
}

static bool check_distribution(const struct scenario_key *key, const struct distribution *distribution,
                               GError **error)
{
    return !distribution || check_duration(key, distribution_minimum(distribution), error);
}

static bool store_duration(void *record, const struct scenario_key *key, const char *text, GError **error)
{
    time_ns value;
    if (!value_parse_duration(text, &value, error) || !check_duration(key, value, error))
        return false;
    store_unsigned(record, key, (uint64_t)value / (key->scale ? key->scale : 1));
    return true;
}

static bool store_duration_range(void *record, const struct scenario_key *key, const char *text,
                                 GError **error)
{
    time_ns *field = (time_ns *)(void *)((char *)record + key->offset), least, most;
    if (!value_parse_duration_range(text, &least, &most, error) || !check_duration(key, least, error) ||
        !check_duration(key, most, error))
        return false;
    field[0] = least;
    field[1] = most;
    return true;
}

static bool store_number(void *record, const struct scenario_key *key, const char *text, GError **error)
{
    uint64_t value;
    bool good = key->type == VALUE_INTEGER ? value_parse_integer(text, key->least, key->most, &value, error)
                : key->type == VALUE_SIZE  ? value_parse_size(text, key->least, key->most, &value, error)
                                           : value_parse_rate(text, &value, error);
    if (good)
        store_unsigned(record, key, value);
    return good;
}

static bool store_prefix(void *record, const struct scenario_key *key, const char *text, GError **error)
{
    unsigned length;
    struct ipv6_address *field = (struct ipv6_address *)(void *)((char *)record + key->offset);
    if (!value_parse_prefix(text, (unsigned)key->least, (unsigned)key->most, field, &length, error))
        return false;
    *((uint8_t *)record + key->second_offset) = (uint8_t)length;
    return true;
}

static bool store_octets(void *record, const struct scenario_key *key, const char *text, GError **error)
{
    size_t length;
    if (!value_parse_octets(text, key->least, key->most, (uint8_t *)record + key->offset, &length, error))
        return false;
    *((uint8_t *)record + key->second_offset) = (uint8_t)length;
    return true;
}

static bool store_length(void *record, const struct scenario_key *key, const char *text, GError **error)
{
    int64_t value;
    char least[DURATION_TEXT_SIZE], most[DURATION_TEXT_SIZE];
    if (!length_parse(text, &value, error))
        return false;
    if (value < (int64_t)key->least || value > (int64_t)key->most) {
        g_set_error(error, VALUE_ERROR, VALUE_ERROR_RANGE, "%s is out of range: from %s to %s", text,
                    length_format((int64_t)key->least, least), length_format((int64_t)key->most, most));
        return false;
    }
    *(int64_t *)(void *)((char *)record + key->offset) = value;
    return true;
}

/* "1% 20ms": a probability and what comes of it. */
static bool store_chance(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const char *text, struct scenario_chance *chance,
                         GError **error)
{
    size_t length = strcspn(text, " \t");
    const char *rest = text + length + strspn(text + length, " \t");
    if (*rest == '%') { /* "1 % 20ms" */
        length = (size_t)(rest + 1 - text);
        rest += 1 + strspn(rest + 1, " \t");
    }
    char *first = g_strndup(text, length);
    if (g_str_has_suffix(first, ",")) /* "1%, 20ms" */
        first[length - 1] = '\0';
    double probability;
    bool good = value_parse_probability(first, &probability, error);
    g_free(first);
    if (good && *rest == '\0') {
        g_set_error(error, VALUE_ERROR, VALUE_ERROR_SYNTAX,
                    "\"%s\": how much longer does such a packet take? Expected PROBABILITY DISTRIBUTION, as "
                    "in 1%% 20ms",
                    text);
        return false;
    }
    if (!good)
        return false;
    *chance = (struct scenario_chance){probability, build_distribution(builder, view, entry, rest)};
    return true;
}

static bool store_reordering(struct builder *builder, const struct scenario_view *view,
                             const struct scenario_entry *entry, const char *text,
                             struct scenario_reordering *reordering, GError **error)
{
    struct scenario_reordering made = {.overtake = false};
    if (g_ascii_isdigit(text[0]) ? !store_chance(builder, view, entry, text, &made.late, error)
                                 : !value_parse_boolean(text, &made.overtake, error))
        return false;
    *reordering = made;
    return true;
}

/* What is wrong is in `error`; a distribution tells its errors itself. */
bool build_store(struct builder *builder, const struct scenario_view *view, const struct scenario_key *key,
                 const struct scenario_entry *entry, const char *text, GError **error)
{
    void *field = (char *)view->record + key->offset;
    struct scenario_clock_drift *drift;
    bool flag;
    unsigned index;
    uint64_t bits;
    if (key->special && key->type == VALUE_CHANCE && strcmp(text, key->special) == 0) {
        memset(field, 0, key->size);
        return true;
    }
    if (key->special && key->size && strcmp(text, key->special) == 0) {
        store_unsigned(view->record, key, key->special_value);
        return true;
    }
    switch (key->type) {
    case VALUE_TEXT:
        *(const char **)field = g_string_chunk_insert(builder->storage->strings, text);
        return true;
    case VALUE_INTEGER:
    case VALUE_SIZE:
    case VALUE_RATE:
        return store_number(view->record, key, text, error);
    case VALUE_DURATION:
        return store_duration(view->record, key, text, error);
    case VALUE_DURATION_RANGE:
        return store_duration_range(view->record, key, text, error);
    case VALUE_DISTRIBUTION:
        *(const struct distribution **)field = build_distribution(builder, view, entry, text);
        return check_distribution(key, *(const struct distribution **)field, error);
    case VALUE_SPEED:
        *(const struct distribution **)field = build_speed(builder, view, entry, text);
        return true;
    case VALUE_LENGTH:
        return store_length(view->record, key, text, error);
    case VALUE_POINT:
        return value_parse_point(text, field, error);
    case VALUE_PROBABILITY:
        return value_parse_probability(text, field, error);
    case VALUE_LOSS:
        return value_parse_loss(text, field, error);
    case VALUE_CHANCE:
        return store_chance(builder, view, entry, text, field, error);
    case VALUE_CLOCK_DRIFT:
        drift = field;
        return value_parse_drift(text, CLOCK_DRIFT_MAX, &drift->least, &drift->most, error);
    case VALUE_REORDERING:
        return store_reordering(builder, view, entry, text, field, error);
    case VALUE_BOOLEAN:
        if (!value_parse_boolean(text, &flag, error))
            return false;
        store_unsigned(view->record, key, flag != key->inverted);
        return true;
    case VALUE_WORD:
        if (!value_parse_word(text, key->words, &index, error))
            return false;
        store_unsigned(view->record, key, index);
        return true;
    case VALUE_WORDS:
        if (!value_parse_words(text, key->words, &bits, error))
            return false;
        store_unsigned(view->record, key, bits);
        return true;
    case VALUE_PREFIX:
        return store_prefix(view->record, key, text, error);
    case VALUE_OCTETS:
        return store_octets(view->record, key, text, error);
    case VALUE_FILE:
    case VALUE_ADDRESS:
    case VALUE_ADDRESSES:
    case VALUE_NAME:
    case VALUE_NAMES:
    case VALUE_NUMBERS:
    case VALUE_MESSAGE:
    case VALUE_WHERE:
    case VALUE_FREQUENCY:
    case VALUE_AREA:
    case VALUE_VERB:
    case VALUE_FORM:
    case VALUE_LIST:
    case VALUE_TOLERANCE:
    case VALUE_CONDITION:
        return true;
    }
    return true;
}

static void check_known(struct builder *builder, const struct scenario_view *view)
{
    for (unsigned i = 0; i < view->entry_count; i++) {
        const struct scenario_entry *entry = &view->entries[i];
        if (scenario_key_find(view->kind, entry->key))
            continue;
        const char *meant = scenario_probably_meant_key(view->kind, entry->key);
        if (meant && entry->place.line && build_entry(view, meant))
            meant = NULL; /* it is there besides; --set may well mean to change it */
        if (meant)
            build_error_at(builder, view, entry, "[%s] has no such key; did you mean \"%s\"?",
                           scenario_section_kinds[view->kind].name, meant);
        else
            build_error_at(builder, view, entry, "[%s] has no such key (see: mip6sim keys %s)",
                           scenario_section_kinds[view->kind].name, scenario_section_kinds[view->kind].name);
    }
}

static void store_key(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_key *key)
{
    const struct scenario_entry *entry = build_entry(view, key->name);
    if (entry && entry->value[0] == '\0') {
        build_error_at(builder, view, entry, "it has no value");
        return;
    }
    if (!entry && key->required) {
        char *type = scenario_key_type_text(key);
        build_error(builder, view, key->name, "this key is missing (%s)", type);
        g_free(type);
        return;
    }
    const struct scenario_key *with = key;
    if (!entry && key->as) {
        /* Its default is another key's value, for whose mistakes that one is blamed. */
        entry = build_entry(view, key->as);
        with = scenario_key_find(view->kind, key->as);
    }
    const char *text = entry ? entry->value : with->initial;
    GError *error = NULL;
    if (text && view->record && !build_store(builder, view, key, entry, text, &error)) {
        bool other = key->special && error->code != VALUE_ERROR_UNIT;
        char *word = other ? g_strdup_printf(" (or %s)", key->special) : g_strdup("");
        const char *comment =
            strstr(text, " #") || strstr(text, "\t#") ? "; a comment stands on a line of its own" : "";
        build_error(builder, view, entry ? entry->key : key->name, "%s%s%s", error->message, word, comment);
        g_free(word);
        g_error_free(error);
    }
}

static void store_keys(struct builder *builder)
{
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind == SECTION_KINDS)
            continue;
        if (view->kind != SECTION_AT && view->kind != SECTION_SWEEP && view->kind != SECTION_EXPECT &&
            view->kind != SECTION_VERIFY)
            check_known(builder, view);
        for (const struct scenario_key *key = NULL; (key = scenario_key_next(view->kind, key));)
            store_key(builder, view, key);
    }
}

/* ---- the whole ---- */

static void check_scenario_section(struct builder *builder)
{
    struct scenario *scenario = builder->scenario;
    if (!scenario_source_section(builder->source, "scenario")) {
        struct scenario_place place = {builder->source->path, 0, 0};
        scenario_error(builder->messages, &place, NULL, NULL, "there is no [scenario] section%s",
                       builder->source->sections->len ? "" : ": the file says nothing");
    }
    if (!scenario->title) {
        char *name = g_path_get_basename(builder->source->path);
        if (g_str_has_suffix(name, ".ini"))
            name[strlen(name) - 4] = '\0';
        scenario->title = g_string_chunk_insert(builder->storage->strings, name);
        g_free(name);
    }
}

static void builder_clear(struct builder *builder)
{
    g_slist_free(builder->rekeys);
    g_hash_table_destroy(builder->associations);
    g_hash_table_destroy(builder->names);
    g_ptr_array_free(builder->node_names, TRUE);
    g_ptr_array_free(builder->link_names, TRUE);
    g_array_free(builder->timeline_faults, TRUE);
}

struct scenario *build_scenario(const struct scenario_source *source, const struct scenario *swept,
                                const struct scenario_setting *settings, unsigned setting_count,
                                struct scenario_messages *messages)
{
    struct scenario *scenario = g_new0(struct scenario, 1);
    struct scenario_storage *storage = g_new0(struct scenario_storage, 1);
    struct builder builder = {
        .source = source,
        .swept = swept,
        .settings = settings,
        .setting_count = setting_count,
        .messages = messages,
        .scenario = scenario,
        .storage = storage,
        .names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free),
        .node_names = g_ptr_array_new(),
        .link_names = g_ptr_array_new(),
        .associations = g_hash_table_new_full(NULL, NULL, NULL, g_free),
        .timeline_faults = g_array_new(FALSE, FALSE, sizeof(struct scenario_fault)),
    };
    storage->distributions = g_ptr_array_new_with_free_func((GDestroyNotify)distribution_free);
    storage->blocks = g_ptr_array_new_with_free_func(g_free);
    storage->strings = g_string_chunk_new(1024);
    scenario->storage = storage;
    scenario->path = source->path;
    scenario->directory = source->directory;

    unsigned told = scenario_messages_told(messages);
    make_views(&builder);
    builder.topology_broken = source->broken || scenario_messages_told(messages) != told;
    if (build_parameters(&builder)) {
        begin_records(&builder);
        store_keys(&builder);
        check_scenario_section(&builder);
        build_topology(&builder);
        build_movements(&builder);
        build_events(&builder);
        build_faults(&builder);
        build_expectations(&builder);
    } else {
        build_sweep(&builder); /* it may be that only the sweep gives a parameter its value */
    }
    builder_clear(&builder);

    return scenario;
}

struct scenario *scenario_build(const struct scenario_source *source, const struct scenario_setting *settings,
                                unsigned setting_count, struct scenario_messages *messages)
{
    unsigned told = scenario_messages_told(messages);
    struct scenario *scenario = build_scenario(source, NULL, settings, setting_count, messages);
    if (scenario_messages_told(messages) == told && (setting_count > 0 || build_points(scenario, messages)))
        return scenario;
    scenario_free(scenario);
    return NULL;
}

struct scenario *scenario_build_point(const struct scenario_source *source, const struct scenario *swept,
                                      const struct scenario_setting *settings,
                                      struct scenario_messages *messages)
{
    unsigned told = scenario_messages_told(messages);
    struct scenario *scenario = build_scenario(source, swept, settings, swept->axis_count, messages);
    if (scenario_messages_told(messages) == told)
        return scenario;
    scenario_free(scenario);
    return NULL;
}

void scenario_free(struct scenario *scenario)
{
    if (!scenario)
        return;
    struct scenario_storage *storage = scenario->storage;
    for (unsigned i = 0; i < storage->view_count; i++)
        g_strfreev(storage->views[i].words);
    g_ptr_array_free(storage->distributions, TRUE);
    g_ptr_array_free(storage->blocks, TRUE);
    g_string_chunk_free(storage->strings);
    g_free(storage);
    g_free(scenario);
}
