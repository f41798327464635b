/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure.h - pictures of results, drawn by gnuplot, fit for a paper.
 *
 * Each figure is a script and its numbers, NAME.gp and NAME.dat, in the directory of the results; the
 * script stands on its own (cd DIRECTORY && gnuplot NAME.gp) and makes NAME.svg and NAME.png. Methods
 * differ by colour (Okabe and Ito's palette, which the colour-blind can tell apart), by dashes and by
 * point shape, so that they differ in print without colours too.
 *
 *   latency     means and 95 % confidence intervals (Student's t) against a swept delay; panels side by side for
 *               a second one
 *   outage-cdf  the share of handovers whose outage is at most so long; a panel for each of some values of the
 *               swept delay
 *   phases      mean handovers taken apart along the critical path (handovers.h), a bar for each method
 *   outage-offset  means and confidence bands of the outage against a swept offset, a duration that is negative
 *               in part; a panel for each mobile node. Only where there is one: otherwise nothing is said
 *   acceptance  the share of runs in which an attack is accepted, against a swept duration (the age of what is
 *               replayed) or number; a curve for each attack and method. Only where there are attacks
 *   astray      what attacks misdirected, as time goes by. Only where there are attacks
 *
 * Which axis goes where is told in figure_plan.h. Means and intervals are made of observations (handovers.h).
 */
#ifndef MIP6SIM_SIM_OUTPUT_FIGURE_H
#define MIP6SIM_SIM_OUTPUT_FIGURE_H

#include <glib.h>
#include <stdbool.h>

#include "sim/output/handovers.h"

enum figure_kind { FIGURE_LATENCY, FIGURE_OUTAGE_CDF, FIGURE_PHASES, FIGURE_OUTAGE_OFFSET,
                   FIGURE_ACCEPTANCE, FIGURE_ASTRAY, FIGURE_COUNT };

struct figure_options {
    bool svg, png;                      /* at least one */
    const enum number_column *measures; /* FIGURE_LATENCY: a row of panels for each */
    unsigned measure_count;             /* at most FIGURE_MEASURES_MAX */
    const char *results; /* directory that tables of attacks are read from; NULL: the figure's own */
    GHashTable *labels; /* what to call an axis: 'section / key' -> text; NULL: nothing is renamed */
};

#define FIGURE_MEASURES_MAX 4

/* Is it made of handovers.csv? */
bool figure_is_of_handovers(enum figure_kind kind);

/* "latency", "outage-cdf", "phases", "outage-offset": the files' names without their endings. */
const char *figure_name(enum figure_kind kind);

/* A column that FIGURE_LATENCY can show, by its name in handovers.csv. */
bool figure_measure_find(const char *name, enum number_column *measure);
/* The names of all, NULL-terminated. Free with g_strfreev. */
char **figure_measure_names(void);

/*
 * Writes script and numbers into the directory. True if there is something to draw. False without `error`:
 * there is not, `note` says why, and what an earlier call left of this figure is removed. False with
 * `error` (G_FILE_ERROR): they could not be written. What was left out of a figure that is drawn is told
 * in `note` too, whole lines.
 */
bool figure_write(enum figure_kind kind, const struct handovers *handovers,
                  const struct figure_options *options, const char *directory, GString *note, GError **error);

/*
 * Has gnuplot draw it. False and `error` if gnuplot cannot be run, complains with a failure, or makes no
 * picture; its words are in the message.
 */
bool figure_draw(enum figure_kind kind, const struct figure_options *options, const char *gnuplot,
                 const char *directory, GError **error);

#endif
