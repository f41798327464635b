/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forger.h - made-up messages, and the way to a Binding Update that will be believed (RFC 6275, 5.2, 15.4).
 */
#ifndef MIP6SIM_MODELS_ATTACK_FORGER_H
#define MIP6SIM_MODELS_ATTACK_FORGER_H

#include "models/attack/attacker.h"

void forger_init(struct attack *attack);
void forger_start(struct attack *attack, time_ns now);
/* Tokens, cookies, care-of addresses and sequence numbers are kept whenever they are heard. */
void forger_hear(struct attack *attack, const struct overheard *overheard, time_ns now);
void forger_stop(struct attack *attack);

/* The octets of one message that needs no tokens. NULL: an address in it is not known. */
struct packet *forger_make(struct attack *attack, uint64_t number, time_ns now);
/* A Home Test Init or Care-of Test Init from this address, with a cookie of its own, which is kept in
 * `token`. */
void forger_send_test(struct attack *attack, enum keygen_token_kind kind, const struct ipv6_address *source,
                      struct attack_token *token, time_ns now);
/* A Binding Update for these addresses, authorized by these two tokens. */
void forger_send_update(struct attack *attack, const struct ipv6_address *home_address,
                        const struct ipv6_address *care_of_address, const struct attack_token *home,
                        const struct attack_token *care_of, time_ns now);

#endif
