/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_packet.c - the packet pool, timers, and the numbers made from random octets: what machines share.
 */
#include <check.h>
#include <string.h>

#include "models/base/packet.h"
#include "models/base/timer.h"
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

/* -- timers -- */

struct numbered {
    struct timer timer;
    unsigned number;
};

static unsigned expired_order[64];
static unsigned expired_count;
static struct timer_queue *expiring_queue;

static void note_expiry(struct node *node, struct timer *timer, time_ns now)
{
    (void)node;
    struct numbered *numbered = timer_owner(timer, struct numbered, timer);
    ck_assert(!timer_is_armed(timer));
    ck_assert_int_le(timer->deadline, now);
    expired_order[expired_count++] = numbered->number;
    if (numbered->number == 40) {
        numbered->number = 41;
        timer_arm(expiring_queue, timer, now); /* due at once, and run in this very pass */
    }
}

START_TEST(timers_expire_in_order)
{
    struct timer_queue queue = {.heap = NULL};
    struct numbered timers[32];
    expired_count = 0;
    ck_assert_int_eq(timer_queue_earliest(&queue), TIME_NEVER);
    for (unsigned i = 0; i < 32; i++) {
        timers[i] = (struct numbered){.number = i};
        timer_init(&timers[i].timer, note_expiry);
        timer_arm(&queue, &timers[i].timer, (time_ns)(i * 7 % 8)); /* four of each deadline, in order of arming */
    }
    timer_cancel(&queue, &timers[0].timer);
    timer_cancel(&queue, &timers[0].timer);
    timer_arm(&queue, &timers[8].timer, 100); /* moved later */
    timer_arm(&queue, &timers[1].timer, 0);   /* moved earlier: now the last armed of its deadline */
    timer_queue_run(&queue, NULL, 7);
    ck_assert_uint_eq(expired_count, 30);
    static const unsigned beginning[] = {16, 24, 1, 7, 15, 23, 31, 6, 14};
    for (unsigned i = 0; i < G_N_ELEMENTS(beginning); i++)
        ck_assert_uint_eq(expired_order[i], beginning[i]);
    ck_assert_int_eq(timer_queue_earliest(&queue), 100);
    timer_arm(&queue, &timers[8].timer, TIME_NEVER);
    ck_assert(!timer_is_armed(&timers[8].timer));
    timer_queue_free(&queue);
}
END_TEST

START_TEST(timer_armed_for_now_runs_now)
{
    struct timer_queue queue = {.heap = NULL};
    struct numbered again = {.number = 40};
    expired_count = 0;
    expiring_queue = &queue;
    timer_init(&again.timer, note_expiry);
    timer_arm(&queue, &again.timer, 5);
    timer_queue_run(&queue, NULL, 4);
    ck_assert_uint_eq(expired_count, 0);
    timer_queue_run(&queue, NULL, 5);
    ck_assert_uint_eq(expired_count, 2);
    ck_assert_uint_eq(expired_order[1], 41);
    timer_queue_free(&queue);
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
    tcase_add_test(tests, timers_expire_in_order);
    tcase_add_test(tests, timer_armed_for_now_runs_now);
    tcase_add_test(tests, random_numbers_keep_their_bounds);
    tcase_add_test(tests, texts_of_reasons_and_events);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
