/* SPDX-License-Identifier: MIT */
/* Owns main() of a unit test program. A test_*.c file includes this, writes
 * its tests with START_TEST/END_TEST and ends with
 *
 *	HARNESS("base buf", test_one, test_two)
 *
 * Each test runs in a process of its own, so one that crashes or hangs costs
 * only itself; all of them in a network without a way out (indoors.h). Prints
 * what failed and where, then "N passed, N failed". */
#ifndef UNIT_HARNESS_H
#define UNIT_HARNESS_H

#include <check.h>
#include <stdio.h>

#include "tests/unit/indoors.h"

#define HARNESS_TIMEOUT_S 240

static int
harness_run(const char *name, const TTest *const *tests, size_t count)
{
	Suite *suite = suite_create(name);
	TCase *tcase = tcase_create(name);
	SRunner *runner;
	size_t i;
	int nfailed, nrun;

	if (!indoors_enter()) {
		fprintf(stderr, "%s: no private network can be made here, so "
		    "nothing is tried\n", name);
		printf("0 passed, 1 failed\n");
		return 1;
	}
	tcase_set_timeout(tcase, HARNESS_TIMEOUT_S);
	for (i = 0; i < count; i++)
		tcase_add_test(tcase, tests[i]);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_set_fork_status(runner, CK_FORK);
	srunner_run_all(runner, CK_NORMAL);
	nfailed = srunner_ntests_failed(runner);
	nrun = srunner_ntests_run(runner);
	srunner_free(runner);
	printf("%d passed, %d failed\n", nrun - nfailed, nfailed);
	return nfailed == 0 && nrun > 0 ? 0 : 1;
}

#define HARNESS(name, ...) \
	int main(void) \
	{ \
		const TTest *const tests[] = {__VA_ARGS__}; \
		return harness_run(name, tests, sizeof tests / sizeof *tests); \
	}

#endif
