/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message_kind.h - the messages that a scenario can speak of, by the names that logs and messages.csv have
 * for them and by their abbreviations.
 */
#ifndef MIP6SIM_SIM_SCENARIO_MESSAGE_KIND_H
#define MIP6SIM_SIM_SCENARIO_MESSAGE_KIND_H

#include <stdbool.h>
#include <stdint.h>

/* X(NAME, "name", "abbreviation" or NULL, upper-layer protocol, its type) */
#define MESSAGE_KINDS(X)                                                                                     \
    X(BINDING_REFRESH_REQUEST, "Binding Refresh Request", "BRR", 135, 0)                                     \
    X(HOME_TEST_INIT, "Home Test Init", "HoTI", 135, 1)                                                      \
    X(CARE_OF_TEST_INIT, "Care-of Test Init", "CoTI", 135, 2)                                                \
    X(HOME_TEST, "Home Test", "HoT", 135, 3)                                                                 \
    X(CARE_OF_TEST, "Care-of Test", "CoT", 135, 4)                                                           \
    X(BINDING_UPDATE, "Binding Update", "BU", 135, 5)                                                        \
    X(BINDING_ACKNOWLEDGEMENT, "Binding Acknowledgement", "BA", 135, 6)                                      \
    X(BINDING_ERROR, "Binding Error", "BE", 135, 7)                                                          \
    X(HOME_AGENT_DISCOVERY_REQUEST, "Home Agent Address Discovery Request", "DHAAD-Request", 58, 144)        \
    X(HOME_AGENT_DISCOVERY_REPLY, "Home Agent Address Discovery Reply", "DHAAD-Reply", 58, 145)              \
    X(MOBILE_PREFIX_SOLICITATION, "Mobile Prefix Solicitation", "MPS", 58, 146)                              \
    X(MOBILE_PREFIX_ADVERTISEMENT, "Mobile Prefix Advertisement", "MPA", 58, 147)                            \
    X(ROUTER_SOLICITATION, "Router Solicitation", "RS", 58, 133)                                             \
    X(ROUTER_ADVERTISEMENT, "Router Advertisement", "RA", 58, 134)                                           \
    X(NEIGHBOR_SOLICITATION, "Neighbor Solicitation", "NS", 58, 135)                                         \
    X(NEIGHBOR_ADVERTISEMENT, "Neighbor Advertisement", "NA", 58, 136)                                       \
    X(ECHO_REQUEST, "Echo Request", NULL, 58, 128)                                                           \
    X(ECHO_REPLY, "Echo Reply", NULL, 58, 129)                                                               \
    X(DESTINATION_UNREACHABLE, "Destination Unreachable", NULL, 58, 1)                                       \
    X(PACKET_TOO_BIG, "Packet Too Big", "PTB", 58, 2)                                                        \
    X(TIME_EXCEEDED, "Time Exceeded", NULL, 58, 3)                                                           \
    X(PARAMETER_PROBLEM, "Parameter Problem", NULL, 58, 4)                                                   \
    X(UDP, "UDP", NULL, 17, -1)                                                                              \
    X(OTHER, "other", NULL, -1, -1)

enum message_kind {
#define X(name, text, abbreviation, protocol, type) MESSAGE_##name,
    MESSAGE_KINDS(X)
#undef X
        MESSAGE_KIND_COUNT
};

#define MESSAGE_BIT(kind) (UINT32_C(1) << (kind))
#define MESSAGE_ANY       (MESSAGE_BIT(MESSAGE_KIND_COUNT) - 1)

/* By name or abbreviation, in letters of either case; MESSAGE_KIND_COUNT: there is none. */
enum message_kind message_kind_find(const char *name);
/* Of this upper-layer protocol, its message beginning with `octets`, which may be cut off. */
enum message_kind message_kind_of(unsigned protocol, const uint8_t *octets, unsigned length);
const char *message_kind_name(enum message_kind kind);
/* All names and abbreviations, for guesses; NULL-terminated. */
extern const char *const message_kind_words[];

#endif
