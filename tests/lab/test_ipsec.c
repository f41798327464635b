/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ipsec.c - a mobile node, its home agent and a correspondent, with IPsec between the first two (RFC
 * 6275, 5.1, 5.5, 10.4.6; RFC 3776): what is seen on the links, that handovers take as long as without, and
 * what happens to packets that are lost, replayed, changed, or not protected.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/udp.h"
#include "tests/lab/world.h"
#include "tests/runner.h"

static void make_world(struct world *world)
{
    *world = (struct world){.lab = NULL};
    make_policy(world);
}

/* The first IPv6 packet on the link from a time on that is, header by header: wanted, 0 at the end. NULL:
 * there is none. */
static const uint8_t *find_chain(struct world *world, unsigned link, const uint8_t *wanted, time_ns from,
                                 size_t *length)
{
    for (unsigned i = 0; i < lab_frame_count(world->lab); i++) {
        const struct lab_frame *frame = lab_frame(world->lab, i);
        const uint8_t *octets = lab_frame_ipv6(world->lab, frame, length);
        if (frame->link != link || frame->time < from || *length < 40)
            continue;
        size_t at = 40, next = octets[6];
        const uint8_t *chain = wanted;
        while (*chain == next && chain[1] != 0 && (next == 60 || next == 43) && at + 8 <= *length) {
            next = octets[at];
            at += (octets[at + 1] + 1u) * 8;
            chain++;
        }
        if (*chain == next && chain[1] == 0)
            return octets;
    }
    return NULL;
}

/* Mobility Headers that a listener can read, and that are of this type, anywhere between mobile node and
 * home agent. */
static unsigned count_plain(struct world *world, unsigned type)
{
    unsigned count = 0;
    for (unsigned i = 0; i < lab_frame_count(world->lab); i++) {
        const struct lab_frame *frame = lab_frame(world->lab, i);
        size_t length, at = 40;
        const uint8_t *octets = lab_frame_ipv6(world->lab, frame, &length);
        if (frame->link != world->visited[0] && frame->link != world->link_a[0])
            continue;
        uint8_t next = octets[6];
        while ((next == 60 || next == 43 || next == 41) && at + 8 <= length) {
            bool inner = next == 41;
            next = inner ? octets[at + 6] : octets[at];
            at += inner ? 40 : (octets[at + 1] + 1u) * 8;
        }
        count += next == 135 && at + 3 <= length && octets[at + 2] == type;
    }
    return count;
}

/* -- what goes over the links -- */

START_TEST(sizes_and_headers)
{
    static const uint8_t update[] = {60, 50, 0}, acknowledgement[] = {43, 50, 0}, tunnelled[] = {50, 0};
    struct world world;
    size_t length;
    make_world(&world);
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(10));
    ck_assert_optimized(&world);
    ck_assert_no_discards(&world);
    ck_assert_ptr_nonnull(find_chain(&world, world.link_a[0], update, 0, &length));
    ck_assert_uint_eq(length, 148);
    ck_assert_ptr_nonnull(find_chain(&world, world.link_a[0], acknowledgement, 0, &length));
    ck_assert_uint_eq(length, 132);
    /* 40, the Home Test Init's 56 and 2 of trailer in four blocks, 36 around them; the Home Test's 64 and 2
     * in five. */
    ck_assert_ptr_nonnull(find_chain(&world, world.link_a[0], tunnelled, 0, &length));
    ck_assert_uint_eq(length, 40 + 8 + 16 + 64 + 12);
    const struct protocol_event *event =
        lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_RECEIVED, "Home Test", 0);
    ck_assert_uint_eq(event->octets, 40 + 8 + 16 + 80 + 12);
    ck_assert(event->protected_by_esp && event->tunnelled);
    event = lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Home Test Init", 0);
    ck_assert_uint_eq(event->octets, 140);
    ck_assert(event->protected_by_esp && event->tunnelled);
    event = lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Binding Update", 0);
    ck_assert_uint_eq(event->octets, 148);
    ck_assert(event->protected_by_esp && !event->tunnelled);
    event = lab_find_message(world.lab, world.home_agent, EVENT_MESSAGE_RECEIVED, "Binding Update", 0);
    ck_assert_uint_eq(event->octets, 148);
    ck_assert(event->protected_by_esp);
    event = lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_RECEIVED, "Binding Acknowledgement", 0);
    ck_assert_uint_eq(event->octets, 132);
    ck_assert(event->protected_by_esp);
    event = lab_find_message(world.lab, world.correspondent, EVENT_MESSAGE_RECEIVED, "Binding Update", 0);
    ck_assert_uint_eq(event->octets, 96);
    ck_assert(!event->protected_by_esp);
    /* To the home agent nothing of it could be read. What goes to the correspondent passes by the visited
     * link, too. */
    ck_assert_uint_eq(count_plain(&world, 1) + count_plain(&world, 3), 0);
    ck_assert_uint_eq(count_plain(&world, 5), 1);
    ck_assert_uint_eq(count_plain(&world, 6), 1);
    tear_down(&world);
}
END_TEST

/* Away, on to another link, home, away: not a nanosecond's difference, and the bindings follow. */
START_TEST(same_instants_as_without)
{
    time_ns latency[2][2], home[2];
    for (unsigned ipsec = 0; ipsec < 2; ipsec++) {
        struct world world = {.beside_router = _i == 1, .protect_payload = _i == 2};
        make_policy(&world);
        world.ipsec = ipsec == 1;
        build(&world, &ordinary);
        lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
        move(&world, attach_visited_1, SECONDS(20));
        move(&world, attach_home, SECONDS(40));
        move(&world, attach_visited_0, SECONDS(60));
        lab_run(world.lab, SECONDS(55));
        latency[ipsec][0] = latency_since(&world, 0);
        latency[ipsec][1] = latency_since(&world, SECONDS(20));
        home[ipsec] = time_of(lab_find_event(world.lab, world.mobile, EVENT_HOME_DEREGISTERED, SECONDS(40)));
        const struct protocol_event *update =
            lab_find_message(world.lab, world.mobile, EVENT_MESSAGE_SENT, "Binding Update", SECONDS(40));
        ck_assert_uint_eq(update->octets,
                          ipsec ? 124 : 72); /* from the home address: no Home Address option */
        lab_run(world.lab, SECONDS(80));
        ck_assert_optimized(&world);
        ck_assert_no_discards(&world);
        tear_down(&world);
    }
    ck_assert_int_eq(latency[0][0], latency[1][0]);
    ck_assert_int_eq(latency[0][1], latency[1][1]);
    ck_assert_int_eq(home[0], home[1]);
}
END_TEST

/* -- payload -- */

static unsigned received;

static void count_received(struct application *application, struct node *node, const struct inbound *in,
                           uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    (void)application, (void)node, (void)source_port, (void)payload, (void)length, (void)now;
    ck_assert_int_eq(inbound_path(in), PATH_TUNNELLED);
    received++;
}

static int send_datagram(struct world *world, unsigned from, const struct ipv6_address *to, size_t length)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = packet_new(lab_recorder(world->lab, from)->packets, PACKET_HEADROOM, length);
    memset(packet_octets(out.packet), 0x77, length);
    out.destination = *to;
    return udp_send(lab_node(world->lab, from), &out, 1000, 2000, lab_now(world->lab));
}

static void send_both_ways(struct lab *lab, void *context)
{
    struct world *world = context;
    (void)lab;
    /* In the middle, the longest that fits, one octet more (the other's source hears Packet Too Big, or
     * fragments). */
    static const size_t lengths[] = {10, 1374, 1375};
    for (unsigned i = 0; i < 3; i++) {
        send_datagram(world, world->mobile, &world->correspondent_address, lengths[i]);
        send_datagram(world, world->correspondent, &world->home_address, lengths[i]);
    }
}

/* An inner packet of 1422 octets and 2 of trailer are 89 blocks, with 36 around and 40 in front 1500: 1374
 * of payload. The mobile node fragments what is longer; the home agent says Packet Too Big about it. */
START_TEST(payload_protected)
{
    static const uint8_t plain[] = {41, 0}, tunnelled[] = {50, 0};
    struct application at_mobile = {.receive = count_received};
    struct world world;
    size_t length;
    make_world(&world);
    world.protect_payload = true;
    world.policy.trigger = TRIGGER_NEVER;
    build(&world, &ordinary);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_at(world.lab, SECONDS(5), send_both_ways, &world);
    received = 0;
    ck_assert_int_eq(udp_bind(lab_node(world.lab, world.mobile), &at_mobile, 2000), 0);
    lab_run(world.lab, SECONDS(8));
    ck_assert_uint_eq(received, 2);
    ck_assert_ptr_null(find_chain(&world, world.link_a[0], plain, 0, &length));
    ck_assert_ptr_nonnull(find_chain(&world, world.link_a[0], tunnelled, SECONDS(5), &length));
    ck_assert_uint_eq(length, 40 + 8 + 16 + 64 + 12); /* 58 and 2 */
    ck_assert_uint_eq(lab_count_events(world.lab, world.home_agent, EVENT_PACKET_DISCARDED), 1);
    ck_assert_int_eq(lab_find_event(world.lab, world.home_agent, EVENT_PACKET_DISCARDED, 0)->reason,
                     DISCARD_TOO_BIG);
    /* Told so, the correspondent sends it in fragments that fit. */
    ck_assert_int_eq(send_datagram(&world, world.correspondent, &world.home_address, 1375), 0);
    lab_run(world.lab, SECONDS(10));
    ck_assert_uint_eq(received, 3);
    udp_unbind(lab_node(world.lab, world.mobile), &at_mobile);
    tear_down(&world);
}
END_TEST

/* -- packets on their way to the home agent, treated badly -- */

struct treatment {
    unsigned seen;   /* packets under ESP so far */
    unsigned target; /* which */
    enum { REPLAY, TAMPER } kind;
};

static void treat(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment,
                  void *context)
{
    struct treatment *wanted = context;
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(lab, frame, &length);
    bool esp = octets[6] == 50 || ((octets[6] == 60 || octets[6] == 43) && octets[40] == 50);
    if (!esp || wanted->seen++ != wanted->target)
        return;
    if (wanted->kind == REPLAY) {
        treatment->copies = 1;
        treatment->copy_delay = SECONDS(3);
    } else {
        ((uint8_t *)(uintptr_t)octets)[length - 20] ^= 1;
    }
}

static unsigned count_discards(struct world *world, unsigned node, enum discard_reason reason)
{
    unsigned count = 0, at;
    for (unsigned i = 0; i < lab_event_count(world->lab); i++) {
        const struct protocol_event *event = lab_event(world->lab, i, &at);
        bool discarded = event->kind == EVENT_PACKET_DISCARDED || event->kind == EVENT_MESSAGE_DISCARDED;
        count += at == node && discarded && event->reason == reason;
    }
    return count;
}

/* Binding Update, acknowledgement, Home Test Init, Home Test: 0 to 3. A copy 3 s later changes nothing. */
START_TEST(replayed_packets)
{
    struct world world;
    struct treatment treatment = {.target = (unsigned)_i, .kind = REPLAY};
    make_world(&world);
    build(&world, &ordinary);
    lab_set_hook(world.lab, world.link_a[0], treat, &treatment);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(10));
    ck_assert_optimized(&world);
    ck_assert_uint_eq(treatment.seen, 4);
    unsigned victim = _i % 2 == 0 ? world.home_agent : world.mobile;
    ck_assert_uint_eq(count_discards(&world, victim, DISCARD_IPSEC_REPLAY), 1);
    tear_down(&world);
}
END_TEST

START_TEST(changed_packets)
{
    struct world world;
    struct treatment treatment = {.target = (unsigned)_i, .kind = TAMPER};
    make_world(&world);
    build(&world, &ordinary);
    lab_set_hook(world.lab, world.link_a[0], treat, &treatment);
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(10));
    ck_assert_optimized(&world); /* what was lost has been sent again */
    unsigned victim = _i % 2 == 0 ? world.home_agent : world.mobile;
    ck_assert_uint_eq(count_discards(&world, victim, DISCARD_IPSEC_INTEGRITY), 1);
    tear_down(&world);
}
END_TEST

/* One end has no keys, or other ones: nobody is bound, nothing is believed. */
START_TEST(unprotected_update_refused)
{
    struct world world;
    make_world(&world);
    build(&world, &ordinary);
    ipsec_free(lab_node(world.lab, world.mobile));
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(10));
    ck_assert_uint_ge(count_discards(&world, world.home_agent, DISCARD_IPSEC_POLICY), 3);
    ck_assert_uint_eq(lab_node(world.lab, world.home_agent)->mobility->bindings.count, 0);
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_REGISTERING);
    tear_down(&world);
}
END_TEST

START_TEST(unprotected_acknowledgement_refused)
{
    struct world world;
    make_world(&world);
    build(&world, &ordinary);
    ipsec_free(lab_node(world.lab, world.home_agent));
    lab_at(world.lab, MILLISECONDS(100), attach_visited_0, &world);
    lab_run(world.lab, SECONDS(10));
    /* A home agent without IPsec does not even know the header. */
    ck_assert_uint_ge(count_discards(&world, world.home_agent, DISCARD_NEXT_HEADER), 3);
    ck_assert_int_eq(mobile_of(&world)->home.state, MOBILE_NODE_REGISTERING);
    tear_down(&world);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("IPsec between mobile node and home agent");
    TCase *cases = tcase_create("RFC 6275, 5");
    tcase_set_timeout(cases, 60);
    tcase_add_test(cases, sizes_and_headers);
    tcase_add_loop_test(cases, same_instants_as_without, 0, 3);
    tcase_add_test(cases, payload_protected);
    tcase_add_loop_test(cases, replayed_packets, 0, 4);
    tcase_add_loop_test(cases, changed_packets, 0, 4);
    tcase_add_test(cases, unprotected_update_refused);
    tcase_add_test(cases, unprotected_acknowledgement_refused);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
