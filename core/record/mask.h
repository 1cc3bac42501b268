/* SPDX-License-Identifier: MIT */
/* The same handover without what tells whose it is: people, places, and the
 * addresses and names of the site's network become tokens. One thing has one
 * token in all documents of the site, since it comes from the key in "masking"
 * and the thing alone: "person-k3x9qd"; for an address another one of the same
 * kind, so that who is whose neighbour stays visible and all is judged as
 * before; for a MAC address one that is locally administered. What the vendors
 * document, and the addresses that their names lead to, stay readable. What a
 * stranger sent is one token, unless it has a form that tells of nobody. */
#ifndef RECORD_MASK_H
#define RECORD_MASK_H

#include <jansson.h>

/* A masked copy of a whole document without "sections" and "seal"; returns
 * owned. Same document, same copy. *map, unless NULL: an object of token and
 * original, owned; it is for the owner of the site alone. */
json_t	*seal_mask(const json_t *document, json_t **map);

#endif
