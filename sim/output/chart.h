/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart.h - the message sequence chart of one handover: who sent which mobility message to whom, when it
 * arrived, and what became of it, made from the handovers and messages in a directory of results, CSV files
 * or a database (experiment/result_csv.h).
 *
 * Which receipt belongs to which message is found out from their contents (chart_messages.h).
 *
 * The chart of a handover begins when the link goes down. It ends with its last instant, or, if it was not
 * completed or everything is wanted, when the link goes down again. It has the messages that the mobile node
 * sends or gets, and those of others that name its home address.
 */
#ifndef MIP6SIM_SIM_OUTPUT_CHART_H
#define MIP6SIM_SIM_OUTPUT_CHART_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/format/csv.h"
#include "sim/format/json_value.h"

/* What charts are made from. */
struct chart_source {
    struct csv_table *handovers, *messages;
    struct json_value *run; /* run.json; NULL: not there, and then roles and some receivers are unknown */
};

/*
 * NULL and `error` (CSV_ERROR, RESULT_STORE_ERROR) if the directory or its
 * files are not there or not what they should be.
 */
struct chart_source *chart_source_open(const char *directory, GError **error);
void chart_source_free(struct chart_source *source); /* NULL is fine */

struct chart_request {
    const char *node; /* NULL: the only one, or that with the first handover */
    uint64_t handover;
    int64_t point, replication; /* -1: the first that has such a handover */
    const char *correspondent;  /* NULL: all */
    bool everything;            /* until the next handover, finished or not */
};

enum chart_fate {
    CHART_ARRIVED,
    CHART_DUPLICATE, /* arrived, once more */
    CHART_DISCARDED, /* arrived, and was discarded */
    CHART_LOST,
};

#define CHART_NOBODY (-1)

struct chart_arrow {
    double sent;     /* seconds; NAN: nobody has reported that he sent it */
    double received; /* NAN: lost */
    int from, to;    /* lanes; CHART_NOBODY: not known */
    enum chart_fate fate;
    const char *message; /* "Binding Update" */
    char *detail;        /* "seq 5, lifetime 420 s"; may be "" */
    const char *reason;  /* why it was discarded; "" */
};

struct chart_note {
    double time;
    int lane;
    const char *text;
};

struct chart_lane {
    char *name; /* "mn" */
    char *role; /* "mobile node"; may be "" */
};

struct chart {
    char *node;
    uint64_t handover, point, replication;
    char *title;         /* "Handover 3 of mn: visited → next" */
    char *setting;       /* which run, and what the sweep has set; how the correspondents authorize */
    double start;        /* link down: what times are relative to */
    bool from_link_down; /* it began with a link that went down */
    double end;          /* of what is shown */
    unsigned left_out;   /* messages beyond CHART_ARROWS_MAX */
    GArray *lanes;       /* struct chart_lane, the mobile node's first */
    GArray *arrows;      /* struct chart_arrow, in order of their first instants */
    GArray *notes;       /* struct chart_note, in order of time */
};

#define CHART_ARROWS_MAX 200

/* NULL and `error`: there is no such node, correspondent, run or handover; the message says which there
 * are. */
struct chart *chart_new(const struct chart_source *source, const struct chart_request *request,
                        GError **error);
void chart_free(struct chart *chart); /* NULL is fine */

/* The instant at which an arrow begins: sent, or received where that is all that is known. */
double chart_arrow_start(const struct chart_arrow *arrow);

/* For a terminal that is `columns` wide; wider if that does not do. UTF-8. Free with g_free. */
char *chart_to_text(const struct chart *chart, unsigned columns);
/*
 * As an SVG element without identifiers, so that several may stand on one page. standalone: with an XML
 * declaration and its title, a picture in a file. Free with g_free.
 */
char *chart_to_svg(const struct chart *chart, bool standalone);

#endif
