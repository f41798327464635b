/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * handovers.h - handovers.csv (or the same table of a database) read back, and its rows sorted into groups
 * that can be compared.
 *
 * What distinguishes groups are dimensions: each axis of the sweep; how the correspondent authorizes
 * Binding Updates (the method); and the move (from which link to which), where a run has several kinds of
 * them. Each has levels, in the order in which they appear in the file. An axis of the sweep that is
 * nothing but the method is not a dimension of its own.
 *
 * Observations: handovers of one replication share its randomness, so where a group has several
 * replications, each contributes one observation, the mean of its handovers; where it has one, each
 * handover is an observation.
 */
#ifndef MIP6SIM_SIM_OUTPUT_HANDOVERS_H
#define MIP6SIM_SIM_OUTPUT_HANDOVERS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/format/csv.h"
#include "sim/measure/statistics.h"
#include "sim/scenario/columns.h"

/* X(NAME, column): the columns that are numbers, as far as they are used. Seconds, or counts. */
#define HANDOVERS_NUMBERS(X)                                                                                 \
    X(REPLICATION, "replication")                                                                            \
    X(LINK_DOWN, "link_down")                                                                                \
    X(LINK_UP, "link_up")                                                                                    \
    X(ROUTER_ADVERTISEMENT, "router_advertisement")                                                          \
    X(CARE_OF_ADDRESS_USABLE, "care_of_address_usable")                                                      \
    X(HOME_UPDATE_SENT, "home_update_sent")                                                                  \
    X(HOME_ACKNOWLEDGEMENT_RECEIVED, "home_acknowledgement_received")                                        \
    X(HOME_TEST_INIT_SENT, "home_test_init_sent")                                                            \
    X(CARE_OF_TEST_INIT_SENT, "care_of_test_init_sent")                                                      \
    X(CORRESPONDENT_UPDATE_SENT, "correspondent_update_sent")                                                \
    X(CORRESPONDENT_BOUND, "correspondent_bound")                                                            \
    HANDOVER_DURATIONS(X)                                                                                    \
    HANDOVER_COUNTS(X)

enum number_column {
#define X(name, column) COLUMN_##name,
    HANDOVERS_NUMBERS(X)
#undef X
        NUMBER_COLUMN_COUNT
};

/* X(NAME, column): the columns that are text. */
#define HANDOVERS_TEXTS(X)                                                                                   \
    X(NODE, "node")                                                                                          \
    X(CORRESPONDENT, "correspondent")                                                                        \
    X(AUTHORIZATION, "authorization")                                                                        \
    X(FROM_LINK, "from_link")                                                                                \
    X(TO_LINK, "to_link")

enum text_column {
#define X(name, column) COLUMN_##name,
    HANDOVERS_TEXTS(X)
#undef X
        TEXT_COLUMN_COUNT
};

enum dimension_kind {
    DIMENSION_AXIS,   /* of the sweep */
    DIMENSION_METHOD, /* always there, the last but the move */
    DIMENSION_MOVE,   /* only if there is more than one */
    DIMENSION_HOME,   /* the mobile node's home address, by its name; only if some have names of their own */
};

struct dimension {
    enum dimension_kind kind;
    char *name;        /* 'section / key', "authorization", "move", "as" */
    GPtrArray *levels; /* char * */
    uint32_t *of_row;  /* which level */
    bool swept;        /* has been set by the sweep */
};

/* Rows with the same level of every dimension. */
struct group {
    uint32_t *levels; /* by dimension */
    GArray *rows;     /* size_t, ascending */
};

struct handovers {
    struct csv_table *csv;
    size_t count;                         /* rows */
    double *numbers[NUMBER_COLUMN_COUNT]; /* by row; NAN: empty */
    unsigned text_columns[TEXT_COLUMN_COUNT];
    GPtrArray *dimensions;   /* struct dimension * */
    GPtrArray *groups;       /* struct group *, in the order in which they begin in the file */
    GHashTable *taking_part; /* names of correspondents that have sent or received signalling at all */
};

/*
 * Reads the handovers of a directory of results, CSV files or a sweep's database alike
 * (experiment/result_csv.h). NULL and `error` (CSV_ERROR, RESULT_STORE_ERROR) if there is no such directory,
 * no results in it, or they are not what mip6sim writes. Having no rows is no error. Free with handovers_free
 * (NULL is fine).
 */
struct handovers *handovers_read(const char *directory, GError **error);
void handovers_free(struct handovers *handovers);

const char *handovers_text(const struct handovers *handovers, size_t row, enum text_column text);
/* What the home address that the row is about is called; "": as the node is. */
const char *handovers_home(const struct handovers *handovers, size_t row);
/* The dimension of the method; its levels are "return-routability", "static-key", "" where there is no
 * correspondent. */
const struct dimension *handovers_method(const struct handovers *handovers);

/* The handover was completed: the correspondent's binding is up to date, or, without a correspondent, the
 * home agent's. */
bool handovers_row_complete(const struct handovers *handovers, size_t row);

/*
 * It was to be completed and was not: the node has not got an address on its new link, or has sent something
 * (Binding Update to the home agent, Test Init or Binding Update to the correspondent) that has not led to a
 * binding. Not so where nothing had to be registered: a correspondent that takes no part in signalling in
 * any row (a host without mobility support, or registration = never), the same link again, home again before
 * any registration, no link at all.
 */
bool handovers_row_unfinished(const struct handovers *handovers, size_t row);

/* Adds the observations of some rows (ascending) to `statistics`; what is empty is left out. */
void handovers_observe(const struct handovers *handovers, const size_t *rows, size_t count,
                       enum number_column number, struct statistics *statistics);
/* The same of any table's rows: by row, which replication and which value (NAN: empty). */
void rows_observe(const double *replications, const double *values, const size_t *rows, size_t count,
                  struct statistics *statistics);

/*
 * One handover taken apart along its critical path. Instants in this order: link_down, link_up,
 * router_advertisement, care_of_address_usable, home_acknowledgement_received, correspondent_update_sent,
 * correspondent_bound. What happens alongside and does not hold up what follows costs nothing: an instant
 * later than one behind it in the order counts as that one (a Binding Update sent before the home agent
 * has answered: home registration takes 0). One that is missing counts as the one before. So no phase is
 * negative, and their sum is link_down to correspondent_bound exactly.
 */
enum handover_phase {
    PHASE_LINK_HANDOVER,
    PHASE_MOVEMENT_DETECTION,
    PHASE_ADDRESS_CONFIGURATION,
    PHASE_HOME_REGISTRATION,
    PHASE_RETURN_ROUTABILITY, /* nothing under a static key but waiting, if any, until the update is sent */
    PHASE_CORRESPONDENT_REGISTRATION,
    PHASE_COUNT
};

/* Seconds; NAN: was not reached, or the handover did not begin with a link that went down. False if that is
 * so of any, so that there is no sum. */
bool handovers_row_phases(const struct handovers *handovers, size_t row, double phases[PHASE_COUNT]);

#endif
