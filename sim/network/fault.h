/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - the operator's hand on single packets: the scenario's faults (struct scenario_fault), counted and
 * carried out as frames are given to links.
 *
 * A fault without a link counts a packet once, where it begins its way: where its sender gives it to a link,
 * not where others forward it or put it into a tunnel. Looking costs nothing where no fault can be.
 */
#ifndef MIP6SIM_SIM_NETWORK_FAULT_H
#define MIP6SIM_SIM_NETWORK_FAULT_H

#include "sim/network/simulation.h"

/* A fault, and how far it has come in this run. */
struct standing_fault {
    const struct scenario_fault *fault;
    uint32_t matched; /* packets such as it speaks of */
    uint32_t done;    /* to which it has happened */
    bool off;         /* the operator has ended it */
};

/* After the links are built. Nothing, where the scenario has no faults. */
void faults_begin(struct simulation *simulation);
void faults_free(struct simulation *simulation);

/* One that is not in the scenario; borrowed as long as the simulation. Its indices are as the scenario's. */
void faults_order(struct simulation *simulation, const struct scenario_fault *fault);
/* The action, which is SCENARIO_FAULT_OFF, _ON or SCENARIO_MEND, is carried out. */
void faults_switch(struct simulation *simulation, const struct scenario_action *action);

/* By number in scenario->faults, behind them those that were ordered, as they came; NULL: past the last. */
const struct standing_fault *faults_at(const struct simulation *simulation, uint32_t number);

#endif
