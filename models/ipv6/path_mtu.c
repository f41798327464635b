/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path_mtu.c - a short list of destinations, for the few whose path is narrower than the first link.
 *
 * Nearly every node has none, and then a lookup is one test of a pointer. The list is bounded, since anybody
 * can send a Packet Too Big; what it says is not trusted to go below the minimum that every link has (RFC
 * 8200, 5).
 */
#include "models/ipv6/path_mtu.h"

#include <stdlib.h>

#include "models/ipv6/ipv6.h"
#include "models/ipv6/node.h"

struct path_mtu {
    struct path_mtu *next;
    struct ipv6_address destination;
    time_ns expires;
    uint16_t mtu;
};

static struct path_mtu *find(const struct node *node, const struct ipv6_address *destination)
{
    struct path_mtu *path = node->path_mtus;
    while (path && !ipv6_address_equal(&path->destination, destination))
        path = path->next;
    return path;
}

/* The entry to write to: a new one, or in a full list the one that would end first. */
static struct path_mtu *entry_for(struct node *node, const struct ipv6_address *destination)
{
    struct path_mtu *first_to_end = NULL;
    unsigned count = 0;
    for (struct path_mtu *path = node->path_mtus; path; path = path->next, count++)
        if (!first_to_end || path->expires < first_to_end->expires)
            first_to_end = path;
    if (count >= PATH_MTUS_MAX) {
        first_to_end->destination = *destination;
        first_to_end->mtu = UINT16_MAX;
        return first_to_end;
    }
    struct path_mtu *path = calloc(1, sizeof(*path));
    if (!path)
        return NULL;
    path->destination = *destination;
    path->mtu = UINT16_MAX;
    path->next = node->path_mtus;
    node->path_mtus = path;
    return path;
}

void path_mtu_learn(struct node *node, const struct ipv6_address *destination, uint32_t mtu, time_ns now)
{
    if (mtu < IPV6_MTU_MINIMUM || mtu > UINT16_MAX)
        return;
    struct path_mtu *path = find(node, destination);
    if (!path)
        path = entry_for(node, destination);
    else if (path->expires <= now)
        path->mtu = UINT16_MAX;
    if (!path || mtu >= path->mtu)
        return;
    path->mtu = (uint16_t)mtu;
    path->expires = time_add(now, PATH_MTU_LIFETIME);
}

uint16_t path_mtu_lookup(const struct node *node, const struct ipv6_address *destination, uint16_t link_mtu,
                         time_ns now)
{
    const struct path_mtu *path = node->path_mtus ? find(node, destination) : NULL;
    return path && path->expires > now && path->mtu < link_mtu ? path->mtu : link_mtu;
}

void path_mtu_free(struct node *node)
{
    for (struct path_mtu *path = node->path_mtus, *next; path; path = next) {
        next = path->next;
        free(path);
    }
    node->path_mtus = NULL;
}
