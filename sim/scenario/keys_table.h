/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys_table.h - how the chapters of the table of keys (keys_*.c) are written. Others see the table by
 * keys.h.
 *
 * All keys of one kind of section are in one chapter, in the order of the reference page; an entry without a
 * name ends a chapter.
 */
#ifndef MIP6SIM_SIM_SCENARIO_KEYS_TABLE_H
#define MIP6SIM_SIM_SCENARIO_KEYS_TABLE_H

#include "sim/scenario/keys.h"

extern const struct scenario_key scenario_keys_of_attacks[];
extern const struct scenario_key scenario_keys_of_events[];
extern const struct scenario_key scenario_keys_of_links[];
extern const struct scenario_key scenario_keys_of_nodes[];
extern const struct scenario_key scenario_keys_of_study[];

#define FIELD(record, member)                                                                                \
    .offset = offsetof(struct record, member), .size = sizeof(((struct record *)0)->member)
#define SECOND(record, member) .second_offset = offsetof(struct record, member)

/* Durations are in nanoseconds. */
#define NS            UINT64_C(1)
#define MS            UINT64_C(1000000)
#define S             UINT64_C(1000000000)
#define LONGEST       (UINT64_C(10) * 365 * 24 * 3600 * S) /* ten years: sums stay far from TIME_NEVER */
#define LIFETIME_UNIT (4 * S)                              /* of binding lifetimes (RFC 6275, 6.1.7) */
#define LIFETIME_MOST (65535 * LIFETIME_UNIT)

#endif
