/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_attacker.c - an adversary who hears anything.
 *
 * It has an Ethernet interface (place 0), a point-to-point link (1) and a tap (2), knows a static key and a
 * security association, and is about every kind of attack at once. The input is a row of records: an
 * operation, how long before (units of 100 ms, squared), a length, and so many octets.
 *
 *     0x00-0x7f  the octets are heard at place (operation % 3), behind an Ethernet header at place 0
 *     0x80-0xef  one of the vectors (operation % their number) is heard on the tap, the octets exclusive-ored
 *                into it from octet 38 on (so that it is a packet as long as it says)
 *     0xf0-0xff  time passes, a link changes, the power does
 *
 * What must hold: no octet read or written where none belongs (sanitizers), every packet released, memory
 * bounded, and what is sent is an IPv6 packet as long as it says, with the mark of an attack.
 */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "models/attack/attacker.h"
#include "models/base/cursor.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/routing_table.h"
#include "tests/unit/recording_environment.h"
#include "tests/vectors/attacker.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX 64
#define MTU         1500
#define ATTACKS     10
#define FIRST_OCTET 38

static const char *const vectors[] = {
    HOME_TEST_INIT, CARE_OF_TEST_INIT,     HOME_TEST_HEARD,  HOME_TEST_TUNNELLED, CARE_OF_TEST_HEARD,
    UPDATE,         REFUSAL_135,           REFUSAL_136,      VICTIMS_UPDATE,      ACKNOWLEDGEMENT,
    BINDING_ERROR,  DATAGRAM_HOME_ADDRESS, DATAGRAM_ROUTING, PARAMETER_PROBLEM,   EACH_HOME_TEST,
};

struct subject {
    struct recording_environment recorder;
    struct node_configuration configuration;
    struct node node;
    struct attacker *attacker;
    struct attack_configuration attacks[ATTACKS];
    struct static_key key;
    struct attack_protection protection;
    struct security_association known, own;
    uint8_t keys[36];
    uint64_t sent;
    time_ns now;
};

static void check_sent(struct recording_environment *recorder, unsigned place, struct packet *packet)
{
    struct subject *subject = recorder->user;
    size_t header = place == 0 ? ETHERNET_HEADER_LENGTH : 0;
    g_assert_cmpuint(packet->length, >=, header + IPV6_HEADER_LENGTH);
    g_assert_cmpuint(packet->mark, <=, ATTACKS);
    const uint8_t *octets = packet_octets(packet) + header;
    g_assert_cmpuint(octets[0] >> 4, ==, 6);
    g_assert_cmpuint((unsigned)(octets[4] << 8 | octets[5]) + IPV6_HEADER_LENGTH, ==,
                     packet->length - header);
    packet_release(packet);
    subject->sent++;
}

static void overlook(struct recording_environment *recorder, const struct protocol_event *event)
{
    (void)recorder;
    (void)event;
}

static struct attack_address fixed(const char *text)
{
    return (struct attack_address){.kind = ATTACK_ADDRESS_FIXED, .address = address_from(text)};
}

static struct attack_address kind_of(uint8_t kind)
{
    return (struct attack_address){kind, 64, address_from("2001:db8:6::")};
}

/* Binding Updates of several kinds, everything else that is forged, replays, floods. */
static void configure(struct subject *subject)
{
    for (unsigned i = 0; i < ATTACKS; i++)
        subject->attacks[i] = (struct attack_configuration){
            .mark = i + 1,
            .message = MOBILITY_BINDING_UPDATE,
            .place = i % 3 == 2 ? 2 : ATTACK_NO_PLACE,
            .stop = TIME_NEVER,
            .count = 2,
            .interval = SECONDS(1),
            .destination = fixed("2001:db8:3::2"),
            .home_address = fixed("2001:db8:1::100"),
            .care_of_address = fixed("2001:db8:6::66"),
            .lifetime = 105,
            .acknowledge = true,
            .authorization_data = true,
            .guess = i % 2,
            .give_up = SECONDS(10),
            .refresh = SECONDS(7),
            .deletion = SECONDS(20),
            .about = MOBILITY_BINDING_UPDATE,
            .at = TIME_NEVER,
        };
    struct attack_configuration *a = subject->attacks;
    a[1].home_token = a[1].care_of_token = ATTACK_TOKEN_HEARD;
    a[1].care_of_address = kind_of(ATTACK_ADDRESS_HEARD);
    a[2].static_key = &subject->key;
    a[3].home_registration = true;
    a[3].protection = &subject->protection;
    a[4].message = MOBILITY_BINDING_ACKNOWLEDGEMENT;
    a[4].source = fixed("2001:db8:3::2");
    a[4].destination.kind = ATTACK_ADDRESS_NONE;
    a[4].care_of_address = kind_of(ATTACK_ADDRESS_HEARD);
    a[5].message = ATTACK_ICMP_ERROR;
    a[5].source = fixed("2001:db8:3::2");
    a[5].destination = fixed("2001:db8:1::100");
    a[6].action = ATTACK_REPLAY;
    a[6].message = ATTACK_OTHER;
    a[6].choice = ATTACK_CHOICE_ALL;
    a[7].action = ATTACK_REPLAY;
    a[7].message = ATTACK_ESP;
    a[7].choice = ATTACK_CHOICE_LAST;
    a[8].action = ATTACK_FLOOD;
    a[8].home_address = kind_of(ATTACK_ADDRESS_EACH);
    a[9].message = MOBILITY_HOME_TEST;
    a[9].source = fixed("2001:db8:3::2");
    a[9].destination = fixed("2001:db8:1::100");
}

static void set_keys(struct subject *subject)
{
    memset(subject->keys, 0x5a, sizeof(subject->keys));
    subject->key.kcn_length = 20;
    subject->key.home_nonce_length = subject->key.care_of_nonce_length = 8;
    subject->known = (struct security_association){
        .keys = subject->keys, .spi = 0x1000, .encryption = ESP_AES_CBC, .encryption_key_length = 16};
    subject->own = subject->known;
    subject->protection.association = &subject->own;
    subject->protection.engine = esp_engine_new();
}

static void open_subject(struct subject *subject)
{
    static const struct ethernet_address station = {{2, 0, 0, 0, 0, 0x66}};
    static const char *const own[2] = {"2001:db8:6::66", "2001:db8:8::66"};
    *subject = (struct subject){.configuration = node_configuration_default_host};
    recording_environment_init(&subject->recorder, NULL);
    subject->recorder.user = subject;
    subject->recorder.transmitted = check_sent;
    subject->recorder.reported = overlook;
    subject->configuration.duplicate_detection_transmits = 0;
    g_assert_cmpint(node_init(&subject->node, &subject->recorder.environment, &subject->configuration, 2), ==,
                    0);
    node_configure_interface(&subject->node, 0, INTERFACE_ETHERNET, &station, MTU);
    node_configure_interface(&subject->node, 1, INTERFACE_POINT_TO_POINT, &station, MTU);
    subject->node.routes = routing_table_new();
    struct route route = {.prefix = address_from("2000::"), .prefix_length = 3, .interface = 1};
    routing_table_add(subject->node.routes, &route);
    for (unsigned i = 0; i < 2; i++) {
        struct ipv6_address address = address_from(own[i]);
        g_assert_cmpint(address_add(&subject->node, i, &address, 64, ADDRESS_CONFIGURED, false, true, 0), ==,
                        0);
        node_link_changed(&subject->node, i, true, 0);
    }
    set_keys(subject);
    configure(subject);
    subject->attacker = attacker_new(&subject->node, 1);
    attacker_add_association(subject->attacker, subject->protection.engine, &subject->known);
    for (unsigned i = 0; i < ATTACKS; i++)
        g_assert_cmpint(attacker_add_attack(subject->attacker, &subject->attacks[i]), ==, 0);
    attacker_start(subject->attacker, 0);
}

static void close_subject(struct subject *subject)
{
    attacker_free(subject->attacker);
    node_free(&subject->node);
    esp_engine_free(subject->protection.engine);
    recording_environment_free(&subject->recorder); /* fails if a packet is left */
}

/* -- records -- */

static void hear(struct subject *subject, unsigned place, const uint8_t *octets, size_t length)
{
    uint8_t frame[ETHERNET_HEADER_LENGTH + 2048] = {2, 0, 0, 0, 0, 0x66, 2, 0, 0, 0, 0, 1, 0x86, 0xdd};
    size_t at = place == 0 ? ETHERNET_HEADER_LENGTH : 0;
    if (length > 0)
        memcpy(frame + at, octets, length);
    struct packet *packet = recording_packet(&subject->recorder, frame, at + length);
    bool plain = attacker_overhear(subject->attacker, place, packet, subject->now);
    if (place < 2 && plain)
        node_receive(&subject->node, place, packet, subject->now);
    else
        packet_release(packet);
    g_assert_cmpuint(packet_pool_outstanding(subject->recorder.packets), <, 3 * ATTACK_RECORDINGS);
}

static void hear_vector(struct subject *subject, unsigned which, const uint8_t *octets, size_t length)
{
    uint8_t packet[2048];
    size_t whole = octets_from(vectors[which], packet, sizeof(packet));
    for (size_t i = 0; i < length && FIRST_OCTET + i < whole; i++)
        packet[FIRST_OCTET + i] ^= octets[i];
    hear(subject, 2, packet, whole);
}

static void run_until(struct subject *subject, time_ns until)
{
    for (unsigned wakes = 0; node_deadline(&subject->node) <= until && wakes < 2000; wakes++) {
        subject->now = MAX(subject->now, node_deadline(&subject->node));
        node_wake(&subject->node, subject->now);
    }
    subject->now = MAX(subject->now, until);
    subject->recorder.now = subject->now;
}

static void run_record(struct subject *subject, uint8_t operation, const uint8_t *octets, size_t length)
{
    if (operation < 0x80)
        hear(subject, operation % 3, octets, length);
    else if (operation < 0xf0)
        hear_vector(subject, operation % (unsigned)G_N_ELEMENTS(vectors), octets, length);
    else if (operation < 0xf4)
        node_link_changed(&subject->node, operation & 1, (operation & 2) != 0, subject->now);
    else if (operation < 0xf6)
        attacker_set_on(subject->attacker, operation & 1);
    else
        run_until(subject, subject->now + SECONDS(operation & 0x0f));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct subject subject;
    struct cursor input = cursor_over(data, size);
    open_subject(&subject);
    for (unsigned records = 0; records < RECORDS_MAX && cursor_left(&input) >= 3; records++) {
        uint8_t operation = cursor_get8(&input);
        time_ns pause = cursor_get8(&input);
        size_t length = cursor_get8(&input);
        length = MIN(length, cursor_left(&input));
        run_until(&subject, subject.now + pause * pause * MILLISECONDS(1));
        run_record(&subject, operation, cursor_take(&input, length), length);
    }
    run_until(&subject, subject.now + SECONDS(30));
    close_subject(&subject);
    return 0;
}
