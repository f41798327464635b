/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobile_node_packets.c - how packets travel to and from a mobile node that is away (RFC 6275, 11.3).
 *
 * A packet from the home address, and where the node is:
 *
 *     at home                       plain
 *     returning, after the update   plain (11.5.5: not before the deregistration is sent)
 *     registering or registered     with a Home Address option if the destination has acknowledged, or was
 *                                   told without asking, the present care-of address; else through the tunnel
 *     unattached, configuring       discarded: there is no address to send it from
 *
 * The tunnel is used from the moment the home Binding Update has left: it arrives first (11.6.3 says
 * "immediately after sending a Binding Update"). A node whose home agent has no binding at all has no tunnel;
 * what would go there is discarded here, and counted, instead of at the home agent.
 *
 * Where the node is depends on the home address that the packet comes from, which is for the application to
 * choose: it may be at home as one and away as another.
 *
 * Everything else is plain: packets from a care-of or link-local address, Neighbor Discovery, link-scope
 * multicast. Multicast of wider scope from the home address goes through the tunnel (11.3.4, second way).
 */
#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/mobility/mobility.h"

/* -- sending -- */

static bool is_link_scope(const struct ipv6_address *address)
{
    return ipv6_address_is_link_local(address) || ipv6_address_is_link_scope_multicast(address);
}

/* The packet has no header yet, so it is reported by its addresses. ipv6_send releases it. */
static int refuse(struct node *node, const struct mobile_home *home, const struct outbound *out,
                  enum discard_reason reason, time_ns now)
{
    node->discards++;
    struct protocol_event event = {
        .kind = EVENT_PACKET_DISCARDED,
        .reason = reason,
        .source = &out->source,
        .destination = &out->destination,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    mobile_node_report(node, home, &event, now);
    return ERROR_NO_ROUTE;
}

static void into_tunnel(const struct node *node, const struct mobile_home *home, struct outbound *out)
{
    out->tunnel = true;
    out->tunnel_source = mobile_node_of(node)->care_of_address;
    out->tunnel_destination = home->home_agent;
}

void mobile_node_outbound_via_home(const struct node *node, const struct mobile_home *home,
                                   struct outbound *out, const struct ipv6_address *destination)
{
    *out = (struct outbound)OUTBOUND_INITIALIZER;
    out->source = home->home_address;
    out->source_fixed = true;
    out->destination = *destination;
    out->routed = true;
    if (mobile_home_is_away(home))
        into_tunnel(node, home, out);
}

static bool home_address_is_usable(const struct node *node, const struct mobile_home *home)
{
    const struct interface_address *address = address_find(node, &home->home_address);
    return address && address_is_usable(address);
}

static int route_from_away(struct node *node, const struct mobile_home *home, struct outbound *out,
                           time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    if (!home_address_is_usable(node, home)) /* its lifetime is over (RFC 4862, 5.5.4) */
        return refuse(node, home, out, DISCARD_NO_ADDRESS, now);
    struct binding_update_entry *entry = mobile_home_find_entry(home, &out->destination);
    /* Mobility Header messages of this node's own as a correspondent bypass the Binding Update List (6.1). */
    bool bypass = out->next_header == NEXT_HEADER_MOBILITY;
    if (!bypass && entry && binding_update_entry_is_usable(mobile, entry, now)) {
        out->home_address_option = true;
        out->wire_source = mobile->care_of_address;
        entry->used = true;
        return 0;
    }
    if (!home_binding_exists(home, now))
        return refuse(node, home, out, DISCARD_NO_BINDING, now);
    into_tunnel(node, home, out);
    return 0;
}

int mobile_node_route(struct node *node, struct outbound *out, time_ns now)
{
    const struct mobile_home *home = mobile_node_find_home(node, &out->source);
    if (!home) /* a home address may have ended (11.4.2) that an application goes by */
        return address_find(node, &out->source)
                   ? 0
                   : refuse(node, &mobile_node_of(node)->home, out, DISCARD_NO_ADDRESS, now);
    switch (home->state) {
    case MOBILE_NODE_AT_HOME: /* unless the address is being tested, or is somebody else's (RFC 4862, 5.4) */
        return home_address_is_usable(node, home) ? 0 : refuse(node, home, out, DISCARD_NO_ADDRESS, now);
    case MOBILE_NODE_RETURNING:
        return mobile_home_registration(home)->state == UPDATE_SENT
                   ? 0
                   : refuse(node, home, out, DISCARD_NO_ADDRESS, now);
    case MOBILE_NODE_REGISTERING:
    case MOBILE_NODE_REGISTERED: /* nobody asks about what stays on the link */
        return route_from_away(node, home, out, now);
    default:
        return refuse(node, home, out, DISCARD_NO_ADDRESS, now);
    }
}

bool mobile_node_choose_source(struct node *node, const struct ipv6_address *destination,
                               struct ipv6_address *source, time_ns now)
{
    (void)now;
    if (is_link_scope(destination))
        return false;
    *source = mobile_node_of(node)->home.home_address;
    return true;
}

/* -- receiving (11.3.3) -- */

/* One in use, or another of the node's own (11.4.3). */
static bool is_home_address(const struct node *node, const struct ipv6_address *address)
{
    if (mobile_node_find_home(node, address))
        return true;
    const struct interface_address *own = address_find(node, address);
    return own && own->origin == ADDRESS_HOME;
}

bool mobile_node_accept_type_2_routing(struct node *node, const struct ipv6_address *home_address)
{
    return is_home_address(node, home_address);
}

static bool is_home_agent(const struct node *node, const struct ipv6_address *address)
{
    const struct mobile_home *home = &mobile_node_of(node)->home;
    while (home && !ipv6_address_equal(&home->home_agent, address))
        home = home->next;
    return home != NULL;
}

bool mobile_node_accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason,
                                  time_ns now)
{
    (void)now;
    if (!is_home_agent(node, &in->source) && !node_is_unsafe(node, NO_TUNNEL_CHECK)) {
        *reason = DISCARD_TUNNEL_SOURCE;
        return false;
    }
    const struct interface_address *exit = address_find(node, &in->destination);
    bool care_of = exit && (exit->origin != ADDRESS_HOME ||
                            ipv6_address_equal(&exit->address, &mobile_node_of(node)->care_of_address));
    if (!care_of || !address_is_usable(exit)) {
        *reason = DISCARD_NOT_AWAY; /* a tunnel ends at a care-of address */
        return false;
    }
    struct ipv6_address inner = ipv6_address_read(inbound_payload(in) + IPV6_AT_DESTINATION);
    const struct mobile_home *home = mobile_node_find_home(node, &inner);
    if (home && !ipv6_address_equal(&in->source, &home->home_agent) &&
        !node_is_unsafe(node, NO_TUNNEL_CHECK)) {
        *reason = DISCARD_TUNNEL_SOURCE; /* the home agent of another home address */
        return false;
    }
    if (home || is_home_address(node, &inner) ||
        (ipv6_address_is_multicast(&inner) && !ipv6_address_is_link_scope_multicast(&inner)))
        return true;
    *reason = DISCARD_NOT_OURS;
    return false;
}

/* -- Home Test and Care-of Test: what must hold whatever the cookie says (11.6.2) -- */

static bool came_the_right_way(const struct node *node, const struct mobile_home *home,
                               const struct inbound *in, unsigned type)
{
    if (type == MOBILITY_CARE_OF_TEST)
        return in->tunnel_depth == 0 && mobile_home_is_away(home) &&
               ipv6_address_equal(&in->destination, &mobile_node_of(node)->care_of_address);
    if (!ipv6_address_equal(&in->destination, &home->home_address))
        return false;
    if (!mobile_home_is_away(home))
        return in->tunnel_depth == 0;
    return in->tunnel_depth > 0 && ipv6_address_equal(&in->tunnel_source, &home->home_agent);
}

static enum discard_reason check_test(struct node *node, const struct mobile_home *home,
                                      struct binding_update_entry *entry, const struct inbound *in,
                                      const struct mobility_message *message, time_ns now)
{
    if (!entry || entry->home_registration || !entry->tests)
        return DISCARD_UNSOLICITED;
    if (!came_the_right_way(node, home, in, message->type))
        return DISCARD_NOT_FROM_PEER;
    return return_routability_test_received(node, entry, message, now);
}

/* Nothing but the cookie says which home address's registration a Care-of Test is for ("there may be multiple
 * such entries"). */
static enum discard_reason offer_test(struct node *node, const struct inbound *in,
                                      const struct mobility_message *message,
                                      struct binding_update_entry **taker, time_ns now)
{
    enum discard_reason refused = DISCARD_UNSOLICITED;
    for (const struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next) {
        *taker = mobile_home_find_entry(home, &in->source);
        enum discard_reason reason = check_test(node, home, *taker, in, message, now);
        if (reason == DISCARD_NONE)
            return DISCARD_NONE;
        if (refused == DISCARD_UNSOLICITED)
            refused = reason;
    }
    return refused;
}

/* The token of a care-of address is every home address's. */
static void care_of_token_known(struct node *node, const struct ipv6_address *peer, time_ns now)
{
    for (const struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next) {
        struct binding_update_entry *entry = mobile_home_find_entry(home, peer);
        if (entry && !entry->home_registration)
            mobile_node_authorization_ready(node, entry, now);
    }
}

void mobile_node_test(struct node *node, struct inbound *in, const struct mobility_message *message,
                      time_ns now)
{
    struct binding_update_entry *entry;
    enum discard_reason reason = offer_test(node, in, message, &entry, now);
    mobility_message_done(node, in, message, reason, now);
    if (reason != DISCARD_NONE)
        return;
    if (message->type == MOBILITY_CARE_OF_TEST)
        care_of_token_known(node, &in->source, now);
    else
        mobile_node_authorization_ready(node, entry, now);
}

/* -- ICMPv6 errors (11.3.5) -- */

/* The header that follows per-destination options, if the packet's fixed header and those are all there. */
static unsigned upper_protocol(const uint8_t *octets, size_t length)
{
    unsigned next = octets[IPV6_AT_NEXT_HEADER];
    if (next == NEXT_HEADER_DESTINATION_OPTIONS && length > IPV6_HEADER_LENGTH)
        next = octets[IPV6_HEADER_LENGTH];
    return next;
}

/* Parameter Problem, code 1, about a Mobility Header of ours. Code 2 tells that the Home Address option is
 * unknown there, which cannot be of a node that has accepted a Binding Update: it is left at that. */
void mobile_node_icmp_error(struct node *node, uint8_t type, uint8_t code, const uint8_t *original,
                            size_t length, time_ns now)
{
    if (type != ICMPV6_PARAMETER_PROBLEM || code != PARAMETER_UNRECOGNIZED_NEXT_HEADER ||
        length < IPV6_HEADER_LENGTH || upper_protocol(original, length) != NEXT_HEADER_MOBILITY)
        return;
    struct ipv6_address peer = ipv6_address_read(original + IPV6_AT_DESTINATION);
    for (const struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next) {
        struct binding_update_entry *entry = mobile_home_find_entry(home, &peer);
        if (entry && !entry->home_registration &&
            (entry->state == UPDATE_AUTHORIZING || entry->state == UPDATE_SENT))
            correspondent_registration_unsupported(node, entry, now);
    }
}
