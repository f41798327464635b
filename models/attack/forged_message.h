/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forged_message.h - what an attack's made-up messages say (RFC 6275, 6.1; RFC 4443): addresses, numbers,
 * tokens and authenticators, as its configuration has them, or as they have been heard. When they are sent is
 * for others to know (forger.h, flooder.h).
 */
#ifndef MIP6SIM_MODELS_ATTACK_FORGED_MESSAGE_H
#define MIP6SIM_MODELS_ATTACK_FORGED_MESSAGE_H

#include "models/attack/attacker.h"

bool forged_message_is_update(const struct attack *attack);
/* The end that holds, or is said to hold, the binding. */
const struct ipv6_address *forged_message_correspondent(const struct attack_configuration *configuration);
/* Is it authorized by a home and a care-of keygen token, not by a static key, by IPsec, or not at all? */
bool forged_message_uses_tokens(const struct attack_configuration *configuration);

/*
 * The two that authorize: the missing one is guessed, with the other's nonce index if there is one, since
 * correspondents draw nonces for both at a time. If only one is missing, Kbm is made of the other alone, as
 * for a deletion: no worse a guess, and a correspondent without one of the two defences would believe it.
 */
void forged_message_choose_tokens(const struct attack *attack, struct attack_token *home,
                                  struct attack_token *care_of);

/* The octets of one message that needs no tokens, or makes do with those that are there; number: of those it
 * has sent before. NULL: an address in it is not known. */
struct packet *forged_message_make(struct attack *attack, uint64_t number);
/* A Home Test Init or Care-of Test Init from this address, with a cookie of its own, which is kept in
 * `token`. */
void forged_message_send_test(struct attack *attack, enum keygen_token_kind kind,
                              const struct ipv6_address *source, struct attack_token *token, time_ns now);
/* A Binding Update for these addresses, authorized by these two tokens. */
void forged_message_send_update(struct attack *attack, const struct ipv6_address *home_address,
                                const struct ipv6_address *care_of_address, const struct attack_token *home,
                                const struct attack_token *care_of, time_ns now);

#endif
