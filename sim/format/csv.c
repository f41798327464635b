/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csv.c - see csv.h.
 *
 * The reader goes over the octets once. A field stays where it lies in the file's text: quotes are taken
 * out in place, which only shortens, and the separator behind it becomes its terminator. What is kept of a
 * field is an offset of four octets, so that a million rows of fifty columns cost 200 MB beside the text
 * and no allocation each.
 */
#include "sim/format/csv.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

GQuark csv_error_quark(void)
{
    return g_quark_from_static_string("mip6sim-csv-error");
}

/* -- writing -- */

/* Every field is followed by a comma; csv_end_row makes the last one a newline. So no state is kept
 * between fields. */

void csv_append_octets(GString *rows, const char *text, size_t length)
{
    bool plain = true;
    for (size_t i = 0; i < length && plain; i++)
        plain = text[i] != ',' && text[i] != '"' && text[i] != '\r' && text[i] != '\n';
    if (plain) {
        g_string_append_len(rows, text, (gssize)length);
    } else {
        g_string_append_c(rows, '"');
        for (size_t i = 0; i < length; i++) {
            if (text[i] == '"')
                g_string_append_c(rows, '"');
            g_string_append_c(rows, text[i]);
        }
        g_string_append_c(rows, '"');
    }
    g_string_append_c(rows, ',');
}

void csv_append_text(GString *rows, const char *text)
{
    csv_append_octets(rows, text ? text : "", text ? strlen(text) : 0);
}

/* The digits of a number, at least `least` of them, before `end`; returns where they begin. */
static char *digits_before(char *end, uint64_t number, unsigned least)
{
    while (number != 0 || least != 0) {
        *--end = (char)('0' + number % 10);
        number /= 10;
        least -= least != 0;
    }
    return end;
}

void csv_append_count(GString *rows, uint64_t count)
{
    char digits[21];
    char *end = digits + sizeof(digits);

    *--end = ',';
    char *start = digits_before(end, count, 1);
    g_string_append_len(rows, start, end + 1 - start);
}

void csv_append_time(GString *rows, time_ns time)
{
    char digits[32];
    char *end = digits + sizeof(digits);
    uint64_t magnitude = time < 0 ? -(uint64_t)time : (uint64_t)time;

    *--end = ',';
    char *start = end;
    if (time != TIME_NEVER) {
        start = digits_before(start, magnitude % 1000000000, 9);
        *--start = '.';
        start = digits_before(start, magnitude / 1000000000, 1);
        if (time < 0)
            *--start = '-';
    }
    g_string_append_len(rows, start, end + 1 - start);
}

void csv_end_row(GString *rows)
{
    g_assert(rows->len > 0 && rows->str[rows->len - 1] == ',');
    rows->str[rows->len - 1] = '\n';
}

struct csv_file {
    char *path;
    FILE *stream;
    int error; /* errno of the first failure */
};

struct csv_file *csv_file_create(const char *path, GError **error)
{
    FILE *stream = fopen(path, "wbe");

    if (stream == NULL) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE, "%s: cannot be written: %s", path, g_strerror(errno));
        return NULL;
    }
    struct csv_file *file = g_new0(struct csv_file, 1);
    file->path = g_strdup(path);
    file->stream = stream;
    return file;
}

void csv_file_write(struct csv_file *file, const char *text, size_t length)
{
    if (file->error == 0 && length != 0 && fwrite(text, 1, length, file->stream) != length)
        file->error = errno != 0 ? errno : EIO;
}

bool csv_file_close(struct csv_file *file, GError **error)
{
    if (file == NULL)
        return true;
    /* A full disk is often noticed only here. */
    if (fclose(file->stream) != 0 && file->error == 0)
        file->error = errno;
    bool good = file->error == 0;
    if (!good)
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE, "%s: cannot be written: %s", file->path,
                    g_strerror(file->error));
    g_free(file->path);
    g_free(file);
    return good;
}

/* -- reading -- */

struct reader {
    const char *path;
    char *text;
    size_t length;
    size_t next;   /* what is read next */
    uint32_t line; /* on which that is */
    GArray *fields;
    GArray *lines;
    GError **error;
};

G_GNUC_PRINTF(3, 4)
static bool refuse(const struct reader *reader, uint32_t line, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(reader->error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:%u: %s", reader->path, line, what);
    g_free(what);
    return false;
}

/* Reads a field in quotes; `next` is behind the opening one, and afterwards behind the closing one. */
static bool read_quoted(struct reader *reader, size_t *end)
{
    uint32_t first_line = reader->line;
    size_t out = reader->next;

    for (;;) {
        if (reader->next == reader->length)
            return refuse(reader, first_line, "a quoted field begins here and never ends");
        char c = reader->text[reader->next++];
        if (c == '"') {
            if (reader->next == reader->length || reader->text[reader->next] != '"')
                break;
            reader->next++;
        }
        reader->line += c == '\n';
        reader->text[out++] = c;
    }
    *end = out;
    return true;
}

static bool ends_plain_field(char c)
{
    return c == ',' || c == '"' || c == '\r' || c == '\n' || c == '\0';
}

/* Reads a field and what ends it. *last: the row ends with it. Without strcspn(): a sanitizer that checks
 * strings strictly looks at all the rest of the text each time. */
static bool read_field(struct reader *reader, bool *last)
{
    bool quoted = reader->next < reader->length && reader->text[reader->next] == '"';
    size_t start = reader->next + quoted, end = start;

    if (quoted) {
        reader->next++;
        if (!read_quoted(reader, &end))
            return false;
    } else {
        while (!ends_plain_field(reader->text[reader->next]))
            reader->next++;
        end = reader->next;
    }
    uint32_t offset = (uint32_t)start;
    g_array_append_val(reader->fields, offset);

    char c = reader->text[reader->next]; /* NUL behind the last octet */
    reader->text[end] = '\0';
    *last = c != ',';
    if (reader->next == reader->length)
        return true;
    reader->next++;
    if (c == '\r' && reader->next < reader->length && reader->text[reader->next] == '\n')
        c = reader->text[reader->next++];
    if (c == '\n')
        reader->line++;
    else if (c == '"')
        return refuse(reader, reader->line, "a quote within a field that does not begin with one");
    else if (c != ',')
        return refuse(reader, reader->line,
                      quoted ? "text behind the closing quote of a field"
                             : "a carriage return that does not end a line");
    return true;
}

static bool read_row(struct reader *reader, unsigned *column_count)
{
    uint32_t line = reader->line;
    unsigned count = 0;
    bool last = false;

    g_array_append_val(reader->lines, line);
    while (!last) {
        if (!read_field(reader, &last))
            return false;
        count++;
    }
    if (*column_count == 0)
        *column_count = count;
    else if (count != *column_count)
        return refuse(reader, line, "a row of %u field%s, where the header has %u", count,
                      count == 1 ? "" : "s", *column_count);
    return true;
}

static bool check_header(const struct reader *reader, unsigned column_count)
{
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    bool good = true;

    for (unsigned i = 0; good && i < column_count; i++) {
        char *name = reader->text + g_array_index(reader->fields, uint32_t, i);
        if (!g_hash_table_add(seen, name))
            good = refuse(reader, 1, "the header names the column '%s' twice", name);
    }
    g_hash_table_destroy(seen);
    return good;
}

static bool read_rows(struct reader *reader, unsigned *column_count)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    const char *bad;

    if (!g_utf8_validate(reader->text, (gssize)reader->length, &bad)) {
        uint32_t line = 1;
        for (const char *c = reader->text; c < bad; c++)
            line += *c == '\n';
        return refuse(reader, line, "%s", *bad == '\0' ? "a NUL: not a text file" : "not UTF-8 text");
    }
    if (g_str_has_prefix(reader->text, byte_order_mark))
        reader->next = strlen(byte_order_mark);
    if (reader->next == reader->length)
        return refuse(reader, 1, "empty: not even a header");
    if (!read_row(reader, column_count) || !check_header(reader, *column_count))
        return false;
    while (reader->next < reader->length)
        if (!read_row(reader, column_count))
            return false;
    return true;
}

struct csv_table *csv_table_read(const char *path, GError **error)
{
    GError *why = NULL;
    char *text;
    size_t length;

    if (!g_file_get_contents(path, &text, &length, &why)) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE, "%s", why->message);
        g_error_free(why);
        return NULL;
    }
    return csv_table_parse(path, text, length, error);
}

struct csv_table *csv_table_parse(const char *path, char *text, size_t length, GError **error)
{
    struct reader reader = {.path = path, .text = text, .length = length, .line = 1, .error = error};
    unsigned column_count = 0;

    if (reader.length >= UINT32_MAX) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s: larger than 4 GiB", path);
        g_free(reader.text);
        return NULL;
    }
    reader.fields = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    reader.lines = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    bool good = read_rows(&reader, &column_count);

    struct csv_table *table = g_new0(struct csv_table, 1);
    table->path = g_strdup(path);
    table->text = reader.text;
    table->fields = reader.fields;
    table->lines = reader.lines;
    table->column_count = column_count;
    table->row_count = good ? reader.lines->len - 1 : 0;
    if (!good) {
        csv_table_free(table);
        return NULL;
    }
    return table;
}

void csv_table_free(struct csv_table *table)
{
    if (table == NULL)
        return;
    g_array_free(table->fields, TRUE);
    g_array_free(table->lines, TRUE);
    g_free(table->text);
    g_free(table->path);
    g_free(table);
}

static const char *field_at(const struct csv_table *table, size_t index)
{
    const uint32_t *offsets = (const void *)table->fields->data;

    return table->text + offsets[index];
}

const char *csv_table_header(const struct csv_table *table, unsigned column)
{
    g_assert(column < table->column_count);
    return field_at(table, column);
}

int csv_table_column(const struct csv_table *table, const char *header)
{
    for (unsigned i = 0; i < table->column_count; i++)
        if (strcmp(field_at(table, i), header) == 0)
            return (int)i;
    return -1;
}

bool csv_table_find_column(const struct csv_table *table, const char *header, unsigned *column,
                           GError **error)
{
    int found = csv_table_column(table, header);
    if (found < 0) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:1: there is no column '%s'", table->path,
                    header);
        return false;
    }
    *column = (unsigned)found;
    return true;
}

const char *csv_table_text(const struct csv_table *table, size_t row, unsigned column)
{
    g_assert(row < table->row_count && column < table->column_count);
    return field_at(table, (row + 1) * table->column_count + column);
}

bool csv_table_number(const struct csv_table *table, size_t row, unsigned column, double *number,
                      GError **error)
{
    const char *text = csv_table_text(table, row, column);
    char *end;

    if (*text == '\0') {
        *number = NAN;
        return true;
    }
    *number = g_ascii_strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(*number) || g_ascii_isspace(*text)) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:%u: %s: '%s' is not a number", table->path,
                    csv_table_line(table, row), csv_table_header(table, column), text);
        return false;
    }
    return true;
}

const char *csv_field(const struct csv_table *table, size_t row, const char *header)
{
    int column = csv_table_column(table, header);
    return column < 0 ? "" : csv_table_text(table, row, (unsigned)column);
}

double csv_field_number(const struct csv_table *table, size_t row, const char *header)
{
    int column = csv_table_column(table, header);
    double number;
    return column >= 0 && csv_table_number(table, row, (unsigned)column, &number, NULL) ? number : NAN;
}

bool csv_field_is(const struct csv_table *table, size_t row, const char *header, uint64_t number)
{
    double found = csv_field_number(table, row, header);
    return !isnan(found) && found >= 0 && (uint64_t)found == number;
}

unsigned csv_table_line(const struct csv_table *table, size_t row)
{
    const uint32_t *lines = (const void *)table->lines->data;

    g_assert(row < table->row_count);
    return lines[row + 1];
}
