/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * keys_print.c - the table of keys told to people (see keys.h): a key's type and range, its default, all of
 * it for a terminal or as a page.
 */
#include "sim/scenario/keys.h"

#include <string.h>

#include "sim/engine/duration.h"
#include "sim/scenario/keys_table.h"

static void append_duration_range(GString *text, const struct scenario_key *key)
{
    char least[DURATION_TEXT_SIZE], most[DURATION_TEXT_SIZE];
    duration_format((time_ns)key->least, least);
    if (key->most < LONGEST)
        g_string_append_printf(text, ", %s to %s", least, duration_format((time_ns)key->most, most));
    else if (key->least == NS)
        g_string_append(text, ", more than 0");
    else if (key->least > NS)
        g_string_append_printf(text, ", at least %s", least);
    if (key->scale > MS)
        g_string_append_printf(text, ", a multiple of %s", duration_format((time_ns)key->scale, least));
}

static void append_words(GString *text, const char *const *words)
{
    for (unsigned i = 0; words[i]; i++)
        g_string_append_printf(text, "%s%s", i == 0 ? "" : ", ", words[i]);
}

char *scenario_key_type_text(const struct scenario_key *key)
{
    GString *text = g_string_new(NULL);
    switch (key->type) {
    case VALUE_TEXT:
        g_string_append(text, "text");
        break;
    case VALUE_FILE:
        g_string_append(text, "file name");
        break;
    case VALUE_INTEGER:
        if (key->most < UINT32_MAX)
            g_string_append_printf(text, "whole number, %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                                   key->least, key->most);
        else
            g_string_append_printf(text, "whole number%s", key->least ? ", at least 1" : "");
        break;
    case VALUE_SIZE:
        g_string_append_printf(text, "size, %" G_GUINT64_FORMAT "B to %" G_GUINT64_FORMAT "B", key->least,
                               key->most);
        break;
    case VALUE_RATE:
        g_string_append(text, "rate");
        break;
    case VALUE_DURATION:
        g_string_append(text, "duration");
        append_duration_range(text, key);
        break;
    case VALUE_DURATION_RANGE:
        g_string_append(text, "duration..duration");
        append_duration_range(text, key);
        break;
    case VALUE_DISTRIBUTION:
        g_string_append(text, "distribution");
        break;
    case VALUE_PROBABILITY:
        g_string_append(text, "probability");
        break;
    case VALUE_LOSS:
        g_string_append(text, "probability, or gilbert-elliott(...)");
        break;
    case VALUE_CHANCE:
        g_string_append(text, "probability distribution");
        break;
    case VALUE_CLOCK_DRIFT:
        g_string_append(text, "drift");
        break;
    case VALUE_REORDERING:
        g_string_append(text, "yes or no, or probability distribution");
        break;
    case VALUE_BOOLEAN:
        g_string_append(text, "yes or no");
        break;
    case VALUE_WORD:
        g_string_append(text, "one of ");
        append_words(text, key->words);
        break;
    case VALUE_WORDS:
        g_string_append(text, "any, separated by commas, of ");
        append_words(text, key->words);
        break;
    case VALUE_PREFIX:
        if (key->least == key->most)
            g_string_append_printf(text, "prefix of %u bits", (unsigned)key->least);
        else
            g_string_append_printf(text, "prefix of %u to %u bits", (unsigned)key->least,
                                   (unsigned)key->most);
        break;
    case VALUE_OCTETS:
        g_string_append_printf(text, "%u to %u octets in hexadecimal", (unsigned)key->least,
                               (unsigned)key->most);
        break;
    case VALUE_ADDRESS:
        g_string_append(text, "address");
        break;
    case VALUE_ADDRESSES:
        g_string_append(text, "addresses, or care-of MN, separated by commas");
        break;
    case VALUE_NAME:
        g_string_append_printf(text, "name of %s", key->refers);
        break;
    case VALUE_NAMES:
        g_string_append_printf(text, "names of %s, separated by commas", key->refers);
        break;
    case VALUE_MESSAGE:
        g_string_append(text, "name of a message, or its short form");
        break;
    case VALUE_WHERE:
        g_string_append(text,
                        "own [LINK], a node, an address, heard, random PREFIX, own-addresses [PREFIX], none");
        break;
    case VALUE_FREQUENCY:
        g_string_append(text, "how often: 10000/s, 30/min");
        break;
    case VALUE_SPEED:
        g_string_append(text, "speed, or distribution of speeds");
        break;
    case VALUE_LENGTH:
        g_string_append(text, key->least ? "length, more than 0" : "length");
        break;
    case VALUE_POINT:
        g_string_append(text, "point: X, Y");
        break;
    case VALUE_AREA:
        g_string_append(text, "area: X, Y, X, Y, or X, Y");
        break;
    case VALUE_NUMBERS:
        g_string_append(text, "whole numbers, separated by commas");
        break;
    case VALUE_VERB:
        if (strcmp(key->name, "NODE") == 0)
            g_string_append(text,
                            "attach LAN [keep TIME], or detach; down [for TIME] or up; reboot [for TIME] "
                            "[without-storage]; silent, cease or advertise [LAN]; KEY VALUE; add ..., remove "
                            "...; ipsec ...");
        else if (strcmp(key->name, "LINK") == 0)
            g_string_append(
                text, "down [for TIME] or up; prefix ..., deprecate ..., withdraw ...; KEY VALUE [for TIME], "
                      "...; drop, duplicate, corrupt or hold-back ...; mend");
        else if (strcmp(key->name, "fault NAME") == 0)
            g_string_append(text, "off, or on");
        else
            g_string_append(text, "rekey [KCN] [home-nonce HEX] [care-of-nonce HEX]; KEY VALUE");
        break;
    case VALUE_FORM:
        g_string_append(text, key->refers);
        break;
    case VALUE_LIST:
        g_string_append(text, "values, separated by semicolons");
        break;
    case VALUE_TOLERANCE:
        g_string_append(text, "duration, or whole number");
        break;
    case VALUE_CONDITION:
        g_string_append(text, "condition");
        break;
    }
    if (key->special)
        g_string_append_printf(text, "; or %s", key->special);
    return g_string_free(text, FALSE);
}

/* "": there is none. */
static char *default_text(const struct scenario_key *key)
{
    if (key->required)
        return g_strdup("required");
    if (key->as)
        return g_strdup_printf("as %s", key->as);
    return g_strdup(key->initial ? key->initial : key->initial_note ? key->initial_note : "");
}

static void append_header(GString *out, const struct scenario_section_kind *kind)
{
    g_string_append_printf(out, "[%s%s%s]", kind->name, kind->arguments[0] ? " " : "", kind->arguments);
}

static void append_wrapped(GString *out, const char *text, const char *indent, size_t width)
{
    size_t column = 0;
    g_string_append(out, indent);
    for (const char *p = text; *p;) {
        size_t length = strcspn(p, " ");
        if (column && column + 1 + length > width) {
            g_string_append_printf(out, "\n%s", indent);
            column = 0;
        } else if (column) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append_len(out, p, (gssize)length);
        column += length;
        p += length;
        while (*p == ' ')
            p++;
    }
    g_string_append_c(out, '\n');
}

void scenario_keys_print_text(GString *out, enum section_kind only)
{
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++) {
        if (only != SECTION_KINDS && only != kind)
            continue;
        if (out->len)
            g_string_append_c(out, '\n');
        append_header(out, &scenario_section_kinds[kind]);
        g_string_append_c(out, '\n');
        append_wrapped(out, scenario_section_kinds[kind].help, "  ", 96);
        for (const struct scenario_key *key = NULL; (key = scenario_key_next(kind, key));) {
            char *type = scenario_key_type_text(key), *initial = default_text(key);
            g_string_append_printf(out, "\n  %s = %s", key->name, type);
            if (initial[0])
                g_string_append_printf(out, "   (%s%s)", key->required ? "" : "default: ", initial);
            if (key->changeable)
                g_string_append(out, "   [at]");
            g_string_append_c(out, '\n');
            append_wrapped(out, key->help, "      ", 92);
            g_free(type);
            g_free(initial);
        }
    }
}

static void append_cell(GString *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '|')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
}

void scenario_keys_print_markdown(GString *out)
{
    for (unsigned kind = 0; kind < SECTION_KINDS; kind++) {
        g_string_append(out, "\n### `");
        append_header(out, &scenario_section_kinds[kind]);
        g_string_append_printf(out, "`\n\n%s\n\n| key | value | default | meaning |\n|---|---|---|---|\n",
                               scenario_section_kinds[kind].help);
        for (const struct scenario_key *key = NULL; (key = scenario_key_next(kind, key));) {
            char *type = scenario_key_type_text(key), *initial = default_text(key);
            g_string_append_printf(out, "| `%s`%s | ", key->name, key->changeable ? " (at)" : "");
            append_cell(out, type);
            g_string_append(out, " | ");
            append_cell(out, initial);
            g_string_append(out, " | ");
            append_cell(out, key->help);
            g_string_append(out, " |\n");
            g_free(type);
            g_free(initial);
        }
    }
}
