/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_attackers.c - attackers in a simulated network: what they hear at their places and when, how what they
 * send gets there, and that all that comes of it carries their attack's mark.
 *
 * The mobile node goes to `visited` at 10 s. Between `core` and everything there is nothing but 10 ms to the
 * home agent, so that instants are round.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/attack/attacker.h"
#include "models/ipv6/ipv6.h"
#include "sim/network/simulation.h"
#include "tests/runner.h"

static const char topology[] = "[scenario]\n"
                               "duration = 60s\n"
                               "[lan home]\n"
                               "prefix = 2001:db8:1::/64\n"
                               "[lan visited]\n"
                               "prefix = 2001:db8:2::/64\n"
                               "router-advertisement-interval = 50ms\n"
                               "[lan office]\n"
                               "prefix = 2001:db8:3::/64\n"
                               "[router core]\n"
                               "attached = visited, office\n"
                               "[home-agent ha]\n"
                               "attached = home\n"
                               "[point-to-point ha-core]\n"
                               "between = ha, core\n"
                               "delay = 10ms\n"
                               "[correspondent-node cn]\n"
                               "attached = office\n"
                               "[mobile-node mn]\n"
                               "home-agent = ha\n"
                               "[peers mn cn]\n"
                               "[at 10s]\n"
                               "mn = attach visited\n";

/* What was told of a node's messages, and of packets with marks. */
struct told {
    const char *message; /* static string */
    uint32_t node, mark;
    enum protocol_event_kind kind;
    enum discard_reason reason;
    int32_t status;
    time_ns time;
};

struct watched {
    GArray *told; /* of struct told */
    GString *fingerprint;
    unsigned marked_sent, answers_sent, marked_arrived;
    uint32_t attacker;
};

static void report(void *context, struct network_node *node, const struct protocol_event *event)
{
    struct watched *watched = context;
    struct told told = {event->message, node->index,   event->mark, event->kind,
                        event->reason,  event->status, event->time};
    g_array_append_val(watched->told, told);
    g_string_append_printf(watched->fingerprint, "%u %d %" G_GINT64_FORMAT "\n", node->index, event->kind,
                           event->time);
}

static void marked_sent(void *context, struct port *port, const struct packet *frame, time_ns now)
{
    struct watched *watched = context;
    (void)now;
    ck_assert_uint_ne(packet_mark_cause(frame->mark), 0);
    if (frame->mark & PACKET_MARK_ANSWER)
        watched->answers_sent++;
    else if (port->node->attacker)
        watched->marked_sent++;
}

static void marked_arrived(void *context, struct port *port, const struct packet *frame, time_ns now)
{
    struct watched *watched = context;
    (void)port;
    (void)now;
    ck_assert_uint_ne(frame->mark, 0);
    watched->marked_arrived++;
}

/* The topology with this behind it, run to its end. */
static void run(struct watched *watched, const char *text)
{
    struct scenario_messages *messages = scenario_messages_new();
    char *whole = g_strconcat(topology, text, NULL);
    struct scenario_source *source =
        scenario_source_read_text("test.ini", whole, strlen(whole), NULL, messages);
    struct scenario *scenario = scenario_build(source, NULL, 0, messages);
    ck_assert_msg(scenario != NULL, "%s", scenario_messages_to_string(messages));
    *watched = (struct watched){.told = g_array_new(FALSE, FALSE, sizeof(struct told)),
                                .fingerprint = g_string_new(NULL)};
    const struct network_observer observer = {
        .context = watched,
        .watch = WATCH(EVENT_MESSAGE_RECEIVED) | WATCH(EVENT_MESSAGE_DISCARDED) |
                 WATCH(EVENT_PACKET_DISCARDED) | WATCH(EVENT_BINDING_CREATED) | WATCH(EVENT_BINDING_UPDATED),
        .report = report,
        .marked_sent = marked_sent,
        .marked_arrived = marked_arrived,
    };
    GError *error = NULL;
    struct simulation *simulation = simulation_new(scenario, 1, 0, &observer, &error);
    ck_assert_ptr_nonnull(simulation);
    simulation_run(simulation);
    simulation_free(simulation);
    scenario_free(scenario);
    scenario_source_free(source);
    scenario_messages_free(messages);
    g_free(whole);
}

static void end(struct watched *watched)
{
    g_array_free(watched->told, TRUE);
    g_string_free(watched->fingerprint, TRUE);
}

/* How often this was told of marked packets; message NULL: any. *first: when first. */
static unsigned count(const struct watched *watched, uint32_t mark, enum protocol_event_kind kind,
                      const char *message, enum discard_reason reason, time_ns *first)
{
    unsigned found = 0;
    for (guint i = 0; i < watched->told->len; i++) {
        const struct told *told = &g_array_index(watched->told, struct told, i);
        if (told->mark != mark || told->kind != kind || told->reason != reason ||
            (message && g_strcmp0(told->message, message) != 0))
            continue;
        if (first && found == 0)
            *first = told->time;
        found++;
    }
    return found;
}

#define FORGED                                                                                               \
    "[attack forged]\n"                                                                                      \
    "attacker = mallory\n"                                                                                   \
    "target = cn\n"                                                                                          \
    "action = forge\n"                                                                                       \
    "home-address = mn\n"                                                                                    \
    "start = 20s\n"                                                                                          \
    "give-up = 2s\n"

/* A tap delays nothing; what is sent at it takes the link's own time, towards whom it is for. */
START_TEST(taps_hear_and_send_both_ways)
{
    struct watched watched;
    time_ns when = 0;
    run(&watched, "[attacker mallory]\n"
                  "taps = ha-core\n"
                  "[point-to-point mallory-core]\n"
                  "between = mallory, core\n" FORGED "send-on = ha-core\n");
    /* 10 ms to the correspondent, 10 ms back to the home agent, where the link ends. */
    ck_assert_uint_eq(count(&watched, 1, EVENT_MESSAGE_RECEIVED, "Home Test Init", DISCARD_NONE, &when), 1);
    ck_assert_int_eq(when, SECONDS(20) + MILLISECONDS(10));
    ck_assert_uint_eq(count(&watched, 1, EVENT_BINDING_UPDATED, NULL, DISCARD_NONE, &when), 1);
    ck_assert_int_eq(when, SECONDS(20) + MILLISECONDS(30));
    ck_assert_uint_eq(watched.marked_sent, 3);
    ck_assert_uint_gt(watched.answers_sent, 0);
    ck_assert_uint_gt(watched.marked_arrived, watched.marked_sent);
    end(&watched);

    /* Towards the home agent: 10 ms in the other direction. */
    run(&watched, "[attacker mallory]\n"
                  "taps = ha-core\n"
                  "[attack forged]\n"
                  "attacker = mallory\n"
                  "target = ha\n"
                  "action = forge\n"
                  "home-registration = yes\n"
                  "home-address = mn\n"
                  "care-of-address = 2001:db8:2::bad\n"
                  "start = 20s\n");
    ck_assert_uint_eq(
        count(&watched, 1, EVENT_MESSAGE_DISCARDED, "Binding Update", DISCARD_IPSEC_POLICY, &when), 1);
    ck_assert_int_eq(when, SECONDS(20) + MILLISECONDS(10));
    end(&watched);
}
END_TEST

START_TEST(off_path_it_is_not_believed)
{
    struct watched watched;
    run(&watched, "[attacker mallory]\n"
                  "[point-to-point mallory-core]\n"
                  "between = mallory, core\n" FORGED);
    ck_assert_uint_eq(
        count(&watched, 1, EVENT_MESSAGE_DISCARDED, "Binding Update", DISCARD_AUTHENTICATOR, NULL), 1);
    ck_assert_uint_eq(count(&watched, 1, EVENT_BINDING_UPDATED, NULL, DISCARD_NONE, NULL), 0);
    end(&watched);
}
END_TEST

#define REPLAY                                                                                               \
    "[attack again]\n"                                                                                       \
    "attacker = mallory\n"                                                                                   \
    "target = cn\n"                                                                                          \
    "action = replay\n"                                                                                      \
    "from = mn\n"                                                                                            \
    "to = cn\n"                                                                                              \
    "after = 5s\n"

/* On a LAN all frames are heard, wherever they go; not from off it, and not without power. */
START_TEST(lans_are_overheard)
{
    static const struct {
        const char *text;
        unsigned replays;
    } cases[] = {
        {"[attacker mallory]\nattached = visited\n" REPLAY, 1},
        {"[attacker mallory]\nattached = office\n" REPLAY, 1},
        {"[attacker mallory]\nattached = home\n" REPLAY, 0},
        {"[attacker mallory]\nattached = visited, home\n" REPLAY "[at 9s]\nmallory = detach visited\n", 0},
        {"[attacker mallory]\nattached = visited\n" REPLAY "[at 9s]\nmallory = detach visited\n"
         "[at 10s]\nmallory = attach visited\n",
         1},
        {"[attacker mallory]\nattached = visited\n" REPLAY "[at 9s]\nmallory = down\n", 0},
        {"[attacker mallory]\ntaps = ha-core\nattached = home\n" REPLAY "[at 9s]\nmallory = down\n"
         "[at 14s]\nmallory = up\n",
         0},
        {"[attacker mallory]\ncount = 3\nattached = visited\n" REPLAY, 1},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct watched watched;
        run(&watched, cases[i].text);
        ck_assert_msg(count(&watched, 1, EVENT_MESSAGE_DISCARDED, "Binding Update", DISCARD_SEQUENCE_NUMBER,
                            NULL) == cases[i].replays,
                      "case %u", i);
        if (strstr(cases[i].text, "count = 3"))
            ck_assert_uint_eq(
                count(&watched, 3, EVENT_MESSAGE_DISCARDED, "Binding Update", DISCARD_SEQUENCE_NUMBER, NULL),
                1);
        end(&watched);
    }
}
END_TEST

/* A forged source meets the router's filter as anybody's does (BCP 38). */
START_TEST(ingress_filters_work)
{
    struct watched watched;
    for (unsigned filtering = 0; filtering < 2; filtering++) {
        char *text = g_strdup_printf("[router core]\n"
                                     "ingress-filtering = %s\n"
                                     "[attacker mallory]\n"
                                     "attached = visited\n" FORGED,
                                     filtering ? "yes" : "no");
        run(&watched, text);
        ck_assert_uint_eq(count(&watched, 1, EVENT_PACKET_DISCARDED, NULL, DISCARD_INGRESS_FILTER, NULL) +
                              count(&watched, 1, EVENT_MESSAGE_DISCARDED, NULL, DISCARD_INGRESS_FILTER, NULL),
                          filtering);
        ck_assert_uint_eq(count(&watched, 1, EVENT_MESSAGE_RECEIVED, "Home Test Init", DISCARD_NONE, NULL),
                          1 - filtering);
        g_free(text);
        end(&watched);
    }
}
END_TEST

/* Somebody who only listens changes nothing for anybody else. */
START_TEST(listening_changes_nothing)
{
    struct watched without, with;
    run(&without, "");
    run(&with, "[attacker mallory]\n"
               "taps = ha-core\n"
               "[attack nothing]\n"
               "attacker = mallory\n"
               "target = cn\n"
               "action = replay\n"
               "message = Binding Error\n");
    ck_assert_str_eq(without.fingerprint->str, with.fingerprint->str);
    end(&without);
    end(&with);
}
END_TEST

/* Keys are known where the scenario gives them, and nowhere else. */
START_TEST(keys_that_were_given)
{
    static const struct {
        const char *knows;
        unsigned updated;
    } cases[] = {{"", 0}, {"knows = mn cn\n", 1}, {"knows = esp mn\n", 0}};
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct watched watched;
        char *text = g_strconcat("[peers mn cn]\nauthorization = static-key\n"
                                 "[attacker mallory]\nattached = home\n",
                                 cases[i].knows, FORGED, NULL);
        run(&watched, text);
        ck_assert_uint_eq(count(&watched, 1, EVENT_BINDING_UPDATED, NULL, DISCARD_NONE, NULL),
                          cases[i].updated);
        g_free(text);
        end(&watched);
    }
}
END_TEST

/* One's own security association does for one's own home address only (RFC 3776, 4.2); and opens what the
 * tunnel hides. */
START_TEST(security_associations_that_were_given)
{
    struct watched watched;
    run(&watched, "[mobile-node bad]\n"
                  "home-agent = ha\n"
                  "[at 5s]\n"
                  "bad = attach visited\n"
                  "[attacker mallory]\n"
                  "attached = visited\n"
                  "knows = esp bad\n"
                  "[attack others]\n"
                  "attacker = mallory\n"
                  "target = ha\n"
                  "action = forge\n"
                  "home-registration = yes\n"
                  "home-address = mn\n"
                  "protect = bad\n"
                  "start = 20s\n"
                  "[attack own]\n"
                  "attacker = mallory\n"
                  "target = ha\n"
                  "action = forge\n"
                  "home-registration = yes\n"
                  "home-address = bad\n"
                  "protect = bad\n"
                  "start = 21s\n");
    ck_assert_uint_eq(count(&watched, 1, EVENT_PACKET_DISCARDED, NULL, DISCARD_IPSEC_POLICY, NULL), 1);
    ck_assert_uint_eq(count(&watched, 1, EVENT_BINDING_UPDATED, NULL, DISCARD_NONE, NULL), 0);
    ck_assert_uint_eq(count(&watched, 2, EVENT_BINDING_UPDATED, NULL, DISCARD_NONE, NULL), 1);
    end(&watched);

    for (unsigned known = 0; known < 2; known++) {
        char *text = g_strconcat("[attacker mallory]\nattached = visited\n", known ? "knows = esp mn\n" : "",
                                 FORGED "home-token = heard\n", NULL);
        run(&watched, text);
        ck_assert_uint_eq(count(&watched, 1, EVENT_BINDING_UPDATED, NULL, DISCARD_NONE, NULL), known);
        g_free(text);
        end(&watched);
    }
}
END_TEST

/* Each of its addresses is answered for, and registered, until the cache is full. */
START_TEST(valid_bindings_fill_a_cache)
{
    struct watched watched;
    run(&watched, "[correspondent-node cn]\n"
                  "binding-limit = 8\n"
                  "[attacker mallory]\n"
                  "attached = visited\n"
                  "[attack exhaust]\n"
                  "attacker = mallory\n"
                  "target = cn\n"
                  "action = flood\n"
                  "home-address = own-addresses\n"
                  "start = 20s\n"
                  "rate = 10/s\n"
                  "count = 20\n");
    ck_assert_uint_eq(count(&watched, 1, EVENT_BINDING_CREATED, NULL, DISCARD_NONE, NULL), 7);
    ck_assert_uint_eq(
        count(&watched, 1, EVENT_MESSAGE_DISCARDED, "Binding Update", DISCARD_BINDING_LIMIT, NULL), 13);
    end(&watched);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attackers");
    TCase *tests = tcase_create("attackers");
    tcase_add_test(tests, taps_hear_and_send_both_ways);
    tcase_add_test(tests, off_path_it_is_not_believed);
    tcase_add_test(tests, lans_are_overheard);
    tcase_add_test(tests, ingress_filters_work);
    tcase_add_test(tests, listening_changes_nothing);
    tcase_add_test(tests, keys_that_were_given);
    tcase_add_test(tests, security_associations_that_were_given);
    tcase_add_test(tests, valid_bindings_fill_a_cache);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
