/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nd_option.c - Neighbor Discovery's wire format (RFC 4861, 4.1 to 4.6; RFC 6275, 7.1 to 7.4).
 *
 * Two tables say it all: one row per message (its fixed part, the options it may carry), one row per option
 * (its length in units of 8 octets, how its body is read and written). An option that a message does not use
 * is skipped, not an error (RFC 4861, 6.1, 7.1); so is one whose length is not the table's, say a link-layer
 * address that is not Ethernet's.
 */
#include "models/ipv6/nd_option.h"

#include <assert.h>

#include "models/base/cursor.h"

/* ---- options ---- */

static void read_source(struct cursor *c, struct nd_message *message)
{
    cursor_get(c, message->source_link_layer_address.octets, ETHERNET_ADDRESS_LENGTH);
}

static void write_source(struct cursor *c, const struct nd_message *message)
{
    cursor_put(c, message->source_link_layer_address.octets, ETHERNET_ADDRESS_LENGTH);
}

static void read_target(struct cursor *c, struct nd_message *message)
{
    cursor_get(c, message->target_link_layer_address.octets, ETHERNET_ADDRESS_LENGTH);
}

static void write_target(struct cursor *c, const struct nd_message *message)
{
    cursor_put(c, message->target_link_layer_address.octets, ETHERNET_ADDRESS_LENGTH);
}

#define PREFIX_ON_LINK        0x80
#define PREFIX_AUTONOMOUS     0x40
#define PREFIX_ROUTER_ADDRESS 0x20

bool nd_prefix_read(struct cursor *c, struct advertised_prefix *prefix)
{
    prefix->length = cursor_get8(c);
    uint8_t flags = cursor_get8(c);
    prefix->on_link = (flags & PREFIX_ON_LINK) != 0;
    prefix->autonomous = (flags & PREFIX_AUTONOMOUS) != 0;
    prefix->router_address = (flags & PREFIX_ROUTER_ADDRESS) != 0;
    prefix->valid_lifetime = cursor_get32(c);
    prefix->preferred_lifetime = cursor_get32(c);
    cursor_skip(c, 4);
    cursor_get(c, prefix->prefix.octets, sizeof(prefix->prefix.octets));
    return !c->failed && prefix->length <= 128;
}

static void read_prefix(struct cursor *c, struct nd_message *message)
{
    if (message->prefix_count < ADVERTISED_PREFIXES_MAX &&
        nd_prefix_read(c, &message->prefixes[message->prefix_count]))
        message->prefix_count++;
}

void nd_prefix_write(struct cursor *c, const struct advertised_prefix *prefix)
{
    cursor_put8(c, ND_OPTION_PREFIX_INFORMATION);
    cursor_put8(c, ND_PREFIX_LENGTH / 8);
    cursor_put8(c, prefix->length);
    cursor_put8(c, (uint8_t)((prefix->on_link ? PREFIX_ON_LINK : 0) |
                             (prefix->autonomous ? PREFIX_AUTONOMOUS : 0) |
                             (prefix->router_address ? PREFIX_ROUTER_ADDRESS : 0)));
    cursor_put32(c, prefix->valid_lifetime);
    cursor_put32(c, prefix->preferred_lifetime);
    cursor_zero(c, 4);
    cursor_put(c, prefix->prefix.octets, sizeof(prefix->prefix.octets));
}

static void read_mtu(struct cursor *c, struct nd_message *message)
{
    cursor_skip(c, 2);
    message->mtu = cursor_get32(c);
}

static void write_mtu(struct cursor *c, const struct nd_message *message)
{
    cursor_zero(c, 2);
    cursor_put32(c, message->mtu);
}

static void read_interval(struct cursor *c, struct nd_message *message)
{
    cursor_skip(c, 2);
    message->advertisement_interval_ms = cursor_get32(c);
}

static void write_interval(struct cursor *c, const struct nd_message *message)
{
    cursor_zero(c, 2);
    cursor_put32(c, message->advertisement_interval_ms);
}

static void read_home_agent(struct cursor *c, struct nd_message *message)
{
    cursor_skip(c, 2);
    message->home_agent_preference = cursor_get16(c);
    message->home_agent_lifetime = cursor_get16(c);
}

static void write_home_agent(struct cursor *c, const struct nd_message *message)
{
    cursor_zero(c, 2);
    cursor_put16(c, message->home_agent_preference);
    cursor_put16(c, message->home_agent_lifetime);
}

struct option_format {
    uint8_t type;
    uint8_t units; /* of 8 octets */
    void (*read)(struct cursor *c, struct nd_message *message);
    void (*write)(struct cursor *c, const struct nd_message *message); /* NULL: written otherwise, or never */
};

static const struct option_format option_formats[] = {
    {ND_OPTION_SOURCE_LINK_LAYER_ADDRESS, 1, read_source, write_source},
    {ND_OPTION_TARGET_LINK_LAYER_ADDRESS, 1, read_target, write_target},
    {ND_OPTION_PREFIX_INFORMATION, 4, read_prefix, NULL},
    {ND_OPTION_MTU, 1, read_mtu, write_mtu},
    {ND_OPTION_ADVERTISEMENT_INTERVAL, 1, read_interval, write_interval},
    {ND_OPTION_HOME_AGENT_INFORMATION, 1, read_home_agent, write_home_agent},
};

#define OPTION_FORMATS (sizeof(option_formats) / sizeof(option_formats[0]))

/* ---- messages ---- */

#define ADVERTISEMENT_MANAGED    0x80
#define ADVERTISEMENT_OTHER      0x40
#define ADVERTISEMENT_HOME_AGENT 0x20

static void read_router_solicitation(struct cursor *c, struct nd_message *message)
{
    (void)message;
    cursor_skip(c, 4);
}

static void write_router_solicitation(struct cursor *c, const struct nd_message *message)
{
    (void)message;
    cursor_zero(c, 4);
}

static void read_router_advertisement(struct cursor *c, struct nd_message *message)
{
    message->hop_limit = cursor_get8(c);
    uint8_t flags = cursor_get8(c);
    message->managed = (flags & ADVERTISEMENT_MANAGED) != 0;
    message->other = (flags & ADVERTISEMENT_OTHER) != 0;
    message->home_agent = (flags & ADVERTISEMENT_HOME_AGENT) != 0;
    message->router_lifetime = cursor_get16(c);
    message->reachable_time_ms = cursor_get32(c);
    message->retransmission_ms = cursor_get32(c);
}

static void write_router_advertisement(struct cursor *c, const struct nd_message *message)
{
    cursor_put8(c, message->hop_limit);
    cursor_put8(c, (uint8_t)((message->managed ? ADVERTISEMENT_MANAGED : 0) |
                             (message->other ? ADVERTISEMENT_OTHER : 0) |
                             (message->home_agent ? ADVERTISEMENT_HOME_AGENT : 0)));
    cursor_put16(c, message->router_lifetime);
    cursor_put32(c, message->reachable_time_ms);
    cursor_put32(c, message->retransmission_ms);
}

static void read_neighbor_solicitation(struct cursor *c, struct nd_message *message)
{
    cursor_skip(c, 4);
    cursor_get(c, message->target.octets, sizeof(message->target.octets));
}

static void write_neighbor_solicitation(struct cursor *c, const struct nd_message *message)
{
    cursor_zero(c, 4);
    cursor_put(c, message->target.octets, sizeof(message->target.octets));
}

#define NEIGHBOR_ROUTER    0x80
#define NEIGHBOR_SOLICITED 0x40
#define NEIGHBOR_OVERRIDE  0x20

static void read_neighbor_advertisement(struct cursor *c, struct nd_message *message)
{
    uint8_t flags = cursor_get8(c);
    message->router = (flags & NEIGHBOR_ROUTER) != 0;
    message->solicited = (flags & NEIGHBOR_SOLICITED) != 0;
    message->override = (flags & NEIGHBOR_OVERRIDE) != 0;
    cursor_skip(c, 3);
    cursor_get(c, message->target.octets, sizeof(message->target.octets));
}

static void write_neighbor_advertisement(struct cursor *c, const struct nd_message *message)
{
    cursor_put8(c, (uint8_t)((message->router ? NEIGHBOR_ROUTER : 0) |
                             (message->solicited ? NEIGHBOR_SOLICITED : 0) |
                             (message->override ? NEIGHBOR_OVERRIDE : 0)));
    cursor_zero(c, 3);
    cursor_put(c, message->target.octets, sizeof(message->target.octets));
}

static void read_redirect(struct cursor *c, struct nd_message *message)
{
    read_neighbor_solicitation(c, message);
    cursor_get(c, message->destination.octets, sizeof(message->destination.octets));
}

static void write_redirect(struct cursor *c, const struct nd_message *message)
{
    write_neighbor_solicitation(c, message);
    cursor_put(c, message->destination.octets, sizeof(message->destination.octets));
}

struct message_format {
    const char *name;
    uint8_t length;   /* of type, code, checksum and the fixed part */
    uint32_t options; /* ND_HAS() bits: what it may carry */
    void (*read)(struct cursor *c, struct nd_message *message);
    void (*write)(struct cursor *c, const struct nd_message *message);
};

static const struct message_format message_formats[] = {
    {"Router Solicitation", 8, ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS), read_router_solicitation,
     write_router_solicitation},
    {"Router Advertisement", 16,
     ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS) | ND_HAS(ND_OPTION_PREFIX_INFORMATION) |
         ND_HAS(ND_OPTION_MTU) | ND_HAS(ND_OPTION_ADVERTISEMENT_INTERVAL) |
         ND_HAS(ND_OPTION_HOME_AGENT_INFORMATION),
     read_router_advertisement, write_router_advertisement},
    {"Neighbor Solicitation", 24, ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS), read_neighbor_solicitation,
     write_neighbor_solicitation},
    {"Neighbor Advertisement", 24, ND_HAS(ND_OPTION_TARGET_LINK_LAYER_ADDRESS), read_neighbor_advertisement,
     write_neighbor_advertisement},
    {"Redirect", 40, ND_HAS(ND_OPTION_TARGET_LINK_LAYER_ADDRESS), read_redirect, write_redirect},
};

static const struct message_format *format_of(uint8_t type)
{
    assert(type >= ICMPV6_ROUTER_SOLICITATION && type <= ICMPV6_REDIRECT);
    return &message_formats[type - ICMPV6_ROUTER_SOLICITATION];
}

const char *nd_message_name(uint8_t type)
{
    return format_of(type)->name;
}

static void read_option(struct nd_message *message, uint8_t type, uint8_t units, struct cursor *body)
{
    for (size_t i = 0; i < OPTION_FORMATS; i++) {
        if (option_formats[i].type != type)
            continue;
        if (option_formats[i].units == units) {
            option_formats[i].read(body, message);
            message->present |= ND_HAS(type);
        }
        return;
    }
}

static bool read_options(struct nd_message *message, uint32_t allowed, struct cursor *c)
{
    while (cursor_left(c) > 0) {
        uint8_t type = cursor_get8(c);
        uint8_t units = cursor_get8(c);
        if (units == 0)
            return false;
        size_t body_length = (size_t)units * 8 - 2;
        const uint8_t *body = cursor_take(c, body_length);
        if (body == NULL)
            return false;
        if (type < 32 && (allowed & ND_HAS(type)) != 0) {
            struct cursor inner = cursor_over(body, body_length);
            read_option(message, type, units, &inner);
        }
    }
    return !c->failed;
}

bool nd_message_read(struct nd_message *message, uint8_t type, const uint8_t *octets, size_t length)
{
    const struct message_format *format = format_of(type);
    struct cursor c = cursor_over(octets, length);
    message->type = cursor_get8(&c);
    uint8_t code = cursor_get8(&c);
    cursor_skip(&c, 2);
    message->present = 0;
    message->prefix_count = 0;
    format->read(&c, message);
    return !c.failed && code == 0 && message->type == type && read_options(message, format->options, &c);
}

size_t nd_message_length(const struct nd_message *message)
{
    size_t length = format_of(message->type)->length + message->prefix_count * 32;
    for (size_t i = 0; i < OPTION_FORMATS; i++)
        if (option_formats[i].write != NULL && (message->present & ND_HAS(option_formats[i].type)) != 0)
            length += option_formats[i].units * 8u;
    if (message->type == ICMPV6_REDIRECT && message->redirected_length > 0)
        length += ND_REDIRECTED_HEADER + message->redirected_length;
    return length;
}

/* 4.6.3 */
static void write_redirected(struct cursor *c, const struct nd_message *message)
{
    cursor_put8(c, ND_OPTION_REDIRECTED_HEADER);
    cursor_put8(c, (uint8_t)((ND_REDIRECTED_HEADER + message->redirected_length) / 8));
    cursor_zero(c, 6);
    cursor_put(c, message->redirected, message->redirected_length);
}

void nd_message_write(const struct nd_message *message, uint8_t *octets, size_t length)
{
    struct cursor c = cursor_over(octets, length);
    cursor_put8(&c, message->type);
    cursor_zero(&c, 3);
    format_of(message->type)->write(&c, message);
    for (size_t i = 0; i < OPTION_FORMATS; i++) {
        const struct option_format *option = &option_formats[i];
        if (option->type == ND_OPTION_PREFIX_INFORMATION) {
            for (unsigned p = 0; p < message->prefix_count; p++)
                nd_prefix_write(&c, &message->prefixes[p]);
        } else if ((message->present & ND_HAS(option->type)) != 0) {
            cursor_put8(&c, option->type);
            cursor_put8(&c, option->units);
            option->write(&c, message);
        }
    }
    if (message->type == ICMPV6_REDIRECT && message->redirected_length > 0)
        write_redirected(&c, message);
    assert(!c.failed && cursor_left(&c) == 0);
}
