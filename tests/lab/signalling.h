/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signalling.h - which of a lab's frames are signalling, and what they say: mobility messages through all
 * headers and tunnels, and under ESP, Router and Neighbor Discovery. For tests that lose, delay and repeat
 * chosen messages, or judge them afterwards.
 *
 * Reads the octets by itself, not with the functions under test.
 */
#ifndef MIP6SIM_TESTS_LAB_SIGNALLING_H
#define MIP6SIM_TESTS_LAB_SIGNALLING_H

#include "tests/lab/world.h"

enum signal_kind { SIGNAL_NONE, SIGNAL_MOBILITY, SIGNAL_DISCOVERY };

struct signal {
    enum signal_kind kind;
    unsigned type;                   /* of the Mobility Header, or of ICMPv6 */
    struct ipv6_address wire_source; /* of the innermost IPv6 header */
    struct ipv6_address wire_destination;
    struct ipv6_address source;      /* as upper layers see it: a Home Address option counts */
    struct ipv6_address destination; /* and a type 2 routing header */
    unsigned protocol;               /* of the innermost header; data has one, too */
    const uint8_t *message;          /* its first octet; NULL: the packet is too short */
    size_t length;                   /* from there to the end of the packet */
    bool original;                   /* sent by the node where the message was made, not passed on */
    bool protected_by_esp;
};

/* Reads an IPv6 packet; `original` and `protected_by_esp` stay false, ESP stays closed. */
struct signal signal_parse(const uint8_t *octets, size_t length);
/* Reads what a node is sending, or has sent (the octets are the frame's, opened where it is under ESP). */
struct signal signal_read(const struct lab *lab, const struct lab_frame *frame);

/* Must what a node is sending be under ESP, and is not (RFC 6275, 5.1, 5.4, 5.5, 10.4.6)? */
bool signal_is_exposed(const struct world *world, const struct lab_frame *frame, const struct signal *signal);

const char *signal_name(const struct signal *signal); /* static string */

/* Of a Binding Update. */
uint16_t signal_update_sequence(const struct signal *signal);
/* First octet of the value of a mobility option of this type, behind a fixed part of so many octets; NULL: it
 * is not there. */
const uint8_t *signal_option(const struct signal *signal, size_t fixed, unsigned type);

#define UPDATE_FIXED_LENGTH 12 /* of a Binding Update, and of an acknowledgement, up to the options */

/*
 * What is done to signals, counted from a time on; for lab_set_hook on every link. Data is left alone.
 * A signal is counted where it is made; Neighbor Discovery only on the LAN `lan` tells.
 */
enum deviation_kind {
    DEVIATION_NONE,
    DEVIATION_LOSE,
    DEVIATION_DELAY,     /* by `delay` */
    DEVIATION_DUPLICATE, /* once at its time, once `delay` later */
    DEVIATION_KINDS,
};

struct deviation {
    unsigned index; /* of the signal */
    enum deviation_kind kind;
};

#define DEVIATIONS_MOST 6

struct deviator {
    struct deviation deviations[DEVIATIONS_MOST]; /* by index */
    unsigned count;
    bool discovery; /* Router and Neighbor Discovery too */
    bool
        tests_in_parallel; /* the Home Test Init follows the home Binding Update at once, and falls with it */
    unsigned (*lan)(void *context); /* where the mobile node is now */
    void *context;
    time_ns from, until;     /* signals of this span are counted */
    time_ns delay;           /* of messages that travel */
    time_ns discovery_delay; /* of those that do not leave their link */
    unsigned seen;           /* signals counted so far */
    struct signal_note {     /* what was hit */
        enum signal_kind kind;
        unsigned type;
        bool home; /* to or from the home agent */
        bool protected_by_esp;
        const char *name;
        time_ns time;
    } notes[DEVIATIONS_MOST];
    struct ipv6_address home_agent;
};

void deviate(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment, void *context);

/*
 * How much later things may be for it, by the RFCs' timers: RTR_SOLICITATION_INTERVAL, RetransTimer,
 * INITIAL_BINDACK_TIMEOUT (InitialBindackTimeoutFirstReg to the home agent) doubled for each loss of the same
 * message. While a neighbor is being resolved the queue for it may overflow with datagrams (RFC 4861, 7.2.2),
 * and two acknowledgements be lost with it. A test that has been hit more often than MAX_RO_FAILURE begins
 * anew after MAX_BINDACK_TIMEOUT.
 */
time_ns deviator_allowance(const struct deviator *deviator);

/*
 * What IPsec between mobile node and home agent has failed to do in a run with these deviations (RFC 6275,
 * 5.1, 5.4, 10.4.6; RFC 4303, 3.3.3, 3.4.3); NULL: nothing, or there is none in this world. No Binding Update
 * or Acknowledgement, prefix solicitation or advertisement between the two, and no test in their tunnel, goes
 * in the clear; a sender counts up; what comes twice is taken once, and nothing else is refused. stays: the
 * mobile node has stayed where it was when the first signal was hit, so that all copies have reached it.
 */
const char *deviator_ipsec_fault(const struct deviator *deviator, const struct world *world, bool stays);
char *deviator_describe(const struct deviator *deviator); /* to be freed with g_free */

#endif
