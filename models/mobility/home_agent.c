/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * home_agent.c - the home agent's registrations (RFC 6275, 10.3).
 *
 *     home_agent.c             Binding Updates judged, acknowledged; the proxy on the home link (10.4.1)
 *     home_agent_packets.c     what packets go by while a binding lasts (10.4.2 to 10.4.5)
 *     home_agent_prefixes.c    the prefixes of the home link, and the other home agents there (10.5, 10.6)
 *
 * A registration is an entry of the node's Binding Cache with a home_registration behind it, in one of four
 * states. BU(0) is a Binding Update with lifetime 0, BA an acknowledgement with its status.
 *
 *     none                   --BU, detection is off---------> bound     proxy, unsolicited NA, BA 0
 *     none                   --BU---------------------------> pending   duplicate detection on the home link
 *     pending                --BU---------------------------> pending   newer care-of address and lifetime
 *     pending                --nobody answers---------------> bound     proxy, unsolicited NA, BA 0
 *     pending                --somebody answers-------------> none      BA 134
 *     bound                  --BU---------------------------> bound     BA 0 in the same instant
 *     bound                  --lifetime over----------------> none      proxy ends
 *     bound, pending, closed --BU(0)------------------------> closed    proxy ends, then BA 0
 *     closed                 --BU---------------------------> pending or bound, as from none
 *     closed                 --MAX_DELETE_BCE_TIMEOUT-------> none
 *
 * A closed entry remembers the sequence number, so that a Binding Update delayed on its way does not revive
 * the binding of a mobile node that is at home (10.3.2).
 *
 * `pending` and `closed` bindings are marked deleted: the Binding Cache gives them to nobody who wants to
 * route.
 *
 * A Binding Update is judged first (9.5.1, 10.3.1, 10.3.2, in their order), with nothing changed but the room
 * made for a new entry; then it is reported; then it takes effect. What must be discarded silently is looked
 * for before what is answered, since an update that fails a silent test must not be answered for another
 * fault.
 *
 * Where the RFC leaves a choice:
 * - A home address that is nobody's here is refused with 133 already at registration (10.3.1: "any other
 * reason").
 * - A care-of address that would lead the tunnel back into itself, one of the home agent's own, is refused
 * with 174. The home address as care-of address deregisters, whatever the lifetime, as in RFC 3775 (9.5.1).
 * - A deregistration repeated while the entry is closed, its acknowledgement being lost, is accepted again.
 * - The L bit, when it changes in a refresh, is followed without a test: 10.3.1 tests at the first
 * registration only.
 * - The K bit is never granted: there is no dynamically keyed security association to move.
 */
#include "models/mobility/home_agent.h"

#include <stdlib.h>

#include "models/base/error.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/node.h"
#include "models/mobility/mobility.h"
#include "models/mobility/prefix_advertisement.h"

const struct home_agent_configuration home_agent_configuration_default = {
    .lifetime_limit = 900, /* an hour */
    .duplicate_detection = true,
    .prefix_advertisements = true,
    .prefix_interval_least = MIN_MOB_PFX_ADV_INTERVAL,
    .prefix_interval_most = MAX_MOB_PFX_ADV_INTERVAL,
};

/* -- clients: a hash set of addresses, the unspecified address being a free place -- */

#define CLIENTS_CAPACITY_LEAST 8u

struct home_agent_clients {
    uint32_t count;
    uint32_t capacity; /* power of two */
    struct ipv6_address addresses[];
};

/* Where the address is, or would be. */
static struct ipv6_address *client_place(struct home_agent_clients *clients,
                                         const struct ipv6_address *address)
{
    uint32_t at = (uint32_t)ipv6_address_hash(address) & (clients->capacity - 1);
    while (!ipv6_address_is_unspecified(&clients->addresses[at]) &&
           !ipv6_address_equal(&clients->addresses[at], address))
        at = (at + 1) & (clients->capacity - 1);
    return &clients->addresses[at];
}

/* Room for one more, at most three quarters full. */
static int clients_grow(struct home_agent *agent)
{
    struct home_agent_clients *old = agent->clients;
    if (old && (uint64_t)(old->count + 1) * 4 <= (uint64_t)old->capacity * 3)
        return 0;
    uint32_t capacity = old ? old->capacity * 2 : CLIENTS_CAPACITY_LEAST;
    struct home_agent_clients *clients =
        calloc(1, sizeof(*clients) + capacity * sizeof(clients->addresses[0]));
    if (!clients)
        return ERROR_MEMORY;
    clients->capacity = capacity;
    for (uint32_t i = 0; old && i < old->capacity; i++) {
        if (!ipv6_address_is_unspecified(&old->addresses[i]))
            *client_place(clients, &old->addresses[i]) = old->addresses[i];
    }
    clients->count = old ? old->count : 0;
    free(old);
    agent->clients = clients;
    return 0;
}

/* Under a prefix of the home link that is valid (10.3.1). */
static bool is_of_home_link(const struct home_agent *agent, const struct ipv6_address *address, time_ns now)
{
    return home_prefix_list_find(&agent->prefixes, address, now) != NULL;
}

int home_agent_serve(struct node *node, const struct ipv6_address *home_address)
{
    struct home_agent *agent = node->mobility ? node->mobility->home_agent : NULL;
    if (!agent || !ipv6_prefix_match(home_address, &agent->home_prefix, agent->home_prefix_length) ||
        !ipv6_address_is_unicast_routable(home_address))
        return ERROR_ARGUMENT;
    int error = clients_grow(agent);
    if (error != 0)
        return error;
    struct ipv6_address *place = client_place(agent->clients, home_address);
    if (!ipv6_address_is_unspecified(place))
        return ERROR_EXISTS;
    *place = *home_address;
    agent->clients->count++;
    return 0;
}

static bool serves(const struct home_agent *agent, const struct ipv6_address *home_address)
{
    if (agent->configuration->anyone)
        return true;
    if (!agent->clients)
        return false;
    if (!ipv6_address_is_unspecified(client_place(agent->clients, home_address)))
        return true;
    /* After a renumbering: the same mobile node under another prefix. */
    struct ipv6_address known = ipv6_address_join(&agent->home_prefix, home_address);
    return agent->home_prefix_length == 64 &&
           !ipv6_address_is_unspecified(client_place(agent->clients, &known));
}

/* -- acknowledgements -- */

/* Where an acknowledgement goes (9.5.4, 10.3.2). */
struct reply {
    struct ipv6_address from;
    struct ipv6_address to;
    struct ipv6_address home_address;
    bool direct; /* the update came from the home address: no routing header */
};

static struct reply reply_of(const struct binding *binding)
{
    const struct home_registration *home = binding->home;
    return (struct reply){home->reply_from, home->reply_to, binding->home_address, home->reply_direct};
}

/*
 * A mobile node on its home link is spoken to directly there. That matters while the home agent is still its
 * proxy, as it is when it refuses the deregistration (10.3.2): no route and no binding leads to the mobile
 * node itself.
 */
static void send_acknowledgement(struct node *node, const struct reply *reply,
                                 struct mobility_message *message, time_ns now)
{
    struct home_agent *agent = node->mobility->home_agent;
    struct outbound out = OUTBOUND_INITIALIZER;
    out.source = reply->from;
    out.destination = reply->home_address;
    out.routed = true;
    if (!reply->direct) {
        out.type_2_routing = true;
        out.wire_destination = reply->to;
    } else if (agent && is_of_home_link(agent, &reply->home_address, now)) {
        out.interface = agent->home_interface;
        out.next_hop = &reply->home_address;
    }
    (void)mobility_send(node, &out, message, NULL, NULL, NULL, now); /* a refusal has been reported */
}

static void send_refusal(struct node *node, const struct reply *reply, enum binding_status status,
                         uint16_t sequence, time_ns now)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_ACKNOWLEDGEMENT};
    message.acknowledgement.status = (uint8_t)status;
    message.acknowledgement.sequence = sequence;
    send_acknowledgement(node, reply, &message, now);
}

/* In whole units of 4 s (10.3.1); TIME_NEVER: more than any binding has. */
static uint16_t lifetime_units(time_ns duration)
{
    time_ns units = duration / (SECONDS(1) * BINDING_LIFETIME_UNIT);
    return units > UINT16_MAX ? UINT16_MAX : (uint16_t)units;
}

/* The prefix of the home address is deprecated, or becomes so while the binding lasts, or ends with it
 * (10.3.1). */
static enum binding_status acceptance_status(const struct home_agent *agent, const struct binding *binding,
                                             time_ns now)
{
    const struct home_prefix *prefix = home_prefix_list_find(&agent->prefixes, &binding->home_address, now);
    if (binding->lifetime == 0 || !prefix)
        return BINDING_ACCEPTED;
    /* Not lifetime_units(), whose most is a binding's. */
    time_ns unit = SECONDS(1) * BINDING_LIFETIME_UNIT;
    bool soon = home_prefix_preferred(prefix, now) / unit < binding->lifetime ||
                home_prefix_valid(prefix, now) / unit <= binding->lifetime;
    return soon ? BINDING_ACCEPTED_PREFIX_DISCOVERY : BINDING_ACCEPTED;
}

/* The binding's lifetime is what has been granted; 0 after deregistration. */
static void send_acceptance(struct node *node, const struct binding *binding, time_ns now)
{
    uint16_t advice = node->mobility->home_agent->configuration->refresh_advice;
    struct reply reply = reply_of(binding);
    struct mobility_message message = {.type = MOBILITY_BINDING_ACKNOWLEDGEMENT};
    message.acknowledgement.status = (uint8_t)acceptance_status(node->mobility->home_agent, binding, now);
    message.acknowledgement.sequence = binding->sequence;
    message.acknowledgement.lifetime = binding->lifetime;
    message.has_refresh_advice = advice != 0 && advice < binding->lifetime;
    message.refresh_interval = advice;
    send_acknowledgement(node, &reply, &message, now);
}

/* -- interception on the home link (10.4.1) -- */

static struct ipv6_address link_local_of(const struct ipv6_address *home_address)
{
    static const struct ipv6_address prefix = {.octets = {0xfe, 0x80}};
    return ipv6_address_join(&prefix, home_address);
}

static int begin_proxy(struct node *node, const struct ipv6_address *address, time_ns now)
{
    struct interface *interface = node->mobility->home_agent->home_interface;
    int error = proxy_add(node, interface, address);
    /* The advertisement overrides what all others on the link know (10.4.1). The home agent does not hear it:
     * it would send the acknowledgement of a return by another interface to the one that was there before. */
    if (error == 0)
        neighbor_forget(node, interface, address);
    if (error == 0)
        neighbor_advertise(node, interface, address, true, MAX_NEIGHBOR_ADVERTISEMENT, now);
    return error == ERROR_EXISTS ? 0 : error;
}

static void end_proxy(struct node *node, const struct ipv6_address *address)
{
    (void)proxy_remove(node, node->mobility->home_agent->home_interface, address); /* there may be none */
}

static void end_interception(struct node *node, const struct binding *binding)
{
    struct ipv6_address link_local = link_local_of(&binding->home_address);
    end_proxy(node, &binding->home_address);
    end_proxy(node, &link_local);
}

/* Also follows a change of the L bit. */
static int begin_interception(struct node *node, const struct binding *binding, time_ns now)
{
    struct ipv6_address link_local = link_local_of(&binding->home_address);
    int error = begin_proxy(node, &binding->home_address, now);
    if (error == 0 && binding->home->link_local)
        error = begin_proxy(node, &link_local, now);
    else
        end_proxy(node, &link_local);
    if (error != 0)
        end_interception(node, binding);
    return error;
}

/* -- registrations -- */

static bool is_bound(const struct binding *binding)
{
    return !binding->deleted;
}

/* Duplicate detection at the first registration (10.3.1): hardly ever needed, so a block of its own. */
struct home_registration_tests {
    struct home_registration *home;
    struct duplicate_probe home_address;
    struct duplicate_probe link_local; /* the link-local address made from the home address, with the L bit */
    uint8_t left;                      /* without a result */
};

static void end_tests(struct node *node, struct home_registration *home)
{
    home->pending = false;
    if (!home->tests)
        return;
    duplicate_probe_cancel(node, &home->tests->home_address);
    duplicate_probe_cancel(node, &home->tests->link_local);
    free(home->tests);
    home->tests = NULL;
}

/* From bound or pending to closed: nothing is intercepted any more. */
static void close_registration(struct node *node, struct binding *binding)
{
    if (is_bound(binding))
        end_interception(node, binding);
    else if (!binding->home->pending)
        return;
    end_tests(node, binding->home);
    prefix_advertisement_cancel(node, binding->home);
    node_disarm(node, &binding->timer);
    binding->deleted = true;
    node->mobility->home_agent->registrations--;
}

static void remove_registration(struct node *node, struct binding *binding)
{
    close_registration(node, binding);
    free(binding->home);
    binding->home = NULL;
    binding_cache_remove(&node->mobility->bindings, &node->timers, binding);
}

/* The lifetime of a bound entry is over, or a closed one has been kept long enough. */
static void binding_due(struct node *node, struct timer *timer, time_ns now)
{
    struct binding *binding = timer_owner(timer, struct binding, timer);
    if (is_bound(binding))
        mobility_report_binding(node, EVENT_BINDING_EXPIRED, binding, now);
    remove_registration(node, binding);
}

/* The RFC's bounds (10.3.1, 10.6.4): what is asked for, what is left of the prefix, and the operator's own.
 * */
static uint16_t granted_lifetime(const struct home_agent *agent, const struct binding *binding, time_ns now)
{
    uint16_t granted = binding->home->requested_lifetime, limit = agent->configuration->lifetime_limit;
    const struct home_prefix *prefix = home_prefix_list_find(&agent->prefixes, &binding->home_address, now);
    uint16_t left = prefix ? lifetime_units(home_prefix_valid(prefix, now)) : 0;
    if (limit != 0 && limit < granted)
        granted = limit;
    return left < granted ? left : granted;
}

/* What was judged acceptable cannot be had after all. */
static void refuse_registration(struct node *node, struct binding *binding, enum binding_status status,
                                time_ns now)
{
    struct reply reply = reply_of(binding);
    uint16_t sequence = binding->sequence;
    remove_registration(node, binding);
    send_refusal(node, &reply, status, sequence, now);
}

/* Grants what the last Binding Update asks for. */
static void bind_home_address(struct node *node, struct binding *binding, time_ns now)
{
    struct home_agent *agent = node->mobility->home_agent;
    struct home_registration *home = binding->home;
    bool refreshed = is_bound(binding);
    uint16_t lifetime = granted_lifetime(agent, binding, now);
    if (lifetime == 0) { /* the prefix is as good as gone */
        refuse_registration(node, binding, BINDING_NOT_HOME_SUBNET, now);
        return;
    }
    if (begin_interception(node, binding, now) != 0) {
        refuse_registration(node, binding, BINDING_INSUFFICIENT_RESOURCES, now);
        return;
    }
    end_tests(node, home);
    binding->deleted = false;
    binding->lifetime = lifetime;
    binding->expires = time_add(now, SECONDS(BINDING_LIFETIME_UNIT) * binding->lifetime);
    node_arm(node, &binding->timer, binding->expires);
    mobility_report_binding(node, refreshed ? EVENT_BINDING_UPDATED : EVENT_BINDING_CREATED, binding, now);
    send_acceptance(node, binding, now);
    prefix_advertisement_registered(node, binding, now);
}

/* -- duplicate detection at the first registration (10.3.1) -- */

static bool wants_detection(const struct node *node)
{
    const struct home_agent *agent = node->mobility->home_agent;
    return agent->configuration->duplicate_detection &&
           node->configuration->duplicate_detection_transmits != 0 &&
           agent->home_interface->kind == INTERFACE_ETHERNET;
}

static void test_done(struct node *node, struct home_registration_tests *tests, bool duplicate, time_ns now)
{
    struct binding *binding = tests->home->binding;
    tests->left--;
    if (duplicate)
        refuse_registration(node, binding, BINDING_DUPLICATE_DETECTION_FAILED, now);
    else if (tests->left == 0)
        bind_home_address(node, binding, now);
}

static void home_address_tested(struct node *node, struct duplicate_probe *probe, bool duplicate, time_ns now)
{
    test_done(node, timer_owner(probe, struct home_registration_tests, home_address), duplicate, now);
}

static void link_local_tested(struct node *node, struct duplicate_probe *probe, bool duplicate, time_ns now)
{
    test_done(node, timer_owner(probe, struct home_registration_tests, link_local), duplicate, now);
}

static int test_address(struct node *node, struct home_registration_tests *tests,
                        struct duplicate_probe *probe, const struct ipv6_address *address,
                        void (*done)(struct node *, struct duplicate_probe *, bool, time_ns), time_ns now)
{
    int error =
        duplicate_probe_start(node, probe, node->mobility->home_agent->home_interface, address, done, now);
    if (error == 0)
        tests->left++;
    return error;
}

static int test_link_local(struct node *node, struct home_registration *home, time_ns now)
{
    struct ipv6_address link_local = link_local_of(&home->binding->home_address);
    if (home->tests->link_local.active) /* the L bit has come, gone and come again meanwhile */
        return 0;
    return test_address(node, home->tests, &home->tests->link_local, &link_local, link_local_tested, now);
}

static int test_addresses(struct node *node, struct home_registration *home, time_ns now)
{
    home->tests = calloc(1, sizeof(*home->tests));
    if (!home->tests)
        return ERROR_MEMORY;
    home->tests->home = home;
    int error = test_address(node, home->tests, &home->tests->home_address, &home->binding->home_address,
                             home_address_tested, now);
    return error == 0 && home->link_local ? test_link_local(node, home, now) : error;
}

/* -- judging a Binding Update -- */

/* A Binding Update in the terms of 9.5.1. */
struct update {
    const struct mobility_message *message;
    struct reply reply;
    struct ipv6_address care_of_address;
    bool deletion; /* lifetime 0; or, as RFC 3775 had it (9.5.1), the care-of address is the home address */
    bool has_home_address_option;
    struct binding *binding; /* the Binding Cache entry for the home address, in any state; NULL: none */
};

struct verdict {
    enum discard_reason reason; /* DISCARD_NONE: accepted */
    int status;                 /* to be answered if it is not; -1: silence */
};

static const struct verdict accepted = {DISCARD_NONE, -1};

static struct update update_read(struct node *node, const struct inbound *in,
                                 const struct mobility_message *message)
{
    struct update update = {
        .message = message,
        .reply =
            {
                .from = in->destination,
                .to = in->wire_source,
                .home_address = in->has_home_address_option ? in->home_address : in->source,
            },
        .has_home_address_option = in->has_home_address_option,
    };
    update.reply.direct = ipv6_address_equal(&update.reply.to, &update.reply.home_address);
    update.care_of_address =
        message->has_alternate_care_of_address ? message->alternate_care_of_address : in->wire_source;
    update.deletion = message->update.lifetime == 0 ||
                      ipv6_address_equal(&update.care_of_address, &update.reply.home_address);
    update.binding = binding_cache_find(&node->mobility->bindings, &update.reply.home_address);
    return update;
}

/* What must not be answered (9.5.1, 6.1.7, 9.5.4). */
static enum discard_reason silent_fault(const struct node *node, const struct update *update)
{
    const struct ipv6_address *source = &update->reply.to;
    /* To a group, or an anycast address: no acknowledgement could come from there (9.5.4). */
    if (!address_find(node, &update->reply.from))
        return DISCARD_DESTINATION_ADDRESS;
    if (!ipv6_address_is_unicast_routable(&update->reply.home_address))
        return DISCARD_HOME_ADDRESS_NOT_ROUTABLE;
    if (update->message->has_nonce_indices)
        return DISCARD_MOBILITY_OPTION;
    if (!ipv6_address_is_unicast_routable(&update->care_of_address))
        return DISCARD_CARE_OF_ADDRESS;
    if (ipv6_address_is_unspecified(source) || ipv6_address_is_multicast(source))
        return DISCARD_SOURCE_ADDRESS;
    return DISCARD_NONE;
}

/* 9.5.1. What a correspondent's code keeps of a deleted binding is not a binding. */
static struct verdict judge_entry(const struct node *node, const struct update *update)
{
    const struct binding *binding = update->binding;
    if (!binding || (!binding->home && binding->deleted))
        return accepted;
    if (sequence_not_greater(update->message->update.sequence, binding->sequence) &&
        !node_is_unsafe(node, NO_SEQUENCE_CHECK))
        return (struct verdict){DISCARD_SEQUENCE_NUMBER, BINDING_SEQUENCE_OUT_OF_WINDOW};
    if (!binding->home)
        return (struct verdict){DISCARD_REGISTRATION_TYPE, BINDING_REGISTRATION_TYPE_CHANGE};
    return accepted;
}

static bool is_own_address(const struct node *node, const struct ipv6_address *address)
{
    return ipv6_is_own_address(node, node->mobility->home_agent->home_interface, address);
}

/* 10.3.1 */
static struct verdict judge_registration(const struct node *node, const struct update *update, time_ns now)
{
    const struct home_agent *agent = node->mobility->home_agent;
    const struct ipv6_address *home_address = &update->reply.home_address;
    if (!agent)
        return (struct verdict){DISCARD_MOBILITY_ROLE, BINDING_HOME_REGISTRATION_NOT_SUPPORTED};
    if (!is_of_home_link(agent, home_address, now))
        return (struct verdict){DISCARD_MOBILITY_ROLE, BINDING_NOT_HOME_SUBNET};
    if (!serves(agent, home_address))
        return (struct verdict){DISCARD_MOBILITY_ROLE, BINDING_NOT_HOME_AGENT};
    if (is_own_address(node, home_address))
        return (struct verdict){DISCARD_DUPLICATE_ADDRESS, BINDING_DUPLICATE_DETECTION_FAILED};
    if (is_own_address(node, &update->care_of_address))
        return (struct verdict){DISCARD_CARE_OF_ADDRESS, BINDING_INVALID_CARE_OF_ADDRESS};
    if (!update->has_home_address_option)
        return (struct verdict){DISCARD_HOME_ADDRESS_OPTION, -1};
    return accepted;
}

/* 10.3.2 */
static struct verdict judge_deregistration(const struct update *update)
{
    if (!update->binding || !update->binding->home)
        return (struct verdict){DISCARD_NO_BINDING, BINDING_NOT_HOME_AGENT};
    return accepted;
}

/* An entry of the Binding Cache that may be bound: the one there is, or a new one, closed. False: there is no
 * room. */
static bool make_room(struct node *node, struct update *update)
{
    struct home_agent *agent = node->mobility->home_agent;
    struct binding *binding = update->binding;
    uint32_t limit = agent->configuration->binding_limit;
    if (binding && binding->home && (is_bound(binding) || binding->home->pending))
        return true;
    if (limit != 0 && agent->registrations >= limit)
        return false;
    if (binding && binding->home)
        return true;
    struct home_registration *home = calloc(1, sizeof(*home));
    if (!home)
        return false;
    /* What was left of a correspondent registration gives way: there is one entry for a home address. */
    if (binding)
        binding_cache_remove(&node->mobility->bindings, &node->timers, binding);
    binding = binding_cache_add(&node->mobility->bindings, &update->reply.home_address, binding_due);
    if (!binding) {
        free(home);
        update->binding = NULL;
        return false;
    }
    home->binding = binding;
    binding->home = home;
    binding->deleted = true;
    update->binding = binding;
    return true;
}

static struct verdict judge(struct node *node, struct update *update, time_ns now)
{
    enum discard_reason fault = silent_fault(node, update);
    if (fault != DISCARD_NONE)
        return (struct verdict){fault, -1};
    struct verdict verdict = judge_entry(node, update);
    if (verdict.reason != DISCARD_NONE)
        return verdict;
    if (update->deletion)
        return judge_deregistration(update);
    verdict = judge_registration(node, update, now);
    if (verdict.reason == DISCARD_NONE && !make_room(node, update))
        return (struct verdict){DISCARD_BINDING_LIMIT, BINDING_INSUFFICIENT_RESOURCES};
    return verdict;
}

/* -- an accepted Binding Update takes effect -- */

static void register_home_address(struct node *node, const struct update *update, time_ns now)
{
    struct binding *binding = update->binding;
    struct home_registration *home = binding->home;
    bool link_local_before = home->link_local;
    binding->care_of_address = update->care_of_address;
    home->requested_lifetime = update->message->update.lifetime;
    home->link_local = update->message->update.link_local;
    home->key_management = update->message->update.key_management;
    int error = 0;
    if (home->pending) {
        if (home->link_local && !link_local_before)
            error = test_link_local(node, home, now);
    } else if (is_bound(binding)) {
        bind_home_address(node, binding, now);
    } else {
        node_disarm(node, &binding->timer);
        node->mobility->home_agent->registrations++;
        home->pending = true;
        if (wants_detection(node))
            error = test_addresses(node, home, now);
        else
            bind_home_address(node, binding, now);
    }
    if (error != 0) /* untested, the address might be another's */
        refuse_registration(node, binding, BINDING_INSUFFICIENT_RESOURCES, now);
}

/* The mobile node must be the only one to answer for its address when the acknowledgement looks for it
 * (11.5.5). */
static void deregister_home_address(struct node *node, const struct update *update, time_ns now)
{
    struct binding *binding = update->binding;
    if (is_bound(binding))
        mobility_report_binding(node, EVENT_BINDING_DELETED, binding, now);
    close_registration(node, binding);
    binding->lifetime = 0;
    node_arm(node, &binding->timer, now + MAX_DELETE_BCE_TIMEOUT);
    send_acceptance(node, binding, now);
}

static void take_effect(struct node *node, const struct update *update, time_ns now)
{
    struct binding *binding = update->binding;
    struct home_registration *home = binding->home;
    binding->sequence = update->message->update.sequence;
    home->reply_from = update->reply.from;
    home->reply_to = update->reply.to;
    home->reply_direct = update->reply.direct;
    if (update->deletion)
        deregister_home_address(node, update, now);
    else
        register_home_address(node, update, now);
}

void home_agent_binding_update(struct node *node, struct inbound *in, const struct mobility_message *message,
                               time_ns now)
{
    struct update update = update_read(node, in, message);
    struct verdict verdict = judge(node, &update, now);
    mobility_message_done(node, in, message, verdict.reason, now);
    if (verdict.reason == DISCARD_NONE) {
        take_effect(node, &update, now);
    } else if (verdict.status >= 0) {
        bool out_of_window = verdict.status == BINDING_SEQUENCE_OUT_OF_WINDOW;
        uint16_t sequence = out_of_window ? update.binding->sequence : message->update.sequence;
        send_refusal(node, &update.reply, (enum binding_status)verdict.status, sequence, now);
    }
}

/* -- the end -- */

static void release_registration(struct binding *binding, void *context)
{
    struct node *node = context;
    if (!binding->home)
        return;
    end_tests(node, binding->home);
    prefix_advertisement_cancel(node, binding->home);
    free(binding->home);
    binding->home = NULL;
    binding->deleted = true;
}

struct loss {
    struct node *node;
    time_ns now;
};

static void lose_registration(struct binding *binding, void *context)
{
    const struct loss *loss = context;
    if (!binding->home)
        return;
    if (is_bound(binding))
        mobility_report_binding(loss->node, EVENT_BINDING_DELETED, binding, loss->now);
    remove_registration(loss->node, binding);
}

void home_agent_lose_bindings(struct node *node, time_ns now)
{
    struct loss loss = {node, now};
    if (node->mobility && node->mobility->home_agent)
        binding_cache_each(&node->mobility->bindings, lose_registration, &loss);
}

void home_agent_free(struct node *node)
{
    struct home_agent *agent = node->mobility ? node->mobility->home_agent : NULL;
    if (!agent)
        return;
    binding_cache_each(&node->mobility->bindings, release_registration, node);
    agent->registrations = 0;
    home_agents_list_free(&agent->home_agents);
    free(agent->clients);
    agent->clients = NULL;
}
