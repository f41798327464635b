/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reference.h - what a run's timing was, as text that a reviewer can read the difference of; and two such
 * texts held against each other.
 *
 * A reference has a section for each run and, within it, for its handovers, its flows, its signalling and its
 * messages; each line is `key = value`:
 *
 *     [point 0, replication 0: run]
 *     peers mn cn / authorization = return-routability
 *     everything = 5f1c...            the fingerprints (fingerprint.h)
 *     wire = 77a0...
 *     [point 0, replication 0: handover 1 of mn, home to visited, with cn]
 *     link_down = 10.000000000
 *     ...
 *
 * Of points, handovers, flows and messages the first few are told one by one, so that a reference stays small
 * whatever the scenario; the fingerprints hold for all.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_REFERENCE_H
#define MIP6SIM_SIM_EXPERIMENT_REFERENCE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/measure/recorder.h"
#include "sim/scenario/scenario.h"

#define REFERENCE_POINTS_MAX    4
#define REFERENCE_HANDOVERS_MAX 24
#define REFERENCE_FLOWS_MAX     12
#define REFERENCE_MESSAGES_MAX  150

/* Appends what one run was like. settings: of its point. The recorder has taken a fingerprint. */
void reference_append_run(GString *text, struct recorder *recorder, const struct scenario_setting *settings,
                          uint32_t axis_count, uint32_t point, uint32_t replication);

struct reference_line {
    const char *section;
    const char *key;
    const char *value;
};

struct reference {
    char *text;      /* private */
    GArray *lines;   /* struct reference_line, in order */
    GHashTable *all; /* "section\nkey" -> line number + 1 */
};

/* name: what messages say. Takes text. NULL and error (G_FILE_ERROR): it is not such a text. */
struct reference *reference_parse(const char *name, char *text, GError **error);
struct reference *reference_read(const char *path, GError **error);
void reference_free(struct reference *reference); /* NULL is harmless */

/* One thing that is not as it was. Strings are the references'; NULL: not there. */
struct reference_difference {
    const char *section;
    const char *key;
    const char *before;
    const char *now;
};

/*
 * What has changed, in order, of struct reference_difference. Of a run's messages only the first that differs
 * is told. `tolerances`: by how much a measure (a column of handovers.csv or flows.csv) may differ: its key
 * -> double *, in seconds or as a number; where there are any, fingerprints and messages are not compared.
 * Free with g_array_unref.
 */
GArray *reference_compare(const struct reference *before, const struct reference *now,
                          GHashTable *tolerances);

#endif
