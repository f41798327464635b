/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chart_messages.c - see chart_messages.h, which has the rules by their numbers.
 *
 * All messages of the run are paired before any is left out of a chart, so that what is shown does not depend
 * on where the chart ends.
 */
#include "sim/output/chart_messages.h"

#include <string.h>

static void message_clear(void *data)
{
    struct chart_message *message = data;
    g_free(message->key);
}

static char *message_key(const struct csv_table *table, size_t row)
{
    static const char *const columns[] = {"message",         "source",   "destination", "home_address",
                                          "care_of_address", "sequence", "status",      "lifetime"};
    GString *key = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(columns); i++)
        g_string_append_printf(key, "%s|", csv_field(table, row, columns[i]));
    return g_string_free(key, FALSE);
}

static GArray *read_messages(const struct csv_table *table, uint64_t point, uint64_t replication)
{
    GArray *messages = g_array_new(FALSE, TRUE, sizeof(struct chart_message));
    g_array_set_clear_func(messages, message_clear);
    for (size_t row = 0; row < table->row_count; row++) {
        if (!csv_field_is(table, row, "point", point) ||
            !csv_field_is(table, row, "replication", replication))
            continue;
        const char *action = csv_field(table, row, "action");
        struct chart_message message = {
            .row = row,
            .time = csv_field_number(table, row, "time"),
            .node = csv_field(table, row, "node"),
            .name = csv_field(table, row, "message"),
            .source = csv_field(table, row, "source"),
            .destination = csv_field(table, row, "destination"),
            .home_address = csv_field(table, row, "home_address"),
            .reason = csv_field(table, row, "reason"),
            .key = message_key(table, row),
            .sent = strcmp(action, "sent") == 0,
            .discarded = strcmp(action, "discarded") == 0,
            .partner = -1,
        };
        g_array_append_val(messages, message);
    }
    return messages;
}

static GArray *list_in(GHashTable *lists, const char *key)
{
    GArray *list = g_hash_table_lookup(lists, key);
    if (!list) {
        list = g_array_new(FALSE, FALSE, sizeof(size_t));
        g_hash_table_insert(lists, g_strdup(key), list);
    }
    return list;
}

static void list_free(void *list)
{
    g_array_free(list, TRUE);
}

static void pair(GArray *messages, size_t send, size_t receipt)
{
    chart_message_at(messages, receipt)->partner = (gssize)send;
    if (chart_message_at(messages, send)->partner < 0)
        chart_message_at(messages, send)->partner = (gssize)receipt;
    else
        chart_message_at(messages, receipt)->duplicate = true;
}

/* Rule 3: the receipt follows that of the latest too soon to be of one that was sent so much earlier. */
static bool looks_duplicate(const GArray *messages, size_t latest, size_t untaken, double received)
{
    gssize first = chart_message_at(messages, latest)->partner; /* there is one: the untaken one is older */
    return received - chart_message_at(messages, (size_t)first)->time <
           (chart_message_at(messages, latest)->time - chart_message_at(messages, untaken)->time) / 2;
}

/* Rule 2, or 3; altered: rule 4, for which there are no duplicates. */
static void pair_with_latest(GArray *messages, const GArray *sends, size_t receipt, bool altered)
{
    gssize latest = -1;
    for (guint i = sends->len; i-- > 0;) {
        size_t send = g_array_index(sends, size_t, i);
        if (strcmp(chart_message_at(messages, send)->node, chart_message_at(messages, receipt)->node) == 0)
            continue;
        if (latest < 0)
            latest = (gssize)send;
        if (chart_message_at(messages, send)->partner >= 0)
            continue;
        if (!altered && send != (size_t)latest &&
            looks_duplicate(messages, (size_t)latest, send, chart_message_at(messages, receipt)->time))
            break;
        pair(messages, send, receipt);
        return;
    }
    if (latest >= 0 && !altered)
        pair(messages, (size_t)latest, receipt);
}

/* Of equal messages the first sent is the first that arrived. */
static void uncross(GArray *messages, const GArray *sends)
{
    for (guint i = 0; i < sends->len; i++) {
        size_t send = g_array_index(sends, size_t, i);
        if (chart_message_at(messages, send)->partner < 0)
            continue;
        for (guint k = i + 1; k < sends->len; k++) {
            size_t other = g_array_index(sends, size_t, k);
            gssize mine = chart_message_at(messages, send)->partner,
                   its = chart_message_at(messages, other)->partner;
            if (its >= 0 && its < mine &&
                chart_message_at(messages, other)->time <= chart_message_at(messages, (size_t)its)->time) {
                chart_message_at(messages, send)->partner = its;
                chart_message_at(messages, other)->partner = mine;
                chart_message_at(messages, (size_t)its)->partner = (gssize)send;
                chart_message_at(messages, (size_t)mine)->partner = (gssize)other;
            }
        }
    }
}

static void pair_messages(GArray *messages)
{
    GHashTable *sends = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
    GHashTable *between = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, list_free);
    for (size_t i = 0; i < messages->len; i++) { /* rows are in order of time */
        struct chart_message *message = chart_message_at(messages, i);
        GArray *equal = list_in(sends, message->key);
        if (message->sent)
            g_array_append_val(equal, i);
        else
            pair_with_latest(messages, equal, i, false);
    }
    GHashTableIter iterator;
    gpointer list;
    g_hash_table_iter_init(&iterator, sends);
    while (g_hash_table_iter_next(&iterator, NULL, &list))
        uncross(messages, list);
    for (size_t i = 0; i < messages->len; i++) { /* rule 4 */
        struct chart_message *message = chart_message_at(messages, i);
        char *key = g_strdup_printf("%s|%s|%s", message->name, message->source, message->destination);
        GArray *similar = list_in(between, key);
        if (message->sent)
            g_array_append_val(similar, i);
        else if (message->partner < 0)
            pair_with_latest(messages, similar, i, true);
        g_free(key);
    }
    g_hash_table_destroy(between);
    g_hash_table_destroy(sends);
}

GArray *chart_messages_of_run(const struct csv_table *table, uint64_t point, uint64_t replication)
{
    GArray *messages = read_messages(table, point, replication);
    pair_messages(messages);
    return messages;
}
