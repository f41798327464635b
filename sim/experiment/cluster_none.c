/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cluster_none.c - a program that was configured without MPI: it is always alone. One that mpirun has started
 * nevertheless says so, since all of its copies would do the same work and write into the same files.
 */
#include <stdio.h>
#include <stdlib.h>

#include "sim/experiment/cluster.h"

bool cluster_begin(void)
{
    const char *size = g_getenv("OMPI_COMM_WORLD_SIZE");
    if (size && atoi(size) > 1)
        fputs(
            "mip6sim: started by mpirun, but configured without MPI: configure --with-mpi, or use --shard\n",
            stderr);
    return false;
}

void cluster_end(void)
{
}

bool cluster_is_writer(void)
{
    return true;
}

unsigned cluster_workers(void)
{
    return 0;
}

void cluster_serve(const struct experiment *experiment)
{
    (void)experiment;
}

bool cluster_run(const struct experiment *experiment, const struct experiment_sink *sink, GError **error)
{
    return experiment_run(experiment, sink, error);
}
