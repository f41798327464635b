/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_mobility.c - the Mobility Header codec, and a correspondent node that hears anything at all.
 *
 * The first octet of the input chooses. The codec: the rest is a Mobility Header; what can be read must,
 * written, read the same, and written again be the same octets. The correspondent: the rest is a list of
 * records, an octet for what happens, then what it takes: Mobility Headers of any octets with a right
 * checksum, with or without a Home Address option; raw packets; an honest mobile node's tests and Binding
 * Updates, under return routability or a static key, with any numbers and addresses, so that bindings come,
 * move and go; packets sent to the home addresses; errors about them; time. What must hold: the entries of
 * the cache are as many as it says, no binding is used beyond its lifetime, no return routability binding is
 * granted more than 420 s, and at the end every packet is released and no timer is left.
 */
#include <glib.h>
#include <string.h>

#include "models/base/cursor.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/routing_table.h"
#include "models/ipv6/udp.h"
#include "models/mobility/mobility.h"
#include "models/mobility/static_key.h"
#include "tests/unit/recording_environment.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX 300

/* ---- the codec ---- */

static void fuzz_codec(const uint8_t *data, size_t size)
{
    uint8_t written[4096], again[4096];
    struct mobility_message message, second;
    size_t pointer;
    enum discard_reason reason = mobility_message_read(data, size, &message, &pointer);
    if (reason != DISCARD_NONE) {
        g_assert_cmpuint(pointer, <, size + 2);
        return;
    }
    size_t length = mobility_message_write(&message, written, sizeof(written));
    g_assert_cmpuint(length, >, 0);
    g_assert_cmpint(mobility_message_read(written, length, &second, &pointer), ==, DISCARD_NONE);
    g_assert_cmpint(second.authorization_data_last, ==, message.has_authorization_data);
    g_assert_cmpuint(mobility_message_write(&second, again, sizeof(again)), ==, length);
    g_assert_cmpint(memcmp(written, again, length), ==, 0);
    if (message.has_authorization_data)
        g_assert_cmpint(memcmp(message.authenticator, second.authenticator, AUTHENTICATOR_LENGTH), ==, 0);
}

/* ---- the correspondent ---- */

#define HOMES    3
#define CARE_OFS 4

static const struct static_key static_key = {
    .kcn = "a key of twenty octets",
    .kcn_length = 22,
    .home_nonce = "h",
    .home_nonce_length = 1,
    .care_of_nonce = "c",
    .care_of_nonce_length = 1,
};

struct subject {
    struct recording_environment recorder;
    struct correspondent_node_configuration configuration;
    struct node node;
    struct ipv6_address correspondent;
    struct ipv6_address homes[HOMES];       /* the last has a static key */
    struct ipv6_address care_ofs[CARE_OFS]; /* the last is not routable */
    struct cursor input;
    time_ns now;
};

static const struct ipv6_address *choose(struct subject *s, const struct ipv6_address *from, unsigned count)
{
    return &from[cursor_get8(&s->input) % count];
}

static void hears(struct subject *s, const struct ipv6_address *source,
                  const struct ipv6_address *home_address, uint8_t next_header, const uint8_t *payload,
                  size_t length)
{
    uint8_t octets[1024] = {0};
    struct cursor c = cursor_over(octets, sizeof(octets));
    cursor_put32(&c, 0x60000000);
    cursor_put16(&c, (uint16_t)(length + (home_address ? HOME_ADDRESS_HEADER_LENGTH : 0)));
    cursor_put8(&c, home_address ? NEXT_HEADER_DESTINATION_OPTIONS : next_header);
    cursor_put8(&c, 64);
    cursor_put(&c, source->octets, 16);
    cursor_put(&c, s->correspondent.octets, 16);
    if (home_address) {
        cursor_put8(&c, next_header);
        cursor_put8(&c, 2);
        cursor_put32(&c, 0x01020000);
        cursor_put16(&c, OPTION_HOME_ADDRESS << 8 | 16);
        cursor_put(&c, home_address->octets, 16);
    }
    uint8_t *upper = c.position;
    cursor_put(&c, payload, length);
    int at = ipv6_checksum_offset(next_header);
    if (at >= 0 && length >= (size_t)at + 2) {
        size_t covered = length;
        if (next_header == NEXT_HEADER_MOBILITY && (upper[1] + 1u) * 8 < covered)
            covered = (upper[1] + 1u) * 8;
        upper[at] = upper[at + 1] = 0;
        uint16_t sum = ipv6_checksum(home_address ? home_address : source, &s->correspondent, next_header,
                                     upper, covered);
        upper[at] = (uint8_t)(sum >> 8);
        upper[at + 1] = (uint8_t)sum;
    }
    recording_receive(&s->recorder, &s->node, 0, octets, cursor_offset(&c), s->now);
}

/* Octets of the input as the upper layer of a packet. */
static void hears_anything(struct subject *s, uint8_t next_header)
{
    uint8_t payload[256];
    const struct ipv6_address *source = choose(s, s->care_ofs, CARE_OFS);
    const struct ipv6_address *home_address = cursor_get8(&s->input) & 1 ? choose(s, s->homes, HOMES) : NULL;
    size_t length = MIN(cursor_get8(&s->input), cursor_left(&s->input));
    cursor_get(&s->input, payload, length);
    hears(s, source, home_address, next_header, payload, length);
}

static void hears_raw(struct subject *s)
{
    uint8_t octets[256];
    size_t length = MIN(cursor_get8(&s->input), cursor_left(&s->input));
    cursor_get(&s->input, octets, length);
    if (length >= IPV6_HEADER_LENGTH)
        memcpy(octets + IPV6_AT_DESTINATION, s->correspondent.octets, 16);
    recording_receive(&s->recorder, &s->node, 0, octets, length, s->now);
}

/* The token and nonce index that a test brings; false: it was not answered. */
static bool test(struct subject *s, const struct ipv6_address *source, bool home, uint8_t token[8],
                 uint16_t *index)
{
    uint8_t init[16] = {NEXT_HEADER_NONE, 1, home ? MOBILITY_HOME_TEST_INIT : MOBILITY_CARE_OF_TEST_INIT};
    struct mobility_message message;
    size_t pointer;
    recording_environment_clear(&s->recorder);
    hears(s, source, NULL, NEXT_HEADER_MOBILITY, init, sizeof(init));
    if (recording_frame_count(&s->recorder) != 1)
        return false;
    const struct packet *packet = recording_frame(&s->recorder, 0)->packet;
    if (packet->length != 64)
        return false;
    g_assert_cmpint(mobility_message_read(packet_octets(packet) + 40, 24, &message, &pointer), ==,
                    DISCARD_NONE);
    memcpy(token, message.test.keygen_token, 8);
    *index = message.test.nonce_index;
    return true;
}

/* A mobile node's registration with numbers of the input. */
static void registers(struct subject *s)
{
    uint8_t octets[128], kbm[KBM_LENGTH], home_token[8], care_of_token[8];
    const struct ipv6_address *home = choose(s, s->homes, HOMES), *care_of = choose(s, s->care_ofs, CARE_OFS);
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE, .has_authorization_data = true};
    uint8_t choices = cursor_get8(&s->input);
    message.update.sequence = cursor_get16(&s->input);
    message.update.lifetime = cursor_get16(&s->input);
    message.update.acknowledge = choices & 1;
    bool deletion = message.update.lifetime == 0;
    if (choices & 2) {
        static_key_kbm(&static_key, home, care_of, deletion, kbm);
    } else {
        message.has_nonce_indices = true;
        if (!test(s, home, true, home_token, &message.home_nonce_index) ||
            !test(s, care_of, false, care_of_token, &message.care_of_nonce_index))
            return;
        keygen_kbm(home_token, deletion ? NULL : care_of_token, kbm);
    }
    if (choices & 4) {
        message.has_alternate_care_of_address = true;
        message.alternate_care_of_address = *care_of;
    }
    if (choices & 8)
        message.home_nonce_index = (uint16_t)(message.home_nonce_index - (choices >> 4));
    size_t length = mobility_message_write(&message, octets, sizeof(octets));
    keygen_authenticator(kbm, deletion ? home : care_of, &s->correspondent, octets, message.authenticator_at,
                         octets + message.authenticator_at);
    hears(s, care_of, home, NEXT_HEADER_MOBILITY, octets, length);
}

static void speaks(struct subject *s)
{
    struct outbound out = OUTBOUND_INITIALIZER;
    const struct ipv6_address *home = choose(s, s->homes, HOMES);
    const struct binding *binding = binding_cache_lookup(&s->node.mobility->bindings, home);
    out.packet = recording_packet(&s->recorder, "data", 4);
    out.destination = *home;
    s->recorder.now = s->now;
    g_assert_cmpint(udp_send(&s->node, &out, 5000, 5001, s->now), ==, 0);
    g_assert_cmpint(out.type_2_routing, ==, binding != NULL);
    if (binding)
        g_assert(ipv6_address_equal(&out.wire_destination, &binding->care_of_address));
}

static void hears_unreachable(struct subject *s)
{
    uint8_t error[8 + 40 + 24] = {ICMPV6_DESTINATION_UNREACHABLE, cursor_get8(&s->input) % 8};
    error[8] = 0x60;
    error[8 + 6] = NEXT_HEADER_ROUTING;
    memcpy(error + 8 + 8, s->correspondent.octets, 16);
    memcpy(error + 8 + 24, choose(s, s->care_ofs, CARE_OFS)->octets, 16);
    memcpy(error + 48, "\x11\2\2\1", 4);
    memcpy(error + 56, choose(s, s->homes, HOMES)->octets, 16);
    hears(s, &s->care_ofs[0], NULL, NEXT_HEADER_ICMPV6, error, sizeof(error));
}

static void time_passes(struct subject *s)
{
    static const time_ns units[] = {1, MILLISECONDS(1), SECONDS(1), SECONDS(30)};
    uint8_t octet = cursor_get8(&s->input);
    s->now += units[octet >> 6] * (octet & 63);
    recording_run(&s->recorder, &s->node, s->now);
}

static void happens(struct subject *s)
{
    switch (cursor_get8(&s->input) % 8) {
    case 0:
    case 1:
        hears_anything(s, NEXT_HEADER_MOBILITY);
        break;
    case 2:
        hears_anything(s, NEXT_HEADER_UDP);
        break;
    case 3:
        hears_raw(s);
        break;
    case 4:
        registers(s);
        break;
    case 5:
        speaks(s);
        break;
    case 6:
        hears_unreachable(s);
        break;
    default:
        time_passes(s);
        break;
    }
}

struct tally {
    const struct subject *subject;
    uint32_t entries;
};

static void look_at(struct binding *binding, void *context)
{
    struct tally *tally = context;
    tally->entries++;
    if (binding->deleted)
        return;
    g_assert(binding->expires == TIME_NEVER || timer_is_armed(&binding->timer));
    g_assert_cmpint(binding->expires, >, tally->subject->now - (binding->lifetime == 0));
    g_assert(ipv6_address_is_unicast_routable(&binding->care_of_address));
    if (binding->method->uses_nonce_indices)
        g_assert_cmpuint(binding->lifetime, <=, MAX_RR_BINDING_LIFETIME / BINDING_LIFETIME_UNIT);
    else
        g_assert(ipv6_address_equal(&binding->home_address, &tally->subject->homes[HOMES - 1]));
}

static void check(struct subject *s)
{
    struct tally tally = {.subject = s};
    binding_cache_each(&s->node.mobility->bindings, look_at, &tally);
    g_assert_cmpuint(tally.entries, ==, s->node.mobility->bindings.count);
    g_assert_cmpuint(tally.entries, ==, s->node.mobility->bindings.of_correspondent);
    g_assert_cmpuint(tally.entries, <=, HOMES);
    if (recording_frame_count(&s->recorder) > 20 || recording_event_count(&s->recorder) > 200)
        recording_environment_clear(&s->recorder);
}

static void subject_start(struct subject *s, uint8_t choices)
{
    static const struct ethernet_address no_station = {.octets = {0}};
    static const char *const homes[HOMES] = {"2001:db8:1::100", "2001:db8:1::101", "2001:db8:1::102"};
    static const char *const care_ofs[CARE_OFS] = {"2001:db8:2::200", "2001:db8:4::400", "2001:db8:1::100",
                                                   "fe80::200"};
    struct route route = {.prefix_length = 0};
    s->now = SECONDS(1);
    s->correspondent = address_from("2001:db8:3::300");
    for (unsigned i = 0; i < HOMES; i++)
        s->homes[i] = address_from(homes[i]);
    for (unsigned i = 0; i < CARE_OFS; i++)
        s->care_ofs[i] = address_from(care_ofs[i]);
    s->configuration = correspondent_node_configuration_default;
    s->configuration.binding_refresh_requests = choices & 2;
    s->configuration.binding_limit = choices & 4 ? 1 : 0;
    recording_environment_init(&s->recorder, NULL);
    g_assert_cmpint(node_init(&s->node, &s->recorder.environment, &node_configuration_default_host, 1), ==,
                    0);
    node_configure_interface(&s->node, 0, INTERFACE_POINT_TO_POINT, &no_station, 1500);
    address_add(&s->node, 0, &s->correspondent, 64, ADDRESS_CONFIGURED, false, false, 0);
    s->node.routes = routing_table_new();
    routing_table_add(s->node.routes, &route);
    g_assert_cmpint(mobility_enable(&s->node, &s->configuration, 0), ==, 0);
    g_assert_cmpint(correspondent_node_add_static_key(&s->node, &s->homes[HOMES - 1], &static_key), ==, 0);
    recording_link(&s->recorder, &s->node, 0, true, 0);
    recording_run(&s->recorder, &s->node, s->now);
}

static void fuzz_correspondent(const uint8_t *data, size_t size, uint8_t choices)
{
    struct subject s = {.input = cursor_over(data, size)};
    subject_start(&s, choices);
    for (unsigned i = 0; i < RECORDS_MAX && cursor_left(&s.input) > 0; i++) {
        happens(&s);
        check(&s);
    }
    mobility_free(&s.node);
    node_free(&s.node);
    recording_environment_free(&s.recorder); /* fails if a packet is left */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    if (data[0] & 1)
        fuzz_correspondent(data + 1, size - 1, data[0]);
    else
        fuzz_codec(data + 1, size - 1);
    return 0;
}
