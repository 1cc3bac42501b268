/* SPDX-License-Identifier: MIT */
/* The laptop's own DHCP lease, from whatever an ordinary user may read of the
 * system's DHCP client, and how long the kernel says that the address holds.
 * Files are foreign: bounded and sanitised. A lease of another interface, of
 * an address that the laptop does not have, or one that has run out does not
 * count. Formats: networkd's lease files (systemd-networkd(8)),
 * dhclient.leases(5), dhcpcd's lease (the message as it came, RFC 2131). */
#ifndef NET_DHCP_LEASE_H
#define NET_DHCP_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/base/mem.h"
#include "core/net/dhcp_message.h"

struct dhcp_lease {
	const char *source;	/* "networkd" "dhclient" "dhcpcd"
				 * "networkmanager" "kernel" */
	char	*address;	/* no prefix length */
	char	*server;	/* or NULL */
	int64_t	 lease_s;	/* 0 = unknown */
	int64_t	 renew_s;	/* T1; 0 = unknown */
	int64_t	 given_us;	/* given or renewed, wall clock; 0 = unknown */
	int64_t	 expires_us;	/* wall clock; 0 = unknown */
	struct strlist time_servers;
	char	*portal;	/* or NULL */
};

/* Where the system's DHCP clients keep them. */
struct dhcp_paths {
	const char *networkd_leases;	/* folder, files by index */
	const char *networkd_links;	/* the same */
	const char *dhclient[2];	/* folders */
	const char *dhcpcd[2];		/* folders, files by interface */
};

extern const struct dhcp_paths dhcp_system_paths;

/* What the kernel knows of an IPv4 address. */
struct address_life {
	bool	 found;
	bool	 forever;		/* no end: not by a lease, mostly */
	int64_t	 left_s;		/* when not forever */
	int64_t	 age_s;			/* since it was set or renewed */
};

void	 address_life(unsigned index, const char *address,
	    struct address_life *out);

struct lease_search {
	const struct dhcp_paths *paths;
	const char *interface;
	unsigned index;
	const struct strlist *addresses; /* of the interface, with prefix
					  * length */
	int64_t	 now_us;		/* wall clock */
	struct arena *arena;		/* of what is found */
};

enum lease_found {
	LEASE_UNKNOWN,		/* nobody says anything */
	LEASE_NONE,		/* the manager of the interface has none */
	LEASE_FOUND,
};

enum lease_found lease_from_files(const struct lease_search *s,
	    struct dhcp_lease *out);
/* Has the interface this address? */
bool	 lease_is_ours(const struct lease_search *s, const char *address);
/* What a message says, as a lease; given_us as it is known elsewhere. */
void	 lease_from_message(struct arena *a, const struct dhcp_message *m,
	    struct dhcp_lease *out);
/* A sanitised address list ("10.0.0.1, 10.0.0.2" or with spaces). */
void	 lease_addresses(struct arena *a, const char *text,
	    struct strlist *out);
/* Sanitised text of an option, NULL when empty. */
char	*lease_text(struct arena *a, const void *data, size_t len);

#endif
