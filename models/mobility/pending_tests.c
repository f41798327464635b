/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pending_tests.c - see pending_tests.h: a queue, since all records live equally long.
 */
#include "models/mobility/pending_tests.h"

#include <stdlib.h>
#include <string.h>

bool pending_tests_add(struct pending_tests *tests, const struct ipv6_address *address,
                       const uint8_t cookie[MOBILITY_COOKIE_LENGTH], time_ns until)
{
    struct pending_test *test = calloc(1, sizeof(*test));
    if (!test)
        return false;
    test->address = *address;
    memcpy(test->cookie, cookie, sizeof(test->cookie));
    test->until = until;
    if (tests->last)
        tests->last->next = test;
    else
        tests->first = test;
    tests->last = test;
    tests->count++;
    return true;
}

static void drop_first(struct pending_tests *tests)
{
    struct pending_test *first = tests->first;
    tests->first = first->next;
    if (!tests->first)
        tests->last = NULL;
    tests->count--;
    free(first);
}

void pending_tests_expire(struct pending_tests *tests, time_ns now)
{
    while (tests->first && tests->first->until <= now)
        drop_first(tests);
}

void pending_tests_free(struct pending_tests *tests)
{
    while (tests->first)
        drop_first(tests);
}
