/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_router_advertisement.c - what a router advertises, and when (RFC 4861, 6.1.1, 6.2; RFC 6275, 7).
 * Frames are scapy's.
 */
#include "models/ipv6/nd_option.h"
#include "tests/unit/discovery.h"

static struct router_prefix plain_prefix(void)
{
    return (struct router_prefix){
        .prefix = address_from(ROUTER_GLOBAL), /* advertised without its last 64 bits */
        .valid_lifetime = 2592000,
        .preferred_lifetime = 604800,
        .length = 64,
        .on_link = true,
        .autonomous = true,
    };
}

struct advertising {
    struct world world;
    struct router_prefix prefix;
    struct router_advertisement_configuration configuration;
};

/* Intervals of exactly 10 s, replies at once. */
static void open_router(struct advertising *a)
{
    world_open_quiet(&a->world, true, ROUTER_STATION);
    a->prefix = plain_prefix();
    a->configuration = (struct router_advertisement_configuration){
        .min_interval = SECONDS(10),
        .max_interval = SECONDS(10),
        .min_delay_between = MIN_DELAY_BETWEEN_RAS,
        .max_reply_delay = 0,
        .router_lifetime = 1800,
        .hop_limit = 64,
        .prefix_count = 1,
        .prefixes = &a->prefix,
    };
}

static void start(struct advertising *a)
{
    struct world *world = &a->world;
    ck_assert_int_eq(
        router_advertiser_start(&world->node, world->interface, &a->configuration, world->recorder.now), 0);
}

/* ---- what ---- */

START_TEST(advertises_as_configured)
{
    struct advertising a;
    open_router(&a);
    start(&a);
    world_run(&a.world, SECONDS(10));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(10));
    expect_no_more_frames(&a.world);
    const struct protocol_event *sent = recording_last_event(&a.world.recorder, EVENT_MESSAGE_SENT);
    ck_assert_str_eq(sent->message, "Router Advertisement");
    ck_assert_int_eq(sent->lifetime, 1800);
    ck_assert_uint_eq(sent->octets, 40 + 16 + 8 + 32);
    struct ipv6_address near = address_from("2001:db8:1::77");
    ck_assert(prefix_is_on_link(a.world.interface, &near));
    world_close(&a.world);
}
END_TEST

static void configure_home_agent(struct advertising *a)
{
    a->prefix.router_address = true;
    a->configuration.min_interval = MOBILE_MIN_RTR_ADV_INTERVAL;
    a->configuration.max_interval = MILLISECONDS(70);
    a->configuration.min_delay_between = MOBILE_MIN_DELAY_BETWEEN_RAS;
    a->configuration.home_agent = true;
    a->configuration.advertisement_interval_option = true;
    a->configuration.home_agent_preference = 9;
    a->configuration.home_agent_lifetime = 600;
    a->configuration.reachable_time_ms = 20000;
    a->configuration.retransmission_ms = 500;
    a->configuration.mtu = 1400;
}

/* 4.2: the M and the O bit; and who says the same is in no conflict (6.2.7). */
START_TEST(tells_of_other_configuration)
{
    struct advertising a;
    open_router(&a);
    a.configuration.managed = true;
    start(&a);
    world_run(&a.world, SECONDS(10));
    const struct recorded_frame *frame = recording_frame(&a.world.recorder, 0);
    ck_assert_uint_eq(packet_octets(frame->packet)[14 + 40 + 5], 0x80);
    a.configuration.managed = false;
    a.configuration.other = true;
    forget_frames(&a.world);
    world_run(&a.world, SECONDS(20));
    frame = recording_frame(&a.world.recorder, 0);
    ck_assert_uint_eq(packet_octets(frame->packet)[14 + 40 + 5], 0x40);
    world_close(&a.world);
}
END_TEST

START_TEST(advertises_as_a_home_agent)
{
    struct advertising a;
    open_router(&a);
    configure_home_agent(&a);
    start(&a);
    time_ns first = node_deadline(&a.world.node);
    world_run(&a.world, MILLISECONDS(70));
    expect_frame_at(&a.world, ADVERTISEMENT_MOBILE, first);
    router_advertiser_stop(&a.world.node, a.world.interface, true, SECONDS(1));
    a.world.seen = recording_frame_count(&a.world.recorder) - 1;
    expect_frame_at(&a.world, ADVERTISEMENT_FINAL, a.world.recorder.now);
    ck_assert_int_eq(node_deadline(&a.world.node), TIME_NEVER);
    world_close(&a.world);
}
END_TEST

/* RFC 6275, 7.4: not when it says no more than the defaults, and never without the H bit. */
START_TEST(leaves_needless_home_agent_information_out)
{
    static const struct {
        bool home_agent;
        uint16_t preference, lifetime;
        unsigned octets;
    } cases[] = {
        {true, 0, 1800, 96},  {true, 0, 0, 96},     {false, 9, 600, 96},
        {true, 1, 1800, 104}, {true, 0, 1801, 104},
    };
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct advertising a;
        open_router(&a);
        a.configuration.home_agent = cases[i].home_agent;
        a.configuration.home_agent_preference = cases[i].preference;
        a.configuration.home_agent_lifetime = cases[i].lifetime;
        start(&a);
        world_run(&a.world, SECONDS(10));
        ck_assert_uint_eq(recording_last_event(&a.world.recorder, EVENT_MESSAGE_SENT)->octets,
                          cases[i].octets);
        world_close(&a.world);
    }
}
END_TEST

START_TEST(a_host_is_no_default_router)
{
    struct advertising a;
    open_router(&a);
    a.world.configuration.forwarding = false;
    start(&a);
    world_run(&a.world, SECONDS(10));
    ck_assert_int_eq(recording_last_event(&a.world.recorder, EVENT_MESSAGE_SENT)->lifetime, 0);
    ck_assert(group_is_joined(&a.world.node, a.world.interface, &ipv6_all_routers));
    world_close(&a.world);
}
END_TEST

/* Twenty prefixes are three messages; each tells the router's own address (RFC 6275, 7.2). */
START_TEST(spreads_prefixes_over_messages)
{
    struct advertising a;
    struct router_prefix prefixes[20];
    open_router(&a);
    for (unsigned i = 0; i < 20; i++) {
        prefixes[i] = plain_prefix();
        prefixes[i].prefix.octets[5] = (uint8_t)i;
        prefixes[i].router_address = i == 5;
    }
    a.configuration.prefixes = prefixes;
    a.configuration.prefix_count = 20;
    start(&a);
    world_run(&a.world, SECONDS(10));
    ck_assert_uint_eq(recording_frame_count(&a.world.recorder), 3);
    bool seen[20] = {false};
    unsigned own = 0;
    for (unsigned i = 0; i < 3; i++) {
        const struct packet *packet = recording_frame(&a.world.recorder, i)->packet;
        const uint8_t *options = packet_octets(packet) + ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + 16 + 8;
        const uint8_t *end = packet_octets(packet) + packet->length;
        for (; options < end; options += 32) {
            seen[options[16 + 5]] = true;
            own += (options[3] & 0x20) != 0;
        }
    }
    for (unsigned i = 0; i < 20; i++)
        ck_assert(seen[i]);
    ck_assert_uint_eq(own, 3);
    world_close(&a.world);
}
END_TEST

/* ---- when (6.2.4) ---- */

START_TEST(intervals_are_uniform)
{
    struct advertising a;
    open_router(&a);
    a.configuration.min_interval = MILLISECONDS(30);
    a.configuration.max_interval = MILLISECONDS(70);
    a.configuration.min_delay_between = MILLISECONDS(30);
    start(&a);
    world_run(&a.world, SECONDS(500));
    unsigned count = recording_frame_count(&a.world.recorder);
    ck_assert_uint_gt(count, 9800);
    ck_assert_uint_lt(count, 10200);
    unsigned low = 0;
    for (unsigned i = 1; i < count; i++) {
        time_ns interval =
            recording_frame(&a.world.recorder, i)->time - recording_frame(&a.world.recorder, i - 1)->time;
        ck_assert_int_ge(interval, MILLISECONDS(30));
        ck_assert_int_le(interval, MILLISECONDS(70));
        low += interval < MILLISECONDS(40);
    }
    ck_assert_uint_gt(low, count / 4 - count / 20);
    ck_assert_uint_lt(low, count / 4 + count / 20);
    world_close(&a.world);
}
END_TEST

START_TEST(begins_with_shorter_intervals)
{
    struct advertising a;
    open_router(&a);
    a.configuration.min_interval = SECONDS(600);
    a.configuration.max_interval = SECONDS(600);
    start(&a);
    world_run(&a.world, SECONDS(700));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(16));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(32));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(48));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(648));
    expect_no_more_frames(&a.world);
    world_close(&a.world);
}
END_TEST

START_TEST(never_closer_than_the_least_delay)
{
    struct advertising a;
    open_router(&a);
    a.configuration.min_interval = MILLISECONDS(30);
    a.configuration.max_interval = MILLISECONDS(70);
    start(&a);
    world_run(&a.world, SECONDS(31));
    ck_assert_uint_eq(recording_frame_count(&a.world.recorder), 11);
    world_close(&a.world);
}
END_TEST

START_TEST(waits_for_its_address_and_its_link)
{
    struct advertising a;
    open_router(&a);
    world_close(&a.world);
    world_open(&a.world, plain_configuration(true), ROUTER_STATION);
    start(&a);
    ck_assert_int_eq(node_deadline(&a.world.node), TIME_NEVER);
    world_link(&a.world, true, SECONDS(1));
    world_run(&a.world, SECONDS(12) - 1);
    ck_assert_uint_eq(recording_frame_count(&a.world.recorder), 1); /* the test of the address */
    a.world.seen = 1;
    world_run(&a.world, SECONDS(12)); /* 1 s of test, 10 s of interval */
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(12));
    world_link(&a.world, false, SECONDS(13));
    ck_assert_int_eq(node_deadline(&a.world.node), TIME_NEVER);
    world_link(&a.world, true, SECONDS(20));
    world_run(&a.world, SECONDS(31));
    a.world.seen++;
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(31));
    world_close(&a.world);
}
END_TEST

/* Asked while its own address is under test, it answers when the test is over. */
START_TEST(answers_when_it_may)
{
    struct advertising a;
    open_router(&a);
    world_close(&a.world);
    world_open(&a.world, plain_configuration(true), ROUTER_STATION);
    world_link(&a.world, true, 0);
    start(&a);
    world_run(&a.world, 0);
    world_receive(&a.world, ROUTER_SOLICITATION_ANONYMOUS, MILLISECONDS(5));
    world_receive(&a.world, ROUTER_SOLICITATION_ANONYMOUS, MILLISECONDS(6));
    world_run(&a.world, SECONDS(1) - 1);
    a.world.seen = recording_frame_count(&a.world.recorder);
    ck_assert_uint_eq(a.world.seen, 1); /* the test of the address */
    world_run(&a.world, SECONDS(10));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(1));
    expect_no_more_frames(&a.world);
    world_run(&a.world, SECONDS(11));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(11));
    world_close(&a.world);
}
END_TEST

START_TEST(refuses_what_cannot_be)
{
    struct advertising a;
    open_router(&a);
    struct node *node = &a.world.node;
    struct interface *interface = a.world.interface;
    a.configuration.min_interval = SECONDS(11);
    ck_assert_int_eq(router_advertiser_start(node, interface, &a.configuration, 0), ERROR_ARGUMENT);
    a.configuration.min_interval = 0;
    ck_assert_int_eq(router_advertiser_start(node, interface, &a.configuration, 0), ERROR_ARGUMENT);
    a.configuration.min_interval = SECONDS(1);
    ck_assert_int_eq(router_advertiser_start(node, interface, &a.configuration, 0), 0);
    ck_assert_int_eq(router_advertiser_start(node, interface, &a.configuration, 0), ERROR_EXISTS);
    router_advertiser_stop(node, interface, false, 0);
    router_advertiser_stop(node, interface, true, 0);
    world_run(&a.world, SECONDS(100));
    expect_no_more_frames(&a.world);
    world_close(&a.world);
}
END_TEST

static void never_negative(struct advertising *a)
{
    struct router_advertisement_configuration wrong = a->configuration;
    struct node *node = &a->world.node;
    wrong.min_delay_between = -1;
    ck_assert_int_eq(router_advertiser_configure(node, a->world.interface, &wrong, 0), ERROR_ARGUMENT);
    ck_assert_int_eq(router_advertiser_start(node, a->world.interface, &wrong, 0), ERROR_ARGUMENT);
    wrong = a->configuration;
    wrong.max_reply_delay = -1;
    ck_assert_int_eq(router_advertiser_configure(node, a->world.interface, &wrong, 0), ERROR_ARGUMENT);
}

/* 6.2.4: what has changed is told as if the interface had just begun to advertise. */
START_TEST(tells_of_changes_soon)
{
    struct advertising a;
    open_router(&a);
    struct router_advertisement_configuration changed = a.configuration;
    ck_assert_int_eq(router_advertiser_configure(&a.world.node, a.world.interface, &changed, 0),
                     ERROR_NOT_FOUND);
    a.configuration.min_interval = a.configuration.max_interval = SECONDS(100);
    start(&a);
    never_negative(&a);
    world_run(&a.world, SECONDS(300)); /* the initial ones are over */
    forget_frames(&a.world);
    struct router_prefix another = plain_prefix();
    another.prefix = address_from("2001:db8:77::");
    changed.prefixes = &another;
    changed.min_interval = changed.max_interval = SECONDS(100);
    ck_assert_int_eq(router_advertiser_configure(&a.world.node, a.world.interface, &changed, SECONDS(301)),
                     0);
    world_run(&a.world, SECONDS(349));
    ck_assert_uint_eq(recording_frame_count(&a.world.recorder), 3);
    ck_assert_int_eq(recording_frame(&a.world.recorder, 0)->time, SECONDS(317));
    ck_assert_int_eq(recording_frame(&a.world.recorder, 1)->time, SECONDS(333));
    ck_assert_int_eq(recording_frame(&a.world.recorder, 2)->time, SECONDS(349));
    struct ipv6_address near = address_from("2001:db8:77::5");
    ck_assert(prefix_is_on_link(a.world.interface, &near)); /* for the router as well */
    world_close(&a.world);
}
END_TEST

/* Who changes one thing every five seconds puts nothing off: it is told when the first of them would have
 * been. */
START_TEST(changes_are_not_put_off)
{
    struct advertising a;
    open_router(&a);
    a.configuration.min_interval = a.configuration.max_interval = SECONDS(100);
    start(&a);
    never_negative(&a);
    world_run(&a.world, SECONDS(300));
    forget_frames(&a.world);
    for (unsigned i = 0; i < 10; i++) {
        world_run(&a.world, SECONDS(301 + 5 * i));
        ck_assert_int_eq(router_advertiser_configure(&a.world.node, a.world.interface, &a.configuration,
                                                     SECONDS(301 + 5 * i)),
                         0);
    }
    ck_assert_uint_eq(recording_frame_count(&a.world.recorder), 2);
    ck_assert_int_eq(recording_frame(&a.world.recorder, 0)->time, SECONDS(317));
    ck_assert_int_eq(recording_frame(&a.world.recorder, 1)->time, SECONDS(333));
    world_close(&a.world);
}
END_TEST

START_TEST(changes_are_told_when_the_link_is_back)
{
    struct advertising a;
    open_router(&a);
    start(&a);
    world_link(&a.world, false, 0);
    ck_assert_int_eq(router_advertiser_configure(&a.world.node, a.world.interface, &a.configuration, 1), 0);
    world_run(&a.world, SECONDS(60));
    expect_no_more_frames(&a.world);
    router_advertiser_stop(&a.world.node, a.world.interface, true,
                           SECONDS(60)); /* no last word into the void */
    expect_no_more_frames(&a.world);
    world_close(&a.world);
}
END_TEST

/* A lifetime that ends at an instant counts down, in seconds that are over, and not below zero (6.2.1). */
START_TEST(lifetimes_count_down)
{
    struct router_prefix prefix = plain_prefix();
    prefix.valid_until = SECONDS(100);
    prefix.preferred_until = SECONDS(40);
    ck_assert_uint_eq(router_prefix_valid(&prefix, 0), 100);
    ck_assert_uint_eq(router_prefix_preferred(&prefix, 0), 40);
    ck_assert_uint_eq(router_prefix_preferred(&prefix, SECONDS(39) + 1), 0);
    ck_assert_uint_eq(router_prefix_preferred(&prefix, SECONDS(41)), 0);
    ck_assert_uint_eq(router_prefix_valid(&prefix, SECONDS(99)), 1);
    ck_assert_uint_eq(router_prefix_valid(&prefix, SECONDS(1000)), 0);
    prefix.preferred_until = 0; /* a fixed one that is longer than what is left */
    ck_assert_uint_eq(router_prefix_preferred(&prefix, SECONDS(60)), 40);
    prefix.valid_until = TIME_NEVER;
    ck_assert_uint_eq(router_prefix_valid(&prefix, SECONDS(60)), UINT32_MAX);
}
END_TEST

/* The Advertisement Interval option has 32 bits of milliseconds (RFC 6275, 7.3); a prefix is told in full on
 * a link that has room for but two, and in as few messages as a message has prefixes where there is room. */
START_TEST(what_fits)
{
    static const struct {
        uint16_t mtu;
        unsigned messages;
    } links[] = {{IPV6_MTU_MINIMUM, 16 / ADVERTISED_PREFIXES_MAX},
                 {100, 8},
                 {40, 8},
                 {9000, 16 / ADVERTISED_PREFIXES_MAX}};
    struct advertising a;
    struct router_prefix prefixes[16];
    open_router(&a);
    for (unsigned i = 0; i < 16; i++) {
        prefixes[i] = plain_prefix();
        prefixes[i].prefix.octets[5] = (uint8_t)(i + 1);
        prefixes[i].on_link = i != 3;
    }
    a.configuration.prefixes = prefixes;
    a.configuration.prefix_count = 16;
    a.configuration.advertisement_interval_option = true;
    a.world.interface->mtu = links[_i].mtu;
    start(&a);
    world_run(&a.world, SECONDS(10));
    ck_assert_uint_eq(recording_frame_count(&a.world.recorder), links[_i].messages);
    unsigned told = 0;
    for (unsigned i = 0; i < links[_i].messages; i++) {
        const struct packet *packet = recording_frame(&a.world.recorder, i)->packet;
        told += (unsigned)((packet->length - 14 - 40 - 16 - 8 - 8) / 32);
    }
    ck_assert_uint_eq(told, 16);
    struct ipv6_address third = prefixes[3].prefix;
    ck_assert(!prefix_is_on_link(a.world.interface, &third));
    world_close(&a.world);
}
END_TEST

START_TEST(intervals_beyond_the_option)
{
    struct advertising a;
    open_router(&a);
    a.configuration.min_interval = SECONDS(1);
    a.configuration.max_interval = SECONDS(5000000);
    a.configuration.advertisement_interval_option = true;
    start(&a);
    world_run(&a.world, SECONDS(16));
    const uint8_t *octets = packet_octets(recording_frame(&a.world.recorder, 0)->packet);
    size_t at = 14 + 40 + 16 + 8 + 32;
    ck_assert_uint_eq(octets[at], ND_OPTION_ADVERTISEMENT_INTERVAL);
    ck_assert_mem_eq(octets + at + 4, "\xff\xff\xff\xff", 4);
    world_close(&a.world);
}
END_TEST

/* ---- replies (6.2.6) ---- */

START_TEST(replies_by_multicast)
{
    struct advertising a;
    open_router(&a);
    start(&a);
    world_receive(&a.world, ROUTER_SOLICITATION, SECONDS(5));
    world_run(&a.world, SECONDS(5));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(5));
    struct ipv6_address solicitor = address_from(NODE_LOCAL);
    struct ethernet_address station = NODE_STATION;
    const struct neighbor *neighbor = neighbor_lookup(a.world.interface, &solicitor);
    ck_assert_ptr_nonnull(neighbor);
    ck_assert_int_eq(neighbor->state, NEIGHBOR_STALE);
    ck_assert(ethernet_address_equal(&neighbor->link_layer_address, &station));
    ck_assert(!neighbor->is_router);
    /* Within MIN_DELAY_BETWEEN_RAS: at its end. The interval counts from the reply. */
    world_receive(&a.world, ROUTER_SOLICITATION_ANONYMOUS, SECONDS(6));
    world_run(&a.world, SECONDS(17));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(8));
    expect_no_more_frames(&a.world);
    world_run(&a.world, SECONDS(18));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(18));
    world_close(&a.world);
}
END_TEST

START_TEST(replies_after_a_random_delay)
{
    struct advertising a;
    open_router(&a);
    a.configuration.max_reply_delay = MAX_RA_DELAY_TIME;
    start(&a);
    world_receive(&a.world, ROUTER_SOLICITATION, SECONDS(5));
    time_ns at = node_deadline(&a.world.node);
    ck_assert_int_gt(at, SECONDS(5));
    ck_assert_int_le(at, SECONDS(5) + MAX_RA_DELAY_TIME);
    world_run(&a.world, SECONDS(6));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, at);
    world_close(&a.world);
}
END_TEST

START_TEST(a_nearer_advertisement_is_the_reply)
{
    struct advertising a;
    open_router(&a);
    a.configuration.max_reply_delay = SECONDS(5);
    start(&a);
    world_receive(&a.world, ROUTER_SOLICITATION, SECONDS(10) - 2);
    world_run(&a.world, SECONDS(16));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(10));
    expect_no_more_frames(&a.world);
    world_close(&a.world);
}
END_TEST

START_TEST(replies_by_unicast_if_configured)
{
    struct advertising a;
    open_router(&a);
    a.configuration.reply_unicast = true;
    start(&a);
    world_receive(&a.world, ROUTER_SOLICITATION, SECONDS(5));
    world_receive(&a.world, ROUTER_SOLICITATION, SECONDS(5));
    world_run(&a.world, SECONDS(5));
    expect_frame_at(&a.world, ADVERTISEMENT_UNICAST, SECONDS(5));
    expect_no_more_frames(&a.world);
    world_receive(&a.world, ROUTER_SOLICITATION_ANONYMOUS, SECONDS(6)); /* whom else to */
    world_run(&a.world, SECONDS(6));
    expect_frame_at(&a.world, ADVERTISEMENT_PLAIN, SECONDS(6));
    world_close(&a.world);
}
END_TEST

START_TEST(many_solicitors_get_one_answer)
{
    struct advertising a;
    open_router(&a);
    a.configuration.reply_unicast = true;
    a.configuration.max_reply_delay = MAX_RA_DELAY_TIME;
    start(&a);
    uint8_t octets[256];
    size_t length = octets_from(ROUTER_SOLICITATION, octets, sizeof(octets));
    uint8_t *message = octets + ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH;
    for (uint8_t i = 0; i < 100; i++) {
        octets[ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE + 15] = i;
        message[2] = message[3] = 0;
        struct ipv6_address source = ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE);
        uint16_t checksum = ipv6_checksum(&source, &ipv6_all_routers, NEXT_HEADER_ICMPV6, message, 16);
        message[2] = (uint8_t)(checksum >> 8);
        message[3] = (uint8_t)checksum;
        recording_receive(&a.world.recorder, &a.world.node, 0, octets, length, SECONDS(5));
    }
    ck_assert_uint_eq(a.world.node.discards, 0);
    world_run(&a.world, SECONDS(6));
    ck_assert_uint_eq(recording_frame_count(&a.world.recorder),
                      17); /* 16 by unicast, the rest by one multicast */
    world_close(&a.world);
}
END_TEST

/* ---- checks (6.1.1) ---- */

START_TEST(hosts_and_silent_routers_discard_solicitations)
{
    struct advertising a;
    open_router(&a);
    world_receive(&a.world, ROUTER_SOLICITATION, 1);
    ck_assert_uint_eq(a.world.node.discards, 1);
    ck_assert_uint_eq(a.world.interface->neighbors.count, 0);
    expect_no_more_frames(&a.world);
    world_close(&a.world);
}
END_TEST

START_TEST(refuses_invalid_solicitations)
{
    static const struct {
        unsigned at;
        uint8_t octet;
        unsigned length; /* 0: whole */
        bool anonymous;
    } spoiled[] = {
        {ETHERNET_HEADER_LENGTH + IPV6_AT_HOP_LIMIT, 254, 0, false},
        {54 + 1, 1, 0, false},    /* code */
        {54, 133, 54 + 7, false}, /* short: no ICMPv6 message at all */
        {54 + 9, 0, 0, false},    /* option of length 0 */
        {54 + 9, 9, 0, false},    /* option beyond the end */
        {54, 133, 0, true},       /* link-layer address of nobody */
    };
    struct advertising a;
    open_router(&a);
    start(&a);
    for (unsigned i = 0; i < sizeof(spoiled) / sizeof(spoiled[0]); i++) {
        uint8_t octets[256];
        size_t length = octets_from(ROUTER_SOLICITATION, octets, sizeof(octets));
        if (spoiled[i].length)
            length = spoiled[i].length;
        octets[spoiled[i].at] = spoiled[i].octet;
        octets[ETHERNET_HEADER_LENGTH + 5] = (uint8_t)(length - 54);
        if (spoiled[i].anonymous)
            memset(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE, 0, 16);
        struct ipv6_address source = ipv6_address_read(octets + ETHERNET_HEADER_LENGTH + IPV6_AT_SOURCE);
        octets[56] = octets[57] = 0;
        uint16_t checksum =
            ipv6_checksum(&source, &ipv6_all_routers, NEXT_HEADER_ICMPV6, octets + 54, length - 54);
        octets[56] = (uint8_t)(checksum >> 8);
        octets[57] = (uint8_t)checksum;
        recording_receive(&a.world.recorder, &a.world.node, 0, octets, length, SECONDS(1));
        ck_assert_uint_eq(a.world.node.discards, i + 1);
        ck_assert_int_eq(recording_last_discard(&a.world.recorder),
                         spoiled[i].length ? DISCARD_ICMPV6 : DISCARD_NEIGHBOR_DISCOVERY);
    }
    ck_assert_uint_eq(a.world.interface->neighbors.count, 0);
    ck_assert_int_eq(node_deadline(&a.world.node), SECONDS(10));
    world_close(&a.world);
}
END_TEST

/* ---- what others say (6.2.7) ---- */

static void ck_assert_conflicts(const struct world *world, const char *const *names)
{
    struct ipv6_address other = address_from("fe80::ff:fe00:2");
    unsigned count = 0;
    for (unsigned i = 0; i < recording_event_count(&world->recorder); i++) {
        const struct protocol_event *event = recording_event(&world->recorder, i);
        if (event->kind != EVENT_ADVERTISEMENTS_CONFLICT)
            continue;
        ck_assert_ptr_nonnull(names[count]);
        ck_assert_str_eq(event->message, names[count++]);
        ck_assert(ipv6_address_equal(event->source, &other));
    }
    ck_assert_ptr_null(names[count]);
}

/* Each kind once, until the operator says something else. */
START_TEST(tells_of_conflicts_with_other_routers)
{
    static const char *const all[] = {"Cur Hop Limit",  "M flag",         "O flag",
                                      "Reachable Time", "Retrans Timer",  "MTU",
                                      "Valid Lifetime", "Preferred Lifetime", NULL};
    struct advertising a;
    open_router(&a);
    a.configuration.reachable_time_ms = 20000;
    a.configuration.retransmission_ms = 500;
    a.configuration.mtu = 1400;
    start(&a);
    world_receive(&a.world, OTHER_SAYS_OTHERWISE, 1);
    ck_assert_conflicts(&a.world, all);
    world_receive(&a.world, OTHER_SAYS_OTHERWISE, 2);
    ck_assert_conflicts(&a.world, all);
    forget_frames(&a.world);
    ck_assert_int_eq(router_advertiser_configure(&a.world.node, a.world.interface, &a.configuration, 3), 0);
    world_receive(&a.world, OTHER_SAYS_OTHERWISE, 4);
    ck_assert_conflicts(&a.world, all);
    world_close(&a.world);
}
END_TEST

/* What is left open is no conflict, whoever leaves it so; nor are different prefixes. */
START_TEST(what_is_left_open_is_no_conflict)
{
    static const char *const said[] = {"Cur Hop Limit", "M flag", "O flag", NULL}, *const none[] = {NULL};
    struct advertising a;
    open_router(&a);
    a.configuration.reachable_time_ms = 20000;
    a.configuration.mtu = 1400;
    start(&a);
    world_receive(&a.world, OTHER_SAYS_NOTHING, 1);
    ck_assert_conflicts(&a.world, none);
    a.configuration.reachable_time_ms = 0;
    a.configuration.mtu = 0;
    a.configuration.prefix_count = 0;
    world_receive(&a.world, OTHER_SAYS_OTHERWISE, 2);
    ck_assert_conflicts(&a.world, said);
    world_close(&a.world);
}
END_TEST

/* Lifetimes of 3600 and 1800 s that run down have to agree within two seconds. */
START_TEST(lifetimes_that_run_down_may_be_apart)
{
    static const char *const late[] = {"Cur Hop Limit", "M flag", "O flag", "Valid Lifetime",
                                       "Preferred Lifetime", NULL};
    static const char *const first_three[] = {"Cur Hop Limit", "M flag", "O flag", NULL};
    struct advertising a;
    open_router(&a);
    a.prefix.valid_until = SECONDS(3610);
    a.prefix.preferred_until = SECONDS(1810);
    start(&a);
    world_receive(&a.world, OTHER_SAYS_OTHERWISE, SECONDS(8));
    world_receive(&a.world, OTHER_SAYS_OTHERWISE, SECONDS(12));
    ck_assert_conflicts(&a.world, first_three);
    world_receive(&a.world, OTHER_SAYS_OTHERWISE, SECONDS(13));
    ck_assert_conflicts(&a.world, late);
    world_close(&a.world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("router advertisement");
    TCase *tests = tcase_create("what");
    tcase_add_test(tests, advertises_as_configured);
    tcase_add_test(tests, tells_of_other_configuration);
    tcase_add_test(tests, advertises_as_a_home_agent);
    tcase_add_test(tests, leaves_needless_home_agent_information_out);
    tcase_add_test(tests, a_host_is_no_default_router);
    tcase_add_test(tests, spreads_prefixes_over_messages);
    suite_add_tcase(suite, tests);
    tests = tcase_create("others");
    tcase_add_test(tests, tells_of_conflicts_with_other_routers);
    tcase_add_test(tests, what_is_left_open_is_no_conflict);
    tcase_add_test(tests, lifetimes_that_run_down_may_be_apart);
    suite_add_tcase(suite, tests);
    tests = tcase_create("when");
    tcase_add_test(tests, intervals_are_uniform);
    tcase_add_test(tests, begins_with_shorter_intervals);
    tcase_add_test(tests, never_closer_than_the_least_delay);
    tcase_add_test(tests, waits_for_its_address_and_its_link);
    tcase_add_test(tests, answers_when_it_may);
    tcase_add_test(tests, refuses_what_cannot_be);
    tcase_add_test(tests, tells_of_changes_soon);
    tcase_add_test(tests, changes_are_not_put_off);
    tcase_add_test(tests, changes_are_told_when_the_link_is_back);
    tcase_add_test(tests, lifetimes_count_down);
    tcase_add_loop_test(tests, what_fits, 0, 4);
    tcase_add_test(tests, intervals_beyond_the_option);
    suite_add_tcase(suite, tests);
    tests = tcase_create("replies");
    tcase_add_test(tests, replies_by_multicast);
    tcase_add_test(tests, replies_after_a_random_delay);
    tcase_add_test(tests, a_nearer_advertisement_is_the_reply);
    tcase_add_test(tests, replies_by_unicast_if_configured);
    tcase_add_test(tests, many_solicitors_get_one_answer);
    tcase_add_test(tests, hosts_and_silent_routers_discard_solicitations);
    tcase_add_test(tests, refuses_invalid_solicitations);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
