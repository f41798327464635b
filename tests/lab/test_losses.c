/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_losses.c - every single loss and every pair of losses among the signalling of a handover, by each
 * method and for each kind of move; the same for messages that come two seconds late, and for messages that
 * come once more two seconds later (RFC 6275, 11.8; RFC 4861, 6.3.7, 7.2.2). What does not leave its link is
 * late by less than RetransTimer: duplicate address detection rests on that (RFC 4862, 5.4).
 *
 * Datagrams go both ways all the time. From the last attachment on, the timers of the RFCs give a bound:
 * duplicate detection at both ends of the home registration, a few round trips, and for each message that was
 * hit the time after which it is sent again (signalling.h, deviator_allowance). What is sent after the bound
 * must arrive, and the binding must be there: at both ends for the care-of address in use, or nowhere, at
 * home.
 *
 * Mobile node and home agent have IPsec: whoever hits a message has looked under ESP, a copy is stopped by
 * the window (RFC 4303, 3.4.3), and nothing that must be protected goes in the clear. Single hits are made
 * once more without IPsec, where a copy is what the sequence numbers of RFC 6275, 9.5.1 are for.
 *
 * Where a run that loses message i is one that goes on differently, its own messages are what the second loss
 * is taken from.
 */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/signalling.h"
#include "tests/runner.h"

#define START    MILLISECONDS(100)
#define MOVE     SECONDS(6) /* everything has settled */
#define SPAN     SECONDS(6) /* signals of so long after the last attachment may be hit, and those between */
#define AFTER    SECONDS(4) /* of datagrams beyond the bound */
#define INTERVAL MILLISECONDS(200)
#define REPORTED 8 /* failures told in full */

static const struct flow_configuration steady = {
    .pattern = FLOW_CONSTANT, .interval = INTERVAL, .payload = 32};

/* -- what is tried -- */

struct itinerary {
    const char *name;
    lab_action *first; /* attachment at the start */
    lab_action *next;  /* after MOVE */
    lab_action *last;  /* and a while later; NULL: no second move */
    time_ns pause;
    bool ends_home;
};

static const struct itinerary itineraries[] = {
    {"home to visited", attach_home, attach_visited_0, NULL, 0, false},
    {"visited to visited", attach_visited_0, attach_visited_1, NULL, 0, false},
    {"visited to home", attach_visited_0, attach_home, NULL, 0, true},
    {"there and back", attach_visited_0, attach_visited_1, attach_visited_0, MILLISECONDS(1200), false},
    {"home and away", attach_visited_0, attach_home, attach_visited_1, MILLISECONDS(1200), false},
    {"away and home", attach_home, attach_visited_0, attach_home, MILLISECONDS(1300), true},
    {"bound and home", attach_home, attach_visited_0, attach_home, MILLISECONDS(2200), true},
};

struct manner {
    const char *name;
    const struct authorization_method *method;
    enum correspondent_order order;
    bool reuse_tokens;
    bool beside_router;
    bool all_under_esp; /* payload, too */
};

static const struct manner manners[] = {
    {"tests after", &authorization_return_routability, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false,
     false},
    {"tests in parallel", &authorization_return_routability, ORDER_PARALLEL_TESTS, false, false, false},
    {"tokens used again", &authorization_return_routability, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, true, true,
     false},
    {"static key after", &authorization_static_key, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, false, false},
    {"static key at once", &authorization_static_key, ORDER_AT_ONCE, false, false, false},
    {"all under ESP", &authorization_return_routability, ORDER_AFTER_HOME_ACKNOWLEDGEMENT, false, true, true},
};

#define ITINERARIES (sizeof(itineraries) / sizeof(itineraries[0]))
#define MANNERS     (sizeof(manners) / sizeof(manners[0]))

struct trial {
    const struct itinerary *itinerary;
    const struct manner *manner;
    bool ipsec;
    struct deviator deviator;
    unsigned runs, failures;
};

static unsigned where_the_node_is(void *context)
{
    const struct world *world = context;
    return lab_link_of(world->lab, world->mobile, 0);
}

/* -- one run -- */

static time_ns last_attachment(const struct itinerary *itinerary)
{
    return MOVE + MILLISECONDS(50) + (itinerary->last ? itinerary->pause + MILLISECONDS(50) : 0);
}

static time_ns bound_of(const struct trial *trial)
{
    /* Router, address, home agent's own test of the home address; then at most six trips to and fro. */
    time_ns trips = 6 * 2 * (ordinary.a[1] + ordinary.b + ordinary.c[1]);
    return last_attachment(trial->itinerary) + SECONDS(1) + H + trips + deviator_allowance(&trial->deviator);
}

static void schedule(struct world *world, const struct itinerary *itinerary)
{
    lab_at(world->lab, START, itinerary->first, world);
    move(world, itinerary->next, MOVE);
    if (itinerary->last)
        move(world, itinerary->last, MOVE + MILLISECONDS(50) + itinerary->pause);
}

/* What is missing after the bound; NULL: nothing. */
static const char *missing(const struct world *world, const struct itinerary *itinerary)
{
    struct world *at = (struct world *)world;
    const struct mobile_node *mobile = mobile_of(at);
    const struct binding *bound = binding_of(at);
    struct node *agent = lab_node(world->lab, world->home_agent);
    const struct binding *registered = binding_cache_lookup(&agent->mobility->bindings, &world->home_address);
    if (itinerary->ends_home) {
        if (mobile->home.state != MOBILE_NODE_AT_HOME)
            return "the node is not at home";
        return bound        ? "the correspondent's binding is left"
               : registered ? "the home agent's binding is left"
                            : NULL;
    }
    if (mobile->home.state != MOBILE_NODE_REGISTERED)
        return "the node is not registered";
    if (!registered || !ipv6_address_equal(&registered->care_of_address, &mobile->care_of_address))
        return "the home agent's binding is another";
    if (!bound || !ipv6_address_equal(&bound->care_of_address, &mobile->care_of_address))
        return "the correspondent's binding is another";
    const struct binding_update_entry *entry = entry_of(at);
    if (entry->state != UPDATE_BOUND || !binding_update_entry_is_usable(mobile, entry, lab_now(world->lab)))
        return "the node does not know of the binding";
    return NULL;
}

/* How many of the flow's datagrams that were due in [from, until) have not arrived at the node. */
static unsigned lost_datagrams(const struct world *world, unsigned node, time_ns start, time_ns from,
                               time_ns until)
{
    const GArray *arrived = lab_recorder(world->lab, node)->deliveries;
    unsigned lost = 0;
    for (unsigned i = (unsigned)((from - start + INTERVAL - 1) / INTERVAL); start + i * INTERVAL < until;
         i++) {
        bool found = false;
        for (unsigned j = arrived->len; j > 0 && !found; j--)
            found = g_array_index(arrived, struct delivery, j - 1).sequence == i;
        lost += !found;
    }
    return lost;
}

static void tell(struct trial *trial, const struct world *world, const char *what)
{
    char *text = deviator_describe(&trial->deviator);
    if (trial->failures++ < REPORTED)
        fprintf(stderr, "%s, %s%s: %s: %s\n", trial->itinerary->name, trial->manner->name,
                trial->ipsec ? "" : ", without IPsec", text, what);
    if (trial->failures == 1 && getenv("LAB_PRINT"))
        lab_print(world->lab);
    g_free(text);
}

static void judge(struct trial *trial, struct world *world, time_ns start, time_ns bound)
{
    const char *wrong = missing(world, trial->itinerary);
    const char *fault = deviator_ipsec_fault(&trial->deviator, world, !trial->itinerary->last);
    unsigned down = lost_datagrams(world, world->mobile, start, bound, bound + AFTER - SECONDS(1));
    unsigned up = lost_datagrams(world, world->correspondent, start, bound, bound + AFTER - SECONDS(1));
    if (wrong)
        tell(trial, world, wrong);
    else if (down > 0)
        tell(trial, world, "datagrams do not reach the mobile node");
    else if (up > 0)
        tell(trial, world, "datagrams do not reach the correspondent");
    else if (fault)
        tell(trial, world, fault);
}

/* Returns how many signals there were to hit. */
static unsigned run(struct trial *trial)
{
    struct world world = {.beside_router = trial->manner->beside_router};
    make_policy(&world);
    world.ipsec = trial->ipsec;
    world.protect_payload = trial->manner->all_under_esp;
    world.policy.reuse_tokens = trial->manner->reuse_tokens;
    world.policy.order = trial->manner->order;
    if (trial->manner->method == &authorization_static_key)
        use_static_key(&world, trial->manner->order);
    build(&world, &ordinary);
    struct deviator *deviator = &trial->deviator;
    deviator->lan = where_the_node_is;
    deviator->context = &world;
    deviator->seen = 0;
    deviator->home_agent = world.home_agent_address;
    deviator->tests_in_parallel = world.policy.order == ORDER_PARALLEL_TESTS;
    for (unsigned link = 0; link < 8; link++)
        lab_set_hook(world.lab, link, deviate, deviator);
    schedule(&world, trial->itinerary);

    struct node *mobile = lab_node(world.lab, world.mobile),
                *correspondent = lab_node(world.lab, world.correspondent);
    time_ns start = MOVE - SECONDS(1);
    struct flow_source up = {.configuration = &steady,
                             .destination = world.correspondent_address,
                             .start = start,
                             .stop = TIME_NEVER};
    struct flow_source down = {
        .configuration = &steady, .destination = world.home_address, .start = start, .stop = TIME_NEVER};
    ck_assert_int_eq(flow_sink_start(&world.sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world.sinks[1], correspondent), 0);
    lab_run(world.lab, START);
    ck_assert_int_eq(flow_source_start(&up, mobile, START), 0);
    ck_assert_int_eq(flow_source_start(&down, correspondent, START), 0);
    lab_run(world.lab, last_attachment(trial->itinerary) + SPAN);
    time_ns bound = bound_of(trial);
    time_ns end = bound + AFTER > lab_now(world.lab) ? bound + AFTER : lab_now(world.lab);
    lab_run(world.lab, end);
    judge(trial, &world, start, bound);
    trial->runs++;
    flow_source_stop(&up);
    flow_source_stop(&down);
    flow_sink_stop(&world.sinks[0], mobile);
    flow_sink_stop(&world.sinks[1], correspondent);
    tear_down(&world);
    return deviator->seen;
}

/* -- all of them -- */

static void hit_singles_and_pairs(struct trial *trial, enum deviation_kind kind, bool pairs)
{
    struct deviator *deviator = &trial->deviator;
    deviator->count = 0;
    unsigned signals = run(trial);
    ck_assert_uint_gt(signals, 4);
    for (unsigned i = 0; i < signals; i++) {
        deviator->count = 1;
        deviator->deviations[0] = (struct deviation){i, kind};
        unsigned then = run(trial);
        for (unsigned j = i + 1; pairs && j < then; j++) {
            deviator->count = 2;
            deviator->deviations[1] = (struct deviation){j, kind};
            run(trial);
        }
    }
}

static void hit(int which, enum deviation_kind kind)
{
    const char *only = getenv("LAB_ONLY");
    if (only && atoi(only) != which)
        return;
    struct trial trial = {
        .itinerary = &itineraries[(size_t)which % ITINERARIES],
        .manner = &manners[(size_t)which / ITINERARIES],
        .ipsec = true,
        .deviator = {.discovery = true,
                     .from = MOVE,
                     .delay = SECONDS(2),
                     .discovery_delay = MILLISECONDS(900)},
    };
    trial.deviator.until = last_attachment(trial.itinerary) + SPAN;
    const char *instrumented = getenv("INSTRUMENTED");
    hit_singles_and_pairs(&trial, kind, !instrumented || strcmp(instrumented, "yes") != 0);
    trial.ipsec = false;
    hit_singles_and_pairs(&trial, kind, false);
    if (getenv("LAB_VERBOSE"))
        fprintf(stderr, "%s, %s: %u runs\n", trial.itinerary->name, trial.manner->name, trial.runs);
    ck_assert_msg(trial.failures == 0, "%s, %s: %u of %u runs fail", trial.itinerary->name,
                  trial.manner->name, trial.failures, trial.runs);
}

START_TEST(test_lost)
{
    hit(_i, DEVIATION_LOSE);
}
END_TEST

START_TEST(test_late)
{
    hit(_i, DEVIATION_DELAY);
}
END_TEST

START_TEST(test_twice)
{
    hit(_i, DEVIATION_DUPLICATE);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("losses");
    TCase *tests = tcase_create("signalling");
    tcase_set_timeout(tests, 300);
    tcase_add_loop_test(tests, test_lost, 0, MANNERS * ITINERARIES);
    tcase_add_loop_test(tests, test_late, 0, MANNERS * ITINERARIES);
    tcase_add_loop_test(tests, test_twice, 0, MANNERS * ITINERARIES);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
