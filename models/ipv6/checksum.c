/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checksum.c - the Internet checksum with the IPv6 pseudo-header (RFC 8200, 8.1; RFC 4443, 2.3; RFC 6275,
 * 6.1.1).
 *
 * The one's complement sum does not care how the octets are grouped, nor, but for one swap at the end, in
 * which order they lie in a word (RFC 1071, 2). So octets are added in the machine's own order, carries are
 * folded back in at the end, and the result is stored the same way it was read: no octets are swapped until
 * then.
 */
#include "models/ipv6/ipv6.h"

#include <string.h>

/* Halves of 32 bits go into sums of 64, two of each a turn, so that additions need not wait for each other.
 * Nothing shorter than 2^32 such halves can overflow them, and a packet has some ten thousand. */
static uint64_t sum_octets(const uint8_t *octets, size_t length)
{
    uint64_t low = 0, high = 0, more_low = 0, more_high = 0, word[2];
    for (; length >= 16; octets += 16, length -= 16) {
        memcpy(word, octets, 16);
        low += (uint32_t)word[0];
        high += word[0] >> 32;
        more_low += (uint32_t)word[1];
        more_high += word[1] >> 32;
    }
    if (length > 0) {
        memset(word, 0, sizeof(word)); /* zeros behind an odd octet, as the checksum wants */
        memcpy(word, octets, length);
        low += (uint32_t)word[0];
        high += word[0] >> 32;
        more_low += (uint32_t)word[1];
        more_high += word[1] >> 32;
    }
    return low + high + more_low + more_high;
}

uint16_t ipv6_checksum(const struct ipv6_address *source, const struct ipv6_address *destination,
                       uint8_t next_header, const uint8_t *upper, size_t length)
{
    const uint8_t last_words[8] = {
        (uint8_t)(length >> 24),
        (uint8_t)(length >> 16),
        (uint8_t)(length >> 8),
        (uint8_t)length,
        0,
        0,
        0,
        next_header,
    };
    uint64_t sum = sum_octets(source->octets, 16) + sum_octets(destination->octets, 16) +
                   sum_octets(last_words, sizeof(last_words)) + sum_octets(upper, length);

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
