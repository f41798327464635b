/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_routing_table.c - longest prefix match, held against a linear search over random routes.
 */
#include <check.h>

#include "models/base/error.h"
#include "models/ipv6/routing_table.h"
#include "tests/unit/ipv6_fixture.h"

static struct route route_to(const char *prefix, unsigned length, unsigned interface)
{
    return (struct route){
        .prefix = address_from(prefix), .prefix_length = (uint8_t)length, .interface = (uint16_t)interface,
    };
}

static int interface_to(const struct routing_table *table, const char *destination)
{
    struct ipv6_address address = address_from(destination);
    const struct route *route = routing_table_lookup(table, &address);
    return route ? route->interface : -1;
}

START_TEST(longest_prefix_wins)
{
    struct routing_table *table = routing_table_new();
    struct route routes[] = {route_to("::", 0, 1), route_to("2001:db8::", 32, 2),
                             route_to("2001:db8:1::", 48, 3), route_to("2001:db8:1:2::", 64, 4),
                             route_to("2001:db8:1:2::5", 128, 5)};
    ck_assert_int_eq(interface_to(NULL, "::1"), -1);
    ck_assert_int_eq(interface_to(table, "2001:db8::1"), -1);
    for (unsigned i = 0; i < G_N_ELEMENTS(routes); i++)
        ck_assert_int_eq(routing_table_add(table, &routes[i]), 0);
    ck_assert_int_eq(interface_to(table, "2001:db8:1:2::5"), 5);
    ck_assert_int_eq(interface_to(table, "2001:db8:1:2::6"), 4);
    ck_assert_int_eq(interface_to(table, "2001:db8:1:3::6"), 3);
    ck_assert_int_eq(interface_to(table, "2001:db8:2::6"), 2);
    ck_assert_int_eq(interface_to(table, "2001:db9::6"), 1);
    struct ipv6_address prefix = address_from("2001:db8:1::ffff"); /* bits behind the length do not matter */
    ck_assert_int_eq(routing_table_remove(table, &prefix, 48), 0);
    ck_assert_int_eq(routing_table_remove(table, &prefix, 48), ERROR_NOT_FOUND);
    ck_assert_int_eq(routing_table_remove(table, &prefix, 129), ERROR_ARGUMENT);
    ck_assert_int_eq(interface_to(table, "2001:db8:1:3::6"), 2);
    struct route replaced = route_to("2001:db8:ffff::", 32, 9), wrong = route_to("::", 129, 0);
    ck_assert_int_eq(routing_table_add(table, &replaced), 0);
    ck_assert_int_eq(interface_to(table, "2001:db8:1:3::6"), 9);
    ck_assert_int_eq(routing_table_add(table, &wrong), ERROR_ARGUMENT);
    routing_table_free(table);
    routing_table_free(NULL);
}
END_TEST

#define ROUTES 600

static struct route model[ROUTES];
static bool present[ROUTES];

static int model_lookup(const struct ipv6_address *destination)
{
    int best = -1;
    for (int i = 0; i < ROUTES; i++)
        if (present[i] && ipv6_prefix_match(&model[i].prefix, destination, model[i].prefix_length) &&
            (best < 0 || model[i].prefix_length > model[best].prefix_length))
            best = i;
    return best;
}

START_TEST(agrees_with_a_linear_search)
{
    struct routing_table *table = routing_table_new();
    GRand *random = g_rand_new_with_seed(6275);
    for (unsigned i = 0; i < ROUTES; i++) {
        struct ipv6_address address = ipv6_unspecified;
        /* Few different octets, so that prefixes nest; the first three tell routes of one length apart. */
        for (unsigned j = 0; j < 16; j++)
            address.octets[j] = (uint8_t)g_rand_int_range(random, 0, 2);
        address.octets[0] = (uint8_t)(0x20 + i % 3);
        address.octets[1] = (uint8_t)(i / 3);
        model[i] = (struct route){.interface = (uint16_t)i,
                                  .prefix_length = (uint8_t)g_rand_int_range(random, 0, 129)};
        model[i].prefix = ipv6_prefix_of(&address, model[i].prefix_length);
    }
    for (unsigned step = 0; step < 20000; step++) {
        unsigned i = (unsigned)g_rand_int_range(random, 0, ROUTES);
        bool same_prefix_elsewhere = false;
        for (unsigned j = 0; j < ROUTES && !same_prefix_elsewhere; j++)
            same_prefix_elsewhere = j != i && present[j] &&
                                    model[j].prefix_length == model[i].prefix_length &&
                                    ipv6_address_equal(&model[j].prefix, &model[i].prefix);
        if (same_prefix_elsewhere)
            continue;
        if (present[i])
            ck_assert_int_eq(routing_table_remove(table, &model[i].prefix, model[i].prefix_length), 0);
        else
            ck_assert_int_eq(routing_table_add(table, &model[i]), 0);
        present[i] = !present[i];
        struct ipv6_address destination = model[g_rand_int_range(random, 0, ROUTES)].prefix;
        destination.octets[15] ^= (uint8_t)g_rand_int_range(random, 0, 2);
        const struct route *route = routing_table_lookup(table, &destination);
        int expected = model_lookup(&destination);
        ck_assert_int_eq(route ? (int)route->interface : -1, expected);
    }
    g_rand_free(random);
    routing_table_free(table);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("routing table");
    TCase *tests = tcase_create("routing table");
    tcase_add_test(tests, longest_prefix_wins);
    tcase_add_test(tests, agrees_with_a_linear_search);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
