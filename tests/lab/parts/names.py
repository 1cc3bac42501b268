# SPDX-License-Identifier: MIT
"""Names: what a site's resolver, and who stands before it, may do to them.

dns-redirect   the gateway leads all DNS to its own resolver
dns-invent     the resolver has an address for every name that is none (`to`)
dns-ttl        the resolver keeps everything for `seconds` at least
dns-stale      the resolver gives what has run out
dns-rebind     the resolver withholds private addresses
"""

import internet

FAULTS = {
    "dns-redirect": ((), ()),
    "dns-invent": (("to",), ()),
    "dns-ttl": (("seconds",), ()),
    "dns-stale": ((), ()),
    "dns-rebind": ((), ()),
}


def public_names():
    """dnsmasq takes the documentation's networks, in which the lab's
    internet lies, for private ones: only these names are exempt."""
    private = ("10.", "192.168.")
    return [h.name for h in internet.load().hosts.values()
            if not any(a.startswith(private)
                       for a in h.addresses + h.records)]


def dnsmasq(scenario):
    lines = []
    for fault in scenario.of("dns-invent"):
        # Names that exist go to the authority, all others to nowhere.
        lines += [f"server=/{z}/#" for z in internet.load().zones]
        lines += [f"address=/#/{fault['to']}"]
    for fault in scenario.of("dns-ttl"):
        lines.append(f"min-cache-ttl={fault['seconds']}")
    if scenario.of("dns-stale"):
        lines.append("use-stale-cache")
    if scenario.of("dns-rebind"):
        lines += ["stop-dns-rebind",
                  "rebind-domain-ok=/" + "/".join(public_names()) + "/"]
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
