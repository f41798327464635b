/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binding_update_list.h - the machine of one Binding Update List entry, as binding_acknowledgement.c drives
 * it (RFC 6275, 11.7). For these two files; everybody else has mobile_node.h.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_BINDING_UPDATE_LIST_H
#define MIP6SIM_MODELS_MOBILITY_BINDING_UPDATE_LIST_H

#include "models/mobility/mobile_node.h"

#define REGISTRATION_RETRY SECONDS(60) /* after a registration has failed */
#define STALE_RETRY_FIRST                                                                                    \
    SECONDS(8) /* the same while the peer may have a binding for an old address: this, */
#define STALE_RETRY_MAX   SECONDS(32)  /* doubling to this */
#define UNSUPPORTED_RETRY SECONDS(600) /* a peer without the Mobility Header may have learnt it */

/* Units of 4 s as time; TIME_NEVER: infinite. */
time_ns binding_lifetime_duration(uint16_t units);

/* The one place where an entry's state changes; reports. */
void binding_update_entry_change_state(struct node *node, struct binding_update_entry *entry,
                                       enum binding_update_state state, time_ns now);
/* Reports what has become of a registration. status, lifetime (seconds): -1 for none. */
void binding_update_entry_report(struct node *node, const struct binding_update_entry *entry,
                                 enum protocol_event_kind kind, int status, int32_t lifetime, time_ns now);
/* The peer has no binding that packets may go by; or none at all, whatever updates are under way. */
void binding_update_entry_unbind(struct binding_update_entry *entry);
void binding_update_entry_forget(struct binding_update_entry *entry);
/* Nothing is under way any more: timer and method are stopped. The state is the caller's to change. */
void binding_update_entry_stop(struct node *node, struct binding_update_entry *entry, time_ns now);
/* Accepted, for so many units of 4 s, counted from when the update was sent. BOUND. */
void binding_update_entry_registered(struct node *node, struct binding_update_entry *entry, uint16_t granted,
                                     int status, time_ns now);
/* Given up until `retry` from now, or less if the peer may have a binding for an old address. FAILED. */
void binding_update_entry_fail(struct node *node, struct binding_update_entry *entry, time_ns retry,
                               int status, time_ns now);

/* A registration with the home agent begins; its update is sent (again). */
void home_registration_start(struct node *node, struct binding_update_entry *entry, bool deletion,
                             time_ns now);
void home_registration_send(struct node *node, struct binding_update_entry *entry, time_ns now);

/* A correspondent's registration goes on as far as it can; all of a home address that are under way do; one
 * that deletes is done. */
void correspondent_registration_proceed(struct node *node, struct binding_update_entry *entry, time_ns now);
void correspondent_registration_proceed_all(struct node *node, const struct mobile_home *home, time_ns now);
void correspondent_registration_deleted(struct node *node, struct binding_update_entry *entry, int status,
                                        time_ns now);

#endif
