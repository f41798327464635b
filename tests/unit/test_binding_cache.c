/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_binding_cache.c - the Binding Cache as a table (RFC 6275, 9.1), and the comparison of sequence numbers
 * (9.5.1).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/mobility/binding_cache.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

static struct binding_cache cache;
static struct timer_queue timers;

static void setup(void)
{
    cache = (struct binding_cache){.count = 0};
    timers = (struct timer_queue){.count = 0};
}

static void teardown(void)
{
    binding_cache_free(&cache, &timers);
    timer_queue_free(&timers);
}

static struct ipv6_address numbered(uint32_t n)
{
    struct ipv6_address address = address_from("2001:db8::");
    memcpy(address.octets + 12, &n, 4);
    return address;
}

static void ignore_timer(struct node *node, struct timer *timer, time_ns now)
{
    (void)node, (void)timer, (void)now;
}

START_TEST(empty_cache)
{
    struct ipv6_address address = numbered(1);
    ck_assert_ptr_null(binding_cache_find(&cache, &address));
    ck_assert_ptr_null(binding_cache_lookup(&cache, &address));
    ck_assert_uint_eq(cache.bucket_count, 0);
}
END_TEST

START_TEST(deleted_entries_are_found_but_not_looked_up)
{
    struct ipv6_address address = numbered(1);
    struct binding *binding = binding_cache_add(&cache, &address, ignore_timer);
    ck_assert_ptr_nonnull(binding);
    ck_assert_mem_eq(&binding->home_address, &address, 16);
    ck_assert(!timer_is_armed(&binding->timer));
    ck_assert_ptr_eq(binding_cache_lookup(&cache, &address), binding);
    binding->deleted = true;
    ck_assert_ptr_null(binding_cache_lookup(&cache, &address));
    ck_assert_ptr_eq(binding_cache_find(&cache, &address), binding);
}
END_TEST

START_TEST(limit_counts_all_entries)
{
    struct ipv6_address a = numbered(1), b = numbered(2), c = numbered(3);
    cache.limit = 2;
    struct binding *first = binding_cache_add(&cache, &a, ignore_timer);
    ck_assert_ptr_nonnull(binding_cache_add(&cache, &b, ignore_timer));
    ck_assert_ptr_null(binding_cache_add(&cache, &c, ignore_timer));
    binding_cache_remove(&cache, &timers, first);
    ck_assert_ptr_nonnull(binding_cache_add(&cache, &c, ignore_timer));
}
END_TEST

START_TEST(removal_disarms_the_timer)
{
    struct ipv6_address address = numbered(1);
    struct binding *binding = binding_cache_add(&cache, &address, ignore_timer);
    timer_arm(&timers, &binding->timer, 5);
    ck_assert_int_eq(timer_queue_earliest(&timers), 5);
    binding_cache_remove(&cache, &timers, binding);
    ck_assert_int_eq(timer_queue_earliest(&timers), TIME_NEVER);
    ck_assert_uint_eq(cache.count, 0);
}
END_TEST

#define MANY 5000

static void remove_odd(struct binding *binding, void *context)
{
    uint32_t n;
    memcpy(&n, binding->home_address.octets + 12, 4);
    ++*(unsigned *)context;
    if (n % 2)
        binding_cache_remove(&cache, &timers, binding);
}

START_TEST(many_entries)
{
    static struct binding *bindings[MANY];
    unsigned visited = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        struct ipv6_address address = numbered(i);
        bindings[i] = binding_cache_add(&cache, &address, ignore_timer);
        timer_arm(&timers, &bindings[i]->timer, i);
    }
    ck_assert_uint_eq(cache.count, MANY);
    ck_assert_uint_ge(cache.bucket_count, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        struct ipv6_address address = numbered(i);
        ck_assert_ptr_eq(binding_cache_find(&cache, &address), bindings[i]); /* they do not move */
    }
    binding_cache_each(&cache, remove_odd, &visited);
    ck_assert_uint_eq(visited, MANY);
    ck_assert_uint_eq(cache.count, MANY / 2);
    for (uint32_t i = 0; i < MANY; i++) {
        struct ipv6_address address = numbered(i);
        ck_assert_ptr_eq(binding_cache_find(&cache, &address), i % 2 ? NULL : bindings[i]);
    }
    unsigned longest = 0;
    for (uint32_t i = 0; i < cache.bucket_count; i++) {
        unsigned length = 0;
        for (struct binding *binding = cache.buckets[i]; binding; binding = binding->next)
            length++;
        longest = length > longest ? length : longest;
    }
    ck_assert_uint_le(longest, 8);
}
END_TEST

/* "if the last received sequence number was 15, then messages with sequence numbers 0 through 15, as well as
 * 32783 through 65535, would be considered less than or equal" (9.5.1). */
START_TEST(example_of_the_rfc)
{
    for (unsigned i = 0; i <= UINT16_MAX; i++)
        ck_assert_int_eq(sequence_not_greater((uint16_t)i, 15), i <= 15 || i >= 32783);
}
END_TEST

START_TEST(window_is_the_same_everywhere)
{
    static const uint16_t last[] = {0, 1, 32767, 32768, 32769, 65535};
    for (unsigned k = 0; k < sizeof(last) / sizeof(last[0]); k++) {
        unsigned greater = 0;
        for (unsigned i = 0; i <= UINT16_MAX; i++)
            greater += !sequence_not_greater((uint16_t)i, last[k]);
        ck_assert_uint_eq(greater, 32767);
        ck_assert(!sequence_not_greater((uint16_t)(last[k] + 1), last[k]));
        ck_assert(!sequence_not_greater((uint16_t)(last[k] + 32767), last[k]));
        ck_assert(sequence_not_greater((uint16_t)(last[k] + 32768), last[k]));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("binding cache");
    TCase *table = tcase_create("table");
    tcase_add_checked_fixture(table, setup, teardown);
    tcase_set_timeout(table, 60); /* under valgrind */
    tcase_add_test(table, empty_cache);
    tcase_add_test(table, deleted_entries_are_found_but_not_looked_up);
    tcase_add_test(table, limit_counts_all_entries);
    tcase_add_test(table, removal_disarms_the_timer);
    tcase_add_test(table, many_entries);
    suite_add_tcase(suite, table);
    TCase *sequence = tcase_create("sequence numbers");
    tcase_add_test(sequence, example_of_the_rfc);
    tcase_add_test(sequence, window_is_the_same_everywhere);
    suite_add_tcase(suite, sequence);
    return run_suite(suite);
}
