/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mobility.c - what RFC 6275 adds to an IPv6 node: the roles' life, the table of hooks, and the Mobility
 * Header's way in and out (RFC 6275, 6.1, 8.2, 9.2, 9.3.3).
 *
 * The hooks dispatch and decide nothing, with one exception: Mobility Header messages bypass the Binding
 * Cache and the Binding Update List (6.1), so a correspondent node's bindings are not asked when one is sent.
 * They do not bypass the roles' topology: a mobile node that is away reverse tunnels what comes from its home
 * address, and a home agent tunnels what goes to a mobile node that it serves.
 *
 * A message that has passed the checks of 9.2 belongs to one role; which one, and whether a Home Address
 * option or a type 2 routing header may come with it (6.1: only with a Binding Update, only with a Binding
 * Acknowledgement), stands in one table.
 */
#include "models/mobility/mobility.h"

#include <stdlib.h>
#include <string.h>

#include "models/base/error.h"
#include "models/ipsec/ipsec.h"
#include "models/ipv6/address_configuration.h"
#include "models/ipv6/icmpv6.h"
#include "models/ipv6/ipv6.h"
#include "models/mobility/discovery_message.h"
#include "models/mobility/keygen.h"
#include "models/mobility/static_key.h"

/* A Mobility Header of this program's making is far shorter: BU with every option is 56 octets. */
#define MESSAGE_ROOM 128

/* ---- life ---- */

int mobility_enable(struct node *node, const struct correspondent_node_configuration *configuration,
                    time_ns now)
{
    if (node->mobility)
        return ERROR_EXISTS;
    if (!configuration || configuration->nonce_interval <= 0)
        return ERROR_ARGUMENT;
    struct mobility *mobility = calloc(1, sizeof(*mobility));
    if (!mobility)
        return ERROR_MEMORY;
    mobility->correspondent.configuration = configuration;
    mobility->correspondent.started = now;
    node->mobility = mobility;
    node->extension = &mobility_extension;
    return 0;
}

int mobility_add_home_agent(struct node *node, const struct home_agent_configuration *configuration,
                            unsigned home_interface, const struct ipv6_address *address,
                            const struct ipv6_address *home_prefix, unsigned prefix_length, time_ns now)
{
    if (!node->mobility || !configuration || home_interface >= node->interface_count || prefix_length > 128 ||
        !ipv6_address_is_unicast_routable(address))
        return ERROR_ARGUMENT;
    if (node->mobility->home_agent)
        return ERROR_EXISTS;
    struct home_agent *home_agent = calloc(1, sizeof(*home_agent));
    if (!home_agent)
        return ERROR_MEMORY;
    home_agent->configuration = configuration;
    home_agent->home_interface = &node->interfaces[home_interface];
    home_agent->address = *address;
    home_agent->home_prefix = ipv6_prefix_of(home_prefix, prefix_length);
    home_agent->home_prefix_length = (uint8_t)prefix_length;
    node->mobility->home_agent = home_agent;
    int error = home_agent_begin(node, now);
    if (error) {
        node->mobility->home_agent = NULL;
        free(home_agent);
    }
    return error;
}

static bool is_fit_for_home(const struct mobile_node_configuration *configuration,
                            const struct ipv6_address *home_address, unsigned home_prefix_length,
                            const struct ipv6_address *home_agent)
{
    bool to_be_found = configuration->discover_home_agents && ipv6_address_is_unspecified(home_agent);
    return home_prefix_length <= 128 && ipv6_address_is_unicast_routable(home_address) &&
           (to_be_found || ipv6_address_is_unicast_routable(home_agent));
}

static void init_home(struct mobile_home *home, const struct ipv6_address *home_address,
                      unsigned home_prefix_length, const struct ipv6_address *home_agent)
{
    home->home_address = *home_address;
    home->home_agent = *home_agent;
    home->home_prefix_length = (uint8_t)home_prefix_length;
}

/* Behind what every node has that understands the Mobility Header: a block of its own would cost each mobile
 * node sixteen octets, and one cache miss an advertisement. NULL: no memory, and nothing has changed. */
static struct mobile_node *make_room(struct node *node)
{
    struct mobility *mobility = realloc(node->mobility, sizeof(*mobility) + sizeof(struct mobile_node));
    if (!mobility)
        return NULL;
    node->mobility = mobility;
    return (struct mobile_node *)(void *)(mobility + 1);
}

int mobility_add_mobile_node(struct node *node, const struct mobile_node_configuration *configuration,
                             unsigned interface, const struct ipv6_address *home_address,
                             unsigned home_prefix_length, const struct ipv6_address *home_agent, time_ns now)
{
    if (!node->mobility || !configuration || interface >= node->interface_count ||
        !is_fit_for_home(configuration, home_address, home_prefix_length, home_agent))
        return ERROR_ARGUMENT;
    if (node->mobility->mobile_node)
        return ERROR_EXISTS;
    struct mobile_node *mobile_node = make_room(node);
    if (!mobile_node)
        return ERROR_MEMORY;
    *mobile_node = (struct mobile_node){.configuration = configuration};
    mobile_node->interface = &node->interfaces[interface];
    init_home(&mobile_node->home, home_address, home_prefix_length, home_agent);
    node->mobility->mobile_node = mobile_node;
    /* Where the node will start is not known yet, so the address is not defended until the home link has been
     * detected. */
    int error =
        address_add(node, interface, home_address, home_prefix_length, ADDRESS_HOME, false, false, now);
    if (error)
        node->mobility->mobile_node = NULL;
    return error;
}

int mobility_add_home_address(struct node *node, const struct ipv6_address *home_address,
                              unsigned home_prefix_length, const struct ipv6_address *home_agent, time_ns now)
{
    struct mobile_node *mobile_node = node->mobility ? node->mobility->mobile_node : NULL;
    if (!mobile_node ||
        !is_fit_for_home(mobile_node->configuration, home_address, home_prefix_length, home_agent))
        return ERROR_ARGUMENT;
    unsigned count = 1;
    struct mobile_home *last = &mobile_node->home;
    for (; last->next; last = last->next)
        count++;
    if (count == MOBILE_HOMES_MAX)
        return ERROR_CAPACITY;
    struct mobile_home *home = calloc(1, sizeof(*home));
    if (!home)
        return ERROR_MEMORY;
    init_home(home, home_address, home_prefix_length, home_agent);
    int error = address_add(node, mobile_node->interface->index, home_address, home_prefix_length,
                            ADDRESS_HOME, false, false, now);
    if (error)
        free(home);
    else
        last->next = home;
    return error;
}

void mobility_reconfigure(struct node *node, const struct correspondent_node_configuration *correspondent,
                          const struct home_agent_configuration *home_agent,
                          const struct mobile_node_configuration *mobile_node)
{
    struct mobility *mobility = node->mobility;
    if (!mobility)
        return;
    if (correspondent)
        mobility->correspondent.configuration = correspondent;
    if (home_agent && mobility->home_agent)
        mobility->home_agent->configuration = home_agent;
    if (mobile_node && mobility->mobile_node)
        mobility->mobile_node->configuration = mobile_node;
}

void mobility_free(struct node *node)
{
    struct mobility *mobility = node->mobility;
    if (!mobility)
        return;
    if (mobility->mobile_node)
        mobile_node_free(node);
    if (mobility->home_agent)
        home_agent_free(node);
    binding_cache_free(&mobility->bindings, &node->timers);
    correspondent_node_free(&mobility->correspondent);
    free(mobility->home_agent);
    free(mobility);
    node->mobility = NULL;
    node->extension = NULL;
}

/* ---- reports ---- */

/* What the message says of itself, into the event. */
static void event_describe(struct protocol_event *event, const struct mobility_message *message)
{
    event->message = mobility_type_name(message->type);
    switch (message->type) {
    case MOBILITY_BINDING_UPDATE:
        event->sequence = message->update.sequence;
        event->lifetime = message->update.lifetime * BINDING_LIFETIME_UNIT;
        break;
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
        event->sequence = message->acknowledgement.sequence;
        event->status = message->acknowledgement.status;
        event->lifetime = message->acknowledgement.lifetime * BINDING_LIFETIME_UNIT;
        break;
    case MOBILITY_BINDING_ERROR:
        event->status = message->error.status;
        event->home_address = &message->error.home_address;
        break;
    default:
        break;
    }
}

/* Which of the packet's addresses are the mobile node's: in messages to it, and from it (5.2.5, 5.2.6). */
static void event_name_addresses(struct protocol_event *event, unsigned type,
                                 const struct ipv6_address *home_source,
                                 const struct ipv6_address *wire_source,
                                 const struct ipv6_address *home_destination,
                                 const struct ipv6_address *wire_destination)
{
    switch (type) {
    case MOBILITY_HOME_TEST_INIT:
        event->home_address = home_source;
        break;
    case MOBILITY_CARE_OF_TEST_INIT:
        event->care_of_address = wire_source;
        break;
    case MOBILITY_HOME_TEST:
    case MOBILITY_BINDING_REFRESH_REQUEST:
        event->home_address = home_destination;
        break;
    case MOBILITY_CARE_OF_TEST:
        event->care_of_address = wire_destination;
        break;
    case MOBILITY_BINDING_UPDATE:
        event->home_address = home_source;
        event->care_of_address = wire_source;
        break;
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
        event->home_address = home_destination;
        event->care_of_address = wire_destination;
        break;
    default:
        break;
    }
}

static void report_sent(struct node *node, const struct outbound *out, const struct mobility_message *message,
                        const struct ipv6_address *care_of_address, time_ns now)
{
    if (!environment_watches(node->environment, EVENT_MESSAGE_SENT))
        return;
    const struct ipv6_address *wire_source = out->home_address_option ? &out->wire_source : &out->source;
    const struct ipv6_address *wire_destination =
        out->type_2_routing ? &out->wire_destination : &out->destination;
    struct protocol_event event = {
        .kind = EVENT_MESSAGE_SENT,
        .time = now,
        .interface = out->interface ? out->interface->index : 0,
        .source = &out->source,
        .destination = &out->destination,
        .wire_source = out->home_address_option ? &out->wire_source : NULL,
        .wire_destination = out->type_2_routing ? &out->wire_destination : NULL,
        .sequence = -1,
        .status = -1,
        .lifetime = -1,
        .octets = out->octets,
        .tunnelled = out->tunnel,
        .protected_by_esp = out->protected_by_esp,
    };
    event_name_addresses(&event, message->type, &out->source, wire_source, &out->destination,
                         wire_destination);
    event_describe(&event, message);
    if (care_of_address)
        event.care_of_address = care_of_address;
    node->environment->operations->report(node->environment, &event);
}

void mobility_report_binding(struct node *node, enum protocol_event_kind kind, const struct binding *binding,
                             time_ns now)
{
    if (!environment_watches(node->environment, kind))
        return;
    struct protocol_event event = {
        .kind = kind,
        .time = now,
        .home_address = &binding->home_address,
        .care_of_address = &binding->care_of_address,
        .sequence = binding->sequence,
        .status = -1,
        .lifetime = binding->lifetime * BINDING_LIFETIME_UNIT,
    };
    node->environment->operations->report(node->environment, &event);
}

void mobility_message_done(struct node *node, struct inbound *in, const struct mobility_message *message,
                           enum discard_reason reason, time_ns now)
{
    enum protocol_event_kind kind = reason == DISCARD_NONE ? EVENT_MESSAGE_RECEIVED : EVENT_MESSAGE_DISCARDED;
    if (reason != DISCARD_NONE)
        node->discards++;
    if (environment_watches(node->environment, kind)) {
        struct protocol_event event = {
            .kind = kind,
            .reason = reason,
            .time = now,
            .interface = in->interface ? in->interface->index : 0,
            .source = &in->source,
            .destination = &in->destination,
            .wire_source = in->has_home_address_option ? &in->wire_source : NULL,
            .wire_destination = in->has_type_2_routing ? &in->wire_destination : NULL,
            .packet = in->packet,
            .sequence = -1,
            .status = -1,
            .lifetime = -1,
            .octets = in->packet->length + in->esp_octets + (uint32_t)in->tunnel_depth * IPV6_HEADER_LENGTH,
            .tunnelled = in->tunnel_depth > 0,
            .protected_by_esp = in->esp_octets > 0,
        };
        event_name_addresses(&event, message->type, &in->source, &in->wire_source, &in->destination,
                             &in->wire_destination);
        event_describe(&event, message);
        if (message->type == MOBILITY_BINDING_UPDATE && message->has_alternate_care_of_address)
            event.care_of_address = &message->alternate_care_of_address;
        node->environment->operations->report(node->environment, &event);
    }
    packet_release(in->packet);
    in->packet = NULL;
}

/* ---- sending ---- */

int mobility_send(struct node *node, struct outbound *out, struct mobility_message *message,
                  const uint8_t *kbm, const struct ipv6_address *care_of_address,
                  const struct ipv6_address *correspondent, time_ns now)
{
    uint8_t octets[MESSAGE_ROOM];
    if (kbm)
        message->has_authorization_data = true;
    size_t length = mobility_message_write(message, octets, sizeof(octets));
    if (!length)
        return ERROR_ARGUMENT;
    if (kbm) {
        keygen_authenticator(kbm, care_of_address, correspondent, octets, message->authenticator_at,
                             message->authenticator);
        memcpy(octets + message->authenticator_at, message->authenticator, AUTHENTICATOR_LENGTH);
    }
    out->packet = packet_new(node->environment->packets, PACKET_HEADROOM, length);
    memcpy(packet_octets(out->packet), octets, length);
    out->next_header = NEXT_HEADER_MOBILITY;
    int error = ipv6_send(node, out, now);
    if (!error)
        report_sent(node, out, message, care_of_address, now);
    return error;
}

bool mobility_authenticator_verifies(const struct mobility_message *message, const uint8_t *octets,
                                     const uint8_t kbm[KBM_LENGTH],
                                     const struct ipv6_address *care_of_address,
                                     const struct ipv6_address *correspondent)
{
    uint8_t expected[AUTHENTICATOR_LENGTH];
    if (!message->has_authorization_data)
        return false;
    keygen_authenticator(kbm, care_of_address, correspondent, octets, message->authenticator_at, expected);
    return keygen_equal(expected, octets + message->authenticator_at, AUTHENTICATOR_LENGTH);
}

void mobility_send_binding_error(struct node *node, const struct ipv6_address *source,
                                 const struct ipv6_address *destination,
                                 const struct ipv6_address *home_address, enum binding_error_status status,
                                 time_ns now)
{
    struct mobility_message message = {.type = MOBILITY_BINDING_ERROR};
    struct outbound out = OUTBOUND_INITIALIZER;
    message.error.status = (uint8_t)status;
    message.error.home_address = *home_address;
    out.source = *source;
    out.source_fixed = true;
    out.destination = *destination;
    mobility_send(node, &out, &message, NULL, NULL, NULL, now);
}

/* ---- receiving (9.2) ---- */

enum role { ROLE_CORRESPONDENT_NODE, ROLE_MOBILE_NODE };

static const struct {
    uint8_t role;
    bool home_address_option; /* may come with one (6.1) */
    bool type_2_routing;
} message_rules[] = {
    [MOBILITY_BINDING_REFRESH_REQUEST] = {ROLE_MOBILE_NODE, false, false},
    [MOBILITY_HOME_TEST_INIT] = {ROLE_CORRESPONDENT_NODE, false, false},
    [MOBILITY_CARE_OF_TEST_INIT] = {ROLE_CORRESPONDENT_NODE, false, false},
    [MOBILITY_HOME_TEST] = {ROLE_MOBILE_NODE, false, false},
    [MOBILITY_CARE_OF_TEST] = {ROLE_MOBILE_NODE, false, false},
    [MOBILITY_BINDING_UPDATE] = {ROLE_CORRESPONDENT_NODE, true, false},
    [MOBILITY_BINDING_ACKNOWLEDGEMENT] = {ROLE_MOBILE_NODE, false, true},
    [MOBILITY_BINDING_ERROR] = {ROLE_MOBILE_NODE, false, false},
};

static void dispatch_to_correspondent_node(struct node *node, struct inbound *in,
                                           const struct mobility_message *message, time_ns now)
{
    if (message->type != MOBILITY_BINDING_UPDATE)
        correspondent_node_test_init(node, in, message, now);
    else if (message->update.home_registration)
        home_agent_binding_update(node, in, message, now);
    else
        correspondent_node_binding_update(node, in, message, now);
}

static void dispatch_to_mobile_node(struct node *node, struct inbound *in,
                                    const struct mobility_message *message, size_t length, time_ns now)
{
    switch (message->type) {
    case MOBILITY_BINDING_REFRESH_REQUEST:
        mobile_node_binding_refresh_request(node, in, now);
        break;
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
        mobile_node_binding_acknowledgement(node, in, message, inbound_payload(in), length, now);
        break;
    case MOBILITY_BINDING_ERROR:
        mobile_node_binding_error(node, in, message, now);
        break;
    default:
        mobile_node_test(node, in, message, now);
        break;
    }
}

static void dispatch(struct node *node, struct inbound *in, const struct mobility_message *message,
                     size_t length, time_ns now)
{
    enum discard_reason reason = DISCARD_NONE;
    if (in->has_home_address_option && !message_rules[message->type].home_address_option)
        reason = DISCARD_HOME_ADDRESS_FORBIDDEN;
    else if (in->has_type_2_routing && !message_rules[message->type].type_2_routing)
        reason = DISCARD_TYPE_2_ROUTING_HEADER;
    else if (node->ipsec && !ipsec_accepts(node, in))
        reason = DISCARD_IPSEC_POLICY;
    else if (message_rules[message->type].role == ROLE_MOBILE_NODE && !node->mobility->mobile_node)
        reason = DISCARD_MOBILITY_ROLE;
    if (reason != DISCARD_NONE)
        mobility_message_done(node, in, message, reason, now);
    else if (message_rules[message->type].role == ROLE_MOBILE_NODE)
        dispatch_to_mobile_node(node, in, message, length, now);
    else
        dispatch_to_correspondent_node(node, in, message, now);
}

/* A message that fails 9.2: answered as it says, to the address in the IPv6 header, and discarded. */
static void refuse(struct node *node, struct inbound *in, const struct mobility_message *message,
                   enum discard_reason reason, size_t pointer, time_ns now)
{
    if (reason == DISCARD_MOBILITY_TYPE)
        correspondent_node_binding_error(node, in, BINDING_ERROR_UNRECOGNIZED_TYPE, now);
    else if (reason == DISCARD_MOBILITY_PAYLOAD_PROTOCOL || reason == DISCARD_MOBILITY_LENGTH)
        icmpv6_send_error(node, inbound_link(in), in->packet, ICMPV6_PARAMETER_PROBLEM,
                          PARAMETER_ERRONEOUS_FIELD, in->offset + (uint32_t)pointer, in->link_layer_multicast,
                          now);
    mobility_message_done(node, in, message, reason, now);
}

void mobility_receive(struct node *node, struct inbound *in, time_ns now)
{
    const uint8_t *octets = inbound_payload(in);
    size_t available = inbound_payload_length(in);
    /* The checksum covers the Mobility Header alone; behind "no next header" there may be octets to ignore
     * (RFC 8200, 4.7). */
    size_t length = available >= 2 ? (octets[1] + 1u) * 8 : 8;
    struct mobility_message message = {.type = available > 2 ? octets[2] : UINT8_MAX};
    size_t pointer;
    if (available < length) {
        mobility_message_done(node, in, &message, DISCARD_HEADER_TRUNCATED, now);
        return;
    }
    bool sound = ipv6_checksum(&in->source, &in->destination, NEXT_HEADER_MOBILITY, octets, length) == 0;
    enum discard_reason reason = mobility_message_read(octets, length, &message, &pointer);
    /* Who gets Header Len wrong, or sends something behind the header, may have summed up all that was sent:
     * an error that we would tell of is told all the same, and nothing more is made of it. */
    bool told = reason == DISCARD_MOBILITY_PAYLOAD_PROTOCOL || reason == DISCARD_MOBILITY_LENGTH;
    if (!sound && !(told && ipv6_checksum(&in->source, &in->destination, NEXT_HEADER_MOBILITY, octets,
                                          available) == 0)) {
        mobility_message_done(node, in, &message, DISCARD_CHECKSUM, now);
        return;
    }
    if (reason != DISCARD_NONE)
        refuse(node, in, &message, reason, pointer, now);
    else
        dispatch(node, in, &message, length, now);
}

/* ---- the hooks (models/ipv6/node.h) ---- */

/* A node with route optimization switched off and no other role is a plain IPv6 node (8.2). */
static bool is_plain(const struct mobility *mobility)
{
    return !mobility->correspondent.configuration->route_optimization && !mobility->home_agent &&
           !mobility->mobile_node;
}

static bool hook_accept_home_address(struct node *node, struct inbound *in, time_ns now)
{
    return correspondent_node_accept_home_address(node, in, now);
}

/* What a type 2 routing header must never do (RFC 6275, 6.4): the packet goes on to the address that it
 * names. */
static void forward_by_routing_header(struct node *node, const struct inbound *in,
                                      const struct ipv6_address *address, time_ns now)
{
    struct packet *packet = packet_copy(packet_share(in->packet), PACKET_HEADROOM);
    uint8_t *octets = packet_octets(packet);
    uint8_t *header = octets + in->offset;
    memcpy(header + 8, octets + IPV6_AT_DESTINATION, sizeof(address->octets));
    memcpy(octets + IPV6_AT_DESTINATION, address->octets, sizeof(address->octets));
    header[3] = 0;
    (void)ipv6_output(node, packet, now);
}

static bool hook_accept_type_2_routing(struct node *node, struct inbound *in,
                                       const struct ipv6_address *home_address, time_ns now)
{
    if (!node->mobility->mobile_node)
        return false;
    if (mobile_node_accept_type_2_routing(node, home_address))
        return true;
    if (node_is_unsafe(node, OPEN_ROUTING_HEADER))
        forward_by_routing_header(node, in, home_address, now);
    return false;
}

static bool hook_receive(struct node *node, struct inbound *in, time_ns now)
{
    if (is_plain(node->mobility))
        return false;
    if (in->next_header == NEXT_HEADER_ICMPV6)
        return discovery_receive(node, in, now);
    if (in->next_header != NEXT_HEADER_MOBILITY)
        return false;
    mobility_receive(node, in, now);
    return true;
}

static void hook_icmp_error(struct node *node, struct inbound *in, uint8_t type, uint8_t code,
                            uint32_t parameter, const uint8_t *original, size_t length, time_ns now)
{
    (void)in, (void)parameter;
    correspondent_node_icmp_error(node, type, code, original, length, now);
    if (node->mobility->mobile_node)
        mobile_node_icmp_error(node, type, code, original, length, now);
}

static bool hook_accept_tunnelled(struct node *node, struct inbound *in, enum discard_reason *reason,
                                  time_ns now)
{
    *reason = DISCARD_TUNNEL_SOURCE;
    if (node->mobility->home_agent && home_agent_accept_tunnelled(node, in, reason, now))
        return true;
    return node->mobility->mobile_node && mobile_node_accept_tunnelled(node, in, reason, now);
}

static bool hook_intercept(struct node *node, struct interface *interface, struct packet *packet,
                           bool via_tunnel, time_ns now)
{
    return node->mobility->home_agent && home_agent_intercept(node, interface, packet, via_tunnel, now);
}

static void hook_delivered(struct node *node, const struct inbound *in, time_ns now)
{
    if (node->mobility->mobile_node)
        mobile_node_delivered(node, in, now);
}

static int hook_route(struct node *node, struct outbound *out, time_ns now)
{
    struct mobility *mobility = node->mobility;
    if (mobility->mobile_node) {
        int error = mobile_node_route(node, out, now);
        if (error)
            return error;
    }
    if (out->type_2_routing || mobility->bindings.count == 0)
        return 0;
    if (mobility->home_agent && !out->tunnel)
        home_agent_route(node, out, now);
    if (out->next_header != NEXT_HEADER_MOBILITY && !out->type_2_routing)
        correspondent_node_route(node, out, now);
    return 0;
}

static bool hook_choose_source(struct node *node, const struct ipv6_address *destination,
                               struct ipv6_address *source, time_ns now)
{
    return node->mobility->mobile_node && mobile_node_choose_source(node, destination, source, now);
}

static void hook_link_changed(struct node *node, struct interface *interface, bool up, time_ns now)
{
    if (node->mobility->mobile_node)
        mobile_node_link_changed(node, interface, up, now);
}

static bool hook_router_advertisement(struct node *node, struct interface *interface,
                                      const struct received_router_advertisement *advertisement, time_ns now)
{
    return !node->mobility->mobile_node ||
           mobile_node_router_advertisement(node, interface, advertisement, now);
}

static void hook_router_advertisement_processed(struct node *node, struct interface *interface,
                                                const struct received_router_advertisement *advertisement,
                                                time_ns now)
{
    if (node->mobility->home_agent)
        home_agent_router_advertisement(node, interface, advertisement, now);
    if (node->mobility->mobile_node)
        mobile_node_router_advertisement_processed(node, interface, advertisement, now);
}

static void hook_address_changed(struct node *node, struct interface_address *address, bool removed,
                                 time_ns now)
{
    if (node->mobility->mobile_node)
        mobile_node_address_changed(node, address, removed, now);
}

static void hook_router_unreachable(struct node *node, struct interface *interface,
                                    const struct ipv6_address *router, time_ns now)
{
    if (node->mobility->mobile_node)
        mobile_node_router_unreachable(node, interface, router, now);
}

const struct node_extension mobility_extension = {
    .accept_home_address = hook_accept_home_address,
    .accept_type_2_routing = hook_accept_type_2_routing,
    .receive = hook_receive,
    .icmp_error = hook_icmp_error,
    .accept_tunnelled = hook_accept_tunnelled,
    .intercept = hook_intercept,
    .delivered = hook_delivered,
    .route = hook_route,
    .choose_source = hook_choose_source,
    .link_changed = hook_link_changed,
    .router_advertisement = hook_router_advertisement,
    .router_advertisement_processed = hook_router_advertisement_processed,
    .address_changed = hook_address_changed,
    .router_unreachable = hook_router_unreachable,
};
