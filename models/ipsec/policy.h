/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy.h - the Security Policy Database of a mobile node or a home agent (RFC 4301, 4.4.1; RFC 6275, 5.1,
 * 5.4, 5.5, 10.4.6; RFC 3776, 5.2; RFC 4877, 4).
 *
 * For one home address and one home agent the entries are always the same ones, in one order, with the
 * mobile node's selectors on one side and the home agent's on the other. So the entries are a constant
 * table, and what is kept for each pair of addresses is a `struct protection`: which addresses, and the
 * security associations. That makes it plain that an entry leads to associations of one home address only:
 * no mobile node can send a Binding Update for another's (RFC 3776, 4.2).
 */
#ifndef MIP6SIM_MODELS_IPSEC_POLICY_H
#define MIP6SIM_MODELS_IPSEC_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/ipsec/security_association.h"
#include "models/ipv6/address.h"

enum ipsec_role { IPSEC_MOBILE_NODE, IPSEC_HOME_AGENT };

/* Which way traffic goes. */
enum policy_direction { TO_HOME_AGENT, FROM_HOME_AGENT };

/* The four security associations of a home address: SA1 to SA4 of RFC 3776, 5.2. Prefix discovery shares
 * the first two, payload the last two, where RFC 3776 has SA5 to SA8: a set of selectors (RFC 4301, 4.4.2)
 * in place of a pair each. */
enum association_use {
    TRANSPORT_TO_HOME_AGENT,
    TRANSPORT_FROM_HOME_AGENT,
    TUNNEL_TO_HOME_AGENT,
    TUNNEL_FROM_HOME_AGENT,
    ASSOCIATION_USES
};

static inline enum association_use association_use(bool tunnel, enum policy_direction direction)
{
    return (enum association_use)((tunnel ? TUNNEL_TO_HOME_AGENT : TRANSPORT_TO_HOME_AGENT) +
                                  (unsigned)direction);
}

enum policy_action { POLICY_BYPASS, POLICY_PROTECT, POLICY_DISCARD };

/* The type field of a Mobility Header or an ICMPv6 message, or: */
#define TYPE_OPAQUE                                                                                          \
    (-1) /* it cannot be told: a fragment that is not the first, or too few octets (RFC 4301, 4.4.1.1) */

/* What selectors are about, of an upper-layer packet. */
struct policy_selectors {
    uint8_t protocol;
    int16_t type;
};

/* Of the upper-layer packet that begins here. */
struct policy_selectors policy_selectors_of(uint8_t protocol, const uint8_t *upper, size_t length);

/*
 * What the table says of a packet between this home address and its home agent (tunnel: in the tunnel
 * between them), going that way. payload: all that is tunnelled is to be protected, not only the home
 * tests.
 */
enum policy_action policy_lookup(bool tunnel, enum policy_direction direction,
                                 struct policy_selectors selectors, bool payload);

/* One home address with one home agent. */
struct protection {
    struct protection *next; /* in its bucket of the database */
    struct ipv6_address home_address;
    struct ipv6_address home_agent;
    struct security_association associations[ASSOCIATION_USES];
    uint8_t role; /* enum ipsec_role: which of the two ends this node is */
    bool payload;
    uint8_t keys[];
};

/* Protections, hashed by home address. Zeroed: empty. It owns them: each is one block from malloc(). */
struct policy_database {
    struct protection **buckets; /* power of two; NULL while empty */
    uint32_t bucket_count;
    uint32_t count;
};

/* 0; ERROR_EXISTS (there is one for the two addresses), ERROR_MEMORY: it remains the caller's. */
int policy_database_add(struct policy_database *database, struct protection *protection);
/* home_agent NULL: the first with any. NULL: there is none. */
struct protection *policy_database_find(const struct policy_database *database,
                                        const struct ipv6_address *home_address,
                                        const struct ipv6_address *home_agent, enum ipsec_role role);
/* Which must be in it; it is the caller's again. */
void policy_database_remove(struct policy_database *database, struct protection *protection);
void policy_database_free(struct policy_database *database);

#endif
