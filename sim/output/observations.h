/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * observations.h - a table of results as samples that statistics can be made of: which rows belong together,
 * and what counts as one observation.
 *
 * Rows are told apart by factors: axes of the sweep, and columns of the table itself (method of
 * authorization, move, flow, attack; any other that is asked for). Rows with the same levels of the chosen
 * factors make a group.
 *
 * Rows of one replication share its random numbers, and so do the points of a sweep in the same replication
 * (common random numbers). So where a group has several replications each contributes one observation, the
 * mean of all its rows in the group; where it has one, or it is asked for, each row is an observation. What
 * did not happen (an empty field) is left out of the mean, and counted.
 */
#ifndef MIP6SIM_SIM_OUTPUT_OBSERVATIONS_H
#define MIP6SIM_SIM_OUTPUT_OBSERVATIONS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/experiment/run_result.h"
#include "sim/format/csv.h"

struct factor {
    char *name;        /* 'section / key', or a column, or "move" */
    GPtrArray *levels; /* char *, as they first appear */
    uint32_t *of_row;  /* index of the level */
};

struct observations {
    enum result_table table;
    struct csv_table *csv;
    unsigned axes_end;    /* columns 2 .. axes_end - 1 are axes of the sweep */
    double *replications; /* by row */
    bool *left_out;       /* by row */
    GPtrArray *factors;   /* struct factor *: those that tell groups apart */
    bool each;            /* each row is an observation everywhere */
};

/* Rows with the same levels of all factors. */
struct row_group {
    uint32_t *levels; /* by factor */
    GArray *rows;     /* size_t, ascending, without those left out */
    bool each;        /* each row is an observation */
};

/* Is it a table of measurements? handovers, flows, attacks, packets. */
bool observations_has(enum result_table table);

/* The table's rows, with the factors that people look for: each axis with several values, and, where there
 * are several, methods, moves, home addresses, flows, paths, attacks. NULL and error. Free with
 * observations_free. */
struct observations *observations_read(const char *name, enum result_table table, GError **error);
void observations_free(struct observations *observations); /* NULL is harmless */

/* These factors instead (NULL-terminated): axes by 'section / key' or, if only one has it, by key; columns;
 * "move". False and error (CSV_ERROR). */
bool observations_by(struct observations *observations, const char *const *names, GError **error);
/* Handovers that began (link_down; else link_up) before then. How many are left. */
size_t observations_leave_out_before(struct observations *observations, double seconds);

/* The factor that is the method of authorization, with several levels; -1: there is none. */
int observations_method(const struct observations *observations);
/* Among the factors, the one of this name, as observations_by takes it; it is made one if it is not. -1 and
 * error: there is no such thing. */
int observations_factor(struct observations *observations, const char *name, GError **error);
/* The factor has one level for each level of this one (a zipped axis has): it tells nothing apart that the
 * other does not. */
bool observations_follows(const struct observations *observations, guint factor, guint of);

/* By levels, the last factor's varying fastest. Elements struct row_group; free with g_ptr_array_unref. */
GPtrArray *observations_groups(const struct observations *observations);

/* Has each of the group's replications rows of all its points? If not, their means are not of the same. */
bool observations_balanced(const struct observations *observations, const struct row_group *group);

/* The numbers of a measure by row; NAN: it did not happen. NULL and error. Free with g_free. */
double *observations_values(const struct observations *observations, const char *measure, GError **error);

/* For the rows of two groups that differ in the compared factor: the values of those that have something to
 * be compared with, NAN for the others. A row has if the other group has, in the same replication, a value at
 * the same values of all axes that the compared factor does not set; unless what it is about is there in the
 * other group, too, and the measure did not happen to it. Otherwise means that are compared would be of
 * different points (an 'except' in the sweep), or of different handovers (those that one method never
 * completes). "matched" is by row, as "values" is. */
void observations_match(const struct observations *observations, const struct row_group *first,
                        const struct row_group *second, guint compared, const double *values,
                        double *matched);

/* Observations with what they are of: a replication, or what in the run a row is about, so that those of two
 * groups can be put into pairs. */
struct sample {
    GPtrArray *keys; /* char *, NULL unless asked for */
    GArray *values;  /* double */
    GArray *rows;    /* size_t: how many rows each is the mean of */
    size_t absent;   /* rows in which it did not happen */
};
/* each: as the group says, or otherwise. apart: a column that is no part of a key; NULL. */
void sample_take(struct sample *sample, const struct observations *observations,
                 const struct row_group *group, const double *values, bool each, bool with_keys,
                 const char *apart);
void sample_clear(struct sample *sample);

#endif
