/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * policy.c - see policy.h: the entries, in the order in which they are tried, and the home addresses they
 * are for.
 *
 * Selectors are those of RFC 4877, 4.1 to 4.4, which knows the types of Mobility Header and ICMPv6
 * messages; RFC 3776 had to protect every Mobility Header message, and all ICMPv6, between the two. Both
 * home test messages are protected both ways: a mobile node that is another's correspondent gets Home Test
 * Init through the tunnel and sends Home Test.
 *
 * In the tunnel a fragment of a Mobility Header is discarded if its type cannot be told, since it might be
 * a home test that is to be kept secret (RFC 4301, 7; no message of RFC 6275 needs to be fragmented). ESP
 * and AH in the tunnel are not put under ESP again (RFC 3776, 5.2.4).
 *
 * What no entry fits is bypassed: the database is about the traffic between a mobile node and its home
 * agent and nothing else (RFC 6275, 5.1 to 5.5).
 */
#include "models/ipsec/policy.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipv6/ipv6.h"

#define BUCKETS_LEAST 1u

/* 6.1.3, 6.1.5, 6.1.7, 6.1.8 and 6.7, 6.8 of RFC 6275 */
enum {
    HOME_TEST_INIT = 1,
    HOME_TEST = 3,
    BINDING_UPDATE = 5,
    BINDING_ACKNOWLEDGEMENT = 6,
    MOBILE_PREFIX_SOLICITATION = 146,
    MOBILE_PREFIX_ADVERTISEMENT = 147,
};

#define TO           (1u << TO_HOME_AGENT)
#define FROM         (1u << FROM_HOME_AGENT)
#define BOTH         (TO | FROM)
#define ANY_TYPE     (-2)
#define ANY_PROTOCOL (-1)

struct policy_entry {
    bool tunnel;  /* of what enters or leaves the tunnel, else of what does not */
    bool payload; /* only where payload is protected */
    uint8_t directions;
    int16_t protocol;
    int16_t type;
    enum policy_action action;
};

static const struct policy_entry entries[] = {
    /* Binding Updates and Acknowledgements (RFC 6275, 5.1), prefix discovery (5.4) */
    {false, false, TO, NEXT_HEADER_MOBILITY, BINDING_UPDATE, POLICY_PROTECT},
    {false, false, FROM, NEXT_HEADER_MOBILITY, BINDING_ACKNOWLEDGEMENT, POLICY_PROTECT},
    {false, false, TO, NEXT_HEADER_ICMPV6, MOBILE_PREFIX_SOLICITATION, POLICY_PROTECT},
    {false, false, FROM, NEXT_HEADER_ICMPV6, MOBILE_PREFIX_ADVERTISEMENT, POLICY_PROTECT},
    /* Home Test Init and Home Test (10.4.6) */
    {true, false, BOTH, NEXT_HEADER_MOBILITY, HOME_TEST_INIT, POLICY_PROTECT},
    {true, false, BOTH, NEXT_HEADER_MOBILITY, HOME_TEST, POLICY_PROTECT},
    {true, false, BOTH, NEXT_HEADER_MOBILITY, TYPE_OPAQUE, POLICY_DISCARD},
    /* Payload (5.5) */
    {true, true, BOTH, NEXT_HEADER_ESP, ANY_TYPE, POLICY_BYPASS},
    {true, true, BOTH, NEXT_HEADER_AH, ANY_TYPE, POLICY_BYPASS},
    {true, true, BOTH, ANY_PROTOCOL, ANY_TYPE, POLICY_PROTECT},
};

#define ENTRY_COUNT (sizeof(entries) / sizeof(entries[0]))

struct policy_selectors policy_selectors_of(uint8_t protocol, const uint8_t *upper, size_t length)
{
    struct policy_selectors selectors = {protocol, TYPE_OPAQUE};
    size_t type_at = protocol == NEXT_HEADER_MOBILITY ? 2 : 0;
    bool typed = protocol == NEXT_HEADER_MOBILITY || protocol == NEXT_HEADER_ICMPV6;
    if (typed && length > type_at)
        selectors.type = upper[type_at];
    return selectors;
}

enum policy_action policy_lookup(bool tunnel, enum policy_direction direction,
                                 struct policy_selectors selectors, bool payload)
{
    for (size_t i = 0; i < ENTRY_COUNT; i++) {
        const struct policy_entry *entry = &entries[i];
        if (entry->tunnel == tunnel && (!entry->payload || payload) && (entry->directions >> direction & 1) &&
            (entry->protocol == ANY_PROTOCOL || entry->protocol == selectors.protocol) &&
            (entry->type == ANY_TYPE || entry->type == selectors.type))
            return entry->action;
    }
    return POLICY_BYPASS;
}

/* -- the database -- */

static struct protection **bucket_of(const struct policy_database *database,
                                     const struct ipv6_address *home_address)
{
    return &database->buckets[ipv6_address_hash(home_address) & (database->bucket_count - 1)];
}

static void link_protection(struct policy_database *database, struct protection *protection)
{
    struct protection **bucket = bucket_of(database, &protection->home_address);
    protection->next = *bucket;
    *bucket = protection;
}

static int grow(struct policy_database *database)
{
    if (database->count < database->bucket_count)
        return 0;
    struct policy_database bigger = {
        .bucket_count = database->bucket_count ? 2 * database->bucket_count : BUCKETS_LEAST,
        .count = database->count,
    };
    bigger.buckets = calloc(bigger.bucket_count, sizeof(struct protection *));
    if (!bigger.buckets)
        return ERROR_MEMORY;
    for (uint32_t i = 0; i < database->bucket_count; i++) {
        for (struct protection *protection = database->buckets[i], *next; protection; protection = next) {
            next = protection->next;
            link_protection(&bigger, protection);
        }
    }
    free(database->buckets);
    *database = bigger;
    return 0;
}

int policy_database_add(struct policy_database *database, struct protection *protection)
{
    if (policy_database_find(database, &protection->home_address, &protection->home_agent,
                             (enum ipsec_role)protection->role))
        return ERROR_EXISTS;
    int error = grow(database);
    if (error != 0)
        return error;
    link_protection(database, protection);
    database->count++;
    return 0;
}

struct protection *policy_database_find(const struct policy_database *database,
                                        const struct ipv6_address *home_address,
                                        const struct ipv6_address *home_agent, enum ipsec_role role)
{
    if (!database->buckets)
        return NULL;
    struct protection *protection = *bucket_of(database, home_address);
    while (protection &&
           !(protection->role == role && ipv6_address_equal(&protection->home_address, home_address) &&
             (!home_agent || ipv6_address_equal(&protection->home_agent, home_agent))))
        protection = protection->next;
    return protection;
}

void policy_database_remove(struct policy_database *database, struct protection *protection)
{
    struct protection **link = bucket_of(database, &protection->home_address);
    while (*link != protection)
        link = &(*link)->next;
    *link = protection->next;
    database->count--;
}

void policy_database_free(struct policy_database *database)
{
    for (uint32_t i = 0; i < database->bucket_count; i++) {
        for (struct protection *protection = database->buckets[i], *next; protection; protection = next) {
            next = protection->next;
            free(protection);
        }
    }
    free(database->buckets);
    *database = (struct policy_database){.buckets = NULL};
}
