/* SPDX-License-Identifier: MIT */
/* Signing by the agent of OpenSSH at $SSH_AUTH_SOCK (its protocol:
 * draft-miller-ssh-agent). A socket on this machine; nothing leaves it. */
#ifndef NET_SSH_AGENT_H
#define NET_SSH_AGENT_H

#include "core/record/signer.h"

/* Who looks after the user while an agent lets one wait. */
struct agent_wait {
	int64_t	 after_us;		/* so long nobody looks */
	int64_t	 longest_us;		/* of each answer; 0: a minute */
	const char *text;		/* copied: with %d for the seconds that
					 * it lasts at most */
	/* Some times a second, and when fd can be read; first: not seen in
	 * this wait before. false gives up. */
	bool	(*look)(void *arg, const char *text, bool first);
	void	*arg;			/* borrowed until it is closed */
	int	 fd;			/* or -1 */
};

/* By this key of the agent; NULL: by its only Ed25519 key. ERR_USAGE when
 * there is no agent, it has not exactly one such key, or it was given up;
 * ERR_SYSTEM when it answers wrongly or not in time. Waits for each answer at
 * most a minute, since a person may be asked to confirm; wait (copied) may be
 * NULL. Returns owned. */
struct signer *ssh_agent_signer(const struct sshkey *key,
	    const struct agent_wait *wait, struct error *err);

#endif
