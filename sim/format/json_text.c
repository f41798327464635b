/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_text.c - see json_text.h.
 *
 * DEL needs no escape, but is invisible: it is escaped, too.
 */
#include "sim/format/json_text.h"

#include <string.h>

void json_append_text_length(GString *json, const char *text, size_t length)
{
    g_string_append_c(json, '"');
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            g_string_append_printf(json, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            g_string_append_printf(json, "\\u%04x", c);
        else
            g_string_append_c(json, (char)c);
    }
    g_string_append_c(json, '"');
}

void json_append_text(GString *json, const char *text)
{
    json_append_text_length(json, text, strlen(text));
}
