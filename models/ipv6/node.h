/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.h - an IPv6 node: host or router, with interfaces, and the seam where mobility is attached.
 *
 * A node is one flat structure that the environment owns. It is fed by the entries at the end of this file
 * and acts through node->environment. What mobility adds (RFC 6275) hangs on `extension`, one constant table
 * of hooks shared by all nodes of a kind, and `mobility`, that node's own mobility state; a plain host has
 * neither.
 *
 * Size matters (a run may hold a million nodes): what many nodes share is behind const pointers, what few
 * nodes need is allocated when needed.
 */
#ifndef MIP6SIM_MODELS_IPV6_NODE_H
#define MIP6SIM_MODELS_IPV6_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/packet.h"
#include "models/base/timer.h"
#include "models/environment.h"
#include "models/ipv6/address.h"
#include "models/unsafe.h"

struct address_table;       /* address_table.h: every unicast address and joined group of the node, hashed */
struct default_router;      /* router_discovery.h */
struct fragment_reassembly; /* fragment.h */
struct inbound;             /* ipv6.h */
struct ipsec;               /* models/ipsec/ipsec.h */
struct mobility;            /* models/mobility/mobility.h */
struct neighbor;            /* neighbor_discovery.h */
struct node;
struct outbound;            /* ipv6.h */
struct router_advertiser;   /* router_advertisement.h */
struct routing_table;       /* routing_table.h */
struct udp_ports;           /* udp.h */
struct loopback;            /* loopback.h */
struct path_mtu;            /* path_mtu.h */

/* What the operator of a node decides; shared between nodes, constant while they live. */
struct node_configuration {
    bool forwarding;                       /* router */
    bool optimistic_duplicate_detection;   /* RFC 4429 */
    bool stateless_autoconfiguration;      /* form addresses from advertised prefixes (hosts) */
    bool ingress_filtering;                /* router: drop what enters from a LAN with a source foreign to it
                                            * (BCP 38) */
    uint8_t duplicate_detection_transmits; /* DupAddrDetectTransmits (RFC 4862, 5.1); 0 turns detection off */
    uint8_t hop_limit;                     /* of packets originated here, 64 by default */
    bool delay_duplicate_detection;        /* random delay before the first probe (RFC 4862, 5.4.2) */
    bool delay_router_solicitation;        /* random delay before the first solicitation (RFC 4861, 6.3.7) */
    bool ignore_link_hints;                /* a link going up tells the node nothing; it learns from
                                            * advertisements */
    uint16_t icmp_errors_per_second;       /* token bucket rate (RFC 4443, 2.4 f); 0: no limit */
    uint16_t icmp_error_burst;
    uint32_t unsafe;                       /* UNSAFE_BIT()s of defences that are off; 0 but for experiments */
};

extern const struct node_configuration node_configuration_default_host;
extern const struct node_configuration node_configuration_default_router;

enum interface_kind {
    INTERFACE_POINT_TO_POINT, /* frames are IPv6 packets; no link-layer addresses, no address resolution, no
                               * detection */
    INTERFACE_ETHERNET,       /* frames are Ethernet II (RFC 2464) */
};

enum address_state {
    ADDRESS_TENTATIVE,  /* duplicate detection under way; not to be used */
    ADDRESS_OPTIMISTIC, /* under way, usable as RFC 4429 allows */
    ADDRESS_PREFERRED,
    ADDRESS_DEPRECATED,
    ADDRESS_DUPLICATE,  /* detection failed; kept to be seen, never used */
};

enum address_origin {
    ADDRESS_LINK_LOCAL,
    ADDRESS_AUTOCONFIGURED, /* RFC 4862 */
    ADDRESS_CONFIGURED,     /* by the operator */
    ADDRESS_HOME,           /* a mobile node's home address: stays the node's wherever it is */
};

/* An address of an interface. While away from home the home address stays in the table, but is not on-link:
 * neither solicitations for it are answered nor is its solicited-node group joined (`defended` false). */
struct interface_address {
    struct interface_address *next;
    struct ipv6_address address;
    time_ns preferred_until;
    time_ns valid_until;
    struct timer timer;       /* duplicate detection, then the lifetimes */
    uint16_t interface;       /* index; address_interface() */
    uint8_t prefix_length;
    uint8_t state;            /* enum address_state */
    uint8_t origin;           /* enum address_origin */
    uint8_t probes_left;
    bool defended;            /* answer for it with Neighbor Advertisements; group joined */
    bool detect;              /* tested for duplicates whenever the interface (re)joins a link */
};

struct interface {
    uint16_t index;
    uint8_t kind;                             /* enum interface_kind */
    bool up;
    struct ethernet_address link_layer_address;
    uint16_t mtu;                             /* LinkMTU now in use */
    uint16_t configured_mtu;                  /* the operator's, when an advertisement has lowered mtu; else
                                               * 0 */
    bool disabled;                            /* its hardware-based link-local address is a duplicate (RFC
                                               * 4862, 5.4.5) */
    bool standby;                             /* receives, but is not what packets leave by unless they say so
                                               * (RFC 6275, 11.5.4: the default router is one of the primary
                                               * care-of address's link) */
    struct interface_address *addresses;      /* link-local first, then in order of configuration */
    struct neighbor_cache {
        union {
            struct neighbor *only;            /* bucket_count 0: the one bucket that there is room for */
            struct neighbor **buckets;        /* else: hash, chained; power of two */
        };
        uint32_t bucket_count;
        uint32_t count;
    } neighbors;
    struct default_router *default_routers;   /* host; best first */
    struct on_link_prefix *prefixes;          /* host: from advertisements; router: what it advertises */
    struct router_advertiser *advertiser;     /* router: NULL when silent on this interface */
    struct router_solicitor *solicitor;       /* host: NULL when not soliciting */
    uint32_t reachable_time_ms;               /* ReachableTime now in use (RFC 4861, 6.3.2) */
    uint32_t base_reachable_time_ms;
    uint32_t retransmission_ms;               /* RetransTimer */
    uint8_t hop_limit;                        /* CurHopLimit */
};

struct received_router_advertisement; /* router_discovery.h */

/*
 * The seam. Every hook may be NULL. `in` and `out` are filled by the caller, changed by the hook as told.
 */
struct node_extension {
    /* -- packets received -- */

    /* The packet carries a Home Address option and has reached its destination, all extension headers read,
     * the upper-layer header at in->offset. May the packet be processed with the home address as its source
     * (RFC 6275, 9.3.1)? False: the hook has answered (Binding Error) and reported; the packet is released by
     * the caller. */
    bool (*accept_home_address)(struct node *node, struct inbound *in, time_ns now);
    /* The packet carries a type 2 routing header with segments left 1: may it be processed with this home
     * address as its destination (RFC 6275, 6.4)? */
    bool (*accept_type_2_routing)(struct node *node, struct inbound *in,
                                  const struct ipv6_address *home_address, time_ns now);
    /* An upper-layer protocol that the node itself does not know (135: Mobility Header), or an ICMPv6 type it
     * does not know. True: taken (and released by the hook); false: the node answers as RFC 8200, 4 / RFC
     * 4443 say. */
    bool (*receive)(struct node *node, struct inbound *in, time_ns now);
    /* A valid ICMPv6 error about a packet that this node sent: `original` points at that packet's octets
     * inside in. */
    void (*icmp_error)(struct node *node, struct inbound *in, uint8_t type, uint8_t code, uint32_t parameter,
                       const uint8_t *original, size_t length, time_ns now);
    /* An IPv6-in-IPv6 packet addressed to this node: may it be decapsulated? in->source/destination are the
     * outer header's, the inner packet begins at in->offset. False: discarded; the hook says why in
     * *reason. */
    bool (*accept_tunnelled)(struct node *node, struct inbound *in, enum discard_reason *reason, time_ns now);
    /* A packet has been received that is not for this node (IPv6 header first), or is about to be forwarded.
     * A home agent takes what goes to a mobile node that is away (RFC 6275, 10.4.1). True: taken. Runs on
     * hosts as well: what a proxied address attracts reaches a home agent that is no router. `via_tunnel`: it
     * came out of a tunnel here. The hop limit has been decremented already (RFC 2473, 3.1). */
    bool (*intercept)(struct node *node, struct interface *interface, struct packet *packet, bool via_tunnel,
                      time_ns now);
    /* An application's packet (UDP, echo) has been delivered. in->tunnel tells how it came. */
    void (*delivered)(struct node *node, const struct inbound *in, time_ns now);

    /* -- packets sent -- */

    /* A packet of this node's own is about to be routed; source is chosen. The hook may set out's mobility
     * fields (ipv6.h). 0, or a negative error and the packet is discarded (and has been reported by the
     * hook). */
    int (*route)(struct node *node, struct outbound *out, time_ns now);
    /* Chooses the source address of a packet to a destination (a mobile node prefers its home address).
     * False: the node's ordinary choice. */
    bool (*choose_source)(struct node *node, const struct ipv6_address *destination,
                          struct ipv6_address *source, time_ns now);

    /* -- notices -- */

    void (*link_changed)(struct node *node, struct interface *interface, bool up, time_ns now);
    /* A valid Router Advertisement, before the host part has processed it. False: the host part shall ignore
     * it (a lazy mobile node hears a foreign router); true: go on. */
    bool (*router_advertisement)(struct node *node, struct interface *interface,
                                 const struct received_router_advertisement *advertisement, time_ns now);
    /* After the host part has processed it: prefixes, addresses and default routers are up to date. */
    void (*router_advertisement_processed)(struct node *node, struct interface *interface,
                                           const struct received_router_advertisement *advertisement,
                                           time_ns now);
    /* The address changed to state (or is about to be removed: removed true). */
    void (*address_changed)(struct node *node, struct interface_address *address, bool removed, time_ns now);
    /* Neighbor Unreachability Detection gave up on a default router. */
    void (*router_unreachable)(struct node *node, struct interface *interface,
                               const struct ipv6_address *router, time_ns now);
};

/* A limit of rate (RFC 4443, 2.4 f). */
struct token_bucket {
    time_ns filled; /* when tokens were last counted */
    uint32_t tokens;
};

struct rate_limits {
    struct token_bucket errors;    /* ICMPv6 errors */
    struct token_bucket redirects; /* a router's */
};

struct node {
    struct environment *environment;
    const struct node_configuration *configuration;
    const struct node_extension *extension;   /* NULL: plain node */
    struct mobility *mobility;                /* NULL: plain node */
    struct ipsec *ipsec;                      /* NULL: none */
    struct timer_queue timers;
    struct interface *interfaces;             /* array, fixed after node_init; of one: only_interface */
    uint32_t interface_count;
    uint32_t identification;                  /* of fragments sent */
    struct address_table *addresses;          /* hashed: is this destination ours? */
    struct routing_table *routes;             /* static routes; NULL: none. A host's default routers are per
                                               * interface. */
    struct fragment_reassembly *reassembly;   /* NULL: none under way */
    struct udp_ports *ports;                  /* UDP ports and echo identifiers in use; NULL: none */
    struct loopback *loopback;                /* packets to the node itself; NULL: never used */
    struct path_mtu *path_mtus;               /* learnt from Packet Too Big; NULL: none */
    struct redirect *redirects;               /* a host's, learnt from Redirects; NULL: none */
    struct rate_limits *limits;               /* of what it sends; NULL: nothing of the kind so far */
    uint32_t discards;                        /* packets discarded here, all reasons */
    struct interface only_interface;          /* most nodes have one, which needs no block of its own */
};

/*
 * Life. node_init prepares a node with `interface_count` interfaces, all down; then the operator configures
 * interfaces (node_configure_interface), addresses (address_configuration.h), routes, roles; node_start
 * begins life. node_free cancels everything and releases every packet held; it transmits nothing.
 */
int node_init(struct node *node, struct environment *environment,
              const struct node_configuration *configuration, unsigned interface_count);
void node_configure_interface(struct node *node, unsigned index, enum interface_kind kind,
                              const struct ethernet_address *link_layer_address, uint16_t mtu);
/* The operator has other wishes, from now on: a configuration in place of the present one, of which
 * `forwarding` and `stateless_autoconfiguration` are the same. */
void node_reconfigure(struct node *node, const struct node_configuration *configuration);
void node_free(struct node *node);

/*
 * Entries. Times never go back. Takes the frame.
 */
void node_receive(struct node *node, unsigned interface, struct packet *frame, time_ns now);
void node_link_changed(struct node *node, unsigned interface, bool up, time_ns now);
void node_wake(struct node *node, time_ns now);

/* A frame will come in on the interface before long: what receiving it looks at is fetched into the
 * processor's cache (models/base/cache.h), first what the node itself points to, a little later what that
 * points to. */
void node_fetch_parts(const struct node *node, unsigned interface);
void node_fetch_lists(const struct node *node, unsigned interface);

/* When the node next wants to be woken; TIME_NEVER: not of itself. */
static inline time_ns node_deadline(const struct node *node)
{
    return timer_queue_earliest(&node->timers);
}

/* -- for the code inside models/ -- */

/* Is the defence off (unsafe.h)? */
#define node_is_unsafe(node, name) (((node)->configuration->unsafe & UNSAFE_BIT(name)) != 0)

/* Reports EVENT_PACKET_DISCARDED, counts, and releases the packet (NULL is harmless). IPv6 header first. */
void node_discard(struct node *node, struct interface *interface, struct packet *packet,
                  enum discard_reason reason, time_ns now);

static inline void node_arm(struct node *node, struct timer *timer, time_ns deadline)
{
    timer_arm(&node->timers, timer, deadline);
}

static inline void node_disarm(struct node *node, struct timer *timer)
{
    timer_cancel(&node->timers, timer);
}

#endif
