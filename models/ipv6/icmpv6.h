/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * icmpv6.h - ICMPv6 (RFC 4443): errors with their rate limit, echo, and the way to the other messages'
 * modules.
 */
#ifndef MIP6SIM_MODELS_IPV6_ICMPV6_H
#define MIP6SIM_MODELS_IPV6_ICMPV6_H

#include "models/base/time.h"
#include "models/ipv6/ipv6.h"

struct token_bucket; /* node.h */

enum icmpv6_type {
    ICMPV6_DESTINATION_UNREACHABLE = 1,
    ICMPV6_PACKET_TOO_BIG = 2,
    ICMPV6_TIME_EXCEEDED = 3,
    ICMPV6_PARAMETER_PROBLEM = 4,
    ICMPV6_ECHO_REQUEST = 128,
    ICMPV6_ECHO_REPLY = 129,
    ICMPV6_ROUTER_SOLICITATION = 133,
    ICMPV6_ROUTER_ADVERTISEMENT = 134,
    ICMPV6_NEIGHBOR_SOLICITATION = 135,
    ICMPV6_NEIGHBOR_ADVERTISEMENT = 136,
    ICMPV6_REDIRECT = 137,
    ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REQUEST = 144,
    ICMPV6_HOME_AGENT_ADDRESS_DISCOVERY_REPLY = 145,
    ICMPV6_MOBILE_PREFIX_SOLICITATION = 146,
    ICMPV6_MOBILE_PREFIX_ADVERTISEMENT = 147,
};

enum icmpv6_code {
    UNREACHABLE_NO_ROUTE = 0,
    UNREACHABLE_PROHIBITED = 1,
    UNREACHABLE_BEYOND_SCOPE = 2,
    UNREACHABLE_ADDRESS = 3,
    UNREACHABLE_PORT = 4,
    UNREACHABLE_SOURCE_POLICY = 5,
    TIME_EXCEEDED_HOP_LIMIT = 0,
    TIME_EXCEEDED_REASSEMBLY = 1,
    PARAMETER_ERRONEOUS_FIELD = 0,
    PARAMETER_UNRECOGNIZED_NEXT_HEADER = 1,
    PARAMETER_UNRECOGNIZED_OPTION = 2,
    PARAMETER_INCOMPLETE_HEADER_CHAIN = 3, /* RFC 8200, 4.5 */
};

#define ICMPV6_ERROR_HEADER_LENGTH 8 /* of every error message; the offending packet follows */
#define ICMPV6_ECHO_HEADER_LENGTH 8

struct application;

/* Is it an error message (RFC 4443, 2.1)? */
static inline bool icmpv6_type_is_error(uint8_t type)
{
    return type < 128;
}

/* The node's, full at first; NULL: no memory, and nothing is to be sent. */
struct rate_limits *icmpv6_limits(struct node *node);

/* Takes a token from the bucket, which holds `most` and gets `per_second`, both greater than 0; false: it is
 * empty. */
bool token_bucket_take(struct token_bucket *bucket, unsigned per_second, unsigned most, time_ns now);

/*
 * Sends an error about `offending` (IPv6 header first, as it arrived) to its source, unless RFC 4443, 2.4 e
 * forbids it (errors about errors, multicast, unspecified sources, ...) or the rate limit holds it back.
 * parameter: pointer or MTU. multicast_allowed: for Packet Too Big and Parameter Problem code 2. Borrows the
 * packet. arrived: where it came in, which is the link of a link-local source; NULL: that is for the neighbor
 * caches to tell.
 */
void icmpv6_send_error(struct node *node, struct interface *arrived, const struct packet *offending,
                       uint8_t type, uint8_t code, uint32_t parameter, bool link_layer_multicast,
                       time_ns now);

/* The ICMPv6 message at in->offset. Checks the checksum, answers echo requests, hands Neighbor Discovery to
 * its module, errors to the extension, echo replies to the waiting echo application. Takes in->packet. */
void icmpv6_receive(struct node *node, struct inbound *in, time_ns now);

/* Replies to echo requests with this identifier go to application->receive. ERROR_EXISTS, ERROR_MEMORY. */
int icmpv6_echo_bind(struct node *node, struct application *application, uint16_t identifier);
void icmpv6_echo_unbind(struct node *node, struct application *application);

/* Puts an Echo Request header in front of out->packet (the data) and sends it. Takes the packet. Result as
 * ipv6_send. */
int icmpv6_echo_send(struct node *node, struct outbound *out, uint16_t identifier, uint16_t sequence,
                     time_ns now);

#endif
