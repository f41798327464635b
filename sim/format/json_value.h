/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_value.h - a JSON text (RFC 8259) read into a tree: run.json, for those who tell of a run afterwards.
 */
#ifndef MIP6SIM_SIM_FORMAT_JSON_VALUE_H
#define MIP6SIM_SIM_FORMAT_JSON_VALUE_H

#include <glib.h>

enum json_kind {
    JSON_NULL,
    JSON_BOOLEAN,
    JSON_NUMBER,
    JSON_TEXT,
    JSON_LIST,
    JSON_OBJECT,
};

struct json_value {
    enum json_kind kind;
    char *text;         /* TEXT: what it says; NUMBER, BOOLEAN: as written; otherwise NULL */
    GPtrArray *members; /* LIST, OBJECT: struct json_value *, in order; otherwise NULL */
    GPtrArray *names;   /* OBJECT: char *, of each member */
};

/*
 * NULL and `error` (CSV_ERROR_CONTENT, "path:line: ..."; CSV_ERROR_FILE) if the file cannot be read or is no
 * JSON, is nested deeper than 64, or holds a NUL. Free with json_value_free (NULL is fine).
 */
struct json_value *json_value_read(const char *path, GError **error);
/* The same of a text; `path` is what errors call it. */
struct json_value *json_value_parse(const char *path, const char *text, size_t length, GError **error);
void json_value_free(struct json_value *value);

/* The member of an object; NULL: there is none, or `value` is NULL or no object. */
const struct json_value *json_value_member(const struct json_value *value, const char *name);
/* A text, number or boolean as text; "" for everything else, and for NULL. */
const char *json_value_text(const struct json_value *value);
/* Members of a list or object; 0 for everything else, and for NULL. */
unsigned json_value_count(const struct json_value *value);
const struct json_value *json_value_at(const struct json_value *value, unsigned index);
const char *json_value_name_at(const struct json_value *value, unsigned index);

#endif
