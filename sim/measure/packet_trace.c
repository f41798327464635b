/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_trace.c - see packet_trace.h. A record a datagram, in an array by sequence number: sources count
 * from 0 without gaps. A node that drops a datagram at once says so before it says that it has sent it, so
 * that a record is made by whoever speaks of it first; a number far ahead of those known is a forgery, and
 * nobody's.
 */
#include "sim/measure/packet_trace.h"

#define END_NONE UINT32_MAX

struct packet_record {
    time_ns sent;
    struct ipv6_address care_of_address; /* where it, or a copy, was seen last; as in struct packet_end */
    uint32_t link;
    uint32_t last_end;     /* of `more`; END_NONE: there are none */
    struct packet_end end; /* the first */
    bool seen, tunnelled, optimized;
};

struct packet_trace {
    const struct directory *directory;
    time_ns warm_up;
    uint32_t flow_count;
    GArray **flows; /* by running number, of struct packet_record; NULL: not wanted */
    GArray *more;   /* struct packet_end: further ends of datagrams that were copied */
};

const char *packet_fate_word(enum packet_fate fate)
{
    static const char *const words[] = {
#define X(name, word) word,
        PACKET_FATES(X)
#undef X
    };
    return words[fate];
}

struct packet_trace *packet_trace_new(const struct directory *directory)
{
    const struct scenario *scenario = directory->scenario;
    if (scenario->packet_flow_count == 0)
        return NULL;
    struct packet_trace *trace = g_new0(struct packet_trace, 1);
    trace->directory = directory;
    trace->warm_up = scenario->warm_up;
    trace->flow_count = scenario->flow_total;
    trace->flows = g_new0(GArray *, trace->flow_count + 1);
    trace->more = g_array_new(FALSE, FALSE, sizeof(struct packet_end));
    for (uint32_t i = 0; i < scenario->packet_flow_count; i++) {
        const struct scenario_flow_range *range = &scenario->packet_flows[i];
        for (uint32_t flow = range->first; flow < range->first + range->count; flow++)
            if (!trace->flows[flow])
                trace->flows[flow] = g_array_new(FALSE, FALSE, sizeof(struct packet_record));
    }
    return trace;
}

void packet_trace_free(struct packet_trace *trace)
{
    if (!trace)
        return;
    for (uint32_t i = 0; i < trace->flow_count; i++)
        if (trace->flows[i])
            g_array_unref(trace->flows[i]);
    g_array_unref(trace->more);
    g_free(trace->flows);
    g_free(trace);
}

/* NULL: of no flow that is wanted. */
static struct packet_record *find(struct packet_trace *trace, uint32_t flow, uint32_t sequence)
{
    static const struct packet_record unknown = {
        .sent = TIME_NEVER,
        .link = PACKET_NOWHERE,
        .end = {.time = TIME_NEVER,
                .link = PACKET_NOWHERE,
                .node = PACKET_NOWHERE,
                .dropped_link = PACKET_NOWHERE,
                .next = END_NONE,
                .fate = PACKET_UNDER_WAY},
        .last_end = END_NONE,
    };
    GArray *records = flow < trace->flow_count ? trace->flows[flow] : NULL;
    if (!records || sequence > records->len)
        return NULL;
    if (sequence == records->len)
        g_array_append_val(records, unknown);
    return &g_array_index(records, struct packet_record, sequence);
}

void packet_trace_sent(struct packet_trace *trace, const struct protocol_event *event)
{
    struct packet_record *record = find(trace, event->flow, event->flow_sequence);
    if (record)
        record->sent = event->time;
}

/* The end of the tunnel that is the mobile node's: who a tunnelled packet is for is also who the tunnel is
 * for, unless it leads to the home agent. */
static const struct ipv6_address *tunnel_care_of(const struct packet_trace *trace,
                                                 const struct packet_view *view)
{
    uint32_t exit = directory_owner(trace->directory, &view->outer_destination);
    bool forward = exit != DIRECTORY_NOBODY && exit == directory_owner(trace->directory, &view->destination);
    return forward ? &view->outer_destination : &view->outer_source;
}

void packet_trace_seen(struct packet_trace *trace, const struct packet_view *view, uint32_t link)
{
    struct packet_record *record = find(trace, view->flow, view->flow_sequence);
    if (!record)
        return;
    record->seen = true;
    record->tunnelled |= view->tunnels > 0;
    record->optimized |= view->home_address_option || view->type_2_routing;
    if (link != PACKET_NOWHERE)
        record->link = link;
    if (view->type_2_routing)
        record->care_of_address = view->wire_destination;
    else if (view->home_address_option)
        record->care_of_address = view->wire_source;
    else if (view->tunnels > 0)
        record->care_of_address = *tunnel_care_of(trace, view);
}

/* The record's first end, or one more. */
static struct packet_end *new_end(struct packet_trace *trace, struct packet_record *record)
{
    if (record->end.fate == PACKET_UNDER_WAY)
        return &record->end;
    const struct packet_end end = {.next = END_NONE};
    uint32_t number = trace->more->len;
    if (record->last_end == END_NONE)
        record->end.next = number;
    else
        g_array_index(trace->more, struct packet_end, record->last_end).next = number;
    record->last_end = number;
    g_array_append_val(trace->more, end);
    return &g_array_index(trace->more, struct packet_end, number);
}

void packet_trace_ended(struct packet_trace *trace, uint32_t flow, uint32_t sequence, enum packet_fate fate,
                        enum discard_reason reason, uint32_t node, uint32_t link, time_ns now)
{
    struct packet_record *record = find(trace, flow, sequence);
    if (!record)
        return;
    struct packet_end *end = new_end(trace, record);
    end->time = now;
    end->care_of_address = record->care_of_address; /* what ends has been seen last */
    end->link = record->link;
    end->node = node;
    end->dropped_link = link;
    end->fate = (uint8_t)fate;
    end->reason = (uint8_t)reason;
}

void packet_trace_delivered(struct packet_trace *trace, const struct delivery *delivery,
                            enum packet_fate fate, uint32_t node)
{
    struct packet_record *record = find(trace, delivery->flow, delivery->sequence);
    if (!record)
        return;
    if (record->sent == TIME_NEVER)
        record->sent = delivery->sent;
    packet_trace_ended(trace, delivery->flow, delivery->sequence, fate, DISCARD_NONE, node, PACKET_NOWHERE,
                       delivery->time);
}

static void each_end(const struct packet_trace *trace, const struct packet_record *record,
                     struct packet_row *row, packet_trace_function *function, void *context)
{
    struct packet_end under_way = record->end;
    const struct packet_end *end = &record->end;
    if (end->fate == PACKET_UNDER_WAY) {
        under_way.care_of_address = record->care_of_address;
        under_way.link = record->link;
        end = &under_way;
    }
    for (;;) {
        row->end = end;
        function(context, row);
        if (end->next == END_NONE)
            return;
        end = &g_array_index(trace->more, struct packet_end, end->next);
    }
}

void packet_trace_each(const struct packet_trace *trace, packet_trace_function *function, void *context)
{
    for (uint32_t flow = 0; flow < trace->flow_count; flow++) {
        const GArray *records = trace->flows[flow];
        for (guint sequence = 0; records && sequence < records->len; sequence++) {
            const struct packet_record *record = &g_array_index(records, struct packet_record, sequence);
            struct packet_row row = {.flow = flow,
                                     .sequence = sequence,
                                     .sent = record->sent,
                                     .seen = record->seen,
                                     .tunnelled = record->tunnelled,
                                     .optimized = record->optimized};
            if (record->sent >= trace->warm_up)
                each_end(trace, record, &row, function, context);
        }
    }
}
