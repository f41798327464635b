/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * esp.c - see esp.h. RFC 4303, 2 (format), 3.3 (outbound), 3.4 (inbound); RFC 3602, RFC 2451, RFC 2410; RFC
 * 2404, RFC 4868.
 *
 * Outbound: number, pad, encrypt, then the integrity check value over everything from the SPI on. Inbound
 * the other way round, and in the order of 3.4: is the number new, is the packet genuine, then the window
 * moves, then decrypt, then the padding is looked at. All octets of the padding are checked, as 2.4 asks
 * where they are 1, 2, 3, ....
 *
 * libcrypto's objects belong to nobody's key: one cipher context and one context for each HMAC are keyed
 * anew for each packet. That costs between one and two microseconds a packet, and saves a kilobyte and more
 * an association, of which a home agent has four for each of its mobile nodes.
 *
 * A packet under ESP is a new packet, since it is longer at both ends; the cipher writes there what it
 * reads here.
 */
#include "models/ipsec/esp.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/cursor.h"
#include "models/base/error.h"

#define TRAILER_LENGTH 2 /* pad length and next header */
#define ALIGNMENT      4 /* of the end of the trailer, whatever the cipher (RFC 4303, 2.4) */
#define PADDING_MAX    255

enum cipher { CIPHER_AES_128, CIPHER_AES_192, CIPHER_AES_256, CIPHER_3DES, CIPHERS };

struct esp_engine {
    EVP_CIPHER *ciphers[CIPHERS];
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *macs[2]; /* by enum esp_integrity */
};

struct esp_engine *esp_engine_new(void)
{
    return calloc(1, sizeof(struct esp_engine));
}

void esp_engine_free(struct esp_engine *engine)
{
    if (!engine)
        return;
    for (unsigned i = 0; i < CIPHERS; i++)
        EVP_CIPHER_free(engine->ciphers[i]);
    EVP_CIPHER_CTX_free(engine->cipher);
    for (unsigned i = 0; i < 2; i++)
        EVP_MAC_CTX_free(engine->macs[i]);
    free(engine);
}

/* -- sizes -- */

size_t esp_iv_length(const struct security_association *association)
{
    switch (association->encryption) {
    case ESP_AES_CBC:
        return 16;
    case ESP_3DES_CBC:
        return 8;
    default:
        return 0;
    }
}

/* Payload and trailer fill a multiple of this. */
static size_t block_length(const struct security_association *association)
{
    size_t iv = esp_iv_length(association);
    return iv > ALIGNMENT ? iv : ALIGNMENT;
}

static size_t icv_length(const struct security_association *association)
{
    return association->integrity == ESP_HMAC_SHA1_96 ? 12 : 16;
}

static size_t text_length(const struct security_association *association, size_t payload)
{
    size_t block = block_length(association);
    return (payload + TRAILER_LENGTH + block - 1) / block * block;
}

static size_t front_length(const struct security_association *association)
{
    return ESP_HEADER_LENGTH + esp_iv_length(association);
}

size_t esp_length(const struct security_association *association, size_t payload)
{
    return front_length(association) + text_length(association, payload) + icv_length(association);
}

size_t esp_payload_most(const struct security_association *association, size_t length)
{
    size_t around = front_length(association) + icv_length(association), block = block_length(association);
    if (length < around + block)
        return 0;
    return (length - around) / block * block - TRAILER_LENGTH;
}

/* -- integrity -- */

static EVP_MAC_CTX *mac_context(struct esp_engine *engine, enum esp_integrity integrity)
{
    if (engine->macs[integrity])
        return engine->macs[integrity];
    char sha1[] = "SHA1", sha256[] = "SHA256";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, integrity == ESP_HMAC_SHA1_96 ? sha1 : sha256,
                                         0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *context = mac ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    if (context && !EVP_MAC_CTX_set_params(context, parameters)) {
        EVP_MAC_CTX_free(context);
        context = NULL;
    }
    engine->macs[integrity] = context;
    return context;
}

bool esp_compute_mac(struct esp_engine *engine, const struct security_association *association,
                     const uint8_t *octets, size_t length, uint8_t value[ESP_MAC_MAX])
{
    enum esp_integrity integrity = (enum esp_integrity)association->integrity;
    EVP_MAC_CTX *context = mac_context(engine, integrity);
    const uint8_t *key = association->keys + association->encryption_key_length;
    size_t written;
    return context && EVP_MAC_init(context, key, esp_integrity_key_length(integrity), NULL) &&
           EVP_MAC_update(context, octets, length) && EVP_MAC_final(context, value, &written, ESP_MAC_MAX);
}

/* -- encryption -- */

static enum cipher cipher_of(const struct security_association *association)
{
    if (association->encryption == ESP_3DES_CBC)
        return CIPHER_3DES;
    return association->encryption_key_length == 16   ? CIPHER_AES_128
           : association->encryption_key_length == 24 ? CIPHER_AES_192
                                                      : CIPHER_AES_256;
}

/* The cipher context, keyed; NULL: libcrypto has no such cipher. */
static EVP_CIPHER_CTX *cipher_context(struct esp_engine *engine,
                                      const struct security_association *association, const uint8_t *iv,
                                      bool encrypt)
{
    static const char *const names[CIPHERS] = {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC", "DES-EDE3-CBC"};
    enum cipher cipher = cipher_of(association);
    if (!engine->ciphers[cipher])
        engine->ciphers[cipher] = EVP_CIPHER_fetch(NULL, names[cipher], NULL);
    if (!engine->cipher)
        engine->cipher = EVP_CIPHER_CTX_new();
    if (!engine->ciphers[cipher] || !engine->cipher ||
        !EVP_CipherInit_ex2(engine->cipher, engine->ciphers[cipher], association->keys, iv, encrypt, NULL) ||
        !EVP_CIPHER_CTX_set_padding(engine->cipher, 0))
        return NULL;
    return engine->cipher;
}

/* text: trailer_length octets of padding and trailer behind the payload. The sum is a multiple of the
 * block. */
static bool encrypt(struct esp_engine *engine, const struct security_association *association,
                    const uint8_t *iv, const uint8_t *payload, size_t payload_length, const uint8_t *trailer,
                    size_t trailer_length, uint8_t *text)
{
    if (association->encryption == ESP_NULL) {
        memcpy(text, payload, payload_length);
        memcpy(text + payload_length, trailer, trailer_length);
        return true;
    }
    EVP_CIPHER_CTX *context = cipher_context(engine, association, iv, true);
    int first, second;
    return context && EVP_EncryptUpdate(context, text, &first, payload, (int)payload_length) &&
           EVP_EncryptUpdate(context, text + first, &second, trailer, (int)trailer_length) &&
           (size_t)(first + second) == payload_length + trailer_length;
}

static bool decrypt(struct esp_engine *engine, const struct security_association *association,
                    const uint8_t *iv, const uint8_t *text, size_t length, uint8_t *payload)
{
    if (association->encryption == ESP_NULL) {
        memcpy(payload, text, length);
        return true;
    }
    EVP_CIPHER_CTX *context = cipher_context(engine, association, iv, false);
    int written;
    return context && EVP_DecryptUpdate(context, payload, &written, text, (int)length) &&
           (size_t)written == length;
}

/* -- outbound -- */

static size_t make_trailer(size_t payload, size_t text, uint8_t next_header, uint8_t trailer[PADDING_MAX])
{
    size_t padding = text - payload - TRAILER_LENGTH;
    for (size_t i = 0; i < padding; i++)
        trailer[i] = (uint8_t)(i + 1);
    trailer[padding] = (uint8_t)padding;
    trailer[padding + 1] = next_header;
    return padding + TRAILER_LENGTH;
}

int esp_encapsulate(struct esp_engine *engine, struct security_association *association, const uint8_t *iv,
                    struct packet **packet, uint8_t next_header)
{
    uint32_t sequence;
    if (!security_association_next_sequence(association, &sequence))
        return ERROR_CAPACITY;
    size_t payload = (*packet)->length, text = text_length(association, payload);
    size_t front = front_length(association), icv = icv_length(association);
    uint8_t trailer[PADDING_MAX], mac[ESP_MAC_MAX];
    size_t trailer_length = make_trailer(payload, text, next_header, trailer);
    struct packet *result = packet_new_for(*packet, PACKET_HEADROOM, front + text + icv);
    uint8_t *octets = packet_octets(result);
    struct cursor c = cursor_over(octets, front);
    cursor_put32(&c, association->spi);
    cursor_put32(&c, sequence);
    cursor_put(&c, iv, esp_iv_length(association));
    if (!encrypt(engine, association, iv, packet_octets(*packet), payload, trailer, trailer_length,
                 octets + front) ||
        !esp_compute_mac(engine, association, octets, front + text, mac)) {
        packet_release(result);
        return ERROR_CRYPTO;
    }
    memcpy(octets + front + text, mac, icv);
    packet_release(*packet);
    *packet = result;
    return 0;
}

/* -- inbound -- */

/* The payload, without padding and trailer; false: there is something wrong with them. */
static bool strip_trailer(const uint8_t *text, size_t length, size_t *payload_length, uint8_t *next_header)
{
    size_t padding = text[length - TRAILER_LENGTH];
    if (padding + TRAILER_LENGTH > length)
        return false;
    const uint8_t *first = text + length - TRAILER_LENGTH - padding;
    for (size_t i = 0; i < padding; i++) {
        if (first[i] != (uint8_t)(i + 1))
            return false;
    }
    *payload_length = length - TRAILER_LENGTH - padding;
    *next_header = text[length - 1];
    return true;
}

enum discard_reason esp_decapsulate(struct esp_engine *engine, struct security_association *association,
                                    const uint8_t *esp, size_t length, uint8_t *payload,
                                    size_t *payload_length, uint8_t *next_header)
{
    size_t front = front_length(association), icv = icv_length(association),
           block = block_length(association);
    if (length < front + block + icv || (length - front - icv) % block != 0)
        return DISCARD_HEADER_TRUNCATED;
    size_t text = length - front - icv;
    struct cursor c = cursor_over(esp, length);
    cursor_skip(&c, 4);
    uint32_t sequence = cursor_get32(&c);
    if (!security_association_is_new(association, sequence))
        return DISCARD_IPSEC_REPLAY;
    uint8_t mac[ESP_MAC_MAX];
    if (!esp_compute_mac(engine, association, esp, front + text, mac) ||
        CRYPTO_memcmp(mac, esp + front + text, icv) != 0)
        return DISCARD_IPSEC_INTEGRITY;
    security_association_received(association, sequence);
    if (!decrypt(engine, association, esp + ESP_HEADER_LENGTH, esp + front, text, payload))
        return DISCARD_IPSEC_INTEGRITY;
    return strip_trailer(payload, text, payload_length, next_header) ? DISCARD_NONE : DISCARD_IPSEC_FORMAT;
}
