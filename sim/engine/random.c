/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * random.c - Philox4x32-10, written from section 3.3 of Salmon et al. (SC11), and what is made from its 128
 * bits.
 *
 * A counter-based generator is a bijection of its counter under a key: it has no state to seed, to copy or
 * to lose, any step of any stream is computed at once, and streams cannot overlap, because their inputs
 * differ. That is worth its price of some ten nanoseconds a draw: keying by (seed, run, node, purpose) with
 * a conventional generator would need kilobytes a stream, or hope. Every draw takes a step of its own though
 * it may need only 64 of the 128 bits, so that the n-th draw is the same whatever was drawn before it.
 */
#include "sim/engine/random.h"

#include <assert.h>

#define ROUNDS       10
#define MULTIPLIER_0 0xD2511F53u
#define MULTIPLIER_1 0xCD9E8D57u
#define WEYL_0       0x9E3779B9u /* the golden ratio */
#define WEYL_1       0xBB67AE85u /* the square root of 3, less 1 */

#define POSITION_BITS 48
#define POSITION_MASK (((uint64_t)1 << POSITION_BITS) - 1)

void random_philox(uint32_t output[4], const uint32_t counter[4], const uint32_t key[2])
{
    uint32_t c0 = counter[0];
    uint32_t c1 = counter[1];
    uint32_t c2 = counter[2];
    uint32_t c3 = counter[3];
    uint32_t k0 = key[0];
    uint32_t k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        uint64_t product_0 = (uint64_t)MULTIPLIER_0 * c0;
        uint64_t product_1 = (uint64_t)MULTIPLIER_1 * c2;
        c0 = (uint32_t)(product_1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product_1;
        c2 = (uint32_t)(product_0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product_0;
        k0 += WEYL_0;
        k1 += WEYL_1;
    }
    output[0] = c0;
    output[1] = c1;
    output[2] = c2;
    output[3] = c3;
}

void random_stream_init(struct random_stream *stream, uint64_t seed, uint32_t run, uint32_t node,
                        uint16_t purpose)
{
    *stream = (struct random_stream){
        .seed = seed, .position = (uint64_t)purpose << POSITION_BITS, .node = node, .run = run};
}

void random_skip(struct random_stream *stream, uint64_t steps)
{
    uint64_t position = (stream->position + steps) & POSITION_MASK;
    stream->position = (stream->position & ~POSITION_MASK) | position;
}

static void random_step(struct random_stream *stream, uint32_t block[4])
{
    const uint32_t counter[4] = {(uint32_t)stream->position, (uint32_t)(stream->position >> 32), stream->node,
                                 stream->run};
    const uint32_t key[2] = {(uint32_t)stream->seed, (uint32_t)(stream->seed >> 32)};
    random_philox(block, counter, key);
    random_skip(stream, 1);
}

static uint64_t low_half(const uint32_t block[4])
{
    return (uint64_t)block[1] << 32 | block[0];
}

static uint64_t high_half(const uint32_t block[4])
{
    return (uint64_t)block[3] << 32 | block[2];
}

uint64_t random_bits(struct random_stream *stream)
{
    uint32_t block[4];
    random_step(stream, block);
    return low_half(block);
}

void random_octets(struct random_stream *stream, void *octets, size_t length)
{
    uint8_t *to = octets;
    while (length > 0) {
        uint32_t block[4];
        size_t part = length < 16 ? length : 16;
        random_step(stream, block);
        for (size_t i = 0; i < part; i++)
            *to++ = (uint8_t)(block[i / 4] >> (i % 4 * 8)); /* the same on machines of either octet order */
        length -= part;
    }
}

double random_unit(struct random_stream *stream)
{
    return (double)(random_bits(stream) >> 11) * 0x1p-53;
}

double random_unit_open(struct random_stream *stream)
{
    return ((double)(random_bits(stream) >> 12) + 0.5) * 0x1p-52;
}

/*
 * D. Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29(1), 2019: the high half of bits
 * * bound, which rises with the bits, refused where the low half falls below 2^64 mod bound.
 */
uint64_t random_below(struct random_stream *stream, uint64_t bound)
{
    assert(bound != 0);
    for (;;) {
        uint32_t block[4];
        random_step(stream, block);
        for (int half = 0; half < 2; half++) {
            unsigned __int128 product =
                (unsigned __int128)(half ? high_half(block) : low_half(block)) * bound;
            if ((uint64_t)product >= bound || (uint64_t)product >= (0 - bound) % bound)
                return (uint64_t)(product >> 64);
        }
    }
}

time_ns random_time(struct random_stream *stream, time_ns low, time_ns high)
{
    assert(low >= 0 && low <= high);
    return low + (time_ns)random_below(stream, (uint64_t)(high - low) + 1);
}
