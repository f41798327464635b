/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay.h - a live run again, under the virtual clock: the frames that came in come in at their recorded times, and
 * those that went out are held against the capture.
 *
 * Which frames of a capture came in is told by their source: it is no station's of the scenario. A capture that the
 * program has made itself (live --record) has the run's own times, and is repeated to the nanosecond. One of
 * tcpdump's has the wall clock's; the journal says when time began. Its times differ from those at which the run has
 * read the frames by microseconds, so that of it only contents and order are compared.
 */
#ifndef MIP6SIM_SIM_LIVE_REPLAY_H
#define MIP6SIM_SIM_LIVE_REPLAY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/live/journal.h"
#include "sim/network/simulation.h"

struct replay_outcome {
    uint64_t fed;      /* frames that came in */
    uint64_t emitted;  /* that went out in the replay, as far as the capture tells of them */
    uint64_t captured; /* that went out in the capture */
    uint64_t missing;  /* random draws that the journal did not have */
    char *difference;  /* the first, for people; NULL: there is none. g_free */
};

/* journal: NULL where everything was drawn from the seed. False and error: it cannot be replayed at all. */
bool replay(const char *capture, const struct scenario *scenario, const struct scenario_source *source,
            const struct scenario_setting *settings, unsigned setting_count, uint32_t lan, uint64_t seed,
            struct journal *journal, struct replay_outcome *outcome, GError **error);

#endif
