/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_security_association.c - sequence numbers, the window of 64 (RFC 4303, 3.4.3) against a plain set of
 * what has been seen, and the database by SPI.
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipsec/security_association.h"
#include "tests/unit/ipv6_fixture.h"

START_TEST(key_lengths)
{
    ck_assert(esp_encryption_key_fits(ESP_AES_CBC, 16) && esp_encryption_key_fits(ESP_AES_CBC, 24) &&
              esp_encryption_key_fits(ESP_AES_CBC, 32));
    ck_assert(!esp_encryption_key_fits(ESP_AES_CBC, 0) && !esp_encryption_key_fits(ESP_AES_CBC, 20));
    ck_assert(esp_encryption_key_fits(ESP_3DES_CBC, 24) && !esp_encryption_key_fits(ESP_3DES_CBC, 16));
    ck_assert(esp_encryption_key_fits(ESP_NULL, 0) && !esp_encryption_key_fits(ESP_NULL, 16));
    ck_assert_uint_eq(esp_integrity_key_length(ESP_HMAC_SHA1_96), 20);
    ck_assert_uint_eq(esp_integrity_key_length(ESP_HMAC_SHA_256_128), 32);
}
END_TEST

START_TEST(numbers_sent)
{
    struct security_association association = {.spi = 1000};
    uint32_t sequence;
    for (uint32_t i = 1; i < 5; i++) {
        ck_assert(security_association_next_sequence(&association, &sequence));
        ck_assert_uint_eq(sequence, i);
    }
    association.sequence = UINT32_MAX - 1;
    ck_assert(security_association_next_sequence(&association, &sequence));
    ck_assert_uint_eq(sequence, UINT32_MAX);
    ck_assert(!security_association_next_sequence(&association, &sequence));
}
END_TEST

START_TEST(edges_of_the_window)
{
    struct security_association association = {.spi = 1000};
    ck_assert(!security_association_is_new(&association, 0));
    ck_assert(security_association_is_new(&association, 1));
    ck_assert(security_association_is_new(&association, UINT32_MAX));
    security_association_received(&association, 100);
    ck_assert(!security_association_is_new(&association, 100));
    ck_assert(security_association_is_new(&association, 101));
    ck_assert(security_association_is_new(&association, 37));  /* 63 behind */
    ck_assert(!security_association_is_new(&association, 36)); /* 64 behind */
    security_association_received(&association, 37);
    ck_assert(!security_association_is_new(&association, 37));
    security_association_received(&association, 163); /* moves by 63: 100 is at the edge */
    ck_assert(!security_association_is_new(&association, 100));
    ck_assert(security_association_is_new(&association, 101));
    security_association_received(&association, 227); /* moves by 64: nothing is left */
    ck_assert(!security_association_is_new(&association, 163));
    ck_assert(security_association_is_new(&association, 164));
    security_association_received(&association, UINT32_MAX);
    ck_assert(!security_association_is_new(&association, UINT32_MAX));
    ck_assert(security_association_is_new(&association, UINT32_MAX - 63));
    ck_assert(!security_association_is_new(&association, UINT32_MAX - 64));
}
END_TEST

/* Numbers at random around one that moves on: the window's word is what the set says. */
START_TEST(window_against_a_set)
{
    static bool seen[5000];
    struct security_association association = {.spi = 1000};
    uint32_t highest = 0, random = 12345;
    memset(seen, 0, sizeof(seen));
    for (unsigned i = 0; i < 20000; i++) {
        random = random * 1664525u + 1013904223u;
        uint32_t sequence = i / 5 + (random >> 16) % 150;
        bool expected =
            sequence != 0 && (sequence > highest || (highest - sequence < REPLAY_WINDOW && !seen[sequence]));
        ck_assert_int_eq(security_association_is_new(&association, sequence), expected);
        if (!expected || (random >> 8) % 4 == 0)
            continue; /* lost, or not genuine */
        security_association_received(&association, sequence);
        seen[sequence] = true;
        highest = sequence > highest ? sequence : highest;
        ck_assert_uint_eq(association.sequence, highest);
    }
}
END_TEST

START_TEST(many)
{
    enum { COUNT = 300 };
    static struct security_association associations[COUNT];
    struct association_database database = {.buckets = NULL};
    ck_assert_ptr_null(association_database_find(&database, 1000));
    for (uint32_t i = 0; i < COUNT; i++) {
        associations[i].spi = 1000 + 5 * i;
        ck_assert_int_eq(association_database_add(&database, &associations[i]), 0);
        ck_assert_int_eq(association_database_add(&database, &associations[i]), ERROR_EXISTS);
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        ck_assert_ptr_eq(association_database_find(&database, 1000 + 5 * i), &associations[i]);
        ck_assert_ptr_null(association_database_find(&database, 1001 + 5 * i));
    }
    for (uint32_t i = 0; i < COUNT; i += 2)
        association_database_remove(&database, &associations[i]);
    ck_assert_uint_eq(database.count, COUNT / 2);
    for (uint32_t i = 0; i < COUNT; i++)
        ck_assert_ptr_eq(association_database_find(&database, 1000 + 5 * i), i % 2 ? &associations[i] : NULL);
    association_database_free(&database);
    ck_assert_ptr_null(association_database_find(&database, 1005));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("security association");
    TCase *cases = tcase_create("RFC 4303, 3.3.3 and 3.4.3");
    tcase_add_test(cases, key_lengths);
    tcase_add_test(cases, numbers_sent);
    tcase_add_test(cases, edges_of_the_window);
    tcase_add_test(cases, window_against_a_set);
    tcase_add_test(cases, many);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
