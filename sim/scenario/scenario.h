/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario.h - a scenario as plain data: what a file says, checked, with names resolved and addresses
 * assigned.
 *
 * The way of a scenario:
 *
 *     scenario_source_read    files, --set -> struct scenario_source: sections, keys, lines; nothing judged
 *     scenario_build          source, settings of a point of the sweep -> struct scenario: judged, resolved
 *     scenario_read           both, and every point tried, so that nothing is run if anything is wrong
 *
 * A source is read once and never changes, so the points of a sweep are built from it in any order and by any
 * thread, each in well under a millisecond. All mistakes are collected (struct scenario_messages), never only
 * the first.
 *
 * Groups: a section with `count = N` is one record here, and stands for nodes numbered 0..N-1 that differ in
 * name (`mn-1`..`mn-N`; plain `mn` when N is 1) and in address (consecutive) only. Where two groups meet (a
 * point-to-point link, peers, a flow) they have the same count and meet pairwise, or one of them has one
 * member and meets each of the other's.
 *
 * Addresses, where the file gives none:
 *   - nodes on a LAN get prefix::1, prefix::2, ... in order of appearance in the file; mobile nodes' home
 *     addresses are home prefix::1:0:1, ::1:0:2, ...; addresses that the file gives to somebody are skipped;
 *   - a point-to-point link gets the next /64 of 2001:db8:f000::/36 that nobody else uses, one for each link
 *     of a group; its first end is ::1, the second ::2 (::0 and ::1 of a /127).
 *
 * Everything below is const after scenario_build and owned by the scenario; strings live as long as it does.
 * Times and durations are nanoseconds of virtual time. Indices are into the arrays of struct scenario.
 */
#ifndef MIP6SIM_SIM_SCENARIO_SCENARIO_H
#define MIP6SIM_SIM_SCENARIO_SCENARIO_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "models/attack/attacker.h"
#include "models/base/time.h"
#include "models/ipsec/policy.h"
#include "models/ipsec/security_association.h"
#include "models/ipv6/address.h"
#include "models/ipv6/node.h"
#include "models/mobility/authorization.h"
#include "models/mobility/correspondent_node.h"
#include "models/mobility/home_agent.h"
#include "models/mobility/mobile_node.h"
#include "models/traffic/flow.h"
#include "sim/engine/distribution.h"
#include "sim/engine/loss_model.h"
#include "sim/scenario/message.h"

#define SCENARIO_NONE      UINT32_MAX /* no such index */
#define SCENARIO_COUNT_MAX 1000000

/* Where something is written. line 0: on the command line (file "--set"), or nowhere (file NULL: a
 * default). */
struct scenario_place {
    const char *file;
    unsigned line;
    unsigned order; /* of files and lines as they were read: what messages are sorted by */
};

/* On the plane, in micrometres. */
struct scenario_point {
    int64_t x, y;
};

enum scenario_link_kind {
    SCENARIO_LAN,
    SCENARIO_ACCESS_LAN,
    SCENARIO_POINT_TO_POINT,
};

/* With this probability a packet takes so much longer. */
struct scenario_chance {
    double probability;               /* 0: never */
    const struct distribution *delay; /* NULL: never */
};

struct scenario_reordering {
    bool overtake;               /* packets may overtake each other when delays vary */
    struct scenario_chance late; /* all others overtake such a packet */
};

/* One direction of a link. A distribution that is not constant is drawn from for each packet. */
struct scenario_direction {
    uint64_t rate;                     /* bit/s; 0: infinite */
    const struct distribution *delay;  /* propagation */
    const struct distribution *jitter; /* added to the delay; NULL: none */
    struct loss_model loss;
    struct scenario_reordering reordering;
    struct scenario_chance spikes; /* of the delay */
    double duplication;            /* probability that a packet arrives twice */
    uint32_t queue_limit;          /* packets waiting for the transmitter; 0: no limit */
};

/* What a LAN's routers advertise there (models/ipv6/router_advertisement.h has the meaning of each). */
struct scenario_advertisements {
    bool enabled;
    bool interval_option; /* RFC 6275, 7.3 */
    bool unicast_reply;
    /* when a router begins to advertise: its phase, drawn once per router and run */
    const struct distribution *start;
    time_ns min_interval, max_interval;
    time_ns min_delay_between;
    time_ns max_reply_delay;
    uint16_t router_lifetime;       /* seconds */
    uint32_t prefix_valid_lifetime; /* seconds, 0xffffffff: for ever */
    uint32_t prefix_preferred_lifetime;
    uint8_t hop_limit;          /* 0: unspecified */
    uint32_t reachable_time_ms; /* 0: unspecified */
    uint32_t retransmission_ms; /* 0: unspecified */
    uint32_t mtu;               /* of the option; 0: none */
    bool managed, other;        /* M and O bits */
    bool on_link, autonomous;   /* L and A bits of the LAN's prefix */
    /* Else the lifetime and the gap follow the interval: scenario_advertisements_settle(). */
    bool lifetime_given, gap_given;
};

struct scenario_link {
    enum scenario_link_kind kind;
    const char *name;
    struct scenario_place place;
    /* 1, or of the point-to-point links that join a group's nodes to another */
    uint32_t count;
    struct ipv6_address prefix; /* of the first link; link n of a group: scenario_link_prefix() */
    uint8_t prefix_length;      /* 64 on a LAN, 64..127 on a point-to-point link (64 if count > 1) */
    /* of a path across this link: routes take the least sum; default 1 */
    uint32_t metric;
    uint16_t mtu;
    /* point-to-point: from end 0 to end 1; LAN: from every station to every other */
    struct scenario_direction forward;
    struct scenario_direction backward; /* point-to-point: from end 1 to end 0; LAN: same as forward */
    uint32_t ends[2];                   /* point-to-point: the nodes, as written; LAN: SCENARIO_NONE */
    /* link-layer handover to this access LAN; LAN: constant 0; else NULL */
    const struct distribution *handover_delay;
    struct scenario_advertisements advertisements; /* LANs */
    bool has_position;                             /* LANs: it is a cell */
    struct scenario_point position;
    int64_t range; /* of the cell, micrometres */
    bool capture;  /* [output] captures names it */
};

enum scenario_node_kind {
    SCENARIO_ROUTER,
    SCENARIO_HOST, /* plain IPv6, knows nothing of mobility */
    /* forwards (is a router) if it has more than one interface, or says so */
    SCENARIO_HOME_AGENT,
    SCENARIO_CORRESPONDENT_NODE,
    SCENARIO_MOBILE_NODE,
    SCENARIO_ATTACKER, /* a host that hears everything on its LANs and taps */
};

/*
 * Interfaces of a node, in the order in which to make them. Each entry is one interface of each node of the
 * group; only where a single node has a point-to-point link to each node of a group, it has `count` of them,
 * in the order of the links.
 */
struct scenario_interface {
    uint32_t link;
    uint32_t count;
    uint8_t end; /* point-to-point: which end this node is */
    uint8_t prefix_length;
    struct ipv6_address address; /* of the first; the others': scenario_interface_address() */
};

enum scenario_encryption {
    SCENARIO_AES_CBC, /* with 128 bits of key */
    SCENARIO_AES_CBC_256,
    SCENARIO_3DES_CBC,
    SCENARIO_NULL_ENCRYPTION,
};

/* Between a mobile node and its home agent. */
struct scenario_ipsec {
    bool enabled;
    bool payload;                  /* protect all that is tunnelled, not only the home tests */
    uint8_t encryption;            /* enum scenario_encryption */
    uint8_t integrity;             /* enum esp_integrity */
    uint8_t encryption_key_length; /* 0: not given, to be drawn, for each association its own */
    uint8_t integrity_key_length;
    uint8_t encryption_key[ESP_ENCRYPTION_KEY_MAX];
    uint8_t integrity_key[ESP_INTEGRITY_KEY_MAX];
};

/* By how many parts in 10^9 a clock is fast (slow: negative): uniform between the two, each node its own. */
struct scenario_clock_drift {
    int32_t least, most;
};

/* One node or a whole group, as a reference names it. */
struct scenario_reference {
    uint32_t node;
    uint32_t first; /* number within the group */
    uint32_t count;
    uint32_t home; /* mobile node: number of the home address that is named; 0: the node itself is */
};

/* Keys of others that an attacker has been given. */
struct scenario_known_key {
    struct scenario_reference mobile_node,
        correspondent; /* every pair of them has the static key of [peers] */
};

struct scenario_knowledge {
    uint32_t key_count;
    uint32_t association_count;
    struct scenario_known_key *keys;
    struct scenario_reference *associations; /* mobile nodes, with their home agents */
};

struct scenario_node {
    enum scenario_node_kind kind;
    const char *name;
    struct scenario_place place;
    uint32_t count;
    uint32_t first;           /* running number of the group's first node; the others follow */
    uint32_t interface_count; /* entries */
    /* LANs as `attached` lists them, then point-to-point links in file order. A mobile node has one, to move
     * with: entry 0 is its start link, address unused. */
    struct scenario_interface *interfaces;
    /* forwarding included: true for routers, and home agents that are routers */
    struct node_configuration ipv6;
    struct scenario_clock_drift clock_drift;
    bool external;            /* somebody outside plays it: here it is dark, and on no link */
    uint32_t mac_count;       /* of interfaces whose Ethernet address is given; the first of a group's */
    struct ethernet_address *macs;

    /* home agent: the LAN it serves; mobile node: its home link; else SCENARIO_NONE */
    uint32_t home_link;
    /* home agent: its address on home_link; mobile node: its home agent's, unspecified if it is to find it */
    struct ipv6_address home_agent_address;
    struct home_agent_configuration home_agent;
    uint16_t home_agent_lifetime; /* that it advertises, seconds; 0: the routers' on its home link */
    bool home_agent_bit;          /* the H bit of its advertisements, and Home Agent Information */
    bool router_address_bit;      /* the R bit of the prefixes in them */

    /* mobile node: somewhere it is on two links at a time, and has two interfaces for that */
    bool overlaps;
    /* has a Mobility Header at all: call mobility_enable() with `correspondent` */
    bool mobility;
    struct correspondent_node_configuration correspondent;

    /* mobile node; SCENARIO_NONE: it finds its home agent, any on its home link, by itself */
    uint32_t home_agent_node;
    uint32_t start_link;              /* SCENARIO_NONE: starts detached */
    struct ipv6_address home_address; /* of the first; the others': scenario_home_address() */
    uint32_t home_count;              /* mobile node: home addresses, this one and further ones */
    /* default_policy.method and .static_key are left NULL: return routability is meant */
    struct mobile_node_configuration mobile;
    struct scenario_ipsec ipsec;

    /* attacker */
    uint32_t tap_count;
    uint32_t *taps; /* point-to-point links of one member */
    struct scenario_knowledge knowledge;
};

/* [home-address NAME]: one more home address of a mobile node, or of each of a group. scenario_home() tells
 * of the node's own in the same form. */
struct scenario_home {
    const char *name;
    struct scenario_place place;
    uint32_t node;      /* SCENARIO_NONE: could not be made out */
    uint32_t number;    /* of the node's home addresses: 0 is the node's own, then as written */
    uint32_t home_link; /* SCENARIO_NONE, as the next: as of a node */
    uint32_t home_agent_node;
    struct ipv6_address home_agent_address;
    struct ipv6_address home_address; /* of the group's first node: scenario_home_member() */
};

enum scenario_authorization {
    SCENARIO_RETURN_ROUTABILITY,
    SCENARIO_STATIC_KEY,
};

/* [peers A B]: how mobile node A deals with B. If B is a mobile node as well it takes a section [peers B A]
 * of its own. Where A names the node, all its home addresses are meant but those that have a section of their
 * own: scenario_peers_concern(). */
struct scenario_peers {
    struct scenario_place place;
    struct scenario_reference mobile_node;
    struct scenario_reference correspondent;
    uint32_t pairs; /* scenario_pair() */
    enum scenario_authorization authorization;
    struct correspondent_policy policy; /* method and static_key left NULL */
    /* Static key. kcn_length 0: not given, to be generated for each pair (20 octets); so the nonces (8
     * octets). */
    struct static_key key;
};

struct scenario_flow {
    const char *name;
    struct scenario_place place;
    struct scenario_reference from, to;
    uint32_t pairs; /* one flow for each */
    uint32_t first; /* running number of the first pair's flow: flow_source.flow */
    struct flow_configuration configuration;
    const struct distribution *start; /* drawn once for each pair's flow */
    time_ns stop;                     /* TIME_NEVER: goes on to the end */
};

/* Flows by their running numbers: of all pairs, or of one. */
struct scenario_flow_range {
    uint32_t first, count;
};

/* An address that an attack is about: whose it is, or how to find it. */
struct scenario_attack_address {
    enum {
        SCENARIO_ADDRESS_NONE,
        SCENARIO_ADDRESS_OWN,  /* the attacker's, on `link` or its first */
        SCENARIO_ADDRESS_NODE, /* of the pair's member of `node` */
        SCENARIO_ADDRESS_GIVEN,
        SCENARIO_ADDRESS_HEARD,
        SCENARIO_ADDRESS_RANDOM,
        SCENARIO_ADDRESS_EACH,
    } kind;
    uint32_t link; /* SCENARIO_NONE: any */
    struct scenario_reference node;
    struct ipv6_address address; /* or prefix */
    uint8_t prefix_length;
};

/*
 * [attack NAME]: for each pair of attacker and target. Attack `first` + pair has the mark of that number plus
 * 1 (packet.h). In `configuration` addresses, keys, place and mark are left to whoever knows the pair
 * (sim/network/attackers.c).
 */
struct scenario_attack {
    const char *name;
    const char *title;
    struct scenario_place place;
    struct scenario_reference attacker, target;
    struct scenario_reference victim; /* node SCENARIO_NONE: nobody in particular */
    uint32_t pairs;
    uint32_t first;
    uint32_t send_on; /* link; SCENARIO_NONE: as routes say */
    struct scenario_attack_address source, to, home_address, care_of_address, routing_header, from;
    struct scenario_reference protect; /* mobile node; SCENARIO_NONE: no ESP */
    const char *sequence, *which;      /* as written; `configuration` has what they mean */
    struct attack_configuration configuration;
};

enum scenario_verb {
    /* mobile node, to a LAN: detach, the LAN's handover delay, link up */
    SCENARIO_ATTACH,
    SCENARIO_DETACH, /* mobile node */
    /* attacker: on one of its LANs, or off it */
    SCENARIO_PLUG_IN,
    SCENARIO_PULL_OUT,
    /* a link loses every packet, and a point-to-point link's ends see it go down */
    SCENARIO_LINK_DOWN,
    SCENARIO_LINK_UP,
    /* any other node: all its interfaces go down, and up again */
    SCENARIO_NODE_DOWN,
    SCENARIO_NODE_UP,
    /* any node: its power fails, it loses all that is not in stable storage, and begins life again */
    SCENARIO_REBOOT,
    /* a mobile node and a correspondent that have a static key get a new one */
    SCENARIO_REKEY,
    /* a LAN's routers and home agents take up a prefix, or advertise it with other lifetimes; or take back
     * that it is preferred, and let it run out */
    SCENARIO_PREFIX,
    SCENARIO_DEPRECATE,
    /* a LAN's prefix is advertised no more, without a word */
    SCENARIO_WITHDRAW,
    /* a link's delay, rate, loss, what its routers advertise, ... */
    SCENARIO_CHANGE,
    /* what nodes are configured to do; and mobile nodes' policies for correspondents */
    SCENARIO_CONFIGURE,
    SCENARIO_POLICY,
    /* a stationary node's addresses and static routes */
    SCENARIO_ADD_ADDRESS,
    SCENARIO_REMOVE_ADDRESS,
    SCENARIO_ADD_ROUTE,
    SCENARIO_REMOVE_ROUTE,
    /* the security associations of mobile nodes with their home agents: other ones; none; those of before */
    SCENARIO_IPSEC_REKEY,
    SCENARIO_IPSEC_OFF,
    SCENARIO_IPSEC_ON,
    /* faults: one is switched off, or on again; all of a link end */
    SCENARIO_FAULT_OFF,
    SCENARIO_FAULT_ON,
    SCENARIO_MEND,
    /* a router advertises no more: it falls silent, or tells so first (RFC 4861, 6.2.5); or does again */
    SCENARIO_SILENT,
    SCENARIO_CEASE,
    SCENARIO_ADVERTISE,
};

/* What becomes of one parameter: these octets of struct scenario_link, scenario_node or scenario_peers. */
struct scenario_change {
    const void *value;
    size_t offset, size;
    bool both_directions; /* a link's: offset is of `forward`; the same in `backward` */
};

/* Of new security associations: what is given of them. */
struct scenario_esp {
    bool has_encryption, has_integrity; /* else the algorithms are the scenario's */
    uint8_t encryption;                 /* enum scenario_encryption */
    uint8_t integrity;                  /* enum esp_integrity */
    uint8_t uses;                       /* bits by enum association_use: those that are new */
    struct scenario_esp_association {
        uint32_t spi;                  /* 0: any that nobody has had */
        uint8_t encryption_key_length; /* 0: to be drawn */
        uint8_t integrity_key_length;
        uint8_t encryption_key[ESP_ENCRYPTION_KEY_MAX];
        uint8_t integrity_key[ESP_INTEGRITY_KEY_MAX];
    } each[ASSOCIATION_USES];
};

/* One line of an [at] section at one time: a repeated section gives one record for each time. */
struct scenario_action {
    struct scenario_place place;
    time_ns time;
    const struct distribution *spread; /* added to time, drawn once for each node and action; NULL: none */
    time_ns keep; /* attach: stay on the old link for so long, once on the new; 0: leave first */
    enum scenario_verb verb;
    struct scenario_reference who;  /* attach, detach; a node's down, up, reboot */
    /* attach: where to; a link's down, up: which (every link of its group); address, route: the interface */
    uint32_t link;
    struct ipv6_address prefix;     /* prefix, deprecate, withdraw: of 64 bits; a route's; an address */
    uint8_t prefix_length;          /* a route's, an address's */
    struct ipv6_address next_hop;   /* a route's; unspecified: it is on-link */
    time_ns off;                    /* reboot: so long without power */
    bool without_storage;           /* reboot: stable storage is lost too */
    struct scenario_reference whom; /* rekey: the correspondents; `who` are mobile nodes */
    const struct static_key *key;   /* rekey: what is given of it, as in scenario_peers */
    uint32_t valid_lifetime;        /* seconds, 0xffffffff: for ever */
    uint32_t preferred_lifetime;    /* prefix */
    bool has_valid_lifetime;        /* deprecate: else the present one */
    bool on_link, autonomous;       /* prefix */
    struct scenario_change change;  /* change, configure, policy */
    const struct scenario_esp *esp; /* ipsec rekey */
    uint32_t fault;                 /* a fault's off and on: its number */
    time_ns lasts; /* a link's down or change: for so long, then as it was before; TIME_NEVER: from then on */
};

enum scenario_movement_model {
    SCENARIO_RESIDENCE, /* from link to link, staying a while on each */
    SCENARIO_TRACE,     /* as a file says */
    /* over cells, from a random point of an area straight to another, or to and fro on a road */
    SCENARIO_RANDOM_WAYPOINT,
    SCENARIO_ROAD,
};

enum scenario_road_end {
    SCENARIO_ROAD_STOP,   /* stay there */
    SCENARIO_ROAD_RETURN, /* go back, and come again */
    SCENARIO_ROAD_WRAP,   /* begin anew: as if the next car came */
};

enum scenario_movement_order {
    SCENARIO_CYCLE,     /* a b c a b c ... */
    SCENARIO_PING_PONG, /* a b c b a b ... */
    SCENARIO_RANDOM,    /* any but the present one */
};

/* One line of a trace. */
struct scenario_trace_move {
    time_ns time;
    uint32_t first, count; /* members of the movement's node */
    uint32_t link;         /* SCENARIO_NONE: on none */
};

/* [movement NODE]: how mobile nodes move by themselves. Nothing of it is drawn up beforehand: a move is found
 * when the one before it has been made (sim/network/movement.h). */
struct scenario_movement {
    struct scenario_place place;
    struct scenario_reference who;
    uint8_t model;                     /* enum scenario_movement_model */
    time_ns start;                     /* the first member's way begins; trace: added to every time */
    time_ns stop;                      /* no move at or after it; TIME_NEVER: goes on to the end */
    time_ns keep;                      /* stay on the old link for so long, once on the new; 0: leave first */
    time_ns wave;                      /* each member is so much later than the one before */
    const struct distribution *spread; /* and by this, drawn once for each */
    bool together;                     /* all members draw the first one's numbers */

    /* residence */
    const struct distribution *residence;
    uint8_t order; /* enum scenario_movement_order */
    uint32_t stop_count;
    uint32_t *stops;   /* links; SCENARIO_NONE: on none */
    uint32_t *weights; /* SCENARIO_RANDOM; their sum is less than 2^32 */

    /* trace, by time */
    uint32_t move_count;
    struct scenario_trace_move *moves;

    /* random waypoint, road */
    const struct distribution *speed; /* of each leg, micrometres an hour */
    int64_t hysteresis;               /* micrometres */
    struct scenario_point area[2];    /* random waypoint: lower left, upper right */
    const struct distribution *pause; /* random waypoint: at each waypoint */
    struct scenario_point from, to;   /* road */
    uint8_t at_end;                   /* enum scenario_road_end */
};

enum scenario_fault_action {
    SCENARIO_DROP,
    SCENARIO_DUPLICATE,
    SCENARIO_CORRUPT, /* the last bit of the packet is another */
    SCENARIO_DELAY,   /* it comes so much later; others overtake it */
    SCENARIO_HOLD,    /* it does not come before an instant */
};

/* [fault NAME], or a line of the timeline: what happens to chosen packets. */
struct scenario_fault {
    const char *name; /* of the timeline's: its section */
    struct scenario_place place;
    enum scenario_fault_action action;
    const struct distribution *delay; /* delay */
    time_ns until;                    /* hold */
    uint32_t messages;                /* MESSAGE_BIT() of each (message_kind.h) */
    const uint32_t *flows;            /* and datagrams of these */
    uint32_t flow_count;
    /* Of those that match, counted from 1 in each run: each `every`-th from the first to the last. */
    uint32_t first, last, every;
    uint32_t link;                      /* where they cross it; SCENARIO_NONE: where they begin their way */
    struct scenario_reference from, to; /* whose they are, and for whom; SCENARIO_NONE: anybody */
    time_ns start, end;                 /* at or after, before */
    double probability;
};

/* A key and its value, replacing what the file says. */
struct scenario_setting {
    const char *section;
    const char *key;
    const char *value;
};

/* One line of [sweep]; or one of the keys of a line that sets several at once. */
struct scenario_axis {
    struct scenario_place place;
    bool zipped; /* goes along with the axis before it, and has as many values */
    const char *section;
    const char *key;
    uint32_t value_count;
    const char *const *values;
};

/* A comparison of "except": a point is left out where all of an alternative hold. */
struct scenario_exception {
    struct scenario_place place;
    bool alternative; /* a new one begins: "or" */
    uint32_t axis;    /* index; SCENARIO_NONE: the key is the same at all points, which --set has seen to */
    uint32_t other;   /* of the axis that it is compared with; SCENARIO_NONE: a value */
    const bool
        *holds; /* for each value of the axis; of two, value * the other's value_count + other's value */
};

struct scenario_expectation; /* expectation.h */

/* A line of [verify]. */
struct scenario_tolerance {
    const char *column; /* of handovers.csv or flows.csv */
    double by;          /* seconds, or a number */
};

struct scenario {
    const char *title;
    const char *path;      /* the file named to scenario_source_read */
    const char *directory; /* its directory: other files are relative to it */
    time_ns duration;
    time_ns warm_up; /* datagrams sent before it are not counted for their flows */
    uint64_t seed;
    uint32_t replications;

    uint32_t link_count, node_count, peers_count, flow_count, fault_count, action_count, axis_count;
    uint32_t movement_count, attack_count, home_count;
    struct scenario_link *links; /* in file order, as all of these */
    struct scenario_node *nodes;
    struct scenario_home *homes; /* further home addresses */
    struct scenario_peers *peers;
    struct scenario_flow *flows;
    struct scenario_fault *faults;
    struct scenario_movement *movements;
    struct scenario_attack *attacks;
    struct scenario_action *actions; /* by time, then as written */
    struct scenario_axis *axes;
    struct scenario_exception *exceptions; /* combinations of the axes that are no points */
    uint32_t exception_count;
    const uint32_t *points; /* which combinations are; NULL: all, or it was built as one of them */
    uint32_t point_count;   /* of those */
    struct scenario_expectation *expectations; /* all that the file has, in force at this point or not */
    uint32_t expectation_count;
    struct scenario_tolerance *tolerances;
    uint32_t tolerance_count;
    uint32_t node_total; /* nodes, all groups counted */
    uint32_t link_total;
    uint32_t flow_total;
    uint32_t attack_total; /* all pairs counted */
    bool capture_all;
    const struct scenario_flow_range
        *packet_flows; /* [output] packets: what becomes of each of their packets */
    uint32_t packet_flow_count;

    struct scenario_storage *storage; /* private: what the pointers above point at */
};

/* -- reading -- */

struct scenario_source;

/*
 * Reads the file, those it extends, and the texts of --set ('section / key = value'; NULL-terminated or
 * NULL). NULL when nothing can be read at all; otherwise a source, though messages may have been added. Free
 * with scenario_source_free.
 */
struct scenario_source *scenario_source_read(const char *path, const char *const *set,
                                             struct scenario_messages *messages);
/* The same from text in memory, for tests: `path` is what messages say, and its directory where files are
 * looked for. */
struct scenario_source *scenario_source_read_text(const char *path, const char *text, size_t length,
                                                  const char *const *set, struct scenario_messages *messages);
void scenario_source_free(struct scenario_source *source);
/* SHA-256, in hexadecimal, of what the files and --set say together; neither comments nor the order of keys
 * matter, nor how many replications are asked for, nor what is said about the results: title, [expect],
 * [verify]. Free with g_free. */
char *scenario_source_digest(const struct scenario_source *source);

/*
 * Judges and resolves the source with these settings on top (those of one point; NULL, 0: none). NULL if
 * anything is wrong (an error was added to messages). Free with scenario_free. The source must outlive the
 * scenario.
 */
struct scenario *scenario_build(const struct scenario_source *source, const struct scenario_setting *settings,
                                unsigned setting_count, struct scenario_messages *messages);
/* The same of a point of `swept`, whose axes it shares: it is freed before that one. settings: one for each
 * axis. */
struct scenario *scenario_build_point(const struct scenario_source *source, const struct scenario *swept,
                                      const struct scenario_setting *settings,
                                      struct scenario_messages *messages);
void scenario_free(struct scenario *scenario);

/*
 * All of it. The scenario is the sweep's first point (the only one, where there is no sweep); every point has
 * been tried (of more than 4096 points, each value of each axis, 4096 at most). NULL if anything is wrong:
 * then *source is NULL too. The caller frees both, scenario first.
 */
struct scenario *scenario_read(const char *path, const char *const *set, struct scenario_source **source,
                               struct scenario_messages *messages);

/* -- changes -- */

/* The change is laid over the link, and what follows from it as well. */
void scenario_link_change(struct scenario_link *link, const struct scenario_change *change);
/* Is it about what is advertised? */
bool scenario_change_is_of_advertisements(const struct scenario_change *change);
/* Indices of security associations that a scenario may give: the others are for those that are numbered by
 * the program, at the start and later. */
#define SCENARIO_SPI_SMALL_MOST 0xfffu
#define SCENARIO_SPI_LARGE      0x10000000u
#define SCENARIO_SPI_LARGE_MOST 0x7fffffffu

/* The octets of an encryption key under this enum scenario_encryption. */
unsigned scenario_encryption_key_length(unsigned encryption);

/* -- advertisements -- */

/* What is not given of them becomes what follows from the rest. */
void scenario_advertisements_settle(struct scenario_advertisements *advertisements);
/* The key that does not agree with the others, and why (g_free); NULL: none. */
const char *scenario_advertisements_judge(const struct scenario_advertisements *advertisements,
                                          char **complaint);

/* -- the sweep -- */

/* The number of points of a scenario that was read, or built without settings: the product of the axes' value
 * counts, 1 without axes, less what the sweep leaves out; at most 10^6. */
uint32_t scenario_point_count(const struct scenario *scenario);
/* The settings of a point, axis_count of them. The last axis varies fastest. */
void scenario_point(const struct scenario *scenario, uint32_t point, struct scenario_setting *settings);

/* -- groups -- */

/* "mn" or "mn-3" for number 2 of a group. Free with g_free. */
char *scenario_node_name(const struct scenario_node *node, uint32_t number);
char *scenario_link_name(const struct scenario_link *link, uint32_t number);

/* The members that pair `pair` (0 <= pair < pairs) joins: numbers within their groups. */
void scenario_pair(const struct scenario_reference *a, const struct scenario_reference *b, uint32_t pair,
                   uint32_t *number_a, uint32_t *number_b);
/* The pairs that a member of `end` takes part in, the other end being `other`: *count from *first on. False:
 * none. */
bool scenario_pairs_of(const struct scenario_reference *end, const struct scenario_reference *other,
                       uint32_t member, uint32_t *first, uint32_t *count);
/* The peers section, and its pair, that are about these two members, and the home addresses that the
 * references name; false: none is. */
bool scenario_find_pair(const struct scenario *scenario, const struct scenario_reference *mobile_node,
                        uint32_t a, const struct scenario_reference *correspondent, uint32_t b,
                        uint32_t *section, uint32_t *pair);

struct ipv6_address scenario_link_prefix(const struct scenario_link *link, uint32_t number);
/* number: the node's within its group on a LAN, the link's within its group on a point-to-point link. */
struct ipv6_address scenario_interface_address(const struct scenario *scenario,
                                               const struct scenario_interface *interface, uint32_t number);
struct ipv6_address scenario_home_address(const struct scenario_node *node, uint32_t number);
/* Home address `home` of a mobile node (0 <= home < home_count), in one form for the first and the others;
 * and that address of a member of the group. */
struct scenario_home scenario_home(const struct scenario *scenario, const struct scenario_node *node,
                                   uint32_t home);
struct ipv6_address scenario_home_member(const struct scenario_home *home, uint32_t number);
/* The address by which others know the node: a mobile node's home address, the first if it has several, else
 * that of its first interface; an attacker that has none, but taps: unspecified. And the one that a reference
 * to it means. */
struct ipv6_address scenario_node_address(const struct scenario *scenario, const struct scenario_node *node,
                                          uint32_t number);
struct ipv6_address scenario_reference_address(const struct scenario *scenario,
                                               const struct scenario_reference *reference, uint32_t number);

/* Are these two numbers one of the section's pairs? */
bool scenario_peers_have(const struct scenario_peers *peers, uint32_t mobile_node, uint32_t correspondent);
/* Is it this section that tells how the mobile node's member `a` deals with member `b` of the correspondent,
 * in what concerns that home address? The two are one of its pairs. */
bool scenario_peers_concern(const struct scenario *scenario, const struct scenario_peers *peers,
                            uint32_t home, uint32_t a, uint32_t b);

/* The link-layer address of an interface of the group's member, whose running number is `index`: the one that
 * the file gives, else one that is locally administered: 02 (06, 0a, 0e if the file gives that to another),
 * then the interface in 16 bits and the node in 24. */
struct ethernet_address scenario_ethernet_address(const struct scenario *scenario,
                                                  const struct scenario_node *node, uint32_t index,
                                                  uint32_t member, unsigned interface);

/* -- telling -- */

/* Appends a JSON object: every section with every key, defaults included, as they are in force, and the
 * addresses assigned. */
void scenario_to_json(const struct scenario *scenario, GString *json);
/* Appends who is where and what happens, for people; and the topology in Graphviz's language. */
void scenario_describe_text(const struct scenario *scenario, GString *text);
void scenario_describe_graph(const struct scenario *scenario, GString *dot);

#endif
