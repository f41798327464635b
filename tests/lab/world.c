/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * world.c - see world.h. Routers advertise every three to four seconds and answer solicitations at once.
 */
#include "tests/lab/world.h"

#include <check.h>
#include <string.h>

#include "models/ipv6/address_configuration.h"
#include "models/ipv6/routing_table.h"

/* -- the world -- */

static void add_route(struct world *world, unsigned node, const char *prefix, unsigned length,
                      unsigned interface)
{
    struct node *at = lab_node(world->lab, node);
    struct route route = {
        .prefix = address_from(prefix), .interface = (uint16_t)interface, .prefix_length = (uint8_t)length};
    if (!at->routes)
        at->routes = routing_table_new();
    ck_assert_int_eq(routing_table_add(at->routes, &route), 0);
}

static void add_address(struct world *world, unsigned node, unsigned interface, const char *text)
{
    struct ipv6_address address = address_from(text);
    ck_assert_int_eq(
        address_add(lab_node(world->lab, node), interface, &address, 64, ADDRESS_CONFIGURED, false, true, 0),
        0);
}

static void advertise(struct world *world, unsigned which, unsigned node, const char *address)
{
    world->prefixes[which] = (struct router_prefix){
        .prefix = address_from(address),
        .valid_lifetime = 86400,
        .preferred_lifetime = 86400,
        .length = 64,
        .on_link = true,
        .autonomous = true,
        .router_address = true,
    };
    world->advertised[which] = (struct router_advertisement_configuration){
        .min_interval = SECONDS(3),
        .max_interval = SECONDS(4),
        .min_delay_between = MOBILE_MIN_DELAY_BETWEEN_RAS,
        .router_lifetime = 1800,
        .hop_limit = 64,
        .home_agent = which == 2 && node == world->home_agent,
        .home_agent_lifetime = 1800,
        .prefix_count = 1,
        .prefixes = &world->prefixes[which],
    };
    struct node *at = lab_node(world->lab, node);
    ck_assert_int_eq(router_advertiser_start(at, &at->interfaces[0], &world->advertised[which], 0), 0);
}

void make_policy(struct world *world)
{
    world->host = node_configuration_default_host;
    world->host.delay_duplicate_detection = false;
    world->host.delay_router_solicitation = false;
    world->ipsec = true;
    world->configuration = mobile_node_configuration_default;
    world->policy = mobile_node_configuration_default.default_policy;
    world->policy.trigger = TRIGGER_ALWAYS;
    world->correspondent_configuration = correspondent_node_configuration_default;
    world->home_agent_configuration = home_agent_configuration_default;
    world->key = (struct static_key){.kcn_length = 20, .home_nonce_length = 8, .care_of_nonce_length = 8};
    memset(world->key.kcn, 0x11, 20);
    memset(world->key.home_nonce, 0x22, 8);
    memset(world->key.care_of_nonce, 0x33, 8);
}

void use_static_key(struct world *world, enum correspondent_order order)
{
    world->policy.method = &authorization_static_key;
    world->policy.static_key = &world->key;
    world->policy.order = order;
}

static void join_nodes(struct world *world, const struct delays *delays)
{
    struct lab *lab = world->lab;
    world->mobile = lab_add_node(lab, &world->host, world->two_interfaces ? 2 : 1);
    world->home_router = lab_add_node(lab, &node_configuration_default_router, 4);
    world->correspondent = lab_add_node(lab, &world->host, 3);
    world->home_lan = lab_add_lan(lab, 0);
    world->link_b =
        lab_add_point_to_point(lab, world->home_router, 1, world->correspondent, 0, delays->b, 1500);
    for (unsigned i = 0; i < 2; i++) {
        world->visited[i] = lab_add_lan(lab, 0);
        world->access[i] = lab_add_node(lab, &node_configuration_default_router, 3);
        world->link_a[i] =
            lab_add_point_to_point(lab, world->home_router, 2 + i, world->access[i], 1, delays->a[i], 1500);
        world->link_c[i] =
            lab_add_point_to_point(lab, world->correspondent, 1 + i, world->access[i], 2, delays->c[i], 1500);
    }
    world->home_agent = world->beside_router ? lab_add_node(lab, &world->host, 1) : world->home_router;
}

static void configure_nodes(struct world *world)
{
    static const char *const prefixes[] = {"2001:db8:a::", "2001:db8:b::"};
    static const char *const routers[] = {"2001:db8:a::1", "2001:db8:b::1"};
    const char *home_router = world->beside_router ? "2001:db8:1::2" : "2001:db8:1::1";
    add_address(world, world->home_router, 0, home_router);
    if (world->beside_router)
        add_address(world, world->home_agent, 0, "2001:db8:1::1");
    add_address(world, world->correspondent, 0, "2001:db8:c::1");
    add_route(world, world->home_router, "2001:db8:1::", 64, 0);
    add_route(world, world->home_router, "2001:db8:c::", 64, 1);
    add_route(world, world->correspondent, "2001:db8:1::", 64, 0);
    for (unsigned i = 0; i < 2; i++) {
        add_address(world, world->access[i], 0, routers[i]);
        add_route(world, world->access[i], prefixes[i], 64, 0);
        add_route(world, world->access[i], "2001:db8:c::", 64, 2);
        add_route(world, world->access[i], "::", 0, 1);
        add_route(world, world->home_router, prefixes[i], 64, 2 + i);
        add_route(world, world->correspondent, prefixes[i], 64, 1 + i);
        advertise(world, i, world->access[i], routers[i]);
    }
    advertise(world, 2, world->home_router, home_router);
}

static void give_roles(struct world *world)
{
    struct node *mobile = lab_node(world->lab, world->mobile),
                *agent = lab_node(world->lab, world->home_agent);
    struct node *correspondent = lab_node(world->lab, world->correspondent);
    struct ethernet_address station = lab_station_address(world->mobile, 0);
    struct ipv6_address prefix = address_from("2001:db8:1::"), identifier = ipv6_eui64_from(&station);
    world->home_address = ipv6_address_join(&prefix, &identifier);
    world->home_agent_address = address_from("2001:db8:1::1");
    world->correspondent_address = address_from("2001:db8:c::1");
    ck_assert_int_eq(mobility_enable(mobile, &world->correspondent_configuration, 0), 0);
    ck_assert_int_eq(mobility_enable(agent, &world->correspondent_configuration, 0), 0);
    ck_assert_int_eq(mobility_enable(correspondent, &world->correspondent_configuration, 0), 0);
    ck_assert_int_eq(mobility_add_home_agent(agent, &world->home_agent_configuration, 0,
                                             &world->home_agent_address, &prefix, 64, 0),
                     0);
    ck_assert_int_eq(home_agent_serve(agent, &world->home_address), 0);
    world->configuration.discover_home_agents |= world->find_home_agent;
    ck_assert_int_eq(
        mobility_add_mobile_node(mobile, &world->configuration, 0, &world->home_address, 64,
                                 world->find_home_agent ? &ipv6_unspecified : &world->home_agent_address, 0),
        0);
    ck_assert_int_eq(mobile_node_set_policy(mobile, &world->correspondent_address, &world->policy), 0);
    if (world->policy.static_key)
        ck_assert_int_eq(
            correspondent_node_add_static_key(correspondent, &world->home_address, world->policy.static_key),
            0);
}

/* What both ends would be told by hand; the keys' octets say what they are for. */
struct ipsec_configuration world_ipsec(const struct world *world, enum ipsec_role role)
{
    struct ipsec_configuration configuration = {
        .engine = world->engine,
        .home_address = world->home_address,
        .home_agent = world->home_agent_address,
        .role = role,
        .encryption = ESP_AES_CBC,
        .integrity = ESP_HMAC_SHA1_96,
        .encryption_key_length = 16,
        .payload = world->protect_payload,
    };
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        configuration.associations[i].spi = WORLD_SPI + i;
        memset(configuration.associations[i].encryption_key, (int)(0xe0 + i), ESP_ENCRYPTION_KEY_MAX);
        memset(configuration.associations[i].integrity_key, (int)(0xa0 + i), ESP_INTEGRITY_KEY_MAX);
    }
    return configuration;
}

/* The observer's ends receive, and nothing that they take note of is kept (world_open). */
static void tell_observer(struct world *world, const struct ipsec_configuration *configuration)
{
    for (unsigned i = 0; i < ASSOCIATION_USES; i++) {
        struct observed_association *observed = &world->observed[i];
        memcpy(observed->keys, configuration->associations[i].encryption_key,
               configuration->encryption_key_length);
        memcpy(observed->keys + configuration->encryption_key_length,
               configuration->associations[i].integrity_key,
               esp_integrity_key_length(configuration->integrity));
        observed->association = (struct security_association){
            .keys = observed->keys,
            .spi = configuration->associations[i].spi,
            .encryption = (uint8_t)configuration->encryption,
            .encryption_key_length = configuration->encryption_key_length,
            .integrity = (uint8_t)configuration->integrity,
            .inbound = true,
        };
    }
    lab_set_reader(world->lab, world_open, world);
}

static void give_keys(struct world *world)
{
    if (!world->ipsec)
        return;
    world->engine = esp_engine_new();
    struct ipsec_configuration mobile = world_ipsec(world, IPSEC_MOBILE_NODE);
    struct ipsec_configuration agent = world_ipsec(world, IPSEC_HOME_AGENT);
    ck_assert_int_eq(ipsec_protect(lab_node(world->lab, world->mobile), &mobile), 0);
    ck_assert_int_eq(ipsec_protect(lab_node(world->lab, world->home_agent), &agent), 0);
    tell_observer(world, &mobile);
}

/* The policy and the configurations have been made by make_policy, and changed as the test wants them. */
void build(struct world *world, const struct delays *delays)
{
    world->lab = lab_new();
    join_nodes(world, delays);
    configure_nodes(world);
    give_roles(world);
    give_keys(world);
    lab_start(world->lab);
    for (unsigned i = 0; i < 2; i++)
        lab_attach(world->lab, world->visited[i], world->access[i], 0);
    lab_attach(world->lab, world->home_lan, world->home_router, 0);
    if (world->beside_router)
        lab_attach(world->lab, world->home_lan, world->home_agent, 0);
}

void tear_down(struct world *world)
{
    for (unsigned i = 0; i < lab_node_count(world->lab); i++)
        mobility_free(lab_node(world->lab, i));
    lab_free(world->lab);
    esp_engine_free(world->engine);
}

void attach_visited_0(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_attach(lab, world->visited[0], world->mobile, 0);
}

void attach_visited_1(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_attach(lab, world->visited[1], world->mobile, 0);
}

void attach_home(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_attach(lab, world->home_lan, world->mobile, 0);
}

void detach(struct lab *lab, void *context)
{
    struct world *world = context;
    lab_detach(lab, world->mobile, 0);
}

/* A handover of 50 ms. */
void move(struct world *world, lab_action *attach, time_ns when)
{
    lab_at(world->lab, when, detach, world);
    lab_at(world->lab, when + MILLISECONDS(50), attach, world);
}

void forget_nonces(struct lab *lab, void *context)
{
    struct world *world = context;
    struct node *node = lab_node(lab, world->correspondent);
    struct nonce_table *nonces = &correspondent_node_memory(node)->nonces;
    nonce_table_free(nonces);
    nonce_table_init(nonces, node->mobility->correspondent.configuration->nonce_interval, lab_now(lab));
}

/* -- what is looked at -- */

time_ns time_of(const struct protocol_event *event)
{
    ck_assert_ptr_nonnull(event);
    return event->time;
}

/* The correspondent's binding came to name the care-of address so much later than the address was usable. */
time_ns latency_since(struct world *world, time_ns from)
{
    const struct protocol_event *usable =
        lab_find_event(world->lab, world->mobile, EVENT_CARE_OF_ADDRESS_USABLE, from);
    time_ns start = time_of(usable);
    const struct protocol_event *created =
        lab_find_event(world->lab, world->correspondent, EVENT_BINDING_CREATED, start);
    const struct protocol_event *updated =
        lab_find_event(world->lab, world->correspondent, EVENT_BINDING_UPDATED, start);
    const struct protocol_event *bound =
        !created || (updated && updated->time < created->time) ? updated : created;
    time_ns end = time_of(bound);
    ck_assert(ipv6_address_equal(bound->care_of_address, usable->care_of_address));
    ck_assert(ipv6_address_equal(bound->home_address, &world->home_address));
    return end - start;
}

struct binding_update_entry *entry_with(const struct node *node, const struct ipv6_address *peer)
{
    return mobile_home_find_entry(&node->mobility->mobile_node->home, peer);
}

struct binding_update_entry *entry_of(struct world *world)
{
    return entry_with(lab_node(world->lab, world->mobile), &world->correspondent_address);
}

struct mobile_node *mobile_of(struct world *world)
{
    return lab_node(world->lab, world->mobile)->mobility->mobile_node;
}

unsigned sent_since(struct world *world, unsigned node, const char *message, time_ns from)
{
    unsigned count = 0;
    for (const struct protocol_event *event;
         (event = lab_find_message(world->lab, node, EVENT_MESSAGE_SENT, message, from));) {
        /* All of one instant at once: messages of one type are sent one an instant here. */
        count++;
        from = event->time + 1;
    }
    return count;
}

struct binding *binding_of(struct world *world)
{
    return binding_cache_lookup(&lab_node(world->lab, world->correspondent)->mobility->bindings,
                                &world->home_address);
}

/* Both ends agree that the binding is for the care-of address in use. */
void ck_assert_optimized(struct world *world)
{
    const struct binding_update_entry *entry = entry_of(world);
    const struct binding *binding = binding_of(world);
    ck_assert_int_eq(mobile_of(world)->home.state, MOBILE_NODE_REGISTERED);
    ck_assert_int_eq(entry->state, UPDATE_BOUND);
    ck_assert_ptr_nonnull(binding);
    ck_assert(ipv6_address_equal(&binding->care_of_address, &mobile_of(world)->care_of_address));
    ck_assert(ipv6_address_equal(&entry->bound_address, &mobile_of(world)->care_of_address));
}

void ck_assert_no_discards(struct world *world)
{
    for (unsigned i = 0; i < lab_event_count(world->lab); i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(world->lab, i, &node);
        /* A solicited-node group is that of many addresses, a Subnet-Router anycast address among them. */
        if (event->kind == EVENT_MESSAGE_DISCARDED && event->reason != DISCARD_NOT_OURS)
            ck_abort_msg("node %u discarded %s: %s", node, event->message,
                         discard_reason_text(event->reason));
    }
}

/* Where the mobile node hears of the outcome. */
time_ns registered_since(struct world *world, time_ns from)
{
    time_ns start = time_of(lab_find_event(world->lab, world->mobile, EVENT_CARE_OF_ADDRESS_USABLE, from));
    return time_of(lab_find_event(world->lab, world->mobile, EVENT_CORRESPONDENT_REGISTERED, start)) - start;
}

/* -- under ESP -- */

size_t world_behind_headers(const uint8_t *octets, size_t length, size_t *next_header_at)
{
    size_t at = IPV6_HEADER_LENGTH;
    *next_header_at = IPV6_AT_NEXT_HEADER;
    while (at + 8 <= length && (octets[*next_header_at] == NEXT_HEADER_DESTINATION_OPTIONS ||
                                octets[*next_header_at] == NEXT_HEADER_ROUTING)) {
        *next_header_at = at;
        at += (octets[at + 1] + 1u) * 8;
    }
    return at;
}

size_t world_find_esp(const uint8_t *octets, size_t length, enum association_use *use)
{
    size_t next_header_at;
    if (length < IPV6_HEADER_LENGTH)
        return 0;
    size_t at = world_behind_headers(octets, length, &next_header_at);
    if (octets[next_header_at] != NEXT_HEADER_ESP || at + ESP_HEADER_LENGTH > length)
        return 0;
    uint32_t spi = (uint32_t)octets[at] << 24 | (uint32_t)octets[at + 1] << 16 |
                   (uint32_t)octets[at + 2] << 8 | octets[at + 3];
    *use = spi - WORLD_SPI < ASSOCIATION_USES ? (enum association_use)(spi - WORLD_SPI) : ASSOCIATION_USES;
    return at;
}

struct packet *world_open(struct lab *lab, const uint8_t *octets, size_t length, void *context)
{
    struct world *world = context;
    enum association_use use;
    uint8_t next_header;
    size_t payload, next_header_at, at = world_find_esp(octets, length, &use);
    if (at == 0 || use == ASSOCIATION_USES)
        return NULL;
    struct security_association association = world->observed[use].association; /* has seen nothing yet */
    struct packet *opened = lab_packet(lab, octets, length);
    uint8_t *into = packet_octets(opened);
    if (esp_decapsulate(world->engine, &association, octets + at, length - at, into + at, &payload,
                        &next_header) != DISCARD_NONE) {
        packet_release(opened);
        return NULL;
    }
    packet_truncate(opened, at + payload);
    world_behind_headers(octets, length, &next_header_at);
    into[next_header_at] = next_header;
    into[IPV6_AT_PAYLOAD_LENGTH] = (uint8_t)((at + payload - IPV6_HEADER_LENGTH) >> 8);
    into[IPV6_AT_PAYLOAD_LENGTH + 1] = (uint8_t)(at + payload - IPV6_HEADER_LENGTH);
    return opened;
}

/* -- losses -- */

/* Finds the Mobility Header behind any of the headers these packets have. */
static const uint8_t *mobility_header(const uint8_t *octets, size_t length, struct ipv6_address *source,
                                      struct ipv6_address *destination)
{
    size_t at = IPV6_HEADER_LENGTH;
    unsigned next = octets[IPV6_AT_NEXT_HEADER];
    *source = ipv6_address_read(octets + IPV6_AT_SOURCE);
    *destination = ipv6_address_read(octets + IPV6_AT_DESTINATION);
    while (at + 8 <= length) {
        if (next == NEXT_HEADER_MOBILITY)
            return octets + at;
        if (next == NEXT_HEADER_IPV6)
            return mobility_header(octets + at, length - at, source, destination);
        if (next != NEXT_HEADER_DESTINATION_OPTIONS && next != NEXT_HEADER_ROUTING)
            return NULL;
        next = octets[at];
        at += (octets[at + 1] + 1u) * 8;
    }
    return NULL;
}

void drop_some(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment, void *context)
{
    struct dropper *dropper = context;
    struct ipv6_address source, destination;
    size_t length;
    const uint8_t *octets = lab_frame_opened(lab, frame, &length);
    const uint8_t *header = mobility_header(octets, length, &source, &destination);
    if (!header || header[2] != dropper->type || frame->time < dropper->from || dropper->left == 0)
        return;
    bool home = ipv6_address_equal(&source, &dropper->home_agent) ||
                ipv6_address_equal(&destination, &dropper->home_agent);
    if (home != dropper->home)
        return;
    dropper->left--;
    treatment->drop = true;
}

struct node *world_node(struct world *world, unsigned node)
{
    return lab_node(world->lab, node);
}

void world_start_visited(struct world *world, lab_action *attach)
{
    lab_at(world->lab, MILLISECONDS(100), attach_visited_0, world);
    if (attach)
        move(world, attach, SECONDS(20));
}

time_ns world_full_latency(const struct delays *delays, unsigned at)
{
    return 2 * delays->a[at] + most(2 * (delays->a[at] + delays->b), 2 * delays->c[at]) + delays->c[at];
}
