/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * build.h - what the steps share that make a scenario of a source. Private to sim/scenario/.
 *
 *     build.c              views of the sections with a point's settings laid over; keys stored by the table
 *     build_topology.c     links' ends, attachments, home links; calls the next three in their order
 *     build_homes.c        further home addresses
 *     build_names.c        names, and the references by which the file says them
 *     build_addresses.c    prefixes and addresses, given and left to be found
 *     build_external.c     Ethernet addresses, and nodes that are played from outside
 *     build_reachability.c what routers connect
 *     build_movement.c     how mobile nodes move by themselves; build_trace.c: as a file says
 *     build_parameters.c   values put in for the names of parameters, before all the rest
 *     build_events.c       peers, flows, captures
 *     build_sweep.c        the axes of the sweep; build_except.c: combinations that it leaves out
 *     build_timeline.c     what happens when; build_changes.c: what of it changes parameters or nodes
 *     build_faults.c       what happens to chosen packets
 *     build_expectations.c what must hold, with build_conditions.c and build_scope.c
 *     build_attackers.c    what attackers sit on and know; build_attacks.c: what they do
 *
 * A step that finds a mistake reports it and goes on with what is right; a later step passes over what an
 * earlier one could not make out (an index is SCENARIO_NONE then), so that one mistake is told once.
 */
#ifndef MIP6SIM_SIM_SCENARIO_BUILD_H
#define MIP6SIM_SIM_SCENARIO_BUILD_H

#include <glib.h>

#include "sim/scenario/keys.h"
#include "sim/scenario/scenario.h"
#include "sim/scenario/source.h"

/* A section as it is in force: with the settings laid over its entries. */
struct scenario_view {
    const struct scenario_section *section;
    enum section_kind kind;
    const char *title; /* the section's name, with parameters put in where it may have some */
    char **words;      /* what follows the kind's name */
    struct scenario_entry *entries;
    unsigned entry_count;
    void *record; /* link, node, ...; NULL: the kind has none */
};

/* What the scenario's pointers point at. */
struct scenario_storage {
    struct scenario_view *views;
    unsigned view_count;
    GPtrArray *distributions;
    GPtrArray *blocks; /* g_free */
    GStringChunk *strings;
};

struct builder {
    const struct scenario_source *source;
    const struct scenario_setting *settings;
    unsigned setting_count;
    const struct scenario *swept; /* whose point is built, and whose axes it shares; NULL: they are read */
    struct scenario_messages *messages;
    struct scenario *scenario;
    struct scenario_storage *storage;
    GHashTable *names;     /* of nodes and links: name -> struct scenario_named */
    GPtrArray *node_names; /* for guesses, NULL-terminated */
    GPtrArray *link_names;
    GArray *timeline_faults;                 /* of struct scenario_fault: those that [at] sections have */
    const struct scenario_view **node_views; /* by index */
    const struct scenario_view **link_views;
    const struct scenario_view **home_views; /* of further home addresses */
    uint32_t *components;                    /* of links: those that routers connect have the same */
    /* a link or a node could not be made out: who reaches whom is not judged then */
    bool topology_broken;
    bool *routed;   /* by link: a node that forwards is on it */
    GHashTable *associations; /* indices that the timeline gives: -> guint64, whose (build_changes.c) */
    GSList *rekeys; /* of struct static_key, the scenario's: those that the timeline has given so far */
};

struct scenario_named {
    bool is_link, is_home; /* neither: a node */
    uint32_t index;
};

/* The entry in force; NULL: not written. */
const struct scenario_entry *build_entry(const struct scenario_view *view, const char *key);

/* An error about a key (where it is written, else where the section begins) or, key NULL, about the
 * section. */
void build_error(struct builder *builder, const struct scenario_view *view, const char *key,
                 const char *format, ...) G_GNUC_PRINTF(4, 5);
/* The same at an entry. */
void build_error_at(struct builder *builder, const struct scenario_view *view,
                    const struct scenario_entry *entry, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* A distribution that the scenario will free; NULL and an error if the text is not one. */
const struct distribution *build_distribution(struct builder *builder, const struct scenario_view *view,
                                              const struct scenario_entry *entry, const char *text);
const struct distribution *build_constant(struct builder *builder, time_ns value);

/* Stores the text into the key's field of view->record; view, entry: what a distribution's errors are told
 * at. False: `error` says what is wrong. */
bool build_store(struct builder *builder, const struct scenario_view *view, const struct scenario_key *key,
                 const struct scenario_entry *entry, const char *text, GError **error);

/* Zeroed memory that the scenario will free. */
void *build_memory(struct builder *builder, size_t count, size_t size);

#define KINDS_ANY_NODE  (~0u)
#define KIND(node_kind) (1u << (node_kind))

/* A node, group, or member of a group, of one of these kinds (`expected`: how to say so). False, and an
 * error told. */
bool build_find_node(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, const char *name, unsigned kinds,
                     const char *expected, struct scenario_reference *reference);
/* The same, or a home address of one: who sends and receives. */
bool build_find_party(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, const char *name, unsigned kinds,
                      const char *expected, struct scenario_reference *reference);
/* A link; lan: it must be a LAN. SCENARIO_NONE, and an error told. */
uint32_t build_find_link(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const char *name, bool lan);
/* "router", "home agent", ... with its article. */
const char *build_node_kind_text(enum scenario_node_kind kind);

/* How many pairs two references make; 0 and an error if their counts do not fit. */
uint32_t build_pairs(struct builder *builder, const struct scenario_view *view,
                     const struct scenario_entry *entry, const struct scenario_reference *a,
                     const struct scenario_reference *b);

/* Is there a way between the links by way of routers? */
bool build_connected(const struct builder *builder, uint32_t link_a, uint32_t link_b);
/* The same between two nodes; of a mobile node between the home link of its home address. */
bool build_reaches_party(const struct builder *builder, const struct scenario_reference *a,
                         const struct scenario_reference *b);

/* Has the LAN a router, so that a mobile node can configure an address there? Tells an error about `entry`
 * if not. */
void build_check_visitable(struct builder *builder, const struct scenario_view *view,
                           const struct scenario_entry *entry, uint32_t link);

/* scenario_build, but what could be made out is returned even if something is wrong; never NULL. */
struct scenario *build_scenario(const struct scenario_source *source, const struct scenario *swept,
                                const struct scenario_setting *settings, unsigned setting_count,
                                struct scenario_messages *messages);

/* The steps of build_topology. */
void build_homes(struct builder *builder);      /* whose further home addresses are, and their home links */
void build_names(struct builder *builder);      /* makes `names`, `node_names`, `link_names` complete */
void build_prefixes(struct builder *builder);   /* of point-to-point links that have none */
void build_addresses(struct builder *builder);  /* of interfaces, and home addresses; home links are known */
void build_external(struct builder *builder);   /* Ethernet addresses given; who is played from outside */
void build_components(struct builder *builder); /* makes `components` and `routed` */

/* The file that the movement's view names, read into movement->moves; its mistakes are told by its lines. */
void build_trace(struct builder *builder, const struct scenario_view *view,
                 struct scenario_movement *movement);

/* A mobile node is to move to this LAN: is there a router, and a way to its home agent? Tells an error about
 * `entry` if not. */
void build_check_move(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, uint32_t node, uint32_t link);

/* 2, 2nd, 1st, 3rd, 4th: at least 1. *ordinal: it is the latter. */
bool build_number(const char *text, uint64_t *number, bool *ordinal, GError **error);
/* Adds the messages of this name ("Home Test", "HoT", a flow's, any) to the fault's. False: told. */
bool build_fault_message(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, const char *name, struct scenario_fault *fault);

/* Is it "SECTION / KEY" of something that may be swept over? False: told. */
bool build_check_axis(struct builder *builder, const struct scenario_view *view,
                      const struct scenario_entry *entry, const char *section, const char *key);
/* "except" of the sweep; its axes are known. */
void build_except(struct builder *builder, const struct scenario_view *view,
                  const struct scenario_entry *entry);
/* Numbers the combinations that are left (sweep.c). False, and it has been told: none is. */
bool build_points(struct scenario *scenario, struct scenario_messages *messages);
/* 10ms is 0.01s. */
bool build_same_value(const char *a, const char *b);

/* The steps. */
bool build_parameters(struct builder *builder); /* false: told, and nothing else can be judged */
void build_topology(struct builder *builder);
void build_movements(struct builder *builder);
void build_events(struct builder *builder);
void build_sweep(struct builder *builder); /* one of build_events, too */
void build_expectations(struct builder *builder);
void build_tolerances(struct builder *builder); /* of [verify] */
void build_taps(struct builder *builder);      /* links and their ends are known */
void build_knowledge(struct builder *builder); /* peers are known */
void build_attacks(struct builder *builder);   /* with build_knowledge; addresses are known */
void build_timeline(struct builder *builder);  /* one of build_events */
void build_faults(struct builder *builder);    /* after build_events */

/* What blanks separate. Free with g_strfreev. */
char **build_words(const char *text);
/* What may be changed while time goes by: "NAME = KEY VALUE" in such a section. */
bool build_is_changeable(enum section_kind kind, const char *name);
/* One of the words, or a key that may be changed in one of these sections (IN()); NULL. */
const char *build_probably_meant_change(const char *const *words, unsigned sections, const char *name);
/* KEY VALUE behind a link, a node, or a mobile node and its correspondent, each with its action made but for
 * the verb. False: told. */
bool build_link_change(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, const char *name, const char *value,
                       struct scenario_action *action);
bool build_node_change(struct builder *builder, const struct scenario_view *view,
                       const struct scenario_entry *entry, struct scenario_action *action);
bool build_policy_change(struct builder *builder, const struct scenario_view *view,
                         const struct scenario_entry *entry, struct scenario_action *action);
/* All lasting changes, in their order, leave advertisements that agree with themselves. */
void build_check_changes(struct builder *builder);
/* add or remove, then address, route or default-router. */
bool build_installation(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, char **words, struct scenario_action *action);
/* ipsec rekey, off, on. */
bool build_associations(struct builder *builder, const struct scenario_view *view,
                        const struct scenario_entry *entry, char **words, struct scenario_action *action);

/* "MOBILE-NODE CORRESPONDENT = rekey ..." of the timeline, once or (repeated) again and again. False:
 * told. */
bool build_rekey(struct builder *builder, const struct scenario_view *view,
                 const struct scenario_entry *entry, bool repeated, struct scenario_action *action);

#endif
