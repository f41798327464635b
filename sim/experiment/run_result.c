/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * run_result.c - see run_result.h. The columns of each table, as their readers know them, and the functions
 * that make its rows from what the probes have, stand in the same order.
 */
#include "sim/experiment/run_result.h"

#include <string.h>

#include "sim/network/fault.h"
#include "sim/network/link.h"

/* -- columns -- */

#define TEXT(name)                                                                                           \
    {                                                                                                        \
        name, CELL_TEXT                                                                                      \
    }
#define COUNT(name)                                                                                          \
    {                                                                                                        \
        name, CELL_COUNT                                                                                     \
    }
#define TIME(name)                                                                                           \
    {                                                                                                        \
        name, CELL_TIME                                                                                      \
    }

static const struct column handover_columns[] = {TEXT("node"),
                                                 COUNT("handover"),
                                                 TEXT("correspondent"),
                                                 TEXT("authorization"),
                                                 TEXT("from_link"),
                                                 TEXT("to_link"),
#define X(NAME, column) TIME(column),
                                                 HANDOVER_SHARED_INSTANTS(X) HANDOVER_OWN_INSTANTS(X)
                                                     HANDOVER_DURATIONS(X)
#undef X
#define X(NAME, column) COUNT(column),
                                                         HANDOVER_COUNTS(X)
#undef X
                                                             TEXT("home_address"),
                                                 TEXT("home_address_name")};

static const struct column flow_columns[] = {
    TEXT("flow"),        TEXT("from"),          TEXT("to"),
    COUNT("sent"),       COUNT("received"),     COUNT("lost"),
    COUNT("duplicated"), COUNT("reordered"),    COUNT("direct"),
    COUNT("tunnelled"),  COUNT("optimized"),    COUNT("misdirected"),
    TIME("delay_mean"),  TIME("delay_minimum"), TIME("delay_maximum"),
    TIME("longest_gap"),
};

static const struct column message_columns[] = {
    TIME("time"),    TEXT("node"),        TEXT("action"),       TEXT("reason"),          TEXT("message"),
    TEXT("source"),  TEXT("destination"), TEXT("home_address"), TEXT("care_of_address"), COUNT("sequence"),
    COUNT("status"), COUNT("lifetime"),   COUNT("octets"),      TEXT("tunnelled"),
};

static const struct column expectation_columns[] = {
    TEXT("file"),    COUNT("line"), TEXT("section"),    TEXT("expectation"), TEXT("condition"),
    TEXT("verdict"), TEXT("unit"),  TEXT("seen_least"), TEXT("seen_most"),   TEXT("seen"),
};

static const struct column fault_columns[] = {TEXT("fault"), COUNT("line"), COUNT("matched"), COUNT("done")};
static const struct column attack_columns[] = {
    TEXT("attack"), TEXT("title"),   TEXT("attacker"), TEXT("target"), TEXT("victim"),
    TEXT("method"), TEXT("outcome"), COUNT("status"),  TEXT("reason"),
#define X(NAME, column) COUNT(column),
    ATTACK_COUNTS(X)
#undef X
#define X(NAME, column) TIME(column),
        ATTACK_TIMES(X)
#undef X
            {"amplification", CELL_NUMBER},
};

static const struct column attack_time_columns[] = {
    TEXT("attack"),         TEXT("method"),        TIME("from"),          TIME("to"),
    COUNT("astray_packets"), COUNT("astray_octets"), COUNT("victim_octets"),
};

static const struct column packet_columns[] = {
    TEXT("flow"),  TEXT("from"), TEXT("to"),   COUNT("sequence"),       TIME("sent"), TIME("received"),
    TIME("delay"), TEXT("fate"), TEXT("path"), TEXT("care_of_address"), TEXT("link"), TIME("dropped"),
    TEXT("place"), TEXT("reason"),
};

#define COLUMNS(columns) columns, G_N_ELEMENTS(columns)

const struct result_table_description result_tables[TABLE_COUNT] = {
    [TABLE_HANDOVERS] = {"handovers", true, COLUMNS(handover_columns), 1},
    [TABLE_FLOWS] = {"flows", true, COLUMNS(flow_columns), 1},
    [TABLE_MESSAGES] = {"messages", false, COLUMNS(message_columns), 1},
    [TABLE_EXPECTATIONS] = {"expectations", true, COLUMNS(expectation_columns), 1},
    [TABLE_FAULTS] = {"faults", true, COLUMNS(fault_columns), 1},
    [TABLE_ATTACKS] = {"attacks", true, COLUMNS(attack_columns), 1},
    [TABLE_ATTACK_TIMES] = {"attack_times", true, COLUMNS(attack_time_columns), 1},
    [TABLE_PACKETS] = {"packets", true, COLUMNS(packet_columns), 2},
};

/* -- rows -- */

struct row_context {
    struct recorder *recorder;
    const struct scenario *scenario;
};

static const char *node_name(const struct row_context *context, uint32_t node)
{
    return node == DIRECTORY_NOBODY ? "" : directory_name(&context->recorder->directory, node);
}

static const char *link_name(const struct row_context *context, uint32_t link)
{
    return link == SCENARIO_NONE ? "" : context->scenario->links[link].name;
}

static void append_address(struct rows *rows, const struct ipv6_address *address)
{
    char text[ADDRESS_TEXT_LENGTH];
    rows_text(rows, ipv6_address_is_unspecified(address) ? "" : address_text(address, text));
}

/* As the scenario has it, and calls it if it is not the first. */
static void append_home_address(struct rows *rows, const struct row_context *context, uint32_t node,
                                uint32_t home)
{
    const struct scenario_node *mobile = directory_node(&context->recorder->directory, node);
    struct scenario_home of = scenario_home(context->scenario, mobile, home);
    struct ipv6_address address = scenario_home_member(&of, node - mobile->first);
    append_address(rows, &address);
    rows_text(rows, home > 0 ? of.name : "");
}

static void append_handover(struct rows *rows, const struct row_context *context,
                            const struct handover *handover, const struct correspondence *with)
{
    rows_text(rows, node_name(context, handover->mobile_node));
    rows_count(rows, handover->number);
    rows_text(rows, node_name(context, with->correspondent));
    rows_text(rows, with->authorization);
    rows_text(rows, link_name(context, handover->from_link));
    rows_text(rows, link_name(context, handover->to_link));
    for (unsigned i = 0; i < INSTANT_COUNT; i++)
        rows_time(rows, handover_instant(handover, with, (enum handover_instant)i));
    for (unsigned i = 0; i < DURATION_COUNT; i++)
        rows_time(rows, handover_duration(handover, with, (enum handover_duration)i));
    for (unsigned i = 0; i < HANDOVER_COUNT_COUNT; i++)
        rows_count(rows, handover_count(handover, with, (enum handover_count)i));
    append_home_address(rows, context, handover->mobile_node, with->home);
    rows_end(rows);
}

static void append_handovers(struct rows *rows, const struct row_context *context)
{
    for (const struct handover *handover = context->recorder->handovers.first; handover;
         handover = handover->next)
        for (uint32_t i = 0; i < handover->correspondence_count; i++)
            append_handover(rows, context, handover, &handover->with[i]);
}

static char *flow_name(const struct scenario_flow *flow, uint32_t pair)
{
    return flow->pairs == 1 ? g_strdup(flow->name) : g_strdup_printf("%s-%u", flow->name, pair + 1);
}

static void append_flows(struct rows *rows, const struct row_context *context)
{
    for (uint32_t i = 0; i < context->recorder->flows.count; i++) {
        const struct flow_record *flow = &context->recorder->flows.flows[i];
        char *name = flow_name(&context->scenario->flows[flow->scenario_flow], flow->pair);
        bool any = flow->received > 0;
        rows_text(rows, name);
        rows_text(rows, node_name(context, flow->from));
        rows_text(rows, node_name(context, flow->to));
        const uint64_t counts[] = {flow->sent,       flow->received,  flow->lost,
                                   flow->duplicated, flow->reordered, flow->direct,
                                   flow->tunnelled,  flow->optimized, flow->misdirected};
        for (unsigned k = 0; k < G_N_ELEMENTS(counts); k++)
            rows_count(rows, counts[k]);
        rows_time(rows, any ? flow->delay_sum / (time_ns)flow->received : TIME_NEVER);
        rows_time(rows, flow->delay_minimum);
        rows_time(rows, any ? flow->delay_maximum : TIME_NEVER);
        rows_time(rows, flow->received > 1 ? flow->longest_gap : TIME_NEVER);
        rows_end(rows);
        g_free(name);
    }
}

static void append_number(struct rows *rows, int32_t number)
{
    if (number < 0)
        rows_text(rows, "");
    else
        rows_count(rows, (uint64_t)number);
}

static void append_messages(struct rows *rows, const struct row_context *context)
{
    static const char *const actions[] = {"sent", "received", "discarded"};
    for (guint i = 0; i < context->recorder->signalling.rows->len; i++) {
        const struct signalling_row *row =
            &g_array_index(context->recorder->signalling.rows, struct signalling_row, i);
        rows_time(rows, row->time);
        rows_text(rows, node_name(context, row->node));
        rows_text(rows, actions[row->action]);
        rows_text(rows, discard_reason_text(row->reason));
        rows_text(rows, row->message);
        append_address(rows, &row->source);
        append_address(rows, &row->destination);
        append_address(rows, &row->home_address);
        append_address(rows, &row->care_of_address);
        append_number(rows, row->sequence);
        append_number(rows, row->status);
        append_number(rows, row->lifetime);
        rows_count(rows, row->octets);
        rows_text(rows, row->tunnelled ? "yes" : "no");
        rows_end(rows);
    }
}

/* As it stands in the table: seconds, a ratio, or a number. */
static void append_seen_number(struct rows *rows, const struct expectation_seen *seen, int64_t number)
{
    int64_t one = seen->unit == UNIT_TIME                                   ? SECONDS(1)
                  : seen->unit == UNIT_RATIO || seen->unit == UNIT_FACTOR ? EXPECTATION_RATIO
                                                                          : 1;
    int digits = seen->unit == UNIT_TIME ? 9 : 6;
    GString *text = g_string_new(NULL);
    if (seen->numbers > 0)
        g_string_append_printf(text, "%" G_GINT64_FORMAT, number / one);
    if (seen->numbers > 0 && one > 1)
        g_string_append_printf(text, ".%0*" G_GINT64_FORMAT, digits, number % one);
    rows_text(rows, text->str);
    g_string_free(text, TRUE);
}

/* What was seen besides numbers. */
static void append_seen_words(struct rows *rows, const struct expectation_seen *seen)
{
    GString *words = g_string_new(seen->absent ? "never" : NULL);
    for (guint i = 0; i < seen->words->len; i++)
        g_string_append_printf(words, "%s%s", words->len ? "; " : "", (const char *)seen->words->pdata[i]);
    if (words->len == 0 && seen->numbers == 0)
        g_string_append(words, "nothing of the kind");
    rows_text(rows, words->str);
    g_string_free(words, TRUE);
}

static void append_expectation(struct rows *rows, const struct row_context *context, uint32_t index)
{
    static const char *const units[] = {[UNIT_COUNT] = "",
                                        [UNIT_TIME] = "s",
                                        [UNIT_RATIO] = "ratio",
                                        [UNIT_FACTOR] = "factor",
                                        [UNIT_WORD] = ""};
    const struct scenario_expectation *expectation = &context->scenario->expectations[index];
    struct expectation_seen seen;
    expectation_judge(context->recorder, index, &seen);
    char *file = g_path_get_basename(expectation->place.file ? expectation->place.file : "");
    rows_text(rows, file);
    rows_count(rows, expectation->place.line);
    rows_text(rows, expectation->section);
    rows_text(rows, expectation->key);
    rows_text(rows, expectation->condition.text);
    rows_text(rows, seen.failed ? "failed" : "met");
    rows_text(rows, units[seen.unit]);
    append_seen_number(rows, &seen, seen.least);
    append_seen_number(rows, &seen, seen.most);
    append_seen_words(rows, &seen);
    rows_end(rows);
    g_free(file);
    expectation_seen_clear(&seen);
}

static void append_expectations(struct rows *rows, const struct row_context *context)
{
    for (uint32_t i = 0; i < context->scenario->expectation_count; i++)
        if (context->scenario->expectations[i].in_force)
            append_expectation(rows, context, i);
}

static void append_faults(struct rows *rows, const struct simulation *simulation)
{
    const struct standing_fault *count;
    for (uint32_t i = 0; (count = faults_at(simulation, i)) != NULL; i++) {
        rows_text(rows, count->fault->name);
        rows_count(rows, count->fault->place.line);
        rows_count(rows, count->matched);
        rows_count(rows, count->done);
        rows_end(rows);
    }
}

static char *attack_name(const struct row_context *context, const struct attack_record *record)
{
    const struct scenario_attack *attack = &context->scenario->attacks[record->attack];
    return attack->pairs == 1 ? g_strdup(attack->name)
                              : g_strdup_printf("%s-%u", attack->name, record->pair + 1);
}

static void append_attack(struct rows *rows, const struct row_context *context,
                          const struct attack_record *record)
{
    const struct scenario_attack *attack = &context->scenario->attacks[record->attack];
    enum attack_outcome outcome = attack_record_outcome(&context->recorder->attacks, record);
    enum discard_reason reason = attack_record_reason(record);
    char *name = attack_name(context, record);
    rows_text(rows, name);
    g_free(name);
    rows_text(rows, attack->title);
    rows_text(rows, node_name(context, record->attacker));
    rows_text(rows, node_name(context, record->target));
    rows_text(rows, node_name(context, record->victim));
    rows_text(rows, record->method);
    rows_text(rows, attack_outcome_word(outcome));
    append_number(rows, record->status);
    rows_text(rows, reason == DISCARD_NONE ? "" : discard_reason_text(reason));
    for (unsigned i = 0; i < ATTACK_COUNTED_COUNT; i++)
        rows_count(rows, (uint64_t)attack_record_number(record, (enum attack_column)i));
    for (unsigned i = ATTACK_COUNTED_COUNT; i < ATTACK_COLUMN_AMPLIFICATION; i++)
        rows_time(rows, attack_record_number(record, (enum attack_column)i));
    rows_number(rows, (double)attack_record_number(record, ATTACK_COLUMN_AMPLIFICATION) / EXPECTATION_RATIO);
    rows_end(rows);
}

/* Only the bins in which something has happened. */
static void append_attack_times(struct rows *rows, const struct row_context *context,
                                const struct attack_record *record)
{
    char *name = attack_name(context, record);
    for (unsigned i = 0; record->bins && i < ATTACK_BINS; i++) {
        const struct attack_bin *bin = &record->bins[i];
        if (bin->astray_packets == 0 && bin->victim_octets == 0)
            continue;
        rows_text(rows, name);
        rows_text(rows, record->method);
        rows_time(rows, (time_ns)i * context->recorder->attacks.bin_width);
        rows_time(rows, (time_ns)(i + 1) * context->recorder->attacks.bin_width);
        rows_count(rows, bin->astray_packets);
        rows_count(rows, bin->astray_octets);
        rows_count(rows, bin->victim_octets);
        rows_end(rows);
    }
    g_free(name);
}

static void append_attacks(struct run_result *result, const struct row_context *context)
{
    const struct attack_probe *probe = &context->recorder->attacks;
    for (uint32_t i = 0; i < probe->count; i++) {
        append_attack(&result->rows[TABLE_ATTACKS], context, &probe->records[i]);
        append_attack_times(&result->rows[TABLE_ATTACK_TIMES], context, &probe->records[i]);
    }
}

/* What rows of packets.csv are made from. */
struct packet_context {
    const struct row_context *context;
    const struct network *network;
    struct rows *rows;
    uint32_t flow; /* whose name this is */
    char *name;
};

static void append_link(const struct packet_context *packets, uint32_t number)
{
    const struct link *link = &packets->network->links[number];
    char *name = scenario_link_name(&packets->context->scenario->links[link->group], link->member);
    rows_text(packets->rows, name);
    g_free(name);
}

static void append_place(const struct packet_context *packets, const struct packet_end *end)
{
    if (end->fate == PACKET_UNDER_WAY || end->fate == PACKET_DELIVERED || end->fate == PACKET_DUPLICATE)
        rows_text(packets->rows, NULL);
    else if (end->node != PACKET_NOWHERE)
        rows_text(packets->rows, node_name(packets->context, end->node));
    else
        append_link(packets, end->dropped_link);
}

static const char *packet_path(const struct packet_row *row)
{
    return !row->seen ? NULL : row->optimized ? "optimized" : row->tunnelled ? "tunnelled" : "direct";
}

static void append_packet(void *context, const struct packet_row *row)
{
    struct packet_context *packets = context;
    const struct flow_record *flow = &packets->context->recorder->flows.flows[row->flow];
    const struct packet_end *end = row->end;
    struct rows *rows = packets->rows;
    bool dropped = end->fate == PACKET_LOST || end->fate == PACKET_MISDIRECTED;
    bool arrived = end->time != TIME_NEVER && !dropped;
    if (!packets->name || packets->flow != row->flow) {
        g_free(packets->name);
        packets->name = flow_name(&packets->context->scenario->flows[flow->scenario_flow], flow->pair);
        packets->flow = row->flow;
    }
    rows_text(rows, packets->name);
    rows_text(rows, node_name(packets->context, flow->from));
    rows_text(rows, node_name(packets->context, flow->to));
    rows_count(rows, row->sequence);
    rows_time(rows, row->sent);
    rows_time(rows, arrived ? end->time : TIME_NEVER);
    rows_time(rows, arrived && row->sent != TIME_NEVER ? end->time - row->sent : TIME_NEVER);
    rows_text(rows, packet_fate_word((enum packet_fate)end->fate));
    rows_text(rows, packet_path(row));
    append_address(rows, &end->care_of_address);
    if (end->link == PACKET_NOWHERE)
        rows_text(rows, NULL);
    else
        append_link(packets, end->link);
    rows_time(rows, dropped ? end->time : TIME_NEVER);
    append_place(packets, end);
    rows_text(rows, dropped ? discard_reason_text((enum discard_reason)end->reason) : NULL);
    rows_end(rows);
}

static void append_packets(struct rows *rows, const struct row_context *context,
                           const struct simulation *simulation)
{
    struct packet_context packets = {.context = context, .network = simulation->network, .rows = rows};
    if (!context->recorder->packets)
        return;
    packet_trace_each(context->recorder->packets, append_packet, &packets);
    g_free(packets.name);
}

struct run_result *run_result_new(struct recorder *recorder, const struct simulation *simulation,
                                  struct run_key key)
{
    struct row_context context = {recorder, simulation->scenario};
    struct run_result *result = run_result_empty(key);
    append_handovers(&result->rows[TABLE_HANDOVERS], &context);
    append_flows(&result->rows[TABLE_FLOWS], &context);
    append_messages(&result->rows[TABLE_MESSAGES], &context);
    append_expectations(&result->rows[TABLE_EXPECTATIONS], &context);
    append_faults(&result->rows[TABLE_FAULTS], simulation);
    append_attacks(result, &context);
    append_packets(&result->rows[TABLE_PACKETS], &context, simulation);
    result->log = g_steal_pointer(&recorder->log);
    result->events = engine_event_count(&simulation->network->engine);
    result->packet_hops = simulation->network->packet_hops;
    result->handover_count = recorder->handovers.count;
    memcpy(result->discards, recorder->discards, sizeof result->discards);
    return result;
}

struct run_result *run_result_empty(struct run_key key)
{
    struct run_result *result = g_new0(struct run_result, 1);
    result->key = key;
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        rows_init(&result->rows[i]);
    return result;
}

static void string_free(GString *string)
{
    if (string)
        g_string_free(string, TRUE);
}

void run_result_free(struct run_result *result)
{
    if (!result)
        return;
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        rows_clear(&result->rows[i]);
    string_free(result->log);
    string_free(result->reference);
    g_clear_error(&result->error);
    g_free(result);
}
