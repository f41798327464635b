/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * length.h - lengths and speeds as people write them: 150m, 1.2km, 50cm; 1.5m/s, 120km/h.
 *
 * As with durations, text and number are converted exactly. A length is whole micrometres. A speed is whole
 * micrometres an hour, of which both 1 m/s and 1 km/h are multiples: 120 km/h is no fraction of a metre a
 * second that could be written down.
 */
#ifndef MIP6SIM_SIM_ENGINE_LENGTH_H
#define MIP6SIM_SIM_ENGINE_LENGTH_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/engine/duration.h"

#define METRES(n)            ((int64_t)(n)*1000000)
#define LENGTH_MOST          (METRES(1000) * 1000000) /* a million kilometres: exact in a double */
#define METRES_PER_SECOND(n) ((int64_t)(n)*3600000000)
#define SPEED_MOST           (METRES_PER_SECOND(1000000))

/*
 * A decimal number and its unit: mm, cm, m, km; negative numbers too, for they may be coordinates. "0" needs
 * no unit. Refused: no or an unknown unit, finer than a micrometre, beyond LENGTH_MOST. Returns false and
 * sets `error` (VALUE_ERROR) then, and leaves *length alone.
 */
bool length_parse(const char *text, int64_t *length, GError **error);

/* The same of a speed: m/s, km/h; not negative, SPEED_MOST at most. A number without a unit is meant in
 * `default_unit`, if that is not NULL. */
bool speed_parse_with_default(const char *text, const char *default_unit, int64_t *speed, GError **error);
/* Is this one of the units of speeds? */
bool speed_unit(const char *unit);

/* Exactly, in m where that has at most six decimals (always); in m/s where that ends, else in km/h. */
char *length_format(int64_t length, char text[DURATION_TEXT_SIZE]);
char *speed_format(int64_t speed, char text[DURATION_TEXT_SIZE]);

#endif
