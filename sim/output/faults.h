/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults.h - what became of a scenario's faults, from faults.csv.
 */
#ifndef MIP6SIM_SIM_OUTPUT_FAULTS_H
#define MIP6SIM_SIM_OUTPUT_FAULTS_H

#include <glib.h>
#include <stdbool.h>

#include "sim/scenario/scenario.h"

/* Appends a line about each fault that has happened in no run: its author may wonder. False and error: the
 * directory's faults.csv cannot be read. */
bool faults_append_idle(const char *directory, const struct scenario *scenario, GString *text,
                        GError **error);

#endif
