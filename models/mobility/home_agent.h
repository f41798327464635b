/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent.h - the home agent (RFC 6275, 10): registrations, interception on the home link, tunnels.
 *
 * It may be the home link's router, or a host beside it. Bindings live in the node's Binding Cache with `home` set.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_HOME_AGENT_H
#define MIP6SIM_MODELS_MOBILITY_HOME_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/mobility/binding_cache.h"
#include "models/mobility/message.h"

/* What the operator decides; shared, constant. */
struct home_agent_configuration {
    uint16_t lifetime_limit;          /* longest binding granted, units of 4 s */
    uint32_t binding_limit;           /* 0: none */
    uint16_t refresh_advice;          /* Binding Refresh Advice in acknowledgements, units of 4 s; 0: none */
    bool duplicate_detection;         /* test the home address at the first registration (10.3.1); false is unsafe */
    bool anyone;                      /* serve any home address in the prefix; false: only those added */
};
extern const struct home_agent_configuration home_agent_configuration_default;

struct home_agent {
    const struct home_agent_configuration *configuration;
    struct interface *home_interface;     /* on the home link */
    struct ipv6_address address;          /* the home agent's own global address */
    struct ipv6_address home_prefix;
    uint8_t home_prefix_length;
    struct home_agent_client *clients;    /* home addresses it serves, unless configuration->anyone; hashed inside home_agent.c */
};

/* What a home registration has beyond a correspondent's: duplicate detection in progress, the Binding Update that waits for it. */
struct home_registration {
    struct binding *binding;
    struct duplicate_probe probe;
    bool pending;                         /* duplicate detection under way: not yet bound, nothing intercepted */
    bool link_local;                      /* L bit: the link-local address is protected too */
    bool key_management;                  /* K bit */
    struct ipv6_address reply_to;         /* source of the Binding Update that waits */
    uint16_t requested_lifetime;
    uint16_t waiting_sequence;
};

int home_agent_serve(struct node *node, const struct ipv6_address *home_address); /* add a client */

/* A Binding Update with the H bit, form checked. Takes in->packet. */
void home_agent_binding_update(struct node *node, struct inbound *in, const struct mobility_message *message, time_ns now);
/* Hooks (models/ipv6/node.h). */
bool home_agent_intercept(struct node *node, struct interface *interface, struct packet *packet, bool via_tunnel, time_ns now);
bool home_agent_accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason, time_ns now);
/* A packet of the home agent's own to a registered mobile node goes into the tunnel, or with a type 2 routing header (a Binding
 * Acknowledgement, ...): the route hook. */
void home_agent_route(struct node *node, struct outbound *out, time_ns now);
void home_agent_free(struct node *node);  /* releases home registrations, cancels probes */

#endif
