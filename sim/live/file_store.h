/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * file_store.h - nodes' stable storage as files: one for each node that has stored something, NAME.store, in
 * one directory.
 *
 * A record is safe when file_store_write returns: a new file has been written and synchronized, has taken the
 * place of the one before, and the directory has been synchronized. Whatever stops the process, and whenever,
 * there is a whole file afterwards, the new one or the one before; and what the new one says has not been
 * acknowledged before it is there (RFC 4449, section 3: sequence numbers under static keys survive).
 *
 *     file     "mip6sim store 1\n" record... digest
 *     record   length of the name, length of the value (16 bits each, big endian), name, value
 *     digest   SHA-256 of all before it, 32 octets
 */
#ifndef MIP6SIM_SIM_LIVE_FILE_STORE_H
#define MIP6SIM_SIM_LIVE_FILE_STORE_H

#include <glib.h>
#include <stdbool.h>

#include "sim/network/simulation.h"

struct file_store;

/* Makes the directory, if need be, and locks it: one process at a time has it. NULL and error. */
struct file_store *file_store_open(const char *directory, const struct scenario *scenario, GError **error);
void file_store_close(struct file_store *store); /* NULL is harmless */

/* What the node's file has goes into the node's store. A file that is damaged is an error: nobody knows what
 * it said. */
bool file_store_read(struct file_store *store, struct network_node *node, GError **error);
/* The node's store goes into its file. 0, or ERROR_CAPACITY: it could not be made safe; why, see below. */
int file_store_write(struct file_store *store, const struct network_node *node);
/* The first thing that went wrong with writing; NULL: nothing. */
const char *file_store_failure(const struct file_store *store);

#endif
