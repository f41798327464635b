/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.c - see table.h.
 *
 * Cells are kept as one list, row after row; widths are found when the table is written.
 */
#include "sim/format/table.h"

#include <string.h>

struct column {
    char **header; /* its lines */
    enum table_alignment alignment;
};

struct table {
    GArray *columns; /* struct column */
    GPtrArray *cells;
};

static void column_clear(void *data)
{
    struct column *column = data;

    g_strfreev(column->header);
}

struct table *table_new(void)
{
    struct table *table = g_new0(struct table, 1);

    table->columns = g_array_new(FALSE, FALSE, sizeof(struct column));
    g_array_set_clear_func(table->columns, column_clear);
    table->cells = g_ptr_array_new_with_free_func(g_free);
    return table;
}

void table_free(struct table *table)
{
    if (table == NULL)
        return;
    g_array_free(table->columns, TRUE);
    g_ptr_array_free(table->cells, TRUE);
    g_free(table);
}

void table_add_column(struct table *table, const char *header, enum table_alignment alignment)
{
    struct column column = {.header = g_strsplit(header, "\n", -1), .alignment = alignment};

    g_assert(table->cells->len == 0);
    g_array_append_val(table->columns, column);
}

void table_add_cell(struct table *table, const char *text)
{
    char *cell = text == NULL ? g_strdup("") : g_utf8_make_valid(text, -1);

    for (char *c = cell; *c != '\0'; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
    g_ptr_array_add(table->cells, cell);
}

void table_add_cell_printf(struct table *table, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    table_add_cell(table, text);
    g_free(text);
}

/* Columns of a terminal. */
static guint text_width(const char *text)
{
    guint width = 0;

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        if (!g_unichar_iszerowidth(c))
            width += g_unichar_iswide(c) ? 2 : 1;
    }
    return width;
}

static const struct column *column_at(const struct table *table, guint index)
{
    return &g_array_index(table->columns, struct column, index);
}

/* Appends a line made of one text for each column. */
static void append_line(const struct table *table, const guint *widths, const char *const *texts,
                        GString *text)
{
    for (guint i = 0; i < table->columns->len; i++) {
        guint blanks = widths[i] - text_width(texts[i]);
        if (i > 0)
            g_string_append(text, "  ");
        if (column_at(table, i)->alignment == TABLE_RIGHT)
            g_string_append_printf(text, "%*s", (int)blanks, "");
        g_string_append(text, texts[i]);
        if (column_at(table, i)->alignment == TABLE_LEFT)
            g_string_append_printf(text, "%*s", (int)blanks, "");
    }
    while (text->len > 0 && text->str[text->len - 1] == ' ')
        g_string_truncate(text, text->len - 1);
    g_string_append_c(text, '\n');
}

static void measure(const struct table *table, guint *widths, guint *header_lines)
{
    guint count = table->columns->len;

    *header_lines = 0;
    for (guint i = 0; i < count; i++) {
        char **header = column_at(table, i)->header;
        *header_lines = MAX(*header_lines, g_strv_length(header));
        for (guint line = 0; header[line] != NULL; line++)
            widths[i] = MAX(widths[i], text_width(header[line]));
    }
    for (guint i = 0; i < table->cells->len; i++)
        widths[i % count] = MAX(widths[i % count], text_width(table->cells->pdata[i]));
}

/* The last lines of the headers stand on the rule; shorter headers begin lower. */
static void append_header(const struct table *table, const guint *widths, guint lines, GString *text)
{
    guint count = table->columns->len;
    const char **texts = g_new0(const char *, count);

    for (guint line = 0; line < lines; line++) {
        for (guint i = 0; i < count; i++) {
            char **header = column_at(table, i)->header;
            guint missing = lines - g_strv_length(header);
            texts[i] = line < missing ? "" : header[line - missing];
        }
        append_line(table, widths, texts, text);
    }
    for (guint i = 0; i < count; i++) {
        for (guint j = 0; j < widths[i]; j++)
            g_string_append(text, "─");
        g_string_append(text, i + 1 < count ? "  " : "\n");
    }
    g_free(texts);
}

void table_to_text(const struct table *table, GString *text)
{
    guint count = table->columns->len, header_lines;
    guint *widths = g_new0(guint, count + 1);

    g_assert(count > 0 && table->cells->len % count == 0);
    measure(table, widths, &header_lines);
    append_header(table, widths, header_lines, text);
    for (guint row = 0; row * count < table->cells->len; row++)
        append_line(table, widths, (const char *const *)&table->cells->pdata[row * count], text);
    g_free(widths);
}
