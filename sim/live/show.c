/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.c - see show.h. Rows are texts; the same rows make the table and the JSON.
 */
#include "sim/live/show.h"

#include <string.h>

#include "models/ipv6/neighbor_discovery.h"
#include "models/mobility/mobility.h"
#include "models/mobility/nonce.h"
#include "sim/engine/duration.h"
#include "sim/format/table.h"
#include "sim/network/lan.h"
#include "sim/scenario/value.h"

struct rows_of {
    struct simulation *simulation;
    const char *const *columns;
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
    add(rows, until == TIME_NEVER ? g_strdup("") : g_strdup_printf("%.1f", (double)MAX(until - now, 0) / 1e9));
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
            add_left(rows, entry->state == UPDATE_BOUND ? entry->expires : TIME_NEVER, network_node_now(node));
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
    if (!node->node.mobility)
        return;
    const struct nonce_table *table = &node->node.mobility->correspondent.nonces;
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
        for (uint32_t b = 0; b < cache->bucket_count; b++)
            for (const struct neighbor *neighbor = cache->buckets[b]; neighbor; neighbor = neighbor->next) {
                enum neighbor_state state = neighbor_state_at(neighbor, network_node_now(node));
                add_name(rows, node);
                add_link(rows, node, i);
                add_address(rows, &neighbor->address);
                add(rows, state == NEIGHBOR_INCOMPLETE ? g_strdup("") : mac_text(&neighbor->link_layer_address));
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
        for (const struct interface_address *address = interface->addresses; address; address = address->next) {
            add_name(rows, node);
            add_link(rows, node, i);
            add_address(rows, &address->address);
            add(rows, interface->kind == INTERFACE_ETHERNET ? mac_text(&interface->link_layer_address) : g_strdup(""));
            add(rows, g_strdup(states[address->state]));
            add(rows, g_strdup(origins[address->origin]));
        }
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
        add(rows, g_strdup(link->kind == LINK_POINT_TO_POINT                             ? "point-to-point"
                           : scenario->links[link->group].kind == SCENARIO_ACCESS_LAN ? "access-lan"
                                                                                         : "lan"));
        add(rows, g_strdup(link->up ? "up" : "down"));
        add(rows, channel->delay ? g_strdup("random") : g_strdup(duration_format(channel->fixed_delay, text)));
        add(rows, g_strdup_printf("%u", link_station_count(link)));
    }
}

/* -- topics -- */

static const char *const binding_columns[] = {"node", "role", "peer", "care-of address", "sequence", "seconds left",
                                              "state", NULL};
static const char *const neighbour_columns[] = {"node", "link", "address", "station", "state", "router", NULL};
static const char *const nonce_columns[] = {"node", "index", "nonce", "seconds left", NULL};
static const char *const address_columns[] = {"node", "link", "address", "station", "state", "origin", NULL};
static const char *const link_columns[] = {"link", "kind", "state", "delay", "stations", NULL};

const char *const show_topics[] = {"bindings", "neighbours", "nonces", "addresses", "links", NULL};

static const struct {
    const char *const *columns;
    void (*node)(struct rows_of *rows, struct network_node *node); /* NULL: links */
} topics[] = {
    {binding_columns, show_bindings}, {neighbour_columns, show_neighbours}, {nonce_columns, show_nonces},
    {address_columns, show_addresses}, {link_columns, NULL},
};

static void append_json(const struct rows_of *rows, GString *text)
{
    unsigned width = g_strv_length((char **)rows->columns);
    g_string_append_c(text, '[');
    for (guint i = 0; i < rows->cells->len; i++) {
        const char *cell = g_ptr_array_index(rows->cells, i);
        g_string_append_printf(text, "%s\"%s\": \"%s\"", i % width ? ", " : i ? "},\n {" : "{",
                               rows->columns[i % width], cell); /* names and numbers: nothing to be escaped */
    }
    g_string_append(text, rows->cells->len ? "}]\n" : "]\n");
}

static void append_table(const struct rows_of *rows, GString *text)
{
    struct table *table = table_new();
    for (unsigned i = 0; rows->columns[i]; i++)
        table_add_column(table, rows->columns[i], TABLE_LEFT);
    for (guint i = 0; i < rows->cells->len; i++)
        table_add_cell(table, g_ptr_array_index(rows->cells, i));
    table_to_text(table, text);
    table_free(table);
}

bool show_append(struct simulation *simulation, const char *topic, bool json, GString *text)
{
    unsigned index = 0;
    while (show_topics[index] && strcmp(show_topics[index], topic) != 0 &&
           !(index == 1 && strcmp(topic, "neighbors") == 0))
        index++;
    if (!show_topics[index])
        return false;
    struct rows_of rows = {simulation, topics[index].columns, g_ptr_array_new_with_free_func(g_free)};
    for (uint32_t i = 0; topics[index].node && i < simulation->network->node_count; i++)
        if (!simulation->scenario->nodes[simulation->network->nodes[i].group].external)
            topics[index].node(&rows, &simulation->network->nodes[i]);
    if (!topics[index].node)
        show_links(&rows);
    if (json)
        append_json(&rows, text);
    else
        append_table(&rows, text);
    g_ptr_array_free(rows.cells, TRUE);
    return true;
}
