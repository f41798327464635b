/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_configuration.c - the addresses of interfaces: from the operator, from prefixes (RFC 4862, 5.3,
 * 5.5), under test (5.4; optimistic, RFC 4429), and tests for others (RFC 6275, 10.3.1).
 *
 *     TENTATIVE   probes, RetransTimer apart   -> PREFERRED (or DEPRECATED), DUPLICATE if anybody is heard
 *     OPTIMISTIC  the same, but already in use -> the same
 *     PREFERRED   -> DEPRECATED when the preferred lifetime is over; removed when the valid lifetime is
 *     DUPLICATE   kept to be seen until its valid lifetime is over, or the interface comes to another link
 *
 * One timer an address serves detection, then the lifetimes. An advertisement that prolongs a lifetime leaves
 * the timer alone: it wakes at the old end, finds the new one, and goes on. Advertisements come twenty times
 * a second, ends hardly ever.
 *
 * Every probe leaves from a timer, also the one that is due at once: whoever made the address tentative (a
 * link coming up, a move) may change his mind at the same instant without a frame on the link. Detection of
 * the node's own probes coming back is not needed: no link here returns a frame to its sender (5.4.3,
 * Appendix A).
 *
 * Optimistic (RFC 4429, 3.1, 3.3): only autoconfigured addresses, only on hosts, and only when the link-layer
 * address of a default router is known, for without it no packet could leave.
 *
 * Home addresses: a mobile node must not test its home address when it returns with a binding (RFC 6275,
 * 11.5.5), so they are not tested again when a link comes up; and while `defended` is false nobody on the
 * link hears of them.
 *
 * Hooks may remove any address. A function that calls set_state therefore does nothing with addresses
 * afterwards, and loops start over from the head of the list.
 */
#include "models/ipv6/address_configuration.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipv6/address_table.h"
#include "models/ipv6/nd_message.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_discovery.h"

#define TWO_HOURS                   SECONDS(7200)
#define INTERFACE_IDENTIFIER_LENGTH 64 /* RFC 2464, 4 */

/* ---- lookups, reports ---- */

struct interface_address *address_find(const struct node *node, const struct ipv6_address *address)
{
    const struct address_entry *entry =
        address_table_find(node->addresses, address, ADDRESS_TABLE_ANY_INTERFACE, ADDRESS_ENTRY_UNICAST);
    return entry == NULL ? NULL : entry->value;
}

struct interface_address *address_link_local(const struct interface *interface)
{
    struct interface_address *first = interface->addresses;
    return first != NULL && ipv6_address_is_link_local(&first->address) ? first : NULL;
}

static void report(struct node *node, const struct interface_address *address, enum protocol_event_kind kind,
                   time_ns now)
{
    if (!environment_watches(node->environment, kind))
        return;
    struct protocol_event event = {
        .kind = kind,
        .interface = address->interface,
        .time = now,
        .care_of_address = &address->address,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    node->environment->operations->report(node->environment, &event);
}

static void tell_extension(struct node *node, struct interface_address *address, bool removed, time_ns now)
{
    if (node->extension != NULL && node->extension->address_changed != NULL)
        node->extension->address_changed(node, address, removed, now);
}

/* The one place where a state changes. Afterwards the address may be gone. */
static void set_state(struct node *node, struct interface_address *address, enum address_state state,
                      time_ns now)
{
    struct interface *interface = address_interface(node, address);
    bool was_usable = address_is_usable(address);
    address->state = (uint8_t)state;
    if (state == ADDRESS_TENTATIVE || state == ADDRESS_OPTIMISTIC)
        report(node, address, EVENT_ADDRESS_TENTATIVE, now);
    if (state == ADDRESS_OPTIMISTIC || (address_is_usable(address) && !was_usable))
        report(node, address, EVENT_ADDRESS_USABLE, now);
    if (state == ADDRESS_DUPLICATE)
        report(node, address, EVENT_ADDRESS_DUPLICATE, now);
    tell_extension(node, address, false, now);
    if (interface->advertiser != NULL)
        router_advertiser_ready(node, interface, now);
}

/* ---- lifetimes (5.5.4) ---- */

static bool under_detection(const struct interface_address *address)
{
    return address->state == ADDRESS_TENTATIVE || address->state == ADDRESS_OPTIMISTIC;
}

static enum address_state assigned_state(const struct interface_address *address, time_ns now)
{
    return now >= address->preferred_until ? ADDRESS_DEPRECATED : ADDRESS_PREFERRED;
}

/* The timer must not be later than the next end in this state; earlier does no harm. */
static void watch_lifetimes(struct node *node, struct interface_address *address, enum address_state state,
                            time_ns now)
{
    time_ns next = address->valid_until;
    if (state == ADDRESS_PREFERRED && address->preferred_until < next)
        next = address->preferred_until;
    if (next == TIME_NEVER)
        node_disarm(node, &address->timer);
    else if (!timer_is_armed(&address->timer) || address->timer.deadline > next)
        node_arm(node, &address->timer, next > now ? next : now);
}

static void remove_address(struct node *node, struct interface_address *address, time_ns now);

/* It is the interface's now. */
static void assign(struct node *node, struct interface_address *address, time_ns now)
{
    node_disarm(node, &address->timer);
    if (now >= address->valid_until) {
        remove_address(node, address, now);
        return;
    }
    enum address_state state = assigned_state(address, now);
    watch_lifetimes(node, address, state, now);
    set_state(node, address, state, now);
}

static void lifetime_step(struct node *node, struct interface_address *address, time_ns now)
{
    if (now >= address->valid_until) {
        remove_address(node, address, now);
        return;
    }
    enum address_state state =
        address->state == ADDRESS_DUPLICATE ? ADDRESS_DUPLICATE : assigned_state(address, now);
    watch_lifetimes(node, address, state, now);
    if (address->state != state)
        set_state(node, address, state, now);
}

/* ---- detection ---- */

static bool knows_router_station(const struct interface *interface)
{
    for (const struct default_router *router = interface->default_routers; router != NULL;
         router = router->next) {
        const struct neighbor *neighbor = neighbor_lookup(interface, &router->address);
        if (neighbor != NULL && neighbor->state != NEIGHBOR_INCOMPLETE)
            return true;
    }
    return false;
}

static bool may_be_optimistic(const struct node *node, const struct interface_address *address)
{
    return node->configuration->optimistic_duplicate_detection && !node->configuration->forwarding &&
           (address->origin == ADDRESS_AUTOCONFIGURED || address->origin == ADDRESS_LINK_LOCAL) &&
           knows_router_station(address_interface(node, address));
}

static bool can_test(const struct interface *interface)
{
    return interface->up && !interface->disabled;
}

static bool is_tested(const struct node *node, const struct interface_address *address)
{
    const struct interface *interface = address_interface(node, address);
    return address->detect && address->defended && interface->kind == INTERFACE_ETHERNET &&
           node->configuration->duplicate_detection_transmits > 0;
}

/* The interface is up. Tests the address, or assigns it at once if it is not to be tested. */
static void begin(struct node *node, struct interface_address *address, time_ns now)
{
    if (!is_tested(node, address)) {
        assign(node, address, now);
        return;
    }
    bool optimistic = may_be_optimistic(node, address);
    time_ns delay = 0;
    /* 5.4.2; RFC 4429, 3.3: an optimistic node should not delay. */
    if (node->configuration->delay_duplicate_detection && !optimistic)
        delay = environment_random_time(node->environment, RANDOM_DUPLICATE_DETECTION, 0,
                                        MAX_RTR_SOLICITATION_DELAY);
    address->probes_left = node->configuration->duplicate_detection_transmits;
    node_arm(node, &address->timer, time_add(now, delay));
    set_state(node, address, optimistic ? ADDRESS_OPTIMISTIC : ADDRESS_TENTATIVE, now);
}

static time_ns probe_interval(const struct interface *interface)
{
    return MILLISECONDS(interface->retransmission_ms);
}

static void detection_step(struct node *node, struct interface_address *address, time_ns now)
{
    if (address->probes_left == 0) {
        assign(node, address, now);
        return;
    }
    struct interface *interface = address_interface(node, address);
    address->probes_left--;
    node_arm(node, &address->timer, time_add(now, probe_interval(interface)));
    neighbor_solicit(node, interface, &address->address, &ipv6_unspecified, NULL, now);
}

static bool is_from_hardware(const struct node *node, const struct interface_address *address)
{
    struct ipv6_address formed = ipv6_link_local_from(&address_interface(node, address)->link_layer_address);
    return ipv6_address_equal(&formed, &address->address);
}

/* It waits, to be tested from the beginning. */
static void suspend(struct node *node, struct interface_address *address)
{
    node_disarm(node, &address->timer);
    address->state = ADDRESS_TENTATIVE;
}

static void suspend_tests(struct node *node, struct interface *interface)
{
    for (struct interface_address *address = interface->addresses; address != NULL; address = address->next)
        if (under_detection(address) && address->defended)
            suspend(node, address);
}

/* 5.4.5. A duplicate of what the hardware address gives means duplicate hardware addresses: the interface
 * falls silent, and with no probes leaving it no other test may come to an end. */
static void disable(struct node *node, struct interface *interface)
{
    interface->disabled = true;
    router_solicit_stop(node, interface);
    suspend_tests(node, interface);
}

static void fail(struct node *node, struct interface_address *address, time_ns now)
{
    node_disarm(node, &address->timer);
    address->state = ADDRESS_DUPLICATE;
    if (is_from_hardware(node, address))
        disable(node, address_interface(node, address));
    watch_lifetimes(node, address, ADDRESS_DUPLICATE, now);
    set_state(node, address, ADDRESS_DUPLICATE, now);
}

static void address_timer_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct interface_address *address = timer_owner(timer, struct interface_address, timer);
    if (under_detection(address))
        detection_step(node, address, now);
    else
        lifetime_step(node, address, now);
}

/* ---- adding and removing ---- */

static void link_in(const struct node *node, struct interface_address *address)
{
    struct interface_address **link = &address_interface(node, address)->addresses;
    if (!ipv6_address_is_link_local(&address->address)) {
        while (*link != NULL)
            link = &(*link)->next;
    }
    address->next = *link;
    *link = address;
}

/*
 * A router takes packets to the Subnet-Router anycast address of every subnet that it has an interface to
 * (RFC 4291, 2.6.1): the prefix, and zeros. Not where that is one of two addresses that there are. With no
 * memory for it the router does without.
 */
static void serve_subnet(struct node *node, const struct interface_address *address, bool on)
{
    if (!node->configuration->forwarding || ipv6_address_is_link_local(&address->address) ||
        address->prefix_length > 126)
        return;
    struct interface *interface = address_interface(node, address);
    struct ipv6_address anycast = ipv6_prefix_of(&address->address, address->prefix_length);
    if (!on)
        anycast_remove(node, interface, &anycast);
    else
        (void)anycast_add(node, interface, &anycast);
}

/* Known under its interface, group joined if defended; ERROR_MEMORY leaves nothing behind. */
static int enter(struct node *node, struct interface_address *address)
{
    struct interface *interface = address_interface(node, address);
    struct ipv6_address group = ipv6_solicited_node(&address->address);
    if (address->defended && group_join(node, interface, &group) != 0)
        return ERROR_MEMORY;
    struct address_entry *entry =
        address_table_add(&node->addresses, &address->address, interface->index, ADDRESS_ENTRY_UNICAST);
    if (entry == NULL) {
        if (address->defended)
            group_leave(node, interface, &group);
        return ERROR_MEMORY;
    }
    entry->value = address;
    link_in(node, address);
    serve_subnet(node, address, true);
    return 0;
}

static int add(struct node *node, const struct interface_address *wanted, time_ns now)
{
    struct interface_address *address = malloc(sizeof(*address));
    if (address == NULL)
        return ERROR_MEMORY;
    *address = *wanted;
    address->state = ADDRESS_TENTATIVE;
    timer_init(&address->timer, address_timer_expired);
    int error = enter(node, address);
    if (error != 0) {
        free(address);
        return error;
    }
    /* An interface that is down tests it when it comes up. */
    if (can_test(address_interface(node, address)) || !is_tested(node, address))
        begin(node, address, now);
    return 0;
}

static bool is_taken(const struct node *node, unsigned interface, const struct ipv6_address *address)
{
    /* Link-local addresses are only unique on their link. */
    unsigned where = ipv6_address_is_link_local(address) ? interface : ADDRESS_TABLE_ANY_INTERFACE;
    return address_table_find(node->addresses, address, where, ADDRESS_ENTRY_UNICAST) != NULL;
}

int address_add(struct node *node, unsigned interface, const struct ipv6_address *address,
                unsigned prefix_length, enum address_origin origin, bool detect, bool defended, time_ns now)
{
    if (interface >= node->interface_count || prefix_length > 128 || ipv6_address_is_multicast(address) ||
        ipv6_address_is_unspecified(address))
        return ERROR_ARGUMENT;
    if (is_taken(node, interface, address))
        return ERROR_EXISTS;
    const struct interface_address wanted = {
        .address = *address,
        .interface = (uint16_t)interface,
        .preferred_until = TIME_NEVER,
        .valid_until = TIME_NEVER,
        .prefix_length = (uint8_t)prefix_length,
        .origin = (uint8_t)origin,
        .defended = defended,
        .detect = detect,
    };
    return add(node, &wanted, now);
}

static void unlink_address(struct node *node, struct interface_address *address)
{
    struct interface_address **link = &address_interface(node, address)->addresses;
    while (*link != address)
        link = &(*link)->next;
    *link = address->next;
    struct address_entry *entry = address_table_find(node->addresses, &address->address,
                                                     address->interface, ADDRESS_ENTRY_UNICAST);
    address_table_remove(node->addresses, entry);
    node_disarm(node, &address->timer);
}

static void undefend(struct node *node, struct interface_address *address)
{
    struct interface *interface = address_interface(node, address);
    struct ipv6_address group = ipv6_solicited_node(&address->address);
    address->defended = false;
    neighbor_advertise_cancel(node, interface, &address->address);
    group_leave(node, interface, &group);
}

/* It is out of every list when the extension hears of it. */
static void remove_address(struct node *node, struct interface_address *address, time_ns now)
{
    unlink_address(node, address);
    serve_subnet(node, address, false);
    if (address->defended)
        undefend(node, address);
    report(node, address, EVENT_ADDRESS_REMOVED, now);
    tell_extension(node, address, true, now);
    free(address);
}

int address_remove(struct node *node, const struct ipv6_address *address, time_ns now)
{
    struct interface_address *found = address_find(node, address);
    if (found == NULL)
        return ERROR_NOT_FOUND;
    remove_address(node, found, now);
    return 0;
}

int address_set_defended(struct node *node, struct interface_address *address, bool defended)
{
    if (address->defended == defended)
        return 0;
    if (!defended) {
        undefend(node, address);
        address->probes_left =
            0; /* a test under way ends at its next step: nobody here would answer for it */
        return 0;
    }
    struct ipv6_address group = ipv6_solicited_node(&address->address);
    int error = group_join(node, address_interface(node, address), &group);
    address->defended = error == 0;
    return error;
}

void address_vouch(struct node *node, struct interface_address *address, time_ns now)
{
    if (!address_is_usable(address))
        assign(node, address, now);
}

void address_configuration_free(struct node *node, struct interface *interface)
{
    neighbor_advertise_free_all(node, interface);
    while (interface->addresses != NULL) {
        struct interface_address *address = interface->addresses;
        unlink_address(node, address);
        free(address);
    }
}

/* ---- from advertised prefixes (5.5.3) ---- */

static struct interface_address *autoconfigured_under(const struct interface *interface,
                                                      const struct ipv6_address *prefix, unsigned length)
{
    for (struct interface_address *address = interface->addresses; address != NULL; address = address->next)
        if (address->origin == ADDRESS_AUTOCONFIGURED && address->prefix_length == length &&
            ipv6_prefix_match(&address->address, prefix, length))
            return address;
    return NULL;
}

void address_set_lifetimes(struct node *node, struct interface_address *address, time_ns preferred,
                           time_ns valid, time_ns now)
{
    address->valid_until = time_add(now, valid);
    address->preferred_until = time_add(now, preferred);
    if (!under_detection(address)) /* else its timer is detection's */
        lifetime_step(node, address, now);
}

/* 5.5.3 e, with the rule of two hours: nobody's forged advertisement ends an address early. */
static void refresh(struct node *node, struct interface_address *address, time_ns preferred, time_ns valid,
                    time_ns now)
{
    time_ns remaining = address->valid_until == TIME_NEVER ? TIME_NEVER : address->valid_until - now;
    if (valid > TWO_HOURS || valid > remaining)
        address->valid_until = time_add(now, valid);
    else if (remaining > TWO_HOURS)
        address->valid_until = time_add(now, TWO_HOURS);
    address->preferred_until = time_add(now, preferred);
    if (under_detection(address))
        return; /* the timer is detection's; the lifetimes are looked at when it is over */
    lifetime_step(node, address, now);
}

void address_autoconfigure(struct node *node, struct interface *interface, const struct ipv6_address *prefix,
                           unsigned prefix_length, time_ns preferred, time_ns valid, time_ns now)
{
    if (ipv6_address_is_link_local(prefix) || ipv6_address_is_multicast(prefix) || preferred > valid)
        return;
    struct interface_address *known = autoconfigured_under(interface, prefix, prefix_length);
    if (known != NULL) {
        refresh(node, known, preferred, valid, now);
        return;
    }
    if (valid == 0 || prefix_length + INTERFACE_IDENTIFIER_LENGTH != 128 ||
        interface->kind != INTERFACE_ETHERNET)
        return;
    struct ipv6_address identifier = ipv6_eui64_from(&interface->link_layer_address);
    const struct interface_address wanted = {
        .address = ipv6_address_join(prefix, &identifier),
        .interface = interface->index,
        .preferred_until = time_add(now, preferred),
        .valid_until = time_add(now, valid),
        .prefix_length = (uint8_t)prefix_length,
        .origin = ADDRESS_AUTOCONFIGURED,
        .defended = true,
        .detect = true,
    };
    if (!is_taken(node, interface->index, &wanted.address))
        (void)add(node, &wanted, now);
}

/* ---- on behalf of others (RFC 6275, 10.3.1) ---- */

static void probe_finish(struct node *node, struct duplicate_probe *probe, bool duplicate, time_ns now)
{
    duplicate_probe_cancel(node, probe);
    probe->done(node, probe, duplicate, now);
}

static void probe_step(struct node *node, struct timer *timer, time_ns now)
{
    struct duplicate_probe *probe = timer_owner(timer, struct duplicate_probe, timer);
    if (probe->probes_left == 0) {
        probe_finish(node, probe, false, now);
        return;
    }
    probe->probes_left--;
    node_arm(node, timer, time_add(now, probe_interval(probe->interface)));
    neighbor_solicit(node, probe->interface, &probe->address, &ipv6_unspecified, NULL, now);
}

/* No random delay: the interface has long been up, and no advertisement has made many nodes test at once
 * (5.4.2). */
int duplicate_probe_start(struct node *node, struct duplicate_probe *probe, struct interface *interface,
                          const struct ipv6_address *address,
                          void (*done)(struct node *, struct duplicate_probe *, bool duplicate, time_ns),
                          time_ns now)
{
    *probe = (struct duplicate_probe){.interface = interface, .address = *address, .done = done};
    timer_init(&probe->timer, probe_step);
    struct ipv6_address group = ipv6_solicited_node(address);
    if (group_join(node, interface, &group) != 0)
        return ERROR_MEMORY;
    struct address_entry *entry =
        address_table_add(&node->addresses, address, interface->index, ADDRESS_ENTRY_PROBE);
    if (entry == NULL) {
        group_leave(node, interface, &group);
        return ERROR_MEMORY;
    }
    entry->value = probe;
    probe->active = true;
    if (interface->kind == INTERFACE_ETHERNET)
        probe->probes_left = node->configuration->duplicate_detection_transmits;
    node_arm(node, &probe->timer, now);
    return 0;
}

void duplicate_probe_cancel(struct node *node, struct duplicate_probe *probe)
{
    if (!probe->active)
        return;
    probe->active = false;
    node_disarm(node, &probe->timer);
    struct address_entry *entry =
        address_table_find(node->addresses, &probe->address, probe->interface->index, ADDRESS_ENTRY_PROBE);
    if (entry != NULL && entry->value == probe)
        address_table_remove(node->addresses, entry);
    struct ipv6_address group = ipv6_solicited_node(&probe->address);
    group_leave(node, probe->interface, &group);
}

void duplicate_detection_heard(struct node *node, struct interface *interface,
                               const struct ipv6_address *address, time_ns now)
{
    struct address_entry *entry =
        address_table_find(node->addresses, address, interface->index, ADDRESS_ENTRY_PROBE);
    if (entry != NULL)
        probe_finish(node, entry->value, true, now);
    entry = address_table_find(node->addresses, address, interface->index, ADDRESS_ENTRY_UNICAST);
    struct interface_address *own = entry == NULL ? NULL : entry->value;
    if (own != NULL && own->defended && under_detection(own))
        fail(node, own, now);
}

/* ---- links ---- */

static bool waits_for_detection(const struct interface_address *address)
{
    return under_detection(address) && !timer_is_armed(&address->timer);
}

/* Begins with every address that waits. Hooks may change the list, so each round starts at its head. */
static void begin_waiting(struct node *node, struct interface *interface, time_ns now)
{
    struct interface_address *address = can_test(interface) ? interface->addresses : NULL;
    while (address != NULL) {
        if (!waits_for_detection(address)) {
            address = address->next;
            continue;
        }
        begin(node, address, now);
        address = interface->addresses;
    }
}

/* The extension judges by itself whether a link that comes up is another one (RFC 6275, 11.5.1). */
static bool extension_judges_movement(const struct node *node)
{
    return node->extension != NULL && node->extension->link_changed != NULL;
}

static void join_standing_groups(struct node *node, struct interface *interface)
{
    if (!group_is_joined(node, interface, &ipv6_all_nodes))
        (void)group_join(node, interface, &ipv6_all_nodes);
    bool router = node->configuration->forwarding || interface->advertiser != NULL;
    if (router && !group_is_joined(node, interface, &ipv6_all_routers))
        (void)group_join(node, interface, &ipv6_all_routers);
}

/* RFC 4862, 5.3: an interface that comes up has a link-local address, if only for its asking. */
static void form_link_local(struct node *node, struct interface *interface, time_ns now)
{
    if (interface->kind != INTERFACE_ETHERNET || address_link_local(interface) != NULL)
        return;
    struct ipv6_address address = ipv6_link_local_from(&interface->link_layer_address);
    (void)address_add(node, interface->index, &address, 64, ADDRESS_LINK_LOCAL, true, true, now);
}

static void link_up(struct node *node, struct interface *interface, time_ns now)
{
    join_standing_groups(node, interface);
    if (interface->kind == INTERFACE_ETHERNET)
        interface_draw_reachable_time(node, interface);
    if (!node->configuration->ignore_link_hints && !extension_judges_movement(node)) {
        interface->disabled = false;
        for (struct interface_address *address = interface->addresses; address != NULL;
             address = address->next)
            if (is_tested(node, address) && address->origin != ADDRESS_HOME)
                suspend(node, address);
    }
    form_link_local(node, interface, now);
    begin_waiting(node, interface, now);
}

static void link_down(struct node *node, struct interface *interface)
{
    suspend_tests(node, interface);
    if (!node->configuration->ignore_link_hints && !extension_judges_movement(node))
        neighbors_flush(node, interface);
}

void address_configuration_link_changed(struct node *node, struct interface *interface, bool up, time_ns now)
{
    if (up)
        link_up(node, interface, now);
    else
        link_down(node, interface);
}

/* ---- moving ---- */

static void forget_parameters(struct node *node, struct interface *interface)
{
    if (interface->configured_mtu != 0)
        interface->mtu = interface->configured_mtu;
    interface->configured_mtu = 0;
    interface->hop_limit = node->configuration->hop_limit;
    interface->retransmission_ms = RETRANS_TIMER_MS;
    if (interface->base_reachable_time_ms != REACHABLE_TIME_MS) {
        interface->base_reachable_time_ms = REACHABLE_TIME_MS;
        interface_draw_reachable_time(node, interface);
    }
}

static void remove_autoconfigured(struct node *node, struct interface *interface, time_ns now)
{
    struct interface_address *address = interface->addresses;
    while (address != NULL) {
        if (address->origin != ADDRESS_AUTOCONFIGURED) {
            address = address->next;
            continue;
        }
        remove_address(node, address, now);
        address = interface->addresses;
    }
}

/* The test has begun at this very instant, or not yet sent a probe: it is a test on the new link already. */
static bool detection_is_fresh(const struct node *node, const struct interface_address *address, time_ns now)
{
    if (!under_detection(address) || !timer_is_armed(&address->timer))
        return false;
    unsigned sent = (unsigned)node->configuration->duplicate_detection_transmits - address->probes_left;
    time_ns interval = probe_interval(address_interface(node, address));
    return sent == 0 || (sent == 1 && address->timer.deadline == time_add(now, interval));
}

void interface_forget_link(struct node *node, struct interface *interface, bool keep_addresses, time_ns now)
{
    neighbors_flush(node, interface);
    router_discovery_flush(node, interface);
    forget_parameters(node, interface);
    interface->disabled = false;
    if (!keep_addresses)
        remove_autoconfigured(node, interface, now);
    for (struct interface_address *address = interface->addresses; address != NULL; address = address->next)
        if (ipv6_address_is_link_local(&address->address) && is_tested(node, address) &&
            !detection_is_fresh(node, address, now))
            suspend(node, address);
    begin_waiting(node, interface, now);
}
