/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * value.h - the values a scenario writes, beyond durations and distributions (sim/engine/duration.h,
 * distribution.h).
 *
 * Each function reads the whole text, blanks around it ignored. On failure it returns false, leaves its
 * result alone, and sets `error` (VALUE_ERROR) with what is wrong and what was probably meant. All reading is
 * exact: by integer arithmetic where the result is an integer, and without the locale.
 */
#ifndef MIP6SIM_SIM_SCENARIO_VALUE_H
#define MIP6SIM_SIM_SCENARIO_VALUE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "models/ipv6/address.h"
#include "sim/engine/loss_model.h"
#include "sim/scenario/scenario.h"

/* Decimal digits. */
bool value_parse_integer(const char *text, uint64_t least, uint64_t most, uint64_t *value, GError **error);

/* 9600bit/s, 64kbit/s, 1.5Mbit/s, 1Gbit/s, 1Tbit/s: at least 1 bit/s, in whole bits a second. */
bool value_parse_rate(const char *text, uint64_t *bits_per_second, GError **error);
/* As value_parse_rate reads it, in the largest unit that gives a whole number. */
char *value_format_rate(uint64_t bits_per_second);

/* 160B, 1.5kB (1,000 octets), 1KiB (1,024), 1MB, 1MiB: whole octets. */
bool value_parse_size(const char *text, uint64_t least, uint64_t most, uint64_t *octets, GError **error);

/* 0.01 or 1%: from 0 to 1. */
bool value_parse_probability(const char *text, double *probability, GError **error);

/* A value of any kind as a number, where it is one: durations (which may be negative) in seconds, rates in
 * bit/s, sizes in octets, probabilities. */
bool value_number(const char *text, double *number);

/*
 * A probability, or bursts: gilbert-elliott(WORSEN, RECOVER[, LOSS-WHEN-BAD[, LOSS-WHEN-GOOD]]), by default
 * 100% and 0%. WORSEN and RECOVER are both probabilities, before each packet, or both durations, the means of
 * the stays in the good and in the bad state.
 */
bool value_parse_loss(const char *text, struct loss_model *model, GError **error);
/* As value_parse_loss reads it. Free with g_free. */
char *value_format_loss(const struct loss_model *model);

/* 50ppm, -20.5ppm, 300ppb; uniform(-100ppm, 100ppm): parts in 10^9, at most `most` either way. */
bool value_parse_drift(const char *text, int32_t most, int32_t *low, int32_t *high, GError **error);
/* As value_parse_drift reads it. Free with g_free. */
char *value_format_drift(int32_t low, int32_t high);

/* yes, true, on; no, false, off. */
bool value_parse_boolean(const char *text, bool *value, GError **error);

/* One of the words (NULL-terminated): its index. */
bool value_parse_word(const char *text, const char *const *words, unsigned *index, GError **error);
/* Any of the words, at most 64, separated by commas: the bit of each. */
bool value_parse_words(const char *text, const char *const *words, uint64_t *bits, GError **error);

/* 20s, or a sum: 20s + 500ms, 20s - 500ms, 20s + -500ms, with blanks around its signs; not negative. */
bool value_parse_duration(const char *text, time_ns *duration, GError **error);

/* 30ms..70ms, or 50ms for both ends; sums, too. */
bool value_parse_duration_range(const char *text, time_ns *least, time_ns *most, GError **error);

/* "100m, 0m": x and y. */
bool value_parse_point(const char *text, struct scenario_point *point, GError **error);
/* Two points, "0m, 0m, 1km, 500m", or one, with 0, 0 as the other: made into lower left and upper right,
 * which differ in both. */
bool value_parse_area(const char *text, struct scenario_point area[2], GError **error);

/* A unicast routable IPv6 address. */
bool value_parse_address(const char *text, struct ipv6_address *address, GError **error);
/* The same, or a link-local one: who may be a next hop. */
bool value_parse_neighbor(const char *text, struct ipv6_address *address, GError **error);
/* address/length with nothing set behind the length; unicast routable; length from least_length to
 * most_length. */
bool value_parse_prefix(const char *text, unsigned least_length, unsigned most_length,
                        struct ipv6_address *prefix, unsigned *length, GError **error);
/* Free with g_free. */
char *value_format_address(const struct ipv6_address *address);

/* Octets as hexadecimal digits, two an octet, `0x` before them or not. *length: how many were read. */
bool value_parse_octets(const char *text, size_t least, size_t most, uint8_t *octets, size_t *length,
                        GError **error);

/* What names a node, link or flow: letters, digits, '-', '_' and '.', not more than 64, beginning with a
 * letter or digit. */
bool value_check_name(const char *text, GError **error);

/* The parts of a list, blanks around each removed; separators inside parentheses do not count.
 * NULL-terminated, free with g_strfreev. An empty text has one, empty, part. */
char **value_split(const char *text, char separator);

#endif
