/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lab.h - a tiny network on virtual time, for tests of nodes that talk to each other.
 *
 * Nodes (each with a recording environment) are joined by point-to-point links and LANs of fixed delay and
 * infinite rate. lab_run jumps from one instant to the next. At one instant: first the tests' own actions,
 * then frames in the order in which they were sent, then nodes whose deadline has come, by index. A hook on a
 * link may drop, delay or duplicate a frame. Every frame and every report is kept.
 *
 *     struct lab *lab = lab_new();
 *     unsigned host = lab_add_node(lab, &node_configuration_default_host, 1);
 *     unsigned router = lab_add_node(lab, &node_configuration_default_router, 2);
 *     unsigned lan = lab_add_lan(lab, MICROSECONDS(10));
 *     address_add(lab_node(lab, host), 0, ...);
 *     lab_attach(lab, lan, host, 0);
 *     lab_attach(lab, lan, router, 0);
 *     lab_run(lab, SECONDS(5));
 *
 * Interface j of node i has the station address 02:00:00:00:ii:jj and is an Ethernet interface with an MTU of
 * 1500, unless a point-to-point link makes it one of its own.
 */
#ifndef MIP6SIM_TESTS_LAB_LAB_H
#define MIP6SIM_TESTS_LAB_LAB_H

#include "tests/unit/recording_environment.h"

struct lab;

/* A frame handed to a link. */
struct lab_frame {
    time_ns time;
    unsigned link;
    unsigned count;        /* of frames sent on this link before */
    unsigned node;         /* who sent it, and on which interface */
    unsigned interface;
    struct packet *packet; /* Ethernet II on a LAN, else IPv6 */
    struct packet *opened; /* the IPv6 packet as who has its keys reads it; NULL: all of it can be read */
    bool dropped;
};

struct lab_treatment {
    bool drop;
    unsigned copies;       /* beyond the first */
    time_ns delay;         /* beyond the link's */
    time_ns copy_delay;    /* of the copies, beyond the first's */
};

/* Changes `treatment`, which says to deliver the frame once and in time. */
typedef void lab_hook(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment,
                      void *context);
typedef void lab_action(struct lab *lab, void *context);
/* An observer's eye: the IPv6 packet with what is encrypted laid open, as a packet of the lab's; NULL: there
 * is nothing to open, or not with the observer's keys. */
typedef struct packet *lab_reader(struct lab *lab, const uint8_t *octets, size_t length, void *context);

struct lab_event {
    unsigned node;
    struct recorded_event *recorded;
};

struct lab *lab_new(void);
/* Frees nodes (node_free; free what hangs on them before), links, records; fails the program if a packet is
 * left over. */
void lab_free(struct lab *lab);

unsigned lab_add_node(struct lab *lab, const struct node_configuration *configuration, unsigned interfaces);
struct node *lab_node(struct lab *lab, unsigned node);
unsigned lab_node_count(const struct lab *lab);
struct recording_environment *lab_recorder(struct lab *lab, unsigned node); /* deliveries, storage, random
                                                                             * octets of the node */
struct ethernet_address lab_station_address(unsigned node, unsigned interface);

/* A link between two interfaces, which come up when lab_start or lab_set_link says so. */
unsigned lab_add_point_to_point(struct lab *lab, unsigned node_a, unsigned interface_a, unsigned node_b,
                                unsigned interface_b, time_ns delay, uint16_t mtu);
void lab_start(struct lab *lab); /* all point-to-point links come up */
void lab_set_link(struct lab *lab, unsigned point_to_point, bool up);

unsigned lab_add_lan(struct lab *lab, time_ns delay);
/* Joins the station to the LAN, and tells it that its link is up. Detach first if it is attached
 * elsewhere. */
void lab_attach(struct lab *lab, unsigned lan, unsigned node, unsigned interface);
/* Takes the station off; what is under way to it is lost. It is told that its link is down. */
void lab_detach(struct lab *lab, unsigned node, unsigned interface);

/* Where the station is attached; UINT32_MAX: nowhere. */
unsigned lab_link_of(const struct lab *lab, unsigned node, unsigned interface);

void lab_set_hook(struct lab *lab, unsigned link, lab_hook *hook, void *context);
/* What is sent from now on is read by it, before any hook sees it. */
void lab_set_reader(struct lab *lab, lab_reader *reader, void *context);
/* Drops, of the frames sent on the link from now on, the i-th where bit i is set (the first is 0). Without a
 * hook, or before it. */
void lab_drop(struct lab *lab, unsigned link, uint64_t mask);

/* Calls the action at that time, before anything else happens then. */
void lab_at(struct lab *lab, time_ns time, lab_action *action, void *context);

void lab_run(struct lab *lab, time_ns until);
time_ns lab_now(const struct lab *lab);

/* A packet of the lab's pool, with headroom. */
struct packet *lab_packet(struct lab *lab, const void *octets, size_t length);

unsigned lab_frame_count(const struct lab *lab);
const struct lab_frame *lab_frame(const struct lab *lab, unsigned index);
/* Octets of the frame's IPv6 packet (without the Ethernet header), and how many. */
const uint8_t *lab_frame_ipv6(const struct lab *lab, const struct lab_frame *frame, size_t *length);
/* The same, opened where the lab's reader could. Hooks see it as well. */
const uint8_t *lab_frame_opened(const struct lab *lab, const struct lab_frame *frame, size_t *length);

unsigned lab_event_count(const struct lab *lab);
/* node may be NULL */
const struct protocol_event *lab_event(const struct lab *lab, unsigned index, unsigned *node);
/* The first event of this kind at the node (any: LAB_ANY_NODE) from the time on; NULL: there is none. */
#define LAB_ANY_NODE UINT32_MAX
const struct protocol_event *lab_find_event(const struct lab *lab, unsigned node,
                                            enum protocol_event_kind kind, time_ns from);
unsigned lab_count_events(const struct lab *lab, unsigned node, enum protocol_event_kind kind);
/* The same for events that name this message. */
const struct protocol_event *lab_find_message(const struct lab *lab, unsigned node,
                                              enum protocol_event_kind kind, const char *message,
                                              time_ns from);

void lab_print(const struct lab *lab); /* all reports to standard error, a line each, to see what went on */

#endif
