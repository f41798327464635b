/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * html.c - see report.h: text and pictures put into a page.
 *
 * Names of nodes, titles and all else that scenarios say is text and nothing but text here.
 */
#include <stdarg.h>
#include <string.h>

#include "sim/output/report.h"

void html_append_text(GString *html, const char *text)
{
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '&')
            g_string_append(html, "&amp;");
        else if (c == '<')
            g_string_append(html, "&lt;");
        else if (c == '>')
            g_string_append(html, "&gt;");
        else if (c == '"')
            g_string_append(html, "&quot;");
        else if (c == '\'')
            g_string_append(html, "&#39;");
        else
            g_string_append_c(html, (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f ? ' ' : (char)c);
    }
}

void html_append_escaped(GString *html, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    html_append_text(html, text);
    g_free(text);
}

static char *replace(char *text, const char *pattern, const char *by)
{
    GRegex *regex = g_regex_new(pattern, G_REGEX_DOTALL, 0, NULL);
    char *result = g_regex_replace(regex, text, -1, 0, by, 0, NULL);
    g_regex_unref(regex);
    g_free(text);
    return result ? result : g_strdup("");
}

bool html_append_svg(GString *html, const char *svg, const char *prefix, const char *label)
{
    const char *start = strstr(svg, "<svg"), *end = g_strrstr(svg, "</svg>");
    if (!start || !end || end < start || !g_utf8_validate(svg, -1, NULL))
        return false;
    char *own = g_strconcat("\\1", prefix, "-\\2", NULL);
    char *text = g_strndup(start + strlen("<svg"), (gsize)(end + strlen("</svg>") - start) - strlen("<svg"));
    text = replace(text, "<(title|desc)\\b[^>]*>.*?</\\1>", "");
    text = replace(text, "<!--.*?-->", "");
    text = replace(text, "(\\sid=[\"'])([^\"']*)", own);
    text = replace(text, "(\\s(?:xlink:)?href=[\"']#)([^\"']*)", own);
    text = replace(text, "(url\\(['\"]?#)([^)]*)", own);
    g_string_append(html, "<svg role=\"img\" aria-label=\"");
    html_append_text(html, label);
    g_string_append_printf(html, "\" %s\n", text);
    g_free(text);
    g_free(own);
    return true;
}
