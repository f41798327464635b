/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_nd_message.c - the codec of Neighbor Discovery's messages (RFC 4861, 4; RFC 6275, 7): what is written
 * is read again, flag by flag and option by option, and what is too short, too long or of no use is not.
 */
#include <check.h>
#include <string.h>

#include "models/ipv6/icmpv6.h"
#include "models/ipv6/nd_option.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

static size_t write_message(const struct nd_message *message, uint8_t *octets, size_t size)
{
    size_t length = nd_message_length(message);
    ck_assert_uint_le(length, size);
    nd_message_write(message, octets, length);
    return length;
}

static bool reads(struct nd_message *message, uint8_t type, const char *hexadecimal)
{
    uint8_t octets[1600];
    memset(message, 0, sizeof(*message));
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    return nd_message_read(message, type, octets, length);
}

static struct nd_message round_trip(const struct nd_message *message)
{
    uint8_t octets[1600];
    struct nd_message read = {.type = 0};
    size_t length = write_message(message, octets, sizeof(octets));
    ck_assert(nd_message_read(&read, message->type, octets, length));
    ck_assert_uint_eq(read.type, message->type);
    ck_assert_uint_eq(read.present & ~ND_HAS(ND_OPTION_PREFIX_INFORMATION), message->present);
    /* An octet less, and some part of it is not whole. */
    struct nd_message shorter = {.type = 0};
    ck_assert(!nd_message_read(&shorter, message->type, octets, length - 1));
    octets[1] = 1; /* and no type has a code */
    ck_assert(!nd_message_read(&shorter, message->type, octets, length));
    return read;
}

START_TEST(flags_of_router_advertisements)
{
    for (unsigned bits = 0; bits < 8; bits++) {
        struct nd_message message = {
            .type = ICMPV6_ROUTER_ADVERTISEMENT,
            .hop_limit = 64,
            .managed = (bits & 1) != 0,
            .other = (bits & 2) != 0,
            .home_agent = (bits & 4) != 0,
            .router_lifetime = 9000,
            .reachable_time_ms = 0x01020304,
            .retransmission_ms = UINT32_MAX,
        };
        struct nd_message read = round_trip(&message);
        ck_assert(read.managed == message.managed && read.other == message.other);
        ck_assert(read.home_agent == message.home_agent);
        ck_assert_uint_eq(read.hop_limit, 64);
        ck_assert_uint_eq(read.router_lifetime, 9000);
        ck_assert_uint_eq(read.reachable_time_ms, 0x01020304);
        ck_assert_uint_eq(read.retransmission_ms, UINT32_MAX);
    }
}
END_TEST

START_TEST(flags_of_neighbor_advertisements)
{
    for (unsigned bits = 0; bits < 8; bits++) {
        struct nd_message message = {
            .type = ICMPV6_NEIGHBOR_ADVERTISEMENT,
            .router = (bits & 1) != 0,
            .solicited = (bits & 2) != 0,
            .override = (bits & 4) != 0,
            .target = address_from("2001:db8::1"),
            .present = ND_HAS(ND_OPTION_TARGET_LINK_LAYER_ADDRESS),
            .target_link_layer_address = {{2, 0, 0, 0, 0, 7}},
        };
        struct nd_message read = round_trip(&message);
        ck_assert(read.router == message.router && read.solicited == message.solicited);
        ck_assert(read.override == message.override);
        ck_assert(ipv6_address_equal(&read.target, &message.target));
        ck_assert(
            ethernet_address_equal(&read.target_link_layer_address, &message.target_link_layer_address));
    }
}
END_TEST

START_TEST(flags_of_prefixes)
{
    for (unsigned bits = 0; bits < 8; bits++) {
        struct nd_message message = {.type = ICMPV6_ROUTER_ADVERTISEMENT, .prefix_count = 2};
        for (unsigned i = 0; i < 2; i++)
            message.prefixes[i] = (struct advertised_prefix){
                .prefix = address_from("2001:db8:1::1"),
                .length = (uint8_t)(i == 0 ? 64 : 128),
                .valid_lifetime = UINT32_MAX,
                .preferred_lifetime = 1,
                .on_link = (bits & 1) != 0,
                .autonomous = (bits & 2) != 0,
                .router_address = (bits & 4) != 0,
            };
        struct nd_message read = round_trip(&message);
        ck_assert_uint_eq(read.prefix_count, 2);
        for (unsigned i = 0; i < 2; i++) {
            const struct advertised_prefix *prefix = &read.prefixes[i], *written = &message.prefixes[i];
            ck_assert(prefix->on_link == written->on_link && prefix->autonomous == written->autonomous);
            ck_assert(prefix->router_address == written->router_address);
            ck_assert_uint_eq(prefix->length, written->length);
            ck_assert_uint_eq(prefix->valid_lifetime, UINT32_MAX);
            ck_assert_uint_eq(prefix->preferred_lifetime, 1);
            ck_assert(ipv6_address_equal(&prefix->prefix, &written->prefix));
        }
    }
}
END_TEST

START_TEST(redirects_and_solicitations)
{
    struct nd_message message = {
        .type = ICMPV6_REDIRECT,
        .target = address_from("fe80::1"),
        .destination = address_from("2001:db8:9::9"),
    };
    struct nd_message read = round_trip(&message);
    ck_assert(ipv6_address_equal(&read.target, &message.target));
    ck_assert(ipv6_address_equal(&read.destination, &message.destination));
    for (uint8_t type = ICMPV6_ROUTER_SOLICITATION; type <= ICMPV6_NEIGHBOR_SOLICITATION; type += 2) {
        message.type = type;
        message.present = ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS);
        message.source_link_layer_address = (struct ethernet_address){{2, 0, 0, 0, 0, 9}};
        read = round_trip(&message);
        ck_assert(
            ethernet_address_equal(&read.source_link_layer_address, &message.source_link_layer_address));
    }
}
END_TEST

/* One message type is not another, however alike they are. */
START_TEST(another_type)
{
    struct nd_message message;
    ck_assert(reads(&message, ICMPV6_ROUTER_SOLICITATION, "85000000 00000000"));
    ck_assert(!reads(&message, ICMPV6_ROUTER_SOLICITATION, "86000000 00000000"));
    ck_assert(
        !reads(&message, ICMPV6_NEIGHBOR_SOLICITATION, "88000000 00000000 fe800000000000000000000000000001"));
}
END_TEST

/* Known but not of this message, unknown, of another length than its own: passed over (4.6). */
START_TEST(options_of_no_use)
{
    static const char *const options[] = {
        "0201 020000000007",                                         /* target's, in a solicitation */
        "0301 000000000000",  "0502 0000 000005dc 0000000000000000", /* too short, too long */
        "0701 0000 00000046", "0801 0000 000a 000a",
        "0e01 000000000000",                                       /* nothing of a host's; a nonce's */
        "2001 000000000000",  "ff02 0000000000000000000000000000", /* beyond the numbers that have a bit */
    };
    struct nd_message message;
    char text[256];
    g_snprintf(text, sizeof(text), "85000000 00000000 %s 0101 020000000009", options[_i]);
    ck_assert(reads(&message, ICMPV6_ROUTER_SOLICITATION, text));
    ck_assert_uint_eq(message.present, ND_HAS(ND_OPTION_SOURCE_LINK_LAYER_ADDRESS));
    g_snprintf(text, sizeof(text), "85000000 00000000 %s 01", options[_i]); /* and half an option behind */
    ck_assert(!reads(&message, ICMPV6_ROUTER_SOLICITATION, text));
}
END_TEST

/* A Router Advertisement has those that say something of it; one of a wrong length does not count. */
START_TEST(options_of_wrong_length)
{
    struct nd_message message;
    ck_assert(
        reads(&message, ICMPV6_ROUTER_ADVERTISEMENT,
              "86000000 40000708 00000000 00000000 0301 40c000000000 0502 0000 000005dc 0000000000000000"));
    ck_assert_uint_eq(message.present, 0);
    ck_assert_uint_eq(message.prefix_count, 0);
    ck_assert(reads(&message, ICMPV6_ROUTER_ADVERTISEMENT,
                    "86000000 40000708 00000000 00000000 0501 0000 000005dc"));
    ck_assert_uint_eq(message.present, ND_HAS(ND_OPTION_MTU));
    ck_assert_uint_eq(message.mtu, 1500);
}
END_TEST

#define PREFIX_OPTION(length) "0304 " length "c0 00000e10 00000e10 00000000 20010db8000100000000000000000000 "

START_TEST(prefixes_that_are_none)
{
    struct nd_message message;
    ck_assert(reads(&message, ICMPV6_ROUTER_ADVERTISEMENT,
                    "86000000 40000708 00000000 00000000 " PREFIX_OPTION("81") PREFIX_OPTION("ff")
                        PREFIX_OPTION("80")));
    ck_assert_uint_eq(message.prefix_count, 1);
    ck_assert_uint_eq(message.prefixes[0].length, 128);
}
END_TEST

/* More than there is room for: the first ones count. */
START_TEST(prefixes_beyond_number)
{
    GString *text = g_string_new("86000000 40000708 00000000 00000000 ");
    struct nd_message message;
    for (unsigned i = 0; i < ADVERTISED_PREFIXES_MAX + 4; i++)
        g_string_append_printf(text, "0304 40c0 %08x 00000001 00000000 20010db8000100000000000000000000 ",
                               i + 1);
    ck_assert(reads(&message, ICMPV6_ROUTER_ADVERTISEMENT, text->str));
    g_string_free(text, TRUE);
    ck_assert_uint_eq(message.prefix_count, ADVERTISED_PREFIXES_MAX);
    for (unsigned i = 0; i < ADVERTISED_PREFIXES_MAX; i++)
        ck_assert_uint_eq(message.prefixes[i].valid_lifetime, i + 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("messages of Neighbor Discovery");
    TCase *tests = tcase_create("codec");
    tcase_add_test(tests, flags_of_router_advertisements);
    tcase_add_test(tests, flags_of_neighbor_advertisements);
    tcase_add_test(tests, flags_of_prefixes);
    tcase_add_test(tests, redirects_and_solicitations);
    tcase_add_test(tests, another_type);
    tcase_add_loop_test(tests, options_of_no_use, 0, 8);
    tcase_add_test(tests, options_of_wrong_length);
    tcase_add_test(tests, prefixes_that_are_none);
    tcase_add_test(tests, prefixes_beyond_number);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
