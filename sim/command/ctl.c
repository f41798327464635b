/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctl.c - mip6sim ctl: gives orders to a scenario that runs live, and asks it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/live/control.h"

static const char summary[] =
    "Gives a command to a scenario that runs live (mip6sim live --control SOCKET), and prints the answer.";

static const char description[] =
    "Exit status: 0 done, 1 there is nobody at the socket, 2 the command is wrong, and has changed nothing.\n"
    "\n"
    "Examples:\n"
    "  mip6sim ctl /run/mip6sim attach mn visited2\n"
    "  mip6sim ctl /run/mip6sim show bindings --json\n"
    "  mip6sim ctl /run/mip6sim set point-to-point core / delay = 100ms";

#define PATIENCE 10 /* seconds */

static int fail(const char *path, const char *what)
{
    command_complain("ctl", "%s: %s: %s", path, what, g_strerror(errno));
    return STATUS_FAILED;
}

static int reach(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_sec = PATIENCE};
    if (g_strlcpy(address.sun_path, path, sizeof address.sun_path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return -1;
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (connect(descriptor, (const struct sockaddr *)&address, sizeof address) == 0)
        return descriptor;
    int why = errno;
    close(descriptor);
    errno = why;
    return -1;
}

/* "ok LENGTH", "error LENGTH", and the octets; false: it broke off. */
static bool take_answer(int descriptor, bool *good, GString *answer)
{
    char octets[4096];
    guint64 length = 0;
    char *end = NULL;
    while (!end || answer->len < (gsize)(end + 1 - answer->str) + length) {
        ssize_t got = recv(descriptor, octets, sizeof octets, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got < 0 ? errno : ECONNRESET;
            return false;
        }
        g_string_append_len(answer, octets, got);
        end = strchr(answer->str, '\n');
        const char *blank = end ? strchr(answer->str, ' ') : NULL;
        if (blank)
            length = g_ascii_strtoull(blank, NULL, 10);
    }
    *good = g_str_has_prefix(answer->str, "ok ");
    g_string_erase(answer, 0, end + 1 - answer->str);
    return true;
}

static int ask(const char *path, const char *command, bool json)
{
    int descriptor = reach(path);
    if (descriptor < 0)
        return fail(path, "cannot reach it");
    char *line = g_strdup_printf("%s %s\n", json ? "json" : "text", command);
    GString *answer = g_string_new(NULL);
    bool good = false;
    int status = STATUS_FAILED;
    if (send(descriptor, line, strlen(line), MSG_NOSIGNAL) != (ssize_t)strlen(line) ||
        !take_answer(descriptor, &good, answer)) {
        fail(path, "no answer");
    } else {
        fputs(answer->str, good || json ? stdout : stderr);
        status = good ? STATUS_GOOD : STATUS_INPUT;
    }
    g_string_free(answer, TRUE);
    g_free(line);
    close(descriptor);
    return status;
}

/*
 * A command may have words such as -5ms: behind the socket only words with two dashes are options, unless
 * "--" stands before them. The options come first in what is returned, then "--". Free it, not its strings.
 */
static char **sort_words(int argc, char **argv)
{
    GPtrArray *options = g_ptr_array_new(), *words = g_ptr_array_new();
    bool ended = false;
    g_ptr_array_add(options, argc > 0 ? argv[0] : (char *)"ctl");
    for (int i = 1; i < argc; i++) {
        bool dashes = argv[i][0] == '-' && argv[i][1] != '\0' && (argv[i][1] == '-' || words->len == 0);
        if (!ended && strcmp(argv[i], "--") == 0)
            ended = true;
        else
            g_ptr_array_add(!ended && dashes ? options : words, argv[i]);
    }
    g_ptr_array_add(options, (char *)"--");
    g_ptr_array_extend_and_steal(options, words);
    g_ptr_array_add(options, NULL);
    return (char **)g_ptr_array_free(options, FALSE);
}

int command_ctl(int argc, char **argv)
{
    char **words = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "Answer in JSON", NULL},
        {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &words, NULL, "SOCKET COMMAND..."},
        G_OPTION_ENTRY_NULL,
    };
    char *all = g_strconcat("Commands:\n", control_help, "\n", description, NULL);
    int status = STATUS_INPUT;
    char **sorted = sort_words(argc, argv);
    if (!command_parse("ctl", command_options(summary, all, entries), (int)g_strv_length(sorted), sorted)) {
        /* told */
    } else if (!words || !words[1]) {
        command_complain("ctl", "%s (see: mip6sim ctl --help)", words ? "which command?" : "which socket?");
    } else {
        char *command = g_strjoinv(" ", words + 1);
        if (strchr(command, '\n') || strlen(command) >= CONTROL_LINE_MAX - strlen("json "))
            command_complain("ctl", "a command is one line of less than %d octets", CONTROL_LINE_MAX - 5);
        else
            status = ask(words[0], command, json);
        g_free(command);
    }
    g_free(sorted);
    g_free(all);
    g_strfreev(words);
    return status;
}
