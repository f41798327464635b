/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.c - see fault.h. What a frame carries is found out once for all faults of a link, and not before one
 * of them may still happen. Whose an address is, is asked of the nodes themselves: a care-of address is its
 * mobile node's while it has it.
 */
#include "sim/network/fault.h"

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/mobility/mobility.h"
#include "sim/network/link.h"
#include "sim/network/packet_view.h"
#include "sim/network/security.h"

#define ETHERNET_HEADER_LENGTH 14
#define ETHERNET_GROUP_BIT     1 /* of the first octet of the destination */

struct faults {
    struct simulation *simulation;
    GArray *all; /* of struct standing_fault: the scenario's by number, then those that were ordered */
};

static struct standing_fault *fault_at(const struct faults *faults, guint number)
{
    return &g_array_index(faults->all, struct standing_fault, number);
}

/* -- who -- */

static bool owns(const struct network_node *node, const struct ipv6_address *address)
{
    return address_find(&node->node, address) != NULL;
}

static bool is_one_of(const struct network_node *node, const struct scenario_reference *reference)
{
    return node->group == reference->node && node->member >= reference->first &&
           node->member - reference->first < reference->count;
}

static bool one_owns(const struct simulation *simulation, const struct scenario_reference *reference,
                     const struct ipv6_address *address, const struct ipv6_address *wire_address)
{
    for (uint32_t i = 0; i < reference->count; i++) {
        const struct network_node *node = simulation_node(simulation, reference->node, reference->first + i);
        if (owns(node, address) || owns(node, wire_address))
            return true;
    }
    return false;
}

/* Only routers and home agents send what is not their own. What comes in by a gate begins its way there, as
 * far as anybody here can tell. */
static bool relays(const struct network_node *node)
{
    return !node->gate &&
           (node->node.configuration->forwarding || (node->node.mobility && node->node.mobility->home_agent));
}

/* A glance at a frame, before anything is taken apart: what a router passes on has another's address in its
 * first IPv6 header already. */
static bool may_originate(const struct network_node *node, const struct packet *frame, bool ethernet)
{
    size_t at = (ethernet ? ETHERNET_HEADER_LENGTH : 0) + IPV6_AT_SOURCE;
    if (!relays(node) || frame->length < at + sizeof(struct ipv6_address))
        return true;
    struct ipv6_address source = ipv6_address_read(packet_octets(frame) + at);
    return ipv6_address_is_unspecified(&source) || owns(node, &source);
}

/* Does the packet begin its way here? */
static bool is_origin(const struct network_node *node, const struct packet_view *view)
{
    return !relays(node) || ipv6_address_is_unspecified(&view->source) || owns(node, &view->source) ||
           owns(node, &view->wire_source);
}

/* Where the packet begins it is its sender's, whatever address that has written into it; later the address
 * is all there is. */
static bool comes_from(const struct simulation *simulation, const struct port *port,
                       const struct scenario_reference *from, const struct packet_view *view)
{
    if (from->node == SCENARIO_NONE)
        return true;
    return is_origin(port->node, view) && !port->node->gate
               ? is_one_of(port->node, from)
               : one_owns(simulation, from, &view->source, &view->wire_source);
}

/* -- which -- */

static bool speaks_of(const struct scenario *scenario, const struct scenario_fault *fault,
                      const struct packet_view *view)
{
    if (fault->messages & MESSAGE_BIT(view->kind))
        return true;
    for (uint32_t i = 0; i < fault->flow_count && view->flow != PACKET_VIEW_FLOW_NONE; i++) {
        const struct scenario_flow *flow = &scenario->flows[fault->flows[i]];
        if (view->flow >= flow->first && view->flow - flow->first < flow->pairs)
            return true;
    }
    return false;
}

/* May it still happen on this link, now? */
static bool is_awake(const struct standing_fault *standing, const struct link *link, time_ns now)
{
    const struct scenario_fault *fault = standing->fault;
    return (fault->link == SCENARIO_NONE || fault->link == link->group) && !standing->off &&
           now >= fault->start && now < fault->end && standing->matched < fault->last;
}

/* Counts the packet; is it one of those to which it happens? */
static bool is_chosen(const struct faults *faults, uint32_t number)
{
    struct standing_fault *count = fault_at(faults, number);
    const struct scenario_fault *fault = count->fault;
    count->matched++;
    if (count->matched < fault->first || (count->matched - fault->first) % fault->every != 0)
        return false;
    if (fault->probability < 1) {
        struct random_stream stream;
        network_random_stream(faults->simulation->network, number, NETWORK_RANDOM_FAULT, &stream);
        random_skip(&stream, 2 * (uint64_t)count->matched);
        if (random_unit(&stream) >= fault->probability)
            return false;
    }
    count->done++;
    return true;
}

/* -- what -- */

static void tell(const struct faults *faults, uint32_t number, struct port *port,
                 const struct packet_view *view)
{
    static const char *const verbs[] = {"drops", "duplicates", "corrupts", "delays", "holds"};
    const struct scenario_fault *fault = fault_at(faults, number)->fault;
    const struct network *network = faults->simulation->network;
    if (!network->observer.meddled || port->node->gate)
        return;
    char *text = g_strdup_printf("fault %s %s %s %u", fault->name, verbs[fault->action],
                                 message_kind_name(view->kind), fault_at(faults, number)->matched);
    network->observer.meddled(network->observer.context, port, text, network_now(network));
    g_free(text);
}

static void carry_out(const struct faults *faults, uint32_t number, time_ns now, struct frame_fate *fate)
{
    const struct scenario_fault *fault = fault_at(faults, number)->fault;
    struct random_stream stream;
    switch (fault->action) {
    case SCENARIO_DROP:
        fate->dropped = true;
        break;
    case SCENARIO_DUPLICATE:
        fate->copies++;
        break;
    case SCENARIO_CORRUPT:
        fate->corrupted = true;
        break;
    case SCENARIO_DELAY:
        network_random_stream(faults->simulation->network, number, NETWORK_RANDOM_FAULT, &stream);
        random_skip(&stream, 2 * (uint64_t)fault_at(faults, number)->matched + 1);
        fate->delay = time_add(fate->delay, distribution_sample(fault->delay, &stream));
        break;
    case SCENARIO_HOLD:
        fate->not_before = MAX(fate->not_before, MAX(fault->until, now));
        break;
    }
}

static bool open_protected(void *context, const uint8_t *esp, size_t length, uint8_t *payload,
                           size_t *payload_length, uint8_t *next_header)
{
    return security_open(context, esp, length, payload, payload_length, next_header);
}

/* The fault's own conditions on a packet that it speaks of. A frame to a group is for nobody in particular
 * until it is at a station. */
static bool matches(const struct simulation *simulation, const struct scenario_fault *fault,
                    const struct port *from, const struct port *to, bool group,
                    const struct packet_view *view)
{
    bool for_one = fault->to.node != SCENARIO_NONE;
    if (group ? for_one != (to != NULL) : to != NULL)
        return false;
    if (!speaks_of(simulation->scenario, fault, view) ||
        (fault->link == SCENARIO_NONE && !is_origin(from->node, view)) ||
        !comes_from(simulation, from, &fault->from, view))
        return false;
    if (!for_one)
        return true;
    return to ? is_one_of(to->node, &fault->to)
              : one_owns(simulation, &fault->to, &view->destination, &view->wire_destination);
}

static void meddle(void *context, struct port *from, struct port *to, const struct packet *frame,
                   struct frame_fate *fate)
{
    const struct faults *faults = context;
    const struct link *link = from->link;
    time_ns now = network_now(faults->simulation->network);
    struct packet_view view;
    bool seen = false;
    const uint8_t *octets = packet_octets(frame);
    bool ethernet = link && link->kind == LINK_LAN;
    bool passed_on = !may_originate(from->node, frame, ethernet);
    bool group = ethernet && frame->length > 0 && (octets[0] & ETHERNET_GROUP_BIT);
    for (uint32_t i = 0; link && i < faults->all->len; i++) {
        const struct scenario_fault *fault = fault_at(faults, i)->fault;
        if (!is_awake(fault_at(faults, i), link, now) || (passed_on && fault->link == SCENARIO_NONE))
            continue;
        if (!seen &&
            !packet_view_read(&view, octets, frame->length, ethernet, open_protected, faults->simulation))
            return;
        seen = true;
        if (!matches(faults->simulation, fault, from, to, group, &view) || !is_chosen(faults, i))
            continue;
        carry_out(faults, i, now, fate);
        tell(faults, i, from, &view);
    }
}

/* -- life -- */

/* The links that it may be about ask from now on. */
static void faults_enter(struct simulation *simulation, const struct scenario_fault *fault)
{
    struct network *network = simulation->network;
    const struct standing_fault standing = {.fault = fault};
    if (!simulation->faults) {
        simulation->faults = g_new0(struct faults, 1);
        simulation->faults->simulation = simulation;
        simulation->faults->all = g_array_new(FALSE, FALSE, sizeof standing);
        network->meddler = simulation->faults;
        network->meddle = meddle;
    }
    g_array_append_val(simulation->faults->all, standing);
    for (uint32_t j = 0; j < network->link_count; j++) {
        struct link *link = &network->links[j];
        bool concerned = fault->link == SCENARIO_NONE || fault->link == link->group;
        link->meddled |= concerned;
        link->meddled_copies |= concerned && fault->to.node != SCENARIO_NONE;
    }
}

void faults_begin(struct simulation *simulation)
{
    const struct scenario *scenario = simulation->scenario;
    for (uint32_t i = 0; i < scenario->fault_count; i++)
        faults_enter(simulation, &scenario->faults[i]);
}

void faults_order(struct simulation *simulation, const struct scenario_fault *fault)
{
    faults_enter(simulation, fault);
}

void faults_switch(struct simulation *simulation, const struct scenario_action *action)
{
    for (guint i = 0; simulation->faults && i < simulation->faults->all->len; i++) {
        struct standing_fault *standing = fault_at(simulation->faults, i);
        if (action->verb == SCENARIO_MEND ? standing->fault->link == action->link &&
                                                standing->fault->start <= network_now(simulation->network)
                                          : i == action->fault)
            standing->off = action->verb != SCENARIO_FAULT_ON;
    }
}

void faults_free(struct simulation *simulation)
{
    if (!simulation->faults)
        return;
    g_array_free(simulation->faults->all, TRUE);
    g_free(simulation->faults);
}

const struct standing_fault *faults_at(const struct simulation *simulation, uint32_t number)
{
    return simulation->faults && number < simulation->faults->all->len ? fault_at(simulation->faults, number)
                                                                       : NULL;
}
