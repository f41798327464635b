/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * router_discovery.c - routers and prefixes as a host learns them (RFC 4861, 6.1.2, 6.3; RFC 6275, 7,
 * 11.5.1).
 *
 * Lists are short and linked: a host has one or two default routers and as many prefixes. Their lengths are
 * bounded, so that forged advertisements cannot fill memory; what is beyond a bound replaces the least useful
 * router, or is ignored (prefixes). Lifetime timers are lazy: an advertisement that prolongs a lifetime moves
 * only the instant; the timer wakes at the old one, sees, and goes on.
 *
 * Default routers (6.3.6): the list is in order of preference. One that Neighbor Unreachability Detection has
 * given up goes to the end and is marked, so among routers that do not answer the choice goes round.
 *
 * Solicitations leave from a timer, the first as well, so that a second wish at the same instant (the link's,
 * then the mobile node's) replaces the first instead of adding a message.
 *
 * A router runs none of this but the checks: what it hears from other routers goes to its extension (a home
 * agent's list of home agents) and into its Neighbor Cache (6.2.7 asks no more).
 */
#include "models/ipv6/router_discovery.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/nd_message.h"
#include "models/ipv6/neighbor_discovery.h"

#define DEFAULT_ROUTERS_MAX 16
#define PREFIXES_MAX        64
#define LIFETIME_INFINITE   UINT32_MAX

static time_ns prefix_lifetime(uint32_t seconds)
{
    return seconds == LIFETIME_INFINITE ? TIME_NEVER : SECONDS(seconds);
}

/* A lazy lifetime: only a nearer end moves the timer. */
static void watch_end(struct node *node, struct timer *timer, time_ns end)
{
    if (end == TIME_NEVER)
        node_disarm(node, timer);
    else if (!timer_is_armed(timer) || timer->deadline > end)
        node_arm(node, timer, end);
}

/* ---- default routers ---- */

struct default_router *default_router_find(const struct interface *interface,
                                           const struct ipv6_address *router)
{
    struct default_router *found = interface->default_routers;
    while (found != NULL && !ipv6_address_equal(&found->address, router))
        found = found->next;
    return found;
}

static void default_router_unlink(struct default_router *router)
{
    struct default_router **link = &router->interface->default_routers;
    while (*link != router)
        link = &(*link)->next;
    *link = router->next;
}

static void default_router_append(struct default_router *router)
{
    struct default_router **link = &router->interface->default_routers;
    while (*link != NULL)
        link = &(*link)->next;
    router->next = NULL;
    *link = router;
}

static void default_router_delete(struct node *node, struct default_router *router)
{
    default_router_unlink(router);
    node_disarm(node, &router->timer);
    free(router);
}

static void default_router_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct default_router *router = timer_owner(timer, struct default_router, timer);
    if (now >= router->expires)
        default_router_delete(node, router);
    else
        watch_end(node, timer, router->expires);
}

static struct default_router *default_router_new(struct node *node, struct interface *interface,
                                                 const struct ipv6_address *address)
{
    unsigned count = 0;
    struct default_router *last = NULL;
    for (struct default_router *router = interface->default_routers; router != NULL; router = router->next) {
        last = router;
        count++;
    }
    if (count >= DEFAULT_ROUTERS_MAX)
        default_router_delete(node, last);
    struct default_router *router = calloc(1, sizeof(*router));
    if (router == NULL)
        return NULL;
    router->address = *address;
    router->interface = interface;
    timer_init(&router->timer, default_router_expired);
    default_router_append(router);
    return router;
}

void default_router_forget(struct node *node, struct interface *interface, const struct ipv6_address *router)
{
    struct default_router *found = default_router_find(interface, router);
    if (found != NULL)
        default_router_delete(node, found);
}

void default_router_failed(struct node *node, struct interface *interface, const struct ipv6_address *router,
                           time_ns now)
{
    struct default_router *found = default_router_find(interface, router);
    if (found == NULL)
        return;
    found->unreachable = true;
    default_router_unlink(found);
    default_router_append(found);
    if (node->extension != NULL && node->extension->router_unreachable != NULL)
        node->extension->router_unreachable(node, interface, router, now);
}

/* 0: reachable or probably so (6.3.6); 1: not known to be; 2: given up. */
static unsigned doubt(const struct default_router *router)
{
    if (router->unreachable)
        return 2;
    if (!interface_has_link_layer_address(router->interface))
        return 0;
    const struct neighbor *neighbor = neighbor_lookup(router->interface, &router->address);
    return neighbor == NULL || neighbor->state == NEIGHBOR_INCOMPLETE;
}

static struct default_router *select_on(const struct interface *interface, struct default_router *best)
{
    for (struct default_router *router = interface->default_routers; router != NULL; router = router->next)
        if (best == NULL || doubt(router) < doubt(best))
            best = router;
    return best;
}

struct default_router *default_router_select(const struct node *node, const struct interface *interface)
{
    if (interface != NULL)
        return select_on(interface, NULL);
    struct default_router *best = NULL;
    for (uint32_t i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].up && !node->interfaces[i].standby)
            best = select_on(&node->interfaces[i], best);
    return best;
}

/* ---- prefixes ---- */

bool prefix_is_on_link(const struct interface *interface, const struct ipv6_address *address)
{
    if (ipv6_address_is_link_local(address))
        return true;
    for (const struct on_link_prefix *prefix = interface->prefixes; prefix != NULL; prefix = prefix->next)
        if (ipv6_prefix_match(&prefix->prefix, address, prefix->length))
            return true;
    return false;
}

static void prefix_delete(struct node *node, struct on_link_prefix *prefix)
{
    struct on_link_prefix **link = &prefix->interface->prefixes;
    while (*link != prefix)
        link = &(*link)->next;
    *link = prefix->next;
    node_disarm(node, &prefix->timer);
    free(prefix);
}

static void prefix_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct on_link_prefix *prefix = timer_owner(timer, struct on_link_prefix, timer);
    if (now >= prefix->expires)
        prefix_delete(node, prefix);
    else
        watch_end(node, timer, prefix->expires);
}

int prefix_add(struct node *node, struct interface *interface, const struct ipv6_address *prefix,
               unsigned length, time_ns expires, time_ns now)
{
    if (length > 128)
        return ERROR_ARGUMENT;
    struct ipv6_address bits = ipv6_prefix_of(prefix, length);
    unsigned count = 0;
    struct on_link_prefix **link = &interface->prefixes;
    for (; *link != NULL; link = &(*link)->next, count++)
        if ((*link)->length == length && ipv6_address_equal(&(*link)->prefix, &bits))
            break;
    struct on_link_prefix *found = *link;
    if (expires <= now) {
        if (found != NULL)
            prefix_delete(node, found);
        return 0;
    }
    if (found == NULL) {
        if (count >= PREFIXES_MAX)
            return ERROR_CAPACITY;
        found = calloc(1, sizeof(*found));
        if (found == NULL)
            return ERROR_MEMORY;
        found->prefix = bits;
        found->interface = interface;
        found->length = (uint8_t)length;
        timer_init(&found->timer, prefix_expired);
        *link = found;
    }
    found->expires = expires;
    watch_end(node, &found->timer, expires);
    return 0;
}

void router_discovery_flush(struct node *node, struct interface *interface)
{
    while (interface->default_routers != NULL)
        default_router_delete(node, interface->default_routers);
    while (interface->prefixes != NULL)
        prefix_delete(node, interface->prefixes);
}

/* ---- soliciting (6.3.7) ---- */

struct router_solicitor {
    struct timer timer;
    struct interface *interface;
    uint8_t sent;
    bool heard; /* before the first solicitation: that one is still sent, and no other */
};

/* From the link-local address with its link-layer address; from an optimistic one without (RFC 4429, 3.2);
 * else from none. */
static void send_solicitation(struct node *node, struct interface *interface, time_ns now)
{
    struct nd_message message = {.type = ICMPV6_ROUTER_SOLICITATION};
    struct ipv6_address source = ipv6_unspecified;
    const struct interface_address *link_local = address_link_local(interface);
    if (link_local != NULL && address_is_usable(link_local)) {
        source = link_local->address;
        if (link_local->state != ADDRESS_OPTIMISTIC && interface_has_link_layer_address(interface)) {
            message.present = ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS);
            message.source_link_layer_address = interface->link_layer_address;
        }
    }
    nd_message_send(node, interface, &message, &source, &ipv6_all_routers, NULL, now);
}

static void solicitor_step(struct node *node, struct timer *timer, time_ns now)
{
    struct router_solicitor *solicitor = timer_owner(timer, struct router_solicitor, timer);
    struct interface *interface = solicitor->interface;
    if (solicitor->sent == MAX_RTR_SOLICITATIONS) {
        router_solicit_stop(node, interface); /* there are no routers on this link, for all one knows */
        return;
    }
    solicitor->sent++;
    time_ns wait =
        solicitor->sent < MAX_RTR_SOLICITATIONS ? RTR_SOLICITATION_INTERVAL : MAX_RTR_SOLICITATION_DELAY;
    if (solicitor->heard)
        router_solicit_stop(node, interface);
    else
        node_arm(node, timer, time_add(now, wait));
    send_solicitation(node, interface, now);
}

void router_solicit(struct node *node, struct interface *interface, bool delay, time_ns now)
{
    if (node->configuration->forwarding)
        return;
    struct router_solicitor *solicitor = interface->solicitor;
    if (solicitor == NULL) {
        solicitor = calloc(1, sizeof(*solicitor));
        if (solicitor == NULL)
            return; /* it hears the next unsolicited advertisement */
        solicitor->interface = interface;
        timer_init(&solicitor->timer, solicitor_step);
        interface->solicitor = solicitor;
    }
    solicitor->sent = 0;
    solicitor->heard = false;
    time_ns wait = 0;
    if (delay)
        wait = environment_random_time(node->environment, RANDOM_NEIGHBOR_DISCOVERY, 0,
                                       MAX_RTR_SOLICITATION_DELAY);
    node_arm(node, &solicitor->timer, time_add(now, wait));
}

void router_solicit_stop(struct node *node, struct interface *interface)
{
    if (interface->solicitor == NULL)
        return;
    node_disarm(node, &interface->solicitor->timer);
    free(interface->solicitor);
    interface->solicitor = NULL;
}

static void solicitor_hears(struct node *node, struct interface *interface)
{
    if (interface->solicitor == NULL)
        return;
    if (interface->solicitor->sent > 0)
        router_solicit_stop(node, interface);
    else
        interface->solicitor->heard = true;
}

/* ---- advertisements received ---- */

static void from_message(struct received_router_advertisement *advertisement, const struct inbound *in,
                         const struct nd_message *message)
{
    uint32_t present = message->present;
    /* All but the room for prefixes, which is most of it and mostly empty. */
    memset(advertisement, 0, offsetof(struct received_router_advertisement, prefixes));
    advertisement->router = in->source;
    advertisement->hop_limit = message->hop_limit;
    advertisement->managed = message->managed;
    advertisement->other = message->other;
    advertisement->home_agent = message->home_agent;
    advertisement->router_lifetime = message->router_lifetime;
    advertisement->reachable_time_ms = message->reachable_time_ms;
    advertisement->retransmission_ms = message->retransmission_ms;
    if ((present & ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS)) != 0) {
        advertisement->has_link_layer_address = true;
        advertisement->link_layer_address = message->source_link_layer_address;
    }
    if ((present & ND_HAS(ND_OPTION_MTU)) != 0)
        advertisement->mtu = message->mtu;
    if ((present & ND_HAS(ND_OPTION_ADVERTISEMENT_INTERVAL)) != 0)
        advertisement->advertisement_interval_ms = message->advertisement_interval_ms;
    if ((present & ND_HAS(ND_OPTION_HOME_AGENT_INFORMATION)) != 0) {
        advertisement->has_home_agent_information = true;
        advertisement->home_agent_preference = message->home_agent_preference;
        advertisement->home_agent_lifetime = message->home_agent_lifetime;
    }
    advertisement->prefix_count = message->prefix_count;
    memcpy(advertisement->prefixes, message->prefixes, message->prefix_count * sizeof(message->prefixes[0]));
}

static void update_default_router(struct node *node, struct interface *interface,
                                  const struct received_router_advertisement *advertisement, time_ns now)
{
    struct default_router *router = default_router_find(interface, &advertisement->router);
    if (advertisement->router_lifetime == 0) {
        if (router != NULL)
            default_router_delete(node, router);
        return;
    }
    if (router == NULL)
        router = default_router_new(node, interface, &advertisement->router);
    if (router == NULL)
        return;
    router->expires = time_add(now, SECONDS(advertisement->router_lifetime));
    router->advertisement_interval_ms = advertisement->advertisement_interval_ms;
    router->unreachable = false;
    watch_end(node, &router->timer, router->expires);
}

static void update_parameters(struct node *node, struct interface *interface,
                              const struct received_router_advertisement *advertisement)
{
    if (advertisement->hop_limit != 0)
        interface->hop_limit = advertisement->hop_limit;
    if (advertisement->retransmission_ms != 0)
        interface->retransmission_ms = advertisement->retransmission_ms;
    if (advertisement->reachable_time_ms != 0 &&
        advertisement->reachable_time_ms != interface->base_reachable_time_ms) {
        interface->base_reachable_time_ms = advertisement->reachable_time_ms;
        interface_draw_reachable_time(node, interface);
    }
    uint16_t most = interface->configured_mtu != 0 ? interface->configured_mtu : interface->mtu;
    if (advertisement->mtu >= IPV6_MTU_MINIMUM && advertisement->mtu <= most) {
        interface->configured_mtu = most;
        interface->mtu = (uint16_t)advertisement->mtu;
    }
}

/* Whoever has a cache entry and advertises is a router, whether or not it tells its link-layer address
 * (6.3.4). */
static void update_neighbor(struct node *node, struct interface *interface,
                            const struct received_router_advertisement *advertisement, time_ns now)
{
    if (advertisement->has_link_layer_address)
        neighbor_learn(node, interface, &advertisement->router, &advertisement->link_layer_address, true,
                       now);
    struct neighbor *neighbor = neighbor_lookup(interface, &advertisement->router);
    if (neighbor != NULL)
        neighbor->is_router = true;
}

static void update_prefixes(struct node *node, struct interface *interface,
                            const struct received_router_advertisement *advertisement, time_ns now)
{
    for (unsigned i = 0; i < advertisement->prefix_count; i++) {
        const struct advertised_prefix *prefix = &advertisement->prefixes[i];
        if (prefix->on_link && !ipv6_address_is_link_local(&prefix->prefix) &&
            !ipv6_address_is_multicast(&prefix->prefix))
            (void)prefix_add(node, interface, &prefix->prefix, prefix->length,
                             time_add(now, prefix_lifetime(prefix->valid_lifetime)), now);
        if (prefix->autonomous && node->configuration->stateless_autoconfiguration)
            address_autoconfigure(node, interface, &prefix->prefix, prefix->length,
                                  prefix_lifetime(prefix->preferred_lifetime),
                                  prefix_lifetime(prefix->valid_lifetime), now);
    }
}

static void process(struct node *node, struct interface *interface,
                    const struct received_router_advertisement *advertisement, time_ns now)
{
    const struct node_extension *extension = node->extension;
    if (extension != NULL && extension->router_advertisement != NULL &&
        !extension->router_advertisement(node, interface, advertisement, now))
        return;
    bool host = !node->configuration->forwarding;
    if (host) {
        update_default_router(node, interface, advertisement, now);
        update_parameters(node, interface, advertisement);
    }
    update_neighbor(node, interface, advertisement, now);
    if (interface->advertiser != NULL)
        router_advertiser_compare(node, interface, advertisement, now);
    if (host) {
        update_prefixes(node, interface, advertisement, now);
        if (advertisement->router_lifetime != 0)
            solicitor_hears(node, interface);
    }
    if (extension != NULL && extension->router_advertisement_processed != NULL)
        extension->router_advertisement_processed(node, interface, advertisement, now);
}

/*
 * The last advertisement that a node of this pool has read, and what it says. A LAN gives the same octets
 * to one station after another; each checks and heeds them for itself, but they are taken apart once. A
 * message of another source or other octets, be it by one bit, is read anew.
 */
struct advertisement_memo {
    size_t length; /* of octets; 0: there is none */
    uint8_t octets[256];
    struct nd_message message;
    struct received_router_advertisement advertisement;
};

static bool is_in_memo(const struct advertisement_memo *memo, const struct inbound *in)
{
    return memo->length > 0 && memo->length == inbound_payload_length(in) &&
           ipv6_address_equal(&memo->advertisement.router, &in->source) &&
           memcmp(memo->octets, inbound_payload(in), memo->length) == 0;
}

/* False: 6.1.2 forbids to heed it. */
static bool read_advertisement(struct advertisement_memo *memo, const struct inbound *in)
{
    size_t length = inbound_payload_length(in);
    memo->length = 0;
    if (!ipv6_address_is_link_local(&in->source) ||
        !nd_message_read(&memo->message, ICMPV6_ROUTER_ADVERTISEMENT, inbound_payload(in), length))
        return false;
    from_message(&memo->advertisement, in, &memo->message);
    if (length > sizeof(memo->octets))
        return true;
    memcpy(memo->octets, inbound_payload(in), length);
    memo->length = length;
    return true;
}

void router_advertisement_receive(struct node *node, struct inbound *in, time_ns now)
{
    struct advertisement_memo own;
    struct advertisement_memo *memo = packet_pool_memo(node->environment->packets, sizeof(*memo));
    if (memo == NULL) {
        own.length = 0;
        memo = &own;
    }
    if (!nd_message_is_neighbors(in) || !(is_in_memo(memo, in) || read_advertisement(memo, in))) {
        nd_message_discard(node, in, ICMPV6_ROUTER_ADVERTISEMENT, DISCARD_NEIGHBOR_DISCOVERY, now);
        return;
    }
    nd_message_report_received(node, in, &memo->message, now);
    process(node, in->interface, &memo->advertisement, now);
    nd_message_done(in);
}

/* ---- links ---- */

void router_discovery_link_changed(struct node *node, struct interface *interface, bool up, time_ns now)
{
    if (!up) {
        router_solicit_stop(node, interface);
        router_advertiser_pause(node, interface);
        return;
    }
    router_advertiser_ready(node, interface, now);
    /* On a point-to-point link nobody advertises: its ends are configured. A node that takes no hints asks
     * only while it knows no router, that is, in the beginning. */
    bool knows = node->configuration->ignore_link_hints && interface->default_routers != NULL;
    if (interface->kind == INTERFACE_ETHERNET && !knows)
        router_solicit(node, interface, node->configuration->delay_router_solicitation, now);
}
