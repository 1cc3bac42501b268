# SPDX-License-Identifier: MIT
"""Pages that are nobody's own: a filter's, and the sign-in page of a network.

http-blockpage   the gateway answers for `hosts` (all) on port 80 with a page
captive-portal   the gateway leads web requests (80) to its sign-in page, and
                 takes the secure ones (443) with a certificate of its own;
                 nothing else gets out but names
captive-portal-all  the same for every TCP port: the page, or the certificate
                 on 443; questions for names, wherever they go, are answered
                 by the gateway's own server; nothing else gets out. With
                 `signed_in` the laptop has signed in, and all passes
"""

FAULTS = {
    "http-blockpage": ((), ("hosts",)),
    "captive-portal": ((), ()),
    "captive-portal-all": ((), ("signed_in",)),
}

BLOCK_PORT = 30080
PORTAL_PORT = 30081
PORTAL_TLS_PORT = 30082
PAGE = "<html><title>Blocked</title>Your administrator blocks this.</html>"
LOGIN = "<html><title>Welcome</title>Please sign in to go on.</html>"
LOGIN_HOST = "login.wifi-guest.example"


def listen(port, flags=""):
    return f"    listen {port}{flags};\n    listen [::]:{port}{flags};\n"


def start(servers):
    http = ""
    if servers.scenario.of("http-blockpage"):
        http += (f"  server {{\n{listen(BLOCK_PORT)}    location / {{ "
                 f"return 200 '{PAGE}'; }}\n  }}\n")
        servers.expect("gw", "tcp", "0.0.0.0", BLOCK_PORT)
    if servers.scenario.of("captive-portal", "captive-portal-all"):
        http += (f"  server {{\n{listen(PORTAL_PORT)}    location / {{ "
                 f"return 302 http://{LOGIN_HOST}/?from=$host; }}\n  }}\n"
                 f"  server {{\n{listen(PORTAL_TLS_PORT, ' ssl')}"
                 f"{servers.certificate('lan-device')}"
                 f"    location / {{ return 200 '{LOGIN}'; }}\n  }}\n")
        servers.expect("gw", "tcp", "0.0.0.0", PORTAL_PORT)
        servers.expect("gw", "tcp", "0.0.0.0", PORTAL_TLS_PORT)
    if http:
        servers.nginx("gw", "nginx-portal", http, "")


def redirect(scenario, net_data):
    import network              # which needs the parts first
    lines = []
    for fault in scenario.of("http-blockpage"):
        if fault.get("hosts"):
            four = network.elements(net_data.addresses_of(fault["hosts"]),
                                    False)
            six = network.elements(net_data.addresses_of(fault["hosts"]),
                                   True)
            where = [("ip", f"{{ {four} }}")] + \
                ([("ip6", f"{{ {six} }}")] if six else [])
        else:
            where = elsewhere()
        lines += [f'iifname "lan0" {family} daddr {to} tcp dport 80 counter '
                  f"redirect to :{BLOCK_PORT}" for family, to in where]
    if scenario.of("captive-portal"):
        lines += [f'iifname "lan0" {family} daddr {to} tcp dport {port} '
                  f"counter redirect to :{mine}"
                  for family, to in elsewhere()
                  for port, mine in ((80, PORTAL_PORT),
                                     (443, PORTAL_TLS_PORT))]
    for fault in scenario.of("captive-portal-all"):
        lines += [f"{who} {family} daddr {to} {what}"
                  for (family, to), who in zip(elsewhere(), strangers(fault))
                  for what in (
                      "udp dport 53 counter redirect to :53",
                      "tcp dport 53 counter redirect to :53",
                      f"tcp dport 443 counter redirect to :"
                      f"{PORTAL_TLS_PORT}",
                      f"meta l4proto tcp counter redirect to :{PORTAL_PORT}")]
    return lines


def strangers(fault):
    """Who has not signed in, by IPv4 and by IPv6."""
    import network
    if not fault.get("signed_in"):
        return ['iifname "lan0" meta nfproto ipv4',
                'iifname "lan0" meta nfproto ipv6']
    return [f'iifname "lan0" ip saddr != {network.LAPTOP[0]}',
            f'iifname "lan0" ip6 saddr != {network.LAPTOP[1]}']


def forward(scenario, _net_data, where):
    """Who has not signed in gets nowhere."""
    if where != "gateway":
        return []
    return ['iifname "lan0" counter drop'
            for _ in scenario.of("captive-portal")] + [
        f"{who} counter drop"
        for fault in scenario.of("captive-portal-all")
        for who in strangers(fault)]


def elsewhere():
    import network
    return [("ip", f"!= {network.SITE4}"), ("ip6", f"!= {network.SITE6}")]
