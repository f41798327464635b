/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * eavesdropper.c - see eavesdropper.h.
 *
 * One loop over headers. An inner IPv6 header begins a new packet: what was learnt of the outer one's home
 * addresses is forgotten, since it concerns the tunnel and not what is said in it. Decryption leaves the
 * octets of each depth where they are, so that pointers into them stay good.
 */
#include "models/attack/eavesdropper.h"

#include "models/base/cursor.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"

/* Headers of one packet, all depths counted: more are an attack on the eavesdropper. */
#define HEADERS_MAX 64

struct reading {
    struct eavesdropper *eavesdropper;
    struct overheard *overheard;
    struct cursor cursor; /* behind the headers read */
    uint8_t next_header;
    uint8_t depth;
};

static bool read_ipv6(struct reading *reading)
{
    struct overheard *overheard = reading->overheard;
    struct cursor *c = &reading->cursor;
    const uint8_t *start = c->position;
    uint8_t version = cursor_get8(c) >> 4;
    cursor_skip(c, 3);
    size_t payload = cursor_get16(c);
    reading->next_header = cursor_get8(c);
    cursor_skip(c, 1);
    cursor_get(c, overheard->wire_source.octets, 16);
    cursor_get(c, overheard->wire_destination.octets, 16);
    if (c->failed || version != 6 || payload > cursor_left(c))
        return false;
    c->end = c->position + payload;
    overheard->inner = start;
    overheard->inner_length = IPV6_HEADER_LENGTH + payload;
    overheard->source = overheard->wire_source;
    overheard->destination = overheard->wire_destination;
    overheard->has_home_address = overheard->has_type_2_routing = false;
    return true;
}

/* Options in [position, end) of the cursor, which is the header's own (RFC 8200, 4.2). */
static void read_options(struct overheard *overheard, struct cursor c)
{
    while (cursor_left(&c) > 0) {
        uint8_t type = cursor_get8(&c);
        if (type == OPTION_PAD1)
            continue;
        uint8_t length = cursor_get8(&c);
        const uint8_t *value = cursor_take(&c, length);
        if (value && type == OPTION_HOME_ADDRESS && length == 16) {
            overheard->source = ipv6_address_read(value);
            overheard->has_home_address = true;
        }
    }
}

static void read_routing(struct overheard *overheard, struct cursor c)
{
    uint8_t type = cursor_get8(&c), left = cursor_get8(&c);
    cursor_skip(&c, 4);
    const uint8_t *address = cursor_take(&c, 16);
    if (address && type == 2 && left == 1) {
        overheard->destination = ipv6_address_read(address);
        overheard->has_type_2_routing = true;
    }
}

/* Hop-by-Hop or Destination Options, Routing: the next header, and a cursor over the rest of this one. */
static bool read_extension_header(struct reading *reading, struct cursor *inside)
{
    struct cursor *c = &reading->cursor;
    uint8_t next_header = cursor_get8(c);
    size_t length = (cursor_get8(c) + 1u) * 8;
    const uint8_t *rest = cursor_take(c, length - 2);
    if (!rest)
        return false;
    reading->next_header = next_header;
    *inside = cursor_over(rest, length - 2);
    return true;
}

/* A fragment that is not the first has no header behind it. */
static bool read_fragment(struct reading *reading)
{
    struct cursor *c = &reading->cursor;
    uint8_t next_header = cursor_get8(c);
    cursor_skip(c, 1);
    uint16_t offset = cursor_get16(c) & 0xfff8;
    cursor_skip(c, 4);
    if (c->failed || offset != 0)
        return false;
    reading->next_header = next_header;
    return true;
}

static struct security_association *association_of(const struct eavesdropper *eavesdropper, uint32_t spi)
{
    struct security_association *association = eavesdropper->associations;
    while (association && association->spi != spi)
        association = association->next;
    return association;
}

/* On with what was inside, if the key is known. */
static bool open_esp(struct reading *reading)
{
    struct eavesdropper *eavesdropper = reading->eavesdropper;
    size_t length = cursor_left(&reading->cursor), payload_length;
    const uint8_t *esp = reading->cursor.position;
    if (!eavesdropper->engine || reading->depth >= EAVESDROPPER_DEPTH_MAX || length < ESP_HEADER_LENGTH ||
        length > EAVESDROPPER_SCRATCH)
        return false;
    struct cursor c = cursor_over(esp, length);
    struct security_association *known = association_of(eavesdropper, cursor_get32(&c));
    if (!known)
        return false;
    /* Somebody who listens does not care whether it has been said before. */
    struct security_association association = *known;
    association.sequence = 0;
    association.window = 0;
    uint8_t *scratch = eavesdropper->scratch[reading->depth++];
    if (esp_decapsulate(eavesdropper->engine, &association, esp, length, scratch, &payload_length,
                        &reading->next_header) != DISCARD_NONE)
        return false;
    reading->cursor = cursor_over(scratch, payload_length);
    return true;
}

/* True: there is another header to read, of protocol next_header. */
static bool read_header(struct reading *reading)
{
    struct overheard *overheard = reading->overheard;
    struct cursor inside;
    switch (reading->next_header) {
    case NEXT_HEADER_HOP_BY_HOP:
        return read_extension_header(reading, &inside);
    case NEXT_HEADER_DESTINATION_OPTIONS:
        if (!read_extension_header(reading, &inside))
            return false;
        read_options(overheard, inside);
        overheard->plain &= !overheard->has_home_address;
        return true;
    case NEXT_HEADER_ROUTING:
        overheard->plain = false;
        if (!read_extension_header(reading, &inside))
            return false;
        read_routing(overheard, inside);
        return true;
    case NEXT_HEADER_FRAGMENT:
        return read_fragment(reading);
    case NEXT_HEADER_ESP:
        overheard->plain = false;
        overheard->esp = true;
        return open_esp(reading);
    case NEXT_HEADER_IPV6:
        overheard->plain = false;
        overheard->tunnelled = true;
        if (reading->depth >= EAVESDROPPER_DEPTH_MAX)
            return false;
        reading->depth++;
        return read_ipv6(reading);
    default:
        return false;
    }
}

static uint8_t kind_of(struct overheard *overheard)
{
    size_t pointer;
    switch (overheard->protocol) {
    case NEXT_HEADER_MOBILITY:
        if (mobility_message_read(overheard->upper, overheard->upper_length, &overheard->message, &pointer) ==
            DISCARD_NONE)
            return overheard->message.type;
        return ATTACK_OTHER;
    case NEXT_HEADER_UDP:
        return ATTACK_UDP;
    case NEXT_HEADER_ICMPV6:
        if (overheard->upper_length >= ICMPV6_ECHO_HEADER_LENGTH &&
            overheard->upper[0] == ICMPV6_ECHO_REQUEST)
            return ATTACK_ECHO_REQUEST;
        if (overheard->upper_length >= ICMPV6_ERROR_HEADER_LENGTH &&
            icmpv6_type_is_error(overheard->upper[0]))
            return ATTACK_ICMP_ERROR;
        return ATTACK_OTHER;
    case NEXT_HEADER_ESP:
        return ATTACK_ESP;
    default:
        return ATTACK_OTHER;
    }
}

bool eavesdropper_read(struct eavesdropper *eavesdropper, const uint8_t *octets, size_t length,
                       struct overheard *overheard)
{
    *overheard = (struct overheard){.octets = octets, .plain = true};
    struct reading reading = {
        .eavesdropper = eavesdropper, .overheard = overheard, .cursor = cursor_over(octets, length)};
    if (!read_ipv6(&reading))
        return false;
    overheard->length = (size_t)(reading.cursor.end - reading.cursor.start);
    overheard->outer_source = overheard->wire_source;
    overheard->outer_destination = overheard->wire_destination;
    for (unsigned headers = 0; headers < HEADERS_MAX && read_header(&reading); headers++)
        ;
    overheard->protocol = reading.next_header;
    overheard->upper = reading.cursor.position;
    overheard->upper_length = cursor_left(&reading.cursor);
    overheard->kind = kind_of(overheard);
    overheard->plain &= overheard->protocol != NEXT_HEADER_MOBILITY;
    return true;
}
