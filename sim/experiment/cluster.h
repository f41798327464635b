/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cluster.h - an experiment over many processes, on one machine or many, under MPI.
 *
 * mpirun starts the same command many times. The process of rank 0 hands out runs as the others become free,
 * and it alone writes; the others read the scenario for themselves, make runs and send what came of them.
 * Results are entered in order, so that they do not depend on how many processes there are.
 *
 * Which of two files is behind this was chosen when the program was configured: cluster_mpi.c or, without
 * MPI, cluster_none.c, where there is never a cluster.
 */
#ifndef MIP6SIM_SIM_EXPERIMENT_CLUSTER_H
#define MIP6SIM_SIM_EXPERIMENT_CLUSTER_H

#include <stdbool.h>

#include "sim/experiment/experiment.h"

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
