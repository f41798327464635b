/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow.h - a flow of UDP datagrams between two nodes: sources, and the sink.
 *
 * Payload (network order): flow 4, sequence 4, sent 8 (virtual ns), then zeros to the size asked for. The sink reads it and
 * delivers to the environment, so that a flow's fate is known from packets alone. All flows of a node go to one port, one sink.
 */
#ifndef MIP6SIM_MODELS_TRAFFIC_FLOW_H
#define MIP6SIM_MODELS_TRAFFIC_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/timer.h"
#include "models/ipv6/udp.h"

#define FLOW_PORT 5001
#define FLOW_PAYLOAD_LEAST 16

enum flow_pattern {
    FLOW_CONSTANT, /* a datagram each interval */
    FLOW_POISSON,  /* exponential gaps with this mean */
    FLOW_ON_OFF,   /* constant while on; on and off times exponential */
};

/* Shared, constant. */
struct flow_configuration {
    enum flow_pattern pattern;
    time_ns interval;       /* > 0 */
    time_ns on_mean, off_mean;
    uint32_t payload;       /* octets, at least FLOW_PAYLOAD_LEAST, at most 65,000 */
    uint32_t packets;       /* stop after so many; 0: no limit */
    bool echo;              /* the sink sends each datagram back; the round trip is delivered at the source */
};

struct flow_source {
    const struct flow_configuration *configuration;
    struct timer timer;
    struct node *node;
    struct ipv6_address destination;
    struct ipv6_address source;   /* unspecified: the node's choice */
    time_ns start, stop;          /* first datagram at start; none at or after stop */
    time_ns phase_end;            /* on-off */
    uint32_t flow;
    uint32_t sequence;            /* of the next datagram */
    uint32_t refused;             /* the node could not send it */
    bool on;
};

/* Both structures are the caller's and must outlive their use; *_stop before freeing. */
int flow_source_start(struct flow_source *source, struct node *node, time_ns now); /* fields from configuration to stop, flow are set */
void flow_source_stop(struct flow_source *source);

struct flow_sink {
    struct application application;
    uint64_t datagrams;
    uint64_t malformed;
};
int flow_sink_start(struct flow_sink *sink, struct node *node);
void flow_sink_stop(struct flow_sink *sink, struct node *node);

/* Reads flow, sequence, sent from a UDP payload; false: not of a flow. For monitors. */
bool flow_payload_read(const uint8_t *payload, size_t length, uint32_t *flow, uint32_t *sequence, time_ns *sent);

#endif
