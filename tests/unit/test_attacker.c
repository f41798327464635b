/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_attacker.c - what an adversary makes of what it hears, octet for octet: forged messages and replays
 * are held against scapy's and hashlib's (tests/vectors/attacker.py).
 *
 * The attacker is a host with one link of its own, place 0, and one tap, place 1. The mobile node and the
 * correspondent are nothing but octets.
 */
#include "models/attack/attacker.h"
#include "models/ipv6/address_configuration.h"
#include "tests/unit/expect_octets.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/attacker.h"

#define MN          "2001:db8:1::100"
#define CN          "2001:db8:3::2"
#define CARE_OF     "2001:db8:2::100"
#define OWN         "2001:db8:6::66"
#define VICTIM      "2001:db8:7::7"
#define MARK        5
#define TAP         1
#define AT(seconds) SECONDS(100 + (seconds)) /* when the host has settled */

static const uint8_t cookie_home[8] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17};
static const uint8_t cookie_care_of[8] = {0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27};
static const uint8_t sequence[2] = {0x12, 0x34};

static const struct static_key key = {
    .kcn = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19},
    .home_nonce = {0x30, 0x31, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37},
    .care_of_nonce = {0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47},
    .kcn_length = 20,
    .home_nonce_length = 8,
    .care_of_nonce_length = 8,
};

struct adversary {
    struct fixture host;
    struct attacker *attacker;
    struct attack_configuration attack;
    unsigned seen; /* of the frames sent */
};

static struct attack_address fixed(const char *text)
{
    return (struct attack_address){.kind = ATTACK_ADDRESS_FIXED, .address = address_from(text)};
}

/* A forged Binding Update for the mobile node, to point at the attacker, from 10 s on. */
static void open_adversary(struct adversary *adversary)
{
    *adversary = (struct adversary){
        .attack = {.mark = MARK,
                   .action = ATTACK_FORGE,
                   .message = MOBILITY_BINDING_UPDATE,
                   .place = ATTACK_NO_PLACE,
                   .start = AT(10),
                   .stop = TIME_NEVER,
                   .count = 1,
                   .interval = SECONDS(1),
                   .destination = fixed(CN),
                   .home_address = fixed(MN),
                   .care_of_address = fixed(OWN),
                   .lifetime = 105,
                   .acknowledge = true,
                   .authorization_data = true,
                   .guess = true,
                   .give_up = SECONDS(10),
                   .refresh = TIME_NEVER,
                   .deletion = TIME_NEVER,
                   .at = TIME_NEVER},
    };
    fixture_host(&adversary->host, OWN);
    adversary->attacker = attacker_new(&adversary->host.node, 1);
    ck_assert_ptr_nonnull(adversary->attacker);
}

static void begin(struct adversary *adversary)
{
    ck_assert_int_eq(attacker_add_attack(adversary->attacker, &adversary->attack), 0);
    attacker_start(adversary->attacker, AT(0));
    recording_run(&adversary->host.recorder, &adversary->host.node, AT(0));
}

static void close_adversary(struct adversary *adversary)
{
    attacker_free(adversary->attacker);
    fixture_free(&adversary->host);
}

static void script(struct adversary *adversary, const void *octets, size_t length)
{
    recording_environment_script(&adversary->host.recorder, RANDOM_ATTACK, octets, length);
}

static void run_until(struct adversary *adversary, time_ns until)
{
    recording_run(&adversary->host.recorder, &adversary->host.node, until);
}

/* True: the host may have it. */
static bool hear_at(struct adversary *adversary, unsigned place, const char *hexadecimal)
{
    uint8_t octets[2048];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    struct packet *packet = recording_packet(&adversary->host.recorder, octets, length);
    bool plain = attacker_overhear(adversary->attacker, place, packet, adversary->host.recorder.now);
    packet_release(packet);
    return plain;
}

static bool hear(struct adversary *adversary, const char *hexadecimal)
{
    return hear_at(adversary, TAP, hexadecimal);
}

static unsigned unseen(const struct adversary *adversary)
{
    return recording_frame_count(&adversary->host.recorder) - adversary->seen;
}

/* The next frame sent, at this place, is that one, and has the mark. */
static void expect_at(struct adversary *adversary, unsigned place, const char *hexadecimal)
{
    ck_assert_uint_gt(unseen(adversary), 0);
    const struct recorded_frame *frame = recording_frame(&adversary->host.recorder, adversary->seen++);
    ck_assert_uint_eq(frame->interface, place);
    ck_assert_uint_eq(frame->packet->mark, MARK);
    expect_octets(frame->packet, hexadecimal);
}

static void expect(struct adversary *adversary, const char *hexadecimal)
{
    expect_at(adversary, 0, hexadecimal);
}

static void script_round(struct adversary *adversary)
{
    script(adversary, cookie_home, sizeof(cookie_home));
    script(adversary, cookie_care_of, sizeof(cookie_care_of));
    script(adversary, sequence, sizeof(sequence));
}

/* -- tokens (RFC 6275, 5.2) -- */

START_TEST(tests_and_a_binding_update_that_will_be_believed)
{
    struct adversary adversary;
    open_adversary(&adversary);
    begin(&adversary);
    script_round(&adversary);
    run_until(&adversary, AT(10) - 1);
    ck_assert_uint_eq(unseen(&adversary), 0);
    run_until(&adversary, AT(10));
    expect(&adversary, HOME_TEST_INIT);
    expect(&adversary, CARE_OF_TEST_INIT);
    /* A Mobility Header is not for the host part. */
    ck_assert(!hear_at(&adversary, 0, CARE_OF_TEST_HEARD));
    ck_assert_uint_eq(unseen(&adversary), 0);
    ck_assert(!hear(&adversary, HOME_TEST_HEARD));
    expect(&adversary, UPDATE);
    run_until(&adversary, AT(100));
    ck_assert_uint_eq(unseen(&adversary), 0);
    close_adversary(&adversary);
}
END_TEST

START_TEST(a_plain_tunnel_hides_nothing)
{
    struct adversary adversary;
    open_adversary(&adversary);
    begin(&adversary);
    script_round(&adversary);
    run_until(&adversary, AT(10));
    adversary.seen = 2;
    hear(&adversary, CARE_OF_TEST_HEARD);
    hear(&adversary, HOME_TEST_TUNNELLED);
    expect(&adversary, UPDATE);
    close_adversary(&adversary);
}
END_TEST

/* Of its own tests only; of anybody's; kept from before the attack begins. */
START_TEST(whose_tokens_count)
{
    static const struct {
        uint8_t home_token;
        const char *heard;
        bool before;
        bool used;
        unsigned tests;
    } cases[] = {
        {ATTACK_TOKEN_TEST, HOME_TEST_OTHER_COOKIE, false, false, 2},
        {ATTACK_TOKEN_TEST, HOME_TEST_HEARD, false, true, 2},
        {ATTACK_TOKEN_ANY, HOME_TEST_OTHER_COOKIE, false, true, 2},
        {ATTACK_TOKEN_HEARD, HOME_TEST_OTHER_COOKIE, false, true, 1},
        {ATTACK_TOKEN_HEARD, HOME_TEST_OTHER_COOKIE, true, true, 1},
        {ATTACK_TOKEN_NONE, HOME_TEST_HEARD, false, false, 1},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct adversary adversary;
        open_adversary(&adversary);
        adversary.attack.home_token = cases[i].home_token;
        adversary.attack.guess = false;
        begin(&adversary);
        if (cases[i].before)
            hear(&adversary, cases[i].heard);
        if (cases[i].tests == 2)
            script(&adversary, cookie_home, sizeof(cookie_home));
        script(&adversary, cookie_care_of, sizeof(cookie_care_of));
        script(&adversary, sequence, sizeof(sequence));
        run_until(&adversary, AT(10));
        ck_assert_uint_eq(unseen(&adversary), cases[i].tests);
        adversary.seen = cases[i].tests;
        hear(&adversary, CARE_OF_TEST_HEARD);
        if (!cases[i].before)
            hear(&adversary, cases[i].heard);
        if (cases[i].used)
            expect(&adversary, UPDATE);
        run_until(&adversary, AT(30));
        ck_assert_uint_eq(unseen(&adversary), cases[i].home_token == ATTACK_TOKEN_NONE && !cases[i].used);
        close_adversary(&adversary);
    }
}
END_TEST

/* Nothing is sent, or random octets are tried; with the nonce index of the token that is there. */
START_TEST(without_a_token_it_guesses_or_gives_up)
{
    for (unsigned guess = 0; guess < 2; guess++) {
        struct adversary adversary;
        open_adversary(&adversary);
        adversary.attack.guess = guess == 1;
        begin(&adversary);
        script(&adversary, cookie_home, sizeof(cookie_home));
        script(&adversary, cookie_care_of, sizeof(cookie_care_of));
        run_until(&adversary, AT(10));
        hear(&adversary, CARE_OF_TEST_HEARD);
        run_until(&adversary, AT(20) - 1);
        ck_assert_uint_eq(recording_frame_count(&adversary.host.recorder), 2);
        run_until(&adversary, AT(60));
        ck_assert_uint_eq(recording_frame_count(&adversary.host.recorder), 2 + guess);
        if (guess) {
            const struct packet *packet = recording_frame(&adversary.host.recorder, 2)->packet;
            const uint8_t *message = packet_octets(packet) + IPV6_HEADER_LENGTH + HOME_ADDRESS_HEADER_LENGTH;
            const uint8_t indices[6] = {MOBILITY_OPTION_NONCE_INDICES, 4, 0, 9, 0, 9};
            ck_assert_uint_eq(packet->length, 96);
            ck_assert_uint_eq(message[2], MOBILITY_BINDING_UPDATE);
            ck_assert_mem_eq(message + 12, indices, sizeof(indices));
        }
        close_adversary(&adversary);
    }
}
END_TEST

START_TEST(tokens_are_held_refreshed_and_used_to_delete)
{
    struct adversary adversary;
    open_adversary(&adversary);
    adversary.attack.hold = SECONDS(60);
    adversary.attack.deletion = SECONDS(5);
    begin(&adversary);
    script_round(&adversary);
    run_until(&adversary, AT(10));
    adversary.seen = 2;
    hear(&adversary, CARE_OF_TEST_HEARD);
    hear(&adversary, HOME_TEST_HEARD);
    run_until(&adversary, AT(70) - 1);
    ck_assert_uint_eq(unseen(&adversary), 0);
    run_until(&adversary, AT(70));
    expect(&adversary, UPDATE);
    run_until(&adversary, AT(75));
    expect(&adversary, UPDATE_DELETION); /* the home token is young enough: no new test */
    run_until(&adversary, AT(1000));
    ck_assert_uint_eq(unseen(&adversary), 0);
    close_adversary(&adversary);

    open_adversary(&adversary);
    adversary.attack.refresh = SECONDS(60);
    adversary.attack.stop = AT(131);
    begin(&adversary);
    run_until(&adversary, AT(200)); /* tests at 10 s, 80 s; guesses at 20 s, 90 s */
    ck_assert_uint_eq(recording_frame_count(&adversary.host.recorder), 6);
    ck_assert_int_eq(recording_frame(&adversary.host.recorder, 3)->time, AT(80));
    ck_assert_int_eq(recording_frame(&adversary.host.recorder, 5)->time, AT(90));
    close_adversary(&adversary);
}
END_TEST

START_TEST(acknowledgements_teach_it)
{
    struct adversary adversary;
    open_adversary(&adversary);
    begin(&adversary);
    script_round(&adversary);
    run_until(&adversary, AT(10));
    adversary.seen = 2;
    hear(&adversary, CARE_OF_TEST_HEARD);
    hear(&adversary, HOME_TEST_HEARD);
    expect(&adversary, UPDATE);
    hear_at(&adversary, 0, REFUSAL_135);
    expect(&adversary, UPDATE_NEXT);
    hear_at(&adversary, 0, REFUSAL_135); /* three times */
    ck_assert_uint_eq(unseen(&adversary), 1);
    hear_at(&adversary, 0, REFUSAL_135);
    ck_assert_uint_eq(unseen(&adversary), 1);
    close_adversary(&adversary);

    open_adversary(&adversary); /* what goes out again and again anyway has the right number the next time */
    adversary.attack.count = 3;
    begin(&adversary);
    script_round(&adversary);
    run_until(&adversary, AT(10));
    adversary.seen = 2;
    hear(&adversary, CARE_OF_TEST_HEARD);
    hear(&adversary, HOME_TEST_HEARD);
    expect(&adversary, UPDATE);
    hear_at(&adversary, 0, REFUSAL_135);
    ck_assert_uint_eq(unseen(&adversary), 0);
    run_until(&adversary, AT(11));
    expect(&adversary, UPDATE_NEXT);
    close_adversary(&adversary);

    open_adversary(&adversary);
    begin(&adversary);
    script_round(&adversary);
    run_until(&adversary, AT(10));
    hear(&adversary, CARE_OF_TEST_HEARD);
    hear(&adversary, HOME_TEST_HEARD);
    adversary.seen = 3;
    script(&adversary, cookie_home, sizeof(cookie_home));
    script(&adversary, cookie_care_of, sizeof(cookie_care_of));
    hear_at(&adversary, 0, REFUSAL_136);
    expect(&adversary, HOME_TEST_INIT);
    expect(&adversary, CARE_OF_TEST_INIT);
    close_adversary(&adversary);
}
END_TEST

START_TEST(sequence_numbers_are_overheard)
{
    struct adversary adversary;
    open_adversary(&adversary);
    begin(&adversary);
    script_round(&adversary);
    hear(&adversary, VICTIMS_UPDATE); /* 0x4321 */
    run_until(&adversary, AT(10));
    adversary.seen = 2;
    hear(&adversary, CARE_OF_TEST_HEARD);
    hear(&adversary, HOME_TEST_HEARD);
    expect(&adversary, UPDATE_NEXT);
    close_adversary(&adversary);
}
END_TEST

/* RFC 4449, 3: no test, and the same Kbm as the owner's. */
START_TEST(a_static_key_needs_no_test)
{
    struct adversary adversary;
    open_adversary(&adversary);
    adversary.attack.static_key = &key;
    begin(&adversary);
    script(&adversary, sequence, sizeof(sequence));
    run_until(&adversary, AT(10));
    expect(&adversary, UPDATE_STATIC_KEY);
    ck_assert_uint_eq(unseen(&adversary), 0);
    close_adversary(&adversary);
}
END_TEST

/* -- other messages -- */

START_TEST(messages_in_the_correspondents_name)
{
    struct adversary adversary;
    open_adversary(&adversary);
    adversary.attack.source = fixed(CN);
    adversary.attack.destination = fixed(MN);
    adversary.attack.message = MOBILITY_BINDING_ERROR;
    adversary.attack.status = BINDING_ERROR_UNKNOWN_BINDING;
    begin(&adversary);
    run_until(&adversary, AT(10));
    expect(&adversary, BINDING_ERROR);
    close_adversary(&adversary);

    open_adversary(&adversary);
    adversary.attack.source = fixed(CN);
    adversary.attack.destination = fixed(MN);
    adversary.attack.home_address.kind = ATTACK_ADDRESS_NONE;
    adversary.attack.message = MOBILITY_BINDING_REFRESH_REQUEST;
    begin(&adversary);
    run_until(&adversary, AT(10));
    expect(&adversary, REFRESH_REQUEST);
    close_adversary(&adversary);

    /* Where the mobile node is, and which number it waits for, is overheard. */
    open_adversary(&adversary);
    adversary.attack.source = fixed(CN);
    adversary.attack.destination.kind = ATTACK_ADDRESS_NONE;
    adversary.attack.care_of_address.kind = ATTACK_ADDRESS_HEARD;
    adversary.attack.message = MOBILITY_BINDING_ACKNOWLEDGEMENT;
    adversary.attack.status = BINDING_ADMINISTRATIVELY_PROHIBITED;
    adversary.attack.static_key = &key;
    begin(&adversary);
    run_until(&adversary, AT(11));
    hear(&adversary, VICTIMS_UPDATE);
    run_until(&adversary, AT(12));
    ck_assert_uint_eq(unseen(&adversary), 1);
    expect(&adversary, ACKNOWLEDGEMENT);
    close_adversary(&adversary);
}
END_TEST

START_TEST(datagrams_with_headers_of_mobility)
{
    struct adversary adversary;
    for (unsigned i = 0; i < 3; i++) {
        static const char *const expected[] = {DATAGRAM_HOME_ADDRESS, DATAGRAM_ROUTING, ECHO_REQUEST};
        open_adversary(&adversary);
        adversary.attack.message = i == 2 ? ATTACK_ECHO_REQUEST : ATTACK_UDP;
        adversary.attack.source = fixed(OWN);
        adversary.attack.destination = fixed(i == 1 ? MN : CN);
        adversary.attack.care_of_address.kind = ATTACK_ADDRESS_NONE;
        adversary.attack.home_address.kind = ATTACK_ADDRESS_NONE;
        adversary.attack.payload = 4;
        adversary.attack.port = 9;
        if (i == 0)
            adversary.attack.home_address = fixed(VICTIM);
        if (i == 1)
            adversary.attack.routing = fixed(VICTIM);
        begin(&adversary);
        run_until(&adversary, AT(10));
        expect(&adversary, expected[i]);
        close_adversary(&adversary);
    }
}
END_TEST

/* Where the target is: of no home address in particular. */
START_TEST(to_where_the_target_is)
{
    struct adversary adversary;
    struct ipv6_address care_of_address = address_from(CARE_OF), destination;
    open_adversary(&adversary);
    adversary.attack.message = ATTACK_UDP;
    adversary.attack.source = fixed(OWN);
    adversary.attack.destination.kind = ATTACK_ADDRESS_HEARD;
    adversary.attack.care_of_address.kind = ATTACK_ADDRESS_NONE;
    adversary.attack.home_address.kind = ATTACK_ADDRESS_NONE;
    adversary.attack.target = address_from(MN);
    begin(&adversary);
    run_until(&adversary, AT(11));
    ck_assert_uint_eq(unseen(&adversary), 0);
    hear(&adversary, VICTIMS_UPDATE);
    ck_assert_uint_eq(unseen(&adversary), 1);
    const struct packet *packet = recording_frame(&adversary.host.recorder, 0)->packet;
    destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION);
    ck_assert(ipv6_address_equal(&destination, &care_of_address));
    ck_assert_uint_eq(packet_octets(packet)[IPV6_AT_NEXT_HEADER], NEXT_HEADER_UDP);
    close_adversary(&adversary);
}
END_TEST

START_TEST(an_icmpv6_error_quotes_what_was_heard)
{
    struct adversary adversary;
    open_adversary(&adversary);
    adversary.attack.message = ATTACK_ICMP_ERROR;
    adversary.attack.about = MOBILITY_BINDING_UPDATE;
    adversary.attack.icmp_type = 4;
    adversary.attack.icmp_code = 1;
    adversary.attack.source = fixed(CN);
    adversary.attack.destination = fixed(MN);
    adversary.attack.count = 2;
    begin(&adversary);
    hear(&adversary, VICTIMS_UPDATE);
    run_until(&adversary, AT(10));
    expect(&adversary, PARAMETER_PROBLEM);
    run_until(&adversary, AT(11));
    expect(&adversary, PARAMETER_PROBLEM);
    run_until(&adversary, AT(60));
    ck_assert_uint_eq(unseen(&adversary), 0);
    close_adversary(&adversary);
}
END_TEST

/* -- replays -- */

static void open_replayer(struct adversary *adversary, uint8_t choice)
{
    open_adversary(adversary);
    adversary->attack.action = ATTACK_REPLAY;
    adversary->attack.choice = choice;
    adversary->attack.start = AT(0);
    adversary->attack.after = SECONDS(30);
}

START_TEST(a_replay_is_octet_for_octet)
{
    struct adversary adversary;
    open_replayer(&adversary, ATTACK_CHOICE_FIRST);
    adversary.attack.count = 2;
    begin(&adversary);
    run_until(&adversary, AT(5));
    hear(&adversary, HOME_TEST_HEARD); /* not a Binding Update */
    hear(&adversary, VICTIMS_UPDATE);
    hear_at(&adversary, 0, VICTIMS_UPDATE); /* the same packet again */
    run_until(&adversary, AT(6));
    hear(&adversary, UPDATE); /* another, but not the first */
    run_until(&adversary, AT(35) - 1);
    ck_assert_uint_eq(unseen(&adversary), 0);
    run_until(&adversary, AT(35));
    expect(&adversary, VICTIMS_UPDATE);
    hear(&adversary, VICTIMS_UPDATE); /* its own */
    run_until(&adversary, AT(200));
    expect(&adversary, VICTIMS_UPDATE);
    ck_assert_uint_eq(unseen(&adversary), 0);
    close_adversary(&adversary);
}
END_TEST

START_TEST(which_messages_are_replayed)
{
    static const struct {
        uint8_t choice;
        uint32_t number;
        time_ns at;
        const char *expected[3];
    } cases[] = {
        {ATTACK_CHOICE_FIRST, 0, TIME_NEVER, {VICTIMS_UPDATE}},
        {ATTACK_CHOICE_LAST, 0, TIME_NEVER, {UPDATE_STATIC_KEY}},
        {ATTACK_CHOICE_LAST, 0, AT(7), {UPDATE}},
        {ATTACK_CHOICE_NUMBER, 2, TIME_NEVER, {UPDATE}},
        {ATTACK_CHOICE_ALL, 0, TIME_NEVER, {VICTIMS_UPDATE, UPDATE, UPDATE_STATIC_KEY}},
        {ATTACK_CHOICE_NUMBER, 4, TIME_NEVER, {NULL}},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct adversary adversary;
        open_replayer(&adversary, cases[i].choice);
        adversary.attack.number = cases[i].number;
        adversary.attack.at = cases[i].at;
        adversary.attack.to_given = true;
        adversary.attack.to = address_from(CN);
        begin(&adversary);
        run_until(&adversary, AT(5));
        hear(&adversary, ACKNOWLEDGEMENT);
        hear(&adversary, VICTIMS_UPDATE);
        run_until(&adversary, AT(6));
        hear(&adversary, UPDATE);
        run_until(&adversary, AT(8));
        hear(&adversary, UPDATE_STATIC_KEY);
        run_until(&adversary, AT(100));
        for (unsigned k = 0; k < 3 && cases[i].expected[k]; k++)
            expect(&adversary, cases[i].expected[k]);
        ck_assert_uint_eq(unseen(&adversary), 0);
        close_adversary(&adversary);
    }
}
END_TEST

/* From: a home address or what the IPv6 header says. */
START_TEST(replays_look_at_either_end)
{
    static const struct {
        const char *from, *to;
        bool replayed;
    } cases[] = {
        {MN, NULL, true}, {CARE_OF, CN, true}, {OWN, NULL, false}, {NULL, MN, false}, {MN, CN, true},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct adversary adversary;
        open_replayer(&adversary, ATTACK_CHOICE_FIRST);
        adversary.attack.from_given = cases[i].from != NULL;
        adversary.attack.to_given = cases[i].to != NULL;
        if (cases[i].from)
            adversary.attack.from = address_from(cases[i].from);
        if (cases[i].to)
            adversary.attack.to = address_from(cases[i].to);
        begin(&adversary);
        hear(&adversary, VICTIMS_UPDATE);
        run_until(&adversary, AT(100));
        ck_assert_uint_eq(unseen(&adversary), cases[i].replayed);
        close_adversary(&adversary);
    }
}
END_TEST

/* More is heard than it keeps; nothing is lost but the oldest. */
START_TEST(memory_is_bounded)
{
    struct adversary adversary;
    uint8_t octets[2048];
    size_t length = octets_from(VICTIMS_UPDATE, octets, sizeof(octets));
    open_replayer(&adversary, ATTACK_CHOICE_ALL);
    begin(&adversary);
    for (unsigned i = 0; i < 1000; i++) {
        octets[70] = (uint8_t)(i >> 8);
        octets[71] = (uint8_t)i;
        struct packet *packet = recording_packet(&adversary.host.recorder, octets, length);
        attacker_overhear(adversary.attacker, TAP, packet, AT(0));
        packet_release(packet);
        ck_assert_uint_le(packet_pool_outstanding(adversary.host.recorder.packets), ATTACK_RECORDINGS);
    }
    run_until(&adversary, AT(100));
    ck_assert_uint_eq(unseen(&adversary), ATTACK_RECORDINGS);
    const uint8_t *first = packet_octets(recording_frame(&adversary.host.recorder, 0)->packet);
    ck_assert_uint_eq(first[70] << 8 | first[71], 1000 - ATTACK_RECORDINGS);
    close_adversary(&adversary);
}
END_TEST

/* -- places -- */

START_TEST(where_packets_leave)
{
    struct adversary adversary;
    open_adversary(&adversary);
    adversary.attack.static_key = &key;
    adversary.attack.place = TAP;
    begin(&adversary);
    script(&adversary, sequence, sizeof(sequence));
    run_until(&adversary, AT(10));
    expect_at(&adversary, TAP, UPDATE_STATIC_KEY);
    close_adversary(&adversary);

    /* Its own link is down: by the first tap. */
    open_adversary(&adversary);
    adversary.attack.static_key = &key;
    begin(&adversary);
    script(&adversary, sequence, sizeof(sequence));
    recording_link(&adversary.host.recorder, &adversary.host.node, 0, false, AT(1));
    run_until(&adversary, AT(10));
    expect_at(&adversary, TAP, UPDATE_STATIC_KEY);
    close_adversary(&adversary);

    /* Without power nothing is heard or sent. */
    open_replayer(&adversary, ATTACK_CHOICE_ALL);
    begin(&adversary);
    attacker_set_on(adversary.attacker, false);
    ck_assert(hear(&adversary, VICTIMS_UPDATE));
    attacker_set_on(adversary.attacker, true);
    hear(&adversary, UPDATE);
    attacker_set_on(adversary.attacker, false);
    run_until(&adversary, AT(100));
    ck_assert_uint_eq(unseen(&adversary), 0);
    close_adversary(&adversary);
}
END_TEST

/* -- floods -- */

START_TEST(a_flood_is_even_and_ends)
{
    struct adversary adversary;
    open_adversary(&adversary);
    adversary.attack.action = ATTACK_FLOOD;
    adversary.attack.message = MOBILITY_HOME_TEST_INIT;
    adversary.attack.source =
        (struct attack_address){ATTACK_ADDRESS_RANDOM, 44, address_from("2001:db8:bad::")};
    adversary.attack.interval = MILLISECONDS(1);
    adversary.attack.count = 1000;
    begin(&adversary);
    run_until(&adversary, AT(20));
    ck_assert_uint_eq(unseen(&adversary), 1000);
    struct ipv6_address prefix = address_from("2001:db8:ba0::"), last = ipv6_unspecified;
    for (unsigned i = 0; i < 1000; i++) {
        const struct recorded_frame *frame = recording_frame(&adversary.host.recorder, i);
        struct ipv6_address source = ipv6_address_read(packet_octets(frame->packet) + IPV6_AT_SOURCE);
        ck_assert_int_eq(frame->time, AT(10) + MILLISECONDS(i));
        ck_assert(ipv6_prefix_match(&source, &prefix, 44));
        ck_assert(!ipv6_address_equal(&source, &last));
        last = source;
    }
    close_adversary(&adversary);
}
END_TEST

/* Every address of its own is tested and registered. */
START_TEST(a_flood_of_valid_bindings)
{
    struct adversary adversary;
    open_adversary(&adversary);
    adversary.attack.action = ATTACK_FLOOD;
    adversary.attack.home_address =
        (struct attack_address){ATTACK_ADDRESS_EACH, 64, address_from("2001:db8:6::")};
    adversary.attack.count = 1;
    begin(&adversary);
    script(&adversary, cookie_care_of, sizeof(cookie_care_of));
    script(&adversary, cookie_home, sizeof(cookie_home));
    script(&adversary, sequence, sizeof(sequence));
    run_until(&adversary, AT(10));
    expect(&adversary, CARE_OF_TEST_INIT);
    expect(&adversary, EACH_HOME_TEST_INIT);
    hear_at(&adversary, 0, CARE_OF_TEST_HEARD);
    hear_at(&adversary, 0, EACH_HOME_TEST);
    expect(&adversary, EACH_UPDATE);
    run_until(&adversary, AT(100));
    ck_assert_uint_eq(unseen(&adversary), 0);
    close_adversary(&adversary);
}
END_TEST

START_TEST(addresses_of_its_own_are_answered_for)
{
    static const struct ethernet_address station = {{2, 0, 0, 0, 0, 0x66}};
    struct adversary adversary;
    open_adversary(&adversary);
    node_configure_interface(&adversary.host.node, 0, INTERFACE_ETHERNET, &station, 1500);
    adversary.attack.action = ATTACK_FLOOD;
    adversary.attack.place = TAP; /* no address resolution of its own in the way */
    adversary.attack.home_address =
        (struct attack_address){ATTACK_ADDRESS_EACH, 64, address_from("2001:db8:6::")};
    adversary.attack.count = 1;
    begin(&adversary);
    ck_assert(hear_at(&adversary, 0, EACH_SOLICITATION)); /* not in use yet */
    ck_assert_uint_eq(unseen(&adversary), 0);
    run_until(&adversary, AT(10));
    adversary.seen = recording_frame_count(&adversary.host.recorder);
    hear_at(&adversary, 0, EACH_SOLICITATION);
    expect_at(&adversary, 0, EACH_ADVERTISEMENT);
    close_adversary(&adversary);
}
END_TEST

/* -- hostile octets: the fuzzer has more -- */

START_TEST(truncated_packets_are_harmless)
{
    static const char *const packets[] = {HOME_TEST_TUNNELLED, VICTIMS_UPDATE, ACKNOWLEDGEMENT,
                                          EACH_SOLICITATION};
    struct adversary adversary;
    uint8_t octets[2048];
    open_adversary(&adversary);
    begin(&adversary);
    run_until(&adversary, AT(10));
    for (unsigned i = 0; i < G_N_ELEMENTS(packets); i++) {
        size_t length = octets_from(packets[i], octets, sizeof(octets));
        for (size_t cut = 0; cut < length; cut++) {
            struct packet *packet = recording_packet(&adversary.host.recorder, octets, cut);
            attacker_overhear(adversary.attacker, TAP, packet, AT(10));
            packet_release(packet);
        }
    }
    close_adversary(&adversary);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("attacker");
    TCase *tests = tcase_create("attacker");
    tcase_add_test(tests, tests_and_a_binding_update_that_will_be_believed);
    tcase_add_test(tests, a_plain_tunnel_hides_nothing);
    tcase_add_test(tests, whose_tokens_count);
    tcase_add_test(tests, without_a_token_it_guesses_or_gives_up);
    tcase_add_test(tests, tokens_are_held_refreshed_and_used_to_delete);
    tcase_add_test(tests, acknowledgements_teach_it);
    tcase_add_test(tests, sequence_numbers_are_overheard);
    tcase_add_test(tests, a_static_key_needs_no_test);
    tcase_add_test(tests, messages_in_the_correspondents_name);
    tcase_add_test(tests, datagrams_with_headers_of_mobility);
    tcase_add_test(tests, to_where_the_target_is);
    tcase_add_test(tests, an_icmpv6_error_quotes_what_was_heard);
    tcase_add_test(tests, a_replay_is_octet_for_octet);
    tcase_add_test(tests, which_messages_are_replayed);
    tcase_add_test(tests, replays_look_at_either_end);
    tcase_add_test(tests, memory_is_bounded);
    tcase_add_test(tests, where_packets_leave);
    tcase_add_test(tests, a_flood_is_even_and_ends);
    tcase_add_test(tests, a_flood_of_valid_bindings);
    tcase_add_test(tests, addresses_of_its_own_are_answered_for);
    tcase_add_test(tests, truncated_packets_are_harmless);
    suite_add_tcase(suite, tests);
    return run_suite(suite);
}
