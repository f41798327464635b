/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys_study.c - what can be said about the study that a scenario is: [scenario], [parameters], [sweep];
 * about what must come of it: [expect], [verify]; and about what is written: [output].
 */
#include "sim/scenario/keys_table.h"

const struct scenario_key scenario_keys_of_study[] = {
    /* -- [scenario] -- */
    {IN(SECTION_SCENARIO), "extends", VALUE_FILE,
     .help = "Read this file first (relative to the present one), then lay the present one over it, key "
             "by key; an empty value takes a key back."},
    {IN(SECTION_SCENARIO), "title", VALUE_TEXT, .initial_note = "the file's name", FIELD(scenario, title),
     .help = "For tables and plots."},
    {IN(SECTION_SCENARIO), "duration", VALUE_DURATION, .required = true, .least = NS, .most = LONGEST,
     FIELD(scenario, duration), .help = "Virtual time from start to end."},
    {IN(SECTION_SCENARIO), "warm-up", VALUE_DURATION, .initial = "0s", .most = LONGEST,
     FIELD(scenario, warm_up),
     .help = "Flows are counted from then on (flows.csv): what becomes of datagrams sent before is left "
             "out. Single handovers need none."},
    {IN(SECTION_SCENARIO), "seed", VALUE_INTEGER, .initial = "1", .most = UINT64_MAX, FIELD(scenario, seed),
     .help = "All randomness comes from it and the number of the replication."},
    {IN(SECTION_SCENARIO), "replications", VALUE_INTEGER, .initial = "1", .least = 1, .most = 1000000,
     FIELD(scenario, replications), .help = "Runs that differ only in their random numbers."},

    /* -- [parameters] -- */
    {IN(SECTION_PARAMETERS), "NAME", VALUE_TEXT,
     .help = "Any text, put in as it is. What is swept over is \"parameters / NAME\"."},

    /* -- [sweep] -- */
    {IN(SECTION_SWEEP), "SECTION / KEY", VALUE_LIST,
     .help = "Values to try, separated by semicolons: 1ms; 10ms; 50ms. Ranges: 1ms..100ms step 5ms; "
             "1ms..1s log 10 are ten values, each so many times the one before. Keys that go along with "
             "each other: A / X & B / Y = 1; 2 & 10; 20."},
    {IN(SECTION_SWEEP), "except", VALUE_CONDITION,
     .help = "Combinations that are left out: SECTION / KEY = VALUE, or !=, <, <=, >, >=, or another axis "
             "in place of the value; & is and, ; is or: A / X = 1ms & B / Y > 10ms; A / X >= B / Y. The "
             "points that are left are numbered without them."},

    /* -- [expect] -- */
    {IN(SECTION_EXPECT), "COLUMN MOBILE-NODE [CORRESPONDENT] [handover N]", VALUE_CONDITION,
     .help = "A column of handovers.csv (outage, binding_latency, packets_lost, home_test_received, ...) "
             "in each handover of the node, or in its Nth or last one."},
    {IN(SECTION_EXPECT), "handovers MOBILE-NODE", VALUE_CONDITION, .help = "How many it has begun."},
    {IN(SECTION_EXPECT), "binding NODE MOBILE-NODE [at TIME]", VALUE_CONDITION,
     .help = "Where NODE's binding for the mobile node's home address points then, or at the end: none, "
             "present, care-of (the mobile node's own care-of address), a LAN, a node, or an address."},
    {IN(SECTION_EXPECT), "bindings NODE [at TIME | peak]", VALUE_CONDITION,
     .help = "How many bindings it holds then, at the end, or at most at a time."},
    {IN(SECTION_EXPECT), "link MOBILE-NODE [at TIME]", VALUE_CONDITION,
     .help = "The LAN that it is on then, or at the end; none."},
    {IN(SECTION_EXPECT),
     "messages [MESSAGE] [from NODE] [to NODE] [after TIME] [before TIME] [status N] "
     "[sent|received|discarded]",
     VALUE_CONDITION,
     .help = "How many mobility messages (all, or such as Binding Update or BU) were sent, or received, "
             "or discarded. message_octets: their octets."},
    {IN(SECTION_EXPECT), "COLUMN FLOW [after TIME] [before TIME]", VALUE_CONDITION,
     .help = "A column of flows.csv (sent, received, lost, misdirected, longest_gap, delay_maximum, ...; "
             "delay is delay_mean) of each pair's flow; counts also as a percentage of what it has sent."},
    {IN(SECTION_EXPECT), "path FLOW [at TIME]", VALUE_CONDITION,
     .help = "How the datagram travelled that was delivered last by then: direct, tunnelled, optimized; "
             "none was."},
    {IN(SECTION_EXPECT), "discards [\"REASON\"] [at NODE] [after TIME] [before TIME]", VALUE_CONDITION,
     .help = "How many packets were discarded or lost, all, or for a reason in the words of messages.csv."},
    {IN(SECTION_EXPECT), "attack ATTACK", VALUE_CONDITION,
     .help = "What comes of it: accepted, rejected [STATUS], discarded [\"REASON\"], answered, "
             "unanswered, not-sent, limited; failed is any but accepted."},
    {IN(SECTION_EXPECT), "attack ATTACK COLUMN", VALUE_CONDITION,
     .help = "A column of attacks.csv: sent_messages, accepted, victim_octets, amplification, "
             "astray_time, ..."},

    /* -- [verify] -- */
    {IN(SECTION_VERIFY), "COLUMN", VALUE_TOLERANCE,
     .help = "outage = 1ms: of an instant or a duration; packets_lost = 2: of a count."},

    /* -- [output] -- */
    {IN(SECTION_OUTPUT), "captures", VALUE_NAMES, .refers = "links, or all", .initial = "none",
     .special = "none", .help = "Links to write a packet capture of (libpcap, nanoseconds)."},
    {IN(SECTION_OUTPUT), "packets", VALUE_NAMES, .refers = "flows, or all", .initial = "none",
     .special = "none",
     .help = "Flows whose every packet has a row in packets.csv: when it was sent and received, by which "
             "way, or where it was lost and why."},
    {0},
};
