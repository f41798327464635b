/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_esp.c - a home agent with IPsec is fed packets under ESP: anything at all, and, harder to come by,
 * whatever the input says under the right keys.
 *
 * Input: one octet of algorithms (bits 0 and 1 encryption, bit 2 integrity, bit 3 payload protected as well),
 * then packets: one octet of kind, one of length, so many octets.
 *   kind bit 0: 0 the octets stand as they are behind an IPv6 header of next header 50; 1 protected first
 *        bit 1: in tunnel mode, else transport mode
 *        bit 2: a Home Address option in front
 *        bit 3: next header 41, else 135, inside
 *        bit 4: the packet comes twice
 *        bits 5 to 7: octet 8 and so on are changed on the way, unless 0
 */
#include <stdlib.h>
#include <string.h>

#include "models/ipsec/ipsec.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/routing_table.h"
#include "models/mobility/mobility.h"
#include "tests/unit/recording_environment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define SPI 256

static const struct home_agent_configuration operator_says = {.lifetime_limit = 900, .anyone = true};

struct subject {
    struct recording_environment recorder;
    struct node node;
    struct esp_engine *engine;
    struct ipsec_configuration configuration;
    uint8_t keys[ESP_ENCRYPTION_KEY_MAX + ESP_INTEGRITY_KEY_MAX];
    struct security_association theirs[2]; /* the mobile node's ends: transport, tunnel */
};

static void configure(struct subject *subject, uint8_t algorithms)
{
    static const uint8_t key_lengths[] = {[ESP_AES_CBC] = 16, [ESP_3DES_CBC] = 24, [ESP_NULL] = 0};
    unsigned encryption = (algorithms & 3) % 3, integrity = algorithms >> 2 & 1;
    struct ipsec_configuration *configuration = &subject->configuration;
    *configuration = (struct ipsec_configuration){
        .engine = subject->engine,
        .home_address = address_from("2001:db8:1::100"),
        .home_agent = address_from("2001:db8:1::1"),
        .role = IPSEC_HOME_AGENT,
        .encryption = (enum esp_encryption)encryption,
        .integrity = (enum esp_integrity)integrity,
        .encryption_key_length = key_lengths[encryption],
        .payload = (algorithms & 8) != 0,
    };
    memset(subject->keys, 0x5a, sizeof(subject->keys));
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        configuration->associations[i].spi = SPI + i;
        memset(configuration->associations[i].encryption_key, 0x5a, ESP_ENCRYPTION_KEY_MAX);
        memset(configuration->associations[i].integrity_key, 0x5a, ESP_INTEGRITY_KEY_MAX);
    }
    for (unsigned i = 0; i < 2; i++)
        subject->theirs[i] = (struct security_association){
            .keys = subject->keys,
            .spi = SPI + (i ? TUNNEL_TO_HOME_AGENT : TRANSPORT_TO_HOME_AGENT),
            .encryption = (uint8_t)encryption,
            .encryption_key_length = key_lengths[encryption],
            .integrity = (uint8_t)integrity,
        };
    if (ipsec_protect(&subject->node, configuration) != 0)
        abort();
}

static void begin(struct subject *subject, uint8_t algorithms)
{
    struct ipv6_address address = address_from("2001:db8:1::1"), prefix = ipv6_prefix_of(&address, 64);
    recording_environment_init(&subject->recorder, NULL);
    subject->engine = esp_engine_new();
    struct node *node = &subject->node;
    if (node_init(node, &subject->recorder.environment, &node_configuration_default_router, 1) != 0)
        abort();
    node_configure_interface(node, 0, INTERFACE_POINT_TO_POINT, NULL, 1500);
    if (address_add(node, 0, &address, 64, ADDRESS_CONFIGURED, false, true, 0) != 0 ||
        mobility_enable(node, &correspondent_node_configuration_default, 0) != 0 ||
        mobility_add_home_agent(node, &operator_says, 0, &address, &prefix, 64, 0) != 0)
        abort();
    struct route anywhere = {.prefix_length = 0, .interface = 0};
    node->routes = routing_table_new();
    if (routing_table_add(node->routes, &anywhere) != 0)
        abort();
    configure(subject, algorithms);
    recording_link(&subject->recorder, node, 0, true, 0);
}

static void end(struct subject *subject)
{
    mobility_free(&subject->node);
    node_free(&subject->node);
    recording_environment_free(&subject->recorder);
    esp_engine_free(subject->engine);
}

/* The octets under ESP, written to esp; how many. */
static size_t protect(struct subject *subject, uint8_t kind, const uint8_t *octets, size_t length,
                      uint8_t *esp)
{
    uint8_t iv[ESP_IV_MAX] = {0};
    struct packet *packet = recording_packet(&subject->recorder, octets, length);
    if (esp_encapsulate(subject->engine, &subject->theirs[kind >> 1 & 1], iv, &packet,
                        kind & 8 ? NEXT_HEADER_IPV6 : NEXT_HEADER_MOBILITY) != 0)
        abort();
    length = packet->length;
    memcpy(esp, packet_octets(packet), length);
    packet_release(packet);
    return length;
}

static void receive(struct subject *subject, uint8_t kind, const uint8_t *octets, size_t length)
{
    uint8_t packet[640] = {0x60, 0, 0, 0, 0, 0, NEXT_HEADER_ESP, 64};
    size_t at = IPV6_HEADER_LENGTH;
    struct ipv6_address from = address_from("2001:db8:2::100");
    memcpy(packet + IPV6_AT_SOURCE, from.octets, 16);
    memcpy(packet + IPV6_AT_DESTINATION, subject->configuration.home_agent.octets, 16);
    if (kind & 4) {
        const uint8_t front[8] = {NEXT_HEADER_ESP, 2, OPTION_PADN, 2, 0, 0, OPTION_HOME_ADDRESS, 16};
        packet[IPV6_AT_NEXT_HEADER] = NEXT_HEADER_DESTINATION_OPTIONS;
        memcpy(packet + at, front, sizeof(front));
        memcpy(packet + at + sizeof(front), subject->configuration.home_address.octets, 16);
        at += HOME_ADDRESS_HEADER_LENGTH;
    }
    if (kind & 1)
        length = protect(subject, kind, octets, length, packet + at);
    else
        memcpy(packet + at, octets, length);
    if (kind >> 5 && length > 8u * (kind >> 5))
        packet[at + 8u * (kind >> 5)] ^= kind;
    size_t payload = at - IPV6_HEADER_LENGTH + length;
    packet[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)(payload >> 8);
    packet[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)payload;
    for (unsigned times = 0; times < (kind & 16 ? 2 : 1); times++)
        recording_receive(&subject->recorder, &subject->node, 0, packet, at + length,
                          subject->recorder.now + MILLISECONDS(1));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct subject subject;
    if (size < 1)
        return 0;
    begin(&subject, data[0]);
    size_t at = 1;
    while (at + 2 <= size) {
        uint8_t kind = data[at];
        size_t length = data[at + 1];
        at += 2;
        if (length > size - at)
            length = size - at;
        receive(&subject, kind, data + at, length);
        at += length;
    }
    recording_run(&subject.recorder, &subject.node, subject.recorder.now + SECONDS(1));
    end(&subject);
    return 0;
}
