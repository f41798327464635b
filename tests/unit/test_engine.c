/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_engine.c - the clock and the run loop: order, moving, stopping, going on, draining; and the pool of
 * records.
 */
#include <check.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/engine/engine.h"
#include "sim/engine/pool.h"
#include "tests/runner.h"

/* An event that notes its name when it runs. */
struct note {
    struct event event;
    struct trace *trace;
    char name;
    time_ns again; /* runs again after this time; 0: not */
    unsigned times;
    struct event_source source;
};

struct trace {
    char text[64];
    size_t length;
    time_ns last;
};

static void note_run(struct engine *engine, struct event *event)
{
    struct note *note = event_owner(event, struct note, event);
    ck_assert(!event_is_pending(event));
    ck_assert_int_eq(engine_now(engine), event->time);
    ck_assert_int_ge(event->time, note->trace->last);
    note->trace->last = event->time;
    if (note->trace->length + 1 < sizeof note->trace->text)
        note->trace->text[note->trace->length++] = note->name;
    if (note->name == '!')
        engine_stop(engine);
    if (note->times) {
        note->times--;
        engine_schedule_from(engine, &note->source, event, engine_now(engine) + note->again);
    }
}

static struct note make_note(struct trace *trace, char name, uint32_t source)
{
    struct note note = {.trace = trace, .name = name, .source = {.index = source}};
    event_init(&note.event, note_run);
    return note;
}

START_TEST(test_order_is_time_source_counter)
{
    struct engine engine;
    struct trace trace = {.length = 0};
    struct note a = make_note(&trace, 'a', 0);
    struct note b = make_note(&trace, 'b', 0);
    struct note c = make_note(&trace, 'c', 0);
    struct note d = make_note(&trace, 'd', 0);
    struct note e = make_note(&trace, 'e', 0);
    engine_init(&engine);
    engine_schedule(&engine, &e.event, 20, 0, 0);
    engine_schedule(&engine, &d.event, 10, 2, 0);
    engine_schedule(&engine, &c.event, 10, 1, UINT64_C(0x100000000)); /* past 32 bits */
    engine_schedule(&engine, &b.event, 10, 1, UINT64_C(0xffffffff));
    engine_schedule(&engine, &a.event, 10, 0, 77);
    ck_assert_int_eq(engine_next_time(&engine), 10);
    ck_assert_uint_eq(engine_pending_count(&engine), 5);
    ck_assert_uint_eq(engine_run(&engine, TIME_NEVER), 5);
    ck_assert_str_eq(trace.text, "abcde");
    ck_assert_int_eq(engine_now(&engine), 20);
    ck_assert_uint_eq(engine_event_count(&engine), 5);
    ck_assert_int_eq(engine_next_time(&engine), TIME_NEVER);
    engine_free(&engine);
}
END_TEST

START_TEST(test_move_and_cancel)
{
    struct engine engine;
    struct trace trace = {.length = 0};
    struct note a = make_note(&trace, 'a', 1);
    struct note b = make_note(&trace, 'b', 2);
    struct note c = make_note(&trace, 'c', 3);
    engine_init(&engine);
    engine_schedule_from(&engine, &a.source, &a.event, 10);
    engine_schedule_from(&engine, &b.source, &b.event, 20);
    engine_move_from(&engine, &a.source, &a.event, 30); /* later */
    engine_move_from(&engine, &c.source, &c.event, 40); /* was not pending */
    engine_move_from(&engine, &c.source, &c.event, 5);  /* earlier */
    ck_assert_uint_eq(c.source.counter, 2);
    engine_cancel(&engine, &b.event);
    engine_cancel(&engine, &b.event); /* harmless */
    ck_assert(!event_is_pending(&b.event));
    engine_run(&engine, TIME_NEVER);
    ck_assert_str_eq(trace.text, "ca");
    engine_schedule_from(&engine, &a.source, &a.event, TIME_NEVER);
    ck_assert(!event_is_pending(&a.event));
    engine_schedule_from(&engine, &a.source, &a.event, 50);
    engine_move_from(&engine, &a.source, &a.event, TIME_NEVER);
    ck_assert(!event_is_pending(&a.event));
    ck_assert_uint_eq(engine_run(&engine, TIME_NEVER), 0);
    engine_free(&engine);
}
END_TEST

START_TEST(test_run_until_and_go_on)
{
    struct engine engine;
    struct trace trace = {.length = 0};
    struct note a = make_note(&trace, 'a', 1);
    a.again = 10;
    a.times = 4;
    engine_init(&engine);
    engine_schedule_from(&engine, &a.source, &a.event, 10);
    ck_assert_uint_eq(engine_run(&engine, 9), 0);
    ck_assert_int_eq(engine_now(&engine), 9);
    ck_assert_uint_eq(engine_run(&engine, 30), 3); /* what is due at the very end runs */
    ck_assert_int_eq(engine_now(&engine), 30);
    ck_assert_uint_eq(engine_run(&engine, 5), 0); /* the clock never goes back */
    ck_assert_int_eq(engine_now(&engine), 30);
    ck_assert_uint_eq(engine_run(&engine, SECONDS(1000)), 2);
    ck_assert_int_eq(engine_now(&engine), SECONDS(1000));
    engine_schedule_from(&engine, &a.source, &a.event, SECONDS(1000)); /* at the present instant */
    ck_assert_uint_eq(engine_run(&engine, TIME_NEVER), 1);
    ck_assert_int_eq(engine_now(&engine), SECONDS(1000));
    engine_free(&engine);
}
END_TEST

START_TEST(test_stop)
{
    struct engine engine;
    struct trace trace = {.length = 0};
    struct note a = make_note(&trace, 'a', 1);
    struct note stop = make_note(&trace, '!', 2);
    struct note b = make_note(&trace, 'b', 3);
    engine_init(&engine);
    engine_schedule_from(&engine, &b.source, &b.event, 10);
    engine_schedule_from(&engine, &stop.source, &stop.event, 10);
    engine_schedule_from(&engine, &a.source, &a.event, 10);
    ck_assert_uint_eq(engine_run(&engine, 100), 2);
    ck_assert(engine_was_stopped(&engine));
    ck_assert_int_eq(engine_now(&engine), 10);
    ck_assert_str_eq(trace.text, "a!");
    ck_assert_uint_eq(engine_run(&engine, 100), 1);
    ck_assert(!engine_was_stopped(&engine));
    ck_assert_int_eq(engine_now(&engine), 100);
    engine_free(&engine);
}
END_TEST

static void dispose_note(struct event *event, void *context)
{
    unsigned *count = context;
    ck_assert(!event_is_pending(event));
    (*count)++;
    free(event_owner(event, struct note, event));
}

/* What is pending when a run ends is handed back, wherever the queue kept it. */
START_TEST(test_drain)
{
    struct engine engine;
    struct trace trace = {.length = 0};
    unsigned count = 0;
    engine_init(&engine);
    for (uint32_t i = 0; i < 30000; i++) {
        struct note *note = malloc(sizeof *note);
        *note = make_note(&trace, 'x', i);
        time_ns time = i % 3 == 0 ? 500 : i % 3 == 1 ? SECONDS(i) : 500 + i;
        engine_schedule_from(&engine, &note->source, &note->event, time);
    }
    struct note stop = make_note(&trace, '!', UINT32_MAX);
    engine_schedule_from(&engine, &stop.source, &stop.event, 499);
    ck_assert_uint_eq(engine_run(&engine, TIME_NEVER), 1);
    ck_assert_uint_eq(engine_pending_count(&engine), 30000);
    engine_drain(&engine, dispose_note, &count);
    ck_assert_uint_eq(count, 30000);
    ck_assert_uint_eq(engine_pending_count(&engine), 0);
    engine_free(&engine);
}
END_TEST

/* The same schedule gives the same run, whatever the addresses and the order of insertion. */
static uint64_t fingerprint(bool backwards)
{
    enum { COUNT = 5000 };
    struct engine engine;
    struct event_source sources[COUNT];
    struct event *events = calloc(COUNT, sizeof *events);
    uint64_t hash = 14695981039346656037u;
    engine_init(&engine);
    for (unsigned k = 0; k < COUNT; k++) {
        unsigned i = backwards ? COUNT - 1 - k : k;
        struct event *event = &events[backwards ? k : i];
        sources[i] = (struct event_source){.index = i};
        engine_schedule_from(&engine, &sources[i], event, (time_ns)(i * 2654435761u % 97));
    }
    for (unsigned step = 0; step < 20 * COUNT; step++) {
        struct event *event = event_queue_pop(&engine.queue, TIME_NEVER);
        engine.now = event->time;
        hash =
            (hash ^ (uint64_t)event->time ^ (uint64_t)event->source << 32 ^ event->counter) * 1099511628211u;
        engine_schedule_from(&engine, &sources[event->source], event,
                             event->time + (time_ns)(hash >> 32) % 50);
    }
    engine_drain(&engine, NULL, NULL);
    engine_free(&engine);
    free(events);
    return hash;
}

START_TEST(test_same_schedule_same_run)
{
    uint64_t forwards = fingerprint(false);
    ck_assert_uint_eq(forwards, fingerprint(false));
    ck_assert_uint_eq(forwards, fingerprint(true));
}
END_TEST

START_TEST(test_pool)
{
    enum { COUNT = 3000 };
    struct pool pool;
    char *records[COUNT];
    pool_init(&pool, 50);
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < COUNT; i++) {
            records[i] = pool_take(&pool);
            ck_assert_uint_eq((uintptr_t)records[i] % 16, 0);
            memset(records[i], (int)(i & 0x7f), 50);
        }
        ck_assert_uint_eq(pool.in_use, COUNT);
        for (unsigned i = 0; i < COUNT; i++) {
            ck_assert_int_eq(records[i][0], (char)(i & 0x7f));
            ck_assert_int_eq(records[i][49], (char)(i & 0x7f));
            pool_return(&pool, records[i]);
        }
    }
    size_t capacity = pool.capacity;
    ck_assert_uint_eq(pool.in_use, 0);
    ck_assert_uint_lt(capacity, 3 * COUNT); /* returned records are taken again */
    char *last = pool_take(&pool);
    ck_assert_ptr_eq(last, records[COUNT - 1]);
    pool_return(&pool, NULL);
    pool_free(&pool);
    pool_return(&pool, NULL);
    last = pool_take(&pool); /* of use again */
    memset(last, 0, 50);
    pool_free(&pool);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("engine");
    TCase *tests = tcase_create("engine");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_order_is_time_source_counter);
    tcase_add_test(tests, test_move_and_cancel);
    tcase_add_test(tests, test_run_until_and_go_on);
    tcase_add_test(tests, test_stop);
    tcase_add_test(tests, test_drain);
    tcase_add_test(tests, test_same_schedule_same_run);
    tcase_add_test(tests, test_pool);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
