/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_static_key.c - the table of static keys (RFC 4449): who may have which key, sequence numbers and their
 * stable storage, the wearing out of a key; and the method at the mobile node.
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/mobility/mobility.h"
#include "models/mobility/static_key.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

static struct recording_environment recorder;
static struct static_key_table *table;
static struct ipv6_address home, other_home;

static void setup(void)
{
    recording_environment_init(&recorder, NULL);
    table = NULL;
    home = address_from("2001:db8:1::100");
    other_home = address_from("2001:db8:1::101");
}

static void teardown(void)
{
    static_key_table_free(table);
    recording_environment_free(&recorder);
}

static struct static_key key_of(const char *kcn, uint8_t length)
{
    struct static_key key = {.kcn_length = length,
                             .home_nonce = "h",
                             .home_nonce_length = 1,
                             .care_of_nonce = "c",
                             .care_of_nonce_length = 1};
    memcpy(key.kcn, kcn, strlen(kcn));
    return key;
}

static int add(const struct ipv6_address *address, const struct static_key *key)
{
    return static_key_table_add(&table, &recorder.environment, address, key);
}

START_TEST(lengths)
{
    struct static_key key = key_of("k", 20);
    ck_assert(static_key_is_valid(&key));
    key.kcn_length = 19;
    ck_assert(!static_key_is_valid(&key)); /* RFC 4449, 3: at least 20 octets */
    key.kcn_length = STATIC_KEY_LENGTH_MAX;
    ck_assert(static_key_is_valid(&key));
    key.kcn_length++;
    ck_assert(!static_key_is_valid(&key));
    key.kcn_length = 20;
    key.home_nonce_length = 0;
    ck_assert(!static_key_is_valid(&key));
    key.home_nonce_length = STATIC_NONCE_LENGTH_MAX;
    ck_assert(static_key_is_valid(&key));
    key.care_of_nonce_length = 0;
    ck_assert(!static_key_is_valid(&key));
}
END_TEST

/* RFC 4449, 4: "a correspondent node MUST ensure that every mobile node uses a different value of Kcn". */
START_TEST(each_kcn_and_each_home_address_once)
{
    struct static_key key = key_of("one", 20), same = key, padded = key, other = key_of("two", 20);
    same.home_nonce[0] = 'x';
    padded.kcn_length = 30; /* zeros at the end: to HMAC it is the same key */
    ck_assert_int_eq(add(&home, &key), 0);
    ck_assert_int_eq(add(&home, &other), ERROR_EXISTS);
    ck_assert_int_eq(add(&other_home, &key), ERROR_ARGUMENT);
    ck_assert_int_eq(add(&other_home, &same), ERROR_ARGUMENT);
    ck_assert_int_eq(add(&other_home, &padded), ERROR_ARGUMENT);
    ck_assert_int_eq(add(&other_home, &other), 0);
    ck_assert_ptr_eq(static_key_find(table, &home)->key, &key);
    ck_assert_ptr_eq(static_key_find(table, &other_home)->key, &other);
    struct ipv6_address none = address_from("2001:db8:1::102");
    ck_assert_ptr_null(static_key_find(table, &none));
    ck_assert_ptr_null(static_key_find(NULL, &home));
}
END_TEST

#define MANY 1000

START_TEST(many_keys)
{
    static struct static_key keys[MANY];
    for (unsigned i = 0; i < MANY; i++) {
        struct ipv6_address address = home;
        address.octets[12] = (uint8_t)(i >> 8);
        address.octets[13] = (uint8_t)i;
        keys[i] = key_of("many", 20);
        keys[i].kcn[10] = (uint8_t)(i >> 8);
        keys[i].kcn[19] = (uint8_t)(i + 1);
        ck_assert_int_eq(add(&address, &keys[i]), 0);
    }
    for (unsigned i = 0; i < MANY; i++) {
        struct ipv6_address address = home;
        address.octets[12] = (uint8_t)(i >> 8);
        address.octets[13] = (uint8_t)i;
        ck_assert_ptr_eq(static_key_find(table, &address)->key, &keys[i]);
    }
}
END_TEST

START_TEST(first_number_is_any)
{
    struct static_key key = key_of("one", 20);
    add(&home, &key);
    struct static_key_entry *entry = static_key_find(table, &home);
    for (unsigned i = 0; i <= UINT16_MAX; i++)
        ck_assert_int_eq(static_key_check_sequence(entry, (uint16_t)i), STATIC_KEY_SEQUENCE_FRESH);
    ck_assert_int_eq(static_key_commit_sequence(&recorder.environment, entry, 0), 0);
    ck_assert_int_eq(static_key_check_sequence(entry, 0), STATIC_KEY_SEQUENCE_OLD);
    ck_assert_int_eq(static_key_check_sequence(entry, 65535), STATIC_KEY_SEQUENCE_OLD);
    ck_assert_int_eq(static_key_check_sequence(entry, 32768), STATIC_KEY_SEQUENCE_OLD);
    ck_assert_int_eq(static_key_check_sequence(entry, 1), STATIC_KEY_SEQUENCE_FRESH);
    ck_assert_int_eq(static_key_check_sequence(entry, 32767), STATIC_KEY_SEQUENCE_FRESH);
}
END_TEST

/* However the counter goes on, no number ever accepted becomes acceptable again. */
START_TEST(no_accepted_number_can_be_replayed)
{
    static const uint16_t steps[] = {1, 7, 1000, 32767, 20000};
    struct static_key key = key_of("one", 20);
    static bool accepted[UINT16_MAX + 1];
    memset(accepted, 0, sizeof(accepted));
    add(&home, &key);
    struct static_key_entry *entry = static_key_find(table, &home);
    uint16_t sequence = 54321;
    unsigned count = 0;
    while (static_key_check_sequence(entry, sequence) == STATIC_KEY_SEQUENCE_FRESH) {
        ck_assert(!accepted[sequence]);
        accepted[sequence] = true;
        ck_assert_int_eq(static_key_commit_sequence(&recorder.environment, entry, sequence), 0);
        count++;
        if (steps[_i] >= 1000 || count % 997 == 0) {
            for (unsigned i = 0; i <= UINT16_MAX; i++)
                ck_assert(!accepted[i] ||
                          static_key_check_sequence(entry, (uint16_t)i) != STATIC_KEY_SEQUENCE_FRESH);
        }
        sequence = (uint16_t)(sequence + steps[_i]);
    }
    ck_assert_int_eq(static_key_check_sequence(entry, sequence), STATIC_KEY_SEQUENCE_EXHAUSTED);
    ck_assert_uint_eq(count, 1u + STATIC_KEY_SEQUENCE_SPACE / steps[_i]);
    for (unsigned i = 0; i <= UINT16_MAX; i++)
        ck_assert(!accepted[i] || static_key_check_sequence(entry, (uint16_t)i) == STATIC_KEY_SEQUENCE_OLD);
}
END_TEST

START_TEST(numbers_survive_a_reboot)
{
    struct static_key key = key_of("one", 20);
    add(&home, &key);
    struct static_key_entry *entry = static_key_find(table, &home);
    static_key_commit_sequence(&recorder.environment, entry, 65000);
    static_key_commit_sequence(&recorder.environment, entry, 200);
    static_key_table_free(table);
    table = NULL;
    add(&home, &key);
    entry = static_key_find(table, &home);
    ck_assert(entry->used);
    ck_assert_uint_eq(entry->sequence, 200);
    ck_assert_uint_eq(entry->advanced, 736);
}
END_TEST

/* The record belongs to home address, Kcn and nonces together: change one, and it is another key. */
START_TEST(new_key_begins_anew)
{
    struct static_key key = key_of("one", 20), other = key_of("two", 20), nonce = key, care_of = key;
    nonce.home_nonce[0]++;
    care_of.care_of_nonce[0]++;
    add(&home, &key);
    static_key_commit_sequence(&recorder.environment, static_key_find(table, &home), 65000);
    const struct static_key *changed[] = {&other, &nonce, &care_of};
    for (int i = 0; i < 3; i++) {
        static_key_table_free(table);
        table = NULL;
        ck_assert_int_eq(add(&home, changed[i]), 0);
        ck_assert(!static_key_find(table, &home)->used);
    }
    static_key_table_free(table);
    table = NULL;
    add(&other_home, &key);
    ck_assert(!static_key_find(table, &other_home)->used);
}
END_TEST

/* A new key in place of a worn one: 32768 numbers again, and none of the old key's counts for it. */
START_TEST(replaced_when_worn)
{
    struct static_key key = key_of("one", 20), next = key_of("two", 20), nonce = key;
    add(&home, &key);
    struct static_key_entry *entry = static_key_find(table, &home);
    for (unsigned life = 0; life < 2; life++) {
        for (uint32_t i = 1; i <= STATIC_KEY_SEQUENCE_SPACE + 1; i++) {
            ck_assert_int_eq(static_key_check_sequence(entry, (uint16_t)i), STATIC_KEY_SEQUENCE_FRESH);
            ck_assert_int_eq(static_key_commit_sequence(&recorder.environment, entry, (uint16_t)i), 0);
        }
        ck_assert_int_eq(static_key_check_sequence(entry, (uint16_t)(STATIC_KEY_SEQUENCE_SPACE + 2)),
                         STATIC_KEY_SEQUENCE_EXHAUSTED);
        if (life == 0)
            ck_assert_int_eq(static_key_table_replace(table, &recorder.environment, &home, &next), 0);
    }
    ck_assert_ptr_eq(entry->key, &next);
    /* Another nonce is another key; one that comes back finds its numbers, and lets nothing be replayed. */
    nonce.care_of_nonce[0]++;
    ck_assert_int_eq(static_key_table_replace(table, &recorder.environment, &home, &nonce), 0);
    ck_assert(!entry->used);
    ck_assert_int_eq(static_key_table_replace(table, &recorder.environment, &home, &key), 0);
    ck_assert_int_eq(static_key_check_sequence(entry, 1), STATIC_KEY_SEQUENCE_OLD);
    ck_assert_uint_eq(entry->advanced, STATIC_KEY_SEQUENCE_SPACE);
}
END_TEST

START_TEST(not_replaced)
{
    struct static_key key = key_of("one", 20), other = key_of("two", 20), next = key_of("three", 20);
    struct static_key same = key;
    ck_assert_int_eq(static_key_table_replace(table, &recorder.environment, &home, &key), ERROR_NOT_FOUND);
    add(&home, &key);
    add(&other_home, &other);
    struct static_key_entry *entry = static_key_find(table, &home);
    static_key_commit_sequence(&recorder.environment, entry, 7);
    ck_assert_int_eq(static_key_table_replace(table, &recorder.environment, &home, &same), ERROR_EXISTS);
    ck_assert_int_eq(static_key_table_replace(table, &recorder.environment, &home, &other), ERROR_ARGUMENT);
    ck_assert_ptr_eq(entry->key, &key);
    ck_assert_uint_eq(entry->sequence, 7);
    /* The old Kcn is free, the new one is not. */
    struct ipv6_address third = address_from("2001:db8:1::102");
    ck_assert_int_eq(static_key_table_replace(table, &recorder.environment, &home, &next), 0);
    ck_assert_int_eq(add(&third, &next), ERROR_ARGUMENT);
    ck_assert_int_eq(add(&third, &key), 0);
}
END_TEST

START_TEST(storage_that_fails_changes_nothing)
{
    struct static_key key = key_of("one", 20);
    add(&home, &key);
    struct static_key_entry *entry = static_key_find(table, &home);
    static_key_commit_sequence(&recorder.environment, entry, 10);
    recorder.storage_fails = true;
    ck_assert_int_lt(static_key_commit_sequence(&recorder.environment, entry, 11), 0);
    ck_assert_uint_eq(entry->sequence, 10);
    ck_assert_int_eq(static_key_check_sequence(entry, 11), STATIC_KEY_SEQUENCE_FRESH);
}
END_TEST

START_TEST(the_key_is_not_in_the_record)
{
    struct static_key key = key_of("0123456789abcdefghij", 20);
    GHashTableIter iterator;
    gpointer name, record;
    add(&home, &key);
    static_key_commit_sequence(&recorder.environment, static_key_find(table, &home), 10);
    ck_assert_uint_eq(g_hash_table_size(recorder.storage), 1);
    g_hash_table_iter_init(&iterator, recorder.storage);
    while (g_hash_table_iter_next(&iterator, &name, &record)) {
        ck_assert_ptr_null(memmem(g_bytes_get_data(name, NULL), g_bytes_get_size(name), key.kcn, 8));
        ck_assert_uint_eq(g_bytes_get_size(record), 4);
    }
}
END_TEST

/* At the mobile node: ready at once, no Nonce Indices, and the same Kbm as at the correspondent. */
START_TEST(method_at_the_mobile_node)
{
    struct static_key key = key_of("one", 20);
    struct correspondent_policy policy = {.method = &authorization_static_key, .static_key = &key};
    struct mobile_node mobile_node = {.home = {.home_address = home}};
    struct correspondent_memory memory = {.static_keys = NULL};
    struct mobility mobility = {.mobile_node = &mobile_node, .correspondent.memory = &memory};
    struct node node = {.mobility = &mobility};
    struct binding_update_entry entry = {.policy = &policy,
                                         .care_of_address = address_from("2001:db8:2::200")};
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE, .has_nonce_indices = true};
    struct update_to_authorize update = {
        .message = &message, .home_address = &home, .care_of_address = &entry.care_of_address};
    uint8_t kbm[KBM_LENGTH], theirs[KBM_LENGTH], deletion[KBM_LENGTH];
    const struct authorization_method *method = &authorization_static_key;
    ck_assert_str_eq(method->name, "static-key");
    ck_assert_uint_eq(method->lifetime_limit, 0);
    ck_assert(!method->uses_nonce_indices);
    ck_assert(method->prepare(&node, &entry, false, 0));
    method->authorize(&node, &entry, false, &message, kbm, 0);
    ck_assert(!message.has_nonce_indices);
    ck_assert_int_eq(method->kbm_of_update(&node, &update, theirs, 0),
                     -(int)DISCARD_AUTHORIZATION_METHOD); /* no key yet */
    ck_assert_int_eq(
        static_key_table_add(&memory.static_keys, &recorder.environment, &home, &key), 0);
    ck_assert_int_eq(method->kbm_of_update(&node, &update, theirs, 0), 0);
    ck_assert_mem_eq(kbm, theirs, KBM_LENGTH);
    method->authorize(&node, &entry, true, &message, deletion, 0);
    ck_assert_mem_ne(kbm, deletion, KBM_LENGTH);
    update.deletion = true;
    ck_assert_int_eq(method->kbm_of_update(&node, &update, theirs, 0), 0);
    ck_assert_mem_eq(deletion, theirs, KBM_LENGTH);
    method->cancel(&node, &entry, 0);
    static_key_table_free(memory.static_keys);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("static key");
    TCase *tcase = tcase_create("static key");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_set_timeout(tcase, 120); /* under valgrind */
    tcase_add_test(tcase, lengths);
    tcase_add_test(tcase, each_kcn_and_each_home_address_once);
    tcase_add_test(tcase, many_keys);
    tcase_add_test(tcase, first_number_is_any);
    tcase_add_loop_test(tcase, no_accepted_number_can_be_replayed, 0, 5);
    tcase_add_test(tcase, numbers_survive_a_reboot);
    tcase_add_test(tcase, new_key_begins_anew);
    tcase_add_test(tcase, replaced_when_worn);
    tcase_add_test(tcase, not_replaced);
    tcase_add_test(tcase, storage_that_fails_changes_nothing);
    tcase_add_test(tcase, the_key_is_not_in_the_record);
    tcase_add_test(tcase, method_at_the_mobile_node);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
