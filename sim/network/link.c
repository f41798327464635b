/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.c - frames on their way. What happens to a frame is decided when it is sent (queue, loss, instant of
 * arrival), who gets it when it arrives.
 */
#include "sim/network/link.h"

#include "models/mobility/mobility.h"
#include "sim/network/capture.h"
#include "sim/network/lan.h"

struct flight {
    struct event event;
    struct packet *frame;
    struct port *from;
    struct link *link; /* the sender may have left it by the time of arrival */
    uint32_t epoch;
};

/* Departures of frames that wait for the transmitter, oldest at head; a ring. */
struct port_queue {
    uint32_t head, count, size;
    time_ns departures[];
};

/* -- sending -- */

void link_lose(struct port *port, struct packet *frame, enum discard_reason reason)
{
    struct network *network = port->node->network;
    if (network->observer.lost)
        network->observer.lost(network->observer.context, port, frame, reason, network_now(network));
    packet_release(frame);
}

/* Whether one more frame may wait; what has begun to leave by now no longer waits. */
static bool queue_admit(struct port *port, uint32_t limit, time_ns departure, time_ns now)
{
    struct port_queue *queue = port->queue;
    if (!queue || queue->size < limit) {
        queue = g_realloc(queue, sizeof *queue + limit * sizeof queue->departures[0]);
        if (!port->queue)
            queue->head = queue->count = 0;
        queue->size = limit;
        port->queue = queue;
    }
    while (queue->count && queue->departures[queue->head] <= now) {
        queue->head = (queue->head + 1) % queue->size;
        queue->count--;
    }
    if (queue->count >= limit)
        return false;
    queue->departures[(queue->head + queue->count++) % queue->size] = departure;
    return true;
}

static const struct channel *channel_of(const struct port *port)
{
    return port->link->channel[port->link->kind == LINK_POINT_TO_POINT ? port->direction : 0];
}

static bool channel_is_random(const struct channel *channel)
{
    return channel->delay || channel->jitter || channel->loss > 0;
}

static void port_stream(const struct port *port, struct random_stream *stream)
{
    network_random_stream(port->node->network, port->node->index, NETWORK_RANDOM_PORT + port->interface,
                          stream);
    stream->position += port->random_position;
}

static void port_stream_keep(struct port *port, const struct random_stream *stream)
{
    struct random_stream start;
    network_random_stream(port->node->network, port->node->index, NETWORK_RANDOM_PORT + port->interface,
                          &start);
    port->random_position = stream->position - start.position;
}

bool link_draws_loss(struct port *from, const struct channel *channel)
{
    if (channel->loss <= 0)
        return false;
    struct random_stream stream;
    port_stream(from, &stream);
    bool lost = random_unit(&stream) < channel->loss;
    port_stream_keep(from, &stream);
    return lost;
}

static void flight_arrive(struct engine *engine, struct event *event);

void link_transmit(struct port *port, struct packet *frame)
{
    struct link *link = port->link;
    struct network *network = port->node->network;
    time_ns now = network_now(network);
    if (__builtin_expect(!link || !link->up, 0)) {
        link_lose(port, frame, link ? DISCARD_LINK_DOWN : DISCARD_NOT_ATTACHED);
        return;
    }
    const struct channel *channel = channel_of(port);
    time_ns departure = MAX(now, port->busy_until);
    if (channel->queue_limit && departure > now && !queue_admit(port, channel->queue_limit, departure, now)) {
        link_lose(port, frame, DISCARD_LINK_QUEUE);
        return;
    }
    if (channel->rate) {
        uint64_t bits = 8 * (uint64_t)(frame->length + channel->overhead);
        departure += (time_ns)((bits * 1000000000 + channel->rate - 1) / channel->rate);
        port->busy_until = departure;
    }
    time_ns arrival = departure;
    bool lost = false;
    if (__builtin_expect(channel_is_random(channel), 0)) {
        struct random_stream stream;
        port_stream(port, &stream);
        arrival = time_add(arrival, channel->delay ? distribution_sample(channel->delay, &stream)
                                                   : channel->fixed_delay);
        if (channel->jitter)
            arrival = time_add(arrival, distribution_sample(channel->jitter, &stream));
        if (channel->loss > 0 && link->kind == LINK_POINT_TO_POINT)
            lost = random_unit(&stream) < channel->loss;
        port_stream_keep(port, &stream);
    } else {
        arrival += channel->fixed_delay;
    }
    if (!channel->reorder)
        arrival = MAX(arrival, port->last_arrival);
    port->last_arrival = arrival;
    if (lost) {
        link_lose(port, frame, DISCARD_LINK_LOSS);
        return;
    }
    struct flight *flight = pool_take(&network->flights);
    event_init(&flight->event, flight_arrive);
    flight->frame = frame;
    flight->from = port;
    flight->link = link;
    flight->epoch = link->epoch;
    engine_schedule_from(&network->engine, &port->node->source, &flight->event, arrival);
}

/* -- arriving -- */

/* What the node makes of it is marked as an answer to it. */
static void hand_over_marked(struct port *port, struct packet *frame, time_ns now)
{
    struct network *network = port->node->network;
    if (network->observer.marked_arrived)
        network->observer.marked_arrived(network->observer.context, port, frame, now);
    packet_pool_set_mark(network->packets, frame->mark | PACKET_MARK_ANSWER);
    node_receive(&port->node->node, port->interface, frame, now);
    packet_pool_set_mark(network->packets, 0);
}

void link_hand_over(struct port *port, struct packet *frame, time_ns now)
{
    if (__builtin_expect(port->node->off, 0)) {
        link_lose(port, frame, DISCARD_NODE_OFF);
        return;
    }
    port->node->network->packet_hops++;
    if (__builtin_expect(frame->mark != 0, 0))
        hand_over_marked(port, frame, now);
    else
        node_receive(&port->node->node, port->interface, frame, now);
    network_node_settle(port->node);
}

static void flight_arrive(struct engine *engine, struct event *event)
{
    struct flight *flight = event_owner(event, struct flight, event);
    struct link *link = flight->link;
    struct port *from = flight->from;
    struct packet *frame = flight->frame;
    uint32_t epoch = flight->epoch;
    pool_return(&from->node->network->flights, flight);
    if (__builtin_expect(epoch != link->epoch, 0)) {
        link_lose(from, frame, DISCARD_LINK_DOWN);
        return;
    }
    time_ns now = engine_now(engine);
    if (__builtin_expect(link->capture != NULL, 0))
        capture_frame(link->capture, frame, now);
    const struct network_observer *observer = &from->node->network->observer;
    if (__builtin_expect(observer->carried != NULL, 0))
        observer->carried(observer->context, from, frame, now);
    if (link->kind == LINK_POINT_TO_POINT)
        link_hand_over(link->ends[1 - from->direction], frame, now);
    else
        lan_arrive(link, from, frame, now);
}

/* -- the whole link -- */

void link_connect(struct link *link, struct port *port, unsigned end)
{
    g_assert(link->kind == LINK_POINT_TO_POINT && !port->link && !link->ends[end]);
    link->ends[end] = port;
    port->link = link;
    port->direction = (uint8_t)end;
}

uint32_t link_station_count(const struct link *link)
{
    if (link->kind == LINK_LAN)
        return link->lan->count;
    return link->ends[0] && link->ends[1] ? 2 : 0;
}

struct port *link_station(const struct link *link, uint32_t i)
{
    return link->kind == LINK_LAN ? link->lan->stations[i] : link->ends[i];
}

static bool has_power(const struct link *link)
{
    if (link->kind == LINK_LAN)
        return true;
    return !(link->ends[0] && link->ends[0]->node->off) && !(link->ends[1] && link->ends[1]->node->off);
}

void link_set_up(struct link *link, bool wanted)
{
    link->wanted = wanted;
    bool up = wanted && has_power(link);
    if (link->up == up)
        return;
    link->up = up;
    if (!up)
        link->epoch++;
    if (link->kind == LINK_LAN)
        return; /* a dead switch keeps its stations' carriers up */
    for (uint32_t i = 0; i < link_station_count(link); i++)
        network_link_changed(link->ends[i]->node, link->ends[i]->interface, up);
}

void link_power_changed(struct link *link)
{
    link_set_up(link, link->wanted);
}

/* -- life -- */

struct link *link_new(struct network *network, enum link_kind kind, const struct channel *forward,
                      const struct channel *backward)
{
    g_assert(network->link_count < network->size.links);
    struct link *link = &network->links[network->link_count++];
    link->kind = (uint8_t)kind;
    link->channel[0] = forward;
    link->channel[1] = backward ? backward : forward;
    link->up = link->wanted = true;
    if (kind == LINK_LAN)
        link->lan = lan_new(network);
    if (!network->flights.record_size)
        pool_init(&network->flights, sizeof(struct flight));
    return link;
}

static void link_dispose(struct link *link)
{
    if (link->kind == LINK_LAN)
        lan_free(link->lan);
    capture_abandon(link->capture);
}

/* What is in flight goes; moves under way go with their nodes. */
static void dispose(struct event *event, void *context)
{
    (void)context;
    if (event->run == flight_arrive)
        packet_release(event_owner(event, struct flight, event)->frame);
}

static void node_dispose(struct network_node *node)
{
    if (!node->ports)
        return; /* never initialized */
    unsigned ports = node->node.interface_count;
    for (unsigned p = 0; p < ports; p++)
        node->ports[p].link = NULL; /* what a node gives up while being freed goes nowhere */
    if (node->node.mobility)
        mobility_free(&node->node);
    node_free(&node->node);
    for (unsigned p = 0; p < ports; p++) {
        lan_listening_free(&node->ports[p]);
        g_free(node->ports[p].queue);
    }
    g_free(node->random_positions);
    if (node->store)
        g_hash_table_destroy(node->store);
}

void network_free(struct network *network)
{
    if (!network)
        return;
    for (uint32_t i = 0; i < network->node_count; i++) {
        network->nodes[i].environment.watch = 0;
        network_attach_cancel(&network->nodes[i]);
    }
    engine_drain(&network->engine, dispose, NULL);
    for (uint32_t i = 0; i < network->node_count; i++)
        node_dispose(&network->nodes[i]);
    for (uint32_t i = 0; i < network->link_count; i++)
        link_dispose(&network->links[i]);
    g_free(network->links);
    g_free(network->ports);
    g_free(network->nodes);
    g_free(network->recipients);
    pool_free(&network->flights);
    engine_free(&network->engine);
    packet_pool_free(network->packets);
    g_free(network);
}
