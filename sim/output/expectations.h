/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expectations.h - expectations.csv read back: for each line of [expect], what all runs have seen, and
 * whether it held.
 */
#ifndef MIP6SIM_SIM_OUTPUT_EXPECTATIONS_H
#define MIP6SIM_SIM_OUTPUT_EXPECTATIONS_H

#include <glib.h>
#include <stdbool.h>

#include "sim/format/csv.h"
#include "sim/scenario/scenario.h"

struct expectations_tally {
    unsigned met, failed; /* expectations: failed if it is in any run */
};

/*
 * Reads DIRECTORY/expectations.csv; appends to `text` a table with a row for each expectation that was in
 * force in some run, and to `complaints` a line for each that failed: file:line, with the paths that the
 * scenario was read by. Adds to the tally. A directory without that file is one of a scenario that expects
 * nothing: nothing is appended. False and `error` (CSV_ERROR) if it cannot be read.
 */
bool expectations_append(const char *directory, const struct scenario *scenario, GString *text,
                         GString *complaints, struct expectations_tally *tally, GError **error);
/* The same of the table itself. Rows about what the scenario does not expect (any more) are left out. */
bool expectations_append_table(const struct csv_table *csv, const struct scenario *scenario, GString *text,
                               GString *complaints, struct expectations_tally *tally, GError **error);
/* How many of the scenario's expectations each run has a row for: adds to `counts`, of which the keys are
 * "POINT REPLICATION" (g_malloc'ed) and the values counts (GPOINTER_TO_UINT). */
bool expectations_count_rows(const struct csv_table *csv, const struct scenario *scenario, GHashTable *counts,
                             GError **error);

#endif
