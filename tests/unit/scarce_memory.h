/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scarce_memory.h - memory that runs out when a test wants it to.
 *
 * A program linked with $(scarce_ldflags) has its calls of malloc, calloc, realloc, free and abort led
 * through here by the linker: those of the protocols, the simulator and the tests, not those inside shared
 * libraries (GLib's own allocations never fail here). So libmip6.a is what it is everywhere else.
 *
 *     scarce_memory_fail(3, 1);     the third allocation from now fails, once
 *     ...
 *     scarce_memory_plenty();       none fails any more
 *
 * A call of abort() is told apart from a crash: SCARCE_MEMORY_ABORTS is true after the program has been taken
 * back from it. What was under way then is lost: nothing of it may be used or freed any more.
 *
 *     if (SCARCE_MEMORY_ABORTS())
 *         ... the code below has called abort() ...
 *     else
 *         the code that may
 *     scarce_memory_abort_is_fatal();
 *
 * The state is static, because an allocator has no argument to keep it in; one test program is one thread.
 */
#ifndef MIP6SIM_TESTS_UNIT_SCARCE_MEMORY_H
#define MIP6SIM_TESTS_UNIT_SCARCE_MEMORY_H

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>

/* Of the allocations from now on, the n-th (1: the next) and those after it fail, `count` in all. Packets are
 * not among them: a packet that cannot be had is fatal (packet.h), and a test that keeps all it sees needs
 * many. */
void scarce_memory_fail(unsigned nth, unsigned count);
void scarce_memory_fail_packets(void); /* the next packet from malloc, in place of those */
void scarce_memory_plenty(void);
/* From now on those from this function, "realloc" say, are not among them either. */
void scarce_memory_spare(const char *function);

unsigned scarce_memory_failures(void);  /* since the last scarce_memory_fail */
const char *scarce_memory_failed(void); /* "malloc", "calloc", "realloc": the last that failed; NULL: none */
size_t scarce_memory_failed_size(void); /* octets it asked for */

/* Blocks allocated and not freed, of the whole program. */
size_t scarce_memory_blocks(void);

jmp_buf *scarce_memory_refuge(void);
#define SCARCE_MEMORY_ABORTS() (setjmp(*scarce_memory_refuge()) != 0)
void scarce_memory_abort_is_fatal(void); /* as at first */

#endif
