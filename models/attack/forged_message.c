/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * forged_message.c - see forged_message.h. What the configuration leaves open is what has been heard, or else
 * random octets, drawn in the order in which a message needs them.
 */
#include "models/attack/forged_message.h"

#include <string.h>

#include "models/ipv6/ipv6.h"
#include "models/mobility/static_key.h"

#define FIRST_SOURCE_PORT 49152
#define SOURCE_PORTS      8192 /* those above ask a flow's receiver for an echo (models/traffic/flow.h) */

/* -- what the configuration means -- */

bool forged_message_is_update(const struct attack *attack)
{
    return attack->configuration->message == MOBILITY_BINDING_UPDATE;
}

/* Messages that a correspondent sends to a mobile node. */
static bool is_for_mobile_node(const struct attack_configuration *configuration)
{
    switch (configuration->message) {
    case MOBILITY_BINDING_REFRESH_REQUEST:
    case MOBILITY_HOME_TEST:
    case MOBILITY_CARE_OF_TEST:
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
    case MOBILITY_BINDING_ERROR:
        return true;
    default:
        return false;
    }
}

const struct ipv6_address *forged_message_correspondent(const struct attack_configuration *configuration)
{
    return is_for_mobile_node(configuration) ? &configuration->source.address
                                             : &configuration->destination.address;
}

static bool uses_static_key(const struct attack_configuration *configuration)
{
    return configuration->static_key && (configuration->home_token == ATTACK_TOKEN_STATIC_KEY ||
                                         configuration->home_token == ATTACK_TOKEN_ANY);
}

bool forged_message_uses_tokens(const struct attack_configuration *configuration)
{
    return configuration->authorization_data && !configuration->home_registration &&
           !uses_static_key(configuration);
}

/* -- tokens -- */

static uint16_t random_number(const struct attack *attack)
{
    uint8_t octets[2];
    attack_random(attack, octets, sizeof(octets));
    return (uint16_t)(octets[0] << 8 | octets[1]);
}

static void guess_token(const struct attack *attack, struct attack_token *token, uint16_t nonce_index)
{
    attack_random(attack, token->token, KEYGEN_TOKEN_LENGTH);
    token->nonce_index = nonce_index;
}

void forged_message_choose_tokens(const struct attack *attack, struct attack_token *home,
                                  struct attack_token *care_of)
{
    *home = attack->home;
    *care_of = attack->care_of;
    if (attack->configuration->home_token == ATTACK_TOKEN_NONE)
        home->known = false;
    if (attack->configuration->care_of_token == ATTACK_TOKEN_NONE)
        care_of->known = false;
    if ((home->known && care_of->known) || !forged_message_uses_tokens(attack->configuration))
        return;
    if (!home->known)
        guess_token(attack, home, care_of->known ? care_of->nonce_index : random_number(attack));
    if (!care_of->known)
        guess_token(attack, care_of, home->nonce_index);
}

void forged_message_send_test(struct attack *attack, enum keygen_token_kind kind,
                              const struct ipv6_address *source, struct attack_token *token, time_ns now)
{
    struct forged_packet forged = {
        .kind = kind == KEYGEN_HOME ? MOBILITY_HOME_TEST_INIT : MOBILITY_CARE_OF_TEST_INIT,
        .source = *source,
        .destination = *forged_message_correspondent(attack->configuration),
    };
    attack_random(attack, token->cookie, MOBILITY_COOKIE_LENGTH);
    memcpy(forged.message.test.cookie, token->cookie, MOBILITY_COOKIE_LENGTH);
    attack_send(attack, forged_packet_make(attack->attacker->node->environment, &forged), now);
}

/* -- Binding Updates -- */

static uint16_t next_sequence(struct attack *attack)
{
    switch ((enum attack_sequence)attack->configuration->sequence_choice) {
    case ATTACK_SEQUENCE_FIXED:
        attack->sequence = attack->configuration->sequence;
        break;
    case ATTACK_SEQUENCE_NEXT:
        if (attack->sequence_heard)
            attack->sequence = attack->heard_sequence;
        if (attack->sequence_heard || attack->sequence_used) {
            attack->sequence++;
            attack->sequence_heard = false;
            break;
        }
        /* fall through */
    case ATTACK_SEQUENCE_RANDOM:
        attack->sequence = random_number(attack);
        break;
    }
    attack->sequence_used = true;
    return attack->sequence;
}

/* Who it says it is, and where. */
static void address_update(const struct attack *attack, struct forged_packet *forged,
                           const struct ipv6_address *home_address,
                           const struct ipv6_address *care_of_address)
{
    const struct attack_configuration *configuration = attack->configuration;
    struct mobility_message *message = &forged->message;
    forged->kind = MOBILITY_BINDING_UPDATE;
    forged->destination = configuration->destination.address;
    forged->source = *care_of_address;
    if (configuration->alternate_care_of_address && configuration->source.kind == ATTACK_ADDRESS_FIXED)
        forged->source = configuration->source.address;
    message->has_alternate_care_of_address =
        configuration->alternate_care_of_address || configuration->home_registration;
    message->alternate_care_of_address = *care_of_address;
    /* At home there is no option (RFC 6275, 11.7.1). */
    forged->home_address_option = !ipv6_address_equal(&forged->source, home_address);
    forged->home_address = *home_address;
    forged->care_of_address = *care_of_address;
    forged->correspondent = forged->destination;
    if (configuration->protection) {
        forged->engine = configuration->protection->engine;
        forged->association = configuration->protection->association;
    }
}

static void fill_update(struct attack *attack, struct mobility_message *message)
{
    const struct attack_configuration *configuration = attack->configuration;
    message->update.sequence = next_sequence(attack);
    message->update.acknowledge = configuration->acknowledge;
    message->update.home_registration = configuration->home_registration;
    message->update.lifetime = attack->deleting ? 0 : configuration->lifetime;
    message->has_authorization_data = configuration->authorization_data && !configuration->home_registration;
}

static void make_kbm(const struct attack_token *home, const struct attack_token *care_of, bool deletion,
                     uint8_t kbm[KBM_LENGTH])
{
    bool home_alone = deletion || (home->known && !care_of->known);
    if (!home_alone && !home->known && care_of->known)
        keygen_kbm(care_of->token, NULL, kbm);
    else
        keygen_kbm(home->token, home_alone ? NULL : care_of->token, kbm);
}

/* Authorized by Kbm; NULL: by random octets. */
static struct packet *make_update(struct attack *attack, const struct ipv6_address *home_address,
                                  const struct ipv6_address *care_of_address, const struct attack_token *home,
                                  const struct attack_token *care_of)
{
    const struct attack_configuration *configuration = attack->configuration;
    struct forged_packet forged = {.kind = MOBILITY_BINDING_UPDATE};
    struct mobility_message *message = &forged.message;
    uint8_t kbm[KBM_LENGTH];
    address_update(attack, &forged, home_address, care_of_address);
    fill_update(attack, message);
    bool deletion = message->update.lifetime == 0 || ipv6_address_equal(home_address, care_of_address);
    if (deletion)
        forged.care_of_address = *home_address; /* 6.2.7: so the authenticator is made */
    if (message->has_authorization_data && uses_static_key(configuration)) {
        static_key_kbm(configuration->static_key, home_address, care_of_address, deletion, kbm);
        forged.kbm = kbm;
    } else if (message->has_authorization_data) {
        message->has_nonce_indices = true;
        message->home_nonce_index = home->nonce_index;
        message->care_of_nonce_index = care_of->nonce_index;
        make_kbm(home, care_of, deletion, kbm);
        forged.kbm = kbm;
    }
    return forged_packet_make(attack->attacker->node->environment, &forged);
}

void forged_message_send_update(struct attack *attack, const struct ipv6_address *home_address,
                                const struct ipv6_address *care_of_address, const struct attack_token *home,
                                const struct attack_token *care_of, time_ns now)
{
    attack_send(attack, make_update(attack, home_address, care_of_address, home, care_of), now);
}

/* -- other messages -- */

static void fill_acknowledgement(struct attack *attack, struct forged_packet *forged, uint8_t kbm[KBM_LENGTH])
{
    const struct attack_configuration *configuration = attack->configuration;
    struct mobility_message *message = &forged->message;
    message->acknowledgement.status = configuration->status;
    message->acknowledgement.lifetime = configuration->lifetime;
    /* An acknowledgement answers the number that has been heard. */
    message->acknowledgement.sequence = configuration->sequence;
    if (configuration->sequence_choice == ATTACK_SEQUENCE_NEXT && attack->sequence_heard)
        message->acknowledgement.sequence = attack->heard_sequence;
    else if (configuration->sequence_choice != ATTACK_SEQUENCE_FIXED)
        message->acknowledgement.sequence = random_number(attack);
    message->has_authorization_data = configuration->authorization_data;
    attack_random(attack, message->authenticator, AUTHENTICATOR_LENGTH);
    if (uses_static_key(configuration))
        static_key_kbm(configuration->static_key, &attack->home_address, &forged->care_of_address, false,
                       kbm);
    else if (attack->home.known && attack->care_of.known)
        keygen_kbm(attack->home.token, attack->care_of.token, kbm);
    else
        return;
    forged->kbm = kbm;
}

static void fill_test(const struct attack *attack, struct forged_packet *forged)
{
    struct mobility_message *message = &forged->message;
    bool heard = attack->cookie_heard && is_for_mobile_node(attack->configuration);
    attack_random(attack, message->test.cookie, MOBILITY_COOKIE_LENGTH);
    attack_random(attack, message->test.keygen_token, KEYGEN_TOKEN_LENGTH);
    message->test.nonce_index = random_number(attack);
    if (heard)
        memcpy(message->test.cookie, attack->cookie, MOBILITY_COOKIE_LENGTH);
}

/* What the packet's kind needs beyond its addresses. */
static void fill_message(struct attack *attack, struct forged_packet *forged, uint64_t number,
                         uint8_t kbm[KBM_LENGTH])
{
    const struct attack_configuration *configuration = attack->configuration;
    switch (forged->kind) {
    case MOBILITY_HOME_TEST_INIT:
    case MOBILITY_CARE_OF_TEST_INIT:
    case MOBILITY_HOME_TEST:
    case MOBILITY_CARE_OF_TEST:
        fill_test(attack, forged);
        break;
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
        fill_acknowledgement(attack, forged, kbm);
        break;
    case MOBILITY_BINDING_ERROR:
        forged->message.error.status = configuration->status;
        forged->message.error.home_address = attack->home_address;
        break;
    case ATTACK_UDP:
    case ATTACK_ECHO_REQUEST:
        forged->payload = configuration->payload;
        forged->source_port = (uint16_t)(FIRST_SOURCE_PORT + number % SOURCE_PORTS);
        forged->destination_port = forged->kind == ATTACK_UDP ? configuration->port : (uint16_t)number;
        break;
    default:
        break;
    }
}

/* An ICMPv6 error's quotation, when nothing has been heard: the message that the target may have sent. */
static struct packet *make_quotation(struct attack *attack, const struct forged_packet *error)
{
    uint8_t kbm[KBM_LENGTH];
    struct forged_packet forged = {
        .kind = attack->configuration->about,
        .source = error->destination,
        .destination = error->source,
    };
    if (forged.kind == MOBILITY_BINDING_UPDATE) {
        forged.home_address_option = !ipv6_address_is_unspecified(&attack->home_address) &&
                                     !ipv6_address_equal(&attack->home_address, &forged.source);
        forged.home_address = attack->home_address;
        fill_update(attack, &forged.message);
        forged.message.has_nonce_indices = true;
        attack_random(attack, forged.message.authenticator, AUTHENTICATOR_LENGTH);
    } else if (forged.kind != ATTACK_ICMP_ERROR) {
        fill_message(attack, &forged, 0, kbm);
    }
    return forged_packet_make(attack->attacker->node->environment, &forged);
}

static struct packet *make_icmp_error(struct attack *attack, struct forged_packet *forged)
{
    struct environment *environment = attack->attacker->node->environment;
    struct packet *quotation = NULL;
    forged->icmp_type = attack->configuration->icmp_type;
    forged->icmp_code = attack->configuration->icmp_code;
    forged->quoted = attack->quoted;
    forged->quoted_length = attack->quoted_length;
    if (attack->quoted_length == 0 && (quotation = make_quotation(attack, forged))) {
        forged->quoted = packet_octets(quotation);
        forged->quoted_length = quotation->length;
    }
    struct packet *packet = forged_packet_make(environment, forged);
    packet_release(quotation);
    return packet;
}

/* The addresses of anything but a Binding Update. */
static bool address_message(struct attack *attack, uint64_t number, struct forged_packet *forged)
{
    const struct attack_configuration *configuration = attack->configuration;
    bool home = attack_find_address(attack, &configuration->home_address, number, &attack->home_address);
    bool care_of =
        attack_find_address(attack, &configuration->care_of_address, number, &attack->care_of_address);
    bool destination = attack_find_address(attack, &configuration->destination, number, &forged->destination);
    forged->care_of_address = attack->care_of_address;
    if (!attack_find_address(attack, &configuration->source, number, &forged->source)) {
        bool from_home = forged->kind == MOBILITY_HOME_TEST_INIT;
        if (from_home ? !home : !care_of)
            return false;
        forged->source = from_home ? attack->home_address : attack->care_of_address;
    }
    forged->correspondent = forged->source;
    forged->type_2_routing =
        attack_find_address(attack, &configuration->routing, number, &forged->routing_address);
    if ((!destination && configuration->destination.kind != ATTACK_ADDRESS_NONE) ||
        (!care_of && configuration->care_of_address.kind != ATTACK_ADDRESS_NONE))
        return false;
    if (!destination && !home && !care_of)
        return false;
    if (!destination)
        forged->destination = care_of ? attack->care_of_address : attack->home_address;
    if (forged->kind == MOBILITY_BINDING_ACKNOWLEDGEMENT && home && !forged->type_2_routing &&
        !ipv6_address_equal(&forged->destination, &attack->home_address)) {
        forged->type_2_routing = true;
        forged->routing_address = attack->home_address;
    }
    if (forged->kind == ATTACK_UDP || forged->kind == ATTACK_ECHO_REQUEST) {
        forged->home_address_option = home;
        forged->home_address = attack->home_address;
    }
    return true;
}

struct packet *forged_message_make(struct attack *attack, uint64_t number)
{
    const struct attack_configuration *configuration = attack->configuration;
    struct forged_packet forged = {.kind = configuration->message};
    struct attack_token home, care_of;
    uint8_t kbm[KBM_LENGTH];
    if (forged_message_is_update(attack)) {
        if (!attack_find_address(attack, &configuration->home_address, number, &attack->home_address) ||
            !attack_find_address(attack, &configuration->care_of_address, number, &attack->care_of_address))
            return NULL;
        forged_message_choose_tokens(attack, &home, &care_of);
        return make_update(attack, &attack->home_address, &attack->care_of_address, &home, &care_of);
    }
    if (!address_message(attack, number, &forged))
        return NULL;
    if (forged.kind == ATTACK_ICMP_ERROR)
        return make_icmp_error(attack, &forged);
    fill_message(attack, &forged, number, kbm);
    return forged_packet_make(attack->attacker->node->environment, &forged);
}
