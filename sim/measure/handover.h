/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handover.h - the handover probe: the instants of each move of each mobile node, seen from outside.
 *
 * A handover begins when a mobile node's link goes down and lasts until it goes down again, or the run ends.
 * Where links overlap it begins when the new one comes up, and that the old one then goes down begins none.
 * What happens in between is entered once, the first time it happens. Instants are the mobile node's own, but
 * for those that belong to one correspondent.
 */
#ifndef MIP6SIM_SIM_MEASURE_HANDOVER_H
#define MIP6SIM_SIM_MEASURE_HANDOVER_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"
#include "sim/measure/directory.h"
#include "sim/measure/flow_monitor.h"
#include "sim/network/network.h"
#include "sim/scenario/columns.h"
#include "sim/scenario/scenario.h"

struct handover_counts {
    uint32_t lost, tunnelled, optimized, misdirected; /* flows' packets between the two */
    uint32_t mobile_messages, correspondent_messages; /* mobility signalling sent or received there */
    uint64_t mobile_octets, correspondent_octets;
};

/* One mobile node's handover as one correspondent of one of its home addresses sees it. */
struct correspondence {
    uint32_t home;          /* number of the home address */
    bool homeward;          /* the new link is its home link */
    uint32_t correspondent; /* node index; DIRECTORY_NOBODY: the mobile node has none */
    const char
        *authorization; /* of updates to it: "return-routability", "static-key"; "" without a correspondent */
    time_ns instants[INSTANT_COUNT - INSTANT_SHARED_COUNT]; /* TIME_NEVER: did not happen */
    time_ns last_delivery_before;                           /* to the mobile node, before link down */
    time_ns first_delivery_after;
    /* Where links overlap: about the new link's coming up; the above is about the old one's end. */
    time_ns earlier_outage;
    struct handover_counts counts;
};

struct handover {
    struct handover *next;       /* in the order in which they began */
    uint32_t mobile_node;        /* node index */
    uint32_t number;             /* of this mobile node's, from 1 */
    uint32_t from_link, to_link; /* scenario links; SCENARIO_NONE */
    time_ns instants[INSTANT_SHARED_COUNT];
    struct handover_counts shared; /* signalling with the home agent */
    uint32_t correspondence_count;
    struct correspondence with[];
};

struct mobile_record;

struct handover_probe {
    struct directory *directory;
    const struct flow_monitor *flows;
    struct mobile_record *mobiles; /* by node index */
    struct handover *first, **last;
    uint32_t count;
};

void handover_probe_init(struct handover_probe *probe, struct directory *directory,
                         const struct flow_monitor *flows);
void handover_probe_free(struct handover_probe *probe);

/* The reports that the probe wants. */
uint64_t handover_probe_watch(void);
void handover_probe_report(struct handover_probe *probe, struct network_node *node,
                           const struct protocol_event *event);
/* A flow's datagram was delivered for the first time at its destination, having travelled by path. */
void handover_probe_delivered(struct handover_probe *probe, const struct flow_record *flow,
                              enum packet_path path, time_ns now);
/* A flow's datagram was dropped. */
void handover_probe_dropped(struct handover_probe *probe, const struct flow_record *flow,
                            bool misdirected);

time_ns handover_instant(const struct handover *handover, const struct correspondence *with,
                         enum handover_instant instant);
time_ns handover_duration(const struct handover *handover, const struct correspondence *with,
                          enum handover_duration duration);
/* Signalling with the home agent included. */
uint64_t handover_count(const struct handover *handover, const struct correspondence *with,
                        enum handover_count which);
const char *handover_instant_column(enum handover_instant instant);
const char *handover_duration_column(enum handover_duration duration);

/* How many handovers the mobile node has begun. */
uint32_t handover_probe_count(const struct handover_probe *probe, uint32_t node);

#endif
