/* SPDX-License-Identifier: MIT */
/* The forms that the specs of a probe type take. */
#ifndef PACK_SHAPE_H
#define PACK_SHAPE_H

/* What the specs of a probe type are made from. */
enum probe_shape {
	SHAPE_FLOW,		/* each host at each port */
	SHAPE_PAGE,		/* the same, with the path of a web page */
	SHAPE_NAMES,		/* each name, asked of the site's resolver */
	SHAPE_NAMES_AT,		/* each name, asked of the destination */
	SHAPE_HOST,		/* each host, no port in the key */
	SHAPE_PATH,		/* each host at samples of the ports */
	SHAPE_SITE,		/* one for the network that the laptop is in */
	SHAPE_SEARCH,		/* the same, and at the peer if it is known */
	SHAPE_PERSON,		/* nothing: only a person can tell */
};

#endif
