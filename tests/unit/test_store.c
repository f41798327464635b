/* SPDX-License-Identifier: GPL-2.0-or-later */
/* test_store.c - a simulated node's stable storage (sim/network/store.h). */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/network/store.h"
#include "tests/runner.h"

#define MANY 5000u

static struct store store;

static void setup(void)
{
    memset(&store, 0, sizeof store);
}

static void teardown(void)
{
    store_clear(&store);
}

static void put(const char *name, const char *value)
{
    store_put(&store, name, strlen(name), value, strlen(value));
}

static void expect(const char *name, const char *value)
{
    char found[64];
    ck_assert_int_eq(store_get(&store, name, strlen(name), found, sizeof found), (int)strlen(value));
    ck_assert_mem_eq(found, value, strlen(value));
}

START_TEST(put_and_got)
{
    char octets[4] = "....";
    ck_assert_int_lt(store_get(&store, "a", 1, octets, 4), 0);
    put("a", "one");
    put("ab", "two");
    put("b", "");
    expect("a", "one");
    expect("ab", "two");
    expect("b", "");
    ck_assert_int_lt(store_get(&store, "", 0, octets, 4), 0);
    ck_assert_int_eq(store_get(&store, "ab", 2, octets, 1), 3); /* the whole length, of which so much fits */
    ck_assert_mem_eq(octets, "t...", 4);
    ck_assert_int_eq(store_get(&store, "ab", 2, NULL, 0), 3);
}
END_TEST

START_TEST(replaced)
{
    put("a", "one");
    put("b", "1");
    put("a", "two"); /* in place */
    expect("a", "two");
    put("a", "three");
    put("b", "");
    expect("a", "three");
    expect("b", "");
    ck_assert_uint_eq(store.count, 2);
}
END_TEST

START_TEST(cleared)
{
    put("a", "one");
    store_clear(&store);
    ck_assert_int_lt(store_get(&store, "a", 1, NULL, 0), 0);
    put("a", "two");
    expect("a", "two");
}
END_TEST

START_TEST(many)
{
    uint32_t value;
    for (unsigned round = 0; round < 2; round++)
        for (uint32_t i = 0; i < MANY; i++) {
            value = i + round;
            store_put(&store, &i, sizeof i, &value, sizeof value);
        }
    ck_assert_uint_eq(store.count, MANY);
    for (uint32_t i = 0; i < MANY; i++) {
        ck_assert_int_eq(store_get(&store, &i, sizeof i, &value, sizeof value), sizeof value);
        ck_assert_uint_eq(value, i + 1);
        char longer[9] = "longer...";
        store_put(&store, &i, sizeof i, longer, sizeof longer);
    }
    for (uint32_t i = 0; i < MANY; i++)
        ck_assert_int_eq(store_get(&store, &i, sizeof i, NULL, 0), 9);
    uint32_t none = MANY;
    ck_assert_int_lt(store_get(&store, &none, sizeof none, NULL, 0), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store");
    TCase *tests = tcase_create("store");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, put_and_got);
    tcase_add_test(tests, replaced);
    tcase_add_test(tests, cleared);
    tcase_add_test(tests, many);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
