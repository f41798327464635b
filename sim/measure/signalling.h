/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signalling.h - every mobility message sent, received or discarded, as a table (messages.csv).
 */
#ifndef MIP6SIM_SIM_MEASURE_SIGNALLING_H
#define MIP6SIM_SIM_MEASURE_SIGNALLING_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"

enum signalling_action { SIGNALLING_SENT, SIGNALLING_RECEIVED, SIGNALLING_DISCARDED };

struct signalling_row {
    time_ns time;
    uint32_t node; /* index */
    enum signalling_action action;
    enum discard_reason reason;
    const char *message;                               /* static */
    struct ipv6_address source, destination;           /* the outermost header's, as on the wire */
    struct ipv6_address home_address, care_of_address; /* unspecified: none */
    int32_t sequence, status, lifetime;                /* -1: none */
    uint32_t octets;
    bool tunnelled;
};

struct signalling {
    GArray *rows;     /* of struct signalling_row, in order of time */
    uint32_t limit;   /* of rows; 0: none */
    uint64_t omitted; /* beyond it */
};

void signalling_init(struct signalling *signalling);
void signalling_free(struct signalling *signalling);

/* A mobility message (RFC 6275, 6.1), as against Neighbor Discovery and other ICMPv6, which are not entered.
 */
bool signalling_is_mobility(const struct protocol_event *event);
void signalling_enter(struct signalling *signalling, uint32_t node, const struct protocol_event *event);

#endif
