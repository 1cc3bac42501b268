/* SPDX-License-Identifier: MIT */
/* Signing by the agent of OpenSSH at $SSH_AUTH_SOCK (its protocol:
 * draft-miller-ssh-agent). A socket on this machine; nothing leaves it. */
#ifndef NET_SSH_AGENT_H
#define NET_SSH_AGENT_H

#include "core/record/signer.h"

/* By this key of the agent; NULL: by its only Ed25519 key. ERR_USAGE when
 * there is no agent, or it has not exactly one such key. Waits for the answer
 * at most a minute, since a person may be asked to confirm. Returns owned. */
struct signer *ssh_agent_signer(const struct sshkey *key, struct error *err);

#endif
