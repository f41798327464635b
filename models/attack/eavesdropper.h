/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eavesdropper.h - what somebody makes of a packet that is not for them: who talks to whom, and what about.
 *
 * Headers are read as they come (RFC 8200, 4): a Home Address option and a type 2 routing header tell home
 * addresses (RFC 6275, 6.3, 6.4), a tunnel is looked into (RFC 2473), and so is ESP if its security
 * association is known; otherwise ESP is where understanding ends. The octets are hostile: nothing outside of
 * them is read, and what makes no sense is of kind ATTACK_OTHER.
 */
#ifndef MIP6SIM_MODELS_ATTACK_EAVESDROPPER_H
#define MIP6SIM_MODELS_ATTACK_EAVESDROPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/ipsec/esp.h"
#include "models/ipv6/address.h"
#include "models/mobility/message.h"

/* Kinds of packets. The first eight are those of enum mobility_type. */
enum attack_message {
    ATTACK_UDP = MOBILITY_BINDING_ERROR + 1,
    ATTACK_ECHO_REQUEST,
    ATTACK_ICMP_ERROR,
    ATTACK_ESP,   /* anything under ESP */
    ATTACK_OTHER, /* not to be forged; of a replay: any packet */
};

#define EAVESDROPPER_DEPTH_MAX 4    /* tunnels in tunnels, ESP in ESP */
#define EAVESDROPPER_SCRATCH   2048 /* octets that are decrypted; larger packets stay closed */

struct overheard {
    const uint8_t *octets; /* the packet, IPv6 header first; borrowed */
    size_t length;
    uint8_t kind; /* of the innermost packet: enum attack_message */
    bool esp;     /* there was an ESP header, whether or not it could be opened */
    bool tunnelled;
    bool plain;              /* no header of mobility or IPsec, no tunnel: such as any host understands */
    bool has_home_address;   /* innermost packet: Home Address option */
    bool has_type_2_routing; /* and type 2 routing header */
    struct ipv6_address outer_source, outer_destination;
    struct ipv6_address wire_source, wire_destination; /* of the innermost IPv6 header */
    struct ipv6_address source, destination;           /* as upper layers see them: home addresses */
    struct mobility_message message;                   /* kind is one of a Mobility Header's */
    const uint8_t *inner;                              /* the innermost IPv6 packet */
    size_t inner_length;
    const uint8_t *upper; /* the innermost upper-layer packet */
    size_t upper_length;
    uint8_t protocol; /* of it */
};

/* The security associations that somebody knows, and room to decrypt in. */
struct eavesdropper {
    struct esp_engine *engine;                 /* borrowed; NULL: none are known */
    struct security_association *associations; /* linked by `next`; their keys are known */
    uint8_t scratch[EAVESDROPPER_DEPTH_MAX][EAVESDROPPER_SCRATCH];
};

/* False: not an IPv6 packet as long as it says. What overheard points at is valid as long as the octets are,
 * and until the next call. */
bool eavesdropper_read(struct eavesdropper *eavesdropper, const uint8_t *octets, size_t length,
                       struct overheard *overheard);

#endif
