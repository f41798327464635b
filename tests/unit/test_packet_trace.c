/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_packet_trace.c - what becomes of datagrams, told step by step: one row for each end, copies one behind
 * the other, what is lost before it is reported as sent, forged numbers, the warm-up; and where each copy was
 * seen last.
 */
#include <check.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "sim/measure/packet_trace.h"
#include "tests/runner.h"

#define VOICE 0
#define TEST  1

static const char text[] = "[scenario]\nduration = 10s\nwarm-up = 1s\n"
                           "[lan home]\nprefix = 2001:db8:1::/64\n"
                           "[lan far]\nprefix = 2001:db8:2::/64\n[home-agent ha]\nattached = home, far\n"
                           "[mobile-node mn]\nhome-agent = ha\n"
                           "[host cn]\nattached = far\n"
                           "[flow voice]\nfrom = cn\nto = mn\n"
                           "[flow test]\nfrom = mn\nto = cn\n"
                           "[output]\npackets = voice\n";

static struct scenario_source *source;
static struct scenario *scenario;
static struct directory directory;
static struct packet_trace *trace;
static GArray *rows; /* struct packet_row; their ends are the trace's own, or in `ends` */
static GArray *ends; /* struct packet_end */

static void setup(void)
{
    struct scenario_messages *messages = scenario_messages_new();
    source = scenario_source_read_text("test.ini", text, strlen(text), NULL, messages);
    scenario = scenario_build(source, NULL, 0, messages);
    char *told = scenario_messages_to_string(messages);
    ck_assert_msg(scenario != NULL, "%s", told);
    g_free(told);
    scenario_messages_free(messages);
    directory_init(&directory, scenario);
    trace = packet_trace_new(&directory);
    rows = g_array_new(FALSE, FALSE, sizeof(struct packet_row));
    ends = g_array_new(FALSE, FALSE, sizeof(struct packet_end));
}

static void teardown(void)
{
    g_array_unref(rows);
    g_array_unref(ends);
    packet_trace_free(trace);
    directory_free(&directory);
    scenario_free(scenario);
    scenario_source_free(source);
}

static void take_row(void *context, const struct packet_row *row)
{
    (void)context;
    g_array_append_val(rows, *row);
    g_array_append_val(ends, *row->end);
}

static void finish(guint expected)
{
    packet_trace_each(trace, take_row, NULL);
    ck_assert_uint_eq(rows->len, expected);
}

static const struct packet_row *row_at(guint i)
{
    return &g_array_index(rows, struct packet_row, i);
}

static const struct packet_end *end_at(guint i)
{
    return &g_array_index(ends, struct packet_end, i);
}

static void sent(uint32_t flow, uint32_t sequence, time_ns time)
{
    struct protocol_event event = {
        .kind = EVENT_APPLICATION_SENT, .time = time, .flow = flow, .flow_sequence = sequence};
    packet_trace_sent(trace, &event);
}

static struct packet_view plain(uint32_t sequence)
{
    return (struct packet_view){.flow = VOICE, .flow_sequence = sequence};
}

static void delivered(uint32_t sequence, enum packet_fate fate, uint32_t node, time_ns time)
{
    struct delivery delivery = {.time = time, .sent = SECONDS(2), .flow = VOICE, .sequence = sequence};
    packet_trace_delivered(trace, &delivery, fate, node);
}

static struct ipv6_address address_of(uint8_t last)
{
    return (struct ipv6_address){.octets = {0x20, 0x01, 0x0d, 0xb8, [15] = last}};
}

START_TEST(the_ways)
{
    struct packet_view view = plain(0);
    struct ipv6_address care_of = address_of(7);
    sent(VOICE, 0, SECONDS(2));
    packet_trace_seen(trace, &view, 4);
    delivered(0, PACKET_DELIVERED, 1, SECONDS(3));

    /* From the home agent to the mobile node, whose addresses both are; then without the tunnel. */
    sent(VOICE, 1, SECONDS(2));
    view = plain(1);
    view.tunnels = 1;
    view.outer_source = address_of(1);
    view.outer_destination = care_of;
    view.destination = address_of(9);
    directory_enter(&directory, &view.destination, 1);
    directory_enter(&directory, &care_of, 1);
    packet_trace_seen(trace, &view, 5);
    view = plain(1);
    packet_trace_seen(trace, &view, 6);
    delivered(1, PACKET_DELIVERED, 1, SECONDS(3));

    /* To the home agent. */
    sent(VOICE, 2, SECONDS(2));
    view = plain(2);
    view.tunnels = 1;
    view.outer_source = care_of;
    view.outer_destination = address_of(1);
    packet_trace_seen(trace, &view, 5);
    delivered(2, PACKET_DELIVERED, 1, SECONDS(3));

    sent(VOICE, 3, SECONDS(2));
    view = plain(3);
    view.type_2_routing = true;
    view.wire_destination = care_of;
    packet_trace_seen(trace, &view, 5);
    sent(VOICE, 4, SECONDS(2));
    view = plain(4);
    view.home_address_option = true;
    view.wire_source = care_of;
    packet_trace_seen(trace, &view, PACKET_NOWHERE);

    finish(5);
    ck_assert(row_at(0)->seen && !row_at(0)->tunnelled && !row_at(0)->optimized);
    ck_assert(ipv6_address_is_unspecified(&end_at(0)->care_of_address));
    ck_assert_uint_eq(end_at(0)->link, 4);
    ck_assert(row_at(1)->tunnelled && row_at(2)->tunnelled && row_at(3)->optimized && row_at(4)->optimized);
    for (guint i = 1; i < 5; i++)
        ck_assert(ipv6_address_equal(&end_at(i)->care_of_address, &care_of));
    ck_assert_uint_eq(end_at(1)->link, 6);
    ck_assert_uint_eq(end_at(3)->fate, PACKET_UNDER_WAY);
    ck_assert_uint_eq(end_at(3)->link, 5);
    ck_assert_int_eq(end_at(3)->time, TIME_NEVER);
    ck_assert_uint_eq(end_at(4)->link, PACKET_NOWHERE);
}
END_TEST

START_TEST(copies)
{
    struct packet_view view = plain(0);
    sent(VOICE, 0, SECONDS(2));
    sent(VOICE, 1, SECONDS(2));
    packet_trace_seen(trace, &view, 1);
    delivered(0, PACKET_DELIVERED, 1, SECONDS(3));
    packet_trace_seen(trace, &view, 2);
    packet_trace_ended(trace, VOICE, 0, PACKET_LOST, DISCARD_LINK_LOSS, PACKET_NOWHERE, 2, SECONDS(4));
    packet_trace_seen(trace, &view, 3);
    delivered(0, PACKET_DUPLICATE, 1, SECONDS(5));
    delivered(0, PACKET_ELSEWHERE, 2, SECONDS(6));
    delivered(1, PACKET_DELIVERED, 1, SECONDS(7));

    finish(5);
    static const enum packet_fate fates[] = {PACKET_DELIVERED, PACKET_LOST, PACKET_DUPLICATE,
                                             PACKET_ELSEWHERE, PACKET_DELIVERED};
    static const uint32_t links[] = {1, 2, 3, 3, PACKET_NOWHERE};
    for (guint i = 0; i < 5; i++) {
        ck_assert_uint_eq(end_at(i)->fate, fates[i]);
        ck_assert_uint_eq(end_at(i)->link, links[i]);
        ck_assert_int_eq(end_at(i)->time, SECONDS(3 + i));
        ck_assert_uint_eq(row_at(i)->sequence, i == 4);
    }
    ck_assert_uint_eq(end_at(1)->dropped_link, 2);
    ck_assert_uint_eq(end_at(1)->reason, DISCARD_LINK_LOSS);
    ck_assert_uint_eq(end_at(3)->node, 2);
}
END_TEST

/* The sender's link refuses it: that is heard first. During the warm-up it has no row either way. */
START_TEST(lost_before_it_is_sent)
{
    packet_trace_ended(trace, VOICE, 0, PACKET_LOST, DISCARD_NOT_ATTACHED, 1, PACKET_NOWHERE, SECONDS(1) - 1);
    sent(VOICE, 0, SECONDS(1) - 1);
    packet_trace_ended(trace, VOICE, 1, PACKET_LOST, DISCARD_NOT_ATTACHED, 1, PACKET_NOWHERE, SECONDS(1));
    sent(VOICE, 1, SECONDS(1));
    finish(1);
    ck_assert_uint_eq(row_at(0)->sequence, 1);
    ck_assert_int_eq(row_at(0)->sent, SECONDS(1));
    ck_assert(!row_at(0)->seen);
    ck_assert_uint_eq(end_at(0)->fate, PACKET_LOST);
    ck_assert_uint_eq(end_at(0)->node, 1);
}
END_TEST

/* Numbers that nobody has sent, flows that are not wanted and flows that there are none of. */
START_TEST(of_nobody)
{
    struct packet_view view = plain(UINT32_MAX);
    packet_trace_seen(trace, &view, 1);
    delivered(7, PACKET_DELIVERED, 1, SECONDS(3));
    view.flow = TEST;
    view.flow_sequence = 0;
    packet_trace_seen(trace, &view, 1);
    sent(TEST, 0, SECONDS(2));
    view.flow = 2;
    packet_trace_seen(trace, &view, 1);
    sent(UINT32_MAX, 0, SECONDS(2));
    finish(0);
}
END_TEST

/* An external sender reports nothing: the datagram says itself when it was sent. */
START_TEST(of_an_unknown_sender)
{
    delivered(0, PACKET_DELIVERED, 1, SECONDS(3));
    finish(1);
    ck_assert_int_eq(row_at(0)->sent, SECONDS(2));
}
END_TEST

START_TEST(words)
{
    ck_assert_str_eq(packet_fate_word(PACKET_UNDER_WAY), "under-way");
    ck_assert_str_eq(packet_fate_word(PACKET_MISDIRECTED), "misdirected");
    ck_assert_str_eq(packet_fate_word(PACKET_ELSEWHERE), "elsewhere");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("packet trace");
    TCase *tcase = tcase_create("packet trace");
    suite_add_tcase(suite, tcase);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, the_ways);
    tcase_add_test(tcase, copies);
    tcase_add_test(tcase, lost_before_it_is_sent);
    tcase_add_test(tcase, of_nobody);
    tcase_add_test(tcase, of_an_unknown_sender);
    tcase_add_test(tcase, words);
    return run_suite(suite);
}
