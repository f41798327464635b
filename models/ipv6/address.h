/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address.h - IPv6 addresses and Ethernet addresses (RFC 4291, RFC 2464, RFC 2526).
 */
#ifndef MIP6SIM_MODELS_IPV6_ADDRESS_H
#define MIP6SIM_MODELS_IPV6_ADDRESS_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Octets in network order. `words` are for comparing and hashing only: their value depends on the machine. */
struct ipv6_address {
    union {
        uint8_t octets[16];
        uint64_t words[2];
    };
};

#define ETHERNET_ADDRESS_LENGTH 6

struct ethernet_address {
    uint8_t octets[ETHERNET_ADDRESS_LENGTH];
};

extern const struct ipv6_address ipv6_unspecified;      /* :: */
extern const struct ipv6_address ipv6_all_nodes;        /* ff02::1 */
extern const struct ipv6_address ipv6_all_routers;      /* ff02::2 */

static inline bool ipv6_address_equal(const struct ipv6_address *a, const struct ipv6_address *b)
{
    return ((a->words[0] ^ b->words[0]) | (a->words[1] ^ b->words[1])) == 0;
}

static inline bool ipv6_address_is_unspecified(const struct ipv6_address *a)
{
    return (a->words[0] | a->words[1]) == 0;
}

static inline bool ipv6_address_is_multicast(const struct ipv6_address *a)
{
    return a->octets[0] == 0xff;
}

/* Well spread in all 64 bits. It depends on the machine: never let it show in an order. */
static inline uint64_t ipv6_address_hash(const struct ipv6_address *a)
{
    uint64_t hash = a->words[0] * UINT64_C(0x9e3779b97f4a7c15) + a->words[1];
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    return hash ^ hash >> 32;
}

/* fe80::/10 */
static inline bool ipv6_address_is_link_local(const struct ipv6_address *a)
{
    return a->octets[0] == 0xfe && (a->octets[1] & 0xc0) == 0x80;
}

/* Multicast of interface-local or link-local scope (RFC 4291, 2.7). */
static inline bool ipv6_address_is_link_scope_multicast(const struct ipv6_address *a)
{
    return a->octets[0] == 0xff && (a->octets[1] & 0x0f) <= 2;
}

bool ipv6_address_is_loopback(const struct ipv6_address *a);

/* What a home or care-of address must be: unicast routable, so neither unspecified, loopback, link-local,
 * multicast nor IPv4-mapped (RFC 6275, 6.1.7, 9.5.1). */
bool ipv6_address_is_unicast_routable(const struct ipv6_address *a);

static inline struct ipv6_address ipv6_address_read(const void *octets)
{
    struct ipv6_address a;
    memcpy(a.octets, octets, 16);
    return a;
}

/* The first `length` bits (0..128) of both are the same. */
static inline bool ipv6_prefix_match(const struct ipv6_address *a, const struct ipv6_address *b,
                                     unsigned length)
{
    uint64_t high = be64toh(a->words[0] ^ b->words[0]);
    if (length <= 64)
        return length == 0 || high >> (64 - length) == 0;
    return high == 0 && be64toh(a->words[1] ^ b->words[1]) >> (128 - length) == 0;
}

/* The address with all bits behind the first `length` cleared. */
struct ipv6_address ipv6_prefix_of(const struct ipv6_address *a, unsigned length);
/* The first 64 bits of prefix, the last 64 of identifier. */
struct ipv6_address ipv6_address_join(const struct ipv6_address *prefix,
                                      const struct ipv6_address *identifier);
/* Number of leading bits in common, 0..128. */
unsigned ipv6_common_prefix_length(const struct ipv6_address *a, const struct ipv6_address *b);

/* fe80:: and the EUI-64 identifier */
struct ipv6_address ipv6_link_local_from(const struct ethernet_address *mac);
/* ::identifier (RFC 2464, 4) */
struct ipv6_address ipv6_eui64_from(const struct ethernet_address *mac);
/* ff02::1:ffXX:XXXX (RFC 4291, 2.7.1) */
struct ipv6_address ipv6_solicited_node(const struct ipv6_address *a);
/* RFC 2526; prefix of 64 bits */
struct ipv6_address ipv6_home_agents_anycast(const struct ipv6_address *prefix);

struct ethernet_address ethernet_multicast_of(const struct ipv6_address *group); /* 33:33:... (RFC 2464, 7) */

static inline bool ethernet_address_equal(const struct ethernet_address *a, const struct ethernet_address *b)
{
    return memcmp(a->octets, b->octets, ETHERNET_ADDRESS_LENGTH) == 0;
}

static inline bool ethernet_address_is_multicast(const struct ethernet_address *a)
{
    return (a->octets[0] & 1) != 0;
}

#endif
