/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address_table.h - everything that a node looks up by (address, interface), in one hash per node: its own
 * addresses, the groups it has joined, the addresses it is proxy for, the duplicate detections it runs for
 * others, and the unsolicited advertisements it still has to repeat.
 *
 * Open addressing with linear probing, 32 octets an entry; deletion shifts back, so there are no tombstones.
 * It grows by half when three quarters are in use; a small one when one is left, because looking through it
 * costs nothing. A host on a point-to-point link holds one entry (72 octets), on a LAN four or five (200); a
 * home agent two per mobile node that is away, each found in constant time. Entries move when the table
 * changes: a pointer to one is good until the next address_table_add or address_table_remove.
 */
#ifndef MIP6SIM_MODELS_IPV6_ADDRESS_TABLE_H
#define MIP6SIM_MODELS_IPV6_ADDRESS_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "models/ipv6/address.h"

enum address_entry_kind {
    ADDRESS_ENTRY_FREE,          /* no entry */
    ADDRESS_ENTRY_UNICAST,       /* value: struct interface_address */
    ADDRESS_ENTRY_GROUP,         /* count: joins */
    ADDRESS_ENTRY_ANYCAST,       /* count: served so many times (say, Home-Agents anycast, RFC 2526) */
    ADDRESS_ENTRY_PROXY,         /* answered for (RFC 6275, 10.4.1) */
    ADDRESS_ENTRY_PROBE,         /* value: struct duplicate_probe under way */
    ADDRESS_ENTRY_ADVERTISEMENT, /* value: unsolicited advertisements being repeated (neighbor_discovery.c) */
};

struct address_entry {
    struct ipv6_address address;
    union {
        void *value;
        uint32_t count;
    };
    uint16_t interface; /* index */
    uint8_t kind;       /* enum address_entry_kind */
};

struct address_table {
    uint32_t count;
    uint32_t capacity; /* > count: there is always a free one */
    struct address_entry entries[];
};

/* Where a search begins, and where it goes on. The hash covers the address alone, so that a search for any
 * interface probes the same run of entries. */
static inline uint32_t address_table_home(const struct address_table *table,
                                          const struct ipv6_address *address)
{
    return (uint32_t)((ipv6_address_hash(address) & UINT32_MAX) * table->capacity >> 32);
}

static inline uint32_t address_table_after(const struct address_table *table, uint32_t at)
{
    return at + 1 == table->capacity ? 0 : at + 1;
}

#define ADDRESS_TABLE_ANY_INTERFACE 0xffffu

/*
 * NULL: none. Constant time. interface: index, or ADDRESS_TABLE_ANY_INTERFACE: the first that is found. table
 * may be NULL (empty).
 */
struct address_entry *address_table_find(const struct address_table *table,
                                         const struct ipv6_address *address, unsigned interface,
                                         enum address_entry_kind kind);

/* A new entry with value NULL, or the one there is. NULL: no memory. *table NULL: becomes a table. */
struct address_entry *address_table_add(struct address_table **table, const struct ipv6_address *address,
                                        unsigned interface, enum address_entry_kind kind);

void address_table_remove(struct address_table *table, struct address_entry *entry);

/* Frees the table, not what its entries point to. NULL is harmless. */
void address_table_free(struct address_table *table);

#endif
