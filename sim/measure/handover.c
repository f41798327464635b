/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handover.c - enters what nodes report into the handover that is under way at the mobile node concerned.
 *
 * A mobile node's correspondents are those that the scenario names as its peers or joins to it by a flow;
 * they are known before the run, so a handover is one allocation. Each is one correspondent for each home
 * address that it has to do with. A Care-of Test is for all of these, and counted with the first.
 */
#include "sim/measure/handover.h"

#include <string.h>

#include "sim/measure/signalling.h"
#include "sim/network/link.h"

#define ANY_HOME UINT32_MAX

struct correspondent_record {
    uint32_t node;
    uint32_t home; /* number of the mobile node's home address */
    const char *authorization;
};

struct mobile_record {
    GArray *correspondents; /* struct correspondent_record; NULL: not a mobile node */
    time_ns *last_delivery; /* by correspondent; TIME_NEVER: none */
    struct handover *current;
    uint32_t count;
    uint32_t link; /* scenario link it is attached to; SCENARIO_NONE */
};

/* -- who corresponds with whom -- */

static int correspondent_position(const struct mobile_record *mobile, uint32_t node, uint32_t home)
{
    for (guint i = 0; i < mobile->correspondents->len; i++) {
        const struct correspondent_record *record =
            &g_array_index(mobile->correspondents, struct correspondent_record, i);
        if (record->node == node && (record->home == home || home == ANY_HOME))
            return (int)i;
    }
    return -1;
}

static void add_correspondent(struct handover_probe *probe, uint32_t mobile, uint32_t home,
                              uint32_t correspondent, const struct authorization_method *method)
{
    struct mobile_record *record = &probe->mobiles[mobile];
    if (!record->correspondents || correspondent_position(record, correspondent, home) >= 0)
        return;
    struct correspondent_record added = {correspondent, home, method->name};
    g_array_append_val(record->correspondents, added);
}

static void add_peers(struct handover_probe *probe, const struct scenario *scenario)
{
    for (uint32_t i = 0; i < scenario->peers_count; i++) {
        const struct scenario_peers *peers = &scenario->peers[i];
        const struct scenario_node *mobile = &scenario->nodes[peers->mobile_node.node];
        for (uint32_t pair = 0; pair < peers->pairs; pair++) {
            uint32_t a, b;
            scenario_pair(&peers->mobile_node, &peers->correspondent, pair, &a, &b);
            for (uint32_t home = 0; home < mobile->home_count; home++)
                if (scenario_peers_concern(scenario, peers, home, a, b))
                    add_correspondent(
                        probe, mobile->first + a, home, scenario->nodes[peers->correspondent.node].first + b,
                        peers->authorization == SCENARIO_STATIC_KEY ? &authorization_static_key
                                                                    : &authorization_return_routability);
        }
    }
}

void handover_probe_init(struct handover_probe *probe, struct directory *directory,
                         const struct flow_monitor *flows)
{
    const struct scenario *scenario = directory->scenario;
    *probe = (struct handover_probe){.directory = directory, .flows = flows};
    probe->last = &probe->first;
    probe->mobiles = g_new0(struct mobile_record, scenario->node_total);
    for (uint32_t i = 0; i < scenario->node_total; i++) {
        const struct scenario_node *node = directory_node(directory, i);
        if (node->kind != SCENARIO_MOBILE_NODE)
            continue;
        probe->mobiles[i].correspondents = g_array_new(FALSE, FALSE, sizeof(struct correspondent_record));
        probe->mobiles[i].link = node->start_link;
    }
    add_peers(probe, scenario);
    for (uint32_t i = 0; i < flows->count; i++) {
        const struct flow_record *flow = &flows->flows[i];
        add_correspondent(probe, flow->from, flow->from_home, flow->to, &authorization_return_routability);
        add_correspondent(probe, flow->to, flow->to_home, flow->from, &authorization_return_routability);
    }
    for (uint32_t i = 0; i < scenario->node_total; i++) {
        struct mobile_record *mobile = &probe->mobiles[i];
        if (!mobile->correspondents)
            continue;
        mobile->last_delivery = g_new(time_ns, mobile->correspondents->len);
        for (guint c = 0; c < mobile->correspondents->len; c++)
            mobile->last_delivery[c] = TIME_NEVER;
    }
}

void handover_probe_free(struct handover_probe *probe)
{
    for (uint32_t i = 0; i < probe->directory->scenario->node_total; i++)
        if (probe->mobiles[i].correspondents) {
            g_array_free(probe->mobiles[i].correspondents, TRUE);
            g_free(probe->mobiles[i].last_delivery);
        }
    g_free(probe->mobiles);
    while (probe->first) {
        struct handover *next = probe->first->next;
        g_free(probe->first);
        probe->first = next;
    }
}

/* -- entering -- */

static void enter(time_ns *instants, unsigned which, time_ns now)
{
    if (instants[which] == TIME_NEVER)
        instants[which] = now;
}

static void enter_shared(struct handover *handover, enum handover_instant which, time_ns now)
{
    enter(handover->instants, which, now);
}

static void enter_own(struct correspondence *with, enum handover_instant which, time_ns now)
{
    enter(with->instants, which - INSTANT_SHARED_COUNT, now);
}

/* For each correspondent of a home address; of any: ANY_HOME. */
static void enter_each(struct handover *handover, uint32_t correspondent, uint32_t home,
                       enum handover_instant which, time_ns now)
{
    for (uint32_t i = 0; i < handover->correspondence_count; i++) {
        struct correspondence *with = &handover->with[i];
        if ((with->home == home || home == ANY_HOME) &&
            (with->correspondent == correspondent || correspondent == DIRECTORY_NOBODY))
            enter_own(with, which, now);
    }
}

static struct correspondence *correspondence_of(const struct handover_probe *probe, struct handover *handover,
                                                uint32_t correspondent, uint32_t home)
{
    if (!handover || correspondent == DIRECTORY_NOBODY)
        return NULL;
    int position = correspondent_position(&probe->mobiles[handover->mobile_node], correspondent, home);
    return position < 0 ? NULL : &handover->with[position];
}

static void begin(struct handover_probe *probe, uint32_t node, time_ns now)
{
    struct mobile_record *mobile = &probe->mobiles[node];
    uint32_t count = mobile->correspondents->len;
    uint32_t rows = MAX(count, 1);
    struct handover *handover = g_malloc0(sizeof *handover + rows * sizeof handover->with[0]);
    handover->mobile_node = node;
    handover->number = ++mobile->count;
    handover->from_link = mobile->link;
    handover->to_link = SCENARIO_NONE;
    handover->correspondence_count = rows;
    for (unsigned i = 0; i < INSTANT_SHARED_COUNT; i++)
        handover->instants[i] = TIME_NEVER;
    for (uint32_t c = 0; c < rows; c++) {
        struct correspondence *with = &handover->with[c];
        with->correspondent = DIRECTORY_NOBODY;
        with->authorization = "";
        if (count) {
            const struct correspondent_record *record =
                &g_array_index(mobile->correspondents, struct correspondent_record, c);
            with->correspondent = record->node;
            with->home = record->home;
            with->authorization = record->authorization;
        }
        for (unsigned i = 0; i < G_N_ELEMENTS(with->instants); i++)
            with->instants[i] = TIME_NEVER;
        with->last_delivery_before = count ? mobile->last_delivery[c] : TIME_NEVER;
        with->first_delivery_after = TIME_NEVER;
    }
    handover->instants[INSTANT_LINK_DOWN] = now;
    mobile->current = handover;
    mobile->link = SCENARIO_NONE;
    *probe->last = handover;
    probe->last = &handover->next;
    probe->count++;
}

static bool is_message(const struct protocol_event *event, const char *name)
{
    return event->message && strcmp(event->message, name) == 0;
}

static void message_sent(struct handover *handover, const struct correspondence *with, uint32_t home,
                         const struct protocol_event *event)
{
    if (handover->instants[INSTANT_LINK_UP] == TIME_NEVER)
        return;
    if (!with) {
        if (is_message(event, "Binding Update"))
            enter_each(handover, DIRECTORY_NOBODY, home, INSTANT_HOME_UPDATE_SENT, event->time);
    } else if (is_message(event, "Binding Update")) {
        enter_each(handover, with->correspondent, home, INSTANT_CORRESPONDENT_UPDATE_SENT, event->time);
    } else if (is_message(event, "Home Test Init")) {
        enter_each(handover, with->correspondent, home, INSTANT_HOME_TEST_INIT_SENT, event->time);
    } else if (is_message(event, "Care-of Test Init")) {
        enter_each(handover, with->correspondent, home, INSTANT_CARE_OF_TEST_INIT_SENT, event->time);
    }
}

static void message_received(struct handover *handover, const struct correspondence *with, uint32_t home,
                             const struct protocol_event *event)
{
    if (!with)
        return;
    if (is_message(event, "Home Test"))
        enter_each(handover, with->correspondent, home, INSTANT_HOME_TEST_RECEIVED, event->time);
    else if (is_message(event, "Care-of Test"))
        enter_each(handover, with->correspondent, home, INSTANT_CARE_OF_TEST_RECEIVED, event->time);
    else if (is_message(event, "Binding Acknowledgement") && event->status >= 0 && event->status < 128)
        enter_each(handover, with->correspondent, home, INSTANT_CORRESPONDENT_ACKNOWLEDGEMENT_RECEIVED,
                   event->time);
}

/* A home link of the mobile node's is the home agent's. */
static bool is_home_agent_of(const struct scenario *scenario, const struct scenario_node *agent,
                             const struct scenario_node *mobile)
{
    if (agent->kind != SCENARIO_HOME_AGENT)
        return false;
    for (uint32_t i = 0; i < mobile->home_count; i++)
        if (scenario_home(scenario, mobile, i).home_link == agent->home_link)
            return true;
    return false;
}

/* Of a Care-of Test, and whatever else does not say: any. */
static uint32_t home_of_event(const struct handover_probe *probe, const struct protocol_event *event)
{
    return event->home_address ? directory_home(probe->directory, event->home_address) : ANY_HOME;
}

/* Signalling at the mobile node: with one correspondent, or with the home agent. */
static void mobile_message(struct handover_probe *probe, struct handover *handover,
                           const struct protocol_event *event)
{
    bool sent = event->kind == EVENT_MESSAGE_SENT;
    uint32_t peer = directory_owner(probe->directory, sent ? event->destination : event->source);
    uint32_t home = home_of_event(probe, event);
    const struct scenario_node *mobile = directory_node(probe->directory, handover->mobile_node);
    struct correspondence *with = correspondence_of(probe, handover, peer, home);
    const struct scenario_node *at = peer == DIRECTORY_NOBODY ? NULL : directory_node(probe->directory, peer);
    if (!with && !(at && is_home_agent_of(probe->directory->scenario, at, mobile)))
        return;
    struct handover_counts *counts = with ? &with->counts : &handover->shared;
    counts->mobile_messages++;
    counts->mobile_octets += event->octets;
    if (sent)
        message_sent(handover, with, home, event);
    else if (event->kind == EVENT_MESSAGE_RECEIVED)
        message_received(handover, with, home, event);
}

/* The node is on a link by another interface than the event's. */
static bool is_elsewhere(const struct network_node *node, const struct protocol_event *event)
{
    for (unsigned i = 0; i < node->node.interface_count; i++)
        if (i != event->interface && node->ports[i].link)
            return true;
    return false;
}

/* The old link goes down only now: does what is sent reach the node all the same? */
static void end_overlap(const struct mobile_record *mobile)
{
    for (uint32_t c = 0; mobile->current && mobile->correspondents && c < mobile->correspondents->len; c++) {
        struct correspondence *with = &mobile->current->with[c];
        if (with->last_delivery_before != TIME_NEVER && with->first_delivery_after != TIME_NEVER)
            with->earlier_outage = with->first_delivery_after - with->last_delivery_before;
        with->last_delivery_before = mobile->last_delivery[c];
        with->first_delivery_after = TIME_NEVER;
    }
}

/* Where the interface that came up is. */
static void arrived(struct mobile_record *mobile, const struct network_node *node,
                    const struct protocol_event *event)
{
    const struct link *link = node->ports[event->interface].link;
    mobile->link = link ? link->group : SCENARIO_NONE;
    if (mobile->current && mobile->current->to_link == SCENARIO_NONE)
        mobile->current->to_link = mobile->link;
}

static void returned_home(struct handover *handover, uint32_t home)
{
    for (uint32_t i = 0; i < handover->correspondence_count; i++)
        handover->with[i].homeward |= home == ANY_HOME || handover->with[i].home == home;
}

static void mobile_report(struct handover_probe *probe, const struct network_node *at,
                          const struct protocol_event *event)
{
    uint32_t node = at->index;
    struct mobile_record *mobile = &probe->mobiles[node];
    struct handover *handover = mobile->current;
    if (event->kind == EVENT_LINK_DOWN) {
        if (is_elsewhere(at, event))
            end_overlap(mobile);
        else
            begin(probe, node, event->time);
        return;
    }
    if (event->kind == EVENT_LINK_UP && is_elsewhere(at, event)) {
        begin(probe, node, event->time);
        handover = mobile->current;
    }
    if (event->kind == EVENT_CARE_OF_ADDRESS_USABLE && event->care_of_address)
        directory_enter(probe->directory, event->care_of_address, node);
    if (event->kind == EVENT_LINK_UP)
        arrived(mobile, at, event);
    if (!handover)
        return;
    switch (event->kind) {
    case EVENT_LINK_UP:
        enter_shared(handover, INSTANT_LINK_UP, event->time);
        break;
    case EVENT_ROUTER_ADVERTISEMENT_USED:
        enter_shared(handover, INSTANT_ROUTER_ADVERTISEMENT, event->time);
        break;
    case EVENT_ADDRESS_TENTATIVE:
        if (event->care_of_address && !ipv6_address_is_link_local(event->care_of_address))
            enter_shared(handover, INSTANT_ADDRESS_TENTATIVE, event->time);
        break;
    case EVENT_CARE_OF_ADDRESS_USABLE:
        enter_each(handover, DIRECTORY_NOBODY, ANY_HOME, INSTANT_CARE_OF_ADDRESS_USABLE, event->time);
        break;
    case EVENT_RETURNED_HOME:
        returned_home(handover, home_of_event(probe, event));
        enter_each(handover, DIRECTORY_NOBODY, home_of_event(probe, event), INSTANT_CARE_OF_ADDRESS_USABLE,
                   event->time);
        break;
    case EVENT_HOME_REGISTERED:
    case EVENT_HOME_DEREGISTERED:
        enter_each(handover, DIRECTORY_NOBODY, home_of_event(probe, event),
                   INSTANT_HOME_ACKNOWLEDGEMENT_RECEIVED, event->time);
        break;
    case EVENT_MESSAGE_SENT:
    case EVENT_MESSAGE_RECEIVED:
    case EVENT_MESSAGE_DISCARDED:
        mobile_message(probe, handover, event);
        break;
    default:
        break;
    }
}

/* At a correspondent: its binding for a mobile node has changed. */
static void binding_changed(struct handover_probe *probe, uint32_t node, uint32_t mobile,
                            const struct protocol_event *event)
{
    struct handover *handover = probe->mobiles[mobile].current;
    struct correspondence *with = correspondence_of(probe, handover, node, home_of_event(probe, event));
    if (!with || handover->instants[INSTANT_LINK_UP] == TIME_NEVER)
        return;
    bool deleted = event->kind == EVENT_BINDING_DELETED;
    bool here = event->care_of_address && directory_owner(probe->directory, event->care_of_address) == mobile;
    if (with->homeward ? deleted : !deleted && here)
        enter_own(with, INSTANT_CORRESPONDENT_BOUND, event->time);
}

/* A mobility message at a correspondent: it concerns the mobile node that one of its addresses stands for. */
static void correspondent_message(struct handover_probe *probe, uint32_t node,
                                  const struct protocol_event *event)
{
    bool sent = event->kind == EVENT_MESSAGE_SENT;
    const struct ipv6_address *other = event->home_address ? event->home_address
                                       : sent              ? event->destination
                                                           : event->source;
    uint32_t mobile = directory_owner(probe->directory, other);
    if (mobile == DIRECTORY_NOBODY || !probe->mobiles[mobile].correspondents)
        return;
    struct correspondence *with =
        correspondence_of(probe, probe->mobiles[mobile].current, node, home_of_event(probe, event));
    if (!with)
        return;
    with->counts.correspondent_messages++;
    with->counts.correspondent_octets += event->octets;
}

uint64_t handover_probe_watch(void)
{
    return WATCH(EVENT_LINK_DOWN) | WATCH(EVENT_LINK_UP) | WATCH(EVENT_ROUTER_ADVERTISEMENT_USED) |
           WATCH(EVENT_ADDRESS_TENTATIVE) | WATCH(EVENT_CARE_OF_ADDRESS_USABLE) | WATCH(EVENT_RETURNED_HOME) |
           WATCH(EVENT_HOME_REGISTERED) | WATCH(EVENT_HOME_DEREGISTERED) | WATCH(EVENT_MESSAGE_SENT) |
           WATCH(EVENT_MESSAGE_RECEIVED) | WATCH(EVENT_MESSAGE_DISCARDED) | WATCH(EVENT_BINDING_CREATED) |
           WATCH(EVENT_BINDING_UPDATED) | WATCH(EVENT_BINDING_DELETED);
}

void handover_probe_report(struct handover_probe *probe, struct network_node *node,
                           const struct protocol_event *event)
{
    bool message = event->kind == EVENT_MESSAGE_SENT || event->kind == EVENT_MESSAGE_RECEIVED ||
                   event->kind == EVENT_MESSAGE_DISCARDED;
    if (message && !signalling_is_mobility(event))
        return;
    if (probe->mobiles[node->index].correspondents)
        mobile_report(probe, node, event);
    if (message) {
        correspondent_message(probe, node->index, event);
        return;
    }
    if (event->kind != EVENT_BINDING_CREATED && event->kind != EVENT_BINDING_UPDATED &&
        event->kind != EVENT_BINDING_DELETED)
        return;
    uint32_t mobile = directory_owner(probe->directory, event->home_address);
    if (mobile != DIRECTORY_NOBODY && probe->mobiles[mobile].correspondents)
        binding_changed(probe, node->index, mobile, event);
}

/* -- packets -- */

static void downlink(struct handover_probe *probe, uint32_t mobile, uint32_t home, uint32_t correspondent,
                     enum packet_path path, time_ns now)
{
    struct mobile_record *record = &probe->mobiles[mobile];
    int position = correspondent_position(record, correspondent, home);
    record->last_delivery[position] = now;
    if (!record->current)
        return;
    struct correspondence *with = &record->current->with[position];
    if (with->first_delivery_after == TIME_NEVER)
        with->first_delivery_after = now;
    if (path == PATH_TUNNELLED) {
        with->counts.tunnelled++;
        enter_own(with, INSTANT_FIRST_TUNNELLED_PACKET, now);
    } else if (path == PATH_ROUTE_OPTIMIZED) {
        with->counts.optimized++;
        enter_own(with, INSTANT_FIRST_OPTIMIZED_DOWNLINK, now);
    }
}

static void uplink(struct handover_probe *probe, uint32_t mobile, uint32_t home, uint32_t correspondent,
                   enum packet_path path, time_ns now)
{
    struct correspondence *with =
        correspondence_of(probe, probe->mobiles[mobile].current, correspondent, home);
    if (!with)
        return;
    if (path == PATH_TUNNELLED) {
        with->counts.tunnelled++;
    } else if (path == PATH_ROUTE_OPTIMIZED) {
        with->counts.optimized++;
        enter_own(with, INSTANT_FIRST_OPTIMIZED_UPLINK, now);
    }
}

void handover_probe_delivered(struct handover_probe *probe, const struct flow_record *flow,
                              enum packet_path path, time_ns now)
{
    bool back = flow->sink != flow->to;
    uint32_t other = back ? flow->to : flow->from; /* who sent it on its last way */
    uint32_t home = back ? flow->from_home : flow->to_home,
             home_of_other = back ? flow->to_home : flow->from_home;
    if (probe->mobiles[flow->sink].correspondents)
        downlink(probe, flow->sink, home, other, path, now);
    if (probe->mobiles[other].correspondents)
        uplink(probe, other, home_of_other, flow->sink, path, now);
}

static void count_drop(struct handover_probe *probe, uint32_t mobile, uint32_t home, uint32_t correspondent,
                       bool misdirected)
{
    if (!probe->mobiles[mobile].correspondents)
        return;
    struct correspondence *with =
        correspondence_of(probe, probe->mobiles[mobile].current, correspondent, home);
    if (!with)
        return;
    with->counts.lost++;
    with->counts.misdirected += misdirected;
}

void handover_probe_dropped(struct handover_probe *probe, const struct flow_record *flow,
                            bool misdirected)
{
    count_drop(probe, flow->to, flow->to_home, flow->from, misdirected);
    count_drop(probe, flow->from, flow->from_home, flow->to, false);
}

/* -- what follows -- */

time_ns handover_instant(const struct handover *handover, const struct correspondence *with,
                         enum handover_instant instant)
{
    return instant < INSTANT_SHARED_COUNT ? handover->instants[instant]
                                          : with->instants[instant - INSTANT_SHARED_COUNT];
}

static time_ns between(time_ns from, time_ns to)
{
    return from == TIME_NEVER || to == TIME_NEVER ? TIME_NEVER : to - from;
}

static time_ns earlier(time_ns a, time_ns b)
{
    return MIN(a, b);
}

/* The later of two tests; one that was not needed (a token still fresh) does not count. */
static time_ns later_known(time_ns a, time_ns b)
{
    if (a == TIME_NEVER || b == TIME_NEVER)
        return earlier(a, b);
    return MAX(a, b);
}

time_ns handover_duration(const struct handover *handover, const struct correspondence *with,
                          enum handover_duration duration)
{
#define AT(name) handover_instant(handover, with, INSTANT_##name)
    switch (duration) {
    case DURATION_LINK_HANDOVER:
        return between(AT(LINK_DOWN), AT(LINK_UP));
    case DURATION_MOVEMENT_DETECTION:
        return between(AT(LINK_UP), AT(ROUTER_ADVERTISEMENT));
    case DURATION_ADDRESS_CONFIGURATION:
        return between(AT(ROUTER_ADVERTISEMENT), AT(CARE_OF_ADDRESS_USABLE));
    case DURATION_HOME_REGISTRATION:
        return between(AT(HOME_UPDATE_SENT), AT(HOME_ACKNOWLEDGEMENT_RECEIVED));
    case DURATION_RETURN_ROUTABILITY:
        return between(earlier(AT(HOME_TEST_INIT_SENT), AT(CARE_OF_TEST_INIT_SENT)),
                       later_known(AT(HOME_TEST_RECEIVED), AT(CARE_OF_TEST_RECEIVED)));
    case DURATION_CORRESPONDENT_REGISTRATION:
        return between(AT(CORRESPONDENT_UPDATE_SENT), AT(CORRESPONDENT_BOUND));
    case DURATION_BINDING_LATENCY:
        return between(AT(CARE_OF_ADDRESS_USABLE), AT(CORRESPONDENT_BOUND));
    case DURATION_HANDOVER_LATENCY:
        return between(AT(LINK_DOWN), AT(CORRESPONDENT_BOUND));
    case DURATION_OUTAGE:
        return MAX(between(with->last_delivery_before, with->first_delivery_after), with->earlier_outage);
    case DURATION_COUNT:
        break;
    }
#undef AT
    return TIME_NEVER;
}

uint64_t handover_count(const struct handover *handover, const struct correspondence *with,
                        enum handover_count which)
{
    const struct handover_counts *counts = &with->counts;
    switch (which) {
    case HANDOVER_PACKETS_LOST:
        return counts->lost;
    case HANDOVER_PACKETS_TUNNELLED:
        return counts->tunnelled;
    case HANDOVER_PACKETS_OPTIMIZED:
        return counts->optimized;
    case HANDOVER_PACKETS_MISDIRECTED:
        return counts->misdirected;
    case HANDOVER_MOBILE_MESSAGES:
        return counts->mobile_messages + handover->shared.mobile_messages;
    case HANDOVER_MOBILE_OCTETS:
        return counts->mobile_octets + handover->shared.mobile_octets;
    case HANDOVER_CORRESPONDENT_MESSAGES:
        return counts->correspondent_messages;
    case HANDOVER_CORRESPONDENT_OCTETS:
        return counts->correspondent_octets;
    case HANDOVER_COUNT_COUNT:
        break;
    }
    return 0;
}

uint32_t handover_probe_count(const struct handover_probe *probe, uint32_t node)
{
    return probe->mobiles[node].count;
}

static const char *const instant_columns[] = {
#define X(name, column) column,
    HANDOVER_SHARED_INSTANTS(X) HANDOVER_OWN_INSTANTS(X)
#undef X
};

static const char *const duration_columns[] = {
#define X(name, column) column,
    HANDOVER_DURATIONS(X)
#undef X
};

const char *handover_instant_column(enum handover_instant instant)
{
    return instant_columns[instant];
}

const char *handover_duration_column(enum handover_duration duration)
{
    return duration_columns[duration];
}
