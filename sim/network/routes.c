/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routes.c - static routes from the topology: the least sum of the links' metrics, ties by order of
 * appearance.
 *
 * A router at the edge, whose one way out leads to one router that is not itself at the edge, gets a default
 * route: most routers are like that, and would otherwise each hold a route to every prefix. The others hold a
 * route to every prefix, and no default, so that a packet to nowhere is dropped by the first of them instead
 * of going in circles; unless there is an external router: behind it is everything that the scenario does not
 * know, and the nearest one has their default route. Cost: for each router that is not at the edge, one
 * shortest-path tree over the routers and one step for each prefix.
 *
 * Hosts on a LAN find their routers by themselves. A host on a point-to-point link has a default route to the
 * other end, if that is a router; of two hosts each reaches the other, and nothing beyond.
 */
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/routing_table.h"
#include "sim/network/link.h"
#include "sim/network/simulation.h"

#define UNREACHED UINT64_MAX

/* A router's way to the others: an edge for each router on each of its links. */
struct edge {
    uint32_t to; /* node index */
    uint32_t metric;
    uint16_t interface; /* of the router it starts from */
    struct ipv6_address next_hop;
};

struct reach {
    uint64_t distance;
    const struct edge *first; /* the edge that leaves the root */
};

struct routes {
    struct simulation *simulation;
    GArray **edges;      /* by node index, of struct edge; NULL: not a router */
    struct reach *reach; /* by node index; of one root at a time */
    uint32_t *queue;
    bool *queued;
};

static const struct scenario_node *group_of(const struct routes *routes, const struct network_node *node)
{
    return &routes->simulation->scenario->nodes[node->group];
}

static bool is_router(const struct network_node *node)
{
    return node->node.configuration->forwarding;
}

static struct ipv6_address port_address(const struct routes *routes, const struct port *port)
{
    struct placement placement;
    bool found = simulation_placement(routes->simulation->scenario, group_of(routes, port->node),
                                      port->node->member, port->interface, &placement);
    g_assert(found);
    return placement.address;
}

static void collect_edges(struct routes *routes)
{
    struct network *network = routes->simulation->network;
    for (uint32_t i = 0; i < network->node_count; i++)
        if (is_router(&network->nodes[i]))
            routes->edges[i] = g_array_new(FALSE, FALSE, sizeof(struct edge));
    for (uint32_t l = 0; l < network->link_count; l++) {
        const struct link *link = &network->links[l];
        uint32_t metric = routes->simulation->scenario->links[link->group].metric;
        for (uint32_t a = 0; a < link_station_count(link); a++)
            for (uint32_t b = 0; b < link_station_count(link) && is_router(link_station(link, a)->node);
                 b++) {
                if (a == b || !is_router(link_station(link, b)->node))
                    continue;
                struct edge edge = {link_station(link, b)->node->index, metric,
                                    link_station(link, a)->interface,
                                    port_address(routes, link_station(link, b))};
                g_array_append_val(routes->edges[link_station(link, a)->node->index], edge);
            }
    }
}

/* Label-correcting search from a root; a router is looked at again when a better way to it is found. */
static void reach_from(struct routes *routes, uint32_t root)
{
    uint32_t count = routes->simulation->network->node_count;
    for (uint32_t i = 0; i < count; i++)
        routes->reach[i] = (struct reach){UNREACHED, NULL};
    memset(routes->queued, 0, count * sizeof *routes->queued);
    routes->reach[root].distance = 0;
    uint32_t head = 0, pending = 1;
    routes->queue[0] = root;
    while (pending > 0) {
        uint32_t at = routes->queue[head];
        head = (head + 1) % count;
        pending--;
        routes->queued[at] = false;
        for (guint e = 0; e < routes->edges[at]->len; e++) {
            const struct edge *edge = &g_array_index(routes->edges[at], struct edge, e);
            uint64_t distance = routes->reach[at].distance + edge->metric;
            if (distance >= routes->reach[edge->to].distance)
                continue;
            routes->reach[edge->to] = (struct reach){distance, at == root ? edge : routes->reach[at].first};
            if (!routes->queued[edge->to]) {
                routes->queued[edge->to] = true;
                routes->queue[(head + pending++) % count] = edge->to;
            }
        }
    }
}

static bool at_edge(const struct routes *routes, uint32_t router)
{
    return routes->edges[router]->len == 1;
}

static int add_route(struct node *node, const struct ipv6_address *prefix, unsigned length,
                     unsigned interface, const struct ipv6_address *next_hop)
{
    if (!node->routes) {
        node->routes = routing_table_new();
        if (!node->routes)
            return ERROR_MEMORY;
    }
    struct route route = {
        .prefix = ipv6_prefix_of(prefix, length),
        .interface = (uint16_t)interface,
        .prefix_length = (uint8_t)length,
    };
    if (next_hop)
        route.next_hop = *next_hop;
    return routing_table_add(node->routes, &route);
}

static int add_on_link(struct routes *routes, struct network_node *node)
{
    struct placement placement;
    int result = 0;
    for (uint32_t i = 0;
         result == 0 && simulation_placement(routes->simulation->scenario, group_of(routes, node),
                                             node->member, i, &placement);
         i++)
        if (placement.link != SCENARIO_NONE)
            result = add_route(&node->node, &placement.prefix, placement.prefix_length, i, NULL);
    return result;
}

/* The way to every prefix that the router is not itself on. */
static int add_remote(struct routes *routes, struct network_node *router)
{
    struct simulation *simulation = routes->simulation;
    reach_from(routes, router->index);
    for (uint32_t l = 0; l < simulation->network->link_count; l++) {
        const struct link *link = &simulation->network->links[l];
        const struct scenario_link *from = &simulation->scenario->links[link->group];
        const struct reach *best = NULL;
        for (uint32_t s = 0; s < link_station_count(link); s++) {
            if (!is_router(link_station(link, s)->node))
                continue;
            const struct reach *reach = &routes->reach[link_station(link, s)->node->index];
            if (!best || reach->distance < best->distance)
                best = reach;
        }
        if (!best || !best->first)
            continue; /* nobody routes to it, or it is the router's own */
        struct ipv6_address prefix = scenario_link_prefix(from, link->member);
        int result = add_route(&router->node, &prefix, from->prefix_length, best->first->interface,
                               &best->first->next_hop);
        if (result != 0)
            return result;
    }
    return 0;
}

/* Everything else is behind the nearest external router, the first of equals; there may be none. */
static int add_outside(struct routes *routes, struct network_node *router)
{
    struct network *network = routes->simulation->network;
    const struct reach *best = NULL;
    for (uint32_t i = 0; i < network->node_count; i++)
        if (routes->edges[i] && i != router->index && group_of(routes, &network->nodes[i])->external &&
            (!best || routes->reach[i].distance < best->distance))
            best = &routes->reach[i];
    if (!best || !best->first)
        return 0;
    return add_route(&router->node, &ipv6_unspecified, 0, best->first->interface, &best->first->next_hop);
}

static int route_router(struct routes *routes, struct network_node *router)
{
    int result = add_on_link(routes, router);
    if (result != 0 || routes->edges[router->index]->len == 0)
        return result;
    const struct edge *out = &g_array_index(routes->edges[router->index], struct edge, 0);
    if (at_edge(routes, router->index) && !at_edge(routes, out->to))
        return add_route(&router->node, &ipv6_unspecified, 0, out->interface, &out->next_hop);
    result = add_remote(routes, router);
    return result == 0 ? add_outside(routes, router) : result;
}

static int route_host(struct routes *routes, struct network_node *host)
{
    struct placement placement;
    bool has_default = false;
    int result = 0;
    for (uint32_t i = 0;
         result == 0 && simulation_placement(routes->simulation->scenario, group_of(routes, host),
                                             host->member, i, &placement);
         i++) {
        const struct port *port = &host->ports[i];
        if (placement.link == SCENARIO_NONE ||
            routes->simulation->scenario->links[placement.link].kind != SCENARIO_POINT_TO_POINT)
            continue;
        const struct port *peer = port->link->ends[1 - port->direction];
        bool routed = peer && is_router(peer->node);
        if (!routed || host->node.interface_count > 1) /* else the default route is the way to everything */
            result = add_route(&host->node, &placement.prefix, placement.prefix_length, i, NULL);
        if (result == 0 && !has_default && routed) {
            struct ipv6_address next_hop = port_address(routes, peer);
            result = add_route(&host->node, &ipv6_unspecified, 0, i, &next_hop);
            has_default = true;
        }
    }
    return result;
}

int simulation_compute_routes(struct simulation *simulation)
{
    struct network *network = simulation->network;
    struct routes routes = {
        .simulation = simulation,
        .edges = g_new0(GArray *, network->node_count),
        .reach = g_new(struct reach, network->node_count),
        .queue = g_new(uint32_t, network->node_count),
        .queued = g_new(bool, network->node_count),
    };
    collect_edges(&routes);
    int result = 0;
    for (uint32_t i = 0; result == 0 && i < network->node_count; i++)
        result = routes.edges[i] ? route_router(&routes, &network->nodes[i])
                                 : route_host(&routes, &network->nodes[i]);
    for (uint32_t i = 0; i < network->node_count; i++)
        if (routes.edges[i])
            g_array_free(routes.edges[i], TRUE);
    g_free(routes.edges);
    g_free(routes.reach);
    g_free(routes.queue);
    g_free(routes.queued);
    return result;
}
