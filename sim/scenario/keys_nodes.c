/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys_nodes.c - what can be said about nodes: routers, hosts, home agents, correspondents, mobile nodes and
 * their further home addresses, attackers; and about pairs of them: [peers], [flow].
 */
#include "sim/scenario/keys_table.h"

#define HOSTS          (IN(SECTION_HOST) | IN(SECTION_CORRESPONDENT_NODE) | IN(SECTION_ATTACKER))
#define STATIONARY     (IN(SECTION_ROUTER) | HOSTS | IN(SECTION_HOME_AGENT))
#define NODES          (STATIONARY | IN(SECTION_MOBILE_NODE))
#define CORRESPONDENTS (IN(SECTION_CORRESPONDENT_NODE) | IN(SECTION_HOME_AGENT) | IN(SECTION_MOBILE_NODE))
#define NODE(member)   FIELD(scenario_node, member)

static const char *const movement_words[] = {"eager", "lazy", NULL};
static const char *const encryption_words[] = {"aes-cbc", "aes-cbc-256", "3des-cbc", "null", NULL};
static const char *const integrity_words[] = {"hmac-sha1-96", "hmac-sha-256-128", NULL};
static const char *const ipsec_tunnel_words[] = {"tests", "all", NULL};
static const char *const registration_words[] = {"always", "on-traffic", "never", NULL};
#define X(name, word) word,
static const char *const unsafe_words[] = {UNSAFE_SWITCHES(X) NULL};
#undef X
static const char *const authorization_words[] = {"return-routability", "static-key", NULL};
static const char *const order_words[] = {"after-home-acknowledgement", "parallel-tests", "at-once", NULL};
static const char *const pattern_words[] = {"constant", "poisson", "on-off", NULL};

/* Words are stored as their index: these enumerations are in the same order. */
G_STATIC_ASSERT(SCENARIO_RETURN_ROUTABILITY == 0 && SCENARIO_STATIC_KEY == 1);
G_STATIC_ASSERT(ORDER_AFTER_HOME_ACKNOWLEDGEMENT == 0 && ORDER_PARALLEL_TESTS == 1 && ORDER_AT_ONCE == 2);
G_STATIC_ASSERT(TRIGGER_ALWAYS == 0 && TRIGGER_TRAFFIC == 1 && TRIGGER_NEVER == 2);
G_STATIC_ASSERT(SCENARIO_AES_CBC == 0 && SCENARIO_AES_CBC_256 == 1 && SCENARIO_3DES_CBC == 2 &&
                SCENARIO_NULL_ENCRYPTION == 3);
G_STATIC_ASSERT(ESP_HMAC_SHA1_96 == 0 && ESP_HMAC_SHA_256_128 == 1);
G_STATIC_ASSERT(UNSAFE_COUNT <= 32);
G_STATIC_ASSERT(FLOW_CONSTANT == 0 && FLOW_POISSON == 1 && FLOW_ON_OFF == 2);

const struct scenario_key scenario_keys_of_nodes[] = {
    /* -- nodes -- */
    {HOSTS | IN(SECTION_MOBILE_NODE), "count", VALUE_INTEGER, .initial = "1", .least = 1,
     .most = SCENARIO_COUNT_MAX, NODE(count),
     .help = "So many nodes alike, named NAME-1, NAME-2, ..., with addresses one after the other."},
    {STATIONARY, "attached", VALUE_NAMES, .refers = "LANs",
     .help = "The LANs it is on; point-to-point links name their ends themselves."},
    {STATIONARY, "address", VALUE_ADDRESSES, .initial_note = "the next one unused on each link",
     .help = "Addresses on its links, each on the link of whose prefix it is; of a group the first "
             "node's. care-of MN: the one that this mobile node would form on the first LAN it is "
             "attached to."},
    {IN(SECTION_HOME_AGENT), "home-link", VALUE_NAME, .refers = "a LAN it is attached to",
     .initial_note = "the first it is attached to", .help = "The LAN whose mobile nodes it serves."},
    {IN(SECTION_HOME_AGENT), "forwarding", VALUE_BOOLEAN,
     .initial_note = "yes, if it has more than one interface", NODE(ipv6.forwarding),
     .help = "Is it a router as well?"},
    {IN(SECTION_HOME_AGENT), "home-address-dad", VALUE_BOOLEAN, .changeable = true, .initial = "yes",
     NODE(home_agent.duplicate_detection),
     .help = "Test a home address for duplicates at its first registration (RFC 6275, 10.3.1)."},
    {IN(SECTION_HOME_AGENT), "any-home-address", VALUE_BOOLEAN, .changeable = true,
     .initial = "no", NODE(home_agent.anyone),
     .help = "Serve every address of the home prefix, not only the mobile nodes that name it."},
    {IN(SECTION_HOME_AGENT), "home-lifetime-limit", VALUE_DURATION, .changeable = true, .initial = "262140s",
     .least = LIFETIME_UNIT, .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, NODE(home_agent.lifetime_limit),
     .help = "Longest home binding granted."},
    {IN(SECTION_HOME_AGENT), "home-binding-limit", VALUE_INTEGER, .changeable = true,
     .initial = "unlimited", .least = 1,
     .most = UINT32_MAX, .special = "unlimited", NODE(home_agent.binding_limit),
     .help = "Home bindings it can hold."},
    {IN(SECTION_HOME_AGENT), "refresh-advice", VALUE_DURATION, .changeable = true,
     .initial = "none", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, .special = "none", NODE(home_agent.refresh_advice),
     .help = "Binding Refresh Advice in acknowledgements (RFC 6275, 6.2.4)."},
    {IN(SECTION_HOME_AGENT), "home-agent-preference", VALUE_INTEGER, .changeable = true,
     .initial = "0", .most = 65535,
     NODE(home_agent.preference),
     .help = "Of several home agents on a link those with the greatest come first (RFC 6275, 7.4, 10.5.1)."},
    {IN(SECTION_HOME_AGENT), "home-agent-lifetime", VALUE_DURATION, .changeable = true,
     .initial_note = "the home link's router-lifetime", .least = S, .most = 65535 * S, .scale = S,
     NODE(home_agent_lifetime),
     .help = "How long others list it as a home agent after each of its advertisements (RFC 6275, 7.4)."},
    {IN(SECTION_HOME_AGENT), "home-agent-bit", VALUE_BOOLEAN, .changeable = true,
     .initial = "yes", NODE(home_agent_bit),
     .help = "The H bit of its Router Advertisements on the home link, with Home Agent Information (RFC "
             "6275, 7.1, 7.4); no: others do not see that it is one."},
    {IN(SECTION_HOME_AGENT), "router-address-bit", VALUE_BOOLEAN, .changeable = true, .initial = "yes",
     NODE(router_address_bit),
     .help = "The R bit of the prefixes in them, each with its whole address then (RFC 6275, 7.2)."},
    {IN(SECTION_HOME_AGENT), "mobile-prefix-advertisements", VALUE_BOOLEAN, .changeable = true,
     .initial = "yes",
     NODE(home_agent.prefix_advertisements),
     .help = "Tell mobile nodes that are away about the home link's prefixes (RFC 6275, 10.6)."},
    {IN(SECTION_HOME_AGENT), "mobile-prefix-advertisement-interval", VALUE_DURATION_RANGE, .changeable = true,
     .initial = "600s..86400s", .least = S, .most = LONGEST, NODE(home_agent.prefix_interval_least),
     .help = "MinMobPfxAdvInterval..MaxMobPfxAdvInterval: when to tell what nobody has asked for (RFC "
             "6275, 10.6.2, 13)."},
    {IN(SECTION_MOBILE_NODE), "home-agent", VALUE_NAME, .refers = "a home agent", .special = "discover",
     .initial_note = "discover, where home-link is given",
     .help = "Its home agent, whose home link is its home; discover: whichever it finds on its home-link."},
    {IN(SECTION_MOBILE_NODE), "home-link", VALUE_NAME, .refers = "a LAN with a home agent",
     .initial_note = "its home agent's", .help = "Its home; to be given if the home agent is not."},
    {IN(SECTION_MOBILE_NODE), "home-agent-discovery", VALUE_BOOLEAN, .initial = "no",
     NODE(mobile.discover_home_agents),
     .help = "Turn to another home agent on the home link when its own is silent or refuses (RFC 6275, "
             "11.4.1); always so with home-agent = discover."},
    {IN(SECTION_MOBILE_NODE), "home-address", VALUE_ADDRESS,
     .initial_note = "the next one unused of home prefix::1:0:1 and following",
     .help = "On the home link; of a group the first node's."},
    {IN(SECTION_MOBILE_NODE), "start", VALUE_NAME, .refers = "a LAN", .initial_note = "its home link",
     .special = "none",
     .help = "Where it is attached at the start; none: nowhere, until it moves somewhere."},
    {IN(SECTION_MOBILE_NODE), "movement-detection", VALUE_WORD, .changeable = true,
     .initial = "eager", .words = movement_words,
     NODE(mobile.lazy),
     .help = "eager: follow every new router; lazy: only when the old one is no longer heard (RFC 6275, "
             "11.5.1)."},
    {IN(SECTION_MOBILE_NODE), "link-hints", VALUE_BOOLEAN, .changeable = true,
     .initial = "yes", .inverted = true,
     NODE(ipv6.ignore_link_hints),
     .help = "Does a link that comes up make it solicit routers at once? Otherwise it waits for "
             "advertisements."},
    {IN(SECTION_MOBILE_NODE), "home-lifetime", VALUE_DURATION, .changeable = true,
     .initial = "420s", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, NODE(mobile.home_lifetime),
     .help = "Lifetime it asks of the home agent."},
    {IN(SECTION_MOBILE_NODE), "first-registration-timeout", VALUE_DURATION, .changeable = true,
     .initial = "1500ms", .least = MS,
     .most = 3600 * S, NODE(mobile.first_registration_timeout),
     .help = "InitialBindackTimeoutFirstReg (RFC 6275, 13)."},
    {IN(SECTION_MOBILE_NODE), "link-local-compatibility", VALUE_BOOLEAN, .initial = "no",
     NODE(mobile.link_local_compatibility),
     .help = "Ask the home agent to protect the link-local address too (L bit)."},
    {IN(SECTION_MOBILE_NODE), "ipsec", VALUE_BOOLEAN, .initial = "yes", NODE(ipsec.enabled),
     .help = "Protect Binding Updates to the home agent, prefix discovery and home tests by ESP (RFC "
             "6275, 5.1); without it they are believed as they come."},
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
    {IN(SECTION_MOBILE_NODE), "other-correspondents", VALUE_WORD, .changeable = true, .initial = "on-traffic",
     .words = registration_words, NODE(mobile.default_policy.trigger),
     .help = "Correspondents without a [peers] section: when to register with them, by return routability "
             "(see registration)."},
    {CORRESPONDENTS, "route-optimization", VALUE_BOOLEAN, .changeable = true, .initial = "yes",
     NODE(correspondent.route_optimization),
     .help = "Does it, as a correspondent, accept Binding Updates at all?"},
    {CORRESPONDENTS, "return-routability", VALUE_BOOLEAN, .changeable = true, .initial = "yes",
     NODE(correspondent.return_routability),
     .help = "Does it, as a correspondent, answer the tests? Otherwise only static keys are accepted."},
    {CORRESPONDENTS, "nonce-interval", VALUE_DURATION, .initial = "30s", .least = MS, .most = 3600 * S,
     NODE(correspondent.nonce_interval),
     .help = "A new nonce and node key after each (RFC 6275, 5.2.2); the last eight are valid."},
    {CORRESPONDENTS, "binding-limit", VALUE_INTEGER, .changeable = true,
     .initial = "unlimited", .least = 1, .most = UINT32_MAX,
     .special = "unlimited", NODE(correspondent.binding_limit),
     .help = "Bindings it can hold as a correspondent, deleted ones included whose sequence numbers it "
             "still has to know (RFC 6275, 5.2.8)."},
    {CORRESPONDENTS, "lifetime-limit", VALUE_DURATION, .changeable = true,
     .initial = "none", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, .special = "none", NODE(correspondent.lifetime_limit),
     .help = "Longest binding granted as a correspondent; return routability has its own limit of 420s."},
    {CORRESPONDENTS, "binding-error-interval", VALUE_DURATION, .changeable = true,
     .initial = "1s", .most = 3600 * S,
     NODE(correspondent.binding_error_interval),
     .help = "Least time between two Binding Errors (RFC 6275, 9.3.3)."},
    {CORRESPONDENTS, "binding-refresh-requests", VALUE_BOOLEAN, .changeable = true, .initial = "no",
     NODE(correspondent.binding_refresh_requests),
     .help = "Ask for a new Binding Update before a binding in use runs out (RFC 6275, 9.5.5)."},
    {IN(SECTION_ROUTER) | IN(SECTION_HOME_AGENT), "ingress-filtering", VALUE_BOOLEAN, .changeable = true,
     .initial = "no",
     NODE(ipv6.ingress_filtering),
     .help = "Drop what comes from a LAN with a source address foreign to it (BCP 38)."},
    {NODES, "clock-drift", VALUE_CLOCK_DRIFT, .initial = "0ppm", NODE(clock_drift),
     .help = "How much faster (negative: slower) its clock runs than the network's time, at most "
             "100000ppm; uniform(-100ppm, 100ppm): drawn for each node and run. All its timers and "
             "lifetimes go by it; what is measured does not."},
    {NODES, "dad-transmits", VALUE_INTEGER, .changeable = true, .initial = "1", .most = 10,
     NODE(ipv6.duplicate_detection_transmits),
     .help = "DupAddrDetectTransmits: probes before an address is used (RFC 4862, 5.1); 0: none."},
    {NODES, "dad-delay", VALUE_BOOLEAN, .changeable = true,
     .initial = "no", NODE(ipv6.delay_duplicate_detection),
     .help = "Wait for a random time of at most 1s before the first probe (RFC 4862, 5.4.2)."},
    {NODES, "optimistic-dad", VALUE_BOOLEAN, .changeable = true,
     .initial = "no", NODE(ipv6.optimistic_duplicate_detection),
     .help = "Use an address while it is still being tested (RFC 4429)."},
    {HOSTS | IN(SECTION_MOBILE_NODE), "solicitation-delay", VALUE_BOOLEAN, .changeable = true,
     .initial = "no",
     NODE(ipv6.delay_router_solicitation),
     .help = "Wait for a random time of at most 1s before the first Router Solicitation (RFC 4861, 6.3.7)."},
    {HOSTS, "autoconfiguration", VALUE_BOOLEAN, .initial = "no", NODE(ipv6.stateless_autoconfiguration),
     .help = "Form addresses from advertised prefixes as well (RFC 4862, 5.5.3); mobile nodes always do."},
    {NODES, "hop-limit", VALUE_INTEGER, .changeable = true,
     .initial = "64", .least = 1, .most = 255, NODE(ipv6.hop_limit),
     .help = "Of packets that originate here. What a host or mobile node sends on a link whose router "
             "advertises a hop limit has that instead (RFC 4861, 6.3.4): advertised-hop-limit there, 64 "
             "by default; what is inside a tunnel keeps this one."},
    {NODES, "mac", VALUE_FORM,
     .refers = "Ethernet addresses, as in 02:00:5e:00:53:01, one for each LAN it is on",
     .initial_note = "02, the interface in two octets, the node in three",
     .help = "Of its interfaces on LANs, in the order of attached; the interface identifiers of addresses "
             "that are formed (EUI-64) come from them. Of a group the first node's; the others' follow."},
    {NODES, "external", VALUE_BOOLEAN, .initial = "no", NODE(external),
     .help = "It is played from outside, through a TAP (mip6sim live): the scenario knows its address and "
             "place, and nothing here speaks for it. A router that is external is the way to everywhere "
             "that the scenario does not know."},
    {NODES, "icmp-error-rate", VALUE_INTEGER, .changeable = true, .initial = "10", .least = 1, .most = 65535,
     .special = "unlimited", NODE(ipv6.icmp_errors_per_second),
     .help = "ICMPv6 errors a second, on average (RFC 4443, 2.4 f)."},
    {NODES, "icmp-error-burst", VALUE_INTEGER, .changeable = true, .initial = "10", .least = 1, .most = 65535,
     NODE(ipv6.icmp_error_burst), .help = "ICMPv6 errors at once."},

    {NODES, "unsafe", VALUE_WORDS, .changeable = true,
     .initial = "none", .special = "none", .words = unsafe_words,
     NODE(ipv6.unsafe),
     .help = "Defences that this node does without, to show what each is good for; see doc/security.md."},

    /* -- [attacker] -- */
    {IN(SECTION_ATTACKER), "taps", VALUE_NAMES, .refers = "point-to-point links",
     .help = "Links of others that it sits on: it hears both directions, and may send into either."},
    {IN(SECTION_ATTACKER), "knows", VALUE_NAMES, .refers = "MOBILE-NODE CORRESPONDENT, or esp MOBILE-NODE",
     .help = "Keys that it has been given: the static key of [peers MOBILE-NODE CORRESPONDENT]; the "
             "security associations of MOBILE-NODE with its home agents. Nothing else is known to it."},

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
    {IN(SECTION_PEERS), "order", VALUE_WORD, .changeable = true,
     .initial = "after-home-acknowledgement", .words = order_words,
     FIELD(scenario_peers, policy.order),
     .help = "after-home-acknowledgement: everything waits for it; parallel-tests: the tests do not, the "
             "Binding Update does (RFC 6275, 11.7.2); at-once: nothing waits (an extension, not RFC "
             "6275)."},
    {IN(SECTION_PEERS), "registration", VALUE_WORD, .changeable = true,
     .initial = "always", .words = registration_words,
     FIELD(scenario_peers, policy.trigger),
     .help = "always: whenever away; on-traffic: when a packet has come through the tunnel; never: stay "
             "with the tunnel."},
    {IN(SECTION_PEERS), "lifetime", VALUE_DURATION, .changeable = true,
     .initial = "420s", .least = LIFETIME_UNIT,
     .most = LIFETIME_MOST, .scale = LIFETIME_UNIT, FIELD(scenario_peers, policy.lifetime),
     .help = "Asked of the correspondent."},
    {IN(SECTION_PEERS), "acknowledge", VALUE_BOOLEAN, .changeable = true, .initial = "yes",
     FIELD(scenario_peers, policy.acknowledge),
     .help = "Ask the correspondent for acknowledgements (A bit)."},
    {IN(SECTION_PEERS), "reuse-tokens", VALUE_BOOLEAN, .changeable = true, .initial = "no",
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
    {0},
};
