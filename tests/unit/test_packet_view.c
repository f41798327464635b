/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_packet_view.c - what a frame carries: octets laid out as the RFCs have them (RFC 8200, 4; RFC 6275,
 * 6.1, 6.3, 6.4; RFC 2473), through Ethernet, a tunnel, options, routing headers, fragments and something
 * like ESP; and anything cut off or garbled, which is nobody's message.
 */
#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/ipv6.h"
#include "sim/engine/random.h"
#include "sim/network/packet_view.h"
#include "tests/runner.h"

struct octets {
    uint8_t at[512];
    size_t length;
};

static void put(struct octets *o, const void *more, size_t length)
{
    ck_assert_uint_le(o->length + length, sizeof o->at);
    memcpy(o->at + o->length, more, length);
    o->length += length;
}

#define PUT(o, ...) put(o, (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

static struct ipv6_address address_of(uint8_t last)
{
    return (struct ipv6_address){.octets = {0x20, 0x01, 0x0d, 0xb8, [15] = last}};
}

static void put_address(struct octets *o, uint8_t last)
{
    struct ipv6_address address = address_of(last);
    put(o, address.octets, sizeof address.octets);
}

static void put_ipv6(struct octets *o, uint8_t next_header, uint8_t source, uint8_t destination)
{
    PUT(o, 0x60, 0, 0, 0, 0, 0, next_header, 64);
    put_address(o, source);
    put_address(o, destination);
}

/* PadN 4, then a Home Address option: 24 octets. */
static void put_home_address(struct octets *o, uint8_t next_header, uint8_t home)
{
    PUT(o, next_header, 2, 1, 2, 0, 0, 0xc9, 16);
    put_address(o, home);
}

static void put_routing(struct octets *o, uint8_t next_header, uint8_t home)
{
    PUT(o, next_header, 2, 2, 1, 0, 0, 0, 0);
    put_address(o, home);
}

static void put_mobility(struct octets *o, uint8_t type)
{
    PUT(o, 59, 1, type, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

static struct packet_view view_of(const struct octets *o, bool ethernet)
{
    struct packet_view view;
    ck_assert(packet_view_read(&view, o->at, o->length, ethernet, NULL, NULL));
    return view;
}

static void assert_ends(const struct packet_view *view, uint8_t source, uint8_t destination)
{
    struct ipv6_address a = address_of(source), b = address_of(destination);
    ck_assert(ipv6_address_equal(&view->source, &a));
    ck_assert(ipv6_address_equal(&view->destination, &b));
}

START_TEST(plain)
{
    struct octets o = {.length = 0};
    put_ipv6(&o, NEXT_HEADER_MOBILITY, 1, 2);
    put_mobility(&o, 3);
    struct packet_view view = view_of(&o, false);
    ck_assert_int_eq(view.kind, MESSAGE_HOME_TEST);
    ck_assert_uint_eq(view.tunnels, 0);
    assert_ends(&view, 1, 2);
}
END_TEST

START_TEST(home_addresses)
{
    struct octets update = {.length = 0}, answer = {.length = 0};
    put_ipv6(&update, NEXT_HEADER_DESTINATION_OPTIONS, 1, 2);
    put_home_address(&update, NEXT_HEADER_MOBILITY, 9);
    put_mobility(&update, 5);
    struct packet_view view = view_of(&update, false);
    ck_assert_int_eq(view.kind, MESSAGE_BINDING_UPDATE);
    assert_ends(&view, 9, 2);
    struct ipv6_address care_of = address_of(1);
    ck_assert(ipv6_address_equal(&view.wire_source, &care_of));
    ck_assert(ipv6_address_equal(&view.outer_source, &care_of));
    ck_assert(view.home_address_option && !view.type_2_routing);

    put_ipv6(&answer, NEXT_HEADER_ROUTING, 2, 1);
    put_routing(&answer, NEXT_HEADER_MOBILITY, 9);
    put_mobility(&answer, 6);
    view = view_of(&answer, false);
    ck_assert_int_eq(view.kind, MESSAGE_BINDING_ACKNOWLEDGEMENT);
    assert_ends(&view, 2, 9);
    ck_assert(ipv6_address_equal(&view.wire_destination, &care_of));
    ck_assert(view.type_2_routing && !view.home_address_option);
}
END_TEST

START_TEST(in_a_tunnel_on_ethernet)
{
    struct octets o = {.length = 0};
    PUT(&o, 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x86, 0xdd);
    put_ipv6(&o, NEXT_HEADER_IPV6, 1, 3);
    put_ipv6(&o, NEXT_HEADER_MOBILITY, 9, 2);
    put_mobility(&o, 1);
    struct packet_view view = view_of(&o, true);
    ck_assert_int_eq(view.kind, MESSAGE_HOME_TEST_INIT);
    ck_assert_uint_eq(view.tunnels, 1);
    assert_ends(&view, 9, 2);
    struct ipv6_address entry = address_of(1), exit = address_of(3);
    ck_assert(ipv6_address_equal(&view.outer_source, &entry));
    ck_assert(ipv6_address_equal(&view.outer_destination, &exit));
    ck_assert(!view.home_address_option && !view.type_2_routing);
    o.at[12] = 0x08; /* of another protocol */
    ck_assert(!packet_view_read(&view, o.at, o.length, true, NULL, NULL));
}
END_TEST

START_TEST(fragments)
{
    struct octets first = {.length = 0}, second = {.length = 0};
    put_ipv6(&first, NEXT_HEADER_FRAGMENT, 1, 2);
    PUT(&first, 58, 0, 0, 1, 0, 0, 0, 7);
    PUT(&first, 128, 0, 0, 0, 0, 0, 0, 0);
    ck_assert_int_eq(view_of(&first, false).kind, MESSAGE_ECHO_REQUEST);
    put_ipv6(&second, NEXT_HEADER_FRAGMENT, 1, 2);
    PUT(&second, 58, 0, 0, 8, 0, 0, 0, 7);
    PUT(&second, 128, 0, 0, 0, 0, 0, 0, 0);
    ck_assert_int_eq(view_of(&second, false).kind, MESSAGE_OTHER);
}
END_TEST

START_TEST(kinds)
{
    static const struct {
        uint8_t protocol, first, third;
        enum message_kind kind;
    } cases[] = {
        {58, 133, 0, MESSAGE_ROUTER_SOLICITATION},
        {58, 136, 0, MESSAGE_NEIGHBOR_ADVERTISEMENT},
        {58, 147, 0, MESSAGE_MOBILE_PREFIX_ADVERTISEMENT},
        {58, 2, 0, MESSAGE_PACKET_TOO_BIG},
        {58, 200, 0, MESSAGE_OTHER},
        {135, 59, 0, MESSAGE_BINDING_REFRESH_REQUEST},
        {135, 59, 7, MESSAGE_BINDING_ERROR},
        {135, 59, 77, MESSAGE_OTHER},
        {17, 0, 0, MESSAGE_UDP},
        {6, 0, 0, MESSAGE_OTHER},
        {50, 0, 0, MESSAGE_OTHER}, /* nobody opens it */
    };
    for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct octets o = {.length = 0};
        put_ipv6(&o, cases[i].protocol, 1, 2);
        PUT(&o, cases[i].first, 1, cases[i].third, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        ck_assert_int_eq(view_of(&o, false).kind, cases[i].kind);
        ck_assert_uint_eq(view_of(&o, false).flow, PACKET_VIEW_FLOW_NONE);
    }
    ck_assert_int_eq(message_kind_find("cotI"), MESSAGE_CARE_OF_TEST_INIT);
    ck_assert_int_eq(message_kind_find("Mobile Prefix Solicitation"), MESSAGE_MOBILE_PREFIX_SOLICITATION);
    ck_assert_int_eq(message_kind_find("Home"), MESSAGE_KIND_COUNT);
}
END_TEST

/* What stands behind eight octets of header is the payload, and a Mobility Header. */
static bool open_sesame(void *context, const uint8_t *esp, size_t length, uint8_t *payload,
                        size_t *payload_length, uint8_t *next_header)
{
    unsigned *times = context;
    ++*times;
    if (length < 8 || esp[3] != 42)
        return false;
    memcpy(payload, esp + 8, length - 8);
    *payload_length = length - 8;
    *next_header = NEXT_HEADER_MOBILITY;
    return true;
}

START_TEST(opened)
{
    struct octets o = {.length = 0};
    struct packet_view view;
    unsigned times = 0;
    put_ipv6(&o, NEXT_HEADER_DESTINATION_OPTIONS, 1, 3);
    put_home_address(&o, NEXT_HEADER_ESP, 9);
    PUT(&o, 0, 0, 0, 42, 0, 0, 0, 1);
    put_mobility(&o, 5);
    ck_assert(packet_view_read(&view, o.at, o.length, false, open_sesame, &times));
    ck_assert_int_eq(view.kind, MESSAGE_BINDING_UPDATE);
    assert_ends(&view, 9, 3);
    ck_assert_uint_eq(times, 1);
    o.at[40 + 24 + 3] = 41;
    ck_assert(packet_view_read(&view, o.at, o.length, false, open_sesame, &times));
    ck_assert_int_eq(view.kind, MESSAGE_OTHER);
}
END_TEST

/* Under a sanitizer: no octet is read that is not there. */
START_TEST(garbled)
{
    struct octets o = {.length = 0};
    struct packet_view view;
    unsigned times = 0;
    struct random_stream stream;
    put_ipv6(&o, NEXT_HEADER_IPV6, 1, 3);
    put_ipv6(&o, NEXT_HEADER_DESTINATION_OPTIONS, 9, 2);
    put_home_address(&o, NEXT_HEADER_ROUTING, 9);
    put_routing(&o, NEXT_HEADER_ESP, 9);
    PUT(&o, 0, 0, 0, 42, 0, 0, 0, 1);
    put_mobility(&o, 5);
    for (size_t length = 0; length <= o.length; length++) {
        uint8_t *exact = malloc(length + 1);
        memcpy(exact, o.at, length);
        ck_assert(packet_view_read(&view, exact, length, false, open_sesame, &times) == (length >= 40));
        free(exact);
    }
    random_stream_init(&stream, 1, 0, 0, 1);
    for (unsigned i = 0; i < 200000; i++) {
        struct octets bad = o;
        for (unsigned k = 0; k < 3; k++)
            bad.at[random_below(&stream, bad.length)] = (uint8_t)random_bits(&stream);
        (void)packet_view_read(&view, bad.at, bad.length, false, open_sesame, &times);
        ck_assert_uint_lt(view.kind, MESSAGE_KIND_COUNT);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("packet view");
    TCase *tests = tcase_create("all");
    tcase_add_test(tests, plain);
    tcase_add_test(tests, home_addresses);
    tcase_add_test(tests, in_a_tunnel_on_ethernet);
    tcase_add_test(tests, fragments);
    tcase_add_test(tests, kinds);
    tcase_add_test(tests, opened);
    tcase_add_test(tests, garbled);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
