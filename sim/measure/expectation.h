/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expectation.h - whether what a scenario expects ([expect]) holds in a run.
 *
 * Most is judged when the run is over, from what the other probes have. What those do not keep (what a
 * cache held at an instant, what a flow lost after one) is watched for while the run goes on, for the
 * expectations that ask and no others: where none does, a report costs one predictable branch.
 */
#ifndef MIP6SIM_SIM_MEASURE_EXPECTATION_H
#define MIP6SIM_SIM_MEASURE_EXPECTATION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"
#include "sim/network/network.h"
#include "sim/scenario/expectation.h"
#include "sim/scenario/scenario.h"

struct directory;
struct flow_watch;
struct recorder;

/* What is kept for one expectation; which of these depends on its measure. */
struct expectation_state {
    struct binding_view *bindings; /* by pair */
    uint32_t *counts, *peaks;      /* bindings, by member of `who` */
    uint32_t *links;               /* by member of `who`: scenario link; SCENARIO_NONE */
    uint64_t discards;
    struct flow_watch *flows; /* by the flow's pairs */
};

struct expectation_probe {
    const struct scenario *scenario;
    const struct directory *directory;
    uint64_t watch;                   /* reports wanted */
    struct expectation_state *states; /* by expectation */
    struct flow_watch **flows;        /* by running number: a list; NULL: nobody asks for any */
    bool discards;                    /* some expectation wants to see each */
};

void expectation_probe_init(struct expectation_probe *probe, const struct directory *directory);
void expectation_probe_free(struct expectation_probe *probe);

/* A report that probe->watch has. */
void expectation_probe_report(struct expectation_probe *probe, const struct network_node *node,
                              const struct protocol_event *event);
/* A packet was discarded at a node or lost on a link by which the node sent it; only if probe->discards. */
void expectation_probe_discarded(struct expectation_probe *probe, uint32_t node, enum discard_reason reason,
                                 time_ns now);
/* A flow's datagram was sent, delivered for the first time, dropped; only if probe->flows. */
void expectation_probe_sent(struct expectation_probe *probe, uint32_t flow, time_ns now);
void expectation_probe_delivered(struct expectation_probe *probe, uint32_t flow, enum packet_path path,
                                 time_ns delay, time_ns now);
void expectation_probe_lost(struct expectation_probe *probe, uint32_t flow, bool misdirected, time_ns now);

/* What an expectation met in a run: numbers, instants that never were, words. */
struct expectation_seen {
    enum expectation_unit unit;
    bool failed;
    uint64_t numbers, absent;
    int64_t least, most;
    GPtrArray *words; /* char *, different ones */
};

/* Judges one of the scenario's expectations, which is in force, after the run. Clear it afterwards. */
void expectation_judge(const struct recorder *recorder, uint32_t index, struct expectation_seen *seen);
void expectation_seen_clear(struct expectation_seen *seen);

#endif
