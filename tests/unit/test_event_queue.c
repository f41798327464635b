/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_event_queue.c - the pending-event set against a reference that cannot be wrong.
 *
 * The reference is a linear search (small sets, any mix of operations) or qsort (large sets). Times come
 * from shapes that calendar queues are known to suffer from: bursts, two scales, scales that change, a few
 * instants shared by all.
 */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>

#include "sim/engine/event_queue.h"
#include "tests/runner.h"

#define SMALL 300u

/* ck_assert notes each passed assertion in a file, which takes too long in a loop of a million. */
#define demand(condition) ((condition) ? (void)0 : ck_abort_msg("%s", #condition))

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

enum shape { TIES, FLAT, TWO_SCALES, WIDE, ONE_INSTANT, CLUMPS, SHAPES };

/* A time from now on. */
static time_ns draw(uint64_t *state, enum shape shape, time_ns now)
{
    uint64_t random = next_random(state) >> 8;
    switch (shape) {
    case TIES:
        return now + (time_ns)(random % 4);
    case FLAT:
        return now + (time_ns)(random % 1000000);
    case TWO_SCALES:
        return now + (time_ns)(random % 10 ? random % 1000 : random % 10000000000u);
    case WIDE: /* every magnitude alike, up to far beyond any ring */
        return now + (time_ns)(next_random(state) >> (14 + random % 50));
    case ONE_INSTANT:
        return now + (random % 100 == 0);
    case CLUMPS:
    default:
        return now - now % 1000000 + 1000000 + (time_ns)(random % 30);
    }
}

static struct event *reference_first(struct event **pending, unsigned count)
{
    struct event *first = NULL;
    for (unsigned i = 0; i < count; i++)
        if (!first || event_precedes(pending[i], first))
            first = pending[i];
    return first;
}

static unsigned reference_index(struct event **pending, unsigned count, const struct event *event)
{
    for (unsigned i = 0; i < count; i++)
        if (pending[i] == event)
            return i;
    ck_abort_msg("popped an event that was not pending");
    return count;
}

/* Any mix of operations, each pop compared with a linear search. */
START_TEST(test_operations)
{
    enum shape shape = (enum shape)_i;
    uint64_t state = 0x1234567890abcdefu + (uint64_t)_i;
    static struct event events[SMALL];
    struct event *pending[SMALL];
    struct event *idle[SMALL];
    unsigned pending_count = 0;
    unsigned idle_count = 0;
    uint64_t counter = 0;
    time_ns now = 0;
    struct event_queue queue;
    event_queue_init(&queue);
    for (unsigned i = 0; i < SMALL; i++) {
        event_init(&events[i], NULL);
        idle[idle_count++] = &events[i];
    }
    for (unsigned step = 0; step < 200000; step++) {
        unsigned phase = step / 5000 % 4; /* grow, hold, shrink, hold */
        unsigned dice = (unsigned)(next_random(&state) >> 20) % 16;
        unsigned insertions = phase == 0 ? 9 : phase == 2 ? 4 : 6;
        if (now > INT64_MAX / 4)
            break;
        if (dice < insertions && idle_count) {
            struct event *event = idle[--idle_count];
            event->time = draw(&state, shape, now);
            event->source = (uint32_t)(next_random(&state) >> 30) % 3;
            event->counter = counter++;
            event_queue_insert(&queue, event);
            demand(event_is_pending(event));
            pending[pending_count++] = event;
        } else if (dice < 12 && pending_count) {
            time_ns until = dice % 2 ? TIME_NEVER : draw(&state, shape, now);
            struct event *expected = reference_first(pending, pending_count);
            demand(event_queue_peek(&queue) == expected);
            struct event *event = event_queue_pop(&queue, until);
            if (expected->time > until) {
                demand(event == NULL);
                if (dice % 4 == 0) {
                    now = until;
                    event_queue_advance(&queue, until);
                }
                continue;
            }
            demand(event == expected);
            demand(!event_is_pending(event));
            now = event->time;
            pending[reference_index(pending, pending_count, event)] = pending[pending_count - 1];
            pending_count--;
            idle[idle_count++] = event;
        } else if (dice < 14 && pending_count) { /* remove */
            unsigned i = (unsigned)(next_random(&state) >> 30) % pending_count;
            event_queue_remove(&queue, pending[i]);
            demand(!event_is_pending(pending[i]));
            idle[idle_count++] = pending[i];
            pending[i] = pending[--pending_count];
        } else if (pending_count) { /* move */
            struct event *event = pending[(unsigned)(next_random(&state) >> 30) % pending_count];
            event_queue_remove(&queue, event);
            event->time = draw(&state, shape, now);
            event->counter = counter++;
            event_queue_insert(&queue, event);
        }
        demand(event_queue_count(&queue) == pending_count);
    }
    event_queue_free(&queue);
}
END_TEST

static int compare_events(const void *a, const void *b)
{
    const struct event *const *first = a;
    const struct event *const *second = b;
    return event_precedes(*first, *second) ? -1 : event_precedes(*second, *first) ? 1 : 0;
}

/* All in, some out again, all popped: as qsort has it. Large enough for insertions to be delayed. */
static void check_sorted(unsigned count, enum shape shape, bool counters_fall)
{
    uint64_t state = 42 + (uint64_t)shape;
    struct event *events = calloc(count, sizeof *events);
    struct event **expected = calloc(count, sizeof(struct event *));
    unsigned expected_count = 0;
    struct event_queue queue;
    event_queue_init(&queue);
    for (unsigned i = 0; i < count; i++) {
        events[i].time = draw(&state, shape, 5000000);
        events[i].counter = counters_fall ? count - i : i;
        event_queue_insert(&queue, &events[i]);
    }
    for (unsigned i = 0; i < count; i++) {
        if (next_random(&state) >> 20 & 1)
            event_queue_remove(&queue, &events[i]);
        else
            expected[expected_count++] = &events[i];
    }
    qsort(expected, expected_count, sizeof *expected, compare_events);
    for (unsigned i = 0; i < expected_count; i++)
        demand(event_queue_pop(&queue, TIME_NEVER) == expected[i]);
    demand(event_queue_pop(&queue, TIME_NEVER) == NULL);
    demand(event_queue_count(&queue) == 0);
    event_queue_free(&queue);
    free(expected);
    free(events);
}

START_TEST(test_large_sets)
{
    check_sorted(60000, (enum shape)_i, false);
    check_sorted(20000, (enum shape)_i, true);
}
END_TEST

/*
 * The hold model at a size where insertions wait for their bucket, with removals and moves in between: order
 * never goes back, and nothing gets lost.
 */
START_TEST(test_hold)
{
    enum shape shape = (enum shape)_i;
    const unsigned count = 20000;
    uint64_t state = 7 + (uint64_t)_i;
    struct event *events = calloc(count, sizeof *events);
    uint64_t counter = 0;
    struct event last = {0};
    struct event_queue queue;
    event_queue_init(&queue);
    for (unsigned i = 0; i < count; i++) {
        events[i].time = draw(&state, shape, 0);
        events[i].counter = ++counter;
        event_queue_insert(&queue, &events[i]);
    }
    for (unsigned step = 0; step < 5 * count && last.time < INT64_MAX / 4; step++) {
        struct event *event = event_queue_pop(&queue, TIME_NEVER);
        demand(event_precedes(&last, event));
        last = *event;
        event->time = draw(&state, shape, last.time);
        event->counter = ++counter;
        event_queue_insert(&queue, event);
        struct event *other = &events[next_random(&state) % count];
        if (step % 4 == 0) {
            event_queue_remove(&queue, other);
            other->time = draw(&state, shape, last.time);
            other->counter = ++counter;
            event_queue_insert(&queue, other);
        }
        demand(event_queue_count(&queue) == count);
    }
    unsigned left = 0;
    for (struct event *event; (event = event_queue_pop(&queue, TIME_NEVER)); left++) {
        demand(event_precedes(&last, event));
        last = *event;
    }
    demand(left == count);
    event_queue_free(&queue);
    free(events);
}
END_TEST

/*
 * A hundred thousand events at one instant, in rising, falling and mixed order, newcomers for the same
 * instant while they run, removals from their middle. A quadratic set would take minutes.
 */
START_TEST(test_burst)
{
    const unsigned count = 100000;
    uint64_t state = 99;
    struct event *events = calloc(count, sizeof *events);
    struct event_queue queue;
    event_queue_init(&queue);
    for (unsigned round = 0; round < 3; round++) {
        time_ns instant = SECONDS(1 + round);
        for (unsigned i = 0; i < count; i++) {
            events[i].time = instant;
            events[i].counter = round == 0 ? i : round == 1 ? count - i : (i * 7919u) % count;
            events[i].source = 1;
            event_queue_insert(&queue, &events[i]);
        }
        struct event last = {0};
        unsigned popped = 0;
        unsigned removed = 0;
        for (struct event *event; (event = event_queue_pop(&queue, instant)); popped++) {
            demand(event_precedes(&last, event));
            last = *event;
            if (event->source == 1) { /* once more, later in the same instant */
                event->source = 2;
                event_queue_insert(&queue, event);
            }
            struct event *other = &events[next_random(&state) % count];
            if (popped % 5 == 0 && event_is_pending(other)) {
                event_queue_remove(&queue, other);
                removed += other->source == 1 ? 2 : 1;
            }
        }
        demand(popped + removed == 2 * count);
    }
    event_queue_free(&queue);
    free(events);
}
END_TEST

/* A ring made for many events and nanoseconds must not be walked for one event and hours, and back. */
START_TEST(test_scales_change)
{
    const unsigned count = 50000;
    struct event *events = calloc(count, sizeof *events);
    struct event_queue queue;
    time_ns now = 0;
    event_queue_init(&queue);
    for (unsigned round = 0; round < 2; round++) {
        for (unsigned i = 0; i < count; i++) {
            events[i].time = now + 1 + i % 1000;
            events[i].counter = i;
            event_queue_insert(&queue, &events[i]);
        }
        for (unsigned i = 0; i < 2 * count; i++) {
            struct event *event = event_queue_pop(&queue, TIME_NEVER);
            demand(event->time >= now);
            now = event->time;
            event->time += 1000;
            event_queue_insert(&queue, event);
        }
        for (unsigned i = 1; i < count; i++)
            event_queue_remove(&queue, &events[i]);
        for (unsigned i = 0; i < 100000; i++) {
            struct event *event = event_queue_pop(&queue, TIME_NEVER);
            demand(event == &events[0]);
            now = event->time;
            event->time += i % 2 ? SECONDS(3600) : SECONDS(1);
            event_queue_insert(&queue, event);
        }
        demand(event_queue_pop(&queue, TIME_NEVER) == &events[0]);
        now = events[0].time;
    }
    event_queue_free(&queue);
    free(events);
}
END_TEST

START_TEST(test_until)
{
    struct event event = {.time = 1000};
    struct event_queue queue;
    event_queue_init(&queue);
    ck_assert_ptr_null(event_queue_peek(&queue));
    ck_assert_ptr_null(event_queue_pop(&queue, TIME_NEVER));
    event_queue_insert(&queue, &event);
    ck_assert_ptr_null(event_queue_pop(&queue, 999));
    ck_assert(event_is_pending(&event));
    ck_assert_ptr_eq(event_queue_pop(&queue, 1000), &event);
    event.time = TIME_NEVER - 1;
    event_queue_insert(&queue, &event);
    ck_assert_ptr_null(event_queue_pop(&queue, TIME_NEVER - 2));
    ck_assert_ptr_eq(event_queue_peek(&queue), &event);
    ck_assert_ptr_eq(event_queue_pop(&queue, TIME_NEVER), &event);
    event_queue_free(&queue);
}
END_TEST

START_TEST(test_take_any)
{
    const unsigned count = 40000;
    uint64_t state = 5;
    struct event *events = calloc(count, sizeof *events);
    struct event_queue queue;
    event_queue_init(&queue);
    for (unsigned i = 0; i < count; i++) {
        events[i].time = draw(&state, (enum shape)(i % SHAPES), 1000);
        events[i].counter = i;
        event_queue_insert(&queue, &events[i]);
    }
    for (unsigned i = 0; i < 100; i++)
        event_queue_pop(&queue, TIME_NEVER);
    unsigned taken = 0;
    for (struct event *event; (event = event_queue_take_any(&queue)); taken++)
        demand(!event_is_pending(event));
    ck_assert_uint_eq(taken, count - 100);
    event_queue_free(&queue);
    free(events);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("event_queue");
    TCase *tests = tcase_create("event_queue");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_operations, 0, SHAPES);
    tcase_add_loop_test(tests, test_large_sets, 0, SHAPES);
    tcase_add_loop_test(tests, test_hold, 0, SHAPES);
    tcase_add_test(tests, test_burst);
    tcase_add_test(tests, test_scales_change);
    tcase_add_test(tests, test_until);
    tcase_add_test(tests, test_take_any);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
