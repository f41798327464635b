/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * protocol_log.h - the protocol told line by line (--log): time, node, what, to whom.
 */
#ifndef MIP6SIM_SIM_MEASURE_PROTOCOL_LOG_H
#define MIP6SIM_SIM_MEASURE_PROTOCOL_LOG_H

#include <glib.h>
#include <stdint.h>

#include "models/environment.h"
#include "sim/measure/directory.h"
#include "sim/network/network.h"

enum log_level {
    LOG_NONE,
    LOG_INFO,  /* movement, mobility messages, registrations, bindings */
    LOG_DEBUG, /* also Neighbor Discovery, addresses, machines' states, discarded packets */
    LOG_TRACE, /* also every packet that an application sends or a node forwards or tunnels, and every one
                  delivered */
};

/* "none", "info", "debug", "trace"; false: none of these. */
bool log_level_parse(const char *text, enum log_level *level);
uint64_t protocol_log_watch(enum log_level level);

/* Append a line each. */
void protocol_log_report(GString *log, enum log_level level, const struct directory *directory, uint32_t node,
                         const struct protocol_event *event);
void protocol_log_delivery(GString *log, const struct directory *directory, uint32_t node,
                           const struct delivery *delivery);
void protocol_log_line(GString *log, const struct directory *directory, uint32_t node, const char *text,
                       time_ns now);
void protocol_log_loss(GString *log, const struct directory *directory, uint32_t node,
                       enum discard_reason reason, uint32_t octets, time_ns now);

#endif
