/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_ethernet.c - Ethernet II frames in and out (RFC 2464, 2, 3 and 7). */
#include "tests/unit/discovery.h"

START_TEST(frames_a_packet)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    struct ethernet_address station = NEIGHBOR_STATION;
    struct packet *packet = numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 7);
    ethernet_send(&world.node, world.interface, packet, &station);
    expect_frame(&world, "02000000000b 02000000000a 86dd 60000007 0000 3b 40"
                         "20010db800010000000000fffe00000a 20010db800010000000000000000000b");
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(copies_what_is_shared)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    struct ethernet_address station = NEIGHBOR_STATION;
    struct packet *packet = numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 7);
    ethernet_send(&world.node, world.interface, packet_share(packet), &station);
    ck_assert_uint_eq(packet->length, IPV6_HEADER_LENGTH);
    expect_numbered(&world, 7, NEIGHBOR_STATION);
    packet_release(packet);
    world_close(&world);
}
END_TEST

START_TEST(maps_groups)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    struct ipv6_address group = address_from("ff05::1:fffe:1234");
    struct packet *packet = numbered_packet(&world, NODE_GLOBAL, "ff05::1:fffe:1234", 1);
    interface_send(&world.node, world.interface, packet, &group, 0);
    expect_numbered(&world, 1, (struct ethernet_address){{0x33, 0x33, 0xff, 0xfe, 0x12, 0x34}});
    ck_assert_uint_eq(world.interface->neighbors.count, 0);
    world_close(&world);
}
END_TEST

START_TEST(takes_frames_to_itself_and_to_groups)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    world_add(&world, NODE_GLOBAL);
    world_receive(&world, SOLICITATION_TO_NODE, 1);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 1);
    world_receive(&world, ADVERTISEMENT_UNICAST, 2);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_MESSAGE_RECEIVED), 2);
    ck_assert_uint_eq(world.node.discards, 0);
    world_close(&world);
}
END_TEST

START_TEST(refuses_other_frames)
{
    static const struct {
        const char *frame;
        enum discard_reason reason;
    } refused[] = {
        {"", DISCARD_FRAME_TOO_SHORT},
        {"02000000000a 02000000000b 86", DISCARD_FRAME_TOO_SHORT},
        {"02000000000c 02000000000b 86dd 60", DISCARD_FRAME_NOT_FOR_US},
        {"02000000000a 02000000000b 0800 45", DISCARD_FRAME_TYPE},
        {"333300000001 02000000000b 0806 00", DISCARD_FRAME_TYPE},
    };
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    for (unsigned i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        world_receive(&world, refused[i].frame, i);
        ck_assert_uint_eq(world.node.discards, i + 1);
        ck_assert_int_eq(recording_last_discard(&world.recorder), refused[i].reason);
    }
    world_close(&world);
}
END_TEST

/* A LAN hands the same packet to all stations that a group address reaches. */
START_TEST(leaves_shared_frames_alone)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    uint8_t octets[256];
    size_t length = octets_from(ADVERTISEMENT_PLAIN, octets, sizeof(octets));
    struct packet *frame = recording_packet(&world.recorder, octets, length);
    node_receive(&world.node, 0, packet_share(frame), 1);
    ck_assert_uint_eq(frame->length, length);
    ck_assert_mem_eq(packet_octets(frame), octets, length);
    ck_assert_ptr_nonnull(world.interface->default_routers);
    packet_release(frame);
    world_close(&world);
}
END_TEST

START_TEST(is_silent_while_down_or_disabled)
{
    struct world world;
    world_open_quiet(&world, false, NODE_STATION);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    struct ethernet_address station = NEIGHBOR_STATION;
    world.interface->disabled = true;
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1),
                   &neighbor, 1);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_DUPLICATE_ADDRESS);
    world_receive(&world, ADVERTISEMENT_PLAIN, 1);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_DUPLICATE_ADDRESS);
    world.interface->disabled = false;
    world_link(&world, false, 2);
    interface_send_to(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2),
                      &station, 2);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_INTERFACE_DOWN);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2),
                   &neighbor, 2);
    ck_assert_uint_eq(world.node.discards, 4);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

START_TEST(point_to_point_has_no_frames)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    world_open(&world, configuration, NODE_STATION);
    node_configure_interface(&world.node, 0, INTERFACE_POINT_TO_POINT, NULL, 1500);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1),
                   &neighbor, 0);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_INTERFACE_DOWN);
    world_link(&world, true, 1);
    ck_assert_int_eq(node_deadline(&world.node), TIME_NEVER);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 9),
                   &neighbor, 1);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 1);
    const struct packet *packet = recording_frame(&world.recorder, 0)->packet;
    ck_assert_uint_eq(packet->length, IPV6_HEADER_LENGTH);
    ck_assert_uint_eq(packet_octets(packet)[3], 9);
    world_close(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ethernet");
    TCase *tests = tcase_create("frames");
    tcase_add_test(tests, frames_a_packet);
    tcase_add_test(tests, copies_what_is_shared);
    tcase_add_test(tests, maps_groups);
    tcase_add_test(tests, takes_frames_to_itself_and_to_groups);
    tcase_add_test(tests, refuses_other_frames);
    tcase_add_test(tests, leaves_shared_frames_alone);
    tcase_add_test(tests, is_silent_while_down_or_disabled);
    tcase_add_test(tests, point_to_point_has_no_frames);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
