/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expect_octets.h - a packet that a node has sent held against octets from elsewhere.
 */
#ifndef MIP6SIM_TESTS_UNIT_EXPECT_OCTETS_H
#define MIP6SIM_TESTS_UNIT_EXPECT_OCTETS_H

#include <check.h>

#include "models/base/packet.h"
#include "tests/unit/recording_environment.h"

/* The packet is these octets, in hexadecimal, all of them and no more. */
static inline void expect_octets(const struct packet *packet, const char *hexadecimal)
{
    uint8_t octets[2048];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    ck_assert_uint_eq(packet->length, length);
    ck_assert_mem_eq(packet_octets(packet), octets, length);
}

#endif
