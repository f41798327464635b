/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobile_node_fixture.h - one mobile node on a visited link in a recording environment; the frames are those
 * of tests/vectors/mobile_node.h. Neighbor Discovery is left out of what is looked at.
 */
#ifndef MIP6SIM_TESTS_UNIT_MOBILE_NODE_FIXTURE_H
#define MIP6SIM_TESTS_UNIT_MOBILE_NODE_FIXTURE_H

#include <check.h>

#include "models/mobility/mobility.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"
#include "tests/vectors/mobile_node.h"

#define VISITED SECONDS(1) /* when the node hears the advertisement, and has its care-of address */

struct fixture {
    struct recording_environment recorder;
    struct node_configuration host;
    struct mobile_node_configuration configuration;
    struct correspondent_policy
        policy;            /* for the correspondent: tests after the home acknowledgement, always */
    struct static_key key; /* the script's */
    struct node node;
    struct ipv6_address peer, home, care_of;
    unsigned seen; /* frames already looked at */
};

/* Defaults, to be changed before fixture_open. */
void fixture_prepare(struct fixture *fixture);
void fixture_open(struct fixture *fixture); /* the link comes up at 0: unattached */
void fixture_visit(
    struct fixture
        *fixture); /* and hears the advertisement: the home Binding Update has been sent, and seen */
void fixture_register(
    struct fixture *fixture); /* and is acknowledged after 10 ms: both Test Inits have been sent, and seen */
void fixture_bind(
    struct fixture *fixture); /* and the correspondent has acknowledged, all answers after 10 ms each */
void fixture_close(struct fixture *fixture);
/* The node is freed and made again, as in fixture_open, with the same random numbers, at the time of the
 * recorder; storage: what it has stored is still there. */
void fixture_reboot(struct fixture *fixture, bool storage);

struct mobile_node *fixture_mobile(struct fixture *fixture);
struct binding_update_entry *fixture_entry(struct fixture *fixture); /* the correspondent's */
struct binding_update_entry *fixture_home(struct fixture *fixture);

void fixture_receive(struct fixture *fixture, const char *frame, time_ns now);
void fixture_run(struct fixture *fixture, time_ns until);

/* The next frame of no ICMPv6: these octets, at this time. And: there is none. */
void expect_frame_at(struct fixture *fixture, const char *frame, time_ns time);
void expect_no_frame(struct fixture *fixture);
/* The next frame of no ICMPv6 is a Mobility Header message of this type, plain, optioned or tunnelled; its
 * octets from the Mobility Header on. */
const uint8_t *expect_message_at(struct fixture *fixture, unsigned type, time_ns time);
/* This frame is discarded for this reason, as a message or as a packet, and nothing is sent. */
void expect_discard(struct fixture *fixture, const char *frame, enum discard_reason reason, time_ns now);

/* UDP "hello" from port 1000 to port 2000 of the peer; source NULL: the node's choice. As udp_send. */
int fixture_send_data(struct fixture *fixture, const struct ipv6_address *source, time_ns now);

#endif
