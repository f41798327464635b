/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow.c - sources and the sink of UDP flows.
 *
 * A source is one timer. Each expiry sends a datagram and arms the timer for the next, counted from the
 * deadline and not from the wake-up, so that a constant flow keeps its pace under a clock that wakes late. An
 * off time needs no expiry of its own: the next on time begins with a datagram.
 *
 * Exponential times are drawn by von Neumann's method ("Various techniques used in connection with random
 * digits", 1951), which only compares uniform numbers: no logarithm, whose last bit differs between machines,
 * and no libm. It takes 4.3 draws of eight octets on average. The result scales with the mean: with the mean
 * doubled, the same octets give times twice as long.
 */
#include "models/traffic/flow.h"

#include <string.h>

#include "models/base/cursor.h"
#include "models/base/error.h"
#include "models/environment.h"
#include "models/ipv6/node.h"

#define SOURCE_PORTS 8192u /* in each of the two ranges */

/* -- times -- */

static uint64_t draw(struct environment *environment)
{
    uint8_t octets[8];
    environment->operations->random(environment, RANDOM_TRAFFIC, octets, sizeof(octets));
    struct cursor c = cursor_over(octets, sizeof(octets));
    return cursor_get64(&c);
}

/*
 * Exponential with this mean: a whole number of means, geometric, plus a fraction of one. In each round draws
 * are taken while they descend; the first draw is the fraction if their number is odd (probability 1 - 1/e),
 * otherwise one more mean has passed.
 */
static time_ns exponential(struct environment *environment, time_ns mean)
{
    time_ns whole = 0;
    for (;;) {
        uint64_t first = draw(environment);
        uint64_t last = first;
        unsigned run = 1;
        for (uint64_t next = draw(environment); next < last; next = draw(environment)) {
            last = next;
            run++;
        }
        if (run % 2 != 0) {
            time_ns fraction = (time_ns)((unsigned __int128)(uint64_t)mean * first >> 64);
            return time_add(whole, fraction);
        }
        whole = time_add(whole, mean);
    }
}

/* When the datagram after the one due at `due` is due. */
static time_ns next_due(struct flow_source *source, time_ns due)
{
    const struct flow_configuration *configuration = source->configuration;
    struct environment *environment = source->node->environment;
    time_ns next;
    switch (configuration->pattern) {
    case FLOW_POISSON:
        return time_add(due, exponential(environment, configuration->interval));
    case FLOW_ON_OFF:
        next = time_add(due, configuration->interval);
        if (next >= source->phase_end) {
            next = time_add(source->phase_end, exponential(environment, configuration->off_mean));
            source->phase_end = time_add(next, exponential(environment, configuration->on_mean));
        }
        return next;
    case FLOW_CONSTANT:
    default:
        return time_add(due, configuration->interval);
    }
}

/* -- the source -- */

static uint16_t source_port(const struct flow_source *source)
{
    uint32_t least = source->configuration->echo ? FLOW_ECHO_SOURCE_PORT : FLOW_SOURCE_PORT;
    return (uint16_t)(least + source->flow % SOURCE_PORTS);
}

static struct packet *payload_new(const struct flow_source *source, time_ns now)
{
    size_t length = source->configuration->payload;
    struct packet *packet = packet_new(source->node->environment->packets, PACKET_HEADROOM, length);
    struct cursor c = cursor_over(packet_octets(packet), length);
    cursor_put32(&c, source->flow);
    cursor_put32(&c, source->sequence);
    cursor_put64(&c, (uint64_t)now);
    cursor_zero(&c, cursor_left(&c));
    return packet;
}

static void report_sent(const struct flow_source *source, const struct outbound *out, time_ns now)
{
    struct environment *environment = source->node->environment;
    if (!environment_watches(environment, EVENT_APPLICATION_SENT))
        return;
    struct protocol_event event = {
        .kind = EVENT_APPLICATION_SENT,
        .time = now,
        .source = &out->source,
        .destination = &out->destination,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
        .octets = out->octets,
        .tunnelled = out->path == PATH_TUNNELLED,
        .path = out->path,
        .flow = source->flow,
        .flow_sequence = source->sequence,
    };
    environment->operations->report(environment, &event);
}

static void send_datagram(struct flow_source *source, time_ns now)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = payload_new(source, now);
    out.source = source->source;
    out.destination = source->destination;
    if (udp_send(source->node, &out, source_port(source), FLOW_PORT, now) != 0)
        source->refused++;
    report_sent(source, &out, now);
    source->sequence++;
}

static bool is_finished(const struct flow_source *source, time_ns due)
{
    uint32_t packets = source->configuration->packets;
    return due >= source->stop || (packets != 0 && source->sequence >= packets);
}

static void datagram_due(struct node *node, struct timer *timer, time_ns now)
{
    struct flow_source *source = timer_owner(timer, struct flow_source, timer);
    time_ns due = timer->deadline;
    send_datagram(source, now);
    time_ns next = next_due(source, due);
    if (!is_finished(source, next))
        node_arm(node, timer, next);
}

static bool configuration_is_sound(const struct flow_configuration *configuration)
{
    if (configuration->interval <= 0 || configuration->payload < FLOW_PAYLOAD_LEAST ||
        configuration->payload > FLOW_PAYLOAD_MOST)
        return false;
    return configuration->pattern != FLOW_ON_OFF ||
           (configuration->on_mean > 0 && configuration->off_mean >= 0);
}

int flow_source_start(struct flow_source *source, struct node *node, time_ns now)
{
    const struct flow_configuration *configuration = source->configuration;
    if (!configuration_is_sound(configuration))
        return ERROR_ARGUMENT;
    time_ns first = source->start > now ? source->start : now;
    source->node = node;
    source->sequence = 0;
    source->refused = 0;
    timer_init(&source->timer, datagram_due);
    if (configuration->pattern == FLOW_ON_OFF)
        source->phase_end = time_add(first, exponential(node->environment, configuration->on_mean));
    if (!is_finished(source, first))
        node_arm(node, &source->timer, first);
    return 0;
}

void flow_source_stop(struct flow_source *source)
{
    if (source->node)
        node_disarm(source->node, &source->timer);
}

void flow_source_suspend(struct flow_source *source)
{
    if (!source->node)
        return;
    source->suspended |= timer_is_armed(&source->timer);
    node_disarm(source->node, &source->timer);
}

void flow_source_resume(struct flow_source *source, time_ns now)
{
    if (!source->suspended)
        return;
    source->suspended = false;
    time_ns due = source->timer.deadline;
    if (source->configuration->pattern == FLOW_CONSTANT && due < now) {
        time_ns interval = source->configuration->interval;
        due = time_add(due, (now - due + interval - 1) / interval * interval);
    }
    while (due < now)
        due = next_due(source, due);
    if (!is_finished(source, due))
        node_arm(source->node, &source->timer, due);
}

/* -- the sink -- */

bool flow_payload_read(const uint8_t *payload, size_t length, uint32_t *flow, uint32_t *sequence,
                       time_ns *sent)
{
    struct cursor c = cursor_over(payload, length);
    *flow = cursor_get32(&c);
    *sequence = cursor_get32(&c);
    *sent = (time_ns)cursor_get64(&c);
    return !c.failed;
}

/* From the address the datagram was sent to, so that the pair of addresses, and with it the path, is that of
 * the request. */
static void send_back(struct node *node, const struct inbound *in, const uint8_t *payload, size_t length,
                      time_ns now)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = packet_new(node->environment->packets, PACKET_HEADROOM, length);
    memcpy(packet_octets(out.packet), payload, length);
    out.source = in->destination;
    out.destination = in->source;
    (void)udp_send(node, &out, FLOW_PORT, FLOW_PORT,
                   now); /* a refusal has been reported, and shows as a loss */
}

static void datagram_received(struct application *application, struct node *node, const struct inbound *in,
                              uint16_t from_port, const uint8_t *payload, size_t length, time_ns now)
{
    struct flow_sink *sink =
        (struct flow_sink *)(void *)((char *)application - offsetof(struct flow_sink, application));
    struct delivery delivery = {
        .time = now,
        .octets = (uint32_t)length,
        .hop_limit = in->hop_limit,
        .path = inbound_path(in),
        .source = in->source,
        .destination = in->destination,
    };
    if (!flow_payload_read(payload, length, &delivery.flow, &delivery.sequence, &delivery.sent)) {
        sink->malformed++;
        return;
    }
    sink->datagrams++;
    if (from_port < FLOW_ECHO_SOURCE_PORT)
        node->environment->operations->deliver(node->environment, &delivery);
    else if (!ipv6_address_is_multicast(&in->destination))
        send_back(node, in, payload, length, now);
}

int flow_sink_start(struct flow_sink *sink, struct node *node)
{
    *sink = (struct flow_sink){.application = {.receive = datagram_received}};
    return udp_bind(node, &sink->application, FLOW_PORT);
}

int flow_sink_resume(struct flow_sink *sink, struct node *node)
{
    return udp_bind(node, &sink->application, FLOW_PORT);
}

void flow_sink_stop(struct flow_sink *sink, struct node *node)
{
    udp_unbind(node, &sink->application);
}
