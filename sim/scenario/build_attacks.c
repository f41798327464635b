/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_attacks.c - what attackers do: the sections [attack NAME].
 *
 * An attack has a place in the network, an action and addresses; most other keys belong to one action or to
 * one message, and are refused elsewhere, so that nobody believes them to be in force. What an attack would
 * need to succeed is not judged: that it lacks it is what a scenario wants to show.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/value.h"

#define ATTACKS_MAX 100000

/* What is said once about where an error is. */
struct attack_builder {
    struct builder *builder;
    const struct scenario_view *view;
    struct scenario_attack *attack;
};

static void complain(const struct attack_builder *at, const char *key, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void complain(const struct attack_builder *at, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    build_error(at->builder, at->view, key, "%s", text);
    g_free(text);
}

/* NULL: not written, or without a value, which has been told. */
static const struct scenario_entry *written(const struct attack_builder *at, const char *key)
{
    const struct scenario_entry *entry = build_entry(at->view, key);
    return entry && entry->value[0] ? entry : NULL;
}

static const struct scenario_node *attacker_of(const struct attack_builder *at)
{
    return &at->builder->scenario->nodes[at->attack->attacker.node];
}

/* ---- messages ---- */

static const struct attack_message_name {
    const char *name, *shorter;
    uint8_t message;
} message_names[] = {
    {"Binding Refresh Request", "BRR", MOBILITY_BINDING_REFRESH_REQUEST},
    {"Home Test Init", "HoTI", MOBILITY_HOME_TEST_INIT},
    {"Care-of Test Init", "CoTI", MOBILITY_CARE_OF_TEST_INIT},
    {"Home Test", "HoT", MOBILITY_HOME_TEST},
    {"Care-of Test", "CoT", MOBILITY_CARE_OF_TEST},
    {"Binding Update", "BU", MOBILITY_BINDING_UPDATE},
    {"Binding Acknowledgement", "BA", MOBILITY_BINDING_ACKNOWLEDGEMENT},
    {"Binding Error", "BE", MOBILITY_BINDING_ERROR},
    {"udp", "UDP", ATTACK_UDP},
    {"echo-request", "Echo Request", ATTACK_ECHO_REQUEST},
    {"icmp-error", "ICMPv6 error", ATTACK_ICMP_ERROR},
    {"esp", "ESP", ATTACK_ESP},
    {"any", "any", ATTACK_OTHER},
};

static const char *message_text(uint8_t message)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(message_names); i++)
        if (message_names[i].message == message)
            return message_names[i].name;
    return "?";
}

static bool read_message(const struct attack_builder *at, const char *key, uint8_t *message)
{
    const struct scenario_entry *entry = build_entry(at->view, key);
    const char *text = entry ? entry->value : scenario_key_find(SECTION_ATTACK, key)->initial;
    const char *words[2 * G_N_ELEMENTS(message_names) + 1];
    unsigned count = 0;
    for (unsigned i = 0; i < G_N_ELEMENTS(message_names); i++) {
        if (g_ascii_strcasecmp(text, message_names[i].name) == 0 ||
            g_ascii_strcasecmp(text, message_names[i].shorter) == 0) {
            *message = message_names[i].message;
            return true;
        }
        words[count++] = message_names[i].name;
        words[count++] = message_names[i].shorter;
    }
    words[count] = NULL;
    const char *meant = scenario_probably_meant(text, words);
    if (text[0] && meant)
        complain(at, key, "there is no message \"%s\"; did you mean \"%s\"?", text, meant);
    else if (text[0])
        complain(at, key, "there is no message \"%s\" (see: mip6sim keys attack)", text);
    return false;
}

/* ---- addresses ---- */

static bool has_interface(const struct attack_builder *at)
{
    return at->attack->attacker.node != SCENARIO_NONE && attacker_of(at)->interface_count > 0;
}

static bool is_on_link(const struct scenario_node *node, uint32_t link)
{
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].link == link)
            return true;
    return false;
}

static void read_own(const struct attack_builder *at, const struct scenario_entry *entry, const char *rest,
                     struct scenario_attack_address *address)
{
    address->kind = SCENARIO_ADDRESS_OWN;
    if (at->attack->attacker.node == SCENARIO_NONE)
        return;
    if (!has_interface(at)) {
        build_error_at(at->builder, at->view, entry, "\"%s\" has no address of its own, only taps",
                       attacker_of(at)->name);
        return;
    }
    if (!rest[0])
        return;
    address->link = build_find_link(at->builder, at->view, entry, rest, false);
    if (address->link != SCENARIO_NONE && !is_on_link(attacker_of(at), address->link))
        build_error_at(at->builder, at->view, entry, "\"%s\" is not on \"%s\"", attacker_of(at)->name, rest);
}

static bool read_prefix(const struct attack_builder *at, const struct scenario_entry *entry, const char *rest,
                        struct scenario_attack_address *address)
{
    unsigned length;
    GError *error = NULL;
    if (!value_parse_prefix(rest, 16, 127, &address->address, &length, &error)) {
        build_error_at(at->builder, at->view, entry, "%s", error->message);
        g_error_free(error);
        return false;
    }
    address->prefix_length = (uint8_t)length;
    return true;
}

/* Addresses that the attacker can answer for: on one of its links. */
static void read_each(const struct attack_builder *at, const struct scenario_entry *entry, const char *rest,
                      struct scenario_attack_address *address)
{
    const struct scenario *scenario = at->builder->scenario;
    address->kind = SCENARIO_ADDRESS_EACH;
    if (at->attack->configuration.action != ATTACK_FLOOD) {
        build_error_at(at->builder, at->view, entry, "own-addresses are for a flood");
        return;
    }
    if (rest[0] && !read_prefix(at, entry, rest, address))
        return;
    if (at->attack->attacker.node == SCENARIO_NONE)
        return;
    const struct scenario_node *attacker = attacker_of(at);
    for (uint32_t i = 0; i < attacker->interface_count; i++) {
        const struct scenario_link *link = &scenario->links[attacker->interfaces[i].link];
        if (link->prefix_length != 64 ||
            (rest[0] && !ipv6_prefix_match(&link->prefix, &address->address, 64)))
            continue;
        if (!rest[0])
            address->address = link->prefix;
        address->prefix_length = MAX(address->prefix_length, 64);
        return;
    }
    build_error_at(at->builder, at->view, entry, "\"%s\" is on no link whose prefix %s", attacker->name,
                   rest[0] ? "that is" : "has 64 bits");
}

/* True: the value begins with this word; *rest is what follows. */
static bool begins_with(const char *text, const char *word, const char **rest)
{
    size_t length = strlen(word);
    if (strncmp(text, word, length) != 0 || (text[length] && !g_ascii_isspace(text[length])))
        return false;
    for (*rest = text + length; g_ascii_isspace(**rest);)
        (*rest)++;
    return true;
}

static void read_named(const struct attack_builder *at, const struct scenario_entry *entry, const char *text,
                       struct scenario_attack_address *address)
{
    if (strchr(text, ':')) {
        GError *error = NULL;
        address->kind = SCENARIO_ADDRESS_GIVEN;
        if (!value_parse_address(text, &address->address, &error)) {
            build_error_at(at->builder, at->view, entry, "%s", error->message);
            g_error_free(error);
        }
        return;
    }
    address->kind = SCENARIO_ADDRESS_NODE;
    if (build_find_node(at->builder, at->view, entry, text, KINDS_ANY_NODE,
                        "own, a node, an address, heard, random PREFIX, own-addresses or none",
                        &address->node) &&
        address->node.count > 1 && address->node.count != at->attack->pairs && at->attack->pairs > 0)
        build_error_at(at->builder, at->view, entry,
                       "\"%s\" are %u nodes, and there are %u pairs of attacker and target", text,
                       address->node.count, at->attack->pairs);
}

static void read_address(const struct attack_builder *at, const char *key,
                         struct scenario_attack_address *address)
{
    const struct scenario_entry *entry = written(at, key);
    const char *rest;
    *address = (struct scenario_attack_address){.kind = SCENARIO_ADDRESS_NONE, .link = SCENARIO_NONE};
    if (!entry || strcmp(entry->value, "none") == 0)
        return;
    if (begins_with(entry->value, "own", &rest)) {
        read_own(at, entry, rest, address);
    } else if (begins_with(entry->value, "own-addresses", &rest)) {
        read_each(at, entry, rest, address);
    } else if (begins_with(entry->value, "random", &rest)) {
        address->kind = SCENARIO_ADDRESS_RANDOM;
        if (rest[0])
            read_prefix(at, entry, rest, address);
        else
            build_error_at(at->builder, at->view, entry, "of which prefix? Expected random PREFIX");
    } else if (strcmp(entry->value, "heard") == 0) {
        address->kind = SCENARIO_ADDRESS_HEARD;
    } else {
        read_named(at, entry, entry->value, address);
    }
}

static void refuse_kind(const struct attack_builder *at, const char *key,
                        const struct scenario_attack_address *address, unsigned kinds, const char *why)
{
    if (kinds & 1u << address->kind)
        complain(at, key, "\"%s\" %s", build_entry(at->view, key)->value, why);
}

/* ---- keys that belong to some actions and messages only ---- */

#define FORGE  (1u << ATTACK_FORGE)
#define REPLAY (1u << ATTACK_REPLAY)
#define FLOOD  (1u << ATTACK_FLOOD)
#define M(x)   (1u << (x))
#define BU     M(MOBILITY_BINDING_UPDATE)
#define BA     M(MOBILITY_BINDING_ACKNOWLEDGEMENT)
#define BE     M(MOBILITY_BINDING_ERROR)
#define PROBES (M(ATTACK_UDP) | M(ATTACK_ECHO_REQUEST))
#define ERRORS M(ATTACK_ICMP_ERROR)
#define ALL    (~0u)

static const struct {
    const char *key;
    unsigned actions, messages;
} uses[] = {
    {"rate", FLOOD, ALL},
    {"source", FORGE | FLOOD, ALL},
    {"from", REPLAY, ALL},
    {"home-address", FORGE | FLOOD, ALL},
    {"care-of-address", FORGE | FLOOD, ALL},
    {"alternate-care-of-address", FORGE | FLOOD, BU},
    {"routing-header", FORGE | FLOOD, PROBES | BA},
    {"home-token", FORGE | FLOOD, BU | BA},
    {"care-of-token", FORGE | FLOOD, BU | BA},
    {"give-up", FORGE, ALL},
    {"otherwise", FORGE, BU},
    {"hold", FORGE, BU},
    {"refresh", FORGE, BU},
    {"then-delete", FORGE, BU},
    {"authorization-data", FORGE | FLOOD, BU | BA},
    {"sequence", FORGE | FLOOD, BU | BA},
    {"lifetime", FORGE | FLOOD, BU | BA},
    {"acknowledge", FORGE | FLOOD, BU},
    {"home-registration", FORGE | FLOOD, BU},
    {"protect", FORGE | FLOOD, BU},
    {"status", FORGE | FLOOD, BA | BE},
    {"type", FORGE | FLOOD, ERRORS},
    {"code", FORGE | FLOOD, ERRORS},
    {"about", FORGE | FLOOD, ERRORS},
    {"payload", FORGE | FLOOD, PROBES},
    {"port", FORGE | FLOOD, M(ATTACK_UDP)},
    {"which", REPLAY, ALL},
    {"after", REPLAY, ALL},
    {"at", REPLAY, ALL},
};

static void check_uses(const struct attack_builder *at)
{
    const struct attack_configuration *configuration = &at->attack->configuration;
    static const char *const actions[] = {
        [ATTACK_FORGE] = "forgery", [ATTACK_REPLAY] = "replay", [ATTACK_FLOOD] = "flood"};
    for (unsigned i = 0; i < G_N_ELEMENTS(uses); i++) {
        if (!build_entry(at->view, uses[i].key))
            continue;
        if (!(uses[i].actions & 1u << configuration->action))
            complain(at, uses[i].key, "a %s has no use for it", actions[configuration->action]);
        else if (!(uses[i].messages & M(configuration->message)))
            complain(at, uses[i].key, "a message of this kind (%s) has no use for it",
                     message_text(configuration->message));
    }
}

/* ---- one attack ---- */

static bool find_parties(const struct attack_builder *at)
{
    struct scenario_attack *attack = at->attack;
    const struct scenario_entry *attacker = written(at, "attacker"), *target = written(at, "target");
    const struct scenario_entry *victim = written(at, "victim"), *protect = written(at, "protect");
    attack->attacker.node = attack->target.node = attack->victim.node = attack->protect.node = SCENARIO_NONE;
    bool found = attacker && build_find_node(at->builder, at->view, attacker, attacker->value,
                                             KIND(SCENARIO_ATTACKER), "an attacker", &attack->attacker);
    found &= target && build_find_node(at->builder, at->view, target, target->value, KINDS_ANY_NODE, "a node",
                                       &attack->target);
    if (victim && strcmp(victim->value, "none") != 0)
        build_find_node(at->builder, at->view, victim, victim->value, KINDS_ANY_NODE, "a node",
                        &attack->victim);
    if (protect && strcmp(protect->value, "none") != 0)
        build_find_node(at->builder, at->view, protect, protect->value, KIND(SCENARIO_MOBILE_NODE),
                        "a mobile node", &attack->protect);
    if (found)
        attack->pairs = build_pairs(at->builder, at->view, target, &attack->attacker, &attack->target);
    return found && attack->pairs > 0;
}

static void check_times(const struct attack_builder *at)
{
    const struct attack_configuration *configuration = &at->attack->configuration;
    time_ns duration = at->builder->scenario->duration;
    char text[2][DURATION_TEXT_SIZE];
    duration_format(configuration->start, text[0]);
    if (duration > 0 && configuration->start >= duration)
        complain(at, "start", "%s is not before the end of the scenario (%s)", text[0],
                 duration_format(duration, text[1]));
    if (configuration->stop <= configuration->start)
        complain(at, "stop", "%s is not after the start (%s)", duration_format(configuration->stop, text[1]),
                 text[0]);
    if (configuration->at != TIME_NEVER && configuration->at < configuration->start)
        complain(at, "at", "%s is before the start (%s)", duration_format(configuration->at, text[1]),
                 text[0]);
    if (written(at, "at") && written(at, "after"))
        complain(at, "after", "it is replayed either so long after it was heard, or at a time");
}

/* N/s, N/min, N/h */
static void read_rate(const struct attack_builder *at)
{
    static const struct {
        const char *unit;
        time_ns length;
    } units[] = {{"s", SECONDS(1)}, {"min", SECONDS(60)}, {"h", SECONDS(3600)}};
    const struct scenario_entry *entry = written(at, "rate");
    if (!entry)
        return;
    if (written(at, "interval"))
        complain(at, "rate", "there is an interval already");
    char **parts = value_split(entry->value, '/');
    uint64_t number = 0;
    time_ns length = 0;
    for (unsigned i = 0; g_strv_length(parts) == 2 && i < G_N_ELEMENTS(units); i++)
        if (strcmp(parts[1], units[i].unit) == 0)
            length = units[i].length;
    if (length == 0 || !value_parse_integer(parts[0], 1, 1000000000, &number, NULL))
        complain(at, "rate", "\"%s\" is not so many in a time; expected 10000/s, 30/min or the like",
                 entry->value);
    else
        at->attack->configuration.interval = MAX(length / (time_ns)number, 1);
    g_strfreev(parts);
}

static void read_sequence(const struct attack_builder *at)
{
    struct attack_configuration *configuration = &at->attack->configuration;
    const char *text = at->attack->sequence;
    uint64_t number;
    configuration->sequence_choice = ATTACK_SEQUENCE_NEXT;
    if (!text || strcmp(text, "next") == 0)
        return;
    configuration->sequence_choice = ATTACK_SEQUENCE_RANDOM;
    if (strcmp(text, "random") == 0)
        return;
    configuration->sequence_choice = ATTACK_SEQUENCE_FIXED;
    if (value_parse_integer(text, 0, UINT16_MAX, &number, NULL))
        configuration->sequence = (uint16_t)number;
    else
        complain(at, "sequence", "\"%s\" is none of next, random, a number to 65535", text);
}

static void read_choice(const struct attack_builder *at)
{
    static const char *const words[] = {"first", "last", "all", NULL};
    G_STATIC_ASSERT(ATTACK_CHOICE_FIRST == 0 && ATTACK_CHOICE_LAST == 1 && ATTACK_CHOICE_ALL == 2);
    struct attack_configuration *configuration = &at->attack->configuration;
    const char *text = at->attack->which;
    uint64_t number;
    unsigned index;
    if (!text)
        return;
    configuration->choice = ATTACK_CHOICE_NUMBER;
    if (value_parse_integer(text, 1, UINT32_MAX, &number, NULL))
        configuration->number = (uint32_t)number;
    else if (value_parse_word(text, words, &index, NULL))
        configuration->choice = (uint8_t)index;
    else
        complain(at, "which", "\"%s\" is none of first, last, all, a number from 1", text);
}

static void find_place(const struct attack_builder *at)
{
    const struct scenario_entry *entry = written(at, "send-on");
    at->attack->send_on = SCENARIO_NONE;
    if (!entry)
        return;
    uint32_t link = build_find_link(at->builder, at->view, entry, entry->value, false);
    if (link == SCENARIO_NONE || at->attack->attacker.node == SCENARIO_NONE)
        return;
    const struct scenario_node *attacker = attacker_of(at);
    bool there = is_on_link(attacker, link);
    for (uint32_t i = 0; i < attacker->tap_count; i++)
        there |= attacker->taps[i] == link;
    if (there)
        at->attack->send_on = link;
    else
        build_error_at(at->builder, at->view, entry, "\"%s\" is neither on \"%s\" nor taps it",
                       attacker->name, entry->value);
}

static void own_by_default(const struct attack_builder *at, const char *key,
                           struct scenario_attack_address *address)
{
    if (address->kind != SCENARIO_ADDRESS_NONE || written(at, key))
        return;
    if (at->attack->attacker.node != SCENARIO_NONE && !has_interface(at))
        complain(at, key, "this key is missing: \"%s\" has no address of its own", attacker_of(at)->name);
    address->kind = SCENARIO_ADDRESS_OWN;
}

/* The addresses that this message cannot do without. */
static void complete_addresses(const struct attack_builder *at)
{
    struct scenario_attack *attack = at->attack;
    switch (attack->configuration.message) {
    case MOBILITY_BINDING_UPDATE:
        own_by_default(at, "care-of-address", &attack->care_of_address);
        if (attack->home_address.kind == SCENARIO_ADDRESS_NONE && !build_entry(at->view, "home-address"))
            complain(at, "home-address", "this key is missing: a Binding Update is about a home address");
        if (attack->configuration.alternate_care_of_address)
            own_by_default(at, "source", &attack->source);
        else if (attack->source.kind != SCENARIO_ADDRESS_NONE)
            complain(at, "source",
                     "a Binding Update comes from its care-of address, unless that is to be an "
                     "alternate-care-of-address");
        refuse_kind(at, "home-address", &attack->home_address, 1u << SCENARIO_ADDRESS_HEARD,
                    "is about care-of addresses");
        break;
    case MOBILITY_HOME_TEST_INIT:
        if (attack->home_address.kind == SCENARIO_ADDRESS_NONE)
            own_by_default(at, "source", &attack->source);
        break;
    case MOBILITY_CARE_OF_TEST_INIT:
        if (attack->care_of_address.kind == SCENARIO_ADDRESS_NONE)
            own_by_default(at, "source", &attack->source);
        break;
    default:
        own_by_default(at, "source", &attack->source);
        break;
    }
}

static void check_keys(const struct attack_builder *at)
{
    const struct scenario_attack *attack = at->attack;
    const struct attack_configuration *configuration = &attack->configuration;
    bool by_key = configuration->home_token == ATTACK_TOKEN_STATIC_KEY;
    if (by_key != (configuration->care_of_token == ATTACK_TOKEN_STATIC_KEY)) {
        complain(at, by_key ? "care-of-token" : "home-token",
                 "one token by static key, the other not: a static key makes both (RFC 4449, 3)");
        return;
    }
    const struct scenario_knowledge *knowledge = &attacker_of(at)->knowledge;
    bool known = false;
    for (uint32_t i = 0; i < knowledge->key_count; i++)
        known |= knowledge->keys[i].correspondent.node == attack->target.node &&
                 attack->home_address.kind == SCENARIO_ADDRESS_NODE &&
                 knowledge->keys[i].mobile_node.node == attack->home_address.node.node;
    if (by_key && !known)
        complain(at, "home-token",
                 "\"%s\" does not know the static key of the home address and \"%s\": say so with knows = "
                 "MOBILE-NODE %s",
                 attacker_of(at)->name, at->builder->scenario->nodes[attack->target.node].name,
                 at->builder->scenario->nodes[attack->target.node].name);
    known = attack->protect.node == SCENARIO_NONE;
    for (uint32_t i = 0; i < knowledge->association_count; i++)
        known |= knowledge->associations[i].node == attack->protect.node;
    if (!known)
        complain(at, "protect", "\"%s\" does not know its security associations: say so with knows = esp %s",
                 attacker_of(at)->name, build_entry(at->view, "protect")->value);
}

static void build_replay(const struct attack_builder *at)
{
    const unsigned vague = 1u << SCENARIO_ADDRESS_HEARD | 1u << SCENARIO_ADDRESS_RANDOM;
    read_choice(at);
    refuse_kind(at, "from", &at->attack->from, vague, "is no address of a message heard");
    refuse_kind(at, "to", &at->attack->to, vague, "is no address of a message heard");
}

static void build_forgery(const struct attack_builder *at)
{
    struct attack_configuration *configuration = &at->attack->configuration;
    if (configuration->message == ATTACK_ESP || configuration->message == ATTACK_OTHER)
        complain(at, "message", "this can be replayed, not made up");
    if (configuration->message == ATTACK_ICMP_ERROR && read_message(at, "about", &configuration->about) &&
        configuration->about >= ATTACK_ICMP_ERROR)
        complain(at, "about", "an ICMPv6 error is not about that");
    if (configuration->message == MOBILITY_BINDING_ERROR && !written(at, "status"))
        configuration->status = BINDING_ERROR_UNKNOWN_BINDING;
    refuse_kind(at, "source", &at->attack->source, 1u << SCENARIO_ADDRESS_HEARD, "is no source");
    refuse_kind(at, "routing-header", &at->attack->routing_header, 1u << SCENARIO_ADDRESS_HEARD,
                "is no home address");
    complete_addresses(at);
    check_keys(at);
}

static void build_attack(const struct attack_builder *at)
{
    struct scenario_attack *attack = at->attack;
    struct attack_configuration *configuration = &attack->configuration;
    bool found = find_parties(at);
    bool understood = read_message(at, "message", &configuration->message);
    if (!written(at, "count"))
        configuration->count = configuration->action == ATTACK_FLOOD ? 0 : 1;
    check_times(at);
    read_rate(at);
    read_sequence(at);
    find_place(at);
    read_address(at, "source", &attack->source);
    read_address(at, "to", &attack->to);
    read_address(at, "from", &attack->from);
    read_address(at, "home-address", &attack->home_address);
    read_address(at, "care-of-address", &attack->care_of_address);
    read_address(at, "routing-header", &attack->routing_header);
    if (!found || !understood)
        return;
    check_uses(at);
    if (configuration->action == ATTACK_REPLAY)
        build_replay(at);
    else
        build_forgery(at);
}

void build_attacks(struct builder *builder)
{
    uint64_t total = 0;
    build_knowledge(builder);
    for (unsigned i = 0; i < builder->storage->view_count; i++) {
        const struct scenario_view *view = &builder->storage->views[i];
        if (view->kind != SECTION_ATTACK)
            continue;
        struct attack_builder at = {builder, view, view->record};
        build_attack(&at);
        at.attack->first = (uint32_t)total;
        total += at.attack->pairs;
        if (total > ATTACKS_MAX) {
            build_error(builder, view, NULL, "with these the scenario has more than %d attacks", ATTACKS_MAX);
            break;
        }
    }
    builder->scenario->attack_total = (uint32_t)MIN(total, ATTACKS_MAX);
}
