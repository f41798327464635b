/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_hold.c - what an event costs: the hold model, and removal.
 *
 * Hold (R. Brown, 1988): N events are pending; the next one runs and schedules itself again after a random
 * time. One turn of N holds is not timed, so that a set that adapts itself has settled. A hold includes the
 * dispatch through the event's run function, an indirect call, and the draw of the time from a table. A true
 * removal takes a random pending event out, so that nothing refers to it any more; events are removed in
 * random order from N pending ones.
 *
 *     bench_hold              the engine
 *     bench_hold --compare    and the structures that it was chosen over, on the same work
 *
 * Figures are CPU time (CLOCK_PROCESS_CPUTIME_ID), the best of three.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "sim/engine/engine.h"

#define TABLE  65536u
#define ROUNDS 3

enum shape { EXPONENTIAL, UNIFORM, BIMODAL, TICKS, SHAPES };

static const char *const shape_name[SHAPES] = {"exponential", "uniform", "bimodal 0.1 s / 10 s",
                                               "whole seconds"};

/* Times until the next run: mean about 1 s. */
static void table_fill(time_ns *table, enum shape shape)
{
    uint64_t state = 0x9e3779b97f4a7c15u;
    for (uint32_t i = 0; i < TABLE; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        double unit = ((double)(state >> 11) + 0.5) * 0x1p-53;
        switch (shape) {
        case EXPONENTIAL:
            table[i] = 1 + (time_ns)(-log(unit) * 1e9);
            break;
        case UNIFORM:
            table[i] = 1 + (time_ns)(unit * 2e9);
            break;
        case BIMODAL:
            table[i] = unit < 0.9 ? 1 + (time_ns)(unit * 2e8 / 0.9) : (time_ns)((unit - 0.9) * 2e11);
            break;
        case TICKS:
        default:
            table[i] = SECONDS(1 + (unit < 0.5));
            break;
        }
    }
}

static double cpu_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void print_line(const char *what, const char *detail, uint32_t count, double value)
{
    char name[96];
    snprintf(name, sizeof name, "%s, %s, N = %u", what, detail, count);
    printf("%-64s %10.1f ns\n", name, value);
    fflush(stdout);
}

/* What the run functions need; the set under test comes first, so that its address is this one's. */
struct bench {
    struct engine engine;
    const time_ns *table;
    uint32_t draws;
    uint64_t left;
    struct event_source source;
    void *candidate;
    void (*candidate_insert)(void *candidate, struct event *event);
};

struct subject {
    struct event event;
    char payload[16]; /* an event is always part of something */
};

static time_ns next_draw(struct bench *bench)
{
    return bench->table[bench->draws++ & (TABLE - 1)];
}

static void hold_run(struct engine *engine, struct event *event)
{
    struct bench *bench = (struct bench *)(void *)engine;
    if (--bench->left == 0)
        engine_stop(engine);
    engine_schedule_from(engine, &bench->source, event, event->time + next_draw(bench));
}

static double hold_engine(uint32_t count, uint64_t holds, const time_ns *table)
{
    struct bench bench = {.table = table, .left = count};
    struct subject *subjects = calloc(count, sizeof *subjects);
    engine_init(&bench.engine);
    for (uint32_t i = 0; i < count; i++) {
        event_init(&subjects[i].event, hold_run);
        engine_schedule_from(&bench.engine, &bench.source, &subjects[i].event, next_draw(&bench));
    }
    engine_run(&bench.engine, TIME_NEVER);
    bench.left = holds;
    double begin = cpu_now();
    engine_run(&bench.engine, TIME_NEVER);
    double spent = cpu_now() - begin;
    engine_drain(&bench.engine, NULL, NULL);
    engine_free(&bench.engine);
    free(subjects);
    return spent * 1e9 / (double)holds;
}

static uint32_t *permutation(uint32_t count)
{
    uint32_t *order = malloc(count * sizeof *order);
    uint64_t state = 88172645463325252u;
    for (uint32_t i = 0; i < count; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        uint32_t k = (uint32_t)(state % (i + 1));
        order[i] = order[k];
        order[k] = i;
    }
    return order;
}

/* Of 2 N pending events N are removed, in random order. */
static double cancel_engine(uint32_t count, const time_ns *table)
{
    struct bench bench = {.table = table, .left = count};
    struct subject *subjects = calloc(2 * (size_t)count, sizeof *subjects);
    uint32_t *order = permutation(count);
    engine_init(&bench.engine);
    for (uint32_t i = 0; i < 2 * count; i++) {
        event_init(&subjects[i].event, hold_run);
        engine_schedule_from(&bench.engine, &bench.source, &subjects[i].event, next_draw(&bench));
    }
    engine_run(&bench.engine, TIME_NEVER);
    double begin = cpu_now();
    for (uint32_t i = 0; i < count; i++)
        engine_cancel(&bench.engine, &subjects[2 * (size_t)order[i]].event);
    double spent = cpu_now() - begin;
    engine_drain(&bench.engine, NULL, NULL);
    engine_free(&bench.engine);
    free(subjects);
    free(order);
    return spent * 1e9 / count;
}

/* ---- what it was chosen over ---- */

/* An implicit heap of `arity` children with a copy of the time in the entry and the position in the event. */
struct heap {
    struct event_heap_entry *entry;
    uint32_t count;
    uint32_t arity;
    void *memory;
};

static inline bool entry_less(struct event_heap_entry a, struct event_heap_entry b)
{
    return a.time != b.time ? a.time < b.time : event_precedes(a.event, b.event);
}

static inline void heap_set(struct heap *heap, uint32_t index, struct event_heap_entry entry)
{
    heap->entry[index] = entry;
    entry.event->position = index + 1;
}

static inline void heap_up(struct heap *heap, uint32_t arity, uint32_t index, struct event_heap_entry entry)
{
    while (index > 0 && entry_less(entry, heap->entry[(index - 1) / arity])) {
        heap_set(heap, index, heap->entry[(index - 1) / arity]);
        index = (index - 1) / arity;
    }
    heap_set(heap, index, entry);
}

static inline void heap_down(struct heap *heap, uint32_t arity, uint32_t index, struct event_heap_entry entry)
{
    for (;;) {
        uint32_t child = index * arity + 1;
        if (child >= heap->count)
            break;
        uint32_t end = child + arity < heap->count ? child + arity : heap->count;
        uint32_t least = child;
        for (uint32_t k = child + 1; k < end; k++)
            least = entry_less(heap->entry[k], heap->entry[least]) ? k : least;
        if (!entry_less(heap->entry[least], entry))
            break;
        heap_set(heap, index, heap->entry[least]);
        index = least;
    }
    heap_set(heap, index, entry);
}

static inline void heap_take(struct heap *heap, uint32_t arity, uint32_t index)
{
    struct event_heap_entry last = heap->entry[--heap->count];
    if (index == heap->count)
        return;
    if (index > 0 && entry_less(last, heap->entry[(index - 1) / arity]))
        heap_up(heap, arity, index, last);
    else
        heap_down(heap, arity, index, last);
}

static void *heap_new(uint32_t capacity, uint32_t arity)
{
    struct heap *heap = calloc(1, sizeof *heap);
    heap->memory = aligned_alloc(64, ((size_t)capacity + 8) * sizeof *heap->entry / 64 * 64 + 64);
    heap->entry = (struct event_heap_entry *)heap->memory + arity - 1;
    heap->arity = arity;
    return heap;
}

static void heap_delete(void *candidate)
{
    struct heap *heap = candidate;
    free(heap->memory);
    free(heap);
}

#define HEAP(arity)                                                                                          \
    static void *heap##arity##_new(uint32_t capacity)                                                        \
    {                                                                                                        \
        return heap_new(capacity, arity);                                                                    \
    }                                                                                                        \
    static void heap##arity##_insert(void *candidate, struct event *event)                                   \
    {                                                                                                        \
        struct heap *heap = candidate;                                                                       \
        heap_up(heap, arity, heap->count++, (struct event_heap_entry){event->time, event});                  \
    }                                                                                                        \
    static struct event *heap##arity##_pop(void *candidate)                                                  \
    {                                                                                                        \
        struct heap *heap = candidate;                                                                       \
        struct event *event = heap->entry[0].event;                                                          \
        heap_take(heap, arity, 0);                                                                           \
        return event;                                                                                        \
    }                                                                                                        \
    static void heap##arity##_remove(void *candidate, struct event *event)                                   \
    {                                                                                                        \
        heap_take(candidate, arity, event->position - 1);                                                    \
    }

HEAP(2)
HEAP(4)

/*
 * A pairing heap (M. Fredman and others, 1986): `next` is the sibling, `link` what points here, and the first
 * child stands in the payload.
 */
struct pairing {
    struct event *root;
};

static struct event **first_child(struct event *event)
{
    return (struct event **)(void *)event_owner(event, struct subject, event)->payload;
}

static struct event *pairing_meld(struct event *a, struct event *b)
{
    if (!a || !b)
        return a ? a : b;
    if (event_precedes(b, a)) {
        struct event *swap = a;
        a = b;
        b = swap;
    }
    struct event **child = first_child(a);
    b->next = *child;
    if (*child)
        (*child)->link = &b->next;
    b->link = child;
    *child = b;
    return a;
}

static struct event *pairing_join(struct event *list)
{
    struct event *pairs = NULL;
    while (list) {
        struct event *a = list;
        struct event *b = a->next;
        list = b ? b->next : NULL;
        struct event *pair = pairing_meld(a, b);
        pair->next = pairs;
        pairs = pair;
    }
    struct event *root = NULL;
    while (pairs) {
        struct event *next = pairs->next;
        root = pairing_meld(root, pairs);
        pairs = next;
    }
    return root;
}

static void pairing_set_root(struct pairing *pairing, struct event *root)
{
    pairing->root = root;
    if (root) {
        root->next = NULL;
        root->link = &pairing->root;
    }
}

static void *pairing_new(uint32_t capacity)
{
    (void)capacity;
    return calloc(1, sizeof(struct pairing));
}

static void pairing_insert(void *candidate, struct event *event)
{
    struct pairing *pairing = candidate;
    *first_child(event) = NULL;
    event->position = 1;
    pairing_set_root(pairing, pairing_meld(pairing->root, event));
}

static struct event *pairing_pop(void *candidate)
{
    struct pairing *pairing = candidate;
    struct event *event = pairing->root;
    pairing_set_root(pairing, pairing_join(*first_child(event)));
    return event;
}

static void pairing_remove(void *candidate, struct event *event)
{
    struct pairing *pairing = candidate;
    if (event == pairing->root) {
        pairing_pop(pairing);
        return;
    }
    if (event->next)
        event->next->link = event->link;
    *event->link = event->next;
    pairing_set_root(pairing, pairing_meld(pairing->root, pairing_join(*first_child(event))));
}

struct candidate {
    const char *name;
    void *(*create)(uint32_t capacity);
    void (*insert)(void *candidate, struct event *event);
    struct event *(*pop)(void *candidate);
    void (*remove)(void *candidate, struct event *event);
    void (*delete)(void *candidate);
};

static const struct candidate candidates[] = {
    {"binary heap", heap2_new, heap2_insert, heap2_pop, heap2_remove, heap_delete},
    {"4-ary heap", heap4_new, heap4_insert, heap4_pop, heap4_remove, heap_delete},
    {"pairing heap", pairing_new, pairing_insert, pairing_pop, pairing_remove, free},
};

static void candidate_run(struct engine *engine, struct event *event)
{
    struct bench *bench = (struct bench *)(void *)engine;
    event->time += next_draw(bench);
    event->counter = bench->source.counter++;
    bench->candidate_insert(bench->candidate, event);
}

static void compare(const struct candidate *candidate, uint32_t count, uint64_t holds, const time_ns *table,
                    double *hold, double *cancel)
{
    struct bench bench = {.table = table, .candidate = candidate->create(count)};
    struct subject *subjects = calloc(count, sizeof *subjects);
    bench.candidate_insert = candidate->insert;
    for (uint32_t i = 0; i < count; i++) {
        event_init(&subjects[i].event, candidate_run);
        subjects[i].event.time = next_draw(&bench);
        subjects[i].event.counter = bench.source.counter++;
        candidate->insert(bench.candidate, &subjects[i].event);
    }
    double begin = 0;
    for (uint64_t i = 0; i < count + holds; i++) {
        if (i == count)
            begin = cpu_now();
        struct event *event = candidate->pop(bench.candidate);
        event->run(&bench.engine, event);
    }
    *hold = (cpu_now() - begin) * 1e9 / (double)holds;
    uint32_t *order = permutation(count);
    begin = cpu_now();
    for (uint32_t i = 0; i < count / 2; i++)
        candidate->remove(bench.candidate, &subjects[order[i]].event);
    *cancel = (cpu_now() - begin) * 1e9 / (count / 2);
    candidate->delete (bench.candidate);
    free(order);
    free(subjects);
}

static const uint32_t counts[] = {1000, 10000, 100000, 1000000};

#define COUNTS (sizeof counts / sizeof counts[0])

static double best(double a, double b)
{
    return a < b ? a : b;
}

static double best_hold(uint32_t count, const time_ns *table)
{
    double value = INFINITY;
    for (int round = 0; round < ROUNDS; round++)
        value = best(value, hold_engine(count, 3000000, table));
    return value;
}

static void bench_engine(time_ns *table)
{
    table_fill(table, EXPONENTIAL);
    for (size_t i = 0; i < COUNTS; i++)
        print_line("hold", shape_name[EXPONENTIAL], counts[i], best_hold(counts[i], table));
    for (enum shape shape = UNIFORM; shape < SHAPES; shape++) {
        table_fill(table, shape);
        print_line("hold", shape_name[shape], 100000, best_hold(100000, table));
    }
    table_fill(table, EXPONENTIAL);
    for (size_t i = 0; i < COUNTS; i++) {
        double value = INFINITY;
        for (int round = 0; round < ROUNDS; round++)
            value = best(value, cancel_engine(counts[i], table));
        print_line("true removal", shape_name[EXPONENTIAL], counts[i], value);
    }
}

static void bench_candidates(time_ns *table)
{
    for (size_t c = 0; c < sizeof candidates / sizeof candidates[0]; c++) {
        for (enum shape shape = EXPONENTIAL; shape < SHAPES; shape++) {
            table_fill(table, shape);
            for (size_t i = 0; i < COUNTS; i++) {
                char name[64];
                double hold;
                double cancel;
                compare(&candidates[c], counts[i], 2000000, table, &hold, &cancel);
                snprintf(name, sizeof name, "%s: hold", candidates[c].name);
                print_line(name, shape_name[shape], counts[i], hold);
                snprintf(name, sizeof name, "%s: true removal", candidates[c].name);
                if (shape == EXPONENTIAL)
                    print_line(name, shape_name[shape], counts[i], cancel);
            }
        }
    }
}

int main(int argc, char **argv)
{
    time_ns *table = malloc(TABLE * sizeof *table);
    bench_engine(table);
    if (argc > 1 && strcmp(argv[1], "--compare") == 0)
        bench_candidates(table);
    free(table);
    return 0;
}
