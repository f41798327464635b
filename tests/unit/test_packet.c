/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_packet.c - the packet pool; numbers made from random octets; the texts of the boundary's tables.
 */
#include <check.h>
#include <string.h>

#include "models/base/packet.h"
#include "tests/unit/ipv6_fixture.h"

START_TEST(headroom_and_views)
{
    struct packet_pool *pool = packet_pool_new();
    struct packet *packet = packet_new(pool, PACKET_HEADROOM, 10);
    memcpy(packet_octets(packet), "0123456789", 10);
    memcpy(packet_prepend(packet, 3), "abc", 3);
    ck_assert_uint_eq(packet->length, 13);
    ck_assert_mem_eq(packet_octets(packet), "abc0123456789", 13);
    packet_remove_front(packet, 4);
    packet_truncate(packet, 2);
    ck_assert_uint_eq(packet->length, 2);
    ck_assert_mem_eq(packet_octets(packet), "12", 2);
    packet_release(packet);
    packet_release(NULL);
    ck_assert_uint_eq(packet_pool_outstanding(pool), 0);
    packet_pool_free(pool);
}
END_TEST

START_TEST(shared_packets_are_copied_before_they_change)
{
    struct packet_pool *pool = packet_pool_new();
    struct packet *packet = packet_new(pool, 0, 4);
    memcpy(packet_octets(packet), "wxyz", 4);
    ck_assert_ptr_eq(packet_writable(packet), packet);
    struct packet *mine = packet_writable(packet_share(packet));
    ck_assert_ptr_ne(mine, packet);
    packet_octets(mine)[0] = '!';
    ck_assert_mem_eq(packet_octets(packet), "wxyz", 4);
    ck_assert_mem_eq(packet_octets(mine), "!xyz", 4);
    ck_assert_uint_eq(packet_pool_outstanding(pool), 2);
    struct packet *roomy = packet_with_headroom(packet, 40);
    ck_assert_uint_ge(roomy->start, 40);
    ck_assert_mem_eq(packet_octets(roomy), "wxyz", 4);
    ck_assert_ptr_eq(packet_with_headroom(mine, PACKET_HEADROOM), mine);
    packet_release(roomy);
    packet_release(mine);
    ck_assert_uint_eq(packet_pool_outstanding(pool), 0);
    packet_pool_free(pool);
}
END_TEST

START_TEST(what_comes_back_is_handed_out_again)
{
    struct packet_pool *pool = packet_pool_new();
    static const size_t lengths[] = {0, 1, 100, 300, 900, 1500, 9000, PACKET_LENGTH_MAX};
    for (unsigned i = 0; i < G_N_ELEMENTS(lengths); i++) {
        struct packet *first = packet_new(pool, PACKET_HEADROOM, lengths[i]);
        memset(packet_octets(first), 0x55, lengths[i]);
        packet_release(first);
        struct packet *second = packet_new(pool, PACKET_HEADROOM, lengths[i]);
        ck_assert_ptr_eq(first, second);
        ck_assert_uint_eq(second->length, lengths[i]);
        ck_assert_ptr_null(second->next);
        packet_release(second);
    }
    packet_pool_free(pool);
}
END_TEST

/* Which attack caused a packet: the copy has the original's, what is new the pool's. */
START_TEST(marks_go_with_the_octets)
{
    struct packet_pool *pool = packet_pool_new();
    struct packet *plain = packet_new(pool, PACKET_HEADROOM, 8);
    ck_assert_uint_eq(plain->mark, 0);
    packet_pool_set_mark(pool, 7 | PACKET_MARK_ANSWER);
    ck_assert_uint_eq(packet_pool_mark(pool), 7 | PACKET_MARK_ANSWER);
    struct packet *answer = packet_new(pool, PACKET_HEADROOM, 8);
    ck_assert_uint_eq(answer->mark, 7 | PACKET_MARK_ANSWER);
    ck_assert_uint_eq(packet_mark_cause(answer->mark), 7);
    struct packet *part = packet_new_for(plain, PACKET_HEADROOM, 4);
    ck_assert_uint_eq(part->mark, 0);
    packet_pool_set_mark(pool, 0);
    struct packet *copy = packet_writable(packet_share(answer));
    ck_assert_ptr_ne(copy, answer);
    ck_assert_uint_eq(copy->mark, 7 | PACKET_MARK_ANSWER);
    packet_release(answer);
    struct packet *recycled = packet_new(pool, PACKET_HEADROOM, 8);
    ck_assert_ptr_eq(recycled, answer);
    ck_assert_uint_eq(recycled->mark, 0);
    packet_release(recycled);
    packet_release(copy);
    packet_release(part);
    packet_release(plain);
    packet_pool_free(pool);
}
END_TEST

/* -- random numbers -- */

START_TEST(random_numbers_keep_their_bounds)
{
    struct recording_environment recorder;
    recording_environment_init(&recorder, NULL);
    unsigned seen[5] = {0};
    for (unsigned i = 0; i < 1000; i++) {
        uint64_t value = environment_random_below(&recorder.environment, RANDOM_TRAFFIC, 5);
        ck_assert_uint_lt(value, 5);
        seen[value]++;
        time_ns time = environment_random_time(&recorder.environment, RANDOM_TRAFFIC, 10, 12);
        ck_assert(time >= 10 && time <= 12);
    }
    for (unsigned i = 0; i < 5; i++)
        ck_assert(seen[i] > 150 && seen[i] < 250);
    /* Octets are read in network order; 2^64 mod 3 is 1, so the number 0 alone is refused. */
    recording_environment_script(&recorder, RANDOM_COOKIE, "\0\0\0\0\0\0\0\0" "\0\0\0\0\0\0\0\5", 16);
    ck_assert_uint_eq(environment_random_below(&recorder.environment, RANDOM_COOKIE, 3), 2);
    ck_assert_int_eq(environment_random_time(&recorder.environment, RANDOM_COOKIE, 7, 7), 7);
    recording_environment_free(&recorder);
}
END_TEST

START_TEST(a_memo_stays_with_the_pool)
{
    struct packet_pool *pool = packet_pool_new();
    uint8_t *memo = packet_pool_memo(pool, 16);
    for (unsigned i = 0; i < 16; i++)
        ck_assert_uint_eq(memo[i], 0);
    memo[3] = 7;
    ck_assert_ptr_eq(packet_pool_memo(pool, 16), memo);
    ck_assert_uint_eq(memo[3], 7);
    packet_pool_free(pool);
}
END_TEST

START_TEST(texts_of_reasons_and_events)
{
    ck_assert_str_eq(discard_reason_text(DISCARD_NONE), "");
    ck_assert_str_eq(discard_reason_text(DISCARD_HOP_LIMIT), "hop limit exceeded");
    ck_assert_str_eq(discard_reason_text(DISCARD_NO_SUCH_STATION), "no station with this link-layer address");
    ck_assert_str_eq(discard_reason_text(DISCARD_REASON_COUNT), "?");
    ck_assert_str_eq(protocol_event_text(EVENT_MESSAGE_SENT), "sent");
    ck_assert_str_eq(protocol_event_text(EVENT_BINDING_EXPIRED), "binding expired");
    ck_assert_str_eq(protocol_event_text(EVENT_KIND_COUNT), "?");
    ck_assert_uint_le(EVENT_KIND_COUNT, 64); /* bits of watch */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("packet");
    TCase *tests = tcase_create("packet");
    tcase_add_test(tests, headroom_and_views);
    tcase_add_test(tests, shared_packets_are_copied_before_they_change);
    tcase_add_test(tests, what_comes_back_is_handed_out_again);
    tcase_add_test(tests, marks_go_with_the_octets);
    tcase_add_test(tests, a_memo_stays_with_the_pool);
    tcase_add_test(tests, random_numbers_keep_their_bounds);
    tcase_add_test(tests, texts_of_reasons_and_events);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
