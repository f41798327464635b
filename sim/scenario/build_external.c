/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build_external.c - what matters where a scenario meets the world outside (mip6sim live): the Ethernet
 * addresses of nodes, and the nodes that somebody outside plays.
 *
 * Two interfaces with one address would answer for each other, so addresses that are given must differ; those
 * that are not given keep out of their way (scenario_ethernet_address).
 */
#include "sim/scenario/build.h"

#include <string.h>

#include "sim/scenario/value.h"

/* 02:00:5e:00:53:01; '-' for ':' will do. */
static bool parse_mac(const char *text, struct ethernet_address *address)
{
    for (unsigned i = 0; i < ETHERNET_ADDRESS_LENGTH; i++, text += 3) {
        bool last = i + 1 == ETHERNET_ADDRESS_LENGTH;
        if (!g_ascii_isxdigit(text[0]) || !g_ascii_isxdigit(text[1]) ||
            (last ? text[2] != '\0' : text[2] != ':' && text[2] != '-'))
            return false;
        address->octets[i] = (uint8_t)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
    }
    return true;
}

static uint64_t number_of(const struct ethernet_address *address)
{
    uint64_t number = 0;
    for (unsigned i = 0; i < ETHERNET_ADDRESS_LENGTH; i++)
        number = number << 8 | address->octets[i];
    return number;
}

/* Whose address is among those from `first` on, `count` of them; NULL: nobody's, as far as has been read. */
static const char *owner_of(const struct scenario *scenario, uint64_t first, uint32_t count)
{
    for (uint32_t i = 0; i < scenario->node_count; i++) {
        const struct scenario_node *node = &scenario->nodes[i];
        for (uint32_t m = 0; m < node->mac_count; m++) {
            uint64_t other = number_of(&node->macs[m]);
            if (first < other + node->count && other < first + count)
                return node->name;
        }
    }
    return NULL;
}

/* How many of its interfaces are on LANs; they are its first ones. */
static uint32_t lan_interfaces(const struct builder *builder, const struct scenario_node *node)
{
    uint32_t count = 0;
    if (node->kind == SCENARIO_MOBILE_NODE)
        return 2; /* the second one is for moves that keep the old link */
    while (count < node->interface_count &&
           builder->scenario->links[node->interfaces[count].link].kind != SCENARIO_POINT_TO_POINT)
        count++;
    return count;
}

static bool read_mac(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, const char *text, const struct scenario_node *node,
                     struct ethernet_address *mac)
{
    if (!parse_mac(text, mac)) {
        build_error_at(builder, view, entry,
                       "\"%s\" is no Ethernet address; expected six octets, as in 02:00:5e:00:53:01", text);
        return false;
    }
    uint64_t number = number_of(mac);
    if (mac->octets[0] & 1 || number == 0) {
        build_error_at(builder, view, entry, "%s is %s; an interface cannot have it", text,
                       number ? "the address of a group" : "no address");
        return false;
    }
    const char *owner = owner_of(builder->scenario, number, node->count);
    if (owner) {
        build_error_at(builder, view, entry, "%s is \"%s\"'s as well%s", text, owner,
                       node->count > 1 ? " (of a group each node has the next one)" : "");
        return false;
    }
    return true;
}

static void read_macs(struct builder *builder, uint32_t index)
{
    const struct scenario_view *view = builder->node_views[index];
    const struct scenario_entry *entry = build_entry(view, "mac");
    struct scenario_node *node = &builder->scenario->nodes[index];
    if (!entry || entry->value[0] == '\0')
        return;
    char **texts = value_split(entry->value, ',');
    uint32_t count = g_strv_length(texts), most = lan_interfaces(builder, node);
    if (count > most && !builder->topology_broken)
        build_error_at(builder, view, entry, "%u addresses, but \"%s\" is on %u LAN%s", count, node->name,
                       most, most == 1 ? "" : "s");
    node->macs = build_memory(builder, count, sizeof *node->macs);
    for (uint32_t i = 0; i < count; i++) {
        struct ethernet_address mac;
        if (!read_mac(builder, view, entry, texts[i], node, &mac))
            break;
        node->macs[node->mac_count++] = mac;
    }
    g_strfreev(texts);
}

/* TAPs are at LANs: who is played from outside is on such. */
static void check_external(struct builder *builder, uint32_t index)
{
    const struct scenario_view *view = builder->node_views[index];
    const struct scenario_node *node = &builder->scenario->nodes[index];
    if (!node->external)
        return;
    if (node->kind == SCENARIO_ATTACKER)
        build_error(builder, view, "external", "an attacker here is not one that is played from outside");
    for (uint32_t i = 0; i < node->interface_count; i++) {
        const struct scenario_link *link = &builder->scenario->links[node->interfaces[i].link];
        if (link->kind == SCENARIO_POINT_TO_POINT)
            build_error(
                builder, view, "external",
                "it is on the point-to-point link \"%s\"; who is played from outside is on LANs, where a TAP "
                "can be",
                link->name);
    }
}

void build_external(struct builder *builder)
{
    for (uint32_t i = 0; i < builder->scenario->node_count; i++) {
        read_macs(builder, i);
        check_external(builder, i);
    }
}
