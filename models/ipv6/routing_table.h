/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * routing_table.h - longest prefix match over static routes (RFC 8200 leaves routing to others; the
 * simulator's operator fills these from the topology at start).
 *
 * A few routes are looked through. When there are more, one open-addressing hash serves all prefixes, tried
 * from the longest prefix length in use to the shortest: cost per lookup is the number of distinct lengths
 * (two or three), whatever the number of routes. A host's one route takes 96 octets, the heap's own included;
 * each of many takes 50 to 66.
 */
#ifndef MIP6SIM_MODELS_IPV6_ROUTING_TABLE_H
#define MIP6SIM_MODELS_IPV6_ROUTING_TABLE_H

#include <stdint.h>

#include "models/ipv6/address.h"

struct routing_table;

struct route {
    struct ipv6_address prefix;
    struct ipv6_address next_hop; /* unspecified: the destination is on-link */
    uint16_t interface;
    uint8_t prefix_length;
};

struct routing_table *routing_table_new(void);
void routing_table_free(struct routing_table *table);
/* Replaces a route to the same prefix. 0, ERROR_MEMORY, ERROR_ARGUMENT (length over 128). */
int routing_table_add(struct routing_table *table, const struct route *route);
int routing_table_remove(struct routing_table *table, const struct ipv6_address *prefix,
                         unsigned prefix_length);
/* The routes, from number 0, in no order; NULL: past the last. table may be NULL. */
const struct route *routing_table_at(const struct routing_table *table, unsigned number);
/* NULL: no route. The route stays the table's and is valid until the next change. table may be NULL. */
const struct route *routing_table_lookup(const struct routing_table *table,
                                         const struct ipv6_address *destination);

#endif
