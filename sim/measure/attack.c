/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * attack.c - see attack.h.
 *
 * Marks tell the cause of a packet and of what a node does while it works on one. Messages of mobility are
 * counted where nodes report them, which tells them from their copies in tunnels and under ESP; other replies
 * are counted as they leave the node whose address they come from. Neighbor Discovery that a packet sets off
 * on its way is not counted: it is the links' affair.
 *
 * A binding that an attack has made is remembered by its holder and home address until it is gone or a
 * genuine update has replaced it. If it is for the home address of a mobile node and points to where that is
 * not, it begins a detour: what is sent by it is astray. A detour is over when the binding is gone, and its
 * time lasts until the next datagram arrives that was sent after that.
 */
#include "sim/measure/attack.h"

#include <string.h>

#include "models/attack/eavesdropper.h"
#include "models/ipv6/ethernet.h"
#include "models/ipv6/ipv6.h"
#include "models/mobility/mobility.h"
#include "sim/measure/signalling.h"

struct forged_binding {
    uint32_t holder;
    struct ipv6_address home_address;
    uint32_t record;
};

struct detour {
    uint32_t holder, mobile; /* node indices */
    uint32_t record;
    time_ns since;
    time_ns ended; /* the binding is gone; TIME_NEVER: not yet */
    bool closed;
};

/* -- bindings by holder and home address -- */

static guint binding_hash(gconstpointer key)
{
    const struct forged_binding *binding = key;
    guint hash = binding->holder * 2654435761u;
    for (unsigned i = 0; i < 16; i++)
        hash = hash * 33 + binding->home_address.octets[i];
    return hash;
}

static gboolean binding_same(gconstpointer a, gconstpointer b)
{
    const struct forged_binding *left = a, *right = b;
    return left->holder == right->holder && ipv6_address_equal(&left->home_address, &right->home_address);
}

/* -- who is who -- */

/* Of the mobile node and the correspondent, as far as the attack names them. */
static const char *method_between(const struct scenario *scenario, uint32_t mobile, uint32_t correspondent)
{
    const char *any = NULL;
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *peers = &scenario->peers[i];
        const char *name = peers->authorization == SCENARIO_STATIC_KEY
                               ? authorization_static_key.name
                               : authorization_return_routability.name;
        bool one = peers->mobile_node.node == mobile, other = peers->correspondent.node == correspondent;
        if (one && other)
            return name;
        if (!any)
            any = name;
    }
    return any ? any : authorization_return_routability.name;
}

static const char *method_of(const struct scenario *scenario, const struct scenario_attack *attack)
{
    uint32_t target = attack->target.node, mobile = SCENARIO_NONE;
    if (scenario->nodes[target].kind == SCENARIO_MOBILE_NODE)
        return method_between(scenario, target, SCENARIO_NONE);
    if (attack->home_address.kind == SCENARIO_ADDRESS_NODE)
        mobile = attack->home_address.node.node;
    else if (attack->victim.node != SCENARIO_NONE)
        mobile = attack->victim.node;
    return method_between(scenario, mobile, target);
}

/* Member `number` of the reference, or its only one. */
static uint32_t member_of(const struct scenario *scenario, const struct scenario_reference *reference,
                          uint32_t number)
{
    if (reference->node == SCENARIO_NONE)
        return DIRECTORY_NOBODY;
    return scenario->nodes[reference->node].first + reference->first + MIN(number, reference->count - 1);
}

static void begin_record(const struct scenario *scenario, uint32_t index, uint32_t pair,
                         struct attack_record *record)
{
    const struct scenario_attack *attack = &scenario->attacks[index];
    uint32_t attacker, target;
    scenario_pair(&attack->attacker, &attack->target, pair, &attacker, &target);
    *record = (struct attack_record){
        .attack = index,
        .pair = pair,
        .attacker = scenario->nodes[attack->attacker.node].first + attacker,
        .target = scenario->nodes[attack->target.node].first + target,
        .victim = member_of(scenario, &attack->victim, pair),
        .method = method_of(scenario, attack),
        .status = -1,
        .first_sent = TIME_NEVER,
        .first_accepted = TIME_NEVER,
    };
}

void attack_probe_init(struct attack_probe *probe, struct directory *directory,
                       const struct flow_monitor *flows)
{
    const struct scenario *scenario = directory->scenario;
    *probe = (struct attack_probe){.directory = directory, .flows = flows, .count = scenario->attack_total};
    if (probe->count == 0)
        return;
    probe->records = g_new0(struct attack_record, probe->count);
    for (uint32_t i = 0; i < scenario->attack_count; i++)
        for (uint32_t pair = 0; pair < scenario->attacks[i].pairs; pair++)
            begin_record(scenario, i, pair, &probe->records[scenario->attacks[i].first + pair]);
    probe->bin_width = MAX((scenario->duration + ATTACK_BINS - 1) / ATTACK_BINS, 1);
    probe->care_of = g_new0(struct ipv6_address, scenario->node_total);
    probe->bindings = g_hash_table_new_full(binding_hash, binding_same, g_free, NULL);
    probe->reader = g_new0(struct eavesdropper, 1); /* it knows no keys: what is under ESP stays closed */
    probe->detours = g_array_new(FALSE, FALSE, sizeof(struct detour));
    probe->watch =
        WATCH(EVENT_MESSAGE_SENT) | WATCH(EVENT_MESSAGE_RECEIVED) | WATCH(EVENT_MESSAGE_DISCARDED) |
        WATCH(EVENT_PACKET_DISCARDED) | WATCH(EVENT_BINDING_CREATED) | WATCH(EVENT_BINDING_UPDATED) |
        WATCH(EVENT_BINDING_DELETED) | WATCH(EVENT_BINDING_EXPIRED) | WATCH(EVENT_CARE_OF_ADDRESS_USABLE) |
        WATCH(EVENT_RETURNED_HOME) | WATCH(EVENT_APPLICATION_SENT) | WATCH(EVENT_PACKET_TUNNELLED);
}

void attack_probe_free(struct attack_probe *probe)
{
    for (uint32_t i = 0; i < probe->count; i++)
        g_free(probe->records[i].bins);
    g_free(probe->records);
    g_free(probe->care_of);
    g_free(probe->reader);
    if (probe->bindings)
        g_hash_table_destroy(probe->bindings);
    if (probe->detours)
        g_array_free(probe->detours, TRUE);
}

static struct attack_record *record_of(const struct attack_probe *probe, uint32_t mark)
{
    uint32_t cause = packet_mark_cause(mark);
    return cause > 0 && cause <= probe->count ? &probe->records[cause - 1] : NULL;
}

/* Each has its end, not its beginning: what comes at the end of the run comes in the last, and of what comes
 * at regular intervals each has as much. */
static struct attack_bin *bin_of(const struct attack_probe *probe, struct attack_record *record, time_ns now)
{
    if (!record->bins)
        record->bins = g_new0(struct attack_bin, ATTACK_BINS);
    return &record->bins[MIN(MAX(now - 1, 0) / probe->bin_width, ATTACK_BINS - 1)];
}

static uint8_t message_of(const struct attack_probe *probe, const struct attack_record *record)
{
    return probe->directory->scenario->attacks[record->attack].configuration.message;
}

static void accepted(struct attack_record *record, time_ns now)
{
    record->counts[ATTACK_COLUMN_ACCEPTED]++;
    record->first_accepted = MIN(record->first_accepted, now);
}

/* -- detours -- */

static struct detour *detour_at(const struct attack_probe *probe, guint index)
{
    return &g_array_index(probe->detours, struct detour, index);
}

static struct detour *find_detour(const struct attack_probe *probe, uint32_t holder, uint32_t mobile)
{
    for (guint i = 0; i < probe->detours->len; i++) {
        struct detour *detour = detour_at(probe, i);
        if (!detour->closed && detour->holder == holder && detour->mobile == mobile)
            return detour;
    }
    return NULL;
}

static void close_detour(struct attack_probe *probe, struct detour *detour, time_ns now)
{
    probe->records[detour->record].astray_time += now - detour->since;
    detour->closed = true;
}

static void begin_detour(struct attack_probe *probe, uint32_t holder, uint32_t mobile, uint32_t record,
                         time_ns now)
{
    struct detour *detour = find_detour(probe, holder, mobile);
    if (detour && detour->record == record) {
        detour->ended = TIME_NEVER;
        return;
    }
    if (detour)
        close_detour(probe, detour, now);
    probe->records[record].any_astray = true;
    struct detour begun = {
        .holder = holder, .mobile = mobile, .record = record, .since = now, .ended = TIME_NEVER};
    g_array_append_val(probe->detours, begun);
}

static bool has_flow(const struct attack_probe *probe, uint32_t holder, uint32_t mobile)
{
    for (uint32_t i = 0; i < probe->flows->count; i++) {
        const struct flow_record *flow = &probe->flows->flows[i];
        if ((flow->from == holder && flow->to == mobile) || (flow->to == holder && flow->from == mobile))
            return true;
    }
    return false;
}

static void end_detour(struct attack_probe *probe, uint32_t holder, uint32_t mobile, time_ns now)
{
    struct detour *detour = find_detour(probe, holder, mobile);
    if (!detour || detour->ended != TIME_NEVER)
        return;
    detour->ended = now;
    if (!has_flow(probe, holder, mobile))
        close_detour(probe, detour, now);
}

static void went_astray(struct attack_probe *probe, const struct detour *detour, uint64_t octets, time_ns now)
{
    struct attack_record *record = &probe->records[detour->record];
    struct attack_bin *bin = bin_of(probe, record, now);
    record->counts[ATTACK_COLUMN_ASTRAY_PACKETS]++;
    record->counts[ATTACK_COLUMN_ASTRAY_OCTETS] += octets;
    bin->astray_packets++;
    bin->astray_octets += octets;
}

/* The node sends one of its datagrams by its binding for the receiver. */
static void application_sent(struct attack_probe *probe, uint32_t node, const struct protocol_event *event)
{
    const struct flow_record *flow = flow_monitor_find(probe->flows, event->flow);
    if (!flow || event->path != PATH_ROUTE_OPTIMIZED || event->octets == 0)
        return;
    const struct detour *detour = find_detour(probe, node, node == flow->from ? flow->to : flow->from);
    if (detour && detour->ended == TIME_NEVER)
        went_astray(probe, detour, event->octets, event->time);
}

/* A home agent tunnels a flow's datagram by its binding. */
static void packet_tunnelled(struct attack_probe *probe, uint32_t node, const struct protocol_event *event)
{
    uint32_t number, sequence;
    if (probe->detours->len == 0 || !event->packet ||
        !flow_packet_read(packet_octets(event->packet), event->packet->length, false, &number, &sequence))
        return;
    const struct flow_record *flow = flow_monitor_find(probe->flows, number);
    const struct detour *detour = flow ? find_detour(probe, node, flow->to) : NULL;
    if (flow && !detour)
        detour = find_detour(probe, node, flow->from);
    if (detour && detour->ended == TIME_NEVER)
        went_astray(probe, detour, event->packet->length, event->time);
}

void attack_probe_delivered(struct attack_probe *probe, const struct flow_record *flow, uint32_t mark,
                            time_ns sent, time_ns now)
{
    struct attack_record *record = record_of(probe, mark);
    if (record)
        accepted(record, now); /* a replayed datagram was taken for a new one */
    for (guint i = 0; i < probe->detours->len; i++) {
        struct detour *detour = detour_at(probe, i);
        if (!detour->closed && detour->ended <= sent && detour->mobile == flow->sink)
            close_detour(probe, detour, now);
    }
}

/* -- bindings -- */

static bool is_elsewhere(const struct attack_probe *probe, uint32_t mobile,
                         const struct ipv6_address *care_of)
{
    return care_of && !ipv6_address_equal(care_of, &probe->care_of[mobile]);
}

static bool is_mobile_node(const struct attack_probe *probe, uint32_t node)
{
    return node != DIRECTORY_NOBODY && directory_node(probe->directory, node)->kind == SCENARIO_MOBILE_NODE;
}

static void forget_binding(struct attack_probe *probe, const struct forged_binding *binding, uint32_t mobile,
                           time_ns now)
{
    probe->records[binding->record].state--;
    if (is_mobile_node(probe, mobile))
        end_detour(probe, binding->holder, mobile, now);
    g_hash_table_remove(probe->bindings, binding);
}

static void remember_binding(struct attack_probe *probe, const struct forged_binding *key,
                             struct attack_record *record)
{
    struct forged_binding *binding = g_memdup2(key, sizeof *key);
    binding->record = (uint32_t)(record - probe->records);
    g_hash_table_add(probe->bindings, binding);
    record->state++;
    record->counts[ATTACK_COLUMN_STATE_CREATED] =
        MAX(record->counts[ATTACK_COLUMN_STATE_CREATED], record->state);
}

static void binding_changed(struct attack_probe *probe, uint32_t holder, const struct protocol_event *event)
{
    struct attack_record *record = record_of(probe, event->mark);
    bool there = event->kind == EVENT_BINDING_CREATED || event->kind == EVENT_BINDING_UPDATED;
    if (!event->home_address)
        return;
    uint32_t mobile = directory_owner(probe->directory, event->home_address);
    struct forged_binding key = {.holder = holder, .home_address = *event->home_address};
    const struct forged_binding *known = g_hash_table_lookup(probe->bindings, &key);
    if (record && holder == record->target)
        accepted(record, event->time);
    if (known && (!there || !record || &probe->records[known->record] != record)) {
        forget_binding(probe, known, mobile, event->time);
        known = NULL;
    }
    if (!there || !record)
        return;
    if (!known)
        remember_binding(probe, &key, record);
    if (is_mobile_node(probe, mobile) && is_elsewhere(probe, mobile, event->care_of_address))
        begin_detour(probe, holder, mobile, (uint32_t)(record - probe->records), event->time);
    else if (is_mobile_node(probe, mobile))
        end_detour(probe, holder, mobile, event->time);
}

/* -- messages -- */

static bool is_neighbor_discovery(const struct protocol_event *event)
{
    static const char *const names[] = {"Router Solicitation", "Router Advertisement",
                                        "Neighbor Solicitation", "Neighbor Advertisement"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (event->message && strcmp(event->message, names[i]) == 0)
            return true;
    return false;
}

/* Mobile nodes' messages, which are accepted when they are taken. */
static bool is_taken_at_face_value(uint8_t message)
{
    return message == MOBILITY_BINDING_REFRESH_REQUEST || message == MOBILITY_HOME_TEST ||
           message == MOBILITY_CARE_OF_TEST || message == MOBILITY_BINDING_ACKNOWLEDGEMENT ||
           message == MOBILITY_BINDING_ERROR;
}

static bool is_any_message(uint8_t message)
{
    return message == ATTACK_ESP || message == ATTACK_OTHER;
}

static bool is_binding_update(const struct protocol_event *event)
{
    return event->message && strcmp(event->message, "Binding Update") == 0;
}

static void message_sent(struct attack_probe *probe, struct attack_record *record, uint32_t node,
                         const struct protocol_event *event)
{
    if (!signalling_is_mobility(event))
        return;
    if (directory_node(probe->directory, node)->kind != SCENARIO_ATTACKER) {
        probe->defence_messages++;
        probe->defence_octets += event->octets;
    }
    if (!record || node == record->attacker)
        return;
    record->counts[ATTACK_COLUMN_REPLIES]++;
    record->counts[ATTACK_COLUMN_REPLY_OCTETS] += event->octets;
    bool refusal = (event->status >= 128 && strcmp(event->message, "Binding Acknowledgement") == 0) ||
                   strcmp(event->message, "Binding Error") == 0;
    if (node == record->target && refusal) {
        record->counts[ATTACK_COLUMN_REJECTED]++;
        record->status = event->status;
    }
}

/* What the attacker has sent was discarded. */
static void discarded(struct attack_record *record, uint32_t node, enum discard_reason reason)
{
    bool at_target = node == record->target;
    record->counts[ATTACK_COLUMN_DISCARDED]++;
    record->target_discards += at_target;
    (at_target ? record->target_reasons : record->other_reasons)[reason]++;
}

/* The attacker's own packet, on its way to where it was sent: not what others sent because of it, be it made
 * of the very same packet (an Echo Reply of its request). */
static bool is_on_its_way(const struct attack_record *record, uint32_t mark, const struct overheard *packet)
{
    return !(mark & PACKET_MARK_ANSWER) &&
           ipv6_address_equal(&packet->wire_destination, &record->destination);
}

/* At the target anything counts. */
static void discard_reported(struct attack_probe *probe, struct attack_record *record, uint32_t node,
                             const struct protocol_event *event)
{
    struct overheard packet;
    const struct packet *told = event->packet;
    bool counts = node == record->target
                      ? !is_neighbor_discovery(event)
                      : told && node != record->attacker &&
                            eavesdropper_read(probe->reader, packet_octets(told), told->length, &packet) &&
                            is_on_its_way(record, told->mark, &packet);
    if (counts)
        discarded(record, node, event->reason);
}

/* Records of tests, which only a node keeps that has been told to (models/unsafe.h). */
static void watch_pending_tests(struct attack_record *record, const struct network_node *at)
{
    uint32_t pending =
        at->node.mobility ? correspondent_node_pending_tests(&at->node) : 0;
    record->counts[ATTACK_COLUMN_STATE_CREATED] =
        MAX(record->counts[ATTACK_COLUMN_STATE_CREATED], record->state + pending);
}

void attack_probe_report(struct attack_probe *probe, const struct network_node *at,
                         const struct protocol_event *event)
{
    struct attack_record *record = record_of(probe, event->mark);
    uint32_t node = at->index;
    if (record && node == record->target)
        watch_pending_tests(record, at);
    switch (event->kind) {
    case EVENT_MESSAGE_SENT:
        message_sent(probe, record, node, event);
        break;
    case EVENT_MESSAGE_RECEIVED: {
        if (!record || node != record->target || is_neighbor_discovery(event))
            break;
        uint8_t message = message_of(probe, record);
        if (is_taken_at_face_value(message) || (is_any_message(message) && !is_binding_update(event)))
            accepted(record, event->time);
        break;
    }
    case EVENT_MESSAGE_DISCARDED:
    case EVENT_PACKET_DISCARDED:
        if (record)
            discard_reported(probe, record, node, event);
        break;
    case EVENT_BINDING_CREATED:
    case EVENT_BINDING_UPDATED:
    case EVENT_BINDING_DELETED:
    case EVENT_BINDING_EXPIRED:
        binding_changed(probe, node, event);
        break;
    case EVENT_CARE_OF_ADDRESS_USABLE:
        if (event->care_of_address)
            probe->care_of[node] = *event->care_of_address;
        break;
    case EVENT_RETURNED_HOME:
        probe->care_of[node] = ipv6_unspecified;
        break;
    case EVENT_APPLICATION_SENT:
        if (probe->detours->len > 0)
            application_sent(probe, node, event);
        break;
    case EVENT_PACKET_TUNNELLED:
        packet_tunnelled(probe, node, event);
        break;
    default:
        break;
    }
}

bool attack_probe_keeps_message(struct attack_probe *probe, uint32_t mark)
{
    struct attack_record *record = record_of(probe, mark);
    return !record || record->messages++ < ATTACK_MESSAGES_KEPT;
}

/* -- packets -- */

/* An attacker's taps, on point-to-point links, are numbered behind its interfaces. */
static bool port_is_ethernet(const struct port *port)
{
    const struct node *node = &port->node->node;
    return port->interface < node->interface_count &&
           node->interfaces[port->interface].kind == INTERFACE_ETHERNET;
}

/* What a frame on a port's link carries. False: nothing that counts (Neighbor Discovery, no IPv6). */
static bool read_frame(const struct attack_probe *probe, const struct port *port, const struct packet *frame,
                       struct overheard *packet)
{
    const uint8_t *octets = packet_octets(frame);
    size_t length = frame->length;
    if (port_is_ethernet(port)) {
        if (length < ETHERNET_HEADER_LENGTH || octets[12] != 0x86 || octets[13] != 0xdd)
            return false;
        octets += ETHERNET_HEADER_LENGTH;
        length -= ETHERNET_HEADER_LENGTH;
    }
    if (!eavesdropper_read(probe->reader, octets, length, packet))
        return false;
    return !(packet->protocol == NEXT_HEADER_ICMPV6 && packet->upper_length > 0 && packet->upper[0] >= 133 &&
             packet->upper[0] <= 137);
}

/* Is it of the kind that the attack is about, or a step towards it (a test for a Binding Update)? */
static bool is_action(const struct attack_probe *probe, const struct attack_record *record,
                      const struct overheard *packet)
{
    uint8_t message = message_of(probe, record);
    return is_any_message(message) || packet->esp || packet->kind == message;
}

static bool is_mobility(uint8_t kind)
{
    return kind <= MOBILITY_BINDING_ERROR;
}

/* Not forwarded, or tunnelled for another. */
static bool is_made_by(const struct attack_probe *probe, uint32_t node, const struct overheard *packet)
{
    return directory_owner(probe->directory, &packet->source) == node &&
           (!packet->tunnelled || directory_owner(probe->directory, &packet->outer_source) == node);
}

static const char *packet_word(const struct overheard *packet)
{
    if (packet->esp)
        return "ESP";
    if (is_mobility(packet->kind))
        return mobility_type_name(packet->kind);
    return packet->kind == ATTACK_UDP            ? "UDP datagram"
           : packet->kind == ATTACK_ECHO_REQUEST ? "Echo Request"
           : packet->kind == ATTACK_ICMP_ERROR   ? "ICMPv6 error"
                                                 : "packet";
}

static void append_whom(GString *text, const struct attack_probe *probe, const char *word,
                        const struct ipv6_address *address)
{
    char written[ADDRESS_TEXT_LENGTH];
    uint32_t owner = directory_owner(probe->directory, address);
    g_string_append_printf(text, " %s %s", word,
                           owner == DIRECTORY_NOBODY ? address_text(address, written)
                                                     : directory_name(probe->directory, owner));
}

char *attack_probe_tell(const struct attack_probe *probe, const struct port *port, const struct packet *frame)
{
    const struct attack_record *record = record_of(probe, frame->mark);
    struct overheard packet;
    char written[ADDRESS_TEXT_LENGTH];
    if (!record || port->node->index != record->attacker || (frame->mark & PACKET_MARK_ANSWER) ||
        !read_frame(probe, port, frame, &packet))
        return NULL;
    const struct scenario_attack *attack = &probe->directory->scenario->attacks[record->attack];
    bool again = attack->configuration.action == ATTACK_REPLAY;
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "attack %s: %s sent%s", attack->name, packet_word(&packet),
                           again ? " again" : "");
    append_whom(text, probe, "to", &packet.destination);
    if (directory_owner(probe->directory, &packet.source) != record->attacker)
        append_whom(text, probe, "in the name of", &packet.source);
    if (packet.kind == MOBILITY_BINDING_UPDATE)
        g_string_append_printf(text, ", care-of address %s, sequence %u, lifetime %u s",
                               address_text(&packet.wire_source, written), packet.message.update.sequence,
                               packet.message.update.lifetime * 4U);
    g_string_append_printf(text, ", %zu octets", packet.length);
    return g_string_free(text, FALSE);
}

void attack_probe_sent(struct attack_probe *probe, const struct port *port, const struct packet *frame,
                       time_ns now)
{
    struct attack_record *record = record_of(probe, frame->mark);
    struct overheard packet;
    if (!record || !read_frame(probe, port, frame, &packet))
        return;
    uint32_t node = port->node->index;
    if (node == record->attacker && !(frame->mark & PACKET_MARK_ANSWER)) {
        record->counts[ATTACK_COLUMN_SENT_MESSAGES]++;
        record->counts[ATTACK_COLUMN_SENT_OCTETS] += packet.length;
        record->action_sent += is_action(probe, record, &packet);
        record->first_sent = MIN(record->first_sent, now);
        record->destination = packet.wire_destination;
    } else if (node != record->attacker && !is_mobility(packet.kind) && !packet.esp &&
               is_made_by(probe, node, &packet)) {
        record->counts[ATTACK_COLUMN_REPLIES]++;
        record->counts[ATTACK_COLUMN_REPLY_OCTETS] += packet.length;
    }
}

void attack_probe_arrived(struct attack_probe *probe, const struct port *port, const struct packet *frame,
                          time_ns now)
{
    struct attack_record *record = record_of(probe, frame->mark);
    struct overheard packet;
    if (!record || record->victim == DIRECTORY_NOBODY || port->node->index != record->victim ||
        record->victim == record->target || !read_frame(probe, port, frame, &packet))
        return;
    record->counts[ATTACK_COLUMN_VICTIM_PACKETS]++;
    record->counts[ATTACK_COLUMN_VICTIM_OCTETS] += packet.length;
    bin_of(probe, record, now)->victim_octets += packet.length;
    uint8_t message = message_of(probe, record);
    if (message == MOBILITY_HOME_TEST_INIT || message == MOBILITY_CARE_OF_TEST_INIT ||
        message == ATTACK_UDP || message == ATTACK_ECHO_REQUEST)
        accepted(record, now);
}

void attack_probe_lost(struct attack_probe *probe, const struct port *port, const struct packet *frame,
                       enum discard_reason reason)
{
    struct attack_record *record = record_of(probe, frame->mark);
    struct overheard packet;
    if (record && read_frame(probe, port, frame, &packet) && is_on_its_way(record, frame->mark, &packet))
        discarded(record, DIRECTORY_NOBODY, reason);
}

/* -- what follows -- */

void attack_probe_finish(struct attack_probe *probe, time_ns end)
{
    for (guint i = 0; probe->detours && i < probe->detours->len; i++) {
        struct detour *detour = detour_at(probe, i);
        if (!detour->closed)
            close_detour(probe, detour, MIN(detour->ended, end));
    }
    for (uint32_t i = 0; i < probe->count; i++) {
        struct attack_record *record = &probe->records[i];
        uint64_t *counts = record->counts;
        /* What is refused with a status is reported as discarded, too. */
        uint64_t refused = MIN(record->target_discards, counts[ATTACK_COLUMN_REJECTED]);
        counts[ATTACK_COLUMN_DISCARDED] -= MIN(refused, counts[ATTACK_COLUMN_DISCARDED]);
        counts[ATTACK_COLUMN_DEFENCE_MESSAGES] = probe->defence_messages;
        counts[ATTACK_COLUMN_DEFENCE_OCTETS] = probe->defence_octets;
    }
}

enum attack_outcome attack_record_outcome(const struct attack_probe *probe,
                                          const struct attack_record *record)
{
    const struct attack_configuration *configuration =
        &probe->directory->scenario->attacks[record->attack].configuration;
    const uint64_t *counts = record->counts;
    uint8_t message = configuration->message;
    bool answer_counts = message == MOBILITY_HOME_TEST_INIT || message == MOBILITY_CARE_OF_TEST_INIT ||
                         message == ATTACK_UDP || message == ATTACK_ECHO_REQUEST;
    uint64_t refused = counts[ATTACK_COLUMN_REJECTED] + record->target_discards;
    if (counts[ATTACK_COLUMN_ACCEPTED] > 0)
        return configuration->action == ATTACK_FLOOD && refused > 0 ? OUTCOME_LIMITED : OUTCOME_ACCEPTED;
    if (counts[ATTACK_COLUMN_REJECTED] > 0)
        return OUTCOME_REJECTED;
    if (answer_counts && counts[ATTACK_COLUMN_REPLIES] > 0)
        return OUTCOME_ANSWERED;
    if (counts[ATTACK_COLUMN_DISCARDED] > 0 && record->action_sent > 0)
        return OUTCOME_DISCARDED;
    return record->action_sent > 0 ? OUTCOME_UNANSWERED : OUTCOME_NOT_SENT;
}

static enum discard_reason most_frequent(const uint64_t *reasons)
{
    enum discard_reason most = DISCARD_NONE;
    for (unsigned i = 1; i < DISCARD_REASON_COUNT; i++)
        if (reasons[i] > reasons[most])
            most = (enum discard_reason)i;
    return most;
}

enum discard_reason attack_record_reason(const struct attack_record *record)
{
    return most_frequent(record->target_discards > 0 ? record->target_reasons : record->other_reasons);
}

int64_t attack_record_number(const struct attack_record *record, enum attack_column column)
{
    if (column < ATTACK_COUNTED_COUNT)
        return (int64_t)record->counts[column];
    switch (column) {
    case ATTACK_COLUMN_ASTRAY_TIME:
        return record->any_astray ? record->astray_time : TIME_NEVER;
    case ATTACK_COLUMN_FIRST_SENT:
        return record->first_sent;
    case ATTACK_COLUMN_FIRST_ACCEPTED:
        return record->first_accepted;
    case ATTACK_COLUMN_STATUS:
        return record->status < 0 ? TIME_NEVER : record->status;
    default:
        break;
    }
    uint64_t sent = record->counts[ATTACK_COLUMN_SENT_OCTETS];
    uint64_t arrived =
        record->counts[ATTACK_COLUMN_VICTIM_OCTETS] + record->counts[ATTACK_COLUMN_ASTRAY_OCTETS];
    return sent == 0 ? 0 : (int64_t)((double)arrived / (double)sent * 1e6 + 0.5);
}

const char *attack_outcome_word(enum attack_outcome outcome)
{
    static const char *const words[] = {
#define X(name, word) word,
        ATTACK_OUTCOMES(X)
#undef X
    };
    return words[outcome];
}
