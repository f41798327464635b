/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_esp.c - ESP octet by octet: the packets of RFC 3602, 4, the HMACs of RFC 2202 (for RFC 2404) and RFC
 * 4868, 2.7.2.1, and what scapy's implementation makes (tests/vectors/esp.py), both ways; then everything
 * that must be refused (RFC 4303, 3.4).
 */
#include <check.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipsec/esp.h"
#include "tests/unit/ipv6_fixture.h"
#include "tests/vectors/esp.h"

#define ROOM 512

static struct recording_environment recorder;
static struct esp_engine *engine;
static uint8_t keys[ESP_ENCRYPTION_KEY_MAX + ESP_INTEGRITY_KEY_MAX];

static void setup(void)
{
    recording_environment_init(&recorder, NULL);
    engine = esp_engine_new();
    ck_assert_ptr_nonnull(engine);
}

static void teardown(void)
{
    esp_engine_free(engine);
    esp_engine_free(NULL);
    recording_environment_free(&recorder);
}

static struct security_association association_with(enum esp_encryption encryption,
                                                    const char *encryption_key, enum esp_integrity integrity,
                                                    const char *integrity_key, uint32_t spi)
{
    struct security_association association = {
        .keys = keys,
        .spi = spi,
        .encryption = (uint8_t)encryption,
        .integrity = (uint8_t)integrity,
    };
    size_t length = octets_from(encryption_key, keys, ESP_ENCRYPTION_KEY_MAX);
    association.encryption_key_length = (uint8_t)length;
    ck_assert(esp_encryption_key_fits(encryption, (unsigned)length));
    memset(keys + length, 0x55, esp_integrity_key_length(integrity));
    if (integrity_key)
        ck_assert_uint_eq(octets_from(integrity_key, keys + length, ESP_INTEGRITY_KEY_MAX),
                          esp_integrity_key_length(integrity));
    return association;
}

/* One that protects something, for the tests of refusal. */
static struct security_association some_association(void)
{
    return association_with(ESP_AES_CBC, "06a9214036b8a15b512e03d534120006", ESP_HMAC_SHA1_96, NULL, 0x1234);
}

/* Under ESP with the sequence number that follows the association's; returns the octets of it. */
static size_t protect(struct security_association *association, const char *iv, const uint8_t *payload,
                      size_t length, uint8_t next_header, uint8_t esp[ROOM])
{
    uint8_t vector[ESP_IV_MAX];
    ck_assert_uint_eq(octets_from(iv, vector, sizeof(vector)), esp_iv_length(association));
    struct packet *packet = recording_packet(&recorder, payload, length);
    ck_assert_int_eq(esp_encapsulate(engine, association, vector, &packet, next_header), 0);
    size_t protected = packet->length;
    ck_assert_uint_eq(protected, esp_length(association, length));
    ck_assert_uint_eq(packet->start, PACKET_HEADROOM);
    ck_assert_uint_le(protected, ROOM);
    memcpy(esp, packet_octets(packet), protected);
    packet_release(packet);
    return protected;
}

static size_t protect_some(struct security_association *association, uint8_t esp[ROOM])
{
    return protect(association, "3dafba429d9eb430b422da802c9fac41", (const uint8_t *)"a payload", 9, 135,
                   esp);
}

static enum discard_reason unprotect(struct security_association *association, const uint8_t *esp,
                                     size_t length)
{
    uint8_t payload[ROOM], next_header;
    size_t payload_length;
    return esp_decapsulate(engine, association, esp, length, payload, &payload_length, &next_header);
}

/* -- RFC 3602, 4 -- */

/* A payload of whole blocks: they come first, whatever padding follows. */
START_TEST(blocks_of_rfc_3602)
{
    static const struct {
        const char *key, *iv, *plain, *cipher;
    } cases[] = {
        {"06a9214036b8a15b512e03d534120006", "3dafba429d9eb430b422da802c9fac41",
         "53696e676c6520626c6f636b206d7367", "e353779c1079aeb82708942dbe77181a"},
        {"c286696d887c9aa0611bbb3e2025a45a", "562e17996d093d28ddb3ba695a2e6f58",
         "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
         "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"},
        {"6c3ea0477630ce21a2ce334aa746c2cd", "c782dc4c098c66cbd9cd27d825682c81",
         "5468697320697320612034382d62797465206d657373616765202865786163746c7920332041455320626c6f636b7329",
         "d0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684"},
        {"56e47a38c5598974bc46903dba290349", "8ce82eefbea0da3c44699ed7db51b7d9",
         "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d"
         "1d2d3d4d5d6d7d8d9da"
         "dbdcdddedf",
         "c30e32ffedc0774e6aff6af0869f71aa0f3af07a9a31a9c684db207eb0ef8e4e35907aa632c3ffdf868bb7b29d3d46ad83c"
         "e9f9a102ee99d49a53e"
         "87f4c3da55"},
    };
    uint8_t plain[ROOM], cipher[ROOM], esp[ROOM];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct security_association association =
            association_with(ESP_AES_CBC, cases[i].key, ESP_HMAC_SHA1_96, NULL, 0x4321);
        size_t length = octets_from(cases[i].plain, plain, sizeof(plain));
        ck_assert_uint_eq(octets_from(cases[i].cipher, cipher, sizeof(cipher)), length);
        protect(&association, cases[i].iv, plain, length, 59, esp);
        ck_assert_mem_eq(esp + ESP_HEADER_LENGTH + 16, cipher, length);
    }
}
END_TEST

/* Cases 5 to 8: whole packets, except for an integrity check value, which they have not. */
START_TEST(packets_of_rfc_3602)
{
    static const struct {
        const char *key, *iv, *payload, *esp;
        uint32_t spi, sequence;
        uint8_t next_header;
    } cases[] = {
        {"90d382b410eeba7ad938c46cec1a82bf", "e96e8c08ab465763fd098d45dd3ff893",
         "08000ebda70a00008e9c083db95b070008090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627282"
         "92a2b2c2d2e2f"
         "3031323334353637",
         "0000432100000001e96e8c08ab465763fd098d45dd3ff893f663c25d325c18c6a9453e194e120849a4870b66cc6b9965330"
         "013b4898dc856"
         "a4699e523a55db080b59ec3a8e4b7e52775b07d1db34ed9c538ab50c551b874aa269add047ad2d5913ac19b7cfbad4a6",
         0x4321, 1, 1},
        {"90d382b410eeba7ad938c46cec1a82bf", "69d08df7d203329db093fc4924e5bd80",
         "0800b5e8a80a0500a69c083d0b660e00777777777777777777777777",
         "000043210000000869d08df7d203329db093fc4924e5bd80f51995881ec4e0c4488987ce742e8109689bb379d2d750c0d91"
         "5dca346a89f75",
         0x4321, 8, 1},
        {"0123456789abcdef0123456789abcdef", "f4e765244f6407adf13dc1380f673f37",
         "45000054090400004001f988c0a87b03c0a87bc808009f76a90a0100b49c083d02a2040008090a0b0c0d0e0f10111213141"
         "5161718191a1b"
         "1c1d1e1f202122232425262728292a2b2c2d2e2f3031323334353637",
         "0000876500000002f4e765244f6407adf13dc1380f673f37773b5241a4c449225e4f3ce5ed611b0c237ca96cf74a93013c1"
         "b0ea1a0cf70f8"
         "e4ecaec78ac53aad7a0f022b859243c647752e94a859352b8a4d4d2decd136e5c177f132ad3fbfb2201ac9904c74ee0a109"
         "e0ca1e4dfe9d5"
         "a100b842f1c22f0d",
         0x8765, 2, 4},
        {"0123456789abcdef0123456789abcdef", "85d47224b5f3dd5d2101d4ea8dffab22",
         "45000044090c00004001f990c0a87b03c0a87bc80800d63caa0a0200c69c083da3de0300fffffffffffffffffffffffffff"
         "fffffffffffff"
         "ffffffffffffffffffffffff",
         "000087650000000585d47224b5f3dd5d2101d4ea8dffab2215b92683819596a8047232cc00f7048fe45318e11f8a0f62ede"
         "3c3fc61203bb5"
         "0f980a08c9843fd3a1b06d5c07ff9639b7eb7dfb3512e5de435e7207ed971ef3d2726d9b5ef6affc6d17a0decbb13892",
         0x8765, 5, 4},
    };
    uint8_t payload[ROOM], expected[ROOM], esp[ROOM];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct security_association association =
            association_with(ESP_AES_CBC, cases[i].key, ESP_HMAC_SHA1_96, NULL, cases[i].spi);
        association.sequence = cases[i].sequence - 1;
        size_t length = octets_from(cases[i].payload, payload, sizeof(payload));
        size_t expected_length = octets_from(cases[i].esp, expected, sizeof(expected));
        ck_assert_uint_eq(protect(&association, cases[i].iv, payload, length, cases[i].next_header, esp),
                          expected_length + 12);
        ck_assert_mem_eq(esp, expected, expected_length);
    }
}
END_TEST

/* -- RFC 2202 (test cases 1, 3, 5: keys of 20 octets) and RFC 4868, 2.7.2.1 -- */

START_TEST(macs_of_the_rfcs)
{
    static const struct {
        enum esp_integrity integrity;
        const char *key, *text, *mac;
        unsigned times;
    } cases[] = {
        {ESP_HMAC_SHA1_96, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "4869205468657265",
         "b617318655057264e28bc0b6fb378c8ef146be00", 1},
        {ESP_HMAC_SHA1_96, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "dd",
         "125d7342b9ac11cd91a39af48aa17b4f63f175d3", 50},
        {ESP_HMAC_SHA1_96, "0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",
         "546573742057697468205472756e636174696f6e", "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04", 1},
        {ESP_HMAC_SHA_256_128, "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",
         "4869205468657265", "198a607eb44bfbc69903a0f1cf2bbdc5ba0aa3f3d9ae3c1c7a3b1696a0b68cf7", 1},
        {ESP_HMAC_SHA_256_128, "4a6566654a6566654a6566654a6566654a6566654a6566654a6566654a656665",
         "7768617420646f2079612077616e7420666f72206e6f7468696e673f",
         "167f928588c5cc2eef8e3093caa0e87c9ff566a14794aa61648d81621a2a40c6", 1},
        {ESP_HMAC_SHA_256_128, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "dd",
         "cdcb1220d1ecccea91e53aba3092f962e549fe6ce9ed7fdc43191fbde45c30b0", 50},
        {ESP_HMAC_SHA_256_128, "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20", "cd",
         "372efcf9b40b35c2115b1346903d2ef42fced46f0846e7257bb156d3d7b30d3f", 50},
    };
    uint8_t text[ROOM], expected[ESP_MAC_MAX], mac[ESP_MAC_MAX];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct security_association association =
            association_with(ESP_NULL, "", cases[i].integrity, cases[i].key, 1);
        size_t length = 0;
        for (unsigned j = 0; j < cases[i].times; j++)
            length += octets_from(cases[i].text, text + length, sizeof(text) - length);
        size_t mac_length = octets_from(cases[i].mac, expected, sizeof(expected));
        ck_assert(esp_compute_mac(engine, &association, text, length, mac));
        ck_assert_mem_eq(mac, expected, mac_length);
    }
}
END_TEST

/* -- scapy, both ways -- */

START_TEST(same_as_scapy)
{
    uint8_t payload[ROOM], expected[ROOM], esp[ROOM], plain[ROOM], next_header;
    for (size_t i = 0; i < sizeof(esp_vectors) / sizeof(esp_vectors[0]); i++) {
        const struct esp_vector *vector = &esp_vectors[i];
        struct security_association sender =
            association_with(vector->encryption, vector->encryption_key, vector->integrity,
                             vector->integrity_key, vector->spi);
        struct security_association receiver = sender;
        sender.sequence = vector->sequence - 1;
        size_t length = octets_from(vector->payload, payload, sizeof(payload));
        size_t expected_length = octets_from(vector->esp, expected, sizeof(expected));
        ck_assert_uint_eq(protect(&sender, vector->iv, payload, length, 135, esp), expected_length);
        ck_assert_mem_eq(esp, expected, expected_length);
        size_t plain_length;
        ck_assert_int_eq(
            esp_decapsulate(engine, &receiver, expected, expected_length, plain, &plain_length, &next_header),
            DISCARD_NONE);
        ck_assert_uint_eq(next_header, 135);
        ck_assert_uint_eq(plain_length, length);
        ck_assert_mem_eq(plain, payload, length);
        ck_assert_uint_eq(receiver.sequence, vector->sequence);
    }
}
END_TEST

/* -- sizes -- */

/* A Binding Update and an acknowledgement: 84 and 68 octets of ESP (148 - 64, 132 - 64). */
START_TEST(sizes)
{
    struct security_association association = some_association();
    ck_assert_uint_eq(esp_length(&association, 32), 84);
    ck_assert_uint_eq(esp_length(&association, 16), 68);
    for (unsigned i = 0; i < 3; i++) {
        association.encryption = (uint8_t)(i == 0 ? ESP_AES_CBC : i == 1 ? ESP_3DES_CBC : ESP_NULL);
        for (size_t length = 0; length < 200; length++) {
            size_t most = esp_payload_most(&association, length);
            if (most > 0)
                ck_assert_uint_le(esp_length(&association, most), length);
            if (most > 0 || length >= esp_length(&association, 1))
                ck_assert_uint_gt(esp_length(&association, most + 1), length);
        }
    }
}
END_TEST

START_TEST(empty_payload)
{
    struct security_association sender = some_association(), receiver = sender;
    uint8_t esp[ROOM], plain[ROOM], next_header;
    size_t plain_length = 1;
    size_t length = protect(&sender, "3dafba429d9eb430b422da802c9fac41", NULL, 0, 59, esp);
    ck_assert_int_eq(esp_decapsulate(engine, &receiver, esp, length, plain, &plain_length, &next_header),
                     DISCARD_NONE);
    ck_assert_uint_eq(plain_length, 0);
    ck_assert_uint_eq(next_header, 59);
}
END_TEST

/* -- refused -- */

START_TEST(every_octet_counts)
{
    struct security_association sender = some_association();
    uint8_t esp[ROOM];
    size_t length = protect_some(&sender, esp);
    for (size_t i = 0; i < length; i++) {
        struct security_association receiver = some_association();
        esp[i] ^= 0x10;
        ck_assert_int_eq(unprotect(&receiver, esp, length), DISCARD_IPSEC_INTEGRITY);
        ck_assert_uint_eq(receiver.sequence, 0); /* what is not genuine moves no window */
        esp[i] ^= 0x10;
    }
    struct security_association receiver = some_association();
    ck_assert_int_eq(unprotect(&receiver, esp, length), DISCARD_NONE);
}
END_TEST

START_TEST(truncated)
{
    struct security_association sender = some_association();
    uint8_t esp[ROOM];
    size_t length = protect_some(&sender, esp);
    for (size_t i = 0; i < length; i++) {
        struct security_association receiver = some_association();
        enum discard_reason reason = unprotect(&receiver, esp, i);
        ck_assert(reason == DISCARD_HEADER_TRUNCATED || reason == DISCARD_IPSEC_INTEGRITY);
    }
}
END_TEST

START_TEST(replayed)
{
    struct security_association sender = some_association(), receiver = sender;
    uint8_t esp[3][ROOM];
    size_t length = 0;
    for (unsigned i = 0; i < 3; i++)
        length = protect_some(&sender, esp[i]);
    ck_assert_int_eq(unprotect(&receiver, esp[2], length), DISCARD_NONE);
    ck_assert_int_eq(unprotect(&receiver, esp[0], length), DISCARD_NONE); /* late, but new */
    ck_assert_int_eq(unprotect(&receiver, esp[2], length), DISCARD_IPSEC_REPLAY);
    ck_assert_int_eq(unprotect(&receiver, esp[0], length), DISCARD_IPSEC_REPLAY);
    ck_assert_int_eq(unprotect(&receiver, esp[1], length), DISCARD_NONE);
}
END_TEST

START_TEST(other_keys)
{
    struct security_association sender = some_association();
    uint8_t esp[ROOM];
    size_t length = protect_some(&sender, esp);
    struct security_association receiver = some_association();
    keys[receiver.encryption_key_length] ^= 1;
    ck_assert_int_eq(unprotect(&receiver, esp, length), DISCARD_IPSEC_INTEGRITY);
}
END_TEST

/* Genuine, but the padding is not 1, 2, 3, ..., or longer than there are octets: with NULL encryption it
 * can be put there. */
START_TEST(bad_padding)
{
    struct security_association association = association_with(ESP_NULL, "", ESP_HMAC_SHA1_96, NULL, 0x1234);
    uint8_t text[] = {0, 0, 0x12, 0x34, 0, 0, 0, 1, 'a', 'b', 'c', 'd', 1, 2, 2, 135}, esp[ROOM];
    static const struct {
        uint8_t at, value;
        enum discard_reason reason;
    } cases[] = {
        {14, 2, DISCARD_NONE},           {12, 0, DISCARD_IPSEC_FORMAT}, {14, 3, DISCARD_IPSEC_FORMAT},
        {14, 255, DISCARD_IPSEC_FORMAT}, {14, 7, DISCARD_IPSEC_FORMAT},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memcpy(esp, text, sizeof(text));
        esp[cases[i].at] = cases[i].value;
        uint8_t mac[ESP_MAC_MAX];
        ck_assert(esp_compute_mac(engine, &association, esp, sizeof(text), mac));
        memcpy(esp + sizeof(text), mac, 12);
        struct security_association receiver = association;
        ck_assert_int_eq(unprotect(&receiver, esp, sizeof(text) + 12), cases[i].reason);
    }
}
END_TEST

/* The number after the last one is none: the association has come to its end (RFC 4303, 3.3.3). */
START_TEST(numbers_run_out)
{
    struct security_association association = some_association();
    uint8_t iv[ESP_IV_MAX] = {0}, esp[ROOM];
    association.sequence = UINT32_MAX - 1;
    protect_some(&association, esp);
    ck_assert_mem_eq(esp + 4, "\xff\xff\xff\xff", 4);
    struct packet *packet = recording_packet(&recorder, "x", 1), *same = packet;
    ck_assert_int_eq(esp_encapsulate(engine, &association, iv, &packet, 59), ERROR_CAPACITY);
    ck_assert_ptr_eq(packet, same);
    ck_assert_uint_eq(packet->length, 1);
    packet_release(packet);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ESP");
    TCase *cases = tcase_create("RFC 4303");
    tcase_add_checked_fixture(cases, setup, teardown);
    tcase_add_test(cases, blocks_of_rfc_3602);
    tcase_add_test(cases, packets_of_rfc_3602);
    tcase_add_test(cases, macs_of_the_rfcs);
    tcase_add_test(cases, same_as_scapy);
    tcase_add_test(cases, sizes);
    tcase_add_test(cases, empty_payload);
    tcase_add_test(cases, every_octet_counts);
    tcase_add_test(cases, truncated);
    tcase_add_test(cases, replayed);
    tcase_add_test(cases, other_keys);
    tcase_add_test(cases, bad_padding);
    tcase_add_test(cases, numbers_run_out);
    suite_add_tcase(suite, cases);
    return run_suite(suite);
}
