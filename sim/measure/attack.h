/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attack.h - what came of each attack: seen from outside, by the marks that packets carry
 * (models/base/packet.h).
 *
 * An attack is accepted when something that it caused brings about what it is for:
 *
 *     Binding Update             a binding at the target is created, updated or deleted
 *     messages to mobile nodes,  the target takes the message, or deletes a binding because of it
 *       ICMPv6 errors
 *     Home and Care-of Test Init a reply arrives at the victim
 *     UDP, Echo Request          something that it caused arrives at the victim
 *     a replay of anything       any of these but the last
 *
 * Where there is no victim, tests and datagrams that are answered are `answered`. Rejected is what the target
 * refuses with a status (a Binding Acknowledgement of 128 or more, a Binding Error); what it, or a node or
 * link on the way, drops without one is discarded.
 *
 * A flow's datagram goes astray when its sender (or the home agent that tunnels it) has a binding that is an
 * attack's doing and points to where its mobile node is not.
 */
#ifndef MIP6SIM_SIM_MEASURE_ATTACK_H
#define MIP6SIM_SIM_MEASURE_ATTACK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"
#include "sim/measure/directory.h"
#include "sim/measure/flow_monitor.h"
#include "sim/network/network.h"
#include "sim/scenario/columns.h"

#define ATTACK_BINS          200  /* of a run's duration, for what arrives when */
#define ATTACK_MESSAGES_KEPT 1000 /* of each attack's messages, in messages.csv */

struct eavesdropper;

struct attack_bin {
    uint64_t astray_packets, astray_octets, victim_octets;
};

struct attack_record {
    uint32_t attack;                   /* of the scenario's */
    uint32_t pair;                     /* of it */
    uint32_t attacker, target, victim; /* node indices; DIRECTORY_NOBODY */
    const char *method; /* of authorization, between the nodes concerned; "": it plays no part */
    uint64_t counts[ATTACK_COUNTED_COUNT];
    uint64_t action_sent;     /* packets of the action itself */
    uint64_t target_discards; /* at the target */
    uint64_t target_reasons[DISCARD_REASON_COUNT], other_reasons[DISCARD_REASON_COUNT];
    int32_t status;                  /* of the last refusal; -1: none */
    uint32_t state;                  /* bindings that are its doing */
    uint32_t messages;               /* seen: see ATTACK_MESSAGES_KEPT */
    struct ipv6_address destination; /* of the packet sent last */
    time_ns first_sent, first_accepted;
    time_ns astray_time;
    bool any_astray;
    struct attack_bin *bins; /* ATTACK_BINS; NULL: nothing to tell */
};

struct attack_probe {
    struct directory *directory;
    const struct flow_monitor *flows;
    uint32_t count; /* attacks, all pairs counted; 0: the probe does nothing */
    struct attack_record *records;
    time_ns bin_width;
    uint64_t watch;               /* reports wanted */
    struct ipv6_address *care_of; /* by node: a mobile node's own care-of address; unspecified */
    GHashTable *bindings;         /* that are an attack's doing: struct forged_binding */
    GArray *detours;              /* of struct detour */
    struct eavesdropper *reader;  /* of packets */
    uint64_t defence_messages, defence_octets;
};

void attack_probe_init(struct attack_probe *probe, struct directory *directory,
                       const struct flow_monitor *flows);
void attack_probe_free(struct attack_probe *probe);

/* A report that probe->watch has. */
void attack_probe_report(struct attack_probe *probe, const struct network_node *node,
                         const struct protocol_event *event);
/* What an attacker sends, in words: free with g_free. NULL: not its own doing, or it cannot be read. */
char *attack_probe_tell(const struct attack_probe *probe, const struct port *port,
                        const struct packet *frame);
/* As struct network_observer has them, for packets with a mark. */
void attack_probe_sent(struct attack_probe *probe, const struct port *port, const struct packet *frame,
                       time_ns now);
void attack_probe_arrived(struct attack_probe *probe, const struct port *port, const struct packet *frame,
                          time_ns now);
void attack_probe_lost(struct attack_probe *probe, const struct port *port, const struct packet *frame,
                       enum discard_reason reason);
/* A flow's datagram, sent at `sent`, has arrived. */
void attack_probe_delivered(struct attack_probe *probe, const struct flow_record *flow, uint32_t mark,
                            time_ns sent, time_ns now);
/* May a message with this cause be entered in messages.csv? */
bool attack_probe_keeps_message(struct attack_probe *probe, uint32_t mark);
/* The run is over. */
void attack_probe_finish(struct attack_probe *probe, time_ns end);

enum attack_outcome attack_record_outcome(const struct attack_probe *probe,
                                          const struct attack_record *record);
/* The most frequent one at the target, or else on the way there; DISCARD_NONE. */
enum discard_reason attack_record_reason(const struct attack_record *record);
/* Counts as they are, times in ns, the amplification in millionths; TIME_NEVER: did not happen, no status. */
int64_t attack_record_number(const struct attack_record *record, enum attack_column column);

const char *attack_outcome_word(enum attack_outcome outcome);

#endif
