/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_configuration.h - a node's addresses: configured, autoconfigured from prefixes (RFC 4862), tested
 * for duplicates (5.4; optimistic, RFC 4429), and tested on behalf of another node (RFC 6275, 10.3.1).
 */
#ifndef MIP6SIM_MODELS_IPV6_ADDRESS_CONFIGURATION_H
#define MIP6SIM_MODELS_IPV6_ADDRESS_CONFIGURATION_H

#include <stdbool.h>

#include "models/base/timer.h"
#include "models/ipv6/node.h"

/*
 * Adds an address for ever valid. detect: test for duplicates first (on Ethernet interfaces that are up, if
 * the configuration asks for it; otherwise, or when the interface comes up, as the RFC says). defended:
 * answer for it on the link. 0, ERROR_EXISTS, ERROR_MEMORY. The hook address_changed tells the result.
 */
int address_add(struct node *node, unsigned interface, const struct ipv6_address *address,
                unsigned prefix_length, enum address_origin origin, bool detect, bool defended, time_ns now);
int address_remove(struct node *node, const struct ipv6_address *address, time_ns now); /* ERROR_NOT_FOUND */
struct interface_address *address_find(const struct node *node,
                                       const struct ipv6_address *address);      /* any state; NULL */
struct interface_address *address_link_local(const struct interface *interface); /* NULL */

static inline struct interface *address_interface(const struct node *node,
                                                  const struct interface_address *address)
{
    return &node->interfaces[address->interface];
}

/* Preferred, deprecated, or optimistic: may be a source address. */
static inline bool address_is_usable(const struct interface_address *address)
{
    return address->state == ADDRESS_PREFERRED || address->state == ADDRESS_DEPRECATED ||
           address->state == ADDRESS_OPTIMISTIC;
}

/* Begins or ends to answer for the address on its link (a home address on coming home, on leaving). */
int address_set_defended(struct node *node, struct interface_address *address, bool defended);

/* Somebody else has tested the address and keeps it unique (a home agent, RFC 6275, 10.3.1): it is the
 * node's, whatever its own test has found. Not of an address whose lifetime is over. */
void address_vouch(struct node *node, struct interface_address *address, time_ns now);

/*
 * New lifetimes, as somebody trusted has told them (no rule of two hours); durations, TIME_NEVER: for ever. A
 * valid lifetime of 0 removes the address.
 */
void address_set_lifetimes(struct node *node, struct interface_address *address, time_ns preferred,
                           time_ns valid, time_ns now);

/*
 * The interface has moved to another link: forgets what the old link taught (autoconfigured addresses,
 * prefixes, default routers, neighbors), keeps configured and home addresses, and makes the link-local
 * address tentative again, under test (RFC 6275, 11.5.1). keep_addresses: autoconfigured addresses stay until
 * their lifetimes end (11.5.4).
 */
void interface_forget_link(struct node *node, struct interface *interface, bool keep_addresses, time_ns now);

/* A prefix with the autonomous flag (RFC 4862, 5.5.3): forms or refreshes an address. Called by router
 * discovery. Lifetimes are durations; TIME_NEVER: for ever. */
void address_autoconfigure(struct node *node, struct interface *interface, const struct ipv6_address *prefix,
                           unsigned prefix_length, time_ns preferred, time_ns valid, time_ns now);

/*
 * Duplicate detection on behalf of another node: DupAddrDetectTransmits probes, RetransTimer apart; no answer
 * is good news. Embedded in its user (a home agent's binding). done is called once, from a timer or from a
 * received packet. ERROR_MEMORY: nothing has been started, and done will not be called.
 */
struct duplicate_probe {
    struct timer timer;
    struct interface *interface;
    struct ipv6_address address;
    void (*done)(struct node *node, struct duplicate_probe *probe, bool duplicate, time_ns now);
    uint8_t probes_left;
    bool active;
};
int duplicate_probe_start(struct node *node, struct duplicate_probe *probe, struct interface *interface,
                          const struct ipv6_address *address,
                          void (*done)(struct node *, struct duplicate_probe *, bool duplicate, time_ns),
                          time_ns now);
void duplicate_probe_cancel(struct node *node, struct duplicate_probe *probe);

/* Neighbor Discovery heard, on the interface, a probe of somebody else's for the address, or an
 * advertisement for it. */
void duplicate_detection_heard(struct node *node, struct interface *interface,
                               const struct ipv6_address *address, time_ns now);

/*
 * The interface went up or down (called by node_link_changed before the extension's hook, and before
 * router_discovery_link_changed). Coming up, it joins the groups every node joins, and tests its addresses
 * for duplicates: all of them on a plain node; on a mobile node (its extension takes link_changed) only those
 * not yet tested, because movement detection decides whether the link is another one (RFC 6275, 11.5.1:
 * interface_forget_link). Probes leave from a timer that is due at once, so the extension's hook still comes
 * first.
 */
void address_configuration_link_changed(struct node *node, struct interface *interface, bool up, time_ns now);

/* The node goes away: cancels the timers of the interface's addresses and of its advertisements being
 * repeated, and frees them, telling nobody. For each interface, by node_free, which frees the address
 * table itself afterwards. */
void address_configuration_free(struct node *node, struct interface *interface);

#endif
