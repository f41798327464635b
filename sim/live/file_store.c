/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file_store.c - see file_store.h.
 */
#include "sim/live/file_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "models/base/error.h"

#define MAGIC         "mip6sim store 1\n"
#define DIGEST_LENGTH 32

struct file_store {
    int directory;
    const struct scenario *scenario;
    char *path;
    char *failure;
};

static char *name_of(const struct file_store *store, const struct network_node *node)
{
    char *name = scenario_node_name(&store->scenario->nodes[node->group], node->member);
    char *file = g_strconcat(name, ".store", NULL);
    g_free(name);
    return file;
}

static void digest_of(const void *octets, size_t length, uint8_t digest[DIGEST_LENGTH])
{
    GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize size = DIGEST_LENGTH;
    g_checksum_update(checksum, octets, (gssize)length);
    g_checksum_get_digest(checksum, digest, &size);
    g_checksum_free(checksum);
}

/* -- life -- */

struct file_store *file_store_open(const char *directory, const struct scenario *scenario, GError **error)
{
    int descriptor = -1;
    if (g_mkdir_with_parents(directory, 0700) != 0 ||
        (descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0 ||
        flock(descriptor, LOCK_EX | LOCK_NB) != 0 ||
        faccessat(descriptor, ".", W_OK | X_OK, AT_EACCESS) != 0) {
        bool taken = descriptor >= 0 && errno == EWOULDBLOCK;
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(errno), "%s: %s", directory,
                    taken ? "another process has this stable storage" : g_strerror(errno));
        if (descriptor >= 0)
            close(descriptor);
        return NULL;
    }
    struct file_store *store = g_new0(struct file_store, 1);
    store->directory = descriptor;
    store->scenario = scenario;
    store->path = g_strdup(directory);
    return store;
}

void file_store_close(struct file_store *store)
{
    if (!store)
        return;
    close(store->directory);
    g_free(store->path);
    g_free(store->failure);
    g_free(store);
}

const char *file_store_failure(const struct file_store *store)
{
    return store->failure;
}

/* -- reading -- */

/* False: that is no such file. */
static bool parse(const uint8_t *octets, size_t length, struct store *into)
{
    size_t at = strlen(MAGIC);
    uint8_t digest[DIGEST_LENGTH];
    if (length < at + DIGEST_LENGTH || memcmp(octets, MAGIC, at) != 0)
        return false;
    length -= DIGEST_LENGTH;
    digest_of(octets, length, digest);
    if (memcmp(digest, octets + length, DIGEST_LENGTH) != 0)
        return false;
    while (at < length) {
        if (length - at < 4)
            return false;
        size_t name = (size_t)(octets[at] << 8 | octets[at + 1]),
               value = (size_t)(octets[at + 2] << 8 | octets[at + 3]);
        if (length - at - 4 < name + value)
            return false;
        store_put(into, octets + at + 4, name, octets + at + 4 + name, value);
        at += 4 + name + value;
    }
    return true;
}

bool file_store_read(struct file_store *store, struct network_node *node, GError **error)
{
    char *name = name_of(store, node), *path = g_build_filename(store->path, name, NULL), *contents = NULL;
    gsize length;
    GError *why = NULL;
    bool good = g_file_get_contents(path, &contents, &length, &why);
    bool missing = !good && g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT);
    if (good && !parse((const uint8_t *)contents, length, &node->store)) {
        g_set_error(&why, G_FILE_ERROR, G_FILE_ERROR_FAILED,
                    "%s: this stable storage is damaged; what it said nobody knows. To begin without it, "
                    "remove it, and "
                    "give new static keys",
                    path);
        good = false;
    }
    if (missing)
        g_clear_error(&why);
    else if (why)
        g_propagate_error(error, why);
    g_free(contents);
    g_free(path);
    g_free(name);
    return good || missing;
}

/* -- writing -- */

static void append_record(void *context, const void *name, size_t name_length, const void *value,
                          size_t length)
{
    GByteArray *octets = context;
    const uint8_t lengths[] = {(uint8_t)(name_length >> 8), (uint8_t)name_length, (uint8_t)(length >> 8),
                               (uint8_t)length};
    g_byte_array_append(octets, lengths, sizeof lengths);
    g_byte_array_append(octets, name, (guint)name_length);
    g_byte_array_append(octets, value, (guint)length);
}

static bool write_all(int file, const uint8_t *octets, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, octets, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        octets += written;
        length -= (size_t)written;
    }
    return true;
}

/* New file, fsync, rename, fsync of the directory. */
static bool replace(const struct file_store *store, const char *name, const GByteArray *octets)
{
    char *unfinished = g_strconcat(name, ".new", NULL);
    int file = openat(store->directory, unfinished, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool good = file >= 0 && write_all(file, octets->data, octets->len) && fsync(file) == 0;
    int why = errno;
    if (file >= 0 && close(file) != 0 && good) {
        good = false;
        why = errno;
    }
    if (good) {
        good = renameat(store->directory, unfinished, store->directory, name) == 0 &&
               fsync(store->directory) == 0;
        why = errno;
    }
    if (!good)
        unlinkat(store->directory, unfinished, 0);
    g_free(unfinished);
    errno = why;
    return good;
}

int file_store_write(struct file_store *store, const struct network_node *node)
{
    GByteArray *octets = g_byte_array_new();
    uint8_t digest[DIGEST_LENGTH];
    char *name = name_of(store, node);
    g_byte_array_append(octets, (const guint8 *)MAGIC, (guint)strlen(MAGIC));
    store_each(&node->store, append_record, octets);
    digest_of(octets->data, octets->len, digest);
    g_byte_array_append(octets, digest, sizeof digest);
    bool good = replace(store, name, octets);
    if (!good && !store->failure)
        store->failure =
            g_strdup_printf("%s/%s: cannot be made safe: %s", store->path, name, g_strerror(errno));
    g_byte_array_free(octets, TRUE);
    g_free(name);
    return good ? 0 : ERROR_CAPACITY;
}
