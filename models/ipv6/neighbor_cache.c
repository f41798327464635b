/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbor_cache.c - who the neighbors are and whether they answer: the Neighbor Cache of an interface,
 * address resolution (RFC 4861, 7.2.2) and Neighbor Unreachability Detection (7.3).
 *
 * States and what moves them (7.3.2, Appendix C):
 *
 *     INCOMPLETE  solicitations to the group, RetransTimer apart  -> REACHABLE, STALE by an answer, or gone
 *     REACHABLE   confirmed; packets go at once                   -> STALE when ReachableTime is over
 *     STALE       address known, reachability not                 -> DELAY when a packet is sent
 *     DELAY       waits 5 s for a hint from above                 -> PROBE
 *     PROBE       unicast solicitations, RetransTimer apart       -> REACHABLE by an answer, or gone
 *
 * A packet costs one hash probe and a comparison with reachable_until: no timer runs for REACHABLE or STALE,
 * the change from the one to the other is made when the next packet is sent, as the note in 7.3.3 allows. The
 * cache is a chained hash that doubles when it holds as many entries as buckets. NEIGHBORS_MAX bounds what a
 * flood of solicitations or of packets to addresses that nobody has can take; beyond it a STALE or INCOMPLETE
 * entry near the new one's place gives way.
 *
 * Optimistic addresses (RFC 4429, 3.2): a packet from one never starts address resolution. It goes by a
 * default router whose link-layer address is known, or waits until detection is over.
 */
#include <stdlib.h>

#include "models/ipv6/address_table.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/nd_message.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/redirect.h"
#include "models/ipv6/router_discovery.h"

#define BUCKETS_LEAST   4 /* when one is not enough any more: */
#define ONE_BUCKET      2 /* neighbors fit in it; a host has its router, and hardly another */
#define EVICTION_SEARCH 64 /* buckets looked at for an entry to give up */

/* ---- the hash ---- */

static struct neighbor **bucket_of(struct neighbor_cache *cache, const struct ipv6_address *address)
{
    if (cache->bucket_count == 0)
        return &cache->only;
    return &cache->buckets[(uint32_t)ipv6_address_hash(address) & (cache->bucket_count - 1)];
}

struct neighbor *neighbor_lookup(const struct interface *interface, const struct ipv6_address *address)
{
    const struct neighbor_cache *cache = &interface->neighbors;
    struct neighbor *neighbor = cache->only;
    if (cache->bucket_count > 0)
        neighbor = cache->buckets[(uint32_t)ipv6_address_hash(address) & (cache->bucket_count - 1)];
    while (neighbor != NULL && !ipv6_address_equal(&neighbor->address, address))
        neighbor = neighbor->next;
    return neighbor;
}

/* With no memory for more buckets the chains grow longer instead. */
static void make_room(struct neighbor_cache *cache)
{
    if (cache->count < (cache->bucket_count == 0 ? ONE_BUCKET : cache->bucket_count))
        return;
    struct neighbor_cache grown = *cache;
    grown.bucket_count = cache->bucket_count == 0 ? BUCKETS_LEAST : cache->bucket_count * 2;
    grown.buckets = calloc(grown.bucket_count, sizeof(*grown.buckets));
    if (grown.buckets == NULL)
        return;
    for (uint32_t i = 0; i < neighbor_cache_size(cache); i++) {
        for (struct neighbor *neighbor = neighbor_cache_buckets(cache)[i], *next; neighbor != NULL;
             neighbor = next) {
            next = neighbor->next;
            struct neighbor **bucket = bucket_of(&grown, &neighbor->address);
            neighbor->next = *bucket;
            *bucket = neighbor;
        }
    }
    if (cache->bucket_count > 0)
        free(cache->buckets);
    *cache = grown;
}

static struct interface *interface_of(const struct node *node, const struct neighbor *neighbor)
{
    return &node->interfaces[neighbor->interface];
}

/* The packets that wait, oldest first; NULL: none. */
static struct packet *waiting_for(const struct neighbor *neighbor)
{
    return neighbor->state == NEIGHBOR_INCOMPLETE ? neighbor->waiting : NULL;
}

/* They are the caller's from now on. */
static struct packet *take_waiting(struct neighbor *neighbor)
{
    struct packet *waiting = waiting_for(neighbor);
    if (waiting != NULL)
        neighbor->waiting = NULL;
    neighbor->waiting_count = 0;
    return waiting;
}

/* Out of the cache and gone. The packets that waited are the caller's. */
static struct packet *neighbor_delete(struct node *node, struct neighbor *neighbor)
{
    struct neighbor_cache *cache = &interface_of(node, neighbor)->neighbors;
    struct neighbor **link = bucket_of(cache, &neighbor->address);
    while (*link != neighbor)
        link = &(*link)->next;
    *link = neighbor->next;
    cache->count--;
    node_disarm(node, &neighbor->timer);
    struct packet *waiting = take_waiting(neighbor);
    free(neighbor);
    return waiting;
}

enum neighbor_state neighbor_state_at(const struct neighbor *neighbor, time_ns now)
{
    if (neighbor->state == NEIGHBOR_REACHABLE && now >= neighbor->reachable_until)
        return NEIGHBOR_STALE;
    return (enum neighbor_state)neighbor->state;
}

/* How gladly an entry is given up: 0 at once, more only if nothing better is near. */
static unsigned attachment(const struct neighbor *neighbor, time_ns now)
{
    enum neighbor_state state = neighbor_state_at(neighbor, now);
    if (neighbor->is_router)
        return 3;
    if (state == NEIGHBOR_STALE)
        return 0;
    return state == NEIGHBOR_INCOMPLETE ? 1 : 2;
}

static void discard_waiting(struct node *node, struct interface *interface, struct packet *waiting,
                            enum discard_reason reason, time_ns now)
{
    for (struct packet *next; waiting != NULL; waiting = next) {
        next = waiting->next;
        waiting->next = NULL;
        node_discard(node, interface, waiting, reason, now);
    }
}

/* The cache is full: one entry goes, found among the buckets from that of the new address on. */
static void evict(struct node *node, struct interface *interface, const struct ipv6_address *address,
                  time_ns now)
{
    const struct neighbor_cache *cache = &interface->neighbors;
    uint32_t size = neighbor_cache_size(cache);
    uint32_t at = (uint32_t)ipv6_address_hash(address) & (size - 1);
    struct neighbor *victim = NULL;
    for (uint32_t seen = 0; seen < size; seen++, at = (at + 1) & (size - 1)) {
        if (victim != NULL && (seen >= EVICTION_SEARCH || attachment(victim, now) == 0))
            break;
        for (struct neighbor *neighbor = neighbor_cache_buckets(cache)[at]; neighbor != NULL;
             neighbor = neighbor->next)
            if (victim == NULL || attachment(neighbor, now) < attachment(victim, now))
                victim = neighbor;
    }
    if (victim != NULL)
        discard_waiting(node, interface, neighbor_delete(node, victim), DISCARD_RESOLUTION_QUEUE, now);
}

const struct neighbor *neighbor_find_router(const struct interface *interface,
                                            const struct ethernet_address *station)
{
    const struct neighbor_cache *cache = &interface->neighbors;
    for (uint32_t i = 0; i < neighbor_cache_size(cache); i++)
        for (const struct neighbor *neighbor = neighbor_cache_buckets(cache)[i]; neighbor != NULL;
             neighbor = neighbor->next)
            if (neighbor->is_router && neighbor->state != NEIGHBOR_INCOMPLETE &&
                ipv6_address_is_link_local(&neighbor->address) &&
                ethernet_address_equal(&neighbor->link_layer_address, station))
                return neighbor;
    return NULL;
}

static void timer_expired_neighbor(struct node *node, struct timer *timer, time_ns now);

/* In no state yet: the caller sets one. NULL: no memory. */
static struct neighbor *neighbor_new(struct node *node, struct interface *interface,
                                     const struct ipv6_address *address, time_ns now)
{
    if (interface->neighbors.count >= NEIGHBORS_MAX)
        evict(node, interface, address, now);
    make_room(&interface->neighbors);
    struct neighbor *neighbor = calloc(1, sizeof(*neighbor));
    if (neighbor == NULL)
        return NULL;
    neighbor->address = *address;
    neighbor->interface = interface->index;
    timer_init(&neighbor->timer, timer_expired_neighbor);
    struct neighbor **bucket = bucket_of(&interface->neighbors, address);
    neighbor->next = *bucket;
    *bucket = neighbor;
    interface->neighbors.count++;
    return neighbor;
}

void neighbor_forget(struct node *node, struct interface *interface, const struct ipv6_address *address)
{
    struct neighbor *neighbor = neighbor_lookup(interface, address);
    if (neighbor != NULL && neighbor->state != NEIGHBOR_INCOMPLETE)
        (void)neighbor_delete(node, neighbor); /* packets are held by incomplete ones only */
}

void neighbors_flush(struct node *node, struct interface *interface)
{
    struct neighbor_cache *cache = &interface->neighbors;
    redirects_flush(node, interface);
    for (uint32_t i = 0; i < neighbor_cache_size(cache); i++) {
        struct neighbor *const *bucket = &neighbor_cache_buckets(cache)[i];
        while (*bucket != NULL) {
            for (struct packet *waiting = neighbor_delete(node, *bucket), *next; waiting != NULL;
                 waiting = next) {
                next = waiting->next;
                node->discards++;
                packet_release(waiting);
            }
        }
    }
    if (cache->bucket_count > 0)
        free(cache->buckets);
    *cache = (struct neighbor_cache){.only = NULL};
}

/* ---- states ---- */

void interface_draw_reachable_time(struct node *node, struct interface *interface)
{
    time_ns base = MILLISECONDS(interface->base_reachable_time_ms);
    time_ns drawn = environment_random_time(node->environment, RANDOM_NEIGHBOR_DISCOVERY,
                                            base * MIN_RANDOM_FACTOR_PERCENT / 100,
                                            base * MAX_RANDOM_FACTOR_PERCENT / 100);
    interface->reachable_time_ms = (uint32_t)(drawn / MILLISECONDS(1));
}

static time_ns retransmission(const struct node *node, const struct neighbor *neighbor)
{
    return MILLISECONDS(interface_of(node, neighbor)->retransmission_ms);
}

/* The one place where a state changes, with the timer that goes with it. */
static void set_state(struct node *node, struct neighbor *neighbor, enum neighbor_state state, time_ns now)
{
    struct interface *interface = interface_of(node, neighbor);
    enum neighbor_state was = neighbor_state_at(neighbor, now);
    neighbor->state = (uint8_t)state;
    switch (state) {
    case NEIGHBOR_REACHABLE:
        /* A fresh ReachableTime with each confirmation after doubt: oftener than the "few hours" of 6.3.2,
         * no timer. */
        if (was != NEIGHBOR_REACHABLE)
            interface_draw_reachable_time(node, interface);
        neighbor->reachable_until = time_add(now, MILLISECONDS(interface->reachable_time_ms));
        node_disarm(node, &neighbor->timer);
        break;
    case NEIGHBOR_STALE:
        node_disarm(node, &neighbor->timer);
        break;
    case NEIGHBOR_DELAY:
        node_arm(node, &neighbor->timer, time_add(now, DELAY_FIRST_PROBE_TIME));
        break;
    case NEIGHBOR_INCOMPLETE:
    case NEIGHBOR_PROBE:
        neighbor->solicitations = 0;
        node_arm(node, &neighbor->timer, time_add(now, retransmission(node, neighbor)));
        break;
    }
}

/* The link-layer address is known now, in this state: what waited goes out. */
static void resolved(struct node *node, struct neighbor *neighbor, enum neighbor_state state, time_ns now)
{
    struct packet *waiting = take_waiting(neighbor);
    set_state(node, neighbor, state, now);
    if (waiting != NULL && state == NEIGHBOR_STALE)
        set_state(node, neighbor, NEIGHBOR_DELAY, now);
    for (struct packet *next; waiting != NULL; waiting = next) {
        next = waiting->next;
        waiting->next = NULL;
        ethernet_send(node, interface_of(node, neighbor), waiting, &neighbor->link_layer_address);
    }
}

/* ---- soliciting ---- */

static const struct interface_address *address_of_packet(const struct node *node,
                                                         const struct interface *interface,
                                                         const struct packet *packet)
{
    struct ipv6_address source = ipv6_address_read(packet_octets(packet) + IPV6_AT_SOURCE);
    const struct address_entry *entry =
        address_table_find(node->addresses, &source, interface->index, ADDRESS_ENTRY_UNICAST);
    return entry == NULL ? NULL : entry->value;
}

static bool is_optimistic(const struct node *node, const struct interface *interface,
                          const struct packet *packet)
{
    const struct interface_address *address = address_of_packet(node, interface, packet);
    return address != NULL && address->state == ADDRESS_OPTIMISTIC;
}

static bool detection_under_way(const struct interface *interface)
{
    for (const struct interface_address *address = interface->addresses; address != NULL;
         address = address->next)
        if (timer_is_armed(&address->timer) &&
            (address->state == ADDRESS_TENTATIVE || address->state == ADDRESS_OPTIMISTIC))
            return true;
    return false;
}

/*
 * One solicitation, if there is an address to send it from (7.2.2: the one of the packet that prompted it, if
 * possible). While all there are wait for duplicate detection, nothing is sent and nothing counted: detection
 * comes to an end.
 */
static void solicit(struct node *node, struct neighbor *neighbor, time_ns now)
{
    struct interface *interface = interface_of(node, neighbor);
    const struct packet *last = waiting_for(neighbor);
    while (last != NULL && last->next != NULL)
        last = last->next;
    if (last != NULL && is_optimistic(node, interface, last))
        return;
    const struct interface_address *prompting =
        last == NULL ? NULL : address_of_packet(node, interface, last);
    /* A mobile node back at home looks for who has its own address, so as a test of it would (RFC 6275,
     * 11.5.5). */
    if (prompting != NULL && ipv6_address_equal(&prompting->address, &neighbor->address)) {
        neighbor->solicitations++;
        neighbor_solicit(node, interface, &neighbor->address, &ipv6_unspecified, NULL, now);
        return;
    }
    const struct interface_address *source =
        nd_source_address(node, interface, prompting ? &prompting->address : NULL);
    if (source == NULL && detection_under_way(interface))
        return;
    neighbor->solicitations++;
    if (source != NULL)
        neighbor_solicit(node, interface, &neighbor->address, &source->address,
                         neighbor->state == NEIGHBOR_PROBE ? &neighbor->address : NULL, now);
}

/* For each packet that waited: Destination Unreachable, code 3, to whoever sent it (7.2.2). */
static void report_unreachable(struct node *node, struct interface *interface, struct packet *waiting,
                               time_ns now)
{
    for (struct packet *next; waiting != NULL; waiting = next) {
        next = waiting->next;
        waiting->next = NULL;
        struct ipv6_address source = ipv6_address_read(packet_octets(waiting) + IPV6_AT_SOURCE);
        if (address_table_find(node->addresses, &source, ADDRESS_TABLE_ANY_INTERFACE,
                               ADDRESS_ENTRY_UNICAST) == NULL)
            icmpv6_send_error(node, NULL, waiting, ICMPV6_DESTINATION_UNREACHABLE, UNREACHABLE_ADDRESS, 0,
                              false, now);
        node_discard(node, interface, waiting, DISCARD_ADDRESS_UNREACHABLE, now);
    }
}

/* Nobody answers: the entry goes, so that the next packet begins anew (7.3.3). */
static void give_up(struct node *node, struct neighbor *neighbor, time_ns now)
{
    struct interface *interface = interface_of(node, neighbor);
    struct ipv6_address address = neighbor->address;
    struct packet *waiting = neighbor_delete(node, neighbor);
    redirect_forget(node, interface, &address, false);
    default_router_failed(node, interface, &address, now);
    report_unreachable(node, interface, waiting, now);
}

static void timer_expired_neighbor(struct node *node, struct timer *timer, time_ns now)
{
    struct neighbor *neighbor = timer_owner(timer, struct neighbor, timer);
    if (neighbor->state == NEIGHBOR_DELAY) {
        set_state(node, neighbor, NEIGHBOR_PROBE, now);
        solicit(node, neighbor, now);
        return;
    }
    if (neighbor->solicitations >=
        (neighbor->state == NEIGHBOR_PROBE ? MAX_UNICAST_SOLICIT : MAX_MULTICAST_SOLICIT)) {
        give_up(node, neighbor, now);
        return;
    }
    node_arm(node, timer, time_add(now, retransmission(node, neighbor)));
    solicit(node, neighbor, now);
}

/* ---- sending ---- */

/* Behind those that wait already; the oldest makes room (7.2.2). */
static void hold(struct node *node, struct neighbor *neighbor, struct packet *packet, time_ns now)
{
    if (neighbor->waiting_count == RESOLUTION_QUEUE_MAX) {
        struct packet *oldest = neighbor->waiting;
        neighbor->waiting = oldest->next;
        neighbor->waiting_count--;
        oldest->next = NULL;
        node_discard(node, interface_of(node, neighbor), oldest, DISCARD_RESOLUTION_QUEUE, now);
    }
    struct packet **end = &neighbor->waiting;
    while (*end != NULL)
        end = &(*end)->next;
    packet->next = NULL;
    *end = packet;
    neighbor->waiting_count++;
}

/* RFC 4429, 3.2: a packet from an optimistic address to a neighbor whose link-layer address is not known
 * goes by a router whose is. False: there is none such. */
static bool send_by_router(struct node *node, struct interface *interface, struct packet *packet, time_ns now)
{
    const struct default_router *router = default_router_select(node, interface);
    struct neighbor *neighbor = router == NULL ? NULL : neighbor_lookup(interface, &router->address);
    if (neighbor == NULL || neighbor->state == NEIGHBOR_INCOMPLETE)
        return false;
    if (neighbor_state_at(neighbor, now) == NEIGHBOR_STALE)
        set_state(node, neighbor, NEIGHBOR_DELAY, now);
    ethernet_send(node, interface, packet, &neighbor->link_layer_address);
    return true;
}

static void resolve(struct node *node, struct interface *interface, struct neighbor *neighbor,
                    struct packet *packet, const struct ipv6_address *next_hop, time_ns now)
{
    if (is_optimistic(node, interface, packet) && send_by_router(node, interface, packet, now))
        return;
    bool fresh = neighbor == NULL;
    if (fresh)
        neighbor = neighbor_new(node, interface, next_hop, now);
    if (neighbor == NULL) {
        node_discard(node, interface, packet, DISCARD_RESOLUTION_QUEUE, now);
        return;
    }
    /* Queues are linked through the packet, so it must not be shared. */
    hold(node, neighbor, packet_writable(packet), now);
    if (!fresh)
        return;
    set_state(node, neighbor, NEIGHBOR_INCOMPLETE, now);
    solicit(node, neighbor, now);
}

void neighbor_send(struct node *node, struct interface *interface, struct packet *packet,
                   const struct ipv6_address *next_hop, time_ns now)
{
    if (!interface->up || interface->disabled) {
        node_discard(node, interface, packet,
                     interface->up ? DISCARD_DUPLICATE_ADDRESS : DISCARD_INTERFACE_DOWN, now);
        return;
    }
    if (ipv6_address_is_multicast(next_hop)) {
        struct ethernet_address group = ethernet_multicast_of(next_hop);
        ethernet_send(node, interface, packet, &group);
        return;
    }
    struct neighbor *neighbor = neighbor_lookup(interface, next_hop);
    if (neighbor == NULL || neighbor->state == NEIGHBOR_INCOMPLETE) {
        resolve(node, interface, neighbor, packet, next_hop, now);
        return;
    }
    if (neighbor_state_at(neighbor, now) == NEIGHBOR_STALE)
        set_state(node, neighbor, NEIGHBOR_DELAY, now);
    ethernet_send(node, interface, packet, &neighbor->link_layer_address);
}

void interface_send_to(struct node *node, struct interface *interface, struct packet *packet,
                       const struct ethernet_address *station, time_ns now)
{
    if (!interface->up || interface->disabled)
        node_discard(node, interface, packet,
                     interface->up ? DISCARD_DUPLICATE_ADDRESS : DISCARD_INTERFACE_DOWN, now);
    else if (interface->kind == INTERFACE_POINT_TO_POINT)
        node->environment->operations->transmit(node->environment, interface->index, packet);
    else
        ethernet_send(node, interface, packet, station);
}

/* ---- learning ---- */

struct neighbor *neighbor_learn(struct node *node, struct interface *interface,
                                const struct ipv6_address *address, const struct ethernet_address *station,
                                bool is_router, time_ns now)
{
    if (!interface_has_link_layer_address(interface) || ethernet_address_is_multicast(station))
        return neighbor_lookup(interface, address);
    struct neighbor *neighbor = neighbor_lookup(interface, address);
    bool fresh = neighbor == NULL;
    if (fresh)
        neighbor = neighbor_new(node, interface, address, now);
    if (neighbor == NULL)
        return NULL;
    if (is_router)
        neighbor->is_router = true;
    if (fresh || neighbor->state == NEIGHBOR_INCOMPLETE ||
        !ethernet_address_equal(&neighbor->link_layer_address, station)) {
        neighbor->link_layer_address = *station;
        resolved(node, neighbor, NEIGHBOR_STALE, now);
    }
    return neighbor;
}

void neighbor_confirm(struct node *node, struct interface *interface, const struct ipv6_address *address,
                      time_ns now)
{
    struct neighbor *neighbor = neighbor_lookup(interface, address);
    if (neighbor != NULL && neighbor->state != NEIGHBOR_INCOMPLETE)
        set_state(node, neighbor, NEIGHBOR_REACHABLE, now);
}

void neighbor_probe(struct node *node, struct interface *interface, const struct ipv6_address *address,
                    time_ns now)
{
    if (!interface_has_link_layer_address(interface))
        return;
    struct neighbor *neighbor = neighbor_lookup(interface, address);
    if (neighbor != NULL && (neighbor->state == NEIGHBOR_INCOMPLETE || neighbor->state == NEIGHBOR_PROBE))
        return; /* under way: solicitations are RetransTimer apart */
    enum neighbor_state state = neighbor == NULL ? NEIGHBOR_INCOMPLETE : NEIGHBOR_PROBE;
    if (neighbor == NULL)
        neighbor = neighbor_new(node, interface, address, now);
    if (neighbor == NULL)
        return;
    set_state(node, neighbor, state, now);
    solicit(node, neighbor, now);
}

/* 7.2.5, the flags of the advertisement against the state of the entry. */
void neighbor_advertised(struct node *node, struct interface *interface, const struct nd_message *message,
                         const struct ethernet_address *station, time_ns now)
{
    struct neighbor *neighbor = neighbor_lookup(interface, &message->target);
    if (neighbor == NULL)
        return;
    if (neighbor->state == NEIGHBOR_INCOMPLETE) {
        if (station == NULL)
            return;
        neighbor->link_layer_address = *station;
        neighbor->is_router = message->router;
        resolved(node, neighbor, message->solicited ? NEIGHBOR_REACHABLE : NEIGHBOR_STALE, now);
        return;
    }
    bool different = station != NULL && !ethernet_address_equal(&neighbor->link_layer_address, station);
    if (!message->override && different) {
        if (neighbor_state_at(neighbor, now) == NEIGHBOR_REACHABLE)
            set_state(node, neighbor, NEIGHBOR_STALE, now);
        return;
    }
    if (different)
        neighbor->link_layer_address = *station;
    if (message->solicited)
        set_state(node, neighbor, NEIGHBOR_REACHABLE, now);
    else if (different)
        set_state(node, neighbor, NEIGHBOR_STALE, now);
    bool ceased = neighbor->is_router && !message->router;
    neighbor->is_router = message->router;
    if (ceased) {
        default_router_forget(node, interface, &message->target);
        redirect_forget(node, interface, &message->target, true);
    }
}
