/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replayer.h - messages sent again as they were heard, octet for octet from the IPv6 header on, whatever is
 * in them.
 */
#ifndef MIP6SIM_MODELS_ATTACK_REPLAYER_H
#define MIP6SIM_MODELS_ATTACK_REPLAYER_H

#include "models/attack/attacker.h"

void replayer_init(struct attack *attack);
void replayer_hear(struct attack *attack, const struct overheard *overheard, time_ns now);
void replayer_stop(struct attack *attack);

#endif
