/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agents_list.c - see home_agents_list.h (RFC 6275, 10.1, 10.5.1).
 *
 * The list is short and linked. An address is forgotten when the prefix that taught it is no longer valid
 * (10.1), which an advertisement with a valid lifetime of 0 says at once; an entry may for a time be
 * without addresses, and is then named to nobody.
 */
#include "models/mobility/home_agents_list.h"

#include <stdlib.h>

static time_ns lifetime_end(uint32_t seconds, time_ns now)
{
    return seconds == UINT32_MAX ? TIME_NEVER : time_add(now, SECONDS(seconds));
}

static void forget_addresses(struct listed_home_agent *agent, time_ns now)
{
    uint8_t kept = 0;
    for (uint8_t i = 0; i < agent->address_count; i++)
        if (agent->addresses[i].valid_until > now)
            agent->addresses[kept++] = agent->addresses[i];
    agent->address_count = kept;
}

static void forget_expired(struct home_agents_list *list, time_ns now)
{
    struct listed_home_agent **link = &list->first;
    while (*link) {
        struct listed_home_agent *agent = *link;
        if (agent->expires > now) {
            forget_addresses(agent, now);
            link = &agent->next;
        } else {
            *link = agent->next;
            free(agent);
        }
    }
}

static struct listed_home_agent *find(const struct home_agents_list *list,
                                      const struct ipv6_address *link_local)
{
    struct listed_home_agent *agent = list->first;
    while (agent && !ipv6_address_equal(&agent->link_local, link_local))
        agent = agent->next;
    return agent;
}

const struct listed_home_agent *home_agents_list_find(struct home_agents_list *list,
                                                      const struct ipv6_address *link_local, time_ns now)
{
    forget_expired(list, now);
    return find(list, link_local);
}

static struct listed_home_agent *enter(struct home_agents_list *list, const struct ipv6_address *link_local)
{
    unsigned count = 0;
    struct listed_home_agent **link = &list->first;
    for (; *link; link = &(*link)->next)
        count++;
    struct listed_home_agent *agent = count < LISTED_HOME_AGENTS_MAX ? calloc(1, sizeof(*agent)) : NULL;
    if (!agent)
        return NULL;
    agent->link_local = *link_local;
    *link = agent;
    return agent;
}

static void learn_address(struct listed_home_agent *agent, const struct advertised_prefix *prefix,
                          time_ns now)
{
    if (!prefix->router_address || !ipv6_address_is_unicast_routable(&prefix->prefix))
        return;
    uint8_t i = 0;
    while (i < agent->address_count && !ipv6_address_equal(&agent->addresses[i].address, &prefix->prefix))
        i++;
    if (i == LISTED_HOME_AGENT_ADDRESSES_MAX)
        return;
    agent->addresses[i] = (struct listed_address){prefix->prefix, lifetime_end(prefix->valid_lifetime, now)};
    if (i == agent->address_count)
        agent->address_count++;
}

void home_agents_list_heard(struct home_agents_list *list,
                            const struct received_router_advertisement *advertisement, time_ns now)
{
    uint16_t lifetime = advertisement->has_home_agent_information ? advertisement->home_agent_lifetime
                                                                  : advertisement->router_lifetime;
    struct listed_home_agent *agent = find(list, &advertisement->router);
    if (!advertisement->home_agent)
        lifetime = 0; /* no home agent any more, whatever else it says */
    if (!agent && lifetime > 0)
        agent = enter(list, &advertisement->router);
    if (agent) {
        agent->expires = time_add(now, SECONDS(lifetime));
        agent->preference =
            advertisement->has_home_agent_information ? advertisement->home_agent_preference : 0;
        for (unsigned i = 0; i < advertisement->prefix_count; i++)
            learn_address(agent, &advertisement->prefixes[i], now);
    }
    forget_expired(list, now);
}

void home_agents_list_free(struct home_agents_list *list)
{
    forget_expired(list, TIME_NEVER);
}

/* ---- the order of a reply ---- */

/* Takes a random one of the first `count` out of the array, the last of which fills the gap. */
static unsigned take_any(struct environment *environment, unsigned count)
{
    return count < 2 ? 0
                     : (unsigned)environment_random_below(environment, RANDOM_HOME_AGENT_DISCOVERY, count);
}

static unsigned append_addresses(const struct listed_home_agent *agent, struct environment *environment,
                                 struct ipv6_address *addresses, unsigned room)
{
    struct listed_address left[LISTED_HOME_AGENT_ADDRESSES_MAX];
    unsigned count = agent->address_count, taken = 0;
    memcpy(left, agent->addresses, sizeof(left));
    for (; count > 0 && taken < room; count--) {
        unsigned which = take_any(environment, count);
        addresses[taken++] = left[which].address;
        left[which] = left[count - 1];
    }
    return taken;
}

/* How many of the first `count` have the highest preference; they are brought to the front. */
static unsigned gather_most_preferable(const struct listed_home_agent **agents, unsigned count)
{
    uint16_t highest = 0;
    for (unsigned i = 0; i < count; i++)
        if (agents[i]->preference > highest)
            highest = agents[i]->preference;
    unsigned gathered = 0;
    for (unsigned i = 0; i < count; i++) {
        if (agents[i]->preference != highest)
            continue;
        const struct listed_home_agent *agent = agents[i];
        agents[i] = agents[gathered];
        agents[gathered++] = agent;
    }
    return gathered;
}

unsigned home_agents_list_order(struct home_agents_list *list, const struct listed_home_agent *self,
                                struct environment *environment, struct ipv6_address *addresses,
                                unsigned room, time_ns now)
{
    const struct listed_home_agent *agents[LISTED_HOME_AGENTS_MAX + 1];
    unsigned count = 0, taken = 0;
    forget_expired(list, now);
    agents[count++] = self;
    for (const struct listed_home_agent *agent = list->first; agent; agent = agent->next)
        agents[count++] = agent;
    while (count > 0 && taken < room) {
        unsigned which = take_any(environment, gather_most_preferable(agents, count));
        taken += append_addresses(agents[which], environment, addresses + taken, room - taken);
        agents[which] = agents[--count];
    }
    return taken;
}
