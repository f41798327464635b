/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * flooder.c - see flooder.h.
 *
 * One timer, one packet each time. Of a flood of Binding Updates for home addresses of the attacker's own the
 * packet is a Home Test Init from the next of them: it has a prefix that is routed to it, so that every test
 * is answered, and each answer is turned into a Binding Update at once, authorized together with one care-of
 * test that is repeated before its token is too old. So the flood is as stateless at the attacker as return
 * routability wants to be at the correspondent (RFC 6275, 15.4.5).
 *
 * On an Ethernet link routers ask who has those addresses; the attacker says that it has (RFC 4861, 7.2.4).
 */
#include "models/attack/flooder.h"

#include <string.h>

#include "models/attack/forged_message.h"
#include "models/attack/forger.h"
#include "models/base/cursor.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"

#define CARE_OF_TEST_INTERVAL SECONDS(60)
#define SOLICITATION_LENGTH   24
#define ADVERTISEMENT_LENGTH  32
#define SOLICITED_OVERRIDE    0x60

/* The addresses that are the attacker's own; NULL: none. */
static const struct attack_address *own_addresses(const struct attack_configuration *configuration)
{
    if (configuration->home_address.kind == ATTACK_ADDRESS_EACH)
        return &configuration->home_address;
    if (configuration->care_of_address.kind == ATTACK_ADDRESS_EACH)
        return &configuration->care_of_address;
    return configuration->source.kind == ATTACK_ADDRESS_EACH ? &configuration->source : NULL;
}

static bool registers(const struct attack_configuration *configuration)
{
    return configuration->message == MOBILITY_BINDING_UPDATE &&
           configuration->home_address.kind == ATTACK_ADDRESS_EACH;
}

/* -- sending -- */

static void test(struct attack *attack, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    struct attack_token ignored;
    struct ipv6_address home_address;
    if (attack->sent == 0 || now - attack->care_of.heard >= CARE_OF_TEST_INTERVAL) {
        attack->care_of.heard = now;
        if (attack_find_address(attack, &configuration->care_of_address, attack->sent,
                                &attack->care_of_address))
            forged_message_send_test(attack, KEYGEN_CARE_OF, &attack->care_of_address, &attack->care_of, now);
    }
    if (attack_find_address(attack, &configuration->home_address, attack->sent, &home_address))
        forged_message_send_test(attack, KEYGEN_HOME, &home_address, &ignored, now);
}

static void expired(struct node *node, struct timer *timer, time_ns now)
{
    struct attack *attack = timer_owner(timer, struct attack, timer);
    const struct attack_configuration *configuration = attack->configuration;
    if (now >= configuration->stop || (configuration->count && attack->sent >= configuration->count))
        return;
    if (registers(configuration))
        test(attack, now);
    else
        attack_send(attack, forged_message_make(attack, attack->sent), now);
    attack->sent++;
    node_arm(node, timer, time_add(now, configuration->interval));
}

/* -- hearing -- */

/* Has the flood used this address of its own? */
static bool is_in_use(struct attack *attack, const struct ipv6_address *address)
{
    const struct attack_address *own = own_addresses(attack->configuration);
    struct ipv6_address first;
    if (!own || attack->sent == 0 || !attack_find_address(attack, own, 0, &first) ||
        !ipv6_prefix_match(address, &first, 64))
        return false;
    struct cursor from = cursor_over(first.octets + 8, 8), to = cursor_over(address->octets + 8, 8);
    return cursor_get64(&to) - cursor_get64(&from) < attack->sent;
}

static void advertise(struct attack *attack, unsigned place, const struct ethernet_address *station,
                      const struct overheard *solicitation, const struct ipv6_address *target)
{
    struct node *node = attack->attacker->node;
    size_t length = ETHERNET_HEADER_LENGTH + IPV6_HEADER_LENGTH + ADVERTISEMENT_LENGTH;
    struct packet *frame = packet_new(node->environment->packets, PACKET_HEADROOM, length);
    struct cursor c = cursor_over(packet_octets(frame), length);
    cursor_put(&c, station->octets, ETHERNET_ADDRESS_LENGTH);
    cursor_put(&c, node->interfaces[place].link_layer_address.octets, ETHERNET_ADDRESS_LENGTH);
    cursor_put16(&c, ETHERNET_TYPE_IPV6);
    cursor_put32(&c, 0x60000000);
    cursor_put16(&c, ADVERTISEMENT_LENGTH);
    cursor_put8(&c, NEXT_HEADER_ICMPV6);
    cursor_put8(&c, 255);
    cursor_put(&c, target->octets, 16);
    cursor_put(&c, solicitation->wire_source.octets, 16);
    uint8_t *message = c.position;
    cursor_put8(&c, ICMPV6_NEIGHBOR_ADVERTISEMENT);
    cursor_zero(&c, 3);
    cursor_put8(&c, SOLICITED_OVERRIDE);
    cursor_zero(&c, 3);
    cursor_put(&c, target->octets, 16);
    cursor_put8(&c, 2); /* Target Link-Layer Address (RFC 4861, 4.6.1) */
    cursor_put8(&c, 1);
    cursor_put(&c, node->interfaces[place].link_layer_address.octets, ETHERNET_ADDRESS_LENGTH);
    uint16_t checksum =
        ipv6_checksum(target, &solicitation->wire_source, NEXT_HEADER_ICMPV6, message, ADVERTISEMENT_LENGTH);
    message[2] = (uint8_t)(checksum >> 8);
    message[3] = (uint8_t)checksum;
    frame->mark = attack->configuration->mark;
    node->environment->operations->transmit(node->environment, place, frame);
}

static void hear_solicitation(struct attack *attack, unsigned place, const struct packet *frame,
                              const struct overheard *overheard)
{
    const struct node *node = attack->attacker->node;
    if (place >= node->interface_count || node->interfaces[place].kind != INTERFACE_ETHERNET ||
        !node->interfaces[place].up || overheard->protocol != NEXT_HEADER_ICMPV6 || !overheard->plain ||
        overheard->upper_length < SOLICITATION_LENGTH ||
        overheard->upper[0] != ICMPV6_NEIGHBOR_SOLICITATION ||
        ipv6_address_is_unspecified(&overheard->wire_source))
        return;
    struct ipv6_address target = ipv6_address_read(overheard->upper + 8);
    struct ethernet_address station;
    memcpy(station.octets, packet_octets(frame) + ETHERNET_ADDRESS_LENGTH, ETHERNET_ADDRESS_LENGTH);
    if (is_in_use(attack, &target))
        advertise(attack, place, &station, overheard, &target);
}

static void hear_test(struct attack *attack, const struct overheard *overheard, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    bool home = overheard->kind == MOBILITY_HOME_TEST;
    if (!attack_is_on(attack, now) ||
        !ipv6_address_equal(&overheard->source, &configuration->destination.address))
        return;
    struct attack_token token = {.known = true, .nonce_index = overheard->message.test.nonce_index};
    memcpy(token.token, overheard->message.test.keygen_token, KEYGEN_TOKEN_LENGTH);
    if (!home && ipv6_address_equal(&overheard->destination, &attack->care_of_address) &&
        memcmp(overheard->message.test.cookie, attack->care_of.cookie, MOBILITY_COOKIE_LENGTH) == 0) {
        token.heard = attack->care_of.heard;
        memcpy(token.cookie, attack->care_of.cookie, MOBILITY_COOKIE_LENGTH);
        attack->care_of = token;
    } else if (home && attack->care_of.known && is_in_use(attack, &overheard->destination)) {
        forged_message_send_update(attack, &overheard->destination, &attack->care_of_address, &token,
                                   &attack->care_of, now);
    }
}

void flooder_hear(struct attack *attack, unsigned place, const struct packet *frame,
                  const struct overheard *overheard, time_ns now)
{
    if (!registers(attack->configuration))
        forger_hear(attack, overheard, now);
    if (!own_addresses(attack->configuration))
        return;
    if (overheard->protocol == NEXT_HEADER_ICMPV6)
        hear_solicitation(attack, place, frame, overheard);
    else if (registers(attack->configuration) &&
             (overheard->kind == MOBILITY_HOME_TEST || overheard->kind == MOBILITY_CARE_OF_TEST))
        hear_test(attack, overheard, now);
}

/* -- life -- */

void flooder_init(struct attack *attack)
{
    forger_init(attack);
    timer_init(&attack->timer, expired);
}

void flooder_start(struct attack *attack, time_ns now)
{
    node_arm(attack->attacker->node, &attack->timer, now);
}

void flooder_stop(struct attack *attack)
{
    forger_stop(attack);
}
