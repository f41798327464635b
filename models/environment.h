/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * environment.h - THE boundary between the protocol machines and whatever runs them.
 *
 * A node is fed (models/ipv6/node.h: node_receive, node_link_changed, node_wake, node_send) and acts through
 * these operations. None of them calls back into the node: an environment only enqueues. `now` comes with
 * every entry into the node; after each entry the environment reads node_deadline() and wakes the node then.
 *
 * The same object files run under a virtual clock, under a recording test environment, and under a real
 * clock.
 */
#ifndef MIP6SIM_MODELS_ENVIRONMENT_H
#define MIP6SIM_MODELS_ENVIRONMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/packet.h"
#include "models/base/time.h"
#include "models/ipv6/address.h"

/*
 * What random octets are for. In a simulation each (node, purpose) is a stream of its own, so that a draw for
 * one purpose moves no draw for another. New purposes go to the end.
 */
enum random_purpose {
    RANDOM_NODE_KEY,            /* Kcn (RFC 6275, 5.2.1) */
    RANDOM_NONCE,               /* 5.2.2 */
    RANDOM_COOKIE,              /* 5.2.3 */
    RANDOM_SEQUENCE,            /* first sequence numbers, identifiers */
    RANDOM_ROUTER_ADVERTISEMENT,/* intervals and reply delays (RFC 4861, 6.2.4, 6.2.6) */
    RANDOM_NEIGHBOR_DISCOVERY,  /* reachable times, solicitation delays */
    RANDOM_DUPLICATE_DETECTION, /* delay before the first probe (RFC 4862, 5.4.2) */
    RANDOM_RETRANSMISSION,
    RANDOM_TRAFFIC,
    RANDOM_IPSEC,               /* initialization vectors */
    RANDOM_ATTACK,
    RANDOM_HOME_AGENT_DISCOVERY,/* identifiers, the order among equals (RFC 6275, 10.5.1) */
    RANDOM_PREFIX_DISCOVERY,    /* identifiers, RAND_ADV_DELAY (RFC 6275, 10.6.2) */
    RANDOM_PURPOSES
};

/* How an application's packet travelled, as far as one end can tell. */
enum packet_path {
    PATH_DIRECT,          /* plain: no tunnel, no mobility header */
    PATH_TUNNELLED,       /* through the tunnel between mobile node and home agent */
    PATH_ROUTE_OPTIMIZED, /* Home Address option and/or type 2 routing header */
};

/*
 * Why a packet was discarded: each name tells the rule that was broken. X(name, text for people and CSV
 * files).
 */
#define DISCARD_REASONS(X)                                                                      \
    X(NONE, "")                                                                                 \
    /* frames and IPv6 */                                                                       \
    X(FRAME_TOO_SHORT, "frame shorter than its header")                                         \
    X(FRAME_NOT_FOR_US, "frame for another station")                                            \
    X(FRAME_TYPE, "frame is not IPv6")                                                          \
    X(INTERFACE_DOWN, "interface is down")                                                      \
    X(HEADER_TRUNCATED, "header truncated")                                                     \
    X(VERSION, "IP version is not 6")                                                           \
    X(LENGTH, "payload length exceeds the packet")                                              \
    X(SOURCE_ADDRESS, "source address must not be used")                                        \
    X(DESTINATION_ADDRESS, "destination address must not be used")                              \
    X(NOT_OURS, "not addressed to this node")                                                   \
    X(HOP_LIMIT, "hop limit exceeded")                                                          \
    X(NO_ROUTE, "no route to the destination")                                                  \
    X(TOO_BIG, "larger than the link's MTU")                                                    \
    X(ADDRESS_UNREACHABLE, "neighbor did not answer address resolution")                        \
    X(RESOLUTION_QUEUE, "address resolution queue full")                                        \
    X(SCOPE, "link-local packet must not be forwarded")                                         \
    X(INGRESS_FILTER, "source address is foreign to the link it came from")                     \
    X(NO_ADDRESS, "no usable source address")                                                   \
    X(NEXT_HEADER, "unrecognized next header")                                                  \
    X(OPTION, "unrecognized option")                                                            \
    X(EXTENSION_HEADER, "malformed extension header")                                           \
    X(ROUTING_TYPE, "routing header type not supported")                                        \
    X(FRAGMENT, "malformed or overlapping fragment")                                            \
    X(REASSEMBLY_TIMEOUT, "fragments missing")                                                  \
    X(CHECKSUM, "bad checksum")                                                                 \
    X(PORT_UNREACHABLE, "no application on this port")                                          \
    X(ICMPV6, "malformed or unexpected ICMPv6 message")                                         \
    X(RATE_LIMIT, "rate limit")                                                                 \
    X(NEIGHBOR_DISCOVERY, "Neighbor Discovery message fails its validity check")                \
    X(DUPLICATE_ADDRESS, "address is a duplicate")                                              \
    /* tunnels */                                                                               \
    X(TUNNEL_SOURCE, "tunnelled packet from an address other than the registered one")          \
    X(TUNNEL_LIMIT, "too many nested tunnels")                                                  \
    /* IPsec */                                                                                 \
    X(IPSEC_NO_SA, "no security association for this SPI")                                      \
    X(IPSEC_REPLAY, "ESP sequence number seen before, or too old")                              \
    X(IPSEC_INTEGRITY, "ESP integrity check failed")                                            \
    X(IPSEC_FORMAT, "ESP padding is wrong")                                                     \
    X(IPSEC_POLICY, "not protected as the IPsec policy demands")                                \
    X(IPSEC_EXHAUSTED, "ESP sequence numbers are used up")                                      \
    /* mobility */                                                                              \
    X(MOBILITY_LENGTH, "Mobility Header shorter than its type needs")                           \
    X(MOBILITY_PAYLOAD_PROTOCOL, "Mobility Header payload protocol is not 59")                  \
    X(MOBILITY_TYPE, "unknown Mobility Header type")                                            \
    X(MOBILITY_OPTION, "malformed mobility option")                                             \
    X(MOBILITY_ROLE, "this node does not take messages of this type")                           \
    X(HOME_ADDRESS_OPTION, "Home Address option without a matching binding")                    \
    X(HOME_ADDRESS_FORBIDDEN, "Home Address option not allowed here")                           \
    X(HOME_ADDRESS_NOT_ROUTABLE, "home address is not a unicast routable address")              \
    X(CARE_OF_ADDRESS, "care-of address is not a unicast routable address")                     \
    X(TYPE_2_ROUTING_HEADER, "type 2 routing header fails its checks")                          \
    X(COOKIE, "cookie does not match")                                                          \
    X(UNSOLICITED, "no matching Binding Update List entry")                                     \
    X(IDENTIFIER, "answers no request of this node")                                            \
    X(NOT_FROM_PEER, "does not come from the address it must come from")                        \
    X(NONCE_INDICES, "nonce indices missing")                                                   \
    X(AUTHORIZATION_MISSING, "no authorization data")                                           \
    X(AUTHENTICATOR, "authenticator does not verify")                                           \
    X(AUTHORIZATION_METHOD, "authorized by a method not configured for this peer")              \
    X(NONCE_EXPIRED, "nonce expired")                                                           \
    X(SEQUENCE_NUMBER, "sequence number out of window")                                         \
    X(REGISTRATION_TYPE, "registration type change")                                            \
    X(NO_BINDING, "no binding")                                                                 \
    X(BINDING_LIMIT, "binding cache full")                                                      \
    X(STATIC_KEY_EXHAUSTED, "static key's sequence numbers are used up")                        \
    X(NOT_AWAY, "mobile node is at home")                                                       \
    X(STATUS, "acknowledgement's status is an error")                                           \
    /* links */                                                                                 \
    X(LINK_LOSS, "lost on the link")                                                            \
    X(LINK_FAULT, "dropped by a fault")                                                         \
    X(LINK_QUEUE, "link queue full")                                                            \
    X(LINK_DOWN, "link is down")                                                                \
    X(NOT_ATTACHED, "station is not attached")                                                  \
    X(NODE_OFF, "node is off")                                                                  \
    X(NO_SUCH_STATION, "no station with this link-layer address")

enum discard_reason {
#define X(name, text) DISCARD_##name,
    DISCARD_REASONS(X)
#undef X
    DISCARD_REASON_COUNT
};

/* The text, for logs and files; "?" for a number out of range. */
const char *discard_reason_text(enum discard_reason reason);

/*
 * What a node reports. A report is for watching: nothing a node does depends on it.
 * X(NAME, "text").
 */
#define PROTOCOL_EVENTS(X)                                                                       \
    /* signalling: `message`, addresses, sequence, status, lifetime, octets */                   \
    X(MESSAGE_SENT, "sent")                                                                      \
    X(MESSAGE_RECEIVED, "received")         /* passed every check */                             \
    X(MESSAGE_DISCARDED, "discarded")       /* with `reason` */                                  \
    /* any other packet: `packet` */                                                             \
    X(PACKET_DISCARDED, "packet discarded") /* with `reason` */                                  \
    X(PACKET_FORWARDED, "packet forwarded")                                                      \
    X(PACKET_TUNNELLED, "packet tunnelled") /* encapsulated here, an intercepted or own packet */ \
    /* applications: flow, flow_sequence, path; octets 0: refused before there was a packet */   \
    X(APPLICATION_SENT, "application sent")                                                      \
    /* link and address configuration, on `interface` */                                         \
    X(LINK_DOWN, "link down")                                                                    \
    X(LINK_UP, "link up")                                                                        \
    X(ROUTER_ADVERTISEMENT_USED, "router advertisement used") /* the one that shows a move; its source */ \
    X(ADDRESS_TENTATIVE, "address tentative")   /* care_of_address = the address, for all three */ \
    X(ADDRESS_USABLE, "address usable")                                                          \
    X(ADDRESS_DUPLICATE, "address duplicate")                                                    \
    X(ADDRESS_REMOVED, "address removed")                                                        \
    /* a router, of another (source): `message` names what hosts are told now this way, now that */ \
    X(ADVERTISEMENTS_CONFLICT, "router advertisements conflict")                                 \
    /* mobile node */                                                                            \
    X(MOVED, "movement detected")    /* to a link whose prefix is that of care_of_address, or home */ \
    X(CARE_OF_ADDRESS_USABLE, "care-of address usable") /* primary care-of address chosen */    \
    X(RETURNED_HOME, "returned home")           /* home link detected */                         \
    X(STATE, "state")                /* of a machine: `message` names it, from, to */ \
    X(HOME_REGISTERED, "home registered")       /* accepted BA from the home agent */            \
    X(HOME_DEREGISTERED, "home deregistered")                                                    \
    X(CORRESPONDENT_REGISTERED, "correspondent registered") /* accepted BA, or none asked for */ \
    X(REGISTRATION_FAILED, "registration failed") /* until it is tried again: tunnel instead */  \
    /* home agent and correspondent node: home_address, care_of_address, sequence, lifetime */   \
    X(BINDING_CREATED, "binding created")                                                        \
    X(BINDING_UPDATED, "binding updated")                                                        \
    X(BINDING_DELETED, "binding deleted")                                                        \
    X(BINDING_EXPIRED, "binding expired")                                                        \
    /* correspondent, home_address: a new key is due (RFC 4449, 4) */                            \
    X(STATIC_KEY_WORN, "static key is nearly used up")                                           \
    /* by whoever runs the node, not by itself: its power fails, and it begins life again */     \
    X(POWER_OFF, "power off")                                                                    \
    X(POWER_ON, "power on")

enum protocol_event_kind {
#define X(name, text) EVENT_##name,
    PROTOCOL_EVENTS(X)
#undef X
    EVENT_KIND_COUNT
};

const char *protocol_event_text(enum protocol_event_kind kind);

/* Bits of environment.watch: what the environment wants reported. */
#define WATCH(kind) (UINT64_C(1) << (kind))

/*
 * Pointers are borrowed for the call; NULL or 0 where a field says nothing. Addresses are as upper layers see
 * them, except wire_*: the IPv6 header's, when they differ.
 */
struct protocol_event {
    enum protocol_event_kind kind;
    enum discard_reason reason;
    unsigned interface;
    time_ns time;
    const char *message;              /* a static string: the message's or machine's name, as in the RFC */
    const char *from, *to;            /* EVENT_STATE: static strings */
    const struct ipv6_address *source;
    const struct ipv6_address *destination;
    const struct ipv6_address *wire_source;
    const struct ipv6_address *wire_destination;
    const struct ipv6_address *home_address;
    const struct ipv6_address *care_of_address;
    const struct ipv6_address *peer;  /* mobile node: the correspondent or home agent concerned */
    const struct packet *packet;      /* IPv6 header first */
    int32_t sequence;                 /* -1: none */
    int32_t status;                   /* -1: none */
    int32_t lifetime;                 /* seconds; -1: none */
    uint32_t octets;                  /* of the IPv6 packet on the wire, its outermost header included */
    bool tunnelled;                   /* travelled, or will, in a tunnel */
    bool protected_by_esp;            /* under ESP, the message itself or in the tunnel */
    enum packet_path path;            /* EVENT_APPLICATION_SENT */
    uint32_t flow;
    uint32_t flow_sequence;
    uint32_t mark;                    /* the environment's own: the cause, as packet_mark_cause() gives it */
};

/* An application's packet that has arrived. */
struct delivery {
    time_ns time;
    time_ns sent;                     /* read from the payload */
    uint32_t flow;
    uint32_t sequence;                /* of the flow's packet */
    uint32_t octets;                  /* of application payload */
    uint8_t hop_limit;
    enum packet_path path;
    struct ipv6_address source;       /* as the upper layer sees it */
    struct ipv6_address destination;
    uint32_t mark;                    /* the environment's own: the cause, as packet_mark_cause() gives it */
};

struct environment;

struct environment_operations {
    /* Sends a frame (Ethernet II on a LAN, an IPv6 packet on a point-to-point link). Takes the packet. */
    void (*transmit)(struct environment *environment, unsigned interface, struct packet *packet);
    /* The interface shall, or shall no longer, accept frames to this Ethernet group address. Calls are
     * balanced. */
    void (*listen)(struct environment *environment, unsigned interface, const struct ethernet_address *group,
                   bool on);
    void (*random)(struct environment *environment, enum random_purpose purpose, void *octets, size_t length);
    void (*report)(struct environment *environment, const struct protocol_event *event);
    void (*deliver)(struct environment *environment, const struct delivery *delivery);
    /* The node's stable storage: survives a reboot. store_write returns only when the record is safe, 0 or an
     * error; store_read returns the record's length (at most `size` octets are copied) or ERROR_NOT_FOUND. */
    int (*store_write)(struct environment *environment, const void *key, size_t key_length, const void *value,
                       size_t length);
    int (*store_read)(struct environment *environment, const void *key, size_t key_length, void *value,
                      size_t size);
};

/* Embedded by the environment's own per-node structure. */
struct environment {
    const struct environment_operations *operations;
    struct packet_pool *packets;
    uint64_t watch;                   /* WATCH() bits; report() is called for these only */
};

static inline bool environment_watches(const struct environment *environment, enum protocol_event_kind kind)
{
    return __builtin_expect((environment->watch & WATCH(kind)) != 0, 0);
}

/* Unbiased, 0 <= result < bound; bound > 0. Draws eight octets (rejection is rarer than 2^-31). */
uint64_t environment_random_below(struct environment *environment, enum random_purpose purpose,
                                  uint64_t bound);
/* Uniform in [least, most], both included. */
time_ns environment_random_time(struct environment *environment, enum random_purpose purpose, time_ns least,
                                time_ns most);

#endif
