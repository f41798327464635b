/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * signalling.c - see signalling.h (RFC 6275, 6; RFC 4861, 4).
 */
#include "tests/lab/signalling.h"

#include <string.h>

#include "models/ipv6/icmpv6.h"

#define ROUTING_TYPE_2     2
#define ROUTING_AT_ADDRESS 8

/* -- reading -- */

static void read_home_address_option(struct signal *signal, const uint8_t *header, size_t length)
{
    for (size_t at = 2; at + 2 <= length;) {
        if (header[at] == OPTION_PAD1) {
            at++;
            continue;
        }
        if (header[at] == OPTION_HOME_ADDRESS && at + 18 <= length)
            signal->source = ipv6_address_read(header + at + 2);
        at += 2u + header[at + 1];
    }
}

static void read_packet(struct signal *signal, const uint8_t *octets, size_t length);

static void read_upper(struct signal *signal, unsigned protocol, const uint8_t *octets, size_t length)
{
    signal->message = octets;
    signal->length = length;
    signal->protocol = protocol;
    if (protocol == NEXT_HEADER_IPV6) {
        read_packet(signal, octets, length);
    } else if (protocol == NEXT_HEADER_MOBILITY && length >= 8) {
        signal->kind = SIGNAL_MOBILITY;
        signal->type = octets[2];
    } else if (protocol == NEXT_HEADER_ICMPV6 && length >= 4 && octets[0] >= ICMPV6_ROUTER_SOLICITATION &&
               octets[0] <= ICMPV6_NEIGHBOR_ADVERTISEMENT) {
        signal->kind = SIGNAL_DISCOVERY;
        signal->type = octets[0];
    }
}

static void read_packet(struct signal *signal, const uint8_t *octets, size_t length)
{
    if (length < IPV6_HEADER_LENGTH)
        return;
    unsigned next = octets[IPV6_AT_NEXT_HEADER];
    size_t at = IPV6_HEADER_LENGTH;
    signal->source = signal->wire_source = ipv6_address_read(octets + IPV6_AT_SOURCE);
    signal->destination = signal->wire_destination = ipv6_address_read(octets + IPV6_AT_DESTINATION);
    while ((next == NEXT_HEADER_DESTINATION_OPTIONS || next == NEXT_HEADER_ROUTING) && at + 8 <= length) {
        size_t header = (octets[at + 1] + 1u) * 8;
        if (at + header > length)
            return;
        if (next == NEXT_HEADER_DESTINATION_OPTIONS)
            read_home_address_option(signal, octets + at, header);
        else if (octets[at + 2] == ROUTING_TYPE_2 && header == TYPE_2_ROUTING_HEADER_LENGTH)
            signal->destination = ipv6_address_read(octets + at + ROUTING_AT_ADDRESS);
        next = octets[at];
        at += header;
    }
    read_upper(signal, next, octets + at, length - at);
}

/* A home agent speaks for another's home address in Neighbor Discovery alone, and there the source is its
 * own. */
static bool is_own(const struct lab *lab, unsigned node, const struct ipv6_address *address)
{
    const struct node *at = lab_node((struct lab *)lab, node);
    return ipv6_address_is_unspecified(address) || address_find(at, address) != NULL;
}

struct signal signal_parse(const uint8_t *octets, size_t length)
{
    struct signal signal = {.kind = SIGNAL_NONE};
    read_packet(&signal, octets, length);
    return signal;
}

struct signal signal_read(const struct lab *lab, const struct lab_frame *frame)
{
    size_t length;
    const uint8_t *octets = lab_frame_opened(lab, frame, &length);
    struct signal signal = signal_parse(octets, length);
    signal.protected_by_esp = frame->opened != NULL;
    signal.original = signal.kind != SIGNAL_NONE && is_own(lab, frame->node, &signal.wire_source);
    return signal;
}

const char *signal_name(const struct signal *signal)
{
    static const char *const discovery[] = {"Router Solicitation", "Router Advertisement",
                                            "Neighbor Solicitation", "Neighbor Advertisement"};
    if (signal->kind == SIGNAL_DISCOVERY)
        return discovery[signal->type - ICMPV6_ROUTER_SOLICITATION];
    return signal->kind == SIGNAL_MOBILITY ? mobility_type_name(signal->type) : "data";
}

uint16_t signal_update_sequence(const struct signal *signal)
{
    return (uint16_t)(signal->message[6] << 8 | signal->message[7]);
}

const uint8_t *signal_option(const struct signal *signal, size_t fixed, unsigned type)
{
    size_t length = (signal->message[1] + 1u) * 8;
    if (length > signal->length)
        length = signal->length;
    for (size_t at = fixed; at + 2 <= length;) {
        if (signal->message[at] == MOBILITY_OPTION_PAD1) {
            at++;
            continue;
        }
        if (signal->message[at] == type && at + 2u + signal->message[at + 1] <= length)
            return signal->message + at + 2;
        at += 2u + signal->message[at + 1];
    }
    return NULL;
}

/* -- deviations -- */

static bool is_counted(const struct deviator *deviator, const struct lab_frame *frame,
                       const struct signal *signal)
{
    if (frame->time < deviator->from || frame->time >= deviator->until || !signal->original)
        return false;
    if (signal->kind == SIGNAL_MOBILITY)
        return true;
    return deviator->discovery && signal->kind == SIGNAL_DISCOVERY &&
           frame->link == deviator->lan(deviator->context);
}

static void treat(const struct deviator *deviator, enum deviation_kind kind, const struct signal *signal,
                  struct lab_treatment *treatment)
{
    time_ns delay = signal->kind == SIGNAL_MOBILITY ? deviator->delay : deviator->discovery_delay;
    treatment->drop = kind == DEVIATION_LOSE;
    if (kind == DEVIATION_DELAY)
        treatment->delay = delay;
    if (kind == DEVIATION_DUPLICATE) {
        treatment->copies = 1;
        treatment->copy_delay = delay;
    }
}

void deviate(struct lab *lab, const struct lab_frame *frame, struct lab_treatment *treatment, void *context)
{
    struct deviator *deviator = context;
    struct signal signal = signal_read(lab, frame);
    if (!is_counted(deviator, frame, &signal))
        return;
    unsigned index = deviator->seen++;
    for (unsigned i = 0; i < deviator->count; i++) {
        if (deviator->deviations[i].index != index)
            continue;
        deviator->notes[i] = (struct signal_note){
            .kind = signal.kind,
            .type = signal.type,
            .home = ipv6_address_equal(&signal.source, &deviator->home_agent) ||
                    ipv6_address_equal(&signal.destination, &deviator->home_agent),
            .protected_by_esp = signal.protected_by_esp,
            .name = signal_name(&signal),
            .time = frame->time,
        };
        treat(deviator, deviator->deviations[i].kind, &signal, treatment);
    }
}

/* A request and its answer are one exchange with one back-off: so many times it has been hit. */
enum exchange { HOME_TEST, CARE_OF_TEST, CORRESPONDENT_REGISTRATION, HOME_REGISTRATION, OTHER, EXCHANGES };

static enum exchange exchange_of(const struct signal_note *note)
{
    switch (note->type) {
    case MOBILITY_HOME_TEST_INIT:
    case MOBILITY_HOME_TEST:
        return HOME_TEST;
    case MOBILITY_CARE_OF_TEST_INIT:
    case MOBILITY_CARE_OF_TEST:
        return CARE_OF_TEST;
    case MOBILITY_BINDING_UPDATE:
    case MOBILITY_BINDING_ACKNOWLEDGEMENT:
        return note->home ? HOME_REGISTRATION : CORRESPONDENT_REGISTRATION;
    default:
        return OTHER;
    }
}

/* The wait that begins with the next loss of this exchange. */
static time_ns back_off(unsigned hits[EXCHANGES], enum exchange exchange)
{
    time_ns wait = INITIAL_BINDACK_TIMEOUT;
    if (exchange == HOME_REGISTRATION)
        wait = mobile_node_configuration_default.first_registration_timeout;
    for (unsigned i = 0; i < hits[exchange]; i++)
        wait = 2 * wait < MAX_BINDACK_TIMEOUT ? 2 * wait : MAX_BINDACK_TIMEOUT;
    hits[exchange]++;
    bool test = exchange == HOME_TEST || exchange == CARE_OF_TEST;
    return test && hits[exchange] > MAX_RO_FAILURE ? wait + MAX_BINDACK_TIMEOUT : wait;
}

time_ns deviator_allowance(const struct deviator *deviator)
{
    time_ns allowance = 0;
    unsigned hits[EXCHANGES] = {0};
    for (unsigned i = 0; i < deviator->count; i++) {
        const struct signal_note *note = &deviator->notes[i];
        if (note->kind == SIGNAL_MOBILITY) {
            allowance += back_off(hits, exchange_of(note));
            if (deviator->tests_in_parallel && exchange_of(note) == HOME_REGISTRATION)
                allowance += back_off(hits, HOME_TEST);
        } else if (note->type == ICMPV6_ROUTER_SOLICITATION || note->type == ICMPV6_ROUTER_ADVERTISEMENT) {
            allowance += SECONDS(4); /* RTR_SOLICITATION_INTERVAL */
        } else if (note->kind == SIGNAL_DISCOVERY) {
            allowance += SECONDS(1); /* RetransTimer */
            allowance += back_off(hits, HOME_REGISTRATION);
            allowance += back_off(hits, HOME_REGISTRATION);
        }
    }
    return allowance;
}

/* -- IPsec -- */

bool signal_is_exposed(const struct world *world, const struct lab_frame *frame, const struct signal *signal)
{
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(world->lab, frame, &length);
    bool tunnelled = octets[IPV6_AT_NEXT_HEADER] == NEXT_HEADER_IPV6;
    bool to_agent = ipv6_address_equal(&signal->destination, &world->home_agent_address);
    bool from_agent = ipv6_address_equal(&signal->source, &world->home_agent_address);
    if (signal->protected_by_esp || !signal->message || signal->length < 8)
        return false;
    if (tunnelled && world->protect_payload)
        return true;
    if (signal->protocol == NEXT_HEADER_ICMPV6)
        return (to_agent && signal->message[0] == ICMPV6_MOBILE_PREFIX_SOLICITATION) ||
               (from_agent && signal->message[0] == ICMPV6_MOBILE_PREFIX_ADVERTISEMENT);
    if (signal->kind != SIGNAL_MOBILITY)
        return false;
    if (signal->type == MOBILITY_BINDING_UPDATE)
        return to_agent;
    if (signal->type == MOBILITY_BINDING_ACKNOWLEDGEMENT)
        return from_agent;
    return tunnelled && (signal->type == MOBILITY_HOME_TEST_INIT || signal->type == MOBILITY_HOME_TEST);
}

/* Sequence number of ESP in what an end of the association is sending; 0: it is none. */
static uint32_t esp_sequence(const struct world *world, const struct lab_frame *frame,
                             enum association_use *use)
{
    size_t length;
    const uint8_t *octets = lab_frame_ipv6(world->lab, frame, &length);
    size_t at = world_find_esp(octets, length, use);
    if (at == 0 || (frame->node != world->mobile && frame->node != world->home_agent))
        return 0;
    return (uint32_t)octets[at + 4] << 24 | (uint32_t)octets[at + 5] << 16 | (uint32_t)octets[at + 6] << 8 |
           octets[at + 7];
}

static const char *fault_of_frames(const struct world *world)
{
    uint32_t last[ASSOCIATION_USES + 1] = {0};
    for (unsigned i = 0; i < lab_frame_count(world->lab); i++) {
        const struct lab_frame *frame = lab_frame(world->lab, i);
        enum association_use use;
        uint32_t sequence = esp_sequence(world, frame, &use);
        struct signal signal = signal_read(world->lab, frame);
        if (sequence > 0 && (use == ASSOCIATION_USES || !frame->opened))
            return "ESP under keys that nobody has been given";
        if (sequence > 0 && sequence <= last[use])
            return "a sender under ESP does not count";
        if (sequence > 0)
            last[use] = sequence;
        if (signal_is_exposed(world, frame, &signal))
            return "signalling with the home agent goes in the clear";
    }
    return NULL;
}

static bool is_refusal_by_ipsec(enum discard_reason reason)
{
    return reason == DISCARD_IPSEC_NO_SA || reason == DISCARD_IPSEC_INTEGRITY ||
           reason == DISCARD_IPSEC_FORMAT || reason == DISCARD_IPSEC_POLICY ||
           reason == DISCARD_IPSEC_EXHAUSTED;
}

const char *deviator_ipsec_fault(const struct deviator *deviator, const struct world *world, bool stays)
{
    unsigned copies = 0, replays = 0;
    if (!world->ipsec)
        return NULL;
    for (unsigned i = 0; i < deviator->count; i++)
        copies += deviator->deviations[i].kind == DEVIATION_DUPLICATE && deviator->notes[i].protected_by_esp;
    for (unsigned i = 0; i < lab_event_count(world->lab); i++) {
        const struct protocol_event *event = lab_event(world->lab, i, NULL);
        if (event->kind != EVENT_PACKET_DISCARDED && event->kind != EVENT_MESSAGE_DISCARDED)
            continue;
        replays += event->reason == DISCARD_IPSEC_REPLAY;
        if (is_refusal_by_ipsec(event->reason))
            return "IPsec has refused what its own end had sent";
    }
    if (stays && replays < copies)
        return "a packet under ESP has been taken twice";
    if (replays > copies)
        return "a packet under ESP was refused though it came once";
    return fault_of_frames(world);
}

char *deviator_describe(const struct deviator *deviator)
{
    static const char *const kinds[] = {"nothing done to", "lost", "delayed", "duplicated"};
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < deviator->count; i++)
        g_string_append_printf(text, "%s%s %s%s (number %u, %.6f s)", i > 0 ? ", " : "",
                               kinds[deviator->deviations[i].kind],
                               deviator->notes[i].name ? deviator->notes[i].name : "?",
                               deviator->notes[i].home ? " of the home agent" : "",
                               deviator->deviations[i].index, (double)deviator->notes[i].time / 1e9);
    return g_string_free(text, FALSE);
}
