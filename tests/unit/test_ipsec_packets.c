/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ipsec_packets.c - a home agent with IPsec, alone, octets in and out: what it believes of packets under
 * ESP, and what it does not (RFC 4301, 5.2; RFC 6275, 5.1, 9.3.1, 10.4.6).
 *
 * It serves two mobile nodes, 2001:db8:1::100 and 2001:db8:1::101, who are at 2001:db8:2::100. Interface 0 is
 * on the home link, interface 1 leads everywhere else.
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/routing_table.h"
#include "models/mobility/mobility.h"
#include "tests/unit/ipv6_fixture.h"

#define HOME_AGENT    "2001:db8:1::1"
#define HOME_1        "2001:db8:1::100"
#define HOME_2        "2001:db8:1::101"
#define CARE_OF       "2001:db8:2::100"
#define CORRESPONDENT "2001:db8:9::9"
#define OUTSIDE       1
#define T0            SECONDS(10)

static struct recording_environment recorder;
static struct node node;
static struct node_configuration router;
static struct home_agent_configuration operator_says;
static struct esp_engine *engine;
static uint8_t keys[36];                        /* of everything, to make it easy to be someone else */
static struct security_association theirs[512]; /* the mobile nodes' ends, by SPI */

static void give_keys(const char *home_address, uint32_t spi)
{
    struct ipsec_configuration configuration = {
        .engine = engine,
        .home_address = address_from(home_address),
        .home_agent = address_from(HOME_AGENT),
        .role = IPSEC_HOME_AGENT,
        .encryption_key_length = 16,
    };
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        configuration.associations[i].spi = spi + i;
        memset(configuration.associations[i].encryption_key, 0x5a, ESP_ENCRYPTION_KEY_MAX);
        memset(configuration.associations[i].integrity_key, 0x5a, ESP_INTEGRITY_KEY_MAX);
        theirs[spi + i] = (struct security_association){
            .keys = keys, .spi = spi + i, .encryption_key_length = 16, .tunnel = i >= TUNNEL_TO_HOME_AGENT};
    }
    ck_assert_int_eq(ipsec_protect(&node, &configuration), 0);
}

#define SPI_1 256
#define SPI_2 260

static void setup(void)
{
    static const struct ethernet_address station = {{2, 0, 0, 0, 0, 1}};
    struct ipv6_address address = address_from(HOME_AGENT), prefix = ipv6_prefix_of(&address, 64);
    memset(keys, 0x5a, sizeof(keys));
    router = node_configuration_default_router;
    router.delay_duplicate_detection = false;
    operator_says = home_agent_configuration_default;
    operator_says.anyone = true;
    operator_says.duplicate_detection = false;
    engine = esp_engine_new();
    recording_environment_init(&recorder, NULL);
    ck_assert_int_eq(node_init(&node, &recorder.environment, &router, 2), 0);
    node_configure_interface(&node, 0, INTERFACE_ETHERNET, &station, 1500);
    node_configure_interface(&node, OUTSIDE, INTERFACE_POINT_TO_POINT, NULL, 1500);
    ck_assert_int_eq(address_add(&node, 0, &address, 64, ADDRESS_CONFIGURED, false, true, 0), 0);
    node.routes = routing_table_new();
    struct route on_link = {.prefix = prefix, .prefix_length = 64, .interface = 0};
    struct route anywhere = {.prefix_length = 0, .interface = OUTSIDE};
    ck_assert_int_eq(routing_table_add(node.routes, &on_link), 0);
    ck_assert_int_eq(routing_table_add(node.routes, &anywhere), 0);
    ck_assert_int_eq(mobility_enable(&node, &correspondent_node_configuration_default, 0), 0);
    ck_assert_int_eq(mobility_add_home_agent(&node, &operator_says, 0, &address, &prefix, 64, 0), 0);
    give_keys(HOME_1, SPI_1);
    give_keys(HOME_2, SPI_2);
    recording_link(&recorder, &node, 0, true, 0);
    recording_link(&recorder, &node, OUTSIDE, true, 0);
    recording_run(&recorder, &node, T0);
    recording_environment_clear(&recorder);
}

static void teardown(void)
{
    mobility_free(&node);
    node_free(&node);
    recording_environment_free(&recorder);
    esp_engine_free(engine);
}

/* -- packets -- */

static size_t update_of(const char *home_address, const char *destination, uint8_t octets[64])
{
    struct mobility_message message = {
        .type = MOBILITY_BINDING_UPDATE,
        .update = {.sequence = 7, .acknowledge = true, .home_registration = true, .lifetime = 100},
        .has_alternate_care_of_address = true,
        .alternate_care_of_address = address_from(CARE_OF),
    };
    struct ipv6_address source = address_from(home_address), to = address_from(destination);
    size_t length = mobility_message_write(&message, octets, 64);
    uint16_t checksum = ipv6_checksum(&source, &to, NEXT_HEADER_MOBILITY, octets, length);
    octets[4] = (uint8_t)(checksum >> 8);
    octets[5] = (uint8_t)checksum;
    return length;
}

static size_t test_init_of(const char *home_address, uint8_t octets[128])
{
    struct mobility_message message = {.type = MOBILITY_HOME_TEST_INIT};
    uint8_t header[32];
    struct ipv6_address source = address_from(home_address), to = address_from(CORRESPONDENT);
    size_t length = mobility_message_write(&message, header, sizeof(header));
    uint16_t checksum = ipv6_checksum(&source, &to, NEXT_HEADER_MOBILITY, header, length);
    header[4] = (uint8_t)(checksum >> 8);
    header[5] = (uint8_t)checksum;
    return packet_between(octets, home_address, CORRESPONDENT, NEXT_HEADER_MOBILITY, header, length);
}

/* What a mobile node's end of this association makes of it. */
static size_t under_esp(uint32_t spi, const uint8_t *payload, size_t length, uint8_t next_header,
                        uint8_t *esp)
{
    uint8_t iv[ESP_IV_MAX] = {1, 2, 3};
    struct packet *packet = recording_packet(&recorder, payload, length);
    ck_assert_int_eq(esp_encapsulate(engine, &theirs[spi], iv, &packet, next_header), 0);
    length = packet->length;
    memcpy(esp, packet_octets(packet), length);
    packet_release(packet);
    return length;
}

/* From the care-of address, with a Home Address option unless home_address is NULL. */
static void receive(const char *home_address, const char *destination, uint8_t next_header,
                    const uint8_t *payload, size_t length)
{
    uint8_t packet[512], with_option[512] = {next_header, 2, 1, 2, 0, 0, 0xc9, 16};
    recording_environment_clear(&recorder);
    if (home_address) {
        struct ipv6_address home = address_from(home_address);
        memcpy(with_option + 8, home.octets, 16);
        memcpy(with_option + 24, payload, length);
        payload = with_option;
        length += 24;
        next_header = NEXT_HEADER_DESTINATION_OPTIONS;
    }
    length = packet_between(packet, CARE_OF, destination, next_header, payload, length);
    recording_receive(&recorder, &node, OUTSIDE, packet, length, recorder.now);
}

static bool is_bound(const char *home_address)
{
    struct ipv6_address address = address_from(home_address);
    return binding_cache_lookup(&node.mobility->bindings, &address) != NULL;
}

static void register_node(const char *home_address, uint32_t spi)
{
    uint8_t update[64], esp[256];
    size_t length = update_of(home_address, HOME_AGENT, update);
    length = under_esp(spi, update, length, NEXT_HEADER_MOBILITY, esp);
    receive(home_address, HOME_AGENT, NEXT_HEADER_ESP, esp, length);
    ck_assert(is_bound(home_address));
}

/* The only frame sent outside. */
static const uint8_t *sent_outside(size_t *length)
{
    const struct recorded_frame *found = NULL;
    for (unsigned i = 0; i < recording_frame_count(&recorder); i++) {
        struct recorded_frame *frame = recording_frame(&recorder, i);
        if (frame->interface != OUTSIDE)
            continue;
        ck_assert_ptr_null(found);
        found = frame;
    }
    if (!found)
        return NULL;
    *length = found->packet->length;
    return packet_octets(found->packet);
}

/* -- Binding Updates -- */

START_TEST(registered)
{
    size_t length;
    register_node(HOME_1, SPI_1);
    const uint8_t *answer = sent_outside(&length);
    ck_assert_ptr_nonnull(answer);
    ck_assert_uint_eq(length, 132);
    ck_assert_uint_eq(answer[6], NEXT_HEADER_ROUTING);
    ck_assert_uint_eq(answer[40], NEXT_HEADER_ESP);
    /* And the mobile node can read it. */
    uint8_t plain[256], next_header;
    size_t plain_length;
    ck_assert_int_eq(esp_decapsulate(engine, &theirs[SPI_1 + TRANSPORT_FROM_HOME_AGENT], answer + 64,
                                     length - 64, plain, &plain_length, &next_header),
                     DISCARD_NONE);
    ck_assert_uint_eq(next_header, NEXT_HEADER_MOBILITY);
    ck_assert_uint_eq(plain_length, 16);
    ck_assert_uint_eq(plain[2], MOBILITY_BINDING_ACKNOWLEDGEMENT);
    ck_assert_uint_eq(plain[6], BINDING_ACCEPTED);
}
END_TEST

START_TEST(plain_update)
{
    uint8_t update[64];
    size_t length = update_of(HOME_1, HOME_AGENT, update);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_MOBILITY, update, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert(!is_bound(HOME_1));
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
}
END_TEST

/* To another of the home agent's addresses, for which there are no selectors: no way around them. */
START_TEST(plain_update_to_another_address)
{
    struct ipv6_address other = address_from("2001:db8:7::1");
    uint8_t update[64];
    ck_assert_int_eq(address_add(&node, OUTSIDE, &other, 64, ADDRESS_CONFIGURED, false, false, recorder.now),
                     0);
    size_t length = update_of(HOME_1, "2001:db8:7::1", update);
    receive(HOME_1, "2001:db8:7::1", NEXT_HEADER_MOBILITY, update, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert(!is_bound(HOME_1));
}
END_TEST

/* RFC 3776, 4.2: the second node's association does not speak for the first's home address. */
START_TEST(keys_of_another)
{
    uint8_t update[64], esp[256];
    size_t length = update_of(HOME_1, HOME_AGENT, update);
    length = under_esp(SPI_2, update, length, NEXT_HEADER_MOBILITY, esp);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ESP, esp, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert(!is_bound(HOME_1) && !is_bound(HOME_2));
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
    register_node(HOME_2, SPI_2); /* for its own it does */
}
END_TEST

/* An association of the other mode, or the other direction, an unknown one, and less than a header. */
START_TEST(wrong_associations)
{
    uint8_t update[64], esp[256];
    size_t length = update_of(HOME_1, HOME_AGENT, update), protected;
    protected = under_esp(SPI_1 + TUNNEL_TO_HOME_AGENT, update, length, NEXT_HEADER_MOBILITY, esp);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ESP, esp, protected);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    protected = under_esp(SPI_1 + TRANSPORT_FROM_HOME_AGENT, update, length, NEXT_HEADER_MOBILITY, esp);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ESP, esp, protected);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_NO_SA);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ESP, (const uint8_t *)"\0\0\0\7\0\0\0\1........", 16);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_NO_SA);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ESP, esp, 7);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_HEADER_TRUNCATED);
    ck_assert(!is_bound(HOME_1));
}
END_TEST

/* Under the transport mode association, what it is not for: a datagram. */
START_TEST(association_for_something_else)
{
    static const uint8_t datagram[] = {0, 1, 0, 2, 0, 8, 0, 0};
    uint8_t esp[256];
    register_node(HOME_1, SPI_1);
    size_t length = under_esp(SPI_1, datagram, sizeof(datagram), NEXT_HEADER_UDP, esp);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ESP, esp, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
}
END_TEST

/* -- the tunnel -- */

START_TEST(home_test_init_is_forwarded)
{
    uint8_t inner[128], esp[256];
    register_node(HOME_1, SPI_1);
    size_t length = test_init_of(HOME_1, inner), sent;
    size_t protected = under_esp(SPI_1 + TUNNEL_TO_HOME_AGENT, inner, length, NEXT_HEADER_IPV6, esp);
    receive(NULL, HOME_AGENT, NEXT_HEADER_ESP, esp, protected);
    const uint8_t *forwarded = sent_outside(&sent);
    ck_assert_ptr_nonnull(forwarded);
    inner[IPV6_AT_HOP_LIMIT]--;
    ck_assert_uint_eq(sent, length);
    ck_assert_mem_eq(forwarded, inner, length);
}
END_TEST

START_TEST(plain_home_test_init_is_not_forwarded)
{
    uint8_t inner[128];
    size_t sent;
    register_node(HOME_1, SPI_1);
    size_t length = test_init_of(HOME_1, inner);
    receive(NULL, HOME_AGENT, NEXT_HEADER_IPV6, inner, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert_ptr_null(sent_outside(&sent));
}
END_TEST

/* Mobile Prefix Solicitations are protected as well (RFC 6275, 5.4): one in the clear is not heard. */
START_TEST(plain_prefix_solicitation)
{
    uint8_t message[8] = {146, [5] = 1}, esp[256];
    struct ipv6_address home = address_from(HOME_1), agent = address_from(HOME_AGENT);
    register_node(HOME_1, SPI_1);
    uint16_t checksum = ipv6_checksum(&home, &agent, NEXT_HEADER_ICMPV6, message, sizeof(message));
    message[2] = (uint8_t)(checksum >> 8);
    message[3] = (uint8_t)checksum;
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ICMPV6, message, sizeof(message));
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert_uint_eq(recording_frame_count(&recorder), 0);
    size_t length = under_esp(SPI_1, message, sizeof(message), NEXT_HEADER_ICMPV6, esp);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_ESP, esp, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_NONE);
}
END_TEST

/* A later fragment of a Mobility Header cannot be told from a test's, and must not leave the home agent in
 * the clear (RFC 4301, 4.4.1.1; RFC 6275, 10.4.6). One that comes out of the tunnel is not believed
 * either. */
START_TEST(fragments_of_mobility_headers_do_not_pass)
{
    static const uint8_t fragment[24] = {NEXT_HEADER_MOBILITY, 0, 0, 9, 0, 0, 0, 1};
    uint8_t packet[128];
    size_t sent;
    register_node(HOME_1, SPI_1);
    recording_environment_clear(&recorder);
    size_t length =
        packet_between(packet, CORRESPONDENT, HOME_1, NEXT_HEADER_FRAGMENT, fragment, sizeof(fragment));
    recording_receive(&recorder, &node, OUTSIDE, packet, length, recorder.now);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert_ptr_null(sent_outside(&sent));
    length = packet_between(packet, HOME_1, CORRESPONDENT, NEXT_HEADER_FRAGMENT, fragment, sizeof(fragment));
    receive(NULL, HOME_AGENT, NEXT_HEADER_IPV6, packet, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert_ptr_null(sent_outside(&sent));
}
END_TEST

/* Configurations that nothing can be protected with. */
START_TEST(configurations_refused)
{
    const struct ipsec_configuration good = {
        .engine = engine,
        .home_address = address_from("2001:db8:1::102"),
        .home_agent = address_from(HOME_AGENT),
        .role = IPSEC_HOME_AGENT,
        .encryption_key_length = 16,
        .associations = {{.spi = 400}, {.spi = 401}, {.spi = 402}, {.spi = 403}},
    };
    struct ipsec_configuration bad[5];
    for (unsigned i = 0; i < 5; i++)
        bad[i] = good;
    bad[0].engine = NULL;
    bad[1].encryption_key_length = 20;
    bad[2].home_address = address_from("fe80::102");
    bad[3].home_agent = ipv6_unspecified;
    bad[4].encryption = (enum esp_encryption)77;
    for (unsigned i = 0; i < 5; i++)
        ck_assert_int_eq(ipsec_protect(&node, &bad[i]), ERROR_ARGUMENT);
    struct ipsec_configuration again = good;
    ck_assert_int_eq(ipsec_protect(&node, &good), 0);
    ck_assert_int_eq(ipsec_protect(&node, &again), ERROR_EXISTS);
    again.home_address = address_from("2001:db8:1::103"); /* with numbers that are another's */
    ck_assert_int_eq(ipsec_protect(&node, &again), ERROR_EXISTS);
}
END_TEST

/* The second node's tunnel with the first's address inside. */
START_TEST(home_test_init_of_another)
{
    uint8_t inner[128], esp[256];
    size_t sent;
    register_node(HOME_1, SPI_1);
    register_node(HOME_2, SPI_2);
    size_t length = test_init_of(HOME_1, inner);
    length = under_esp(SPI_2 + TUNNEL_TO_HOME_AGENT, inner, length, NEXT_HEADER_IPV6, esp);
    receive(NULL, HOME_AGENT, NEXT_HEADER_ESP, esp, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    ck_assert_ptr_null(sent_outside(&sent));
}
END_TEST

/* Payload: bypasses a policy for home tests, so under ESP it does not fit it. */
START_TEST(payload_is_plain)
{
    static const uint8_t datagram[] = {0, 1, 0, 2, 0, 8, 0, 0};
    uint8_t inner[128], esp[256];
    size_t sent;
    register_node(HOME_1, SPI_1);
    size_t length = packet_between(inner, HOME_1, CORRESPONDENT, NEXT_HEADER_UDP, datagram, sizeof(datagram));
    receive(NULL, HOME_AGENT, NEXT_HEADER_IPV6, inner, length);
    ck_assert_ptr_nonnull(sent_outside(&sent));
    length = under_esp(SPI_1 + TUNNEL_TO_HOME_AGENT, inner, length, NEXT_HEADER_IPV6, esp);
    receive(NULL, HOME_AGENT, NEXT_HEADER_ESP, esp, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
}
END_TEST

/* -- numbers over reboots (RFC 4303, 3.3.3) -- */

/* The number that the next packet to HOME_1 in the tunnel has; 0: it must not go out. */
static uint32_t next_number(void)
{
    struct ipv6_address home_address = address_from(HOME_1), home_agent = address_from(HOME_AGENT);
    struct protection *protection =
        policy_database_find(&node.ipsec->policies, &home_address, &home_agent, IPSEC_HOME_AGENT);
    uint8_t octets[128];
    size_t length = packet_between(octets, CORRESPONDENT, HOME_1, NEXT_HEADER_NONE, octets, 0);
    struct packet *packet = recording_packet(&recorder, octets, length);
    enum discard_reason reason = DISCARD_NONE;
    uint32_t number = 0;
    if (ipsec_protect_tunnelled(&node, &protection->associations[TUNNEL_FROM_HOME_AGENT], &packet, &reason)) {
        const uint8_t *esp = packet_octets(packet);
        number = (uint32_t)esp[4] << 24 | (uint32_t)esp[5] << 16 | (uint32_t)esp[6] << 8 | (uint32_t)esp[7];
    } else {
        ck_assert_int_eq(reason, DISCARD_IPSEC_EXHAUSTED);
    }
    packet_release(packet);
    return number;
}

static void reboot(void)
{
    ipsec_free(&node);
    give_keys(HOME_1, SPI_1);
    give_keys(HOME_2, SPI_2);
}

/* No number is used twice, and what the other end's window has passed is never sent: the counter goes on
 * behind the lot that was in use. */
START_TEST(numbers_after_a_reboot)
{
    uint32_t last = 0;
    for (unsigned life = 0; life < 4; life++) {
        for (unsigned i = 0; i < 50 * life + 1; i++) {
            uint32_t number = next_number();
            ck_assert(i ? number == last + 1 : number > last && number <= last + REPLAY_WINDOW);
            last = number;
        }
        reboot();
    }
    g_hash_table_remove_all(recorder.storage);
    reboot();
    ck_assert_uint_eq(next_number(), 1); /* without stable storage the other end will take it for a replay */
}
END_TEST

/* What cannot be remembered is not sent; what has been reserved can. */
START_TEST(numbers_without_storage)
{
    recorder.storage_fails = true;
    ck_assert_uint_eq(next_number(), 0);
    recorder.storage_fails = false;
    ck_assert_uint_eq(next_number(), 1);
    recorder.storage_fails = true;
    for (uint32_t i = 2; i <= REPLAY_WINDOW; i++)
        ck_assert_uint_eq(next_number(), i);
    ck_assert_uint_eq(next_number(), 0);
    recorder.storage_fails = false;
    ck_assert_uint_eq(next_number(), REPLAY_WINDOW + 1);
}
END_TEST

START_TEST(last_numbers)
{
    struct ipv6_address home_address = address_from(HOME_1);
    struct protection *protection =
        policy_database_find(&node.ipsec->policies, &home_address, NULL, IPSEC_HOME_AGENT);
    struct security_association *association = &protection->associations[TUNNEL_FROM_HOME_AGENT];
    association->sequence = UINT32_MAX - 2;
    association->reserved = association->sequence;
    ck_assert_uint_eq(next_number(), UINT32_MAX - 1);
    ck_assert_uint_eq(next_number(), UINT32_MAX);
    ck_assert_uint_eq(next_number(), 0);
    reboot();
    ck_assert_uint_eq(next_number(), 0); /* for ever, under this key */
}
END_TEST

/* -- associations that go, and others in their place -- */

static int take_keys(const char *home)
{
    struct ipv6_address home_address = address_from(home), home_agent = address_from(HOME_AGENT);
    return ipsec_unprotect(&node, &home_address, &home_agent, IPSEC_HOME_AGENT);
}

/* Without them nothing need be protected; what comes under them is nobody's; the other node's are what they
 * were. */
START_TEST(taken_away)
{
    uint8_t update[64];
    ck_assert_int_eq(take_keys(HOME_1), 0);
    ck_assert_int_eq(take_keys(HOME_1), ERROR_NOT_FOUND);
    ck_assert_ptr_null(association_database_find(&node.ipsec->associations, SPI_1 + TRANSPORT_TO_HOME_AGENT));
    ck_assert_ptr_nonnull(
        association_database_find(&node.ipsec->associations, SPI_2 + TRANSPORT_TO_HOME_AGENT));
    size_t length = update_of(HOME_2, HOME_AGENT, update);
    receive(HOME_2, HOME_AGENT, NEXT_HEADER_MOBILITY, update, length);
    ck_assert_int_eq(recording_last_discard(&recorder), DISCARD_IPSEC_POLICY);
    length = update_of(HOME_1, HOME_AGENT, update);
    receive(HOME_1, HOME_AGENT, NEXT_HEADER_MOBILITY, update, length);
    ck_assert(is_bound(HOME_1));
    ck_assert(!is_bound(HOME_2));
}
END_TEST

/* RFC 4303, 3.3.3: the counter of new associations begins at 1; of those that come back it goes on. */
START_TEST(numbers_of_others)
{
    for (uint32_t i = 1; i <= 100; i++)
        ck_assert_uint_eq(next_number(), i);
    ck_assert_int_eq(take_keys(HOME_1), 0);
    give_keys(HOME_1, SPI_1 + 100);
    ck_assert_uint_eq(next_number(), 1);
    ck_assert_int_eq(take_keys(HOME_1), 0);
    give_keys(HOME_1, SPI_1);
    ck_assert_uint_gt(next_number(), 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("IPsec at a home agent");
    TCase *cases = tcase_create("RFC 4301, 5.2");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, registered);
    tcase_add_test(cases, plain_update);
    tcase_add_test(cases, plain_update_to_another_address);
    tcase_add_test(cases, keys_of_another);
    tcase_add_test(cases, wrong_associations);
    tcase_add_test(cases, association_for_something_else);
    tcase_add_test(cases, home_test_init_is_forwarded);
    tcase_add_test(cases, plain_home_test_init_is_not_forwarded);
    tcase_add_test(cases, plain_prefix_solicitation);
    tcase_add_test(cases, fragments_of_mobility_headers_do_not_pass);
    tcase_add_test(cases, configurations_refused);
    tcase_add_test(cases, home_test_init_of_another);
    tcase_add_test(cases, payload_is_plain);
    tcase_add_test(cases, numbers_after_a_reboot);
    tcase_add_test(cases, numbers_without_storage);
    tcase_add_test(cases, last_numbers);
    tcase_add_test(cases, taken_away);
    tcase_add_test(cases, numbers_of_others);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
