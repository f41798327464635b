/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * binding_update_list.c - registrations: Binding Updates sent, acknowledged, sent again, refreshed, given up
 * (RFC 6275, 11.3.5, 11.3.6, 11.5.5, 11.7, 11.8).
 *
 * Each entry of the Binding Update List is one machine. A registration begins (start), goes as far as it can
 * (proceed), and ends BOUND, FAILED, or IDLE after a deletion:
 *
 *     IDLE -> AUTHORIZING -> WAITING -> SENT -> BOUND -> (refresh) AUTHORIZING ...
 *               the method     the home    the acknowledgement
 *
 * The home agent's entry needs no authorization here (that is IPsec's) and goes to SENT at once. `proceed` is
 * called whenever something that a correspondent's registration may wait for has happened; the
 * correspondent's policy says for what it waits.
 *
 * What is sent again, and when:
 * - A Binding Update unanswered: after 1 s (1.5 s to a home agent that has no binding yet), doubling to 32 s,
 *   and then at that rate for ever (11.8). Each time with a new sequence number, and the authorization asked
 *   for again: a token may have become too old meanwhile.
 * - A binding is refreshed when four fifths of its lifetime are over, at the home agent earlier if its
 *   Binding Refresh Advice says so. A correspondent that was to be told only because of traffic is left to
 *   expire if there was none since.
 * - Status 135: the peer's number is adopted, and the update sent again at once; a second 135 in the same
 *   registration waits for the retransmission timer. Status 136 to 138: the method is told, and asked again;
 *   after MAX_RO_FAILURE in a row the registration has failed.
 * - Any other refusal, and tests that time out (5.2.9): the registration has failed. Packets are tunnelled;
 *   it is tried again after REGISTRATION_RETRY, or after MAX_BINDACK_TIMEOUT if it is the tests that failed
 *   and the peer may have a binding. As long as that may be one for an old address, which is where the peer
 *   then sends, it is tried again after STALE_RETRY_FIRST, doubling to STALE_RETRY_MAX. A peer without the
 *   Mobility Header is tried again after UNSUPPORTED_RETRY (11.3.5). A home agent that refuses is asked
 *   again after MAX_BINDACK_TIMEOUT, unless the home address is a duplicate (134): it must not be used
 *   again.
 * - Every message is subject to MAX_UPDATE_RATE.
 *
 * may_exist_until is kept apart from what has been acknowledged: an update whose acknowledgement was lost may
 * have made a binding, which must be deleted on coming home all the same.
 *
 * After a deletion the entry is kept, for its sequence number, as long as the peer may remember the old one.
 *
 * Each home address has a list of its own; what is said here of a home agent or a correspondent is said for
 * one home address. Only the rate is one for all that a peer is sent.
 *
 * A node that makes use of home agent discovery (11.4.1) turns to another home agent when one refuses, or has
 * left HOME_AGENT_ATTEMPTS updates unanswered.
 */
#include "models/mobility/binding_update_list.h"

#include <stdlib.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/mobility/home_agent_discovery.h"
#include "models/mobility/mobility.h"
#include "models/mobility/prefix_discovery.h"

#define HOME_AGENT_ATTEMPTS 3

/* -- lifetimes -- */

time_ns binding_lifetime_duration(uint16_t units)
{
    return SECONDS(units) * BINDING_LIFETIME_UNIT;
}

/* The lifetime asked for, if `remaining` allows; never 0, which would delete. */
static uint16_t lifetime_within(uint16_t units, time_ns remaining)
{
    if (remaining == TIME_NEVER)
        return units;
    time_ns most = remaining / (SECONDS(1) * BINDING_LIFETIME_UNIT);
    if (most < 1)
        most = 1;
    return most < units ? (uint16_t)most : units;
}

static time_ns remaining_until(time_ns end, time_ns now)
{
    return end == TIME_NEVER ? TIME_NEVER : end > now ? end - now : 0;
}

static time_ns care_of_address_remaining(const struct node *node, const struct mobile_node *mobile,
                                         time_ns now)
{
    const struct interface_address *address = address_find(node, &mobile->care_of_address);
    return address ? remaining_until(address->valid_until, now) : 0;
}

/* TIME_NEVER if nobody has told (11.4.2). */
static time_ns home_address_valid_until(const struct node *node, const struct mobile_home *home)
{
    const struct interface_address *address = address_find(node, &home->home_address);
    return address ? address->valid_until : TIME_NEVER;
}

/* A binding lasts no longer than either address. */
static time_ns addresses_remaining(const struct node *node, const struct mobile_home *home, time_ns now)
{
    time_ns care_of = care_of_address_remaining(node, mobile_node_of(node), now);
    time_ns own = remaining_until(home_address_valid_until(node, home), now);
    return own < care_of ? own : care_of;
}

/* For a report. */
static int32_t lifetime_seconds(uint16_t units)
{
    return units * BINDING_LIFETIME_UNIT;
}

/* -- entries -- */

static const char *state_name(unsigned state)
{
    static const char *const names[] = {
        [UPDATE_IDLE] = "idle",       [UPDATE_AUTHORIZING] = "authorizing",
        [UPDATE_WAITING] = "waiting", [UPDATE_SENT] = "sent",
        [UPDATE_BOUND] = "bound",     [UPDATE_FAILED] = "failed",
    };
    return names[state];
}

static void report_entry(struct node *node, const struct binding_update_entry *entry,
                         struct protocol_event *event, time_ns now)
{
    event->peer = &entry->peer;
    event->care_of_address = &entry->care_of_address;
    mobile_node_report(node, mobile_home_of(node, entry), event, now);
}

void binding_update_entry_change_state(struct node *node, struct binding_update_entry *entry,
                                       enum binding_update_state state, time_ns now)
{
    unsigned from = entry->state;
    if (from == state)
        return;
    entry->state = (uint8_t)state;
    struct protocol_event event = {
        .kind = EVENT_STATE,
        .message = entry->home_registration ? "home registration" : "correspondent registration",
        .from = state_name(from),
        .to = state_name(state),
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
    };
    report_entry(node, entry, &event, now);
}

void binding_update_entry_report(struct node *node, const struct binding_update_entry *entry,
                                 enum protocol_event_kind kind, int status, int32_t lifetime, time_ns now)
{
    struct protocol_event event = {
        .kind = kind, .sequence = entry->sequence, .status = status, .lifetime = lifetime};
    report_entry(node, entry, &event, now);
}

bool binding_update_entry_is_usable(const struct mobile_node *mobile,
                                    const struct binding_update_entry *entry, time_ns now)
{
    return entry->expires > now && !entry->superseded &&
           !ipv6_address_is_unspecified(&entry->bound_address) &&
           ipv6_address_equal(&entry->bound_address, &mobile->care_of_address);
}

bool home_binding_exists(const struct mobile_home *home, time_ns now)
{
    const struct binding_update_entry *entry = mobile_home_registration(home);
    return entry && entry->expires > now && !ipv6_address_is_unspecified(&entry->bound_address);
}

bool mobile_home_is_reachable(const struct node *node, const struct mobile_home *home, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    const struct binding_update_entry *entry = mobile_home_registration(home);
    if (home->state == MOBILE_NODE_AT_HOME)
        return true;
    if (!home_binding_exists(home, now))
        return false;
    if (home->state == MOBILE_NODE_REGISTERED)
        return true;
    return home->state == MOBILE_NODE_REGISTERING && entry->state == UPDATE_SENT &&
           ipv6_address_equal(&entry->care_of_address, &mobile->care_of_address);
}

/* The home agent has acknowledged where the node is: away at the present care-of address, or at home. */
static bool home_has_acknowledged(const struct mobile_home *home)
{
    return home->state == MOBILE_NODE_REGISTERED || home->state == MOBILE_NODE_AT_HOME;
}

static bool is_at_home(const struct mobile_home *home)
{
    return home->state == MOBILE_NODE_AT_HOME || home->state == MOBILE_NODE_RETURNING;
}

/* The peer has no binding any more, as far as packets are concerned. */
void binding_update_entry_unbind(struct binding_update_entry *entry)
{
    entry->bound_address = ipv6_unspecified;
    entry->expires = 0;
}

void binding_update_entry_forget(struct binding_update_entry *entry)
{
    binding_update_entry_unbind(entry);
    entry->may_exist_until = 0;
    entry->stale_until = 0;
    entry->retries = 0;
}

static void arm_refresh(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    time_ns end = home_address_valid_until(node, mobile_home_of(node, entry));
    if (end != TIME_NEVER && time_add(entry->expires, SECONDS(1) * BINDING_LIFETIME_UNIT) > end) {
        node_disarm(node, &entry->timer); /* it lasts as long as the home address: more is not to be had */
        return;
    }
    time_ns refresh = entry->expires - (entry->expires - entry->sent) / 5;
    node_arm(node, &entry->timer, refresh > now ? refresh : now);
}

void binding_update_entry_stop(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    if (entry->policy)
        entry->policy->method->cancel(node, entry, now);
    node_disarm(node, &entry->timer);
    entry->under_way = false;
}

/* -- sending -- */

/* One peer gets so many updates, whatever home address they are for (11.8). */
static bool rate_allows(const struct node *node, struct binding_update_entry *entry, time_ns *when,
                        time_ns now)
{
    struct update_rate all = entry->updates;
    for (const struct mobile_home *home = &mobile_node_of(node)->home; home; home = home->next) {
        const struct binding_update_entry *other = mobile_home_find_entry(home, &entry->peer);
        if (other && other != entry)
            update_rate_include(&all, &other->updates, now);
    }
    return update_rate_allows(&all, when, now) && update_rate_allows(&entry->updates, when, now);
}

/* Common to every Binding Update: counted, numbered, remembered. False: not now; the timer says when. */
static bool begin_update(struct node *node, struct binding_update_entry *entry, uint16_t lifetime,
                         time_ns now)
{
    time_ns when;
    if (!node_is_unsafe(node, NO_RATE_LIMIT) && !rate_allows(node, entry, &when, now)) {
        binding_update_entry_change_state(node, entry, UPDATE_WAITING, now);
        node_arm(node, &entry->timer, when);
        return false;
    }
    entry->sequence++;
    entry->lifetime = lifetime;
    entry->sent = now;
    entry->used = false;
    if (!ipv6_address_equal(&entry->care_of_address, &entry->bound_address))
        entry->superseded =
            true; /* the peer may know another address from now on, whether or not we hear of it */
    time_ns end = lifetime ? time_add(now, binding_lifetime_duration(lifetime)) : 0;
    if (end > entry->may_exist_until)
        entry->may_exist_until = end;
    return true;
}

/* Away with a Home Address option from the care-of address, at home plainly from the home address (11.7.1,
 * 11.7.2). */
static void address_update(const struct node *node, const struct binding_update_entry *entry,
                           struct outbound *out)
{
    const struct mobile_home *home = mobile_home_of(node, entry);
    *out = (struct outbound)OUTBOUND_INITIALIZER;
    out->source = home->home_address;
    out->source_fixed = true;
    out->destination = entry->peer;
    out->routed = true;
    if (is_at_home(home))
        return;
    out->home_address_option = true;
    out->wire_source = mobile_node_of(node)->care_of_address;
}

/* -- the home agent (11.7.1) -- */

static void fill_home_update(const struct node *node, const struct binding_update_entry *entry,
                             struct mobility_message *message)
{
    *message = (struct mobility_message){
        .type = MOBILITY_BINDING_UPDATE,
        .update = {.sequence = entry->sequence,
                   .acknowledge = true,
                   .home_registration = true,
                   .lifetime = entry->lifetime},
        .has_alternate_care_of_address = true,
        .alternate_care_of_address = entry->care_of_address,
    };
    message->update.link_local =
        movement_link_local_is_home_address(mobile_node_of(node), mobile_home_of(node, entry));
}

/* The home agent's link-layer address on the home link: from its advertisement, or its answer. NULL: not
 * known. */
static const struct ethernet_address *home_agent_station(const struct mobile_node *mobile,
                                                         const struct mobile_home *home)
{
    if (home->station_known)
        return &home->home_agent_station;
    const struct neighbor *neighbor = neighbor_lookup(mobile->interface, &home->home_agent);
    return neighbor && neighbor->state != NEIGHBOR_INCOMPLETE ? &neighbor->link_layer_address : NULL;
}

/* How long to wait for an acknowledgement: doubled each time that none has come (11.8). */
static time_ns retransmission_timeout(const struct mobile_node *mobile,
                                      const struct binding_update_entry *entry)
{
    time_ns timeout =
        entry->first ? mobile->configuration->first_registration_timeout : INITIAL_BINDACK_TIMEOUT;
    for (unsigned i = 0; i < entry->unanswered; i++)
        timeout = timeout < MAX_BINDACK_TIMEOUT / 2 ? 2 * timeout : MAX_BINDACK_TIMEOUT;
    return timeout;
}

static void count_unanswered(struct binding_update_entry *entry)
{
    if (entry->unanswered < UINT8_MAX)
        entry->unanswered++;
}

/*
 * 11.5.5: the deregistration goes to the home agent's link-layer address. If no advertisement has told it,
 * the update waits in the Neighbor Cache, as if the home address were its next hop. The cache then asks for
 * it as a test of the home address would, from the unspecified address: the home agent defends the home
 * address and so tells its own station. If it has ceased to, its acknowledgement being lost, nobody answers:
 * then the home agent's own address is asked for, never from the home address.
 */
static void address_deregistration(struct node *node, const struct mobile_home *home, struct outbound *out,
                                   bool again, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    const struct interface_address *link_local = address_link_local(mobile->interface);
    out->interface = mobile->interface;
    if (mobile->interface->kind != INTERFACE_ETHERNET)
        return;
    out->link_layer_destination = home_agent_station(mobile, home);
    out->next_hop = out->link_layer_destination ? &home->home_agent : &home->home_address;
    if (!out->link_layer_destination && again && link_local && address_is_usable(link_local))
        neighbor_probe(node, mobile->interface, &home->home_agent, now);
}

void home_registration_send(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    const struct mobile_home *home = mobile_home_of(node, entry);
    uint16_t lifetime = 0;
    if (!entry->deletion)
        lifetime =
            lifetime_within(mobile->configuration->home_lifetime, addresses_remaining(node, home, now));
    if (!begin_update(node, entry, lifetime, now))
        return;
    struct mobility_message message;
    struct outbound out;
    fill_home_update(node, entry, &message);
    address_update(node, entry, &out);
    if (entry->deletion)
        address_deregistration(node, home, &out, entry->state == UPDATE_SENT, now);
    node_arm(node, &entry->timer, time_add(now, retransmission_timeout(mobile, entry)));
    (void)mobility_send(node, &out, &message, NULL, &entry->care_of_address, NULL,
                        now); /* lost or not: the timer sees to it */
    binding_update_entry_change_state(node, entry, UPDATE_SENT, now);
    if (!entry->deletion)
        return;
    movement_defend_home_address(
        node, home, true); /* the acknowledgement may have to be preceded by address resolution */
}

void home_registration_start(struct node *node, struct binding_update_entry *entry, bool deletion,
                             time_ns now)
{
    const struct mobile_home *home = mobile_home_of(node, entry);
    binding_update_entry_stop(node, entry, now);
    if (entry->unsupported)
        return;
    bool exists = deletion || home_binding_exists(home, now);
    entry->first = !exists;
    entry->unanswered = 0;
    entry->deletion = deletion;
    entry->under_way = true;
    entry->renumbered = false;
    entry->failures = 0;
    entry->care_of_address = deletion ? home->home_address : mobile_node_of(node)->care_of_address;
    if (deletion)
        binding_update_entry_unbind(entry); /* it ends when the update arrives, acknowledged or not */
    home_registration_send(node, entry, now);
}

/* -- correspondents (11.7.2) -- */

static uint16_t correspondent_lifetime(const struct node *node, const struct binding_update_entry *entry,
                                       time_ns now)
{
    const struct mobile_home *home = mobile_home_of(node, entry);
    uint16_t units = entry->policy->lifetime;
    uint16_t limit = entry->policy->method->lifetime_limit;
    if (limit && units > limit)
        units = limit;
    if (home_binding_exists(home, now))
        units = lifetime_within(units, remaining_until(mobile_home_registration(home)->expires, now));
    return lifetime_within(units, addresses_remaining(node, home, now));
}

void binding_update_entry_registered(struct node *node, struct binding_update_entry *entry, uint16_t granted,
                                     int status, time_ns now)
{
    entry->under_way = false;
    entry->failures = 0;
    entry->bound_address = entry->care_of_address;
    entry->superseded = false;
    entry->expires = time_add(entry->sent, binding_lifetime_duration(granted));
    entry->may_exist_until = entry->expires;
    entry->stale_until = 0;
    entry->retries = 0;
    arm_refresh(node, entry, now);
    binding_update_entry_change_state(node, entry, UPDATE_BOUND, now);
    binding_update_entry_report(
        node, entry, entry->home_registration ? EVENT_HOME_REGISTERED : EVENT_CORRESPONDENT_REGISTERED,
        status, lifetime_seconds(granted), now);
}

void correspondent_registration_deleted(struct node *node, struct binding_update_entry *entry, int status,
                                        time_ns now)
{
    binding_update_entry_stop(node, entry, now);
    binding_update_entry_forget(entry);
    entry->deletion = false;
    if (!entry->configured)
        node_arm(node, &entry->timer, time_add(now, MAX_NONCE_LIFETIME));
    binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
    binding_update_entry_report(node, entry, EVENT_CORRESPONDENT_REGISTERED, status, 0, now);
}

/* No acknowledgement was asked for: what was sent is taken as arrived. */
static void assume_acknowledged(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    uint8_t failures = entry->failures;
    if (entry->deletion)
        correspondent_registration_deleted(node, entry, -1, now);
    else
        binding_update_entry_registered(node, entry, entry->lifetime, -1, now);
    entry->failures = failures; /* refusals in a row count, in this registration */
}

static void send_correspondent_update(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    const struct correspondent_policy *policy = entry->policy;
    if (!begin_update(node, entry, entry->deletion ? 0 : correspondent_lifetime(node, entry, now), now))
        return;
    struct mobility_message message = {
        .type = MOBILITY_BINDING_UPDATE,
        .update = {.sequence = entry->sequence,
                   .acknowledge = policy->acknowledge,
                   .lifetime = entry->lifetime},
    };
    uint8_t kbm[KBM_LENGTH];
    struct outbound out;
    policy->method->authorize(node, entry, entry->deletion, &message, kbm, now);
    if (policy->method->remember)
        policy->method->remember(node, entry);
    address_update(node, entry, &out);
    if (policy->acknowledge)
        node_arm(node, &entry->timer, time_add(now, retransmission_timeout(mobile_node_of(node), entry)));
    (void)mobility_send(node, &out, &message, kbm, &entry->care_of_address, &entry->peer, now);
    binding_update_entry_change_state(node, entry, UPDATE_SENT, now);
    if (!policy->acknowledge)
        assume_acknowledged(node, entry, now);
}

/* As far as it can go now. Called again when the method is ready, when the home agent has acknowledged, when
 * a timer is due. */
void correspondent_registration_proceed(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    const struct correspondent_policy *policy = entry->policy;
    bool acknowledged = home_has_acknowledged(mobile_home_of(node, entry));
    if (policy->order == ORDER_AFTER_HOME_ACKNOWLEDGEMENT && !acknowledged)
        return;
    if (!policy->method->prepare(node, entry, entry->deletion, now)) {
        if (entry->state != UPDATE_FAILED)
            binding_update_entry_change_state(node, entry, UPDATE_AUTHORIZING, now);
        return;
    }
    if (policy->order != ORDER_AT_ONCE && !acknowledged) {
        binding_update_entry_change_state(node, entry, UPDATE_WAITING, now);
        return;
    }
    send_correspondent_update(node, entry, now);
}

/* Whatever binding the peer may have is for an address that is no longer the node's. */
static void renew_care_of_address(struct binding_update_entry *entry, const struct ipv6_address *address)
{
    if (ipv6_address_equal(&entry->care_of_address, address))
        return;
    entry->care_of_address = *address;
    entry->stale_until = entry->may_exist_until;
    entry->retries = 0;
}

void correspondent_registration_start(struct node *node, struct binding_update_entry *entry, bool deletion,
                                      time_ns now)
{
    const struct mobile_home *home = mobile_home_of(node, entry);
    const struct ipv6_address *care_of_address = &mobile_node_of(node)->care_of_address;
    if (entry->unsupported || entry->policy->trigger == TRIGGER_NEVER)
        return;
    if (deletion ? !is_at_home(home)
                 : !mobile_home_is_away(home) || ipv6_address_is_unspecified(care_of_address))
        return;
    binding_update_entry_stop(node, entry, now);
    renew_care_of_address(entry, deletion ? &home->home_address : care_of_address);
    entry->deletion = deletion;
    entry->under_way = true;
    entry->renumbered = false;
    entry->failures = 0;
    entry->unanswered = 0;
    if (deletion)
        binding_update_entry_unbind(entry);
    binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
    correspondent_registration_proceed(node, entry, now);
}

/* A correspondent that sends to an old address sends nothing through the tunnel: it is not left to that for
 * long. */
static time_ns retry_pause(struct binding_update_entry *entry, time_ns pause, time_ns now)
{
    if (entry->home_registration || entry->unsupported || entry->stale_until <= now)
        return pause;
    time_ns doubled = STALE_RETRY_FIRST;
    for (unsigned i = 0; i < entry->retries && doubled < STALE_RETRY_MAX; i++)
        doubled *= 2;
    if (entry->retries < UINT8_MAX)
        entry->retries++;
    return doubled < pause ? doubled : pause;
}

void binding_update_entry_fail(struct node *node, struct binding_update_entry *entry, time_ns retry,
                               int status, time_ns now)
{
    binding_update_entry_stop(node, entry, now);
    binding_update_entry_unbind(entry);
    node_arm(node, &entry->timer, time_add(now, retry_pause(entry, retry, now)));
    binding_update_entry_change_state(node, entry, UPDATE_FAILED, now);
    struct mobile_home *home = mobile_home_of(node, entry);
    if (entry->home_registration && home->state == MOBILE_NODE_REGISTERED)
        mobile_node_change_state(node, home, MOBILE_NODE_REGISTERING, now);
    binding_update_entry_report(node, entry, EVENT_REGISTRATION_FAILED, status, -1, now);
}

void correspondent_registration_unsupported(struct node *node, struct binding_update_entry *entry,
                                            time_ns now)
{
    entry->unsupported = true;
    binding_update_entry_fail(node, entry, UNSUPPORTED_RETRY, -1, now);
}

void mobile_node_authorization_ready(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    if (entry->under_way && entry->state == UPDATE_AUTHORIZING)
        correspondent_registration_proceed(node, entry, now);
}

void mobile_node_authorization_failed(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    /* A peer that may send to an old address is not left to it for longer than the longest back-off. */
    time_ns retry = entry->may_exist_until > now ? MAX_BINDACK_TIMEOUT : REGISTRATION_RETRY;
    if (entry->under_way)
        binding_update_entry_fail(node, entry, retry, -1, now);
}

/* What waited for the home agent goes on. The list may lose the entry at hand, not the next. */
void correspondent_registration_proceed_all(struct node *node, const struct mobile_home *home, time_ns now)
{
    for (struct binding_update_entry *entry = home->entries, *next; entry; entry = next) {
        next = entry->next;
        if (!entry->home_registration && entry->under_way && entry->state != UPDATE_SENT)
            correspondent_registration_proceed(node, entry, now);
    }
}

/* -- as movement.c wants it -- */

void binding_update_list_suspend(struct node *node, struct mobile_home *home, time_ns now)
{
    home_agent_search_stop(node, home);
    prefix_discovery_suspend(node, home);
    for (struct binding_update_entry *entry = home->entries; entry; entry = entry->next) {
        /* A deleted binding's memory, and the patience with a peer that cannot, run on wherever the node is.
         * */
        if (entry->unsupported || (entry->state == UPDATE_IDLE && !entry->under_way))
            continue;
        binding_update_entry_stop(node, entry, now);
        binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
    }
}

/* The peer knows this care-of address already: the node is back where it was. */
static void resume(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    arm_refresh(node, entry, now);
    binding_update_entry_change_state(node, entry, UPDATE_BOUND, now);
}

static void register_correspondents(struct node *node, const struct mobile_home *home, time_ns now)
{
    const struct mobile_node *mobile = mobile_node_of(node);
    for (struct binding_update_entry *entry = home->entries, *next; entry; entry = next) {
        next = entry->next;
        if (entry->home_registration)
            continue;
        if (binding_update_entry_is_usable(mobile, entry, now))
            resume(node, entry, now);
        else if (entry->wanted || entry->may_exist_until > now)
            correspondent_registration_start(node, entry, false, now);
        else if (!entry->configured && !timer_is_armed(&entry->timer))
            mobile_node_remove_entry(node, entry, now); /* its lifetime is over (11.1): nothing to remember */
    }
}

void binding_update_list_register(struct node *node, struct mobile_home *home, time_ns now)
{
    struct binding_update_entry *entry = mobile_home_registration(home);
    bool known = !ipv6_address_is_unspecified(&home->home_agent);
    if (!entry && known)
        entry = mobile_home_add_entry(node, home, &home->home_agent, NULL);
    binding_update_list_suspend(node, home, now);
    if (known ? !entry : !home_agent_search_prepare(node, home)) {
        /* No memory. In this state the next advertisement brings the node here again. */
        mobile_node_change_state(node, home, MOBILE_NODE_CONFIGURING, now);
        return;
    }
    if (!known) {
        mobile_node_change_state(node, home, MOBILE_NODE_REGISTERING, now);
        home_agent_search_start(node, home, now);
    } else if (binding_update_entry_is_usable(mobile_node_of(node), entry, now)) {
        mobile_node_change_state(node, home, MOBILE_NODE_REGISTERED, now);
        resume(node, entry, now);
    } else {
        mobile_node_change_state(node, home, MOBILE_NODE_REGISTERING, now);
        home_registration_start(node, entry, false, now);
    }
    register_correspondents(node, home, now);
}

void binding_update_list_deregister(struct node *node, struct mobile_home *home, time_ns now)
{
    struct binding_update_entry *registration = mobile_home_registration(home);
    if (registration->deletion && registration->under_way)
        return;
    home_registration_start(node, registration, true, now);
    for (struct binding_update_entry *entry = registration->next, *next; entry; entry = next) {
        next = entry->next;
        if (entry->policy->order != ORDER_AFTER_HOME_ACKNOWLEDGEMENT && entry->may_exist_until > now)
            correspondent_registration_start(node, entry, true, now);
    }
}

void binding_update_list_at_home(struct node *node, struct mobile_home *home, time_ns now)
{
    for (struct binding_update_entry *entry = home->entries, *next; entry; entry = next) {
        next = entry->next;
        if (entry->home_registration) {
            entry->unsupported = false;
            continue;
        }
        if (entry->policy->trigger == TRIGGER_TRAFFIC)
            entry->wanted = false; /* traffic will tell again, once the node is away */
        if (entry->under_way && entry->state != UPDATE_SENT)
            correspondent_registration_proceed(node, entry, now);
        else if (!entry->under_way && entry->may_exist_until > now)
            correspondent_registration_start(node, entry, true, now);
        else if (!entry->under_way && !entry->configured && !timer_is_armed(&entry->timer))
            mobile_node_remove_entry(node, entry, now);
    }
}

/* -- as discovery wants it (11.4) -- */

static void drop_registration(struct node *node, struct mobile_home *home, time_ns now)
{
    struct binding_update_entry *entry = mobile_home_registration(home);
    if (!entry)
        return;
    if (entry->may_exist_until > home->elsewhere_until)
        home->elsewhere_until = entry->may_exist_until;
    mobile_node_remove_entry(node, entry, now);
}

static void begin_anew(struct node *node, struct mobile_home *home, time_ns now)
{
    if (is_at_home(home))
        movement_at_home(node, home, false, now);
    else if (mobile_home_is_away(home) &&
             !ipv6_address_is_unspecified(&mobile_node_of(node)->care_of_address))
        binding_update_list_register(node, home, now);
}

void binding_update_list_change_home_agent(struct node *node, struct mobile_home *home,
                                           const struct ipv6_address *home_agent, time_ns now)
{
    drop_registration(node, home, now);
    home->home_agent = *home_agent;
    home->station_known = false;
    begin_anew(node, home, now);
}

/* What correspondents know of the old home address ends with it; their entries have only policies to keep. */
void binding_update_list_change_home_address(struct node *node, struct mobile_home *home,
                                             const struct ipv6_address *home_address,
                                             const struct ipv6_address *home_agent, time_ns now)
{
    binding_update_list_suspend(node, home, now);
    drop_registration(node, home, now);
    for (struct binding_update_entry *entry = home->entries, *next; entry; entry = next) {
        next = entry->next;
        binding_update_entry_stop(node, entry, now);
        binding_update_entry_forget(entry);
        free(entry->tests);
        entry->tests = NULL;
        entry->key_of_another_address = entry->policy->static_key != NULL;
        binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
        if (!entry->configured)
            mobile_node_remove_entry(node, entry, now);
    }
    home->home_address = *home_address;
    home->elsewhere_until = 0;
    if (!ipv6_address_is_unspecified(home_agent)) {
        home->home_agent = *home_agent;
        home->station_known = false;
    }
    begin_anew(node, home, now);
}

void binding_update_list_shorten(struct node *node, struct mobile_home *home, time_ns valid_until,
                                 time_ns now)
{
    if (home->state != MOBILE_NODE_REGISTERED)
        return; /* whatever is registered next is within the limit */
    for (struct binding_update_entry *entry = home->entries, *next; entry; entry = next) {
        next = entry->next;
        if (entry->state != UPDATE_BOUND || entry->expires <= valid_until)
            continue;
        if (entry->home_registration)
            home_registration_start(node, entry, false, now);
        else
            correspondent_registration_start(node, entry, false, now);
    }
}

/* -- timers -- */

static void home_due(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    struct mobile_home *home = mobile_home_of(node, entry);
    if (entry->state == UPDATE_SENT) {
        if (++entry->failures >= HOME_AGENT_ATTEMPTS && !entry->deletion &&
            home_agent_search_next(node, home, now))
            return;
        count_unanswered(entry);
        home_registration_send(node, entry, now);
    } else if (entry->state == UPDATE_WAITING) {
        home_registration_send(node, entry, now);
    } else {
        home_registration_start(node, entry, is_at_home(home), now);
    }
}

/* A correspondent's binding has come to its end, or near it. */
static void binding_due(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    if (entry->policy->trigger == TRIGGER_ALWAYS || entry->used) {
        correspondent_registration_start(node, entry, false, now);
    } else if (now < entry->expires) {
        node_arm(node, &entry->timer, entry->expires);
    } else {
        entry->wanted = false;
        binding_update_entry_forget(entry);
        binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
        if (!entry->configured)
            mobile_node_remove_entry(node, entry, now);
    }
}

static void retry(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    const struct mobile_home *home = mobile_home_of(node, entry);
    entry->unsupported = false;
    binding_update_entry_change_state(node, entry, UPDATE_IDLE, now);
    if (is_at_home(home) && entry->may_exist_until > now)
        correspondent_registration_start(node, entry, true, now);
    else if (entry->may_exist_until > now && mobile_home_is_away(home))
        correspondent_registration_start(node, entry, false,
                                         now); /* while it sends to an old address, nothing is tunnelled */
    else if (!entry->configured)
        mobile_node_remove_entry(node, entry, now); /* the next packet through the tunnel begins anew */
    else if (entry->wanted && mobile_home_is_away(home))
        correspondent_registration_start(node, entry, false, now);
}

void correspondent_registration_policy_changed(struct node *node, struct binding_update_entry *entry,
                                               time_ns now)
{
    if (entry->state != UPDATE_FAILED || entry->unsupported)
        return;
    node_disarm(node, &entry->timer);
    retry(node, entry, now);
}

static void correspondent_due(struct node *node, struct binding_update_entry *entry, time_ns now)
{
    switch (entry->state) {
    case UPDATE_SENT:
        count_unanswered(entry);
        correspondent_registration_proceed(node, entry, now);
        break;
    case UPDATE_WAITING:
        correspondent_registration_proceed(node, entry, now);
        break;
    case UPDATE_BOUND:
        binding_due(node, entry, now);
        break;
    case UPDATE_FAILED:
        retry(node, entry, now);
        break;
    case UPDATE_IDLE:
        if (!entry->configured && !entry->under_way)
            mobile_node_remove_entry(node, entry, now);
        break;
    default:
        break;
    }
}

void binding_update_entry_expired(struct node *node, struct timer *timer, time_ns now)
{
    struct binding_update_entry *entry = timer_owner(timer, struct binding_update_entry, timer);
    if (entry->home_registration)
        home_due(node, entry, now);
    else
        correspondent_due(node, entry, now);
}
