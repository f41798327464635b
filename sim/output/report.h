/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - all that a directory of results tells, as one page of HTML that needs nothing else: no network,
 * no script, no file beside it.
 *
 * In it: what was run and how to run it again; the topology; means over handovers; what was expected and
 * whether it holds; what came of attacks; figures (figure.h, if there is gnuplot); message sequence charts
 * (chart.h) of the first handover, the one with the median outage and the one with the longest; every
 * parameter. The same results give the same page.
 */
#ifndef MIP6SIM_SIM_OUTPUT_REPORT_H
#define MIP6SIM_SIM_OUTPUT_REPORT_H

#include <glib.h>
#include <stdbool.h>

#include "sim/format/json_value.h"

struct report_tools {
    const char *gnuplot; /* NULL: not there, and there are no figures */
    const char *neato;   /* Graphviz; NULL: not there, and the topology is a table alone */
};

/*
 * The page, UTF-8. `notes` gets whole lines about what is left out and why. NULL and `error` (CSV_ERROR,
 * RESULT_STORE_ERROR, G_FILE_ERROR, G_SPAWN_ERROR): no results, or a tool failed. Free with g_string_free.
 */
GString *report_new(const char *directory, const struct report_tools *tools, GString *notes, GError **error);

/* -- for its parts -- */

/* Text between tags or quotation marks. */
void html_append_text(GString *html, const char *text);
G_GNUC_PRINTF(2, 3)
void html_append_escaped(GString *html, const char *format, ...);
/*
 * The SVG of another program as an element of the page: without declarations and tooltips, its identifiers
 * behind `prefix`, with a label for who cannot see it. False: it is no SVG.
 */
bool html_append_svg(GString *html, const char *svg, const char *prefix, const char *label);

/* The topology, from run.json. False and `error`: Graphviz failed. */
bool report_append_topology(GString *html, const struct json_value *run, const char *neato, GError **error);

#endif
