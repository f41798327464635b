/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * expectation.c - see expectation.h.
 *
 * What a cache holds is followed by what its node reports of bindings; a view of a binding stops changing
 * after the instant that is asked for, and so has its answer at the end of the run. An expectation is judged
 * by samples (a handover, a flow of a group, a pair of nodes): it holds if it does for each of them, and if
 * there is one at all, so that what never came about does not pass for what went well.
 */
#include "sim/measure/expectation.h"

#include <string.h>

#include "sim/measure/recorder.h"
#include "sim/network/link.h"

struct binding_view {
    bool present;
    struct ipv6_address home_address, care_of_address;
    struct ipv6_address own; /* the mobile node's care-of address; unspecified: none */
};

/* A flow, as far as one expectation is concerned with it. */
struct flow_watch {
    struct flow_watch *next; /* of the same flow */
    const struct scenario_expectation *expectation;
    uint64_t sent, received, lost, misdirected;
    uint64_t by_path[3];
    time_ns delay_sum, delay_minimum, delay_maximum;
    time_ns last_delivery, longest_gap;
    enum packet_path last_path; /* of the last one delivered by `at` */
    bool any_by_then;
};

/* -- who is meant -- */

static bool includes(const struct scenario *scenario, const struct scenario_reference *reference,
                     uint32_t node, uint32_t *member)
{
    if (reference->node == SCENARIO_NONE)
        return false;
    uint32_t first = scenario->nodes[reference->node].first + reference->first;
    if (node < first || node - first >= reference->count)
        return false;
    *member = node - first;
    return true;
}

/* Anybody, if the expectation names nobody. */
static bool is_or_any(const struct scenario *scenario, const struct scenario_reference *reference,
                      uint32_t node)
{
    uint32_t member;
    return reference->node == SCENARIO_NONE || includes(scenario, reference, node, &member);
}

/* Which of the expectation's pairs these two are. */
static bool pair_of(const struct scenario *scenario, const struct scenario_expectation *expectation,
                    uint32_t holder, uint32_t mobile, uint32_t *pair)
{
    uint32_t a, b;
    if (!includes(scenario, &expectation->with, holder, &a) ||
        !includes(scenario, &expectation->who, mobile, &b))
        return false;
    if (expectation->with.count > 1 && expectation->who.count > 1 && a != b)
        return false;
    *pair = expectation->with.count > 1 ? a : b;
    return true;
}

/* -- while the run goes on -- */

static void add_flow_watches(struct expectation_probe *probe, const struct scenario_expectation *expectation,
                             struct expectation_state *state)
{
    const struct scenario_flow *flow = &probe->scenario->flows[expectation->flow];
    if (!probe->flows)
        probe->flows = g_new0(struct flow_watch *, probe->scenario->flow_total);
    state->flows = g_new0(struct flow_watch, flow->pairs);
    for (uint32_t pair = 0; pair < flow->pairs; pair++) {
        struct flow_watch *watch = &state->flows[pair];
        watch->expectation = expectation;
        watch->delay_minimum = watch->last_delivery = TIME_NEVER;
        watch->next = probe->flows[flow->first + pair];
        probe->flows[flow->first + pair] = watch;
    }
}

static void begin(struct expectation_probe *probe, const struct scenario_expectation *expectation,
                  struct expectation_state *state)
{
    static const uint64_t bindings = WATCH(EVENT_BINDING_CREATED) | WATCH(EVENT_BINDING_UPDATED) |
                                     WATCH(EVENT_BINDING_DELETED) | WATCH(EVENT_BINDING_EXPIRED);
    switch (expectation->measure) {
    case EXPECT_BINDING:
        state->bindings = g_new0(struct binding_view, expectation->pairs);
        probe->watch |= bindings | WATCH(EVENT_CARE_OF_ADDRESS_USABLE) | WATCH(EVENT_RETURNED_HOME);
        break;
    case EXPECT_BINDINGS:
        state->counts = g_new0(uint32_t, expectation->who.count);
        state->peaks = g_new0(uint32_t, expectation->who.count);
        probe->watch |= bindings;
        break;
    case EXPECT_LINK:
        state->links = g_new(uint32_t, expectation->who.count);
        for (uint32_t i = 0; i < expectation->who.count; i++)
            state->links[i] = SCENARIO_NONE;
        probe->watch |= WATCH(EVENT_LINK_UP) | WATCH(EVENT_LINK_DOWN);
        break;
    case EXPECT_PATH:
        add_flow_watches(probe, expectation, state);
        break;
    case EXPECT_FLOW:
        if (expectation_is_windowed(expectation))
            add_flow_watches(probe, expectation, state);
        break;
    case EXPECT_DISCARDS:
        probe->discards = true;
        break;
    default:
        break;
    }
}

void expectation_probe_init(struct expectation_probe *probe, const struct directory *directory)
{
    *probe = (struct expectation_probe){.scenario = directory->scenario, .directory = directory};
    probe->states = g_new0(struct expectation_state, probe->scenario->expectation_count);
    for (uint32_t i = 0; i < probe->scenario->expectation_count; i++)
        if (probe->scenario->expectations[i].in_force)
            begin(probe, &probe->scenario->expectations[i], &probe->states[i]);
}

void expectation_probe_free(struct expectation_probe *probe)
{
    for (uint32_t i = 0; i < probe->scenario->expectation_count; i++) {
        g_free(probe->states[i].bindings);
        g_free(probe->states[i].counts);
        g_free(probe->states[i].peaks);
        g_free(probe->states[i].links);
        g_free(probe->states[i].flows);
    }
    g_free(probe->states);
    g_free(probe->flows);
}

static bool is_gone(const struct protocol_event *event)
{
    return event->kind == EVENT_BINDING_DELETED || event->kind == EVENT_BINDING_EXPIRED;
}

static bool is_of_binding(const struct protocol_event *event)
{
    return is_gone(event) || event->kind == EVENT_BINDING_CREATED || event->kind == EVENT_BINDING_UPDATED;
}

/* What the event is about is the home address that the expectation names: the first, if it names the node. */
static bool is_of_home(const struct expectation_probe *probe, const struct scenario_expectation *expectation,
                       const struct protocol_event *event)
{
    return directory_home(probe->directory, event->home_address) == expectation->who.home;
}

/* The mobile node's own care-of address, in every pair that it is of. */
static void moved(const struct expectation_probe *probe, const struct scenario_expectation *expectation,
                  struct expectation_state *state, uint32_t node, const struct protocol_event *event)
{
    uint32_t member;
    if (!includes(probe->scenario, &expectation->who, node, &member))
        return;
    struct ipv6_address own = {0};
    if (event->kind == EVENT_RETURNED_HOME && !is_of_home(probe, expectation, event))
        return;
    if (event->kind == EVENT_CARE_OF_ADDRESS_USABLE && event->care_of_address)
        own = *event->care_of_address;
    for (uint32_t pair = 0; pair < expectation->pairs; pair++)
        if (expectation->who.count == 1 || pair == member)
            state->bindings[pair].own = own;
}

static void binding_changed(const struct expectation_probe *probe,
                            const struct scenario_expectation *expectation, struct expectation_state *state,
                            uint32_t node, const struct protocol_event *event)
{
    uint32_t pair, mobile = directory_owner(probe->directory, event->home_address);
    if (!event->home_address || !pair_of(probe->scenario, expectation, node, mobile, &pair) ||
        !is_of_home(probe, expectation, event))
        return;
    struct binding_view *view = &state->bindings[pair];
    if (is_gone(event)) {
        if (ipv6_address_equal(&view->home_address, event->home_address))
            view->present = false;
        return;
    }
    view->present = true;
    view->home_address = *event->home_address;
    if (event->care_of_address)
        view->care_of_address = *event->care_of_address;
}

static void binding_counted(const struct expectation_probe *probe,
                            const struct scenario_expectation *expectation, struct expectation_state *state,
                            uint32_t node, const struct protocol_event *event)
{
    uint32_t member;
    if (!includes(probe->scenario, &expectation->who, node, &member))
        return;
    if (event->kind == EVENT_BINDING_CREATED)
        state->counts[member]++;
    else if (is_gone(event) && state->counts[member] > 0)
        state->counts[member]--;
    state->peaks[member] = MAX(state->peaks[member], state->counts[member]);
}

/* Of a node on two links it is the one that came up last. */
static void link_changed(const struct expectation_probe *probe,
                         const struct scenario_expectation *expectation, struct expectation_state *state,
                         const struct network_node *node, const struct protocol_event *event)
{
    uint32_t member;
    if (!includes(probe->scenario, &expectation->who, node->index, &member))
        return;
    const struct link *link = NULL;
    if (event->kind == EVENT_LINK_UP)
        link = node->ports[event->interface].link;
    for (unsigned i = 0; !link && i < node->node.interface_count; i++)
        if (i != event->interface)
            link = node->ports[i].link;
    state->links[member] = link ? link->group : SCENARIO_NONE;
}

void expectation_probe_report(struct expectation_probe *probe, const struct network_node *node,
                              const struct protocol_event *event)
{
    for (uint32_t i = 0; i < probe->scenario->expectation_count; i++) {
        const struct scenario_expectation *expectation = &probe->scenario->expectations[i];
        struct expectation_state *state = &probe->states[i];
        if (event->time > expectation->at)
            continue;
        if (state->bindings && is_of_binding(event))
            binding_changed(probe, expectation, state, node->index, event);
        else if (state->bindings &&
                 (event->kind == EVENT_CARE_OF_ADDRESS_USABLE || event->kind == EVENT_RETURNED_HOME))
            moved(probe, expectation, state, node->index, event);
        else if (state->counts && is_of_binding(event))
            binding_counted(probe, expectation, state, node->index, event);
        else if (state->links && (event->kind == EVENT_LINK_UP || event->kind == EVENT_LINK_DOWN))
            link_changed(probe, expectation, state, node, event);
    }
}

static bool is_within(const struct scenario_expectation *expectation, time_ns now)
{
    return now >= expectation->after && now < expectation->before;
}

void expectation_probe_discarded(struct expectation_probe *probe, uint32_t node, enum discard_reason reason,
                                 time_ns now)
{
    for (uint32_t i = 0; i < probe->scenario->expectation_count; i++) {
        const struct scenario_expectation *expectation = &probe->scenario->expectations[i];
        if (expectation->in_force && expectation->measure == EXPECT_DISCARDS && is_within(expectation, now) &&
            (!expectation->has_reason || expectation->reason == reason) &&
            is_or_any(probe->scenario, &expectation->who, node))
            probe->states[i].discards++;
    }
}

void expectation_probe_sent(struct expectation_probe *probe, uint32_t flow, time_ns now)
{
    for (struct flow_watch *watch = probe->flows[flow]; watch; watch = watch->next)
        watch->sent += is_within(watch->expectation, now);
}

void expectation_probe_delivered(struct expectation_probe *probe, uint32_t flow, enum packet_path path,
                                 time_ns delay, time_ns now)
{
    for (struct flow_watch *watch = probe->flows[flow]; watch; watch = watch->next) {
        if (now <= watch->expectation->at) {
            watch->last_path = path;
            watch->any_by_then = true;
        }
        if (is_within(watch->expectation, now)) {
            watch->received++;
            watch->by_path[path]++;
            watch->delay_sum += delay;
            watch->delay_minimum = MIN(watch->delay_minimum, delay);
            watch->delay_maximum = MAX(watch->delay_maximum, delay);
            if (watch->last_delivery != TIME_NEVER)
                watch->longest_gap = MAX(watch->longest_gap, now - watch->last_delivery);
        }
        watch->last_delivery = now;
    }
}

void expectation_probe_lost(struct expectation_probe *probe, uint32_t flow, bool misdirected, time_ns now)
{
    for (struct flow_watch *watch = probe->flows[flow]; watch; watch = watch->next) {
        bool within = is_within(watch->expectation, now);
        watch->lost += within;
        watch->misdirected += within && misdirected;
    }
}

/* -- samples -- */

struct judging {
    const struct recorder *recorder;
    const struct scenario *scenario;
    const struct scenario_expectation *expectation;
    const struct expectation_state *state;
    struct expectation_seen *seen;
};

static void saw_number(struct judging *judging, int64_t number)
{
    const struct expectation_condition *condition = &judging->expectation->condition;
    struct expectation_seen *seen = judging->seen;
    seen->least = seen->numbers ? MIN(seen->least, number) : number;
    seen->most = seen->numbers ? MAX(seen->most, number) : number;
    seen->numbers++;
    bool met = !condition->never && number >= condition->least && number <= condition->most;
    seen->failed |= met == condition->negated;
}

static void saw_nothing(struct judging *judging)
{
    const struct expectation_condition *condition = &judging->expectation->condition;
    judging->seen->absent++;
    judging->seen->failed |= !condition->never || condition->negated;
}

static void saw_time(struct judging *judging, time_ns time)
{
    if (time == TIME_NEVER)
        saw_nothing(judging);
    else
        saw_number(judging, time);
}

static void saw_word(struct judging *judging, const char *word, bool met)
{
    GPtrArray *words = judging->seen->words;
    bool known = false;
    for (guint i = 0; i < words->len && !known; i++)
        known = strcmp(words->pdata[i], word) == 0;
    if (!known)
        g_ptr_array_add(words, g_strdup(word));
    judging->seen->failed |= met == judging->expectation->condition.negated;
}

/* -- handovers -- */

/* An outage that does not end is one; where nothing had arrived before there is none to speak of. */
static void judge_correspondence(struct judging *judging, const struct handover *handover,
                                 const struct correspondence *with)
{
    const struct scenario_expectation *expectation = judging->expectation;
    switch (expectation->measure) {
    case EXPECT_INSTANT:
        saw_time(judging, handover_instant(handover, with, (enum handover_instant)expectation->column));
        break;
    case EXPECT_DURATION:
        if (expectation->column != DURATION_OUTAGE || with->last_delivery_before != TIME_NEVER)
            saw_time(judging, handover_duration(handover, with, (enum handover_duration)expectation->column));
        break;
    default:
        saw_number(judging,
                   (int64_t)handover_count(handover, with, (enum handover_count)expectation->column));
        break;
    }
}

static bool is_wanted_handover(const struct judging *judging, const struct handover *handover)
{
    const struct scenario_expectation *expectation = judging->expectation;
    uint32_t member;
    if (!includes(judging->scenario, &expectation->who, handover->mobile_node, &member))
        return false;
    if (expectation->handover == SCENARIO_NONE)
        return handover->number == handover_probe_count(&judging->recorder->handovers, handover->mobile_node);
    return expectation->handover == 0 || expectation->handover == handover->number;
}

/* Where the node is named all its home addresses are meant. */
static bool is_of_home_or_any(const struct scenario_expectation *expectation,
                              const struct correspondence *with)
{
    return expectation->who.home == 0 || expectation->who.home == with->home;
}

static void judge_handover_column(struct judging *judging)
{
    for (const struct handover *handover = judging->recorder->handovers.first; handover;
         handover = handover->next)
        for (uint32_t i = 0; is_wanted_handover(judging, handover) && i < handover->correspondence_count; i++)
            if (is_or_any(judging->scenario, &judging->expectation->with, handover->with[i].correspondent) &&
                is_of_home_or_any(judging->expectation, &handover->with[i]))
                judge_correspondence(judging, handover, &handover->with[i]);
}

static void judge_handovers(struct judging *judging)
{
    const struct scenario_reference *who = &judging->expectation->who;
    uint32_t first = judging->scenario->nodes[who->node].first + who->first;
    for (uint32_t i = 0; i < who->count; i++)
        saw_number(judging, handover_probe_count(&judging->recorder->handovers, first + i));
}

/* -- bindings, links -- */

static bool is_on_link(const struct scenario *scenario, const struct ipv6_address *address, uint32_t link)
{
    const struct scenario_link *lan = &scenario->links[link];
    if (ipv6_prefix_match(address, &lan->prefix, lan->prefix_length))
        return true;
    for (uint32_t i = 0; i < scenario->action_count; i++)
        if (scenario->actions[i].verb == SCENARIO_PREFIX && scenario->actions[i].link == link &&
            ipv6_prefix_match(address, &scenario->actions[i].prefix, 64))
            return true;
    return false;
}

static bool is_of_node(const struct judging *judging, const struct ipv6_address *address, uint32_t group)
{
    uint32_t owner = directory_owner(&judging->recorder->directory, address);
    const struct scenario_node *node = &judging->scenario->nodes[group];
    return owner != DIRECTORY_NOBODY && owner >= node->first && owner - node->first < node->count;
}

static void judge_binding(struct judging *judging)
{
    const struct expectation_condition *condition = &judging->expectation->condition;
    for (uint32_t pair = 0; pair < judging->expectation->pairs; pair++) {
        const struct binding_view *view = &judging->state->bindings[pair];
        const struct ipv6_address *address = &view->care_of_address;
        char text[ADDRESS_TEXT_LENGTH];
        bool met = view->present;
        if (condition->none)
            met = !view->present;
        else if (condition->care_of)
            met = met && ipv6_address_equal(address, &view->own);
        else if (condition->link != SCENARIO_NONE)
            met = met && is_on_link(judging->scenario, address, condition->link);
        else if (condition->node != SCENARIO_NONE)
            met = met && is_of_node(judging, address, condition->node);
        else if (condition->has_address)
            met = met && ipv6_address_equal(address, &condition->address);
        saw_word(judging, view->present ? address_text(address, text) : "none", met);
    }
}

static void judge_bindings(struct judging *judging)
{
    const uint32_t *counts = judging->expectation->peak ? judging->state->peaks : judging->state->counts;
    for (uint32_t i = 0; i < judging->expectation->who.count; i++)
        saw_number(judging, counts[i]);
}

static void judge_link(struct judging *judging)
{
    const struct expectation_condition *condition = &judging->expectation->condition;
    for (uint32_t i = 0; i < judging->expectation->who.count; i++) {
        uint32_t link = judging->state->links[i];
        saw_word(judging, link == SCENARIO_NONE ? "none" : judging->scenario->links[link].name,
                 link == condition->link);
    }
}

/* -- messages -- */

static bool is_wanted_message(const struct judging *judging, const struct signalling_row *row)
{
    static const enum signalling_action actions[] = {
        [EXPECT_SENT] = SIGNALLING_SENT,
        [EXPECT_RECEIVED] = SIGNALLING_RECEIVED,
        [EXPECT_DISCARDED] = SIGNALLING_DISCARDED,
    };
    const struct scenario_expectation *expectation = judging->expectation;
    if (row->action != actions[expectation->action] || !is_within(expectation, row->time) ||
        (expectation->status >= 0 && row->status != expectation->status) ||
        (expectation->message && strcmp(row->message, expectation->message) != 0))
        return false;
    bool sent = expectation->action == EXPECT_SENT;
    const struct scenario_reference *here = sent ? &expectation->from : &expectation->to;
    const struct scenario_reference *there = sent ? &expectation->to : &expectation->from;
    if (!is_or_any(judging->scenario, here, row->node))
        return false;
    return there->node == SCENARIO_NONE ||
           is_or_any(judging->scenario, there,
                     directory_owner(&judging->recorder->directory, sent ? &row->destination : &row->source));
}

static void judge_messages(struct judging *judging)
{
    const GArray *rows = judging->recorder->signalling.rows;
    uint64_t messages = 0, octets = 0;
    for (guint i = 0; i < rows->len; i++) {
        const struct signalling_row *row = &g_array_index(rows, struct signalling_row, i);
        if (!is_wanted_message(judging, row))
            continue;
        messages++;
        octets += row->octets;
    }
    saw_number(judging, (int64_t)(judging->expectation->measure == EXPECT_MESSAGES ? messages : octets));
}

/* -- flows -- */

/* A watch that has seen the whole run. */
static struct flow_watch whole_run(const struct flow_record *flow)
{
    return (struct flow_watch){
        .sent = flow->sent,
        .received = flow->received,
        .lost = flow->lost,
        .misdirected = flow->misdirected,
        .by_path = {[PATH_DIRECT] = flow->direct,
                    [PATH_TUNNELLED] = flow->tunnelled,
                    [PATH_ROUTE_OPTIMIZED] = flow->optimized},
        .delay_sum = flow->delay_sum,
        .delay_minimum = flow->delay_minimum,
        .delay_maximum = flow->delay_maximum,
        .longest_gap = flow->longest_gap,
    };
}

static uint64_t flow_count(const struct flow_watch *watch, const struct flow_record *flow,
                           enum flow_column column)
{
    switch (column) {
    case FLOW_SENT:
        return watch->sent;
    case FLOW_RECEIVED:
        return watch->received;
    case FLOW_LOST:
        return watch->lost;
    case FLOW_DUPLICATED:
        return flow->duplicated;
    case FLOW_REORDERED:
        return flow->reordered;
    case FLOW_DIRECT:
        return watch->by_path[PATH_DIRECT];
    case FLOW_TUNNELLED:
        return watch->by_path[PATH_TUNNELLED];
    case FLOW_OPTIMIZED:
        return watch->by_path[PATH_ROUTE_OPTIMIZED];
    default:
        return watch->misdirected;
    }
}

static time_ns flow_time(const struct flow_watch *watch, enum flow_column column)
{
    if (watch->received == 0)
        return TIME_NEVER;
    switch (column) {
    case FLOW_DELAY_MEAN:
        return watch->delay_sum / (time_ns)watch->received;
    case FLOW_DELAY_MINIMUM:
        return watch->delay_minimum;
    case FLOW_DELAY_MAXIMUM:
        return watch->delay_maximum;
    default:
        return watch->longest_gap > 0 ? watch->longest_gap : TIME_NEVER;
    }
}

static void judge_flow(struct judging *judging)
{
    const struct scenario_expectation *expectation = judging->expectation;
    const struct scenario_flow *flow = &judging->scenario->flows[expectation->flow];
    enum flow_column column = (enum flow_column)expectation->column;
    for (uint32_t pair = 0; pair < flow->pairs; pair++) {
        const struct flow_record *record = flow_monitor_find(&judging->recorder->flows, flow->first + pair);
        struct flow_watch watch = judging->state->flows ? judging->state->flows[pair] : whole_run(record);
        if (column >= FLOW_COUNTED_COUNT) {
            saw_time(judging, flow_time(&watch, column));
            continue;
        }
        uint64_t count = flow_count(&watch, record, column);
        if (expectation->condition.unit != UNIT_RATIO)
            saw_number(judging, (int64_t)count);
        else if (watch.sent > 0)
            saw_number(judging, (int64_t)((double)count / (double)watch.sent * EXPECTATION_RATIO));
    }
}

static void judge_path(struct judging *judging)
{
    static const char *const paths[] = {"direct", "tunnelled", "optimized"};
    const struct expectation_condition *condition = &judging->expectation->condition;
    for (uint32_t pair = 0; pair < judging->scenario->flows[judging->expectation->flow].pairs; pair++) {
        const struct flow_watch *watch = &judging->state->flows[pair];
        if (watch->any_by_then)
            saw_word(judging, paths[watch->last_path],
                     !condition->none && watch->last_path == condition->path);
        else
            saw_word(judging, "none", condition->none);
    }
}

/* -- attacks -- */

static void judge_outcome(struct judging *judging, const struct attack_record *record)
{
    const struct expectation_condition *condition = &judging->expectation->condition;
    enum attack_outcome outcome = attack_record_outcome(&judging->recorder->attacks, record);
    enum discard_reason reason = attack_record_reason(record);
    GString *seen = g_string_new(attack_outcome_word(outcome));
    bool met = condition->any_failure ? outcome != OUTCOME_ACCEPTED : outcome == condition->outcome;
    met = met && (condition->status < 0 || condition->status == record->status);
    met = met && (!condition->has_reason || condition->reason == reason);
    if (outcome == OUTCOME_REJECTED && record->status >= 0)
        g_string_append_printf(seen, " %d", record->status);
    if (outcome == OUTCOME_DISCARDED)
        g_string_append_printf(seen, ": %s", discard_reason_text(reason));
    saw_word(judging, seen->str, met);
    g_string_free(seen, TRUE);
}

static void judge_attack(struct judging *judging)
{
    const struct scenario_expectation *expectation = judging->expectation;
    const struct scenario_attack *attack = &judging->scenario->attacks[expectation->attack];
    for (uint32_t pair = 0; pair < attack->pairs; pair++) {
        const struct attack_record *record = &judging->recorder->attacks.records[attack->first + pair];
        enum attack_column column = (enum attack_column)expectation->column;
        if (expectation->measure == EXPECT_ATTACK)
            judge_outcome(judging, record);
        else
            saw_time(judging, attack_record_number(record, column));
    }
}

/* -- the judgement -- */

static void judge(struct judging *judging)
{
    switch (judging->expectation->measure) {
    case EXPECT_INSTANT:
    case EXPECT_DURATION:
    case EXPECT_HANDOVER_COUNT:
        judge_handover_column(judging);
        break;
    case EXPECT_HANDOVERS:
        judge_handovers(judging);
        break;
    case EXPECT_BINDING:
        judge_binding(judging);
        break;
    case EXPECT_BINDINGS:
        judge_bindings(judging);
        break;
    case EXPECT_LINK:
        judge_link(judging);
        break;
    case EXPECT_MESSAGES:
    case EXPECT_MESSAGE_OCTETS:
        judge_messages(judging);
        break;
    case EXPECT_FLOW:
        judge_flow(judging);
        break;
    case EXPECT_PATH:
        judge_path(judging);
        break;
    case EXPECT_DISCARDS:
        saw_number(judging, (int64_t)judging->state->discards);
        break;
    case EXPECT_ATTACK:
    case EXPECT_ATTACK_COLUMN:
        judge_attack(judging);
        break;
    }
}

void expectation_judge(const struct recorder *recorder, uint32_t index, struct expectation_seen *seen)
{
    const struct scenario *scenario = recorder->directory.scenario;
    struct judging judging = {
        .recorder = recorder,
        .scenario = scenario,
        .expectation = &scenario->expectations[index],
        .state = &recorder->expectations.states[index],
        .seen = seen,
    };
    *seen = (struct expectation_seen){.unit = judging.expectation->condition.unit,
                                      .words = g_ptr_array_new_with_free_func(g_free)};
    judge(&judging);
    if (seen->numbers + seen->absent + seen->words->len == 0)
        seen->failed = true;
}

void expectation_seen_clear(struct expectation_seen *seen)
{
    g_ptr_array_free(seen->words, TRUE);
}
