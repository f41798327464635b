/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pending_tests.h - what a correspondent must not keep: a record of each Test Init that it has answered.
 *
 * RFC 6275, 5.2.5 makes keygen tokens so that they can be computed again, and 15.4.5 says why: whoever sends
 * Test Inits from forged addresses makes the correspondent remember nothing. These records are what it would
 * have otherwise, for comparison (models/unsafe.h, STATEFUL_TESTS).
 */
#ifndef MIP6SIM_MODELS_MOBILITY_PENDING_TESTS_H
#define MIP6SIM_MODELS_MOBILITY_PENDING_TESTS_H

#include <stdbool.h>
#include <stdint.h>

#include "models/base/time.h"
#include "models/ipv6/address.h"
#include "models/mobility/message.h"

struct pending_test {
    struct pending_test *next;
    struct ipv6_address address;
    uint8_t cookie[MOBILITY_COOKIE_LENGTH];
    time_ns until;
};

/* Oldest first; all live equally long, so the first is the first to go. Zeroed: empty. */
struct pending_tests {
    struct pending_test *first, *last;
    uint32_t count;
};

/* False: no memory. until must not be less than an earlier one's. */
bool pending_tests_add(struct pending_tests *tests, const struct ipv6_address *address,
                       const uint8_t cookie[MOBILITY_COOKIE_LENGTH], time_ns until);
/* Those go whose time has come. */
void pending_tests_expire(struct pending_tests *tests, time_ns now);
void pending_tests_free(struct pending_tests *tests);

static inline uint32_t pending_tests_count(const struct pending_tests *tests)
{
    return tests->count;
}

#endif
