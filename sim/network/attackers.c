/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attackers.c - see attackers.h.
 *
 * An attacker's taps are ports behind those of its interfaces, so that environment.transmit reaches them by
 * number. Which end of a tapped link a packet is sent from is found as somebody would who has watched the
 * link for long: by which way either end sends packets for that destination.
 *
 * Attacks are made for each pair of attacker and target, with the addresses that people publish and the keys
 * that the scenario gives the attacker.
 */
#include "sim/network/attackers.h"

#include <string.h>

#include "models/attack/attacker.h"
#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/next_hop.h"
#include "sim/network/lan.h"
#include "sim/network/link.h"
#include "sim/network/security.h"

/* Far ahead of the numbers that the owner of a security association uses meanwhile. */
#define FIRST_ESP_SEQUENCE 0x10000

/* -- ears -- */

void ears_add(struct link *link, struct port *port)
{
    if (!port->node->attacker)
        return;
    if (!link->ears)
        link->ears = g_ptr_array_new();
    g_ptr_array_add(link->ears, port);
}

void ears_remove(struct link *link, struct port *port)
{
    if (link->ears)
        g_ptr_array_remove(link->ears, port);
}

void ears_hear(struct link *link, const struct port *from, const struct packet *frame)
{
    for (guint i = 0; i < link->ears->len; i++) {
        struct port *ear = g_ptr_array_index(link->ears, i);
        struct network_node *node = ear->node;
        if (ear == from)
            continue;
        node->secretive = !attacker_overhear(node->attacker, ear->interface, frame, network_node_now(node));
        network_node_settle(node);
    }
}

/* -- taps -- */

/* Would a packet for this destination, come to this end over the link, go on from there, and not back? */
static bool leads_on(const struct port *end, const struct ipv6_address *destination)
{
    const struct node *node = &end->node->node;
    struct next_hop next_hop;
    return address_find(node, destination) ||
           (next_hop_find(node, destination, NULL, &next_hop) && next_hop.interface->index != end->interface);
}

void tap_transmit(struct port *tap, struct packet *packet)
{
    struct link *link = tap->link;
    if (!link || packet->length < IPV6_HEADER_LENGTH) {
        link_lose(tap, packet, DISCARD_NOT_ATTACHED);
        return;
    }
    struct ipv6_address destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION);
    unsigned to = leads_on(link->ends[0], &destination) ? 0 : 1;
    link_transmit(link->ends[1 - to], packet);
}

uint32_t attackers_tap_count(const struct scenario_node *from)
{
    return from->tap_count;
}

int attackers_make(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    struct network *network = simulation->network;
    unsigned interfaces = node->node.interface_count;
    g_assert(node->ports + interfaces == network->ports + network->port_count);
    network->port_count += from->tap_count;
    for (uint32_t i = 0; i < from->tap_count; i++) {
        struct port *tap = &node->ports[interfaces + i];
        tap->node = node;
        tap->interface = (uint16_t)(interfaces + i);
    }
    node->attacker = attacker_new(&node->node, (uint16_t)from->tap_count);
    return node->attacker ? 0 : ERROR_MEMORY;
}

static void tap_links(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    for (uint32_t i = 0; i < from->tap_count; i++) {
        struct port *tap = &node->ports[node->node.interface_count + i];
        tap->link = simulation_link(simulation, from->taps[i], 0);
        ears_add(tap->link, tap);
    }
}

/* -- addresses -- */

/* The pair of an attack that is being made. */
struct parties {
    struct simulation *simulation;
    const struct scenario_attack *attack;
    uint32_t pair;
    struct network_node *attacker;
    uint32_t target; /* number in its group */
};

static uint32_t member_of(const struct scenario_reference *reference, uint32_t pair)
{
    return reference->first + (reference->count > 1 ? pair : 0);
}

/* The attacker's on this link, or its first. */
static struct ipv6_address own_address(const struct parties *parties, uint32_t link)
{
    const struct scenario *scenario = parties->simulation->scenario;
    const struct scenario_node *from = &scenario->nodes[parties->attacker->group];
    struct placement placement;
    for (uint32_t i = 0; simulation_placement(scenario, from, parties->attacker->member, i, &placement); i++)
        if (link == SCENARIO_NONE || placement.link == link)
            return placement.address;
    return ipv6_unspecified;
}

/* A home agent's is the one by which mobile nodes know it. */
static struct ipv6_address address_of_node(const struct parties *parties, uint32_t group, uint32_t member)
{
    const struct scenario *scenario = parties->simulation->scenario;
    const struct scenario_node *node = &scenario->nodes[group];
    return node->kind == SCENARIO_HOME_AGENT ? node->home_agent_address
                                             : scenario_node_address(scenario, node, member);
}

static struct attack_address resolve(const struct parties *parties,
                                     const struct scenario_attack_address *from)
{
    struct attack_address to = {.kind = ATTACK_ADDRESS_FIXED, .prefix_length = from->prefix_length};
    switch (from->kind) {
    case SCENARIO_ADDRESS_NONE:
        to.kind = ATTACK_ADDRESS_NONE;
        break;
    case SCENARIO_ADDRESS_OWN:
        to.address = own_address(parties, from->link);
        break;
    case SCENARIO_ADDRESS_NODE:
        to.address = address_of_node(parties, from->node.node, member_of(&from->node, parties->pair));
        break;
    case SCENARIO_ADDRESS_GIVEN:
        to.address = from->address;
        break;
    case SCENARIO_ADDRESS_HEARD:
        to.kind = ATTACK_ADDRESS_HEARD;
        break;
    case SCENARIO_ADDRESS_RANDOM:
    case SCENARIO_ADDRESS_EACH:
        to.kind = from->kind == SCENARIO_ADDRESS_RANDOM ? ATTACK_ADDRESS_RANDOM : ATTACK_ADDRESS_EACH;
        to.address = from->address;
        break;
    }
    return to;
}

static void resolve_addresses(const struct parties *parties, struct attack_configuration *configuration)
{
    const struct scenario_attack *attack = parties->attack;
    configuration->source = resolve(parties, &attack->source);
    configuration->home_address = resolve(parties, &attack->home_address);
    configuration->care_of_address = resolve(parties, &attack->care_of_address);
    configuration->routing = resolve(parties, &attack->routing_header);
    configuration->destination = resolve(parties, &attack->to);
    bool to_care_of = configuration->message == MOBILITY_BINDING_ACKNOWLEDGEMENT &&
                      attack->care_of_address.kind != SCENARIO_ADDRESS_NONE;
    configuration->target = address_of_node(parties, attack->target.node, parties->target);
    if (attack->to.kind == SCENARIO_ADDRESS_NONE && !to_care_of) {
        configuration->destination.kind = ATTACK_ADDRESS_FIXED;
        configuration->destination.address = configuration->target;
    }
    configuration->from_given = attack->from.kind != SCENARIO_ADDRESS_NONE;
    configuration->from = resolve(parties, &attack->from).address;
    configuration->to_given = attack->to.kind != SCENARIO_ADDRESS_NONE;
    configuration->to = configuration->destination.address;
}

static uint16_t place_of(const struct parties *parties)
{
    const struct scenario *scenario = parties->simulation->scenario;
    const struct scenario_node *from = &scenario->nodes[parties->attacker->group];
    uint32_t link = parties->attack->send_on;
    struct placement placement;
    if (link == SCENARIO_NONE)
        return ATTACK_NO_PLACE;
    for (uint32_t i = 0; simulation_placement(scenario, from, parties->attacker->member, i, &placement); i++)
        if (placement.link == link)
            return (uint16_t)i;
    for (uint32_t i = 0; i < from->tap_count; i++)
        if (from->taps[i] == link)
            return (uint16_t)(parties->attacker->node.interface_count + i);
    return ATTACK_NO_PLACE;
}

/* -- static keys -- */

static bool includes(const struct scenario_reference *reference, uint32_t node, uint32_t member)
{
    return reference->node == node && member >= reference->first &&
           member - reference->first < reference->count;
}

static bool knows_key(const struct parties *parties, const struct network_node *mobile,
                      const struct network_node *correspondent)
{
    const struct scenario_knowledge *knowledge =
        &parties->simulation->scenario->nodes[parties->attacker->group].knowledge;
    for (uint32_t i = 0; i < knowledge->key_count; i++)
        if (includes(&knowledge->keys[i].mobile_node, mobile->group, mobile->member) &&
            includes(&knowledge->keys[i].correspondent, correspondent->group, correspondent->member))
            return true;
    return false;
}

/* That of the home address and the correspondent, if the attacker has been given it; wanted or not used by
 * the pair, it is not used unless the scenario says so. */
static const struct static_key *static_key_of(const struct parties *parties)
{
    const struct scenario_attack *attack = parties->attack;
    const struct scenario_attack_address *home = &attack->home_address;
    bool to_mobile_node = attack->configuration.message == MOBILITY_BINDING_ACKNOWLEDGEMENT;
    if (home->kind != SCENARIO_ADDRESS_NODE ||
        (to_mobile_node && attack->source.kind != SCENARIO_ADDRESS_NODE))
        return NULL;
    const struct scenario_reference *other = &attack->source.node;
    const struct network_node *mobile =
        simulation_node(parties->simulation, home->node.node, member_of(&home->node, parties->pair));
    const struct network_node *correspondent =
        to_mobile_node ? simulation_node(parties->simulation, other->node, member_of(other, parties->pair))
                       : simulation_node(parties->simulation, attack->target.node, parties->target);
    if (!knows_key(parties, mobile, correspondent))
        return NULL;
    return simulation_static_key(parties->simulation, mobile, correspondent,
                                 attack->configuration.home_token == ATTACK_TOKEN_STATIC_KEY);
}

/* -- security associations -- */

static struct security_association *association_from(struct simulation *simulation,
                                                     const struct ipsec_configuration *configuration,
                                                     enum association_use use)
{
    unsigned integrity_length = esp_integrity_key_length(configuration->integrity);
    unsigned encryption_length = configuration->encryption_key_length;
    struct security_association *association = simulation_own(simulation, sizeof *association);
    uint8_t *keys = simulation_own(simulation, encryption_length + integrity_length);
    memcpy(keys, configuration->associations[use].encryption_key, encryption_length);
    memcpy(keys + encryption_length, configuration->associations[use].integrity_key, integrity_length);
    association->keys = keys;
    association->spi = configuration->associations[use].spi;
    association->encryption = (uint8_t)configuration->encryption;
    association->encryption_key_length = (uint8_t)encryption_length;
    association->integrity = (uint8_t)configuration->integrity;
    association->sequence = FIRST_ESP_SEQUENCE; /* to send by; who listens does not mind it */
    association->tunnel = use == TUNNEL_TO_HOME_AGENT || use == TUNNEL_FROM_HOME_AGENT;
    return association;
}

/* Those of one mobile node with whatever home agents it has. */
static void learn_associations(struct simulation *simulation, struct attacker *attacker,
                               const struct network_node *mobile)
{
    struct ipsec_configuration configuration;
    for (uint32_t i = 0; security_configuration(simulation, mobile, i, &configuration); i++)
        for (unsigned use = 0; use < ASSOCIATION_USES; use++)
            attacker_add_association(attacker, simulation->esp,
                                     association_from(simulation, &configuration, (enum association_use)use));
}

static const struct attack_protection *protection_of(const struct parties *parties,
                                                     const struct ipv6_address *home_agent)
{
    struct simulation *simulation = parties->simulation;
    const struct scenario_reference *protect = &parties->attack->protect;
    struct ipsec_configuration configuration, found;
    bool any = false;
    if (protect->node == SCENARIO_NONE)
        return NULL;
    const struct network_node *mobile =
        simulation_node(simulation, protect->node, member_of(protect, parties->pair));
    for (uint32_t i = 0; security_configuration(simulation, mobile, i, &configuration); i++) {
        if (any && !ipv6_address_equal(&configuration.home_agent, home_agent))
            continue;
        found = configuration;
        any = true;
        if (ipv6_address_equal(&configuration.home_agent, home_agent))
            break;
    }
    if (!any)
        return NULL;
    /* The one that it has learnt: all of its attacks count on together. */
    struct security_association *association = parties->attacker->attacker->eavesdropper.associations;
    while (association && association->spi != found.associations[TRANSPORT_TO_HOME_AGENT].spi)
        association = association->next;
    if (!association)
        return NULL;
    struct attack_protection *protection = simulation_own(simulation, sizeof *protection);
    protection->engine = simulation->esp;
    protection->association = association;
    return protection;
}

/* -- attacks -- */

static int build_attack(struct simulation *simulation, const struct scenario_attack *attack, uint32_t pair)
{
    struct attack_configuration *configuration = simulation_own(simulation, sizeof *configuration);
    struct parties parties = {.simulation = simulation, .attack = attack, .pair = pair};
    uint32_t attacker;
    scenario_pair(&attack->attacker, &attack->target, pair, &attacker, &parties.target);
    parties.attacker = simulation_node(simulation, attack->attacker.node, attacker);
    *configuration = attack->configuration;
    configuration->mark = attack->first + pair + 1;
    configuration->place = place_of(&parties);
    resolve_addresses(&parties, configuration);
    configuration->static_key = static_key_of(&parties);
    configuration->protection = protection_of(&parties, &configuration->destination.address);
    return attacker_add_attack(parties.attacker->attacker, configuration);
}

static void build_attacker(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_knowledge *knowledge = &simulation->scenario->nodes[node->group].knowledge;
    tap_links(simulation, node);
    for (uint32_t i = 0; i < knowledge->association_count; i++)
        for (uint32_t k = 0; k < knowledge->associations[i].count; k++)
            learn_associations(simulation, node->attacker,
                               simulation_node(simulation, knowledge->associations[i].node,
                                               knowledge->associations[i].first + k));
}

int attackers_build(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    int result = 0;
    simulation->network->marks = scenario->attack_total > 0;
    for (uint32_t i = 0; i < simulation->network->node_count; i++)
        if (simulation->network->nodes[i].attacker)
            build_attacker(simulation, &simulation->network->nodes[i]);
    for (uint32_t i = 0; result == 0 && i < scenario->attack_count; i++)
        for (uint32_t pair = 0; result == 0 && pair < scenario->attacks[i].pairs; pair++)
            result = build_attack(simulation, &scenario->attacks[i], pair);
    return result;
}

void attackers_start(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->network->node_count; i++) {
        struct network_node *node = &simulation->network->nodes[i];
        if (!node->attacker)
            continue;
        attacker_start(node->attacker, network_now(simulation->network));
        network_node_settle(node);
    }
}

/* -- the operator -- */

void attackers_plug(struct simulation *simulation, struct network_node *node, uint32_t link, bool in)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    struct placement placement;
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++) {
        struct port *port = &node->ports[i];
        if (placement.link != link || (port->link != NULL) == in)
            continue;
        if (in)
            lan_attach(simulation_link(simulation, link, placement.number), port);
        else
            lan_detach(port);
        network_link_changed(node, i, in);
    }
}

void attackers_set_on(struct network_node *node, bool on)
{
    if (node->attacker)
        attacker_set_on(node->attacker, on);
}
