/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fingerprint.h - two numbers that stand for all that happened in a run, so that two runs can be held against
 * each other without keeping either.
 *
 *   everything  each frame's arrival with its time and place, and each report of a node, in their order
 *   wire        each sender's frames, octet for octet, in their order; neither times nor the order among
 *               senders. It stays the same when nothing but timing changes.
 *
 * Both are SHA-256, cut to 128 bits, over integers in network order: the same on every machine.
 */
#ifndef MIP6SIM_SIM_MEASURE_FINGERPRINT_H
#define MIP6SIM_SIM_MEASURE_FINGERPRINT_H

#include <glib.h>
#include <stdint.h>

#include "models/environment.h"

#define FINGERPRINT_TEXT_LENGTH 33 /* hexadecimal digits and NUL */

struct fingerprint;

struct fingerprint *fingerprint_new(void);
void fingerprint_free(struct fingerprint *fingerprint); /* NULL is harmless */

/* A frame sent by this port (its number in the network) has crossed its link. */
void fingerprint_frame(struct fingerprint *fingerprint, uint32_t port, const struct packet *frame,
                       time_ns now);
void fingerprint_report(struct fingerprint *fingerprint, uint32_t node, const struct protocol_event *event);

/* At the end, once. */
void fingerprint_finish(struct fingerprint *fingerprint, char everything[FINGERPRINT_TEXT_LENGTH],
                        char wire[FINGERPRINT_TEXT_LENGTH]);

#endif
