/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * simulation.h - a scenario made into a network: nodes with their roles, links, routes, flows, and the
 * timeline.
 *
 * This is the operator of the network: what is configured by hand in a real one (addresses of routers,
 * routes, keys, which home addresses a home agent serves) is configured here, before time begins. From then
 * on nodes learn from packets alone.
 */
#ifndef MIP6SIM_SIM_NETWORK_SIMULATION_H
#define MIP6SIM_SIM_NETWORK_SIMULATION_H

#include <glib.h>
#include <stdint.h>

#include "models/traffic/flow.h"
#include "sim/network/link.h"
#include "sim/network/network.h"
#include "sim/scenario/scenario.h"

struct cells;
struct faults;
struct given_associations;
struct link_parameters;
struct renumbered_link;
struct router_advertisement_configuration;
struct simulation_pair;

struct simulation {
    const struct scenario *scenario; /* borrowed */
    struct network *network;
    struct esp_engine *esp;                  /* of all nodes; NULL: no IPsec */
    uint32_t *link_first;                    /* of each scenario link: index of its first in network->links */
    struct link_parameters *link_parameters; /* by scenario link: links.c */
    struct faults *faults;                   /* fault.c; NULL: the scenario has none */
    struct flow_source *flows;               /* scenario->flow_total, by running number */
    GHashTable *sinks;                       /* node index -> struct flow_sink */
    struct cells *cells;                     /* LANs with a position; NULL: nobody walks among them */
    GPtrArray *owned;                        /* configuration that nodes borrow */
    const struct mobile_node_configuration **mobile; /* by scenario node; NULL: no mobile node */
    struct simulation_pair **pairs;                  /* by scenario peers, then by pair: peers.c */
    GArray **relations;                              /* by scenario node: security.c */
    struct given_associations *associations;         /* by the timeline: security.c; NULL: none */
    GHashTable *configured; /* node index -> what the operator has changed of it: configuration.c; NULL */
    struct renumbered_link *
        *renumbered; /* by scenario link, renumbering.c; NULL: its prefix is still its only one */
};

/*
 * Builds the network of replication `run` (0, 1, ...). The scenario must outlive it; observer as network_new.
 * NULL and error only if memory or a protocol machine refuses what the scenario asks (G_FILE_ERROR_FAILED):
 * the scenario has been judged before.
 */
struct simulation *simulation_new(const struct scenario *scenario, uint64_t seed, uint32_t run,
                                  const struct network_observer *observer, GError **error);
/* The same, with some things from outside; what is borrowed is borrowed as long as the simulation. */
struct simulation *simulation_new_with(const struct scenario *scenario, uint64_t seed, uint32_t run,
                                       const struct network_observer *observer,
                                       const struct network_resources *resources, GError **error);
void simulation_free(struct simulation *simulation);

/* Opens a capture on every link of the scenario link `link`, in directory: NAME.pcap. FALSE and error: could
 * not. */
bool simulation_capture(struct simulation *simulation, uint32_t link, const char *directory, GError **error);
/* Captures are written out and get their names; call at the end. */
bool simulation_finish_captures(struct simulation *simulation, GError **error);

/* An action that is not in the scenario's timeline, at its own time or now, whichever is later; it is
 * borrowed, with all that it points at, as long as the simulation. */
void simulation_order(struct simulation *simulation, const struct scenario_action *action);

/* Runs to the scenario's duration. */
void simulation_run(struct simulation *simulation);

/* Node `number` of scenario node `group`. */
static inline struct network_node *simulation_node(const struct simulation *simulation, uint32_t group,
                                                   uint32_t number)
{
    return &simulation->network->nodes[simulation->scenario->nodes[group].first + number];
}

static inline struct link *simulation_link(const struct simulation *simulation, uint32_t link,
                                           uint32_t number)
{
    return &simulation->network->links[simulation->link_first[link] + number];
}

/* routes.c: fills the routing tables of routers and of hosts on point-to-point links from the topology (least
 * sum of metrics). */
int simulation_compute_routes(struct simulation *simulation);

/* May the mobile node register with this home agent (an index into scenario->nodes): does it name it, or
 * might it find it? */
bool simulation_may_register(const struct scenario *scenario, const struct scenario_home *home,
                             uint32_t home_agent);

/* One interface of one node, as built: which link it is on and its address there. */
struct placement {
    uint32_t link;   /* scenario link; SCENARIO_NONE: none */
    uint32_t number; /* of the link's group */
    uint8_t end;
    uint8_t prefix_length;
    struct ipv6_address address;
    struct ipv6_address prefix;
};

/* links.c: what the links are like, now. */

void simulation_build_links(struct simulation *simulation);
/* The action, which is SCENARIO_CHANGE, is carried out. */
void simulation_change_link(struct simulation *simulation, const struct scenario_action *action);
/* What the LAN's routers are to advertise, now. */
const struct scenario_advertisements *simulation_advertisements(const struct simulation *simulation,
                                                                uint32_t link);
void simulation_free_links(struct simulation *simulation);

/* configuration.c: what nodes are configured to do, and what the operator has changed of that. */

/* The node's group as the scenario has it, with this node's parameters as of now. */
const struct scenario_node *simulation_parameters(const struct simulation *simulation,
                                                  const struct network_node *node);
/* What a mobile node's machine is made with. */
const struct mobile_node_configuration *simulation_mobile_configuration(struct simulation *simulation,
                                                                        const struct network_node *node);
/* The action, which is SCENARIO_CONFIGURE, or about addresses or routes, is carried out at the node. */
void simulation_configure(struct simulation *simulation, struct network_node *node,
                          const struct scenario_action *action);
/* The node, made again, gets the addresses that it has been given since, and loses those that were taken. */
int simulation_restore_configured(struct simulation *simulation, struct network_node *node);
/* What speaks against the action as things are now, if anything does that the scenario cannot tell. g_free.
 * */
char *simulation_objection(const struct simulation *simulation, const struct scenario_action *action);
void simulation_free_configuration(struct simulation *simulation);

/* renumbering.c: the prefixes of LANs, and what changes when they do. */

/* What the node's routers' advertisements on this interface say now; owned by the simulation. */
const struct router_advertisement_configuration *simulation_advertisement(struct simulation *simulation,
                                                                          const struct network_node *node,
                                                                          const struct placement *placement);
/* The prefixes that a home agent stands for become those that its home link has now. */
int simulation_set_home_prefixes(struct simulation *simulation, struct network_node *node);
/* The first prefix of the LAN that has not run out: its first of all, mostly. */
struct ipv6_address simulation_prefix_in_use(const struct simulation *simulation, uint32_t link);
/* The node, made again, gets its addresses under the prefixes that its links have got since. */
int simulation_restore_addresses(struct simulation *simulation, struct network_node *node);
/* The same again, because something about the node has changed: told wherever it advertises. */
void simulation_advertise_anew(struct simulation *simulation, struct network_node *node);
/* What is advertised on the LAN is no longer what it was before. */
void simulation_advertisements_changed(struct simulation *simulation, uint32_t link,
                                       const struct scenario_advertisements *before);
/* All routers of the LAN begin, or cease to advertise. */
void simulation_set_advertising_on(struct simulation *simulation, uint32_t link, bool enabled);
/* The action, which is SCENARIO_PREFIX, SCENARIO_DEPRECATE or SCENARIO_WITHDRAW, is carried out. */
void simulation_renumber(struct simulation *simulation, const struct scenario_action *action);
/* Is it advertised on the LAN? */
bool simulation_has_prefix(const struct simulation *simulation, uint32_t link,
                           const struct ipv6_address *prefix);
void simulation_free_renumbering(struct simulation *simulation);

/* What the operator enters at a node when it is installed: interfaces, addresses, roles. */
int simulation_configure_node(struct simulation *simulation, struct network_node *node);
/* It advertises itself wherever it does by now. */
void simulation_advertise_again(struct simulation *simulation, struct network_node *node);

/* peers.c: what mobile nodes and their correspondents are told of each other. */
int simulation_build_peers(struct simulation *simulation);
/* The node, made again, is told as it was before. */
int simulation_restore_peers(struct simulation *simulation, struct network_node *node);
/* The action, which is SCENARIO_POLICY, is carried out. */
void simulation_change_policy(struct simulation *simulation, const struct scenario_action *action);
/* The action, which is SCENARIO_REKEY, is carried out. */
void simulation_rekey(struct simulation *simulation, const struct scenario_action *action);
/* The static key of a pair; NULL: it has none. unused_too: the one that it would have, if it does not use
 * it. */
const struct static_key *simulation_static_key(struct simulation *simulation,
                                               const struct network_node *mobile,
                                               const struct network_node *correspondent, bool unused_too);
void simulation_free_peers(struct simulation *simulation);

/* reboot.c: the node's power fails, and comes back as the action, which is SCENARIO_REBOOT, says. */
void simulation_reboot(struct simulation *simulation, struct network_node *node,
                       const struct scenario_action *action);

/* Memory that lives as long as the simulation, zeroed. */
void *simulation_own(struct simulation *simulation, size_t size);

/* Where interface `interface` of node `member` of the group is; false past its last. */
bool simulation_placement(const struct scenario *scenario, const struct scenario_node *node, uint32_t member,
                          uint32_t interface, struct placement *placement);

#endif
