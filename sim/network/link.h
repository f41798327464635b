/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * link.h - point-to-point links and LANs. A frame costs one event, its arrival: when the transmitter frees up
 * is computed, so that serialization and queueing need no event of their own.
 *
 * Point-to-point: frames are IPv6 packets. LAN: a full-duplex switch; frames are Ethernet II, each station
 * has a transmitter of its own, a frame goes to the station of its destination address or to those that
 * listen to its group. An access LAN is a LAN whose stations come and go.
 */
#ifndef MIP6SIM_SIM_NETWORK_LINK_H
#define MIP6SIM_SIM_NETWORK_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/packet.h"
#include "models/base/time.h"
#include "models/ipv6/address.h"
#include "sim/engine/distribution.h"
#include "sim/engine/loss_model.h"
#include "sim/network/network.h"

enum link_kind { LINK_POINT_TO_POINT, LINK_LAN };

/* With this probability a frame takes so much longer. */
struct chance {
    double probability;
    const struct distribution *delay;
};

/* One direction of a link; shared between links. The operator may change it while frames are on their way. */
struct channel {
    uint64_t rate;                     /* bit/s; 0: infinite */
    time_ns fixed_delay;               /* used when delay is NULL */
    const struct distribution *delay;  /* NULL: fixed_delay */
    const struct distribution *jitter; /* added to the delay; NULL: none */
    struct loss_model loss;
    struct chance spike;  /* what is behind such a frame waits, unless it may overtake */
    struct chance late;   /* the others overtake such a frame, whatever `reorder` says */
    double duplication;   /* probability that a frame arrives twice */
    uint32_t queue_limit; /* frames waiting for the transmitter; 0: none */
    uint16_t overhead;    /* octets a frame costs on the wire beyond its own */
    bool reorder;         /* jitter may overtake */
    bool is_random;       /* channel_settle: something is drawn for each frame */
};

/* To be called when the other members are as they shall be. */
void channel_settle(struct channel *channel);

struct lan; /* lan.h */

struct link {
    struct capture *capture;          /* NULL: not captured */
    GPtrArray *ears;                  /* ports of attackers that hear every frame (attackers.h); NULL: none */
    const struct channel *channel[2]; /* point-to-point: by direction; LAN: [0] */
    union {
        struct port *ends[2]; /* point-to-point; NULL: not connected yet */
        struct lan *lan;
    };
    uint32_t group;      /* the builder's: which scenario link, and */
    uint32_t member;     /* which of its `count` */
    uint32_t epoch;      /* counts failures: what was under way at one is lost */
    uint32_t outages;    /* that will be over by themselves, in force now */
    uint8_t kind;        /* enum link_kind */
    bool wanted;         /* by the operator */
    bool up;             /* no outage, and, of a point-to-point link, both its ends have power */
    bool meddled;        /* network->meddle is to be asked about what is sent, */
    bool meddled_copies; /* and about what each station gets of what goes to a group */
};

/* One of the links that network_new was told of; channels are borrowed. LAN: backward is not used and may be
 * NULL. */
struct link *link_new(struct network *network, enum link_kind kind, const struct channel *forward,
                      const struct channel *backward);

/* Point-to-point: the port is end 0 or 1. The link carries when both are there; the caller tells the nodes
 * (network_link_changed). */
void link_connect(struct link *link, struct port *port, unsigned end);

/* Those attached: the two ends, or the LAN's stations. */
uint32_t link_station_count(const struct link *link);
struct port *link_station(const struct link *link, uint32_t i);

/* Sends a frame from the port; takes it. */
void link_transmit(struct port *port, struct packet *frame);

/* The frame with its last bit turned over; takes it. */
struct packet *frame_corrupt(struct packet *frame);

/* A copy of a frame that has reached a LAN is on its way to this one station, at or after now. Takes it. */
void link_send_to(struct port *from, struct port *to, struct packet *frame, time_ns arrival);

/* A frame has reached the other end: gives it to the port's node. / It is lost: tells the observer. Both take
 * it. */
void link_hand_over(struct port *port, struct packet *frame, time_ns now);
void link_lose(struct port *from, struct packet *frame, enum discard_reason reason);
/* The probability with which the channel loses a frame that the port sends now; once for each frame. */
double link_next_loss(struct port *from, const struct channel *channel, time_ns now);
/* Draws from the sending port's stream whether a frame is lost (one receiver's, on a LAN). */
bool link_draws_loss(struct port *from, double probability);

/* Takes the link down (what is under way is lost) or up. The ends of a point-to-point link see it; stations
 * of a LAN do not. */
void link_set_up(struct link *link, bool up);
/* The power of one of a point-to-point link's ends has failed or come back: the other end sees it, and that
 * one if it can. */
void link_power_changed(struct link *link);

/* An outage begins, or one is over: the link is up when none is left, if it is to be up at all. */
void link_outage(struct link *link, bool begins);

/*
 * The node's present interface moves (attachment.c): link down now, then, after the LAN's handover delay, up
 * on that LAN. NULL: stays detached. A move ordered while another is under way replaces it, and a link kept
 * from an earlier one is left at once.
 */
void network_attach(struct network_node *node, struct link *lan);
/*
 * The node's other interface goes to the LAN, up after its handover delay, and the present one stays where it
 * is, until `keep` after that. The node has two interfaces.
 */
void network_attach_overlapping(struct network_node *node, struct link *lan, time_ns keep);
/* A link kept from an overlapping move, or being left by one that is under way, is left now; nothing else
 * is. */
void network_leave_link(struct network_node *node, const struct link *lan);
/* Forgets a move that is under way. */
void network_attach_cancel(struct network_node *node);

#endif
