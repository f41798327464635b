/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * movement.c - which link the mobile node is on: movement detection, home link detection, the primary care-of
 * address, returning home (RFC 6275, 11.5; RFC 4861, 6.3.7).
 *
 * A link is known by its prefixes. Router link-local addresses would not do: they are unique on a link only.
 * An advertisement that shares a prefix with what is known of the link comes from the same link, whichever
 * router sent it; one that shares none comes from another link, or from another router of this one (11.5.1),
 * and there
 *
 *     something has made the link uncertain  -> the node has moved
 *     hints are heeded, and none has come    -> it is the same link, and the prefix one more of its prefixes
 *     no hints, eager (the default)          -> the node has moved: the newest advertisement is right
 *     no hints, lazy                         -> it is ignored while the old default router answers, which is
 *                                               asked at once (11.5.1); if that fails the node moves
 *
 * What makes a link uncertain: the link layer says that it came up (unless such hints are ignored);
 * ADVERTISEMENTS_MISSED intervals of the Advertisement Interval option have gone by in silence; Neighbor
 * Unreachability Detection gave up on the default router. Then routers are solicited at once, without the
 * random delay, as RFC 4861, 6.3.7 allows a mobile node.
 *
 * A link that comes back and proves to be the same one costs nothing: addresses and registrations are as they
 * were.
 *
 * While the link is down or uncertain by a hint the node is unattached and sends nothing from its home
 * address: it does not know whether its care-of address still is one.
 *
 * The care-of address is chosen once an advertisement has been processed as a whole, never in the middle of
 * it: an optimistic address is usable before the router that it needs is known.
 *
 * A node with several home addresses is at home on a link as those whose home prefix is advertised there, and
 * away as the others, which are registered with the care-of address that the link gives: if it gives no
 * other, that is the home address which is at home there, since no home agent takes what is sent to it. One
 * link may be the home of several. One whose prefix another router advertises, not yet heard, comes home when
 * it is. Of two home links that the node is on with two interfaces the one found last is home.
 *
 * One interface is on one link, and what the old link has taught is forgotten with the move. A node that
 * can hear two links at a time has two interfaces (11.5.4). `interface` is the one of the primary care-of
 * address; another that comes up is on standby: it listens, finds routers, configures an address, while all
 * traffic goes on where it was. Once its address is usable, or the home prefix is advertised there, the
 * node moves to it: the new address is registered, packets leave by the new link alone, and the old
 * interface is on standby. Packets are still accepted at the previous care-of address, until the old link
 * goes down, which ends its addresses. If the primary link goes down before, the node moves back to what it
 * can still hear.
 */
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_discovery.h"
#include "models/mobility/mobile_node.h"
#include "models/mobility/prefix_discovery.h"

/* How many lost advertisements are an indication (11.5.1 leaves it to the node). */
#define ADVERTISEMENTS_MISSED 3

/* A home address found to be another's, on the home link, is tested again with an advertisement after so
 * long. */
#define RETEST_INTERVAL SECONDS(10)

/* The home agent counts a lifetime from when the update arrived, which may be so much later than it was
 * sent. */
#define BINDING_LINGERS SECONDS(10)

/* -- what an advertisement says about the link -- */

static bool names_the_link(const struct advertised_prefix *prefix)
{
    return (prefix->on_link || prefix->autonomous) && prefix->length > 0 &&
           !ipv6_address_is_link_local(&prefix->prefix);
}

static bool is_home_prefix(const struct mobile_home *home, const struct advertised_prefix *prefix)
{
    return names_the_link(prefix) && prefix->length == home->home_prefix_length &&
           ipv6_prefix_match(&prefix->prefix, &home->home_address, prefix->length);
}

/* 11.5.2; false: as far as it tells, a foreign link. */
static bool has_home_prefix(const struct received_router_advertisement *advertisement,
                            const struct mobile_home *home)
{
    for (unsigned i = 0; i < advertisement->prefix_count; i++)
        if (is_home_prefix(home, &advertisement->prefixes[i]))
            return true;
    return false;
}

/* Of any home address. */
static bool has_any_home_prefix(const struct received_router_advertisement *advertisement,
                                const struct mobile_node *mobile)
{
    for (const struct mobile_home *home = &mobile->home; home; home = home->next)
        if (has_home_prefix(advertisement, home))
            return true;
    return false;
}

static bool is_on_a_home_link(const struct mobile_node *mobile)
{
    const struct mobile_home *home = &mobile->home;
    while (home && !home->on_home_link)
        home = home->next;
    return home != NULL;
}

static bool is_on_a_foreign_link(const struct mobile_node *mobile)
{
    const struct mobile_home *home = &mobile->home;
    while (home && home->on_home_link)
        home = home->next;
    return home != NULL;
}

static const struct advertised_prefix *first_prefix_in(
    const struct received_router_advertisement *advertisement)
{
    for (unsigned i = 0; i < advertisement->prefix_count; i++)
        if (names_the_link(&advertisement->prefixes[i]))
            return &advertisement->prefixes[i];
    return NULL;
}

static bool prefix_is_known(const struct interface *interface, const struct advertised_prefix *prefix)
{
    for (const struct on_link_prefix *known = interface->prefixes; known; known = known->next)
        if (known->length == prefix->length &&
            ipv6_prefix_match(&known->prefix, &prefix->prefix, prefix->length))
            return true;
    for (const struct interface_address *address = interface->addresses; address; address = address->next)
        if (address->origin == ADDRESS_AUTOCONFIGURED && address->prefix_length == prefix->length &&
            ipv6_prefix_match(&address->address, &prefix->prefix, prefix->length))
            return true;
    return false;
}

static bool is_this_link(const struct mobile_node *mobile,
                         const struct received_router_advertisement *advertisement)
{
    for (const struct mobile_home *home = &mobile->home; home; home = home->next)
        if (home->on_home_link && has_home_prefix(advertisement, home))
            return true;
    if (is_on_a_home_link(mobile) || has_any_home_prefix(advertisement, mobile))
        return false;
    for (unsigned i = 0; i < advertisement->prefix_count; i++)
        if (names_the_link(&advertisement->prefixes[i]) &&
            prefix_is_known(mobile->interface, &advertisement->prefixes[i]))
            return true;
    return false;
}

enum judgement { THIS_LINK, PERHAPS_ANOTHER_LINK, ANOTHER_LINK };

static enum judgement judge(const struct node *node, const struct mobile_node *mobile,
                            const struct received_router_advertisement *advertisement)
{
    if (!mobile->link_known)
        return ANOTHER_LINK;
    if (is_this_link(mobile, advertisement))
        return THIS_LINK;
    if (mobile->uncertain)
        return ANOTHER_LINK;
    /* but where the home prefix is on-link is home (11.5.5) */
    bool home = has_any_home_prefix(advertisement, mobile) && !is_on_a_home_link(mobile);
    if (!node->configuration->ignore_link_hints)
        return home ? ANOTHER_LINK : THIS_LINK;
    return mobile->configuration->lazy ? PERHAPS_ANOTHER_LINK : ANOTHER_LINK;
}

/* -- doubt -- */

static void doubt_link(struct node *node, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    mobile->uncertain = true;
    router_solicit(node, mobile->interface, false, now);
}

static void advertisements_missed(struct node *node, struct timer *timer, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    if (now < mobile->silent_from)
        node_arm(node, timer, mobile->silent_from); /* more have come since it was armed */
    else
        doubt_link(node, now);
}

/* An advertisement of this link: the next ones are due. They come twenty times a second to each mobile
 * node, so most only move the instant; the timer is moved with it if it would wake before the next one is
 * here. */
static void watch_advertisements(struct node *node, const struct received_router_advertisement *advertisement,
                                 time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    if (advertisement->advertisement_interval_ms == 0)
        return;
    mobile->timer.expired = advertisements_missed;
    time_ns interval = MILLISECONDS(advertisement->advertisement_interval_ms);
    mobile->silent_from = time_add(now, ADVERTISEMENTS_MISSED * interval);
    if (!timer_is_armed(&mobile->timer) || mobile->timer.deadline > mobile->silent_from ||
        mobile->timer.deadline < time_add(now, interval))
        node_arm(node, &mobile->timer, mobile->silent_from);
}

/* Lazy: is the old link to be given the benefit of the doubt? Then its router is being asked. */
static bool old_router_may_answer(struct node *node, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    const struct default_router *router = default_router_select(node, mobile->interface);
    if (!router || router->unreachable)
        return false;
    neighbor_probe(node, mobile->interface, &router->address, now);
    return true;
}

/* -- the care-of address -- */

/* The link is about to give the node an address. */
static bool is_configuring(const struct interface *interface)
{
    const struct interface_address *address = interface->addresses;
    while (address && !(address->origin == ADDRESS_AUTOCONFIGURED && address->state == ADDRESS_TENTATIVE))
        address = address->next;
    return address != NULL;
}

static unsigned rank_of(const struct node *node, const struct interface *interface,
                        const struct interface_address *address)
{
    if (!address || !address_is_usable(address) || !ipv6_address_is_unicast_routable(&address->address))
        return 0;
    if (address->origin == ADDRESS_HOME) {
        const struct mobile_home *home = mobile_node_find_home(node, &address->address);
        return home && home->state == MOBILE_NODE_AT_HOME && !is_configuring(interface) ? 1 : 0;
    }
    /* One that the operator has given is a care-of address where its prefix is advertised (11.5.4). */
    if (address->origin != ADDRESS_AUTOCONFIGURED && !prefix_is_on_link(interface, &address->address))
        return 0;
    return address->state == ADDRESS_DEPRECATED ? 1 : 2;
}

static const struct interface_address *best_care_of_address(const struct node *node,
                                                            const struct mobile_node *mobile)
{
    const struct interface_address *best = NULL;
    if (!ipv6_address_is_unspecified(&mobile->care_of_address)) {
        best = mobile->interface->addresses;
        while (best && !ipv6_address_equal(&best->address, &mobile->care_of_address))
            best = best->next;
        if (!best)
            best = address_find(node, &mobile->care_of_address);
    }
    if (rank_of(node, mobile->interface, best) == 2)
        return best; /* as with nearly every advertisement */
    if (rank_of(node, mobile->interface, best) == 0)
        best = NULL;
    for (const struct interface_address *address = mobile->interface->addresses; address;
         address = address->next)
        if (rank_of(node, mobile->interface, address) > rank_of(node, mobile->interface, best))
            best = address;
    return best;
}

static void report_care_of_address(struct node *node, const struct mobile_node *mobile, time_ns now)
{
    struct protocol_event event = {
        .kind = EVENT_CARE_OF_ADDRESS_USABLE,
        .care_of_address = &mobile->care_of_address,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    mobile_node_report(node, &mobile->home, &event, now);
}

static void lose_care_of_address(struct node *node, struct mobile_home *home, time_ns now)
{
    if (home->state != MOBILE_NODE_CONFIGURING)
        binding_update_list_suspend(node, home, now);
    mobile_node_change_state(node, home, MOBILE_NODE_CONFIGURING, now);
}

/* On a foreign link. Finds the address to be registered, if there is one by now; registers what has changed.
 * */
static void choose_care_of_address(struct node *node, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    const struct interface_address *best = best_care_of_address(node, mobile);
    if (!best) {
        mobile->care_of_address = ipv6_unspecified;
        for (struct mobile_home *home = &mobile->home; home; home = home->next)
            if (!home->on_home_link)
                lose_care_of_address(node, home, now);
        return;
    }
    bool same = ipv6_address_equal(&best->address, &mobile->care_of_address);
    mobile->care_of_address = best->address;
    if (!same)
        report_care_of_address(node, mobile, now);
    for (struct mobile_home *home = &mobile->home; home; home = home->next) {
        bool registered = home->state == MOBILE_NODE_REGISTERING || home->state == MOBILE_NODE_REGISTERED;
        if (!home->on_home_link && !(same && registered))
            binding_update_list_register(node, home, now);
    }
}

/* -- the home address on the home link -- */

/* By what this node knows, and a little longer: taken for its own too early, the addresses that the home
 * agent keeps would be found to be duplicates. */
static bool home_agent_may_have_binding(const struct mobile_home *home, time_ns now)
{
    const struct binding_update_entry *entry = mobile_home_registration(home);
    return entry && entry->may_exist_until > 0 && time_add(entry->may_exist_until, BINDING_LINGERS) > now;
}

void movement_defend_home_address(struct node *node, const struct mobile_home *home, bool defend)
{
    struct interface_address *address = address_find(node, &home->home_address);
    if (address)
        (void)address_set_defended(
            node, address, defend); /* without memory for its group nobody finds the node: as if off */
}

/* No home agent has kept the address unique (11.5.5, last of "MUST NOT perform": without a binding the node
 * SHOULD test). */
static void test_home_address(struct node *node, struct mobile_home *home, time_ns now)
{
    struct interface_address *address = address_find(node, &home->home_address);
    if (address && address->defended && address->state != ADDRESS_DUPLICATE)
        return; /* it never left the link */
    home->tested = now;
    if (address)
        (void)address_remove(node, &home->home_address, now);
    (void)address_add(node, mobile_node_of(node)->interface->index, &home->home_address,
                      home->home_prefix_length, ADDRESS_HOME, true, true, now);
}

/* Who had the home address when it was tested may have been a home agent: by a binding that lasts a little
 * longer there than here, or that this node has lost the memory of. */
static void test_home_address_again(struct node *node, struct mobile_home *home, time_ns now)
{
    const struct interface_address *address = address_find(node, &home->home_address);
    if (address && address->state == ADDRESS_DUPLICATE && time_add(home->tested, RETEST_INTERVAL) <= now)
        test_home_address(node, home, now);
}

/* 11.5.5: all on the home link shall know the node's own link-layer address again, in place of the home
 * agent's. */
static void advertise_home_address(struct node *node, const struct mobile_home *home, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    neighbor_advertise(node, mobile->interface, &home->home_address, true, MAX_NEIGHBOR_ADVERTISEMENT, now);
    const struct interface_address *link_local = address_link_local(mobile->interface);
    if (link_local && address_is_usable(link_local))
        neighbor_advertise(node, mobile->interface, &link_local->address, true, MAX_NEIGHBOR_ADVERTISEMENT,
                           now);
}

void movement_at_home(struct node *node, struct mobile_home *home, bool advertise, time_ns now)
{
    mobile_node_change_state(node, home, MOBILE_NODE_AT_HOME, now);
    if (advertise) {
        movement_defend_home_address(node, home, true);
        advertise_home_address(node, home, now);
    } else {
        test_home_address(node, home, now);
    }
    binding_update_list_at_home(node, home, now);
    if (advertise && is_on_a_foreign_link(mobile_node_of(node)))
        choose_care_of_address(node, now);
}

/* With the R bit the advertisement tells its router's whole address: is it the home agent's (7.2)? */
static void learn_home_agent_station(struct mobile_home *home,
                                     const struct received_router_advertisement *advertisement)
{
    if (!advertisement->has_link_layer_address)
        return;
    for (unsigned i = 0; i < advertisement->prefix_count; i++) {
        const struct advertised_prefix *prefix = &advertisement->prefixes[i];
        if (!prefix->router_address || !ipv6_address_equal(&prefix->prefix, &home->home_agent))
            continue;
        home->home_agent_station = advertisement->link_layer_address;
        home->station_known = true;
    }
}

static void settle_at_home(struct node *node, struct mobile_home *home, time_ns now)
{
    if (home->state == MOBILE_NODE_AT_HOME) {
        test_home_address_again(node, home, now);
        return;
    }
    if (home_agent_may_have_binding(home, now)) {
        mobile_node_change_state(node, home, MOBILE_NODE_RETURNING, now);
        binding_update_list_deregister(node, home, now);
    } else {
        movement_at_home(node, home, false, now);
    }
}

/* -- arriving -- */

bool movement_link_local_is_home_address(const struct mobile_node *mobile, const struct mobile_home *home)
{
    const struct interface_address *link_local = address_link_local(mobile->interface);
    return mobile->configuration->link_local_compatibility && link_local &&
           memcmp(link_local->address.octets + 8, home->home_address.octets + 8, 8) == 0;
}

/* The link-local address is tested on every new link (11.5.1), except on the home link while the home agent
 * defends it together with the home address (11.5.5): the test would find the home agent, and silence the
 * interface. While it is not known which link this is, it may be the home link. */
static void decide_link_local_test(const struct mobile_node *mobile, bool perhaps_home, time_ns now)
{
    struct interface_address *link_local = address_link_local(mobile->interface);
    bool defended = false;
    for (const struct mobile_home *home = &mobile->home; home; home = home->next) {
        defended |= (home->on_home_link || perhaps_home) && home_agent_may_have_binding(home, now) &&
                    movement_link_local_is_home_address(mobile, home);
    }
    if (link_local)
        link_local->detect = !defended;
}

static void report_arrival(struct node *node, const struct received_router_advertisement *advertisement,
                           time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    bool home = has_any_home_prefix(advertisement, mobile);
    struct protocol_event used = {
        .kind = EVENT_ROUTER_ADVERTISEMENT_USED,
        .source = &advertisement->router,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    struct protocol_event moved = used;
    moved.kind = EVENT_MOVED;
    moved.care_of_address = home ? NULL : &first_prefix_in(advertisement)->prefix;
    mobile_node_report(node, &mobile->home, &used, now);
    mobile_node_report(node, &mobile->home, &moved, now);
}

static void report_return(struct node *node, const struct mobile_home *home,
                          const struct received_router_advertisement *advertisement, time_ns now)
{
    struct protocol_event returned = {
        .kind = EVENT_RETURNED_HOME,
        .source = &advertisement->router,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    mobile_node_report(node, home, &returned, now);
}

static void report_returns(struct node *node, const struct received_router_advertisement *advertisement,
                           time_ns now)
{
    for (const struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next)
        if (has_home_prefix(advertisement, home))
            report_return(node, home, advertisement, now);
}

static void leave_link(struct node *node, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    node_disarm(node, &mobile->timer);
    for (struct mobile_home *home = &mobile->home; home; home = home->next) {
        binding_update_list_suspend(node, home, now);
        if (home->on_home_link)
            movement_defend_home_address(node, home, false);
        home->station_known = false;
        home->on_home_link = false;
    }
    mobile->care_of_address = ipv6_unspecified;
}

/* advertisement: what the new link is known by; NULL: a foreign link. */
static void find_link(struct mobile_node *mobile, const struct received_router_advertisement *advertisement)
{
    mobile->link_known = true;
    mobile->uncertain = false;
    mobile->lapsed = false;
    for (struct mobile_home *home = &mobile->home; home; home = home->next)
        home->on_home_link = advertisement && has_home_prefix(advertisement, home);
}

static void begin_on_link(struct node *node, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    for (struct mobile_home *home = &mobile->home; home; home = home->next)
        mobile_node_change_state(node, home,
                                 home->on_home_link ? MOBILE_NODE_UNATTACHED : MOBILE_NODE_CONFIGURING, now);
}

/* A home address is defended on the interface whose address it is. */
static void bring_home_address(struct node *node, const struct interface_address *address, time_ns now)
{
    const struct interface_address brought = *address;
    unsigned interface = mobile_node_of(node)->interface->index;
    (void)address_remove(node, &brought.address, now);
    int error = address_add(node, interface, &brought.address, brought.prefix_length, ADDRESS_HOME,
                            brought.detect, false, now);
    if (error)
        return; /* out of memory: it is as if the home agent did not answer */
    if (brought.valid_until == TIME_NEVER)
        return;
    time_ns preferred = brought.preferred_until == TIME_NEVER ? TIME_NEVER : brought.preferred_until - now;
    struct interface_address *here = address_find(node, &brought.address);
    address_set_lifetimes(node, here, preferred > 0 ? preferred : 0, brought.valid_until - now, now);
}

static void bring_home_addresses(struct node *node, const struct interface *from, time_ns now)
{
    const struct interface_address *address = from->addresses;
    while (address) {
        bool brought = address->origin == ADDRESS_HOME;
        if (brought)
            bring_home_address(node, address, now);
        address = brought ? from->addresses : address->next;
    }
}

/* From other interfaces, by which the node may have been at home before. */
static void gather_home_addresses(struct node *node, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    if (!is_on_a_home_link(mobile))
        return;
    mobile->advertising = true; /* as it is: this is an advertisement's doing */
    for (unsigned i = 0; i < node->interface_count; i++)
        if (&node->interfaces[i] != mobile->interface)
            bring_home_addresses(node, &node->interfaces[i], now);
}

/* The advertisement comes from a link on which the node was not. The host part will process it on a clean
 * slate. */
static void arrive(struct node *node, const struct received_router_advertisement *advertisement, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    bool moved = mobile->link_known;
    if (moved || !has_any_home_prefix(advertisement, mobile)) /* switched on at home it has not moved */
        report_arrival(node, advertisement, now);
    if (moved)
        report_returns(node, advertisement, now);
    leave_link(node, now);
    find_link(mobile, advertisement);
    decide_link_local_test(mobile, false, now);
    if (moved)
        interface_forget_link(node, mobile->interface, false, now);
    gather_home_addresses(node, now);
    begin_on_link(node, now);
}

/* The link, which is known, proves to be the home link of one more home address. */
static void come_home(struct node *node, struct mobile_home *home,
                      const struct received_router_advertisement *advertisement, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    report_return(node, home, advertisement, now);
    binding_update_list_suspend(node, home, now);
    home->on_home_link = true;
    gather_home_addresses(node, now);
    if (!is_on_a_foreign_link(mobile))
        mobile->care_of_address = ipv6_unspecified;
    mobile_node_change_state(node, home, MOBILE_NODE_UNATTACHED, now);
}

/* -- overlapping attachment (11.5.4) -- */

/* Interfaces past the 32nd are never moved to. */
static uint32_t bit_of(const struct interface *interface)
{
    return interface->index < 32 ? UINT32_C(1) << interface->index : 0;
}

static bool is_candidate(const struct mobile_node *mobile, const struct interface *interface)
{
    return interface != mobile->interface && (mobile->candidates & bit_of(interface)) != 0;
}

/* The other interface becomes the one of the primary care-of address; what is known of its link stays.
 * advertisement: of a home link; NULL: a foreign one. */
static void move_to_interface(struct node *node, struct interface *interface,
                              const struct received_router_advertisement *advertisement, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    struct interface *old = mobile->interface;
    /* It was kept in case that the link came back, which is not known even if the interface is up again. */
    bool forget = !old->up || mobile->lapsed;
    leave_link(node, now);
    old->standby = true;
    interface->standby = false;
    mobile->candidates &= ~bit_of(interface);
    mobile->interface = interface;
    find_link(mobile, advertisement);
    if (forget)
        interface_forget_link(node, old, false, now);
    gather_home_addresses(node, now);
    begin_on_link(node, now);
}

/* To an address that can be used, with a router to use it by. */
static void try_interface(struct node *node, struct interface *interface, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    unsigned best = 0;
    for (const struct interface_address *address = interface->addresses; address; address = address->next) {
        unsigned rank = rank_of(node, interface, address);
        best = rank > best ? rank : best;
    }
    if (best == 0 || mobile->advertising || !default_router_select(node, interface))
        return;
    move_to_interface(node, interface, NULL, now);
    choose_care_of_address(node, now);
}

/* 11.5.4, last paragraph: what the unreachable link has given is invalid. */
static void standby_link_changed(struct node *node, struct interface *interface, bool up, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    interface->standby = true;
    if (!up) {
        mobile->candidates &= ~bit_of(interface);
        interface_forget_link(node, interface, false, now);
        return;
    }
    mobile->candidates |= bit_of(interface);
    if (node->configuration->delay_router_solicitation)
        router_solicit(node, interface, false, now);
}

/* The primary link is gone: any other that is up will do. */
static void reconsider_standby(struct node *node, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    for (unsigned i = 0; i < node->interface_count; i++) {
        struct interface *interface = &node->interfaces[i];
        if (interface == mobile->interface || !interface->up || interface->kind != INTERFACE_ETHERNET)
            continue;
        mobile->candidates |= bit_of(interface);
        router_solicit(node, interface, false, now);
    }
}

static bool standby_advertisement(struct node *node, struct interface *interface,
                                  const struct received_router_advertisement *advertisement, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    if (!is_candidate(mobile, interface) || !first_prefix_in(advertisement))
        return true;
    bool home = has_any_home_prefix(advertisement, mobile);
    if (home || !interface->default_routers)
        report_arrival(node, advertisement, now);
    report_returns(node, advertisement, now);
    mobile->advertising = true;
    if (home)
        move_to_interface(node, interface, advertisement, now);
    return true;
}

/* -- hooks -- */

bool mobile_node_router_advertisement(struct node *node, struct interface *interface,
                                      const struct received_router_advertisement *advertisement, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    if (interface != mobile->interface)
        return standby_advertisement(node, interface, advertisement, now);
    if (first_prefix_in(advertisement)) {
        switch (judge(node, mobile, advertisement)) {
        case THIS_LINK:
            mobile->uncertain = false;
            mobile->lapsed = false;
            for (struct mobile_home *home = &mobile->home; home; home = home->next)
                if (!home->on_home_link && has_home_prefix(advertisement, home))
                    come_home(node, home, advertisement, now);
            break;
        case PERHAPS_ANOTHER_LINK:
            if (old_router_may_answer(node, now))
                return false;
            arrive(node, advertisement, now);
            break;
        case ANOTHER_LINK:
            arrive(node, advertisement, now);
            break;
        }
    }
    mobile->advertising = true;
    return true;
}

void mobile_node_router_advertisement_processed(struct node *node, struct interface *interface,
                                                const struct received_router_advertisement *advertisement,
                                                time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    mobile->advertising = false;
    if (interface != mobile->interface) {
        if (is_candidate(mobile, interface))
            try_interface(node, interface, now);
        return;
    }
    if (!mobile->link_known || !first_prefix_in(advertisement))
        return;
    watch_advertisements(node, advertisement, now);
    for (struct mobile_home *home = &mobile->home; home; home = home->next) {
        if (!home->on_home_link)
            continue;
        learn_home_agent_station(home, advertisement);
        settle_at_home(node, home, now);
    }
    if (is_on_a_foreign_link(mobile))
        choose_care_of_address(node, now);
}

void mobile_node_link_changed(struct node *node, struct interface *interface, bool up, time_ns now)
{
    struct mobile_node *mobile = mobile_node_of(node);
    if (interface != mobile->interface) {
        if (interface->kind == INTERFACE_ETHERNET)
            standby_link_changed(node, interface, up, now);
        return;
    }
    if (!up) {
        mobile->lapsed = true;
        decide_link_local_test(
            mobile, true, now); /* a test that is cut off goes on when the link comes up, wherever that is */
    }
    if (node->configuration->ignore_link_hints)
        return;
    mobile->uncertain = true;
    if (up) {
        if (node->configuration->delay_router_solicitation)
            router_solicit(node, interface, false, now); /* in place of the host part's, which would wait */
        return;
    }
    node_disarm(node, &mobile->timer);
    for (struct mobile_home *home = &mobile->home; home; home = home->next) {
        binding_update_list_suspend(node, home, now);
        mobile_node_change_state(node, home, MOBILE_NODE_UNATTACHED, now);
    }
    reconsider_standby(node, now);
}

void mobile_node_address_changed(struct node *node, struct interface_address *address, bool removed,
                                 time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    prefix_discovery_address_changed(node, address, removed, now);
    /* One that is removed is in no list any more, and will not be chosen. */
    if (mobile->advertising || (address->origin == ADDRESS_HOME && !mobile->home.next))
        return;
    if (address->interface != mobile->interface->index) {
        if (!removed && is_candidate(mobile, address_interface(node, address)))
            try_interface(node, address_interface(node, address), now);
        return;
    }
    for (const struct mobile_home *home = &mobile->home; home; home = home->next)
        if (mobile_home_is_away(home)) {
            choose_care_of_address(node, now);
            return;
        }
}

void mobile_node_router_unreachable(struct node *node, struct interface *interface,
                                    const struct ipv6_address *router, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    (void)router;
    if (interface == mobile->interface && mobile->link_known && !mobile->uncertain)
        doubt_link(node, now);
}
