/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation.c - builds a network from a scenario, and is its operator while it runs.
 */
#include "sim/network/simulation.h"

#include "models/base/error.h"
#include "models/ipsec/esp.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/router_advertisement.h"
#include "models/mobility/mobility.h"
#include "sim/network/attackers.h"
#include "sim/network/capture.h"
#include "sim/network/cells.h"
#include "sim/network/fault.h"
#include "sim/network/lan.h"
#include "sim/network/link.h"
#include "sim/network/movement.h"
#include "sim/network/security.h"

/* What the operator does at an instant. */
enum operation_kind { OPERATION_ACTION, OPERATION_ADVERTISE };

struct operation {
    struct event event;
    struct simulation *simulation;
    enum operation_kind kind;
    uint32_t node; /* index; SCENARIO_NONE where the action has none */
    unsigned interface;
    const struct scenario_action *action;
};

/* -- places -- */

bool simulation_placement(const struct scenario *scenario, const struct scenario_node *node, uint32_t member,
                          uint32_t interface, struct placement *placement)
{
    for (uint32_t i = 0; i < node->interface_count; i++) {
        const struct scenario_interface *entry = &node->interfaces[i];
        if (interface >= entry->count) {
            interface -= entry->count;
            continue;
        }
        *placement =
            (struct placement){.link = entry->link, .end = entry->end, .prefix_length = entry->prefix_length};
        if (entry->link == SCENARIO_NONE)
            return true;
        const struct scenario_link *link = &scenario->links[entry->link];
        bool point_to_point = link->kind == SCENARIO_POINT_TO_POINT;
        if (point_to_point && link->count > 1)
            placement->number = entry->count > 1 ? interface : member;
        placement->prefix = scenario_link_prefix(link, placement->number);
        placement->address =
            scenario_interface_address(scenario, entry, point_to_point ? placement->number : member);
        return true;
    }
    return false;
}

static uint32_t interface_total(const struct scenario_node *node)
{
    uint32_t total = 0;
    for (uint32_t i = 0; i < node->interface_count; i++)
        total += node->interfaces[i].count;
    return MAX(total, node->overlaps ? 2 : 1);
}

static struct network_size network_size(const struct scenario *scenario)
{
    struct network_size size = {.nodes = scenario->node_total};
    for (uint32_t i = 0; i < scenario->node_count; i++)
        size.interfaces += scenario->nodes[i].count *
                           (interface_total(&scenario->nodes[i]) + attackers_tap_count(&scenario->nodes[i]));
    for (uint32_t i = 0; i < scenario->link_count; i++)
        size.links += scenario->links[i].count;
    return size;
}

void *simulation_own(struct simulation *simulation, size_t size)
{
    void *memory = g_malloc0(size);
    g_ptr_array_add(simulation->owned, memory);
    return memory;
}

/* -- nodes -- */

static int build_interface(struct simulation *simulation, struct network_node *node,
                           const struct scenario_node *from, unsigned interface,
                           const struct placement *placement)
{
    const struct scenario_link *link =
        placement->link == SCENARIO_NONE ? NULL : &simulation->scenario->links[placement->link];
    struct ethernet_address mac =
        scenario_ethernet_address(simulation->scenario, from, node->index, node->member, interface);
    bool point_to_point = link && link->kind == SCENARIO_POINT_TO_POINT;
    node_configure_interface(&node->node, interface,
                             point_to_point ? INTERFACE_POINT_TO_POINT : INTERFACE_ETHERNET, &mac,
                             link ? link->mtu : 1500);
    if (!link || from->kind == SCENARIO_MOBILE_NODE)
        return 0;
    return address_add(&node->node, interface, &placement->address, placement->prefix_length,
                       ADDRESS_CONFIGURED, true, true, network_node_now(node));
}

static int build_home_agent(struct network_node *node, const struct scenario_node *from,
                            const struct home_agent_configuration *configuration,
                            const struct scenario *scenario)
{
    struct placement placement;
    time_ns now = network_node_now(node);
    const struct scenario_link *home = &scenario->links[from->home_link];
    for (uint32_t i = 0; simulation_placement(scenario, from, node->member, i, &placement); i++)
        if (placement.link == from->home_link)
            return mobility_add_home_agent(&node->node, configuration, i, &placement.address, &home->prefix,
                                           home->prefix_length, now);
    return ERROR_ARGUMENT;
}

bool simulation_may_register(const struct scenario *scenario, const struct scenario_home *home,
                             uint32_t home_agent)
{
    const struct scenario_node *agent = &scenario->nodes[home_agent];
    return home_agent == home->home_agent_node ||
           (scenario->nodes[home->node].mobile.discover_home_agents && agent->kind == SCENARIO_HOME_AGENT &&
            agent->home_link == home->home_link);
}

static const struct mobile_node_configuration *mobile_configuration(struct simulation *simulation,
                                                                    const struct scenario_node *from)
{
    struct mobile_node_configuration *configuration = simulation_own(simulation, sizeof *configuration);
    *configuration = from->mobile;
    configuration->default_policy.method = &authorization_return_routability;
    return configuration;
}

/* A home address of the mobile node, and its home agent's, under a prefix that is good now. */
static void find_home(const struct simulation *simulation, const struct network_node *node,
                      const struct scenario_home *home, struct ipv6_address *home_address,
                      struct ipv6_address *home_agent)
{
    struct ipv6_address prefix = simulation_prefix_in_use(simulation, home->home_link);
    *home_address = scenario_home_member(home, node->member);
    *home_address = ipv6_address_join(&prefix, home_address);
    *home_agent = home->home_agent_address;
    if (!ipv6_address_is_unspecified(home_agent))
        *home_agent = ipv6_address_join(&prefix, home_agent);
}

static int build_mobile_node(struct simulation *simulation, struct network_node *node,
                             const struct scenario_node *from)
{
    int result = 0;
    for (uint32_t i = 0; result == 0 && i < from->home_count; i++) {
        struct scenario_home home = scenario_home(simulation->scenario, from, i);
        unsigned prefix_length = simulation->scenario->links[home.home_link].prefix_length;
        struct ipv6_address home_address, home_agent;
        find_home(simulation, node, &home, &home_address, &home_agent);
        result =
            i == 0
                ? mobility_add_mobile_node(&node->node, simulation_mobile_configuration(simulation, node), 0,
                                           &home_address, prefix_length, &home_agent, network_node_now(node))
                : mobility_add_home_address(&node->node, &home_address, prefix_length, &home_agent,
                                            network_node_now(node));
    }
    return result;
}

/* The mobile nodes that name this home agent, and those that may find it. */
static int serve_mobile_nodes(struct simulation *simulation, struct network_node *agent)
{
    const struct scenario *scenario = simulation->scenario;
    int result = 0;
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *from = &scenario->nodes[i];
        for (uint32_t h = 0; from->kind == SCENARIO_MOBILE_NODE && h < from->home_count; h++) {
            struct scenario_home home = scenario_home(scenario, from, h);
            if (!simulation_may_register(scenario, &home, agent->group))
                continue;
            for (uint32_t member = 0; result == 0 && member < from->count; member++) {
                struct ipv6_address home_address = scenario_home_member(&home, member);
                result = home_agent_serve(&agent->node, &home_address);
            }
        }
    }
    return result;
}

int simulation_configure_node(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    const struct scenario_node *present = simulation_parameters(simulation, node);
    struct placement placement;
    int result = 0;
    for (unsigned i = 0; result == 0 && i < node->node.interface_count; i++) {
        if (!simulation_placement(simulation->scenario, from, node->member, i, &placement))
            placement = (struct placement){.link = SCENARIO_NONE};
        result = build_interface(simulation, node, from, i, &placement);
    }
    if (result == 0 && from->mobility)
        result = mobility_enable(&node->node, &present->correspondent, network_node_now(node));
    if (result == 0 && from->kind == SCENARIO_HOME_AGENT)
        result = build_home_agent(node, from, &present->home_agent, simulation->scenario);
    if (result == 0 && from->kind == SCENARIO_HOME_AGENT)
        result = serve_mobile_nodes(simulation, node);
    if (result == 0 && from->kind == SCENARIO_HOME_AGENT)
        result = simulation_set_home_prefixes(simulation, node);
    if (result == 0 && from->kind == SCENARIO_MOBILE_NODE)
        result = build_mobile_node(simulation, node, from);
    return result;
}

static void set_clock(const struct simulation *simulation, struct network_node *node,
                      const struct scenario_clock_drift *drift)
{
    struct random_stream stream;
    network_random_stream(simulation->network, node->index, NETWORK_RANDOM_CLOCK_DRIFT, &stream);
    uint64_t range = (uint64_t)((int64_t)drift->most - drift->least);
    node->clock_drift = drift->least + (int32_t)(range ? random_below(&stream, range + 1) : 0);
}

static int build_node(struct simulation *simulation, const struct scenario_node *from, uint32_t member,
                      GError **error)
{
    struct network_node *node = &simulation->network->nodes[from->first + member];
    node->group = (uint32_t)(from - simulation->scenario->nodes);
    node->member = member;
    set_clock(simulation, node, &from->clock_drift);
    const struct network_resources *resources = &simulation->network->resources;
    if (resources->restore && !from->external && !resources->restore(resources->context, node, error))
        return ERROR_ARGUMENT;
    node->off = from->external; /* for good: somebody else is there in its place */
    int result = network_node_init(simulation->network, node->index, &from->ipv6, interface_total(from));
    if (result == 0 && from->kind == SCENARIO_ATTACKER)
        result = attackers_make(simulation, node);
    return result == 0 ? simulation_configure_node(simulation, node) : result;
}

static int build_nodes(struct simulation *simulation, GError **error)
{
    const struct scenario *scenario = simulation->scenario;
    simulation->mobile = g_new0(const struct mobile_node_configuration *, scenario->node_count);
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *from = &scenario->nodes[i];
        if (from->kind == SCENARIO_MOBILE_NODE)
            simulation->mobile[i] = mobile_configuration(simulation, from);
        for (uint32_t member = 0; member < from->count; member++) {
            int result = build_node(simulation, from, member, error);
            if (result != 0)
                return result;
        }
    }
    return 0;
}

static void connect_node(struct simulation *simulation, const struct scenario_node *from,
                         struct network_node *node)
{
    struct placement placement;
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++) {
        if (placement.link == SCENARIO_NONE)
            continue;
        struct link *link = simulation_link(simulation, placement.link, placement.number);
        if (link->kind == LINK_LAN)
            lan_attach(link, &node->ports[i]);
        else
            link_connect(link, &node->ports[i], placement.end);
    }
}

static void connect_nodes(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    for (uint32_t i = 0; i < scenario->node_count; i++)
        for (uint32_t member = 0; member < scenario->nodes[i].count; member++)
            connect_node(simulation, &scenario->nodes[i], simulation_node(simulation, i, member));
}

/* Others have their routes by way of them; from now on somebody outside is where they were. */
static void disconnect_external(struct simulation *simulation)
{
    for (uint32_t i = 0; i < simulation->network->node_count; i++) {
        struct network_node *node = &simulation->network->nodes[i];
        if (!simulation->scenario->nodes[node->group].external)
            continue;
        for (unsigned p = 0; p < node->node.interface_count; p++)
            lan_detach(&node->ports[p]);
    }
}

/* -- flows -- */

static int sink_at(struct simulation *simulation, struct network_node *node)
{
    if (g_hash_table_contains(simulation->sinks, GUINT_TO_POINTER(node->index)))
        return 0;
    struct flow_sink *sink = g_new0(struct flow_sink, 1);
    g_hash_table_insert(simulation->sinks, GUINT_TO_POINTER(node->index), sink);
    return flow_sink_start(sink, &node->node);
}

static int build_flow(struct simulation *simulation, const struct scenario_flow *from, uint32_t pair)
{
    const struct scenario *scenario = simulation->scenario;
    uint32_t a, b;
    scenario_pair(&from->from, &from->to, pair, &a, &b);
    struct network_node *source = simulation_node(simulation, from->from.node, a);
    struct network_node *destination = simulation_node(simulation, from->to.node, b);
    uint32_t number = from->first + pair;
    struct flow_source *flow = &simulation->flows[number];
    struct random_stream stream;
    network_random_stream(simulation->network, source->index, NETWORK_RANDOM_FLOW_START, &stream);
    stream.position += number;
    flow->configuration = &from->configuration;
    flow->destination = scenario_reference_address(scenario, &from->to, b);
    if (from->from.home > 0)
        flow->source = scenario_reference_address(scenario, &from->from, a);
    flow->start = clock_shows(source->clock_drift, distribution_sample(from->start, &stream));
    flow->stop = clock_shows(source->clock_drift, from->stop);
    flow->flow = number;
    int result = sink_at(simulation, destination);
    if (result == 0 && from->configuration.echo)
        result = sink_at(simulation, source);
    if (result == 0 && !source->off)
        result = flow_source_start(flow, &source->node, 0);
    network_node_settle(source);
    return result;
}

static int build_flows(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    simulation->flows = g_new0(struct flow_source, scenario->flow_total);
    simulation->sinks = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (uint32_t i = 0; i < scenario->flow_count; i++)
        for (uint32_t pair = 0; pair < scenario->flows[i].pairs; pair++) {
            int result = build_flow(simulation, &scenario->flows[i], pair);
            if (result != 0)
                return result;
        }
    return 0;
}

/* -- what the operator does as time goes by -- */

/* All its interfaces, as if its power had failed. A home agent forgets its registrations, or it would defend
 * home addresses when it comes back that another serves by then. */
static void set_node_up(struct simulation *simulation, struct network_node *node, bool up)
{
    struct placement placement;
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++) {
        struct port *port = &node->ports[i];
        struct link *link = simulation_link(simulation, placement.link, placement.number);
        if (link->kind == LINK_POINT_TO_POINT) {
            link_set_up(link, up);
        } else if (up && !port->link) {
            lan_attach(link, port);
            network_link_changed(node, i, true);
        } else if (!up && port->link) {
            lan_detach(port);
            network_link_changed(node, i, false);
        }
    }
    attackers_set_on(node, up);
    if (!up)
        home_agent_lose_bindings(&node->node, network_now(simulation->network));
    network_node_settle(node);
}

/* Is it the node's to advertise itself there, if anybody is to? */
static bool is_advertiser_on(const struct scenario_node *from, const struct placement *placement,
                             const struct scenario *scenario)
{
    return placement->link != SCENARIO_NONE &&
           scenario->links[placement->link].kind != SCENARIO_POINT_TO_POINT &&
           (from->ipv6.forwarding ||
            (from->kind == SCENARIO_HOME_AGENT && placement->link == from->home_link));
}

/* When the node begins to advertise itself on the interface; TIME_NEVER: it does not. */
static time_ns advertisement_start(const struct simulation *simulation, const struct network_node *node,
                                   uint32_t interface, const struct placement *placement)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    if (!is_advertiser_on(from, placement, simulation->scenario) ||
        !simulation_advertisements(simulation, placement->link)->enabled)
        return TIME_NEVER;
    const struct scenario_link *link = &simulation->scenario->links[placement->link];
    struct random_stream stream;
    network_random_stream(simulation->network, node->index, NETWORK_RANDOM_ADVERTISEMENT_START, &stream);
    stream.position += interface;
    return link->advertisements.start ? distribution_sample(link->advertisements.start, &stream) : 0;
}

static void advertise(struct simulation *simulation, struct network_node *node, unsigned interface)
{
    struct placement placement;
    const struct scenario *scenario = simulation->scenario;
    if (!simulation_placement(scenario, &scenario->nodes[node->group], node->member, interface, &placement))
        return;
    router_advertiser_start(&node->node, &node->node.interfaces[interface],
                            simulation_advertisement(simulation, node, &placement), network_node_now(node));
    network_node_settle(node);
}

void simulation_set_advertising_on(struct simulation *simulation, uint32_t link, bool enabled)
{
    struct placement placement;
    const struct scenario *scenario = simulation->scenario;
    for (uint32_t n = 0; n < simulation->network->node_count; n++) {
        struct network_node *node = &simulation->network->nodes[n];
        const struct scenario_node *from = &scenario->nodes[node->group];
        for (uint32_t i = 0; !node->off && simulation_placement(scenario, from, node->member, i, &placement);
             i++) {
            if (placement.link != link || !is_advertiser_on(from, &placement, scenario))
                continue;
            if (enabled)
                advertise(simulation, node, i);
            else
                router_advertiser_stop(&node->node, &node->node.interfaces[i], true, network_node_now(node));
            network_node_settle(node);
        }
    }
}

static void set_advertising(struct simulation *simulation, struct network_node *node,
                            const struct scenario_action *action)
{
    struct placement placement;
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++) {
        if (advertisement_start(simulation, node, i, &placement) == TIME_NEVER ||
            (action->link != SCENARIO_NONE && action->link != placement.link))
            continue;
        if (action->verb == SCENARIO_ADVERTISE)
            advertise(simulation, node, i);
        else
            router_advertiser_stop(&node->node, &node->node.interfaces[i], action->verb == SCENARIO_CEASE,
                                   network_node_now(node));
    }
    network_node_settle(node);
}

static void act(struct operation *operation)
{
    struct simulation *simulation = operation->simulation;
    const struct scenario_action *action = operation->action;
    switch (action->verb) {
    case SCENARIO_ATTACH:
        if (action->keep)
            network_attach_overlapping(&simulation->network->nodes[operation->node],
                                       simulation_link(simulation, action->link, 0), action->keep);
        else
            network_attach(&simulation->network->nodes[operation->node],
                           simulation_link(simulation, action->link, 0));
        break;
    case SCENARIO_DETACH:
        network_attach(&simulation->network->nodes[operation->node], NULL);
        break;
    case SCENARIO_PLUG_IN:
    case SCENARIO_PULL_OUT:
        attackers_plug(simulation, &simulation->network->nodes[operation->node], action->link,
                       action->verb == SCENARIO_PLUG_IN);
        break;
    case SCENARIO_LINK_DOWN:
    case SCENARIO_LINK_UP:
        for (uint32_t i = 0; i < simulation->scenario->links[action->link].count; i++)
            if (action->lasts == TIME_NEVER)
                link_set_up(simulation_link(simulation, action->link, i), action->verb == SCENARIO_LINK_UP);
            else
                link_outage(simulation_link(simulation, action->link, i), action->verb == SCENARIO_LINK_DOWN);
        break;
    case SCENARIO_NODE_DOWN:
    case SCENARIO_NODE_UP:
        set_node_up(simulation, &simulation->network->nodes[operation->node],
                    action->verb == SCENARIO_NODE_UP);
        break;
    case SCENARIO_REKEY:
        simulation_rekey(simulation, action);
        break;
    case SCENARIO_REBOOT:
        simulation_reboot(simulation, &simulation->network->nodes[operation->node], action);
        break;
    case SCENARIO_PREFIX:
    case SCENARIO_DEPRECATE:
    case SCENARIO_WITHDRAW:
        simulation_renumber(simulation, action);
        break;
    case SCENARIO_CHANGE:
        simulation_change_link(simulation, action);
        break;
    case SCENARIO_CONFIGURE:
    case SCENARIO_ADD_ADDRESS:
    case SCENARIO_REMOVE_ADDRESS:
    case SCENARIO_ADD_ROUTE:
    case SCENARIO_REMOVE_ROUTE:
        simulation_configure(simulation, &simulation->network->nodes[operation->node], action);
        break;
    case SCENARIO_POLICY:
        simulation_change_policy(simulation, action);
        break;
    case SCENARIO_IPSEC_REKEY:
    case SCENARIO_IPSEC_OFF:
    case SCENARIO_IPSEC_ON:
        security_change(simulation, &simulation->network->nodes[operation->node], action);
        break;
    case SCENARIO_FAULT_OFF:
    case SCENARIO_FAULT_ON:
    case SCENARIO_MEND:
        faults_switch(simulation, action);
        break;
    case SCENARIO_SILENT:
    case SCENARIO_CEASE:
    case SCENARIO_ADVERTISE:
        set_advertising(simulation, &simulation->network->nodes[operation->node], action);
        break;
    }
}

static void operation_run(struct engine *engine, struct event *event)
{
    (void)engine;
    struct operation *operation = event_owner(event, struct operation, event);
    if (operation->kind == OPERATION_ACTION) {
        act(operation);
        return;
    }
    struct network_node *node = &operation->simulation->network->nodes[operation->node];
    if (!node->off)
        advertise(operation->simulation, node, operation->interface);
}

static struct operation *operation_new(struct simulation *simulation, enum operation_kind kind, uint32_t node,
                                       time_ns time)
{
    struct operation *operation = simulation_own(simulation, sizeof *operation);
    event_init(&operation->event, operation_run);
    operation->simulation = simulation;
    operation->kind = kind;
    operation->node = node;
    struct network *network = simulation->network;
    engine_schedule_from(&network->engine, &network->operator_source, &operation->event, time);
    return operation;
}

static void plan_action(struct simulation *simulation, const struct scenario_action *action, uint32_t step)
{
    time_ns at = MAX(action->time, network_now(simulation->network));
    if (action->who.node == SCENARIO_NONE || action->verb == SCENARIO_REKEY ||
        action->verb == SCENARIO_POLICY) {
        operation_new(simulation, OPERATION_ACTION, SCENARIO_NONE, at)->action = action;
        return;
    }
    for (uint32_t i = 0; i < action->who.count; i++) {
        struct network_node *node = simulation_node(simulation, action->who.node, action->who.first + i);
        time_ns time = at;
        if (action->spread) {
            struct random_stream stream;
            network_random_stream(simulation->network, node->index, NETWORK_RANDOM_ACTION, &stream);
            stream.position += step;
            time = time_add(time, distribution_sample(action->spread, &stream));
        }
        operation_new(simulation, OPERATION_ACTION, node->index, time)->action = action;
    }
}

void simulation_order(struct simulation *simulation, const struct scenario_action *action)
{
    plan_action(simulation, action, simulation->scenario->action_count);
}

static void plan_advertisements(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    struct placement placement;
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++) {
        time_ns start = advertisement_start(simulation, node, i, &placement);
        if (start != TIME_NEVER)
            operation_new(simulation, OPERATION_ADVERTISE, node->index, start)->interface = i;
    }
}

void simulation_advertise_again(struct simulation *simulation, struct network_node *node)
{
    const struct scenario_node *from = &simulation->scenario->nodes[node->group];
    struct placement placement;
    for (uint32_t i = 0; simulation_placement(simulation->scenario, from, node->member, i, &placement); i++)
        if (advertisement_start(simulation, node, i, &placement) <= network_now(simulation->network))
            advertise(simulation, node, i);
}

static void plan(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    for (uint32_t i = 0; i < simulation->network->node_count; i++)
        plan_advertisements(simulation, &simulation->network->nodes[i]);
    for (uint32_t i = 0; i < scenario->action_count; i++)
        plan_action(simulation, &scenario->actions[i], i);
    movement_plan(simulation);
}

/* Time begins: every interface that is on a link sees it come up. */
static void switch_on(struct simulation *simulation)
{
    struct network *network = simulation->network;
    for (uint32_t i = 0; i < network->node_count; i++)
        for (unsigned p = 0; p < network->nodes[i].node.interface_count; p++)
            if (network->nodes[i].ports[p].link)
                network_link_changed(&network->nodes[i], p, true);
}

/* -- life -- */

struct simulation *simulation_new(const struct scenario *scenario, uint64_t seed, uint32_t run,
                                  const struct network_observer *observer, GError **error)
{
    return simulation_new_with(scenario, seed, run, observer, NULL, error);
}

struct simulation *simulation_new_with(const struct scenario *scenario, uint64_t seed, uint32_t run,
                                       const struct network_observer *observer,
                                       const struct network_resources *resources, GError **error)
{
    struct simulation *simulation = g_new0(struct simulation, 1);
    simulation->scenario = scenario;
    simulation->owned = g_ptr_array_new_with_free_func(g_free);
    simulation->renumbered = g_new0(struct renumbered_link *, scenario->link_count + 1);
    simulation->network = network_new(seed, run, network_size(scenario), observer);
    if (resources)
        simulation->network->resources = *resources;
    simulation_build_links(simulation);
    faults_begin(simulation);
    const char *step = "nodes";
    GError *told = NULL;
    int result = build_nodes(simulation, &told);
    if (result == 0) {
        step = "security associations";
        result = security_protect(simulation);
    }
    if (result == 0) {
        connect_nodes(simulation);
        step = "routes";
        result = simulation_compute_routes(simulation);
        disconnect_external(simulation);
    }
    if (result == 0) {
        step = "peers";
        result = simulation_build_peers(simulation);
    }
    if (result == 0) {
        step = "attackers";
        result = attackers_build(simulation);
    }
    if (result == 0) {
        plan(simulation);
        attackers_start(simulation);
        switch_on(simulation);
        step = "flows";
        result = build_flows(simulation);
    }
    if (result == 0)
        return simulation;
    if (told)
        g_propagate_error(error, told);
    else
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s: cannot build the network's %s (error %d)",
                    scenario->path, step, result);
    simulation_free(simulation);
    return NULL;
}

void simulation_run(struct simulation *simulation)
{
    network_run(simulation->network, simulation->scenario->duration);
}

bool simulation_capture(struct simulation *simulation, uint32_t link, const char *directory, GError **error)
{
    const struct scenario_link *from = &simulation->scenario->links[link];
    for (uint32_t i = 0; i < from->count; i++) {
        char *name = scenario_link_name(from, i);
        char *file = g_strconcat(name, ".pcap", NULL);
        char *path = g_build_filename(directory, file, NULL);
        struct capture *capture = capture_open(path, from->kind != SCENARIO_POINT_TO_POINT, error);
        g_free(path);
        g_free(file);
        g_free(name);
        if (!capture)
            return false;
        simulation_link(simulation, link, i)->capture = capture;
    }
    return true;
}

bool simulation_finish_captures(struct simulation *simulation, GError **error)
{
    for (uint32_t i = 0; i < simulation->network->link_count; i++) {
        struct link *link = &simulation->network->links[i];
        if (link->capture && !capture_finish(g_steal_pointer(&link->capture), error))
            return false;
    }
    return true;
}

void simulation_free(struct simulation *simulation)
{
    if (!simulation)
        return;
    const struct scenario *scenario = simulation->scenario;
    for (uint32_t i = 0; simulation->flows && i < scenario->flow_total; i++)
        if (simulation->flows[i].node)
            flow_source_stop(&simulation->flows[i]);
    if (simulation->sinks) {
        GHashTableIter iterator;
        gpointer node, sink;
        g_hash_table_iter_init(&iterator, simulation->sinks);
        while (g_hash_table_iter_next(&iterator, &node, &sink))
            flow_sink_stop(sink, &simulation->network->nodes[GPOINTER_TO_UINT(node)].node);
    }
    network_free(simulation->network);
    esp_engine_free(simulation->esp);
    g_ptr_array_free(simulation->owned, TRUE);
    simulation_free_renumbering(simulation);
    simulation_free_peers(simulation);
    security_free(simulation);
    simulation_free_configuration(simulation);
    g_free(simulation->mobile);
    cells_free(simulation->cells);
    if (simulation->sinks)
        g_hash_table_destroy(simulation->sinks);
    g_free(simulation->flows);
    simulation_free_links(simulation);
    faults_free(simulation);
    g_free(simulation);
}
