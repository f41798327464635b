/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * router_advertisement.c - a router advertises itself and its prefixes (RFC 4861, 6.1.1, 6.2; RFC 6275, 7,
 * 8.3).
 *
 * One timer an interface holds the time of the next multicast advertisement, solicited or not (6.2.6): a
 * solicitation can only bring it forward, to its random delay from now, or from the end of MinDelayBetweenRAs
 * after the last one. Unsolicited ones follow each other by a uniform interval, the first three by at most 16
 * s (6.2.4); the first comes one interval after the interface has become an advertising one. Whatever the
 * intervals, two multicast advertisements are never closer than min_delay_between: for the fast rates of RFC
 * 6275, 7.5 configure it accordingly.
 *
 * An interface advertises while it is up and its link-local address, which must be the source, is usable: a
 * router whose own address is under test stays silent, and begins when the test is over: with a reply, if
 * somebody has asked meanwhile (everything is switched on at the same moment). A node that does not forward
 * says router lifetime 0 (6.2.5).
 *
 * Answers by unicast, if configured, have their own delay each; of these at most UNICAST_REPLIES_MAX wait,
 * more are answered together by multicast.
 *
 * Prefixes that do not fit one message (ADVERTISED_PREFIXES_MAX, or the link's MTU) follow in further ones,
 * each of which repeats the first prefix that carries the router's own address (RFC 6275, 7.2).
 *
 * What another router says is held against the router's own configuration (6.2.7). Each kind of conflict is
 * reported once, until the operator changes the configuration: the other one repeats itself.
 */
#include "models/ipv6/router_advertisement.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/nd_message.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_discovery.h"

#define UNICAST_REPLIES_MAX  16
#define PREFIX_OPTION_LENGTH 32
/* RFC 6275, 7.5: added to advertised intervals below 200 ms, for whoever has a coarse clock. */
#define ADVERTISED_INTERVAL_SMALL_MS     200
#define ADVERTISED_INTERVAL_ALLOWANCE_MS 20

struct unicast_reply {
    struct unicast_reply *next;
    struct interface *interface;
    struct timer timer;
    struct ipv6_address solicitor;
};

struct router_advertiser {
    struct timer timer; /* the next multicast advertisement */
    const struct router_advertisement_configuration *configuration;
    struct interface *interface;
    time_ns last_multicast;
    struct unicast_reply *replies;
    unsigned reply_count;
    unsigned initial_left;
    uint8_t conflicts; /* bits of enum conflict: reported */
    bool sent_any;
    bool awaited; /* somebody has asked before the interface could advertise */
};

/* ---- what is said (6.2.3; RFC 6275, 7) ---- */

static uint32_t advertised_interval_ms(const struct router_advertisement_configuration *configuration)
{
    time_ns interval = configuration->max_interval / MILLISECONDS(1);
    uint32_t ms = interval > UINT32_MAX ? UINT32_MAX : (uint32_t)interval;
    return ms < ADVERTISED_INTERVAL_SMALL_MS ? ms + ADVERTISED_INTERVAL_ALLOWANCE_MS : ms;
}

/* Left out where it would say what is assumed without it, and in the last advertisement, so that the home
 * agent's lifetime ends with the router's (7.4). */
static bool tells_home_agent_information(const struct router_advertisement_configuration *configuration,
                                         bool final)
{
    if (!configuration->home_agent || configuration->home_agent_lifetime == 0 || final)
        return false;
    return configuration->home_agent_preference != 0 ||
           configuration->home_agent_lifetime != configuration->router_lifetime;
}

static void fill_fixed_part(const struct node *node, const struct interface *interface, bool final,
                            struct nd_message *message)
{
    const struct router_advertisement_configuration *configuration = interface->advertiser->configuration;
    *message = (struct nd_message){
        .type = ICMPV6_ROUTER_ADVERTISEMENT,
        .hop_limit = configuration->hop_limit,
        .managed = configuration->managed,
        .other = configuration->other,
        .home_agent = configuration->home_agent,
        .router_lifetime = final || !node->configuration->forwarding ? 0 : configuration->router_lifetime,
        .reachable_time_ms = configuration->reachable_time_ms,
        .retransmission_ms = configuration->retransmission_ms,
        .source_link_layer_address = interface->link_layer_address,
        .mtu = configuration->mtu,
        .advertisement_interval_ms = advertised_interval_ms(configuration),
        .home_agent_preference = configuration->home_agent_preference,
        .home_agent_lifetime = configuration->home_agent_lifetime,
    };
    if (interface_has_link_layer_address(interface))
        message->present |= ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS);
    if (configuration->mtu != 0)
        message->present |= ND_HAS(ND_OPTION_MTU);
    if (configuration->advertisement_interval_option)
        message->present |= ND_HAS(ND_OPTION_ADVERTISEMENT_INTERVAL);
    if (tells_home_agent_information(configuration, final))
        message->present |= ND_HAS(ND_OPTION_HOME_AGENT_INFORMATION);
}

static uint32_t lifetime_at(uint32_t fixed, time_ns until, time_ns now)
{
    if (until == 0)
        return fixed;
    time_ns seconds = until > now ? (until - now) / SECONDS(1) : 0;
    return seconds >= UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

uint32_t router_prefix_valid(const struct router_prefix *prefix, time_ns now)
{
    return lifetime_at(prefix->valid_lifetime, prefix->valid_until, now);
}

uint32_t router_prefix_preferred(const struct router_prefix *prefix, time_ns now)
{
    uint32_t preferred = lifetime_at(prefix->preferred_lifetime, prefix->preferred_until, now);
    uint32_t valid = router_prefix_valid(prefix, now);
    return preferred < valid ? preferred : valid;
}

static void add_prefix(struct nd_message *message, const struct router_prefix *prefix, time_ns now)
{
    message->prefixes[message->prefix_count++] = (struct advertised_prefix){
        /* The bits behind the prefix are zero, unless the whole address is told (4.6.2; RFC 6275, 7.2). */
        .prefix = prefix->router_address ? prefix->prefix : ipv6_prefix_of(&prefix->prefix, prefix->length),
        .valid_lifetime = router_prefix_valid(prefix, now),
        .preferred_lifetime = router_prefix_preferred(prefix, now),
        .length = prefix->length,
        .on_link = prefix->on_link,
        .autonomous = prefix->autonomous,
        .router_address = prefix->router_address,
    };
}

static const struct router_prefix *router_address_prefix(
    const struct router_advertisement_configuration *configuration)
{
    for (unsigned i = 0; i < configuration->prefix_count; i++)
        if (configuration->prefixes[i].router_address)
            return &configuration->prefixes[i];
    return NULL;
}

static unsigned prefixes_per_message(const struct interface *interface, const struct nd_message *message)
{
    size_t used = IPV6_HEADER_LENGTH + nd_message_length(message);
    size_t fit = interface->mtu > used ? (interface->mtu - used) / PREFIX_OPTION_LENGTH : 0;
    if (fit > ADVERTISED_PREFIXES_MAX)
        return ADVERTISED_PREFIXES_MAX;
    return fit < 2 ? 2 : (unsigned)fit; /* 1280 octets, the least of any link, have room for many more */
}

static void advertise(struct node *node, struct interface *interface, const struct ipv6_address *destination,
                      bool final, time_ns now)
{
    const struct router_advertisement_configuration *configuration = interface->advertiser->configuration;
    const struct router_prefix *repeated = router_address_prefix(configuration);
    struct ipv6_address source = address_link_local(interface)->address;
    unsigned next = 0;
    do {
        struct nd_message message;
        fill_fixed_part(node, interface, final, &message);
        unsigned room = prefixes_per_message(interface, &message);
        if (next > 0 && repeated != NULL)
            add_prefix(&message, repeated, now);
        for (; next < configuration->prefix_count && message.prefix_count < room; next++)
            add_prefix(&message, &configuration->prefixes[next], now);
        nd_message_send(node, interface, &message, &source, destination, NULL, now);
    } while (next < configuration->prefix_count);
}

/* ---- when it is said ---- */

static bool may_advertise(const struct interface *interface)
{
    const struct interface_address *link_local = address_link_local(interface);
    return interface->up && link_local != NULL && address_is_usable(link_local);
}

static time_ns next_interval(struct node *node, struct router_advertiser *advertiser)
{
    const struct router_advertisement_configuration *configuration = advertiser->configuration;
    time_ns interval =
        environment_random_time(node->environment, RANDOM_ROUTER_ADVERTISEMENT,
                                configuration->min_interval, configuration->max_interval);
    if (advertiser->initial_left > 0 && interval > MAX_INITIAL_RTR_ADVERT_INTERVAL)
        interval = MAX_INITIAL_RTR_ADVERT_INTERVAL;
    return interval;
}

static time_ns earliest_multicast(const struct router_advertiser *advertiser, time_ns now)
{
    if (!advertiser->sent_any)
        return now;
    time_ns earliest = time_add(advertiser->last_multicast, advertiser->configuration->min_delay_between);
    return earliest > now ? earliest : now;
}

static void schedule_unsolicited(struct node *node, struct router_advertiser *advertiser, time_ns now)
{
    time_ns at = time_add(now, next_interval(node, advertiser));
    time_ns earliest = earliest_multicast(advertiser, now);
    node_arm(node, &advertiser->timer, at > earliest ? at : earliest);
}

static void multicast_due(struct node *node, struct timer *timer, time_ns now)
{
    struct router_advertiser *advertiser = timer_owner(timer, struct router_advertiser, timer);
    if (!may_advertise(advertiser->interface))
        return; /* router_advertiser_ready begins anew */
    advertiser->sent_any = true;
    advertiser->last_multicast = now;
    if (advertiser->initial_left > 0)
        advertiser->initial_left--;
    schedule_unsolicited(node, advertiser, now);
    advertise(node, advertiser->interface, &ipv6_all_nodes, false, now);
}

static time_ns reply_delay(struct node *node, const struct router_advertiser *advertiser)
{
    return environment_random_time(node->environment, RANDOM_ROUTER_ADVERTISEMENT, 0,
                                   advertiser->configuration->max_reply_delay);
}

/* One advertisement answers all: the timer only ever moves forward to an earlier time. */
static void reply_by_multicast(struct node *node, struct router_advertiser *advertiser, time_ns now)
{
    time_ns at = time_add(earliest_multicast(advertiser, now), reply_delay(node, advertiser));
    if (!timer_is_armed(&advertiser->timer) || at < advertiser->timer.deadline)
        node_arm(node, &advertiser->timer, at);
}

void router_advertiser_ready(struct node *node, struct interface *interface, time_ns now)
{
    struct router_advertiser *advertiser = interface->advertiser;
    if (advertiser == NULL || !may_advertise(interface) || timer_is_armed(&advertiser->timer))
        return;
    advertiser->initial_left = MAX_INITIAL_RTR_ADVERTISEMENTS;
    schedule_unsolicited(node, advertiser, now);
    if (advertiser->awaited)
        reply_by_multicast(node, advertiser, now);
    advertiser->awaited = false;
}

static void reply_delete(struct node *node, struct unicast_reply *reply)
{
    struct router_advertiser *advertiser = reply->interface->advertiser;
    struct unicast_reply **link = &advertiser->replies;
    while (*link != reply)
        link = &(*link)->next;
    *link = reply->next;
    advertiser->reply_count--;
    node_disarm(node, &reply->timer);
    free(reply);
}

void router_advertiser_pause(struct node *node, struct interface *interface)
{
    struct router_advertiser *advertiser = interface->advertiser;
    if (advertiser == NULL)
        return;
    advertiser->awaited = false;
    node_disarm(node, &advertiser->timer);
    while (advertiser->replies != NULL)
        reply_delete(node, advertiser->replies);
}

/* ---- what others say (6.2.7) ---- */

/* Where lifetimes run down, two clocks and a link's delay lie between what two routers say. */
#define LIFETIME_SKEW 2 /* seconds */

enum conflict {
    CONFLICT_HOP_LIMIT,
    CONFLICT_MANAGED,
    CONFLICT_OTHER,
    CONFLICT_REACHABLE_TIME,
    CONFLICT_RETRANSMISSION_TIMER,
    CONFLICT_MTU,
    CONFLICT_VALID_LIFETIME,
    CONFLICT_PREFERRED_LIFETIME,
    CONFLICTS
};

/* One or the other leaves it unspecified, or both say the same. */
static bool agree(uint32_t ours, uint32_t theirs)
{
    return ours == 0 || theirs == 0 || ours == theirs;
}

static bool lifetimes_agree(uint32_t ours, uint32_t theirs, bool runs_down)
{
    uint32_t difference = ours > theirs ? ours - theirs : theirs - ours;
    return difference <= (runs_down ? LIFETIME_SKEW : 0);
}

static unsigned conflicts_about(const struct router_prefix *ours, const struct advertised_prefix *theirs,
                                time_ns now)
{
    unsigned found = 0;
    if (ours->length != theirs->length ||
        !ipv6_prefix_match(&ours->prefix, &theirs->prefix, theirs->length))
        return 0;
    if (!lifetimes_agree(router_prefix_valid(ours, now), theirs->valid_lifetime, ours->valid_until != 0))
        found |= 1u << CONFLICT_VALID_LIFETIME;
    if (!lifetimes_agree(router_prefix_preferred(ours, now), theirs->preferred_lifetime,
                         ours->preferred_until != 0 || ours->valid_until != 0))
        found |= 1u << CONFLICT_PREFERRED_LIFETIME;
    return found;
}

static unsigned find_conflicts(const struct router_advertisement_configuration *ours,
                               const struct received_router_advertisement *theirs, time_ns now)
{
    unsigned found = (agree(ours->hop_limit, theirs->hop_limit) ? 0u : 1u << CONFLICT_HOP_LIMIT) |
                     (ours->managed != theirs->managed ? 1u << CONFLICT_MANAGED : 0u) |
                     (ours->other != theirs->other ? 1u << CONFLICT_OTHER : 0u);
    if (!agree(ours->reachable_time_ms, theirs->reachable_time_ms))
        found |= 1u << CONFLICT_REACHABLE_TIME;
    if (!agree(ours->retransmission_ms, theirs->retransmission_ms))
        found |= 1u << CONFLICT_RETRANSMISSION_TIMER;
    if (!agree(ours->mtu, theirs->mtu))
        found |= 1u << CONFLICT_MTU;
    for (unsigned i = 0; i < ours->prefix_count; i++)
        for (unsigned j = 0; j < theirs->prefix_count; j++)
            found |= conflicts_about(&ours->prefixes[i], &theirs->prefixes[j], now);
    return found;
}

void router_advertiser_compare(struct node *node, struct interface *interface,
                               const struct received_router_advertisement *advertisement, time_ns now)
{
    static const char *const names[CONFLICTS] = {"Cur Hop Limit", "M flag",         "O flag",
                                                 "Reachable Time", "Retrans Timer", "MTU",
                                                 "Valid Lifetime", "Preferred Lifetime"};
    struct router_advertiser *advertiser = interface->advertiser;
    if (!environment_watches(node->environment, EVENT_ADVERTISEMENTS_CONFLICT))
        return;
    unsigned found = find_conflicts(advertiser->configuration, advertisement, now);
    for (unsigned i = 0; i < CONFLICTS; i++) {
        if (!(found >> i & 1) || (advertiser->conflicts >> i & 1))
            continue;
        struct protocol_event event = {
            .kind = EVENT_ADVERTISEMENTS_CONFLICT,
            .interface = interface->index,
            .time = now,
            .message = names[i],
            .source = &advertisement->router,
            .sequence = -1,
            .status = -1,
            .lifetime = -1,
        };
        node->environment->operations->report(node->environment, &event);
    }
    advertiser->conflicts |= (uint8_t)found;
}

/* ---- life ---- */

static bool is_usable(const struct router_advertisement_configuration *configuration)
{
    return configuration->min_interval > 0 && configuration->min_interval <= configuration->max_interval &&
           configuration->min_delay_between >= 0 && configuration->max_reply_delay >= 0;
}

/* What is advertised as on-link is on-link for the router as well. */
static void take_prefixes(struct node *node, struct interface *interface,
                          const struct router_advertisement_configuration *configuration, time_ns now)
{
    for (unsigned i = 0; i < configuration->prefix_count; i++)
        if (configuration->prefixes[i].on_link)
            (void)prefix_add(node, interface, &configuration->prefixes[i].prefix,
                             configuration->prefixes[i].length, TIME_NEVER, now);
}

int router_advertiser_configure(struct node *node, struct interface *interface,
                                const struct router_advertisement_configuration *configuration, time_ns now)
{
    struct router_advertiser *advertiser = interface->advertiser;
    if (advertiser == NULL)
        return ERROR_NOT_FOUND;
    if (!is_usable(configuration))
        return ERROR_ARGUMENT;
    advertiser->configuration = configuration;
    advertiser->conflicts = 0;
    take_prefixes(node, interface, configuration, now);
    advertiser->initial_left = MAX_INITIAL_RTR_ADVERTISEMENTS;
    if (!timer_is_armed(&advertiser->timer))
        return 0;
    /* Whoever changes one thing after the other puts nothing off. */
    time_ns planned = advertiser->timer.deadline;
    schedule_unsolicited(node, advertiser, now);
    if (planned < advertiser->timer.deadline)
        node_arm(node, &advertiser->timer, planned);
    return 0;
}

int router_advertiser_start(struct node *node, struct interface *interface,
                            const struct router_advertisement_configuration *configuration, time_ns now)
{
    if (!is_usable(configuration))
        return ERROR_ARGUMENT;
    if (interface->advertiser != NULL)
        return ERROR_EXISTS;
    struct router_advertiser *advertiser = calloc(1, sizeof(*advertiser));
    if (advertiser == NULL)
        return ERROR_MEMORY;
    advertiser->configuration = configuration;
    advertiser->interface = interface;
    timer_init(&advertiser->timer, multicast_due);
    interface->advertiser = advertiser;
    take_prefixes(node, interface, configuration, now);
    if (interface->up && !group_is_joined(node, interface, &ipv6_all_routers))
        (void)group_join(node, interface, &ipv6_all_routers); /* 6.2.2; a router has joined already */
    router_advertiser_ready(node, interface, now);
    return 0;
}

const struct router_advertisement_configuration *router_advertiser_configuration(
    const struct interface *interface)
{
    return interface->advertiser ? interface->advertiser->configuration : NULL;
}

void router_advertiser_stop(struct node *node, struct interface *interface, bool final_advertisement,
                            time_ns now)
{
    if (interface->advertiser == NULL)
        return;
    if (final_advertisement && may_advertise(interface))
        advertise(node, interface, &ipv6_all_nodes, true, now);
    router_advertiser_pause(node, interface);
    free(interface->advertiser);
    interface->advertiser = NULL;
}

/* ---- solicitations (6.1.1, 6.2.6) ---- */

static void unicast_due(struct node *node, struct timer *timer, time_ns now)
{
    struct unicast_reply *reply = timer_owner(timer, struct unicast_reply, timer);
    struct interface *interface = reply->interface;
    struct ipv6_address solicitor = reply->solicitor;
    reply_delete(node, reply);
    if (may_advertise(interface))
        advertise(node, interface, &solicitor, false, now);
}

/* False: too many wait already. */
static bool reply_by_unicast(struct node *node, struct router_advertiser *advertiser,
                             const struct ipv6_address *solicitor, time_ns now)
{
    for (const struct unicast_reply *reply = advertiser->replies; reply != NULL; reply = reply->next)
        if (ipv6_address_equal(&reply->solicitor, solicitor))
            return true; /* the delay counts from the first solicitation */
    if (advertiser->reply_count == UNICAST_REPLIES_MAX)
        return false;
    struct unicast_reply *reply = calloc(1, sizeof(*reply));
    if (reply == NULL)
        return false;
    reply->interface = advertiser->interface;
    reply->solicitor = *solicitor;
    timer_init(&reply->timer, unicast_due);
    reply->next = advertiser->replies;
    advertiser->replies = reply;
    advertiser->reply_count++;
    node_arm(node, &reply->timer, time_add(now, reply_delay(node, advertiser)));
    return true;
}

static void learn_solicitor(struct node *node, struct inbound *in, const struct nd_message *message,
                            time_ns now)
{
    if (ipv6_address_is_unspecified(&in->source))
        return;
    if ((message->present & ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS)) != 0)
        neighbor_learn(node, in->interface, &in->source, &message->source_link_layer_address, false, now);
    struct neighbor *neighbor = neighbor_lookup(in->interface, &in->source);
    if (neighbor != NULL)
        neighbor->is_router = false;
}

void router_solicitation_receive(struct node *node, struct inbound *in, time_ns now)
{
    struct nd_message message;
    if (!nd_message_accept(node, in, ICMPV6_ROUTER_SOLICITATION, &message, now))
        return;
    bool anonymous = ipv6_address_is_unspecified(&in->source);
    struct router_advertiser *advertiser = in->interface->advertiser;
    if (advertiser == NULL ||
        (anonymous && (message.present & ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS)) != 0)) {
        nd_message_discard(node, in, ICMPV6_ROUTER_SOLICITATION, DISCARD_NEIGHBOR_DISCOVERY, now);
        return;
    }
    nd_message_report_received(node, in, &message, now);
    learn_solicitor(node, in, &message, now);
    if (!may_advertise(in->interface))
        advertiser->awaited = true;
    else if (anonymous || !advertiser->configuration->reply_unicast ||
             !reply_by_unicast(node, advertiser, &in->source, now))
        reply_by_multicast(node, advertiser, now);
    nd_message_done(in);
}
