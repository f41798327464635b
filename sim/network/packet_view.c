/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_view.c - see packet_view.h. One walk from header to header with a cursor; what an ESP payload is
 * decrypted into is a buffer of the walk's. Whatever the octets are, it ends: after HEADERS_MAX headers or
 * PROTECTIONS_MAX layers of ESP at the latest.
 */
#include "sim/network/packet_view.h"

#include <glib.h>

#include "models/base/cursor.h"
#include "models/base/packet.h"
#include "models/ipv6/ipv6.h"
#include "models/traffic/flow.h"

#define ETHERNET_HEADER_LENGTH 14
#define ETHERNET_TYPE_AT       12
#define ETHERNET_TYPE_IPV6     0x86dd
#define HEADERS_MAX            32 /* what has more is nobody's message */
#define PROTECTIONS_MAX        2  /* ESP in a tunnel that is under ESP itself */
#define ROUTING_TYPE_2         2

/* Where the walk is: it goes on in another buffer when ESP has been opened. */
struct walk {
    struct packet_view *view;
    struct cursor cursor;
    uint8_t next_header;
    packet_view_opener *opener;
    void *context;
    uint8_t *opened[PROTECTIONS_MAX];
    unsigned opened_count;
};

static void enter_packet(struct walk *walk)
{
    struct packet_view *view = walk->view;
    struct cursor *c = &walk->cursor;
    cursor_skip(c, IPV6_AT_NEXT_HEADER);
    walk->next_header = cursor_get8(c);
    cursor_skip(c, 1);
    cursor_get(c, view->wire_source.octets, sizeof view->wire_source.octets);
    cursor_get(c, view->wire_destination.octets, sizeof view->wire_destination.octets);
    view->source = view->wire_source;
    view->destination = view->wire_destination;
    view->home_address_option = view->type_2_routing = false;
    if (view->tunnels > 0)
        return;
    view->outer_source = view->wire_source;
    view->outer_destination = view->wire_destination;
}

static void read_options(struct walk *walk, struct cursor *options)
{
    while (cursor_left(options) > 1 && !options->failed) {
        uint8_t type = cursor_get8(options);
        if (type == OPTION_PAD1)
            continue;
        size_t length = cursor_get8(options);
        if (type == OPTION_HOME_ADDRESS && length == sizeof(struct ipv6_address)) {
            cursor_get(options, walk->view->source.octets, length);
            walk->view->home_address_option = true;
        } else {
            cursor_skip(options, length);
        }
    }
}

/* Hop-by-hop and destination options, routing: next header, length in units of 8 octets without the first. */
static void enter_extension(struct walk *walk, uint8_t protocol)
{
    struct cursor *c = &walk->cursor;
    walk->next_header = cursor_get8(c);
    size_t length = 8 * (size_t)cursor_get8(c) + 6;
    if (c->failed || length > cursor_left(c)) {
        c->failed = true;
        return;
    }
    struct cursor inside = cursor_over(c->position, length);
    if (protocol == NEXT_HEADER_DESTINATION_OPTIONS) {
        read_options(walk, &inside);
    } else if (protocol == NEXT_HEADER_ROUTING && cursor_get8(&inside) == ROUTING_TYPE_2 && length == 22) {
        cursor_skip(&inside, 5);
        cursor_get(&inside, walk->view->destination.octets, sizeof walk->view->destination.octets);
        walk->view->type_2_routing = true;
    }
    cursor_skip(c, length);
}

/* False: not the first fragment, which alone has a header behind it. */
static bool enter_fragment(struct walk *walk)
{
    struct cursor *c = &walk->cursor;
    walk->next_header = cursor_get8(c);
    cursor_skip(c, 1);
    bool first = cursor_get16(c) >> 3 == 0;
    cursor_skip(c, 4);
    return first;
}

static bool enter_protected(struct walk *walk)
{
    size_t length = cursor_left(&walk->cursor), payload_length;
    if (!walk->opener || walk->opened_count == PROTECTIONS_MAX || walk->cursor.failed)
        return false;
    uint8_t *payload = g_malloc(length + 1);
    walk->opened[walk->opened_count++] = payload;
    if (!walk->opener(walk->context, walk->cursor.position, length, payload, &payload_length,
                      &walk->next_header))
        return false;
    walk->cursor = cursor_over(payload, payload_length);
    return true;
}

static void read_message(struct walk *walk)
{
    struct packet_view *view = walk->view;
    struct cursor c = walk->cursor;
    size_t length = cursor_left(&c);
    view->kind = message_kind_of(walk->next_header, c.position, (unsigned)MIN(length, PACKET_LENGTH_MAX));
    if (view->kind != MESSAGE_UDP)
        return;
    cursor_skip(&c, 2);
    uint16_t port = cursor_get16(&c);
    cursor_skip(&c, 4);
    time_ns sent;
    if (c.failed || port != FLOW_PORT ||
        !flow_payload_read(c.position, cursor_left(&c), &view->flow, &view->flow_sequence, &sent))
        view->flow = PACKET_VIEW_FLOW_NONE;
}

static void walk_headers(struct walk *walk)
{
    for (unsigned headers = 0; headers < HEADERS_MAX && !walk->cursor.failed; headers++) {
        uint8_t protocol = walk->next_header;
        switch (protocol) {
        case NEXT_HEADER_IPV6:
            walk->view->tunnels += headers > 0;
            enter_packet(walk);
            break;
        case NEXT_HEADER_HOP_BY_HOP:
        case NEXT_HEADER_ROUTING:
        case NEXT_HEADER_DESTINATION_OPTIONS:
            enter_extension(walk, protocol);
            break;
        case NEXT_HEADER_FRAGMENT:
            if (!enter_fragment(walk))
                return;
            break;
        case NEXT_HEADER_ESP:
            if (!enter_protected(walk))
                return;
            break;
        default:
            read_message(walk);
            return;
        }
    }
}

bool packet_view_read(struct packet_view *view, const uint8_t *frame, size_t length, bool ethernet,
                      packet_view_opener *opener, void *context)
{
    struct walk walk = {.view = view, .next_header = NEXT_HEADER_IPV6, .opener = opener, .context = context};
    *view = (struct packet_view){.kind = MESSAGE_OTHER, .flow = PACKET_VIEW_FLOW_NONE};
    walk.cursor = cursor_over(frame, length);
    if (ethernet) {
        cursor_skip(&walk.cursor, ETHERNET_TYPE_AT);
        if (cursor_get16(&walk.cursor) != ETHERNET_TYPE_IPV6)
            return false;
    }
    if (cursor_left(&walk.cursor) < IPV6_HEADER_LENGTH || walk.cursor.failed)
        return false;
    walk_headers(&walk);
    for (unsigned i = 0; i < walk.opened_count; i++)
        g_free(walk.opened[i]);
    return true;
}
