/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * security_association.c - see security_association.h (RFC 4301, 4.4.2; RFC 4303, 3.3.3, 3.4.3).
 *
 * The window is one word: bit 0 stands for the highest number received, bit n for the number n below. The
 * check comes in two parts, because nothing that has not been verified may move the window.
 *
 * RFC 4303 advises against anti-replay where keys are configured by hand (3.3.3, 5), unless the sender's
 * counter is maintained across reboots. It is (ipsec.c), so the window is always on. The receiver's window is
 * not: what came before its reboot may be replayed to it, as RFC 6275, 15.3 and RFC 3776, 4.4 say.
 */
#include "models/ipsec/security_association.h"

#include <stdlib.h>

#include "models/base/error.h"

#define BUCKETS_LEAST 2u

/* -- keys -- */

unsigned esp_integrity_key_length(enum esp_integrity integrity)
{
    return integrity == ESP_HMAC_SHA1_96 ? 20 : 32;
}

bool esp_encryption_key_fits(enum esp_encryption encryption, unsigned length)
{
    switch (encryption) {
    case ESP_AES_CBC:
        return length == 16 || length == 24 || length == 32;
    case ESP_3DES_CBC:
        return length == 24;
    case ESP_NULL:
        return length == 0;
    }
    return false;
}

/* -- sequence numbers -- */

bool security_association_next_sequence(struct security_association *association, uint32_t *sequence)
{
    if (association->sequence == UINT32_MAX)
        return false;
    *sequence = ++association->sequence;
    return true;
}

bool security_association_is_new(const struct security_association *association, uint32_t sequence)
{
    if (sequence == 0)
        return false;
    if (sequence > association->sequence)
        return true;
    uint32_t behind = association->sequence - sequence;
    return behind < REPLAY_WINDOW && (association->window >> behind & 1) == 0;
}

void security_association_received(struct security_association *association, uint32_t sequence)
{
    if (sequence > association->sequence) {
        uint32_t ahead = sequence - association->sequence;
        association->window = ahead < REPLAY_WINDOW ? association->window << ahead : 0;
        association->sequence = sequence;
    }
    association->window |= UINT64_C(1) << (association->sequence - sequence);
}

void security_association_forget_received(struct security_association *association)
{
    association->sequence = 0;
    association->window = 0;
}

/* -- the database -- */

/* Consecutive numbers are usual, and fall into different buckets. */
static struct security_association **bucket_of(const struct association_database *database, uint32_t spi)
{
    return &database->buckets[spi & (database->bucket_count - 1)];
}

static void link_association(struct association_database *database, struct security_association *association)
{
    struct security_association **bucket = bucket_of(database, association->spi);
    association->next = *bucket;
    *bucket = association;
}

static int grow(struct association_database *database)
{
    if (database->count < database->bucket_count)
        return 0;
    struct association_database bigger = {
        .bucket_count = database->bucket_count ? 2 * database->bucket_count : BUCKETS_LEAST,
        .count = database->count,
    };
    bigger.buckets = calloc(bigger.bucket_count, sizeof(struct security_association *));
    if (!bigger.buckets)
        return ERROR_MEMORY;
    for (uint32_t i = 0; i < database->bucket_count; i++) {
        for (struct security_association *association = database->buckets[i], *next; association;
             association = next) {
            next = association->next;
            link_association(&bigger, association);
        }
    }
    free(database->buckets);
    *database = bigger;
    return 0;
}

int association_database_add(struct association_database *database, struct security_association *association)
{
    if (association_database_find(database, association->spi))
        return ERROR_EXISTS;
    int error = grow(database);
    if (error != 0)
        return error;
    link_association(database, association);
    database->count++;
    return 0;
}

void association_database_remove(struct association_database *database,
                                 struct security_association *association)
{
    struct security_association **at = bucket_of(database, association->spi);
    while (*at != association)
        at = &(*at)->next;
    *at = association->next;
    database->count--;
}

struct security_association *association_database_find(const struct association_database *database,
                                                       uint32_t spi)
{
    if (!database->buckets)
        return NULL;
    struct security_association *association = *bucket_of(database, spi);
    while (association && association->spi != spi)
        association = association->next;
    return association;
}

void association_database_free(struct association_database *database)
{
    free(database->buckets);
    *database = (struct association_database){.buckets = NULL};
}
