/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent_fixture.h - one home agent, 2001:db8:1::1, in a recording environment: interface 0 is on the
 * home link, interface 1, point-to-point, leads everywhere else. Packets out of that one are looked at one
 * after another.
 */
#ifndef MIP6SIM_TESTS_UNIT_HOME_AGENT_FIXTURE_H
#define MIP6SIM_TESTS_UNIT_HOME_AGENT_FIXTURE_H

#include "models/mobility/mobility.h"
#include "tests/unit/recording_environment.h"

#define HOME_LINK 0
#define OUTSIDE   1
#define SETTLED   SECONDS(10) /* when the fixture has been opened */

#define HOME_AGENT      "2001:db8:1::1"
#define HOME_ADDRESS    "2001:db8:1::100"
#define HOME_LINK_LOCAL "fe80::100"
#define CARE_OF         "2001:db8:2::100"
#define CARE_OF_2       "2001:db8:3::100"

extern const struct ethernet_address agent_station;  /* the home agent's on the home link */
extern const struct ethernet_address mobile_station; /* the mobile node's, at home */

struct home_agent_fixture {
    struct recording_environment recorder;
    struct node_configuration router;
    struct home_agent_configuration operator_says; /* no duplicate detection, anyone is served */
    struct node node;
    unsigned seen;
};

void home_agent_fixture_prepare(struct home_agent_fixture *fixture);
void home_agent_fixture_open(struct home_agent_fixture *fixture);
void home_agent_fixture_close(struct home_agent_fixture *fixture);

/* A packet from outside, in hexadecimal digits. */
void home_agent_fixture_receive(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns now);
/* A Binding Update for 2001:db8:1::100 from 2001:db8:2::100; lifetime in units of 4 s. */
void home_agent_fixture_update(struct home_agent_fixture *fixture, unsigned sequence, unsigned lifetime,
                               time_ns now);
/* The next packet to outside is these octets, sent at this time. */
void home_agent_fixture_expect(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns time);
/* The next packet to outside is a Binding Acknowledgement; its status, and its lifetime in units of 4 s. */
unsigned home_agent_fixture_acknowledged(struct home_agent_fixture *fixture, unsigned *lifetime);
void home_agent_fixture_expect_nothing(struct home_agent_fixture *fixture);

/* -- for tests that look at all that has been sent -- */

/* Frames received, in hexadecimal digits: as they are; an IPv6 packet in a frame for the home agent, from the
 * home link; a frame from there whose ICMPv6 checksum is to be made right. */
void agent_hears(struct home_agent_fixture *fixture, unsigned interface, const char *hexadecimal,
                 time_ns now);
void agent_hears_on_home_link(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns now);
void agent_hears_icmpv6(struct home_agent_fixture *fixture, const char *hexadecimal, time_ns now);

/* A Binding Update as a mobile node may make it. */
struct agent_update {
    const char *care_of;   /* NULL: CARE_OF */
    const char *home;      /* NULL: HOME_ADDRESS */
    const char *to;        /* NULL: HOME_AGENT */
    const char *alternate; /* NULL: no such option */
    unsigned sequence;
    unsigned lifetime;
    bool from_home; /* no Home Address option, the home address as source */
    bool link_local, key_management, nonce_indices;
};
void agent_hears_update(struct home_agent_fixture *fixture, const struct agent_update *update, time_ns now);
/* The mobile node's station, as the home agent would learn it by solicitation. */
void agent_knows_mobile_node(struct home_agent_fixture *fixture);

const uint8_t *agent_octets(const struct recorded_frame *frame, size_t *length);
/* Frames of these octets on the interface, and the time of the last (last may be NULL). */
unsigned agent_count_frames(const struct home_agent_fixture *fixture, unsigned interface,
                            const char *hexadecimal, time_ns *last);
/* There is one, sent then. */
void agent_expect_sent(const struct home_agent_fixture *fixture, unsigned interface, const char *hexadecimal,
                       time_ns when);
/* Frames on the home link of this ICMPv6 type. */
unsigned agent_count_icmpv6(const struct home_agent_fixture *fixture, unsigned type);
/* The last one reported; NULL: none. */
const struct protocol_event *agent_acknowledgement(const struct home_agent_fixture *fixture);
void agent_expect_acknowledged(const struct home_agent_fixture *fixture, int status, int sequence,
                               time_ns when);

struct binding *agent_entry(const struct home_agent_fixture *fixture); /* of HOME_ADDRESS, in any state */
bool agent_is_bound_to(const struct home_agent_fixture *fixture, const char *care_of);
bool agent_is_proxied(const struct home_agent_fixture *fixture, const char *address);

#endif
