/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attacks.h - attacks.csv read back: what came of each attack under each method of authorization, and at what
 * price.
 */
#ifndef MIP6SIM_SIM_OUTPUT_ATTACKS_H
#define MIP6SIM_SIM_OUTPUT_ATTACKS_H

#include <glib.h>
#include <stdbool.h>

/* Attacks of any number of runs and scenarios, by title and method. */
struct attacks;

struct attacks *attacks_new(void);
void attacks_free(struct attacks *attacks); /* NULL is harmless */

/* Adds the rows of DIRECTORY/attacks.csv. A directory without that file is one of a scenario without
 * attacks: fine. False and `error` (CSV_ERROR) if it cannot be read. */
bool attacks_add(struct attacks *attacks, const char *directory, GError **error);
bool attacks_any(const struct attacks *attacks);

/* A row for each attack, a column for each method: the outcome. Where runs differ, how many had each. */
void attacks_append_matrix(const struct attacks *attacks, GString *text);
/* A row for each attack and method: the outcome, and the price of it (means over the runs). */
void attacks_append_prices(const struct attacks *attacks, GString *text);

#endif
