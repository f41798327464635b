/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stations.c - see stations.h. An address is its 48 bits as a number.
 */
#include "sim/live/stations.h"

#define SOURCE_AT     ETHERNET_ADDRESS_LENGTH /* in a frame */
#define HEADER_LENGTH 14

static gpointer number_of(const uint8_t *octets)
{
    gsize number = 0;
    for (unsigned i = 0; i < ETHERNET_ADDRESS_LENGTH; i++)
        number = number << 8 | octets[i];
    return GSIZE_TO_POINTER(number);
}

GHashTable *stations_new(const struct simulation *simulation)
{
    GHashTable *stations = g_hash_table_new(NULL, NULL);
    const struct network *network = simulation->network;
    for (uint32_t i = 0; i < network->node_count; i++) {
        const struct node *node = &network->nodes[i].node;
        for (unsigned p = 0; p < node->interface_count; p++)
            if (!simulation->scenario->nodes[network->nodes[i].group].external)
                g_hash_table_add(stations, number_of(node->interfaces[p].link_layer_address.octets));
    }
    return stations;
}

bool stations_have_sent(GHashTable *stations, const uint8_t *frame, size_t length)
{
    return length >= HEADER_LENGTH && g_hash_table_contains(stations, number_of(frame + SOURCE_AT));
}
