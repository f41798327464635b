/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - what is wrong with a scenario, in the words that its author reads: all mistakes at once.
 *
 *     file:line: section: key: what is wrong, and what was probably meant
 *
 * Messages are collected in any order, each once, and told in the order of the files and lines they are
 * about.
 */
#ifndef MIP6SIM_SIM_SCENARIO_MESSAGE_H
#define MIP6SIM_SIM_SCENARIO_MESSAGE_H

#include <glib.h>
#include <stdbool.h>

struct scenario_place;
struct scenario_messages;

struct scenario_messages *scenario_messages_new(void);
void scenario_messages_free(struct scenario_messages *messages);

/* An error. place, section and key may be NULL where there is none. */
void scenario_error(struct scenario_messages *messages, const struct scenario_place *place,
                    const char *section, const char *key, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* How many errors have been collected. Once this many are kept the rest is only counted. */
#define SCENARIO_MESSAGES_KEPT 1000
unsigned scenario_messages_count(const struct scenario_messages *messages);
/* How many times an error was told, repeats included: has a step found anything wrong? */
unsigned scenario_messages_told(const struct scenario_messages *messages);

/* All of it, one message a line, sorted. Free with g_free. */
char *scenario_messages_to_string(const struct scenario_messages *messages);

/*
 * Of the words (NULL-terminated) the one that was probably meant by `word`, or NULL if none is near: by the
 * edit distance in which an exchange of neighbors is one step, at most one step for each three letters; the
 * first of equals.
 */
const char *scenario_probably_meant(const char *word, const char *const *words);

#endif
