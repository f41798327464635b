/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forger.h - the way to a Binding Update that will be believed (RFC 6275, 5.2, 15.4), and other messages that
 * are made up (forged_message.h).
 */
#ifndef MIP6SIM_MODELS_ATTACK_FORGER_H
#define MIP6SIM_MODELS_ATTACK_FORGER_H

#include "models/attack/attacker.h"

void forger_init(struct attack *attack);
void forger_start(struct attack *attack, time_ns now);
/* Tokens, cookies, care-of addresses and sequence numbers are kept whenever they are heard. */
void forger_hear(struct attack *attack, const struct overheard *overheard, time_ns now);
void forger_stop(struct attack *attack);

#endif
