/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expectation.h - what a scenario says must hold ([expect]): a line of the form MEASURE ARGUMENTS =
 * CONDITION, taken apart.
 *
 * Every run of a point judges the expectations that are in force there (sim/measure/expectation.h). An
 * expectation has the same index at every point of a sweep.
 *
 * Numbers: times in ns; counts; octets; ratios and factors in millionths (EXPECTATION_RATIO).
 */
#ifndef MIP6SIM_SIM_SCENARIO_EXPECTATION_H
#define MIP6SIM_SIM_SCENARIO_EXPECTATION_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "models/environment.h"
#include "models/ipv6/address.h"
#include "sim/scenario/columns.h"
#include "sim/scenario/scenario.h"

#define EXPECTATION_RATIO 1000000

enum expectation_measure {
    EXPECT_INSTANT,        /* of handovers: column is an enum handover_instant */
    EXPECT_DURATION,       /* of handovers: enum handover_duration */
    EXPECT_HANDOVER_COUNT, /* of handovers: enum handover_count */
    EXPECT_HANDOVERS,      /* how many each mobile node made */
    EXPECT_BINDING,        /* what a node's cache or home agent's table holds for a mobile node, at a time */
    EXPECT_BINDINGS,       /* how many bindings a node has, at a time or at most */
    EXPECT_LINK,           /* where a mobile node is, at a time */
    EXPECT_MESSAGES,
    EXPECT_MESSAGE_OCTETS,
    EXPECT_FLOW, /* enum flow_column */
    EXPECT_PATH, /* of the last datagram delivered by a time */
    EXPECT_DISCARDS,
    EXPECT_ATTACK,        /* its outcome */
    EXPECT_ATTACK_COLUMN, /* enum attack_column */
};

enum expectation_unit {
    UNIT_COUNT,
    UNIT_TIME,
    UNIT_RATIO,  /* written as a percentage */
    UNIT_FACTOR, /* written as it is */
    UNIT_WORD,
};

/* A number is from least to most, or not there (never); `negated`: it is not. The same of words. */
struct expectation_condition {
    const char *text; /* as written */
    enum expectation_unit unit;
    bool never; /* the instant or duration does not exist */
    bool negated;
    int64_t least, most; /* INT64_MIN, INT64_MAX: no bound */

    /* UNIT_WORD */
    bool none, present, care_of; /* EXPECT_BINDING, EXPECT_LINK (none) */
    uint32_t link;               /* SCENARIO_NONE */
    uint32_t node;               /* an address of this node's (all of a group); SCENARIO_NONE */
    bool has_address;
    struct ipv6_address address;
    enum packet_path path; /* EXPECT_PATH */
    /* EXPECT_ATTACK */
    bool any_failure; /* any outcome but accepted */
    enum attack_outcome outcome;
    int32_t status; /* -1: any */
    bool has_reason;
    enum discard_reason reason;
};

enum expectation_action { EXPECT_SENT, EXPECT_RECEIVED, EXPECT_DISCARDED };

struct scenario_expectation {
    struct scenario_place place;
    const char *section; /* "expect", or with what it depends on */
    const char *key;     /* measure and arguments, as written */
    bool in_force;       /* at this point */
    enum expectation_measure measure;
    unsigned column;
    struct expectation_condition condition;

    struct scenario_reference who;  /* mobile node; EXPECT_BINDINGS: the holder; EXPECT_DISCARDS: at */
    struct scenario_reference with; /* correspondent; EXPECT_BINDING: the holder. node SCENARIO_NONE: any */
    uint32_t pairs;                 /* EXPECT_BINDING: of with and who (scenario_pair) */
    uint32_t handover;              /* from 1; 0: each; SCENARIO_NONE: the last */
    uint32_t flow, attack;          /* of the scenario's */
    time_ns at;                     /* TIME_NEVER: the end of the run */
    time_ns after, before;          /* after <= t < before; 0 and TIME_NEVER: always */
    bool peak;

    const char *message; /* NULL: any */
    enum expectation_action action;
    struct scenario_reference from, to;
    int32_t status; /* -1: any */
    bool has_reason;
    enum discard_reason reason;
};

/* Is it about a part of the run only, so that it must be counted while the run goes on? */
static inline bool expectation_is_windowed(const struct scenario_expectation *expectation)
{
    return expectation->after != 0 || expectation->before != TIME_NEVER;
}

#endif
