/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * command.h - the subcommands of mip6sim, one file each. main() hands each its own part of the command line:
 * argv[0] is the subcommand's name. Each returns the exit status: 0, 1 (it failed), 2 (the user's input is
 * wrong), 3 (what a scenario expects does not hold), 4 (what was to be as before is not).
 */
#ifndef MIP6SIM_SIM_COMMAND_COMMAND_H
#define MIP6SIM_SIM_COMMAND_COMMAND_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum exit_status {
    STATUS_GOOD = 0,
    STATUS_FAILED = 1,
    STATUS_INPUT = 2,
    STATUS_EXPECTATION = 3,
    STATUS_DIFFERENT = 4,     /* verify: not what it was */
    STATUS_INTERRUPTED = 130, /* as shells have it */
};

int command_run(int argc, char **argv);       /* run.c: what comes of this scenario? */
int command_check(int argc, char **argv);     /* check.c: are these scenarios right? */
int command_keys(int argc, char **argv);      /* keys.c: what may a scenario say? */
int command_plot(int argc, char **argv);      /* plot.c: the results of a run as pictures */
int command_chart(int argc, char **argv);     /* chart.c: who sent what during a handover? */
int command_diff(int argc, char **argv);      /* diff.c: what differs between two results? */
int command_report(int argc, char **argv);    /* report.c: all of it on one page */
int command_new(int argc, char **argv);       /* new.c: a scenario to start from */
int command_describe(int argc, char **argv);  /* describe.c: what is in a scenario? */
int command_sweep(int argc, char **argv);     /* sweep.c: all of a sweep, into a database */
int command_export(int argc, char **argv);    /* export.c: the database as CSV or JSON Lines */
int command_query(int argc, char **argv);     /* export.c: a question in SQL */
int command_merge(int argc, char **argv);     /* export.c: shards into one */
int command_summarize(int argc, char **argv); /* summarize.c: statistics of results */
int command_ctl(int argc, char **argv);       /* ctl.c: orders and questions while it runs */
int command_replay(int argc, char **argv);    /* replay.c: a live run again, under the virtual clock */
int command_live(int argc, char **argv);      /* live.c: a scenario against the wall clock */
int command_verify(int argc, char **argv);    /* verify.c: is timing what it was? */

/* A copy in which "-j2", which make has taught everybody and GOption does not know, is "--jobs=2". Free with
 * g_strfreev. */
char **command_copy_arguments(int argc, char **argv);

/* A subcommand's options, with what its help says before and behind them. */
GOptionContext *command_options(const char *summary, const char *description, const GOptionEntry *entries);

/*
 * Reads a subcommand's options (options.c). context has its entries; it is freed. False: they are wrong, and
 * standard error has been told so in the name of `command`.
 */
bool command_parse(const char *command, GOptionContext *context, int argc, char **argv);

/* What --option says: a whole number from least to most. False: it says something else, and has been told. */
bool command_parse_number(const char *command, const char *option, const char *text, uint64_t least,
                          uint64_t most, uint64_t *number);

/* What is wrong, for standard error, in the name of `command`. False, for who has nothing to add. */
bool command_complain(const char *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
