/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * figure_canvas.c - see figure_canvas.h.
 *
 * Every plot's margins and every text of a figure are at given places of the canvas, so that nothing depends
 * on how wide gnuplot believes a text to be; so the legend is not gnuplot's own either. How wide texts are is
 * reckoned with the widths of Helvetica's letters (which Arial and Liberation Sans share), and some room for
 * other fonts.
 *
 * The same commands draw all formats: they stand in a loop over them. Inside of it gnuplot counts braces, in
 * strings as well; so those in texts are written by their numbers. Terminals differ in what a width of 1 is
 * (a pixel; half a point), which is made good where they are chosen.
 */
#include "sim/output/figure_canvas.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define POINTS_PER_INCH 72.0
#define SVG_DPI         96.0
#define PAPER_DPI       300.0 /* of a PNG */

#define COLUMN_MM        88.0 /* of a paper with two of them */
#define DOUBLE_COLUMN_MM 181.0
#define SLIDE_INCHES     (40.0 / 3) /* across, by 7.5 */
#define SLIDE_PIXELS     1920.0

#define WIDE_PANELS        3   /* so many side by side take both columns */
#define PANEL_LEAST        108 /* wide, with the gap beside it */
#define LEGEND_ROW_HEIGHT  20
#define LEGEND_SAMPLE      34 /* a line with its point, and the blank behind it */
#define LEGEND_BOX_WIDTH   24
#define LEGEND_POINT_WIDTH 14
#define LEGEND_MARGINS     6
#define LEGEND_GAP         16 /* between entries */

struct style_sizes {
    double font;             /* points */
    double lines;            /* how much thicker than on paper, for the size of the font */
    double width[2], height; /* of the canvas in inches; height 0: grows */
    double png_dpi;
};

static const struct style_sizes style_sizes[] = {
    [FIGURE_STYLE_PAPER] = {8, 1, {COLUMN_MM / 25.4, DOUBLE_COLUMN_MM / 25.4}, 0, PAPER_DPI},
    [FIGURE_STYLE_SCREEN] =
        {10.5, 1, {COLUMN_MM / 25.4 * 10.5 / 8, DOUBLE_COLUMN_MM / 25.4 * 10.5 / 8}, 0, 2 * SVG_DPI},
    [FIGURE_STYLE_SLIDE] = {18, 1.15, {SLIDE_INCHES, SLIDE_INCHES}, 7.5, SLIDE_PIXELS / SLIDE_INCHES},
};

/* Inches that a unit is. */
static double unit_of(enum figure_style style)
{
    return style_sizes[style].font / POINTS_PER_INCH / FIGURE_FONT_SIZE;
}

/* -- the canvas -- */

void canvas_init(struct figure_canvas *canvas, const char *name, const struct figure_options *options)
{
    *canvas = (struct figure_canvas){
        .name = name,
        .style = options->style,
        .columns = options->columns,
        .script = g_string_new(NULL),
        .data = g_string_new(NULL),
    };
    canvas_choose_width(canvas, 1);
}

void canvas_clear(struct figure_canvas *canvas)
{
    g_string_free(canvas->script, TRUE);
    g_string_free(canvas->data, TRUE);
}

void canvas_choose_width(struct figure_canvas *canvas, unsigned panels_beside)
{
    const struct style_sizes *sizes = &style_sizes[canvas->style];
    unsigned columns = canvas->columns ? canvas->columns : panels_beside >= WIDE_PANELS ? 2 : 1;

    canvas->width = sizes->width[columns - 1] / unit_of(canvas->style);
    canvas->height = sizes->height / unit_of(canvas->style);
}

unsigned canvas_panels_fitting(const struct figure_canvas *canvas)
{
    double room = (canvas->width - 90) / PANEL_LEAST;

    return room < 1 ? 1 : room > FIGURE_PANELS_MAX ? FIGURE_PANELS_MAX : (unsigned)room;
}

/* -- panels -- */

void canvas_lay_out(struct figure_canvas *canvas, struct panel_grid *grid, double aspect)
{
    grid->panel_width =
        (canvas->width - grid->left - grid->right - (grid->columns - 1) * grid->column_gap) / grid->columns;
    double others = grid->top + grid->bottom + (grid->rows - 1) * grid->row_gap;
    if (canvas->height > 0) {
        grid->panel_height = fmax((canvas->height - others) / grid->rows, 20);
    } else {
        grid->panel_height = fmin(fmax(grid->panel_width * aspect, 120), 240);
        canvas->height = others + grid->rows * grid->panel_height;
    }
}

double panel_grid_left(const struct panel_grid *grid, unsigned column)
{
    return grid->left + column * (grid->panel_width + grid->column_gap);
}

double panel_grid_top(const struct figure_canvas *canvas, const struct panel_grid *grid, unsigned row)
{
    return canvas->height - grid->top - row * (grid->panel_height + grid->row_gap);
}

void panel_grid_enter(struct figure_canvas *canvas, const struct panel_grid *grid, unsigned row,
                      unsigned column)
{
    double left = panel_grid_left(grid, column), top = panel_grid_top(canvas, grid, row);

    script_set_margins(canvas, left, left + grid->panel_width, top - grid->panel_height, top);
}

/* -- text -- */

/* Thousandths of the font's size, of the letters from ' ' to '~'. */
static const uint16_t letter_widths[] = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584,
};

static double letter_width(gunichar letter)
{
    unsigned thousandths = letter >= ' ' && letter <= '~'                 ? letter_widths[letter - ' ']
                           : letter == 0x2026 || g_unichar_iswide(letter) ? 1000
                                                                          : 600;
    return 1.05 * thousandths * FIGURE_FONT_SIZE / 1000;
}

double text_width(const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);
    double width = 0;

    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at))
        width += letter_width(g_utf8_get_char(at));
    g_free(valid);
    return width;
}

/* The most letters from an end of the text, from the right one if step < 0, that are not wider. */
static glong letters_within(const gunichar *letters, glong count, int step, double width)
{
    glong taken = 0;

    while (taken < count) {
        width -= letter_width(letters[step < 0 ? count - 1 - taken : taken]);
        if (width < 0)
            break;
        taken++;
    }
    return taken;
}

char *text_shorten(const char *text, double width)
{
    char *valid = g_utf8_make_valid(text, -1);

    if (text_width(valid) <= width)
        return valid;
    glong count;
    gunichar *letters = g_utf8_to_ucs4_fast(valid, -1, &count);
    double room = fmax(width - letter_width(0x2026), 0) / 2;
    glong left = letters_within(letters, count, 1, room), right = letters_within(letters, count, -1, room);
    char *begin = g_ucs4_to_utf8(letters, left, NULL, NULL, NULL),
         *end = g_ucs4_to_utf8(letters + count - right, right, NULL, NULL, NULL);
    char *shortened = g_strconcat(g_strchomp(begin), "…", g_strchug(end), NULL);
    g_free(begin);
    g_free(end);
    g_free(letters);
    g_free(valid);
    return shortened;
}

/* In two lines as even as blanks allow, each not wider than that. Free with g_strfreev. */
static char **text_wrap(const char *text, double width)
{
    char **lines = g_new0(char *, 3);
    size_t best = 0;
    double least = INFINITY;

    for (const char *blank = strchr(text, ' '); blank != NULL && text_width(text) > width;
         blank = strchr(blank + 1, ' ')) {
        char *first = g_strndup(text, (gsize)(blank - text));
        double wider = fmax(text_width(first), text_width(blank + 1));
        if (wider < least) {
            least = wider;
            best = (size_t)(blank - text);
        }
        g_free(first);
    }
    char *first = best == 0 ? g_strdup(text) : g_strndup(text, best);
    lines[0] = text_shorten(first, width);
    lines[1] = best == 0 ? NULL : text_shorten(text + best + 1, width);
    g_free(first);
    return lines;
}

char *figure_short_name(const char *name)
{
    GString *text = g_string_new(name);
    char *begin;

    while ((begin = strstr(text->str, " (RFC ")) != NULL && strchr(begin, ')') != NULL)
        g_string_erase(text, begin - text->str, strchr(begin, ')') - begin + 1);
    return g_string_free(text, FALSE);
}

/* -- scripts -- */

/* In single quotes gnuplot looks at nothing but single quotes. Braces, which must not stand there (above),
 * are put in between by their numbers. */
void script_append_string(GString *script, const char *text)
{
    char *valid = g_utf8_make_valid(text, -1);

    g_string_append_c(script, '\'');
    for (const char *at = valid; *at != '\0'; at++) {
        if (*at == '\'')
            g_string_append(script, "''");
        else if (*at == '{' || *at == '}')
            g_string_append_printf(script, "'.\"\\%03o\".'", (unsigned)*at);
        else
            g_string_append_c(script, g_ascii_iscntrl(*at) ? ' ' : *at);
    }
    g_string_append_c(script, '\'');
    g_free(valid);
}

void script_append_tic(GString *script, const char *text, double width)
{
    char *fitting = text_shorten(text, width), **parts = g_strsplit(fitting, "%", -1);
    char *doubled = g_strjoinv("%%", parts);

    script_append_string(script, doubled);
    g_free(doubled);
    g_strfreev(parts);
    g_free(fitting);
}

void script_append(struct figure_canvas *canvas, const char *format, ...)
{
    va_list arguments;

    g_string_append(canvas->script, "    ");
    va_start(arguments, format);
    g_string_append_vprintf(canvas->script, format, arguments);
    va_end(arguments);
    g_string_append_c(canvas->script, '\n');
}

void script_set_margins(struct figure_canvas *canvas, double left, double right, double bottom, double top)
{
    script_append(canvas, "set lmargin at screen %.5f; set rmargin at screen %.5f", left / canvas->width,
                  right / canvas->width);
    script_append(canvas, "set bmargin at screen %.5f; set tmargin at screen %.5f", bottom / canvas->height,
                  top / canvas->height);
}

static void put_label(struct figure_canvas *canvas, const char *text, double x, double y, const char *how)
{
    GString *quoted = g_string_new(NULL);

    script_append_string(quoted, text);
    script_append(canvas, "set label %s at screen %.5f, screen %.5f %s front", quoted->str, x / canvas->width,
                  y / canvas->height, how);
    g_string_free(quoted, TRUE);
}

void script_put_fitting(struct figure_canvas *canvas, const char *text, double x, double y, double width)
{
    char *shortened = text_shorten(text, width);

    put_label(canvas, shortened, x, y, "center");
    g_free(shortened);
}

void script_put_text(struct figure_canvas *canvas, const char *text, double x, double y)
{
    script_put_fitting(canvas, text, x, y, 2 * fmin(x, canvas->width - x));
}

bool script_side_text_is_long(const char *text, double length)
{
    return text_width(text) > length;
}

void script_put_side_text(struct figure_canvas *canvas, const char *text, double x, double y, double length)
{
    char **lines = text_wrap(text, fmin(length, 2 * fmin(y, canvas->height - y)));

    for (unsigned i = 0; lines[i] != NULL; i++)
        put_label(canvas, lines[i], x + i * FIGURE_LINE_HEIGHT, y, "center rotate by 90");
    g_strfreev(lines);
}

double script_tic_step(double range, unsigned most)
{
    double step = pow(10, floor(log10(range / most)));

    if (range / step <= most)
        return step;
    if (range / (2 * step) <= most)
        return 2 * step;
    return range / (5 * step) <= most ? 5 * step : 10 * step;
}

double script_tic_width(double low, double high, double step)
{
    double widest = 0;

    for (double at = ceil(low / step - 1e-9) * step; at <= high * (1 + 1e-9) && widest < 1e4; at += step) {
        char *text = g_strdup_printf("%g", fabs(at) < step * 1e-6 ? 0 : at);
        widest = fmax(widest, text_width(text));
        g_free(text);
    }
    return widest;
}

double script_number_width(double number)
{
    char *text = g_strdup_printf("%.*f", fabs(number) < 10 ? 1 : 0, number);
    double width = text_width(text);

    g_free(text);
    return width;
}

unsigned script_tics_across(double length, double range)
{
    double fitting = length / (script_number_width(range) + 12);

    return fitting < 2 ? 2 : fitting > 8 ? 8 : (unsigned)fitting;
}

/* Thin above thick, dashed above solid: curves that coincide are both seen. */
void script_define_styles(struct figure_canvas *canvas, unsigned count)
{
    static const struct {
        const char *color, *dashes;
        double width, size;
        unsigned point;
    } styles[FIGURE_SERIES_MAX] = {
        {"#0072B2", "1", 2.6, 0.9, 7},      {"#D55E00", "(9,5)", 1.8, 0.85, 9},
        {"#009E73", "(3,4)", 2.2, 0.8, 5},  {"#CC79A7", "(12,4,3,4)", 1.8, 0.9, 13},
        {"#E69F00", "(6,3)", 2.2, 0.9, 11}, {"#56B4E9", "(3,3,9,3)", 1.8, 0.8, 6},
        {"#000000", "(2,3)", 1.5, 0.8, 8},  {"#7F7F7F", "(15,5)", 1.5, 0.8, 4},
    };
    double thicker = style_sizes[canvas->style].lines;

    for (unsigned i = 0; i < count && i < FIGURE_SERIES_MAX; i++)
        script_append(canvas, "set style line %u lc rgb '%s' lw %g dt %s pt %u ps %g * point_size", i + 1,
                      styles[i].color, styles[i].width * thicker, styles[i].dashes, styles[i].point,
                      styles[i].size * thicker);
}

const char *script_fill_of_series(unsigned series)
{
    /* Dark and light in turns; patterns differ from terminal to terminal, and are too coarse for thin bars.
     */
    static const char *const fills[FIGURE_SERIES_MAX] = {
        "fs solid 1 border lc rgb 'black' fc rgb '#0072B2'",
        "fs solid 0.5 border lc rgb 'black' fc rgb '#D55E00'",
        "fs solid 0.85 border lc rgb 'black' fc rgb '#009E73'",
        "fs solid 0.3 border lc rgb 'black' fc rgb '#CC79A7'",
        "fs solid 1 border lc rgb 'black' fc rgb '#000000'",
        "fs solid 0.6 border lc rgb 'black' fc rgb '#56B4E9'",
        "fs solid 1 border lc rgb 'black' fc rgb '#E69F00'",
        "fs solid 0.25 border lc rgb 'black' fc rgb '#7F7F7F'",
    };

    return fills[series % FIGURE_SERIES_MAX];
}

/* -- the legend -- */

static double sample_width(const struct legend_entry *entry)
{
    return (entry->sample == LEGEND_BOX      ? LEGEND_BOX_WIDTH
            : entry->sample == LEGEND_POINTS ? LEGEND_POINT_WIDTH
                                             : LEGEND_SAMPLE) +
           6;
}

/* Names are whole if all of them fit, and otherwise all without what may be left out. */
static bool legend_is_brief(const struct figure_canvas *canvas, const struct legend_entry *entries,
                            unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        if (sample_width(&entries[i]) + text_width(entries[i].name) > canvas->width - LEGEND_MARGINS)
            return true;
    return false;
}

static double entry_width(const struct figure_canvas *canvas, const struct legend_entry *entry, bool brief)
{
    char *name = brief ? figure_short_name(entry->name) : g_strdup(entry->name);
    double width = sample_width(entry) + text_width(name);

    g_free(name);
    return fmin(width, canvas->width - LEGEND_MARGINS);
}

/* Entries stand in rows, below each other in columns as wide as their widest. */
static double column_width(const struct figure_canvas *canvas, const struct legend_entry *entries,
                           unsigned count, unsigned columns, unsigned column)
{
    bool brief = legend_is_brief(canvas, entries, count);
    double widest = 0;

    for (unsigned i = column; i < count; i += columns)
        widest = fmax(widest, entry_width(canvas, &entries[i], brief));
    return widest;
}

static double legend_width(const struct figure_canvas *canvas, const struct legend_entry *entries,
                           unsigned count, unsigned columns)
{
    double width = (columns - 1) * LEGEND_GAP;

    for (unsigned column = 0; column < columns; column++)
        width += column_width(canvas, entries, count, columns, column);
    return width;
}

/* In as few rows as may be, and these as even: four are two and two, not three and one. */
static unsigned legend_columns(const struct figure_canvas *canvas, const struct legend_entry *entries,
                               unsigned count)
{
    unsigned columns = count;

    while (columns > 1 && legend_width(canvas, entries, count, columns) > canvas->width - LEGEND_MARGINS)
        columns--;
    unsigned rows = columns ? (count + columns - 1) / columns : 0;
    unsigned even = rows ? (count + rows - 1) / rows : 1;
    return legend_width(canvas, entries, count, even) <= canvas->width - LEGEND_MARGINS ? even
                                                                                        : MAX(columns, 1);
}

void canvas_widen_for_legend(struct figure_canvas *canvas, const struct legend_entry *entries, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char *name = figure_short_name(entries[i].name);
        if (sample_width(&entries[i]) + text_width(name) > canvas->width - LEGEND_MARGINS)
            canvas_choose_width(canvas, WIDE_PANELS);
        g_free(name);
    }
}

double script_legend_height(const struct figure_canvas *canvas, const struct legend_entry *entries,
                            unsigned count)
{
    unsigned columns = legend_columns(canvas, entries, count);

    return count == 0 ? 6 : LEGEND_ROW_HEIGHT * ((count + columns - 1) / columns) + 8;
}

static void put_sample(struct figure_canvas *canvas, const struct legend_entry *entry, double x, double y)
{
    double width = sample_width(entry) - 8, left = x / canvas->width, right = (x + width) / canvas->width;

    if (entry->sample == LEGEND_BOX)
        script_append(
            canvas,
            "set object rectangle from screen %.5f, screen %.5f to screen %.5f, screen %.5f %s lw 0.6", left,
            (y - 5) / canvas->height, right, (y + 5) / canvas->height, entry->fill);
    if (entry->sample == LEGEND_LINE || entry->sample == LEGEND_LINE_POINTS)
        script_append(canvas,
                      "set arrow from screen %.5f, screen %.5f to screen %.5f, screen %.5f nohead ls %u",
                      left, y / canvas->height, right, y / canvas->height, entry->style);
    if (entry->sample == LEGEND_POINTS || entry->sample == LEGEND_LINE_POINTS)
        script_append(canvas, "set label '' at screen %.5f, screen %.5f point ls %u front",
                      (left + right) / 2, y / canvas->height, entry->style);
}

void script_put_legend(struct figure_canvas *canvas, const struct legend_entry *entries, unsigned count)
{
    bool brief = legend_is_brief(canvas, entries, count);
    unsigned columns = legend_columns(canvas, entries, count);

    if (count == 0)
        return;
    script_set_margins(canvas, 0, canvas->width, 0, canvas->height);
    script_append(canvas, "unset key; unset border; unset xtics; unset ytics; unset grid");
    double x = (canvas->width - legend_width(canvas, entries, count, columns)) / 2, left = x;
    for (unsigned i = 0; i < count; i++) {
        x = i % columns == 0 ? left : x;
        double y = canvas->height - 4 - LEGEND_ROW_HEIGHT * (i / columns + 0.5);
        char *whole = brief ? figure_short_name(entries[i].name) : g_strdup(entries[i].name);
        char *name = text_shorten(whole, canvas->width - LEGEND_MARGINS - sample_width(&entries[i]));
        put_sample(canvas, &entries[i], x, y);
        put_label(canvas, name, x + sample_width(&entries[i]), y, "left");
        x += column_width(canvas, entries, count, columns, i % columns) + LEGEND_GAP;
        g_free(whole);
        g_free(name);
    }
    script_append(canvas, "plot [0:1][0:1] NaN notitle");
    script_append(canvas, "unset label; unset arrow; unset object");
}

/* -- numbers -- */

void data_append_remark(struct figure_canvas *canvas, const char *text)
{
    char *line = g_utf8_make_valid(text, -1);

    for (char *c = line; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
    g_string_append(canvas->data, line);
    g_free(line);
}

unsigned data_begin(struct figure_canvas *canvas, const char *what)
{
    g_string_append_printf(canvas->data, "%s# index %u: ", canvas->blocks == 0 ? "" : "\n\n",
                           canvas->blocks);
    data_append_remark(canvas, what);
    g_string_append_c(canvas->data, '\n');
    return canvas->blocks++;
}

/* -- the whole script -- */

/* Widths are in pixels of the format; a PDF's line of width 1 is half a point, and its fonts are 4/3 of what
 * they are said to be. */
static void append_terminal(GString *text, const struct figure_canvas *canvas, enum figure_format format)
{
    const struct style_sizes *sizes = &style_sizes[canvas->style];
    double inches = unit_of(canvas->style);
    double width = canvas->width * inches, height = canvas->height * inches;
    const char *common = "noenhanced background rgb 'white'";

    if (format == FIGURE_PNG) {
        double unit = inches * sizes->png_dpi;
        g_string_append_printf(
            text,
            "set terminal pngcairo size %.0f,%.0f font 'Arial,%g' fontscale %.4g linewidth %.4g "
            "%s; point_size = %.4g; tic_scale = 0.6; tic_shift = 0\n",
            width * sizes->png_dpi, height * sizes->png_dpi, sizes->font,
            sizes->png_dpi / POINTS_PER_INCH * 0.75, unit, common, unit);
    } else if (format == FIGURE_PDF) {
        double unit = inches * POINTS_PER_INCH;
        g_string_append_printf(
            text,
            "set terminal pdfcairo size %.6fin,%.6fin font 'Arial,%g' fontscale 0.75 linewidth "
            "%.4g %s; point_size = %.4g; tic_scale = 0.6; tic_shift = 0\n",
            width + 1e-5, height + 1e-5, sizes->font, 2 * unit, common, unit);
    } else {
        double unit = inches * SVG_DPI;
        g_string_append_printf(
            text,
            "set terminal svg size %.0f,%.0f font 'Arial,%.4g' linewidth %.4g %s; point_size = "
            "%.4g; tic_scale = %.2g; tic_shift = 0.3\n",
            width * SVG_DPI, height * SVG_DPI, sizes->font * SVG_DPI / POINTS_PER_INCH, unit, common, unit,
            0.4 * unit);
    }
}

GString *canvas_complete(const struct figure_canvas *canvas, const struct figure_options *options)
{
    GString *text = g_string_new(NULL), *terminals = g_string_new(NULL), *formats = g_string_new(NULL);

    for (unsigned i = 0; i < FIGURE_FORMAT_COUNT; i++)
        if (options->formats[i]) {
            const char *name = figure_format_name((enum figure_format)i);
            g_string_append_printf(formats, "%s%s", formats->len ? " " : "", name);
            g_string_append_printf(terminals, "    if (format eq '%s') {\n        ", name);
            append_terminal(terminals, canvas, (enum figure_format)i);
            g_string_append(terminals, "    }\n");
        }
    g_string_append_printf(text,
                           "# Drawn by gnuplot 5.4 or later: cd to this directory, gnuplot %s.gp\n"
                           "# The numbers are in %s.dat. Both are written by mip6sim plot.\n"
                           "set encoding utf8\n"
                           "set datafile missing '?'\n"
                           "do for [format in '%s'] {\n"
                           "%s"
                           "    set output '%s.' . format\n"
                           "    set multiplot\n",
                           canvas->name, canvas->name, formats->str, terminals->str, canvas->name);
    g_string_append_len(text, canvas->script->str, (gssize)canvas->script->len);
    g_string_append(text, "    unset multiplot\n    unset output\n}\n");
    g_string_free(formats, TRUE);
    g_string_free(terminals, TRUE);
    return text;
}
