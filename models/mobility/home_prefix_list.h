/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_prefix_list.h - the prefixes of a home link as its home agent knows them (RFC 6275, 10.6.1): its
 * own, which the operator gives, and those that other routers advertise there.
 *
 * An own prefix goes before what others say of the same prefix (RFC 4861, 6.2.7 has such a difference
 * looked into by the operator). Prefixes of others end with their lifetimes; as in home_agents_list.h no
 * timer runs for that. An own prefix whose lifetime is over stays, with lifetimes of 0, as the operator
 * still advertises it.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_HOME_PREFIX_LIST_H
#define MIP6SIM_MODELS_MOBILITY_HOME_PREFIX_LIST_H

#include <stdbool.h>
#include <stdint.h>

#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/router_discovery.h"
#include "models/mobility/discovery_message.h"

struct home_prefix {
    struct ipv6_address prefix;  /* bits behind the length are zero */
    struct ipv6_address address; /* the home agent's own address in it; unspecified: it has none */
    time_ns valid_until;         /* fixed lifetimes do not run out, and this counts for nothing then */
    time_ns preferred_until;
    uint32_t valid_lifetime; /* seconds, as told last; 0xffffffff: for ever */
    uint32_t preferred_lifetime;
    uint8_t length;
    bool own;
    bool fixed;
    bool on_link;
    bool autonomous;
};

struct home_prefix_list {
    unsigned count;
    struct home_prefix prefixes[HOME_PREFIXES_MAX];
};

/*
 * The operator's prefixes, in place of those that were own ones. True: something has changed that mobile
 * nodes are to be told (10.6.2): a prefix, its flags, or a lifetime by other means than the passing of
 * time.
 */
bool home_prefix_list_configure(struct home_prefix_list *list, const struct router_prefix *prefixes,
                                unsigned count, time_ns now);

/* A valid Router Advertisement from the home link. True: as above. */
bool home_prefix_list_heard(struct home_prefix_list *list,
                            const struct received_router_advertisement *advertisement, time_ns now);

/* The valid prefix that the address is of; NULL: none. Good until the next change of the list. */
const struct home_prefix *home_prefix_list_find(const struct home_prefix_list *list,
                                                const struct ipv6_address *address, time_ns now);

/* What is left of the lifetimes; TIME_NEVER: for ever. */
time_ns home_prefix_valid(const struct home_prefix *prefix, time_ns now);
time_ns home_prefix_preferred(const struct home_prefix *prefix, time_ns now);

/* Prefix Information options for a Mobile Prefix Advertisement: all prefixes, what is left of their
 * lifetimes, and with the R bit the home agent's own address where it has one (6.8, 7.2). Returns how many,
 * up to HOME_PREFIXES_MAX. */
unsigned home_prefix_list_tell(const struct home_prefix_list *list, struct advertised_prefix *told,
                               time_ns now);

#endif
