/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_policy.c - which packets between a mobile node and its home agent are protected (RFC 6275, 5.1, 5.4,
 * 5.5, 10.4.6; RFC 3776, 5.2; RFC 4877, 4), and whose associations they use.
 */
#include <check.h>
#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipsec/policy.h"
#include "tests/unit/ipv6_fixture.h"

static enum policy_action look_up(bool tunnel, enum policy_direction direction, uint8_t protocol, int type,
                                  bool payload)
{
    return policy_lookup(tunnel, direction, (struct policy_selectors){protocol, (int16_t)type}, payload);
}

/* Every type of Mobility Header and ICMPv6 message, outside the tunnel: exactly four are protected. */
START_TEST(outside_the_tunnel)
{
    for (unsigned direction = TO_HOME_AGENT; direction <= FROM_HOME_AGENT; direction++) {
        bool to = direction == TO_HOME_AGENT;
        for (int type = TYPE_OPAQUE; type <= 255; type++) {
            bool mobility = type == (to ? 5 : 6), discovery = type == (to ? 146 : 147);
            ck_assert_int_eq(look_up(false, direction, 135, type, true),
                             mobility ? POLICY_PROTECT : POLICY_BYPASS);
            ck_assert_int_eq(look_up(false, direction, 58, type, true),
                             discovery ? POLICY_PROTECT : POLICY_BYPASS);
            ck_assert_int_eq(look_up(false, direction, 17, type, true), POLICY_BYPASS);
        }
    }
}
END_TEST

START_TEST(in_the_tunnel)
{
    for (unsigned direction = TO_HOME_AGENT; direction <= FROM_HOME_AGENT; direction++) {
        for (int type = 0; type <= 255; type++) {
            bool test = type == 1 || type == 3;
            ck_assert_int_eq(look_up(true, direction, 135, type, false),
                             test ? POLICY_PROTECT : POLICY_BYPASS);
            ck_assert_int_eq(look_up(true, direction, 58, type, false), POLICY_BYPASS);
            ck_assert_int_eq(look_up(true, direction, 135, type, true), POLICY_PROTECT);
            ck_assert_int_eq(look_up(true, direction, 58, type, true), POLICY_PROTECT);
        }
        /* A fragment of a Mobility Header might be of a home test. */
        ck_assert_int_eq(look_up(true, direction, 135, TYPE_OPAQUE, false), POLICY_DISCARD);
        ck_assert_int_eq(look_up(true, direction, 135, TYPE_OPAQUE, true), POLICY_DISCARD);
        ck_assert_int_eq(look_up(true, direction, 17, TYPE_OPAQUE, false), POLICY_BYPASS);
        ck_assert_int_eq(look_up(true, direction, 17, TYPE_OPAQUE, true), POLICY_PROTECT);
        ck_assert_int_eq(look_up(true, direction, 50, TYPE_OPAQUE, true), POLICY_BYPASS);
        ck_assert_int_eq(look_up(true, direction, 51, TYPE_OPAQUE, true), POLICY_BYPASS);
    }
}
END_TEST

START_TEST(selectors)
{
    static const uint8_t octets[] = {59, 3, 5, 0};
    ck_assert_int_eq(policy_selectors_of(135, octets, 4).type, 5);
    ck_assert_int_eq(policy_selectors_of(135, octets, 2).type, TYPE_OPAQUE);
    ck_assert_int_eq(policy_selectors_of(58, octets, 1).type, 59);
    ck_assert_int_eq(policy_selectors_of(58, octets, 0).type, TYPE_OPAQUE);
    ck_assert_int_eq(policy_selectors_of(17, octets, 4).type, TYPE_OPAQUE);
    ck_assert_uint_eq(policy_selectors_of(17, octets, 4).protocol, 17);
}
END_TEST

START_TEST(uses)
{
    ck_assert_int_eq(association_use(false, TO_HOME_AGENT), TRANSPORT_TO_HOME_AGENT);
    ck_assert_int_eq(association_use(false, FROM_HOME_AGENT), TRANSPORT_FROM_HOME_AGENT);
    ck_assert_int_eq(association_use(true, TO_HOME_AGENT), TUNNEL_TO_HOME_AGENT);
    ck_assert_int_eq(association_use(true, FROM_HOME_AGENT), TUNNEL_FROM_HOME_AGENT);
}
END_TEST

static struct ipv6_address numbered(unsigned number)
{
    struct ipv6_address address = address_from("2001:db8:1::1:0:0");
    address.octets[14] = (uint8_t)(number >> 8);
    address.octets[15] = (uint8_t)number;
    return address;
}

START_TEST(many)
{
    enum { COUNT = 1000 };
    struct policy_database database = {.buckets = NULL};
    struct ipv6_address agent = address_from("2001:db8:1::1"), other = address_from("2001:db8:1::2");
    struct ipv6_address first = numbered(0);
    struct protection *last = NULL;
    ck_assert_ptr_null(policy_database_find(&database, &first, NULL, IPSEC_HOME_AGENT));
    for (unsigned i = 0; i < COUNT; i++) {
        last = calloc(1, sizeof(*last));
        last->home_address = numbered(i);
        last->home_agent = agent;
        last->role = IPSEC_HOME_AGENT;
        ck_assert_int_eq(policy_database_add(&database, last), 0);
    }
    ck_assert_int_eq(policy_database_add(&database, last), ERROR_EXISTS);
    for (unsigned i = 0; i < COUNT; i++) {
        struct ipv6_address home = numbered(i);
        struct protection *found = policy_database_find(&database, &home, &agent, IPSEC_HOME_AGENT);
        ck_assert_ptr_nonnull(found);
        ck_assert(ipv6_address_equal(&found->home_address, &home));
        ck_assert_ptr_eq(policy_database_find(&database, &home, NULL, IPSEC_HOME_AGENT), found);
        ck_assert_ptr_null(policy_database_find(&database, &home, &other, IPSEC_HOME_AGENT));
        ck_assert_ptr_null(policy_database_find(&database, &home, NULL, IPSEC_MOBILE_NODE));
    }
    policy_database_free(&database);
}
END_TEST

/* -- configuration of a node -- */

static struct ipsec_configuration configuration_for(struct esp_engine *engine, unsigned number, uint32_t spi)
{
    struct ipsec_configuration configuration = {
        .engine = engine,
        .home_address = numbered(number),
        .home_agent = address_from("2001:db8:1::1"),
        .role = IPSEC_HOME_AGENT,
        .encryption = ESP_AES_CBC,
        .integrity = ESP_HMAC_SHA1_96,
        .encryption_key_length = 16,
    };
    for (unsigned i = 0; i < ASSOCIATION_USES; i++)
        configuration.associations[i].spi = spi + i;
    return configuration;
}

START_TEST(configuring_a_node)
{
    struct fixture fixture;
    struct esp_engine *engine = esp_engine_new();
    fixture_host(&fixture, ADDRESS_A);
    struct node *node = &fixture.node;
    struct ipsec_configuration configuration = configuration_for(engine, 1, 256);
    ck_assert_int_eq(ipsec_protect(node, &configuration), 0);
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_EXISTS);
    ck_assert_uint_eq(node->ipsec->associations.count, 2); /* those it receives by */
    ck_assert_ptr_nonnull(
        association_database_find(&node->ipsec->associations, 256 + TRANSPORT_TO_HOME_AGENT));
    ck_assert_ptr_nonnull(association_database_find(&node->ipsec->associations, 256 + TUNNEL_TO_HOME_AGENT));

    configuration = configuration_for(engine, 2, 256); /* numbers that are taken */
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_EXISTS);
    configuration = configuration_for(engine, 1, 512); /* addresses that are taken: nothing of it remains */
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_EXISTS);
    ck_assert_uint_eq(node->ipsec->associations.count, 2);
    configuration = configuration_for(engine, 2, 255); /* reserved */
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_ARGUMENT);
    configuration = configuration_for(engine, 2, 512);
    configuration.encryption_key_length = 20;
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_ARGUMENT);
    configuration = configuration_for(engine, 2, 512);
    configuration.associations[3].spi = 512;
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_ARGUMENT);
    configuration = configuration_for(engine, 2, 512);
    configuration.home_address = address_from("fe80::1");
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_ARGUMENT);
    configuration = configuration_for(NULL, 2, 512);
    ck_assert_int_eq(ipsec_protect(node, &configuration), ERROR_ARGUMENT);
    configuration = configuration_for(engine, 2, 512);
    ck_assert_int_eq(ipsec_protect(node, &configuration), 0);
    ck_assert_uint_eq(node->ipsec->associations.count, 4);
    fixture_free(&fixture);
    esp_engine_free(engine);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("IPsec policy");
    TCase *cases = tcase_create("RFC 6275, 5 and RFC 4877, 4");
    tcase_add_test(cases, outside_the_tunnel);
    tcase_add_test(cases, in_the_tunnel);
    tcase_add_test(cases, selectors);
    tcase_add_test(cases, uses);
    tcase_add_test(cases, many);
    tcase_add_test(cases, configuring_a_node);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
