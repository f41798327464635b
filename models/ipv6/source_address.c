/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source_address.c - which of its addresses a node sends from.
 *
 * The rules of RFC 6724, 5 that make a difference here, in its order: the same address (1), appropriate scope
 * (2), not deprecated (3; an optimistic address counts as deprecated, RFC 4429, 3.3), the outgoing interface
 * (5), the longest common prefix (8). Rule 4 (home addresses) is mobility's: the extension is asked before
 * this is. A mobile node's home address is therefore no candidate while the node is away, when nothing here
 * knows how to send from it.
 */
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/next_hop.h"
#include "models/ipv6/node.h"

struct candidate {
    const struct interface_address *address; /* NULL: none yet */
    bool right_scope;
    bool preferred;
    bool outgoing;
    unsigned common;
};

static bool is_link_scoped(const struct ipv6_address *address)
{
    return ipv6_address_is_link_local(address) || ipv6_address_is_link_scope_multicast(address);
}

static struct candidate judge(const struct interface_address *address, const struct ipv6_address *destination,
                              const struct interface *out)
{
    return (struct candidate){
        .address = address,
        .right_scope = is_link_scoped(destination) == ipv6_address_is_link_local(&address->address),
        .preferred = address->state == ADDRESS_PREFERRED,
        .outgoing = out && address->interface == out->index,
        .common = ipv6_common_prefix_length(&address->address, destination),
    };
}

static bool is_better(const struct candidate *a, const struct candidate *b)
{
    if (!b->address)
        return true;
    if ((a->common == 128) != (b->common == 128))
        return a->common == 128;
    if (a->right_scope != b->right_scope)
        return a->right_scope;
    if (a->preferred != b->preferred)
        return a->preferred;
    if (a->outgoing != b->outgoing)
        return a->outgoing;
    return a->common > b->common;
}

static bool is_candidate(const struct interface_address *address)
{
    return address_is_usable(address) && !(address->origin == ADDRESS_HOME && !address->defended);
}

static void consider_interface(const struct interface *interface, const struct ipv6_address *destination,
                               const struct interface *out, struct candidate *best)
{
    /* A link-local address means nothing on another link. */
    bool only_global = interface != out;
    for (const struct interface_address *address = interface->addresses; address; address = address->next) {
        if (!is_candidate(address) || (only_global && ipv6_address_is_link_local(&address->address)))
            continue;
        struct candidate candidate = judge(address, destination, out);
        if (is_better(&candidate, best))
            *best = candidate;
    }
}

bool ipv6_choose_source(struct node *node, const struct ipv6_address *destination,
                        struct interface *out_interface, struct ipv6_address *source, time_ns now)
{
    (void)now;
    struct candidate best = {.address = NULL};
    struct interface *out = out_interface;
    struct next_hop next_hop;
    if (!out && next_hop_find(node, destination, NULL, &next_hop))
        out = next_hop.interface;
    if (out && is_link_scoped(destination)) {
        consider_interface(out, destination, out, &best);
    } else {
        for (unsigned i = 0; i < node->interface_count; i++)
            consider_interface(&node->interfaces[i], destination, out, &best);
    }
    if (!best.address)
        return false;
    *source = best.address->address;
    return true;
}
