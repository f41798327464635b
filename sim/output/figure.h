/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure.h - pictures of results, drawn by gnuplot, fit for a paper.
 *
 * Each figure is a script and its numbers, NAME.gp and NAME.dat, in a directory; the script stands on its own
 * (cd DIRECTORY && gnuplot NAME.gp) and makes NAME.svg, NAME.png, NAME.pdf. Methods differ by colour (Okabe
 * and Ito's palette, which the colour-blind can tell apart), by dashes and by point shape, so that they
 * differ in print without colours too. Which axis goes where is told in figure_plan.h.
 *
 * To add a figure: write sim/output/figure_NAME.c with a figure_function that reads what it needs
 * (figure_results_handovers, figure_results_table), fills task->canvas with script and numbers and says in
 * task->note what it left out or why there is nothing to draw; declare it in figure_plan.h; and give it one
 * entry in the table in figure.c. What scripts are written with is in figure_canvas.h. `plot`, its help,
 * `report` and shell completion go by that table.
 */
#ifndef MIP6SIM_SIM_OUTPUT_FIGURE_H
#define MIP6SIM_SIM_OUTPUT_FIGURE_H

#include <glib.h>
#include <stdbool.h>

#include "sim/experiment/run_result.h"
#include "sim/format/csv.h"
#include "sim/output/handovers.h"
#include "sim/output/measure_name.h"

#define FIGURE_MEASURES_MAX 4

enum figure_format { FIGURE_SVG, FIGURE_PNG, FIGURE_PDF, FIGURE_FORMAT_COUNT };
/* "svg": also how its file ends. */
const char *figure_format_name(enum figure_format format);

enum figure_style {
    FIGURE_STYLE_PAPER,  /* one column of a paper with two, 88 mm, or both, 181 mm; letters of 8 points */
    FIGURE_STYLE_SCREEN, /* the same, larger: letters of 14 pixels */
    FIGURE_STYLE_SLIDE,  /* 16:9; letters of 18 points where it is 13.3 inches wide, thick lines */
};

struct figure_options {
    bool formats[FIGURE_FORMAT_COUNT]; /* at least one */
    enum figure_style style;
    unsigned columns; /* of a paper: 1, 2, or 0: one, and two for three panels beside each other */
    struct measure_name measures[FIGURE_MEASURES_MAX]; /* of figures that show measures; all of one table */
    unsigned measure_count;                            /* 0: each figure's own */
    const char *node, *flow; /* "handover": whose, and which packets; NULL: the first that there is */
    int64_t handover, point, replication; /* and which handover; -1: the first */
    GHashTable *labels; /* what to call an axis: 'section / key' -> text; NULL: nothing is renamed */
};

/* Nothing but the defaults; without labels. */
#define FIGURE_OPTIONS_INITIALIZER                                                                           \
    {                                                                                                        \
        .handover = -1, .point = -1, .replication = -1                                                       \
    }

/* Results to be drawn: their tables, read when a figure first asks. */
struct figure_results;

/* A directory of results, or a sweep's database. NULL and `error` (CSV_ERROR, RESULT_STORE_ERROR): there are
 * no results, or they are damaged. Free with figure_results_close (NULL is fine). */
struct figure_results *figure_results_open(const char *name, GError **error);
void figure_results_close(struct figure_results *results);
/* The handovers; may have no rows. */
const struct handovers *figure_results_handovers(const struct figure_results *results);
/* Another table; borrowed. NULL without `error`: the scenario has nothing for it. */
const struct csv_table *figure_results_table(struct figure_results *results, enum result_table table,
                                             GError **error);

struct figure_task;
/*
 * Fills the canvas: true. False without `error`: there is nothing to draw, and task->note says why (whole
 * lines; what was left out of a figure that is drawn is told there too). False with `error`: results are
 * damaged.
 */
typedef bool figure_function(struct figure_task *task, GError **error);

struct figure {
    const char *name;    /* of its files, without their endings */
    bool measures;       /* it shows the measures that are asked for */
    const char *about;   /* for the help: what it shows; lines are broken by \n */
    const char *caption; /* below it in a report: a sentence */
    figure_function *fill;
};

/* The index-th, in the order in which they are drawn; NULL: there are no more. */
const struct figure *figure_at(unsigned index);
/* By its name; NULL: there is none. */
const struct figure *figure_find(const char *name);
/* "latency, outage-cdf, ...". Free with g_free. */
char *figure_names(void);

/*
 * Writes script and numbers into the directory. True if there is something to draw. False without `error`:
 * there is not, `note` says why, and what an earlier call left of this figure is removed. False with `error`:
 * results are damaged, or (G_FILE_ERROR) they could not be written. What was left out of a figure that is
 * drawn is told in `note` too, whole lines.
 */
bool figure_write(const struct figure *figure, struct figure_results *results,
                  const struct figure_options *options, const char *directory, GString *note, GError **error);

/*
 * Has gnuplot draw it. False and `error` if gnuplot cannot be run, complains with a failure, or makes no
 * picture; its words are in the message.
 */
bool figure_draw(const struct figure *figure, const struct figure_options *options, const char *gnuplot,
                 const char *directory, GError **error);
/* All that figure_write and figure_draw have left there. */
void figure_remove(const struct figure *figure, const char *directory);

#endif
