/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart.c - see chart.h: the handover is found, and what is part of it kept of its run's messages.
 */
#include "sim/output/chart.h"

#include <math.h>
#include <string.h>

#include "sim/experiment/result_csv.h"
#include "sim/experiment/run_json.h"
#include "sim/output/chart_messages.h"
#include "sim/scenario/columns.h"
#include "sim/scenario/message.h"

/* -- reading -- */

struct chart_source *chart_source_open(const char *directory, GError **error)
{
    struct chart_source *source = g_new0(struct chart_source, 1);
    GError *why = NULL;
    source->handovers = result_csv_read(directory, TABLE_HANDOVERS, error);
    source->messages = source->handovers ? result_csv_read(directory, TABLE_MESSAGES, error) : NULL;
    bool good = source->messages != NULL;
    source->run = good ? run_json_read(directory, &why) : NULL;
    if (g_error_matches(why, CSV_ERROR, CSV_ERROR_ABSENT)) /* it can do without */
        g_clear_error(&why);
    if (why) {
        g_propagate_error(error, why);
        good = false;
    }
    if (good)
        return source;
    chart_source_free(source);
    return NULL;
}

void chart_source_free(struct chart_source *source)
{
    if (!source)
        return;
    csv_table_free(source->handovers);
    csv_table_free(source->messages);
    json_value_free(source->run);
    g_free(source);
}

static bool has_columns(const struct csv_table *table, const char *const *columns, GError **error)
{
    for (; *columns; columns++)
        if (csv_table_column(table, *columns) < 0) {
            g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:1: there is no column '%s'", table->path,
                        *columns);
            return false;
        }
    return true;
}

/* -- finding the handover -- */

struct finding {
    const struct chart_source *source;
    const struct chart_request *request;
    const char *node;
    uint64_t point, replication, handover;
    GArray *rows;       /* size_t: its rows in handovers.csv, one for each correspondent */
    double start, next; /* next: INFINITY: there is no other one */
    double last;        /* its last instant */
    bool complete;
};

/* Different values of a column; NULL-terminated. */
static GPtrArray *values_of(const struct csv_table *table, const char *column)
{
    GPtrArray *values = g_ptr_array_new();
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t row = 0; row < table->row_count; row++) {
        const char *value = csv_field(table, row, column);
        if (*value && g_hash_table_add(known, (gpointer)(uintptr_t)value))
            g_ptr_array_add(values, (gpointer)(uintptr_t)value);
    }
    g_hash_table_destroy(known);
    g_ptr_array_add(values, NULL);
    return values;
}

/* "mn, mn2, ..." */
static char *enumerate(const GPtrArray *values)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i + 1 < values->len && i < 12; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", (const char *)values->pdata[i]);
    if (values->len > 13)
        g_string_append_printf(text, ", … (%u)", values->len - 1);
    return g_string_free(text, FALSE);
}

static bool check_name(const struct csv_table *table, const char *column, const char *what, const char *name,
                       GError **error)
{
    GPtrArray *values = values_of(table, column);
    bool known = g_strv_contains((const char *const *)values->pdata, name);
    if (!known) {
        const char *meant = scenario_probably_meant(name, (const char *const *)values->pdata);
        char *all = enumerate(values);
        GString *hint = g_string_new(NULL);
        if (meant)
            g_string_append_printf(hint, "did you mean '%s'? ", meant);
        g_string_append_printf(hint, "%s%s", *all ? "there are: " : "there are none", all);
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "no handover has %s '%s'; %s", what, name,
                    hint->str);
        g_string_free(hint, TRUE);
        g_free(all);
    }
    g_ptr_array_free(values, TRUE);
    return known;
}

static bool row_matches(const struct finding *finding, size_t row)
{
    const struct csv_table *table = finding->source->handovers;
    const struct chart_request *request = finding->request;
    return strcmp(csv_field(table, row, "node"), finding->node) == 0 &&
           (request->point < 0 || csv_field_is(table, row, "point", (uint64_t)request->point)) &&
           (request->replication < 0 ||
            csv_field_is(table, row, "replication", (uint64_t)request->replication));
}

static void tell_no_handover(const struct finding *finding, GError **error)
{
    const struct csv_table *table = finding->source->handovers;
    double least = INFINITY, most = -INFINITY;
    bool run_there = false;
    for (size_t row = 0; row < table->row_count; row++)
        if (row_matches(finding, row)) {
            run_there = true;
            least = fmin(least, csv_field_number(table, row, "handover"));
            most = fmax(most, csv_field_number(table, row, "handover"));
        }
    if (!run_there) {
        double points = 0, replications = 0;
        for (size_t row = 0; row < table->row_count; row++) {
            points = fmax(points, csv_field_number(table, row, "point"));
            replications = fmax(replications, csv_field_number(table, row, "replication"));
        }
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                    "%s has no handover in this run; points are 0 to %.0f, replications 0 to %.0f",
                    finding->node, points, replications);
    } else {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT,
                    "%s has no handover %" G_GUINT64_FORMAT "; there are %.0f to %.0f", finding->node,
                    finding->handover, least, most);
    }
}

static const char *const instants[] = {
#define X(name, column) column,
    HANDOVER_SHARED_INSTANTS(X) HANDOVER_OWN_INSTANTS(X)
#undef X
};

static double first_instant(const struct csv_table *table, size_t row)
{
    double first = csv_field_number(table, row, "link_down");
    for (unsigned i = 0; isnan(first) && i < G_N_ELEMENTS(instants); i++)
        first = csv_field_number(table, row, instants[i]);
    return first;
}

/* It was completed, as far as a row tells: what is begun has come to its end. */
static bool row_complete(const struct csv_table *table, size_t row)
{
    static const char *const begun[][2] = {
        {"home_update_sent", "home_acknowledgement_received"},
        {"home_test_init_sent", "correspondent_bound"},
        {"correspondent_update_sent", "correspondent_bound"},
    };
    bool any = !isnan(csv_field_number(table, row, "home_acknowledgement_received"));
    for (unsigned i = 0; i < G_N_ELEMENTS(begun); i++)
        if (!isnan(csv_field_number(table, row, begun[i][0])) &&
            isnan(csv_field_number(table, row, begun[i][1])))
            return false;
    return any;
}

static void take_row(struct finding *finding, size_t row)
{
    const struct csv_table *table = finding->source->handovers;
    if (finding->rows->len == 0) {
        finding->point = (uint64_t)csv_field_number(table, row, "point");
        finding->replication = (uint64_t)csv_field_number(table, row, "replication");
        finding->start = first_instant(table, row);
        finding->complete = true;
        finding->last = finding->start;
    }
    g_array_append_val(finding->rows, row);
    finding->complete = finding->complete && row_complete(table, row);
    for (unsigned i = 0; i < G_N_ELEMENTS(instants); i++)
        finding->last =
            fmax(finding->last, csv_field_number(table, row, instants[i])); /* NAN is not greater */
}

static bool find_handover(struct finding *finding, GError **error)
{
    const struct csv_table *table = finding->source->handovers;
    const struct chart_request *request = finding->request;
    finding->node = request->node;
    if (table->row_count == 0) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_CONTENT, "%s: no mobile node moved: there are no handovers",
                    table->path);
        return false;
    }
    if (!finding->node)
        finding->node = csv_field(table, 0, "node");
    if (!check_name(table, "node", "node", finding->node, error) ||
        (request->correspondent &&
         !check_name(table, "correspondent", "correspondent", request->correspondent, error)))
        return false;
    finding->next = INFINITY;
    for (size_t row = 0; row < table->row_count; row++) {
        if (!row_matches(finding, row))
            continue;
        bool same_run = finding->rows->len > 0 && csv_field_is(table, row, "point", finding->point) &&
                        csv_field_is(table, row, "replication", finding->replication);
        if (finding->rows->len > 0 && !same_run)
            break;
        if (csv_field_is(table, row, "handover", finding->handover) &&
            (!request->correspondent ||
             strcmp(csv_field(table, row, "correspondent"), request->correspondent) == 0))
            take_row(finding, row);
        else if (finding->rows->len > 0 && !csv_field_is(table, row, "handover", finding->handover))
            finding->next = fmin(finding->next, first_instant(table, row));
    }
    if (finding->rows->len == 0)
        tell_no_handover(finding, error);
    return finding->rows->len > 0;
}

/* -- who has which address -- */

static void enter_owner(GHashTable *owners, const char *address, const char *node)
{
    if (*address && !g_hash_table_contains(owners, address))
        g_hash_table_insert(owners, g_strdup(address), g_strdup(node));
}

static void enter_configured(GHashTable *owners, const struct json_value *nodes)
{
    for (unsigned i = 0; i < json_value_count(nodes); i++) {
        const struct json_value *addresses = json_value_member(json_value_at(nodes, i), "addresses");
        for (unsigned k = 0; k < json_value_count(addresses); k++) {
            const struct json_value *address = json_value_at(addresses, k);
            const char *text = json_value_text(
                address->kind == JSON_OBJECT ? json_value_member(address, "address") : address);
            char *alone = g_strndup(text, strcspn(text, "/"));
            enter_owner(owners, alone, json_value_name_at(nodes, i));
            g_free(alone);
        }
    }
}

/* Who gets something at an address has it; then who sends from it; then what was configured. */
static GHashTable *find_owners(const GArray *messages, const struct json_value *run)
{
    GHashTable *owners = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (size_t i = 0; i < messages->len; i++)
        if (!chart_message_at(messages, i)->sent)
            enter_owner(owners, chart_message_at(messages, i)->destination,
                        chart_message_at(messages, i)->node);
    for (size_t i = 0; i < messages->len; i++)
        if (chart_message_at(messages, i)->sent)
            enter_owner(owners, chart_message_at(messages, i)->source, chart_message_at(messages, i)->node);
    enter_configured(owners, json_value_member(json_value_member(run, "scenario"), "nodes"));
    return owners;
}

/* -- lanes -- */

static char *role_of(const struct json_value *run, const char *node)
{
    static const char *const kinds[][2] = {{"mobile-node", "mobile node"},
                                           {"home-agent", "home agent"},
                                           {"correspondent-node", "correspondent node"},
                                           {"router", "router"},
                                           {"host", "host"},
                                           {"attacker", "attacker"}};
    const struct json_value *sections = json_value_member(json_value_member(run, "scenario"), "sections");
    const char *dash = strrchr(node, '-');
    for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
        char *whole = g_strdup_printf("%s %s", kinds[i][0], node);
        char *group = dash ? g_strndup(whole, strlen(whole) - strlen(dash)) : NULL;
        bool found = json_value_member(sections, whole) || (group && json_value_member(sections, group));
        g_free(whole);
        g_free(group);
        if (found)
            return g_strdup(kinds[i][1]);
    }
    return g_strdup("");
}

static int lane_of(const struct chart *chart, const char *node)
{
    for (guint i = 0; i < chart->lanes->len; i++)
        if (strcmp(g_array_index(chart->lanes, struct chart_lane, i).name, node) == 0)
            return (int)i;
    return CHART_NOBODY;
}

static void add_lane(struct chart *chart, const struct chart_source *source, const char *node)
{
    if (!node || !*node || lane_of(chart, node) != CHART_NOBODY)
        return;
    struct chart_lane lane = {g_strdup(node), role_of(source->run, node)};
    g_array_append_val(chart->lanes, lane);
}

/* -- what is part of the handover -- */

struct gathering {
    const struct finding *finding;
    GArray *messages;
    GHashTable *owners;
    struct chart *chart;
};

static bool is_correspondent(const struct finding *finding, const char *node)
{
    for (guint i = 0; i < finding->rows->len; i++) {
        size_t row = g_array_index(finding->rows, size_t, i);
        if (strcmp(csv_field(finding->source->handovers, row, "correspondent"), node) == 0)
            return true;
    }
    return false;
}

/* Of the other correspondents, where one is wanted. */
static bool is_unwanted(const struct finding *finding, const char *node)
{
    const struct csv_table *table = finding->source->handovers;
    if (!finding->request->correspondent || !node || is_correspondent(finding, node))
        return false;
    for (size_t row = 0; row < table->row_count; row++)
        if (strcmp(csv_field(table, row, "correspondent"), node) == 0)
            return true;
    return false;
}

static const char *sender_of(const struct gathering *gathering, const struct chart_message *message)
{
    if (message->sent)
        return message->node;
    return message->partner < 0 ? NULL
                                : chart_message_at(gathering->messages, (size_t)message->partner)->node;
}

static const char *receiver_of(const struct gathering *gathering, const struct chart_message *message)
{
    if (!message->sent)
        return message->node;
    if (message->partner >= 0)
        return chart_message_at(gathering->messages, (size_t)message->partner)->node;
    return g_hash_table_lookup(gathering->owners, message->destination);
}

static bool is_home_address(const struct finding *finding, const char *address)
{
    for (guint i = 0; *address && i < finding->rows->len; i++)
        if (strcmp(csv_field(finding->source->handovers, g_array_index(finding->rows, size_t, i),
                             "home_address"),
                   address) == 0)
            return true;
    return false;
}

/* A receipt that belongs to a message which is told with it (its first). */
static bool told_by_send(const struct gathering *gathering, const struct chart_message *message, size_t index)
{
    return !message->sent && message->partner >= 0 &&
           chart_message_at(gathering->messages, (size_t)message->partner)->partner == (gssize)index;
}

static bool is_part(const struct gathering *gathering, const struct chart_message *message)
{
    const struct finding *finding = gathering->finding;
    const char *from = sender_of(gathering, message), *to = receiver_of(gathering, message);
    if (message->time < finding->start || message->time > gathering->chart->end)
        return false;
    if (is_unwanted(finding, from) || is_unwanted(finding, to))
        return false;
    return (from && strcmp(from, finding->node) == 0) || (to && strcmp(to, finding->node) == 0) ||
           is_home_address(finding, message->home_address) || is_home_address(finding, message->destination);
}

static const char *status_meaning(const char *status)
{
    /* RFC 6275, 6.1.8, and 6.1.9's for Binding Errors are told by their numbers alone. */
    static const struct {
        const char *status, *meaning;
    } meanings[] = {
        {"0", "accepted"},
        {"1", "accepted, prefix discovery necessary"},
        {"128", "reason unspecified"},
        {"129", "administratively prohibited"},
        {"130", "insufficient resources"},
        {"131", "home registration not supported"},
        {"132", "not home subnet"},
        {"133", "not home agent for this mobile node"},
        {"134", "duplicate address"},
        {"135", "sequence number out of window"},
        {"136", "expired home nonce index"},
        {"137", "expired care-of nonce index"},
        {"138", "expired nonces"},
        {"139", "registration type change disallowed"},
        {"174", "invalid care-of address"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(meanings); i++)
        if (strcmp(meanings[i].status, status) == 0)
            return meanings[i].meaning;
    return NULL;
}

static char *detail_of(const struct csv_table *table, size_t row)
{
    GString *detail = g_string_new(NULL);
    const char *sequence = csv_field(table, row, "sequence"), *status = csv_field(table, row, "status"),
               *lifetime = csv_field(table, row, "lifetime");
    bool update = strcmp(csv_field(table, row, "message"), "Binding Update") == 0,
         acknowledgement = strcmp(csv_field(table, row, "message"), "Binding Acknowledgement") == 0;
    if (*sequence)
        g_string_append_printf(detail, "seq %s", sequence);
    if (*status) {
        const char *meaning = acknowledgement ? status_meaning(status) : NULL;
        g_string_append_printf(detail, "%sstatus %s", detail->len ? ", " : "", status);
        if (meaning && strcmp(status, "0") != 0)
            g_string_append_printf(detail, ": %s", meaning);
    }
    if (update && *lifetime)
        g_string_append_printf(detail, "%slifetime %s s", detail->len ? ", " : "", lifetime);
    if (strcmp(csv_field(table, row, "tunnelled"), "yes") == 0)
        g_string_append_printf(detail, "%sin the tunnel", detail->len ? ", " : "");
    return g_string_free(detail, FALSE);
}

static void add_arrow(struct gathering *gathering, const struct chart_message *message)
{
    struct chart *chart = gathering->chart;
    const struct chart_message *receipt = message;
    struct chart_arrow arrow = {.sent = NAN, .received = NAN, .message = message->name, .reason = ""};
    if (chart->arrows->len == CHART_ARROWS_MAX) {
        chart->left_out++;
        return;
    }
    if (message->sent) {
        arrow.sent = message->time;
        receipt =
            message->partner < 0 ? NULL : chart_message_at(gathering->messages, (size_t)message->partner);
    } else if (message->partner >= 0) {
        arrow.sent = chart_message_at(gathering->messages, (size_t)message->partner)->time;
    }
    const char *from = sender_of(gathering, message), *to = receiver_of(gathering, message);
    arrow.from = from ? lane_of(chart, from) : CHART_NOBODY;
    arrow.to = to ? lane_of(chart, to) : CHART_NOBODY;
    arrow.fate = CHART_LOST;
    if (receipt) {
        arrow.received = receipt->time;
        arrow.fate = receipt->discarded   ? CHART_DISCARDED
                     : receipt->duplicate ? CHART_DUPLICATE
                                          : CHART_ARRIVED;
        arrow.reason = receipt->reason;
    }
    arrow.detail = detail_of(gathering->finding->source->messages, message->row);
    g_array_append_val(chart->arrows, arrow);
}

double chart_arrow_start(const struct chart_arrow *arrow)
{
    return isnan(arrow->sent) || arrow->fate == CHART_DUPLICATE ? arrow->received : arrow->sent;
}

static void gather_lanes(struct gathering *gathering)
{
    const struct finding *finding = gathering->finding;
    struct chart *chart = gathering->chart;
    for (unsigned pass = 0; pass < 2; pass++) /* correspondents stand at the right */
        for (size_t i = 0; i < gathering->messages->len; i++) {
            const struct chart_message *message = chart_message_at(gathering->messages, i);
            if (!is_part(gathering, message))
                continue;
            const char *ends[] = {sender_of(gathering, message), receiver_of(gathering, message)};
            for (unsigned k = 0; k < 2; k++)
                if (ends[k] && is_correspondent(finding, ends[k]) == (pass == 1))
                    add_lane(chart, finding->source, ends[k]);
        }
}

static void gather_arrows(struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->messages->len; i++) {
        const struct chart_message *message = chart_message_at(gathering->messages, i);
        if (is_part(gathering, message) && !told_by_send(gathering, message, i))
            add_arrow(gathering, message);
    }
}

/* -- instants -- */

static int compare_notes(const void *a, const void *b)
{
    const struct chart_note *left = a, *right = b;
    return left->time < right->time ? -1 : left->time > right->time;
}

static void gather_notes(struct gathering *gathering)
{
    static const struct {
        const char *column, *text;
        bool at_correspondent;
    } told[] = {
        {"link_down", "link down", false},
        {"link_up", "link up", false},
        {"router_advertisement", "router advertisement", false},
        {"address_tentative", "care-of address tentative", false},
        {"care_of_address_usable", "care-of address usable", false},
        {"correspondent_bound", "binding updated", true},
        {"first_tunnelled_packet", "first packet through the tunnel", false},
        {"first_optimized_downlink", "first packet on the direct path", false},
        {"first_optimized_uplink", "first packet sent on the direct path", false},
    };
    const struct finding *finding = gathering->finding;
    const struct csv_table *table = finding->source->handovers;
    struct chart *chart = gathering->chart;
    for (unsigned i = 0; i < G_N_ELEMENTS(told); i++)
        for (guint r = 0; r < finding->rows->len; r++) {
            size_t row = g_array_index(finding->rows, size_t, r);
            double time = csv_field_number(table, row, told[i].column);
            int lane = told[i].at_correspondent ? lane_of(chart, csv_field(table, row, "correspondent")) : 0;
            bool again = false;
            for (guint n = 0; n < chart->notes->len; n++) {
                const struct chart_note *note = &g_array_index(chart->notes, struct chart_note, n);
                again |= note->lane == lane && note->text == told[i].text &&
                         (note->time >= time && note->time <= time);
            }
            if (isnan(time) || lane == CHART_NOBODY || again)
                continue;
            struct chart_note note = {time, lane, told[i].text};
            g_array_append_val(chart->notes, note);
        }
    g_array_sort(chart->notes, compare_notes);
}

/* -- all of it -- */

static char *setting_of(const struct finding *finding)
{
    const struct csv_table *table = finding->source->handovers;
    size_t row = g_array_index(finding->rows, size_t, 0);
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "point %" G_GUINT64_FORMAT ", replication %" G_GUINT64_FORMAT,
                           finding->point, finding->replication);
    int first = csv_table_column(table, "replication"), node = csv_table_column(table, "node");
    for (int column = first + 1; column < node; column++)
        g_string_append_printf(text, "; %s = %s", csv_table_header(table, (unsigned)column),
                               csv_table_text(table, row, (unsigned)column));
    for (guint i = 0; i < finding->rows->len; i++) {
        size_t of = g_array_index(finding->rows, size_t, i);
        if (*csv_field(table, of, "correspondent") && *csv_field(table, of, "authorization"))
            g_string_append_printf(text, "; %s: %s", csv_field(table, of, "correspondent"),
                                   csv_field(table, of, "authorization"));
    }
    return g_string_free(text, FALSE);
}

static void lane_clear(void *data)
{
    struct chart_lane *lane = data;
    g_free(lane->name);
    g_free(lane->role);
}

static void arrow_clear(void *data)
{
    struct chart_arrow *arrow = data;
    g_free(arrow->detail);
}

static struct chart *make_chart(const struct finding *finding)
{
    const struct csv_table *table = finding->source->handovers;
    size_t row = g_array_index(finding->rows, size_t, 0);
    const char *from = csv_field(table, row, "from_link"), *to = csv_field(table, row, "to_link");
    struct chart *chart = g_new0(struct chart, 1);
    chart->node = g_strdup(finding->node);
    chart->handover = finding->handover;
    chart->point = finding->point;
    chart->replication = finding->replication;
    chart->title = g_strdup_printf("Handover %" G_GUINT64_FORMAT " of %s: %s → %s", finding->handover,
                                   finding->node, *from ? from : "nowhere", *to ? to : "nowhere");
    chart->setting = setting_of(finding);
    chart->start = finding->start;
    chart->from_link_down = !isnan(csv_field_number(table, row, "link_down"));
    chart->end = finding->complete && !finding->request->everything ? finding->last : finding->next;
    chart->lanes = g_array_new(FALSE, TRUE, sizeof(struct chart_lane));
    chart->arrows = g_array_new(FALSE, TRUE, sizeof(struct chart_arrow));
    chart->notes = g_array_new(FALSE, TRUE, sizeof(struct chart_note));
    g_array_set_clear_func(chart->lanes, lane_clear);
    g_array_set_clear_func(chart->arrows, arrow_clear);
    add_lane(chart, finding->source, finding->node);
    return chart;
}

static int compare_arrows(const void *a, const void *b)
{
    double left = chart_arrow_start(a), right = chart_arrow_start(b);
    return left < right ? -1 : left > right;
}

struct chart *chart_new(const struct chart_source *source, const struct chart_request *request,
                        GError **error)
{
    static const char *const of_handovers[] = {"point", "replication", "node", "handover", NULL};
    static const char *const of_messages[] = {"point",   "replication", "time",        "node", "action",
                                              "message", "source",      "destination", NULL};
    if (!has_columns(source->handovers, of_handovers, error) ||
        !has_columns(source->messages, of_messages, error))
        return NULL;
    struct finding finding = {.source = source,
                              .request = request,
                              .handover = request->handover,
                              .rows = g_array_new(FALSE, FALSE, sizeof(size_t))};
    struct chart *chart = NULL;
    if (find_handover(&finding, error)) {
        chart = make_chart(&finding);
        struct gathering gathering = {
            .finding = &finding,
            .messages = chart_messages_of_run(source->messages, finding.point, finding.replication),
            .chart = chart,
        };
        gathering.owners = find_owners(gathering.messages, source->run);
        gather_lanes(&gathering);
        gather_arrows(&gathering);
        gather_notes(&gathering);
        g_array_sort(chart->arrows, compare_arrows);
        g_hash_table_destroy(gathering.owners);
        g_array_free(gathering.messages, TRUE);
    }
    g_array_free(finding.rows, TRUE);
    return chart;
}

void chart_free(struct chart *chart)
{
    if (!chart)
        return;
    g_free(chart->node);
    g_free(chart->title);
    g_free(chart->setting);
    g_array_free(chart->lanes, TRUE);
    g_array_free(chart->arrows, TRUE);
    g_array_free(chart->notes, TRUE);
    g_free(chart);
}
