/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.h - another program that reads a text and writes one.
 */
#ifndef MIP6SIM_SIM_OUTPUT_FILTER_H
#define MIP6SIM_SIM_OUTPUT_FILTER_H

#include <glib.h>
#include <stdbool.h>

/*
 * Runs argv[0], a path, with `input` as its standard input, to its end. What it writes to standard output
 * becomes *output (free with g_free), if output is not NULL, and is thrown away otherwise. False and error
 * (G_SPAWN_ERROR, G_FILE_ERROR), *output untouched: it could not be run, or it failed; then the error says
 * what it wrote to standard error.
 */
bool filter_run(char **argv, const char *input, char **output, GError **error);

#endif
