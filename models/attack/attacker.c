/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attacker.c - an attacker's life, ears and mouth.
 *
 * A forged source does not keep a packet from the node's own routing: it goes to the router that the
 * destination asks for, and that router's neighbor entry, ingress filter and so on meet it as they meet
 * anything. Somebody with no link of its own, or none that leads there, puts it on the first tap.
 */
#include "models/attack/attacker.h"

#include <stdlib.h>
#include <string.h>

#include "models/attack/flooder.h"
#include "models/attack/forger.h"
#include "models/attack/replayer.h"
#include "models/base/error.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/ipv6.h"
#include "models/ipv6/next_hop.h"

/* Of the addresses that an attacker with a prefix of its own takes, the first: a place where nobody else is
 * likely to be. */
#define FIRST_OWN_ADDRESS 0x10000

/* -- mouth -- */

static bool is_up(const struct node *node, unsigned place)
{
    return place >= node->interface_count || node->interfaces[place].up;
}

/* By the node's routes, out of this interface (NULL: any). False: no way. */
static bool route(struct node *node, struct interface *out, struct packet *packet, time_ns now)
{
    struct ipv6_address destination = ipv6_address_read(packet_octets(packet) + IPV6_AT_DESTINATION);
    struct next_hop next_hop;
    if (!next_hop_find(node, &destination, out, &next_hop) || !next_hop.interface->up ||
        (out && next_hop.interface != out))
        return false;
    next_hop_send(node, &next_hop, packet, now);
    return true;
}

static void send_at(struct attacker *attacker, unsigned place, struct packet *packet)
{
    struct node *node = attacker->node;
    node->environment->operations->transmit(node->environment, place, packet);
}

void attack_send(struct attack *attack, struct packet *packet, time_ns now)
{
    struct attacker *attacker = attack->attacker;
    struct node *node = attacker->node;
    unsigned place = attack->configuration->place;
    if (!packet)
        return;
    packet->mark = attack->configuration->mark;
    if (!attacker->on || (place != ATTACK_NO_PLACE && !is_up(node, place))) {
        packet_release(packet);
    } else if (place != ATTACK_NO_PLACE && place >= node->interface_count) {
        send_at(attacker, place, packet);
    } else if (place != ATTACK_NO_PLACE) {
        if (!route(node, &node->interfaces[place], packet, now))
            node_discard(node, &node->interfaces[place], packet, DISCARD_NO_ROUTE, now);
    } else if (!route(node, NULL, packet, now)) {
        if (attacker->tap_count > 0)
            send_at(attacker, node->interface_count, packet);
        else
            node_discard(node, NULL, packet, DISCARD_NO_ROUTE, now);
    }
}

void attack_random(const struct attack *attack, void *octets, size_t length)
{
    struct environment *environment = attack->attacker->node->environment;
    environment->operations->random(environment, RANDOM_ATTACK, octets, length);
}

/* -- addresses -- */

static struct ipv6_address random_in(const struct attack *attack, const struct attack_address *wanted)
{
    struct ipv6_address address;
    attack_random(attack, address.octets, sizeof(address.octets));
    for (unsigned i = 0; i < 16; i++) {
        unsigned bits = wanted->prefix_length > 8 * i ? wanted->prefix_length - 8 * i : 0;
        uint8_t mask = (uint8_t)(bits >= 8 ? 0xff : 0xff00 >> bits);
        address.octets[i] =
            (uint8_t)((wanted->address.octets[i] & mask) | (address.octets[i] & (uint8_t)~mask));
    }
    return address;
}

static struct ipv6_address numbered_in(const struct attack_address *wanted, uint64_t number)
{
    struct ipv6_address address = wanted->address;
    number += FIRST_OWN_ADDRESS;
    for (unsigned i = 16; i-- > 8; number >>= 8)
        address.octets[i] = (uint8_t)(address.octets[i] + (number & 0xff));
    return address;
}

bool attack_find_address(struct attack *attack, const struct attack_address *wanted, uint64_t number,
                         struct ipv6_address *address)
{
    switch ((enum attack_address_kind)wanted->kind) {
    case ATTACK_ADDRESS_FIXED:
        *address = wanted->address;
        return true;
    case ATTACK_ADDRESS_HEARD:
        *address = attack->heard_care_of;
        return attack->care_of_heard;
    case ATTACK_ADDRESS_RANDOM:
        *address = random_in(attack, wanted);
        return true;
    case ATTACK_ADDRESS_EACH:
        *address = numbered_in(wanted, number);
        return true;
    case ATTACK_ADDRESS_NONE:
        break;
    }
    return false;
}

bool attack_is_on(const struct attack *attack, time_ns now)
{
    return now >= attack->configuration->start && now < attack->configuration->stop;
}

/* -- ears -- */

static void hear(struct attack *attack, unsigned place, const struct packet *frame,
                 const struct overheard *overheard, time_ns now)
{
    switch ((enum attack_action)attack->configuration->action) {
    case ATTACK_FORGE:
        forger_hear(attack, overheard, now);
        break;
    case ATTACK_REPLAY:
        replayer_hear(attack, overheard, now);
        break;
    case ATTACK_FLOOD:
        flooder_hear(attack, place, frame, overheard, now);
        break;
    }
}

bool attacker_overhear(struct attacker *attacker, unsigned place, const struct packet *frame, time_ns now)
{
    const struct node *node = attacker->node;
    const uint8_t *octets = packet_octets(frame);
    size_t length = frame->length;
    struct overheard overheard;
    if (!attacker->on)
        return true;
    if (place < node->interface_count && node->interfaces[place].kind == INTERFACE_ETHERNET) {
        if (length < ETHERNET_HEADER_LENGTH || (unsigned)(octets[12] << 8 | octets[13]) != ETHERNET_TYPE_IPV6)
            return true;
        octets += ETHERNET_HEADER_LENGTH;
        length -= ETHERNET_HEADER_LENGTH;
    }
    if (!eavesdropper_read(&attacker->eavesdropper, octets, length, &overheard))
        return true;
    for (struct attack *attack = attacker->attacks; attack; attack = attack->next)
        hear(attack, place, frame, &overheard, now);
    return overheard.plain;
}

/* -- life -- */

struct attacker *attacker_new(struct node *node, uint16_t tap_count)
{
    struct attacker *attacker = calloc(1, sizeof(*attacker));
    if (!attacker)
        return NULL;
    attacker->node = node;
    attacker->tap_count = tap_count;
    attacker->on = true;
    return attacker;
}

static void stop(struct attack *attack)
{
    switch ((enum attack_action)attack->configuration->action) {
    case ATTACK_FORGE:
        forger_stop(attack);
        break;
    case ATTACK_REPLAY:
        replayer_stop(attack);
        break;
    case ATTACK_FLOOD:
        flooder_stop(attack);
        break;
    }
}

void attacker_free(struct attacker *attacker)
{
    if (!attacker)
        return;
    for (struct attack *attack = attacker->attacks, *next; attack; attack = next) {
        next = attack->next;
        stop(attack);
        free(attack);
    }
    free(attacker);
}

int attacker_add_attack(struct attacker *attacker, const struct attack_configuration *configuration)
{
    struct attack **last = &attacker->attacks;
    while (*last)
        last = &(*last)->next;
    struct attack *attack = calloc(1, sizeof(*attack));
    if (!attack)
        return ERROR_MEMORY;
    attack->configuration = configuration;
    attack->attacker = attacker;
    *last = attack;
    switch ((enum attack_action)configuration->action) {
    case ATTACK_FORGE:
        forger_init(attack);
        break;
    case ATTACK_REPLAY:
        replayer_init(attack);
        break;
    case ATTACK_FLOOD:
        flooder_init(attack);
        break;
    }
    return 0;
}

void attacker_add_association(struct attacker *attacker, struct esp_engine *engine,
                              struct security_association *association)
{
    attacker->eavesdropper.engine = engine;
    association->next = attacker->eavesdropper.associations;
    attacker->eavesdropper.associations = association;
}

void attacker_start(struct attacker *attacker, time_ns now)
{
    for (struct attack *attack = attacker->attacks; attack; attack = attack->next) {
        time_ns start = attack->configuration->start > now ? attack->configuration->start : now;
        if (attack->configuration->action == ATTACK_FORGE)
            forger_start(attack, start);
        else if (attack->configuration->action == ATTACK_FLOOD)
            flooder_start(attack, start);
    }
}

void attacker_set_on(struct attacker *attacker, bool on)
{
    attacker->on = on;
}
