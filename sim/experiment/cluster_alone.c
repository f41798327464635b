/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cluster_alone.c - the program without MPI's libraries: it is always alone. Started by mpirun it makes way
 * for the one that has them, which stands beside it and is called as it is with "-mpi" at the end. Where
 * that was not made it says so, since all of its copies would do the same work and write into the same
 * files.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/experiment/cluster.h"

void cluster_enter(char **argv)
{
    char *self = cluster_was_launched() ? g_file_read_link("/proc/self/exe", NULL) : NULL;
    char *other = self ? g_strconcat(self, "-mpi", NULL) : NULL;
    if (other)
        execv(other, argv); /* returns if it is not there */
    g_free(other);
    g_free(self);
}

/* How many were started, as far as whoever started them says so. */
static int launched(void)
{
    static const char *const sizes[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"};
    int most = 1;
    for (unsigned i = 0; cluster_was_launched() && i < G_N_ELEMENTS(sizes); i++) {
        const char *size = g_getenv(sizes[i]);
        most = MAX(most, size ? atoi(size) : 1);
    }
    return most;
}

bool cluster_begin(void)
{
    if (launched() > 1)
        fputs("mip6sim: started by mpirun, but there is no mip6sim-mpi beside it: configured without MPI? "
              "Configure --with-mpi, or use --shard\n",
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
