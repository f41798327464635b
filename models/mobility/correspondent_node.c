/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * correspondent_node.c - the correspondent node (RFC 6275, 9).
 *
 * Test Inits are answered without state: a token is made of the node's key, a nonce and an address, and made
 * again when a Binding Update names the nonce (5.2.5). A binding, here, is one of two things:
 *
 *   in use    packets to the home address go to the care-of address, until its lifetime ends
 *   deleted   no longer used, but kept while a nonce that may have authorized it is valid, so that no old
 *             Binding Update can bring it back: its sequence number stands, and its combination of nonces
 *             and addresses is refused (5.2.8, 9.5.3)
 *
 * A binding under a static key needs no second life: the key's own record keeps the sequence number
 * (static_key.h).
 *
 * The order of the checks of 9.5.1 is the RFC's but for one thing: the sequence number is judged after the
 * authenticator. The refusal with status 135 tells the last accepted number and must carry authorization data
 * (9.5.4), which takes Kbm; so it is given to those only who have shown that they hold Kbm, and nobody else
 * learns or triggers anything. Statuses 136 to 138, which go without authorization data, tell nothing but
 * that a nonce has run out, in fewer octets than it took to ask.
 *
 * A full cache refuses (130) and replaces nobody: what one peer has been granted, others' requests do not
 * take away.
 */
#include "models/mobility/correspondent_node.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/node.h"
#include "models/mobility/mobility.h"
#include "models/mobility/static_key.h"

/* Binding Refresh Requests (9.5.5): so many looks at the end of a lifetime, in its last quarter or minute. */
#define REFRESHMENTS         3
#define REFRESHMENT_SPAN_MAX SECONDS(60)

/* ICMPv6 errors about a care-of address are persistent (9.3.4) when there have been so many of them over so
 * long a time, but not longer: then counting starts anew. A handover breaks a path for a second or so and
 * must not cost the binding. */
#define UNREACHABLE_ERRORS   3
#define UNREACHABLE_TIME     SECONDS(4)
#define UNREACHABLE_TIME_MAX SECONDS(20)

const struct correspondent_node_configuration correspondent_node_configuration_default = {
    .return_routability = true,
    .route_optimization = true,
    .binding_limit = 0,
    .lifetime_limit = 0,
    .nonce_interval = MAX_NONCE_LIFETIME / NONCES_VALID,
    .binding_error_interval = MILLISECONDS(100),
    .binding_refresh_requests = false,
};

/* ---- what it remembers ---- */

struct correspondent_memory *correspondent_node_memory(struct node *node)
{
    struct correspondent_node *correspondent = &node->mobility->correspondent;
    if (correspondent->memory)
        return correspondent->memory;
    struct correspondent_memory *memory = calloc(1, sizeof(*memory));
    if (!memory)
        return NULL;
    nonce_table_init(&memory->nonces, correspondent->configuration->nonce_interval, correspondent->started);
    correspondent->memory = memory;
    return memory;
}

void correspondent_node_free(struct correspondent_node *correspondent)
{
    struct correspondent_memory *memory = correspondent->memory;
    if (!memory)
        return;
    nonce_table_free(&memory->nonces);
    pending_tests_free(&memory->pending_tests);
    static_key_table_free(memory->static_keys);
    free(memory);
    correspondent->memory = NULL;
}

const struct nonce *correspondent_node_nonce(const struct node *node, uint16_t index, time_ns now)
{
    struct correspondent_memory *memory = node->mobility->correspondent.memory;
    return memory ? nonce_find(&memory->nonces, index, now) : NULL;
}

struct static_key_entry *correspondent_node_static_key_entry(const struct node *node,
                                                             const struct ipv6_address *home_address)
{
    const struct correspondent_memory *memory = node->mobility->correspondent.memory;
    return memory ? static_key_find(memory->static_keys, home_address) : NULL;
}

uint32_t correspondent_node_pending_tests(const struct node *node)
{
    const struct correspondent_memory *memory = node->mobility->correspondent.memory;
    return memory ? pending_tests_count(&memory->pending_tests) : 0;
}

/* ---- static keys (RFC 4449) ---- */

int correspondent_node_add_static_key(struct node *node, const struct ipv6_address *home_address,
                                      const struct static_key *key)
{
    if (!node->mobility || !static_key_is_valid(key) || !ipv6_address_is_unicast_routable(home_address))
        return ERROR_ARGUMENT;
    struct correspondent_memory *memory = correspondent_node_memory(node);
    if (!memory)
        return ERROR_MEMORY;
    return static_key_table_add(&memory->static_keys, node->environment, home_address, key);
}

int correspondent_node_replace_static_key(struct node *node, const struct ipv6_address *home_address,
                                          const struct static_key *key)
{
    if (!node->mobility || !static_key_is_valid(key))
        return ERROR_ARGUMENT;
    const struct correspondent_memory *memory = node->mobility->correspondent.memory;
    if (!memory)
        return ERROR_NOT_FOUND;
    return static_key_table_replace(memory->static_keys, node->environment, home_address, key);
}

const struct static_key *correspondent_node_static_key(const struct node *node,
                                                       const struct ipv6_address *home_address)
{
    const struct static_key_entry *entry =
        node->mobility ? correspondent_node_static_key_entry(node, home_address) : NULL;
    return entry ? entry->key : NULL;
}

/* ---- bindings ---- */

/* The binding is not to be used any more; it goes now, or once all nonces of its time have expired. */
static void binding_retire(struct node *node, struct binding *binding, enum protocol_event_kind kind,
                           time_ns now)
{
    struct correspondent_memory *memory = correspondent_node_memory(node);
    mobility_report_binding(node, kind, binding, now);
    bool forget = node_is_unsafe(node, FORGET_DELETED_BINDINGS);
    if (forget)
        static_key_forget_sequence(correspondent_node_static_key_entry(node, &binding->home_address));
    if (forget || !binding->method->uses_nonce_indices || !memory) {
        node->mobility->bindings.of_correspondent--;
        binding_cache_remove(&node->mobility->bindings, &node->timers, binding);
        return;
    }
    binding->deleted = true;
    /* Tests made from now on bring another care-of nonce, so that the mobile node may come back at once. */
    nonce_supersede(&memory->nonces, binding->care_of_nonce_index, now);
    node_arm(node, &binding->timer, nonce_horizon(&memory->nonces, now));
}

/* The part of a lifetime in which refreshment is asked for. */
static time_ns refreshment_span(const struct binding *binding)
{
    time_ns quarter = SECONDS(binding->lifetime * BINDING_LIFETIME_UNIT) / 4;
    return quarter < REFRESHMENT_SPAN_MAX ? quarter : REFRESHMENT_SPAN_MAX;
}

/* The timer is for the next look whether to ask for a refreshment, or for the end. */
static void binding_arm(struct node *node, struct binding *binding)
{
    const struct correspondent_node_configuration *configuration =
        node->mobility->correspondent.configuration;
    time_ns span = refreshment_span(binding);
    time_ns deadline = binding->expires;
    if (configuration->binding_refresh_requests && binding->refreshments < REFRESHMENTS)
        deadline -= span - span / REFRESHMENTS * binding->refreshments;
    node_arm(node, &binding->timer, deadline);
}

/* 9.5.5: to the home address, and as any Mobility Header message not by the binding itself (6.1). */
static void send_refresh_request(struct node *node, const struct ipv6_address *home_address, time_ns now)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_REFRESH_REQUEST};
    struct outbound out = OUTBOUND_INITIALIZER;
    out.destination = *home_address;
    mobility_send(node, &out, &message, NULL, NULL, NULL, now);
}

static void binding_timer_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct binding *binding = timer_owner(timer, struct binding, timer);
    if (binding->deleted) {
        node->mobility->bindings.of_correspondent--;
        binding_cache_remove(&node->mobility->bindings, &node->timers, binding);
        return;
    }
    if (now >= binding->expires) {
        binding_retire(node, binding, EVENT_BINDING_EXPIRED, now);
        return;
    }
    /* In active use: a packet went by it during the last such span. */
    bool active = binding->last_used >= 0 && binding->last_used > now - refreshment_span(binding);
    binding->refreshments++;
    binding_arm(node, binding);
    if (active)
        send_refresh_request(node, &binding->home_address, now);
}

/* A new entry within the limit; NULL: there is no room. */
static struct binding *binding_new(struct node *node, const struct ipv6_address *home_address)
{
    struct binding_cache *bindings = &node->mobility->bindings;
    uint32_t limit = node->mobility->correspondent.configuration->binding_limit;
    if (limit && bindings->of_correspondent + correspondent_node_pending_tests(node) >= limit)
        return NULL;
    struct binding *binding = binding_cache_add(bindings, home_address, binding_timer_expired);
    if (!binding)
        return NULL;
    bindings->of_correspondent++;
    binding->last_used = -1;
    binding->deleted = true; /* not in use before it is complete */
    return binding;
}

/* ---- tests (9.4) ---- */

static enum discard_reason judge_test_init(const struct node *node, const struct inbound *in,
                                           const struct mobility_message *message)
{
    const struct correspondent_node *correspondent = &node->mobility->correspondent;
    bool home = message->type == MOBILITY_HOME_TEST_INIT;
    if (!correspondent->configuration->route_optimization ||
        !correspondent->configuration->return_routability)
        return DISCARD_MOBILITY_ROLE;
    if (!address_find(node, &in->destination))
        return DISCARD_DESTINATION_ADDRESS; /* a group, or anycast: no answer could come from there */
    if (!ipv6_address_is_unicast_routable(&in->source))
        return home ? DISCARD_HOME_ADDRESS_NOT_ROUTABLE : DISCARD_CARE_OF_ADDRESS;
    if (home && correspondent_node_static_key_entry(node, &in->source) &&
        !node_is_unsafe(node, BIDDING_DOWN))
        return DISCARD_AUTHORIZATION_METHOD; /* RFC 4449, 4: no bidding down */
    return DISCARD_NONE;
}

/* What 5.2.5 avoids: state for whoever asks, for as long as the token would live. False: there is no room for
 * it. */
static bool remember_test(struct node *node, const struct inbound *in, const struct mobility_message *message,
                          time_ns now)
{
    struct correspondent_memory *memory = correspondent_node_memory(node);
    if (!memory)
        return false;
    uint32_t limit = node->mobility->correspondent.configuration->binding_limit;
    pending_tests_expire(&memory->pending_tests, now);
    if (limit &&
        node->mobility->bindings.of_correspondent + pending_tests_count(&memory->pending_tests) >= limit)
        return false;
    return pending_tests_add(&memory->pending_tests, &in->source, message->test.cookie,
                             time_add(now, MAX_NONCE_LIFETIME));
}

void correspondent_node_test_init(struct node *node, struct inbound *in,
                                  const struct mobility_message *message, time_ns now)
{
    bool home = message->type == MOBILITY_HOME_TEST_INIT;
    struct mobility_message test = {.type = home ? MOBILITY_HOME_TEST : MOBILITY_CARE_OF_TEST};
    struct outbound out = OUTBOUND_INITIALIZER;
    enum discard_reason reason = judge_test_init(node, in, message);
    if (reason == DISCARD_NONE && node_is_unsafe(node, STATEFUL_TESTS) &&
        !remember_test(node, in, message, now))
        reason = DISCARD_BINDING_LIMIT;
    mobility_message_done(node, in, message, reason, now);
    if (reason != DISCARD_NONE)
        return;
    struct correspondent_memory *memory = correspondent_node_memory(node);
    const struct nonce *nonce = NULL;
    if (memory)
        nonce = nonce_current(&memory->nonces, node->environment, &test.test.nonce_index, now);
    if (!nonce)
        return;
    keygen_token(&nonce->kcn, &in->source, nonce->value, NONCE_LENGTH, home ? KEYGEN_HOME : KEYGEN_CARE_OF,
                 test.test.keygen_token);
    memcpy(test.test.cookie, message->test.cookie, MOBILITY_COOKIE_LENGTH);
    out.source = in->destination;
    out.source_fixed = true;
    out.destination = in->source;
    mobility_send(node, &out, &test, NULL, NULL, NULL, now);
}

/* ---- Binding Updates (9.5.1) ---- */

/* What is made of one Binding Update. */
struct judgement {
    struct update_to_authorize update;
    const struct authorization_method *method;
    struct static_key_entry *static_key;
    struct binding *binding; /* of the home address, deleted or not; NULL: none */
    uint8_t kbm[KBM_LENGTH];
    bool authorized; /* kbm has verified the authenticator */
    enum discard_reason reason;
    int status; /* of the acknowledgement; -1: none is due */
};

static void judge(struct judgement *judgement, enum discard_reason reason, int status)
{
    judgement->reason = reason;
    judgement->status = status;
}

/* Two bindings, each of which has the other's home address for care-of address: one of the two cannot be
 * topologically correct (6.1.7), and there would be no way out. */
static bool closes_circle(const struct node *node, const struct update_to_authorize *update)
{
    const struct binding *other = binding_cache_lookup(&node->mobility->bindings, update->care_of_address);
    return other && !update->deletion && ipv6_address_equal(&other->care_of_address, update->home_address);
}

/* Addresses and form: what fails is silently discarded. */
static enum discard_reason judge_form(const struct node *node, const struct inbound *in,
                                      const struct judgement *judgement)
{
    const struct mobility_message *message = judgement->update.message;
    if (!node->mobility->correspondent.configuration->route_optimization)
        return DISCARD_MOBILITY_ROLE;
    if (!address_find(node, &in->destination))
        return DISCARD_DESTINATION_ADDRESS; /* a group, or anycast: no answer could come from there */
    if (!ipv6_address_is_unicast_routable(judgement->update.home_address))
        return DISCARD_HOME_ADDRESS_NOT_ROUTABLE;
    if (!ipv6_address_is_unicast_routable(&in->wire_source))
        return DISCARD_SOURCE_ADDRESS; /* 9.5.4 */
    if (!ipv6_address_is_unicast_routable(judgement->update.care_of_address) ||
        ipv6_address_equal(judgement->update.care_of_address, &in->destination))
        return DISCARD_CARE_OF_ADDRESS; /* 6.1.7 */
    if (message->has_alternate_care_of_address &&
        !ipv6_address_is_unicast_routable(&message->alternate_care_of_address))
        return DISCARD_CARE_OF_ADDRESS; /* of a deletion, too */
    if (closes_circle(node, &judgement->update))
        return DISCARD_CARE_OF_ADDRESS;
    if (!message->has_authorization_data || !message->authorization_data_last)
        return DISCARD_AUTHORIZATION_MISSING;
    return DISCARD_NONE;
}

/* A home address that has a key is served under that key alone, all others by return routability (RFC 4449,
 * 4). */
static void choose_method(struct node *node, struct judgement *judgement)
{
    judgement->static_key = correspondent_node_static_key_entry(node, judgement->update.home_address);
    if (node_is_unsafe(node, BIDDING_DOWN) && judgement->update.message->has_nonce_indices)
        judgement->static_key = NULL;
    if (judgement->static_key)
        judgement->method = &authorization_static_key;
    else if (node->mobility->correspondent.configuration->return_routability)
        judgement->method = &authorization_return_routability;
}

static bool verifies(const struct inbound *in, const struct judgement *judgement)
{
    return mobility_authenticator_verifies(judgement->update.message, inbound_payload(in), judgement->kbm,
                                           judgement->update.care_of_address, &in->destination);
}

/* Without a defence of its own the node believes what it should not (unsafe.h). */
static bool is_believed(struct node *node, const struct inbound *in, struct judgement *judgement, time_ns now)
{
    const struct update_to_authorize *update = &judgement->update;
    if (node_is_unsafe(node, NO_AUTHENTICATOR_CHECK)) {
        (void)judgement->method->kbm_of_update(node, update, judgement->kbm, now);
        return true;
    }
    if (!judgement->method->uses_nonce_indices)
        return false;
    return (node_is_unsafe(node, NO_CARE_OF_TEST) &&
            return_routability_kbm_of_one_token(node, update, KEYGEN_HOME, judgement->kbm, now) &&
            verifies(in, judgement)) ||
           (node_is_unsafe(node, NO_HOME_TEST) &&
            return_routability_kbm_of_one_token(node, update, KEYGEN_CARE_OF, judgement->kbm, now) &&
            verifies(in, judgement));
}

static void judge_authorization(struct node *node, const struct inbound *in, struct judgement *judgement,
                                time_ns now)
{
    const struct update_to_authorize *update = &judgement->update;
    choose_method(node, judgement);
    if (!judgement->method) {
        judge(judgement, DISCARD_AUTHORIZATION_METHOD, -1);
        return;
    }
    if (node->configuration->unsafe && is_believed(node, in, judgement, now)) {
        judgement->authorized = true;
        return;
    }
    int result = judgement->method->kbm_of_update(node, update, judgement->kbm, now);
    if (result > 0) {
        judge(judgement, DISCARD_NONCE_EXPIRED, result);
        return;
    }
    if (result < 0) {
        judge(judgement, (enum discard_reason)(-result), -1);
        return;
    }
    judgement->authorized = verifies(in, judgement);
    if (!judgement->authorized) {
        /* Nonce indices under a static key: an update made by return routability, or one that carries them
         * for nothing. */
        bool other_method = !judgement->method->uses_nonce_indices && update->message->has_nonce_indices;
        judge(judgement, other_method ? DISCARD_AUTHORIZATION_METHOD : DISCARD_AUTHENTICATOR, -1);
    }
}

/* The number last accepted for the home address. False: there is none. Under a static key it is the key's
 * own: the binding may have been made under another. */
static bool last_sequence(const struct judgement *judgement, uint16_t *sequence)
{
    if (judgement->static_key) {
        *sequence = judgement->static_key->sequence;
        return judgement->static_key->used;
    }
    if (judgement->binding)
        *sequence = judgement->binding->sequence;
    return judgement->binding != NULL;
}

/* 9.5.3: the nonces of a deleted binding are not to be used again with its addresses. */
static bool uses_up_nonces_again(const struct judgement *judgement)
{
    const struct binding *binding = judgement->binding;
    const struct mobility_message *message = judgement->update.message;
    return binding && binding->deleted && judgement->method->uses_nonce_indices &&
           binding->home_nonce_index == message->home_nonce_index &&
           binding->care_of_nonce_index == message->care_of_nonce_index &&
           ipv6_address_equal(&binding->care_of_address, judgement->update.care_of_address);
}

/* An authentic update: is it a new one, and may it be served? */
static void judge_sequence(const struct node *node, struct judgement *judgement)
{
    const struct static_key_entry *key = judgement->static_key;
    uint16_t sequence = judgement->update.message->update.sequence, last;
    if (last_sequence(judgement, &last) && sequence_not_greater(sequence, last) &&
        !node_is_unsafe(node, NO_SEQUENCE_CHECK))
        judge(judgement, DISCARD_SEQUENCE_NUMBER, BINDING_SEQUENCE_OUT_OF_WINDOW);
    else if (key && !node_is_unsafe(node, NO_KEY_WEAR) &&
             static_key_check_sequence(key, sequence) == STATIC_KEY_SEQUENCE_EXHAUSTED)
        judge(judgement, DISCARD_STATIC_KEY_EXHAUSTED, BINDING_ADMINISTRATIVELY_PROHIBITED);
    else if (judgement->binding && judgement->binding->home)
        judge(judgement, DISCARD_REGISTRATION_TYPE, BINDING_REGISTRATION_TYPE_CHANGE);
    else if (uses_up_nonces_again(judgement))
        judge(judgement, DISCARD_NONCE_EXPIRED, BINDING_EXPIRED_NONCES);
}

static void judge_update(struct node *node, const struct inbound *in, struct judgement *judgement,
                         time_ns now)
{
    enum discard_reason reason = judge_form(node, in, judgement);
    if (reason != DISCARD_NONE) {
        judge(judgement, reason, -1);
        return;
    }
    judge_authorization(node, in, judgement, now);
    if (judgement->authorized)
        judge_sequence(node, judgement);
}

static uint16_t granted_lifetime(const struct node *node, const struct judgement *judgement)
{
    uint16_t lifetime = judgement->update.message->update.lifetime;
    uint16_t own_limit = node->mobility->correspondent.configuration->lifetime_limit;
    if (judgement->method->lifetime_limit && lifetime > judgement->method->lifetime_limit &&
        !node_is_unsafe(node, NO_LIFETIME_LIMIT))
        lifetime = judgement->method->lifetime_limit;
    if (own_limit && lifetime > own_limit)
        lifetime = own_limit;
    return lifetime;
}

/* 9.5.2: an accepted request to cache a binding, judgement->binding being its entry. */
static void binding_update(struct node *node, const struct judgement *judgement, time_ns now)
{
    struct binding *binding = judgement->binding;
    const struct mobility_message *message = judgement->update.message;
    enum protocol_event_kind kind = binding->deleted ? EVENT_BINDING_CREATED : EVENT_BINDING_UPDATED;
    binding->care_of_address = *judgement->update.care_of_address;
    binding->method = judgement->method;
    binding->sequence = message->update.sequence;
    binding->home_nonce_index = message->home_nonce_index;
    binding->care_of_nonce_index = message->care_of_nonce_index;
    binding->lifetime = granted_lifetime(node, judgement);
    binding->expires = time_add(now, SECONDS(binding->lifetime * BINDING_LIFETIME_UNIT));
    binding->deleted = false;
    binding->unreachable = 0;
    binding->refreshments = 0;
    binding_arm(node, binding);
    mobility_report_binding(node, kind, binding, now);
}

/*
 * A deletion may have overtaken the update whose binding it is to delete. No binding is made for it (9.5.3),
 * but its sequence number is kept as a deleted binding's is, while a nonce lives that may authorize that
 * update (5.2.8). Without room for it the peer has to do without.
 */
static void remember_deletion(struct node *node, const struct judgement *judgement, time_ns now)
{
    if (!judgement->method->uses_nonce_indices || node_is_unsafe(node, FORGET_DELETED_BINDINGS))
        return; /* the key's record has it */
    struct correspondent_memory *memory = correspondent_node_memory(node);
    struct binding *binding = memory ? binding_new(node, judgement->update.home_address) : NULL;
    if (!binding)
        return;
    binding->method = judgement->method;
    binding->sequence = judgement->update.message->update.sequence;
    binding->home_nonce_index = judgement->update.message->home_nonce_index;
    node_arm(node, &binding->timer, nonce_horizon(&memory->nonces, now));
}

/* 9.5.3: an accepted request to delete. */
static void binding_delete(struct node *node, const struct judgement *judgement, time_ns now)
{
    struct binding *binding = judgement->binding;
    if (!binding) {
        remember_deletion(node, judgement, now);
        return;
    }
    binding->sequence = judgement->update.message->update.sequence;
    if (!binding->deleted)
        binding_retire(node, binding, EVENT_BINDING_DELETED, now);
}

static void report_worn_key(struct node *node, const struct judgement *judgement, time_ns now)
{
    if (!environment_watches(node->environment, EVENT_STATIC_KEY_WORN))
        return;
    struct protocol_event event = {
        .kind = EVENT_STATIC_KEY_WORN,
        .time = now,
        .home_address = judgement->update.home_address,
        .sequence = judgement->update.message->update.sequence,
        .status = -1,
        .lifetime = -1,
    };
    node->environment->operations->report(node->environment, &event);
}

/* To stable storage, before anything is answered (RFC 4449, 3). */
static bool commit_sequence(struct node *node, const struct judgement *judgement, time_ns now)
{
    struct static_key_entry *key = judgement->static_key;
    uint16_t before = key->advanced, sequence = judgement->update.message->update.sequence;
    if (key->used && sequence_not_greater(sequence, key->sequence))
        return true; /* where NO_SEQUENCE_CHECK let it pass: what has been used up stays so */
    struct environment *store = node_is_unsafe(node, NO_SEQUENCE_STORAGE) ? NULL : node->environment;
    if (static_key_commit_sequence(store, key, sequence) != 0)
        return false;
    if (static_key_is_worn(key, before))
        report_worn_key(node, judgement, now);
    return true;
}

/* The update has been accepted as far as the sender is concerned; there may still be no room, or no way to
 * remember it. */
static void judge_resources(struct node *node, struct judgement *judgement, time_ns now)
{
    bool committed = !judgement->static_key || commit_sequence(node, judgement, now);
    if (committed && !judgement->binding && !judgement->update.deletion)
        judgement->binding = binding_new(node, judgement->update.home_address);
    if (!committed || (!judgement->binding && !judgement->update.deletion))
        judge(judgement, DISCARD_BINDING_LIMIT, BINDING_INSUFFICIENT_RESOURCES);
}

/*
 * 9.5.4. To the address that the update came from, whatever the Binding Cache says; by a type 2 routing
 * header unless that is the home address. A node that is mobile itself still has its say about the way from
 * its own home address.
 */
static void acknowledge(struct node *node, const struct inbound *in, const struct judgement *judgement,
                        time_ns now)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_ACKNOWLEDGEMENT};
    struct outbound out = OUTBOUND_INITIALIZER;
    const struct mobility_message *update = judgement->update.message;
    bool accepted = judgement->status < BINDING_REASON_UNSPECIFIED;
    message.acknowledgement.status = (uint8_t)judgement->status;
    message.acknowledgement.sequence = update->update.sequence;
    if (judgement->status == BINDING_SEQUENCE_OUT_OF_WINDOW)
        last_sequence(judgement, &message.acknowledgement.sequence);
    if (accepted && !judgement->update.deletion)
        message.acknowledgement.lifetime = granted_lifetime(node, judgement);
    out.source = in->destination;
    out.source_fixed = true;
    out.destination = *judgement->update.home_address;
    out.type_2_routing = in->has_home_address_option &&
                         !ipv6_address_equal(&in->wire_source, judgement->update.home_address);
    out.wire_destination = in->wire_source;
    out.routed = node->mobility->mobile_node == NULL;
    bool bare = !judgement->authorized || judgement->status == BINDING_EXPIRED_NONCES;
    mobility_send(node, &out, &message, bare ? NULL : judgement->kbm, judgement->update.care_of_address,
                  &in->destination, now);
}

/* Is an acknowledgement due (9.5.4)? */
static bool acknowledgement_is_due(const struct judgement *judgement)
{
    switch (judgement->status) {
    case -1:
        return false;
    case BINDING_INSUFFICIENT_RESOURCES:
    case BINDING_SEQUENCE_OUT_OF_WINDOW:
    case BINDING_EXPIRED_HOME_NONCE:
    case BINDING_EXPIRED_CARE_OF_NONCE:
    case BINDING_EXPIRED_NONCES:
    case BINDING_REGISTRATION_TYPE_CHANGE:
        return true;
    default:
        return judgement->update.message->update.acknowledge;
    }
}

void correspondent_node_binding_update(struct node *node, struct inbound *in,
                                       const struct mobility_message *message, time_ns now)
{
    struct judgement judgement = {.status = BINDING_ACCEPTED};
    struct update_to_authorize *update = &judgement.update;
    update->message = message;
    update->home_address = in->has_home_address_option ? &in->home_address : &in->wire_source;
    update->care_of_address =
        message->has_alternate_care_of_address ? &message->alternate_care_of_address : &in->wire_source;
    update->deletion =
        message->update.lifetime == 0 || ipv6_address_equal(update->care_of_address, update->home_address);
    if (update->deletion)
        update->care_of_address = update->home_address; /* 6.2.7: so the authenticator is made */
    judgement.binding = binding_cache_find(&node->mobility->bindings, update->home_address);

    judge_update(node, in, &judgement, now);
    if (judgement.reason == DISCARD_NONE)
        judge_resources(node, &judgement, now);
    mobility_message_done(node, in, message, judgement.reason, now);
    if (judgement.reason == DISCARD_NONE && update->deletion)
        binding_delete(node, &judgement, now);
    else if (judgement.reason == DISCARD_NONE)
        binding_update(node, &judgement, now);
    if (acknowledgement_is_due(&judgement))
        acknowledge(node, in, &judgement, now);
}

/* ---- packets (9.3) ---- */

void correspondent_node_route(struct node *node, struct outbound *out, time_ns now)
{
    struct binding *binding = binding_cache_lookup(&node->mobility->bindings, &out->destination);
    if (!binding || binding->home)
        return;
    out->type_2_routing = true;
    out->wire_destination = binding->care_of_address;
    binding->last_used = now;
}

void correspondent_node_binding_error(struct node *node, const struct inbound *in,
                                      enum binding_error_status status, time_ns now)
{
    struct correspondent_memory *memory = correspondent_node_memory(node);
    if (!memory || !ipv6_address_is_unicast_routable(&in->wire_source) ||
        !address_find(node, &in->destination) ||
        (now < memory->binding_error_allowed && !node_is_unsafe(node, NO_RATE_LIMIT)))
        return;
    time_ns interval = node->mobility->correspondent.configuration->binding_error_interval;
    memory->binding_error_allowed = time_add(now, interval);
    mobility_send_binding_error(node, &in->destination, &in->wire_source,
                                in->has_home_address_option ? &in->home_address : &ipv6_unspecified, status,
                                now);
}

bool correspondent_node_accept_home_address(struct node *node, struct inbound *in, time_ns now)
{
    const struct mobility *mobility = node->mobility;
    /* What authenticates itself is let through (9.3.1). */
    if (in->next_header == NEXT_HEADER_MOBILITY || in->next_header == NEXT_HEADER_ESP ||
        in->next_header == NEXT_HEADER_AH)
        return true;
    if (!mobility->correspondent.configuration->route_optimization && !mobility->home_agent) {
        icmpv6_send_error(node, inbound_link(in), in->packet, ICMPV6_PARAMETER_PROBLEM,
                          PARAMETER_UNRECOGNIZED_OPTION, in->home_address_at, in->link_layer_multicast, now);
        inbound_discard(node, in, DISCARD_OPTION, now);
        return false;
    }
    /* A group has no binding that could be unknown: it is dropped without a word, as RFC 3775's testers want
     * it. */
    if (ipv6_address_is_multicast(&in->home_address)) {
        inbound_discard(node, in, DISCARD_HOME_ADDRESS_NOT_ROUTABLE, now);
        return false;
    }
    const struct binding *binding = binding_cache_lookup(&mobility->bindings, &in->home_address);
    if (binding && ipv6_address_equal(&binding->care_of_address, &in->wire_source))
        return true;
    if (node_is_unsafe(node, NO_HOME_ADDRESS_CHECK))
        return true;
    correspondent_node_binding_error(node, in, BINDING_ERROR_UNKNOWN_BINDING, now);
    inbound_discard(node, in, DISCARD_HOME_ADDRESS_OPTION, now);
    return false;
}

/* The home address in the type 2 routing header of a packet that this node sent; NULL: it has none. */
static const uint8_t *routed_home_address(const uint8_t *original, size_t length)
{
    const uint8_t *header = original + IPV6_HEADER_LENGTH;
    if (length < IPV6_HEADER_LENGTH + TYPE_2_ROUTING_HEADER_LENGTH ||
        original[IPV6_AT_NEXT_HEADER] != NEXT_HEADER_ROUTING || header[1] != 2 || header[2] != 2)
        return NULL;
    return header + 8;
}

void correspondent_node_icmp_error(struct node *node, uint8_t type, uint8_t code, const uint8_t *original,
                                   size_t length, time_ns now)
{
    const uint8_t *octets = routed_home_address(original, length);
    if (!octets || type != ICMPV6_DESTINATION_UNREACHABLE || code == UNREACHABLE_PORT)
        return;
    struct ipv6_address home_address = ipv6_address_read(octets);
    struct ipv6_address care_of_address = ipv6_address_read(original + IPV6_AT_DESTINATION);
    struct binding *binding = binding_cache_lookup(&node->mobility->bindings, &home_address);
    if (!binding || binding->home || !ipv6_address_equal(&binding->care_of_address, &care_of_address))
        return;
    if (binding->unreachable == 0 || now - binding->unreachable_since > UNREACHABLE_TIME_MAX) {
        binding->unreachable_since = now;
        binding->unreachable = 0;
    }
    if (binding->unreachable < UNREACHABLE_ERRORS)
        binding->unreachable++;
    if (binding->unreachable >= UNREACHABLE_ERRORS && now - binding->unreachable_since >= UNREACHABLE_TIME)
        binding_retire(node, binding, EVENT_BINDING_DELETED, now);
}
