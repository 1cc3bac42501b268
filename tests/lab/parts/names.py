# SPDX-License-Identifier: MIT
"""Names: what a site's resolver, and who stands before it, may do to them.

dns-redirect   the gateway leads all DNS to its own resolver
dns-invent     the resolver has an address for every name that is none (`to`)
dns-ttl        the resolver keeps everything for `seconds` at least
dns-rebind     the resolver withholds private addresses
name-gone      the names' own server knows them no longer
"""

import internet

FAULTS = {
    "dns-redirect": ((), ()),
    "dns-invent": (("to",), ()),
    "dns-ttl": (("seconds",), ()),
    "dns-rebind": ((), ()),
    "name-gone": (("names",), ()),
}


def exempt_names():
    """dnsmasq takes the documentation's networks, in which the lab's
    internet lies, for private ones. What is exempt is so with all below."""
    return [name for name in internet.load().hosts
            if not name.endswith(".dyndns.loxonecloud.com")]


def dnsmasq(scenario):
    lines = []
    for fault in scenario.of("dns-invent"):
        # Names that exist go to the authority, all others to nowhere.
        lines += [f"server=/{z}/#" for z in internet.load().zones]
        lines += [f"address=/#/{fault['to']}"]
    for fault in scenario.of("dns-ttl"):
        lines.append(f"min-cache-ttl={fault['seconds']}")
    if scenario.of("dns-rebind"):
        lines += ["stop-dns-rebind",
                  *[f"rebind-domain-ok={n}" for n in exempt_names()]]
    return lines


def redirect(scenario, _net_data):
    import network              # which needs internet first
    if not scenario.of("dns-redirect"):
        return []
    return [f'iifname "lan0" {family} daddr != {site} {proto} dport 53 '
            "counter redirect to :53"
            for family, site in (("ip", network.SITE4),
                                 ("ip6", network.SITE6))
            for proto in ("udp", "tcp")]
