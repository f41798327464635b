/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * correspondent_fixture.h - a correspondent node on one point-to-point link, and the other end of all its
 * conversations: packets are made of octets and read as octets.
 */
#ifndef MIP6SIM_TESTS_UNIT_CORRESPONDENT_FIXTURE_H
#define MIP6SIM_TESTS_UNIT_CORRESPONDENT_FIXTURE_H

#include <check.h>

#include "models/ipv6/ipv6.h"
#include "models/mobility/mobility.h"
#include "tests/unit/recording_environment.h"

struct correspondent_fixture {
    struct recording_environment recorder;
    struct correspondent_node_configuration configuration; /* may be changed before start */
    struct node node;
    struct ipv6_address correspondent, home, care_of, other_care_of, home_agent;
    time_ns now; /* of what the test does next */
};

/* As the RFC calls the parts of a packet that carries a mobility message or anything else. */
struct carried {
    struct ipv6_address source, destination; /* of the IPv6 header */
    bool has_home_address_option, has_type_2_routing;
    struct ipv6_address home_address; /* in either */
    uint8_t next_header;
    uint8_t payload[512];
    size_t length;
    size_t packet_length;
    struct mobility_message message; /* when next_header is the Mobility Header: read, checksum verified */
};

void correspondent_prepare(struct correspondent_fixture *f); /* addresses, default configuration */
void correspondent_start(struct correspondent_fixture *f);
void correspondent_end(struct correspondent_fixture *f);
/* Lets time pass, timers and all, and forgets what was recorded before. */
void correspondent_wait(struct correspondent_fixture *f, time_ns until);

/* A packet to the correspondent. option: with a Home Address option for f->home. The checksum is made right
 * if the protocol has one. */
void correspondent_hears(struct correspondent_fixture *f, const struct ipv6_address *source, bool option,
                         uint8_t next_header, const uint8_t *payload, size_t length);
void correspondent_hears_message(struct correspondent_fixture *f, const struct ipv6_address *source,
                                 bool option, struct mobility_message *message);

/* How many packets the correspondent has sent; and the next of them, in order. Fails if there is none. */
unsigned correspondent_sent(const struct correspondent_fixture *f);
struct carried correspondent_take(struct correspondent_fixture *f);
/* Exactly one, a mobility message of this type. */
struct carried correspondent_take_message(struct correspondent_fixture *f, unsigned type);
void correspondent_expect_silence(struct correspondent_fixture *f, enum discard_reason reason);

/* The tokens a mobile node collects, by HoTI and CoTI. */
struct tokens {
    uint8_t home[KEYGEN_TOKEN_LENGTH], care_of[KEYGEN_TOKEN_LENGTH];
    uint16_t home_index, care_of_index;
};
void correspondent_test_home(struct correspondent_fixture *f, struct tokens *tokens);
void correspondent_test_care_of(struct correspondent_fixture *f, const struct ipv6_address *care_of,
                                struct tokens *tokens);

/* A Binding Update as a mobile node makes it. */
struct update_spec {
    const struct ipv6_address *source;    /* NULL: f->care_of */
    const struct ipv6_address *alternate; /* Alternate Care-of Address option; NULL: none */
    bool no_home_address_option;          /* the home address is the source */
    bool silent;                          /* A bit off */
    uint16_t sequence;
    uint16_t lifetime;
    const struct tokens *tokens;  /* return routability; NULL: none */
    const struct static_key *key; /* static key; NULL: none */
    bool nonce_indices;           /* with Nonce Indices all the same */
    bool wrong_authenticator;
};
void correspondent_hears_update(struct correspondent_fixture *f, const struct update_spec *spec);

/* The acknowledgement is authentic under what authorized the update. */
void correspondent_check_authenticator(struct correspondent_fixture *f, const struct update_spec *spec,
                                       const struct carried *acknowledgement);
/* One acknowledgement with this status and sequence; authenticated unless 136..138. */
struct carried correspondent_take_acknowledgement(struct correspondent_fixture *f,
                                                  const struct update_spec *spec, unsigned status,
                                                  uint16_t sequence);

/* Sends a UDP datagram of four octets from the correspondent to the destination. */
void correspondent_speaks(struct correspondent_fixture *f, const struct ipv6_address *destination);

void correspondent_test_both(struct correspondent_fixture *f, struct tokens *tokens);
/* Registers f->care_of under return routability with this sequence number; takes the acknowledgement. */
void correspondent_register(struct correspondent_fixture *f, struct tokens *tokens, uint16_t sequence,
                            uint16_t lifetime);
/* Of f->home, to route by; NULL: none. */
const struct binding *correspondent_binding(const struct correspondent_fixture *f);
/* How the correspondent's next packet to the home address travels: by this care-of address; NULL: plainly. */
void correspondent_expect_route(struct correspondent_fixture *f, const struct ipv6_address *care_of);

#endif
