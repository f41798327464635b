/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forged_packet.h - octets of packets that say whatever one likes: any source, any Home Address option, any
 * type 2 routing header, with checksums that are right (RFC 8200, 8.1; RFC 6275, 6.1 to 6.4).
 */
#ifndef MIP6SIM_MODELS_ATTACK_FORGED_PACKET_H
#define MIP6SIM_MODELS_ATTACK_FORGED_PACKET_H

#include <stdbool.h>
#include <stdint.h>

#include "models/attack/eavesdropper.h"
#include "models/base/packet.h"
#include "models/environment.h"
#include "models/mobility/keygen.h"

#define FORGED_QUOTE_MAX (1280 - 40 - 8) /* octets that an ICMPv6 error quotes (RFC 4443, 3.1) */

struct forged_packet {
    uint8_t kind;                            /* enum attack_message, but ATTACK_ESP and ATTACK_OTHER */
    bool home_address_option;                /* with `home_address` */
    bool type_2_routing;                     /* with `routing_address` */
    struct ipv6_address source, destination; /* of the IPv6 header */
    struct ipv6_address home_address;
    struct ipv6_address routing_address;
    struct mobility_message message;        /* of a Mobility Header; its type is set from `kind` */
    const uint8_t *kbm;                     /* KBM_LENGTH: makes the authenticator; NULL: it is as given */
    struct ipv6_address care_of_address;    /* with kbm: what the authenticator is made over, */
    struct ipv6_address correspondent;      /* both of them */
    uint16_t source_port, destination_port; /* UDP; of an Echo Request: identifier and sequence number */
    uint16_t payload;                       /* octets of UDP or Echo Request, ones */
    uint8_t icmp_type, icmp_code;           /* ICMPv6 error */
    const uint8_t *quoted;                  /* and the packet it is about, cut to FORGED_QUOTE_MAX */
    size_t quoted_length;
    struct esp_engine *engine; /* ESP in transport mode by `association`; NULL: none */
    struct security_association *association;
};

/* The packet, IPv6 header first, from environment's pool; ESP's initialization vector is drawn from
 * RANDOM_ATTACK. NULL: there is no such packet (a kind that cannot be made, libcrypto refused). */
struct packet *forged_packet_make(struct environment *environment, struct forged_packet *forged);

#endif
