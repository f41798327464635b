/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobility.h - what RFC 6275 adds to an IPv6 node: any of the three roles, and the dispatch between them.
 *
 * A node that understands the Mobility Header has a `struct mobility` and the extension table
 * `mobility_extension`. Correspondent node support is there whenever mobility is (8.2); home agent and mobile
 * node are added as wanted.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_MOBILITY_H
#define MIP6SIM_MODELS_MOBILITY_MOBILITY_H

#include <stdint.h>

#include "models/ipv6/node.h"
#include "models/mobility/binding_cache.h"
#include "models/mobility/correspondent_node.h"
#include "models/mobility/home_agent.h"
#include "models/mobility/mobile_node.h"

struct mobility {
    struct binding_cache bindings; /* as correspondent node and as home agent */
    struct correspondent_node correspondent;
    struct home_agent *home_agent;   /* NULL: not one */
    struct mobile_node *mobile_node; /* NULL: not one; behind this, in the same block of memory */
};

extern const struct node_extension mobility_extension;

/*
 * Roles are given after node_init and the interfaces' configuration, before the first link goes up.
 * Configurations are borrowed. 0, ERROR_MEMORY, ERROR_ARGUMENT, ERROR_EXISTS.
 */
int mobility_enable(struct node *node, const struct correspondent_node_configuration *configuration,
                    time_ns now);
int mobility_add_home_agent(struct node *node, const struct home_agent_configuration *configuration,
                            unsigned home_interface, const struct ipv6_address *address,
                            const struct ipv6_address *home_prefix, unsigned prefix_length, time_ns now);
/* Adds the home address to the interface's addresses too (origin ADDRESS_HOME). node->mobility moves.
 * home_agent may be unspecified if the configuration lets the node discover it (RFC 6275, 11.4.1). */
int mobility_add_mobile_node(struct node *node, const struct mobile_node_configuration *configuration,
                             unsigned interface, const struct ipv6_address *home_address,
                             unsigned home_prefix_length, const struct ipv6_address *home_agent, time_ns now);
/* One more home address, of the same home link or another, with the same home agent or another: as above. The
 * first remains the source of what the application gives none (RFC 6275, 11.3.1). ERROR_CAPACITY. */
int mobility_add_home_address(struct node *node, const struct ipv6_address *home_address,
                              unsigned home_prefix_length, const struct ipv6_address *home_agent,
                              time_ns now);
/* The operator has other wishes, from now on: these take the place of what the roles were given with; NULL:
 * that stays. The interval of nonces is the same. */
void mobility_reconfigure(struct node *node, const struct correspondent_node_configuration *correspondent,
                          const struct home_agent_configuration *home_agent,
                          const struct mobile_node_configuration *mobile_node);
void mobility_free(struct node *node);

/* A Mobility Header at in->offset, checksum not yet verified (9.2): checks, dispatch by type. Takes
 * in->packet. */
void mobility_receive(struct node *node, struct inbound *in, time_ns now);

/*
 * Sends a mobility message. out's addresses and mobility fields are set by the caller, `routed` included. kbm
 * not NULL: computes the authenticator over care_of_address and correspondent (RFC 6275, 5.2.6). Reports
 * EVENT_MESSAGE_SENT.
 */
int mobility_send(struct node *node, struct outbound *out, struct mobility_message *message,
                  const uint8_t *kbm, const struct ipv6_address *care_of_address,
                  const struct ipv6_address *correspondent, time_ns now);

/* Reports what became of a binding: EVENT_BINDING_CREATED, _UPDATED, _DELETED or _EXPIRED. */
void mobility_report_binding(struct node *node, enum protocol_event_kind kind, const struct binding *binding,
                             time_ns now);

/* Reports a mobility message as received or discarded (reason not NONE), releases in->packet. */
void mobility_message_done(struct node *node, struct inbound *in, const struct mobility_message *message,
                           enum discard_reason reason, time_ns now);

/* Sends a Binding Error (9.3.3). Rate limited by the caller. */
void mobility_send_binding_error(struct node *node, const struct ipv6_address *source,
                                 const struct ipv6_address *destination,
                                 const struct ipv6_address *home_address, enum binding_error_status status,
                                 time_ns now);

/* A received update's or acknowledgement's authenticator verifies under kbm. octets: the Mobility Header. */
bool mobility_authenticator_verifies(const struct mobility_message *message, const uint8_t *octets,
                                     const uint8_t kbm[KBM_LENGTH],
                                     const struct ipv6_address *care_of_address,
                                     const struct ipv6_address *correspondent);

#endif
