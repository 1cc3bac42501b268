/* SPDX-License-Identifier: MIT */
/* Inside the probe "device": what a device says before any login, by the
 * words that packs ask with. Each function looks at one kind of answer. */
#ifndef PROBE_DEVICE_H
#define PROBE_DEVICE_H

#include "core/probe/http_reply.h"
#include "core/probe/probe.h"

enum device_said {
	SAID_MORE,		/* nothing can be told yet */
	SAID_IT,		/* what only this kind of device says */
	SAID_OTHER,		/* an answer, but not this device's */
	SAID_NOTHING,		/* an answer that tells nothing either way */
};

/* /jdev/cfg/apiKey of a Miniserver, or its redirect to its own name. */
enum device_said device_miniserver(struct probe *p,
	    const struct http_reply *r);
/* /audio/cfg/ready of an Audioserver. */
enum device_said device_audio_ready(struct probe *p,
	    const struct http_reply *r);
/* A still or moving picture of an Intercom, or its wish for a login. */
enum device_said device_video(struct probe *p, const struct http_reply *r);
/* Any well-formed answer of a web server. */
enum device_said device_page(struct probe *p, const struct http_reply *r);
/* The answer of an AirPlay receiver to OPTIONS, to this CSeq. */
enum device_said device_airplay(struct probe *p, const struct http_reply *r);
#define DEVICE_CSEQ "61"

/* The first text of an Audioserver, and of an Intercom. */
enum device_said device_audio_greeting(struct probe *p, const char *text,
	    size_t len);
enum device_said device_intercom_call(struct probe *p, const char *text,
	    size_t len);

#endif
