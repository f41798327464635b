/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.c - the run loop: take the next event, set the clock, run it.
 *
 * Everything that makes a run reproducible is in the key of the events (event_queue.h); everything that
 * makes it fast is in the queue. The loop keeps no state of its own, so a run may be cut into pieces
 * anywhere.
 */
#include "sim/engine/engine.h"

void engine_init(struct engine *engine)
{
    *engine = (struct engine){0};
    event_queue_init(&engine->queue);
}

void engine_free(struct engine *engine)
{
    event_queue_free(&engine->queue);
}

time_ns engine_next_time(struct engine *engine)
{
    const struct event *event = event_queue_peek(&engine->queue);
    return event ? event->time : TIME_NEVER;
}

uint64_t engine_run(struct engine *engine, time_ns until)
{
    uint64_t count_before = engine->event_count;
    struct event *event;
    engine->stopping = false;
    while (!engine->stopping && (event = event_queue_pop(&engine->queue, until))) {
        engine->now = event->time;
        engine->event_count++;
        event->run(engine, event);
    }
    if (!engine->stopping && until != TIME_NEVER && until > engine->now) {
        engine->now = until;
        event_queue_advance(&engine->queue, until);
    }
    return engine->event_count - count_before;
}

void engine_drain(struct engine *engine, event_dispose *dispose, void *context)
{
    struct event *event;
    while ((event = event_queue_take_any(&engine->queue)))
        if (dispose)
            dispose(event, context);
}
