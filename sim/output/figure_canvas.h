/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_canvas.h - what scripts of figures are written with: a canvas of a style's size, places on it, texts
 * that fit, legends, panels in rows and columns. Private to the figures.
 *
 * Lengths are in units of which the font's size is 14 on any canvas, from the lower left corner. A style says
 * how large a unit is (8 point or 18 point fonts) and how wide the canvas: so what a slide has more of is not
 * room but size. On paper the height grows with what is on it, up to figures of a page; a slide's is given.
 *
 *     canvas_choose_width(canvas, panels beside each other);
 *     struct panel_grid grid = {.columns = 3, .rows = 2, .left = 70, .bottom = 50, .top = legend + 40};
 *     canvas_lay_out(canvas, &grid, 0.62);
 *     script_put_legend(canvas, entries, count);
 *     panel_grid_enter(canvas, &grid, 0, 0);
 *     script_append(canvas, "plot ...");
 *     script_append(canvas, "unset label");
 */
#ifndef MIP6SIM_SIM_OUTPUT_FIGURE_CANVAS_H
#define MIP6SIM_SIM_OUTPUT_FIGURE_CANVAS_H

#include <glib.h>
#include <stdbool.h>

#include "sim/output/figure.h"

#define FIGURE_FONT_SIZE   14 /* units */
#define FIGURE_LINE_HEIGHT 17
#define FIGURE_SERIES_MAX  8 /* more cannot be told apart */
#define FIGURE_PANELS_MAX  6 /* beside each other */

struct figure_canvas {
    const char *name; /* of the figure: its numbers are in NAME.dat */
    enum figure_style style;
    unsigned columns;     /* of the paper that it is as wide as, as was asked for; 0: not chosen */
    double width, height; /* height 0: grows, until it is laid out */
    GString *script;      /* what draws it, between set multiplot and unset multiplot */
    GString *data;
    unsigned blocks; /* of data so far: the next one's index for gnuplot */
};

void canvas_init(struct figure_canvas *canvas, const char *name, const struct figure_options *options);
void canvas_clear(struct figure_canvas *canvas);
/* The whole script, that draws the formats. Free with g_string_free. */
GString *canvas_complete(const struct figure_canvas *canvas, const struct figure_options *options);

/* One column of paper or two, unless the user has said; a slide is as wide as it is. */
void canvas_choose_width(struct figure_canvas *canvas, unsigned panels_beside);
/* How many panels there is room for beside each other, at least one. */
unsigned canvas_panels_fitting(const struct figure_canvas *canvas);

/* -- panels -- */

struct panel_grid {
    unsigned columns, rows;           /* given */
    double left, right, bottom, top;  /* given: free around all panels, legend and all */
    double column_gap, row_gap;       /* given */
    double panel_width, panel_height; /* found */
};

/* Finds the panels' sizes, and on paper the canvas' height by their aspect (height : width). */
void canvas_lay_out(struct figure_canvas *canvas, struct panel_grid *grid, double aspect);
double panel_grid_left(const struct panel_grid *grid, unsigned column);
/* The upper edge; row 0 is the topmost. */
double panel_grid_top(const struct figure_canvas *canvas, const struct panel_grid *grid, unsigned row);
/* The axes of the next plot enclose this panel. */
void panel_grid_enter(struct figure_canvas *canvas, const struct panel_grid *grid, unsigned row,
                      unsigned column);

/* -- text -- */

/* How wide it is set, about, with some room. */
double text_width(const char *text);
/* As it is, or without its middle, so that it fits. Free with g_free. */
char *text_shorten(const char *text, double width);

/* Without "(RFC 6275)" and the like, where room is scarce. Free with g_free. */
char *figure_short_name(const char *name);

/* -- scripts -- */

/* Appends the text as a gnuplot expression, quotes included: nothing in it means anything to gnuplot. */
void script_append_string(GString *script, const char *text);
/* The same for a name below or beside an axis, where per cents mean something, too; shortened to the width.
 * */
void script_append_tic(GString *script, const char *text, double width);
/* Appends a line; %s as it is. */
G_GNUC_PRINTF(2, 3)
void script_append(struct figure_canvas *canvas, const char *format, ...);

/* A rectangle of the canvas: what the next plot's axes enclose. */
void script_set_margins(struct figure_canvas *canvas, double left, double right, double bottom, double top);
/* Text centred at a place of the canvas; shortened where it would leave the canvas. */
void script_put_text(struct figure_canvas *canvas, const char *text, double x, double y);
/* The same, shortened to a width. */
void script_put_fitting(struct figure_canvas *canvas, const char *text, double x, double y, double width);
/* Turned to be read from below upwards, not longer than `length`: in one line, or in two, the second to the
 * right. */
void script_put_side_text(struct figure_canvas *canvas, const char *text, double x, double y, double length);
/* Would the side text take two lines? Then it needs FIGURE_LINE_HEIGHT more. */
bool script_side_text_is_long(const char *text, double length);

/* Between the marks of an axis, so that there are about `most` at most: 1, 2 or 5 times a power of ten. */
double script_tic_step(double range, unsigned most);
/* How wide a number of this size is below an axis. */
double script_number_width(double number);
/* How many marks with numbers fit an axis across of this length. */
unsigned script_tics_across(double length, double range);
/* The widest of the numbers beside a vertical axis from 0 (or `low`) to `high` with such a step. */
double script_tic_width(double low, double high, double step);

/* Line styles 1.. for so many series; the points' size is that of the format. */
void script_define_styles(struct figure_canvas *canvas, unsigned count);
/* "fs ... fc ...": how the series' bars are filled; they differ without colours too. */
const char *script_fill_of_series(unsigned series);

enum legend_sample {
    LEGEND_LINE,
    LEGEND_LINE_POINTS,
    LEGEND_POINTS,
    LEGEND_BOX,
};

struct legend_entry {
    const char *name;
    enum legend_sample sample;
    unsigned style;   /* line style, from 1 */
    const char *fill; /* LEGEND_BOX: "fs ... fc ..." */
};

/* Both columns of the paper, unless the user has said, if names do not fit one. */
void canvas_widen_for_legend(struct figure_canvas *canvas, const struct legend_entry *entries,
                             unsigned count);
/* How high it is on this canvas, whose width has been chosen. */
double script_legend_height(const struct figure_canvas *canvas, const struct legend_entry *entries,
                            unsigned count);
/* At the top of the canvas, which has been laid out. */
void script_put_legend(struct figure_canvas *canvas, const struct legend_entry *entries, unsigned count);

/* Begins a block of numbers with what it is; returns its index. */
unsigned data_begin(struct figure_canvas *canvas, const char *what);
/* Behind a "#": results may hold anything, and the text must not end the line. */
void data_append_remark(struct figure_canvas *canvas, const char *text);

#endif
