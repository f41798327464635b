/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart_svg.c - a message sequence chart as a picture.
 *
 * Time goes down the page, but not to scale: a second of waiting beside a millisecond of signalling would
 * leave nothing to see. What happens has a row each, in order, so that arrows slope, and cross where messages
 * overtake each other. What is lost or discarded differs by a cross and words, not by colour alone; the
 * colours are of Okabe and Ito's palette.
 */
#include <math.h>
#include <string.h>

#include "sim/output/chart.h"

#define MARGIN       96
#define NAME_LETTER  8.5 /* what a bold one is wide, about */
#define LANE_GAP     270
#define NOTE_HEIGHT  24
#define SEND_HEIGHT  40 /* with two lines of text above the arrow */
#define ARRIVE_HEIGHT 22
#define INK          "#1a1a1a"
#define SOFT_INK     "#4d4d4d"
#define WARNING      "#a63c00" /* dark enough for small letters on white */
#define ACCENT       "#0072B2"

/* At one instant in this order. */
enum happening_kind { HAPPENS_ARRIVAL, HAPPENS_NOTE, HAPPENS_SEND };

struct happening {
    double time;
    enum happening_kind kind;
    guint index;
};

struct drawing {
    const struct chart *chart;
    GString *svg;
    GArray *happenings;
    double *sent_y, *received_y, *note_y; /* by arrow, by note */
    double width, height;
};

static void append_escaped(GString *svg, const char *text)
{
    char *escaped = g_markup_escape_text(text, -1);
    g_string_append(svg, escaped);
    g_free(escaped);
}

static double lane_x(int lane)
{
    return MARGIN + lane * (double)LANE_GAP;
}

static void put_text(struct drawing *drawing, double x, double y, const char *anchor, const char *style,
                     const char *text)
{
    g_string_append_printf(drawing->svg, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" %s>", x, y, anchor,
                           style);
    append_escaped(drawing->svg, text);
    g_string_append(drawing->svg, "</text>\n");
}

#define HALO "stroke=\"#fff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\""

static void put_line(struct drawing *drawing, double x1, double y1, double x2, double y2, const char *style)
{
    g_string_append_printf(drawing->svg, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" %s/>\n", x1,
                           y1, x2, y2, style);
}

static void put_time(struct drawing *drawing, double x, double y, bool at_left, double time)
{
    char *text = g_strdup_printf("%.3f", (time - drawing->chart->start) * 1e3);
    put_text(drawing, at_left ? x - 8 : x + 8, y + 4, at_left ? "end" : "start",
             "font-size=\"11\" fill=\"" SOFT_INK "\" " HALO, text);
    g_free(text);
}

/* -- rows -- */

static int compare_happenings(const void *a, const void *b)
{
    const struct happening *left = a, *right = b;
    if (left->time < right->time || left->time > right->time)
        return left->time < right->time ? -1 : 1;
    return (int)left->kind - (int)right->kind;
}

static void enter(struct drawing *drawing, double time, enum happening_kind kind, guint index)
{
    struct happening happening = {time, kind, index};
    if (!isnan(time))
        g_array_append_val(drawing->happenings, happening);
}

static void lay_out(struct drawing *drawing, double top)
{
    const struct chart *chart = drawing->chart;
    double y = top;
    for (guint i = 0; i < chart->notes->len; i++)
        enter(drawing, g_array_index(chart->notes, struct chart_note, i).time, HAPPENS_NOTE, i);
    for (guint i = 0; i < chart->arrows->len; i++) {
        const struct chart_arrow *arrow = &g_array_index(chart->arrows, struct chart_arrow, i);
        enter(drawing, arrow->sent, HAPPENS_SEND, i);
        enter(drawing, arrow->received, HAPPENS_ARRIVAL, i);
    }
    g_array_sort(drawing->happenings, compare_happenings);
    for (guint i = 0; i < drawing->happenings->len; i++) {
        const struct happening *happening = &g_array_index(drawing->happenings, struct happening, i);
        y += happening->kind == HAPPENS_NOTE      ? NOTE_HEIGHT
             : happening->kind == HAPPENS_ARRIVAL ? ARRIVE_HEIGHT
                                                  : SEND_HEIGHT;
        double *table = happening->kind == HAPPENS_NOTE      ? drawing->note_y
                        : happening->kind == HAPPENS_ARRIVAL ? drawing->received_y
                                                             : drawing->sent_y;
        table[happening->index] = y;
        const struct chart_arrow *arrow = happening->kind == HAPPENS_NOTE
                                              ? NULL
                                              : &g_array_index(chart->arrows, struct chart_arrow,
                                                               happening->index);
        if (arrow && happening->kind == HAPPENS_ARRIVAL && arrow->fate == CHART_DISCARDED)
            y += 14; /* its reason stands below */
        if (arrow && happening->kind == HAPPENS_ARRIVAL && isnan(arrow->sent)) {
            y += SEND_HEIGHT - ARRIVE_HEIGHT;
            table[happening->index] = y;
        }
    }
    drawing->height = y + 30;
}

/* -- what stands in them -- */

/* Cut to what there is room for. */
static char *fit(const char *text, double width, double letter)
{
    glong room = (glong)(width / letter);
    if (g_utf8_strlen(text, -1) <= room)
        return g_strdup(text);
    char *cut = g_utf8_substring(text, 0, MAX(room - 1, 1));
    char *fitting = g_strconcat(cut, "…", NULL);
    g_free(cut);
    return fitting;
}

static void put_lanes(struct drawing *drawing, double top)
{
    for (guint i = 0; i < drawing->chart->lanes->len; i++) {
        const struct chart_lane *lane = &g_array_index(drawing->chart->lanes, struct chart_lane, i);
        double x = lane_x((int)i);
        put_line(drawing, x, top, x, drawing->height - 12, "stroke=\"#8c8c8c\" stroke-width=\"1.2\"");
        bool first = i == 0, last = i > 0 && i + 1 == drawing->chart->lanes->len;
        char *name = fit(lane->name, first || last ? MARGIN + LANE_GAP / 2.0 : LANE_GAP - 10.0, NAME_LETTER);
        /* A long name that stood over the middle of such a lane would end outside of the picture. */
        bool outside = (first || last) && (double)g_utf8_strlen(name, -1) * NAME_LETTER / 2 > MARGIN;
        put_text(drawing, !outside ? x : first ? 4 : x + MARGIN - 4, top - 22,
                 !outside ? "middle" : first ? "start" : "end",
                 "font-size=\"14\" font-weight=\"bold\" fill=\"" INK "\"", name);
        g_free(name);
        put_text(drawing, x, top - 7, "middle", "font-size=\"11\" fill=\"" SOFT_INK "\"", lane->role);
    }
}

static void put_note(struct drawing *drawing, guint index)
{
    const struct chart_note *note = &g_array_index(drawing->chart->notes, struct chart_note, index);
    double x = lane_x(note->lane), y = drawing->note_y[index];
    bool last = note->lane > 0 && note->lane + 1 == (int)drawing->chart->lanes->len;
    g_string_append_printf(drawing->svg, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\" fill=\"" ACCENT "\"/>\n",
                           x, y);
    put_text(drawing, last ? x - 10 : x + 10, y + 4, last ? "end" : "start",
             "font-size=\"12\" fill=\"" INK "\" " HALO, note->text);
    put_time(drawing, x, y, !last, note->time);
}

static void put_cross(struct drawing *drawing, double x, double y)
{
    put_line(drawing, x - 5, y - 5, x + 5, y + 5, "stroke=\"" WARNING "\" stroke-width=\"2.2\"");
    put_line(drawing, x - 5, y + 5, x + 5, y - 5, "stroke=\"" WARNING "\" stroke-width=\"2.2\"");
}

static void put_head(struct drawing *drawing, double x1, double y1, double x2, double y2)
{
    double length = hypot(x2 - x1, y2 - y1);
    if (length < 1)
        return;
    double dx = (x2 - x1) / length, dy = (y2 - y1) / length;
    double x = x2 - dx, y = y2 - dy;
    g_string_append_printf(drawing->svg,
                           "<polygon points=\"%.1f,%.1f %.1f,%.1f %.1f,%.1f\" fill=\"" INK "\"/>\n", x, y,
                           x - 10 * dx - 4 * dy, y - 10 * dy + 4 * dx, x - 10 * dx + 4 * dy,
                           y - 10 * dy - 4 * dx);
}

struct shaft {
    double x1, y1, x2, y2;
    bool right;
};

static struct shaft find_shaft(const struct drawing *drawing, guint index)
{
    const struct chart_arrow *arrow = &g_array_index(drawing->chart->arrows, struct chart_arrow, index);
    struct shaft shaft = {.y1 = drawing->sent_y[index], .y2 = drawing->received_y[index]};
    int known = arrow->from == CHART_NOBODY ? MAX(arrow->to, 0) : arrow->from;
    double x = lane_x(known), half = LANE_GAP / 2.0;
    double other = known + 1 == (int)drawing->chart->lanes->len && known > 0 ? x - half : x + half;
    bool loop = arrow->to == arrow->from;
    shaft.x1 = arrow->from == CHART_NOBODY ? other : x;
    shaft.x2 = arrow->from == CHART_NOBODY ? x
               : arrow->to == CHART_NOBODY || loop ? other
                                                   : lane_x(arrow->to);
    if (isnan(arrow->sent))
        shaft.y1 = shaft.y2;
    if (arrow->fate == CHART_LOST) { /* half of the way, and not steep */
        shaft.x2 = (shaft.x1 + shaft.x2) / 2;
        shaft.y2 = shaft.y1 + 10;
    }
    shaft.right = shaft.x2 > shaft.x1;
    return shaft;
}

static void put_shaft(struct drawing *drawing, guint index)
{
    const struct chart_arrow *arrow = &g_array_index(drawing->chart->arrows, struct chart_arrow, index);
    struct shaft shaft = find_shaft(drawing, index);
    const char *style = arrow->fate == CHART_LOST ? "stroke=\"" WARNING "\" stroke-width=\"1.6\" "
                                                    "stroke-dasharray=\"6 4\""
                        : arrow->fate == CHART_DUPLICATE
                            ? "stroke=\"" INK "\" stroke-width=\"1.3\" stroke-dasharray=\"2 3\""
                            : "stroke=\"" INK "\" stroke-width=\"1.5\"";
    put_line(drawing, shaft.x1, shaft.y1, shaft.x2, shaft.y2, style);
    if (arrow->fate == CHART_ARRIVED || arrow->fate == CHART_DUPLICATE)
        put_head(drawing, shaft.x1, shaft.y1, shaft.x2, shaft.y2);
    else
        put_cross(drawing, shaft.x2, shaft.y2);
}

static void put_words(struct drawing *drawing, guint index)
{
    const struct chart_arrow *arrow = &g_array_index(drawing->chart->arrows, struct chart_arrow, index);
    struct shaft shaft = find_shaft(drawing, index);
    const char *anchor = shaft.right ? "start" : "end";
    double x = shaft.right ? shaft.x1 + 10 : shaft.x1 - 10;
    bool detail = *arrow->detail != '\0';
    if (arrow->fate != CHART_DUPLICATE) {
        put_text(drawing, x, shaft.y1 - (detail ? 18 : 6), anchor,
                 "font-size=\"12\" font-weight=\"bold\" fill=\"" INK "\" " HALO, arrow->message);
        if (detail)
            put_text(drawing, x, shaft.y1 - 5, anchor, "font-size=\"11\" fill=\"" SOFT_INK "\" " HALO,
                     arrow->detail);
        if (arrow->from == CHART_NOBODY)
            put_text(drawing, x, shaft.y1 + 12, anchor, "font-size=\"11\" fill=\"" WARNING "\" " HALO,
                     "sent by somebody who does not report");
        else
            put_time(drawing, shaft.x1, shaft.y1, shaft.right, arrow->sent);
    }
    const char *warn = "font-size=\"12\" fill=\"" WARNING "\" " HALO;
    if (arrow->fate == CHART_LOST) {
        put_text(drawing, shaft.right ? shaft.x2 + 10 : shaft.x2 - 10, shaft.y2 + 4, anchor, warn, "lost");
        return;
    }
    put_time(drawing, shaft.x2, shaft.y2, !shaft.right, arrow->received);
    const char *end = shaft.right ? "end" : "start";
    double end_x = shaft.right ? shaft.x2 - 10 : shaft.x2 + 10;
    if (arrow->fate == CHART_DUPLICATE)
        put_text(drawing, end_x, shaft.y2 + 14, end, "font-size=\"11\" fill=\"" SOFT_INK "\" " HALO,
                 "once more");
    if (arrow->fate == CHART_DISCARDED) {
        char *why = g_strdup_printf("discarded: %s", arrow->reason);
        put_text(drawing, end_x, shaft.y2 + 16, end, warn, why);
        g_free(why);
    }
}

/* -- all of it -- */

static void put_title(struct drawing *drawing)
{
    const struct chart *chart = drawing->chart;
    char *title = fit(chart->title, drawing->width - 20, 8.5),
         *setting = fit(chart->setting, drawing->width - 20, 6.0);
    put_text(drawing, 10, 22, "start", "font-size=\"16\" font-weight=\"bold\" fill=\"" INK "\"", title);
    put_text(drawing, 10, 40, "start", "font-size=\"11\" fill=\"" SOFT_INK "\"", setting);
    g_free(title);
    g_free(setting);
}

static void put_all(struct drawing *drawing, double top)
{
    const struct chart *chart = drawing->chart;
    char *when = g_strdup_printf("%s at %.9f s; times in ms since then%s",
                                 chart->from_link_down ? "Link down" : "First instant", chart->start,
                                 chart->left_out ? "; not all messages are shown" : "");
    put_text(drawing, 10, top - 46, "start", "font-size=\"11\" fill=\"" SOFT_INK "\"", when);
    g_free(when);
    put_lanes(drawing, top);
    for (guint i = 0; i < chart->arrows->len; i++)
        put_shaft(drawing, i);
    for (guint i = 0; i < chart->notes->len; i++)
        put_note(drawing, i);
    for (guint i = 0; i < chart->arrows->len; i++)
        put_words(drawing, i);
}

char *chart_to_svg(const struct chart *chart, bool standalone)
{
    guint arrows = chart->arrows->len;
    double top = standalone ? 106 : 70;
    struct drawing drawing = {
        .chart = chart,
        .svg = g_string_new(standalone ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : NULL),
        .happenings = g_array_new(FALSE, FALSE, sizeof(struct happening)),
        .sent_y = g_new0(double, arrows + 1),
        .received_y = g_new0(double, arrows + 1),
        .note_y = g_new0(double, chart->notes->len + 1),
        .width = 2 * MARGIN + (MAX(chart->lanes->len, 2) - 1) * (double)LANE_GAP,
    };
    lay_out(&drawing, top);
    g_string_append_printf(drawing.svg,
                           "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\" "
                           "viewBox=\"0 0 %.0f %.0f\" font-family=\"Arial, Helvetica, sans-serif\" "
                           "role=\"img\" aria-label=\"",
                           drawing.width, drawing.height, drawing.width, drawing.height);
    append_escaped(drawing.svg, chart->title);
    g_string_append(drawing.svg, ": message sequence chart\">\n");
    g_string_append(drawing.svg, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
    if (standalone)
        put_title(&drawing);
    put_all(&drawing, top);
    g_string_append(drawing.svg, "</svg>\n");
    g_array_free(drawing.happenings, TRUE);
    g_free(drawing.sent_y);
    g_free(drawing.received_y);
    g_free(drawing.note_y);
    return g_string_free(drawing.svg, FALSE);
}
