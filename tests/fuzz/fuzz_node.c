/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_node.c - the IPv6 layer of a host or a router, fed with anything.
 *
 * The node has a point-to-point link (interface 0) and an Ethernet link (interface 1). The first octet of the
 * input says what it is: bit 0 router, bit 1 with an extension that accepts home addresses, type 2 routing
 * headers and tunnels. Then come records: an operation, how long before (units of 100 ms, squared), a length,
 * and so many octets.
 *
 *     0x00-0xbf  the octets arrive on interface (bit 0). bit 1: with an IPv6 header from A to the node put in
 *                front, the first octet being its next header; bit 2: with the checksum of the upper layer
 *                made right, where there is one; bit 3: to the node's second address
 *     0xc0-0xdf  the node sends the octets by UDP; bits: Home Address option, type 2 routing header, tunnel,
 *                multicast, to itself
 *     0xe0-0xef  the node tunnels the octets, as a packet
 *     0xf0-0xff  time passes, or a link changes
 *
 * What must hold: no octet read or written where none belongs (sanitizers), every packet released, nothing
 * sent that is larger than its link takes, and what is sent is an IPv6 packet as long as it says.
 */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "models/base/cursor.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/extension_header.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/tunnel.h"
#include "models/ipv6/udp.h"
#include "tests/unit/recording_environment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX 64
#define MTU 1500
#define PORT 5000
#define IDENTIFIER 0x1234

static const char *const own[2] = {"2001:db8:1::1", "2001:db8:2::1"};

struct subject {
    struct recording_environment recorder;
    struct node_configuration configuration;
    struct node node;
    struct application udp, echo;
    time_ns now;
};

/* -- what the node meets -- */

static void check_sent(struct recording_environment *recorder, unsigned interface, struct packet *packet)
{
    (void)recorder;
    size_t header = interface == 1 ? ETHERNET_HEADER_LENGTH : 0;
    g_assert_cmpuint(packet->length, >=, header + IPV6_HEADER_LENGTH);
    g_assert_cmpuint(packet->length, <=, header + MTU);
    const uint8_t *octets = packet_octets(packet) + header;
    g_assert_cmpuint(octets[0] >> 4, ==, 6);
    g_assert_cmpuint((unsigned)(octets[4] << 8 | octets[5]) + IPV6_HEADER_LENGTH, ==,
                     packet->length - header);
    packet_release(packet);
}

static void overlook(struct recording_environment *recorder, const struct protocol_event *event)
{
    (void)recorder;
    (void)event;
}

static void hear(struct application *application, struct node *node, const struct inbound *in,
                 uint16_t source_port, const uint8_t *payload, size_t length, time_ns now)
{
    (void)source_port;
    (void)now;
    g_assert_true(payload + length <= packet_octets(in->packet) + in->packet->length);
    if (length > 0 && payload[0] == 0xff) { /* an application may go away in its own callback */
        ports_unbind(node, application);
    }
}

static bool accept_home_address(struct node *node, struct inbound *in, time_ns now)
{
    (void)node;
    (void)now;
    return in->home_address.octets[15] != 0;
}

static bool accept_type_2(struct node *node, struct inbound *in, const struct ipv6_address *home_address,
                          time_ns now)
{
    (void)in;
    (void)now;
    return address_find(node, home_address) != NULL;
}

static bool accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason, time_ns now)
{
    (void)node;
    (void)now;
    *reason = DISCARD_NO_BINDING;
    return in->wire_source.octets[15] != 0;
}

/* Takes Mobility Headers; and "decrypts" ESP by taking eight octets off. */
static bool receive(struct node *node, struct inbound *in, time_ns now)
{
    if (in->next_header == NEXT_HEADER_ESP && inbound_payload_length(in) >= 8) {
        in->next_header_at = in->offset;
        in->next_header = inbound_payload(in)[0];
        in->offset += 8;
        ipv6_receive_header(node, in, now);
        return true;
    }
    if (in->next_header != NEXT_HEADER_MOBILITY)
        return false;
    packet_release(in->packet);
    in->packet = NULL;
    return true;
}

static bool intercept(struct node *node, struct interface *interface, struct packet *packet, bool via_tunnel,
                      time_ns now)
{
    (void)interface;
    (void)via_tunnel;
    static const uint8_t away[2] = {0x20, 0xaa};
    const uint8_t *destination = packet_octets(packet) + IPV6_AT_DESTINATION;
    if (memcmp(destination, away, sizeof(away)) != 0)
        return false;
    struct ipv6_address entry = address_from(own[0]), exit = ipv6_address_read(destination);
    exit.octets[1] = 0x01;
    tunnel_send(node, packet, &entry, &exit, 0, now);
    return true;
}

static void icmp_error(struct node *node, struct inbound *in, uint8_t type, uint8_t code, uint32_t parameter,
                       const uint8_t *original, size_t length, time_ns now)
{
    (void)node;
    (void)type;
    (void)code;
    (void)parameter;
    (void)now;
    g_assert_true(original + length == packet_octets(in->packet) + in->packet->length);
}

static const struct node_extension extension = {
    .accept_home_address = accept_home_address,
    .accept_type_2_routing = accept_type_2,
    .accept_tunnelled = accept_tunnelled,
    .receive = receive,
    .intercept = intercept,
    .icmp_error = icmp_error,
};

/* -- the node -- */

static void add_route(struct subject *subject, const char *prefix, unsigned length, uint16_t interface,
                      const char *next_hop)
{
    struct route route = {
        .prefix = address_from(prefix), .prefix_length = (uint8_t)length, .interface = interface};
    if (next_hop)
        route.next_hop = address_from(next_hop);
    routing_table_add(subject->node.routes, &route);
}

static void open_subject(struct subject *subject, uint8_t kind)
{
    static const struct ethernet_address station = {{2, 0, 0, 0, 0, 1}};
    *subject = (struct subject){.udp = {.receive = hear}, .echo = {.receive = hear}};
    recording_environment_init(&subject->recorder, NULL);
    subject->recorder.transmitted = check_sent;
    subject->recorder.reported = overlook;
    subject->configuration = kind & 1 ? node_configuration_default_router : node_configuration_default_host;
    subject->configuration.duplicate_detection_transmits = 0;
    subject->configuration.icmp_errors_per_second = 0;
    g_assert_cmpint(node_init(&subject->node, &subject->recorder.environment, &subject->configuration, 2), ==,
                    0);
    node_configure_interface(&subject->node, 0, INTERFACE_POINT_TO_POINT, &station, MTU);
    node_configure_interface(&subject->node, 1, INTERFACE_ETHERNET, &station, MTU);
    if (kind & 2)
        subject->node.extension = &extension;
    subject->node.routes = routing_table_new();
    add_route(subject, "2001:db8:1::", 64, 0, NULL);
    add_route(subject, "2001:db8:2::", 64, 1, NULL);
    add_route(subject, "2000::", 3, 0, NULL);
    add_route(subject, "2001:db8:3::", 48, 1, "2001:db8:2::99");
    for (unsigned i = 0; i < 2; i++) {
        struct ipv6_address address = address_from(own[i]);
        g_assert_cmpint(address_add(&subject->node, i, &address, 64, ADDRESS_CONFIGURED, false, true, 0), ==,
                        0);
        node_link_changed(&subject->node, i, true, 0);
    }
    udp_bind(&subject->node, &subject->udp, PORT);
    icmpv6_echo_bind(&subject->node, &subject->echo, IDENTIFIER);
}

static void close_subject(struct subject *subject)
{
    node_free(&subject->node);
    recording_environment_free(&subject->recorder); /* fails if a packet is left */
}

/* -- records -- */

/* Where the upper layer has a checksum, it becomes right; for packets without mobility headers or
 * fragments. */
static void correct_checksum(uint8_t *packet, size_t length)
{
    struct extension_chain chain = extension_chain_of_packet(packet, length);
    int at = chain.complete ? ipv6_checksum_offset(chain.next_header) : -1;
    if (at < 0 || chain.offset + (size_t)at + 2 > length)
        return;
    struct ipv6_address source = ipv6_address_read(packet + 8), destination = ipv6_address_read(packet + 24);
    uint8_t *field = packet + chain.offset + (size_t)at;
    field[0] = field[1] = 0;
    uint16_t checksum =
        ipv6_checksum(&source, &destination, chain.next_header, packet + chain.offset, length - chain.offset);
    field[0] = (uint8_t)(checksum >> 8);
    field[1] = (uint8_t)checksum;
}

static void arrive(struct subject *subject, uint8_t operation, const uint8_t *octets, size_t length)
{
    uint8_t frame[ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + 256] = {2, 0, 0, 0, 0, 1,    2,
                                                                        0, 0, 0, 0, 2, 0x86, 0xdd};
    unsigned interface = operation & 1;
    size_t at = interface == 1 ? ETHERNET_HEADER_LENGTH : 0, start = at;
    if (operation & 2) {
        struct ipv6_address source = address_from("2001:db8:7::7"),
                            destination = address_from(own[operation >> 3 & 1]);
        size_t payload = length > 0 ? length - 1 : 0;
        const uint8_t front[8] = {
            0x60, 0, 0, 0, (uint8_t)(payload >> 8), (uint8_t)payload, length > 0 ? octets[0] : 59, 64};
        memcpy(frame + at, front, 8);
        memcpy(frame + at + 8, source.octets, 16);
        memcpy(frame + at + 24, destination.octets, 16);
        at += IPV6_HEADER_LENGTH;
        octets += length - payload;
        length = payload;
    }
    if (length > 0)
        memcpy(frame + at, octets, length);
    at += length;
    if ((operation & 4) && at - start >= IPV6_HEADER_LENGTH)
        correct_checksum(frame + start, at - start);
    node_receive(&subject->node, interface, recording_packet(&subject->recorder, frame, at), subject->now);
}

static void send(struct subject *subject, uint8_t operation, const uint8_t *octets, size_t length)
{
    struct outbound out = {.destination = address_from(operation & 16 ? own[1] : "2001:db8:3::3")};
    out.routed = true;
    out.home_address_option = operation & 1;
    out.type_2_routing = operation & 2;
    out.tunnel = operation & 4;
    out.wire_source = address_from(own[0]);
    out.wire_destination = address_from("2001:db8:4::4");
    out.tunnel_source = address_from(own[1]);
    out.tunnel_destination = address_from("2001:db8:5::5");
    if (operation & 8) {
        out.destination = address_from("ff05::5");
        out.interface = &subject->node.interfaces[1];
    }
    /* Lengths up to 64 KiB and over, so that fragments are sent as well. */
    size_t size = length > 2 ? (size_t)(octets[0] << 8 | octets[1]) : length;
    out.packet = packet_new(subject->recorder.packets, operation & 32 ? 0 : PACKET_HEADROOM, size);
    memset(packet_octets(out.packet), operation, size);
    udp_send(&subject->node, &out, 1, PORT, subject->now);
}

static void enter_tunnel(struct subject *subject, uint8_t operation, const uint8_t *octets, size_t length)
{
    uint8_t packet[IPV6_HEADER_LENGTH + 256] = {0x60};
    struct ipv6_address entry = address_from(own[0]),
                        exit = address_from(operation & 1 ? own[1] : "2001:db8:5::5");
    struct ipv6_address source = address_from(operation & 2 ? own[0] : "2001:db8:7::7");
    size_t total = IPV6_HEADER_LENGTH + length;
    packet[5] = (uint8_t)length;
    packet[6] = operation & 4 ? NEXT_HEADER_DESTINATION_OPTIONS : NEXT_HEADER_IPV6;
    packet[7] = 64;
    memcpy(packet + 8, source.octets, 16);
    memcpy(packet + 24, exit.octets, 16);
    if (length > 0)
        memcpy(packet + IPV6_HEADER_LENGTH, octets, length);
    tunnel_send(&subject->node, recording_packet(&subject->recorder, packet, total), &entry, &exit, 0,
                subject->now);
}

static void run_until(struct subject *subject, time_ns until)
{
    for (unsigned wakes = 0; node_deadline(&subject->node) <= until && wakes < 1000; wakes++) {
        subject->now = MAX(subject->now, node_deadline(&subject->node));
        node_wake(&subject->node, subject->now);
    }
    subject->now = MAX(subject->now, until);
    subject->recorder.now = subject->now;
}

static void run_record(struct subject *subject, uint8_t operation, const uint8_t *octets, size_t length)
{
    if (operation < 0xc0)
        arrive(subject, operation, octets, length);
    else if (operation < 0xe0)
        send(subject, operation, octets, length);
    else if (operation < 0xf0)
        enter_tunnel(subject, operation, octets, length);
    else if (operation < 0xf4)
        node_link_changed(&subject->node, operation & 1, (operation & 2) != 0, subject->now);
    else
        run_until(subject, subject->now + SECONDS(operation & 0x0f) * 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct subject subject;
    struct cursor input = cursor_over(data, size);
    open_subject(&subject, cursor_get8(&input));
    for (unsigned records = 0; records < RECORDS_MAX && cursor_left(&input) >= 3; records++) {
        uint8_t operation = cursor_get8(&input);
        time_ns pause = cursor_get8(&input);
        size_t length = cursor_get8(&input);
        length = MIN(length, cursor_left(&input));
        run_until(&subject, subject.now + pause * pause * MILLISECONDS(100));
        run_record(&subject, operation, cursor_take(&input, length), length);
    }
    run_until(&subject, subject.now + SECONDS(100));
    close_subject(&subject);
    return 0;
}
