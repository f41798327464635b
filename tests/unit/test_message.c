/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_message.c - the Mobility Header codec (RFC 6275, 6.1, 6.2, 9.2) against what scapy builds
 * (tests/vectors/ mobility_header.py), in both directions, and against what is malformed.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "models/ipv6/ipv6.h"
#include "models/mobility/message.h"
#include "tests/runner.h"
#include "tests/unit/recording_environment.h"
#include "tests/unit/vectors.h"

static const uint8_t cookie[8] = {0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
static const uint8_t token[8] = {0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77};
static const uint8_t authenticator[12] = {0xa0, 0xa1, 0xa2, 0xa3, 0xa4, 0xa5,
                                          0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xab};

/* ---- the messages of mobility_header.py, as structures ---- */

static struct mobility_message test_message(unsigned type)
{
    struct mobility_message message = {.type = (uint8_t)type};
    memcpy(message.test.cookie, cookie, 8);
    if (type == MOBILITY_HOME_TEST || type == MOBILITY_CARE_OF_TEST) {
        memcpy(message.test.keygen_token, token, 8);
        message.test.nonce_index = 0xbeef;
    }
    return message;
}

static struct mobility_message update(const char *flags, uint16_t lifetime)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_UPDATE};
    message.update.sequence = 0x1234;
    message.update.lifetime = lifetime;
    message.update.acknowledge = strchr(flags, 'A') != NULL;
    message.update.home_registration = strchr(flags, 'H') != NULL;
    message.update.link_local = strchr(flags, 'L') != NULL;
    message.update.key_management = strchr(flags, 'K') != NULL;
    return message;
}

static struct mobility_message acknowledgement(uint8_t status, bool key_management, uint16_t lifetime,
                                               uint16_t sequence)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_ACKNOWLEDGEMENT};
    message.acknowledgement.status = status;
    message.acknowledgement.key_management = key_management;
    message.acknowledgement.lifetime = lifetime;
    message.acknowledgement.sequence = sequence;
    return message;
}

static struct mobility_message binding_error(uint8_t status, const char *home_address)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_ERROR};
    message.error.status = status;
    message.error.home_address = address_from(home_address);
    return message;
}

enum { NONCES = 1, AUTHORIZATION = 2, ALTERNATE = 4, ADVICE = 8 };

static struct mobility_message with(struct mobility_message message, unsigned options)
{
    if (options & NONCES) {
        message.has_nonce_indices = true;
        message.home_nonce_index = 0x0102;
        message.care_of_nonce_index = 0x0304;
    }
    if (options & AUTHORIZATION) {
        message.has_authorization_data = true;
        memcpy(message.authenticator, authenticator, 12);
    }
    if (options & ALTERNATE) {
        message.has_alternate_care_of_address = true;
        message.alternate_care_of_address = address_from("2001:db8:2::200");
    }
    if (options & ADVICE) {
        message.has_refresh_advice = true;
        message.refresh_interval = 600;
    }
    return message;
}

/* size: of the whole IPv6 packet; where DESIGN gives it, its number. */
static struct mobility_message message_of(const char *name, size_t *size)
{
    struct mobility_message refresh = {.type = MOBILITY_BINDING_REFRESH_REQUEST};
    struct {
        const char *name;
        size_t size;
        struct mobility_message message;
    } table[] = {
        {"binding-refresh-request", 48, refresh},
        {"home-test-init", 56, test_message(MOBILITY_HOME_TEST_INIT)},
        {"care-of-test-init", 56, test_message(MOBILITY_CARE_OF_TEST_INIT)},
        {"home-test", 64, test_message(MOBILITY_HOME_TEST)},
        {"care-of-test", 64, test_message(MOBILITY_CARE_OF_TEST)},
        {"update-correspondent", 96, with(update("A", 105), NONCES | AUTHORIZATION)},
        {"update-static", 96, with(update("A", 0xffff), AUTHORIZATION)},
        {"update-alternate", 120, with(update("A", 105), ALTERNATE | NONCES | AUTHORIZATION)},
        {"update-home-agent", 96, with(update("HA", 900), ALTERNATE)},
        {"update-home-agent-all-flags", 80, update("KLHA", 900)},
        {"update-delete", 72, with(update("A", 0), NONCES | AUTHORIZATION)},
        {"acknowledgement-correspondent", 96, with(acknowledgement(0, false, 105, 0x1234), AUTHORIZATION)},
        {"acknowledgement-nonce", 80, acknowledgement(136, false, 0, 0x1234)},
        {"acknowledgement-sequence", 96, with(acknowledgement(135, false, 0, 0xfffe), AUTHORIZATION)},
        {"acknowledgement-home-agent", 80, acknowledgement(0, false, 900, 0x1234)},
        {"acknowledgement-advice", 80, with(acknowledgement(1, true, 900, 0x1234), ADVICE)},
        {"acknowledgement-advice-authorization", 96,
         with(acknowledgement(0, false, 900, 0x1234), ADVICE | AUTHORIZATION)},
        {"binding-error", 64, binding_error(1, "2001:db8:1::100")},
        {"binding-error-type", 64, binding_error(2, "::")},
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) {
            *size = table[i].size;
            return table[i].message;
        }
    }
    ck_abort_msg("no message %s here", name);
    return refresh;
}

static void compare_messages(const char *name, const struct mobility_message *a,
                             const struct mobility_message *b)
{
    ck_assert_msg(a->type == b->type, "%s", name);
    switch (a->type) {
    case MOBILITY_BINDING_UPDATE:
        ck_assert_uint_eq(a->update.sequence, b->update.sequence);
        ck_assert_uint_eq(a->update.lifetime, b->update.lifetime);
        ck_assert_int_eq(a->update.acknowledge, b->update.acknowledge);
        ck_assert_int_eq(a->update.home_registration, b->update.home_registration);
        ck_assert_int_eq(a->update.link_local, b->update.link_local);
        ck_assert_int_eq(a->update.key_management, b->update.key_management);
        break;
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
        ck_assert_uint_eq(a->acknowledgement.status, b->acknowledgement.status);
        ck_assert_uint_eq(a->acknowledgement.sequence, b->acknowledgement.sequence);
        ck_assert_uint_eq(a->acknowledgement.lifetime, b->acknowledgement.lifetime);
        ck_assert_int_eq(a->acknowledgement.key_management, b->acknowledgement.key_management);
        break;
    case MOBILITY_BINDING_ERROR:
        ck_assert_uint_eq(a->error.status, b->error.status);
        ck_assert_mem_eq(&a->error.home_address, &b->error.home_address, 16);
        break;
    case MOBILITY_BINDING_REFRESH_REQUEST:
        break;
    default:
        ck_assert_mem_eq(a->test.cookie, b->test.cookie, 8);
        ck_assert_mem_eq(a->test.keygen_token, b->test.keygen_token, 8);
        ck_assert_uint_eq(a->test.nonce_index, b->test.nonce_index);
        break;
    }
    ck_assert_int_eq(a->has_refresh_advice, b->has_refresh_advice);
    ck_assert_int_eq(a->has_alternate_care_of_address, b->has_alternate_care_of_address);
    ck_assert_int_eq(a->has_nonce_indices, b->has_nonce_indices);
    ck_assert_int_eq(a->has_authorization_data, b->has_authorization_data);
    ck_assert_uint_eq(a->refresh_interval, b->refresh_interval);
    ck_assert_uint_eq(a->home_nonce_index, b->home_nonce_index);
    ck_assert_uint_eq(a->care_of_nonce_index, b->care_of_nonce_index);
    ck_assert_mem_eq(&a->alternate_care_of_address, &b->alternate_care_of_address, 16);
    ck_assert_mem_eq(a->authenticator, b->authenticator, 12);
}

/* ---- both directions ---- */

static unsigned headers_seen, packets_seen;

static void check_header(const struct vector *vector)
{
    uint8_t expected[256], written[256];
    size_t size, pointer, length = vector_octets(vector, 2, expected, sizeof(expected));
    struct mobility_message message = message_of(vector->words[0], &size), read;
    size_t written_length = mobility_message_write(&message, written, sizeof(written));
    ck_assert_msg(written_length == length, "%s: %zu octets, not %zu", vector->words[0], written_length,
                  length);
    ck_assert_msg(memcmp(written, expected, length) == 0, "%s: octets differ", vector->words[0]);

    ck_assert_int_eq(mobility_message_read(expected, length, &read, &pointer), DISCARD_NONE);
    compare_messages(vector->words[0], &read, &message);
    ck_assert_int_eq(read.authorization_data_last, message.has_authorization_data);
    if (message.has_authorization_data) {
        ck_assert_uint_eq(read.authenticator_at, length - 12);
        ck_assert_uint_eq(message.authenticator_at, length - 12);
    }
    headers_seen++;
}

/* The packet is as large as DESIGN says, and its checksum, made by scapy over the addresses of RFC
 * 6275, 6.1.1, is ours too. */
static void check_packet(const struct vector *vector)
{
    uint8_t packet[256];
    size_t size, length = vector_octets(vector, 2, packet, sizeof(packet));
    struct mobility_message message = message_of(vector->words[0], &size);
    uint8_t header[256];
    size_t header_length = mobility_message_write(&message, header, sizeof(header));
    ck_assert_msg(length == size, "%s: %zu octets on the wire, not %zu", vector->words[0], length, size);
    struct ipv6_address source = ipv6_address_read(packet + IPV6_AT_SOURCE);
    struct ipv6_address destination = ipv6_address_read(packet + IPV6_AT_DESTINATION);
    if (packet[IPV6_AT_NEXT_HEADER] == NEXT_HEADER_DESTINATION_OPTIONS)
        source = ipv6_address_read(packet + IPV6_HEADER_LENGTH + 8);
    if (packet[IPV6_AT_NEXT_HEADER] == NEXT_HEADER_ROUTING)
        destination = ipv6_address_read(packet + IPV6_HEADER_LENGTH + 8);
    uint16_t checksum = ipv6_checksum(&source, &destination, NEXT_HEADER_MOBILITY, header, header_length);
    const uint8_t *theirs = packet + length - header_length;
    ck_assert_msg(checksum == (uint16_t)(theirs[4] << 8 | theirs[5]), "%s: checksum", vector->words[0]);
    packets_seen++;
}

static void check_vector(const struct vector *vector)
{
    if (strcmp(vector->words[1], "header") == 0)
        check_header(vector);
    else
        check_packet(vector);
}

START_TEST(vectors_of_scapy)
{
    headers_seen = packets_seen = 0;
    vectors_read("tests/vectors/mobility_header.txt", check_vector);
    ck_assert_uint_eq(headers_seen, 19);
    ck_assert_uint_eq(packets_seen, 19);
}
END_TEST

START_TEST(sizes_of_the_headers)
{
    static const size_t least[] = {8, 16, 16, 24, 24, 16, 16, 24};
    uint8_t octets[64];
    for (unsigned type = 0; type < 8; type++) {
        struct mobility_message message = {.type = (uint8_t)type};
        ck_assert_uint_eq(mobility_type_least_length(type), least[type]);
        ck_assert_uint_eq(mobility_message_write(&message, octets, sizeof(octets)), least[type]);
    }
    ck_assert_uint_eq(mobility_type_least_length(8), 0);
    ck_assert_uint_eq(mobility_type_least_length(255), 0);
}
END_TEST

START_TEST(every_combination_of_options_comes_back)
{
    for (unsigned type = 0; type < 8; type++) {
        for (unsigned options = 0; options < 16; options++) {
            uint8_t octets[128], again[128];
            size_t pointer;
            struct mobility_message message = with((struct mobility_message){.type = (uint8_t)type}, options),
                                    read;
            size_t length = mobility_message_write(&message, octets, sizeof(octets));
            ck_assert_uint_gt(length, 0);
            ck_assert_uint_eq(length % 8, 0);
            ck_assert_int_eq(mobility_message_read(octets, length, &read, &pointer), DISCARD_NONE);
            compare_messages("combination", &read, &message);
            ck_assert_int_eq(read.authorization_data_last, (options & AUTHORIZATION) != 0);
            ck_assert_uint_eq(mobility_message_write(&read, again, sizeof(again)), length);
            ck_assert_mem_eq(octets, again, length);
            /* It does not fit in one octet less, and says so. */
            ck_assert_uint_eq(mobility_message_write(&message, octets, length - 1), 0);
        }
    }
}
END_TEST

START_TEST(unknown_type_is_not_written)
{
    uint8_t octets[64];
    struct mobility_message message = {.type = 8};
    ck_assert_uint_eq(mobility_message_write(&message, octets, sizeof(octets)), 0);
}
END_TEST

/* ---- what is wrong (9.2, 6.2) ---- */

static enum discard_reason read_hex(const char *hexadecimal, struct mobility_message *message,
                                    size_t *pointer)
{
    uint8_t octets[256];
    size_t length = octets_from(hexadecimal, octets, sizeof(octets));
    return mobility_message_read(octets, length, message, pointer);
}

static void check_reading(const char *hexadecimal, enum discard_reason reason, size_t pointer)
{
    struct mobility_message message;
    size_t at = 99;
    enum discard_reason got = read_hex(hexadecimal, &message, &at);
    ck_assert_msg(got == reason, "%s: %s", hexadecimal, discard_reason_text(got));
    if (reason != DISCARD_NONE)
        ck_assert_msg(at == pointer, "%s: pointer %zu", hexadecimal, at);
}

START_TEST(headers_that_are_wrong)
{
    check_reading("", DISCARD_HEADER_TRUNCATED, 1);
    check_reading("3b 00 00 00 00", DISCARD_HEADER_TRUNCATED, 1);
    check_reading("3b 01 01 00 0000 0000", DISCARD_HEADER_TRUNCATED, 1);
    check_reading("3b ff 05 00 0000 0001 80000069 01020000", DISCARD_HEADER_TRUNCATED, 1);
    check_reading("3b 00 08 00 0000 0000", DISCARD_MOBILITY_TYPE, 2);
    check_reading("3b 00 ff 00 0000 0000", DISCARD_MOBILITY_TYPE, 2);
    check_reading("06 00 00 00 0000 0000", DISCARD_MOBILITY_PAYLOAD_PROTOCOL, 0);
    check_reading("3b 00 01 00 0000 0000", DISCARD_MOBILITY_LENGTH, 1);
    check_reading("3b 00 05 00 0000 0000", DISCARD_MOBILITY_LENGTH, 1);
    check_reading("3b 01 03 00 0000 0000 0000000000000000", DISCARD_MOBILITY_LENGTH, 1);
    check_reading("3b 01 07 00 0000 0000 0000000000000000", DISCARD_MOBILITY_LENGTH, 1);
    /* Order of 9.2: the type before the payload protocol before the length. */
    check_reading("06 00 09 00 0000 0000", DISCARD_MOBILITY_TYPE, 2);
    check_reading("06 00 01 00 0000 0000", DISCARD_MOBILITY_PAYLOAD_PROTOCOL, 0);
}
END_TEST

START_TEST(options_that_are_wrong)
{
    /* Nonce Indices, Alternate Care-of Address, Refresh Advice, Authorization Data of another length */
    check_reading("3b 02 05 00 0000 0001 8000 0069 0402 0102 0106 000000000000", DISCARD_MOBILITY_OPTION, 13);
    check_reading("3b 02 05 00 0000 0001 8000 0069 0405 0102 0304 05 00 00000000", DISCARD_MOBILITY_OPTION,
                  13);
    check_reading("3b 02 05 00 0000 0001 8000 0069 0308 0102030405060708 0000", DISCARD_MOBILITY_OPTION, 13);
    check_reading("3b 01 06 00 0000 0000 0001 0069 0200 0000", DISCARD_MOBILITY_OPTION, 13);
    check_reading("3b 02 06 00 0000 0000 0001 0069 050a 01020304050607080900", DISCARD_MOBILITY_OPTION, 13);
    /* beyond the end: known, unknown, PadN; a type without a length in the last octet */
    check_reading("3b 01 05 00 0000 0001 8000 0069 0404 0102", DISCARD_MOBILITY_OPTION, 13);
    check_reading("3b 01 05 00 0000 0001 8000 0069 c803 0102", DISCARD_MOBILITY_OPTION, 13);
    check_reading("3b 01 05 00 0000 0001 8000 0069 0103 0000", DISCARD_MOBILITY_OPTION, 13);
    check_reading("3b 01 05 00 0000 0001 8000 0069 000000 04", DISCARD_MOBILITY_OPTION, 15);
    /* twice */
    check_reading("3b 02 05 00 0000 0001 8000 0069 0404 0102 0304 0404 0102 0304", DISCARD_MOBILITY_OPTION,
                  19);
}
END_TEST

START_TEST(unknown_options_are_skipped)
{
    struct mobility_message message;
    size_t pointer;
    /* types 8 and 200 with 3 and 0 octets, Pad1, then Nonce Indices not on their alignment, PadN */
    const char *text = "3b 03 05 00 0000 0007 8000 0069 08 03 aabbcc c8 00 00 0404 0102 0304 01 04 deadbeef";
    ck_assert_int_eq(read_hex(text, &message, &pointer), DISCARD_NONE);
    ck_assert(message.has_nonce_indices);
    ck_assert_uint_eq(message.home_nonce_index, 0x0102);
    ck_assert_uint_eq(message.care_of_nonce_index, 0x0304);
    ck_assert(!message.has_authorization_data);
    ck_assert(!message.has_alternate_care_of_address);
    ck_assert(!message.has_refresh_advice);
}
END_TEST

START_TEST(reserved_fields_are_not_looked_at)
{
    struct mobility_message message;
    size_t pointer;
    ck_assert_int_eq(read_hex("3b 01 01 ff 0000 ffff c0c1c2c3c4c5c6c7", &message, &pointer), DISCARD_NONE);
    ck_assert_mem_eq(message.test.cookie, cookie, 8);
    ck_assert_int_eq(read_hex("3b 01 05 ff 0000 0001 0fff 0069 0102ffff", &message, &pointer), DISCARD_NONE);
    ck_assert(!message.update.acknowledge && !message.update.home_registration && !message.update.link_local);
    ck_assert_uint_eq(message.update.lifetime, 0x69);
    ck_assert_int_eq(read_hex("3b 01 06 ff 0000 007f 0001 0069 0102ffff", &message, &pointer), DISCARD_NONE);
    ck_assert(!message.acknowledgement.key_management);
}
END_TEST

START_TEST(authorization_data_must_end_the_message)
{
    struct mobility_message message;
    size_t pointer;
    const char *last = "3b 03 05 00 0000 0001 8000 0069 0404 0102 0304 050c a0a1a2a3a4a5a6a7a8a9aaab";
    const char *padded = "3b 03 05 00 0000 0001 8000 0069 050c a0a1a2a3a4a5a6a7a8a9aaab 0104 00000000";
    const char *pad1 = "3b 03 05 00 0000 0001 8000 0069 0103000000 050c a0a1a2a3a4a5a6a7a8a9aaab 00";
    const char *followed = "3b 03 05 00 0000 0001 8000 0069 050c a0a1a2a3a4a5a6a7a8a9aaab 0404 0102 0304";
    ck_assert_int_eq(read_hex(last, &message, &pointer), DISCARD_NONE);
    ck_assert(message.has_authorization_data && message.authorization_data_last);
    ck_assert_uint_eq(message.authenticator_at, 20);
    ck_assert_int_eq(read_hex(padded, &message, &pointer), DISCARD_NONE);
    ck_assert(message.has_authorization_data && !message.authorization_data_last);
    ck_assert_uint_eq(message.authenticator_at, 14);
    ck_assert_int_eq(read_hex(pad1, &message, &pointer), DISCARD_NONE);
    ck_assert(message.has_authorization_data && !message.authorization_data_last);
    ck_assert_int_eq(read_hex(followed, &message, &pointer), DISCARD_NONE);
    ck_assert(message.has_authorization_data && !message.authorization_data_last &&
              message.has_nonce_indices);
}
END_TEST

START_TEST(octets_behind_the_header_are_not_looked_at)
{
    struct mobility_message message;
    size_t pointer;
    ck_assert_int_eq(read_hex("3b 00 00 00 0000 0000 0404ffff", &message, &pointer), DISCARD_NONE);
    ck_assert(!message.has_nonce_indices);
}
END_TEST

START_TEST(names_and_statuses)
{
    ck_assert_str_eq(mobility_type_name(MOBILITY_BINDING_UPDATE), "Binding Update");
    ck_assert_str_eq(mobility_type_name(MOBILITY_CARE_OF_TEST_INIT), "Care-of Test Init");
    ck_assert_str_eq(mobility_type_name(200), "Mobility Header");
    /* As IANA's registry has them. */
    static const struct {
        unsigned status;
        const char *text;
    } registered[] = {
        {0, "Binding Update accepted"},
        {1, "Accepted but prefix discovery necessary"},
        {128, "Reason unspecified"},
        {129, "Administratively prohibited"},
        {130, "Insufficient resources"},
        {131, "Home registration not supported"},
        {132, "Not home subnet"},
        {133, "Not home agent for this mobile node"},
        {134, "Duplicate Address Detection failed"},
        {135, "Sequence number out of window"},
        {136, "Expired home nonce index"},
        {137, "Expired care-of nonce index"},
        {138, "Expired nonces"},
        {139, "Registration type change disallowed"},
        {174, "Invalid Care-of Address"},
    };
    for (size_t i = 0; i < sizeof(registered) / sizeof(registered[0]); i++)
        ck_assert_str_eq(binding_status_text(registered[i].status), registered[i].text);
    ck_assert_str_eq(binding_status_text(100), "accepted, status unknown");
    ck_assert_str_eq(binding_status_text(200), "rejected, status unknown");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("message");
    TCase *form = tcase_create("form");
    tcase_add_test(form, vectors_of_scapy);
    tcase_add_test(form, sizes_of_the_headers);
    tcase_add_test(form, every_combination_of_options_comes_back);
    tcase_add_test(form, unknown_type_is_not_written);
    tcase_add_test(form, names_and_statuses);
    suite_add_tcase(suite, form);
    TCase *wrong = tcase_create("wrong");
    tcase_add_test(wrong, headers_that_are_wrong);
    tcase_add_test(wrong, options_that_are_wrong);
    tcase_add_test(wrong, unknown_options_are_skipped);
    tcase_add_test(wrong, reserved_fields_are_not_looked_at);
    tcase_add_test(wrong, authorization_data_must_end_the_message);
    tcase_add_test(wrong, octets_behind_the_header_are_not_looked_at);
    suite_add_tcase(suite, wrong);
    return run_suite(suite);
}
