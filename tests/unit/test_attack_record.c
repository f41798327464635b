/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an attack's record makes of reports with marks: outcome, reason, detours, state; without any
 * network. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/measure/attack.h"
#include "sim/scenario/scenario.h"
#include "tests/runner.h"

/* Nodes in order: ha 0, access 1, edge 2, far 3, mn 4, cn 5, mallory 6. Attacks: 1 forged, 2 flood. */
static const char text[] = "[scenario]\nduration = 100s\n"
                           "[lan home]\nprefix = 2001:db8:1::/64\n"
                           "[lan visited]\nprefix = 2001:db8:2::/64\n"
                           "[lan away]\nprefix = 2001:db8:3::/64\n"
                           "[home-agent ha]\nattached = home\n"
                           "[router access]\nattached = visited, home\n"
                           "[router edge]\nattached = home\n"
                           "[router far]\nattached = away, home\n"
                           "[mobile-node mn]\nhome-agent = ha\n"
                           "[correspondent-node cn]\nattached = home\n"
                           "[attacker mallory]\nattached = away\n"
                           "[peers mn cn]\nauthorization = static-key\n"
                           "[flow voice]\nfrom = cn\nto = mn\ninterval = 20ms\n"
                           "[attack forged]\nattacker = mallory\naction = forge\nmessage = BU\ntarget = cn\n"
                           "home-address = mn\ncare-of-address = own\n"
                           "[attack flood]\nattacker = mallory\naction = flood\nmessage = BU\ntarget = cn\n"
                           "home-address = mn\ncare-of-address = own\n";

enum { HA, ACCESS, EDGE, FAR, MN, CN, MALLORY };

struct bench {
    struct scenario_source *source;
    struct scenario *scenario;
    struct directory directory;
    struct flow_monitor flows;
    struct attack_probe probe;
    struct ipv6_address home_address;
};

static struct bench bench_new(void)
{
    struct bench bench = {.source = NULL};
    struct scenario_messages *messages = scenario_messages_new();
    bench.source = scenario_source_read_text("test.ini", text, strlen(text), NULL, messages);
    bench.scenario = scenario_build(bench.source, NULL, 0, messages);
    char *told = scenario_messages_to_string(messages);
    ck_assert_msg(bench.scenario != NULL, "%s", told);
    g_free(told);
    scenario_messages_free(messages);
    return bench;
}

/* Behind bench_new: the probe keeps addresses of its neighbors in the bench. */
static void bench_start(struct bench *bench)
{
    directory_init(&bench->directory, bench->scenario);
    flow_monitor_init(&bench->flows, bench->scenario);
    attack_probe_init(&bench->probe, &bench->directory, &bench->flows);
    bench->home_address = scenario_home_address(&bench->scenario->nodes[MN], 0);
    ck_assert_uint_eq(bench->probe.count, 2);
    ck_assert_uint_eq(bench->probe.records[0].target, CN);
    ck_assert_uint_eq(bench->probe.records[0].attacker, MALLORY);
    ck_assert_str_eq(bench->probe.records[0].method, "static-key");
}

static void bench_end(struct bench *bench)
{
    attack_probe_free(&bench->probe);
    flow_monitor_free(&bench->flows);
    directory_free(&bench->directory);
    scenario_free(bench->scenario);
    scenario_source_free(bench->source);
}

static void report(struct bench *bench, uint32_t node, struct protocol_event event)
{
    struct network_node at = {.index = node};
    ck_assert(bench->probe.watch & WATCH(event.kind));
    attack_probe_report(&bench->probe, &at, &event);
}

static struct protocol_event message(enum protocol_event_kind kind, const char *name, uint32_t mark)
{
    return (struct protocol_event){
        .kind = kind, .message = name, .mark = mark, .sequence = -1, .status = -1, .lifetime = -1};
}

static void binding(struct bench *bench, enum protocol_event_kind kind, const char *care_of, uint32_t mark,
                    time_ns now)
{
    struct ipv6_address address = ipv6_unspecified;
    if (care_of)
        ck_assert_int_eq(g_str_has_prefix(care_of, "2001:db8:"), 1);
    address.octets[0] = 0x20;
    address.octets[15] = care_of ? (uint8_t)care_of[strlen(care_of) - 1] : 0;
    struct protocol_event event = message(kind, NULL, mark);
    event.time = now;
    event.home_address = &bench->home_address;
    event.care_of_address = &address;
    report(bench, CN, event);
}

static void send_datagram(struct bench *bench, time_ns now)
{
    struct protocol_event event = message(EVENT_APPLICATION_SENT, NULL, 0);
    event.time = now;
    event.octets = 232;
    event.path = PATH_ROUTE_OPTIMIZED;
    report(bench, CN, event);
}

static void finish(struct bench *bench)
{
    attack_probe_finish(&bench->probe, SECONDS(100));
}

static enum attack_outcome outcome(const struct bench *bench, uint32_t index)
{
    return attack_record_outcome(&bench->probe, &bench->probe.records[index]);
}

static int64_t number(const struct bench *bench, uint32_t index, enum attack_column column)
{
    return attack_record_number(&bench->probe.records[index], column);
}

START_TEST(nothing_was_sent)
{
    struct bench bench = bench_new();
    bench_start(&bench);
    finish(&bench);
    ck_assert_int_eq(outcome(&bench, 0), OUTCOME_NOT_SENT);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_FIRST_ACCEPTED), TIME_NEVER);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_ASTRAY_TIME), TIME_NEVER);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_STATUS), TIME_NEVER);
    bench_end(&bench);
}
END_TEST

/* What is refused with a status is reported as discarded as well, and counts once. The reason is that of the
 * target, however many have gone elsewhere. */
START_TEST(refused_and_discarded)
{
    struct bench bench = bench_new();
    bench_start(&bench);
    bench.probe.records[0].action_sent = 3;
    struct protocol_event event = message(EVENT_MESSAGE_DISCARDED, "Binding Update", 1);
    event.reason = DISCARD_AUTHENTICATOR;
    report(&bench, CN, event);
    ck_assert_int_eq(outcome(&bench, 0), OUTCOME_DISCARDED);
    ck_assert_int_eq(attack_record_reason(&bench.probe.records[0]), DISCARD_AUTHENTICATOR);

    /* Others' discards are not the attack's; nor are Neighbor Discovery's. */
    event = message(EVENT_MESSAGE_DISCARDED, "Home Test", 1);
    event.reason = DISCARD_UNSOLICITED;
    report(&bench, MN, event);
    report(&bench, MN, event);
    event = message(EVENT_MESSAGE_DISCARDED, "Neighbor Solicitation", 1);
    event.reason = DISCARD_NOT_OURS;
    report(&bench, CN, event);
    report(&bench, CN, event);
    ck_assert_int_eq(attack_record_reason(&bench.probe.records[0]), DISCARD_AUTHENTICATOR);

    event = message(EVENT_MESSAGE_DISCARDED, "Binding Update", 1);
    event.reason = DISCARD_SEQUENCE_NUMBER;
    report(&bench, CN, event);
    event = message(EVENT_MESSAGE_SENT, "Binding Acknowledgement", 1);
    event.status = 135;
    event.octets = 96;
    report(&bench, CN, event);
    finish(&bench);
    ck_assert_int_eq(outcome(&bench, 0), OUTCOME_REJECTED);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_STATUS), 135);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_REJECTED), 1);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_DISCARDED), 1);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_REPLIES), 1);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_REPLY_OCTETS), 96);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_DEFENCE_MESSAGES), 1);
    ck_assert_int_eq(outcome(&bench, 1), OUTCOME_NOT_SENT);
    bench_end(&bench);
}
END_TEST

/* Astray is what is sent by the forged binding; its time goes on until one sent afterwards arrives. */
START_TEST(a_detour)
{
    struct bench bench = bench_new();
    bench_start(&bench);
    const struct flow_record *flow = flow_monitor_find(&bench.flows, 0);
    binding(&bench, EVENT_BINDING_CREATED, "2001:db8:2::1", 0, SECONDS(5));
    send_datagram(&bench, SECONDS(6));
    binding(&bench, EVENT_BINDING_UPDATED, "2001:db8:3::2", 1, SECONDS(10));
    send_datagram(&bench, SECONDS(11));
    send_datagram(&bench, SECONDS(12));
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_STATE_CREATED), 1);
    binding(&bench, EVENT_BINDING_UPDATED, "2001:db8:2::1", 0, SECONDS(20));
    send_datagram(&bench, SECONDS(21));
    attack_probe_delivered(&bench.probe, flow, 0, SECONDS(19), SECONDS(21)); /* sent before */
    attack_probe_delivered(&bench.probe, flow, 0, SECONDS(21), SECONDS(22));
    finish(&bench);
    ck_assert_int_eq(outcome(&bench, 0), OUTCOME_ACCEPTED);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_ASTRAY_PACKETS), 2);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_ASTRAY_OCTETS), 464);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_ASTRAY_TIME), SECONDS(12));
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_FIRST_ACCEPTED), SECONDS(10));
    ck_assert_uint_eq(bench.probe.records[0].bins[21].astray_packets, 1); /* of half a second each, */
    ck_assert_uint_eq(bench.probe.records[0].bins[23].astray_octets, 232);  /* the end included */
    bench_end(&bench);
}
END_TEST

/* To where the mobile node is nothing goes astray; a deletion is no detour; one that nothing ends lasts to
 * the end. */
START_TEST(detours_that_are_none)
{
    struct bench bench = bench_new();
    bench_start(&bench);
    struct ipv6_address own = ipv6_unspecified;
    own.octets[0] = 0x20;
    own.octets[15] = '1';
    struct protocol_event moved = message(EVENT_CARE_OF_ADDRESS_USABLE, NULL, 0);
    moved.care_of_address = &own;
    report(&bench, MN, moved);
    binding(&bench, EVENT_BINDING_UPDATED, "2001:db8:2::1", 1, SECONDS(10));
    send_datagram(&bench, SECONDS(11));
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_ASTRAY_PACKETS), 0);
    binding(&bench, EVENT_BINDING_DELETED, NULL, 1, SECONDS(12));
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_ACCEPTED), 2);
    ck_assert_int_eq(number(&bench, 0, ATTACK_COLUMN_ASTRAY_TIME), TIME_NEVER);

    binding(&bench, EVENT_BINDING_CREATED, "2001:db8:3::2", 2, SECONDS(40));
    binding(&bench, EVENT_BINDING_CREATED, "2001:db8:3::3", 2, SECONDS(41));
    finish(&bench);
    ck_assert_int_eq(number(&bench, 1, ATTACK_COLUMN_ASTRAY_TIME), SECONDS(60));
    ck_assert_int_eq(number(&bench, 1, ATTACK_COLUMN_STATE_CREATED), 1);
    bench_end(&bench);
}
END_TEST

/* Of a flood a part is accepted and a part refused. */
START_TEST(a_limited_flood)
{
    struct bench bench = bench_new();
    bench_start(&bench);
    bench.probe.records[1].action_sent = 2;
    binding(&bench, EVENT_BINDING_CREATED, "2001:db8:3::2", 2, SECONDS(10));
    struct protocol_event event = message(EVENT_MESSAGE_SENT, "Binding Acknowledgement", 2);
    event.status = 130;
    report(&bench, CN, event);
    finish(&bench);
    ck_assert_int_eq(outcome(&bench, 1), OUTCOME_LIMITED);
    ck_assert_str_eq(attack_outcome_word(outcome(&bench, 1)), "limited");
    bench_end(&bench);
}
END_TEST

/* So that a flood does not fill memory. */
START_TEST(messages_kept)
{
    struct bench bench = bench_new();
    bench_start(&bench);
    for (unsigned i = 0; i < ATTACK_MESSAGES_KEPT; i++)
        ck_assert(attack_probe_keeps_message(&bench.probe, 2));
    ck_assert(!attack_probe_keeps_message(&bench.probe, 2));
    ck_assert(attack_probe_keeps_message(&bench.probe, 1));
    ck_assert(attack_probe_keeps_message(&bench.probe, 0));
    bench_end(&bench);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attack record");
    TCase *tests = tcase_create("attack record");
    tcase_add_test(tests, nothing_was_sent);
    tcase_add_test(tests, refused_and_discarded);
    tcase_add_test(tests, a_detour);
    tcase_add_test(tests, detours_that_are_none);
    tcase_add_test(tests, a_limited_flood);
    tcase_add_test(tests, messages_kept);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
