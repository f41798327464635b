/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - columns of text that a person reads.
 *
 * Columns are as wide as their widest cell, counted in the columns of a terminal: UTF-8, wide and
 * combining characters are taken into account. Two blanks between columns, a rule under the header, no
 * blanks at the ends of lines.
 */
#ifndef MIP6SIM_SIM_FORMAT_TABLE_H
#define MIP6SIM_SIM_FORMAT_TABLE_H

#include <glib.h>

enum table_alignment {
    TABLE_LEFT,  /* names */
    TABLE_RIGHT, /* numbers: their units and decimals should agree down the column */
};

struct table;

struct table *table_new(void);
void table_free(struct table *table);

/* All columns come before the first cell. A header may have several lines, separated by '\n'. */
void table_add_column(struct table *table, const char *header, enum table_alignment alignment);

/* Cells fill the table row by row. NULL is an empty cell; what would break the line is shown as a blank. */
void table_add_cell(struct table *table, const char *text);
G_GNUC_PRINTF(2, 3)
void table_add_cell_printf(struct table *table, const char *format, ...);

/* Appends the table; every row must be full. */
void table_to_text(const struct table *table, GString *text);

#endif
