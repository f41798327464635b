/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_nonce.c - node keys and nonces (RFC 6275, 5.2.1, 5.2.2, 5.2.7): one an interval, drawn when used,
 * valid for eight intervals to the nanosecond, replaced once before its time when a binding's deletion asks
 * for it (9.5.3).
 */
#include <check.h>
#include <string.h>

#include "models/mobility/nonce.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"

#define INTERVAL SECONDS(30)
#define STARTED  SECONDS(7) /* intervals count from the node's start, not from time 0 */

static struct recording_environment recorder;
static struct nonce_table table;

static void setup(void)
{
    recording_environment_init(&recorder, NULL);
    nonce_table_init(&table, INTERVAL, STARTED);
}

static void teardown(void)
{
    nonce_table_free(&table);
    recording_environment_free(&recorder);
}

static struct nonce current(time_ns now, uint16_t *index)
{
    const struct nonce *nonce = nonce_current(&table, &recorder.environment, index, now);
    ck_assert_ptr_nonnull(nonce);
    return *nonce;
}

START_TEST(idle_node_draws_nothing)
{
    ck_assert_ptr_null(table.entries);
    ck_assert_ptr_null(nonce_find(&table, 0, STARTED));
    nonce_supersede(&table, 0, STARTED);
    ck_assert_ptr_null(table.entries);
    ck_assert_uint_eq(recorder.drawn[RANDOM_NONCE], 0);
    ck_assert_uint_eq(recorder.drawn[RANDOM_NODE_KEY], 0);
}
END_TEST

START_TEST(one_nonce_and_key_an_interval)
{
    uint16_t first, again, second;
    struct nonce a = current(STARTED, &first);
    uint64_t keys = recorder.drawn[RANDOM_NODE_KEY];
    ck_assert_uint_eq(keys, NODE_KEY_LENGTH);
    struct nonce b = current(STARTED + INTERVAL - 1, &again);
    ck_assert_uint_eq(first, again);
    ck_assert_mem_eq(a.value, b.value, NONCE_LENGTH);
    ck_assert_mem_eq(&a.kcn, &b.kcn, sizeof(a.kcn));
    ck_assert_uint_eq(recorder.drawn[RANDOM_NODE_KEY], keys);
    struct nonce c = current(STARTED + INTERVAL, &second);
    ck_assert_uint_ne(second, first);
    ck_assert_mem_ne(a.value, c.value, NONCE_LENGTH);
    ck_assert_mem_ne(&a.kcn, &c.kcn, sizeof(a.kcn));
    ck_assert_uint_eq(recorder.drawn[RANDOM_NODE_KEY], 2 * keys);
}
END_TEST

START_TEST(drawn_octets_are_key_and_nonce)
{
    uint8_t kcn[NODE_KEY_LENGTH], start[2] = {0xff, 0xff}, value[NONCE_LENGTH] = {1, 2, 3, 4, 5, 6, 7, 8};
    uint16_t index;
    struct hmac_key keyed;
    memset(kcn, 0x5a, sizeof(kcn));
    recording_environment_script(&recorder, RANDOM_NODE_KEY, kcn, sizeof(kcn));
    recording_environment_script(&recorder, RANDOM_NONCE, start, sizeof(start));
    recording_environment_script(&recorder, RANDOM_NONCE, value, sizeof(value));
    struct nonce nonce = current(STARTED, &index);
    ck_assert_mem_eq(nonce.value, value, NONCE_LENGTH);
    hmac_key_set(&keyed, kcn, sizeof(kcn));
    ck_assert_mem_eq(&nonce.kcn, &keyed, sizeof(keyed));
    ck_assert_uint_eq(index, 0); /* the random start goes round */
    ck_assert_ptr_nonnull(nonce_find(&table, 0, STARTED));
    ck_assert_ptr_null(nonce_find(&table, 0xffff, STARTED));
    ck_assert_ptr_null(nonce_find(&table, 1, STARTED));
}
END_TEST

/* Drawn at any instant of its interval, a nonce is valid to the end of the seventh interval after, and not a
 * nanosecond longer: 210 to 240 s from its first use. */
START_TEST(valid_for_eight_intervals_exactly)
{
    static const time_ns uses[] = {0, 1, INTERVAL / 2, INTERVAL - 1};
    time_ns base = 20 * INTERVAL, use = STARTED + base + uses[_i], end = STARTED + base + 8 * INTERVAL;
    uint16_t index;
    struct nonce nonce = current(use, &index);
    for (time_ns t = use; t < end; t += SECONDS(1)) {
        const struct nonce *found = nonce_find(&table, index, t);
        ck_assert_ptr_nonnull(found);
        ck_assert_mem_eq(found->value, nonce.value, NONCE_LENGTH);
    }
    ck_assert_ptr_nonnull(nonce_find(&table, index, end - 1));
    ck_assert_ptr_null(nonce_find(&table, index, end));
    ck_assert_ptr_null(nonce_find(&table, index, end + 1000 * INTERVAL));
    ck_assert_int_gt(end - use, MAX_TOKEN_LIFETIME);
    ck_assert_int_le(end - use, MAX_NONCE_LIFETIME);
    ck_assert_int_eq(nonce_horizon(&table, use), end);
}
END_TEST

START_TEST(eight_at_once_the_ninth_pushes_out_the_first)
{
    uint16_t index[9];
    for (int i = 0; i < 9; i++)
        current(STARTED + i * INTERVAL, &index[i]);
    time_ns now = STARTED + 8 * INTERVAL;
    ck_assert_ptr_null(nonce_find(&table, index[0], now));
    for (int i = 1; i < 9; i++) {
        ck_assert_ptr_nonnull(nonce_find(&table, index[i], now));
        ck_assert_uint_eq(index[i], (uint16_t)(index[0] + i));
    }
}
END_TEST

START_TEST(unknown_indices_find_nothing)
{
    uint16_t index;
    unsigned found = 0;
    current(STARTED, &index);
    current(STARTED + 3 * INTERVAL, &index); /* two intervals without use */
    for (unsigned i = 0; i <= UINT16_MAX; i++)
        found += nonce_find(&table, (uint16_t)i, STARTED + 3 * INTERVAL) != NULL;
    ck_assert_uint_eq(found, 2);
}
END_TEST

START_TEST(supersede_changes_the_index)
{
    uint16_t a, b, c, d;
    struct nonce first = current(STARTED, &a);
    nonce_supersede(&table, (uint16_t)(a + 1), STARTED); /* not the one in use: nothing */
    current(STARTED, &b);
    ck_assert_uint_eq(a, b);
    nonce_supersede(&table, a, STARTED + 5);
    struct nonce second = current(STARTED + 5, &b);
    ck_assert_uint_ne(a, b);
    ck_assert_mem_ne(first.value, second.value, NONCE_LENGTH);
    /* Both stay valid as long as the first would have. */
    ck_assert_ptr_nonnull(nonce_find(&table, a, STARTED + 8 * INTERVAL - 1));
    ck_assert_ptr_nonnull(nonce_find(&table, b, STARTED + 8 * INTERVAL - 1));
    ck_assert_ptr_null(nonce_find(&table, a, STARTED + 8 * INTERVAL));
    ck_assert_ptr_null(nonce_find(&table, b, STARTED + 8 * INTERVAL));
    /* An interval later it may be done again; for a nonce of the past there is nothing to do. */
    current(STARTED + INTERVAL, &c);
    nonce_supersede(&table, b, STARTED + INTERVAL);
    current(STARTED + INTERVAL, &d);
    ck_assert_uint_eq(c, d);
    nonce_supersede(&table, c, STARTED + INTERVAL);
    current(STARTED + INTERVAL, &d);
    ck_assert_uint_ne(c, d);
}
END_TEST

/* As many as an interval can have, in each: none is lost too early, and there is not one more. */
START_TEST(eight_an_interval_for_ever)
{
    uint16_t index[20 * NONCES_AN_INTERVAL];
    unsigned count = 0;
    for (int i = 0; i < 20; i++) {
        time_ns now = STARTED + i * INTERVAL;
        for (unsigned k = 0; k < NONCES_AN_INTERVAL; k++) {
            current(now, &index[count]);
            ck_assert_uint_eq(index[count], (uint16_t)(index[0] + count));
            nonce_supersede(&table, index[count++], now);
        }
        uint16_t again;
        current(now, &again);
        ck_assert_uint_eq(again, index[count - 1]);
        unsigned valid = i < NONCES_VALID ? count : NONCES_VALID * NONCES_AN_INTERVAL;
        for (unsigned k = 0; k < count; k++)
            ck_assert_int_eq(nonce_find(&table, index[k], now) != NULL, k >= count - valid);
    }
}
END_TEST

/* The ring becomes larger in the eighth interval: what was issued before stays what it was. */
START_TEST(growing_keeps_what_there_is)
{
    uint16_t index[NONCES_VALID + 3], at;
    struct nonce before[NONCES_VALID];
    for (int i = 0; i < NONCES_VALID; i++)
        before[i] = current(STARTED + i * INTERVAL, &index[i]);
    time_ns now = STARTED + (NONCES_VALID - 1) * INTERVAL;
    for (int i = NONCES_VALID; i < NONCES_VALID + 3; i++) {
        nonce_supersede(&table, index[i - 1], now);
        current(now, &index[i]);
        ck_assert_uint_eq(index[i], (uint16_t)(index[0] + i));
    }
    for (int i = 0; i < NONCES_VALID; i++) {
        ck_assert_mem_eq(nonce_find(&table, index[i], now)->value, before[i].value, NONCE_LENGTH);
        ck_assert_mem_eq(&nonce_find(&table, index[i], now)->kcn, &before[i].kcn, sizeof(before[i].kcn));
    }
    current(now, &at);
    ck_assert_uint_eq(at, index[NONCES_VALID + 2]);
}
END_TEST

START_TEST(two_an_interval_for_ever_lose_none_too_early)
{
    uint16_t index[40];
    unsigned count = 0;
    for (int i = 0; i < 20; i++) {
        time_ns now = STARTED + i * INTERVAL;
        current(now, &index[count]);
        nonce_supersede(&table, index[count++], now);
        current(now, &index[count++]);
        unsigned valid = count < 16 ? count : 16;
        for (unsigned k = 0; k < count; k++) {
            bool found = nonce_find(&table, index[k], now) != NULL;
            ck_assert_int_eq(found, k >= count - valid);
        }
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nonce");
    TCase *tcase = tcase_create("nonce");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, idle_node_draws_nothing);
    tcase_add_test(tcase, one_nonce_and_key_an_interval);
    tcase_add_test(tcase, drawn_octets_are_key_and_nonce);
    tcase_add_loop_test(tcase, valid_for_eight_intervals_exactly, 0, 4);
    tcase_add_test(tcase, eight_at_once_the_ninth_pushes_out_the_first);
    tcase_add_test(tcase, unknown_indices_find_nothing);
    tcase_add_test(tcase, supersede_changes_the_index);
    tcase_add_test(tcase, eight_an_interval_for_ever);
    tcase_add_test(tcase, growing_keeps_what_there_is);
    tcase_add_test(tcase, two_an_interval_for_ever_lose_none_too_early);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
