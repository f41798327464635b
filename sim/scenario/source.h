/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - a scenario's files as sections, keys and values with the lines they stand in; nothing of it
 * judged but the syntax. Private to sim/scenario/.
 *
 * The syntax is GLib's key file: [section], key = value, lines that begin with # are comments. Told apart
 * from it: a section or a key that is there twice in one file is a mistake, and blanks within names count as
 * one.
 */
#ifndef MIP6SIM_SIM_SCENARIO_SOURCE_H
#define MIP6SIM_SIM_SCENARIO_SOURCE_H

#include <glib.h>
#include <stdbool.h>

#include "sim/scenario/scenario.h"

#define SCENARIO_FILE_SIZE_MAX (16 * 1024 * 1024)
#define SCENARIO_EXTENDS_MAX   16 /* files that extend each other */

struct scenario_entry {
    const char *key;
    const char *value;
    struct scenario_place place;
};

struct scenario_section {
    const char *name;            /* words with one blank between: "peers mn cn" */
    struct scenario_place place; /* of its header, in the last file that has it */
    GPtrArray *entries;          /* struct scenario_entry, as first written */
    bool taken_back;             /* of something: if nothing is left, the author means nothing */
    GHashTable *by_key;
};

struct scenario_source {
    char *path;
    char *directory;
    GPtrArray *sections; /* struct scenario_section; those of an extended file first */
    GHashTable *by_name;
    GStringChunk *strings;
    unsigned file_count; /* read so far */
    bool broken;         /* an error was told while reading */
    bool incomplete;     /* a file that another extends was not read */
};

/* NULL: no such. */
struct scenario_section *scenario_source_section(const struct scenario_source *source, const char *name);
struct scenario_entry *scenario_section_entry(const struct scenario_section *section, const char *key);
/* The line of [sweep] that has 'SECTION / KEY', alone or along with others; NULL. */
struct scenario_entry *scenario_section_axis(const struct scenario_section *sweep, const char *name);

/* Blanks at the ends removed, those inside made one, one on each side of '/'. Free with g_free. */
char *scenario_normalized(const char *text);

#endif
