/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipv6.h - the IPv6 layer of a node (RFC 8200): what a received packet means, and how a packet is sent.
 *
 * Upper layers see a packet's source and destination as RFC 6275 wants them to: home addresses. Care-of
 * addresses live in the wire_* fields. So a checksum always covers `source` and `destination`, and mobility
 * stays out of upper layers.
 */
#ifndef MIP6SIM_MODELS_IPV6_IPV6_H
#define MIP6SIM_MODELS_IPV6_IPV6_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/packet.h"
#include "models/base/time.h"
#include "models/environment.h"
#include "models/ipv6/address.h"

struct interface;
struct node;
struct security_association; /* models/ipsec/security_association.h */

#define IPV6_HEADER_LENGTH 40
#define IPV6_MTU_MINIMUM 1280

enum ipv6_next_header {
    NEXT_HEADER_HOP_BY_HOP = 0,
    NEXT_HEADER_TCP = 6,
    NEXT_HEADER_UDP = 17,
    NEXT_HEADER_IPV6 = 41,
    NEXT_HEADER_ROUTING = 43,
    NEXT_HEADER_FRAGMENT = 44,
    NEXT_HEADER_ESP = 50,
    NEXT_HEADER_AH = 51,
    NEXT_HEADER_ICMPV6 = 58,
    NEXT_HEADER_NONE = 59,
    NEXT_HEADER_DESTINATION_OPTIONS = 60,
    NEXT_HEADER_MOBILITY = 135,
};

enum ipv6_option {
    OPTION_PAD1 = 0,
    OPTION_PADN = 1,
    OPTION_TUNNEL_ENCAPSULATION_LIMIT = 4, /* RFC 2473, 4.1.1 */
    OPTION_ROUTER_ALERT = 5,
    OPTION_HOME_ADDRESS = 0xc9,            /* RFC 6275, 6.3 */
};

/* Offsets into the fixed header. */
#define IPV6_AT_PAYLOAD_LENGTH 4
#define IPV6_AT_NEXT_HEADER 6
#define IPV6_AT_HOP_LIMIT 7
#define IPV6_AT_SOURCE 8
#define IPV6_AT_DESTINATION 24

#define HOME_ADDRESS_HEADER_LENGTH 24   /* destination options header that carries one Home Address option */
#define TYPE_2_ROUTING_HEADER_LENGTH 24

/* A packet being received. Lives on the stack of the receiving entry. */
struct inbound {
    struct packet *packet;               /* IPv6 header first; owned by whoever is processing */
    struct interface *interface;
    struct ipv6_address source;          /* as upper layers see it: the home address, once accepted */
    struct ipv6_address destination;     /* as upper layers see it: the type 2 routing header's home
                                          * address */
    struct ipv6_address wire_source;     /* the IPv6 header's */
    struct ipv6_address wire_destination;
    bool has_home_address_option;
    bool has_type_2_routing;
    struct ipv6_address home_address;    /* of the Home Address option */
    uint32_t home_address_at;            /* offset of that option in the packet, for ICMPv6 pointers */
    bool link_layer_multicast;           /* arrived in a frame to a group address */
    uint8_t tunnel_depth;                /* times decapsulated here */
    struct ipv6_address tunnel_source;   /* of the outer header removed last, when tunnel_depth > 0 */
    struct ipv6_address tunnel_destination;
    const struct security_association *association; /* that it was protected by; NULL: it was not */
    uint32_t esp_octets;                 /* taken off it here: ESP of its own and of its tunnels */
    uint8_t next_header;                 /* protocol at `offset` */
    uint32_t next_header_at;             /* offset of the octet that named it */
    uint32_t offset;                     /* of the upper-layer header in the packet */
    uint8_t hop_limit;
};

/* The link that the packet's own source is on, if that is link-local; NULL: it came through a tunnel. */
static inline struct interface *inbound_link(const struct inbound *in)
{
    return in->tunnel_depth ? NULL : in->interface;
}

/* First octet of the upper-layer header, and octets from there to the end of the packet. */
static inline uint8_t *inbound_payload(const struct inbound *in)
{
    return packet_octets(in->packet) + in->offset;
}

static inline size_t inbound_payload_length(const struct inbound *in)
{
    return in->packet->length - in->offset;
}

/* Discards with this reason: reports, counts, releases in->packet and sets it to NULL. */
void inbound_discard(struct node *node, struct inbound *in, enum discard_reason reason, time_ns now);

/* A packet to send. Zeroed by OUTBOUND_INITIALIZER; the caller fills what it knows. */
struct outbound {
    struct packet *packet;               /* the upper-layer header and payload; ownership passes to
                                          * ipv6_send */
    uint8_t next_header;                 /* of the first octet of packet */
    uint8_t hop_limit;                   /* 0: the node's */
    struct ipv6_address source;          /* as upper layers see it; unspecified and !source_fixed: to be
                                          * chosen */
    struct ipv6_address destination;     /* as upper layers see it */
    bool source_fixed;                   /* use `source` even if it is unspecified */
    struct interface *interface;         /* out of this interface; needed for link-local and multicast, else
                                          * NULL */
    const struct ipv6_address *next_hop; /* send to this neighbor on `interface`, whatever routes say; else
                                          * NULL */
    const struct ethernet_address *link_layer_destination; /* and to this station, no resolution; else NULL */

    /* -- mobility's fields (RFC 6275, 6.3, 6.4, 11.3.1, 9.3.2), set by the route hook or by a mobility
     * machine -- */
    bool routed;                         /* the fields below are final: do not ask the route hook */
    bool home_address_option;            /* source goes into a Home Address option; wire_source into the
                                          * header */
    bool type_2_routing;                 /* destination goes into a type 2 routing header; wire_destination
                                          * into the header */
    struct ipv6_address wire_source;     /* used when home_address_option */
    struct ipv6_address wire_destination;/* used when type_2_routing */
    bool tunnel;                         /* encapsulate the result from tunnel_source to tunnel_destination */
    struct ipv6_address tunnel_source;
    struct ipv6_address tunnel_destination;
    uint8_t tunnel_hop_limit;            /* 0: the node's */

    /* -- what the sender learns -- */
    enum packet_path path;
    bool protected_by_esp;               /* in transport mode, or as part of its tunnel */
    uint32_t octets;                     /* of the IPv6 packet handed to the link layer, all headers */
};

#define OUTBOUND_INITIALIZER {.packet = NULL}

/*
 * Sends an upper-layer packet. Chooses the source if needed, asks the route hook (unless routed), fills in
 * the checksum over the addresses that upper layers see, builds headers, fragments at the source if larger
 * than the path MTU (RFC 8200, 4.5), finds the next hop and hands over to the interface. Takes the packet in
 * every case. 0, or ERROR_NO_ROUTE, ERROR_TOO_BIG (the discard has been reported).
 */
int ipv6_send(struct node *node, struct outbound *out, time_ns now);

/* Where the 16-bit checksum stands in the upper-layer header of this protocol: 2 ICMPv6, 6 UDP, 4 Mobility
 * Header; -1: none. ipv6_send fills in the checksum for those; the caller leaves the field zero. */
int ipv6_checksum_offset(uint8_t next_header);

/* Internet checksum over the pseudo-header (RFC 8200, 8.1) and the upper-layer packet; 0 if a received
 * packet's is right. */
uint16_t ipv6_checksum(const struct ipv6_address *source, const struct ipv6_address *destination,
                       uint8_t next_header, const uint8_t *upper, size_t length);

/* The source address that ordinary selection gives (a subset of RFC 6724: scope, preferred over deprecated,
 * outgoing interface, longest common prefix; never tentative). False: there is none. */
bool ipv6_choose_source(struct node *node, const struct ipv6_address *destination,
                        struct interface *out_interface, struct ipv6_address *source, time_ns now);

/* An IPv6 packet (header first) enters the node: from a link, or from a tunnel (tunnel_depth > 0; then
 * in->tunnel_* are set in `from`, else from is NULL). Takes the packet. */
void ipv6_receive(struct node *node, struct interface *interface, struct packet *packet,
                  bool link_layer_multicast, const struct inbound *from, time_ns now);

/* Goes on with the header of protocol in->next_header at in->offset: for an extension that has taken a header
 * off the packet (ESP, say), and has cut in->packet to what was protected. Takes in->packet. */
void ipv6_receive_header(struct node *node, struct inbound *in, time_ns now);

/* Forwards a complete packet (hop limit checked, decremented; ICMPv6 errors to the source; intercept hook
 * asked). in_interface NULL: it came out of a tunnel that ended here. Takes the packet. */
void ipv6_forward(struct node *node, struct interface *in_interface, struct packet *packet, time_ns now);

/* Routes a complete packet of this node's own making (say, an encapsulated one) as it is. Takes the packet.
 * 0 or ERROR_NO_ROUTE, ERROR_TOO_BIG (reported, and Packet Too Big is the caller's to send). */
int ipv6_output(struct node *node, struct packet *packet, time_ns now);

/* Is it one of the node's own unicast addresses in a usable state (or an anycast one it serves), or a group
 * joined on the interface? Constant time. */
bool ipv6_is_own_address(const struct node *node, const struct interface *interface,
                         const struct ipv6_address *address);

#endif
