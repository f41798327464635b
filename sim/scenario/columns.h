/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * columns.h - what is measured of handovers, flows and attacks, by the names that tables and [expect] have
 * for it.
 *
 * X(NAME, column) in the order of the columns. The scenario language and the probes share these lists, so
 * that what can be measured can be expected.
 */
#ifndef MIP6SIM_SIM_SCENARIO_COLUMNS_H
#define MIP6SIM_SIM_SCENARIO_COLUMNS_H

/* Instants of a handover: first what all correspondents and home addresses share, then what each has for
 * itself. */
#define HANDOVER_SHARED_INSTANTS(X)                                                                          \
    X(LINK_DOWN, "link_down")                                                                                \
    X(LINK_UP, "link_up")                                                                                    \
    X(ROUTER_ADVERTISEMENT, "router_advertisement") /* the one that shows the move */                        \
    X(ADDRESS_TENTATIVE, "address_tentative")
#define HANDOVER_OWN_INSTANTS(X)                                                                             \
    X(CARE_OF_ADDRESS_USABLE, "care_of_address_usable") /* or the home link is recognized */                 \
    X(HOME_UPDATE_SENT, "home_update_sent")                                                                  \
    X(HOME_ACKNOWLEDGEMENT_RECEIVED, "home_acknowledgement_received")                                        \
    X(HOME_TEST_INIT_SENT, "home_test_init_sent")                                                            \
    X(CARE_OF_TEST_INIT_SENT, "care_of_test_init_sent")                                                      \
    X(HOME_TEST_RECEIVED, "home_test_received")                                                              \
    X(CARE_OF_TEST_RECEIVED, "care_of_test_received")                                                        \
    X(CORRESPONDENT_UPDATE_SENT, "correspondent_update_sent")                                                \
    X(CORRESPONDENT_BOUND, "correspondent_bound") /* at the correspondent; deleted, if the node came home */ \
    X(CORRESPONDENT_ACKNOWLEDGEMENT_RECEIVED, "correspondent_acknowledgement_received")                      \
    X(FIRST_TUNNELLED_PACKET, "first_tunnelled_packet")     /* delivered to the mobile node */               \
    X(FIRST_OPTIMIZED_DOWNLINK, "first_optimized_downlink") /* delivered to the mobile node */               \
    X(FIRST_OPTIMIZED_UPLINK, "first_optimized_uplink")     /* delivered to the correspondent */

/* Durations: what follows from the instants, empty if one of them did not happen. */
#define HANDOVER_DURATIONS(X)                                                                                \
    X(LINK_HANDOVER, "link_handover")                 /* link down .. link up */                             \
    X(MOVEMENT_DETECTION, "movement_detection")       /* link up .. router advertisement */                  \
    X(ADDRESS_CONFIGURATION, "address_configuration") /* router advertisement .. care-of address usable */   \
    X(HOME_REGISTRATION, "home_registration")         /* home update sent .. acknowledged */                 \
    X(RETURN_ROUTABILITY, "return_routability")       /* first test init sent .. last test received */       \
    X(CORRESPONDENT_REGISTRATION, "correspondent_registration") /* update sent .. bound */                   \
    X(BINDING_LATENCY, "binding_latency")                       /* care-of address usable .. bound */        \
    X(HANDOVER_LATENCY, "handover_latency")                     /* link down .. bound */                     \
    X(OUTAGE,                                                                                                \
      "outage") /* last packet delivered to the mobile node before the link went down .. first one after;    \
                   where links overlap the same about the new one's coming up, if that took longer */

/* Counts of a handover, per correspondent; the messages are those with the home agent as well. */
#define HANDOVER_COUNTS(X)                                                                                   \
    X(PACKETS_LOST, "packets_lost")                                                                          \
    X(PACKETS_TUNNELLED, "packets_tunnelled")                                                                \
    X(PACKETS_OPTIMIZED, "packets_optimized")                                                                \
    X(PACKETS_MISDIRECTED, "packets_misdirected")                                                            \
    X(MOBILE_MESSAGES, "mobile_messages")                                                                    \
    X(MOBILE_OCTETS, "mobile_octets")                                                                        \
    X(CORRESPONDENT_MESSAGES, "correspondent_messages")                                                      \
    X(CORRESPONDENT_OCTETS, "correspondent_octets")

/* What became of a flow's datagrams: counts, then times. */
#define FLOW_COUNTS(X)                                                                                       \
    X(SENT, "sent")                                                                                          \
    X(RECEIVED, "received")                                                                                  \
    X(LOST, "lost")                                                                                          \
    X(DUPLICATED, "duplicated")                                                                              \
    X(REORDERED, "reordered")                                                                                \
    X(DIRECT, "direct")                                                                                      \
    X(TUNNELLED, "tunnelled")                                                                                \
    X(OPTIMIZED, "optimized")                                                                                \
    X(MISDIRECTED, "misdirected")
#define FLOW_TIMES(X)                                                                                        \
    X(DELAY_MEAN, "delay_mean")                                                                              \
    X(DELAY_MINIMUM, "delay_minimum")                                                                        \
    X(DELAY_MAXIMUM, "delay_maximum")                                                                        \
    X(LONGEST_GAP, "longest_gap") /* between two arrivals */

/* What came of an attack: counts, a ratio, times. */
#define ATTACK_COUNTS(X)                                                                                     \
    X(SENT_MESSAGES, "sent_messages") /* packets that the attacker sent for it, tests included */            \
    X(SENT_OCTETS, "sent_octets")                                                                            \
    X(ACCEPTED, "accepted")   /* times that it brought about what it is for */                               \
    X(REJECTED, "rejected")   /* refused by the target with a status */                                      \
    X(DISCARDED, "discarded") /* without a word, at the target or on the way */                              \
    X(REPLIES, "replies")     /* that others sent because of it */                                           \
    X(REPLY_OCTETS, "reply_octets")                                                                          \
    X(VICTIM_PACKETS, "victim_packets") /* caused by it, that arrived at the victim */                       \
    X(VICTIM_OCTETS, "victim_octets")                                                                        \
    X(ASTRAY_PACKETS, "astray_packets") /* flows' datagrams sent to where it has pointed them */             \
    X(ASTRAY_OCTETS, "astray_octets")                                                                        \
    X(STATE_CREATED, "state_created") /* bindings at the target that are its doing, at most at a time */     \
    X(DEFENCE_MESSAGES, "defence_messages") /* mobility messages of honest nodes, in the whole run */        \
    X(DEFENCE_OCTETS, "defence_octets")
#define ATTACK_TIMES(X)                                                                                      \
    X(ASTRAY_TIME, "astray_time") /* a datagram could go astray .. the next one arrives right again */       \
    X(FIRST_SENT, "first_sent")                                                                              \
    X(FIRST_ACCEPTED, "first_accepted")

enum attack_column {
#define X(name, column) ATTACK_COLUMN_##name,
    ATTACK_COUNTS(X) ATTACK_TIMES(X)
#undef X
        ATTACK_COLUMN_AMPLIFICATION, /* octets that arrived at the victim, or went astray, for one sent */
    ATTACK_COLUMN_STATUS,            /* of the last refusal */
    ATTACK_COLUMN_COUNT,
    ATTACK_COUNTED_COUNT = ATTACK_COLUMN_ASTRAY_TIME
};

/* What came of it, in a word; the later the worse for who is attacked. */
#define ATTACK_OUTCOMES(X)                                                                                   \
    X(NOT_SENT, "not-sent")     /* the attacker never had what it takes */                                   \
    X(UNANSWERED, "unanswered") /* nothing came of it that anybody reports */                                \
    X(DISCARDED, "discarded")                                                                                \
    X(ANSWERED, "answered") /* it drew replies, which is all */                                              \
    X(REJECTED, "rejected")                                                                                  \
    X(LIMITED, "limited") /* a flood of which a part was accepted */                                         \
    X(ACCEPTED, "accepted")

enum attack_outcome {
#define X(name, word) OUTCOME_##name,
    ATTACK_OUTCOMES(X)
#undef X
        OUTCOME_COUNT
};

enum handover_instant {
#define X(name, column) INSTANT_##name,
    HANDOVER_SHARED_INSTANTS(X) HANDOVER_OWN_INSTANTS(X)
#undef X
        INSTANT_COUNT,
    INSTANT_SHARED_COUNT = INSTANT_CARE_OF_ADDRESS_USABLE
};

enum handover_duration {
#define X(name, column) DURATION_##name,
    HANDOVER_DURATIONS(X)
#undef X
        DURATION_COUNT
};

enum handover_count {
#define X(name, column) HANDOVER_##name,
    HANDOVER_COUNTS(X)
#undef X
        HANDOVER_COUNT_COUNT
};

enum flow_column {
#define X(name, column) FLOW_##name,
    FLOW_COUNTS(X) FLOW_TIMES(X)
#undef X
        FLOW_COLUMN_COUNT,
    FLOW_COUNTED_COUNT = FLOW_DELAY_MEAN
};

#endif
