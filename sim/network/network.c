/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network.c - the environment of simulated nodes.
 *
 * A node has one slot in the pending-event set, moved only when its earliest deadline changes. Its random
 * streams are rebuilt from (seed, run, node, purpose) and a 32-bit position at each draw: a stream costs four
 * octets a node.
 */
#include "sim/network/network.h"

#include <string.h>

#include "models/base/error.h"
#include "sim/network/attackers.h"
#include "sim/network/lan.h"
#include "sim/network/link.h"

static void settle(struct network_node *node)
{
    time_ns deadline = node_deadline(&node->node);
    if (__builtin_expect(node->clock_drift != 0, 0)) /* of what is due already the instant may be over */
        deadline = MAX(clock_reaches(node->clock_drift, deadline), network_now(node->network));
    if (event_is_pending(&node->wake) ? node->wake.time == deadline : deadline == TIME_NEVER)
        return;
    engine_move_from(&node->network->engine, &node->source, &node->wake, deadline);
}

void network_node_settle(struct network_node *node)
{
    settle(node);
}

static void wake_run(struct engine *engine, struct event *event)
{
    struct network_node *node = event_owner(event, struct network_node, wake);
    (void)engine;
    node_wake(&node->node, network_node_now(node));
    settle(node);
}

void network_link_changed(struct network_node *node, unsigned interface, bool up)
{
    if (node->off)
        return;
    node_link_changed(&node->node, interface, up, network_node_now(node));
    settle(node);
}

/* -- the operations of models/environment.h -- */

static void transmit(struct environment *environment, unsigned interface, struct packet *packet)
{
    struct network_node *node = network_node_of(environment);
    if (__builtin_expect(node->off, 0)) {
        packet_release(packet);
        return;
    }
    struct port *port = &node->ports[interface];
    const struct network_observer *observer = &node->network->observer;
    if (__builtin_expect(packet->mark != 0, 0) && observer->marked_sent)
        observer->marked_sent(observer->context, port, packet, network_now(node->network));
    if (__builtin_expect(interface >= node->node.interface_count, 0))
        tap_transmit(port, packet);
    else
        link_transmit(port, packet);
}

static void listen_to(struct environment *environment, unsigned interface,
                      const struct ethernet_address *group, bool on)
{
    lan_listen(&network_node_of(environment)->ports[interface], group, on);
}

/* Up to this purpose. */
static void remember_positions(struct network_node *node, enum random_purpose purpose)
{
    uint32_t count = (uint32_t)purpose + 1;
    node->random_positions = g_renew(uint32_t, node->random_positions, count);
    memset(node->random_positions + node->random_count, 0, (count - node->random_count) * sizeof(uint32_t));
    node->random_count = count;
}

static void draw(struct environment *environment, enum random_purpose purpose, void *octets, size_t length)
{
    struct network_node *node = network_node_of(environment);
    const struct network_resources *resources = &node->network->resources;
    struct random_stream stream;
    if (__builtin_expect(resources->random != NULL, 0)) {
        resources->random(resources->context, node->index, purpose, octets, length);
        return;
    }
    if (node->random_count <= purpose)
        remember_positions(node, purpose);
    network_random_stream(node->network, node->index, purpose, &stream);
    uint64_t start = stream.position;
    stream.position += node->random_positions[purpose];
    random_octets(&stream, octets, length);
    node->random_positions[purpose] = (uint32_t)(stream.position - start);
}

/* What is going on in a node now has this cause: the packet that is looked at, or else the one that has come
 * in. */
static uint32_t present_cause(const struct network *network, const struct packet *packet)
{
    return packet_mark_cause(packet && packet->mark ? packet->mark : packet_pool_mark(network->packets));
}

static void report(struct environment *environment, const struct protocol_event *event)
{
    struct network_node *node = network_node_of(environment);
    const struct network_observer *observer = &node->network->observer;
    if (__builtin_expect(node->network->marks || node->clock_drift != 0, 0)) {
        struct protocol_event told = *event;
        if (node->network->marks)
            told.mark = present_cause(node->network, event->packet);
        told.time = network_now(node->network);
        observer->report(observer->context, node, &told);
        return;
    }
    observer->report(observer->context, node, event);
}

static void deliver(struct environment *environment, const struct delivery *delivery)
{
    struct network_node *node = network_node_of(environment);
    const struct network_observer *observer = &node->network->observer;
    if (!observer->deliver)
        return;
    if (__builtin_expect(node->network->marks || node->clock_drift != 0, 0)) {
        struct delivery told = *delivery;
        if (node->network->marks)
            told.mark = present_cause(node->network, NULL);
        told.time = network_now(node->network);
        observer->deliver(observer->context, node, &told);
        return;
    }
    observer->deliver(observer->context, node, delivery);
}

static int store_write(struct environment *environment, const void *key, size_t key_length, const void *value,
                       size_t length)
{
    struct network_node *node = network_node_of(environment);
    const struct network_resources *resources = &node->network->resources;
    store_put(&node->store, key, key_length, value, length);
    return resources->stored ? resources->stored(resources->context, node) : 0;
}

static int store_read(struct environment *environment, const void *key, size_t key_length, void *value,
                      size_t size)
{
    int length = store_get(&network_node_of(environment)->store, key, key_length, value, size);
    return length < 0 ? ERROR_NOT_FOUND : length;
}

static const struct environment_operations operations = {
    .transmit = transmit,
    .listen = listen_to,
    .random = draw,
    .report = report,
    .deliver = deliver,
    .store_write = store_write,
    .store_read = store_read,
};

/* -- life -- */

void network_random_stream(const struct network *network, uint32_t node_index, uint32_t purpose,
                           struct random_stream *stream)
{
    random_stream_init(stream, network->seed, network->run, node_index, (uint16_t)purpose);
}

struct network *network_new(uint64_t seed, uint32_t run, struct network_size size,
                            const struct network_observer *observer)
{
    struct network *network = g_new0(struct network, 1);
    engine_init(&network->engine);
    network->packets = packet_pool_new();
    if (!network->packets)
        g_error("out of memory");
    network->seed = seed;
    network->run = run;
    if (observer)
        network->observer = *observer;
    if (!network->observer.report)
        network->observer.watch = 0;
    network->size = size;
    network->node_count = size.nodes;
    network->nodes = g_new0(struct network_node, size.nodes);
    network->ports = g_new0(struct port, size.interfaces);
    network->links = g_new0(struct link, size.links);
    for (uint32_t i = 0; i < size.nodes; i++) {
        struct network_node *node = &network->nodes[i];
        node->network = network;
        node->index = i;
        node->source.index = i + 1;
        node->environment.operations = &operations;
        node->environment.packets = network->packets;
        node->environment.watch = network->observer.watch;
        event_init(&node->wake, wake_run);
    }
    return network;
}

int network_node_init(struct network *network, uint32_t index, const struct node_configuration *configuration,
                      unsigned interfaces)
{
    struct network_node *node = &network->nodes[index];
    g_assert(interfaces <= network->size.interfaces - network->port_count);
    node->ports = &network->ports[network->port_count];
    network->port_count += interfaces;
    for (unsigned i = 0; i < interfaces; i++) {
        node->ports[i].node = node;
        node->ports[i].interface = (uint16_t)i;
    }
    return node_init(&node->node, &node->environment, configuration, interfaces);
}

uint64_t network_run(struct network *network, time_ns until)
{
    return engine_run(&network->engine, until);
}
