/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys_links.c - what can be said about links: [lan], [access-lan], [point-to-point]. Parameters of routers
 * that belong to a link, such as what they advertise there, are the link's (RFC 4861, 6.2.1; RFC 6275, 7).
 */
#include "sim/scenario/keys_table.h"

#include "sim/engine/length.h"

#define LANS         (IN(SECTION_LAN) | IN(SECTION_ACCESS_LAN))
#define LINKS        (LANS | IN(SECTION_POINT_TO_POINT))
#define LINK(member) FIELD(scenario_link, member)

const struct scenario_key scenario_keys_of_links[] = {
    {LANS, "prefix", VALUE_PREFIX, .required = true, .least = 64, .most = 64, LINK(prefix),
     SECOND(scenario_link, prefix_length), .help = "Of all addresses on the link."},
    {IN(SECTION_POINT_TO_POINT), "between", VALUE_NAMES, .required = true, .refers = "two nodes",
     .help = "The two ends: A, B. Where one is a group there is a link to each of its nodes; where both "
             "are, pairwise."},
    {IN(SECTION_POINT_TO_POINT), "prefix", VALUE_PREFIX,
     .initial_note = "the next unused /64 of 2001:db8:f000::/36", .least = 64, .most = 127, LINK(prefix),
     SECOND(scenario_link, prefix_length),
     .help = "Of both ends' addresses; of a group's links the first one's, the others follow."},
    {LINKS, "delay", VALUE_DISTRIBUTION, .initial = "0s", .most = LONGEST, LINK(forward.delay),
     .help = "Propagation delay; a distribution is drawn from for each packet."},
    {LINKS, "rate", VALUE_RATE, .initial = "unlimited", .special = "unlimited", LINK(forward.rate),
     .help = "Of the transmitter; on a LAN every station's."},
    {LINKS, "jitter", VALUE_DISTRIBUTION, .initial = "0s", .most = LONGEST, LINK(forward.jitter),
     .help = "Drawn for each packet and added to the delay."},
    {LINKS, "loss", VALUE_LOSS, .initial = "0", LINK(forward.loss),
     .help = "Of each packet alike, or in bursts: see Faults above."},
    {LINKS, "queue-limit", VALUE_INTEGER, .initial = "unlimited", .least = 1, .most = UINT32_MAX,
     .special = "unlimited", LINK(forward.queue_limit),
     .help = "Packets that may wait for the transmitter; what comes when it is full is lost."},
    {LINKS, "reordering", VALUE_REORDERING, .initial = "no", LINK(forward.reordering),
     .help = "yes: a packet with less delay may overtake another; otherwise it arrives right behind. 1% "
             "20ms: with this probability a packet is taken aside for so long, and others overtake it."},
    {LINKS, "duplication", VALUE_PROBABILITY, .initial = "0", LINK(forward.duplication),
     .help = "That a packet arrives twice."},
    {LINKS, "delay-spikes", VALUE_CHANCE, .initial = "none", .special = "none", LINK(forward.spikes),
     .help = "0.1% exponential(300ms): with this probability a packet takes so much longer, and what is "
             "behind it waits (unless reordering lets it overtake)."},
    {IN(SECTION_POINT_TO_POINT), "reverse-delay", VALUE_DISTRIBUTION, .as = "delay", .most = LONGEST,
     LINK(backward.delay), .help = "From the second end to the first."},
    {IN(SECTION_POINT_TO_POINT), "reverse-rate", VALUE_RATE, .as = "rate", .special = "unlimited",
     LINK(backward.rate), .help = "From the second end to the first."},
    {IN(SECTION_POINT_TO_POINT), "reverse-jitter", VALUE_DISTRIBUTION, .as = "jitter", .most = LONGEST,
     LINK(backward.jitter), .help = "From the second end to the first."},
    {IN(SECTION_POINT_TO_POINT), "reverse-loss", VALUE_LOSS, .as = "loss", LINK(backward.loss),
     .help = "From the second end to the first."},
    {IN(SECTION_POINT_TO_POINT), "reverse-queue-limit", VALUE_INTEGER, .as = "queue-limit", .least = 1,
     .most = UINT32_MAX, .special = "unlimited", LINK(backward.queue_limit),
     .help = "From the second end to the first."},
    {IN(SECTION_POINT_TO_POINT), "reverse-reordering", VALUE_REORDERING, .as = "reordering",
     LINK(backward.reordering), .help = "From the second end to the first."},
    {IN(SECTION_POINT_TO_POINT), "reverse-duplication", VALUE_PROBABILITY, .as = "duplication",
     LINK(backward.duplication), .help = "From the second end to the first."},
    {IN(SECTION_POINT_TO_POINT), "reverse-delay-spikes", VALUE_CHANCE, .as = "delay-spikes",
     .special = "none", LINK(backward.spikes), .help = "From the second end to the first."},
    {LINKS, "mtu", VALUE_INTEGER, .initial = "1500", .least = 1280, .most = 65535, LINK(mtu),
     .help = "Octets of IPv6 packet."},
    {LINKS, "metric", VALUE_INTEGER, .initial = "1", .least = 1, .most = 65535, LINK(metric),
     .help = "Routes take the least sum of metrics, whatever the delays; of equals the one whose links "
             "stand first in the file."},
    {IN(SECTION_ACCESS_LAN), "handover-delay", VALUE_DISTRIBUTION, .initial = "50ms", .most = LONGEST,
     LINK(handover_delay),
     .help = "Link-layer handover: from link down to link up, for each move to this link."},
    {LANS, "router-advertisements", VALUE_BOOLEAN, .initial = "yes", LINK(advertisements.enabled),
     .help = "Do the routers here advertise (RFC 4861, 6.2)?"},
    {IN(SECTION_LAN), "router-advertisement-interval", VALUE_DURATION_RANGE, .initial = "200s..600s",
     .least = MS, .most = 1800 * S, LINK(advertisements.min_interval),
     .help = "MinRtrAdvInterval..MaxRtrAdvInterval (RFC 4861, 6.2.1); one value: no randomness."},
    {IN(SECTION_ACCESS_LAN), "router-advertisement-interval", VALUE_DURATION_RANGE, .initial = "30ms..70ms",
     .least = MS, .most = 1800 * S, LINK(advertisements.min_interval),
     .help = "MinRtrAdvInterval..MaxRtrAdvInterval (RFC 6275, 7.5); one value: no randomness."},
    {LANS, "router-advertisement-gap", VALUE_DURATION, .initial_note = "MinRtrAdvInterval, at most 3s",
     .most = 1800 * S, LINK(advertisements.min_delay_between),
     .help = "MIN_DELAY_BETWEEN_RAS: least time between two multicast advertisements (RFC 4861, 6.2.6; "
             "RFC 6275, 13)."},
    {LANS, "router-advertisement-reply-delay", VALUE_DURATION, .initial = "500ms", .most = 500 * MS,
     LINK(advertisements.max_reply_delay),
     .help = "MAX_RA_DELAY_TIME: a solicitation is answered after a random time of at most this (RFC "
             "4861, 6.2.6)."},
    {LANS, "router-advertisement-unicast-reply", VALUE_BOOLEAN, .initial = "no",
     LINK(advertisements.unicast_reply),
     .help = "Answer a solicitation to its sender alone, where it has a source address."},
    {LANS, "router-advertisement-start", VALUE_DISTRIBUTION, .initial = "0s", .most = LONGEST,
     LINK(advertisements.start),
     .help = "When each router begins to advertise; drawn for each router and run: the phase of its "
             "advertisements."},
    {LANS, "router-lifetime", VALUE_DURATION, .initial_note = "three times MaxRtrAdvInterval, whole seconds",
     .most = 9000 * S, .scale = S, LINK(advertisements.router_lifetime),
     .help = "AdvDefaultLifetime; 0s: no default router."},
    {LANS, "prefix-valid-lifetime", VALUE_DURATION, .initial = "2592000s", .most = 4294967294 * S, .scale = S,
     .special = "infinite", .special_value = UINT32_MAX, LINK(advertisements.prefix_valid_lifetime),
     .help = "AdvValidLifetime (RFC 4861, 6.2.1)."},
    {LANS, "prefix-preferred-lifetime", VALUE_DURATION, .initial = "604800s", .most = 4294967294 * S,
     .scale = S, .special = "infinite", .special_value = UINT32_MAX,
     LINK(advertisements.prefix_preferred_lifetime), .help = "AdvPreferredLifetime."},
    {LANS, "advertised-hop-limit", VALUE_INTEGER, .initial = "64", .least = 1, .most = 255,
     .special = "unspecified", LINK(advertisements.hop_limit), .help = "AdvCurHopLimit."},
    {LANS, "reachable-time", VALUE_DURATION, .initial = "unspecified", .least = MS, .most = 3600 * S,
     .scale = MS, .special = "unspecified", LINK(advertisements.reachable_time_ms),
     .help = "AdvReachableTime."},
    {LANS, "retransmission-timer", VALUE_DURATION, .initial = "unspecified", .least = MS, .most = 3600 * S,
     .scale = MS, .special = "unspecified", LINK(advertisements.retransmission_ms),
     .help = "AdvRetransTimer: also the time that a probe for duplicate addresses waits; unspecified "
             "means 1s."},
    {LANS, "advertisement-interval-option", VALUE_BOOLEAN, .initial = "yes",
     LINK(advertisements.interval_option),
     .help = "Tell mobile nodes how often to expect advertisements (RFC 6275, 7.3)."},

    {LANS, "position", VALUE_POINT, LINK(position),
     .help = "Of the centre of its cell, on the plane where mobile nodes walk ([movement])."},
    {LANS, "range", VALUE_LENGTH, .least = 1, .most = (uint64_t)LENGTH_MOST, LINK(range),
     .help = "Radius of its cell: nodes walk into the link, and out of it."},
    {0},
};
