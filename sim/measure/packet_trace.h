/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet_trace.h - what became of each datagram of the flows that [output] packets names.
 *
 * A datagram is known by its flow and sequence number, which stand in its payload. How it travelled is read
 * from the frames that carry it, as somebody would who captures on every link: nothing is asked of a node. A
 * datagram ends once: it is delivered, or dropped. Where the network copies it, each copy has an end.
 */
#ifndef MIP6SIM_SIM_MEASURE_PACKET_TRACE_H
#define MIP6SIM_SIM_MEASURE_PACKET_TRACE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"
#include "sim/measure/directory.h"
#include "sim/network/packet_view.h"
#include "sim/scenario/scenario.h"

/* X(NAME, "word") */
#define PACKET_FATES(X)                                                                                      \
    X(UNDER_WAY, "under-way")     /* neither of the following by the end of the run */                       \
    X(DELIVERED, "delivered")     /* at its flow's destination, for the first time */                        \
    X(DUPLICATE, "duplicate")     /* the same, but it had been there before */                               \
    X(LOST, "lost")               /* dropped */                                                              \
    X(MISDIRECTED, "misdirected") /* the same, at a place that its mobile node had left */                   \
    X(ELSEWHERE, "elsewhere")     /* delivered to another node */

enum packet_fate {
#define X(name, word) PACKET_##name,
    PACKET_FATES(X)
#undef X
        PACKET_FATE_COUNT
};

const char *packet_fate_word(enum packet_fate fate);

#define PACKET_NOWHERE UINT32_MAX

struct packet_end {
    time_ns time;                        /* TIME_NEVER: under way */
    struct ipv6_address care_of_address; /* of the last tunnel, type 2 routing header or Home Address option
                                            that it was seen with; unspecified: with none */
    uint32_t link;                       /* that it has crossed last, of network->links, or PACKET_NOWHERE */
    uint32_t node;                       /* where it was dropped, or delivered; PACKET_NOWHERE: on */
    uint32_t dropped_link;               /* this link */
    uint32_t next;                       /* private: its next end */
    uint8_t fate;                        /* enum packet_fate */
    uint8_t reason;                      /* enum discard_reason */
};

/* A row: an end of a datagram. Several ends of one come one after the other. */
struct packet_row {
    uint32_t flow; /* running number */
    uint32_t sequence;
    time_ns sent;             /* TIME_NEVER: nobody has said so (an external node) */
    bool seen;                /* on a link, or when it was dropped */
    bool tunnelled;           /* in a tunnel, wherever on its way */
    bool optimized;           /* with a type 2 routing header or a Home Address option */
    const struct packet_end *end;
};

struct packet_trace;

/* NULL: the scenario wants no packets. directory is borrowed. */
struct packet_trace *packet_trace_new(const struct directory *directory);
void packet_trace_free(struct packet_trace *trace); /* NULL is harmless */

void packet_trace_sent(struct packet_trace *trace, const struct protocol_event *event);
/* A frame or packet with the datagram; link: it has just crossed this one (PACKET_NOWHERE: none). */
void packet_trace_seen(struct packet_trace *trace, const struct packet_view *view, uint32_t link);
/* The datagram, which has been seen last, has ended at a node (link PACKET_NOWHERE) or on a link. */
void packet_trace_ended(struct packet_trace *trace, uint32_t flow, uint32_t sequence, enum packet_fate fate,
                        enum discard_reason reason, uint32_t node, uint32_t link, time_ns now);
/* Delivered to the node; sent: what the datagram says. */
void packet_trace_delivered(struct packet_trace *trace, const struct delivery *delivery,
                            enum packet_fate fate, uint32_t node);

/* Every row: by flow, then by sequence number. Datagrams sent during the warm-up have none. */
typedef void packet_trace_function(void *context, const struct packet_row *row);
void packet_trace_each(const struct packet_trace *trace, packet_trace_function *function, void *context);

#endif
