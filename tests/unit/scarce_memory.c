/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scarce_memory.c - see scarce_memory.h, and --wrap in the linker's manual: a reference to malloc becomes one
 * to __wrap_malloc, and the true one is __real_malloc.
 */
#include "tests/unit/scarce_memory.h"

#include <glib.h>
#include <stdlib.h>

#include "models/base/packet.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
_Noreturn void __real_abort(void);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *block, size_t size);
void __wrap_free(void *block);
_Noreturn void __wrap_abort(void);

static struct {
    unsigned until; /* so many allocations succeed before */
    unsigned left;  /* to fail */
    bool packets;   /* packets fail, and nothing else */
    const char *spared;
    unsigned failures;
    const char *failed;
    size_t failed_size;
    GHashTable *blocks;
    jmp_buf refuge;
    bool has_refuge;
} memory;

/* Nothing else as large comes from malloc. */
static bool is_packet(const char *function, size_t size)
{
    return g_str_equal(function, "malloc") && size > sizeof(struct packet) + PACKET_HEADROOM;
}

static bool fails(const char *function, size_t size)
{
    if (memory.left == 0 || is_packet(function, size) != memory.packets ||
        g_strcmp0(function, memory.spared) == 0)
        return false;
    if (memory.until > 0) {
        memory.until--;
        return false;
    }
    memory.left--;
    memory.failures++;
    memory.failed = function;
    memory.failed_size = size;
    return true;
}

/* The blocks are known by their addresses, because not all that is freed here has been allocated here: libc
 * gives strings away. */
static void *remember(void *block)
{
    if (!memory.blocks)
        memory.blocks = g_hash_table_new(NULL, NULL);
    if (block)
        g_hash_table_add(memory.blocks, block);
    return block;
}

static void forget(void *block)
{
    if (block && memory.blocks)
        g_hash_table_remove(memory.blocks, block);
}

void *__wrap_malloc(size_t size)
{
    return fails("malloc", size) ? NULL : remember(__real_malloc(size));
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails("calloc", count * size) ? NULL : remember(__real_calloc(count, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    if (fails("realloc", size))
        return NULL;
    forget(block);
    return remember(__real_realloc(block, size));
}

void __wrap_free(void *block)
{
    forget(block);
    __real_free(block);
}

void __wrap_abort(void)
{
    if (!memory.has_refuge)
        __real_abort();
    memory.has_refuge = false;
    longjmp(memory.refuge, 1);
}

void scarce_memory_fail(unsigned nth, unsigned count)
{
    memory.until = nth - 1;
    memory.left = count;
    memory.packets = false;
    memory.failures = 0;
    memory.failed = NULL;
    memory.failed_size = 0;
}

void scarce_memory_fail_packets(void)
{
    scarce_memory_fail(1, 1);
    memory.packets = true;
}

void scarce_memory_plenty(void)
{
    memory.left = 0;
}

void scarce_memory_spare(const char *function)
{
    memory.spared = function;
}

unsigned scarce_memory_failures(void)
{
    return memory.failures;
}

const char *scarce_memory_failed(void)
{
    return memory.failed;
}

size_t scarce_memory_failed_size(void)
{
    return memory.failed_size;
}

size_t scarce_memory_blocks(void)
{
    return memory.blocks ? g_hash_table_size(memory.blocks) : 0;
}

jmp_buf *scarce_memory_refuge(void)
{
    memory.has_refuge = true;
    return &memory.refuge;
}

void scarce_memory_abort_is_fatal(void)
{
    memory.has_refuge = false;
}
