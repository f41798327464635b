/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.c - see show.h. Rows are texts; the same rows make the table and the JSON, where a column's kind says
 * what they are.
 */
#include "sim/live/show.h"

#include <string.h>

#include "models/ipsec/ipsec.h"
#include "models/ipv6/neighbor_discovery.h"
#include "models/ipv6/router_advertisement.h"
#include "models/ipv6/router_discovery.h"
#include "models/ipv6/routing_table.h"
#include "models/mobility/mobility.h"
#include "models/mobility/nonce.h"
#include "sim/engine/duration.h"
#include "sim/format/json_text.h"
#include "sim/format/table.h"
#include "sim/network/fault.h"
#include "sim/network/lan.h"
#include "sim/network/security.h"
#include "sim/scenario/value.h"

/* What the cells of a column are in JSON; an empty one is null, or false. */
enum column_kind {
    COLUMN_TEXT,
    COLUMN_NUMBER,   /* or a word: for ever */
    COLUMN_DURATION, /* "40ms": in seconds; or a word */
    COLUMN_FLAG,
};

struct column {
    const char *name; /* NULL: behind the last */
    enum column_kind kind;
};

struct rows_of {
    const struct live *live;
    struct simulation *simulation;
    const struct column *columns;
    unsigned width;
    GPtrArray *cells; /* row by row */
};

static void add(struct rows_of *rows, char *text)
{
    g_ptr_array_add(rows->cells, text);
}

static void add_name(struct rows_of *rows, const struct network_node *node)
{
    add(rows, scenario_node_name(&rows->simulation->scenario->nodes[node->group], node->member));
}

static void add_address(struct rows_of *rows, const struct ipv6_address *address)
{
    add(rows, ipv6_address_is_unspecified(address) ? g_strdup("") : value_format_address(address));
}

/* Seconds from now; "" for ever. */
static void add_left(struct rows_of *rows, time_ns until, time_ns now)
{
    add(rows,
        until == TIME_NEVER ? g_strdup("") : g_strdup_printf("%.1f", (double)MAX(until - now, 0) / 1e9));
}

static char *mac_text(const struct ethernet_address *mac)
{
    const uint8_t *o = mac->octets;
    return g_strdup_printf("%02x:%02x:%02x:%02x:%02x:%02x", o[0], o[1], o[2], o[3], o[4], o[5]);
}

/* The link that the interface is on. */
static void add_link(struct rows_of *rows, const struct network_node *node, unsigned interface)
{
    const struct link *link = node->ports[interface].link;
    add(rows, link ? scenario_link_name(&rows->simulation->scenario->links[link->group], link->member)
                   : g_strdup(""));
}

/* -- bindings -- */

struct binding_visit {
    struct rows_of *rows;
    const struct network_node *node;
};

static void visit_binding(struct binding *binding, void *context)
{
    const struct binding_visit *visit = context;
    struct rows_of *rows = visit->rows;
    if (binding->deleted)
        return;
    add_name(rows, visit->node);
    add(rows, g_strdup(binding->home ? "home agent" : "correspondent"));
    add_address(rows, &binding->home_address);
    add_address(rows, &binding->care_of_address);
    add(rows, g_strdup_printf("%u", binding->sequence));
    add_left(rows, binding->expires, network_node_now(visit->node));
    add(rows, g_strdup("bound"));
}

static void show_updates(struct rows_of *rows, const struct network_node *node)
{
    static const char *const states[] = {"idle", "authorizing", "waiting", "sent", "bound", "failed"};
    const struct mobile_node *mobile = node->node.mobility->mobile_node;
    for (const struct mobile_home *home = mobile ? &mobile->home : NULL; home; home = home->next)
        for (const struct binding_update_entry *entry = home->entries; entry; entry = entry->next) {
            add_name(rows, node);
            add(rows, g_strdup(entry->home_registration ? "to home agent" : "to correspondent"));
            add_address(rows, &entry->peer);
            add_address(rows, &entry->bound_address);
            add(rows, g_strdup_printf("%u", entry->sequence));
            add_left(rows, entry->state == UPDATE_BOUND ? entry->expires : TIME_NEVER,
                     network_node_now(node));
            add(rows, g_strdup(states[entry->state]));
        }
}

static void show_bindings(struct rows_of *rows, struct network_node *node)
{
    struct binding_visit visit = {rows, node};
    if (!node->node.mobility)
        return;
    binding_cache_each(&node->node.mobility->bindings, visit_binding, &visit);
    show_updates(rows, node);
}

static void show_nonces(struct rows_of *rows, struct network_node *node)
{
    if (!node->node.mobility || !node->node.mobility->correspondent.memory)
        return;
    const struct nonce_table *table = &node->node.mobility->correspondent.memory->nonces;
    time_ns now = network_node_now(node);
    for (unsigned i = 0; table->entries && i < table->places; i++) {
        const struct nonce *nonce = &table->entries[i];
        if (nonce->interval < 0 || !nonce_find((struct nonce_table *)table, nonce->index, now))
            continue;
        add_name(rows, node);
        add(rows, g_strdup_printf("%u", nonce->index));
        GString *hex = g_string_new(NULL);
        for (unsigned k = 0; k < NONCE_LENGTH; k++)
            g_string_append_printf(hex, "%02x", nonce->value[k]);
        add(rows, g_string_free(hex, FALSE));
        add_left(rows, table->started + (nonce->interval + NONCES_VALID) * table->length, now);
    }
}

static void show_neighbours(struct rows_of *rows, struct network_node *node)
{
    static const char *const states[] = {"incomplete", "reachable", "stale", "delay", "probe"};
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        const struct neighbor_cache *cache = &node->node.interfaces[i].neighbors;
        for (uint32_t b = 0; b < neighbor_cache_size(cache); b++)
            for (const struct neighbor *neighbor = neighbor_cache_buckets(cache)[b]; neighbor;
                 neighbor = neighbor->next) {
                enum neighbor_state state = neighbor_state_at(neighbor, network_node_now(node));
                add_name(rows, node);
                add_link(rows, node, i);
                add_address(rows, &neighbor->address);
                add(rows,
                    state == NEIGHBOR_INCOMPLETE ? g_strdup("") : mac_text(&neighbor->link_layer_address));
                add(rows, g_strdup(states[state]));
                add(rows, g_strdup(neighbor->is_router ? "router" : ""));
            }
    }
}

static void show_addresses(struct rows_of *rows, struct network_node *node)
{
    static const char *const states[] = {"tentative", "optimistic", "preferred", "deprecated", "duplicate"};
    static const char *const origins[] = {"link-local", "autoconfigured", "configured", "home"};
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        const struct interface *interface = &node->node.interfaces[i];
        for (const struct interface_address *address = interface->addresses; address;
             address = address->next) {
            add_name(rows, node);
            add_link(rows, node, i);
            add_address(rows, &address->address);
            add(rows, interface->kind == INTERFACE_ETHERNET ? mac_text(&interface->link_layer_address)
                                                            : g_strdup(""));
            add(rows, g_strdup(states[address->state]));
            add(rows, g_strdup(origins[address->origin]));
        }
    }
}

/* -- routes -- */

static void add_prefix(struct rows_of *rows, const struct ipv6_address *prefix, unsigned length)
{
    char *text = value_format_address(prefix);
    add(rows, length == 0 ? g_strdup("default") : g_strdup_printf("%s/%u", text, length));
    g_free(text);
}

static void add_route(struct rows_of *rows, const struct network_node *node, unsigned interface,
                      const struct route *route, const char *origin, time_ns expires)
{
    add_name(rows, node);
    add_prefix(rows, &route->prefix, route->prefix_length);
    add_address(rows, &route->next_hop);
    add_link(rows, node, interface);
    add(rows, g_strdup(origin));
    add_left(rows, expires, network_node_now(node));
}

/* What the operator has configured, then what advertisements have taught. */
static void show_routes(struct rows_of *rows, struct network_node *node)
{
    const struct route *known;
    for (unsigned i = 0; (known = routing_table_at(node->node.routes, i)) != NULL; i++)
        add_route(rows, node, known->interface, known, "configured", TIME_NEVER);
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        const struct interface *interface = &node->node.interfaces[i];
        for (const struct on_link_prefix *prefix = interface->prefixes; prefix; prefix = prefix->next) {
            struct route route = {.prefix = prefix->prefix, .prefix_length = prefix->length};
            add_route(rows, node, i, &route, interface->advertiser ? "advertised here" : "advertised",
                      prefix->expires);
        }
        for (const struct default_router *router = interface->default_routers; router;
             router = router->next) {
            struct route route = {.next_hop = router->address};
            add_route(rows, node, i, &route, router->unreachable ? "silent router" : "advertised",
                      router->expires);
        }
    }
}

/* -- security associations -- */

static char *hexadecimal(const uint8_t *octets, size_t length)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", octets[i]);
    return g_string_free(text, FALSE);
}

static void show_associations(struct rows_of *rows, struct network_node *node)
{
    static const char *const uses[ASSOCIATION_USES] = {
        [TRANSPORT_TO_HOME_AGENT] = "transport to home agent",
        [TRANSPORT_FROM_HOME_AGENT] = "transport from home agent",
        [TUNNEL_TO_HOME_AGENT] = "tunnel to home agent",
        [TUNNEL_FROM_HOME_AGENT] = "tunnel from home agent",
    };
    struct ipsec_configuration configuration;
    bool off = security_is_off(rows->simulation, node);
    for (uint32_t i = 0; !off && security_configuration(rows->simulation, node, i, &configuration); i++)
        for (unsigned use = 0; use < ASSOCIATION_USES; use++) {
            bool sha1 = configuration.integrity == ESP_HMAC_SHA1_96;
            add_name(rows, node);
            add_address(rows, &configuration.home_address);
            add_address(rows, &configuration.home_agent);
            add(rows, g_strdup(uses[use]));
            add(rows, g_strdup_printf("0x%08x", configuration.associations[use].spi));
            add(rows, g_strdup(security_encryption_name(&configuration)));
            add(rows, hexadecimal(configuration.associations[use].encryption_key,
                                  configuration.encryption_key_length));
            add(rows, g_strdup(sha1 ? "hmac-sha1-96" : "hmac-sha-256-128"));
            add(rows, hexadecimal(configuration.associations[use].integrity_key,
                                  esp_integrity_key_length(configuration.integrity)));
        }
}

/* -- advertisements -- */

static char *milliseconds(uint32_t value)
{
    return value ? g_strdup_printf("%u", value) : g_strdup("");
}

static void add_advertisement(struct rows_of *rows, const struct network_node *node, unsigned i,
                              const struct router_advertisement_configuration *said)
{
    char least[DURATION_TEXT_SIZE], most[DURATION_TEXT_SIZE];
    bool router = node->node.configuration->forwarding;
    add_name(rows, node);
    add_link(rows, node, i);
    add(rows, g_strdup_printf("%s..%s", duration_format(said->min_interval, least),
                              duration_format(said->max_interval, most)));
    add(rows, g_strdup_printf("%s%s%s", said->managed ? "M" : "", said->other ? "O" : "",
                              said->home_agent ? "H" : ""));
    add(rows, g_strdup_printf("%u", router ? said->router_lifetime : 0));
    add(rows, g_strdup_printf("%u", said->hop_limit));
    add(rows, milliseconds(said->reachable_time_ms));
    add(rows, milliseconds(said->retransmission_ms));
    add(rows, said->mtu ? g_strdup_printf("%u", said->mtu) : g_strdup(""));
    add(rows, said->home_agent ? g_strdup_printf("%u", said->home_agent_preference) : g_strdup(""));
    add(rows, said->home_agent ? g_strdup_printf("%u", said->home_agent_lifetime) : g_strdup(""));
}

static void show_advertisements(struct rows_of *rows, struct network_node *node)
{
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        const struct router_advertisement_configuration *said =
            router_advertiser_configuration(&node->node.interfaces[i]);
        if (said)
            add_advertisement(rows, node, i, said);
    }
}

static char *lifetime(uint32_t seconds)
{
    return seconds == UINT32_MAX ? g_strdup("infinite") : g_strdup_printf("%u", seconds);
}

static void show_prefixes(struct rows_of *rows, struct network_node *node)
{
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        const struct router_advertisement_configuration *said =
            router_advertiser_configuration(&node->node.interfaces[i]);
        for (unsigned p = 0; said && p < said->prefix_count; p++) {
            const struct router_prefix *prefix = &said->prefixes[p];
            add_name(rows, node);
            add_link(rows, node, i);
            add_prefix(rows, &prefix->prefix, prefix->length);
            add(rows, g_strdup_printf("%s%s%s", prefix->on_link ? "L" : "", prefix->autonomous ? "A" : "",
                                      prefix->router_address ? "R" : ""));
            add(rows, lifetime(router_prefix_valid(prefix, network_node_now(node))));
            add(rows, lifetime(router_prefix_preferred(prefix, network_node_now(node))));
        }
    }
}

/* -- nodes, links, faults -- */

static char *links_of(const struct rows_of *rows, const struct network_node *node)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < node->node.interface_count; i++) {
        const struct link *link = node->ports[i].link;
        char *name =
            link ? scenario_link_name(&rows->simulation->scenario->links[link->group], link->member) : NULL;
        if (name)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", name);
        g_free(name);
    }
    return g_string_free(text, FALSE);
}

static void show_nodes(struct rows_of *rows)
{
    static const char *const kinds[] = {
        [SCENARIO_ROUTER] = "router",           [SCENARIO_HOST] = "host",
        [SCENARIO_HOME_AGENT] = "home-agent",   [SCENARIO_CORRESPONDENT_NODE] = "correspondent-node",
        [SCENARIO_MOBILE_NODE] = "mobile-node", [SCENARIO_ATTACKER] = "attacker",
    };
    for (uint32_t i = 0; i < rows->simulation->network->node_count; i++) {
        const struct network_node *node = &rows->simulation->network->nodes[i];
        const struct scenario_node *group = &rows->simulation->scenario->nodes[node->group];
        add_name(rows, node);
        add(rows, g_strdup(kinds[group->kind]));
        add(rows, g_strdup(group->external ? "external" : node->off ? "off" : "on"));
        add(rows, links_of(rows, node));
    }
}

static void show_links(struct rows_of *rows)
{
    const struct scenario *scenario = rows->simulation->scenario;
    for (uint32_t i = 0; i < rows->simulation->network->link_count; i++) {
        const struct link *link = &rows->simulation->network->links[i];
        const struct channel *channel = link->channel[0];
        char text[DURATION_TEXT_SIZE];
        add(rows, scenario_link_name(&scenario->links[link->group], link->member));
        add(rows, g_strdup(link->kind == LINK_POINT_TO_POINT                          ? "point-to-point"
                           : scenario->links[link->group].kind == SCENARIO_ACCESS_LAN ? "access-lan"
                                                                                      : "lan"));
        add(rows, g_strdup(link->up ? "up" : "down"));
        add(rows,
            channel->delay ? g_strdup("random") : g_strdup(duration_format(channel->fixed_delay, text)));
        add(rows, g_strdup_printf("%u", link_station_count(link)));
        add(rows, g_strdup(link->capture ? "yes" : ""));
    }
}

static const char *state_of(const struct standing_fault *standing, time_ns now)
{
    const struct scenario_fault *fault = standing->fault;
    if (standing->off)
        return "off";
    if (standing->matched >= fault->last || now >= fault->end)
        return "over";
    return now < fault->start ? "to come" : "on";
}

static void show_faults(struct rows_of *rows)
{
    static const char *const actions[] = {"drop", "duplicate", "corrupt", "delay", "hold"};
    const struct standing_fault *standing;
    const struct simulation *simulation = rows->simulation;
    for (uint32_t i = 0; (standing = faults_at(simulation, i)) != NULL; i++) {
        const struct scenario_fault *fault = standing->fault;
        add(rows, g_strdup(fault->name));
        add(rows,
            g_strdup(fault->link == SCENARIO_NONE ? "" : simulation->scenario->links[fault->link].name));
        add(rows, g_strdup(actions[fault->action]));
        add(rows, g_strdup_printf("%u", standing->matched));
        add(rows, g_strdup_printf("%u", standing->done));
        add(rows, g_strdup(state_of(standing, network_now(simulation->network))));
    }
}

/* -- the run itself -- */

static void add_count(struct rows_of *rows, uint64_t count)
{
    add(rows, g_strdup_printf("%" G_GUINT64_FORMAT, count));
}

static void add_seconds(struct rows_of *rows, time_ns value)
{
    add(rows, g_strdup_printf("%.6f", (double)value / 1e9));
}

static void show_taps(struct rows_of *rows)
{
    for (unsigned i = 0; i < live_tap_count(rows->live); i++) {
        uint32_t link;
        const struct tap *tap = live_tap(rows->live, i, &link);
        add(rows, g_strdup(tap->interface));
        add(rows, g_strdup(rows->simulation->scenario->links[link].name));
        add(rows, g_strdup(tap_state(tap)));
        add_count(rows, tap->mtu);
        add_count(rows, tap->counts.received);
        add_count(rows, tap->counts.sent);
        add_count(rows, tap->counts.refused);
        add_count(rows, tap->counts.noise);
        add_count(rows, tap->counts.listeners);
        add_count(rows, tap->counts.giants);
        add_count(rows, tap->counts.runts);
    }
}

void show_append_taps(const struct live *live, const struct scenario *scenario, GString *text)
{
    for (unsigned i = 0; i < live_tap_count(live); i++) {
        uint32_t link;
        const struct tap *tap = live_tap(live, i, &link);
        g_string_append_printf(
            text,
            "%s on %s, %s: %" G_GUINT64_FORMAT " frames in, %" G_GUINT64_FORMAT " out, %" G_GUINT64_FORMAT
            " refused by the kernel; ignored: %" G_GUINT64_FORMAT " not IPv6, %" G_GUINT64_FORMAT
            " listener reports, %" G_GUINT64_FORMAT " too long, %" G_GUINT64_FORMAT " too short\n",
            tap->interface, scenario->links[link].name, tap_state(tap), tap->counts.received,
            tap->counts.sent, tap->counts.refused, tap->counts.noise, tap->counts.listeners,
            tap->counts.giants, tap->counts.runts);
    }
}

static void show_lag(struct rows_of *rows)
{
    const struct lag *lag = live_lag(rows->live);
    add_count(rows, lag->count);
    add_seconds(rows, lag_quantile(lag, 0.999));
    add_seconds(rows, lag->most);
    add_count(rows, lag->overruns);
    add_seconds(rows, LIVE_OVERRUN);
}

void show_append_lag(const struct live *live, GString *text)
{
    const struct lag *lag = live_lag(live);
    g_string_append_printf(text,
                           "Lag: %" G_GUINT64_FORMAT
                           " wakings, 99.9 %% within %.3f ms, at most %.3f ms; %" G_GUINT64_FORMAT
                           " overruns of more than %d ms\n",
                           lag->count, (double)lag_quantile(lag, 0.999) / 1e6, (double)lag->most / 1e6,
                           lag->overruns, (int)(LIVE_OVERRUN / MILLISECONDS(1)));
}

/* -- topics -- */

static const struct column binding_columns[] = {
    {"node", COLUMN_TEXT},       {"role", COLUMN_TEXT},
    {"peer", COLUMN_TEXT},       {"care-of address", COLUMN_TEXT},
    {"sequence", COLUMN_NUMBER}, {"seconds left", COLUMN_NUMBER},
    {"state", COLUMN_TEXT},      {NULL, COLUMN_TEXT},
};
static const struct column neighbour_columns[] = {
    {"node", COLUMN_TEXT},  {"link", COLUMN_TEXT},   {"address", COLUMN_TEXT}, {"station", COLUMN_TEXT},
    {"state", COLUMN_TEXT}, {"router", COLUMN_FLAG}, {NULL, COLUMN_TEXT},
};
static const struct column nonce_columns[] = {
    {"node", COLUMN_TEXT},           {"index", COLUMN_NUMBER}, {"nonce", COLUMN_TEXT},
    {"seconds left", COLUMN_NUMBER}, {NULL, COLUMN_TEXT},
};
static const struct column address_columns[] = {
    {"node", COLUMN_TEXT},  {"link", COLUMN_TEXT},   {"address", COLUMN_TEXT}, {"station", COLUMN_TEXT},
    {"state", COLUMN_TEXT}, {"origin", COLUMN_TEXT}, {NULL, COLUMN_TEXT},
};
static const struct column route_columns[] = {
    {"node", COLUMN_TEXT}, {"destination", COLUMN_TEXT}, {"next hop", COLUMN_TEXT},
    {"link", COLUMN_TEXT}, {"origin", COLUMN_TEXT},      {"seconds left", COLUMN_NUMBER},
    {NULL, COLUMN_TEXT},
};
static const struct column association_columns[] = {
    {"node", COLUMN_TEXT},           {"home address", COLUMN_TEXT},
    {"home agent", COLUMN_TEXT},     {"use", COLUMN_TEXT},
    {"index", COLUMN_NUMBER},        {"encryption", COLUMN_TEXT},
    {"encryption key", COLUMN_TEXT}, {"integrity", COLUMN_TEXT},
    {"integrity key", COLUMN_TEXT},  {NULL, COLUMN_TEXT},
};
static const struct column advertisement_columns[] = {
    {"router", COLUMN_TEXT},
    {"link", COLUMN_TEXT},
    {"interval", COLUMN_TEXT},
    {"flags", COLUMN_TEXT},
    {"router lifetime", COLUMN_NUMBER},
    {"hop limit", COLUMN_NUMBER},
    {"reachable ms", COLUMN_NUMBER},
    {"retransmit ms", COLUMN_NUMBER},
    {"mtu", COLUMN_NUMBER},
    {"preference", COLUMN_NUMBER},
    {"home agent lifetime", COLUMN_NUMBER},
    {NULL, COLUMN_TEXT},
};
static const struct column prefix_columns[] = {
    {"router", COLUMN_TEXT},  {"link", COLUMN_TEXT},        {"prefix", COLUMN_TEXT}, {"flags", COLUMN_TEXT},
    {"valid", COLUMN_NUMBER}, {"preferred", COLUMN_NUMBER}, {NULL, COLUMN_TEXT},
};
static const struct column node_columns[] = {
    {"node", COLUMN_TEXT},  {"kind", COLUMN_TEXT}, {"state", COLUMN_TEXT},
    {"links", COLUMN_TEXT}, {NULL, COLUMN_TEXT},
};
static const struct column link_columns[] = {
    {"link", COLUMN_TEXT},      {"kind", COLUMN_TEXT},       {"state", COLUMN_TEXT},
    {"delay", COLUMN_DURATION}, {"stations", COLUMN_NUMBER}, {"captured", COLUMN_FLAG},
    {NULL, COLUMN_TEXT},
};
static const struct column fault_columns[] = {
    {"fault", COLUMN_TEXT},  {"link", COLUMN_TEXT},  {"action", COLUMN_TEXT}, {"matched", COLUMN_NUMBER},
    {"done", COLUMN_NUMBER}, {"state", COLUMN_TEXT}, {NULL, COLUMN_TEXT},
};
static const struct column tap_columns[] = {
    {"interface", COLUMN_TEXT},  {"lan", COLUMN_TEXT},         {"state", COLUMN_TEXT},
    {"mtu", COLUMN_NUMBER},      {"in", COLUMN_NUMBER},        {"out", COLUMN_NUMBER},
    {"refused", COLUMN_NUMBER},  {"not IPv6", COLUMN_NUMBER},  {"listener reports", COLUMN_NUMBER},
    {"too long", COLUMN_NUMBER}, {"too short", COLUMN_NUMBER}, {NULL, COLUMN_TEXT},
};
static const struct column lag_columns[] = {
    {"wakings", COLUMN_NUMBER},  {"99.9 % within", COLUMN_NUMBER}, {"at most", COLUMN_NUMBER},
    {"overruns", COLUMN_NUMBER}, {"overrun limit", COLUMN_NUMBER}, {NULL, COLUMN_TEXT},
};

const char *const show_topics[] = {"bindings",     "neighbours",     "nonces",   "addresses", "routes",
                                   "associations", "advertisements", "prefixes", "nodes",     "links",
                                   "faults",       "taps",           "lag",      NULL};

static const struct {
    const struct column *columns;
    void (*node)(struct rows_of *rows, struct network_node *node); /* of each; NULL: */
    void (*all)(struct rows_of *rows);
} topics[] = {
    {binding_columns, show_bindings, NULL},
    {neighbour_columns, show_neighbours, NULL},
    {nonce_columns, show_nonces, NULL},
    {address_columns, show_addresses, NULL},
    {route_columns, show_routes, NULL},
    {association_columns, show_associations, NULL},
    {advertisement_columns, show_advertisements, NULL},
    {prefix_columns, show_prefixes, NULL},
    {node_columns, NULL, show_nodes},
    {link_columns, NULL, show_links},
    {fault_columns, NULL, show_faults},
    {tap_columns, NULL, show_taps},
    {lag_columns, NULL, show_lag},
};

static void append_seconds(GString *text, const char *cell)
{
    time_ns duration;
    GError *error = NULL;
    if (duration_parse(cell, &duration, &error))
        g_string_append_printf(text, "%" G_GINT64_FORMAT ".%09" G_GINT64_FORMAT, duration / SECONDS(1),
                               duration % SECONDS(1));
    else
        json_append_text(text, cell);
    g_clear_error(&error);
}

/* As it is in the table, but for SPIs, which are hexadecimal there. */
static void append_number(GString *text, const char *cell)
{
    if (g_str_has_prefix(cell, "0x"))
        g_string_append_printf(text, "%" G_GUINT64_FORMAT, g_ascii_strtoull(cell, NULL, 16));
    else if (g_ascii_isdigit(*cell))
        g_string_append(text, cell);
    else
        g_string_append(text, "null");
}

static void append_value(GString *text, enum column_kind kind, const char *cell)
{
    if (kind == COLUMN_FLAG)
        g_string_append(text, *cell ? "true" : "false");
    else if (!*cell)
        g_string_append(text, "null");
    else if (kind == COLUMN_NUMBER)
        append_number(text, cell);
    else if (kind == COLUMN_DURATION)
        append_seconds(text, cell);
    else
        json_append_text(text, cell);
}

static void append_json(const struct rows_of *rows, GString *text)
{
    g_string_append_c(text, '[');
    for (guint i = 0; i < rows->cells->len; i++) {
        const struct column *column = &rows->columns[i % rows->width];
        g_string_append_printf(text, "%s\"%s\": ", i % rows->width ? ", " : i ? "},\n {" : "{", column->name);
        append_value(text, column->kind, g_ptr_array_index(rows->cells, i));
    }
    g_string_append(text, rows->cells->len ? "}]\n" : "]\n");
}

static void append_table(const struct rows_of *rows, GString *text)
{
    struct table *table = table_new();
    for (unsigned i = 0; i < rows->width; i++)
        table_add_column(table, rows->columns[i].name, TABLE_LEFT);
    for (guint i = 0; i < rows->cells->len; i++)
        table_add_cell(table, g_ptr_array_index(rows->cells, i));
    table_to_text(table, text);
    table_free(table);
}

bool show_append(const struct live *live, struct simulation *simulation, const char *topic, bool json,
                 GString *text)
{
    unsigned index = 0;
    while (show_topics[index] && strcmp(show_topics[index], topic) != 0 &&
           !(index == 1 && strcmp(topic, "neighbors") == 0))
        index++;
    if (!show_topics[index])
        return false;
    struct rows_of rows = {live, simulation, topics[index].columns, 0,
                           g_ptr_array_new_with_free_func(g_free)};
    while (rows.columns[rows.width].name)
        rows.width++;
    for (uint32_t i = 0; topics[index].node && i < simulation->network->node_count; i++)
        if (!simulation->scenario->nodes[simulation->network->nodes[i].group].external)
            topics[index].node(&rows, &simulation->network->nodes[i]);
    if (topics[index].all)
        topics[index].all(&rows);
    if (json)
        append_json(&rows, text);
    else if (topics[index].all == show_lag)
        show_append_lag(live, text);
    else if (topics[index].all == show_taps)
        show_append_taps(live, simulation->scenario, text);
    else
        append_table(&rows, text);
    g_ptr_array_free(rows.cells, TRUE);
    return true;
}
