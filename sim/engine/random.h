/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random.h - random streams keyed by (seed, run, node, purpose).
 *
 * A stream is the counter-based generator Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw,
 * "Parallel Random Numbers: As Easy as 1, 2, 3", SC11, 2011) applied to the position in the stream. The seed
 * is its key; run, node, purpose and position are its input block:
 *
 *     word 0: position, low 32 bits                word 2: node
 *     word 1: position, high 16 bits | purpose     word 3: run
 *
 * So every stream is 2^48 steps of 128 bits long, no two streams overlap, and a draw in one stream moves no
 * draw in another: two methods are compared under common random numbers. The state is the struct itself, 24
 * octets; copying it copies the stream at its present position.
 *
 * Every function below takes exactly one step (random_octets one for each 16 octets begun; random_below takes
 * more with a probability of at most (bound / 2^64)^2). The integers are the same on every machine; so are
 * the doubles, which are made from them by exact operations only.
 */
#ifndef MIP6SIM_SIM_ENGINE_RANDOM_H
#define MIP6SIM_SIM_ENGINE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "models/base/time.h"

struct random_stream {
    uint64_t seed;
    uint64_t position; /* low 48 bits: steps taken; high 16 bits: purpose */
    uint32_t node;
    uint32_t run;
};

/* What the numbers are for is any 16-bit number that the caller keeps fixed (an enum of purposes). */
void random_stream_init(struct random_stream *stream, uint64_t seed, uint32_t run, uint32_t node,
                        uint16_t purpose);

/* 64 random bits. */
uint64_t random_bits(struct random_stream *stream);

/* `length` random octets. */
void random_octets(struct random_stream *stream, void *octets, size_t length);

/* Uniform in [0, 1): a multiple of 2^-53. */
double random_unit(struct random_stream *stream);

/* Uniform in (0, 1): an odd multiple of 2^-53, symmetric about 1/2. For inverse distribution functions. */
double random_unit_open(struct random_stream *stream);

/* Unbiased integer in [0, bound); bound must not be 0. */
uint64_t random_below(struct random_stream *stream, uint64_t bound);

/* Unbiased integer nanoseconds in [low, high], both included; 0 <= low <= high. */
time_ns random_time(struct random_stream *stream, time_ns low, time_ns high);

/* Passes over some steps without computing them. */
void random_skip(struct random_stream *stream, uint64_t steps);

/* The bijection itself, for tests and for purposes of one's own: output = Philox4x32-10(counter, key). */
void random_philox(uint32_t output[4], const uint32_t counter[4], const uint32_t key[2]);

#endif
