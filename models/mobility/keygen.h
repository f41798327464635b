/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keygen.h - keygen tokens, Kbm and authenticators (RFC 6275, 5.2.5, 5.2.6, 6.2.7). The one user of libcrypto
 * in mobility/.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_KEYGEN_H
#define MIP6SIM_MODELS_MOBILITY_KEYGEN_H

#include <stddef.h>
#include <stdint.h>

#include "models/ipv6/address.h"
#include "models/mobility/message.h"

#define NODE_KEY_LENGTH         20 /* Kcn under return routability; a static Kcn has at least as many */
#define STATIC_KEY_LENGTH_MAX   64
#define NONCE_LENGTH            8 /* under return routability */
#define STATIC_NONCE_LENGTH_MAX 32
#define KBM_LENGTH              20

/* HMAC-SHA1 keyed once: the two hash states after the padded key (RFC 2104, 4). Plain data, copyable. */
struct hmac_key {
    uint32_t inner[5];
    uint32_t outer[5];
};

/* Which keygen token: the octet at the end of the hashed text. */
enum keygen_token_kind { KEYGEN_HOME = 0, KEYGEN_CARE_OF = 1 };

void hmac_key_set(struct hmac_key *key, const uint8_t *octets, size_t length); /* any length >= 1 */
/* HMAC_SHA1(key, text), 20 octets. */
void hmac_compute(const struct hmac_key *key, const uint8_t *text, size_t length, uint8_t mac[20]);

/* First (64, HMAC_SHA1 (Kcn, (address | nonce | kind))) */
void keygen_token(const struct hmac_key *kcn, const struct ipv6_address *address, const uint8_t *nonce,
                  size_t nonce_length, enum keygen_token_kind kind, uint8_t token[KEYGEN_TOKEN_LENGTH]);

/* SHA-1 (home keygen token | care-of keygen token); care_of NULL: of the home token alone (deletion). */
void keygen_kbm(const uint8_t home[KEYGEN_TOKEN_LENGTH], const uint8_t *care_of, uint8_t kbm[KBM_LENGTH]);

/*
 * First (96, HMAC_SHA1 (Kbm, (care-of address | correspondent | MH Data))): MH Data is the message up to the
 * authenticator, checksum taken as zero (6.2.7). message: the whole Mobility Header; authenticator_at as
 * message.h gives it.
 */
void keygen_authenticator(const uint8_t kbm[KBM_LENGTH], const struct ipv6_address *care_of_address,
                          const struct ipv6_address *correspondent, const uint8_t *message,
                          size_t authenticator_at, uint8_t authenticator[AUTHENTICATOR_LENGTH]);

/* Same octets, in time that does not depend on where they differ. */
int keygen_equal(const uint8_t *a, const uint8_t *b, size_t length);

#endif
