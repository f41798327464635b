/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * security_association.h - one direction of protected traffic, and the database of those that a node receives
 * by (RFC 4301, 4.4.2; RFC 4303, 2.2, 3.3.3, 3.4.3).
 *
 * A security association is what the two ends of one direction share: an index (SPI), algorithms, keys and a
 * counter. The sender counts; the receiver remembers the highest number and which of the 64 below it have
 * been seen.
 *
 * Sequence numbers are 32 bits; extended ones are for associations that a key exchange has made (RFC 4303,
 * 2.2.1).
 */
#ifndef MIP6SIM_MODELS_IPSEC_SECURITY_ASSOCIATION_H
#define MIP6SIM_MODELS_IPSEC_SECURITY_ASSOCIATION_H

#include <stdbool.h>
#include <stdint.h>

struct protection; /* policy.h */

#define SPI_LEAST     256 /* 1 to 255 are reserved, 0 is never sent (RFC 4303, 2.1) */
#define REPLAY_WINDOW 64

enum esp_encryption {
    ESP_AES_CBC,  /* RFC 3602; key of 16, 24 or 32 octets */
    ESP_3DES_CBC, /* RFC 2451; 24 octets */
    ESP_NULL,     /* RFC 2410; no key */
};

enum esp_integrity {
    ESP_HMAC_SHA1_96,     /* RFC 2404; key of 20 octets */
    ESP_HMAC_SHA_256_128, /* RFC 4868; key of 32 octets */
};

#define ESP_ENCRYPTION_KEY_MAX 32
#define ESP_INTEGRITY_KEY_MAX  32

struct security_association {
    struct security_association *next; /* in its bucket of the database */
    struct protection *protection;     /* whose it is */
    const uint8_t *keys;               /* for encryption, then for integrity; borrowed */
    union {
        uint64_t window;   /* receiver: bit n is set if sequence - n has been received */
        uint64_t reserved; /* sender: as stable storage has it, no number beyond has been used (ipsec.c) */
    };
    uint32_t spi;
    uint32_t sequence;             /* sender: last used; receiver: highest received. 0: none */
    uint8_t encryption;            /* enum esp_encryption */
    uint8_t encryption_key_length; /* octets */
    uint8_t integrity;             /* enum esp_integrity */
    bool tunnel;                   /* tunnel mode, else transport mode */
    bool inbound;
};

/* Octets in the key of an integrity algorithm. */
unsigned esp_integrity_key_length(enum esp_integrity integrity);
/* Does the encryption algorithm take keys of so many octets? */
bool esp_encryption_key_fits(enum esp_encryption encryption, unsigned length);

/* The next number to send with, from 1; false: all have been used, and the association must not be used any
 * more (RFC 4303, 3.3.3). */
bool security_association_next_sequence(struct security_association *association, uint32_t *sequence);
/* Might a packet with this number be new (RFC 4303, 3.4.3)? To be asked before its integrity is verified. */
bool security_association_is_new(const struct security_association *association, uint32_t sequence);
/* It is, and its integrity has been verified. */
void security_association_received(struct security_association *association, uint32_t sequence);

/* Anything is new again: what a receiver must not do (models/unsafe.h). */
void security_association_forget_received(struct security_association *association);

/* The associations that a node receives by, hashed by SPI. Zeroed: empty. They are their owners'. */
struct association_database {
    struct security_association **buckets; /* power of two; NULL while empty */
    uint32_t bucket_count;
    uint32_t count;
};

/* 0, ERROR_EXISTS (the SPI is taken), ERROR_MEMORY. */
int association_database_add(struct association_database *database, struct security_association *association);
/* Which must be in it. */
void association_database_remove(struct association_database *database,
                                 struct security_association *association);
struct security_association *association_database_find(const struct association_database *database,
                                                       uint32_t spi);  /* NULL */
void association_database_free(struct association_database *database); /* not the associations */

#endif
