/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flow.h - a flow of UDP datagrams between two nodes: sources, and the sink.
 *
 * Payload (network order): flow 4, sequence 4, sent 8 (virtual ns), then zeros to the size asked for. The
 * sink reads it and delivers to the environment, so that a flow's fate is known from packets alone. All flows
 * of a node go to one port, one sink.
 *
 * An echo flow tells so by its source port: a sink sends such a datagram back as it is, from FLOW_PORT to
 * FLOW_PORT, and delivers nothing; the sink at the flow's source, which the user starts there too, delivers
 * it. So `sent` in that delivery is the instant at which the round trip began, and one datagram is delivered
 * once.
 */
#ifndef MIP6SIM_MODELS_TRAFFIC_FLOW_H
#define MIP6SIM_MODELS_TRAFFIC_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/timer.h"
#include "models/ipv6/udp.h"

#define FLOW_PORT          5001
#define FLOW_PAYLOAD_LEAST 16
#define FLOW_PAYLOAD_MOST  65000

/* Source ports: one a flow, by its number, in the dynamic range (RFC 6335, 6). */
#define FLOW_SOURCE_PORT      49152
#define FLOW_ECHO_SOURCE_PORT 57344 /* to 65535: the datagram is to be sent back */

enum flow_pattern {
    FLOW_CONSTANT, /* a datagram each interval */
    FLOW_POISSON,  /* exponential gaps with this mean */
    FLOW_ON_OFF,   /* constant while on, beginning at once; on and off times exponential */
};

/* Shared, constant. */
struct flow_configuration {
    enum flow_pattern pattern;
    time_ns interval;          /* > 0 */
    time_ns on_mean, off_mean; /* FLOW_ON_OFF: > 0 and >= 0 */
    uint32_t payload;          /* octets, FLOW_PAYLOAD_LEAST to FLOW_PAYLOAD_MOST */
    uint32_t packets;          /* stop after so many; 0: no limit */
    bool echo;                 /* the sink sends each datagram back, and it is delivered at the source */
};

struct flow_source {
    const struct flow_configuration *configuration;
    struct timer timer;
    struct node *node;
    struct ipv6_address destination;
    struct ipv6_address source; /* unspecified: the node's choice */
    union {
        time_ns start;     /* of the first datagram */
        time_ns phase_end; /* on-off, once started: when the on time that runs ends */
    };
    time_ns stop; /* none at or after it; TIME_NEVER: until all are sent */
    uint32_t flow;
    uint32_t sequence; /* of the next datagram: so many have been sent, refused ones included */
    uint32_t refused;  /* the node could not send it */
    bool suspended;    /* there is more to send, by a node that is off */
};

/*
 * Both structures are the caller's and must outlive their use; *_stop before freeing, harmless when not
 * started.
 *
 * The caller has zeroed the source and set configuration, destination, source, start, stop and flow. The
 * datagrams go out from the node's timers (node_wake), the first at `start`, or now if that has passed. 0,
 * ERROR_ARGUMENT.
 */
int flow_source_start(struct flow_source *source, struct node *node, time_ns now);
void flow_source_stop(struct flow_source *source);
/*
 * The node is about to be freed, and has been made again at the same place: the source goes on with the next
 * number. What was due in between is not sent, but drawn for, so that what follows is what would have
 * followed without the break.
 */
void flow_source_suspend(struct flow_source *source);
void flow_source_resume(struct flow_source *source, time_ns now);

struct flow_sink {
    struct application application;
    uint64_t datagrams; /* of flows: delivered or sent back */
    uint64_t malformed; /* shorter than a flow's payload */
};
int flow_sink_start(struct flow_sink *sink, struct node *node); /* ERROR_EXISTS: the port is taken */
void flow_sink_stop(struct flow_sink *sink, struct node *node);
/* Binds again at a node that has been made again; what has been counted stays. ERROR_EXISTS, ERROR_MEMORY. */
int flow_sink_resume(struct flow_sink *sink, struct node *node);

/* Reads flow, sequence, sent from a UDP payload; false: not of a flow. For monitors. */
bool flow_payload_read(const uint8_t *payload, size_t length, uint32_t *flow, uint32_t *sequence,
                       time_ns *sent);

#endif
