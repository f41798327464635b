/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent_discovery.c - Dynamic Home Agent Address Discovery (RFC 6275, 10.5, 11.4.1).
 *
 * The home agent answers from its Home Agents List and for itself, to the address that the question came
 * from.
 *
 * The mobile node asks the Home-Agents anycast address of its home prefix from its care-of address: at
 * once, and then after 3, 6, 12 and 24 s. When nobody has answered 48 s after the last, it begins anew:
 * without a home agent there is nothing else that it could do. The list in a reply is kept, in its order.
 * The node registers with the first; with the next when one refuses, or has left HOME_AGENT_ATTEMPTS
 * Binding Updates (binding_update_list.c) unanswered, which is never sooner than
 * InitialBindackTimeoutFirstReg; and asks again when it has tried all, but not within MAX_BINDACK_TIMEOUT
 * of the last reply: home agents that all refuse are not asked without end.
 *
 * Identifiers are random, so that a reply cannot be forged by who has not seen the request. Replies are not
 * protected (15.5): what a false one can do is waste the node's time, since a home agent must know it.
 */
#include "models/mobility/home_agent_discovery.h"

#include <stdlib.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/node.h"
#include "models/mobility/home_agents_list.h"
#include "models/mobility/mobility.h"

/* ---- the home agent (10.5.1) ---- */

static bool is_global(const struct interface_address *address)
{
    return address_is_usable(address) && address->origin != ADDRESS_HOME &&
           ipv6_address_is_unicast_routable(&address->address);
}

static struct listed_home_agent describe_self(const struct home_agent *agent)
{
    struct listed_home_agent self = {.preference = agent->configuration->preference};
    for (const struct interface_address *address = agent->home_interface->addresses; address;
         address = address->next)
        if (is_global(address) && self.address_count < LISTED_HOME_AGENT_ADDRESSES_MAX)
            self.addresses[self.address_count++] =
                (struct listed_address){.address = address->address, .valid_until = address->valid_until};
    return self;
}

void home_agent_discovery_request(struct node *node, struct inbound *in,
                                  const struct discovery_message *message, time_ns now)
{
    struct home_agent *agent = node->mobility->home_agent;
    struct ipv6_address source = in->source;
    discovery_message_done(node, in, message, DISCARD_NONE, now);
    struct listed_home_agent self = describe_self(agent);
    struct discovery_message reply = {
        .type = ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REPLY,
        .identifier = message->identifier,
    };
    reply.home_agent_count = home_agents_list_order(&agent->home_agents, &self, node->environment,
                                                    reply.home_agents, HOME_AGENT_ADDRESSES_MAX, now);
    struct outbound out = OUTBOUND_INITIALIZER;
    out.source = agent->address;
    out.source_fixed = true;
    out.destination = source;
    (void)discovery_message_send(node, &out, &reply, now); /* a refusal has been reported */
}

/* ---- the mobile node (11.4.1) ---- */

struct home_agent_search {
    struct timer timer;
    struct mobile_home *home;
    time_ns wait;
    uint16_t identifier;
    uint8_t retransmissions; /* of the request under way */
    bool under_way;
    bool waiting;  /* under way, but nothing has been asked yet */
    bool answered; /* a reply has come, at that time */
    time_ns answered_at;
    unsigned count; /* of home agents named in the last reply, in its order */
    unsigned tried;
    struct ipv6_address agents[];
};

static void send_request(struct node *node, const struct home_agent_search *search, time_ns now)
{
    const struct mobile_home *home = search->home;
    struct discovery_message message = {
        .type = ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REQUEST,
        .identifier = search->identifier,
    };
    struct ipv6_address prefix = ipv6_prefix_of(&home->home_address, home->home_prefix_length);
    struct outbound out = OUTBOUND_INITIALIZER;
    out.source = mobile_node_of(node)->care_of_address;
    out.source_fixed = true;
    out.destination = ipv6_home_agents_anycast(&prefix);
    out.routed = true;
    (void)discovery_message_send(node, &out, &message, now); /* lost or not: the timer sees to it */
}

static void begin_asking(struct node *node, struct home_agent_search *search, time_ns now)
{
    search->under_way = true;
    search->waiting = false;
    search->retransmissions = 0;
    search->wait = INITIAL_DHAAD_TIMEOUT;
    search->identifier =
        (uint16_t)environment_random_below(node->environment, RANDOM_HOME_AGENT_DISCOVERY, UINT16_MAX + 1);
    node_arm(node, &search->timer, time_add(now, search->wait));
    send_request(node, search, now);
}

static void search_due(struct node *node, struct timer *timer, time_ns now)
{
    struct home_agent_search *search = timer_owner(timer, struct home_agent_search, timer);
    if (search->waiting || search->retransmissions == DHAAD_RETRIES) {
        begin_asking(node, search, now);
        return;
    }
    search->retransmissions++;
    search->wait *= 2;
    node_arm(node, timer, time_add(now, search->wait));
    send_request(node, search, now); /* the same request: its identifier stays */
}

/* The home address's search with room for so many addresses, what it knows besides kept. NULL: no memory. */
static struct home_agent_search *search_with_room(struct node *node, struct mobile_home *home, unsigned room)
{
    struct home_agent_search *search = calloc(1, sizeof(*search) + room * sizeof(search->agents[0]));
    if (!search)
        return NULL;
    search->home = home;
    timer_init(&search->timer, search_due);
    home_agent_search_free(node, home);
    home->search = search;
    return search;
}

bool home_agent_search_prepare(struct node *node, struct mobile_home *home)
{
    return home->search || search_with_room(node, home, 0);
}

void home_agent_search_start(struct node *node, struct mobile_home *home, time_ns now)
{
    struct home_agent_search *search = home->search;
    if (search->under_way)
        return;
    time_ns earliest = search->answered ? time_add(search->answered_at, MAX_BINDACK_TIMEOUT) : now;
    if (earliest <= now) {
        begin_asking(node, search, now);
        return;
    }
    search->under_way = true;
    search->waiting = true;
    node_arm(node, &search->timer, earliest);
}

void home_agent_search_stop(struct node *node, struct mobile_home *home)
{
    struct home_agent_search *search = home->search;
    if (!search)
        return;
    search->under_way = false;
    node_disarm(node, &search->timer);
}

void home_agent_search_free(struct node *node, struct mobile_home *home)
{
    home_agent_search_stop(node, home);
    free(home->search);
    home->search = NULL;
}

static bool asks(const struct mobile_home *home, uint16_t identifier)
{
    const struct home_agent_search *search = home->search;
    return search && search->under_way && !search->waiting && search->identifier == identifier;
}

static struct mobile_home *find_asking(const struct node *node, uint16_t identifier)
{
    struct mobile_home *home = &mobile_node_of(node)->home;
    while (home && !asks(home, identifier))
        home = home->next;
    return home;
}

static enum discard_reason check_reply(const struct mobile_home *home,
                                       const struct discovery_message *message)
{
    if (!home)
        return DISCARD_IDENTIFIER;
    for (unsigned i = 0; i < message->home_agent_count; i++)
        if (ipv6_address_is_unicast_routable(&message->home_agents[i]))
            return DISCARD_NONE;
    return DISCARD_ICMPV6; /* it names nobody */
}

static void keep_list(struct home_agent_search *search, const struct discovery_message *message)
{
    for (unsigned i = 0; i < message->home_agent_count; i++)
        if (ipv6_address_is_unicast_routable(&message->home_agents[i]))
            search->agents[search->count++] = message->home_agents[i];
}

static void try_next(struct node *node, struct home_agent_search *search, time_ns now)
{
    binding_update_list_change_home_agent(node, search->home, &search->agents[search->tried++], now);
}

void home_agent_discovery_reply(struct node *node, struct inbound *in,
                                const struct discovery_message *message, time_ns now)
{
    struct mobile_home *home = find_asking(node, message->identifier);
    enum discard_reason reason = check_reply(home, message);
    discovery_message_done(node, in, message, reason, now);
    if (reason != DISCARD_NONE)
        return;
    struct home_agent_search *search = search_with_room(node, home, message->home_agent_count);
    if (!search)
        return; /* without memory the question is asked again */
    search->answered = true;
    search->answered_at = now;
    keep_list(search, message);
    try_next(node, search, now);
}

bool home_agent_search_next(struct node *node, struct mobile_home *home, time_ns now)
{
    struct home_agent_search *search = home->search;
    if (!mobile_node_of(node)->configuration->discover_home_agents)
        return false;
    if (search && search->tried < search->count) {
        try_next(node, search, now);
        return true;
    }
    binding_update_list_change_home_agent(node, home, &ipv6_unspecified, now);
    return true;
}
