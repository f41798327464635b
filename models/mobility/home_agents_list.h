/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agents_list.h - the Home Agents List (RFC 6275, 10.1, 10.5.1): the other home agents on a link, as
 * their Router Advertisements tell, and the order in which they are named to a mobile node.
 *
 * Entries end when their lifetimes do. No timer runs for that: every function that takes the time first
 * forgets what is over, so that nobody can see it.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_HOME_AGENTS_LIST_H
#define MIP6SIM_MODELS_MOBILITY_HOME_AGENTS_LIST_H

#include <stdint.h>

#include "models/environment.h"
#include "models/ipv6/router_discovery.h"

/* Bounds on what advertisements, forged ones included, can make the list hold. */
#define LISTED_HOME_AGENTS_MAX          64
#define LISTED_HOME_AGENT_ADDRESSES_MAX 8

struct listed_address {
    struct ipv6_address address;
    time_ns valid_until; /* the prefix's, TIME_NEVER: for ever */
};

struct listed_home_agent {
    struct listed_home_agent *next;
    struct ipv6_address link_local; /* the source of its advertisements */
    time_ns expires;
    uint16_t preference;
    uint8_t address_count;
    struct listed_address addresses[LISTED_HOME_AGENT_ADDRESSES_MAX];
};

struct home_agents_list {
    struct listed_home_agent *first; /* in the order in which they were first heard */
};

/* A valid Router Advertisement from the link (10.5.1). When the list is full, or without memory, a new home
 * agent is not entered. */
void home_agents_list_heard(struct home_agents_list *list,
                            const struct received_router_advertisement *advertisement, time_ns now);

/* NULL: not in the list (any more). */
const struct listed_home_agent *home_agents_list_find(struct home_agents_list *list,
                                                      const struct ipv6_address *link_local, time_ns now);

/*
 * The global addresses of all home agents, `self` included (link_local and expires are not looked at), for
 * a Home Agent Address Discovery Reply: by decreasing preference; among equals the home agents in random
 * order, and the addresses of one in random order (10.5.1). At most `room` of them, the most preferable.
 * Returns how many.
 */
unsigned home_agents_list_order(struct home_agents_list *list, const struct listed_home_agent *self,
                                struct environment *environment, struct ipv6_address *addresses,
                                unsigned room, time_ns now);

void home_agents_list_free(struct home_agents_list *list);

#endif
