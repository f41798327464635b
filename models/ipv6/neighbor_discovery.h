/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbor_discovery.h - address resolution, Neighbor Unreachability Detection, proxied addresses (RFC 4861,
 * 7; RFC 4429; RFC 6275, 10.4.1), and the way out of an interface.
 */
#ifndef MIP6SIM_MODELS_IPV6_NEIGHBOR_DISCOVERY_H
#define MIP6SIM_MODELS_IPV6_NEIGHBOR_DISCOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/timer.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"

/* RFC 4861, 10 */
#define MAX_MULTICAST_SOLICIT      3
#define MAX_UNICAST_SOLICIT        3
#define MAX_NEIGHBOR_ADVERTISEMENT 3
#define REACHABLE_TIME_MS          30000
#define RETRANS_TIMER_MS           1000
#define DELAY_FIRST_PROBE_TIME     SECONDS(5)
#define RESOLUTION_QUEUE_MAX       3 /* packets held per neighbor while its address is resolved (7.2.2) */
#define NEIGHBORS_MAX              65536 /* per interface; beyond it a stale or unresolved entry gives way */

enum neighbor_state {
    NEIGHBOR_INCOMPLETE,
    NEIGHBOR_REACHABLE,
    NEIGHBOR_STALE,
    NEIGHBOR_DELAY,
    NEIGHBOR_PROBE
};

struct neighbor {
    struct neighbor *next; /* in the bucket */
    struct ipv6_address address;
    struct timer timer;
    union {
        struct packet *waiting;  /* INCOMPLETE: oldest first, linked by packet->next */
        time_ns reachable_until; /* REACHABLE: from then on it counts as STALE; no timer runs (7.3.3) */
    };
    struct ethernet_address link_layer_address;
    uint16_t interface; /* index */
    uint8_t state; /* enum neighbor_state */
    uint8_t solicitations;
    uint8_t waiting_count;
    bool is_router;
};

/* The buckets of the cache, and how many there are. */
static inline struct neighbor *const *neighbor_cache_buckets(const struct neighbor_cache *cache)
{
    return cache->bucket_count ? cache->buckets : &cache->only;
}

static inline uint32_t neighbor_cache_size(const struct neighbor_cache *cache)
{
    return cache->bucket_count ? cache->bucket_count : 1;
}

/* The Ethernet part of interface_send. */
void neighbor_send(struct node *node, struct interface *interface, struct packet *packet,
                   const struct ipv6_address *next_hop, time_ns now);

/*
 * Sends a complete IPv6 packet to a neighbor: frames it, resolving the neighbor's link-layer address first if
 * need be (multicast maps directly, RFC 2464, 7). A point-to-point link takes it at once. Takes the packet.
 * now comes with it.
 */
static inline void interface_send(struct node *node, struct interface *interface, struct packet *packet,
                                  const struct ipv6_address *next_hop, time_ns now)
{
    if (interface->kind == INTERFACE_POINT_TO_POINT && interface->up)
        node->environment->operations->transmit(node->environment, interface->index, packet);
    else
        neighbor_send(node, interface, packet, next_hop, now);
}

/* The same to a known station, without resolution. */
void interface_send_to(struct node *node, struct interface *interface, struct packet *packet,
                       const struct ethernet_address *station, time_ns now);

/* The state now: a REACHABLE entry whose time is over is STALE. */
enum neighbor_state neighbor_state_at(const struct neighbor *neighbor, time_ns now);

/* An NS, NA or Redirect, checksum verified; validity checks of 7.1 are made here. Takes in->packet. */
void neighbor_discovery_receive(struct node *node, struct inbound *in, uint8_t type, time_ns now);

struct neighbor *neighbor_lookup(const struct interface *interface,
                                 const struct ipv6_address *address);
/* The link-local address of the router that is at this station; NULL: it has not advertised itself. Looks
 * through the whole cache. */
const struct neighbor *neighbor_find_router(const struct interface *interface,
                                            const struct ethernet_address *station); /* NULL: none */
/* Learns a link-layer address from a solicitation's or advertisement's source option (state STALE if new,
 * 7.2.3). */
struct neighbor *neighbor_learn(struct node *node, struct interface *interface,
                                const struct ipv6_address *address, const struct ethernet_address *station,
                                bool is_router, time_ns now);
/* Forward progress is known from elsewhere (an upper layer), REACHABLE (7.3.1). */
void neighbor_confirm(struct node *node, struct interface *interface, const struct ipv6_address *address,
                      time_ns now);
/* Probes reachability now: a unicast solicitation without waiting (RFC 6275, 11.5.1); the
 * router_unreachable hook tells of failure. */
void neighbor_probe(struct node *node, struct interface *interface, const struct ipv6_address *address,
                    time_ns now);
/* The station that was known for the address is not its station any more; one that is being asked for stays
 * asked for. */
void neighbor_forget(struct node *node, struct interface *interface, const struct ipv6_address *address);
/* All entries, and what Redirects have told; packets held are released, and counted as discarded. */
void neighbors_flush(struct node *node, struct interface *interface);

/*
 * Unsolicited Neighbor Advertisement to all nodes, `transmits` times RetransTimer apart, the first now
 * (7.2.6; RFC 6275, 10.4.1 and 11.5.5), with the interface's own link-layer address. override: O bit. R bit:
 * set for a router's own address, clear for an address it is proxy for. Repetitions end when the address is
 * no longer the node's own or proxied.
 */
void neighbor_advertise(struct node *node, struct interface *interface, const struct ipv6_address *target,
                        bool override, unsigned transmits, time_ns now);

/* One Neighbor Solicitation. source unspecified: duplicate detection probe; destination NULL: the
 * solicited-node group. */
void neighbor_solicit(struct node *node, struct interface *interface, const struct ipv6_address *target,
                      const struct ipv6_address *source, const struct ipv6_address *destination, time_ns now);

/*
 * Proxy (RFC 6275, 10.4.1): the node answers solicitations for `address` with its own link-layer address,
 * override clear and router clear in answers (RFC 4861, 7.2.8), and joins the address's solicited-node group.
 * Packets that arrive go to the intercept hook. Constant time, however many addresses (address_table.h).
 */
int proxy_add(struct node *node, struct interface *interface,
              const struct ipv6_address *address); /* ERROR_EXISTS, ERROR_MEMORY */
int proxy_remove(struct node *node, struct interface *interface, const struct ipv6_address *address);
bool proxy_serves(const struct node *node, const struct interface *interface,
                  const struct ipv6_address *address);

/*
 * An anycast address (RFC 4291, 2.6; RFC 4861, 7.2.7), counted: packets to it are the node's, and it answers
 * solicitations for it on the interface, override clear, so that whoever answers first is kept. ERROR_MEMORY.
 */
int anycast_add(struct node *node, struct interface *interface, const struct ipv6_address *address);
void anycast_remove(struct node *node, struct interface *interface, const struct ipv6_address *address);

/*
 * Group membership, counted: the first join listens on the group's Ethernet address. The groups of all
 * nodes, of all routers and of solicited nodes are not joined on a point-to-point link: a node is in those
 * that follow from what it is and from its addresses there.
 */
int group_join(struct node *node, struct interface *interface, const struct ipv6_address *group);
void group_leave(struct node *node, struct interface *interface, const struct ipv6_address *group);
bool group_is_joined(const struct node *node, const struct interface *interface,
                     const struct ipv6_address *group);

#endif
