/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * router_advertisement.h - the router's part of router discovery (RFC 4861, 6.2), with the shorter intervals,
 * the H and R bits, and the options of RFC 6275, 7.
 */
#ifndef MIP6SIM_MODELS_IPV6_ROUTER_ADVERTISEMENT_H
#define MIP6SIM_MODELS_IPV6_ROUTER_ADVERTISEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"

/* RFC 4861, 10 and 6.2.1 */
#define MAX_INITIAL_RTR_ADVERT_INTERVAL SECONDS(16)
#define MAX_INITIAL_RTR_ADVERTISEMENTS  3
#define MAX_RA_DELAY_TIME               MILLISECONDS(500)
#define MIN_DELAY_BETWEEN_RAS           SECONDS(3)
/* RFC 6275, 7.5 */
#define MOBILE_MIN_DELAY_BETWEEN_RAS MILLISECONDS(30)
#define MOBILE_MIN_RTR_ADV_INTERVAL  MILLISECONDS(30)

struct router_prefix {
    struct ipv6_address prefix; /* the router's own address in it, when router_address */
    uint32_t valid_lifetime;    /* seconds, 0xffffffff: for ever */
    uint32_t preferred_lifetime;
    uint8_t length;
    bool on_link;
    bool autonomous;
    bool router_address; /* R bit: prefix is the router's whole address */
    time_ns
        valid_until; /* not 0: the lifetime runs down to this instant, in place of a fixed valid_lifetime */
    time_ns preferred_until;
};

/* The lifetimes to advertise now, seconds (6.2.1: AdvValidLifetime and AdvPreferredLifetime, fixed or running
 * down). The preferred one is never more than the valid one. */
uint32_t router_prefix_valid(const struct router_prefix *prefix, time_ns now);
uint32_t router_prefix_preferred(const struct router_prefix *prefix, time_ns now);

/* What to advertise on one interface (RFC 4861, 6.2.1; RFC 6275, 7 and 8.3). Borrowed for the life of the
 * advertiser. */
struct router_advertisement_configuration {
    time_ns min_interval; /* MinRtrAdvInterval, MaxRtrAdvInterval; min <= max; equal: no randomness */
    time_ns max_interval;
    time_ns min_delay_between; /* MIN_DELAY_BETWEEN_RAS, or 30 ms where mobile nodes are expected */
    time_ns max_reply_delay;   /* MAX_RA_DELAY_TIME, or less */
    uint16_t router_lifetime;  /* seconds; 0: not a default router */
    uint8_t hop_limit;         /* 0: unspecified */
    bool managed;              /* M bit: addresses by DHCPv6; nobody here takes it up */
    bool other;                /* O bit */
    bool home_agent;           /* H bit and Home Agent Information */
    bool advertisement_interval_option;
    uint16_t home_agent_preference;
    uint16_t home_agent_lifetime; /* seconds */
    uint32_t reachable_time_ms;   /* 0: unspecified */
    uint32_t retransmission_ms;
    uint32_t mtu;       /* 0: no option */
    bool reply_unicast; /* answer a solicitation that has a source address by unicast */
    unsigned prefix_count;
    const struct router_prefix *prefixes;
};

int router_advertiser_start(struct node *node, struct interface *interface,
                            const struct router_advertisement_configuration *configuration,
                            time_ns now); /* first RA per 6.2.4 */
/* The operator has changed what is advertised: from now on this configuration, which the next advertisements
 * tell, at intervals as at the beginning (6.2.4), and not later than it would have come. ERROR_NOT_FOUND: the
 * interface does not advertise; ERROR_ARGUMENT. */
int router_advertiser_configure(struct node *node, struct interface *interface,
                                const struct router_advertisement_configuration *configuration, time_ns now);
/* What is advertised on the interface; NULL: nothing. */
const struct router_advertisement_configuration *router_advertiser_configuration(
    const struct interface *interface);
void router_advertiser_stop(struct node *node, struct interface *interface, bool final_advertisement,
                            time_ns now); /* 6.2.5 */

/* RS received, checksum verified; checks of 6.1.1 are made here. Takes in->packet. */
void router_solicitation_receive(struct node *node, struct inbound *in, time_ns now);

#endif
