/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prefix_discovery.c - Mobile Prefix Solicitations out, Mobile Prefix Advertisements in, and what follows
 * from them (RFC 6275, 11.4.2, 11.4.3, 11.8).
 *
 * When the node asks:
 * - a Binding Acknowledgement says that it is necessary (status 1, 11.7.3);
 * - it has found its home agent by discovery, and registers with it for the first time: bootstrapping;
 * - an unsolicited advertisement has come: it is discarded, and a solicitation sent in its stead (11.4.3);
 * - its home address has become deprecated, or four fifths of what its prefix has left are over (11.4.2:
 *   "about to become invalid").
 * It asks only while the home agent has a binding for the present care-of address, because without one the
 * Home Address option would not be accepted; asks again after 3 s, doubling to MAX_BINDACK_TIMEOUT, and
 * then at that rate (11.8). Each question has a new random identifier, of which the newest counts, never 0.
 *
 * An advertisement is processed as a Router Advertisement would be on the home link (11.4.3; RFC 4862,
 * 5.5.3): each prefix with the autonomous flag stands for one home address, with the interface identifier
 * of the node's own. Lifetimes are taken as they are told: the rule of two hours (5.5.3 e) is for what
 * nobody has authenticated, and this is the answer to the node's own question, under IPsec where that is
 * on. And the home agent will not keep a binding longer than the prefix in any case (10.6.4).
 *
 * New home addresses are the node's from then on, but only one is registered at a time. The present one is
 * kept, deprecated or not, with its bindings and as long as it is valid, so that who talks to it sees
 * nothing of the renumbering; when it becomes invalid the node changes to one that is preferred, or
 * deprecated if there is no better, and registers that with its home agent and its correspondents. With the
 * R bit (7.2) the advertisement has told which address the home agent has under the new prefix.
 *
 * Of a node with several home addresses each asks its own home agent, and none changes to what another is.
 *
 * A binding that would outlive the prefix is shortened at once, by a Binding Update (11.4.2).
 */
#include "models/mobility/prefix_discovery.h"

#include <stdlib.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/node.h"
#include "models/mobility/mobility.h"

#define INTERFACE_IDENTIFIER_BITS 64
#define LIFETIME_LEAST            (4 * INITIAL_SOLICIT_TIMER)

/* A home address that is not in use yet, and whose it would be. */
struct other_home_address {
    struct ipv6_address home_address;
    struct ipv6_address home_agent; /* unspecified: not told */
};

struct prefix_discovery {
    struct mobile_home *home;
    struct timer timer; /* the next solicitation: a retransmission, or because a lifetime nears its end */
    time_ns wait;
    uint16_t identifier; /* of the newest solicitation; 0: none, or it has been answered */
    bool wanted;         /* a solicitation is to be sent, or is under way */
    bool asked;          /* ever */
    bool taking; /* an advertisement is being processed: what it says of a lifetime is no reason to ask */
    unsigned count;
    struct other_home_address others[HOME_PREFIXES_MAX];
};

/* ---- soliciting (11.4.2) ---- */

static uint16_t draw_identifier(struct node *node)
{
    return (uint16_t)(1 + environment_random_below(node->environment, RANDOM_PREFIX_DISCOVERY, UINT16_MAX));
}

static void send_solicitation(struct node *node, struct prefix_discovery *discovery, time_ns now)
{
    const struct mobile_home *home = discovery->home;
    discovery->identifier = draw_identifier(node);
    discovery->asked = true;
    node_arm(node, &discovery->timer, time_add(now, discovery->wait));
    struct discovery_message message = {
        .type = ICMPV6_MOBILE_PREFIX_SOLICITATION,
        .identifier = discovery->identifier,
    };
    struct outbound out = OUTBOUND_INITIALIZER;
    out.source = home->home_address;
    out.source_fixed = true;
    out.destination = home->home_agent;
    out.routed = true;
    out.home_address_option = true;
    out.wire_source = mobile_node_of(node)->care_of_address;
    (void)discovery_message_send(node, &out, &message, now); /* lost or not: the timer sees to it */
}

static bool may_solicit(const struct mobile_home *home)
{
    return home->state == MOBILE_NODE_REGISTERED;
}

static void solicitation_due(struct node *node, struct timer *timer, time_ns now)
{
    struct prefix_discovery *discovery = timer_owner(timer, struct prefix_discovery, timer);
    if (!discovery->wanted) { /* a lifetime is coming to its end */
        prefix_discovery_solicit(node, discovery->home, now);
        return;
    }
    if (!may_solicit(discovery->home))
        return; /* prefix_discovery_registered goes on */
    discovery->wait = discovery->wait < MAX_BINDACK_TIMEOUT / 2 ? 2 * discovery->wait : MAX_BINDACK_TIMEOUT;
    send_solicitation(node, discovery, now);
}

static struct prefix_discovery *discovery_of(struct mobile_home *home)
{
    if (home->prefixes)
        return home->prefixes;
    home->prefixes = calloc(1, sizeof(*home->prefixes));
    if (!home->prefixes)
        return NULL;
    home->prefixes->home = home;
    timer_init(&home->prefixes->timer, solicitation_due);
    return home->prefixes;
}

static void begin_soliciting(struct node *node, struct prefix_discovery *discovery, time_ns now)
{
    discovery->wait = INITIAL_SOLICIT_TIMER;
    send_solicitation(node, discovery, now);
}

void prefix_discovery_solicit(struct node *node, struct mobile_home *home, time_ns now)
{
    struct prefix_discovery *discovery = discovery_of(home);
    if (!discovery || discovery->taking || (discovery->wanted && discovery->identifier != 0))
        return; /* the question is under way, or being answered */
    discovery->wanted = true;
    if (may_solicit(home))
        begin_soliciting(node, discovery, now);
}

void prefix_discovery_registered(struct node *node, struct mobile_home *home, unsigned status, time_ns now)
{
    struct prefix_discovery *discovery = home->prefixes;
    bool bootstrapping =
        mobile_node_of(node)->configuration->discover_home_agents && !(discovery && discovery->asked);
    if (discovery && discovery->wanted && !timer_is_armed(&discovery->timer))
        begin_soliciting(node, discovery, now);
    else if (status == BINDING_ACCEPTED_PREFIX_DISCOVERY || bootstrapping)
        prefix_discovery_solicit(node, home, now);
}

void prefix_discovery_suspend(struct node *node, struct mobile_home *home)
{
    struct prefix_discovery *discovery = home->prefixes;
    if (discovery && discovery->wanted)
        node_disarm(node, &discovery->timer);
}

void prefix_discovery_free(struct node *node, struct mobile_home *home)
{
    if (!home->prefixes)
        return;
    node_disarm(node, &home->prefixes->timer);
    free(home->prefixes);
    home->prefixes = NULL;
}

/* ---- home addresses ---- */

static time_ns duration_of(uint32_t seconds)
{
    return seconds == UINT32_MAX ? TIME_NEVER : SECONDS(seconds);
}

static void remember_other(struct prefix_discovery *discovery, const struct ipv6_address *home_address,
                           const struct advertised_prefix *prefix)
{
    unsigned i = 0;
    while (i < discovery->count && !ipv6_address_equal(&discovery->others[i].home_address, home_address))
        i++;
    if (i == HOME_PREFIXES_MAX)
        return;
    discovery->others[i] = (struct other_home_address){
        .home_address = *home_address,
        .home_agent = prefix->router_address && ipv6_address_is_unicast_routable(&prefix->prefix)
                          ? prefix->prefix
                          : ipv6_unspecified,
    };
    if (i == discovery->count)
        discovery->count++;
}

static void forget_other(struct prefix_discovery *discovery, const struct ipv6_address *home_address)
{
    for (unsigned i = 0; i < discovery->count; i++)
        if (ipv6_address_equal(&discovery->others[i].home_address, home_address))
            discovery->others[i--] = discovery->others[--discovery->count];
}

/* RFC 4862, 5.5.3 b to d */
static bool forms_addresses(const struct advertised_prefix *prefix)
{
    return prefix->autonomous && prefix->length + INTERFACE_IDENTIFIER_BITS == 128 &&
           prefix->preferred_lifetime <= prefix->valid_lifetime &&
           ipv6_address_is_unicast_routable(&prefix->prefix);
}

/* It has bindings of its own: no other home address changes to it. */
static bool is_of_another(const struct node *node, const struct ipv6_address *address,
                          const struct mobile_home *home)
{
    const struct mobile_home *owner = mobile_node_find_home(node, address);
    return owner && owner != home;
}

static void take_prefix(struct node *node, struct prefix_discovery *discovery,
                        const struct advertised_prefix *prefix, time_ns now)
{
    const struct mobile_home *home = discovery->home;
    struct ipv6_address home_address = ipv6_address_join(&prefix->prefix, &home->home_address);
    struct interface_address *known = address_find(node, &home_address);
    if (!forms_addresses(prefix) || (known && known->origin != ADDRESS_HOME) ||
        (!known && prefix->valid_lifetime == 0) || is_of_another(node, &home_address, home))
        return;
    remember_other(discovery, &home_address, prefix);
    if (!known && address_add(node, mobile_node_of(node)->interface->index, &home_address, prefix->length,
                              ADDRESS_HOME, false, false, now) == 0)
        known = address_find(node, &home_address);
    if (known) /* which may end it: then the notice has come here already */
        address_set_lifetimes(node, known, duration_of(prefix->preferred_lifetime),
                              duration_of(prefix->valid_lifetime), now);
}

/* When to ask again: four fifths into what the home address has left, preferred or at least valid. Not when
 * that is so little that the answer would change nothing. */
static void watch_lifetimes(struct node *node, struct prefix_discovery *discovery, time_ns now)
{
    const struct interface_address *address = address_find(node, &discovery->home->home_address);
    if (!address)
        return;
    time_ns end = address->preferred_until > now ? address->preferred_until : address->valid_until;
    if (end != TIME_NEVER && end - now > LIFETIME_LEAST)
        node_arm(node, &discovery->timer, end - (end - now) / 5);
}

/* ---- another home address ---- */

static const struct other_home_address *best_other(const struct node *node,
                                                   const struct prefix_discovery *discovery)
{
    const struct other_home_address *best = NULL;
    for (unsigned i = 0; i < discovery->count; i++) {
        const struct interface_address *address = address_find(node, &discovery->others[i].home_address);
        if (is_of_another(node, &discovery->others[i].home_address, discovery->home))
            continue;
        if (address && address->state == ADDRESS_PREFERRED)
            return &discovery->others[i];
        if (address && address_is_usable(address) && !best)
            best = &discovery->others[i];
    }
    return best;
}

static void address_changed(struct node *node, struct mobile_home *home,
                            const struct interface_address *address, bool removed, time_ns now)
{
    struct prefix_discovery *discovery = home->prefixes;
    if (!discovery)
        return;
    bool invalid =
        removed && address->valid_until <= now; /* not one that is only put in anew, as on coming home */
    bool present = ipv6_address_equal(&address->address, &home->home_address);
    if (invalid)
        forget_other(discovery, &address->address);
    if (present && invalid) {
        const struct other_home_address *other = best_other(node, discovery);
        if (other)
            binding_update_list_change_home_address(node, home, &other->home_address, &other->home_agent,
                                                    now);
    } else if (present && address->state == ADDRESS_DEPRECATED) {
        prefix_discovery_solicit(node, home, now);
    }
}

void prefix_discovery_address_changed(struct node *node, const struct interface_address *address,
                                      bool removed, time_ns now)
{
    if (address->origin != ADDRESS_HOME)
        return;
    for (struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next)
        address_changed(node, home, address, removed, now);
}

/* ---- advertisements (11.4.3) ---- */

static enum discard_reason check_advertisement(const struct mobile_home *home, const struct inbound *in,
                                               const struct discovery_message *message)
{
    const struct prefix_discovery *discovery = home->prefixes;
    if (!ipv6_address_equal(&in->source, &home->home_agent))
        return DISCARD_NOT_FROM_PEER;
    if (!in->has_type_2_routing)
        return DISCARD_TYPE_2_ROUTING_HEADER;
    if (!discovery || discovery->identifier == 0 || message->identifier != discovery->identifier)
        return DISCARD_IDENTIFIER;
    return DISCARD_NONE;
}

void prefix_discovery_advertisement(struct node *node, struct inbound *in,
                                    const struct discovery_message *message, time_ns now)
{
    struct mobile_home *home = mobile_node_find_home(node, &in->destination);
    if (!home)
        home = &mobile_node_of(node)->home; /* the checks say what is wrong with it */
    enum discard_reason reason = check_advertisement(home, in, message);
    discovery_message_done(node, in, message, reason, now);
    if (reason == DISCARD_IDENTIFIER)
        prefix_discovery_solicit(node, home, now);
    if (reason != DISCARD_NONE)
        return;
    struct prefix_discovery *discovery = home->prefixes;
    discovery->identifier = 0;
    discovery->wanted = false;
    node_disarm(node, &discovery->timer);
    discovery->taking = true;
    for (unsigned i = 0; i < message->prefix_count; i++)
        take_prefix(node, discovery, &message->prefixes[i], now);
    discovery->taking = false;
    watch_lifetimes(node, discovery, now);
    const struct interface_address *address = address_find(node, &home->home_address);
    if (address)
        binding_update_list_shorten(node, home, address->valid_until, now);
}
