/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_home_agents_list.c - the Home Agents List and the order of a reply (RFC 6275, 10.1, 10.5.1), and the
 * list of home network prefixes (10.6.1, 10.6.2): what counts as a change.
 */
#include <check.h>
#include <stdlib.h>

#include "models/mobility/home_agents_list.h"
#include "models/mobility/home_prefix_list.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

static struct recording_environment recorder;
static struct home_agents_list list;
static struct home_prefix_list prefixes;

static void setup(void)
{
    recording_environment_init(&recorder, NULL);
    list.first = NULL;
    prefixes.count = 0;
}

static void teardown(void)
{
    home_agents_list_free(&list);
    recording_environment_free(&recorder);
}

/* -- advertisements -- */

static struct received_router_advertisement from(unsigned router)
{
    struct received_router_advertisement advertisement = {
        .router = address_from("fe80::"), .home_agent = true, .router_lifetime = 100};
    advertisement.router.octets[14] = (uint8_t)(router >> 8);
    advertisement.router.octets[15] = (uint8_t)router;
    return advertisement;
}

static void add_prefix(struct received_router_advertisement *advertisement, const char *prefix,
                       bool router_address, uint32_t valid, uint32_t preferred)
{
    advertisement->prefixes[advertisement->prefix_count++] =
        (struct advertised_prefix){.prefix = address_from(prefix),
                                   .valid_lifetime = valid,
                                   .preferred_lifetime = preferred,
                                   .length = 64,
                                   .on_link = true,
                                   .autonomous = true,
                                   .router_address = router_address};
}

static void informed(struct received_router_advertisement *advertisement, uint16_t preference,
                     uint16_t lifetime)
{
    advertisement->has_home_agent_information = true;
    advertisement->home_agent_preference = preference;
    advertisement->home_agent_lifetime = lifetime;
}

static const struct listed_home_agent *entry(unsigned router, time_ns now)
{
    struct ipv6_address address = from(router).router;
    return home_agents_list_find(&list, &address, now);
}

START_TEST(an_advertisement_makes_an_entry)
{
    struct received_router_advertisement advertisement = from(1);
    add_prefix(&advertisement, "2001:db8:1::1", true, 1000, 500);
    add_prefix(&advertisement, "2001:db8:2::", false, 1000, 500);
    home_agents_list_heard(&list, &advertisement, 0);
    const struct listed_home_agent *agent = entry(1, 0);
    ck_assert_ptr_nonnull(agent);
    ck_assert_uint_eq(agent->preference, 0);
    ck_assert_int_eq(agent->expires, SECONDS(100)); /* the Router Lifetime */
    ck_assert_uint_eq(agent->address_count, 1);
    struct ipv6_address address = address_from("2001:db8:1::1");
    ck_assert(ipv6_address_equal(&agent->addresses[0].address, &address));
    ck_assert_ptr_nonnull(entry(1, SECONDS(100) - 1));
    ck_assert_ptr_null(entry(1, SECONDS(100)));
}
END_TEST

START_TEST(home_agent_information_goes_first)
{
    struct received_router_advertisement advertisement = from(1);
    informed(&advertisement, 7, 20);
    home_agents_list_heard(&list, &advertisement, 0);
    ck_assert_uint_eq(entry(1, 0)->preference, 7);
    ck_assert_int_eq(entry(1, 0)->expires, SECONDS(20));
    /* The next one resets both, here to the defaults. */
    struct received_router_advertisement plain = from(1);
    home_agents_list_heard(&list, &plain, SECONDS(10));
    ck_assert_uint_eq(entry(1, SECONDS(10))->preference, 0);
    ck_assert_int_eq(entry(1, SECONDS(10))->expires, SECONDS(110));
}
END_TEST

START_TEST(no_home_agent_is_not_listed)
{
    struct received_router_advertisement advertisement = from(1);
    home_agents_list_heard(&list, &advertisement, 0);
    advertisement.home_agent = false; /* the H bit is gone, the lifetimes are not */
    home_agents_list_heard(&list, &advertisement, 1);
    ck_assert_ptr_null(entry(1, 1));
    home_agents_list_heard(&list, &advertisement, 2);
    ck_assert_ptr_null(entry(1, 2));
}
END_TEST

START_TEST(lifetime_zero_ends_an_entry)
{
    struct received_router_advertisement advertisement = from(1);
    home_agents_list_heard(&list, &advertisement, 0);
    advertisement.router_lifetime = 0;
    home_agents_list_heard(&list, &advertisement, 1);
    ck_assert_ptr_null(entry(1, 1));
    home_agents_list_heard(&list, &advertisement, 2); /* and makes none */
    ck_assert_ptr_null(entry(1, 2));
}
END_TEST

START_TEST(addresses_end_with_their_prefixes)
{
    struct received_router_advertisement advertisement = from(1);
    add_prefix(&advertisement, "2001:db8:1::1", true, 10, 10);
    add_prefix(&advertisement, "2001:db8:2::1", true, UINT32_MAX, UINT32_MAX);
    home_agents_list_heard(&list, &advertisement, 0);
    ck_assert_uint_eq(entry(1, SECONDS(9))->address_count, 2);
    ck_assert_uint_eq(entry(1, SECONDS(10))->address_count, 1);
    /* Told to be over, it is over. */
    struct received_router_advertisement withdrawn = from(1);
    add_prefix(&withdrawn, "2001:db8:2::1", true, 0, 0);
    home_agents_list_heard(&list, &withdrawn, SECONDS(11));
    ck_assert_uint_eq(entry(1, SECONDS(11))->address_count, 0);
}
END_TEST

START_TEST(the_list_is_bounded)
{
    for (unsigned i = 0; i < 2 * LISTED_HOME_AGENTS_MAX; i++) {
        struct received_router_advertisement advertisement = from(i + 1);
        for (unsigned p = 0; p < ADVERTISED_PREFIXES_MAX; p++) {
            add_prefix(&advertisement, "2001:db8:1::1", true, 1000, 500);
            advertisement.prefixes[p].prefix.octets[6] = (uint8_t)p;
            advertisement.prefixes[p].prefix.octets[14] = (uint8_t)i;
        }
        home_agents_list_heard(&list, &advertisement, 0);
        for (unsigned p = 0; p < ADVERTISED_PREFIXES_MAX; p++)
            advertisement.prefixes[p].prefix.octets[5] = 0xee;
        home_agents_list_heard(&list, &advertisement, 0);
    }
    unsigned count = 0;
    for (const struct listed_home_agent *agent = list.first; agent; agent = agent->next, count++)
        ck_assert_uint_eq(agent->address_count, LISTED_HOME_AGENT_ADDRESSES_MAX);
    ck_assert_uint_eq(count, LISTED_HOME_AGENTS_MAX);
    /* A reply still fits. */
    struct ipv6_address addresses[HOME_AGENT_ADDRESSES_MAX];
    struct listed_home_agent self = {.address_count = 0};
    ck_assert_uint_eq(
        home_agents_list_order(&list, &self, &recorder.environment, addresses, HOME_AGENT_ADDRESSES_MAX, 0),
        HOME_AGENT_ADDRESSES_MAX);
    ck_assert_uint_eq(HOME_AGENT_ADDRESSES_MAX, 77);
}
END_TEST

/* -- the order of a reply -- */

static void hear(unsigned router, const char *address, uint16_t preference)
{
    struct received_router_advertisement advertisement = from(router);
    informed(&advertisement, preference, 1000);
    add_prefix(&advertisement, address, true, 1000, 500);
    home_agents_list_heard(&list, &advertisement, 0);
}

static struct listed_home_agent self_with(uint16_t preference)
{
    return (struct listed_home_agent){.preference = preference,
                                      .address_count = 1,
                                      .addresses = {{address_from("2001:db8:1::99"), TIME_NEVER}}};
}

/* The last octets of the addresses, in order. */
static unsigned order(const struct listed_home_agent *self, uint8_t *last, unsigned room)
{
    struct ipv6_address addresses[HOME_AGENT_ADDRESSES_MAX];
    unsigned count = home_agents_list_order(&list, self, &recorder.environment, addresses, room, 0);
    for (unsigned i = 0; i < count; i++)
        last[i] = addresses[i].octets[15];
    return count;
}

START_TEST(decreasing_preference)
{
    uint8_t last[HOME_AGENT_ADDRESSES_MAX];
    hear(1, "2001:db8:1::1", 5);
    hear(2, "2001:db8:1::2", 500);
    hear(3, "2001:db8:1::3", 50);
    struct listed_home_agent self = self_with(10);
    ck_assert_uint_eq(order(&self, last, HOME_AGENT_ADDRESSES_MAX), 4);
    ck_assert_mem_eq(last, "\x02\x03\x99\x01", 4);
    /* What does not fit is the least preferable. */
    ck_assert_uint_eq(order(&self, last, 2), 2);
    ck_assert_mem_eq(last, "\x02\x03", 2);
}
END_TEST

START_TEST(equals_in_random_order)
{
    unsigned first[4] = {0}, rounds = 3000;
    hear(1, "2001:db8:1::1", 0);
    hear(2, "2001:db8:1::2", 0);
    hear(3, "2001:db8:1::3", 9);
    struct listed_home_agent self = self_with(0);
    for (unsigned i = 0; i < rounds; i++) {
        uint8_t last[HOME_AGENT_ADDRESSES_MAX];
        ck_assert_uint_eq(order(&self, last, HOME_AGENT_ADDRESSES_MAX), 4);
        ck_assert_uint_eq(last[0], 3);
        first[last[1] == 0x99 ? 0 : last[1]]++;
        ck_assert_int_eq(last[1] + last[2] + last[3], 0x99 + 1 + 2); /* each once */
    }
    for (unsigned i = 0; i < 3; i++) { /* 1000 each, with a standard deviation of 26 */
        ck_assert_uint_gt(first[i], 850);
        ck_assert_uint_lt(first[i], 1150);
    }
}
END_TEST

START_TEST(addresses_of_one_stay_together)
{
    unsigned swapped = 0;
    struct received_router_advertisement advertisement = from(1);
    add_prefix(&advertisement, "2001:db8:1::1", true, 1000, 500);
    add_prefix(&advertisement, "2001:db8:2::2", true, 1000, 500);
    home_agents_list_heard(&list, &advertisement, 0);
    struct listed_home_agent self = self_with(0);
    for (unsigned i = 0; i < 1000; i++) {
        uint8_t last[HOME_AGENT_ADDRESSES_MAX];
        ck_assert_uint_eq(order(&self, last, HOME_AGENT_ADDRESSES_MAX), 3);
        ck_assert_uint_ne(last[1], 0x99);
        swapped += last[0] == 2 || last[1] == 2 ? last[0] == 2 || (last[0] == 0x99 && last[1] == 2) : 0;
    }
    ck_assert_uint_gt(swapped, 400);
    ck_assert_uint_lt(swapped, 600);
}
END_TEST

/* -- home network prefixes -- */

static bool hear_prefix(const char *prefix, uint32_t valid, uint32_t preferred, time_ns now)
{
    struct received_router_advertisement advertisement = from(1);
    add_prefix(&advertisement, prefix, false, valid, preferred);
    return home_prefix_list_heard(&prefixes, &advertisement, now);
}

START_TEST(time_is_no_change)
{
    ck_assert(hear_prefix("2001:db8:1::", 1000, 500, 0));
    ck_assert(!hear_prefix("2001:db8:1::", 1000, 500, SECONDS(100))); /* a fixed lifetime, told again */
    ck_assert(!hear_prefix("2001:db8:1::", 900, 400, SECONDS(200)));  /* one that runs down */
    ck_assert(!hear_prefix("2001:db8:1::", 799, 300, SECONDS(300)));
    ck_assert(hear_prefix("2001:db8:1::", 799, 0, SECONDS(301)));
    ck_assert(hear_prefix("2001:db8:1::", 60, 0, SECONDS(302)));
    ck_assert(hear_prefix("2001:db8:1::", UINT32_MAX, 0, SECONDS(303)));
    ck_assert(
        !hear_prefix("2001:db8:1::", 10, 20, SECONDS(304))); /* preferred for longer than valid: ignored */
    ck_assert(hear_prefix("2001:db8:2::", 10, 10, SECONDS(305)));
}
END_TEST

START_TEST(own_prefixes_go_first)
{
    struct ipv6_address address = address_from("2001:db8:1::1"), other = address_from("2001:db8:2::5");
    struct router_prefix own = {.prefix = address,
                                .valid_lifetime = 100,
                                .preferred_lifetime = 50,
                                .length = 64,
                                .on_link = true,
                                .autonomous = true,
                                .router_address = true};
    ck_assert(home_prefix_list_configure(&prefixes, &own, 1, 0));
    ck_assert(!home_prefix_list_configure(&prefixes, &own, 1, SECONDS(1)));
    ck_assert(!hear_prefix("2001:db8:1::", 7, 7, SECONDS(2)));
    const struct home_prefix *prefix = home_prefix_list_find(&prefixes, &address, SECONDS(1000));
    ck_assert_ptr_nonnull(prefix); /* its lifetime is told anew all the time */
    ck_assert_int_eq(home_prefix_valid(prefix, SECONDS(1000)), SECONDS(100));
    ck_assert_int_eq(home_prefix_preferred(prefix, SECONDS(1000)), SECONDS(50));
    ck_assert_ptr_null(home_prefix_list_find(&prefixes, &other, SECONDS(1000)));
    /* Now it runs out. */
    own.preferred_lifetime = 0;
    own.valid_until = SECONDS(1060);
    ck_assert(home_prefix_list_configure(&prefixes, &own, 1, SECONDS(1000)));
    prefix = home_prefix_list_find(&prefixes, &address, SECONDS(1050));
    ck_assert_int_eq(home_prefix_valid(prefix, SECONDS(1050)), SECONDS(10));
    ck_assert_int_eq(home_prefix_preferred(prefix, SECONDS(1050)), 0);
    ck_assert_ptr_null(home_prefix_list_find(&prefixes, &address, SECONDS(1060)));
    struct advertised_prefix told[HOME_PREFIXES_MAX];
    ck_assert_uint_eq(home_prefix_list_tell(&prefixes, told, SECONDS(1060)), 1); /* that it is over */
    ck_assert_uint_eq(told[0].valid_lifetime, 0);
    ck_assert(told[0].router_address && ipv6_address_equal(&told[0].prefix, &address));
    /* Taken back. */
    ck_assert(home_prefix_list_configure(&prefixes, NULL, 0, SECONDS(1061)));
    ck_assert_uint_eq(home_prefix_list_tell(&prefixes, told, SECONDS(1061)), 0);
}
END_TEST

START_TEST(foreign_prefixes_expire)
{
    struct ipv6_address address = address_from("2001:db8:1::1");
    struct advertised_prefix told[HOME_PREFIXES_MAX];
    ck_assert(hear_prefix("2001:db8:1::", 10, 5, 0));
    ck_assert_uint_eq(home_prefix_list_tell(&prefixes, told, SECONDS(7)), 1);
    ck_assert_uint_eq(told[0].valid_lifetime, 3);
    ck_assert_uint_eq(told[0].preferred_lifetime, 0);
    ck_assert(!told[0].router_address);
    ck_assert_ptr_null(home_prefix_list_find(&prefixes, &address, SECONDS(10)));
    ck_assert_uint_eq(home_prefix_list_tell(&prefixes, told, SECONDS(10)), 0);
    for (unsigned i = 0; i < 2 * HOME_PREFIXES_MAX; i++) {
        char text[64];
        g_snprintf(text, sizeof(text), "2001:db8:%x::", i + 16);
        ck_assert(hear_prefix(text, 100, 100, SECONDS(20)) == (i < HOME_PREFIXES_MAX));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("home agents list");
    TCase *cases = tcase_create("home agents");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, an_advertisement_makes_an_entry);
    tcase_add_test(cases, home_agent_information_goes_first);
    tcase_add_test(cases, no_home_agent_is_not_listed);
    tcase_add_test(cases, lifetime_zero_ends_an_entry);
    tcase_add_test(cases, addresses_end_with_their_prefixes);
    tcase_add_test(cases, the_list_is_bounded);
    tcase_add_test(cases, decreasing_preference);
    tcase_add_test(cases, equals_in_random_order);
    tcase_add_test(cases, addresses_of_one_stay_together);
    suite_add_tcase(suite, cases);
    TCase *prefix_cases = tcase_create("prefixes");
    tcase_add_checked_fixture(prefix_cases, setup, teardown);
    tcase_add_test(prefix_cases, time_is_no_change);
    tcase_add_test(prefix_cases, own_prefixes_go_first);
    tcase_add_test(prefix_cases, foreign_prefixes_expire);
    suite_add_tcase(suite, prefix_cases);
    return run_suite(suite);
}
