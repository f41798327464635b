/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_timer.c - a node's timers: expiry in order of deadline and arming, moving, cancelling, and what
 * timers do to each other while they expire; at length against a reference that searches linearly.
 */
#include <check.h>
#include <stdint.h>
#include <string.h>

#include "models/base/timer.h"
#include "tests/runner.h"

#define LOG_SIZE 64

/* Timers of the tests need no node; what they share hangs on the timer itself. */
struct world {
    struct timer_queue queue;
    char log[LOG_SIZE];
    size_t length;
    time_ns now;
};

struct named {
    struct timer timer;
    struct world *world;
    char name;
    struct named *cancels; /* when it expires */
    struct named *arms;
    time_ns after;
};

static void named_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct named *named = timer_owner(timer, struct named, timer);
    struct world *world = named->world;
    ck_assert_ptr_null(node);
    ck_assert(!timer_is_armed(timer));
    ck_assert_int_eq(now, world->now);
    world->log[world->length++] = named->name;
    if (named->cancels)
        timer_cancel(&world->queue, &named->cancels->timer);
    if (named->arms)
        timer_arm(&world->queue, &named->arms->timer, now + named->after);
    named->arms = NULL;
}

static void world_make(struct world *world, struct named *named, unsigned count)
{
    memset(world, 0, sizeof *world);
    for (unsigned i = 0; i < count; i++) {
        named[i] = (struct named){.world = world, .name = (char)('a' + i)};
        timer_init(&named[i].timer, named_expired);
    }
}

static void world_run(struct world *world, time_ns now)
{
    world->now = now;
    timer_queue_run(&world->queue, NULL, now);
}

START_TEST(test_expires_in_order)
{
    struct world world;
    struct named named[6];
    world_make(&world, named, 6);
    ck_assert_int_eq(timer_queue_earliest(&world.queue), TIME_NEVER);
    timer_arm(&world.queue, &named[3].timer, 20);
    timer_arm(&world.queue, &named[0].timer, 10);
    timer_arm(&world.queue, &named[1].timer, 10); /* armed after a, expires after a */
    timer_arm(&world.queue, &named[2].timer, 10);
    timer_arm(&world.queue, &named[5].timer, 31);
    timer_arm(&world.queue, &named[4].timer, 30);
    ck_assert_int_eq(timer_queue_earliest(&world.queue), 10);
    world_run(&world, 9);
    ck_assert_str_eq(world.log, "");
    world_run(&world, 10);
    ck_assert_str_eq(world.log, "abc");
    ck_assert_int_eq(timer_queue_earliest(&world.queue), 20);
    world_run(&world, 30);
    ck_assert_str_eq(world.log, "abcde");
    world_run(&world, 1000);
    ck_assert_str_eq(world.log, "abcdef");
    ck_assert_int_eq(timer_queue_earliest(&world.queue), TIME_NEVER);
    timer_queue_free(&world.queue);
}
END_TEST

START_TEST(test_arming_again_moves)
{
    struct world world;
    struct named named[3];
    world_make(&world, named, 3);
    timer_arm(&world.queue, &named[0].timer, 10);
    timer_arm(&world.queue, &named[1].timer, 20);
    timer_arm(&world.queue, &named[2].timer, 20);
    timer_arm(&world.queue, &named[0].timer, 30); /* later */
    ck_assert_int_eq(timer_queue_earliest(&world.queue), 20);
    timer_arm(&world.queue, &named[0].timer, 5); /* earlier */
    ck_assert_int_eq(timer_queue_earliest(&world.queue), 5);
    timer_arm(&world.queue, &named[1].timer, 20); /* the same again: now armed after c */
    ck_assert_uint_eq(world.queue.count, 3);
    world_run(&world, 100);
    ck_assert_str_eq(world.log, "acb");
    timer_queue_free(&world.queue);
}
END_TEST

START_TEST(test_never_and_cancel)
{
    struct world world;
    struct named named[2];
    world_make(&world, named, 2);
    timer_cancel(&world.queue, &named[0].timer); /* harmless */
    timer_arm(&world.queue, &named[0].timer, TIME_NEVER);
    ck_assert(!timer_is_armed(&named[0].timer));
    timer_arm(&world.queue, &named[0].timer, 10);
    timer_arm(&world.queue, &named[1].timer, 10);
    timer_arm(&world.queue, &named[0].timer, TIME_NEVER);
    ck_assert(!timer_is_armed(&named[0].timer));
    timer_cancel(&world.queue, &named[1].timer);
    ck_assert(!timer_is_armed(&named[1].timer));
    world_run(&world, 100);
    ck_assert_str_eq(world.log, "");
    timer_queue_free(&world.queue);
}
END_TEST

/* What a timer does when it expires counts at once: one cancelled does not expire, one armed for this instant
 * does. */
START_TEST(test_timers_among_themselves)
{
    struct world world;
    struct named named[5];
    world_make(&world, named, 5);
    named[0].cancels = &named[1];
    named[0].arms = &named[3];
    named[0].after = 0;
    named[2].arms = &named[2]; /* itself */
    named[2].after = 5;
    named[3].arms = &named[4];
    named[3].after = -3; /* overdue at once */
    for (unsigned i = 0; i < 3; i++)
        timer_arm(&world.queue, &named[i].timer, 10);
    world_run(&world, 10);
    ck_assert_str_eq(world.log, "acde");
    ck_assert_int_eq(timer_queue_earliest(&world.queue), 15);
    timer_queue_free(&world.queue);
    ck_assert(!timer_is_armed(&named[2].timer)); /* freeing forgets what is armed */
}
END_TEST

/* The count of armings may pass 2^32. */
START_TEST(test_order_wraps)
{
    struct world world;
    struct named named[6];
    world_make(&world, named, 6);
    world.queue.armed = UINT32_MAX - 2;
    for (unsigned i = 0; i < 6; i++)
        timer_arm(&world.queue, &named[i].timer, 10);
    world_run(&world, 10);
    ck_assert_str_eq(world.log, "abcdef");
    timer_queue_free(&world.queue);
}
END_TEST

struct counted {
    struct timer timer;
    uint64_t armed_as; /* the reference's own count */
};

struct reference {
    struct counted counted[50];
    const struct counted *expected;
    unsigned expiries;
};

static void counted_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct counted *counted = timer_owner(timer, struct counted, timer);
    (void)now;
    /* The node's address stands for the reference: the queue only passes it on. */
    struct reference *reference = (struct reference *)(void *)node;
    if (counted != reference->expected)
        ck_abort_msg("expired out of order");
    reference->expiries++;
}

static struct counted *reference_first(struct reference *reference)
{
    struct counted *first = NULL;
    for (unsigned i = 0; i < 50; i++) {
        struct counted *counted = &reference->counted[i];
        if (!timer_is_armed(&counted->timer))
            continue;
        if (!first || counted->timer.deadline < first->timer.deadline ||
            (counted->timer.deadline == first->timer.deadline && counted->armed_as < first->armed_as))
            first = counted;
    }
    return first;
}

START_TEST(test_against_reference)
{
    struct reference reference = {.expiries = 0};
    struct timer_queue queue = {.armed = UINT32_MAX - 1000};
    uint64_t state = 12345;
    uint64_t armed = 0;
    time_ns now = 0;
    for (unsigned i = 0; i < 50; i++)
        timer_init(&reference.counted[i].timer, counted_expired);
    for (unsigned step = 0; step < 30000; step++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        struct counted *counted = &reference.counted[(state >> 33) % 50];
        unsigned dice = (unsigned)(state >> 50) % 8;
        if (dice < 4) {
            counted->armed_as = ++armed;
            timer_arm(&queue, &counted->timer, now + (time_ns)(state >> 55) % 16);
        } else if (dice < 5) {
            timer_cancel(&queue, &counted->timer);
        } else {
            reference.expected = reference_first(&reference);
            time_ns earliest = timer_queue_earliest(&queue);
            if (!reference.expected) {
                if (earliest != TIME_NEVER)
                    ck_abort_msg("a deadline without a timer");
                continue;
            }
            if (earliest != reference.expected->timer.deadline)
                ck_abort_msg("wrong deadline");
            /* One at a time: what is due at the same instant is held back by the clock. */
            struct counted *first = (struct counted *)(void *)timer_queue_places(&queue)[0];
            if (first != reference.expected)
                ck_abort_msg("wrong timer first");
            now = earliest;
            timer_cancel(&queue, &first->timer);
            timer_arm(&queue, &first->timer, now - 1);
            timer_queue_run(&queue, (struct node *)(void *)&reference, now - 1);
        }
    }
    ck_assert_uint_gt(reference.expiries, 5000);
    timer_queue_free(&queue);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("timer");
    TCase *tests = tcase_create("timer");
    tcase_add_test(tests, test_expires_in_order);
    tcase_add_test(tests, test_arming_again_moves);
    tcase_add_test(tests, test_never_and_cancel);
    tcase_add_test(tests, test_timers_among_themselves);
    tcase_add_test(tests, test_order_wraps);
    tcase_add_test(tests, test_against_reference);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
