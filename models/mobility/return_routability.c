/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * return_routability.c - the authorization method "return-routability", both ends (RFC 6275, 5.2, 9.5.1,
 * 11.6).
 *
 * The mobile node asks for two keygen tokens: one through its home address, one at its care-of address, at
 * the same instant. Each test is a machine of its own, because each message type has its own back-off (11.8):
 *
 *     NONE -> ASKED -> TOKEN      a Test Init is sent; the Test brings the token
 *
 * A test unanswered is sent again with a new cookie after 1 s, 2 s, 4 s; when the last of MAX_RO_FAILURE
 * retries has found no answer in its 8 s, the method gives up (5.2.9). A token serves for MAX_TOKEN_LIFETIME
 * from when it was received (5.2.7): the home token wherever the node goes, the care-of token for the one
 * address it was got for. A policy without reuse drops both when a registration begins. To delete a binding,
 * the home token is enough (5.2.5).
 *
 * A node with several home addresses asks a correspondent once about its care-of address (5.2.7, 11.6.1): the
 * registration that needs the token first asks, the others' test is AWAITED, and the token is copied to them
 * when it comes, or when they need it and it is still fresh. Should the one that asks be stopped, one of
 * those that wait takes over the question as it stands, cookie and back-off included.
 *
 * Neither test starts while the home one is needed and could not succeed (the home agent has no binding yet,
 * or the node is about to deregister): 11.6.1 wants them sent in parallel. prepare() is asked again when the
 * home agent has acknowledged.
 *
 * A cookie is forgotten when its token comes, so both share eight octets; there is one timer for both tests,
 * and the memory is there only from the first test on: most of a mobile node's size is such things.
 *
 * The correspondent's end makes the tokens again from the nonce indices and keeps nothing (5.2.5).
 */
#include <stdlib.h>

#include "models/mobility/mobility.h"

enum test_progress {
    TEST_NONE,
    TEST_ASKED,
    TEST_AWAITED, /* care-of test: asked for another home address */
    TEST_TOKEN,
};

struct test {
    uint8_t octets[KEYGEN_TOKEN_LENGTH]; /* ASKED: the cookie; TOKEN: the token */
    time_ns time;                        /* ASKED: when to send again; TOKEN: when it was received */
    struct update_rate rate;
    uint16_t nonce_index;
    uint8_t progress; /* enum test_progress */
    uint8_t sent;     /* ASKED: so many Test Inits */
};

struct test_state {
    struct timer timer;
    struct binding_update_entry *entry;
    struct test home;
    struct test care_of;
    struct ipv6_address care_of_address; /* that care_of is about */
};

_Static_assert(MOBILITY_COOKIE_LENGTH == KEYGEN_TOKEN_LENGTH, "a cookie's room is its token's");

static bool is_fresh(const struct test *test, time_ns now)
{
    return test->progress == TEST_TOKEN && now < time_add(test->time, MAX_TOKEN_LIFETIME);
}

static bool has_home_token(const struct test_state *tests, time_ns now)
{
    return is_fresh(&tests->home, now);
}

static bool has_care_of_token(const struct binding_update_entry *entry, time_ns now)
{
    return is_fresh(&entry->tests->care_of, now) &&
           ipv6_address_equal(&entry->tests->care_of_address, &entry->care_of_address);
}

/* -- the same correspondent, other home addresses -- */

/* The state of tests that one entry has begun for this peer; NULL: none. */
static struct test_state *tests_at(const struct mobile_home *home, const struct binding_update_entry *entry)
{
    const struct binding_update_entry *other = mobile_home_find_entry(home, &entry->peer);
    return other && other != entry && !other->home_registration ? other->tests : NULL;
}

static struct mobile_home *first_home(const struct node *node)
{
    return &mobile_node_of(node)->home;
}

/* One of another home address's that has come so far, about this care-of address. */
static struct test_state *find_care_of_test(const struct node *node, const struct test_state *tests,
                                            const struct ipv6_address *care_of_address,
                                            enum test_progress progress)
{
    for (const struct mobile_home *home = first_home(node); home; home = home->next) {
        struct test_state *others = tests_at(home, tests->entry);
        if (others && others->care_of.progress == progress &&
            ipv6_address_equal(&others->care_of_address, care_of_address))
            return others;
    }
    return NULL;
}

/* All but the rate, which is each entry's account of what it has sent. */
static void copy_test(struct test *to, const struct test *from)
{
    struct update_rate rate = to->rate;
    *to = *from;
    to->rate = rate;
}

static void give_care_of_token(const struct node *node, const struct test_state *tests)
{
    struct test_state *others;
    while ((others = find_care_of_test(node, tests, &tests->care_of_address, TEST_AWAITED)) != NULL)
        copy_test(&others->care_of, &tests->care_of);
}

/* -- Test Inits (11.6.1) -- */

static void arm(struct node *node, struct test_state *tests)
{
    time_ns due = TIME_NEVER;
    if (tests->home.progress == TEST_ASKED)
        due = tests->home.time;
    if (tests->care_of.progress == TEST_ASKED && tests->care_of.time < due)
        due = tests->care_of.time;
    if (due == TIME_NEVER)
        node_disarm(node, &tests->timer);
    else
        node_arm(node, &tests->timer, due);
}

/* One peer gets so many messages of a type, whatever home address they are for (11.8). */
static bool rate_allows(const struct node *node, const struct test_state *tests, struct test *test,
                        time_ns *when, time_ns now)
{
    struct update_rate all = test->rate;
    for (const struct mobile_home *home = first_home(node); home; home = home->next) {
        const struct test_state *others = tests_at(home, tests->entry);
        if (others)
            update_rate_include(&all, test == &tests->home ? &others->home.rate : &others->care_of.rate, now);
    }
    return update_rate_allows(&all, when, now) && update_rate_allows(&test->rate, when, now);
}

static void send_test_init(struct node *node, struct test_state *tests, struct test *test, time_ns now)
{
    bool home = test == &tests->home;
    time_ns when;
    if (!node_is_unsafe(node, NO_RATE_LIMIT) && !rate_allows(node, tests, test, &when, now)) {
        test->time = when;
        return;
    }
    struct mobility_message message = {.type = home ? MOBILITY_HOME_TEST_INIT : MOBILITY_CARE_OF_TEST_INIT};
    struct outbound out;
    mobile_node_outbound_via_home(node, mobile_home_of(node, tests->entry), &out, &tests->entry->peer);
    if (!home) {
        out.source = mobile_node_of(node)->care_of_address;
        out.tunnel = false;
    }
    node->environment->operations->random(node->environment, RANDOM_COOKIE, test->octets,
                                          MOBILITY_COOKIE_LENGTH);
    memcpy(message.test.cookie, test->octets, MOBILITY_COOKIE_LENGTH);
    test->time = time_add(now, INITIAL_BINDACK_TIMEOUT << test->sent);
    test->sent++;
    (void)mobility_send(node, &out, &message, NULL, NULL, NULL, now); /* lost or not: the timer sees to it */
}

static void ask(struct node *node, struct test_state *tests, struct test *test, time_ns now)
{
    if (test->progress == TEST_ASKED)
        return;
    test->progress = TEST_ASKED;
    test->sent = 0;
    send_test_init(node, tests, test, now);
}

static void ask_care_of(struct node *node, struct test_state *tests, time_ns now)
{
    bool asked = tests->care_of.progress != TEST_ASKED &&
                 find_care_of_test(node, tests, &tests->care_of_address, TEST_ASKED);
    if (asked)
        tests->care_of.progress = TEST_AWAITED;
    else
        ask(node, tests, &tests->care_of, now);
}

static bool is_due(const struct test *test, time_ns now)
{
    return test->progress == TEST_ASKED && test->time <= now;
}

static bool is_exhausted(const struct test *test, time_ns now)
{
    return is_due(test, now) && test->sent > MAX_RO_FAILURE;
}

static void test_timer_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct test_state *tests = timer_owner(timer, struct test_state, timer);
    if (is_exhausted(&tests->home, now) || is_exhausted(&tests->care_of, now)) {
        mobile_node_authorization_failed(node, tests->entry, now);
        return;
    }
    if (is_due(&tests->home, now))
        send_test_init(node, tests, &tests->home, now);
    if (is_due(&tests->care_of, now))
        send_test_init(node, tests, &tests->care_of, now);
    arm(node, tests);
}

/* -- the method at the mobile node -- */

static bool allocate(struct binding_update_entry *entry)
{
    if (entry->tests)
        return true;
    entry->tests = calloc(1, sizeof(*entry->tests));
    if (!entry->tests)
        return false;
    entry->tests->entry = entry;
    timer_init(&entry->tests->timer, test_timer_expired);
    return true;
}

static void forget(struct test *test)
{
    test->progress = TEST_NONE;
}

/* The question that this entry has asked is not its own any more; it is not in vain if another waits for the
 * answer. */
static void abandon_care_of(struct node *node, struct test_state *tests)
{
    struct test_state *heir = NULL;
    if (tests->care_of.progress == TEST_ASKED)
        heir = find_care_of_test(node, tests, &tests->care_of_address, TEST_AWAITED);
    if (heir) {
        copy_test(&heir->care_of, &tests->care_of);
        arm(node, heir);
    }
    forget(&tests->care_of);
}

/* Another home address's token, still fresh, is this one's too. */
static bool borrow_care_of_token(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    struct test_state *tests = entry->tests;
    const struct test_state *others = find_care_of_test(node, tests, &entry->care_of_address, TEST_TOKEN);
    if (!entry->policy->reuse_tokens || !others || !is_fresh(&others->care_of, now))
        return false;
    abandon_care_of(node, tests);
    tests->care_of_address = entry->care_of_address;
    copy_test(&tests->care_of, &others->care_of);
    return true;
}

static bool prepare(struct node *node, struct binding_update_entry *entry, bool deletion, time_ns now)
{
    if (!allocate(entry)) {
        mobile_node_authorization_failed(node, entry, now);
        return false;
    }
    struct test_state *tests = entry->tests;
    bool home = has_home_token(tests, now);
    bool care_of = deletion || has_care_of_token(entry, now) || borrow_care_of_token(node, entry, now);
    if (home && care_of)
        return true;
    if (!home && !mobile_home_is_reachable(node, mobile_home_of(node, entry), now))
        return false;
    if (!care_of && !ipv6_address_equal(&tests->care_of_address, &entry->care_of_address)) {
        abandon_care_of(node, tests);
        tests->care_of_address = entry->care_of_address;
    }
    if (!home)
        ask(node, tests, &tests->home, now);
    if (!care_of)
        ask_care_of(node, tests, now);
    arm(node, tests);
    return false;
}

static void authorize(struct node *node, struct binding_update_entry *entry, bool deletion,
                      struct mobility_message *message, uint8_t kbm[KBM_LENGTH], time_ns now)
{
    const struct test_state *tests = entry->tests;
    (void)node, (void)now;
    message->has_nonce_indices = true;
    message->home_nonce_index = tests->home.nonce_index;
    message->care_of_nonce_index = deletion ? 0 : tests->care_of.nonce_index;
    keygen_kbm(tests->home.octets, deletion ? NULL : tests->care_of.octets, kbm);
}

/* What is fresh may serve again, unless the policy forbids it; what was asked for and has not come is void.
 * */
static void cancel(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    struct test_state *tests = entry->tests;
    (void)now;
    if (!tests)
        return;
    node_disarm(node, &tests->timer);
    bool keep = entry->policy->reuse_tokens;
    if (!keep || tests->home.progress == TEST_ASKED)
        forget(&tests->home);
    if (!keep || tests->care_of.progress != TEST_TOKEN)
        abandon_care_of(node, tests);
}

/* Nobody shall borrow it again. */
static void forget_care_of_token(const struct node *node, struct test_state *tests)
{
    for (const struct mobile_home *home = first_home(node); home; home = home->next) {
        struct test_state *others = tests_at(home, tests->entry);
        if (others && others->care_of.progress == TEST_TOKEN &&
            others->care_of.nonce_index == tests->care_of.nonce_index)
            forget(&others->care_of);
    }
    forget(&tests->care_of);
}

static void rejected(struct node *node, struct binding_update_entry *entry, unsigned status, time_ns now)
{
    (void)now;
    if (!entry->tests)
        return;
    if (status == BINDING_EXPIRED_HOME_NONCE || status == BINDING_EXPIRED_NONCES)
        forget(&entry->tests->home);
    if (status == BINDING_EXPIRED_CARE_OF_NONCE || status == BINDING_EXPIRED_NONCES)
        forget_care_of_token(node, entry->tests);
}

enum discard_reason return_routability_test_received(struct node *node, struct binding_update_entry *entry,
                                                     const struct mobility_message *message, time_ns now)
{
    struct test_state *tests = entry->tests;
    if (!tests || entry->policy->method != &authorization_return_routability)
        return DISCARD_UNSOLICITED;
    struct test *test = message->type == MOBILITY_HOME_TEST ? &tests->home : &tests->care_of;
    if (test->progress != TEST_ASKED || test->sent == 0) /* the rate may hold the first question back */
        return DISCARD_UNSOLICITED;
    if (!keygen_equal(test->octets, message->test.cookie, MOBILITY_COOKIE_LENGTH))
        return DISCARD_COOKIE;
    memcpy(test->octets, message->test.keygen_token, KEYGEN_TOKEN_LENGTH);
    test->nonce_index = message->test.nonce_index;
    test->time = now;
    test->progress = TEST_TOKEN;
    if (test == &tests->care_of)
        give_care_of_token(node, tests);
    arm(node, tests);
    return DISCARD_NONE;
}

/* -- the method at the correspondent (9.5.1) -- */

static int kbm_of_update(struct node *node, const struct update_to_authorize *update, uint8_t kbm[KBM_LENGTH],
                         time_ns now)
{
    if (!node->mobility->correspondent.configuration->return_routability)
        return -DISCARD_AUTHORIZATION_METHOD;
    if (!update->message->has_nonce_indices)
        return -DISCARD_NONCE_INDICES;
    const struct nonce *home = correspondent_node_nonce(node, update->message->home_nonce_index, now);
    const struct nonce *care_of = NULL;
    if (!update->deletion)
        care_of = correspondent_node_nonce(node, update->message->care_of_nonce_index, now);
    bool care_of_expired = !update->deletion && !care_of;
    if (!home)
        return care_of_expired ? BINDING_EXPIRED_NONCES : BINDING_EXPIRED_HOME_NONCE;
    if (care_of_expired)
        return BINDING_EXPIRED_CARE_OF_NONCE;
    uint8_t home_token[KEYGEN_TOKEN_LENGTH], care_of_token[KEYGEN_TOKEN_LENGTH];
    keygen_token(&home->kcn, update->home_address, home->value, NONCE_LENGTH, KEYGEN_HOME, home_token);
    if (care_of)
        keygen_token(&care_of->kcn, update->care_of_address, care_of->value, NONCE_LENGTH, KEYGEN_CARE_OF,
                     care_of_token);
    keygen_kbm(home_token, care_of ? care_of_token : NULL, kbm);
    return 0;
}

bool return_routability_kbm_of_one_token(struct node *node, const struct update_to_authorize *update,
                                         enum keygen_token_kind kind, uint8_t kbm[KBM_LENGTH], time_ns now)
{
    const struct mobility_message *message = update->message;
    bool home = kind == KEYGEN_HOME;
    uint16_t index = home ? message->home_nonce_index : message->care_of_nonce_index;
    const struct nonce *nonce =
        message->has_nonce_indices ? correspondent_node_nonce(node, index, now) : NULL;
    if (!nonce)
        return false;
    uint8_t token[KEYGEN_TOKEN_LENGTH];
    keygen_token(&nonce->kcn, home ? update->home_address : update->care_of_address, nonce->value,
                 NONCE_LENGTH, kind, token);
    keygen_kbm(token, NULL, kbm);
    return true;
}

const struct authorization_method authorization_return_routability = {
    .name = "return-routability",
    .lifetime_limit = MAX_RR_BINDING_LIFETIME / BINDING_LIFETIME_UNIT,
    .uses_nonce_indices = true,
    .prepare = prepare,
    .authorize = authorize,
    .cancel = cancel,
    .rejected = rejected,
    .kbm_of_update = kbm_of_update,
};
