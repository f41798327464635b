/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * router_discovery.h - the host's part of router and prefix discovery (RFC 4861, 6.3; RFC 6275, 7 and
 * 11.5.1).
 */
#ifndef MIP6SIM_MODELS_IPV6_ROUTER_DISCOVERY_H
#define MIP6SIM_MODELS_IPV6_ROUTER_DISCOVERY_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/timer.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"

/* RFC 4861, 10 */
#define MAX_RTR_SOLICITATION_DELAY SECONDS(1)
#define RTR_SOLICITATION_INTERVAL  SECONDS(4)
#define MAX_RTR_SOLICITATIONS      3

#define ADVERTISED_PREFIXES_MAX 8 /* taken from one advertisement; the rest is ignored, and counted as read */

/* One Prefix Information option (RFC 4861, 4.6.2; RFC 6275, 7.2). Lifetimes in seconds, 0xffffffff: for
 * ever. */
struct advertised_prefix {
    struct ipv6_address prefix; /* with the R bit: the router's whole address */
    uint32_t valid_lifetime;
    uint32_t preferred_lifetime;
    uint8_t length;
    bool on_link;
    bool autonomous;
    bool router_address;
};

/* A Router Advertisement that passed the checks of 6.1.2. Lives during the call. */
struct received_router_advertisement {
    struct ipv6_address router; /* link-local source */
    bool has_link_layer_address;
    struct ethernet_address link_layer_address;
    uint8_t hop_limit;
    bool managed;             /* M and O bits */
    bool other;
    bool home_agent;          /* H bit (RFC 6275, 7.1) */
    uint16_t router_lifetime; /* seconds */
    uint32_t reachable_time_ms;
    uint32_t retransmission_ms;
    uint32_t mtu;                       /* 0: none */
    uint32_t advertisement_interval_ms; /* RFC 6275, 7.3; 0: none */
    bool has_home_agent_information;    /* 7.4 */
    uint16_t home_agent_preference;
    uint16_t home_agent_lifetime;
    unsigned prefix_count;
    struct advertised_prefix prefixes[ADVERTISED_PREFIXES_MAX];
};

struct default_router {
    struct default_router *next;
    struct ipv6_address address;
    struct interface *interface;
    time_ns expires;
    uint32_t advertisement_interval_ms; /* 0: unknown */
    bool unreachable;                   /* NUD gave up; used only if there is no other */
    struct timer timer;                 /* lifetime */
};

struct on_link_prefix {
    struct on_link_prefix *next;
    struct ipv6_address prefix;
    struct interface *interface;
    time_ns expires; /* TIME_NEVER: for ever */
    struct timer timer;
    uint8_t length;
};

/* RA received, checksum verified; validity checks of 6.1.2 are made here. Takes in->packet. */
void router_advertisement_receive(struct node *node, struct inbound *in, time_ns now);

/* Solicits routers: up to MAX_RTR_SOLICITATIONS, RTR_SOLICITATION_INTERVAL apart, until an advertisement
 * comes. The first at once, or after a random delay of up to MAX_RTR_SOLICITATION_DELAY if `delay`.
 * Restarts if under way. */
void router_solicit(struct node *node, struct interface *interface, bool delay, time_ns now);
void router_solicit_stop(struct node *node, struct interface *interface);

/* The default router to use now on the interface (NULL interface: any that is up and not on standby),
 * reachable ones first; NULL: none. */
struct default_router *default_router_select(const struct node *node, const struct interface *interface);
struct default_router *default_router_find(const struct interface *interface,
                                           const struct ipv6_address *router);
/* Is the address covered by an on-link prefix of this interface? */
bool prefix_is_on_link(const struct interface *interface, const struct ipv6_address *address);
int prefix_add(struct node *node, struct interface *interface, const struct ipv6_address *prefix,
               unsigned length, time_ns expires, time_ns now);

void router_discovery_link_changed(struct node *node, struct interface *interface, bool up, time_ns now);
void router_discovery_flush(struct node *node, struct interface *interface);

#endif
