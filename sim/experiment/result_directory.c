/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sim/experiment/result_directory.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "sim/output/csv.h"

static const char *const table_names[TABLE_COUNT] = {"handovers.csv", "flows.csv", "messages.csv",
                                                     "expectations.csv"};

struct result_directory {
    int lock; /* the directory, held against other runs; -1: not held */
    char *directory;
    const struct scenario *scenario;
    struct csv_file *files[TABLE_COUNT];
    uint64_t runs, events, packet_hops, handover_count;
    uint64_t discards[DISCARD_REASON_COUNT];
};

/* -- rows -- */

struct row_context {
    struct recorder *recorder;
    const struct scenario *scenario;
    const struct scenario_setting *settings;
    uint32_t axis_count, point, replication;
};

static void begin_row(GString *rows, const struct row_context *context)
{
    csv_append_count(rows, context->point);
    csv_append_count(rows, context->replication);
}

static void append_axes(GString *rows, const struct row_context *context)
{
    for (uint32_t i = 0; i < context->axis_count; i++)
        csv_append_text(rows, context->settings[i].value);
}

static const char *node_name(const struct row_context *context, uint32_t node)
{
    return node == DIRECTORY_NOBODY ? "" : directory_name(&context->recorder->directory, node);
}

static const char *link_name(const struct row_context *context, uint32_t link)
{
    return link == SCENARIO_NONE ? "" : context->scenario->links[link].name;
}

static void append_handover(GString *rows, const struct row_context *context, const struct handover *handover,
                            const struct correspondence *with)
{
    begin_row(rows, context);
    append_axes(rows, context);
    csv_append_text(rows, node_name(context, handover->mobile_node));
    csv_append_count(rows, handover->number);
    csv_append_text(rows, node_name(context, with->correspondent));
    csv_append_text(rows, with->authorization);
    csv_append_text(rows, link_name(context, handover->from_link));
    csv_append_text(rows, link_name(context, handover->to_link));
    for (unsigned i = 0; i < INSTANT_COUNT; i++)
        csv_append_time(rows, handover_instant(handover, with, (enum handover_instant)i));
    for (unsigned i = 0; i < DURATION_COUNT; i++)
        csv_append_time(rows, handover_duration(handover, with, (enum handover_duration)i));
    for (unsigned i = 0; i < HANDOVER_COUNT_COUNT; i++)
        csv_append_count(rows, handover_count(handover, with, (enum handover_count)i));
    csv_end_row(rows);
}

static void append_handovers(GString *rows, const struct row_context *context)
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

static void append_flows(GString *rows, const struct row_context *context)
{
    for (uint32_t i = 0; i < context->recorder->flows.count; i++) {
        const struct flow_record *flow = &context->recorder->flows.flows[i];
        char *name = flow_name(&context->scenario->flows[flow->scenario_flow], flow->pair);
        bool any = flow->received > 0;
        begin_row(rows, context);
        append_axes(rows, context);
        csv_append_text(rows, name);
        csv_append_text(rows, node_name(context, flow->from));
        csv_append_text(rows, node_name(context, flow->to));
        const uint64_t counts[] = {flow->sent,       flow->received,  flow->lost,
                                   flow->duplicated, flow->reordered, flow->direct,
                                   flow->tunnelled,  flow->optimized, flow->misdirected};
        for (unsigned k = 0; k < G_N_ELEMENTS(counts); k++)
            csv_append_count(rows, counts[k]);
        csv_append_time(rows, any ? flow->delay_sum / (time_ns)flow->received : TIME_NEVER);
        csv_append_time(rows, flow->delay_minimum);
        csv_append_time(rows, any ? flow->delay_maximum : TIME_NEVER);
        csv_append_time(rows, flow->received > 1 ? flow->longest_gap : TIME_NEVER);
        csv_end_row(rows);
        g_free(name);
    }
}

static void append_address(GString *rows, const struct ipv6_address *address)
{
    char text[ADDRESS_TEXT_LENGTH];
    csv_append_text(rows, ipv6_address_is_unspecified(address) ? "" : address_text(address, text));
}

static void append_number(GString *rows, int32_t number)
{
    if (number < 0)
        csv_append_text(rows, "");
    else
        csv_append_count(rows, (uint64_t)number);
}

static void append_messages(GString *rows, const struct row_context *context)
{
    static const char *const actions[] = {"sent", "received", "discarded"};
    for (guint i = 0; i < context->recorder->signalling.rows->len; i++) {
        const struct signalling_row *row =
            &g_array_index(context->recorder->signalling.rows, struct signalling_row, i);
        begin_row(rows, context);
        csv_append_time(rows, row->time);
        csv_append_text(rows, node_name(context, row->node));
        csv_append_text(rows, actions[row->action]);
        csv_append_text(rows, discard_reason_text(row->reason));
        csv_append_text(rows, row->message);
        append_address(rows, &row->source);
        append_address(rows, &row->destination);
        append_address(rows, &row->home_address);
        append_address(rows, &row->care_of_address);
        append_number(rows, row->sequence);
        append_number(rows, row->status);
        append_number(rows, row->lifetime);
        csv_append_count(rows, row->octets);
        csv_append_text(rows, row->tunnelled ? "yes" : "no");
        csv_end_row(rows);
    }
}

static void append_ratio(GString *rows, int64_t ratio)
{
    char *text = g_strdup_printf("%" G_GINT64_FORMAT ".%06d", ratio / EXPECTATION_RATIO,
                                 (int)(ratio % EXPECTATION_RATIO));
    csv_append_text(rows, text);
    g_free(text);
}

static void append_seen_number(GString *rows, const struct expectation_seen *seen, int64_t number)
{
    if (seen->numbers == 0)
        csv_append_text(rows, NULL);
    else if (seen->unit == UNIT_TIME)
        csv_append_time(rows, number);
    else if (seen->unit == UNIT_RATIO)
        append_ratio(rows, number);
    else
        csv_append_count(rows, (uint64_t)number);
}

/* What was seen besides numbers. */
static void append_seen_words(GString *rows, const struct expectation_seen *seen)
{
    GString *words = g_string_new(seen->absent ? "never" : NULL);
    for (guint i = 0; i < seen->words->len; i++)
        g_string_append_printf(words, "%s%s", words->len ? "; " : "", (const char *)seen->words->pdata[i]);
    if (words->len == 0 && seen->numbers == 0)
        g_string_append(words, "nothing of the kind");
    csv_append_text(rows, words->str);
    g_string_free(words, TRUE);
}

static void append_expectation(GString *rows, const struct row_context *context, uint32_t index)
{
    static const char *const units[] = {
        [UNIT_COUNT] = "", [UNIT_TIME] = "s", [UNIT_RATIO] = "ratio", [UNIT_WORD] = ""};
    const struct scenario_expectation *expectation = &context->scenario->expectations[index];
    struct expectation_seen seen;
    expectation_judge(context->recorder, index, &seen);
    char *file = g_path_get_basename(expectation->place.file ? expectation->place.file : "");
    begin_row(rows, context);
    append_axes(rows, context);
    csv_append_text(rows, file);
    csv_append_count(rows, expectation->place.line);
    csv_append_text(rows, expectation->section);
    csv_append_text(rows, expectation->key);
    csv_append_text(rows, expectation->condition.text);
    csv_append_text(rows, seen.failed ? "failed" : "met");
    csv_append_text(rows, units[seen.unit]);
    append_seen_number(rows, &seen, seen.least);
    append_seen_number(rows, &seen, seen.most);
    append_seen_words(rows, &seen);
    csv_end_row(rows);
    g_free(file);
    expectation_seen_clear(&seen);
}

static void append_expectations(GString *rows, const struct row_context *context)
{
    for (uint32_t i = 0; i < context->scenario->expectation_count; i++)
        if (context->scenario->expectations[i].in_force)
            append_expectation(rows, context, i);
}

struct run_result *run_result_new(struct recorder *recorder, const struct simulation *simulation,
                                  const struct scenario_setting *settings, uint32_t axis_count,
                                  uint32_t point, uint32_t replication)
{
    struct row_context context = {recorder, simulation->scenario, settings, axis_count, point, replication};
    struct run_result *result = g_new0(struct run_result, 1);
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        result->rows[i] = g_string_new(NULL);
    append_handovers(result->rows[TABLE_HANDOVERS], &context);
    append_flows(result->rows[TABLE_FLOWS], &context);
    append_messages(result->rows[TABLE_MESSAGES], &context);
    append_expectations(result->rows[TABLE_EXPECTATIONS], &context);
    result->log = g_steal_pointer(&recorder->log);
    result->events = engine_event_count(&simulation->network->engine);
    result->packet_hops = simulation->network->packet_hops;
    result->handover_count = recorder->handovers.count;
    memcpy(result->discards, recorder->discards, sizeof result->discards);
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
        string_free(result->rows[i]);
    string_free(result->log);
    string_free(result->reference);
    g_clear_error(&result->error);
    g_free(result);
}

/* -- files -- */

static char *path_of(const struct result_directory *results, const char *name, bool unfinished)
{
    char *file = g_strconcat(name, unfinished ? ".part" : "", NULL);
    char *path = g_build_filename(results->directory, file, NULL);
    g_free(file);
    return path;
}

static void end_header(struct csv_file *file, GString *header)
{
    csv_end_row(header);
    csv_file_write(file, header->str, header->len);
    g_string_free(header, TRUE);
}

static GString *begin_header(const struct scenario *scenario, bool axes)
{
    GString *header = g_string_new(NULL);
    csv_append_text(header, "point");
    csv_append_text(header, "replication");
    for (uint32_t i = 0; axes && i < scenario->axis_count; i++) {
        char *name = g_strdup_printf("%s / %s", scenario->axes[i].section, scenario->axes[i].key);
        csv_append_text(header, name);
        g_free(name);
    }
    return header;
}

static void append_columns(GString *header, const char *const *columns)
{
    for (; *columns; columns++)
        csv_append_text(header, *columns);
}

/* A table that can have no rows is not written. */
static bool is_wanted(const struct scenario *scenario, enum result_table table)
{
    return table != TABLE_EXPECTATIONS || scenario->expectation_count > 0;
}

static void write_expectations_header(struct result_directory *results)
{
    GString *header = begin_header(results->scenario, true);
    append_columns(header, (const char *const[]){"file", "line", "section", "expectation", "condition",
                                                 "verdict", "unit", "seen_least", "seen_most", "seen", NULL});
    end_header(results->files[TABLE_EXPECTATIONS], header);
}

static void write_headers(struct result_directory *results)
{
    GString *header = begin_header(results->scenario, true);
    append_columns(header, (const char *const[]){"node", "handover", "correspondent", "authorization",
                                                 "from_link", "to_link", NULL});
    for (unsigned i = 0; i < INSTANT_COUNT; i++)
        csv_append_text(header, handover_instant_column((enum handover_instant)i));
    for (unsigned i = 0; i < DURATION_COUNT; i++)
        csv_append_text(header, handover_duration_column((enum handover_duration)i));
    for (unsigned i = 0; i < HANDOVER_COUNT_COUNT; i++)
        csv_append_text(header, handover_count_column((enum handover_count)i));
    end_header(results->files[TABLE_HANDOVERS], header);

    header = begin_header(results->scenario, true);
    append_columns(header, (const char *const[]){"flow", "from", "to", "sent", "received", "lost",
                                                 "duplicated", "reordered", "direct", "tunnelled",
                                                 "optimized", "misdirected", "delay_mean", "delay_minimum",
                                                 "delay_maximum", "longest_gap", NULL});
    end_header(results->files[TABLE_FLOWS], header);

    header = begin_header(results->scenario, false);
    append_columns(header, (const char *const[]){"time", "node", "action", "reason", "message", "source",
                                                 "destination", "home_address", "care_of_address", "sequence",
                                                 "status", "lifetime", "octets", "tunnelled", NULL});
    end_header(results->files[TABLE_MESSAGES], header);

    if (results->files[TABLE_EXPECTATIONS])
        write_expectations_header(results);
}

/* One run at a time writes into a directory; the lock goes with the process, however it ends. */
static bool lock_directory(struct result_directory *results, GError **error)
{
    results->lock = open(results->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (results->lock >= 0 && (flock(results->lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK))
        return true; /* a file system without locks is no reason not to run */
    if (results->lock < 0)
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", results->directory,
                    g_strerror(errno));
    else
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "%s: another run is writing here; wait for it, or choose another directory with --out",
                    results->directory);
    return false;
}

static void close_directory(struct result_directory *results)
{
    if (results->lock >= 0)
        close(results->lock);
    g_free(results->directory);
    g_free(results);
}

struct result_directory *result_directory_open(const char *directory, const struct scenario *scenario,
                                               GError **error)
{
    if (g_mkdir_with_parents(directory, 0777) != 0) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno),
                    "%s: cannot make this directory: %s", directory, g_strerror(errno));
        return NULL;
    }
    struct result_directory *results = g_new0(struct result_directory, 1);
    results->directory = g_strdup(directory);
    results->scenario = scenario;
    if (!lock_directory(results, error)) {
        close_directory(results);
        return NULL;
    }
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        if (!is_wanted(scenario, (enum result_table)i))
            continue;
        char *path = path_of(results, table_names[i], true);
        results->files[i] = csv_file_create(path, error);
        g_free(path);
        if (!results->files[i]) {
            result_directory_abandon(results);
            return NULL;
        }
    }
    write_headers(results);
    return results;
}

void result_directory_enter(void *context, const struct run_result *result)
{
    struct result_directory *results = context;
    for (unsigned i = 0; i < TABLE_COUNT; i++)
        if (results->files[i])
            csv_file_write(results->files[i], result->rows[i]->str, result->rows[i]->len);
    results->runs++;
    results->events += result->events;
    results->packet_hops += result->packet_hops;
    results->handover_count += result->handover_count;
    for (unsigned i = 0; i < DISCARD_REASON_COUNT; i++)
        results->discards[i] += result->discards[i];
}

static void append_json_text(GString *json, const char *text)
{
    g_string_append_c(json, '"');
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_printf(json, "\\%c", *c);
        else if (*c < 0x20)
            g_string_append_printf(json, "\\u%04x", *c);
        else
            g_string_append_c(json, (char)*c);
    }
    g_string_append_c(json, '"');
}

static void append_axes_json(GString *json, const struct scenario *scenario)
{
    g_string_append(json, "  \"axes\": [");
    for (uint32_t i = 0; i < scenario->axis_count; i++) {
        char *name = g_strdup_printf("%s / %s", scenario->axes[i].section, scenario->axes[i].key);
        g_string_append(json, i ? ", " : "");
        append_json_text(json, name);
        g_free(name);
    }
    g_string_append(json, "],\n  \"points\": [");
    struct scenario_setting *settings = g_new0(struct scenario_setting, scenario->axis_count + 1);
    for (uint32_t point = 0; point < scenario_point_count(scenario); point++) {
        scenario_point(scenario, point, settings);
        g_string_append(json, point ? ",\n    [" : "\n    [");
        for (uint32_t i = 0; i < scenario->axis_count; i++) {
            g_string_append(json, i ? ", " : "");
            append_json_text(json, settings[i].value);
        }
        g_string_append_c(json, ']');
    }
    g_free(settings);
    g_string_append(json, "\n  ],\n");
}

static GString *run_json(const struct result_directory *results, uint64_t seed, uint32_t first_replication,
                         uint32_t replication_count)
{
    const struct scenario *scenario = results->scenario;
    GString *json = g_string_new("{\n  \"program\": \"mip6sim\",\n  \"version\": \"" PACKAGE_VERSION
                                 "\",\n  \"title\": ");
    append_json_text(json, scenario->title ? scenario->title : "");
    char *name = g_path_get_basename(scenario->path);
    g_string_append(json, ",\n  \"file\": ");
    append_json_text(json, name);
    g_free(name);
    g_string_append_printf(json,
                           ",\n  \"seed\": %" G_GUINT64_FORMAT
                           ",\n  \"first_replication\": %u,\n  \"replications\": %u,\n",
                           seed, first_replication, replication_count);
    append_axes_json(json, scenario);
    g_string_append_printf(json,
                           "  \"counts\": {\"runs\": %" G_GUINT64_FORMAT ", \"events\": %" G_GUINT64_FORMAT
                           ", \"packet_hops\": %" G_GUINT64_FORMAT ", \"handovers\": %" G_GUINT64_FORMAT
                           "},\n  \"discards\": {",
                           results->runs, results->events, results->packet_hops, results->handover_count);
    bool first = true;
    for (unsigned i = 1; i < DISCARD_REASON_COUNT; i++) {
        if (!results->discards[i])
            continue;
        g_string_append(json, first ? "" : ", ");
        append_json_text(json, discard_reason_text((enum discard_reason)i));
        g_string_append_printf(json, ": %" G_GUINT64_FORMAT, results->discards[i]);
        first = false;
    }
    g_string_append(json, "},\n  \"scenario\": ");
    scenario_to_json(scenario, json);
    g_string_append(json, "\n}\n");
    return json;
}

/* What an earlier run left of a table that this one does not have would be taken for its own. */
static void remove_file(const struct result_directory *results, const char *name)
{
    char *path = path_of(results, name, false);
    g_unlink(path);
    g_free(path);
}

static bool finish_file(const struct result_directory *results, const char *name, GError **error)
{
    char *from = path_of(results, name, true);
    char *to = path_of(results, name, false);
    bool good = g_rename(from, to) == 0;
    if (!good)
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: cannot rename to %s: %s",
                    from, to, g_strerror(errno));
    g_free(from);
    g_free(to);
    return good;
}

bool result_directory_close(struct result_directory *results, uint64_t seed, uint32_t first_replication,
                            uint32_t replication_count, GError **error)
{
    bool good = true;
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        good = csv_file_close(g_steal_pointer(&results->files[i]), good ? error : NULL) && good;
    }
    for (unsigned i = 0; good && i < TABLE_COUNT; i++)
        if (is_wanted(results->scenario, (enum result_table)i))
            good = finish_file(results, table_names[i], error);
        else
            remove_file(results, table_names[i]);
    if (good) {
        GString *json = run_json(results, seed, first_replication, replication_count);
        char *path = path_of(results, "run.json", false);
        good =
            g_file_set_contents(path, json->str, (gssize)json->len, error); /* writes beside it and renames */
        g_free(path);
        g_string_free(json, TRUE);
    }
    result_directory_abandon(results);
    return good;
}

void result_directory_abandon(struct result_directory *results)
{
    if (!results)
        return;
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        if (results->files[i])
            csv_file_close(results->files[i], NULL);
        char *path = path_of(results, table_names[i], true);
        g_unlink(path);
        g_free(path);
    }
    close_directory(results);
}
