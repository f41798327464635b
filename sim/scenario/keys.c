/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys.c - see keys.h. Help texts are one line; what needs more room is told in the introduction of the
 * reference page.
 */
#include "sim/scenario/keys.h"

#include <stdio.h>
#include <string.h>

#include "sim/engine/duration.h"
#include "sim/engine/length.h"
#include "sim/scenario/source.h"
#include "sim/scenario/value.h"

const struct scenario_section_kind scenario_section_kinds[SECTION_KINDS] = {
    [SECTION_SCENARIO] = {"scenario", "", 0, true,
                          "What the scenario is called, how long it takes, how often it is run."},
    [SECTION_PARAMETERS] = {"parameters", "", 0, true,
                            "Names for values: ${NAME} in the value of a key, or in the time of [at], is the "
                            "value. They are for the sweep, and for what is the same in several places."},
    [SECTION_LAN] = {"lan", "NAME", 1, false,
                     "An Ethernet: real frames, Neighbor Discovery, Router Advertisements. A mobile node is "
                     "attached at once."},
    [SECTION_ACCESS_LAN] = {"access-lan", "NAME", 1, false,
                            "A LAN that mobile nodes reach by a link-layer handover, which takes its time."},
    [SECTION_POINT_TO_POINT] = {"point-to-point", "NAME", 1, false, "A link between two nodes."},
    [SECTION_ROUTER] = {"router", "NAME", 1, false, "A router; its routes are computed from the topology."},
    [SECTION_HOST] = {"host", "NAME", 1, false, "A plain IPv6 host that knows nothing of mobility."},
    [SECTION_HOME_AGENT] = {"home-agent", "NAME", 1, false,
                            "A home agent (RFC 6275, 10): the home link's router, or a host beside it."},
    [SECTION_CORRESPONDENT_NODE] = {"correspondent-node", "NAME", 1, false,
                                    "A host that supports route optimization (RFC 6275, 9)."},
    [SECTION_MOBILE_NODE] = {"mobile-node", "NAME", 1, false,
                             "A mobile node (RFC 6275, 11). [movement] and [at] sections move it."},
    [SECTION_ATTACKER] =
        {"attacker", "NAME", 1, false,
         "A host that hears every frame on its LANs and taps, whoever it is for, and may send "
         "any. What it does is in [attack] sections."},
    [SECTION_HOME_ADDRESS] =
        {"home-address", "NAME", 1, false,
         "One more home address of a mobile node, on its home link or another one (RFC 6275, 11.7.1). The "
         "name stands for it in [peers] and [flow], the node's own name for the first."},
    [SECTION_PEERS] = {"peers", "MOBILE-NODE CORRESPONDENT", 2, false,
                       "How a mobile node tells a correspondent where it is, and what the two share. A "
                       "mobile node's name is for all its home addresses but those that have a section of "
                       "their own."},
    [SECTION_FLOW] = {"flow", "NAME", 1, false, "UDP datagrams from one node to another."},
    [SECTION_MOVEMENT] =
        {"movement", "MOBILE-NODE", 1, false,
         "How a mobile node, a group or one of a group moves by itself. [at] sections may move "
         "it besides."},
    [SECTION_ATTACK] =
        {"attack", "NAME", 1, false,
         "What an attacker does, with what it hears and has been given and nothing else (RFC 6275, 15; RFC "
         "4225; RFC 4449, 2). One for each pair, where attackers or targets are groups."},
    [SECTION_FAULT] = {"fault", "NAME", 1, false,
                       "What happens to chosen packets, such as the second Home Test."},
    [SECTION_AT] = {"at", "TIME[..TIME step TIME] [spread DISTRIBUTION]", 0, false,
                    "What happens then: movement and faults. Once, or again and again; at that very time, or "
                    "for each node and "
                    "time later by a random spread."},
    [SECTION_SWEEP] =
        {"sweep", "", 0, true,
         "Keys to try several values of: the run takes every combination. The last line varies fastest."},
    [SECTION_EXPECT] =
        {"expect", "[SECTION / KEY = VALUE]", 0, true,
         "What must hold; each run judges it, and a run whose expectations fail exits with status 3. "
         "With a key and its value: only where that is in force. It is about the file it stands in, "
         "and not inherited by one that extends it."},
    [SECTION_VERIFY] = {"verify", "", 0, true,
                        "By how much mip6sim verify lets columns of handovers.csv and flows.csv differ from the "
                        "reference. Nothing here: not at all. With tolerances neither fingerprints nor single "
                        "messages are compared."},
    [SECTION_OUTPUT] = {"output", "", 0, true, "What to write besides the tables."},
};

/* ---- the table ---- */

#define LANS           (IN(SECTION_LAN) | IN(SECTION_ACCESS_LAN))
#define LINKS          (LANS | IN(SECTION_POINT_TO_POINT))
#define HOSTS          (IN(SECTION_HOST) | IN(SECTION_CORRESPONDENT_NODE) | IN(SECTION_ATTACKER))
#define STATIONARY     (IN(SECTION_ROUTER) | HOSTS | IN(SECTION_HOME_AGENT))
#define NODES          (STATIONARY | IN(SECTION_MOBILE_NODE))
#define CORRESPONDENTS (IN(SECTION_CORRESPONDENT_NODE) | IN(SECTION_HOME_AGENT) | IN(SECTION_MOBILE_NODE))

#define FIELD(record, member)                                                                                \
    .offset = offsetof(struct record, member), .size = sizeof(((struct record *)0)->member)
#define SECOND(record, member) .second_offset = offsetof(struct record, member)
#define LINK(member)           FIELD(scenario_link, member)
#define NODE(member)           FIELD(scenario_node, member)
#define FAULT(member)          FIELD(scenario_fault, member)
#define MOVEMENT(member)       FIELD(scenario_movement, member)
#define ATTACK(member)         FIELD(scenario_attack, configuration.member)

#define NS            UINT64_C(1)
#define MS            UINT64_C(1000000)
#define S             UINT64_C(1000000000)
#define LONGEST       (UINT64_C(10) * 365 * 24 * 3600 * S) /* ten years: sums stay far from TIME_NEVER */
#define LIFETIME_UNIT (4 * S)                              /* of binding lifetimes (RFC 6275, 6.1.7) */
#define LIFETIME_MOST (65535 * LIFETIME_UNIT)

static const char *const authorization_words[] = {"return-routability", "static-key", NULL};
static const char *const order_words[] = {"after-home-acknowledgement", "parallel-tests", "at-once", NULL};
static const char *const registration_words[] = {"always", "on-traffic", "never", NULL};
static const char *const movement_words[] = {"eager", "lazy", NULL};
static const char *const encryption_words[] = {"aes-cbc", "aes-cbc-256", "3des-cbc", "null", NULL};
static const char *const integrity_words[] = {"hmac-sha1-96", "hmac-sha-256-128", NULL};
static const char *const ipsec_tunnel_words[] = {"tests", "all", NULL};
static const char *const action_words[] = {"forge", "replay", "flood", NULL};
static const char *const token_words[] = {"any", "test", "heard", "none", "static-key", NULL};
static const char *const otherwise_words[] = {"nothing", "guess", NULL};
#define X(name, word) word,
static const char *const unsafe_words[] = {UNSAFE_SWITCHES(X) NULL};
#undef X
static const char *const model_words[] = {"residence", "trace", "random-waypoint", "road", NULL};
static const char *const road_end_words[] = {"stop", "return", "wrap", NULL};
static const char *const stop_order_words[] = {"cycle", "ping-pong", "random", NULL};
static const char *const pattern_words[] = {"constant", "poisson", "on-off", NULL};

/* Words are stored as their index: these enumerations are in the same order. */
G_STATIC_ASSERT(SCENARIO_RETURN_ROUTABILITY == 0 && SCENARIO_STATIC_KEY == 1);
G_STATIC_ASSERT(ORDER_AFTER_HOME_ACKNOWLEDGEMENT == 0 && ORDER_PARALLEL_TESTS == 1 && ORDER_AT_ONCE == 2);
G_STATIC_ASSERT(TRIGGER_ALWAYS == 0 && TRIGGER_TRAFFIC == 1 && TRIGGER_NEVER == 2);
G_STATIC_ASSERT(SCENARIO_AES_CBC == 0 && SCENARIO_AES_CBC_256 == 1 && SCENARIO_3DES_CBC == 2 &&
                SCENARIO_NULL_ENCRYPTION == 3);
G_STATIC_ASSERT(ESP_HMAC_SHA1_96 == 0 && ESP_HMAC_SHA_256_128 == 1);
G_STATIC_ASSERT(UNSAFE_COUNT <= 32);
G_STATIC_ASSERT(SCENARIO_RESIDENCE == 0 && SCENARIO_TRACE == 1 && SCENARIO_RANDOM_WAYPOINT == 2 &&
                SCENARIO_ROAD == 3);
G_STATIC_ASSERT(SCENARIO_ROAD_STOP == 0 && SCENARIO_ROAD_RETURN == 1 && SCENARIO_ROAD_WRAP == 2);
G_STATIC_ASSERT(SCENARIO_CYCLE == 0 && SCENARIO_PING_PONG == 1 && SCENARIO_RANDOM == 2);
G_STATIC_ASSERT(ATTACK_FORGE == 0 && ATTACK_REPLAY == 1 && ATTACK_FLOOD == 2);
G_STATIC_ASSERT(ATTACK_TOKEN_ANY == 0 && ATTACK_TOKEN_TEST == 1 && ATTACK_TOKEN_HEARD == 2 &&
                ATTACK_TOKEN_NONE == 3 && ATTACK_TOKEN_STATIC_KEY == 4);
G_STATIC_ASSERT(FLOW_CONSTANT == 0 && FLOW_POISSON == 1 && FLOW_ON_OFF == 2);

const struct scenario_key scenario_keys[] = {
    /* -- [scenario] -- */
    {IN(SECTION_SCENARIO), "extends", VALUE_FILE,
     .help = "Read this file first (relative to the present one), then lay the present one over it, key by "
             "key; an empty value "
             "takes a key back."},
    {IN(SECTION_SCENARIO), "title", VALUE_TEXT, .initial_note = "the file's name", FIELD(scenario, title),
     .help = "For tables and plots."},
    {IN(SECTION_SCENARIO), "duration", VALUE_DURATION, .required = true, .least = NS, .most = LONGEST,
     FIELD(scenario, duration), .help = "Virtual time from start to end."},
    {IN(SECTION_SCENARIO), "warm-up", VALUE_DURATION, .initial = "0s", .most = LONGEST, FIELD(scenario, warm_up),
     .help = "Flows are counted from then on (flows.csv): what becomes of datagrams sent before is left out. Single "
             "handovers need none."},
    {IN(SECTION_SCENARIO), "seed", VALUE_INTEGER, .initial = "1", .most = UINT64_MAX, FIELD(scenario, seed),
     .help = "All randomness comes from it and the number of the replication."},
    {IN(SECTION_SCENARIO), "replications", VALUE_INTEGER, .initial = "1", .least = 1, .most = 1000000,
     FIELD(scenario, replications), .help = "Runs that differ only in their random numbers."},

    {IN(SECTION_PARAMETERS), "NAME", VALUE_TEXT,
     .help = "Any text, put in as it is. What is swept over is \"parameters / NAME\"."},

    /* -- links -- */
    {LANS, "prefix", VALUE_PREFIX, .required = true, .least = 64, .most = 64, LINK(prefix),
     SECOND(scenario_link, prefix_length), .help = "Of all addresses on the link."},
    {IN(SECTION_POINT_TO_POINT), "between", VALUE_NAMES, .required = true, .refers = "two nodes",
     .help = "The two ends: A, B. Where one is a group there is a link to each of its nodes; where both are, "
             "pairwise."},
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
     .help =
         "yes: a packet with less delay may overtake another; otherwise it arrives right behind. 1% 20ms: "
         "with this probability a packet is taken aside for so long, and others overtake it."},
    {LINKS, "duplication", VALUE_PROBABILITY, .initial = "0", LINK(forward.duplication),
     .help = "That a packet arrives twice."},
    {LINKS, "delay-spikes", VALUE_CHANCE, .initial = "none", .special = "none", LINK(forward.spikes),
     .help =
         "0.1% exponential(300ms): with this probability a packet takes so much longer, and what is behind "
         "it waits (unless reordering lets it overtake)."},
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
     .help = "Routes take the least sum of metrics, whatever the delays; of equals the one whose links stand "
             "first in the file."},
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
     .help = "MIN_DELAY_BETWEEN_RAS: least time between two multicast advertisements (RFC 4861, 6.2.6; RFC "
             "6275, 13)."},
    {LANS, "router-advertisement-reply-delay", VALUE_DURATION, .initial = "500ms", .most = 500 * MS,
     LINK(advertisements.max_reply_delay),
     .help = "MAX_RA_DELAY_TIME: a solicitation is answered after a random time of at most this (RFC 4861, "
             "6.2.6)."},
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
     .help =
         "AdvRetransTimer: also the time that a probe for duplicate addresses waits; unspecified means 1s."},
    {LANS, "advertisement-interval-option", VALUE_BOOLEAN, .initial = "yes",
     LINK(advertisements.interval_option),
     .help = "Tell mobile nodes how often to expect advertisements (RFC 6275, 7.3)."},

    {LANS, "position", VALUE_POINT, LINK(position),
     .help = "Of the centre of its cell, on the plane where mobile nodes walk ([movement])."},
    {LANS, "range", VALUE_LENGTH, .least = 1, .most = (uint64_t)LENGTH_MOST, LINK(range),
     .help = "Radius of its cell: nodes walk into the link, and out of it."},

    /* -- nodes -- */
    {HOSTS | IN(SECTION_MOBILE_NODE), "count", VALUE_INTEGER, .initial = "1", .least = 1,
     .most = SCENARIO_COUNT_MAX, NODE(count),
     .help = "So many nodes alike, named NAME-1, NAME-2, ..., with addresses one after the other."},
    {STATIONARY, "attached", VALUE_NAMES, .refers = "LANs",
     .help = "The LANs it is on; point-to-point links name their ends themselves."},
    {STATIONARY, "address", VALUE_ADDRESSES, .initial_note = "the next one unused on each link",
     .help = "Addresses on its links, each on the link of whose prefix it is; of a group the first node's. "
             "care-of "
             "MN: the one that this mobile node would form on the first LAN it is attached to."},
    {IN(SECTION_HOME_AGENT), "home-link", VALUE_NAME, .refers = "a LAN it is attached to",
     .initial_note = "the first it is attached to", .help = "The LAN whose mobile nodes it serves."},
    {IN(SECTION_HOME_AGENT), "forwarding", VALUE_BOOLEAN,
     .initial_note = "yes, if it has more than one interface", NODE(ipv6.forwarding),
     .help = "Is it a router as well?"},
    {IN(SECTION_HOME_AGENT), "home-address-dad", VALUE_BOOLEAN, .initial = "yes",
     NODE(home_agent.duplicate_detection),
     .help = "Test a home address for duplicates at its first registration (RFC 6275, 10.3.1)."},
    {IN(SECTION_HOME_AGENT), "any-home-address", VALUE_BOOLEAN, .initial = "no", NODE(home_agent.anyone),
     .help = "Serve every address of the home prefix, not only the mobile nodes that name it."},
    {IN(SECTION_HOME_AGENT), "home-lifetime-limit", VALUE_DURATION, .initial = "262140s",
     .least = LIFETIME_UNIT, .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, NODE(home_agent.lifetime_limit),
     .help = "Longest home binding granted."},
    {IN(SECTION_HOME_AGENT), "home-binding-limit", VALUE_INTEGER, .initial = "unlimited", .least = 1,
     .most = UINT32_MAX, .special = "unlimited", NODE(home_agent.binding_limit),
     .help = "Home bindings it can hold."},
    {IN(SECTION_HOME_AGENT), "refresh-advice", VALUE_DURATION, .initial = "none", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, .special = "none", NODE(home_agent.refresh_advice),
     .help = "Binding Refresh Advice in acknowledgements (RFC 6275, 6.2.4)."},
    {IN(SECTION_HOME_AGENT), "home-agent-preference", VALUE_INTEGER, .initial = "0", .most = 65535,
     NODE(home_agent.preference),
     .help = "Of several home agents on a link those with the greatest come first (RFC 6275, 7.4, 10.5.1)."},
    {IN(SECTION_HOME_AGENT), "home-agent-lifetime", VALUE_DURATION,
     .initial_note = "the home link's router-lifetime", .least = S, .most = 65535 * S, .scale = S,
     NODE(home_agent_lifetime),
     .help = "How long others list it as a home agent after each of its advertisements (RFC 6275, 7.4)."},
    {IN(SECTION_HOME_AGENT), "mobile-prefix-advertisements", VALUE_BOOLEAN, .initial = "yes",
     NODE(home_agent.prefix_advertisements),
     .help = "Tell mobile nodes that are away about the home link's prefixes (RFC 6275, 10.6)."},
    {IN(SECTION_HOME_AGENT), "mobile-prefix-advertisement-interval", VALUE_DURATION_RANGE,
     .initial = "600s..86400s", .least = S, .most = LONGEST, NODE(home_agent.prefix_interval_least),
     .help = "MinMobPfxAdvInterval..MaxMobPfxAdvInterval: when to tell what nobody has asked for (RFC 6275, "
             "10.6.2, 13)."},
    {IN(SECTION_MOBILE_NODE), "home-agent", VALUE_NAME, .refers = "a home agent", .special = "discover",
     .initial_note = "discover, where home-link is given",
     .help = "Its home agent, whose home link is its home; discover: whichever it finds on its home-link."},
    {IN(SECTION_MOBILE_NODE), "home-link", VALUE_NAME, .refers = "a LAN with a home agent",
     .initial_note = "its home agent's", .help = "Its home; to be given if the home agent is not."},
    {IN(SECTION_MOBILE_NODE), "home-agent-discovery", VALUE_BOOLEAN, .initial = "no",
     NODE(mobile.discover_home_agents),
     .help =
         "Turn to another home agent on the home link when its own is silent or refuses (RFC 6275, 11.4.1); "
         "always so with home-agent = discover."},
    {IN(SECTION_MOBILE_NODE), "home-address", VALUE_ADDRESS,
     .initial_note = "the next one unused of home prefix::1:0:1 and following",
     .help = "On the home link; of a group the first node's."},
    {IN(SECTION_MOBILE_NODE), "start", VALUE_NAME, .refers = "a LAN", .initial_note = "its home link",
     .special = "none",
     .help = "Where it is attached at the start; none: nowhere, until it moves somewhere."},
    {IN(SECTION_MOBILE_NODE), "movement-detection", VALUE_WORD, .initial = "eager", .words = movement_words,
     NODE(mobile.lazy),
     .help = "eager: follow every new router; lazy: only when the old one is no longer heard (RFC 6275, "
             "11.5.1)."},
    {IN(SECTION_MOBILE_NODE), "link-hints", VALUE_BOOLEAN, .initial = "yes", .inverted = true,
     NODE(ipv6.ignore_link_hints),
     .help =
         "Does a link that comes up make it solicit routers at once? Otherwise it waits for advertisements."},
    {IN(SECTION_MOBILE_NODE), "home-lifetime", VALUE_DURATION, .initial = "420s", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, NODE(mobile.home_lifetime),
     .help = "Lifetime it asks of the home agent."},
    {IN(SECTION_MOBILE_NODE), "first-registration-timeout", VALUE_DURATION, .initial = "1500ms", .least = MS,
     .most = 3600 * S, NODE(mobile.first_registration_timeout),
     .help = "InitialBindackTimeoutFirstReg (RFC 6275, 13)."},
    {IN(SECTION_MOBILE_NODE), "link-local-compatibility", VALUE_BOOLEAN, .initial = "no",
     NODE(mobile.link_local_compatibility),
     .help = "Ask the home agent to protect the link-local address too (L bit)."},
    {IN(SECTION_MOBILE_NODE), "ipsec", VALUE_BOOLEAN, .initial = "yes", NODE(ipsec.enabled),
     .help = "Protect Binding Updates to the home agent, prefix discovery and home tests by ESP (RFC 6275, "
             "5.1); without it they are believed as they come."},
    {IN(SECTION_MOBILE_NODE), "ipsec-encryption", VALUE_WORD, .initial = "aes-cbc", .words = encryption_words,
     NODE(ipsec.encryption),
     .help = "Of ESP: AES-CBC with 128 or 256 bits (RFC 3602), 3DES-CBC (RFC 2451), none."},
    {IN(SECTION_MOBILE_NODE), "ipsec-integrity", VALUE_WORD, .initial = "hmac-sha1-96",
     .words = integrity_words, NODE(ipsec.integrity),
     .help = "Of ESP: HMAC-SHA1-96 (RFC 2404) or HMAC-SHA-256-128 (RFC 4868)."},
    {IN(SECTION_MOBILE_NODE), "ipsec-tunnel", VALUE_WORD, .initial = "tests", .words = ipsec_tunnel_words,
     NODE(ipsec.payload),
     .help = "What goes under ESP in the tunnel: Home Test Init and Home Test (RFC 6275, 10.4.6), or all "
             "(5.5)."},
    {IN(SECTION_MOBILE_NODE), "ipsec-encryption-key", VALUE_OCTETS, .initial_note = "drawn from the seed",
     .least = 16, .most = ESP_ENCRYPTION_KEY_MAX, NODE(ipsec.encryption_key),
     SECOND(scenario_node, ipsec.encryption_key_length),
     .help = "For all four security associations: 16, 32 or 24 octets, as the algorithm wants."},
    {IN(SECTION_MOBILE_NODE), "ipsec-integrity-key", VALUE_OCTETS, .initial_note = "drawn from the seed",
     .least = 20, .most = ESP_INTEGRITY_KEY_MAX, NODE(ipsec.integrity_key),
     SECOND(scenario_node, ipsec.integrity_key_length),
     .help = "For all four: 20 octets for HMAC-SHA1-96, 32 for HMAC-SHA-256-128. No two mobile nodes may "
             "have the same."},
    {IN(SECTION_MOBILE_NODE), "other-correspondents", VALUE_WORD, .initial = "on-traffic",
     .words = registration_words, NODE(mobile.default_policy.trigger),
     .help = "Correspondents without a [peers] section: when to register with them, by return routability "
             "(see registration)."},
    {CORRESPONDENTS, "route-optimization", VALUE_BOOLEAN, .initial = "yes",
     NODE(correspondent.route_optimization),
     .help = "Does it, as a correspondent, accept Binding Updates at all?"},
    {CORRESPONDENTS, "return-routability", VALUE_BOOLEAN, .initial = "yes",
     NODE(correspondent.return_routability),
     .help = "Does it, as a correspondent, answer the tests? Otherwise only static keys are accepted."},
    {CORRESPONDENTS, "nonce-interval", VALUE_DURATION, .initial = "30s", .least = MS, .most = 3600 * S,
     NODE(correspondent.nonce_interval),
     .help = "A new nonce and node key after each (RFC 6275, 5.2.2); the last eight are valid."},
    {CORRESPONDENTS, "binding-limit", VALUE_INTEGER, .initial = "unlimited", .least = 1, .most = UINT32_MAX,
     .special = "unlimited", NODE(correspondent.binding_limit),
     .help = "Bindings it can hold as a correspondent, deleted ones included whose sequence numbers it "
             "still has to know (RFC 6275, 5.2.8)."},
    {CORRESPONDENTS, "lifetime-limit", VALUE_DURATION, .initial = "none", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, .special = "none", NODE(correspondent.lifetime_limit),
     .help = "Longest binding granted as a correspondent; return routability has its own limit of 420s."},
    {CORRESPONDENTS, "binding-error-interval", VALUE_DURATION, .initial = "1s", .most = 3600 * S,
     NODE(correspondent.binding_error_interval),
     .help = "Least time between two Binding Errors (RFC 6275, 9.3.3)."},
    {CORRESPONDENTS, "binding-refresh-requests", VALUE_BOOLEAN, .initial = "no",
     NODE(correspondent.binding_refresh_requests),
     .help = "Ask for a new Binding Update before a binding in use runs out (RFC 6275, 9.5.5)."},
    {IN(SECTION_ROUTER) | IN(SECTION_HOME_AGENT), "ingress-filtering", VALUE_BOOLEAN, .initial = "no",
     NODE(ipv6.ingress_filtering),
     .help = "Drop what comes from a LAN with a source address foreign to it (BCP 38)."},
    {NODES, "clock-drift", VALUE_CLOCK_DRIFT, .initial = "0ppm", NODE(clock_drift),
     .help =
         "How much faster (negative: slower) its clock runs than the network's time, at most 100000ppm; "
         "uniform(-100ppm, 100ppm): drawn for each node and run. All its timers and lifetimes go by it; what "
         "is measured does not."},
    {NODES, "dad-transmits", VALUE_INTEGER, .initial = "1", .most = 10,
     NODE(ipv6.duplicate_detection_transmits),
     .help = "DupAddrDetectTransmits: probes before an address is used (RFC 4862, 5.1); 0: none."},
    {NODES, "dad-delay", VALUE_BOOLEAN, .initial = "no", NODE(ipv6.delay_duplicate_detection),
     .help = "Wait for a random time of at most 1s before the first probe (RFC 4862, 5.4.2)."},
    {NODES, "optimistic-dad", VALUE_BOOLEAN, .initial = "no", NODE(ipv6.optimistic_duplicate_detection),
     .help = "Use an address while it is still being tested (RFC 4429)."},
    {HOSTS | IN(SECTION_MOBILE_NODE), "solicitation-delay", VALUE_BOOLEAN, .initial = "no",
     NODE(ipv6.delay_router_solicitation),
     .help = "Wait for a random time of at most 1s before the first Router Solicitation (RFC 4861, 6.3.7)."},
    {NODES, "hop-limit", VALUE_INTEGER, .initial = "64", .least = 1, .most = 255, NODE(ipv6.hop_limit),
     .help =
         "Of packets that originate here. What a host or mobile node sends on a link whose router advertises "
         "a hop limit has that instead (RFC 4861, 6.3.4): advertised-hop-limit there, 64 by default; what is "
         "inside a tunnel keeps this one."},
    {NODES, "mac", VALUE_FORM, .refers = "Ethernet addresses, as in 02:00:5e:00:53:01, one for each LAN it is on",
     .initial_note = "02, the interface in two octets, the node in three",
     .help = "Of its interfaces on LANs, in the order of attached; the interface identifiers of addresses that are "
             "formed (EUI-64) come from them. Of a group the first node's; the others' follow."},
    {NODES, "external", VALUE_BOOLEAN, .initial = "no", NODE(external),
     .help = "It is played from outside, through a TAP (mip6sim live): the scenario knows its address and place, "
             "and nothing here speaks for it."},
    {NODES, "icmp-error-rate", VALUE_INTEGER, .initial = "10", .least = 1, .most = 65535,
     .special = "unlimited", NODE(ipv6.icmp_errors_per_second),
     .help = "ICMPv6 errors a second, on average (RFC 4443, 2.4 f)."},
    {NODES, "icmp-error-burst", VALUE_INTEGER, .initial = "10", .least = 1, .most = 65535,
     NODE(ipv6.icmp_error_burst), .help = "ICMPv6 errors at once."},

    {NODES, "unsafe", VALUE_WORDS, .initial = "none", .special = "none", .words = unsafe_words,
     NODE(ipv6.unsafe),
     .help = "Defences that this node does without, to show what each is good for; see doc/security.md."},

    /* -- [home-address] -- */
    {IN(SECTION_HOME_ADDRESS), "of", VALUE_NAME, .required = true, .refers = "a mobile node or group",
     .help = "Whose it is; of a group each node has one."},
    {IN(SECTION_HOME_ADDRESS), "home-agent", VALUE_NAME, .refers = "a home agent",
     .initial_note = "the mobile node's",
     .help = "The home agent that serves it; its home link is home for this address."},
    {IN(SECTION_HOME_ADDRESS), "address", VALUE_ADDRESS,
     .initial_note = "the next one unused of home prefix::1:0:1 and following",
     .help = "On that home agent's home link; of a group the first node's."},

    /* -- [peers] -- */
    {IN(SECTION_PEERS), "authorization", VALUE_WORD, .initial = "return-routability",
     .words = authorization_words, FIELD(scenario_peers, authorization),
     .help = "How Binding Updates are authorized: by tests (RFC 6275, 5.2) or by a Kbm precomputed from a "
             "static key (RFC 4449)."},
    {IN(SECTION_PEERS), "order", VALUE_WORD, .initial = "after-home-acknowledgement", .words = order_words,
     FIELD(scenario_peers, policy.order),
     .help = "after-home-acknowledgement: everything waits for it; parallel-tests: the tests do not, the "
             "Binding Update does "
             "(RFC 6275, 11.7.2); at-once: nothing waits (an extension, not RFC 6275)."},
    {IN(SECTION_PEERS), "registration", VALUE_WORD, .initial = "always", .words = registration_words,
     FIELD(scenario_peers, policy.trigger),
     .help = "always: whenever away; on-traffic: when a packet has come through the tunnel; never: stay with "
             "the tunnel."},
    {IN(SECTION_PEERS), "lifetime", VALUE_DURATION, .initial = "420s", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, FIELD(scenario_peers, policy.lifetime),
     .help = "Asked of the correspondent."},
    {IN(SECTION_PEERS), "acknowledge", VALUE_BOOLEAN, .initial = "yes",
     FIELD(scenario_peers, policy.acknowledge),
     .help = "Ask the correspondent for acknowledgements (A bit)."},
    {IN(SECTION_PEERS), "reuse-tokens", VALUE_BOOLEAN, .initial = "no",
     FIELD(scenario_peers, policy.reuse_tokens),
     .help = "Use keygen tokens again while they are fresh (RFC 6275, 5.2.7)."},
    {IN(SECTION_PEERS), "kcn", VALUE_OCTETS, .initial_note = "20 octets drawn from the seed",
     .least = NODE_KEY_LENGTH, .most = STATIC_KEY_LENGTH_MAX, FIELD(scenario_peers, key.kcn),
     SECOND(scenario_peers, key.kcn_length),
     .help = "The shared key (RFC 4449, 3); no two pairs may have the same."},
    {IN(SECTION_PEERS), "home-nonce", VALUE_OCTETS, .initial_note = "8 octets drawn from the seed",
     .least = 1, .most = STATIC_NONCE_LENGTH_MAX, FIELD(scenario_peers, key.home_nonce),
     SECOND(scenario_peers, key.home_nonce_length), .help = "For the home keygen token of a static key."},
    {IN(SECTION_PEERS), "care-of-nonce", VALUE_OCTETS, .initial_note = "8 octets drawn from the seed",
     .least = 1, .most = STATIC_NONCE_LENGTH_MAX, FIELD(scenario_peers, key.care_of_nonce),
     SECOND(scenario_peers, key.care_of_nonce_length),
     .help = "For the care-of keygen token of a static key."},

    /* -- [flow] -- */
    {IN(SECTION_FLOW), "from", VALUE_NAME, .required = true, .refers = "a node",
     .help = "Who sends. Groups: see between."},
    {IN(SECTION_FLOW), "to", VALUE_NAME, .required = true, .refers = "a node",
     .help = "Who receives: a mobile node by its home address, others by their first address."},
    {IN(SECTION_FLOW), "interval", VALUE_DURATION, .initial = "20ms", .least = NS, .most = LONGEST,
     FIELD(scenario_flow, configuration.interval),
     .help = "Between datagrams; its mean, if the pattern is random."},
    {IN(SECTION_FLOW), "payload", VALUE_SIZE, .initial = "160B", .least = FLOW_PAYLOAD_LEAST, .most = 65000,
     FIELD(scenario_flow, configuration.payload), .help = "UDP payload."},
    {IN(SECTION_FLOW), "start", VALUE_DISTRIBUTION, .initial = "0s", .most = LONGEST,
     FIELD(scenario_flow, start), .help = "Of the first datagram; drawn for each pair of a group."},
    {IN(SECTION_FLOW), "stop", VALUE_DURATION, .initial = "never", .most = LONGEST, .special = "never",
     .special_value = TIME_NEVER, FIELD(scenario_flow, stop), .help = "No datagram at or after it."},
    {IN(SECTION_FLOW), "packets", VALUE_INTEGER, .initial = "unlimited", .least = 1, .most = UINT32_MAX,
     .special = "unlimited", FIELD(scenario_flow, configuration.packets), .help = "Stop after so many."},
    {IN(SECTION_FLOW), "pattern", VALUE_WORD, .initial = "constant", .words = pattern_words,
     FIELD(scenario_flow, configuration.pattern),
     .help = "constant: one each interval; poisson: exponential gaps; on-off: constant while on."},
    {IN(SECTION_FLOW), "on", VALUE_DURATION, .initial = "1s", .least = NS, .most = LONGEST,
     FIELD(scenario_flow, configuration.on_mean), .help = "Mean of the exponential on times of on-off."},
    {IN(SECTION_FLOW), "off", VALUE_DURATION, .initial = "1s", .least = NS, .most = LONGEST,
     FIELD(scenario_flow, configuration.off_mean), .help = "Mean of the exponential off times of on-off."},
    {IN(SECTION_FLOW), "echo", VALUE_BOOLEAN, .initial = "no", FIELD(scenario_flow, configuration.echo),
     .help = "Every datagram is sent back, and the round trip measured."},

    /* -- [movement] -- */
    {IN(SECTION_MOVEMENT), "model", VALUE_WORD, .required = true, .words = model_words, MOVEMENT(model),
     .help = "residence: it stays on each of some links for a while; trace: as a file says; "
             "random-waypoint and road: it walks about an area or along a road, through the cells of LANs "
             "that have a position, and is attached to the nearest that it is in."},
    {IN(SECTION_MOVEMENT), "start", VALUE_DURATION, .initial = "0s", .most = LONGEST, MOVEMENT(start),
     .help = "Until then it is at its start link; the first stay or way begins then. With 0s it is from the "
             "first on where its way begins. Of a trace: added to its times."},
    {IN(SECTION_MOVEMENT), "stop", VALUE_DURATION, .initial = "never", .most = LONGEST, .special = "never",
     .special_value = TIME_NEVER, MOVEMENT(stop), .help = "No move at or after it."},
    {IN(SECTION_MOVEMENT), "keep", VALUE_DURATION, .initial = "0s", .most = LONGEST, MOVEMENT(keep),
     .help = "It stays on the old link for so long, once on the new (two interfaces), but not beyond the old "
             "cell; 0s: it leaves first."},
    {IN(SECTION_MOVEMENT), "together", VALUE_BOOLEAN, .initial = "no", MOVEMENT(together),
     .help = "A group moves as one, by the same random numbers: a train. Otherwise each for itself."},
    {IN(SECTION_MOVEMENT), "wave", VALUE_DURATION, .initial = "0s", .most = LONGEST, MOVEMENT(wave),
     .help = "Each node of a group does everything so much later than the one before it."},
    {IN(SECTION_MOVEMENT), "spread", VALUE_DISTRIBUTION, .initial = "0s", .most = LONGEST, MOVEMENT(spread),
     .help = "Each node does everything later by a time of its own, drawn once for each node and run."},
    {IN(SECTION_MOVEMENT), "residence", VALUE_DISTRIBUTION, .most = LONGEST, MOVEMENT(residence),
     .initial_note = "required for residence",
     .help = "residence: how long each stay is, until it leaves the link for the next; at least 1ms on "
             "average."},
    {IN(SECTION_MOVEMENT), "links", VALUE_NAMES, .refers = "LANs, or none",
     .initial_note = "required for residence",
     .help = "residence: where it goes; none: it is out of reach for that while."},
    {IN(SECTION_MOVEMENT), "order", VALUE_WORD, .initial = "cycle", .words = stop_order_words,
     MOVEMENT(order),
     .help = "residence: cycle: one after the other, again and again; ping-pong: to the last and back to the "
             "first, again and again; random: any of them, never the same twice in a row."},
    {IN(SECTION_MOVEMENT), "weights", VALUE_NUMBERS, .initial_note = "all alike",
     .help = "residence, order = random: of each of the links, how likely it is compared with the others."},
    {IN(SECTION_MOVEMENT), "file", VALUE_FILE,
     .help =
         "trace: lines \"TIME NODE LINK\" (blanks or commas between; # comments; times without a unit "
         "are seconds; link none: detached), sorted by time; the file is looked for beside the scenario."},
    {IN(SECTION_MOVEMENT), "speed", VALUE_SPEED, MOVEMENT(speed),
     .initial_note = "required for random-waypoint, road",
     .help = "random-waypoint, road: drawn for each way to a waypoint, and each time along the road; at "
             "least 0.001m/s."},
    {IN(SECTION_MOVEMENT), "hysteresis", VALUE_LENGTH, .initial = "0m", .most = (uint64_t)LENGTH_MOST,
     MOVEMENT(hysteresis),
     .help = "random-waypoint, road: where cells overlap, another must be nearer than the present one by "
             "more than this."},
    {IN(SECTION_MOVEMENT), "area", VALUE_AREA, .initial_note = "required for random-waypoint",
     .help = "random-waypoint: two opposite corners, X, Y, X, Y; or the upper right one, X, Y, if the other "
             "is 0, 0. It begins anywhere within, and goes from one random point to the next."},
    {IN(SECTION_MOVEMENT), "pause", VALUE_DISTRIBUTION, .initial = "0s", .most = LONGEST, MOVEMENT(pause),
     .help = "random-waypoint: how long it rests at each point."},
    {IN(SECTION_MOVEMENT), "from", VALUE_POINT, .initial_note = "required for road", MOVEMENT(from),
     .help = "road: where it begins."},
    {IN(SECTION_MOVEMENT), "to", VALUE_POINT, .initial_note = "required for road", MOVEMENT(to),
     .help = "road: where it ends."},
    {IN(SECTION_MOVEMENT), "at-end", VALUE_WORD, .initial = "stop", .words = road_end_words, MOVEMENT(at_end),
     .help = "road: stop: it stays there; return: it goes back, and comes again; wrap: it begins anew at "
             "once."},

    /* -- [attacker], [attack] -- */
    {IN(SECTION_ATTACKER), "taps", VALUE_NAMES, .refers = "point-to-point links",
     .help = "Links of others that it sits on: it hears both directions, and may send into either."},
    {IN(SECTION_ATTACKER), "knows", VALUE_NAMES, .refers = "MOBILE-NODE CORRESPONDENT, or esp MOBILE-NODE",
     .help = "Keys that it has been given: the static key of [peers MOBILE-NODE CORRESPONDENT]; the security "
             "associations of MOBILE-NODE with its home agents. Nothing else is known to it."},
    {IN(SECTION_ATTACK), "attacker", VALUE_NAME, .required = true, .refers = "an attacker",
     .help = "Who does it."},
    {IN(SECTION_ATTACK), "target", VALUE_NAME, .required = true, .refers = "a node",
     .help = "Who is to believe it. Groups: see between."},
    {IN(SECTION_ATTACK), "victim", VALUE_NAME, .refers = "a node", .initial = "none", .special = "none",
     .help = "Who suffers: what arrives there because of the attack is counted."},
    {IN(SECTION_ATTACK), "title", VALUE_TEXT, .initial_note = "the section's name",
     FIELD(scenario_attack, title), .help = "For the table of attacks."},
    {IN(SECTION_ATTACK), "action", VALUE_WORD, .required = true, .words = action_words, ATTACK(action),
     .help =
         "forge: messages made up, with tokens if it can get them; replay: messages sent again, octet for "
         "octet as they were heard; flood: very many."},
    {IN(SECTION_ATTACK), "message", VALUE_MESSAGE, .initial = "Binding Update",
     .help = "Binding Update, Binding Refresh Request, Home Test Init, Care-of Test Init, Home Test, Care-of "
             "Test, Binding Acknowledgement, Binding Error, or BU, BRR, HoTI, CoTI, HoT, CoT, BA, BE; udp, "
             "echo-request, icmp-error; of a replay also esp and any."},
    {IN(SECTION_ATTACK), "start", VALUE_DURATION, .initial = "0s", .most = LONGEST, ATTACK(start),
     .help = "When it begins; tokens and addresses are kept when they are heard before, too. A replay takes "
             "what it hears from then on."},
    {IN(SECTION_ATTACK), "stop", VALUE_DURATION, .initial = "never", .most = LONGEST, .special = "never",
     .special_value = TIME_NEVER, ATTACK(stop), .help = "Nothing is sent at or after it."},
    {IN(SECTION_ATTACK), "send-on", VALUE_NAME, .refers = "a link it is on, or taps",
     .initial_note = "as its routes say, else its first tap",
     .help = "The link by which its packets leave it."},
    {IN(SECTION_ATTACK), "count", VALUE_INTEGER, .initial_note = "1; of a flood unlimited", .least = 1,
     .most = UINT64_MAX, .special = "unlimited", ATTACK(count),
     .help = "Packets; of a Binding Update that is forged, or a message replayed: of each."},
    {IN(SECTION_ATTACK), "interval", VALUE_DURATION, .initial = "1s", .least = NS, .most = LONGEST,
     ATTACK(interval), .help = "Between them."},
    {IN(SECTION_ATTACK), "rate", VALUE_FREQUENCY, .initial_note = "by interval",
     .help = "Of a flood, in place of the interval."},
    {IN(SECTION_ATTACK), "source", VALUE_WHERE, .initial_note = "own, or what the message asks for",
     .help = "In the IPv6 header. A Binding Update comes from its care-of address."},
    {IN(SECTION_ATTACK), "to", VALUE_WHERE, .initial_note = "the target",
     .help = "Destination; heard: where the target, or the home address, has been overheard to be. Of a "
             "replay: only messages to it are taken, whether it is in the IPv6 header or a home address."},
    {IN(SECTION_ATTACK), "from", VALUE_WHERE, .initial_note = "anybody",
     .help = "Of a replay: only messages from it are taken."},
    {IN(SECTION_ATTACK), "home-address", VALUE_WHERE, .initial_note = "none",
     .help = "Whose binding it is about; of udp and echo-request: in a Home Address option. A mobile node's "
             "is its home address."},
    {IN(SECTION_ATTACK), "care-of-address", VALUE_WHERE, .initial_note = "own, of a Binding Update",
     .help = "Where the binding is to point; heard: what was overheard for the home address, in Home Address "
             "options and type 2 routing headers."},
    {IN(SECTION_ATTACK), "alternate-care-of-address", VALUE_BOOLEAN, .initial = "no",
     ATTACK(alternate_care_of_address),
     .help = "The care-of address stands in the option, and `source` in the IPv6 header."},
    {IN(SECTION_ATTACK), "routing-header", VALUE_WHERE, .initial_note = "none",
     .help = "A type 2 routing header with this home address."},
    {IN(SECTION_ATTACK), "home-token", VALUE_WORD, .initial = "any", .words = token_words, ATTACK(home_token),
     .help = "any: the pair's static key, if it knows it and the pair uses it, else test or heard; test: "
             "by a Home Test Init of its own from the home address, if it hears the answer; heard: of "
             "anybody's test; none: random octets; static-key: that it knows."},
    {IN(SECTION_ATTACK), "care-of-token", VALUE_WORD, .initial = "any", .words = token_words,
     ATTACK(care_of_token), .help = "The same, by a Care-of Test Init from the care-of address."},
    {IN(SECTION_ATTACK), "give-up", VALUE_DURATION, .initial = "10s", .least = NS, .most = LONGEST,
     ATTACK(give_up), .help = "How long to wait for tokens, or for an address to be heard."},
    {IN(SECTION_ATTACK), "otherwise", VALUE_WORD, .initial = "guess", .words = otherwise_words, ATTACK(guess),
     .help = "Without a token, not even an old one: nothing is sent, or random octets are tried."},
    {IN(SECTION_ATTACK), "hold", VALUE_DURATION, .initial = "0s", .most = LONGEST, ATTACK(hold),
     .help = "Between having the tokens and using them."},
    {IN(SECTION_ATTACK), "refresh", VALUE_DURATION, .initial = "never", .least = NS, .most = LONGEST,
     .special = "never", .special_value = TIME_NEVER, ATTACK(refresh),
     .help = "All of it again after so long, with new tests, until it is refused."},
    {IN(SECTION_ATTACK), "then-delete", VALUE_DURATION, .initial = "never", .most = LONGEST,
     .special = "never", .special_value = TIME_NEVER, ATTACK(deletion),
     .help = "The binding is deleted so long after it was asked for."},
    {IN(SECTION_ATTACK), "authorization-data", VALUE_BOOLEAN, .initial = "yes", ATTACK(authorization_data),
     .help = "Of Binding Updates and Acknowledgements: is there an authenticator at all?"},
    {IN(SECTION_ATTACK), "sequence", VALUE_TEXT, .initial = "next", FIELD(scenario_attack, sequence),
     .help = "next: one above what was heard, or told by status 135, else random (of a Binding "
             "Acknowledgement: what was heard); random; or a number to 65535."},
    {IN(SECTION_ATTACK), "lifetime", VALUE_DURATION, .initial = "420s", .most = LIFETIME_MOST,
     .scale = LIFETIME_UNIT, ATTACK(lifetime), .help = "Asked for, or granted; 0s: a deletion."},
    {IN(SECTION_ATTACK), "acknowledge", VALUE_BOOLEAN, .initial = "yes", ATTACK(acknowledge),
     .help = "The A bit."},
    {IN(SECTION_ATTACK), "home-registration", VALUE_BOOLEAN, .initial = "no", ATTACK(home_registration),
     .help = "The H bit: to a home agent."},
    {IN(SECTION_ATTACK), "protect", VALUE_NAME, .refers = "a mobile node", .initial = "none",
     .special = "none",
     .help = "ESP in transport mode by this mobile node's security association with the target, "
             "if the attacker knows it."},
    {IN(SECTION_ATTACK), "status", VALUE_INTEGER, .initial_note = "0; of a Binding Error 1", .most = 255,
     ATTACK(status), .help = "Of a Binding Acknowledgement or Binding Error."},
    {IN(SECTION_ATTACK), "type", VALUE_INTEGER, .initial = "4", .least = 1, .most = 127, ATTACK(icmp_type),
     .help = "Of an ICMPv6 error; 4 is Parameter Problem."},
    {IN(SECTION_ATTACK), "code", VALUE_INTEGER, .initial = "1", .most = 255, ATTACK(icmp_code),
     .help = "Of an ICMPv6 error; 1 is an unrecognized next header."},
    {IN(SECTION_ATTACK), "about", VALUE_MESSAGE, .initial = "Binding Update",
     .help = "What an ICMPv6 error quotes: the last one heard from whom it is sent to, else one made up."},
    {IN(SECTION_ATTACK), "payload", VALUE_SIZE, .initial = "64B", .most = 1400, ATTACK(payload),
     .help = "Of udp and echo-request."},
    {IN(SECTION_ATTACK), "port", VALUE_INTEGER, .initial = "9", .least = 1, .most = 65535, ATTACK(port),
     .help = "Destination port of udp; 5001 is where flows are received."},
    {IN(SECTION_ATTACK), "which", VALUE_TEXT, .initial = "last", FIELD(scenario_attack, which),
     .help = "Of the messages heard: first, last, all, or a number from 1."},
    {IN(SECTION_ATTACK), "after", VALUE_DURATION, .initial = "0s", .most = LONGEST, ATTACK(after),
     .help = "How long after it has been heard it is sent again."},
    {IN(SECTION_ATTACK), "at", VALUE_DURATION, .initial = "never", .most = LONGEST, .special = "never",
     .special_value = TIME_NEVER, ATTACK(at), .help = "Or when."},

    /* -- [fault] -- */
    {IN(SECTION_FAULT), "action", VALUE_FORM, .required = true,
     .refers = "drop, duplicate, corrupt, delay DISTRIBUTION, or hold until TIME",
     .help =
         "drop: it is lost; duplicate: it comes twice; corrupt: its last bit is turned over; delay: it comes "
         "so much later, and others overtake it; hold: it does not come before that instant."},
    {IN(SECTION_FAULT), "message", VALUE_NAMES, .initial = "any", .refers = "messages or flows, or any",
     .help =
         "Which packets: by the names of messages.csv or their abbreviations (HoTI, CoTI, HoT, CoT, BU, BA, "
         "BRR, BE, MPS, MPA, DHAAD-Request, DHAAD-Reply), Neighbor Discovery (RS, RA, NS, NA), Echo Request, "
         "Echo Reply, ICMPv6 errors by their names, UDP, a flow's datagrams; in tunnels and under ESP too."},
    {IN(SECTION_FAULT), "nth", VALUE_FORM, .initial = "all", .refers = "all, N, N..M, or every N",
     .help = "Which of those that match, counted from 1 in each run."},
    {IN(SECTION_FAULT), "link", VALUE_NAME, .initial = "any", .refers = "a link", .special = "any",
     .help = "Where they cross this link, in either direction; any: once, where they begin their way."},
    {IN(SECTION_FAULT), "from", VALUE_NAME, .refers = "a node", .initial_note = "anybody",
     .help =
         "Whose they are: who sends them; on a link farther on, by the source address, a mobile node's home "
         "or care-of address, inside of "
         "tunnels."},
    {IN(SECTION_FAULT), "to", VALUE_NAME, .refers = "a node", .initial_note = "anybody",
     .help = "For whom they are, by the destination; of what goes to a group on a LAN, that node's copy."},
    {IN(SECTION_FAULT), "between", VALUE_DURATION_RANGE, .initial_note = "always", .most = LONGEST,
     FAULT(start), .help = "Only at or after the first instant and before the second."},
    {IN(SECTION_FAULT), "probability", VALUE_PROBABILITY, .initial = "100%", FAULT(probability),
     .help = "That it happens to one that has been chosen by all of these."},

    /* -- the rest -- */
    {IN(SECTION_AT), "NODE", VALUE_VERB,
     .help =
         "attach LAN: a mobile node leaves its link for this one; attach LAN keep TIME: it stays on the "
         "old one for so long, once on the new (two interfaces); detach: it leaves its link. down: all "
         "interfaces of any other node go down, and a home agent loses its bindings; up: they come up "
         "again; down for TIME: both. reboot: the power of any node fails for so long (0s), it loses all "
         "but its configuration and its stable storage (without-storage: that too), and begins life again "
         "where it is. silent: a router or home agent sends no Router Advertisements any more, without a "
         "word; cease: it says so in a last one (RFC 4861, 6.2.5); advertise: it begins again; all three of "
         "one LAN, or of all that it advertises on."},
    {IN(SECTION_AT), "MOBILE-NODE CORRESPONDENT", VALUE_VERB,
     .help = "Peers that have a static key get a new one, both ends at once (RFC 4449, 4): drawn, or the "
             "octets of "
             "KCN; nonces likewise. Sequence numbers begin anew; the binding in force stays."},
    {IN(SECTION_AT), "LINK", VALUE_VERB,
     .help =
         "down: the link loses all that it is given; up: it works again; down for TIME: both. prefix PREFIX "
         "[valid TIME] [preferred TIME]: the routers of a LAN take up a prefix, or other lifetimes of it; "
         "deprecate PREFIX [valid TIME]: it is preferred no more, and valid for so long. delay, rate, "
         "jitter, loss, queue-limit, reordering, duplication, delay-spikes, handover-delay and a value: from "
         "now on, or "
         "for TIME, as if its key had said so, in both directions; reverse-delay and so on: in the one. "
         "Several, separated by commas. drop [N] MESSAGE, duplicate [N] MESSAGE: the next, next N, or Nth "
         "(drop the 2nd HoT), of "
         "these that "
         "cross the link (see [fault])."},
    {IN(SECTION_SWEEP), "SECTION / KEY", VALUE_LIST,
     .help = "Values to try, separated by semicolons: 1ms; 10ms; 50ms. Ranges: 1ms..100ms step 5ms; 1ms..1s "
             "log 10 "
             "are ten values, each so many times the one before. Keys that "
             "go along with each other: A / X & B / Y = 1; 2 & 10; 20."},
    {IN(SECTION_SWEEP), "except", VALUE_CONDITION,
     .help = "Combinations that are left out: SECTION / KEY = VALUE, or !=, <, <=, >, >=, or another axis in place "
             "of the value; & is and, ; is or: A / X = 1ms & B / Y > 10ms; A / X >= B / Y. The points that are left "
             "are numbered without them."},
    {IN(SECTION_EXPECT), "COLUMN MOBILE-NODE [CORRESPONDENT] [handover N]", VALUE_CONDITION,
     .help =
         "A column of handovers.csv (outage, binding_latency, packets_lost, home_test_received, ...) in each "
         "handover of the node, or in its Nth or last one."},
    {IN(SECTION_EXPECT), "handovers MOBILE-NODE", VALUE_CONDITION, .help = "How many it has begun."},
    {IN(SECTION_EXPECT), "binding NODE MOBILE-NODE [at TIME]", VALUE_CONDITION,
     .help =
         "Where NODE's binding for the mobile node's home address points then, or at the end: none, present, "
         "care-of (the mobile node's own care-of address), a LAN, a node, or an address."},
    {IN(SECTION_EXPECT), "bindings NODE [at TIME | peak]", VALUE_CONDITION,
     .help = "How many bindings it holds then, at the end, or at most at a time."},
    {IN(SECTION_EXPECT), "link MOBILE-NODE [at TIME]", VALUE_CONDITION,
     .help = "The LAN that it is on then, or at the end; none."},
    {IN(SECTION_EXPECT),
     "messages [MESSAGE] [from NODE] [to NODE] [after TIME] [before TIME] [status N] "
     "[sent|received|discarded]",
     VALUE_CONDITION,
     .help = "How many mobility messages (all, or such as Binding Update or BU) were sent, or received, or "
             "discarded. message_octets: their octets."},
    {IN(SECTION_EXPECT), "COLUMN FLOW [after TIME] [before TIME]", VALUE_CONDITION,
     .help = "A column of flows.csv (sent, received, lost, misdirected, longest_gap, delay_maximum, ...; "
             "delay is "
             "delay_mean) of each pair's flow; counts also as a percentage of what it has sent."},
    {IN(SECTION_EXPECT), "path FLOW [at TIME]", VALUE_CONDITION,
     .help = "How the datagram travelled that was delivered last by then: direct, tunnelled, optimized; none "
             "was."},
    {IN(SECTION_EXPECT), "discards [\"REASON\"] [at NODE] [after TIME] [before TIME]", VALUE_CONDITION,
     .help = "How many packets were discarded or lost, all, or for a reason in the words of messages.csv."},
    {IN(SECTION_EXPECT), "attack ATTACK", VALUE_CONDITION,
     .help = "What comes of it: accepted, rejected [STATUS], discarded [\"REASON\"], answered, unanswered, "
             "not-sent, "
             "limited; failed is any but accepted."},
    {IN(SECTION_EXPECT), "attack ATTACK COLUMN", VALUE_CONDITION,
     .help =
         "A column of attacks.csv: sent_messages, accepted, victim_octets, amplification, astray_time, ..."},
    {IN(SECTION_VERIFY), "COLUMN", VALUE_TOLERANCE,
     .help = "outage = 1ms: of an instant or a duration; packets_lost = 2: of a count."},
    {IN(SECTION_OUTPUT), "captures", VALUE_NAMES, .refers = "links, or all", .initial = "none",
     .special = "none", .help = "Links to write a packet capture of (libpcap, nanoseconds)."},
};

const unsigned scenario_key_count = G_N_ELEMENTS(scenario_keys);

/* ---- finding ---- */

enum section_kind scenario_section_kind(const char *section_name)
{
    size_t length = strcspn(section_name, " ");
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++) {
        const char *name = scenario_section_kinds[kind].name;
        if (strlen(name) == length && memcmp(name, section_name, length) == 0)
            return kind;
    }
    return SECTION_KINDS;
}

bool scenario_section_is_single(const char *section_name)
{
    enum section_kind kind = scenario_section_kind(section_name);
    return kind != SECTION_KINDS && scenario_section_kinds[kind].single &&
           strcmp(scenario_section_kinds[kind].name, section_name) == 0;
}

static bool key_is_chosen_by_author(const struct scenario_key *key)
{
    return g_ascii_isupper(key->name[0]);
}

const struct scenario_key *scenario_key_find(enum section_kind kind, const char *name)
{
    const struct scenario_key *chosen = NULL;
    for (unsigned i = 0; kind != SECTION_KINDS && i < scenario_key_count; i++) {
        const struct scenario_key *key = &scenario_keys[i];
        if (!(key->sections & IN(kind)))
            continue;
        if (strcmp(key->name, name) == 0)
            return key;
        if (!chosen && key_is_chosen_by_author(key))
            chosen = key;
    }
    return chosen;
}

const char *scenario_probably_meant_key(enum section_kind kind, const char *name)
{
    const char *words[G_N_ELEMENTS(scenario_keys) + 1];
    unsigned count = 0;
    for (unsigned i = 0; i < scenario_key_count; i++)
        if (kind != SECTION_KINDS && scenario_keys[i].sections & IN(kind) &&
            !key_is_chosen_by_author(&scenario_keys[i]))
            words[count++] = scenario_keys[i].name;
    words[count] = NULL;
    return scenario_probably_meant(name, words);
}

const char *scenario_probably_meant_section(const struct scenario_source *source, const char *name)
{
    GPtrArray *words = g_ptr_array_new();
    for (unsigned i = 0; i < source->sections->len; i++) {
        const struct scenario_section *section = g_ptr_array_index(source->sections, i);
        if (scenario_section_kind(section->name) != SECTION_KINDS)
            g_ptr_array_add(words, (gpointer)section->name);
    }
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++)
        g_ptr_array_add(words, (gpointer)scenario_section_kinds[kind].name);
    g_ptr_array_add(words, NULL);
    const char *meant = scenario_probably_meant(name, (const char *const *)words->pdata);
    g_ptr_array_free(words, TRUE);
    return meant;
}

/* ---- telling ---- */

static void append_duration_range(GString *text, const struct scenario_key *key)
{
    char least[DURATION_TEXT_SIZE], most[DURATION_TEXT_SIZE];
    duration_format((time_ns)key->least, least);
    if (key->most < LONGEST)
        g_string_append_printf(text, ", %s to %s", least, duration_format((time_ns)key->most, most));
    else if (key->least == NS)
        g_string_append(text, ", more than 0");
    else if (key->least > NS)
        g_string_append_printf(text, ", at least %s", least);
    if (key->scale > MS)
        g_string_append_printf(text, ", a multiple of %s", duration_format((time_ns)key->scale, least));
}

static void append_words(GString *text, const char *const *words)
{
    for (unsigned i = 0; words[i]; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", words[i]);
}

char *scenario_key_type_text(const struct scenario_key *key)
{
    GString *text = g_string_new(NULL);
    switch (key->type) {
    case VALUE_TEXT:
        g_string_append(text, "text");
        break;
    case VALUE_FILE:
        g_string_append(text, "file name");
        break;
    case VALUE_INTEGER:
        if (key->most < UINT32_MAX)
            g_string_append_printf(text, "whole number, %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                                   key->least, key->most);
        else
            g_string_append_printf(text, "whole number%s", key->least ? ", at least 1" : "");
        break;
    case VALUE_SIZE:
        g_string_append_printf(text, "size, %" G_GUINT64_FORMAT "B to %" G_GUINT64_FORMAT "B", key->least,
                               key->most);
        break;
    case VALUE_RATE:
        g_string_append(text, "rate");
        break;
    case VALUE_DURATION:
        g_string_append(text, "duration");
        append_duration_range(text, key);
        break;
    case VALUE_DURATION_RANGE:
        g_string_append(text, "duration..duration");
        append_duration_range(text, key);
        break;
    case VALUE_DISTRIBUTION:
        g_string_append(text, "distribution");
        break;
    case VALUE_PROBABILITY:
        g_string_append(text, "probability");
        break;
    case VALUE_LOSS:
        g_string_append(text, "probability, or gilbert-elliott(...)");
        break;
    case VALUE_CHANCE:
        g_string_append(text, "probability distribution");
        break;
    case VALUE_CLOCK_DRIFT:
        g_string_append(text, "drift");
        break;
    case VALUE_REORDERING:
        g_string_append(text, "yes or no, or probability distribution");
        break;
    case VALUE_BOOLEAN:
        g_string_append(text, "yes or no");
        break;
    case VALUE_WORD:
        g_string_append(text, "one of ");
        append_words(text, key->words);
        break;
    case VALUE_WORDS:
        g_string_append(text, "any, separated by commas, of ");
        append_words(text, key->words);
        break;
    case VALUE_PREFIX:
        if (key->least == key->most)
            g_string_append_printf(text, "prefix of %u bits", (unsigned)key->least);
        else
            g_string_append_printf(text, "prefix of %u to %u bits", (unsigned)key->least,
                                   (unsigned)key->most);
        break;
    case VALUE_OCTETS:
        g_string_append_printf(text, "%u to %u octets in hexadecimal", (unsigned)key->least,
                               (unsigned)key->most);
        break;
    case VALUE_ADDRESS:
        g_string_append(text, "address");
        break;
    case VALUE_ADDRESSES:
        g_string_append(text, "addresses, or care-of MN, separated by commas");
        break;
    case VALUE_NAME:
        g_string_append_printf(text, "name of %s", key->refers);
        break;
    case VALUE_NAMES:
        g_string_append_printf(text, "names of %s, separated by commas", key->refers);
        break;
    case VALUE_MESSAGE:
        g_string_append(text, "name of a message, or its short form");
        break;
    case VALUE_WHERE:
        g_string_append(text,
                        "own [LINK], a node, an address, heard, random PREFIX, own-addresses [PREFIX], none");
        break;
    case VALUE_FREQUENCY:
        g_string_append(text, "how often: 10000/s, 30/min");
        break;
    case VALUE_SPEED:
        g_string_append(text, "speed, or distribution of speeds");
        break;
    case VALUE_LENGTH:
        g_string_append(text, key->least ? "length, more than 0" : "length");
        break;
    case VALUE_POINT:
        g_string_append(text, "point: X, Y");
        break;
    case VALUE_AREA:
        g_string_append(text, "area: X, Y, X, Y, or X, Y");
        break;
    case VALUE_NUMBERS:
        g_string_append(text, "whole numbers, separated by commas");
        break;
    case VALUE_VERB:
        if (strcmp(key->name, "NODE") == 0)
            g_string_append(text,
                            "attach LAN [keep TIME], or detach; down [for TIME] or up; reboot [for TIME] "
                            "[without-storage]; silent, cease or advertise [LAN]");
        else if (strcmp(key->name, "LINK") == 0)
            g_string_append(
                text, "down [for TIME] or up; prefix ..., deprecate ...; PARAMETER VALUE [for TIME], ...; "
                      "drop or duplicate [N] MESSAGE");
        else
            g_string_append(text, "rekey [KCN] [home-nonce HEX] [care-of-nonce HEX]");
        break;
    case VALUE_FORM:
        g_string_append(text, key->refers);
        break;
    case VALUE_LIST:
        g_string_append(text, "values, separated by semicolons");
        break;
    case VALUE_TOLERANCE:
        g_string_append(text, "duration, or whole number");
        break;
    case VALUE_CONDITION:
        g_string_append(text, "condition");
        break;
    }
    if (key->special)
        g_string_append_printf(text, "; or %s", key->special);
    return g_string_free(text, FALSE);
}

char *scenario_key_default_text(const struct scenario_key *key)
{
    if (key->required)
        return g_strdup("required");
    if (key->as)
        return g_strdup_printf("as %s", key->as);
    return g_strdup(key->initial ? key->initial : key->initial_note ? key->initial_note : "");
}

static void append_header(GString *out, const struct scenario_section_kind *kind)
{
    g_string_append_printf(out, "[%s%s%s]", kind->name, kind->arguments[0] ? " " : "", kind->arguments);
}

static void append_wrapped(GString *out, const char *text, const char *indent, size_t width)
{
    size_t column = 0;
    g_string_append(out, indent);
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, " ");
        if (column && column + 1 + length > width) {
            g_string_append_printf(out, "\n%s", indent);
            column = 0;
        } else if (column) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append_len(out, p, (gssize)length);
        column += length;
        p += length;
        while (*p == ' ')
            p++;
    }
    g_string_append_c(out, '\n');
}

void scenario_keys_print_text(GString *out, enum section_kind only)
{
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++) {
        if (only != SECTION_KINDS && only != kind)
            continue;
        if (out->len)
            g_string_append_c(out, '\n');
        append_header(out, &scenario_section_kinds[kind]);
        g_string_append_c(out, '\n');
        append_wrapped(out, scenario_section_kinds[kind].help, "  ", 96);
        for (unsigned i = 0; i < scenario_key_count; i++) {
            const struct scenario_key *key = &scenario_keys[i];
            if (!(key->sections & IN(kind)))
                continue;
            char *type = scenario_key_type_text(key), *initial = scenario_key_default_text(key);
            g_string_append_printf(out, "\n  %s = %s", key->name, type);
            if (initial[0])
                g_string_append_printf(out, "   (%s%s)", key->required ? "" : "default: ", initial);
            g_string_append_c(out, '\n');
            append_wrapped(out, key->help, "      ", 92);
            g_free(type);
            g_free(initial);
        }
    }
}

static void append_cell(GString *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
}

void scenario_keys_print_markdown(GString *out)
{
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++) {
        g_string_append(out, "\n### `");
        append_header(out, &scenario_section_kinds[kind]);
        g_string_append_printf(out, "`\n\n%s\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
                               scenario_section_kinds[kind].help);
        for (unsigned i = 0; i < scenario_key_count; i++) {
            const struct scenario_key *key = &scenario_keys[i];
            if (!(key->sections & IN(kind)))
                continue;
            char *type = scenario_key_type_text(key), *initial = scenario_key_default_text(key);
            g_string_append_printf(out, "| `%s` | ", key->name);
            append_cell(out, type);
            g_string_append(out, " | ");
            append_cell(out, initial);
            g_string_append(out, " | ");
            append_cell(out, key->help);
            g_string_append(out, " |\n");
            g_free(type);
            g_free(initial);
        }
    }
}
