/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * main.c - mip6sim: finds the subcommand and hands it the rest of the command line.
 *
 * Whatever the environment says, numbers are written and read in the C locale and text is UTF-8. What
 * standard output could not take (a full disk) is noticed at the very end, whoever wrote it, and makes the
 * exit status 1; a reader that has seen enough (mip6sim keys | head) ends the program quietly.
 */
#include <errno.h>
#include <glib.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/command/command.h"
#include "sim/experiment/cluster.h"
#include "sim/scenario/message.h"

struct subcommand {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
};

static const struct subcommand subcommands[] = {
    {"run", command_run, "run a scenario: a table here, the rows behind it and captures in a directory"},
    {"live", command_live, "run a scenario in real time, its LANs joined to TAP interfaces"},
    {"ctl", command_ctl, "give orders to a scenario that runs live, and ask it"},
    {"replay", command_replay, "repeat a recorded live run under the virtual clock, and compare"},
    {"new", command_new, "write a commented scenario to start from"},
    {"describe", command_describe, "list a scenario's nodes, addresses and timeline, or draw its topology"},
    {"check", command_check, "say all that is wrong with scenarios, and run nothing"},
    {"keys", command_keys, "list everything that a scenario may say"},
    {"sweep", command_sweep, "run all of a sweep into a database that survives a crash"},
    {"summarize", command_summarize, "statistics of results: intervals, percentiles, paired comparisons"},
    {"export", command_export, "write a sweep's database as CSV files or JSON Lines"},
    {"query", command_query, "ask a sweep's database a question in SQL"},
    {"merge", command_merge, "put the databases of a sweep's shards into one"},
    {"diff", command_diff, "say what differs between two results"},
    {"verify", command_verify, "hold the timing of scenarios against what it was"},
    {"plot", command_plot, "draw a run's results as SVG and PNG, with gnuplot"},
    {"chart", command_chart, "draw a handover's message sequence, here or as SVG"},
    {"report", command_report, "write all that a run tells as one page of HTML"},
};

static const char introduction[] =
    "Usage: mip6sim COMMAND [OPTION…] [ARGUMENT…]\n"
    "\n"
    "mip6sim measures what it costs to tell a correspondent node where a mobile node is. Real Mobile IPv6 "
    "state\n"
    "machines (RFC 6275, RFC 4449) exchange real packets over simulated links, under a virtual clock.\n"
    "\n"
    "Commands:\n";

static const char example[] =
    "\n"
    "mip6sim COMMAND --help says more, and lists the command's options.\n"
    "\n"
    "For example:\n"
    "  mip6sim check scenarios/rr-vs-kbm.ini\n"
    "  mip6sim run scenarios/rr-vs-kbm.ini --out results/rr-vs-kbm\n"
    "  mip6sim plot results/rr-vs-kbm\n"
    "\n"
    "Exit status: 0 done; 1 it failed; 2 the command line or a file named there is wrong; 3 what a scenario\n"
    "expects ([expect]) does not hold; 4 verify: something differs.\n";

static void print_help(FILE *stream)
{
    fputs(introduction, stream);
    for (size_t i = 0; i < G_N_ELEMENTS(subcommands); i++)
        fprintf(stream, "  %-9s %s\n", subcommands[i].name, subcommands[i].help);
    fputs(example, stream);
}

static void print_version(void)
{
    puts(
        "mip6sim " PACKAGE_VERSION "\n"
        "License GPL-2.0-or-later: GNU GPL version 2 or later, <https://www.gnu.org/licenses/gpl-2.0.html>.\n"
        "This is free software: you may change and redistribute it. There is no warranty, as far as the law "
        "permits.");
}

static void close_standard_output(void)
{
    bool failed = ferror(stdout) != 0;

    errno = 0;
    failed = fflush(stdout) != 0 || failed;
    /* Whoever starts the program with standard output closed, and has nothing written, is right. */
    int why = errno;
    if (fclose(stdout) != 0 && errno != EBADF) {
        failed = true;
        why = errno;
    }
    if (failed) {
        fprintf(stderr, "mip6sim: cannot write to standard output: %s\n",
                why != 0 ? strerror(why) : "write error");
        _exit(STATUS_FAILED);
    }
}

static const struct subcommand *find_subcommand(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(subcommands); i++)
        if (strcmp(name, subcommands[i].name) == 0)
            return &subcommands[i];
    return NULL;
}

static int refuse_subcommand(const char *name)
{
    const char *names[G_N_ELEMENTS(subcommands) + 1] = {NULL};
    bool is_option = name[0] == '-';

    for (size_t i = 0; i < G_N_ELEMENTS(subcommands); i++)
        names[i] = subcommands[i].name;
    const char *meant = is_option ? NULL : scenario_probably_meant(name, names);
    fprintf(stderr, "mip6sim: there is no %s '%s'", is_option ? "option" : "command", name);
    if (meant != NULL)
        fprintf(stderr, ": did you mean '%s'?\n", meant);
    else if (g_file_test(name, G_FILE_TEST_IS_REGULAR))
        fprintf(stderr, ": to run that scenario: mip6sim run %s\n", name);
    else
        fputs("; mip6sim --help lists what there is\n", stderr);
    return STATUS_INPUT;
}

static int run_subcommand(const struct subcommand *subcommand, int argc, char **argv)
{
    char *program = g_strconcat("mip6sim ", subcommand->name, NULL);

    g_set_prgname(program); /* what the subcommand's own --help calls it */
    g_free(program);
    return subcommand->run(argc, argv);
}

/* mip6sim help, mip6sim help run */
static int help_on(int argc, char **argv)
{
    char help[] = "--help";

    if (argc < 2) {
        print_help(stdout);
        return STATUS_GOOD;
    }
    const struct subcommand *subcommand = find_subcommand(argv[1]);
    if (subcommand == NULL)
        return refuse_subcommand(argv[1]);
    char *arguments[] = {argv[1], help, NULL};
    return run_subcommand(subcommand, 2, arguments);
}

int main(int argc, char **argv)
{
    if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
        setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_DFL);
    if (atexit(close_standard_output) != 0)
        return STATUS_FAILED;
    if (argc < 2) {
        print_help(stderr);
        return STATUS_INPUT;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help_on(argc - 1, argv + 1);
    if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
        print_version();
        return STATUS_GOOD;
    }
    const struct subcommand *subcommand = find_subcommand(argv[1]);
    if (subcommand == NULL)
        return refuse_subcommand(argv[1]);
    if (subcommand->run == command_sweep)
        cluster_enter(argv);
    return run_subcommand(subcommand, argc - 1, argv + 1);
}
