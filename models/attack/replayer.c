/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replayer.c - see replayer.h.
 *
 * Packets that are to be sent again wait in a ring, each with the instant at which it is due; when the ring
 * is full the oldest is given up. A packet that passes twice (on two taps; or the attacker's own replay, on
 * the link it listens to) counts once: what has been heard last is remembered by a fingerprint, the hop limit
 * left out.
 *
 * States: hearing, until the choice is made (the first, the n-th); the last is made anew by each that is
 * heard; all of them have no end. Timer: the earliest instant in the ring.
 */
#include "models/attack/replayer.h"

#include <stdlib.h>
#include <string.h>

#include "models/ipv6/ipv6.h"

static struct attack_recording *recording_at(const struct attack *attack, uint32_t i)
{
    return &attack->recordings[(attack->first + i) % ATTACK_RECORDINGS];
}

/* -- sending -- */

static void drop_first(struct attack *attack)
{
    packet_release(recording_at(attack, 0)->packet);
    attack->first = (attack->first + 1) % ATTACK_RECORDINGS;
    attack->recording_count--;
}

static void arm(struct attack *attack)
{
    time_ns earliest = TIME_NEVER;
    for (uint32_t i = 0; i < attack->recording_count; i++) {
        const struct attack_recording *recording = recording_at(attack, i);
        if (recording->left > 0 && recording->due < earliest)
            earliest = recording->due;
    }
    if (earliest == TIME_NEVER)
        node_disarm(attack->attacker->node, &attack->timer);
    else
        node_arm(attack->attacker->node, &attack->timer, earliest);
}

static void send(struct attack *attack, struct attack_recording *recording, time_ns now)
{
    struct packet *original = recording->packet;
    struct packet *copy = packet_new_for(original, PACKET_HEADROOM, original->length);
    memcpy(packet_octets(copy), packet_octets(original), original->length);
    recording->left--;
    recording->due = time_add(now, attack->configuration->interval);
    attack->sent++;
    attack_send(attack, copy, now);
}

static void expired(struct node *node, struct timer *timer, time_ns now)
{
    struct attack *attack = timer_owner(timer, struct attack, timer);
    (void)node;
    for (uint32_t i = 0; i < attack->recording_count; i++) {
        struct attack_recording *recording = recording_at(attack, i);
        if (recording->left > 0 && recording->due <= now && attack_is_on(attack, now))
            send(attack, recording, now);
    }
    while (attack->recording_count > 0 && recording_at(attack, 0)->left == 0)
        drop_first(attack);
    if (now < attack->configuration->stop)
        arm(attack);
}

/* -- hearing -- */

static bool is_end(const struct ipv6_address *wanted, const struct ipv6_address *seen,
                   const struct ipv6_address *wire, const struct ipv6_address *outer)
{
    return ipv6_address_equal(wanted, seen) || ipv6_address_equal(wanted, wire) ||
           ipv6_address_equal(wanted, outer);
}

static bool matches(const struct attack_configuration *configuration, const struct overheard *overheard)
{
    if (configuration->from_given &&
        !is_end(&configuration->from, &overheard->source, &overheard->wire_source, &overheard->outer_source))
        return false;
    if (configuration->to_given && !is_end(&configuration->to, &overheard->destination,
                                           &overheard->wire_destination, &overheard->outer_destination))
        return false;
    if (configuration->message == ATTACK_ESP)
        return overheard->esp;
    return configuration->message == ATTACK_OTHER || configuration->message == overheard->kind;
}

/* FNV-1a of 64 bits */
static uint64_t fingerprint_of(const struct overheard *overheard)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < overheard->length; i++)
        if (i != IPV6_AT_HOP_LIMIT)
            value = (value ^ overheard->octets[i]) * UINT64_C(0x100000001b3);
    return value;
}

static bool is_known(struct attack *attack, const struct overheard *overheard)
{
    uint64_t fingerprint = fingerprint_of(overheard);
    uint32_t kept =
        attack->fingerprint_count < ATTACK_RECORDINGS ? attack->fingerprint_count : ATTACK_RECORDINGS;
    for (uint32_t i = 0; i < kept; i++)
        if (attack->fingerprints[i] == fingerprint)
            return true;
    attack->fingerprints[attack->fingerprint_count % ATTACK_RECORDINGS] = fingerprint;
    attack->fingerprint_count++;
    if (attack->fingerprint_count == 2 * ATTACK_RECORDINGS)
        attack->fingerprint_count = ATTACK_RECORDINGS;
    return false;
}

static bool is_chosen(const struct attack *attack)
{
    switch ((enum attack_choice)attack->configuration->choice) {
    case ATTACK_CHOICE_FIRST:
        return attack->heard == 1;
    case ATTACK_CHOICE_NUMBER:
        return attack->heard == attack->configuration->number;
    case ATTACK_CHOICE_LAST:
    case ATTACK_CHOICE_ALL:
        break;
    }
    return true;
}

static void record(struct attack *attack, const struct overheard *overheard, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    bool only = configuration->choice == ATTACK_CHOICE_LAST;
    if (!attack->recordings)
        attack->recordings = calloc(ATTACK_RECORDINGS, sizeof(attack->recordings[0]));
    if (!attack->recordings)
        return;
    while (attack->recording_count >= (only ? 1 : ATTACK_RECORDINGS))
        drop_first(attack);
    struct attack_recording *recording = recording_at(attack, attack->recording_count++);
    struct environment *environment = attack->attacker->node->environment;
    recording->packet = packet_new(environment->packets, PACKET_HEADROOM, overheard->length);
    memcpy(packet_octets(recording->packet), overheard->octets, overheard->length);
    recording->left = configuration->count ? configuration->count : UINT64_MAX;
    recording->due =
        configuration->at != TIME_NEVER ? configuration->at : time_add(now, configuration->after);
    arm(attack);
}

void replayer_hear(struct attack *attack, const struct overheard *overheard, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    if (!attack_is_on(attack, now) || !matches(configuration, overheard) ||
        (configuration->at != TIME_NEVER && now > configuration->at) || is_known(attack, overheard))
        return;
    attack->heard++;
    if (is_chosen(attack))
        record(attack, overheard, now);
}

/* -- life -- */

void replayer_init(struct attack *attack)
{
    timer_init(&attack->timer, expired);
}

void replayer_stop(struct attack *attack)
{
    node_disarm(attack->attacker->node, &attack->timer);
    while (attack->recording_count > 0)
        drop_first(attack);
    free(attack->recordings);
    attack->recordings = NULL;
}
