/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * renumbering.c - the prefixes of a LAN as time goes by: what its routers advertise, what its home agents
 * stand for, and everything that an operator does when the LAN gets another prefix (RFC 4861, 6.2.1; RFC
 * 6275, 10.6).
 *
 * A LAN has the prefix that the scenario gives it, until an action adds another or changes lifetimes; only
 * then is there a list. A new prefix brings all of this at once, before any packet can tell of it:
 *
 *     - routers and home agents on the LAN get an address in it, with their interface identifier;
 *     - each route to the LAN's first prefix gets a companion to the new one;
 *     - those that advertise, advertise it too, and home agents stand for it.
 *
 * A static key is tied to the home address that it was given for (RFC 4449, 4); nothing here gives a
 * correspondent one for the new address, and what goes to that stays with the tunnel.
 *
 * A prefix that is deprecated with a valid lifetime runs out: its lifetime is advertised as what is left.
 * One that is not stays valid for the time that is advertised again and again.
 *
 * Whatever else changes in what a LAN's routers advertise is told by them as by a router that begins to (RFC
 * 4861, 6.2.4): three advertisements at short intervals.
 */
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/routing_table.h"
#include "sim/network/security.h"
#include "sim/network/simulation.h"

/* Without address and R bit, which are each router's own. */
struct lan_prefix {
    struct router_prefix prefix;
    bool withdrawn; /* still there, but advertised no more */
};

struct renumbered_link {
    GArray *prefixes; /* of struct lan_prefix */
};

static struct router_prefix first_prefix(const struct simulation *simulation, uint32_t index)
{
    const struct scenario_link *link = &simulation->scenario->links[index];
    const struct scenario_advertisements *advertisements = simulation_advertisements(simulation, index);
    return (struct router_prefix){
        .prefix = link->prefix,
        .valid_lifetime = advertisements->prefix_valid_lifetime,
        .preferred_lifetime = advertisements->prefix_preferred_lifetime,
        .length = link->prefix_length,
        .on_link = advertisements->on_link,
        .autonomous = advertisements->autonomous,
    };
}

static struct lan_prefix *prefix_at(const struct renumbered_link *link, guint i)
{
    return &g_array_index(link->prefixes, struct lan_prefix, i);
}

/* All prefixes of the link as this node tells them; *count of them, owned by the simulation. address: its
 * own, told with the R bit; NULL: only the prefixes. withdrawn: those that are advertised no more as well. */
static struct router_prefix *prefixes_of(struct simulation *simulation, uint32_t index,
                                         const struct ipv6_address *address, bool withdrawn, unsigned *count)
{
    const struct renumbered_link *link = simulation->renumbered[index];
    unsigned known = link ? link->prefixes->len : 1;
    struct router_prefix *prefixes = simulation_own(simulation, known * sizeof *prefixes);
    *count = 0;
    for (unsigned i = 0; i < known; i++) {
        if (link && prefix_at(link, i)->withdrawn && !withdrawn)
            continue;
        struct router_prefix *prefix = &prefixes[(*count)++];
        *prefix = link ? prefix_at(link, i)->prefix : first_prefix(simulation, index);
        prefix->router_address = address != NULL;
        if (address)
            prefix->prefix = ipv6_address_join(&prefix->prefix, address);
    }
    return prefixes;
}

static bool is_home_agent_on(const struct scenario_node *node, uint32_t link)
{
    return node->kind == SCENARIO_HOME_AGENT && node->home_link == link;
}

const struct router_advertisement_configuration *simulation_advertisement(struct simulation *simulation,
                                                                          const struct network_node *node,
                                                                          const struct placement *placement)
{
    const struct scenario_node *group = simulation_parameters(simulation, node);
    const struct scenario_advertisements *from = simulation_advertisements(simulation, placement->link);
    bool home_agent = is_home_agent_on(group, placement->link);
    struct router_advertisement_configuration *to = simulation_own(simulation, sizeof *to);
    *to = (struct router_advertisement_configuration){
        .min_interval = from->min_interval,
        .max_interval = from->max_interval,
        .min_delay_between = from->min_delay_between,
        .max_reply_delay = from->max_reply_delay,
        .router_lifetime = group->ipv6.forwarding ? from->router_lifetime : 0,
        .hop_limit = from->hop_limit,
        .managed = from->managed,
        .other = from->other,
        .home_agent = home_agent && group->home_agent_bit,
        .advertisement_interval_option = from->interval_option,
        .home_agent_preference = group->home_agent.preference,
        .home_agent_lifetime =
            group->home_agent_lifetime ? group->home_agent_lifetime : from->router_lifetime,
        .reachable_time_ms = from->reachable_time_ms,
        .retransmission_ms = from->retransmission_ms,
        .mtu = from->mtu,
        .reply_unicast = from->unicast_reply,
    };
    to->prefixes = prefixes_of(simulation, placement->link,
                               home_agent && group->router_address_bit ? &placement->address : NULL, false,
                               &to->prefix_count);
    return to;
}

int simulation_set_home_prefixes(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *group = &simulation->scenario->nodes[node->group];
    struct placement placement;
    for (uint32_t i = 0; simulation_placement(simulation->scenario, group, node->member, i, &placement);
         i++) {
        if (placement.link != group->home_link)
            continue;
        unsigned count;
        const struct router_prefix *prefixes =
            prefixes_of(simulation, placement.link, &placement.address, true, &count);
        return home_agent_set_prefixes(&node->node, prefixes, count, network_node_now(node));
    }
    return 0;
}

/* -- the action -- */

static struct lan_prefix *prefix_in(struct simulation *simulation, const struct scenario_action *action)
{
    struct renumbered_link *link = simulation->renumbered[action->link];
    if (!link) {
        struct lan_prefix first = {.prefix = first_prefix(simulation, action->link)};
        simulation->renumbered[action->link] = link = g_new0(struct renumbered_link, 1);
        link->prefixes = g_array_new(FALSE, FALSE, sizeof first);
        g_array_append_val(link->prefixes, first);
    }
    for (guint i = 0; i < link->prefixes->len; i++)
        if (ipv6_address_equal(&prefix_at(link, i)->prefix.prefix, &action->prefix))
            return prefix_at(link, i);
    if (action->verb == SCENARIO_WITHDRAW)
        return NULL;
    struct lan_prefix new = {.prefix = first_prefix(simulation, action->link)};
    new.prefix.prefix = action->prefix;
    g_array_append_val(link->prefixes, new);
    security_add_prefix(simulation, action->link, &action->prefix);
    return prefix_at(link, link->prefixes->len - 1);
}

static void set_prefix(struct lan_prefix *known, const struct scenario_action *action, time_ns now)
{
    struct router_prefix *prefix = &known->prefix;
    known->withdrawn = action->verb == SCENARIO_WITHDRAW;
    if (known->withdrawn)
        return;
    if (action->verb == SCENARIO_PREFIX) {
        prefix->valid_lifetime = action->valid_lifetime;
        prefix->preferred_lifetime = action->preferred_lifetime;
        prefix->valid_until = prefix->preferred_until = 0;
        prefix->on_link = action->on_link;
        prefix->autonomous = action->autonomous;
        return;
    }
    prefix->preferred_lifetime = 0;
    prefix->preferred_until = 0;
    if (!action->has_valid_lifetime)
        return;
    bool infinite = action->valid_lifetime == UINT32_MAX;
    prefix->valid_lifetime = action->valid_lifetime;
    prefix->valid_until = infinite ? 0 : time_add(now, SECONDS(action->valid_lifetime));
}

/* Whoever has a route to the link by its first prefix. */
static void add_routes(struct simulation *simulation, const struct scenario_action *action)
{
    const struct scenario_link *link = &simulation->scenario->links[action->link];
    for (uint32_t i = 0; i < simulation->network->node_count; i++) {
        struct node *node = &simulation->network->nodes[i].node;
        const struct route *known = routing_table_lookup(node->routes, &link->prefix);
        if (!known || known->prefix_length != link->prefix_length)
            continue;
        struct route route = *known;
        route.prefix = action->prefix;
        (void)routing_table_add(node->routes, &route);
    }
}

static int add_address(struct network_node *node, unsigned interface, const struct placement *placement,
                       const struct ipv6_address *prefix)
{
    struct ipv6_address address = ipv6_address_join(prefix, &placement->address);
    if (address_find(&node->node, &address))
        return 0;
    return address_add(&node->node, interface, &address, placement->prefix_length, ADDRESS_CONFIGURED, true,
                       true, network_node_now(node));
}

/* prefix: a new one of the link's, in which the node gets an address; NULL: none. */
static void tell_node(struct simulation *simulation, const struct ipv6_address *prefix,
                      struct network_node *node, unsigned interface, const struct placement *placement)
{
    time_ns now = network_node_now(node);
    if (prefix)
        (void)add_address(node, interface, placement, prefix);
    struct interface *on = &node->node.interfaces[interface];
    if (on->advertiser)
        (void)router_advertiser_configure(&node->node, on,
                                          simulation_advertisement(simulation, node, placement), now);
    if (is_home_agent_on(&simulation->scenario->nodes[node->group], placement->link))
        (void)simulation_set_home_prefixes(simulation, node);
    network_node_settle(node);
}

struct ipv6_address simulation_prefix_in_use(const struct simulation *simulation, uint32_t link)
{
    const struct renumbered_link *renumbered = simulation->renumbered[link];
    time_ns now = network_now(simulation->network);
    for (guint i = 0; renumbered && i < renumbered->prefixes->len; i++) {
        const struct router_prefix *prefix = &prefix_at(renumbered, i)->prefix;
        if (prefix->valid_lifetime != 0 && (prefix->valid_until == 0 || prefix->valid_until > now))
            return prefix->prefix;
    }
    return simulation->scenario->links[link].prefix;
}

/* Routers, and home agents on their home links, have an address in each prefix of the link. */
static bool has_addresses_on(const struct scenario_node *node, uint32_t link)
{
    return node->ipv6.forwarding || is_home_agent_on(node, link);
}

int simulation_restore_addresses(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    struct placement placement;
    int result = 0;
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++) {
        if (placement.link == SCENARIO_NONE || !simulation->renumbered[placement.link] ||
            !has_addresses_on(from, placement.link))
            continue;
        const struct renumbered_link *link = simulation->renumbered[placement.link];
        for (guint p = 0; result == 0 && p < link->prefixes->len; p++)
            result = add_address(node, i, &placement, &prefix_at(link, p)->prefix.prefix);
    }
    return result == 0 ? simulation_restore_configured(simulation, node) : result;
}

static void tell_routers(struct simulation *simulation, uint32_t link, const struct ipv6_address *prefix)
{
    const struct scenario *scenario = simulation->scenario;
    struct placement placement;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *from = &scenario->nodes[i];
        if (!has_addresses_on(from, link))
            continue;
        for (uint32_t member = 0; member < from->count; member++)
            for (uint32_t k = 0; simulation_placement(scenario, from, member, k, &placement); k++)
                if (placement.link == link)
                    tell_node(simulation, prefix, simulation_node(simulation, i, member), k, &placement);
    }
}

void simulation_advertise_anew(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    struct placement placement;
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++)
        if (placement.link != SCENARIO_NONE && node->node.interfaces[i].advertiser)
            tell_node(simulation, NULL, node, i, &placement);
}

bool simulation_has_prefix(const struct simulation *simulation, uint32_t link,
                           const struct ipv6_address *prefix)
{
    const struct renumbered_link *renumbered = simulation->renumbered[link];
    if (!renumbered)
        return ipv6_address_equal(&simulation->scenario->links[link].prefix, prefix);
    for (guint i = 0; i < renumbered->prefixes->len; i++)
        if (ipv6_address_equal(&prefix_at(renumbered, i)->prefix.prefix, prefix))
            return !prefix_at(renumbered, i)->withdrawn;
    return false;
}

void simulation_renumber(struct simulation *simulation, const struct scenario_action *action)
{
    struct lan_prefix *prefix = prefix_in(simulation, action);
    if (!prefix)
        return; /* withdrawn, and never there */
    set_prefix(prefix, action, network_now(simulation->network));
    if (action->verb != SCENARIO_WITHDRAW)
        add_routes(simulation, action);
    tell_routers(simulation, action->link, action->verb == SCENARIO_WITHDRAW ? NULL : &action->prefix);
}

/* -- what is advertised -- */

/* What the link's keys say of its first prefix, if that is what has changed. */
static void change_first_prefix(struct router_prefix *prefix, const struct scenario_advertisements *before,
                                const struct scenario_advertisements *now)
{
    if (now->prefix_valid_lifetime != before->prefix_valid_lifetime) {
        prefix->valid_lifetime = now->prefix_valid_lifetime;
        prefix->valid_until = 0;
    }
    if (now->prefix_preferred_lifetime != before->prefix_preferred_lifetime) {
        prefix->preferred_lifetime = now->prefix_preferred_lifetime;
        prefix->preferred_until = 0;
    }
    if (now->on_link != before->on_link)
        prefix->on_link = now->on_link;
    if (now->autonomous != before->autonomous)
        prefix->autonomous = now->autonomous;
}

void simulation_advertisements_changed(struct simulation *simulation, uint32_t link,
                                       const struct scenario_advertisements *before)
{
    const struct scenario_advertisements *now = simulation_advertisements(simulation, link);
    if (simulation->renumbered[link])
        change_first_prefix(&prefix_at(simulation->renumbered[link], 0)->prefix, before, now);
    if (now->enabled != before->enabled)
        simulation_set_advertising_on(simulation, link, now->enabled);
    else
        tell_routers(simulation, link, NULL);
}

void simulation_free_renumbering(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->scenario->link_count; i++) {
        if (!simulation->renumbered[i])
            continue;
        g_array_free(simulation->renumbered[i]->prefixes, TRUE);
        g_free(simulation->renumbered[i]);
    }
    g_free(simulation->renumbered);
}
