/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.h - a simulation against the wall clock, its LANs joined to TAP interfaces.
 *
 * One thread. The engine's virtual clock is made to follow CLOCK_MONOTONIC: before anything from outside is
 * handled (a frame, a command), all events that are due by now have happened, each at its own instant. So
 * nodes see the times that they would see under the virtual clock, and what the machine is late by is seen
 * from outside alone. It is measured: for each waking the time since the first event was due.
 */
#ifndef MIP6SIM_SIM_LIVE_LIVE_H
#define MIP6SIM_SIM_LIVE_LIVE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/live/lag.h"
#include "sim/live/tap.h"
#include "sim/measure/recorder.h"
#include "sim/network/simulation.h"

#define LIVE_OVERRUN                                                                                         \
    MILLISECONDS(10) /* who is later than this cannot keep up; it is counted, and warned of */

struct live;

/* Borrowed all, as long as the live simulation. */
struct live_configuration {
    struct simulation *simulation;
    struct recorder *recorder;
    time_ns end;                                      /* of it all, unless somebody ends it before */
    void (*log)(void *context, const char *lines);    /* what the recorder's log has got; NULL: not wanted */
    void (*warn)(void *context, const char *line);    /* for people */
    void (*begun)(void *context, int64_t wall_clock); /* at time 0; NULL: not wanted */
    /* A frame has come in by the LAN's TAP whose source is a station's here; NULL: not wanted. */
    void (*back)(void *context, time_ns now, uint32_t link);
    void *context;
};

/* Sets up the clock and the signals SIGINT and SIGTERM, which are blocked from now on. NULL and error. */
struct live *live_new(const struct live_configuration *configuration, GError **error);
void live_free(struct live *live); /* TAPs, too; before the simulation */

/* A descriptor that the loop waits for, embedded in what it belongs to; `events` are epoll's. */
struct live_watch {
    int descriptor;
    void (*ready)(struct live *live, struct live_watch *watch, uint32_t events);
};
bool live_watch(struct live *live, struct live_watch *watch, int descriptor,
                void (*ready)(struct live *live, struct live_watch *watch, uint32_t events), GError **error);
void live_watch_for(struct live *live, struct live_watch *watch, uint32_t events);
void live_unwatch(struct live *live, struct live_watch *watch); /* the descriptor stays open */
/* For those who are ready: all that is due by now happens; and all that is due at the network's present
 * instant. */
void live_advance(struct live *live);
void live_settle(struct live *live);

/* Joins the LAN (a scenario link) to a TAP interface; warns where their MTUs differ. False and error. */
bool live_add_tap(struct live *live, uint32_t link, const char *interface, GError **error);
/* What goes through the TAP is written to a capture, with the run's own times, which the caller has opened
 * and finishes after live_free. */
struct capture;
void live_record(struct live *live, unsigned tap, struct capture *capture);
/* Begins at time 0 and returns at the end. False and error: the system fails us. */
bool live_run(struct live *live, GError **error);
/* To be called while it runs: it ends when what is going on is done. */
void live_stop(struct live *live);

const struct lag *live_lag(const struct live *live);
/* The TAPs in the order in which they were added, and their LANs. */
unsigned live_tap_count(const struct live *live);
const struct tap *live_tap(const struct live *live, unsigned i, uint32_t *link);

#endif
