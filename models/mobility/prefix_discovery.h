/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prefix_discovery.h - the mobile node's part of mobile prefix discovery (RFC 6275, 11.4.2, 11.4.3): it
 * solicits, takes Mobile Prefix Advertisements, forms home addresses from new prefixes, and changes to
 * another home address when its own becomes invalid.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_PREFIX_DISCOVERY_H
#define MIP6SIM_MODELS_MOBILITY_PREFIX_DISCOVERY_H

#include <stdbool.h>

#include "models/ipv6/ipv6.h"
#include "models/mobility/discovery_message.h"

#define INITIAL_SOLICIT_TIMER SECONDS(3) /* RFC 6275, 12 */

struct interface_address;
struct mobile_home;      /* mobile_node.h */
struct prefix_discovery; /* prefix_discovery.c's */

/* A Mobile Prefix Advertisement, form and checksum checked. Takes in->packet. */
void prefix_discovery_advertisement(struct node *node, struct inbound *in,
                                    const struct discovery_message *message, time_ns now);

/* -- for the mobile node's chapters; home: in what concerns one home address -- */

/* The home agent shall be asked, as soon as there is a binding that lets the question through (9.3.1). */
void prefix_discovery_solicit(struct node *node, struct mobile_home *home, time_ns now);
/* The home agent has acknowledged the present care-of address; status as in 6.1.8. */
void prefix_discovery_registered(struct node *node, struct mobile_home *home, unsigned status, time_ns now);
/* The link has been lost: no retransmission before the node is registered again. */
void prefix_discovery_suspend(struct node *node, struct mobile_home *home);
/* A home address has changed its state, or is gone. */
void prefix_discovery_address_changed(struct node *node, const struct interface_address *address,
                                      bool removed, time_ns now);
void prefix_discovery_free(struct node *node, struct mobile_home *home);

#endif
