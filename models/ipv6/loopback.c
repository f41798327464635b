/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * loopback.c - a queue and a timer that is due at once.
 *
 * Receiving a packet may send another one to this node again (an echo request and its reply), so delivery
 * from within the sender would nest without a bound, and would change state under the feet of whoever is
 * sending. A timer that is due now takes the queue's packets when the present entry is done. Few nodes ever
 * need it: it is made when first used.
 */
#include "models/ipv6/loopback.h"

#include <stdlib.h>

#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"

struct loopback {
    struct timer timer;
    struct packet *first;
    struct packet **last;
    unsigned count;
};

/* The packet comes in where the node has an interface that is up, so that replies know a way. */
static struct interface *arrival_interface(struct node *node)
{
    for (unsigned i = 0; i < node->interface_count; i++)
        if (node->interfaces[i].up)
            return &node->interfaces[i];
    return &node->interfaces[0];
}

static void loopback_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct loopback *loopback = timer_owner(timer, struct loopback, timer);
    /* Only what waits now: what these packets cause to be sent has its own turn. */
    struct packet *packet = loopback->first, *next;
    loopback->first = NULL;
    loopback->last = &loopback->first;
    loopback->count = 0;
    for (; packet; packet = next) {
        next = packet->next;
        packet->next = NULL;
        ipv6_receive(node, arrival_interface(node), packet, false, NULL, now);
    }
}

static struct loopback *loopback_of(struct node *node)
{
    if (node->loopback)
        return node->loopback;
    struct loopback *loopback = calloc(1, sizeof(*loopback));
    if (!loopback)
        return NULL;
    timer_init(&loopback->timer, loopback_expired);
    loopback->last = &loopback->first;
    node->loopback = loopback;
    return loopback;
}

void loopback_send(struct node *node, struct packet *packet, time_ns now)
{
    struct loopback *loopback = loopback_of(node);
    if (!loopback || loopback->count >= LOOPBACK_QUEUE_MAX) {
        node_discard(node, NULL, packet, DISCARD_LINK_QUEUE, now);
        return;
    }
    *loopback->last = packet;
    loopback->last = &packet->next;
    packet->next = NULL;
    loopback->count++;
    if (!timer_is_armed(&loopback->timer))
        node_arm(node, &loopback->timer, now);
}

void loopback_free(struct node *node)
{
    struct loopback *loopback = node->loopback;
    if (!loopback)
        return;
    node_disarm(node, &loopback->timer);
    for (struct packet *packet = loopback->first, *next; packet; packet = next) {
        next = packet->next;
        packet_release(packet);
    }
    free(loopback);
    node->loopback = NULL;
}
