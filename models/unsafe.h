/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unsafe.h - defences that can be switched off, one bit each, so that an attack that a defence stops can be
 * seen to succeed without it.
 *
 * No node has any of them unless its operator says so (node_configuration.unsafe). Each is a rule of an RFC
 * that the node then breaks, and nothing else of it changes.
 */
#ifndef MIP6SIM_MODELS_UNSAFE_H
#define MIP6SIM_MODELS_UNSAFE_H

#include <stdbool.h>
#include <stdint.h>

/* X(NAME, word in scenarios) */
#define UNSAFE_SWITCHES(X)                                                                                   \
    /* correspondent node: any authenticator will do (RFC 6275, 9.5.1) */                                    \
    X(NO_AUTHENTICATOR_CHECK, "no-authenticator-check")                                                      \
    /* correspondent node: an update is believed that shows the care-of keygen token alone (5.2.5) */        \
    X(NO_HOME_TEST, "no-home-test")                                                                          \
    /* correspondent node: an update is believed that shows the home keygen token alone (5.2.5) */           \
    X(NO_CARE_OF_TEST, "no-care-of-test")                                                                    \
    /* correspondent node and home agent: sequence numbers are not compared (9.5.1) */                       \
    X(NO_SEQUENCE_CHECK, "no-sequence-check")                                                                \
    /* correspondent node: with a binding go its sequence number and the memory of its nonces (5.2.8,        \
     * 9.5.3); of a static key the number too (RFC 4449, 3) */                                               \
    X(FORGET_DELETED_BINDINGS, "forget-deleted-bindings")                                                    \
    /* correspondent node: a static key's sequence number is not in stable storage (RFC 4449, 3) */          \
    X(NO_SEQUENCE_STORAGE, "no-sequence-storage")                                                            \
    /* correspondent node: a static key is used for ever, whatever its numbers have come to (RFC 4449, 4) */ \
    X(NO_KEY_WEAR, "no-key-wear")                                                                            \
    /* correspondent node: serves a home address that has a key by return routability too (RFC 4449, 4) */   \
    X(BIDDING_DOWN, "bidding-down")                                                                          \
    /* correspondent node: keeps state for each test, within its binding limit (5.2.5 has it keep none) */   \
    X(STATEFUL_TESTS, "stateful-tests")                                                                      \
    /* correspondent node: no limit to a binding's lifetime under return routability (12) */                 \
    X(NO_LIFETIME_LIMIT, "no-lifetime-limit")                                                                \
    /* correspondent node and home agent: any Home Address option is believed (9.3.1) */                     \
    X(NO_HOME_ADDRESS_CHECK, "no-home-address-check")                                                        \
    /* mobile node: sends on what a type 2 routing header names, whoever that is (6.4, 11.3.3) */            \
    X(OPEN_ROUTING_HEADER, "open-routing-header")                                                            \
    /* any: Binding Errors as often as there is reason for them (9.3.3); mobile node: no MAX_UPDATE_RATE     \
     * (11.8) */                                                                                             \
    X(NO_RATE_LIMIT, "no-rate-limit")                                                                        \
    /* home agent: any mobile node's security association will do for any home address (5.1) */              \
    X(NO_ASSOCIATION_CHECK, "no-association-check")                                                          \
    /* home agent and mobile node: believe a tunnel whoever it comes from (10.4.5, 11.3.2) */                \
    X(NO_TUNNEL_CHECK, "no-tunnel-check")                                                                    \
    /* mobile node and home agent: ESP sequence numbers are not compared (RFC 4303, 3.4.3) */                \
    X(NO_ANTI_REPLAY, "no-anti-replay")

enum unsafe_switch {
#define X(name, word) UNSAFE_##name,
    UNSAFE_SWITCHES(X)
#undef X
    UNSAFE_COUNT
};

#define UNSAFE_BIT(name) (UINT32_C(1) << UNSAFE_##name)

#endif
