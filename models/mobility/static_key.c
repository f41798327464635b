/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * static_key.c - Binding Updates authorized by a Kbm that both sides compute from a configured key (RFC
 * 4449).
 *
 * Kcn and two nonces are configured; the keygen tokens are computed from them as under return routability
 * (RFC 6275, 5.2.5), but by the mobile node itself, and so need no tests. No Nonce Indices are sent, and none
 * are looked at. There is no limit to a binding's lifetime (RFC 4449, 4), and no falling back: a mobile node
 * that has a key for a peer uses nothing else with it, and a correspondent that has a key for a home address
 * accepts nothing else for it.
 *
 * The table is hashed twice: by home address, to find a key, and by Kcn, because no two mobile nodes may have
 * the same (RFC 4449, 4). Two Kcn that differ only in zeros at the end are the same to HMAC and count as the
 * same here.
 *
 * Each end's record in stable storage is named by home address and key: after a change of either nonce or of
 * Kcn it is another key, and the numbers used under the old one mean nothing to it. The key itself is not in
 * the record; an HMAC of a fixed text is.
 */
#include "models/mobility/static_key.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "models/base/cursor.h"
#include "models/base/error.h"
#include "models/ipv6/node.h"
#include "models/mobility/mobility.h"

#define BUCKETS_AT_FIRST 4

struct static_key_table {
    struct static_key_entry **by_home_address;
    struct static_key_entry **by_key;
    uint32_t bucket_count; /* of both; power of two */
    uint32_t count;
};

bool static_key_is_valid(const struct static_key *key)
{
    return key->kcn_length >= NODE_KEY_LENGTH && key->kcn_length <= STATIC_KEY_LENGTH_MAX &&
           key->home_nonce_length >= 1 && key->home_nonce_length <= STATIC_NONCE_LENGTH_MAX &&
           key->care_of_nonce_length >= 1 && key->care_of_nonce_length <= STATIC_NONCE_LENGTH_MAX;
}

void static_key_kbm(const struct static_key *key, const struct ipv6_address *home_address,
                    const struct ipv6_address *care_of_address, bool deletion, uint8_t kbm[KBM_LENGTH])
{
    struct hmac_key kcn;
    uint8_t home[KEYGEN_TOKEN_LENGTH], care_of[KEYGEN_TOKEN_LENGTH];
    hmac_key_set(&kcn, key->kcn, key->kcn_length);
    keygen_token(&kcn, home_address, key->home_nonce, key->home_nonce_length, KEYGEN_HOME, home);
    if (!deletion)
        keygen_token(&kcn, care_of_address, key->care_of_nonce, key->care_of_nonce_length, KEYGEN_CARE_OF,
                     care_of);
    keygen_kbm(home, deletion ? NULL : care_of, kbm);
}

/* ---- the table ---- */

static size_t significant_length(const struct static_key *key)
{
    size_t length = key->kcn_length;
    while (length > 0 && key->kcn[length - 1] == 0)
        length--;
    return length;
}

bool static_key_same_kcn(const struct static_key *a, const struct static_key *b)
{
    if (a->kcn[0] != b->kcn[0])
        return false; /* nearly always that is seen at once */
    size_t length = significant_length(a);
    return length == significant_length(b) && memcmp(a->kcn, b->kcn, length) == 0;
}

/* FNV-1a */
static uint32_t kcn_hash(const struct static_key *key)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0, length = significant_length(key); i < length; i++)
        hash = (hash ^ key->kcn[i]) * 16777619u;
    return hash ^ hash >> 16;
}

static struct static_key_entry **home_bucket(const struct static_key_table *table,
                                             const struct ipv6_address *home_address)
{
    return &table->by_home_address[(uint32_t)ipv6_address_hash(home_address) & (table->bucket_count - 1)];
}

static struct static_key_entry **key_bucket(const struct static_key_table *table,
                                            const struct static_key *key)
{
    return &table->by_key[kcn_hash(key) & (table->bucket_count - 1)];
}

static void link_key(const struct static_key_table *table, struct static_key_entry *entry)
{
    struct static_key_entry **bucket = key_bucket(table, entry->key);
    entry->next_by_key = *bucket;
    *bucket = entry;
}

static void link_entry(const struct static_key_table *table, struct static_key_entry *entry)
{
    struct static_key_entry **bucket = home_bucket(table, &entry->home_address);
    entry->next = *bucket;
    *bucket = entry;
    link_key(table, entry);
}

/* Room for one more: both bucket arrays doubled when full. Nothing changes if there is no memory. */
static bool table_grow(struct static_key_table *table)
{
    if (table->count < table->bucket_count)
        return true;
    struct static_key_table wider = {
        .bucket_count = table->bucket_count ? table->bucket_count * 2 : BUCKETS_AT_FIRST,
        .count = table->count,
    };
    wider.by_home_address = calloc(wider.bucket_count, sizeof(struct static_key_entry *));
    wider.by_key = calloc(wider.bucket_count, sizeof(struct static_key_entry *));
    if (!wider.by_home_address || !wider.by_key) {
        free(wider.by_home_address);
        free(wider.by_key);
        return false;
    }
    for (uint32_t i = 0; i < table->bucket_count; i++) {
        for (struct static_key_entry *entry = table->by_home_address[i], *next; entry; entry = next) {
            next = entry->next;
            link_entry(&wider, entry);
        }
    }
    free(table->by_home_address);
    free(table->by_key);
    *table = wider;
    return true;
}

struct static_key_entry *static_key_find(const struct static_key_table *table,
                                         const struct ipv6_address *home_address)
{
    if (!table || table->count == 0)
        return NULL;
    struct static_key_entry *entry = *home_bucket(table, home_address);
    while (entry && !ipv6_address_equal(&entry->home_address, home_address))
        entry = entry->next;
    return entry;
}

static bool kcn_is_taken(const struct static_key_table *table, const struct static_key *key)
{
    const struct static_key_entry *entry = table->count ? *key_bucket(table, key) : NULL;
    while (entry && !static_key_same_kcn(entry->key, key))
        entry = entry->next_by_key;
    return entry != NULL;
}

static void unlink_key(const struct static_key_table *table, struct static_key_entry *entry)
{
    struct static_key_entry **at = key_bucket(table, entry->key);
    while (*at != entry)
        at = &(*at)->next_by_key;
    *at = entry->next_by_key;
}

static bool is_same(const struct static_key *a, const struct static_key *b)
{
    return static_key_same_kcn(a, b) && a->home_nonce_length == b->home_nonce_length &&
           memcmp(a->home_nonce, b->home_nonce, a->home_nonce_length) == 0 &&
           a->care_of_nonce_length == b->care_of_nonce_length &&
           memcmp(a->care_of_nonce, b->care_of_nonce, a->care_of_nonce_length) == 0;
}

void static_key_table_free(struct static_key_table *table)
{
    if (!table)
        return;
    for (uint32_t i = 0; i < table->bucket_count; i++) {
        for (struct static_key_entry *entry = table->by_home_address[i], *next; entry; entry = next) {
            next = entry->next;
            free(entry);
        }
    }
    free(table->by_home_address);
    free(table->by_key);
    free(table);
}

/* ---- stable storage ---- */

#define RECORD_NAME_LENGTH (4 + 16 + 8)
#define RECORD_LENGTH      4
#define SENT_LENGTH        2

#define RECORD_ACCEPTED "4449" /* the correspondent's: last number, how far the counter has gone */
#define RECORD_SENT     "sent" /* the mobile node's: last number */

/* Which record, home address, mark of the key. */
static void record_name(const char which[4], const struct ipv6_address *home_address,
                        const struct static_key *key, uint8_t name[RECORD_NAME_LENGTH])
{
    static const char text[] = "RFC 4449 sequence number record";
    uint8_t marked[sizeof(text) + 2 * (1 + STATIC_NONCE_LENGTH_MAX)] = {0}, mac[20];
    struct hmac_key kcn;
    struct cursor c = cursor_over(marked, sizeof(marked));
    cursor_put(&c, text, sizeof(text));
    cursor_put8(&c, key->home_nonce_length);
    cursor_put(&c, key->home_nonce, key->home_nonce_length);
    cursor_put8(&c, key->care_of_nonce_length);
    cursor_put(&c, key->care_of_nonce, key->care_of_nonce_length);
    hmac_key_set(&kcn, key->kcn, key->kcn_length);
    hmac_compute(&kcn, marked, cursor_offset(&c), mac);
    memcpy(name, which, 4);
    memcpy(name + 4, home_address->octets, 16);
    memcpy(name + 20, mac, 8);
}

static void read_record(struct environment *environment, struct static_key_entry *entry)
{
    uint8_t name[RECORD_NAME_LENGTH], record[RECORD_LENGTH];
    entry->sequence = entry->advanced = 0;
    entry->used = false;
    record_name(RECORD_ACCEPTED, &entry->home_address, entry->key, name);
    int length = environment->operations->store_read(environment, name, sizeof(name), record, sizeof(record));
    if (length < RECORD_LENGTH)
        return;
    struct cursor c = cursor_over(record, sizeof(record));
    entry->sequence = cursor_get16(&c);
    entry->advanced = cursor_get16(&c);
    entry->used = true;
}

int static_key_table_add(struct static_key_table **at, struct environment *environment,
                         const struct ipv6_address *home_address, const struct static_key *key)
{
    struct static_key_table *table = *at;
    if (static_key_find(table, home_address))
        return ERROR_EXISTS;
    if (table && kcn_is_taken(table, key))
        return ERROR_ARGUMENT;
    if (!table)
        table = *at = calloc(1, sizeof(*table));
    struct static_key_entry *entry = table && table_grow(table) ? calloc(1, sizeof(*entry)) : NULL;
    if (!entry)
        return ERROR_MEMORY;
    entry->home_address = *home_address;
    entry->key = key;
    read_record(environment, entry);
    link_entry(table, entry);
    table->count++;
    return 0;
}

int static_key_table_replace(struct static_key_table *table, struct environment *environment,
                             const struct ipv6_address *home_address, const struct static_key *key)
{
    struct static_key_entry *entry = static_key_find(table, home_address);
    if (!entry)
        return ERROR_NOT_FOUND;
    if (is_same(entry->key, key))
        return ERROR_EXISTS;
    if (!static_key_same_kcn(entry->key, key) && kcn_is_taken(table, key))
        return ERROR_ARGUMENT;
    unlink_key(table, entry);
    entry->key = key;
    link_key(table, entry);
    read_record(environment, entry);
    return 0;
}

/* ---- sequence numbers ---- */

enum static_key_sequence static_key_check_sequence(const struct static_key_entry *entry, uint16_t sequence)
{
    if (!entry->used)
        return STATIC_KEY_SEQUENCE_FRESH;
    if (sequence_not_greater(sequence, entry->sequence))
        return STATIC_KEY_SEQUENCE_OLD;
    uint32_t advanced = entry->advanced + (uint32_t)(uint16_t)(sequence - entry->sequence);
    return advanced > STATIC_KEY_SEQUENCE_SPACE ? STATIC_KEY_SEQUENCE_EXHAUSTED : STATIC_KEY_SEQUENCE_FRESH;
}

int static_key_commit_sequence(struct environment *environment, struct static_key_entry *entry,
                               uint16_t sequence)
{
    uint8_t name[RECORD_NAME_LENGTH], record[RECORD_LENGTH] = {0};
    uint32_t sum = entry->used ? entry->advanced + (uint32_t)(uint16_t)(sequence - entry->sequence) : 0;
    uint16_t advanced = (uint16_t)(sum < STATIC_KEY_SEQUENCE_SPACE ? sum : STATIC_KEY_SEQUENCE_SPACE);
    struct cursor c = cursor_over(record, sizeof(record));
    cursor_put16(&c, sequence);
    cursor_put16(&c, advanced);
    record_name(RECORD_ACCEPTED, &entry->home_address, entry->key, name);
    int error = environment ? environment->operations->store_write(environment, name, sizeof(name), record,
                                                                   sizeof(record))
                            : 0;
    if (error)
        return error;
    entry->sequence = sequence;
    entry->advanced = advanced;
    entry->used = true;
    return 0;
}

void static_key_forget_sequence(struct static_key_entry *entry)
{
    if (!entry)
        return;
    entry->used = false;
    entry->sequence = 0;
    entry->advanced = 0;
}

bool static_key_is_worn(const struct static_key_entry *entry, uint16_t before)
{
    return entry->advanced >= STATIC_KEY_SEQUENCE_WORN &&
           entry->advanced / STATIC_KEY_SEQUENCE_AGAIN != before / STATIC_KEY_SEQUENCE_AGAIN;
}

/* ---- the method, at the mobile node ---- */

/* Everything is at hand from the start, unless the home address has changed: a key is one home address's (RFC
 * 4449, 3). Then, and if the operator has forgotten the key, no other method is tried (RFC 4449, 4). */
static bool prepare(struct node *node, struct binding_update_entry *entry, bool deletion, time_ns now)
{
    (void)deletion;
    if (entry->policy && entry->policy->static_key && !entry->key_of_another_address)
        return true;
    mobile_node_authorization_failed(node, entry, now);
    return false;
}

static void authorize(struct node *node, struct binding_update_entry *entry, bool deletion,
                      struct mobility_message *message, uint8_t kbm[KBM_LENGTH], time_ns now)
{
    (void)now;
    assert(entry->policy && entry->policy->static_key);
    message->has_nonce_indices = false;
    static_key_kbm(entry->policy->static_key, &mobile_home_of(node, entry)->home_address,
                   &entry->care_of_address, deletion, kbm);
}

static void cancel(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    (void)node, (void)entry, (void)now;
}

static void sent_name(const struct node *node, const struct binding_update_entry *entry,
                      uint8_t name[RECORD_NAME_LENGTH])
{
    record_name(RECORD_SENT, &mobile_home_of(node, entry)->home_address, entry->policy->static_key, name);
}

static void recall(struct node *node, struct binding_update_entry *entry)
{
    uint8_t name[RECORD_NAME_LENGTH], record[SENT_LENGTH];
    entry->sequence = 0;
    if (!entry->policy->static_key)
        return;
    sent_name(node, entry, name);
    int length = node->environment->operations->store_read(node->environment, name, sizeof(name), record,
                                                           sizeof(record));
    if (length < SENT_LENGTH)
        return;
    struct cursor c = cursor_over(record, sizeof(record));
    entry->sequence = cursor_get16(&c);
}

/* If it cannot be stored, the correspondent will tell it when it is needed. */
static void remember(struct node *node, const struct binding_update_entry *entry)
{
    uint8_t name[RECORD_NAME_LENGTH], record[SENT_LENGTH];
    struct cursor c = cursor_over(record, sizeof(record));
    cursor_put16(&c, entry->sequence);
    sent_name(node, entry, name);
    (void)node->environment->operations->store_write(node->environment, name, sizeof(name), record,
                                                     sizeof(record));
}

/* ---- the method, at the correspondent ---- */

static int kbm_of_update(struct node *node, const struct update_to_authorize *update, uint8_t kbm[KBM_LENGTH],
                         time_ns now)
{
    const struct static_key_entry *entry =
        correspondent_node_static_key_entry(node, update->home_address);
    (void)now;
    if (!entry)
        return -(int)DISCARD_AUTHORIZATION_METHOD;
    static_key_kbm(entry->key, update->home_address, update->care_of_address, update->deletion, kbm);
    return 0;
}

const struct authorization_method authorization_static_key = {
    .name = "static-key",
    .lifetime_limit = 0,
    .uses_nonce_indices = false,
    .prepare = prepare,
    .authorize = authorize,
    .cancel = cancel,
    .recall = recall,
    .remember = remember,
    .kbm_of_update = kbm_of_update,
};
