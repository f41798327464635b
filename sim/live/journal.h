/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - what a live run has got from outside beside frames: the seed, random octets, orders. With the
 * frames it is all that a replay needs to be the same run.
 *
 *     mip6sim journal 1
 *     seed NUMBER
 *     begun NANOSECONDS                 the wall clock at time 0, since 1970
 *     draw NODE PURPOSE HEX             of a node (running number), in the order of each node and purpose
 *     order NANOSECONDS KEY = VALUE     as in a section [at] of a scenario
 *     back NANOSECONDS LINK             by the TAP of this link (running number) a frame came in whose source
 *                                       is a station of the scenario's: it was not sent here, but looks so
 *     end NANOSECONDS
 */
#ifndef MIP6SIM_SIM_LIVE_JOURNAL_H
#define MIP6SIM_SIM_LIVE_JOURNAL_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "models/environment.h"

/* -- writing -- */

struct journal_writer;

/* Each line is in the file as soon as it is written. NULL and error. */
struct journal_writer *journal_create(const char *path, uint64_t seed, GError **error);
void journal_begun(struct journal_writer *writer, int64_t wall_clock);
void journal_draw(struct journal_writer *writer, uint32_t node, enum random_purpose purpose,
                  const void *octets, size_t length);
void journal_order(struct journal_writer *writer, time_ns time, const char *key, const char *value);
void journal_back(struct journal_writer *writer, time_ns time, uint32_t link);
/* Frees. False and error: something could not be written. NULL is harmless. */
bool journal_close(struct journal_writer *writer, time_ns end, GError **error);

/* -- reading -- */

struct journal_order {
    time_ns time;
    char *key, *value;
};

struct journal_back {
    time_ns time;
    uint32_t link;
};

struct journal {
    uint64_t seed;
    int64_t begun;     /* 0: not told */
    time_ns end;       /* TIME_NEVER: not told, as when the run was killed */
    bool has_draws;    /* else everything was drawn from the seed */
    GArray *orders;    /* of struct journal_order, as they came */
    GArray *back;      /* of struct journal_back, as they came */
    GHashTable *draws; /* private */
    uint64_t missing;  /* draws that the journal did not have */
};

struct journal *journal_read(const char *path, GError **error);
void journal_free(struct journal *journal); /* NULL is harmless */
/* The next that were drawn for this. False: there are none, or not so many, and the octets
 * are made up. */
bool journal_next_draw(struct journal *journal, uint32_t node, enum random_purpose purpose, void *octets,
                       size_t length);

#endif
