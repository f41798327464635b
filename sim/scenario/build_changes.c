/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_changes.c - what the operator changes while time goes by: parameters of links, nodes and peers,
 * written as their keys are; addresses and static routes; security associations.
 *
 * Which keys may be changed is said by the table of keys. They are read by the same code as in their
 * sections, so that there is one judge of values; what keys have to do with each other is judged once more
 * when all changes are known, in their order (RFC 4861, 6.2.1).
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/value.h"

static const enum section_kind link_sections[] = {
    [SCENARIO_LAN] = SECTION_LAN,
    [SCENARIO_ACCESS_LAN] = SECTION_ACCESS_LAN,
    [SCENARIO_POINT_TO_POINT] = SECTION_POINT_TO_POINT,
};

static const enum section_kind node_sections[] = {
    [SCENARIO_ROUTER] = SECTION_ROUTER,           [SCENARIO_HOST] = SECTION_HOST,
    [SCENARIO_HOME_AGENT] = SECTION_HOME_AGENT,   [SCENARIO_CORRESPONDENT_NODE] = SECTION_CORRESPONDENT_NODE,
    [SCENARIO_MOBILE_NODE] = SECTION_MOBILE_NODE, [SCENARIO_ATTACKER] = SECTION_ATTACKER,
};

bool build_is_changeable(enum section_kind kind, const char *name)
{
    const struct scenario_key *key = scenario_key_find(kind, name);
    return key && key->changeable;
}

const char *build_probably_meant_change(const char *const *words, unsigned sections, const char *name)
{
    GPtrArray *all = g_ptr_array_new();
    for (; *words; words++)
        g_ptr_array_add(all, (gpointer)*words);
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++)
        for (const struct scenario_key *key = NULL; (key = scenario_key_next(kind, key));)
            if (key->changeable && (IN(kind) & sections))
                g_ptr_array_add(all, (gpointer)key->name);
    g_ptr_array_add(all, NULL);
    const char *meant = scenario_probably_meant(name, (const char *const *)all->pdata);
    g_ptr_array_free(all, TRUE);
    return meant;
}

/* -- parameters -- */

/* The value, as the key of a section would be written, into a record of its own, which is zero elsewhere. */
static bool read_change(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, const struct scenario_key *key, const char *value,
                        size_t record_size, struct scenario_change *change)
{
    if (!value[0]) {
        char *type = scenario_key_type_text(key);
        build_error_at(builder, view, entry, "%s: to which value? Expected %s VALUE (%s)", key->name,
                       key->name, type);
        g_free(type);
        return false;
    }
    void *made = build_memory(builder, 1, record_size);
    struct scenario_view place = *view;
    GError *error = NULL;
    unsigned told = scenario_messages_told(builder->messages);
    place.record = made;
    if (!build_store(builder, &place, key, entry, value, &error)) {
        build_error_at(builder, view, entry, "%s: %s", key->name, error->message);
        g_error_free(error);
        return false;
    }
    change->value = (const char *)made + key->offset;
    change->offset = key->offset;
    change->size = key->type == VALUE_DURATION_RANGE ? 2 * key->size : key->size;
    return scenario_messages_told(builder->messages) == told;
}

bool build_link_change(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const char *name, const char *value,
                       struct scenario_action *action)
{
    const struct scenario_link *link = &builder->scenario->links[action->link];
    const struct scenario_key *key = scenario_key_find(link_sections[link->kind], name);
    if (!key) {
        if (g_str_has_prefix(name, "reverse-"))
            build_error_at(builder, view, entry,
                           "\"%s\" is a LAN, the same in all directions; did you mean \"%s\"?", link->name,
                           name + strlen("reverse-"));
        else if (strcmp(name, "handover-delay") == 0)
            build_error_at(builder, view, entry, "\"%s\" has no %s: it is no access-lan", link->name, name);
        else
            build_error_at(builder, view, entry, "\"%s\" has no %s: it is a point-to-point link, no LAN",
                           link->name, name);
        return false;
    }
    action->verb = SCENARIO_CHANGE;
    if (!read_change(builder, view, entry, key, value, sizeof *link, &action->change))
        return false;
    action->change.both_directions = key->offset >= offsetof(struct scenario_link, forward) &&
                                     key->offset < offsetof(struct scenario_link, backward);
    return true;
}

/* The first word, and what is behind it. */
static char *split_word(const char *text, const char **rest)
{
    size_t length = strcspn(text, " \t");
    *rest = text + length + strspn(text + length, " \t");
    return g_strndup(text, length);
}

bool build_node_change(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, struct scenario_action *action)
{
    const char *value;
    char *name = split_word(entry->value, &value);
    const struct scenario_node *node = &builder->scenario->nodes[action->who.node];
    const struct scenario_key *key = scenario_key_find(node_sections[node->kind], name);
    action->verb = SCENARIO_CONFIGURE;
    bool good = read_change(builder, view, entry, key, value, sizeof *node, &action->change);
    g_free(name);
    return good;
}

bool build_policy_change(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, struct scenario_action *action)
{
    const char *value;
    char *name = split_word(entry->value, &value);
    const struct scenario_key *key = scenario_key_find(SECTION_PEERS, name);
    action->verb = SCENARIO_POLICY;
    bool good = read_change(builder, view, entry, key, value, sizeof(struct scenario_peers), &action->change);
    g_free(name);
    return good;
}

/* A link's advertisements as they are at an instant, all that happens then included. */
static struct scenario_advertisements advertisements_at(const struct scenario_link *link,
                                                        const GPtrArray *changes, time_ns instant)
{
    struct scenario_link now = *link;
    for (int passing = 0; passing < 2; passing++)
        for (guint i = 0; i < changes->len; i++) {
            const struct scenario_action *action = changes->pdata[i];
            bool over = action->lasts != TIME_NEVER && time_add(action->time, action->lasts) <= instant;
            if (action->time <= instant && !over && (action->lasts != TIME_NEVER) == passing)
                scenario_link_change(&now, &action->change);
        }
    return now.advertisements;
}

/* False: told, with the place of the action that begins or ends then. */
static bool judge_at(struct builder *builder, const struct scenario_link *link, const GPtrArray *changes,
                     const struct scenario_action *action, time_ns instant)
{
    struct scenario_advertisements then = advertisements_at(link, changes, instant);
    char *complaint;
    const char *wrong = scenario_advertisements_judge(&then, &complaint);
    if (wrong)
        scenario_error(builder->messages, &action->place, NULL, link->name, "%s%s: %s",
                       instant == action->time ? "" : "when it is over: ", wrong, complaint);
    g_free(complaint);
    return wrong == NULL;
}

/*
 * Changes of one instant are judged together, by the last of them; what passes, also by what is there when
 * it is over. A change that has been complained of is forgotten, so that one mistake is told once.
 */
static void check_changes_of(struct builder *builder, const struct scenario_link *link,
                             const GPtrArray *changes)
{
    GPtrArray *good = g_ptr_array_new();
    for (guint i = 0; i < changes->len; i++) {
        const struct scenario_action *action = changes->pdata[i];
        const struct scenario_action *next = i + 1 < changes->len ? changes->pdata[i + 1] : NULL;
        g_ptr_array_add(good, (gpointer)action);
        bool goes_on = next && next->time == action->time;
        if (!goes_on && !judge_at(builder, link, good, action, action->time))
            g_ptr_array_remove_index(good, good->len - 1);
    }
    for (guint i = 0; i < good->len; i++) {
        const struct scenario_action *action = good->pdata[i];
        if (action->lasts != TIME_NEVER &&
            !judge_at(builder, link, good, action, time_add(action->time, action->lasts)))
            break;
    }
    g_ptr_array_free(good, TRUE);
}

void build_check_changes(struct builder *builder)
{
    const struct scenario *scenario = builder->scenario;
    GPtrArray **changes = g_new0(GPtrArray *, scenario->link_count + 1);
    for (uint32_t i = 0; i < scenario->action_count; i++) {
        const struct scenario_action *action = &scenario->actions[i];
        if (action->verb != SCENARIO_CHANGE || !scenario_change_is_of_advertisements(&action->change))
            continue;
        if (!changes[action->link])
            changes[action->link] = g_ptr_array_new();
        g_ptr_array_add(changes[action->link], (gpointer)action);
    }
    for (uint32_t i = 0; i < scenario->link_count; i++)
        if (changes[i]) {
            check_changes_of(builder, &scenario->links[i], changes[i]);
            g_ptr_array_free(changes[i], TRUE);
        }
    g_free(changes);
}

/* -- addresses and routes -- */

static bool has_interface_on(const struct scenario_node *node, uint32_t link)
{
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].link == link)
            return true;
    return false;
}

/* The link of the node's that has this address in its prefix; else the only one it is on; SCENARIO_NONE. */
static uint32_t link_with(const struct scenario *scenario, const struct scenario_node *node,
                          const struct ipv6_address *address)
{
    for (uint32_t i = 0; i < node->interface_count; i++) {
        uint32_t index = node->interfaces[i].link;
        const struct scenario_link *link = index == SCENARIO_NONE ? NULL : &scenario->links[index];
        for (uint32_t number = 0; link && link->prefix_length && number < link->count; number++) {
            struct ipv6_address prefix = scenario_link_prefix(link, number);
            if (ipv6_prefix_match(&prefix, address, link->prefix_length))
                return index;
        }
    }
    return node->interface_count == 1 ? node->interfaces[0].link : SCENARIO_NONE;
}

/* [on LINK], which stands last. False: told. */
static bool find_interface(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, char **words,
                           const struct ipv6_address *address, struct scenario_action *action)
{
    const struct scenario_node *node = &builder->scenario->nodes[action->who.node];
    if (!words[0]) {
        action->link = link_with(builder->scenario, node, address);
        if (action->link == SCENARIO_NONE)
            build_error_at(builder, view, entry, "on which link of \"%s\"? Say \"on LINK\"", entry->key);
        return action->link != SCENARIO_NONE;
    }
    if (strcmp(words[0], "on") != 0 || !words[1] || words[2]) {
        build_error_at(builder, view, entry, "\"%s\": expected \"on LINK\" there, and nothing behind it",
                       words[0]);
        return false;
    }
    action->link = build_find_link(builder, view, entry, words[1], false);
    if (action->link == SCENARIO_NONE)
        return false;
    if (!has_interface_on(node, action->link))
        build_error_at(builder, view, entry, "\"%s\" is not on \"%s\"", entry->key, words[1]);
    return has_interface_on(node, action->link);
}

static bool told(struct builder *builder, const struct scenario_view *view,
                 const struct scenario_entry *entry, GError *error)
{
    build_error_at(builder, view, entry, "%s", error->message);
    g_error_free(error);
    return false;
}

/* ADDRESS[/64], then where. */
static bool read_address(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, char **words, bool add,
                         struct scenario_action *action)
{
    GError *error = NULL;
    action->verb = add ? SCENARIO_ADD_ADDRESS : SCENARIO_REMOVE_ADDRESS;
    action->prefix_length = 64;
    if (!words[0]) {
        build_error_at(builder, view, entry, "which address? Expected %s address ADDRESS%s",
                       add ? "add" : "remove", add ? " [on LINK]" : "");
        return false;
    }
    char *address =
        g_str_has_suffix(words[0], "/64") ? g_strndup(words[0], strlen(words[0]) - 3) : g_strdup(words[0]);
    bool good = value_parse_address(address, &action->prefix, &error);
    g_free(address);
    if (!good)
        return told(builder, view, entry, error);
    if (action->who.count > 1) {
        build_error_at(builder, view, entry,
                       "%u nodes cannot have the same address; name one of them, as in %s-1",
                       action->who.count, entry->key);
        return false;
    }
    if (!add && words[1])
        build_error_at(builder, view, entry, "\"%s\" behind the address: nothing is expected there",
                       words[1]);
    return add ? find_interface(builder, view, entry, words + 1, &action->prefix, action) : !words[1];
}

/* [via ADDRESS] [on LINK] behind a route's prefix. */
static bool read_way(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, char **words, struct scenario_action *action)
{
    GError *error = NULL;
    if (!words[0] || strcmp(words[0], "via") != 0) {
        if (words[0])
            return find_interface(builder, view, entry, words, &action->prefix, action);
        build_error_at(builder, view, entry, "by which way? Expected via ADDRESS, or on LINK");
        return false;
    }
    if (!words[1]) {
        build_error_at(builder, view, entry, "via whom? Expected via ADDRESS");
        return false;
    }
    if (!value_parse_neighbor(words[1], &action->next_hop, &error))
        return told(builder, view, entry, error);
    return find_interface(builder, view, entry, words + 2, &action->next_hop, action);
}

/* PREFIX or default, then the way. */
static bool read_route(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, char **words, bool add,
                       struct scenario_action *action)
{
    GError *error = NULL;
    unsigned length = 0;
    action->verb = add ? SCENARIO_ADD_ROUTE : SCENARIO_REMOVE_ROUTE;
    action->prefix = (struct ipv6_address){0};
    if (!words[0]) {
        build_error_at(builder, view, entry, "which route? Expected %s route PREFIX%s",
                       add ? "add" : "remove", add ? " via ADDRESS" : "");
        return false;
    }
    bool is_default = strcmp(words[0], "default") == 0 || strcmp(words[0], "::/0") == 0;
    if (!is_default && !value_parse_prefix(words[0], 1, 128, &action->prefix, &length, &error))
        return told(builder, view, entry, error);
    action->prefix_length = (uint8_t)length;
    if (add)
        return read_way(builder, view, entry, words + 1, action);
    if (words[1])
        build_error_at(builder, view, entry, "\"%s\" behind the route: nothing is expected there", words[1]);
    return !words[1];
}

bool build_installation(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, char **words, struct scenario_action *action)
{
    static const char *const what[] = {"address", "route", "default-router", NULL};
    const struct scenario_node *node = &builder->scenario->nodes[action->who.node];
    bool add = strcmp(words[0], "add") == 0;
    unsigned index;
    GError *error = NULL;
    if (node->kind == SCENARIO_MOBILE_NODE) {
        build_error_at(builder, view, entry,
                       "a mobile node forms its addresses and finds its routers by itself, wherever it is");
        return false;
    }
    if (action->spread) {
        build_error_at(builder, view, entry, "there is no spread: a node is configured at once");
        return false;
    }
    if (!words[1]) {
        build_error_at(builder, view, entry, "%s what? Expected %s address, route, or default-router",
                       words[0], words[0]);
        return false;
    }
    if (!value_parse_word(words[1], what, &index, &error))
        return told(builder, view, entry, error);
    if (index == 0)
        return read_address(builder, view, entry, words + 2, add, action);
    if (index == 1)
        return read_route(builder, view, entry, words + 2, add, action);
    action->verb = add ? SCENARIO_ADD_ROUTE : SCENARIO_REMOVE_ROUTE;
    if (!add && words[2])
        build_error_at(builder, view, entry, "\"%s\": nothing is expected there", words[2]);
    if (!add)
        return !words[2];
    if (!words[2]) {
        build_error_at(builder, view, entry, "which router? Expected add default-router ADDRESS [on LINK]");
        return false;
    }
    if (!value_parse_neighbor(words[2], &action->next_hop, &error))
        return told(builder, view, entry, error);
    return find_interface(builder, view, entry, words + 3, &action->next_hop, action);
}

/* -- security associations -- */

unsigned scenario_encryption_key_length(unsigned encryption)
{
    switch ((enum scenario_encryption)encryption) {
    case SCENARIO_AES_CBC:
        return 16;
    case SCENARIO_AES_CBC_256:
        return 32;
    case SCENARIO_3DES_CBC:
        return 24;
    case SCENARIO_NULL_ENCRYPTION:
        break;
    }
    return 0;
}

static const char *const association_form =
    "expected ipsec rekey [ALGORITHM]... [spi N] [encryption-key HEX] [integrity-key HEX], or behind each of "
    "sa1, sa2, sa3, sa4; ipsec off; ipsec on";

/* As RFC 3776, 5.2 numbers them. */
static const char *const association_names[ASSOCIATION_USES + 1] = {"sa1", "sa2", "sa3", "sa4", NULL};
G_STATIC_ASSERT(TRANSPORT_TO_HOME_AGENT == 0 && TRANSPORT_FROM_HOME_AGENT == 1 && TUNNEL_TO_HOME_AGENT == 2 &&
                TUNNEL_FROM_HOME_AGENT == 3);

/* The index of the word; -1: it is none of them. */
static int index_of(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

/* The word of a key of [mobile-node]; -1: it is none. */
static int word_of(const char *key_name, const char *word)
{
    return index_of(scenario_key_find(SECTION_MOBILE_NODE, key_name)->words, word);
}

/* Algorithms first: the lengths of keys depend on them. */
static void read_algorithms(char ***words, struct scenario_esp *esp)
{
    for (; **words; ++*words) {
        int encryption = word_of("ipsec-encryption", **words);
        int integrity = word_of("ipsec-integrity", **words);
        if (encryption >= 0 && !esp->has_encryption) {
            esp->has_encryption = true;
            esp->encryption = (uint8_t)encryption;
        } else if (integrity >= 0 && !esp->has_integrity) {
            esp->has_integrity = true;
            esp->integrity = (uint8_t)integrity;
        } else {
            return;
        }
    }
}

/* What one reading of rekey has to know. */
struct esp_reading {
    struct builder *builder;
    const struct scenario_view *view;
    const struct scenario_entry *entry;
    const struct scenario_action *action;
    struct scenario_esp *esp;
    unsigned encryption, integrity; /* octets of keys */
};

static bool read_key(const struct esp_reading *reading, const char *what, const char *text, unsigned expected,
                     uint8_t *octets, uint8_t *length)
{
    size_t read = 0;
    GError *error = NULL;
    if (expected == 0) {
        build_error_at(reading->builder, reading->view, reading->entry, "%s: the algorithm has no key", what);
        return false;
    }
    if (!value_parse_octets(text, expected, expected, octets, &read, &error)) {
        build_error_at(reading->builder, reading->view, reading->entry, "%s: %s", what, error->message);
        g_error_free(error);
        return false;
    }
    *length = (uint8_t)read;
    return true;
}

/* An index is one association's for ever, whatever keys it gets. */
static bool is_own_spi(const struct esp_reading *reading, uint32_t spi, unsigned use)
{
    guint64 owner = (guint64)reading->action->who.node << 32 | reading->action->who.first << 2 | use;
    GHashTable *owners = reading->builder->associations;
    const guint64 *known = g_hash_table_lookup(owners, GUINT_TO_POINTER(spi));
    if (!known)
        g_hash_table_insert(owners, GUINT_TO_POINTER(spi), g_memdup2(&owner, sizeof owner));
    if (known && *known != owner)
        build_error_at(reading->builder, reading->view, reading->entry,
                       "spi: 0x%x is another association's in this scenario", spi);
    return !known || *known == owner;
}

static bool read_spi(const struct esp_reading *reading, const char *text, unsigned uses)
{
    char *end;
    guint64 first = g_ascii_strtoull(text, &end, 0), last = first + (uses == 1 ? 0 : ASSOCIATION_USES - 1);
    bool small = first >= SPI_LEAST && last <= SCENARIO_SPI_SMALL_MOST;
    bool large = first >= SCENARIO_SPI_LARGE && last <= SCENARIO_SPI_LARGE_MOST;
    if (!g_ascii_isdigit(*text) || *end || (!small && !large)) {
        build_error_at(
            reading->builder, reading->view, reading->entry,
            "spi: expected a number from %u to 0x%x, or from 0x%x to 0x%x (RFC 4303, 2.1; the others "
            "are given by the program)",
            SPI_LEAST, SCENARIO_SPI_SMALL_MOST, SCENARIO_SPI_LARGE, SCENARIO_SPI_LARGE_MOST);
        return false;
    }
    if (reading->action->who.count > 1) {
        build_error_at(reading->builder, reading->view, reading->entry,
                       "spi: %u mobile nodes cannot have the same", reading->action->who.count);
        return false;
    }
    return true;
}

/* spi N, encryption-key HEX or integrity-key HEX, for one association or (use ASSOCIATION_USES) all. */
static bool read_item(const struct esp_reading *reading, const char *what, const char *text, unsigned use)
{
    static const char *const items[] = {"spi", "encryption-key", "integrity-key", NULL};
    unsigned from = use == ASSOCIATION_USES ? 0 : use, to = use == ASSOCIATION_USES ? use : use + 1;
    int item = index_of(items, what);
    if (item < 0 || !text) {
        build_error_at(reading->builder, reading->view, reading->entry, "\"%s\": %s", what, association_form);
        return false;
    }
    if (item == 0 && !read_spi(reading, text, to - from))
        return false;
    for (unsigned i = from; i < to; i++) {
        struct scenario_esp_association *each = &reading->esp->each[i];
        if (item == 0 ? each->spi : item == 1 ? each->encryption_key_length : each->integrity_key_length) {
            build_error_at(reading->builder, reading->view, reading->entry, "%s is there twice", what);
            return false;
        }
        if (item == 0)
            each->spi = (uint32_t)g_ascii_strtoull(text, NULL, 0) + (i - from);
        if (item == 0   ? !is_own_spi(reading, each->spi, i)
            : item == 1 ? !read_key(reading, what, text, reading->encryption, each->encryption_key,
                                    &each->encryption_key_length)
                        : !read_key(reading, what, text, reading->integrity, each->integrity_key,
                                    &each->integrity_key_length))
            return false;
        if (item == 2 && reading->action->who.count > 1) {
            build_error_at(
                reading->builder, reading->view, reading->entry,
                "%u mobile nodes cannot have the same key (RFC 3776, 4.2); leave it out, and each gets "
                "its own",
                reading->action->who.count);
            return false;
        }
    }
    return true;
}

static bool read_associations(struct esp_reading *reading, char **words)
{
    const struct scenario_ipsec *present =
        &reading->builder->scenario->nodes[reading->action->who.node].ipsec;
    struct scenario_esp *esp = reading->esp;
    unsigned use = ASSOCIATION_USES;
    read_algorithms(&words, esp);
    reading->encryption =
        scenario_encryption_key_length(esp->has_encryption ? esp->encryption : present->encryption);
    reading->integrity = esp_integrity_key_length(
        (enum esp_integrity)(esp->has_integrity ? esp->integrity : present->integrity));
    esp->uses = (1u << ASSOCIATION_USES) - 1;
    for (bool first = true; *words; first = false) {
        int named = index_of(association_names, *words);
        if (named >= 0 && (first || use != ASSOCIATION_USES)) {
            esp->uses = (uint8_t)((use == ASSOCIATION_USES ? 0 : esp->uses) | 1u << named);
            use = (unsigned)named;
            words++;
            continue;
        }
        if (!read_item(reading, words[0], words[1], use))
            return false;
        words += 2;
    }
    return true;
}

bool build_associations(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, char **words, struct scenario_action *action)
{
    static const char *const verbs[] = {"rekey", "off", "on", NULL};
    static const enum scenario_verb meanings[] = {SCENARIO_IPSEC_REKEY, SCENARIO_IPSEC_OFF,
                                                  SCENARIO_IPSEC_ON};
    const struct scenario_node *node = &builder->scenario->nodes[action->who.node];
    unsigned verb;
    GError *error = NULL;
    if (node->kind != SCENARIO_MOBILE_NODE) {
        build_error_at(builder, view, entry,
                       "\"%s\" is %s; security associations are said of mobile nodes, and are of both ends",
                       entry->key, build_node_kind_text(node->kind));
        return false;
    }
    if (!node->ipsec.enabled) {
        build_error_at(builder, view, entry, "\"%s\" has no security associations: it has ipsec = no",
                       entry->key);
        return false;
    }
    if (action->spread) {
        build_error_at(builder, view, entry, "both ends change at once: there is no spread");
        return false;
    }
    if (!words[1]) {
        build_error_at(builder, view, entry, "%s", association_form);
        return false;
    }
    if (!value_parse_word(words[1], verbs, &verb, &error))
        return told(builder, view, entry, error);
    action->verb = meanings[verb];
    if (verb > 0) {
        if (words[2])
            build_error_at(builder, view, entry, "\"%s\" after ipsec %s: nothing is expected there", words[2],
                           words[1]);
        return !words[2];
    }
    struct scenario_esp *esp = build_memory(builder, 1, sizeof *esp);
    struct esp_reading reading = {builder, view, entry, action, esp, 0, 0};
    action->esp = esp;
    return read_associations(&reading, words + 2);
}
