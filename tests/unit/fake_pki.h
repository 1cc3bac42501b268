/* SPDX-License-Identifier: MIT */
/* For tests of what judges certificates: a public root with an intermediate,
 * a vendor's private authority whose key the packs know as "vendor", a leaf
 * of each for a.example, and a trust that knows them as such. */
#ifndef UNIT_FAKE_PKI_H
#define UNIT_FAKE_PKI_H

#include "core/net/trust.h"
#include "tests/unit/fake_tls.h"

#define FAKE_HOST "a.example"

struct fake_pki {
	struct fake_cert *root, *middle, *vendor;
	struct fake_cert *leaf;		/* by middle */
	struct fake_cert *own;		/* by vendor */
	struct fake_cert *copied;	/* by another key of vendor's name */
	struct trust *trust;
	char	*root_file, *key_pem;
};

void	 fake_pki_init(struct fake_pki *k);
void	 fake_pki_free(struct fake_pki *k);

#endif
