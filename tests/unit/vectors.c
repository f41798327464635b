/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vectors.c - see vectors.h.
 */
#include "tests/unit/vectors.h"

#include <check.h>
#include <glib.h>
#include <string.h>

#include "tests/unit/recording_environment.h"

void vectors_read(const char *path, void (*check)(const struct vector *vector))
{
    const char *top = g_getenv("srcdir");
    g_autofree char *name = g_build_filename(top ? top : ".", path, NULL);
    g_autofree char *text = NULL;
    ck_assert_msg(g_file_get_contents(name, &text, NULL, NULL), "cannot read %s", name);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!**line)
            continue;
        g_auto(GStrv) words = g_strsplit(*line, " ", VECTOR_WORDS_MAX);
        struct vector vector = {.count = g_strv_length(words)};
        memcpy(vector.words, words, vector.count * sizeof(char *));
        check(&vector);
    }
}

size_t vector_octets(const struct vector *vector, unsigned word, uint8_t *octets, size_t size)
{
    ck_assert_uint_lt(word, vector->count);
    if (strcmp(vector->words[word], "-") == 0)
        return 0;
    ck_assert_uint_le(strlen(vector->words[word]) / 2, size);
    return octets_from(vector->words[word], octets, size);
}
