# SPDX-License-Identifier: MIT
"""What the site's switch, or its Wi-Fi, may keep from the devices."""

BROADCAST = "ether daddr ff:ff:ff:ff:ff:ff ether type ip"

# From the laptop's port to the devices' and back; ARP is no IP packet.
RULES = {
    "broadcast-lost": [f'iifname "port0" oifname "port1" {BROADCAST} drop'],
    "client-isolation": ['iifname "port0" oifname "port1" drop',
                         'iifname "port1" oifname "port0" drop'],
}
FAULTS = {kind: ((), ()) for kind in RULES}


def prepare(net, scenario):
    lines = [line for fault in scenario.of(*RULES)
             for line in RULES[fault["type"]]]
    if not lines:
        return
    body = "\n    ".join(lines)
    net.nft("gw", f"""table bridge switch {{
  chain forward {{
    type filter hook forward priority 0;
    {body}
  }}
}}
""")
