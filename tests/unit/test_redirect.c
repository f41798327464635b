/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_redirect.c - Redirects (RFC 4861, 8; RFC 4429, 2.3): when a router sends one and what is in it, what a
 * host believes and for how long; and the router's Subnet-Router anycast address (RFC 4291, 2.6.1). Frames
 * are scapy's.
 */
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/redirect.h"
#include "models/ipv6/routing_table.h"
#include "tests/unit/discovery.h"

#define OTHER_STATION ((struct ethernet_address){{2, 0, 0, 0, 0, 2}})
#define OTHER_LOCAL   "fe80::ff:fe00:2"
#define OTHER_GLOBAL  "2001:db8:1::2"
#define FAR           "2001:db8:9::9"
#define FAR_PREFIX    "2001:db8:9::"

/* ---- a router ---- */

static void know(struct world *world, const char *address, struct ethernet_address station, bool is_router)
{
    struct ipv6_address known = address_from(address);
    ck_assert_ptr_nonnull(
        neighbor_learn(&world->node, world->interface, &known, &station, is_router, world->recorder.now));
}

static void add_route(struct world *world, const char *prefix, const char *next_hop)
{
    struct route route = {.prefix = address_from(prefix), .prefix_length = 64};
    if (next_hop)
        route.next_hop = address_from(next_hop);
    if (!world->node.routes)
        world->node.routes = routing_table_new();
    ck_assert_int_eq(routing_table_add(world->node.routes, &route), 0);
}

/* A router on one LAN; what is far away goes by this neighbor. All stations are known. */
static void open_router(struct world *world, const char *next_hop)
{
    world_open_quiet(world, true, ROUTER_STATION);
    world_add(world, ROUTER_GLOBAL);
    add_route(world, "2001:db8:1::", NULL);
    add_route(world, FAR_PREFIX, next_hop);
    know(world, NODE_GLOBAL, NODE_STATION, false);
    know(world, NEIGHBOR_GLOBAL, NEIGHBOR_STATION, false);
    know(world, OTHER_GLOBAL, OTHER_STATION, false);
    forget_frames(world);
}

START_TEST(router_tells_of_a_better_router)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    know(&world, OTHER_LOCAL, OTHER_STATION, true);
    world_receive(&world, PACKET_TO_FAR, 1);
    expect_frame(&world, REDIRECT_TO_OTHER);
    expect_frame(&world, PACKET_TO_FAR_FORWARDED);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* 8: the target is the router's link-local address, whatever the route names it by. */
START_TEST(router_names_others_by_their_link_local_address)
{
    struct world world;
    open_router(&world, OTHER_GLOBAL);
    world_receive(&world, PACKET_TO_FAR, 1); /* which is not known yet */
    expect_frame(&world, PACKET_TO_FAR_FORWARDED);
    world_receive(&world, OTHER_ADVERTISEMENT, 2);
    world_receive(&world, PACKET_TO_FAR, 3);
    expect_frame(&world, REDIRECT_TO_OTHER);
    expect_frame(&world, PACKET_TO_FAR_FORWARDED);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* While the station is being asked for. */
START_TEST(router_leaves_an_unknown_station_out)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    world_receive(&world, PACKET_TO_FAR, 1);
    expect_frame(&world, REDIRECT_TO_OTHER_WITHOUT_STATION);
    ck_assert_int_eq(world_neighbor(&world, OTHER_LOCAL)->state, NEIGHBOR_INCOMPLETE);
    world_close(&world);
}
END_TEST

START_TEST(router_tells_that_a_destination_is_on_the_link)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    world_receive(&world, PACKET_TO_NEIGHBOR, 1);
    expect_frame(&world, REDIRECT_ON_LINK);
    expect_frame(&world, PACKET_TO_NEIGHBOR_FORWARDED);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* No more than 1280 octets, and of the packet a multiple of 8. */
START_TEST(router_quotes_what_there_is_room_for)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    know(&world, OTHER_LOCAL, OTHER_STATION, true);
    world_receive(&world, LONG_PACKET_TO_FAR, 1);
    ck_assert_uint_eq(recording_frame(&world.recorder, 0)->packet->length,
                      ETHERNET_HEADER_LENGTH + IPV6_MTU_MINIMUM);
    expect_frame(&world, LONG_REDIRECT_TO_OTHER);
    expect_frame(&world, LONG_PACKET_TO_FAR_FORWARDED);
    world_close(&world);
}
END_TEST

/* The source is no neighbor; it would be told of itself. */
START_TEST(router_is_silent_where_nothing_is_better)
{
    struct world world;
    open_router(&world, OTHER_GLOBAL);
    world_receive(&world, OTHER_ADVERTISEMENT, 1);
    world_receive(&world, PACKET_FROM_AFAR, 2);
    expect_frame(&world, PACKET_FROM_AFAR_FORWARDED);
    world_receive(&world, PACKET_BACK, 3);
    expect_frame(&world, PACKET_BACK_FORWARDED);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

static unsigned count_redirects(const struct world *world)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recording_frame_count(&world->recorder); i++) {
        const uint8_t *octets = packet_octets(recording_frame(&world->recorder, i)->packet);
        count += octets[ETHERNET_HEADER_LENGTH + IPV6_AT_NEXT_HEADER] == NEXT_HEADER_ICMPV6 &&
                 octets[ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH] == ICMPV6_REDIRECT;
    }
    return count;
}

/* Ten at once, then one each tenth of a second; the packets go their way all the same, and errors have a
 * limit of their own. */
START_TEST(router_limits_the_rate)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    know(&world, OTHER_LOCAL, OTHER_STATION, true);
    for (unsigned i = 0; i < 30; i++)
        world_receive(&world, PACKET_TO_FAR, SECONDS(1));
    ck_assert_uint_eq(count_redirects(&world), REDIRECT_BURST);
    ck_assert_uint_eq(recording_frame_count(&world.recorder), 30 + REDIRECT_BURST);
    for (unsigned i = 1; i <= 300; i++)
        world_receive(&world, PACKET_TO_FAR, SECONDS(1) + i * MILLISECONDS(10));
    ck_assert_uint_eq(count_redirects(&world), REDIRECT_BURST + 3 * REDIRECTS_PER_SECOND);
    ck_assert_uint_eq(world.node.limits->errors.tokens, world.configuration.icmp_error_burst);
    world_close(&world);
}
END_TEST

/* Without a usable link-local address there is nobody whom a host would believe. */
START_TEST(router_needs_a_link_local_address)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    know(&world, OTHER_LOCAL, OTHER_STATION, true);
    struct ipv6_address own = address_from(ROUTER_LOCAL);
    ck_assert_int_eq(address_remove(&world.node, &own, 0), 0);
    world_receive(&world, PACKET_TO_FAR, 1);
    expect_frame(&world, PACKET_TO_FAR_FORWARDED);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* To whom and about what none is sent, whoever asks for it. */
START_TEST(router_redirects_neither_itself_nor_groups)
{
    static const struct {
        const char *source, *destination, *next_hop;
    } cases[] = {
        {ROUTER_GLOBAL, FAR, OTHER_LOCAL},         /* its own packet, come back */
        {NODE_GLOBAL, "ff0e::1", "ff0e::1"},       /* a group */
        {NODE_GLOBAL, FAR, "2001:db8:1::3"},       /* a router that it knows nothing of */
        {NODE_GLOBAL, NODE_GLOBAL, NODE_GLOBAL},   /* whoever has sent it */
    };
    struct world world;
    open_router(&world, OTHER_LOCAL);
    struct ipv6_address next_hop = address_from(cases[_i].next_hop);
    struct packet *packet = numbered_packet(&world, cases[_i].source, cases[_i].destination, 1);
    redirect_send(&world.node, world.interface, packet, &next_hop, 1);
    expect_no_more_frames(&world);
    next_hop = address_from(OTHER_LOCAL);
    packet_release(packet);
    packet = numbered_packet(&world, NODE_GLOBAL, FAR, 1);
    redirect_send(&world.node, world.interface, packet, &next_hop, 1);
    ck_assert_uint_eq(count_redirects(&world), 1);
    packet_release(packet);
    world_close(&world);
}
END_TEST

/* ---- a host ---- */

/* Its default router is the one that has advertised itself. */
static void open_host(struct world *world)
{
    world_open_quiet(world, false, NODE_STATION);
    world_add(world, NODE_GLOBAL);
    world_receive(world, ADVERTISEMENT_PLAIN, 0);
    forget_frames(world);
}

static void ck_assert_goes_by(const struct world *world, const char *destination, const char *neighbor)
{
    struct ipv6_address far = address_from(destination), expected = address_from(neighbor);
    struct next_hop next_hop;
    ck_assert(next_hop_find(&world->node, &far, NULL, &next_hop));
    ck_assert(ipv6_address_equal(next_hop.address, &expected));
    ck_assert_ptr_eq(next_hop.interface, world->interface);
}

static void send_far(struct world *world, uint8_t number)
{
    struct ipv6_address far = address_from(FAR);
    struct next_hop next_hop;
    ck_assert(next_hop_find(&world->node, &far, NULL, &next_hop));
    next_hop_send(&world->node, &next_hop, numbered_packet(world, NODE_GLOBAL, FAR, number),
                  world->recorder.now);
}

START_TEST(host_goes_by_the_better_router)
{
    struct world world;
    open_host(&world);
    ck_assert_goes_by(&world, FAR, ROUTER_LOCAL);
    world_receive(&world, REDIRECT_TO_OTHER, 1);
    ck_assert_goes_by(&world, FAR, OTHER_LOCAL);
    ck_assert_goes_by(&world, "2001:db8:9::8", ROUTER_LOCAL); /* of others nothing was said */
    ck_assert_int_eq(world_neighbor(&world, OTHER_LOCAL)->state, NEIGHBOR_STALE);
    ck_assert(world_neighbor(&world, OTHER_LOCAL)->is_router);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_MESSAGE_RECEIVED), 1);
    send_far(&world, 1);
    expect_numbered(&world, 1, OTHER_STATION);
    world_receive(&world, REDIRECT_TO_OTHER, 2); /* that router is not the first hop any more */
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_NEIGHBOR_DISCOVERY);
    world_receive(&world, REDIRECT_BY_OTHER, 3); /* this one is */
    ck_assert_goes_by(&world, FAR, FAR);
    ck_assert_int_eq(world_neighbor(&world, FAR)->state, NEIGHBOR_STALE);
    ck_assert(!world_neighbor(&world, FAR)->is_router);
    world_close(&world);
}
END_TEST

/* It has no first hop whose word it could be. */
START_TEST(host_without_a_router_believes_nobody)
{
    struct world world;
    open_host(&world);
    router_discovery_flush(&world.node, world.interface);
    world_receive(&world, REDIRECT_TO_OTHER, 1);
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_NEIGHBOR_DISCOVERY);
    ck_assert_ptr_null(world.node.redirects);
    ck_assert_ptr_null(world_neighbor(&world, OTHER_LOCAL));
    world_close(&world);
}
END_TEST

START_TEST(host_remembers_for_ten_minutes)
{
    struct world world;
    open_host(&world);
    world_receive(&world, REDIRECT_TO_OTHER, SECONDS(1));
    world_run(&world, SECONDS(601) - 1);
    ck_assert_goes_by(&world, FAR, OTHER_LOCAL);
    world_run(&world, SECONDS(601));
    ck_assert_goes_by(&world, FAR, ROUTER_LOCAL);
    ck_assert_ptr_null(world.node.redirects);
    world_close(&world);
}
END_TEST

/* Its station is asked for, as any neighbor's. */
START_TEST(host_is_told_no_station)
{
    struct world world;
    open_host(&world);
    world_receive(&world, REDIRECT_TO_OTHER_WITHOUT_STATION, 1);
    ck_assert_goes_by(&world, FAR, OTHER_LOCAL);
    ck_assert_ptr_null(world_neighbor(&world, OTHER_LOCAL));
    send_far(&world, 1);
    ck_assert_int_eq(world_neighbor(&world, OTHER_LOCAL)->state, NEIGHBOR_INCOMPLETE);
    world_close(&world);
}
END_TEST

/* A known neighbor's state stays if its station is the same (8.3), and it is known to be a router now. */
START_TEST(host_keeps_what_it_knows)
{
    struct world world;
    open_host(&world);
    struct ipv6_address other = address_from(OTHER_LOCAL);
    know(&world, OTHER_LOCAL, OTHER_STATION, false);
    neighbor_confirm(&world.node, world.interface, &other, 0);
    world_receive(&world, _i == 0 ? REDIRECT_TO_OTHER : REDIRECT_TO_OTHER_WITHOUT_STATION, 1);
    ck_assert_int_eq(world_neighbor(&world, OTHER_LOCAL)->state, NEIGHBOR_REACHABLE);
    ck_assert(world_neighbor(&world, OTHER_LOCAL)->is_router);
    world_close(&world);
}
END_TEST

/* 7.3.3: probed in vain, it is the first hop no longer. */
START_TEST(host_returns_when_the_router_is_silent)
{
    struct world world;
    open_host(&world);
    world_receive(&world, REDIRECT_TO_OTHER, 0);
    send_far(&world, 1);
    world_run(&world, SECONDS(8) - 1);
    ck_assert_goes_by(&world, FAR, OTHER_LOCAL);
    world_run(&world, SECONDS(8));
    ck_assert_goes_by(&world, FAR, ROUTER_LOCAL);
    world_close(&world);
}
END_TEST

/* 7.2.5 */
START_TEST(host_returns_when_the_router_is_none)
{
    struct world world;
    open_host(&world);
    world_receive(&world, REDIRECT_TO_OTHER, 0);
    world_receive(&world, OTHER_IS_A_HOST, 1);
    ck_assert_goes_by(&world, FAR, ROUTER_LOCAL);
    world_close(&world);
}
END_TEST

/* What was true of one link is not of the next. */
START_TEST(host_forgets_with_the_link)
{
    struct world world;
    open_host(&world);
    world_receive(&world, REDIRECT_TO_OTHER, 0);
    if (_i == 0)
        interface_forget_link(&world.node, world.interface, true, 1);
    else
        world_link(&world, false, 1);
    ck_assert_ptr_null(world.node.redirects);
    world_close(&world);
}
END_TEST

/* REDIRECT_TO_OTHER about 2001:db8:9::n. */
static void receive_about(struct world *world, uint8_t n, time_ns now)
{
    uint8_t octets[256];
    size_t length = octets_from(REDIRECT_TO_OTHER, octets, sizeof(octets));
    uint8_t *message = octets + ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH;
    struct ipv6_address source = ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE);
    struct ipv6_address destination =
        ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_DESTINATION);
    message[24 + 15] = n;
    message[2] = message[3] = 0;
    uint16_t checksum = ipv6_checksum(&source, &destination, NEXT_HEADER_ICMPV6, message,
                                      length - ETHERNET_HEADER_LENGTH - IPV6_HEADER_LENGTH);
    message[2] = (uint8_t)(checksum >> 8);
    message[3] = (uint8_t)checksum;
    recording_receive(&world->recorder, &world->node, 0, octets, length, now);
}

/* The oldest gives way. */
START_TEST(host_remembers_so_many)
{
    struct world world;
    open_host(&world);
    for (uint8_t n = 1; n <= REDIRECTS_MAX + 2; n++)
        receive_about(&world, n, n);
    ck_assert_uint_eq(recording_count_events(&world.recorder, EVENT_MESSAGE_DISCARDED), 0);
    ck_assert_goes_by(&world, "2001:db8:9::1", ROUTER_LOCAL);
    ck_assert_goes_by(&world, "2001:db8:9::2", ROUTER_LOCAL);
    ck_assert_goes_by(&world, "2001:db8:9::3", OTHER_LOCAL);
    ck_assert_goes_by(&world, "2001:db8:9::12", OTHER_LOCAL);
    world_close(&world);
}
END_TEST

/* By an interface that it does not leave by, or that is on standby, nobody goes. */
START_TEST(host_with_two_interfaces)
{
    struct world world;
    struct interface elsewhere = {.index = 1};
    struct ipv6_address far = address_from(FAR);
    struct next_hop next_hop;
    open_host(&world);
    world_receive(&world, REDIRECT_TO_OTHER, 0);
    ck_assert(redirect_find(&world.node, &far, world.interface, &next_hop));
    ck_assert(!redirect_find(&world.node, &far, &elsewhere, &next_hop));
    redirects_flush(&world.node, &elsewhere);
    world.interface->standby = true;
    ck_assert(!redirect_find(&world.node, &far, NULL, &next_hop));
    ck_assert(redirect_find(&world.node, &far, world.interface, &next_hop));
    world_close(&world);
}
END_TEST

/* RFC 4429, 2.3: from an optimistic address no neighbor is asked for; the router tells the station. */
START_TEST(optimistic_host_learns_a_neighbors_station)
{
    struct world world;
    struct node_configuration configuration = plain_configuration(false);
    configuration.optimistic_duplicate_detection = true;
    world_open(&world, configuration, NODE_STATION);
    world_link(&world, true, 0);
    world_run(&world, SECONDS(3));
    world_receive(&world, ADVERTISEMENT_PLAIN, SECONDS(3));
    ck_assert_int_eq(world_address(&world, NODE_GLOBAL)->state, ADDRESS_OPTIMISTIC);
    forget_frames(&world);
    struct ipv6_address neighbor = address_from(NEIGHBOR_GLOBAL);
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 1),
                   &neighbor, SECONDS(3));
    expect_numbered(&world, 1, ROUTER_STATION);
    world_receive(&world, REDIRECT_ON_LINK, SECONDS(3) + 1);
    ck_assert_ptr_null(world.node.redirects); /* on the link it was anyway */
    interface_send(&world.node, world.interface, numbered_packet(&world, NODE_GLOBAL, NEIGHBOR_GLOBAL, 2),
                   &neighbor, SECONDS(3) + 2);
    expect_numbered(&world, 2, NEIGHBOR_STATION);
    world_receive(&world, REDIRECT_ON_LINK, SECONDS(3) + 3); /* there is no need for it now */
    ck_assert_int_eq(recording_last_discard(&world.recorder), DISCARD_NEIGHBOR_DISCOVERY);
    world_close(&world);
}
END_TEST

/* ---- Subnet-Router anycast ---- */

START_TEST(router_answers_for_its_subnet)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    world_receive(&world, SOLICITATION_FOR_SUBNET, 1);
    expect_frame(&world, SUBNET_ANSWER);
    world_receive(&world, ECHO_TO_SUBNET, 2);
    expect_frame(&world, ECHO_FROM_ROUTER);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* Two addresses under the prefix, one address of it: it is served as long as there is one. */
START_TEST(subnet_ends_with_its_last_address)
{
    struct world world;
    open_router(&world, OTHER_LOCAL);
    struct ipv6_address subnet = address_from("2001:db8:1::"), first = address_from(ROUTER_GLOBAL),
                        second = address_from("2001:db8:1::111");
    struct ipv6_address group = ipv6_solicited_node(&subnet);
    struct ethernet_address station = ethernet_multicast_of(&group);
    world_add(&world, "2001:db8:1::111");
    ck_assert_int_eq(address_remove(&world.node, &first, 0), 0);
    ck_assert(ipv6_is_own_address(&world.node, world.interface, &subnet));
    ck_assert(recording_listens(&world.recorder, 0, &station));
    ck_assert_int_eq(address_remove(&world.node, &second, 0), 0);
    ck_assert(!ipv6_is_own_address(&world.node, world.interface, &subnet));
    ck_assert(!recording_listens(&world.recorder, 0, &station));
    world_receive(&world, SOLICITATION_FOR_SUBNET, 1);
    expect_no_more_frames(&world);
    world_close(&world);
}
END_TEST

/* Hosts have no part in it; nor has a link of two addresses a third. */
START_TEST(subnet_is_the_routers_business)
{
    struct world world;
    struct ipv6_address subnet = address_from("2001:db8:1::"), end = address_from("2001:db8:77::1"),
                        other_end = address_from("2001:db8:77::");
    open_host(&world);
    ck_assert(!ipv6_is_own_address(&world.node, world.interface, &subnet));
    world_close(&world);
    open_router(&world, OTHER_LOCAL);
    ck_assert_int_eq(address_add(&world.node, 0, &end, 127, ADDRESS_CONFIGURED, false, true, 0), 0);
    ck_assert(!ipv6_is_own_address(&world.node, world.interface, &other_end));
    world_close(&world);
}
END_TEST

static TCase *router_tests(void)
{
    TCase *tests = tcase_create("router");
    tcase_add_test(tests, router_tells_of_a_better_router);
    tcase_add_test(tests, router_names_others_by_their_link_local_address);
    tcase_add_test(tests, router_leaves_an_unknown_station_out);
    tcase_add_test(tests, router_tells_that_a_destination_is_on_the_link);
    tcase_add_test(tests, router_quotes_what_there_is_room_for);
    tcase_add_test(tests, router_is_silent_where_nothing_is_better);
    tcase_add_test(tests, router_limits_the_rate);
    tcase_add_test(tests, router_needs_a_link_local_address);
    tcase_add_loop_test(tests, router_redirects_neither_itself_nor_groups, 0, 4);
    tcase_add_test(tests, router_answers_for_its_subnet);
    tcase_add_test(tests, subnet_ends_with_its_last_address);
    tcase_add_test(tests, subnet_is_the_routers_business);
    return tests;
}

static TCase *host_tests(void)
{
    TCase *tests = tcase_create("host");
    tcase_add_test(tests, host_goes_by_the_better_router);
    tcase_add_test(tests, host_without_a_router_believes_nobody);
    tcase_add_test(tests, host_remembers_for_ten_minutes);
    tcase_add_test(tests, host_is_told_no_station);
    tcase_add_loop_test(tests, host_keeps_what_it_knows, 0, 2);
    tcase_add_test(tests, host_returns_when_the_router_is_silent);
    tcase_add_test(tests, host_returns_when_the_router_is_none);
    tcase_add_loop_test(tests, host_forgets_with_the_link, 0, 2);
    tcase_add_test(tests, host_remembers_so_many);
    tcase_add_test(tests, host_with_two_interfaces);
    tcase_add_test(tests, optimistic_host_learns_a_neighbors_station);
    return tests;
}

int main(void)
{
    Suite *suite = suite_create("redirects");
    suite_add_tcase(suite, router_tests());
    suite_add_tcase(suite, host_tests());
    return run_suite(suite);
}
