/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.h - the Mobility Header: its eight messages and their options as structures and as octets (RFC
 * 6275, 6.1, 6.2).
 *
 * The codec neither knows addresses of the packet nor judges policy: it checks form. The checksum is the IPv6
 * layer's (ipv6_checksum_offset); the authenticator is authorization.h's, which needs the octets
 * (authenticator_at).
 */
#ifndef MIP6SIM_MODELS_MOBILITY_MESSAGE_H
#define MIP6SIM_MODELS_MOBILITY_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/environment.h"
#include "models/ipv6/address.h"

enum mobility_type {
    MOBILITY_BINDING_REFRESH_REQUEST = 0,
    MOBILITY_HOME_TEST_INIT = 1,
    MOBILITY_CARE_OF_TEST_INIT = 2,
    MOBILITY_HOME_TEST = 3,
    MOBILITY_CARE_OF_TEST = 4,
    MOBILITY_BINDING_UPDATE = 5,
    MOBILITY_BINDING_ACKNOWLEDGEMENT = 6,
    MOBILITY_BINDING_ERROR = 7,
};

enum mobility_option_type {
    MOBILITY_OPTION_PAD1 = 0,
    MOBILITY_OPTION_PADN = 1,
    MOBILITY_OPTION_BINDING_REFRESH_ADVICE = 2,     /* 2n */
    MOBILITY_OPTION_ALTERNATE_CARE_OF_ADDRESS = 3,  /* 8n+6 */
    MOBILITY_OPTION_NONCE_INDICES = 4,              /* 2n */
    MOBILITY_OPTION_BINDING_AUTHORIZATION_DATA = 5, /* 8n+2, last */
};

/* Binding Acknowledgement status (RFC 6275, 6.1.8). 128 and above: rejected. */
enum binding_status {
    BINDING_ACCEPTED = 0,
    BINDING_ACCEPTED_PREFIX_DISCOVERY = 1,
    BINDING_REASON_UNSPECIFIED = 128,
    BINDING_ADMINISTRATIVELY_PROHIBITED = 129,
    BINDING_INSUFFICIENT_RESOURCES = 130,
    BINDING_HOME_REGISTRATION_NOT_SUPPORTED = 131,
    BINDING_NOT_HOME_SUBNET = 132,
    BINDING_NOT_HOME_AGENT = 133,
    BINDING_DUPLICATE_DETECTION_FAILED = 134,
    BINDING_SEQUENCE_OUT_OF_WINDOW = 135,
    BINDING_EXPIRED_HOME_NONCE = 136,
    BINDING_EXPIRED_CARE_OF_NONCE = 137,
    BINDING_EXPIRED_NONCES = 138,
    BINDING_REGISTRATION_TYPE_CHANGE = 139,
    BINDING_INVALID_CARE_OF_ADDRESS = 174,
};

enum binding_error_status {
    BINDING_ERROR_UNKNOWN_BINDING = 1, /* Home Address option without a binding */
    BINDING_ERROR_UNRECOGNIZED_TYPE = 2,
};

#define MOBILITY_HEADER_FIXED_LENGTH 6 /* payload protocol ... checksum */
#define MOBILITY_MESSAGE_LENGTH_MAX  (8 + 255 * 8)
#define MOBILITY_COOKIE_LENGTH       8
#define KEYGEN_TOKEN_LENGTH          8
#define AUTHENTICATOR_LENGTH         12
#define BINDING_LIFETIME_UNIT        4 /* seconds per unit of a Lifetime field */

struct mobility_message {
    uint8_t type; /* enum mobility_type */
    union {
        struct { /* Home Test Init, Care-of Test Init, Home Test, Care-of Test */
            uint8_t cookie[MOBILITY_COOKIE_LENGTH];
            uint8_t keygen_token[KEYGEN_TOKEN_LENGTH]; /* tests only */
            uint16_t nonce_index;                      /* tests only */
        } test;
        struct {
            uint16_t sequence;
            bool acknowledge, home_registration, link_local, key_management; /* A H L K */
            uint16_t lifetime;                                               /* units of 4 s */
        } update;
        struct {
            uint8_t status;
            bool key_management; /* K */
            uint16_t sequence;
            uint16_t lifetime; /* units of 4 s */
        } acknowledgement;
        struct {
            uint8_t status; /* enum binding_error_status */
            struct ipv6_address home_address;
        } error;
    };
    /* options; unknown ones are skipped on reading */
    bool has_refresh_advice;
    bool has_alternate_care_of_address;
    bool has_nonce_indices;
    bool has_authorization_data;
    bool authorization_data_last; /* nothing, not even padding, behind it (9.5.1) */
    uint16_t refresh_interval;    /* units of 4 s */
    uint16_t home_nonce_index;
    uint16_t care_of_nonce_index;
    uint16_t authenticator_at; /* offset of the authenticator's octets in the message */
    struct ipv6_address alternate_care_of_address;
    uint8_t authenticator[AUTHENTICATOR_LENGTH];
};

/*
 * Reads a Mobility Header of exactly `length` octets. DISCARD_NONE, or what is wrong and in *pointer the
 * offset of the offending octet, as an ICMPv6 Parameter Problem wants it (RFC 6275, 9.2):
 * MOBILITY_PAYLOAD_PROTOCOL (pointer 0), MOBILITY_LENGTH (pointer 1), MOBILITY_TYPE (answered by a Binding
 * Error), MOBILITY_OPTION, HEADER_TRUNCATED. Octets beyond the header's own length are not looked at. Order
 * of checks: 9.2.
 */
enum discard_reason mobility_message_read(const uint8_t *octets, size_t length,
                                          struct mobility_message *message, size_t *pointer);

/*
 * Writes the message with its options, aligned and padded as 6.2 says (PadN between options; Binding
 * Authorization Data last and ending the message on 8 octets without trailing padding), checksum zero,
 * authenticator as given. Sets authenticator_at. Returns the length, a multiple of 8, or 0 if it does not fit
 * in size octets.
 */
size_t mobility_message_write(struct mobility_message *message, uint8_t *octets, size_t size);

/* "Binding Update" and so on, as the RFC spells it; "Mobility Header" if unknown. Static string. */
const char *mobility_type_name(unsigned type);
/* "Binding Update accepted" and so on (6.1.8); static string. */
const char *binding_status_text(unsigned status);

/* Fewest octets of a message of this type, by its fixed part; 0: unknown type. */
size_t mobility_type_least_length(unsigned type);

#endif
