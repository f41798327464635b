/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nd_message.c - sending, checking and reporting Neighbor Discovery messages (RFC 4861).
 *
 * Messages are complete packets built here and given to the interface, past ipv6_send: no route, no mobility
 * header and no fragment ever applies to them, and the hop limit of 255 is what proves that they come from
 * the link.
 */
#include "models/ipv6/nd_message.h"

#include "models/base/cursor.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/address_table.h"
#include "models/ipv6/neighbor_discovery.h"

static void report(struct node *node, const struct interface *interface, enum protocol_event_kind kind,
                   enum discard_reason reason, uint8_t type, const struct ipv6_address *source,
                   const struct ipv6_address *destination, int32_t lifetime, uint32_t octets, time_ns now)
{
    struct protocol_event event = {
        .kind = kind,
        .reason = reason,
        .interface = interface->index,
        .time = now,
        .message = nd_message_name(type),
        .source = source,
        .destination = destination,
        .sequence = -1,
        .status = -1,
        .lifetime = lifetime,
        .octets = octets,
    };
    node->environment->operations->report(node->environment, &event);
}

static int32_t lifetime_of(const struct nd_message *message)
{
    return message->type == ICMPV6_ROUTER_ADVERTISEMENT ? message->router_lifetime : -1;
}

void nd_message_send(struct node *node, struct interface *interface, const struct nd_message *message,
                     const struct ipv6_address *source, const struct ipv6_address *destination,
                     const struct ethernet_address *station, time_ns now)
{
    size_t length = nd_message_length(message);
    struct packet *packet =
        packet_new(node->environment->packets, PACKET_HEADROOM, IPV6_HEADER_LENGTH + length);
    struct cursor c = cursor_over(packet_octets(packet), packet->length);
    cursor_put32(&c, UINT32_C(6) << 28);
    cursor_put16(&c, (uint16_t)length);
    cursor_put8(&c, NEXT_HEADER_ICMPV6);
    cursor_put8(&c, 255);
    cursor_put(&c, source->octets, 16);
    cursor_put(&c, destination->octets, 16);
    uint8_t *upper = c.position;
    nd_message_write(message, upper, length);
    uint16_t checksum = ipv6_checksum(source, destination, NEXT_HEADER_ICMPV6, upper, length);
    upper[2] = (uint8_t)(checksum >> 8);
    upper[3] = (uint8_t)checksum;
    if (environment_watches(node->environment, EVENT_MESSAGE_SENT))
        report(node, interface, EVENT_MESSAGE_SENT, DISCARD_NONE, message->type, source, destination,
               lifetime_of(message), packet->length, now);
    if (station != NULL)
        interface_send_to(node, interface, packet, station, now);
    else
        interface_send(node, interface, packet, destination, now);
}

void nd_message_discard(struct node *node, struct inbound *in, uint8_t type, enum discard_reason reason,
                        time_ns now)
{
    if (environment_watches(node->environment, EVENT_MESSAGE_DISCARDED))
        report(node, in->interface, EVENT_MESSAGE_DISCARDED, reason, type, &in->source, &in->destination, -1,
               in->packet->length, now);
    node->discards++;
    nd_message_done(in);
}

void nd_message_done(struct inbound *in)
{
    packet_release(in->packet);
    in->packet = NULL;
}

void nd_message_report_received(struct node *node, const struct inbound *in, const struct nd_message *message,
                                time_ns now)
{
    if (environment_watches(node->environment, EVENT_MESSAGE_RECEIVED))
        report(node, in->interface, EVENT_MESSAGE_RECEIVED, DISCARD_NONE, message->type, &in->source,
               &in->destination, lifetime_of(message), in->packet->length, now);
}

bool nd_message_is_neighbors(const struct inbound *in)
{
    return in->hop_limit == 255 && in->tunnel_depth == 0 && !in->has_home_address_option &&
           !in->has_type_2_routing;
}

bool nd_message_accept(struct node *node, struct inbound *in, uint8_t type, struct nd_message *message,
                       time_ns now)
{
    if (nd_message_is_neighbors(in) &&
        nd_message_read(message, type, inbound_payload(in), inbound_payload_length(in)))
        return true;
    nd_message_discard(node, in, type, DISCARD_NEIGHBOR_DISCOVERY, now);
    return false;
}

static bool may_solicit(const struct interface_address *address)
{
    return address->defended && (address->state == ADDRESS_PREFERRED || address->state == ADDRESS_DEPRECATED);
}

const struct interface_address *nd_source_address(const struct node *node, const struct interface *interface,
                                                  const struct ipv6_address *wanted)
{
    if (wanted != NULL) {
        const struct address_entry *entry =
            address_table_find(node->addresses, wanted, interface->index, ADDRESS_ENTRY_UNICAST);
        if (entry != NULL && may_solicit(entry->value))
            return entry->value;
    }
    for (const struct interface_address *address = interface->addresses; address != NULL;
         address = address->next)
        if (may_solicit(address))
            return address;
    return NULL;
}
