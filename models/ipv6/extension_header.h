/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * extension_header.h - finding the upper-layer header of a packet that is only looked at (RFC 8200, 4).
 *
 * For packets that this node does not receive itself: the one quoted in an ICMPv6 error, one about to enter a
 * tunnel, a first fragment. What is received goes through input.c, which executes headers instead of skipping
 * them.
 *
 * Internal to models/ipv6.
 */
#ifndef MIP6SIM_MODELS_IPV6_EXTENSION_HEADER_H
#define MIP6SIM_MODELS_IPV6_EXTENSION_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/ipv6/address.h"

struct extension_chain {
    size_t offset;                        /* of the first header that is no extension header */
    uint8_t next_header;                  /* its protocol */
    bool complete;                        /* all extension headers were there; else the two above tell where
                                           * it broke off */
    bool fragmented;                      /* a fragment header with an offset other than 0: what follows is no
                                           * header */
    bool more_fragments;                  /* a fragment header that says so */
    size_t encapsulation_limit_at;        /* offset of a Tunnel Encapsulation Limit's value (RFC 2473, 4.1.1);
                                           * 0: none */
};

/* Walks on from `offset`, where a header of protocol next_header stands; ESP ends the walk, as an upper layer
 * does. */
struct extension_chain extension_chain_walk(const uint8_t *octets, size_t length, size_t offset,
                                            uint8_t next_header);

/* The same from a packet's IPv6 header, which must be there. */
struct extension_chain extension_chain_of_packet(const uint8_t *packet, size_t length);

#endif
