/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flooder.h - very many messages at even intervals, from one address, from random ones, or from as many as a
 * prefix of one's own has.
 */
#ifndef MIP6SIM_MODELS_ATTACK_FLOODER_H
#define MIP6SIM_MODELS_ATTACK_FLOODER_H

#include "models/attack/attacker.h"

void flooder_init(struct attack *attack);
void flooder_start(struct attack *attack, time_ns now);
/* Answers to tests from addresses of its own; solicitations for them, at an Ethernet interface. */
void flooder_hear(struct attack *attack, unsigned place, const struct packet *frame,
                  const struct overheard *overheard, time_ns now);
void flooder_stop(struct attack *attack);

#endif
