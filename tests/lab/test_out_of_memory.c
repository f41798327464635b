/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_out_of_memory.c - the n-th allocation of any node fails, for every n, while a mobile node goes from
 * link to link under traffic. Nothing crashes, nothing is left behind, and afterwards datagrams pass both
 * ways again: by the binding, or through the tunnel.
 *
 * Twice each: one allocation fails alone; it and the next seven do, which is what a caller that tries again
 * at once would meet.
 *
 * Two allocations are vital, and end the program on purpose: a packet's (packet.h), and that of room for
 * more timers (timer.h), the only ones from realloc() here. They do not fail in these runs, so that any
 * abort() is a failure; tests/unit/test_out_of_memory.c shows them. And one thing is survived without
 * recovery: an interface that could not join the group of all nodes when it came up hears nobody until it
 * comes up again.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/neighbor_discovery.h"
#include "tests/lab/world.h"
#include "tests/runner.h"
#include "tests/unit/scarce_memory.h"

#define START    MILLISECONDS(100)
#define STAY     SECONDS(8)  /* on each link */
#define RECOVERY SECONDS(90) /* after what has failed on the last one */
#define INTERVAL MILLISECONDS(1250)
#define JUDGED   SECONDS(10) /* at the end */
#define REPORTED 8

/* A datagram of these fits a link alone; in the tunnel it does not. */
static const struct flow_configuration large = {
    .pattern = FLOW_CONSTANT, .interval = INTERVAL, .payload = 1450};

/* -- what is tried -- */

struct setting {
    const char *name;
    bool static_key;
    enum correspondent_order order;
    bool beside_router;
    bool ipsec;
    bool find_home_agent;
};

static const struct setting settings[] = {
    {"return routability", false, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false, false},
    {"tests in parallel, a home agent to be found", false, ORDER_PARALLEL_TESTS, true, false, true},
    {"static key", true, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, true, false, false},
    {"static key at once, ESP", true, ORDER_AT_ONCE, false, true, false},
};

static const struct journey {
    const char *name;
    unsigned moves; /* after the first attachment, in the order of schedule() */
    bool ends_home;
} journeys[] = {
    {"stays", 0, false},
    {"goes home", 2, true},
    {"goes away again", 3, false},
};

#define SETTINGS (sizeof(settings) / sizeof(settings[0]))
#define JOURNEYS (sizeof(journeys) / sizeof(journeys[0]))

struct trial {
    const struct setting *setting;
    const struct journey *journey;
    unsigned burst; /* allocations that fail in a row */
    struct world world;
    struct flow_source up, down;
    unsigned failed; /* allocations, in this run */
    unsigned deaf;   /* runs in which the mobile node could not join the group of all nodes */
    unsigned runs, wrong;
};

/* -- one run -- */

static void schedule(struct world *world, const struct journey *journey)
{
    static lab_action *const attachments[] = {attach_visited_1, attach_home, attach_visited_0};
    lab_at(world->lab, START, attach_visited_0, world);
    for (unsigned i = 0; i < journey->moves; i++)
        move(world, attachments[i], START + (i + 1) * STAY);
}

static void set_up(struct trial *trial)
{
    struct world *world = &trial->world;
    *world = (struct world){
        .beside_router = trial->setting->beside_router,
        .protect_payload = trial->setting->ipsec,
        .find_home_agent = trial->setting->find_home_agent,
    };
    make_policy(world);
    world->ipsec = trial->setting->ipsec;
    world->policy.order = trial->setting->order;
    if (trial->setting->static_key)
        use_static_key(world, trial->setting->order);
    build(world, &ordinary);
    schedule(world, trial->journey);
}

static void begin_traffic(struct trial *trial)
{
    struct world *world = &trial->world;
    struct node *mobile = lab_node(world->lab, world->mobile),
                *correspondent = lab_node(world->lab, world->correspondent);
    trial->up = (struct flow_source){.configuration = &large,
                                     .destination = world->correspondent_address,
                                     .start = START,
                                     .stop = TIME_NEVER};
    trial->down = (struct flow_source){
        .configuration = &large, .destination = world->home_address, .start = START, .stop = TIME_NEVER};
    ck_assert_int_eq(flow_sink_start(&world->sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world->sinks[1], correspondent), 0);
    ck_assert_int_eq(flow_source_start(&trial->up, mobile, 0), 0);
    ck_assert_int_eq(flow_source_start(&trial->down, correspondent, 0), 0);
}

static void end_traffic(struct trial *trial)
{
    struct world *world = &trial->world;
    flow_source_stop(&trial->up);
    flow_source_stop(&trial->down);
    flow_sink_stop(&world->sinks[0], lab_node(world->lab, world->mobile));
    flow_sink_stop(&world->sinks[1], lab_node(world->lab, world->correspondent));
}

static time_ns last_attachment(const struct trial *trial)
{
    return START + trial->journey->moves * STAY + MILLISECONDS(50);
}

/* Datagrams that arrived in the time that is judged. */
static unsigned arrived(const struct world *world, unsigned node, time_ns from)
{
    const GArray *deliveries = lab_recorder(world->lab, node)->deliveries;
    unsigned count = 0;
    for (unsigned i = 0; i < deliveries->len; i++)
        count += g_array_index(deliveries, struct delivery, i).time >= from;
    return count;
}

static bool is_deaf(const struct world *world)
{
    const struct node *mobile = lab_node(world->lab, world->mobile);
    return !group_is_joined(mobile, &mobile->interfaces[0], &ipv6_all_nodes);
}

/* What is missing at the end; NULL: nothing. */
static const char *missing(struct trial *trial)
{
    struct world *world = &trial->world;
    struct node *agent = lab_node(world->lab, world->home_agent);
    const struct mobile_node *mobile = mobile_of(world);
    const struct binding *registered = binding_cache_lookup(&agent->mobility->bindings, &world->home_address);
    time_ns from = lab_now(world->lab) - JUDGED;
    bool ends_home = trial->journey->ends_home;
    if (mobile->home.state != (ends_home ? MOBILE_NODE_AT_HOME : MOBILE_NODE_REGISTERED))
        return ends_home ? "the node is not at home" : "the node is not registered";
    if (ends_home
            ? registered != NULL
            : !registered || !ipv6_address_equal(&registered->care_of_address, &mobile->care_of_address))
        return "the home agent's binding is another";
    const struct binding *bound = binding_of(world);
    if (bound && (ends_home || !ipv6_address_equal(&bound->care_of_address, &mobile->care_of_address)))
        return "the correspondent's binding is another";
    if (arrived(world, world->mobile, from) < JUDGED / INTERVAL)
        return "datagrams do not reach the mobile node";
    if (arrived(world, world->correspondent, from) < JUDGED / INTERVAL)
        return "datagrams do not reach the correspondent";
    return NULL;
}

static void tell(struct trial *trial, unsigned nth, const char *what)
{
    if (trial->wrong++ < REPORTED)
        fprintf(stderr, "%s, %s: without allocation %u (%s of %zu octets): %s\n", trial->setting->name,
                trial->journey->name, nth, scarce_memory_failed(), scarce_memory_failed_size(), what);
    if (getenv("LAB_PRINT") && trial->runs == (unsigned)atoi(getenv("LAB_PRINT")))
        lab_print(trial->world.lab);
}

static void run_scarcely(struct trial *trial, unsigned nth)
{
    time_ns last = last_attachment(trial);
    scarce_memory_fail(nth, trial->burst);
    lab_run(trial->world.lab, last + STAY);
    scarce_memory_plenty();
    trial->failed = scarce_memory_failures();
    lab_run(trial->world.lab, last + STAY + (trial->failed > 0 ? RECOVERY : JUDGED));
}

/* Returns whether there was an n-th allocation. */
static bool run(struct trial *trial, unsigned nth)
{
    size_t blocks = scarce_memory_blocks();
    set_up(trial);
    begin_traffic(trial);
    trial->runs++;
    run_scarcely(trial, nth);
    const char *wrong = is_deaf(&trial->world) ? NULL : missing(trial);
    trial->deaf += is_deaf(&trial->world);
    if (wrong)
        tell(trial, nth, wrong);
    end_traffic(trial);
    tear_down(&trial->world);
    if (scarce_memory_blocks() != blocks)
        tell(trial, nth, "memory is left behind");
    return trial->failed > 0;
}

static void run_all(int which, unsigned burst)
{
    struct trial trial = {
        .setting = &settings[(size_t)which / JOURNEYS],
        .journey = &journeys[(size_t)which % JOURNEYS],
        .burst = burst,
    };
    scarce_memory_spare("realloc");
    unsigned nth = getenv("LAB_NTH") ? (unsigned)atoi(getenv("LAB_NTH")) : 1;
    while (run(&trial, nth))
        nth++;
    if (getenv("LAB_VERBOSE"))
        fprintf(stderr, "%s, %s: %u runs, %u deaf\n", trial.setting->name, trial.journey->name, trial.runs,
                trial.deaf);
    ck_assert_msg(trial.wrong == 0, "%s: %u of %u runs fail", trial.setting->name, trial.wrong, trial.runs);
    ck_assert_uint_gt(trial.runs, 30);
    ck_assert_uint_le(trial.deaf, 1);
}

START_TEST(test_one_fails)
{
    run_all(_i, 1);
}
END_TEST

START_TEST(test_several_fail)
{
    run_all(_i, 8);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("out of memory");
    TCase *tests = tcase_create("handovers");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_one_fails, 0, JOURNEYS * SETTINGS);
    tcase_add_loop_test(tests, test_several_fail, 0, JOURNEYS * SETTINGS);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
