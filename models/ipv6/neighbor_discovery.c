/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * neighbor_discovery.c - Neighbor Solicitations and Neighbor Advertisements (RFC 4861, 7.1, 7.2), addresses
 * answered for on behalf of mobile nodes (RFC 6275, 10.4.1), and group membership. The cache is
 * neighbor_cache.c; Redirects are redirect.c's.
 *
 * Choices where the RFCs leave one:
 * - A proxied address is answered for at once: RFC 4861, 7.2.8 lets a proxy that is the only one (Mobile
 *   IPv6) do without the random delay. So is an anycast address, although several nodes may serve it: the
 *   delay (7.2.7, a SHOULD) would only spread the choice among them, and the time it takes is what is
 *   measured.
 * - The Target Link-Layer Address option is in every answer, also to unicast solicitations, where 7.2.4 has
 *   it optional.
 * - An advertisement for an address that is the node's own and tested does not cast doubt on it (RFC 4862,
 *   5.4.4 leaves that open): it is what a mobile node hears of its home agent while it returns home, and from
 *   which it learns where to send its deregistration (RFC 6275, 11.5.5).
 */
#include "models/ipv6/neighbor_discovery.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/address_table.h"
#include "models/ipv6/nd_message.h"
#include "models/ipv6/redirect.h"

/* ---- groups ---- */

static void listen_to(struct node *node, const struct interface *interface, const struct ipv6_address *group,
                      bool on)
{
    if (interface->kind != INTERFACE_ETHERNET)
        return;
    struct ethernet_address station = ethernet_multicast_of(group);
    node->environment->operations->listen(node->environment, interface->index, &station, on);
}

/* ff02::1:ff00:0/104 */
static bool is_solicited_node_group(const struct ipv6_address *address)
{
    struct ipv6_address group = ipv6_solicited_node(address);
    return ipv6_address_equal(address, &group);
}

/* A point-to-point link filters nothing, and each such interface would have the same entries: a node is there
 * in the groups that follow from what it is and from its addresses (RFC 4291, 2.8), without any. */
static bool follows_from_addresses(const struct interface *interface, const struct ipv6_address *group)
{
    return interface->kind == INTERFACE_POINT_TO_POINT &&
           (ipv6_address_equal(group, &ipv6_all_nodes) || ipv6_address_equal(group, &ipv6_all_routers) ||
            is_solicited_node_group(group));
}

static bool group_is_implied(const struct node *node, const struct interface *interface,
                             const struct ipv6_address *group)
{
    if (ipv6_address_equal(group, &ipv6_all_nodes))
        return true;
    if (ipv6_address_equal(group, &ipv6_all_routers))
        return node->configuration->forwarding || interface->advertiser != NULL;
    for (const struct interface_address *address = interface->addresses; address != NULL;
         address = address->next) {
        struct ipv6_address solicited_node = ipv6_solicited_node(&address->address);
        if (address->defended && ipv6_address_equal(group, &solicited_node))
            return true;
    }
    return false;
}

int group_join(struct node *node, struct interface *interface, const struct ipv6_address *group)
{
    if (follows_from_addresses(interface, group))
        return 0;
    struct address_entry *entry =
        address_table_add(&node->addresses, group, interface->index, ADDRESS_ENTRY_GROUP);
    if (entry == NULL)
        return ERROR_MEMORY;
    if (entry->count++ == 0)
        listen_to(node, interface, group, true);
    return 0;
}

void group_leave(struct node *node, struct interface *interface, const struct ipv6_address *group)
{
    struct address_entry *entry =
        address_table_find(node->addresses, group, interface->index, ADDRESS_ENTRY_GROUP);
    if (entry == NULL || --entry->count > 0)
        return;
    address_table_remove(node->addresses, entry);
    listen_to(node, interface, group, false);
}

bool group_is_joined(const struct node *node, const struct interface *interface,
                     const struct ipv6_address *group)
{
    if (follows_from_addresses(interface, group))
        return group_is_implied(node, interface, group);
    return address_table_find(node->addresses, group, interface->index, ADDRESS_ENTRY_GROUP) != NULL;
}

/* ---- proxied addresses (RFC 6275, 10.4.1) ---- */

int proxy_add(struct node *node, struct interface *interface, const struct ipv6_address *address)
{
    if (proxy_serves(node, interface, address))
        return ERROR_EXISTS;
    struct ipv6_address group = ipv6_solicited_node(address);
    if (group_join(node, interface, &group) != 0)
        return ERROR_MEMORY;
    if (address_table_add(&node->addresses, address, interface->index, ADDRESS_ENTRY_PROXY) == NULL) {
        group_leave(node, interface, &group);
        return ERROR_MEMORY;
    }
    return 0;
}

int proxy_remove(struct node *node, struct interface *interface, const struct ipv6_address *address)
{
    struct address_entry *entry =
        address_table_find(node->addresses, address, interface->index, ADDRESS_ENTRY_PROXY);
    if (entry == NULL)
        return ERROR_NOT_FOUND;
    address_table_remove(node->addresses, entry);
    neighbor_advertise_cancel(node, interface, address);
    struct ipv6_address group = ipv6_solicited_node(address);
    group_leave(node, interface, &group);
    return 0;
}

bool proxy_serves(const struct node *node, const struct interface *interface,
                  const struct ipv6_address *address)
{
    return address_table_find(node->addresses, address, interface->index, ADDRESS_ENTRY_PROXY) != NULL;
}

/* ---- anycast addresses (RFC 4861, 7.2.7) ---- */

int anycast_add(struct node *node, struct interface *interface, const struct ipv6_address *address)
{
    struct ipv6_address group = ipv6_solicited_node(address);
    if (group_join(node, interface, &group) != 0)
        return ERROR_MEMORY;
    struct address_entry *entry =
        address_table_add(&node->addresses, address, interface->index, ADDRESS_ENTRY_ANYCAST);
    if (entry == NULL) {
        group_leave(node, interface, &group);
        return ERROR_MEMORY;
    }
    entry->count++;
    return 0;
}

void anycast_remove(struct node *node, struct interface *interface, const struct ipv6_address *address)
{
    struct address_entry *entry =
        address_table_find(node->addresses, address, interface->index, ADDRESS_ENTRY_ANYCAST);
    if (entry == NULL)
        return;
    if (--entry->count == 0)
        address_table_remove(node->addresses, entry);
    struct ipv6_address group = ipv6_solicited_node(address);
    group_leave(node, interface, &group);
}

/* ---- solicitations sent ---- */

void neighbor_solicit(struct node *node, struct interface *interface, const struct ipv6_address *target,
                      const struct ipv6_address *source, const struct ipv6_address *destination, time_ns now)
{
    struct nd_message message = {.type = ICMPV6_NEIGHBOR_SOLICITATION, .target = *target};
    if (interface_has_link_layer_address(interface) && !ipv6_address_is_unspecified(source)) {
        message.present = ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS);
        message.source_link_layer_address = interface->link_layer_address;
    }
    struct ipv6_address group = ipv6_solicited_node(target);
    const struct neighbor *neighbor = destination == NULL ? NULL : neighbor_lookup(interface, destination);
    bool known = neighbor != NULL && neighbor->state != NEIGHBOR_INCOMPLETE;
    /* Straight to the cached station: a probe must not itself start resolution, or count as traffic. */
    struct ethernet_address station = {{0}};
    if (known)
        station = neighbor->link_layer_address;
    nd_message_send(node, interface, &message, source, destination == NULL ? &group : destination,
                    known ? &station : NULL, now);
}

/* ---- advertisements sent ---- */

/* An address of the interface to speak from: the target itself, if it is the node's own and in use; for a
 * proxied one an address under the same prefix, by which neighbors know the home agent (RFC 6275, 10.4.1);
 * else the link-local one. */
static const struct ipv6_address *advertisement_source(const struct node *node,
                                                       const struct interface *interface,
                                                       const struct ipv6_address *target)
{
    const struct ipv6_address *source = NULL;
    for (const struct interface_address *address = interface->addresses; address != NULL;
         address = address->next) {
        if (!address_is_usable(address) || !address->defended)
            continue;
        if (ipv6_address_equal(&address->address, target))
            return &address->address;
        if (source == NULL ||
            (proxy_serves(node, interface, target) && !ipv6_address_is_link_local(&address->address) &&
             ipv6_prefix_match(&address->address, target, address->prefix_length)))
            source = &address->address;
    }
    return source;
}

/* solicitor NULL: unsolicited; its address unspecified: it detects duplicates (7.2.4). */
static void send_advertisement(struct node *node, struct interface *interface,
                               const struct ipv6_address *target, const struct ipv6_address *solicitor,
                               bool override, time_ns now)
{
    const struct ipv6_address *source = advertisement_source(node, interface, target);
    if (source == NULL)
        return;
    bool solicited = solicitor != NULL && !ipv6_address_is_unspecified(solicitor);
    bool own = address_table_find(node->addresses, target, interface->index, ADDRESS_ENTRY_PROXY) == NULL;
    struct nd_message message = {
        .type = ICMPV6_NEIGHBOR_ADVERTISEMENT,
        .router = node->configuration->forwarding && own,
        .solicited = solicited,
        .override = override,
        .target = *target,
    };
    if (interface_has_link_layer_address(interface)) {
        message.present = ND_HAS(ND_OPTION_TARGET_LINK_LAYER_ADDRESS);
        message.target_link_layer_address = interface->link_layer_address;
    }
    struct ipv6_address from = *source;
    nd_message_send(node, interface, &message, &from, solicited ? solicitor : &ipv6_all_nodes, NULL, now);
}

/* An unsolicited advertisement that will be repeated. Found by (address, interface) in the node's address
 * table. */
struct repeated_advertisement {
    struct timer timer;
    struct interface *interface;
    struct ipv6_address target;
    uint8_t left;
    bool override;
};

static struct address_entry *repetition_entry(const struct node *node, const struct interface *interface,
                                              const struct ipv6_address *target)
{
    return address_table_find(node->addresses, target, interface->index, ADDRESS_ENTRY_ADVERTISEMENT);
}

void neighbor_advertise_cancel(struct node *node, struct interface *interface,
                               const struct ipv6_address *target)
{
    struct address_entry *entry = repetition_entry(node, interface, target);
    if (entry == NULL)
        return;
    struct repeated_advertisement *repeated = entry->value;
    address_table_remove(node->addresses, entry);
    node_disarm(node, &repeated->timer);
    free(repeated);
}

void neighbor_advertise_free_all(struct node *node, struct interface *interface)
{
    struct address_table *table = node->addresses;
    for (uint32_t i = 0; table != NULL && i < table->capacity; i++) {
        struct address_entry *entry = &table->entries[i];
        if (entry->kind != ADDRESS_ENTRY_ADVERTISEMENT || entry->interface != interface->index ||
            entry->value == NULL)
            continue;
        struct repeated_advertisement *repeated = entry->value;
        node_disarm(node, &repeated->timer);
        free(repeated);
        entry->value = NULL; /* the table is about to go: no need to close gaps */
    }
}

static void repeat(struct node *node, struct timer *timer, time_ns now)
{
    struct repeated_advertisement *repeated = timer_owner(timer, struct repeated_advertisement, timer);
    struct interface *interface = repeated->interface;
    struct ipv6_address target = repeated->target;
    bool override = repeated->override;
    if (--repeated->left == 0)
        neighbor_advertise_cancel(node, interface, &target);
    else
        node_arm(node, timer, time_add(now, MILLISECONDS(interface->retransmission_ms)));
    send_advertisement(node, interface, &target, NULL, override, now);
}

static void remember_repetition(struct node *node, struct interface *interface,
                                const struct ipv6_address *target, bool override, unsigned left, time_ns now)
{
    struct repeated_advertisement *repeated = calloc(1, sizeof(*repeated));
    struct address_entry *entry =
        repeated == NULL
            ? NULL
            : address_table_add(&node->addresses, target, interface->index, ADDRESS_ENTRY_ADVERTISEMENT);
    if (entry == NULL) {
        free(repeated); /* repetitions are for good measure */
        return;
    }
    *repeated = (struct repeated_advertisement){
        .interface = interface, .target = *target, .left = (uint8_t)left, .override = override};
    timer_init(&repeated->timer, repeat);
    entry->value = repeated;
    node_arm(node, &repeated->timer, time_add(now, MILLISECONDS(interface->retransmission_ms)));
}

void neighbor_advertise(struct node *node, struct interface *interface, const struct ipv6_address *target,
                        bool override, unsigned transmits, time_ns now)
{
    neighbor_advertise_cancel(node, interface, target);
    if (transmits == 0)
        return;
    if (transmits > MAX_NEIGHBOR_ADVERTISEMENT)
        transmits = MAX_NEIGHBOR_ADVERTISEMENT;
    if (transmits > 1)
        remember_repetition(node, interface, target, override, transmits - 1, now);
    send_advertisement(node, interface, target, NULL, override, now);
}

/* ---- solicitations received (7.1.1, 7.2.3; RFC 4862, 5.4.3; RFC 4429, 3.3) ---- */

static bool solicitation_is_valid(const struct inbound *in, const struct nd_message *message)
{
    if (ipv6_address_is_multicast(&message->target) || ipv6_address_is_multicast(&in->source))
        return false;
    if (!ipv6_address_is_unspecified(&in->source))
        return true;
    return is_solicited_node_group(&in->destination) &&
           (message->present & ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS)) == 0;
}

/* What the target of a solicitation is to this node. */
enum target_role {
    TARGET_FOREIGN,
    TARGET_UNDER_TEST, /* tentative, or probed on behalf of a mobile node: only other tests of it matter */
    TARGET_OPTIMISTIC,
    TARGET_OWN,
    TARGET_SHARED, /* proxied or anycast: override clear */
};

static enum target_role role_of(const struct node *node, const struct interface *interface,
                                const struct ipv6_address *target)
{
    const struct address_table *table = node->addresses;
    unsigned index = interface->index;
    const struct address_entry *entry = address_table_find(table, target, index, ADDRESS_ENTRY_UNICAST);
    const struct interface_address *address = entry == NULL ? NULL : entry->value;
    if (address != NULL && address->defended && address->state != ADDRESS_DUPLICATE) {
        if (address->state == ADDRESS_TENTATIVE)
            return TARGET_UNDER_TEST;
        return address->state == ADDRESS_OPTIMISTIC ? TARGET_OPTIMISTIC : TARGET_OWN;
    }
    if (address_table_find(table, target, index, ADDRESS_ENTRY_PROXY) != NULL ||
        address_table_find(table, target, index, ADDRESS_ENTRY_ANYCAST) != NULL)
        return TARGET_SHARED;
    if (address_table_find(table, target, index, ADDRESS_ENTRY_PROBE) != NULL)
        return TARGET_UNDER_TEST;
    return TARGET_FOREIGN;
}

static void answer_solicitation(struct node *node, struct inbound *in, const struct nd_message *message,
                                bool override, time_ns now)
{
    if ((message->present & ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS)) != 0)
        neighbor_learn(node, in->interface, &in->source, &message->source_link_layer_address, false, now);
    send_advertisement(node, in->interface, &message->target, &in->source, override, now);
}

static void solicitation_receive(struct node *node, struct inbound *in, const struct nd_message *message,
                                 time_ns now)
{
    enum target_role role = role_of(node, in->interface, &message->target);
    if (role == TARGET_FOREIGN) {
        nd_message_discard(node, in, message->type, DISCARD_NOT_OURS, now);
        return;
    }
    nd_message_report_received(node, in, message, now);
    bool somebody_tests = ipv6_address_is_unspecified(&in->source);
    if (role == TARGET_UNDER_TEST || (role == TARGET_OPTIMISTIC && somebody_tests)) {
        if (somebody_tests)
            duplicate_detection_heard(node, in->interface, &message->target, now);
    } else {
        answer_solicitation(node, in, message, role == TARGET_OWN, now);
    }
    nd_message_done(in);
}

/* ---- advertisements received (7.1.2, 7.2.5; RFC 4862, 5.4.4) ---- */

static bool advertisement_is_valid(const struct inbound *in, const struct nd_message *message)
{
    return !ipv6_address_is_multicast(&message->target) &&
           !(message->solicited && ipv6_address_is_multicast(&in->destination));
}

static void advertisement_receive(struct node *node, struct inbound *in, const struct nd_message *message,
                                  time_ns now)
{
    nd_message_report_received(node, in, message, now);
    enum target_role role = role_of(node, in->interface, &message->target);
    const struct ethernet_address *station = NULL;
    if ((message->present & ND_HAS(ND_OPTION_TARGET_LINK_LAYER_ADDRESS)) != 0 &&
        !ethernet_address_is_multicast(&message->target_link_layer_address))
        station = &message->target_link_layer_address;
    if (role == TARGET_UNDER_TEST || role == TARGET_OPTIMISTIC)
        duplicate_detection_heard(node, in->interface, &message->target, now);
    else if (interface_has_link_layer_address(in->interface))
        neighbor_advertised(node, in->interface, message, station, now);
    nd_message_done(in);
}

/* ---- entry ---- */

static bool message_is_valid(const struct node *node, const struct inbound *in,
                             const struct nd_message *message)
{
    switch (message->type) {
    case ICMPV6_NEIGHBOR_SOLICITATION:
        return solicitation_is_valid(in, message);
    case ICMPV6_NEIGHBOR_ADVERTISEMENT:
        return advertisement_is_valid(in, message);
    default:
        return redirect_is_valid(node, in, message);
    }
}

void neighbor_discovery_receive(struct node *node, struct inbound *in, uint8_t type, time_ns now)
{
    struct nd_message message;
    if (!nd_message_accept(node, in, type, &message, now))
        return;
    if (!message_is_valid(node, in, &message)) {
        nd_message_discard(node, in, type, DISCARD_NEIGHBOR_DISCOVERY, now);
        return;
    }
    if (type == ICMPV6_NEIGHBOR_SOLICITATION)
        solicitation_receive(node, in, &message, now);
    else if (type == ICMPV6_NEIGHBOR_ADVERTISEMENT)
        advertisement_receive(node, in, &message, now);
    else
        redirect_receive(node, in, &message, now);
}
