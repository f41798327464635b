/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobile_node_fixture.c - see mobile_node_fixture.h. Random numbers are scripted as
 * tests/vectors/mobile_node.py has them.
 */
#include "tests/unit/mobile_node_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/udp.h"
#include "tests/unit/expect_octets.h"

void fixture_prepare(struct fixture *fixture)
{
    memset(fixture, 0, sizeof(*fixture));
    fixture->host = node_configuration_default_host;
    fixture->host.duplicate_detection_transmits = 0;
    fixture->host.delay_router_solicitation = false;
    fixture->configuration = mobile_node_configuration_default;
    fixture->policy = mobile_node_configuration_default.default_policy;
    fixture->policy.trigger = TRIGGER_ALWAYS;
    fixture->key = (struct static_key){.kcn_length = 20, .home_nonce_length = 8, .care_of_nonce_length = 8};
    memset(fixture->key.kcn, 0x11, 20);
    memset(fixture->key.home_nonce, 0x22, 8);
    memset(fixture->key.care_of_nonce, 0x33, 8);
    fixture->peer = address_from("2001:db8:9::9");
    fixture->home = address_from("2001:db8:1::100");
    fixture->care_of = address_from("2001:db8:2::ff:fe00:a");
}

static void script(struct fixture *fixture)
{
    static const uint8_t sequences[] = {0x01, 0x00, 0x0f, 0xff};
    static const uint8_t cookies[] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17,
                                      0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x27};
    recording_environment_script(&fixture->recorder, RANDOM_SEQUENCE, sequences, sizeof(sequences));
    recording_environment_script(&fixture->recorder, RANDOM_COOKIE, cookies, sizeof(cookies));
}

static void begin(struct fixture *fixture)
{
    const struct ethernet_address station = {{2, 0, 0, 0, 0, 0x0a}};
    struct ipv6_address home_agent = address_from("2001:db8:1::1");
    time_ns now = fixture->recorder.now;
    script(fixture);
    ck_assert_int_eq(node_init(&fixture->node, &fixture->recorder.environment, &fixture->host, 1), 0);
    node_configure_interface(&fixture->node, 0, INTERFACE_ETHERNET, &station, 1500);
    ck_assert_int_eq(mobility_enable(&fixture->node, &correspondent_node_configuration_default, now), 0);
    ck_assert_int_eq(mobility_add_mobile_node(&fixture->node, &fixture->configuration, 0, &fixture->home, 64,
                                              &home_agent, now),
                     0);
    ck_assert_int_eq(mobile_node_set_policy(&fixture->node, &fixture->peer, &fixture->policy), 0);
    recording_link(&fixture->recorder, &fixture->node, 0, true, now);
    ck_assert_int_eq(fixture_mobile(fixture)->home.state, MOBILE_NODE_UNATTACHED);
}

void fixture_open(struct fixture *fixture)
{
    recording_environment_init(&fixture->recorder, NULL);
    begin(fixture);
}

void fixture_reboot(struct fixture *fixture, bool storage)
{
    mobility_free(&fixture->node);
    node_free(&fixture->node);
    if (!storage)
        g_hash_table_remove_all(fixture->recorder.storage);
    begin(fixture);
}

/* Nobody is there to answer for the router. */
static void trust_router(struct fixture *fixture)
{
    struct interface *interface = &fixture->node.interfaces[0];
    struct ipv6_address router = address_from("fe80::ff:fe00:1");
    neighbor_confirm(&fixture->node, interface, &router, fixture->recorder.now);
    neighbor_lookup(interface, &router)->reachable_until = TIME_NEVER;
}

void fixture_visit(struct fixture *fixture)
{
    fixture_open(fixture);
    fixture_receive(fixture, ROUTER_ADVERTISEMENT, VISITED);
    trust_router(fixture);
    ck_assert(ipv6_address_equal(&fixture_mobile(fixture)->care_of_address, &fixture->care_of));
    ck_assert_int_eq(fixture_mobile(fixture)->home.state, MOBILE_NODE_REGISTERING);
    expect_frame_at(fixture, HOME_BINDING_UPDATE, VISITED);
    expect_no_frame(fixture);
}

void fixture_register(struct fixture *fixture)
{
    time_ns now = VISITED + MILLISECONDS(10);
    fixture_visit(fixture);
    fixture_receive(fixture, HOME_ACKNOWLEDGEMENT, now);
    ck_assert_int_eq(fixture_mobile(fixture)->home.state, MOBILE_NODE_REGISTERED);
    expect_frame_at(fixture, HOME_TEST_INIT, now);
    expect_frame_at(fixture, CARE_OF_TEST_INIT, now);
    expect_no_frame(fixture);
}

void fixture_bind(struct fixture *fixture)
{
    fixture_register(fixture);
    fixture_receive(fixture, CARE_OF_TEST, VISITED + MILLISECONDS(20));
    expect_no_frame(fixture);
    fixture_receive(fixture, HOME_TEST, VISITED + MILLISECONDS(20));
    expect_frame_at(fixture, BINDING_UPDATE, VISITED + MILLISECONDS(20));
    fixture_receive(fixture, ACKNOWLEDGEMENT, VISITED + MILLISECONDS(30));
    ck_assert_int_eq(fixture_entry(fixture)->state, UPDATE_BOUND);
    expect_no_frame(fixture);
}

void fixture_close(struct fixture *fixture)
{
    mobility_free(&fixture->node);
    node_free(&fixture->node);
    recording_environment_free(&fixture->recorder);
}

struct mobile_node *fixture_mobile(struct fixture *fixture)
{
    return fixture->node.mobility->mobile_node;
}

struct binding_update_entry *fixture_entry(struct fixture *fixture)
{
    return mobile_home_find_entry(&fixture_mobile(fixture)->home, &fixture->peer);
}

struct binding_update_entry *fixture_home(struct fixture *fixture)
{
    return mobile_home_registration(&fixture_mobile(fixture)->home);
}

void fixture_receive(struct fixture *fixture, const char *frame, time_ns now)
{
    uint8_t octets[2048];
    size_t length = octets_from(frame, octets, sizeof(octets));
    recording_receive(&fixture->recorder, &fixture->node, 0, octets, length, now);
}

void fixture_run(struct fixture *fixture, time_ns until)
{
    recording_run(&fixture->recorder, &fixture->node, until);
}

/* NULL: there are no more. */
static const struct recorded_frame *next_frame(struct fixture *fixture)
{
    while (fixture->seen < recording_frame_count(&fixture->recorder)) {
        const struct recorded_frame *frame = recording_frame(&fixture->recorder, fixture->seen++);
        if (packet_octets(frame->packet)[ETHERNET_HEADER_LENGTH + IPV6_AT_NEXT_HEADER] != NEXT_HEADER_ICMPV6)
            return frame;
    }
    return NULL;
}

void expect_frame_at(struct fixture *fixture, const char *expected, time_ns time)
{
    const struct recorded_frame *frame = next_frame(fixture);
    ck_assert_ptr_nonnull(frame);
    expect_octets(frame->packet, expected);
    ck_assert_int_eq(frame->time, time);
}

void expect_no_frame(struct fixture *fixture)
{
    ck_assert_ptr_null(next_frame(fixture));
}

const uint8_t *expect_message_at(struct fixture *fixture, unsigned type, time_ns time)
{
    const struct recorded_frame *frame = next_frame(fixture);
    ck_assert_ptr_nonnull(frame);
    ck_assert_int_eq(frame->time, time);
    const uint8_t *octets = packet_octets(frame->packet) + ETHERNET_HEADER_LENGTH;
    unsigned next = octets[IPV6_AT_NEXT_HEADER];
    octets += IPV6_HEADER_LENGTH;
    if (next == NEXT_HEADER_IPV6) {
        next = octets[IPV6_AT_NEXT_HEADER];
        octets += IPV6_HEADER_LENGTH;
    }
    if (next == NEXT_HEADER_DESTINATION_OPTIONS) {
        next = octets[0];
        octets += HOME_ADDRESS_HEADER_LENGTH;
    }
    ck_assert_uint_eq(next, NEXT_HEADER_MOBILITY);
    ck_assert_uint_eq(octets[2], type);
    return octets;
}

void expect_discard(struct fixture *fixture, const char *frame, enum discard_reason reason, time_ns now)
{
    uint32_t before = fixture->node.discards;
    fixture_receive(fixture, frame, now);
    ck_assert_uint_eq(fixture->node.discards, before + 1);
    ck_assert_str_eq(discard_reason_text(recording_last_discard(&fixture->recorder)),
                     discard_reason_text(reason));
    expect_no_frame(fixture);
}

int fixture_send_data(struct fixture *fixture, const struct ipv6_address *source, time_ns now)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    out.packet = recording_packet(&fixture->recorder, "hello", 5);
    out.destination = fixture->peer;
    if (source) {
        out.source = *source;
        out.source_fixed = true;
    }
    fixture->recorder.now = now;
    return udp_send(&fixture->node, &out, 1000, 2000, now);
}
