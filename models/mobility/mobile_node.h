/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobile_node.h - the mobile node (RFC 6275, 11): movement, the Binding Update List, registrations, packets
 * sent and received away from home.
 *
 * A mobile node has one primary care-of address and may have several home addresses, each with a home link, a
 * home agent and a Binding Update List of its own (struct mobile_home). What the link is like and which
 * address it gives is the node's; whether it is home, and who knows about it, is each home address's.
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
#define MAX_BINDACK_TIMEOUT     SECONDS(32)
#define MAX_DELETE_BCE_TIMEOUT  SECONDS(10)
#define MAX_RO_FAILURE          3
#define MAX_UPDATE_RATE         3
#define MAX_RR_BINDING_LIFETIME 420 /* seconds */

/* When correspondents are told (11.7.2). */
enum correspondent_order {
    /* everything, tests included, waits for the home agent's acknowledgement */
    ORDER_AFTER_HOME_ACKNOWLEDGEMENT,
    /* tests start when the home Binding Update is sent; the update waits for the acknowledgement */
    ORDER_PARALLEL_TESTS,
    ORDER_AT_ONCE, /* the update waits for nothing of the home agent's: a labelled extension, not RFC 6275 */
};

enum correspondent_trigger {
    TRIGGER_ALWAYS,  /* keep a binding at this peer whenever away */
    TRIGGER_TRAFFIC, /* when a packet of the peer's has come through the tunnel (11.7.2) */
    TRIGGER_NEVER,   /* no route optimization with this peer */
};

/* How to deal with one correspondent; shared, constant. The default entry serves those that have none of
 * their own. */
struct correspondent_policy {
    const struct authorization_method *method;
    const struct static_key *static_key; /* for authorization_static_key */
    enum correspondent_order order;
    enum correspondent_trigger trigger;
    /* asked for, units of 4 s; the method's limit and the home registration's rest also apply */
    uint16_t lifetime;
    bool acknowledge;  /* A bit in updates to it */
    bool reuse_tokens; /* while fresh (5.2.7) */
};

struct mobile_node_configuration {
    uint16_t home_lifetime;             /* asked of the home agent, units of 4 s */
    time_ns first_registration_timeout; /* InitialBindackTimeoutFirstReg, 1.5 s (13) */
    bool lazy; /* lazy cell switching: stay with the old router while it may still be there */
    bool link_local_compatibility; /* L bit */
    bool discover_home_agents;     /* by asking (11.4.1), when none is known, answers, or accepts */
    struct correspondent_policy default_policy;
};
extern const struct mobile_node_configuration mobile_node_configuration_default;

enum mobile_node_state {
    MOBILE_NODE_UNATTACHED, /* no link, or none whose prefix is known */
    MOBILE_NODE_AT_HOME,
    MOBILE_NODE_CONFIGURING, /* away, care-of address not yet usable */
    MOBILE_NODE_REGISTERING, /* home Binding Update sent, not yet acknowledged */
    MOBILE_NODE_REGISTERED,
    MOBILE_NODE_RETURNING, /* home link detected, deregistration not yet acknowledged */
};

enum binding_update_state {
    UPDATE_IDLE, /* nothing under way, or waits for the home agent's acknowledgement before it begins */
    UPDATE_AUTHORIZING, /* the method gathers what it needs (tests) */
    UPDATE_WAITING,     /* authorized; waits for the home agent's acknowledgement, or for the rate limit */
    UPDATE_SENT,        /* Binding Update sent, acknowledgement awaited */
    UPDATE_BOUND,
    UPDATE_FAILED, /* given up; tunnel until the retry timer */
};

/* The last MAX_UPDATE_RATE messages of one type to one peer, in milliseconds plus one, rounded up; 0: none
 * (11.8). */
struct update_rate {
    uint32_t sent[MAX_UPDATE_RATE];
};
/* May one more be sent now? True: it is counted. False: *when tells the earliest instant. */
bool update_rate_allows(struct update_rate *rate, time_ns *when, time_ns now);
/* What the same peer has been sent on another home address's account counts too: *rate becomes the last of
 * both. */
void update_rate_include(struct update_rate *rate, const struct update_rate *other, time_ns now);

/* Return routability's memory in one entry (return_routability.c keeps it). Allocated when the method needs
 * it. */
struct test_state;

/*
 * One item of the Binding Update List (11.1). A correspondent that has a policy of its own has an item for
 * ever; one that the default policy serves, while there is something to remember about it.
 */
struct binding_update_entry {
    struct binding_update_entry *next; /* the home agent's first, then as they came */
    struct ipv6_address peer;
    /* in the last Binding Update sent, or being registered; the home address: deletion */
    struct ipv6_address care_of_address;
    /* the care-of address the peer has acknowledged; unspecified: none. Packets use this. */
    struct ipv6_address bound_address;
    struct timer timer;      /* retransmission, then refresh before expiry, or the retry after a failure */
    time_ns expires;         /* of the binding at the peer */
    time_ns may_exist_until; /* no update ever sent can have made a binding that outlives this */
    time_ns stale_until; /* the peer may have a binding for an address before care_of_address until then */
    time_ns sent;        /* the last Binding Update */
    const struct correspondent_policy *policy; /* NULL: the home agent */
    /* the authorization method's own, one block from malloc(); freed with the entry */
    struct test_state *tests;
    struct update_rate updates;
    uint16_t sequence; /* last sent */
    uint16_t lifetime; /* last asked for, units of 4 s */
    uint8_t home;      /* of which of the node's home addresses: mobile_home_of() */
    uint8_t state;     /* enum binding_update_state */
    uint8_t failures;  /* rejections in a row */
    uint8_t retries;   /* registrations that have failed in a row while the peer's binding was stale */
    /* updates of this registration; so often has the wait for an acknowledgement doubled */
    uint8_t unanswered;
    bool home_registration : 1;
    bool configured : 1; /* has a policy of its own */
    bool deletion : 1;   /* the registration under way deletes */
    bool under_way : 1;  /* a registration has begun and has come to no end */
    bool wanted : 1;     /* the node wants a binding here whenever it is away */
    bool used : 1;       /* packets went by the binding since the last update */
    bool superseded : 1; /* an update with another address than bound_address has been sent since */
    bool renumbered : 1; /* this registration has adopted the peer's sequence number (status 135) */
    /* the peer does not know the Mobility Header (11.3.5, 11.3.6), or will have none of it */
    bool unsupported : 1;
    /* the home address has changed, and the policy's static key is for the one before (RFC 4449, 3) */
    bool key_of_another_address : 1;
    bool first : 1; /* the home agent had no binding when the registration began: it may test the address */
};

struct home_agent_search; /* home_agent_discovery.h */
struct peer_index;        /* mobile_node.c */
struct prefix_discovery;  /* prefix_discovery.h */

#define MOBILE_HOMES_MAX 255

/* One home address, and all that hangs on it. */
struct mobile_home {
    struct mobile_home *next; /* the node's other home addresses, as they were added */
    struct ipv6_address home_address;
    struct ipv6_address home_agent;       /* unspecified: not known yet */
    struct binding_update_entry *entries; /* Binding Update List; the home agent's entry first, once away */
    struct peer_index *index;             /* of the entries, by peer; NULL while they are few */
    struct home_agent_search *search;     /* NULL: never searched */
    struct prefix_discovery *prefixes;    /* NULL: never asked */
    time_ns elsewhere_until; /* a home agent before the present one may have a binding */
    time_ns tested; /* the home address for duplicates, on the home link; 0: never */
    /* link-layer address of the home agent, when on its link (11.5.5) */
    struct ethernet_address home_agent_station;
    uint8_t home_prefix_length;
    enum mobile_node_state state : 3;
    bool station_known : 1;
    bool on_home_link : 1; /* the link is known, and it is this home address's home link */
};

struct mobile_node {
    const struct mobile_node_configuration *configuration;
    struct interface *interface;         /* of the primary care-of address, or on the home link */
    struct ipv6_address care_of_address; /* primary; unspecified where every home address is at home */
    struct timer timer;                  /* movement: advertisements missed; at the latest at */
    time_ns silent_from;                 /* when so many will have been, if none comes */
    struct mobile_home home;             /* the first; most nodes have no other */
    uint32_t candidates;  /* interfaces, by bit, that have come up since and may be moved to (11.5.4) */
    bool link_known : 1;  /* a link has been identified by its prefixes */
    bool uncertain : 1;   /* there is reason to think that the link has changed */
    bool lapsed : 1;      /* it has been down since its routers were last heard */
    bool advertising : 1; /* an advertisement is being processed: choose no address before it is done */
};

/* The node's home with this home address; NULL. And the one that the entry belongs to. */
struct mobile_home *mobile_node_find_home(const struct node *node, const struct ipv6_address *home_address);
struct mobile_home *mobile_home_of(const struct node *node, const struct binding_update_entry *entry);

/*
 * How to deal with this correspondent, in what concerns one home address. policy is borrowed. With
 * TRIGGER_ALWAYS the registration starts when the node is away. ERROR_MEMORY, ERROR_EXISTS, ERROR_ARGUMENT
 * (the home agent, or not a unicast routable address; a static key that is none, or with the Kcn of another
 * correspondent's or home address's, RFC 4449, 4).
 */
int mobile_home_set_policy(struct node *node, struct mobile_home *home,
                           const struct ipv6_address *correspondent,
                           const struct correspondent_policy *policy);
/* The same, of the first home address. */
int mobile_node_set_policy(struct node *node, const struct ipv6_address *correspondent,
                           const struct correspondent_policy *policy);
/*
 * Another policy of the same method for a correspondent that has one: above all, a new static key, which is
 * for the present home address. The binding in force stays; an update under way is answered, if it is, under
 * the old key, which is discarded, and sent again under the new one when its time comes; a registration that
 * has failed is tried again now. ERROR_NOT_FOUND (no policy of its own), ERROR_ARGUMENT.
 */
int mobile_home_replace_policy(struct node *node, struct mobile_home *home,
                               const struct ipv6_address *correspondent,
                               const struct correspondent_policy *policy, time_ns now);

/* Messages, form and checksum checked. Each takes in->packet. */
void mobile_node_test(struct node *node, struct inbound *in, const struct mobility_message *message,
                      time_ns now); /* HoT, CoT: to the method */
void mobile_node_binding_acknowledgement(struct node *node, struct inbound *in,
                                         const struct mobility_message *message, const uint8_t *octets,
                                         size_t length, time_ns now);
void mobile_node_binding_refresh_request(struct node *node, struct inbound *in, time_ns now);
void mobile_node_binding_error(struct node *node, struct inbound *in, const struct mobility_message *message,
                               time_ns now);

/* Hooks (models/ipv6/node.h). */
bool mobile_node_accept_type_2_routing(struct node *node, const struct ipv6_address *home_address);
bool mobile_node_accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason,
                                  time_ns now);
void mobile_node_delivered(struct node *node, const struct inbound *in, time_ns now);
int mobile_node_route(struct node *node, struct outbound *out, time_ns now);
bool mobile_node_choose_source(struct node *node, const struct ipv6_address *destination,
                               struct ipv6_address *source, time_ns now);
void mobile_node_icmp_error(struct node *node, uint8_t type, uint8_t code, const uint8_t *original,
                            size_t length, time_ns now);
void mobile_node_link_changed(struct node *node, struct interface *interface, bool up, time_ns now);
bool mobile_node_router_advertisement(struct node *node, struct interface *interface,
                                      const struct received_router_advertisement *advertisement, time_ns now);
void mobile_node_router_advertisement_processed(struct node *node, struct interface *interface,
                                                const struct received_router_advertisement *advertisement,
                                                time_ns now);
void mobile_node_address_changed(struct node *node, struct interface_address *address, bool removed,
                                 time_ns now);
void mobile_node_router_unreachable(struct node *node, struct interface *interface,
                                    const struct ipv6_address *router, time_ns now);

/* For the authorization methods. */
void mobile_node_authorization_ready(struct node *node, struct binding_update_entry *entry, time_ns now);
void mobile_node_authorization_failed(struct node *node, struct binding_update_entry *entry, time_ns now);
struct binding_update_entry *mobile_home_find_entry(const struct mobile_home *home,
                                                    const struct ipv6_address *peer); /* NULL */
/* A packet sent from the home address now, and the answer to it, will get through: the node is at home, or
 * the home agent has a binding and has been told of the present care-of address. */
bool mobile_home_is_reachable(const struct node *node, const struct mobile_home *home, time_ns now);
/* Addresses and mobility fields of a message that goes out from the home address by way of the home agent:
 * tunnelled when away, plain at home (11.6.1). The rest of *out is zeroed. */
void mobile_node_outbound_via_home(const struct node *node, const struct mobile_home *home,
                                   struct outbound *out, const struct ipv6_address *destination);

/* A HoT or CoT for this entry has passed the general checks (return_routability.c): cookie checked, token
 * recorded. Takes nothing. DISCARD_NONE, or why it is to be ignored (11.6.2). */
enum discard_reason return_routability_test_received(struct node *node, struct binding_update_entry *entry,
                                                     const struct mobility_message *message, time_ns now);

/* Gives back what hangs on the mobile node, not the structure itself. Transmits nothing. */
void mobile_node_free(struct node *node);

/* -- between the mobile node's chapters -- */

static inline bool mobile_home_is_away(const struct mobile_home *home)
{
    return home->state == MOBILE_NODE_CONFIGURING || home->state == MOBILE_NODE_REGISTERING ||
           home->state == MOBILE_NODE_REGISTERED;
}

/* mobile_node.c */
struct mobile_node *mobile_node_of(const struct node *node);
void mobile_node_change_state(struct node *node, struct mobile_home *home, enum mobile_node_state state,
                              time_ns now);
/* Fills in time, interface, home address, and reports if it is watched; numbers not said are -1. */
void mobile_node_report(struct node *node, const struct mobile_home *home, struct protocol_event *event,
                        time_ns now);
struct binding_update_entry *mobile_home_add_entry(
    struct node *node, struct mobile_home *home, const struct ipv6_address *peer,
    const struct correspondent_policy *policy); /* NULL: no memory */
void mobile_node_remove_entry(struct node *node, struct binding_update_entry *entry, time_ns now);
struct binding_update_entry *mobile_home_registration(
    const struct mobile_home *home); /* the home agent's entry; NULL: never been away */

/* binding_update_list.c */
/* The peer has a binding for the present care-of address, by all we know (11.3.1). */
bool binding_update_entry_is_usable(const struct mobile_node *mobile,
                                    const struct binding_update_entry *entry, time_ns now);
/* The home agent holds a binding of ours, for whatever address. */
bool home_binding_exists(const struct mobile_home *home, time_ns now);
/* The primary care-of address has been chosen: register it with the home agent and the correspondents
 * (11.7.1, 11.7.2). */
void binding_update_list_register(struct node *node, struct mobile_home *home, time_ns now);
/* On the home link, the home agent's station known: delete the binding (11.5.5). */
void binding_update_list_deregister(struct node *node, struct mobile_home *home, time_ns now);
/* The link has been lost: stop everything under way. What peers have acknowledged stays known. */
void binding_update_list_suspend(struct node *node, struct mobile_home *home, time_ns now);
/* At home, and the home agent has let go: delete the correspondents' bindings. */
void binding_update_list_at_home(struct node *node, struct mobile_home *home, time_ns now);
/* The correspondent is to be told where the node is, if the node is away. */
void correspondent_registration_start(struct node *node, struct binding_update_entry *entry, bool deletion,
                                      time_ns now);
/* The peer cannot do it (11.3.5, 11.3.6). */
void correspondent_registration_unsupported(struct node *node, struct binding_update_entry *entry,
                                            time_ns now);
/* From now on this is the home agent; unspecified: it has to be found. Away, the node registers with it. */
void binding_update_list_change_home_agent(struct node *node, struct mobile_home *home,
                                           const struct ipv6_address *home_agent, time_ns now);
/* The entry's policy has been replaced: what could not be done under the old one may be possible now. */
void correspondent_registration_policy_changed(struct node *node, struct binding_update_entry *entry,
                                               time_ns now);
/* From now on this is the home address (and the home agent, unless unspecified): nobody has a binding. */
void binding_update_list_change_home_address(struct node *node, struct mobile_home *home,
                                             const struct ipv6_address *home_address,
                                             const struct ipv6_address *home_agent, time_ns now);
/* Bindings that would outlive the home address are to end with it (11.4.2). */
void binding_update_list_shorten(struct node *node, struct mobile_home *home, time_ns valid_until,
                                 time_ns now);
void binding_update_entry_expired(struct node *node, struct timer *timer, time_ns now);

/* movement.c */
/* The home agent has acknowledged the deregistration, or there was nothing to deregister: the home address is
 * the node's own again. */
void movement_at_home(struct node *node, struct mobile_home *home, bool advertise, time_ns now);
/* Begins to answer for the home address on this link, or ends it. */
void movement_defend_home_address(struct node *node, const struct mobile_home *home, bool defend);
/* The link-local address has the home address's interface identifier, and the configuration wants it
 * protected with it (L bit). */
bool movement_link_local_is_home_address(const struct mobile_node *mobile, const struct mobile_home *home);

#endif
