/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attachment.c - a node's interface moves from LAN to LAN: the link-layer handover.
 */
#include "sim/network/lan.h"
#include "sim/network/link.h"

struct attachment {
    struct event event;
    struct network_node *node;
    struct link *lan;
    unsigned interface;
};

static void attachment_run(struct engine *engine, struct event *event)
{
    (void)engine;
    struct attachment *attachment = event_owner(event, struct attachment, event);
    struct network_node *node = attachment->node;
    lan_attach(attachment->lan, &node->ports[attachment->interface]);
    node->attachment = NULL;
    network_link_changed(node, attachment->interface, true);
    g_free(attachment);
}

void network_attach_cancel(struct network_node *node)
{
    if (!node->attachment)
        return;
    engine_cancel(&node->network->engine, node->attachment);
    g_free(event_owner(node->attachment, struct attachment, event));
    node->attachment = NULL;
}

static time_ns handover_delay(struct network_node *node, const struct link *lan)
{
    if (!lan->lan->handover_delay)
        return 0;
    struct random_stream stream;
    network_random_stream(node->network, node->index, NETWORK_RANDOM_HANDOVER, &stream);
    stream.position += node->handovers++;
    return distribution_sample(lan->lan->handover_delay, &stream);
}

void network_attach(struct network_node *node, unsigned interface, struct link *lan)
{
    network_attach_cancel(node);
    struct port *port = &node->ports[interface];
    if (port->link) {
        lan_detach(port);
        network_link_changed(node, interface, false);
    }
    if (!lan)
        return;
    struct attachment *attachment = g_new0(struct attachment, 1);
    event_init(&attachment->event, attachment_run);
    attachment->node = node;
    attachment->lan = lan;
    attachment->interface = interface;
    node->attachment = &attachment->event;
    struct network *network = node->network;
    engine_schedule_from(&network->engine, &node->source, &attachment->event,
                         time_add(network_now(network), handover_delay(node, lan)));
}
