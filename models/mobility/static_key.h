/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * static_key.h - the correspondent's table of static keys by home address (RFC 4449), and what it must never
 * forget: the highest sequence number accepted under each key, and how much of the key's sequence space is
 * used up. And what the mobile node had better remember: the number it sent last.
 *
 * Kbm of one care-of address is the same as long as the key is in use, so replay protection is the sequence
 * number's alone (RFC 4449, 3, 4). The number outlives the binding: neither deletion, nor expiry, nor a
 * reboot forgets it. It is in stable storage before a Binding Acknowledgement leaves.
 *
 * Sequence numbers are compared modulo 2^16: a number is refused if it is the last accepted or one of the
 * 32768 before it (RFC 6275, 9.5.1), and acceptable, again, if it is further back. Therefore the distance
 * that the counter has gone since the key was installed is kept with the number. Once a number would bring it
 * beyond 32768, the first ones could be replayed: the key is worn out, accepts nothing more, and a new one
 * has to be configured (RFC 4449, 4).
 *
 * The mobile node's numbers begin at 1 with each key. If it forgets them, it begins at 1 again, which is
 * never acceptable under a key that has been used, and learns from the refusal (status 135) where to go on: a
 * number drawn at random would as often be taken for a great step ahead, and cost the key that much of its
 * space.
 */
#ifndef MIP6SIM_MODELS_MOBILITY_STATIC_KEY_H
#define MIP6SIM_MODELS_MOBILITY_STATIC_KEY_H

#include <stdbool.h>
#include <stdint.h>

#include "models/ipv6/address.h"
#include "models/mobility/authorization.h"

/* Most that the counter may advance under one key, from the first number accepted. */
#define STATIC_KEY_SEQUENCE_SPACE 32768
/* Once it has advanced so far, and again after each so many more, the operator is told that a new key is
 * due. */
#define STATIC_KEY_SEQUENCE_WORN  28672
#define STATIC_KEY_SEQUENCE_AGAIN 1024

struct environment;

struct static_key_entry {
    struct static_key_entry *next;        /* in the bucket of the home address */
    struct static_key_entry *next_by_key; /* in the bucket of Kcn */
    struct ipv6_address home_address;
    const struct static_key *key; /* borrowed */
    uint16_t sequence;            /* highest accepted; meaningful if `used` */
    uint16_t advanced;            /* how far beyond the first accepted, 0..STATIC_KEY_SEQUENCE_SPACE */
    bool used;                    /* something has been accepted under this key */
};

struct static_key_table;

/*
 * Adds a key that has passed static_key_is_valid, and reads what stable storage knows of it. *table NULL:
 * becomes a table. ERROR_EXISTS: the home address has a key; ERROR_ARGUMENT: another one has this Kcn;
 * ERROR_MEMORY.
 */
int static_key_table_add(struct static_key_table **table, struct environment *environment,
                         const struct ipv6_address *home_address, const struct static_key *key);
/*
 * In place of the key of this home address; *key has passed static_key_is_valid. A new key has a sequence
 * space of its own: its record is read from stable storage, mostly there is none. The old key's stays there,
 * for should that key ever come back. ERROR_NOT_FOUND: the home address has no key; ERROR_EXISTS: it has this
 * one; ERROR_ARGUMENT: another one has this Kcn. Then nothing has changed.
 */
int static_key_table_replace(struct static_key_table *table, struct environment *environment,
                             const struct ipv6_address *home_address, const struct static_key *key);
void static_key_table_free(struct static_key_table *table); /* NULL is harmless */
/* NULL: no key for this home address. Constant time. table may be NULL. */
struct static_key_entry *static_key_find(const struct static_key_table *table,
                                         const struct ipv6_address *home_address);

enum static_key_sequence {
    STATIC_KEY_SEQUENCE_FRESH,     /* greater than the last accepted, and the key has room for it */
    STATIC_KEY_SEQUENCE_OLD,       /* not greater (RFC 6275, 9.5.1) */
    STATIC_KEY_SEQUENCE_EXHAUSTED, /* greater, but an old number would become acceptable: a worn-out key */
};
enum static_key_sequence static_key_check_sequence(const struct static_key_entry *entry, uint16_t sequence);

/* Commits a number: to stable storage first, then to the table. 0, or the storage's error and nothing has
 * changed. environment NULL: not to stable storage (unsafe.h). */
int static_key_commit_sequence(struct environment *environment, struct static_key_entry *entry,
                               uint16_t sequence);

/* The number goes with the binding, as it must not (unsafe.h). NULL is harmless. */
void static_key_forget_sequence(struct static_key_entry *entry);

/* Is the operator to be told, now that the counter has advanced from `before`? */
bool static_key_is_worn(const struct static_key_entry *entry, uint16_t before);

/* Kbm of RFC 4449, 3 for these addresses: both ends compute the same. deletion: from the home keygen token
 * alone (5.2.5). */
void static_key_kbm(const struct static_key *key, const struct ipv6_address *home_address,
                    const struct ipv6_address *care_of_address, bool deletion, uint8_t kbm[KBM_LENGTH]);

/* Lengths are within authorization.h's bounds. */
bool static_key_is_valid(const struct static_key *key);
/* Both have the same Kcn, as far as HMAC can tell (RFC 4449, 4). */
bool static_key_same_kcn(const struct static_key *a, const struct static_key *b);

#endif
