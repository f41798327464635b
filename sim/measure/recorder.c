/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorder.c - see recorder.h. Each report goes to the probes that watch for its kind. What a dropped frame
 * was is read from its octets here, once, for all of them.
 */
#include "sim/measure/recorder.h"

#include "sim/network/link.h"

#define MESSAGES (WATCH(EVENT_MESSAGE_SENT) | WATCH(EVENT_MESSAGE_RECEIVED) | WATCH(EVENT_MESSAGE_DISCARDED))
#include "sim/network/security.h"
#include "sim/network/simulation.h"

/* Where something was dropped: at a node, or else on a link. */
struct place {
    uint32_t node, link;
};

static bool open_protected(void *context, const uint8_t *esp, size_t length, uint8_t *payload,
                           size_t *payload_length, uint8_t *next_header)
{
    return security_open(context, esp, length, payload, payload_length, next_header);
}

/* False: no datagram of a flow. */
static bool read_datagram(const struct recorder *recorder, const struct packet *packet, bool ethernet,
                          struct packet_view *view)
{
    bool keys = recorder->simulation && recorder->simulation->esp;
    return packet && packet_view_read(view, packet_octets(packet), packet->length, ethernet,
                                      keys ? open_protected : NULL, recorder->simulation) &&
           view->flow != PACKET_VIEW_FLOW_NONE;
}

/* Only a mobile node has places that it has left: where another is not, a datagram is lost, and no more. */
static bool is_misdirected(const struct recorder *recorder, const struct packet_view *view,
                           enum discard_reason reason)
{
    if (!flow_reason_is_misdirection(reason))
        return false;
    uint32_t to = directory_owner(&recorder->directory, &view->destination);
    return to != DIRECTORY_NOBODY && directory_node(&recorder->directory, to)->kind == SCENARIO_MOBILE_NODE;
}

static void lose(struct recorder *recorder, uint32_t number, uint32_t sequence, enum discard_reason reason,
                 bool misdirected, struct place place, time_ns now)
{
    struct flow_record *flow = flow_monitor_find(&recorder->flows, number);
    if (!flow)
        return;
    flow_monitor_lost(&recorder->flows, flow, sequence, misdirected, now);
    if (recorder->expectations.flows)
        expectation_probe_lost(&recorder->expectations, number, misdirected, now);
    handover_probe_dropped(&recorder->handovers, flow, misdirected);
    if (recorder->packets)
        packet_trace_ended(recorder->packets, number, sequence,
                           misdirected ? PACKET_MISDIRECTED : PACKET_LOST, reason, place.node, place.link,
                           now);
}

/* A dropped packet counts for its flow, if it was one of a flow's. */
static void dropped(struct recorder *recorder, const struct packet *packet, bool ethernet,
                    enum discard_reason reason, struct place place, time_ns now)
{
    struct packet_view view;
    if (!read_datagram(recorder, packet, ethernet, &view))
        return;
    if (recorder->packets)
        packet_trace_seen(recorder->packets, &view, PACKET_NOWHERE);
    bool misdirected = is_misdirected(recorder, &view, reason);
    lose(recorder, view.flow, view.flow_sequence, reason, misdirected, place, now);
}

static void discarded(struct recorder *recorder, uint32_t node, enum discard_reason reason, time_ns now)
{
    recorder->discards[reason]++;
    if (recorder->expectations.discards)
        expectation_probe_discarded(&recorder->expectations, node, reason, now);
}

/*
 * What the node refused before there was a packet (a mobile node between two links) was reported as discarded
 * by its addresses alone: that it was a flow's is known only now.
 */
static void sent(struct recorder *recorder, uint32_t node, const struct protocol_event *event)
{
    flow_monitor_sent(&recorder->flows, event);
    if (recorder->packets)
        packet_trace_sent(recorder->packets, event);
    if (recorder->expectations.flows && event->flow < recorder->flows.count)
        expectation_probe_sent(&recorder->expectations, event->flow, event->time);
    if (event->octets == 0)
        lose(recorder, event->flow, event->flow_sequence, DISCARD_NO_ADDRESS, false,
             (struct place){node, PACKET_NOWHERE}, event->time);
}

static void report(void *context, struct network_node *node, const struct protocol_event *event)
{
    struct recorder *recorder = context;
    if (recorder->fingerprint)
        fingerprint_report(recorder->fingerprint, node->index, event);
    switch (event->kind) {
    case EVENT_APPLICATION_SENT:
        sent(recorder, node->index, event);
        break;
    case EVENT_PACKET_DISCARDED:
        discarded(recorder, node->index, event->reason, event->time);
        dropped(recorder, event->packet, false, event->reason, (struct place){node->index, PACKET_NOWHERE},
                event->time);
        break;
    case EVENT_MESSAGE_DISCARDED:
        discarded(recorder, node->index, event->reason, event->time);
        break;
    default:
        break;
    }
    bool message = (MESSAGES & WATCH(event->kind)) != 0, mobility = message && signalling_is_mobility(event);
    if (handover_probe_watch() & WATCH(event->kind) && mobility == message)
        handover_probe_report(&recorder->handovers, node, event);
    if (recorder->expectations.watch & WATCH(event->kind))
        expectation_probe_report(&recorder->expectations, node, event);
    if (recorder->attacks.watch & WATCH(event->kind))
        attack_probe_report(&recorder->attacks, node, event);
    if (mobility && attack_probe_keeps_message(&recorder->attacks, event->mark))
        signalling_enter(&recorder->signalling, node->index, event);
    if (recorder->log)
        protocol_log_report(recorder->log, recorder->level, &recorder->directory, node->index, event);
}

/* Who is outside, and who forges, may write any number and time into a datagram of a flow. */
static bool may_be_of(const struct flow_record *flow, const struct delivery *delivery)
{
    return delivery->sequence < flow->numbered && delivery->sent >= 0 && delivery->sent <= delivery->time;
}

static void deliver(void *context, struct network_node *node, const struct delivery *arrived)
{
    struct recorder *recorder = context;
    enum packet_path path;
    struct delivery told = *arrived;
    const struct delivery *delivery = &told;
    const struct flow_record *of = flow_monitor_find(&recorder->flows, arrived->flow);
    if (of) /* when the sender's clock showed what it wrote into the datagram */
        told.sent = clock_reaches(node->network->nodes[of->from].clock_drift, arrived->sent);
    if (of && !may_be_of(of, delivery))
        return;
    bool counts = flow_monitor_delivered(&recorder->flows, node->index, delivery, &path);
    if (recorder->packets && of)
        packet_trace_delivered(recorder->packets, delivery,
                               counts                    ? PACKET_DELIVERED
                               : of->sink == node->index ? PACKET_DUPLICATE
                                                         : PACKET_ELSEWHERE,
                               node->index);
    if (counts) {
        handover_probe_delivered(&recorder->handovers, flow_monitor_find(&recorder->flows, delivery->flow),
                                 path, delivery->time);
        if (recorder->expectations.flows)
            expectation_probe_delivered(&recorder->expectations, delivery->flow, path,
                                        delivery->time - delivery->sent, delivery->time);
        if (recorder->attacks.count)
            attack_probe_delivered(&recorder->attacks, of, delivery->mark, delivery->sent, delivery->time);
    }
    if (recorder->level >= LOG_TRACE)
        protocol_log_delivery(recorder->log, &recorder->directory, node->index, delivery);
}

/* By its link, for a gate has no interfaces (sim/network/gate.h); by its interface when it has left that. */
static bool is_ethernet(const struct port *port)
{
    if (port->link)
        return port->link->kind == LINK_LAN;
    return port->interface < port->node->node.interface_count &&
           port->node->node.interfaces[port->interface].kind == INTERFACE_ETHERNET;
}

static uint32_t link_number(const struct port *port)
{
    return port->link ? (uint32_t)(port->link - port->node->network->links) : PACKET_NOWHERE;
}

static void carried(void *context, const struct port *port, const struct packet *frame, time_ns now)
{
    struct recorder *recorder = context;
    struct packet_view view;
    if (recorder->fingerprint)
        fingerprint_frame(recorder->fingerprint, (uint32_t)(port - port->node->network->ports), frame, now);
    if (recorder->packets && read_datagram(recorder, frame, is_ethernet(port), &view))
        packet_trace_seen(recorder->packets, &view, link_number(port));
}

static void lost(void *context, struct port *port, const struct packet *frame, enum discard_reason reason,
                 time_ns now)
{
    struct recorder *recorder = context;
    bool at_node = reason == DISCARD_NODE_OFF || !port->link;
    struct place place = {at_node ? port->node->index : PACKET_NOWHERE,
                          at_node ? PACKET_NOWHERE : link_number(port)};
    if (frame->mark)
        attack_probe_lost(&recorder->attacks, port, frame, reason);
    discarded(recorder, port->node->index, reason, now);
    dropped(recorder, frame, is_ethernet(port), reason, place, now);
    if (recorder->level >= LOG_DEBUG)
        protocol_log_loss(recorder->log, &recorder->directory, port->node->index, reason, frame->length, now);
}

static void marked_sent(void *context, struct port *port, const struct packet *frame, time_ns now)
{
    struct recorder *recorder = context;
    char *what = recorder->log ? attack_probe_tell(&recorder->attacks, port, frame) : NULL;
    if (what)
        protocol_log_line(recorder->log, &recorder->directory, port->node->index, what, now);
    g_free(what);
    attack_probe_sent(&recorder->attacks, port, frame, now);
}

static void marked_arrived(void *context, struct port *port, const struct packet *frame, time_ns now)
{
    struct recorder *recorder = context;
    attack_probe_arrived(&recorder->attacks, port, frame, now);
}

void recorder_init(struct recorder *recorder, const struct scenario *scenario, enum log_level level)
{
    *recorder = (struct recorder){.level = level};
    directory_init(&recorder->directory, scenario);
    flow_monitor_init(&recorder->flows, scenario);
    handover_probe_init(&recorder->handovers, &recorder->directory, &recorder->flows);
    signalling_init(&recorder->signalling);
    expectation_probe_init(&recorder->expectations, &recorder->directory);
    attack_probe_init(&recorder->attacks, &recorder->directory, &recorder->flows);
    recorder->packets = packet_trace_new(&recorder->directory);
    if (level != LOG_NONE)
        recorder->log = g_string_new(NULL);
}

void recorder_take_fingerprint(struct recorder *recorder)
{
    recorder->fingerprint = fingerprint_new();
}

void recorder_watch(struct recorder *recorder, struct simulation *simulation)
{
    recorder->simulation = simulation;
}

void recorder_finish(struct recorder *recorder)
{
    attack_probe_finish(&recorder->attacks, recorder->directory.scenario->duration);
}

void recorder_free(struct recorder *recorder)
{
    packet_trace_free(recorder->packets);
    fingerprint_free(recorder->fingerprint);
    attack_probe_free(&recorder->attacks);
    expectation_probe_free(&recorder->expectations);
    handover_probe_free(&recorder->handovers);
    flow_monitor_free(&recorder->flows);
    signalling_free(&recorder->signalling);
    directory_free(&recorder->directory);
    if (recorder->log)
        g_string_free(recorder->log, TRUE);
}

static void meddled(void *context, struct port *port, const char *what, time_ns now)
{
    struct recorder *recorder = context;
    protocol_log_line(recorder->log, &recorder->directory, port->node->index, what, now);
}

struct network_observer recorder_observer(struct recorder *recorder)
{
    return (struct network_observer){
        .context = recorder,
        .watch = handover_probe_watch() | protocol_log_watch(recorder->level) | recorder->expectations.watch |
                 recorder->attacks.watch | WATCH(EVENT_APPLICATION_SENT) | WATCH(EVENT_PACKET_DISCARDED) |
                 WATCH(EVENT_MESSAGE_DISCARDED) | (recorder->fingerprint ? ~UINT64_C(0) : 0),
        .report = report,
        .deliver = deliver,
        .carried = recorder->fingerprint || recorder->packets ? carried : NULL,
        .lost = lost,
        .meddled = recorder->log ? meddled : NULL,
        .marked_sent = recorder->attacks.count ? marked_sent : NULL,
        .marked_arrived = recorder->attacks.count ? marked_arrived : NULL,
    };
}
