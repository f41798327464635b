/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.c - frames in flight, stations and groups of a LAN, handovers.
 *
 * Who receives a frame is decided when it arrives, not when it leaves: a station that has gone meanwhile does not hear
 * it. A frame to a group is copied for each receiver but the last; such frames are short.
 */
#include "sim/network/link.h"

#include <string.h>

#include "models/mobility/mobility.h"
#include "sim/network/capture.h"

#define ETHERNET_HEADER_LENGTH 14

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

/* -- stations and groups by Ethernet address: open addressing, linear probing -- */

struct group {
    uint32_t count, capacity;
    struct port **members;
};

/*
 * One group that a port listens to. Several IPv6 groups may map to one Ethernet group, so it is counted. A port's are sorted by
 * key, because a home agent listens to one for each mobile node that is away.
 */
struct listening {
    uint64_t key;
    uint32_t count;
    uint32_t position; /* among the group's members on the LAN that the port is attached to */
};

struct station_slot {
    uint64_t key; /* the address as a number plus 1; 0: free */
    union {
        struct port *station;
        struct group *group;
    };
};

struct station_table {
    uint32_t size, used;
    struct station_slot *slots;
};

static uint64_t key_of(const uint8_t *octets)
{
    uint64_t key = 0;
    for (unsigned i = 0; i < ETHERNET_ADDRESS_LENGTH; i++)
        key = key << 8 | octets[i];
    return key + 1;
}

static bool key_is_group(uint64_t key)
{
    return ((key - 1) >> 40 & 1) != 0;
}

static uint32_t slot_index(const struct station_table *table, uint64_t key)
{
    uint32_t i = (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (table->size - 1);
    while (table->slots[i].key && table->slots[i].key != key)
        i = (i + 1) & (table->size - 1);
    return i;
}

static struct station_slot *table_find(const struct station_table *table, uint64_t key)
{
    if (!table->size)
        return NULL;
    struct station_slot *slot = &table->slots[slot_index(table, key)];
    return slot->key ? slot : NULL;
}

static struct station_slot *table_insert(struct station_table *table, uint64_t key)
{
    if (2 * (table->used + 1) > table->size) {
        struct station_table grown = {.size = table->size ? 2 * table->size : 8, .used = table->used};
        grown.slots = g_new0(struct station_slot, grown.size);
        for (uint32_t i = 0; i < table->size; i++)
            if (table->slots[i].key)
                grown.slots[slot_index(&grown, table->slots[i].key)] = table->slots[i];
        g_free(table->slots);
        *table = grown;
    }
    struct station_slot *slot = &table->slots[slot_index(table, key)];
    if (!slot->key) {
        *slot = (struct station_slot){.key = key};
        table->used++;
    }
    return slot;
}

/* Removal without tombstones: what probed past the hole moves into it. */
static void table_remove(struct station_table *table, struct station_slot *slot)
{
    uint32_t hole = (uint32_t)(slot - table->slots);
    uint32_t mask = table->size - 1;
    table->slots[hole] = (struct station_slot){0};
    table->used--;
    for (uint32_t i = (hole + 1) & mask; table->slots[i].key; i = (i + 1) & mask) {
        struct station_slot moved = table->slots[i];
        table->slots[i] = (struct station_slot){0};
        table->slots[slot_index(table, moved.key)] = moved;
    }
}

static void group_free(struct group *group)
{
    g_free(group->members);
    g_free(group);
}

static uint32_t listening_index(const struct port *port, uint64_t key)
{
    uint32_t low = 0, high = port->group_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (port->groups[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct listening *listening_find(const struct port *port, uint64_t key)
{
    uint32_t i = listening_index(port, key);
    return i < port->group_count && port->groups[i].key == key ? &port->groups[i] : NULL;
}

static void group_enter(struct link *link, struct port *port, struct listening *listening)
{
    struct station_slot *slot = table_insert(link->table, listening->key);
    if (!slot->group)
        slot->group = g_new0(struct group, 1);
    struct group *group = slot->group;
    if (group->count == group->capacity) {
        group->capacity = group->capacity ? 2 * group->capacity : 2;
        group->members = g_renew(struct port *, group->members, group->capacity);
    }
    listening->position = group->count;
    group->members[group->count++] = port;
}

/* The last member takes the place of the one that leaves. */
static void group_leave_link(struct link *link, const struct listening *listening)
{
    struct station_slot *slot = table_find(link->table, listening->key);
    g_assert(slot && listening->position < slot->group->count);
    struct group *group = slot->group;
    struct port *last = group->members[--group->count];
    group->members[listening->position] = last;
    listening_find(last, listening->key)->position = listening->position;
    if (group->count == 0) {
        group_free(group);
        table_remove(link->table, slot);
    }
}

/* -- sending -- */

static void lose(struct port *port, struct packet *frame, enum discard_reason reason)
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
    network_random_stream(port->node->network, port->node->index, NETWORK_RANDOM_PORT + port->interface, stream);
    stream->position += port->random_position;
}

static void port_stream_keep(struct port *port, const struct random_stream *stream)
{
    struct random_stream start;
    network_random_stream(port->node->network, port->node->index, NETWORK_RANDOM_PORT + port->interface, &start);
    port->random_position = stream->position - start.position;
}

static void flight_arrive(struct engine *engine, struct event *event);

void link_transmit(struct port *port, struct packet *frame)
{
    struct link *link = port->link;
    struct network *network = port->node->network;
    time_ns now = network_now(network);
    port->frames++;
    port->octets += frame->length;
    if (__builtin_expect(!link || !link->up, 0)) {
        lose(port, frame, link ? DISCARD_LINK_DOWN : DISCARD_NOT_ATTACHED);
        return;
    }
    const struct channel *channel = channel_of(port);
    time_ns departure = MAX(now, port->busy_until);
    if (channel->queue_limit && departure > now && !queue_admit(port, channel->queue_limit, departure, now)) {
        port->overflowed++;
        lose(port, frame, DISCARD_LINK_QUEUE);
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
        arrival = time_add(arrival, channel->delay ? distribution_sample(channel->delay, &stream) : channel->fixed_delay);
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
        port->lost++;
        lose(port, frame, DISCARD_LINK_LOSS);
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

static void hand_over(struct port *port, struct packet *frame, time_ns now)
{
    port->node->network->packet_hops++;
    node_receive(&port->node->node, port->interface, frame, now);
    network_node_settle(port->node);
}

/* Loss on a LAN is each receiver's own: one may hear what another does not. */
static bool lan_loses(struct port *from, const struct channel *channel)
{
    if (channel->loss <= 0)
        return false;
    struct random_stream stream;
    port_stream(from, &stream);
    bool lost = random_unit(&stream) < channel->loss;
    port_stream_keep(from, &stream);
    return lost;
}

static void lan_deliver(struct link *link, struct port *from, struct packet *frame, struct port *to, time_ns now)
{
    if (lan_loses(from, link->channel[0])) {
        from->lost++;
        lose(from, frame, DISCARD_LINK_LOSS);
    } else {
        hand_over(to, frame, now);
    }
}

static void lan_deliver_group(struct link *link, struct port *from, struct packet *frame, const struct group *group, time_ns now)
{
    struct network *network = link->network;
    /* Receiving may change the group: work on a copy of its members. */
    if (network->recipients_size < group->count) {
        network->recipients_size = 2 * (size_t)group->count;
        network->recipients = g_renew(struct port *, network->recipients, network->recipients_size);
    }
    size_t count = 0;
    for (uint32_t i = 0; i < group->count; i++)
        if (group->members[i] != from)
            network->recipients[count++] = group->members[i];
    for (size_t i = 0; i < count; i++) {
        struct packet *copy = packet_new(network->packets, PACKET_HEADROOM, frame->length);
        memcpy(packet_octets(copy), packet_octets(frame), frame->length);
        lan_deliver(link, from, copy, network->recipients[i], now);
    }
    packet_release(frame);
}

static void lan_arrive(struct link *link, struct port *from, struct packet *frame, time_ns now)
{
    if (frame->length < ETHERNET_HEADER_LENGTH) {
        lose(from, frame, DISCARD_FRAME_TOO_SHORT);
        return;
    }
    uint64_t key = key_of(packet_octets(frame));
    struct station_slot *slot = table_find(link->table, key);
    if (key_is_group(key)) {
        if (slot)
            lan_deliver_group(link, from, frame, slot->group, now);
        else
            packet_release(frame);
    } else if (slot && slot->station != from) {
        lan_deliver(link, from, frame, slot->station, now);
    } else {
        lose(from, frame, DISCARD_NO_SUCH_STATION);
    }
}

static void flight_arrive(struct engine *engine, struct event *event)
{
    struct flight *flight = event_owner(event, struct flight, event);
    struct link *link = flight->link;
    struct port *from = flight->from;
    struct packet *frame = flight->frame;
    uint32_t epoch = flight->epoch;
    pool_return(&link->network->flights, flight);
    if (__builtin_expect(epoch != link->epoch, 0)) {
        lose(from, frame, DISCARD_LINK_DOWN);
        return;
    }
    time_ns now = engine_now(engine);
    if (__builtin_expect(link->capture != NULL, 0))
        capture_frame(link->capture, frame, now);
    if (link->kind == LINK_POINT_TO_POINT)
        hand_over(from->peer, frame, now);
    else
        lan_arrive(link, from, frame, now);
}

/* -- stations -- */

static const struct ethernet_address *port_address(const struct port *port)
{
    return &port->node->node.interfaces[port->interface].link_layer_address;
}

void link_listen(struct port *port, const struct ethernet_address *group, bool on)
{
    uint64_t key = key_of(group->octets);
    bool on_lan = port->link && port->link->kind == LINK_LAN;
    uint32_t i = listening_index(port, key);
    bool known = i < port->group_count && port->groups[i].key == key;
    if (on && known) {
        port->groups[i].count++;
    } else if (on) {
        if (port->group_count == port->group_capacity) {
            port->group_capacity = port->group_capacity ? 2 * port->group_capacity : 4;
            port->groups = g_renew(struct listening, port->groups, port->group_capacity);
        }
        memmove(&port->groups[i + 1], &port->groups[i], (port->group_count - i) * sizeof port->groups[0]);
        port->group_count++;
        port->groups[i] = (struct listening){.key = key, .count = 1};
        if (on_lan)
            group_enter(port->link, port, &port->groups[i]);
    } else if (known && --port->groups[i].count == 0) {
        if (on_lan)
            group_leave_link(port->link, &port->groups[i]);
        port->group_count--;
        memmove(&port->groups[i], &port->groups[i + 1], (port->group_count - i) * sizeof port->groups[0]);
    }
}

void link_attach(struct link *link, struct port *port)
{
    g_assert(link->kind == LINK_LAN && !port->link);
    if (link->station_count == link->station_capacity) {
        link->station_capacity = link->station_capacity ? 2 * link->station_capacity : 4;
        link->stations = g_renew(struct port *, link->stations, link->station_capacity);
    }
    port->station = link->station_count;
    link->stations[link->station_count++] = port;
    table_insert(link->table, key_of(port_address(port)->octets))->station = port;
    port->link = link;
    port->busy_until = port->last_arrival = 0;
    g_free(port->queue);
    port->queue = NULL;
    for (uint32_t i = 0; i < port->group_count; i++)
        group_enter(link, port, &port->groups[i]);
}

void link_detach(struct port *port)
{
    struct link *link = port->link;
    if (!link)
        return;
    g_assert(link->kind == LINK_LAN);
    for (uint32_t i = 0; i < port->group_count; i++)
        group_leave_link(link, &port->groups[i]);
    struct station_slot *slot = table_find(link->table, key_of(port_address(port)->octets));
    if (slot && slot->station == port)
        table_remove(link->table, slot);
    struct port *last = link->stations[--link->station_count];
    link->stations[port->station] = last;
    last->station = port->station;
    port->link = NULL;
}

void link_connect(struct link *link, struct port *first, struct port *second)
{
    g_assert(link->kind == LINK_POINT_TO_POINT && !first->link && !second->link);
    first->link = second->link = link;
    first->peer = second;
    second->peer = first;
    first->direction = 0;
    second->direction = 1;
    if (link->station_capacity < 2)
        link->stations = g_renew(struct port *, link->stations, link->station_capacity = 2);
    link->stations[0] = first;
    link->stations[1] = second;
    link->station_count = 2;
}

void link_set_up(struct link *link, bool up)
{
    if (link->up == up)
        return;
    link->up = up;
    if (!up)
        link->epoch++;
    if (link->kind == LINK_LAN)
        return; /* a dead switch keeps its stations' carriers up */
    for (uint32_t i = 0; i < link->station_count; i++)
        network_link_changed(link->stations[i]->node, link->stations[i]->interface, up);
}

/* -- handovers -- */

struct attachment {
    struct event event;
    struct network_node *node;
    struct link *lan;
    unsigned interface;
};

static void attachment_run(struct engine *engine, struct event *event)
{
    (void)engine;
    struct attachment *attachment = event_owner(event, struct attachment, event);
    struct network_node *node = attachment->node;
    link_attach(attachment->lan, &node->ports[attachment->interface]);
    node->attachment = NULL;
    network_link_changed(node, attachment->interface, true);
    g_free(attachment);
}

static void attachment_cancel(struct network_node *node)
{
    if (!node->attachment)
        return;
    engine_cancel(&node->network->engine, node->attachment);
    g_free(event_owner(node->attachment, struct attachment, event));
    node->attachment = NULL;
}

static time_ns handover_delay(struct network_node *node, const struct link *lan)
{
    if (!lan->handover_delay)
        return 0;
    struct random_stream stream;
    network_random_stream(node->network, node->index, NETWORK_RANDOM_HANDOVER, &stream);
    stream.position += node->handovers++;
    return distribution_sample(lan->handover_delay, &stream);
}

void network_attach(struct network_node *node, unsigned interface, struct link *lan)
{
    attachment_cancel(node);
    struct port *port = &node->ports[interface];
    if (port->link) {
        link_detach(port);
        network_link_changed(node, interface, false);
    }
    if (!lan)
        return;
    struct attachment *attachment = g_new0(struct attachment, 1);
    event_init(&attachment->event, attachment_run);
    attachment->node = node;
    attachment->lan = lan;
    attachment->interface = interface;
    node->attachment = &attachment->event;
    struct network *network = node->network;
    engine_schedule_from(&network->engine, &node->source, &attachment->event,
                         time_add(network_now(network), handover_delay(node, lan)));
}

/* -- life -- */

struct link *link_new(struct network *network, enum link_kind kind, const struct channel *forward, const struct channel *backward)
{
    struct link *link = g_new0(struct link, 1);
    link->network = network;
    link->kind = (uint8_t)kind;
    link->channel[0] = forward;
    link->channel[1] = backward ? backward : forward;
    link->up = true;
    if (kind == LINK_LAN)
        link->table = g_new0(struct station_table, 1);
    if (!network->flights.record_size)
        pool_init(&network->flights, sizeof(struct flight));
    g_ptr_array_add(network->links, link);
    return link;
}

void link_free(struct link *link)
{
    if (link->table) {
        for (uint32_t i = 0; i < link->table->size; i++)
            if (link->table->slots[i].key && key_is_group(link->table->slots[i].key))
                group_free(link->table->slots[i].group);
        g_free(link->table->slots);
        g_free(link->table);
    }
    capture_close(link->capture);
    g_free(link->stations);
    g_free(link);
}

static void dispose(struct event *event, void *context)
{
    (void)context;
    if (event->run == flight_arrive)
        packet_release(event_owner(event, struct flight, event)->frame);
    else if (event->run == attachment_run)
        g_free(event_owner(event, struct attachment, event));
}

void network_free(struct network *network)
{
    if (!network)
        return;
    network->observer.watch = 0;
    engine_drain(&network->engine, dispose, NULL);
    for (uint32_t i = 0; i < network->node_count; i++) {
        struct network_node *node = &network->nodes[i];
        node->environment.watch = 0;
        if (!node->ports)
            continue; /* never initialized */
        for (unsigned p = 0; p < node->node.interface_count; p++) {
            node->ports[p].link = NULL; /* what a node gives up while being freed goes nowhere */
            g_free(node->ports[p].queue);
        }
        if (node->node.mobility)
            mobility_free(&node->node);
        unsigned ports = node->node.interface_count;
        node_free(&node->node);
        for (unsigned p = 0; p < ports; p++)
            g_free(node->ports[p].groups);
        g_free(node->ports);
        if (node->store)
            g_hash_table_destroy(node->store);
    }
    g_ptr_array_free(network->links, TRUE);
    g_free(network->nodes);
    g_free(network->recipients);
    pool_free(&network->flights);
    engine_free(&network->engine);
    packet_pool_free(network->packets);
    g_free(network);
}
