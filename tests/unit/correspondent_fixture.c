/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * correspondent_fixture.c - see correspondent_fixture.h.
 */
#include "tests/unit/correspondent_fixture.h"

#include <string.h>

#include "models/base/cursor.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "models/mobility/static_key.h"

static const struct ethernet_address no_station = {.octets = {0}};

void correspondent_prepare(struct correspondent_fixture *f)
{
    *f = (struct correspondent_fixture){.now = SECONDS(1)};
    f->configuration = correspondent_node_configuration_default;
    f->correspondent = address_from("2001:db8:3::300");
    f->home = address_from("2001:db8:1::100");
    f->home_agent = address_from("2001:db8:1::1");
    f->care_of = address_from("2001:db8:2::200");
    f->other_care_of = address_from("2001:db8:4::400");
    recording_environment_init(&f->recorder, NULL);
}

void correspondent_start(struct correspondent_fixture *f)
{
    struct route route = {.prefix_length = 0, .interface = 0};
    ck_assert_int_eq(node_init(&f->node, &f->recorder.environment, &node_configuration_default_host, 1), 0);
    node_configure_interface(&f->node, 0, INTERFACE_POINT_TO_POINT, &no_station, 1500);
    ck_assert_int_eq(address_add(&f->node, 0, &f->correspondent, 64, ADDRESS_CONFIGURED, false, false, 0), 0);
    f->node.routes = routing_table_new();
    ck_assert_int_eq(routing_table_add(f->node.routes, &route), 0);
    ck_assert_int_eq(mobility_enable(&f->node, &f->configuration, 0), 0);
    recording_link(&f->recorder, &f->node, 0, true, 0);
    recording_run(&f->recorder, &f->node, f->now);
    recording_environment_clear(&f->recorder);
}

void correspondent_end(struct correspondent_fixture *f)
{
    mobility_free(&f->node);
    node_free(&f->node);
    recording_environment_free(&f->recorder);
}

void correspondent_wait(struct correspondent_fixture *f, time_ns until)
{
    recording_environment_clear(&f->recorder);
    recording_run(&f->recorder, &f->node, until);
    f->now = until;
}

/* ---- packets to the correspondent ---- */

void correspondent_hears(struct correspondent_fixture *f, const struct ipv6_address *source, bool option,
                         uint8_t next_header, const uint8_t *payload, size_t length)
{
    uint8_t octets[1024] = {0};
    size_t headers = option ? HOME_ADDRESS_HEADER_LENGTH : 0;
    struct cursor c = cursor_over(octets, sizeof(octets));
    cursor_put32(&c, 0x60000000);
    cursor_put16(&c, (uint16_t)(headers + length));
    cursor_put8(&c, option ? NEXT_HEADER_DESTINATION_OPTIONS : next_header);
    cursor_put8(&c, 60);
    cursor_put(&c, source->octets, 16);
    cursor_put(&c, f->correspondent.octets, 16);
    if (option) {
        cursor_put8(&c, next_header);
        cursor_put8(&c, 2);
        cursor_put32(&c, 0x01020000);
        cursor_put16(&c, OPTION_HOME_ADDRESS << 8 | 16);
        cursor_put(&c, f->home.octets, 16);
    }
    uint8_t *upper = c.position;
    cursor_put(&c, payload, length);
    ck_assert(!c.failed);
    int at = ipv6_checksum_offset(next_header);
    if (at >= 0 && length >= (size_t)at + 2) {
        upper[at] = upper[at + 1] = 0;
        uint16_t sum =
            ipv6_checksum(option ? &f->home : source, &f->correspondent, next_header, upper, length);
        upper[at] = (uint8_t)(sum >> 8);
        upper[at + 1] = (uint8_t)sum;
    }
    recording_receive(&f->recorder, &f->node, 0, octets, cursor_offset(&c), f->now);
}

void correspondent_hears_message(struct correspondent_fixture *f, const struct ipv6_address *source,
                                 bool option, struct mobility_message *message)
{
    uint8_t octets[256];
    size_t length = mobility_message_write(message, octets, sizeof(octets));
    ck_assert_uint_gt(length, 0);
    correspondent_hears(f, source, option, NEXT_HEADER_MOBILITY, octets, length);
}

/* ---- packets from the correspondent ---- */

unsigned correspondent_sent(const struct correspondent_fixture *f)
{
    return recording_frame_count(&f->recorder);
}

static void read_extension_header(struct cursor *c, struct carried *carried)
{
    uint8_t kind = carried->next_header;
    carried->next_header = cursor_get8(c);
    ck_assert_uint_eq(cursor_get8(c), 2);
    if (kind == NEXT_HEADER_ROUTING) {
        ck_assert_uint_eq(cursor_get16(c), 0x0201); /* type 2, segments left 1 */
        ck_assert_uint_eq(cursor_get32(c), 0);
        carried->has_type_2_routing = true;
    } else {
        ck_assert_uint_eq(cursor_get32(c), 0x01020000);
        ck_assert_uint_eq(cursor_get16(c), 0xc910);
        carried->has_home_address_option = true;
    }
    cursor_get(c, carried->home_address.octets, 16);
}

static struct carried carried_read(const uint8_t *octets, size_t length)
{
    struct carried carried = {.packet_length = length};
    struct cursor c = cursor_over(octets, length);
    cursor_skip(&c, 4);
    ck_assert_uint_eq(cursor_get16(&c), length - IPV6_HEADER_LENGTH);
    carried.next_header = cursor_get8(&c);
    cursor_skip(&c, 1);
    cursor_get(&c, carried.source.octets, 16);
    cursor_get(&c, carried.destination.octets, 16);
    while (carried.next_header == NEXT_HEADER_ROUTING ||
           carried.next_header == NEXT_HEADER_DESTINATION_OPTIONS)
        read_extension_header(&c, &carried);
    carried.length = cursor_left(&c);
    ck_assert_uint_le(carried.length, sizeof(carried.payload));
    cursor_get(&c, carried.payload, carried.length);
    ck_assert(!c.failed);
    const struct ipv6_address *to = carried.has_type_2_routing ? &carried.home_address : &carried.destination;
    if (ipv6_checksum_offset(carried.next_header) >= 0)
        ck_assert_uint_eq(
            ipv6_checksum(&carried.source, to, carried.next_header, carried.payload, carried.length), 0);
    if (carried.next_header == NEXT_HEADER_MOBILITY) {
        size_t pointer;
        ck_assert_int_eq(mobility_message_read(carried.payload, carried.length, &carried.message, &pointer),
                         DISCARD_NONE);
    }
    return carried;
}

struct carried correspondent_take(struct correspondent_fixture *f)
{
    ck_assert_uint_gt(correspondent_sent(f), 0);
    const struct recorded_frame *frame = recording_frame(&f->recorder, 0);
    struct carried carried = carried_read(packet_octets(frame->packet), frame->packet->length);
    packet_release(frame->packet);
    g_array_remove_index(f->recorder.frames, 0);
    return carried;
}

struct carried correspondent_take_message(struct correspondent_fixture *f, unsigned type)
{
    ck_assert_uint_eq(correspondent_sent(f), 1);
    struct carried carried = correspondent_take(f);
    ck_assert_uint_eq(carried.next_header, NEXT_HEADER_MOBILITY);
    ck_assert_uint_eq(carried.message.type, type);
    ck_assert_mem_eq(&carried.source, &f->correspondent, 16);
    return carried;
}

void correspondent_expect_silence(struct correspondent_fixture *f, enum discard_reason reason)
{
    enum discard_reason last = recording_last_discard(&f->recorder);
    ck_assert_msg(last == reason, "discarded because: %s", discard_reason_text(last));
    ck_assert_uint_eq(correspondent_sent(f), 0);
}

/* ---- tests ---- */

static const uint8_t cookie[8] = {0xc0, 1, 2, 3, 4, 5, 6, 7};

static struct carried test_init(struct correspondent_fixture *f, const struct ipv6_address *source, bool home)
{
    struct mobility_message message = {.type = home ? MOBILITY_HOME_TEST_INIT : MOBILITY_CARE_OF_TEST_INIT};
    memcpy(message.test.cookie, cookie, 8);
    correspondent_hears_message(f, source, false, &message);
    struct carried test = correspondent_take_message(f, home ? MOBILITY_HOME_TEST : MOBILITY_CARE_OF_TEST);
    ck_assert_mem_eq(&test.destination, source, 16);
    ck_assert(!test.has_type_2_routing);
    ck_assert_mem_eq(test.message.test.cookie, cookie, 8);
    ck_assert_uint_eq(test.packet_length, 64);
    return test;
}

void correspondent_test_home(struct correspondent_fixture *f, struct tokens *tokens)
{
    struct carried test = test_init(f, &f->home, true);
    memcpy(tokens->home, test.message.test.keygen_token, KEYGEN_TOKEN_LENGTH);
    tokens->home_index = test.message.test.nonce_index;
}

void correspondent_test_care_of(struct correspondent_fixture *f, const struct ipv6_address *care_of,
                                struct tokens *tokens)
{
    struct carried test = test_init(f, care_of, false);
    memcpy(tokens->care_of, test.message.test.keygen_token, KEYGEN_TOKEN_LENGTH);
    tokens->care_of_index = test.message.test.nonce_index;
}

/* ---- Binding Updates ---- */

static const struct ipv6_address *update_source(const struct correspondent_fixture *f,
                                                const struct update_spec *spec)
{
    if (spec->no_home_address_option)
        return &f->home;
    return spec->source ? spec->source : &f->care_of;
}

/* The address in the authenticator: the care-of address, or the home address when it deletes (6.2.7). */
static const struct ipv6_address *update_care_of(const struct correspondent_fixture *f,
                                                 const struct update_spec *spec)
{
    if (spec->lifetime == 0)
        return &f->home;
    return spec->alternate ? spec->alternate : update_source(f, spec);
}

static bool update_kbm(const struct correspondent_fixture *f, const struct update_spec *spec,
                       uint8_t kbm[KBM_LENGTH])
{
    const struct ipv6_address *care_of = update_care_of(f, spec);
    bool deletion = ipv6_address_equal(care_of, &f->home);
    if (spec->key)
        static_key_kbm(spec->key, &f->home, care_of, deletion, kbm);
    else if (spec->tokens)
        keygen_kbm(spec->tokens->home, deletion ? NULL : spec->tokens->care_of, kbm);
    return spec->key || spec->tokens;
}

void correspondent_hears_update(struct correspondent_fixture *f, const struct update_spec *spec)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    uint8_t octets[256], kbm[KBM_LENGTH];
    message.update.sequence = spec->sequence;
    message.update.lifetime = spec->lifetime;
    message.update.acknowledge = !spec->silent;
    if (spec->alternate) {
        message.has_alternate_care_of_address = true;
        message.alternate_care_of_address = *spec->alternate;
    }
    message.has_nonce_indices = (spec->tokens && !spec->key) || spec->nonce_indices;
    if (spec->tokens) {
        message.home_nonce_index = spec->tokens->home_index;
        message.care_of_nonce_index = spec->tokens->care_of_index;
    }
    message.has_authorization_data = update_kbm(f, spec, kbm);
    size_t length = mobility_message_write(&message, octets, sizeof(octets));
    if (message.has_authorization_data)
        keygen_authenticator(kbm, update_care_of(f, spec), &f->correspondent, octets,
                             message.authenticator_at, octets + message.authenticator_at);
    if (spec->wrong_authenticator)
        octets[message.authenticator_at + 11] ^= 1;
    correspondent_hears(f, update_source(f, spec), !spec->no_home_address_option, NEXT_HEADER_MOBILITY,
                        octets, length);
}

void correspondent_check_authenticator(struct correspondent_fixture *f, const struct update_spec *spec,
                                       const struct carried *acknowledgement)
{
    uint8_t kbm[KBM_LENGTH];
    ck_assert(update_kbm(f, spec, kbm));
    ck_assert(acknowledgement->message.has_authorization_data &&
              acknowledgement->message.authorization_data_last);
    ck_assert(mobility_authenticator_verifies(&acknowledgement->message, acknowledgement->payload, kbm,
                                              update_care_of(f, spec), &f->correspondent));
}

struct carried correspondent_take_acknowledgement(struct correspondent_fixture *f,
                                                  const struct update_spec *spec, unsigned status,
                                                  uint16_t sequence)
{
    struct carried carried = correspondent_take_message(f, MOBILITY_BINDING_ACKNOWLEDGEMENT);
    bool bare = status >= BINDING_EXPIRED_HOME_NONCE && status <= BINDING_EXPIRED_NONCES;
    ck_assert_uint_eq(carried.message.acknowledgement.status, status);
    ck_assert_uint_eq(carried.message.acknowledgement.sequence, sequence);
    ck_assert(!carried.message.acknowledgement.key_management);
    /* 9.5.4: to where the update came from, by a type 2 routing header unless that was the home address */
    ck_assert_mem_eq(&carried.destination, update_source(f, spec), 16);
    ck_assert_int_eq(carried.has_type_2_routing, !spec->no_home_address_option);
    if (carried.has_type_2_routing)
        ck_assert_mem_eq(&carried.home_address, &f->home, 16);
    ck_assert_uint_eq(carried.packet_length, (bare ? 80u : 96u) - (spec->no_home_address_option ? 24u : 0u));
    if (bare)
        ck_assert(!carried.message.has_authorization_data);
    else
        correspondent_check_authenticator(f, spec, &carried);
    return carried;
}

void correspondent_speaks(struct correspondent_fixture *f, const struct ipv6_address *destination)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    f->recorder.now = f->now;
    out.packet = recording_packet(&f->recorder, "data", 4);
    out.destination = *destination;
    ck_assert_int_eq(udp_send(&f->node, &out, 5000, 5001, f->now), 0);
}

void correspondent_test_both(struct correspondent_fixture *f, struct tokens *tokens)
{
    correspondent_test_home(f, tokens);
    correspondent_test_care_of(f, &f->care_of, tokens);
}

void correspondent_register(struct correspondent_fixture *f, struct tokens *tokens, uint16_t sequence,
                            uint16_t lifetime)
{
    correspondent_test_both(f, tokens);
    struct update_spec spec = {.sequence = sequence, .lifetime = lifetime, .tokens = tokens};
    correspondent_hears_update(f, &spec);
    correspondent_take_acknowledgement(f, &spec, BINDING_ACCEPTED, sequence);
}

const struct binding *correspondent_binding(const struct correspondent_fixture *f)
{
    return binding_cache_lookup(&f->node.mobility->bindings, &f->home);
}

void correspondent_expect_route(struct correspondent_fixture *f, const struct ipv6_address *care_of)
{
    correspondent_speaks(f, &f->home);
    struct carried packet = correspondent_take(f);
    ck_assert_uint_eq(packet.next_header, NEXT_HEADER_UDP);
    ck_assert_int_eq(packet.has_type_2_routing, care_of != NULL);
    ck_assert_mem_eq(&packet.destination, care_of ? care_of : &f->home, 16);
    ck_assert_uint_eq(packet.packet_length, 40 + 8 + 4 + (care_of ? 24u : 0u));
}
