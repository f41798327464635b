/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.c - frames on their way. What happens to a frame is decided when it is sent (queue, loss, instant of
 * arrival), who gets it when it arrives.
 */
#include "sim/network/link.h"

#include <string.h>

#include "models/attack/attacker.h"
#include "models/mobility/mobility.h"
#include "sim/network/attackers.h"
#include "sim/network/capture.h"
#include "sim/network/gate.h"
#include "sim/network/lan.h"

struct flight {
    struct event event;
    struct packet *frame;
    struct port *from;
    struct link *link; /* the sender may have left it by the time of arrival */
    struct port *to;   /* one station of a LAN; NULL: whoever it is for */
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
    if (network->observer.lost && !port->node->gate) /* nodes are what observers know */
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

void channel_settle(struct channel *channel)
{
    channel->is_random = channel->delay || channel->jitter || !loss_model_is_none(&channel->loss) ||
                         channel->duplication > 0 || channel->late.probability > 0 ||
                         channel->spike.probability > 0;
}

/*
 * Each kind of chance has a stream of its own, so that to switch one on moves no draw of another: of what a
 * port sends, delays and jitter come from one whose position is kept, all else from those whose numbers are
 * counted here, one for each frame.
 */
struct port_chances {
    struct loss_state loss_state;
    uint64_t delays; /* position in the stream */
    uint32_t losses, duplications, late, spikes;
};

static struct port_chances *chances_of(struct port *port)
{
    if (!port->chances)
        port->chances = g_new0(struct port_chances, 1);
    return port->chances;
}

static struct random_stream chance_stream(const struct port *port, uint32_t purpose, uint32_t number)
{
    struct random_stream stream;
    network_random_stream(port->node->network, port->node->index, purpose, &stream);
    random_skip(&stream, (uint64_t)port->interface << 32 | number);
    return stream;
}

static bool happens(const struct port *port, uint32_t purpose, uint32_t *number, double probability)
{
    struct random_stream stream = chance_stream(port, purpose, (*number)++);
    return random_unit(&stream) < probability;
}

/* How much longer this frame takes. */
static time_ns chance_delay(const struct port *port, const struct chance *chance, uint32_t purpose,
                            uint32_t delay_purpose, uint32_t *number)
{
    if (chance->probability <= 0 || !happens(port, purpose, number, chance->probability))
        return 0;
    struct random_stream stream = chance_stream(port, delay_purpose, *number - 1);
    return distribution_sample(chance->delay, &stream);
}

double link_next_loss(struct port *from, const struct channel *channel, time_ns now)
{
    if (!loss_model_has_bursts(&channel->loss))
        return channel->loss.probability;
    return loss_model_next(&channel->loss, &chances_of(from)->loss_state,
                           chance_stream(from, NETWORK_RANDOM_LOSS_STATE, 0), now);
}

bool link_draws_loss(struct port *from, double probability)
{
    return probability > 0 && happens(from, NETWORK_RANDOM_LOSS, &chances_of(from)->losses, probability);
}

/* Delay and jitter. */
static time_ns draw_delay(struct port *port, const struct channel *channel)
{
    struct random_stream start, stream;
    network_random_stream(port->node->network, port->node->index, NETWORK_RANDOM_PORT + port->interface,
                          &start);
    stream = start;
    struct port_chances *chances = chances_of(port);
    stream.position += chances->delays;
    time_ns delay = channel->delay ? distribution_sample(channel->delay, &stream) : channel->fixed_delay;
    if (channel->jitter)
        delay = time_add(delay, distribution_sample(channel->jitter, &stream));
    chances->delays = stream.position - start.position;
    return delay;
}

/* What becomes of a frame. */
struct passage {
    time_ns arrival; /* without: */
    time_ns late;    /* how much later it is than its place in the order */
    enum discard_reason lost;
    uint32_t copies;
};

static void draw_passage(struct port *port, const struct channel *channel, struct passage *passage,
                         time_ns departure)
{
    passage->arrival = time_add(departure, channel->delay || channel->jitter ? draw_delay(port, channel)
                                                                             : channel->fixed_delay);
    if (channel->spike.probability > 0)
        passage->arrival =
            time_add(passage->arrival, chance_delay(port, &channel->spike, NETWORK_RANDOM_SPIKE,
                                                    NETWORK_RANDOM_SPIKE_DELAY, &chances_of(port)->spikes));
    if (channel->late.probability > 0)
        passage->late = chance_delay(port, &channel->late, NETWORK_RANDOM_REORDERING, NETWORK_RANDOM_LATENESS,
                                     &chances_of(port)->late);
    if (channel->duplication > 0)
        passage->copies =
            happens(port, NETWORK_RANDOM_DUPLICATION, &chances_of(port)->duplications, channel->duplication);
    if (port->link->kind == LINK_POINT_TO_POINT &&
        link_draws_loss(port, link_next_loss(port, channel, departure)))
        passage->lost = DISCARD_LINK_LOSS;
}

struct packet *frame_corrupt(struct packet *frame)
{
    frame = packet_writable(frame);
    if (frame->length > 0)
        packet_octets(frame)[frame->length - 1] ^= 1;
    return frame;
}

static void flight_arrive(struct engine *engine, struct event *event);

static void send_off(struct port *port, struct port *to, struct packet *frame, time_ns arrival)
{
    struct network *network = port->node->network;
    struct flight *flight = pool_take(&network->flights);
    event_init(&flight->event, flight_arrive);
    flight->frame = frame;
    flight->from = port;
    flight->link = port->link;
    flight->to = to;
    flight->epoch = port->link->epoch;
    engine_schedule_from(&network->engine, &port->node->source, &flight->event, arrival);
}

static struct packet *copy_of(const struct packet *frame)
{
    struct packet *copy = packet_new_for(frame, PACKET_HEADROOM, frame->length);
    memcpy(packet_octets(copy), packet_octets(frame), frame->length);
    return copy;
}

/* What the operator does to the frame; which may be another afterwards. */
static struct packet *meddle(struct port *port, struct packet *frame, struct passage *passage)
{
    struct network *network = port->node->network;
    struct frame_fate fate = {0};
    network->meddle(network->meddler, port, NULL, frame, &fate);
    if (fate.dropped)
        passage->lost = DISCARD_LINK_FAULT;
    passage->copies += fate.copies;
    passage->late = time_add(passage->late, fate.delay);
    passage->late = MAX(passage->late, fate.not_before - passage->arrival);
    return fate.corrupted ? frame_corrupt(frame) : frame;
}

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
    struct passage passage = {.arrival = departure + channel->fixed_delay};
    if (__builtin_expect(channel->is_random, 0))
        draw_passage(port, channel, &passage, departure);
    if (!channel->reorder)
        passage.arrival = MAX(passage.arrival, port->last_arrival);
    port->last_arrival = passage.arrival;
    if (__builtin_expect(link->meddled, 0))
        frame = meddle(port, frame, &passage);
    if (__builtin_expect(passage.lost != DISCARD_NONE, 0)) {
        link_lose(port, frame, passage.lost);
        return;
    }
    time_ns arrival = time_add(passage.arrival, passage.late);
    for (uint32_t i = 0; __builtin_expect(i < passage.copies, 0); i++)
        send_off(port, NULL, copy_of(frame), arrival);
    send_off(port, NULL, frame, arrival);
}

void link_send_to(struct port *from, struct port *to, struct packet *frame, time_ns arrival)
{
    send_off(from, to, frame, arrival);
}

/* -- arriving -- */

/* What the node makes of it is marked as an answer to it. */
static void hand_over_marked(struct port *port, struct packet *frame, time_ns now)
{
    struct network *network = port->node->network;
    if (network->observer.marked_arrived)
        network->observer.marked_arrived(network->observer.context, port, frame, now);
    packet_pool_set_mark(network->packets, frame->mark | PACKET_MARK_ANSWER);
    node_receive(&port->node->node, port->interface, frame, clock_shows(port->node->clock_drift, now));
    packet_pool_set_mark(network->packets, 0);
}

void link_hand_over(struct port *port, struct packet *frame, time_ns now)
{
    if (__builtin_expect(port->node->off, 0)) {
        struct gate *gate = port->node->gate;
        if (!gate) {
            link_lose(port, frame, DISCARD_NODE_OFF);
            return;
        }
        port->node->network->packet_hops++;
        gate->emit(gate->context, frame, now);
        packet_release(frame);
        return;
    }
    if (__builtin_expect(port->node->secretive, 0)) {
        packet_release(frame);
        return;
    }
    port->node->network->packet_hops++;
    if (__builtin_expect(frame->mark != 0, 0))
        hand_over_marked(port, frame, now);
    else
        node_receive(&port->node->node, port->interface, frame, clock_shows(port->node->clock_drift, now));
    network_node_settle(port->node);
}

static void flight_arrive(struct engine *engine, struct event *event)
{
    struct flight *flight = event_owner(event, struct flight, event);
    struct link *link = flight->link;
    struct port *from = flight->from;
    struct packet *frame = flight->frame;
    struct port *to = flight->to;
    uint32_t epoch = flight->epoch;
    pool_return(&from->node->network->flights, flight);
    if (__builtin_expect(epoch != link->epoch, 0)) {
        link_lose(from, frame, DISCARD_LINK_DOWN);
        return;
    }
    time_ns now = engine_now(engine);
    if (__builtin_expect(to != NULL, 0)) {
        if (to->link == link)
            link_hand_over(to, frame, now);
        else
            link_lose(from, frame, DISCARD_NO_SUCH_STATION);
        return;
    }
    if (__builtin_expect(link->capture != NULL, 0))
        capture_frame(link->capture, frame, now);
    const struct network_observer *observer = &from->node->network->observer;
    if (__builtin_expect(observer->carried != NULL, 0))
        observer->carried(observer->context, from, frame, now);
    if (__builtin_expect(link->ears != NULL, 0))
        ears_hear(link, from, frame);
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
    ears_add(link, port);
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
    bool up = wanted && link->outages == 0 && has_power(link);
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

void link_outage(struct link *link, bool begins)
{
    link->outages += begins ? 1 : UINT32_MAX;
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
    if (link->ears)
        g_ptr_array_free(link->ears, TRUE);
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
    attacker_free(node->attacker);
    if (node->node.mobility)
        mobility_free(&node->node);
    node_free(&node->node);
    for (unsigned p = 0; p < ports; p++) {
        lan_listening_free(&node->ports[p]);
        g_free(node->ports[p].queue);
        g_free(node->ports[p].chances);
    }
    g_free(node->random_positions);
    store_clear(&node->store);
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
