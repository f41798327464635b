/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_queue.c - the pending-event set: a ring of buckets for what is near, a heap for everything else.
 *
 * The ring is one turn of a calendar (R. Brown, "Calendar queues", CACM 31(10), 1988, without the years):
 * bucket b holds, as an unordered list, the events whose time lies in [b, b + 1) * 2^shift ns, for as many
 * buckets as there are, beginning with that of `floor`, the time of the last event popped. A bit for every
 * bucket says where to look. An event beyond the turn goes to a 4-ary heap (the four children of a node share
 * a cache line) and stays there until it is due. The next event is the earliest of three: the first in the
 * ring, the top of the heap, the first of the crowd (below). So an event may always be in any of these
 * places, and no choice made here can change the order of a run: only its cost.
 *
 * Why it adapts to any distribution. If N events are pending and g is the mean gap between events, then N g
 * is the mean time from scheduling to running (Little's law). A turn is made at least 2 N g long, so at most
 * half of all events are scheduled past it (Markov's inequality), whatever their distribution; of exponential
 * times, less than one in seven. Buckets are about g / 2 wide, so most hold one event or none. The gap is
 * measured from what is popped; the shape is looked at again each time as much work was done as making a new
 * ring costs, which keeps that cost a constant share. When the number of pending events has doubled, the ring
 * is made anew at once, with the gap taken from the pending times if too little was popped to tell.
 *
 * Why nothing becomes quadratic. A bucket of more than CROWD events (a burst at one instant) becomes the
 * crowd: an array sorted once, by natural merge sort, in one pass if the events came in order. What is added
 * to that bucket later, if it crowds again while the crowd lasts, goes to the heap. The search for the next
 * bucket ends at the earliest time already known, and counts as work. Removal unlinks from a list, clears a
 * place in the crowd, or takes out of the heap at the event's position. So the worst is a heap's log N an
 * event.
 *
 * Lists, not arrays, because the heads are dense, eight to a cache line, and an event that is about to run
 * must be brought into the cache anyway. In a big ring two misses would cost more than all the rest, and
 * both are hidden: the pop fetches the events of the buckets ahead, and an insertion only fetches its bucket
 * and waits among the last few arrivals until some more have come (or until it may be due). With a million
 * events the latter nearly halves the time of a hold.
 *
 * Measured against it by `bench_hold --compare` (hold model, exponential times, dispatch included, N = 10^3 /
 * 10^5 / 10^6, ns on one machine): this set 15 / 18 / 65; 4-ary heap with positions 60 / 114 / 244 (in bare
 * C, free of branches, positions and dispatch: 25 / 50 / 190); binary heap 57 / 108 / 217; pairing heap 92 /
 * 227 / 1144. A true removal at 10^6: 19; 49; 74; 116. Buckets of a cache line with the keys inside, in bare
 * C: no faster, and they take several times the memory.
 */
#include "sim/engine/event_queue.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* The position of an event that is not in the heap; in the heap it is the index + 1. */
#define IN_LIST    UINT32_MAX
#define IN_ARRIVAL (UINT32_MAX - 1)
#define IN_CROWD   (UINT32_MAX - 2)

#define CROWD         12    /* events of one bucket that are searched one by one */
#define TURN          2     /* a turn is at least this many mean times from scheduling to running long */
#define CROWD_AHEAD   8     /* events of the crowd from the next one to the one that is fetched */
#define LEAST_BUCKETS 64    /* one word of bits */
#define LEAST_PERIOD  256   /* of pops between looks at the shape */
#define SAMPLES       64    /* pending times that tell the gap when nothing was popped yet */
#define BIG           16384 /* from so many buckets on, heads and events are fetched ahead of their use */
#define HUGE_PAGE     ((size_t)2 << 20)
#define MAPPED        ((size_t)128 << 10) /* arrays of a ring from here to two huge pages are mapped */

static void *allocate(size_t size, size_t alignment)
{
    size = (size + alignment - 1) & ~(alignment - 1);
    void *memory = aligned_alloc(alignment, size);
    if (!memory)
        abort();
    return memory;
}

/* Rings come and go: what is mapped goes back to the system with its ring, malloc would keep it. */
static bool is_mapped(size_t size)
{
    return size >= MAPPED && size < 2 * HUGE_PAGE;
}

/* Heads are visited at random: with 4 KiB pages a big ring would cost a page walk per insertion. */
static void *allocate_zeroed(size_t size)
{
    void *memory;
    if (is_mapped(size)) {
        memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (memory == MAP_FAILED)
            abort();
        return memory;
    }
    if (size >= 2 * HUGE_PAGE) {
        memory = allocate(size, HUGE_PAGE);
        madvise(memory, size, MADV_HUGEPAGE);
    } else {
        memory = allocate(size, 64);
    }
    return memset(memory, 0, size);
}

static void give_back(void *memory, size_t size)
{
    if (is_mapped(size))
        munmap(memory, size);
    else
        free(memory);
}

/* ---- the heap ---- */

static inline bool entry_precedes(struct event_heap_entry a, struct event_heap_entry b)
{
    if (a.time != b.time)
        return a.time < b.time;
    return event_precedes(a.event, b.event);
}

static inline void heap_put(struct event_queue *queue, uint32_t index, struct event_heap_entry entry)
{
    queue->heap[index] = entry;
    entry.event->position = index + 1;
}

static void heap_rise(struct event_queue *queue, uint32_t index, struct event_heap_entry entry)
{
    while (index > 0) {
        uint32_t parent = (index - 1) / 4;
        if (!entry_precedes(entry, queue->heap[parent]))
            break;
        heap_put(queue, index, queue->heap[parent]);
        index = parent;
    }
    heap_put(queue, index, entry);
}

static void heap_sink(struct event_queue *queue, uint32_t index, struct event_heap_entry entry)
{
    const struct event_heap_entry *heap = queue->heap;
    for (;;) {
        uint64_t child = 4 * (uint64_t)index + 1;
        if (child >= queue->heap_count)
            break;
        uint64_t end = child + 4 < queue->heap_count ? child + 4 : queue->heap_count;
        uint64_t least = child;
        while (++child < end)
            least = entry_precedes(heap[child], heap[least]) ? child : least;
        if (!entry_precedes(heap[least], entry))
            break;
        heap_put(queue, index, heap[least]);
        index = (uint32_t)least;
    }
    heap_put(queue, index, entry);
}

/* Entry 1 is aligned, so that children 4i + 1 to 4i + 4 share a cache line: entry 0 stands 3 entries in. */
static void heap_grow(struct event_queue *queue)
{
    uint32_t capacity = queue->heap_capacity > UINT32_MAX / 2 ? UINT32_MAX - 4 : queue->heap_capacity * 2;
    if (capacity < 61)
        capacity = 61;
    if (capacity == queue->heap_capacity)
        abort();
    struct event_heap_entry *memory = allocate(((size_t)capacity + 3) * sizeof *memory, 64);
    if (queue->heap_count)
        memcpy(memory + 3, queue->heap, queue->heap_count * sizeof *memory);
    free(queue->heap_memory);
    queue->heap_memory = memory;
    queue->heap = memory + 3;
    queue->heap_capacity = capacity;
}

static void heap_insert(struct event_queue *queue, struct event *event)
{
    if (queue->heap_count == queue->heap_capacity)
        heap_grow(queue);
    heap_rise(queue, queue->heap_count++, (struct event_heap_entry){event->time, event});
}

static void heap_remove(struct event_queue *queue, uint32_t index)
{
    struct event_heap_entry last = queue->heap[--queue->heap_count];
    if (index == queue->heap_count)
        return;
    if (index > 0 && entry_precedes(last, queue->heap[(index - 1) / 4]))
        heap_rise(queue, index, last);
    else
        heap_sink(queue, index, last);
}

/* ---- lists ---- */

static inline void list_insert(struct event **head, struct event *event)
{
    struct event *next = *head;
    struct event **nowhere = NULL;
    struct event ***back = next ? &next->link : &nowhere; /* no branch: it would be a coin's toss */
    event->next = next;
    event->link = head;
    *back = &event->next;
    *head = event;
}

static inline void list_remove(struct event *event)
{
    struct event *next = event->next;
    struct event **nowhere = NULL;
    struct event ***back = next ? &next->link : &nowhere;
    *back = event->link;
    *event->link = next;
}

static struct event *list_merge(struct event *a, struct event *b)
{
    struct event *merged = NULL;
    struct event **end = &merged;
    while (a && b) {
        struct event **earlier = event_precedes(a, b) ? &a : &b;
        *end = *earlier;
        end = &(*earlier)->next;
        *earlier = *end;
    }
    *end = a ? a : b;
    return merged;
}

/* Takes the events that are in order already, either way round, off the list; returns them rising. */
static struct event *list_take_run(struct event **list)
{
    struct event *first = *list;
    struct event *last = first;
    struct event *next = first->next;
    if (next && event_precedes(next, first)) {
        while (next && event_precedes(next, first)) {
            struct event *after = next->next;
            next->next = first;
            first = next;
            next = after;
        }
    } else {
        while (next && event_precedes(last, next)) {
            last = next;
            next = next->next;
        }
    }
    last->next = NULL;
    *list = next;
    return first;
}

/* Natural merge sort; pile k holds 2^k runs merged into one. */
static struct event *list_sort(struct event *list)
{
    struct event *pile[32] = {NULL};
    unsigned piles = 0;
    while (list) {
        struct event *run = list_take_run(&list);
        unsigned k = 0;
        for (; pile[k]; k++) {
            run = list_merge(pile[k], run);
            pile[k] = NULL;
        }
        pile[k] = run;
        piles = k >= piles ? k + 1 : piles;
    }
    struct event *sorted = NULL;
    for (unsigned k = 0; k < piles; k++)
        sorted = list_merge(sorted, pile[k]);
    return sorted;
}

/* ---- the ring ---- */

static inline uint64_t ring_bucket(const struct event_queue *queue, time_ns time)
{
    return (uint64_t)time >> queue->shift;
}

static void ring_allocate(struct event_queue *queue, uint64_t buckets, uint32_t shift)
{
    queue->bucket = allocate_zeroed(buckets * sizeof *queue->bucket);
    queue->occupied = allocate_zeroed(buckets / 8);
    queue->mask = buckets - 1;
    queue->shift = shift;
}

static inline void ring_link(struct event_queue *queue, struct event *event)
{
    uint64_t bucket = ring_bucket(queue, event->time) & queue->mask;
    queue->occupied[bucket / 64] |= (uint64_t)1 << (bucket % 64);
    event->position = IN_LIST;
    list_insert(&queue->bucket[bucket], event);
}

/* Takes the place of the event EVENT_QUEUE_ARRIVALS earlier, whose bucket is in the cache by now. */
static inline void ring_arrive(struct event_queue *queue, struct event *event)
{
    struct event **place = &queue->arrival[queue->arrivals++ % EVENT_QUEUE_ARRIVALS];
    struct event *earlier = *place;
    __builtin_prefetch(&queue->bucket[ring_bucket(queue, event->time) & queue->mask], 1);
    *place = event;
    event->position = IN_ARRIVAL;
    queue->arrival_time = event->time < queue->arrival_time ? event->time : queue->arrival_time;
    if (earlier)
        ring_link(queue, earlier);
}

static void ring_settle_arrivals(struct event_queue *queue)
{
    for (uint32_t i = 0; i < EVENT_QUEUE_ARRIVALS; i++) { /* the oldest first: bursts stay in order */
        struct event **place = &queue->arrival[(queue->arrivals + i) % EVENT_QUEUE_ARRIVALS];
        if (*place)
            ring_link(queue, *place);
        *place = NULL;
    }
    queue->arrival_time = TIME_NEVER;
}

static void ring_free(struct event_queue *queue)
{
    give_back(queue->bucket, (queue->mask + 1) * sizeof *queue->bucket);
    give_back(queue->occupied, (queue->mask + 1) / 8);
}

/* Puts an event where its time belongs, without a thought for the shape. */
static inline void place(struct event_queue *queue, struct event *event)
{
    uint64_t distance = ring_bucket(queue, event->time) - ring_bucket(queue, queue->floor);
    if (distance > queue->mask) {
        heap_insert(queue, event);
        return;
    }
    queue->ring_count++;
    if (queue->mask >= BIG)
        ring_arrive(queue, event);
    else
        ring_link(queue, event);
}

/* ---- the crowd: a bucket of many events, as a sorted array ---- */

static void crowd_grow(struct event_queue *queue)
{
    uint64_t capacity = queue->crowd_capacity ? 2 * (uint64_t)queue->crowd_capacity : 64;
    struct event **crowd = realloc(queue->crowd, capacity * sizeof(struct event *));
    if (!crowd || capacity > UINT32_MAX)
        abort();
    queue->crowd = crowd;
    queue->crowd_capacity = (uint32_t)capacity;
}

/* To the first that was not removed, at or behind `at`; what comes a few places later is fetched. */
static void crowd_advance(struct event_queue *queue, uint32_t at)
{
    while (at < queue->crowd_count && !queue->crowd[at])
        at++;
    queue->crowd_at = at;
    queue->crowd_first = at < queue->crowd_count ? queue->crowd[at] : NULL;
    if (queue->crowd_count - at > CROWD_AHEAD && queue->crowd[at + CROWD_AHEAD])
        __builtin_prefetch(queue->crowd[at + CROWD_AHEAD]);
}

/* The list is walked once if it is in order, either way round: no event was fetched yet. */
static void crowd_make(struct event_queue *queue, struct event *list)
{
    uint32_t count = 0;
    bool rises = true;
    bool falls = true;
    for (struct event *event = list; event; event = event->next) {
        if (count == queue->crowd_capacity)
            crowd_grow(queue);
        if (count && event_precedes(event, queue->crowd[count - 1]))
            rises = false;
        else if (count)
            falls = false;
        queue->crowd[count++] = event;
    }
    if (!rises && !falls) {
        count = 0;
        for (struct event *event = list_sort(list); event; event = event->next)
            queue->crowd[count++] = event;
    }
    for (uint32_t i = 0; falls && i < count / 2; i++) {
        struct event *event = queue->crowd[i];
        queue->crowd[i] = queue->crowd[count - 1 - i];
        queue->crowd[count - 1 - i] = event;
    }
    for (uint32_t i = 0; i < count; i++) {
        queue->crowd[i]->position = IN_CROWD;
        queue->crowd[i]->crowd_place = i;
    }
    queue->crowd_count = count;
    crowd_advance(queue, 0);
}

static inline void crowd_remove(struct event_queue *queue, struct event *event)
{
    queue->crowd[event->crowd_place] = NULL;
    if (event == queue->crowd_first)
        crowd_advance(queue, queue->crowd_at + 1);
}

/* A burst: its first events become the crowd, and while that lasts, later ones go to the heap. */
static void ring_thin(struct event_queue *queue, struct event **head)
{
    struct event *list = *head;
    *head = NULL;
    if (!queue->crowd_first) {
        crowd_make(queue, list);
        return;
    }
    for (struct event *next; list; list = next) {
        next = list->next;
        queue->ring_count--;
        heap_insert(queue, list);
    }
}

/* The first event of a bucket, or NULL if the bucket was crowded and is empty now. */
static inline struct event *ring_search(struct event_queue *queue, struct event **head)
{
    struct event *first = *head;
    unsigned count = 1;
    for (struct event *event = first->next; event; event = event->next) {
        if (++count > CROWD) {
            queue->allowance -= CROWD;
            ring_thin(queue, head);
            return NULL;
        }
        first = event_precedes(event, first) ? event : first;
    }
    return first;
}

/*
 * The head of the first bucket in use that begins at or before `limit`; NULL if there is none. The words are
 * gone through at most once round; bits of buckets that were emptied are cleared on the way.
 */
static inline struct event **ring_first_bucket(struct event_queue *queue, time_ns limit)
{
    uint64_t here = ring_bucket(queue, queue->floor);
    uint64_t reach = ring_bucket(queue, limit) - here;
    if (reach > queue->mask)
        reach = queue->mask;
    uint64_t index = here & queue->mask;
    uint64_t word = index / 64;
    uint64_t distance = 0 - index % 64; /* from here to the first bucket of the word */
    uint64_t bits = queue->occupied[word] & ~(uint64_t)0 << (index % 64);
    for (;;) {
        while (bits) {
            unsigned bit = (unsigned)__builtin_ctzll(bits);
            if (distance + bit > reach)
                return NULL;
            struct event **head = &queue->bucket[word * 64 + bit];
            if (*head)
                return head;
            bits &= bits - 1;
            queue->occupied[word] &= ~((uint64_t)1 << bit);
        }
        distance += 64;
        if (distance > reach)
            return NULL;
        word = (word + 1) & queue->mask / 64;
        bits = queue->occupied[word];
        queue->allowance--;
    }
}

/*
 * Fetches what runs soon: the event of the fourth bucket in use after this one, and the second event of the
 * second. (A call to a function that does nothing but fetch, gcc would drop as having no effect.)
 */
__attribute__((always_inline)) static inline void ring_fetch_ahead(const struct event_queue *queue,
                                                                   uint64_t index)
{
    uint64_t word = index / 64;
    uint64_t next_word = (word + 1) & queue->mask / 64;
    uint64_t ahead = queue->occupied[word] >> (index % 64) | queue->occupied[next_word] << 1
                                                                                        << (63 - index % 64);
    ahead &= ahead - 1; /* without this bucket itself */
    ahead &= ahead - 1;
    if (ahead) {
        const struct event *event = queue->bucket[(index + (unsigned)__builtin_ctzll(ahead)) & queue->mask];
        if (event)
            __builtin_prefetch(event->next);
    }
    ahead &= ahead - 1;
    ahead &= ahead - 1;
    if (ahead)
        __builtin_prefetch(queue->bucket[(index + (unsigned)__builtin_ctzll(ahead)) & queue->mask]);
}

/* ---- the shape ---- */

/* Empties the set into one list and frees the ring. */
static struct event *dismantle(struct event_queue *queue)
{
    struct event *all = NULL;
    ring_settle_arrivals(queue);
    for (uint64_t word = 0; word <= queue->mask / 64; word++) {
        for (uint64_t bits = queue->occupied[word]; bits; bits &= bits - 1) {
            struct event *event = queue->bucket[word * 64 + (unsigned)__builtin_ctzll(bits)];
            for (struct event *next; event; event = next) {
                next = event->next;
                event->next = all;
                all = event;
            }
        }
    }
    for (uint32_t i = queue->crowd_at; i < queue->crowd_count; i++) {
        if (queue->crowd[i]) {
            queue->crowd[i]->next = all;
            all = queue->crowd[i];
        }
    }
    for (uint32_t i = 0; i < queue->heap_count; i++) {
        queue->heap[i].event->next = all;
        all = queue->heap[i].event;
    }
    ring_free(queue);
    queue->crowd_first = NULL;
    queue->crowd_count = 0;
    queue->crowd_at = 0;
    queue->ring_count = 0;
    queue->heap_count = 0;
    return all;
}

static void rebuild(struct event_queue *queue, uint64_t buckets, uint32_t shift)
{
    struct event *all = dismantle(queue);
    ring_allocate(queue, buckets, shift);
    for (struct event *next; all; all = next) {
        next = all->next;
        place(queue, all);
    }
}

/* The power of two nearest to half the gap. */
static uint32_t shift_for_gap(double gap)
{
    uint32_t shift = 0;
    while (shift < 62 && (double)((uint64_t)1 << shift) * 1.5 <= gap / 2)
        shift++;
    return shift;
}

/* Buckets of 2^shift ns for `count` events pending with this gap. */
static uint64_t buckets_for(double gap, uint64_t count, uint32_t shift)
{
    double wanted = TURN * gap * (double)count / (double)((uint64_t)1 << shift);
    uint64_t buckets = LEAST_BUCKETS;
    while ((double)buckets < wanted && buckets < 8 * TURN * count)
        buckets *= 2;
    return buckets;
}

/* The gap as the pending times tell it: 1/4 of the events share the time up to the first quartile. */
static double gap_of_pending(const struct event_queue *queue, uint64_t count)
{
    time_ns sample[SAMPLES];
    unsigned samples = 0;
    uint64_t stride = count / SAMPLES + 1;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < queue->heap_count && samples < SAMPLES; i++)
        if (seen++ % stride == 0)
            sample[samples++] = queue->heap[i].time;
    for (uint64_t b = 0; b <= queue->mask && samples < SAMPLES; b++)
        for (const struct event *event = queue->bucket[b]; event && samples < SAMPLES; event = event->next)
            if (seen++ % stride == 0)
                sample[samples++] = event->time;
    for (unsigned i = 1; i < samples; i++) {
        time_ns time = sample[i];
        unsigned k = i;
        for (; k > 0 && sample[k - 1] > time; k--)
            sample[k] = sample[k - 1];
        sample[k] = time;
    }
    for (unsigned quarter = 1; quarter <= 4 && samples; quarter++) {
        time_ns span = sample[(samples - 1) * quarter / 4] - queue->floor;
        if (span > 0)
            return (double)span * 4 / quarter / (double)count;
    }
    return 0;
}

/* The mean gap between the events popped, of which the latest count most; 0 if that tells nothing. */
static double gap_of_popped(const struct event_queue *queue)
{
    double span = (double)queue->measured + (double)(queue->floor - queue->measured_from);
    return queue->popped ? span / (double)queue->popped : 0;
}

/* Begins another period of measuring; what was measured before counts half. */
static void measure_on(struct event_queue *queue)
{
    uint64_t count = event_queue_count(queue);
    uint64_t period = count > LEAST_PERIOD ? count : LEAST_PERIOD;
    if (period < (queue->mask + 1) / 16)
        period = (queue->mask + 1) / 16;
    queue->allowance = (int64_t)period;
    queue->measured = (queue->measured + (queue->floor - queue->measured_from)) / 2;
    queue->measured_from = queue->floor;
    queue->popped /= 2;
    queue->peak = count > queue->peak / 2 ? count : queue->peak / 2;
}

/* As much was done since the last look as a new ring costs: is another shape better by a factor of two? */
static void consider_shape(struct event_queue *queue)
{
    double gap = gap_of_popped(queue);
    if (gap > 0) {
        uint32_t shift = shift_for_gap(gap);
        if (shift == queue->shift + 1 || shift + 1 == queue->shift)
            shift = queue->shift;
        uint64_t buckets = buckets_for(gap, queue->peak, shift);
        if (shift != queue->shift || buckets > queue->mask + 1 || buckets * 4 < queue->mask + 1) {
            rebuild(queue, buckets, shift);
            queue->grow_at = queue->peak < LEAST_BUCKETS / 2 ? LEAST_BUCKETS : queue->peak * 2;
        }
    }
    measure_on(queue);
}

static void grow(struct event_queue *queue)
{
    uint64_t count = event_queue_count(queue);
    double gap = queue->popped >= count / 2 ? gap_of_popped(queue) : 0;
    if (gap <= 0)
        gap = gap_of_pending(queue, count);
    if (gap > 0) {
        uint32_t shift = shift_for_gap(gap);
        rebuild(queue, buckets_for(gap, count * 2, shift), shift);
    }
    queue->grow_at = count * 2;
    queue->measured = 0;
    queue->popped = 0;
    measure_on(queue);
}

/* ---- the set ---- */

void event_queue_init(struct event_queue *queue)
{
    *queue = (struct event_queue){.grow_at = LEAST_BUCKETS, .arrival_time = TIME_NEVER};
    ring_allocate(queue, LEAST_BUCKETS, 20);
    measure_on(queue);
}

void event_queue_free(struct event_queue *queue)
{
    ring_free(queue);
    free(queue->heap_memory);
    free(queue->crowd);
    *queue = (struct event_queue){0};
}

void event_queue_insert(struct event_queue *queue, struct event *event)
{
    assert(event->time >= queue->floor && event->time < TIME_NEVER);
    place(queue, event);
    if (event_queue_count(queue) >= queue->grow_at)
        grow(queue);
}

static inline void take_out(struct event_queue *queue, struct event *event)
{
    if (event->position == IN_LIST) {
        list_remove(event);
        queue->ring_count--;
    } else if (event->position == IN_ARRIVAL) {
        unsigned i = 0;
        while (queue->arrival[i] != event)
            i++;
        queue->arrival[i] = NULL;
        queue->ring_count--;
    } else if (event->position == IN_CROWD) {
        crowd_remove(queue, event);
        queue->ring_count--;
    } else {
        heap_remove(queue, event->position - 1);
    }
    event->position = 0;
}

void event_queue_remove(struct event_queue *queue, struct event *event)
{
    take_out(queue, event);
}

/* The next event if it is due by `until`; *head is the first bucket in use, if that was looked up. */
static inline struct event *first_until(struct event_queue *queue, time_ns until, struct event ***head)
{
    for (;;) {
        struct event *first = queue->crowd_first;
        if (queue->heap_count && (!first || event_precedes(queue->heap[0].event, first)))
            first = queue->heap[0].event;
        if (queue->ring_count) {
            time_ns limit = first && first->time < until ? first->time : until;
            *head = ring_first_bucket(queue, limit);
            if (*head) {
                struct event *event = ring_search(queue, *head);
                if (!event)
                    continue;
                if (!first || event_precedes(event, first))
                    first = event;
            }
            if (queue->arrival_time <= (first ? first->time : until) && queue->arrival_time != TIME_NEVER) {
                ring_settle_arrivals(queue);
                continue;
            }
        }
        return first && first->time <= until ? first : NULL;
    }
}

struct event *event_queue_pop(struct event_queue *queue, time_ns until)
{
    if (queue->allowance-- <= 0)
        consider_shape(queue);
    struct event **head = NULL;
    struct event *event = first_until(queue, until, &head);
    if (!event)
        return NULL;
    if (head && queue->mask >= BIG)
        ring_fetch_ahead(queue, (uint64_t)(head - queue->bucket));
    uint64_t count = event_queue_count(queue);
    queue->peak = count > queue->peak ? count : queue->peak;
    queue->popped++;
    queue->floor = event->time;
    take_out(queue, event);
    return event;
}

struct event *event_queue_peek(struct event_queue *queue)
{
    struct event **head = NULL;
    return first_until(queue, TIME_NEVER, &head);
}

void event_queue_advance(struct event_queue *queue, time_ns time)
{
    if (time > queue->floor)
        queue->floor = time;
}

struct event *event_queue_take_any(struct event_queue *queue)
{
    struct event *event = NULL;
    if (queue->heap_count) {
        event = queue->heap[queue->heap_count - 1].event;
    } else if (queue->crowd_first) {
        event = queue->crowd_first;
    } else if (queue->ring_count) {
        ring_settle_arrivals(queue);
        struct event **head = ring_first_bucket(queue, TIME_NEVER);
        event = head ? *head : NULL;
        if (event && ring_bucket(queue, event->time) > ring_bucket(queue, queue->floor))
            queue->floor =
                (time_ns)(ring_bucket(queue, event->time) << queue->shift); /* not searched again */
    }
    if (event)
        event_queue_remove(queue, event);
    return event;
}
