/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_neighbor_discovery.c - address resolution, Neighbor Unreachability Detection, what is answered and
 * what is not, proxied addresses, redirects (RFC 4861, 7 and 8; RFC 4429, 3; RFC 6275, 10.4.1). Frames are
 * scapy's.
 */
#include "models/ipv6/next_hop.h"
#include "tests/unit/discovery.h"

static void send_numbered(struct world *world, const char *source, const char *next_hop, uint8_t number)
{
    struct ipv6_address to = address_from(next_hop);
    interface_send(&world->node, world->interface, numbered_packet(world, source, next_hop, number), &to,
                   world->recorder.now);
}

static enum neighbor_state state_of(const struct world *world, const char *address)
{
    struct neighbor *neighbor = world_neighbor(world, address);
    ck_assert_ptr_nonnull(neighbor);
    return neighbor_state_at(neighbor, world->recorder.now);
}

static void open_host(struct world *world)
{
    world_open_quiet(world, false, NODE_STATION);
    world_add(world, NODE_GLOBAL);
    recording_environment_clear(&world->recorder);
}

/* The neighbor is REACHABLE, as of now. */
static void open_host_with_neighbor(struct world *world)
{
    open_host(world);
    send_numbered(world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 0);
    world_receive(world, ANSWER_FROM_NEIGHBOR, world->recorder.now);
    ck_assert_int_eq(state_of(world, NEIGHBOR_GLOBAL), NEIGHBOR_REACHABLE);
    forget_frames(world);
}

/* ---- resolution (7.2.2) ---- */

START_TEST(resolves_an_address)
{
    struct world world;
    open_host(&world);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1);
    expect_frame(&world, SOLICITATION_FROM_NODE);
    expect_no_more_frames(&world);
    world.recorder.now = MILLISECONDS(2);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2);
    expect_no_more_frames(&world);
    world_receive(&world, ANSWER_FROM_NEIGHBOR, MILLISECONDS(3));
    expect_numbered(&world, 1, NEIGHBOR_STATION);
    expect_numbered(&world, 2, NEIGHBOR_STATION);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_REACHABLE);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 3);
    expect_numbered(&world, 3, NEIGHBOR_STATION);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER); /* REACHABLE costs no timer */
    world_close(&world);
}
END_TEST

START_TEST(solicits_from_its_own_address_for_others_packets)
{
    struct world world;
    open_host(&world);
    send_numbered(&world, "2001:db8:77::1", NEIGHBOR_GLOBAL, 1);
    expect_frame(&world, SOLICITATION_FROM_LINK_LOCAL);
    world_close(&world);
}
END_TEST

START_TEST(holds_three_packets)
{
    struct world world;
    open_host(&world);
    for (uint8_t i = 1; i <= 5; i++)
        send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, i);
    ck_assert_uint_eq(world.node.discards, 2);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_RESOLUTION_QUEUE);
    expect_frame(&world, SOLICITATION_FROM_NODE);
    world_receive(&world, ANSWER_FROM_NEIGHBOR, 1);
    for (uint8_t i = 3; i <= 5; i++)
        expect_numbered(&world, i, NEIGHBOR_STATION);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(gives_up_after_three_solicitations)
{
    struct world world;
    open_host(&world);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1);
    world_run(&world, SECONDS(3) - 1);
    expect_frame_at(&world, SOLICITATION_FROM_NODE, 0);
    expect_frame_at(&world, SOLICITATION_FROM_NODE, SECONDS(1));
    expect_frame_at(&world, SOLICITATION_FROM_NODE, SECONDS(2));
    ck_assert_uint_eq(world.node.discards, 0);
    world_run(&world, SECONDS(3));
    ck_assert_ptr_null(world_neighbor(&world, NEIGHBOR_GLOBAL));
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_ADDRESS_UNREACHABLE);
    expect_no_more_frames(&world); /* one's own packet: no ICMPv6 error to oneself */
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2);
    expect_frame(&world, SOLICITATION_FROM_NODE);
    world_close(&world);
}
END_TEST

/* A forwarded packet's source hears of it: Destination Unreachable, code 3 (7.2.2). */
START_TEST(tells_the_source_that_nobody_answers)
{
    struct world world;
    world_open_quiet(&world, true, ROUTER_STATION);
    world_add(&world, ROUTER_GLOBAL);
    world_receive(&world, SOLICITATION_FOR_HOME, 0); /* nothing: not proxied yet */
    forget_frames(&world);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL), source = address_from("2001:db8:1::c");
    struct ethernet_address station = {{2, 0, 0, 0, 0, 0x0c}};
    neighbor_learn(&world.node, world.interface, &source, &station, false, 0);
    ck_assert_int_eq(prefix_add(&world.node, world.interface, &source, 64, TIME_NEVER, 0), 0);
    struct packet *packet = numbered_packet(&world, "2001:db8:1::c", NEIGHBOR_GLOBAL, 1);
    interface_send(&world.node, world.interface, packet, &neighbor, 0);
    world_run(&world, SECONDS(3));
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_ADDRESS_UNREACHABLE);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 4);
    const uint8_t *error = packet_octets(recording_frame(&world.recorder, 3)->packet);
    ck_assert_mem_eq(error, station.octets, ETHERNET_ADDRESS_LENGTH);
    ck_assert_uint_eq(error[ETHERNET_HEADER_LENGTH + IPV6_AT_NEXT_HEADER], NEXT_HEADER_ICMPV6);
    ck_assert_uint_eq(error[ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH], 1);
    ck_assert_uint_eq(error[ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + 1], 3);
    world_close(&world);
}
END_TEST

/* ---- reachability (7.3) ---- */

START_TEST(becomes_stale_after_a_random_time)
{
    struct world world;
    open_host_with_neighbor(&world);
    time_ns until = world_neighbor(&world, NEIGHBOR_GLOBAL)->reachable_until;
    ck_assert_int_ge(until, SECONDS(15));
    ck_assert_int_le(until, SECONDS(45));
    world.recorder.now = until - 1;
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_REACHABLE);
    world.recorder.now = until;
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_STALE);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
    world_close(&world);
}
END_TEST

START_TEST(probes_when_used_while_stale)
{
    struct world world;
    open_host_with_neighbor(&world);
    world.recorder.now = SECONDS(100);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1);
    expect_numbered(&world, 1, NEIGHBOR_STATION);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_DELAY);
    world_run(&world, SECONDS(105));
    expect_frame_at(&world, PROBE_OF_NEIGHBOR, SECONDS(105));
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_PROBE);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2);
    expect_numbered(&world, 2, NEIGHBOR_STATION); /* goes on meanwhile */
    world_receive(&world, ANSWER_FROM_NEIGHBOR, SECONDS(105) + 1);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_REACHABLE);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(deletes_who_does_not_answer_probes)
{
    struct world world;
    open_host_with_neighbor(&world);
    world.recorder.now = SECONDS(100);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1);
    expect_numbered(&world, 1, NEIGHBOR_STATION);
    world_run(&world, SECONDS(108) - 1);
    for (int i = 0; i < MAX_UNICAST_SOLICIT; i++)
        expect_frame_at(&world, PROBE_OF_NEIGHBOR, SECONDS(105 + i));
    ck_assert_ptr_nonnull(world_neighbor(&world, NEIGHBOR_GLOBAL));
    world_run(&world, SECONDS(108));
    ck_assert_ptr_null(world_neighbor(&world, NEIGHBOR_GLOBAL));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(forward_progress_confirms)
{
    struct world world;
    open_host_with_neighbor(&world);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    world.recorder.now = SECONDS(100);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1);
    neighbor_confirm(&world.node, world.interface, &neighbor, SECONDS(101));
    world.recorder.now = SECONDS(101);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_REACHABLE);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
    world_close(&world);
}
END_TEST

START_TEST(probes_on_demand)
{
    struct world world;
    open_host_with_neighbor(&world);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    world.recorder.now = SECONDS(1);
    neighbor_probe(&world.node, world.interface, &neighbor, SECONDS(1));
    expect_frame_at(&world, PROBE_OF_NEIGHBOR, SECONDS(1));
    neighbor_probe(&world.node, world.interface, &neighbor, SECONDS(1));
    expect_no_more_frames(&world); /* not more than one a RetransTimer */
    world_receive(&world, ANSWER_FROM_NEIGHBOR, SECONDS(1) + 5);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_REACHABLE);
    world_close(&world);
}
END_TEST

/* ---- the table of 7.2.5 ---- */

enum { R = 0x80, S = 0x40, O = 0x20 };

/* An advertisement for the neighbor with these flags; station 0: no option. */
static void advertise(struct world *world, uint8_t flags, const struct ethernet_address *station)
{
    uint8_t octets[IPV6_HEADER_LENGTH + 32] = {
        0x60, 0, 0, 0, 0, (uint8_t)(station ? 32 : 24), NEXT_HEADER_ICMPV6, 255};
    struct ipv6_address target = address_from(NEIGHBOR_GLOBAL), node = address_from(NODE_GLOBAL);
    memcpy(octets + IPV6_AT_SOURCE, target.octets, 16);
    memcpy(octets + IPV6_AT_DESTINATION, node.octets, 16);
    uint8_t *message = octets + IPV6_HEADER_LENGTH;
    size_t length = station ? 32 : 24;
    message[0] = 136;
    message[4] = flags;
    memcpy(message + 8, target.octets, 16);
    if (station) {
        message[24] = 2;
        message[25] = 1;
        memcpy(message + 26, station->octets, 6);
    }
    uint16_t checksum = ipv6_checksum(&target, &node, NEXT_HEADER_ICMPV6, message, length);
    message[2] = (uint8_t)(checksum >> 8);
    message[3] = (uint8_t)checksum;
    struct packet *packet = recording_packet(&world->recorder, octets, IPV6_HEADER_LENGTH + length);
    ipv6_receive(&world->node, world->interface, packet, false, NULL, world->recorder.now);
}

struct row {
    bool known; /* the entry has a link-layer address: REACHABLE or STALE; else INCOMPLETE */
    bool reachable;
    uint8_t flags;
    char station; /* 's'ame, 'd'ifferent, '-' none */
    enum neighbor_state state;
    bool updated; /* the entry has the different address now */
};

static const struct row rows[] = {
    {false, false, 0, '-', NEIGHBOR_INCOMPLETE, false},   {false, false, S, '-', NEIGHBOR_INCOMPLETE, false},
    {false, false, 0, 's', NEIGHBOR_STALE, false},        {false, false, S, 's', NEIGHBOR_REACHABLE, false},
    {true, true, 0, 'd', NEIGHBOR_STALE, false},          {true, true, S, 'd', NEIGHBOR_STALE, false},
    {true, false, S, 'd', NEIGHBOR_STALE, false},         {true, false, S, 's', NEIGHBOR_REACHABLE, false},
    {true, false, S, '-', NEIGHBOR_REACHABLE, false},     {true, false, 0, 's', NEIGHBOR_STALE, false},
    {true, true, 0, 's', NEIGHBOR_REACHABLE, false},      {true, true, O, 's', NEIGHBOR_REACHABLE, false},
    {true, true, O, 'd', NEIGHBOR_STALE, true},           {true, false, O | S, 'd', NEIGHBOR_REACHABLE, true},
    {true, true, O | S, 'd', NEIGHBOR_REACHABLE, true},   {true, true, O, '-', NEIGHBOR_REACHABLE, false},
    {true, false, O | S, '-', NEIGHBOR_REACHABLE, false},
};

START_TEST(follows_the_table_of_advertisements)
{
    const struct row *row = &rows[_i];
    struct world world;
    open_host(&world);
    struct ethernet_address same = NEIGHBOR_STATION, different = ROUTER_STATION;
    struct ipv6_address address = address_from(NEIGHBOR_GLOBAL);
    if (row->known)
        neighbor_learn(&world.node, world.interface, &address, &same, false, 0);
    else
        neighbor_probe(&world.node, world.interface, &address, 0);
    if (row->reachable)
        neighbor_confirm(&world.node, world.interface, &address, 0);
    advertise(&world, row->flags, row->station == '-' ? NULL : row->station == 's' ? &same : &different);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), row->state);
    if (row->state != NEIGHBOR_INCOMPLETE) {
        const struct ethernet_address *expected = row->updated ? &different : &same;
        ck_assert_mem_eq(world_neighbor(&world, NEIGHBOR_GLOBAL)->link_layer_address.octets, expected->octets,
                         6);
    }
    world_close(&world);
}
END_TEST

START_TEST(unknown_advertisements_create_nothing)
{
    struct world world;
    open_host(&world);
    world_receive(&world, NEIGHBOR_MOVES, 1);
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_MESSAGE_RECEIVED), 1);
    world_close(&world);
}
END_TEST

START_TEST(unsolicited_override_moves_a_neighbor)
{
    struct world world;
    open_host_with_neighbor(&world);
    world_receive(&world, NEIGHBOR_PROXIED, 1);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_STALE);
    world_receive(&world, NEIGHBOR_MOVES, 2);
    send_numbered(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1);
    expect_numbered(&world, 1, ROUTER_STATION);
    world_close(&world);
}
END_TEST

/* ---- solicitations answered (7.2.3, 7.2.4) ---- */

START_TEST(answers_and_learns)
{
    struct world world;
    open_host(&world);
    world_receive(&world, SOLICITATION_TO_NODE, 1);
    expect_frame(&world, ANSWER_TO_NEIGHBOR);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_DELAY); /* learnt STALE, then used */
    ck_assert(!world_neighbor(&world, NEIGHBOR_GLOBAL)->is_router);
    const struct protocol_event *sent = recording_last_event(&world.recorder, EVENT_MESSAGE_SENT);
    ck_assert_str_eq(sent->message, "Neighbor Advertisement");
    ck_assert_uint_eq(sent->octets, 72);
    const struct protocol_event *received = recording_last_event(&world.recorder, EVENT_MESSAGE_RECEIVED);
    ck_assert_str_eq(received->message, "Neighbor Solicitation");
    ck_assert_uint_eq(received->octets, 72);
    world_close(&world);
}
END_TEST

START_TEST(defends_its_address)
{
    struct world world;
    open_host(&world);
    world_receive(&world, RIVAL_DETECTION, 1);
    expect_frame(&world, DEFENCE_OF_GLOBAL);
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
    ck_assert_int_eq(world_address(&world, NODE_GLOBAL)->state, ADDRESS_PREFERRED);
    world_close(&world);
}
END_TEST

START_TEST(is_silent_for_addresses_not_defended)
{
    struct world world;
    open_host(&world);
    ck_assert_int_eq(address_set_defended(&world.node, world_address(&world, NODE_GLOBAL), false), 0);
    world_receive(&world, SOLICITATION_TO_NODE, 1);
    world_receive(&world, RIVAL_DETECTION, 1);
    expect_no_more_frames(&world);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_NOT_OURS);
    ck_assert_int_eq(address_set_defended(&world.node, world_address(&world, NODE_GLOBAL), true), 0);
    world_receive(&world, SOLICITATION_TO_NODE, 2);
    expect_frame(&world, ANSWER_TO_NEIGHBOR);
    world_close(&world);
}
END_TEST

/* One change to a valid message, its checksum put right again: discarded, and nothing happens (7.1.1,
 * 7.1.2, 8.1). */
struct spoiled {
    const char *frame;
    unsigned at; /* in the frame */
    uint8_t octet;
    int truncate; /* to so many octets; 0: not at all */
};

#define AT_MESSAGE (ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH)

static const struct spoiled spoiled_messages[] = {
    {SOLICITATION_TO_NODE, ETHERNET_HEADER_LENGTH + IPV6_AT_HOP_LIMIT, 254, 0},
    {SOLICITATION_TO_NODE, AT_MESSAGE + 1, 1, 0},             /* code */
    {SOLICITATION_TO_NODE, AT_MESSAGE + 8, 0xff, 0},          /* target is a group */
    {SOLICITATION_TO_NODE, AT_MESSAGE + 25, 0, 0},            /* option of length 0 */
    {SOLICITATION_TO_NODE, AT_MESSAGE + 25, 2, 0},            /* option longer than the message */
    {SOLICITATION_TO_NODE, AT_MESSAGE, 135, AT_MESSAGE + 20}, /* shorter than 24 octets */
    {ANSWER_FROM_NEIGHBOR, ETHERNET_HEADER_LENGTH + IPV6_AT_HOP_LIMIT, 64, 0},
    {ANSWER_FROM_NEIGHBOR, AT_MESSAGE + 1, 3, 0},
    {ANSWER_FROM_NEIGHBOR, AT_MESSAGE + 8, 0xff, 0},
    {ANSWER_FROM_NEIGHBOR, AT_MESSAGE + 25, 0, 0},
    {ANSWER_FROM_NEIGHBOR, AT_MESSAGE, 136, AT_MESSAGE + 23},
    {NEIGHBOR_MOVES, AT_MESSAGE + 4, S, 0}, /* solicited, to a group */
    {REDIRECT_TO_NEIGHBOR, ETHERNET_HEADER_LENGTH + IPV6_AT_HOP_LIMIT, 254, 0},
    {REDIRECT_TO_NEIGHBOR, AT_MESSAGE + 1, 1, 0},
    {REDIRECT_TO_NEIGHBOR, AT_MESSAGE + 24, 0xff, 0}, /* destination is a group */
    {REDIRECT_TO_NEIGHBOR, AT_MESSAGE + 23, 0x55, 0}, /* target: neither link-local nor the destination */
    {REDIRECT_TO_NEIGHBOR, AT_MESSAGE + 41, 0, 0},
    {REDIRECT_TO_NEIGHBOR, ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE, 0x20, 0}, /* source not link-local */
    {REDIRECT_FORGED, AT_MESSAGE, 137, 0},                                    /* not from the first hop */
};

/* With the payload length and the checksum made right. */
static void receive_octets(struct world *world, uint8_t *octets, size_t length, time_ns now)
{
    size_t upper = length - AT_MESSAGE;
    octets[ETHERNET_HEADER_LENGTH + 5] = (uint8_t)upper;
    octets[AT_MESSAGE + 2] = octets[AT_MESSAGE + 3] = 0;
    struct ipv6_address source = ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE);
    struct ipv6_address destination =
        ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_DESTINATION);
    uint16_t checksum = ipv6_checksum(&source, &destination, NEXT_HEADER_ICMPV6, octets + AT_MESSAGE, upper);
    octets[AT_MESSAGE + 2] = (uint8_t)(checksum >> 8);
    octets[AT_MESSAGE + 3] = (uint8_t)checksum;
    recording_receive(&world->recorder, &world->node, 0, octets, length, now);
}

static void receive_spoiled(struct world *world, const struct spoiled *spoiled, time_ns now)
{
    uint8_t octets[256];
    size_t length = octets_from(spoiled->frame, octets, sizeof(octets));
    octets[spoiled->at] = spoiled->octet;
    receive_octets(world, octets, spoiled->truncate ? (size_t)spoiled->truncate : length, now);
}

START_TEST(refuses_invalid_messages)
{
    struct world world;
    open_host(&world);
    struct ipv6_address address = address_from(NEIGHBOR_GLOBAL);
    neighbor_probe(&world.node, world.interface, &address,
                   0); /* an INCOMPLETE entry that an answer would fill */
    world_receive(&world, ADVERTISEMENT_PLAIN, 0);
    forget_frames(&world);
    receive_spoiled(&world, &spoiled_messages[_i], 1);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_MESSAGE_DISCARDED), 1);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_NEIGHBOR_DISCOVERY);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_MESSAGE_RECEIVED), 0);
    ck_assert_int_eq(state_of(&world, NEIGHBOR_GLOBAL), NEIGHBOR_INCOMPLETE);
    ck_assert_uint_eq(world.interface->neighbors.count, 2);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* An anonymous solicitation must go to a solicited-node group and name no link-layer address (7.1.1). */
START_TEST(refuses_strange_anonymous_solicitations)
{
    struct world world;
    open_host(&world);
    static const uint8_t none[16];
    for (unsigned i = 0; i < 2; i++) {
        uint8_t octets[256];
        size_t length = octets_from(i == 0 ? SOLICITATION_TO_NODE : RIVAL_DETECTION, octets, sizeof(octets));
        struct ipv6_address destination = address_from(NODE_GLOBAL);
        if (i == 0)
            memcpy(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE, none, 16);
        else
            memcpy(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_DESTINATION, destination.octets, 16);
        char digits[512] = "";
        for (size_t j = 0; j < length; j++)
            g_snprintf(digits + 2 * j, 3, "%02x", octets[j]);
        const struct spoiled changed = {digits, AT_MESSAGE, 135, 0};
        receive_spoiled(&world, &changed, 1);
        ck_assert_uint_eq(world.node.discards, i + 1);
    }
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* ---- proxied addresses (RFC 6275, 10.4.1) ---- */

static void open_home_agent(struct world *world)
{
    world_open_quiet(world, true, ROUTER_STATION);
    world_add(world, ROUTER_GLOBAL);
    recording_environment_clear(&world->recorder);
}

START_TEST(answers_for_a_mobile_node)
{
    struct world world;
    open_home_agent(&world);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    struct ipv6_address group = ipv6_solicited_node(&home);
    struct ethernet_address station = ethernet_multicast_of(&group);
    world_receive(&world, SOLICITATION_FOR_HOME, 0);
    expect_no_more_frames(&world);
    ck_assert_int_eq(proxy_add(&world.node, world.interface, &home), 0);
    ck_assert_int_eq(proxy_add(&world.node, world.interface, &home), ERROR_EXISTS);
    ck_assert(recording_listens(&world.recorder, 0, &station));
    world_receive(&world, SOLICITATION_FOR_HOME, 1);
    expect_frame(&world, PROXY_ANSWER);
    world_receive(&world, RIVAL_DETECTION_OF_HOME, 2);
    expect_frame(&world, PROXY_DEFENCE);
    ck_assert_int_eq(proxy_remove(&world.node, world.interface, &home), 0);
    ck_assert_int_eq(proxy_remove(&world.node, world.interface, &home), ERROR_NOT_FOUND);
    ck_assert(!recording_listens(&world.recorder, 0, &station));
    world_receive(&world, SOLICITATION_FOR_HOME, 3);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(announces_and_repeats)
{
    struct world world;
    open_home_agent(&world);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_int_eq(proxy_add(&world.node, world.interface, &home), 0);
    neighbor_advertise(&world.node, world.interface, &home, true, MAX_NEIGHBOR_ADVERTISEMENT, 0);
    world_run(&world, SECONDS(10));
    for (int i = 0; i < 3; i++)
        expect_frame_at(&world, PROXY_ANNOUNCEMENT, SECONDS(i));
    expect_no_more_frames(&world);
    neighbor_advertise(&world.node, world.interface, &home, true, 3, SECONDS(10));
    expect_frame_at(&world, PROXY_ANNOUNCEMENT, SECONDS(10));
    ck_assert_int_eq(proxy_remove(&world.node, world.interface, &home), 0); /* the mobile node is back */
    world_run(&world, SECONDS(20));
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* MAX_NEIGHBOR_ADVERTISEMENT is the most (7.2.6); a caller that wants one gets one, and none is none. */
START_TEST(announces_as_often_as_asked)
{
    struct world world;
    static const unsigned asked[] = {0, 1, 2, 3, 4, 100}, sent[] = {0, 1, 2, 3, 3, 3};
    open_home_agent(&world);
    struct ipv6_address home = address_from(HOME_ADDRESS);
    ck_assert_int_eq(proxy_add(&world.node, world.interface, &home), 0);
    neighbor_advertise(&world.node, world.interface, &home, true, asked[_i], 0);
    world_run(&world, SECONDS(10));
    ck_assert_uint_eq(recording_frame_count(&world.recorder), sent[_i]);
    world_close(&world);
}
END_TEST

/* An anycast address may be there for several reasons, and stays until the last has gone. */
START_TEST(anycast_addresses_are_counted)
{
    struct world world;
    open_home_agent(&world);
    struct ipv6_address anycast = address_from(HOME_ADDRESS), other = address_from("2001:db8:1::101");
    ck_assert_int_eq(anycast_add(&world.node, world.interface, &anycast), 0);
    ck_assert_int_eq(anycast_add(&world.node, world.interface, &anycast), 0);
    anycast_remove(&world.node, world.interface, &anycast);
    world_receive(&world, SOLICITATION_FOR_HOME, 1);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 1);
    anycast_remove(&world.node, world.interface, &anycast);
    anycast_remove(&world.node, world.interface, &anycast);
    anycast_remove(&world.node, world.interface, &other);
    world_receive(&world, SOLICITATION_FOR_HOME, 2);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 1);
    world_close(&world);
}
END_TEST

START_TEST(serves_many_mobile_nodes)
{
    struct world world;
    open_home_agent(&world);
    for (unsigned i = 0; i < 10000; i++) {
        struct ipv6_address home = address_from("2001:db8:1:0:8000::");
        home.octets[14] = (uint8_t)(i >> 8);
        home.octets[15] = (uint8_t)i;
        ck_assert_int_eq(proxy_add(&world.node, world.interface, &home), 0);
    }
    for (unsigned i = 0; i < 10000; i += 2) {
        struct ipv6_address home = address_from("2001:db8:1:0:8000::");
        home.octets[14] = (uint8_t)(i >> 8);
        home.octets[15] = (uint8_t)i;
        ck_assert_int_eq(proxy_remove(&world.node, world.interface, &home), 0);
        ck_assert(!proxy_serves(&world.node, world.interface, &home));
        home.octets[15]++;
        ck_assert(proxy_serves(&world.node, world.interface, &home));
    }
    world_close(&world);
}
END_TEST

/* ---- groups ---- */

START_TEST(counts_joins)
{
    struct world world;
    open_host(&world);
    struct ipv6_address group = address_from("ff02::1:ff00:77");
    struct ethernet_address station = ethernet_multicast_of(&group);
    ck_assert_int_eq(group_join(&world.node, world.interface, &group), 0);
    ck_assert_int_eq(group_join(&world.node, world.interface, &group), 0);
    group_leave(&world.node, world.interface, &group);
    ck_assert(group_is_joined(&world.node, world.interface, &group));
    ck_assert(recording_listens(&world.recorder, 0, &station));
    group_leave(&world.node, world.interface, &group);
    group_leave(&world.node, world.interface, &group);
    ck_assert(!group_is_joined(&world.node, world.interface, &group));
    ck_assert(!recording_listens(&world.recorder, 0, &station));
    ck_assert(group_is_joined(&world.node, world.interface, &ipv6_all_nodes));
    ck_assert(!group_is_joined(&world.node, world.interface, &ipv6_all_routers));
    world_close(&world);
}
END_TEST

START_TEST(routers_join_theirs)
{
    struct world world;
    open_home_agent(&world);
    ck_assert(group_is_joined(&world.node, world.interface, &ipv6_all_routers));
    world_close(&world);
}
END_TEST

/* ---- redirects (8) ---- */

START_TEST(obeys_a_redirect_to_a_neighbor)
{
    struct world world;
    open_host(&world);
    struct ipv6_address far = address_from("2001:db8:9::9");
    struct next_hop next_hop;
    world_receive(&world, ADVERTISEMENT_PLAIN, 0);
    const struct default_router *router = default_router_select(&world.node, NULL);
    world_receive(&world, REDIRECT_TO_NEIGHBOR, 1);
    ck_assert(next_hop_find(&world.node, &far, NULL, &next_hop) && next_hop.address != &router->address);
    ck_assert(ipv6_address_equal(next_hop.address, &far));
    ck_assert_int_eq(state_of(&world, "2001:db8:9::9"), NEIGHBOR_STALE);
    ck_assert(!world_neighbor(&world, "2001:db8:9::9")->is_router);
    world_receive(&world, REDIRECT_TO_NEIGHBOR, 2); /* the router is its first hop no longer */
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_NEIGHBOR_DISCOVERY);
    world_run(&world, SECONDS(601));
    ck_assert(next_hop_find(&world.node, &far, NULL, &next_hop) && next_hop.address == &router->address);
    world_close(&world);
}
END_TEST

START_TEST(nobody_redirects_a_host_without_a_router)
{
    struct world world;
    open_host(&world);
    world_receive(&world, REDIRECT_TO_NEIGHBOR, 1);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_NEIGHBOR_DISCOVERY);
    ck_assert_ptr_null(world.node.redirects);
    world_close(&world);
}
END_TEST

START_TEST(routers_ignore_redirects)
{
    struct world world;
    open_home_agent(&world);
    world_receive(&world, REDIRECT_TO_NEIGHBOR, 1);
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
    ck_assert_ptr_null(world.node.redirects);
    world_close(&world);
}
END_TEST

/* ---- routers that fail ---- */

static unsigned routers_lost;

static void router_lost(struct node *node, struct interface *interface, const struct ipv6_address *router,
                        time_ns now)
{
    struct ipv6_address expected = address_from(ROUTER_LOCAL);
    (void)node;
    (void)interface;
    (void)now;
    ck_assert(ipv6_address_equal(router, &expected));
    routers_lost++;
}

static const struct node_extension watches_routers = {.router_unreachable = router_lost};

START_TEST(tells_of_an_unreachable_router)
{
    struct world world;
    open_host(&world);
    world.node.extension = &watches_routers;
    routers_lost = 0;
    world_receive(&world, ADVERTISEMENT_PLAIN, 0);
    send_numbered(&world, NODE_GLOBAL, ROUTER_LOCAL, 1);
    world_run(&world, SECONDS(8) - 1);
    ck_assert_uint_eq(routers_lost, 0);
    ck_assert(!world.interface->default_routers->unreachable);
    world_run(&world, SECONDS(8));
    ck_assert_uint_eq(routers_lost, 1);
    ck_assert(world.interface->default_routers->unreachable);
    ck_assert_ptr_eq(default_router_select(&world.node, NULL), world.interface->default_routers);
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(9));
    ck_assert(!world.interface->default_routers->unreachable);
    world_close(&world);
}
END_TEST

START_TEST(a_router_that_becomes_a_host_is_forgotten)
{
    struct world world;
    open_host(&world);
    world_receive(&world, ADVERTISEMENT_PLAIN, 0);
    ck_assert_ptr_nonnull(world.interface->default_routers);
    world_receive(&world, ROUTER_NO_MORE, 1);
    ck_assert_ptr_null(world.interface->default_routers);
    ck_assert(!world_neighbor(&world, ROUTER_LOCAL)->is_router);
    world_close(&world);
}
END_TEST

/* ---- bounds ---- */

START_TEST(the_cache_is_bounded)
{
    struct world world;
    open_host(&world);
    struct ethernet_address station = NEIGHBOR_STATION;
    struct ipv6_address router = address_from(ROUTER_LOCAL);
    neighbor_learn(&world.node, world.interface, &router, &station, true, 0);
    struct ipv6_address address = address_from("2001:db8:1::");
    for (uint32_t i = 0; i < NEIGHBORS_MAX + 1000; i++) {
        memcpy(address.octets + 12, &i, sizeof(i));
        ck_assert_ptr_nonnull(neighbor_learn(&world.node, world.interface, &address, &station, false, 0));
    }
    ck_assert_uint_eq(world.interface->neighbors.count, NEIGHBORS_MAX);
    ck_assert_ptr_nonnull(world_neighbor(&world, ROUTER_LOCAL));
    ck_assert_ptr_nonnull(neighbor_lookup(world.interface, &address));
    neighbors_flush(&world.node, world.interface);
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
    world_close(&world);
}
END_TEST

static TCase *resolution_tests(void)
{
    TCase *tests = tcase_create("resolution and reachability");
    tcase_add_test(tests, resolves_an_address);
    tcase_add_test(tests, solicits_from_its_own_address_for_others_packets);
    tcase_add_test(tests, holds_three_packets);
    tcase_add_test(tests, gives_up_after_three_solicitations);
    tcase_add_test(tests, tells_the_source_that_nobody_answers);
    tcase_add_test(tests, becomes_stale_after_a_random_time);
    tcase_add_test(tests, probes_when_used_while_stale);
    tcase_add_test(tests, deletes_who_does_not_answer_probes);
    tcase_add_test(tests, forward_progress_confirms);
    tcase_add_test(tests, probes_on_demand);
    tcase_add_loop_test(tests, follows_the_table_of_advertisements, 0, (int)(sizeof(rows) / sizeof(rows[0])));
    tcase_add_test(tests, unknown_advertisements_create_nothing);
    tcase_add_test(tests, unsolicited_override_moves_a_neighbor);
    return tests;
}

static TCase *message_tests(void)
{
    TCase *tests = tcase_create("messages");
    tcase_add_test(tests, answers_and_learns);
    tcase_add_test(tests, defends_its_address);
    tcase_add_test(tests, is_silent_for_addresses_not_defended);
    tcase_add_loop_test(tests, refuses_invalid_messages, 0,
                        (int)(sizeof(spoiled_messages) / sizeof(spoiled_messages[0])));
    tcase_add_test(tests, refuses_strange_anonymous_solicitations);
    tcase_add_test(tests, answers_for_a_mobile_node);
    tcase_add_test(tests, announces_and_repeats);
    tcase_add_loop_test(tests, announces_as_often_as_asked, 0, 6);
    tcase_add_test(tests, anycast_addresses_are_counted);
    tcase_add_test(tests, obeys_a_redirect_to_a_neighbor);
    tcase_add_test(tests, nobody_redirects_a_host_without_a_router);
    tcase_add_test(tests, routers_ignore_redirects);
    tcase_add_test(tests, tells_of_an_unreachable_router);
    tcase_add_test(tests, a_router_that_becomes_a_host_is_forgotten);
    return tests;
}

static TCase *size_tests(void)
{
    TCase *tests = tcase_create("groups and bounds");
    tcase_add_test(tests, serves_many_mobile_nodes);
    tcase_add_test(tests, counts_joins);
    tcase_add_test(tests, routers_join_theirs);
    tcase_add_test(tests, the_cache_is_bounded);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("neighbor discovery");
    suite_add_tcase(suite, resolution_tests());
    suite_add_tcase(suite, message_tests());
    suite_add_tcase(suite, size_tests());
    return run_suite(suite);
}
