/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * directory.c - see directory.h. Addresses that are known beforehand, those after a renumbering included, are
 * entered at the start, so that a look-up is one hash whatever the number of nodes.
 */
#include "sim/measure/directory.h"

#include <arpa/inet.h>
#include <string.h>

static guint address_hash(gconstpointer key)
{
    const struct ipv6_address *address = key;
    /* by octets, so that the table is the same on machines of either byte order */
    guint hash = 5381;
    for (unsigned i = 0; i < 16; i++)
        hash = hash * 33 + address->octets[i];
    return hash;
}

static gboolean address_same(gconstpointer a, gconstpointer b)
{
    return ipv6_address_equal(a, b);
}

void directory_enter(struct directory *directory, const struct ipv6_address *address, uint32_t node)
{
    g_hash_table_replace(directory->owners, g_memdup2(address, sizeof *address), GUINT_TO_POINTER(node + 1));
}

uint32_t directory_owner(const struct directory *directory, const struct ipv6_address *address)
{
    return address ? GPOINTER_TO_UINT(g_hash_table_lookup(directory->owners, address)) - 1 : DIRECTORY_NOBODY;
}

struct further_home {
    uint32_t number;
    char name[];
};

static const struct further_home *find_home(const struct directory *directory,
                                            const struct ipv6_address *address)
{
    return address && directory->homes ? g_hash_table_lookup(directory->homes, address) : NULL;
}

uint32_t directory_home(const struct directory *directory, const struct ipv6_address *address)
{
    const struct further_home *home = find_home(directory, address);
    return home ? home->number : 0;
}

const char *directory_home_name(const struct directory *directory, const struct ipv6_address *address)
{
    const struct further_home *home = find_home(directory, address);
    return home ? home->name : NULL;
}

/* Further home address `number` of a member of the group; under that prefix. */
static void enter_home(struct directory *directory, const struct scenario_node *node, uint32_t member,
                       uint32_t number, const struct ipv6_address *prefix)
{
    struct scenario_home of = scenario_home(directory->scenario, node, number);
    struct ipv6_address address = scenario_home_member(&of, member);
    char *name = node->count == 1 ? g_strdup(of.name) : g_strdup_printf("%s-%u", of.name, member + 1);
    size_t length = strlen(name) + 1;
    struct further_home *home = g_malloc(sizeof *home + length);
    home->number = number;
    memcpy(home->name, name, length);
    g_free(name);
    if (prefix)
        address = ipv6_address_join(prefix, &address);
    if (!directory->homes)
        directory->homes = g_hash_table_new_full(address_hash, address_same, g_free, g_free);
    g_hash_table_replace(directory->homes, g_memdup2(&address, sizeof address), home);
    directory_enter(directory, &address, node->first + member);
}

static void enter_node(struct directory *directory, const struct scenario_node *node, uint32_t group,
                       uint32_t number)
{
    const struct scenario *scenario = directory->scenario;
    uint32_t index = node->first + number;
    directory->node_names[index] = scenario_node_name(node, number);
    directory->node_groups[index] = group;
    struct ipv6_address known = scenario_node_address(scenario, node, number);
    if (!ipv6_address_is_unspecified(&known))
        directory_enter(directory, &known, index);
    for (uint32_t i = 1; i < node->home_count; i++)
        enter_home(directory, node, number, i, NULL);
    for (uint32_t i = 0; i < node->interface_count && node->kind != SCENARIO_MOBILE_NODE; i++) {
        const struct scenario_interface *interface = &node->interfaces[i];
        if (interface->link == SCENARIO_NONE)
            continue;
        bool many = interface->count > 1;
        bool point_to_point = scenario->links[interface->link].kind == SCENARIO_POINT_TO_POINT;
        for (uint32_t k = 0; k < interface->count; k++) {
            uint32_t which = many                                                            ? k
                             : point_to_point && scenario->links[interface->link].count == 1 ? 0
                                                                                             : number;
            struct ipv6_address address = scenario_interface_address(scenario, interface, which);
            directory_enter(directory, &address, index);
        }
    }
}

/* The addresses that nodes of a LAN get when it is renumbered: the same interface identifiers
 * (simulation.c). */
static void enter_renumbered(struct directory *directory, const struct scenario_action *action)
{
    const struct scenario *scenario = directory->scenario;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        for (uint32_t number = 0; number < node->count; number++) {
            struct ipv6_address address;
            if (node->kind == SCENARIO_MOBILE_NODE && node->home_link == action->link) {
                address = scenario_home_address(node, number);
                address = ipv6_address_join(&action->prefix, &address);
                directory_enter(directory, &address, node->first + number);
            }
            for (uint32_t k = 1; k < node->home_count; k++)
                if (scenario_home(scenario, node, k).home_link == action->link)
                    enter_home(directory, node, number, k, &action->prefix);
            for (uint32_t k = 0; k < node->interface_count && node->kind != SCENARIO_MOBILE_NODE; k++) {
                if (node->interfaces[k].link != action->link)
                    continue;
                address = scenario_interface_address(scenario, &node->interfaces[k], number);
                address = ipv6_address_join(&action->prefix, &address);
                directory_enter(directory, &address, node->first + number);
            }
        }
    }
}

void directory_init(struct directory *directory, const struct scenario *scenario)
{
    directory->scenario = scenario;
    directory->homes = NULL;
    directory->node_names = g_new0(char *, scenario->node_total);
    directory->node_groups = g_new0(uint32_t, scenario->node_total);
    directory->owners = g_hash_table_new_full(address_hash, address_same, g_free, NULL);
    for (uint32_t i = 0; i < scenario->node_count; i++)
        for (uint32_t number = 0; number < scenario->nodes[i].count; number++)
            enter_node(directory, &scenario->nodes[i], i, number);
    for (uint32_t i = 0; i < scenario->action_count; i++)
        directory_enter_action(directory, &scenario->actions[i]);
}

void directory_enter_action(struct directory *directory, const struct scenario_action *action)
{
    if (action->verb == SCENARIO_PREFIX)
        enter_renumbered(directory, action);
    else if (action->verb == SCENARIO_ADD_ADDRESS)
        directory_enter(directory, &action->prefix,
                        directory->scenario->nodes[action->who.node].first + action->who.first);
}

void directory_free(struct directory *directory)
{
    for (uint32_t i = 0; i < directory->scenario->node_total; i++)
        g_free(directory->node_names[i]);
    g_free(directory->node_names);
    g_free(directory->node_groups);
    g_hash_table_destroy(directory->owners);
    if (directory->homes)
        g_hash_table_destroy(directory->homes);
}

const struct scenario_node *directory_node(const struct directory *directory, uint32_t node)
{
    return &directory->scenario->nodes[directory->node_groups[node]];
}

/* The longest run of zero groups, the first of several as long, if there are two or more (RFC 5952, 4.2). */
static unsigned find_zeros(const uint16_t groups[8], unsigned *length)
{
    unsigned from = 8;
    *length = 1;
    for (unsigned i = 0; i < 8; i++) {
        unsigned zeros = 0;
        while (i + zeros < 8 && groups[i + zeros] == 0)
            zeros++;
        if (zeros > *length) {
            from = i;
            *length = zeros;
        }
        i += zeros;
    }
    return from;
}

static char *put_group(char *at, uint16_t group)
{
    static const char digits[] = "0123456789abcdef";
    int shift = group >= 0x1000 ? 12 : group >= 0x100 ? 8 : group >= 0x10 ? 4 : 0;
    for (; shift >= 0; shift -= 4)
        *at++ = digits[group >> shift & 0xf];
    return at;
}

/* inet_ntop says the same, at the price of a printf for each group: rows of messages have four addresses. */
const char *address_text(const struct ipv6_address *address, char text[ADDRESS_TEXT_LENGTH])
{
    static const uint8_t none[10];
    uint16_t groups[8];
    char *at = text;
    unsigned zeros, length;
    text[0] = '\0';
    if (!address)
        return text;
    if (memcmp(address->octets, none, sizeof none) == 0) /* may have IPv4 in it */
        return inet_ntop(AF_INET6, address->octets, text, ADDRESS_TEXT_LENGTH);
    for (unsigned i = 0; i < 8; i++)
        groups[i] = (uint16_t)(address->octets[2 * i] << 8 | address->octets[2 * i + 1]);
    zeros = find_zeros(groups, &length);
    for (unsigned i = 0; i < 8;) {
        if (i == zeros) {
            *at++ = ':';
            i += length;
            if (i == 8)
                *at++ = ':';
            continue;
        }
        if (i > 0)
            *at++ = ':';
        at = put_group(at, groups[i++]);
    }
    *at = '\0';
    return text;
}
