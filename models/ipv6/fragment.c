/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fragment.c - fragmentation at the source, reassembly at the destination (RFC 8200, 4.5; overlaps, RFC
 * 5722).
 *
 * Fragments that have arrived wait as they came, each packet whole, in order of their offsets: an error
 * quotes the first one as it arrived, and only when all are there is anything copied, once. An exact
 * duplicate is dropped and the rest kept; any other overlap ends the reassembly. Memory is bounded: a node
 * has REASSEMBLIES_MAX under way, of FRAGMENTS_MAX fragments, and the oldest gives way to a new one.
 */
#include "models/ipv6/fragment.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/extension_header.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/node.h"

#define MORE_FRAGMENTS           1
#define UPPER_LAYER_HEADER_LEAST 8 /* of the headers that a first fragment must hold whole; TCP's is longer */
#define TCP_HEADER_LENGTH        20

/* -- sending -- */

static void write_fragment_header(uint8_t *header, uint8_t next_header, uint32_t offset, bool more,
                                  uint32_t identification)
{
    uint16_t field = (uint16_t)(offset | (more ? MORE_FRAGMENTS : 0)); /* units of 8 leave three bits below */
    const uint8_t octets[FRAGMENT_HEADER_LENGTH] = {
        next_header,
        0,
        (uint8_t)(field >> 8),
        (uint8_t)field,
        (uint8_t)(identification >> 24),
        (uint8_t)(identification >> 16),
        (uint8_t)(identification >> 8),
        (uint8_t)identification,
    };
    memcpy(header, octets, sizeof(octets));
}

static struct packet *make_fragment(const struct packet *whole, uint32_t unfragmentable,
                                    uint32_t next_header_at, uint32_t offset, uint32_t length,
                                    uint32_t identification)
{
    const uint8_t *octets = packet_octets(whole);
    uint32_t headers = unfragmentable + FRAGMENT_HEADER_LENGTH;
    bool more = unfragmentable + offset + length < whole->length;
    struct packet *fragment = packet_new_for(whole, PACKET_HEADROOM, headers + length);
    uint8_t *to = packet_octets(fragment);
    memcpy(to, octets, unfragmentable);
    write_fragment_header(to + unfragmentable, octets[next_header_at], offset, more, identification);
    memcpy(to + headers, octets + unfragmentable + offset, length);
    to[next_header_at] = NEXT_HEADER_FRAGMENT;
    uint32_t payload = headers + length - IPV6_HEADER_LENGTH;
    to[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)(payload >> 8);
    to[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)payload;
    return fragment;
}

int fragment_send(struct node *node, struct packet *packet, uint32_t unfragmentable, uint32_t next_header_at,
                  uint16_t mtu, fragment_emit *emit, void *context, time_ns now)
{
    uint32_t headers = unfragmentable + FRAGMENT_HEADER_LENGTH;
    if (mtu < headers + 8) {
        node_discard(node, NULL, packet, DISCARD_TOO_BIG, now);
        return ERROR_TOO_BIG;
    }
    uint32_t most = (mtu - headers) & ~7u;
    uint32_t total = packet->length - unfragmentable;
    uint32_t identification = node->identification++;
    int result = 0;
    for (uint32_t offset = 0; offset < total; offset += most) {
        uint32_t length = total - offset < most ? total - offset : most;
        struct packet *fragment =
            make_fragment(packet, unfragmentable, next_header_at, offset, length, identification);
        int error = emit(node, fragment, context, now);
        if (result == 0)
            result = error;
    }
    packet_release(packet);
    return result;
}

/* -- reassembly -- */

struct fragment {
    struct fragment *next;
    struct packet *packet;
    uint32_t data_at; /* behind the fragment header */
    uint32_t offset;
    uint32_t length;
};

struct fragment_reassembly {
    struct fragment_reassembly *next; /* older */
    struct timer timer;
    struct ipv6_address source; /* of the IPv6 header */
    struct ipv6_address destination;
    uint32_t identification;
    struct fragment *fragments; /* in order of offset */
    uint32_t count;
    uint32_t held;  /* octets in fragments */
    uint32_t total; /* of the fragmentable part; 0: the last fragment has not come */
    /* what the first fragment's headers said; packet NULL: it has not come */
    struct inbound first;
    bool link_layer_multicast;
};

/* Fragments that will not be needed: their packets go, and are counted, under this reason. */
static void release_fragments(struct node *node, struct fragment_reassembly *reassembly,
                              enum discard_reason reason, time_ns now)
{
    for (struct fragment *fragment = reassembly->fragments, *next; fragment; fragment = next) {
        next = fragment->next;
        if (reason == DISCARD_NONE)
            packet_release(fragment->packet);
        else
            node_discard(node, NULL, fragment->packet, reason, now);
        free(fragment);
    }
    reassembly->fragments = NULL;
}

static void abandon(struct node *node, struct fragment_reassembly *reassembly, enum discard_reason reason,
                    time_ns now)
{
    struct fragment_reassembly **link = &node->reassembly;
    while (*link != reassembly)
        link = &(*link)->next;
    *link = reassembly->next;
    node_disarm(node, &reassembly->timer);
    release_fragments(node, reassembly, reason, now);
    free(reassembly);
}

static void reassembly_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct fragment_reassembly *reassembly = timer_owner(timer, struct fragment_reassembly, timer);
    const struct fragment *first = reassembly->fragments;
    if (first && first->offset == 0)
        icmpv6_send_error(node, inbound_link(&reassembly->first), first->packet, ICMPV6_TIME_EXCEEDED,
                          TIME_EXCEEDED_REASSEMBLY, 0, reassembly->link_layer_multicast, now);
    abandon(node, reassembly, DISCARD_REASSEMBLY_TIMEOUT, now);
}

static struct fragment_reassembly *find_reassembly(struct node *node, const struct inbound *in,
                                                   uint32_t identification)
{
    struct fragment_reassembly *reassembly = node->reassembly;
    while (reassembly && !(reassembly->identification == identification &&
                           ipv6_address_equal(&reassembly->source, &in->wire_source) &&
                           ipv6_address_equal(&reassembly->destination, &in->wire_destination)))
        reassembly = reassembly->next;
    return reassembly;
}

static void make_room(struct node *node, time_ns now)
{
    unsigned count = 0;
    struct fragment_reassembly *oldest = NULL;
    for (struct fragment_reassembly *reassembly = node->reassembly; reassembly;
         reassembly = reassembly->next, count++)
        oldest = reassembly;
    if (count >= REASSEMBLIES_MAX)
        abandon(node, oldest, DISCARD_REASSEMBLY_TIMEOUT, now);
}

static struct fragment_reassembly *begin_reassembly(struct node *node, const struct inbound *in,
                                                    uint32_t identification, time_ns now)
{
    make_room(node, now);
    struct fragment_reassembly *reassembly = calloc(1, sizeof(*reassembly));
    if (!reassembly)
        return NULL;
    reassembly->source = in->wire_source;
    reassembly->destination = in->wire_destination;
    reassembly->identification = identification;
    reassembly->next = node->reassembly;
    node->reassembly = reassembly;
    timer_init(&reassembly->timer, reassembly_expired);
    node_arm(node, &reassembly->timer, time_add(now, REASSEMBLY_TIMEOUT));
    return reassembly;
}

enum placing { PLACED, DUPLICATE, REFUSED };

/* Puts the fragment among the others. REFUSED: it overlaps one, or says another length than one before, or is
 * one too many. */
static enum placing place(struct fragment_reassembly *reassembly, struct fragment *fragment, bool more)
{
    uint32_t end = fragment->offset + fragment->length;
    struct fragment **link = &reassembly->fragments;
    uint32_t previous_end = 0;
    while (*link && (*link)->offset < fragment->offset) {
        previous_end = (*link)->offset + (*link)->length;
        link = &(*link)->next;
    }
    const struct fragment *following = *link;
    if (following && following->offset == fragment->offset && following->length == fragment->length &&
        (reassembly->total == end) == !more)
        return DUPLICATE;
    bool overlaps = previous_end > fragment->offset || (following && following->offset < end);
    bool contradicts = (!more && reassembly->total != 0 && reassembly->total != end) ||
                       (reassembly->total != 0 && end > reassembly->total) || (!more && following);
    if (overlaps || contradicts || fragment->length == 0 || reassembly->count >= FRAGMENTS_MAX)
        return REFUSED;
    fragment->next = *link;
    *link = fragment;
    reassembly->count++;
    reassembly->held += fragment->length;
    if (!more)
        reassembly->total = end;
    return PLACED;
}

/* One packet of the first fragment's headers, without its fragment header, and everybody's data. */
static struct packet *join(const struct fragment_reassembly *reassembly)
{
    const struct fragment *first = reassembly->fragments;
    uint32_t headers = first->data_at - FRAGMENT_HEADER_LENGTH;
    struct packet *whole = packet_new_for(first->packet, PACKET_HEADROOM, headers + reassembly->total);
    uint8_t *to = packet_octets(whole);
    memcpy(to, packet_octets(first->packet), headers);
    for (const struct fragment *fragment = first; fragment; fragment = fragment->next)
        memcpy(to + headers + fragment->offset, packet_octets(fragment->packet) + fragment->data_at,
               fragment->length);
    return whole;
}

static void set_lengths(struct packet *whole, uint32_t next_header_at, uint8_t next_header)
{
    uint32_t payload = whole->length - IPV6_HEADER_LENGTH;
    uint8_t *octets = packet_octets(whole);
    octets[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)(payload >> 8);
    octets[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)payload;
    octets[next_header_at] = next_header;
}

static bool complete(struct node *node, struct fragment_reassembly *reassembly, struct inbound *in,
                     time_ns now)
{
    struct packet *whole = join(reassembly);
    uint8_t next_header = packet_octets(reassembly->fragments->packet)[reassembly->first.offset];
    *in = reassembly->first;
    in->packet = whole;
    in->next_header = next_header;
    set_lengths(whole, in->next_header_at, next_header);
    abandon(node, reassembly, DISCARD_NONE, now);
    return true;
}

/* A fragment that is a whole packet needs no others, whatever others say (RFC 8200, 4.5; RFC 6946). */
static bool unwrap(struct inbound *in)
{
    struct packet *packet = packet_writable(in->packet);
    uint8_t *octets = packet_octets(packet);
    in->next_header = octets[in->offset];
    memmove(octets + FRAGMENT_HEADER_LENGTH, octets, in->offset);
    packet_remove_front(packet, FRAGMENT_HEADER_LENGTH);
    set_lengths(packet, in->next_header_at, in->next_header);
    in->packet = packet;
    return true;
}

static bool refuse(struct node *node, struct inbound *in, enum discard_reason reason, uint8_t code,
                   uint32_t pointer, time_ns now)
{
    icmpv6_send_error(node, inbound_link(in), in->packet, ICMPV6_PARAMETER_PROBLEM, code, pointer,
                      in->link_layer_multicast, now);
    inbound_discard(node, in, reason, now);
    return false;
}

/* All headers, through the upper layer's, must be in the first fragment. */
static bool holds_all_headers(const struct inbound *in)
{
    const uint8_t *octets = packet_octets(in->packet);
    struct extension_chain chain = extension_chain_walk(
        octets, in->packet->length, in->offset + FRAGMENT_HEADER_LENGTH, octets[in->offset]);
    size_t least = UPPER_LAYER_HEADER_LEAST;
    if (chain.next_header == NEXT_HEADER_NONE)
        least = 0;
    else if (chain.next_header == NEXT_HEADER_TCP)
        least = TCP_HEADER_LENGTH;
    else if (chain.next_header == NEXT_HEADER_IPV6)
        least = IPV6_HEADER_LENGTH;
    return chain.complete && chain.offset + least <= in->packet->length;
}

static bool add_fragment(struct node *node, struct inbound *in, uint32_t identification, uint32_t offset,
                         bool more, time_ns now)
{
    struct fragment_reassembly *reassembly = find_reassembly(node, in, identification);
    if (!reassembly)
        reassembly = begin_reassembly(node, in, identification, now);
    struct fragment *fragment = reassembly ? calloc(1, sizeof(*fragment)) : NULL;
    if (!fragment) {
        inbound_discard(node, in, DISCARD_FRAGMENT, now);
        return false;
    }
    fragment->packet = in->packet;
    fragment->data_at = in->offset + FRAGMENT_HEADER_LENGTH;
    fragment->offset = offset;
    fragment->length = in->packet->length - fragment->data_at;
    enum placing placing = place(reassembly, fragment, more);
    if (placing != PLACED) {
        free(fragment);
        inbound_discard(node, in, DISCARD_FRAGMENT, now);
        if (placing == REFUSED)
            abandon(node, reassembly, DISCARD_FRAGMENT, now);
        return false;
    }
    if (offset == 0) {
        reassembly->first = *in;
        reassembly->link_layer_multicast = in->link_layer_multicast;
    }
    in->packet = NULL;
    if (reassembly->total == 0 || reassembly->held < reassembly->total)
        return false;
    return complete(node, reassembly, in, now);
}

bool fragment_receive(struct node *node, struct inbound *in, time_ns now)
{
    if (inbound_payload_length(in) < FRAGMENT_HEADER_LENGTH) {
        inbound_discard(node, in, DISCARD_HEADER_TRUNCATED, now);
        return false;
    }
    const uint8_t *header = inbound_payload(in);
    uint32_t offset = (uint32_t)(header[2] << 8 | header[3]) & ~7u;
    bool more = (header[3] & MORE_FRAGMENTS) != 0;
    uint32_t identification =
        (uint32_t)header[4] << 24 | (uint32_t)header[5] << 16 | (uint32_t)header[6] << 8 | header[7];
    uint32_t length = (uint32_t)inbound_payload_length(in) - FRAGMENT_HEADER_LENGTH;
    if (offset == 0 && !more)
        return unwrap(in);
    if (more && length % 8 != 0)
        return refuse(node, in, DISCARD_FRAGMENT, PARAMETER_ERRONEOUS_FIELD, IPV6_AT_PAYLOAD_LENGTH, now);
    if (in->offset - IPV6_HEADER_LENGTH + offset + length > UINT16_MAX)
        return refuse(node, in, DISCARD_FRAGMENT, PARAMETER_ERRONEOUS_FIELD, in->offset + 2, now);
    if (offset == 0 && !holds_all_headers(in))
        return refuse(node, in, DISCARD_FRAGMENT, PARAMETER_INCOMPLETE_HEADER_CHAIN, 0, now);
    return add_fragment(node, in, identification, offset, more, now);
}

void fragment_free(struct node *node)
{
    while (node->reassembly)
        abandon(node, node->reassembly, DISCARD_NONE, 0);
}
