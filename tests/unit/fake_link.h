/* SPDX-License-Identifier: MIT */
/* For tests that need links and addresses, after fake_private_network(). */
#ifndef UNIT_FAKE_LINK_H
#define UNIT_FAKE_LINK_H

#include <stdbool.h>

/* Runs lines of ip(8)'s batch form, "link set e0 up". Aborts the test when
 * one fails. */
void	 fake_ip(const char *const *lines);

#endif
