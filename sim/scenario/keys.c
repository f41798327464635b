/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.c - see keys.h: the kinds of sections, and finding what is in the table. The keys themselves are in
 * keys_*.c, a chapter each. Help texts are one line; what needs more room is told in the introduction of the
 * reference page.
 */
#include "sim/scenario/keys.h"

#include <string.h>

#include "sim/scenario/keys_table.h"
#include "sim/scenario/source.h"

const struct scenario_section_kind scenario_section_kinds[SECTION_KINDS] = {
    [SECTION_SCENARIO] =
        {"scenario", "", 0, true, scenario_keys_of_study,
         "What the scenario is called, how long it takes, how often it is run."},
    [SECTION_PARAMETERS] =
        {"parameters", "", 0, true, scenario_keys_of_study,
         "Names for values: ${NAME} in the value of a key, in a time of [at], or for who does something "
         "then, is the value. They are for the sweep, and for what is the same in several places."},
    [SECTION_LAN] =
        {"lan", "NAME", 1, false, scenario_keys_of_links,
         "An Ethernet: real frames, Neighbor Discovery, Router Advertisements. A mobile node is attached "
         "at once."},
    [SECTION_ACCESS_LAN] =
        {"access-lan", "NAME", 1, false, scenario_keys_of_links,
         "A LAN that mobile nodes reach by a link-layer handover, which takes its time."},
    [SECTION_POINT_TO_POINT] =
        {"point-to-point", "NAME", 1, false, scenario_keys_of_links,
         "A link between two nodes."},
    [SECTION_ROUTER] =
        {"router", "NAME", 1, false, scenario_keys_of_nodes,
         "A router; its routes are computed from the topology."},
    [SECTION_HOST] =
        {"host", "NAME", 1, false, scenario_keys_of_nodes,
         "A plain IPv6 host that knows nothing of mobility."},
    [SECTION_HOME_AGENT] =
        {"home-agent", "NAME", 1, false, scenario_keys_of_nodes,
         "A home agent (RFC 6275, 10): the home link's router, or a host beside it."},
    [SECTION_CORRESPONDENT_NODE] =
        {"correspondent-node", "NAME", 1, false, scenario_keys_of_nodes,
         "A host that supports route optimization (RFC 6275, 9)."},
    [SECTION_MOBILE_NODE] =
        {"mobile-node", "NAME", 1, false, scenario_keys_of_nodes,
         "A mobile node (RFC 6275, 11). [movement] and [at] sections move it."},
    [SECTION_ATTACKER] =
        {"attacker", "NAME", 1, false, scenario_keys_of_nodes,
         "A host that hears every frame on its LANs and taps, whoever it is for, and may send any. What it "
         "does is in [attack] sections."},
    [SECTION_HOME_ADDRESS] =
        {"home-address", "NAME", 1, false, scenario_keys_of_nodes,
         "One more home address of a mobile node, on its home link or another one (RFC 6275, 11.7.1). The "
         "name stands for it in [peers] and [flow], the node's own name for the first."},
    [SECTION_PEERS] =
        {"peers", "MOBILE-NODE CORRESPONDENT", 2, false, scenario_keys_of_nodes,
         "How a mobile node tells a correspondent where it is, and what the two share. A mobile node's "
         "name is for all its home addresses but those that have a section of their own."},
    [SECTION_FLOW] =
        {"flow", "NAME", 1, false, scenario_keys_of_nodes,
         "UDP datagrams from one node to another."},
    [SECTION_MOVEMENT] =
        {"movement", "MOBILE-NODE", 1, false, scenario_keys_of_events,
         "How a mobile node, a group or one of a group moves by itself. [at] sections may move it besides."},
    [SECTION_ATTACK] =
        {"attack", "NAME", 1, false, scenario_keys_of_attacks,
         "What an attacker does, with what it hears and has been given and nothing else (RFC 6275, 15; RFC "
         "4225; RFC 4449, 2). One for each pair, where attackers or targets are groups."},
    [SECTION_FAULT] =
        {"fault", "NAME", 1, false, scenario_keys_of_events,
         "What happens to chosen packets, such as the second Home Test."},
    [SECTION_AT] =
        {"at", "TIME[..TIME step TIME] [spread DISTRIBUTION]", 0, false, scenario_keys_of_events,
         "What happens then: movement and faults. Once, or again and again; at that very time, or for each "
         "node and time later by a random spread."},
    [SECTION_SWEEP] =
        {"sweep", "", 0, true, scenario_keys_of_study,
         "Keys to try several values of: the run takes every combination. The last line varies fastest."},
    [SECTION_EXPECT] =
        {"expect", "[SECTION / KEY = VALUE]", 0, true, scenario_keys_of_study,
         "What must hold; each run judges it, and a run whose expectations fail exits with status 3. With "
         "a key and its value: only where that is in force. It is about the file it stands in, and not "
         "inherited by one that extends it."},
    [SECTION_VERIFY] =
        {"verify", "", 0, true, scenario_keys_of_study,
         "By how much mip6sim verify lets columns of handovers.csv and flows.csv differ from the "
         "reference. Nothing here: not at all. With tolerances neither fingerprints nor single messages "
         "are compared."},
    [SECTION_OUTPUT] =
        {"output", "", 0, true, scenario_keys_of_study,
         "What to write besides the tables."},
};

enum section_kind scenario_section_kind(const char *section_name)
{
    size_t length = strcspn(section_name, " ");
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++) {
        const char *name = scenario_section_kinds[kind].name;
        if (strlen(name) == length && memcmp(name, section_name, length) == 0)
            return kind;
    }
    return SECTION_KINDS;
}

bool scenario_section_is_single(const char *section_name)
{
    enum section_kind kind = scenario_section_kind(section_name);
    return kind != SECTION_KINDS && scenario_section_kinds[kind].single &&
           strcmp(scenario_section_kinds[kind].name, section_name) == 0;
}

static bool key_is_chosen_by_author(const struct scenario_key *key)
{
    return g_ascii_isupper(key->name[0]);
}

/* From this one of a chapter on. */
static const struct scenario_key *first_of_kind(enum section_kind kind, const struct scenario_key *key)
{
    for (; key->name; key++)
        if (key->sections & IN(kind))
            return key;
    return NULL;
}

const struct scenario_key *scenario_key_next(enum section_kind kind, const struct scenario_key *key)
{
    return first_of_kind(kind, key ? key + 1 : scenario_section_kinds[kind].keys);
}

const struct scenario_key *scenario_key_find(enum section_kind kind, const char *name)
{
    if (kind == SECTION_KINDS)
        return NULL;
    const struct scenario_key *chosen = NULL;
    for (const struct scenario_key *key = NULL; (key = scenario_key_next(kind, key));) {
        if (strcmp(key->name, name) == 0)
            return key;
        if (!chosen && key_is_chosen_by_author(key))
            chosen = key;
    }
    return chosen;
}

const char *scenario_probably_meant_key(enum section_kind kind, const char *name)
{
    if (kind == SECTION_KINDS)
        return NULL;
    GPtrArray *words = g_ptr_array_new();
    for (const struct scenario_key *key = NULL; (key = scenario_key_next(kind, key));)
        if (!key_is_chosen_by_author(key))
            g_ptr_array_add(words, (gpointer)key->name);
    g_ptr_array_add(words, NULL);
    const char *meant = scenario_probably_meant(name, (const char *const *)words->pdata);
    g_ptr_array_free(words, TRUE);
    return meant;
}

const char *scenario_probably_meant_section(const struct scenario_source *source, const char *name)
{
    GPtrArray *words = g_ptr_array_new();
    for (unsigned i = 0; i < source->sections->len; i++) {
        const struct scenario_section *section = g_ptr_array_index(source->sections, i);
        if (scenario_section_kind(section->name) != SECTION_KINDS)
            g_ptr_array_add(words, (gpointer)section->name);
    }
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++)
        g_ptr_array_add(words, (gpointer)scenario_section_kinds[kind].name);
    g_ptr_array_add(words, NULL);
    const char *meant = scenario_probably_meant(name, (const char *const *)words->pdata);
    g_ptr_array_free(words, TRUE);
    return meant;
}
