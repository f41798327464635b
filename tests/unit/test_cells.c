/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_cells.c - the geometry of handovers: instants against closed forms, to the nanosecond, and random ways
 * over random cells against a node that looks where it is every so often.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>

#include "sim/engine/length.h"
#include "sim/engine/random.h"
#include "sim/network/cells.h"
#include "tests/runner.h"

static struct scenario_point at(int64_t x, int64_t y)
{
    return (struct scenario_point){METRES(x), METRES(y)};
}

static struct cell cell(int64_t x, int64_t y, int64_t range)
{
    return (struct cell){.centre = at(x, y), .range = METRES(range)};
}

static struct leg leg(struct scenario_point from, struct scenario_point to, int64_t speed)
{
    return (struct leg){from, to, SECONDS(7), SECONDS(7) + cells_travel_time(&from, &to, speed)};
}

static void assert_change(struct cells *cells, const struct leg *way, time_ns since, uint32_t present,
                          int64_t hysteresis, time_ns when, uint32_t next)
{
    time_ns found = -1;
    uint32_t chosen = 77;
    ck_assert(cells_next_change(cells, way, since, present, METRES(hysteresis), &found, &chosen));
    ck_assert_int_eq(found, when);
    ck_assert_uint_eq(chosen, next);
}

static void assert_no_change(struct cells *cells, const struct leg *way, time_ns since, uint32_t present,
                             int64_t hysteresis)
{
    time_ns found;
    uint32_t chosen;
    ck_assert(!cells_next_change(cells, way, since, present, METRES(hysteresis), &found, &chosen));
}

START_TEST(travel_times)
{
    struct scenario_point from = at(-300, -400), to = at(0, 0);
    ck_assert_int_eq(cells_travel_time(&from, &to, METRES_PER_SECOND(10)), SECONDS(50));
    from = at(0, 0);
    to = at(1000, 0);
    ck_assert_int_eq(cells_travel_time(&from, &to, METRES(1000) * 100), SECONDS(36)); /* 100 km/h */
    ck_assert_int_eq(cells_travel_time(&from, &from, METRES_PER_SECOND(1)), 1);
    to = at(1, 1); /* the square root of 2 */
    ck_assert_int_eq(cells_travel_time(&from, &to, METRES_PER_SECOND(1)), 1414213562);
}
END_TEST

/* Past one cell: into it and out of it, through the middle and beside it. */
START_TEST(one_cell)
{
    const struct cell one[] = {cell(500, 0, 150)};
    struct cells *cells = cells_new(one, 1);
    struct leg way = leg(at(0, 0), at(1000, 0), METRES_PER_SECOND(10));
    ck_assert_uint_eq(cells_choose(cells, &way, way.start, CELL_NONE, 0), CELL_NONE);
    assert_change(cells, &way, way.start, CELL_NONE, 0, SECONDS(7 + 35), 0);
    assert_change(cells, &way, SECONDS(7 + 35), 0, 0, SECONDS(7 + 65), CELL_NONE);
    assert_no_change(cells, &way, SECONDS(7 + 65), CELL_NONE, 0);
    ck_assert_int_eq(cells_exit(&one[0], &way, SECONDS(50)), SECONDS(7 + 65));
    ck_assert(cells_covers(&one[0], &way, SECONDS(7 + 35)));
    ck_assert(!cells_covers(&one[0], &way, SECONDS(7 + 65)));

    /* 90 m beside the centre: a chord of 2 * 120 m. */
    way = leg(at(0, 90), at(1000, 90), METRES_PER_SECOND(10));
    assert_change(cells, &way, way.start, CELL_NONE, 0, SECONDS(7 + 38), 0);
    assert_change(cells, &way, SECONDS(7 + 38), 0, 0, SECONDS(7 + 62), CELL_NONE);
    /* Across: the same way, turned and backwards; 3-4-5 triangles keep it exact. */
    way = leg(at(500 - 300, -400), at(500 + 300, 400), METRES_PER_SECOND(10));
    assert_change(cells, &way, way.start, CELL_NONE, 0, SECONDS(7 + 35), 0);
    assert_change(cells, &way, SECONDS(7 + 35), 0, 0, SECONDS(7 + 65), CELL_NONE);

    /* Along the border and outside of it nothing happens. */
    way = leg(at(0, 150), at(1000, 150), METRES_PER_SECOND(10));
    assert_no_change(cells, &way, way.start, CELL_NONE, 0);
    way = leg(at(0, 151), at(1000, 151), METRES_PER_SECOND(10));
    assert_no_change(cells, &way, way.start, CELL_NONE, 0);
    /* The way ends before the cell, and in it. */
    way = leg(at(0, 0), at(349, 0), METRES_PER_SECOND(10));
    assert_no_change(cells, &way, way.start, CELL_NONE, 0);
    way = leg(at(0, 0), at(500, 0), METRES_PER_SECOND(10));
    assert_change(cells, &way, way.start, CELL_NONE, 0, SECONDS(7 + 35), 0);
    assert_no_change(cells, &way, SECONDS(7 + 35), 0, 0);
    cells_free(cells);
}
END_TEST

/* Who stands is where it is: the border is of the cell. */
START_TEST(standing)
{
    const struct cell one[] = {cell(0, 0, 150)};
    struct cells *cells = cells_new(one, 1);
    struct leg inside = {at(90, 120), at(90, 120), 0, TIME_NEVER};
    struct leg outside = {at(91, 120), at(91, 120), SECONDS(5), SECONDS(9)};
    ck_assert_uint_eq(cells_choose(cells, &inside, 0, CELL_NONE, 0), 0);
    ck_assert_uint_eq(cells_choose(cells, &outside, SECONDS(5), 0, METRES(1000)), CELL_NONE);
    assert_no_change(cells, &inside, SECONDS(1), 0, 0);
    assert_no_change(cells, &outside, SECONDS(5), CELL_NONE, 0);
    ck_assert_int_eq(cells_exit(&one[0], &inside, 0), TIME_NEVER);
    cells_free(cells);
}
END_TEST

/* Two cells that overlap: where the other is nearer, later by half the hysteresis; at the border of the old
 * one, if the hysteresis is too large for the overlap. */
START_TEST(hysteresis)
{
    const struct cell two[] = {cell(0, 0, 130), cell(200, 0, 130)};
    struct cells *cells = cells_new(two, 2);
    struct leg way = leg(at(0, 0), at(200, 0), METRES_PER_SECOND(20));
    assert_change(cells, &way, way.start, 0, 0, SECONDS(7 + 5), 1);
    assert_change(cells, &way, way.start, 0, 10, SECONDS(7) + MILLISECONDS(5250), 1);
    assert_change(cells, &way, way.start, 0, 59, SECONDS(7) + MILLISECONDS(6475), 1);
    assert_change(cells, &way, way.start, 0, 61, SECONDS(7) + MILLISECONDS(6500), 1); /* the border */
    assert_change(cells, &way, way.start, 0, 500, SECONDS(7) + MILLISECONDS(6500), 1);
    assert_no_change(cells, &way, SECONDS(7) + MILLISECONDS(5250), 1, 10);
    /* And back: the hysteresis holds on to the other one. */
    way = leg(at(200, 0), at(0, 0), METRES_PER_SECOND(20));
    assert_change(cells, &way, way.start, 1, 10, SECONDS(7) + MILLISECONDS(5250), 0);

    /*
     * Beside the line of the centres: on y = 50 m the lead of 10 m is reached where a hyperbola has
     * (x - 100)^2 / 5^2 - y^2 / (100^2 - 5^2) = 1.
     */
    way = leg(at(-50, 50), at(350, 50), METRES_PER_SECOND(1));
    double x = 100 + 5 * sqrt(1 + 2500.0 / 9975);
    assert_change(cells, &way, way.start, 0, 10, SECONDS(7) + (time_ns)((x + 50) * 1e9 + 0.5), 1);
    /* A hysteresis of a millimetre loses no precision: a = 0.5 mm. */
    time_ns when;
    uint32_t next;
    ck_assert(cells_next_change(cells, &way, way.start, 0, METRES(1) / 1000, &when, &next));
    x = 100 + 0.0005 * sqrt(1 + 2500 / (100.0 * 100 - 0.0005 * 0.0005));
    ck_assert_int_eq(when, SECONDS(7) + (time_ns)((x + 50) * 1e9 + 0.5));
    cells_free(cells);
}
END_TEST

/* A cell within a cell: the node changes where the small one is nearer, not where it begins. */
START_TEST(cell_in_a_cell)
{
    const struct cell two[] = {cell(0, 0, 1000), cell(300, 0, 50)};
    struct cells *cells = cells_new(two, 2);
    struct leg way = leg(at(0, 0), at(600, 0), METRES_PER_SECOND(1));
    assert_change(cells, &way, way.start, 0, 0, SECONDS(7 + 250), 1); /* its border, nearer since 150 m */
    assert_change(cells, &way, SECONDS(7 + 250), 1, 0, SECONDS(7 + 350), 0);
    assert_no_change(cells, &way, SECONDS(7 + 350), 0, 0);
    cells_free(cells);
}
END_TEST

/* -- random ways against a node that looks -- */

#define CELLS 6
#define LOOKS 20000

static double away(const struct cell *from, const struct leg *way, double share)
{
    double x = (double)way->from.x + share * (double)(way->to.x - way->from.x);
    double y = (double)way->from.y + share * (double)(way->to.y - way->from.y);
    return hypot(x - (double)from->centre.x, y - (double)from->centre.y);
}

static uint32_t look(const struct cell *cells, const struct leg *way, double share, uint32_t present,
                     double lead)
{
    uint32_t nearest = CELL_NONE;
    for (uint32_t i = 0; i < CELLS; i++)
        if (away(&cells[i], way, share) <= (double)cells[i].range &&
            (nearest == CELL_NONE || away(&cells[i], way, share) < away(&cells[nearest], way, share)))
            nearest = i;
    if (present != CELL_NONE && away(&cells[present], way, share) <= (double)cells[present].range &&
        away(&cells[present], way, share) - away(&cells[nearest], way, share) <= lead)
        return present;
    return nearest;
}

/* Whenever it looks, it is attached as the changes foretold; to one that has just begun it may be late. */
static unsigned follow(const struct cell *many, const struct leg *way, int64_t lead)
{
    struct cells *cells = cells_new(many, CELLS);
    uint32_t foretold = cells_choose(cells, way, way->start, CELL_NONE, lead), next = 0, seen = foretold;
    time_ns since = way->start, when = 0;
    unsigned changes = 0, wrong = 0;
    bool more = cells_next_change(cells, way, since, foretold, lead, &when, &next);
    for (int i = 0; i <= LOOKS; i++) {
        double share = (double)i / LOOKS;
        time_ns now = way->start + (time_ns)(share * (double)(way->end - way->start));
        while (more && when <= now) {
            ck_assert_int_gt(when, since);
            ck_assert_uint_ne(next, foretold);
            since = when;
            foretold = next;
            changes++;
            more = cells_next_change(cells, way, since, foretold, lead, &when, &next);
        }
        seen = look(many, way, share, seen, (double)lead);
        wrong = seen == foretold ? 0 : wrong + 1;
        ck_assert_msg(wrong < 2, "at %d: %u is foretold, and %u is seen", i, foretold, seen);
    }
    ck_assert_uint_lt(changes, 40);
    cells_free(cells);
    return changes;
}

START_TEST(random_ways)
{
    static const int64_t leads[] = {0, METRES(1), METRES(20), METRES(150)};
    struct random_stream stream;
    random_stream_init(&stream, 4711, 0, 0, 0);
    unsigned changes = 0;
    for (int round = 0; round < 400; round++) {
        struct cell many[CELLS];
        for (unsigned i = 0; i < CELLS; i++) {
            many[i] = cell((int64_t)random_below(&stream, 1000), (int64_t)random_below(&stream, 1000),
                           (int64_t)random_below(&stream, 350) + 50);
        }
        struct leg way = leg(at((int64_t)random_below(&stream, 1000), (int64_t)random_below(&stream, 1000)),
                             at((int64_t)random_below(&stream, 1000), 1001), METRES_PER_SECOND(13));
        changes += follow(many, &way, leads[round % 4]);
    }
    ck_assert_uint_gt(changes, 500);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cells");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, travel_times);
    tcase_add_test(tcase, one_cell);
    tcase_add_test(tcase, standing);
    tcase_add_test(tcase, hysteresis);
    tcase_add_test(tcase, cell_in_a_cell);
    tcase_add_test(tcase, random_ways);
    tcase_set_timeout(tcase, 60);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
