/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * correspondent_node.h - the correspondent node (RFC 6275, 9): tests answered without state, Binding Updates
 * verified, packets sent with a type 2 routing header.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_CORRESPONDENT_NODE_H
#define MIP6SIM_MODELS_MOBILITY_CORRESPONDENT_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/ipv6/ipv6.h"
#include "models/mobility/authorization.h"
#include "models/mobility/binding_cache.h"
#include "models/mobility/message.h"
#include "models/mobility/nonce.h"
#include "models/mobility/pending_tests.h"

/* What the operator decides; shared, constant. */
struct correspondent_node_configuration {
    bool return_routability;        /* false: answers no tests, accepts only static keys */
    bool route_optimization;        /* false: no Mobility Header support at all, a plain node */
    uint32_t binding_limit;         /* entries, those kept after deletion included (5.2.8); 0: no limit */
    uint16_t lifetime_limit;        /* units of 4 s, the operator's own cap on top of the method's; 0: none */
    time_ns nonce_interval;         /* 30 s: MAX_NONCE_LIFETIME / 8 (5.2.7) */
    time_ns binding_error_interval; /* least time between two Binding Errors, whoever they go to (9.3.3) */
    bool binding_refresh_requests;  /* ask for refreshment of bindings in active use (9.5.5) */
};
extern const struct correspondent_node_configuration correspondent_node_configuration_default;

/* What a node has to remember once a mobile node has turned to it, or a key has been configured for one. */
struct correspondent_memory {
    struct nonce_table nonces;
    struct static_key_table *static_keys; /* by home address; NULL: none. static_key.c's. */
    time_ns binding_error_allowed;        /* the next one not before */
    struct pending_tests pending_tests; /* empty, but where STATEFUL_TESTS has been asked for (unsafe.h) */
};

struct correspondent_node {
    const struct correspondent_node_configuration *configuration;
    time_ns started; /* nonces are counted from then on */
    struct correspondent_memory *memory; /* NULL: nothing yet, as with most mobile nodes */
};

/* The node's, made if need be; NULL: there is no memory for it. */
struct correspondent_memory *correspondent_node_memory(struct node *node);
void correspondent_node_free(struct correspondent_node *correspondent);

/* The nonce of this index; NULL: as of nonce_find. */
const struct nonce *correspondent_node_nonce(const struct node *node, uint16_t index, time_ns now);
/* NULL: the home address has no key. */
struct static_key_entry *correspondent_node_static_key_entry(const struct node *node,
                                                             const struct ipv6_address *home_address);
uint32_t correspondent_node_pending_tests(const struct node *node);

/* Static key for Binding Updates of this home address (RFC 4449): from now on no other method is accepted for
 * it. key is borrowed. Reads the last sequence number from stable storage. ERROR_EXISTS, ERROR_MEMORY,
 * ERROR_ARGUMENT (Kcn shorter than 20 octets, or the same Kcn as another node's, RFC 4449, 4). */
int correspondent_node_add_static_key(struct node *node, const struct ipv6_address *home_address,
                                      const struct static_key *key);
/*
 * A new key in place of the one for this home address, from now on (RFC 4449, 4: when sequence numbers are
 * used up, or whenever the parties like). Updates under the old key are discarded; the binding in force stays
 * until it ends or an update under the new key comes, whose sequence number may be any. key is borrowed. As
 * above, but ERROR_NOT_FOUND: there is none to replace; ERROR_EXISTS: it is the one in use.
 */
int correspondent_node_replace_static_key(struct node *node, const struct ipv6_address *home_address,
                                          const struct static_key *key);
/* The key configured for the home address; NULL. */
const struct static_key *correspondent_node_static_key(const struct node *node,
                                                       const struct ipv6_address *home_address);

/* Messages, form already checked (message.h), checksum verified; Binding Updates without the H bit. Each
 * takes in->packet. */
void correspondent_node_test_init(struct node *node, struct inbound *in,
                                  const struct mobility_message *message, time_ns now);
void correspondent_node_binding_update(struct node *node, struct inbound *in,
                                       const struct mobility_message *message, time_ns now);

/* Route hook: if there is a binding for out->destination, send with a type 2 routing header (9.3.2). Neighbor
 * Discovery and Mobility Header messages must not come here (6.1, 9.3.2). */
void correspondent_node_route(struct node *node, struct outbound *out, time_ns now);
/* Binding Error about the packet in `in`, to the address in its IPv6 header, if the rate limit allows
 * (9.3.3). Borrows in. */
void correspondent_node_binding_error(struct node *node, const struct inbound *in,
                                      enum binding_error_status status, time_ns now);
/* 9.3.1, Binding Error when there is no matching binding. */
bool correspondent_node_accept_home_address(struct node *node, struct inbound *in, time_ns now);
/* 9.3.4: persistent Destination Unreachable about packets sent by a binding delete it. original: as the IPv6
 * layer gives it. */
void correspondent_node_icmp_error(struct node *node, uint8_t type, uint8_t code, const uint8_t *original,
                                   size_t length, time_ns now);

#endif
