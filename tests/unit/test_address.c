/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_address.c - addresses against the examples of the RFCs: RFC 4291, 2.7.1 and Appendix A; RFC 2464, 4
 * and 7; RFC 2526, 2.
 */
#include <check.h>

#include "models/ipv6/address.h"
#include "tests/unit/ipv6_fixture.h"

#define assert_address(address, text)                                    \
    do {                                                                 \
        struct ipv6_address is = (address), expected = address_from(text); \
        ck_assert_mem_eq(is.octets, expected.octets, 16);                \
    } while (0)

static const struct ethernet_address station = {.octets = {0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde}};

START_TEST(made_from_others)
{
    /* RFC 2464, 4 has this very station. */
    assert_address(ipv6_eui64_from(&station), "::3656:78ff:fe9a:bcde");
    assert_address(ipv6_link_local_from(&station), "fe80::3656:78ff:fe9a:bcde");
    /* RFC 4291, 2.7.1 */
    struct ipv6_address address = address_from("4037::01:800:200e:8c6c");
    assert_address(ipv6_solicited_node(&address), "ff02::1:ff0e:8c6c");
    /* RFC 2464, 7: 33-33 and the last four octets */
    struct ipv6_address group = address_from("ff02::1:ff0e:8c6c");
    struct ethernet_address mac = ethernet_multicast_of(&group);
    ck_assert_mem_eq(mac.octets, "\x33\x33\xff\x0e\x8c\x6c", 6);
    /* RFC 2526, 2 and 3: identifier fdff:ffff:ffff:ff80 | 7e */
    struct ipv6_address prefix = address_from("2001:db8:1:2::");
    assert_address(ipv6_home_agents_anycast(&prefix), "2001:db8:1:2:fdff:ffff:ffff:fffe");
    struct ipv6_address identifier = ipv6_eui64_from(&station);
    assert_address(ipv6_address_join(&prefix, &identifier), "2001:db8:1:2:3656:78ff:fe9a:bcde");
}
END_TEST

START_TEST(prefixes)
{
    struct ipv6_address a = address_from("2001:db8:abcd:ef12:3456:789a:bcde:f012"), b = a;
    for (unsigned length = 0; length <= 128; length++) {
        struct ipv6_address prefix = ipv6_prefix_of(&a, length);
        ck_assert(ipv6_prefix_match(&a, &prefix, length));
        for (unsigned bit = 0; bit < 128; bit++) {
            unsigned kept = (unsigned)prefix.octets[bit / 8] >> (7 - bit % 8) & 1;
            unsigned was = (unsigned)a.octets[bit / 8] >> (7 - bit % 8) & 1;
            ck_assert_uint_eq(kept, bit < length ? was : 0);
        }
        if (length < 128) {
            b = a;
            b.octets[length / 8] ^= (uint8_t)(0x80 >> length % 8);
            ck_assert_uint_eq(ipv6_common_prefix_length(&a, &b), length);
            ck_assert(ipv6_prefix_match(&a, &b, length));
            ck_assert(!ipv6_prefix_match(&a, &b, length + 1));
        }
    }
    ck_assert_uint_eq(ipv6_common_prefix_length(&a, &a), 128);
}
END_TEST

static const struct {
    const char *text;
    bool routable, multicast, link_local, link_scope;
} kinds[] = {
    {"::", false, false, false, false},
    {"::1", false, false, false, false},
    {"::2", true, false, false, false},
    {"::ffff:192.0.2.1", false, false, false, false},
    {"fe80::1", false, false, true, false},
    {"febf::1", false, false, true, false},
    {"fec0::1", true, false, false, false},
    {"fd00::1", true, false, false, false},
    {"2001:db8::1", true, false, false, false},
    {"ff01::1", false, true, false, true},
    {"ff02::1", false, true, false, true},
    {"ff12::1", false, true, false, true},
    {"ff05::1", false, true, false, false},
    {"ff0e::1", false, true, false, false},
};

START_TEST(kinds_of_addresses)
{
    struct ipv6_address address = address_from(kinds[_i].text);
    ck_assert(ipv6_address_is_unicast_routable(&address) == kinds[_i].routable);
    ck_assert(ipv6_address_is_multicast(&address) == kinds[_i].multicast);
    ck_assert(ipv6_address_is_link_local(&address) == kinds[_i].link_local);
    ck_assert(ipv6_address_is_link_scope_multicast(&address) == kinds[_i].link_scope);
}
END_TEST

/* Addresses as simulations make them, a thousand links of a thousand hosts, spread over buckets as chance
 * would have it. */
START_TEST(hash_spreads)
{
    static unsigned buckets[1024];
    unsigned worst = 0;
    memset(buckets, 0, sizeof(buckets));
    for (unsigned i = 0; i < 1024; i++) {
        for (unsigned j = 0; j < 16; j++) {
            struct ethernet_address mac = {
                .octets = {2, 0, (uint8_t)(j >> 8), (uint8_t)j, (uint8_t)(i >> 8), (uint8_t)i}};
            struct ipv6_address prefix = address_from("2001:db8::"), identifier = ipv6_eui64_from(&mac);
            prefix.octets[5] = (uint8_t)j;
            prefix.octets[7] = (uint8_t)i;
            struct ipv6_address address = ipv6_address_join(&prefix, &identifier);
            unsigned *bucket = &buckets[ipv6_address_hash(&address) & 1023];
            worst = ++*bucket > worst ? *bucket : worst;
        }
    }
    ck_assert_uint_lt(worst, 48); /* the mean is 16, its standard deviation 4 */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("address");
    TCase *tests = tcase_create("address");
    tcase_add_test(tests, made_from_others);
    tcase_add_test(tests, prefixes);
    tcase_add_loop_test(tests, kinds_of_addresses, 0, G_N_ELEMENTS(kinds));
    tcase_add_test(tests, hash_spreads);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
