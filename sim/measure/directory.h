/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * directory.h - who is who in a simulation, for those who watch: names of nodes and links, which mobile node
 * an address stands for. Care-of addresses are entered as mobile nodes take them.
 */
#ifndef MIP6SIM_SIM_MEASURE_DIRECTORY_H
#define MIP6SIM_SIM_MEASURE_DIRECTORY_H

#include <glib.h>
#include <stdint.h>

#include "models/ipv6/address.h"
#include "sim/scenario/scenario.h"

#define DIRECTORY_NOBODY    UINT32_MAX
#define ADDRESS_TEXT_LENGTH 46 /* with its NUL */

struct directory {
    const struct scenario *scenario; /* borrowed */
    char **node_names;               /* by node index */
    uint32_t *node_groups;           /* by node index: scenario node */
    GHashTable *owners;              /* struct ipv6_address -> node index + 1 */
    GHashTable *homes;               /* struct ipv6_address -> a further home address; NULL: none */
};

void directory_init(struct directory *directory, const struct scenario *scenario);
/* Addresses that nodes get by an action; those of the scenario's are entered at the beginning. */
void directory_enter_action(struct directory *directory, const struct scenario_action *action);
void directory_free(struct directory *directory);

/* The address is the node's from now on (a care-of address); an earlier owner loses it. */
void directory_enter(struct directory *directory, const struct ipv6_address *address, uint32_t node);
/* Node index; DIRECTORY_NOBODY. */
uint32_t directory_owner(const struct directory *directory, const struct ipv6_address *address);

/* Which of its owner's home addresses it is; 0: the first, or none. */
uint32_t directory_home(const struct directory *directory, const struct ipv6_address *address);
/* What the scenario calls it; NULL: it has no name of its own. */
const char *directory_home_name(const struct directory *directory, const struct ipv6_address *address);

const struct scenario_node *directory_node(const struct directory *directory, uint32_t node);
static inline const char *directory_name(const struct directory *directory, uint32_t node)
{
    return directory->node_names[node];
}

/* RFC 5952 text in `text`; returns it. NULL address: "". */
const char *address_text(const struct ipv6_address *address, char text[ADDRESS_TEXT_LENGTH]);

#endif
