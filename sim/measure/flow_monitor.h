/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow_monitor.h - what became of each flow's datagrams, from what sources report and sinks deliver.
 *
 * Datagrams sent before the warm-up is over are not counted, whatever becomes of them; handovers know of
 * them all the same. A datagram is known by its sequence number, so that one that is on its way then is not
 * taken for another.
 */
#ifndef MIP6SIM_SIM_MEASURE_FLOW_MONITOR_H
#define MIP6SIM_SIM_MEASURE_FLOW_MONITOR_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"
#include "sim/scenario/scenario.h"

struct flow_record {
    uint32_t from, to; /* node indices */
    uint32_t from_home,
        to_home;            /* numbers of the mobile nodes' home addresses; 0: the first, or not mobile */
    uint32_t sink;          /* where its datagrams are delivered: `to`, or `from` if `to` sends them back */
    uint32_t scenario_flow; /* index */
    uint32_t pair;          /* which of its pairs */
    uint64_t numbered;      /* sent, during the warm-up as well */
    uint32_t first;         /* sequence number from which datagrams are counted */
    uint64_t sent;
    uint64_t received;   /* different datagrams at their destination */
    uint64_t duplicated; /* arrivals of a datagram that had arrived before */
    uint64_t reordered;  /* arrivals behind one sent later */
    uint64_t direct, tunnelled,
        optimized;        /* received, by path; what a mobile node sent through its tunnel is tunnelled */
    uint64_t misdirected; /* lost because sent to where the mobile node no longer is */
    uint64_t lost;        /* seen to be dropped, at a node or on a link */
    time_ns delay_sum, delay_minimum, delay_maximum;
    time_ns last_delivery;     /* TIME_NEVER: none yet */
    time_ns longest_gap;       /* between two arrivals */
    uint64_t window;           /* of sequence numbers up to `highest`: bit n is highest - n */
    uint64_t tunnelled_window; /* of those sent, which left through a tunnel: bit n is numbered - 1 - n */
    uint32_t highest;
    bool any; /* has arrived, counted or not */
};

struct flow_monitor {
    time_ns warm_up;
    uint32_t count;
    struct flow_record *flows;
};

void flow_monitor_init(struct flow_monitor *monitor, const struct scenario *scenario);
void flow_monitor_free(struct flow_monitor *monitor);

/* NULL: not one of the scenario's flows. */
struct flow_record *flow_monitor_find(const struct flow_monitor *monitor, uint32_t flow);
void flow_monitor_sent(struct flow_monitor *monitor, const struct protocol_event *event);
/* One of its datagrams has been dropped. */
void flow_monitor_lost(const struct flow_monitor *monitor, struct flow_record *flow, uint32_t sequence,
                       bool misdirected, time_ns now);
/*
 * node: index of the node it was delivered at. False: not counted (a duplicate, an echo's return, an unknown
 * flow). *path: how it travelled; what a mobile node sent through its tunnel looks direct to its receiver, so
 * the sender's report is asked as well.
 */
bool flow_monitor_delivered(struct flow_monitor *monitor, uint32_t node, const struct delivery *delivery,
                            enum packet_path *path);

/*
 * Finds the flow's datagram in a packet, through tunnels, extension headers and, if `ethernet`, a frame's
 * header. False: none (a fragment other than the first, another protocol).
 */
bool flow_packet_read(const uint8_t *octets, size_t length, bool ethernet, uint32_t *flow,
                      uint32_t *sequence);

/* A datagram for a mobile node that is dropped so went to a place that it had left. */
bool flow_reason_is_misdirection(enum discard_reason reason);

#endif
