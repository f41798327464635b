/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_rekey.c - MOBILE-NODE CORRESPONDENT = rekey [KCN] [home-nonce HEX] [care-of-nonce HEX] of the
 * timeline: a new static key for peers that have one (RFC 4449, 4).
 *
 * What is not given is drawn, for each pair its own. What is given is no other pair's, nor was it ever this
 * one's: every Kcn is written once in a scenario, so that it is used once.
 *
 * And MOBILE-NODE CORRESPONDENT = KEY VALUE: another policy, as the keys of [peers] have it.
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "models/mobility/static_key.h"
#include "sim/scenario/value.h"

static const char *const form = "expected rekey [KCN] [home-nonce HEX] [care-of-nonce HEX]";

/* -- who -- */

static bool find_ends(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, struct scenario_action *action)
{
    char **names = g_strsplit_set(entry->key, " \t", 2);
    bool found = build_find_party(builder, view, entry, names[0], KIND(SCENARIO_MOBILE_NODE), "a mobile node",
                                  &action->who);
    found &=
        build_find_party(builder, view, entry, g_strstrip(names[1]), KINDS_ANY_NODE, "a node", &action->whom);
    g_strfreev(names);
    return found;
}

/* Each pair has a static key now. */
static bool have_keys(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, const struct scenario_action *action)
{
    const struct scenario *scenario = builder->scenario;
    uint32_t pairs = build_pairs(builder, view, entry, &action->who, &action->whom);
    for (uint32_t pair = 0; pair < pairs; pair++) {
        uint32_t a, b, section, number;
        scenario_pair(&action->who, &action->whom, pair, &a, &b);
        bool known = scenario_find_pair(scenario, &action->who, a, &action->whom, b, &section, &number);
        if (known && scenario->peers[section].authorization == SCENARIO_STATIC_KEY)
            continue;
        char *mobile = scenario_node_name(&scenario->nodes[action->who.node], a);
        char *correspondent = scenario_node_name(&scenario->nodes[action->whom.node], b);
        build_error_at(builder, view, entry, "\"%s\" has no static key for \"%s\" that could be replaced: %s",
                       mobile, correspondent,
                       known ? "its peers section says return-routability" : "there is no peers section");
        g_free(mobile);
        g_free(correspondent);
        return false;
    }
    return pairs > 0;
}

/* -- with what -- */

static bool read_octets(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, const char *text, size_t least, size_t most,
                        uint8_t *octets, uint8_t *length)
{
    size_t read = 0;
    GError *error = NULL;
    if (!value_parse_octets(text, least, most, octets, &read, &error)) {
        build_error_at(builder, view, entry, "%s", error->message);
        g_error_free(error);
        return false;
    }
    *length = (uint8_t)read;
    return true;
}

static bool read_key(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, char **words, struct static_key *key)
{
    for (unsigned i = 0; words[i]; i++) {
        bool home = strcmp(words[i], "home-nonce") == 0, care_of = strcmp(words[i], "care-of-nonce") == 0;
        if (!home && !care_of && i == 0) {
            if (!read_octets(builder, view, entry, words[i], NODE_KEY_LENGTH, STATIC_KEY_LENGTH_MAX, key->kcn,
                             &key->kcn_length))
                return false;
            continue;
        }
        uint8_t *length = home ? &key->home_nonce_length : &key->care_of_nonce_length;
        if ((!home && !care_of) || *length || !words[i + 1]) {
            build_error_at(builder, view, entry, "%s", form);
            return false;
        }
        if (!read_octets(builder, view, entry, words[++i], 1, STATIC_NONCE_LENGTH_MAX,
                         home ? key->home_nonce : key->care_of_nonce, length))
            return false;
    }
    return true;
}

/* Of one pair: whose keys are replaced. */
static uint32_t homes_concerned(const struct scenario *scenario, const struct scenario_action *action)
{
    uint32_t section, number, concerned = 0;
    uint32_t a = action->who.first, b = action->whom.first;
    if (action->who.home > 0 ||
        !scenario_find_pair(scenario, &action->who, a, &action->whom, b, &section, &number))
        return 1;
    for (uint32_t home = 0; home < scenario->nodes[action->who.node].home_count; home++)
        concerned += scenario_peers_concern(scenario, &scenario->peers[section], home, a, b);
    return concerned;
}

static bool is_new(struct builder *builder, const struct scenario_view *view,
                   const struct scenario_entry *entry, bool repeated, const struct scenario_action *action)
{
    const struct static_key *key = action->key;
    const struct scenario *scenario = builder->scenario;
    if (key->kcn_length == 0)
        return true;
    if (MAX(action->who.count, action->whom.count) > 1) {
        build_error_at(builder, view, entry,
                       "%u pairs cannot have the same key (RFC 4449, 4); leave it out, "
                       "and each gets its own",
                       MAX(action->who.count, action->whom.count));
        return false;
    }
    if (homes_concerned(scenario, action) > 1) {
        build_error_at(
            builder, view, entry,
            "%u home addresses cannot have the same key (RFC 4449, 4); leave it out, and each gets its "
            "own, or name one",
            homes_concerned(scenario, action));
        return false;
    }
    if (repeated) {
        build_error_at(builder, view, entry, "the same key again and again is not a new one; leave it out");
        return false;
    }
    bool taken = false;
    for (uint32_t i = 0; i < scenario->peers_count && !taken; i++)
        taken = scenario->peers[i].key.kcn_length && static_key_same_kcn(&scenario->peers[i].key, key);
    for (const GSList *item = builder->rekeys; item && !taken; item = item->next)
        taken = static_key_same_kcn(item->data, key);
    if (taken)
        build_error_at(
            builder, view, entry,
            "this key is in the scenario already; a new key is one that nobody has had (RFC 4449, 4)");
    builder->rekeys = g_slist_prepend(builder->rekeys, (gpointer)action->key);
    return !taken;
}

/* KEY VALUE of a section [peers]: another policy of the mobile node's. */
static bool read_policy(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, struct scenario_action *action)
{
    const struct scenario *scenario = builder->scenario;
    if (action->spread) {
        build_error_at(builder, view, entry, "there is no spread: a policy changes at once");
        return false;
    }
    if (!find_ends(builder, view, entry, action))
        return false;
    uint32_t pairs = build_pairs(builder, view, entry, &action->who, &action->whom);
    for (uint32_t pair = 0; pair < pairs; pair++) {
        uint32_t a, b, section, number;
        scenario_pair(&action->who, &action->whom, pair, &a, &b);
        if (!scenario_find_pair(scenario, &action->who, a, &action->whom, b, &section, &number)) {
            build_error_at(builder, view, entry, "there is no peers section about them");
            return false;
        }
    }
    return pairs > 0 && build_policy_change(builder, view, entry, action);
}

bool build_rekey(struct builder *builder, const struct scenario_view *view,
                 const struct scenario_entry *entry, bool repeated, struct scenario_action *action)
{
    char **words = build_words(entry->value);
    bool good = false;
    if (words[0] && build_is_changeable(SECTION_PEERS, words[0])) {
        good = read_policy(builder, view, entry, action);
    } else if (!words[0] || strcmp(words[0], "rekey") != 0) {
        build_error_at(builder, view, entry, "two nodes: %s", form);
    } else if (action->spread) {
        build_error_at(builder, view, entry, "both ends get the new key at once: there is no spread");
    } else if (find_ends(builder, view, entry, action)) {
        struct static_key *key = build_memory(builder, 1, sizeof *key);
        action->verb = SCENARIO_REKEY;
        action->key = key;
        good = have_keys(builder, view, entry, action) && read_key(builder, view, entry, words + 1, key) &&
               is_new(builder, view, entry, repeated, action);
    }
    g_strfreev(words);
    return good;
}
