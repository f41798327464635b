/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobile_node.h - the mobile node (RFC 6275, 11): movement, the Binding Update List, registrations, packets sent and received
 * away from home.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_MOBILE_NODE_H
#define MIP6SIM_MODELS_MOBILITY_MOBILE_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/timer.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"
#include "models/mobility/authorization.h"
#include "models/mobility/message.h"

/* RFC 6275, 12 */
#define INITIAL_BINDACK_TIMEOUT SECONDS(1)
#define MAX_BINDACK_TIMEOUT SECONDS(32)
#define MAX_DELETE_BCE_TIMEOUT SECONDS(10)
#define MAX_RO_FAILURE 3
#define MAX_UPDATE_RATE 3
#define MAX_RR_BINDING_LIFETIME 420 /* seconds */

/* When correspondents are told (11.7.2). */
enum correspondent_order {
    ORDER_AFTER_HOME_ACKNOWLEDGEMENT, /* everything, tests included, waits for the home agent's acknowledgement */
    ORDER_PARALLEL_TESTS,             /* tests start when the home Binding Update is sent; the update waits for the acknowledgement */
    ORDER_AT_ONCE,                    /* the update waits for nothing of the home agent's: a labelled extension, not RFC 6275 */
};

enum correspondent_trigger {
    TRIGGER_ALWAYS,     /* keep a binding at this peer whenever away */
    TRIGGER_TRAFFIC,    /* when a packet of the peer's has come through the tunnel (11.7.2) */
    TRIGGER_NEVER,      /* no route optimization with this peer */
};

/* How to deal with one correspondent; shared, constant. The default entry serves those that have none of their own. */
struct correspondent_policy {
    const struct authorization_method *method;
    const struct static_key *static_key;     /* for authorization_static_key */
    enum correspondent_order order;
    enum correspondent_trigger trigger;
    uint16_t lifetime;                       /* asked for, units of 4 s; the method's limit and the home registration's rest also apply */
    bool acknowledge;                        /* A bit in updates to it */
    bool reuse_tokens;                       /* while fresh (5.2.7) */
};

struct mobile_node_configuration {
    uint16_t home_lifetime;                  /* asked of the home agent, units of 4 s */
    time_ns first_registration_timeout;      /* InitialBindackTimeoutFirstReg, 1.5 s (13) */
    bool lazy;                               /* lazy cell switching: stay with the old router while it may still be there */
    bool link_local_compatibility;           /* L bit */
    struct correspondent_policy default_policy;
};
extern const struct mobile_node_configuration mobile_node_configuration_default;

enum mobile_node_state {
    MOBILE_NODE_UNATTACHED,    /* no link, or none whose prefix is known */
    MOBILE_NODE_AT_HOME,
    MOBILE_NODE_CONFIGURING,   /* away, care-of address not yet usable */
    MOBILE_NODE_REGISTERING,   /* home Binding Update sent, not yet acknowledged */
    MOBILE_NODE_REGISTERED,
    MOBILE_NODE_RETURNING,     /* home link detected, deregistration not yet acknowledged */
};

enum binding_update_state {
    UPDATE_IDLE,               /* no binding at the peer and none under way */
    UPDATE_AUTHORIZING,        /* the method gathers what it needs (tests) */
    UPDATE_WAITING,            /* authorized; waits for the home agent's acknowledgement */
    UPDATE_SENT,               /* Binding Update sent, acknowledgement awaited */
    UPDATE_BOUND,
    UPDATE_FAILED,             /* given up; tunnel until the retry timer */
};

/* Return routability's memory in one entry (return_routability.c keeps it). Allocated when the method needs it. */
struct test_state;

/* One item of the Binding Update List (11.1). */
struct binding_update_entry {
    struct binding_update_entry *next;       /* the home agent's first */
    struct binding_update_entry *next_hashed;/* by peer, when there are many */
    struct ipv6_address peer;
    struct ipv6_address care_of_address;     /* in the last Binding Update sent, or being registered; the home address: deletion */
    struct ipv6_address bound_address;       /* the care-of address the peer has acknowledged; unspecified: none. Packets use this. */
    struct timer timer;                      /* retransmission, then refresh before expiry */
    time_ns expires;                         /* of the binding at the peer */
    time_ns retransmission;                  /* current back-off */
    time_ns rate_window;                     /* MAX_UPDATE_RATE: start of the second being counted */
    const struct correspondent_policy *policy; /* NULL: the home agent */
    struct test_state *tests;
    uint16_t sequence;                       /* last sent */
    uint16_t lifetime;                       /* last asked for */
    uint8_t state;                           /* enum binding_update_state */
    uint8_t sent_in_window;
    uint8_t failures;
    bool home_registration;
    bool deletion;                           /* the update under way deletes */
    bool acknowledged_once;                  /* the peer has had a binding of ours */
    bool unsupported;                        /* the peer told that it does not know the Mobility Header (11.3.5, 11.3.6) */
};

struct mobile_node {
    const struct mobile_node_configuration *configuration;
    struct interface *interface;             /* the one that moves */
    struct ipv6_address home_address;
    struct ipv6_address home_agent;
    struct ipv6_address care_of_address;     /* primary; unspecified at home */
    struct binding_update_entry *entries;    /* Binding Update List; the home agent's entry first, once away */
    struct binding_update_entry **hashed;    /* by peer address, power of two; NULL while few */
    struct correspondent_policy_entry *policies; /* per-peer, shared list; see mobile_node_set_policy */
    struct timer timer;                      /* movement: advertisements missed, probing the old router */
    uint32_t hash_size;
    uint32_t entry_count;
    uint8_t home_prefix_length;
    uint8_t state;                           /* enum mobile_node_state */
    bool started;
};

/*
 * How to deal with this correspondent. policy is borrowed. With TRIGGER_ALWAYS the registration starts when the node is away.
 * ERROR_MEMORY, ERROR_EXISTS.
 */
int mobile_node_set_policy(struct node *node, const struct ipv6_address *correspondent, const struct correspondent_policy *policy);

/* Messages, form and checksum checked. Each takes in->packet. */
void mobile_node_test(struct node *node, struct inbound *in, const struct mobility_message *message, time_ns now); /* HoT, CoT: to the method */
void mobile_node_binding_acknowledgement(struct node *node, struct inbound *in, const struct mobility_message *message,
                                         const uint8_t *octets, size_t length, time_ns now);
void mobile_node_binding_refresh_request(struct node *node, struct inbound *in, time_ns now);
void mobile_node_binding_error(struct node *node, struct inbound *in, const struct mobility_message *message, time_ns now);

/* Hooks (models/ipv6/node.h). */
bool mobile_node_accept_type_2_routing(struct node *node, const struct ipv6_address *home_address);
bool mobile_node_accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason, time_ns now);
void mobile_node_delivered(struct node *node, const struct inbound *in, time_ns now);
int mobile_node_route(struct node *node, struct outbound *out, time_ns now);
bool mobile_node_choose_source(struct node *node, const struct ipv6_address *destination, struct ipv6_address *source, time_ns now);
void mobile_node_icmp_error(struct node *node, uint8_t type, uint8_t code, const uint8_t *original, size_t length, time_ns now);
void mobile_node_link_changed(struct node *node, struct interface *interface, bool up, time_ns now);
bool mobile_node_router_advertisement(struct node *node, struct interface *interface,
                                      const struct received_router_advertisement *advertisement, time_ns now);
void mobile_node_router_advertisement_processed(struct node *node, struct interface *interface,
                                                const struct received_router_advertisement *advertisement, time_ns now);
void mobile_node_address_changed(struct node *node, struct interface_address *address, bool removed, time_ns now);
void mobile_node_router_unreachable(struct node *node, struct interface *interface, const struct ipv6_address *router, time_ns now);

/* For the authorization methods. */
void mobile_node_authorization_ready(struct node *node, struct binding_update_entry *entry, time_ns now);
void mobile_node_authorization_failed(struct node *node, struct binding_update_entry *entry, time_ns now);
/* Counts a message of this type towards MAX_UPDATE_RATE; false: not now, and *when tells the earliest instant. */
bool mobile_node_may_send(struct node *node, struct binding_update_entry *entry, time_ns *when, time_ns now);
struct binding_update_entry *mobile_node_find_entry(const struct node *node, const struct ipv6_address *peer);

/* The Test Init and Test messages of an entry (return_routability.c): a HoT or CoT has passed the general checks. Takes nothing. */
enum discard_reason return_routability_test_received(struct node *node, struct binding_update_entry *entry,
                                                     const struct mobility_message *message, time_ns now);

void mobile_node_free(struct node *node);

#endif
