/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench_keygen.c - what a keygen token costs a correspondent node, in nanoseconds of processor time: with Kcn
 * kept keyed, as nonce.h keeps it; with Kcn keyed for each token; and by libcrypto's one-shot HMAC(), for
 * scale. Kbm with authenticator is what a Binding Update costs. The best of five rounds of each is printed;
 * check values agree where the work is the same.
 */
#include <inttypes.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "models/mobility/keygen.h"

#define ROUNDS 5
#define TOKENS 400000

static double processor_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct work {
    struct hmac_key key;
    uint8_t kcn[NODE_KEY_LENGTH];
    uint8_t nonce[NONCE_LENGTH];
    struct ipv6_address address;
    uint8_t update[32];
    uint64_t check;
};

static void fold(struct work *work, const uint8_t *octets)
{
    uint64_t value;
    memcpy(&value, octets, sizeof(value));
    work->check = work->check * 31 + value;
}

static void token_kept(struct work *work)
{
    uint8_t token[KEYGEN_TOKEN_LENGTH];
    keygen_token(&work->key, &work->address, work->nonce, NONCE_LENGTH, KEYGEN_HOME, token);
    fold(work, token);
}

static void token_keyed(struct work *work)
{
    uint8_t token[KEYGEN_TOKEN_LENGTH];
    hmac_key_set(&work->key, work->kcn, sizeof(work->kcn));
    keygen_token(&work->key, &work->address, work->nonce, NONCE_LENGTH, KEYGEN_HOME, token);
    fold(work, token);
}

static void token_one_shot(struct work *work)
{
    uint8_t text[16 + NONCE_LENGTH + 1], mac[EVP_MAX_MD_SIZE];
    unsigned length;
    memcpy(text, work->address.octets, 16);
    memcpy(text + 16, work->nonce, NONCE_LENGTH);
    text[sizeof(text) - 1] = 0;
    HMAC(EVP_sha1(), work->kcn, sizeof(work->kcn), text, sizeof(text), mac, &length);
    fold(work, mac);
}

/* What a correspondent computes for one Binding Update: two tokens, Kbm, the authenticator. */
static void update_verified(struct work *work)
{
    uint8_t home[KEYGEN_TOKEN_LENGTH], care_of[KEYGEN_TOKEN_LENGTH], kbm[KBM_LENGTH],
        authenticator[AUTHENTICATOR_LENGTH];
    keygen_token(&work->key, &work->address, work->nonce, NONCE_LENGTH, KEYGEN_HOME, home);
    keygen_token(&work->key, &work->address, work->nonce, NONCE_LENGTH, KEYGEN_CARE_OF, care_of);
    keygen_kbm(home, care_of, kbm);
    keygen_authenticator(kbm, &work->address, &work->address, work->update, 20, authenticator);
    fold(work, authenticator);
}

static void measure(const char *name, void (*step)(struct work *work))
{
    struct work work;
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        work = (struct work){.check = 0};
        memset(work.kcn, 7, sizeof(work.kcn));
        hmac_key_set(&work.key, work.kcn, sizeof(work.kcn));
        double start = processor_seconds();
        for (uint32_t i = 0; i < TOKENS; i++) {
            memcpy(work.address.octets, &i, sizeof(i));
            step(&work);
        }
        double taken = (processor_seconds() - start) * 1e9 / TOKENS;
        best = taken < best ? taken : best;
    }
    printf("%-44s %8.1f ns   check %016" PRIx64 "\n", name, best, work.check);
}

int main(void)
{
    measure("keygen token, Kcn kept", token_kept);
    measure("keygen token, Kcn keyed each time", token_keyed);
    measure("keygen token by HMAC()", token_one_shot);
    measure("Binding Update: two tokens, Kbm, authenticator", update_verified);
    return 0;
}
