/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prefix_advertisement.c - the schedule of 10.6.2, one machine for each home registration, and the message
 * of 6.8 and 10.6.3 (RFC 6275).
 *
 *     none       --registered---------------------------> scheduled   after RAND_ADV_DELAY
 *     scheduled  --its time-----------------------------> unanswered  sent, unsolicited
 *     unanswered --PREFIX_ADV_TIMEOUT, then twice that---> unanswered  sent again, PREFIX_ADV_RETRIES times
 *     unanswered --and no solicitation still------------> given up
 *     given up   --the next Binding Update--------------> unanswered  sent again from the beginning
 *     any        --solicitation-------------------------> informed    answered, at once if the rate allows
 *     informed   --MaxMobPfxAdvInterval-----------------> scheduled
 *     given up   --MaxMobPfxAdvInterval-----------------> scheduled
 *     any        --a prefix changes---------------------> scheduled   or stays so: the time is kept
 *     any        --the registration ends----------------> none
 *
 * An advertisement is made when it is sent, so one that waits always has the newest prefixes, which is what
 * replacing it would achieve; so has one that is sent again. A change meets an unanswered one by starting
 * its retransmissions anew.
 *
 * A solicitation acknowledges what was unsolicited (10.6.2), because a mobile node answers that with one
 * (11.4.3). No mobile node is sent more than one advertisement a second (6.8): an answer that comes too
 * early waits, and a second solicitation meanwhile takes its place.
 *
 * Identifiers of unsolicited advertisements are 0, which no solicitation of a mobile node of ours has. The
 * M and O bits are clear: there is no DHCPv6 (6.8). IPsec is not this file's: the messages go out by
 * discovery_message_send, with the headers that 10.6.3 wants.
 */
#include "models/mobility/prefix_advertisement.h"

#include <stdlib.h>

#include "models/ipv6/node.h"
#include "models/mobility/home_prefix_list.h"
#include "models/mobility/mobility.h"

#define UNSOLICITED_IDENTIFIER 0
#define LEAST_GAP              SECONDS(1) /* 6.8 */
#define NEVER_SENT             (-1)

enum delivery_state {
    DELIVERY_SCHEDULED,
    DELIVERY_UNANSWERED,
    DELIVERY_GIVEN_UP,
    DELIVERY_INFORMED,
    DELIVERY_ANSWERING
};

struct prefix_delivery {
    struct timer timer;
    struct binding *binding;
    time_ns last_sent;
    time_ns wait; /* before the next retransmission */
    struct ipv6_address solicitor;
    uint16_t identifier; /* of the solicitation that is being answered */
    uint8_t state;       /* enum delivery_state */
    uint8_t left;        /* retransmissions */
};

static struct home_agent *agent_of(const struct node *node)
{
    return node->mobility->home_agent;
}

/* ---- sending (10.6.3) ---- */

static void send_advertisement(struct node *node, struct prefix_delivery *delivery,
                               const struct ipv6_address *destination, uint16_t identifier, time_ns now)
{
    const struct binding *binding = delivery->binding;
    struct discovery_message message = {.type = ICMPV6_MOBILE_PREFIX_ADVERTISEMENT, .identifier = identifier};
    message.prefix_count = home_prefix_list_tell(&agent_of(node)->prefixes, message.prefixes, now);
    delivery->last_sent = now;
    struct outbound out = OUTBOUND_INITIALIZER;
    out.source = binding->home->reply_from; /* where the mobile node has registered */
    out.source_fixed = true;
    out.destination = binding->home_address;
    out.routed = true;
    out.type_2_routing = true;
    out.wire_destination = *destination;
    (void)discovery_message_send(node, &out, &message, now); /* a refusal has been reported */
}

/* ---- the schedule (10.6.2) ---- */

/* MinMobPfxAdvInterval + rand() % |MaxScheduleDelay - MinMobPfxAdvInterval| */
static time_ns random_delay(struct node *node, const struct prefix_delivery *delivery, time_ns now)
{
    const struct home_agent_configuration *configuration = agent_of(node)->configuration;
    const struct home_prefix *prefix =
        home_prefix_list_find(&agent_of(node)->prefixes, &delivery->binding->home_address, now);
    time_ns least = configuration->prefix_interval_least, most = configuration->prefix_interval_most;
    time_ns preferred = prefix ? home_prefix_preferred(prefix, now) : 0;
    if (preferred < most)
        most = preferred;
    time_ns span = most > least ? most - least : least - most;
    if (span <= 0)
        return least;
    return least +
           (time_ns)environment_random_below(node->environment, RANDOM_PREFIX_DISCOVERY, (uint64_t)span);
}

static void schedule(struct node *node, struct prefix_delivery *delivery, time_ns now)
{
    delivery->state = DELIVERY_SCHEDULED;
    node_arm(node, &delivery->timer, time_add(now, random_delay(node, delivery, now)));
}

/* Nothing is due before MaxMobPfxAdvInterval has passed. */
static void rest(struct node *node, struct prefix_delivery *delivery, enum delivery_state state)
{
    delivery->state = (uint8_t)state;
    node_arm(node, &delivery->timer,
             time_add(delivery->last_sent, agent_of(node)->configuration->prefix_interval_most));
}

static void send_unsolicited(struct node *node, struct prefix_delivery *delivery, time_ns now)
{
    delivery->state = DELIVERY_UNANSWERED;
    node_arm(node, &delivery->timer, time_add(now, delivery->wait));
    send_advertisement(node, delivery, &delivery->binding->care_of_address, UNSOLICITED_IDENTIFIER, now);
}

/* True: not now, but when the timer says. */
static bool is_too_early(struct node *node, struct prefix_delivery *delivery, time_ns now)
{
    if (delivery->last_sent == NEVER_SENT || time_add(delivery->last_sent, LEAST_GAP) <= now)
        return false;
    node_arm(node, &delivery->timer, time_add(delivery->last_sent, LEAST_GAP));
    return true;
}

static void begin_transmitting(struct node *node, struct prefix_delivery *delivery, time_ns now)
{
    delivery->wait = PREFIX_ADV_TIMEOUT;
    delivery->left = PREFIX_ADV_RETRIES;
    delivery->state = DELIVERY_SCHEDULED;
    if (!is_too_early(node, delivery, now))
        send_unsolicited(node, delivery, now);
}

static void answer(struct node *node, struct prefix_delivery *delivery, time_ns now)
{
    delivery->state = DELIVERY_ANSWERING;
    if (is_too_early(node, delivery, now))
        return;
    send_advertisement(node, delivery, &delivery->solicitor, delivery->identifier, now);
    rest(node, delivery, DELIVERY_INFORMED);
}

static void delivery_due(struct node *node, struct timer *timer, time_ns now)
{
    struct prefix_delivery *delivery = timer_owner(timer, struct prefix_delivery, timer);
    switch (delivery->state) {
    case DELIVERY_SCHEDULED:
        begin_transmitting(node, delivery, now);
        break;
    case DELIVERY_UNANSWERED:
        if (delivery->left == 0) {
            rest(node, delivery, DELIVERY_GIVEN_UP);
            break;
        }
        delivery->left--;
        delivery->wait *= 2;
        send_unsolicited(node, delivery, now);
        break;
    case DELIVERY_ANSWERING:
        answer(node, delivery, now);
        break;
    default:
        schedule(node, delivery, now);
        break;
    }
}

/* ---- as registrations come and go ---- */

void prefix_advertisement_registered(struct node *node, struct binding *binding, time_ns now)
{
    struct home_registration *home = binding->home;
    struct prefix_delivery *delivery = home->delivery;
    if (!agent_of(node)->configuration->prefix_advertisements)
        return;
    if (delivery) {
        if (delivery->state == DELIVERY_GIVEN_UP)
            begin_transmitting(node, delivery, now);
        return;
    }
    delivery = calloc(1, sizeof(*delivery));
    if (!delivery)
        return; /* the next Binding Update tries again */
    delivery->binding = binding;
    delivery->last_sent = NEVER_SENT;
    timer_init(&delivery->timer, delivery_due);
    home->delivery = delivery;
    schedule(node, delivery, now);
}

void prefix_advertisement_cancel(struct node *node, struct home_registration *home)
{
    if (!home->delivery)
        return;
    node_disarm(node, &home->delivery->timer);
    free(home->delivery);
    home->delivery = NULL;
}

struct change {
    struct node *node;
    time_ns now;
};

static void prefixes_changed_for(struct binding *binding, void *context)
{
    const struct change *change = context;
    struct prefix_delivery *delivery = binding->home ? binding->home->delivery : NULL;
    if (!delivery)
        return;
    switch (delivery->state) {
    case DELIVERY_UNANSWERED:
        delivery->left = PREFIX_ADV_RETRIES;
        break;
    case DELIVERY_GIVEN_UP:
    case DELIVERY_INFORMED:
        schedule(change->node, delivery, change->now);
        break;
    default:
        break; /* what waits will tell */
    }
}

void prefix_advertisement_prefixes_changed(struct node *node, time_ns now)
{
    struct change change = {node, now};
    binding_cache_each(&node->mobility->bindings, prefixes_changed_for, &change);
}

/* ---- solicitations (6.7, 10.6.2) ---- */

/* It must carry a Home Address option, and that is accepted from a binding's care-of address only (9.3.1). */
static struct prefix_delivery *delivery_for(const struct node *node, const struct inbound *in,
                                            enum discard_reason *reason)
{
    struct binding *binding = binding_cache_lookup(&node->mobility->bindings, &in->source);
    *reason = DISCARD_NONE;
    if (!in->has_home_address_option || !binding || !binding->home) {
        *reason = DISCARD_NO_BINDING;
        return NULL;
    }
    if (!binding->home->delivery)
        *reason = DISCARD_MOBILITY_ROLE; /* the operator wants none, or there was no memory */
    return binding->home->delivery;
}

void prefix_advertisement_solicited(struct node *node, struct inbound *in,
                                    const struct discovery_message *message, time_ns now)
{
    enum discard_reason reason;
    struct prefix_delivery *delivery = delivery_for(node, in, &reason);
    struct ipv6_address solicitor = in->wire_source;
    discovery_message_done(node, in, message, reason, now);
    if (!delivery)
        return;
    delivery->solicitor = solicitor;
    delivery->identifier = message->identifier;
    answer(node, delivery, now);
}
