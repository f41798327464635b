/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * csv.h - tables in files: comma-separated values as in RFC 4180, UTF-8, a header line, lines ended by '\n'.
 *
 * Writing: a row is made field by field at the end of a GString, so that runs which go on at the same time
 * each fill a buffer of their own and the rows are put into the file in order.
 *
 *     csv_append_text(rows, "mn");
 *     csv_append_time(rows, MILLISECONDS(15));
 *     csv_end_row(rows);                          "mn,0.015000000\n"
 *     csv_file_write(file, rows->str, rows->len);
 *
 * Reading: the whole file at once, fields by column.
 */
#ifndef MIP6SIM_SIM_FORMAT_CSV_H
#define MIP6SIM_SIM_FORMAT_CSV_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/time.h"

#define CSV_ERROR csv_error_quark()
GQuark csv_error_quark(void);

enum csv_error {
    CSV_ERROR_FILE,    /* the system would not read or write; the message has the path and the reason */
    CSV_ERROR_CONTENT, /* not such a table; the message begins with file:line */
    CSV_ERROR_ABSENT,  /* these are results, and their scenario has nothing for the table */
};

/* -- writing -- */

/* Each appends one field. Text is quoted where it must be; NULL and "" are an empty field. */
void csv_append_text(GString *rows, const char *text);
void csv_append_octets(GString *rows, const char *text, size_t length); /* the same, without its NUL */
void csv_append_count(GString *rows, uint64_t count);
/* Seconds with exactly nine decimals, by integer arithmetic; TIME_NEVER is an empty field: it did not
 * happen. */
void csv_append_time(GString *rows, time_ns time);
/* Ends the row that the fields before make; at least one. */
void csv_end_row(GString *rows);

struct csv_file;

/* Makes the file, or empties it. NULL and `error` if that fails. */
struct csv_file *csv_file_create(const char *path, GError **error);
/* Appends. A failure is remembered and told by csv_file_close. */
void csv_file_write(struct csv_file *file, const char *text, size_t length);
/* Writes what is buffered, closes, frees. False and `error` if anything since csv_file_create failed. NULL
 * is fine: true. */
bool csv_file_close(struct csv_file *file, GError **error);

/* -- reading -- */

struct csv_table {
    char *path;
    unsigned column_count;
    size_t row_count; /* without the header */
    char *text;       /* private: the file, its fields unquoted and terminated in place */
    GArray *fields;   /* private: uint32_t offsets into text, the header's first */
    GArray *lines;    /* private: uint32_t, where each row begins, the header's first */
};

/*
 * Reads a file of up to 4 GiB. Refused: a file without a header, a header that names a column twice, rows
 * longer or shorter than the header, quotes out of place, a NUL, text that is not UTF-8. "\r\n", a missing
 * last '\n' and a byte order mark are accepted. NULL and `error` then. Free with csv_table_free (NULL is
 * fine).
 */
struct csv_table *csv_table_read(const char *path, GError **error);
/* The same of text that is in memory already (terminated; taken over, and freed): `path` is what messages
 * say. */
struct csv_table *csv_table_parse(const char *path, char *text, size_t length, GError **error);
void csv_table_free(struct csv_table *table);

/* The header of a column, and the column of a header: -1 if there is none. */
const char *csv_table_header(const struct csv_table *table, unsigned column);
int csv_table_column(const struct csv_table *table, const char *header);
/* The column that has to be there. False and `error` if it is not. */
bool csv_table_find_column(const struct csv_table *table, const char *header, unsigned *column,
                           GError **error);

/* The field, unquoted; valid as long as the table. */
const char *csv_table_text(const struct csv_table *table, size_t row, unsigned column);
/* The field as a decimal number in the C locale; NAN if it is empty. False and `error` if it is anything
 * else. */
bool csv_table_number(const struct csv_table *table, size_t row, unsigned column, double *number,
                      GError **error);
/* The same by the column's header. Where there is no such column: "", NAN; what is no number is NAN, too. */
const char *csv_field(const struct csv_table *table, size_t row, const char *header);
double csv_field_number(const struct csv_table *table, size_t row, const char *header);
/* Is it this whole number? */
bool csv_field_is(const struct csv_table *table, size_t row, const char *header, uint64_t number);
/* The line of the file on which the row begins. */
unsigned csv_table_line(const struct csv_table *table, size_t row);

#endif
