/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.c - reading scenario files.
 *
 * A reader of our own rather than GKeyFile's, because a mistake is to be told with its line, and because
 * every mistake is to be told: a line that cannot be understood is reported and skipped.
 *
 * `extends` is followed depth first: the extended file's sections come first, then those of the file that
 * extends it are laid over them, key by key. An empty value takes a key back, as if the extended file had not
 * written it. --set is one more layer. [expect] sections of an extended file are left out.
 */
#include "sim/scenario/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/keys.h"

/* One file as read, before it is laid over those it extends. */
struct file {
    const char *path; /* as messages say it */
    unsigned number;
    GPtrArray *sections;
    GHashTable *by_name;
};

static void section_free(gpointer data)
{
    struct scenario_section *section = data;
    g_ptr_array_free(section->entries, TRUE);
    g_hash_table_destroy(section->by_key);
    g_free(section);
}

static struct scenario_section *section_new(const char *name, const struct scenario_place *place)
{
    struct scenario_section *section = g_new0(struct scenario_section, 1);
    section->name = name;
    section->place = *place;
    section->entries = g_ptr_array_new_with_free_func(g_free);
    section->by_key = g_hash_table_new(g_str_hash, g_str_equal);
    return section;
}

struct scenario_section *scenario_source_section(const struct scenario_source *source, const char *name)
{
    return g_hash_table_lookup(source->by_name, name);
}

struct scenario_entry *scenario_section_entry(const struct scenario_section *section, const char *key)
{
    return g_hash_table_lookup(section->by_key, key);
}

static void section_add(struct scenario_section *section, const char *key, const char *value,
                        const struct scenario_place *place)
{
    struct scenario_entry *entry = g_new0(struct scenario_entry, 1);
    entry->key = key;
    entry->value = value;
    entry->place = *place;
    g_ptr_array_add(section->entries, entry);
    g_hash_table_insert(section->by_key, (gpointer)entry->key, entry);
}

static void section_remove(struct scenario_section *section, struct scenario_entry *entry)
{
    g_hash_table_remove(section->by_key, entry->key);
    g_ptr_array_remove(section->entries, entry);
}

char *scenario_normalized(const char *text)
{
    GString *result = g_string_new(NULL);
    bool blank = false;
    for (const char *p = text; *p; p++) {
        if (g_ascii_isspace(*p)) {
            blank = true;
        } else if (*p == '/') {
            g_string_append(result, result->len ? " /" : "/");
            blank = true;
        } else {
            if (blank && result->len)
                g_string_append_c(result, ' ');
            g_string_append_c(result, *p);
            blank = false;
        }
    }
    return g_string_free(result, FALSE);
}

static const char *keep_normalized(struct scenario_source *source, const char *text)
{
    char *normalized = scenario_normalized(text);
    const char *kept = g_string_chunk_insert(source->strings, normalized);
    g_free(normalized);
    return kept;
}

/* ---- one file ---- */

static char *read_octets(const char *path, size_t *length, const char **problem)
{
    /* Without O_NONBLOCK a named pipe would hold us up for ever. */
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        *problem = g_strerror(errno);
        return NULL;
    }
    struct stat status;
    char *text = NULL;
    if (fstat(descriptor, &status) != 0) {
        *problem = g_strerror(errno);
    } else if (S_ISDIR(status.st_mode)) {
        *problem = "it is a directory";
    } else if (!S_ISREG(status.st_mode)) {
        *problem = "it is not a regular file";
    } else if (status.st_size > SCENARIO_FILE_SIZE_MAX) {
        *problem = "it is larger than 16 MiB, which no scenario is";
    } else {
        text = g_malloc((size_t)status.st_size + 1);
        *length = 0;
        ssize_t got = 0;
        while (*length < (size_t)status.st_size &&
               (got = read(descriptor, text + *length, (size_t)status.st_size - *length)) > 0)
            *length += (size_t)got;
        text[*length] = '\0';
        if (got < 0) {
            *problem = g_strerror(errno);
            g_clear_pointer(&text, g_free);
        }
    }
    close(descriptor);
    return text;
}

static char *copy_octets(const char *text, size_t length)
{
    char *copy = g_malloc(length + 1);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

static unsigned line_of(const char *text, const char *position)
{
    unsigned line = 1;
    for (const char *p = text; p < position; p++)
        line += *p == '\n';
    return line;
}

/* Text of a scenario at all? */
static bool check_text(const struct file *file, const char *text, size_t length,
                       struct scenario_messages *messages)
{
    struct scenario_place place = {file->path, 0, file->number << 24};
    const char *null = memchr(text, '\0', length), *end;
    if (null) {
        place.line = line_of(text, null);
        scenario_error(messages, &place, NULL, NULL,
                       "this is a binary file (it has an octet 0), not a scenario");
        return false;
    }
    if (!g_utf8_validate(text, (gssize)length, &end)) {
        place.line = line_of(text, end);
        scenario_error(messages, &place, NULL, NULL, "this is not UTF-8 text");
        return false;
    }
    return true;
}

/* [expect], or [expect SECTION / KEY = VALUE] */
static bool is_expectation(const char *section_name)
{
    return scenario_section_kind(section_name) == SECTION_EXPECT;
}

static struct scenario_section *read_header(struct scenario_source *source, struct file *file, char *line,
                                            const struct scenario_place *place,
                                            struct scenario_messages *messages)
{
    char *close = strchr(line, ']');
    if (!close || close[1] != '\0') {
        scenario_error(messages, place, NULL, NULL,
                       close ? "\"%.60s\" after the section's \"]\"; a comment stands on a line of its own"
                             : "the section's header lacks its \"]\": \"%.60s\"",
                       close ? close + 1 : line);
        if (!close)
            close = line + strlen(line);
    }
    *close = '\0';
    const char *name = keep_normalized(source, line + 1);
    struct scenario_section *section = g_hash_table_lookup(file->by_name, name);
    if (section) {
        scenario_error(messages, place, name, NULL,
                       "this section is there already, in line %u; merge the two", section->place.line);
        return section;
    }
    section = section_new(name, place);
    g_ptr_array_add(file->sections, section);
    g_hash_table_insert(file->by_name, (gpointer)name, section);
    return section;
}

static void read_entry(struct scenario_source *source, struct scenario_section *section, char *line,
                       const struct scenario_place *place, struct scenario_messages *messages)
{
    const char *in = section ? section->name : NULL;
    bool expects = section && is_expectation(section->name);
    char *equals = expects ? strpbrk(line, "=<>") : strchr(line, '=');
    if (!equals) {
        scenario_error(messages, place, in, NULL,
                       expects ? "\"%.60s\" is not MEASURE = CONDITION"
                               : "\"%.60s\" is neither [section] nor key = value nor # comment",
                       line);
        return;
    }
    /* In [expect] `outage mn < 2s` is as good as `outage mn = < 2s`. */
    if (expects && equals > line && *equals == '=' && equals[-1] == '!')
        equals--;
    const char *value = g_string_chunk_insert(source->strings, g_strstrip(equals + (*equals == '=')));
    *equals = '\0';
    const char *key = keep_normalized(source, line);
    if (!section) {
        scenario_error(messages, place, NULL, key, "a key before the first [section]");
        return;
    }
    if (key[0] == '\0') {
        scenario_error(messages, place, in, NULL, "there is no key before the \"=\"");
        return;
    }
    struct scenario_entry *earlier = scenario_section_entry(section, key);
    if (earlier) {
        scenario_error(messages, place, in, key, "this key is there already, in line %u%s",
                       earlier->place.line,
                       expects ? "; join conditions on numbers by \"and\": >= 1 and < 5" : "");
        return;
    }
    section_add(section, key, value, place);
}

static void read_lines(struct scenario_source *source, struct file *file, char *text,
                       struct scenario_messages *messages)
{
    struct scenario_section *section = NULL;
    unsigned number = 0;
    if (g_str_has_prefix(text, "\xef\xbb\xbf"))
        text += 3; /* the byte order mark that some editors leave */
    for (char *next = text; next;) {
        char *line = next;
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        number++;
        struct scenario_place place = {file->path, number, file->number << 24 | number};
        line = g_strstrip(line);
        if (*line == '\0' || *line == '#')
            continue;
        if (*line == '[')
            section = read_header(source, file, line, &place, messages);
        else
            read_entry(source, section, line, &place, messages);
    }
}

/* ---- files over files ---- */

static void lay_over_entry(struct scenario_section *under, const struct scenario_entry *entry,
                           struct scenario_messages *messages)
{
    struct scenario_entry *old = scenario_section_entry(under, entry->key);
    if (entry->value[0] == '\0') {
        under->taken_back |= old != NULL;
        if (old)
            section_remove(under, old);
        else
            scenario_error(messages, &entry->place, under->name, entry->key, "it has no value");
    } else if (old) {
        old->value = entry->value;
        old->place = entry->place;
    } else {
        section_add(under, entry->key, entry->value, &entry->place);
    }
}

/* What a file expects is of itself: one that extends it is another scenario. */
static void lay_over(struct scenario_source *source, struct file *file, bool extended,
                     struct scenario_messages *messages)
{
    for (unsigned i = 0; i < file->sections->len; i++) {
        const struct scenario_section *over = g_ptr_array_index(file->sections, i);
        if (extended && is_expectation(over->name))
            continue;
        struct scenario_section *under = scenario_source_section(source, over->name);
        if (!under) {
            under = section_new(over->name, &over->place);
            g_ptr_array_add(source->sections, under);
            g_hash_table_insert(source->by_name, (gpointer)under->name, under);
        }
        under->place = over->place;
        for (unsigned j = 0; j < over->entries->len; j++)
            lay_over_entry(under, g_ptr_array_index(over->entries, j), messages);
    }
}

struct chain {
    const struct chain *by; /* the file that extends this one */
    const char *path;
};

static bool same_file(const char *a, const char *b)
{
    struct stat status_a, status_b;
    if (strcmp(a, b) == 0)
        return true;
    return stat(a, &status_a) == 0 && stat(b, &status_b) == 0 && status_a.st_dev == status_b.st_dev &&
           status_a.st_ino == status_b.st_ino;
}

static bool read_file(struct scenario_source *source, const struct chain *chain, const char *text,
                      size_t length, const struct scenario_place *extends,
                      struct scenario_messages *messages);

static void follow_extends(struct scenario_source *source, const struct chain *chain, const struct file *file,
                           struct scenario_messages *messages)
{
    const struct scenario_section *section = g_hash_table_lookup(file->by_name, "scenario");
    const struct scenario_entry *entry = section ? scenario_section_entry(section, "extends") : NULL;
    if (!entry || entry->value[0] == '\0')
        return;
    char *directory = g_path_get_dirname(chain->path);
    char *path = g_path_is_absolute(entry->value) || strcmp(directory, ".") == 0
                     ? g_strdup(entry->value)
                     : g_build_filename(directory, entry->value, NULL);
    const char *kept = g_string_chunk_insert(source->strings, path);
    g_free(path);
    g_free(directory);

    unsigned depth = 0;
    for (const struct chain *link = chain; link; link = link->by, depth++) {
        if (same_file(link->path, kept)) {
            source->incomplete = true;
            scenario_error(messages, &entry->place, "scenario", "extends", "\"%s\" extends itself%s",
                           entry->value, link == chain ? "" : ", by way of other files");
            return;
        }
    }
    if (depth >= SCENARIO_EXTENDS_MAX) {
        source->incomplete = true;
        scenario_error(messages, &entry->place, "scenario", "extends", "more than %d files extend each other",
                       SCENARIO_EXTENDS_MAX);
        return;
    }
    struct chain next = {chain, kept};
    if (!read_file(source, &next, NULL, 0, &entry->place, messages))
        source->incomplete = true;
}

/* Reads the file, or takes the text, with all that it extends below it. */
static bool read_file(struct scenario_source *source, const struct chain *chain, const char *text,
                      size_t length, const struct scenario_place *extends, struct scenario_messages *messages)
{
    struct file file = {chain->path, source->file_count++, g_ptr_array_new_with_free_func(section_free),
                        g_hash_table_new(g_str_hash, g_str_equal)};
    const char *problem = NULL;
    struct scenario_place place = {file.path, 0, file.number << 24};
    char *octets = text ? copy_octets(text, length) : read_octets(chain->path, &length, &problem);
    bool good = octets != NULL;
    if (!good && extends)
        scenario_error(messages, extends, "scenario", "extends", "\"%s\" cannot be read: %s", file.path,
                       problem);
    else if (!good)
        scenario_error(messages, &place, NULL, NULL, "cannot be read: %s", problem);
    good = good && check_text(&file, octets, length, messages);
    if (good) {
        read_lines(source, &file, octets, messages);
        follow_extends(source, chain, &file, messages);
        lay_over(source, &file, chain->by != NULL, messages);
    }
    g_free(octets);
    g_hash_table_destroy(file.by_name);
    g_ptr_array_free(file.sections, TRUE);
    return good;
}

/* ---- --set ---- */

struct scenario_entry *scenario_section_axis(const struct scenario_section *sweep, const char *name)
{
    for (guint i = 0; i < sweep->entries->len; i++) {
        struct scenario_entry *entry = g_ptr_array_index(sweep->entries, i);
        char **names = g_strsplit(entry->key, " & ", -1);
        bool found = g_strv_contains((const char *const *)names, name);
        g_strfreev(names);
        if (found)
            return entry;
    }
    return NULL;
}

/* A key that is set is no longer swept over, nor are those that would go along with it. */
static void drop_axis(struct scenario_source *source, const char *section, const char *key)
{
    struct scenario_section *sweep = scenario_source_section(source, "sweep");
    char *name = g_strdup_printf("%s / %s", section, key);
    struct scenario_entry *axis = sweep ? scenario_section_axis(sweep, name) : NULL;
    if (axis)
        section_remove(sweep, axis);
    g_free(name);
}

static void apply_set(struct scenario_source *source, const char *text, unsigned number,
                      struct scenario_messages *messages)
{
    struct scenario_place place = {"--set", 0, 0xff000000u + number};
    char *copy = g_strdup(text);
    char *equals = strchr(copy, '=');
    char *slash = strchr(copy, '/');
    if (!g_utf8_validate(text, -1, NULL) || !equals || !slash || slash > equals) {
        scenario_error(messages, &place, NULL, NULL, "\"%.100s\" is not 'section / key = value'", text);
        g_free(copy);
        return;
    }
    *equals = '\0';
    *slash = '\0';
    const char *name = keep_normalized(source, copy);
    const char *key = keep_normalized(source, slash + 1);
    const char *value = g_string_chunk_insert(source->strings, g_strstrip(equals + 1));
    g_free(copy);

    struct scenario_section *section = scenario_source_section(source, name);
    if (!section && scenario_section_is_single(name)) {
        section = section_new(name, &place);
        g_ptr_array_add(source->sections, section);
        g_hash_table_insert(source->by_name, (gpointer)name, section);
    }
    if (!section) {
        const char *meant = scenario_probably_meant_section(source, name);
        scenario_error(messages, &place, name, key,
                       meant ? "there is no section [%s]; did you mean \"%s\"?" : "there is no section [%s]",
                       name, meant);
        return;
    }
    struct scenario_entry entry = {key, value, place};
    if (strcmp(name, "scenario") == 0 && strcmp(key, "extends") == 0)
        scenario_error(messages, &place, name, key, "only a file can say what it extends");
    else if (key[0] == '\0')
        scenario_error(messages, &place, name, NULL, "there is no key between \"/\" and \"=\"");
    else
        lay_over_entry(section, &entry, messages);
    drop_axis(source, name, key);
}

/* ---- the whole ---- */

static struct scenario_source *source_new(const char *path)
{
    struct scenario_source *source = g_new0(struct scenario_source, 1);
    source->path = g_strdup(path);
    source->directory = g_path_get_dirname(path);
    source->sections = g_ptr_array_new_with_free_func(section_free);
    source->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    source->strings = g_string_chunk_new(4096);
    return source;
}

static struct scenario_source *source_read(const char *path, const char *text, size_t length,
                                           const char *const *set, struct scenario_messages *messages)
{
    struct scenario_source *source = source_new(path);
    unsigned told = scenario_messages_told(messages);
    struct chain chain = {NULL, source->path};
    if (!read_file(source, &chain, text, length, NULL, messages)) {
        scenario_source_free(source);
        return NULL;
    }
    for (unsigned i = 0; set && set[i]; i++)
        apply_set(source, set[i], MIN(i, 0xffffff), messages);
    source->broken = scenario_messages_told(messages) != told;
    return source;
}

struct scenario_source *scenario_source_read(const char *path, const char *const *set,
                                             struct scenario_messages *messages)
{
    return source_read(path, NULL, 0, set, messages);
}

struct scenario_source *scenario_source_read_text(const char *path, const char *text, size_t length,
                                                  const char *const *set, struct scenario_messages *messages)
{
    return source_read(path, text, length, set, messages);
}

void scenario_source_free(struct scenario_source *source)
{
    if (!source)
        return;
    g_hash_table_destroy(source->by_name);
    g_ptr_array_free(source->sections, TRUE);
    g_string_chunk_free(source->strings);
    g_free(source->directory);
    g_free(source->path);
    g_free(source);
}

static gint compare_entries(gconstpointer a, gconstpointer b)
{
    const struct scenario_entry *const *left = a, *const *right = b;
    return strcmp((*left)->key, (*right)->key);
}

static void add_to_digest(GChecksum *digest, const char *text)
{
    g_checksum_update(digest, (const guchar *)text, (gssize)strlen(text) + 1);
}

/* What a scenario says about its results ([expect], what verify allows, its title) changes none of them. */
static bool is_about_results(const char *section)
{
    return strcmp(section, "expect") == 0 || g_str_has_prefix(section, "expect ") ||
           strcmp(section, "verify") == 0;
}

static bool changes_results(const struct scenario_section *section, const struct scenario_entry *entry)
{
    static const char *const harmless[] = {"title", "replications", "extends", NULL};
    return strcmp(section->name, "scenario") != 0 || !g_strv_contains(harmless, entry->key);
}

/* The order of sections counts: addresses and the sweep's axes follow it. */
char *scenario_source_digest(const struct scenario_source *source)
{
    GChecksum *digest = g_checksum_new(G_CHECKSUM_SHA256);
    for (guint i = 0; i < source->sections->len; i++) {
        const struct scenario_section *section = g_ptr_array_index(source->sections, i);
        if (is_about_results(section->name))
            continue;
        GPtrArray *entries = g_ptr_array_new(); /* it does not own them */
        for (guint k = 0; k < section->entries->len; k++)
            g_ptr_array_add(entries, g_ptr_array_index(section->entries, k));
        bool ordered = strcmp(section->name, "sweep") == 0 || g_str_has_prefix(section->name, "at ");
        if (!ordered)
            g_ptr_array_sort(entries, compare_entries);
        add_to_digest(digest, section->name);
        for (guint k = 0; k < entries->len; k++) {
            const struct scenario_entry *entry = g_ptr_array_index(entries, k);
            if (!changes_results(section, entry))
                continue;
            add_to_digest(digest, entry->key);
            add_to_digest(digest, entry->value);
        }
        add_to_digest(digest, "");
        g_ptr_array_unref(entries);
    }
    char *text = g_strdup(g_checksum_get_string(digest));
    g_checksum_free(digest);
    return text;
}
