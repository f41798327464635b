/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attachment.c - a node goes from LAN to LAN: the link-layer handover.
 *
 * Mostly one interface leaves the one LAN and joins the other. Where cells overlap, a second interface joins
 * while the first stays, which leaves some time later; after that the two have changed parts.
 */
#include "sim/network/lan.h"
#include "sim/network/link.h"

struct attachment {
    struct event event;
    struct network_node *node;
    struct link *lan;
    time_ns keep;       /* the other interface's link, after this one is up */
    unsigned interface; /* that joins; NULL lan: that leaves */
};

static void leave(struct network_node *node, unsigned interface)
{
    struct port *port = &node->ports[interface];
    if (!port->link)
        return;
    lan_detach(port);
    network_link_changed(node, interface, false);
}

static void attachment_run(struct engine *engine, struct event *event);

static void schedule(struct network_node *node, unsigned interface, struct link *lan, time_ns keep,
                     time_ns delay)
{
    struct attachment *attachment = g_new0(struct attachment, 1);
    event_init(&attachment->event, attachment_run);
    *attachment = (struct attachment){
        .event = attachment->event, .node = node, .lan = lan, .keep = keep, .interface = interface};
    node->attachment = &attachment->event;
    struct network *network = node->network;
    engine_schedule_from(&network->engine, &node->source, &attachment->event,
                         time_add(network_now(network), delay));
}

static void attachment_run(struct engine *engine, struct event *event)
{
    (void)engine;
    struct attachment done = *event_owner(event, struct attachment, event);
    struct network_node *node = done.node;
    g_free(event_owner(event, struct attachment, event));
    node->attachment = NULL;
    if (!done.lan) {
        leave(node, done.interface);
        return;
    }
    unsigned kept = node->moving;
    node->moving = (uint16_t)done.interface;
    lan_attach(done.lan, &node->ports[done.interface]);
    if (kept != done.interface)
        schedule(node, kept, NULL, 0, done.keep);
    network_link_changed(node, done.interface, true);
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

/* No move under way any more, and on no link but the present interface's. */
static void settle(struct network_node *node)
{
    network_attach_cancel(node);
    for (unsigned i = 0; i < node->node.interface_count; i++)
        if (i != node->moving)
            leave(node, i);
}

void network_attach(struct network_node *node, struct link *lan)
{
    settle(node);
    leave(node, node->moving);
    if (lan)
        schedule(node, node->moving, lan, 0, handover_delay(node, lan));
}

void network_attach_overlapping(struct network_node *node, struct link *lan, time_ns keep)
{
    settle(node);
    schedule(node, 1u - node->moving, lan, keep, handover_delay(node, lan));
}

void network_leave_link(struct network_node *node, const struct link *lan)
{
    for (unsigned i = 0; i < node->node.interface_count; i++)
        if (node->ports[i].link == lan && (i != node->moving || node->attachment))
            leave(node, i);
}
