/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output_directory.c - see output_directory.h.
 */
#include "sim/format/output_directory.h"

#include <errno.h>

bool output_directory_make(const char *path, GError **error)
{
    if (g_mkdir_with_parents(path, 0777) == 0)
        return true;
    int number = errno;
    GFileError code = g_file_error_from_errno(number);
    if (code == G_FILE_ERROR_NOTDIR || code == G_FILE_ERROR_EXIST)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR, "%s: %s", path,
                    g_file_test(path, G_FILE_TEST_EXISTS)
                        ? "not a directory"
                        : "cannot make this directory: what it would be in is not a directory");
    else
        g_set_error(error, G_FILE_ERROR, (int)code, "%s: cannot make this directory: %s", path,
                    g_strerror(number));
    return false;
}

bool output_directory_is_misnamed(const GError *error)
{
    return g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOTDIR);
}
