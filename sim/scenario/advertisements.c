/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * advertisements.c - what a LAN's Router Advertisements say must agree with itself (RFC 4861, 6.2.1), in the
 * scenario as well as after each change of the timeline or of an order.
 */
#include "sim/scenario/scenario.h"

#include <string.h>

#include "sim/engine/duration.h"

#define LIFETIME_LONGEST 9000 /* seconds: AdvDefaultLifetime */
#define GAP_LONGEST      SECONDS(3)

void scenario_advertisements_settle(struct scenario_advertisements *advertisements)
{
    time_ns longest = advertisements->max_interval;
    if (!advertisements->gap_given)
        advertisements->min_delay_between = MIN(advertisements->min_interval, GAP_LONGEST);
    if (!advertisements->lifetime_given)
        advertisements->router_lifetime =
            (uint16_t)MIN((3 * longest + SECONDS(1) - 1) / SECONDS(1), LIFETIME_LONGEST);
}

const char *scenario_advertisements_judge(const struct scenario_advertisements *advertisements,
                                          char **complaint)
{
    char text[2][DURATION_TEXT_SIZE];
    *complaint = NULL;
    if (advertisements->router_lifetime &&
        SECONDS(advertisements->router_lifetime) < advertisements->max_interval) {
        *complaint = g_strdup_printf(
            "%s is less than the longest interval between advertisements, %s (RFC 4861, 6.2.1)",
            duration_format(SECONDS(advertisements->router_lifetime), text[0]),
            duration_format(advertisements->max_interval, text[1]));
        return "router-lifetime";
    }
    if (advertisements->prefix_preferred_lifetime > advertisements->prefix_valid_lifetime) {
        *complaint = g_strdup("it is longer than prefix-valid-lifetime (RFC 4861, 6.2.1)");
        return "prefix-preferred-lifetime";
    }
    return NULL;
}

/* -- changes -- */

bool scenario_change_is_of_advertisements(const struct scenario_change *change)
{
    size_t first = offsetof(struct scenario_link, advertisements);
    return change->offset >= first && change->offset < first + sizeof(struct scenario_advertisements);
}

void scenario_link_change(struct scenario_link *link, const struct scenario_change *change)
{
    memcpy((char *)link + change->offset, change->value, change->size);
    if (change->both_directions)
        memcpy((char *)&link->backward + (change->offset - offsetof(struct scenario_link, forward)),
               change->value, change->size);
    link->advertisements.lifetime_given |=
        change->offset == offsetof(struct scenario_link, advertisements.router_lifetime);
    link->advertisements.gap_given |=
        change->offset == offsetof(struct scenario_link, advertisements.min_delay_between);
    if (link->kind != SCENARIO_POINT_TO_POINT)
        scenario_advertisements_settle(&link->advertisements);
}
