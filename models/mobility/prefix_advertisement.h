/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prefix_advertisement.h - the home agent tells mobile nodes that are away about the prefixes of the home
 * link: Mobile Prefix Advertisements, solicited and unsolicited (RFC 6275, 6.8, 10.6).
 */
#ifndef MIP6SIM_MODELS_MOBILITY_PREFIX_ADVERTISEMENT_H
#define MIP6SIM_MODELS_MOBILITY_PREFIX_ADVERTISEMENT_H

#include "models/ipv6/ipv6.h"
#include "models/mobility/binding_cache.h"
#include "models/mobility/discovery_message.h"

/* RFC 6275, 12 and 13 */
#define PREFIX_ADV_TIMEOUT       SECONDS(3)
#define PREFIX_ADV_RETRIES       3
#define MIN_MOB_PFX_ADV_INTERVAL SECONDS(600)
#define MAX_MOB_PFX_ADV_INTERVAL SECONDS(86400)

struct prefix_delivery; /* what one home registration has under way; prefix_advertisement.c's */

/* The registration is accepted, or again (10.6.2). Does nothing where the operator wants no advertisements.
 * */
void prefix_advertisement_registered(struct node *node, struct binding *binding, time_ns now);
/* It is no more: whatever was scheduled is cancelled. */
void prefix_advertisement_cancel(struct node *node, struct home_registration *home);
/* The prefixes have changed: every mobile node that is away is going to be told. */
void prefix_advertisement_prefixes_changed(struct node *node, time_ns now);

/* A Mobile Prefix Solicitation, form and checksum checked. Takes in->packet. */
void prefix_advertisement_solicited(struct node *node, struct inbound *in,
                                    const struct discovery_message *message, time_ns now);

#endif
