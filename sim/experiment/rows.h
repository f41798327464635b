/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rows.h - rows of a table in one block of octets: what a run has to tell, on its way to a file, a database
 * or another process.
 *
 *     rows_text(rows, "mn");
 *     rows_time(rows, MILLISECONDS(15));
 *     rows_end(rows);
 *
 * Cells have kinds, so that a database keeps a number as a number and a CSV file writes it as it should be.
 * The octets are the same on every machine; what is read back is not trusted.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_ROWS_H
#define MIP6SIM_SIM_EXPERIMENT_ROWS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"

enum cell_kind {
    CELL_TEXT,
    CELL_COUNT,  /* int64_t, not negative */
    CELL_TIME,   /* nanoseconds; TIME_NEVER: it did not happen */
    CELL_NUMBER, /* double; NAN: there is none */
};

/* Columns have a kind; a cell of any column may be empty besides. */
struct column {
    const char *name;
    enum cell_kind kind;
};

struct rows {
    GByteArray *octets;
    uint32_t count; /* rows ended */
};

void rows_init(struct rows *rows);
void rows_empty(struct rows *rows); /* none in it, as after rows_init; keeps the room */
void rows_clear(struct rows *rows); /* frees what it holds; it may be initialized again */

void rows_text(struct rows *rows, const char *text); /* NULL and "" are empty */
void rows_count(struct rows *rows, uint64_t count);
void rows_time(struct rows *rows, time_ns time);
void rows_number(struct rows *rows, double number);
void rows_end(struct rows *rows);

struct cell {
    enum cell_kind kind;
    bool empty;
    const char *text; /* not terminated */
    uint32_t text_length;
    int64_t integer; /* COUNT, TIME */
    double number;
};

struct rows_reader {
    const uint8_t *at, *end;
};

void rows_read(struct rows_reader *reader, const struct rows *rows);
/* The next cell of the row; false: the row ends here (or what is there is no row). */
bool rows_next_cell(struct rows_reader *reader, struct cell *cell);
/* Behind rows_next_cell's false: is there another row? */
bool rows_next_row(struct rows_reader *reader);

/* The row's cells as fields of a CSV row that is begun already. */
void rows_cell_to_csv(GString *csv, const struct cell *cell);

#endif
