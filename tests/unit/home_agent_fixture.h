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

#endif
