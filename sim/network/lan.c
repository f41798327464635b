/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lan.c - stations and groups of a LAN.
 *
 * Who receives a frame is decided when it arrives, not when it leaves: a station that has gone meanwhile does
 * not hear it. A frame to a group is copied for each receiver; such frames are short. Loss is each receiver's
 * own: one may hear what another does not; but the state of a link that loses in bursts is the sender's.
 */
#include "sim/network/lan.h"

#include <string.h>

#include "models/base/cache.h"
#include "sim/network/attackers.h"
#include "sim/network/gate.h"

#define ETHERNET_HEADER_LENGTH 14

struct group {
    uint32_t count, capacity;
    struct port **members;
};

/*
 * One group that a port listens to. Several IPv6 groups may map to one Ethernet group, so it is counted. A
 * port's are sorted by key, because a home agent listens to one for each mobile node that is away.
 */
struct listening {
    uint64_t key;
    uint32_t count;
    uint32_t position; /* among the group's members on the LAN that the port is attached to */
};

struct listening_set {
    uint32_t count, capacity;
    struct listening groups[];
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
    uint32_t low = 0, high = port->groups ? port->groups->count : 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (port->groups->groups[middle].key < key)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct listening *listening_find(const struct port *port, uint64_t key)
{
    uint32_t i = listening_index(port, key);
    return port->groups && i < port->groups->count && port->groups->groups[i].key == key
               ? &port->groups->groups[i]
               : NULL;
}

static void group_enter(struct lan *lan, struct port *port, struct listening *listening)
{
    struct station_slot *slot = table_insert(lan->table, listening->key);
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
static void group_leave(struct lan *lan, const struct listening *listening)
{
    struct station_slot *slot = table_find(lan->table, listening->key);
    g_assert(slot && listening->position < slot->group->count);
    struct group *group = slot->group;
    struct port *last = group->members[--group->count];
    group->members[listening->position] = last;
    struct listening *moved = listening_find(last, listening->key);
    if (moved)
        moved->position = listening->position;
    if (group->count == 0) {
        group_free(group);
        table_remove(lan->table, slot);
    }
}

/* -- what interfaces listen to -- */

static void listening_insert(struct port *port, uint32_t i, uint64_t key)
{
    struct listening_set *set = port->groups;
    if (!set || set->count == set->capacity) {
        uint32_t capacity = set ? 2 * set->capacity : 3;
        set = g_realloc(set, sizeof *set + capacity * sizeof set->groups[0]);
        if (!port->groups)
            set->count = 0;
        set->capacity = capacity;
        port->groups = set;
    }
    memmove(&set->groups[i + 1], &set->groups[i], (set->count - i) * sizeof set->groups[0]);
    set->groups[i] = (struct listening){.key = key, .count = 1};
    set->count++;
}

static void listening_remove(struct port *port, uint32_t i)
{
    struct listening_set *set = port->groups;
    set->count--;
    memmove(&set->groups[i], &set->groups[i + 1], (set->count - i) * sizeof set->groups[0]);
}

void lan_listen(struct port *port, const struct ethernet_address *group, bool on)
{
    uint64_t key = key_of(group->octets);
    struct lan *lan = port->link && port->link->kind == LINK_LAN ? port->link->lan : NULL;
    struct listening *known = listening_find(port, key);
    if (on && known) {
        known->count++;
    } else if (on) {
        uint32_t i = listening_index(port, key);
        listening_insert(port, i, key);
        if (lan)
            group_enter(lan, port, &port->groups->groups[i]);
    } else if (known && --known->count == 0) {
        if (lan)
            group_leave(lan, known);
        listening_remove(port, listening_index(port, key));
    }
}

void lan_listen_to_none(struct port *port)
{
    struct lan *lan = port->link && port->link->kind == LINK_LAN ? port->link->lan : NULL;
    while (port->groups && port->groups->count > 0) {
        uint32_t last = port->groups->count - 1;
        if (lan)
            group_leave(lan, &port->groups->groups[last]);
        listening_remove(port, last);
    }
}

void lan_listening_free(struct port *port)
{
    g_clear_pointer(&port->groups, g_free);
}

/* -- stations -- */

static const struct ethernet_address *port_address(const struct port *port)
{
    return &port->node->node.interfaces[port->interface].link_layer_address;
}

void lan_attach(struct link *link, struct port *port)
{
    g_assert(link->kind == LINK_LAN && !port->link);
    struct lan *lan = link->lan;
    if (lan->count == lan->capacity) {
        lan->capacity = lan->capacity ? 2 * lan->capacity : 4;
        lan->stations = g_renew(struct port *, lan->stations, lan->capacity);
    }
    port->station = lan->count;
    lan->stations[lan->count++] = port;
    table_insert(lan->table, key_of(port_address(port)->octets))->station = port;
    port->link = link;
    port->busy_until = port->last_arrival = 0;
    ears_add(link, port);
    g_clear_pointer(&port->queue, g_free);
    for (uint32_t i = 0; port->groups && i < port->groups->count; i++)
        group_enter(lan, port, &port->groups->groups[i]);
}

void lan_detach(struct port *port)
{
    if (!port->link)
        return;
    struct lan *lan = port->link->lan;
    for (uint32_t i = 0; port->groups && i < port->groups->count; i++)
        group_leave(lan, &port->groups->groups[i]);
    struct station_slot *slot = table_find(lan->table, key_of(port_address(port)->octets));
    if (slot && slot->station == port)
        table_remove(lan->table, slot);
    struct port *last = lan->stations[--lan->count];
    lan->stations[port->station] = last;
    last->station = port->station;
    ears_remove(port->link, port);
    port->link = NULL;
}

void lan_learn(struct lan *lan, struct gate *gate, const uint8_t *source)
{
    uint64_t key = key_of(source);
    struct station_slot *slot = table_find(lan->table, key);
    if (key_is_group(key))
        return;
    if (!slot && gate->learnt < GATE_ADDRESSES_MAX) {
        gate->learnt++;
        table_insert(lan->table, key)->station = &gate->port;
    } else if (slot && slot->station->node->gate) {
        slot->station = &gate->port; /* it has moved */
    }
}

/* -- frames -- */

static void deliver(struct port *from, struct packet *frame, struct port *to, double loss, time_ns now)
{
    if (link_draws_loss(from, loss))
        link_lose(from, frame, DISCARD_LINK_LOSS);
    else
        link_hand_over(to, frame, now);
}

static struct packet *copy_of(const struct packet *frame)
{
    struct packet *copy = packet_new_for(frame, PACKET_HEADROOM, frame->length);
    memcpy(packet_octets(copy), packet_octets(frame), frame->length);
    return copy;
}

/* One station's copy of a frame to a group, on a link with which the operator meddles. */
static void deliver_meddled(struct port *from, struct packet *frame, struct port *to, double loss,
                            time_ns now)
{
    struct network *network = from->node->network;
    struct frame_fate fate = {0};
    network->meddle(network->meddler, from, to, frame, &fate);
    if (fate.dropped) {
        link_lose(from, frame, DISCARD_LINK_FAULT);
        return;
    }
    if (fate.corrupted)
        frame = frame_corrupt(frame);
    time_ns arrival = MAX(time_add(now, fate.delay), fate.not_before);
    for (uint32_t i = 0; i < fate.copies; i++)
        link_send_to(from, to, copy_of(frame), arrival);
    if (arrival > now)
        link_send_to(from, to, frame, arrival);
    else
        deliver(from, frame, to, loss, now);
}

/* One station after another has the frame, and among thousands of stations none has been in the cache since
 * the last one. So they are fetched some turns ahead: the port that leads to a node, the node, what it points
 * to, what that does. */
enum { PORT_AHEAD = 8, NODE_AHEAD = 6, PARTS_AHEAD = 4, LISTS_AHEAD = 2 };

static void fetch_ahead(struct port *const *recipients, size_t left)
{
    if (left > PORT_AHEAD)
        __builtin_prefetch(recipients[PORT_AHEAD]);
    if (left > NODE_AHEAD)
        cache_fetch(recipients[NODE_AHEAD]->node, sizeof(struct network_node));
    if (left > PARTS_AHEAD)
        node_fetch_parts(&recipients[PARTS_AHEAD]->node->node, recipients[PARTS_AHEAD]->interface);
    if (left > LISTS_AHEAD)
        node_fetch_lists(&recipients[LISTS_AHEAD]->node->node, recipients[LISTS_AHEAD]->interface);
}

/* To the members of the group, of which there may be none (NULL), and to gates: each has a copy. */
static void deliver_group(struct link *link, struct port *from, struct packet *frame,
                          const struct group *group, double loss, time_ns now)
{
    struct network *network = link->lan->network;
    uint32_t members = group ? group->count : 0;
    size_t most = members;
    for (const struct gate *gate = link->lan->gates; gate; gate = gate->next)
        most++;
    /* Receiving may change the group: work on a copy of its members. */
    if (network->recipients_size < most) {
        network->recipients_size = 2 * most;
        network->recipients = g_renew(struct port *, network->recipients, network->recipients_size);
    }
    size_t count = 0;
    for (uint32_t i = 0; i < members; i++)
        if (group->members[i] != from)
            network->recipients[count++] = group->members[i];
    for (struct gate *gate = link->lan->gates; gate; gate = gate->next)
        if (&gate->port != from)
            network->recipients[count++] = &gate->port;
    /* A copy is made one station ahead: octets just written are slow to be read in other pieces. */
    struct packet *next = count > 0 ? copy_of(frame) : NULL;
    for (size_t i = 0; i < count; i++) {
        struct packet *copy = next;
        fetch_ahead(&network->recipients[i], count - i);
        if (i + 1 < count)
            next = copy_of(frame);
        if (link->meddled_copies && from->link == link)
            deliver_meddled(from, copy, network->recipients[i], loss, now);
        else
            deliver(from, copy, network->recipients[i], loss, now);
    }
    packet_release(frame);
}

void lan_arrive(struct link *link, struct port *from, struct packet *frame, time_ns now)
{
    if (frame->length < ETHERNET_HEADER_LENGTH) {
        link_lose(from, frame, DISCARD_FRAME_TOO_SHORT);
        return;
    }
    uint64_t key = key_of(packet_octets(frame));
    struct station_slot *slot = table_find(link->lan->table, key);
    double loss = link_next_loss(from, link->channel[0], now);
    if (key_is_group(key)) {
        if (slot || link->lan->gates)
            deliver_group(link, from, frame, slot ? slot->group : NULL, loss, now);
        else
            packet_release(frame);
    } else if (slot && slot->station != from) {
        deliver(from, frame, slot->station, loss, now);
    } else if (!slot && link->lan->gates) {
        deliver_group(link, from, frame, NULL, loss, now); /* it may be somebody's outside */
    } else {
        link_lose(from, frame, DISCARD_NO_SUCH_STATION);
    }
}

/* -- life -- */

struct lan *lan_new(struct network *network)
{
    struct lan *lan = g_new0(struct lan, 1);
    lan->network = network;
    lan->table = g_new0(struct station_table, 1);
    return lan;
}

void lan_free(struct lan *lan)
{
    for (uint32_t i = 0; i < lan->table->size; i++)
        if (lan->table->slots[i].key && key_is_group(lan->table->slots[i].key))
            group_free(lan->table->slots[i].group);
    while (lan->gates) {
        struct gate *gate = lan->gates;
        lan->gates = gate->next;
        gate_free(gate);
    }
    g_free(lan->table->slots);
    g_free(lan->table);
    g_free(lan->stations);
    g_free(lan);
}
