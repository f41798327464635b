/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * environment.c - the texts of environment.h's tables, and numbers made from the environment's random octets.
 *
 * A number below a bound is the 64 random bits reduced modulo the bound, where those few 64-bit numbers that
 * would make the small remainders likelier are drawn again: unbiased, and nearly always one draw. The octets
 * are read in network order, so that the number is the same on every machine.
 */
#include "models/environment.h"

const char *discard_reason_text(enum discard_reason reason)
{
    static const char *const texts[] = {
#define X(name, text) text,
        DISCARD_REASONS(X)
#undef X
    };
    return (unsigned)reason < DISCARD_REASON_COUNT ? texts[reason] : "?";
}

const char *protocol_event_text(enum protocol_event_kind kind)
{
    static const char *const texts[] = {
#define X(name, text) text,
        PROTOCOL_EVENTS(X)
#undef X
    };
    return (unsigned)kind < EVENT_KIND_COUNT ? texts[kind] : "?";
}

static uint64_t draw(struct environment *environment, enum random_purpose purpose)
{
    uint8_t octets[8];
    uint64_t value = 0;
    environment->operations->random(environment, purpose, octets, sizeof(octets));
    for (unsigned i = 0; i < sizeof(octets); i++)
        value = value << 8 | octets[i];
    return value;
}

uint64_t environment_random_below(struct environment *environment, enum random_purpose purpose,
                                  uint64_t bound)
{
    /* 2^64 mod bound: as many numbers at the low end are refused, and what remains is a multiple of the
     * bound. */
    uint64_t refused = (0 - bound) % bound;
    uint64_t value;
    do {
        value = draw(environment, purpose);
    } while (value < refused);
    return value % bound;
}

time_ns environment_random_time(struct environment *environment, enum random_purpose purpose, time_ns least,
                                time_ns most)
{
    if (most <= least)
        return least;
    return least + (time_ns)environment_random_below(environment, purpose, (uint64_t)(most - least) + 1);
}
