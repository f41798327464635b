/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * discovery_message.h - the four ICMPv6 messages of Mobile IPv6 (RFC 6275, 6.5 to 6.8): Home Agent Address
 * Discovery Request and Reply, Mobile Prefix Solicitation and Advertisement; their octets, and what all four
 * share in being sent, told apart and reported.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_DISCOVERY_MESSAGE_H
#define MIP6SIM_MODELS_MOBILITY_DISCOVERY_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/router_discovery.h"

#define DISCOVERY_HEADER_LENGTH 8

/* A reply fits the minimum MTU of IPv6 with so many addresses (10.5.1): (1280 - 40 - 8) / 16. */
#define HOME_AGENT_ADDRESSES_MAX ((IPV6_MTU_MINIMUM - IPV6_HEADER_LENGTH - DISCOVERY_HEADER_LENGTH) / 16)

/* Prefixes of one home link that are told, and listened to. With its routing header the message stays below
 * the minimum MTU, too. */
#define HOME_PREFIXES_MAX 16

/* Fields that the type does not have are left alone. */
struct discovery_message {
    uint8_t type; /* enum icmpv6_type, 144 to 147 */
    uint16_t identifier;
    bool managed; /* Mobile Prefix Advertisement: M and O bits */
    bool other;
    unsigned home_agent_count; /* Home Agent Address Discovery Reply */
    struct ipv6_address home_agents[HOME_AGENT_ADDRESSES_MAX];
    unsigned prefix_count; /* Mobile Prefix Advertisement */
    struct advertised_prefix prefixes[HOME_PREFIXES_MAX];
};

/*
 * Reads an ICMPv6 message of `length` octets. False: not one of the four, a code other than 0, too short, a
 * list of addresses that ends within one, or an option that has length 0 or ends behind the message.
 * Options that are unknown, or of a length that is not theirs, are skipped; addresses and prefixes beyond
 * the room are dropped.
 */
bool discovery_message_read(struct discovery_message *message, const uint8_t *octets, size_t length);
size_t discovery_message_length(const struct discovery_message *message);
/* Writes discovery_message_length() octets, checksum zero. */
void discovery_message_write(const struct discovery_message *message, uint8_t *octets, size_t length);

/* "Home Agent Address Discovery Request", ...; a static string. NULL: not one of the four. */
const char *discovery_message_name(uint8_t type);

/*
 * Sends a message; out's addresses and mobility fields are the caller's. Reports EVENT_MESSAGE_SENT, the
 * identifier as its sequence number. Every message of these types leaves a node here. As ipv6_send.
 */
int discovery_message_send(struct node *node, struct outbound *out, const struct discovery_message *message,
                           time_ns now);

/* Reports a message as received or discarded (reason not NONE), releases in->packet. */
void discovery_message_done(struct node *node, struct inbound *in, const struct discovery_message *message,
                            enum discard_reason reason, time_ns now);

/*
 * An ICMPv6 message that the node itself does not know, checksum verified. True: one of the four, for a
 * role that this node has; taken. False: the node goes on with it as with any that it does not know.
 */
bool discovery_receive(struct node *node, struct inbound *in, time_ns now);

#endif
