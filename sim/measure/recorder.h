/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recorder.h - one run, recorded: the network's observer that feeds the probes, and what they have when the
 * run is over.
 */
#ifndef MIP6SIM_SIM_MEASURE_RECORDER_H
#define MIP6SIM_SIM_MEASURE_RECORDER_H

#include <glib.h>
#include <stdint.h>

#include "sim/measure/attack.h"
#include "sim/measure/directory.h"
#include "sim/measure/expectation.h"
#include "sim/measure/fingerprint.h"
#include "sim/measure/flow_monitor.h"
#include "sim/measure/handover.h"
#include "sim/measure/packet_trace.h"
#include "sim/measure/protocol_log.h"
#include "sim/measure/signalling.h"
#include "sim/network/network.h"
#include "sim/scenario/scenario.h"

struct simulation;

struct recorder {
    struct directory directory;
    struct flow_monitor flows;
    struct handover_probe handovers;
    struct signalling signalling;
    struct expectation_probe expectations;
    struct attack_probe attacks;
    enum log_level level;
    struct fingerprint *fingerprint;         /* NULL: none is taken */
    struct packet_trace *packets;            /* NULL: the scenario wants none */
    struct simulation *simulation;           /* NULL: ESP stays closed */
    GString *log;                            /* lines so far; NULL: LOG_NONE */
    uint64_t discards[DISCARD_REASON_COUNT]; /* packets discarded by nodes or lost on links, by reason */
};

/* Recorders watch the scenario's simulation through the observer that recorder_observer gives. */
void recorder_init(struct recorder *recorder, const struct scenario *scenario, enum log_level level);
/* Before recorder_observer. */
void recorder_take_fingerprint(struct recorder *recorder);
/* The simulation that is watched, before it runs: its keys open datagrams under ESP. */
void recorder_watch(struct recorder *recorder, struct simulation *simulation);
/* The run is over: what is known only then. */
void recorder_finish(struct recorder *recorder);
void recorder_free(struct recorder *recorder);
struct network_observer recorder_observer(struct recorder *recorder);

#endif
