/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_udp.c - ports, datagrams, and what is refused.
 */
#include "models/ipv6/udp.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/error.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/ipv6_vectors.h"

static struct {
    unsigned count, delivered;
    uint16_t source_port, port;
    char payload[16];
    size_t length;
    struct ipv6_address source, destination;
} heard;

static void hear(struct application *application, struct node *node, const struct inbound *in,
                 uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    (void)node;
    (void)now;
    heard.count++;
    heard.source_port = source_port;
    heard.port = application->port;
    heard.length = length;
    heard.source = in->source;
    heard.destination = in->destination;
    memcpy(heard.payload, payload, length < sizeof(heard.payload) ? length : sizeof(heard.payload));
}

static void delivered(struct node *node, const struct inbound *in, time_ns now)
{
    (void)node;
    (void)now;
    ck_assert_ptr_nonnull(in->packet);
    heard.delivered++;
}

static const struct node_extension listener = {.delivered = delivered};

START_TEST(datagram_reaches_its_port)
{
    struct fixture fixture;
    struct application application = {.receive = hear}, other = {.receive = hear};
    struct ipv6_address a = address_from(ADDRESS_A), b = address_from(ADDRESS_B);
    memset(&heard, 0, sizeof(heard));
    fixture_host(&fixture, ADDRESS_B);
    fixture.node.extension = &listener;
    ck_assert_int_eq(udp_bind(&fixture.node, &application, 5000), 0);
    ck_assert_int_eq(udp_bind(&fixture.node, &other, 5000), ERROR_EXISTS);
    ck_assert_int_eq(udp_bind(&fixture.node, &other, 5001), 0);
    fixture_receive(&fixture, vector_udp, sizeof(vector_udp));
    ck_assert_uint_eq(heard.count, 1);
    ck_assert_uint_eq(heard.delivered, 1);
    ck_assert_uint_eq(heard.source_port, 4000);
    ck_assert_uint_eq(heard.port, 5000);
    ck_assert_uint_eq(heard.length, 6);
    ck_assert_mem_eq(heard.payload, "mobile", 6);
    ck_assert(ipv6_address_equal(&heard.source, &a) && ipv6_address_equal(&heard.destination, &b));
    fixture_expect_nothing_sent(&fixture);
    udp_unbind(&fixture.node, &application);
    udp_unbind(&fixture.node, &application);
    fixture_receive(&fixture, vector_udp, sizeof(vector_udp));
    ck_assert_uint_eq(heard.count, 1);
    fixture_expect_discard(&fixture, DISCARD_PORT_UNREACHABLE);
    fixture_expect_sent(&fixture, vector_port_unreachable, sizeof(vector_port_unreachable));
    fixture_free(&fixture);
}
END_TEST

START_TEST(checksum_of_zero_is_sent_as_ffff_and_accepted)
{
    struct fixture fixture;
    struct application application = {.receive = hear};
    memset(&heard, 0, sizeof(heard));
    fixture_host(&fixture, ADDRESS_B);
    ck_assert_int_eq(udp_bind(&fixture.node, &application, 5000), 0);
    fixture_receive(&fixture, vector_udp_zero, sizeof(vector_udp_zero));
    ck_assert_uint_eq(heard.count, 1);
    uint8_t packet[sizeof(vector_udp_zero)];
    memcpy(packet, vector_udp_zero, sizeof(packet));
    packet[46] = packet[47] = 0;
    fixture_receive(&fixture, packet, sizeof(packet));
    ck_assert_uint_eq(heard.count, 1);
    fixture_expect_discard(&fixture, DISCARD_CHECKSUM);
    fixture_free(&fixture);
}
END_TEST

START_TEST(lengths_are_checked)
{
    uint8_t packet[sizeof(vector_udp)];
    struct fixture fixture;
    struct application application = {.receive = hear};
    memset(&heard, 0, sizeof(heard));
    fixture_host(&fixture, ADDRESS_B);
    ck_assert_int_eq(udp_bind(&fixture.node, &application, 5000), 0);
    for (unsigned length = 0; length < 20; length++) {
        memcpy(packet, vector_udp, sizeof(packet));
        packet[45] = (uint8_t)length;
        fixture_receive(&fixture, packet, sizeof(packet));
        fixture_expect_discard(&fixture, length < 8 || length > 14 ? DISCARD_LENGTH
                                         : length < 14             ? DISCARD_CHECKSUM
                                                                   : DISCARD_NONE);
    }
    ck_assert_uint_eq(heard.count, 1);
    fixture_free(&fixture);
}
END_TEST

/* Many ports, bound and unbound in another order. */
START_TEST(ten_thousand_ports)
{
    struct fixture fixture;
    fixture_host(&fixture, ADDRESS_B);
    struct application *applications = calloc(10000, sizeof(*applications));
    for (unsigned i = 0; i < 10000; i++)
        ck_assert_int_eq(ports_bind(&fixture.node, &applications[i],
                                    i % 2 ? NEXT_HEADER_UDP : NEXT_HEADER_ICMPV6, (uint16_t)(i / 2)),
                         0);
    for (unsigned i = 0; i < 10000; i++)
        ck_assert_ptr_eq(
            ports_find(&fixture.node, i % 2 ? NEXT_HEADER_UDP : NEXT_HEADER_ICMPV6, (uint16_t)(i / 2)),
            &applications[i]);
    ck_assert_ptr_null(ports_find(&fixture.node, NEXT_HEADER_UDP, 5000));
    for (unsigned i = 0; i < 10000; i += 3)
        ports_unbind(&fixture.node, &applications[i]);
    for (unsigned i = 0; i < 10000; i++)
        ck_assert_ptr_eq(
            ports_find(&fixture.node, i % 2 ? NEXT_HEADER_UDP : NEXT_HEADER_ICMPV6, (uint16_t)(i / 2)),
            i % 3 ? &applications[i] : NULL);
    fixture_free(&fixture);
    free(applications);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("udp");
    TCase *tests = tcase_create("udp");
    tcase_add_test(tests, datagram_reaches_its_port);
    tcase_add_test(tests, checksum_of_zero_is_sent_as_ffff_and_accepted);
    tcase_add_test(tests, lengths_are_checked);
    tcase_add_test(tests, ten_thousand_ports);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
