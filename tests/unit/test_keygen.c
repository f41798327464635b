/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_keygen.c - HMAC-SHA1 against RFC 2202, 3, and everything made of it against tests/vectors/keygen.py,
 * which knows hashlib and hmac alone (RFC 6275, 5.2.5, 6.2.7; RFC 4449, 3).
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/mobility/keygen.h"
#include "models/mobility/static_key.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"
#include "tests/unit/vectors.h"

/* ---- RFC 2202, 3 ---- */

static const struct {
    const char *key; /* hexadecimal; or one octet to repeat */
    size_t key_repeated;
    const char *text; /* characters; or NULL: one octet to repeat */
    uint8_t octet;
    size_t text_repeated;
    const char *digest;
} rfc2202[] = {
    {"0b", 20, "Hi There", 0, 0, "b617318655057264e28bc0b6fb378c8ef146be00"},
    {"4a656665", 1, "what do ya want for nothing?", 0, 0, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"},
    {"aa", 20, NULL, 0xdd, 50, "125d7342b9ac11cd91a39af48aa17b4f63f175d3"},
    {"0102030405060708090a0b0c0d0e0f10111213141516171819", 1, NULL, 0xcd, 50,
     "4c9007f4026250c6bc8414f9bf50c86c2d7235da"},
    {"0c", 20, "Test With Truncation", 0, 0, "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"},
    {"aa", 80, "Test Using Larger Than Block-Size Key - Hash Key First", 0, 0,
     "aa4ae5e15272d00e95705637ce8a3b55ed402112"},
    {"aa", 80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data", 0, 0,
     "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"},
};

START_TEST(hmac_of_rfc_2202)
{
    uint8_t key[80], text[80], expected[20], mac[20];
    struct hmac_key keyed;
    size_t key_length = octets_from(rfc2202[_i].key, key, sizeof(key)),
           text_length = rfc2202[_i].text_repeated;
    if (rfc2202[_i].key_repeated > 1) {
        key_length = rfc2202[_i].key_repeated;
        memset(key, key[0], key_length);
    }
    if (rfc2202[_i].text) {
        text_length = strlen(rfc2202[_i].text);
        memcpy(text, rfc2202[_i].text, text_length);
    } else {
        memset(text, rfc2202[_i].octet, text_length);
    }
    octets_from(rfc2202[_i].digest, expected, sizeof(expected));
    hmac_key_set(&keyed, key, key_length);
    for (int again = 0; again < 2; again++) { /* a key stays what it was */
        hmac_compute(&keyed, text, text_length, mac);
        ck_assert_mem_eq(mac, expected, 20);
    }
}
END_TEST

/* ---- vectors of keygen.py ---- */

static unsigned seen;

static void check_hmac(const struct vector *vector)
{
    static uint8_t key[128], text[2056];
    uint8_t expected[20], mac[20];
    struct hmac_key keyed;
    size_t key_length = vector_octets(vector, 1, key, sizeof(key));
    size_t length = vector_octets(vector, 2, text, sizeof(text));
    vector_octets(vector, 3, expected, sizeof(expected));
    hmac_key_set(&keyed, key, key_length);
    hmac_compute(&keyed, text, length, mac);
    ck_assert_mem_eq(mac, expected, 20);
}

static void check_token(const struct vector *vector)
{
    uint8_t kcn[64], nonce[32], expected[8], token[8];
    struct ipv6_address address;
    struct hmac_key keyed;
    size_t kcn_length = vector_octets(vector, 1, kcn, sizeof(kcn));
    vector_octets(vector, 2, address.octets, 16);
    size_t nonce_length = vector_octets(vector, 3, nonce, sizeof(nonce));
    vector_octets(vector, 5, expected, sizeof(expected));
    hmac_key_set(&keyed, kcn, kcn_length);
    keygen_token(&keyed, &address, nonce, nonce_length,
                 vector->words[4][0] == '0' ? KEYGEN_HOME : KEYGEN_CARE_OF, token);
    ck_assert_mem_eq(token, expected, 8);
}

static void check_kbm(const struct vector *vector)
{
    uint8_t home[8], care_of[8], expected[20], kbm[20];
    vector_octets(vector, 1, home, sizeof(home));
    size_t length = vector_octets(vector, 2, care_of, sizeof(care_of));
    vector_octets(vector, 3, expected, sizeof(expected));
    keygen_kbm(home, length ? care_of : NULL, kbm);
    ck_assert_mem_eq(kbm, expected, 20);
}

static void check_authenticator(const struct vector *vector)
{
    static uint8_t message[2056];
    uint8_t kbm[20], expected[12], authenticator[12];
    struct ipv6_address care_of, correspondent;
    vector_octets(vector, 1, kbm, sizeof(kbm));
    vector_octets(vector, 2, care_of.octets, 16);
    vector_octets(vector, 3, correspondent.octets, 16);
    vector_octets(vector, 4, message, sizeof(message));
    size_t at = strtoul(vector->words[5], NULL, 10);
    vector_octets(vector, 6, expected, sizeof(expected));
    keygen_authenticator(kbm, &care_of, &correspondent, message, at, authenticator);
    ck_assert_mem_eq(authenticator, expected, 12);
    /* Neither the checksum nor what stands in the authenticator's place matters; every other octet does. */
    message[4] ^= 0xff;
    message[at] ^= 0xff;
    keygen_authenticator(kbm, &care_of, &correspondent, message, at, authenticator);
    ck_assert_mem_eq(authenticator, expected, 12);
    message[at - 1] ^= 1;
    keygen_authenticator(kbm, &care_of, &correspondent, message, at, authenticator);
    ck_assert_mem_ne(authenticator, expected, 12);
}

static void check_static(const struct vector *vector)
{
    struct static_key key = {.kcn_length = 0};
    struct ipv6_address home, care_of = {.octets = {0}};
    uint8_t expected[20], kbm[20];
    key.kcn_length = (uint8_t)vector_octets(vector, 1, key.kcn, sizeof(key.kcn));
    key.home_nonce_length = (uint8_t)vector_octets(vector, 2, key.home_nonce, sizeof(key.home_nonce));
    key.care_of_nonce_length =
        (uint8_t)vector_octets(vector, 3, key.care_of_nonce, sizeof(key.care_of_nonce));
    vector_octets(vector, 4, home.octets, 16);
    size_t length = vector_octets(vector, 5, care_of.octets, 16);
    vector_octets(vector, 6, expected, sizeof(expected));
    ck_assert(static_key_is_valid(&key));
    static_key_kbm(&key, &home, &care_of, length == 0, kbm);
    ck_assert_mem_eq(kbm, expected, 20);
}

static void check_vector(const struct vector *vector)
{
    static const struct {
        const char *word;
        void (*check)(const struct vector *vector);
    } kinds[] = {{"hmac", check_hmac},
                 {"token", check_token},
                 {"kbm", check_kbm},
                 {"authenticator", check_authenticator},
                 {"static", check_static}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(kinds[i].word, vector->words[0]) == 0) {
            kinds[i].check(vector);
            seen++;
            return;
        }
    }
    ck_abort_msg("unknown word %s", vector->words[0]);
}

START_TEST(vectors_of_an_independent_script)
{
    seen = 0;
    vectors_read("tests/vectors/keygen.txt", check_vector);
    ck_assert_uint_eq(seen, 90 + 48 + 8 + 12 + 8);
}
END_TEST

/* ---- properties ---- */

START_TEST(tokens_differ_by_kind_address_nonce_and_key)
{
    struct hmac_key a, b;
    struct ipv6_address here = address_from("2001:db8::1"), there = address_from("2001:db8::2");
    const uint8_t key[20] = {1}, other[20] = {2}, nonce[8] = {3}, another[8] = {4};
    uint8_t token[5][8];
    hmac_key_set(&a, key, 20);
    hmac_key_set(&b, other, 20);
    keygen_token(&a, &here, nonce, 8, KEYGEN_HOME, token[0]);
    keygen_token(&a, &here, nonce, 8, KEYGEN_CARE_OF, token[1]);
    keygen_token(&a, &there, nonce, 8, KEYGEN_HOME, token[2]);
    keygen_token(&a, &here, another, 8, KEYGEN_HOME, token[3]);
    keygen_token(&b, &here, nonce, 8, KEYGEN_HOME, token[4]);
    for (int i = 0; i < 5; i++) {
        for (int j = 0; j < i; j++)
            ck_assert_mem_ne(token[i], token[j], 8);
    }
}
END_TEST

START_TEST(equality)
{
    const uint8_t a[4] = {1, 2, 3, 4}, b[4] = {1, 2, 3, 5};
    ck_assert_int_ne(keygen_equal(a, a, 4), 0);
    ck_assert_int_eq(keygen_equal(a, b, 4), 0);
    ck_assert_int_ne(keygen_equal(a, b, 3), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("keygen");
    TCase *vectors = tcase_create("vectors");
    tcase_add_loop_test(vectors, hmac_of_rfc_2202, 0, (int)(sizeof(rfc2202) / sizeof(rfc2202[0])));
    tcase_add_test(vectors, vectors_of_an_independent_script);
    suite_add_tcase(suite, vectors);
    TCase *properties = tcase_create("properties");
    tcase_add_test(properties, tokens_differ_by_kind_address_nonce_and_key);
    tcase_add_test(properties, equality);
    suite_add_tcase(suite, properties);
    return run_suite(suite);
}
