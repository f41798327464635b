/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ipv6_fixture.h - one node on point-to-point links in a recording environment, for tests of the IPv6 layer.
 */
#ifndef MIP6SIM_TESTS_UNIT_IPV6_FIXTURE_H
#define MIP6SIM_TESTS_UNIT_IPV6_FIXTURE_H

#include <check.h>

#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

#define ADDRESS_A "2001:db8:1::1" /* as in tests/vectors/ipv6_vectors.py */
#define ADDRESS_B "2001:db8:2::2"
#define ADDRESS_ROUTER "2001:db8:1::fe"

struct fixture {
    struct recording_environment recorder; /* nothing recorded yet when the fixture is made */
    struct node_configuration configuration;
    struct node node;
};

/* A host of this address, everything reached by interface 0 (MTU 1500). */
void fixture_host(struct fixture *fixture, const char *address);
/* A router, 2001:db8:1::fe on interface 0, 2001:db8:2::fe on interface 1 (of this MTU), each with its /64
 * behind it; to 2001:db8:9::/64 by interface 1. */
void fixture_router(struct fixture *fixture, uint16_t mtu);
void fixture_free(struct fixture *fixture);

void fixture_route(struct fixture *fixture, const char *prefix, unsigned length, unsigned interface,
                   const char *next_hop);
void fixture_address(struct fixture *fixture, unsigned interface, const char *address);

/* Forgets what was recorded, then receives these octets on interface 0 at the recorder's time. */
void fixture_receive(struct fixture *fixture, const void *octets, size_t length);

/* The only frame sent, and these are its octets. */
void fixture_expect_sent(struct fixture *fixture, const void *octets, size_t length);
void fixture_expect_nothing_sent(struct fixture *fixture);
void fixture_expect_discard(struct fixture *fixture, enum discard_reason reason); /* DISCARD_NONE: none was */

/* A packet in a buffer: IPv6 header with this next header and the payload behind it. Returns its length. */
size_t packet_between(uint8_t *octets, const char *source, const char *destination, uint8_t next_header,
                      const void *payload, size_t length);

/* The sum of these packets' octets is right: the checksum of the upper layer at `offset` verifies over the
 * two addresses. */
bool checksum_verifies(const uint8_t *packet, size_t length, size_t offset, uint8_t protocol,
                       const struct ipv6_address *source, const struct ipv6_address *destination);

#endif
