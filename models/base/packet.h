/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.h - real octets in a pooled buffer with headroom, reference-counted.
 *
 * A packet is created by whoever writes its payload; each layer prepends its header into the headroom.
 * Ownership: a function that takes a packet takes one reference, unless its contract says it borrows.
 * A LAN delivers one packet to many by sharing it; before changing octets, call packet_writable().
 * A pool belongs to one thread. The pool hands out a few size classes and keeps what comes back, so the
 * steady state allocates nothing.
 *
 * A packet carries the environment's mark: which attack of a scenario has caused it, if any. It is for
 * watching: no protocol machine reads it (tests/boundary.sh), and what an adversary sends is marked by the
 * adversary's own code. The mark goes with the packet wherever it is forwarded, queued, fragmented, or put
 * under ESP; what is new gets the pool's present mark, which the environment sets around each entry into a
 * node, so that an answer carries the mark of what it answers.
 */
#ifndef MIP6SIM_MODELS_BASE_PACKET_H
#define MIP6SIM_MODELS_BASE_PACKET_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Enough in front of an upper-layer payload for Ethernet (14), an outer IPv6 header (40), an inner one (40),
 * a Home Address destination options header (24), a type 2 routing header (24), and ESP in front (24). */
#define PACKET_HEADROOM 168
#define PACKET_LENGTH_MAX (65535 + 40)

/* A mark: the cause's number, from 1; 0: nothing special. The flag: not sent by the cause itself, but in
 * answer to something that it has caused. */
#define PACKET_MARK_ANSWER 0x80000000u

static inline uint32_t packet_mark_cause(uint32_t mark)
{
    return mark & ~PACKET_MARK_ANSWER;
}

struct packet_pool;

struct packet {
    struct packet_pool *pool;
    struct packet *next;    /* for whoever owns the packet: queues, free lists */
    uint32_t references;
    uint32_t capacity;      /* of storage */
    uint32_t start;         /* of the first octet in storage */
    uint32_t length;        /* octets from there */
    uint32_t mark;
    uint32_t unused;        /* storage begins at a multiple of 8 */
    uint8_t storage[];
};

struct packet_pool *packet_pool_new(void);           /* NULL without memory */
void packet_pool_free(struct packet_pool *pool);     /* every packet must have been released */
uint64_t packet_pool_outstanding(const struct packet_pool *pool); /* packets not yet released */

/* A packet of `length` octets (contents undefined), `headroom` free octets in front. Memory that cannot be
 * had is fatal. */
struct packet *packet_new(struct packet_pool *pool, size_t headroom, size_t length);
/* The same, in the place of `origin`: from its pool, with its mark. */
struct packet *packet_new_for(const struct packet *origin, size_t headroom, size_t length);

/* The mark of packets that are new from now on. */
void packet_pool_set_mark(struct packet_pool *pool, uint32_t mark);
uint32_t packet_pool_mark(const struct packet_pool *pool);

/*
 * A block of `size` octets that stays with the pool, zeroed at first; NULL: no memory. It is for whoever
 * reads packets (router_discovery.c, and no other) to keep what it has made of the last one: the next may
 * have the same octets, as when a LAN gives one frame to thousands of stations. Only what follows from the
 * octets alone may be kept there, so that it makes no difference.
 */
void *packet_pool_memo(struct packet_pool *pool, size_t size);

/* The last reference is gone: back to the pool. For packet_release only. */
void packet_recycle(struct packet *packet);

static inline void packet_release(struct packet *packet) /* NULL is harmless */
{
    if (packet && --packet->references == 0)
        packet_recycle(packet);
}

static inline struct packet *packet_share(struct packet *packet)
{
    packet->references++;
    return packet;
}

static inline uint8_t *packet_octets(const struct packet *packet)
{
    return (uint8_t *)(uintptr_t)packet->storage + packet->start;
}

/* A copy of the octets in a packet of its own, with `headroom` in front; the reference moves to the copy. */
struct packet *packet_copy(struct packet *packet, size_t headroom);

/* The same octets, owned by the caller alone: the packet itself, or a copy with PACKET_HEADROOM (the
 * reference moves). */
static inline struct packet *packet_writable(struct packet *packet)
{
    return packet->references == 1 ? packet : packet_copy(packet, PACKET_HEADROOM);
}

/* A packet with at least `headroom` octets in front, exclusively owned: the packet itself, or a copy (the
 * reference moves). */
static inline struct packet *packet_with_headroom(struct packet *packet, size_t headroom)
{
    if (packet->references == 1 && packet->start >= headroom)
        return packet;
    return packet_copy(packet, headroom > PACKET_HEADROOM ? headroom : PACKET_HEADROOM);
}

/* n more octets in front. The packet must be exclusively owned and have the headroom (assert). Returns the
 * first octet. */
static inline uint8_t *packet_prepend(struct packet *packet, size_t n)
{
    assert(packet->references == 1 && packet->start >= n);
    packet->start -= (uint32_t)n;
    packet->length += (uint32_t)n;
    return packet->storage + packet->start;
}

/* Drops n octets in front, or keeps only the first n; n must not exceed the length (assert), and the packet
 * must be exclusively owned (assert): the view is the packet's, not the reference's. No octet is copied. */
static inline void packet_remove_front(struct packet *packet, size_t n)
{
    assert(packet->references == 1 && n <= packet->length);
    packet->start += (uint32_t)n;
    packet->length -= (uint32_t)n;
}

static inline void packet_truncate(struct packet *packet, size_t n)
{
    assert(packet->references == 1 && n <= packet->length);
    packet->length = (uint32_t)n;
}

#endif
