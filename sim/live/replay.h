/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.h - a live run again, under the virtual clock: the frames that came in come in at their recorded
 * times, and those that went out are held against the captures.
 *
 * Each TAP of the run has a capture. Which frames of it came in is told by their source: it is no station's
 * of the scenario. A capture that the program has made itself (live --record) has the run's own times, and is
 * repeated to the nanosecond. One of tcpdump's has the wall clock's; the journal says when time began. Its
 * times differ from those at which the run has read the frames by microseconds, so that of it only contents
 * and order are compared. Frames of several captures are fed in the order of their times.
 */
#ifndef MIP6SIM_SIM_LIVE_REPLAY_H
#define MIP6SIM_SIM_LIVE_REPLAY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/live/journal.h"
#include "sim/network/simulation.h"

/* A TAP of the run: its capture, the LAN (a scenario link, each at most once), and what comes of it. */
struct replay_tap {
    const char *capture; /* path */
    uint32_t lan;
    uint64_t fed;      /* frames that came in */
    uint64_t emitted;  /* that went out in the replay, as far as the capture tells of them */
    uint64_t captured; /* that went out in the capture */
    char *difference;  /* the first, for people; NULL: there is none. g_free */
};

/* What is to be run again. */
struct replay_run {
    const struct scenario *scenario;
    const struct scenario_source *source;
    const struct scenario_setting *settings; /* of the sweep's first point */
    unsigned setting_count;
    uint64_t seed;           /* where the journal does not tell it */
    struct journal *journal; /* NULL: everything was drawn from the seed, and nothing ordered */
};

/* *missing: random draws that the journal did not have. False and error: it cannot be replayed at all. */
bool replay(const struct replay_run *run, struct replay_tap *taps, unsigned tap_count, uint64_t *missing,
            GError **error);

#endif
