/* SPDX-License-Identifier: MIT */
/* Internet addresses as values: parse, print, classify. No look-ups. */
#ifndef NET_ADDR_H
#define NET_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct addr {
	union {
		struct sockaddr		sa;
		struct sockaddr_in	in;
		struct sockaddr_in6	in6;
	};
	socklen_t len;			/* 0 = unset */
};

#define ADDR_TEXT_SIZE 64

/* A literal only ("208.94.16.61", "2a01::1"); false for anything else. */
bool	 addr_parse(struct addr *out, const char *literal, uint16_t port);
const char *addr_text(const struct addr *a, char out[ADDR_TEXT_SIZE]);
uint16_t addr_port(const struct addr *a);
void	 addr_set_port(struct addr *a, uint16_t port);
bool	 addr_equal(const struct addr *a, const struct addr *b); /* no port */
bool	 addr_from_sockaddr(struct addr *out, const struct sockaddr *sa,
	    socklen_t len);

#endif
