/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recording_environment.h - the world of a node under test: it does nothing, and remembers what the node
 * asked for.
 *
 * Everything the node transmits, reports and delivers goes into arrays, in order. Random octets come from a
 * small counter generator keyed by the purpose, so a test is the same every time; a script of octets may be
 * put in front of them. Stable storage is a table that outlives the node. Group addresses that the node
 * listens to are counted.
 *
 * A test sets `now` before it enters the node (the helpers at the end do), because frames are stamped with
 * it.
 */
#ifndef MIP6SIM_TESTS_UNIT_RECORDING_ENVIRONMENT_H
#define MIP6SIM_TESTS_UNIT_RECORDING_ENVIRONMENT_H

#include <glib.h>

#include "models/environment.h"
#include "models/ipv6/node.h"

struct recorded_frame {
    time_ns time;
    unsigned interface;
    struct packet *packet; /* the recorder's reference */
};

/* A report; its pointers lead to the copies behind it (or are NULL), and `packet` is a copy of its own. */
struct recorded_event {
    struct protocol_event event;
    struct ipv6_address source, destination, wire_source, wire_destination;
    struct ipv6_address home_address, care_of_address, peer;
};

struct recorded_group {
    unsigned interface;
    struct ethernet_address group;
    int count; /* times switched on less times switched off */
};

struct recording_environment {
    struct environment environment; /* first, so that one is the other; watches everything at first */
    struct packet_pool *packets;
    bool owns_packets;
    time_ns now;
    GArray *frames;       /* of struct recorded_frame */
    GPtrArray *events;    /* of struct recorded_event * */
    GArray *deliveries;   /* of struct delivery */
    GArray *groups;       /* of struct recorded_group */
    GHashTable *storage;  /* GBytes -> GBytes */
    GByteArray *script[RANDOM_PURPOSES];
    uint64_t drawn[RANDOM_PURPOSES]; /* octets drawn from the generator */
    uint64_t seed;
    bool storage_fails;   /* store_write returns ERROR_MEMORY and stores nothing */
    /* When set, takes what is transmitted (the packet too), and sees each report, in place of the arrays. */
    void (*transmitted)(struct recording_environment *recorder, unsigned interface, struct packet *packet);
    void (*reported)(struct recording_environment *recorder, const struct protocol_event *event);
    void *user;
};

/* packets NULL: a pool of its own. */
void recording_environment_init(struct recording_environment *recorder, struct packet_pool *packets);
/* Releases everything. With a pool of its own, fails the program if a packet has not been released by
 * anybody. */
void recording_environment_free(struct recording_environment *recorder);

/* Forgets frames, events and deliveries. */
void recording_environment_clear(struct recording_environment *recorder);

/* These octets are the next ones drawn for the purpose, after those scripted before. */
void recording_environment_script(struct recording_environment *recorder, enum random_purpose purpose,
                                  const void *octets, size_t length);

struct recorded_event *recorded_event_copy(const struct protocol_event *event);
void recorded_event_free(struct recorded_event *event);

unsigned recording_frame_count(const struct recording_environment *recorder);
/* of those recorded */
struct recorded_frame *recording_frame(const struct recording_environment *recorder, unsigned index);
unsigned recording_event_count(const struct recording_environment *recorder);
const struct protocol_event *recording_event(const struct recording_environment *recorder, unsigned index);
unsigned recording_count_events(const struct recording_environment *recorder, enum protocol_event_kind kind);
/* The last report of the kind; NULL: there was none. */
const struct protocol_event *recording_last_event(const struct recording_environment *recorder,
                                                  enum protocol_event_kind kind);
/* The reason of the last PACKET_DISCARDED or MESSAGE_DISCARDED; DISCARD_NONE if there was none. */
enum discard_reason recording_last_discard(const struct recording_environment *recorder);
bool recording_listens(const struct recording_environment *recorder, unsigned interface,
                       const struct ethernet_address *group);

/* A packet of these octets with headroom, from the recorder's pool. */
struct packet *recording_packet(struct recording_environment *recorder, const void *octets, size_t length);

/* Entries with the clock set: a frame received; a link changed; every deadline up to `until`, one after
 * another, then now = until. */
void recording_receive(struct recording_environment *recorder, struct node *node, unsigned interface,
                       const void *octets, size_t length, time_ns now);
void recording_link(struct recording_environment *recorder, struct node *node, unsigned interface, bool up,
                    time_ns now);
void recording_run(struct recording_environment *recorder, struct node *node, time_ns until);

/* Reads "2001:db8::1"; aborts when it is no address. And octets from hexadecimal digits, blanks allowed;
 * returns how many. */
struct ipv6_address address_from(const char *text);
size_t octets_from(const char *hexadecimal, uint8_t *octets, size_t size);

#endif
