/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers.c - what mobile nodes and correspondents are told of each other: policies at the mobile node, static
 * keys at both ends (RFC 4449, 3).
 *
 * A key that the scenario does not give is drawn from a stream of the mobile node's, at a place that is the
 * correspondent's, and of a new key that is its number: no pair more or less changes another's. Of a mobile
 * node with several home addresses each has keys of its own.
 *
 * A key is for one home address (RFC 4449, 3). When the home link is renumbered the mobile node's new address
 * has none, and the two go by the tunnel, until the operator rekeys them: a new key is for the home address
 * that the mobile node has by then. The correspondent keeps the one for the address before, which nobody can
 * use by return routability therefore.
 *
 * What a node has been told is remembered for each pair, because it has to be told again when it has been
 * made again (reboot.c). A node's pairs are found from the sections about its group, not by looking at all.
 */
#include <string.h>

#include "models/mobility/mobility.h"
#include "sim/network/simulation.h"

/* What the correspondent has been told: a key, and the home address that it is for. */
struct tied_key {
    struct tied_key *before; /* for an earlier home address */
    const struct static_key *key;
    struct ipv6_address home_address;
};

struct simulation_pair {
    const struct correspondent_policy *policy; /* the mobile node's; shared by many where there is no key */
    struct tied_key *keys;                     /* the simulation's; NULL: none */
    uint32_t rekeys;
};

/* One pair of a section, and one home address of the mobile node. */
struct pair {
    const struct scenario_peers *peers;
    uint32_t home;     /* its number */
    bool is_concerned; /* by this section, and not another that names it */
    struct network_node *mobile, *correspondent;
    struct simulation_pair *told;
};

/* How many home addresses a section may concern. */
static uint32_t homes_of(const struct scenario *scenario, const struct scenario_peers *peers)
{
    return peers->mobile_node.home > 0 ? 1 : scenario->nodes[peers->mobile_node.node].home_count;
}

static struct pair pair_of(struct simulation *simulation, uint32_t section, uint32_t number, uint32_t which)
{
    const struct scenario_peers *peers = &simulation->scenario->peers[section];
    uint32_t a, b, home = peers->mobile_node.home + which;
    scenario_pair(&peers->mobile_node, &peers->correspondent, number, &a, &b);
    return (struct pair){
        .peers = peers,
        .home = home,
        .is_concerned = scenario_peers_concern(simulation->scenario, peers, home, a, b),
        .mobile = simulation_node(simulation, peers->mobile_node.node, a),
        .correspondent = simulation_node(simulation, peers->correspondent.node, b),
        .told = &simulation->pairs[section][number * homes_of(simulation->scenario, peers) + which],
    };
}

/* -- keys -- */

/* What is not given is drawn. */
static const struct static_key *complete_key(struct simulation *simulation, const struct static_key *given,
                                             struct random_stream *stream)
{
    struct static_key *key = simulation_own(simulation, sizeof *key);
    *key = *given;
    uint8_t drawn[NODE_KEY_LENGTH + 2 * NONCE_LENGTH];
    random_octets(stream, drawn, sizeof drawn);
    if (key->kcn_length == 0)
        memcpy(key->kcn, drawn, key->kcn_length = NODE_KEY_LENGTH);
    if (key->home_nonce_length == 0)
        memcpy(key->home_nonce, drawn + NODE_KEY_LENGTH, key->home_nonce_length = NONCE_LENGTH);
    if (key->care_of_nonce_length == 0)
        memcpy(key->care_of_nonce, drawn + NODE_KEY_LENGTH + NONCE_LENGTH,
               key->care_of_nonce_length = NONCE_LENGTH);
    return key;
}

/* In a stream of keys: further home addresses' are far from the first's. */
static uint64_t place_of_home(const struct pair *pair)
{
    return (uint64_t)pair->home << 32;
}

static const struct static_key *first_key(struct simulation *simulation, const struct pair *pair)
{
    struct random_stream stream;
    network_random_stream(simulation->network, pair->mobile->index, NETWORK_RANDOM_STATIC_KEY, &stream);
    stream.position += 8 * (uint64_t)pair->correspondent->index + place_of_home(pair);
    return complete_key(simulation, &pair->peers->key, &stream);
}

static const struct static_key *next_key(struct simulation *simulation, const struct pair *pair,
                                         const struct static_key *given)
{
    struct random_stream stream;
    network_random_stream(simulation->network, pair->mobile->index, NETWORK_RANDOM_REKEY, &stream);
    stream.position +=
        8 * (pair->correspondent->index + (uint64_t)simulation->network->node_count * pair->told->rekeys++) +
        place_of_home(pair);
    return complete_key(simulation, given, &stream);
}

const struct static_key *simulation_static_key(struct simulation *simulation,
                                               const struct network_node *mobile,
                                               const struct network_node *correspondent, bool unused_too)
{
    uint32_t section, number;
    const struct scenario_reference a = {.node = mobile->group}, b = {.node = correspondent->group};
    if (!scenario_find_pair(simulation->scenario, &a, mobile->member, &b, correspondent->member, &section,
                            &number))
        return NULL;
    struct pair pair = pair_of(simulation, section, number, 0);
    if (pair.peers->authorization == SCENARIO_STATIC_KEY)
        return pair.told->policy->static_key;
    return unused_too ? first_key(simulation, &pair) : NULL;
}

/* -- telling -- */

static struct ipv6_address correspondent_address(const struct simulation *simulation, const struct pair *pair)
{
    return scenario_reference_address(simulation->scenario, &pair->peers->correspondent,
                                      pair->correspondent->member);
}

/* Home addresses were added in their order (simulation.c). */
static struct mobile_home *home_of(const struct pair *pair)
{
    struct mobile_home *home = &pair->mobile->node.mobility->mobile_node->home;
    for (uint32_t i = 0; i < pair->home; i++)
        home = home->next;
    return home;
}

static const struct ipv6_address *present_home_address(const struct pair *pair)
{
    return &home_of(pair)->home_address;
}

static struct tied_key *find_key(const struct pair *pair, const struct ipv6_address *home_address)
{
    struct tied_key *tied = pair->told->keys;
    while (tied && !ipv6_address_equal(&tied->home_address, home_address))
        tied = tied->before;
    return tied;
}

static int tell_mobile_node(struct simulation *simulation, const struct pair *pair)
{
    struct ipv6_address address = correspondent_address(simulation, pair);
    const struct correspondent_policy *policy = pair->told->policy;
    const struct tied_key *tied = find_key(pair, present_home_address(pair));
    const struct static_key *key = tied ? tied->key : NULL;
    if (policy->static_key != key) { /* it has another home address by now */
        struct correspondent_policy *other = simulation_own(simulation, sizeof *other);
        *other = *policy;
        other->static_key = key;
        policy = other;
    }
    return mobile_home_set_policy(&pair->mobile->node, home_of(pair), &address, policy);
}

static int tell_correspondent(const struct pair *pair)
{
    int result = 0;
    for (const struct tied_key *tied = pair->told->keys; result == 0 && tied; tied = tied->before)
        result =
            correspondent_node_add_static_key(&pair->correspondent->node, &tied->home_address, tied->key);
    return result;
}

static int build_pair(struct simulation *simulation, const struct pair *pair,
                      const struct correspondent_policy *shared)
{
    pair->told->policy = shared;
    if (pair->peers->authorization == SCENARIO_STATIC_KEY) {
        struct correspondent_policy *policy = simulation_own(simulation, sizeof *policy);
        *policy = *shared;
        policy->static_key = first_key(simulation, pair);
        pair->told->policy = policy;
        pair->told->keys = simulation_own(simulation, sizeof *pair->told->keys);
        pair->told->keys->key = policy->static_key;
        pair->told->keys->home_address = home_of(pair)->home_address;
    }
    int result = tell_correspondent(pair);
    return result == 0 ? tell_mobile_node(simulation, pair) : result;
}

int simulation_build_peers(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    simulation->pairs = g_new0(struct simulation_pair *, scenario->peers_count + 1);
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *peers = &scenario->peers[i];
        struct correspondent_policy *shared = simulation_own(simulation, sizeof *shared);
        *shared = peers->policy;
        shared->method = peers->authorization == SCENARIO_STATIC_KEY ? &authorization_static_key
                                                                     : &authorization_return_routability;
        uint32_t homes = homes_of(scenario, peers);
        simulation->pairs[i] = g_new0(struct simulation_pair, (size_t)peers->pairs * homes);
        for (uint32_t n = 0; n < peers->pairs * homes; n++) {
            struct pair pair = pair_of(simulation, i, n / homes, n % homes);
            int result = pair.is_concerned ? build_pair(simulation, &pair, shared) : 0;
            if (result != 0)
                return result;
        }
    }
    return 0;
}

int simulation_restore_peers(struct simulation *simulation, struct network_node *node)
{
    const struct scenario *scenario = simulation->scenario;
    uint32_t first, count;
    int result = 0;
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_reference *mobile = &scenario->peers[i].mobile_node;
        uint32_t homes = homes_of(scenario, &scenario->peers[i]);
        const struct scenario_reference *correspondent = &scenario->peers[i].correspondent;
        if (mobile->node == node->group &&
            scenario_pairs_of(mobile, correspondent, node->member, &first, &count))
            for (uint32_t n = 0; result == 0 && n < count * homes; n++) {
                struct pair pair = pair_of(simulation, i, first + n / homes, n % homes);
                result = pair.is_concerned ? tell_mobile_node(simulation, &pair) : 0;
            }
        if (correspondent->node == node->group &&
            scenario_pairs_of(correspondent, mobile, node->member, &first, &count))
            for (uint32_t n = 0; result == 0 && n < count * homes; n++) {
                struct pair pair = pair_of(simulation, i, first + n / homes, n % homes);
                result = pair.is_concerned ? tell_correspondent(&pair) : 0;
            }
    }
    return result;
}

/* -- telling anew -- */

static void change_policy(struct simulation *simulation, const struct pair *pair,
                          const struct scenario_action *action)
{
    const struct scenario_change *change = &action->change;
    struct correspondent_policy *policy = simulation_own(simulation, sizeof *policy);
    struct ipv6_address address = correspondent_address(simulation, pair);
    *policy = *pair->told->policy;
    memcpy((char *)policy + (change->offset - offsetof(struct scenario_peers, policy)), change->value,
           change->size);
    pair->told->policy = policy;
    int result = mobile_home_replace_policy(&pair->mobile->node, home_of(pair), &address, policy,
                                            network_node_now(pair->mobile));
    if (result != 0)
        g_error("a new policy is refused (error %d)", result);
    network_node_settle(pair->mobile);
}

/* Each pair that the action names, and each home address that it concerns. */
static void each_pair(struct simulation *simulation, const struct scenario_action *action,
                      void (*visit)(struct simulation *simulation, const struct pair *pair,
                                    const struct scenario_action *action))
{
    uint32_t pairs = MAX(action->who.count, action->whom.count);
    for (uint32_t i = 0; i < pairs; i++) {
        uint32_t a, b, section, number;
        scenario_pair(&action->who, &action->whom, i, &a, &b);
        bool known =
            scenario_find_pair(simulation->scenario, &action->who, a, &action->whom, b, &section, &number);
        g_assert(known);
        uint32_t homes = homes_of(simulation->scenario, &simulation->scenario->peers[section]);
        for (uint32_t which = 0; which < homes; which++) {
            struct pair pair = pair_of(simulation, section, number, which);
            if (pair.is_concerned && (action->who.home == 0 || action->who.home == pair.home))
                visit(simulation, &pair, action);
        }
    }
}

void simulation_change_policy(struct simulation *simulation, const struct scenario_action *action)
{
    each_pair(simulation, action, change_policy);
}

static int replace_at_correspondent(struct simulation *simulation, const struct pair *pair,
                                    const struct ipv6_address *home_address, const struct static_key *key)
{
    struct node *node = &pair->correspondent->node;
    struct tied_key *tied = find_key(pair, home_address);
    if (tied) {
        tied->key = key;
        return correspondent_node_replace_static_key(node, home_address, key);
    }
    tied = simulation_own(simulation, sizeof *tied);
    *tied = (struct tied_key){.before = pair->told->keys, .key = key, .home_address = *home_address};
    pair->told->keys = tied;
    return correspondent_node_add_static_key(node, home_address, key);
}

static int rekey(struct simulation *simulation, const struct pair *pair, const struct static_key *given)
{
    struct correspondent_policy *policy = simulation_own(simulation, sizeof *policy);
    struct ipv6_address home_address = *present_home_address(pair);
    struct ipv6_address address = correspondent_address(simulation, pair);
    *policy = *pair->told->policy;
    policy->static_key = next_key(simulation, pair, given);
    int result = replace_at_correspondent(simulation, pair, &home_address, policy->static_key);
    pair->told->policy = policy;
    if (result == 0)
        result = mobile_home_replace_policy(&pair->mobile->node, home_of(pair), &address, policy,
                                            network_node_now(pair->mobile));
    network_node_settle(pair->mobile);
    return result;
}

static void rekey_pair(struct simulation *simulation, const struct pair *pair,
                       const struct scenario_action *action)
{
    int result = rekey(simulation, pair, action->key);
    if (result != 0)
        g_error("a new static key is refused (error %d)", result);
}

void simulation_rekey(struct simulation *simulation, const struct scenario_action *action)
{
    each_pair(simulation, action, rekey_pair);
}

void simulation_free_peers(struct simulation *simulation)
{
    for (uint32_t i = 0; simulation->pairs && i < simulation->scenario->peers_count; i++)
        g_free(simulation->pairs[i]);
    g_free(simulation->pairs);
}
