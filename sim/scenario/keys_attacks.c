/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys_attacks.c - what can be said about an [attack]; what is said about attackers is with the nodes.
 */
#include "sim/scenario/keys_table.h"

#define ATTACK(member) FIELD(scenario_attack, configuration.member)

static const char *const action_words[] = {"forge", "replay", "flood", NULL};
static const char *const token_words[] = {"any", "test", "heard", "none", "static-key", NULL};
static const char *const otherwise_words[] = {"nothing", "guess", NULL};

/* Words are stored as their index: these enumerations are in the same order. */
G_STATIC_ASSERT(ATTACK_FORGE == 0 && ATTACK_REPLAY == 1 && ATTACK_FLOOD == 2);
G_STATIC_ASSERT(ATTACK_TOKEN_ANY == 0 && ATTACK_TOKEN_TEST == 1 && ATTACK_TOKEN_HEARD == 2 &&
                ATTACK_TOKEN_NONE == 3 && ATTACK_TOKEN_STATIC_KEY == 4);

const struct scenario_key scenario_keys_of_attacks[] = {
    {IN(SECTION_ATTACK), "attacker", VALUE_NAME, .required = true, .refers = "an attacker",
     .help = "Who does it."},
    {IN(SECTION_ATTACK), "target", VALUE_NAME, .required = true, .refers = "a node",
     .help = "Who is to believe it. Groups: see between."},
    {IN(SECTION_ATTACK), "victim", VALUE_NAME, .refers = "a node", .initial = "none", .special = "none",
     .help = "Who suffers: what arrives there because of the attack is counted."},
    {IN(SECTION_ATTACK), "title", VALUE_TEXT, .initial_note = "the section's name",
     FIELD(scenario_attack, title), .help = "For the table of attacks."},
    {IN(SECTION_ATTACK), "action", VALUE_WORD, .required = true, .words = action_words, ATTACK(action),
     .help = "forge: messages made up, with tokens if it can get them; replay: messages sent again, octet "
             "for octet as they were heard; flood: very many."},
    {IN(SECTION_ATTACK), "message", VALUE_MESSAGE, .initial = "Binding Update",
     .help = "Binding Update, Binding Refresh Request, Home Test Init, Care-of Test Init, Home Test, "
             "Care-of Test, Binding Acknowledgement, Binding Error, or BU, BRR, HoTI, CoTI, HoT, CoT, BA, "
             "BE; udp, echo-request, icmp-error; of a replay also esp and any."},
    {IN(SECTION_ATTACK), "start", VALUE_DURATION, .initial = "0s", .most = LONGEST, ATTACK(start),
     .help = "When it begins; tokens and addresses are kept when they are heard before, too. A replay "
             "takes what it hears from then on."},
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
     .help = "Whose binding it is about; of udp and echo-request: in a Home Address option. A mobile "
             "node's is its home address."},
    {IN(SECTION_ATTACK), "care-of-address", VALUE_WHERE, .initial_note = "own, of a Binding Update",
     .help = "Where the binding is to point; heard: what was overheard for the home address, in Home "
             "Address options and type 2 routing headers."},
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
     .help = "ESP in transport mode by this mobile node's security association with the target, if the "
             "attacker knows it."},
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
    {0},
};
