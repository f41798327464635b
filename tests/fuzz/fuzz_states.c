/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz_states.c - mobile node, home agent, correspondent and routers, caught in any state, and given packets
 * that are nearly right.
 *
 * The input runs a small network (tests/lab/world.h) through two moves up to an instant, and then makes
 * packets out of those that have been sent up to there: with live cookies, tokens, nonce indices and
 * sequence numbers, changed here and there, with length, checksum and authenticator put right again if the
 * input says so. They arrive at any node, by any link. What mobile node and home agent have put under ESP is
 * changed as it stands, or opened, changed, and put under ESP again by the sender's own association.
 *
 *     octet 0   the instant, in 50 ms
 *     octet 1   bits 0-1 method and order, 2 home agent beside the router, 3 the second move is not home,
 *               4 optimistic addresses, 5 no link hints, 6 binding refresh requests, 7 starts at home
 *     octet 2   bit 0 without IPsec, 1 what is tunnelled is protected, too
 *
 * and records of six octets and more:
 *
 *     which     the frame, counted back from the last one
 *     whom      bits 0-2 the node (6, 7: whom it was sent to, over the same link), 3-5 its interface
 *     elapsed   before, squared, in 2 ms
 *     repairs   bit 0 length, 1 checksum, 2 authenticator; 3 the Mobility Header of another frame instead;
 *               4 twice; 5 the node is moved to another link just before; bits 6-7 what is under ESP is
 *               left so (0), opened and put back (1), opened (2), opened and put under the association told
 *               by bits 0-1 of the next octet, with a tunnel's header in front if bit 2 is set there (3);
 *               after 1 and 3 the octet told by bits 4-7 there is spoiled if bit 3 is set
 *     which     that other frame
 *     changes   so many (modulo 8), of three octets each: what, where, value
 *
 * What must hold: no octet touched where none belongs (sanitizers), no assertion, every packet released, and
 * what is sent is an IPv6 packet as long as it says, no larger than its link takes, from no group, and, from
 * a host, of a source address that it has; with IPsec the mobile node says nothing to its home agent in the
 * clear that must be protected. Bindings are of addresses that can be reached.
 */
#include <check.h>
#include <glib.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/ethernet.h"
#include "tests/lab/signalling.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORDS_MAX 24
#define OCTETS_MAX  2048
#define START       MILLISECONDS(100)
#define FIRST_MOVE  SECONDS(4)
#define SECOND_MOVE SECONDS(8)
#define AFTERWARDS  SECONDS(2)

extern const unsigned long fuzz_budget;
const unsigned long fuzz_budget = 5000; /* an input of this program is a network's life */

/* The network is built with libcheck's assertions, but no runner is here. */
void _mark_point(const char *file, int line)
{
    (void)file;
    (void)line;
}

void _ck_assert_failed(const char *file, int line, const char *expression, const char *message, ...)
{
    va_list arguments;
    fprintf(stderr, "%s:%d: %s ", file, line, expression);
    va_start(arguments, message);
    if (message)
        vfprintf(stderr, message, arguments);
    va_end(arguments);
    abort();
}

struct input {
    const uint8_t *at, *end;
};

static uint8_t next_octet(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

/* A packet in the making: IPv6 header first. */
struct draft {
    uint8_t octets[OCTETS_MAX];
    size_t length;
    enum association_use use; /* by which it was made; ASSOCIATION_USES: none */
};

enum esp_treatment { ESP_AS_IT_IS, ESP_PUT_BACK, ESP_TAKEN_OFF, ESP_OF_ANOTHER };

/* ---- what is sent ---- */

static bool has_address(const struct node *node, const uint8_t *source)
{
    struct ipv6_address address = ipv6_address_read(source);
    return ipv6_address_is_unspecified(&address) || address_find(node, &address) != NULL;
}

static void check_sent(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment,
                       void *context)
{
    const struct world *world = context;
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(lab, frame, &length);
    (void)treatment;
    g_assert_cmpuint(length, >=, IPV6_HEADER_LENGTH);
    g_assert_cmpuint(length, <=, 1500);
    g_assert_cmpuint(octets[0] >> 4, ==, 6);
    g_assert_cmpuint((unsigned)(octets[IPV6_AT_PAYLOAD_LENGTH] << 8 | octets[IPV6_AT_PAYLOAD_LENGTH + 1]) +
                         IPV6_HEADER_LENGTH,
                     ==, length);
    g_assert_cmpuint(octets[IPV6_AT_SOURCE], !=, 0xff);
    if (frame->node == world->mobile || frame->node == world->correspondent)
        g_assert_true(has_address(lab_node(lab, frame->node), octets + IPV6_AT_SOURCE));
    struct signal signal = signal_read(lab, frame);
    if (world->ipsec && frame->node == world->mobile)
        g_assert_false(signal_is_exposed(world, frame, &signal));
}

/* ---- the network ---- */

static const struct flow_configuration steady = {
    .pattern = FLOW_CONSTANT, .interval = MILLISECONDS(370), .payload = 24};

struct subject {
    struct world world;
    struct flow_source up, down;
};

static void choose_policy(struct world *world, unsigned options)
{
    static const enum correspondent_order orders[] = {ORDER_AFTER_HOME_ACKNOWLEDGEMENT, ORDER_PARALLEL_TESTS,
                                                      ORDER_AFTER_HOME_ACKNOWLEDGEMENT, ORDER_AT_ONCE};
    make_policy(world);
    world->policy.order = orders[options & 3];
    if (options & 2)
        use_static_key(world, orders[options & 3]);
    world->host.optimistic_duplicate_detection = (options & 0x10) != 0;
    world->host.ignore_link_hints = (options & 0x20) != 0;
    world->correspondent_configuration.binding_refresh_requests = (options & 0x40) != 0;
    world->policy.lifetime = options & 0x40 ? 2 : world->policy.lifetime;
}

static void begin(struct subject *subject, struct input *input)
{
    struct world *world = &subject->world;
    time_ns until = START + MILLISECONDS(50) * next_octet(input);
    unsigned options = next_octet(input), ipsec = next_octet(input);
    *subject = (struct subject){.world = {.beside_router = (options & 4) != 0}};
    choose_policy(world, options);
    world->ipsec = (ipsec & 1) == 0;
    world->protect_payload = (ipsec & 2) != 0;
    build(world, &ordinary);
    for (unsigned link = 0; link < 8; link++)
        lab_set_hook(world->lab, link, check_sent, world);
    lab_at(world->lab, START, options & 0x80 ? attach_home : attach_visited_0, world);
    move(world, attach_visited_1, FIRST_MOVE);
    move(world, options & 8 ? attach_visited_0 : attach_home, SECOND_MOVE);

    struct node *mobile = lab_node(world->lab, world->mobile);
    struct node *correspondent = lab_node(world->lab, world->correspondent);
    subject->up = (struct flow_source){
        .configuration = &steady, .destination = world->correspondent_address, .stop = TIME_NEVER};
    subject->down = (struct flow_source){
        .configuration = &steady, .destination = world->home_address, .stop = TIME_NEVER};
    ck_assert_int_eq(flow_sink_start(&world->sinks[0], mobile), 0);
    ck_assert_int_eq(flow_sink_start(&world->sinks[1], correspondent), 0);
    ck_assert_int_eq(flow_source_start(&subject->up, mobile, 0), 0);
    ck_assert_int_eq(flow_source_start(&subject->down, correspondent, 0), 0);
    lab_run(world->lab, until);
}

static void check_binding(struct binding *binding, void *context)
{
    (void)context;
    if (binding->deleted)
        return;
    g_assert_true(ipv6_address_is_unicast_routable(&binding->home_address));
    g_assert_true(ipv6_address_is_unicast_routable(&binding->care_of_address));
    g_assert_false(ipv6_address_equal(&binding->home_address, &binding->care_of_address));
}

static void end(struct subject *subject)
{
    struct world *world = &subject->world;
    lab_run(world->lab, lab_now(world->lab) + AFTERWARDS);
    for (unsigned i = 0; i < lab_node_count(world->lab); i++)
        if (lab_node(world->lab, i)->mobility)
            binding_cache_each(&lab_node(world->lab, i)->mobility->bindings, check_binding, NULL);
    flow_source_stop(&subject->up);
    flow_source_stop(&subject->down);
    flow_sink_stop(&world->sinks[0], lab_node(world->lab, world->mobile));
    flow_sink_stop(&world->sinks[1], lab_node(world->lab, world->correspondent));
    tear_down(world);
}

/* ---- making packets ---- */

static const struct lab_frame *frame_back(const struct lab *lab, unsigned back)
{
    unsigned count = lab_frame_count(lab);
    return count > 0 ? lab_frame(lab, count - 1 - back % count) : NULL;
}

static void copy_frame(const struct lab *lab, const struct lab_frame *frame, enum esp_treatment treatment,
                       struct draft *draft)
{
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(lab, frame, &length);
    if (world_find_esp(octets, length, &draft->use) == 0)
        draft->use = ASSOCIATION_USES;
    if (treatment != ESP_AS_IT_IS)
        octets = lab_frame_opened(lab, frame, &length);
    draft->length = length < OCTETS_MAX ? length : OCTETS_MAX;
    memcpy(draft->octets, octets, draft->length);
}

/* The upper layer's octets of another frame behind this one's headers. */
static void splice(const struct lab *lab, struct draft *draft, const struct lab_frame *other)
{
    size_t length;
    const uint8_t *octets = lab_frame_opened(lab, other, &length);
    struct signal mine = signal_parse(draft->octets, draft->length), theirs = signal_parse(octets, length);
    if (!mine.message || !theirs.message || mine.protocol != theirs.protocol)
        return;
    size_t at = (size_t)(mine.message - draft->octets);
    size_t most = OCTETS_MAX - at < theirs.length ? OCTETS_MAX - at : theirs.length;
    memcpy(draft->octets + at, theirs.message, most);
    draft->length = at + most;
}

static struct ipv6_address some_address(const struct subject *subject, unsigned which)
{
    const struct world *world = &subject->world;
    const struct mobile_node *mobile = lab_node(world->lab, world->mobile)->mobility->mobile_node;
    static const char *const others[] = {"::",
                                         "::1",
                                         "ff02::1",
                                         "ff0e::1",
                                         "fe80::1",
                                         "2001:db8:1::7777",
                                         "2001:db8:a::1",
                                         "2001:db8:b::ff:fe00:0",
                                         "2001:db8:c::9"};
    switch (which % 13) {
    case 0:
        return world->home_address;
    case 1:
        return world->home_agent_address;
    case 2:
        return world->correspondent_address;
    case 3:
        return mobile->care_of_address;
    default:
        return address_from(others[which % 13 - 4]);
    }
}

static void put_address(const struct subject *subject, struct draft *draft, size_t at, unsigned which)
{
    struct ipv6_address address = some_address(subject, which);
    if (at + sizeof(address) <= draft->length)
        memcpy(draft->octets + at, &address, sizeof(address));
}

static void insert_octets(struct draft *draft, size_t at, size_t count)
{
    if (draft->length + count > OCTETS_MAX)
        return;
    memmove(draft->octets + at + count, draft->octets + at, draft->length - at);
    draft->length += count;
}

static void remove_octets(struct draft *draft, size_t at, size_t count)
{
    count = count < draft->length - at ? count : draft->length - at;
    memmove(draft->octets + at, draft->octets + at + count, draft->length - at - count);
    draft->length -= count;
}

/* One change. `where` counts from the upper layer's first octet, or from the packet's. */
static void change(const struct subject *subject, struct draft *draft, unsigned what, unsigned where,
                   unsigned value)
{
    struct signal signal = signal_parse(draft->octets, draft->length);
    size_t upper = signal.message ? (size_t)(signal.message - draft->octets) : 0;
    size_t at = what & 0x80 ? where : upper + where;
    if (draft->length == 0)
        return;
    at %= draft->length;
    switch (what & 15) {
    case 0:
        draft->octets[at] = (uint8_t)value;
        break;
    case 1:
        draft->octets[at] ^= (uint8_t)(1u << (value & 7));
        break;
    case 2:
        draft->octets[at] = (uint8_t)(draft->octets[at] + value - 128);
        break;
    case 3:
        insert_octets(draft, at, value % 33);
        break;
    case 4:
        remove_octets(draft, at, 1 + value % 32);
        break;
    case 5:
        draft->length = at;
        break;
    case 6:
        put_address(subject, draft, IPV6_AT_SOURCE, value);
        break;
    case 7:
        put_address(subject, draft, IPV6_AT_DESTINATION, value);
        break;
    case 8:
        put_address(subject, draft, at, value);
        break;
    case 9: /* of a Home Address option or a type 2 routing header that is the first extension header */
        put_address(subject, draft, IPV6_HEADER_LENGTH + 8, value);
        break;
    case 10: /* type of the message */
        if (upper + 3 <= draft->length)
            draft->octets[upper + (signal.protocol == NEXT_HEADER_MOBILITY ? 2 : 0)] = (uint8_t)value;
        break;
    case 11: /* a sequence number, a status, a lifetime */
        if (upper + 12 <= draft->length)
            draft->octets[upper + 6 + where % 6] = (uint8_t)(draft->octets[upper + 6 + where % 6] + value);
        break;
    case 12: /* header length of the upper layer, or an option's */
        if (upper + 2 <= draft->length)
            draft->octets[upper + 1] = (uint8_t)value;
        break;
    default:
        draft->octets[IPV6_AT_NEXT_HEADER % draft->length] = (uint8_t)value;
        break;
    }
}

/* ---- putting it right again ---- */

/* Of the header that begins at `at`, and of those in it. */
static void repair_length_at(struct draft *draft, size_t at)
{
    size_t next_header_at;
    if (draft->length < at + IPV6_HEADER_LENGTH)
        return;
    uint8_t *header = draft->octets + at;
    size_t length = draft->length - at, payload = length - IPV6_HEADER_LENGTH;
    header[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)(payload >> 8);
    header[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)payload;
    size_t behind = world_behind_headers(header, length, &next_header_at);
    if (header[next_header_at] == NEXT_HEADER_IPV6)
        repair_length_at(draft, at + behind);
}

static void repair_length(struct draft *draft)
{
    repair_length_at(draft, 0);
}

static void repair_checksum(struct draft *draft)
{
    struct signal signal = signal_parse(draft->octets, draft->length);
    int offset = signal.message ? ipv6_checksum_offset((uint8_t)signal.protocol) : -1;
    if (offset < 0 || signal.length < (size_t)offset + 2)
        return;
    uint8_t *at = draft->octets + (signal.message - draft->octets) + offset;
    at[0] = at[1] = 0;
    uint16_t checksum = ipv6_checksum(&signal.source, &signal.destination, (uint8_t)signal.protocol,
                                      signal.message, signal.length);
    at[0] = (uint8_t)(checksum >> 8);
    at[1] = (uint8_t)checksum;
}

/* Kbm as the correspondent would make it for this update, as if the sender knew it. */
static bool update_kbm(const struct subject *subject, const struct signal *signal,
                       const struct mobility_message *message, uint8_t kbm[KBM_LENGTH])
{
    const struct world *world = &subject->world;
    struct update_to_authorize update = {
        .message = message,
        .home_address = &signal->source,
        .care_of_address = message->has_alternate_care_of_address ? &message->alternate_care_of_address
                                                                  : &signal->wire_source,
    };
    update.deletion =
        message->update.lifetime == 0 || ipv6_address_equal(update.care_of_address, update.home_address);
    if (world->policy.static_key &&
        !correspondent_node_static_key(lab_node(world->lab, world->correspondent), update.home_address))
        return false;
    return world->policy.method->kbm_of_update(lab_node(world->lab, world->correspondent), &update, kbm,
                                               lab_now(world->lab)) == 0;
}

/* As the mobile node expects it in an acknowledgement. */
static bool acknowledgement_kbm(struct subject *subject, uint8_t kbm[KBM_LENGTH])
{
    struct world *world = &subject->world;
    struct binding_update_entry *entry = entry_of(world);
    struct mobility_message ignored = {.type = MOBILITY_BINDING_UPDATE};
    if (!entry || !entry->policy || (entry->policy->method->uses_nonce_indices && !entry->tests))
        return false;
    entry->policy->method->authorize(lab_node(world->lab, world->mobile), entry, entry->deletion, &ignored,
                                     kbm, lab_now(world->lab));
    return true;
}

static void repair_authenticator(struct subject *subject, struct draft *draft)
{
    struct signal signal = signal_parse(draft->octets, draft->length);
    struct mobility_message message;
    uint8_t kbm[KBM_LENGTH];
    size_t pointer;
    if (signal.kind != SIGNAL_MOBILITY ||
        mobility_message_read(signal.message, signal.length, &message, &pointer) != DISCARD_NONE ||
        !message.has_authorization_data)
        return;
    bool update = message.type == MOBILITY_BINDING_UPDATE;
    if (!update && message.type != MOBILITY_BINDING_ACKNOWLEDGEMENT)
        return;
    if (!(update ? update_kbm(subject, &signal, &message, kbm) : acknowledgement_kbm(subject, kbm)))
        return;
    struct ipv6_address care_of_address = update ? signal.wire_source : signal.wire_destination;
    if (update && message.has_alternate_care_of_address)
        care_of_address = message.alternate_care_of_address;
    uint8_t *header = draft->octets + (signal.message - draft->octets);
    header[4] = header[5] = 0;
    keygen_authenticator(kbm, &care_of_address, &subject->world.correspondent_address, header,
                         message.authenticator_at, header + message.authenticator_at);
}

/* ---- under ESP ---- */

static bool is_to_home_agent(enum association_use use)
{
    return use == TRANSPORT_TO_HOME_AGENT || use == TUNNEL_TO_HOME_AGENT;
}

/* The header of the tunnel that goes the association's way, in front. */
static void enter_tunnel(const struct subject *subject, struct draft *draft, enum association_use use)
{
    if (draft->length + IPV6_HEADER_LENGTH > OCTETS_MAX)
        return;
    memmove(draft->octets + IPV6_HEADER_LENGTH, draft->octets, draft->length);
    draft->length += IPV6_HEADER_LENGTH;
    memset(draft->octets, 0, IPV6_HEADER_LENGTH);
    draft->octets[0] = 0x60;
    draft->octets[IPV6_AT_NEXT_HEADER] = NEXT_HEADER_IPV6;
    draft->octets[IPV6_AT_HOP_LIMIT] = 64;
    put_address(subject, draft, is_to_home_agent(use) ? IPV6_AT_SOURCE : IPV6_AT_DESTINATION, 3);
    put_address(subject, draft, is_to_home_agent(use) ? IPV6_AT_DESTINATION : IPV6_AT_SOURCE, 1);
}

/* What is behind the headers, by the counter of the association's own sender: what that sends later is new,
 * too. */
static void protect(struct subject *subject, struct draft *draft, enum association_use use)
{
    static const uint8_t iv[ESP_IV_MAX] = {0};
    struct world *world = &subject->world;
    size_t next_header_at;
    if (!world->ipsec || draft->length < IPV6_HEADER_LENGTH)
        return;
    size_t at = world_behind_headers(draft->octets, draft->length, &next_header_at);
    bool to_home_agent = is_to_home_agent(use);
    struct node *sender = lab_node(world->lab, to_home_agent ? world->mobile : world->home_agent);
    struct protection *protection =
        policy_database_find(&sender->ipsec->policies, &world->home_address, &world->home_agent_address,
                             to_home_agent ? IPSEC_MOBILE_NODE : IPSEC_HOME_AGENT);
    struct security_association *association = &protection->associations[use];
    if (at > draft->length || at + esp_length(association, draft->length - at) > OCTETS_MAX)
        return;
    struct packet *packet = lab_packet(world->lab, draft->octets + at, draft->length - at);
    if (esp_encapsulate(world->engine, association, iv, &packet, draft->octets[next_header_at]) != 0)
        abort();
    draft->octets[next_header_at] = NEXT_HEADER_ESP;
    memcpy(draft->octets + at, packet_octets(packet), packet->length);
    draft->length = at + packet->length;
    packet_release(packet);
    repair_length(draft);
}

static void treat_esp(struct subject *subject, struct draft *draft, enum esp_treatment treatment,
                      unsigned other)
{
    enum association_use use = treatment == ESP_OF_ANOTHER ? (enum association_use)(other & 3) : draft->use;
    if (treatment == ESP_OF_ANOTHER && (other & 4))
        enter_tunnel(subject, draft, use);
    if (treatment == ESP_OF_ANOTHER || (treatment == ESP_PUT_BACK && use != ASSOCIATION_USES))
        protect(subject, draft, use);
    if ((treatment == ESP_PUT_BACK || treatment == ESP_OF_ANOTHER) && (other & 8) && draft->length > 64)
        draft->octets[draft->length - 1 - (other >> 4) * 4] ^= 0x40;
}

/* ---- delivering ---- */

/* A station's frame, or the packet alone, as the interface takes it. */
static void deliver(struct world *world, unsigned node, unsigned interface, const struct draft *draft)
{
    struct node *at = lab_node(world->lab, node);
    const struct interface *through = &at->interfaces[interface];
    size_t header = through->kind == INTERFACE_ETHERNET ? ETHERNET_HEADER_LENGTH : 0;
    uint8_t frame[ETHERNET_HEADER_LENGTH + OCTETS_MAX] = {0};
    if (header > 0) {
        struct ethernet_address station = lab_station_address(node, interface);
        memcpy(frame, station.octets, sizeof(station.octets));
        frame[6] = 0x02;
        frame[11] = 0x77;
        if (draft->length >= IPV6_HEADER_LENGTH && draft->octets[IPV6_AT_DESTINATION] == 0xff) {
            frame[0] = frame[1] = 0x33;
            memcpy(frame + 2, draft->octets + IPV6_AT_DESTINATION + 12, 4);
        }
        frame[12] = 0x86;
        frame[13] = 0xdd;
    }
    memcpy(frame + header, draft->octets, draft->length);
    node_receive(at, interface, lab_packet(world->lab, frame, header + draft->length), lab_now(world->lab));
}

/* Whom the frame was for: the node whose address, or whose home agent's or router's, it names; else anyone.
 * */
static unsigned addressee(const struct world *world, const struct draft *draft, unsigned otherwise)
{
    if (draft->length >= IPV6_HEADER_LENGTH) {
        struct ipv6_address destination = ipv6_address_read(draft->octets + IPV6_AT_DESTINATION);
        for (unsigned i = 0; i < lab_node_count(world->lab); i++)
            if (address_find(lab_node(world->lab, i), &destination))
                return i;
    }
    return otherwise % lab_node_count(world->lab);
}

static void move_mobile_node(struct world *world, unsigned where)
{
    static lab_action *const attach[] = {attach_visited_0, attach_visited_1, attach_home};
    if (lab_link_of(world->lab, world->mobile, 0) != UINT32_MAX)
        detach(world->lab, world);
    attach[where % 3](world->lab, world);
}

static void record(struct subject *subject, struct input *input)
{
    struct world *world = &subject->world;
    unsigned which = next_octet(input), whom = next_octet(input), elapsed = next_octet(input);
    unsigned repairs = next_octet(input), other = next_octet(input), changes = next_octet(input) & 7;
    lab_run(world->lab, lab_now(world->lab) + MILLISECONDS(2) * elapsed * elapsed);
    const struct lab_frame *frame = frame_back(world->lab, which);
    if (!frame)
        return;
    struct draft draft;
    enum esp_treatment treatment = (enum esp_treatment)(repairs >> 6);
    copy_frame(world->lab, frame, treatment, &draft);
    if (repairs & 8)
        splice(world->lab, &draft, frame_back(world->lab, other));
    for (; changes > 0; changes--) {
        unsigned what = next_octet(input), where = next_octet(input), value = next_octet(input);
        change(subject, &draft, what, where, value);
    }
    if (repairs & 1)
        repair_length(&draft);
    if (repairs & 4)
        repair_authenticator(subject, &draft);
    if (repairs & 2)
        repair_checksum(&draft);
    treat_esp(subject, &draft, treatment, other);
    if ((repairs & 0x20) && lab_now(world->lab) > SECOND_MOVE + SECONDS(1))
        move_mobile_node(world, other);
    unsigned node = (whom & 7) >= 6 ? addressee(world, &draft, whom) : whom % lab_node_count(world->lab);
    unsigned interface = (whom >> 3 & 7) % lab_node(world->lab, node)->interface_count;
    for (unsigned i = 0; i <= (repairs >> 4 & 1); i++)
        deliver(world, node, interface, &draft);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct subject subject;
    struct input input = {data, data + size};
    begin(&subject, &input);
    for (unsigned i = 0; i < RECORDS_MAX && input.at < input.end; i++)
        record(&subject, &input);
    end(&subject);
    return 0;
}
