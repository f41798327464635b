/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.h - a node's timers: intrusive entries in one small binary heap per node.
 *
 * A timer is embedded in what it times. Timers of one node that fall due at the same instant expire
 * in the order in which they were armed. The environment only ever sees the earliest deadline.
 * Ownership: the queue borrows the timers; cancel a timer before its memory goes away.
 */
#ifndef MIP6SIM_MODELS_BASE_TIMER_H
#define MIP6SIM_MODELS_BASE_TIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/base/time.h"

struct node;
struct timer;

/* Called once per expiry, with the timer already disarmed; it may arm itself or any other again. */
typedef void timer_expired(struct node *node, struct timer *timer, time_ns now);

struct timer {
    time_ns deadline;
    timer_expired *expired;
    uint32_t position; /* in the heap, from 1; 0 when not armed */
    uint32_t order;    /* of arming, for equal deadlines */
};

struct timer_queue {
    union {
        struct timer *only;  /* capacity 0: the one there is room for */
        struct timer **heap; /* else */
    };
    uint32_t count;
    uint32_t capacity;
    uint32_t armed; /* source of `order` */
};

static inline struct timer **timer_queue_places(struct timer_queue *queue)
{
    return queue->capacity ? queue->heap : &queue->only;
}

#define TIMER_INITIALIZER(handler) {.deadline = TIME_NEVER, .expired = (handler)}

void timer_queue_free(struct timer_queue *queue); /* frees the heap, not the timers */

static inline void timer_init(struct timer *timer, timer_expired *expired)
{
    *timer = (struct timer)TIMER_INITIALIZER(expired);
}

static inline bool timer_is_armed(const struct timer *timer)
{
    return timer->position != 0;
}

/* Arms or moves the timer. Memory for the heap that cannot be had is fatal (abort): a node without timers
 * lies. */
void timer_arm(struct timer_queue *queue, struct timer *timer, time_ns deadline);
void timer_cancel(struct timer_queue *queue, struct timer *timer); /* harmless when not armed */

/* The timer that is due first. There must be one. */
static inline const struct timer *timer_queue_first(const struct timer_queue *queue)
{
    return queue->capacity ? queue->heap[0] : queue->only;
}

static inline time_ns timer_queue_earliest(const struct timer_queue *queue)
{
    return queue->count == 0 ? TIME_NEVER : timer_queue_first(queue)->deadline;
}

/* Expires, in order, every timer due at or before `now`, those armed meanwhile for `now` included. */
void timer_queue_run(struct timer_queue *queue, struct node *node, time_ns now);

/* The struct that embeds the timer. */
#define timer_owner(timer, type, member) ((type *)(void *)((char *)(timer) - offsetof(type, member)))

#endif
