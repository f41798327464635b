/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.c - the Mobility Header as octets (RFC 6275, 6.1, 6.2).
 *
 * Messages and options are two tables. A message has a fixed part, which its own pair of functions reads and
 * writes, and then options; an option has a type, a length, an alignment and its own pair. So a new option is
 * one line and two small functions, and neither the loop that skips unknown options nor the one that pads
 * knows any of them by name, but for two facts of Binding Authorization Data: nothing may follow it, and its
 * place in the message is needed for the authenticator.
 *
 * All options of RFC 6275 have one length. Another length is malformed, and so is an option that comes twice:
 * which of the two is meant would be anybody's guess. Reserved fields are written zero and not looked at
 * (6.1.1).
 */
#include "models/mobility/message.h"

#include "models/base/cursor.h"
#include "models/ipv6/ipv6.h"

#define AT_HEADER_LENGTH 1
#define AT_TYPE          2

/* The octet that holds A, H, L and K of a Binding Update, and K of a Binding Acknowledgement. */
#define UPDATE_A          0x80
#define UPDATE_H          0x40
#define UPDATE_L          0x20
#define UPDATE_K          0x10
#define ACKNOWLEDGEMENT_K 0x80

/* ---- the fixed parts, from behind the checksum on (6.1.2 - 6.1.9) ---- */

static void read_nothing(struct cursor *c, struct mobility_message *message)
{
    (void)message;
    cursor_skip(c, 2); /* reserved */
}

static void write_nothing(struct cursor *c, const struct mobility_message *message)
{
    (void)message;
    cursor_put16(c, 0);
}

static void read_test_init(struct cursor *c, struct mobility_message *message)
{
    cursor_skip(c, 2); /* reserved */
    cursor_get(c, message->test.cookie, MOBILITY_COOKIE_LENGTH);
}

static void write_test_init(struct cursor *c, const struct mobility_message *message)
{
    cursor_put16(c, 0);
    cursor_put(c, message->test.cookie, MOBILITY_COOKIE_LENGTH);
}

static void read_test(struct cursor *c, struct mobility_message *message)
{
    message->test.nonce_index = cursor_get16(c);
    cursor_get(c, message->test.cookie, MOBILITY_COOKIE_LENGTH);
    cursor_get(c, message->test.keygen_token, KEYGEN_TOKEN_LENGTH);
}

static void write_test(struct cursor *c, const struct mobility_message *message)
{
    cursor_put16(c, message->test.nonce_index);
    cursor_put(c, message->test.cookie, MOBILITY_COOKIE_LENGTH);
    cursor_put(c, message->test.keygen_token, KEYGEN_TOKEN_LENGTH);
}

static void read_update(struct cursor *c, struct mobility_message *message)
{
    message->update.sequence = cursor_get16(c);
    uint8_t flags = cursor_get8(c);
    message->update.acknowledge = flags & UPDATE_A;
    message->update.home_registration = flags & UPDATE_H;
    message->update.link_local = flags & UPDATE_L;
    message->update.key_management = flags & UPDATE_K;
    cursor_skip(c, 1); /* reserved */
    message->update.lifetime = cursor_get16(c);
}

static void write_update(struct cursor *c, const struct mobility_message *message)
{
    cursor_put16(c, message->update.sequence);
    cursor_put8(c, (uint8_t)((message->update.acknowledge ? UPDATE_A : 0) |
                             (message->update.home_registration ? UPDATE_H : 0) |
                             (message->update.link_local ? UPDATE_L : 0) |
                             (message->update.key_management ? UPDATE_K : 0)));
    cursor_put8(c, 0);
    cursor_put16(c, message->update.lifetime);
}

static void read_acknowledgement(struct cursor *c, struct mobility_message *message)
{
    message->acknowledgement.status = cursor_get8(c);
    message->acknowledgement.key_management = cursor_get8(c) & ACKNOWLEDGEMENT_K;
    message->acknowledgement.sequence = cursor_get16(c);
    message->acknowledgement.lifetime = cursor_get16(c);
}

static void write_acknowledgement(struct cursor *c, const struct mobility_message *message)
{
    cursor_put8(c, message->acknowledgement.status);
    cursor_put8(c, message->acknowledgement.key_management ? ACKNOWLEDGEMENT_K : 0);
    cursor_put16(c, message->acknowledgement.sequence);
    cursor_put16(c, message->acknowledgement.lifetime);
}

static void read_error(struct cursor *c, struct mobility_message *message)
{
    message->error.status = cursor_get8(c);
    cursor_skip(c, 1); /* reserved */
    cursor_get(c, message->error.home_address.octets, 16);
}

static void write_error(struct cursor *c, const struct mobility_message *message)
{
    cursor_put8(c, message->error.status);
    cursor_put8(c, 0);
    cursor_put(c, message->error.home_address.octets, 16);
}

/* Indexed by type. A Header Len for less than `least` is too short (9.2): the fixed part, made a multiple
 * of 8. */
static const struct {
    const char *name;
    uint8_t least;
    void (*read)(struct cursor *c, struct mobility_message *message);
    void (*write)(struct cursor *c, const struct mobility_message *message);
} message_kinds[] = {
    [MOBILITY_BINDING_REFRESH_REQUEST] = {"Binding Refresh Request", 8, read_nothing, write_nothing},
    [MOBILITY_HOME_TEST_INIT] = {"Home Test Init", 16, read_test_init, write_test_init},
    [MOBILITY_CARE_OF_TEST_INIT] = {"Care-of Test Init", 16, read_test_init, write_test_init},
    [MOBILITY_HOME_TEST] = {"Home Test", 24, read_test, write_test},
    [MOBILITY_CARE_OF_TEST] = {"Care-of Test", 24, read_test, write_test},
    [MOBILITY_BINDING_UPDATE] = {"Binding Update", 16, read_update, write_update},
    [MOBILITY_BINDING_ACKNOWLEDGEMENT] = {"Binding Acknowledgement", 16, read_acknowledgement,
                                          write_acknowledgement},
    [MOBILITY_BINDING_ERROR] = {"Binding Error", 24, read_error, write_error},
};
#define MESSAGE_KINDS (sizeof(message_kinds) / sizeof(message_kinds[0]))

/* ---- the options (6.2.4 - 6.2.7) ---- */

static void read_refresh_advice(struct cursor *c, struct mobility_message *message)
{
    message->refresh_interval = cursor_get16(c);
}

static void write_refresh_advice(struct cursor *c, struct mobility_message *message)
{
    cursor_put16(c, message->refresh_interval);
}

static void read_alternate_care_of_address(struct cursor *c, struct mobility_message *message)
{
    cursor_get(c, message->alternate_care_of_address.octets, 16);
}

static void write_alternate_care_of_address(struct cursor *c, struct mobility_message *message)
{
    cursor_put(c, message->alternate_care_of_address.octets, 16);
}

static void read_nonce_indices(struct cursor *c, struct mobility_message *message)
{
    message->home_nonce_index = cursor_get16(c);
    message->care_of_nonce_index = cursor_get16(c);
}

static void write_nonce_indices(struct cursor *c, struct mobility_message *message)
{
    cursor_put16(c, message->home_nonce_index);
    cursor_put16(c, message->care_of_nonce_index);
}

static void read_authorization_data(struct cursor *c, struct mobility_message *message)
{
    message->authenticator_at = (uint16_t)cursor_offset(c);
    cursor_get(c, message->authenticator, AUTHENTICATOR_LENGTH);
}

static void write_authorization_data(struct cursor *c, struct mobility_message *message)
{
    message->authenticator_at = (uint16_t)cursor_offset(c);
    cursor_put(c, message->authenticator, AUTHENTICATOR_LENGTH);
}

/* In the order in which they are written: Binding Authorization Data last. Alignment is multiple * n +
 * offset. */
static const struct option_kind {
    uint8_t type;
    uint8_t length;
    uint8_t multiple;
    uint8_t offset;
    size_t present; /* offset in the message of the bool that tells it is there */
    void (*read)(struct cursor *c, struct mobility_message *message);
    void (*write)(struct cursor *c, struct mobility_message *message);
} option_kinds[] = {
    {MOBILITY_OPTION_BINDING_REFRESH_ADVICE, 2, 2, 0, offsetof(struct mobility_message, has_refresh_advice),
     read_refresh_advice, write_refresh_advice},
    {MOBILITY_OPTION_ALTERNATE_CARE_OF_ADDRESS, 16, 8, 6,
     offsetof(struct mobility_message, has_alternate_care_of_address), read_alternate_care_of_address,
     write_alternate_care_of_address},
    {MOBILITY_OPTION_NONCE_INDICES, 4, 2, 0, offsetof(struct mobility_message, has_nonce_indices),
     read_nonce_indices, write_nonce_indices},
    {MOBILITY_OPTION_BINDING_AUTHORIZATION_DATA, AUTHENTICATOR_LENGTH, 8, 2,
     offsetof(struct mobility_message, has_authorization_data), read_authorization_data,
     write_authorization_data},
};
#define OPTION_KINDS (sizeof(option_kinds) / sizeof(option_kinds[0]))

static const struct option_kind *option_kind_of(uint8_t type)
{
    for (size_t i = 0; i < OPTION_KINDS; i++) {
        if (option_kinds[i].type == type)
            return &option_kinds[i];
    }
    return NULL;
}

static bool *option_present(const struct option_kind *kind, struct mobility_message *message)
{
    return (bool *)((char *)message + kind->present);
}

/* ---- reading ---- */

/* One option, its type at the cursor. False: malformed. */
static bool read_option(struct cursor *c, struct mobility_message *message)
{
    uint8_t type = cursor_get8(c);
    /* Whatever comes behind Binding Authorization Data, padding too, takes the last place from it (9.5.1). */
    message->authorization_data_last = false;
    if (type == MOBILITY_OPTION_PAD1)
        return true;
    uint8_t length = cursor_get8(c);
    const struct option_kind *kind = option_kind_of(type);
    if (!kind) {
        cursor_skip(c, length);
        return !c->failed;
    }
    bool *present = option_present(kind, message);
    if (c->failed || length != kind->length || *present)
        return false;
    kind->read(c, message);
    *present = true;
    message->authorization_data_last = type == MOBILITY_OPTION_BINDING_AUTHORIZATION_DATA;
    return !c->failed;
}

static enum discard_reason fault(enum discard_reason reason, size_t at, size_t *pointer)
{
    *pointer = at;
    return reason;
}

enum discard_reason mobility_message_read(const uint8_t *octets, size_t length,
                                          struct mobility_message *message, size_t *pointer)
{
    *message = (struct mobility_message){.type = 0};
    struct cursor c = cursor_over(octets, length);
    uint8_t payload_protocol = cursor_get8(&c);
    size_t own_length = (cursor_get8(&c) + 1u) * 8;
    message->type = cursor_get8(&c);
    cursor_skip(&c, 3); /* reserved, checksum */
    if (c.failed)
        return fault(DISCARD_HEADER_TRUNCATED, AT_HEADER_LENGTH, pointer);
    size_t least = mobility_type_least_length(message->type);
    if (!least)
        return fault(DISCARD_MOBILITY_TYPE, AT_TYPE, pointer);
    if (payload_protocol != NEXT_HEADER_NONE)
        return fault(DISCARD_MOBILITY_PAYLOAD_PROTOCOL, 0, pointer);
    if (own_length < least)
        return fault(DISCARD_MOBILITY_LENGTH, AT_HEADER_LENGTH, pointer);
    if (own_length > length)
        return fault(DISCARD_HEADER_TRUNCATED, AT_HEADER_LENGTH, pointer);
    c.end = c.start + own_length;
    message_kinds[message->type].read(&c, message);
    while (cursor_left(&c) > 0) {
        size_t at = cursor_offset(&c);
        if (!read_option(&c, message))
            return fault(DISCARD_MOBILITY_OPTION, at + 1 < own_length ? at + 1 : at, pointer);
    }
    *pointer = 0;
    return DISCARD_NONE;
}

/* ---- writing ---- */

static void write_padding(struct cursor *c, size_t n)
{
    if (n == 0)
        return;
    if (n == 1) {
        cursor_put8(c, MOBILITY_OPTION_PAD1);
        return;
    }
    cursor_put8(c, MOBILITY_OPTION_PADN);
    cursor_put8(c, (uint8_t)(n - 2));
    cursor_zero(c, n - 2);
}

/* Octets of padding that bring the cursor to multiple * n + offset. */
static size_t padding_to(const struct cursor *c, size_t multiple, size_t offset)
{
    return (multiple + offset - cursor_offset(c) % multiple) % multiple;
}

size_t mobility_message_write(struct mobility_message *message, uint8_t *octets, size_t size)
{
    if (message->type >= MESSAGE_KINDS)
        return 0;
    struct cursor c = cursor_over(octets, size);
    cursor_put8(&c, NEXT_HEADER_NONE);
    cursor_put8(&c, 0); /* Header Len: below */
    cursor_put8(&c, message->type);
    cursor_put8(&c, 0);
    cursor_put16(&c, 0); /* checksum */
    message_kinds[message->type].write(&c, message);
    for (size_t i = 0; i < OPTION_KINDS; i++) {
        const struct option_kind *kind = &option_kinds[i];
        if (!*option_present(kind, message))
            continue;
        write_padding(&c, padding_to(&c, kind->multiple, kind->offset));
        cursor_put8(&c, kind->type);
        cursor_put8(&c, kind->length);
        kind->write(&c, message);
    }
    write_padding(&c, padding_to(&c, 8, 0));
    if (c.failed)
        return 0;
    message->authorization_data_last = message->has_authorization_data;
    size_t length = cursor_offset(&c);
    octets[AT_HEADER_LENGTH] = (uint8_t)(length / 8 - 1);
    return length;
}

/* ---- words ---- */

const char *mobility_type_name(unsigned type)
{
    return type < MESSAGE_KINDS ? message_kinds[type].name : "Mobility Header";
}

size_t mobility_type_least_length(unsigned type)
{
    return type < MESSAGE_KINDS ? message_kinds[type].least : 0;
}

const char *binding_status_text(unsigned status)
{
    switch (status) {
    case BINDING_ACCEPTED:
        return "Binding Update accepted";
    case BINDING_ACCEPTED_PREFIX_DISCOVERY:
        return "Accepted but prefix discovery necessary";
    case BINDING_REASON_UNSPECIFIED:
        return "Reason unspecified";
    case BINDING_ADMINISTRATIVELY_PROHIBITED:
        return "Administratively prohibited";
    case BINDING_INSUFFICIENT_RESOURCES:
        return "Insufficient resources";
    case BINDING_HOME_REGISTRATION_NOT_SUPPORTED:
        return "Home registration not supported";
    case BINDING_NOT_HOME_SUBNET:
        return "Not home subnet";
    case BINDING_NOT_HOME_AGENT:
        return "Not home agent for this mobile node";
    case BINDING_DUPLICATE_DETECTION_FAILED:
        return "Duplicate Address Detection failed";
    case BINDING_SEQUENCE_OUT_OF_WINDOW:
        return "Sequence number out of window";
    case BINDING_EXPIRED_HOME_NONCE:
        return "Expired home nonce index";
    case BINDING_EXPIRED_CARE_OF_NONCE:
        return "Expired care-of nonce index";
    case BINDING_EXPIRED_NONCES:
        return "Expired nonces";
    case BINDING_REGISTRATION_TYPE_CHANGE:
        return "Registration type change disallowed";
    case BINDING_INVALID_CARE_OF_ADDRESS:
        return "Invalid Care-of Address";
    default:
        return status < 128 ? "accepted, status unknown" : "rejected, status unknown";
    }
}
