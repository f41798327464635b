/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * authorization.h - how a peer's Binding Updates are authorized: one small interface, one file per method.
 *
 *   return_routability.c  RFC 6275, 5.2: Kbm from keygen tokens that two tests bring
 *   static_key.c          RFC 4449: Kbm from tokens that both sides compute from a configured Kcn
 *
 * A method answers three questions at each end and knows nothing else of the machines. Everything after Kbm
 * (sequence numbers, lifetimes, authenticator, acknowledgement) is the same for all methods and lives with
 * the machines.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_AUTHORIZATION_H
#define MIP6SIM_MODELS_MOBILITY_AUTHORIZATION_H

#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"
#include "models/mobility/keygen.h"
#include "models/mobility/message.h"

struct binding_update_entry; /* mobile_node.h */
struct correspondent_node;   /* correspondent_node.h */
struct node;

/* What two nodes have configured in common (RFC 4449, 3). Shared, constant. */
struct static_key {
    uint8_t kcn[STATIC_KEY_LENGTH_MAX];
    uint8_t home_nonce[STATIC_NONCE_LENGTH_MAX];
    uint8_t care_of_nonce[STATIC_NONCE_LENGTH_MAX];
    uint8_t kcn_length;        /* at least NODE_KEY_LENGTH */
    uint8_t home_nonce_length; /* at least 1 */
    uint8_t care_of_nonce_length;
};

/* A correspondent has read a Binding Update without the H bit whose sequence number is acceptable. */
struct update_to_authorize {
    const struct mobility_message *message;
    const struct ipv6_address *home_address;
    const struct ipv6_address *care_of_address;
    bool deletion; /* lifetime 0 or care-of address = home address */
};

struct authorization_method {
    const char *name;        /* as scenarios spell it: "return-routability", "static-key" */
    uint16_t lifetime_limit; /* longest binding granted, units of 4 s; 0: none (RFC 6275, 12; RFC 4449, 4) */
    bool uses_nonce_indices;

    /* -- at the mobile node (entry: its Binding Update List item for the correspondent) -- */

    /* May a Binding Update for entry->care_of_address be authorized now? If not, the method starts, or goes
     * on with, what it takes (tests), and calls mobile_node_authorization_ready() when done or
     * mobile_node_authorization_failed() when it gives up. */
    bool (*prepare)(struct node *node, struct binding_update_entry *entry, bool deletion, time_ns now);
    /* Kbm for a Binding Update that prepare() said can be authorized; fills in the nonce indices if used. */
    void (*authorize)(struct node *node, struct binding_update_entry *entry, bool deletion,
                      struct mobility_message *message, uint8_t kbm[KBM_LENGTH], time_ns now);
    /* Stop what prepare() started; the entry is going away, or the care-of address has changed (the method
     * keeps what stays valid). */
    void (*cancel)(struct node *node, struct binding_update_entry *entry, time_ns now);
    /* The correspondent has refused the last Binding Update with this binding_status (136..138: what
     * authorized it has expired). prepare() will be asked again. NULL: the method has nothing to learn from
     * it. */
    void (*rejected)(struct node *node, struct binding_update_entry *entry, unsigned status, time_ns now);

    /* The entry is new, or its policy is: sets the sequence number that the first update's follows. NULL: the
     * random one will do. */
    void (*recall)(struct node *node, struct binding_update_entry *entry);
    /* An update with the entry's sequence number is about to leave. NULL: that need not be remembered. */
    void (*remember)(struct node *node, const struct binding_update_entry *entry);

    /* -- at the correspondent -- */

    /* Kbm by which the update's authenticator is to be checked. 0; or a positive binding_status to be sent
     * without authorization data (136..138); or the negative of a discard_reason, to discard it silently. */
    int (*kbm_of_update)(struct node *node, const struct update_to_authorize *update, uint8_t kbm[KBM_LENGTH],
                         time_ns now);
};

/* Kbm from the one token that the update shows, as for a deletion: what a node believes that has switched the
 * other test off (unsafe.h). False: its nonce is not there. */
bool return_routability_kbm_of_one_token(struct node *node, const struct update_to_authorize *update,
                                         enum keygen_token_kind kind, uint8_t kbm[KBM_LENGTH], time_ns now);

extern const struct authorization_method authorization_return_routability;
extern const struct authorization_method authorization_static_key;

#endif
