/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_text.h - strings of JSON (RFC 8259 section 7), for all that write it. It knows nothing else of sim/.
 */
#ifndef MIP6SIM_SIM_FORMAT_JSON_TEXT_H
#define MIP6SIM_SIM_FORMAT_JSON_TEXT_H

#include <glib.h>
#include <stddef.h>

/* Appends the text, which is UTF-8, between quotation marks; those in it, backslashes and control characters
 * are escaped. */
void json_append_text(GString *json, const char *text);
/* The same of text that is not terminated. */
void json_append_text_length(GString *json, const char *text, size_t length);

#endif
