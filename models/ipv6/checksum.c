/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checksum.c - the Internet checksum with the IPv6 pseudo-header (RFC 8200, 8.1; RFC 4443, 2.3; RFC 6275,
 * 6.1.1).
 *
 * The one's complement sum does not care how the octets are grouped, nor, but for one swap at the end, in
 * which order they lie in a word (RFC 1071, 2). So octets are added in the machine's own order, carries are
 * folded back in at the end, and the result is stored the same way it was read: no octets are swapped until
 * then. The pseudo-header's length and next header are numbers, and are added as such when they have been.
 */
#include "models/ipv6/ipv6.h"

#include <string.h>

/* With the carry, which is worth 1 (RFC 1071, 2 (B)). */
static inline uint64_t add(uint64_t sum, uint64_t word)
{
    sum += word;
    return sum + (sum < word);
}

/* Two words a turn go into a sum each, so that additions need not wait for each other. What is left over is
 * read in pieces of fixed lengths: put together in memory first, it could only be read when all of its stores
 * are done. */
static uint64_t sum_octets(const uint8_t *octets, size_t length)
{
    uint64_t even = 0, odd = 0, word[2];
    for (; length >= 16; octets += 16, length -= 16) {
        memcpy(word, octets, 16);
        even = add(even, word[0]);
        odd = add(odd, word[1]);
    }
    if (length & 8) {
        memcpy(word, octets, 8);
        even = add(even, word[0]);
        octets += 8;
    }
    if (length & 4) {
        uint32_t half;
        memcpy(&half, octets, 4);
        odd = add(odd, half);
        octets += 4;
    }
    uint16_t pair = 0;
    if (length & 2) {
        memcpy(&pair, octets, 2);
        odd = add(odd, pair);
        octets += 2;
    }
    if (length & 1) {
        const uint8_t last[2] = {octets[0], 0}; /* a zero behind an odd octet, as the checksum wants */
        memcpy(&pair, last, 2);
        odd = add(odd, pair);
    }
    return add(even, odd);
}

static uint64_t sum_address(const struct ipv6_address *address)
{
    return add(address->words[0], address->words[1]);
}

static uint32_t fold(uint64_t sum)
{
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return (uint32_t)sum;
}

uint16_t ipv6_checksum(const struct ipv6_address *source, const struct ipv6_address *destination,
                       uint8_t next_header, const uint8_t *upper, size_t length)
{
    uint64_t addresses = add(sum_address(source), sum_address(destination));
    uint16_t folded = (uint16_t)fold(add(addresses, sum_octets(upper, length)));
    uint8_t in_order[2];
    memcpy(in_order, &folded, 2); /* the two octets as they belong on the wire */
    uint32_t octets = (uint32_t)(in_order[0] << 8 | in_order[1]);
    return (uint16_t)~fold((uint64_t)octets + length + next_header);
}

int ipv6_checksum_offset(uint8_t next_header)
{
    switch (next_header) {
    case NEXT_HEADER_ICMPV6:
        return 2;
    case NEXT_HEADER_MOBILITY:
        return 4;
    case NEXT_HEADER_UDP:
        return 6;
    default:
        return -1;
    }
}
