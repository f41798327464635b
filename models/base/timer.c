/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * timer.c - the binary heap behind timer.h.
 *
 * A node has few timers, most of which are moved or cancelled before they expire, so every timer knows its
 * place in the heap: moving and cancelling need no search. Equal deadlines are told apart by the order of
 * arming, compared so that the counter may wrap.
 */
#include "models/base/timer.h"

#include <stdlib.h>

static bool precedes(const struct timer *a, const struct timer *b)
{
    if (a->deadline != b->deadline)
        return a->deadline < b->deadline;
    return (int32_t)(a->order - b->order) < 0;
}

/* Positions count from 1, the heap's array from 0. */
static void place(struct timer_queue *queue, struct timer *timer, uint32_t position)
{
    timer_queue_places(queue)[position - 1] = timer;
    timer->position = position;
}

static void sift_up(struct timer_queue *queue, struct timer *timer, uint32_t position)
{
    struct timer **heap = timer_queue_places(queue);
    while (position > 1 && precedes(timer, heap[position / 2 - 1])) {
        place(queue, heap[position / 2 - 1], position);
        position /= 2;
    }
    place(queue, timer, position);
}

static void sift_down(struct timer_queue *queue, struct timer *timer, uint32_t position)
{
    struct timer **heap = timer_queue_places(queue);
    for (;;) {
        uint32_t child = 2 * position;
        if (child > queue->count)
            break;
        if (child < queue->count && precedes(heap[child], heap[child - 1]))
            child++;
        if (!precedes(heap[child - 1], timer))
            break;
        place(queue, heap[child - 1], position);
        position = child;
    }
    place(queue, timer, position);
}

/* Puts the timer where it belongs, given that everything else in the heap is in order. */
static void settle(struct timer_queue *queue, struct timer *timer, uint32_t position)
{
    if (position > 1 && precedes(timer, timer_queue_places(queue)[position / 2 - 1]))
        sift_up(queue, timer, position);
    else
        sift_down(queue, timer, position);
}

/* One place needs no block of its own; then 3, 7, 15 and so on, which fill the blocks that malloc gives. */
static void grow(struct timer_queue *queue)
{
    uint32_t capacity = queue->capacity ? queue->capacity * 2 + 1 : 3;
    struct timer **heap = realloc(queue->capacity ? queue->heap : NULL, capacity * sizeof(*heap));
    if (!heap)
        abort();
    if (queue->capacity == 0)
        heap[0] = queue->only;
    queue->heap = heap;
    queue->capacity = capacity;
}

static bool is_full(const struct timer_queue *queue)
{
    return queue->count == (queue->capacity ? queue->capacity : 1);
}

void timer_queue_free(struct timer_queue *queue)
{
    struct timer **heap = timer_queue_places(queue);
    for (uint32_t i = 0; i < queue->count; i++)
        heap[i]->position = 0;
    if (queue->capacity)
        free(queue->heap);
    *queue = (struct timer_queue){.only = NULL};
}

void timer_arm(struct timer_queue *queue, struct timer *timer, time_ns deadline)
{
    if (deadline == TIME_NEVER) {
        timer_cancel(queue, timer);
        return;
    }
    uint32_t position = timer->position;
    if (position == 0) {
        if (is_full(queue))
            grow(queue);
        position = ++queue->count;
    }
    timer->deadline = deadline;
    timer->order = queue->armed++;
    settle(queue, timer, position);
}

void timer_cancel(struct timer_queue *queue, struct timer *timer)
{
    uint32_t position = timer->position;
    if (position == 0)
        return;
    timer->position = 0;
    struct timer *last = timer_queue_places(queue)[--queue->count];
    if (last != timer)
        settle(queue, last, position);
}

void timer_queue_run(struct timer_queue *queue, struct node *node, time_ns now)
{
    while (queue->count != 0 && timer_queue_earliest(queue) <= now) {
        struct timer *timer = timer_queue_places(queue)[0];
        timer_cancel(queue, timer);
        timer->expired(node, timer, now);
    }
}
