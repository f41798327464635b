/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent_prefixes.c - what the home agent knows of its home link (RFC 6275, 10.5.1, 10.6): the prefixes
 * there, its own and those that other routers advertise, and the other home agents.
 *
 * Each prefix of its own is also an anycast address, by which a mobile node that is away looks for a home
 * agent (10.5). When the prefixes change, whether the operator has set others or an advertisement tells of
 * some, two things follow: no binding outlives the prefix of its home address (10.3.1), and the mobile nodes
 * that are away are told (10.6.2).
 */
#include "models/mobility/home_agent.h"

#include "models/base/error.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/node.h"
#include "models/mobility/mobility.h"
#include "models/mobility/prefix_advertisement.h"

static struct ipv6_address anycast_of(const struct home_prefix *prefix)
{
    return ipv6_home_agents_anycast(&prefix->prefix);
}

/* What stands for the prefix on the link. Of other prefix lengths RFC 2526 says other addresses; there are
 * none. */
static bool has_anycast(const struct home_prefix *prefix)
{
    return prefix->own && prefix->length == 64;
}

static void serve_anycast(struct node *node, bool serve, int *error)
{
    struct home_agent *agent = node->mobility->home_agent;
    for (unsigned i = 0; i < agent->prefixes.count; i++) {
        if (!has_anycast(&agent->prefixes.prefixes[i]))
            continue;
        struct ipv6_address anycast = anycast_of(&agent->prefixes.prefixes[i]);
        if (!serve)
            anycast_remove(node, agent->home_interface, &anycast);
        else if (anycast_add(node, agent->home_interface, &anycast) != 0)
            *error = ERROR_MEMORY;
    }
}

struct prefix_change {
    struct node *node;
    time_ns now;
};

/* "The home agent MUST remove a binding when the valid lifetime of the prefix associated with it expires"
 * (10.3.1). */
static void shorten_binding(struct binding *binding, void *context)
{
    struct node *node = ((const struct prefix_change *)context)->node;
    time_ns now = ((const struct prefix_change *)context)->now;
    if (!binding->home || binding->deleted)
        return;
    const struct home_prefix *prefix =
        home_prefix_list_find(&node->mobility->home_agent->prefixes, &binding->home_address, now);
    time_ns end = prefix ? time_add(now, home_prefix_valid(prefix, now)) : now;
    if (binding->expires <= end)
        return;
    binding->expires = end;
    node_arm(node, &binding->timer, end);
}

static void prefixes_changed(struct node *node, time_ns now)
{
    struct prefix_change change = {node, now};
    binding_cache_each(&node->mobility->bindings, shorten_binding, &change);
    prefix_advertisement_prefixes_changed(node, now);
}

int home_agent_set_prefixes(struct node *node, const struct router_prefix *prefixes, unsigned count,
                            time_ns now)
{
    struct home_agent *agent = node->mobility ? node->mobility->home_agent : NULL;
    int error = 0;
    if (!agent)
        return ERROR_ARGUMENT;
    serve_anycast(node, false, &error);
    bool changed = home_prefix_list_configure(&agent->prefixes, prefixes, count, now);
    serve_anycast(node, true, &error);
    if (changed)
        prefixes_changed(node, now);
    return error;
}

int home_agent_begin(struct node *node, time_ns now)
{
    const struct home_agent *agent = node->mobility->home_agent;
    const struct router_prefix prefix = {
        .prefix = agent->address,
        .valid_lifetime = UINT32_MAX,
        .preferred_lifetime = UINT32_MAX,
        .length = agent->home_prefix_length,
        .on_link = true,
        .autonomous = true,
        .router_address = true,
    };
    return home_agent_set_prefixes(node, &prefix, 1, now);
}

void home_agent_router_advertisement(struct node *node, const struct interface *interface,
                                     const struct received_router_advertisement *advertisement, time_ns now)
{
    struct home_agent *agent = node->mobility->home_agent;
    if (interface != agent->home_interface)
        return;
    home_agents_list_heard(&agent->home_agents, advertisement, now);
    if (home_prefix_list_heard(&agent->prefixes, advertisement, now))
        prefixes_changed(node, now);
}
