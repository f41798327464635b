/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * message.c - the list of what is wrong with a scenario, and the guess at what was meant.
 *
 * A scenario with a sweep is judged once for each point, and most mistakes show at every point: a hash of the
 * texts keeps each once. The list has a bound, so that a file of nothing but mistakes is told about in time
 * and memory that do not grow with it; for the same reason guesses look at a bounded number of words.
 */
#include "sim/scenario/message.h"

#include <string.h>

#include "sim/scenario/scenario.h"

#define WORDS_COMPARED       1000
#define WORD_LENGTH_COMPARED 48

struct message {
    unsigned order; /* of the place it is about */
    unsigned index; /* of arrival, for those of one place */
    char *text;
};

struct scenario_messages {
    GArray *kept; /* struct message */
    GHashTable *texts;
    unsigned count;
    unsigned told; /* repeats included */
};

static void message_clear(gpointer data)
{
    g_free(((struct message *)data)->text);
}

struct scenario_messages *scenario_messages_new(void)
{
    struct scenario_messages *messages = g_new0(struct scenario_messages, 1);
    messages->kept = g_array_new(FALSE, FALSE, sizeof(struct message));
    g_array_set_clear_func(messages->kept, message_clear);
    messages->texts = g_hash_table_new(g_str_hash, g_str_equal);
    return messages;
}

void scenario_messages_free(struct scenario_messages *messages)
{
    if (!messages)
        return;
    g_hash_table_destroy(messages->texts);
    g_array_free(messages->kept, TRUE);
    g_free(messages);
}

/* What a file says is shown as one line of printable text, whatever it says. */
static void append_printable(GString *line, const char *text)
{
    if (!g_utf8_validate(text, -1, NULL)) {
        char *escaped = g_strescape(text, NULL);
        g_string_append(line, escaped);
        g_free(escaped);
        return;
    }
    for (const char *p = text; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isprint(c))
            g_string_append_unichar(line, c);
        else
            g_string_append_printf(line, "\\u%04x", (unsigned)c);
    }
}

void scenario_error(struct scenario_messages *messages, const struct scenario_place *place,
                    const char *section, const char *key, const char *format, ...)
{
    messages->told++;
    if (messages->kept->len >= SCENARIO_MESSAGES_KEPT) {
        messages->count++;
        return;
    }
    GString *line = g_string_new(NULL);
    if (place && place->file) {
        append_printable(line, place->file);
        if (place->line)
            g_string_append_printf(line, ":%u", place->line);
        g_string_append(line, ": ");
    }
    if (section) {
        append_printable(line, section);
        g_string_append(line, ": ");
    }
    if (key) {
        append_printable(line, key);
        g_string_append(line, ": ");
    }
    va_list arguments;
    va_start(arguments, format);
    char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    append_printable(line, what);
    g_free(what);

    char *text = g_string_free(line, FALSE);
    if (g_hash_table_contains(messages->texts, text)) {
        g_free(text);
        return;
    }
    struct message message = {
        .order = place ? place->order : 0,
        .index = messages->kept->len,
        .text = text,
    };
    g_array_append_val(messages->kept, message);
    g_hash_table_add(messages->texts, text);
    messages->count++;
}

unsigned scenario_messages_count(const struct scenario_messages *messages)
{
    return messages->count;
}

unsigned scenario_messages_told(const struct scenario_messages *messages)
{
    return messages->told;
}

static int compare_messages(gconstpointer a, gconstpointer b)
{
    const struct message *left = a, *right = b;
    if (left->order != right->order)
        return left->order < right->order ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

char *scenario_messages_to_string(const struct scenario_messages *messages)
{
    GString *all = g_string_new(NULL);
    g_array_sort(messages->kept, compare_messages);
    for (unsigned i = 0; i < messages->kept->len; i++)
        g_string_append_printf(all, "%s\n", g_array_index(messages->kept, struct message, i).text);
    if (messages->count > messages->kept->len)
        g_string_append_printf(all, "... and %u more\n", messages->count - messages->kept->len);
    return g_string_free(all, FALSE);
}

/* Optimal string alignment: insert, delete, replace, exchange neighbors, one step each. Letters' case is half
 * forgiven: it is compared as the same. */
static unsigned edit_distance(const char *a, size_t length_a, const char *b, size_t length_b)
{
    unsigned rows[3][WORD_LENGTH_COMPARED + 1];
    unsigned *before = rows[0], *previous = rows[1], *current = rows[2];
    for (unsigned j = 0; j <= length_b; j++)
        previous[j] = j;
    for (size_t i = 1; i <= length_a; i++) {
        current[0] = (unsigned)i;
        for (size_t j = 1; j <= length_b; j++) {
            char from = g_ascii_tolower(a[i - 1]), to = g_ascii_tolower(b[j - 1]);
            unsigned best = previous[j - 1] + (from != to);
            best = MIN(best, previous[j] + 1);
            best = MIN(best, current[j - 1] + 1);
            if (i > 1 && j > 1 && from == g_ascii_tolower(b[j - 2]) && g_ascii_tolower(a[i - 2]) == to)
                best = MIN(best, before[j - 2] + 1);
            current[j] = best;
        }
        unsigned *free_row = before;
        before = previous;
        previous = current;
        current = free_row;
    }
    return previous[length_b];
}

const char *scenario_probably_meant(const char *word, const char *const *words)
{
    size_t length = strlen(word);
    if (length == 0 || length > WORD_LENGTH_COMPARED)
        return NULL;
    const char *best = NULL;
    unsigned best_distance = (unsigned)MAX(length / 3, 1) + 1;
    for (unsigned i = 0; words[i] && i < WORDS_COMPARED; i++) {
        size_t other = strlen(words[i]);
        if (other > WORD_LENGTH_COMPARED ||
            (other > length ? other - length : length - other) >= best_distance)
            continue;
        unsigned distance = edit_distance(word, length, words[i], other);
        /* A word of one or two letters is not a misspelling of any other such word. */
        if (distance < best_distance && distance < MIN(length, other)) {
            best = words[i];
            best_distance = distance;
        }
    }
    if (best)
        return best;
    /* Part of a longer word: "handover" for "handover-delay". */
    for (unsigned i = 0; length >= 4 && words[i] && i < WORDS_COMPARED; i++)
        if (g_str_has_prefix(words[i], word) || g_str_has_suffix(words[i], word))
            return words[i];
    return NULL;
}
