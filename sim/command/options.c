/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.c - how a subcommand reads its part of the command line.
 *
 * GLib takes away from a vector what it has read, so it gets a copy; the program's name in it is the
 * subcommand's, as it stands in the help.
 */
#include <stdio.h>

#include "sim/command/command.h"

char **command_copy_arguments(int argc, char **argv)
{
    char **arguments = g_new0(char *, (gsize)argc + 1);
    for (int i = 0; i < argc; i++) {
        bool attached = g_str_has_prefix(argv[i], "-j") && g_ascii_isdigit(argv[i][2]);
        arguments[i] = attached ? g_strconcat("--jobs=", argv[i] + 2, NULL) : g_strdup(argv[i]);
    }
    return arguments;
}

GOptionContext *command_options(const char *summary, const char *description, const GOptionEntry *entries)
{
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, description);
    g_option_context_add_main_entries(context, entries, NULL);
    return context;
}

bool command_parse(const char *command, GOptionContext *context, int argc, char **argv)
{
    GError *error = NULL;
    char **arguments = command_copy_arguments(argc, argv);
    g_free(arguments[0]);
    arguments[0] = g_strconcat("mip6sim ", command, NULL);
    bool good = g_option_context_parse_strv(context, &arguments, &error);
    if (!good) {
        command_complain(command, "%s (see: mip6sim %s --help)", error->message, command);
        g_error_free(error);
    }
    g_option_context_free(context);
    g_strfreev(arguments);
    return good;
}

bool command_parse_number(const char *command, const char *option, const char *text, uint64_t least,
                          uint64_t most, uint64_t *number)
{
    GError *error = NULL;
    guint64 found;
    if (!g_ascii_string_to_unsigned(text, 10, least, most, &found, &error)) {
        command_complain(command, "--%s: %s", option, error->message);
        g_error_free(error);
        return false;
    }
    *number = found;
    return true;
}

bool command_complain(const char *command, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fprintf(stderr, "mip6sim %s: %s\n", command, what);
    g_free(what);
    return false;
}
