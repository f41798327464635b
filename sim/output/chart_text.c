/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart_text.c - a message sequence chart for a terminal.
 *
 * Each message takes a line for its name and one for its arrow, at the instant it was sent; when it arrived
 * stands at the right. So the order down the page is that of sending, whatever overtakes what.
 */
#include <math.h>
#include <string.h>

#include "sim/output/chart.h"

#define LEFT      13 /* of the first lifeline */
#define RIGHT     13 /* for times of arrival */
#define GAP_LEAST 25 /* between lifelines: "Binding Acknowledgement" */
#define GAP_MOST  60

struct sheet {
    const struct chart *chart;
    GString *text;
    gunichar *line;
    unsigned width, gap;
};

static unsigned place(const struct sheet *sheet, int lane)
{
    return LEFT + (unsigned)lane * sheet->gap;
}

static unsigned last_place(const struct sheet *sheet)
{
    return place(sheet, (int)sheet->chart->lanes->len - 1);
}

static void clear_line(struct sheet *sheet, bool lifelines)
{
    for (unsigned i = 0; i < sheet->width; i++)
        sheet->line[i] = ' ';
    for (guint i = 0; lifelines && i < sheet->chart->lanes->len; i++)
        sheet->line[place(sheet, (int)i)] = 0x2502; /* │ */
}

static void end_line(struct sheet *sheet)
{
    unsigned used = sheet->width;
    while (used > 0 && sheet->line[used - 1] == ' ')
        used--;
    for (unsigned i = 0; i < used; i++)
        g_string_append_unichar(sheet->text, sheet->line[i]);
    g_string_append_c(sheet->text, '\n');
}

static void put(struct sheet *sheet, unsigned x, const char *text)
{
    for (; *text; text = g_utf8_next_char(text), x++)
        if (x < sheet->width)
            sheet->line[x] = g_unichar_isprint(g_utf8_get_char(text)) ? g_utf8_get_char(text) : ' ';
}

static void put_before(struct sheet *sheet, unsigned end, const char *text)
{
    unsigned length = (unsigned)g_utf8_strlen(text, -1);
    put(sheet, end > length ? end - length : 0, text);
}

static void put_time(struct sheet *sheet, bool left, double time)
{
    if (isnan(time))
        return;
    char *text = g_strdup_printf("%.3f", (time - sheet->chart->start) * 1e3);
    put_before(sheet, left ? LEFT - 2 : sheet->width, text);
    g_free(text);
}

/* Somewhere between two lifelines, whole if at all possible. */
static void put_between(struct sheet *sheet, unsigned low, unsigned high, const char *text)
{
    unsigned length = (unsigned)g_utf8_strlen(text, -1);
    unsigned x = high - low > length + 2 ? low + (high - low - length + 1) / 2 : low + 2;
    if (x + length > sheet->width - RIGHT + 2)
        x = sheet->width > RIGHT + length ? sheet->width - RIGHT - length + 2 : 1;
    put(sheet, x, text);
}

static void put_heads(struct sheet *sheet)
{
    for (unsigned role = 0; role < 2; role++) {
        clear_line(sheet, false);
        for (guint i = 0; i < sheet->chart->lanes->len; i++) {
            const struct chart_lane *lane = &g_array_index(sheet->chart->lanes, struct chart_lane, i);
            const char *text = role ? lane->role : lane->name;
            unsigned length = (unsigned)g_utf8_strlen(text, -1), x = place(sheet, (int)i);
            put(sheet, x > length / 2 ? x - length / 2 : 0, text);
        }
        if (!role) {
            put_before(sheet, LEFT - 2, "sent, ms");
            put_before(sheet, sheet->width, "arrived, ms");
        }
        end_line(sheet);
    }
}

static void put_note(struct sheet *sheet, const struct chart_note *note)
{
    unsigned x = place(sheet, note->lane);
    clear_line(sheet, true);
    put_time(sheet, true, note->time);
    put(sheet, x, "●");
    if (note->lane > 0 && note->lane + 1 == (int)sheet->chart->lanes->len)
        put_before(sheet, x - 1, note->text);
    else
        put(sheet, x + 2, note->text);
    end_line(sheet);
}

/* Where an arrow begins and ends; one whose other end is not known is cut short. */
static void find_ends(const struct sheet *sheet, const struct chart_arrow *arrow, unsigned *from,
                      unsigned *to)
{
    unsigned half = sheet->gap / 2;
    int known = arrow->from == CHART_NOBODY ? arrow->to : arrow->from;
    unsigned x = place(sheet, known == CHART_NOBODY ? 0 : known);
    unsigned other = x + half > last_place(sheet) && x > half + LEFT / 2 ? x - half : x + half;
    *from = arrow->from == CHART_NOBODY ? other : x;
    *to = arrow->to == CHART_NOBODY                                     ? other
          : arrow->to == arrow->from || arrow->from == CHART_NOBODY ? x
                                                                        : place(sheet, arrow->to);
    if (arrow->to == arrow->from && arrow->to != CHART_NOBODY)
        *to = other;
}

static void put_shaft(struct sheet *sheet, const struct chart_arrow *arrow, unsigned from, unsigned to)
{
    bool right = to > from;
    unsigned low = MIN(from, to), high = MAX(from, to), end = to;
    if (arrow->fate == CHART_LOST)
        end = right ? from + (to - from) / 2 + 2 : from - (from - to) / 2 - 2;
    low = MIN(from, end);
    high = MAX(from, end);
    gunichar shaft = arrow->fate == CHART_DUPLICATE ? 0x254c : 0x2500; /* ╌ ─ */
    for (unsigned x = low + 1; x < high; x++)
        sheet->line[x] = sheet->line[x] == 0x2502 ? 0x253c : shaft; /* ┼ */
    if (arrow->from != CHART_NOBODY)
        sheet->line[from] = right ? 0x251c : 0x2524; /* ├ ┤ */
    if (arrow->fate == CHART_LOST)
        put(sheet, end, "×");
    else
        put(sheet, right ? end - 1 : end + 1,
            arrow->fate == CHART_DISCARDED ? "×" : right ? "→" : "←");
    if (arrow->fate == CHART_LOST && right)
        put(sheet, end + 2, "lost");
    else if (arrow->fate == CHART_LOST)
        put_before(sheet, end - 1, "lost");
}

/* Details stand in the shaft if there is room. */
static bool put_detail(struct sheet *sheet, const struct chart_arrow *arrow, unsigned from, unsigned to)
{
    unsigned length = (unsigned)g_utf8_strlen(arrow->detail, -1);
    unsigned room = MAX(from, to) - MIN(from, to);
    if (arrow->fate == CHART_LOST)
        room = room / 2;
    if (length == 0 || length + 6 > room || room > 2 * sheet->gap)
        return length == 0;
    char *padded = g_strdup_printf(" %s ", arrow->detail);
    unsigned middle = sheet->gap * (room > sheet->gap) / 2; /* clear of the lifeline that is crossed */
    unsigned x = from < to ? from + 2 : from - 2 - length - 1;
    if (middle && room > sheet->gap && length + 6 > sheet->gap) {
        g_free(padded);
        return false;
    }
    put(sheet, x, padded);
    g_free(padded);
    return true;
}

static void put_line_between(struct sheet *sheet, unsigned from, unsigned to, const char *text)
{
    clear_line(sheet, true);
    put_between(sheet, MIN(from, to), MAX(from, to), text);
    end_line(sheet);
}

static void put_arrow(struct sheet *sheet, const struct chart_arrow *arrow)
{
    unsigned from, to, before = (unsigned)sheet->text->len;
    find_ends(sheet, arrow, &from, &to);
    clear_line(sheet, true);
    put_shaft(sheet, arrow, from, to);
    bool inside = put_detail(sheet, arrow, from, to);
    put_time(sheet, true, arrow->sent);
    put_time(sheet, false, arrow->received);
    end_line(sheet);
    char *shaft = g_strdup(sheet->text->str + before);
    g_string_truncate(sheet->text, before);
    char *name = arrow->fate == CHART_DUPLICATE ? g_strdup_printf("%s, once more", arrow->message)
                                                : g_strdup(arrow->message);
    put_line_between(sheet, from, to, name);
    if (!inside)
        put_line_between(sheet, from, to, arrow->detail);
    g_string_append(sheet->text, shaft);
    if (arrow->fate == CHART_DISCARDED) {
        char *why = g_strdup_printf("discarded: %s", *arrow->reason ? arrow->reason : "no reason told");
        put_line_between(sheet, from, to, why);
        g_free(why);
    }
    if (arrow->from == CHART_NOBODY)
        put_line_between(sheet, from, to, "sent by somebody who does not report");
    g_free(name);
    g_free(shaft);
}

/* Broken behind a semicolon. */
static void append_wrapped(GString *text, const char *setting, unsigned columns)
{
    char **parts = g_strsplit(setting, "; ", -1);
    glong used = 0;
    for (char **part = parts; *part; part++) {
        glong length = g_utf8_strlen(*part, -1);
        const char *end = part[1] ? ";" : "";
        if (used > 0 && used + length + 2 > (glong)columns) {
            g_string_append(text, "\n  ");
            used = 2;
        } else if (used > 0) {
            g_string_append_c(text, ' ');
            used++;
        }
        g_string_append_printf(text, "%s%s", *part, end);
        used += length + 1;
    }
    g_string_append_c(text, '\n');
    g_strfreev(parts);
}

char *chart_to_text(const struct chart *chart, unsigned columns)
{
    struct sheet sheet = {.chart = chart, .text = g_string_new(NULL)};
    unsigned gaps = MAX(chart->lanes->len, 2) - 1;
    unsigned room = columns > LEFT + RIGHT + 1 ? columns - LEFT - RIGHT - 1 : 0;
    sheet.gap = CLAMP(room / gaps, GAP_LEAST, GAP_MOST);
    sheet.width = LEFT + gaps * sheet.gap + 1 + RIGHT;
    sheet.line = g_new(gunichar, sheet.width);
    g_string_append_printf(sheet.text, "%s\n", chart->title);
    append_wrapped(sheet.text, chart->setting, columns);
    g_string_append_printf(sheet.text, "%s at %.9f s of the run; times are relative to that.\n\n",
                           chart->from_link_down ? "Link down" : "First instant", chart->start);
    put_heads(&sheet);
    guint a = 0, n = 0;
    while (a < chart->arrows->len || n < chart->notes->len) {
        const struct chart_arrow *arrow =
            a < chart->arrows->len ? &g_array_index(chart->arrows, struct chart_arrow, a) : NULL;
        const struct chart_note *note =
            n < chart->notes->len ? &g_array_index(chart->notes, struct chart_note, n) : NULL;
        if (note && (!arrow || note->time <= chart_arrow_start(arrow))) {
            put_note(&sheet, note);
            n++;
        } else {
            put_arrow(&sheet, arrow);
            a++;
        }
    }
    clear_line(&sheet, true);
    end_line(&sheet);
    if (chart->left_out)
        g_string_append_printf(sheet.text, "… and %u more messages\n", chart->left_out);
    g_free(sheet.line);
    return g_string_free(sheet.text, FALSE);
}
