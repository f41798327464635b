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

/* -- the same from rows, wherever they are -- */

/* A line of [expect] in a run, as in the table. */
struct expectation_row {
    const char *file, *section, *key, *condition, *verdict, *unit, *seen;
    unsigned line;
    double least, most; /* NAN: no number was seen */
    uint32_t point, replication;
};

struct expectations;

struct expectations *expectations_new(const struct scenario *scenario); /* borrows */
void expectations_free(struct expectations *expectations);
/* In the order of runs. False: the scenario does not expect that (any more), and it is left out. */
bool expectations_add(struct expectations *expectations, const struct expectation_row *row);
void expectations_tell(const struct expectations *expectations, GString *text, GString *complaints,
                       struct expectations_tally *tally);

#endif
