/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attacker.h - an adversary: a node with its places in the network, what it hears there and no more, and a
 * list of attacks to carry out (RFC 4225; RFC 6275, 15; RFC 4449, 2 and 4).
 *
 * An attacker hangs on a plain IPv6 host of its own, which configures addresses, answers Neighbor Discovery
 * and finds routers by the book. Its places are the node's interfaces, 0 to interface_count - 1, where it
 * hears every frame, and taps, which its environment numbers from interface_count on: links between others
 * on which it sits and whose frames are IPv6 packets. attacker_overhear() gives it what is heard; what it
 * sends goes through the node's routing, or to a place by environment.transmit.
 *
 * It knows the octets it hears, its attacks' configuration (addresses that people publish, and the keys that
 * it has been given), the time, and random octets (RANDOM_ATTACK). All its memory is bounded: each attack
 * keeps the two tokens it is after and at most ATTACK_RECORDINGS packets.
 *
 *     eavesdropper   what a packet says
 *     forged_packet  packets of any contents
 *     forger         messages made up; the steps to a Binding Update that will be believed
 *     replayer       messages sent again as they were heard
 *     flooder        very many of them
 */
#ifndef MIP6SIM_MODELS_ATTACK_ATTACKER_H
#define MIP6SIM_MODELS_ATTACK_ATTACKER_H

#include <stdbool.h>
#include <stdint.h>

#include "models/attack/eavesdropper.h"
#include "models/attack/forged_packet.h"
#include "models/base/timer.h"
#include "models/ipv6/node.h"
#include "models/mobility/authorization.h"

#define ATTACK_RECORDINGS 64 /* packets kept to be replayed */
#define ATTACK_NO_PLACE   UINT16_MAX

enum attack_action { ATTACK_FORGE, ATTACK_REPLAY, ATTACK_FLOOD };

enum attack_address_kind {
    ATTACK_ADDRESS_NONE,
    ATTACK_ADDRESS_FIXED,
    ATTACK_ADDRESS_HEARD,  /* the care-of address that has been heard for the home address, or the target's */
    ATTACK_ADDRESS_RANDOM, /* in the prefix: another one each time */
    ATTACK_ADDRESS_EACH,   /* in the prefix: one after the other, all of them the attacker's own */
};

struct attack_address {
    uint8_t kind; /* enum attack_address_kind */
    uint8_t prefix_length;
    struct ipv6_address address; /* or prefix */
};

/* Where a keygen token comes from. */
enum attack_token_source {
    ATTACK_TOKEN_ANY,   /* computed with static_key if there is one, else tested and heard */
    ATTACK_TOKEN_TEST,  /* the answer to a test of its own, if that is heard somewhere */
    ATTACK_TOKEN_HEARD, /* any that is heard */
    ATTACK_TOKEN_NONE,  /* random octets */
    ATTACK_TOKEN_STATIC_KEY,
};

enum attack_sequence {
    ATTACK_SEQUENCE_NEXT, /* one above what has been heard; of an acknowledgement: that number */
    ATTACK_SEQUENCE_RANDOM,
    ATTACK_SEQUENCE_FIXED,
};

enum attack_choice {
    ATTACK_CHOICE_FIRST,
    ATTACK_CHOICE_LAST,
    ATTACK_CHOICE_ALL,
    ATTACK_CHOICE_NUMBER,
};

/* One attack. Constant while the attacker lives. */
struct attack_configuration {
    uint32_t mark;   /* of every packet sent for it: packet.h */
    uint8_t action;  /* enum attack_action */
    uint8_t message; /* enum attack_message */
    uint16_t place;  /* where to send; ATTACK_NO_PLACE: by the node's routes, else at the first tap */
    time_ns start, stop;
    uint64_t count;   /* packets (of a forged Binding Update: that many copies); 0: no limit */
    time_ns interval; /* > 0, between them */

    struct ipv6_address target; /* as people publish it */

    /* -- what is forged -- */
    struct attack_address source;      /* NONE: as the message has it */
    struct attack_address destination; /* NONE: the care-of or home address, for messages to a mobile node */
    struct attack_address home_address;
    struct attack_address care_of_address;
    struct attack_address routing; /* home address of a type 2 routing header */
    uint16_t lifetime;             /* units of 4 s; 0: a deletion */
    uint16_t sequence;             /* ATTACK_SEQUENCE_FIXED */
    uint8_t sequence_choice;       /* enum attack_sequence */
    uint8_t status;                /* of an acknowledgement or error */
    bool acknowledge, home_registration;
    bool authorization_data;
    bool alternate_care_of_address; /* the care-of address stands in the option, `source` in the header */
    uint16_t port, payload;         /* UDP, Echo Request */
    uint8_t icmp_type, icmp_code;
    uint8_t about;                              /* message that an ICMPv6 error quotes */
    const struct attack_protection *protection; /* ESP; NULL: none */

    /* -- how a Binding Update is authorized -- */
    const struct static_key *static_key; /* that it has been given; NULL: none */
    uint8_t home_token, care_of_token;   /* enum attack_token_source */
    bool guess;                          /* without a token: with random octets; else not at all */
    time_ns give_up;                     /* how long to wait for tokens */
    time_ns hold;                        /* between having them and using them */
    time_ns refresh;                     /* all of it again after so long; TIME_NEVER: once */
    time_ns deletion;                    /* takes the binding back after so long; TIME_NEVER: not */

    /* -- what is replayed -- */
    bool from_given, to_given;
    struct ipv6_address from, to; /* either end: home address, or address in the IPv6 header */
    uint8_t choice;               /* enum attack_choice */
    uint32_t number;              /* ATTACK_CHOICE_NUMBER: from 1 */
    time_ns after;                /* it has been heard */
    time_ns at;                   /* that instant instead; TIME_NEVER: after */
};

/* A security association that the attacker has been given, to send by. */
struct attack_protection {
    struct esp_engine *engine; /* borrowed */
    struct security_association *association;
};

struct attacker;

struct attack_token {
    bool known;
    bool fresh; /* of this round */
    time_ns heard;
    uint16_t nonce_index;
    uint8_t token[KEYGEN_TOKEN_LENGTH];
    uint8_t cookie[MOBILITY_COOKIE_LENGTH]; /* of the test that is out */
};

enum forger_phase {
    FORGER_IDLE,
    FORGER_STARTING,
    FORGER_LOOKING,
    FORGER_TESTING,
    FORGER_HOLDING,
    FORGER_SENDING,
};

struct attack_recording {
    struct packet *packet;
    time_ns due;
    uint64_t left; /* times to send it */
};

/* What an attack is about; see the files of its action. */
struct attack {
    const struct attack_configuration *configuration;
    struct attacker *attacker;
    struct attack *next;
    struct timer timer;
    uint64_t sent; /* packets of the action itself, tests not counted */

    /* forger and flooder */
    struct timer delete_timer, refresh_timer;
    struct ipv6_address home_address, care_of_address; /* of this round */
    struct attack_token home, care_of;
    struct ipv6_address heard_care_of;
    uint8_t cookie[MOBILITY_COOKIE_LENGTH]; /* heard in a test */
    uint16_t heard_sequence, sequence;
    bool care_of_heard, cookie_heard, sequence_heard, sequence_used;
    bool deleting;
    uint8_t phase; /* enum forger_phase */
    uint8_t tries;
    uint64_t burst;  /* sent in this round */
    uint8_t *quoted; /* FORGED_QUOTE_MAX octets; NULL: nothing heard */
    size_t quoted_length;

    /* replayer: a ring */
    struct attack_recording *recordings;
    uint32_t first, recording_count;
    uint64_t heard;
    uint64_t fingerprints[ATTACK_RECORDINGS]; /* of what has been heard last: a packet may pass twice */
    uint32_t fingerprint_count;
};

struct attacker {
    struct node *node; /* borrowed */
    struct attack *attacks;
    struct eavesdropper eavesdropper;
    uint16_t tap_count;
    bool on; /* else it neither hears nor sends */
};

/* For a node that has been initialized. NULL: no memory. It must be freed before the node. */
struct attacker *attacker_new(struct node *node, uint16_t tap_count);
void attacker_free(struct attacker *attacker); /* NULL is harmless */

/* 0 or ERROR_MEMORY. The configuration is borrowed. */
int attacker_add_attack(struct attacker *attacker, const struct attack_configuration *configuration);
/* A security association that it knows, to look into: linked in by association->next; borrowed, as is
 * engine. */
void attacker_add_association(struct attacker *attacker, struct esp_engine *engine,
                              struct security_association *association);

/* Attacks begin at their time. */
void attacker_start(struct attacker *attacker, time_ns now);
/* Power: off, it is deaf and dumb; its attacks' clocks go on. */
void attacker_set_on(struct attacker *attacker, bool on);

/*
 * A frame passes at a place: Ethernet II at an Ethernet interface, else an IPv6 packet. Borrows it. To be
 * called for every frame that arrives there, those that are for the node too, before node_receive. True: the
 * node may have it, if it is for the node; false: it is nothing that the host should answer, since the
 * attacker keeps quiet about messages of mobility.
 */
bool attacker_overhear(struct attacker *attacker, unsigned place, const struct packet *frame, time_ns now);

/* -- for the code inside models/attack -- */

/* Sends a complete packet for the attack: marks it, and finds it a way. Takes the packet (NULL is
 * harmless). */
void attack_send(struct attack *attack, struct packet *packet, time_ns now);
void attack_random(const struct attack *attack, void *octets, size_t length);
/* Has its time come, and not gone? */
bool attack_is_on(const struct attack *attack, time_ns now);
/* The address it stands for; number: of the packet, for ATTACK_ADDRESS_EACH. False: none, or not yet
 * heard. */
bool attack_find_address(struct attack *attack, const struct attack_address *wanted, uint64_t number,
                         struct ipv6_address *address);

#endif
