/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.c - see rows.h. A cell is an octet for its kind and then eight octets, or a length of four and as many
 * of text; a row ends with an octet of its own.
 */
#include "sim/experiment/rows.h"

#include <math.h>
#include <string.h>

#include "sim/format/csv.h"

enum mark { MARK_TEXT, MARK_COUNT, MARK_TIME, MARK_NUMBER, MARK_EMPTY, MARK_END };

void rows_init(struct rows *rows)
{
    rows->octets = g_byte_array_new();
    rows->count = 0;
}

void rows_empty(struct rows *rows)
{
    g_byte_array_set_size(rows->octets, 0);
    rows->count = 0;
}

void rows_clear(struct rows *rows)
{
    if (rows->octets)
        g_byte_array_unref(rows->octets);
    *rows = (struct rows){0};
}

/* -- writing -- */

/* So many octets more. */
static uint8_t *room(struct rows *rows, size_t length)
{
    guint at = rows->octets->len;
    g_byte_array_set_size(rows->octets, at + (guint)length);
    return rows->octets->data + at;
}

static void put_mark(struct rows *rows, enum mark mark)
{
    *room(rows, 1) = (uint8_t)mark;
}

static void put_integer(struct rows *rows, enum mark mark, uint64_t value)
{
    uint64_t octets = GUINT64_TO_BE(value);
    uint8_t *at = room(rows, 1 + sizeof octets);
    *at = (uint8_t)mark;
    memcpy(at + 1, &octets, sizeof octets);
}

void rows_text(struct rows *rows, const char *text)
{
    if (!text || !*text) {
        put_mark(rows, MARK_EMPTY);
        return;
    }
    uint32_t length = (uint32_t)strlen(text), octets = GUINT32_TO_BE(length);
    uint8_t *at = room(rows, 1 + sizeof octets + length);
    *at = MARK_TEXT;
    memcpy(at + 1, &octets, sizeof octets);
    memcpy(at + 1 + sizeof octets, text, length);
}

void rows_count(struct rows *rows, uint64_t count)
{
    put_integer(rows, MARK_COUNT, count);
}

void rows_time(struct rows *rows, time_ns time)
{
    if (time == TIME_NEVER)
        put_mark(rows, MARK_EMPTY);
    else
        put_integer(rows, MARK_TIME, (uint64_t)time);
}

void rows_number(struct rows *rows, double number)
{
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    if (isnan(number))
        put_mark(rows, MARK_EMPTY);
    else
        put_integer(rows, MARK_NUMBER, bits);
}

void rows_end(struct rows *rows)
{
    put_mark(rows, MARK_END);
    rows->count++;
}

/* -- reading -- */

void rows_read(struct rows_reader *reader, const struct rows *rows)
{
    reader->at = rows->octets ? rows->octets->data : NULL;
    reader->end = reader->at ? reader->at + rows->octets->len : NULL;
}

bool rows_next_row(struct rows_reader *reader)
{
    return reader->at < reader->end;
}

static bool take(struct rows_reader *reader, void *to, size_t size)
{
    if ((size_t)(reader->end - reader->at) < size)
        return false;
    memcpy(to, reader->at, size);
    reader->at += size;
    return true;
}

static bool read_text(struct rows_reader *reader, struct cell *cell)
{
    uint32_t length;
    if (!take(reader, &length, sizeof length))
        return false;
    length = GUINT32_FROM_BE(length);
    if ((size_t)(reader->end - reader->at) < length)
        return false;
    cell->text = (const char *)reader->at;
    cell->text_length = length;
    reader->at += length;
    return true;
}

static bool read_cell(struct rows_reader *reader, enum mark mark, struct cell *cell)
{
    uint64_t value;
    switch (mark) {
    case MARK_TEXT:
        cell->kind = CELL_TEXT;
        return read_text(reader, cell);
    case MARK_EMPTY:
        cell->empty = true;
        return true;
    case MARK_COUNT:
    case MARK_TIME:
    case MARK_NUMBER:
        if (!take(reader, &value, sizeof value))
            return false;
        value = GUINT64_FROM_BE(value);
        cell->kind = mark == MARK_COUNT ? CELL_COUNT : mark == MARK_TIME ? CELL_TIME : CELL_NUMBER;
        cell->integer = (int64_t)value;
        memcpy(&cell->number, &value, sizeof value);
        return true;
    default:
        return false;
    }
}

bool rows_next_cell(struct rows_reader *reader, struct cell *cell)
{
    uint8_t mark;
    *cell = (struct cell){0};
    if (!take(reader, &mark, 1) || mark == MARK_END)
        return false;
    if (mark < MARK_END && read_cell(reader, (enum mark)mark, cell))
        return true;
    reader->at = reader->end; /* no such octets are written here */
    return false;
}

void rows_cell_to_csv(GString *csv, const struct cell *cell)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    if (cell->empty) {
        csv_append_text(csv, "");
        return;
    }
    switch (cell->kind) {
    case CELL_TEXT:
        csv_append_octets(csv, cell->text, cell->text_length);
        break;
    case CELL_COUNT:
        csv_append_count(csv, (uint64_t)cell->integer);
        break;
    case CELL_TIME:
        csv_append_time(csv, cell->integer);
        break;
    case CELL_NUMBER:
        csv_append_text(csv, g_ascii_dtostr(digits, sizeof digits, cell->number));
        break;
    }
}
