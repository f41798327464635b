/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_closed_forms.c - with fixed delays, no loss and infinite rates the time from "care-of address usable"
 * to "binding updated at the correspondent" is known exactly. With one-way delays a between mobile node and
 * home agent, b between home agent and correspondent, c between mobile node and correspondent, and H the
 * home agent's duplicate address detection (1 s or none, first registration only):
 *
 *   return routability after the home agent's acknowledgement    H + 2a + max(2(a+b), 2c) + c
 *   tests in parallel, given an existing home binding            max(H + 2a, 2(a+b), 2c) + c
 *   a fresh home keygen token, after the acknowledgement         H + 2a + 2c + c
 *   a fresh home keygen token, care-of test in parallel          max(H + 2a, 2c) + c
 *   static key after the acknowledgement                         H + 2a + c
 *   static key, update sent at once                              c
 *
 * Without a home binding the home agent takes nothing out of the tunnel (RFC 6275, 10.4.5), so that both
 * tests wait for its acknowledgement then, and the first row holds for tests in parallel as well.
 *
 * The acknowledgement follows c later, and so does the first packet that the correspondent sends after the
 * update. The whole simulator is held to this to the nanosecond: scenario in, handover record out. IPsec
 * between mobile node and home agent is there in two kinds, and is not there: at an infinite rate that
 * changes the octets of what goes between the two, which are known as exactly, and no instant.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "sim/measure/recorder.h"
#include "sim/network/simulation.h"
#include "tests/runner.h"

#define TRIPLES       40
#define FLOW_START    MILLISECONDS(2001)
#define FLOW_INTERVAL MILLISECONDS(7)

static const char topology[] = "[scenario]\n"
                               "duration = 50s\n"
                               "[lan home]\n"
                               "prefix = 2001:db8:1::/64\n"
                               "[access-lan visited1]\n"
                               "prefix = 2001:db8:2::/64\n"
                               "handover-delay = 50ms\n"
                               "[access-lan visited2]\n"
                               "prefix = 2001:db8:3::/64\n"
                               "handover-delay = 50ms\n"
                               "[home-agent ha]\n"
                               "attached = home\n"
                               "home-address-dad = %s\n"
                               "[router access]\n"
                               "attached = visited1, visited2\n"
                               "[router edge]\n"
                               "[correspondent-node cn]\n"
                               "[point-to-point cn-edge]\n"
                               "between = cn, edge\n"
                               "[point-to-point a]\n"
                               "between = access, ha\n"
                               "delay = %" G_GINT64_FORMAT "ns\n"
                               "[point-to-point b]\n"
                               "between = ha, edge\n"
                               "delay = %" G_GINT64_FORMAT "ns\n"
                               "[point-to-point c]\n"
                               "between = access, edge\n"
                               "delay = %" G_GINT64_FORMAT "ns\n"
                               "[mobile-node mn]\n"
                               "home-agent = ha\n"
                               "start = home\n"
                               "%s"
                               "[flow down]\n"
                               "from = cn\n"
                               "to = mn\n"
                               "interval = 7ms\n"
                               "start = 2001ms\n"
                               "payload = 100B\n"
                               "[at 10s]\n"
                               "mn = attach visited1\n"
                               "[at 30s]\n"
                               "mn = attach visited2\n"
                               "[peers mn cn]\n"
                               "registration = always\n"
                               "acknowledge = yes\n"
                               "%s";

/* Keys of [mobile-node mn]. */
static const char *const protections[] = {
    "ipsec = no\n",
    "ipsec = yes\nipsec-encryption = aes-cbc\nipsec-integrity = hmac-sha1-96\n",
    "ipsec = yes\nipsec-tunnel = all\nipsec-encryption = 3des-cbc\nipsec-integrity = hmac-sha-256-128\n",
};

#define PROTECTIONS G_N_ELEMENTS(protections)

/*
 * Octets of an IPv6 packet, under each protection. Under ESP: SPI and number, 8; initialization vector, 16 or
 * 8; what is protected and 2 of trailer, in whole blocks of 16 or 8; integrity check value, 12 or 16.
 */
struct size {
    const char *message;
    const char *node; /* where it was sent or received */
    enum signalling_action action;
    unsigned octets[PROTECTIONS];
};

static const struct size sizes[] = {
    /* 40, 24 of Home Address option, 32 of message */
    {"Binding Update",
     "ha",
     SIGNALLING_RECEIVED,
     {96, 40 + 24 + 8 + 16 + 48 + 12, 40 + 24 + 8 + 8 + 40 + 16}},
    /* 40, 24 of routing header, 16 */
    {"Binding Acknowledgement",
     "ha",
     SIGNALLING_SENT,
     {80, 40 + 24 + 8 + 16 + 32 + 12, 40 + 24 + 8 + 8 + 24 + 16}},
    /* in the tunnel, 40: 40 and 16; 40 and 24 */
    {"Home Test Init", "mn", SIGNALLING_SENT, {96, 40 + 8 + 16 + 64 + 12, 40 + 8 + 8 + 64 + 16}},
    {"Home Test", "mn", SIGNALLING_RECEIVED, {104, 40 + 8 + 16 + 80 + 12, 40 + 8 + 8 + 72 + 16}},
    /* The correspondent has no part in it. */
    {"Home Test Init", "cn", SIGNALLING_RECEIVED, {56, 56, 56}},
    {"Home Test", "cn", SIGNALLING_SENT, {64, 64, 64}},
    {"Care-of Test Init", "mn", SIGNALLING_SENT, {56, 56, 56}},
    {"Care-of Test", "mn", SIGNALLING_RECEIVED, {64, 64, 64}},
    {"Binding Update", "cn", SIGNALLING_RECEIVED, {96, 96, 96}},
    {"Binding Acknowledgement", "cn", SIGNALLING_SENT, {96, 96, 96}},
};

struct triple {
    time_ns a, b, c;
};

static time_ns larger(time_ns x, time_ns y)
{
    return x > y ? x : y;
}

/* handover: 1 leaves home (H = 1 s), 2 moves on (H = 0). */
static time_ns rr_after(struct triple d, time_ns h)
{
    return h + 2 * d.a + larger(2 * (d.a + d.b), 2 * d.c) + d.c;
}

static time_ns rr_parallel(struct triple d, time_ns h)
{
    return larger(h + 2 * d.a, larger(2 * (d.a + d.b), 2 * d.c)) + d.c;
}

static time_ns token_after(struct triple d, time_ns h)
{
    return h + 2 * d.a + 2 * d.c + d.c;
}

static time_ns token_parallel(struct triple d, time_ns h)
{
    return larger(h + 2 * d.a, 2 * d.c) + d.c;
}

static time_ns key_after(struct triple d, time_ns h)
{
    return h + 2 * d.a + d.c;
}

static time_ns key_at_once(struct triple d, time_ns h)
{
    (void)h;
    return d.c;
}

struct mode {
    const char *peers; /* keys of [peers mn cn] */
    time_ns (*expected[2])(struct triple, time_ns); /* of the first and the second handover */
};

static const struct mode modes[] = {
    {"authorization = return-routability\norder = after-home-acknowledgement\nreuse-tokens = no\n",
     {rr_after, rr_after}},
    {"authorization = return-routability\norder = parallel-tests\nreuse-tokens = no\n",
     {rr_after, rr_parallel}},
    {"authorization = return-routability\norder = after-home-acknowledgement\nreuse-tokens = yes\n",
     {rr_after, token_after}},
    {"authorization = return-routability\norder = parallel-tests\nreuse-tokens = yes\n",
     {rr_after, token_parallel}},
    {"authorization = static-key\norder = after-home-acknowledgement\n", {key_after, key_after}},
    {"authorization = static-key\norder = at-once\n", {key_at_once, key_at_once}},
};

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* When the first datagram sent after `bound` arrives over the direct path. */
static time_ns first_direct(time_ns bound, time_ns c)
{
    time_ns since = bound - FLOW_START;
    return FLOW_START + (since + FLOW_INTERVAL - 1) / FLOW_INTERVAL * FLOW_INTERVAL + c;
}

static void check_handover(const struct handover *handover, const struct mode *mode, struct triple d,
                           time_ns h, unsigned number)
{
    ck_assert_uint_eq(handover->number, number);
    ck_assert_uint_eq(handover->correspondence_count, 1);
    const struct correspondence *with = &handover->with[0];
    time_ns latency = handover_duration(handover, with, DURATION_BINDING_LATENCY);
    ck_assert_msg(latency != TIME_NEVER, "%s: handover %u: never bound", mode->peers, number);
    time_ns expected = mode->expected[number - 1](d, number == 1 ? h : 0);
    ck_assert_msg(latency == expected,
                  "%shandover %u: a %" G_GINT64_FORMAT " b %" G_GINT64_FORMAT " c %" G_GINT64_FORMAT
                  " H %" G_GINT64_FORMAT ": expected %" G_GINT64_FORMAT ", got %" G_GINT64_FORMAT,
                  mode->peers, number, d.a, d.b, d.c, h, expected, latency);
    time_ns bound = handover_instant(handover, with, INSTANT_CORRESPONDENT_BOUND);
    ck_assert_int_eq(handover_instant(handover, with, INSTANT_CORRESPONDENT_ACKNOWLEDGEMENT_RECEIVED),
                     bound + d.c);
    ck_assert_int_eq(handover_instant(handover, with, INSTANT_FIRST_OPTIMIZED_DOWNLINK),
                     first_direct(bound, d.c));
}

/* Every message of this kind there has this size, and there are some. */
static void check_size(const struct recorder *recorder, const struct size *size, unsigned protection)
{
    unsigned count = 0;
    for (unsigned i = 0; i < recorder->signalling.rows->len; i++) {
        const struct signalling_row *row =
            &g_array_index(recorder->signalling.rows, struct signalling_row, i);
        const char *node = directory_name(&recorder->directory, row->node);
        if (row->action != size->action || strcmp(row->message, size->message) != 0 ||
            strcmp(node, size->node) != 0)
            continue;
        ck_assert_msg(row->octets == size->octets[protection], "%s, %s%s: %u octets, expected %u",
                      size->message, protections[protection], node, row->octets, size->octets[protection]);
        count++;
    }
    bool test = strstr(size->message, "Test") != NULL;
    ck_assert_msg(test || count >= 2, "%s: %u at %s", size->message, count, size->node);
}

/* h: the home agent's duplicate detection; 0: there is none. */
static void check_protected_run(const struct mode *mode, unsigned protection, struct triple d, time_ns h)
{
    char *text =
        g_strdup_printf(topology, h > 0 ? "yes" : "no", d.a, d.b, d.c, protections[protection], mode->peers);
    struct scenario_messages *messages = scenario_messages_new();
    struct scenario_source *source =
        scenario_source_read_text("closed-forms.ini", text, strlen(text), NULL, messages);
    struct scenario *scenario = source ? scenario_build(source, NULL, 0, messages) : NULL;
    ck_assert_msg(scenario != NULL, "%s", scenario_messages_to_string(messages));
    struct recorder recorder;
    recorder_init(&recorder, scenario, LOG_NONE);
    struct network_observer observer = recorder_observer(&recorder);
    struct simulation *simulation = simulation_new(scenario, scenario->seed, 0, &observer, NULL);
    ck_assert_ptr_nonnull(simulation);
    simulation_run(simulation);
    ck_assert_uint_eq(recorder.handovers.count, 2);
    const struct handover *first = recorder.handovers.first;
    check_handover(first, mode, d, h, 1);
    check_handover(first->next, mode, d, h, 2);
    for (unsigned i = 0; i < G_N_ELEMENTS(sizes); i++)
        check_size(&recorder, &sizes[i], protection);
    simulation_free(simulation);
    recorder_free(&recorder);
    scenario_free(scenario);
    scenario_source_free(source);
    scenario_messages_free(messages);
    g_free(text);
}

static void check_run(const struct mode *mode, struct triple d, time_ns h)
{
    for (unsigned i = 0; i < PROTECTIONS; i++)
        check_protected_run(mode, i, d, h);
}

static struct triple random_triple(uint64_t *state)
{
    struct triple d;
    d.a = (time_ns)(next_random(state) % 200000000);
    d.b = (time_ns)(next_random(state) % 200000000);
    d.c = (time_ns)(next_random(state) % 200000000);
    return d;
}

START_TEST(test_random_delays)
{
    const struct mode *mode = &modes[_i];
    uint64_t state = 0x9e3779b97f4a7c15u;
    for (unsigned i = 0; i < TRIPLES; i++)
        check_run(mode, random_triple(&state), SECONDS(1));
}
END_TEST

/* H is 0. */
START_TEST(test_home_agent_without_detection)
{
    uint64_t state = 0x2545f4914f6cdd1du;
    for (unsigned i = 0; i < TRIPLES / 2; i++)
        check_protected_run(&modes[_i], i % PROTECTIONS, random_triple(&state), 0);
}
END_TEST

/* Corners: nothing takes time; one leg dominates. */
START_TEST(test_corner_delays)
{
    static const struct triple corners[] = {
        {0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {200000000, 0, 0}, {0, 200000000, 1}, {1, 1, 200000000},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(corners); i++)
        check_run(&modes[_i], corners[i], SECONDS(1));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("closed forms");
    TCase *cases = tcase_create("binding latency");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, test_random_delays, 0, G_N_ELEMENTS(modes));
    tcase_add_loop_test(cases, test_home_agent_without_detection, 0, G_N_ELEMENTS(modes));
    tcase_add_loop_test(cases, test_corner_delays, 0, G_N_ELEMENTS(modes));
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
