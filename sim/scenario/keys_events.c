/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys_events.c - what can be said about what happens to nodes and links: [movement], [fault], [at].
 */
#include "sim/scenario/keys_table.h"

#include "sim/engine/length.h"

#define MOVEMENT(member) FIELD(scenario_movement, member)
#define FAULT(member)    FIELD(scenario_fault, member)

static const char *const model_words[] = {"residence", "trace", "random-waypoint", "road", NULL};
static const char *const stop_order_words[] = {"cycle", "ping-pong", "random", NULL};
static const char *const road_end_words[] = {"stop", "return", "wrap", NULL};

/* Words are stored as their index: these enumerations are in the same order. */
G_STATIC_ASSERT(SCENARIO_RESIDENCE == 0 && SCENARIO_TRACE == 1 && SCENARIO_RANDOM_WAYPOINT == 2 &&
                SCENARIO_ROAD == 3);
G_STATIC_ASSERT(SCENARIO_ROAD_STOP == 0 && SCENARIO_ROAD_RETURN == 1 && SCENARIO_ROAD_WRAP == 2);
G_STATIC_ASSERT(SCENARIO_CYCLE == 0 && SCENARIO_PING_PONG == 1 && SCENARIO_RANDOM == 2);

const struct scenario_key scenario_keys_of_events[] = {
    /* -- [movement] -- */
    {IN(SECTION_MOVEMENT), "model", VALUE_WORD, .required = true, .words = model_words, MOVEMENT(model),
     .help = "residence: it stays on each of some links for a while; trace: as a file says; "
             "random-waypoint and road: it walks about an area or along a road, through the cells of LANs "
             "that have a position, and is attached to the nearest that it is in."},
    {IN(SECTION_MOVEMENT), "start", VALUE_DURATION, .initial = "0s", .most = LONGEST, MOVEMENT(start),
     .help = "Until then it is at its start link; the first stay or way begins then. With 0s it is from "
             "the first on where its way begins. Of a trace: added to its times."},
    {IN(SECTION_MOVEMENT), "stop", VALUE_DURATION, .initial = "never", .most = LONGEST, .special = "never",
     .special_value = TIME_NEVER, MOVEMENT(stop), .help = "No move at or after it."},
    {IN(SECTION_MOVEMENT), "keep", VALUE_DURATION, .initial = "0s", .most = LONGEST, MOVEMENT(keep),
     .help = "It stays on the old link for so long, once on the new (two interfaces), but not beyond the "
             "old cell; 0s: it leaves first."},
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
     .help = "residence: cycle: one after the other, again and again; ping-pong: to the last and back to "
             "the first, again and again; random: any of them, never the same twice in a row."},
    {IN(SECTION_MOVEMENT), "weights", VALUE_NUMBERS, .initial_note = "all alike",
     .help = "residence, order = random: of each of the links, how likely it is compared with the others."},
    {IN(SECTION_MOVEMENT), "file", VALUE_FILE,
     .help = "trace: lines \"TIME NODE LINK\" (blanks or commas between; # comments; times without a unit "
             "are seconds; link none: detached), sorted by time; the file is looked for beside the "
             "scenario."},
    {IN(SECTION_MOVEMENT), "speed", VALUE_SPEED, MOVEMENT(speed),
     .initial_note = "required for random-waypoint, road",
     .help = "random-waypoint, road: drawn for each way to a waypoint, and each time along the road; at "
             "least 0.001m/s."},
    {IN(SECTION_MOVEMENT), "hysteresis", VALUE_LENGTH, .initial = "0m", .most = (uint64_t)LENGTH_MOST,
     MOVEMENT(hysteresis),
     .help = "random-waypoint, road: where cells overlap, another must be nearer than the present one by "
             "more than this."},
    {IN(SECTION_MOVEMENT), "area", VALUE_AREA, .initial_note = "required for random-waypoint",
     .help = "random-waypoint: two opposite corners, X, Y, X, Y; or the upper right one, X, Y, if the "
             "other is 0, 0. It begins anywhere within, and goes from one random point to the next."},
    {IN(SECTION_MOVEMENT), "pause", VALUE_DISTRIBUTION, .initial = "0s", .most = LONGEST, MOVEMENT(pause),
     .help = "random-waypoint: how long it rests at each point."},
    {IN(SECTION_MOVEMENT), "from", VALUE_POINT, .initial_note = "required for road", MOVEMENT(from),
     .help = "road: where it begins."},
    {IN(SECTION_MOVEMENT), "to", VALUE_POINT, .initial_note = "required for road", MOVEMENT(to),
     .help = "road: where it ends."},
    {IN(SECTION_MOVEMENT), "at-end", VALUE_WORD, .initial = "stop", .words = road_end_words, MOVEMENT(at_end),
     .help = "road: stop: it stays there; return: it goes back, and comes again; wrap: it begins anew at "
             "once."},

    /* -- [fault] -- */
    {IN(SECTION_FAULT), "action", VALUE_FORM, .required = true,
     .refers = "drop, duplicate, corrupt, delay DISTRIBUTION, or hold until TIME",
     .help = "drop: it is lost; duplicate: it comes twice; corrupt: its last bit is turned over; delay: "
             "it comes so much later, and others overtake it; hold: it does not come before that "
             "instant."},
    {IN(SECTION_FAULT), "message", VALUE_NAMES, .initial = "any", .refers = "messages or flows, or any",
     .help = "Which packets: by the names of messages.csv or their abbreviations (HoTI, CoTI, HoT, CoT, "
             "BU, BA, BRR, BE, MPS, MPA, DHAAD-Request, DHAAD-Reply), Neighbor Discovery (RS, RA, NS, "
             "NA), Echo Request, Echo Reply, ICMPv6 errors by their names, UDP, a flow's datagrams; in "
             "tunnels and under ESP too."},
    {IN(SECTION_FAULT), "nth", VALUE_FORM, .initial = "all", .refers = "all, N, N..M, or every N",
     .help = "Which of those that match, counted from 1 in each run."},
    {IN(SECTION_FAULT), "link", VALUE_NAME, .initial = "any", .refers = "a link", .special = "any",
     .help = "Where they cross this link, in either direction; any: once, where they begin their way."},
    {IN(SECTION_FAULT), "from", VALUE_NAME, .refers = "a node", .initial_note = "anybody",
     .help = "Whose they are: who sends them; on a link farther on, by the source address, a mobile "
             "node's home or care-of address, inside of tunnels."},
    {IN(SECTION_FAULT), "to", VALUE_NAME, .refers = "a node", .initial_note = "anybody",
     .help = "For whom they are, by the destination; of what goes to a group on a LAN, that node's copy."},
    {IN(SECTION_FAULT), "between", VALUE_DURATION_RANGE, .initial_note = "always", .most = LONGEST,
     FAULT(start), .help = "Only at or after the first instant and before the second."},
    {IN(SECTION_FAULT), "probability", VALUE_PROBABILITY, .initial = "100%", FAULT(probability),
     .help = "That it happens to one that has been chosen by all of these."},

    /* -- [at] -- */
    {IN(SECTION_AT), "NODE", VALUE_VERB,
     .help = "attach LAN: a mobile node leaves its link for this one; attach LAN keep TIME: it stays on "
             "the old one for so long, once on the new (two interfaces); detach: it leaves its link. "
             "down: all interfaces of any other node go down, and a home agent loses its bindings; up: "
             "they come up again; down for TIME: both. reboot: the power of any node fails for so long "
             "(0s), it loses all but its configuration and its stable storage (without-storage: that "
             "too), and begins life again where it is. silent: a router or home agent sends no Router "
             "Advertisements any more, without a word; cease: it says so in a last one (RFC 4861, "
             "6.2.5); advertise: it begins again; all three of one LAN, or of all that it advertises on. "
             "KEY VALUE: a key that the tables mark with (at) becomes this, for good. add address "
             "ADDRESS [on LAN], remove address ADDRESS: of any node but a mobile one, tested for "
             "duplicates as at the start. add route PREFIX via ADDRESS [on LINK], or on LINK; add "
             "default-router ADDRESS [on LINK]; remove route PREFIX, remove default-router: its static "
             "routes. ipsec rekey [ALGORITHM] ... [spi N] [encryption-key HEX] [integrity-key HEX]: a "
             "mobile node and its home agents get other security associations, both ends at once; what "
             "is not given is the scenario's algorithm, an index that nobody has had, drawn. Behind sa1, "
             "sa2 (BU and BA; RFC 3776, 5.2), sa3, sa4 (HoTI and HoT in the tunnel) an index and keys "
             "are one association's, and only those named are new; otherwise all four have the keys, and "
             "indices from N on. ipsec off: none any more, and nothing is protected, nor need be; ipsec "
             "on: those of before."},
    {IN(SECTION_AT), "MOBILE-NODE CORRESPONDENT", VALUE_VERB,
     .help = "Peers that have a static key get a new one, both ends at once (RFC 4449, 4): drawn, or the "
             "octets of KCN; nonces likewise. Sequence numbers begin anew; the binding in force stays. KEY "
             "VALUE: another policy, where the table of [peers] marks the key with (at)."},
    {IN(SECTION_AT), "fault NAME", VALUE_VERB,
     .help = "What [fault NAME] says does not happen any more; or it goes on, and counts on from where it "
             "was."},
    {IN(SECTION_AT), "LINK", VALUE_VERB,
     .help = "down: the link loses all that it is given; up: it works again; down for TIME: both. prefix "
             "PREFIX [valid TIME] [preferred TIME] [on-link yes|no] [autonomous yes|no]: the routers of a "
             "LAN take up a prefix, or other lifetimes of it; deprecate PREFIX [valid TIME]: it is "
             "preferred no more, and valid for so long; withdraw PREFIX: it is advertised no more, without "
             "a word. KEY VALUE, where the tables mark the key with (at): from now on, or for TIME, as if "
             "it had been written so; of a point-to-point link in both directions, reverse-delay and so on "
             "in the one. What a LAN's routers advertise anew they tell three times at short intervals "
             "(RFC 4861, 6.2.4). Several, separated by commas. drop, duplicate, corrupt [N] MESSAGE [from "
             "NODE] [to NODE] [probability P] [for TIME]: the next, next N, or Nth (drop the 2nd HoT), "
             "every N or all of these that cross the link (see [fault]); hold-back TIME [N] MESSAGE: they "
             "come so much later. mend: all faults of the link are over."},
    {0},
};
