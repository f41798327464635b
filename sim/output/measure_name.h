/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure_name.h - measures as they are asked for: "outage", a number of handovers.csv; "flows.delay_mean",
 * "attacks.amplification" and "packets.delay", numbers of those tables.
 */
#ifndef MIP6SIM_SIM_OUTPUT_MEASURE_NAME_H
#define MIP6SIM_SIM_OUTPUT_MEASURE_NAME_H

#include <glib.h>
#include <stdbool.h>

#include "sim/experiment/run_result.h"

struct measure_name {
    enum result_table table;
    const struct column *column; /* of result_tables[table] */
};

/* False and `error` (CSV_ERROR): there is no such measure; the message says what there is, or was probably
 * meant. */
bool measure_name_parse(const char *text, struct measure_name *measure, GError **error);

/* How an axis is labelled: "Binding latency", without its unit. Free with g_free. */
char *measure_name_label(const struct measure_name *measure);

#endif
