/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reboot.c - the power of a node fails, and comes back.
 *
 * What a node is made of is given back, as at the end of a simulation, and it is made again as at the
 * beginning, at once; until its power is back it is dark: it hears of no link, sends nothing, and what
 * reaches its ports is lost. So whatever the operator changes meanwhile (keys, prefixes, where a mobile node
 * is plugged in) it has when it wakes.
 *
 *     lost     addresses formed; neighbors, routers, prefixes, path MTUs learnt; packets that waited; Binding
 *              Cache and Binding Update List; node keys and nonces (RFC 6275, 5.2.7), cookies and tokens; the
 *              list of home agents; what anti-replay windows remember (15.3)
 *     kept     the operator's configuration: addresses, static routes, roles, home addresses (under a prefix
 *              that is good by then) and who serves them, static keys as they are by then, security
 *              associations (keyed by hand: RFC 3776, 4.1)
 *     stable   sequence numbers under static keys (RFC 4449, 3) and of ESP (RFC 4303, 3.3.3), unless the
 *     storage  action says that stable storage is lost too
 *
 * Nobody is told goodbye; the ends of point-to-point links see the carrier go, a LAN's stations nothing. A
 * node goes on in its random streams where it was, so that no key, nonce or cookie comes a second time. Flows
 * go on with their next datagram: applications begin again with their node. A router that an action had made
 * silent does as it is configured to, and advertises itself again.
 *
 * What the transmitter had been given before the failure is on the wire, and arrives.
 */
#include "models/mobility/mobility.h"
#include "sim/network/lan.h"
#include "sim/network/link.h"
#include "sim/network/security.h"
#include "sim/network/simulation.h"

/* -- flows: an application is of no node's making -- */

static void each_source(struct simulation *simulation, const struct network_node *node,
                        void (*visit)(struct flow_source *source, time_ns now))
{
    const struct scenario *scenario = simulation->scenario;
    uint32_t first, count;
    for (uint32_t i = 0; i < scenario->flow_count; i++) {
        const struct scenario_flow *flow = &scenario->flows[i];
        if (flow->from.node != node->group ||
            !scenario_pairs_of(&flow->from, &flow->to, node->member, &first, &count))
            continue;
        for (uint32_t n = 0; n < count; n++)
            visit(&simulation->flows[flow->first + first + n], network_node_now(node));
    }
}

static void suspend_source(struct flow_source *source, time_ns now)
{
    (void)now;
    flow_source_suspend(source);
}

static void suspend_flows(struct simulation *simulation, struct network_node *node)
{
    struct flow_sink *sink = g_hash_table_lookup(simulation->sinks, GUINT_TO_POINTER(node->index));
    each_source(simulation, node, suspend_source);
    if (sink)
        flow_sink_stop(sink, &node->node);
}

static int resume_sink(struct simulation *simulation, struct network_node *node)
{
    struct flow_sink *sink = g_hash_table_lookup(simulation->sinks, GUINT_TO_POINTER(node->index));
    return sink ? flow_sink_resume(sink, &node->node) : 0;
}

/* -- off -- */

static void report(struct network_node *node, enum protocol_event_kind kind)
{
    if (!environment_watches(&node->environment, kind))
        return;
    struct protocol_event event = {
        .kind = kind,
        .time = network_now(node->network),
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    node->network->observer.report(node->network->observer.context, node, &event);
}

static void report_lost(struct binding *binding, void *context)
{
    struct network_node *node = context;
    if (!binding->deleted)
        mobility_report_binding(&node->node, EVENT_BINDING_DELETED, binding, network_node_now(node));
}

static void cut_off(struct network_node *node)
{
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        const struct port *port = &node->ports[i];
        if (node->node.interfaces[i].up)
            node_link_changed(&node->node, i, false, network_node_now(node));
        if (port->link && port->link->kind == LINK_POINT_TO_POINT)
            link_power_changed(port->link);
    }
    if (node->node.mobility)
        binding_cache_each(&node->node.mobility->bindings, report_lost, node);
}

/* The table of static routes is the operator's, and comes back as it is. */
static int make_again(struct simulation *simulation, struct network_node *node)
{
    struct routing_table *routes = node->node.routes;
    unsigned interfaces = node->node.interface_count;
    uint64_t watch = node->environment.watch;
    node->node.routes = NULL;
    node->environment.watch = 0;
    mobility_free(&node->node);
    node_free(&node->node);
    for (unsigned i = 0; i < interfaces; i++)
        lan_listen_to_none(&node->ports[i]);
    node->environment.watch = watch;
    int result = node_init(&node->node, &node->environment, &simulation_parameters(simulation, node)->ipv6,
                           interfaces);
    node->node.routes = routes;
    if (result == 0)
        result = simulation_configure_node(simulation, node);
    if (result == 0)
        result = simulation_restore_addresses(simulation, node);
    if (result == 0)
        result = security_protect_node(simulation, node);
    if (result == 0)
        result = simulation_restore_peers(simulation, node);
    return result == 0 ? resume_sink(simulation, node) : result;
}

static void power_off(struct simulation *simulation, struct network_node *node, bool without_storage)
{
    if (!node->off)
        report(node, EVENT_POWER_OFF);
    node->off = true;
    node->failures++;
    cut_off(node);
    suspend_flows(simulation, node);
    if (without_storage) {
        const struct network_resources *resources = &node->network->resources;
        store_clear(&node->store);
        if (resources->stored)
            resources->stored(resources->context, node);
    }
    if (make_again(simulation, node) != 0)
        g_error("out of memory");
    network_node_settle(node);
}

/* -- on -- */

static void power_on(struct simulation *simulation, struct network_node *node)
{
    node->off = false;
    report(node, EVENT_POWER_ON);
    each_source(simulation, node, flow_source_resume);
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        struct link *link = node->ports[i].link;
        if (link && link->kind == LINK_POINT_TO_POINT)
            link_power_changed(link);
        else if (link)
            network_link_changed(node, i, true);
    }
    simulation_advertise_again(simulation, node);
    network_node_settle(node);
}

struct power_return {
    struct event event;
    struct simulation *simulation;
    struct network_node *node;
    uint32_t failure; /* after which it comes; another one meanwhile has a return of its own */
};

static void power_return_run(struct engine *engine, struct event *event)
{
    struct power_return *back = event_owner(event, struct power_return, event);
    (void)engine;
    if (back->failure == back->node->failures)
        power_on(back->simulation, back->node);
}

void simulation_reboot(struct simulation *simulation, struct network_node *node,
                       const struct scenario_action *action)
{
    power_off(simulation, node, action->without_storage);
    if (action->off == 0) {
        power_on(simulation, node);
        return;
    }
    struct power_return *back = simulation_own(simulation, sizeof *back);
    struct network *network = simulation->network;
    event_init(&back->event, power_return_run);
    back->simulation = simulation;
    back->node = node;
    back->failure = node->failures;
    engine_schedule_from(&network->engine, &network->operator_source, &back->event,
                         time_add(network_now(network), action->off));
}
