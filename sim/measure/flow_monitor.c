/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow_monitor.c - see flow_monitor.h. Counts and extremes, no record a datagram (packet_trace.h has those):
 * whether one has arrived before, and which way it was sent, is known of the last 64.
 */
#include "sim/measure/flow_monitor.h"

#include "models/base/cursor.h"
#include "models/ipv6/ipv6.h"
#include "models/traffic/flow.h"

void flow_monitor_init(struct flow_monitor *monitor, const struct scenario *scenario)
{
    monitor->warm_up = scenario->warm_up;
    monitor->count = scenario->flow_total;
    monitor->flows = g_new0(struct flow_record, monitor->count);
    for (uint32_t i = 0; i < scenario->flow_count; i++) {
        const struct scenario_flow *flow = &scenario->flows[i];
        for (uint32_t pair = 0; pair < flow->pairs; pair++) {
            uint32_t a, b;
            scenario_pair(&flow->from, &flow->to, pair, &a, &b);
            uint32_t from = scenario->nodes[flow->from.node].first + a;
            uint32_t to = scenario->nodes[flow->to.node].first + b;
            monitor->flows[flow->first + pair] = (struct flow_record){
                .from = from,
                .to = to,
                .from_home = flow->from.home,
                .to_home = flow->to.home,
                .sink = flow->configuration.echo ? from : to,
                .scenario_flow = i,
                .pair = pair,
                .delay_minimum = TIME_NEVER,
                .last_delivery = TIME_NEVER,
            };
        }
    }
}

void flow_monitor_free(struct flow_monitor *monitor)
{
    g_free(monitor->flows);
}

struct flow_record *flow_monitor_find(const struct flow_monitor *monitor, uint32_t flow)
{
    return flow < monitor->count ? &monitor->flows[flow] : NULL;
}

void flow_monitor_sent(struct flow_monitor *monitor, const struct protocol_event *event)
{
    struct flow_record *flow = flow_monitor_find(monitor, event->flow);
    if (!flow)
        return;
    if (event->time < monitor->warm_up)
        flow->first = event->flow_sequence + 1;
    else if (event->flow_sequence < flow->first)
        flow->first = 0; /* its source has begun anew */
    flow->numbered++;
    flow->sent += event->flow_sequence >= flow->first;
    flow->tunnelled_window = flow->tunnelled_window << 1 | (event->path == PATH_TUNNELLED);
}

/* One that its sender's link refuses is lost before it is reported as sent. */
void flow_monitor_lost(const struct flow_monitor *monitor, struct flow_record *flow, uint32_t sequence,
                       bool misdirected, time_ns now)
{
    if (sequence < flow->first || now < monitor->warm_up)
        return;
    flow->lost++;
    flow->misdirected += misdirected;
}

static enum packet_path path_of(const struct flow_record *flow, const struct delivery *delivery)
{
    uint64_t ago = flow->numbered - 1 - delivery->sequence;
    if (delivery->path == PATH_DIRECT && ago < 64 && (flow->tunnelled_window >> ago & 1))
        return PATH_TUNNELLED;
    return delivery->path;
}

/* True if this datagram has not arrived before, as far as a window of 64 tells; an older one is taken for
 * late. */
static bool first_arrival(struct flow_record *flow, uint32_t sequence)
{
    if (!flow->any || sequence > flow->highest) {
        uint64_t ahead = !flow->any ? 64 : (uint64_t)sequence - flow->highest;
        flow->any = true;
        flow->window = ahead >= 64 ? 1 : flow->window << ahead | 1;
        flow->highest = sequence;
        return true;
    }
    uint32_t behind = flow->highest - sequence;
    if (behind < 64) {
        uint64_t bit = UINT64_C(1) << behind;
        if (flow->window & bit) {
            flow->duplicated += sequence >= flow->first;
            return false;
        }
        flow->window |= bit;
    }
    flow->reordered += sequence >= flow->first;
    return true;
}

static void count_arrival(struct flow_record *flow, const struct delivery *delivery, enum packet_path path)
{
    flow->received++;
    switch (path) {
    case PATH_DIRECT:
        flow->direct++;
        break;
    case PATH_TUNNELLED:
        flow->tunnelled++;
        break;
    case PATH_ROUTE_OPTIMIZED:
        flow->optimized++;
        break;
    }
    time_ns delay = delivery->time - delivery->sent;
    flow->delay_sum += delay;
    flow->delay_minimum = MIN(flow->delay_minimum, delay);
    flow->delay_maximum = MAX(flow->delay_maximum, delay);
    if (flow->last_delivery != TIME_NEVER)
        flow->longest_gap = MAX(flow->longest_gap, delivery->time - flow->last_delivery);
    flow->last_delivery = delivery->time;
}

bool flow_monitor_delivered(struct flow_monitor *monitor, uint32_t node, const struct delivery *delivery,
                            enum packet_path *path)
{
    struct flow_record *flow = flow_monitor_find(monitor, delivery->flow);
    if (!flow || flow->sink != node || !first_arrival(flow, delivery->sequence))
        return false;
    *path = path_of(flow, delivery);
    if (delivery->sequence >= flow->first)
        count_arrival(flow, delivery, *path);
    return true;
}

bool flow_reason_is_misdirection(enum discard_reason reason)
{
    return reason == DISCARD_NO_SUCH_STATION || reason == DISCARD_ADDRESS_UNREACHABLE ||
           reason == DISCARD_RESOLUTION_QUEUE || reason == DISCARD_NOT_OURS ||
           reason == DISCARD_FRAME_NOT_FOR_US;
}

static bool datagram_read(struct cursor *c, uint32_t *flow, uint32_t *sequence)
{
    cursor_skip(c, 2);
    uint16_t port = cursor_get16(c);
    cursor_skip(c, 4);
    uint8_t *payload = c->failed ? NULL : c->position;
    time_ns sent;
    return payload && port == FLOW_PORT && flow_payload_read(payload, cursor_left(c), flow, sequence, &sent);
}

bool flow_packet_read(const uint8_t *octets, size_t length, bool ethernet, uint32_t *flow, uint32_t *sequence)
{
    struct cursor c = cursor_over(octets, length);
    if (ethernet)
        cursor_skip(&c, 14);
    uint8_t next = NEXT_HEADER_IPV6;
    for (unsigned headers = 0; headers < 16 && !c.failed; headers++) {
        switch (next) {
        case NEXT_HEADER_IPV6:
            cursor_skip(&c, IPV6_AT_NEXT_HEADER);
            next = cursor_get8(&c);
            cursor_skip(&c, IPV6_HEADER_LENGTH - IPV6_AT_NEXT_HEADER - 1);
            break;
        case NEXT_HEADER_HOP_BY_HOP:
        case NEXT_HEADER_ROUTING:
        case NEXT_HEADER_DESTINATION_OPTIONS: {
            next = cursor_get8(&c);
            size_t units = cursor_get8(&c);
            cursor_skip(&c, 8 * units + 6);
            break;
        }
        case NEXT_HEADER_FRAGMENT: {
            next = cursor_get8(&c);
            cursor_skip(&c, 1);
            if (cursor_get16(&c) >> 3 != 0)
                return false;
            cursor_skip(&c, 4);
            break;
        }
        case NEXT_HEADER_UDP:
            return datagram_read(&c, flow, sequence);
        default:
            return false;
        }
    }
    return false;
}
