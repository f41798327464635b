/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faulty.h - a scenario given as text, run and recorded, for tests of what may befall a network.
 */
#ifndef MIP6SIM_TESTS_LAB_FAULTY_H
#define MIP6SIM_TESTS_LAB_FAULTY_H

#include "sim/measure/recorder.h"
#include "sim/network/simulation.h"

struct faulty {
    struct scenario_source *source;
    struct scenario *scenario;
    struct recorder recorder;
    struct simulation *simulation;
};

/* A home agent, an access router and a correspondent's router joined each with each by wires of 10 ms
 * (ha-access, ha-edge, access-edge), LANs home, visited and far; mn at home, cn on far, [peers mn cn]. */
extern const char faulty_world[];

/* Reads and runs it all into *faulty, which stays where it is; what is wrong with the text fails the test.
 * Free with faulty_free. */
void faulty_run(struct faulty *faulty, const char *text);
/* faulty_world and more, and with keys set: "section / key = value", NULL-terminated. */
void faulty_run_world(struct faulty *faulty, const char *more);
void faulty_run_world_with(struct faulty *faulty, const char *more, const char *const *set);
void faulty_free(struct faulty *faulty);

/* The first flow's record. */
const struct flow_record *faulty_flow(const struct faulty *faulty);
/* How many rows of messages there are: of this message, this action, at this node, with this status (-1: any)
 * since `from`. */
unsigned faulty_messages(const struct faulty *faulty, const char *message, enum signalling_action action,
                         const char *node, int status, time_ns from);
/* When the n-th (from 1) of them was; TIME_NEVER: there is none. */
time_ns faulty_message_time(const struct faulty *faulty, const char *message, enum signalling_action action,
                            const char *node, unsigned n);

#endif
