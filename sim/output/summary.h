/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * summary.h - the results of a run as a table that a person reads.
 *
 * One run without a sweep: a row for each handover and correspondent, with its phases (handovers.h).
 * Several: a row for each group, with means and 95 % confidence intervals. Durations in milliseconds.
 */
#ifndef MIP6SIM_SIM_OUTPUT_SUMMARY_H
#define MIP6SIM_SIM_OUTPUT_SUMMARY_H

#include <glib.h>
#include <stdbool.h>

/*
 * Reads DIRECTORY/handovers.csv and appends the table, what its columns mean, and a warning for handovers
 * that were never completed. False and `error` (CSV_ERROR) if there are no results to be read.
 */
bool summary_append(const char *directory, GString *text, GError **error);

#endif
