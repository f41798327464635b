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

bool scenario_find_pair(const struct scenario *scenario, uint32_t mobile_node, uint32_t mobile_number,
                        uint32_t correspondent, uint32_t correspondent_number, uint32_t *section,
                        uint32_t *pair)
{
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *peers = &scenario->peers[i];
        uint32_t first, count, a, b;
        if (peers->pairs == 0 || peers->mobile_node.node != mobile_node ||
            peers->correspondent.node != correspondent ||
            !scenario_pairs_of(&peers->mobile_node, &peers->correspondent, mobile_number, &first, &count))
            continue;
        if (count > 1)
            first = correspondent_number - peers->correspondent.first; /* one mobile node with many */
        if (first >= peers->pairs)
            continue;
        scenario_pair(&peers->mobile_node, &peers->correspondent, first, &a, &b);
        if (b != correspondent_number)
            continue;
        *section = i;
        *pair = first;
        return true;
    }
    return false;
}

uint32_t scenario_link_end(const struct scenario *scenario, const struct scenario_link *link, uint32_t number,
                           unsigned end)
{
    return scenario->nodes[link->ends[end]].count > 1 ? number : 0;
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

struct ipv6_address scenario_node_address(const struct scenario *scenario, const struct scenario_node *node,
                                          uint32_t number)
{
    if (node->kind == SCENARIO_MOBILE_NODE)
        return scenario_home_address(node, number);
    if (node->interface_count == 0)
        return ipv6_unspecified;
    return scenario_interface_address(scenario, &node->interfaces[0], number);
}
