/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent_discovery.h - Dynamic Home Agent Address Discovery (RFC 6275, 5.3, 10.5, 11.4.1): the home
 * agent's answer, and the mobile node's search.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_HOME_AGENT_DISCOVERY_H
#define MIP6SIM_MODELS_MOBILITY_HOME_AGENT_DISCOVERY_H

#include <stdbool.h>

#include "models/ipv6/ipv6.h"
#include "models/mobility/discovery_message.h"

/* RFC 6275, 12 */
#define INITIAL_DHAAD_TIMEOUT SECONDS(3)
#define DHAAD_RETRIES         4

struct mobile_home;       /* mobile_node.h */
struct home_agent_search; /* what a mobile node knows of the home agents on its home link; this file's */

/* Messages, form and checksum checked. Each takes in->packet. */
void home_agent_discovery_request(struct node *node, struct inbound *in,
                                  const struct discovery_message *message, time_ns now);
void home_agent_discovery_reply(struct node *node, struct inbound *in,
                                const struct discovery_message *message, time_ns now);

/* -- for the mobile node's chapters -- */

/* False: there is no memory for a search. */
bool home_agent_search_prepare(struct node *node, struct mobile_home *home);
/* The mobile node, away with a care-of address, knows no home agent for this home address: asks, if it is not
 * asking already. The answer makes it register (binding_update_list_change_home_agent). The search has been
 * prepared. */
void home_agent_search_start(struct node *node, struct mobile_home *home, time_ns now);
/* The link has been lost: asks no more. What has been learnt is kept. */
void home_agent_search_stop(struct node *node, struct mobile_home *home);
/*
 * The present home agent does not answer, or refuses. True: the next one that a reply has named is tried,
 * or, when all have been, a new search is under way; the registration under way with the present one is
 * gone. False: this node makes no use of discovery, and goes on with the home agent that it has.
 */
bool home_agent_search_next(struct node *node, struct mobile_home *home, time_ns now);
void home_agent_search_free(struct node *node, struct mobile_home *home);

#endif
