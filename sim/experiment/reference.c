/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reference.c - see reference.h. Writing, reading and comparing stand together, since they share the format.
 * Lines are compared by section and key, whatever their order; of messages only the first that differs is
 * told, since all behind it differ as well.
 */
#include "sim/experiment/reference.h"

#include <math.h>
#include <string.h>

#include "sim/format/csv.h"

#define MESSAGES_SECTION "messages"

/* -- writing -- */

static void append_text(GString *text, const char *key, const char *value)
{
    g_string_append_printf(text, "%s = %s\n", key, value);
}

static void append_count(GString *text, const char *key, uint64_t count)
{
    g_string_append_printf(text, "%s = %" G_GUINT64_FORMAT "\n", key, count);
}

/* Seconds, exact; what did not happen is not written. */
static void append_time(GString *text, const char *key, time_ns time)
{
    if (time == TIME_NEVER)
        return;
    g_string_append_printf(text, "%s = ", key);
    csv_append_time(text, time);
    text->str[text->len - 1] = '\n'; /* in place of the comma */
}

static void begin_section(GString *text, uint32_t point, uint32_t replication, const char *what)
{
    g_string_append_printf(text, "\n[point %u, replication %u: %s]\n", point, replication, what);
}

static const char *node_name(const struct recorder *recorder, uint32_t node)
{
    return node == DIRECTORY_NOBODY ? "nobody" : directory_name(&recorder->directory, node);
}

static const char *link_name(const struct recorder *recorder, uint32_t link)
{
    return link == SCENARIO_NONE ? "nowhere" : recorder->directory.scenario->links[link].name;
}

static void append_handover(GString *text, const struct recorder *recorder, uint32_t point,
                            uint32_t replication, const struct handover *handover,
                            const struct correspondence *with)
{
    const struct scenario_node *mobile = directory_node(&recorder->directory, handover->mobile_node);
    struct scenario_home home = scenario_home(recorder->directory.scenario, mobile, with->home);
    char *what =
        g_strdup_printf("handover %u of %s, %s to %s, with %s%s%s", handover->number,
                        node_name(recorder, handover->mobile_node), link_name(recorder, handover->from_link),
                        link_name(recorder, handover->to_link), node_name(recorder, with->correspondent),
                        with->home ? ", as " : "", with->home ? home.name : "");
    begin_section(text, point, replication, what);
    g_free(what);
    for (unsigned i = 0; i < INSTANT_COUNT; i++)
        append_time(text, handover_instant_column((enum handover_instant)i),
                    handover_instant(handover, with, (enum handover_instant)i));
    append_time(text, handover_duration_column(DURATION_OUTAGE),
                handover_duration(handover, with, DURATION_OUTAGE));
    append_count(text, "packets_lost", with->counts.lost);
    append_count(text, "packets_tunnelled", with->counts.tunnelled);
    append_count(text, "packets_optimized", with->counts.optimized);
    append_count(text, "packets_misdirected", with->counts.misdirected);
    append_count(text, "mobile_messages", with->counts.mobile_messages + handover->shared.mobile_messages);
    append_count(text, "mobile_octets", with->counts.mobile_octets + handover->shared.mobile_octets);
    append_count(text, "correspondent_messages", with->counts.correspondent_messages);
    append_count(text, "correspondent_octets", with->counts.correspondent_octets);
}

static void append_handovers(GString *text, const struct recorder *recorder, uint32_t point,
                             uint32_t replication)
{
    unsigned count = 0;
    for (const struct handover *handover = recorder->handovers.first; handover; handover = handover->next)
        for (uint32_t i = 0; i < handover->correspondence_count; i++)
            if (count++ < REFERENCE_HANDOVERS_MAX)
                append_handover(text, recorder, point, replication, handover, &handover->with[i]);
}

static void append_flows(GString *text, const struct recorder *recorder, uint32_t point, uint32_t replication)
{
    for (uint32_t i = 0; i < recorder->flows.count && i < REFERENCE_FLOWS_MAX; i++) {
        const struct flow_record *flow = &recorder->flows.flows[i];
        const struct scenario_flow *from = &recorder->directory.scenario->flows[flow->scenario_flow];
        char *what = from->pairs == 1 ? g_strdup_printf("flow %s", from->name)
                                      : g_strdup_printf("flow %s-%u", from->name, flow->pair + 1);
        begin_section(text, point, replication, what);
        g_free(what);
        append_count(text, "sent", flow->sent);
        append_count(text, "received", flow->received);
        append_count(text, "lost", flow->lost);
        append_count(text, "duplicated", flow->duplicated);
        append_count(text, "reordered", flow->reordered);
        append_count(text, "direct", flow->direct);
        append_count(text, "tunnelled", flow->tunnelled);
        append_count(text, "optimized", flow->optimized);
        append_count(text, "misdirected", flow->misdirected);
        append_time(text, "delay_minimum", flow->received > 0 ? flow->delay_minimum : TIME_NEVER);
        append_time(text, "delay_maximum", flow->received > 0 ? flow->delay_maximum : TIME_NEVER);
        append_time(text, "longest_gap", flow->received > 1 ? flow->longest_gap : TIME_NEVER);
    }
}

static const char *const actions[] = {"sent", "received", "discarded"};

static gint compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

/* How often each message was sent, received, discarded. */
static void append_signalling(GString *text, const struct recorder *recorder, uint32_t point,
                              uint32_t replication)
{
    GHashTable *counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < recorder->signalling.rows->len; i++) {
        const struct signalling_row *row =
            &g_array_index(recorder->signalling.rows, struct signalling_row, i);
        char *key = g_strdup_printf("%s %s", row->message, actions[row->action]);
        gsize count = GPOINTER_TO_SIZE(g_hash_table_lookup(counts, key)) + 1;
        g_hash_table_replace(counts, key, GSIZE_TO_POINTER(count));
    }
    GList *keys = g_list_sort(g_hash_table_get_keys(counts), compare_texts);
    if (keys)
        begin_section(text, point, replication, "signalling");
    for (const GList *key = keys; key; key = key->next)
        append_count(text, key->data, GPOINTER_TO_SIZE(g_hash_table_lookup(counts, key->data)));
    g_list_free(keys);
    g_hash_table_destroy(counts);
}

static void append_message(GString *text, const struct recorder *recorder, unsigned number,
                           const struct signalling_row *row)
{
    char from[ADDRESS_TEXT_LENGTH], to[ADDRESS_TEXT_LENGTH];
    g_string_append_printf(text, "%u = ", number);
    csv_append_time(text, row->time);
    text->str[text->len - 1] = ' ';
    g_string_append_printf(text, "%s %s %s, %s to %s", directory_name(&recorder->directory, row->node),
                           actions[row->action], row->message, address_text(&row->source, from),
                           address_text(&row->destination, to));
    if (row->reason != DISCARD_NONE)
        g_string_append_printf(text, ", %s", discard_reason_text(row->reason));
    if (row->sequence >= 0)
        g_string_append_printf(text, ", sequence %d", row->sequence);
    if (row->status >= 0)
        g_string_append_printf(text, ", status %d", row->status);
    if (row->lifetime >= 0)
        g_string_append_printf(text, ", lifetime %d", row->lifetime);
    g_string_append_printf(text, ", %u octets%s\n", row->octets, row->tunnelled ? ", tunnelled" : "");
}

static void append_messages(GString *text, const struct recorder *recorder, uint32_t point,
                            uint32_t replication)
{
    guint count = MIN(recorder->signalling.rows->len, REFERENCE_MESSAGES_MAX);
    if (count > 0)
        begin_section(text, point, replication, MESSAGES_SECTION);
    for (guint i = 0; i < count; i++)
        append_message(text, recorder, i + 1,
                       &g_array_index(recorder->signalling.rows, struct signalling_row, i));
}

void reference_append_run(GString *text, struct recorder *recorder, const struct scenario_setting *settings,
                          uint32_t axis_count, uint32_t point, uint32_t replication)
{
    char everything[FINGERPRINT_TEXT_LENGTH], wire[FINGERPRINT_TEXT_LENGTH];
    begin_section(text, point, replication, "run");
    for (uint32_t i = 0; i < axis_count; i++)
        g_string_append_printf(text, "%s / %s = %s\n", settings[i].section, settings[i].key,
                               settings[i].value);
    fingerprint_finish(recorder->fingerprint, everything, wire);
    append_text(text, "everything", everything);
    append_text(text, "wire", wire);
    append_count(text, "handovers", recorder->handovers.count);
    append_count(text, "messages", recorder->signalling.rows->len);
    if (point >= REFERENCE_POINTS_MAX)
        return;
    append_handovers(text, recorder, point, replication);
    append_flows(text, recorder, point, replication);
    append_signalling(text, recorder, point, replication);
    append_messages(text, recorder, point, replication);
}

/* -- reading -- */

static char *line_name(const char *section, const char *key)
{
    return g_strconcat(section, "\n", key, NULL);
}

static bool add_line(struct reference *reference, const struct reference_line *line, const char *name,
                     unsigned number, GError **error)
{
    char *known_as = line_name(line->section, line->key);
    g_array_append_val(reference->lines, *line);
    if (g_hash_table_insert(reference->all, known_as, GUINT_TO_POINTER(reference->lines->len)))
        return true;
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s:%u: '%s' is there twice", name, number,
                line->key);
    return false;
}

/* One line, which is cut into its parts in place. */
static bool parse_line(struct reference *reference, char *text, const char **section, const char *name,
                       unsigned number, GError **error)
{
    size_t length = strlen(text);
    if (length == 0 || text[0] == '#')
        return true;
    if (text[0] == '[' && text[length - 1] == ']') {
        text[length - 1] = '\0';
        *section = text + 1;
        return true;
    }
    char *equals = strstr(text, " = ");
    if (!equals) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "%s:%u: neither 'key = value' nor a section: this is no reference", name, number);
        return false;
    }
    *equals = '\0';
    struct reference_line line = {*section, text, equals + 3};
    return add_line(reference, &line, name, number, error);
}

struct reference *reference_parse(const char *name, char *text, GError **error)
{
    struct reference *reference = g_new0(struct reference, 1);
    reference->text = text;
    reference->lines = g_array_new(FALSE, FALSE, sizeof(struct reference_line));
    reference->all = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    const char *section = "";
    bool good = g_utf8_validate(text, -1, NULL);
    if (!good)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "%s: not UTF-8 text: this is no reference",
                    name);
    unsigned number = 1;
    for (char *line = text, *end; good && line; line = end, number++) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        good = parse_line(reference, line, &section, name, number, error);
    }
    if (good)
        return reference;
    reference_free(reference);
    return NULL;
}

struct reference *reference_read(const char *path, GError **error)
{
    char *text;
    if (!g_file_get_contents(path, &text, NULL, error))
        return NULL;
    return reference_parse(path, text, error);
}

void reference_free(struct reference *reference)
{
    if (!reference)
        return;
    g_array_unref(reference->lines);
    g_hash_table_destroy(reference->all);
    g_free(reference->text);
    g_free(reference);
}

/* NULL: it says nothing about that. */
static const char *value_of(const struct reference *reference, const char *section, const char *key)
{
    char *name = line_name(section, key);
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(reference->all, name));
    g_free(name);
    return number ? g_array_index(reference->lines, struct reference_line, number - 1).value : NULL;
}

/* -- comparing -- */

static bool is_message(const char *section)
{
    return g_str_has_suffix(section, ": " MESSAGES_SECTION);
}

static bool is_fingerprint(const struct reference_line *line)
{
    return g_str_has_suffix(line->section, ": run") &&
           (strcmp(line->key, "everything") == 0 || strcmp(line->key, "wire") == 0);
}

/* Both are numbers, and near enough. */
static bool is_tolerated(const char *before, const char *now, const double *tolerance)
{
    char *before_end, *now_end;
    if (!tolerance || !before || !now)
        return false;
    double a = g_ascii_strtod(before, &before_end), b = g_ascii_strtod(now, &now_end);
    /* Half a nanosecond more: the tolerance is not exact in binary. */
    return before_end != before && now_end != now && *before_end == '\0' && *now_end == '\0' &&
           fabs(a - b) <= *tolerance + 5e-10;
}

struct comparison {
    GArray *differences;
    GHashTable *tolerances;
    const char *message_section; /* whose first difference has been told */
};

static void compare_line(struct comparison *comparison, const struct reference_line *line, const char *before,
                         const char *now)
{
    bool tolerant = g_hash_table_size(comparison->tolerances) > 0;
    if (g_strcmp0(before, now) == 0 || (tolerant && (is_fingerprint(line) || is_message(line->section))))
        return;
    if (is_tolerated(before, now, g_hash_table_lookup(comparison->tolerances, line->key)))
        return;
    if (is_message(line->section)) {
        if (comparison->message_section && strcmp(comparison->message_section, line->section) == 0)
            return;
        comparison->message_section = line->section;
    }
    struct reference_difference difference = {line->section, line->key, before, now};
    g_array_append_val(comparison->differences, difference);
}

/* In the order of the present one; what is there no more comes at the end. */
GArray *reference_compare(const struct reference *before, const struct reference *now, GHashTable *tolerances)
{
    struct comparison comparison = {.tolerances = tolerances};
    comparison.differences = g_array_new(FALSE, FALSE, sizeof(struct reference_difference));
    for (guint i = 0; i < now->lines->len; i++) {
        const struct reference_line *line = &g_array_index(now->lines, struct reference_line, i);
        compare_line(&comparison, line, value_of(before, line->section, line->key), line->value);
    }
    for (guint i = 0; i < before->lines->len; i++) {
        const struct reference_line *line = &g_array_index(before->lines, struct reference_line, i);
        if (!value_of(now, line->section, line->key))
            compare_line(&comparison, line, line->value, NULL);
    }
    return comparison.differences;
}
