/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cluster_mpi.c - see cluster.h. Two kinds of message: a run's key, or the word to stop, from rank 0; a run's
 * result, packed, to it. A worker has one run at a time, and one more waiting, so that it is never idle while
 * a result travels. A sink that takes any order gets results as they arrive.
 *
 * A process that dies takes all with it (MPI's own rule); what rank 0 has entered by then stays in the
 * database.
 */
#include <mpi.h>
#include <string.h>

#include "sim/experiment/cluster.h"
#include "sim/experiment/runner.h"

enum tag { TAG_RUN, TAG_STOP, TAG_RESULT };

#define RUNS_AHEAD 2 /* of each worker */

static int rank_of(void)
{
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

static int size_of(void)
{
    int size = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

void cluster_enter(char **argv)
{
    (void)argv; /* this is the other one */
}

/* MPI_Init is slow, and a program that nobody started by mpirun has no use for it. */
bool cluster_begin(void)
{
    if (!cluster_was_launched() || MPI_Init(NULL, NULL) != MPI_SUCCESS)
        return false;
    if (size_of() > 1)
        return true;
    MPI_Finalize();
    return false;
}

void cluster_end(void)
{
    if (rank_of() == 0)
        for (int rank = 1; rank < size_of(); rank++)
            MPI_Send(NULL, 0, MPI_BYTE, rank, TAG_STOP, MPI_COMM_WORLD);
    MPI_Finalize();
}

bool cluster_is_writer(void)
{
    return rank_of() == 0;
}

unsigned cluster_workers(void)
{
    return (unsigned)size_of() - 1;
}

/* -- results as octets -- */

static void put_number(GByteArray *octets, uint64_t number)
{
    uint64_t wire = GUINT64_TO_BE(number);
    g_byte_array_append(octets, (const guint8 *)&wire, sizeof wire);
}

static void put_octets(GByteArray *octets, const void *from, size_t length)
{
    put_number(octets, length);
    if (length > 0)
        g_byte_array_append(octets, from, (guint)length);
}

static GByteArray *pack(const struct run_result *result)
{
    GByteArray *octets = g_byte_array_new();
    put_number(octets, result->key.point);
    put_number(octets, result->key.replication);
    put_octets(octets, result->error ? result->error->message : "",
               result->error ? strlen(result->error->message) : 0);
    put_number(octets, result->events);
    put_number(octets, result->packet_hops);
    put_number(octets, result->handover_count);
    for (unsigned i = 0; i < DISCARD_REASON_COUNT; i++)
        put_number(octets, result->discards[i]);
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        put_number(octets, result->rows[i].count);
        put_octets(octets, result->rows[i].octets->data, result->rows[i].octets->len);
    }
    return octets;
}

struct unpacking {
    const uint8_t *at, *end;
    bool failed;
};

static const uint8_t *take(struct unpacking *from, uint64_t length)
{
    const uint8_t *at = from->at;
    if ((uint64_t)(from->end - from->at) < length) {
        from->failed = true;
        return NULL;
    }
    from->at += length;
    return at;
}

static uint64_t take_number(struct unpacking *from)
{
    uint64_t wire = 0;
    const uint8_t *octets = take(from, sizeof wire);
    if (octets)
        memcpy(&wire, octets, sizeof wire);
    return GUINT64_FROM_BE(wire);
}

/* The octets behind their number. */
static const uint8_t *take_octets(struct unpacking *from, uint64_t *length)
{
    *length = take_number(from);
    const uint8_t *octets = take(from, *length);
    if (!octets)
        *length = 0;
    return octets;
}

static struct run_result *unpack(const uint8_t *octets, size_t size)
{
    struct unpacking from = {octets, octets + size, false};
    uint64_t length;
    uint32_t point = (uint32_t)take_number(&from), replication = (uint32_t)take_number(&from);
    struct run_result *result = run_result_empty((struct run_key){point, replication});
    const char *message = (const char *)take_octets(&from, &length);
    if (length > 0)
        result->error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_FAILED, "%.*s", (int)length, message);
    result->events = take_number(&from);
    result->packet_hops = take_number(&from);
    result->handover_count = take_number(&from);
    for (unsigned i = 0; i < DISCARD_REASON_COUNT; i++)
        result->discards[i] = take_number(&from);
    for (unsigned i = 0; i < TABLE_COUNT; i++) {
        result->rows[i].count = (uint32_t)take_number(&from);
        const uint8_t *rows = take_octets(&from, &length);
        if (rows)
            g_byte_array_append(result->rows[i].octets, rows, (guint)length);
    }
    if (from.failed && !result->error)
        result->error = g_error_new(G_FILE_ERROR, G_FILE_ERROR_FAILED,
                                    "a result arrived incomplete: are all processes of the same version?");
    return result;
}

/* -- a worker -- */

void cluster_serve(const struct experiment *experiment)
{
    struct runner *runner = runner_new(experiment);
    for (;;) {
        uint32_t key[2] = {0, 0};
        MPI_Status status;
        MPI_Recv(key, 2, MPI_UINT32_T, 0, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
        if (status.MPI_TAG == TAG_STOP)
            break;
        struct run_result *result = runner_run(runner, (struct run_key){key[0], key[1]});
        GByteArray *octets = pack(result);
        MPI_Send(octets->data, (int)octets->len, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD);
        g_byte_array_unref(octets);
        run_result_free(result);
    }
    runner_free(runner);
}

/* -- the writer -- */

struct handing_out {
    const struct experiment *experiment;
    GHashTable *waiting; /* results that are ahead of their turn: key as 64 bits -> result */
    uint64_t next;       /* run to hand out */
    uint64_t out;        /* runs that are with workers */
    bool closed;         /* nothing more goes into the sink */
    GError *error;       /* the first */
};

static uint64_t number_of(struct run_key key)
{
    return (uint64_t)key.point << 32 | key.replication;
}

static void hand_out(struct handing_out *work, int rank)
{
    if (work->next == work->experiment->run_count)
        return;
    struct run_key key = work->experiment->runs[work->next++];
    uint32_t octets[2] = {key.point, key.replication};
    MPI_Send(octets, 2, MPI_UINT32_T, rank, TAG_RUN, MPI_COMM_WORLD);
    work->out++;
}

static void result_free(void *result)
{
    run_result_free(result);
}

/* Waits for any worker's result, and gives the worker something else to do. Free with run_result_free. */
static struct run_result *receive(struct handing_out *work, bool more)
{
    MPI_Status status;
    int size;
    MPI_Probe(MPI_ANY_SOURCE, TAG_RESULT, MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_BYTE, &size);
    uint8_t *octets = g_malloc((gsize)size);
    MPI_Recv(octets, size, MPI_BYTE, status.MPI_SOURCE, TAG_RESULT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    work->out--;
    if (more)
        hand_out(work, status.MPI_SOURCE);
    struct run_result *result = unpack(octets, (size_t)size);
    g_free(octets);
    return result;
}

static void keep(struct handing_out *work, struct run_result *result)
{
    uint64_t *number = g_new(uint64_t, 1);
    *number = number_of(result->key);
    g_hash_table_replace(work->waiting, number, result);
}

/* The next in order, once it is there. Free with run_result_free. */
static struct run_result *await(struct handing_out *work, uint64_t job)
{
    uint64_t number = number_of(work->experiment->runs[job]);
    gpointer key, result;
    while (!g_hash_table_steal_extended(work->waiting, &number, &key, &result))
        keep(work, receive(work, true));
    g_free(key);
    return result;
}

static bool is_interrupted(const struct experiment *experiment)
{
    return experiment->interrupted && atomic_load(experiment->interrupted);
}

/* The first error is told. A run that could not be made does not keep others out that come in any order. */
static void enter(struct handing_out *work, const struct experiment_sink *sink, struct run_result *result)
{
    GError *error = NULL;
    if (result->error) {
        error = g_steal_pointer(&result->error);
        work->closed |= !sink->any_order;
    } else if (!work->closed) {
        work->closed |= !sink->enter(sink->context, result, &error);
    }
    run_result_free(result);
    if (!work->error)
        work->error = error;
    else
        g_clear_error(&error);
}

bool cluster_run(const struct experiment *experiment, const struct experiment_sink *sink, GError **error)
{
    struct handing_out work = {.experiment = experiment};
    work.waiting = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, result_free);
    for (unsigned i = 0; i < RUNS_AHEAD; i++)
        for (int rank = 1; rank < size_of(); rank++)
            hand_out(&work, rank);
    for (uint64_t job = 0; !work.error && !is_interrupted(experiment) && job < experiment->run_count; job++)
        enter(&work, sink, sink->any_order ? receive(&work, true) : await(&work, job));
    work.closed |= !sink->any_order;
    while (work.out > 0) /* what workers still have when nothing more is begun */
        enter(&work, sink, receive(&work, false));
    g_hash_table_destroy(work.waiting);
    if (work.error)
        g_propagate_error(error, work.error);
    return !work.error;
}
