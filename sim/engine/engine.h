/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * engine.h - the virtual clock and the run loop.
 *
 * An engine is self-contained: any number of them run at once in one process, each in one thread. Time
 * starts at 0 and moves only from event to event. The order of a run is exactly the order of the events'
 * keys (time, source, counter): the source is the number of the node (or of another thing) that schedules,
 * the counter its own count of what it has scheduled. What another source does in between never changes the
 * order of its events.
 *
 *     struct event_source source = {.index = node_number};
 *     event_init(&node->wake, node_wake_run);
 *     engine_schedule_from(engine, &source, &node->wake, deadline);
 *     engine_run(engine, SECONDS(40));
 *
 * Scheduling before engine_now() is a bug of the caller (assertion). Scheduling for TIME_NEVER means not to
 * schedule: the event is then not pending.
 */
#ifndef MIP6SIM_SIM_ENGINE_ENGINE_H
#define MIP6SIM_SIM_ENGINE_ENGINE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/time.h"
#include "sim/engine/event_queue.h"

struct engine {
    time_ns now;
    uint64_t event_count;
    bool stopping;
    struct event_queue queue;
};

/* One who schedules: a node, a link, the timeline. Indices are unique in an engine; counters begin at any. */
struct event_source {
    uint32_t index;
    uint64_t counter;
};

void engine_init(struct engine *engine);

/* Frees the engine's own memory. Pending events are forgotten: call engine_drain first if they own memory. */
void engine_free(struct engine *engine);

/* The time of the event that is running; between runs, where the last run ended. */
static inline time_ns engine_now(const struct engine *engine)
{
    return engine->now;
}

/* Events run since engine_init. */
static inline uint64_t engine_event_count(const struct engine *engine)
{
    return engine->event_count;
}

static inline size_t engine_pending_count(const struct engine *engine)
{
    return event_queue_count(&engine->queue);
}

/* The time of the next event; TIME_NEVER if nothing is pending. */
time_ns engine_next_time(struct engine *engine);

/* Schedules an event that is not pending. The event is borrowed until it has run or is cancelled. */
static inline void engine_schedule(struct engine *engine, struct event *event, time_ns time, uint32_t source,
                                   uint64_t counter)
{
    assert(time >= engine->now && !event_is_pending(event));
    event->time = time;
    event->source = source;
    event->counter = counter;
    if (time != TIME_NEVER)
        event_queue_insert(&engine->queue, event);
}

/* Takes the event out of the pending set for good; harmless when it is not pending. */
static inline void engine_cancel(struct engine *engine, struct event *event)
{
    if (event_is_pending(event))
        event_queue_remove(&engine->queue, event);
}

/* Schedules an event for another time (and key), whether it is pending or not; TIME_NEVER cancels it. */
static inline void engine_move(struct engine *engine, struct event *event, time_ns time, uint32_t source,
                               uint64_t counter)
{
    engine_cancel(engine, event);
    engine_schedule(engine, event, time, source, counter);
}

/* The same with the key taken from the source, whose counter advances by one. */
static inline void engine_schedule_from(struct engine *engine, struct event_source *source,
                                        struct event *event, time_ns time)
{
    engine_schedule(engine, event, time, source->index, source->counter++);
}

static inline void engine_move_from(struct engine *engine, struct event_source *source, struct event *event,
                                    time_ns time)
{
    engine_move(engine, event, time, source->index, source->counter++);
}

/*
 * Runs events in order until none is left that is due at or before `until`, or engine_stop is called.
 * Afterwards the clock shows `until`, unless the run was stopped or `until` is TIME_NEVER (run until nothing
 * is left): then the clock shows the time of the last event. May be called again to go on. Returns the
 * number of events run. Not to be called from within an event.
 */
uint64_t engine_run(struct engine *engine, time_ns until);

/* Called from an event: engine_run returns when this event has returned. */
static inline void engine_stop(struct engine *engine)
{
    engine->stopping = true;
}

/* Whether the last run ended by engine_stop. */
static inline bool engine_was_stopped(const struct engine *engine)
{
    return engine->stopping;
}

/*
 * Takes every pending event out, in no particular order, and hands it to `dispose` (NULL: just forget it),
 * which may free it with its owner, but schedules nothing. For owners that must give memory back when a run
 * ends early; dispose tells kinds of events apart by event->run.
 */
typedef void event_dispose(struct event *event, void *context);
void engine_drain(struct engine *engine, event_dispose *dispose, void *context);

#endif
