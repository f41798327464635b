/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keygen.c - HMAC-SHA1 with a key that is kept, and what RFC 6275 makes of it (5.2.5, 5.2.6, 6.2.7; RFC
 * 2104).
 *
 * HMAC hashes the padded key in front of the text and again in front of the inner digest: with the key go two
 * of four compressions. While a Kcn lives, the two chaining values behind those blocks are kept, as RFC 2104,
 * 4 suggests: 40 octets, plain data. A keygen token then costs two compressions, since address, nonce and the
 * last octet fit in one block with its padding: about 80 ns where HMAC() takes 900. A kept EVP_MAC_CTX or
 * HMAC_CTX would do with 130 to 160 ns, but is a heap object for each of the sixteen keys that a
 * correspondent holds; and such an object cannot be made of a chaining value. So this file uses the SHA_CTX
 * interface, which OpenSSL 3 calls deprecated and keeps: four functions, nothing allocated, nothing that can
 * fail. tests/bench/bench_keygen.c measures it.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "models/mobility/keygen.h"

#include <assert.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#define BLOCK       SHA_CBLOCK /* 64 octets */
#define DIGEST      SHA_DIGEST_LENGTH
#define AT_CHECKSUM 4

/* ---- one compression with the chaining value at hand ---- */

static void state_load(SHA_CTX *context, const uint32_t state[5])
{
    context->h0 = state[0];
    context->h1 = state[1];
    context->h2 = state[2];
    context->h3 = state[3];
    context->h4 = state[4];
}

static void put32(uint8_t *octets, uint32_t value)
{
    octets[0] = (uint8_t)(value >> 24);
    octets[1] = (uint8_t)(value >> 16);
    octets[2] = (uint8_t)(value >> 8);
    octets[3] = (uint8_t)value;
}

static void state_digest(const SHA_CTX *context, uint8_t digest[DIGEST])
{
    put32(digest, context->h0);
    put32(digest + 4, context->h1);
    put32(digest + 8, context->h2);
    put32(digest + 12, context->h3);
    put32(digest + 16, context->h4);
}

/* The last block of a text of which one block (the padded key) has been hashed: `length` octets stand in it
 * already. */
static void block_finish(uint8_t block[BLOCK], size_t length)
{
    memset(block + length, 0, BLOCK - length);
    block[length] = 0x80;
    uint32_t bits = (uint32_t)((BLOCK + length) * 8);
    block[BLOCK - 2] = (uint8_t)(bits >> 8);
    block[BLOCK - 1] = (uint8_t)bits;
}

/* HMAC of a text that, with its padding, fits in block. */
static void hmac_of_block(const struct hmac_key *key, uint8_t block[BLOCK], size_t length,
                          uint8_t mac[DIGEST])
{
    SHA_CTX context; /* SHA1_Transform looks at the chaining value alone */
    assert(length <= BLOCK - 9);
    block_finish(block, length);
    state_load(&context, key->inner);
    SHA1_Transform(&context, block);
    state_digest(&context, block);
    block_finish(block, DIGEST);
    state_load(&context, key->outer);
    SHA1_Transform(&context, block);
    state_digest(&context, mac);
}

/* ---- HMAC of any text ---- */

static void inner_start(SHA_CTX *context, const struct hmac_key *key)
{
    SHA1_Init(context);
    state_load(context, key->inner);
    context->Nl = BLOCK * 8;
}

static void outer_finish(SHA_CTX *context, const struct hmac_key *key, uint8_t mac[DIGEST])
{
    uint8_t block[BLOCK];
    SHA1_Final(block, context);
    block_finish(block, DIGEST);
    state_load(context, key->outer);
    SHA1_Transform(context, block);
    state_digest(context, mac);
}

static void state_of_padded_key(uint32_t state[5], const uint8_t key[BLOCK], uint8_t pad)
{
    SHA_CTX context;
    uint8_t block[BLOCK];
    for (size_t i = 0; i < BLOCK; i++)
        block[i] = key[i] ^ pad;
    SHA1_Init(&context);
    SHA1_Transform(&context, block);
    state[0] = context.h0;
    state[1] = context.h1;
    state[2] = context.h2;
    state[3] = context.h3;
    state[4] = context.h4;
}

void hmac_key_set(struct hmac_key *key, const uint8_t *octets, size_t length)
{
    uint8_t padded[BLOCK] = {0};
    if (length > BLOCK) { /* RFC 2104, 2: a longer key is hashed first */
        SHA_CTX context;
        SHA1_Init(&context);
        SHA1_Update(&context, octets, length);
        SHA1_Final(padded, &context);
    } else {
        memcpy(padded, octets, length);
    }
    state_of_padded_key(key->inner, padded, 0x36);
    state_of_padded_key(key->outer, padded, 0x5c);
}

void hmac_compute(const struct hmac_key *key, const uint8_t *text, size_t length, uint8_t mac[20])
{
    SHA_CTX context;
    inner_start(&context, key);
    SHA1_Update(&context, text, length);
    outer_finish(&context, key, mac);
}

/* ---- RFC 6275 ---- */

void keygen_token(const struct hmac_key *kcn, const struct ipv6_address *address, const uint8_t *nonce,
                  size_t nonce_length, enum keygen_token_kind kind, uint8_t token[KEYGEN_TOKEN_LENGTH])
{
    uint8_t block[BLOCK], mac[DIGEST];
    assert(nonce_length <= STATIC_NONCE_LENGTH_MAX);
    memcpy(block, address->octets, 16);
    memcpy(block + 16, nonce, nonce_length);
    block[16 + nonce_length] = (uint8_t)kind;
    hmac_of_block(kcn, block, 16 + nonce_length + 1, mac);
    memcpy(token, mac, KEYGEN_TOKEN_LENGTH);
}

void keygen_kbm(const uint8_t home[KEYGEN_TOKEN_LENGTH], const uint8_t *care_of, uint8_t kbm[KBM_LENGTH])
{
    SHA_CTX context;
    SHA1_Init(&context);
    SHA1_Update(&context, home, KEYGEN_TOKEN_LENGTH);
    if (care_of)
        SHA1_Update(&context, care_of, KEYGEN_TOKEN_LENGTH);
    SHA1_Final(kbm, &context);
}

void keygen_authenticator(const uint8_t kbm[KBM_LENGTH], const struct ipv6_address *care_of_address,
                          const struct ipv6_address *correspondent, const uint8_t *message,
                          size_t authenticator_at, uint8_t authenticator[AUTHENTICATOR_LENGTH])
{
    static const uint8_t no_checksum[2] = {0, 0};
    struct hmac_key key;
    SHA_CTX context;
    uint8_t mac[DIGEST];
    assert(authenticator_at >= MOBILITY_HEADER_FIXED_LENGTH);
    hmac_key_set(&key, kbm, KBM_LENGTH);
    inner_start(&context, &key);
    SHA1_Update(&context, care_of_address->octets, 16);
    SHA1_Update(&context, correspondent->octets, 16);
    SHA1_Update(&context, message, AT_CHECKSUM);
    SHA1_Update(&context, no_checksum, 2);
    SHA1_Update(&context, message + AT_CHECKSUM + 2, authenticator_at - AT_CHECKSUM - 2);
    /* Nothing follows the authenticator: Binding Authorization Data is the last option. */
    outer_finish(&context, &key, mac);
    memcpy(authenticator, mac, AUTHENTICATOR_LENGTH);
}

int keygen_equal(const uint8_t *a, const uint8_t *b, size_t length)
{
    return CRYPTO_memcmp(a, b, length) == 0;
}
