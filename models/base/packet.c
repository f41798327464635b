/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * packet.c - the pool behind packet.h.
 *
 * Five size classes: a voice packet or a signalling message with all its headroom, half an Ethernet frame, a
 * full one, a jumbo frame, the largest IPv6 packet. A packet that comes back goes to the front of its class's
 * list and is the next to be handed out, still in the cache. Memory goes back to the system only with the
 * pool: a run's peak is what it needs anyway. A recycled packet's octets are poisoned under AddressSanitizer,
 * so that its use is reported.
 */
#include "models/base/packet.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#define poison(start, length)   ASAN_POISON_MEMORY_REGION(start, length)
#define unpoison(start, length) ASAN_UNPOISON_MEMORY_REGION(start, length)
#else
#define poison(start, length)   ((void)(start), (void)(length))
#define unpoison(start, length) ((void)(start), (void)(length))
#endif

#define CLASS_COUNT 5

/* Capacities of storage; with the packet's own 40 octets and malloc's 8 the small ones fill whole cache
 * lines. */
static const uint32_t class_capacity[CLASS_COUNT] = {
    400, 976, 2000, 9424, PACKET_LENGTH_MAX + PACKET_HEADROOM + PACKET_HEADROOM,
};

struct packet_pool {
    struct packet *free[CLASS_COUNT];
    uint64_t outstanding;
    void *memo;
    uint32_t mark;
};

struct packet_pool *packet_pool_new(void)
{
    return calloc(1, sizeof(struct packet_pool));
}

void packet_pool_free(struct packet_pool *pool)
{
    if (!pool)
        return;
    assert(pool->outstanding == 0);
    for (unsigned i = 0; i < CLASS_COUNT; i++) {
        for (struct packet *packet = pool->free[i], *next; packet; packet = next) {
            next = packet->next;
            free(packet);
        }
    }
    free(pool->memo);
    free(pool);
}

void *packet_pool_memo(struct packet_pool *pool, size_t size)
{
    if (!pool->memo)
        pool->memo = calloc(1, size);
    return pool->memo;
}

uint64_t packet_pool_outstanding(const struct packet_pool *pool)
{
    return pool->outstanding;
}

static unsigned class_of(size_t capacity)
{
    unsigned size_class = 0;
    while (size_class < CLASS_COUNT && class_capacity[size_class] < capacity)
        size_class++;
    return size_class;
}

/* Seldom: the class has nothing to hand out, or what is asked for is larger than any class (then it is a
 * bug). */
static struct packet *packet_allocate(struct packet_pool *pool, unsigned size_class)
{
    if (size_class >= CLASS_COUNT)
        abort();
    struct packet *packet = malloc(sizeof(struct packet) + class_capacity[size_class]);
    if (!packet)
        abort();
    packet->pool = pool;
    packet->capacity = class_capacity[size_class];
    return packet;
}

struct packet *packet_new(struct packet_pool *pool, size_t headroom, size_t length)
{
    unsigned size_class = class_of(headroom + length);
    struct packet *packet = size_class < CLASS_COUNT ? pool->free[size_class] : NULL;
    if (packet) {
        unpoison(packet->storage, packet->capacity);
        pool->free[size_class] = packet->next;
    } else {
        packet = packet_allocate(pool, size_class);
    }
    packet->next = NULL;
    packet->references = 1;
    packet->start = (uint32_t)headroom;
    packet->length = (uint32_t)length;
    packet->mark = pool->mark;
    pool->outstanding++;
    return packet;
}

struct packet *packet_new_for(const struct packet *origin, size_t headroom, size_t length)
{
    struct packet *packet = packet_new(origin->pool, headroom, length);
    packet->mark = origin->mark;
    return packet;
}

void packet_pool_set_mark(struct packet_pool *pool, uint32_t mark)
{
    pool->mark = mark;
}

uint32_t packet_pool_mark(const struct packet_pool *pool)
{
    return pool->mark;
}

void packet_recycle(struct packet *packet)
{
    struct packet_pool *pool = packet->pool;
    unsigned size_class = class_of(packet->capacity);
    packet->next = pool->free[size_class];
    pool->free[size_class] = packet;
    pool->outstanding--;
    poison(packet->storage, packet->capacity);
}

struct packet *packet_copy(struct packet *packet, size_t headroom)
{
    struct packet *copy = packet_new_for(packet, headroom, packet->length);
    memcpy(copy->storage + copy->start, packet->storage + packet->start, packet->length);
    packet_release(packet);
    return copy;
}
