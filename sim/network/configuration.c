/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * configuration.c - what nodes are configured to do, and what the operator changes of it as time goes by:
 * parameters, addresses, static routes.
 *
 * Nodes of a group share what the scenario says of it, until one of them is changed: then it has a copy of
 * its own, which its machines are told of and which it keeps, as it keeps addresses, when its power fails
 * (reboot.c). Static routes stand in the node's table, which comes back as it is.
 */
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/routing_table.h"
#include "models/mobility/mobility.h"
#include "sim/network/simulation.h"

struct given_address {
    struct ipv6_address address;
    uint8_t prefix_length;
    unsigned interface;
    bool removed; /* it was the node's, and is no more */
};

struct configured_node {
    struct scenario_node *parameters; /* NULL: as the scenario has them */
    struct mobile_node_configuration mobile;
    GArray *addresses; /* of struct given_address */
};

static void configured_free(gpointer data)
{
    struct configured_node *configured = data;
    g_free(configured->parameters);
    g_array_free(configured->addresses, TRUE);
    g_free(configured);
}

static struct configured_node *find(const struct simulation *simulation, const struct network_node *node)
{
    return simulation->configured ? g_hash_table_lookup(simulation->configured, GUINT_TO_POINTER(node->index))
                                  : NULL;
}

static struct configured_node *find_or_make(struct simulation *simulation, const struct network_node *node)
{
    struct configured_node *configured = find(simulation, node);
    if (configured)
        return configured;
    if (!simulation->configured)
        simulation->configured = g_hash_table_new_full(NULL, NULL, NULL, configured_free);
    configured = g_new0(struct configured_node, 1);
    configured->addresses = g_array_new(FALSE, FALSE, sizeof(struct given_address));
    g_hash_table_insert(simulation->configured, GUINT_TO_POINTER(node->index), configured);
    return configured;
}

/* -- parameters -- */

const struct scenario_node *simulation_parameters(const struct simulation *simulation,
                                                  const struct network_node *node)
{
    const struct configured_node *configured = find(simulation, node);
    return configured && configured->parameters ? configured->parameters
                                                : &simulation->scenario->nodes[node->group];
}

const struct mobile_node_configuration *simulation_mobile_configuration(struct simulation *simulation,
                                                                        const struct network_node *node)
{
    const struct configured_node *configured = find(simulation, node);
    return configured && configured->parameters ? &configured->mobile : simulation->mobile[node->group];
}

static bool is_advertised(size_t offset)
{
    return (offset >= offsetof(struct scenario_node, home_agent) &&
            offset < offsetof(struct scenario_node, home_agent) + sizeof(struct home_agent_configuration)) ||
           offset == offsetof(struct scenario_node, home_agent_lifetime) ||
           offset == offsetof(struct scenario_node, home_agent_bit) ||
           offset == offsetof(struct scenario_node, router_address_bit);
}

static void change_parameter(struct simulation *simulation, struct network_node *node,
                             const struct scenario_change *change)
{
    struct configured_node *configured = find_or_make(simulation, node);
    if (!configured->parameters)
        configured->parameters =
            g_memdup2(&simulation->scenario->nodes[node->group], sizeof(struct scenario_node));
    struct scenario_node *parameters = configured->parameters;
    /* The node holds on to the present ones until it is told. */
    struct node_configuration before = parameters->ipv6;
    if (node->node.configuration == &parameters->ipv6)
        node->node.configuration = &before;
    memcpy((char *)parameters + change->offset, change->value, change->size);
    configured->mobile = parameters->mobile;
    configured->mobile.default_policy.method = &authorization_return_routability;
    node_reconfigure(&node->node, &parameters->ipv6);
    mobility_reconfigure(&node->node, &parameters->correspondent, &parameters->home_agent,
                         &configured->mobile);
    if (is_advertised(change->offset))
        simulation_advertise_anew(simulation, node);
}

/* -- addresses -- */

/* The interface of the node's on the link; false: it has none. */
static bool find_interface(const struct simulation *simulation, const struct network_node *node,
                           uint32_t link, unsigned *interface)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    struct placement placement;
    for (*interface = 0;
         simulation_placement(simulation->scenario, from, node->member, *interface, &placement); ++*interface)
        if (placement.link == link)
            return true;
    return false;
}

static struct given_address *find_given(const struct configured_node *configured,
                                        const struct ipv6_address *address)
{
    for (guint i = 0; i < configured->addresses->len; i++) {
        struct given_address *given = &g_array_index(configured->addresses, struct given_address, i);
        if (ipv6_address_equal(&given->address, address))
            return given;
    }
    return NULL;
}

static void change_address(struct simulation *simulation, struct network_node *node,
                           const struct scenario_action *action)
{
    struct configured_node *configured = find_or_make(simulation, node);
    struct given_address *given = find_given(configured, &action->prefix);
    struct given_address new = {.address = action->prefix, .prefix_length = action->prefix_length};
    bool add = action->verb == SCENARIO_ADD_ADDRESS;
    if (add && !find_interface(simulation, node, action->link, &new.interface))
        return;
    new.removed = !add;
    if (given)
        *given = new;
    else
        g_array_append_val(configured->addresses, new);
    if (add)
        (void)address_add(&node->node, new.interface, &new.address, new.prefix_length, ADDRESS_CONFIGURED,
                          true, true, network_node_now(node));
    else
        (void)address_remove(&node->node, &new.address, network_node_now(node));
}

int simulation_restore_configured(struct simulation *simulation, struct network_node *node)
{
    const struct configured_node *configured = find(simulation, node);
    int result = 0;
    for (guint i = 0; configured && result == 0 && i < configured->addresses->len; i++) {
        const struct given_address *given = &g_array_index(configured->addresses, struct given_address, i);
        bool there = address_find(&node->node, &given->address) != NULL;
        if (given->removed && there)
            result = address_remove(&node->node, &given->address, network_node_now(node));
        else if (!given->removed && !there)
            result = address_add(&node->node, given->interface, &given->address, given->prefix_length,
                                 ADDRESS_CONFIGURED, true, true, network_node_now(node));
    }
    return result;
}

/* -- routes -- */

static void change_route(const struct simulation *simulation, struct network_node *node,
                         const struct scenario_action *action)
{
    unsigned interface;
    struct node *at = &node->node;
    if (action->verb == SCENARIO_REMOVE_ROUTE) {
        if (at->routes)
            (void)routing_table_remove(at->routes, &action->prefix, action->prefix_length);
        return;
    }
    if (!find_interface(simulation, node, action->link, &interface))
        return;
    const struct route route = {
        .prefix = action->prefix,
        .prefix_length = action->prefix_length,
        .next_hop = action->next_hop,
        .interface = (uint16_t)interface,
    };
    if (!at->routes)
        at->routes = routing_table_new();
    if (!at->routes || routing_table_add(at->routes, &route) != 0)
        g_error("out of memory");
}

/* -- the operator -- */

void simulation_configure(struct simulation *simulation, struct network_node *node,
                          const struct scenario_action *action)
{
    if (action->verb == SCENARIO_CONFIGURE)
        change_parameter(simulation, node, &action->change);
    else if (action->verb == SCENARIO_ADD_ADDRESS || action->verb == SCENARIO_REMOVE_ADDRESS)
        change_address(simulation, node, action);
    else
        change_route(simulation, node, action);
    network_node_settle(node);
}

static bool has_route(const struct node *node, const struct scenario_action *action)
{
    const struct route *route;
    for (unsigned i = 0; (route = routing_table_at(node->routes, i)) != NULL; i++)
        if (route->prefix_length == action->prefix_length &&
            ipv6_address_equal(&route->prefix, &action->prefix))
            return true;
    return false;
}

char *simulation_objection(const struct simulation *simulation, const struct scenario_action *action)
{
    const struct scenario *scenario = simulation->scenario;
    if ((action->verb == SCENARIO_DEPRECATE || action->verb == SCENARIO_WITHDRAW) &&
        !simulation_has_prefix(simulation, action->link, &action->prefix))
        return g_strdup_printf("this prefix is not advertised on \"%s\" (see: show prefixes)",
                               scenario->links[action->link].name);
    if (action->who.node == SCENARIO_NONE)
        return NULL;
    const struct scenario_node *group = &scenario->nodes[action->who.node];
    const struct network_node *node = simulation_node(simulation, action->who.node, action->who.first);
    bool has_address = address_find(&node->node, &action->prefix) != NULL;
    if (action->keep && !group->overlaps)
        return g_strdup_printf("\"%s\" has one interface only: nowhere in the scenario it keeps a link",
                               group->name);
    if (action->verb == SCENARIO_ADD_ADDRESS && has_address)
        return g_strdup_printf("\"%s\" has this address", group->name);
    if (action->verb == SCENARIO_REMOVE_ADDRESS && !has_address)
        return g_strdup_printf("\"%s\" has no such address (see: show addresses)", group->name);
    if (action->verb == SCENARIO_REMOVE_ROUTE && !has_route(&node->node, action))
        return g_strdup_printf("\"%s\" has no such route (see: show routes)", group->name);
    return NULL;
}

void simulation_free_configuration(struct simulation *simulation)
{
    if (simulation->configured)
        g_hash_table_destroy(simulation->configured);
}
