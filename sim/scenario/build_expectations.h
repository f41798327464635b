/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_expectations.h - what the parts share that read [expect]. Private to sim/scenario/.
 *
 *     build_expectations.c  measures, what they are of, keywords: the left side of a line
 *     build_conditions.c    the right side
 *     build_scope.c         [expect SECTION / KEY = VALUE]: where it is in force
 */
#ifndef MIP6SIM_SIM_SCENARIO_BUILD_EXPECTATIONS_H
#define MIP6SIM_SIM_SCENARIO_BUILD_EXPECTATIONS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/scenario/build.h"
#include "sim/scenario/expectation.h"

/* What stands behind the measure, before the keywords. */
enum subject {
    SUBJECT_MOBILE, /* MOBILE-NODE [CORRESPONDENT] */
    SUBJECT_MOBILE_ALONE,
    SUBJECT_HOLDER,       /* NODE MOBILE-NODE */
    SUBJECT_HOLDER_ALONE, /* NODE */
    SUBJECT_FLOW,
    SUBJECT_MESSAGE, /* [MESSAGE] */
    SUBJECT_REASON,  /* ["REASON"] */
    SUBJECT_ATTACK,  /* ATTACK [COLUMN] */
};

struct measure {
    const char *name;
    enum expectation_measure measure;
    unsigned column;
    enum expectation_unit unit;
    enum subject subject;
    unsigned takes;
};

struct word {
    char *text;
    bool quoted;
};

/* A line that is being read. */
struct reading {
    struct builder *builder;
    const struct scenario_view *view;
    const struct scenario_entry *entry;
    const struct measure *measure;
    struct scenario_expectation *expectation;
    GArray *words; /* struct word */
    unsigned next;
};

/* Tells an error about the line; false. */
bool expectation_refuse(const struct reading *reading, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Each of these tells what is wrong. A reason in the words of messages.csv; a whole number. */
bool expectation_find_reason(const struct reading *reading, const char *phrase, enum discard_reason *reason);
bool expectation_read_whole(const struct reading *reading, const char *keyword, const char *text,
                            uint64_t least, uint64_t most, uint64_t *number);

/* The entry's value, into the expectation's condition, as its measure wants it. */
bool expectation_read_condition(struct reading *reading);

/* Are all conditions of the section's name met at this point? */
bool expectation_section_in_force(struct builder *builder, const struct scenario_view *view);

#endif
