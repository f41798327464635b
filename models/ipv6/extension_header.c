/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * extension_header.c - skipping extension headers (RFC 8200, 4.1 to 4.6; AH's length, RFC 4302, counts in
 * units of four).
 */
#include "models/ipv6/extension_header.h"

#include "models/base/cursor.h"
#include "models/ipv6/ipv6.h"

/* The offset of the limit's value in a Destination Options header of `length` octets at `at`; 0: it holds
 * none. */
static size_t find_encapsulation_limit(const uint8_t *octets, size_t at, size_t length)
{
    struct cursor c = cursor_over(octets + at + 2, length - 2);
    while (cursor_left(&c) > 0) {
        uint8_t type = cursor_get8(&c);
        if (type == OPTION_PAD1)
            continue;
        uint8_t option_length = cursor_get8(&c);
        size_t value_at = at + 2 + cursor_offset(&c);
        if (cursor_take(&c, option_length) && type == OPTION_TUNNEL_ENCAPSULATION_LIMIT && option_length == 1)
            return value_at;
    }
    return 0;
}

static size_t header_length(uint8_t protocol, const uint8_t *header)
{
    switch (protocol) {
    case NEXT_HEADER_FRAGMENT:
        return 8;
    case NEXT_HEADER_AH:
        return ((size_t)header[1] + 2) * 4;
    default:
        return ((size_t)header[1] + 1) * 8;
    }
}

static bool is_extension_header(uint8_t protocol)
{
    return protocol == NEXT_HEADER_HOP_BY_HOP || protocol == NEXT_HEADER_DESTINATION_OPTIONS ||
           protocol == NEXT_HEADER_ROUTING || protocol == NEXT_HEADER_FRAGMENT || protocol == NEXT_HEADER_AH;
}

struct extension_chain extension_chain_walk(const uint8_t *octets, size_t length, size_t offset,
                                            uint8_t next_header)
{
    struct extension_chain chain = {.offset = offset, .next_header = next_header};
    while (is_extension_header(chain.next_header) && !chain.fragmented) {
        if (chain.offset + 8 > length)
            return chain;
        const uint8_t *header = octets + chain.offset;
        size_t header_octets = header_length(chain.next_header, header);
        if (chain.offset + header_octets > length)
            return chain;
        if (chain.next_header == NEXT_HEADER_DESTINATION_OPTIONS && chain.encapsulation_limit_at == 0)
            chain.encapsulation_limit_at = find_encapsulation_limit(octets, chain.offset, header_octets);
        if (chain.next_header == NEXT_HEADER_FRAGMENT) {
            chain.fragmented = (header[2] << 8 | (header[3] & 0xf8)) != 0;
            chain.more_fragments = (header[3] & 1) != 0;
        }
        chain.next_header = header[0];
        chain.offset += header_octets;
    }
    chain.complete = !chain.fragmented;
    return chain;
}

struct extension_chain extension_chain_of_packet(const uint8_t *packet, size_t length)
{
    return extension_chain_walk(packet, length, IPV6_HEADER_LENGTH, packet[IPV6_AT_NEXT_HEADER]);
}
