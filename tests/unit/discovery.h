/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * discovery.h - what the tests of Neighbor Discovery, autoconfiguration and router discovery share: one node
 * on one Ethernet interface in a recording environment, and frames given as hexadecimal digits
 * (tests/vectors/neighbor_discovery.h).
 */
#ifndef MIP6SIM_TESTS_UNIT_DISCOVERY_H
#define MIP6SIM_TESTS_UNIT_DISCOVERY_H

#include <check.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/address_table.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/router_discovery.h"
#include "tests/runner.h"
#include "tests/unit/expect_octets.h"
#include "tests/unit/recording_environment.h"
#include "tests/vectors/neighbor_discovery.h"

#define NODE_STATION     ((struct ethernet_address){{2, 0, 0, 0, 0, 0x0a}})
#define NEIGHBOR_STATION ((struct ethernet_address){{2, 0, 0, 0, 0, 0x0b}})
#define ROUTER_STATION   ((struct ethernet_address){{2, 0, 0, 0, 0, 0x01}})

#define NODE_LOCAL      "fe80::ff:fe00:a"
#define NODE_GLOBAL     "2001:db8:1::ff:fe00:a"
#define NEIGHBOR_GLOBAL "2001:db8:1::b"
#define ROUTER_LOCAL    "fe80::ff:fe00:1"
#define ROUTER_GLOBAL   "2001:db8:1::1"
#define HOME_ADDRESS    "2001:db8:1::100"

struct world {
    struct recording_environment recorder;
    struct node_configuration configuration;
    struct node node;
    struct interface *interface;
    unsigned seen; /* frames already looked at */
};

/* No random delays, one probe; hosts autoconfigure. */
static inline struct node_configuration plain_configuration(bool forwarding)
{
    struct node_configuration configuration =
        forwarding ? node_configuration_default_router : node_configuration_default_host;
    configuration.delay_duplicate_detection = false;
    configuration.delay_router_solicitation = false;
    return configuration;
}

/* The node is down, without addresses. */
static inline void world_open(struct world *world, struct node_configuration configuration,
                              struct ethernet_address station)
{
    *world = (struct world){.configuration = configuration};
    recording_environment_init(&world->recorder, NULL);
    ck_assert_int_eq(node_init(&world->node, &world->recorder.environment, &world->configuration, 1), 0);
    node_configure_interface(&world->node, 0, INTERFACE_ETHERNET, &station, ETHERNET_MTU);
    world->interface = &world->node.interfaces[0];
}

static inline void world_close(struct world *world)
{
    node_free(&world->node);
    recording_environment_free(&world->recorder);
}

static inline void world_link(struct world *world, bool up, time_ns now)
{
    recording_link(&world->recorder, &world->node, 0, up, now);
}

static inline void world_run(struct world *world, time_ns until)
{
    recording_run(&world->recorder, &world->node, until);
}

/* Addresses without a test, router solicitations over: nothing is under way. */
static inline void world_open_quiet(struct world *world, bool forwarding, struct ethernet_address station)
{
    struct node_configuration configuration = plain_configuration(forwarding);
    configuration.duplicate_detection_transmits = 0;
    world_open(world, configuration, station);
    world_link(world, true, 0);
    router_solicit_stop(&world->node, world->interface);
    recording_environment_clear(&world->recorder);
}

static inline void world_add(struct world *world, const char *address)
{
    struct ipv6_address added = address_from(address);
    ck_assert_int_eq(
        address_add(&world->node, 0, &added, 64, ADDRESS_CONFIGURED, false, true, world->recorder.now), 0);
}

static inline void world_receive(struct world *world, const char *frame, time_ns now)
{
    uint8_t octets[2048];
    size_t length = octets_from(frame, octets, sizeof(octets));
    recording_receive(&world->recorder, &world->node, 0, octets, length, now);
}

/* The next frame that the node has transmitted: these octets, at this time. */
static inline void expect_frame_at(struct world *world, const char *frame, time_ns time)
{
    ck_assert_uint_lt(world->seen, recording_frame_count(&world->recorder));
    const struct recorded_frame *recorded = recording_frame(&world->recorder, world->seen++);
    expect_octets(recorded->packet, frame);
    ck_assert_int_eq(recorded->time, time);
}

static inline void expect_frame(struct world *world, const char *frame)
{
    expect_frame_at(world, frame, world->recorder.now);
}

static inline void expect_no_more_frames(struct world *world)
{
    ck_assert_uint_eq(recording_frame_count(&world->recorder), world->seen);
}

static inline void forget_frames(struct world *world)
{
    recording_environment_clear(&world->recorder);
    world->seen = 0;
}

static inline struct neighbor *world_neighbor(const struct world *world, const char *address)
{
    struct ipv6_address wanted = address_from(address);
    return neighbor_lookup(world->interface, &wanted);
}

static inline struct interface_address *world_address(const struct world *world, const char *address)
{
    struct ipv6_address wanted = address_from(address);
    return address_find(&world->node, &wanted);
}

/* A packet without upper layer, and a number in its flow label to know it by. */
static inline struct packet *numbered_packet(struct world *world, const char *source, const char *destination,
                                             uint8_t number)
{
    uint8_t octets[IPV6_HEADER_LENGTH] = {0x60, 0, 0, number, 0, 0, NEXT_HEADER_NONE, 64};
    struct ipv6_address from = address_from(source), to = address_from(destination);
    memcpy(octets + IPV6_AT_SOURCE, from.octets, 16);
    memcpy(octets + IPV6_AT_DESTINATION, to.octets, 16);
    return recording_packet(&world->recorder, octets, sizeof(octets));
}

/* The next frame carries that packet, to that station. */
static inline void expect_numbered(struct world *world, uint8_t number, struct ethernet_address station)
{
    ck_assert_uint_lt(world->seen, recording_frame_count(&world->recorder));
    const struct packet *packet = recording_frame(&world->recorder, world->seen++)->packet;
    ck_assert_uint_eq(packet->length, ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH);
    ck_assert_mem_eq(packet_octets(packet), station.octets, ETHERNET_ADDRESS_LENGTH);
    ck_assert_uint_eq(packet_octets(packet)[ETHERNET_HEADER_LENGTH + 3], number);
}

#endif
