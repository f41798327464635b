/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message_kind.c - see message_kind.h, whose list is expanded into one table here.
 */
#include "sim/scenario/message_kind.h"

#include <glib.h>

#include "models/ipv6/ipv6.h"

#define MOBILITY_TYPE_AT 2 /* in the Mobility Header (RFC 6275, 6.1.1) */

static const struct {
    const char *name, *abbreviation;
    int protocol, type;
} kinds[] = {
#define X(name, text, abbreviation, protocol, type) {text, abbreviation, protocol, type},
    MESSAGE_KINDS(X)
#undef X
};

const char *const message_kind_words[] = {
#define X(name, text, abbreviation, protocol, type) text, abbreviation ? abbreviation : text,
    MESSAGE_KINDS(X)
#undef X
        NULL,
};

enum message_kind message_kind_find(const char *name)
{
    for (unsigned i = 0; i < MESSAGE_KIND_COUNT; i++)
        if (g_ascii_strcasecmp(name, kinds[i].name) == 0 ||
            (kinds[i].abbreviation && g_ascii_strcasecmp(name, kinds[i].abbreviation) == 0))
            return (enum message_kind)i;
    return MESSAGE_KIND_COUNT;
}

enum message_kind message_kind_of(unsigned protocol, const uint8_t *octets, unsigned length)
{
    unsigned at = protocol == NEXT_HEADER_MOBILITY ? MOBILITY_TYPE_AT : 0;
    int type = length > at ? octets[at] : -1;
    for (unsigned i = 0; i < MESSAGE_OTHER; i++)
        if (kinds[i].protocol == (int)protocol && (kinds[i].type == type || kinds[i].type < 0))
            return (enum message_kind)i;
    return MESSAGE_OTHER;
}

const char *message_kind_name(enum message_kind kind)
{
    return kinds[kind].name;
}
