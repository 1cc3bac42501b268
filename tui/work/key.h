/* SPDX-License-Identifier: MIT */
/* Whose signature goes on papers: a key as it was named. */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include "core/base/buf.h"
#include "core/base/error.h"
#include "core/net/ssh_agent.h"
#include "core/record/signer.h"

/* "agent", or a file: of a private key, or of the public half of one that an
 * agent holds (also where the private one has a passphrase). named NULL: by
 * $SITEWALK_KEY; without that, *out is NULL and nothing is signed. While an
 * agent is waited for that is said on standard error, after a second. */
int	 key_open(const char *named, struct signer **out, struct error *err)
	    MUST_CHECK;
/* The same with another way to wait. */
int	 key_open_waiting(const char *named, const struct agent_wait *wait,
	    struct signer **out, struct error *err) MUST_CHECK;
/* Writes file to path, and its signature to PATH.sig where there is a signer;
 * the namespace is that of export_namespace(). EXIT_OK, or an exit status
 * after a sentence. */
int	 key_write(struct signer *s, const char *namespace, struct buf *file,
	    const char *path);
/* One line on standard error: by whom the papers are signed, or that nobody
 * did. */
void	 key_tell(const struct signer *s);

#endif
