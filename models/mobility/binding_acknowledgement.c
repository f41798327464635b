/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binding_acknowledgement.c - what peers answer, and what makes the mobile node speak to them: Binding
 * Acknowledgements (RFC 6275, 11.7.3), Binding Refresh Requests (11.7.4), Binding Errors (11.3.6), and
 * packets that come through the tunnel (11.7.2).
 *
 * Everything is checked before anything is changed; then the message is reported; then the entry's machine
 * (binding_update_list.c) goes on. The acknowledgement of a correspondent must prove that it knows Kbm, which
 * is made anew from what authorized the update: the list keeps no keys.
 */
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/mobility/binding_update_list.h"
#include "models/mobility/home_agent_discovery.h"
#include "models/mobility/mobility.h"
#include "models/mobility/prefix_discovery.h"

/* A packet may still come through the tunnel when the peer has a binding: it was under way. Later than that,
 * it has none. */
#define TUNNEL_DRAIN SECONDS(5)

/* -- acknowledgements: checks (11.7.3) -- */

static bool is_nonce_status(unsigned status)
{
    return status >= BINDING_EXPIRED_HOME_NONCE && status <= BINDING_EXPIRED_NONCES;
}

/* A correspondent's must prove that it knows Kbm; except that it cannot when it has forgotten the nonces
 * (9.5.4). */
static enum discard_reason authenticate(struct node *node, struct binding_update_entry *entry,
                                        const struct mobility_message *message, const uint8_t *octets,
                                        time_ns now)
{
    const struct authorization_method *method = entry->policy->method;
    if (is_nonce_status(message->acknowledgement.status) && method->uses_nonce_indices)
        return DISCARD_NONE;
    if (!message->has_authorization_data)
        return DISCARD_AUTHORIZATION_MISSING;
    if (!message->authorization_data_last)
        return DISCARD_MOBILITY_OPTION;
    struct mobility_message update = {.type = MOBILITY_BINDING_UPDATE};
    uint8_t kbm[KBM_LENGTH];
    method->authorize(node, entry, entry->deletion, &update, kbm, now);
    if (!mobility_authenticator_verifies(message, octets, kbm, &entry->care_of_address, &entry->peer))
        return DISCARD_AUTHENTICATOR;
    return DISCARD_NONE;
}

/* Of an update that asked for no acknowledgement, and was taken as accepted: refusals come all the same
 * (9.5.4). */
static bool is_late_refusal(const struct binding_update_entry *entry, const struct mobility_message *message)
{
    return entry->state == UPDATE_BOUND && !entry->home_registration && !entry->policy->acknowledge &&
           message->acknowledgement.status >= BINDING_REASON_UNSPECIFIED;
}

static enum discard_reason check_acknowledgement(struct node *node, struct binding_update_entry *entry,
                                                 const struct inbound *in,
                                                 const struct mobility_message *message,
                                                 const uint8_t *octets, time_ns now)
{
    if (!entry || (entry->state != UPDATE_SENT && !is_late_refusal(entry, message)))
        return DISCARD_UNSOLICITED;
    if (!ipv6_address_equal(&in->destination, &mobile_home_of(node, entry)->home_address))
        /* it is there unless the update came from the home address (9.5.4) */
        return DISCARD_TYPE_2_ROUTING_HEADER;
    if (!entry->home_registration) {
        enum discard_reason reason = authenticate(node, entry, message, octets, now);
        if (reason != DISCARD_NONE)
            return reason;
    }
    if (message->acknowledgement.sequence != entry->sequence &&
        message->acknowledgement.status != BINDING_SEQUENCE_OUT_OF_WINDOW)
        return DISCARD_SEQUENCE_NUMBER;
    return DISCARD_NONE;
}

/* Status 135. True: the update is to be sent again at once. The refusal of a copy of an earlier update may
 * come when the next one has been sent, with a number that is good: no number is used a second time. */
static bool renumber(struct binding_update_entry *entry, uint16_t last_accepted)
{
    if (!sequence_not_greater(entry->sequence, last_accepted))
        return false;
    bool first = !entry->renumbered;
    entry->sequence = last_accepted;
    entry->renumbered = true;
    return first;
}

static void home_deregistered(struct node *node, struct binding_update_entry *entry, int status, time_ns now)
{
    struct mobile_home *home = mobile_home_of(node, entry);
    /* Where the deregistration waited for the home agent's station (address_deregistration) nobody needs to
     * be probed. */
    neighbor_confirm(node, mobile_node_of(node)->interface, &home->home_address, now);
    binding_update_entry_stop(node, entry, now);
    binding_update_entry_forget(entry);
    binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
    binding_update_entry_report(node, entry, EVENT_HOME_DEREGISTERED, status, 0, now);
    entry->deletion = false;
    movement_at_home(node, home, true, now);
}

/* The refresh moment that the home agent suggests, if it is earlier than the node's own (6.2.4). */
static void heed_refresh_advice(struct node *node, struct binding_update_entry *entry,
                                const struct mobility_message *message, time_ns now)
{
    if (!message->has_refresh_advice || message->refresh_interval == 0)
        return;
    time_ns when = time_add(now, binding_lifetime_duration(message->refresh_interval));
    if (when < entry->expires && (!timer_is_armed(&entry->timer) || when < entry->timer.deadline))
        node_arm(node, &entry->timer, when);
}

static void home_registered(struct node *node, struct binding_update_entry *entry,
                            const struct mobility_message *message, uint16_t granted, time_ns now)
{
    struct mobile_home *home = mobile_home_of(node, entry);
    mobile_node_change_state(node, home, MOBILE_NODE_REGISTERED, now);
    binding_update_entry_registered(node, entry, granted, message->acknowledgement.status, now);
    heed_refresh_advice(node, entry, message, now);
    correspondent_registration_proceed_all(node, home, now);
    prefix_discovery_registered(node, home, message->acknowledgement.status, now);
    /* A test at home may have found the home agent itself, that held a binding longer than this node
     * thought. */
    struct interface_address *address = address_find(node, &home->home_address);
    if (address)
        address_vouch(node, address, now);
}

static void home_refused(struct node *node, struct binding_update_entry *entry, unsigned status, time_ns now)
{
    if (entry->deletion && status == BINDING_NOT_HOME_AGENT) {
        home_deregistered(node, entry, (int)status, now); /* there was nothing to delete (10.3.2) */
        return;
    }
    if (status == BINDING_SEQUENCE_OUT_OF_WINDOW)
        return;
    binding_update_entry_fail(node, entry, MAX_BINDACK_TIMEOUT, (int)status, now);
    /* Who answers for the address may be the home agent before this one, which is this node's own doing. */
    bool duplicate = status == BINDING_DUPLICATE_DETECTION_FAILED;
    if (duplicate)
        binding_update_entry_forget(entry);
    if (!duplicate || mobile_home_of(node, entry)->elsewhere_until > now) {
        if (!entry->deletion) /* another may accept (11.4.1) */
            (void)home_agent_search_next(node, mobile_home_of(node, entry), now);
        return;
    }
    entry->unsupported =
        true; /* this home address must not be used again (11.7.1), unless a test at home finds it free */
    node_disarm(node, &entry->timer);
}

static void home_acknowledged(struct node *node, struct binding_update_entry *entry,
                              const struct mobility_message *message, time_ns now)
{
    unsigned status = message->acknowledgement.status;
    uint16_t granted = message->acknowledgement.lifetime < entry->lifetime ? message->acknowledgement.lifetime
                                                                           : entry->lifetime;
    if (status == BINDING_SEQUENCE_OUT_OF_WINDOW && renumber(entry, message->acknowledgement.sequence))
        home_registration_send(node, entry, now);
    else if (status >= BINDING_REASON_UNSPECIFIED)
        home_refused(node, entry, status, now);
    else if (entry->deletion)
        home_deregistered(node, entry, (int)status, now);
    else if (granted == 0)
        binding_update_entry_fail(node, entry, MAX_BINDACK_TIMEOUT, (int)status, now);
    else
        home_registered(node, entry, message, granted, now);
}

static void nonces_expired(struct node *node, struct binding_update_entry *entry, unsigned status,
                           time_ns now)
{
    node_disarm(node, &entry->timer);
    if (entry->policy->method->rejected)
        entry->policy->method->rejected(node, entry, status, now);
    if (++entry->failures > MAX_RO_FAILURE) {
        binding_update_entry_fail(node, entry, REGISTRATION_RETRY, (int)status, now);
        return;
    }
    correspondent_registration_proceed(node, entry, now);
}

/* The registration that was taken as done is not. */
static void resume_registration(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    binding_update_entry_unbind(entry);
    entry->under_way = true;
    binding_update_entry_change_state(node, entry, UPDATE_SENT, now);
}

static void correspondent_acknowledged(struct node *node, struct binding_update_entry *entry,
                                       const struct mobility_message *message, time_ns now)
{
    unsigned status = message->acknowledgement.status;
    if (is_late_refusal(entry, message))
        resume_registration(node, entry, now);
    uint16_t granted = message->acknowledgement.lifetime < entry->lifetime ? message->acknowledgement.lifetime
                                                                           : entry->lifetime;
    if (status == BINDING_SEQUENCE_OUT_OF_WINDOW) {
        if (renumber(entry, message->acknowledgement.sequence))
            correspondent_registration_proceed(node, entry, now);
    } else if (is_nonce_status(status)) {
        nonces_expired(node, entry, status, now);
    } else if (status >= BINDING_REASON_UNSPECIFIED || (granted == 0 && !entry->deletion)) {
        binding_update_entry_fail(node, entry, REGISTRATION_RETRY, (int)status, now);
    } else if (entry->deletion) {
        correspondent_registration_deleted(node, entry, (int)status, now);
    } else {
        binding_update_entry_registered(node, entry, granted, (int)status, now);
    }
}

/* A message to no home address is looked at as if it were to the first: the checks say what is wrong. */
static struct mobile_home *home_of_destination(const struct node *node, const struct inbound *in)
{
    struct mobile_home *home = mobile_node_find_home(node, &in->destination);
    return home ? home : &mobile_node_of(node)->home;
}

void mobile_node_binding_acknowledgement(struct node *node, struct inbound *in,
                                         const struct mobility_message *message, const uint8_t *octets,
                                         size_t length, time_ns now)
{
    struct binding_update_entry *entry = mobile_home_find_entry(home_of_destination(node, in), &in->source);
    (void)length; /* form and length of the header have been checked */
    enum discard_reason reason = check_acknowledgement(node, entry, in, message, octets, now);
    mobility_message_done(node, in, message, reason, now);
    if (reason != DISCARD_NONE)
        return;
    if (entry->home_registration)
        home_acknowledged(node, entry, message, now);
    else
        correspondent_acknowledged(node, entry, message, now);
}

/* -- requests, errors, and traffic that calls for a registration (11.3.5, 11.3.6, 11.7.2, 11.7.4) -- */

static void refresh_now(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    if (entry->home_registration)
        home_registration_start(node, entry, false, now);
    else
        correspondent_registration_start(node, entry, false, now);
}

void mobile_node_binding_refresh_request(struct node *node, struct inbound *in, time_ns now)
{
    const struct mobility_message message = {.type = MOBILITY_BINDING_REFRESH_REQUEST};
    const struct mobile_home *home = home_of_destination(node, in);
    struct binding_update_entry *entry = mobile_home_find_entry(home, &in->source);
    bool known = entry && entry->may_exist_until > now && mobile_home_is_away(home);
    mobility_message_done(node, in, &message, known ? DISCARD_NONE : DISCARD_UNSOLICITED, now);
    /* Whatever is under way already is going to refresh it. */
    if (known && entry->state == UPDATE_BOUND)
        refresh_now(node, entry, now);
}

static bool expects_answer(const struct binding_update_entry *entry)
{
    return entry->state == UPDATE_AUTHORIZING || entry->state == UPDATE_SENT;
}

static void binding_unknown(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    binding_update_entry_unbind(entry);
    if (entry->state != UPDATE_BOUND)
        return;
    binding_update_entry_stop(node, entry, now);
    binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
    if (entry->home_registration)
        mobile_node_change_state(node, mobile_home_of(node, entry), MOBILE_NODE_REGISTERING, now);
    if (entry->home_registration || entry->wanted || entry->used)
        refresh_now(node, entry, now);
}

/* Whose registration the Binding Error is about. A peer that does not know the message type has said of which
 * address only if the message had a Home Address option (9.3.3). */
static bool concerns(const struct mobile_home *home, const struct mobility_message *message,
                     const struct binding_update_entry *entry)
{
    if (!entry || !mobile_home_is_away(home))
        return false;
    if (message->error.status == BINDING_ERROR_UNRECOGNIZED_TYPE)
        return !entry->home_registration && expects_answer(entry);
    return ipv6_address_equal(&message->error.home_address, &home->home_address);
}

void mobile_node_binding_error(struct node *node, struct inbound *in, const struct mobility_message *message,
                               time_ns now)
{
    bool known = false;
    for (const struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next)
        known |= concerns(home, message, mobile_home_find_entry(home, &in->source));
    mobility_message_done(node, in, message, known ? DISCARD_NONE : DISCARD_UNSOLICITED, now);
    for (const struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next) {
        struct binding_update_entry *entry = mobile_home_find_entry(home, &in->source);
        if (!concerns(home, message, entry))
            continue;
        if (message->error.status == BINDING_ERROR_UNKNOWN_BINDING)
            binding_unknown(node, entry, now);
        else if (message->error.status == BINDING_ERROR_UNRECOGNIZED_TYPE)
            correspondent_registration_unsupported(node, entry, now);
    }
}

/* Is the packet one that came through the tunnel from the home agent, for the home address, from someone else
 * (11.7.2)? */
static bool came_through_tunnel(const struct mobile_home *home, const struct inbound *in)
{
    return in->tunnel_depth > 0 && ipv6_address_equal(&in->tunnel_source, &home->home_agent) &&
           !ipv6_address_equal(&in->source, &in->tunnel_source);
}

static void tunnelled_from(struct node *node, struct mobile_home *home, const struct ipv6_address *peer,
                           time_ns now)
{
    struct binding_update_entry *entry = mobile_home_find_entry(home, peer);
    if (!entry) {
        const struct correspondent_policy *policy = &mobile_node_of(node)->configuration->default_policy;
        if (policy->trigger == TRIGGER_NEVER || !ipv6_address_is_unicast_routable(peer))
            return;
        entry = mobile_home_add_entry(node, home, peer, policy);
        if (!entry)
            return;
    }
    if (entry->home_registration || entry->policy->trigger == TRIGGER_NEVER)
        return;
    entry->wanted = true;
    bool begin = entry->state == UPDATE_IDLE && !entry->under_way;
    bool lost = entry->state == UPDATE_BOUND && time_add(entry->sent, TUNNEL_DRAIN) <= now;
    if (begin || lost)
        correspondent_registration_start(node, entry, false, now);
}

void mobile_node_delivered(struct node *node, const struct inbound *in, time_ns now)
{
    struct mobile_home *home = mobile_node_find_home(node, &in->destination);
    if (!home || !mobile_home_is_away(home))
        return;
    if (came_through_tunnel(home, in)) {
        if (home->state != MOBILE_NODE_CONFIGURING)
            tunnelled_from(node, home, &in->source, now);
    } else if (in->has_type_2_routing) {
        struct binding_update_entry *entry = mobile_home_find_entry(home, &in->source);
        if (entry)
            entry->used = true;
    }
}
