/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent.h - the home agent (RFC 6275, 10): registrations, interception on the home link, tunnels.
 *
 * It may be the home link's router, or a host beside it. Bindings live in the node's Binding Cache with
 * `home` set.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_HOME_AGENT_H
#define MIP6SIM_MODELS_MOBILITY_HOME_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/router_advertisement.h"
#include "models/mobility/binding_cache.h"
#include "models/mobility/home_agents_list.h"
#include "models/mobility/home_prefix_list.h"
#include "models/mobility/message.h"

/* What the operator decides; shared, constant. */
struct home_agent_configuration {
    uint16_t lifetime_limit;  /* longest binding granted, units of 4 s; 0: none */
    uint32_t binding_limit;   /* registrations at one time; 0: none */
    uint16_t refresh_advice;  /* Binding Refresh Advice in acknowledgements, units of 4 s; 0: none */
    bool duplicate_detection; /* test the home address at the first registration (10.3.1); false is unsafe */
    bool anyone;              /* serve any home address in the prefix; false: only those added */
    bool prefix_advertisements; /* tell mobile nodes that are away about the home link's prefixes (10.6) */
    uint16_t preference; /* as a home agent, in its own replies (10.5.1); Router Advertisements tell it too */
    time_ns prefix_interval_least; /* MinMobPfxAdvInterval */
    time_ns prefix_interval_most;  /* MaxMobPfxAdvInterval */
};
extern const struct home_agent_configuration home_agent_configuration_default;

struct home_agent_clients; /* a set of addresses, home_agent.c's */

struct home_agent {
    const struct home_agent_configuration *configuration;
    struct interface *home_interface; /* on the home link */
    struct ipv6_address address;      /* the home agent's own global address */
    struct ipv6_address home_prefix;  /* the first; all are in `prefixes` */
    uint8_t home_prefix_length;
    uint32_t registrations; /* bindings, and those whose home address is being tested */
    struct home_agent_clients
        *clients; /* home addresses it serves, unless configuration->anyone; NULL: none */
    struct home_agents_list home_agents; /* the others on the home link (10.1) */
    struct home_prefix_list prefixes;    /* of the home link (10.6.1) */
};

/*
 * What a home registration has beyond a correspondent's. Its binding is marked `deleted` (no packet goes by
 * it) while duplicate detection is under way, and after deregistration, until MAX_DELETE_BCE_TIMEOUT has
 * passed (10.3.2).
 */
struct home_registration {
    struct binding *binding;
    struct home_registration_tests *tests; /* duplicate detection under way; else NULL */
    struct ipv6_address reply_from;        /* where the last Binding Update was sent to */
    struct ipv6_address reply_to;          /* and where it came from */
    uint16_t requested_lifetime;           /* in it, units of 4 s */
    bool reply_direct;   /* it had no Home Address option: no routing header in the answer */
    bool pending;        /* duplicate detection under way: not yet bound, nothing intercepted */
    bool link_local;     /* L bit: the link-local address is protected too */
    bool key_management; /* K bit as asked for */
    struct prefix_delivery *delivery; /* Mobile Prefix Advertisements to it; NULL: none */
};

/*
 * The prefixes that the home agent stands for, each with its own address there (router_address), in place
 * of those it stood for before; at first it is the one that it was made with, for ever. Mobile nodes that
 * are away are told of changes, and bindings end with the prefixes of their home addresses (10.3.1, 10.6).
 * ERROR_MEMORY, ERROR_ARGUMENT (no home agent).
 */
int home_agent_set_prefixes(struct node *node, const struct router_prefix *prefixes, unsigned count,
                            time_ns now);

/* Adds a client; one is served under every prefix of the home link, with the same interface identifier.
 * ERROR_ARGUMENT (no home agent, or not an address of the home link), ERROR_EXISTS, ERROR_MEMORY. */
int home_agent_serve(struct node *node, const struct ipv6_address *home_address);

/*
 * A Binding Update with the H bit, form checked. Takes in->packet. At a node that is no home agent, refuses
 * it with status 131 (133: deregistration).
 */
void home_agent_binding_update(struct node *node, struct inbound *in, const struct mobility_message *message,
                               time_ns now);

/* A valid Router Advertisement, any interface (10.5.1, 10.6.1). */
void home_agent_router_advertisement(struct node *node, const struct interface *interface,
                                     const struct received_router_advertisement *advertisement, time_ns now);

/* The rest of making a home agent: prefix, anycast address. For mobility_add_home_agent. ERROR_MEMORY. */
int home_agent_begin(struct node *node, time_ns now);

/* Hooks (models/ipv6/node.h). Each is harmless at a node that is no home agent. */

/*
 * Takes a packet that goes to a mobile node's home address while that is away and tunnels it; the hop limit
 * has been decremented. What goes to its link-local address is refused (10.4.2). A home agent that is no
 * router forwards here what its mobile nodes have sent through the tunnel.
 */
bool home_agent_intercept(struct node *node, struct interface *interface, struct packet *packet,
                          bool via_tunnel, time_ns now);
/* The inner packet comes from a registered home address, the outer from its care-of address (10.4.5). */
bool home_agent_accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason,
                                 time_ns now);
/*
 * The route hook. A packet of the home agent's own to a registered home address goes with a type 2 routing
 * header (10.4.2, 9.3.2); a Home Test, which must take the mobile node's secured path (5.2.5), through the
 * tunnel.
 */
void home_agent_route(struct node *node, struct outbound *out, time_ns now);

/* The home agent has been without power: its registrations, which are in memory alone, are gone. Nobody is
 * told. */
void home_agent_lose_bindings(struct node *node, time_ns now);

/* Releases what the home agent holds beside its struct: home registrations, probes, clients. Reports nothing.
 */
void home_agent_free(struct node *node);

#endif
