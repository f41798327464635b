/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output_directory.h - the directory where results go.
 */
#ifndef MIP6SIM_SIM_FORMAT_OUTPUT_DIRECTORY_H
#define MIP6SIM_SIM_FORMAT_OUTPUT_DIRECTORY_H

#include <glib.h>
#include <stdbool.h>

/* Makes it, and those above it, if it is not there. False and error (G_FILE_ERROR). */
bool output_directory_make(const char *path, GError **error);

/* Is what has been named no directory, or below something that is none? The command line is wrong then, and
 * not the machine. */
bool output_directory_is_misnamed(const GError *error);

#endif
