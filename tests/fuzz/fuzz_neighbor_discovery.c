/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_neighbor_discovery.c - a node on an Ethernet link that hears anything at all.
 *
 * The first octet of the input says what the node is: host, optimistic host, router that advertises, home
 * agent with proxied addresses and a test on behalf of a mobile node under way. Then come records: an octet
 * that says what happens, an octet that says how long before, and for a message its length and its octets.
 * Messages get the header, the addresses (a few that mean something to the node) and the checksum that let
 * them through to the code that reads options; raw frames get nothing. In between the node sends packets of
 * its own, its link goes up and down, and it forgets its link. What must hold afterwards: every packet is
 * released, every timer in its place, the lists bounded.
 */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/router_discovery.h"
#include "tests/unit/recording_environment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX 200

enum role { ROLE_HOST, ROLE_OPTIMISTIC_HOST, ROLE_ROUTER, ROLE_HOME_AGENT, ROLE_COUNT };

enum action {
    ACTION_MESSAGE, /* six of sixteen */
    ACTION_FRAME = 6,
    ACTION_SEND = 8,
    ACTION_LINK = 10,
    ACTION_FORGET = 11,
    ACTION_SOLICIT = 12,
    ACTION_ADVERTISE = 13,
    ACTION_PROBE = 14,
    ACTION_DEFEND = 15,
};

struct input {
    const uint8_t *at;
    const uint8_t *end;
};

struct subject {
    struct recording_environment recorder;
    struct node_configuration configuration;
    struct node node;
    struct interface *interface;
    struct duplicate_probe probe;
    struct router_prefix prefix;
    struct router_advertisement_configuration advertising;
};

/* Addresses that mean something, and what an attacker may think of. */
static const char *const addresses[] = {
    "::",
    "fe80::ff:fe00:a",
    "2001:db8:1::ff:fe00:a",
    "fe80::ff:fe00:1",
    "2001:db8:1::1",
    "2001:db8:1::b",
    "2001:db8:1::100",
    "2001:db8:9::9",
    "ff02::1",
    "ff02::2",
    "ff02::1:ff00:a",
    "ff02::1:ff00:100",
    "::1",
    "ff05::1",
    "fe80::b",
    "2001:db8:1::101",
};

static uint8_t next_octet(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

/* Of octets that follow in the input. */
static size_t some_length(struct input *input)
{
    size_t length = next_octet(input), left = (size_t)(input->end - input->at);
    return length < left ? length : left;
}

static struct ipv6_address some_address(uint8_t choice)
{
    return address_from(addresses[choice % G_N_ELEMENTS(addresses)]);
}

/* Frames are of no interest, and a long input makes many. */
static void drop(struct recording_environment *recorder, unsigned interface, struct packet *packet)
{
    (void)recorder;
    (void)interface;
    packet_release(packet);
}

static void overlook(struct recording_environment *recorder, const struct protocol_event *event)
{
    (void)recorder;
    (void)event;
}

static void probe_done(struct node *node, struct duplicate_probe *probe, bool duplicate, time_ns now)
{
    (void)node;
    (void)duplicate;
    (void)now;
    g_assert_false(probe->active);
}

static void open_subject(struct subject *subject, enum role role)
{
    static const struct ethernet_address station = {{2, 0, 0, 0, 0, 0x0a}};
    bool forwards = role >= ROLE_ROUTER;
    *subject = (struct subject){.configuration = forwards ? node_configuration_default_router
                                                          : node_configuration_default_host};
    subject->configuration.optimistic_duplicate_detection = role == ROLE_OPTIMISTIC_HOST;
    recording_environment_init(&subject->recorder, NULL);
    subject->recorder.transmitted = drop;
    subject->recorder.reported = overlook;
    g_assert_cmpint(node_init(&subject->node, &subject->recorder.environment, &subject->configuration, 1), ==,
                    0);
    node_configure_interface(&subject->node, 0, INTERFACE_ETHERNET, &station, ETHERNET_MTU);
    subject->interface = &subject->node.interfaces[0];
    if (!forwards)
        return;
    subject->prefix = (struct router_prefix){
        .prefix = some_address(2),
        .valid_lifetime = UINT32_MAX,
        .preferred_lifetime = UINT32_MAX,
        .length = 64,
        .on_link = true,
        .autonomous = true,
        .router_address = true,
    };
    subject->advertising = (struct router_advertisement_configuration){
        .min_interval = MILLISECONDS(30),
        .max_interval = MILLISECONDS(70),
        .min_delay_between = MILLISECONDS(30),
        .max_reply_delay = MILLISECONDS(20),
        .router_lifetime = 1800,
        .home_agent = role == ROLE_HOME_AGENT,
        .home_agent_lifetime = 600,
        .reply_unicast = role == ROLE_HOME_AGENT,
        .prefix_count = 1,
        .prefixes = &subject->prefix,
    };
    g_assert_cmpint(router_advertiser_start(&subject->node, subject->interface, &subject->advertising, 0), ==,
                    0);
    struct ipv6_address global = some_address(2);
    g_assert_cmpint(address_add(&subject->node, 0, &global, 64, ADDRESS_CONFIGURED, true, true, 0), ==, 0);
}

static void open_home_agent(struct subject *subject)
{
    struct ipv6_address served = some_address(6), tested = some_address(15);
    g_assert_cmpint(proxy_add(&subject->node, subject->interface, &served), ==, 0);
    (void)duplicate_probe_start(&subject->node, &subject->probe, subject->interface, &tested, probe_done, 0);
}

static void receive_message(struct subject *subject, struct input *input)
{
    uint8_t octets[ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + 256] = {0x33, 0x33, [12] = 0x86, 0xdd, 0x60};
    uint8_t *header = octets + ETHERNET_HEADER_LENGTH, *message = header + IPV6_HEADER_LENGTH;
    uint8_t who = next_octet(input);
    struct ipv6_address source = some_address(who & 15), destination = some_address(who >> 4);
    size_t length = some_length(input);
    memcpy(message, input->at, length);
    input->at += length;
    header[5] = (uint8_t)length;
    header[IPV6_AT_NEXT_HEADER] = NEXT_HEADER_ICMPV6;
    header[IPV6_AT_HOP_LIMIT] = 255;
    memcpy(header + IPV6_AT_SOURCE, source.octets, 16);
    memcpy(header + IPV6_AT_DESTINATION, destination.octets, 16);
    if (length >= 4) {
        message[0] = (uint8_t)(ICMPV6_ROUTER_SOLICITATION + message[0] % 5);
        message[2] = message[3] = 0;
        uint16_t checksum = ipv6_checksum(&source, &destination, NEXT_HEADER_ICMPV6, message, length);
        message[2] = (uint8_t)(checksum >> 8);
        message[3] = (uint8_t)checksum;
    }
    recording_receive(&subject->recorder, &subject->node, 0, octets,
                      ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + length, subject->recorder.now);
}

static void receive_frame(struct subject *subject, struct input *input)
{
    size_t length = some_length(input);
    recording_receive(&subject->recorder, &subject->node, 0, input->at, length, subject->recorder.now);
    input->at += length;
}

static void send_packet(struct subject *subject, struct input *input)
{
    uint8_t octets[IPV6_HEADER_LENGTH] = {0x60, [6] = NEXT_HEADER_NONE, 64};
    uint8_t who = next_octet(input);
    struct ipv6_address source = some_address(who & 15), next_hop = some_address(who >> 4);
    next_hop.octets[15] ^= next_octet(input) & 7;
    memcpy(octets + IPV6_AT_SOURCE, source.octets, 16);
    memcpy(octets + IPV6_AT_DESTINATION, next_hop.octets, 16);
    struct packet *packet = recording_packet(&subject->recorder, octets, sizeof(octets));
    interface_send(&subject->node, subject->interface, packet, &next_hop, subject->recorder.now);
}

static void change_defence(struct subject *subject, uint8_t choice)
{
    struct ipv6_address which = some_address(choice & 15);
    struct interface_address *address = address_find(&subject->node, &which);
    if (address != NULL && (choice & 0x40) != 0)
        address_remove(&subject->node, &which, subject->recorder.now);
    else if (address != NULL)
        address_set_defended(&subject->node, address, (choice & 0x80) != 0);
    else
        address_add(&subject->node, 0, &which, 64, ADDRESS_HOME, (choice & 0x40) != 0, (choice & 0x80) != 0,
                    subject->recorder.now);
}

static void act(struct subject *subject, struct input *input)
{
    struct node *node = &subject->node;
    struct interface *interface = subject->interface;
    time_ns now = subject->recorder.now;
    uint8_t what = next_octet(input) & 15;
    struct ipv6_address address;
    switch (what) {
    default:
        receive_message(subject, input);
        break;
    case ACTION_FRAME:
    case ACTION_FRAME + 1:
        receive_frame(subject, input);
        break;
    case ACTION_SEND:
    case ACTION_SEND + 1:
        send_packet(subject, input);
        break;
    case ACTION_LINK:
        recording_link(&subject->recorder, node, 0, (next_octet(input) & 1) != 0, now);
        break;
    case ACTION_FORGET:
        interface_forget_link(node, interface, (next_octet(input) & 1) != 0, now);
        break;
    case ACTION_SOLICIT:
        router_solicit(node, interface, (next_octet(input) & 1) != 0, now);
        break;
    case ACTION_ADVERTISE:
        address = some_address(next_octet(input));
        neighbor_advertise(node, interface, &address, true, 3, now);
        break;
    case ACTION_PROBE:
        address = some_address(next_octet(input));
        if (!ipv6_address_is_multicast(&address) && !ipv6_address_is_unspecified(&address))
            neighbor_probe(node, interface, &address, now);
        break;
    case ACTION_DEFEND:
        change_defence(subject, next_octet(input));
        break;
    }
}

static void check(const struct subject *subject)
{
    unsigned routers = 0, prefixes = 0;
    for (const struct default_router *r = subject->interface->default_routers; r != NULL; r = r->next)
        routers++;
    for (const struct on_link_prefix *p = subject->interface->prefixes; p != NULL; p = p->next)
        prefixes++;
    g_assert_cmpuint(routers, <=, 16);
    g_assert_cmpuint(prefixes, <=, 64);
    g_assert_cmpuint(subject->interface->mtu, >=, IPV6_MTU_MINIMUM);
    g_assert_cmpint(node_deadline(&subject->node), >=, 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = {.at = data, .end = data + size};
    struct subject subject;
    enum role role = (enum role)(next_octet(&input) % ROLE_COUNT);
    open_subject(&subject, role);
    recording_link(&subject.recorder, &subject.node, 0, true, 0);
    if (role == ROLE_HOME_AGENT)
        open_home_agent(&subject);
    for (unsigned records = 0; input.at < input.end && records < RECORDS_MAX; records++) {
        uint8_t pause = next_octet(&input);
        recording_run(&subject.recorder, &subject.node,
                      subject.recorder.now + MILLISECONDS(1) * pause * pause);
        act(&subject, &input);
    }
    check(&subject);
    recording_run(&subject.recorder, &subject.node, subject.recorder.now + SECONDS(10));
    check(&subject);
    duplicate_probe_cancel(&subject.node, &subject.probe);
    node_free(&subject.node);
    recording_environment_free(&subject.recorder);
    return 0;
}
