/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * network.h - a simulated network: nodes, their ports, and the links between them, under one engine.
 *
 * A network is self-contained (engine, packet pool, random streams), so any number of them run at once, each
 * in one thread. It implements models/environment.h for its nodes and says everything that happens to one
 * observer. It knows nothing of scenarios; builder.h makes a network from one.
 *
 * Numbers: node i is source i + 1 of the engine's order; source 0 is the operator (timeline), so that what
 * the operator does at an instant comes before what nodes do then.
 */
#ifndef MIP6SIM_SIM_NETWORK_NETWORK_H
#define MIP6SIM_SIM_NETWORK_NETWORK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/environment.h"
#include "models/ipv6/node.h"
#include "sim/engine/clock.h"
#include "sim/engine/engine.h"
#include "sim/engine/pool.h"
#include "sim/engine/random.h"
#include "sim/network/store.h"

struct attacker; /* models/attack/attacker.h */
struct capture;
struct gate; /* gate.h */
struct link;
struct network;
struct network_node;
struct port;
struct port_chances; /* link.c */

/* Purposes of the network's own random streams, behind the models' (enum random_purpose). */
enum network_purpose {
    NETWORK_RANDOM_HANDOVER = 0x100,    /* link-layer handover delays, a stream a node */
    NETWORK_RANDOM_ADVERTISEMENT_START, /* a router's, a step an interface */
    NETWORK_RANDOM_ACTION,              /* spread of the timeline's actions, a step an action */
    NETWORK_RANDOM_FLOW_START,          /* a step a flow */
    NETWORK_RANDOM_STATIC_KEY,          /* a mobile node's, eight steps a correspondent */
    NETWORK_RANDOM_IPSEC_KEY,           /* a mobile node's */
    NETWORK_RANDOM_MOVEMENT_SPREAD,     /* a mobile node's */
    NETWORK_RANDOM_RESIDENCE,           /* a mobile node's, a step a stay */
    NETWORK_RANDOM_NEXT_LINK,           /* a mobile node's, a step a stay */
    NETWORK_RANDOM_REKEY,               /* a mobile node's, eight steps a correspondent and new key */
    NETWORK_RANDOM_WAYPOINT,            /* a mobile node's, two steps a waypoint */
    NETWORK_RANDOM_SPEED,               /* a mobile node's, a step a leg */
    NETWORK_RANDOM_PAUSE,               /* a mobile node's, a step a pause */
    /* Of a port; interface << 32 is where its numbers begin, one for each frame or change. */
    NETWORK_RANDOM_LOSS = 0x200,
    NETWORK_RANDOM_LOSS_STATE, /* changes between good and bad */
    NETWORK_RANDOM_DUPLICATION,
    NETWORK_RANDOM_REORDERING, /* whether a frame is late, and */
    NETWORK_RANDOM_LATENESS,   /* by how much */
    NETWORK_RANDOM_SPIKE,
    NETWORK_RANDOM_SPIKE_DELAY,
    NETWORK_RANDOM_CLOCK_DRIFT,   /* a node's */
    NETWORK_RANDOM_FAULT,         /* a fault's, in place of a node; two steps a packet */
    NETWORK_RANDOM_IPSEC_REKEY,   /* a mobile node's, a block of keys for each new set of associations */
    NETWORK_RANDOM_PORT = 0x1000, /* + interface: delay and jitter of what the port sends */
};

/* Watches; NULL members are not called. What it is given is borrowed for the call. */
struct network_observer {
    void *context;
    uint64_t watch; /* WATCH() bits of reports wanted from every node */
    void (*report)(void *context, struct network_node *node, const struct protocol_event *event);
    void (*deliver)(void *context, struct network_node *node, const struct delivery *delivery);
    /* A frame has crossed the link that the port sent it into. */
    void (*carried)(void *context, const struct port *port, const struct packet *frame, time_ns now);
    /* A link has lost a packet: DISCARD_LINK_LOSS, LINK_FAULT, LINK_QUEUE, LINK_DOWN, NOT_ATTACHED, NODE_OFF
     * or NO_SUCH_STATION. frame as on the link. */
    void (*lost)(void *context, struct port *port, const struct packet *frame, enum discard_reason reason,
                 time_ns now);
    /* A fault has happened to a frame of the port's; `what` is a line for people. */
    void (*meddled)(void *context, struct port *port, const char *what, time_ns now);
    /* A packet with a mark leaves a node, or has arrived at one: frame as on the link. */
    void (*marked_sent)(void *context, struct port *port, const struct packet *frame, time_ns now);
    void (*marked_arrived)(void *context, struct port *port, const struct packet *frame, time_ns now);
};

/*
 * What nodes get from outside the network, where that is not simulated (sim/live/). Zeroed: random octets
 * come from streams, and stable storage is memory.
 */
struct network_resources {
    void *context;
    /* In place of a stream: random octets for this purpose of the node with this index. */
    void (*random)(void *context, uint32_t node, enum random_purpose purpose, void *octets, size_t length);
    /* The node is about to be made: what is in its stable storage goes into node->store. False and error: it
     * cannot be read. */
    bool (*restore)(void *context, struct network_node *node, GError **error);
    /* The node's stable storage has another record, or none: make it safe. 0, or a negative error. */
    int (*stored)(void *context, struct network_node *node);
};

/* What leaves a node by one interface, and where it goes. */
struct port {
    struct link *link; /* NULL: not attached to any */
    struct network_node *node;
    time_ns busy_until;   /* transmitter */
    time_ns last_arrival; /* of what it sent, to keep order under jitter */
    struct port_queue *queue;     /* departure times of what waits; NULL until something has waited */
    struct port_chances *chances; /* how often chance has been asked; NULL: never */
    struct listening_set *groups; /* Ethernet groups the interface listens to (lan.c); NULL: none. It keeps
                                     them when it moves to another LAN. */
    uint32_t station;             /* LAN: position among its stations */
    uint16_t interface;
    uint8_t direction; /* point-to-point: 0 for the end named first, 1 for the other */
};

struct network_node {
    struct environment environment;
    struct node node;
    struct network *network;
    struct event wake;
    struct event_source source;
    struct port *ports;         /* one an interface; an attacker's taps' behind them */
    struct attacker *attacker;  /* NULL: an honest node */
    struct gate *gate;          /* NULL: a node, and no gate to the world outside */
    struct event *attachment;   /* a handover under way (network_attach) */
    struct store store;         /* stable storage */
    uint32_t *random_positions; /* by enum random_purpose, as many as have been needed; NULL: none */
    uint32_t handovers;         /* ordered so far */
    uint32_t failures;          /* of its power so far */
    int32_t clock_drift;        /* of its own clock: clock.h */
    uint16_t moving;            /* mobile node: its interface that went to a link last */
    bool off;       /* without power (reboot.c): where its ports are plugged in stays, nothing else */
    bool secretive; /* attacker: its host part shall not have the frame that it has heard last */
    uint32_t random_count;      /* of random_positions */
    uint32_t index;
    uint32_t group;  /* the builder's: which scenario node, and */
    uint32_t member; /* which of its `count` */
};

/* All that there will be: it is allocated at once, without a block of its own for each. */
struct network_size {
    uint32_t nodes;
    uint32_t interfaces; /* of all nodes */
    uint32_t links;
};

/* What the operator does to a frame beyond what the link does. Zeroed: nothing. */
struct frame_fate {
    time_ns delay;      /* it arrives so much later, */
    time_ns not_before; /* and not before this instant; what is behind it does not wait */
    uint32_t copies;    /* that arrive besides */
    bool dropped, corrupted;
};

struct network {
    struct engine engine;
    struct packet_pool *packets;
    struct pool flights; /* packets on their way over a link */
    struct network_observer observer;
    /* Asked about each frame that a port gives to a meddled link (to NULL), and about the copy of a frame to
     * a group that a station is to receive. */
    void (*meddle)(void *meddler, struct port *from, struct port *to, const struct packet *frame,
                   struct frame_fate *fate);
    void *meddler;
    struct network_resources resources;
    struct event_source operator_source;
    uint64_t seed;
    uint32_t run;
    uint32_t node_count;        /* size.nodes */
    struct network_node *nodes; /* one array: an index is a name */
    struct port *ports;         /* one array: a node's stand together */
    uint32_t port_count;        /* given to nodes so far */
    uint32_t gate_count;
    struct network_size size;
    struct link *links; /* one array, in order of link_new */
    uint32_t link_count;
    struct port **recipients; /* scratch of a LAN's delivery */
    size_t recipients_size;
    uint64_t packet_hops; /* frames that arrived somewhere */
    bool marks;           /* there may be packets with marks: set it before the first is sent */
};

/* All nodes at once, zeroed but for their place in the network; the caller then initializes each. Free with
 * network_free. */
struct network *network_new(uint64_t seed, uint32_t run, struct network_size size,
                            const struct network_observer *observer);
void network_free(struct network *network);

/* node_init for node `index`, with its ports; once for each node. 0 or a negative error. */
int network_node_init(struct network *network, uint32_t index, const struct node_configuration *configuration,
                      unsigned interfaces);

/* Entries into a node from the operator's side: each settles the node's wake-up afterwards. One that is off
 * hears nothing of its links. */
void network_node_settle(struct network_node *node);
void network_link_changed(struct network_node *node, unsigned interface, bool up);

/* The stream of one node for a purpose of the network's own, at its start. */
void network_random_stream(const struct network *network, uint32_t node_index, uint32_t purpose,
                           struct random_stream *stream);

/* Runs until the instant; see engine_run. */
uint64_t network_run(struct network *network, time_ns until);

static inline time_ns network_now(const struct network *network)
{
    return engine_now(&network->engine);
}

/* What the node's own clock shows: the `now` of every entry into the node. What it reports is told with the
 * network's time, and so is what it delivers, but for the sender's `sent`. */
static inline time_ns network_node_now(const struct network_node *node)
{
    return clock_shows(node->clock_drift, network_now(node->network));
}

static inline struct network_node *network_node_of(struct environment *environment)
{
    return (struct network_node *)(void *)((char *)environment - offsetof(struct network_node, environment));
}

#endif
