/* SPDX-License-Identifier: MIT */
/* For tests of probes that search or listen in a local network: a probe on
 * lan0 of fake_lan.h, and what is sent to it that it must not believe. */
#ifndef UNIT_SEARCH_LAN_H
#define UNIT_SEARCH_LAN_H

#include "tests/unit/fake_lan.h"
#include "tests/unit/fake_probe.h"

/* On lan0, and aborts outside of fake_lan_start()'s network; address, port
 * and want as in a spec, want may be NULL. */
void	 search_init(struct fake_probe *p, const char *type,
	    const char *address, uint16_t port, const char *want);
/* Garbage number i: nothing, zeros, ones, noise, text, a whole 9000 bytes.
 * Returns its length; out holds 9000. False in *more after the last. */
size_t	 search_garbage(int i, uint8_t *out, bool *more);
/* Cancels it after 0, 1, 5, 20, 100, 500 and 1500 ms, and frees it there, each
 * time with a probe of its own; no descriptor may be left. */
void	 search_cancel(const char *type, const char *address, uint16_t port,
	    const char *want);
/* A socket over there on lan0 (or lan1) that has joined the group, so that
 * servers at 0.0.0.0 hear it. */
int	 search_member(const char *group, int lan);
/* Sends from fd to a group or to everybody on lan0's far end. */
void	 search_send(int fd, const char *address, uint16_t port,
	    const void *data, size_t len);

#define ck_search(p, want_rung, want_failure) \
	do { \
		ck_assert_str_eq(word_name(&words_rung, \
				     (int)(p)->obs->rung), \
		    word_name(&words_rung, want_rung)); \
		ck_assert_str_eq(word_name(&words_cause, \
				     (int)(p)->obs->failure), \
		    word_name(&words_cause, want_failure)); \
	} while (0)

/* A member of the first device in the detail "devices", "" if there is none. */
const char *search_device(const struct fake_probe *p, size_t index,
	    const char *member);
size_t	 search_devices(const struct fake_probe *p);

#endif
