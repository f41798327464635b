/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.c - see journal.h.
 */
#include "sim/live/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define MAGIC "mip6sim journal 1"

/* -- writing -- */

struct journal_writer {
    FILE *file;
    char *path;
};

struct journal_writer *journal_create(const char *path, uint64_t seed, GError **error)
{
    int descriptor = g_open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600); /* there are keys in it */
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (!file) {
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: cannot write: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    struct journal_writer *writer = g_new0(struct journal_writer, 1);
    writer->file = file;
    writer->path = g_strdup(path);
    setvbuf(file, NULL, _IOLBF, 0);
    fprintf(file, MAGIC "\nseed %" G_GUINT64_FORMAT "\n", seed);
    return writer;
}

void journal_begun(struct journal_writer *writer, int64_t wall_clock)
{
    fprintf(writer->file, "begun %" G_GINT64_FORMAT "\n", wall_clock);
}

void journal_draw(struct journal_writer *writer, uint32_t node, enum random_purpose purpose,
                  const void *octets, size_t length)
{
    const uint8_t *at = octets;
    fprintf(writer->file, "draw %u %u ", node, (unsigned)purpose);
    for (size_t i = 0; i < length; i++)
        fprintf(writer->file, "%02x", at[i]);
    fputc('\n', writer->file);
}

void journal_order(struct journal_writer *writer, time_ns time, const char *key, const char *value)
{
    fprintf(writer->file, "order %" G_GINT64_FORMAT " %s = %s\n", (gint64)time, key, value);
}

void journal_back(struct journal_writer *writer, time_ns time, uint32_t link)
{
    fprintf(writer->file, "back %" G_GINT64_FORMAT " %u\n", (gint64)time, link);
}

bool journal_close(struct journal_writer *writer, time_ns end, GError **error)
{
    if (!writer)
        return true;
    fprintf(writer->file, "end %" G_GINT64_FORMAT "\n", (gint64)end);
    bool good = !ferror(writer->file);
    good = fclose(writer->file) == 0 && good;
    if (!good)
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_IO, "%s: cannot write", writer->path);
    g_free(writer->path);
    g_free(writer);
    return good;
}

/* -- reading -- */

/* What was drawn for one purpose of one node, one after the other. */
struct drawn {
    GByteArray *octets;
    gsize taken;
};

static void drawn_free(gpointer data)
{
    struct drawn *drawn = data;
    g_byte_array_free(drawn->octets, TRUE);
    g_free(drawn);
}

static void order_clear(gpointer data)
{
    struct journal_order *order = data;
    g_free(order->key);
    g_free(order->value);
}

static gpointer key_of(uint32_t node, unsigned purpose)
{
    return GSIZE_TO_POINTER((gsize)node * RANDOM_PURPOSES + purpose + 1);
}

static bool read_draw(struct journal *journal, const char *text)
{
    unsigned node, purpose;
    int at = 0;
    if (sscanf(text, "%u %u %n", &node, &purpose, &at) < 2 || at == 0 || purpose >= RANDOM_PURPOSES)
        return false;
    struct drawn *drawn = g_hash_table_lookup(journal->draws, key_of(node, purpose));
    if (!drawn) {
        drawn = g_new0(struct drawn, 1);
        drawn->octets = g_byte_array_new();
        g_hash_table_insert(journal->draws, key_of(node, purpose), drawn);
    }
    journal->has_draws = true;
    for (text += at; g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1]); text += 2) {
        guint8 octet = (guint8)(g_ascii_xdigit_value(text[0]) << 4 | g_ascii_xdigit_value(text[1]));
        g_byte_array_append(drawn->octets, &octet, 1);
    }
    return *text == '\0';
}

static bool read_order(struct journal *journal, const char *text)
{
    char *end;
    struct journal_order order = {.time = g_ascii_strtoll(text, &end, 10)};
    const char *equals = strstr(end, " = ");
    if (*end != ' ' || !equals)
        return false;
    order.key = g_strndup(end + 1, (gsize)(equals - end - 1));
    order.value = g_strdup(equals + 3);
    g_array_append_val(journal->orders, order);
    return true;
}

static bool read_back(struct journal *journal, const char *text)
{
    char *end, *last;
    struct journal_back back = {.time = g_ascii_strtoll(text, &end, 10)};
    back.link = (uint32_t)g_ascii_strtoull(end, &last, 10);
    g_array_append_val(journal->back, back);
    return *end == ' ' && last > end && *last == '\0';
}

static bool read_line(struct journal *journal, const char *line)
{
    if (g_str_has_prefix(line, "draw "))
        return read_draw(journal, line + strlen("draw "));
    if (g_str_has_prefix(line, "order "))
        return read_order(journal, line + strlen("order "));
    if (g_str_has_prefix(line, "back "))
        return read_back(journal, line + strlen("back "));
    if (g_str_has_prefix(line, "seed "))
        journal->seed = g_ascii_strtoull(line + strlen("seed "), NULL, 10);
    else if (g_str_has_prefix(line, "begun "))
        journal->begun = g_ascii_strtoll(line + strlen("begun "), NULL, 10);
    else if (g_str_has_prefix(line, "end "))
        journal->end = g_ascii_strtoll(line + strlen("end "), NULL, 10);
    else
        return *line == '\0';
    return true;
}

struct journal *journal_read(const char *path, GError **error)
{
    char *contents = NULL;
    if (!g_file_get_contents(path, &contents, NULL, error))
        return NULL;
    struct journal *journal = g_new0(struct journal, 1);
    journal->end = TIME_NEVER;
    journal->orders = g_array_new(FALSE, FALSE, sizeof(struct journal_order));
    g_array_set_clear_func(journal->orders, order_clear);
    journal->back = g_array_new(FALSE, FALSE, sizeof(struct journal_back));
    journal->draws = g_hash_table_new_full(NULL, NULL, NULL, drawn_free);
    char **lines = g_strsplit(contents, "\n", -1);
    unsigned number = 0;
    bool good = lines[0] && strcmp(lines[0], MAGIC) == 0;
    while (good && lines[++number])
        good = read_line(journal, lines[number]);
    if (!good) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s:%u: this is no journal of mip6sim live",
                    path, number + 1);
        journal_free(journal);
        journal = NULL;
    }
    g_strfreev(lines);
    g_free(contents);
    return journal;
}

void journal_free(struct journal *journal)
{
    if (!journal)
        return;
    g_array_free(journal->orders, TRUE);
    g_array_free(journal->back, TRUE);
    g_hash_table_destroy(journal->draws);
    g_free(journal);
}

/* Something that is never the same twice: who draws until it fits shall come to an end (SplitMix64). */
static void make_up(uint64_t number, uint8_t *octets, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        uint64_t value = (number + i / 8 * 0x100000000u + 1) * 0x9e3779b97f4a7c15u;
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
        value = (value ^ value >> 27) * 0x94d049bb133111ebu;
        octets[i] = (uint8_t)((value ^ value >> 31) >> (i % 8 * 8));
    }
}

bool journal_next_draw(struct journal *journal, uint32_t node, enum random_purpose purpose, void *octets,
                       size_t length)
{
    struct drawn *drawn = g_hash_table_lookup(journal->draws, key_of(node, purpose));
    if (!drawn || drawn->octets->len - drawn->taken < length) {
        make_up(journal->missing++, octets, length);
        return false;
    }
    memcpy(octets, drawn->octets->data + drawn->taken, length);
    drawn->taken += length;
    return true;
}
