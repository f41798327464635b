/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checksum.c - the Internet checksum with the IPv6 pseudo-header (RFC 8200, 8.1; RFC 4443, 2.3; RFC 6275, 6.1.1).
 *
 * The one's complement sum does not care how the octets are grouped, nor, but for one swap at the end, in which order they lie
 * in a word (RFC 1071, 2). So octets are added eight at a time in the machine's own order, carries are folded back in, and
 * the result is stored the same way it was read: no byte is swapped at all until the very end.
 */
#include "models/ipv6/ipv6.h"

#include <string.h>

static inline uint64_t add_with_carry(uint64_t sum, uint64_t value)
{
    sum += value;
    return sum + (sum < value);
}

static uint64_t sum_octets(uint64_t sum, const uint8_t *octets, size_t length)
{
    uint64_t word;
    for (; length >= 8; octets += 8, length -= 8) {
        memcpy(&word, octets, 8);
        sum = add_with_carry(sum, word);
    }
    if (length > 0) {
        word = 0;
        memcpy(&word, octets, length); /* zeros behind an odd octet, as the checksum wants */
        sum = add_with_carry(sum, word);
    }
    return sum;
}

uint16_t ipv6_checksum(const struct ipv6_address *source, const struct ipv6_address *destination, uint8_t next_header,
                       const uint8_t *upper, size_t length)
{
    const uint8_t last_words[8] = {
        (uint8_t)(length >> 24), (uint8_t)(length >> 16), (uint8_t)(length >> 8), (uint8_t)length, 0, 0, 0, next_header,
    };
    uint64_t sum = sum_octets(0, source->octets, 16);
    sum = sum_octets(sum, destination->octets, 16);
    sum = sum_octets(sum, last_words, sizeof(last_words));
    sum = sum_octets(sum, upper, length);

    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffffffff) + (sum >> 32);
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);

    uint16_t folded = (uint16_t)~sum;
    uint8_t in_order[2];
    memcpy(in_order, &folded, 2); /* the two octets as they belong on the wire */
    return (uint16_t)(in_order[0] << 8 | in_order[1]);
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
