/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cluster.h - an experiment over many processes, on one machine or many, under MPI.
 *
 * mpirun starts the same command many times. The process of rank 0 hands out runs as the others become free,
 * and it alone writes; the others read the scenario for themselves, make runs and send what came of them.
 * Results are entered in order, so that they do not depend on how many processes there are.
 *
 * The libraries of MPI cost every start of a program a millisecond and a megabyte. So there are two
 * programs of the same sources but one: mip6sim has cluster_alone.c, which never is in a cluster, and
 * mip6sim-mpi, made where MPI was found and installed beside it, has cluster_mpi.c. Started by mpirun,
 * mip6sim makes way for the other (cluster_enter); people only ever call mip6sim.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_CLUSTER_H
#define MIP6SIM_SIM_EXPERIMENT_CLUSTER_H

#include <glib.h>
#include <stdbool.h>

#include "sim/experiment/experiment.h"

/* Was this process started by mpirun or the like? The names are Open MPI's, and those of PMI and PMIx, by
 * which Slurm and others start their processes. */
static inline bool cluster_was_launched(void)
{
    return g_getenv("OMPI_COMM_WORLD_SIZE") || g_getenv("PMIX_RANK") || g_getenv("PMI_RANK");
}

/* To be called first, with main's argv. If the process was launched so, and this program is the one without
 * MPI, it becomes the other, with the same arguments; if there is none it goes on. */
void cluster_enter(char **argv);

/* Was the program started by mpirun, several times? True: the processes know each other, and cluster_end is
 * due. */
bool cluster_begin(void);
/* Rank 0: the others are told that there is nothing more to do. */
void cluster_end(void);

bool cluster_is_writer(void);   /* rank 0 */
unsigned cluster_workers(void); /* how many processes make runs */

/* Another rank: makes the runs that it is given, until cluster_end. */
void cluster_serve(const struct experiment *experiment);
/* Rank 0: as experiment_run. */
bool cluster_run(const struct experiment *experiment, const struct experiment_sink *sink, GError **error);

#endif
