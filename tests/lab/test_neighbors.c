/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_neighbors.c - hosts and routers on one LAN: they configure themselves, find each other, and notice who
 * is gone (RFC 4861, RFC 4862, RFC 4429).
 */
#include <check.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/router_discovery.h"
#include "tests/lab/lab.h"
#include "tests/runner.h"

#define LAN_DELAY MICROSECONDS(10)

struct village {
    struct lab *lab;
    struct node_configuration host_configuration;
    struct node_configuration router_configuration;
    struct router_prefix prefix;
    struct router_advertisement_configuration advertising;
    unsigned lan;
    unsigned router;
    unsigned hosts[3];
};

static struct interface *interface_of(const struct village *village, unsigned node)
{
    return &lab_node(village->lab, node)->interfaces[0];
}

static struct ipv6_address global_of(unsigned node)
{
    struct ethernet_address station = lab_station_address(node, 0);
    struct ipv6_address prefix = address_from("2001:db8:1::"), identifier = ipv6_eui64_from(&station);
    return ipv6_address_join(&prefix, &identifier);
}

static void found(struct village *village, bool optimistic)
{
    *village = (struct village){
        .lab = lab_new(),
        .host_configuration = node_configuration_default_host,
        .router_configuration = node_configuration_default_router,
    };
    village->host_configuration.optimistic_duplicate_detection = optimistic;
    village->router_configuration.delay_duplicate_detection = false;
    village->lan = lab_add_lan(village->lab, LAN_DELAY);
    village->router = lab_add_node(village->lab, &village->router_configuration, 1);
    for (unsigned i = 0; i < 3; i++)
        village->hosts[i] = lab_add_node(village->lab, &village->host_configuration, 1);
    village->prefix = (struct router_prefix){
        .prefix = address_from("2001:db8:1::1"),
        .valid_lifetime = 3600,
        .preferred_lifetime = 3600,
        .length = 64,
        .on_link = true,
        .autonomous = true,
        .router_address = true,
    };
    village->advertising = (struct router_advertisement_configuration){
        .min_interval = SECONDS(200),
        .max_interval = SECONDS(600),
        .min_delay_between = MIN_DELAY_BETWEEN_RAS,
        .max_reply_delay = MAX_RA_DELAY_TIME,
        .router_lifetime = 1800,
        .hop_limit = 64,
        .prefix_count = 1,
        .prefixes = &village->prefix,
    };
    struct node *router = lab_node(village->lab, village->router);
    ck_assert_int_eq(address_add(router, 0, &village->prefix.prefix, 64, ADDRESS_CONFIGURED, true, true, 0),
                     0);
    ck_assert_int_eq(router_advertiser_start(router, &router->interfaces[0], &village->advertising, 0), 0);
    lab_attach(village->lab, village->lan, village->router, 0);
}

static void settle(struct village *village)
{
    for (unsigned i = 0; i < 3; i++)
        lab_attach(village->lab, village->lan, village->hosts[i], 0);
    lab_run(village->lab, SECONDS(60)); /* the first few advertisements are over */
}

/* An empty packet from one host to another's global address; it arrives and is refused there, which is
 * enough. */
static void send(struct village *village, unsigned from, unsigned to)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = lab_packet(village->lab, "", 0);
    out.next_header = NEXT_HEADER_NONE;
    out.destination = global_of(to);
    ck_assert_int_eq(ipv6_send(lab_node(village->lab, from), &out, lab_now(village->lab)), 0);
}

static enum neighbor_state state_at(const struct village *village, unsigned node, unsigned of)
{
    struct ipv6_address address = global_of(of);
    const struct neighbor *neighbor = neighbor_lookup(interface_of(village, node), &address);
    ck_assert_ptr_nonnull(neighbor);
    return neighbor_state_at(neighbor, lab_now(village->lab));
}

START_TEST(hosts_configure_themselves)
{
    struct village village;
    found(&village, false);
    settle(&village);
    for (unsigned i = 0; i < 3; i++) {
        struct ipv6_address address = global_of(village.hosts[i]);
        const struct interface_address *own = address_find(lab_node(village.lab, village.hosts[i]), &address);
        ck_assert_ptr_nonnull(own);
        ck_assert_int_eq(own->state, ADDRESS_PREFERRED);
        const struct default_router *router =
            default_router_select(lab_node(village.lab, village.hosts[i]), NULL);
        ck_assert_ptr_nonnull(router);
        ck_assert_ptr_null(interface_of(&village, village.hosts[i])->solicitor);
    }
    ck_assert_uint_eq(lab_count_events(village.lab, LAB_ANY_NODE, EVENT_ADDRESS_DUPLICATE), 0);
    ck_assert_uint_eq(lab_count_events(village.lab, LAB_ANY_NODE, EVENT_ADDRESS_TENTATIVE), 8);
    ck_assert_uint_eq(lab_count_events(village.lab, LAB_ANY_NODE, EVENT_ADDRESS_USABLE), 8);
    /* One solicitation each may be answered together: never two multicast advertisements within 3 s. */
    time_ns last = -SECONDS(3);
    for (unsigned i = 0; i < lab_event_count(village.lab); i++) {
        const struct protocol_event *event = lab_event(village.lab, i, NULL);
        if (event->kind != EVENT_MESSAGE_SENT || g_strcmp0(event->message, "Router Advertisement") != 0)
            continue;
        ck_assert_int_ge(event->time - last, SECONDS(3));
        last = event->time;
    }
    lab_free(village.lab);
}
END_TEST

/* Two nodes that want one address at one instant: neither gets it (RFC 4862, 5.4.3). */
START_TEST(rivals_both_lose)
{
    struct village village;
    found(&village, false);
    village.host_configuration.delay_duplicate_detection = false;
    settle(&village);
    struct ipv6_address wanted = address_from("2001:db8:1::77");
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(address_add(lab_node(village.lab, village.hosts[i]), 0, &wanted, 64,
                                     ADDRESS_CONFIGURED, true, true, SECONDS(60)),
                         0);
    lab_run(village.lab, SECONDS(62));
    for (unsigned i = 0; i < 2; i++)
        ck_assert_int_eq(address_find(lab_node(village.lab, village.hosts[i]), &wanted)->state,
                         ADDRESS_DUPLICATE);
    /* Now nobody has it: the third does get it. */
    ck_assert_int_eq(address_add(lab_node(village.lab, village.hosts[2]), 0, &wanted, 64, ADDRESS_CONFIGURED,
                                 true, true, SECONDS(62)),
                     0);
    lab_run(village.lab, SECONDS(64));
    ck_assert_int_eq(address_find(lab_node(village.lab, village.hosts[2]), &wanted)->state,
                     ADDRESS_PREFERRED);
    /* And keeps it. */
    struct node *router = lab_node(village.lab, village.router);
    ck_assert_int_eq(address_add(router, 0, &wanted, 64, ADDRESS_CONFIGURED, true, true, SECONDS(64)), 0);
    lab_run(village.lab, SECONDS(66));
    ck_assert_int_eq(address_find(router, &wanted)->state, ADDRESS_DUPLICATE);
    ck_assert_int_eq(address_find(lab_node(village.lab, village.hosts[2]), &wanted)->state,
                     ADDRESS_PREFERRED);
    lab_free(village.lab);
}
END_TEST

/* Resolution survives the loss of two solicitations in three (7.2.2). */
START_TEST(resolution_survives_losses)
{
    struct village village;
    found(&village, false);
    settle(&village);
    unsigned a = village.hosts[0], b = village.hosts[1];
    lab_drop(village.lab, village.lan, 3);
    send(&village, a, b);
    lab_run(village.lab, SECONDS(62) + MILLISECONDS(1));
    ck_assert_int_eq(state_at(&village, a, b), NEIGHBOR_REACHABLE);
    ck_assert_int_eq(state_at(&village, b, a), NEIGHBOR_DELAY); /* learnt, and used to answer */
    const struct protocol_event *answer =
        lab_find_message(village.lab, b, EVENT_MESSAGE_SENT, "Neighbor Advertisement", SECONDS(60));
    ck_assert_ptr_nonnull(answer);
    ck_assert_int_eq(answer->time, SECONDS(62) + LAN_DELAY);
    lab_run(village.lab, SECONDS(80)); /* b probes a after 5 s, and hears */
    ck_assert_int_eq(state_at(&village, b, a), NEIGHBOR_REACHABLE);
    lab_free(village.lab);
}
END_TEST

START_TEST(who_is_gone_is_noticed)
{
    struct village village;
    found(&village, false);
    settle(&village);
    unsigned a = village.hosts[0], b = village.hosts[1];
    send(&village, a, b);
    lab_run(village.lab, SECONDS(61));
    ck_assert_int_eq(state_at(&village, a, b), NEIGHBOR_REACHABLE);
    lab_detach(village.lab, b, 0);
    lab_run(village.lab, SECONDS(140));
    ck_assert_int_eq(state_at(&village, a, b), NEIGHBOR_STALE);
    send(&village, a, b);
    lab_run(village.lab, SECONDS(148) - 1);
    ck_assert_int_eq(state_at(&village, a, b), NEIGHBOR_PROBE);
    lab_run(village.lab, SECONDS(148));
    struct ipv6_address address = global_of(b);
    ck_assert_ptr_null(neighbor_lookup(interface_of(&village, a), &address));
    send(&village, a, b);
    lab_run(village.lab, SECONDS(152));
    ck_assert_ptr_null(neighbor_lookup(interface_of(&village, a), &address));
    bool reported = false;
    for (unsigned i = 0; i < lab_event_count(village.lab); i++) {
        const struct protocol_event *event = lab_event(village.lab, i, NULL);
        reported |= event->kind == EVENT_PACKET_DISCARDED && event->reason == DISCARD_ADDRESS_UNREACHABLE;
    }
    ck_assert(reported);
    lab_free(village.lab);
}
END_TEST

/* An optimistic host is usable the instant the advertisement comes; its packets to a neighbor go by the
 * router. */
START_TEST(optimistic_hosts_speak_at_once)
{
    struct village village;
    found(&village, true);
    settle(&village);
    unsigned a = village.hosts[0];
    struct ipv6_address address = global_of(a);
    const struct interface_address *own = address_find(lab_node(village.lab, a), &address);
    ck_assert_int_eq(own->state, ADDRESS_PREFERRED);
    const struct protocol_event *heard =
        lab_find_message(village.lab, a, EVENT_MESSAGE_RECEIVED, "Router Advertisement", 0);
    ck_assert_ptr_nonnull(heard);
    const struct protocol_event *usable = lab_find_event(village.lab, a, EVENT_ADDRESS_USABLE, heard->time);
    ck_assert_ptr_nonnull(usable);
    ck_assert_int_eq(usable->time, heard->time);
    ck_assert_uint_eq(lab_count_events(village.lab, LAB_ANY_NODE, EVENT_ADDRESS_DUPLICATE), 0);
    lab_free(village.lab);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("neighbors");
    TCase *tests = tcase_create("a village");
    tcase_add_test(tests, hosts_configure_themselves);
    tcase_add_test(tests, rivals_both_lose);
    tcase_add_test(tests, resolution_survives_losses);
    tcase_add_test(tests, who_is_gone_is_noticed);
    tcase_add_test(tests, optimistic_hosts_speak_at_once);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
