/* SPDX-License-Identifier: MIT */
/* Owns the choice of the key that signs. */
#include "tui/work/key.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "tui/work/say.h"
#include "tui/work/status.h"

#define SAY_AFTER_US 1000000

static bool
say_once(void *arg, const char *text, bool first)
{
	(void)arg;
	if (first)
		say("%s", text);
	return true;
}

int
key_open(const char *named, struct signer **out, struct error *err)
{
	const struct agent_wait wait = {
	    .after_us = SAY_AFTER_US,
	    .text = _("The ssh-agent is being waited for, at most %d s. If the "
		      "key wants to be touched or confirmed, do that now; "
		      "Ctrl-C gives up."),
	    .look = say_once,
	    .fd = -1,
	};

	return key_open_waiting(named, &wait, out, err);
}

int
key_open_waiting(const char *named, const struct agent_wait *wait,
    struct signer **out, struct error *err)
{
	struct sshkey half;
	struct error other = {0};

	*out = NULL;
	if (named == NULL)
		named = getenv("SITEWALK_KEY");
	if (named == NULL || named[0] == '\0')
		return 0;
	if (strcmp(named, "agent") == 0) {
		*out = ssh_agent_signer(NULL, wait, err);
		return *out == NULL ? -1 : 0;
	}
	*out = signer_open(named, &half, err);
	if (*out != NULL)
		return 0;
	/* What the file does not give, an agent may. */
	if (half.len > 0)
		*out = ssh_agent_signer(&half, wait, &other);
	return *out == NULL ? -1 : 0;
}

static int
write_signature(struct signer *s, const char *namespace, const struct buf *file,
    const char *path)
{
	char *beside = mem_printf("%s.sig", path);
	struct error err = {0};
	struct buf sig;
	int status;

	buf_init(&sig, OUTPUT_MAX);
	status = signer_sign(s, namespace, buf_str(file), file->len, &sig,
		     &err) != 0 ?
	    say_error(&err) :
	    say_result(&sig, beside);
	buf_free(&sig);
	mem_free(beside);
	return status;
}

int
key_write(struct signer *s, const char *namespace, struct buf *file,
    const char *path)
{
	/* The signature first: a file without the one that was there before is
	 * only unsigned, one with that of another looks forged. */
	int status = s == NULL ? EXIT_OK :
				 write_signature(s, namespace, file, path);

	return status == EXIT_OK ? say_result(file, path) : status;
}

void
key_tell(const struct signer *s)
{
	if (s == NULL)
		say(_("Not signed: no key was named (--key)."));
	else
		say(_("Signed by the key %s."), signer_fingerprint(s));
}
