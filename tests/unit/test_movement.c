/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_movement.c - mobile nodes in a network that move by themselves: how long stays are, where those at
 * random go, who moves with whom, when walkers change cells, and that all this is the same whatever else the
 * scenario is about.
 */
#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/network/simulation.h"
#include "tests/runner.h"

#define MOST_MOVES 200000

static const char topology[] = "[scenario]\n"
                               "duration = 1000s\n"
                               "[lan home]\n"
                               "prefix = 2001:db8:1::/64\n"
                               "[access-lan a]\n"
                               "prefix = 2001:db8:2::/64\n"
                               "handover-delay = 0s\n"
                               "position = 0m, 0m\n"
                               "range = 130m\n"
                               "[access-lan b]\n"
                               "prefix = 2001:db8:3::/64\n"
                               "handover-delay = 0s\n"
                               "position = 200m, 0m\n"
                               "range = 130m\n"
                               "[access-lan c]\n"
                               "prefix = 2001:db8:4::/64\n"
                               "handover-delay = 0s\n"
                               "position = 600m, 0m\n"
                               "range = 130m\n"
                               "[home-agent ha]\n"
                               "attached = home, a, b, c\n"
                               "[mobile-node mn]\n"
                               "home-agent = ha\n";

/* A node has come to a link (none: SCENARIO_NONE), or left one of two. */
struct seen {
    time_ns time;
    uint32_t node, link;
    bool up;
};

struct run {
    struct scenario_messages *messages;
    struct scenario_source *source;
    struct scenario *scenario;
    struct simulation *simulation;
    GArray *seen;
};

static void report(void *context, struct network_node *node, const struct protocol_event *event)
{
    struct run *run = context;
    if (run->scenario->nodes[node->group].kind != SCENARIO_MOBILE_NODE || run->seen->len > MOST_MOVES)
        return;
    const struct link *link = node->ports[event->interface].link;
    struct seen seen = {event->time, node->member, link ? link->group : SCENARIO_NONE,
                        event->kind == EVENT_LINK_UP};
    g_array_append_val(run->seen, seen);
}

/* All that mobile nodes do in the scenario: the topology with `more` behind it. */
static struct run *run_scenario(const char *more, uint64_t seed)
{
    struct run *run = g_new0(struct run, 1);
    char *text = g_strconcat(topology, more, NULL);
    run->messages = scenario_messages_new();
    run->seen = g_array_new(FALSE, FALSE, sizeof(struct seen));
    run->source = scenario_source_read_text("test.ini", text, strlen(text), NULL, run->messages);
    run->scenario = run->source ? scenario_build(run->source, NULL, 0, run->messages) : NULL;
    char *told = scenario_messages_to_string(run->messages);
    ck_assert_msg(run->scenario != NULL, "%s", told);
    g_free(told);
    g_free(text);
    struct network_observer observer = {
        .context = run, .watch = WATCH(EVENT_LINK_UP) | WATCH(EVENT_LINK_DOWN), .report = report};
    run->simulation = simulation_new(run->scenario, seed, 0, &observer, NULL);
    ck_assert_ptr_nonnull(run->simulation);
    simulation_run(run->simulation);
    return run;
}

static void run_free(struct run *run)
{
    simulation_free(run->simulation);
    scenario_free(run->scenario);
    scenario_source_free(run->source);
    scenario_messages_free(run->messages);
    g_array_free(run->seen, TRUE);
    g_free(run);
}

static const struct seen *seen_at(const struct run *run, guint i)
{
    return &g_array_index(run->seen, struct seen, i);
}

/* The times between one arrival of each node and its next: their mean and mean square deviation, seconds. */
static unsigned stays(const struct run *run, double *mean, double *deviation)
{
    time_ns last[64] = {0};
    double sum = 0, squares = 0;
    unsigned count = 0;
    for (guint i = 0; i < run->seen->len; i++) {
        const struct seen *seen = seen_at(run, i);
        if (!seen->up || seen->time == 0)
            continue;
        double stay = (double)(seen->time - last[seen->node]) / 1e9;
        last[seen->node] = seen->time;
        sum += stay;
        squares += stay * stay;
        count++;
    }
    *mean = sum / count;
    *deviation = sqrt(squares / count - *mean * *mean);
    return count;
}

START_TEST(residence_is_distributed)
{
    static const struct {
        const char *residence;
        double mean, deviation;
    } cases[] = {
        {"3s", 3, 0},
        {"exponential(3s)", 3, 3},
        {"uniform(2s, 4s)", 3, 0.57735},
        {"lognormal(3s, 1s)", 3, 1},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        char *more = g_strdup_printf("count = 50\n[movement mn]\nmodel = residence\nresidence = %s\n"
                                     "links = home, a, b, c\norder = random\n",
                                     cases[i].residence);
        struct run *run = run_scenario(more, 1);
        double mean, deviation;
        unsigned count = stays(run, &mean, &deviation);
        ck_assert_uint_gt(count, 15000);
        /* Four standard errors; what the end of the run cuts off is less than that. */
        ck_assert_double_le(fabs(mean - cases[i].mean), 4 * cases[i].deviation / sqrt(count) + 0.01);
        ck_assert_double_le(fabs(deviation - cases[i].deviation), 0.03 * cases[i].deviation + 1e-6);
        run_free(run);
        g_free(more);
    }
}
END_TEST

/* Any link but the present one, as the weights have it: from `home` (1) to a (2), b (3) or c (0). */
START_TEST(random_links)
{
    struct run *run = run_scenario("count = 20\n[movement mn]\nmodel = residence\nresidence = 1s\n"
                                   "links = home, a, b, c\norder = random\nweights = 1, 2, 3, 0\n",
                                   1);
    unsigned from_home = 0, to[4] = {0};
    uint32_t last[20] = {0};
    for (guint i = 0; i < run->seen->len; i++) {
        const struct seen *seen = seen_at(run, i);
        if (!seen->up || seen->time == 0)
            continue;
        ck_assert_uint_ne(seen->link, last[seen->node]);
        from_home += last[seen->node] == 0;
        to[seen->link] += last[seen->node] == 0;
        last[seen->node] = seen->link;
    }
    ck_assert_uint_eq(to[3], 0);
    ck_assert_uint_gt(from_home, 3000);
    double share = (double)to[1] / from_home, error = sqrt(0.4 * 0.6 / from_home);
    ck_assert_double_le(fabs(share - 0.4), 4 * error);
    run_free(run);
}
END_TEST

static void assert_same_moves(const struct run *one, const struct run *other)
{
    ck_assert_uint_eq(one->seen->len, other->seen->len);
    for (guint i = 0; i < one->seen->len; i++) {
        const struct seen *a = seen_at(one, i), *b = seen_at(other, i);
        ck_assert(a->time == b->time && a->node == b->node && a->link == b->link && a->up == b->up);
    }
}

#define RANDOM_WAYPOINTS                                                                                     \
    "[movement mn]\nmodel = random-waypoint\narea = -100m, -100m, 700m, 100m\nspeed = uniform(1m/s, "        \
    "20m/s)\n"                                                                                               \
    "pause = exponential(3s)\nkeep = 2s\nhysteresis = 5m\n"

/* What the nodes talk about, and how it is authorized, moves nobody; another seed does. */
START_TEST(moves_depend_on_the_seed_alone)
{
    static const char *const models[] = {
        "[movement mn]\nmodel = residence\nresidence = exponential(10s)\nlinks = home, a, b, none\n"
        "order = random\nspread = uniform(0s, 5s)\n",
        RANDOM_WAYPOINTS,
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(models); i++) {
        char *alone = g_strconcat("count = 5\n", models[i], NULL);
        char *talking = g_strconcat("count = 5\n", models[i],
                                    "[correspondent-node cn]\nattached = home\n"
                                    "[peers mn cn]\nauthorization = static-key\n"
                                    "[flow voice]\nfrom = cn\nto = mn\ninterval = 1s\n",
                                    NULL);
        struct run *one = run_scenario(alone, 1), *other = run_scenario(talking, 1),
                   *third = run_scenario(alone, 2);
        ck_assert_uint_gt(one->seen->len, 50);
        assert_same_moves(one, other);
        ck_assert(one->seen->len != third->seen->len || seen_at(one, 40)->time != seen_at(third, 40)->time);
        run_free(one);
        run_free(other);
        run_free(third);
        g_free(alone);
        g_free(talking);
    }
}
END_TEST

/* `together`: each does what the first does; in a wave so much later. Otherwise each does something else. */
START_TEST(groups)
{
    for (int together = 0; together < 2; together++) {
        char *more =
            g_strdup_printf("count = 3\n[movement mn]\nmodel = residence\nresidence = exponential(5s)\n"
                            "links = home, a, b, c\norder = random\nwave = 250ms\ntogether = %s\n",
                            together ? "yes" : "no");
        struct run *run = run_scenario(more, 1);
        GArray *moves[3];
        for (unsigned node = 0; node < 3; node++)
            moves[node] = g_array_new(FALSE, FALSE, sizeof(struct seen));
        for (guint i = 0; i < run->seen->len; i++)
            if (seen_at(run, i)->up && seen_at(run, i)->time > 0)
                g_array_append_vals(moves[seen_at(run, i)->node], seen_at(run, i), 1);
        unsigned alike = 0, count = 0;
        for (unsigned node = 1; node < 3; node++)
            for (guint i = 0; i < moves[node]->len && i < moves[0]->len; i++, count++) {
                const struct seen *first = &g_array_index(moves[0], struct seen, i);
                const struct seen *later = &g_array_index(moves[node], struct seen, i);
                alike += first->time + node * MILLISECONDS(250) == later->time && first->link == later->link;
            }
        ck_assert_uint_gt(count, 300);
        ck_assert_uint_eq(alike, together ? count : 0);
        for (unsigned node = 0; node < 3; node++)
            g_array_free(moves[node], TRUE);
        run_free(run);
        g_free(more);
    }
}
END_TEST

struct expected {
    time_ns time;
    uint32_t link; /* that it has come to; SCENARIO_NONE: it has left one */
};

static void assert_seen(const struct run *run, const struct expected *expected, guint count)
{
    for (guint i = 0; i < MIN(count, run->seen->len); i++) {
        const struct seen *seen = seen_at(run, i);
        uint32_t link = seen->up ? seen->link : SCENARIO_NONE;
        ck_assert_msg(seen->time == expected[i].time && link == expected[i].link,
                      "%u: at %" G_GINT64_FORMAT " link %u", i, seen->time, link);
    }
    ck_assert_uint_eq(run->seen->len, count);
}

#define ROAD "[movement mn]\nmodel = road\nfrom = 0m, 0m\nto = 600m, 0m\nspeed = 10m/s\n"

/* Through a and b, which overlap from 70 m to 130 m, out of both at 330 m, and to c, from 470 m on. */
START_TEST(road)
{
    static const struct expected breaks[] = {
        {0, 1},           {SECONDS(11), SCENARIO_NONE}, {SECONDS(11), 2}, {SECONDS(33), SCENARIO_NONE},
        {SECONDS(47), 3},
    };
    struct run *run = run_scenario(ROAD "hysteresis = 20m\n", 1);
    assert_seen(run, breaks, G_N_ELEMENTS(breaks));
    run_free(run);

    /* Kept for a second; then for longer than the old cell reaches, which ends it at 13 s. */
    struct expected makes[] = {
        {0, 1},           {SECONDS(11), 2}, {SECONDS(12), SCENARIO_NONE}, {SECONDS(33), SCENARIO_NONE},
        {SECONDS(47), 3},
    };
    run = run_scenario(ROAD "hysteresis = 20m\nkeep = 1s\n", 1);
    assert_seen(run, makes, G_N_ELEMENTS(makes));
    run_free(run);
    makes[2].time = SECONDS(13);
    run = run_scenario(ROAD "hysteresis = 20m\nkeep = 1h\n", 1);
    assert_seen(run, makes, G_N_ELEMENTS(makes));
    run_free(run);
}
END_TEST

/* Where a road's end is: it stays, comes back, or begins anew. From 12 s on, at its start link until then. */
START_TEST(road_ends)
{
    static const struct expected returns[] = {
        {0, 0},
        {SECONDS(12), SCENARIO_NONE},
        {SECONDS(12), 1},
        {SECONDS(12 + 10), SCENARIO_NONE},
        {SECONDS(12 + 10), 2},
        {SECONDS(12 + 20 + 10), SCENARIO_NONE},
        {SECONDS(12 + 20 + 10), 1},
        {SECONDS(12 + 40 + 10), SCENARIO_NONE},
        {SECONDS(12 + 40 + 10), 2},
    };
    static const struct expected wraps[] = {
        {0, 0},
        {SECONDS(12), SCENARIO_NONE},
        {SECONDS(12), 1},
        {SECONDS(12 + 10), SCENARIO_NONE},
        {SECONDS(12 + 10), 2},
        {SECONDS(12 + 20), SCENARIO_NONE},
        {SECONDS(12 + 20), 1},
        {SECONDS(12 + 20 + 10), SCENARIO_NONE},
        {SECONDS(12 + 20 + 10), 2},
        {SECONDS(12 + 40), SCENARIO_NONE},
        {SECONDS(12 + 40), 1},
        {SECONDS(12 + 40 + 10), SCENARIO_NONE},
        {SECONDS(12 + 40 + 10), 2},
    };
#define SHORT_ROAD                                                                                           \
    "[movement mn]\nmodel = road\nfrom = 0m, 0m\nto = 200m, 0m\nspeed = 36km/h\nstart = 12s\nstop = 65s\n"
    struct run *run = run_scenario(SHORT_ROAD, 1);
    assert_seen(run, returns, 5);
    run_free(run);
    run = run_scenario(SHORT_ROAD "at-end = return\n", 1);
    assert_seen(run, returns, G_N_ELEMENTS(returns));
    run_free(run);
    run = run_scenario(SHORT_ROAD "at-end = wrap\n", 1);
    assert_seen(run, wraps, G_N_ELEMENTS(wraps));
    run_free(run);
}
END_TEST

/* A hundred thousand nodes for years: no table of their moves is made. */
START_TEST(many_nodes_long_lives)
{
    struct scenario_messages *messages = scenario_messages_new();
    char *text = g_strdup(topology);
    char *more = g_strconcat(text,
                             "count = 100000\n[movement mn]\nmodel = residence\nresidence = exponential(1s)\n"
                             "links = home, a, b, c\norder = random\n",
                             NULL);
    memcpy(strstr(more, "1000s"), "9000h", 5);
    struct scenario_source *source =
        scenario_source_read_text("test.ini", more, strlen(more), NULL, messages);
    struct scenario *scenario = scenario_build(source, NULL, 0, messages);
    ck_assert_ptr_nonnull(scenario);
    struct simulation *simulation = simulation_new(scenario, 1, 0, NULL, NULL);
    ck_assert_ptr_nonnull(simulation);
    ck_assert_uint_lt(engine_pending_count(&simulation->network->engine), 500000);
    simulation_free(simulation);
    scenario_free(scenario);
    scenario_source_free(source);
    scenario_messages_free(messages);
    g_free(more);
    g_free(text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("movement");
    TCase *tcase = tcase_create("all");
    tcase_add_test(tcase, residence_is_distributed);
    tcase_add_test(tcase, random_links);
    tcase_add_test(tcase, moves_depend_on_the_seed_alone);
    tcase_add_test(tcase, groups);
    tcase_add_test(tcase, road);
    tcase_add_test(tcase, road_ends);
    tcase_add_test(tcase, many_nodes_long_lives);
    tcase_set_timeout(tcase, 120);
    suite_add_tcase(suite, tcase);
    return run_suite(suite);
}
