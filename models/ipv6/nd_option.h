/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nd_option.h - the octets of Neighbor Discovery messages and their options (RFC 4861, 4; RFC 6275, 7), read
 * and written. Internal to models/ipv6.
 */
#ifndef MIP6SIM_MODELS_IPV6_ND_OPTION_H
#define MIP6SIM_MODELS_IPV6_ND_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/ipv6/address.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/router_discovery.h"

enum nd_option_type {
    ND_OPTION_SOURCE_LINK_LAYER_ADDRESS = 1,
    ND_OPTION_TARGET_LINK_LAYER_ADDRESS = 2,
    ND_OPTION_PREFIX_INFORMATION = 3,
    ND_OPTION_REDIRECTED_HEADER = 4,
    ND_OPTION_MTU = 5,
    ND_OPTION_ADVERTISEMENT_INTERVAL = 7, /* RFC 6275, 7.3 */
    ND_OPTION_HOME_AGENT_INFORMATION = 8, /* RFC 6275, 7.4 */
};

#define ND_HAS(option) (1u << (option))

/* One message of any of the five types; fields that the type does not have are left alone. */
struct nd_message {
    uint8_t type; /* enum icmpv6_type, 133 to 137 */
    bool router;  /* Neighbor Advertisement: R, S and O bits */
    bool solicited;
    bool override;
    struct ipv6_address target;      /* Neighbor Solicitation, Neighbor Advertisement, Redirect */
    struct ipv6_address destination; /* Redirect */
    uint8_t hop_limit;               /* Router Advertisement, from here to retransmission_ms */
    bool managed;                    /* M and O bits: no DHCPv6 here, but what was read can be told */
    bool other;
    bool home_agent;          /* H bit */
    uint16_t router_lifetime; /* seconds */
    uint32_t reachable_time_ms;
    uint32_t retransmission_ms;

    uint32_t present; /* ND_HAS() bits of the options read, or to write */
    struct ethernet_address source_link_layer_address;
    struct ethernet_address target_link_layer_address;
    uint32_t mtu;
    uint32_t advertisement_interval_ms;
    uint16_t home_agent_preference;
    uint16_t home_agent_lifetime;
    unsigned prefix_count; /* Prefix Information options: their own count, no bit */
    struct advertised_prefix prefixes[ADVERTISED_PREFIXES_MAX];
    const uint8_t *redirected;  /* Redirected Header option, to write alone: the packet, borrowed */
    uint16_t redirected_length; /* a multiple of 8; 0: no such option */
};

#define ND_REDIRECTED_HEADER 8 /* octets of that option in front of the packet */

/*
 * Reads the ICMPv6 message of `length` octets. False: the code is not 0, the message is shorter than its type
 * (RFC 4861, 6.1, 7.1, 8.1), or an option has length 0 or ends behind the message. Options that the message
 * type does not use, unknown ones, and ones of a length that is not theirs are skipped.
 */
bool nd_message_read(struct nd_message *message, uint8_t type, const uint8_t *octets, size_t length);

/* Octets that nd_message_write needs. */
size_t nd_message_length(const struct nd_message *message);
/* Writes the whole message, checksum zero; length is nd_message_length's. */
void nd_message_write(const struct nd_message *message, uint8_t *octets, size_t length);

struct cursor;

/*
 * A Prefix Information option (RFC 4861, 4.6.2; RFC 6275, 7.2), which a Mobile Prefix Advertisement carries
 * as well (6.8). Reading begins behind type and length; false: too short, or a prefix of more than 128 bits.
 * Writing writes all ND_PREFIX_LENGTH octets.
 */
#define ND_PREFIX_LENGTH 32
bool nd_prefix_read(struct cursor *c, struct advertised_prefix *prefix);
void nd_prefix_write(struct cursor *c, const struct advertised_prefix *prefix);

/* "Neighbor Solicitation", ...; a static string. */
const char *nd_message_name(uint8_t type);

#endif
