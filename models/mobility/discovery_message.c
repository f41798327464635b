/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * discovery_message.c - ICMPv6 types 144 to 147 (RFC 6275, 6.5 to 6.8), and their dispatch.
 *
 * All four begin alike: type, code 0, checksum, identifier, and 16 bits of which only a Mobile Prefix
 * Advertisement uses two. Behind that stand addresses (145) or options in Neighbor Discovery's format (146,
 * 147), of which Prefix Information is the only one with a meaning; it is nd_option.c that knows its
 * octets.
 *
 * A message for a role that the node does not have is an ICMPv6 message that it does not know, and is
 * discarded without a word (RFC 4443, 2.4 b).
 */
#include "models/mobility/discovery_message.h"

#include <assert.h>

#include "models/base/cursor.h"
#include "models/ipv6/nd_option.h"
#include "models/mobility/home_agent_discovery.h"
#include "models/mobility/mobility.h"
#include "models/mobility/prefix_advertisement.h"
#include "models/mobility/prefix_discovery.h"

#define FLAG_MANAGED 0x80
#define FLAG_OTHER   0x40

const char *discovery_message_name(uint8_t type)
{
    switch (type) {
    case ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REQUEST:
        return "Home Agent Address Discovery Request";
    case ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REPLY:
        return "Home Agent Address Discovery Reply";
    case ICMPV6_MOBILE_PREFIX_SOLICITATION:
        return "Mobile Prefix Solicitation";
    case ICMPV6_MOBILE_PREFIX_ADVERTISEMENT:
        return "Mobile Prefix Advertisement";
    default:
        return NULL;
    }
}

/* ---- octets ---- */

static bool read_addresses(struct discovery_message *message, struct cursor *c)
{
    while (cursor_left(c) > 0) {
        struct ipv6_address address;
        cursor_get(c, address.octets, sizeof(address.octets));
        if (!c->failed && message->home_agent_count < HOME_AGENT_ADDRESSES_MAX)
            message->home_agents[message->home_agent_count++] = address;
    }
    return !c->failed;
}

static bool read_options(struct discovery_message *message, struct cursor *c)
{
    while (cursor_left(c) > 0) {
        uint8_t type = cursor_get8(c);
        uint8_t units = cursor_get8(c);
        size_t length = (size_t)units * 8;
        const uint8_t *body = units == 0 ? NULL : cursor_take(c, length - 2);
        if (body == NULL)
            return false;
        if (message->type != ICMPV6_MOBILE_PREFIX_ADVERTISEMENT || type != ND_OPTION_PREFIX_INFORMATION ||
            length != ND_PREFIX_LENGTH || message->prefix_count == HOME_PREFIXES_MAX)
            continue;
        struct cursor inner = cursor_over(body, length - 2);
        if (nd_prefix_read(&inner, &message->prefixes[message->prefix_count]))
            message->prefix_count++;
    }
    return !c->failed;
}

bool discovery_message_read(struct discovery_message *message, const uint8_t *octets, size_t length)
{
    struct cursor c = cursor_over(octets, length);
    message->type = cursor_get8(&c);
    uint8_t code = cursor_get8(&c);
    cursor_skip(&c, 2);
    message->identifier = cursor_get16(&c);
    uint8_t flags = cursor_get8(&c);
    cursor_skip(&c, 1);
    message->managed = (flags & FLAG_MANAGED) != 0;
    message->other = (flags & FLAG_OTHER) != 0;
    message->home_agent_count = 0;
    message->prefix_count = 0;
    if (c.failed || code != 0)
        return false;
    switch (message->type) {
    case ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REQUEST:
        return true;
    case ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REPLY:
        return read_addresses(message, &c);
    case ICMPV6_MOBILE_PREFIX_SOLICITATION:
    case ICMPV6_MOBILE_PREFIX_ADVERTISEMENT:
        return read_options(message, &c);
    default:
        return false;
    }
}

size_t discovery_message_length(const struct discovery_message *message)
{
    size_t length = DISCOVERY_HEADER_LENGTH;
    if (message->type == ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REPLY)
        length += message->home_agent_count * sizeof(message->home_agents[0].octets);
    if (message->type == ICMPV6_MOBILE_PREFIX_ADVERTISEMENT)
        length += message->prefix_count * ND_PREFIX_LENGTH;
    return length;
}

void discovery_message_write(const struct discovery_message *message, uint8_t *octets, size_t length)
{
    bool advertisement = message->type == ICMPV6_MOBILE_PREFIX_ADVERTISEMENT;
    struct cursor c = cursor_over(octets, length);
    cursor_put8(&c, message->type);
    cursor_zero(&c, 3);
    cursor_put16(&c, message->identifier);
    cursor_put8(&c, (uint8_t)(advertisement
                                  ? (message->managed ? FLAG_MANAGED : 0) | (message->other ? FLAG_OTHER : 0)
                                  : 0));
    cursor_zero(&c, 1);
    if (message->type == ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REPLY)
        for (unsigned i = 0; i < message->home_agent_count; i++)
            cursor_put(&c, message->home_agents[i].octets, sizeof(message->home_agents[i].octets));
    if (advertisement)
        for (unsigned i = 0; i < message->prefix_count; i++)
            nd_prefix_write(&c, &message->prefixes[i]);
    assert(!c.failed && cursor_left(&c) == 0);
}

/* ---- reports ---- */

/* Which of the packet's addresses are the mobile node's: the source of requests, the destination of
 * answers. */
static void name_addresses(struct protocol_event *event, uint8_t type)
{
    bool from_mobile_node =
        type == ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REQUEST || type == ICMPV6_MOBILE_PREFIX_SOLICITATION;
    const struct ipv6_address *seen = from_mobile_node ? event->source : event->destination;
    const struct ipv6_address *wire = from_mobile_node ? event->wire_source : event->wire_destination;
    if (type == ICMPV6_MOBILE_PREFIX_SOLICITATION || type == ICMPV6_MOBILE_PREFIX_ADVERTISEMENT) {
        event->home_address = seen;
        event->care_of_address = wire;
    } else {
        event->care_of_address = seen;
    }
}

static struct protocol_event event_of(const struct discovery_message *message, enum protocol_event_kind kind,
                                      time_ns now)
{
    return (struct protocol_event){
        .kind = kind,
        .time = now,
        .message = discovery_message_name(message->type),
        .sequence = message->identifier,
        .status = -1,
        .lifetime = -1,
    };
}

int discovery_message_send(struct node *node, struct outbound *out, const struct discovery_message *message,
                           time_ns now)
{
    size_t length = discovery_message_length(message);
    out->packet = packet_new(node->environment->packets, PACKET_HEADROOM, length);
    discovery_message_write(message, packet_octets(out->packet), length);
    out->next_header = NEXT_HEADER_ICMPV6;
    int error = ipv6_send(node, out, now);
    if (error != 0 || !environment_watches(node->environment, EVENT_MESSAGE_SENT))
        return error;
    struct protocol_event event = event_of(message, EVENT_MESSAGE_SENT, now);
    event.interface = out->interface ? out->interface->index : 0;
    event.source = &out->source;
    event.destination = &out->destination;
    event.wire_source = out->home_address_option ? &out->wire_source : NULL;
    event.wire_destination = out->type_2_routing ? &out->wire_destination : NULL;
    event.octets = out->octets;
    event.tunnelled = out->tunnel;
    event.protected_by_esp = out->protected_by_esp;
    name_addresses(&event, message->type);
    node->environment->operations->report(node->environment, &event);
    return 0;
}

void discovery_message_done(struct node *node, struct inbound *in, const struct discovery_message *message,
                            enum discard_reason reason, time_ns now)
{
    enum protocol_event_kind kind = reason == DISCARD_NONE ? EVENT_MESSAGE_RECEIVED : EVENT_MESSAGE_DISCARDED;
    if (reason != DISCARD_NONE)
        node->discards++;
    if (environment_watches(node->environment, kind)) {
        struct protocol_event event = event_of(message, kind, now);
        event.reason = reason;
        event.interface = in->interface ? in->interface->index : 0;
        event.source = &in->source;
        event.destination = &in->destination;
        event.wire_source = in->has_home_address_option ? &in->wire_source : NULL;
        event.wire_destination = in->has_type_2_routing ? &in->wire_destination : NULL;
        event.packet = in->packet;
        event.octets = in->packet->length + in->esp_octets + (uint32_t)in->tunnel_depth * IPV6_HEADER_LENGTH;
        event.tunnelled = in->tunnel_depth > 0;
        event.protected_by_esp = in->esp_octets > 0;
        name_addresses(&event, message->type);
        node->environment->operations->report(node->environment, &event);
    }
    packet_release(in->packet);
    in->packet = NULL;
}

/* ---- receiving ---- */

typedef void receiver(struct node *node, struct inbound *in, const struct discovery_message *message,
                      time_ns now);

/* NULL: the node has no role that takes it. */
static receiver *receiver_of(const struct mobility *mobility, uint8_t type)
{
    switch (type) {
    case ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REQUEST:
        return mobility->home_agent ? home_agent_discovery_request : NULL;
    case ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REPLY:
        return mobility->mobile_node ? home_agent_discovery_reply : NULL;
    case ICMPV6_MOBILE_PREFIX_SOLICITATION:
        return mobility->home_agent ? prefix_advertisement_solicited : NULL;
    case ICMPV6_MOBILE_PREFIX_ADVERTISEMENT:
        return mobility->mobile_node ? prefix_discovery_advertisement : NULL;
    default:
        return NULL;
    }
}

bool discovery_receive(struct node *node, struct inbound *in, time_ns now)
{
    receiver *receive = receiver_of(node->mobility, inbound_payload(in)[0]);
    if (receive == NULL)
        return false;
    struct discovery_message message;
    if (discovery_message_read(&message, inbound_payload(in), inbound_payload_length(in)))
        receive(node, in, &message, now);
    else
        discovery_message_done(node, in, &message, DISCARD_ICMPV6, now);
    return true;
}
