/* SPDX-License-Identifier: MIT */
/* Owns the talk with an agent of OpenSSH. */
#include "core/net/ssh_agent.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/i18n.h"
#include "core/base/mem.h"
#include "core/record/wire.h"

#define MESSAGE_MAX (256u << 10) /* as OpenSSH bounds it */
#define KEYS_MAX 2000
#define WAIT_US (INT64_C(60) * 1000000)
#define LOOK_US 100000

enum {
	REQUEST_IDENTITIES = 11,
	IDENTITIES_ANSWER = 12,
	SIGN_REQUEST = 13,
	SIGN_RESPONSE = 14,
};

/* One answer that is waited for. */
struct waiting {
	const struct agent_wait *wait; /* or NULL */
	int64_t since_us, until_us;
	bool seen;
	bool given_up;
	bool late;
};

struct agent_key {
	struct sshkey key;
	struct agent_wait wait;
	char *text; /* of wait */
};

static int
no_agent(struct error *err)
{
	error_set(err, ERR_USAGE, "%s",
	    _("There is no ssh-agent that could be asked for a key."));
	error_hint(err, "%s",
	    _("Start one with: eval $(ssh-agent), and give it the key with "
	      "ssh-add."));
	return -1;
}

static int
silent(struct error *err)
{
	return error_set(err, ERR_SYSTEM, "%s",
	    _("The ssh-agent gave no answer that makes sense."));
}

static int
too_late(struct error *err)
{
	error_set(err, ERR_SYSTEM, "%s",
	    _("The ssh-agent was asked and did not answer in time."));
	error_hint(err, "%s",
	    _("If the key wants to be touched or confirmed, do that while the "
	      "agent is waited for; or name the file of the key."));
	return -1;
}

/* -1 with err. */
static int
dial(struct error *err)
{
	const char *path = getenv("SSH_AUTH_SOCK");
	struct sockaddr_un to = {.sun_family = AF_UNIX};
	int fd;

	if (path == NULL || path[0] == '\0' ||
	    strlen(path) >= sizeof to.sun_path)
		return no_agent(err);
	memcpy(to.sun_path, path, strlen(path) + 1);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return no_agent(err);
	if (connect(fd, (const struct sockaddr *)&to, sizeof to) != 0) {
		close(fd);
		return no_agent(err);
	}
	return fd;
}

/* Once a while; false: nobody waits any more. */
static bool
look(struct waiting *w)
{
	const struct agent_wait *wait = w->wait;
	int64_t now = clock_mono_us();
	char text[512];

	if (wait == NULL || now - w->since_us < wait->after_us)
		return true;
	snprintf(text, sizeof text, wait->text,
	    (int)((w->until_us - now) / 1000000) + 1);
	w->given_up = !wait->look(wait->arg, text, !w->seen);
	w->seen = true;
	return !w->given_up;
}

/* Until the socket takes or has bytes. */
static bool
ready(int fd, short events, struct waiting *w)
{
	struct pollfd p[] = {
	    {.fd = fd, .events = events},
	    {.fd = w->wait == NULL ? -1 : w->wait->fd, .events = POLLIN},
	};
	int64_t left;
	int n;

	for (;;) {
		left = w->until_us - clock_mono_us();
		w->late = left <= 0;
		if (w->late)
			return false;
		if (left > LOOK_US)
			left = LOOK_US;
		/* Before anybody looks, keys wait. */
		n = poll(p, w->seen ? 2 : 1, (int)(left / 1000) + 1);
		if (n > 0 && p[0].revents != 0)
			return true;
		if (n < 0 && errno != EINTR)
			return false;
		/* One that hung up would be ready for ever. */
		if (n > 0 && (p[1].revents & POLLIN) == 0)
			p[1].fd = -1;
		if (!look(w))
			return false;
	}
}

static bool
move_all(int fd, bool out, uint8_t *p, size_t len, struct waiting *w)
{
	ssize_t n;

	while (len > 0) {
		n = out ? send(fd, p, len, MSG_NOSIGNAL) : recv(fd, p, len, 0);
		if (n == 0)
			return false;
		if (n < 0) {
			if (errno == EINTR)
				continue;
			if ((errno != EAGAIN && errno != EWOULDBLOCK) ||
			    !ready(fd, out ? POLLOUT : POLLIN, w))
				return false;
			continue;
		}
		p += n;
		len -= (size_t)n;
	}
	return true;
}

/* One question and its answer, whose first byte must be `type`; *answer is a
 * view into `in` behind it. */
static int
talk(const struct buf *question, uint8_t type, const struct agent_wait *wait,
    struct buf *in, struct wire *answer, struct error *err)
{
	int64_t now = clock_mono_us();
	struct waiting w = {.wait = wait,
	    .since_us = now,
	    .until_us = now +
		(wait != NULL && wait->longest_us > 0 ? wait->longest_us :
							WAIT_US)};
	int fd = dial(err);
	struct wire head;
	uint8_t size[4];
	uint32_t len;
	bool good;

	if (fd < 0)
		return -1;
	good = move_all(fd, true, (uint8_t *)question->data, question->len,
		   &w) &&
	    move_all(fd, false, size, sizeof size, &w);
	head = wire_of(size, sizeof size);
	len = good ? wire_u32(&head) : 0;
	good = good && len > 0 && len <= MESSAGE_MAX;
	if (good) {
		buf_fill(in, 0, len);
		good = move_all(fd, false, (uint8_t *)in->data, len, &w);
	}
	close(fd);
	if (w.given_up)
		return error_set(err, ERR_USAGE, "%s",
		    _("Nothing was signed, since the ssh-agent was not waited "
		      "for any longer."));
	if (w.late)
		return too_late(err);
	if (!good)
		return silent(err);
	*answer = wire_of(in->data, in->len);
	if (wire_u8(answer) == type)
		return 0;
	error_set(err, ERR_SYSTEM, "%s", _("The ssh-agent refused."));
	error_hint(err, "%s",
	    _("It may be locked, or you said no when it asked."));
	return -1;
}

static int
sign_by_agent(void *arg, const void *data, size_t len, struct buf *out,
    struct error *err)
{
	const struct agent_key *own = arg;
	const struct sshkey *key = &own->key;
	struct buf question, in;
	struct wire answer, sig;
	int rc;

	buf_init(&question, MESSAGE_MAX);
	buf_init(&in, MESSAGE_MAX);
	wire_put_u32(&question, (uint32_t)(1 + 4 + key->len + 4 + len + 4));
	buf_addc(&question, SIGN_REQUEST);
	wire_put(&question, key->blob, key->len);
	wire_put(&question, data, len);
	wire_put_u32(&question, 0);
	rc = talk(&question, SIGN_RESPONSE,
	    own->text == NULL ? NULL : &own->wait, &in, &answer, err);
	if (rc == 0) {
		sig = wire_string(&answer);
		if (answer.bad || answer.len > 0)
			rc = silent(err);
		else
			buf_add(out, sig.p, sig.len);
	}
	buf_free(&question);
	buf_free(&in);
	return rc;
}

/* Among the agent's keys: the wanted one, or the only Ed25519 key. */
static int
choose(struct wire list, const struct sshkey *wanted, struct sshkey *out,
    struct error *err)
{
	uint32_t count = wire_u32(&list), i;
	struct sshkey key;
	struct wire blob;
	size_t found = 0;

	if (list.bad || count > KEYS_MAX)
		return silent(err);
	for (i = 0; i < count && !list.bad; i++) {
		blob = wire_string(&list);
		(void)wire_string(&list);
		if (list.bad ||
		    sshkey_read(blob.p, blob.len, &key, NULL) != 0 ||
		    !sshkey_is_ed25519(&key) ||
		    (wanted != NULL && !sshkey_equal(wanted, &key)))
			continue;
		*out = key;
		found++;
	}
	if (list.bad)
		return silent(err);
	if (found == 1)
		return 0;
	if (found > 1) {
		error_set(err, ERR_USAGE, "%s",
		    _("The ssh-agent holds several Ed25519 keys."));
		error_hint(err, "%s",
		    _("Say which one: name the file of its public half (.pub) "
		      "as the key."));
	} else if (wanted != NULL) {
		error_set(err, ERR_USAGE, "%s",
		    _("The ssh-agent does not hold this key."));
		error_hint(err, "%s", _("Give it to the agent with ssh-add."));
	} else {
		error_set(err, ERR_USAGE, "%s",
		    _("The ssh-agent holds no Ed25519 key."));
		error_hint(err, "%s", _("Give it to the agent with ssh-add."));
	}
	return -1;
}

static void
close_agent_key(void *arg)
{
	struct agent_key *own = arg;

	mem_free(own->text);
	mem_free(own);
}

struct signer *
ssh_agent_signer(const struct sshkey *key, const struct agent_wait *wait,
    struct error *err)
{
	struct agent_key *own = mem_alloc(sizeof *own);
	struct buf question, in;
	struct wire list;
	int rc;

	buf_init(&question, 16);
	buf_init(&in, MESSAGE_MAX);
	wire_put_u32(&question, 1);
	buf_addc(&question, REQUEST_IDENTITIES);
	rc = talk(&question, IDENTITIES_ANSWER, wait, &in, &list, err);
	if (rc == 0)
		rc = choose(list, key, &own->key, err);
	buf_free(&question);
	buf_free(&in);
	if (rc != 0) {
		close_agent_key(own);
		return NULL;
	}
	if (wait != NULL) {
		own->text = mem_strdup(wait->text);
		own->wait = *wait;
		own->wait.text = own->text;
	}
	return signer_new(&own->key, sign_by_agent, close_agent_key, own);
}
