/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * peers.c - what mobile nodes and correspondents are told of each other: policies at the mobile node, static
 * keys at both ends (RFC 4449, 3).
 *
 * A key that the scenario does not give is drawn from a stream of the mobile node's, at a place that is the
 * correspondent's: no pair more or less changes another's.
 *
 * What a node has been told is remembered for each pair, because it has to be told again when it has been
 * made again (reboot.c). A node's pairs are found from the sections about its group, not by looking at all.
 */
#include <string.h>

#include "models/mobility/mobility.h"
#include "sim/network/simulation.h"

struct simulation_pair {
    const struct correspondent_policy *policy; /* the mobile node's; shared by many where there is no key */
    struct ipv6_address home_address;          /* that the key is for */
};

/* One pair of a section. */
struct pair {
    const struct scenario_peers *peers;
    struct network_node *mobile, *correspondent;
    struct simulation_pair *told;
};

static struct pair pair_of(struct simulation *simulation, uint32_t section, uint32_t number)
{
    const struct scenario_peers *peers = &simulation->scenario->peers[section];
    uint32_t a, b;
    scenario_pair(&peers->mobile_node, &peers->correspondent, number, &a, &b);
    return (struct pair){
        .peers = peers,
        .mobile = simulation_node(simulation, peers->mobile_node.node, a),
        .correspondent = simulation_node(simulation, peers->correspondent.node, b),
        .told = &simulation->pairs[section][number],
    };
}

/* -- keys -- */

static const struct static_key *static_key_for(struct simulation *simulation, const struct pair *pair)
{
    struct static_key *key = simulation_own(simulation, sizeof *key);
    *key = pair->peers->key;
    struct random_stream stream;
    network_random_stream(simulation->network, pair->mobile->index, NETWORK_RANDOM_STATIC_KEY, &stream);
    stream.position += 8 * (uint64_t)pair->correspondent->index;
    uint8_t drawn[NODE_KEY_LENGTH + 2 * NONCE_LENGTH];
    random_octets(&stream, drawn, sizeof drawn);
    if (key->kcn_length == 0)
        memcpy(key->kcn, drawn, key->kcn_length = NODE_KEY_LENGTH);
    if (key->home_nonce_length == 0)
        memcpy(key->home_nonce, drawn + NODE_KEY_LENGTH, key->home_nonce_length = NONCE_LENGTH);
    if (key->care_of_nonce_length == 0)
        memcpy(key->care_of_nonce, drawn + NODE_KEY_LENGTH + NONCE_LENGTH,
               key->care_of_nonce_length = NONCE_LENGTH);
    return key;
}

const struct static_key *simulation_static_key(struct simulation *simulation,
                                               const struct network_node *mobile,
                                               const struct network_node *correspondent, bool unused_too)
{
    const struct scenario *scenario = simulation->scenario;
    uint32_t first, count;
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *peers = &scenario->peers[i];
        if (peers->mobile_node.node != mobile->group || peers->correspondent.node != correspondent->group ||
            !scenario_pairs_of(&peers->mobile_node, &peers->correspondent, mobile->member, &first, &count))
            continue;
        for (uint32_t n = first; n < first + count; n++) {
            struct pair pair = pair_of(simulation, i, n);
            if (pair.correspondent != correspondent)
                continue;
            if (peers->authorization == SCENARIO_STATIC_KEY)
                return pair.told->policy->static_key;
            return unused_too ? static_key_for(simulation, &pair) : NULL;
        }
    }
    return NULL;
}

/* -- telling -- */

static int tell_mobile_node(struct simulation *simulation, const struct pair *pair)
{
    const struct scenario *scenario = simulation->scenario;
    struct ipv6_address address = scenario_node_address(
        scenario, &scenario->nodes[pair->correspondent->group], pair->correspondent->member);
    return mobile_node_set_policy(&pair->mobile->node, &address, pair->told->policy);
}

static int tell_correspondent(const struct pair *pair)
{
    if (!pair->told->policy->static_key)
        return 0;
    return correspondent_node_add_static_key(&pair->correspondent->node, &pair->told->home_address,
                                             pair->told->policy->static_key);
}

static int build_pair(struct simulation *simulation, const struct pair *pair,
                      const struct correspondent_policy *shared)
{
    pair->told->policy = shared;
    if (pair->peers->authorization == SCENARIO_STATIC_KEY) {
        struct correspondent_policy *policy = simulation_own(simulation, sizeof *policy);
        *policy = *shared;
        policy->static_key = static_key_for(simulation, pair);
        pair->told->policy = policy;
        pair->told->home_address =
            scenario_home_address(&simulation->scenario->nodes[pair->mobile->group], pair->mobile->member);
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
        simulation->pairs[i] = g_new0(struct simulation_pair, peers->pairs);
        for (uint32_t number = 0; number < peers->pairs; number++) {
            struct pair pair = pair_of(simulation, i, number);
            int result = build_pair(simulation, &pair, shared);
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
        const struct scenario_reference *correspondent = &scenario->peers[i].correspondent;
        if (mobile->node == node->group &&
            scenario_pairs_of(mobile, correspondent, node->member, &first, &count))
            for (uint32_t n = 0; result == 0 && n < count; n++) {
                struct pair pair = pair_of(simulation, i, first + n);
                result = tell_mobile_node(simulation, &pair);
            }
        if (correspondent->node == node->group &&
            scenario_pairs_of(correspondent, mobile, node->member, &first, &count))
            for (uint32_t n = 0; result == 0 && n < count; n++) {
                struct pair pair = pair_of(simulation, i, first + n);
                result = tell_correspondent(&pair);
            }
    }
    return result;
}

void simulation_free_peers(struct simulation *simulation)
{
    for (uint32_t i = 0; simulation->pairs && i < simulation->scenario->peers_count; i++)
        g_free(simulation->pairs[i]);
    g_free(simulation->pairs);
}
