/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signalling.c - see signalling.h. Addresses are those on the wire where a report has them: what a Home
 * Address option or a type 2 routing header stands for is in columns of its own.
 */
#include "sim/measure/signalling.h"

#include <string.h>

void signalling_init(struct signalling *signalling)
{
    signalling->rows = g_array_new(FALSE, FALSE, sizeof(struct signalling_row));
}

void signalling_free(struct signalling *signalling)
{
    g_array_free(signalling->rows, TRUE);
}

bool signalling_is_mobility(const struct protocol_event *event)
{
    static const char *const names[] = {
        "Binding Update", "Binding Acknowledgement", "Home Test Init", "Care-of Test Init", "Home Test",
        "Care-of Test",   "Binding Refresh Request", "Binding Error",  "Mobility Header",
        "Home Agent Address Discovery Request", "Home Agent Address Discovery Reply",
        "Mobile Prefix Solicitation", "Mobile Prefix Advertisement"};
    if (event->kind != EVENT_MESSAGE_SENT && event->kind != EVENT_MESSAGE_RECEIVED &&
        event->kind != EVENT_MESSAGE_DISCARDED)
        return false;
    char initial = event->message ? event->message[0] : '\0';
    if (initial != 'B' && initial != 'C' && initial != 'H' && initial != 'M')
        return false; /* Neighbor Discovery's names, of which there are most, begin otherwise */
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(event->message, names[i]) == 0)
            return true;
    return false;
}

static void take(struct ipv6_address *to, const struct ipv6_address *from)
{
    if (from)
        *to = *from;
}

void signalling_enter(struct signalling *signalling, uint32_t node, const struct protocol_event *event)
{
    struct signalling_row row = {
        .time = event->time,
        .node = node,
        .action = event->kind == EVENT_MESSAGE_SENT       ? SIGNALLING_SENT
                  : event->kind == EVENT_MESSAGE_RECEIVED ? SIGNALLING_RECEIVED
                                                          : SIGNALLING_DISCARDED,
        .reason = event->reason,
        .message = event->message,
        .sequence = event->sequence,
        .status = event->status,
        .lifetime = event->lifetime,
        .octets = event->octets,
        .tunnelled = event->tunnelled,
    };
    take(&row.source, event->wire_source ? event->wire_source : event->source);
    take(&row.destination, event->wire_destination ? event->wire_destination : event->destination);
    take(&row.home_address, event->home_address);
    take(&row.care_of_address, event->care_of_address);
    if (signalling->limit && signalling->rows->len >= signalling->limit)
        signalling->omitted++;
    else
        g_array_append_val(signalling->rows, row);
}
