/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * duration.h - durations as people write them: 40ms, 1.5s, 250us, 10ns, 2min, 1h.
 *
 * Text and nanoseconds are converted exactly, by integer arithmetic: no floating point comes near them.
 */
#ifndef MIP6SIM_SIM_ENGINE_DURATION_H
#define MIP6SIM_SIM_ENGINE_DURATION_H

#include <glib.h>
#include <stdbool.h>

#include "models/base/time.h"

/* The domain of the errors of duration.h and distribution.h: what is wrong with what a person wrote. */
#define VALUE_ERROR value_error_quark()
GQuark value_error_quark(void);

enum value_error {
    VALUE_ERROR_SYNTAX, /* not of the expected form */
    VALUE_ERROR_UNIT,   /* unit missing or unknown */
    VALUE_ERROR_RANGE,  /* of the right form, but not allowed here */
    VALUE_ERROR_FILE,   /* a file named by the text cannot be used */
};

/* `text` in quotes, for a message: shortened and made printable. Free with g_free. */
char *value_quote(const char *text);
/* Sets `error`: the text, quoted, and what is wrong with it ("is negative"). False. */
bool value_refuse(GError **error, enum value_error code, const char *text, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/*
 * Reads a decimal number and its unit: ns, us (or µs), ms, s, min, h; blanks around and between are ignored.
 * "0" needs no unit. Refused, with a message that says what was probably meant: no or an unknown unit, a
 * negative number, a fraction finer than a nanosecond, more than 292 years, anything else. Returns false and
 * sets `error` then, and leaves *duration alone.
 */
bool duration_parse(const char *text, time_ns *duration, GError **error);

/* Whether this is one of the units above; for "min", sets *nanoseconds (if not NULL) to those of a minute. */
bool duration_unit(const char *unit, time_ns *nanoseconds);

/* The same for a number that may stand without a unit, and is then meant in `default_unit` (NULL: none). */
bool duration_parse_with_default(const char *text, const char *default_unit, time_ns *duration,
                                 GError **error);

/* Room for any duration, terminator included. */
#define DURATION_TEXT_SIZE 32

/*
 * Writes the duration exactly, in the largest of s, ms, us, ns that gives a number of at least 1 ("1.5s",
 * "250us", "0s"; "never" for TIME_NEVER), and returns `text`. duration_parse reads it back to the same value.
 */
char *duration_format(time_ns duration, char text[DURATION_TEXT_SIZE]);

#endif
