/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.c - see filter.h. Its three streams are files without a name: nobody has to read one while the
 * other is written, and GLib's g_spawn does, where GIO's GSubprocess would bring a megabyte of libraries
 * into a program that most of the time draws nothing.
 */
#include "sim/output/filter.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { INPUT, OUTPUT, WORDS, STREAMS };

static bool set_error(GError **error, const char *program, int number)
{
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number), "%s: %s", program,
                g_strerror(number));
    return false;
}

static bool open_streams(FILE *streams[STREAMS], const char *input)
{
    for (unsigned i = 0; i < STREAMS; i++)
        if (!(streams[i] = tmpfile()))
            return false;
    return fputs(input, streams[INPUT]) >= 0 && fflush(streams[INPUT]) == 0 &&
           fseek(streams[INPUT], 0, SEEK_SET) == 0;
}

static void close_streams(FILE *streams[STREAMS])
{
    for (unsigned i = 0; i < STREAMS; i++)
        if (streams[i])
            fclose(streams[i]);
}

/* All that is in the file; NULL: it cannot be read. Free with g_free. */
static char *read_all(FILE *file)
{
    GString *text = g_string_new(NULL);
    char octets[4096];
    rewind(file);
    for (size_t got; (got = fread(octets, 1, sizeof octets, file)) > 0;)
        g_string_append_len(text, octets, (gssize)got);
    return g_string_free(text, ferror(file) != 0);
}

/* False: it could not be run. */
static bool run(char **argv, FILE *streams[STREAMS], int *status, GError **error)
{
    GPid child;
    if (!g_spawn_async_with_fds(NULL, argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &child,
                                fileno(streams[INPUT]), fileno(streams[OUTPUT]), fileno(streams[WORDS]),
                                error))
        return false;
    pid_t ended;
    do {
        ended = waitpid(child, status, 0);
    } while (ended < 0 && errno == EINTR);
    g_spawn_close_pid(child);
    return ended == child || set_error(error, argv[0], errno);
}

bool filter_run(char **argv, const char *input, char **output, GError **error)
{
    FILE *streams[STREAMS] = {NULL};
    int status = 0;
    bool good = open_streams(streams, input) || set_error(error, argv[0], errno);
    good = good && run(argv, streams, &status, error);
    if (good && !(WIFEXITED(status) && WEXITSTATUS(status) == 0)) {
        char *words = read_all(streams[WORDS]), *name = g_path_get_basename(argv[0]);
        g_set_error(error, G_SPAWN_ERROR, G_SPAWN_ERROR_FAILED, "%s: %s", name,
                    words && *g_strchomp(words) ? words : "it failed");
        g_free(words);
        g_free(name);
        good = false;
    }
    if (good && output) {
        *output = read_all(streams[OUTPUT]);
        good = *output || set_error(error, argv[0], errno);
    }
    close_streams(streams);
    return good;
}
