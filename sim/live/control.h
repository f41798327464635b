/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * control.h - orders and questions while it runs, by a Unix stream socket (mip6sim ctl).
 *
 * A client sends lines, "text COMMAND" or "json COMMAND", and gets an answer to each: a line "ok LENGTH" or
 * "error LENGTH", and so many octets. Commands are those of the timeline, and a few more (control_help). A
 * command that is wrong changes nothing. There is a limit to the length of a line, to the clients, and to
 * what may wait for a client that does not read; none of them can hold up the others or the run.
 */
#ifndef MIP6SIM_SIM_LIVE_CONTROL_H
#define MIP6SIM_SIM_LIVE_CONTROL_H

#include "sim/live/live.h"
#include "sim/scenario/scenario.h"

#define CONTROL_LINE_MAX    4096
#define CONTROL_CLIENTS_MAX 128        /* one more, and the one that has been silent for longest is cut off */
#define CONTROL_WAITING_MAX (4u << 20) /* octets of answers; who asks again with more unread is cut off */

struct control;

/* Can a socket have this name at all? False and error. */
bool control_check_path(const char *path, GError **error);

/* Told of each order that is given. */
struct scenario_order;
typedef void control_ordered(void *context, time_ns now, const char *key, const char *value,
                             const struct scenario_order *order);

struct scenario_orders;

/*
 * Listens at the path, where nobody else does; a socket that a dead process has left is replaced. The source
 * is what the live simulation's scenario was built from, and `orders` are its, and live as long as the
 * simulation. NULL and error.
 */
struct control *control_new(struct live *live, const char *path, struct simulation *simulation,
                            const struct scenario_source *source, struct scenario_orders *orders,
                            control_ordered *ordered, void *context, GError **error);
/* Before the live simulation; removes the socket. NULL is harmless. */
void control_free(struct control *control);

extern const char control_help[];

#endif
