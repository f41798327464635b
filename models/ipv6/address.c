/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * address.c - IPv6 and Ethernet addresses: what kinds there are and how one is made from another.
 *
 * RFC 4291, 2.4 to 2.7 (kinds, solicited-node address), RFC 2464, 4 and 7 (interface identifier, multicast
 * mapping), RFC 2526 (the home agents anycast address), RFC 6275, 6.1.7 and 9.5.1 (unicast routable).
 */
#include "models/ipv6/address.h"

const struct ipv6_address ipv6_unspecified = {.octets = {0}};
const struct ipv6_address ipv6_all_nodes = {.octets = {0xff, 0x02, [15] = 1}};
const struct ipv6_address ipv6_all_routers = {.octets = {0xff, 0x02, [15] = 2}};

static const uint8_t zeros[15];

bool ipv6_address_is_loopback(const struct ipv6_address *a)
{
    return a->octets[15] == 1 && memcmp(a->octets, zeros, 15) == 0;
}

/* ::ffff:0:0/96 (RFC 4291, 2.5.5.2) */
static bool is_ipv4_mapped(const struct ipv6_address *a)
{
    return memcmp(a->octets, zeros, 10) == 0 && a->octets[10] == 0xff && a->octets[11] == 0xff;
}

bool ipv6_address_is_unicast_routable(const struct ipv6_address *a)
{
    return !ipv6_address_is_multicast(a) && !ipv6_address_is_link_local(a) &&
           !ipv6_address_is_unspecified(a) && !ipv6_address_is_loopback(a) && !is_ipv4_mapped(a);
}

struct ipv6_address ipv6_prefix_of(const struct ipv6_address *a, unsigned length)
{
    struct ipv6_address prefix = *a;
    unsigned whole = length / 8, rest = length % 8;
    if (length == 64) { /* nearly always */
        memset(prefix.octets + 8, 0, 8);
        return prefix;
    }
    if (rest != 0) {
        prefix.octets[whole] &= (uint8_t)(0xff00 >> rest);
        whole++;
    }
    memset(prefix.octets + whole, 0, 16 - whole);
    return prefix;
}

struct ipv6_address ipv6_address_join(const struct ipv6_address *prefix,
                                      const struct ipv6_address *identifier)
{
    struct ipv6_address joined = *prefix;
    memcpy(joined.octets + 8, identifier->octets + 8, 8);
    return joined;
}

unsigned ipv6_common_prefix_length(const struct ipv6_address *a, const struct ipv6_address *b)
{
    unsigned i = 0;
    while (i < 16 && a->octets[i] == b->octets[i])
        i++;
    if (i == 16)
        return 128;
    return i * 8 + (unsigned)__builtin_clz((unsigned)(a->octets[i] ^ b->octets[i])) - 24;
}

struct ipv6_address ipv6_eui64_from(const struct ethernet_address *mac)
{
    struct ipv6_address identifier = ipv6_unspecified;
    identifier.octets[8] = mac->octets[0] ^ 0x02; /* the universal/local bit is inverted */
    identifier.octets[9] = mac->octets[1];
    identifier.octets[10] = mac->octets[2];
    identifier.octets[11] = 0xff;
    identifier.octets[12] = 0xfe;
    memcpy(identifier.octets + 13, mac->octets + 3, 3);
    return identifier;
}

struct ipv6_address ipv6_link_local_from(const struct ethernet_address *mac)
{
    struct ipv6_address address = ipv6_eui64_from(mac);
    address.octets[0] = 0xfe;
    address.octets[1] = 0x80;
    return address;
}

struct ipv6_address ipv6_solicited_node(const struct ipv6_address *a)
{
    struct ipv6_address group = {.octets = {0xff, 0x02, [11] = 1, [12] = 0xff}};
    memcpy(group.octets + 13, a->octets + 13, 3);
    return group;
}

/* RFC 2526, 2: identifiers of EUI-64 shape have the universal/local bit clear, then ones down to the anycast
 * identifier, which is 126 for home agents. */
struct ipv6_address ipv6_home_agents_anycast(const struct ipv6_address *prefix)
{
    static const uint8_t identifier[8] = {0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe};
    struct ipv6_address anycast = *prefix;
    memcpy(anycast.octets + 8, identifier, sizeof(identifier));
    return anycast;
}

struct ethernet_address ethernet_multicast_of(const struct ipv6_address *group)
{
    struct ethernet_address mac = {.octets = {0x33, 0x33}};
    memcpy(mac.octets + 2, group->octets + 12, 4);
    return mac;
}
