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

/* How far a fault has come in this run. */
struct fault_count {
    uint32_t matched; /* packets such as it speaks of */
    uint32_t done;    /* to which it has happened */
};

/* After the links are built. Nothing, where the scenario has no faults. */
void faults_begin(struct simulation *simulation);
void faults_free(struct simulation *simulation);

/* By number in scenario->faults. */
const struct fault_count *faults_count(const struct simulation *simulation, uint32_t fault);

#endif
