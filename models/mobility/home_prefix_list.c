/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_prefix_list.c - see home_prefix_list.h (RFC 6275, 10.6.1, 10.6.2; RFC 4861, 6.2.1).
 *
 * A router advertises a lifetime either as a value that stays the same or as one that runs down, and the
 * list has to tell both from a change. What is heard counts as unchanged if it is the value told before, or
 * if it leads to the same end, give or take CLOCK_TOLERANCE (lifetimes are whole seconds, and links have
 * delays).
 */
#include "models/mobility/home_prefix_list.h"

#define CLOCK_TOLERANCE SECONDS(2)

static time_ns end_of(uint32_t seconds, time_ns now)
{
    return seconds == UINT32_MAX ? TIME_NEVER : time_add(now, SECONDS(seconds));
}

static time_ns remaining(const struct home_prefix *prefix, uint32_t lifetime, time_ns until, time_ns now)
{
    if (prefix->fixed)
        return lifetime == UINT32_MAX ? TIME_NEVER : SECONDS(lifetime);
    return until == TIME_NEVER ? TIME_NEVER : until > now ? until - now : 0;
}

time_ns home_prefix_valid(const struct home_prefix *prefix, time_ns now)
{
    return remaining(prefix, prefix->valid_lifetime, prefix->valid_until, now);
}

time_ns home_prefix_preferred(const struct home_prefix *prefix, time_ns now)
{
    return remaining(prefix, prefix->preferred_lifetime, prefix->preferred_until, now);
}

static struct home_prefix *find_exactly(struct home_prefix_list *list, const struct ipv6_address *prefix,
                                        unsigned length)
{
    for (unsigned i = 0; i < list->count; i++)
        if (list->prefixes[i].length == length &&
            ipv6_prefix_match(&list->prefixes[i].prefix, prefix, length))
            return &list->prefixes[i];
    return NULL;
}

static void forget_expired(struct home_prefix_list *list, time_ns now)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < list->count; i++)
        if (list->prefixes[i].own || home_prefix_valid(&list->prefixes[i], now) > 0)
            list->prefixes[kept++] = list->prefixes[i];
    list->count = kept;
}

const struct home_prefix *home_prefix_list_find(const struct home_prefix_list *list,
                                                const struct ipv6_address *address, time_ns now)
{
    for (unsigned i = 0; i < list->count; i++)
        if (ipv6_prefix_match(&list->prefixes[i].prefix, address, list->prefixes[i].length) &&
            home_prefix_valid(&list->prefixes[i], now) > 0)
            return &list->prefixes[i];
    return NULL;
}

/* ---- changes ---- */

static bool is_same_end(time_ns a, time_ns b)
{
    if (a == TIME_NEVER || b == TIME_NEVER)
        return a == b;
    return (a > b ? a - b : b - a) <= CLOCK_TOLERANCE;
}

static bool lifetimes_changed(const struct home_prefix *before, const struct home_prefix *after)
{
    bool same_valid = before->valid_lifetime == after->valid_lifetime ||
                      is_same_end(before->valid_until, after->valid_until);
    bool same_preferred = before->preferred_lifetime == after->preferred_lifetime ||
                          is_same_end(before->preferred_until, after->preferred_until);
    return !same_valid || !same_preferred;
}

/* Over the entry for the same prefix, or as a new one if there is room. True: news for mobile nodes. */
static bool store(struct home_prefix_list *list, const struct home_prefix *prefix)
{
    struct home_prefix *known = find_exactly(list, &prefix->prefix, prefix->length);
    if (!known) {
        if (list->count == HOME_PREFIXES_MAX)
            return false;
        list->prefixes[list->count++] = *prefix;
        return true;
    }
    bool changed = known->on_link != prefix->on_link || known->autonomous != prefix->autonomous ||
                   known->fixed != prefix->fixed || !ipv6_address_equal(&known->address, &prefix->address) ||
                   lifetimes_changed(known, prefix);
    *known = *prefix;
    return changed;
}

static struct home_prefix from_router_prefix(const struct router_prefix *from, time_ns now)
{
    bool fixed = from->valid_until == 0 && from->preferred_until == 0;
    uint32_t valid = router_prefix_valid(from, now), preferred = router_prefix_preferred(from, now);
    return (struct home_prefix){
        .prefix = ipv6_prefix_of(&from->prefix, from->length),
        .address = from->router_address ? from->prefix : ipv6_unspecified,
        .valid_until = from->valid_until != 0 ? from->valid_until : end_of(valid, now),
        .preferred_until = from->preferred_until != 0 ? from->preferred_until : end_of(preferred, now),
        .valid_lifetime = valid,
        .preferred_lifetime = preferred,
        .length = from->length,
        .own = true,
        .fixed = fixed,
        .on_link = from->on_link,
        .autonomous = from->autonomous,
    };
}

bool home_prefix_list_configure(struct home_prefix_list *list, const struct router_prefix *prefixes,
                                unsigned count, time_ns now)
{
    bool changed = false, was_own[HOME_PREFIXES_MAX];
    unsigned before = list->count;
    for (unsigned i = 0; i < before; i++) {
        was_own[i] = list->prefixes[i].own;
        list->prefixes[i].own = false;
    }
    for (unsigned i = 0; i < count; i++) {
        struct home_prefix prefix = from_router_prefix(&prefixes[i], now);
        changed |= store(list, &prefix);
    }
    /* One that the operator has taken back is nobody's, until another router is heard to advertise it. */
    for (unsigned i = 0; i < before; i++) {
        struct home_prefix *prefix = &list->prefixes[i];
        if (!was_own[i] || prefix->own)
            continue;
        *prefix = (struct home_prefix){.length = prefix->length, .prefix = prefix->prefix};
        changed = true;
    }
    forget_expired(list, now);
    return changed;
}

bool home_prefix_list_heard(struct home_prefix_list *list,
                            const struct received_router_advertisement *advertisement, time_ns now)
{
    bool changed = false;
    forget_expired(list, now);
    for (unsigned i = 0; i < advertisement->prefix_count; i++) {
        const struct advertised_prefix *from = &advertisement->prefixes[i];
        const struct home_prefix *known = find_exactly(list, &from->prefix, from->length);
        if ((known && known->own) || (!known && from->valid_lifetime == 0) ||
            ipv6_address_is_link_local(&from->prefix) || from->preferred_lifetime > from->valid_lifetime)
            continue;
        const struct home_prefix prefix = {
            .prefix = ipv6_prefix_of(&from->prefix, from->length),
            .valid_until = end_of(from->valid_lifetime, now),
            .preferred_until = end_of(from->preferred_lifetime, now),
            .valid_lifetime = from->valid_lifetime,
            .preferred_lifetime = from->preferred_lifetime,
            .length = from->length,
            .on_link = from->on_link,
            .autonomous = from->autonomous,
        };
        changed |= store(list, &prefix);
    }
    return changed;
}

/* ---- telling ---- */

static uint32_t whole_seconds(time_ns duration)
{
    return duration == TIME_NEVER || duration / SECONDS(1) >= UINT32_MAX ? UINT32_MAX
                                                                         : (uint32_t)(duration / SECONDS(1));
}

unsigned home_prefix_list_tell(const struct home_prefix_list *list, struct advertised_prefix *told,
                               time_ns now)
{
    unsigned count = 0;
    for (unsigned i = 0; i < list->count; i++) {
        const struct home_prefix *prefix = &list->prefixes[i];
        bool has_address = !ipv6_address_is_unspecified(&prefix->address);
        if (!prefix->own && home_prefix_valid(prefix, now) == 0)
            continue;
        told[count++] = (struct advertised_prefix){
            .prefix = has_address ? prefix->address : prefix->prefix,
            .valid_lifetime = whole_seconds(home_prefix_valid(prefix, now)),
            .preferred_lifetime = whole_seconds(home_prefix_preferred(prefix, now)),
            .length = prefix->length,
            .on_link = prefix->on_link,
            .autonomous = prefix->autonomous,
            .router_address = has_address,
        };
    }
    return count;
}
