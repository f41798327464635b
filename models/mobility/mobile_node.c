/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobile_node.c - the mobile node's state, its Binding Update List as a collection, and what everyone else
 * asks of it (RFC 6275, 11.1).
 *
 * The mobile node is five chapters and this opening one:
 *
 *     movement.c                 which link this is; care-of address; returning home (11.5)
 *     binding_update_list.c      registrations, one machine an entry (11.7, 11.8)
 *     binding_acknowledgement.c  what peers answer (11.7.3, 11.7.4, 11.3.6)
 *     mobile_node_packets.c      how packets travel while away (11.3)
 *     return_routability.c       one way to authorize Binding Updates to correspondents (11.6)
 *
 * States, and what moves them:
 *
 *     UNATTACHED   link down, or no advertisement heard   -> by the first one, any of the next three
 *     AT_HOME      the home prefix is advertised here, and the home agent holds no binding
 *     CONFIGURING  a foreign prefix is advertised here    -> REGISTERING when a care-of address is usable
 *     REGISTERING  home Binding Update sent               -> REGISTERED by the acknowledgement
 *     REGISTERED   the home agent knows the present care-of address
 *     RETURNING    the home prefix is advertised here     -> AT_HOME when its binding is gone
 *
 * A link that goes down, or a new link found, leads from any state to UNATTACHED or to the new link's.
 *
 * Each home address has such a state, and a Binding Update List, of its own: a node can be at home as one and
 * away as another. The first is part of the mobile node's structure, since most nodes have but one. An entry
 * knows its home address by number, for which there was room. What home addresses have in common is the link
 * and the care-of address (movement.c), the care-of keygen token of each correspondent
 * (return_routability.c), and how often a peer may be sent a message (update_rate_include).
 *
 * The list is a chain in order of arrival, with a hash beside it once it is long: most nodes have two
 * entries, and a node with a thousand correspondents must not look through them for each packet.
 */
#include "models/mobility/mobile_node.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/mobility/home_agent_discovery.h"
#include "models/mobility/mobility.h"
#include "models/mobility/prefix_discovery.h"
#include "models/mobility/static_key.h"

#define INDEX_FROM 8 /* entries; with fewer, looking through the chain is as fast */

const struct mobile_node_configuration mobile_node_configuration_default = {
    .home_lifetime = 900, /* one hour */
    .first_registration_timeout = MILLISECONDS(1500),
    .link_local_compatibility = true,
    .default_policy =
        {
            .method = &authorization_return_routability,
            .order = ORDER_AFTER_HOME_ACKNOWLEDGEMENT,
            .trigger = TRIGGER_TRAFFIC,
            .lifetime = MAX_RR_BINDING_LIFETIME / BINDING_LIFETIME_UNIT,
            .acknowledge = true,
            .reuse_tokens = true,
        },
};

struct mobile_node *mobile_node_of(const struct node *node)
{
    return node->mobility->mobile_node;
}

/* -- home addresses -- */

struct mobile_home *mobile_node_find_home(const struct node *node, const struct ipv6_address *home_address)
{
    struct mobile_home *home = &mobile_node_of(node)->home;
    while (home && !ipv6_address_equal(&home->home_address, home_address))
        home = home->next;
    return home;
}

struct mobile_home *mobile_home_of(const struct node *node, const struct binding_update_entry *entry)
{
    struct mobile_home *home = &mobile_node_of(node)->home;
    for (unsigned i = entry->home; i > 0; i--)
        home = home->next;
    return home;
}

static unsigned number_of(const struct node *node, const struct mobile_home *home)
{
    unsigned number = 0;
    for (const struct mobile_home *at = &mobile_node_of(node)->home; at != home; at = at->next)
        number++;
    return number;
}

/* -- reports -- */

void mobile_node_report(struct node *node, const struct mobile_home *home, struct protocol_event *event,
                        time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    if (!environment_watches(node->environment, event->kind))
        return;
    event->time = now;
    event->interface = mobile->interface->index;
    event->home_address = &home->home_address;
    node->environment->operations->report(node->environment, event);
}

static const char *state_name(enum mobile_node_state state)
{
    static const char *const names[] = {
        [MOBILE_NODE_UNATTACHED] = "unattached",   [MOBILE_NODE_AT_HOME] = "at home",
        [MOBILE_NODE_CONFIGURING] = "configuring", [MOBILE_NODE_REGISTERING] = "registering",
        [MOBILE_NODE_REGISTERED] = "registered",   [MOBILE_NODE_RETURNING] = "returning home",
    };
    return names[state];
}

void mobile_node_change_state(struct node *node, struct mobile_home *home, enum mobile_node_state state,
                              time_ns now)
{
    enum mobile_node_state from = home->state;
    if (from == state)
        return;
    home->state = state;
    struct protocol_event event = {
        .kind = EVENT_STATE,
        .message = "mobile node",
        .from = state_name(from),
        .to = state_name(state),
        .care_of_address = &mobile_node_of(node)->care_of_address,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    mobile_node_report(node, home, &event, now);
}

/* -- the Binding Update List as a collection -- */

/* Open addressing with linear probing. At least half of the places are free (NULL). */
struct peer_index {
    uint32_t mask;    /* places - 1; there is a power of two of them */
    uint32_t entries;
    struct binding_update_entry *places[];
};

static uint32_t peer_index_home(const struct peer_index *index, const struct ipv6_address *peer)
{
    return (uint32_t)ipv6_address_hash(peer) & index->mask;
}

struct binding_update_entry *mobile_home_find_entry(const struct mobile_home *home,
                                                    const struct ipv6_address *peer)
{
    const struct peer_index *index = home->index;
    if (index) {
        uint32_t at = peer_index_home(index, peer);
        while (index->places[at] && !ipv6_address_equal(&index->places[at]->peer, peer))
            at = (at + 1) & index->mask;
        return index->places[at];
    }
    struct binding_update_entry *entry = home->entries;
    while (entry && !ipv6_address_equal(&entry->peer, peer))
        entry = entry->next;
    return entry;
}

static void peer_index_add(struct peer_index *index, struct binding_update_entry *entry)
{
    uint32_t at = peer_index_home(index, &entry->peer);
    while (index->places[at])
        at = (at + 1) & index->mask;
    index->places[at] = entry;
    index->entries++;
}

/* Those behind the gap take their places anew. */
static void peer_index_remove(struct peer_index *index, const struct binding_update_entry *entry)
{
    uint32_t at = peer_index_home(index, &entry->peer);
    while (index->places[at] != entry)
        at = (at + 1) & index->mask;
    index->places[at] = NULL;
    index->entries--;
    while (index->places[at = (at + 1) & index->mask]) {
        struct binding_update_entry *moved = index->places[at];
        index->places[at] = NULL;
        index->entries--;
        peer_index_add(index, moved);
    }
}

/* Without memory for it there is no index, and the chain serves. */
static void build_index(struct mobile_home *home, uint32_t places)
{
    free(home->index);
    home->index = calloc(1, sizeof(*home->index) + places * sizeof(home->index->places[0]));
    if (!home->index)
        return;
    home->index->mask = places - 1;
    for (struct binding_update_entry *entry = home->entries; entry; entry = entry->next)
        peer_index_add(home->index, entry);
}

static bool are_many(const struct mobile_home *home)
{
    unsigned count = 0;
    for (const struct binding_update_entry *entry = home->entries; entry; entry = entry->next)
        if (++count > INDEX_FROM)
            return true;
    return false;
}

/* It stands in the chain. */
static void index_entry(struct mobile_home *home, struct binding_update_entry *entry)
{
    struct peer_index *index = home->index;
    if (index && 2 * (index->entries + 1) <= index->mask)
        peer_index_add(index, entry);
    else if (index || are_many(home))
        build_index(home, index ? 2 * (index->mask + 1) : 4 * INDEX_FROM);
}

static uint16_t first_sequence_number(struct node *node)
{
    uint8_t octets[2];
    node->environment->operations->random(node->environment, RANDOM_SEQUENCE, octets, sizeof(octets));
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

/* The home agent's entry goes in front, a correspondent's to the end: the order in which updates leave is the
 * order of arrival. */
static void link_entry(struct mobile_home *home, struct binding_update_entry *entry)
{
    struct binding_update_entry **at = &home->entries;
    while (*at && !entry->home_registration)
        at = &(*at)->next;
    entry->next = *at;
    *at = entry;
    index_entry(home, entry);
}

struct binding_update_entry *mobile_home_add_entry(struct node *node, struct mobile_home *home,
                                                   const struct ipv6_address *peer,
                                                   const struct correspondent_policy *policy)
{
    struct binding_update_entry *entry = calloc(1, sizeof(*entry));
    if (!entry)
        return NULL;
    entry->peer = *peer;
    entry->policy = policy;
    entry->home = (uint8_t)number_of(node, home);
    entry->home_registration = policy == NULL;
    entry->sequence = first_sequence_number(node);
    if (policy && policy->method->recall)
        policy->method->recall(node, entry);
    timer_init(&entry->timer, binding_update_entry_expired);
    link_entry(home, entry);
    return entry;
}

static void free_entry(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    if (entry->policy)
        entry->policy->method->cancel(node, entry, now);
    free(entry->tests);
    node_disarm(node, &entry->timer);
    free(entry);
}

void mobile_node_remove_entry(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    struct mobile_home *home = mobile_home_of(node, entry);
    struct binding_update_entry **at = &home->entries;
    while (*at != entry)
        at = &(*at)->next;
    *at = entry->next;
    if (home->index)
        peer_index_remove(home->index, entry);
    free_entry(node, entry, now);
}

struct binding_update_entry *mobile_home_registration(const struct mobile_home *home)
{
    return home->entries && home->entries->home_registration ? home->entries : NULL;
}

/* "A mobile node MUST use a different value for Kcn for each node in its Binding Update List" (RFC 4449,
 * 4). */
static bool key_is_fit(const struct node *node, const struct mobile_home *home,
                       const struct ipv6_address *correspondent, const struct correspondent_policy *policy)
{
    if (policy->method != &authorization_static_key || !policy->static_key)
        return true; /* a key that is missing shows when it is needed */
    if (!static_key_is_valid(policy->static_key))
        return false;
    for (const struct mobile_home *at = &mobile_node_of(node)->home; at; at = at->next)
        for (const struct binding_update_entry *entry = at->entries; entry; entry = entry->next)
            if (entry->policy && entry->policy->static_key &&
                !(at == home && ipv6_address_equal(&entry->peer, correspondent)) &&
                static_key_same_kcn(entry->policy->static_key, policy->static_key))
                return false;
    return true;
}

int mobile_home_set_policy(struct node *node, struct mobile_home *home,
                           const struct ipv6_address *correspondent,
                           const struct correspondent_policy *policy)
{
    if (!ipv6_address_is_unicast_routable(correspondent) ||
        ipv6_address_equal(correspondent, &home->home_agent) ||
        !key_is_fit(node, home, correspondent, policy))
        return ERROR_ARGUMENT;
    if (mobile_home_find_entry(home, correspondent))
        return ERROR_EXISTS;
    struct binding_update_entry *entry = mobile_home_add_entry(node, home, correspondent, policy);
    if (!entry)
        return ERROR_MEMORY;
    entry->configured = true;
    entry->wanted = policy->trigger == TRIGGER_ALWAYS;
    return 0;
}

int mobile_node_set_policy(struct node *node, const struct ipv6_address *correspondent,
                           const struct correspondent_policy *policy)
{
    return mobile_home_set_policy(node, &mobile_node_of(node)->home, correspondent, policy);
}

int mobile_home_replace_policy(struct node *node, struct mobile_home *home,
                               const struct ipv6_address *correspondent,
                               const struct correspondent_policy *policy, time_ns now)
{
    struct binding_update_entry *entry = mobile_home_find_entry(home, correspondent);
    if (!entry || !entry->configured)
        return ERROR_NOT_FOUND;
    if (policy->method != entry->policy->method || !key_is_fit(node, home, correspondent, policy))
        return ERROR_ARGUMENT;
    entry->policy = policy;
    entry->wanted |= policy->trigger == TRIGGER_ALWAYS;
    entry->key_of_another_address = false;
    if (policy->method->recall)
        policy->method->recall(node, entry);
    correspondent_registration_policy_changed(node, entry, now);
    return 0;
}

/* The index goes first: it must not be asked about entries that are gone. */
static void free_home(struct node *node, struct mobile_home *home)
{
    home_agent_search_free(node, home);
    prefix_discovery_free(node, home);
    free(home->index);
    home->index = NULL;
    while (home->entries) {
        struct binding_update_entry *entry = home->entries;
        home->entries = entry->next;
        free_entry(node, entry, 0);
    }
}

void mobile_node_free(struct node *node)
{
    struct mobile_node *mobile = mobile_node_of(node);
    node_disarm(node, &mobile->timer);
    for (struct mobile_home *home = &mobile->home; home; home = home->next)
        free_home(node, home);
    while (mobile->home.next) {
        struct mobile_home *home = mobile->home.next;
        mobile->home.next = home->next;
        free(home);
    }
}

/* -- how often (11.8) -- */

static int32_t update_age(uint32_t sent, time_ns now)
{
    return (int32_t)((uint32_t)(now / MILLISECONDS(1)) + 1 - sent);
}

bool update_rate_allows(struct update_rate *rate, time_ns *when, time_ns now)
{
    /* Rounded up when remembered, down when compared: the rate is never exceeded, and 32 bits of milliseconds
     * suffice. What is older than 24 days has come round to the future, and is not taken for recent. */
    uint32_t oldest = rate->sent[MAX_UPDATE_RATE - 1];
    time_ns milliseconds = now / MILLISECONDS(1);
    int32_t age = update_age(oldest, now);
    if (oldest && age >= -1 && age < 1000) {
        *when = MILLISECONDS(milliseconds + 1000 - age);
        return false;
    }
    for (unsigned i = MAX_UPDATE_RATE - 1; i > 0; i--)
        rate->sent[i] = rate->sent[i - 1];
    rate->sent[0] = (uint32_t)((now + MILLISECONDS(1) - 1) / MILLISECONDS(1)) + 1;
    return true;
}

void update_rate_include(struct update_rate *rate, const struct update_rate *other, time_ns now)
{
    struct update_rate both = {{0}};
    for (unsigned i = 0, a = 0, b = 0; i < MAX_UPDATE_RATE; i++) {
        uint32_t age = (uint32_t)update_age(rate->sent[a], now) + 1;
        uint32_t other_age = (uint32_t)update_age(other->sent[b], now) + 1;
        bool newer = other->sent[b] && (!rate->sent[a] || other_age < age);
        both.sent[i] = newer ? other->sent[b++] : rate->sent[a++];
    }
    *rate = both;
}
