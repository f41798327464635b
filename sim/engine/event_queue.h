/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_queue.h - the pending-event set: which event is next.
 *
 * An event is an intrusive record, embedded in what owns it: a simulated node's wake slot, a packet in
 * flight, an action of the timeline. The queue borrows it from insertion until it is popped or removed; its
 * memory must not move or go away meanwhile. No allocation is made per event: the queue's own memory
 * is 4 to 12 buckets of 8 octets for each event that was pending at the busiest time, and 24 at most beside.
 *
 * Order: by (time, source, counter), nothing else: never by address, nor by the order of insertion. The
 * caller sees to it that no two pending events have the same key; `counter` is 64 bits wide, so that no
 * source can wrap it.
 *
 * Cost: amortized constant for insert, remove and pop if times are drawn from any distribution that does not
 * change faster than once per turn of the set; logarithmic at worst, for any sequence of operations
 * (event_queue.c says why).
 */
#ifndef MIP6SIM_SIM_ENGINE_EVENT_QUEUE_H
#define MIP6SIM_SIM_ENGINE_EVENT_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/time.h"

struct engine;
struct event;

/* Called when the event is due and no longer pending: it may be scheduled again, or freed with its owner. */
typedef void event_run(struct engine *engine, struct event *event);

struct event {
    time_ns time;       /* the key: time first, */
    uint64_t counter;   /* the source's own counter last, */
    uint32_t source;    /* the source (say, the number of the node) in between */
    uint32_t position;  /* private to the queue: 0 when not pending */
    struct event *next; /* private: the event after this one in its bucket */
    union {
        struct event **link;  /* private: what points at this event in its bucket */
        uint64_t crowd_place; /* private: its index in the crowd */
    };
    event_run *run;
};

/* A zeroed event with `run` set is just as good. */
static inline void event_init(struct event *event, event_run *run)
{
    *event = (struct event){.time = TIME_NEVER, .run = run};
}

static inline bool event_is_pending(const struct event *event)
{
    return event->position != 0;
}

/* The struct that embeds the event. */
#define event_owner(event, type, member) ((type *)(void *)((char *)(event)-offsetof(type, member)))

/* Whether a comes before b in the order of the run. */
static inline bool event_precedes(const struct event *a, const struct event *b)
{
    if (a->time != b->time)
        return a->time < b->time;
    if (a->source != b->source)
        return a->source < b->source;
    return a->counter < b->counter;
}

struct event_heap_entry {
    time_ns time; /* a copy of the event's, so that comparing rarely touches the event */
    struct event *event;
};

/* Insertions into a big ring that wait for their bucket to come into the cache. */
#define EVENT_QUEUE_ARRIVALS 8u

/* All members are private; event_queue.c explains them. */
struct event_queue {
    struct event **bucket; /* heads of the buckets' lists */
    uint64_t *occupied;    /* a bit for every bucket, set if it is in use, perhaps after it was */
    uint64_t mask;         /* number of buckets - 1; a power of two */
    time_ns floor;         /* no pending event is earlier */
    uint32_t shift;        /* a bucket is 2^shift ns wide */
    uint32_t ring_count;   /* events in buckets, in the crowd and in `arrival` */
    uint32_t heap_count;
    uint32_t heap_capacity;
    struct event_heap_entry *heap;
    struct event *crowd_first; /* the first of `crowd`, NULL if it is empty */
    struct event **crowd;      /* the events of a crowded bucket, in order, NULL for those removed */
    uint32_t crowd_at;         /* index of crowd_first */
    uint32_t crowd_count;
    uint32_t crowd_capacity;
    int64_t allowance;     /* of work before the next look at the shape of the ring */
    uint64_t popped;       /* lately, and */
    uint64_t peak;         /* most events pending at a pop, lately */
    time_ns measured;      /* the time it took, without that */
    time_ns measured_from; /* since this */
    uint64_t grow_at;      /* number of pending events at which the ring is rebuilt at once */
    time_ns arrival_time;  /* no event in `arrival` is earlier; TIME_NEVER if there is none */
    uint32_t arrivals;     /* so far; its remainder is the next place in `arrival` */
    struct event *arrival[EVENT_QUEUE_ARRIVALS];
    void *heap_memory;
};

/* Memory that cannot be had is fatal (abort), as everywhere in sim/. */
void event_queue_init(struct event_queue *queue);
void event_queue_free(struct event_queue *queue); /* the queue's own memory; pending events are forgotten */

static inline size_t event_queue_count(const struct event_queue *queue)
{
    return (size_t)queue->ring_count + queue->heap_count;
}

/*
 * Adds an event that is not pending and whose key and run are set. Its time must be >= that of the last event
 * popped, and < TIME_NEVER. Fewer than 2^32 - 4 events may be pending.
 */
void event_queue_insert(struct event_queue *queue, struct event *event);

/* Takes a pending event out for good; nothing in the queue refers to it afterwards. */
void event_queue_remove(struct event_queue *queue, struct event *event);

/* Takes the next event out if it is due at or before `until`; NULL if there is none. */
struct event *event_queue_pop(struct event_queue *queue, time_ns until);

/* The next event, left where it is; NULL if there is none. */
struct event *event_queue_peek(struct event_queue *queue);

/*
 * Promises that nothing earlier than `time` will be inserted; nothing earlier may be pending. Keeps the ring
 * in place when the clock moves on without an event.
 */
void event_queue_advance(struct event_queue *queue, time_ns time);

/* Takes any one event out, in no particular order; NULL when empty. For tearing down. */
struct event *event_queue_take_any(struct event_queue *queue);

#endif
