/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group.c - the nodes, links and pairs that a group stands for: computed when asked for, never stored.
 */
#include "sim/scenario/scenario.h"

/* Adds to one half of an address, octets in network order. */
static void add_to_half(uint8_t *half, uint64_t number)
{
    for (unsigned i = 8; i-- > 0 && number;) {
        number += half[i];
        half[i] = (uint8_t)number;
        number >>= 8;
    }
}

char *scenario_node_name(const struct scenario_node *node, uint32_t number)
{
    return node->count == 1 ? g_strdup(node->name) : g_strdup_printf("%s-%u", node->name, number + 1);
}

char *scenario_link_name(const struct scenario_link *link, uint32_t number)
{
    return link->count == 1 ? g_strdup(link->name) : g_strdup_printf("%s-%u", link->name, number + 1);
}

void scenario_pair(const struct scenario_reference *a, const struct scenario_reference *b, uint32_t pair,
                   uint32_t *number_a, uint32_t *number_b)
{
    *number_a = a->first + (a->count > 1 ? pair : 0);
    *number_b = b->first + (b->count > 1 ? pair : 0);
}

bool scenario_pairs_of(const struct scenario_reference *end, const struct scenario_reference *other,
                       uint32_t member, uint32_t *first, uint32_t *count)
{
    if (member < end->first || member - end->first >= end->count)
        return false;
    *first = end->count > 1 ? member - end->first : 0;
    *count = end->count > 1 ? 1 : other->count;
    return true;
}

bool scenario_find_pair(const struct scenario *scenario, const struct scenario_reference *mobile_node,
                        uint32_t a, const struct scenario_reference *correspondent, uint32_t b,
                        uint32_t *section, uint32_t *pair)
{
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *peers = &scenario->peers[i];
        uint32_t first, count, mobile_member, member;
        if (peers->pairs == 0 || peers->mobile_node.node != mobile_node->node ||
            peers->correspondent.node != correspondent->node ||
            peers->correspondent.home != correspondent->home ||
            !scenario_pairs_of(&peers->mobile_node, &peers->correspondent, a, &first, &count))
            continue;
        if (count > 1)
            first = b - peers->correspondent.first; /* one mobile node with many */
        if (first >= peers->pairs)
            continue;
        scenario_pair(&peers->mobile_node, &peers->correspondent, first, &mobile_member, &member);
        if (member != b || !scenario_peers_concern(scenario, peers, mobile_node->home, a, b))
            continue;
        *section = i;
        *pair = first;
        return true;
    }
    return false;
}

struct ipv6_address scenario_link_prefix(const struct scenario_link *link, uint32_t number)
{
    struct ipv6_address prefix = link->prefix;
    add_to_half(prefix.octets, number);
    return prefix;
}

struct ipv6_address scenario_interface_address(const struct scenario *scenario,
                                               const struct scenario_interface *interface, uint32_t number)
{
    struct ipv6_address address = interface->address;
    bool lan = scenario->links[interface->link].kind != SCENARIO_POINT_TO_POINT;
    add_to_half(address.octets + (lan ? 8 : 0), number);
    return address;
}

struct ipv6_address scenario_home_address(const struct scenario_node *node, uint32_t number)
{
    struct ipv6_address address = node->home_address;
    add_to_half(address.octets + 8, number);
    return address;
}

struct scenario_home scenario_home(const struct scenario *scenario, const struct scenario_node *node,
                                   uint32_t home)
{
    uint32_t index = (uint32_t)(node - scenario->nodes);
    for (uint32_t i = 0; home > 0 && i < scenario->home_count; i++)
        if (scenario->homes[i].node == index && scenario->homes[i].number == home)
            return scenario->homes[i];
    return (struct scenario_home){
        .name = node->name,
        .place = node->place,
        .node = index,
        .home_link = node->home_link,
        .home_agent_node = node->home_agent_node,
        .home_agent_address = node->home_agent_address,
        .home_address = node->home_address,
    };
}

struct ipv6_address scenario_home_member(const struct scenario_home *home, uint32_t number)
{
    struct ipv6_address address = home->home_address;
    add_to_half(address.octets + 8, number);
    return address;
}

struct ipv6_address scenario_reference_address(const struct scenario *scenario,
                                               const struct scenario_reference *reference, uint32_t number)
{
    const struct scenario_node *node = &scenario->nodes[reference->node];
    if (reference->home == 0)
        return scenario_node_address(scenario, node, number);
    struct scenario_home home = scenario_home(scenario, node, reference->home);
    return scenario_home_member(&home, number);
}

bool scenario_peers_have(const struct scenario_peers *peers, uint32_t mobile_node, uint32_t correspondent)
{
    const struct scenario_reference *a = &peers->mobile_node, *b = &peers->correspondent;
    if (mobile_node < a->first || mobile_node - a->first >= a->count || correspondent < b->first ||
        correspondent - b->first >= b->count)
        return false;
    return a->count == 1 || b->count == 1 || mobile_node - a->first == correspondent - b->first;
}

bool scenario_peers_concern(const struct scenario *scenario, const struct scenario_peers *peers,
                            uint32_t home, uint32_t a, uint32_t b)
{
    if (peers->mobile_node.home == home)
        return true;
    if (peers->mobile_node.home != 0)
        return false;
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *other = &scenario->peers[i];
        if (other->mobile_node.home == home && other->mobile_node.node == peers->mobile_node.node &&
            other->correspondent.node == peers->correspondent.node &&
            other->correspondent.home == peers->correspondent.home && scenario_peers_have(other, a, b))
            return false;
    }
    return true;
}

struct ipv6_address scenario_node_address(const struct scenario *scenario, const struct scenario_node *node,
                                          uint32_t number)
{
    if (node->kind == SCENARIO_MOBILE_NODE)
        return scenario_home_address(node, number);
    if (node->interface_count == 0)
        return ipv6_unspecified;
    return scenario_interface_address(scenario, &node->interfaces[0], number);
}

/* An Ethernet address as a number, and back. */
static uint64_t number_of(const struct ethernet_address *address)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < ETHERNET_ADDRESS_LENGTH; i++)
        number = number << 8 | address->octets[i];
    return number;
}

static struct ethernet_address address_of(uint64_t number)
{
    struct ethernet_address address;
    for (unsigned i = 0; i < ETHERNET_ADDRESS_LENGTH; i++)
        address.octets[i] = (uint8_t)(number >> 8 * (ETHERNET_ADDRESS_LENGTH - 1 - i));
    return address;
}

static bool is_given(const struct scenario *scenario, uint64_t number)
{
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        for (uint32_t m = 0; m < node->mac_count; m++)
            if (number - number_of(&node->macs[m]) < node->count)
                return true;
    }
    return false;
}

struct ethernet_address scenario_ethernet_address(const struct scenario *scenario,
                                                  const struct scenario_node *node, uint32_t index,
                                                  uint32_t member, unsigned interface)
{
    if (interface < node->mac_count)
        return address_of(number_of(&node->macs[interface]) + member);
    uint64_t number = (uint64_t)(interface & 0xffff) << 24 | (index & 0xffffff);
    uint64_t first = 0x02;
    while (first < 0x0e && is_given(scenario, first << 40 | number))
        first += 4;
    return address_of(first << 40 | number);
}
