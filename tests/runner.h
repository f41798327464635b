/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * runner.h - the end of every test program: runs its suite, tells what failed.
 */
#ifndef MIP6SIM_TESTS_RUNNER_H
#define MIP6SIM_TESTS_RUNNER_H

#include <check.h>
#include <stdlib.h>

/* Takes the suite. Returns main's exit status. */
static inline int run_suite(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
