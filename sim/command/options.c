/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.c - how a subcommand reads its part of the command line.
 *
 * GLib takes away from a vector what it has read, so it gets a copy; the program's name in it is the subcommand's, as
 * it stands in the help.
 */
#include <stdio.h>

#include "sim/command/command.h"

bool command_parse(const char *command, GOptionContext *context, int argc, char **argv)
{
    GError *error = NULL;
    char **arguments = g_new0(char *, (gsize)argc + 1);
    arguments[0] = g_strconcat("mip6sim ", command, NULL);
    for (int i = 1; i < argc; i++)
        arguments[i] = g_strdup(argv[i]);
    bool good = g_option_context_parse_strv(context, &arguments, &error);
    if (!good) {
        fprintf(stderr, "mip6sim %s: %s (see: mip6sim %s --help)\n", command, error->message, command);
        g_error_free(error);
    }
    g_option_context_free(context);
    g_strfreev(arguments);
    return good;
}
