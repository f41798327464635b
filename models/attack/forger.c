/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forger.c - see forger.h.
 *
 * A Binding Update to a correspondent wants Kbm, and that wants a home and a care-of keygen token (RFC 6275,
 * 5.2.5), or a static key (RFC 4449, 3). One round:
 *
 *     STARTING -> LOOKING   a care-of address that is to be overheard is not known yet; or
 *              -> TESTING   at the start, at each refresh, and for the deletion: tests go out, if it is to
 *                           make its own; what is overheard counts too
 *     TESTING  -> HOLDING   both tokens are there; or the time to give up has come, and an older token or
 *                           random octets take the missing one's place
 *     HOLDING  -> SENDING   the tokens have been kept for as long as was asked
 *     SENDING  -> IDLE      the Binding Update has gone out, as often as asked
 *
 * Acknowledgements that are overheard teach it: a sequence number out of window (135) tells the right one,
 * expired nonces (136 to 138) ask for a new round, any other refusal ends refreshing. Three times a round.
 *
 * Tokens are kept whenever they are heard, also before the attack begins and after the link where they were
 * heard has been left (RFC 6275, 15.4.3: time shifting).
 *
 * Timers: `timer` (give up, hold, the next copy), `refresh_timer`, `delete_timer`.
 *
 * All other messages need no tokens but a Binding Acknowledgement, which is authorized with those that have
 * been heard, if any; they go out one after the other from the start.
 */
#include "models/attack/forger.h"

#include <stdlib.h>
#include <string.h>

#include "models/attack/forged_message.h"
#include "models/ipv6/ipv6.h"

#define TRIES_MAX      3
#define TOKEN_LIFETIME SECONDS(210) /* MAX_TOKEN_LIFETIME (RFC 6275, 12): older ones are not relied on */

/* -- what the configuration means -- */

static bool needs_token(const struct attack *attack, enum keygen_token_kind kind)
{
    const struct attack_configuration *configuration = attack->configuration;
    uint8_t source = kind == KEYGEN_HOME ? configuration->home_token : configuration->care_of_token;
    bool useless = kind == KEYGEN_CARE_OF && (attack->deleting || configuration->lifetime == 0);
    return forged_message_uses_tokens(configuration) && !useless && source != ATTACK_TOKEN_NONE &&
           source != ATTACK_TOKEN_STATIC_KEY;
}

static bool tests(const struct attack *attack, enum keygen_token_kind kind)
{
    const struct attack_configuration *configuration = attack->configuration;
    uint8_t source = kind == KEYGEN_HOME ? configuration->home_token : configuration->care_of_token;
    return needs_token(attack, kind) && source != ATTACK_TOKEN_HEARD;
}

/* -- rounds -- */

static void wait_until(struct attack *attack, enum forger_phase phase, time_ns when)
{
    attack->phase = (uint8_t)phase;
    node_arm(attack->attacker->node, &attack->timer, when);
}

static void be_idle(struct attack *attack, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    struct node *node = attack->attacker->node;
    attack->phase = FORGER_IDLE;
    node_disarm(node, &attack->timer);
    if (forged_message_is_update(attack) && configuration->refresh != TIME_NEVER && !attack->deleting)
        node_arm(node, &attack->refresh_timer, time_add(now, configuration->refresh));
}

/* One Binding Update, and what comes after it. */
static void update_send(struct attack *attack, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    struct attack_token home, care_of;
    forged_message_choose_tokens(attack, &home, &care_of);
    attack->sent++;
    attack->burst++;
    forged_message_send_update(attack, &attack->home_address, &attack->care_of_address, &home, &care_of, now);
    if (!attack->deleting && (configuration->count == 0 || attack->burst < configuration->count)) {
        wait_until(attack, FORGER_SENDING, time_add(now, configuration->interval));
        return;
    }
    if (configuration->deletion != TIME_NEVER && !attack->deleting)
        node_arm(attack->attacker->node, &attack->delete_timer, time_add(now, configuration->deletion));
    be_idle(attack, now);
}

/* It has what it can get. */
static void tested(struct attack *attack, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    bool lacks = (needs_token(attack, KEYGEN_HOME) && !attack->home.known) ||
                 (needs_token(attack, KEYGEN_CARE_OF) && !attack->care_of.known);
    attack->burst = 0;
    if (lacks && !configuration->guess)
        be_idle(attack, now);
    else if (configuration->hold > 0 && !attack->deleting)
        wait_until(attack, FORGER_HOLDING, time_add(now, configuration->hold));
    else
        update_send(attack, now);
}

static bool is_ready(const struct attack *attack)
{
    return (!needs_token(attack, KEYGEN_HOME) || attack->home.fresh) &&
           (!needs_token(attack, KEYGEN_CARE_OF) || attack->care_of.fresh);
}

/* What is known counts if nothing of its own is to be tried; and for a deletion, if it is not too old. */
static bool is_fresh_already(const struct attack *attack, enum keygen_token_kind kind, time_ns now)
{
    const struct attack_token *token = kind == KEYGEN_HOME ? &attack->home : &attack->care_of;
    return token->known &&
           (!tests(attack, kind) || (attack->deleting && now - token->heard <= TOKEN_LIFETIME));
}

static bool find_addresses(struct attack *attack)
{
    const struct attack_configuration *configuration = attack->configuration;
    if (attack->deleting)
        return true; /* those of the binding that is to go */
    return attack_find_address(attack, &configuration->home_address, attack->sent, &attack->home_address) &&
           attack_find_address(attack, &configuration->care_of_address, attack->sent,
                               &attack->care_of_address);
}

static void round_begin(struct attack *attack, time_ns now)
{
    time_ns give_up = time_add(now, attack->configuration->give_up);
    if (!attack_is_on(attack, now))
        return;
    if (!find_addresses(attack)) {
        wait_until(attack, FORGER_LOOKING, give_up);
        return;
    }
    wait_until(attack, FORGER_TESTING, give_up);
    attack->home.fresh = is_fresh_already(attack, KEYGEN_HOME, now);
    attack->care_of.fresh = is_fresh_already(attack, KEYGEN_CARE_OF, now);
    if (tests(attack, KEYGEN_HOME) && !attack->home.fresh)
        forged_message_send_test(attack, KEYGEN_HOME, &attack->home_address, &attack->home, now);
    if (tests(attack, KEYGEN_CARE_OF) && !attack->care_of.fresh)
        forged_message_send_test(attack, KEYGEN_CARE_OF, &attack->care_of_address, &attack->care_of, now);
    if (is_ready(attack))
        tested(attack, now);
}

/* The next of other messages. */
static void message_send(struct attack *attack, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    struct packet *packet = forged_message_make(attack, attack->sent);
    if (!packet) {
        wait_until(attack, FORGER_LOOKING, time_add(now, configuration->give_up));
        return;
    }
    attack->sent++;
    attack_send(attack, packet, now);
    if (configuration->count == 0 || attack->sent < configuration->count)
        wait_until(attack, FORGER_SENDING, time_add(now, configuration->interval));
    else
        be_idle(attack, now);
}

/* -- timers -- */

static void begin(struct attack *attack, time_ns now)
{
    attack->tries = 1;
    if (forged_message_is_update(attack))
        round_begin(attack, now);
    else
        message_send(attack, now);
}

static void timer_expired_now(struct node *node, struct timer *timer, time_ns now)
{
    struct attack *attack = timer_owner(timer, struct attack, timer);
    (void)node;
    if (!attack_is_on(attack, now))
        return;
    switch ((enum forger_phase)attack->phase) {
    case FORGER_IDLE:
        break;
    case FORGER_STARTING:
        begin(attack, now);
        break;
    case FORGER_LOOKING:
        be_idle(attack, now); /* it has given up */
        break;
    case FORGER_TESTING:
        tested(attack, now);
        break;
    case FORGER_HOLDING:
    case FORGER_SENDING:
        if (forged_message_is_update(attack))
            update_send(attack, now);
        else
            message_send(attack, now);
        break;
    }
}

static void refresh_expired(struct node *node, struct timer *timer, time_ns now)
{
    (void)node;
    begin(timer_owner(timer, struct attack, refresh_timer), now);
}

static void delete_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct attack *attack = timer_owner(timer, struct attack, delete_timer);
    node_disarm(node, &attack->refresh_timer);
    attack->deleting = true;
    begin(attack, now);
}

/* -- hearing -- */

static void hear_token(struct attack *attack, struct attack_token *token, uint8_t source,
                       const struct overheard *overheard, time_ns now)
{
    const struct mobility_message *message = &overheard->message;
    if (source == ATTACK_TOKEN_NONE || source == ATTACK_TOKEN_STATIC_KEY ||
        (source == ATTACK_TOKEN_TEST &&
         memcmp(message->test.cookie, token->cookie, MOBILITY_COOKIE_LENGTH) != 0))
        return;
    token->known = token->fresh = true;
    token->heard = now;
    token->nonce_index = message->test.nonce_index;
    memcpy(token->token, message->test.keygen_token, KEYGEN_TOKEN_LENGTH);
    if (attack->phase == FORGER_TESTING && is_ready(attack))
        tested(attack, now);
}

static void hear_answer(struct attack *attack, const struct overheard *overheard, time_ns now)
{
    const struct attack_configuration *configuration = attack->configuration;
    if (!ipv6_address_equal(&overheard->source, forged_message_correspondent(configuration)))
        return;
    if (overheard->kind == MOBILITY_HOME_TEST &&
        ipv6_address_equal(&overheard->destination, &attack->home_address))
        hear_token(attack, &attack->home, configuration->home_token, overheard, now);
    else if (overheard->kind == MOBILITY_CARE_OF_TEST &&
             ipv6_address_equal(&overheard->destination, &attack->care_of_address))
        hear_token(attack, &attack->care_of, configuration->care_of_token, overheard, now);
}

/* A test of the one who is to get a forged answer. */
static void hear_test_init(struct attack *attack, const struct overheard *overheard)
{
    const struct attack_configuration *configuration = attack->configuration;
    uint8_t answer = overheard->kind == MOBILITY_HOME_TEST_INIT ? MOBILITY_HOME_TEST : MOBILITY_CARE_OF_TEST;
    if (answer != configuration->message ||
        !ipv6_address_equal(&overheard->destination, forged_message_correspondent(configuration)))
        return;
    memcpy(attack->cookie, overheard->message.test.cookie, MOBILITY_COOKIE_LENGTH);
    attack->cookie_heard = true;
}

/* Whose care-of address and sequence numbers are listened for: of no home address in particular, the
 * target's. */
static bool is_home_address(const struct attack *attack, const struct ipv6_address *address)
{
    const struct attack_address *configured = &attack->configuration->home_address;
    switch (configured->kind) {
    case ATTACK_ADDRESS_FIXED:
        return ipv6_address_equal(address, &configured->address);
    case ATTACK_ADDRESS_NONE:
        return ipv6_address_equal(address, &attack->configuration->target);
    default:
        return ipv6_address_equal(address, &attack->home_address);
    }
}

static void hear_update(struct attack *attack, const struct overheard *overheard)
{
    if (!is_home_address(attack, &overheard->source) ||
        !ipv6_address_equal(&overheard->destination, forged_message_correspondent(attack->configuration)))
        return;
    attack->heard_sequence = overheard->message.update.sequence;
    attack->sequence_heard = true;
}

/* Of a Binding Update that goes out again and again the next copy has the right number. Refusals of copies
 * that went out before this was known say the same again, and are no news. */
static void hear_number(struct attack *attack, uint16_t number)
{
    attack->sequence_heard |= attack->heard_sequence != number;
    attack->heard_sequence = number;
}

/* How its Binding Update was received. */
static void hear_acknowledgement(struct attack *attack, const struct overheard *overheard, time_ns now)
{
    const struct mobility_message *message = &overheard->message;
    unsigned status = message->acknowledgement.status;
    bool about_this = message->acknowledgement.sequence == attack->sequence;
    if (!forged_message_is_update(attack) || attack->burst == 0 || status < BINDING_REASON_UNSPECIFIED ||
        !attack_is_on(attack, now) ||
        !ipv6_address_equal(&overheard->source, forged_message_correspondent(attack->configuration)) ||
        !ipv6_address_equal(&overheard->wire_destination, &attack->care_of_address))
        return;
    if (attack->phase == FORGER_SENDING && status == BINDING_SEQUENCE_OUT_OF_WINDOW)
        hear_number(attack, message->acknowledgement.sequence);
    if (attack->phase != FORGER_IDLE)
        return;
    bool expired = status >= BINDING_EXPIRED_HOME_NONCE && status <= BINDING_EXPIRED_NONCES;
    bool may_try = attack->tries < TRIES_MAX;
    if (may_try && status == BINDING_SEQUENCE_OUT_OF_WINDOW &&
        attack->configuration->sequence_choice == ATTACK_SEQUENCE_NEXT) {
        attack->tries++;
        attack->heard_sequence = message->acknowledgement.sequence;
        attack->sequence_heard = true;
        update_send(attack, now);
    } else if (may_try && expired && about_this &&
               (tests(attack, KEYGEN_HOME) || tests(attack, KEYGEN_CARE_OF))) {
        attack->tries++;
        attack->home.known &= !tests(attack, KEYGEN_HOME);
        attack->care_of.known &= !tests(attack, KEYGEN_CARE_OF);
        round_begin(attack, now);
    } else if (about_this) {
        node_disarm(attack->attacker->node, &attack->refresh_timer);
    }
}

/* Where the mobile node is, as those headers tell that route optimization needs (RFC 6275, 6.3, 6.4). */
static void hear_care_of(struct attack *attack, const struct overheard *overheard, time_ns now)
{
    if (overheard->has_home_address && is_home_address(attack, &overheard->source))
        attack->heard_care_of = overheard->wire_source;
    else if (overheard->has_type_2_routing && is_home_address(attack, &overheard->destination))
        attack->heard_care_of = overheard->wire_destination;
    else
        return;
    attack->care_of_heard = true;
    if (attack->phase == FORGER_LOOKING && attack_is_on(attack, now))
        begin(attack, now);
}

/* What an ICMPv6 error is to quote. */
static void hear_quotation(struct attack *attack, const struct overheard *overheard)
{
    const struct attack_configuration *configuration = attack->configuration;
    const struct ipv6_address *target = &configuration->destination.address;
    if (configuration->message != ATTACK_ICMP_ERROR || overheard->kind != configuration->about ||
        !(ipv6_address_equal(&overheard->source, target) ||
          ipv6_address_equal(&overheard->wire_source, target)))
        return;
    if (!attack->quoted)
        attack->quoted = malloc(FORGED_QUOTE_MAX);
    if (!attack->quoted)
        return;
    attack->quoted_length =
        overheard->inner_length < FORGED_QUOTE_MAX ? overheard->inner_length : FORGED_QUOTE_MAX;
    memcpy(attack->quoted, overheard->inner, attack->quoted_length);
}

void forger_hear(struct attack *attack, const struct overheard *overheard, time_ns now)
{
    hear_quotation(attack, overheard);
    switch (overheard->kind) {
    case MOBILITY_HOME_TEST_INIT:
    case MOBILITY_CARE_OF_TEST_INIT:
        hear_test_init(attack, overheard);
        break;
    case MOBILITY_HOME_TEST:
    case MOBILITY_CARE_OF_TEST:
        hear_answer(attack, overheard, now);
        break;
    case MOBILITY_BINDING_UPDATE:
        hear_update(attack, overheard);
        break;
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
        hear_acknowledgement(attack, overheard, now);
        break;
    default:
        break;
    }
    hear_care_of(attack, overheard, now); /* last, because it may be all that an attack waits for */
}

/* -- life -- */

void forger_init(struct attack *attack)
{
    const struct attack_configuration *configuration = attack->configuration;
    timer_init(&attack->timer, timer_expired_now);
    timer_init(&attack->refresh_timer, refresh_expired);
    timer_init(&attack->delete_timer, delete_expired);
    /* So that tokens are known from the beginning for what they are. */
    if (configuration->home_address.kind == ATTACK_ADDRESS_FIXED)
        attack->home_address = configuration->home_address.address;
    if (configuration->care_of_address.kind == ATTACK_ADDRESS_FIXED)
        attack->care_of_address = configuration->care_of_address.address;
}

void forger_start(struct attack *attack, time_ns now)
{
    wait_until(attack, FORGER_STARTING, now);
}

void forger_stop(struct attack *attack)
{
    struct node *node = attack->attacker->node;
    node_disarm(node, &attack->timer);
    node_disarm(node, &attack->refresh_timer);
    node_disarm(node, &attack->delete_timer);
    free(attack->quoted);
}
