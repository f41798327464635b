/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_value.c - see json_value.h. Plain recursive descent over the text; numbers stay the text they are,
 * since seeds do not fit into a double.
 */
#include "sim/format/json_value.h"

#include <stdbool.h>
#include <string.h>

#include "sim/format/csv.h"

#define DEPTH_MAX 64

struct parser {
    const char *path, *start, *at, *end;
    GError **error;
};

static struct json_value *value_new(enum json_kind kind)
{
    struct json_value *value = g_new0(struct json_value, 1);
    value->kind = kind;
    if (kind == JSON_LIST || kind == JSON_OBJECT)
        value->members = g_ptr_array_new();
    if (kind == JSON_OBJECT)
        value->names = g_ptr_array_new_with_free_func(g_free);
    return value;
}

void json_value_free(struct json_value *value)
{
    if (!value)
        return;
    for (guint i = 0; value->members && i < value->members->len; i++)
        json_value_free(value->members->pdata[i]);
    if (value->members)
        g_ptr_array_free(value->members, TRUE);
    if (value->names)
        g_ptr_array_free(value->names, TRUE);
    g_free(value->text);
    g_free(value);
}

static struct json_value *refuse(struct parser *parser, const char *what)
{
    unsigned line = 1;
    for (const char *c = parser->start; c < parser->at; c++)
        line += *c == '\n';
    if (parser->error && !*parser->error)
        g_set_error(parser->error, CSV_ERROR, CSV_ERROR_CONTENT, "%s:%u: %s", parser->path, line, what);
    return NULL;
}

static void skip_blanks(struct parser *parser)
{
    while (parser->at < parser->end && strchr(" \t\r\n", *parser->at))
        parser->at++;
}

static bool take(struct parser *parser, char wanted)
{
    skip_blanks(parser);
    if (parser->at == parser->end || *parser->at != wanted)
        return false;
    parser->at++;
    return true;
}

static bool take_hexadecimal(struct parser *parser, gunichar *unit)
{
    *unit = 0;
    for (unsigned i = 0; i < 4; i++, parser->at++) {
        if (parser->at == parser->end || !g_ascii_isxdigit(*parser->at))
            return false;
        *unit = *unit << 4 | (gunichar)g_ascii_xdigit_value(*parser->at);
    }
    return true;
}

/* Behind "\u": one unit of UTF-16, or a pair of surrogates. */
static bool take_unicode(struct parser *parser, GString *text)
{
    gunichar high, low;
    if (!take_hexadecimal(parser, &high))
        return false;
    if (high >= 0xd800 && high < 0xdc00) {
        if (parser->end - parser->at < 2 || parser->at[0] != '\\' || parser->at[1] != 'u')
            return false;
        parser->at += 2;
        if (!take_hexadecimal(parser, &low) || low < 0xdc00 || low > 0xdfff)
            return false;
        high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
    }
    if (high == 0 || (high >= 0xdc00 && high < 0xe000))
        return false;
    g_string_append_unichar(text, high);
    return true;
}

static bool take_escape(struct parser *parser, GString *text)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    if (parser->at == parser->end)
        return false;
    char c = *parser->at++;
    if (c == 'u')
        return take_unicode(parser, text);
    const char *letter = c ? strchr(letters, c) : NULL;
    if (letter)
        g_string_append_c(text, meant[letter - letters]);
    return letter != NULL;
}

/* Behind the opening quote. NULL: told. */
static char *take_text(struct parser *parser)
{
    GString *text = g_string_new(NULL);
    while (parser->at < parser->end && *parser->at != '"' && (unsigned char)*parser->at >= 0x20) {
        char c = *parser->at++;
        if (c != '\\') {
            g_string_append_c(text, c);
        } else if (!take_escape(parser, text)) {
            break;
        }
    }
    if (parser->at < parser->end && *parser->at == '"') {
        parser->at++;
        return g_string_free(text, FALSE);
    }
    g_string_free(text, TRUE);
    refuse(parser, "a text is not as in JSON");
    return NULL;
}

static struct json_value *take_value(struct parser *parser, unsigned depth);

static struct json_value *take_list(struct parser *parser, unsigned depth)
{
    struct json_value *list = value_new(JSON_LIST);
    if (take(parser, ']'))
        return list;
    do {
        struct json_value *member = take_value(parser, depth);
        if (!member) {
            json_value_free(list);
            return NULL;
        }
        g_ptr_array_add(list->members, member);
    } while (take(parser, ','));
    if (take(parser, ']'))
        return list;
    json_value_free(list);
    return refuse(parser, "',' or ']' is wanted");
}

static bool take_member(struct parser *parser, struct json_value *object, unsigned depth)
{
    char *name = take(parser, '"') ? take_text(parser) : NULL;
    if (!name || !take(parser, ':')) {
        g_free(name);
        refuse(parser, "'\"name\":' is wanted");
        return false;
    }
    struct json_value *member = take_value(parser, depth);
    if (!member) {
        g_free(name);
        return false;
    }
    g_ptr_array_add(object->names, name);
    g_ptr_array_add(object->members, member);
    return true;
}

static struct json_value *take_object(struct parser *parser, unsigned depth)
{
    struct json_value *object = value_new(JSON_OBJECT);
    if (take(parser, '}'))
        return object;
    do {
        if (!take_member(parser, object, depth)) {
            json_value_free(object);
            return NULL;
        }
    } while (take(parser, ','));
    if (take(parser, '}'))
        return object;
    json_value_free(object);
    return refuse(parser, "',' or '}' is wanted");
}

/* null, true, false, a number. */
static struct json_value *take_word(struct parser *parser)
{
    const char *start = parser->at;
    while (parser->at < parser->end && (g_ascii_isalnum(*parser->at) || strchr("+-.", *parser->at)))
        parser->at++;
    char *word = g_strndup(start, (gsize)(parser->at - start)), *end = word;
    enum json_kind kind = strcmp(word, "null") == 0                                  ? JSON_NULL
                          : strcmp(word, "true") == 0 || strcmp(word, "false") == 0 ? JSON_BOOLEAN
                                                                                     : JSON_NUMBER;
    if (kind == JSON_NUMBER && (*word == '-' || g_ascii_isdigit(*word)))
        g_ascii_strtod(word, &end);
    if (kind == JSON_NUMBER && (end == word || *end)) {
        g_free(word);
        return refuse(parser, "this is no JSON value");
    }
    struct json_value *value = value_new(kind);
    if (kind == JSON_NULL)
        g_free(word);
    else
        value->text = word;
    return value;
}

static struct json_value *take_value(struct parser *parser, unsigned depth)
{
    if (depth == DEPTH_MAX)
        return refuse(parser, "it is nested too deeply");
    if (take(parser, '{'))
        return take_object(parser, depth + 1);
    if (take(parser, '['))
        return take_list(parser, depth + 1);
    if (!take(parser, '"'))
        return take_word(parser);
    char *text = take_text(parser);
    if (!text)
        return NULL;
    struct json_value *value = value_new(JSON_TEXT);
    value->text = text;
    return value;
}

struct json_value *json_value_read(const char *path, GError **error)
{
    char *text;
    gsize length;
    GError *why = NULL;
    if (!g_file_get_contents(path, &text, &length, &why)) {
        g_set_error(error, CSV_ERROR, CSV_ERROR_FILE, "%s", why->message);
        g_error_free(why);
        return NULL;
    }
    struct json_value *value = json_value_parse(path, text, length, error);
    g_free(text);
    return value;
}

struct json_value *json_value_parse(const char *path, const char *text, size_t length, GError **error)
{
    struct parser parser = {path, text, text, text + length, error};
    struct json_value *value = NULL;
    if (!g_utf8_validate(text, (gssize)length, NULL))
        refuse(&parser, "this is not UTF-8");
    else
        value = take_value(&parser, 0);
    skip_blanks(&parser);
    if (value && parser.at < parser.end) {
        json_value_free(value);
        value = refuse(&parser, "there is something behind the value");
    }
    return value;
}

/* -- looking at it -- */

const struct json_value *json_value_member(const struct json_value *value, const char *name)
{
    for (unsigned i = 0; value && value->names && i < value->names->len; i++)
        if (strcmp(value->names->pdata[i], name) == 0)
            return value->members->pdata[i];
    return NULL;
}

const char *json_value_text(const struct json_value *value)
{
    return value && value->text ? value->text : "";
}

unsigned json_value_count(const struct json_value *value)
{
    return value && value->members ? value->members->len : 0;
}

const struct json_value *json_value_at(const struct json_value *value, unsigned index)
{
    return index < json_value_count(value) ? value->members->pdata[index] : NULL;
}

const char *json_value_name_at(const struct json_value *value, unsigned index)
{
    return value && value->names && index < value->names->len ? value->names->pdata[index] : "";
}
