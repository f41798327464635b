/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * protocol_log.c - see protocol_log.h. A level is a set of events that are watched, so that what nobody wants
 * to read is not even reported.
 */
#include "sim/measure/protocol_log.h"

#include <string.h>

#include "sim/measure/signalling.h"

bool log_level_parse(const char *text, enum log_level *level)
{
    static const char *const names[] = {"none", "info", "debug", "trace"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(text, names[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    return false;
}

static const uint64_t info_events =
    WATCH(EVENT_MESSAGE_SENT) | WATCH(EVENT_MESSAGE_RECEIVED) | WATCH(EVENT_MESSAGE_DISCARDED) |
    WATCH(EVENT_LINK_DOWN) | WATCH(EVENT_LINK_UP) | WATCH(EVENT_MOVED) | WATCH(EVENT_CARE_OF_ADDRESS_USABLE) |
    WATCH(EVENT_RETURNED_HOME) | WATCH(EVENT_HOME_REGISTERED) | WATCH(EVENT_HOME_DEREGISTERED) |
    WATCH(EVENT_CORRESPONDENT_REGISTERED) | WATCH(EVENT_REGISTRATION_FAILED) | WATCH(EVENT_BINDING_CREATED) |
    WATCH(EVENT_BINDING_UPDATED) | WATCH(EVENT_BINDING_DELETED) | WATCH(EVENT_BINDING_EXPIRED) |
    WATCH(EVENT_ADDRESS_DUPLICATE) | WATCH(EVENT_ADVERTISEMENTS_CONFLICT) | WATCH(EVENT_STATIC_KEY_WORN) |
    WATCH(EVENT_POWER_OFF) | WATCH(EVENT_POWER_ON);
static const uint64_t debug_events = WATCH(EVENT_ROUTER_ADVERTISEMENT_USED) | WATCH(EVENT_ADDRESS_TENTATIVE) |
                                     WATCH(EVENT_ADDRESS_USABLE) | WATCH(EVENT_ADDRESS_REMOVED) |
                                     WATCH(EVENT_STATE) | WATCH(EVENT_PACKET_DISCARDED);
static const uint64_t trace_events =
    WATCH(EVENT_PACKET_FORWARDED) | WATCH(EVENT_PACKET_TUNNELLED) | WATCH(EVENT_APPLICATION_SENT);

uint64_t protocol_log_watch(enum log_level level)
{
    return (level >= LOG_INFO ? info_events : 0) | (level >= LOG_DEBUG ? debug_events : 0) |
           (level >= LOG_TRACE ? trace_events : 0);
}

static void begin_line(GString *log, const struct directory *directory, uint32_t node, time_ns now)
{
    g_string_append_printf(log, "%" G_GINT64_FORMAT ".%09d %-8s ", now / 1000000000, (int)(now % 1000000000),
                           directory_name(directory, node));
}

/* The name of the node that the address is known to be; the address itself when nobody is. */
static void append_node(GString *log, const struct directory *directory, const char *word,
                        const struct ipv6_address *address)
{
    if (!address)
        return;
    char text[ADDRESS_TEXT_LENGTH];
    uint32_t owner = directory_owner(directory, address);
    g_string_append_printf(log, " %s %s", word,
                           owner == DIRECTORY_NOBODY ? address_text(address, text)
                                                     : directory_name(directory, owner));
}

static void append_address(GString *log, const char *word, const struct ipv6_address *address)
{
    char text[ADDRESS_TEXT_LENGTH];
    if (address)
        g_string_append_printf(log, ", %s %s", word, address_text(address, text));
}

/* What the address that comes with an event is. */
static const char *address_word(enum protocol_event_kind kind)
{
    switch (kind) {
    case EVENT_MOVED:
        return "to prefix";
    case EVENT_ADDRESS_TENTATIVE:
    case EVENT_ADDRESS_USABLE:
    case EVENT_ADDRESS_DUPLICATE:
    case EVENT_ADDRESS_REMOVED:
        return "address";
    default:
        return "care-of address";
    }
}

/* whom: the node whose home address goes without saying. */
static void append_details(GString *log, const struct directory *directory,
                           const struct protocol_event *event, uint32_t whom)
{
    const char *home = directory_home_name(directory, event->home_address);
    if (event->home_address && directory_owner(directory, event->home_address) != whom)
        append_node(log, directory, "for", event->home_address);
    if (home)
        g_string_append_printf(log, " as %s", home);
    append_address(log, address_word(event->kind), event->care_of_address);
    if (event->sequence >= 0)
        g_string_append_printf(log, ", sequence %d", event->sequence);
    if (event->status >= 0)
        g_string_append_printf(log, ", status %d", event->status);
    if (event->lifetime >= 0)
        g_string_append_printf(log, ", lifetime %d s", event->lifetime);
}

static void append_message(GString *log, const struct directory *directory, uint32_t node,
                           const struct protocol_event *event)
{
    bool sent = event->kind == EVENT_MESSAGE_SENT;
    const struct ipv6_address *other = sent ? event->destination : event->source;
    g_string_append_printf(log, "%s %s", event->message ? event->message : "message",
                           protocol_event_text(event->kind));
    append_node(log, directory, sent ? "to" : "from", other);
    if (event->tunnelled)
        g_string_append(log, " through the tunnel");
    if (event->protected_by_esp)
        g_string_append(log, " with ESP");
    uint32_t known = directory_owner(directory, other);
    append_details(log, directory, event,
                   event->home_address && directory_owner(directory, event->home_address) == known ? known
                                                                                                   : node);
    g_string_append_printf(log, ", %u octets", event->octets);
    if (event->kind == EVENT_MESSAGE_DISCARDED)
        g_string_append_printf(log, ": %s", discard_reason_text(event->reason));
}

static void append_packet(GString *log, const struct directory *directory, const struct protocol_event *event)
{
    g_string_append(log, protocol_event_text(event->kind));
    append_node(log, directory, "from", event->source);
    append_node(log, directory, "to", event->destination);
    if (event->packet && event->packet->length >= 40 && !event->source) {
        struct ipv6_address source = ipv6_address_read(packet_octets(event->packet) + 8);
        struct ipv6_address destination = ipv6_address_read(packet_octets(event->packet) + 24);
        append_node(log, directory, "from", &source);
        append_node(log, directory, "to", &destination);
    }
    if (event->kind == EVENT_PACKET_DISCARDED)
        g_string_append_printf(log, ": %s", discard_reason_text(event->reason));
}

void protocol_log_report(GString *log, enum log_level level, const struct directory *directory, uint32_t node,
                         const struct protocol_event *event)
{
    static const char *const paths[] = {"direct", "tunnelled", "route-optimized"};
    bool message = event->kind == EVENT_MESSAGE_SENT || event->kind == EVENT_MESSAGE_RECEIVED ||
                   event->kind == EVENT_MESSAGE_DISCARDED;
    if (!(protocol_log_watch(level) & WATCH(event->kind)))
        return;
    if (level < LOG_DEBUG && message && !signalling_is_mobility(event))
        return;
    if (level < LOG_DEBUG && (event->kind == EVENT_LINK_DOWN || event->kind == EVENT_LINK_UP) &&
        directory_node(directory, node)->kind != SCENARIO_MOBILE_NODE)
        return;
    begin_line(log, directory, node, event->time);
    switch (event->kind) {
    case EVENT_MESSAGE_SENT:
    case EVENT_MESSAGE_RECEIVED:
    case EVENT_MESSAGE_DISCARDED:
        append_message(log, directory, node, event);
        break;
    case EVENT_PACKET_DISCARDED:
    case EVENT_PACKET_FORWARDED:
    case EVENT_PACKET_TUNNELLED:
        append_packet(log, directory, event);
        break;
    case EVENT_APPLICATION_SENT:
        g_string_append_printf(log, "application sent flow %u packet %u, %s, %u octets", event->flow,
                               event->flow_sequence, paths[event->path], event->octets);
        break;
    case EVENT_ADVERTISEMENTS_CONFLICT:
        g_string_append_printf(log, "%s: %s", protocol_event_text(event->kind), event->message);
        append_node(log, directory, "of", event->source);
        break;
    case EVENT_STATE:
        g_string_append_printf(log, "%s: %s -> %s", event->message, event->from, event->to);
        append_node(log, directory, "with", event->peer);
        break;
    default:
        g_string_append(log, protocol_event_text(event->kind));
        append_node(log, directory, "by", event->source);
        append_node(log, directory, "with", event->peer);
        append_details(log, directory, event, node);
        break;
    }
    g_string_append_c(log, '\n');
}

void protocol_log_delivery(GString *log, const struct directory *directory, uint32_t node,
                           const struct delivery *delivery)
{
    static const char *const paths[] = {"direct", "tunnelled", "route-optimized"};
    begin_line(log, directory, node, delivery->time);
    g_string_append_printf(log, "delivered flow %u packet %u, %s, %u octets after %.6f ms\n", delivery->flow,
                           delivery->sequence, paths[delivery->path], delivery->octets,
                           (double)(delivery->time - delivery->sent) / 1e6);
}

void protocol_log_line(GString *log, const struct directory *directory, uint32_t node, const char *text,
                       time_ns now)
{
    begin_line(log, directory, node, now);
    g_string_append_printf(log, "%s\n", text);
}

void protocol_log_loss(GString *log, const struct directory *directory, uint32_t node,
                       enum discard_reason reason, uint32_t octets, time_ns now)
{
    begin_line(log, directory, node, now);
    g_string_append_printf(log, "frame of %u octets %s\n", octets, discard_reason_text(reason));
}
