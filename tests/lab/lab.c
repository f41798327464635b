/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lab.c - see lab.h. What is under way is one sorted list: tests have few nodes, and being easy to trust
 * matters more here than being fast.
 */
#include "tests/lab/lab.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "models/ipv6/ethernet.h"

#define NO_LINK UINT32_MAX

struct station {
    unsigned link; /* NO_LINK: not attached */
};

struct lab_member {
    struct recording_environment recorder; /* first */
    struct lab *lab;
    unsigned index;
    struct node node;
    struct station *stations;
};

struct link {
    bool lan;
    bool up;                /* point-to-point */
    time_ns delay;
    unsigned node[2];       /* point-to-point: both ends */
    unsigned interface[2];
    unsigned sent;
    uint64_t drop_mask;
    unsigned drop_from;
    lab_hook *hook;
    void *context;
};

/* A frame under way to one station, or an action. */
struct pending {
    time_ns time;
    uint64_t order;
    lab_action *action;
    void *context;
    unsigned link;
    unsigned node;
    unsigned interface;
    struct packet *packet;
};

struct lab {
    struct packet_pool *packets;
    GPtrArray *members;
    GPtrArray *links;
    GQueue *pending; /* of struct pending *, in order */
    GArray *frames;
    GArray *events;
    lab_reader *reader; /* NULL: none */
    void *reader_context;
    uint64_t order;
    time_ns now;
};

static struct lab_member *member_of(const struct lab *lab, unsigned node)
{
    g_assert_cmpuint(node, <, lab->members->len);
    return g_ptr_array_index(lab->members, node);
}

static struct link *link_of(const struct lab *lab, unsigned link)
{
    g_assert_cmpuint(link, <, lab->links->len);
    return g_ptr_array_index(lab->links, link);
}

/* -- what is under way -- */

static int compare_pending(gconstpointer a, gconstpointer b, gpointer unused)
{
    const struct pending *first = a, *second = b;
    (void)unused;
    if (first->time != second->time)
        return first->time < second->time ? -1 : 1;
    if ((first->action == NULL) != (second->action == NULL))
        return first->action ? -1 : 1;
    return first->order < second->order ? -1 : first->order > second->order;
}

static void add_pending(struct lab *lab, struct pending pending)
{
    struct pending *copy = g_new(struct pending, 1);
    *copy = pending;
    copy->order = lab->order++;
    g_queue_insert_sorted(lab->pending, copy, compare_pending, NULL);
}

static void under_way(struct lab *lab, unsigned link, unsigned node, unsigned interface,
                      struct packet *packet, time_ns time)
{
    add_pending(lab, (struct pending){
        .time = time, .link = link, .node = node, .interface = interface, .packet = packet_share(packet),
    });
}

static void send_on_lan(struct lab *lab, const struct lab_frame *frame, time_ns arrival)
{
    struct ethernet_address destination;
    if (frame->packet->length < ETHERNET_HEADER_LENGTH)
        g_error("a frame of %u octets was sent", frame->packet->length);
    memcpy(destination.octets, packet_octets(frame->packet), ETHERNET_ADDRESS_LENGTH);
    for (unsigned i = 0; i < lab->members->len; i++) {
        struct lab_member *member = member_of(lab, i);
        for (unsigned j = 0; j < member->node.interface_count; j++) {
            bool sender = i == frame->node && j == frame->interface;
            struct ethernet_address station = lab_station_address(i, j);
            bool wanted = ethernet_address_is_multicast(&destination)
                              ? recording_listens(&member->recorder, j, &destination)
                              : ethernet_address_equal(&station, &destination);
            if (!sender && wanted && member->stations[j].link == frame->link)
                under_way(lab, frame->link, i, j, frame->packet, arrival);
        }
    }
}

static void send_on_link(struct lab *lab, const struct lab_frame *frame, time_ns arrival)
{
    struct link *link = link_of(lab, frame->link);
    if (link->lan) {
        send_on_lan(lab, frame, arrival);
        return;
    }
    unsigned other = link->node[0] == frame->node && link->interface[0] == frame->interface;
    under_way(lab, frame->link, link->node[other], link->interface[other], frame->packet, arrival);
}

static void transmitted(struct recording_environment *recorder, unsigned interface, struct packet *packet)
{
    struct lab_member *member = (struct lab_member *)recorder;
    struct lab *lab = member->lab;
    unsigned index = member->stations[interface].link;
    if (index == NO_LINK) {
        packet_release(packet);
        return;
    }
    struct link *link = link_of(lab, index);
    struct lab_frame frame = {
        .time = lab->now,
        .link = index,
        .count = link->sent++,
        .node = member->index,
        .interface = interface,
        .packet = packet,
    };
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(lab, &frame, &length);
    if (lab->reader)
        frame.opened = lab->reader(lab, octets, length, lab->reader_context);
    struct lab_treatment treatment = {.drop = false};
    unsigned since = frame.count - link->drop_from;
    if (since < 64 && (link->drop_mask >> since & 1) != 0)
        treatment.drop = true;
    if (link->hook)
        link->hook(lab, &frame, &treatment, link->context);
    if (!link->lan && !link->up)
        treatment.drop = true;
    frame.dropped = treatment.drop;
    if (!treatment.drop)
        for (unsigned i = 0; i <= treatment.copies; i++)
            send_on_link(lab, &frame,
                         lab->now + link->delay + treatment.delay + (i > 0 ? treatment.copy_delay : 0));
    /* The record keeps octets of its own: a receiver that holds the only other reference may change its
     * packet. */
    frame.packet = packet_new(lab->packets, 0, packet->length);
    memcpy(packet_octets(frame.packet), packet_octets(packet), packet->length);
    packet_release(packet);
    g_array_append_val(lab->frames, frame);
}

static void reported(struct recording_environment *recorder, const struct protocol_event *event)
{
    struct lab_member *member = (struct lab_member *)recorder;
    struct lab_event recorded = {.node = member->index, .recorded = recorded_event_copy(event)};
    g_array_append_val(member->lab->events, recorded);
}

/* -- building -- */

struct lab *lab_new(void)
{
    struct lab *lab = g_new0(struct lab, 1);
    lab->packets = packet_pool_new();
    lab->members = g_ptr_array_new();
    lab->links = g_ptr_array_new();
    lab->pending = g_queue_new();
    lab->frames = g_array_new(FALSE, FALSE, sizeof(struct lab_frame));
    lab->events = g_array_new(FALSE, FALSE, sizeof(struct lab_event));
    return lab;
}

void lab_free(struct lab *lab)
{
    for (unsigned i = 0; i < lab->members->len; i++)
        node_free(&member_of(lab, i)->node);
    for (struct pending *pending; (pending = g_queue_pop_head(lab->pending)) != NULL; g_free(pending))
        packet_release(pending->packet);
    for (unsigned i = 0; i < lab->frames->len; i++) {
        const struct lab_frame *frame = &g_array_index(lab->frames, struct lab_frame, i);
        packet_release(frame->packet);
        packet_release(frame->opened);
    }
    for (unsigned i = 0; i < lab->events->len; i++)
        recorded_event_free(g_array_index(lab->events, struct lab_event, i).recorded);
    for (unsigned i = 0; i < lab->members->len; i++) {
        recording_environment_free(&member_of(lab, i)->recorder);
        g_free(member_of(lab, i)->stations);
        g_free(member_of(lab, i));
    }
    for (unsigned i = 0; i < lab->links->len; i++)
        g_free(link_of(lab, i));
    g_assert_cmpuint(packet_pool_outstanding(lab->packets), ==, 0);
    packet_pool_free(lab->packets);
    g_ptr_array_free(lab->members, TRUE);
    g_ptr_array_free(lab->links, TRUE);
    g_queue_free(lab->pending);
    g_array_free(lab->frames, TRUE);
    g_array_free(lab->events, TRUE);
    g_free(lab);
}

struct ethernet_address lab_station_address(unsigned node, unsigned interface)
{
    return (struct ethernet_address){
        .octets = {0x02, 0, 0, (uint8_t)(node >> 8), (uint8_t)node, (uint8_t)interface}};
}

unsigned lab_add_node(struct lab *lab, const struct node_configuration *configuration, unsigned interfaces)
{
    struct lab_member *member = g_new0(struct lab_member, 1);
    recording_environment_init(&member->recorder, lab->packets);
    member->recorder.transmitted = transmitted;
    member->recorder.reported = reported;
    member->recorder.seed = lab->members->len + 1;
    member->recorder.now = lab->now;
    member->lab = lab;
    member->index = lab->members->len;
    member->stations = g_new(struct station, interfaces);
    if (node_init(&member->node, &member->recorder.environment, configuration, interfaces) != 0)
        g_error("no memory for a node");
    for (unsigned i = 0; i < interfaces; i++) {
        struct ethernet_address station = lab_station_address(member->index, i);
        node_configure_interface(&member->node, i, INTERFACE_ETHERNET, &station, ETHERNET_MTU);
        member->stations[i].link = NO_LINK;
    }
    g_ptr_array_add(lab->members, member);
    return member->index;
}

struct node *lab_node(struct lab *lab, unsigned node)
{
    return &member_of(lab, node)->node;
}

unsigned lab_node_count(const struct lab *lab)
{
    return lab->members->len;
}

struct recording_environment *lab_recorder(struct lab *lab, unsigned node)
{
    return &member_of(lab, node)->recorder;
}

static unsigned add_link(struct lab *lab, struct link link)
{
    struct link *copy = g_new(struct link, 1);
    *copy = link;
    g_ptr_array_add(lab->links, copy);
    return lab->links->len - 1;
}

unsigned lab_add_point_to_point(struct lab *lab, unsigned node_a, unsigned interface_a, unsigned node_b,
                                unsigned interface_b, time_ns delay, uint16_t mtu)
{
    struct link link = {.delay = delay, .node = {node_a, node_b}, .interface = {interface_a, interface_b}};
    unsigned index = add_link(lab, link);
    for (unsigned end = 0; end < 2; end++) {
        struct lab_member *member = member_of(lab, link.node[end]);
        struct ethernet_address station = lab_station_address(link.node[end], link.interface[end]);
        node_configure_interface(&member->node, link.interface[end], INTERFACE_POINT_TO_POINT, &station, mtu);
        member->stations[link.interface[end]].link = index;
    }
    return index;
}

void lab_set_link(struct lab *lab, unsigned point_to_point, bool up)
{
    struct link *link = link_of(lab, point_to_point);
    if (link->up == up)
        return;
    link->up = up;
    for (unsigned end = 0; end < 2; end++)
        node_link_changed(lab_node(lab, link->node[end]), link->interface[end], up, lab->now);
}

void lab_start(struct lab *lab)
{
    for (unsigned i = 0; i < lab->links->len; i++)
        if (!link_of(lab, i)->lan)
            lab_set_link(lab, i, true);
}

unsigned lab_add_lan(struct lab *lab, time_ns delay)
{
    return add_link(lab, (struct link){.lan = true, .delay = delay});
}

void lab_attach(struct lab *lab, unsigned lan, unsigned node, unsigned interface)
{
    struct lab_member *member = member_of(lab, node);
    g_assert_true(link_of(lab, lan)->lan && member->stations[interface].link == NO_LINK);
    member->stations[interface].link = lan;
    node_link_changed(&member->node, interface, true, lab->now);
}

void lab_detach(struct lab *lab, unsigned node, unsigned interface)
{
    struct lab_member *member = member_of(lab, node);
    member->stations[interface].link = NO_LINK;
    node_link_changed(&member->node, interface, false, lab->now);
}

unsigned lab_link_of(const struct lab *lab, unsigned node, unsigned interface)
{
    return member_of(lab, node)->stations[interface].link;
}

void lab_set_hook(struct lab *lab, unsigned link, lab_hook *hook, void *context)
{
    link_of(lab, link)->hook = hook;
    link_of(lab, link)->context = context;
}

void lab_set_reader(struct lab *lab, lab_reader *reader, void *context)
{
    lab->reader = reader;
    lab->reader_context = context;
}

void lab_drop(struct lab *lab, unsigned link, uint64_t mask)
{
    link_of(lab, link)->drop_mask = mask;
    link_of(lab, link)->drop_from = link_of(lab, link)->sent;
}

/* -- running -- */

void lab_at(struct lab *lab, time_ns time, lab_action *action, void *context)
{
    g_assert_cmpint(time, >=, lab->now);
    add_pending(lab, (struct pending){.time = time, .action = action, .context = context});
}

time_ns lab_now(const struct lab *lab)
{
    return lab->now;
}

static void set_now(struct lab *lab, time_ns now)
{
    g_assert_cmpint(now, >=, lab->now);
    lab->now = now;
    for (unsigned i = 0; i < lab->members->len; i++)
        member_of(lab, i)->recorder.now = now;
}

static time_ns next_time(const struct lab *lab)
{
    const struct pending *first = g_queue_peek_head(lab->pending);
    time_ns next = first ? first->time : TIME_NEVER;
    for (unsigned i = 0; i < lab->members->len; i++)
        next = MIN(next, node_deadline(&member_of(lab, i)->node));
    return MAX(next, lab->now);
}

static void arrive(struct lab *lab, struct pending *pending)
{
    struct lab_member *member = member_of(lab, pending->node);
    bool there = member->stations[pending->interface].link == pending->link;
    if (there && !link_of(lab, pending->link)->lan)
        there = link_of(lab, pending->link)->up;
    if (there)
        node_receive(&member->node, pending->interface, packet_writable(pending->packet), lab->now);
    else
        packet_release(pending->packet);
}

/* One thing that is due; false: nothing is. */
static bool step(struct lab *lab)
{
    struct pending *first = g_queue_peek_head(lab->pending);
    if (first && first->time <= lab->now) {
        g_queue_pop_head(lab->pending);
        if (first->action)
            first->action(lab, first->context);
        else
            arrive(lab, first);
        g_free(first);
        return true;
    }
    for (unsigned i = 0; i < lab->members->len; i++) {
        struct node *node = &member_of(lab, i)->node;
        if (node_deadline(node) <= lab->now) {
            node_wake(node, lab->now);
            return true;
        }
    }
    return false;
}

void lab_run(struct lab *lab, time_ns until)
{
    for (time_ns next; (next = next_time(lab)) <= until;) {
        set_now(lab, next);
        while (step(lab))
            continue;
    }
    set_now(lab, until);
}

struct packet *lab_packet(struct lab *lab, const void *octets, size_t length)
{
    struct packet *packet = packet_new(lab->packets, PACKET_HEADROOM, length);
    if (length > 0)
        memcpy(packet_octets(packet), octets, length);
    return packet;
}

/* -- looking -- */

unsigned lab_frame_count(const struct lab *lab)
{
    return lab->frames->len;
}

const struct lab_frame *lab_frame(const struct lab *lab, unsigned index)
{
    g_assert_cmpuint(index, <, lab->frames->len);
    return &g_array_index(lab->frames, struct lab_frame, index);
}

const uint8_t *lab_frame_ipv6(const struct lab *lab, const struct lab_frame *frame, size_t *length)
{
    size_t header = link_of(lab, frame->link)->lan ? ETHERNET_HEADER_LENGTH : 0;
    *length = frame->packet->length - header;
    return packet_octets(frame->packet) + header;
}

const uint8_t *lab_frame_opened(const struct lab *lab, const struct lab_frame *frame, size_t *length)
{
    if (!frame->opened)
        return lab_frame_ipv6(lab, frame, length);
    *length = frame->opened->length;
    return packet_octets(frame->opened);
}

unsigned lab_event_count(const struct lab *lab)
{
    return lab->events->len;
}

const struct protocol_event *lab_event(const struct lab *lab, unsigned index, unsigned *node)
{
    g_assert_cmpuint(index, <, lab->events->len);
    const struct lab_event *event = &g_array_index(lab->events, struct lab_event, index);
    if (node)
        *node = event->node;
    return &event->recorded->event;
}

const struct protocol_event *lab_find_message(const struct lab *lab, unsigned node,
                                              enum protocol_event_kind kind, const char *message,
                                              time_ns from)
{
    for (unsigned i = 0; i < lab->events->len; i++) {
        unsigned who;
        const struct protocol_event *event = lab_event(lab, i, &who);
        if (event->kind == kind && event->time >= from && (node == LAB_ANY_NODE || node == who) &&
            (!message || g_strcmp0(message, event->message) == 0))
            return event;
    }
    return NULL;
}

const struct protocol_event *lab_find_event(const struct lab *lab, unsigned node,
                                            enum protocol_event_kind kind, time_ns from)
{
    return lab_find_message(lab, node, kind, NULL, from);
}

unsigned lab_count_events(const struct lab *lab, unsigned node, enum protocol_event_kind kind)
{
    unsigned count = 0;
    for (unsigned i = 0; i < lab->events->len; i++) {
        unsigned who;
        const struct protocol_event *event = lab_event(lab, i, &who);
        count += event->kind == kind && (node == LAB_ANY_NODE || node == who);
    }
    return count;
}

static void print_address(const char *name, const struct ipv6_address *address)
{
    char text[INET6_ADDRSTRLEN];
    if (address)
        fprintf(stderr, " %s=%s", name, inet_ntop(AF_INET6, address->octets, text, sizeof(text)));
}

void lab_print(const struct lab *lab)
{
    for (unsigned i = 0; i < lab->events->len; i++) {
        unsigned node;
        const struct protocol_event *event = lab_event(lab, i, &node);
        fprintf(stderr, "%12.6f ms  node %u if %u  %s%s%s", (double)event->time / 1e6, node, event->interface,
                protocol_event_text(event->kind), event->message ? ": " : "",
                event->message ? event->message : "");
        if (event->reason != DISCARD_NONE)
            fprintf(stderr, " (%s)", discard_reason_text(event->reason));
        if (event->from && event->to)
            fprintf(stderr, " %s -> %s", event->from, event->to);
        print_address("src", event->source);
        print_address("dst", event->destination);
        print_address("hoa", event->home_address);
        print_address("coa", event->care_of_address);
        if (event->sequence >= 0)
            fprintf(stderr, " seq=%d", event->sequence);
        if (event->status >= 0)
            fprintf(stderr, " status=%d", event->status);
        if (event->octets > 0)
            fprintf(stderr, " octets=%u", event->octets);
        fputc('\n', stderr);
    }
}
